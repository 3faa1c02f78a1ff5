"""The dmarc check: which record applies, what it comes to, and where its reports go."""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from bot.run import Language
from bot.sandbox.dns import Fault
from bot.sandbox.internet import World
from bot.wording import Wording
from checks import dmarc, domain, mx
from checks.check import Severity
from checks.network import Evidence, inquiry
from checks.wire import to_json
from tests.checks.scenario import Scenario, about, look, look_all, play, says, untested

HOST = "example.com A 192.0.2.80\nexample.com MX 10 mx.example.com\nmx.example.com A 192.0.2.25\n"
RUA = "rua=mailto:d@example.com"
GOOD = f"v=DMARC1; p=reject; {RUA}"
FOUND = "DMARC_FOUND"


def at(record: str, name: str = "example.com") -> str:
    return f"_dmarc.{name} TXT {record}\n"


def record(name: str, text: str, *codes: str) -> Scenario:
    """A world where example.com has this record."""
    return Scenario(name=name, world=World(records=HOST + at(text)), codes=says(*codes))


def below(name: str, records: str, *codes: str, target: str = "sub.example.com", **world: object) -> Scenario:
    """A world looked at from a name below example.com, which exists."""
    records = f"{HOST}{target} A 192.0.2.81\n{records}"
    return Scenario(name=name, world=World(records=records, **world), case=about(target), codes=says(*codes))  # type: ignore[arg-type] # the fields of World


def reports(name: str, rua: str, records: str, *codes: str, **world: object) -> Scenario:
    """A world where reports on example.com go somewhere."""
    records = HOST + at(f"v=DMARC1; p=reject; rua={rua}") + records
    return Scenario(name=name, world=World(records=records, **world), codes=says(FOUND, *codes))  # type: ignore[arg-type] # the fields of World


def mail(
    name: str,
    policy: str,
    sender_policy: str,
    *codes: str,
    ip: str = "203.0.113.9",
    silent: str = "nobody.example.com",
    message: bytes | None = None,
) -> Scenario:
    """A world looked at for mail from one server; 192.0.2.25 is the one of the domain."""
    records = HOST + at(f"v=DMARC1; p={policy}; {RUA}") + f"example.com TXT {sender_policy}\nexample.net A 192.0.2.1\n"
    ip = "192.0.2.25" if sender_policy.startswith("v=spf1 ip4:192.0.2.25") else ip
    return Scenario(
        name=name,
        world=World(records=records, faults={silent: Fault.SERVFAIL}),
        case=about("example.com", sender_ip=ip, message=message),
        codes=says(FOUND, *codes),
    )


RESTS = "DMARC_RESTS_ON_DKIM"
MAIL = "example.net MX 10 mx.example.net\n"
PERMIT = "example.com._report._dmarc.example.net TXT v=DMARC1\n"
MANY = ",".join(f"mailto:d@r{n}.example.com" for n in range(7))

