"""The mx check: where mail goes, and what of it the internet can reach."""

from __future__ import annotations

import pytest

from bot.sandbox.dns import Fault
from bot.sandbox.internet import World
from checks import mx
from checks.check import IpAddress
from checks.network import inquiry
from tests.checks.scenario import Scenario, about, look, play, says, untested

HOST = "mx.example.com A 192.0.2.25\n"
PLAIN = "example.com MX 10 mx.example.com\n" + HOST
MANY = "".join(f"example.com MX {n} mx{n}.example.com\nmx{n}.example.com A 192.0.2.{n}\n" for n in range(1, 13))

SCENARIOS = [
    Scenario(name="one host", world=World(records=PLAIN), codes=says("MX_FOUND", "MX_SINGLE_HOST")),
    Scenario(
        name="a host that only has IPv6",
        world=World(records="example.com MX 10 mx.example.com\nmx.example.com AAAA 2001:db8::25"),
        codes=says("MX_FOUND", "MX_SINGLE_HOST"),
    ),
    Scenario(
        name="truncated answers",
        world=World(records=PLAIN, faults={".example.com": Fault.TRUNCATED}),
        codes=says("MX_FOUND", "MX_SINGLE_HOST"),
    ),
    Scenario(
        name="two hosts of the same preference",
        world=World(records=PLAIN + "example.com MX 10 mx2.example.com\nmx2.example.com A 192.0.2.26"),
        codes=says("MX_FOUND", "MX_EQUAL_PREFERENCES"),
    ),
    Scenario(
        name="one host with two addresses",
        world=World(records=PLAIN + "mx.example.com A 192.0.2.26"),
        codes=says("MX_FOUND"),
    ),
    Scenario(name="no MX record", world=World(records="example.com A 192.0.2.80"), codes=says("MX_IMPLICIT")),
    Scenario(
        name="no MX record and an address inside",
        world=World(records="example.com A 10.0.0.80"),
        codes=says("MX_IMPLICIT", "MX_PRIVATE_ADDRESS", "MX_NO_USABLE_HOST"),
    ),
    Scenario(
        name="no MX record, and one address that is reachable",
        world=World(records="example.com A 10.0.0.80\nexample.com A 192.0.2.80"),
        codes=says("MX_IMPLICIT", "MX_PRIVATE_ADDRESS"),
    ),
    Scenario(name="nowhere to go", world=World(records="example.com TXT nothing"), codes=says("MX_NONE")),
    Scenario(
        name="no MX record, and the address could not be told",
        world=World(records="example.com TXT x", faults={"example.com A": Fault.SERVFAIL}),
        codes=says("MX_UNKNOWN"),
    ),
    Scenario(name="a null MX", world=World(records="example.com MX 0 ."), codes=says("MX_NULL")),
    Scenario(
        name="a null MX with a preference",
        world=World(records="example.com MX 10 ."),
        codes=says("MX_NULL", "MX_NULL_PREFERENCE"),
    ),
    Scenario(
        name="a null MX beside a host",
        world=World(records="example.com MX 0 .\n" + PLAIN),
        codes=says("MX_FOUND", "MX_SINGLE_HOST", "MX_NULL_WITH_OTHERS"),
    ),
    Scenario(
        name="a host that is an alias",
        world=World(
            records="example.com MX 10 mail.example.com\nmail.example.com CNAME mx.example.net\n"
            "mx.example.net A 192.0.2.25"
        ),
        codes=says("MX_FOUND", "MX_SINGLE_HOST", "MX_IS_ALIAS"),
    ),
    Scenario(
        name="an alias of nothing",
        world=World(records=PLAIN + "example.com MX 20 old.example.com\nold.example.com CNAME gone.example.com"),
        codes=says("MX_FOUND", "MX_IS_ALIAS", "MX_HOST_NOT_FOUND"),
    ),
    Scenario(
        name="one of two hosts does not exist",
        world=World(records=PLAIN + "example.com MX 20 old.example.com"),
        codes=says("MX_FOUND", "MX_HOST_NOT_FOUND"),
    ),
    Scenario(
        name="the only host does not exist",
        world=World(records="example.com MX 10 mx.example.com"),
        codes=says("MX_NO_USABLE_HOST", "MX_HOST_NOT_FOUND"),
    ),
    Scenario(
        name="a final dot left out",
        world=World(records="example.com MX 10 mx.example.com.example.com\n" + HOST),
        codes=says("MX_NO_USABLE_HOST", "MX_NAME_DOUBLED"),
    ),
    Scenario(
        name="the domain itself doubled",
        world=World(records="example.com MX 10 example.com.example.com\nexample.com A 192.0.2.1"),
        codes=says("MX_NO_USABLE_HOST", "MX_NAME_DOUBLED"),
    ),
    Scenario(
        name="a doubled name that does exist",
        world=World(records="example.com MX 10 mx.example.com.example.com\n*.com.example.com A 192.0.2.25"),
        codes=says("MX_FOUND", "MX_SINGLE_HOST"),
    ),
    Scenario(
        name="an address in place of a name",
        world=World(records="example.com MX 10 192.0.2.25"),
        codes=says("MX_NO_USABLE_HOST", "MX_IS_ADDRESS"),
    ),
    Scenario(
        name="a leftover of a verification",
        world=World(records=PLAIN + "example.com MX 32767 ms12345678.msv1.invalid"),
        codes=says("MX_FOUND", "MX_VERIFICATION_LEFTOVER"),
    ),
    *(
        Scenario(
            name=f"a host at {address}",
            world=World(records=f"example.com MX 10 mx.example.com\nmx.example.com {kind} {address}"),
            codes=says("MX_NO_USABLE_HOST", "MX_PRIVATE_ADDRESS"),
        )
        for kind, address in [
            ("A", "10.1.2.3"),
            ("A", "127.0.0.1"),
            ("A", "169.254.169.254"),
            ("A", "100.64.0.1"),
            ("A", "0.0.0.0"),
            ("AAAA", "::1"),
            ("AAAA", "fd00::25"),
            ("AAAA", "fe80::25"),
        ]
    ),
    Scenario(
        name="a host inside and outside",
        world=World(records=PLAIN + "mx.example.com A 192.168.1.25"),
        codes=says("MX_FOUND", "MX_PRIVATE_ADDRESS"),
    ),
    Scenario(name="twelve hosts", world=World(records=MANY), codes=says("MX_FOUND", "MX_NOT_ALL_HOSTS")),
    Scenario(
        name="twelve hosts of which the first ten do not exist",
        world=World(records="".join(f"example.com MX {n} mx{n}.example.com\n" for n in range(10, 22)) + HOST),
        codes=says("MX_HOST_NOT_FOUND", "MX_NOT_ALL_HOSTS"),
    ),
    Scenario(
        name="the MX question fails",
        world=World(records=PLAIN, faults={"example.com MX": Fault.SERVFAIL}),
        codes=says("MX_UNKNOWN"),
    ),
    Scenario(
        name="the MX question is never answered",
        world=World(records=PLAIN, faults={"example.com MX": Fault.SILENT}),
        codes=says("MX_UNKNOWN"),
    ),
    Scenario(
        name="a truncated MX answer and no way over TCP",
        world=World(records=PLAIN, faults={"example.com MX": Fault.TRUNCATED_NO_TCP}),
        codes=says("MX_UNKNOWN"),
    ),
    Scenario(
        name="the addresses of the only host fail",
        world=World(records=PLAIN, faults={"mx.example.com": Fault.SERVFAIL}),
        codes=says("MX_ADDRESS_UNKNOWN"),
    ),
    Scenario(
        name="only the IPv6 question of a host fails",
        world=World(records=PLAIN, faults={"mx.example.com AAAA": Fault.SERVFAIL}),
        codes=says("MX_FOUND", "MX_ADDRESS_UNKNOWN"),
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
    await play(scenario, mx.CHECK)


def test_every_code_is_raised_in_some_world_and_not_in_all() -> None:
    assert not untested(mx.CHECK, SCENARIOS)


async def test_the_facts_list_the_hosts_best_first_with_their_addresses() -> None:
    records = (
        PLAIN + "example.com MX 5 first.example.com\nfirst.example.com A 192.0.2.5\nmx.example.com AAAA 2001:db8::1"
    )
    seen = await look(World(records=records), about("example.com"), mx.CHECK)
    assert [(host.preference, host.name, host.addresses) for host in seen.facts.hosts] == [
        (5, "first.example.com", ("192.0.2.5",)),
        (10, "mx.example.com", ("192.0.2.25", "2001:db8::1")),
    ]
    assert not seen.facts.null_mx
    assert not seen.facts.implicit


async def test_a_host_listed_twice_is_looked_at_once_at_its_better_preference() -> None:
    seen = await look(World(records=PLAIN + "example.com MX 5 mx.example.com"), about("example.com"), mx.CHECK)
    assert [(host.preference, host.name) for host in seen.facts.hosts] == [(5, "mx.example.com")]


async def test_hosts_left_out_are_counted() -> None:
    seen = await look(World(records=MANY), about("example.com"), mx.CHECK)
    assert (seen.one("MX_NOT_ALL_HOSTS").left_out, len(seen.facts.hosts)) == (2, 10)


async def test_hosts_with_the_same_trouble_share_one_finding() -> None:
    faults = {"mx1.example.com": Fault.SERVFAIL, "mx2.example.com": Fault.SERVFAIL, "mx3.example.com": Fault.REFUSED}
    seen = await look(World(records=MANY, faults=faults), about("example.com"), mx.CHECK)
    told = {finding.reason: finding.hosts for finding in seen.findings if isinstance(finding, mx.MxAddressUnknown)}
    assert told == {"servfail": ("mx1.example.com", "mx2.example.com"), "refused": ("mx3.example.com",)}


async def test_an_address_in_place_of_a_name_is_not_asked_for() -> None:
    seen = await look(World(records="example.com MX 10 192.0.2.25"), about("example.com"), mx.CHECK)
    assert "192.0.2.25" not in {name for name, _ in seen.queries}


def test_one_address_of_each_family_is_visited_before_a_second_of_one() -> None:
    v4, v6 = IpAddress("192.0.2.1"), IpAddress("2001:db8::1")
    assert mx.visited((v4, IpAddress("192.0.2.2"), v6)) == (v4, v6)
    assert mx.visited((v4, IpAddress("192.0.2.2"), IpAddress("192.0.2.3"))) == (v4, "192.0.2.2")
    assert mx.visited((v6,)) == (v6,)
