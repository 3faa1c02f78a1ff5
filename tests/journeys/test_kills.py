"""The bot killed at every kind of moment: what it took on is told, once, and its history is whole.

Each story brings a bot to a moment and kills it there. Then a bot is started that nothing befalls, and all is looked at
together: what people see in Slack, and what the history file holds. Several stories are told at a time, because most of
their time is waiting.
"""

from __future__ import annotations

import asyncio
import re
import signal
import sqlite3
import time
from collections import Counter
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from contextlib import closing
from pathlib import Path

import pytest
import pytest_asyncio

from bot.history import History, Tell, new_run_id
from bot.run import TERMINAL, Language, Place, Record, Run, RunId, State
from bot.runs import TOO_OLD
from bot.sandbox.dns import Fault
from bot.sandbox.slack_blocks import JsonObject
from bot.sandbox.slack_faults import RESPONSE_URL, Hang, LostAnswer, RateLimited, ServerError
from bot.sandbox.slack_model import Message
from checks.case import Case, Target
from tests.journeys.mortal import PATIENCE, Death, notes_reply, notes_summary
from tests.journeys.office import HELPDESK
from tests.journeys.scene import ALL_SILENT, ASKED, IN_ANY_LANGUAGE, LAST, TITLES, Scene, a_scene

DAY = 86400.0

_HEADING = re.compile(rf"^({'|'.join(re.escape(title) for title in TITLES.values())}) · ", re.MULTILINE)
_TOGETHER = 4


# --- How every story ends --------------------------------------------------------------------------------------------


async def settle(scene: Scene) -> None:
    """Let a bot live that nothing befalls, until it has told everything, and stop it."""
    there = len(scene.summaries)
    doubled = sum(mark_of(message)["row"] in scene.twice for message in scene.summaries)
    await scene.start()
    if scene.again:
        for typed in scene.typed:
            await scene.slack.deliver_again(typed, scene.over)
    if there == scene.asked:  # then only a run that is told after it shows that it has been seen to
        await scene.type()
    await scene.slack.wait_for(lambda: len(scene.summaries) >= scene.asked + doubled or None, PATIENCE)
    await scene.stop()


async def assert_told_once(scene: Scene) -> None:
    """What people see: for each run one parent, each step once, one summary, except for what is told twice."""
    rows = outbox_rows(scene.path)
    assert len(rows) == scene.asked
    for run, told in rows.items():
        messages = [message for message in scene.channel.messages if run == mark_of(message).get("run")]
        counted = Counter(row for message in messages for row in told if covers(message, row))
        assert counted == {row: 1 + (row in scene.twice) for row in told}

        parent = next(message for message in messages if message.thread_ts is None and message.earlier)
        assert "hourglass" not in str(parent.blocks), "it still seems to run"
        replies = [message for message in messages if message.thread_ts is not None]
        assert {message.thread_ts for message in replies} == {parent.ts}
        headings = Counter(heading for message in replies for heading in _HEADING.findall(message.words))
        steps = {row: TITLES[subject] for row, (kind, subject) in told.items() if kind is Tell.STEP}
        assert headings == Counter(title for row, title in steps.items() for _ in range(counted[row]))
        assert messages[-1].controls or scene.twice, "the summary is not the last word"


async def assert_sound(scene: Scene) -> None:
    """What the history holds: every run whole and closed, nothing left to tell, every attempt accounted for."""
    async with scene.history() as history:
        await history.verify()
        assert await history.unfinished() == ()
        assert (await history.stats()).undelivered == 0
        lines = await history.recent(100, viewer=HELPDESK)
        assert len(lines) == scene.asked + scene.earlier
        for line in lines:
            record = await history.load(line.id)
            assert record is not None
            assert record.state is scene.state
            assert_whole(record)
    with closing(sqlite3.connect(scene.path)) as db:
        assert db.execute("PRAGMA foreign_key_check").fetchall() == []
        sent = db.execute("SELECT outbox, count(*) FROM deliveries WHERE outcome = 'sent' GROUP BY outbox").fetchall()
        assert dict(sent) == dict.fromkeys((row for told in outbox_rows(scene.path).values() for row in told), 1)


