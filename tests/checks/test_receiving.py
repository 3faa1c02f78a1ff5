"""The receiving check: what a sender meets on port 25, and what only concerns us."""

from __future__ import annotations

import ssl
from collections import Counter
from dataclasses import replace

import pytest

from bot.sandbox.certificates import Certificate
from bot.sandbox.dns import Fault
from bot.sandbox.internet import World
from bot.sandbox.smtp import GREYLISTED, MailFault, MailHost, StartTls
from checks import domain, mx, receiving, reverse
from checks.check import HostName, IpAddress, ServerReply, Severity
from checks.network import certificates, inquiry, smtp
from checks.network.answers import CertificateState, Trouble
from tests.checks.scenario import Scenario, Seen, about, authority, look, look_all, play, says, untested

ONE = "example.com MX 10 mx.example.com\nmx.example.com A 192.0.2.25\n"
INSIDE = "example.com MX 10 mx.example.com\nmx.example.com A 10.0.0.25"
TWO = ONE + "example.com MX 20 mx2.example.com\nmx2.example.com A 192.0.2.26\n"
OFF_THE_NET = ("255.255.255.255", 25)
"""A connection to the broadcast address is refused by this machine itself, as where there is no route."""


def mail(address: str = "192.0.2.25", name: str = "mx.example.com", **how: object) -> MailHost:
    return MailHost(name=name, address=address, **how)  # type: ignore[arg-type] # checked by the dataclass


GOOD_SECOND = mail("192.0.2.26", "mx2.example.com")


def single(name: str, *codes: str, **how: object) -> Scenario:
    return Scenario(name=name, world=World(records=ONE, mail=(mail(**how),)), codes=says(*codes))  # type: ignore[arg-type] # as above


def with_second(name: str, *codes: str, **how: object) -> Scenario:
    mails = (mail(**how), GOOD_SECOND)  # type: ignore[arg-type] # as above
    return Scenario(name=name, world=World(records=TWO, mail=mails), codes=says("RECEIVING_READY", *codes))


