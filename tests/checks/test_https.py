"""Documents over HTTPS: what is fetched, what is refused, and what a certificate does to it."""

# pyright: reportPrivateUsage=false

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Generator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
import yarl
from aiohttp.helpers import is_ip_address
from hypothesis import example, given
from hypothesis import strategies as st

from bot.sandbox.certificates import Authority, Certificate
from bot.sandbox.dns import Fault
from bot.sandbox.https import Page as WebPage
from bot.sandbox.https import WebHost, sts_policy
from bot.sandbox.internet import Internet, World
from checks.network import Guard, Inquiry, Network, Page, Trouble, blame, https, inquiry
from checks.network.answers import CertificateState
from checks.network.certificates import TrustAnchors, refusal

NAME = "mta-sts.example.com"
URL = f"https://{NAME}/.well-known/mta-sts.txt"
ADDRESS = "192.0.2.80"
NETWORKS = ["192.0.2.0/24"]
AUTHORITY = Authority()
PAGES = {
    **sts_policy("version: STSv1\nmode: none\nmax_age: 86400"),
    "/moved": WebPage(status=301, headers={"Location": "https://other.example.com/"}),
    "/gone": WebPage(status=404, body=b"gone"),
    "/just": WebPage(body=bytes(64 * 1024)),
    "/big": WebPage(body=bytes(64 * 1024 + 1)),
    "/slow": WebPage(body=b"xx", pause=30.0),
    "/odd": WebPage(body=b"caf\xff", headers={"Location": "caf\udcff"}),
}


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
async def web(
    *,
    kind: Certificate = Certificate.GOOD,
    address: str = ADDRESS,
    faults: dict[str, Fault] | None = None,
    records: str = f"{NAME} A {ADDRESS}",
) -> AsyncGenerator[tuple[Internet, Inquiry]]:
    hosts = (WebHost(name=NAME, address=address, pages=PAGES, certificate=kind),)
    async with Internet(World(records=records, web=hosts, faults=faults or {}), authority=AUTHORITY) as internet:
        guard = Guard.of(NETWORKS, dial=internet.dial_map)
        async with Network(servers=internet.dns_servers, guard=guard, trust=[internet.ca_file]) as network:
            yield internet, Inquiry(network)


async def get(run: Inquiry, url: str = URL) -> Page:
    return await run.https(url, asked_by="test")


async def test_a_document_is_fetched_with_evidence() -> None:
    async with web() as (internet, run):
        page = await get(run)
        evidence = run.evidence()
        assert [tuple(request) for request in internet.web_log] == [(NAME, "/.well-known/mta-sts.txt")]
    assert (page.trouble, page.status, page.content_type) == (None, 200, "text/plain")
    assert page.body.startswith(b"version: STSv1\r\n")
    first = evidence[page.evidence - 1]
    assert (first.kind, first.question, first.server) == ("https", URL, NAME)
    assert first.answer == ("200 text/plain", "version: STSv1", "mode: none", "max_age: 86400")
    assert {each.question for each in evidence[1:]} == {f"{NAME} A", f"{NAME} AAAA"}


async def test_a_redirect_is_told_and_not_followed() -> None:
    async with web() as (internet, run):
        page = await get(run, f"https://{NAME}/moved")
        assert len(internet.web_log) == 1
    assert (page.status, page.location, page.trouble) == (301, "https://other.example.com/", None)


async def test_another_status_is_no_trouble_of_the_network() -> None:
    async with web() as (_, run):
        page = await get(run, f"https://{NAME}/gone")
    assert (page.status, page.body, page.trouble) == (404, b"gone", None)


async def test_octets_that_are_no_text_can_be_stored() -> None:
    async with web() as (_, run):
        page = await get(run, f"https://{NAME}/odd")
        assert run.evidence()[0].answer[1] == "caf\\xff"
    assert page.location.encode().startswith(b"caf")


async def test_the_size_is_capped() -> None:
    async with web() as (_, run):
        assert len((await get(run, f"https://{NAME}/just")).body) == 64 * 1024
        page = await get(run, f"https://{NAME}/big")
    assert (page.trouble, page.body) == (Trouble.TOO_BIG, b"")


async def test_the_time_is_capped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(https, "_TOTAL", 0.4)
    async with web() as (internet, run):
        assert (await get(run, f"https://{NAME}/slow")).trouble is Trouble.TIMEOUT
        assert internet.web_log


CERTIFICATES = {
    Certificate.EXPIRED: CertificateState.EXPIRED,
    Certificate.NOT_YET_VALID: CertificateState.NOT_YET_VALID,
    Certificate.WRONG_NAME: CertificateState.WRONG_NAME,
    Certificate.SELF_SIGNED: CertificateState.UNTRUSTED,
    Certificate.PRIVATE_CA: CertificateState.UNTRUSTED,
}


