"""Slack's Web API methods over a ``Workspace``: tokens, scopes, rate limits, arguments, then the work."""

import json
import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, TypeAlias

from bot.sandbox.slack_blocks import JsonObject, as_list, as_object, objects
from bot.sandbox.slack_model import Channel, Content, Message, SlackError, View
from bot.sandbox.slack_workspace import UPDATE_CHARACTERS, Workspace, has_rich_text

TokenKind: TypeAlias = Literal["bot", "app"]
TIER_2, TIER_3, TIER_4 = 20, 50, 100
"""Calls a minute, per method (docs.slack.dev/apis/web-api/rate-limits)."""


@dataclass(frozen=True)
class Pace:
    """How often chat.postMessage may post in one channel; ``burst`` messages may come at once."""

    messages_per_second: float = 1.0
    burst: int = 3


class RateLimitedError(Exception):
    """A call that came too soon; ``retry_after`` in whole seconds."""

    def __init__(self, retry_after: int) -> None:
        super().__init__(retry_after)
        self.retry_after = retry_after


@dataclass
class _Bucket:
    """Tokens that refill steadily; one is spent per call."""

    tokens: float
    at: float

    def spend(self, now: float, per_second: float, capacity: int) -> None:
        self.tokens = min(capacity, self.tokens + (now - self.at) * per_second)
        self.at = now
        if self.tokens < 1:
            raise RateLimitedError(math.ceil((1 - self.tokens) / per_second))
        self.tokens -= 1


class Arguments:
    """The arguments of one call, from JSON, a form or the query alike."""

    def __init__(self, given: JsonObject) -> None:
        self.given = given

    def text(self, name: str) -> str:
        """Return a required string. Raises SlackError ``invalid_arguments``."""
        value = self.given.get(name)
        if value is None or value == "":
            raise SlackError("invalid_arguments", f"[ERROR] missing required field: {name}")
        return str(value)

    def flag(self, name: str) -> bool:
        """Return a boolean, as JSON or as form text."""
        return str(self.given.get(name, "")).lower() in ("1", "true")

    def integer(self, name: str, default: int) -> int:
        """Return a whole number. Raises SlackError ``invalid_arguments``."""
        value = str(self.given.get(name, default))
        if not value.isdigit():
            raise SlackError("invalid_arguments", f"[ERROR] {name} must be a number")
        return int(value)


@dataclass(frozen=True)
class _Method:
    work: Callable[["WebApi", Arguments], JsonObject]
    arguments: frozenset[str]
    scope: str | None
    per_minute: int | None
    caller: TokenKind


_METHODS: dict[str, _Method] = {}
_CONTENT = "text blocks metadata markdown_text parse link_names"
_STRUCTURES = ("blocks", "metadata", "view", "files")

_Work: TypeAlias = Callable[["WebApi", Arguments], JsonObject]


def _method(
    name: str,
    arguments: str = "",
    *,
    scope: str | None = None,
    per_minute: int | None = None,
    caller: TokenKind = "bot",
) -> Callable[[_Work], _Work]:
    def register(work: _Work) -> _Work:
        _METHODS[name] = _Method(work, frozenset(arguments.split()) | {"team_id"}, scope, per_minute, caller)
        return work

    return register


