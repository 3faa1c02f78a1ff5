"""SMTP conversations: how far they come with every kind of server, and what they never do."""

# pyright: reportPrivateUsage=false

from __future__ import annotations

import asyncio
import gc
import socket
import tracemalloc
from collections.abc import AsyncGenerator, Callable, Generator, Mapping
from contextlib import asynccontextmanager

import pytest

from bot.sandbox.certificates import Authority, Certificate
from bot.sandbox.internet import Internet, World
from bot.sandbox.smtp import GREYLISTED, MailFault, MailHost, StartTls
from checks import mx, size, submission
from checks.network import Conversation, Guard, Inquiry, Network, Trouble, inquiry, smtp
from checks.network.answers import CertificateState, Reply, Stage
from checks.network.certificates import TrustAnchors
from checks.submission_discovery import RELAY
from checks.submission_servers import PORTS

HOST = "mx.example.com"
ADDRESS = "192.0.2.25"
NETWORKS = ["192.0.2.0/24", "2001:db8::/32"]
AUTHORITY = Authority()
SHORT = 0.3
"""What servers that are meant to be silent are given; the others have the seconds that the product gives."""


@pytest.fixture(scope="module", autouse=True)
def loaded_anchors(tmp_path_factory: pytest.TempPathFactory) -> Generator[None]:
    """Load the trust anchors once: that takes longer than most of these tests."""
    path = tmp_path_factory.mktemp("ca") / "ca.pem"
    path.write_bytes(AUTHORITY.pem)
    anchors = TrustAnchors([path])

    def loaded(_: object) -> TrustAnchors:
        return anchors

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(inquiry, "TrustAnchors", loaded)
        yield


@asynccontextmanager
async def talking(*hosts: MailHost) -> AsyncGenerator[tuple[Internet, Network]]:
    async with Internet(World(mail=hosts), authority=AUTHORITY) as internet:
        guard = Guard.of(NETWORKS, dial=internet.dial_map)
        async with Network(servers=[], guard=guard, trust=[internet.ca_file], helo="checker.example") as network:
            yield internet, network


async def until(happened: Callable[[], object]) -> None:
    while not happened():  # noqa: ASYNC110 - turns the loop, does not poll a clock
        await asyncio.sleep(0)


def host(**facts: object) -> MailHost:
    return MailHost(**{"name": HOST, "address": ADDRESS, **facts})  # type: ignore[arg-type] # the fields of MailHost


async def talk(network: Network, *, port: int = 25, name: str = HOST) -> Conversation:
    return await Inquiry(network).smtp(name, ADDRESS, port, asked_by="test")


async def one(**facts: object) -> tuple[Conversation, list[str]]:
    """A conversation with one server, and the commands that the server saw."""
    async with talking(host(**facts)) as (internet, network):
        conversation = await talk(network)
        await asyncio.sleep(0)
        return conversation, [verb for each in internet.smtp_log.conversations for verb in each.verbs]


# --- servers that behave ----------------------------------------------------------------------------------------------


async def test_a_good_server_is_taken_to_the_end() -> None:
    async with talking(host(auth=("PLAIN", "LOGIN"), size=35_000_000)) as (internet, network):
        run = Inquiry(network)
        said = await run.smtp(HOST, ADDRESS, 25, asked_by="test")
        (evidence,) = run.evidence()
        assert (said.stage, said.trouble) == (Stage.DONE, None)
        assert said.greeting == Reply(220, f"{HOST} ESMTP")
        assert said.ehlo is not None
        assert said.ehlo_after_tls is not None
        assert (said.ehlo.get("SIZE"), said.ehlo.get("STARTTLS"), said.ehlo.get("AUTH")) == ("35000000", "", None)
        assert (said.ehlo_after_tls.get("STARTTLS"), said.ehlo_after_tls.get("AUTH")) == (None, "PLAIN LOGIN")
        assert said.starttls == Reply(220, "2.0.0 Ready")
        assert said.tls is not None
        assert (said.tls.version, said.tls.certificate.state) == ("TLSv1.3", CertificateState.TRUSTED)
        assert said.tls.certificate.names == (HOST,)
        assert len(said.tls.certificate.chain) >= 1
        assert internet.smtp_log.conversations[0].commands[:3] == [
            "EHLO checker.example",
            "STARTTLS",
            "EHLO checker.example",
        ]
    assert (evidence.kind, evidence.question, evidence.server) == ("smtp", f"{HOST} {ADDRESS}:25", f"{ADDRESS} port 25")
    lines = [line for line in evidence.answer if line.startswith(("2", ">", "TLS"))]
    assert (lines[0], lines[1], lines[2]) == (f"220 {HOST} ESMTP", "> EHLO checker.example", f"250 {HOST}")
    assert lines[-7:][0].startswith("> STARTTLS") or "> STARTTLS" in lines
    assert next(line for line in lines if line.startswith("TLS")).endswith("certificate: trusted")


