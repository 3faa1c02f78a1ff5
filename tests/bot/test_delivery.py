"""Telling: in order, once, at the channel's pace, and never nobody."""

# pyright: reportPrivateUsage=false
# (a look is made at the moment that matters)

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from bot import delivery as module
from bot import report
from bot.delivery import Delivery, Found, InDoubt, Mark, NotInChannel, NotTold, Refused, Transport, TryLater
from bot.history import DeliveryOutcome, Failed, History, OtherVersionError, OutboxRow, Tell, new_run_id
from bot.render.text import plain_text
from bot.report import Report
from bot.run import Language, Place, Record, Run, RunId, State
from bot.schema import HistoryError
from bot.wording import Wording
from checks.case import Case, Target
from checks.causes import Remedy
from checks.check import Check, CheckTimedOut, Desk, Outcome, Result, Seconds
from checks.diagnosis import diagnose

HELPDESK, OTHER = Place(team="T1", channel="C1"), Place(team="T1", channel="C2")


async def _nothing(_desk: Desk) -> Outcome[None]:
    raise NotImplementedError


CHECKS = tuple(Check(name=name, remedy=Remedy.DNS, findings=(), run=_nothing) for name in ("domain", "mx", "spf"))
BY_NAME = {check.name: check for check in CHECKS}


# --- A Slack that does as it is told ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class Told:
    """A message that arrived, or a version of one."""

    channel: str
    thread: str
    ts: str
    mark: Mark
    report: Report

    @property
    def words(self) -> str:
        return plain_text(self.report)


@dataclass
class FakeSlack:
    """Takes messages into known threads only; the next calls of a kind meet the failures queued for it."""

    posts: list[Told] = field(default_factory=list[Told])
    edits: list[Told] = field(default_factory=list[Told])
    whispers: list[tuple[str, str]] = field(default_factory=list[tuple[str, str]])
    finds: list[Mark] = field(default_factory=list[Mark])
    failures: dict[str, deque[NotTold | Exception | None]] = field(
        default_factory=dict[str, "deque[NotTold | Exception | None]"]
    )
    lost: bool = False
    """Whether a post in doubt is there all the same."""
    held: dict[str, asyncio.Event] = field(default_factory=dict[str, asyncio.Event])
    """Channels that hang until their event is set."""
    waiting: int = 0
    """Posts that met such a channel."""
    may_look: bool = True
    changed: asyncio.Condition = field(default_factory=asyncio.Condition)

    def fail(self, kind: str, *failures: NotTold | Exception | None) -> None:
        self.failures.setdefault(kind, deque()).extend(failures)

    async def language(self, user: str) -> Language:
        return Language.JA if user == "U0JA" else Language.EN

    async def post(self, place: Place, message: Report, thread: str, mark: Mark) -> str:
        assert not thread or thread in {told.ts for told in self.posts}, "a reply to a message that is not there"
        if place.channel in self.held:
            self.waiting += 1
            await self._announce()
            await self.held[place.channel].wait()
        failure = self._failure("post")
        ts = f"ts{len(self.posts) + 1}"
        if failure is None or (isinstance(failure, InDoubt) and self.lost):
            self.posts.append(Told(place.channel, thread, ts, mark, message))
            await self._announce()
        if failure is not None:
            raise failure
        return ts

    async def edit(self, place: Place, ts: str, message: Report) -> None:
        [parent] = [told for told in self.posts if told.ts == ts]
        failure = self._failure("edit")
        if failure is not None:
            raise failure
        self.edits.append(Told(place.channel, "", ts, parent.mark, message))
        await self._announce()

    async def find(self, place: Place, thread: str, mark: Mark) -> Found | None:
        self.finds.append(mark)
        if not self.may_look:
            raise Refused("missing_scope")
        for told in self.posts:
            same = (told.channel, told.thread, told.mark.run, told.mark.first)
            if same == (place.channel, thread, mark.run, mark.first):
                return Found(told.ts, told.mark.last)
        return None

    async def whisper(self, place: Place, user: str, messages: Sequence[Report]) -> None:
        assert place.team == "T1"
        failure = self._failure("whisper")
        if failure is not None:
            raise failure
        self.whispers.append((user, "\n".join(plain_text(message) for message in messages)))
        await self._announce()

    async def until(self, holds: Callable[[], object]) -> None:
        async with self.changed, asyncio.timeout(20):
            await self.changed.wait_for(lambda: bool(holds()))

    def _failure(self, kind: str) -> NotTold | Exception | None:
        queue = self.failures.get(kind)
        return queue.popleft() if queue else None

    async def _announce(self) -> None:
        async with self.changed:
            self.changed.notify_all()


