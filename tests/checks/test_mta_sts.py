"""The mta_sts check: record, policy, and the mail hosts as a sender under the policy sees them."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, tzinfo
from typing import Any

import pytest

from bot.run import Language
from bot.sandbox.certificates import Certificate
from bot.sandbox.dns import Fault
from bot.sandbox.https import Page, WebHost, sts_policy
from bot.sandbox.internet import World
from bot.sandbox.smtp import MailFault, MailHost, StartTls
from bot.wording import Wording
from checks import domain, mta_sts, mx, receiving, visits
from checks.check import Severity
from checks.network import https, inquiry, smtp
from checks.network.answers import Conversation, Stage, Trouble
from checks.records.mta_sts import Mode
from tests.checks.scenario import Scenario, about, look, look_all, play, says, untested

HOSTS = "example.com MX 10 mx.example.com\nmx.example.com A 192.0.2.25\n"
SECOND = "example.com MX 20 mx2.example.com\nmx2.example.com A 192.0.2.26\n"
RECORD = "_mta-sts.example.com TXT v=STSv1; id=20260101;\n"
WEB = "mta-sts.example.com A 192.0.2.80\n"
PATH = "/.well-known/mta-sts.txt"
URL = f"https://mta-sts.example.com{PATH}"
OFF_THE_NET = ("255.255.255.255", 25)


def text(mode: str = "enforce", patterns: tuple[str, ...] = ("mx.example.com",), max_age: str = "604800") -> str:
    lines = "".join(f"mx: {pattern}\n" for pattern in patterns)
    return f"version: STSv1\nmode: {mode}\n{lines}max_age: {max_age}\n"


def web(policy: str | None = None, **how: object) -> WebHost:
    pages = sts_policy(text() if policy is None else policy)
    return WebHost(**{"name": "mta-sts.example.com", "address": "192.0.2.80", "pages": pages, **how})  # type: ignore[arg-type] # checked by the dataclass


def page(**how: object) -> WebHost:
    return web(pages={PATH: Page(**{"body": text().encode(), **how})})  # type: ignore[arg-type] # as above


def mail(address: str = "192.0.2.25", name: str = "mx.example.com", **how: object) -> MailHost:
    return MailHost(name=name, address=address, **how)  # type: ignore[arg-type] # as above


GOOD = World(records=HOSTS + RECORD + WEB, web=(web(),), mail=(mail(),))


def record(name: str, lines: str, *codes: str, **how: object) -> Scenario:
    return Scenario(name=name, world=replace(GOOD, records=HOSTS + WEB + lines, **how), codes=says(*codes))  # type: ignore[arg-type] # as above


def server(name: str, host: WebHost, *codes: str) -> Scenario:
    return Scenario(name=name, world=replace(GOOD, web=(host,)), codes=says(*codes))


def policy(name: str, body: str, *codes: str) -> Scenario:
    return server(name, web(body), *codes)


def hosts(name: str, *codes: str, mode: str = "enforce", **how: Any) -> Scenario:  # noqa: ANN401 - fields of a host
    first = "MTA_STS_ENFORCED" if mode == "enforce" else "MTA_STS_TESTING"
    world = replace(GOOD, web=(web(text(mode)),), mail=(mail(**how),))
    return Scenario(name=f"{name}, {mode}", world=world, codes=says(first, *codes))


def two(name: str, *codes: str, patterns: tuple[str, ...] = ("*.example.com",), **how: Any) -> Scenario:  # noqa: ANN401 - fields of a host
    world = World(
        records=HOSTS + SECOND + RECORD + WEB,
        web=(web(text(patterns=patterns)),),
        mail=(mail(**how), mail("192.0.2.26", "mx2.example.com")),
    )
    return Scenario(name=name, world=world, codes=says("MTA_STS_ENFORCED", *codes))


SCENARIOS = [
    Scenario(name="a good policy", world=GOOD, codes=says("MTA_STS_ENFORCED")),
    Scenario(
        name="truncated answers",
        world=replace(GOOD, faults={".example.com": Fault.TRUNCATED}),
        codes=says("MTA_STS_ENFORCED"),
    ),
    Scenario(name="no record", world=World(records=HOSTS), codes=says("MTA_STS_ABSENT")),
    Scenario(
        name="a domain that takes no mail",
        world=replace(GOOD, records="example.com MX 0 .\n" + RECORD + WEB),
        codes=says("MTA_STS_ENFORCED"),
    ),
    record("a wildcard with other text", "*.example.com TXT v=spf1 -all", "MTA_STS_ABSENT"),
    record("a record beside other text", RECORD + "_mta-sts.example.com TXT hello", "MTA_STS_ENFORCED"),
    record("an extension", "_mta-sts.example.com TXT v=STSv1; id=1; x=y", "MTA_STS_ENFORCED"),
    record(
        "a record at another name, by CNAME",
        "_mta-sts.example.com CNAME sts.example.net\nsts.example.net TXT v=STSv1; id=1",
        "MTA_STS_ENFORCED",
    ),
    record("a record at the domain itself", "example.com TXT v=STSv1; id=1", "MTA_STS_MISPLACED"),
    record("a doubled name", "_mta-sts.example.com.example.com TXT v=STSv1; id=1", "MTA_STS_MISPLACED"),
    record("the wrong case", "_mta-sts.example.com TXT v=stsv1; id=1", "MTA_STS_NOT_RECOGNISED"),
    record("id first", "_mta-sts.example.com TXT id=1; v=STSv1;", "MTA_STS_NOT_RECOGNISED"),
    record("two records", RECORD + "_mta-sts.example.com TXT v=STSv1; id=2", "MTA_STS_MULTIPLE_RECORDS"),
    record("an alias of nothing", "_mta-sts.example.com CNAME gone.example.net", "MTA_STS_ALIAS_DANGLING"),
    record("no id", "_mta-sts.example.com TXT v=STSv1;", "MTA_STS_MISSING_ID"),
    record("an id with a hyphen", "_mta-sts.example.com TXT v=STSv1; id=2026-01-01", "MTA_STS_BAD_ID"),
    record("an id of 33 characters", f"_mta-sts.example.com TXT v=STSv1; id={'1' * 33}", "MTA_STS_BAD_ID"),
    record("an id of 32 characters", f"_mta-sts.example.com TXT v=STSv1; id={'1' * 32}", "MTA_STS_ENFORCED"),
    record("a stray word", "_mta-sts.example.com TXT v=STSv1; id=1; hello", "MTA_STS_BAD_TAG"),
    record("id twice", "_mta-sts.example.com TXT v=STSv1; id=1; id=2", "MTA_STS_DUPLICATE_TAG", "MTA_STS_ENFORCED"),
    record(
        "a record without end",
        f"_mta-sts.example.com TXT v=STSv1; id=1; x={'y' * 17_000}",
        "MTA_STS_UNKNOWN",
    ),
    *(
        record(f"the record: {fault.name.lower()}", RECORD, "MTA_STS_UNKNOWN", faults={"_mta-sts.example.com": fault})
        for fault in (Fault.SERVFAIL, Fault.SILENT, Fault.TRUNCATED_NO_TCP)
    ),
    Scenario(
        name="no address of the web server",
        world=replace(GOOD, records=HOSTS + RECORD),
        codes=says("MTA_STS_POLICY_NO_ADDRESS"),
    ),
    Scenario(
        name="an address that fails",
        world=replace(GOOD, faults={"mta-sts.example.com": Fault.SERVFAIL}),
        codes=says("MTA_STS_POLICY_UNKNOWN"),
    ),
    Scenario(
        name="a web server inside",
        world=replace(GOOD, records=HOSTS + RECORD + "mta-sts.example.com A 10.0.0.80"),
        codes=says("MTA_STS_POLICY_UNKNOWN"),
    ),
    Scenario(
        name="no web server",
        world=replace(GOOD, web=()),
        codes=says("MTA_STS_POLICY_CONNECTION_REFUSED"),
    ),
    Scenario(
        name="no TLS where HTTPS should be",
        world=replace(GOOD, web=(), mail=(mail(), mail("192.0.2.80", "mta-sts.example.com", port=443))),
        codes=says("MTA_STS_POLICY_TLS_FAILED"),
    ),
    *(
        server(f"the web server's certificate: {kind.name.lower()}", web(certificate=kind), code)
        for code in ("MTA_STS_POLICY_CERTIFICATE_INVALID",)
        for kind in Certificate
        if kind is not Certificate.GOOD
    ),
    server(
        "a redirect to a good policy",
        web(pages={PATH: Page(status=301, headers={"Location": f"{URL}2"}), f"{PATH}2": Page(body=text().encode())}),
        "MTA_STS_POLICY_REDIRECTED",
    ),
    server("no such file", web(pages={}), "MTA_STS_POLICY_NOT_FOUND"),
    server("a filter against robots", page(status=403), "MTA_STS_POLICY_WITHHELD"),
    server("too many requests", page(status=429), "MTA_STS_POLICY_WITHHELD"),
    server("a server in trouble", page(status=503), "MTA_STS_POLICY_WITHHELD"),
    server("HTML", page(content_type="text/html"), "MTA_STS_POLICY_CONTENT_TYPE", "MTA_STS_ENFORCED"),
    server("a media type with parameters", page(content_type="Text/Plain; charset=utf-8"), "MTA_STS_ENFORCED"),
    server("lines that end in LF", page(body=text().replace("\r", "").encode()), "MTA_STS_ENFORCED"),
    server("a policy without end", page(body=b"x" * 70_000), "MTA_STS_POLICY_TOO_BIG"),
    server("a policy that trickles", page(pause=0.4), "MTA_STS_POLICY_UNKNOWN"),
    policy("version 2", text().replace("STSv1", "STSv2"), "MTA_STS_POLICY_INVALID"),
    policy("no mode", text().replace("mode", "modus"), "MTA_STS_POLICY_INVALID", "MTA_STS_POLICY_UNTIDY"),
    policy("an unknown mode", text("strict"), "MTA_STS_POLICY_INVALID"),
    policy("no max_age", "version: STSv1\nmode: enforce\nmx: mx.example.com", "MTA_STS_POLICY_INVALID"),
    policy("max_age a second too long", text(max_age="31557601"), "MTA_STS_POLICY_INVALID"),
    policy("the longest max_age", text(max_age="31557600"), "MTA_STS_ENFORCED"),
    policy("no mx", text(patterns=()), "MTA_STS_POLICY_INVALID"),
    policy("mode none without mx", text("none", ()), "MTA_STS_NONE"),
    policy("a field twice", text() + "mode: testing", "MTA_STS_POLICY_UNTIDY", "MTA_STS_ENFORCED"),
    policy("an hour", text(max_age="3600"), "MTA_STS_ENFORCED", "MTA_STS_MAX_AGE_SHORT"),
    policy("a day", text(max_age="86400"), "MTA_STS_ENFORCED"),
    policy("an hour, testing", text("testing", max_age="3600"), "MTA_STS_TESTING"),
    policy("another mail host", text("none", ("mx.example.net",)), "MTA_STS_NONE"),
    policy(
        "another mail host, enforce",
        text(patterns=("mx.example.net",)),
        "MTA_STS_ENFORCED",
        "MTA_STS_MX_NOT_COVERED",
        "MTA_STS_BLOCKS_DELIVERY",
    ),
    policy(
        "another mail host, testing",
        text("testing", ("mx.example.net",)),
        "MTA_STS_TESTING",
        "MTA_STS_TESTING_MX_NOT_COVERED",
    ),
    policy("a wildcard", text(patterns=("*.example.com",)), "MTA_STS_ENFORCED"),
    policy(
        "a wildcard for one label less",
        text(patterns=("*.com",)),
        "MTA_STS_ENFORCED",
        "MTA_STS_MX_NOT_COVERED",
        "MTA_STS_BLOCKS_DELIVERY",
    ),
    hosts("no STARTTLS", "MTA_STS_MX_NO_TLS", "MTA_STS_BLOCKS_DELIVERY", starttls=StartTls.NONE),
    hosts("no STARTTLS", "MTA_STS_TESTING_MX_NO_TLS", mode="testing", starttls=StartTls.NONE),
    hosts("rubbish in place of TLS", "MTA_STS_MX_NO_TLS", "MTA_STS_BLOCKS_DELIVERY", starttls=StartTls.RUBBISH),
    hosts(
        "STARTTLS refused",
        "MTA_STS_MX_NO_TLS",
        "MTA_STS_BLOCKS_DELIVERY",
        replies={"STARTTLS": "454 4.7.0 TLS not available"},
    ),
    *(
        hosts(f"{kind.name.lower()}", *codes, mode=mode, certificate=kind)
        for kind in Certificate
        if kind is not Certificate.GOOD
        for mode, codes in (
            ("enforce", ("MTA_STS_MX_CERTIFICATE_INVALID", "MTA_STS_BLOCKS_DELIVERY")),
            ("testing", ("MTA_STS_TESTING_MX_CERTIFICATE_INVALID",)),
        )
    ),
    hosts("no way out", "MTA_STS_MX_UNKNOWN", fault=MailFault.FILTERED),
    hosts("a port that refuses", "MTA_STS_MX_UNKNOWN", fault=MailFault.CLOSED),
    hosts("too busy", "MTA_STS_MX_UNKNOWN", greeting="421 4.7.0 Too many connections"),
    hosts("an EHLO against us", "MTA_STS_MX_UNKNOWN", replies={"EHLO": "550 5.7.1 Go away"}),
    hosts("silence in place of TLS", "MTA_STS_MX_UNKNOWN", starttls=StartTls.SILENT),
    two("two good hosts"),
    two("one of two with a bad certificate", "MTA_STS_MX_CERTIFICATE_INVALID", certificate=Certificate.EXPIRED),
    two("one of two not covered", "MTA_STS_MX_NOT_COVERED", patterns=("mx2.example.com",)),
    two(
        "one not covered, the other with a bad certificate",
        "MTA_STS_MX_NOT_COVERED",
        "MTA_STS_MX_CERTIFICATE_INVALID",
        "MTA_STS_BLOCKS_DELIVERY",
        patterns=("mx.example.com",),
        certificate=Certificate.EXPIRED,
    ),
    two(
        "one not covered, the other not seen",
        "MTA_STS_MX_NOT_COVERED",
        "MTA_STS_MX_UNKNOWN",
        patterns=("mx.example.com",),
        fault=MailFault.FILTERED,
    ),
    Scenario(
        name="a leftover of a verification that the policy does not name",
        world=replace(GOOD, records=GOOD.records + "example.com MX 99 ms1.msv1.invalid"),
        codes=says("MTA_STS_ENFORCED"),
    ),
    Scenario(
        name="a bad certificate over IPv4, and no IPv6 here",
        world=replace(
            GOOD,
            records=GOOD.records + "mx.example.com AAAA 2001:db8::25",
            mail=(mail(certificate=Certificate.EXPIRED),),
        ),
        dial={("2001:db8::25", 25): OFF_THE_NET},
        codes=says("MTA_STS_ENFORCED", "MTA_STS_MX_CERTIFICATE_INVALID", "MTA_STS_BLOCKS_DELIVERY"),
    ),
    Scenario(
        name="a bad certificate at two addresses of three",
        world=replace(
            GOOD,
            records=GOOD.records + "mx.example.com A 192.0.2.27\nmx.example.com A 192.0.2.28",
            mail=tuple(mail(f"192.0.2.{n}", certificate=Certificate.EXPIRED) for n in (25, 27, 28)),
        ),
        codes=says("MTA_STS_ENFORCED", "MTA_STS_MX_CERTIFICATE_INVALID"),
    ),
    Scenario(
        name="a good certificate at one of two addresses",
        world=replace(
            GOOD,
            records=GOOD.records + "mx.example.com A 192.0.2.27",
            mail=(mail(), mail("192.0.2.27", certificate=Certificate.EXPIRED)),
        ),
        codes=says("MTA_STS_ENFORCED", "MTA_STS_MX_CERTIFICATE_INVALID"),
    ),
    Scenario(
        name="the address of the mail host fails",
        world=replace(GOOD, faults={"mx.example.com": Fault.SERVFAIL}),
        codes=says("MTA_STS_ENFORCED", "MTA_STS_MX_UNKNOWN"),
    ),
    Scenario(
        name="mail hosts that could not be told",
        world=replace(GOOD, faults={"example.com MX": Fault.SERVFAIL}),
        codes=says("MTA_STS_ENFORCED", "MTA_STS_HOSTS_UNKNOWN"),
    ),
    Scenario(
        name="mail hosts that could not be told, and a policy that is off",
        world=replace(GOOD, web=(web(text("none")),), faults={"example.com MX": Fault.SERVFAIL}),
        codes=says("MTA_STS_NONE"),
    ),
    Scenario(
        name="a domain that does not exist",
        world=World(records="example.net A 192.0.2.1"),
        codes=says("CHECK_SKIPPED"),
    ),
]


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inquiry, "PATIENCE", 0.6)
    monkeypatch.setattr(https, "_TOTAL", 1.0)
    for limit in ("CONNECT", "_GREETING", "_REPLY"):
        monkeypatch.setattr(smtp, limit, 0.8)


@pytest.mark.parametrize("scenario", SCENARIOS, ids=str)
async def test_the_check_states_exactly_what_the_world_holds(scenario: Scenario) -> None:
    await play(scenario, mta_sts.CHECK)


def test_every_code_is_raised_in_some_world_and_not_in_all() -> None:
    assert not untested(mta_sts.CHECK, SCENARIOS)


def test_a_domain_without_mta_sts_is_fine() -> None:
    assert mta_sts.MtaStsAbsent.severity is Severity.OK


async def test_a_policy_that_nobody_passes_is_a_problem_only_when_enforced() -> None:
    bad = (mail(certificate=Certificate.EXPIRED),)
    enforced = await look(replace(GOOD, mail=bad), about("example.com"), mta_sts.CHECK)
    tested = await look(replace(GOOD, mail=bad, web=(web(text("testing")),)), about("example.com"), mta_sts.CHECK)
    assert (enforced.verdict, tested.verdict) == (Severity.PROBLEM, Severity.NOTICE)
    assert not [finding for finding in tested.findings if finding.cause]


async def test_the_facts_are_what_senders_go_by() -> None:
    seen = await look(GOOD, about("example.com"), mta_sts.CHECK)
    assert seen.facts == mta_sts.MtaStsFacts(mode=Mode.ENFORCE, mx=("mx.example.com",), id="20260101")  # type: ignore[arg-type] # plain text


@pytest.mark.parametrize(
    ("world", "facts"),
    [
        (World(records=HOSTS), mta_sts.MtaStsFacts()),
        (replace(GOOD, web=(web(text("strict")),)), mta_sts.MtaStsFacts(id="20260101")),  # type: ignore[arg-type] # plain text
        (replace(GOOD, web=(page(status=404),)), mta_sts.MtaStsFacts(id="20260101")),  # type: ignore[arg-type] # plain text
        (replace(GOOD, web=(page(status=503),)), None),
        (replace(GOOD, faults={"_mta-sts.example.com": Fault.SERVFAIL}), None),
        (replace(GOOD, records=HOSTS + f"_mta-sts.example.com TXT v=STSv1; id=1; x={'y' * 17_000}"), None),
    ],
    ids=["absent", "invalid", "not found", "in trouble", "servfail", "too long"],
)
async def test_no_facts_are_kept_apart_from_no_policy(world: World, facts: mta_sts.MtaStsFacts | None) -> None:
    assert (await look(world, about("example.com"), mta_sts.CHECK)).facts == facts


async def test_nothing_is_fetched_where_there_is_no_record() -> None:
    seen = await look(World(records=HOSTS + WEB, web=(web(),), mail=(mail(),)), about("example.com"), mta_sts.CHECK)
    assert not seen.internet.web_log
    assert not seen.internet.smtp_log.conversations
    assert seen.codes == {"MTA_STS_ABSENT"}


async def test_a_redirect_is_not_followed() -> None:
    host = web(pages={PATH: Page(status=302, headers={"Location": "https://mta-sts.example.com/other"})})
    seen = await look(replace(GOOD, web=(host,)), about("example.com"), mta_sts.CHECK)
    assert [request.path for request in seen.internet.web_log] == [PATH]
    assert seen.one("MTA_STS_POLICY_REDIRECTED").location == "https://mta-sts.example.com/other"


async def test_a_policy_costs_four_questions_more_than_the_mail_hosts_and_no_further_visit() -> None:
    before = await look_all(GOOD, about("example.com"), (domain.CHECK, mx.CHECK, receiving.CHECK))
    after = await look_all(GOOD, about("example.com"), (domain.CHECK, mx.CHECK, receiving.CHECK, mta_sts.CHECK))
    more = Counter(after["mx"].queries) - Counter(before["mx"].queries)
    assert set(more) == {
        ("_mta-sts.example.com", "TXT"),
        ("mta-sts.example.com", "A"),
        ("mta-sts.example.com", "AAAA"),
    }
    assert max(Counter(after["mx"].queries).values()) == 1
    assert len(after["mx"].internet.smtp_log.conversations) == 1
    assert len(after["mx"].internet.web_log) == 1


async def test_the_address_of_the_web_server_is_asked_for_before_the_record_is_known() -> None:
    seen = (await look_all(GOOD, about("example.com"), [mta_sts.CHECK], delay=0.15))["mta_sts"]
    started = {each.question: each.started for each in seen.evidence}
    ended = {each.question: each.started + (each.ms or 0.0) / 1000 for each in seen.evidence}
    assert started["mta-sts.example.com A"] < ended["_mta-sts.example.com TXT"]
    assert started[URL] >= ended["_mta-sts.example.com TXT"] - 0.01
    assert started[URL] < ended["mx.example.com A"]


async def test_the_policy_to_paste_names_the_living_mail_hosts_line_by_line() -> None:
    world = replace(
        GOOD,
        records=HOSTS + SECOND + RECORD + WEB + "example.com MX 99 ms1.msv1.invalid",
        web=(web(text(patterns=("old.example.com",), max_age="86400")),),
        mail=(mail(), mail("192.0.2.26", "mx2.example.com")),
    )
    seen = await look(world, about("example.com"), mta_sts.CHECK)
    finding = seen.one("MTA_STS_MX_NOT_COVERED")
    for language in Language:
        pasted = Wording(language, strict=True).paste(finding)
        assert pasted is not None
        assert pasted.splitlines() == [
            "version: STSv1",
            "mode: enforce",
            "mx: mx.example.com",
            "mx: mx2.example.com",
            "max_age: 86400",
        ]


async def test_where_nobody_passes_the_policy_to_paste_only_tests() -> None:
    world = replace(GOOD, web=(web(text(max_age="86400")),), mail=(mail(certificate=Certificate.EXPIRED),))
    finding = (await look(world, about("example.com"), mta_sts.CHECK)).one("MTA_STS_BLOCKS_DELIVERY")
    for language in Language:
        lines = (Wording(language, strict=True).paste(finding) or "").splitlines()
        assert lines == ["version: STSv1", "mode: testing", "mx: mx.example.com", "max_age: 86400"]


@pytest.fixture
def _on_the_first_of_may(monkeypatch: pytest.MonkeyPatch) -> None:
    class Calendar(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> Calendar:
            assert tz is UTC
            return cls(2026, 5, 1, 23, 59, tzinfo=tz)

    monkeypatch.setattr(mta_sts, "datetime", Calendar)


@pytest.mark.usefixtures("_on_the_first_of_may")
@pytest.mark.parametrize(
    ("record", "code", "new_id"),
    [
        ("v=STSv1;", "MTA_STS_MISSING_ID", "20260501T000000"),
        ("v=STSv1; id=2026-05-01", "MTA_STS_BAD_ID", "20260501T000000"),
        ("v=STSv1; id=20260501T000000-1", "MTA_STS_BAD_ID", "20260501T000001"),
        ("v=stsv1; id=20260501T000000", "MTA_STS_NOT_RECOGNISED", "20260501T000001"),
        ("v=STSv1; id=20260501T000000", "MTA_STS_BLOCKS_DELIVERY", "20260501T000001"),
    ],
)
async def test_the_id_to_publish_is_the_date_and_never_the_one_there_is(record: str, code: str, new_id: str) -> None:
    records = HOSTS + WEB + f"_mta-sts.example.com TXT {record}\n"
    world = replace(GOOD, records=records, mail=(mail(certificate=Certificate.EXPIRED),))
    seen = await look(world, about("example.com"), mta_sts.CHECK)
    assert seen.one(code).new_id == new_id
    if code != "MTA_STS_BLOCKS_DELIVERY":
        pasted = Wording(Language.EN, strict=True).paste(seen.one(code))
        assert pasted == f'_mta-sts.example.com. IN TXT "v=STSv1; id={new_id}"'


async def test_a_policy_to_paste_has_a_place_for_mail_hosts_that_are_not_known() -> None:
    world = replace(GOOD, web=(web(text("strict")),), faults={"example.com MX": Fault.SERVFAIL})
    finding = (await look(world, about("example.com"), mta_sts.CHECK)).one("MTA_STS_POLICY_INVALID")
    for language in Language:
        lines = (Wording(language, strict=True).paste(finding) or "").splitlines()
        assert lines == ["version: STSv1", "mode: testing", "mx: mx.example.com", "max_age: 604800"]
        assert finding.policy == ()


async def test_each_flaw_of_a_policy_is_told_once() -> None:
    body = "version: STSv1\nmode: x\n" + "nonsense\n" * 500
    seen = await look(replace(GOOD, web=(web(body),)), about("example.com"), mta_sts.CHECK)
    flaws = [finding.flaw for finding in seen.findings if isinstance(finding, mta_sts.MtaStsPolicyInvalid)]
    assert sorted(flaws) == ["bad_line", "missing_max_age", "unknown_mode"]


SHARED = replace(
    GOOD,
    records=HOSTS + "example.com MX 20 mx2.example.com\nmx2.example.com A 192.0.2.25\n" + RECORD + WEB,
    web=(web(text(patterns=("*.example.com",))),),
)
"""Two hosts at one address, which shows the certificate of the first."""


async def test_two_hosts_at_one_address_are_judged_each_by_its_own_name() -> None:
    seen = await look(SHARED, about("example.com"), mta_sts.CHECK)
    assert {each.question.partition(" ")[0] for each in seen.evidence if each.kind == "smtp"} == {
        "mx.example.com",
        "mx2.example.com",
    }
    finding = seen.one("MTA_STS_MX_CERTIFICATE_INVALID")
    assert (finding.hosts, finding.flaw) == (("mx2.example.com",), "wrong_name")
    assert "MTA_STS_BLOCKS_DELIVERY" not in seen.codes


async def test_a_certificate_with_both_names_clears_two_hosts_at_one_address() -> None:
    world = replace(SHARED, mail=(mail(name="*.example.com"),))
    seen = await look(world, about("example.com"), mta_sts.CHECK)
    assert seen.codes == {"MTA_STS_ENFORCED"}
    assert seen.internet.smtp_log.most_at_once("192.0.2.25") == 1


async def test_hosts_that_were_not_visited_may_still_pass() -> None:
    for count, blocked in ((4, True), (5, False)):
        numbers = range(1, count + 1)
        lines = "".join(f"example.com MX {n} h{n}.example.com\nh{n}.example.com A 192.0.2.{n}\n" for n in numbers)
        world = replace(
            GOOD,
            records=lines + RECORD + WEB,
            web=(web(text(patterns=("*.example.com",))),),
            mail=tuple(mail(f"192.0.2.{n}", f"h{n}.example.com", starttls=StartTls.NONE) for n in numbers),
        )
        seen = await look(world, about("example.com"), mta_sts.CHECK)
        assert ("MTA_STS_BLOCKS_DELIVERY" in seen.codes) is blocked
        assert len(seen.internet.smtp_log.conversations) == mx.NEAREST_HOSTS


async def test_a_slow_mail_server_costs_the_policy_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(smtp, "_GREETING", 30.0)
    world = replace(GOOD, mail=(mail(fault=MailFault.SILENT),))
    seen = await look(world, about("example.com"), replace(mta_sts.CHECK, budget=1.5))
    assert seen.codes == {"MTA_STS_ENFORCED", "MTA_STS_MX_UNKNOWN"}
    assert seen.one("MTA_STS_MX_UNKNOWN").reason is Trouble.TIMEOUT


def test_a_conversation_that_ended_by_a_reply_to_us_says_nothing_of_encryption() -> None:
    talk = Conversation(host="mx.example.com", address="192.0.2.25", port=25, stage=Stage.GREETING)
    assert visits.encrypts(talk) is None
    assert visits.encrypts(replace(talk, trouble=Trouble.TIMEOUT)) is None
    assert visits.encrypts(replace(talk, trouble=Trouble.TLS_FAILED)) is False