SCENARIOS = [
    record("a good record", GOOD, FOUND),
    record("spaces, and names and values in capitals", f"v = DMARC1 ; P = REJECT ; {RUA} ", FOUND),
    record("quarantine", f"v=DMARC1; p=quarantine; {RUA}", FOUND),
    record("only monitoring", f"v=DMARC1; p=none; {RUA}", FOUND, "DMARC_POLICY_NONE"),
    record("subdomains left open", f"v=DMARC1; p=reject; sp=none; {RUA}", FOUND, "DMARC_SUBDOMAINS_OPEN"),
    record("nonexistent names left open", f"v=DMARC1; p=reject; np=none; {RUA}", FOUND, "DMARC_SUBDOMAINS_OPEN"),
    record("a test", f"v=DMARC1; p=reject; t=y; {RUA}", FOUND, "DMARC_TESTING"),
    record("a test of nothing", f"v=DMARC1; p=none; t=y; {RUA}", FOUND, "DMARC_POLICY_NONE"),
    record("a share", f"v=DMARC1; p=reject; pct=20; {RUA}", FOUND, "DMARC_PCT"),
    record("a share of everything", f"v=DMARC1; p=reject; pct=100; {RUA}", FOUND, "DMARC_REMOVED_TAG"),
    record("a share of no policy", f"v=DMARC1; p=none; pct=20; {RUA}", FOUND, "DMARC_POLICY_NONE", "DMARC_REMOVED_TAG"),
    record("an interval", f"v=DMARC1; p=reject; ri=3600; {RUA}", FOUND, "DMARC_REMOVED_TAG"),
    record("an unknown tag", f"v=DMARC1; p=reject; adkin=s; {RUA}", FOUND, "DMARC_UNKNOWN_TAG"),
    record("a bad value", f"v=DMARC1; p=reject; adkim=strict; {RUA}", FOUND, "DMARC_INVALID_VALUE"),
    record("a text between", f"v=DMARC1; p=reject; hello; {RUA}", FOUND, "DMARC_BAD_TAG"),
    record("a tag twice", f"v=DMARC1; p=reject; p=none; {RUA}", FOUND, "DMARC_DUPLICATE_TAG"),
    record("two semicolons", f"v=DMARC1;; p=reject; {RUA}", FOUND, "DMARC_EMPTY_TAG"),
    record(
        "a missing semicolon",
        f"v=DMARC1; p=reject; sp=reject np=reject; {RUA}",
        FOUND,
        "DMARC_TAGS_GLUED",
        "DMARC_POLICY_INVALID",
    ),
    record("a semicolon in a list", f"{GOOD}; mailto:e@example.com", FOUND, "DMARC_SEMICOLON_IN_LIST"),
    record("backslashes", f"v=DMARC1; p=reject\\; {RUA}", FOUND, "DMARC_POLICY_INVALID", "DMARC_ESCAPED_SEMICOLON"),
    record("fo and no ruf", f"v=DMARC1; p=reject; fo=1; {RUA}", FOUND, "DMARC_FO_WITHOUT_RUF"),
    record("no reports", "v=DMARC1; p=reject", FOUND, "DMARC_NO_REPORTS"),
    record(
        "a report address without mailto",
        f"v=DMARC1; p=reject; {RUA},e@example.com",
        FOUND,
        "DMARC_REPORT_ADDRESS_INVALID",
    ),
    record(
        "a report address at a name that is none",
        f"v=DMARC1; p=reject; {RUA},mailto:root@localhost",
        FOUND,
        "DMARC_REPORT_ADDRESS_INVALID",
    ),
    record(
        "a web address for reports", f"v=DMARC1; p=reject; {RUA},https://example.com/r", FOUND, "DMARC_REPORT_SCHEME"
    ),
    record("a size", f"v=DMARC1; p=reject; {RUA}!10m", FOUND, "DMARC_REPORT_SIZE_LIMIT"),
    record("no policy, but reports", f"v=DMARC1; {RUA}", FOUND, "DMARC_POLICY_MISSING"),
    record("a bad policy, but reports", f"v=DMARC1; p=block; {RUA}", FOUND, "DMARC_POLICY_INVALID"),
    record(
        "a bad policy for subdomains, but reports",
        f"v=DMARC1; p=reject; sp=block; {RUA}",
        FOUND,
        "DMARC_POLICY_INVALID",
    ),
    record(
        "a bad np, which older receivers do not know",
        f"v=DMARC1; p=reject; np=block; {RUA}",
        FOUND,
        "DMARC_POLICY_INVALID",
        "DMARC_OLD_RECEIVERS_DIFFER",
    ),
    record("neither policy nor reports", "v=DMARC1", "DMARC_NO_USABLE_POLICY"),
    record("a bad policy and no reports", "v=DMARC1; p=block", "DMARC_NO_USABLE_POLICY"),
    record("a misspelt policy and no reports", "v=DMARC1; p=rejct", "DMARC_NO_USABLE_POLICY"),
    record("a misspelt policy, but reports", f"v=DMARC1; p=rejct; {RUA}", FOUND, "DMARC_POLICY_INVALID"),
    record("psd=y at a domain that is none", f"{GOOD}; psd=y", FOUND, "DMARC_CLAIMS_PUBLIC_SUFFIX"),
    record("psd=n at the top", f"{GOOD}; psd=n", FOUND),
    record("small letters", f"v=dmarc1; p=reject; {RUA}", "DMARC_NOT_RECOGNISED"),
    record("no version", f"p=reject; {RUA}", "DMARC_NOT_RECOGNISED"),
    record("a longer version", f"v=DMARC12; p=reject; {RUA}", "DMARC_NOT_RECOGNISED"),
    record("quotes that became text", f"'{GOOD}'", "DMARC_NOT_RECOGNISED"),
    Scenario(
        name="a record in several strings",
        world=World(records=HOST + f'_dmarc.example.com TXT "v=DMARC1; p=rej" "ect; {RUA}"'),
        codes=says(FOUND),
    ),
    Scenario(
        name="two records",
        world=World(records=HOST + at(GOOD) + at("v=DMARC1; p=none")),
        codes=says("DMARC_MULTIPLE_RECORDS"),
    ),
    Scenario(
        name="another text beside the record",
        world=World(records=HOST + at(GOOD) + at("verification=1")),
        codes=says(FOUND, "DMARC_UNRELATED_TEXT"),
    ),
    Scenario(
        name="only another text",
        world=World(records=HOST + at("verification=1")),
        codes=says("DMARC_UNRELATED_TEXT", "DMARC_MISSING"),
    ),
    Scenario(
        name="a wildcard text",
        world=World(records=HOST + "*.example.com TXT v=spf1 -all"),
        codes=says("DMARC_WILDCARD_TEXT", "DMARC_MISSING"),
    ),
    Scenario(
        name="another text beside a wildcard",
        world=World(records=HOST + at("verification=1") + "*.example.com TXT hello"),
        codes=says("DMARC_UNRELATED_TEXT", "DMARC_MISSING"),
    ),
    Scenario(name="nothing", world=World(records=HOST), codes=says("DMARC_MISSING")),
    Scenario(
        name="the record at the domain itself",
        world=World(records=HOST + f"example.com TXT {GOOD}"),
        codes=says("DMARC_MISPLACED"),
    ),
    Scenario(
        name="the record under the doubled domain",
        world=World(records=HOST + at(GOOD, "example.com.example.com")),
        codes=says("DMARC_MISPLACED"),
    ),
    Scenario(
        name="a record in both places",
        world=World(records=HOST + at(GOOD) + f"example.com TXT {GOOD}"),
        codes=says(FOUND),
    ),
    Scenario(
        name="a record behind an alias",
        world=World(records=HOST + f"_dmarc.example.com CNAME d.example.net\nd.example.net TXT {GOOD}"),
        codes=says(FOUND),
    ),
    Scenario(
        name="an alias of nothing",
        world=World(records=HOST + "_dmarc.example.com CNAME d.example.net\nexample.net A 192.0.2.1"),
        codes=says("DMARC_ALIAS_DANGLING"),
    ),
    # The walk.
    below("a subdomain under a record", at(GOOD), "DMARC_INHERITED"),
    below("a subdomain under sp", at(f"v=DMARC1; p=reject; sp=none; {RUA}"), "DMARC_INHERITED", "DMARC_POLICY_NONE"),
    below("a subdomain with a record of its own", at(GOOD) + at(GOOD, "sub.example.com"), FOUND),
    below(
        "sp on the record of a subdomain",
        at(GOOD) + at(f"{GOOD}; sp=none", "sub.example.com"),
        FOUND,
        "DMARC_SUBDOMAINS_OPEN",
        "DMARC_SUBDOMAIN_TAGS_UNUSED",
    ),
    below(
        "psd=n on a subdomain",
        at(GOOD) + at(f"{GOOD}; psd=n", "sub.example.com"),
        FOUND,
        "DMARC_OWN_ORGANIZATION",
        "DMARC_REPORT_NOT_AUTHORIZED",
    ),
    below(
        "two records at a subdomain under a good one",
        at(GOOD) + at(GOOD, "sub.example.com") + at("v=DMARC1; p=none", "sub.example.com"),
        "DMARC_MULTIPLE_RECORDS",
        "DMARC_INHERITED",
    ),
    below("two records above", at(GOOD) + at("v=DMARC1; p=none"), "DMARC_MULTIPLE_RECORDS"),
    below("a near miss above", at(f"v=dmarc1; p=reject; {RUA}"), "DMARC_NOT_RECOGNISED"),
    below("nothing above", "", "DMARC_MISSING"),
    below(
        "a record in between, which psd=n makes an organization",
        at(GOOD) + at(f"v=DMARC1; p=none; psd=n; {RUA}", "b.example.com"),
        "DMARC_INHERITED",
        "DMARC_POLICY_NONE",
        "DMARC_OWN_ORGANIZATION",
        "DMARC_OLD_RECEIVERS_DIFFER",
        "DMARC_REPORT_NOT_AUTHORIZED",
        target="a.b.example.com",
    ),
    below(
        "what older receivers would look at could not be told",
        at("v=DMARC1; p=none; psd=n; rua=mailto:d@b.example.com", "b.example.com")
        + "b.example.com MX 1 mx.example.com",
        "DMARC_INHERITED",
        "DMARC_POLICY_NONE",
        "DMARC_OWN_ORGANIZATION",
        target="a.b.example.com",
        faults={"_dmarc.example.com": Fault.SERVFAIL},
    ),
    below(
        "a record of the registry",
        at("v=DMARC1; p=reject; psd=y; rua=mailto:d@registry.com", "com") + "registry.com MX 10 mx.registry.com\n"
        "example.com._report._dmarc.registry.com TXT v=DMARC1\ncom._report._dmarc.registry.com TXT v=DMARC1\n",
        "DMARC_INHERITED",
        "DMARC_OLD_RECEIVERS_DIFFER",
    ),
    below(
        "the own question fails",
        at(GOOD),
        "DMARC_UNKNOWN",
        faults={"_dmarc.sub.example.com": Fault.SERVFAIL},
    ),
    below("a question further up fails", at(GOOD), "DMARC_UNKNOWN", faults={"_dmarc.com": Fault.SERVFAIL}),
    below(
        "a question further up fails, and the own record is there",
        at(GOOD, "sub.example.com"),
        FOUND,
        "DMARC_ORGANIZATION_UNKNOWN",
        faults={"_dmarc.com": Fault.SERVFAIL},
    ),
    below(
        "whether the name exists could not be told, and nothing hangs on it",
        at(GOOD),
        "DMARC_INHERITED",
        faults={"sub.example.com SOA": Fault.SERVFAIL},
    ),
    below(
        "whether the name exists could not be told, and the policy hangs on it",
        at(f"v=DMARC1; p=reject; np=none; {RUA}"),
        "DMARC_UNKNOWN",
        faults={"sub.example.com SOA": Fault.SERVFAIL},
    ),
    *(
        Scenario(
            name=f"the question for the record ends in {fault.name}",
            world=World(records=HOST + at(GOOD), faults={"_dmarc.example.com": fault}),
            codes=says("DMARC_UNKNOWN"),
        )
        for fault in (Fault.SERVFAIL, Fault.SILENT, Fault.REFUSED, Fault.TRUNCATED_NO_TCP, Fault.HUGE)
    ),
    Scenario(
        name="truncated answers that TCP completes",
        world=World(records=HOST + at(GOOD), faults={".example.com": Fault.TRUNCATED}),
        codes=says(FOUND),
    ),
    # The author domain.
    Scenario(
        name="a target that does not exist",
        world=World(records="example.net A 192.0.2.1"),
        codes=says("CHECK_SKIPPED"),
    ),
    Scenario(
        name="name servers that fail",
        world=World(records=HOST + at(GOOD), faults={".example.com": Fault.SERVFAIL}),
        codes=says("CHECK_SKIPPED"),
    ),
    Scenario(
        name="a sender at a name that does not exist, under np",
        world=World(records=HOST + at(f"v=DMARC1; p=none; np=reject; {RUA}")),
        case=about("example.com", sender="user@typo.example.com"),
        codes=says("DMARC_AUTHOR_NXDOMAIN", "DMARC_INHERITED", "DMARC_OLD_RECEIVERS_DIFFER"),
    ),
    Scenario(
        name="a sender at another domain that does not exist",
        world=World(records=HOST + at(GOOD)),
        case=about("example.com", sender="user@example.org"),
        codes=says("DMARC_AUTHOR_NXDOMAIN", "DMARC_MISSING"),
    ),
    Scenario(
        name="an address as the target",
        world=World(records=HOST + at(GOOD)),
        case=about("192.0.2.9", sender="user@example.com"),
        codes=says(FOUND, RESTS),
    ),
    # The mail of the ticket.
    mail("a server that SPF lists", "reject", "v=spf1 ip4:192.0.2.25 -all"),
    mail("a server that SPF does not list", "reject", "v=spf1 mx -all", RESTS),
    mail("a server that SPF finds suspicious", "quarantine", "v=spf1 mx ~all", RESTS),
    mail("a server that SPF says nothing of", "reject", "v=spf1 mx ?all", RESTS),
    mail("a server, and no SPF", "reject", "hello", RESTS),
    mail("a server, and an SPF record that cannot be used", "reject", "v=spf1 ipv4:192.0.2.25 -all", RESTS),
    mail("a server, and SPF that could not be told", "reject", "v=spf1 include:example.net -all", silent="example.net"),
    mail("a server, and an SPF record that could not be read", "reject", "v=spf1 mx -all", silent="example.com TXT"),
    mail("a server that SPF does not list, and no policy", "none", "v=spf1 mx -all", "DMARC_POLICY_NONE"),
    mail("a server that SPF does not list, and a test", "quarantine; t=y", "v=spf1 mx -all", "DMARC_TESTING"),
    mail("a server that nobody outside sees", "reject", "v=spf1 mx -all", ip="192.168.1.20"),
    mail("a server that SPF does not list, and the mail itself", "reject", "v=spf1 mx -all", message=b"From: a@b.test"),
    # Reports.
    reports("reports elsewhere, with permission", "mailto:d@example.net", MAIL + PERMIT),
    reports("reports elsewhere, without permission", "mailto:d@example.net", MAIL, "DMARC_REPORT_NOT_AUTHORIZED"),
    reports(
        "reports elsewhere, with another text for permission",
        "mailto:d@example.net",
        MAIL + "example.com._report._dmarc.example.net TXT yes",
        "DMARC_REPORT_NOT_AUTHORIZED",
    ),
    reports(
        "reports elsewhere, permission for everybody",
        "mailto:d@example.net",
        MAIL + "*._report._dmarc.example.net TXT v=DMARC1",
    ),
    reports("reports to a subdomain need no permission", "mailto:d@r.example.com", "r.example.com MX 1 mx.example.com"),
    reports("reports to a domain with an address only", "mailto:d@example.net", "example.net A 192.0.2.9\n" + PERMIT),
    reports(
        "reports to a domain with an address, as far as it could be told",
        "mailto:d@example.net",
        "example.net A 192.0.2.9\n" + PERMIT,
        faults={"example.net AAAA": Fault.SERVFAIL},
    ),
    reports(
        "reports to a domain that takes no mail",
        "mailto:d@example.net",
        "example.net MX 0 .\n" + PERMIT,
        "DMARC_REPORT_UNDELIVERABLE",
    ),
    reports("reports to nowhere", "mailto:d@example.net", PERMIT, "DMARC_REPORT_UNDELIVERABLE"),
    reports("reports to a name that is gone", "mailto:d@gone.example.com", "", "DMARC_REPORT_UNDELIVERABLE"),
    *(
        reports(
            f"the question about {what} ends in {fault.name}",
            "mailto:d@example.net",
            MAIL + PERMIT,
            "DMARC_REPORT_UNKNOWN",
            faults={what: fault},
        )
        for what in ("example.net MX", "example.com._report._dmarc.example.net")
        for fault in (Fault.SERVFAIL, Fault.SILENT, Fault.TRUNCATED_NO_TCP)
    ),
    reports(
        "whether the address is there could not be told",
        "mailto:d@example.net",
        "example.net TXT x\n" + PERMIT,
        "DMARC_REPORT_UNKNOWN",
        faults={"example.net A": Fault.SERVFAIL},
    ),
    reports("reports to seven domains", MANY, "*.example.com MX 10 mx.example.com", "DMARC_REPORTS_NOT_ALL_CHECKED"),
]


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inquiry, "PATIENCE", 0.6)


