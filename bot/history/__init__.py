"""The memory of the bot: what was asked and found, what is still to be told, and the questions people ask of it.

One thread does all writing and all checkpointing over one connection: SQLite below 3.51.3 can lose data when two
connections do (https://www.sqlite.org/wal.html), and jobs that wait together share one commit. Reading has
a thread and a connection of its own. The event loop never waits for the disk.

The order of a run is ``accept``, ``record`` for each step, ``finish``; each is one transaction that also queues what is
to be told. The outbox holds *what* to tell, never how: whoever delivers renders from the ``Record``.
"""

from __future__ import annotations

import asyncio
import shutil
import sqlite3
import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Self, TypeVar

import structlog

from bot.history import appending, loading, outbox, questions, upkeep
from bot.history.run_ids import new_run_id, read_run_id
from bot.history.values import (
    CauseCount,
    Change,
    DeliveryOutcome,
    DiskNearlyFullError,
    Failed,
    GivenUp,
    NoSuchRunError,
    OpenProblem,
    OtherVersionError,
    OutboxRow,
    RunLine,
    Sent,
    Stats,
    Tell,
)
from bot.history.writer import Writer
from bot.run import Record, Run, RunId, State
from bot.schema import DamagedDatabaseError, HistoryError, explained, open_reader, open_writer, problem_found
from checks.check import COMMON_FINDINGS, Check, Result
from checks.diagnosis import Diagnosis
from checks.network.answers import Evidence
from checks.wire import WireError

__all__ = [
    "CauseCount",
    "Change",
    "DeliveryOutcome",
    "DiskNearlyFullError",
    "Failed",
    "GivenUp",
    "History",
    "NoSuchRunError",
    "OpenProblem",
    "OtherVersionError",
    "OutboxRow",
    "RunLine",
    "Sent",
    "Stats",
    "Tell",
    "new_run_id",
    "read_run_id",
]

T = TypeVar("T")

FREE_SPACE = 200 * 1024 * 1024
"""New runs are refused when the disk has fewer octets left: the runs that are going must be able to end."""

_log = structlog.get_logger(__name__)


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

        self._writer = Writer(path, writing, told, now)
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
        return await self._writer.do(lambda db: appending.first_seen(db, delivery, self._now()))

    async def record(self, run: RunId, result: Result, evidence: Sequence[Evidence]) -> bool:
        """Keep a step that has ended and queue the telling; ``False`` if it is kept already or the run has ended.

        ``evidence`` is what the step rests on, and may be more. What is already kept may be given again, and is only
        marked as used; a resumed run must number on from the last one it has. Questions without an answer yet are left
        for ``finish``.

        Raises:
            NoSuchRunError: the run was never accepted.
        """
        return await self._writer.do(lambda db: appending.record(db, run, result, evidence, self._now()), tells=True)

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
        ending = appending.Ending(state=state, diagnosis=diagnosis, elapsed_ms=elapsed_ms, queries=queries)
        return await self._writer.do(lambda db: appending.finish(db, run, ending, evidence, self._now()), tells=True)

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
        return await self._writer.do(lambda db: appending.note(db, run, message, self._now()), tells=True)

    async def undelivered(self, limit: int) -> tuple[OutboxRow, ...]:
        """What is due, in order; a run of which an earlier row waits for its time waits as a whole."""
        self._looked_at = now = self._now()
        return await self._read(lambda db: outbox.undelivered(db, now, limit))

    async def attempted(self, rows: Sequence[OutboxRow], outcome: DeliveryOutcome) -> None:
        """Keep how an attempt to tell ended; several rows may have been folded into one message."""
        await self._writer.do(lambda db: outbox.attempted(db, rows, outcome, self._now()), tells=True)

    async def parent_ts(self, run: RunId) -> str | None:
        """The ``ts`` of the parent message; ``None`` as long as it is not sent."""
        return await self._read(lambda db: outbox.parent_ts(db, run))

    async def wait_for_outbox(self) -> None:
        """Wait until the outbox has changed since this last returned, or a row has become due since ``undelivered``."""
        looked_at = self._looked_at
        due = await self._read(lambda db: outbox.next_due(db, looked_at))
        try:
            async with asyncio.timeout(None if due is None else max(0.0, due - self._now())):
                await self._outbox.wait()
        except TimeoutError:
            return
        self._outbox.clear()

    # Questions

    async def last(self, target: str, limit: int, *, viewer: str = "") -> tuple[RunLine, ...]:
        """The last runs of a domain or an address, newest first."""
        return await self._read(lambda db: questions.lines(db, "r.target = ?", target, viewer, limit))

    async def of_ticket(self, reference: str, limit: int, *, viewer: str = "") -> tuple[RunLine, ...]:
        """The last runs for a ticket, newest first; small and capital letters are the same."""
        return await self._read(lambda db: questions.lines(db, "r.ticket = ?", reference, viewer, limit))

    async def of_person(self, user: str, limit: int, *, viewer: str = "") -> tuple[RunLine, ...]:
        """The last runs somebody asked for, newest first."""
        return await self._read(lambda db: questions.lines(db, "r.asked_by = ?", user, viewer, limit))

    async def recent(self, limit: int, *, viewer: str = "") -> tuple[RunLine, ...]:
        """The last runs of all, newest first."""
        return await self._read(lambda db: questions.lines(db, "r.asked_at > ?", 0.0, viewer, limit))

    async def last_good(self, target: str, *, viewer: str = "") -> RunLine | None:
        """The last run of a target in which every check could tell and nothing was wrong."""
        return await self._read(lambda db: questions.last_good(db, target, viewer))

    async def changes(self, before: RunId, after: RunId) -> tuple[Change, ...]:
        """What two runs say differently, by check.

        Only what both could tell counts: a check that one of them did not run, or could not tell something in, neither
        loses nor gains what the other found.
        """
        return await self._read(lambda db: questions.changes(db, before, after))

    async def open_problems(self, limit: int) -> tuple[OpenProblem, ...]:
        """The targets with a warning or a problem that no later run saw mended, newest first; none asked in private."""
        return await self._read(lambda db: questions.open_problems(db, limit))

    async def recurring_causes(self, since: float, limit: int = 10) -> tuple[CauseCount, ...]:
        """For how many runs each cause was the likeliest since that day (UTC), most frequent first."""
        return await self._read(lambda db: questions.recurring_causes(db, since, limit))

    # Upkeep

    async def delete_before(self, days: float) -> int:
        """Delete whole runs that were asked for more than ``days`` days ago, a few at a time; says how many."""
        before = self._now() - days * 86400
        deleted = 0
        while batch := await self._writer.do(lambda db: upkeep.delete_batch(db, before)):
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
        return await self._read(lambda db: upkeep.stats(db, self._path))

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
        upkeep.forget(db, now)
        if delivery is not None and not appending.first_seen(db, delivery, now):
            return False
        appending.accept(db, run, now)
        return True

    def _load(self, db: sqlite3.Connection, run_id: RunId) -> Record | None:
        try:
            return loading.record(db, run_id, self._codes)
        except (WireError, ValueError) as error:
            raise OtherVersionError(f"Run {run_id} was written by another version: {error}") from error
