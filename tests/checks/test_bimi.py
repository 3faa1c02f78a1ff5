"""The bimi check: a logo that never decides about delivery."""

from __future__ import annotations

from collections import Counter

import pytest

from bot.sandbox.dns import Fault
from bot.sandbox.internet import World
from checks import bimi
from checks.check import Severity
from checks.network import inquiry
from checks.records.bimi import Kind, is_bimi_record, is_near_miss, parse
from tests.checks.scenario import Scenario, about, look, play, says, untested

NAME = "default._bimi.example.com"
LOGO = "https://example.com/logo.svg"
FULL = f"v=BIMI1; l={LOGO}; a=https://example.com/logo.pem"
STRICT = "_dmarc.example.com TXT v=DMARC1; p=reject; rua=mailto:d@example.com\n"
MAIL = "example.com MX 10 mx.example.com\nmx.example.com A 192.0.2.25\n"


def record(name: str, text: str, *codes: str, dmarc: str = STRICT) -> Scenario:
    return Scenario(name=name, world=World(records=f"{MAIL}{dmarc}{NAME} TXT {text}"), codes=says(*codes))


def policy(name: str, dmarc: str, *codes: str) -> Scenario:
    return record(name, FULL, "BIMI_FOUND", *codes, dmarc=f"_dmarc.example.com TXT v=DMARC1; {dmarc}\n")


def below(name: str, records: str, *codes: str) -> Scenario:
    world = World(records=MAIL + STRICT + "mail.example.com MX 10 mx.example.com\n" + records)
    return Scenario(name=name, world=world, case=about("mail.example.com"), codes=says(*codes))


