"""The drift check: MX and SPF records that speak of different services."""

from __future__ import annotations

import pytest

from bot.sandbox.dns import Fault
from bot.sandbox.internet import World
from checks import drift
from checks.check import Severity
from tests.checks.scenario import Scenario, about, look, play, says, untested

MICROSOFT = "example.com MX 0 example-com.mail.protection.outlook.com\n"
GATEWAY = "example.com MX 10 eu.mimecast.com\n"
OWN = "example.com MX 10 mx.example.com\n"
INCLUDED = (
    "_spf.google.com TXT v=spf1 ip4:192.0.2.0/24 ~all\n"
    "spf.protection.outlook.com TXT v=spf1 ip4:198.51.100.0/24 -all\n"
    "_netblocks.mimecast.com TXT v=spf1 ip4:203.0.113.0/24 ~all\n"
    "spf.example.net TXT v=spf1 include:spf.protection.outlook.com ~all\n"
)


def there(name: str, mail: str, text: str, *codes: str) -> Scenario:
    records = f"{mail}{INCLUDED}example.com TXT {text}\n"
    return Scenario(name=name, world=World(records=records), codes=says(*codes))


SCENARIOS = [
    there("the same service", MICROSOFT, "v=spf1 include:spf.protection.outlook.com -all", "DRIFT_NONE"),
    there("the same service by a detour", MICROSOFT, "v=spf1 include:spf.example.net -all", "DRIFT_NONE"),
    there("the same service by a redirect", MICROSOFT, "v=spf1 redirect=spf.protection.outlook.com", "DRIFT_NONE"),
    there(
        "the old service as well",
        MICROSOFT,
        "v=spf1 include:spf.protection.outlook.com include:_spf.google.com -all",
        "DRIFT_NONE",
        "DRIFT_SPF_LEFTOVER",
    ),
    there("only the old service", MICROSOFT, "v=spf1 include:_spf.google.com -all", "DRIFT_SPF_OF_OTHER_PROVIDER"),
    there("no service at all", MICROSOFT, "v=spf1 ip4:192.0.2.1 -all", "DRIFT_SPF_LACKS_PROVIDER"),
    there("a range that may be the service's", MICROSOFT, "v=spf1 ip4:192.0.2.0/24 -all", "DRIFT_UNKNOWN"),
    there("a question that may allow anything", MICROSOFT, "v=spf1 exists:%{i}.example.org -all", "DRIFT_UNKNOWN"),
    there(
        "the service is named in order to forbid it",
        MICROSOFT,
        "v=spf1 -include:spf.protection.outlook.com -include:spf.example.net ip4:192.0.2.1 -all",
        "DRIFT_SPF_LACKS_PROVIDER",
    ),
    Scenario(
        name="a record that may name the service and is not told",
        world=World(
            records=MICROSOFT + "example.com TXT v=spf1 include:spf.example.net -all\n",
            faults={"spf.example.net": Fault.SERVFAIL},
        ),
        codes=says("DRIFT_UNKNOWN"),
    ),
    there("a service that nobody knows", "example.com MX 10 mx.example.net\n", "v=spf1 mx -all", "DRIFT_UNKNOWN"),
    there(
        "a gateway that is not listed",
        GATEWAY,
        "v=spf1 include:spf.protection.outlook.com -all",
        "DRIFT_SPF_LACKS_GATEWAY",
    ),
    there(
        "a gateway and the mailboxes behind it",
        GATEWAY,
        "v=spf1 include:_netblocks.mimecast.com include:spf.protection.outlook.com -all",
        "DRIFT_NONE",
    ),
    there("a server of one's own", OWN, "v=spf1 mx -all", "DRIFT_NOT_COMPARABLE"),
    there("no SPF record", MICROSOFT, "hello", "DRIFT_NOT_COMPARABLE"),
    there("no mail host", "example.com MX 0 .\n", "v=spf1 -all", "DRIFT_NOT_COMPARABLE"),
    Scenario(
        name="mail hosts that could not be told",
        world=World(records=MICROSOFT, faults={"example.com MX": Fault.SERVFAIL}),
        codes=says("CHECK_SKIPPED"),
    ),
]


@pytest.mark.parametrize("scenario", SCENARIOS, ids=str)
async def test_the_check_states_exactly_what_the_world_holds(scenario: Scenario) -> None:
    await play(scenario, drift.CHECK)


def test_every_code_is_raised_in_some_world_and_not_in_all() -> None:
    assert not untested(drift.CHECK, SCENARIOS)


async def test_what_could_not_be_told_is_not_passed_off_as_fine() -> None:
    unsure = there("a range", MICROSOFT, "v=spf1 ip4:192.0.2.0/24 -all")
    assert (await look(unsure.world, about("example.com"), drift.CHECK)).verdict is Severity.UNKNOWN
    nothing = there("nobody's but its own", OWN, "v=spf1 mx -all")
    assert (await look(nothing.world, about("example.com"), drift.CHECK)).verdict is Severity.OK


async def test_what_to_add_and_what_is_left_over_are_named() -> None:
    moved = there("moved", MICROSOFT, "v=spf1 include:_spf.google.com -all")
    finding = (await look(moved.world, about("example.com"), drift.CHECK)).one("DRIFT_SPF_OF_OTHER_PROVIDER")
    assert finding.include == "spf.protection.outlook.com"
    assert len(finding.others) == 1


async def test_the_facts_name_both_sides() -> None:
    moved = there("moved", MICROSOFT, "v=spf1 include:_spf.google.com -all")
    facts = (await look(moved.world, about("example.com"), drift.CHECK)).facts
    assert (facts.mx, facts.spf) == (("microsoft-365",), ("google-workspace",))
