"""Sends reports to Slack and says exactly how a send ended.

Posting is not idempotent and Slack has no key to make it so. Therefore the client repeats nothing by itself: whether a
message certainly did not arrive, or may have, is told apart here, and ``delivery`` decides.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, cast
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import aiohttp
import structlog
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.webhook.async_client import AsyncWebhookClient

from bot.delivery import Found, InDoubt, Mark, NotInChannel, NotTold, Refused, TryLater
from bot.render import blocks
from bot.report import Report
from bot.run import Language, Place

EVENT_TYPE = "mailcheck_run"
"""The type of our message metadata."""

CALL_TIMEOUT = 10.0
"""Seconds one call to Slack may take."""

_PROFILE_LIFE = 3600.0
_DEFAULT_LIFE = 300.0  # seconds after which a profile that could not be had is asked for again
_PEOPLE_MAX = 10_000
_BETWEEN_PAGES = 1.1  # Slack: one message a second and channel
_NOT_THERE = frozenset({"not_in_channel", "channel_not_found"})
_PASSING = frozenset({"ratelimited", "rate_limited", "service_unavailable"})
_UNSURE = frozenset({"fatal_error", "internal_error", "request_timeout"})
_TOKEN = frozenset({"invalid_auth", "not_authed", "account_inactive", "token_revoked", "token_expired"})
_TOKEN_WAIT = 60.0
_LOOK_BACK = 100
_PAGE_TRIES = 5

_log = structlog.get_logger(__name__)


class _Answer(Protocol):
    def get(self, key: str, default: Any = None) -> Any: ...  # noqa: ANN401 - JSON from Slack


@dataclass(frozen=True)
class _Profile:
    """What a person's Slack says of them."""

    language: Language
    zone: ZoneInfo | None


