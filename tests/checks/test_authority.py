"""The authority check: every name server asked by itself, and nobody blamed for what may be our own network."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest

from bot.sandbox.dns import Delay, Fault, NameServer, ZoneServer
from bot.sandbox.internet import Internet, World
from checks import authority, authority_servers, domain
from checks.authority import newer
from checks.authority_servers import State
from checks.check import Severity
from checks.network import Guard, Inquiry, Network, Trouble, inquiry
from checks.triage import triage
from tests.checks.scenario import NETWORKS, Scenario, about, look, look_all, play, says, untested

SERVERS = """
    example.com       NS   ns1.example.com
    example.com       NS   ns2.example.net
    ns1.example.com   A    192.0.2.51
    ns2.example.net   A    192.0.2.52
"""
MAIL = """
    example.com         MX   10 mx.example.com
    example.com         TXT  v=spf1 mx -all
    _dmarc.example.com  TXT  v=DMARC1; p=reject
    mx.example.com      A    192.0.2.25
"""
ZONE = SERVERS + MAIL
NOWHERE = "example.com NS ns1.example.com\nexample.com NS ns2.example.net\n"
"""Servers without addresses."""
NEW_MX = ZONE.replace("10 mx.example.com", "10 new.example.com")
NEW_SPF = ZONE.replace("v=spf1 mx -all", "v=spf1 mx ~all")
NEW_DMARC = ZONE.replace("p=reject", "p=none")
WITHOUT_DMARC = "\n".join(line for line in ZONE.splitlines() if "_dmarc" not in line)
ALIASED = ZONE.replace("_dmarc.example.com  TXT  v=DMARC1; p=reject", "_dmarc.example.com CNAME example._d.example.net")
ONE = ZoneServer(address="192.0.2.51", zones=("example.com",))
TWO = ZoneServer(address="192.0.2.52", zones=("example.com",))
PARENT = ZoneServer(address="192.0.2.53", zones=("com",))


def soa(serial: int) -> str:
    return f"example.com SOA ns1.example.com host.example.com {serial} 3600 600 86400 60\n"


def world(*servers: ZoneServer, records: str = ZONE, faults: Mapping[str, Fault | Delay] | None = None) -> World:
    return World(records=records, zone_servers=servers, faults=faults or {})


def says_of(server: ZoneServer, records: str) -> ZoneServer:
    return replace(server, records=records)


def failing(server: ZoneServer, fault: Fault) -> ZoneServer:
    return replace(server, fault=fault)


FAILS = {".example.com": Fault.SERVFAIL}
DEAD = (says_of(failing(ONE, Fault.REFUSED), ZONE), says_of(failing(TWO, Fault.SILENT), ZONE))
"""Servers of the zone of which none serves it; they have records of their own so as to have faults of their own."""
ABOVE = says_of(PARENT, ZONE)

SCENARIOS = [
    Scenario(name="two servers that agree", world=world(ONE, TWO, PARENT), codes=says("AUTHORITY_AGREE")),
    Scenario(
        name="a name inside the zone",
        world=world(ONE, TWO, PARENT),
        case=about("mx.example.com"),
        codes=says("AUTHORITY_AGREE"),
    ),
    *(
        Scenario(
            name=f"a zone kept at {company}",
            world=World(
                records=f"{MAIL}{server} A 192.0.2.53\nns.example.org A 192.0.2.53\n"
                f"example.com NS {server}\nexample.com NS ns.example.org"
            ),
            codes=says("AUTHORITY_AGREE", "AUTHORITY_DNS_HOST"),
        )
        for company, server in (
            ("Hostinger", "ns1.dns-parking.com"),
            ("Sakura", "ns1.dns.ne.jp"),
            ("Cloudflare", "amy.ns.cloudflare.com"),
        )
    ),
    Scenario(
        name="one server",
        world=World(records=MAIL),
        codes=says("AUTHORITY_AGREE", "AUTHORITY_SINGLE_SERVER"),
    ),
    Scenario(
        name="a server that only has IPv6",
        world=world(
            ONE,
            replace(TWO, address="2001:db8::52"),
            PARENT,
            records=ZONE.replace("A    192.0.2.52", "AAAA 2001:db8::52"),
        ),
        codes=says("AUTHORITY_AGREE"),
    ),
    *(
        Scenario(
            name=f"a server that is lame: {fault.name}",
            world=world(ONE, failing(TWO, fault), PARENT),
            codes=says("AUTHORITY_SERVER_LAME"),
        )
        for fault in (Fault.REFUSED, Fault.SERVFAIL, Fault.FORMERR, Fault.LAME)
    ),
    Scenario(
        name="a server that does not have the zone",
        world=world(ONE, replace(TWO, zones=("example.org",)), PARENT),
        codes=says("AUTHORITY_SERVER_LAME"),
    ),
    Scenario(
        name="a server without authority",
        world=world(ONE, replace(TWO, zones=(), authoritative=False), PARENT),
        codes=says("AUTHORITY_SERVER_LAME"),
    ),
    Scenario(
        name="a silent server",
        world=world(ONE, failing(TWO, Fault.SILENT), PARENT),
        codes=says("AUTHORITY_SERVER_SILENT"),
    ),
    Scenario(
        name="a server whose port is closed",
        world=world(ONE, replace(TWO, closed=True), PARENT),
        codes=says("AUTHORITY_SERVER_SILENT"),
    ),
    Scenario(
        name="a server without an address",
        world=world(ONE, PARENT, records=ZONE.replace("ns2.example.net   A    192.0.2.52", "")),
        codes=says("AUTHORITY_SERVER_NO_ADDRESS"),
    ),
    Scenario(
        name="a server inside somebody's network",
        world=world(ONE, PARENT, records=ZONE.replace("192.0.2.52", "10.0.0.52")),
        codes=says("AUTHORITY_SERVER_PRIVATE"),
    ),
    Scenario(
        name="a server whose address could not be told",
        world=world(ONE, TWO, PARENT, faults={"ns2.example.net": Fault.REFUSED}),
        codes=says("AUTHORITY_UNKNOWN"),
    ),
    Scenario(
        name="a server that fails for one record",
        world=world(ONE, TWO, PARENT, faults={"example.com MX": Fault.SERVFAIL}),
        codes=says("AUTHORITY_UNKNOWN"),
    ),
    Scenario(
        name="long answers that do not come by TCP",
        world=world(
            says_of(ONE, ZONE + "example.com TXT " + "x" * 3000),
            replace(says_of(TWO, ZONE + "example.com TXT " + "x" * 3000), tcp=False),
            PARENT,
        ),
        codes=says("AUTHORITY_TCP_BLOCKED"),
    ),
    Scenario(
        name="no server answers, and the resolver has answers",
        world=world(failing(ONE, Fault.SILENT), failing(TWO, Fault.SILENT), failing(PARENT, Fault.SILENT)),
        codes=says("AUTHORITY_BLOCKED_HERE"),
    ),
    Scenario(
        name="somebody in the way answers for all servers",
        world=world(
            *(replace(each, zones=(), authoritative=False) for each in (ONE, TWO, PARENT)),
        ),
        codes=says("AUTHORITY_BLOCKED_HERE"),
    ),
    Scenario(
        name="no server serves the zone, and the zone above proves that we can ask",
        world=world(failing(ONE, Fault.REFUSED), failing(TWO, Fault.REFUSED), PARENT),
        codes=says("AUTHORITY_SERVER_LAME"),
    ),
    Scenario(
        name="no server answers, and the zone above proves that we can ask",
        world=world(failing(ONE, Fault.SILENT), replace(TWO, closed=True), PARENT),
        codes=says("AUTHORITY_SERVER_SILENT"),
    ),
    Scenario(
        name="no server has an address, for which nobody needs to be asked directly",
        world=world(failing(PARENT, Fault.SILENT), records=MAIL + NOWHERE),
        codes=says("AUTHORITY_SERVER_NO_ADDRESS"),
    ),
    Scenario(
        name="one server has no address, the other is inside somebody's network",
        world=world(failing(PARENT, Fault.SILENT), records=MAIL + NOWHERE + "ns1.example.com A 10.0.0.51"),
        codes=says("AUTHORITY_SERVER_NO_ADDRESS", "AUTHORITY_SERVER_PRIVATE"),
    ),
    Scenario(
        name="one server has no address, the other does not answer",
        world=world(
            failing(ONE, Fault.SILENT),
            failing(PARENT, Fault.SILENT),
            records=MAIL + NOWHERE + "ns1.example.com A 192.0.2.51",
        ),
        codes=says("AUTHORITY_SERVER_NO_ADDRESS", "AUTHORITY_BLOCKED_HERE"),
    ),
    Scenario(
        name="the domain does not resolve, and none of its servers has it",
        world=world(*DEAD, ABOVE, faults=FAILS),
        codes=says("AUTHORITY_NO_SERVER_ANSWERS", "AUTHORITY_SERVER_LAME", "AUTHORITY_SERVER_SILENT"),
    ),
    Scenario(
        name="a subdomain does not resolve because the zone above it does not",
        world=world(*DEAD, ABOVE, faults=FAILS),
        case=about("sub.example.com"),
        codes=says("AUTHORITY_NO_SERVER_ANSWERS", "AUTHORITY_SERVER_LAME", "AUTHORITY_SERVER_SILENT"),
    ),
    Scenario(
        name="the domain does not resolve, and one of its servers has it",
        world=world(DEAD[0], says_of(TWO, ZONE), ABOVE, faults=FAILS),
        codes=says("AUTHORITY_RESOLVER_FAILS", "AUTHORITY_SERVER_LAME"),
    ),
    Scenario(
        name="the domain does not resolve, and the zone above cannot be asked",
        world=world(*DEAD, failing(ABOVE, Fault.SILENT), faults=FAILS),
        codes=says("AUTHORITY_UNKNOWN"),
    ),
    Scenario(
        name="the domain does not resolve, and a server cannot be asked",
        world=world(
            DEAD[0],
            says_of(PARENT, ZONE.replace("ns2.example.net", "ns2.example.org")),
            faults={**FAILS, "ns2.example.org": Fault.REFUSED},
        ),
        codes=says("AUTHORITY_SERVER_LAME", "AUTHORITY_UNKNOWN"),
    ),
    Scenario(
        name="no resolver at all",
        world=replace(world(ONE, TWO, PARENT), name_servers=(NameServer(closed=True),)),
        codes=says("AUTHORITY_UNKNOWN"),
    ),
    Scenario(
        name="a zone that the zone above does not know",
        world=world(ONE, TWO, says_of(PARENT, "example.org A 192.0.2.1\ncom NS ns.nic.invalid")),
        codes=says("AUTHORITY_NOT_DELEGATED"),
    ),
    Scenario(
        name="somebody in the way says that there is no such zone",
        world=world(ONE, TWO, replace(says_of(PARENT, "example.org A 192.0.2.1"), zones=(), authoritative=False)),
        codes=says("AUTHORITY_AGREE"),
    ),
    Scenario(
        name="other servers above than in the zone",
        world=world(ONE, TWO, says_of(PARENT, ZONE.replace("ns2.example.net", "old.example.net"))),
        codes=says("AUTHORITY_DELEGATION_DIFFERS", "AUTHORITY_SERVER_NO_ADDRESS"),
    ),
    Scenario(
        name="another server above that serves the zone",
        world=world(
            ONE,
            TWO,
            ZoneServer(address="192.0.2.54", zones=("example.com",)),
            says_of(PARENT, ZONE + "example.com NS ns4.example.net"),
            records=ZONE + "ns4.example.net A 192.0.2.54",
        ),
        codes=says("AUTHORITY_DELEGATION_DIFFERS", "AUTHORITY_AGREE"),
    ),
    *(
        Scenario(
            name=f"an MX record that may be kept for {ttl} seconds",
            world=World(records=SERVERS + MAIL.replace("MX   10", f"{ttl} MX 10"), zone_servers=(ONE, TWO, PARENT)),
            codes=says("AUTHORITY_AGREE", code) if code else says("AUTHORITY_AGREE"),
        )
        for ttl, code in (
            (59, "AUTHORITY_TTL_SHORT"),
            (60, ""),
            (172800, ""),
            (172801, "AUTHORITY_TTL_LONG"),
        )
    ),
    Scenario(
        name="serials that differ",
        world=world(says_of(ONE, soa(8) + ZONE), says_of(TWO, soa(7) + ZONE), PARENT, records=soa(7) + ZONE),
        codes=says("AUTHORITY_SERIALS_DIFFER", "AUTHORITY_AGREE"),
    ),
    Scenario(
        name="a new MX on one server",
        world=world(says_of(ONE, soa(8) + NEW_MX), says_of(TWO, soa(7) + ZONE), PARENT),
        codes=says("AUTHORITY_SERIALS_DIFFER", "AUTHORITY_MX_DIFFERS"),
    ),
    Scenario(
        name="a new SPF record on one server",
        world=world(says_of(ONE, NEW_SPF), says_of(TWO, ZONE), PARENT),
        codes=says("AUTHORITY_SPF_DIFFERS"),
    ),
    Scenario(
        name="a new DMARC record on one server",
        world=world(says_of(ONE, NEW_DMARC), says_of(TWO, ZONE), PARENT),
        codes=says("AUTHORITY_DMARC_DIFFERS"),
    ),
    Scenario(
        name="no DMARC record on one server",
        world=world(says_of(ONE, WITHOUT_DMARC), says_of(TWO, ZONE), PARENT),
        codes=says("AUTHORITY_DMARC_DIFFERS"),
    ),
    Scenario(
        name="another text that is not SPF on one server",
        world=world(says_of(ONE, ZONE + "example.com TXT proof=1"), says_of(TWO, ZONE), PARENT),
        codes=says("AUTHORITY_AGREE"),
    ),
    *(
        Scenario(
            name=f"a change that the resolver does not know yet: {name}",
            world=world(says_of(ONE, new), says_of(TWO, new), PARENT, records=old),
            codes=says("AUTHORITY_CACHE_DIFFERS", "AUTHORITY_AGREE"),
        )
        for name, old, new in (
            ("MX", ZONE, NEW_MX),
            ("SPF", ZONE, NEW_SPF),
            ("DMARC", ZONE, NEW_DMARC),
            ("DMARC made", WITHOUT_DMARC, ZONE),
            ("DMARC made an alias", ZONE, ALIASED),
        )
    ),
    Scenario(
        name="DMARC by an alias that leads out of the zone",
        world=world(
            says_of(ONE, ALIASED),
            says_of(TWO, ALIASED),
            PARENT,
            records=ALIASED + "example._d.example.net TXT v=DMARC1; p=reject",
        ),
        codes=says("AUTHORITY_AGREE"),
    ),
    Scenario(
        name="DMARC by an alias on one server and by a record on the other",
        world=world(says_of(ONE, ALIASED), says_of(TWO, ZONE), PARENT),
        codes=says("AUTHORITY_DMARC_DIFFERS"),
    ),
]


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inquiry, "PATIENCE", 0.6)
    monkeypatch.setattr(authority_servers, "_PATIENCE", 0.6)


@pytest.mark.parametrize("scenario", SCENARIOS, ids=str)
async def test_the_check_states_exactly_what_the_world_holds(scenario: Scenario) -> None:
    await play(scenario, authority.CHECK)


def test_every_code_is_raised_in_some_world_and_not_in_all() -> None:
    assert not untested(authority.CHECK, SCENARIOS)


async def test_nobody_is_blamed_while_no_direct_question_gets_through() -> None:
    seen = await look(
        world(failing(ONE, Fault.REFUSED), failing(TWO, Fault.SILENT), failing(PARENT, Fault.REFUSED)),
        about("example.com"),
        authority.CHECK,
    )
    assert seen.verdict is Severity.UNKNOWN
    assert seen.one("AUTHORITY_BLOCKED_HERE").servers == ("ns1.example.com", "ns2.example.net")


async def test_no_server_is_said_to_answer_only_if_every_one_was_asked() -> None:
    many = "".join(f"example.com NS ns{n}.example.org\n" for n in range(3 * authority.MOST_SERVERS))
    seen = await look(world(says_of(PARENT, many), faults=FAILS), about("example.com"), authority.CHECK)
    assert seen.codes == {"AUTHORITY_SERVER_NO_ADDRESS"}


async def test_each_server_is_named_in_the_evidence_of_what_it_said() -> None:
    seen = await look(world(ONE, TWO, PARENT), about("example.com"), authority.CHECK)
    direct = {(each.question, each.server) for each in seen.evidence if "SOA @" in each.question}
    assert direct == {
        ("example.com SOA @ns1.example.com", "192.0.2.51"),
        ("example.com SOA @ns2.example.net", "192.0.2.52"),
    }
    cited = {each.question for each in seen.evidence if each.number in seen.one("AUTHORITY_AGREE").evidence}
    assert cited == {question for question, _ in direct}


async def test_only_who_serves_a_top_level_domain_may_be_an_hour_old() -> None:
    records = ZONE + "sub.example.com NS ns3.example.net\nns3.example.net A 192.0.2.54\n"
    there = world(ONE, TWO, ZoneServer(address="192.0.2.54", zones=("sub.example.com",)), PARENT, records=records)
    heard: dict[str, set[str]] = {}
    for name in ("example.com", "sub.example.com"):
        async with (
            Internet(there) as internet,
            Network(servers=internet.dns_servers, guard=Guard.of(NETWORKS, dial=internet.dial_map)) as network,
        ):
            run = Inquiry(network)
            _ = [each async for each in triage(about(name), [authority.CHECK], run)]
            await run.close()
            assert any(f"{name} NS @" in each.question for each in run.evidence()), "the zone above was asked"
            heard[name] = {question for question, _ in network.heard if question.count(".") > 0}
    assert heard == {"example.com": {"ns.nic.invalid"}, "sub.example.com": set()}


async def test_which_server_says_what_is_told_line_by_line() -> None:
    seen = await look(world(says_of(ONE, NEW_MX), says_of(TWO, ZONE), PARENT), about("example.com"), authority.CHECK)
    assert seen.one("AUTHORITY_MX_DIFFERS").answers == (
        "ns1.example.com: 10 new.example.com",
        "ns2.example.net: 10 mx.example.com",
    )


async def test_how_long_caches_keep_the_old_record_is_the_time_the_resolver_gave() -> None:
    old = ZONE.replace("example.com         MX   10", "example.com 1234 MX 10")
    seen = await look(
        world(says_of(ONE, NEW_MX), says_of(TWO, NEW_MX), PARENT, records=old), about("example.com"), authority.CHECK
    )
    finding = seen.one("AUTHORITY_CACHE_DIFFERS")
    assert (finding.record, finding.left) == ("MX", 1234)
    assert (finding.cached, finding.current) == (("10 mx.example.com",), ("10 new.example.com",))


async def test_that_there_was_nothing_is_kept_as_long_as_the_soa_record_says() -> None:
    seen = await look(
        world(says_of(ONE, ZONE), says_of(TWO, ZONE), PARENT, records=WITHOUT_DMARC),
        about("example.com"),
        authority.CHECK,
    )
    finding = seen.one("AUTHORITY_CACHE_DIFFERS")
    assert (finding.record, finding.left, finding.cached) == ("DMARC", 60, ("NODATA",))


async def test_the_facts_hold_zone_servers_and_serials() -> None:
    servers = (says_of(ONE, soa(8) + ZONE), failing(TWO, Fault.REFUSED), PARENT)
    seen = await look(world(*servers, records=soa(7) + ZONE), about("mx.example.com"), authority.CHECK)
    assert seen.facts.zone == "example.com"
    assert [(each.name, each.address, each.state, each.serial) for each in seen.facts.servers] == [
        ("ns1.example.com", "192.0.2.51", State.GOOD, 8),
        ("ns2.example.net", "192.0.2.52", State.LAME, None),
    ]


async def test_at_most_four_servers_of_a_zone_that_works_are_asked() -> None:
    names = [f"ns{n}.example.org" for n in range(6)]
    lines = "".join(f"example.com NS {name}\n{name} A 192.0.2.{50 + n}\n" for n, name in enumerate(names))
    servers = tuple(ZoneServer(address=f"192.0.2.{50 + n}", zones=("example.com",)) for n in (0, 1, 2, 4, 5))
    seen = await look(
        world(*servers, ZoneServer(address="192.0.2.53"), records=lines + MAIL), about("example.com"), authority.CHECK
    )
    agree = seen.one("AUTHORITY_AGREE")
    assert (agree.servers, agree.total) == (tuple(names[:4]), 6)
    assert len([each for each in seen.evidence if each.question.startswith("example.com SOA @")]) == 4


async def test_what_is_wrong_with_the_domain_itself_is_left_to_the_domain_check() -> None:
    for case, records, bogus in (
        (about("gone.example.com"), ZONE, frozenset[str]()),
        (about("example.com"), ZONE, frozenset({"example.com"})),
    ):
        there = replace(world(ONE, TWO, PARENT, records=records), bogus=bogus)
        seen = await look_all(there, case, [domain.CHECK, authority.CHECK])
        assert seen["authority"].codes == {"CHECK_SKIPPED"}
        assert seen["authority"].one("CHECK_SKIPPED").because == "domain"


async def test_a_server_that_gives_no_reason_is_lame_without_one() -> None:
    there = world(ONE, replace(TWO, zones=(), authoritative=False), PARENT)
    assert (await look(there, about("example.com"), authority.CHECK)).one("AUTHORITY_SERVER_LAME").reason is None
    there = world(ONE, failing(TWO, Fault.LAME), PARENT)
    seen = await look(there, about("example.com"), authority.CHECK)
    assert seen.one("AUTHORITY_SERVER_LAME").reason is Trouble.LAME


@pytest.mark.parametrize(
    ("serial", "than", "is_newer"),
    [(2, 1, True), (1, 2, False), (1, 1, False), (0, 2**32 - 1, True), (2**32 - 1, 0, False), (2**31, 0, False)],
)
def test_serials_go_round_in_a_circle(serial: int, than: int, is_newer: bool) -> None:
    assert newer(serial, than) is is_newer
