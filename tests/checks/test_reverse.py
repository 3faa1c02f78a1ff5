"""The reverse check: from the address to its name and back."""

from __future__ import annotations

import pytest

from bot.sandbox.dns import Fault
from bot.sandbox.internet import World
from checks import reverse
from checks.case import Case
from checks.check import Severity
from checks.network import inquiry
from checks.reverse import Why, looks_generic
from tests.checks.scenario import Scenario, Seen, about, look, play, says, untested

IP = "203.0.113.7"
BACK = "7.113.0.203.in-addr.arpa"
NAMED = f"{IP} PTR out.example.com\nout.example.com A {IP}\n"
MX = "example.com MX 10 mx.example.com\nmx.example.com A 192.0.2.25\n"
SENDING = about("example.com", sender_ip=IP)
TARGET = about(IP)

SCENARIOS = [
    Scenario(
        name="a sending address with its name",
        world=World(records=NAMED),
        case=SENDING,
        codes=says("REVERSE_CONFIRMED"),
    ),
    Scenario(name="a target with its name", world=World(records=NAMED), case=TARGET, codes=says("REVERSE_CONFIRMED")),
    Scenario(
        name="an IPv6 address with its name",
        world=World(records="2001:db8::7 PTR out.example.com\nout.example.com AAAA 2001:db8::7"),
        case=about("example.com", sender_ip="2001:db8::7"),
        codes=says("REVERSE_CONFIRMED"),
    ),
    Scenario(
        name="the second name leads back",
        world=World(records=NAMED + f"{IP} PTR a.example.com\na.example.com A 192.0.2.1"),
        case=SENDING,
        codes=says("REVERSE_CONFIRMED"),
    ),
    Scenario(
        name="one name leads back and another could not be told",
        world=World(records=NAMED + f"{IP} PTR a.example.net", faults={"a.example.net": Fault.SERVFAIL}),
        case=SENDING,
        codes=says("REVERSE_CONFIRMED"),
    ),
    Scenario(
        name="truncated answers",
        world=World(records=NAMED, faults={BACK: Fault.TRUNCATED, "out.example.com": Fault.TRUNCATED}),
        case=SENDING,
        codes=says("REVERSE_CONFIRMED"),
    ),
    Scenario(name="a sending address without a name", world=World(), case=SENDING, codes=says("REVERSE_MISSING")),
    Scenario(name="a target without a name", world=World(), case=TARGET, codes=says("REVERSE_MISSING_ON_TARGET")),
    Scenario(
        name="a name that leads elsewhere",
        world=World(records=f"{IP} PTR out.example.com\nout.example.com A 203.0.113.8"),
        case=SENDING,
        codes=says("REVERSE_UNCONFIRMED"),
    ),
    Scenario(
        name="a name that does not exist",
        world=World(records=f"{IP} PTR out.example.com"),
        case=SENDING,
        codes=says("REVERSE_UNCONFIRMED"),
    ),
    Scenario(
        name="the name of a target leads elsewhere",
        world=World(records=f"{IP} PTR out.example.com\nout.example.com A 203.0.113.8"),
        case=TARGET,
        codes=says("REVERSE_UNCONFIRMED_ON_TARGET"),
    ),
    Scenario(
        name="a name of a whole range",
        world=World(records=f"{IP} PTR 203-0-113-7.dsl.example.net\n203-0-113-7.dsl.example.net A {IP}"),
        case=SENDING,
        codes=says("REVERSE_CONFIRMED", "REVERSE_GENERIC"),
    ),
    Scenario(
        name="the question for the name fails",
        world=World(records=NAMED, faults={BACK: Fault.SERVFAIL}),
        case=SENDING,
        codes=says("REVERSE_UNKNOWN"),
    ),
    Scenario(
        name="the question for the name is never answered",
        world=World(records=NAMED, faults={BACK: Fault.SILENT}),
        case=SENDING,
        codes=says("REVERSE_UNKNOWN"),
    ),
    Scenario(
        name="the way back could not be told",
        world=World(records=NAMED, faults={"out.example.com": Fault.SERVFAIL}),
        case=SENDING,
        codes=says("REVERSE_UNKNOWN"),
    ),
    Scenario(
        name="more names than are looked up",
        world=World(records="".join(f"{IP} PTR n{n}.example.com\n" for n in range(6))),
        case=SENDING,
        codes=says("REVERSE_TOO_MANY_NAMES"),
    ),
    Scenario(
        name="as many names as are looked up",
        world=World(records="".join(f"{IP} PTR n{n}.example.com\n" for n in range(5))),
        case=SENDING,
        codes=says("REVERSE_UNCONFIRMED"),
    ),
    Scenario(
        name="a sending address inside",
        world=World(records="10.0.0.5 PTR pc.example.com"),
        case=about("example.com", sender_ip="10.0.0.5"),
        codes=says("REVERSE_PRIVATE_ADDRESS"),
    ),
    Scenario(
        name="a mail host with its name",
        world=World(records=MX + "192.0.2.25 PTR mx.example.com"),
        codes=says("REVERSE_CONFIRMED"),
    ),
    Scenario(
        name="a mail host with the name of a whole range",
        world=World(records=MX + "192.0.2.25 PTR 192-0-2-25.example.net\n192-0-2-25.example.net A 192.0.2.25"),
        codes=says("REVERSE_CONFIRMED"),
    ),
    Scenario(name="a mail host without a name", world=World(records=MX), codes=says("REVERSE_MISSING_ON_MX")),
    Scenario(
        name="a mail host whose name leads elsewhere",
        world=World(records=MX + "192.0.2.25 PTR www.example.com"),
        codes=says("REVERSE_UNCONFIRMED_ON_MX"),
    ),
    Scenario(
        name="a stated address is looked at and the mail hosts are not",
        world=World(records=MX + NAMED),
        case=SENDING,
        codes=says("REVERSE_CONFIRMED"),
    ),
    Scenario(
        name="a domain that is its own mail host",
        world=World(records="example.com A 192.0.2.80\n192.0.2.80 PTR example.com"),
        codes=says("REVERSE_CONFIRMED"),
    ),
    Scenario(
        name="a mail host with three addresses",
        world=World(records=MX + "mx.example.com A 192.0.2.26\nmx.example.com A 192.0.2.27"),
        codes=says("REVERSE_MISSING_ON_MX", "REVERSE_NOT_ALL_ADDRESSES"),
    ),
    Scenario(
        name="five mail hosts",
        world=World(
            records="".join(
                f"example.com MX {n} mx{n}.example.com\nmx{n}.example.com A 192.0.2.{n}\n" for n in range(5)
            )
        ),
        codes=says("REVERSE_MISSING_ON_MX", "REVERSE_NOT_ALL_ADDRESSES"),
    ),
    Scenario(
        name="a domain that takes no mail",
        world=World(records="example.com MX 0 ."),
        codes=says("REVERSE_NOTHING_TO_LOOK_AT"),
    ),
    Scenario(
        name="a mail host inside",
        world=World(records="example.com MX 10 mx.example.com\nmx.example.com A 10.0.0.25"),
        codes=says("REVERSE_NOTHING_TO_LOOK_AT"),
    ),
    Scenario(
        name="mail hosts that could not be told",
        world=World(records=MX, faults={"example.com MX": Fault.SERVFAIL}),
        codes=says("CHECK_SKIPPED"),
    ),
    Scenario(
        name="addresses of mail hosts that could not be told",
        world=World(records=MX, faults={"mx.example.com": Fault.SERVFAIL}),
        codes=says("CHECK_SKIPPED"),
    ),
    Scenario(
        name="a sending address stated for a domain that does not exist",
        world=World(records=f"{IP} PTR out.example.net\nout.example.net A {IP}"),
        case=about("gone.example.org", sender_ip=IP),
        codes=says("REVERSE_CONFIRMED"),
    ),
]


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inquiry, "PATIENCE", 0.6)