async def test_tls_from_the_first_octet_on_port_465() -> None:
    async with talking(host(port=465, implicit_tls=True, auth=("PLAIN",))) as (_, network):
        said = await talk(network, port=465)
    assert (said.stage, said.trouble) == (Stage.DONE, None)
    assert said.tls is not None
    assert said.tls.certificate.state is CertificateState.TRUSTED
    assert said.ehlo is not None
    assert said.ehlo.get("AUTH") == "PLAIN"


CERTIFICATES = {
    Certificate.GOOD: CertificateState.TRUSTED,
    Certificate.EXPIRED: CertificateState.EXPIRED,
    Certificate.NOT_YET_VALID: CertificateState.NOT_YET_VALID,
    Certificate.WRONG_NAME: CertificateState.WRONG_NAME,
    Certificate.SELF_SIGNED: CertificateState.UNTRUSTED,
    Certificate.PRIVATE_CA: CertificateState.UNTRUSTED,
}


@pytest.mark.parametrize("kind", Certificate)
@pytest.mark.parametrize("port", [25, 465])
async def test_a_bad_certificate_is_judged_and_does_not_end_the_conversation(kind: Certificate, port: int) -> None:
    async with talking(host(certificate=kind, port=port, implicit_tls=port == 465)) as (_, network):
        said = await talk(network, port=port)
    assert said.tls is not None
    assert (said.tls.certificate.state, said.stage) == (CERTIFICATES[kind], Stage.DONE)


async def test_the_certificate_is_judged_for_the_name_that_was_asked_for() -> None:
    async with talking(host()) as (_, network):
        said = await talk(network, name="alias.example.com")
    assert said.tls is not None
    assert said.tls.certificate.state is CertificateState.WRONG_NAME


# --- servers that say no ----------------------------------------------------------------------------------------------

GREETINGS = {
    "refusal": ("554 5.7.1 No mail for you", Reply(554, "5.7.1 No mail for you"), Stage.GREETING, None),
    "greylisting": (GREYLISTED, Reply(451, GREYLISTED[4:]), Stage.GREETING, None),
    "several lines": ("220-first\r\n220 second", Reply(220, "first\nsecond"), Stage.DONE, None),
    "no text": ("220", Reply(220, ""), Stage.DONE, None),
    "octets that are no text": ("220 caf\udcff", Reply(220, "caf\\xed\\xb3\\xbf"), Stage.DONE, None),
    "no code": ("hello", None, Stage.GREETING, Trouble.NOT_SMTP),
    "a negative code": ("-20 hello", None, Stage.GREETING, Trouble.NOT_SMTP),
    "a small code": ("020 hello", None, Stage.GREETING, Trouble.NOT_SMTP),
}


@pytest.mark.parametrize(("greeting", "heard", "stage", "trouble"), GREETINGS.values(), ids=GREETINGS)
async def test_greetings(greeting: str, heard: Reply | None, stage: Stage, trouble: Trouble | None) -> None:
    async with raw(answer_well, greeting=greeting.encode("utf-8", "surrogatepass")) as (network, _):
        said = await talk(network)
    assert (said.greeting, said.stage, said.trouble) == (heard, stage, trouble)
    assert str(said.greeting or "").encode() is not None  # no surrogate: it can be stored


async def test_a_refused_ehlo_is_heard() -> None:
    said, verbs = await one(replies={"EHLO": "502 5.5.2 What?"})
    assert said.ehlo is not None
    assert (said.ehlo.reply, said.ehlo.extensions, said.stage) == (Reply(502, "5.5.2 What?"), (), Stage.DONE)
    assert verbs == ["EHLO", "QUIT"]


async def test_a_refused_starttls_is_heard() -> None:
    said, _ = await one(replies={"STARTTLS": "454 4.7.0 Not now"})
    assert (said.starttls, said.tls, said.trouble) == (Reply(454, "4.7.0 Not now"), None, None)
    assert said.stage is Stage.STARTTLS


