"""The domain check: what exists, what does not, and what could not be told."""

from __future__ import annotations

import pytest

from bot.sandbox.dns import Fault, NameServer
from bot.sandbox.internet import World
from checks import domain, mx, receiving, reverse
from checks.check import Severity
from checks.domain import Dnssec
from checks.network import inquiry
from checks.network.answers import Trouble
from tests.checks.scenario import Scenario, about, look, look_all, play, says, untested

PLAIN = "example.com A 192.0.2.80\nexample.com MX 10 mx.example.com\nmx.example.com A 192.0.2.25"

OTHERS = (mx.CHECK, reverse.CHECK, receiving.CHECK)

SCENARIOS = [
    Scenario(name="a healthy zone", world=World(records=PLAIN), codes=says("DOMAIN_FOUND")),
    Scenario(
        name="a host within a zone",
        world=World(records=PLAIN),
        case=about("mx.example.com"),
        codes=says("DOMAIN_WITHIN_ZONE"),
    ),
    Scenario(
        name="a name above hosts that has nothing itself",
        world=World(records="a.b.example.com A 192.0.2.1"),
        case=about("b.example.com"),
        codes=says("DOMAIN_WITHIN_ZONE"),
    ),
    Scenario(
        name="a name that does not exist",
        world=World(records=PLAIN),
        case=about("mail.exmaple.com"),
        codes=says("DOMAIN_NXDOMAIN"),
    ),
    Scenario(
        name="an alias",
        world=World(records="www.example.com CNAME host.example.net\nhost.example.net A 192.0.2.1"),
        case=about("www.example.com"),
        codes=says("DOMAIN_IS_ALIAS"),
    ),
    Scenario(
        name="an alias with records beside it",
        world=World(
            records="www.example.com CNAME host.example.net\nwww.example.com MX 10 mx.example.com\n"
            "host.example.net A 192.0.2.1\n" + PLAIN
        ),
        case=about("www.example.com"),
        codes=says("DOMAIN_IS_ALIAS", "DOMAIN_ALIAS_BESIDE_RECORDS"),
    ),
    Scenario(
        name="a zone whose apex is an alias",
        world=World(records="example.com CNAME host.example.net\n" + PLAIN),
        codes=says("DOMAIN_FOUND", "DOMAIN_ALIAS_BESIDE_RECORDS"),
    ),
    Scenario(
        name="a wildcard text",
        world=World(records=PLAIN + "\n*.example.com TXT v=spf1 -all"),
        codes=says("DOMAIN_FOUND", "DOMAIN_WILDCARD_TEXT"),
    ),
    Scenario(
        name="a wildcard alias",
        world=World(records=PLAIN + "\n*.example.com CNAME example.com"),
        codes=says("DOMAIN_FOUND"),
    ),
    Scenario(
        name="an internationalised domain",
        world=World(records="xn--bcher-kva.example A 192.0.2.80"),
        case=about("bücher.example"),
        codes=says("DOMAIN_FOUND", "DOMAIN_INTERNATIONALIZED"),
    ),
    Scenario(
        name="a label that only looks internationalised",
        world=World(records="xn--a.example A 192.0.2.80"),
        case=about("xn--a.example"),
        codes=says("DOMAIN_FOUND", "DOMAIN_XN_LABEL_INVALID"),
    ),
    Scenario(
        name="an alias of nothing",
        world=World(records="www.example.com CNAME gone.example.net\nexample.net A 192.0.2.1"),
        case=about("www.example.com"),
        codes=says("DOMAIN_ALIAS_DANGLING"),
    ),
    Scenario(
        name="signatures that do not hold",
        world=World(records=PLAIN, bogus=frozenset({"example.com"})),
        codes=says("DOMAIN_BOGUS"),
    ),
    Scenario(
        name="name servers that fail",
        world=World(records=PLAIN, faults={".example.com": Fault.SERVFAIL}),
        codes=says("DOMAIN_SERVFAIL"),
    ),
    Scenario(
        name="silent name servers",
        world=World(records=PLAIN, faults={".example.com": Fault.SILENT}),
        codes=says("DOMAIN_TIMEOUT"),
    ),
    Scenario(
        name="a resolver that refuses",
        world=World(records=PLAIN, faults={".example.com": Fault.REFUSED}),
        codes=says("DOMAIN_REFUSED"),
    ),
    Scenario(
        name="lame name servers",
        world=World(records=PLAIN, faults={".example.com": Fault.LAME}),
        codes=says("DOMAIN_UNKNOWN"),
    ),
    Scenario(
        name="truncated answers and no way over TCP",
        world=World(records=PLAIN, faults={".example.com": Fault.TRUNCATED_NO_TCP}),
        codes=says("DOMAIN_UNKNOWN"),
    ),
    Scenario(
        name="truncated answers",
        world=World(records=PLAIN, faults={".example.com": Fault.TRUNCATED}),
        codes=says("DOMAIN_FOUND"),
    ),
    Scenario(
        name="no resolver at all",
        world=World(records=PLAIN, name_servers=(NameServer(closed=True),)),
        codes=says("DOMAIN_UNKNOWN"),
    ),
    Scenario(
        name="only the SOA fails",
        world=World(records=PLAIN, faults={"example.com SOA": Fault.SERVFAIL}),
        codes=says("DOMAIN_FOUND", "DOMAIN_SERVFAIL"),
    ),
    Scenario(
        name="two kinds of failure",
        world=World(records=PLAIN, faults={"example.com SOA": Fault.SERVFAIL, "example.com NS": Fault.REFUSED}),
        codes=says("DOMAIN_SERVFAIL", "DOMAIN_REFUSED"),
    ),
    Scenario(
        name="a name that does not exist, and the question for its name servers fails",
        world=World(records=PLAIN, faults={"exmaple.com NS": Fault.SERVFAIL}),
        case=about("exmaple.com"),
        codes=says("DOMAIN_NXDOMAIN"),
    ),
    Scenario(
        name="a name that does not exist, and the question for its SOA fails",
        world=World(records=PLAIN, faults={"exmaple.com SOA": Fault.SERVFAIL}),
        case=about("exmaple.com"),
        codes=says("DOMAIN_NXDOMAIN"),
    ),
]


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inquiry, "PATIENCE", 0.6)