class WebApi:
    """The methods an app may call. ``base_url`` is the workspace's own address, for websockets and uploads."""

    def __init__(self, workspace: Workspace, tokens: dict[str, TokenKind], pace: Pace | None) -> None:
        self.workspace = workspace
        self.base_url = ""
        self.new_ticket: Callable[[], str] = str
        self.uploads: dict[str, JsonObject] = {}
        self._tokens = tokens
        self._pace = pace
        self._buckets: dict[tuple[str, str], _Bucket] = {}

    def call(self, name: str, token: str | None, given: JsonObject) -> JsonObject:
        """Do what one call asks and return the answer without its ``ok``. Raises SlackError, RateLimitedError."""
        method = _METHODS.get(name)
        if method is None:
            raise SlackError("unknown_method", req_method=name)
        self._authorize(method, token)
        if self._pace is not None and method.per_minute is not None:
            self._spend(name, "", method.per_minute / 60, method.per_minute)
        if unknown := given.keys() - method.arguments:
            raise SlackError("invalid_arguments", *(f"[ERROR] unknown argument: {name}" for name in sorted(unknown)))
        return method.work(self, Arguments(_parsed(given)))

    def _authorize(self, method: _Method, token: str | None) -> None:
        if not token:
            raise SlackError("not_authed")
        kind = self._tokens.get(token)
        if kind is None:
            raise SlackError("invalid_auth")
        if kind != method.caller:
            raise SlackError("not_allowed_token_type")
        if method.scope is not None:
            self.need(method.scope)

    def need(self, scope: str) -> None:
        """Check that the app was granted a scope. Raises SlackError ``missing_scope``."""
        granted = self.workspace.app.scopes
        if scope not in granted:
            raise SlackError("missing_scope", needed=scope, provided=",".join(sorted(granted)))

    def need_for(self, channel: Channel, right: str) -> None:
        """Check the scope that reading this kind of channel takes: ``channels:``, ``groups:`` or ``im:``."""
        self.need(f"{({'public': 'channels', 'private': 'groups', 'im': 'im'})[channel.kind]}:{right}")

    def pace_post(self, channel: Channel) -> None:
        """Count one message against the channel's pace. Raises RateLimitedError."""
        if self._pace is not None:
            self._spend("chat.postMessage", channel.id, self._pace.messages_per_second, self._pace.burst)

    def _spend(self, name: str, place: str, per_second: float, capacity: int) -> None:
        now = self.workspace.now()
        self._buckets.setdefault((name, place), _Bucket(capacity, now)).spend(now, per_second, capacity)

    # --- how Slack shows things ---

    def message_json(self, message: Message, *, with_metadata: bool = False) -> JsonObject:
        """Return a message as conversations.replies and interaction payloads carry it."""
        shown: JsonObject = {"type": "message", "user": message.user, "text": message.text, "ts": message.ts}
        shown["team"] = self.workspace.team_id
        if message.user == self.workspace.bot.id:
            shown |= {"bot_id": self.workspace.bot_id, "app_id": self.workspace.app_id}
        if message.blocks:
            shown["blocks"] = [*message.blocks]
        if message.files:
            shown["files"] = message.files
        if message.earlier:
            shown["edited"] = {"user": message.user, "ts": message.ts}
        replies = self.workspace.channels[message.channel].thread(message.ts)
        if message.thread_ts or replies:
            shown["thread_ts"] = message.thread_ts or message.ts
        if replies:
            shown |= {"reply_count": len(replies), "latest_reply": replies[-1].ts}
        if message.reactions:
            shown["reactions"] = [
                {"name": name, "users": users, "count": len(users)} for name, users in message.reactions.items()
            ]
        if with_metadata and message.metadata is not None:
            shown["metadata"] = message.metadata
        return shown

    def view_json(self, view: View, values: JsonObject | None = None) -> JsonObject:
        """Return a view as views.open and view payloads carry it."""
        blank = {"callback_id": "", "private_metadata": "", "external_id": "", "submit": None, "close": None}
        return {
            **blank,
            "clear_on_close": False,
            "notify_on_close": False,
            **view.content,
            "id": view.id,
            "team_id": self.workspace.team_id,
            "app_id": self.workspace.app_id,
            "bot_id": self.workspace.bot_id,
            "app_installed_team_id": self.workspace.team_id,
            "hash": view.hash,
            "root_view_id": view.root_id,
            "previous_view_id": view.previous_id,
            "state": {"values": values or {}},
        }

    def own_message(self, arguments: Arguments, refusal: str) -> tuple[Channel, Message]:
        """Return the bot's own message that ``channel`` and ``ts`` name. Raises SlackError."""
        channel = self.workspace.visible(arguments.text("channel"))
        message = channel.find(arguments.text("ts"))
        if message is None:
            raise SlackError("message_not_found")
        if message.user != self.workspace.bot.id:
            raise SlackError(refusal)
        return channel, message


def _parsed(given: JsonObject) -> JsonObject:
    """Return the arguments with those that a form carries as JSON text parsed. Raises SlackError."""
    parsed = dict(given)
    for name in _STRUCTURES:
        if isinstance(value := parsed.get(name), str):
            try:
                parsed[name] = json.loads(value)
            except json.JSONDecodeError:
                code = {"blocks": "invalid_blocks_format", "metadata": "invalid_metadata_format"}
                raise SlackError(code.get(name, "invalid_arguments")) from None
    if "blocks" in parsed and as_list(parsed["blocks"]) is None:
        raise SlackError("invalid_blocks_format")
    return parsed


# --- the app itself ----------------------------------------------------------------------------------------------