async def test_without_starttls_the_conversation_ends_at_ehlo() -> None:
    said, verbs = await one(starttls=StartTls.NONE)
    assert (said.stage, said.starttls, said.tls) == (Stage.DONE, None, None)
    assert verbs == ["EHLO", "QUIT"]


# --- servers that fail ------------------------------------------------------------------------------------------------

FAULTS = {
    MailFault.CLOSED: (Stage.CONNECT, Trouble.CONNECTION_REFUSED),
    MailFault.FILTERED: (Stage.CONNECT, Trouble.TIMEOUT),
    MailFault.SILENT: (Stage.GREETING, Trouble.TIMEOUT),
    MailFault.DROPS: (Stage.EHLO, Trouble.DISCONNECTED),
    MailFault.TRICKLE: (Stage.GREETING, Trouble.TIMEOUT),
    MailFault.ENDLESS_LINES: (Stage.GREETING, Trouble.TOO_BIG),
    MailFault.ENDLESS_BYTES: (Stage.GREETING, Trouble.TOO_BIG),
    MailFault.MANY_EXTENSIONS: (Stage.EHLO, Trouble.TOO_BIG),
    MailFault.HTTP: (Stage.GREETING, Trouble.NOT_SMTP),
}


@pytest.fixture
def hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    for limit in ("CONNECT", "_GREETING", "_REPLY"):
        monkeypatch.setattr(smtp, limit, SHORT)


@pytest.mark.parametrize("fault", MailFault)
async def test_a_server_that_fails_is_told_by_stage_and_trouble(
    fault: MailFault, request: pytest.FixtureRequest
) -> None:
    if FAULTS[fault][1] is Trouble.TIMEOUT:
        request.getfixturevalue("hasty")
    said, verbs = await one(fault=fault)
    assert (said.stage, said.trouble) == FAULTS[fault]
    assert "QUIT" not in verbs


STARTTLS = {
    StartTls.NONE: (Stage.DONE, None),
    StartTls.WORKS: (Stage.DONE, None),
    StartTls.RUBBISH: (Stage.STARTTLS, Trouble.TLS_FAILED),
    StartTls.SILENT: (Stage.STARTTLS, Trouble.TIMEOUT),
    StartTls.INJECTED: (Stage.DONE, None),
}


@pytest.mark.parametrize("kind", StartTls)
async def test_starttls_is_told_by_stage_and_trouble(kind: StartTls, request: pytest.FixtureRequest) -> None:
    if STARTTLS[kind][1] is Trouble.TIMEOUT:
        request.getfixturevalue("hasty")
    said, _ = await one(starttls=kind)
    assert (said.stage, said.trouble) == STARTTLS[kind]
    assert "injected" not in str(said)


async def test_a_late_greeting_is_waited_for_longer_than_any_other_reply(monkeypatch: pytest.MonkeyPatch) -> None:
    assert smtp._REPLY < 10 < smtp._GREETING
    monkeypatch.setattr(smtp, "_REPLY", 0.4)
    said, _ = await one(greeting_delay=0.6)
    assert said.stage is Stage.DONE


async def test_a_conversation_ends_in_time_however_little_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    assert smtp._TOTAL <= 20
    monkeypatch.setattr(smtp, "_TOTAL", SHORT)
    async with asyncio.timeout(smtp._GREETING / 2):
        said, _ = await one(fault=MailFault.TRICKLE)
    assert (said.stage, said.trouble) == (Stage.GREETING, Trouble.TIMEOUT)


@pytest.mark.parametrize("fault", [MailFault.ENDLESS_BYTES, MailFault.ENDLESS_LINES, MailFault.MANY_EXTENSIONS])
async def test_a_server_that_talks_without_end_costs_no_memory(fault: MailFault) -> None:
    async with talking(host(fault=fault)) as (_, network):
        tracemalloc.start()
        await talk(network)
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
    assert peak < 4_000_000  # the server in this process included


