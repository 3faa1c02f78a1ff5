"""Promises of the memory: what was acknowledged stays, nothing is kept twice, nothing is guessed, secrets go."""

# pyright: reportPrivateUsage=false
# (a fault is injected where it would happen: in the writer, its connection, the migrations)
# ruff: noqa: ASYNC240, S608 - a test has its loop to itself; table names come from our own list

from __future__ import annotations

import asyncio
import contextlib
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import threading
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from bot import history as history_module
from bot import schema
from bot.history import (
    CauseCount,
    Change,
    DiskNearlyFullError,
    Failed,
    GivenUp,
    History,
    NoSuchRunError,
    OutboxRow,
    Sent,
    Tell,
    new_run_id,
    read_run_id,
    writer,
)
from bot.history.upkeep import has_wal_race
from bot.run import TERMINAL, Language, Place, Record, Run, RunId, State
from bot.schema import (
    DamagedDatabaseError,
    DatabaseLockedError,
    ForeignDatabaseError,
    HistoryError,
    NewerDatabaseError,
    NotADatabaseError,
    ReadOnlyDatabaseError,
    UnreadableDatabaseError,
)
from checks.case import Case, Target
from checks.causes import Cause, Remedy
from checks.check import Check, Count, Desk, Finding, HostName, Outcome, RecordText, Result, Seconds, Severity
from checks.diagnosis import diagnose
from checks.network.answers import Evidence, Trouble

REPOSITORY = Path(__file__).parents[2]
NOON = 1_800_000_000.0
DAY = 86400.0
SECRET_URL = "https://hooks.slack.example/commands/T1/canary-4711"
PLACE = Place(team="T1", channel="C1")
PRIVATE = replace(PLACE, private=True)
WITH_URL = replace(PLACE, response_url=SECRET_URL)
BIG_TABLES = {*schema.APPEND_ONLY, "seen"}


# --- A small world ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class SpfFine(Finding, severity=Severity.OK):
    """All is well."""


@dataclass(frozen=True, kw_only=True)
class SpfMissing(Finding, severity=Severity.PROBLEM, cause=Cause.DOMAIN_AUTH):
    """No record."""


@dataclass(frozen=True, kw_only=True)
class SpfLong(Finding, severity=Severity.WARNING, cause=Cause.DOMAIN_AUTH):
    """With one parameter of each form."""

    record: RecordText
    lookups: Count | None = None
    after: Seconds | None = None
    hosts: tuple[HostName, ...] = ()
    trouble: Trouble | None = None


@dataclass(frozen=True, kw_only=True)
class SpfUnknown(Finding, severity=Severity.UNKNOWN):
    """Could not tell."""

    trouble: Trouble


@dataclass(frozen=True, kw_only=True)
class ListedFinding(Finding, severity=Severity.PROBLEM, cause=Cause.IP_BLOCKLISTED):
    """On a list."""


@dataclass(frozen=True)
class SpfFacts:
    record: str
    password: str = field(default="", repr=False)


async def _nothing(_desk: Desk) -> Outcome[SpfFacts]:
    raise NotImplementedError


SPF: Check[SpfFacts] = Check(
    name="spf", remedy=Remedy.DNS, findings=(SpfFine, SpfMissing, SpfLong, SpfUnknown), run=_nothing
)
LISTS: Check[SpfFacts] = Check(
    name="blocklists", remedy=Remedy.REPUTATION, findings=(ListedFinding, SpfFine, SpfUnknown), run=_nothing
)
CHECKS = (SPF, LISTS)


class Clock:
    def __init__(self) -> None:
        self.time = NOON

    def __call__(self) -> float:
        return self.time


def a_run(
    asked_at: float = NOON,
    *,
    target: str = "example.com",
    asked_by: str = "U1",
    ticket: str | None = None,
    bounce: str | None = None,
    place: Place = PLACE,
) -> Run:
    return Run(
        id=new_run_id(asked_at),
        case=Case(target=Target(domain=target), reference=ticket, bounce=bounce),
        asked_by=asked_by,
        place=place,
        language=Language.JA,
        asked_at=asked_at,
        version="1.2.3",
        steps=("spf", "blocklists"),
    )


def a_result(*findings: Finding, check: Check[Any] = SPF, facts: SpfFacts | None = None) -> Result:
    return Result(check=check, outcome=Outcome(facts, findings or (SpfFine(),)), started=NOON + 1, ms=12.5)


def an_evidence(number: int, *asked_by: str, question: str = "example.com TXT", ms: float | None = 3.0) -> Evidence:
    return Evidence(
        number=number,
        kind="dns",
        question=question,
        answer=("v=spf1 -all",) if ms is not None else (),
        server="192.0.2.53",
        started=NOON,
        ms=ms,
        asked_by=asked_by or ("spf",),
    )


async def ended(history: History, run: Run, *results: Result, state: State = State.DONE) -> RunId:
    """Take a run through its whole life."""
    assert await history.accept(run)
    for result in results:
        assert await history.record(run.id, result, [])
    assert await history.finish(run.id, state, diagnose(results), elapsed_ms=100.0, queries=5, evidence=[])
    return run.id


async def all_sent(history: History) -> list[OutboxRow]:
    told: list[OutboxRow] = []
    while rows := await history.undelivered(100):
        await history.attempted(rows, Sent("1800000000.000100"))
        told += rows
    return told


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "history.db"


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def history(path: Path, clock: Clock) -> AsyncIterator[History]:
    opened = await History.open(path, CHECKS, now=clock)
    yield opened
    await opened.close()


@pytest.fixture
def outsider(history: History, path: Path) -> Iterator[sqlite3.Connection]:
    """Another program that has the file open."""
    assert isinstance(history, History)  # the file is there
    with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("PRAGMA recursive_triggers = ON")
        yield connection


# --- Run ids ---------------------------------------------------------------------------------------------------------


def test_run_ids_sort_by_time_and_are_twelve_characters_without_i_l_o_u() -> None:
    ids = [new_run_id(NOON + tick / 100) for tick in range(1000)]
    assert ids == sorted(ids)
    assert all(len(id_) == 12 and not set(id_) & set("ILOU") for id_ in ids)


def test_a_hundred_thousand_run_ids_of_one_moment_differ() -> None:
    assert len({new_run_id(NOON) for _ in range(100_000)}) == 100_000


def test_two_processes_give_out_different_run_ids() -> None:
    command = (sys.executable, "-c", f"from bot.history import new_run_id\nprint(new_run_id({NOON}))")
    first, second = (
        subprocess.run(command, cwd=REPOSITORY, check=True, capture_output=True).stdout  # noqa: S603 - our interpreter
        for _ in range(2)
    )
    assert first != second


def test_a_run_id_is_read_as_people_type_it() -> None:
    assert read_run_id(" 0i3k-7q2m-f9xo ") == "013K7Q2MF9X0"
    assert read_run_id("U13K7Q2MF9X0") is None
    assert read_run_id("example.com") is None


# --- The life of a run -----------------------------------------------------------------------------------------------