SCENARIOS = [
    record("a full record", FULL, "BIMI_FOUND"),
    Scenario(
        name="truncated answers",
        world=World(records=f"{MAIL}{STRICT}{NAME} TXT {FULL}", faults={".example.com": Fault.TRUNCATED}),
        codes=says("BIMI_FOUND"),
    ),
    Scenario(name="no record", world=World(records=MAIL + STRICT), codes=says("BIMI_ABSENT")),
    Scenario(name="a wildcard", world=World(records=MAIL + "*.example.com TXT x"), codes=says("BIMI_ABSENT")),
    record("no certificate", f"v=BIMI1; l={LOGO}", "BIMI_FOUND", "BIMI_NO_CERTIFICATE"),
    record("an empty certificate", f"v=BIMI1; l={LOGO}; a=", "BIMI_FOUND", "BIMI_NO_CERTIFICATE"),
    record("declined", "v=BIMI1; l=; a=;", "BIMI_DECLINED"),
    record("declined, in short", "v=BIMI1; l=", "BIMI_DECLINED"),
    record("a certificate without logo", "v=BIMI1; l=; a=https://example.com/logo.pem", "BIMI_MISSING_LOGO"),
    record("no l", "v=BIMI1;", "BIMI_MISSING_LOGO"),
    record("http", "v=BIMI1; l=http://example.com/logo.svg", "BIMI_NOT_HTTPS"),
    record("a certificate over http", f"v=BIMI1; l={LOGO}; a=http://example.com/logo.pem", "BIMI_NOT_HTTPS"),
    record("a stray word", FULL + "; logo", "BIMI_BAD_TAG"),
    record("l twice", FULL + "; l=https://example.com/other.svg", "BIMI_DUPLICATE_TAG"),
    record("the wrong version", f"v=bimi1; l={LOGO}", "BIMI_NOT_RECOGNISED"),
    record("l first", f"l={LOGO}; v=BIMI1", "BIMI_NOT_RECOGNISED"),
    record("two records", f"{FULL}\n{NAME} TXT v=BIMI1; l=", "BIMI_MULTIPLE_RECORDS"),
    record("no DMARC", FULL, "BIMI_FOUND", "BIMI_DMARC_NOT_ENFORCED", dmarc=""),
    policy("p=none", "p=none", "BIMI_DMARC_NOT_ENFORCED"),
    policy("a test", "p=quarantine; t=y", "BIMI_DMARC_NOT_ENFORCED"),
    policy("a test of reject", "p=reject; t=y"),
    policy("open subdomains", "p=reject; sp=none", "BIMI_DMARC_NOT_ENFORCED"),
    policy("half of the mail", "p=reject; pct=50", "BIMI_DMARC_NOT_ENFORCED"),
    policy("all of the mail", "p=reject; pct=100"),
    policy("quarantine", "p=quarantine"),
    record("declined without DMARC", "v=BIMI1; l=; a=", "BIMI_DECLINED", dmarc=""),
    Scenario(
        name="DMARC could not be told",
        world=World(records=f"{MAIL}{NAME} TXT {FULL}", faults={"_dmarc.example.com": Fault.SERVFAIL}),
        codes=says("BIMI_FOUND", "BIMI_DMARC_UNKNOWN"),
    ),
    below("a record at the organizational domain", f"{NAME} TXT {FULL}", "BIMI_FOUND"),
    below(
        "a record of its own and one above",
        f"{NAME} TXT v=BIMI1\ndefault._bimi.mail.example.com TXT {FULL}",
        "BIMI_FOUND",
    ),
    below("no record at either", "", "BIMI_ABSENT"),
    *(
        Scenario(
            name=f"the record: {fault.name.lower()}",
            world=World(records=f"{MAIL}{STRICT}{NAME} TXT {FULL}", faults={NAME: fault}),
            codes=says("BIMI_UNKNOWN"),
        )
        for fault in (Fault.SERVFAIL, Fault.SILENT, Fault.TRUNCATED_NO_TCP)
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


@pytest.mark.parametrize("scenario", SCENARIOS, ids=str)
async def test_the_check_states_exactly_what_the_world_holds(scenario: Scenario) -> None:
    await play(scenario, bimi.CHECK)


def test_every_code_is_raised_in_some_world_and_not_in_all() -> None:
    assert not untested(bimi.CHECK, SCENARIOS)


def test_nothing_here_is_worse_than_untidy_or_explains_a_bounce() -> None:
    assert {code.severity for code in bimi.CHECK.findings} <= {Severity.OK, Severity.NOTICE, Severity.UNKNOWN}
    assert not [code for code in bimi.CHECK.findings if code.cause]


@pytest.mark.parametrize(
    ("tags", "reason"),
    [
        ("p=none", "none"),
        ("p=quarantine; t=y", "testing"),
        ("p=reject; sp=none", "subdomains"),
        ("p=reject; pct=0", "share"),
    ],
)
async def test_the_reason_says_what_is_lax_about_the_policy(tags: str, reason: str) -> None:
    world = World(records=f"{MAIL}_dmarc.example.com TXT v=DMARC1; {tags}\n{NAME} TXT {FULL}")
    seen = await look(world, about("example.com"), bimi.CHECK)
    assert seen.one("BIMI_DMARC_NOT_ENFORCED").reason == reason


async def test_each_kind_of_flaw_is_told_once() -> None:
    text = "v=BIMI1; l=http://example.com/l; a=http://example.com/a; x; y"
    seen = await look(World(records=f"{MAIL}{STRICT}{NAME} TXT {text}"), about("example.com"), bimi.CHECK)
    assert seen.one("BIMI_NOT_HTTPS").part == "http://example.com/l"
    assert seen.one("BIMI_BAD_TAG").part == "x"


async def test_the_facts_say_where_the_logo_is_and_whose_record_says_so() -> None:
    world = World(records=f"{MAIL}{STRICT}mail.example.com MX 10 mx.example.com\n{NAME} TXT {FULL}")
    seen = await look(world, about("mail.example.com"), bimi.CHECK)
    assert (seen.facts.source, seen.facts.logo) == ("example.com", LOGO)


async def test_the_domain_of_the_sender_is_the_one_looked_at() -> None:
    world = World(records=f"{MAIL}{STRICT}{NAME} TXT {FULL}\nexample.net MX 10 mx.example.com")
    seen = await look(world, about("example.net", sender="user@example.com"), bimi.CHECK)
    assert seen.one("BIMI_FOUND").domain == "example.com"


async def test_a_logo_costs_one_question_and_is_never_fetched() -> None:
    seen = await look(World(records=f"{MAIL}{STRICT}{NAME} TXT {FULL}"), about("example.com"), bimi.CHECK)
    assert [name for name, _ in seen.queries if "_bimi" in name] == [NAME]
    assert max(Counter(seen.queries).values()) == 1
    assert {each.kind for each in seen.evidence} == {"dns"}


# --- the record ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["v=BIMI1; l=", "v=BIMI1;l=", "v = BIMI1 ; l=", "v=BIMI1"])
def test_a_record_begins_with_its_version(text: str) -> None:
    assert is_bimi_record(text)
    assert is_bimi_record(text.encode())
    assert not is_near_miss(text)


@pytest.mark.parametrize(
    "text", ["v=bimi1; l=", "v=BIMI; l=", '"v=BIMI1; l="', " v=BIMI1; l=", "\u200bv=BIMI1; l=", "l=x; v=BIMI1"]
)
def test_a_record_that_was_meant_as_one_is_told_from_other_text(text: str) -> None:
    assert is_near_miss(text)
    assert not is_bimi_record(text)


@pytest.mark.parametrize("text", ["v=spf1 -all", "", "bimini", "v=BIMI10x"])
def test_other_text_is_left_alone(text: str) -> None:
    assert not is_near_miss(text)
    assert not is_bimi_record(text)


def test_problems_say_where_they_are() -> None:
    found = parse("v=BIMI1; l=ftp://example.com; x; l=")
    assert [(problem.kind, problem.part, problem.offset) for problem in found.problems] == [
        (Kind.LOGO_NOT_HTTPS, "ftp://example.com", 11),
        (Kind.BAD_TAG, "x", 30),
        (Kind.DUPLICATE_TAG, "l", 33),
    ]


def test_what_is_no_record_or_too_long_is_not_read() -> None:
    assert [problem.kind for problem in parse("v=spf1 -all").problems] == [Kind.NOT_BIMI]
    assert [problem.kind for problem in parse("v=BIMI1; l=" + "x" * 20_000).problems] == [Kind.TOO_LONG]