@pytest.mark.parametrize(
    ("code", "trouble"),
    [
        (111, Trouble.CONNECTION_REFUSED),
        (104, Trouble.DISCONNECTED),
        (110, Trouble.TIMEOUT),
        (113, Trouble.NETWORK_UNREACHABLE),
        (24, Trouble.OVERLOADED),
        (99, Trouble.OVERLOADED),
    ],
)
async def test_a_connection_that_fails_is_told_by_its_error(
    code: int, trouble: Trouble, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fail(*_: object) -> None:
        raise OSError(code, "as told")

    async with talking(host()) as (_, network):
        monkeypatch.setattr(asyncio.get_running_loop(), "sock_connect", fail)
        said = await talk(network)
    assert (said.stage, said.trouble) == (Stage.CONNECT, trouble)


async def test_no_ipv6_here_is_no_lack_of_ports(monkeypatch: pytest.MonkeyPatch) -> None:
    async def fail(*_: object) -> None:
        raise OSError(99, "EADDRNOTAVAIL")

    async with Network(servers=[], guard=Guard.of(NETWORKS)) as network:
        monkeypatch.setattr(asyncio.get_running_loop(), "sock_connect", fail)
        said = await Inquiry(network).smtp(HOST, "2001:db8::25", 25, asked_by="test")
    assert said.trouble is Trouble.NETWORK_UNREACHABLE


async def test_being_out_of_descriptors_is_nobody_elses_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    def none(*_: object) -> None:
        raise OSError(24, "EMFILE")

    async with talking(host()) as (internet, network):
        with monkeypatch.context() as patch:
            patch.setattr("socket.socket", none)
            said = await talk(network)
        assert (said.stage, said.trouble) == (Stage.CONNECT, Trouble.OVERLOADED)
        assert not internet.smtp_log.conversations


async def test_silence_while_we_were_busy_is_nobody_elses_fault(hasty: None, monkeypatch: pytest.MonkeyPatch) -> None:
    del hasty
    loop = asyncio.get_running_loop()
    clock = loop.time

    async with talking(host(fault=MailFault.SILENT)) as (internet, network):
        talking_ = asyncio.create_task(talk(network))
        await until(lambda: internet.smtp_log.conversations)
        ahead = clock() + SHORT + 1.0
        monkeypatch.setattr(loop, "time", lambda: max(clock(), ahead))
        said = await talking_
    assert said.trouble is Trouble.OVERLOADED


async def test_a_host_name_that_cannot_be_in_a_certificate_is_no_crash() -> None:
    for name in ("\\000" * 60 + ".example.com", ".example.com", "x" * 64):
        async with talking(host()) as (_, network):
            said = await talk(network, name=name)
        assert (said.stage, said.trouble) == (Stage.STARTTLS, Trouble.TLS_FAILED)


# --- what is never done -----------------------------------------------------------------------------------------------


async def test_no_mail_is_ever_named() -> None:
    async with talking(host(), host(address="192.0.2.26", open_relay=True, starttls=StartTls.NONE)) as (
        internet,
        network,
    ):
        run = Inquiry(network)
        for address in (ADDRESS, "192.0.2.26"):
            await run.smtp(HOST, address, 25, asked_by="test")
        await until(lambda: not any(each.open for each in internet.smtp_log.conversations))
        verbs = {verb for each in internet.smtp_log.conversations for verb in each.verbs}
    assert verbs <= {"EHLO", "STARTTLS", "QUIT"}


async def test_a_server_that_has_not_greeted_is_not_talked_to(hasty: None) -> None:
    del hasty
    heard = bytearray()
    left = asyncio.Event()

    async def listen(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        heard.extend(await reader.read())
        writer.close()
        left.set()

    server = await asyncio.start_server(listen, "127.0.0.1", 0)
    guard = Guard.of(NETWORKS, dial={(ADDRESS, 25): server.sockets[0].getsockname()})
    async with Network(servers=[], guard=guard) as network:
        assert (await talk(network)).trouble is Trouble.TIMEOUT
    await left.wait()
    server.close()
    await server.wait_closed()
    assert heard == b""


@pytest.mark.parametrize("address", ["127.0.0.1", "10.0.0.1", "169.254.169.254", "::1", "::ffff:127.0.0.1", "fe80::1"])
async def test_a_private_address_gets_no_packet(address: str) -> None:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        listening.setblocking(False)  # noqa: FBT003 - the name says it
        guard = Guard.of(NETWORKS, dial={(address, 25): listening.getsockname()})
        async with Network(servers=[], guard=guard) as network:
            said = await Inquiry(network).smtp(HOST, address, 25, asked_by="test")
        with pytest.raises(BlockingIOError):
            listening.accept()
    assert (said.stage, said.trouble) == (Stage.CONNECT, Trouble.GUARDED)


async def test_another_port_gets_no_packet() -> None:
    async with talking(host(port=2525)) as (internet, network):
        assert (await talk(network, port=2525)).trouble is Trouble.GUARDED
        assert not internet.smtp_log.conversations


async def test_commands_do_not_wait_for_acknowledgements(monkeypatch: pytest.MonkeyPatch) -> None:
    delays: list[int] = []
    hang_up = smtp._hang_up

    def noted(client: smtp.Client, sock: socket.socket, *, orderly: bool) -> None:
        delays.append(sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))
        hang_up(client, sock, orderly=orderly)

    monkeypatch.setattr(smtp, "_hang_up", noted)
    async with talking(host()) as (_, network):
        await talk(network)
    assert len(delays) == 1
    assert delays[0]


# --- how often --------------------------------------------------------------------------------------------------------


async def test_two_askers_of_one_run_share_a_conversation() -> None:
    async with talking(host()) as (internet, network):
        run = Inquiry(network)
        both = await asyncio.gather(*(run.smtp(HOST, ADDRESS, 25, asked_by=name) for name in ("a", "b")))
        assert both[0] == both[1]
        assert len(internet.smtp_log.at(ADDRESS)) == 1
        assert run.evidence()[0].asked_by == ("a", "b")


async def test_a_service_never_has_two_conversations_at_a_time() -> None:
    async with talking(host()) as (internet, network):
        most, now = 0, 0
        connect = network.mailer._connect

        async def counted(*args: object) -> socket.socket | None:
            nonlocal most, now
            now += 1
            most = max(most, now)
            return await connect(*args)  # type: ignore[arg-type] # passed on

        hang_up = smtp._hang_up

        def ended(*args: object, **words: object) -> None:
            nonlocal now
            now -= 1
            hang_up(*args, **words)  # type: ignore[arg-type] # passed on

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(network.mailer, "_connect", counted)
            patch.setattr(smtp, "_hang_up", ended)
            said = await asyncio.gather(*(talk(network, name=f"mx{n}.example.com") for n in range(8)))
        assert all(each.stage is Stage.DONE for each in said)
        assert most == 1
        assert len(internet.smtp_log.conversations) == 8
        assert not network.mailer._busy


async def test_runs_that_ask_before_it_begins_share_one_conversation() -> None:
    async with talking(host()) as (internet, network):
        runs = [Inquiry(network) for _ in range(8)]
        said = await asyncio.gather(*(run.smtp(HOST, ADDRESS, 25, asked_by="test") for run in runs))
        assert len(internet.smtp_log.conversations) == 1
    assert {each.stage for each in said} == {Stage.DONE}
    evidence = [run.evidence()[0] for run in runs]
    assert {each.answer[0] for each in evidence} == {"* one conversation for 8 runs"}
    assert len({each.started for each in evidence}) == 1


async def test_what_one_run_hears_alone_is_not_called_shared() -> None:
    async with talking(host()) as (_, network):
        run = Inquiry(network)
        await run.smtp(HOST, ADDRESS, 25, asked_by="test")
    assert run.evidence()[0].answer[0] == f"220 {HOST} ESMTP"


async def test_a_run_joins_a_conversation_that_began_after_it() -> None:
    async with talking(host(greeting_delay=0.2)) as (internet, network):
        first, second = Inquiry(network), Inquiry(network)
        going = asyncio.create_task(first.smtp(HOST, ADDRESS, 25, asked_by="test"))
        await until(lambda: internet.smtp_log.conversations)
        assert await second.smtp(HOST, ADDRESS, 25, asked_by="test") == await going
        assert len(internet.smtp_log.conversations) == 1


async def test_a_run_never_gets_a_conversation_that_began_before_it() -> None:
    async with talking(host(greeting_delay=0.2)) as (internet, network):
        first = Inquiry(network)
        going = asyncio.create_task(first.smtp(HOST, ADDRESS, 25, asked_by="test"))
        await until(lambda: internet.smtp_log.conversations)
        later = [Inquiry(network) for _ in range(3)]
        waiting = [asyncio.create_task(run.smtp(HOST, ADDRESS, 25, asked_by="test")) for run in later[:2]]
        await going
        said = await asyncio.gather(*waiting, later[2].smtp(HOST, ADDRESS, 25, asked_by="test"))
        assert len(internet.smtp_log.conversations) == 2  # the later ones share theirs
        assert internet.smtp_log.most_at_once(ADDRESS) == 1
    assert {each.stage for each in said} == {Stage.DONE}
    (before,), *after = (run.evidence() for run in (first, *later))
    assert all(each.started >= before.started + 0.2 for (each,) in after)
    assert all(each.ms is not None and each.ms < 1000 for (each,) in after)  # the wait for its turn is no part of it
    assert before.answer[0].startswith("220")


async def test_a_finished_conversation_is_not_handed_to_later_runs() -> None:
    async with talking(host()) as (internet, network):
        early = Inquiry(network)
        await talk(network)
        await early.smtp(HOST, ADDRESS, 25, asked_by="test")
        assert len(internet.smtp_log.conversations) == 2
        assert not network.mailer._talks


async def test_a_run_that_leaves_does_not_end_what_others_want() -> None:
    async with talking(host(greeting_delay=0.2)) as (internet, network):
        leaving, staying = Inquiry(network), Inquiry(network)
        gone = asyncio.create_task(leaving.smtp(HOST, ADDRESS, 25, asked_by="test"))
        kept = asyncio.create_task(staying.smtp(HOST, ADDRESS, 25, asked_by="test"))
        await until(lambda: internet.smtp_log.conversations)
        await leaving.close()
        with pytest.raises(asyncio.CancelledError):
            await gone
        assert (await kept).stage is Stage.DONE


async def test_a_conversation_that_everybody_left_is_not_joined() -> None:
    async with talking(host(greeting_delay=0.2)) as (internet, network):
        early, late = Inquiry(network), Inquiry(network)
        gone = asyncio.create_task(early.smtp(HOST, ADDRESS, 25, asked_by="test"))
        await until(lambda: internet.smtp_log.conversations)
        await early.close()
        assert (await late.smtp(HOST, ADDRESS, 25, asked_by="test")).stage is Stage.DONE
        assert len(internet.smtp_log.conversations) == 2
        assert gone.cancelled()


async def test_a_run_that_is_closed_at_once_leaves_no_conversation_behind() -> None:
    async with talking(host(fault=MailFault.FILTERED)) as (_, network):
        run = Inquiry(network)
        asking = asyncio.create_task(run.smtp(HOST, ADDRESS, 25, asked_by="test"))
        await asyncio.sleep(0)  # the question is asked, and nothing of it has been done
        await run.close()
        with pytest.raises(asyncio.CancelledError):
            await asking
        await until(lambda: not network.mailer._talks)


async def test_a_name_is_part_of_the_question() -> None:
    async with talking(host()) as (internet, network):
        run = Inquiry(network)
        names = (HOST, "other.example.com")
        said = await asyncio.gather(*(run.smtp(name, ADDRESS, 25, asked_by="test") for name in names))
        assert internet.smtp_log.most_at_once(ADDRESS) == 1
    assert [each.tls.certificate.state for each in said if each.tls] == [
        CertificateState.TRUSTED,
        CertificateState.WRONG_NAME,
    ]
    assert [each.question.partition(" ")[0] for each in run.evidence()] == [*names]


async def test_different_addresses_and_ports_are_talked_to_at_the_same_time() -> None:
    hosts = [host(address=f"192.0.2.{n}", greeting_delay=0.2) for n in range(1, 6)]
    hosts.append(host(address="192.0.2.1", port=587, greeting_delay=0.2))
    async with talking(*hosts) as (internet, network):
        run = Inquiry(network)
        talks = [asyncio.create_task(run.smtp(HOST, each.address, each.port, asked_by="test")) for each in hosts]
        await until(lambda: len(internet.smtp_log.conversations) == 6)
        assert not any(each.done() for each in talks)
        assert {each.stage for each in await asyncio.gather(*talks)} == {Stage.DONE}


def test_a_run_may_hold_all_conversations_that_its_checks_want() -> None:
    near = mx.NEAREST_HOSTS * mx.ADDRESSES_PER_HOST  # of ``receiving``, and as many others of ``mta_sts``
    guessed = submission.MOST_HOSTS * mx.ADDRESSES_PER_HOST * len(PORTS)
    published = submission.MOST_HOSTS * mx.ADDRESSES_PER_HOST * len({*PORTS, RELAY})
    at_recipient = size.MOST_HOSTS * mx.ADDRESSES_PER_HOST
    assert 2 * near + guessed + published + at_recipient == inquiry.MOST_CONVERSATIONS


async def test_a_run_cannot_talk_without_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inquiry, "MOST_CONVERSATIONS", 1)
    async with talking(host()) as (_, network):
        run = Inquiry(network)
        await run.smtp(HOST, ADDRESS, 25, asked_by="test")
        assert (await run.smtp(HOST, "192.0.2.26", 25, asked_by="test")).trouble is Trouble.ENOUGH_ASKED


