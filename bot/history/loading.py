"""One run, whole: every step with its findings as typed values, all evidence, the diagnosis."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping
from typing import cast

from bot.history.columns import known_causes, loads, strings
from bot.run import Language, Place, Record, Run, RunId, State, Step
from checks import wire
from checks.check import Finding, Severity
from checks.diagnosis import Confidence, Diagnosis, Suspect
from checks.network.answers import Evidence, EvidenceKind


def record(db: sqlite3.Connection, run_id: RunId, codes: Mapping[str, type[Finding]]) -> Record | None:
    """Everything about one run; ``codes`` are the findings that can be read back.

    Raises:
        WireError, ValueError: another version wrote it with fields that this one cannot read.
    """
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
        steps=strings(steps),
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
            unexplained=strings(unexplained),
            unknown=strings(unknown),
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
        Suspect(cause=cause, confidence=Confidence(confidence), codes=strings(codes))
        for name, confidence, codes in rows
        for cause in known_causes([name])
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
            facts=loads(facts),
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
            answer=strings(answer),
            server=server,
            started=started,
            ms=ms,
            asked_by=tuple(users.get(number, ())),
        )
        for number, kind, question, answer, server, started, ms in rows
    )