@pytest.mark.parametrize("scenario", SCENARIOS, ids=str)
async def test_the_check_states_exactly_what_the_world_holds(scenario: Scenario) -> None:
    await play(scenario, dmarc.CHECK)


def test_every_code_is_raised_in_some_world_and_not_in_all() -> None:
    assert not untested(dmarc.CHECK, SCENARIOS)


@pytest.mark.parametrize(
    ("target", "sender", "author"),
    [
        ("example.com", None, "example.com"),
        ("example.com", "user@Sub.Example.com", "sub.example.com"),
        ("example.com", "user@[192.0.2.1]", "example.com"),
        ("192.0.2.1", "user@example.com", "example.com"),
    ],
)
def test_mail_is_from_the_domain_of_the_sender_or_else_the_target(target: str, sender: str | None, author: str) -> None:
    case = about(target, sender=sender)
    assert dmarc.author_domain(case) == author
    assert dmarc.CHECK.applies(case)


def test_without_a_domain_that_mail_is_from_there_is_nothing_to_check() -> None:
    assert not dmarc.CHECK.applies(about("192.0.2.1"))
    assert not dmarc.CHECK.applies(about("192.0.2.1", sender="user@[192.0.2.1]"))


# --- The walk --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "names"),
    [
        ("example.com", ["example.com", "com"]),
        ("a.b.c.d.e.f.g.com", ["a.b.c.d.e.f.g.com", "b.c.d.e.f.g.com", "c.d.e.f.g.com", "d.e.f.g.com", "e.f.g.com"]),
        (
            "a.b.c.d.e.f.g.h.i.j.example.com",
            ["a.b.c.d.e.f.g.h.i.j.example.com", "f.g.h.i.j.example.com", "g.h.i.j.example.com"],
        ),
    ],
)
def test_the_walk_jumps_to_seven_labels_and_ends_at_the_top(name: str, names: list[str]) -> None:
    walked = dmarc.walk(name)
    assert [*walked[: len(names)]] == names
    assert walked[-1] == "com"
    assert len(walked) == min(name.count(".") + 1, 8)