@_method("auth.test")
def _auth_test(api: WebApi, _: Arguments) -> JsonObject:
    workspace = api.workspace
    return {
        "url": api.base_url,
        "team": workspace.team_domain,
        "team_id": workspace.team_id,
        "user": workspace.bot.name,
        "user_id": workspace.bot.id,
        "bot_id": workspace.bot_id,
        "is_enterprise_install": False,
    }


@_method("apps.connections.open", caller="app")
def _apps_connections_open(api: WebApi, _: Arguments) -> JsonObject:
    address = api.base_url.replace("http://", "ws://", 1)
    return {"url": f"{address}link/?ticket={api.new_ticket()}&app_id={api.workspace.app_id}"}


# --- chat --------------------------------------------------------------------------------------------------------


@_method(
    "chat.postMessage",
    f"channel thread_ts reply_broadcast unfurl_links unfurl_media mrkdwn {_CONTENT}",
    scope="chat:write",
)
def _chat_post_message(api: WebApi, arguments: Arguments) -> JsonObject:
    workspace, place = api.workspace, arguments.text("channel")
    channel = workspace.dm(place) if place in workspace.users else workspace.writable(place)
    thread_ts = workspace.thread_root(channel, arguments.given.get("thread_ts"))
    content = workspace.content(arguments.given)
    api.pace_post(channel)
    broadcast = thread_ts is not None and arguments.flag("reply_broadcast")
    message = workspace.post(channel, content, "api", thread_ts=thread_ts, broadcast=broadcast)
    return {"channel": channel.id, "ts": message.ts, "message": api.message_json(message, with_metadata=True)}


@_method("chat.update", f"channel ts reply_broadcast {_CONTENT}", scope="chat:write", per_minute=TIER_3)
def _chat_update(api: WebApi, arguments: Arguments) -> JsonObject:
    channel, message = api.own_message(arguments, "cant_update_message")
    if channel.archived:
        raise SlackError("is_archived")
    given = arguments.given
    content = api.workspace.content(given, limit=UPDATE_CHARACTERS, parse="client")
    if "blocks" not in given:  # Slack may keep the old ones, which is the worse case for a caller who forgot them
        content = Content(content.text, message.blocks, content.metadata, content.pings, message.content.unfurls)
    elif has_rich_text([*message.blocks]) and not has_rich_text([*content.blocks]):
        raise SlackError("block_mismatch")
    kept = message.metadata if content.metadata is None else content.metadata
    api.workspace.edit(message, Content(content.text, content.blocks, kept, content.pings, message.content.unfurls))
    return {
        "channel": channel.id,
        "ts": message.ts,
        "text": message.text,
        "message": api.message_json(message, with_metadata=True),
    }


@_method("chat.delete", "channel ts", scope="chat:write", per_minute=TIER_3)
def _chat_delete(api: WebApi, arguments: Arguments) -> JsonObject:
    channel, message = api.own_message(arguments, "cant_delete_message")
    api.workspace.delete(message)
    return {"channel": channel.id, "ts": message.ts}


@_method("chat.postEphemeral", f"channel user thread_ts {_CONTENT}", scope="chat:write", per_minute=TIER_4)
def _chat_post_ephemeral(api: WebApi, arguments: Arguments) -> JsonObject:
    workspace, user = api.workspace, arguments.text("user")
    channel = workspace.writable(arguments.text("channel"))
    if user not in channel.members:
        raise SlackError("user_not_in_channel")
    thread_ts = workspace.thread_root(channel, arguments.given.get("thread_ts"))
    content = workspace.content(arguments.given)
    message = workspace.post(channel, content, "api", thread_ts=thread_ts, ephemeral_to=user)
    return {"message_ts": message.ts}


@_method("chat.getPermalink", "channel message_ts")
def _chat_get_permalink(api: WebApi, arguments: Arguments) -> JsonObject:
    channel = api.workspace.visible(arguments.text("channel"))
    message = channel.find(arguments.text("message_ts"))
    if message is None:
        raise SlackError("message_not_found")
    thread = f"?thread_ts={message.thread_ts}&cid={channel.id}" if message.thread_ts else ""
    link = f"{api.base_url}archives/{channel.id}/p{message.ts.replace('.', '')}{thread}"
    return {"channel": channel.id, "permalink": link}


