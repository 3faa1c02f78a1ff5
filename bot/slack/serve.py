"""``mailcheck serve``: the process between Slack and the checks, from the tokens to the last reply."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import signal
import ssl
import time
from collections.abc import AsyncGenerator, Coroutine, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import Any, cast

import aiohttp
import structlog
from aiohttp import web
from aiohttp.typedefs import Handler
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web.async_client import AsyncWebClient

from bot.delivery import Delivery
from bot.history import History
from bot.runs import Runs
from bot.schema import HistoryError
from bot.settings import Settings
from bot.slack.listeners import Listeners
from bot.slack.transport import CALL_TIMEOUT, SlackTransport
from bot.wording import Wording, warm_up
from checks.check import Check
from checks.network import Network
from checks.provider_data import Providers

STOP = 9.0
"""Seconds from SIGTERM to the end: supervisors wait ten."""

_LAST_RUNS, _LAST_ANSWERS, _LAST_MESSAGES = 5.0, 1.0, 2.5  # how STOP is shared out; what is left is for closing
_LAST = _LAST_RUNS + _LAST_ANSWERS + _LAST_MESSAGES
_CONNECT = 10.0
_SOCKET_GRACE = 60.0  # seconds without a connection after which a supervisor should start us anew
_LOOK = 10.0
_MEMBERS_EVERY = 600.0

_log = structlog.get_logger(__name__)


class ServeError(Exception):
    """The bot cannot start, or cannot go on; the text is one line for the operator."""


@dataclass
class Members:
    """Who may ask: the settings, and who is in the user groups named there."""

    settings: Settings
    in_groups: frozenset[str] = frozenset()

    def __call__(self, user: str, channel: str) -> bool:
        """Whether this person may ask in this channel."""
        settings = self.settings
        if settings.mailcheck_allowed_channels and channel not in settings.mailcheck_allowed_channels:
            return False
        if not settings.mailcheck_allowed_users and not settings.mailcheck_allowed_usergroups:
            return True
        return user in settings.mailcheck_allowed_users or user in self.in_groups

    async def refresh(self, client: AsyncWebClient) -> None:
        """Ask Slack who is in the groups.

        Raises:
            ServeError: Slack does not say.
        """
        found: set[str] = set()
        for group in self.settings.mailcheck_allowed_usergroups:
            answer = await _ask(f"user group {group}", cast("Any", client).usergroups_users_list(usergroup=group))
            found.update(str(user) for user in answer.get("users", []))
        self.in_groups = frozenset(found)


async def serve(
    settings: Settings,
    network: Network,
    checks: Sequence[Check[Any]],
    version: str,
    stop: asyncio.Event,
    *,
    providers: Providers | None = None,
) -> None:
    """Serve Slack until ``stop`` is set, then end in order: no new work, runs ended, replies sent.

    ``providers`` are those of the operator, by default the shipped ones.

    Raises:
        ServeError: with the reason.
        HistoryError: the history file cannot be used.
    """
    await asyncio.to_thread(warm_up)
    async with AsyncExitStack() as stack:
        session = await stack.enter_async_context(aiohttp.ClientSession())
        client = AsyncWebClient(
            token=settings.slack_bot_token.get_secret_value(),
            base_url=settings.slack_api_url,
            timeout=int(CALL_TIMEOUT),
            session=session,
            ssl=None if settings.slack_api_url.startswith("http:") else ssl.create_default_context(),
            retry_handlers=[],
        )
        members = Members(settings)
        if not await _unless(stop, _preflight(client, settings, members)):
            return
        history = await History.open(settings.mailcheck_db, checks)
        stack.push_async_callback(history.close)
        runs = Runs(
            history, network, checks, deadline=settings.mailcheck_deadline, at_once=settings.mailcheck_runs_at_once
        )
        transport = SlackTransport(client, session, settings.mailcheck_lang)
        delivery = Delivery(history, transport, Wording, runs.ahead)
        listeners = Listeners(
            history=history,
            runs=runs,
            transport=transport,
            checks=checks,
            allowed=members,
            version=version,
            providers=providers,
        )
        app = AsyncApp(
            client=client,
            logger=_quiet_logger(),
            signing_secret=settings.slack_signing_secret.get_secret_value() or "unused in socket mode",
            request_verification_enabled=settings.mailcheck_mode == "http",
        )
        listeners.register(app)
        keeping = [
            asyncio.create_task(delivery.run(), name="delivery"),
            asyncio.create_task(_look_after(history, members, client, settings), name="housekeeping"),
        ]
        try:
            await runs.resume()
            connection = _http(app, settings, history) if settings.mailcheck_mode == "http" else _socket(app, settings)
            async with connection as lost:
                await _until(stop, [*keeping, lost])
        finally:
            ends = time.monotonic() + _LAST
            await runs.drain(_LAST_RUNS)
            await listeners.drain(_LAST_ANSWERS)
            await delivery.flush(ends - time.monotonic())  # with what the runs and answers did not need
            for task in keeping:
                task.cancel()
            await asyncio.gather(*keeping, return_exceptions=True)


def stop_on_signals() -> asyncio.Event:
    """An event that SIGTERM and SIGINT set."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    return stop


async def _until(stop: asyncio.Event, keeping: Sequence[asyncio.Task[None]]) -> None:
    """Wait for the end; a task that should go on for ever and does not is the end too."""
    stopped = asyncio.create_task(stop.wait())
    try:
        done, _ = await asyncio.wait([stopped, *keeping], return_when=asyncio.FIRST_COMPLETED)
    finally:
        stopped.cancel()
    for task in done - {stopped}:
        task.result()
        raise ServeError(f"{task.get_name()} ended by itself")


