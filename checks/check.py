"""The one page an author of a check reads.

A check is a lesson: it asks the network through its ``Desk``, states *findings* (a code with typed parameters, never
prose) and hands its conclusions, its *facts*, to the checks that need them. Words live in ``bot/text``.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from enum import IntEnum
from typing import Any, ClassVar, Generic, NewType, Protocol, TypeVar

from checks.case import Case
from checks.causes import Cause, Remedy
from checks.network.answers import PAGE_LIMIT, Answer, Conversation, NameServer, Page, RecordType, Trouble

# --- Parameter types -------------------------------------------------------------------------------------------------
# A parameter of a finding has one of these types, or is a tuple of one of them, or None. Wording escapes and shortens
# by type. The foreign words may contain anything at all: pings, control characters, 60 kB of junk.

DomainName = NewType("DomainName", str)
"""A domain in A-label form, lower case, without the final dot."""
HostName = NewType("HostName", str)
"""A host name as DNS gave it: foreign words."""
IpAddress = NewType("IpAddress", str)
"""An IPv4 or IPv6 address in its canonical text form."""
RecordText = NewType("RecordText", str)
"""Text out of a DNS record, or a part of it: foreign words."""
ServerReply = NewType("ServerReply", str)
"""What a server said: foreign words."""
Url = NewType("Url", str)
"""A web address out of our own data."""
Selector = NewType("Selector", str)
"""A DKIM selector (RFC 6376 §3.1)."""
ListName = NewType("ListName", str)
"""The name of a blocklist in our own data."""
CheckName = NewType("CheckName", str)
"""The name of a check."""
Keyword = NewType("Keyword", str)
"""A word of a protocol, or a code, shown as it is: ``reject``, ``TLSv1.2``, ``127.0.0.4``."""
Count = NewType("Count", int)
"""How many."""
Limit = NewType("Limit", int)
"""How many at most."""
Port = NewType("Port", int)
"""A TCP port."""
Bytes = NewType("Bytes", int)
"""A size in octets."""
Seconds = NewType("Seconds", float)
"""A length of time."""
Day = NewType("Day", str)
"""An ISO 8601 date, UTC."""

PARAMETER_TYPES: frozenset[object] = frozenset(
    {
        DomainName,
        HostName,
        IpAddress,
        RecordText,
        ServerReply,
        Url,
        Selector,
        ListName,
        CheckName,
        Keyword,
        Count,
        Limit,
        Port,
        Bytes,
        Seconds,
        Day,
        Trouble,
    }
)


# --- Findings --------------------------------------------------------------------------------------------------------


class Severity(IntEnum):
    """How bad it is, ascending: the verdict of a step is its worst finding."""

    OK = 0
    """As it should be."""
    NOTICE = 1
    """Hygiene: no mail is lost because of it."""
    UNKNOWN = 2
    """Could not tell, and why."""
    WARNING = 3
    """Some receivers refuse, junk or delay mail because of it."""
    PROBLEM = 4
    """Mail is refused or lost because of it."""


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One thing a check found out.

    A subclass is one code, named after the class (``SpfTooManyLookups`` is ``SPF_TOO_MANY_LOOKUPS``), stable for ever.
    Its severity and the cause it would explain are class facts, given as keywords of the class statement; its fields
    are the parameters its text may use; its docstring says when it is raised.
    """

    severity: ClassVar[Severity]
    cause: ClassVar[Cause | None]
    code: ClassVar[str]

    evidence: tuple[int, ...] = ()
    """The numbers of the evidence it rests on, each once."""

    def __post_init__(self) -> None:
        """Leave out number 0, which is that of an answer without evidence: the question was not asked at all."""
        object.__setattr__(self, "evidence", tuple(dict.fromkeys(number for number in self.evidence if number)))

    def __init_subclass__(cls, *, severity: Severity, cause: Cause | None = None) -> None:
        """Fix the class facts."""
        super().__init_subclass__()
        cls.severity = severity
        cls.cause = cause
        cls.code = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", cls.__name__).upper()


class CheckCrashed(Finding, severity=Severity.UNKNOWN):
    """The check raised an exception: our bug, logged with its traceback."""