class SlackTransport:
    """A ``delivery.Transport`` over Slack's Web API and response URLs."""

    def __init__(self, client: AsyncWebClient, session: aiohttp.ClientSession, default: Language) -> None:
        self._client: Any = client  # the library's signatures are typed in part only
        self._session = session
        self._default = default
        self._people: dict[str, tuple[float, asyncio.Task[_Profile | None]]] = {}

    async def language(self, user: str, *, patience: float | None = None) -> Language:
        """The language of a person's Slack; the default where it is not to be had within ``patience`` seconds."""
        try:
            async with asyncio.timeout(patience):
                profile = await self._profile(user)
        except TimeoutError:
            return self._default
        return profile.language if profile is not None else self._default

    async def zone(self, user: str) -> ZoneInfo | None:
        """The time zone of a person's Slack, if it is known here."""
        profile = await self._profile(user)
        return profile.zone if profile is not None else None

    async def _profile(self, user: str) -> _Profile | None:
        """What is known of a person, asked once an hour, however many want to know."""
        known = self._people.get(user)
        if known is None or known[0] < time.monotonic():
            known = self._ask_profile(user)
        # Who waits may be cancelled without taking the answer away from the others.
        return await asyncio.shield(known[1])

    def _ask_profile(self, user: str) -> tuple[float, asyncio.Task[_Profile | None]]:
        if len(self._people) >= _PEOPLE_MAX:
            self._people.clear()
        task = asyncio.create_task(self._read_profile(user))
        known = self._people[user] = (time.monotonic() + _PROFILE_LIFE, task)

        def check(done: asyncio.Task[_Profile | None]) -> None:
            if self._people.get(user) is known and (done.cancelled() or done.result() is None):
                self._people[user] = (time.monotonic() + _DEFAULT_LIFE, done)

        task.add_done_callback(check)
        return known

    async def _read_profile(self, user: str) -> _Profile | None:
        """Ask Slack for a person's locale and time zone; ``None`` if they are not to be had."""
        try:
            answer = await self._call(lambda: self._client.users_info(user=user, include_locale=True))
        except NotTold as failure:
            _log.warning("profile of a person not known", user=user, reason=str(failure))
            return None
        profile = cast("dict[str, Any]", answer.get("user") or {})
        locale = str(profile.get("locale", "")).lower()
        language = next((each for each in Language if locale.startswith(each.value)), self._default)
        return _Profile(language, _zone(str(profile.get("tz") or "")))

    async def post(self, place: Place, message: Report, thread: str, mark: Mark) -> str:
        """Post a report, over several messages if it is long; gives the ``ts`` of the first."""
        first, *more = blocks.messages(message)
        ts = await self._post(place.channel, first, thread, mark)
        for page in more:
            await asyncio.sleep(_BETWEEN_PAGES)  # the pace of the channel, not a wait for something
            await self._post_page(place.channel, page, thread or ts)
        return ts

    async def _post_page(self, channel: str, page: blocks.Message, thread: str) -> None:
        """Post a page after the first. Never raises: a message counts as told once its first page is there."""
        for _ in range(_PAGE_TRIES):
            try:
                await self._post(channel, page, thread, None)
            except TryLater as later:
                await asyncio.sleep(later.seconds)
            except InDoubt:
                return
            except NotTold as failure:
                _log.warning("a page was lost", channel=channel, reason=str(failure))
                return
            else:
                return
        _log.warning("a page was lost", channel=channel, reason="rate limited")

    async def edit(self, place: Place, ts: str, message: Report) -> None:
        """Replace the message at ``ts``."""
        shown = blocks.message(message)
        await self._call(
            lambda: self._client.chat_update(
                channel=place.channel,
                ts=ts,
                text=shown["text"],
                blocks=shown["blocks"],
                parse="none",
            )
        )

    async def open_form(self, trigger: str, form: dict[str, Any]) -> None:
        """Open a form for whoever the trigger belongs to. A trigger lives for three seconds.

        Raises:
            NotTold: it did not open.
        """
        await self._call(lambda: self._client.views_open(trigger_id=trigger, view=form))

    async def find(self, place: Place, thread: str, mark: Mark) -> Found | None:
        """Look for a message of ours by its metadata: in the thread, or among the last of the channel.

        Needs the optional ``…:history`` scopes; without them nothing can be found.
        """
        if thread:
            answer = await self._call(
                lambda: self._client.conversations_replies(
                    channel=place.channel, ts=thread, limit=_LOOK_BACK, include_all_metadata=True
                )
            )
        else:
            answer = await self._call(
                lambda: self._client.conversations_history(
                    channel=place.channel, limit=_LOOK_BACK, include_all_metadata=True
                )
            )
        for message in cast("list[dict[str, Any]]", answer.get("messages", [])):
            metadata = cast("dict[str, Any]", message.get("metadata") or {})
            there = cast("dict[str, Any]", metadata.get("event_payload") or {})
            ours = metadata.get("event_type") == EVENT_TYPE
            if ours and (there.get("run"), there.get("row")) == (mark.run, mark.first):
                return Found(str(message["ts"]), int(there.get("last", mark.first)))
        return None

    async def whisper(self, place: Place, user: str, messages: Sequence[Report]) -> None:
        """Tell one person, ephemerally through the response URL, or in a direct message once that has run out."""
        pages = [page for message in messages for page in blocks.messages(message)]
        for page in await self._respond(place.response_url, pages) if place.response_url else pages:
            await self._post(user, page, "", None)

    async def _respond(self, url: str, pages: Sequence[blocks.Message]) -> Sequence[blocks.Message]:
        """Send pages to a response URL, as one answer if they fit; gives those that it did not take."""
        webhook = AsyncWebhookClient(url, session=self._session, timeout=int(CALL_TIMEOUT), retry_handlers=[])
        merged = [block for page in pages for block in page["blocks"]]
        fits = len(merged) <= blocks.BLOCKS_MAX and sum(len(str(b)) for b in merged) <= blocks.MESSAGE_MAX
        answers = [blocks.Message(text=pages[-1]["text"], blocks=merged)] if fits else pages
        for number, page in enumerate(answers):
            try:
                answer = await webhook.send(
                    text=page["text"],
                    blocks=page["blocks"],
                    response_type="ephemeral",
                    replace_original=False,
                    unfurl_links=False,
                    unfurl_media=False,
                )
            except (TimeoutError, aiohttp.ClientError, SlackClientError) as error:
                raise InDoubt(type(error).__name__) from error
            if answer.status_code == 429:  # noqa: PLR2004 - Too Many Requests
                raise TryLater("rate limited", _retry_after(answer.headers))
            if answer.status_code != 200:  # noqa: PLR2004 - OK
                return answers[number:]  # used up or too old
        return ()

    async def _post(self, channel: str, page: blocks.Message, thread: str, mark: Mark | None) -> str:
        answer = await self._call(
            lambda: self._client.chat_postMessage(
                channel=channel,
                text=page["text"],
                blocks=page["blocks"],
                thread_ts=thread or None,
                parse="none",
                link_names=False,
                unfurl_links=False,
                unfurl_media=False,
                metadata=None if mark is None else _metadata(mark),
            )
        )
        return str(answer.get("ts"))

    async def _call(self, call: Callable[[], Awaitable[_Answer]]) -> _Answer:
        """Make one call.

        Raises:
            NotTold: one of its subclasses, after how the call ended.
        """
        try:
            async with asyncio.timeout(CALL_TIMEOUT):
                return await call()
        except SlackApiError as error:
            raise _explained(error) from error
        except aiohttp.ClientConnectorError as error:
            raise TryLater("Slack cannot be reached", 2.0) from error
        except (TimeoutError, aiohttp.ClientError, SlackClientError, ValueError) as error:
            # The request left and no usable answer came (a ValueError is an answer that is no JSON).
            raise InDoubt(type(error).__name__) from error


def _explained(error: SlackApiError) -> NotTold:
    response: Any = cast("Any", error).response
    status = int(getattr(response, "status_code", 0) or 0)
    code = str(response.get("error", "") if hasattr(response, "get") else "") or f"HTTP {status}"
    if status == 429 or code in _PASSING:  # noqa: PLR2004 - Too Many Requests
        return TryLater("rate limited", _retry_after(getattr(response, "headers", None) or {}))
    if code in _NOT_THERE:
        return NotInChannel(code)
    if status >= 500 or code in _UNSURE or code.startswith("HTTP"):  # noqa: PLR2004 - server errors
        return InDoubt(code)
    if code in _TOKEN:
        _log.error("Slack does not accept our token", error=code)
        return TryLater(code, _TOKEN_WAIT)
    return Refused(code)


def _zone(name: str) -> ZoneInfo | None:
    """The zone of an IANA name; a name that this machine does not know, or that is none, is no zone."""
    try:
        return ZoneInfo(name) if name else None
    except (ValueError, OSError, ZoneInfoNotFoundError):
        return None


def _metadata(mark: Mark) -> dict[str, object]:
    return {"event_type": EVENT_TYPE, "event_payload": {"run": mark.run, "row": mark.first, "last": mark.last}}


def _retry_after(headers: Mapping[str, str]) -> float:
    """How many seconds to wait (RFC 9110 section 10.2.3; Slack gives whole seconds)."""
    text = headers.get("Retry-After", "")
    return float(text) if text.isdecimal() else 1.0
