"""How fast the memory writes, and how fast it answers when it is full.

``python benchmarks/history.py [RUNS] [FOLDER]``

Fills a file with RUNS runs (default 1,000,000) through the same statements the bot writes with, a thousand runs to a
transaction; then takes BURST more through their life as the bot does, and asks every question a thousand times about
targets, tickets and people drawn at random. Times are those a caller on the event loop sees. The file goes away
afterwards unless FOLDER is given.
"""

from __future__ import annotations

import asyncio
import os
import random
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from bot.history import History, Sent, appending, new_run_id, outbox
from bot.run import Language, Place, Run, RunId, State
from bot.schema import open_writer
from checks.case import Case, Target
from checks.causes import Cause, Remedy
from checks.check import Check, Desk, Finding, Outcome, RecordText, Result, Severity
from checks.diagnosis import Diagnosis, diagnose
from checks.network.answers import Evidence

STEPS = 5
FINDINGS = 3  # a step
EVIDENCE = 2  # a step
TOGETHER = 1000  # runs in one transaction of the filling
BURST = 5000
AT_ONCE = 500
TIMES = 1000
TARGETS = 20_000
PEOPLE = 200
BAR_MS = 5.0
START = 1_750_000_000.0
END_OF_TIME = 4_000_000_000.0


@dataclass(frozen=True, kw_only=True)
class BenchFine(Finding, severity=Severity.OK):
    """As it should be."""

    record: RecordText


@dataclass(frozen=True, kw_only=True)
class BenchBroken(Finding, severity=Severity.PROBLEM, cause=Cause.DOMAIN_AUTH):
    """Something is wrong."""

    record: RecordText


async def _nothing(_desk: Desk) -> Outcome[str]:
    raise NotImplementedError


CHECKS: tuple[Check[str], ...] = tuple(
    Check(name=f"check{number}", remedy=Remedy.DNS, findings=(BenchFine, BenchBroken), run=_nothing)
    for number in range(STEPS)
)


def a_run(number: int, dice: random.Random) -> Run:
    """One run in thirty seconds, of a target, a ticket and a person drawn at random."""
    asked_at = START + number * 30
    return Run(
        id=new_run_id(asked_at),
        case=Case(target=Target(domain=f"d{dice.randrange(TARGETS)}.example"), reference=f"INC-{number // 2}"),
        asked_by=f"U{dice.randrange(PEOPLE)}",
        place=Place(team="T1", channel=f"C{dice.randrange(50)}"),
        language=Language.EN,
        asked_at=asked_at,
        version="0",
        steps=tuple(check.name for check in CHECKS),
    )


@cache
def results_of(bad: int) -> list[Result]:
    """The results of a run with something wrong with check number ``bad``, if there is such a check."""
    record = RecordText("v=spf1 include:_spf.example.net ip4:192.0.2.0/24 -all")
    results: list[Result] = []
    for number, check in enumerate(CHECKS):
        worst = BenchBroken(record=record) if number == bad else BenchFine(record=record)
        findings = (worst, *(BenchFine(record=record, evidence=(1, 2)) for _ in range(FINDINGS - 1)))
        results.append(Result(check=check, outcome=Outcome("facts", findings), started=START, ms=12.0))
    return results


@cache
def diagnosis_of(bad: int) -> Diagnosis:
    """What such a run comes to."""
    return diagnose(results_of(bad))


def something_bad(dice: random.Random) -> int:
    """Every third run has something wrong with one of its checks."""
    return dice.randrange(3 * STEPS)


@cache
def evidence_of(step: int) -> list[Evidence]:
    """The questions of one step."""
    return [
        Evidence(
            number=step * EVIDENCE + number + 1,
            kind="dns",
            question=f"selector{number}._domainkey.d{step}.example TXT",
            answer=("v=DKIM1; k=rsa; p=" + "A" * 100,),
            server="192.0.2.53",
            started=START,
            ms=20.0,
            asked_by=(CHECKS[step].name,),
        )
        for number in range(EVIDENCE)
    ]


async def live(history: History, run: Run, dice: random.Random) -> None:
    """The whole life of a run."""
    bad = something_bad(dice)
    await history.accept(run, f"envelope-{run.id}")
    for step, result in enumerate(results_of(bad)):
        await history.record(run.id, result, evidence_of(step))
    await history.finish(run.id, State.DONE, diagnosis_of(bad), elapsed_ms=160, queries=60, evidence=[])


def fill(path: Path, runs: int, dice: random.Random) -> list[RunId]:
    """Write all runs with their whole life, and leave nothing undelivered."""
    ids: list[RunId] = []
    db = open_writer(path)
    for first in range(0, runs, TOGETHER):
        db.execute("BEGIN IMMEDIATE")
        for number in range(first, min(first + TOGETHER, runs)):
            run = a_run(number, dice)
            _written(db, run, something_bad(dice))
            ids.append(run.id)
        while rows := outbox.undelivered(db, END_OF_TIME, 10_000):
            outbox.attempted(db, rows, Sent("1750000000.000100"), START)
        db.execute("COMMIT")
    db.close()
    return ids