@pytest.mark.parametrize("scenario", SCENARIOS, ids=str)
async def test_the_check_states_exactly_what_the_world_holds(scenario: Scenario) -> None:
    await play(scenario, reverse.CHECK)


def test_every_code_is_raised_in_some_world_and_not_in_all() -> None:
    assert not untested(reverse.CHECK, SCENARIOS)


@pytest.mark.parametrize(
    ("case", "verdict"),
    [(SENDING, Severity.PROBLEM), (TARGET, Severity.WARNING), (about("example.com"), Severity.NOTICE)],
    ids=["sending", "target", "mail host"],
)
async def test_a_missing_name_weighs_as_much_as_is_known_about_the_address(case: Case, verdict: Severity) -> None:
    assert (await look(World(records=MX), case, reverse.CHECK)).verdict is verdict


def told(seen: Seen) -> list[tuple[str, Why, str | None, bool | None]]:
    return [(each.ip, each.why, each.ptr, each.forward_confirmed) for each in seen.facts.addresses]


async def test_the_facts_say_for_which_reason_an_address_was_looked_at_and_what_came_of_it() -> None:
    world = World(
        records=NAMED + "192.0.2.1 PTR elsewhere.example.com\n192.0.2.2 PTR lost.example.net",
        faults={"lost.example.net": Fault.SERVFAIL},
    )
    both = await look(world, about(IP, sender_ip="192.0.2.1"), reverse.CHECK)
    assert told(both) == [
        (IP, Why.TARGET, "out.example.com", True),
        ("192.0.2.1", Why.SENDING_IP, "elsewhere.example.com", False),
    ]
    untold = await look(world, about("192.0.2.2"), reverse.CHECK)
    assert told(untold) == [("192.0.2.2", Why.TARGET, "lost.example.net", None)]