def assert_whole(record: Record) -> None:
    """Every step once, and every finding rests on evidence that is there."""
    wanted = record.run.steps if record.state is State.DONE else ()
    assert sorted(step.check for step in record.steps) == sorted(wanted)
    cited = {number for step in record.steps for finding in step.findings for number in finding.evidence}
    assert cited <= {each.number for each in record.evidence}


def outbox_rows(path: Path) -> dict[RunId, dict[int, tuple[Tell, str]]]:
    """All that was ever to be told, by run and row."""
    rows: dict[RunId, dict[int, tuple[Tell, str]]] = {}
    with closing(sqlite3.connect(path)) as db:
        for run, row, kind, subject in db.execute("SELECT run, id, kind, subject FROM outbox ORDER BY id"):
            rows.setdefault(run, {})[row] = (Tell(kind), subject)
    return rows


def mark_of(message: Message) -> JsonObject:
    payload: JsonObject = (message.metadata or {}).get("event_payload", {})
    return payload


def covers(message: Message, row: int) -> bool:
    mark = mark_of(message)
    return bool(mark["row"] <= row <= mark["last"])


# --- The stories -----------------------------------------------------------------------------------------------------

Story = Callable[[Scene], Awaitable[None]]


def dying(death: Death, faults: Mapping[str, Fault] | None = None) -> Story:
    """The bot dies in the middle of a function while it answers a command."""

    async def story(scene: Scene) -> None:
        await scene.start(death, faults)
        await scene.type()
        await scene.dies()

    return story


def held(
    method: str,
    which: Callable[[JsonObject], bool],
    *,
    done: bool,
    faults: Mapping[str, Fault] | None = None,
    text: str = ASKED,
) -> Story:
    """The bot is killed while Slack has a call: before the work is ``done``, or between that and the answer."""

    async def story(scene: Scene) -> None:
        await scene.start(faults=faults)
        call = scene.slack.faults.hang_at(method, which, done=done)
        await scene.type(text)
        await reached(call)
        await scene.kill()

    return story


async def reached(call: Hang) -> None:
    async with asyncio.timeout(PATIENCE):
        await call.reached.wait()


def any_call(_arguments: JsonObject) -> bool:
    return True


def of_parent(arguments: JsonObject) -> bool:
    return not arguments.get("thread_ts")


def of_summary(arguments: JsonObject) -> bool:
    return "check_again" in str(arguments.get("blocks"))


def of_reply(arguments: JsonObject) -> bool:
    return not of_parent(arguments) and not of_summary(arguments)


def of_end(arguments: JsonObject) -> bool:
    """Whether a chat.update brings the parent into its last state."""
    return not str(arguments["text"]).startswith("Checking")


POST, UPDATE = "chat.postMessage", "chat.update"
RECORD = "bot.history:History.record"
NOTE, NOTED = "bot.history.outbox:attempted", "bot.history:History.attempted"

STORIES: dict[str, Story] = {
    # What the bot writes: in the transaction, and right after its commit.
    "a step is written and not committed": dying(Death("bot.history.appending:record")),
    "the first step is kept": dying(Death(RECORD, 1)),
    "the second step is kept": dying(Death(RECORD, 2)),
    "the third step is kept and the last is awaited": dying(Death(RECORD, 3), LAST),
    "the last step is kept and the run not closed": dying(Death(RECORD, 4)),
    "the end is written and not committed": dying(Death("bot.history.appending:finish")),
    "the end is kept and not told": dying(Death("bot.history:History.finish")),
    "the parent is answered and not noted": dying(Death("bot.slack.transport:SlackTransport.post")),
    "the note of the parent is written and not committed": dying(Death(NOTE)),
    "the parent is noted": dying(Death(NOTED)),
    "the note of a reply is written and not committed": dying(Death(NOTE, when=notes_reply)),
    "a reply is noted": dying(Death(NOTED, when=notes_reply)),
    "the note of the summary is written and not committed": dying(Death(NOTE, when=notes_summary)),
    "the summary is noted": dying(Death(NOTED, when=notes_summary)),
    # What Slack has of it: the call on its way there, and the answer on its way back.
    "the command is acknowledged and the asker's language asked for": held(
        "users.info", any_call, done=False, text=IN_ANY_LANGUAGE
    ),
    "the parent is on its way to Slack": held(POST, of_parent, done=False),
    "the parent is posted and its answer on its way": held(POST, of_parent, done=True),
    "a reply is on its way to Slack": held(POST, of_reply, done=False),
    "a reply is posted and its answer on its way": held(POST, of_reply, done=True),
    "an edit of the parent is on its way to Slack": held(UPDATE, any_call, done=False, faults=LAST),
    "the parent is edited and the answer on its way": held(UPDATE, any_call, done=True, faults=LAST),
    "the last edit of the parent is on its way to Slack": held(UPDATE, of_end, done=False),
    "the parent is edited for the last time and the answer on its way": held(UPDATE, of_end, done=True),
    "the summary is on its way to Slack": held(POST, of_summary, done=False),
    "the summary is posted and its answer on its way": held(POST, of_summary, done=True),
}