async def test_a_record_between_the_top_and_the_author_does_not_apply() -> None:
    records = HOST + "a.b.example.com A 192.0.2.1\n" + at(GOOD) + at("v=DMARC1; p=none", "b.example.com")
    seen = await look(World(records=records), about("a.b.example.com"), dmarc.CHECK)
    assert (seen.facts.source, seen.facts.policy) == ("example.com", "reject")


@pytest.mark.parametrize(
    ("records", "target", "organization"),
    [
        (at(GOOD), "example.com", "example.com"),
        ("", "sub.example.com", "sub.example.com"),
        (at(GOOD) + at(GOOD, "sub.example.com"), "sub.example.com", "example.com"),
        (at(GOOD, "sub.example.com"), "sub.example.com", "sub.example.com"),
        (at(GOOD) + at(GOOD + "; psd=n", "sub.example.com"), "sub.example.com", "sub.example.com"),
        (at(GOOD) + at(GOOD + "; psd=y", "com"), "sub.example.com", "example.com"),
        (at(GOOD + "; psd=y", "com"), "a.sub.example.com", "example.com"),
        (at(GOOD + "; psd=y"), "example.com", "example.com"),
        (at(GOOD + "; psd=y"), "a.sub.example.com", "sub.example.com"),
        (at(GOOD, "com"), "example.com", "com"),
    ],
)
async def test_the_organizational_domain_follows_the_records(records: str, target: str, organization: str) -> None:
    world = World(records=f"{HOST}{target} A 192.0.2.81\n{records}")
    seen = await look(world, about(target), dmarc.CHECK)
    assert seen.facts.organizational_domain == organization