@pytest.mark.parametrize("kind", CERTIFICATES)
async def test_a_bad_certificate_ends_it_before_anything_is_asked(kind: Certificate) -> None:
    async with web(kind=kind) as (internet, run):
        page = await get(run)
        assert not internet.web_log
    assert (page.trouble, page.certificate, page.body) == (Trouble.TLS_FAILED, CERTIFICATES[kind], b"")


REFUSED = [
    f"http://{NAME}/",
    f"https://{NAME}:8443/",
    f"https://{NAME}:99999/",
    f"https://{NAME}:x/",
    f"https://user:password@{NAME}/",
    f"https://{NAME}@{NAME}/",
    f"https://{NAME}:443@{NAME}/",
    "https://a.b:x@127.0.0.1/",
    "https://a.b:443@192.0.2.80/",
    "https://a.b:x@2130706433/",
    "https://a.b:x@[2001:db8::1]/",
    "https://a.b:x@127.0.0.1:443/",
    "https://a.b\\@127.0.0.1/",
    "https://a.b%40127.0.0.1/",
    "https://a.b:x\t@127.0.0.1/",
    f"https://{NAME}./",
    f"https://{NAME}:/",
    f"https://{NAME}:0443/",
    "https://127.0.0.1./",
    "https://192.0.2.80/",
    "https://192.0.2.80:443/",
    "https://[2001:db8::1]/",
    "https://[::ffff:192.0.2.80]:443/",
    "https://[::1/",
    "https://127.0。0.1/",
    "https://127.0.0.1。/",
    "https://0x7f.1/",
    "https://127.1/",
    "https://2130706433/",
    "https://127.0.0.%31/",
    "https://localhost/",
    "https://a..example/",
    "https:///",
    "ftp://mta-sts.example.com/",
    "",
]


@pytest.mark.parametrize("url", REFUSED)
async def test_what_is_no_name_on_the_port_of_https_is_not_asked(url: str) -> None:
    async with web() as (internet, run):
        assert (await get(run, url)).trouble is Trouble.GUARDED
        assert not internet.web_log
        assert not internet.queries


PIECES = [
    *("a.b", NAME, "127.0.0.1", "2130706433", "[2001:db8::1]", "0x7f.1", "443", "x", "1"),
    *(":", "@", ".", "\\", "/", "?", "#", "%", "%40", "%2e", "\t", "。"),
]


@given(st.text(max_size=60) | st.lists(st.sampled_from(PIECES), max_size=6).map("".join))
@example(NAME)
@example(f"{NAME}:443")
def test_what_is_taken_for_a_name_is_dialled_as_a_name(text: str) -> None:
    """Held against the reading of the library that dials."""
    url = f"https://{text}/"
    if https._is_for_us(url):
        read = yarl.URL(url)
        assert (read.scheme, read.port, read.user, read.password) == ("https", 443, None, None)
        assert read.host is not None
        assert not is_ip_address(read.host)  # by which aiohttp decides not to ask the resolver
        assert read.host.isascii()
        assert read.host.rpartition(".")[2][:1].isalpha()


async def test_the_port_of_https_may_be_written() -> None:
    async with web() as (_, run):
        assert (await get(run, URL.replace("/.", ":443/.", 1))).status == 200


@pytest.mark.parametrize("inside", ["127.0.0.1", "10.0.0.1", "169.254.169.254"])
async def test_the_address_is_judged_after_resolution(inside: str) -> None:
    async with web(address=inside, records=f"{NAME} A {inside}") as (internet, run):
        assert (await get(run)).trouble is Trouble.GUARDED
        assert not internet.web_log


async def test_an_alias_that_leads_inside_is_judged_too() -> None:
    records = f"{NAME} CNAME policy.example.net\npolicy.example.net A 10.0.0.1"
    async with web(address="10.0.0.1", records=records) as (internet, run):
        assert (await get(run)).trouble is Trouble.GUARDED
        assert not internet.web_log


async def test_of_several_addresses_only_the_permitted_are_dialled() -> None:
    async with web(records=f"{NAME} A 10.0.0.1\n{NAME} A {ADDRESS}") as (_, run):
        assert (await get(run)).status == 200


