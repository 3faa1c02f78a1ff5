"""The memory of the bot: what was asked and found, what is still to be told, and the questions people ask of it.

One thread does all writing and all checkpointing over one connection: SQLite below 3.51.3 can lose data when two
connections do (https://www.sqlite.org/wal.html), and jobs that wait together share one commit. Reading has
a thread and a connection of its own. The event loop never waits for the disk.

The order of a run is ``accept``, ``record`` for each step, ``finish``; each is one transaction that also queues what is
to be told. The outbox holds *what* to tell, never how: whoever delivers renders from the ``Record``.
"""

from __future__ import annotations

import asyncio
import itertools
import json
import queue
import secrets
import shutil
import sqlite3
import threading
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import Any, Generic, Self, TypeVar, cast

import structlog

from bot.run import Language, Place, Record, Run, RunId, State, Step
from bot.schema import (
    BUSY_SECONDS,
    DamagedDatabaseError,
    HistoryError,
    explained,
    open_reader,
    open_writer,
    problem_found,
)
from checks import wire
from checks.causes import Cause
from checks.check import COMMON_FINDINGS, Check, Finding, Result, Severity
from checks.diagnosis import Confidence, Diagnosis, Suspect
from checks.network.answers import Evidence, EvidenceKind
from checks.wire import Json

T = TypeVar("T")

SEEN_FOR = 24 * 3600.0
"""How long a delivery id is remembered, in seconds."""

RESPONSE_URL_FOR = 30 * 60.0
"""How long Slack takes answers at a ``response_url``, in seconds."""

FREE_SPACE = 200 * 1024 * 1024
"""New runs are refused when the disk has fewer octets left: the runs that are going must be able to end."""

_QUIET = 5.0  # seconds without a job after which the writer tidies up
_UNTIDY = 60.0  # seconds after which it does so all the same
_BATCH = 25  # runs that retention deletes in one transaction: what else is written waits that long
_CAUSES_SHOWN = 3

_log = structlog.get_logger(__name__)


class DiskNearlyFullError(HistoryError):
    """There is too little room left on the disk to begin another run."""


class NoSuchRunError(HistoryError):
    """There is no run with this id."""


class OtherVersionError(HistoryError):
    """The run was written by a version with other fields."""


# --- Run ids ---------------------------------------------------------------------------------------------------------

_CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_ID_LENGTH = 12
_MISREAD = str.maketrans({"O": "0", "I": "1", "L": "1", "-": None, " ": None})
_serial = itertools.count(secrets.randbelow(1 << 20))


def new_run_id(now: float) -> RunId:
    """Make an id: 12 characters of Crockford's Base32, 40 bits of time in 1/256 s and 20 bits that differ.

    The last bits count on from a random start, so that a process never gives out an id twice and two processes do so
    only if they ask in the same 4 ms and draw the same number of a million.
    """
    number = int(now * 256) << 20 | next(_serial) & 0xFFFFF
    return RunId("".join(_CROCKFORD[number >> shift & 31] for shift in range(5 * _ID_LENGTH - 5, -1, -5)))


def read_run_id(text: str) -> RunId | None:
    """Read an id as people type it: small letters, groups, O for 0, I or L for 1; ``None`` if it is none."""
    plain = text.strip().upper().translate(_MISREAD)
    return RunId(plain) if len(plain) == _ID_LENGTH and all(c in _CROCKFORD for c in plain) else None


# --- The outbox ------------------------------------------------------------------------------------------------------


class Tell(StrEnum):
    """What an outbox row is about."""

    OPEN = "open"
    """The run has begun: the parent message."""
    STEP = "step"
    """A step has ended; the subject is the name of its check."""
    SUMMARY = "summary"
    """The run has ended."""
    NOTE = "note"
    """Something else to say in the thread; the subject is its message id."""


@dataclass(frozen=True, kw_only=True)
class OutboxRow:
    """One thing to tell. ``id`` grows in the order of telling; ``attempts`` counts what failed before."""

    id: int
    run: RunId
    kind: Tell
    subject: str
    queued_at: float
    attempts: int


@dataclass(frozen=True)
class Sent:
    """Slack has it; ``ts`` is the message it is told in."""

    ts: str


@dataclass(frozen=True)
class Failed:
    """It did not get through and is due again at ``retry_at``, in seconds since the epoch."""

    reason: str
    retry_at: float


@dataclass(frozen=True)
class GivenUp:
    """It will never get through."""

    reason: str


DeliveryOutcome = Sent | Failed | GivenUp
"""How an attempt to tell ended."""


# --- Answers to questions --------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class RunLine:
    """A run in a list. ``verdict`` is ``None`` while it is open; ``causes`` are its likeliest, best first."""

    id: RunId
    target: str
    ticket: str | None
    asked_by: str
    asked_at: float
    state: State
    verdict: Severity | None
    causes: tuple[Cause, ...]


@dataclass(frozen=True, kw_only=True)
class Change:
    """What one check says now and did not say before, and the other way round, in codes."""

    check: str
    appeared: tuple[str, ...]
    gone: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class OpenProblem:
    """A target with something wrong by the last runs that could tell: the worst, the checks, and the newest run."""

    target: str
    verdict: Severity
    checks: tuple[str, ...]
    run: RunId
    asked_at: float


