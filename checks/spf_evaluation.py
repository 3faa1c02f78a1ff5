"""What a receiver makes of an SPF record: ``check_host()`` of RFC 7208 §4.

What the RFC leaves to the receiver is decided here as its test suite prefers it, and said where it is. Trouble on the
network is a temperror and never blamed on the record (§4.4, §5). The findings are in ``spf``, the judgement of a record
without a sender in ``spf_tree``.
"""

from __future__ import annotations

import asyncio
import ipaddress
import time
from collections.abc import Awaitable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final, NoReturn, Protocol, TypeVar

from checks.network.answers import AAAA, MX, PTR, TXT, A, Answer, RecordType, Trouble, Txt
from checks.records.spf import (
    LOOKUP_LIMIT,
    VOID_LOOKUP_LIMIT,
    IpAddress,
    MacroString,
    MacroValues,
    Mechanism,
    Name,
    Problem,
    Qualifier,
    SpfRecord,
    Term,
    expand,
    expand_name,
    explanation,
    is_spf_record,
    parse,
)

T = TypeVar("T")

NAME_LIMIT: Final = 10
"""Names that one ``mx``, ``ptr`` or ``%{p}`` may lead to (RFC 7208 §4.6.4)."""

_MAX_NAME: Final = 253
_MAX_LABEL: Final = 63


class Ask(Protocol):
    """Something that answers DNS questions: ``Desk.dns``, for one."""

    def __call__(self, name: str, kind: RecordType[T], /) -> Awaitable[Answer[T]]:
        """Ask for one name and type."""
        ...


class SpfResult(StrEnum):
    """What ``check_host`` says (RFC 7208 §2.6)."""

    NONE = "none"
    NEUTRAL = "neutral"
    PASS = "pass"  # noqa: S105 - a word of the protocol
    FAIL = "fail"
    SOFTFAIL = "softfail"
    TEMPERROR = "temperror"
    PERMERROR = "permerror"


class Reason(StrEnum):
    """Why there is a permerror or temperror."""

    SYNTAX = "syntax"
    """A record with a syntax error (RFC 7208 §4.6)."""
    MULTIPLE_RECORDS = "multiple_records"
    """Several records at one name (§4.5)."""
    NO_RECORD = "no_record"
    """The target of an include or redirect has no record (§5.2, §6.1)."""
    LOOKUPS = "lookups"
    """More than ten terms that query DNS (§4.6.4)."""
    VOID_LOOKUPS = "void_lookups"
    """More terms that find nothing than the limit (§4.6.4)."""
    MX_NAMES = "mx_names"
    """An ``mx`` that leads to more than ten hosts (§4.6.4)."""
    NETWORK = "network"
    """A question without an answer: temperror (§4.4, §5)."""
    UNKNOWN_MACRO = "unknown_macro"
    """A macro asks for something of the message that is not known here: no result."""


@dataclass(frozen=True, kw_only=True)
class Failure:
    """Where an evaluation broke off: at which term in the record of ``domain``, ``""`` for the record itself."""

    reason: Reason
    domain: str
    term: str
    trouble: Trouble | None = None


@dataclass(frozen=True)
class Match:
    """A mechanism that matched, in the record of ``domain``."""

    term: str
    domain: str


@dataclass(frozen=True, kw_only=True)
class Visited:
    """One record that was evaluated.

    ``term`` led to it (``""`` at the root), ``result`` is ``None`` where the evaluation broke off; ``lookups`` and
    ``void_lookups`` count the terms evaluated in it and in the records below.
    """

    domain: str
    term: str
    result: SpfResult | None
    lookups: int
    void_lookups: int
    below: tuple[Visited, ...]


@dataclass(frozen=True, kw_only=True)
class Evaluation:
    """The result for one sender and how it came about, ``None`` if that depends on something unknown.

    ``matched`` leads from the term in the record (or the one it redirects to) through includes to the one that held the
    address; it is empty where nothing matched. ``explanation`` is the domain's own text for a fail, foreign words.
    ``passed_over`` is a question without an answer that the RFC lets a receiver take for "no match" (§5.5): with an
    answer, the result might be another.
    """

    result: SpfResult | None
    matched: tuple[Match, ...] = ()
    explanation: str | None = None
    failure: Failure | None = None
    passed_over: Failure | None = None
    visited: Visited
    evidence: tuple[int, ...] = ()

    @property
    def lookups(self) -> int:
        """The terms evaluated that query DNS."""
        return self.visited.lookups

    @property
    def void_lookups(self) -> int:
        """The terms among them that found nothing."""
        return self.visited.void_lookups


