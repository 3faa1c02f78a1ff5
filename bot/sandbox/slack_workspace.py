"""A Slack workspace's state, and the rules that every way of changing it shares.

No sockets here. ``slack_api`` changes it as Slack's Web API would, ``slack`` as a person would.
"""

import asyncio
import itertools
import time
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, replace
from typing import Literal, TypeVar

from bot.sandbox.slack_blocks import (
    MESSAGE_CHARACTERS,
    JsonObject,
    as_list,
    as_object,
    inspect_message,
    inspect_view,
    objects,
    pings_in,
)
from bot.sandbox.slack_model import (
    Channel,
    Content,
    Hook,
    Message,
    Seen,
    SeenKind,
    SlackApp,
    SlackError,
    User,
    Via,
    View,
)

T = TypeVar("T")

TRIGGER_SECONDS = 3.0
HOOK_SECONDS = 30 * 60.0
HOOK_USES = 5
POST_CHARACTERS = 40_000
UPDATE_CHARACTERS = 4_000
METADATA_CHARACTERS = 8_000


@dataclass
class _Trigger:
    user: str
    expires: float
    used: bool = False


class Workspace:
    """The state of one workspace, and the rules every way of changing it shares."""

    def __init__(self, app: SlackApp, now: Callable[[], float] = time.time) -> None:
        self.app = app
        self.now = now
        self.team_id = "T0SANDBOX"
        self.team_domain = "sandbox"
        self.app_id = "A0MAILCHECK"
        self.bot_id = "B0MAILCHECK"
        self.bot = User("U0MAILCHECK", "mailcheck", is_bot=True)
        self.users = {self.bot.id: self.bot}
        self.usergroups: dict[str, frozenset[str]] = {}
        self.channels: dict[str, Channel] = {}
        self.views: dict[str, list[View]] = {}
        self.homes: dict[str, View] = {}
        self.hooks: dict[str, Hook] = {}
        self.seen: list[Seen] = []
        self._triggers: dict[str, _Trigger] = {}
        self._serial = itertools.count(1)
        self._last_ts = 0
        self._changed = asyncio.Condition()
        self._closed = False

    # --- people and places ---

    def user(self, user_id: str) -> User:
        """Return a member. Raises SlackError ``user_not_found``."""
        if user_id not in self.users:
            raise SlackError("user_not_found")
        return self.users[user_id]

    def dm(self, user_id: str) -> Channel:
        """Return the direct message channel between the bot and a person, opened if need be."""
        channel_id = "D" + user_id[1:]
        if channel_id not in self.channels:
            self.channels[channel_id] = Channel(channel_id, user_id, "im", {user_id, self.bot.id})
        return self.channels[channel_id]

    def visible(self, channel_id: str) -> Channel:
        """Return a channel the bot may know of. Raises SlackError ``channel_not_found``."""
        channel = self.channels.get(channel_id)
        if channel is None or (channel.kind != "public" and self.bot.id not in channel.members):
            raise SlackError("channel_not_found")
        return channel

    def writable(self, channel_id: str) -> Channel:
        """Return a channel the bot may post in. Raises SlackError."""
        channel = self.visible(channel_id)
        if channel.archived:
            raise SlackError("is_archived")
        if self.bot.id not in channel.members and "chat:write.public" not in self.app.scopes:
            raise SlackError("not_in_channel")
        return channel

    # --- messages ---

    def content(self, given: JsonObject, *, limit: int = POST_CHARACTERS, parse: str = "none") -> Content:
        """Check what a message is to say. Raises SlackError as chat.postMessage does."""
        text, blocks, metadata = given.get("text", ""), given.get("blocks"), given.get("metadata")
        markdown = given.get("markdown_text")
        if markdown is not None:
            if text or blocks:
                raise SlackError("markdown_text_conflict")
            text, limit = markdown, 12_000
        if not isinstance(text, str):
            raise SlackError("invalid_arguments", "[ERROR] text must be a string")
        if len(text) > limit:
            raise SlackError("msg_too_long")
        if not text and not blocks:
            raise SlackError("no_text")
        bare = bool(given.get("link_names")) or given.get("parse", parse) in ("full", "client")
        pings = pings_in(text, bare_names=bare)
        if blocks:
            found = inspect_message(blocks)
            if found.errors:
                raise SlackError("invalid_blocks", *(f"[ERROR] {error}" for error in found.errors))
            if found.characters > MESSAGE_CHARACTERS:
                raise SlackError("msg_blocks_too_long")
            pings += found.pings
        return Content(
            text,
            tuple(self._identified(objects(blocks))),
            None if metadata is None else _metadata(metadata),
            pings,
            unfurls=not (given.get("unfurl_links") is False and given.get("unfurl_media") is False),
        )

    def _identified(self, blocks: list[JsonObject]) -> list[JsonObject]:
        """Give every block an id, and every element an action_id, as Slack does for those sent without."""
        for block in blocks:
            block.setdefault("block_id", f"blk{next(self._serial)}")
            held = block.get("accessory", block.get("element"))
            for element in [*objects(block.get("elements")), *objects([held])]:
                if block["type"] in ("actions", "section", "input") and element.get("type") != "image":
                    element.setdefault("action_id", f"act{next(self._serial)}")
        return blocks

    def thread_root(self, channel: Channel, thread_ts: object) -> str | None:
        """Check that ``thread_ts`` names a message outside threads. Raises SlackError ``thread_not_found``."""
        if thread_ts is None:
            return None
        root = channel.find(str(thread_ts))
        if root is None or root.thread_ts is not None:
            raise SlackError("thread_not_found")
        return root.ts

    def post(
        self,
        channel: Channel,
        content: Content,
        via: Via,
        *,
        user: str | None = None,
        thread_ts: str | None = None,
        broadcast: bool = False,
        ephemeral_to: str | None = None,
        files: Sequence[JsonObject] = (),
    ) -> Message:
        """Put a message into a channel; without ``user`` it is the bot's."""
        message = Message(
            channel.id, self.next_ts(), user or self.bot.id, via, content, thread_ts, broadcast, ephemeral_to, [*files]
        )
        channel.add(message)
        responded = via in ("ack", "response_url")
        self.note("responded" if responded else "ephemeral" if ephemeral_to else "posted", message=message)
        return message

    def edit(self, message: Message, content: Content) -> None:
        """Replace what a message says, keeping the version before."""
        message.earlier.append(message.content)
        message.content = content
        self.note("edited", message=message)

    def delete(self, message: Message) -> None:
        """Take a message away from everybody's sight."""
        message.deleted = True
        self.note("deleted", message=message)

    @property
    def messages(self) -> list[Message]:
        """Every message of every channel, ephemeral and deleted ones too."""
        return [message for channel in self.channels.values() for message in channel.everything]

    # --- views ---

    def checked_view(self, view: object, kind: Literal["modal", "home"]) -> JsonObject:
        """Check a view. Raises SlackError ``invalid_arguments`` with every fault."""
        found = inspect_view(view)
        given = as_object(view) or {}
        errors = [f"[ERROR] {error}" for error in found.errors]
        if given.get("type") != kind:
            errors.append(f"[ERROR] must be {kind} [json-pointer:/view/type]")
        if errors:
            raise SlackError("invalid_arguments", *errors)
        self._identified(objects(given.get("blocks")))
        return given

    def show_view(self, user: str, content: JsonObject, *, channel: str | None = None) -> View:
        """Open a modal, on top of those the person has open."""
        stack = self.views.setdefault(user, [])
        view_id = f"V{next(self._serial):08d}"
        view = View(view_id, user, content, self._hash(), view_id, channel=channel)
        if stack:
            view = replace(view, root_id=stack[0].id, previous_id=stack[-1].id)
        stack.append(view)
        self.note("view_opened", view=view)
        return view

    def change_view(self, view: View, content: JsonObject) -> None:
        """Replace what a view shows."""
        view.content, view.hash, view.errors = content, self._hash(), {}
        self.note("view_updated", view=view)

    def close_views(self, user: str, *, everything: bool = False) -> None:
        """Close the topmost modal, or all of them."""
        stack = self.views.get(user, [])
        while stack:
            self.note("view_closed", view=stack.pop())
            if not everything:
                break

    def publish_home(self, user: str, content: JsonObject) -> View:
        """Set somebody's Home tab."""
        known = self.homes.get(user)
        view_id = known.id if known else f"V{next(self._serial):08d}"
        self.homes[user] = view = View(view_id, user, content, self._hash(), view_id)
        self.note("home", view=view)
        return view

    def _hash(self) -> str:
        return f"{self.now():.0f}.{next(self._serial)}"

    # --- what expires ---

    def new_trigger(self, user: str) -> str:
        """Return a trigger_id, good once and for 3 seconds."""
        trigger_id = f"{next(self._serial)}.{self.team_id}.trigger"
        self._triggers[trigger_id] = _Trigger(user, self.now() + TRIGGER_SECONDS)
        return trigger_id

    def use_trigger(self, trigger_id: object) -> str:
        """Spend a trigger_id and return its user. Raises SlackError."""
        trigger = self._triggers.get(trigger_id) if isinstance(trigger_id, str) else None
        if trigger is None:
            raise SlackError("invalid_trigger_id")
        if trigger.used:
            raise SlackError("exchanged_trigger_id")
        if self.now() > trigger.expires:
            raise SlackError("expired_trigger_id")
        trigger.used = True
        return trigger.user

    def new_hook(self, user: str, channel: str, origin: Message | None = None) -> Hook:
        """Return a response_url's state, good for 5 uses within 30 minutes."""
        hook = Hook(
            f"{self.team_id}/{next(self._serial)}",
            user,
            channel,
            self.now() + HOOK_SECONDS,
            origin,
            None if origin is None else origin.thread_ts,
        )
        self.hooks[hook.id] = hook
        return hook

    def respond(self, hook: Hook, given: JsonObject) -> None:
        """Do what a POST to a response_url asks. Raises SlackError."""
        if self.now() > hook.expires:
            raise SlackError("expired_url")
        if hook.uses >= HOOK_USES:
            raise SlackError("used_url")
        channel = self.channels[hook.channel]
        if given.get("delete_original") is True:
            hook.uses += 1
            if hook.origin is not None:
                self.delete(hook.origin)
            return
        content = self.content(given)
        hook.uses += 1
        if given.get("replace_original") is True and hook.origin is not None and not hook.origin.deleted:
            self.edit(hook.origin, content)
            return
        self.answer(channel, hook.user, content, given, "response_url")

    def answer(self, channel: Channel, user: str, content: Content, given: JsonObject, via: Via) -> Message:
        """Show a response to a command or click: to the person, or to all with ``response_type: in_channel``."""
        public = given.get("response_type") == "in_channel"
        return self.post(
            channel,
            content,
            via,
            thread_ts=self.thread_root(channel, given.get("thread_ts")),
            ephemeral_to=None if public else user,
        )

    # --- what happened, in order ---

    def next_ts(self) -> str:
        """Return a message ts: Unix time with six digits, unique and rising."""
        self._last_ts = max(int(self.now() * 1_000_000), self._last_ts + 1)
        return f"{self._last_ts // 1_000_000}.{self._last_ts % 1_000_000:06d}"

    def new_id(self, prefix: str) -> str:
        """Return an id nothing else has."""
        return f"{prefix}{next(self._serial):08d}"

    def note(
        self,
        kind: SeenKind,
        *,
        message: Message | None = None,
        view: View | None = None,
        channel: str | None = None,
        user: str | None = None,
        words: str = "",
    ) -> None:
        """Record something a person can see happen."""
        if message is not None:
            channel, user, words = message.channel, message.ephemeral_to or message.user, message.words
        if view is not None:
            channel, user, words = view.channel, view.user, view.words
        self.seen.append(Seen(kind, self.now(), channel, user, message, view, words))

    async def announce(self) -> None:
        """Wake whoever waits for a change."""
        async with self._changed:
            self._changed.notify_all()

    async def close(self) -> None:
        """End every ``events`` iterator."""
        self._closed = True
        await self.announce()

    async def wait_for(self, predicate: Callable[[], T | None], within: float = 5.0) -> T:
        """Wait until ``predicate`` returns something true and return that.

        It is asked again after every change. ``within`` is in seconds; TimeoutError then tells what was seen.
        """
        found: T | None = None

        def satisfied() -> bool:
            nonlocal found
            found = predicate()
            return bool(found)

        try:
            async with self._changed, asyncio.timeout(within):
                await self._changed.wait_for(satisfied)
        except TimeoutError:
            last = "; ".join(f"{seen.kind} {seen.words[:60]!r}" for seen in self.seen[-8:]) or "nothing"
            raise TimeoutError(f"not seen within {within} s; last seen: {last}") from None
        if found is None:
            raise AssertionError("a condition that held returned nothing")
        return found

    async def events(self) -> AsyncIterator[Seen]:
        """Yield everything that can be seen, from the beginning, until the workspace closes."""
        for position in itertools.count():
            async with self._changed:
                await self._changed.wait_for(lambda: len(self.seen) > position or self._closed)  # noqa: B023 - awaited here
            if position >= len(self.seen):
                return
            yield self.seen[position]


def _metadata(value: object) -> JsonObject:
    given = as_object(value)
    if (
        given is None
        or given.keys() - {"event_type", "event_payload"}
        or not isinstance(kind := given.get("event_type"), str)
        or not kind.replace("_", "").isalnum()
        or as_object(given.get("event_payload")) is None
    ):
        raise SlackError("invalid_metadata_format")
    if len(repr(given)) > METADATA_CHARACTERS:
        raise SlackError("metadata_too_large")
    return given


def has_rich_text(blocks: object) -> bool:
    """Return whether a message is of the kind that cannot be edited back to plain blocks."""
    return any(block.get("type") == "rich_text" for block in objects(as_list(blocks)))