@pytest.mark.parametrize(
    ("record", "sender", "tag", "policy"),
    [
        ("p=reject", "sub", "p", "reject"),
        ("p=reject; sp=quarantine", "sub", "sp", "quarantine"),
        ("p=reject; sp=quarantine; np=none", "sub", "sp", "quarantine"),
        ("p=reject; sp=quarantine; np=none", "typo", "np", "none"),
        ("p=reject; sp=quarantine", "typo", "sp", "quarantine"),
        ("p=none; sp=reject; t=y", "sub", "sp", "quarantine"),
    ],
)
async def test_an_inherited_policy_is_that_of_the_right_tag(record: str, sender: str, tag: str, policy: str) -> None:
    world = World(records=HOST + "sub.example.com TXT x\n" + at(f"v=DMARC1; {record}; {RUA}"))
    seen = await look(world, about("example.com", sender=f"user@{sender}.example.com"), dmarc.CHECK)
    inherited = seen.one("DMARC_INHERITED")
    assert (inherited.tag, inherited.policy, seen.facts.policy) == (tag, policy, policy)


async def test_an_empty_name_above_hosts_exists_and_falls_under_sp() -> None:
    records = HOST + "host.sub.example.com A 192.0.2.1\n" + at(f"v=DMARC1; p=none; np=reject; {RUA}")
    seen = await look(World(records=records), about("example.com", sender="user@sub.example.com"), dmarc.CHECK)
    assert seen.one("DMARC_INHERITED").tag == "p"