SCENARIOS = [
    single("a good host", "RECEIVING_READY"),
    with_second("two good hosts"),
    single("a port that refuses", "RECEIVING_CONNECTION_REFUSED", "RECEIVING_NONE_LISTENS", fault=MailFault.CLOSED),
    with_second(
        "one of two ports refuses",
        "RECEIVING_CONNECTION_REFUSED",
        "RECEIVING_OTHERS_TAKE_OVER",
        fault=MailFault.CLOSED,
    ),
    Scenario(
        name="a host whose reverse name is another",
        world=World(records=ONE + "192.0.2.25 PTR other.example.com", mail=(mail(),)),
        codes=says("RECEIVING_READY", "RECEIVING_NAME_DIFFERS"),
    ),
    Scenario(
        name="a host whose reverse name is its own",
        world=World(records=ONE + "192.0.2.25 PTR MX.example.com", mail=(mail(),)),
        codes=says("RECEIVING_READY"),
    ),
    Scenario(
        name="a host of somebody else whose reverse name is another",
        world=World(
            records="example.com MX 10 mx.example.net\nmx.example.net A 192.0.2.25\n192.0.2.25 PTR a.example.net",
            mail=(mail(name="mx.example.net"),),
        ),
        codes=says("RECEIVING_READY"),
    ),
    single("no way out", "RECEIVING_PORT25_BLOCKED_HERE", fault=MailFault.FILTERED),
    with_second("one of two ports is filtered", "RECEIVING_TIMEOUT", fault=MailFault.FILTERED),
    single("a host that says nothing", "RECEIVING_UNKNOWN", fault=MailFault.SILENT),
    single("a host that trickles", "RECEIVING_UNKNOWN", fault=MailFault.TRICKLE),
    single("a host that hangs up", "RECEIVING_UNKNOWN", fault=MailFault.DROPS),
    single("a web server", "RECEIVING_NOT_SMTP", "RECEIVING_NONE_LISTENS", fault=MailFault.HTTP),
    single("too busy", "RECEIVING_LIMITED", greeting="421 4.7.0 Too many connections"),
    single("greylisting at the greeting", "RECEIVING_LIMITED", greeting=GREYLISTED),
    single("an EHLO put off", "RECEIVING_LIMITED", replies={"EHLO": "450 4.7.1 Try later"}),
    single("a greeting against us", "RECEIVING_REFUSES_US", greeting="554 5.7.1 Your address is on our list"),
    single("an EHLO against us", "RECEIVING_REFUSES_US", replies={"EHLO": "550 5.7.1 Go away"}),
    single("a host that never takes mail", "RECEIVING_TAKES_NO_MAIL", greeting="521 mx.example.com takes no mail"),
    with_second("one of two never takes mail", "RECEIVING_HOST_TAKES_NO_MAIL", greeting="556 takes no mail"),
    single("no STARTTLS", "RECEIVING_READY", "RECEIVING_NO_STARTTLS", starttls=StartTls.NONE),
    single(
        "STARTTLS refused",
        "RECEIVING_READY",
        "RECEIVING_STARTTLS_REFUSED",
        replies={"STARTTLS": "454 4.7.0 TLS not available"},
    ),
    single("rubbish in place of TLS", "RECEIVING_READY", "RECEIVING_TLS_FAILED", starttls=StartTls.RUBBISH),
    single("silence in place of TLS", "RECEIVING_READY", "RECEIVING_TLS_UNKNOWN", starttls=StartTls.SILENT),
    single(
        "an expired certificate",
        "RECEIVING_READY",
        "RECEIVING_CERTIFICATE_EXPIRED",
        certificate=Certificate.EXPIRED,
    ),
    single(
        "a certificate of the future",
        "RECEIVING_READY",
        "RECEIVING_CERTIFICATE_NOT_YET_VALID",
        certificate=Certificate.NOT_YET_VALID,
    ),
    single(
        "a certificate for another name",
        "RECEIVING_READY",
        "RECEIVING_CERTIFICATE_WRONG_NAME",
        certificate=Certificate.WRONG_NAME,
    ),
    single(
        "a self-signed certificate",
        "RECEIVING_READY",
        "RECEIVING_CERTIFICATE_UNTRUSTED",
        certificate=Certificate.SELF_SIGNED,
    ),
    single(
        "a private authority",
        "RECEIVING_READY",
        "RECEIVING_CERTIFICATE_UNTRUSTED",
        certificate=Certificate.PRIVATE_CA,
    ),
    Scenario(
        name="a host over IPv4 and IPv6, and no IPv6 here",
        world=World(records=ONE + "mx.example.com AAAA 2001:db8::25", mail=(mail(),)),
        dial={("2001:db8::25", 25): OFF_THE_NET},
        codes=says("RECEIVING_READY", "RECEIVING_IPV6_NOT_TRIED"),
    ),
    Scenario(
        name="a host over IPv6 only, and no IPv6 here",
        world=World(records="example.com MX 10 mx.example.com\nmx.example.com AAAA 2001:db8::25"),
        dial={("2001:db8::25", 25): OFF_THE_NET},
        codes=says("RECEIVING_UNKNOWN"),
    ),
    Scenario(
        name="port 25 blocked over IPv4, and no IPv6 here",
        world=World(records=ONE + "mx.example.com AAAA 2001:db8::25", mail=(mail(fault=MailFault.FILTERED),)),
        dial={("2001:db8::25", 25): OFF_THE_NET},
        codes=says("RECEIVING_PORT25_BLOCKED_HERE"),
    ),
    Scenario(
        name="no way out to one host, and another inside",
        world=World(
            records=ONE + "example.com MX 20 mx2.example.com\nmx2.example.com A 10.0.0.26",
            mail=(mail(fault=MailFault.FILTERED),),
        ),
        codes=says("RECEIVING_PORT25_BLOCKED_HERE", "RECEIVING_UNKNOWN"),
    ),
    Scenario(
        name="a host inside",
        world=World(records=INSIDE),
        codes=says("RECEIVING_UNKNOWN"),
    ),
    Scenario(
        name="a host with three addresses",
        world=World(
            records=ONE + "mx.example.com A 192.0.2.27\nmx.example.com A 192.0.2.28",
            mail=(mail(), mail("192.0.2.27"), mail("192.0.2.28")),
        ),
        codes=says("RECEIVING_READY", "RECEIVING_NOT_ALL_ADDRESSES"),
    ),
    Scenario(
        name="a domain that takes no mail",
        world=World(records="example.com MX 0 ."),
        codes=says("RECEIVING_NO_HOST"),
    ),
    Scenario(
        name="a mail host without address",
        world=World(records="example.com MX 10 mx.example.com"),
        codes=says("RECEIVING_NO_HOST"),
    ),
    Scenario(
        name="a domain that is its own mail host",
        world=World(records="example.com A 192.0.2.25", mail=(mail(name="example.com"),)),
        codes=says("RECEIVING_READY"),
    ),
    Scenario(
        name="truncated answers",
        world=World(records=ONE, mail=(mail(),), faults={".example.com": Fault.TRUNCATED}),
        codes=says("RECEIVING_READY"),
    ),
    Scenario(
        name="mail hosts that could not be told",
        world=World(records=ONE, faults={"example.com MX": Fault.SERVFAIL}),
        codes=says("CHECK_SKIPPED"),
    ),
    Scenario(
        name="an address that was never told",
        world=World(records=ONE, faults={"mx.example.com": Fault.SILENT}),
        codes=says("CHECK_SKIPPED"),
    ),
]


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inquiry, "PATIENCE", 0.6)
    for limit in ("CONNECT", "_GREETING", "_REPLY"):
        monkeypatch.setattr(smtp, limit, 0.8)