# --- A bench to test on ----------------------------------------------------------------------------------------------


@dataclass
class Bench:
    history: History
    slack: FakeSlack
    delivery: Delivery
    ahead: dict[RunId, int]
    task: asyncio.Task[None] | None = None
    notes: int = 0
    noted: asyncio.Condition = field(default_factory=asyncio.Condition)

    def __post_init__(self) -> None:
        self.attempted = self.history.attempted
        self.history.attempted = self.note  # type: ignore[method-assign] # see note

    async def open(self, place: Place = HELPDESK, user: str = "U1") -> Run:
        run = a_run(place, user)
        await self.history.accept(run)
        return run

    async def step(self, run: Run, name: str) -> None:
        finding = CheckTimedOut(after=Seconds(1.0))
        result = Result(check=BY_NAME[name], outcome=Outcome(None, (finding,)), started=time.time(), ms=1.0)
        await self.history.record(run.id, result, ())

    async def end(self, run: Run) -> None:
        await self.history.finish(run.id, State.DONE, diagnose(()), elapsed_ms=1, queries=1, evidence=())

    async def whole(self, place: Place = HELPDESK, user: str = "U1") -> Run:
        run = await self.open(place, user)
        for name in run.steps:
            await self.step(run, name)
        await self.end(run)
        return run

    def go(self) -> None:
        self.task = asyncio.create_task(self.delivery.run())

    async def stop(self) -> None:
        if self.task is not None:
            self.task.cancel()
            await asyncio.gather(self.task, return_exceptions=True)

    async def all_told(self) -> None:
        """Wait until history holds nothing that is due or will be."""
        async with asyncio.timeout(20):
            while True:
                before = self.notes
                if (await self.history.stats()).undelivered == 0:
                    return
                async with self.noted:
                    await self.noted.wait_for(lambda before=before: self.notes > before)  # type: ignore[misc] # bound now

    async def note(self, rows: Sequence[OutboxRow], outcome: DeliveryOutcome) -> None:
        """Stand in for ``history.attempted``, and wake who waits for it."""
        await self.attempted(rows, outcome)
        async with self.noted:
            self.notes += 1
            self.noted.notify_all()


def a_run(place: Place = HELPDESK, user: str = "U1") -> Run:
    now = time.time()
    return Run(
        id=new_run_id(now),
        case=Case(target=Target(domain="example.com")),
        asked_by=user,
        place=place,
        language=None,
        asked_at=now,
        version="test",
        steps=tuple(BY_NAME),
    )


@asynccontextmanager
async def a_bench(path: Path, slack: FakeSlack | None = None) -> AsyncGenerator[Bench]:
    history = await History.open(path, CHECKS)
    double, ahead = slack or FakeSlack(), dict[RunId, int]()
    checked: Transport = double
    here = Bench(history, double, Delivery(history, checked, Wording, lambda run: ahead.get(run, 0)), ahead)
    try:
        yield here
    finally:
        await here.stop()
        await history.close()