async def test_a_run_comes_back_as_it_went_in(history: History) -> None:
    run = a_run(place=replace(WITH_URL, thread="1799999999.000200"), ticket="INC-42", bounce="550 5.7.1 <no>\r\n")
    found = (SpfLong(record=RecordText("v=spf1"), hosts=(HostName("mx.example.com"),), evidence=(1, 2)), SpfMissing())
    results = (a_result(ListedFinding(), check=LISTS), a_result(*found, facts=SpfFacts("v=spf1")))
    await history.accept(run)
    for result in results:
        await history.record(run.id, result, [an_evidence(1), an_evidence(2, question="example.com MX")])
    diagnosis = diagnose(results, Case(target=Target(domain="example.com"), bounced=(Cause.SPAM_CONTENT,)))
    await history.finish(run.id, State.DONE, diagnosis, elapsed_ms=160.5, queries=7, evidence=[an_evidence(1)])

    record = await history.load(run.id)

    assert record is not None
    assert record.run == run
    assert (record.state, record.verdict, record.elapsed_ms, record.queries) == (State.DONE, Severity.PROBLEM, 160.5, 7)
    assert record.diagnosis == diagnosis
    assert [step.check for step in record.steps] == ["spf", "blocklists"]
    assert record.steps[0].findings == found
    assert record.steps[0].facts == {"record": "v=spf1"}
    assert record.steps[1].facts is None
    assert (record.steps[0].started, record.steps[0].ms, record.steps[0].unread) == (NOON + 1, 12.5, 0)
    assert record.evidence == (an_evidence(1), an_evidence(2, question="example.com MX"))


async def test_a_run_nobody_asked_for_is_not_found(history: History) -> None:
    nobody = new_run_id(NOON)
    assert await history.load(nobody) is None
    assert await history.parent_ts(nobody) is None
    with pytest.raises(NoSuchRunError):
        await history.record(nobody, a_result(), [])
    with pytest.raises(NoSuchRunError):
        await history.finish(nobody, State.DONE, None, elapsed_ms=1, queries=0, evidence=[])
    with pytest.raises(NoSuchRunError):
        await history.changes(nobody, nobody)


async def test_what_a_resumed_run_records_again_is_kept_once(history: History) -> None:
    run = a_run()
    await history.accept(run)
    assert await history.record(run.id, a_result(SpfMissing()), [an_evidence(1)])
    assert not await history.record(run.id, a_result(SpfFine()), [an_evidence(1)])
    assert await history.finish(run.id, State.DONE, None, elapsed_ms=1, queries=1, evidence=[an_evidence(1)])
    assert not await history.finish(run.id, State.INTERRUPTED, None, elapsed_ms=2, queries=2, evidence=[])
    assert not await history.record(run.id, a_result(check=LISTS), [])

    record = await history.load(run.id)
    assert record is not None
    assert (record.state, record.elapsed_ms) == (State.DONE, 1)
    assert [step.findings for step in record.steps] == [(SpfMissing(),)]
    assert [row.kind for row in await all_sent(history)] == [Tell.OPEN, Tell.STEP, Tell.SUMMARY]


async def test_a_delivery_starts_one_run_even_after_a_restart(path: Path, clock: Clock) -> None:
    first = await History.open(path, CHECKS, now=clock)
    assert await first.accept(a_run(), "envelope-1")
    assert not await first.accept(a_run(), "envelope-1")
    assert await first.first_seen("envelope-2")
    await first.close()
    second = await History.open(path, CHECKS, now=clock)
    assert not await second.accept(a_run(), "envelope-1")
    assert not await second.first_seen("envelope-2")
    assert len(await second.recent(10)) == 1
    clock.time += DAY + 1
    assert await second.accept(a_run(clock.time), "envelope-1")
    await second.close()


async def test_unfinished_runs_are_those_without_an_ending_oldest_first(history: History) -> None:
    runs = [a_run(NOON + number) for number in range(3)]
    for run in reversed(runs):
        await history.accept(run)
    await history.record(runs[0].id, a_result(SpfMissing()), [])
    await history.finish(runs[1].id, State.INTERRUPTED, None, elapsed_ms=1, queries=0, evidence=[])
    records = await history.unfinished()
    assert [record.run for record in records] == [runs[0], runs[2]]
    assert [len(record.steps) for record in records] == [1, 0]
    assert {record.state for record in records} == {State.OPEN}


async def test_evidence_remembers_a_check_that_used_it_later(history: History) -> None:
    run = a_run()
    await history.accept(run)
    await history.record(run.id, a_result(), [an_evidence(1, "spf")])
    await history.record(run.id, a_result(check=LISTS), [an_evidence(1, "spf", "blocklists")])
    record = await history.load(run.id)
    assert record is not None
    assert record.evidence == (an_evidence(1, "spf", "blocklists"),)


async def test_a_question_still_open_at_a_step_is_kept_with_its_answer_at_the_end(history: History) -> None:
    run = a_run()
    await history.accept(run)
    await history.record(run.id, a_result(), [an_evidence(1, ms=None)])
    evidence = [an_evidence(1), an_evidence(2, ms=None)]
    await history.finish(run.id, State.DONE, None, elapsed_ms=1, queries=2, evidence=evidence)
    record = await history.load(run.id)
    assert record is not None
    assert record.evidence == tuple(evidence)


async def test_a_number_of_evidence_never_means_two_questions(history: History) -> None:
    run = a_run()
    await history.accept(run)
    await history.record(run.id, a_result(), [an_evidence(1)])
    with pytest.raises(HistoryError, match="already another question"):
        await history.record(run.id, a_result(check=LISTS), [an_evidence(1, question="example.net MX")])
    record = await history.load(run.id)
    assert record is not None
    assert [step.check for step in record.steps] == ["spf"]


async def test_findings_of_another_version_are_counted_not_guessed_at(path: Path, clock: Clock) -> None:
    run = a_run()
    newer = await History.open(path, CHECKS, now=clock)
    await newer.accept(run)
    await newer.record(run.id, a_result(SpfMissing(), SpfFine()), [])
    await newer.close()
    older = await History.open(path, [replace(SPF, findings=(SpfFine,))], now=clock)
    record = await older.load(run.id)
    await older.close()
    assert record is not None
    [step] = record.steps
    assert (step.verdict, step.findings, step.unread) == (Severity.PROBLEM, (SpfFine(),), 1)


async def test_a_run_that_cannot_be_read_does_not_hide_the_other_unfinished_ones(history: History) -> None:
    good = a_run()
    await history.accept(good)
    await history.accept(a_run())
    await history._writer.do(
        lambda db: db.execute(
            """INSERT INTO runs SELECT '000000000000', target, ticket, asked_by, asked_at, team, channel, thread,
               private, language, version, steps, '{"shape": "unheard of"}' FROM runs WHERE id = ?""",
            (good.id,),
        )
    )
    await history._writer.do(lambda db: db.execute("INSERT INTO unfinished VALUES ('000000000000')"))
    assert len(await history.unfinished()) == 2
    with pytest.raises(HistoryError, match="another version"):
        await history.load(RunId("000000000000"))