@dataclass(frozen=True)
class CauseCount:
    """For how many runs a cause was the likeliest."""

    cause: Cause
    runs: int


@dataclass(frozen=True, kw_only=True)
class Stats:
    """The state of the file. ``size`` in octets with its journal; ``oldest`` in seconds since the epoch."""

    size: int
    runs: int
    oldest: float | None
    unfinished: int
    undelivered: int
    sqlite_version: str
    wal_race: bool
    """Whether this SQLite can lose data when a second program writes to the file at the same time."""


def _has_wal_race(version: tuple[int, int, int]) -> bool:
    # https://www.sqlite.org/wal.html: mended in 3.51.3, and in 3.50.7 and 3.44.6 of the older lines
    return version < (3, 51, 3) and not any((*line, fix) <= version < (*line, 99) for line, fix in _WAL_RACE_MENDED)


_WAL_RACE_MENDED = (((3, 50), 7), ((3, 44), 6))


# --- The writer ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Job(Generic[T]):
    work: Callable[[sqlite3.Connection], T]
    future: Future[T]
    tells: bool


class _Writer:
    """The thread that writes: all jobs that wait share one transaction, each under a savepoint of its own.

    A job that raises is undone alone. If the transaction itself fails, none of its jobs is in the file and each caller
    is told.
    """

    def __init__(
        self, path: Path, connection: sqlite3.Connection, told: Callable[[], None], now: Callable[[], float]
    ) -> None:
        self._path = path
        self._connection = connection
        self._told = told
        self._now = now
        self._closed = False
        self._jobs: queue.SimpleQueue[_Job[Any] | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._work, name="history-writer", daemon=True)
        self._thread.start()

    async def do(self, work: Callable[[sqlite3.Connection], T], *, tells: bool = False) -> T:
        """Have ``work`` done; it is in the file when this returns. ``tells`` says that the outbox changes by it.

        Raises:
            HistoryError: the file could not be written to, or history is closed.
        """
        if self._closed:
            raise HistoryError("History is closed.")
        future: Future[T] = Future()
        self._jobs.put(_Job(work, future, tells))
        return await asyncio.wrap_future(future)

    async def close(self) -> None:
        """Do what waits, empty the journal and close."""
        self._closed = True
        self._jobs.put(None)
        await asyncio.to_thread(self._thread.join)

    def _work(self) -> None:
        tidied = time.monotonic()
        untidy = True
        while True:
            try:
                jobs, closing = self._next(_QUIET if untidy else None)
            except queue.Empty:
                jobs, closing = [], False
            if jobs:
                self._commit(jobs)
                untidy = True
            if closing:
                break
            if untidy and (not jobs or time.monotonic() - tidied > _UNTIDY):
                untidy = not self._tidy()
                tidied = time.monotonic()
        self._tidy()
        try:
            self._connection.execute("PRAGMA analysis_limit = 400")
            self._connection.execute("PRAGMA optimize")
        except sqlite3.Error as error:  # an omitted optimisation is no loss
            _log.warning("history_not_optimised", error=str(error))
        self._connection.close()

    def _next(self, patience: float | None) -> tuple[list[_Job[Any]], bool]:
        """Wait for a job, then take all that are there; the second value says that it is time to close.

        Raises:
            queue.Empty: nothing came within ``patience`` seconds.
        """
        jobs: list[_Job[Any]] = []
        job = self._jobs.get(timeout=patience)
        while job is not None:
            if job.future.set_running_or_notify_cancel():
                jobs.append(job)
            try:
                job = self._jobs.get_nowait()
            except queue.Empty:
                return jobs, False
        return jobs, True

    def _commit(self, jobs: Sequence[_Job[Any]]) -> None:
        try:
            self._connection.execute("BEGIN IMMEDIATE")
            answers = [self._attempt(job) for job in jobs]
            self._connection.execute("COMMIT")
        except Exception as error:  # noqa: BLE001 - each caller is told
            if self._connection.in_transaction:
                self._connection.rollback()
            answers = [partial(job.future.set_exception, self._explained(error)) for job in jobs]
        else:
            if any(job.tells for job in jobs):
                self._told()
        for answer in answers:
            answer()

    def _attempt(self, job: _Job[Any]) -> Callable[[], None]:
        self._connection.execute("SAVEPOINT job")
        try:
            value = job.work(self._connection)
        except Exception as error:  # the caller is told
            if not self._connection.in_transaction:  # SQLite undid everything, the jobs before this one included
                raise
            self._connection.execute("ROLLBACK TO job")
            self._connection.execute("RELEASE job")
            return partial(job.future.set_exception, self._explained(error))
        self._connection.execute("RELEASE job")
        return partial(job.future.set_result, value)

    def _explained(self, error: Exception) -> Exception:
        if not isinstance(error, sqlite3.Error):
            return error
        mine = explained(error, self._path)
        mine.__cause__ = error
        return mine

    def _tidy(self) -> bool:
        """Forget what may not be kept and empty the journal, which holds old copies of it.

        Says whether nothing is left to forget. A reader or another program in the way is no reason to wait: the next
        time comes soon.
        """
        now = self._now()
        try:
            self._connection.execute("PRAGMA busy_timeout = 0")
            self._connection.execute("BEGIN IMMEDIATE")
            _forget(self._connection, now)
            [secret] = self._connection.execute("SELECT EXISTS (SELECT 1 FROM response_urls)").fetchone()
            self._connection.execute("COMMIT")
            [busy, *_] = self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        except sqlite3.Error as error:
            if self._connection.in_transaction:
                self._connection.rollback()
            _log.warning("history_not_tidied", error=str(error))
            return False
        finally:
            self._connection.execute(f"PRAGMA busy_timeout = {BUSY_SECONDS * 1000:.0f}")
        return not busy and not secret