async def test_both_outcomes_of_several_records_are_stated() -> None:
    twice = at(GOOD, "sub.example.com") + at("v=DMARC1; p=none", "sub.example.com")
    world = World(records=HOST + "sub.example.com A 192.0.2.1\n" + twice + at(f"v=DMARC1; p=quarantine; {RUA}"))
    seen = await look(world, about("sub.example.com"), dmarc.CHECK)
    several = seen.one("DMARC_MULTIPLE_RECORDS")
    assert (several.source, several.records, several.policy) == ("sub.example.com", 2, "quarantine")
    assert seen.facts.source == "example.com"


async def test_a_private_suffix_of_the_list_is_where_older_receivers_differ() -> None:
    records = "user.github.io A 192.0.2.1\n" + at("v=DMARC1; p=reject; rua=mailto:d@github.io", "github.io")
    seen = await look(World(records=records + "github.io MX 1 mx.github.io"), about("user.github.io"), dmarc.CHECK)
    older = seen.one("DMARC_OLD_RECEIVERS_DIFFER")
    assert (older.source, older.policy, older.old_source, older.old_policy) == ("github.io", "reject", None, None)


# --- The record ------------------------------------------------------------------------------------------------------


async def test_the_facts_are_what_scripts_and_alignment_rely_on() -> None:
    text = f"v=DMARC1; p=reject; t=y; adkim=s; {RUA}"
    seen = await look(World(records=HOST + at(text)), about("example.com"), dmarc.CHECK)
    assert to_json(seen.facts) == {
        "domain": "example.com",
        "record": text,
        "source": "example.com",
        "policy": "quarantine",
        "adkim": "s",
        "aspf": "r",
        "organizational_domain": "example.com",
    }