def paired(text: str) -> str:
    """Make two surrogates that belong together the one character they mean, as every JSON reader does."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "surrogatepass")


HOSTILE = st.text(st.characters(exclude_categories=()), max_size=200).map(paired) | st.just(
    "<!channel> `\x00\u202e" + "ü" * 60_000
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(HOSTILE, HOSTILE, st.lists(HOSTILE, max_size=4), st.integers(0, 2**40), st.floats(0, 1e9))
@example("\x00", "\ud800", ["\udfff\ud800"], 0, 0.0)
def test_foreign_text_of_any_kind_goes_in_and_comes_out(  # noqa: PLR0917 - hypothesis fills them in
    tmp_path: Path, text: str, other: str, texts: list[str], number: int, seconds: float
) -> None:
    finding = SpfLong(
        record=RecordText(text),
        lookups=Count(number),
        after=Seconds(seconds),
        hosts=tuple(HostName(t) for t in texts),
        trouble=Trouble.SERVFAIL,
        evidence=(1,),
    )
    run = a_run(bounce=other, ticket=other, asked_by=text)
    evidence = replace(an_evidence(1), question=other, answer=tuple(texts), server=text)

    async def scenario() -> None:
        history = await History.open(tmp_path / "hostile.db", CHECKS)
        try:
            await history.accept(run)
            await history.record(run.id, a_result(finding), [evidence])
            record = await history.load(run.id)
            lines = await history.of_person(text, 1)
        finally:
            await history.close()
        assert record is not None
        [step] = record.steps
        [kept] = record.evidence
        assert step.findings == (finding,)
        assert record.run.case == run.case
        assert kept.answer == tuple(texts)
        assert kept.question == other.encode("utf-8", "backslashreplace").decode()
        assert [line.id for line in lines] == [run.id]

    asyncio.run(scenario())


# --- Writing together ------------------------------------------------------------------------------------------------


async def test_a_thousand_runs_at_once_are_all_kept_and_a_delivery_twice_is_kept_once(history: History) -> None:
    runs = [a_run(NOON + number / 1000) for number in range(1000)]
    answers = await asyncio.gather(*(history.accept(run, f"envelope-{number // 2}") for number, run in enumerate(runs)))
    assert answers == [True, False] * 500
    assert {line.id for line in await history.recent(2000)} == {run.id for run in runs[::2]}
    told = await all_sent(history)
    assert [row.run for row in told] == [run.id for run in runs[::2]]


async def test_jobs_that_wait_share_one_commit_and_the_one_that_fails_is_undone_alone(history: History) -> None:
    gate, held = threading.Event(), threading.Event()

    def hold(_db: sqlite3.Connection) -> None:
        held.set()
        gate.wait()

    statements: list[str] = []
    await history._writer.do(lambda db: db.set_trace_callback(statements.append))
    holding = asyncio.create_task(history._writer.do(hold))
    await asyncio.to_thread(held.wait)
    statements.clear()
    twin = a_run()
    good = [a_run() for _ in range(20)]
    tasks = [
        asyncio.create_task(history.accept(run)) for run in (twin, *good[:10], replace(twin, asked_by="U2"), *good[10:])
    ]
    await queued(history, len(tasks))
    gate.set()
    answers = await asyncio.gather(*tasks, return_exceptions=True)
    await holding

    assert statements.count("COMMIT") == 2  # the one that held the gate, and one for all
    assert isinstance(answers.pop(11), HistoryError)
    assert answers == [True] * 21
    assert {line.id for line in await history.recent(100)} == {run.id for run in (twin, *good)}
    assert [line.asked_by for line in await history.of_person("U2", 5)] == []


async def queued(history: History, jobs: int) -> None:
    """Let the loop turn until that many jobs wait for the writer."""
    while history._writer._jobs.qsize() < jobs:  # noqa: ASYNC110 - turns the loop, does not poll a clock
        await asyncio.sleep(0)


async def test_a_failed_commit_is_told_to_every_caller_and_nothing_is_kept(history: History) -> None:
    gate, held = threading.Event(), threading.Event()

    def hold(_db: sqlite3.Connection) -> None:
        held.set()
        gate.wait()

    def undo_everything(db: sqlite3.Connection) -> None:
        db.execute("ROLLBACK")  # as SQLite does by itself on some errors of the disk
        raise sqlite3.OperationalError("out of luck")

    holding = asyncio.create_task(history._writer.do(hold))
    await asyncio.to_thread(held.wait)
    jobs = (history.accept(a_run()), history._writer.do(undo_everything), history.accept(a_run()))
    tasks = [asyncio.ensure_future(job) for job in jobs]
    await queued(history, len(tasks))
    gate.set()
    answers = await asyncio.gather(*tasks, return_exceptions=True)
    await holding
    assert [str(answer) for answer in answers] == [f"{history._path}: out of luck."] * 3
    assert await history.recent(5) == ()
    assert await history.accept(a_run())


async def test_what_a_caller_gave_up_before_its_turn_is_not_written(history: History) -> None:
    gate, held = threading.Event(), threading.Event()

    def hold(_db: sqlite3.Connection) -> None:
        held.set()
        gate.wait()

    holding = asyncio.create_task(history._writer.do(hold))
    await asyncio.to_thread(held.wait)
    given_up, kept = a_run(), a_run()
    tasks = [asyncio.create_task(history.accept(run)) for run in (given_up, kept)]
    await queued(history, len(tasks))
    tasks[0].cancel()
    await asyncio.sleep(0)
    gate.set()
    await asyncio.gather(holding, *tasks, return_exceptions=True)
    assert [line.id for line in await history.recent(5)] == [kept.id]


async def test_the_loop_goes_on_while_the_writer_is_busy(history: History) -> None:
    gate = threading.Event()
    busy = asyncio.create_task(history._writer.do(lambda _db: gate.wait()))
    assert await history.recent(5) == ()  # the reader answers while the writer is at work
    gate.set()
    assert await busy


async def test_nothing_can_be_asked_of_a_closed_history(path: Path) -> None:
    history = await History.open(path, CHECKS)
    await history.close()
    with pytest.raises(HistoryError, match="closed"):
        await history.accept(a_run())
    with pytest.raises(HistoryError, match="closed"):
        await history.recent(5)


async def test_a_nearly_full_disk_refuses_new_runs_and_lets_the_others_end(path: Path) -> None:
    roomy = await History.open(path, CHECKS)
    run = a_run()
    await roomy.accept(run)
    await roomy.close()
    tight = await History.open(path, CHECKS, reserve=shutil.disk_usage(path.parent).total * 2)
    with pytest.raises(DiskNearlyFullError, match="MB are free"):
        await tight.accept(a_run(), "envelope-1")
    assert await tight.record(run.id, a_result(), [])
    assert await tight.finish(run.id, State.DONE, None, elapsed_ms=1, queries=1, evidence=[])
    assert await tight.first_seen("envelope-1")  # a refused delivery may come again
    await tight.close()


async def test_a_full_disk_is_said_and_what_was_written_before_stays(history: History) -> None:
    run = a_run()
    await history.accept(run)
    pages = await history._writer.do(lambda db: db.execute("PRAGMA page_count").fetchone()[0])
    await history._writer.do(lambda db: db.execute(f"PRAGMA max_page_count = {pages}").fetchall())
    with pytest.raises(schema.DiskFullError, match="full"):
        await history.record(run.id, a_result(SpfLong(record=RecordText("x" * 500_000))), [])
    await history._writer.do(lambda db: db.execute("PRAGMA max_page_count = 1000000").fetchall())
    assert await history.record(run.id, a_result(), [])
    record = await history.load(run.id)
    assert record is not None
    assert [step.findings for step in record.steps] == [(SpfFine(),)]


# --- The outbox ------------------------------------------------------------------------------------------------------


async def test_the_outbox_tells_what_happened_in_order(history: History) -> None:
    run = a_run()
    await history.accept(run)
    await history.record(run.id, a_result(check=LISTS), [])
    await history.note(run.id, "slow")
    assert not await history.note(run.id, "slow")
    await history.record(run.id, a_result(), [])
    await history.finish(run.id, State.DONE, None, elapsed_ms=1, queries=1, evidence=[])
    rows = await history.undelivered(100)
    assert [(row.kind, row.subject) for row in rows] == [
        (Tell.OPEN, ""),
        (Tell.STEP, "blocklists"),
        (Tell.NOTE, "slow"),
        (Tell.STEP, "spf"),
        (Tell.SUMMARY, ""),
    ]
    assert [row.id for row in rows] == sorted(row.id for row in rows)
    assert await history.undelivered(2) == rows[:2]


async def test_nobody_is_told_of_a_run_in_a_terminal(history: History) -> None:
    await ended(history, a_run(place=TERMINAL), a_result())
    assert await history.undelivered(10) == ()


async def test_a_failed_row_holds_back_its_run_until_it_is_due_and_no_other(history: History, clock: Clock) -> None:
    first, second = a_run(), a_run()
    await history.accept(first)
    await history.record(first.id, a_result(), [])
    await history.accept(second)
    opening, step, other = await history.undelivered(10)
    await history.attempted([opening], Failed("ratelimited", NOON + 30))
    assert await history.undelivered(10) == (other,)
    clock.time = NOON + 30
    assert await history.undelivered(10) == (replace(opening, attempts=1), step, other)


async def test_the_parent_message_is_known_once_it_is_sent(history: History) -> None:
    run = a_run()
    await history.accept(run)
    await history.record(run.id, a_result(), [])
    opening, step = await history.undelivered(10)
    await history.attempted([opening], Failed("timeout", NOON))
    assert await history.parent_ts(run.id) is None
    await history.attempted([opening], Sent("1800000000.000100"))
    await history.attempted([step], GivenUp("msg_too_long"))
    assert await history.parent_ts(run.id) == "1800000000.000100"
    assert await history.undelivered(10) == ()


async def test_every_attempt_is_kept(history: History, outsider: sqlite3.Connection) -> None:
    await history.accept(a_run())
    rows = await history.undelivered(10)
    for outcome in (Failed("timeout", NOON + 1), Failed("ratelimited", NOON + 2), Sent("1.2")):
        await history.attempted(rows, outcome)
    attempts = outsider.execute("SELECT attempt, outcome, ts, reason, retry_at FROM deliveries").fetchall()
    assert attempts == [
        (1, "failed", None, "timeout", NOON + 1),
        (2, "failed", None, "ratelimited", NOON + 2),
        (3, "sent", "1.2", None, None),
    ]


async def test_an_attempt_for_a_run_that_was_deleted_meanwhile_is_no_fault(history: History) -> None:
    gone, kept = a_run(NOON - 2 * DAY), a_run()
    await history.accept(gone)
    await history.accept(kept)
    rows = await history.undelivered(10)
    assert await history.delete_before(1) == 1
    await history.attempted(rows, Sent("1.2"))
    assert await history.undelivered(10) == ()
    assert await history.parent_ts(kept.id) == "1.2"


async def test_delivery_is_woken_by_a_commit_and_not_before(history: History) -> None:
    await history.wait_for_outbox()  # at the start there may be rows of an earlier life
    waiting = asyncio.create_task(history.wait_for_outbox())
    assert await history.undelivered(10) == ()
    assert not waiting.done()
    await history.accept(a_run())
    await waiting
    assert len(await history.undelivered(10)) == 1


async def test_delivery_is_woken_when_a_row_becomes_due(path: Path) -> None:
    history = await History.open(path, CHECKS)
    await history.accept(a_run())
    rows = await history.undelivered(10)
    retry_at = history._now() + 0.2
    await history.attempted(rows, Failed("timeout", retry_at))
    await history.wait_for_outbox()  # for the attempt
    assert await history.undelivered(10) == ()
    await history.wait_for_outbox()
    assert history._now() >= retry_at
    assert [row.attempts for row in await history.undelivered(10)] == [1]
    await history.close()


async def test_a_row_that_became_due_between_looking_and_waiting_is_not_slept_over(
    history: History, clock: Clock
) -> None:
    await history.accept(a_run())
    await history.attempted(await history.undelivered(10), Failed("timeout", NOON + 30))
    await history.wait_for_outbox()
    assert await history.undelivered(10) == ()
    clock.time = NOON + 31
    await asyncio.wait_for(history.wait_for_outbox(), 10)
    assert len(await history.undelivered(10)) == 1


async def test_undelivered_rows_survive_a_restart_with_their_time(path: Path, clock: Clock) -> None:
    first = await History.open(path, CHECKS, now=clock)
    await first.accept(a_run())
    rows = await first.undelivered(10)
    await first.attempted(rows, Failed("timeout", NOON + 60))
    await first.close()
    second = await History.open(path, CHECKS, now=clock)
    assert await second.undelivered(10) == ()
    clock.time = NOON + 60
    assert [row.id for row in await second.undelivered(10)] == [row.id for row in rows]
    await second.close()


# --- Secrets ---------------------------------------------------------------------------------------------------------


def in_files(path: Path, text: str) -> bool:
    return any(text.encode() in file.read_bytes() for file in path.parent.iterdir())


@pytest.fixture
def tidied(monkeypatch: pytest.MonkeyPatch) -> threading.Event:
    """Set when the writer has tidied up; it does so as soon as it has nothing to do."""
    done = threading.Event()
    tidy = writer.Writer._tidy

    def and_tell(thread: writer.Writer) -> bool:
        clean = tidy(thread)
        done.set()
        return clean

    monkeypatch.setattr(writer, "_QUIET", 0.01)
    monkeypatch.setattr(writer.Writer, "_tidy", and_tell)
    return done


async def next_tidying(history: History, tidied: threading.Event) -> None:
    tidied.clear()
    await history.first_seen("something to do")
    await asyncio.to_thread(tidied.wait, 10)


async def test_a_response_url_leaves_the_file_when_its_run_has_ended_and_all_is_told(
    tidied: threading.Event, history: History, path: Path
) -> None:
    run = a_run(place=WITH_URL)
    await history.accept(run)
    await history.record(run.id, a_result(SpfMissing(), facts=SpfFacts("v=spf1", password="canary-0815")), [])
    await all_sent(history)
    record = await history.load(run.id)
    assert record is not None
    assert record.run.place.response_url == SECRET_URL
    await history.finish(run.id, State.DONE, None, elapsed_ms=1, queries=1, evidence=[])
    await history.note(run.id, "late")
    await history.attempted(await history.undelivered(1), Sent("1800000000.000100"))
    record = await history.load(run.id)
    assert record is not None
    assert record.run.place.response_url == SECRET_URL  # there is more to tell
    assert in_files(path, "canary-4711")
    await all_sent(history)
    await next_tidying(history, tidied)
    assert not in_files(path, "canary-4711")
    assert not in_files(path, "canary-0815")
    record = await history.load(run.id)
    assert record is not None
    assert record.run.place == replace(run.place, response_url="")


async def test_a_response_url_leaves_the_file_after_half_an_hour_though_nothing_was_told(
    tidied: threading.Event, history: History, path: Path, clock: Clock
) -> None:
    await history.accept(a_run(place=WITH_URL))
    await next_tidying(history, tidied)
    assert in_files(path, "canary-4711")
    clock.time += 30 * 60
    await next_tidying(history, tidied)
    assert not in_files(path, "canary-4711")


async def test_others_on_the_machine_cannot_read_the_file(history: History, path: Path) -> None:
    await history.accept(a_run())
    assert {file.stat().st_mode & 0o077 for file in path.parent.iterdir()} == {0}


def test_a_response_url_is_not_shown() -> None:
    assert "canary" not in repr(a_run(place=WITH_URL))


# --- Questions -------------------------------------------------------------------------------------------------------


async def test_the_last_runs_of_a_target_a_ticket_and_a_person_come_newest_first(history: History) -> None:
    old = await ended(history, a_run(NOON, ticket="INC-42"), a_result(SpfMissing()))
    other = await ended(history, a_run(NOON + 1, target="example.net", asked_by="U2", ticket="inc-42"), a_result())
    new = a_run(NOON + 2)
    await history.accept(new)

    assert [line.id for line in await history.last("example.com", 10)] == [new.id, old]
    assert [line.id for line in await history.of_ticket("Inc-42", 10)] == [other, old]
    assert [line.id for line in await history.of_person("U2", 10)] == [other]
    assert [line.id for line in await history.recent(10)] == [new.id, other, old]
    assert [line.id for line in await history.recent(1)] == [new.id]
    [open_line, line] = await history.last("example.com", 10)
    assert (open_line.state, open_line.verdict, open_line.causes) == (State.OPEN, None, ())
    assert (line.state, line.verdict, line.causes) == (State.DONE, Severity.PROBLEM, (Cause.DOMAIN_AUTH,))
    assert (line.ticket, line.asked_by, line.asked_at) == ("INC-42", "U1", NOON)


async def test_a_run_asked_in_private_is_shown_to_its_asker_only(history: History) -> None:
    private = await ended(history, a_run(place=PRIVATE, ticket="INC-7"), a_result(SpfFine()))
    for viewer, seen in (("", []), ("U2", []), ("U1", [private])):
        assert [line.id for line in await history.last("example.com", 5, viewer=viewer)] == seen
        assert [line.id for line in await history.of_ticket("INC-7", 5, viewer=viewer)] == seen
        assert [line.id for line in await history.of_person("U1", 5, viewer=viewer)] == seen
        assert [line.id for line in await history.recent(5, viewer=viewer)] == seen
        good = await history.last_good("example.com", viewer=viewer)
        assert (good is not None) == bool(seen)
    await ended(history, a_run(place=PRIVATE), a_result(SpfMissing()))
    assert await history.open_problems(5) == ()


async def test_the_last_good_run_is_one_that_ended_and_could_tell_everything(history: History) -> None:
    assert await history.last_good("example.com") is None
    good = await ended(history, a_run(NOON), a_result())
    await ended(history, a_run(NOON + 1), a_result(SpfUnknown(trouble=Trouble.TIMEOUT)))
    await ended(history, a_run(NOON + 2), a_result(SpfMissing()))
    await ended(history, a_run(NOON + 3), a_result(), state=State.INTERRUPTED)
    await ended(history, a_run(NOON + 4, target="example.net"), a_result())
    line = await history.last_good("example.com")
    assert line is not None
    assert line.id == good


async def test_a_change_is_a_code_that_appeared_or_went(history: History) -> None:
    long = SpfLong(record=RecordText("v=spf1"))
    before = await ended(history, a_run(), a_result(SpfFine()), a_result(ListedFinding(), check=LISTS))
    after = await ended(history, a_run(), a_result(long, SpfMissing()), a_result(ListedFinding(), check=LISTS))
    assert await history.changes(before, after) == (
        Change(check="spf", appeared=("SPF_MISSING", "SPF_LONG"), gone=("SPF_FINE",)),
    )
    assert await history.changes(after, after) == ()


async def test_what_could_not_be_told_is_no_change(history: History) -> None:
    unknown = SpfUnknown(trouble=Trouble.SERVFAIL)
    told = await ended(history, a_run(), a_result(SpfMissing()), a_result(ListedFinding(), check=LISTS))
    untold = await ended(history, a_run(), a_result(unknown))
    half = await ended(history, a_run(), a_result(SpfLong(record=RecordText("x")), unknown))
    assert await history.changes(told, untold) == ()
    assert await history.changes(untold, told) == ()
    # One side told only a part: what it did say may be new, what it did not say may be hidden.
    assert await history.changes(told, half) == (Change(check="spf", appeared=("SPF_LONG",), gone=()),)
    assert await history.changes(half, told) == (Change(check="spf", appeared=(), gone=("SPF_LONG",)),)


async def test_a_problem_stays_open_until_a_run_sees_it_mended(history: History) -> None:
    broken = await ended(history, a_run(NOON), a_result(SpfMissing()), a_result(ListedFinding(), check=LISTS))
    await ended(history, a_run(NOON + 1), a_result(SpfUnknown(trouble=Trouble.TIMEOUT)))
    newer = await ended(history, a_run(NOON + 2, target="example.net"), a_result(SpfLong(record=RecordText("x"))))
    first, second = await history.open_problems(10)
    assert (first.target, first.verdict, first.checks, first.run) == ("example.net", Severity.WARNING, ("spf",), newer)
    assert (second.target, second.verdict, second.run) == ("example.com", Severity.PROBLEM, broken)
    assert second.checks == ("blocklists", "spf")
    assert await history.open_problems(1) == (first,)

    await ended(history, a_run(NOON + 3), a_result(SpfFine()))  # says nothing of the blocklists
    assert [(p.target, p.checks) for p in await history.open_problems(10)] == [
        ("example.net", ("spf",)),
        ("example.com", ("blocklists",)),
    ]
    await ended(history, a_run(NOON + 4), a_result(check=LISTS))
    assert [problem.target for problem in await history.open_problems(10)] == ["example.net"]


async def test_recurring_causes_count_each_run_once_for_its_likeliest_cause(history: History) -> None:
    await ended(history, a_run(NOON - 10 * DAY), a_result(SpfMissing()))
    for _ in range(2):
        await ended(history, a_run(NOON), a_result(ListedFinding(), ListedFinding(), SpfMissing(), check=LISTS))
    await ended(history, a_run(NOON), a_result(SpfMissing()))
    await ended(history, a_run(NOON), a_result())
    expected = (CauseCount(Cause.IP_BLOCKLISTED, 2), CauseCount(Cause.DOMAIN_AUTH, 1))
    assert await history.recurring_causes(NOON - DAY) == expected
    assert await history.recurring_causes(NOON - DAY, limit=1) == expected[:1]
    assert await history.recurring_causes(NOON - 20 * DAY) == (
        CauseCount(Cause.DOMAIN_AUTH, 2),
        CauseCount(Cause.IP_BLOCKLISTED, 2),
    )


async def test_every_statement_finds_its_rows_through_an_index(history: History, outsider: sqlite3.Connection) -> None:
    statements: list[str] = []
    history._reading.set_trace_callback(statements.append)
    await history._writer.do(lambda db: db.set_trace_callback(statements.append))
    run = a_run(ticket="INC-1", place=WITH_URL)
    await history.accept(run, "envelope-1")
    await history.unfinished()
    await history.wait_for_outbox()
    await history.record(run.id, a_result(SpfMissing()), [an_evidence(1)])
    await history.record(run.id, a_result(check=LISTS), [an_evidence(1)])
    await history.finish(run.id, State.DONE, diagnose([a_result(SpfMissing())]), elapsed_ms=1, queries=1, evidence=[])
    await history.note(run.id, "late")
    await history.attempted(await history.undelivered(5), Failed("timeout", NOON))
    await all_sent(history)
    await history.parent_ts(run.id)
    await history.load(run.id)
    for question in (history.last, history.of_ticket, history.of_person):
        await question("x", 5)
    await history.recent(5)
    await history.last_good("example.com")
    await history.changes(run.id, run.id)
    await history.open_problems(5)
    await history.recurring_causes(NOON)
    await history.delete_before(-1)

    asked = {text for text in statements if text.lstrip().startswith(("SELECT", "INSERT", "UPDATE", "DELETE"))}
    assert len(asked) > 40
    walks = [
        (detail, text)
        for text in asked
        for *_, detail in outsider.execute(f"EXPLAIN QUERY PLAN {text}")
        if detail.startswith("SCAN") or "TEMP B-TREE FOR ORDER BY" in detail
    ]
    aliases = {"r": "runs", "e": "endings", "o": "outbox", "d": "deliveries"}
    bad = [(d, t) for d, t in walks if d.startswith("SCAN") and aliases.get(d.split()[1], d.split()[1]) in BIG_TABLES]
    assert bad == []
    assert [(d, t) for d, t in walks if "B-TREE" in d and "asked_at DESC" in t] == []


# --- Append-only -----------------------------------------------------------------------------------------------------


async def test_no_program_can_change_or_delete_what_happened(history: History, outsider: sqlite3.Connection) -> None:
    run = a_run()
    await history.accept(run)
    result = a_result(SpfMissing())
    await history.record(run.id, result, [an_evidence(1)])
    await history.finish(run.id, State.DONE, diagnose([result]), elapsed_ms=1, queries=1, evidence=[])
    await all_sent(history)
    for table in schema.APPEND_ONLY:
        row = outsider.execute(f"SELECT * FROM {table}")
        columns = [column[0] for column in row.description]
        assert row.fetchone() is not None, table
        for statement in (
            f"DELETE FROM {table}",
            f"UPDATE {table} SET {columns[-1]} = {columns[-1]}",
            f"INSERT OR REPLACE INTO {table} SELECT * FROM {table}",
        ):
            with pytest.raises(sqlite3.IntegrityError, match=f"{table} is append-only"):
                outsider.execute(statement)


async def test_the_marker_of_retention_cannot_outlive_its_transaction(
    history: History, outsider: sqlite3.Connection
) -> None:
    await history.accept(a_run())
    with pytest.raises(sqlite3.IntegrityError, match="FOREIGN KEY"):
        outsider.execute("INSERT INTO retention (before) VALUES (1e12)")
    outsider.execute("BEGIN")
    outsider.execute("INSERT INTO retention (before) VALUES (1e12)")
    with pytest.raises(sqlite3.IntegrityError, match="whole runs"):
        outsider.execute("DELETE FROM outbox")  # not even then a part of a run
    outsider.execute("ROLLBACK")


async def test_retention_deletes_whole_old_runs_and_nothing_else(
    history: History, outsider: sqlite3.Connection, clock: Clock
) -> None:
    result = a_result(SpfMissing())
    for number in range(450):
        await ended(history, a_run(NOON - 500 * DAY + number), result)
    kept = a_run(NOON - 399 * DAY)
    await history.accept(kept)
    await history.record(kept.id, result, [an_evidence(1)])
    await history.finish(kept.id, State.DONE, diagnose([result]), elapsed_ms=1, queries=1, evidence=[])
    before = await history.load(kept.id)
    await all_sent(history)

    assert await history.delete_before(400) == 450
    assert await history.delete_before(400) == 0

    assert await history.load(kept.id) == before
    for table in schema.APPEND_ONLY:
        counted = "outbox" if table == "deliveries" else "run" if table != "runs" else "id"
        owners = outsider.execute(f"SELECT count(DISTINCT {counted}) FROM {table}").fetchone()[0]
        assert owners == (3 if table == "deliveries" else 1), table
    assert await history.recurring_causes(0.0) == (CauseCount(Cause.DOMAIN_AUTH, 1),)
    assert outsider.execute("PRAGMA foreign_key_check").fetchall() == []
    clock.time += 500 * DAY
    assert await history.delete_before(400) == 1
    assert await history.open_problems(5) == ()


# --- The file --------------------------------------------------------------------------------------------------------


async def refused(path: Path, kind: type[HistoryError]) -> str:
    """Opening is refused in one line that names the file, and every file stays as it was."""
    before = {file: file.read_bytes() for file in path.parent.iterdir() if file.is_file()}
    with pytest.raises(kind) as caught:
        await History.open(path, CHECKS)
    assert type(caught.value) is kind
    assert {file: file.read_bytes() for file in path.parent.iterdir() if file.is_file()} == before
    message = str(caught.value)
    assert "\n" not in message
    assert str(path) in message or str(path.parent) in message
    return message


async def a_history_file(path: Path, runs: int = 50) -> None:
    history = await History.open(path, CHECKS)
    for _ in range(runs):
        await ended(history, a_run(), a_result(SpfLong(record=RecordText("x" * 500))))
    await history.close()


async def test_an_empty_file_and_an_empty_database_are_taken(path: Path, tmp_path: Path) -> None:
    path.touch()
    await a_history_file(path, 1)
    with contextlib.closing(sqlite3.connect(tmp_path / "empty.db")) as db:
        db.execute("VACUUM")
    await a_history_file(tmp_path / "empty.db", 1)


async def test_a_file_that_is_no_database_is_refused(path: Path) -> None:
    path.write_text("Dear diary, my mail is not being sent.")
    await refused(path, NotADatabaseError)
    path.unlink()
    path.mkdir()
    await refused(path, NotADatabaseError)


@pytest.mark.parametrize("application", [0, 42])
async def test_the_database_of_another_program_is_refused(path: Path, application: int) -> None:
    with contextlib.closing(sqlite3.connect(path)) as db:
        db.execute("CREATE TABLE runs (id INTEGER PRIMARY KEY, shoes TEXT)")
        db.execute(f"PRAGMA application_id = {application}")
    await refused(path, ForeignDatabaseError)


async def test_a_database_with_our_mark_and_without_our_tables_is_refused(path: Path) -> None:
    with contextlib.closing(sqlite3.connect(path)) as db:
        db.execute(f"PRAGMA application_id = {schema.APPLICATION_ID}")
        db.execute("CREATE TABLE shoes (id INTEGER PRIMARY KEY)")
    assert "tables are missing" in await refused(path, DamagedDatabaseError)


async def test_a_file_that_lost_a_table_is_refused(path: Path) -> None:
    await a_history_file(path, 1)
    with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as db:
        db.execute("DROP TABLE evidence_use")
    assert "missing: evidence_use" in await refused(path, DamagedDatabaseError)


async def test_a_file_of_a_newer_version_is_refused(path: Path) -> None:
    await a_history_file(path, 1)
    with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as db:
        db.execute(
            "INSERT INTO _sqlite_migrations (migration_set, name, applied_at) VALUES ('mailcheck', 'time_travel', '')"
        )
    assert "newer version" in await refused(path, NewerDatabaseError)


async def test_a_truncated_file_is_refused(path: Path) -> None:
    await a_history_file(path)
    os.truncate(path, path.stat().st_size // 2)
    assert ".recover" in await refused(path, DamagedDatabaseError)


async def test_a_file_with_overwritten_pages_is_refused(path: Path) -> None:
    await a_history_file(path)
    damage(path)
    await refused(path, DamagedDatabaseError)


def damage(path: Path) -> None:
    """Overwrite the head of every page in the last quarter of the file, where the rows are."""
    with path.open("r+b") as file:
        pages = path.stat().st_size // 4096
        for page in range(pages * 3 // 4, pages):
            file.seek(page * 4096)
            file.write(b"\xa5" * 64)


async def test_verify_finds_damage_that_opening_had_no_time_for(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    await a_history_file(path)
    sound = await History.open(path, CHECKS)
    await sound.verify()
    await sound.close()
    damage(path)

    def no_time(_connection: sqlite3.Connection, _seconds: float) -> None:
        return None

    monkeypatch.setattr(schema, "problem_found", no_time)
    damaged = await History.open(path, CHECKS)
    with pytest.raises(DamagedDatabaseError, match="damaged"):
        await damaged.verify()
    await damaged.close()


@pytest.fixture
def another_user() -> Iterator[Path]:
    """A folder of its own, and no rights beyond those of the file modes: root may do everything."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        user = os.getuid()
        if user == 0:
            os.chown(folder, 65534, -1)
            os.setresuid(65534, 65534, 0)
        try:
            yield folder
        finally:
            os.setresuid(user, user, user)
            folder.chmod(0o700)