# --- History ---------------------------------------------------------------------------------------------------------


class History:
    """The history file, open. Every method may raise a ``HistoryError`` whose message is one line for the operator.

    Where a question takes a ``viewer``, runs that somebody else asked in private are left out.
    """

    def __init__(
        self,
        path: Path,
        writing: sqlite3.Connection,
        reading: sqlite3.Connection,
        checks: Iterable[Check[Any]],
        *,
        now: Callable[[], float],
        reserve: int,
    ) -> None:
        self._path = path
        self._now = now
        self._reserve = reserve
        declared = (code for check in checks for code in check.findings)
        self._codes = {code.code: code for code in (*COMMON_FINDINGS, *declared)}
        self._outbox = asyncio.Event()
        self._outbox.set()
        self._looked_at = 0.0
        loop = asyncio.get_running_loop()

        def told() -> None:
            loop.call_soon_threadsafe(self._outbox.set)

        self._writer = _Writer(path, writing, told, now)
        self._closed = False
        self._reading = reading
        self._reader = ThreadPoolExecutor(1, "history-reader")

    @classmethod
    async def open(
        cls,
        path: Path,
        checks: Iterable[Check[Any]],
        *,
        now: Callable[[], float] = time.time,
        reserve: int = FREE_SPACE,
    ) -> Self:
        """Open the file, or make it, and bring it to this version.

        ``checks`` are those whose findings can be read back. ``reserve`` is the free space in octets that new runs
        leave alone.

        Raises:
            HistoryError: the file is not ours, damaged, of a newer version, or cannot be used; it is left as it is.
        """
        writing = await asyncio.to_thread(open_writer, path)
        try:
            reading = await asyncio.to_thread(open_reader, path)
        except BaseException:
            writing.close()
            raise
        return cls(path, writing, reading, checks, now=now, reserve=reserve)

    async def close(self) -> None:
        """Do what waits, empty the journal, close."""
        self._closed = True
        await asyncio.to_thread(self._reader.shutdown)
        self._reading.close()
        await self._writer.close()

    # The life of a run

    async def accept(self, run: Run, delivery: str | None = None) -> bool:
        """Take a run on and queue its parent message; ``False`` if this delivery was seen before.

        A run in a terminal is told nobody: nothing is queued for it.

        Raises:
            DiskNearlyFullError: only runs that are going may still write.
        """
        return await self._writer.do(lambda db: self._accept(db, run, delivery), tells=True)

    async def first_seen(self, delivery: str) -> bool:
        """Remember a delivery that starts no run; ``False`` if it was seen before."""
        return await self._writer.do(lambda db: _first_seen(db, delivery, self._now()))

    async def record(self, run: RunId, result: Result, evidence: Sequence[Evidence]) -> bool:
        """Keep a step that has ended and queue the telling; ``False`` if it is kept already or the run has ended.

        ``evidence`` is what the step rests on. What is already kept may be given again, and is only marked as used; a
        resumed run must number on from the last one it has. Questions without an answer yet are left for ``finish``.

        Raises:
            NoSuchRunError: the run was never accepted.
        """
        return await self._writer.do(lambda db: _record(db, run, result, evidence, self._now()), tells=True)

    async def finish(
        self,
        run: RunId,
        state: State,
        diagnosis: Diagnosis | None,
        *,
        elapsed_ms: float,
        queries: int,
        evidence: Sequence[Evidence],
    ) -> bool:
        """Keep how a run ended and queue the summary; ``False`` if it has ended before.

        Raises:
            NoSuchRunError: the run was never accepted.
        """

        def work(db: sqlite3.Connection) -> bool:
            head, now = _head(db, run), self._now()
            if head.ended:
                return False
            _end(db, head, state, diagnosis, _Cost(elapsed_ms, queries), now=now)
            _keep_evidence(db, run, evidence)
            _tell(db, head, Tell.SUMMARY, "", now)
            return True

        return await self._writer.do(work, tells=True)

    async def load(self, run: RunId) -> Record | None:
        """Everything about one run.

        Raises:
            OtherVersionError: another version wrote it with fields that this one cannot read.
        """
        return await self._read(lambda db: self._load(db, run))

    async def unfinished(self) -> tuple[Record, ...]:
        """The runs that were accepted and have not ended, oldest first, those in terminals included.

        One that another version wrote and this one cannot read is logged and left out.
        """

        def work(db: sqlite3.Connection) -> tuple[Record, ...]:
            records: list[Record] = []
            for [run] in db.execute("SELECT run FROM unfinished ORDER BY run").fetchall():
                try:
                    record = self._load(db, run)
                except OtherVersionError as error:
                    _log.warning("unfinished_run_unreadable", run=run, error=str(error))
                else:
                    assert record is not None  # noqa: S101 - a foreign key holds this
                    records.append(record)
            return tuple(records)

        return await self._read(work)

    # The outbox

    async def note(self, run: RunId, message: str) -> bool:
        """Queue a note for the thread of a run; ``False`` if this one is queued or told already.

        Raises:
            NoSuchRunError: the run was never accepted.
        """
        return await self._writer.do(lambda db: _tell(db, _head(db, run), Tell.NOTE, message, self._now()), tells=True)

    async def undelivered(self, limit: int) -> tuple[OutboxRow, ...]:
        """What is due, in order; a run of which an earlier row waits for its time waits as a whole."""
        self._looked_at = now = self._now()

        def work(db: sqlite3.Connection) -> tuple[OutboxRow, ...]:
            rows = db.execute(
                """SELECT o.id, o.run, o.kind, o.subject, o.queued_at,
                          (SELECT count(*) FROM deliveries d WHERE d.outbox = o.id)
                   FROM queue q CROSS JOIN outbox o ON o.id = q.outbox
                   WHERE q.due_at <= :now AND NOT EXISTS
                       (SELECT 1 FROM queue e WHERE e.run = q.run AND e.outbox < q.outbox AND e.due_at > :now)
                   ORDER BY q.outbox LIMIT :limit""",
                {"now": now, "limit": limit},
            )
            return tuple(
                OutboxRow(id=id_, run=run, kind=Tell(kind), subject=subject, queued_at=queued_at, attempts=attempts)
                for id_, run, kind, subject, queued_at, attempts in rows
            )

        return await self._read(work)

    async def attempted(self, rows: Sequence[OutboxRow], outcome: DeliveryOutcome) -> None:
        """Keep how an attempt to tell ended; several rows may have been folded into one message."""
        await self._writer.do(lambda db: _attempted(db, rows, outcome, self._now()), tells=True)

    async def parent_ts(self, run: RunId) -> str | None:
        """The ``ts`` of the parent message; ``None`` as long as it is not sent."""

        def work(db: sqlite3.Connection) -> str | None:
            row = db.execute(
                """SELECT d.ts FROM outbox o JOIN deliveries d ON d.outbox = o.id
                   WHERE o.run = ? AND o.kind = 'open' AND d.outcome = 'sent' ORDER BY d.attempt LIMIT 1""",
                (run,),
            ).fetchone()
            return None if row is None else cast("str", row[0])

        return await self._read(work)

    async def wait_for_outbox(self) -> None:
        """Wait until the outbox has changed since this last returned, or a row has become due since ``undelivered``."""
        looked_at = self._looked_at

        def work(db: sqlite3.Connection) -> float | None:
            [due] = db.execute("SELECT min(due_at) FROM queue WHERE due_at > ?", (looked_at,)).fetchone()
            return cast("float | None", due)

        due = await self._read(work)
        try:
            async with asyncio.timeout(None if due is None else max(0.0, due - self._now())):
                await self._outbox.wait()
        except TimeoutError:
            return
        self._outbox.clear()

    # Questions

    async def last(self, target: str, limit: int, *, viewer: str = "") -> tuple[RunLine, ...]:
        """The last runs of a domain or an address, newest first."""
        return await self._read(lambda db: _lines(db, "r.target = ?", target, viewer, limit))

    async def of_ticket(self, reference: str, limit: int, *, viewer: str = "") -> tuple[RunLine, ...]:
        """The last runs for a ticket, newest first; small and capital letters are the same."""
        return await self._read(lambda db: _lines(db, "r.ticket = ?", reference, viewer, limit))

    async def of_person(self, user: str, limit: int, *, viewer: str = "") -> tuple[RunLine, ...]:
        """The last runs somebody asked for, newest first."""
        return await self._read(lambda db: _lines(db, "r.asked_by = ?", user, viewer, limit))

    async def recent(self, limit: int, *, viewer: str = "") -> tuple[RunLine, ...]:
        """The last runs of all, newest first."""
        return await self._read(lambda db: _lines(db, "r.asked_at > ?", 0.0, viewer, limit))

    async def last_good(self, target: str, *, viewer: str = "") -> RunLine | None:
        """The last run of a target in which every check could tell and nothing was wrong."""

        def work(db: sqlite3.Connection) -> RunLine | None:
            row = db.execute(
                """SELECT e.run FROM endings e JOIN runs r ON r.id = e.run
                   WHERE e.target = ? AND e.state = 'done' AND e.verdict <= 1 AND (r.private = 0 OR r.asked_by = ?)
                   ORDER BY e.asked_at DESC, e.run DESC LIMIT 1""",
                (_plain(target), _plain(viewer)),
            ).fetchone()
            return None if row is None else _lines(db, "r.id = ?", row[0], viewer, 1)[0]

        return await self._read(work)

    async def changes(self, before: RunId, after: RunId) -> tuple[Change, ...]:
        """What two runs say differently, by check.

        Only what both could tell counts: a check that one of them did not run, or could not tell something in, neither
        loses nor gains what the other found.
        """

        def work(db: sqlite3.Connection) -> tuple[Change, ...]:
            return _compared(_told(db, before), _told(db, after))

        return await self._read(work)

    async def open_problems(self, limit: int) -> tuple[OpenProblem, ...]:
        """The targets with a warning or a problem that no later run saw mended, newest first; none asked in private."""
        return await self._read(lambda db: _open_problems(db, limit))

    async def recurring_causes(self, since: float, limit: int = 10) -> tuple[CauseCount, ...]:
        """For how many runs each cause was the likeliest since that day (UTC), most frequent first."""

        def work(db: sqlite3.Connection) -> tuple[CauseCount, ...]:
            rows = db.execute(
                "SELECT cause, sum(runs) FROM cause_days WHERE day >= ? GROUP BY cause ORDER BY 2 DESC, 1 LIMIT ?",
                (_day(since), limit),
            ).fetchall()
            return tuple(CauseCount(cause, runs) for name, runs in rows for cause in _known_causes([name]))

        return await self._read(work)

    # Upkeep

    async def delete_before(self, days: float) -> int:
        """Delete whole runs that were asked for more than ``days`` days ago, a few at a time; says how many."""
        before = self._now() - days * 86400
        deleted = 0
        while batch := await self._writer.do(lambda db: _delete_batch(db, before)):
            deleted += batch
        return deleted

    async def verify(self) -> None:
        """Read the whole file and look for damage; takes seconds for each gigabyte.

        Raises:
            DamagedDatabaseError: with the first thing found.
        """
        what = await self._read(problem_found)
        if what is not None:
            raise DamagedDatabaseError(f"{self._path} is damaged: {what}")

    async def stats(self) -> Stats:
        """The state of the file; counts every run, so for the operator only."""

        def work(db: sqlite3.Connection) -> Stats:
            [runs, oldest] = db.execute("SELECT count(*), min(asked_at) FROM runs").fetchone()
            [unfinished] = db.execute("SELECT count(*) FROM unfinished").fetchone()
            [undelivered] = db.execute("SELECT count(*) FROM queue").fetchone()
            files = (self._path, self._path.with_name(self._path.name + "-wal"))
            return Stats(
                size=sum(file.stat().st_size for file in files if file.exists()),
                runs=runs,
                oldest=oldest,
                unfinished=unfinished,
                undelivered=undelivered,
                sqlite_version=sqlite3.sqlite_version,
                wal_race=_has_wal_race(sqlite3.sqlite_version_info),
            )

        return await self._read(work)

    # Helpers

    async def _read(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """Have ``work`` done by the reader, on one state of the file."""
        if self._closed:
            raise HistoryError("History is closed.")

        def one_state() -> T:
            try:
                self._reading.execute("BEGIN")
                try:
                    return work(self._reading)
                finally:
                    self._reading.rollback()
            except sqlite3.Error as error:
                raise explained(error, self._path) from error

        return await asyncio.get_running_loop().run_in_executor(self._reader, one_state)

    def _accept(self, db: sqlite3.Connection, run: Run, delivery: str | None) -> bool:
        free = shutil.disk_usage(self._path.parent).free
        if free < self._reserve:
            raise DiskNearlyFullError(
                f"Only {free >> 20} MB are free where {self._path} is; new runs need {self._reserve >> 20} MB."
            )
        now = self._now()
        _forget(db, now)
        if delivery is not None and not _first_seen(db, delivery, now):
            return False
        _insert_run(db, run, now)
        return True

    def _load(self, db: sqlite3.Connection, run_id: RunId) -> Record | None:
        try:
            return _loaded(db, run_id, self._codes)
        except (wire.WireError, ValueError) as error:
            raise OtherVersionError(f"Run {run_id} was written by another version: {error}") from error


# --- Writing ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class _Head:
    """What the other rows of a run need to know of it."""

    run: RunId
    target: str
    asked_at: float
    private: bool
    told: bool
    ended: bool


def _head(db: sqlite3.Connection, run: RunId) -> _Head:
    row = db.execute(
        """SELECT target, asked_at, private, channel != '', EXISTS (SELECT 1 FROM endings WHERE run = id)
           FROM runs WHERE id = ?""",
        (run,),
    ).fetchone()
    if row is None:
        raise NoSuchRunError(f"There is no run {run}.")
    target, asked_at, private, told, ended = row
    return _Head(run=run, target=target, asked_at=asked_at, private=bool(private), told=bool(told), ended=bool(ended))


def _insert_run(db: sqlite3.Connection, run: Run, now: float) -> None:
    case, place = run.case, run.place
    db.execute(
        "INSERT INTO runs VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            run.id,
            _plain(str(case.target)),
            None if case.reference is None else _plain(case.reference),
            _plain(run.asked_by),
            run.asked_at,
            place.team,
            place.channel,
            place.thread,
            place.private,
            run.language,
            run.version,
            _dumps(run.steps),
            _dumps(case),
        ),
    )
    db.execute("INSERT INTO unfinished VALUES (?)", (run.id,))
    if place.response_url:
        db.execute("INSERT INTO response_urls VALUES (?, ?, ?)", (run.id, place.response_url, now + RESPONSE_URL_FOR))
    _tell(db, _head(db, run.id), Tell.OPEN, "", now)


