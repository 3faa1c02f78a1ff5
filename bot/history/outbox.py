"""The outbox: what is due to be told, in order, and how every attempt to tell it ended."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from typing import cast

from bot.history.columns import plain
from bot.history.values import DeliveryOutcome, Failed, GivenUp, OutboxRow, Sent, Tell
from bot.run import RunId


def undelivered(db: sqlite3.Connection, now: float, limit: int) -> tuple[OutboxRow, ...]:
    """What is due, in order; a run of which an earlier row waits for its time waits as a whole."""
    rows = db.execute(
        """SELECT o.id, o.run, o.kind, o.subject, o.queued_at,
                  (SELECT count(*) FROM deliveries d WHERE d.outbox = o.id)
           FROM queue q CROSS JOIN outbox o ON o.id = q.outbox
           WHERE q.due_at <= :now AND NOT EXISTS
               (SELECT 1 FROM queue e WHERE e.run = q.run AND e.outbox < q.outbox AND e.due_at > :now)
           ORDER BY q.outbox LIMIT :limit""",
        {"now": now, "limit": limit},
    )
    return tuple(
        OutboxRow(id=id_, run=run, kind=Tell(kind), subject=subject, queued_at=queued_at, attempts=attempts)
        for id_, run, kind, subject, queued_at, attempts in rows
    )


def next_due(db: sqlite3.Connection, after: float) -> float | None:
    """When the next row becomes due that was not at ``after``."""
    [due] = db.execute("SELECT min(due_at) FROM queue WHERE due_at > ?", (after,)).fetchone()
    return cast("float | None", due)


def parent_ts(db: sqlite3.Connection, run: RunId) -> str | None:
    """The ``ts`` of the parent message of a run; ``None`` as long as it is not sent."""
    row = db.execute(
        """SELECT d.ts FROM outbox o JOIN deliveries d ON d.outbox = o.id
           WHERE o.run = ? AND o.kind = 'open' AND d.outcome = 'sent' ORDER BY d.attempt LIMIT 1""",
        (run,),
    ).fetchone()
    return None if row is None else cast("str", row[0])


def attempted(db: sqlite3.Connection, rows: Sequence[OutboxRow], outcome: DeliveryOutcome, now: float) -> None:
    """Keep how an attempt to tell some rows in one message ended."""
    how: tuple[str, str | None, str | None, float | None]
    match outcome:
        case Sent(ts):
            how = ("sent", ts, None, None)
        case Failed(reason, retry_at):
            how = ("failed", None, plain(reason), retry_at)
        case GivenUp(reason):
            how = ("given_up", None, plain(reason), None)
    for row in rows:
        if db.execute("SELECT 1 FROM outbox WHERE id = ?", (row.id,)).fetchone() is None:
            continue  # retention took its run while it was being told
        [before] = db.execute("SELECT max(attempt) FROM deliveries WHERE outbox = ?", (row.id,)).fetchone()
        db.execute("INSERT INTO deliveries VALUES (?, ?, ?, ?, ?, ?, ?)", (row.id, (before or 0) + 1, now, *how))
        if isinstance(outcome, Failed):
            db.execute("UPDATE queue SET due_at = ? WHERE outbox = ?", (outcome.retry_at, row.id))
        else:
            db.execute("DELETE FROM queue WHERE outbox = ?", (row.id,))
            db.execute(
                """DELETE FROM response_urls WHERE run = :run
                   AND NOT EXISTS (SELECT 1 FROM unfinished WHERE run = :run)
                   AND NOT EXISTS (SELECT 1 FROM queue WHERE run = :run)""",
                {"run": row.run},
            )
