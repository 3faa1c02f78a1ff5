"""An SPF record with everything it includes, judged without a sender.

``walk`` reads all records of the tree at once, each as soon as its name is known, and looks up what ``a``, ``mx`` and
``exists`` lead to. What can be told of such a tree without an IP address: how many lookups it costs at worst (RFC 7208
§4.6.4), which terms lead nowhere, and whether a receiver can use it at all.
"""

from __future__ import annotations

import asyncio
import ipaddress
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import Enum, StrEnum, auto
from typing import Final, TypeVar

from checks.network.answers import AAAA, MX, TXT, A, Answer, Status, Trouble
from checks.records.spf import (
    LOOKUP_LIMIT,
    VOID_LOOKUP_LIMIT,
    IpAddress,
    MacroValues,
    Mechanism,
    Name,
    Problem,
    Qualifier,
    SpfRecord,
    Term,
    expand_name,
)
from checks.spf_evaluation import NAME_LIMIT, Ask, Published, asked_family, published, target_of

T = TypeVar("T")

MOST_BRANCHES: Final = 300
"""Terms of the tree that are looked at: a record may include another as often as it likes."""

_OURS: Final = frozenset({Trouble.OVERLOADED, Trouble.ENOUGH_ASKED, Trouble.SERVER_UNREACHABLE})


class State(StrEnum):
    """What a term that queries DNS leads to. The values are the results of RFC 7208 where there is one."""

    FOUND = "found"
    NO_RECORD = "none"
    """An include or redirect to a name without an SPF record."""
    MULTIPLE_RECORDS = "multiple"
    SYNTAX = "syntax"
    """A record with a syntax error."""
    VOID = "void"
    """A term that finds nothing (RFC 7208 §4.6.4)."""
    TOO_MANY_NAMES = "too_many_names"
    """An ``mx`` with more than ten hosts."""
    LOOP = "loop"
    """An include or redirect to a record it stands in or below."""
    UNKNOWN = "unknown"
    """No answer."""
    DEPENDS = "depends"
    """The name holds something of the message, or it is a ``ptr``."""
    CUT = "cut"
    """Not looked at: there were too many."""


@dataclass(frozen=True, kw_only=True)
class Branch:
    """One term that queries DNS and what it leads to; the root has no term.

    ``holder`` is the domain whose record the term stands in, ``domain`` the name it leads to (``None``: depends on the
    message). ``lookups`` counts the terms in its record and below, without itself; ``branches`` are those looked at.
    """

    term: Term | None
    holder: str
    domain: str | None
    state: State
    record: SpfRecord | None = None
    status: Status | None = None
    trouble: Trouble | None = None
    names: int = 0
    lookups: int = 0
    branches: tuple[Branch, ...] = ()
    evidence: tuple[int, ...] = ()

    @property
    def text(self) -> str:
        """The term as published, or the domain at the root."""
        return self.term.text if self.term is not None else self.holder

    @property
    def cost(self) -> int:
        """The lookups of the term and of everything below it."""
        return self.lookups + (self.term is not None)

    @property
    def leads_to_record(self) -> bool:
        """Whether another record is read here: the root, an include, a redirect."""
        return self.term is None or not isinstance(self.term, Mechanism) or self.term.name is Name.INCLUDE

    @property
    def unseen(self) -> tuple[Term, ...]:
        """The terms of its record that query DNS and were not looked at."""
        return self.record.lookups[len(self.branches) :] if self.record is not None else ()

    @property
    def problem(self) -> Problem | None:
        """The first syntax error of its record."""
        problems = self.record.problems if self.record is not None else ()
        return next((problem for problem in problems if problem.permerror), None)

    def all(self) -> Iterator[Branch]:
        """This and everything below, in the order of evaluation."""
        yield self
        for branch in self.branches:
            yield from branch.all()

    def levels(self, depth: int = 0) -> Iterator[tuple[int, Branch]]:
        """This and everything below with its depth."""
        yield depth, self
        for branch in self.branches:
            yield from branch.levels(depth + 1)


# --- Reading ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class Known:
    """What of the message is known, to follow names that depend on it."""

    ip: IpAddress | None
    sender: str
    letters: frozenset[str]

    @classmethod
    def of(cls, ip: IpAddress | None, sender: str, *, whole_sender: bool) -> Known:
        """``whole_sender``: the part before the @ is known too. The HELO name never is."""
        letters = {"d", "o"} | ({"i", "v"} if ip else set[str]()) | ({"s", "l"} if whole_sender else set[str]())
        return cls(ip=ip, sender=sender, letters=frozenset(letters))

    def target(self, term: Term, domain: str) -> str | None:
        """The name a term leads to, ``None`` if that depends on something unknown."""
        macros = target_of(term)
        if macros is None:
            return domain
        if not macros.letters <= self.letters:
            return None
        values = MacroValues(ip=self.ip or _ANY, sender=self.sender, domain=domain, helo="unknown")
        return expand_name(macros, values).lower()


