"""The Slack double is stricter than Slack: proved with the real slack_sdk and Bolt against it."""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeAlias, TypeVar

import aiohttp
import pytest
from aiohttp import web
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.app.async_app import AsyncApp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.webhook.async_client import AsyncWebhookClient

from bot.sandbox.slack import DEFAULT_APP, Http, SlackDouble
from bot.sandbox.slack_api import Pace
from bot.sandbox.slack_blocks import inspect_message, inspect_view
from bot.sandbox.slack_faults import LostAnswer, RateLimited, Refused, ServerError, TruncatedAnswer
from bot.sandbox.slack_manifest import read_manifest
from bot.sandbox.slack_model import ManualClock, SlackApp, SlackError, User

DESK = "U0DESK"
ROOM = "C0HELPDESK"
Json = dict[str, Any]
Listener = TypeVar("Listener", bound=Callable[..., Awaitable[None]])
Loose: TypeAlias = (
    Any  # what slack_sdk and Bolt hand out: they ship half their types, and strict checkers refuse the rest
)

QUIET = logging.getLogger("test-slack")
QUIET.setLevel(logging.CRITICAL)  # the SDK reads the level off the logger it is given


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as opened:
        yield opened


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


def furnished(double: SlackDouble) -> SlackDouble:
    double.add_user(User(DESK, "desk", locale="ja-JP", tz="Asia/Tokyo", tz_offset=32_400))
    double.add_channel("helpdesk", members=[DESK])
    return double


@pytest.fixture
async def slack(clock: ManualClock) -> AsyncIterator[SlackDouble]:
    async with furnished(SlackDouble(now=clock, ack_seconds=1.0)) as double:
        yield double


@pytest.fixture
def client(slack: SlackDouble, session: aiohttp.ClientSession) -> Loose:
    return client_of(slack, session)


def client_of(slack: SlackDouble, session: aiohttp.ClientSession, token: str | None = None) -> Loose:
    used = slack.bot_token if token is None else token
    return AsyncWebClient(
        token=used, base_url=slack.api_url, session=session, retry_handlers=[], logger=QUIET, timeout=5
    )


def granted(*more: str, without: Sequence[str] = ()) -> SlackApp:
    return replace(DEFAULT_APP, scopes=(DEFAULT_APP.scopes | {*more}) - {*without})


def answer_of(error: SlackApiError) -> Loose:
    return error.response  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType] - untyped in slack_sdk


async def refusal(call: Awaitable[object]) -> Json:
    """Return the answer with which the workspace refused a call."""
    with pytest.raises(SlackApiError) as caught:
        await call
    answer: Json = answer_of(caught.value).data
    return answer


def section(text: str = "SPF passes", **more: object) -> Json:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}, **more}


def button(action_id: str = "again", **more: object) -> Json:
    return {"type": "button", "action_id": action_id, "text": {"type": "plain_text", "text": "Check again"}, **more}


MODAL: Json = {
    "type": "modal",
    "callback_id": "login",
    "title": {"type": "plain_text", "text": "Test a login"},
    "submit": {"type": "plain_text", "text": "Test"},
    "blocks": [
        {
            "type": "input",
            "block_id": "address",
            "label": {"type": "plain_text", "text": "Address"},
            "element": {"type": "plain_text_input", "action_id": "typed", "max_length": 30},
        },
        {
            "type": "input",
            "block_id": "how",
            "optional": True,
            "label": {"type": "plain_text", "text": "How"},
            "element": {
                "type": "static_select",
                "action_id": "chosen",
                "options": [{"text": {"type": "plain_text", "text": "STARTTLS"}, "value": "starttls"}],
            },
        },
    ],
}


# --- a Bolt app on it --------------------------------------------------------------------------------------------


def bolt_app(slack: SlackDouble, session: aiohttp.ClientSession) -> Loose:
    return AsyncApp(
        signing_secret=slack.signing_secret,
        client=client_of(slack, session),
        logger=QUIET,
        raise_error_for_unhandled_request=False,
    )


def on(event: Loose) -> Callable[[Listener], Listener]:
    """Return a decorator of Bolt with its type."""
    decorator: Callable[[Listener], Listener] = event
    return decorator


def handler_of(app: Loose, slack: SlackDouble, ping_interval: float) -> Loose:
    return AsyncSocketModeHandler(app, slack.app_token, logger=QUIET, ping_interval=ping_interval)


def webhook(url: str, session: aiohttp.ClientSession) -> Loose:
    return AsyncWebhookClient(url, session=session, logger=QUIET)


@pytest.fixture
async def bolt(slack: SlackDouble, session: aiohttp.ClientSession) -> AsyncIterator[Loose]:
    app = bolt_app(slack, session)
    handler = handler_of(app, slack, 0.2)
    await handler.connect_async()
    await slack.wait_for(lambda: slack.socket.connections)
    yield app
    await handler.close_async()


async def test_a_bolt_app_says_hello_and_answers_a_command_privately(slack: SlackDouble, bolt: Loose) -> None:
    @on(bolt.command("/mailcheck"))
    async def _(ack: Loose, command: Json) -> None:
        assert command["channel_name"] == "helpdesk"
        await ack(text=f"checking {command['text']}")

    done = await slack.command("example.com", user=DESK, channel="helpdesk")

    assert done.failure is None
    assert done.ack.payload == {"text": "checking example.com"}
    assert 0 < done.ack.milliseconds < 1000
    assert [message.text for message in slack.channel(ROOM).ephemerals(DESK)] == ["checking example.com"]
    assert slack.channel(ROOM).messages == []
    assert {*done.payload} == {
        *("token", "team_id", "team_domain", "channel_id", "channel_name", "user_id", "user_name", "command", "text"),
        *("api_app_id", "is_enterprise_install", "response_url", "trigger_id"),
    }
    assert done.payload["is_enterprise_install"] == "false"