def _written(db: sqlite3.Connection, run: Run, bad: int) -> None:
    now = run.asked_at
    appending.accept(db, run, now)
    for step, result in enumerate(results_of(bad)):
        appending.record(db, run.id, result, evidence_of(step), now)
    ending = appending.Ending(state=State.DONE, diagnosis=diagnosis_of(bad), elapsed_ms=160, queries=60)
    appending.finish(db, run.id, ending, (), now)


async def burst(history: History, first: int, dice: random.Random) -> None:
    """Take runs through their life as the bot does, many at once."""
    started = time.perf_counter()
    for number in range(first, first + BURST, AT_ONCE):
        await asyncio.gather(*(live(history, a_run(n, dice), dice) for n in range(number, number + AT_ONCE)))
        await deliver(history)
    took = time.perf_counter() - started
    print(f"{AT_ONCE} at once: {BURST / took:,.0f} runs/s, {BURST * (STEPS + 2) / took:,.0f} acknowledged jobs/s")


async def deliver(history: History) -> None:
    """Say that everything was sent."""
    while rows := await history.undelivered(10_000):
        await history.attempted(rows, Sent("1750000000.000100"))


async def timed(times: int, ask: Callable[[], Awaitable[object]]) -> list[float]:
    """How long each of ``times`` calls took, in milliseconds, sorted."""
    took: list[float] = []
    for _ in range(times):
        started = time.perf_counter()
        await ask()
        took.append((time.perf_counter() - started) * 1000)
    return sorted(took)


def row(name: str, took: list[float], bar: float | None = None) -> None:
    """Print one line of the table."""
    p95 = took[int(len(took) * 0.95)]
    verdict = "" if bar is None else "ok" if p95 <= bar else f"OVER {bar:g} ms"
    print(f"{name:<28}{statistics.median(took):>10.3f}{p95:>10.3f}{took[-1]:>10.3f}   {verdict}")


async def measure(history: History, ids: list[RunId], dice: random.Random) -> None:
    """Ask every question, then write one run at a time."""
    end = START + len(ids) * 30

    def target() -> str:
        return f"d{dice.randrange(TARGETS)}.example"

    questions: dict[str, Callable[[], Awaitable[object]]] = {
        "last 20 of a target": lambda: history.last(target(), 20),
        "last 20 of a ticket": lambda: history.of_ticket(f"INC-{dice.randrange(len(ids) // 2)}", 20),
        "last 20 of a person": lambda: history.of_person(f"U{dice.randrange(PEOPLE)}", 20),
        "last 20 of all": lambda: history.recent(20),
        "last good": lambda: history.last_good(target()),
        "what changed": lambda: history.changes(dice.choice(ids), dice.choice(ids)),
        "20 open problems": lambda: history.open_problems(20),
        "causes of 30 days": lambda: history.recurring_causes(end - 30 * 86400),
        "one run with everything": lambda: history.load(dice.choice(ids)),
        "unfinished": history.unfinished,
        "undelivered": lambda: history.undelivered(100),
        "parent message": lambda: history.parent_ts(dice.choice(ids)),
    }
    print(f"{'':<28}{'p50 ms':>10}{'p95 ms':>10}{'max ms':>10}")
    for name, question in questions.items():
        row(name, await timed(TIMES, question), BAR_MS)
    numbers = iter(range(len(ids) + BURST, len(ids) + BURST + TIMES))
    row("a whole run, 7 commits", await timed(TIMES, lambda: live(history, a_run(next(numbers), dice), dice)))
    row("a duplicate delivery", await timed(TIMES, lambda: history.first_seen("again")), BAR_MS)
    await deliver(history)


async def bench(runs: int, folder: Path) -> None:
    """Fill, measure, delete some, and say how large the file is."""
    dice = random.Random(4711)  # noqa: S311 - the same draw each time, no secret
    path = folder / "history.db"
    started = time.perf_counter()
    ids = fill(path, runs, dice)
    print(f"SQLite {sqlite3.sqlite_version}, {runs:,} runs of {STEPS} steps, {STEPS * FINDINGS} findings")
    print(f"filled in {time.perf_counter() - started:.0f} s; load average {os.getloadavg()[0]:.1f}")
    history = await History.open(path, CHECKS, reserve=0)
    await burst(history, runs, dice)
    await measure(history, ids, dice)
    stats = await history.stats()
    print(f"size {stats.size / 1e6:,.0f} MB, {stats.size / stats.runs:,.0f} octets a run")
    await history.close()

    started = time.perf_counter()
    history = await History.open(path, CHECKS, now=lambda: START + runs * 30 + 86400)
    print(f"opened in {time.perf_counter() - started:.2f} s")
    started = time.perf_counter()
    deleted = await history.delete_before(1 + runs * 30 / 86400 * 0.9)
    took = time.perf_counter() - started
    print(f"retention: {deleted:,} runs in {took:.1f} s")
    await history.close()


def main() -> None:
    """Read the arguments."""
    runs = int(sys.argv[1].replace(",", "")) if len(sys.argv) > 1 else 1_000_000
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(sys.argv[2]) if len(sys.argv) > 2 else Path(scratch)  # noqa: PLR2004 - RUNS and FOLDER
        asyncio.run(bench(runs, folder))


if __name__ == "__main__":
    main()