async def test_a_name_that_changes_its_address_is_judged_by_the_address_dialled() -> None:
    """DNS rebinding: what was public when it was looked at is private when it is dialled."""
    given_ = iter([[ADDRESS], ["10.0.0.1"]])

    async def lookup(_: str) -> Sequence[str]:
        return next(given_)

    async with web() as (internet, run):
        network = run._network
        for expected in (None, Trouble.GUARDED):
            page = await https.fetch(URL, network.guard, network.anchors, lookup, "test")
            assert page.trouble is expected
        assert len(internet.web_log) == 1
        # And in one run a name keeps the answer that it had first.
        await get(run)
        await get(run, f"https://{NAME}/gone")
        assert [query.rdtype for query in internet.queries] == ["A", "AAAA"]


LOOKUPS: dict[str, tuple[str, dict[str, Fault], Trouble]] = {
    "no address": (f"{NAME} TXT x", {}, Trouble.NO_ADDRESS),
    "no name": ("example.net A 192.0.2.1", {}, Trouble.NO_ADDRESS),
    "servfail": (f"{NAME} A {ADDRESS}", {NAME: Fault.SERVFAIL}, Trouble.SERVFAIL),
}


@pytest.mark.parametrize(("records", "faults", "trouble"), LOOKUPS.values(), ids=LOOKUPS)
async def test_a_look_up_without_an_address_gives_its_own_trouble(
    records: str, faults: dict[str, Fault], trouble: Trouble
) -> None:
    async with web(records=records, faults=faults) as (_, run):
        assert (await get(run)).trouble is trouble


async def test_a_port_where_nothing_listens_refuses() -> None:
    async with web(records=f"{NAME} A 192.0.2.81") as (_, run):
        assert (await get(run)).trouble is Trouble.CONNECTION_REFUSED


@asynccontextmanager
async def serving(answer: bytes, *, tls: bool = True) -> AsyncGenerator[tuple[Network, https.Lookup]]:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(1)
        writer.write(answer)
        writer.close()

    async def lookup(_: str) -> Sequence[str]:
        return [ADDRESS]

    server = await asyncio.start_server(serve, "127.0.0.1", 0, ssl=AUTHORITY.context(NAME) if tls else None)
    guard = Guard.of(NETWORKS, dial={(ADDRESS, 443): server.sockets[0].getsockname()})
    try:
        async with Network(servers=[], guard=guard) as network:
            yield network, lookup
    finally:
        server.close()
        await server.wait_closed()


ANSWERS = {
    "closed without a word": (b"", True, Trouble.DISCONNECTED),
    "no HTTP": (b"220 mx.example.com ESMTP\r\n\r\n", True, Trouble.BAD_ANSWER),
    "cut short": (b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nx", True, Trouble.BAD_ANSWER),
    "no TLS": (b"HTTP/1.1 400 Bad Request\r\n\r\n", False, Trouble.TLS_FAILED),
}


@pytest.mark.parametrize(("answer", "tls", "trouble"), ANSWERS.values(), ids=ANSWERS)
async def test_a_web_server_that_breaks_is_told(answer: bytes, tls: bool, trouble: Trouble) -> None:
    async with serving(answer, tls=tls) as (network, lookup):
        assert (await https.fetch(URL, network.guard, network.anchors, lookup, "test")).trouble is trouble


async def test_being_out_of_descriptors_is_nobody_elses_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    async with web() as (_, run):
        await run._network.resolver.ask("example.net", "A")  # the sockets of the resolver are open now

        def none(*_: object, **__: object) -> None:
            raise OSError(24, "EMFILE")

        monkeypatch.setattr("socket.socket", none)
        assert (await get(run)).trouble is Trouble.OVERLOADED


async def test_a_run_cannot_fetch_without_end_and_fetches_nothing_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inquiry, "MOST_PAGES", 1)
    async with web() as (internet, run):
        first, second = await asyncio.gather(get(run), get(run))
        assert first is second
        assert (await get(run, f"https://{NAME}/gone")).trouble is Trouble.ENOUGH_ASKED
        assert len(internet.web_log) == 1


def test_the_kernel_gives_up_connecting_too() -> None:
    assert blame.unconnected(TimeoutError(110, "ETIMEDOUT"), "192.0.2.80") is Trouble.TIMEOUT


def test_a_certificate_error_of_an_unknown_kind_is_distrust() -> None:
    assert refusal(ValueError()) is CertificateState.UNTRUSTED


def test_a_trust_file_that_holds_no_certificate_is_refused(tmp_path: Path) -> None:
    (tmp_path / "no.pem").write_text("nothing")
    with pytest.raises(ValueError, match="holds no certificate"):
        TrustAnchors([tmp_path / "no.pem"])
    with pytest.raises(OSError, match="No such file"):
        TrustAnchors([tmp_path / "missing.pem"])