_ANY: Final = ipaddress.IPv4Address(0)  # stands where no macro asks for an address


@dataclass(frozen=True, kw_only=True)
class _Lead:
    """What an ``a``, ``mx`` or ``exists`` found."""

    state: State
    trouble: Trouble | None = None
    names: int = 0
    evidence: tuple[int, ...] = ()


@dataclass
class _Walk:
    """All records and leads read so far; each name is read once."""

    ask: Ask
    known: Known
    read: dict[str, Published] = field(default_factory=dict[str, Published])
    leads: dict[tuple[str, str], _Lead] = field(default_factory=dict[tuple[str, str], _Lead])
    begun: set[object] = field(default_factory=set[object])

    async def visit(self, domain: str) -> None:
        """Read the record of a domain and, as soon as it is there, everything it leads to."""
        if domain in self.begun:
            return
        self.begun.add(domain)
        await self.follow(domain, published(await self.ask(domain, TXT)))

    async def follow(self, domain: str, found: Published) -> None:
        self.read[domain] = found
        if found.record is None:
            return
        async with asyncio.TaskGroup() as group:
            for term in found.record.lookups[:MOST_BRANCHES]:
                target = self.known.target(term, domain)
                if target is None:
                    continue
                if not isinstance(term, Mechanism) or term.name is Name.INCLUDE:
                    group.create_task(self.visit(target))
                elif term.name is not Name.PTR:
                    group.create_task(self.look(term.name, target))

    async def look(self, name: Name, target: str) -> None:
        key = (name.value, target)
        if key in self.begun:
            return
        self.begun.add(key)
        match name:
            case Name.MX:
                self.leads[key] = await self._mx(target)
            case Name.EXISTS:
                self.leads[key] = _lead(await self.ask(target, A))
            case _:
                self.leads[key] = await self._a(target)

    async def _a(self, target: str) -> _Lead:
        """Without a sender, a term is void if neither family has an address."""
        if self.known.ip is not None:
            return _lead(await self.ask(target, asked_family(self.known.ip)))
        first = await self.ask(target, A)
        return _lead(first) if not first.absent else _lead(await self.ask(target, AAAA), first.evidence)

    async def _mx(self, target: str) -> _Lead:
        answer = await self.ask(target, MX)
        if len(answer.records) > NAME_LIMIT:
            return _Lead(state=State.TOO_MANY_NAMES, names=len(answer.records), evidence=(answer.evidence,))
        if self.known.ip is not None:  # the evaluation will want them: they are on their way already
            family = asked_family(self.known.ip)
            hosts = [record.exchange for record in answer.records if record.exchange]
            await asyncio.gather(*(self.ask(host, family) for host in hosts))
        return _lead(answer)


def _lead(answer: Answer[T], *more: int) -> _Lead:
    evidence = (*more, answer.evidence)
    if answer.unknown and answer.trouble is not Trouble.BAD_NAME:
        cut = answer.trouble is Trouble.ENOUGH_ASKED
        return _Lead(state=State.CUT if cut else State.UNKNOWN, trouble=answer.trouble, evidence=evidence)
    return _Lead(state=State.FOUND if answer.found else State.VOID, evidence=evidence)


async def walk(root: str, first: Published, known: Known, ask: Ask) -> Branch:
    """Read the whole tree below a record that was read already."""
    walker = _Walk(ask, known)
    walker.begun.add(root)
    await walker.follow(root, first)
    return _Builder(walker.read, walker.leads, known).build(root)


