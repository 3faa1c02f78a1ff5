"""The commands for the user's desk, and what they are about."""

from __future__ import annotations

import pytest

from bot.sandbox.dns import Fault
from bot.sandbox.internet import World
from bot.sandbox.smtp import MailHost
from checks.by_hand import CHECK
from tests.checks.scenario import Scenario, about, look, play, says, untested

PUBLISHED = """
    example.com                     MX  10 mx.example.com
    mx.example.com                  A   192.0.2.25
    _submissions._tcp.example.com   SRV 0 1 465 {host}
    {host}                          A   192.0.2.27
"""
SCENARIOS = [
    Scenario(
        name="an outgoing server that answers from here",
        world=World(
            records=PUBLISHED.format(host="smtp.example.com"),
            mail=(
                MailHost(name="smtp.example.com", address="192.0.2.27", port=465, implicit_tls=True, auth=("PLAIN",)),
            ),
        ),
        codes=says("BY_HAND_COMMANDS"),
    ),
    Scenario(
        name="an outgoing server that does not answer from here",
        world=World(records=PUBLISHED.format(host="smtp.example.com")),
        codes=says("BY_HAND_TRY_THERE"),
    ),
    Scenario(
        name="no outgoing server",
        world=World(records="example.com MX 10 mx.example.com\nmx.example.com A 192.0.2.25\n"),
        codes=says("BY_HAND_NO_SERVER"),
    ),
    Scenario(
        name="the search for an outgoing server came to no end",
        world=World(records="example.com MX 10 mx.example.com\n", faults={"example.com MX": Fault.SERVFAIL}),
        codes=says("BY_HAND_SERVER_UNKNOWN"),
    ),
]


@pytest.mark.parametrize("scenario", SCENARIOS, ids=str)
async def test_states_what_the_world_holds(scenario: Scenario) -> None:
    await play(scenario, CHECK)


def test_every_code_is_raised_by_some_world_and_not_by_others() -> None:
    assert not untested(CHECK, SCENARIOS)


async def test_a_name_that_means_something_to_a_shell_gets_into_no_command() -> None:
    world = World(records=PUBLISHED.format(host=r"\036\040id\041.example.com"))  # $(id)
    seen = await look(world, about("example.com"), CHECK)
    assert seen.codes == {"BY_HAND_NO_SERVER"}
    assert any("_submissions._tcp" in question for question, _ in seen.queries)
