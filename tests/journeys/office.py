"""A whole office on loopback: a Slack workspace, a small internet, and the real bot between them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic import SecretStr

from bot.history import History
from bot.sandbox.internet import Internet, World
from bot.sandbox.slack import Interaction, SlackDouble
from bot.sandbox.slack_manifest import read_manifest
from bot.sandbox.slack_model import Message, SlackApp, User
from bot.settings import Settings
from bot.slack.serve import serve
from checks import ALL
from checks.network import Guard, Network

REPOSITORY = Path(__file__).parents[2]
NETWORKS = ("192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24", "2001:db8::/32")

HELPDESK = "U0HELPDESK"
JAPANESE = "U0JAPANESE"
OUTSIDE = "random"
"""A channel that the bot is not in."""


def manifest(*, optional: bool = False) -> SlackApp:
    """The app of our own manifest; without the optional scopes unless wanted."""
    app = read_manifest(REPOSITORY / "manifest.yml")
    granted = app.scopes if optional else app.scopes & {"commands", "chat:write", "users:read"}
    return SlackApp(scopes=granted, commands=app.commands, shortcuts=app.shortcuts, events=app.events)


@dataclass
class Office:
    """Everything a journey touches."""

    slack: SlackDouble
    internet: Internet
    settings: Settings
    stop: asyncio.Event = field(default_factory=asyncio.Event)
    bot: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Start the bot and wait until it is connected."""
        self.stop.clear()
        self.bot = asyncio.create_task(self._serve())
        connected = asyncio.ensure_future(self.slack.wait_for(lambda: self.slack.socket.connections or None, 15))
        done, _ = await asyncio.wait([connected, self.bot], return_when=asyncio.FIRST_COMPLETED)
        if self.bot in done:
            connected.cancel()
            self.bot.result()
        await connected

    async def finish(self) -> None:
        """Let the bot end in order, as SIGTERM does."""
        self.stop.set()
        if self.bot is not None:
            await self.bot

    async def crash(self) -> None:
        """End the bot without letting it say anything."""
        if self.bot is not None:
            self.bot.cancel()
            with suppress(asyncio.CancelledError):
                await self.bot

    async def _serve(self) -> None:
        guard = Guard.of(NETWORKS, self.internet.dial_map)
        async with Network(servers=self.internet.dns_servers, guard=guard, trust=[self.internet.ca_file]) as network:
            await serve(self.settings, network, ALL, "test", self.stop)

    async def ask(self, text: str, *, user: str = HELPDESK, channel: str = "helpdesk") -> Interaction:
        """Type a command."""
        return await self.slack.command(text, user=user, channel=channel)

    async def answered(self, channel: str = "helpdesk", parent: int = -1) -> tuple[Message, list[Message]]:
        """Wait for the end of a run: its parent message and its replies."""

        def ended() -> tuple[Message, list[Message]] | None:
            roots = [m for m in self.slack.channel(channel).roots if m.via == "api"]
            if len(roots) <= (max(parent, 0)):
                return None
            root = roots[parent]
            replies = self.slack.channel(channel).thread(root.ts)
            over = (
                bool(replies)
                and bool(replies[-1].controls)
                and bool(root.earlier)
                and "hourglass" not in str(root.blocks)
            )
            return (root, replies) if over else None

        return await self.slack.wait_for(ended, 30)

    async def whispered(self, user: str, count: int = 1, channel: str = "helpdesk") -> list[Message]:
        """Wait until somebody was told so many things alone."""

        def told() -> list[Message] | None:
            messages = self.slack.channel(channel).ephemerals(user)
            return messages if len(messages) >= count else None

        return await self.slack.wait_for(told, 20)

    @asynccontextmanager
    async def history(self) -> AsyncGenerator[History]:
        """Look into the history file while the bot is not running."""
        history = await History.open(self.settings.mailcheck_db, ALL)
        try:
            yield history
        finally:
            await history.close()


@asynccontextmanager
async def office(
    world: World,
    folder: Path,
    *,
    app: SlackApp | None = None,
    start: bool = True,
    ack_seconds: float = 3.0,
    **settings: Any,  # noqa: ANN401
) -> AsyncGenerator[Office]:
    """Set one up. ``settings`` replace those of the bot."""
    async with SlackDouble(app or manifest(), ack_seconds=ack_seconds) as slack, Internet(world) as internet:
        slack.add_user(User(HELPDESK, "helpdesk"))
        slack.add_user(User(JAPANESE, "jouhou", locale="ja-JP", tz="Asia/Tokyo", tz_offset=9 * 3600))
        slack.add_channel("helpdesk", members=[HELPDESK, JAPANESE])
        slack.add_channel(OUTSIDE, kind="private", members=[HELPDESK], with_bot=False)
        here = Office(
            slack,
            internet,
            Settings(
                slack_bot_token=SecretStr(slack.bot_token),
                slack_app_token=SecretStr(slack.app_token),
                slack_signing_secret=SecretStr(slack.signing_secret),
                slack_api_url=slack.api_url,
                mailcheck_db=folder / "history.sqlite",
                **settings,
            ),
        )
        if start:
            await here.start()
        try:
            yield here
        finally:
            await here.finish()