@dataclass
class _Builder:
    """Makes the tree: what is included twice is there, and counts, twice."""

    read: Mapping[str, Published]
    leads: Mapping[tuple[str, str], _Lead]
    known: Known
    built: int = 0

    def build(self, root: str) -> Branch:
        return self._record(None, root, root, ())

    def _record(self, term: Term | None, holder: str, domain: str, above: tuple[str, ...]) -> Branch:
        """A record, and what its terms lead to."""
        found = self.read[domain]
        trouble = found.trouble
        record = found.record
        if trouble is not None:
            state = State.CUT if trouble is Trouble.ENOUGH_ASKED else State.UNKNOWN
        elif record is None:
            state = State.MULTIPLE_RECORDS if found.records else State.NO_RECORD
        else:
            state = State.FOUND if record.usable else State.SYNTAX
        here = (*above, domain)
        terms = record.lookups if record is not None else ()
        branches: list[Branch] = []
        for each in terms[:MOST_BRANCHES]:
            if self.built >= MOST_BRANCHES:
                break
            branches.append(self._branch(each, domain, here))
        return Branch(
            term=term,
            holder=holder,
            domain=domain,
            state=state,
            record=record,
            status=found.answer.status,
            trouble=trouble,
            lookups=sum(branch.cost for branch in branches) + len(terms) - len(branches),
            branches=tuple(branches),
            evidence=(found.answer.evidence,),
        )

    def _branch(self, term: Term, holder: str, above: tuple[str, ...]) -> Branch:
        self.built += 1
        target = self.known.target(term, holder)
        if target is None or (isinstance(term, Mechanism) and term.name is Name.PTR):
            return Branch(term=term, holder=holder, domain=target, state=State.DEPENDS)
        if not isinstance(term, Mechanism) or term.name is Name.INCLUDE:
            if target in above:
                return Branch(term=term, holder=holder, domain=target, state=State.LOOP)
            return self._record(term, holder, target, above)
        lead = self.leads[term.name.value, target]
        return Branch(
            term=term,
            holder=holder,
            domain=target,
            state=lead.state,
            trouble=lead.trouble,
            names=lead.names,
            evidence=lead.evidence,
        )


# --- Judging ---------------------------------------------------------------------------------------------------------


class Usable(Enum):
    """Whether a receiver can use the record."""

    YES = auto()
    FOR_SOME = auto()
    """A permerror for senders that nothing before the fault matches."""
    NO = auto()
    """A permerror for every sender."""
    UNKNOWN = auto()
    """Something was not answered, or depends on the message, before any fault was met."""


_BROKEN: Final = frozenset({State.SYNTAX, State.MULTIPLE_RECORDS, State.NO_RECORD, State.LOOP, State.TOO_MANY_NAMES})


class _FaultError(Exception):
    """An evaluation gets no further."""


@dataclass
class _Trial:
    """An evaluation for the sender that no mechanism matches, remembering whether another one might have got out."""

    void_limit: int | None
    matched: bool = False
    unsure: bool = False
    lookups: int = 0
    voids: int = 0
    may_be_void: int = 0

    def enter(self, branch: Branch) -> None:
        record = branch.record
        if branch.state in _BROKEN and (branch.term is not None or branch.state is not State.NO_RECORD):
            raise _FaultError
        if branch.state in {State.UNKNOWN, State.CUT, State.DEPENDS}:
            self.matched = True
            self.may_be_void += branch.state is State.DEPENDS
            self.unsure = self.unsure or branch.state is not State.DEPENDS or branch.leads_to_record
            return
        if branch.state is State.VOID:
            self.voids += 1
            if self.void_limit is not None and self.voids > self.void_limit:
                raise _FaultError
            return
        if record is None:
            self.matched = True  # an address may be among those found
            return
        below = iter(branch.branches)
        for mechanism in record.mechanisms:
            if mechanism.name is Name.ALL:
                self.matched = self.matched or mechanism.qualifier is Qualifier.PASS
                return
            if mechanism.queries_dns:
                self.count(next(below))  # all are there: the eleventh ends the trial long before they are cut
            else:
                self.matched = True
        for branch_of_redirect in below:
            self.count(branch_of_redirect)

    def count(self, branch: Branch) -> None:
        self.lookups += 1
        if self.lookups > LOOKUP_LIMIT:
            raise _FaultError
        self.enter(branch)


def usable(root: Branch, *, void_limit: int | None = VOID_LOOKUP_LIMIT) -> Usable:
    """Whether a receiver can use the record, as far as that can be told without a sender."""
    trial = _Trial(void_limit)
    try:
        trial.enter(root)
    except _FaultError:
        if not trial.matched:
            return Usable.NO
        return Usable.UNKNOWN if trial.unsure else Usable.FOR_SOME
    if void_limit is not None and trial.voids + trial.may_be_void > void_limit:
        return Usable.UNKNOWN
    return Usable.UNKNOWN if trial.unsure else Usable.YES


def breaking(root: Branch) -> Branch | None:
    """The term that is one too many (RFC 7208 §4.6.4), ``None`` if there are not more than ten."""
    terms = [branch for branch in root.all() if branch.term is not None]
    return terms[LOOKUP_LIMIT] if len(terms) > LOOKUP_LIMIT else None


def is_ours(trouble: Trouble) -> bool:
    """Whether a question failed for a reason that only we have."""
    return trouble in _OURS