@pytest.mark.parametrize("scenario", SCENARIOS, ids=str)
async def test_the_check_states_exactly_what_the_world_holds(scenario: Scenario) -> None:
    await play(scenario, domain.CHECK)


def test_every_code_is_raised_in_some_world_and_not_in_all() -> None:
    assert not untested(domain.CHECK, SCENARIOS)


async def test_the_closest_existing_name_tells_a_mistyped_host_from_a_domain_that_is_gone() -> None:
    world = World(records=PLAIN)
    host = await look(world, about("a.b.example.com"), domain.CHECK)
    gone = await look(world, about("mail.exmaple.com"), domain.CHECK)
    assert host.one("DOMAIN_NXDOMAIN").closest == "example.com"
    assert gone.one("DOMAIN_NXDOMAIN").closest == "com"
    assert not gone.facts.exists


async def test_no_closest_name_is_given_where_one_in_between_could_not_be_told() -> None:
    world = World(records=PLAIN, faults={"b.example.com": Fault.SERVFAIL})
    seen = await look(world, about("a.b.example.com"), domain.CHECK)
    assert seen.one("DOMAIN_NXDOMAIN").closest is None


async def test_a_name_deeper_than_is_searched_has_no_closest_name() -> None:
    seen = await look(World(records=PLAIN), about("a.b.c.d.e.f.g.example.com"), domain.CHECK)
    assert seen.one("DOMAIN_NXDOMAIN").closest is None


async def test_what_stands_beside_an_alias_is_named() -> None:
    world = World(records="example.com CNAME host.example.net\n" + PLAIN)
    finding = (await look(world, about("example.com"), domain.CHECK)).one("DOMAIN_ALIAS_BESIDE_RECORDS")
    assert (finding.canonical, finding.beside) == ("host.example.net", ("SOA", "NS", "MX"))