@pytest.mark.parametrize("scenario", SCENARIOS, ids=str)
async def test_the_check_states_exactly_what_the_world_holds(scenario: Scenario) -> None:
    await play(scenario, receiving.CHECK)


def test_every_code_is_raised_in_some_world_and_not_in_all() -> None:
    below = {"RECEIVING_OLD_TLS", "RECEIVING_CERTIFICATE_UNREADABLE"}  # no world has them ready-made
    assert untested(receiving.CHECK, SCENARIOS) == below


async def seen_at(host: MailHost) -> Seen:
    return await look(World(records=ONE, mail=(host,)), about("example.com"), receiving.CHECK)


async def test_a_host_with_nothing_newer_than_tls_1_1_is_told() -> None:
    name = "old.example.com"
    context = authority().context(name)
    context.set_ciphers("ALL:@SECLEVEL=0")
    context.minimum_version = ssl.TLSVersion.MINIMUM_SUPPORTED
    with pytest.warns(DeprecationWarning, match="TLSv1_1"):
        context.maximum_version = ssl.TLSVersion.TLSv1_1
    world = World(records=f"example.com MX 10 {name}\n{name} A 192.0.2.25", mail=(mail(name=name),))
    seen = await play(
        Scenario(name="old TLS", world=world, codes=says("RECEIVING_READY", "RECEIVING_OLD_TLS")), receiving.CHECK
    )
    assert seen.one("RECEIVING_OLD_TLS").version == "TLSv1.1"


async def test_a_certificate_that_is_no_certificate_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(certificates, "_MAX_CHAIN", 10)
    codes = says("RECEIVING_READY", "RECEIVING_CERTIFICATE_UNREADABLE")
    await play(Scenario(name="unreadable", world=World(records=ONE, mail=(mail(),)), codes=codes), receiving.CHECK)


async def test_the_facts_of_a_good_host_say_what_it_offers() -> None:
    seen = await seen_at(mail(size=20_000_000))
    (host,) = seen.facts.hosts
    assert host == receiving.ReceivingHost(
        name=HostName("mx.example.com"),
        address=IpAddress("192.0.2.25"),
        reachable=True,
        banner=ServerReply("220 mx.example.com ESMTP"),
        starttls=True,
        certificate=CertificateState.TRUSTED,
        size=20_000_000,
        open_relay=None,
    )


