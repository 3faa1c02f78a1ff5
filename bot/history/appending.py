"""What a run writes as it lives: append-only rows, and beside them what is left to do or can be worked out again.

Each function is one job of the writer, or a part of one: it is called inside a transaction.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.history.columns import as_json, day, dumps, plain
from bot.history.values import NoSuchRunError, Tell
from bot.run import Run, RunId, State
from bot.schema import HistoryError
from checks import wire
from checks.check import Result, Severity
from checks.diagnosis import Diagnosis
from checks.network.answers import Evidence

RESPONSE_URL_FOR = 30 * 60.0
"""How long Slack takes answers at a ``response_url``, in seconds."""


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


def accept(db: sqlite3.Connection, run: Run, now: float) -> None:
    """Take a run on and queue its parent message."""
    case, place = run.case, run.place
    db.execute(
        "INSERT INTO runs VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            run.id,
            plain(str(case.target)),
            None if case.reference is None else plain(case.reference),
            plain(run.asked_by),
            run.asked_at,
            place.team,
            place.channel,
            place.thread,
            place.private,
            run.language,
            run.version,
            dumps(run.steps),
            dumps(case),
        ),
    )
    db.execute("INSERT INTO unfinished VALUES (?)", (run.id,))
    if place.response_url:
        db.execute("INSERT INTO response_urls VALUES (?, ?, ?)", (run.id, place.response_url, now + RESPONSE_URL_FOR))
    _tell(db, _head(db, run.id), Tell.OPEN, "", now)


def record(db: sqlite3.Connection, run: RunId, result: Result, evidence: Sequence[Evidence], now: float) -> bool:
    """Keep a step and queue the telling; ``False`` if it is kept already or the run has ended."""
    head, step, outcome = _head(db, run), result.check.name, result.outcome
    if head.ended:
        return False
    facts = None if outcome.facts is None else dumps(outcome.facts)
    kept = db.execute(
        "INSERT INTO steps VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
        (run, step, result.verdict, facts, result.started, result.ms),
    )
    if not kept.rowcount:
        return False
    db.executemany(
        "INSERT INTO findings VALUES (?, ?, ?, ?, ?, ?, ?)",
        [
            (run, step, position, found.code, found.severity, as_json(wire.parameters(found)), dumps(found.evidence))
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
        question = plain(item.question)
        kept = db.execute(
            "INSERT INTO evidence VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
            (
                run,
                item.number,
                item.kind,
                question,
                dumps(item.answer),
                plain(item.server),
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


@dataclass(frozen=True, kw_only=True)
class Ending:
    """How a run ended and what it took."""

    state: State
    diagnosis: Diagnosis | None
    elapsed_ms: float
    queries: int


def finish(db: sqlite3.Connection, run: RunId, ending: Ending, evidence: Iterable[Evidence], now: float) -> bool:
    """Keep how a run ended and queue the summary; ``False`` if it has ended before."""
    head = _head(db, run)
    if head.ended:
        return False
    _end(db, head, ending, now)
    _keep_evidence(db, run, evidence)
    _tell(db, head, Tell.SUMMARY, "", now)
    return True


def _end(db: sqlite3.Connection, head: _Head, ending: Ending, now: float) -> None:
    diagnosis = ending.diagnosis
    suspects = () if diagnosis is None else diagnosis.suspects
    db.execute(
        "INSERT INTO endings VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            head.run,
            head.target,
            head.asked_at,
            now,
            ending.state,
            None if diagnosis is None else diagnosis.verdict,
            ending.elapsed_ms,
            ending.queries,
            dumps(() if diagnosis is None else diagnosis.unexplained),
            dumps(() if diagnosis is None else diagnosis.unknown),
        ),
    )
    db.executemany(
        "INSERT INTO suspects VALUES (?, ?, ?, ?, ?)",
        [(head.run, rank, s.cause.value, s.confidence, dumps(s.codes)) for rank, s in enumerate(suspects)],
    )
    if suspects:
        db.execute(
            "INSERT INTO cause_days VALUES (?, ?, 1) ON CONFLICT DO UPDATE SET runs = runs + 1",
            (day(head.asked_at), suspects[0].cause.value),
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


def note(db: sqlite3.Connection, run: RunId, message: str, now: float) -> bool:
    """Queue a note for the thread of a run; ``False`` if this one is queued or told already."""
    return _tell(db, _head(db, run), Tell.NOTE, message, now)


def first_seen(db: sqlite3.Connection, delivery: str, now: float) -> bool:
    """Remember a delivery id; ``False`` if it was seen before."""
    kept = db.execute("INSERT INTO seen VALUES (?, ?) ON CONFLICT DO NOTHING", (plain(delivery), now))
    return bool(kept.rowcount)
