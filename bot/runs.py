"""The life of a run: accepted, carried out step by step into history, finished, or taken up again after a crash."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from typing import Any

import structlog

from bot.history import History
from bot.run import Record, Run, RunId, State
from bot.schema import HistoryError
from checks.check import Check, Outcome, Result
from checks.diagnosis import diagnose
from checks.network import Evidence, Inquiry, Network
from checks.triage import triage

TOO_OLD = 3600.0
"""Seconds after which an unfinished run is closed instead of resumed: whoever asked has gone on."""

_PAUSE = 10.0  # seconds before a run goes on that history could not take

_log = structlog.get_logger(__name__)


class Runs:
    """Carries out runs, at most ``at_once`` at the same time; what is left waits its turn in order of asking."""

    def __init__(
        self, history: History, network: Network, checks: Sequence[Check[Any]], *, deadline: float, at_once: int
    ) -> None:
        self._history = history
        self._network = network
        self._checks = {check.name: check for check in checks}
        self._deadline = deadline
        self._at_once = at_once
        self._slots = asyncio.Semaphore(at_once)
        self._going: dict[RunId, Run] = {}  # in order of asking
        self._alike: dict[object, dict[RunId, Run]] = {}  # the same by essence: Slack does not wait for a search
        self._tasks: set[asyncio.Task[None]] = set()

    def like(self, run: Run) -> Run | None:
        """The run of the same case and steps at the same place that has not ended: a second asker is sent there.

        What somebody asked in private is theirs alone.
        """
        return next(iter(self._alike.get(_essence(run), {}).values()), None)

    def ahead(self, run: RunId) -> int:
        """How many runs must end before this one begins."""
        place = next((place for place, going in enumerate(self._going) if going == run), 0)
        return max(0, place - self._at_once + 1)

    def admit(self, run: Run) -> None:
        """Take a place in the queue, before the run is accepted: one that is like it may be asked for meanwhile."""
        self._going[run.id] = run
        self._alike.setdefault(_essence(run), {})[run.id] = run

    def dismiss(self, run: Run) -> None:
        """Give the place back: the run was not accepted, or has ended."""
        if self._going.pop(run.id, None) is not None:
            alike = self._alike[_essence(run)]
            del alike[run.id]
            if not alike:
                del self._alike[_essence(run)]

    def start(self, run: Run) -> None:
        """Carry out an accepted run in a task of ours. Never raises."""
        self._spawn(run)

    async def resume(self) -> None:
        """Take up the runs that an earlier process left, or close them honestly if they are too old.

        A run in a terminal belongs to a process that may be at it right now: it is left alone for that long.
        """
        for record in await self._history.unfinished():
            if time.time() - record.run.asked_at > TOO_OLD:
                await self.interrupt(record.run.id)
            elif record.run.place.channel:
                self._spawn(record.run)

    async def interrupt(self, run: RunId) -> None:
        """Close a run without an end, with what it found so far."""
        record = await self._history.load(run)
        known, spent = diagnose(self._known(record), record.run.case if record else None), _spent(record)
        await self._history.finish(
            run, State.INTERRUPTED, known, elapsed_ms=spent.elapsed_ms, queries=spent.queries, evidence=()
        )

    async def drain(self, seconds: float) -> None:
        """Let runs end for so long. What has not ended then stays open in history and is resumed at the next start."""
        tasks = list(self._tasks)
        if tasks:
            _, late = await asyncio.wait(tasks, timeout=seconds)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    async def carry_out(self, run: Run, record: Record | None = None) -> AsyncGenerator[Result]:
        """Run the steps, each into history as it ends, then finish the run. Yields the results.

        ``record`` is what an earlier process left of this run: its steps stand. One whose facts another step needs is
        run again, for its facts alone; nobody is told of it twice.
        """
        known, spent = self._known(record), _spent(record)
        ended = {result.check.name: result for result in known}
        chosen = [self._checks[name] for name in run.steps if name in self._checks and name not in ended]
        inquiry = Inquiry(self._network, first=1 + max((e.number for e in record.evidence), default=0) if record else 1)
        clock = time.monotonic()
        kept: dict[int, Evidence] = {}

        def fresh() -> list[Evidence]:
            """The answers that history does not hold yet, or not with all the checks that used them."""
            changed = [each for each in inquiry.evidence() if each.ms is not None and kept.get(each.number) != each]
            kept.update((each.number, each) for each in changed)
            return changed

        try:
            async with aclosing(triage(run.case, chosen, inquiry, deadline=self._deadline)) as results:
                async for result in results:
                    ended[result.check.name] = result
                    # Not only what this check asked: it may cite an answer that another one got.
                    await self._history.record(run.id, result, fresh())
                    yield result
        finally:
            await inquiry.close()
        await self._history.finish(
            run.id,
            State.DONE,
            diagnose((ended[name] for name in run.steps if name in ended), run.case),
            elapsed_ms=round(spent.elapsed_ms + (time.monotonic() - clock) * 1000, 1),
            queries=spent.queries + inquiry.questions,
            evidence=[*fresh(), *(each for each in inquiry.evidence() if each.ms is None)],
        )

    def _spawn(self, run: Run) -> None:
        self.admit(run)
        task = asyncio.create_task(self._to_the_end(run), name=f"run {run.id}")
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _to_the_end(self, run: Run) -> None:
        try:
            async with self._slots:
                while not await self._attempt(run):  # noqa: ASYNC110 - nothing tells when a disk has room again
                    await asyncio.sleep(_PAUSE)
        except Exception:  # noqa: BLE001 - nobody awaits this task
            _log.exception("run failed", run=run.id)
            await self._close_after_a_fault(run)
        finally:
            self.dismiss(run)

    async def _attempt(self, run: Run) -> bool:
        """Carry out a run; whether that is over. A disk that is full or locked may be well again in a moment."""
        try:
            record = await self._history.load(run.id)
            async with aclosing(self.carry_out(run, record)) as results:
                async for _ in results:
                    pass
        except HistoryError as error:
            if time.time() - run.asked_at > TOO_OLD:
                raise
            _log.error("history cannot take a run; it goes on later", run=run.id, error=str(error))
            return False
        return True

    async def _close_after_a_fault(self, run: Run) -> None:
        """Say in its thread that a run has no end, rather than nothing."""
        try:
            await self.interrupt(run.id)
        except Exception:  # noqa: BLE001 - nobody awaits this task
            # Then it stays open, and the next start resumes it.
            _log.exception("run not closed", run=run.id)

    def _known(self, record: Record | None) -> list[Result]:
        """What history holds of a run, as results without facts: those are kept for people, not for other checks."""
        return [
            Result(
                check=self._checks[step.check],
                outcome=Outcome(None, step.findings),
                started=step.started,
                ms=step.ms,
            )
            for step in (record.steps if record else ())
            if step.check in self._checks and step.findings
        ]


@dataclass(frozen=True)
class _Spent:
    """What a run has taken so far, as far as history knows."""

    elapsed_ms: float
    queries: int


def _spent(record: Record | None) -> _Spent:
    if record is None or not record.steps:
        return _Spent(0.0, 0)
    began = min(step.started for step in record.steps)
    ended = max(step.started + step.ms / 1000 for step in record.steps)
    return _Spent(round((ended - began) * 1000, 1), sum(each.kind == "dns" for each in record.evidence))


def _essence(run: Run) -> object:
    """What two runs have in common if one of them is enough."""
    place = run.place
    return run.case, run.steps, place.team, place.channel, run.asked_by if place.private else None