def story(told: Story) -> Story:
    """Add a story under its name."""
    STORIES[told.__name__.removeprefix("_").replace("_", " ")] = told
    return told


@story
async def _the_run_is_written_and_not_committed(scene: Scene) -> None:
    """The asker sees that it failed; nothing of it is kept."""
    await scene.start(Death("bot.history.appending:accept"))
    await scene.type()
    await scene.dies()
    assert scene.typed[0].acks == []
    scene.asked = 0


@story
async def _the_run_is_kept_and_not_acknowledged(scene: Scene) -> None:
    """The asker sees that it failed, and is answered all the same; Slack may deliver it again."""
    await scene.start(Death("bot.history:History.accept"))
    await scene.type()
    await scene.dies()
    assert scene.typed[0].acks == []
    scene.again = True


@story
async def _a_signed_request_is_kept_and_not_acknowledged(scene: Scene) -> None:
    scene.settings |= {"MAILCHECK_MODE": "http", "MAILCHECK_PORT": "0"}
    await scene.start(Death("bot.history:History.accept"))
    await scene.type()
    await scene.dies()
    assert scene.typed[0].acks == []
    scene.again = True


@story
async def _a_signed_request_is_read_and_nothing_kept(scene: Scene) -> None:
    scene.settings |= {"MAILCHECK_MODE": "http", "MAILCHECK_PORT": "0"}
    await scene.start(Death("bot.history:History.accept", done=False))
    await scene.type()
    await scene.dies()
    assert scene.typed[0].acks == []
    scene.asked = 0


@story
async def _slack_asks_to_wait(scene: Scene) -> None:
    scene.slack.faults.next(POST, RateLimited(1))
    await scene.start(Death(NOTED))
    await scene.type()
    await scene.dies()


@story
async def _slack_is_out_of_order(scene: Scene) -> None:
    scene.slack.faults.next(POST, ServerError(503))
    await scene.start(Death(NOTED))
    await scene.type()
    await scene.dies()


@story
async def _the_answer_to_the_parent_is_lost_and_the_bot_looks_for_it(scene: Scene) -> None:
    scene.slack.faults.next(POST, LostAnswer())
    await scene.start(Death("bot.slack.transport:SlackTransport.find", done=False))
    await scene.type()
    await scene.dies()


@story
async def _folded_steps_are_posted_and_their_answer_is_on_its_way(scene: Scene) -> None:
    """Three steps wait until the asker's language is known; the next bot tells them in one reply, and dies too."""
    scene.slack.faults.hang("users.info")
    await scene.start(Death(RECORD, 3), LAST)
    await scene.type(IN_ANY_LANGUAGE)
    await scene.dies()
    reply = scene.slack.faults.hang_at(POST, of_reply, done=True)
    await scene.start(faults=LAST)
    await reached(reply)
    await scene.kill()
    [posted] = scene.channel.thread(scene.parents[0].ts)
    assert len(_HEADING.findall(posted.words)) == 3


@story
async def _it_is_killed_again_while_it_looks_for_what_it_told(scene: Scene) -> None:
    await held(POST, of_reply, done=True)(scene)
    await scene.start(Death("bot.slack.transport:SlackTransport.find", done=False))
    await scene.dies()


@story
async def _it_is_killed_again_when_it_has_found_what_it_told(scene: Scene) -> None:
    await held(POST, of_parent, done=True)(scene)
    await scene.start(Death("bot.slack.transport:SlackTransport.find"))
    await scene.dies()


