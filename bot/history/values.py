"""What history takes and hands out: outbox rows and their outcomes, answers to questions, what can go wrong."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from bot.run import RunId, State
from bot.schema import HistoryError
from checks.causes import Cause
from checks.check import Severity


class DiskNearlyFullError(HistoryError):
    """There is too little room left on the disk to begin another run."""


class NoSuchRunError(HistoryError):
    """There is no run with this id."""


class OtherVersionError(HistoryError):
    """The run was written by a version with other fields."""


# --- The outbox ------------------------------------------------------------------------------------------------------


class Tell(StrEnum):
    """What an outbox row is about."""

    OPEN = "open"
    """The run has begun: the parent message."""
    STEP = "step"
    """A step has ended; the subject is the name of its check."""
    SUMMARY = "summary"
    """The run has ended."""
    NOTE = "note"
    """Something else to say in the thread; the subject is its message id."""


@dataclass(frozen=True, kw_only=True)
class OutboxRow:
    """One thing to tell. ``id`` grows in the order of telling; ``attempts`` counts what failed before."""

    id: int
    run: RunId
    kind: Tell
    subject: str
    queued_at: float
    attempts: int


@dataclass(frozen=True)
class Sent:
    """Slack has it; ``ts`` is the message it is told in."""

    ts: str


@dataclass(frozen=True)
class Failed:
    """It did not get through and is due again at ``retry_at``, in seconds since the epoch."""

    reason: str
    retry_at: float


@dataclass(frozen=True)
class GivenUp:
    """It will never get through."""

    reason: str


DeliveryOutcome = Sent | Failed | GivenUp
"""How an attempt to tell ended."""


# --- Answers to questions --------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class RunLine:
    """A run in a list. ``verdict`` is ``None`` while it is open; ``causes`` are its likeliest, best first."""

    id: RunId
    target: str
    ticket: str | None
    asked_by: str
    asked_at: float
    state: State
    verdict: Severity | None
    causes: tuple[Cause, ...]


@dataclass(frozen=True, kw_only=True)
class Change:
    """What one check says now and did not say before, and the other way round, in codes."""

    check: str
    appeared: tuple[str, ...]
    gone: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class OpenProblem:
    """A target with something wrong by the last runs that could tell: the worst, the checks, and the newest run."""

    target: str
    verdict: Severity
    checks: tuple[str, ...]
    run: RunId
    asked_at: float


@dataclass(frozen=True)
class CauseCount:
    """For how many runs a cause was the likeliest."""

    cause: Cause
    runs: int


@dataclass(frozen=True, kw_only=True)
class Stats:
    """The state of the file. ``size`` in octets with its journal; ``oldest`` in seconds since the epoch."""

    size: int
    runs: int
    oldest: float | None
    unfinished: int
    undelivered: int
    sqlite_version: str
    wal_race: bool
    """Whether this SQLite can lose data when a second program writes to the file at the same time."""