async def test_a_command_nobody_acknowledges_ends_in_a_timeout_the_person_sees(
    session: aiohttp.ClientSession,
) -> None:
    async with furnished(SlackDouble(ack_seconds=0.05)) as slack:
        handler = handler_of(bolt_app(slack, session), slack, 0.2)
        await handler.connect_async()
        done = await slack.command("example.com", user=DESK, channel=ROOM)
        await handler.close_async()

        assert done.failure == "operation_timeout"
        assert done.acks == []
        assert [(seen.kind, seen.user) for seen in slack.workspace.seen] == [("failed", DESK)]


async def test_a_command_without_any_connection_fails_at_once(slack: SlackDouble) -> None:
    done = await slack.command("example.com", user=DESK, channel=ROOM)
    assert done.failure == "dispatch_failed"


async def test_a_duplicate_envelope_runs_the_listener_twice_and_is_acked_twice(slack: SlackDouble, bolt: Loose) -> None:
    runs: list[str] = []

    @on(bolt.command("/mailcheck"))
    async def _(ack: Loose, command: Json) -> None:
        runs.append(command["trigger_id"])
        await ack()

    slack.socket.duplicate_next()
    done = await slack.command("example.com", user=DESK, channel=ROOM)
    await slack.wait_for(lambda: len(done.acks) == 2)
    later = await slack.deliver_again(done)

    assert later.ack.payload is None
    assert runs == [done.trigger_id] * 3


@pytest.mark.parametrize("reason", ["refresh_requested", "warning"])
async def test_a_disconnect_frame_makes_the_app_come_back_on_a_new_connection(
    slack: SlackDouble, bolt: Loose, reason: Loose
) -> None:
    @on(bolt.command("/mailcheck"))
    async def _(ack: Loose) -> None:
        await ack()

    first = slack.socket.connections[0]
    await slack.socket.disconnect(reason)
    await slack.wait_for(lambda: slack.socket.connections and slack.socket.connections[0] is not first)
    assert (await slack.command("example.com", user=DESK, channel=ROOM)).failure is None
    assert slack.socket.opened >= 2


async def test_a_cut_connection_is_noticed_and_replaced(slack: SlackDouble, bolt: Loose) -> None:
    first = slack.socket.connections[0]
    slack.socket.cut()
    await slack.wait_for(lambda: slack.socket.opened == 2 and first not in slack.socket.connections)
    assert bolt.client.base_url == slack.api_url


async def test_a_half_open_connection_swallows_envelopes_until_the_app_gives_it_up(
    slack: SlackDouble, bolt: Loose
) -> None:
    heard: list[str] = []

    @on(bolt.command("/mailcheck"))
    async def _(ack: Loose, command: Json) -> None:
        heard.append(command["text"])
        await ack()

    slack.socket.go_half_open()
    (silent,) = slack.socket.connections
    lost = asyncio.create_task(slack.command("swallowed", user=DESK, channel=ROOM))
    await slack.wait_for(lambda: silent.delivered == 1)
    await slack.wait_for(lambda: slack.socket.opened == 2 and silent not in slack.socket.connections)
    await slack.command("heard", user=DESK, channel=ROOM)
    assert (await lost).failure == "operation_timeout"
    assert heard == ["heard"]


async def test_an_ack_for_an_unknown_envelope_is_noted(slack: SlackDouble, session: aiohttp.ClientSession) -> None:
    opened = await client_of(slack, session).apps_connections_open(app_token=slack.app_token)
    async with session.ws_connect(opened["url"]) as socket:
        hello = await socket.receive_json()
        await socket.send_json({"envelope_id": "made-up"})
        await slack.wait_for(lambda: slack.socket.stray_acks)
    assert hello["type"] == "hello"
    assert hello["num_connections"] == 1
    with pytest.raises(aiohttp.WSServerHandshakeError):
        await session.ws_connect(opened["url"])  # a ticket admits once


async def test_the_eleventh_connection_is_sent_away(slack: SlackDouble, session: aiohttp.ClientSession) -> None:
    client = client_of(slack, session)
    sockets: list[aiohttp.ClientWebSocketResponse] = []
    for _ in range(11):
        opened = await client.apps_connections_open(app_token=slack.app_token)
        sockets.append(await session.ws_connect(opened["url"]))
    assert (await sockets[10].receive_json())["reason"] == "too_many_websockets"
    assert len(slack.socket.connections) == 10
    for socket in sockets:
        await socket.close()


async def test_a_failing_apps_connections_open_is_asked_again(
    slack: SlackDouble, session: aiohttp.ClientSession
) -> None:
    slack.faults.next("apps.connections.open", Refused("internal_error"), ServerError(503))
    handler = handler_of(bolt_app(slack, session), slack, 0.02)
    await handler.connect_async()
    await handler.close_async()
    assert len(slack.calls_of("apps.connections.open")) == 3


# --- signed HTTP -------------------------------------------------------------------------------------------------


