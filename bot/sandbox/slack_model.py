"""What a Slack workspace is made of: people, channels, messages, views, what can be seen, and the clock it lives by."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from bot.sandbox.slack_blocks import JsonObject, objects, words_in

Via: TypeAlias = Literal["person", "api", "ack", "response_url", "file"]
SeenKind: TypeAlias = Literal[
    "posted", "edited", "deleted", "ephemeral", "responded", "reacted", "view_opened", "view_updated", "view_closed",
    "home", "failed",
]  # fmt: skip


class SlackError(Exception):
    """A refusal, by Slack's error code, with the lines of ``response_metadata.messages``."""

    def __init__(self, code: str, *messages: str, **fields: str) -> None:
        super().__init__(code, *messages)
        self.code = code
        self.messages = messages
        self.fields = fields


class ManualClock:
    """A clock that stands still until it is moved. Calling it gives Unix time in seconds."""

    def __init__(self, now: float = 1_700_000_000.0) -> None:
        self._now = now

    def __call__(self) -> float:
        """Return the time."""
        return self._now

    def advance(self, seconds: float) -> None:
        """Let time pass."""
        self._now += seconds


@dataclass(frozen=True)
class SlackApp:
    """What the workspace knows of the app: its scopes, commands, shortcuts and event subscriptions."""

    scopes: frozenset[str]
    commands: frozenset[str] = frozenset({"/mailcheck"})
    shortcuts: frozenset[str] | None = None
    """Callback ids; None lets people use any."""
    events: frozenset[str] = frozenset({"app_home_opened", "app_mention", "message.im"})


@dataclass(frozen=True)
class User:
    """A member of the workspace. ``tz_offset`` is in seconds east of UTC."""

    id: str
    name: str
    locale: str = "en-GB"
    tz: str = "Europe/London"
    tz_offset: int = 0
    is_bot: bool = False
    is_restricted: bool = False
    is_ultra_restricted: bool = False
    is_stranger: bool = False


@dataclass(frozen=True)
class Content:
    """What one version of a message says."""

    text: str = ""
    blocks: tuple[JsonObject, ...] = ()
    metadata: JsonObject | None = None
    pings: tuple[str, ...] = ()
    """Everything in this version that notifies somebody: ``<!channel>``, ``<@U…>``, ``<!subteam^…>``."""
    unfurls: bool = True
    """Slack would fetch and preview the links, as ``unfurl_links`` and ``unfurl_media`` were not both false."""


@dataclass
class Message:
    """One message in a channel, or an ephemeral one if ``ephemeral_to`` names who sees it."""

    channel: str
    ts: str
    user: str
    via: Via
    content: Content
    thread_ts: str | None = None
    broadcast: bool = False
    ephemeral_to: str | None = None
    files: list[JsonObject] = field(default_factory=list[JsonObject])
    attached: dict[str, bytes] = field(default_factory=dict[str, bytes])
    """Uploaded bytes by file name."""
    reactions: dict[str, list[str]] = field(default_factory=dict[str, list[str]])
    earlier: list[Content] = field(default_factory=list[Content])
    """The versions before ``content``, oldest first."""
    deleted: bool = False

    @property
    def text(self) -> str:
        """The notification text; without blocks, the message."""
        return self.content.text

    @property
    def blocks(self) -> tuple[JsonObject, ...]:
        """The blocks of the version now shown."""
        return self.content.blocks

    @property
    def metadata(self) -> JsonObject | None:
        """The metadata of the version now shown."""
        return self.content.metadata

    @property
    def pings(self) -> tuple[str, ...]:
        """The pings of all versions."""
        return tuple(ping for version in (*self.earlier, self.content) for ping in version.pings)

    @property
    def words(self) -> str:
        """All a person reads in the version now shown, one text object a line."""
        return "\n".join(words_in(list(self.blocks))) if self.blocks else self.text

    @property
    def is_public(self) -> bool:
        """Whether everyone in the channel can read it now."""
        return self.ephemeral_to is None and not self.deleted

    @property
    def controls(self) -> list[JsonObject]:
        """The elements a person can use: buttons, menus."""
        return controls_in(self.blocks)


@dataclass
class Channel:
    """A conversation and its messages in order of ts."""

    id: str
    name: str
    kind: Literal["public", "private", "im"] = "public"
    members: set[str] = field(default_factory=set[str])
    archived: bool = False
    ext_shared: bool = False
    everything: list[Message] = field(default_factory=list[Message])
    """Also ephemeral and deleted messages. ``add`` them, so that the indices below know."""
    _by_ts: dict[str, Message] = field(default_factory=dict[str, Message])
    _replies: dict[str, list[Message]] = field(default_factory=dict[str, list[Message]])

    def add(self, message: Message) -> None:
        """Put a message at the end."""
        self.everything.append(message)
        self._by_ts[message.ts] = message
        if message.thread_ts is not None:
            self._replies.setdefault(message.thread_ts, []).append(message)

    @property
    def messages(self) -> list[Message]:
        """What everyone in the channel can read now, threads included."""
        return [message for message in self.everything if message.is_public]

    @property
    def roots(self) -> list[Message]:
        """The messages outside threads."""
        return [message for message in self.messages if message.thread_ts is None]

    def thread(self, ts: str) -> list[Message]:
        """The replies to the message ``ts``, without it."""
        return [message for message in self._replies.get(ts, []) if message.is_public]

    def ephemerals(self, user: str | None = None) -> list[Message]:
        """What only one person sees; with ``user``, only theirs."""
        return [
            message
            for message in self.everything
            if message.ephemeral_to is not None and not message.deleted and user in (None, message.ephemeral_to)
        ]

    def find(self, ts: str) -> Message | None:
        """The message everyone can read at this ts."""
        message = self._by_ts.get(ts)
        return message if message is not None and message.is_public else None


@dataclass
class View:
    """A modal on somebody's screen, or their Home tab."""

    id: str
    user: str
    content: JsonObject
    hash: str
    root_id: str
    previous_id: str | None = None
    errors: dict[str, str] = field(default_factory=dict[str, str])
    """By block_id, what the form says is wrong with the last submission."""
    channel: str | None = None

    @property
    def words(self) -> str:
        """All a person reads in it, one text object a line."""
        return "\n".join(words_in(self.content))

    @property
    def controls(self) -> list[JsonObject]:
        """The elements a person can use outside input blocks."""
        return controls_in(objects(self.content.get("blocks")))


@dataclass(frozen=True)
class Seen:
    """Something a person could watch happen. ``at`` is Unix time in seconds."""

    kind: SeenKind
    at: float
    channel: str | None = None
    user: str | None = None
    message: Message | None = None
    view: View | None = None
    words: str = ""


@dataclass
class Hook:
    """A response_url: whose, for which channel, and the message it may replace."""

    id: str
    user: str
    channel: str
    expires: float
    origin: Message | None
    thread_ts: str | None
    uses: int = 0


def controls_in(blocks: Sequence[JsonObject]) -> list[JsonObject]:
    """Return the interactive elements of actions and section blocks, each with the ``block_id`` of its block."""
    return [
        {**element, "block_id": block.get("block_id", "")}
        for block in blocks
        for element in [*objects(block.get("elements")), *objects([block.get("accessory")])]
        if block["type"] in ("actions", "section") and "action_id" in element
    ]
