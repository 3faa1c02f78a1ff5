"""The scheduler: every check starts at once, waits only where it needs another's facts, and is told when it ends.

A run takes as long as its longest chain of questions. A check that crashes, or does not end in time, costs only its own
findings and those of the checks that build on it.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncGenerator, Generator, Iterable, Sequence
from contextlib import contextmanager
from typing import Any, TypeVar

from checks.case import Case
from checks.check import (
    COMMON_FINDINGS,
    Check,
    CheckCrashed,
    CheckName,
    CheckSkipped,
    CheckTimedOut,
    FactsMissing,
    Outcome,
    Result,
    Seconds,
)
from checks.network import Answer, Conversation, Inquiry, NameServer, Page, RecordType
from checks.network.answers import PAGE_LIMIT

DEADLINE = 20.0
"""Seconds a run may take; what has not ended then has timed out."""

_SPARE = 0.125
"""The share of a check's time that is left when it gives up a slow server, to tell what it knows of the others."""

F = TypeVar("F")
T = TypeVar("T")

_log = logging.getLogger(__name__)


def steps(case: Case, checks: Sequence[Check[Any]], only: Iterable[str] = ()) -> tuple[Check[Any], ...]:
    """The checks a run of this case reports, in display order; ``only`` narrows them by name."""
    names = frozenset(only)
    return tuple(check for check in checks if check.applies(case) and (not names or check.name in names))


async def triage(
    case: Case, chosen: Sequence[Check[Any]], inquiry: Inquiry, *, deadline: float = DEADLINE
) -> AsyncGenerator[Result]:
    """Run the chosen checks and yield each result as its check ends.

    Checks that the chosen ones need run too, without being reported. Closing the iterator early ends the checks.
    """
    needed = _with_needs(case, chosen)
    reported = {check.name for check in chosen if check.applies(case)}
    ends_at = asyncio.get_running_loop().time() + deadline
    facts: dict[str, asyncio.Future[Any]] = {check.name: asyncio.get_running_loop().create_future() for check in needed}
    ended: asyncio.Queue[Result] = asyncio.Queue()

    async def run(check: Check[Any]) -> None:
        result = await _run(check, _Desk(check, case, inquiry, facts, ends_at))
        facts[check.name].set_result(result.outcome.facts)
        if check.name in reported:
            ended.put_nowait(result)

    tasks = [asyncio.create_task(run(check), name=check.name) for check in needed]
    try:
        for _ in reported:
            yield await ended.get()
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def _with_needs(case: Case, chosen: Sequence[Check[Any]]) -> list[Check[Any]]:
    found: dict[str, Check[Any]] = {}

    def visit(check: Check[Any]) -> None:
        if check.name not in found and check.applies(case):
            for need in check.needs:
                visit(need)
            found[check.name] = check

    for check in chosen:
        visit(check)
    return list(found.values())


async def _run(check: Check[Any], desk: _Desk) -> Result:
    started, clock = time.time(), time.monotonic()
    outcome: Outcome[Any]
    try:
        async with desk.time.limit:
            outcome = await check.run(desk)
        _hold_to_its_word(check, outcome)
    except FactsMissing as missing:
        outcome = Outcome(None, (CheckSkipped(because=CheckName(missing.check.name)),))
    except (Exception, asyncio.CancelledError) as error:
        if isinstance(error, asyncio.CancelledError) and _is_cancelled():
            raise  # by us; else the check waited for something that was cancelled
        if isinstance(error, TimeoutError) and desk.time.limit.expired():
            spent = round(time.monotonic() - clock, 1)
            outcome = Outcome(None, (CheckTimedOut(after=Seconds(spent)),))
        else:
            _log.exception("check %s crashed", check.name)
            outcome = Outcome(None, (CheckCrashed(),))
    return Result(check=check, outcome=outcome, started=started, ms=round((time.monotonic() - clock) * 1000, 1))


def _is_cancelled() -> bool:
    task = asyncio.current_task()
    return task is not None and task.cancelling() > 0


def _hold_to_its_word(check: Check[Any], outcome: Outcome[Any]) -> None:
    undeclared = {type(finding) for finding in outcome.findings} - {*check.findings, *COMMON_FINDINGS}
    if undeclared or not outcome.findings:
        named = sorted(code.code for code in undeclared) or "nothing"
        raise TypeError(f"{check.name} states {named}, which it did not declare")


class _Time:
    """The time of one check, which does not pass while it waits for others of us. That of the run does."""

    def __init__(self, budget: float, ends_at: float) -> None:
        self.limit = asyncio.timeout_at(min(asyncio.get_running_loop().time() + budget, ends_at))
        self._spare = budget * _SPARE
        self._ends_at = ends_at
        self._waits = 0
        self._left = 0.0

    @property
    def due(self) -> float:
        """When to give up what is slow, so that what is known of the rest can be told."""
        now = asyncio.get_running_loop().time()
        left = self._left if self._waits else (self.limit.when() or self._ends_at) - now
        return min(now + left, self._ends_at) - self._spare

    @property
    def run_ends(self) -> float:
        """The same if no more of the check's own time passed."""
        return self._ends_at - self._spare

    @contextmanager
    def stopped(self) -> Generator[None]:
        """Stop the check's clock; the run's goes on."""
        clock = asyncio.get_running_loop().time
        if self._waits == 0 and not self.limit.expired():
            self._left = (self.limit.when() or self._ends_at) - clock()
            self.limit.reschedule(self._ends_at)
        self._waits += 1
        try:
            yield
        finally:
            self._waits -= 1
            if self._waits == 0 and not self.limit.expired():
                self.limit.reschedule(min(clock() + self._left, self._ends_at))


class _Desk:
    """The desk of one check in one run."""

    def __init__(
        self,
        check: Check[Any],
        case: Case,
        inquiry: Inquiry,
        facts: dict[str, asyncio.Future[Any]],
        ends_at: float,
    ) -> None:
        self.case = case
        self.time = _Time(check.budget, ends_at)
        self._check = check
        self._inquiry = inquiry
        self._facts = facts

    async def facts(self, check: Check[F]) -> F:
        found = await self.facts_or_none(check)
        if found is None:
            raise FactsMissing(check)
        return found

    async def facts_or_none(self, check: Check[F]) -> F | None:
        if check not in self._check.needs:
            raise LookupError(f"{self._check.name} does not declare that it needs {check.name}")
        future: asyncio.Future[F | None] | None = self._facts.get(check.name)
        if future is None:
            return None  # the check does not apply to this case
        if not future.done():
            with self.time.stopped():
                await asyncio.shield(future)
        return future.result()

    async def dns(
        self,
        name: str,
        kind: RecordType[T],
        *,
        patience: float | None = None,
        max_age: float = 0.0,
        at: NameServer | None = None,
    ) -> Answer[T]:
        return await self._inquiry.dns(name, kind, asked_by=self._check.name, patience=patience, max_age=max_age, at=at)

    async def smtp(self, host: str, address: str, port: int) -> Conversation:
        return await self._inquiry.smtp(host, address, port, asked_by=self._check.name, time_left=self.time)

    async def https(self, url: str, *, most: int = PAGE_LIMIT) -> Page:
        return await self._inquiry.https(url, asked_by=self._check.name, most=most)
