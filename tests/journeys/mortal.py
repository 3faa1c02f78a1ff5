"""The bot as a process that is killed at a chosen moment.

Every bot is forked from one process that has read all modules already: a start takes a tenth of a second instead of
one. What ends it is SIGKILL, sent by the test at a moment the Slack double shows, or by the process to itself in the
middle of a function that the test names. The product knows nothing of either.
"""

from __future__ import annotations

import asyncio
import importlib
import inspect
import itertools
import multiprocessing
import os
import signal
import sys
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from typing import Any, Self
from unittest.mock import patch

from bot.history import OutboxRow, Tell

_FORKS = multiprocessing.get_context("forkserver")
_FORKS.set_forkserver_preload(["bot.__main__", "bot.slack.serve", "tests.journeys.mortal", "tests.journeys.warm"])
_REPOSITORY = str(Path(__file__).parents[2])

PATIENCE = 30.0
"""Seconds after which a test gives up waiting."""


# --- In the process that dies ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Death:
    """The process ends in a call of the function at ``place`` (``module:name``): when it has ``done`` its work.

    Without ``done`` it ends as the function begins. ``when`` picks the calls that count by their arguments, and the
    ``call``-th of them is the last.
    """

    place: str
    call: int = 1
    done: bool = True
    when: Callable[..., bool] | None = None

    def prepare(self) -> None:
        """Put death where it is to be met."""
        module, _, path = self.place.partition(":")
        *owners, name = path.split(".")
        owner: Any = importlib.import_module(module)
        for each in owners:
            owner = getattr(owner, each)
        work: Callable[..., Any] = getattr(owner, name)
        calls = itertools.count(1)

        def is_last(*given: object) -> bool:
            return (self.when is None or self.when(*given)) and next(calls) == self.call

        async def later(*given: object, **more: object) -> object:
            last = is_last(*given)
            if last and not self.done:
                _die()
            answer: object = await work(*given, **more)
            if last:
                _die()
            return answer

        def at_once(*given: object, **more: object) -> object:
            last = is_last(*given)
            if last and not self.done:
                _die()
            answer: object = work(*given, **more)
            if last:
                _die()
            return answer

        setattr(owner, name, later if inspect.iscoroutinefunction(work) else at_once)


def _die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def notes_reply(_history: object, rows: tuple[OutboxRow, ...], *_: object) -> bool:
    """Whether what is noted is that steps were told."""
    return rows[0].kind is Tell.STEP


def notes_summary(_history: object, rows: tuple[OutboxRow, ...], *_: object) -> bool:
    """Whether what is noted is that the summary was told."""
    return rows[0].kind is Tell.SUMMARY


def _live(words: tuple[str, ...], environment: Mapping[str, str], log: Connection, death: Death | None) -> None:
    """Be the bot."""
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(environment["HOME"])
    # Whatever it says goes down one pipe, and so does the news of its end.
    sys.stdout = sys.stderr = os.fdopen(os.dup(log.fileno()), "w", 1)
    log.close()
    if death is not None:
        death.prepare()
    main: Callable[[], None] = importlib.import_module("bot.__main__").main
    sys.argv[1:] = words
    main()


# --- In the test -----------------------------------------------------------------------------------------------------


class Mortal:
    """One life of the bot."""

    def __init__(self, process: ForkServerProcess, log: asyncio.StreamReader) -> None:
        self.process = process
        self.said: list[str] = []
        self._log = log
        self._heard = asyncio.Condition()
        self._life = asyncio.create_task(self._listen())

    @classmethod
    async def born(cls, words: tuple[str, ...], environment: Mapping[str, str], death: Death | None) -> Self:
        """Start a process."""
        mine, its = _FORKS.Pipe(duplex=False)
        process = _FORKS.Process(target=_live, args=(words, environment, its, death), daemon=True)
        await asyncio.to_thread(_start, process)
        its.close()
        log = asyncio.StreamReader()
        pipe = os.fdopen(os.dup(mine.fileno()), "rb", 0)
        mine.close()
        await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(log), pipe)
        return cls(process, log)

    async def _listen(self) -> int | None:
        """Hear everything it says until it is gone; gives its exit code."""
        while line := await self._log.readline():
            self.said.append(line.decode())
            async with self._heard:
                self._heard.notify_all()
        return await asyncio.to_thread(_exit_code, self.process)

    async def says(self, words: str) -> str:
        """Wait for a line of the log with these words in it."""

        def line() -> str | None:
            return next((line for line in self.said if words in line), None)

        async with self._heard, asyncio.timeout(PATIENCE):
            await self._heard.wait_for(line)
        return line() or ""

    async def ended(self) -> int | None:
        """Wait until it is gone; gives its exit code."""
        async with asyncio.timeout(PATIENCE):
            return await asyncio.shield(self._life)

    async def end(self, number: signal.Signals) -> int | None:
        """Send it a signal and wait until it is gone."""
        self.send(number)
        return await self.ended()

    def send(self, number: signal.Signals) -> None:
        """Send it a signal, if it is still there."""
        if self.process.pid is not None and not self._life.done():
            os.kill(self.process.pid, number)


# A start looks after all processes that have ended, and two that ask for one exit code at once do not both get it.
_one_at_a_time = threading.Lock()


def _start(process: ForkServerProcess) -> None:
    # The first start also starts what is forked from, which has to find the modules of the tests.
    with _one_at_a_time, patch.dict(os.environ, PYTHONPATH=_REPOSITORY):
        process.start()


def _exit_code(process: ForkServerProcess) -> int | None:
    with _one_at_a_time:
        process.join()
        return process.exitcode