async def test_a_file_without_the_rights_to_it_is_refused(another_user: Path) -> None:
    path = another_user / "history.db"
    await a_history_file(path, 1)
    path.chmod(0o400)
    assert "cannot be written to" in await refused(path, ReadOnlyDatabaseError)
    path.chmod(0)
    with pytest.raises(UnreadableDatabaseError, match="cannot be read"):
        await History.open(path, CHECKS)
    path.chmod(0o600)
    another_user.chmod(0o555)
    assert "folder" in await refused(path, ReadOnlyDatabaseError)


async def test_a_folder_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(ReadOnlyDatabaseError, match="does not exist"):
        await History.open(tmp_path / "nowhere" / "history.db", CHECKS)


async def test_a_lock_held_by_another_program_is_waited_for(history: History, outsider: sqlite3.Connection) -> None:
    outsider.execute("BEGIN IMMEDIATE")
    accepting = asyncio.create_task(history.accept(a_run()))
    assert await history.recent(5) == ()  # reading goes on
    assert not accepting.done()
    outsider.execute("COMMIT")
    assert await accepting


async def test_a_history_closes_though_another_program_holds_the_file(path: Path) -> None:
    """There is time to tidy up at the next start; whoever stops the bot does not wait for it."""
    history = await History.open(path, CHECKS)
    run = a_run()
    await history.accept(run)
    with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        async with asyncio.timeout(schema.BUSY_SECONDS / 2):
            await history.close()
    again = await History.open(path, CHECKS)
    assert [line.id for line in await again.recent(5)] == [run.id]
    await again.close()