async def test_an_internationalised_domain_is_shown_as_people_write_it() -> None:
    world = World(records="www.xn--bcher-kva.example A 192.0.2.80")
    seen = await look(world, about("www.bücher.example"), domain.CHECK)
    assert seen.one("DOMAIN_INTERNATIONALIZED").unicode == "www.bücher.example"


@pytest.mark.parametrize(
    ("secure", "dnssec"),
    [
        ({"org", "example.com"}, Dnssec.SECURE),
        ({"example.com"}, Dnssec.SECURE),
        ({"org"}, Dnssec.INSECURE),
        (set[str](), Dnssec.UNKNOWN),
    ],
)
async def test_unsigned_is_said_only_by_a_resolver_that_marks_signed_zones(secure: set[str], dnssec: Dnssec) -> None:
    seen = await look(World(records=PLAIN, secure=frozenset(secure)), about("example.com"), domain.CHECK)
    assert seen.facts.dnssec is dnssec
    assert seen.one("DOMAIN_FOUND").dnssec == dnssec.value


async def test_bogus_signatures_are_told_apart_from_a_domain_that_is_missing() -> None:
    seen = await look(World(records=PLAIN, bogus=frozenset({"example.com"})), about("example.com"), domain.CHECK)
    assert seen.facts == domain.DomainFacts(exists=True, dnssec=Dnssec.BOGUS)
    assert seen.verdict is Severity.PROBLEM


async def test_trouble_of_our_own_is_not_laid_at_the_door_of_the_domain() -> None:
    world = World(records=PLAIN, name_servers=(NameServer(closed=True),))
    seen = await look(world, about("example.com"), domain.CHECK)
    assert seen.one("DOMAIN_UNKNOWN").reason is Trouble.SERVER_UNREACHABLE
    assert seen.facts is None


@pytest.mark.parametrize(
    "world",
    [
        World(records="example.net A 192.0.2.1"),
        World(records=PLAIN, bogus=frozenset({"example.com"})),
        World(records=PLAIN, faults={".example.com": Fault.SERVFAIL}),
        World(records="www.example.com CNAME gone.example.net\nexample.net A 192.0.2.1"),
    ],
    ids=["gone", "bogus", "failing", "dangling"],
)
async def test_what_explains_everything_is_told_once_and_the_others_point_to_it(world: World) -> None:
    seen = await look_all(world, about("www.example.com"), [domain.CHECK, *OTHERS])
    for check in OTHERS:
        assert seen[check.name].codes == {"CHECK_SKIPPED"}
        assert seen[check.name].one("CHECK_SKIPPED").because == "domain"


async def test_an_answer_that_proves_the_domain_is_used_although_this_check_could_not_tell() -> None:
    faults = {"example.com SOA": Fault.SILENT, "example.com NS": Fault.SILENT}
    seen = await look_all(World(records=PLAIN, faults=faults), about("example.com"), [domain.CHECK, mx.CHECK])
    assert seen["domain"].codes == {"DOMAIN_TIMEOUT"}
    assert seen["mx"].codes == {"MX_FOUND", "MX_SINGLE_HOST"}
    told = {each.question: each for each in seen["mx"].evidence}
    soa = told["example.com SOA"]
    assert soa.ms is not None
    assert told["mx.example.com A"].started < soa.started + soa.ms / 1000, "it waited for this check without need"


async def test_a_failure_of_one_question_in_a_healthy_domain_stays_with_the_check_that_asked() -> None:
    world = World(records=PLAIN, faults={"example.com MX": Fault.SERVFAIL})
    seen = await look_all(world, about("example.com"), [domain.CHECK, mx.CHECK])
    assert seen["domain"].codes == {"DOMAIN_FOUND"}
    assert seen["mx"].codes == {"MX_UNKNOWN"}