async def _unless(stop: asyncio.Event, work: Coroutine[Any, Any, None]) -> bool:
    """Do some work unless ``stop`` is set before it is done; whether it was done."""
    task, stopped = asyncio.ensure_future(work), asyncio.create_task(stop.wait())
    try:
        await asyncio.wait([task, stopped], return_when=asyncio.FIRST_COMPLETED)
    finally:
        stopped.cancel()
        done = task.done()
        task.cancel()
    if done:
        task.result()
    return done


def _quiet_logger() -> logging.Logger:
    """A logger for Bolt: left alone, it takes over the level of the root and writes whole payloads."""
    logger = logging.getLogger("slack_bolt")
    logger.setLevel(logging.WARNING)
    return logger


# --- Before anything else ---------------------------------------------------------------------------------------------


async def _preflight(client: AsyncWebClient, settings: Settings, members: Members) -> None:
    """Ask who may ask, and try the tokens: Bolt would retry with a wrong one for ever, in silence."""
    bot, app = settings.slack_bot_token.get_secret_value(), settings.slack_app_token.get_secret_value()
    if not bot.startswith("xoxb-"):
        raise ServeError("SLACK_BOT_TOKEN is not set to a bot token (xoxb-…): see docs/slack-setup.md")
    untyped = cast("Any", client)
    await _ask("SLACK_BOT_TOKEN", untyped.auth_test())
    if settings.mailcheck_mode == "http":
        if not settings.slack_signing_secret.get_secret_value():
            raise ServeError("SLACK_SIGNING_SECRET is not set: HTTP mode cannot tell Slack from others without it")
    elif not app.startswith("xapp-"):
        raise ServeError("SLACK_APP_TOKEN is not set to an app-level token (xapp-…): see docs/slack-setup.md")
    else:
        await _ask("SLACK_APP_TOKEN", untyped.apps_connections_open(app_token=app))
    await members.refresh(client)


async def _ask(what: str, call: Any) -> Any:  # noqa: ANN401 - the library's types are partial
    try:
        async with asyncio.timeout(_CONNECT):
            return await call
    except SlackApiError as error:
        reason = cast("Any", error).response.get("error", "no reason given")
        needed = cast("Any", error).response.get("needed")
        raise ServeError(
            f"{what}: Slack answers {reason}" + (f" (needs the scope {needed})" if needed else "")
        ) from error
    except (TimeoutError, aiohttp.ClientError, SlackClientError) as error:
        raise ServeError(f"{what}: Slack cannot be reached ({type(error).__name__})") from error


# --- Ways in ----------------------------------------------------------------------------------------------------------


@contextlib.asynccontextmanager
async def _socket(app: AsyncApp, settings: Settings) -> AsyncGenerator[asyncio.Task[None]]:
    """Socket Mode; gives a task that ends when the connection is lost for good."""
    handler: Any = AsyncSocketModeHandler(app, settings.slack_app_token.get_secret_value())
    try:
        try:
            await asyncio.wait_for(handler.connect_async(), _CONNECT)
        except TimeoutError as error:
            raise ServeError("Socket Mode: Slack does not take the connection") from error
        _log.info("connected", mode="socket")
        lost = asyncio.create_task(_watch(handler.client), name="the connection to Slack")
        try:
            yield lost
        finally:
            lost.cancel()
            await asyncio.gather(lost, return_exceptions=True)
            await handler.disconnect_async()
    finally:
        await handler.close_async()


async def _watch(client: Any) -> None:  # noqa: ANN401 - the library's types are partial
    """End when the client has had no connection for a while: it may have lost its way for good."""
    clock = asyncio.get_running_loop().time
    last = clock()
    while clock() - last < _SOCKET_GRACE:
        await asyncio.sleep(_LOOK)
        if await client.is_connected():
            last = clock()


@contextlib.asynccontextmanager
async def _http(app: AsyncApp, settings: Settings, history: History) -> AsyncGenerator[asyncio.Task[None]]:
    """Signed HTTP requests on ``/slack/events``; ``/health`` for a supervisor."""

    async def health(_: web.Request) -> web.Response:
        try:
            await history.recent(1)
        except HistoryError:
            return web.json_response({"ok": False}, status=503)
        return web.json_response({"ok": True})

    server: web.Application = cast("Any", app).web_app()
    server.middlewares.append(_timestamp_is_a_number)
    server.router.add_get("/health", health)
    runner = web.AppRunner(server)
    await runner.setup()
    try:
        site = web.TCPSite(runner, settings.mailcheck_host, settings.mailcheck_port)
        try:
            await site.start()
        except OSError as error:
            where = f"{settings.mailcheck_host}:{settings.mailcheck_port}"
            raise ServeError(f"cannot listen on {where}: {error.strerror}") from error
        _log.info("listening", mode="http", addresses=[str(address) for address in runner.addresses])
        forever = asyncio.create_task(asyncio.Event().wait(), name="HTTP")
        try:
            yield cast("asyncio.Task[None]", forever)
        finally:
            forever.cancel()
    finally:
        await runner.cleanup()


@web.middleware
async def _timestamp_is_a_number(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Refuse what the verifier of slack_sdk would raise a ValueError on."""
    if not request.headers.get("X-Slack-Request-Timestamp", "0").isdecimal():
        return web.json_response({"error": "invalid request"}, status=401)
    return await handler(request)


async def _look_after(history: History, members: Members, client: AsyncWebClient, settings: Settings) -> None:
    """Now and then: who is in the user groups, and which runs are past their time."""
    while True:
        try:
            await history.delete_before(settings.mailcheck_retention_days)
        except HistoryError as error:
            _log.warning("old runs not deleted", reason=str(error))
        await asyncio.sleep(_MEMBERS_EVERY)
        try:
            await members.refresh(client)
        except ServeError as error:
            _log.warning("user groups not refreshed", reason=str(error))
