"""The tls_rpt check: the record, and where its reports go."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest

from bot.sandbox.dns import Fault
from bot.sandbox.https import WebHost, sts_policy
from bot.sandbox.internet import World
from bot.sandbox.smtp import MailHost
from checks import tls_rpt
from checks.check import Severity
from checks.network import inquiry
from tests.checks.scenario import Scenario, about, look, play, says, untested

HOSTS = "example.com MX 10 mx.example.com\nmx.example.com A 192.0.2.25\n"
NAME = "_smtp._tls.example.com"
RECORD = f"{NAME} TXT v=TLSRPTv1; rua=mailto:tls@example.com\n"
STS = "_mta-sts.example.com TXT v=STSv1; id=1\nmta-sts.example.com A 192.0.2.80\n"
ELSEWHERE = f"{NAME} TXT v=TLSRPTv1; rua=mailto:tls@example.net\n"
MANY = ",".join(f"mailto:tls@r{n}.example.net" for n in range(7))


def under(mode: str, records: str = RECORD) -> World:
    """A world with MTA-STS in some mode."""
    policy = f"version: STSv1\nmode: {mode}\nmx: mx.example.com\nmax_age: 604800"
    return World(
        records=HOSTS + STS + records,
        web=(WebHost(name="mta-sts.example.com", address="192.0.2.80", pages=sts_policy(policy)),),
        mail=(MailHost(name="mx.example.com", address="192.0.2.25"),),
    )


def scenario(name: str, world: World, *codes: str) -> Scenario:
    return Scenario(name=name, world=world, codes=says(*codes))


def record(name: str, text: str, *codes: str) -> Scenario:
    """A record beside a policy that is in force."""
    return scenario(name, under("enforce", f"{NAME} TXT {text}"), *codes)


def reports(name: str, records: str, *codes: str, **how: object) -> Scenario:
    """A record whose reports go to another domain."""
    world = replace(under("enforce", ELSEWHERE + records), **how)  # type: ignore[arg-type] # checked by the dataclass
    return scenario(name, world, "TLS_RPT_FOUND", *codes)


SCENARIOS = [
    scenario("a record beside a policy", under("enforce"), "TLS_RPT_FOUND"),
    scenario(
        "truncated answers",
        replace(under("enforce"), faults={".example.com": Fault.TRUNCATED}),
        "TLS_RPT_FOUND",
    ),
    scenario("no record and no policy", World(records=HOSTS), "TLS_RPT_ABSENT"),
    scenario("no record and a policy that is off", under("none", ""), "TLS_RPT_ABSENT"),
    scenario("no record and a policy in force", under("enforce", ""), "TLS_RPT_BLIND"),
    scenario("no record and a policy being tested", under("testing", ""), "TLS_RPT_BLIND"),
    scenario(
        "no record and a policy that could not be told",
        World(records=HOSTS, faults={"_mta-sts.example.com": Fault.SERVFAIL}),
        "TLS_RPT_ABSENT",
    ),
    scenario("a record without a policy", World(records=HOSTS + RECORD), "TLS_RPT_FOUND", "TLS_RPT_WITHOUT_MTA_STS"),
    scenario(
        "a record, and a policy that could not be told",
        World(records=HOSTS + RECORD, faults={"_mta-sts.example.com": Fault.SERVFAIL}),
        "TLS_RPT_FOUND",
    ),
    scenario(
        "a record at the domain itself",
        World(records=HOSTS + "example.com TXT v=TLSRPTv1; rua=mailto:tls@example.com"),
        "TLS_RPT_MISPLACED",
    ),
    scenario(
        "two records",
        World(records=HOSTS + RECORD + f"{NAME} TXT v=TLSRPTv1; rua=mailto:other@example.com"),
        "TLS_RPT_MULTIPLE_RECORDS",
    ),
    scenario("a record beside other text", under("enforce", RECORD + f"{NAME} TXT hello"), "TLS_RPT_FOUND"),
    scenario("an alias of nothing", World(records=HOSTS + f"{NAME} CNAME gone.example.net"), "TLS_RPT_ALIAS_DANGLING"),
    record("rua first", "rua=mailto:tls@example.com; v=TLSRPTv1", "TLS_RPT_NOT_RECOGNISED", "TLS_RPT_BLIND"),
    record("the wrong case", "v=tlsrptv1; rua=mailto:tls@example.com", "TLS_RPT_NOT_RECOGNISED", "TLS_RPT_BLIND"),
    record("no rua", "v=TLSRPTv1;", "TLS_RPT_MISSING_RUA", "TLS_RPT_BLIND"),
    record("an address without mailto", "v=TLSRPTv1; rua=tls@example.com", "TLS_RPT_NO_VALID_RUA", "TLS_RPT_BLIND"),
    record("nothing but ftp", "v=TLSRPTv1; rua=ftp://example.com/", "TLS_RPT_NO_VALID_RUA", "TLS_RPT_BLIND"),
    record("a web address", "v=TLSRPTv1; rua=https://example.net/report", "TLS_RPT_FOUND"),
    record(
        "a good address beside one without mailto",
        "v=TLSRPTv1; rua=mailto:tls@example.com,tls@example.com",
        "TLS_RPT_FOUND",
        "TLS_RPT_ADDRESS_INVALID",
    ),
    record(
        "a good address beside http",
        "v=TLSRPTv1; rua=mailto:tls@example.com,http://example.com/",
        "TLS_RPT_FOUND",
        "TLS_RPT_SCHEME",
    ),
    record(
        "a domain that is none",
        "v=TLSRPTv1; rua=mailto:tls@localhost",
        "TLS_RPT_FOUND",
        "TLS_RPT_ADDRESS_INVALID",
    ),
    record(
        "a semicolon in the list",
        "v=TLSRPTv1; rua=mailto:tls@example.com; mailto:other@example.com",
        "TLS_RPT_SEMICOLON_IN_LIST",
        "TLS_RPT_BLIND",
    ),
    record("a stray word", "v=TLSRPTv1; rua=mailto:tls@example.com; x", "TLS_RPT_BAD_TAG", "TLS_RPT_BLIND"),
    record(
        "rua twice",
        "v=TLSRPTv1; rua=mailto:tls@example.com; rua=mailto:other@example.com",
        "TLS_RPT_FOUND",
        "TLS_RPT_DUPLICATE_TAG",
    ),
    record(
        "an unknown field",
        "v=TLSRPTv1; rua=mailto:tls@example.com; ruf=mailto:tls@example.com",
        "TLS_RPT_FOUND",
        "TLS_RPT_UNKNOWN_TAG",
    ),
    record(
        "too many domains",
        f"v=TLSRPTv1; rua={MANY}",
        *("TLS_RPT_FOUND", "TLS_RPT_REPORTS_NOT_ALL_CHECKED"),
        "TLS_RPT_REPORT_UNDELIVERABLE",
    ),
    reports("reports to a domain with mail hosts", "example.net MX 10 mx.example.net"),
    reports("reports to a domain with an address", "example.net A 192.0.2.99"),
    reports("reports to a domain with nothing", "example.net TXT x", "TLS_RPT_REPORT_UNDELIVERABLE"),
    reports("reports to a domain that does not exist", "", "TLS_RPT_REPORT_UNDELIVERABLE"),
    reports("reports to a domain that takes no mail", "example.net MX 0 .", "TLS_RPT_REPORT_UNDELIVERABLE"),
    *(
        reports(
            f"reports to a domain whose mail hosts could not be told: {fault.name.lower()}",
            "example.net MX 10 mx.example.net",
            "TLS_RPT_REPORT_UNKNOWN",
            faults={"example.net MX": fault},
        )
        for fault in (Fault.SERVFAIL, Fault.SILENT, Fault.TRUNCATED_NO_TCP)
    ),
    reports(
        "reports to a domain of which one address could not be told",
        "example.net A 192.0.2.99",
        faults={"example.net AAAA": Fault.SERVFAIL},
    ),
    reports(
        "reports to a domain whose address could not be told",
        "example.net TXT x",
        "TLS_RPT_REPORT_UNKNOWN",
        faults={"example.net A": Fault.SERVFAIL},
    ),
    *(
        scenario(
            f"the record: {fault.name.lower()}",
            World(records=HOSTS + RECORD, faults={NAME: fault}),
            "TLS_RPT_UNKNOWN",
        )
        for fault in (Fault.SERVFAIL, Fault.SILENT, Fault.TRUNCATED_NO_TCP)
    ),
    scenario("a domain that does not exist", World(records="example.net A 192.0.2.1"), "CHECK_SKIPPED"),
]


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inquiry, "PATIENCE", 0.6)


@pytest.mark.parametrize("scenario", SCENARIOS, ids=str)
async def test_the_check_states_exactly_what_the_world_holds(scenario: Scenario) -> None:
    await play(scenario, tls_rpt.CHECK)


def test_every_code_is_raised_in_some_world_and_not_in_all() -> None:
    assert not untested(tls_rpt.CHECK, SCENARIOS)


def test_nothing_here_is_worse_than_untidy() -> None:
    assert {code.severity for code in tls_rpt.CHECK.findings} <= {Severity.OK, Severity.NOTICE, Severity.UNKNOWN}
    assert tls_rpt.TlsRptAbsent.severity is Severity.OK


async def test_the_facts_are_the_addresses_that_can_be_used() -> None:
    text = f"{NAME} TXT v=TLSRPTv1; rua=tls@example.com,https://example.net/r,mailto:tls@example.com"
    seen = await look(under("enforce", text), about("example.com"), tls_rpt.CHECK)
    assert seen.facts.rua == ("https://example.net/r", "mailto:tls@example.com")


async def test_facts_are_empty_without_a_record_and_missing_where_it_could_not_be_told() -> None:
    absent = await look(World(records=HOSTS), about("example.com"), tls_rpt.CHECK)
    untold = await look(World(records=HOSTS, faults={NAME: Fault.SERVFAIL}), about("example.com"), tls_rpt.CHECK)
    assert absent.facts == tls_rpt.TlsRptFacts()
    assert untold.facts is None


async def test_the_domains_of_reports_are_bounded_and_asked_once() -> None:
    text = f"{NAME} TXT v=TLSRPTv1; rua={MANY},mailto:other@r1.example.net"
    seen = await look(under("enforce", text), about("example.com"), tls_rpt.CHECK)
    asked = [name for name, kind in seen.queries if name.endswith("example.net") and kind == "MX"]
    assert len(asked) == tls_rpt.MOST_DESTINATIONS
    assert seen.one("TLS_RPT_REPORTS_NOT_ALL_CHECKED").left_out == 2
    assert max(Counter(seen.queries).values()) == 1


async def test_a_web_address_for_reports_is_not_visited() -> None:
    text = f"{NAME} TXT v=TLSRPTv1; rua=https://example.net/report"
    seen = await look(under("enforce", text), about("example.com"), tls_rpt.CHECK)
    assert not [name for name, _ in seen.queries if name.endswith("example.net")]
    assert {request.host for request in seen.internet.web_log} == {"mta-sts.example.com"}


async def test_reports_to_the_domain_itself_cost_no_question_more() -> None:
    seen = await look(under("enforce"), about("example.com"), tls_rpt.CHECK)
    assert max(Counter(seen.queries).values()) == 1
    assert (NAME, "TXT") in seen.queries