def _record(db: sqlite3.Connection, run: RunId, result: Result, evidence: Sequence[Evidence], now: float) -> bool:
    head, step, outcome = _head(db, run), result.check.name, result.outcome
    if head.ended:
        return False
    facts = None if outcome.facts is None else _dumps(outcome.facts)
    kept = db.execute(
        "INSERT INTO steps VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
        (run, step, result.verdict, facts, result.started, result.ms),
    )
    if not kept.rowcount:
        return False
    db.executemany(
        "INSERT INTO findings VALUES (?, ?, ?, ?, ?, ?, ?)",
        [
            (run, step, position, found.code, found.severity, _json(wire.parameters(found)), _dumps(found.evidence))
            for position, found in enumerate(outcome.findings)
        ],
    )
    _keep_evidence(db, run, [item for item in evidence if item.ms is not None])
    if not head.private and result.verdict is not Severity.UNKNOWN:
        _note_problem(db, head, step, result.verdict)
    _tell(db, head, Tell.STEP, step, now)
    return True


def _note_problem(db: sqlite3.Connection, head: _Head, step: str, verdict: Severity) -> None:
    if verdict > Severity.UNKNOWN:
        db.execute(
            """INSERT INTO problems VALUES (:target, :step, :verdict, :run, :asked_at)
               ON CONFLICT DO UPDATE SET verdict = :verdict, run = :run, asked_at = :asked_at
               WHERE asked_at <= :asked_at""",
            {"target": head.target, "step": step, "verdict": verdict, "run": head.run, "asked_at": head.asked_at},
        )
    else:
        db.execute(
            "DELETE FROM problems WHERE target = ? AND step = ? AND asked_at <= ?", (head.target, step, head.asked_at)
        )