@pytest.mark.parametrize(
    "facts", [{"fault": MailFault.SILENT}, {"starttls": StartTls.SILENT}, {"port": 465, "fault": MailFault.SILENT}]
)
async def test_closing_a_run_closes_its_connections_and_frees_the_address(facts: Mapping[str, object]) -> None:
    async with talking(host(**facts)) as (internet, network):
        port = 465 if "port" in facts else 25
        run = Inquiry(network)
        talk_ = asyncio.create_task(run.smtp(HOST, ADDRESS, port, asked_by="test"))
        await until(lambda: internet.smtp_log.conversations)
        conversation = internet.smtp_log.conversations[0]
        await until(lambda: "starttls" not in facts or "STARTTLS" in conversation.verbs)
        await run.close()
        with pytest.raises(asyncio.CancelledError):
            await talk_
        await until(lambda: not conversation.open)  # the server has seen the connection closed
        del talk_, run
        gc.collect()
        assert not network.mailer._busy


async def test_closing_a_run_ends_a_connection_that_is_being_made() -> None:
    async with talking(host(fault=MailFault.FILTERED)) as (_, network):
        run = Inquiry(network)
        talk_ = asyncio.create_task(run.smtp(HOST, ADDRESS, 25, asked_by="test"))
        await until(lambda: network.mailer._busy)
        await run.close()
        with pytest.raises(asyncio.CancelledError):
            await talk_
        (evidence,) = run.evidence()
    assert evidence.answer == ()