@dataclass(frozen=True, kw_only=True)
class Published:
    """What one name publishes: all its SPF records, and the other texts beside them."""

    answer: Answer[Txt]
    records: tuple[SpfRecord, ...]
    others: tuple[bytes, ...]

    @property
    def record(self) -> SpfRecord | None:
        """The record, where there is exactly one (RFC 7208 §4.5)."""
        return self.records[0] if len(self.records) == 1 else None

    @property
    def trouble(self) -> Trouble | None:
        """Why nothing is known. A name that cannot be asked for has no records (RFC 7208 §4.3)."""
        return None if self.answer.trouble is Trouble.BAD_NAME else self.answer.trouble


def published(answer: Answer[Txt]) -> Published:
    """Sort the texts of one name (RFC 7208 §3.3, §4.5)."""
    texts = [b"".join(record.strings) for record in answer.records]
    return Published(
        answer=answer,
        records=tuple(parse(text) for text in texts if is_spf_record(text)),
        others=tuple(text for text in texts if not is_spf_record(text)),
    )


def plain_address(text: str) -> IpAddress:
    """Read an address; an IPv4-mapped one is the IPv4 address (RFC 7208 §5).

    Raises:
        ValueError: it is none.
    """
    ip = ipaddress.ip_address(text)
    mapped = ip.ipv4_mapped if isinstance(ip, ipaddress.IPv6Address) else None
    return mapped or ip


def asked_family(ip: IpAddress) -> RecordType[str]:
    """The type of address records to ask for."""
    return A if ip.version == 4 else AAAA  # noqa: PLR2004 - IP versions


async def check_host(
    ip: str,
    domain: str,
    sender: str,
    helo: str,
    ask: Ask,
    *,
    void_limit: int | None = VOID_LOOKUP_LIMIT,
    unknown: frozenset[str] = frozenset(),
) -> Evaluation:
    """Evaluate the policy of ``domain`` for mail from ``ip`` (RFC 7208 §4.1).

    ``sender`` is the MAIL FROM address, or ``postmaster@`` and the HELO name where that is empty (§2.4). ``void_limit``
    may be ``None``, since that limit is a SHOULD (§4.6.4). ``unknown`` are macro letters whose value is not known:
    where one is needed, the evaluation ends without a result.

    Raises:
        ValueError: ``ip`` is no IP address.
    """
    evaluator = _Evaluator(
        ip=plain_address(ip), sender=sender, helo=helo, ask=ask, void_limit=void_limit, unknown=unknown
    )
    return await evaluator.run(domain)


class _BrokenOffError(Exception):
    """The evaluation has ended with a permerror or temperror."""

    def __init__(self, failure: Failure) -> None:
        super().__init__(failure)
        self.failure = failure


@dataclass
class _Visit:
    """A record while it is being evaluated."""

    domain: str
    term: str
    lookups_before: int
    voids_before: int
    below: list[_Visit] = field(default_factory=list["_Visit"])
    result: SpfResult | None = None
    lookups: int = 0
    voids: int = 0

    def frozen(self) -> Visited:
        return Visited(
            domain=self.domain,
            term=self.term,
            result=self.result,
            lookups=self.lookups,
            void_lookups=self.voids,
            below=tuple(visit.frozen() for visit in self.below),
        )


@dataclass(frozen=True)
class _Outcome:
    """What a record says, and which record of a chain of redirects it was that said it."""

    result: SpfResult | None
    matched: tuple[Match, ...] = ()
    domain: str = ""
    record: SpfRecord | None = None


_RESULTS: Final = {
    Qualifier.PASS: SpfResult.PASS,
    Qualifier.FAIL: SpfResult.FAIL,
    Qualifier.SOFTFAIL: SpfResult.SOFTFAIL,
    Qualifier.NEUTRAL: SpfResult.NEUTRAL,
}


_NO_TROUBLE: Final = (None, Trouble.BAD_NAME)
"""A name that cannot be asked for exists nowhere: no match, and no error (RFC 7208 §4.3, §4.8)."""
_BROKEN_OFF: Final = {Reason.NETWORK: SpfResult.TEMPERROR, Reason.UNKNOWN_MACRO: None}
"""The result where it is no permerror."""


