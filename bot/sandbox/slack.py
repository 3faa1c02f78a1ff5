"""A Slack workspace on loopback, stricter than Slack: the Web API, Socket Mode and response_urls on one port.

The demo runs on it and so do the tests. An app connects with slack_sdk or Bolt, unchanged, through ``api_url``; the
caller of this class is the people: they type commands, click, fill in forms and read. Nothing here polls or sleeps.
"""

import asyncio
import hashlib
import hmac
import json
import secrets
import time
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from types import TracebackType
from typing import Literal, Self, TypeAlias, TypeVar
from urllib.parse import urlencode

import aiohttp
from aiohttp import web

from bot.sandbox.slack_api import Pace, WebApi
from bot.sandbox.slack_blocks import JsonObject, as_object, objects
from bot.sandbox.slack_faults import Faults
from bot.sandbox.slack_forms import filled_in, option_of
from bot.sandbox.slack_model import Channel, Message, Seen, SlackApp, SlackError, User, View
from bot.sandbox.slack_server import ApiCall, SlackServer
from bot.sandbox.slack_socket import Ack, SocketMode
from bot.sandbox.slack_workspace import Workspace

T = TypeVar("T")

ACK_SECONDS = 3.0
EnvelopeType: TypeAlias = Literal["slash_commands", "interactive", "events_api"]

DEFAULT_APP = SlackApp(
    frozenset(
        {
            *("commands", "chat:write", "app_mentions:read", "im:history", "users:read", "files:write"),
            *("usergroups:read", "channels:read", "groups:read"),
        }
    )
)


@dataclass(frozen=True)
class Http:
    """Delivery by signed HTTP requests to ``url`` instead of Socket Mode.

    ``skew`` moves the signed clock, in seconds; ``signature`` or ``timestamp`` replace the true header, None leaves it.
    """

    url: str
    skew: float = 0.0
    signature: str | None = None
    timestamp: str | None = None


@dataclass
class Interaction:
    """One thing a person did, what the app was told, and how it answered."""

    kind: EnvelopeType
    payload: JsonObject
    user: str
    channel: str | None
    envelope_id: str
    response_url: str | None = None
    trigger_id: str | None = None
    acks: list[Ack] = field(default_factory=list[Ack])
    """All of them: a duplicate envelope brings a second, and one after the time limit still shows up here."""
    failure: str | None = None
    """What went wrong for the person: ``operation_timeout``, ``dispatch_failed``, ``http_401``, a refused payload."""

    @property
    def ack(self) -> Ack:
        """The first ack. Raises AssertionError if there was none."""
        if not self.acks:
            raise AssertionError(f"{self.kind} was not acknowledged: {self.failure}")
        return self.acks[0]