# --- servers at octet level -------------------------------------------------------------------------------------------

Answer = Callable[[bytes], bytes | None]


def answer_well(line: bytes) -> bytes | None:
    return {b"EHLO": b"250 ok\r\n", b"QUIT": None}[line.split()[0]]


@asynccontextmanager
async def raw(answer: Answer, greeting: bytes = b"220 hi") -> AsyncGenerator[tuple[Network, list[bytes]]]:
    lines: list[bytes] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(greeting + b"\r\n")
        while (line := await reader.readline()) and (reply := answer(line)) is not None:
            lines.append(line)
            writer.write(reply)
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    guard = Guard.of(NETWORKS, dial={(ADDRESS, 25): server.sockets[0].getsockname()})
    try:
        async with Network(servers=[], guard=guard) as network:
            yield network, lines
    finally:
        server.close()
        await server.wait_closed()


async def test_extensions_are_read_as_the_server_meant_them() -> None:
    reply = b"250-mx\r\n250-size  1000 \r\n250-\r\n250-auth=LOGIN\r\n250-X-A\x0bB c\r\n250 8BITMIME\r\n"
    async with raw(lambda line: reply if line.startswith(b"EHLO") else None) as (network, _):
        said = await talk(network)
    assert said.ehlo is not None
    assert said.ehlo.get("SIZE") == "1000"
    assert said.ehlo.get("8BITMIME") == ""
    assert said.ehlo.get("VRFY") is None
    assert len(said.ehlo.extensions) == 4


@pytest.mark.parametrize("reply", [b"what?\r\n", b"-1 what?\r\n"])
async def test_a_reply_to_ehlo_that_is_none(reply: bytes) -> None:
    async with raw(lambda _: reply) as (network, _):
        said = await talk(network)
    assert (said.stage, said.trouble, said.ehlo) == (Stage.EHLO, Trouble.NOT_SMTP, None)


async def test_a_server_that_leaves_after_starttls_is_told() -> None:
    replies: Mapping[bytes, bytes | None] = {b"EHLO": b"250-mx\r\n250 STARTTLS\r\n", b"STAR": None}
    async with raw(lambda line: replies[line[:4]]) as (network, _):
        said = await talk(network)
    assert (said.stage, said.trouble) == (Stage.STARTTLS, Trouble.DISCONNECTED)
