"""The shape of the history file: its tables, the rules it keeps by itself, and how it is opened.

Append-only tables hold what happened: ``runs``, ``steps``, ``findings``, ``evidence``, ``evidence_use``, ``endings``,
``suspects``, ``outbox`` and ``deliveries``. Triggers refuse to change or delete their rows, whichever program tries.
The one way out is retention: a row in ``retention`` that names a time lets whole runs asked for before it go, and their
rows with them; that row cannot outlive its transaction.

Work tables hold what is left to do or can be worked out again: ``unfinished``, ``queue``, ``response_urls``, ``seen``,
``problems`` and ``cause_days``. They stay small, so that what is still to be done is found at once in a long history.
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
import stat
import threading
import time
from pathlib import Path

from sqlite_utils import Database, Migrations

APPLICATION_ID = int.from_bytes(b"mchk")
"""Says in the file header that the file is ours (https://www.sqlite.org/pragma.html#pragma_application_id)."""

BUSY_SECONDS = 5.0
"""How long to wait while another program holds the file."""

_LOOK_AGAIN = 0.01  # seconds

CHECK_SECONDS = 2.0
"""How long ``open_writer`` looks for damage: all of a usual file, the beginning of a very large one."""

APPEND_ONLY = (
    "runs",
    "steps",
    "findings",
    "evidence",
    "evidence_use",
    "endings",
    "suspects",
    "outbox",
    "deliveries",
)
"""The tables whose rows are never changed."""

# --- What can be wrong with the file ---------------------------------------------------------------------------------


class HistoryError(Exception):
    """History cannot do what was asked; the message is one line for whoever runs the bot."""


class NotADatabaseError(HistoryError):
    """The file is no SQLite database."""


class ForeignDatabaseError(HistoryError):
    """The file is the database of another program."""


class NewerDatabaseError(HistoryError):
    """The file was written by a newer version."""


class DamagedDatabaseError(HistoryError):
    """The file is damaged."""


class UnreadableDatabaseError(HistoryError):
    """The file may not be read."""


class ReadOnlyDatabaseError(HistoryError):
    """The file or its folder may not be written to."""


class DatabaseLockedError(HistoryError):
    """Another program has held the file for too long."""


class DiskFullError(HistoryError):
    """The disk is full; what was to be written is not in the file."""


def explained(error: sqlite3.Error, path: Path) -> HistoryError:
    """Say in one line what an error of SQLite means for the file at ``path``."""
    code = getattr(error, "sqlite_errorcode", None)  # absent where the Python module raised it, not SQLite
    primary = None if code is None else code & 0xFF
    if primary in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return DatabaseLockedError(f"{path} is locked by another program for more than {BUSY_SECONDS:g} s.")
    if primary == sqlite3.SQLITE_FULL:
        return DiskFullError(f"The disk of {path} is full. Make room; no restart is needed.")
    if primary == sqlite3.SQLITE_CORRUPT:
        return _damaged(path, str(error))
    if primary == sqlite3.SQLITE_NOTADB:
        return NotADatabaseError(f"{path} is no SQLite database. It was left as it is: name another file.")
    if primary in (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM):
        return ReadOnlyDatabaseError(f"{path} or its folder cannot be written to: {error}.")
    return HistoryError(f"{path}: {error}.")


def _damaged(path: Path, what: str) -> DamagedDatabaseError:
    return DamagedDatabaseError(
        f"{path} is damaged ({what}). It was left as it is: put back a backup, "
        f"or save what can be read with: sqlite3 {path} .recover | sqlite3 rescued.db"
    )


# --- Tables ----------------------------------------------------------------------------------------------------------

MIGRATIONS = Migrations("mailcheck")

# Rows are looked for by run, so the tables are clustered by it (WITHOUT ROWID). Times are seconds since the epoch; JSON
# is ASCII, so that foreign text of any kind goes in and comes out.
_FIRST_TABLES = (
    """CREATE TABLE runs (
        id TEXT PRIMARY KEY,
        target TEXT NOT NULL,
        ticket TEXT COLLATE NOCASE,
        asked_by TEXT NOT NULL,
        asked_at REAL NOT NULL,
        team TEXT NOT NULL,
        channel TEXT NOT NULL,
        thread TEXT NOT NULL,
        private INTEGER NOT NULL,
        language TEXT,
        version TEXT NOT NULL,
        steps TEXT NOT NULL,
        ticket_says TEXT NOT NULL
    ) STRICT, WITHOUT ROWID""",
    "CREATE INDEX runs_by_target ON runs (target, asked_at)",
    "CREATE INDEX runs_by_ticket ON runs (ticket, asked_at) WHERE ticket IS NOT NULL",
    "CREATE INDEX runs_by_person ON runs (asked_by, asked_at)",
    "CREATE INDEX runs_by_time ON runs (asked_at)",
    """CREATE TABLE steps (
        run TEXT NOT NULL REFERENCES runs ON DELETE CASCADE,
        step TEXT NOT NULL,
        verdict INTEGER NOT NULL,
        facts TEXT,
        started REAL NOT NULL,
        ms REAL NOT NULL,
        PRIMARY KEY (run, step)
    ) STRICT, WITHOUT ROWID""",
    """CREATE TABLE findings (
        run TEXT NOT NULL REFERENCES runs ON DELETE CASCADE,
        step TEXT NOT NULL,
        position INTEGER NOT NULL,
        code TEXT NOT NULL,
        severity INTEGER NOT NULL,
        params TEXT NOT NULL,
        evidence TEXT NOT NULL,
        PRIMARY KEY (run, step, position)
    ) STRICT, WITHOUT ROWID""",
    """CREATE TABLE evidence (
        run TEXT NOT NULL REFERENCES runs ON DELETE CASCADE,
        number INTEGER NOT NULL,
        kind TEXT NOT NULL,
        question TEXT NOT NULL,
        answer TEXT NOT NULL,
        server TEXT NOT NULL,
        started REAL NOT NULL,
        ms REAL,
        PRIMARY KEY (run, number)
    ) STRICT, WITHOUT ROWID""",
    # A question is asked once and used by several checks, some of them after it was recorded.
    """CREATE TABLE evidence_use (
        run TEXT NOT NULL REFERENCES runs ON DELETE CASCADE,
        number INTEGER NOT NULL,
        position INTEGER NOT NULL,
        step TEXT NOT NULL,
        PRIMARY KEY (run, number, position)
    ) STRICT, WITHOUT ROWID""",
    # The target and the time are repeated from the run: one index answers "when was it last good?".
    """CREATE TABLE endings (
        run TEXT PRIMARY KEY REFERENCES runs ON DELETE CASCADE,
        target TEXT NOT NULL,
        asked_at REAL NOT NULL,
        ended_at REAL NOT NULL,
        state TEXT NOT NULL,
        verdict INTEGER,
        elapsed_ms REAL NOT NULL,
        queries INTEGER NOT NULL,
        unexplained TEXT NOT NULL,
        unknown TEXT NOT NULL
    ) STRICT, WITHOUT ROWID""",
    "CREATE INDEX endings_good ON endings (target, asked_at) WHERE state = 'done' AND verdict <= 1",
    """CREATE TABLE suspects (
        run TEXT NOT NULL REFERENCES runs ON DELETE CASCADE,
        rank INTEGER NOT NULL,
        cause TEXT NOT NULL,
        confidence INTEGER NOT NULL,
        codes TEXT NOT NULL,
        PRIMARY KEY (run, rank)
    ) STRICT, WITHOUT ROWID""",
    # AUTOINCREMENT: the number stands in messages already sent, so it must never be given out again.
    """CREATE TABLE outbox (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        run TEXT NOT NULL REFERENCES runs ON DELETE CASCADE,
        kind TEXT NOT NULL,
        subject TEXT NOT NULL,
        queued_at REAL NOT NULL,
        UNIQUE (run, kind, subject)
    ) STRICT""",
    """CREATE TABLE deliveries (
        outbox INTEGER NOT NULL REFERENCES outbox ON DELETE CASCADE,
        attempt INTEGER NOT NULL,
        at REAL NOT NULL,
        outcome TEXT NOT NULL,
        ts TEXT,
        reason TEXT,
        retry_at REAL,
        PRIMARY KEY (outbox, attempt)
    ) STRICT, WITHOUT ROWID""",
    "CREATE TABLE unfinished (run TEXT PRIMARY KEY REFERENCES runs ON DELETE CASCADE) STRICT, WITHOUT ROWID",
    """CREATE TABLE queue (
        outbox INTEGER PRIMARY KEY REFERENCES outbox ON DELETE CASCADE,
        run TEXT NOT NULL,
        due_at REAL NOT NULL
    ) STRICT""",
    "CREATE INDEX queue_by_run ON queue (run, outbox, due_at)",
    """CREATE TABLE response_urls (
        run TEXT PRIMARY KEY REFERENCES runs ON DELETE CASCADE,
        url TEXT NOT NULL,
        expires_at REAL NOT NULL
    ) STRICT, WITHOUT ROWID""",
    "CREATE TABLE seen (delivery TEXT PRIMARY KEY, at REAL NOT NULL) STRICT, WITHOUT ROWID",
    "CREATE INDEX seen_by_time ON seen (at)",
    # What is wrong with a target by the last run that could tell, a row per check.
    """CREATE TABLE problems (
        target TEXT NOT NULL,
        step TEXT NOT NULL,
        verdict INTEGER NOT NULL,
        run TEXT NOT NULL REFERENCES runs ON DELETE CASCADE,
        asked_at REAL NOT NULL,
        PRIMARY KEY (target, step)
    ) STRICT, WITHOUT ROWID""",
    "CREATE INDEX problems_by_run ON problems (run)",
    "CREATE INDEX problems_by_time ON problems (asked_at)",
    """CREATE TABLE cause_days (
        day TEXT NOT NULL,
        cause TEXT NOT NULL,
        runs INTEGER NOT NULL,
        PRIMARY KEY (day, cause)
    ) STRICT, WITHOUT ROWID""",
    # ``never`` points at a run that does not exist, which a transaction may do until it commits: the marker must be
    # gone by then, or nothing is kept of the transaction.
    """CREATE TABLE retention (
        before REAL NOT NULL,
        never TEXT NOT NULL DEFAULT '' REFERENCES runs DEFERRABLE INITIALLY DEFERRED
    ) STRICT""",
)


def _guards(table: str) -> tuple[str, str]:
    """The triggers that make a table append-only."""
    if table == "runs":
        refused = "NOT EXISTS (SELECT 1 FROM retention WHERE OLD.asked_at < before)"
    elif table == "deliveries":
        refused = "EXISTS (SELECT 1 FROM outbox WHERE id = OLD.outbox)"
    else:  # SQLite deletes what belongs to a run after the run itself: a row whose run is there must stay
        refused = "EXISTS (SELECT 1 FROM runs WHERE id = OLD.run)"
    unchanged = f"'{table} is append-only: rows are not changed'"
    undeleted = f"'{table} is append-only: only retention deletes, by whole runs'"
    return (
        f"CREATE TRIGGER {table}_not_changed BEFORE UPDATE ON {table} BEGIN SELECT RAISE(ABORT, {unchanged}); END",
        f"""CREATE TRIGGER {table}_not_deleted BEFORE DELETE ON {table} WHEN {refused}
            BEGIN SELECT RAISE(ABORT, {undeleted}); END""",
    )


@MIGRATIONS()
def first_tables(db: Database) -> None:
    """Lay down the tables of the first version."""
    for statement in _FIRST_TABLES:
        db.conn.execute(statement)
    for table in APPEND_ONLY:
        for statement in _guards(table):
            db.conn.execute(statement)


# --- Opening ---------------------------------------------------------------------------------------------------------


def open_writer(path: Path) -> sqlite3.Connection:
    """Open the file for writing and bring its tables to this version; a file that is not there is made.

    A file that is not ours is left exactly as it is. The tables change in one transaction: a process that is killed in
    the middle leaves the old ones.

    Raises:
        HistoryError: the subclass and its message say why not.
    """
    try:
        _look_from_outside(path)
        connection = sqlite3.connect(path, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False)
        try:
            _look_inside(connection, path)
            _configure(connection)
            _migrate(connection)
        except BaseException:
            connection.close()
            raise
    except sqlite3.Error as error:
        raise explained(error, path) from error
    return connection


def open_reader(path: Path) -> sqlite3.Connection:
    """Open the file a second time, for reading only.

    Raises:
        HistoryError: the subclass and its message say why not.
    """
    try:
        connection = sqlite3.connect(path, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False)
        connection.execute("PRAGMA query_only = ON")
        connection.execute("PRAGMA trusted_schema = OFF")
        connection.execute("PRAGMA temp_store = MEMORY")
    except sqlite3.Error as error:
        raise explained(error, path) from error
    return connection


def problem_found(connection: sqlite3.Connection, seconds: float | None = None) -> str | None:
    """Look for damage, for ``seconds`` at most; ``None`` if there is none or the time was too short to tell."""
    timer = threading.Timer(seconds or 0.0, connection.interrupt)
    if seconds is not None:
        timer.start()
    try:
        [verdict] = connection.execute("PRAGMA quick_check(1)").fetchone()
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode == sqlite3.SQLITE_INTERRUPT:
            return None
        raise
    finally:
        timer.cancel()
        if seconds is not None:
            timer.join()  # an interrupt that comes late must not hit the next statement
    return None if verdict == "ok" else " ".join(str(verdict).split())


def _look_from_outside(path: Path) -> None:
    """Refuse what SQLite would only complain of later, or in other words."""
    folder = path.parent
    if not os.access(folder, os.W_OK | os.X_OK):
        why = "cannot be written to" if folder.is_dir() else "does not exist"
        raise ReadOnlyDatabaseError(f"The folder {folder} {why}; history and its journal live there.")
    with contextlib.suppress(FileExistsError):
        # What people ask is their own business: others on this machine may not read it.
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, stat.S_IRUSR | stat.S_IWUSR))
    if not path.is_file():
        raise NotADatabaseError(f"{path} is no file. It was left as it is: name another one.")
    if not os.access(path, os.R_OK):
        raise UnreadableDatabaseError(f"{path} cannot be read: another user owns it.")
    if not os.access(path, os.W_OK):
        raise ReadOnlyDatabaseError(f"{path} cannot be written to.")
    with path.open("rb") as file:
        head = file.read(16)
    if head not in (b"", b"SQLite format 3\0"):
        raise NotADatabaseError(f"{path} is no SQLite database. It was left as it is: name another file.")