@pytest.mark.parametrize(
    ("host", "reachable", "starttls"),
    [
        (mail(starttls=StartTls.NONE), True, False),
        (mail(starttls=StartTls.RUBBISH), True, False),
        (mail(starttls=StartTls.SILENT), True, None),
        (mail(greeting="421 4.7.0 Too many connections"), True, None),
        (mail(fault=MailFault.CLOSED), False, None),
        (mail(fault=MailFault.HTTP), False, None),
        (mail(fault=MailFault.FILTERED), None, None),
        (mail(fault=MailFault.SILENT), None, None),
    ],
    ids=["no starttls", "rubbish", "silent tls", "limited", "closed", "http", "filtered", "silent"],
)
async def test_the_facts_keep_no_apart_from_not_told(
    host: MailHost, reachable: bool | None, starttls: bool | None
) -> None:
    (fact,) = (await seen_at(host)).facts.hosts
    assert (fact.reachable, fact.starttls) == (reachable, starttls)


@pytest.mark.parametrize(
    ("said", "size"), [("SIZE", None), ("SIZE 0", 0), ("SIZE big", None), ("SIZE " + "9" * 21, None)]
)
async def test_a_size_is_taken_only_from_a_number(said: str, size: int | None) -> None:
    (fact,) = (await seen_at(mail(size=None, extensions=(said,)))).facts.hosts
    assert fact.size == size


async def test_what_is_true_of_two_addresses_of_a_host_is_said_once() -> None:
    world = World(
        records=ONE + "mx.example.com A 192.0.2.27",
        mail=(mail(starttls=StartTls.NONE), mail("192.0.2.27", starttls=StartTls.NONE)),
    )
    seen = await look(world, about("example.com"), receiving.CHECK)
    finding = seen.one("RECEIVING_NO_STARTTLS")
    assert sorted(finding.addresses) == ["192.0.2.25", "192.0.2.27"]
    assert len(finding.evidence) == 2


async def test_two_hosts_at_one_address_are_visited_one_after_the_other_each_by_its_own_name() -> None:
    records = ONE + "example.com MX 20 mx2.example.com\nmx2.example.com A 192.0.2.25"
    seen = await look(World(records=records, mail=(mail(),)), about("example.com"), receiving.CHECK)
    assert len(seen.internet.smtp_log.at("192.0.2.25")) == 2
    assert seen.internet.smtp_log.most_at_once("192.0.2.25") == 1
    assert seen.one("RECEIVING_READY").hosts == ("mx.example.com", "mx2.example.com")
    assert {host.name: host.certificate for host in seen.facts.hosts} == {
        "mx.example.com": CertificateState.TRUSTED,
        "mx2.example.com": CertificateState.WRONG_NAME,
    }
    assert seen.one("RECEIVING_CERTIFICATE_WRONG_NAME").host == "mx2.example.com"


async def test_no_mail_is_ever_begun() -> None:
    seen = await seen_at(mail())
    (conversation,) = seen.internet.smtp_log.at("192.0.2.25")
    assert set(conversation.verbs) <= {"EHLO", "STARTTLS", "QUIT"}


async def test_a_server_that_is_too_slow_costs_nobody_else_their_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(smtp, "_GREETING", 30.0)
    world = World(records=TWO, mail=(mail(fault=MailFault.SILENT), GOOD_SECOND))
    seen = await look(world, about("example.com"), replace(receiving.CHECK, budget=1.5))
    assert seen.codes == {"RECEIVING_READY", "RECEIVING_UNKNOWN"}
    assert seen.one("RECEIVING_UNKNOWN").reason is Trouble.TIMEOUT