def _keep_evidence(db: sqlite3.Connection, run: RunId, evidence: Iterable[Evidence]) -> None:
    for item in evidence:
        question = _plain(item.question)
        kept = db.execute(
            "INSERT INTO evidence VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
            (
                run,
                item.number,
                item.kind,
                question,
                _dumps(item.answer),
                _plain(item.server),
                item.started,
                item.ms,
            ),
        )
        if not kept.rowcount:
            [before] = db.execute(
                "SELECT question FROM evidence WHERE run = ? AND number = ?", (run, item.number)
            ).fetchone()
            if before != question:
                raise HistoryError(f"Evidence {item.number} of run {run} is already another question.")
        db.executemany(
            "INSERT INTO evidence_use VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING",
            [(run, item.number, position, step) for position, step in enumerate(item.asked_by)],
        )


@dataclass(frozen=True)
class _Cost:
    """What a run took."""

    elapsed_ms: float
    queries: int


def _end(
    db: sqlite3.Connection, head: _Head, state: State, diagnosis: Diagnosis | None, cost: _Cost, *, now: float
) -> None:
    suspects = () if diagnosis is None else diagnosis.suspects
    db.execute(
        "INSERT INTO endings VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            head.run,
            head.target,
            head.asked_at,
            now,
            state,
            None if diagnosis is None else diagnosis.verdict,
            cost.elapsed_ms,
            cost.queries,
            _dumps(() if diagnosis is None else diagnosis.unexplained),
            _dumps(() if diagnosis is None else diagnosis.unknown),
        ),
    )
    db.executemany(
        "INSERT INTO suspects VALUES (?, ?, ?, ?, ?)",
        [(head.run, rank, s.cause.value, s.confidence, _dumps(s.codes)) for rank, s in enumerate(suspects)],
    )
    if suspects:
        db.execute(
            "INSERT INTO cause_days VALUES (?, ?, 1) ON CONFLICT DO UPDATE SET runs = runs + 1",
            (_day(head.asked_at), suspects[0].cause.value),
        )
    db.execute("DELETE FROM unfinished WHERE run = ?", (head.run,))


