"""The values the surfaces share: who asked what, where, and what became of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import NewType

from checks.case import Case
from checks.check import Finding, Severity
from checks.diagnosis import Diagnosis
from checks.network.answers import Evidence
from checks.wire import Json

RunId = NewType("RunId", str)
"""Unique in this database; sorts by time of asking."""


class Language(StrEnum):
    """The languages the catalogues speak."""

    EN = "en"
    JA = "ja"


class State(StrEnum):
    """Where a run is in its life."""

    OPEN = "open"
    """Accepted, and not finished."""
    DONE = "done"
    """Every step ended, or was ended by the deadline."""
    INTERRUPTED = "interrupted"
    """Closed without an end, and said so in its thread."""


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where a run was asked for and is answered.

    ``team`` and ``channel`` are Slack's ids; both are empty for a run in a terminal. ``thread`` is the ``ts`` of the
    thread the run was asked for in. ``response_url`` is where Slack takes the answer if the bot is not in the channel;
    it is a secret for half an hour. ``private`` answers are seen by the asker only.
    """

    team: str = ""
    channel: str = ""
    thread: str = ""
    private: bool = False
    response_url: str = field(default="", repr=False)


TERMINAL = Place()
"""The place of a run that nobody is told about elsewhere."""


@dataclass(frozen=True, kw_only=True)
class Run:
    """One run of the checks.

    ``asked_by`` is a Slack user id or a login name, ``language`` what the asker asked for (``None``: the asker's own),
    ``asked_at`` seconds since the epoch, ``version`` that of the program, ``steps`` the names of the checks it consists
    of, in display order.
    """

    id: RunId
    case: Case
    asked_by: str
    place: Place
    language: Language | None
    asked_at: float
    version: str
    steps: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Step:
    """One step of a run as history keeps it: a ``Result`` with its facts as JSON.

    ``findings`` holds only codes this version knows; ``unread`` counts those written by another version.
    """

    check: str
    verdict: Severity
    findings: tuple[Finding, ...]
    facts: Json
    started: float
    ms: float
    unread: int = 0


@dataclass(frozen=True, kw_only=True)
class Record:
    """Everything history knows of one run."""

    run: Run
    state: State
    verdict: Severity | None
    elapsed_ms: float | None
    queries: int | None
    steps: tuple[Step, ...]
    evidence: tuple[Evidence, ...]
    diagnosis: Diagnosis | None
