"""``mailcheck demo``: the real bot, a Slack workspace and a small internet, all in this process and on loopback.

People in the workspace type commands; what they see is printed as it appears. Nothing is faked on the bot's side: it
connects over Socket Mode, asks DNS over UDP, talks SMTP, and keeps its history in a file that is deleted at the end.
"""

from __future__ import annotations

import asyncio
import tempfile
import time
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any

from pydantic import SecretStr
from rich.console import Console
from rich.padding import Padding
from rich.rule import Rule
from rich.text import Text

from bot import logs
from bot.run import Language
from bot.sandbox import screen, worlds
from bot.sandbox.internet import Internet
from bot.sandbox.slack import SlackDouble
from bot.sandbox.slack_model import Message, SlackApp, User
from bot.settings import Settings
from bot.slack.serve import serve
from checks.check import Check
from checks.network import Guard, Network

DOMAINS = ("healthy.example", "broken.example", "listed.example ip:203.0.113.25")
"""What is checked if nobody says otherwise: a healthy domain, a broken one, one on a blocklist."""

WORLD = "healthy.example broken.example listed.example nomail.example unreachable.example gone.example"
_ROUND_TRIP = 0.02  # seconds; a network that is near, but not on loopback
_PATIENCE = 40.0
_ASKER, _READER = "U0HELPDESK", "U0JOUHOU"
_CHANNEL = "helpdesk"
_NETWORKS = ("192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24")  # RFC 5737


async def play(domains: Sequence[str], console: Console, checks: Sequence[Check[Any]], version: str) -> int:
    """Play the demo; gives the exit code."""
    logs.set_up(quiet=True)
    started = time.monotonic()
    app = SlackApp(scopes=frozenset({"commands", "chat:write", "users:read"}))
    with tempfile.TemporaryDirectory(prefix="mailcheck-demo-") as folder:
        async with SlackDouble(app) as slack, Internet(worlds.demo(), delay=_ROUND_TRIP) as internet:
            slack.add_user(User(_ASKER, "helpdesk"))
            slack.add_user(User(_READER, "jouhou", locale="ja-JP", tz="Asia/Tokyo", tz_offset=32400))
            slack.add_channel(_CHANNEL, members=[_ASKER, _READER])
            settings = Settings(
                slack_bot_token=SecretStr(slack.bot_token),
                slack_app_token=SecretStr(slack.app_token),
                slack_api_url=slack.api_url,
                mailcheck_db=Path(folder) / "history.sqlite",
                mailcheck_lang=Language.EN,
            )
            guard = Guard.of(_NETWORKS, internet.dial_map)
            stop = asyncio.Event()
            async with Network(servers=internet.dns_servers, guard=guard, trust=[internet.ca_file]) as network:
                bot = asyncio.create_task(serve(settings, network, checks, version, stop))
                try:
                    await _scenes(slack, bot, console, list(domains) or [*DOMAINS])
                finally:
                    stop.set()
                    await bot
            questions = len(internet.queries)
    seconds = time.monotonic() - started
    console.print(Rule(style="dim"))
    console.print(
        f"The demo took {seconds:.0f} s and {questions} DNS questions, all on loopback. It knows: {WORLD}.\n"
        "Try one: mailcheck demo nomail.example   Connect a workspace: docs/slack-setup.md",
        style="dim",
        highlight=False,
    )
    return 0


async def _scenes(slack: SlackDouble, bot: asyncio.Task[None], console: Console, domains: Sequence[str]) -> None:
    await _while_alive(bot, slack.wait_for(lambda: slack.socket.connections, _PATIENCE))
    for text in domains:
        await _scene(slack, bot, console, text, _ASKER)
    first = domains[0].split()[0]
    await _scene(slack, bot, console, f"history {first}", _ASKER)
    await _scene(slack, bot, console, f"last {first}", _READER)


async def _while_alive(bot: asyncio.Task[None], waiting: Any) -> None:  # noqa: ANN401 - any awaitable
    """Wait for something the bot does, and hear of it if the bot ends instead."""
    task = asyncio.ensure_future(waiting)
    await asyncio.wait([task, bot], return_when=asyncio.FIRST_COMPLETED)
    if not task.done():
        task.cancel()
        bot.result()
        raise RuntimeError("the bot ended")
    task.result()


async def _scene(slack: SlackDouble, bot: asyncio.Task[None], console: Console, text: str, user: str) -> None:
    """Let somebody type a command, and print what appears until the answer is complete."""
    channel = slack.channel(_CHANNEL)
    console.print()
    console.print(Rule(f"#{channel.name}", style="blue", align="left"))
    console.print(Text.assemble((slack.workspace.user(user).name, "bold"), "  /mailcheck ", text))
    before = len(channel.everything)
    started = time.monotonic()
    interaction = await slack.command(text, user=user, channel=_CHANNEL)
    console.print(f"  acknowledged after {interaction.ack.milliseconds:.0f} ms", style="dim", highlight=False)
    shown = 0
    parent: Message | None = None

    def fresh() -> list[Message]:
        return [m for m in channel.everything[before + shown :] if m.via != "person"]

    while True:
        await _while_alive(bot, slack.wait_for(fresh, _PATIENCE))
        for message in fresh():
            shown += 1
            _print(message, console, time.monotonic() - started)
            if message.thread_ts is None and message.ephemeral_to is None:
                parent = message
            if message.ephemeral_to is not None:
                return
            if message.controls and parent is not None:
                await _while_alive(bot, slack.wait_for(partial(_is_over, parent), _PATIENCE))
                console.print("  the first message now reads", style="dim")
                _print(parent, console, time.monotonic() - started)
                return


def _is_over(parent: Message) -> bool:
    """Whether the parent says that nothing runs or waits any more."""
    pending = ("hourglass_flowing_sand", "white_circle")
    return not any(part.get("name") in pending for part in screen.parts(parent))


def _print(message: Message, console: Console, seconds: float) -> None:
    reply = message.thread_ts is not None
    only = "  only you can see this" if message.ephemeral_to else ""
    head = Text.assemble(("mailcheck", "bold magenta"), (f"  {seconds:4.1f} s{only}", "dim"))
    indent = 4 if reply else 2
    console.print(Padding(head, (0, 0, 0, indent)))
    bar = "┃ " if reply else "│ "
    for line in screen.lines(message):
        for row in line.wrap(console, max(40, console.width - indent - 2)) if line.plain else [Text()]:
            console.print(Padding(Text.assemble((bar, "dim"), row), (0, 0, 0, indent)))