@pytest.fixture
async def over_http(slack: SlackDouble, session: aiohttp.ClientSession) -> AsyncIterator[Http]:
    app = bolt_app(slack, session)

    @on(app.command("/mailcheck"))
    async def _command(ack: Loose, command: Json) -> None:
        await ack(f"checking {command['text']}")

    @on(app.action("again"))
    async def _action(ack: Loose) -> None:
        await ack()

    @on(app.event("app_mention"))
    async def _mention(event: Json) -> None:
        assert event["text"]

    runner = web.AppRunner(app.web_app(), access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    host, port = runner.addresses[0][:2]
    yield Http(f"http://{host}:{port}/slack/events")
    await runner.cleanup()


async def test_signed_requests_are_accepted_by_bolt(slack: SlackDouble, client: Loose, over_http: Http) -> None:
    slack.over = over_http
    done = await slack.command("example.com & <more>", user=DESK, channel=ROOM)
    assert done.ack.payload == {"text": "checking example.com & <more>"}

    await client.chat_postMessage(channel=ROOM, text="done", blocks=[{"type": "actions", "elements": [button()]}])
    clicked = await slack.click(slack.channel(ROOM).messages[0], "again", user=DESK)
    assert clicked.ack.status == 200

    _, told = await slack.say(f"<@{slack.workspace.bot.id}> check", user=DESK, channel=ROOM)
    assert told is not None
    assert told.failure is None


@pytest.mark.parametrize("fault", [{"signature": "v0=00"}, {"skew": -301.0}, {"skew": 301.0}])
async def test_a_wrong_signature_or_a_moved_clock_is_refused(
    slack: SlackDouble, over_http: Http, fault: Mapping[str, Any]
) -> None:
    done = await slack.command("example.com", user=DESK, channel=ROOM, over=replace(over_http, **fault))
    assert done.failure == "http_401"
    assert done.acks == []


# --- posting and reading -----------------------------------------------------------------------------------------


async def test_a_thread_is_posted_edited_and_read_back_with_its_metadata(
    clock: ManualClock, session: aiohttp.ClientSession
) -> None:
    async with furnished(SlackDouble(granted("channels:history"), now=clock)) as slack:
        client = client_of(slack, session)
        note = {"event_type": "mailcheck_run", "event_payload": {"run": "r1"}}
        root = await client.chat_postMessage(channel=ROOM, text="checking", blocks=[section()], metadata=note)
        reply = await client.chat_postMessage(channel=ROOM, text="SPF passes", thread_ts=root["ts"])
        await client.chat_update(channel=ROOM, ts=root["ts"], text="checked", blocks=[section("all done")])

        plain = await client.conversations_replies(channel=ROOM, ts=root["ts"])
        full = await client.conversations_replies(channel=ROOM, ts=root["ts"], include_all_metadata=True)
        first = await client.conversations_replies(channel=ROOM, ts=root["ts"], limit=1)
        rest = await client.conversations_replies(
            channel=ROOM, ts=root["ts"], cursor=first["response_metadata"]["next_cursor"]
        )
        history = await client.conversations_history(channel=ROOM, include_all_metadata=True)

        assert [message["ts"] for message in full["messages"]] == [root["ts"], reply["ts"]]
        assert full["messages"][0]["metadata"] == note
        assert "metadata" not in plain["messages"][0]
        assert (first["has_more"], [m["ts"] for m in rest["messages"]]) == (True, [reply["ts"]])
        assert [(m["text"], m["metadata"], m["reply_count"]) for m in history["messages"]] == [("checked", note, 1)]

        (shown,) = slack.channel("helpdesk").roots
        assert shown.words == "all done"
        assert [version.text for version in shown.earlier] == ["checking"]
        assert [message.text for message in slack.channel("helpdesk").thread(shown.ts)] == ["SPF passes"]


async def test_an_edit_without_blocks_keeps_the_old_ones(slack: SlackDouble, client: Loose) -> None:
    posted = await client.chat_postMessage(channel=ROOM, text="one", blocks=[section("old")])
    await client.chat_update(channel=ROOM, ts=posted["ts"], text="two")
    assert slack.channel(ROOM).messages[0].words == "old"


async def test_rich_text_cannot_be_edited_away(client: Loose) -> None:
    leaf = {"type": "rich_text_section", "elements": [{"type": "text", "text": "v=spf1"}]}
    posted = await client.chat_postMessage(
        channel=ROOM, text="record", blocks=[{"type": "rich_text", "elements": [leaf]}]
    )
    answer = await refusal(client.chat_update(channel=ROOM, ts=posted["ts"], text="x", blocks=[section()]))
    assert answer["error"] == "block_mismatch"


async def test_a_deleted_message_is_gone_for_readers_but_known_to_the_test(slack: SlackDouble, client: Loose) -> None:
    posted = await client.chat_postMessage(channel=ROOM, text="oops")
    await client.chat_delete(channel=ROOM, ts=posted["ts"])
    assert slack.channel(ROOM).messages == []
    assert [message.deleted for message in slack.channel(ROOM).everything] == [True]
    assert (await refusal(client.chat_delete(channel=ROOM, ts=posted["ts"])))["error"] == "message_not_found"


async def test_pings_are_delivered_and_recorded_wherever_they_hide(slack: SlackDouble, client: Loose) -> None:
    broadcast = {"type": "rich_text_section", "elements": [{"type": "broadcast", "range": "here"}]}
    blocks = [section("record says <!channel> and &lt;!everyone&gt;"), {"type": "rich_text", "elements": [broadcast]}]
    await client.chat_postMessage(channel=ROOM, text="banner <!subteam^S1|ops>", blocks=blocks)
    harmless = await client.chat_postMessage(channel=ROOM, text="mail to a@channel.example, @here, &lt;@U1&gt;")
    assert slack.pings == ["<!subteam^S1|ops>", "<!channel>", "<!here>"]

    await client.chat_update(channel=ROOM, ts=harmless["ts"], text="now @here", parse="none")
    assert len(slack.pings) == 3
    await client.chat_update(channel=ROOM, ts=harmless["ts"], text="now @here")  # the default of chat.update is client
    assert slack.pings[3:] == ["@here"]


async def test_a_message_tells_whether_its_links_would_be_fetched(slack: SlackDouble, client: Loose) -> None:
    await client.chat_postMessage(channel=ROOM, text="https://example.com")
    await client.chat_postMessage(channel=ROOM, text="https://example.com", unfurl_links=False, unfurl_media=False)
    assert [message.content.unfurls for message in slack.channel(ROOM).messages] == [True, False]


async def test_an_ephemeral_message_reaches_one_member_only(slack: SlackDouble, client: Loose) -> None:
    answer = await client.chat_postEphemeral(channel=ROOM, user=DESK, text="psst")
    assert [message.text for message in slack.channel(ROOM).ephemerals(DESK)] == ["psst"]
    assert slack.channel(ROOM).ephemerals("U0OTHER") == []
    stranger = client.chat_postEphemeral(channel=ROOM, user="U0OTHER", text="psst")
    assert (await refusal(stranger))["error"] == "user_not_in_channel"
    edit = client.chat_update(channel=ROOM, ts=answer["message_ts"], text="more")
    assert (await refusal(edit))["error"] == "message_not_found"


async def test_people_groups_permalinks_reactions_and_direct_messages_answer_as_slack_does(
    clock: ManualClock, session: aiohttp.ClientSession
) -> None:
    async with furnished(SlackDouble(granted("im:write", "reactions:write"), now=clock)) as slack:
        client = client_of(slack, session)
        slack.workspace.usergroups["S0OPS"] = frozenset({DESK})
        person = (await client.users_info(user=DESK, include_locale=True))["user"]
        assert (person["locale"], person["tz"]) == ("ja-JP", "Asia/Tokyo")
        assert "locale" not in (await client.users_info(user=DESK))["user"]
        assert (await client.usergroups_users_list(usergroup="S0OPS"))["users"] == [DESK]
        assert (await client.auth_test())["user_id"] == slack.workspace.bot.id

        posted = await client.chat_postMessage(channel=DESK, text="hello")
        assert posted["channel"] == (await client.conversations_open(users=DESK))["channel"]["id"]
        link = await client.chat_getPermalink(channel=posted["channel"], message_ts=posted["ts"])
        assert link["permalink"].endswith(f"/archives/{posted['channel']}/p{posted['ts'].replace('.', '')}")
        await client.reactions_add(channel=posted["channel"], timestamp=posted["ts"], name="white_check_mark")
        twice = client.reactions_add(channel=posted["channel"], timestamp=posted["ts"], name="white_check_mark")
        assert (await refusal(twice))["error"] == "already_reacted"
        assert (await client.conversations_info(channel=ROOM))["channel"]["is_member"] is True


async def test_a_file_goes_up_in_three_steps_into_the_thread(slack: SlackDouble, client: Loose) -> None:
    root = await client.chat_postMessage(channel=ROOM, text="checked")
    await client.files_upload_v2(
        channel=ROOM, thread_ts=root["ts"], filename="run.md", content="# example.com", initial_comment="the report"
    )
    (message,) = slack.channel(ROOM).thread(root["ts"])
    assert message.text == "the report"
    assert message.attached == {"run.md": b"# example.com"}

    never = client.files_completeUploadExternal(files=[{"id": "F0", "title": "x"}], channel_id=ROOM)
    assert (await refusal(never))["error"] == "file_not_found"


# --- refusals ----------------------------------------------------------------------------------------------------


async def test_tokens_are_checked_for_presence_validity_and_kind(
    slack: SlackDouble, session: aiohttp.ClientSession
) -> None:
    for token, error in [("", "not_authed"), ("xoxb-0", "invalid_auth"), (slack.app_token, "not_allowed_token_type")]:
        assert (await refusal(client_of(slack, session, token).auth_test()))["error"] == error
    wrong = client_of(slack, session).apps_connections_open(app_token=slack.bot_token)
    assert (await refusal(wrong))["error"] == "not_allowed_token_type"
    in_json = session.post(f"{slack.api_url}auth.test", json={"token": slack.bot_token})
    async with in_json as answer:
        assert (await answer.json())["error"] == "not_authed"


async def test_a_missing_scope_is_named(session: aiohttp.ClientSession) -> None:
    async with furnished(SlackDouble(granted(without=["chat:write"]))) as slack:
        client = client_of(slack, session)
        answer = await refusal(client.chat_postMessage(channel=ROOM, text="hello"))
        assert (answer["error"], answer["needed"]) == ("missing_scope", "chat:write")
        assert "users:read" in answer["provided"].split(",")
        reading = await refusal(client.conversations_history(channel=ROOM))
        assert reading["needed"] == "channels:history"


async def test_unknown_methods_and_arguments_are_refused(client: Loose) -> None:
    assert (await refusal(client.api_call("chat.shout")))["error"] == "unknown_method"
    typo = await refusal(client.api_call("chat.postMessage", json={"channel": ROOM, "text": "x", "thread": "1"}))
    assert typo["response_metadata"]["messages"] == ["[ERROR] unknown argument: thread"]
    assert (await refusal(client.chat_postMessage(channel="", text="x")))["error"] == "invalid_arguments"


async def test_membership_and_archive_decide_where_the_bot_may_post(session: aiohttp.ClientSession) -> None:
    async def post_everywhere(app: SlackApp) -> list[str]:
        async with furnished(SlackDouble(app)) as slack:
            slack.add_channel("outside", with_bot=False)
            slack.add_channel("secret", kind="private", with_bot=False)
            slack.add_channel("old").archived = True
            client = client_of(slack, session)
            errors: list[str] = []
            for channel in ("C0OUTSIDE", "C0SECRET", "C0OLD", "C0NOWHERE"):
                try:
                    await client.chat_postMessage(channel=channel, text="hello")
                except SlackApiError as error:
                    errors.append(answer_of(error)["error"])
                else:
                    errors.append("")
            return errors

    assert await post_everywhere(DEFAULT_APP) == [
        *("not_in_channel", "channel_not_found", "is_archived", "channel_not_found")
    ]
    public = await post_everywhere(granted("chat:write.public"))
    assert public == ["", "channel_not_found", "is_archived", "channel_not_found"]


async def test_threads_hang_on_roots_only_and_only_own_messages_can_be_changed(
    slack: SlackDouble, client: Loose
) -> None:
    root = await client.chat_postMessage(channel=ROOM, text="root")
    reply = await client.chat_postMessage(channel=ROOM, text="reply", thread_ts=root["ts"])
    for wrong in (reply["ts"], "1.000000"):
        answer = await refusal(client.chat_postMessage(channel=ROOM, text="x", thread_ts=wrong))
        assert answer["error"] == "thread_not_found"
    theirs, _ = await slack.say("hello", user=DESK, channel=ROOM)
    edit = await refusal(client.chat_update(channel=ROOM, ts=theirs.ts, text="mine now"))
    drop = await refusal(client.chat_delete(channel=ROOM, ts=theirs.ts))
    assert (edit["error"], drop["error"]) == ("cant_update_message", "cant_delete_message")


@pytest.mark.parametrize(
    ("said", "error"),
    [
        ({}, "no_text"),
        ({"text": "x" * 40_001}, "msg_too_long"),
        ({"text": "x", "blocks": [section("x" * 3000) for _ in range(5)]}, "msg_blocks_too_long"),
        ({"text": "x", "blocks": "{"}, "invalid_blocks_format"),
        ({"text": "x", "markdown_text": "x"}, "markdown_text_conflict"),
        ({"text": "x", "metadata": {"event_type": "run"}}, "invalid_metadata_format"),
        ({"text": "x", "metadata": {"event_type": "a run", "event_payload": {}}}, "invalid_metadata_format"),
        ({"text": "x", "metadata": {"event_type": "r", "event_payload": {"x": "y" * 8000}}}, "metadata_too_large"),
    ],
)
async def test_a_message_that_slack_would_not_take_is_refused(
    slack: SlackDouble, client: Loose, said: Json, error: str
) -> None:
    answer = await refusal(client.api_call("chat.postMessage", json={"channel": ROOM, **said}))
    assert answer["error"] == error
    assert slack.channel(ROOM).everything == []


async def test_an_edit_takes_less_text_than_a_post(client: Loose) -> None:
    posted = await client.chat_postMessage(channel=ROOM, text="x" * 40_000)
    answer = await refusal(client.chat_update(channel=ROOM, ts=posted["ts"], text="x" * 4001))
    assert answer["error"] == "msg_too_long"


async def test_invalid_blocks_are_answered_with_a_pointer_to_the_fault(client: Loose) -> None:
    answer = await refusal(client.chat_postMessage(channel=ROOM, text="x", blocks=[section("x" * 3001)]))
    assert answer["error"] == "invalid_blocks"
    assert answer["response_metadata"]["messages"] == [
        "[ERROR] must be less than 3001 characters [json-pointer:/blocks/0/text/text]"
    ]


def fields(count: int, length: int) -> list[Json]:
    return [{"type": "mrkdwn", "text": "x" * length} for _ in range(count)]


def header(length: int, kind: str = "plain_text") -> Json:
    return {"type": "header", "text": {"type": kind, "text": "x" * length}}


def actions(*elements: Json) -> Json:
    return {"type": "actions", "elements": [*elements]}


def table(rows: int, columns: int) -> Json:
    return {"type": "table", "rows": [[{"type": "raw_text", "text": "x"}] * columns] * rows}


@pytest.mark.parametrize(
    ("accepted", "refused", "because"),
    [
        ([section()] * 50, [section()] * 51, "no more than 50 items allowed"),
        ([section("x" * 3000)], [section("x" * 3001)], "must be less than 3001 characters"),
        ([section("x")], [section("")], "must be more than 0 characters"),
        ([section(fields=fields(10, 2000))], [section(fields=fields(11, 1))], "no more than 10 items allowed"),
        ([section(fields=fields(1, 2000))], [section(fields=fields(1, 2001))], "must be less than 2001 characters"),
        ([header(150)], [header(151)], "must be less than 151 characters"),
        ([header(150)], [header(1, "mrkdwn")], "must be one of plain_text"),
        ([actions(button("x" * 255))], [actions(button("x" * 256))], "must be less than 256 characters"),
        ([actions(button(value="x" * 2000))], [actions(button(value="x" * 2001))], "must be less than 2001"),
        ([actions(button(style="danger"))], [actions(button(style="huge"))], "must be one of primary, danger"),
        ([actions(button())] * 2, [actions(button(), button())], "action_id 'again' already exists"),
        ([section(block_id="a")], [section(block_id="a")] * 2, "block_id 'a' already exists"),
        ([section(block_id="x" * 255)], [section(block_id="x" * 256)], "must be less than 256 characters"),
        ([{"type": "divider"}], [{"type": "marquee"}], "unsupported type: marquee"),
        ([section()], [section(colour="red")], "invalid additional property: colour"),
        ([section()], [{"type": "section"}], "missing required field: text or fields"),
        ([table(100, 20)], [table(101, 1)], "no more than 100 items allowed"),
        ([table(1, 20)], [table(1, 21)], "no more than 20 items allowed"),
        ([table(1, 1)], [table(1, 1), table(1, 1)], "only one table block"),
        ([actions(button())], [actions(*(button(str(n)) for n in range(26)))], "no more than 25 items allowed"),
        (
            [{"type": "context", "elements": fields(10, 1)}],
            [{"type": "context", "elements": fields(11, 1)}],
            "10 items",
        ),
        ([{"type": "markdown", "text": "x" * 12_000}], [{"type": "markdown", "text": "x" * 6001}] * 2, "together"),
    ],
)
def test_block_limits_are_exact(accepted: list[Json], refused: list[Json], because: str) -> None:
    assert inspect_message(accepted).errors == ()
    (error,) = inspect_message(refused).errors
    assert because in error


def test_a_button_label_has_75_characters_at_most() -> None:
    fits = button(text={"type": "plain_text", "text": "x" * 75})
    assert inspect_message([actions(fits)]).errors == ()
    long = button(text={"type": "plain_text", "text": "x" * 76})
    assert inspect_message([actions(long)]).errors == (
        "must be less than 76 characters [json-pointer:/blocks/0/elements/0/text/text]",
    )


@pytest.mark.parametrize(
    ("change", "because"),
    [
        ({"title": {"type": "plain_text", "text": "x" * 25}}, "must be less than 25 characters"),
        ({"private_metadata": "x" * 3001}, "must be less than 3001 characters"),
        ({"callback_id": "x" * 256}, "must be less than 256 characters"),
        ({"blocks": [section()] * 101}, "no more than 100 items allowed"),
        ({"blocks": [table(1, 1)]}, "unsupported type: table"),
        ({"type": "popup"}, "unsupported type: popup"),
    ],
)
def test_view_limits_are_exact(change: Json, because: str) -> None:
    assert inspect_view(MODAL).errors == ()
    (error, *_) = inspect_view(MODAL | change).errors
    assert because in error


def test_a_modal_with_an_input_needs_a_submit_button() -> None:
    bare = {key: value for key, value in MODAL.items() if key != "submit"}
    assert inspect_view(bare).errors == ("submit is required when an input is in the blocks [json-pointer:/view]",)


# --- what expires, what is paced ---------------------------------------------------------------------------------


async def test_posts_are_paced_per_channel_with_a_small_burst(
    slack: SlackDouble, client: Loose, clock: ManualClock
) -> None:
    slack.add_channel("other")
    for _ in range(Pace().burst):
        await client.chat_postMessage(channel=ROOM, text="x")
    with pytest.raises(SlackApiError) as caught:
        await client.chat_postMessage(channel=ROOM, text="x")
    assert answer_of(caught.value).status_code == 429
    assert answer_of(caught.value).headers["Retry-After"] == "1"
    await client.chat_postMessage(channel="C0OTHER", text="x")
    clock.advance(1.0)
    await client.chat_postMessage(channel=ROOM, text="x")
    assert (await refusal(client.chat_postMessage(channel=ROOM, text="x")))["error"] == "ratelimited"


async def test_edits_are_limited_by_their_tier(slack: SlackDouble, client: Loose) -> None:
    posted = await client.chat_postMessage(channel=ROOM, text="0")
    for count in range(50):
        await client.chat_update(channel=ROOM, ts=posted["ts"], text=str(count))
    assert (await refusal(client.chat_update(channel=ROOM, ts=posted["ts"], text="x")))["error"] == "ratelimited"
    assert slack.channel(ROOM).messages[0].text == "49"


async def test_a_trigger_opens_one_view_within_three_seconds(
    slack: SlackDouble, client: Loose, clock: ManualClock
) -> None:
    late = (await slack.command("login", user=DESK, channel=ROOM)).trigger_id
    clock.advance(3.1)
    fresh = (await slack.command("login", user=DESK, channel=ROOM)).trigger_id
    assert late
    assert fresh
    assert (await refusal(client.views_open(trigger_id=late, view=MODAL)))["error"] == "expired_trigger_id"
    invalid = await refusal(client.views_open(trigger_id=fresh, view=MODAL | {"title": "x"}))
    assert invalid["error"] == "invalid_arguments"
    await client.views_open(trigger_id=fresh, view=MODAL)
    assert (await refusal(client.views_open(trigger_id=fresh, view=MODAL)))["error"] == "exchanged_trigger_id"
    assert (await refusal(client.views_open(trigger_id="1.2.3", view=MODAL)))["error"] == "invalid_trigger_id"


async def test_a_response_url_works_five_times_within_half_an_hour(
    slack: SlackDouble, session: aiohttp.ClientSession, clock: ManualClock
) -> None:
    slack.add_channel("secret", kind="private", members=[DESK], with_bot=False)
    done = await slack.command("example.com", user=DESK, channel="secret")
    unused = await slack.command("example.com", user=DESK, channel="secret")
    assert done.response_url
    assert unused.response_url
    hook = webhook(done.response_url, session)
    bad = await hook.send(text="x", blocks=[section("x" * 3001)])
    answers = [await hook.send(text=str(n), response_type="in_channel" if n == 4 else None) for n in range(6)]

    assert bad.status_code == 400
    assert [answer.status_code for answer in answers] == [200, 200, 200, 200, 200, 404]
    assert [message.text for message in slack.channel("secret").ephemerals(DESK)] == ["0", "1", "2", "3"]
    assert [message.text for message in slack.channel("secret").messages] == ["4"]
    clock.advance(30 * 60 + 1)
    expired = await webhook(unused.response_url, session).send(text="x")
    assert "expired_url" in expired.body


# --- clicks, forms, events ---------------------------------------------------------------------------------------


async def test_a_click_carries_the_message_and_its_response_url_replaces_it(slack: SlackDouble, bolt: Loose) -> None:
    clicks: list[Json] = []

    @on(bolt.action("again"))
    async def _(ack: Loose, respond: Loose, body: Json) -> None:
        await ack()
        clicks.append(body)
        await respond(text="started again", replace_original=True)

    root = await bolt.client.chat_postMessage(channel=ROOM, text="checked")
    await bolt.client.chat_postMessage(
        channel=ROOM, text="summary", thread_ts=root["ts"], blocks=[actions(button(value="r1"))]
    )
    (reply,) = slack.channel(ROOM).thread(root["ts"])
    done = await slack.click(reply, "again", user=DESK)
    await slack.wait_for(lambda: reply.earlier)

    assert done.failure is None
    assert reply.text == "started again"
    (body,) = clicks
    assert body["actions"][0]["value"] == "r1"
    assert body["container"]["thread_ts"] == body["message"]["thread_ts"] == root["ts"]
    with pytest.raises(LookupError, match="nothing to click named again"):
        await slack.click(reply, "again", user=DESK)


async def test_a_form_is_opened_corrected_and_submitted(slack: SlackDouble, bolt: Loose) -> None:
    values: list[Json] = []

    @on(bolt.shortcut("login"))
    async def _open(ack: Loose, body: Json, client: Loose) -> None:
        await ack()
        await client.views_open(trigger_id=body["trigger_id"], view=MODAL)

    @on(bolt.view("login"))
    async def _submit(ack: Loose, view: Json) -> None:
        values.append(view["state"]["values"])
        typed = view["state"]["values"]["address"]["typed"]["value"]
        if "@" in typed:
            await ack()
        else:
            await ack(response_action="errors", errors={"address": "no @ in it"})

    await slack.global_shortcut("login", user=DESK)
    form = await slack.wait_for(lambda: slack.view(DESK))
    with pytest.raises(LookupError, match="address is required"):
        await slack.submit({"how": "starttls"}, user=DESK)
    with pytest.raises(LookupError, match="0 to 30 characters"):
        await slack.submit({"address": "x" * 31}, user=DESK)

    await slack.submit({"address": "example.com"}, user=DESK)
    assert form.errors == {"address": "no @ in it"}
    assert slack.view(DESK) is form
    done = await slack.submit({"address": "a@example.com", "how": "starttls"}, user=DESK)
    assert done.failure is None
    assert slack.view(DESK) is None
    assert values[-1]["how"]["chosen"]["selected_option"]["value"] == "starttls"


async def test_an_error_on_a_field_that_is_not_there_is_shown_as_a_failure(slack: SlackDouble, bolt: Loose) -> None:
    @on(bolt.view("login"))
    async def _(ack: Loose) -> None:
        await ack(response_action="errors", errors={"adress": "?"})

    slack.workspace.show_view(DESK, MODAL)
    done = await slack.submit({"address": "a@example.com"}, user=DESK)
    assert done.failure == "invalid response_action: unknown_block_id adress"


@pytest.mark.parametrize(
    ("answer", "titles"),
    [
        ({"response_action": "update", "view": MODAL | {"title": {"type": "plain_text", "text": "Next"}}}, ["Next"]),
        ({"response_action": "push", "view": MODAL}, ["Test a login", "Test a login"]),
        ({"response_action": "clear"}, []),
        ({}, []),
    ],
)
async def test_what_follows_a_submission_is_the_apps_choice(
    slack: SlackDouble, bolt: Loose, answer: Json, titles: list[str]
) -> None:
    @on(bolt.view("login"))
    async def _(ack: Loose) -> None:
        await ack(**answer)

    slack.workspace.show_view(DESK, MODAL)
    done = await slack.submit({"address": "a@example.com"}, user=DESK)
    assert done.failure is None
    assert [view.content["title"]["text"] for view in slack.workspace.views[DESK]] == titles


async def test_the_app_hears_of_a_closed_form_only_if_it_asked(slack: SlackDouble, bolt: Loose) -> None:
    closed: list[Json] = []

    @on(bolt.view_closed("login"))
    async def _(ack: Loose, view: Json) -> None:
        closed.append(view)
        await ack()

    quiet = slack.workspace.show_view(DESK, MODAL)
    assert await slack.dismiss(user=DESK) is None
    told = slack.workspace.show_view(DESK, MODAL | {"notify_on_close": True})
    await slack.dismiss(user=DESK)
    assert [view["id"] for view in closed] == [told.id]
    assert slack.view(DESK) is None
    assert quiet.id != told.id


async def test_menus_of_messages_and_of_the_home_tab_can_be_used(slack: SlackDouble, bolt: Loose) -> None:
    chosen: list[tuple[str, str]] = []

    @on(bolt.action("more"))
    async def _(ack: Loose, body: Json) -> None:
        chosen.append((body["container"]["type"], body["actions"][0]["selected_option"]["value"]))
        await ack()

    menu = {
        "type": "overflow",
        "action_id": "more",
        "options": [{"text": {"type": "plain_text", "text": word}, "value": word} for word in ("export", "history")],
    }
    await bolt.client.chat_postMessage(channel=ROOM, text="checked", blocks=[section(accessory=menu)])
    await bolt.client.views_publish(user_id=DESK, view={"type": "home", "blocks": [actions(menu)]})
    home = await slack.wait_for(lambda: slack.home(DESK))
    await slack.click(slack.channel(ROOM).messages[0], "more", option="history", user=DESK)
    await slack.click(home, "more", option="export", user=DESK)
    assert chosen == [("message", "history"), ("view", "export")]
    with pytest.raises(LookupError, match="there is export, history"):
        await slack.click(home, "more", option="delete", user=DESK)


async def test_an_ack_that_slack_could_not_show_is_a_failure_the_person_sees(slack: SlackDouble, bolt: Loose) -> None:
    @on(bolt.command("/mailcheck"))
    async def _(ack: Loose) -> None:
        await ack(text="x", blocks=[section("x" * 3001)])

    done = await slack.command("help", user=DESK, channel=ROOM)
    assert done.failure == "invalid_command_response: invalid_blocks"
    assert slack.channel(ROOM).everything == []


async def test_an_event_delivered_again_says_that_it_is_a_retry(slack: SlackDouble, bolt: Loose) -> None:
    numbers: list[Loose] = []

    @on(bolt.event("app_mention"))
    async def _(body: Json, request: Loose) -> None:
        numbers.append((body["event_id"], request.headers.get("x-slack-retry-num")))

    _said, told = await slack.say(f"<@{slack.workspace.bot.id}>", user=DESK, channel=ROOM)
    assert told is not None
    await slack.deliver_again(told)
    await slack.wait_for(lambda: len(numbers) == 2)
    assert [number for _, number in numbers] == [["0"], ["1"]]
    assert len({event_id for event_id, _ in numbers}) == 1


async def test_a_view_changes_only_for_who_knows_its_hash(slack: SlackDouble, client: Loose) -> None:
    shown = slack.workspace.show_view(DESK, MODAL)
    stale = shown.hash
    more = MODAL | {"blocks": [section("wait")]}
    await client.views_update(view_id=shown.id, hash=stale, view=more)
    assert shown.content["blocks"][0]["text"]["text"] == "wait"
    conflict = await refusal(client.views_update(view_id=shown.id, hash=stale, view=MODAL))
    assert conflict["error"] == "hash_conflict"
    assert (await refusal(client.views_update(view_id="V0", view=MODAL)))["error"] == "not_found"


async def test_mentions_direct_messages_and_the_home_tab_reach_the_app(slack: SlackDouble, bolt: Loose) -> None:
    heard: list[tuple[str, str | None]] = []

    @on(bolt.event("app_mention"))
    async def _mention(event: Json) -> None:
        heard.append(("mention", event["thread_ts"]))

    @on(bolt.event("message"))
    async def _message(event: Json) -> None:
        heard.append((event["channel_type"], event["text"]))

    @on(bolt.event("app_home_opened"))
    async def _home(event: Json, client: Loose) -> None:
        await client.views_publish(user_id=event["user"], view={"type": "home", "blocks": [section("your runs")]})

    root, unheard = await slack.say("mail is stuck", user=DESK, channel=ROOM)
    assert unheard is None
    _, mention = await slack.say(f"<@{slack.workspace.bot.id}>", user=DESK, channel=ROOM, thread_ts=root.ts)
    _, message = await slack.say("example.com", user=DESK, channel=slack.dm(DESK).id)
    await slack.open_home(user=DESK)
    home = await slack.wait_for(lambda: slack.home(DESK))

    assert mention
    assert message
    assert (mention.failure, message.failure) == (None, None)
    assert sorted(heard, key=str) == [("im", "example.com"), ("mention", root.ts)]
    assert home.words == "your runs"


async def test_an_app_hears_only_what_its_scopes_and_subscriptions_allow(clock: ManualClock) -> None:
    async with furnished(SlackDouble(granted(without=["im:history"]), now=clock)) as slack:
        _, told = await slack.say("example.com", user=DESK, channel=slack.dm(DESK).id)
        assert told is None
        with pytest.raises(SlackError, match="unknown_command"):
            await slack.command("x", user=DESK, channel=ROOM, command="/other")


async def test_a_message_shortcut_carries_the_message(slack: SlackDouble, bolt: Loose) -> None:
    bodies: list[Json] = []

    @on(bolt.shortcut("check_message"))
    async def _(ack: Loose, body: Json) -> None:
        bodies.append(body)
        await ack()

    said, _unheard = await slack.say("550 5.7.1 refused", user=DESK, channel=ROOM)
    await slack.message_shortcut("check_message", said, user=DESK)
    assert (bodies[0]["message"]["text"], bodies[0]["message_ts"]) == ("550 5.7.1 refused", said.ts)


# --- faults ------------------------------------------------------------------------------------------------------


async def test_each_fault_is_met_once_by_the_next_call(slack: SlackDouble, client: Loose) -> None:
    slack.faults.next(
        "chat.postMessage", RateLimited(7), ServerError(500), ServerError(503), Refused(), TruncatedAnswer()
    )
    statuses: list[int] = []
    for _ in range(4):
        with pytest.raises(SlackApiError) as caught:
            await client.chat_postMessage(channel=ROOM, text="x")
        statuses.append(answer_of(caught.value).status_code)
    assert statuses == [429, 500, 503, 200]
    assert slack.channel(ROOM).messages == []
    with pytest.raises(SlackApiError):
        await client.chat_postMessage(channel=ROOM, text="cut short")
    await client.chat_postMessage(channel=ROOM, text="fine")
    assert [message.text for message in slack.channel(ROOM).messages] == ["cut short", "fine"]
    assert [call.status for call in slack.calls_of("chat.postMessage")] == [429, 500, 503, 200, 200, 200]


async def test_a_lost_answer_leaves_the_message_though_the_client_saw_an_error(
    slack: SlackDouble, client: Loose
) -> None:
    slack.faults.next("chat.postMessage", LostAnswer())
    with pytest.raises(aiohttp.ClientError):
        await client.chat_postMessage(channel=ROOM, text="did it arrive?")
    assert [message.text for message in slack.channel(ROOM).messages] == ["did it arrive?"]
    assert slack.calls_of("chat.postMessage")[0].status == 0


async def test_a_held_call_waits_until_it_is_released(slack: SlackDouble, client: Loose) -> None:
    hang = slack.faults.hang("chat.postMessage")
    posting = asyncio.create_task(client.chat_postMessage(channel=ROOM, text="slow"))
    await hang.reached.wait()
    assert slack.channel(ROOM).messages == []
    assert slack.calls_of("chat.postMessage")[0].status is None
    hang.released.set()
    assert (await posting)["ok"] is True


# --- watching ----------------------------------------------------------------------------------------------------


async def test_calls_are_logged_without_tokens(slack: SlackDouble, client: Loose) -> None:
    await client.api_call("auth.test", params={"token": slack.bot_token})
    await refusal(client.chat_postMessage(channel="C0", text="x"))
    assert [(call.method, call.status, call.error) for call in slack.calls] == [
        ("auth.test", 200, None),
        ("chat.postMessage", 200, "channel_not_found"),
    ]
    assert slack.bot_token not in repr(slack.calls)


async def test_watchers_see_everything_in_order_until_the_workspace_closes(session: aiohttp.ClientSession) -> None:
    async def watch(slack: SlackDouble) -> list[str]:
        return [f"{seen.kind}: {seen.words}" async for seen in slack.events()]

    async with furnished(SlackDouble()) as slack:
        watching = asyncio.create_task(watch(slack))
        client = client_of(slack, session)
        posted = await client.chat_postMessage(channel=ROOM, text="one")
        await client.chat_update(channel=ROOM, ts=posted["ts"], text="two")
        await client.chat_postEphemeral(channel=ROOM, user=DESK, text="psst")
        done = await slack.command("x", user=DESK, channel=ROOM)
        assert done.response_url
        await webhook(done.response_url, session).send(text="late")
    assert [line.split(":")[0] for line in await watching] == ["posted", "edited", "ephemeral", "failed", "responded"]


async def test_waiting_in_vain_tells_what_was_seen(slack: SlackDouble, client: Loose) -> None:
    await client.chat_postMessage(channel=ROOM, text="something else")
    with pytest.raises(TimeoutError, match="posted 'something else'"):
        await slack.wait_for(lambda: slack.view(DESK), within=0.01)


def test_a_manifest_declares_scopes_commands_shortcuts_and_events(tmp_path: Path) -> None:
    manifest = tmp_path / "manifest.yml"
    manifest.write_text(
        """
features:
  slash_commands: [{command: /mailcheck}]
  shortcuts: [{callback_id: check_message, type: message}]
oauth_config: {scopes: {bot: [commands, chat:write], bot_optional: [files:read]}}
settings: {event_subscriptions: {bot_events: [app_mention]}}
""",
        encoding="utf-8",
    )
    assert read_manifest(manifest) == SlackApp(
        scopes=frozenset({"commands", "chat:write", "files:read"}),
        commands=frozenset({"/mailcheck"}),
        shortcuts=frozenset({"check_message"}),
        events=frozenset({"app_mention"}),
    )
