"""The questions people ask of the past. Each is answered through an index, however many runs there are."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass

from bot.history.columns import day, known_causes, plain, strings
from bot.history.values import CauseCount, Change, NoSuchRunError, OpenProblem, RunLine
from bot.run import RunId, State
from checks.check import Severity

_CAUSES_SHOWN = 3


def lines(db: sqlite3.Connection, where: str, value: str | float, viewer: str, limit: int) -> tuple[RunLine, ...]:
    """The runs for which ``where`` holds of ``value``, newest first; none that others asked in private."""
    rows = db.execute(
        f"""SELECT r.id, r.target, r.ticket, r.asked_by, r.asked_at, e.state, e.verdict,
                (SELECT json_group_array(cause) FROM
                    (SELECT cause FROM suspects WHERE run = r.id ORDER BY rank LIMIT {_CAUSES_SHOWN}))
            FROM runs r LEFT JOIN endings e ON e.run = r.id
            WHERE {where} AND (r.private = 0 OR r.asked_by = ?)
            ORDER BY r.asked_at DESC, r.id DESC LIMIT ?""",  # noqa: S608 - ``where`` is a literal of ours
        (plain(value) if isinstance(value, str) else value, plain(viewer), limit),
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
            causes=known_causes(strings(causes)),
        )
        for id_, target, ticket, asked_by, asked_at, state, verdict, causes in rows
    )


def last_good(db: sqlite3.Connection, target: str, viewer: str) -> RunLine | None:
    """The last run of a target in which every check could tell and nothing was wrong."""
    row = db.execute(
        """SELECT e.run FROM endings e JOIN runs r ON r.id = e.run
           WHERE e.target = ? AND e.state = 'done' AND e.verdict <= 1 AND (r.private = 0 OR r.asked_by = ?)
           ORDER BY e.asked_at DESC, e.run DESC LIMIT 1""",
        (plain(target), plain(viewer)),
    ).fetchone()
    return None if row is None else lines(db, "r.id = ?", row[0], viewer, 1)[0]


def changes(db: sqlite3.Connection, before: RunId, after: RunId) -> tuple[Change, ...]:
    """What two runs say differently, by check; only what both could tell counts."""
    return _compared(_told(db, before), _told(db, after))


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


def open_problems(db: sqlite3.Connection, limit: int) -> tuple[OpenProblem, ...]:
    """The targets with something wrong that no later run saw mended, newest first."""
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


def recurring_causes(db: sqlite3.Connection, since: float, limit: int) -> tuple[CauseCount, ...]:
    """For how many runs each cause was the likeliest since that day, most frequent first."""
    rows = db.execute(
        "SELECT cause, sum(runs) FROM cause_days WHERE day >= ? GROUP BY cause ORDER BY 2 DESC, 1 LIMIT ?",
        (day(since), limit),
    ).fetchall()
    return tuple(CauseCount(cause, runs) for name, runs in rows for cause in known_causes([name]))
