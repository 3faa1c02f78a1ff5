"""What keeps the file small, and its state: secrets and old delivery ids forgotten, old runs deleted whole."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from bot.history.columns import day
from bot.history.values import Stats

SEEN_FOR = 24 * 3600.0
"""How long a delivery id is remembered, in seconds."""

_BATCH = 25  # runs that retention deletes in one transaction: what else is written waits that long
_WAL_RACE_MENDED = (((3, 50), 7), ((3, 44), 6))


def forget(db: sqlite3.Connection, now: float) -> None:
    """Drop the delivery ids and the response URLs whose time is over."""
    db.execute("DELETE FROM seen WHERE at < ?", (now - SEEN_FOR,))
    db.execute("DELETE FROM response_urls WHERE expires_at <= ?", (now,))


def delete_batch(db: sqlite3.Connection, before: float) -> int:
    """Delete the oldest runs asked for before a time, whole, a batch of them; says how many."""
    old = db.execute("SELECT id FROM runs WHERE asked_at < ? ORDER BY asked_at LIMIT ?", (before, _BATCH)).fetchall()
    db.execute("INSERT INTO retention (before) VALUES (?)", (before,))
    db.executemany("DELETE FROM runs WHERE id = ?", old)
    db.execute("DELETE FROM retention")
    db.execute("DELETE FROM cause_days WHERE day < ?", (day(before),))
    return len(old)


def stats(db: sqlite3.Connection, path: Path) -> Stats:
    """The state of the file at ``path``; counts every run."""
    [runs, oldest] = db.execute("SELECT count(*), min(asked_at) FROM runs").fetchone()
    [unfinished] = db.execute("SELECT count(*) FROM unfinished").fetchone()
    [undelivered] = db.execute("SELECT count(*) FROM queue").fetchone()
    files = (path, path.with_name(path.name + "-wal"))
    return Stats(
        size=sum(file.stat().st_size for file in files if file.exists()),
        runs=runs,
        oldest=oldest,
        unfinished=unfinished,
        undelivered=undelivered,
        sqlite_version=sqlite3.sqlite_version,
        wal_race=has_wal_race(sqlite3.sqlite_version_info),
    )


def has_wal_race(version: tuple[int, int, int]) -> bool:
    """Whether two connections that write can lose data in this SQLite (https://www.sqlite.org/wal.html).

    Mended in 3.51.3, and in 3.50.7 and 3.44.6 of the older lines.
    """
    return version < (3, 51, 3) and not any((*line, fix) <= version < (*line, 99) for line, fix in _WAL_RACE_MENDED)