@story
async def _it_is_killed_again_as_it_takes_the_run_up(scene: Scene) -> None:
    await dying(Death(RECORD, 2), LAST)(scene)
    await scene.start(Death("bot.runs:Runs.resume", done=False))
    await scene.dies()


@story
async def _it_is_killed_again_at_the_first_step_of_the_run_taken_up(scene: Scene) -> None:
    await dying(Death(RECORD, 2), LAST)(scene)
    await scene.start(Death(RECORD, 1))
    await scene.dies()


@story
async def _it_lets_its_runs_end_after_sigterm(scene: Scene) -> None:
    bot = await scene.start(faults=LAST)
    await scene.type()
    await scene.slack.wait_for(lambda: scene.parents or None, PATIENCE)
    bot.send(signal.SIGTERM)
    await scene.slack.wait_for(lambda: not scene.slack.socket.connections or None, PATIENCE)
    await scene.kill()
    assert scene.summaries == []


@story
async def _it_tells_the_last_things_after_sigterm(scene: Scene) -> None:
    bot = await scene.start()
    call = scene.slack.faults.hang_at(POST, of_summary, done=True)
    await scene.type()
    await reached(call)
    bot.send(signal.SIGTERM)
    await scene.slack.wait_for(lambda: not scene.slack.socket.connections or None, PATIENCE)
    await scene.kill()


@story
async def _it_closes_its_history_after_sigterm(scene: Scene) -> None:
    bot = await scene.start(Death("bot.history:History.close", done=False))
    await scene.type()
    await scene.slack.wait_for(lambda: scene.summaries or None, PATIENCE)
    bot.send(signal.SIGTERM)
    await scene.dies()


@story
async def _the_tables_are_made_and_not_committed(scene: Scene) -> None:
    await scene.start(Death("bot.schema:MIGRATIONS.apply"))
    await scene.dies()


@story
async def _the_file_is_there_and_empty(scene: Scene) -> None:
    await scene.start(Death("bot.schema:_migrate", done=False))
    await scene.dies()


@story
async def _old_runs_are_being_deleted(scene: Scene) -> None:
    async with scene.history() as history:
        for number in range(60):
            await lived(history, time.time() - 500 * DAY + number)
        await lived(history, time.time() - DAY)
    await scene.start(Death("bot.history.upkeep:delete_batch", 2))
    await scene.dies()
    async with scene.history() as history:
        await history.verify()
        assert len(await history.recent(100)) == 36, "one batch is gone, and the next whole again"
    scene.earlier = 1


@story
async def _a_run_left_too_long_is_being_closed(scene: Scene) -> None:
    await left_too_long(scene, Death("bot.history.appending:finish"))


@story
async def _a_run_left_too_long_is_closed_and_not_told(scene: Scene) -> None:
    await left_too_long(scene, Death("bot.history:History.finish"))


@story
async def _three_runs_are_going(scene: Scene) -> None:
    await scene.start(faults=ALL_SILENT)
    for number in range(3):
        await scene.type(f"d{number}.example.com only:spf,dmarc lang:en")
    await scene.kill()
    assert [typed.failure for typed in scene.typed] == [None] * 3


async def left_too_long(scene: Scene, death: Death) -> None:
    """A run that an earlier bot left more than an hour ago; the next one dies as it closes it."""
    place = Place(team=scene.slack.workspace.team_id, channel=scene.channel.id)
    async with scene.history() as history:
        await history.accept(a_run(time.time() - TOO_OLD - 60, place))
    scene.asked, scene.state = 1, State.INTERRUPTED
    await scene.start(death)
    await scene.dies()


async def lived(history: History, asked_at: float) -> None:
    """A run that somebody asked for in a terminal, from its beginning to its end."""
    run = a_run(asked_at, TERMINAL)
    await history.accept(run)
    await history.finish(run.id, State.DONE, None, elapsed_ms=1, queries=0, evidence=())


def a_run(asked_at: float, place: Place) -> Run:
    return Run(
        id=new_run_id(asked_at),
        case=Case(target=Target(domain="example.com")),
        asked_by=HELPDESK,
        place=place,
        language=Language.EN,
        asked_at=asked_at,
        version="test",
        steps=(),
    )


# --- Telling them ----------------------------------------------------------------------------------------------------


