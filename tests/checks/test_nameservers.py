"""Name servers asked directly: what each says itself, and whose fault it is when one says nothing."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

import pytest

from bot.sandbox.certificates import Authority
from bot.sandbox.dns import Fault, ZoneServer
from bot.sandbox.internet import Internet, World
from checks.network import Answer, Guard, Inquiry, NameServer, Network, Trouble
from checks.network.answers import MX, NS, TXT, A, Mx, RecordType, Referral, Status
from tests.checks.scenario import NETWORKS

RECORDS = """
    example.com         NS     ns1.example.com
    example.com         NS     ns2.example.net
    ns1.example.com     A      192.0.2.51
    example.com         MX     10 mx.example.com
    www.example.com     CNAME  web.example.net
    in.example.com      CNAME  mx.example.com
    mx.example.com      A      192.0.2.25
    web.example.net     A      192.0.2.80
    *.wild.example.com  TXT    anything
"""
HERE = NameServer("ns1.example.com", "192.0.2.51")
ABOVE = NameServer("ns.nic.invalid", "192.0.2.53")
AUTHORITY = Authority()
OURS = ZoneServer(address=HERE.address, zones=("example.com",))
PARENT = ZoneServer(address=ABOVE.address, zones=("com",))
T = TypeVar("T")
SHORT = 0.3
LONG = 40.0


async def ask(
    run: Inquiry, name: str, kind: RecordType[T], *, at: NameServer = HERE, patience: float = LONG
) -> Answer[T]:
    return await run.dns(name, kind, asked_by="test", patience=patience, at=at)


@asynccontextmanager
async def asking(*servers: ZoneServer) -> AsyncGenerator[tuple[Internet, Inquiry]]:
    world = World(records=RECORDS, zone_servers=servers or (OURS, PARENT))
    async with (
        Internet(world, authority=AUTHORITY) as internet,
        Network(servers=[], guard=Guard.of(NETWORKS, dial=internet.dial_map)) as network,
    ):
        yield internet, Inquiry(network)


async def test_a_server_of_the_zone_answers_with_authority() -> None:
    async with asking() as (_, run):
        found = await ask(run, "example.com", MX)
        missing = await ask(run, "nothing.example.com", MX)
        empty = await ask(run, "mx.example.com", MX)
    assert (found.records, found.authoritative) == ((Mx(10, "mx.example.com"),), True)
    assert (missing.status, missing.authoritative) == (Status.NXDOMAIN, True)
    assert (empty.status, empty.authoritative) == (Status.NODATA, True)


async def test_somebody_who_asks_others_has_no_authority() -> None:
    async with asking(ZoneServer(address=HERE.address, authoritative=False)) as (_, run):
        answer = await ask(run, "example.com", MX)
    assert (answer.found, answer.authoritative) == (True, False)


async def test_a_server_of_the_zone_above_names_the_servers_and_their_addresses() -> None:
    async with asking() as (_, run):
        answer = await ask(run, "example.com", NS, at=ABOVE)
        evidence = run.evidence()
    assert (answer.status, answer.why) == (Status.UNKNOWN, Trouble.LAME)
    assert answer.referral is not None
    assert replace(answer.referral, servers=()) == Referral(
        zone="example.com", servers=(), addresses=(("ns1.example.com", "192.0.2.51"),)
    )
    assert {*answer.referral.servers} == {"ns1.example.com", "ns2.example.net"}
    assert {*evidence[0].answer} == {"LAME", "example.com NS ns1.example.com", "example.com NS ns2.example.net"}


async def test_an_alias_is_followed_as_far_as_the_server_knows_and_never_taken_for_nothing() -> None:
    async with asking() as (_, run):
        inside = await ask(run, "in.example.com", A)
        outside = await ask(run, "www.example.com", A)
    assert inside.records == ("192.0.2.25",)
    assert (outside.status, outside.why) == (Status.UNKNOWN, Trouble.LEADS_AWAY)
    assert (outside.aliases, outside.canonical) == (("www.example.com",), "web.example.net")


@pytest.mark.parametrize(
    ("fault", "trouble"),
    [
        (Fault.REFUSED, Trouble.REFUSED),
        (Fault.SERVFAIL, Trouble.SERVFAIL),
        (Fault.FORMERR, Trouble.FORMERR),
        (Fault.LAME, Trouble.LAME),
        (Fault.TRUNCATED_NO_TCP, Trouble.TCP_BLOCKED),
        (Fault.SILENT, Trouble.TIMEOUT),
    ],
)
async def test_what_a_server_does_instead_of_answering_is_said(fault: Fault, trouble: Trouble) -> None:
    async with asking(replace(OURS, fault=fault)) as (_, run):
        answer = await ask(run, "example.com", MX, patience=SHORT if fault is Fault.SILENT else LONG)
        (evidence,) = run.evidence()
    assert (answer.status, answer.why) == (Status.UNKNOWN, trouble)
    assert evidence.answer[0] == trouble.value.upper()


@pytest.mark.parametrize("fault", [Fault.TRUNCATED, Fault.NO_EDNS, Fault.WRONG_ID, Fault.GARBAGE])
async def test_the_right_answer_is_heard_in_spite_of(fault: Fault) -> None:
    async with asking(replace(OURS, fault=fault)) as (_, run):
        assert (await ask(run, "example.com", MX)).records == (Mx(10, "mx.example.com"),)


async def test_a_server_that_fails_is_not_asked_whether_signatures_are_to_blame() -> None:
    async with asking(replace(OURS, fault=Fault.SERVFAIL)) as (internet, run):
        assert (await ask(run, "example.com", MX)).why is Trouble.SERVFAIL
        assert len(internet.queries) == 1


async def test_a_closed_port_is_told_at_once() -> None:
    async with asking(replace(OURS, closed=True)) as (_, run), asyncio.timeout(LONG / 2):
        assert (await ask(run, "example.com", MX)).why is Trouble.CONNECTION_REFUSED


async def test_a_network_that_we_have_no_way_to_is_no_silence(monkeypatch: pytest.MonkeyPatch) -> None:
    class Unrouted(socket.socket):
        def connect(self, *_: object) -> None:
            raise OSError(101, "ENETUNREACH")

    async with asking() as (_, run):
        monkeypatch.setattr("socket.socket", Unrouted)
        assert (
            await ask(run, "example.com", MX, at=NameServer("ns6.example.com", "2001:db8::53"))
        ).why is Trouble.NETWORK_UNREACHABLE


@pytest.mark.parametrize("address", ["10.0.0.53", "127.0.0.1", "::1", "169.254.169.254", "not an address"])
async def test_a_server_inside_somebodys_network_is_not_asked(address: str) -> None:
    async with asking() as (internet, run):
        answer = await ask(run, "example.com", MX, at=NameServer("ns.example.com", address))
        assert (answer.why, answer.evidence) == (Trouble.GUARDED, 0)
        assert not internet.queries
        assert not run.evidence()


async def test_evidence_says_which_server_was_asked_where() -> None:
    async with asking() as (_, run):
        await ask(run, "example.com", MX)
        (evidence,) = run.evidence()
    assert (evidence.question, evidence.server) == ("example.com MX @ns1.example.com", "192.0.2.51")


async def test_each_server_is_asked_once_and_not_in_place_of_the_resolver() -> None:
    async with asking() as (internet, run):
        await asyncio.gather(
            ask(run, "example.com", MX), ask(run, "example.com", MX), ask(run, "example.com", MX, at=ABOVE)
        )
        assert len(internet.queries) == 2
        resolver = await run.dns("example.com", MX, asked_by="test")
        assert resolver.why is Trouble.SERVER_UNREACHABLE  # this network has none


async def test_direct_questions_count_among_those_that_a_run_may_ask(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("checks.network.inquiry.MOST_QUESTIONS", 1)
    async with asking() as (_, run):
        await ask(run, "example.com", MX)
        assert run.questions == 1
        assert (await ask(run, "example.com", NS)).why is Trouble.ENOUGH_ASKED


def descriptors() -> int:
    return sum(1 for _ in Path("/dev/fd").iterdir())


async def test_sockets_are_given_back_when_nobody_asks_any_more() -> None:
    async with asking() as (_, run):
        await ask(run, "example.com", MX)
        before = descriptors()
        await asyncio.gather(*(ask(run, f"{n}.wild.example.com", TXT) for n in range(50)))
        assert descriptors() == before