def _tell(db: sqlite3.Connection, head: _Head, kind: Tell, subject: str, now: float) -> bool:
    if not head.told:
        return False
    queued = db.execute(
        "INSERT INTO outbox (run, kind, subject, queued_at) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING",
        (head.run, kind, subject, now),
    )
    if not queued.rowcount:
        return False
    db.execute("INSERT INTO queue VALUES (?, ?, ?)", (queued.lastrowid, head.run, now))
    return True


def _attempted(db: sqlite3.Connection, rows: Sequence[OutboxRow], outcome: DeliveryOutcome, now: float) -> None:
    how: tuple[str, str | None, str | None, float | None]
    match outcome:
        case Sent(ts):
            how = ("sent", ts, None, None)
        case Failed(reason, retry_at):
            how = ("failed", None, _plain(reason), retry_at)
        case GivenUp(reason):
            how = ("given_up", None, _plain(reason), None)
    for row in rows:
        [before] = db.execute("SELECT max(attempt) FROM deliveries WHERE outbox = ?", (row.id,)).fetchone()
        db.execute("INSERT INTO deliveries VALUES (?, ?, ?, ?, ?, ?, ?)", (row.id, (before or 0) + 1, now, *how))
        if isinstance(outcome, Failed):
            db.execute("UPDATE queue SET due_at = ? WHERE outbox = ?", (outcome.retry_at, row.id))
        else:
            db.execute("DELETE FROM queue WHERE outbox = ?", (row.id,))
            db.execute(
                """DELETE FROM response_urls WHERE run = :run
                   AND NOT EXISTS (SELECT 1 FROM unfinished WHERE run = :run)
                   AND NOT EXISTS (SELECT 1 FROM queue WHERE run = :run)""",
                {"run": row.run},
            )


