"""How long Slack waits for an acknowledgement while 50 runs go, and how long for 1,000 commands at once.

The bot, the workspace and the small internet share one process and one event loop, so every number here includes the
work of the workspace that asks: the bot alone is faster. On a busy machine the seconds of CPU are what compares.
"""

from __future__ import annotations

import asyncio
import resource
import statistics
import tempfile
import time
from pathlib import Path

from pydantic import SecretStr

from bot import logs
from bot.sandbox.dns import Fault
from bot.sandbox.internet import Internet, World
from bot.sandbox.slack import Interaction, SlackDouble
from bot.sandbox.slack_model import SlackApp, User
from bot.settings import Settings
from bot.slack.serve import serve
from checks import ALL
from checks.network import Guard, Network

GOING = 50
ONE_BY_ONE = 300
AT_ONCE = 1000
PER_PERSON = 10  # the rate of the bot: a minute's worth of runs
SLOW = "slow.example"  # every question below it stays without an answer, so that runs keep going


async def main() -> None:
    """Measure and print."""
    logs.set_up(quiet=True)
    app = SlackApp(scopes=frozenset({"commands", "chat:write", "users:read"}))
    world = World(faults={f".{SLOW}": Fault.SILENT})
    with tempfile.TemporaryDirectory() as folder:
        async with SlackDouble(app, pace=None, ack_seconds=30.0) as slack, Internet(world) as internet:
            people = [f"U{number:04d}" for number in range(AT_ONCE)]
            for person in people:
                slack.add_user(User(person, person.lower()))
            slack.add_channel("helpdesk", members=people)
            settings = Settings(
                slack_bot_token=SecretStr(slack.bot_token),
                slack_app_token=SecretStr(slack.app_token),
                slack_api_url=slack.api_url,
                mailcheck_db=Path(folder) / "history.sqlite",
                mailcheck_runs_at_once=GOING,
            )
            stop = asyncio.Event()
            async with Network(servers=internet.dns_servers, guard=Guard.of((), internet.dial_map)) as network:
                bot = asyncio.create_task(serve(settings, network, ALL, "benchmark", stop))
                await slack.wait_for(lambda: slack.socket.connections or None, 15)
                await measure(slack, people)
                stop.set()
                await bot
    print(f"peak memory, workspace included: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")


async def measure(slack: SlackDouble, people: list[str]) -> None:
    """Type the commands."""
    for number in range(GOING):
        person = people[number // PER_PERSON]
        accepted(await slack.command(f"d{number}.{SLOW}", user=person, channel="helpdesk"))
    alone = [
        accepted(await slack.command("history", user=person, channel="helpdesk")) for person in people[:ONE_BY_ONE]
    ]
    show(f"{ONE_BY_ONE} commands one by one while {GOING} runs go", alone)
    started, cpu = time.perf_counter(), time.process_time()
    typed = await asyncio.gather(
        *(slack.command(f"{person.lower()}.{SLOW}", user=person, channel="helpdesk") for person in people)
    )
    seconds, cpu = time.perf_counter() - started, time.process_time() - cpu
    what = f"{AT_ONCE} checks at once, all acknowledged after {seconds:.2f} s ({cpu:.2f} s of CPU)"
    show(what, [accepted(one) for one in typed])


def accepted(typed: Interaction) -> float:
    """The milliseconds until the acknowledgement; there has to be one."""
    assert typed.failure is None, typed.failure
    return typed.ack.milliseconds


def show(what: str, milliseconds: list[float]) -> None:
    """Print a row."""
    cuts = statistics.quantiles(milliseconds, n=100)
    print(f"{what}: p50 {cuts[49]:.1f} ms, p99 {cuts[98]:.1f} ms, worst {max(milliseconds):.1f} ms")


if __name__ == "__main__":
    asyncio.run(main())