async def test_a_host_without_dns_holds_up_no_visit_to_another() -> None:
    world = World(records=TWO, mail=(GOOD_SECOND,), faults={"mx.example.com": Fault.SILENT})
    seen = await look(world, about("example.com"), receiving.CHECK)
    assert seen.codes == {"RECEIVING_READY"}
    (visit,) = (each for each in seen.evidence if each.kind == "smtp")
    (silent,) = (each for each in seen.evidence if each.question == "mx.example.com A")
    assert silent.ms is not None
    assert visit.started < silent.started + silent.ms / 1000


async def test_trouble_of_our_own_is_told_as_ours() -> None:
    seen = await look(World(records=INSIDE), about("example.com"), receiving.CHECK)
    assert seen.one("RECEIVING_UNKNOWN").reason is Trouble.GUARDED
    assert seen.verdict is Severity.UNKNOWN


# --- the four checks together ----------------------------------------------------------------------------------------

FOUR = (domain.CHECK, mx.CHECK, reverse.CHECK, receiving.CHECK)
NAMED = "192.0.2.25 PTR mx.example.com\n192.0.2.26 PTR mx2.example.com\n"
WORLDS = {
    "healthy": World(records=TWO + NAMED, mail=(mail(), GOOD_SECOND)),
    "shared address": World(
        records=ONE + "example.com MX 20 mx2.example.com\nmx2.example.com A 192.0.2.25", mail=(mail(),)
    ),
    "implicit": World(records="example.com A 192.0.2.25\n192.0.2.25 PTR example.com", mail=(mail(name="example.com"),)),
    "null": World(records="example.com MX 0 ."),
    "alias": World(
        records="example.com MX 1 m.example.com\nm.example.com CNAME mx.example.com\n" + ONE, mail=(mail(),)
    ),
    "gone": World(records="example.net A 192.0.2.1"),
    "truncated": World(records=TWO + NAMED, mail=(mail(), GOOD_SECOND), faults={".example.com": Fault.TRUNCATED}),
}


@pytest.mark.parametrize("name", WORLDS)
async def test_nothing_is_asked_twice_however_many_checks_want_it(name: str) -> None:
    seen = await look_all(WORLDS[name], about("example.com"), FOUR)
    any_of_them = seen["mx"]
    asked = Counter((each.kind, each.question) for each in any_of_them.evidence)
    assert asked.total() == len(asked)
    limit = 2 if name == "truncated" else 1  # once more over TCP
    assert max(Counter(any_of_them.queries).values()) <= limit


async def test_a_healthy_domain_with_two_mail_hosts_costs_twelve_questions_and_two_visits() -> None:
    seen = (await look_all(WORLDS["healthy"], about("example.com"), FOUR))["mx"]
    assert sorted(seen.queries) == sorted(
        [
            ("example.com", "SOA"),
            ("example.com", "NS"),
            ("example.com", "CNAME"),
            ("_mailcheck-no-such-name.example.com", "TXT"),
            ("org", "SOA"),
            ("example.com", "MX"),
            *((host, kind) for host in ("mx.example.com", "mx2.example.com") for kind in ("A", "AAAA")),
            ("25.2.0.192.in-addr.arpa", "PTR"),
            ("26.2.0.192.in-addr.arpa", "PTR"),
        ]
    )
    assert len(seen.internet.smtp_log.conversations) == 2


async def test_each_question_is_on_its_way_as_soon_as_its_name_is_known() -> None:
    seen = (await look_all(WORLDS["healthy"], about("example.com"), FOUR, delay=0.15))["mx"]
    started = {each.question: each.started for each in seen.evidence}
    ended = {each.question: each.started + (each.ms or 0.0) / 1000 for each in seen.evidence}
    assert started["example.com MX"] < ended["example.com SOA"]
    assert started["mx.example.com A"] < ended["example.com MX"] + 0.1
    assert started["25.2.0.192.in-addr.arpa PTR"] < ended["mx.example.com AAAA"] + 0.1
    assert started["mx.example.com 192.0.2.25:25"] < ended["25.2.0.192.in-addr.arpa PTR"]