async def test_if_the_reader_cannot_open_the_file_the_writer_lets_go_of_it(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_more_files(_path: Path) -> sqlite3.Connection:
        raise HistoryError("too many open files")

    monkeypatch.setattr(history_module, "open_reader", no_more_files)
    with pytest.raises(HistoryError, match="too many"):
        await History.open(path, CHECKS)
    with contextlib.closing(sqlite3.connect(path, timeout=0)) as other:
        # SQLite changes the journal only for the one connection there is.
        assert other.execute("PRAGMA journal_mode = DELETE").fetchone() == ("delete",)


def test_looking_for_damage_ends_when_its_time_is_over(path: Path) -> None:
    interrupted = threading.Event()

    class Slow(sqlite3.Connection):
        def interrupt(self) -> None:
            super().interrupt()
            interrupted.set()

    with contextlib.closing(sqlite3.connect(path, factory=Slow)) as db:
        db.execute("CREATE TABLE shoes (size INTEGER)")
        db.set_progress_handler(lambda: not interrupted.wait(10), 1)  # a file so large that reading it takes longer
        assert schema.problem_found(db, 0.001) is None
        db.set_progress_handler(None, 1)
        assert db.execute("SELECT count(*) FROM shoes").fetchone() == (0,), "the interruption hit another statement"


@pytest.fixture
def in_use(path: Path) -> Iterator[sqlite3.Connection]:
    """Another program that writes to the file, not yet changed to WAL."""
    with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("VACUUM")
        other.execute("BEGIN IMMEDIATE")
        yield other


def test_the_change_of_the_journal_waits_for_another_program(
    path: Path, in_use: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    waits: list[float] = []

    def sleep(seconds: float) -> None:
        waits.append(seconds)
        in_use.execute("ROLLBACK")

    monkeypatch.setattr("bot.schema.time.sleep", sleep)
    schema.open_writer(path).close()
    assert len(waits) == 1


def test_the_change_of_the_journal_does_not_wait_for_ever(
    path: Path, in_use: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(schema, "BUSY_SECONDS", 0.05)
    with pytest.raises(DatabaseLockedError, match="locked by another program"):
        schema.open_writer(path)
    assert in_use.in_transaction


async def test_no_other_program_writes_in_the_middle_of_a_job(history: History) -> None:
    def between_reading_and_writing(db: sqlite3.Connection) -> None:
        db.execute("SELECT count(*) FROM runs").fetchone()
        with pytest.raises(sqlite3.OperationalError, match="locked"):
            other.execute("BEGIN IMMEDIATE")
        db.execute("INSERT INTO seen VALUES ('x', 0.0)")

    with contextlib.closing(
        sqlite3.connect(history._path, isolation_level=None, timeout=0, check_same_thread=False)
    ) as other:
        await history._writer.do(between_reading_and_writing)


async def test_a_lock_held_too_long_is_said_and_nothing_is_kept(history: History, outsider: sqlite3.Connection) -> None:
    await history._writer.do(lambda _db: None)
    history._writer._connection.execute("PRAGMA busy_timeout = 50")
    outsider.execute("BEGIN IMMEDIATE")
    with pytest.raises(DatabaseLockedError, match="locked by another program"):
        await history.accept(a_run())
    outsider.execute("ROLLBACK")
    assert await history.recent(5) == ()
    assert await history.accept(a_run())


async def test_what_was_acknowledged_is_on_the_disk_for_good(history: History) -> None:
    def pragma(name: str) -> Callable[[sqlite3.Connection], Any]:
        return lambda db: db.execute(f"PRAGMA {name}").fetchone()[0]

    wanted = {
        "journal_mode": "wal",
        "synchronous": 2,
        "foreign_keys": 1,
        "secure_delete": 1,
        "trusted_schema": 0,
        "busy_timeout": 5000,
        "recursive_triggers": 1,
        "journal_size_limit": 67108864,
        "application_id": schema.APPLICATION_ID,
    }
    assert {name: await history._writer.do(pragma(name)) for name in wanted} == wanted
    assert await history._read(pragma("query_only")) == 1
    with pytest.raises(HistoryError, match="cannot be written to"):
        await history._read(lambda db: db.execute("DELETE FROM seen"))


async def test_a_migration_that_dies_half_way_leaves_the_old_tables(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(schema, "_FIRST_TABLES", (*schema._FIRST_TABLES[:9], "SELECT no_such_function()"))
    with pytest.raises(HistoryError):
        await History.open(path, CHECKS)
    monkeypatch.undo()
    with contextlib.closing(sqlite3.connect(path)) as db:
        assert db.execute("SELECT name FROM sqlite_master").fetchall() == []
    await a_history_file(path, 1)


async def test_two_openings_at_once_make_one_set_of_tables(path: Path) -> None:
    both = await asyncio.gather(*(History.open(path, CHECKS) for _ in range(2)))
    await ended(both[0], a_run(), a_result())
    await ended(both[1], a_run(), a_result())
    assert len(await both[0].recent(5)) == 2
    for history in both:
        await history.close()


def test_openings_at_the_very_same_moment_wait_for_each_other(tmp_path: Path) -> None:
    refused: list[HistoryError] = []

    def make(path: Path, together: threading.Barrier) -> None:
        together.wait()
        try:
            schema.open_writer(path).close()
        except HistoryError as error:
            refused.append(error)

    for number in range(60):  # one in twenty went wrong while the change of the journal did not wait
        together = threading.Barrier(5)
        openings = [threading.Thread(target=make, args=(tmp_path / f"{number}.db", together)) for _ in range(5)]
        for opening in openings:
            opening.start()
        for opening in openings:
            opening.join()
    assert refused == []


def test_a_file_that_gets_its_tables_while_it_is_looked_into_is_not_taken_for_foreign(path: Path) -> None:
    path.touch()
    statements: list[str] = []

    def another_opening(statement: str) -> None:
        statements.append(statement)
        if len(statements) == 2:  # between the first thing looked at and the second
            schema.open_writer(path).close()

    with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.set_trace_callback(another_opening)
        schema._look_inside(connection, path)
    assert len(statements) > 2


async def test_stats_tell_the_operator_how_the_file_is(history: History, path: Path) -> None:
    empty = await history.stats()
    assert (empty.runs, empty.oldest) == (0, None)
    await history.accept(a_run(NOON - DAY))
    await ended(history, a_run(), a_result())
    stats = await history.stats()
    assert (stats.runs, stats.oldest, stats.unfinished, stats.undelivered) == (2, NOON - DAY, 1, 4)
    assert stats.size > path.stat().st_size
    assert stats.sqlite_version == sqlite3.sqlite_version


@pytest.mark.parametrize(
    ("version", "race"),
    [
        ((3, 40, 1), True),
        ((3, 44, 5), True),
        ((3, 44, 6), False),
        ((3, 45, 0), True),
        ((3, 50, 6), True),
        ((3, 50, 7), False),
        ((3, 51, 2), True),
        ((3, 51, 3), False),
        ((3, 52, 0), False),
    ],
)
def test_the_versions_with_the_wal_race_are_known(version: tuple[int, int, int], race: bool) -> None:
    assert has_wal_race(version) is race


# --- Crashes ---------------------------------------------------------------------------------------------------------

WRITER = """
import asyncio, sys, time
from pathlib import Path
sys.path.insert(0, {tests!r})
from test_history import *

async def life(history, worker):
    while True:
        run = a_run(time.time())
        result = a_result(SpfMissing(), SpfLong(record=RecordText("x" * 300)))
        await history.accept(run)
        print("accepted", run.id, flush=True)
        await history.record(run.id, result, [an_evidence(1), an_evidence(2)])
        print("recorded", run.id, flush=True)
        await history.finish(run.id, State.DONE, diagnose([result]), elapsed_ms=1, queries=2, evidence=[])
        print("finished", run.id, flush=True)

async def main():
    history = await History.open(Path({path!r}), CHECKS)
    await asyncio.gather(*(life(history, worker) for worker in range(8)))

asyncio.run(main())
"""


def killed_while_writing(path: Path, lines: int) -> Sequence[tuple[str, RunId]]:
    """What a writer acknowledged until it was killed after about that many lines."""
    script = WRITER.format(tests=str(Path(__file__).parent), path=str(path))
    with subprocess.Popen([sys.executable, "-c", script], cwd=REPOSITORY, stdout=subprocess.PIPE, text=True) as writer:  # noqa: S603 - our own interpreter
        assert writer.stdout is not None
        output = [writer.stdout.readline() for _ in range(lines)]
        writer.kill()
        output += writer.stdout.readlines()
    assert writer.returncode == -signal.SIGKILL  # it did not end by itself
    said = [line.split() for line in output if line.endswith("\n")]
    assert len(said) >= lines
    return [(what, RunId(run)) for what, run in said]


@pytest.mark.timeout(180)
async def test_twenty_writers_killed_at_random_lose_nothing_acknowledged_and_leave_no_half_run(path: Path) -> None:
    chance = random.Random()  # noqa: S311 - a moment, no secret
    acknowledged: list[tuple[str, RunId]] = []
    for _ in range(20):
        acknowledged += await asyncio.to_thread(killed_while_writing, path, chance.randrange(1, 120))
    history = await History.open(path, CHECKS)
    await history.verify()
    records: dict[RunId, Record] = {}
    for line in await history.recent(100_000):
        record = await history.load(line.id)
        assert record is not None
        records[line.id] = record
    told: dict[RunId, list[Tell]] = {}
    for row in await history.undelivered(1_000_000):
        told.setdefault(row.run, []).append(row.kind)
    unfinished = {record.run.id for record in await history.unfinished()}
    await history.close()

    for what, run in acknowledged:
        record = records[run]
        assert what == "accepted" or len(record.steps) == 1
        assert what != "finished" or record.state is State.DONE
    for run, record in records.items():
        steps, done = len(record.steps), record.state is State.DONE
        assert told[run] == [Tell.OPEN] + [Tell.STEP] * steps + [Tell.SUMMARY] * done
        assert [len(step.findings) for step in record.steps] == [2] * steps
        assert len(record.evidence) == 2 * steps
        assert (record.diagnosis is not None) == done
        assert (run in unfinished) != done
    assert len(acknowledged) > 100