class _Evaluator:
    """One evaluation: the sender, and what it has cost so far."""

    def __init__(
        self,
        *,
        ip: IpAddress,
        sender: str,
        helo: str,
        ask: Ask,
        void_limit: int | None,
        unknown: frozenset[str],
    ) -> None:
        self._ip = ip
        self._sender = sender
        self._helo = helo
        self._asker = ask
        self._void_limit = void_limit
        self._unknown = unknown
        self._lookups = 0
        self._voids = 0
        self._evidence: list[int] = []
        self._passed_over: Failure | None = None
        self._at = ("", "")  # the domain and term being evaluated

    async def run(self, domain: str) -> Evaluation:
        root = _Visit("", "", 0, 0)
        outcome, failure = _Outcome(None), None
        try:
            outcome = await self._check(domain.removesuffix("."), "", root)
        except _BrokenOffError as error:
            failure = error.failure
            outcome = _Outcome(_BROKEN_OFF.get(failure.reason, SpfResult.PERMERROR))
        return Evaluation(
            result=outcome.result,
            matched=outcome.matched,
            explanation=await self._explanation(outcome) if outcome.result is SpfResult.FAIL else None,
            failure=failure,
            passed_over=self._passed_over,
            visited=root.below[0].frozen(),
            evidence=tuple(dict.fromkeys(self._evidence)),
        )

    async def _check(self, domain: str, term: str, parent: _Visit) -> _Outcome:
        """Evaluate the record of one domain."""
        visit = _Visit(domain, term, self._lookups, self._voids)
        parent.below.append(visit)
        try:
            outcome = await self._evaluate(domain, visit)
            visit.result = outcome.result
        finally:
            visit.lookups, visit.voids = self._lookups - visit.lookups_before, self._voids - visit.voids_before
        return outcome

    async def _evaluate(self, domain: str, visit: _Visit) -> _Outcome:
        if not _well_formed(domain):  # RFC 7208 §4.3
            return _Outcome(SpfResult.NONE)
        found = published(await self._ask(domain, TXT))
        self._at = (domain, "")
        if not found.records:
            return _Outcome(SpfResult.NONE)
        record = found.record
        if record is None:
            self._break_off(Reason.MULTIPLE_RECORDS)
        if not record.usable:
            self._break_off(Reason.SYNTAX)
        for mechanism in record.mechanisms:
            self._at = (domain, mechanism.text)
            inner = await self._match(mechanism, domain, visit)
            if inner is not None:
                return _Outcome(_RESULTS[mechanism.qualifier], (Match(mechanism.text, domain), *inner), domain, record)
        if record.redirect is None:
            return _Outcome(SpfResult.NEUTRAL)  # RFC 7208 §4.7
        self._at = here = (domain, record.redirect.text)
        self._count()
        target = await self._expanded(record.redirect.value, domain)
        outcome = await self._check(target, record.redirect.text, visit)
        if outcome.result is SpfResult.NONE:  # RFC 7208 §6.1
            self._at = here
            self._break_off(Reason.NO_RECORD)
        return outcome

    # --- mechanisms

    async def _match(self, mechanism: Mechanism, domain: str, visit: _Visit) -> tuple[Match, ...] | None:
        """``None`` if a mechanism does not match, else what matched below it."""
        if mechanism.queries_dns:
            self._count()
        match mechanism.name:
            case Name.ALL:
                matches = True
            case Name.IP4 | Name.IP6:
                network = mechanism.network
                matches = network is not None and network.version == self._ip.version and self._ip in network
            case Name.INCLUDE:
                return await self._include(mechanism, domain, visit)
            case Name.A:
                matches = self._holds(await self._addresses(await self._target(mechanism, domain)), mechanism)
            case Name.MX:
                matches = await self._mx(mechanism, await self._target(mechanism, domain))
            case Name.EXISTS:  # always an IPv4 question (RFC 7208 §5.7)
                answer = await self._ask(await self._target(mechanism, domain), A)
                self._count_void(answer)
                matches = answer.found
            case _:  # the one left: ptr
                matches = await self._ptr(await self._target(mechanism, domain))
        return () if matches else None

    async def _include(self, mechanism: Mechanism, domain: str, visit: _Visit) -> tuple[Match, ...] | None:
        here = self._at
        outcome = await self._check(await self._target(mechanism, domain), mechanism.text, visit)
        self._at = here
        if outcome.result is SpfResult.NONE:  # RFC 7208 §5.2
            self._break_off(Reason.NO_RECORD)
        return outcome.matched if outcome.result is SpfResult.PASS else None

    async def _mx(self, mechanism: Mechanism, name: str) -> bool:
        answer = await self._ask(name, MX)
        self._count_void(answer)
        if len(answer.records) > NAME_LIMIT:
            self._break_off(Reason.MX_NAMES)
        hosts = [record.exchange for record in sorted(answer.records) if record.exchange]
        answers = await asyncio.gather(*(self._asker(host, asked_family(self._ip)) for host in hosts))
        # The order of the hosts is nobody's promise: one that holds the address is worth more than one that is silent.
        if any(self._holds(each, mechanism) for each in answers):
            return True
        for each in answers:
            self._answered(each)
        return False

    async def _addresses(self, name: str) -> Answer[str]:
        answer = await self._ask(name, asked_family(self._ip))
        self._count_void(answer)
        return answer

    def _holds(self, answer: Answer[str], mechanism: Mechanism) -> bool:
        prefix = mechanism.cidr4 if self._ip.version == 4 else mechanism.cidr6  # noqa: PLR2004 - IP versions
        return any(self._ip in ipaddress.ip_network((address, prefix), strict=False) for address in answer.records)

    async def _ptr(self, target: str) -> bool:
        target = target.lower()
        return any(_is_within(name, target) for name in await self._validated_names(unless_within=target))

    async def _validated_names(self, *, unless_within: str | None = None) -> list[str]:
        """The names of the address that lead back to it (RFC 7208 §5.5). DNS errors only cost their own name.

        They are noted, unless a name that did answer lies within ``unless_within``.
        """
        reverse = await self._asker(self._ip.reverse_pointer, PTR)
        names = [name.lower() for name in reverse.records[:NAME_LIMIT]]
        back = await asyncio.gather(*(self._asker(name, asked_family(self._ip)) for name in names))
        self._evidence += [reverse.evidence, *(each.evidence for each in back)]
        validated = [
            name
            for name, each in zip(names, back, strict=True)
            if any(ipaddress.ip_address(address) == self._ip for address in each.records)
        ]
        trouble = next((each.trouble for each in (reverse, *back) if each.trouble not in _NO_TROUBLE), None)
        if trouble is not None and not any(_is_within(name, unless_within or "") for name in validated):
            domain, term = self._at
            self._passed_over = Failure(reason=Reason.NETWORK, domain=domain, term=term, trouble=trouble)
        return validated

    # --- names and macros

    async def _target(self, mechanism: Mechanism, domain: str) -> str:
        return domain if mechanism.target is None else await self._expanded(mechanism.target, domain)

    async def _expanded(self, macros: MacroString, domain: str) -> str:
        if macros.letters & self._unknown:
            self._break_off(Reason.UNKNOWN_MACRO)
        return expand_name(macros, await self._values(macros, domain))

    async def _values(self, macros: MacroString, domain: str) -> MacroValues:
        return MacroValues(
            ip=self._ip,
            sender=self._sender,
            domain=domain,
            helo=self._helo,
            validated=await self._validated_for(domain) if "p" in macros.letters else "unknown",
            timestamp=int(time.time()),
        )

    async def _validated_for(self, domain: str) -> str:
        """The value of ``%{p}``: the domain itself, else a name below it, else any (RFC 7208 §7.3)."""
        names = await self._validated_names()
        domain = domain.lower()
        best = sorted(names, key=lambda name: (name != domain, not _is_within(name, domain)))
        return best[0] if best else "unknown"

    async def _explanation(self, outcome: _Outcome) -> str | None:
        """The text that ``exp`` leads to, ``None`` where anything about it is wrong (RFC 7208 §6.2)."""
        exp = outcome.record.exp if outcome.record is not None else None
        if exp is None or exp.value.letters & self._unknown:
            return None
        answer = await self._asker(await self._expanded(exp.value, outcome.domain), TXT)
        self._evidence.append(answer.evidence)
        if len(answer.records) != 1:
            return None
        macros = explanation(b"".join(answer.records[0].strings))
        if isinstance(macros, Problem) or macros.letters & self._unknown:
            return None
        return expand(macros, await self._values(macros, outcome.domain))

    # --- questions and limits

    async def _ask(self, name: str, kind: RecordType[T]) -> Answer[T]:
        return self._answered(await self._asker(name, kind))

    def _answered(self, answer: Answer[T]) -> Answer[T]:
        self._evidence.append(answer.evidence)
        if answer.trouble not in _NO_TROUBLE:
            self._break_off(Reason.NETWORK, answer.trouble)
        return answer

    def _count(self) -> None:
        self._lookups += 1
        if self._lookups > LOOKUP_LIMIT:
            self._break_off(Reason.LOOKUPS)

    def _count_void(self, answer: Answer[T]) -> None:
        """Count a term whose own question found nothing; hosts behind ``mx`` and ``ptr`` are not terms."""
        self._voids += answer.absent
        if self._void_limit is not None and self._voids > self._void_limit:
            self._break_off(Reason.VOID_LOOKUPS)

    def _break_off(self, reason: Reason, trouble: Trouble | None = None) -> NoReturn:
        domain, term = self._at
        raise _BrokenOffError(Failure(reason=reason, domain=domain, term=term, trouble=trouble))


def _well_formed(domain: str) -> bool:
    """Whether it is a name of several labels that DNS can be asked for (RFC 7208 §4.3)."""
    labels = domain.split(".")
    return len(labels) > 1 and len(domain) <= _MAX_NAME and all(0 < len(label) <= _MAX_LABEL for label in labels)


def _is_within(name: str, domain: str) -> bool:
    return name == domain or name.endswith(f".{domain}")


def target_of(term: Term) -> MacroString | None:
    """The domain-spec of a term, ``None`` where it is the domain itself."""
    return term.target if isinstance(term, Mechanism) else term.value
