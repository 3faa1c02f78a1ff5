"""The authority check in front of real name servers: NSD that disagrees, NSD without the zone, and silence."""

from __future__ import annotations

import socket
from collections.abc import AsyncGenerator, Iterator, Mapping
from contextlib import ExitStack, asynccontextmanager

import pytest

from checks import authority
from checks.authority import AuthorityFacts
from checks.authority_findings import AuthorityCacheDiffers, AuthorityMxDiffers, AuthorityServerLame
from checks.authority_servers import State
from checks.case import Case, Target
from checks.check import Finding, Outcome
from checks.network import Guard, Inquiry, Network, Trouble
from checks.triage import triage
from tests.servers import real

pytestmark = pytest.mark.servers

FIRST, SECOND, ABOVE = "192.0.2.51", "192.0.2.52", "192.0.2.53"
"""Where the name servers are, as far as DNS knows."""


def zone(serial: int, mail: str) -> str:
    return (
        "$TTL 300\n"
        f"@ IN SOA ns1 hostmaster {serial} 3600 600 86400 60\n"
        "@ IN NS ns1\n"
        "@ IN NS ns2\n"
        f"ns1 IN A {FIRST}\n"
        f"ns2 IN A {SECOND}\n"
        f"@ IN MX 10 {mail}\n"
        '@ IN TXT "v=spf1 mx -all"\n'
        '_dmarc IN TXT "v=DMARC1; p=reject"\n'
    )


OLD, NEW = zone(1, "old"), zone(2, "new")
PARENT = (
    "$TTL 300\n"
    "@ IN SOA ns hostmaster 1 3600 600 86400 60\n"
    "@ IN NS ns\n"
    f"ns IN A {ABOVE}\n"
    "dead IN NS ns1.dead\n"
    "dead IN NS ns2.dead\n"
    f"ns1.dead IN A {FIRST}\n"
    f"ns2.dead IN A {SECOND}\n"
)


@pytest.fixture
def start() -> Iterator[ExitStack]:
    with ExitStack() as stack:
        yield stack


@pytest.fixture
def silence(start: ExitStack) -> real.Address:
    """A port where questions arrive and nobody reads them."""
    deaf = start.enter_context(socket.socket(socket.AF_INET, socket.SOCK_DGRAM))
    deaf.bind(("127.0.0.1", 0))
    return real.Address(*deaf.getsockname())


@asynccontextmanager
async def asking(resolver: real.Address, dial: Mapping[str, real.Address]) -> AsyncGenerator[Inquiry]:
    guard = Guard.of(["192.0.2.0/24"], {(address, 53): (to.host, to.port) for address, to in dial.items()})
    async with Network(servers=[(resolver.host, resolver.port)], guard=guard) as network:
        inquiry = Inquiry(network)
        yield inquiry
        await inquiry.close()


async def look(name: str, resolver: real.Address, dial: Mapping[str, real.Address]) -> Outcome[AuthorityFacts]:
    async with asking(resolver, dial) as inquiry:
        case = Case(target=Target(domain=name))
        [result] = [each async for each in triage(case, [authority.CHECK], inquiry)]
    return result.outcome


def one(outcome: Outcome[AuthorityFacts], code: str) -> Finding:
    [finding] = [finding for finding in outcome.findings if finding.code == code]
    return finding


async def test_two_servers_in_different_states_of_one_zone(start: ExitStack) -> None:
    first = start.enter_context(real.nsd({"spread.test": NEW}))
    second = start.enter_context(real.nsd({"spread.test": OLD}))
    resolver = start.enter_context(real.unbound(stubs={"spread.test": second}))
    outcome = await look("spread.test", resolver, {FIRST: first, SECOND: second})
    assert {finding.code for finding in outcome.findings} == {"AUTHORITY_SERIALS_DIFFER", "AUTHORITY_MX_DIFFERS"}
    differs = one(outcome, "AUTHORITY_MX_DIFFERS")
    assert isinstance(differs, AuthorityMxDiffers)
    assert differs.answers == ("ns1.spread.test: 10 new.spread.test", "ns2.spread.test: 10 old.spread.test")


async def test_a_change_that_the_resolver_does_not_know_yet(start: ExitStack) -> None:
    old = start.enter_context(real.nsd({"spread.test": OLD}))
    new = start.enter_context(real.nsd({"spread.test": NEW}))
    resolver = start.enter_context(real.unbound(stubs={"spread.test": old}))
    outcome = await look("spread.test", resolver, {FIRST: new, SECOND: new})
    kept = one(outcome, "AUTHORITY_CACHE_DIFFERS")
    assert isinstance(kept, AuthorityCacheDiffers)
    assert (kept.record, kept.cached, kept.current) == ("MX", ("10 old.spread.test",), ("10 new.spread.test",))
    assert 0 < kept.left <= 300


async def test_a_server_that_does_not_have_the_zone_and_one_that_is_silent(
    start: ExitStack, silence: real.Address
) -> None:
    good = start.enter_context(real.nsd({"spread.test": OLD}))
    lame = start.enter_context(real.nsd({"other.test": OLD}))
    resolver = start.enter_context(real.unbound(stubs={"spread.test": good}))
    refused = await look("spread.test", resolver, {FIRST: good, SECOND: lame})
    unheard = await look("spread.test", resolver, {FIRST: good, SECOND: silence})
    found = one(refused, "AUTHORITY_SERVER_LAME")
    assert isinstance(found, AuthorityServerLame)
    assert (found.servers, found.reason) == (("ns2.spread.test",), Trouble.REFUSED)
    assert {finding.code for finding in unheard.findings} == {"AUTHORITY_SERVER_SILENT"}
    assert refused.facts is not None
    assert [server.state for server in refused.facts.servers] == [State.GOOD, State.LAME]


async def test_nobody_is_blamed_where_no_direct_question_gets_through(start: ExitStack, silence: real.Address) -> None:
    good = start.enter_context(real.nsd({"spread.test": OLD}))
    resolver = start.enter_context(real.unbound(stubs={"spread.test": good}))
    outcome = await look("spread.test", resolver, {FIRST: silence, SECOND: silence})
    assert {finding.code for finding in outcome.findings} == {"AUTHORITY_BLOCKED_HERE"}


async def test_a_resolver_in_the_way_has_no_authority(start: ExitStack) -> None:
    good = start.enter_context(real.nsd({"spread.test": OLD}))
    resolver = start.enter_context(real.unbound(stubs={"spread.test": good}))
    outcome = await look("spread.test", resolver, {FIRST: resolver, SECOND: resolver})
    assert {finding.code for finding in outcome.findings} == {"AUTHORITY_BLOCKED_HERE"}


async def test_a_domain_whose_servers_are_all_dead_is_told_by_the_zone_above(
    start: ExitStack, silence: real.Address
) -> None:
    above = start.enter_context(real.nsd({"above.test": PARENT}))
    lame = start.enter_context(real.nsd({"other.test": OLD}))
    resolver = start.enter_context(real.unbound(stubs={"above.test": above, "dead.above.test": lame}))
    outcome = await look("dead.above.test", resolver, {FIRST: lame, SECOND: silence, ABOVE: above})
    assert {finding.code for finding in outcome.findings} == {
        "AUTHORITY_NO_SERVER_ANSWERS",
        "AUTHORITY_SERVER_LAME",
        "AUTHORITY_SERVER_SILENT",
    }
