"""The dane check: TLSA records against what the mail hosts show, as far as DNSSEC vouches for them."""

from __future__ import annotations

import hashlib
import ssl
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
import trustme
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from bot.run import Language
from bot.sandbox import certificates
from bot.sandbox.certificates import Certificate
from bot.sandbox.dns import Fault
from bot.sandbox.internet import World
from bot.sandbox.smtp import MailFault, MailHost, StartTls
from bot.wording import Wording
from checks import dane, domain, mx, receiving
from checks.check import Severity
from checks.network import inquiry, smtp
from checks.network.answers import Trouble
from tests.checks.scenario import Scenario, Seen, about, authority, look, look_all, play, says, untested

HOST, SECOND = "mx.example.com", "mx2.example.com"
MX = f"example.com MX 10 {HOST}\n{HOST} A 192.0.2.25\n"
MX2 = f"example.com MX 20 {SECOND}\n{SECOND} A 192.0.2.26\n"
SIGNED = frozenset({"example.com"})
VALIDATING = frozenset({"org"})
"""The probe of ``domain`` is answered with the AD bit; nothing else is."""
WRONG = "3 1 1 " + "ab" * 32
BAD = "3 2 1 " + "ab" * 32
OFF_THE_NET = ("255.255.255.255", 25)
FAILING = ("DANE_MISMATCH", "DANE_BLOCKS_DELIVERY")


def good(host: str = HOST, kind: Certificate = Certificate.GOOD) -> str:
    return authority().tlsa(host, kind)


def tlsa(*records: str, host: str = HOST) -> str:
    return "".join(f"_25._tcp.{host} TLSA {record}\n" for record in records)


def mail(address: str = "192.0.2.25", name: str = HOST, **how: object) -> MailHost:
    return MailHost(name=name, address=address, **how)  # type: ignore[arg-type] # checked by the dataclass


def world(records: str, **how: object) -> World:
    """One mail host in a signed zone."""
    return World(**{"records": MX + records, "secure": SIGNED, "mail": (mail(),), **how})  # type: ignore[arg-type] # as above


def one(name: str, records: str, *codes: str, **how: object) -> Scenario:
    return Scenario(name=name, world=world(records, **how), codes=says(*codes))


def two_hosts(records: str, **first: object) -> World:
    """Two mail hosts in a signed zone."""
    mails = (mail(**first), mail("192.0.2.26", SECOND))  # type: ignore[arg-type] # as above
    return World(records=MX + MX2 + records, secure=SIGNED, mail=mails)


def two(name: str, records: str, *codes: str, **first: object) -> Scenario:
    return Scenario(name=name, world=two_hosts(records, **first), codes=says(*codes))


def unsigned_domain(name: str, record: str, *codes: str) -> Scenario:
    """A mail domain that is not signed, with a mail host that is."""
    records = f"example.net MX 10 {HOST}\n{HOST} A 192.0.2.25\n" + tlsa(record)
    there = World(records=records, secure=SIGNED, mail=(mail(),))
    return Scenario(name=name, world=there, case=about("example.net"), codes=says(*codes))


def issued(name: str, by: trustme.CA, *names: str, days: int) -> str:
    """Give a server of that name a certificate of an authority it sends along; the record of that authority."""
    now = datetime.now(UTC)
    leaf = by.issue_cert(*(names or (name,)), not_before=now - timedelta(days=9), not_after=now + timedelta(days=days))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    leaf.configure_cert(context)  # pyright: ignore[reportUnknownMemberType] # its type names pyOpenSSL, not installed
    der = ssl.PEM_cert_to_DER_cert(leaf.cert_chain_pems[0].bytes().decode())
    authority()._leaves[name, Certificate.GOOD] = certificates._Leaf(context, der)  # pyright: ignore[reportPrivateUsage] # a kind of certificate the sandbox does not have
    return of_authority(by)


def of_authority(authority: trustme.CA) -> str:
    whole = x509.load_pem_x509_certificate(authority.cert_pem.bytes()).public_bytes(Encoding.DER)
    return f"2 0 1 {hashlib.sha256(whole).hexdigest()}"


def by_authority(title: str, name: str, *codes: str, names: tuple[str, ...] = (), days: int = 9) -> Scenario:
    record = issued(name, trustme.CA().create_child_ca(), *names, days=days)
    records = f"example.com MX 10 {name}\n{name} A 192.0.2.25\n" + tlsa(record, host=name)
    return Scenario(
        name=title, world=World(records=records, secure=SIGNED, mail=(mail(name=name),)), codes=says(*codes)
    )