async def test_no_record_is_a_fact_and_no_answer_is_none() -> None:
    absent = await look(World(records=HOST), about("example.com"), dmarc.CHECK)
    unknown = await look(
        World(records=HOST, faults={"_dmarc.example.com": Fault.SERVFAIL}), about("example.com"), dmarc.CHECK
    )
    assert (absent.facts.record, absent.facts.policy, absent.verdict) == (None, None, Severity.WARNING)
    assert (unknown.facts, unknown.verdict) == (None, Severity.UNKNOWN)


async def test_a_record_that_comes_to_nothing_is_kept_without_a_policy() -> None:
    seen = await look(World(records=HOST + at("v=DMARC1; p=block")), about("example.com"), dmarc.CHECK)
    assert (seen.facts.record, seen.facts.policy) == ("v=DMARC1; p=block", None)


async def test_a_wrong_value_is_told_with_its_tag_and_the_default() -> None:
    text = f"v=DMARC1; p=reject; aspf = loose; {RUA}"
    wrong = (await look(World(records=HOST + at(text)), about("example.com"), dmarc.CHECK)).one("DMARC_INVALID_VALUE")
    assert (wrong.tag, wrong.part, wrong.default) == ("aspf", "loose", "r")


@pytest.mark.parametrize(
    ("text", "flaw", "meant"),
    [
        ("v=dmarc1; p=reject", "wrong_case", "v=DMARC1; p=reject"),
        ("v=DMARC1 p=reject", "missing_semicolon", "v=DMARC1; p=reject"),
        ("v=DMARC1\\; p=reject", "escaped_semicolon", "v=DMARC1; p=reject"),
        ("\u200bv=DMARC1; p=reject", "hidden_character", "v=DMARC1; p=reject"),
        ("'v=DMARC1; p=reject'", "quoted", "v=DMARC1; p=reject"),
        ("p=reject; v=DMARC1", "not_first", None),
        ("v=dmarc1; p=block", "wrong_case", None),
        ("v=dmarc1; p=rejct", "wrong_case", "v=DMARC1; p=reject"),
    ],
)
async def test_a_near_miss_is_mended_where_the_slip_is_one_of_typing(text: str, flaw: str, meant: str | None) -> None:
    seen = await look(World(records=HOST + at(text)), about("example.com"), dmarc.CHECK)
    missed = seen.one("DMARC_NOT_RECOGNISED")
    assert (missed.flaw, missed.meant) == (flaw, meant)


@pytest.mark.parametrize(
    ("text", "part", "meant"),
    [
        ("v=DMARC1; p=rejct", "rejct", "v=DMARC1; p=reject"),
        ("v=DMARC1; p=Quarentine; sp=rejected", "Quarentine", "v=DMARC1; p=quarantine; sp=reject"),
        ("v=DMARC1; p=block", "block", None),
        ("v=DMARC1; p=rejct; sp=block", "rejct", None),
        ("v=DMARC1", None, None),
        ("v=DMARC1; sp=rejct", "rejct", None),
    ],
)
async def test_a_policy_that_does_not_exist_is_never_mended_to_another_than_it_resembles(
    text: str, part: str | None, meant: str | None
) -> None:
    alone = (await look(World(records=HOST + at(text)), about("example.com"), dmarc.CHECK)).one(
        "DMARC_NO_USABLE_POLICY"
    )
    assert (alone.part, alone.meant) == (part, meant)
    for language in Language:
        pasted = Wording(language, strict=True).paste(alone) or ""
        expected = meant or (None if part else "v=DMARC1; p=none; rua=mailto:dmarc-reports@example.com")
        assert pasted == (f'_dmarc.example.com. IN TXT "{expected}"' if expected else "")
    if part is not None and "p=" in text.replace("sp=", ""):
        world = World(records=HOST + at(f"{text}; {RUA}"))
        beside = (await look(world, about("example.com"), dmarc.CHECK)).one("DMARC_POLICY_INVALID")
        assert (beside.part, beside.meant) == (part, meant and f"{meant}; {RUA}")