@_method("reactions.add", "channel name timestamp", scope="reactions:write", per_minute=TIER_3)
def _reactions_add(api: WebApi, arguments: Arguments) -> JsonObject:
    workspace = api.workspace
    channel = workspace.writable(arguments.text("channel"))
    message, name = channel.find(arguments.text("timestamp")), arguments.text("name")
    if message is None:
        raise SlackError("message_not_found")
    if not name.replace("_", "").replace("-", "").replace("+", "").isalnum():
        raise SlackError("invalid_name")
    users = message.reactions.setdefault(name, [])
    if workspace.bot.id in users:
        raise SlackError("already_reacted")
    users.append(workspace.bot.id)
    workspace.note("reacted", channel=channel.id, user=workspace.bot.id, words=name)
    return {}


# --- conversations -----------------------------------------------------------------------------------------------

_PAGE = "channel cursor limit oldest latest inclusive include_all_metadata"


def _page(api: WebApi, arguments: Arguments, messages: list[Message]) -> JsonObject:
    """Return one page of messages, in the order given. ``oldest`` and ``latest`` exclude themselves."""
    given, edge = arguments.given, arguments.flag("inclusive")
    oldest, latest = str(given.get("oldest", "0")), str(given.get("latest", "9999999999.999999"))
    inside = [m for m in messages if oldest < m.ts < latest or (edge and m.ts in (oldest, latest))]
    start, limit = arguments.integer("cursor", 0), arguments.integer("limit", 100)
    more = len(inside) > start + limit
    with_metadata = arguments.flag("include_all_metadata")
    return {
        "messages": [api.message_json(m, with_metadata=with_metadata) for m in inside[start : start + limit]],
        "has_more": more,
        "response_metadata": {"next_cursor": str(start + limit) if more else ""},
    }


def _readable(api: WebApi, arguments: Arguments) -> Channel:
    channel = api.workspace.visible(arguments.text("channel"))
    api.need_for(channel, "history")
    if api.workspace.bot.id not in channel.members:
        raise SlackError("not_in_channel")
    return channel


@_method("conversations.replies", f"ts {_PAGE}", per_minute=TIER_3)
def _conversations_replies(api: WebApi, arguments: Arguments) -> JsonObject:
    channel = _readable(api, arguments)
    root = channel.find(arguments.text("ts"))
    if root is None:
        raise SlackError("thread_not_found")
    return _page(api, arguments, [root, *channel.thread(root.ts)])


@_method("conversations.history", _PAGE, per_minute=TIER_3)
def _conversations_history(api: WebApi, arguments: Arguments) -> JsonObject:
    channel = _readable(api, arguments)
    shown = [message for message in channel.messages if message.thread_ts is None or message.broadcast]
    return _page(api, arguments, shown[::-1])


def _channel_json(api: WebApi, channel: Channel) -> JsonObject:
    return {
        "id": channel.id,
        "name": channel.name,
        "is_channel": channel.kind == "public",
        "is_group": channel.kind == "private",
        "is_im": channel.kind == "im",
        "is_private": channel.kind != "public",
        "is_archived": channel.archived,
        "is_ext_shared": channel.ext_shared,
        "is_member": api.workspace.bot.id in channel.members,
    }


@_method("conversations.info", "channel include_locale include_num_members", per_minute=TIER_3)
def _conversations_info(api: WebApi, arguments: Arguments) -> JsonObject:
    channel = api.workspace.visible(arguments.text("channel"))
    api.need_for(channel, "read")
    return {"channel": _channel_json(api, channel)}


@_method("conversations.open", "users channel return_im prevent_creation", scope="im:write", per_minute=TIER_3)
def _conversations_open(api: WebApi, arguments: Arguments) -> JsonObject:
    channel = api.workspace.dm(api.workspace.user(arguments.text("users")).id)
    full = arguments.flag("return_im")
    return {"channel": _channel_json(api, channel) if full else {"id": channel.id}}


# --- people ------------------------------------------------------------------------------------------------------


@_method("users.info", "user include_locale", scope="users:read", per_minute=TIER_4)
def _users_info(api: WebApi, arguments: Arguments) -> JsonObject:
    user = api.workspace.user(arguments.text("user"))
    shown: JsonObject = {
        "id": user.id,
        "team_id": api.workspace.team_id,
        "name": user.name,
        "real_name": user.name,
        "deleted": False,
        "tz": user.tz,
        "tz_offset": user.tz_offset,
        "profile": {"real_name": user.name, "display_name": user.name},
        "is_bot": user.is_bot,
        "is_restricted": user.is_restricted,
        "is_ultra_restricted": user.is_ultra_restricted,
        "is_stranger": user.is_stranger,
    }
    return {"user": shown | ({"locale": user.locale} if arguments.flag("include_locale") else {})}