def _look_inside(connection: sqlite3.Connection, path: Path) -> None:
    """Refuse a file that is not ours, too new, or damaged, before anything is written to it."""
    # In this order: where another opening makes the tables in between, its mark is there if they are.
    [objects] = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    [application] = connection.execute("PRAGMA application_id").fetchone()
    if application != APPLICATION_ID and (application or objects):
        raise ForeignDatabaseError(f"{path} belongs to another program. It was left as it is: name another file.")
    if application != APPLICATION_ID:
        return
    with contextlib.closing(sqlite3.connect(":memory:")) as empty:
        known = {migration.name for migration in MIGRATIONS.pending(Database(empty, execute_plugins=False))}
    try:
        applied = {name for [name] in connection.execute("SELECT name FROM _sqlite_migrations")}
    except sqlite3.OperationalError as error:
        if "no such table" in str(error):
            raise _damaged(path, "its tables are missing") from error
        raise
    if applied - known:
        raise NewerDatabaseError(f"{path} was written by a newer version of Mailcheck. Update, or name another file.")
    if what := problem_found(connection, CHECK_SECONDS):
        raise _damaged(path, what)
    tables = {name for [name] in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    if missing := sorted(set(APPEND_ONLY) - tables):
        raise _damaged(path, f"missing: {', '.join(missing)}")


def _configure(connection: sqlite3.Connection) -> None:
    # FULL: what was acknowledged survives a power cut. secure_delete: a secret that was deleted is gone from the file.
    # recursive_triggers: INSERT OR REPLACE is a deletion, too.
    _change_to_wal(connection)
    for pragma in (
        "synchronous = FULL",
        "foreign_keys = ON",
        "secure_delete = ON",
        "recursive_triggers = ON",
        "trusted_schema = OFF",
        "temp_store = MEMORY",
        "cache_size = -65536",
        "journal_size_limit = 67108864",
        "mmap_size = 0",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _change_to_wal(connection: sqlite3.Connection) -> None:
    """Change the journal, as patiently as any other statement: SQLite itself does not wait here.

    Where two connections want the lock that this change takes, SQLite answers "locked" at once, without asking its busy
    handler, for else both could wait for each other (https://www.sqlite.org/c3ref/busy_handler.html).
    """
    until = time.monotonic() + BUSY_SECONDS
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > until:
                raise
            time.sleep(_LOOK_AGAIN)
        else:
            return


def _migrate(connection: sqlite3.Connection) -> None:
    connection.execute("BEGIN IMMEDIATE")  # a second process that opens the file now waits, and finds nothing to do
    try:
        MIGRATIONS.apply(Database(connection, execute_plugins=False))
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        connection.execute("COMMIT")
    except BaseException:
        connection.rollback()
        raise
