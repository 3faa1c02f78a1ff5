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
from bot.run import Record, Run, State
from checks.check import Check, Outcome, Result
from checks.diagnosis import diagnose
from checks.network import Evidence, Inquiry, Network
from checks.triage import triage

TOO_OLD = 3600.0
"""Seconds after which an unfinished run is closed instead of resumed: whoever asked has gone on."""

_log = structlog.get_logger()


@dataclass(frozen=True)
class Going:
    """A run that is going or waits for its turn; ``place`` is how many are before it."""

    run: Run
    place: int


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
        self._tasks: dict[asyncio.Task[None], Run] = {}

    def like(self, run: Run) -> Going | None:
        """The run of the same case at the same place that has not ended: a second asker is sent there."""
        for place, going in enumerate(self._tasks.values()):
            if (going.case, going.place.team, going.place.channel) == (run.case, run.place.team, run.place.channel):
                return Going(going, max(0, place - self._at_once))
        return None

    @property
    def waiting(self) -> int:
        """How many runs wait for their turn."""
        return max(0, len(self._tasks) - self._at_once)

    def start(self, run: Run) -> None:
        """Carry out an accepted run in a task of ours. Never raises."""
        self._spawn(run, None)

    async def resume(self) -> None:
        """Take up the runs that an earlier process left, or close them honestly if they are too old."""
        for record in await self._history.unfinished():
            if time.time() - record.run.asked_at > TOO_OLD:
                await self._history.finish(
                    record.run.id,
                    State.INTERRUPTED,
                    diagnose(self._known(record)),
                    elapsed_ms=0,
                    queries=0,
                    evidence=(),
                )
            else:
                self._spawn(record.run, record)

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

        ``record`` is what an earlier process left of this run: its steps stand, and are not repeated.
        """
        known = self._known(record)
        ended = {result.check.name: result for result in known}
        chosen = [self._checks[name] for name in run.steps if name in self._checks and name not in ended]
        inquiry = Inquiry(self._network, first=1 + max((e.number for e in record.evidence), default=0) if record else 1)
        clock = time.monotonic()
        told: set[int] = set()

        def untold(check: str | None = None) -> list[Evidence]:
            fresh = [e for e in inquiry.evidence() if e.number not in told and (check is None or check in e.asked_by)]
            told.update(e.number for e in fresh)
            return fresh

        try:
            async with aclosing(triage(run.case, chosen, inquiry, deadline=self._deadline)) as results:
                async for result in results:
                    ended[result.check.name] = result
                    await self._history.record(run.id, result, untold(result.check.name))
                    yield result
        finally:
            await inquiry.close()
        await self._history.finish(
            run.id,
            State.DONE,
            diagnose(ended[name] for name in run.steps if name in ended),
            elapsed_ms=round((time.monotonic() - clock) * 1000, 1),
            queries=inquiry.questions,
            evidence=untold(),
        )

    def _spawn(self, run: Run, record: Record | None) -> None:
        task = asyncio.create_task(self._to_the_end(run, record), name=f"run {run.id}")
        self._tasks[task] = run
        task.add_done_callback(self._tasks.pop)

    async def _to_the_end(self, run: Run, record: Record | None) -> None:
        try:
            async with self._slots, aclosing(self.carry_out(run, record)) as results:
                async for _ in results:
                    pass
        except Exception:  # noqa: BLE001 - nobody awaits this task
            # History keeps the run open: the next start resumes it.
            _log.exception("run failed", run=run.id)

    def _known(self, record: Record | None) -> list[Result]:
        """What history holds of a run, as results; facts are not kept in a form that others could use."""
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