class SlackDouble:
    """A whole workspace; an async context manager that listens on 127.0.0.1 while it is entered.

    ``now`` gives Unix time in seconds and rules what expires and what is paced (a ``ManualClock`` saves sleeping);
    ``pace=None`` lifts all rate limits; ``ack_seconds`` is how long a person waits for an ack, in real seconds.
    """

    def __init__(
        self,
        app: SlackApp = DEFAULT_APP,
        *,
        now: Callable[[], float] = time.time,
        pace: Pace | None = Pace(),  # noqa: B008 - frozen
        ack_seconds: float = ACK_SECONDS,
    ) -> None:
        self.workspace = Workspace(app, now)
        self.bot_token = f"xoxb-{secrets.token_hex(12)}"
        self.app_token = f"xapp-1-{secrets.token_hex(12)}"
        self.signing_secret = secrets.token_hex(16)
        self.faults = Faults()
        self.socket = SocketMode(self.workspace.app_id, self.workspace.announce)
        self.over: Http | None = None
        """How people's acts reach the app where the act does not say: None is Socket Mode."""
        self._api = WebApi(self.workspace, {self.bot_token: "bot", self.app_token: "app"}, pace)
        self._api.new_ticket = self.socket.new_ticket
        self._server = SlackServer(self._api, self.socket, self.faults)
        self._ack_seconds = ack_seconds

    async def __aenter__(self) -> Self:
        """Start listening."""
        self._api.base_url = await self._server.start()
        self._client = aiohttp.ClientSession()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop listening, close every connection and end every iterator."""
        self.faults.release_all()
        self.socket.cut()
        await self.workspace.close()
        await self._client.close()
        await self._server.stop()

    @property
    def api_url(self) -> str:
        """The base of the Web API's methods, for SLACK_API_URL."""
        return f"{self._api.base_url}api/"

    @property
    def calls(self) -> list[ApiCall]:
        """Every call the app made, response_url posts too, in order."""
        return self._server.calls

    # --- the world ---

    def add_user(self, user: User) -> User:
        """Let somebody join the workspace."""
        self.workspace.users[user.id] = user
        return user

    def add_channel(
        self,
        name: str,
        *,
        kind: Literal["public", "private"] = "public",
        members: Sequence[str] = (),
        with_bot: bool = True,
        ext_shared: bool = False,
    ) -> Channel:
        """Make a channel; its id is ``C0`` and the name in capitals."""
        channel_id = "C0" + "".join(letter for letter in name.upper() if letter.isalnum())
        inside = {*members, *([self.workspace.bot.id] if with_bot else [])}
        channel = Channel(channel_id, name, kind, inside, ext_shared=ext_shared)
        self.workspace.channels[channel_id] = channel
        return channel

    # --- seeing ---

    def channel(self, name: str) -> Channel:
        """Return a channel by id or name. Raises KeyError."""
        for channel in self.workspace.channels.values():
            if name in (channel.id, channel.name):
                return channel
        raise KeyError(name)

    def dm(self, user: str) -> Channel:
        """Return the conversation between a person and the bot."""
        return self.workspace.dm(user)

    def view(self, user: str) -> View | None:
        """Return the modal on top of a person's screen."""
        stack = self.workspace.views.get(user)
        return stack[-1] if stack else None

    def home(self, user: str) -> View | None:
        """Return a person's Home tab as last published."""
        return self.workspace.homes.get(user)

    @property
    def pings(self) -> list[str]:
        """Everything that notified anybody, in any version of any message."""
        return [ping for message in self.workspace.messages for ping in message.pings]

    def calls_of(self, method: str) -> list[ApiCall]:
        """Return the calls of one method, in order."""
        return [call for call in self.calls if call.method == method]

    async def wait_for(self, predicate: Callable[[], T | None], within: float = 5.0) -> T:
        """Wait until ``predicate`` returns something true and return it; see ``Workspace.wait_for``."""
        return await self.workspace.wait_for(predicate, within)

    def events(self) -> AsyncIterator[Seen]:
        """Yield all that can be seen from the beginning until the workspace closes."""
        return self.workspace.events()

    # --- acting as a person ---

    async def command(
        self, text: str, *, user: str, channel: str, command: str = "/mailcheck", over: Http | None = None
    ) -> Interaction:
        """Type a slash command. Raises SlackError if the app has no such command."""
        if command not in self.workspace.app.commands or "commands" not in self.workspace.app.scopes:
            raise SlackError("unknown_command", command)
        place, person = self.channel(channel), self.workspace.user(user)
        hook, trigger_id = self.workspace.new_hook(user, place.id), self.workspace.new_trigger(user)
        payload: JsonObject = {
            "token": "deprecated",
            "team_id": self.workspace.team_id,
            "team_domain": self.workspace.team_domain,
            "channel_id": place.id,
            "channel_name": {"im": "directmessage", "private": "privategroup"}.get(place.kind, place.name),
            "user_id": user,
            "user_name": person.name,
            "command": command,
            "text": text,
            "api_app_id": self.workspace.app_id,
            "is_enterprise_install": "false",
            "response_url": self._hook_url(hook.id),
            "trigger_id": trigger_id,
        }
        done = Interaction("slash_commands", payload, user, place.id, self._envelope_id())
        await self._deliver(done, over)
        if done.acks and done.failure is None and (given := done.ack.payload):
            try:
                content = self.workspace.content(given)
                hook.origin = self.workspace.answer(place, user, content, given, "ack")
            except SlackError as error:
                self._fail(done, f"invalid_command_response: {error.code}")
        await self.workspace.announce()
        return done

    async def message_shortcut(
        self, callback_id: str, message: Message, *, user: str, over: Http | None = None
    ) -> Interaction:
        """Choose an app's action from a message's menu."""
        self._check_shortcut(callback_id)
        place = self.channel(message.channel)
        hook = self.workspace.new_hook(user, place.id)
        payload = self._interactive("message_action", user) | {
            "callback_id": callback_id,
            "action_ts": self.workspace.next_ts(),
            "response_url": self._hook_url(hook.id),
            "channel": {"id": place.id, "name": place.name},
            "message_ts": message.ts,
            "message": self._api.message_json(message),
        }
        return await self._interact(payload, user, place.id, over)

    async def global_shortcut(self, callback_id: str, *, user: str, over: Http | None = None) -> Interaction:
        """Choose an app's action from the shortcuts menu."""
        self._check_shortcut(callback_id)
        payload = self._interactive("shortcut", user) | {
            "callback_id": callback_id,
            "action_ts": self.workspace.next_ts(),
        }
        return await self._interact(payload, user, None, over)

    async def click(
        self,
        where: Message | View,
        action_id: str,
        *,
        user: str,
        option: str | None = None,
        value: str | None = None,
        over: Http | None = None,
    ) -> Interaction:
        """Press a button of a message or view, or choose the ``option`` of a menu by its value.

        ``value`` picks among several elements with this action_id. Raises LookupError if there is nothing to click.
        """
        element = self._element(where, action_id, value)
        action: JsonObject = {
            "type": element["type"],
            "action_id": action_id,
            "block_id": element["block_id"],
            "action_ts": self.workspace.next_ts(),
        }
        if element["type"] == "button":
            action |= {key: element[key] for key in ("text", "value", "style", "url") if key in element}
        elif element["type"] in ("overflow", "static_select", "radio_buttons"):
            action["selected_option"] = option_of(element, option)
        else:
            raise LookupError(f"no way to use a {element['type']} here")
        payload = self._interactive("block_actions", user) | {"actions": [action]}
        if isinstance(where, View):
            container: JsonObject = {"type": "view", "view_id": where.id}
            payload |= {"container": container, "view": self._api.view_json(where)}
            return await self._interact(payload, user, None, over)
        place = self.channel(where.channel)
        hook = self.workspace.new_hook(user, place.id, where)
        container = {
            "type": "message",
            "message_ts": where.ts,
            "channel_id": place.id,
            "is_ephemeral": where.ephemeral_to is not None,
        }
        if where.thread_ts is not None:
            container["thread_ts"] = where.thread_ts
        payload |= {
            "container": container,
            "channel": {"id": place.id, "name": place.name},
            "state": {"values": {}},
            "response_url": self._hook_url(hook.id),
        }
        if where.ephemeral_to is None:  # Slack does not send the content of an ephemeral message back
            payload["message"] = self._api.message_json(where)
        return await self._interact(payload, user, place.id, over)

    async def submit(
        self, values: Mapping[str, str | Sequence[str]], *, user: str, over: Http | None = None
    ) -> Interaction:
        """Fill in the topmost modal, by block_id, and submit it.

        A text is what is typed, or the value of the option or the id chosen; checkboxes take a list of values.
        Raises LookupError where the form would not let one submit: no such field, or a required one left empty.
        """
        view = self.view(user)
        if view is None:
            raise LookupError("no modal is open")
        state = filled_in(objects(view.content.get("blocks")), values)
        shown: JsonObject = {"view": self._api.view_json(view, state), "response_urls": []}
        payload = self._interactive("view_submission", user) | shown
        done = await self._interact(payload, user, None, over)
        if done.acks and done.failure is None:
            try:
                self._after_submission(view, done.ack.payload or {})
            except SlackError as error:
                self._fail(done, f"invalid response_action: {error.code} {' '.join(error.messages)}")
        await self.workspace.announce()
        return done

    async def dismiss(self, *, user: str, over: Http | None = None) -> Interaction | None:
        """Close the topmost modal; the app hears of it only with ``notify_on_close``."""
        view = self.view(user)
        if view is None:
            raise LookupError("no modal is open")
        self.workspace.close_views(user)
        await self.workspace.announce()
        if not view.content.get("notify_on_close"):
            return None
        payload = self._interactive("view_closed", user) | {"view": self._api.view_json(view), "is_cleared": False}
        del payload["trigger_id"]
        return await self._interact(payload, user, None, over)

    async def say(
        self, text: str, *, user: str, channel: str, thread_ts: str | None = None, over: Http | None = None
    ) -> tuple[Message, Interaction | None]:
        """Write a message; the app hears of it as ``app_mention`` or, in its DM, as ``message``, if it may.

        Returns the message and its delivery, None where the app is not subscribed, not in the channel or has no scope.
        """
        place = self.channel(channel)
        content = self.workspace.content({"text": text})
        message = self.workspace.post(place, content, "person", user=user, thread_ts=thread_ts)
        await self.workspace.announce()
        mentioned = f"<@{self.workspace.bot.id}>" in text and self.workspace.bot.id in place.members
        event: JsonObject = {
            "user": user,
            "ts": message.ts,
            "client_msg_id": self.workspace.new_id("msg-"),
            "text": text,
            "team": self.workspace.team_id,
            "channel": place.id,
            "event_ts": message.ts,
        }
        if thread_ts is not None:
            event |= {"thread_ts": thread_ts, "parent_user_id": self._author(place, thread_ts)}
        if place.kind == "im" and self._subscribed("message.im", "im:history"):
            return message, await self._event(event | {"type": "message", "channel_type": "im"}, over)
        if mentioned and place.kind != "im" and self._subscribed("app_mention", "app_mentions:read"):
            return message, await self._event(event | {"type": "app_mention"}, over)
        return message, None

    async def open_home(self, *, user: str, over: Http | None = None) -> Interaction | None:
        """Open the app's Home tab; None if the app is not subscribed to ``app_home_opened``."""
        if "app_home_opened" not in self.workspace.app.events:
            return None
        event: JsonObject = {
            "type": "app_home_opened",
            "user": user,
            "channel": self.dm(user).id,
            "tab": "home",
            "event_ts": self.workspace.next_ts(),
        }
        home = self.home(user)
        return await self._event(event | ({"view": self._api.view_json(home)} if home else {}), over)

    async def deliver_again(self, done: Interaction, over: Http | None = None) -> Interaction:
        """Deliver the same command, click or event a second time, later, as Slack may."""
        again = Interaction(done.kind, done.payload, done.user, done.channel, self._envelope_id())
        again.response_url, again.trigger_id = done.response_url, done.trigger_id
        await self._deliver(again, over, retry=done.kind == "events_api")
        return again

    # --- making payloads ---

    def _interactive(self, kind: str, user: str) -> JsonObject:
        workspace, person = self.workspace, self.workspace.user(user)
        return {
            "type": kind,
            "token": "deprecated",
            "api_app_id": workspace.app_id,
            "team": {"id": workspace.team_id, "domain": workspace.team_domain},
            "enterprise": None,
            "is_enterprise_install": False,
            "user": {"id": user, "username": person.name, "name": person.name, "team_id": workspace.team_id},
            "trigger_id": workspace.new_trigger(user),
        }

    async def _interact(self, payload: JsonObject, user: str, channel: str | None, over: Http | None) -> Interaction:
        done = Interaction("interactive", payload, user, channel, self._envelope_id())
        await self._deliver(done, over)
        return done

    async def _event(self, event: JsonObject, over: Http | None) -> Interaction:
        workspace = self.workspace
        authorization = {"enterprise_id": None, "team_id": workspace.team_id, "user_id": workspace.bot.id}
        place = self.channel(event["channel"])
        payload: JsonObject = {
            "token": "deprecated",
            "team_id": workspace.team_id,
            "api_app_id": workspace.app_id,
            "event": event,
            "type": "event_callback",
            "event_id": workspace.new_id("Ev"),
            "event_time": int(workspace.now()),
            "authorizations": [authorization | {"is_bot": True, "is_enterprise_install": False}],
            "is_ext_shared_channel": place.ext_shared,
            "event_context": workspace.new_id("4-"),
        }
        done = Interaction("events_api", payload, event["user"], place.id, self._envelope_id())
        await self._deliver(done, over)
        return done

    def _subscribed(self, event: str, scope: str) -> bool:
        return event in self.workspace.app.events and scope in self.workspace.app.scopes

    def _check_shortcut(self, callback_id: str) -> None:
        known = self.workspace.app.shortcuts
        if known is not None and callback_id not in known:
            raise SlackError("unknown_shortcut", callback_id)

    def _author(self, place: Channel, ts: str) -> str | None:
        root = place.find(ts)
        return None if root is None else root.user

    def _element(self, where: Message | View, action_id: str, value: str | None) -> JsonObject:
        for element in where.controls:
            if element["action_id"] == action_id and value in (None, element.get("value")):
                return element
        offered = ", ".join(sorted(str(element["action_id"]) for element in where.controls)) or "nothing"
        raise LookupError(f"nothing to click named {action_id}; there is {offered}")

    def _hook_url(self, hook_id: str) -> str:
        return f"{self._api.base_url}hooks/{hook_id}"

    def _envelope_id(self) -> str:
        return self.workspace.new_id("env-")

    # --- delivering ---

    async def _deliver(self, done: Interaction, over: Http | None, *, retry: bool = False) -> None:
        done.response_url = done.payload.get("response_url")
        done.trigger_id = done.payload.get("trigger_id")
        route = over or self.over
        if route is not None:
            await self._deliver_http(done, route, retry=retry)
        else:
            envelope: JsonObject = {
                "envelope_id": done.envelope_id,
                "type": done.kind,
                "payload": done.payload,
                "accepts_response_payload": done.kind != "events_api",
            }
            if done.kind == "events_api":
                envelope |= {"retry_attempt": int(retry), "retry_reason": "timeout" if retry else ""}
            match await self.socket.send(envelope, done.acks, self._ack_seconds):
                case "timeout":
                    self._fail(done, "operation_timeout")
                case "none":
                    self._fail(done, "dispatch_failed")
                case "acked":
                    pass
        await self.workspace.announce()

    async def _deliver_http(self, done: Interaction, route: Http, *, retry: bool) -> None:
        match done.kind:
            case "slash_commands":
                kind, body = "application/x-www-form-urlencoded", urlencode(done.payload)
            case "interactive":
                kind, body = "application/x-www-form-urlencoded", urlencode({"payload": json.dumps(done.payload)})
            case "events_api":
                kind, body = "application/json", json.dumps(done.payload)
        headers = {"Content-Type": kind, **self._signed(body, route)}
        if retry:
            headers |= {"X-Slack-Retry-Num": "1", "X-Slack-Retry-Reason": "http_timeout"}
        started = asyncio.get_running_loop().time()
        try:
            async with (
                asyncio.timeout(self._ack_seconds),
                self._client.post(route.url, data=body.encode(), headers=headers) as answer,
            ):
                text = await answer.text()
        except TimeoutError:
            self._fail(done, "operation_timeout")
            return
        except aiohttp.ClientError:
            self._fail(done, "dispatch_failed")
            return
        elapsed = (asyncio.get_running_loop().time() - started) * 1000
        if answer.status != web.HTTPOk.status_code:
            self._fail(done, f"http_{answer.status}")
            return
        said = as_object(json.loads(text)) if answer.content_type == "application/json" and text else None
        done.acks.append(Ack(said or ({"text": text} if text and said is None else None), elapsed, answer.status))

    def _signed(self, body: str, route: Http) -> dict[str, str]:
        """Return Slack's signature headers. The time is the real one, which the app's verifier compares with."""
        timestamp = route.timestamp or str(int(time.time() + route.skew))
        base = f"v0:{timestamp}:{body}".encode()
        true = "v0=" + hmac.new(self.signing_secret.encode(), base, hashlib.sha256).hexdigest()
        return {"X-Slack-Request-Timestamp": timestamp, "X-Slack-Signature": route.signature or true}

    def _fail(self, done: Interaction, failure: str) -> None:
        done.failure = failure
        self.workspace.note("failed", channel=done.channel, user=done.user, words=failure)

    def _after_submission(self, view: View, answer: JsonObject) -> None:
        match answer.get("response_action"):
            case None:
                self.workspace.close_views(view.user)
            case "clear":
                self.workspace.close_views(view.user, everything=True)
            case "update":
                self.workspace.change_view(view, self.workspace.checked_view(answer.get("view"), "modal"))
            case "push":
                self.workspace.show_view(view.user, self.workspace.checked_view(answer.get("view"), "modal"))
            case "errors":
                errors = as_object(answer.get("errors")) or {}
                inputs = {
                    block["block_id"] for block in objects(view.content.get("blocks")) if block["type"] == "input"
                }
                if not errors or errors.keys() - inputs:
                    raise SlackError("unknown_block_id", *sorted(errors.keys() - inputs))
                view.errors = {block_id: str(text) for block_id, text in errors.items()}
                self.workspace.note("view_updated", view=view)
            case unknown:
                raise SlackError("unknown_response_action", str(unknown))
