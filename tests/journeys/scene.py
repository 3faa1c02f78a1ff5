"""Where bots live and die: a workspace, a small internet for each of them, and one folder with their history."""

from __future__ import annotations

import asyncio
import os
import re
import signal
from collections.abc import AsyncGenerator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from bot.history import History
from bot.run import State
from bot.sandbox.dns import Fault
from bot.sandbox.internet import Internet, World
from bot.sandbox.slack import Http, Interaction, SlackDouble
from bot.sandbox.slack_model import Channel, Message, User
from checks import ALL
from tests.journeys.mortal import PATIENCE, Death, Mortal
from tests.journeys.office import HELPDESK, manifest

RECORDS = """
    example.com        MX   10 mx.example.com
    example.com        TXT  v=spf1 ip4:192.0.2.25 -all
    _dmarc.example.com TXT  v=DMARC1; p=reject
    mx.example.com     A    127.0.0.1
    *.example.com      TXT  v=spf1 -all
"""
TITLES = {"domain": "Domain", "mx": "Mail hosts (MX)", "spf": "SPF", "dmarc": "DMARC"}
IN_ANY_LANGUAGE = f"example.com only:{','.join(TITLES)}"
ASKED = f"{IN_ANY_LANGUAGE} lang:en"
LAST = {"_dmarc.example.com": Fault.SILENT}
"""Three steps end at once, and the fourth keeps the run open."""
ALL_SILENT = {".example.com": Fault.SILENT}


@dataclass
class Scene:
    """A workspace, a folder, and the bots that live and die there, each in a small internet of its own."""

    slack: SlackDouble
    folder: Path
    stack: AsyncExitStack
    settings: dict[str, str] = field(default_factory=dict[str, str])
    bot: Mortal | None = None
    over: Http | None = None
    typed: list[Interaction] = field(default_factory=list[Interaction])
    asked: int = 0
    """Runs that the bot owes an answer."""
    twice: frozenset[int] = frozenset()
    """The outbox rows that Slack did not let one know of, and that are therefore told twice."""
    again: bool = False
    """Whether Slack delivers what was typed once more after the restart."""
    earlier: int = 0
    """Runs that were in the history before and have nothing to tell."""
    state: State = State.DONE

    @property
    def path(self) -> Path:
        return self.folder / "history.sqlite"

    @property
    def channel(self) -> Channel:
        return self.slack.channel("helpdesk")

    @property
    def parents(self) -> list[Message]:
        return [message for message in self.channel.roots if message.via == "api"]

    @property
    def summaries(self) -> list[Message]:
        return [message for message in self.channel.everything if message.controls]

    async def start(self, death: Death | None = None, faults: Mapping[str, Fault] | None = None) -> Mortal:
        """Start a bot and wait until it is connected, or dead if that is its fate."""
        before = self.slack.socket.opened
        bot = await self._born(death, faults or {})
        if self.settings.get("MAILCHECK_MODE") == "http":
            line = await bot.says("listening")
            found = re.search(r"'127\.0\.0\.1', (\d+)", line)
            assert found, line
            self.over = Http(f"http://127.0.0.1:{found[1]}/slack/events")
            return bot
        connected = asyncio.ensure_future(
            self.slack.wait_for(lambda: self.slack.socket.opened > before or None, PATIENCE)
        )
        dead = asyncio.ensure_future(bot.ended())
        await asyncio.wait([connected, dead], return_when=asyncio.FIRST_COMPLETED)
        for waiting in (connected, dead):
            waiting.cancel()
        assert death is not None or not dead.done(), "".join(bot.said)
        return bot

    async def _born(self, death: Death | None, faults: Mapping[str, Fault]) -> Mortal:
        internet = await self.stack.enter_async_context(Internet(World(records=RECORDS, faults=faults)))
        servers = ",".join(f"{host}:{port}" for host, port in internet.dns_servers)
        environment = {name: os.environ[name] for name in ("PATH", "LANG") if name in os.environ} | {
            "HOME": str(self.folder),
            "SLACK_BOT_TOKEN": self.slack.bot_token,
            "SLACK_APP_TOKEN": self.slack.app_token,
            "SLACK_SIGNING_SECRET": self.slack.signing_secret,
            "SLACK_API_URL": self.slack.api_url,
            "MAILCHECK_DB": str(self.path),
            "MAILCHECK_DNS_SERVERS": servers,
            "MAILCHECK_ALLOW_NETWORKS": "127.0.0.0/8",
            **self.settings,
        }
        self.bot = await Mortal.born(("serve", "--verbose"), environment, death)
        return self.bot

    async def type(self, text: str = ASKED) -> None:
        """Type a command. Whether it is acknowledged is another matter."""
        self.asked += 1
        self.typed.append(await self.slack.command(text, user=HELPDESK, channel="helpdesk", over=self.over))

    async def kill(self) -> None:
        """Kill the bot."""
        assert self.bot is not None
        assert await self.bot.end(signal.SIGKILL) == -signal.SIGKILL, "".join(self.bot.said)

    async def dies(self) -> None:
        """Wait until the bot has met its death."""
        assert self.bot is not None
        assert await self.bot.ended() == -signal.SIGKILL, "".join(self.bot.said)

    async def stop(self) -> None:
        """Stop the bot in order."""
        assert self.bot is not None
        assert await self.bot.end(signal.SIGTERM) == 0, "".join(self.bot.said)

    @asynccontextmanager
    async def history(self) -> AsyncGenerator[History]:
        """Look into the history file, or write to it, while no bot runs."""
        history = await History.open(self.path, ALL)
        try:
            yield history
        finally:
            await history.close()


@asynccontextmanager
async def a_scene(folder: Path, *, may_look: bool = True) -> AsyncGenerator[Scene]:
    async with AsyncExitStack() as stack, SlackDouble(manifest(optional=may_look), pace=None) as slack:
        slack.add_user(User(HELPDESK, "helpdesk"))
        slack.add_channel("helpdesk", members=[HELPDESK])
        scene = Scene(slack, folder, stack)
        try:
            yield scene
        finally:
            if scene.bot is not None:
                await scene.bot.end(signal.SIGKILL)