SCENARIOS = [
    one("no TLSA record", "", "DANE_ABSENT"),
    one("no TLSA record and nothing signed", "", "DANE_ABSENT", secure=frozenset[str]()),
    Scenario(
        name="a domain that takes no mail",
        world=World(records="example.com MX 0 .\n" + tlsa(WRONG), secure=SIGNED),
        codes=says("DANE_ABSENT"),
    ),
    Scenario(
        name="an address in place of a mail host",
        world=World(records="example.com MX 10 192.0.2.25", secure=SIGNED),
        codes=says("DANE_ABSENT"),
    ),
    Scenario(
        name="a wrong record for a host without address",
        world=World(records=f"example.com MX 10 {HOST}\n" + MX2 + tlsa(WRONG), secure=SIGNED),
        codes=says("DANE_ABSENT"),
    ),
    one("a record that matches", tlsa(good()), "DANE_FOUND"),
    one("truncated answers", tlsa(good()), "DANE_FOUND", faults={".example.com": Fault.TRUNCATED}),
    one("the old record beside the new", tlsa(WRONG, good()), "DANE_FOUND"),
    one("only the old record", tlsa(WRONG), *FAILING),
    *(
        one(f"usage 3, {kind.name.lower()}", tlsa(good(kind=kind)), "DANE_FOUND", mail=(mail(certificate=kind),))
        for kind in Certificate
    ),
    one("the key of another certificate", tlsa(good(kind=Certificate.EXPIRED)), *FAILING),
    by_authority("usage 2", "ta.example.com", "DANE_FOUND"),
    by_authority("usage 2 and the name of the mail domain", "ta2.example.com", "DANE_FOUND", names=("example.com",)),
    by_authority("usage 2 and a wildcard", "ta3.example.com", "DANE_FOUND", names=("*.example.com",)),
    by_authority(
        "usage 2 and another name",
        "ta4.example.com",
        "DANE_TA_CERTIFICATE_INVALID",
        "DANE_BLOCKS_DELIVERY",
        names=("mx.example.net",),
    ),
    by_authority(
        "usage 2 and a certificate that has expired",
        "ta5.example.com",
        "DANE_TA_CERTIFICATE_INVALID",
        "DANE_BLOCKS_DELIVERY",
        days=-2,
    ),
    one("usage 2 of an authority that is not sent along", tlsa(of_authority(authority()._trusted)), *FAILING),  # pyright: ignore[reportPrivateUsage] # the record of it is no other's affair
    one("usage 1", tlsa("1" + good()[1:]), "DANE_USAGE_NOT_FOR_SMTP", "DANE_NONE_USABLE"),
    one("usage 1 beside usage 3", tlsa("1" + good()[1:], good()), "DANE_USAGE_NOT_FOR_SMTP", "DANE_FOUND"),
    one("usage 4", tlsa("4 1 1 " + "ab" * 32, good()), "DANE_RECORD_INVALID", "DANE_FOUND"),
    one("selector 2", tlsa("3 2 1 " + "ab" * 32, good()), "DANE_RECORD_INVALID", "DANE_FOUND"),
    one("matching type 3", tlsa("3 1 3 " + "ab" * 32), "DANE_RECORD_INVALID", "DANE_NONE_USABLE"),
    one("a hash that is too short", tlsa("3 1 1 abab", good()), "DANE_RECORD_INVALID", "DANE_FOUND"),
    one("a hash that is too long", tlsa("3 1 1 " + "ab" * 33), "DANE_RECORD_INVALID", "DANE_NONE_USABLE"),
    one(
        "a short hash and a right one that is wrong", tlsa("3 1 2 " + "ab" * 32, WRONG), "DANE_RECORD_INVALID", *FAILING
    ),
    one("no certificate for type 0", tlsa("3 0 0 abab", good()), "DANE_RECORD_INVALID", "DANE_FOUND"),
    one("an invalid record and one that does not match", tlsa(BAD, WRONG), "DANE_RECORD_INVALID", *FAILING),
    *(
        one(f"TLS fails: {name}", tlsa(good()), "DANE_NO_TLS", "DANE_BLOCKS_DELIVERY", mail=(host,))
        for name, host in (
            ("not offered", mail(starttls=StartTls.NONE)),
            ("refused", mail(replies={"STARTTLS": "454 4.7.0 TLS not available"})),
            ("rubbish", mail(starttls=StartTls.RUBBISH)),
        )
    ),
    one(
        "no STARTTLS, and no usable record",
        tlsa("1" + good()[1:]),
        "DANE_USAGE_NOT_FOR_SMTP",
        "DANE_NONE_USABLE",
        "DANE_NO_TLS",
        "DANE_BLOCKS_DELIVERY",
        mail=(mail(starttls=StartTls.NONE),),
    ),
    one("no STARTTLS and no TLSA record", "", "DANE_ABSENT", mail=(mail(starttls=StartTls.NONE),)),
    one("no way out", tlsa(good()), "DANE_MX_UNKNOWN", mail=(mail(fault=MailFault.FILTERED),)),
    one("too busy", tlsa(WRONG), "DANE_MX_UNKNOWN", mail=(mail(greeting="421 4.7.0 Too many connections"),)),
    two("two that match", tlsa(good()) + tlsa(good(SECOND), host=SECOND), "DANE_FOUND"),
    two("one of two has records", tlsa(good()), "DANE_FOUND", "DANE_PARTIAL"),
    two("one of two matches", tlsa(WRONG) + tlsa(good(SECOND), host=SECOND), "DANE_FOUND", "DANE_MISMATCH"),
    two("the first does not match, the second has no records", tlsa(WRONG), "DANE_MISMATCH", "DANE_PARTIAL"),
    two("none of two matches", tlsa(WRONG) + tlsa(WRONG, host=SECOND), *FAILING),
    two(
        "one does not match, the other was not seen",
        tlsa(good()) + tlsa(WRONG, host=SECOND),
        "DANE_MISMATCH",
        "DANE_MX_UNKNOWN",
        fault=MailFault.FILTERED,
    ),
    one("the zone of the host is not signed", tlsa(good()), "DANE_HOST_UNSIGNED", secure=VALIDATING),
    one("a wrong record where nothing is signed", tlsa(WRONG), "DANE_HOST_UNSIGNED", secure=VALIDATING),
    one("a resolver that does not validate", tlsa(good()), "DANE_NOT_VALIDATED", secure=frozenset[str]()),
    one("a wrong record, and such a resolver", tlsa(WRONG), "DANE_NOT_VALIDATED", secure=frozenset[str]()),
    unsigned_domain("a mail domain that is not signed", good(), "DANE_FOUND", "DANE_MAIL_DOMAIN_UNSIGNED"),
    unsigned_domain("such a domain and a wrong record", WRONG, "DANE_MISMATCH", "DANE_MAIL_DOMAIN_UNSIGNED"),
    one(
        "an address that is not signed",
        tlsa(WRONG),
        "DANE_HOST_UNSIGNED",
        secure=frozenset({"_tcp.mx.example.com", "org"}),
    ),
    one(
        "a record by CNAME from a zone that is not signed",
        f"_25._tcp.{HOST} CNAME tlsa.example.net\ntlsa.example.net TLSA {WRONG}",
        "DANE_HOST_UNSIGNED",
    ),
    one(
        "signatures of the record that do not hold",
        tlsa(good()),
        "DANE_BOGUS",
        "DANE_BLOCKS_DELIVERY",
        bogus=frozenset({f"_25._tcp.{HOST}"}),
    ),
    one(
        "such signatures, and an address that is not signed",
        tlsa(good()),
        "DANE_ABSENT",
        secure=VALIDATING,
        bogus=frozenset({f"_25._tcp.{HOST}"}),
    ),
    *(
        one(f"the record: {fault.name.lower()}", tlsa(good()), "DANE_UNKNOWN", faults={f"_25._tcp.{HOST}": fault})
        for fault in (Fault.SERVFAIL, Fault.SILENT, Fault.TRUNCATED_NO_TCP)
    ),
    one(
        "a failing question where nothing is signed",
        "",
        "DANE_ABSENT",
        faults={f"_25._tcp.{HOST}": Fault.SERVFAIL},
        secure=VALIDATING,
    ),
    one(
        "a failing question and a resolver that does not validate",
        "",
        "DANE_UNKNOWN",
        faults={f"_25._tcp.{HOST}": Fault.SERVFAIL},
        secure=frozenset[str](),
    ),
    Scenario(
        name="an alias whose target has the records",
        world=World(
            records=f"example.com MX 10 alias.example.com\nalias.example.com CNAME {HOST}\n{HOST} A 192.0.2.25\n"
            + tlsa(good("alias.example.com")),
            secure=SIGNED,
            mail=(mail(name="alias.example.com"),),
        ),
        codes=says("DANE_FOUND"),
    ),
    Scenario(
        name="a wrong record, an address over IPv6, and no IPv6 here",
        world=world(f"{HOST} AAAA 2001:db8::25\n" + tlsa(WRONG)),
        dial={("2001:db8::25", 25): OFF_THE_NET},
        codes=says(*FAILING),
    ),
    one(
        "a wrong record at three addresses, two of them seen",
        f"{HOST} A 192.0.2.27\n{HOST} A 192.0.2.28\n" + tlsa(WRONG),
        "DANE_MISMATCH",
        mail=(mail(), mail("192.0.2.27"), mail("192.0.2.28")),
    ),
    one(
        "another key at one of two addresses",
        f"{HOST} A 192.0.2.27\n" + tlsa(good()),
        "DANE_FOUND",
        "DANE_MISMATCH",
        mail=(mail(), mail("192.0.2.27", certificate=Certificate.SELF_SIGNED)),
    ),
    one("mail hosts that could not be told", "", "CHECK_SKIPPED", faults={"example.com MX": Fault.SERVFAIL}),
    Scenario(
        name="a domain that does not exist",
        world=World(records="example.net A 192.0.2.1"),
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
    await play(scenario, dane.CHECK)


def test_every_code_is_raised_in_some_world_and_not_in_all() -> None:
    assert not untested(dane.CHECK, SCENARIOS)


def test_a_domain_without_tlsa_records_is_fine() -> None:
    assert dane.DaneAbsent.severity is Severity.OK


async def seen_in(there: World) -> Seen:
    return await look(there, about("example.com"), dane.CHECK)


async def test_the_facts_say_for_each_host_what_is_published_and_whether_it_matches() -> None:
    seen = await seen_in(two_hosts(tlsa(good())))
    assert [(host.name, host.tlsa, host.matches) for host in seen.facts.hosts] == [
        (HOST, (good(),), True),
        (SECOND, (), None),
    ]


@pytest.mark.parametrize(
    ("records", "how", "matches"),
    [
        (tlsa(WRONG), {}, False),
        (tlsa(WRONG, good()), {}, True),
        (tlsa(BAD), {}, None),
        (tlsa(good()), {"mail": (mail(fault=MailFault.FILTERED),)}, None),
        (tlsa(good()), {"mail": (mail(starttls=StartTls.NONE),)}, None),
        (tlsa(good()), {"secure": frozenset[str]()}, True),
    ],
    ids=["wrong", "old and new", "unusable", "not seen", "no starttls", "not validated"],
)
async def test_the_facts_keep_a_mismatch_apart_from_nothing_to_compare(
    records: str, how: dict[str, object], matches: bool | None
) -> None:
    (host,) = (await seen_in(world(records, **how))).facts.hosts
    assert host.matches is matches


async def test_records_that_could_not_be_told_are_none_in_the_facts() -> None:
    (host,) = (await seen_in(world("", faults={f"_25._tcp.{HOST}": Fault.SERVFAIL}))).facts.hosts
    assert host.tlsa is None


async def test_the_record_to_paste_is_the_one_that_matches() -> None:
    finding = (await seen_in(world(tlsa(WRONG)))).one("DANE_MISMATCH")
    assert finding.current == good()
    for language in Language:
        assert Wording(language, strict=True).paste(finding) == f"_25._tcp.{HOST}. IN TLSA {good()}"


@pytest.mark.parametrize(("name", "flaw"), [("ta4.example.com", "wrong_name"), ("ta5.example.com", "expired")])
async def test_what_is_wrong_with_a_certificate_under_usage_2_is_told(name: str, flaw: str) -> None:
    scenario = next(each for each in SCENARIOS if name in each.world.records)
    assert (await seen_in(scenario.world)).one("DANE_TA_CERTIFICATE_INVALID").flaw == flaw


async def test_a_hash_of_the_wrong_length_is_told_by_its_record() -> None:
    seen = await seen_in(world(tlsa("3 1 1 abab", good())))
    assert (seen.one("DANE_RECORD_INVALID").flaw, seen.one("DANE_RECORD_INVALID").record) == (
        "wrong_length",
        "3 1 1 abab",
    )
    (evidence,) = (each for each in seen.evidence if each.question.endswith(" TLSA"))
    assert any(line.endswith("3 1 1 abab") for line in evidence.answer)


async def test_a_record_that_two_hosts_share_is_blamed_once() -> None:
    records = tlsa(BAD, good()) + tlsa(BAD, good(SECOND), host=SECOND)
    seen = await seen_in(two_hosts(records))
    assert seen.one("DANE_RECORD_INVALID").hosts == (HOST, SECOND)


async def test_two_hosts_at_one_address_are_judged_each_by_its_own_name() -> None:
    shared = f"example.com MX 20 {SECOND}\n{SECOND} A 192.0.2.25\n"
    seen = await seen_in(world(shared + tlsa(WRONG) + tlsa(WRONG, host=SECOND)))
    assert {each.question.partition(" ")[0] for each in seen.evidence if each.kind == "smtp"} == {HOST, SECOND}
    assert {finding.host for finding in seen.findings if isinstance(finding, dane.DaneMismatch)} == {HOST, SECOND}
    assert "DANE_BLOCKS_DELIVERY" in seen.codes


async def test_dane_costs_one_question_for_each_mail_host_and_no_further_visit() -> None:
    there = two_hosts(tlsa(good()) + tlsa(good(SECOND), host=SECOND))
    first = (domain.CHECK, mx.CHECK, receiving.CHECK)
    before = (await look_all(there, about("example.com"), first))["mx"]
    after = (await look_all(there, about("example.com"), (*first, dane.CHECK)))["mx"]
    more = Counter(after.queries) - Counter(before.queries)
    assert set(more) == {(f"_25._tcp.{host}", "TLSA") for host in (HOST, SECOND)}
    assert max(Counter(after.queries).values()) == 1
    assert len(after.internet.smtp_log.conversations) == 2


async def test_hosts_without_records_are_not_visited_for_dane() -> None:
    assert not (await seen_in(world(""))).internet.smtp_log.conversations


def many(hosts: int) -> str:
    names = [(n, f"h{n}.example.com") for n in range(1, hosts + 1)]
    return "".join(f"example.com MX {n} {name}\n{name} A 192.0.2.{n}\n" + tlsa(WRONG, host=name) for n, name in names)


async def test_at_most_four_hosts_are_asked_about() -> None:
    seen = await seen_in(World(records=many(7), secure=SIGNED))
    assert sum(kind == "TLSA" for _, kind in seen.queries) == mx.NEAREST_HOSTS


async def test_hosts_that_were_not_looked_at_may_still_pass() -> None:
    mails = tuple(mail(f"192.0.2.{n}", f"h{n}.example.com") for n in range(1, 6))
    assert (await seen_in(World(records=many(5), secure=SIGNED, mail=mails))).codes == {"DANE_MISMATCH"}
    assert "DANE_BLOCKS_DELIVERY" in (await seen_in(World(records=many(4), secure=SIGNED, mail=mails))).codes


async def test_the_records_are_asked_for_as_soon_as_the_host_is_known() -> None:
    seen = (await look_all(world(tlsa(good())), about("example.com"), [dane.CHECK], delay=0.15))["dane"]
    started = {each.question: each.started for each in seen.evidence}
    ended = {each.question: each.started + (each.ms or 0.0) / 1000 for each in seen.evidence}
    assert started[f"_25._tcp.{HOST} TLSA"] < ended["example.com MX"] + 0.1


async def test_a_slow_mail_server_costs_the_others_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(smtp, "_GREETING", 30.0)
    there = two_hosts(tlsa(good()) + tlsa(good(SECOND), host=SECOND), fault=MailFault.SILENT)
    seen = await look(there, about("example.com"), replace(dane.CHECK, budget=1.5))
    assert seen.codes == {"DANE_FOUND", "DANE_MX_UNKNOWN"}
    assert seen.one("DANE_MX_UNKNOWN").reason is Trouble.TIMEOUT


async def test_a_chain_that_cannot_be_read_is_not_a_mismatch(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("checks.network.certificates._MAX_CHAIN", 10)
    assert (await seen_in(world(tlsa(WRONG)))).codes == {"DANE_MX_UNKNOWN"}


async def test_a_mismatch_is_a_problem_only_where_no_other_host_passes() -> None:
    some = two_hosts(tlsa(WRONG) + tlsa(good(SECOND), host=SECOND))
    none = replace(some, records=MX + MX2 + tlsa(WRONG) + tlsa(WRONG, host=SECOND))
    assert (await seen_in(some)).verdict is Severity.WARNING
    assert (await seen_in(none)).verdict is Severity.PROBLEM