async def tell(name: str, folder: Path) -> None:
    async with a_scene(folder) as scene:
        await STORIES[name](scene)
        await settle(scene)
        await assert_told_once(scene)
        await assert_sound(scene)


DOUBTFUL = (
    "the parent is posted and its answer on its way",
    "a reply is posted and its answer on its way",
    "the summary is posted and its answer on its way",
)
"""Where the bot may not look into the channel, these come twice, and nothing else (docs/decisions/0005)."""


async def tell_without_looking(name: str, folder: Path) -> None:
    async with a_scene(folder, may_look=False) as scene:
        await STORIES[name](scene)
        doubtful = mark_of(scene.channel.messages[-1])
        scene.twice = frozenset(range(doubtful["row"], doubtful["last"] + 1))
        await settle(scene)
        await assert_told_once(scene)
        await assert_sound(scene)


PRIVATE = f"{ASKED} private"
ALONE: dict[str, tuple[Story, list[int]]] = {
    "that it runs is on its way": (held(RESPONSE_URL, any_call, done=False, text=PRIVATE), [1, 1]),
    "that it runs is told and the answer on its way": (held(RESPONSE_URL, any_call, done=True, text=PRIVATE), [2, 1]),
    "the result is on its way": (held(RESPONSE_URL, of_summary, done=False, text=PRIVATE), [1, 1]),
    "the result is told and the answer on its way": (held(RESPONSE_URL, of_summary, done=True, text=PRIVATE), [1, 2]),
}
"""An answer that only the asker sees cannot be looked for: the one in doubt comes twice, and nothing else."""


async def tell_alone(name: str, folder: Path) -> None:
    async with a_scene(folder) as scene:
        story, times = ALONE[name]
        await story(scene)
        await scene.start()
        await scene.slack.wait_for(lambda: len(scene.channel.ephemerals(HELPDESK)) == sum(times) or None, PATIENCE)
        await scene.stop()
        told = scene.channel.ephemerals(HELPDESK)
        results = [message for message in told if message.controls]
        assert [len(told) - len(results), len(results)] == times
        assert [m for m in scene.channel.messages if m.via != "person"] == []
        await assert_sound(scene)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def told(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> AsyncGenerator[Mapping[str, asyncio.Task[None]]]:
    """The stories that this session wants, all begun, a few at a time; by the names of their tests."""
    turns = asyncio.Semaphore(_TOGETHER)
    tellers = {
        test_what_a_killed_bot_took_on_is_told_once: tell,
        test_where_the_bot_may_not_look_only_the_message_in_doubt_comes_twice: tell_without_looking,
        test_of_what_only_the_asker_sees_only_the_message_in_doubt_comes_twice: tell_alone,
    }

    async def in_turn(item: pytest.Function) -> None:
        async with turns:
            await tellers[item.obj](str(item.callspec.params["name"]), tmp_path_factory.mktemp("scene"))

    wanted = [item for item in request.session.items if isinstance(item, pytest.Function) and item.obj in tellers]
    tasks = {item.name: asyncio.create_task(in_turn(item)) for item in wanted}
    yield tasks
    for task in tasks.values():
        task.cancel()
    await asyncio.gather(*tasks.values(), return_exceptions=True)


in_their_turn = pytest.mark.timeout(240)  # a test may have to wait for the stories before its own


@in_their_turn
@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize("name", STORIES)
@pytest.mark.usefixtures("name")
async def test_what_a_killed_bot_took_on_is_told_once(
    told: Mapping[str, asyncio.Task[None]], request: pytest.FixtureRequest
) -> None:
    await told[request.node.name]


@in_their_turn
@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize("name", DOUBTFUL)
@pytest.mark.usefixtures("name")
async def test_where_the_bot_may_not_look_only_the_message_in_doubt_comes_twice(
    told: Mapping[str, asyncio.Task[None]], request: pytest.FixtureRequest
) -> None:
    await told[request.node.name]


@in_their_turn
@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize("name", ALONE)
@pytest.mark.usefixtures("name")
async def test_of_what_only_the_asker_sees_only_the_message_in_doubt_comes_twice(
    told: Mapping[str, asyncio.Task[None]], request: pytest.FixtureRequest
) -> None:
    await told[request.node.name]