def soon(_attempts: int) -> float:
    return 0.01


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Channels without a pace, and failures that are tried again at once."""
    monkeypatch.setattr(module, "_POSTS_PER_CHANNEL", (1000, 1.0))
    monkeypatch.setattr(module, "_PAUSE", 0.01)
    monkeypatch.setattr(module, "_backoff", soon)


@pytest.fixture
async def bench(tmp_path: Path) -> AsyncIterator[Bench]:
    async with a_bench(tmp_path / "history.sqlite") as here:
        yield here


# --- Order -----------------------------------------------------------------------------------------------------------


async def test_a_run_is_told_as_parent_then_steps_then_summary_in_one_thread(bench: Bench) -> None:
    bench.go()
    run = await bench.open()
    await bench.slack.until(lambda: len(bench.slack.posts) == 1)
    for count, name in enumerate(run.steps, 2):
        await bench.step(run, name)
        await bench.slack.until(lambda count=count: len(bench.slack.posts) == count)  # type: ignore[misc] # bound now
    await bench.end(run)
    await bench.slack.until(lambda: len(bench.slack.posts) == 5)
    await bench.all_told()

    parent, *replies = bench.slack.posts
    assert [told.thread for told in replies] == [parent.ts] * 4
    assert [told.thread for told in bench.slack.posts[:1]] == [""]
    for told, name in zip(replies, ("Domain", "MX", "SPF"), strict=False):
        assert name in told.words
    assert replies[-1].report.buttons
    assert not bench.slack.finds, "where nothing went wrong nothing is looked for"


async def test_steps_that_ended_while_the_channel_had_to_wait_are_one_reply(bench: Bench) -> None:
    await bench.whole()
    bench.go()
    await bench.all_told()
    parent, folded, summary = bench.slack.posts
    assert all(name in folded.words for name in ("Domain", "MX", "SPF"))
    assert folded.mark.last - folded.mark.first == 2
    assert (parent.report.buttons, bool(summary.report.buttons)) == ((), True)


async def test_two_runs_in_a_channel_keep_their_threads_apart(bench: Bench) -> None:
    first, second = await bench.whole(), await bench.whole()
    bench.go()
    await bench.all_told()
    for run in (first, second):
        parent, *replies = [told for told in bench.slack.posts if told.mark.run == run.id]
        assert {told.thread for told in replies} == {parent.ts}


async def test_a_run_asked_for_in_a_thread_stays_in_it(bench: Bench) -> None:
    bench.slack.posts.append(Told("C1", "", "ts0", Mark(RunId("other"), 0, 0), Report(fallback="", sections=())))
    await bench.whole(Place(team="T1", channel="C1", thread="ts0"))
    bench.go()
    await bench.all_told()
    assert {told.thread for told in bench.slack.posts[1:]} == {"ts0"}


async def test_the_language_is_that_of_the_asker(bench: Bench) -> None:
    await bench.whole(user="U0JA")
    bench.go()
    await bench.all_told()
    assert any("\u3040" <= character <= "\u30ff" for character in bench.slack.posts[-1].words)


async def test_a_run_that_waits_for_its_turn_says_how_many_are_ahead(bench: Bench) -> None:
    run = await bench.open()
    bench.ahead[run.id] = 7
    bench.go()
    await bench.all_told()
    assert "7" in bench.slack.posts[0].words
    assert "Running" not in bench.slack.posts[0].words


# --- Faults ----------------------------------------------------------------------------------------------------------


async def test_a_rate_limit_is_waited_out_and_nothing_is_lost_or_out_of_order(bench: Bench) -> None:
    started = time.monotonic()
    bench.slack.fail("post", None, TryLater("rate limited", 0.3))
    await bench.whole()
    bench.go()
    await bench.all_told()
    assert time.monotonic() - started >= 0.3
    assert len(bench.slack.posts) == 3
    assert not bench.slack.finds, "what certainly did not arrive is not looked for"


async def test_a_rate_limit_of_a_channel_holds_up_all_its_runs(bench: Bench) -> None:
    bench.slack.fail("post", TryLater("rate limited", 0.3))
    await bench.open()
    await bench.open()
    started = time.monotonic()
    bench.go()
    await bench.slack.until(lambda: bench.slack.posts)
    assert time.monotonic() - started >= 0.3
    await bench.all_told()
    assert len(bench.slack.posts) == 2


@pytest.mark.parametrize("at", [0, 1, 2])
async def test_a_message_in_doubt_that_is_there_is_not_posted_again(bench: Bench, at: int) -> None:
    bench.slack.lost = True
    bench.slack.fail("post", *[None] * at, InDoubt("timeout"))
    await bench.whole()
    bench.go()
    await bench.all_told()
    assert len(bench.slack.posts) == 3
    assert [told.thread for told in bench.slack.posts] == ["", "ts1", "ts1"]


@pytest.mark.parametrize("at", [0, 1, 2])
async def test_a_message_in_doubt_that_is_not_there_is_posted_again(bench: Bench, at: int) -> None:
    bench.slack.fail("post", *[None] * at, InDoubt("timeout"))
    await bench.whole()
    bench.go()
    await bench.all_told()
    assert len(bench.slack.posts) == 3
    assert len(bench.slack.finds) == 2, "once after the doubt, once more before posting"


async def test_a_message_in_doubt_is_posted_again_where_nobody_may_look(bench: Bench) -> None:
    bench.slack.may_look = False
    bench.slack.fail("post", InDoubt("timeout"))
    await bench.whole()
    bench.go()
    await bench.all_told()
    assert len(bench.slack.posts) == 3


async def test_what_a_killed_process_told_but_did_not_note_is_not_told_again(tmp_path: Path) -> None:
    slack = FakeSlack()
    async with a_bench(tmp_path / "history.sqlite", slack) as before:
        run = await before.open()
        [row] = await before.history.undelivered(9)
        await slack.post(HELPDESK, Report(fallback="parent", sections=()), "", Mark(run.id, row.id, row.id))
    async with a_bench(tmp_path / "history.sqlite", slack) as after:
        after.go()
        await after.step(run, "mx")
        await after.end(run)
        await after.all_told()
    assert [told.thread for told in slack.posts] == ["", "ts1", "ts1"]


async def test_of_a_folded_reply_only_the_steps_it_told_count_as_told(tmp_path: Path) -> None:
    slack = FakeSlack()
    async with a_bench(tmp_path / "history.sqlite", slack) as before:
        run = await before.open()
        before.go()
        await before.all_told()
        await before.stop()
        for name in ("domain", "mx", "spf"):
            await before.step(run, name)
        first, second, _ = await before.history.undelivered(9)
        await slack.post(HELPDESK, Report(fallback="two", sections=()), "ts1", Mark(run.id, first.id, second.id))
    async with a_bench(tmp_path / "history.sqlite", slack) as after:
        after.go()
        await after.all_told()
    assert len(slack.posts) == 3
    assert "SPF" in slack.posts[-1].words
    assert "MX" not in slack.posts[-1].words


@pytest.mark.parametrize("failure", [TryLater("down", 0.0), InDoubt("timeout")])
async def test_what_cannot_be_told_for_a_day_is_given_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, failure: NotTold
) -> None:
    async with a_bench(tmp_path / "history.sqlite") as bench:
        bench.slack.fail("post", failure, failure)
        await bench.open()
        bench.go()
        await bench.slack.until(lambda: bench.slack.posts)
        await bench.all_told()
        assert len(bench.slack.posts) == 1, "the first day it is tried again"

        monkeypatch.setattr(module, "KEEP_TRYING", -1.0)
        bench.slack.fail("post", failure)
        await bench.open()
        await bench.all_told()
        assert len(bench.slack.posts) == 1


async def test_a_refused_reply_is_given_up_and_the_rest_is_told(bench: Bench) -> None:
    bench.slack.fail("post", None, Refused("invalid_blocks"))
    await bench.whole()
    bench.go()
    await bench.all_told()
    assert [bool(told.report.buttons) for told in bench.slack.posts] == [False, True]


@pytest.mark.parametrize("at", [0, 2])
async def test_where_the_parent_or_the_summary_is_refused_the_asker_gets_the_answer(bench: Bench, at: int) -> None:
    bench.slack.fail("post", *[None] * at, Refused("is_archived"))
    await bench.whole()
    bench.go()
    await bench.all_told()
    user, words = bench.slack.whispers[-1]
    assert user == "U1"
    assert "SPF" in words
    assert not any("/invite" in words for _, words in bench.slack.whispers)
    assert all(told.thread in {"", "ts1"} for told in bench.slack.posts)


async def test_where_the_bot_is_not_in_the_channel_the_asker_is_told_how_to_invite_it(bench: Bench) -> None:
    bench.slack.fail("post", NotInChannel("not_in_channel"))
    await bench.whole()
    bench.go()
    await bench.all_told()
    assert bench.slack.posts == []
    assert len(bench.slack.whispers) == 2
    assert "/invite" in bench.slack.whispers[0][1]


async def test_after_a_restart_an_asker_who_was_told_alone_still_is(tmp_path: Path) -> None:
    slack = FakeSlack()
    slack.fail("post", NotInChannel("not_in_channel"))
    async with a_bench(tmp_path / "history.sqlite", slack) as before:
        run = await before.open()
        before.go()
        await before.all_told()
    async with a_bench(tmp_path / "history.sqlite", slack) as after:
        after.go()
        await after.step(run, "mx")
        await after.end(run)
        await after.all_told()
    assert slack.posts == []
    assert "MX" in slack.whispers[-1][1]


async def test_a_private_run_is_told_twice_to_its_asker_and_never_in_the_channel(bench: Bench) -> None:
    bench.go()
    run = await bench.open(Place(team="T1", channel="C1", private=True))
    await bench.slack.until(lambda: bench.slack.whispers)
    await bench.step(run, "mx")
    await bench.delivery.flush(5)
    assert len(bench.slack.whispers) == 1, "step by step would be noise"
    await bench.end(run)
    await bench.all_told()
    assert len(bench.slack.whispers) == 2
    assert bench.slack.posts == []
    assert not any("/invite" in words for _, words in bench.slack.whispers)


async def test_a_whisper_that_failed_for_now_is_tried_again(bench: Bench) -> None:
    bench.slack.fail("whisper", TryLater("rate limited", 0.0), InDoubt("timeout"))
    await bench.whole(Place(team="T1", channel="C1", private=True))
    bench.go()
    await bench.all_told()
    assert len(bench.slack.whispers) == 2


async def test_a_whisper_that_is_refused_is_given_up(bench: Bench) -> None:
    bench.slack.fail("whisper", Refused("user_not_found"), Refused("user_not_found"))
    await bench.whole(Place(team="T1", channel="C1", private=True))
    bench.go()
    await bench.all_told()
    assert bench.slack.whispers == []


async def test_a_channel_that_hangs_does_not_hold_up_another(bench: Bench) -> None:
    bench.slack.held["C1"] = asyncio.Event()
    await bench.whole()
    await bench.whole(OTHER)
    bench.go()
    await bench.slack.until(lambda: len(bench.slack.posts) == 3)
    assert {told.channel for told in bench.slack.posts} == {"C2"}
    bench.slack.held["C1"].set()
    await bench.slack.until(lambda: len(bench.slack.posts) == 6)
    await bench.all_told()


async def test_a_message_that_cannot_be_made_does_not_silence_its_channel(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = await bench.whole()
    fine = await bench.whole()
    made = report.parent

    def parent(run: Run, progress: report.Progress, wording: Wording) -> Report:
        if run.id == broken.id:
            raise ValueError("a bug of ours")
        return made(run, progress, wording)

    monkeypatch.setattr(report, "parent", parent)
    bench.go()
    await bench.all_told()
    assert {told.mark.run for told in bench.slack.posts} >= {fine.id}
    assert bench.slack.posts[-1].report.buttons


async def test_a_run_of_another_version_does_not_end_the_deliveries(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    foreign = await bench.open()
    await bench.whole()
    load = bench.history.load

    async def refuse(run: RunId) -> object:
        if run == foreign.id:
            raise OtherVersionError("written by another version")
        return await load(run)

    monkeypatch.setattr(bench.history, "load", refuse)
    bench.go()
    await bench.all_told()
    assert len(bench.slack.posts) == 3


async def test_what_slack_has_is_noted_even_if_history_is_locked_for_a_while(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    attempted, locked = bench.history.attempted, [1, 2, 3]

    async def note(rows: object, outcome: object) -> None:
        if locked:
            locked.pop()
            raise HistoryError("locked")
        await attempted(rows, outcome)  # type: ignore[arg-type] # passed on

    monkeypatch.setattr(bench.history, "attempted", note)
    await bench.whole()
    bench.go()
    await bench.all_told()
    assert len(bench.slack.posts) == 3


async def test_an_outbox_that_cannot_be_read_for_a_while_does_not_end_the_deliveries(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    undelivered, locked = bench.history.undelivered, [1, 2, 3]

    async def look(limit: int) -> object:
        if locked:
            locked.pop()
            raise HistoryError("locked")
        return await undelivered(limit)

    monkeypatch.setattr(bench.history, "undelivered", look)
    await bench.whole()
    bench.go()
    await bench.slack.until(lambda: len(bench.slack.posts) == 3)
    assert not locked
    await bench.all_told()


async def test_a_row_that_becomes_due_while_another_channel_is_served_is_told(bench: Bench) -> None:
    run = await bench.open()
    [row] = await bench.history.undelivered(9)
    await bench.history.attempted([row], Failed("down", time.time() + 0.3))
    bench.slack.held["C2"] = asyncio.Event()
    await bench.open(OTHER)
    bench.go()
    await bench.slack.until(lambda: bench.slack.posts)
    assert bench.slack.posts[0].mark.run == run.id
    bench.slack.held["C2"].set()
    await bench.all_told()


async def test_whoever_looks_sees_to_all_channels(bench: Bench) -> None:
    """A look moves the time since which the loop counts what became due, so a look for one channel alone loses rows."""
    await bench.open()
    await bench.delivery._look(("T1", "C2"))
    await bench.slack.until(lambda: bench.slack.posts)
    await bench.all_told()


async def test_a_run_deleted_while_it_is_told_does_not_silence_its_channel(bench: Bench) -> None:
    """Retention may take an old run at any moment, also between a message and the note of it."""
    bench.slack.held["C1"] = asyncio.Event()
    gone = await bench.open()
    bench.go()
    await bench.slack.until(lambda: bench.slack.waiting)
    assert await bench.history.delete_before(-1) == 1
    kept = await bench.whole()
    bench.slack.held["C1"].set()
    await bench.all_told()
    assert [told.mark.run for told in bench.slack.posts] == [gone.id, *[kept.id] * 3]


async def test_a_run_that_is_gone_when_its_turn_comes_is_passed_over(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    gone, kept = await bench.open(), await bench.whole()
    load = bench.history.load

    async def loaded(run: RunId) -> Record | None:
        return None if run == gone.id else await load(run)

    monkeypatch.setattr(bench.history, "load", loaded)
    bench.go()
    await bench.all_told()
    assert {told.mark.run for told in bench.slack.posts} == {kept.id}


async def test_a_history_that_fails_while_a_channel_is_served_is_tried_again(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    parent_ts, locked = bench.history.parent_ts, [1, 2]

    async def sometimes(run: RunId) -> str | None:
        if locked:
            locked.pop()
            raise HistoryError("locked")
        return await parent_ts(run)

    await bench.whole()
    monkeypatch.setattr(bench.history, "parent_ts", sometimes)
    bench.go()
    await bench.all_told()
    assert not locked
    assert len(bench.slack.posts) == 3


# --- The parent message ----------------------------------------------------------------------------------------------


async def test_edits_on_the_way_are_thinned_and_the_last_is_always_sent(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_EDITS_PER_TEAM", (1, 0.5))
    bench.go()
    run = await bench.open()
    for count, name in enumerate(run.steps, 1):
        await bench.step(run, name)
        await bench.slack.until(lambda count=count: len(bench.slack.posts) > count)  # type: ignore[misc] # bound now
    await bench.end(run)
    await bench.all_told()
    assert len(bench.slack.edits) <= 3
    assert "3 steps in" in bench.slack.edits[-1].words


@pytest.mark.parametrize("failure", [TryLater("rate limited", 0.0), InDoubt("timeout")])
async def test_a_last_edit_that_failed_is_repeated_before_the_summary(bench: Bench, failure: NotTold) -> None:
    bench.slack.fail("edit", failure, failure)
    await bench.whole()
    bench.go()
    await bench.all_told()
    assert "3 steps in" in bench.slack.edits[-1].words
    assert len([told for told in bench.slack.posts if told.report.buttons]) == 1


async def test_a_parent_that_was_deleted_does_not_keep_the_summary_back(bench: Bench) -> None:
    bench.slack.fail("edit", *[Refused("message_not_found")] * 5)
    await bench.whole()
    bench.go()
    await bench.all_told()
    assert bench.slack.posts[-1].report.buttons


async def test_a_failed_edit_on_the_way_costs_nothing(bench: Bench) -> None:
    bench.go()
    run = await bench.open()
    await bench.slack.until(lambda: bench.slack.posts)
    bench.slack.fail("edit", InDoubt("timeout"))
    await bench.step(run, "mx")
    await bench.slack.until(lambda: len(bench.slack.posts) == 2)
    await bench.end(run)
    await bench.all_told()


# --- The end ---------------------------------------------------------------------------------------------------------


async def test_a_flush_tells_what_is_due_and_no_more(bench: Bench) -> None:
    await bench.whole()
    await bench.delivery.flush(5)
    assert len(bench.slack.posts) == 3
    assert await bench.history.undelivered(9) == ()


async def test_a_flush_does_not_wait_for_a_channel_that_hangs(bench: Bench) -> None:
    bench.slack.held["C1"] = asyncio.Event()
    await bench.whole()
    started = time.monotonic()
    await bench.delivery.flush(0.2)
    assert time.monotonic() - started < 2
    assert (await bench.history.undelivered(9))[0].kind is Tell.OPEN
    bench.slack.held["C1"].set()
    await bench.delivery.flush(5)