def _first_seen(db: sqlite3.Connection, delivery: str, now: float) -> bool:
    kept = db.execute("INSERT INTO seen VALUES (?, ?) ON CONFLICT DO NOTHING", (_plain(delivery), now))
    return bool(kept.rowcount)


def _forget(db: sqlite3.Connection, now: float) -> None:
    db.execute("DELETE FROM seen WHERE at < ?", (now - SEEN_FOR,))
    db.execute("DELETE FROM response_urls WHERE expires_at <= ?", (now,))


def _delete_batch(db: sqlite3.Connection, before: float) -> int:
    old = db.execute("SELECT id FROM runs WHERE asked_at < ? ORDER BY asked_at LIMIT ?", (before, _BATCH)).fetchall()
    db.execute("INSERT INTO retention (before) VALUES (?)", (before,))
    db.executemany("DELETE FROM runs WHERE id = ?", old)
    db.execute("DELETE FROM retention")
    db.execute("DELETE FROM cause_days WHERE day < ?", (_day(before),))
    return len(old)


# --- Reading ---------------------------------------------------------------------------------------------------------


def _loaded(db: sqlite3.Connection, run_id: RunId, codes: Mapping[str, type[Finding]]) -> Record | None:
    row = db.execute(
        """SELECT r.ticket_says, r.asked_by, r.team, r.channel, r.thread, r.private, u.url, r.language, r.asked_at,
                  r.version, r.steps
           FROM runs r LEFT JOIN response_urls u ON u.run = r.id WHERE r.id = ?""",
        (run_id,),
    ).fetchone()
    if row is None:
        return None
    case, asked_by, team, channel, thread, private, url, language, asked_at, version, steps = row
    place = Place(team=team, channel=channel, thread=thread, private=bool(private), response_url=url or "")
    run = Run(
        id=run_id,
        case=wire.case(json.loads(case)),
        asked_by=asked_by,
        place=place,
        language=None if language is None else Language(language),
        asked_at=asked_at,
        version=version,
        steps=_strings(steps),
    )
    ending = db.execute(
        "SELECT state, verdict, elapsed_ms, queries, unexplained, unknown FROM endings WHERE run = ?", (run_id,)
    ).fetchone()
    state, verdict, elapsed_ms, queries, unexplained, unknown = ending or (State.OPEN, None, None, None, "[]", "[]")
    diagnosis = None
    if verdict is not None:
        diagnosis = Diagnosis(
            verdict=Severity(verdict),
            suspects=_suspects(db, run_id),
            unexplained=_strings(unexplained),
            unknown=_strings(unknown),
        )
    return Record(
        run=run,
        state=State(state),
        verdict=None if verdict is None else Severity(verdict),
        elapsed_ms=elapsed_ms,
        queries=queries,
        steps=_steps(db, run, codes),
        evidence=_evidence(db, run_id),
        diagnosis=diagnosis,
    )


def _suspects(db: sqlite3.Connection, run: RunId) -> tuple[Suspect, ...]:
    rows = db.execute("SELECT cause, confidence, codes FROM suspects WHERE run = ? ORDER BY rank", (run,))
    return tuple(
        Suspect(cause=cause, confidence=Confidence(confidence), codes=_strings(codes))
        for name, confidence, codes in rows
        for cause in _known_causes([name])
    )


def _steps(db: sqlite3.Connection, run: Run, codes: Mapping[str, type[Finding]]) -> tuple[Step, ...]:
    """The steps in display order."""
    found: dict[str, list[Finding]] = {}
    unread: dict[str, int] = {}
    rows = db.execute(
        "SELECT step, code, params, evidence FROM findings WHERE run = ? ORDER BY step, position", (run.id,)
    )
    for step, code, params, evidence in rows:
        try:
            finding = wire.finding(codes[code], json.loads(params), tuple(json.loads(evidence)))
        except (KeyError, wire.WireError):  # another version's: counted, not guessed at
            unread[step] = unread.get(step, 0) + 1
        else:
            found.setdefault(step, []).append(finding)
    steps = [
        Step(
            check=step,
            verdict=Severity(verdict),
            findings=tuple(found.get(step, ())),
            facts=_loads(facts),
            started=started,
            ms=ms,
            unread=unread.get(step, 0),
        )
        for step, verdict, facts, started, ms in db.execute(
            "SELECT step, verdict, facts, started, ms FROM steps WHERE run = ?", (run.id,)
        )
    ]
    place = {name: position for position, name in enumerate(run.steps)}
    return tuple(sorted(steps, key=lambda step: (place.get(step.check, len(place)), step.check)))