async def test_what_spf_says_of_the_sender_and_the_policy_are_told_together() -> None:
    world = World(records=HOST + at(f"v=DMARC1; p=reject; t=y; {RUA}") + "example.com TXT v=spf1 mx ~all")
    case = about("example.org", sender="user@example.com", sender_ip="203.0.113.9")
    rests = (await look(world, case, dmarc.CHECK)).one("DMARC_RESTS_ON_DKIM")
    assert (rests.domain, rests.sender_ip, rests.policy, rests.spf) == (
        "example.com",
        "203.0.113.9",
        "quarantine",
        "softfail",
    )


async def test_a_record_with_thousands_of_problems_has_one_finding_for_each_kind() -> None:
    hostile = GOOD + ";" * 3000 + "junk;" * 1500 + "x=y;" * 500
    seen = await look(World(records=HOST + at(hostile)), about("example.com"), dmarc.CHECK)
    assert sorted(each.code for each in seen.findings) == [
        "DMARC_BAD_TAG",
        "DMARC_DUPLICATE_TAG",
        "DMARC_EMPTY_TAG",
        "DMARC_FOUND",
        "DMARC_UNKNOWN_TAG",
    ]


# --- What it costs ---------------------------------------------------------------------------------------------------


def rounds(evidence: Iterable[Evidence]) -> int:
    """How many times the next questions had to wait for an answer, and once more."""
    count, ends = 0, 0.0
    for each in sorted(evidence, key=lambda each: each.started):
        assert each.ms is not None
        end = each.started + each.ms / 1000
        count, ends = (count + 1, end) if each.started >= ends else (count, min(ends, end))
    return count


@pytest.mark.parametrize(
    ("records", "target", "trips"),
    [
        (at(GOOD), "example.com", 1),
        (at("v=DMARC1; p=reject; rua=mailto:d@example.net") + MAIL + PERMIT, "example.com", 2),
    ],
)
async def test_a_healthy_domain_costs_one_round_trip_and_another_for_reports_elsewhere(
    records: str, target: str, trips: int
) -> None:
    seen = await look_all(World(records=HOST + records), about(target), [dmarc.CHECK], delay=0.2)
    assert seen["dmarc"].codes == {FOUND}
    assert rounds(each for each in seen["dmarc"].evidence if "dmarc" in each.asked_by) == trips


@pytest.mark.parametrize("records", [GOOD, "nothing", f"v=DMARC1; p=reject; rua={MANY.replace('example.com', 'test')}"])
async def test_no_question_is_asked_twice_and_asking_ends(records: str) -> None:
    target = "a.b.c.d.e.f.g.h.i.example.com"
    world = World(records=f"{HOST}{target} A 192.0.2.1\n" + at(records))
    seen = await look_all(world, about(target), [domain.CHECK, mx.CHECK, dmarc.CHECK])
    asked = seen["dmarc"].queries
    assert len(asked) == len(set(asked))
    assert sum("dmarc" in each.asked_by for each in seen["dmarc"].evidence) <= 8 + 2 + 4 * dmarc.MOST_DESTINATIONS
    walked = [name for name, _ in asked if name.startswith("_dmarc.") and not name.startswith(f"_dmarc.{target}.")]
    assert len([name for name in walked if target.endswith(name.removeprefix("_dmarc."))]) == 8


async def test_domains_left_out_are_counted() -> None:
    records = HOST + at(f"v=DMARC1; p=reject; rua={MANY}") + "*.example.com MX 10 mx.example.com"
    seen = await look(World(records=records), about("example.com"), dmarc.CHECK)
    assert (seen.one("DMARC_REPORTS_NOT_ALL_CHECKED").left_out, dmarc.MOST_DESTINATIONS) == (2, 5)