async def test_an_address_that_is_target_and_sender_is_judged_as_the_sender() -> None:
    seen = await look(World(), about(IP, sender_ip=IP), reverse.CHECK)
    assert seen.codes == {"REVERSE_MISSING"}


async def test_what_the_resolver_of_this_network_says_of_a_private_address_is_not_asked() -> None:
    seen = await look(World(records=MX), about("example.com", sender_ip="10.0.0.5"), reverse.CHECK)
    assert not [name for name, kind in seen.queries if kind == "PTR"]
    assert seen.facts.addresses[0].forward_confirmed is None


@pytest.mark.parametrize(
    ("name", "ip"),
    [
        ("192-0-2-25.static.example.net", "192.0.2.25"),
        ("ec2-192-0-2-25.compute.example.net", "192.0.2.25"),
        ("25.2.0.192.example.net", "192.0.2.25"),
        ("host192000002025.example.net", "192.0.2.25"),
        ("c0000219.example.net", "192.0.2.25"),
        ("dynamic.example.net", "192.0.2.25"),
        ("host-25.dsl-pool.example.net", "192.0.2.25"),
        ("20010db8000000000000000000000007.example.net", "2001:db8::7"),
        ("2001-0db8-0000-0000-0000-0000-0000-0007.example.net", "2001:db8::7"),
    ],
)
def test_names_made_from_the_address_look_generic(name: str, ip: str) -> None:
    assert looks_generic(name, ip)


@pytest.mark.parametrize(
    ("name", "ip"),
    [
        ("mx1.example.com", "192.0.2.25"),
        ("mail25.example.com", "192.0.2.25"),
        ("out-192-0-2-26.example.com", "192.0.2.25"),
        ("dynamics.example.com", "192.0.2.25"),
        ("carpool.example.com", "192.0.2.25"),
        ("mail.example.com", "2001:db8::7"),
    ],
)
def test_names_that_people_gave_do_not_look_generic(name: str, ip: str) -> None:
    assert not looks_generic(name, ip)