def _evidence(db: sqlite3.Connection, run: RunId) -> tuple[Evidence, ...]:
    users: dict[int, list[str]] = {}
    for number, step in db.execute(
        "SELECT number, step FROM evidence_use WHERE run = ? ORDER BY number, position", (run,)
    ):
        users.setdefault(number, []).append(step)
    rows = db.execute(
        "SELECT number, kind, question, answer, server, started, ms FROM evidence WHERE run = ? ORDER BY number", (run,)
    )
    return tuple(
        Evidence(
            number=number,
            kind=cast("EvidenceKind", kind),
            question=question,
            answer=_strings(answer),
            server=server,
            started=started,
            ms=ms,
            asked_by=tuple(users.get(number, ())),
        )
        for number, kind, question, answer, server, started, ms in rows
    )


def _lines(db: sqlite3.Connection, where: str, value: str | float, viewer: str, limit: int) -> tuple[RunLine, ...]:
    rows = db.execute(
        f"""SELECT r.id, r.target, r.ticket, r.asked_by, r.asked_at, e.state, e.verdict,
                (SELECT json_group_array(cause) FROM
                    (SELECT cause FROM suspects WHERE run = r.id ORDER BY rank LIMIT {_CAUSES_SHOWN}))
            FROM runs r LEFT JOIN endings e ON e.run = r.id
            WHERE {where} AND (r.private = 0 OR r.asked_by = ?)
            ORDER BY r.asked_at DESC, r.id DESC LIMIT ?""",  # noqa: S608 - ``where`` is one of the literals above
        (_plain(value) if isinstance(value, str) else value, _plain(viewer), limit),
    )
    return tuple(
        RunLine(
            id=id_,
            target=target,
            ticket=ticket,
            asked_by=asked_by,
            asked_at=asked_at,
            state=State(state or State.OPEN),
            verdict=None if verdict is None else Severity(verdict),
            causes=_known_causes(_strings(causes)),
        )
        for id_, target, ticket, asked_by, asked_at, state, verdict, causes in rows
    )


@dataclass
class _ToldByCheck:
    """The codes of one step, worst first, and whether there was something it could not tell."""

    codes: list[str]
    unknown: bool


def _told(db: sqlite3.Connection, run: RunId) -> dict[str, _ToldByCheck]:
    if db.execute("SELECT 1 FROM runs WHERE id = ?", (run,)).fetchone() is None:
        raise NoSuchRunError(f"There is no run {run}.")
    steps: dict[str, _ToldByCheck] = {}
    for step, code, severity in db.execute(
        "SELECT step, code, severity FROM findings WHERE run = ? ORDER BY severity DESC, code", (run,)
    ):
        told = steps.setdefault(step, _ToldByCheck([], unknown=False))
        if severity == Severity.UNKNOWN:
            told.unknown = True
        elif code not in told.codes:
            told.codes.append(code)
    return steps


def _compared(before: Mapping[str, _ToldByCheck], after: Mapping[str, _ToldByCheck]) -> tuple[Change, ...]:
    changes: list[Change] = []
    for check in sorted(before.keys() & after.keys()):
        old, new = before[check], after[check]
        # What is missing on one side may be hidden behind what that side could not tell.
        appeared = () if old.unknown else tuple(code for code in new.codes if code not in old.codes)
        gone = () if new.unknown else tuple(code for code in old.codes if code not in new.codes)
        if appeared or gone:
            changes.append(Change(check=check, appeared=appeared, gone=gone))
    return tuple(changes)


def _open_problems(db: sqlite3.Connection, limit: int) -> tuple[OpenProblem, ...]:
    newest: dict[str, tuple[RunId, float]] = {}
    for target, run, asked_at in db.execute("SELECT target, run, asked_at FROM problems ORDER BY asked_at DESC"):
        newest.setdefault(target, (run, asked_at))
        if len(newest) > limit:
            del newest[target]
            break
    problems: list[OpenProblem] = []
    for target, (run, asked_at) in newest.items():
        rows = db.execute(
            "SELECT step, verdict FROM problems WHERE target = ? ORDER BY verdict DESC, step", (target,)
        ).fetchall()
        problems.append(
            OpenProblem(
                target=target,
                verdict=Severity(rows[0][1]),
                checks=tuple(step for step, _ in rows),
                run=run,
                asked_at=asked_at,
            )
        )
    return tuple(problems)


def _known_causes(names: Iterable[str]) -> tuple[Cause, ...]:
    """The causes that this version knows."""
    known = {cause.value: cause for cause in Cause}
    return tuple(known[name] for name in names if name in known)


# --- Plain values ----------------------------------------------------------------------------------------------------


def _dumps(value: object) -> str:
    return _json(wire.to_json(value))


def _json(value: Json) -> str:
    """JSON in ASCII: text with NUL or with a lone surrogate, which SQLite would not take, goes in and comes out."""
    return json.dumps(value, separators=(",", ":"), allow_nan=False)


def _loads(text: str | None) -> Json:
    return None if text is None else cast("Json", json.loads(text))


def _strings(text: str) -> tuple[str, ...]:
    return tuple(cast("list[str]", json.loads(text)))


def _plain(text: str) -> str:
    """Text that SQLite takes: a lone surrogate, which has no UTF-8, is written as its escape."""
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def _day(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).date().isoformat()