@_method("usergroups.users.list", "usergroup include_disabled", scope="usergroups:read", per_minute=TIER_2)
def _usergroups_users_list(api: WebApi, arguments: Arguments) -> JsonObject:
    members = api.workspace.usergroups.get(arguments.text("usergroup"))
    if members is None:
        raise SlackError("no_such_subteam")
    return {"users": sorted(members)}


# --- views -------------------------------------------------------------------------------------------------------


@_method("views.open", "trigger_id view", per_minute=TIER_4)
def _views_open(api: WebApi, arguments: Arguments) -> JsonObject:
    content = api.workspace.checked_view(arguments.given.get("view"), "modal")
    user = api.workspace.use_trigger(arguments.given.get("trigger_id"))
    return {"view": api.view_json(api.workspace.show_view(user, content))}


@_method("views.update", "view_id external_id hash view", per_minute=TIER_4)
def _views_update(api: WebApi, arguments: Arguments) -> JsonObject:
    content = api.workspace.checked_view(arguments.given.get("view"), "modal")
    wanted = {arguments.given.get("view_id"), arguments.given.get("external_id")} - {None}
    every = (view for stack in api.workspace.views.values() for view in stack)
    view = next((view for view in every if {view.id, view.content.get("external_id")} & wanted), None)
    if view is None:
        raise SlackError("not_found")
    if arguments.given.get("hash") not in (None, view.hash):
        raise SlackError("hash_conflict")
    api.workspace.change_view(view, content)
    return {"view": api.view_json(view)}


@_method("views.publish", "user_id hash view", per_minute=TIER_4)
def _views_publish(api: WebApi, arguments: Arguments) -> JsonObject:
    content = api.workspace.checked_view(arguments.given.get("view"), "home")
    user = api.workspace.user(arguments.text("user_id")).id
    known = api.workspace.homes.get(user)
    if arguments.given.get("hash") not in (None, known.hash if known else None):
        raise SlackError("hash_conflict")
    return {"view": api.view_json(api.workspace.publish_home(user, content))}


# --- files -------------------------------------------------------------------------------------------------------


@_method("files.getUploadURLExternal", "filename length alt_text snippet_type", scope="files:write", per_minute=TIER_4)
def _files_get_upload_url(api: WebApi, arguments: Arguments) -> JsonObject:
    name, length = arguments.text("filename"), arguments.integer("length", 0)
    if length == 0:
        raise SlackError("invalid_arguments", "[ERROR] length must be more than 0")
    file_id = api.workspace.new_id("F")
    api.uploads[file_id] = {"id": file_id, "name": name, "title": name, "size": length, "content": None}
    return {"upload_url": f"{api.base_url}upload/{file_id}", "file_id": file_id}


@_method(
    "files.completeUploadExternal",
    "files channel_id channels thread_ts initial_comment blocks",
    scope="files:write",
    per_minute=TIER_4,
)
def _files_complete_upload(api: WebApi, arguments: Arguments) -> JsonObject:
    workspace, given = api.workspace, arguments.given
    wanted = objects(given.get("files"))
    if not wanted:
        raise SlackError("invalid_arguments", "[ERROR] missing required field: files")
    channel = workspace.writable(arguments.text("channel_id"))
    if workspace.bot.id not in channel.members:  # chat:write.public does not reach as far as files
        raise SlackError("not_in_channel")
    thread_ts = workspace.thread_root(channel, given.get("thread_ts"))
    files: list[JsonObject] = []
    for item in wanted:
        upload = as_object(api.uploads.get(str(item.get("id"))))
        if upload is None or upload["content"] is None:
            raise SlackError("file_not_found")
        files.append({**upload, "title": item.get("title") or upload["name"]})
    said = {"text": given.get("initial_comment") or ", ".join(str(file["title"]) for file in files)}
    for file in files:
        del api.uploads[str(file["id"])]
    shown = [{key: value for key, value in file.items() if key != "content"} for file in files]
    message = workspace.post(channel, workspace.content(said), "file", thread_ts=thread_ts, files=shown)
    message.attached.update({str(file["name"]): file["content"] for file in files})
    return {"files": shown}