@dataclass(frozen=True, kw_only=True)
class CheckTimedOut(Finding, severity=Severity.UNKNOWN):
    """The check did not end within its budget or before the deadline of the run; its evidence is kept."""

    after: Seconds


@dataclass(frozen=True, kw_only=True)
class CheckSkipped(Finding, severity=Severity.UNKNOWN):
    """A check that this one needs could not find out what this one builds on."""

    because: CheckName


COMMON_FINDINGS: tuple[type[Finding], ...] = (CheckCrashed, CheckTimedOut, CheckSkipped)
"""What any check may be given by the scheduler."""


# --- Checks ----------------------------------------------------------------------------------------------------------

F = TypeVar("F")
T = TypeVar("T")


@dataclass(frozen=True)
class Outcome(Generic[F]):
    """What a check hands back: its conclusions (``None``: could not find out) and what it found."""

    facts: F | None
    findings: tuple[Finding, ...]


@dataclass(frozen=True, kw_only=True)
class Result:
    """A step that has ended: ``started`` in seconds since the epoch, ``ms`` how long it took."""

    check: Check[Any]
    outcome: Outcome[Any]
    started: float
    ms: float

    @property
    def verdict(self) -> Severity:
        """The worst finding; a check always finds something."""
        return max(finding.severity for finding in self.outcome.findings)


class FactsMissing(Exception):  # noqa: N818 - a signal to the scheduler, no error
    """A needed check could not find out; the scheduler turns it into ``CHECK_SKIPPED``."""

    def __init__(self, check: Check[Any]) -> None:
        super().__init__(check.name)
        self.check = check


class Desk(Protocol):
    """All that a check may touch. Trouble on the network is in the answers, never raised."""

    @property
    def case(self) -> Case:
        """What the ticket says."""
        ...

    async def facts(self, check: Check[F]) -> F:
        """The conclusions of a check named in ``needs``. Waiting for them does not use up the budget.

        Raises:
            FactsMissing: that check could not find out. Let it pass: this check is then skipped with the reason.
        """
        ...

    async def facts_or_none(self, check: Check[F]) -> F | None:
        """The conclusions of a check named in ``needs``, ``None`` if it could not find out."""
        ...

    async def dns(
        self,
        name: str,
        kind: RecordType[T],
        *,
        patience: float | None = None,
        max_age: float = 0.0,
        at: NameServer | None = None,
    ) -> Answer[T]:
        """Ask the resolver. The same question is asked once in a run, however many checks want it.

        ``patience`` shortens the wait, in seconds; the first to ask decides. ``max_age`` is how many seconds ago
        another run may have asked: for a handful of questions that have nothing to do with the case. ``at`` asks that
        name server itself: what it answers has ``authoritative`` set if it serves the zone, and no resolver kept it.
        """
        ...

    async def smtp(self, host: str, address: str, port: int) -> Conversation:
        """Talk to a mail server up to EHLO after STARTTLS: never a MAIL command.

        Once per host, address and port in a run; a server talks with one of us at a time, and waiting for it does not
        use up the budget. Shortly before that is used up, what is known by then is the answer.
        """
        ...

    async def https(self, url: str, *, most: int = PAGE_LIMIT) -> Page:
        """Fetch a document of at most ``most`` octets, without following redirects."""
        ...


def every_case(_case: Case) -> bool:
    """Whether a check applies: always."""
    return True


@dataclass(frozen=True, kw_only=True)
class Check(Generic[F]):
    """One module of mail knowledge.

    ``needs`` are the checks whose facts it may ask for, ``findings`` all the codes it may state, ``budget`` its time in
    seconds (waiting for needs not counted), ``rfcs`` what it follows, ``applies`` whether the case is one for it.
    """

    name: str
    remedy: Remedy
    findings: tuple[type[Finding], ...]
    run: Callable[[Desk], Awaitable[Outcome[F]]]
    needs: tuple[Check[Any], ...] = ()
    budget: float = 8.0
    rfcs: tuple[str, ...] = ()
    applies: Callable[[Case], bool] = every_case
