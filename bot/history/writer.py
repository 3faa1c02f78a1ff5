"""The thread that does all writing: jobs that wait together share one commit, and each stands or falls alone."""

from __future__ import annotations

import asyncio
import queue
import sqlite3
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Generic, TypeVar

import structlog

from bot.history.upkeep import forget
from bot.schema import BUSY_SECONDS, HistoryError, explained

T = TypeVar("T")

_QUIET = 5.0  # seconds without a job after which the writer tidies up
_UNTIDY = 60.0  # seconds after which it does so all the same

_log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class _Job(Generic[T]):
    work: Callable[[sqlite3.Connection], T]
    future: Future[T]
    tells: bool


class Writer:
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
            forget(self._connection, now)
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
