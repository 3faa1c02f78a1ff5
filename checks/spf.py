"""Which servers may send mail in the name of the domain, and what a receiver makes of it.

SPF (RFC 7208) lists the servers. A receiver evaluates the record for the address that the mail comes from; a fault
anywhere in the record or in what it includes is a permerror, and the mail counts as unauthenticated, whoever sent it.

Looked at: the record of the sender's domain, everything it includes, and, if the ticket names the sending IP address,
the result for it. Two questions are kept apart: what a receiver does (PROBLEM, WARNING), and whether the record is tidy
(NOTICE). Not looked at: the HELO identity (RFC 7208 §2.3), whose name no ticket holds; whether the domain is aligned
with the From line (``dmarc``); whether the record fits the provider in use (``provider``).
"""

from __future__ import annotations

import asyncio
import ipaddress
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import TypeVar

from checks import domain, mx, spf_repair
from checks.case import Case, NotADomainError, domain_name
from checks.causes import Remedy
from checks.check import (
    Bytes,
    Check,
    Count,
    Desk,
    DomainName,
    Finding,
    HostName,
    IpAddress,
    Keyword,
    Limit,
    Outcome,
    RecordText,
)
from checks.network.answers import MX, TXT, Answer, RecordType, Status, Trouble, Txt
from checks.records.spf import (
    LOOKUP_LIMIT,
    VOID_LOOKUP_LIMIT,
    Kind,
    Mechanism,
    Name,
    NearMiss,
    Problem,
    Qualifier,
    SpfRecord,
    near_miss,
    parse,
)
from checks.records.tags import as_text
from checks.spf_evaluation import (
    NAME_LIMIT,
    Evaluation,
    Failure,
    Published,
    Reason,
    SpfResult,
    check_host,
    plain_address,
    published,
)
from checks.spf_findings import (
    SpfAllowsEveryone,
    SpfAuthorizesNobody,
    SpfBadAddress,
    SpfBadDomain,
    SpfBadMacro,
    SpfBadPrefixLength,
    SpfDependsOnMessage,
    SpfDomainNxdomain,
    SpfFail,
    SpfFound,
    SpfGluedTerms,
    SpfIncludeCarriesNoPolicy,
    SpfIncludeMultipleRecords,
    SpfIncludeNone,
    SpfIncludeSyntaxError,
    SpfIncludeUnknown,
    SpfLargeAnswer,
    SpfLongRecord,
    SpfLookalike,
    SpfLookupUnknown,
    SpfLoop,
    SpfMechanismAsModifier,
    SpfMisplaced,
    SpfMissingValue,
    SpfMultipleRecords,
    SpfNeutral,
    SpfNoAll,
    SpfNobodyMaySend,
    SpfNoMailDeclared,
    SpfNone,
    SpfNotRecognized,
    SpfOddName,
    SpfPass,
    SpfPermerror,
    SpfPolicyNeutral,
    SpfPrivateSender,
    SpfPtrUsed,
    SpfRedirectIgnored,
    SpfRedirectNone,
    SpfRepeatedModifier,
    SpfResultDepends,
    SpfSenderId,
    SpfSoftfail,
    SpfStringsRunTogether,
    SpfSyntaxError,
    SpfTemperror,
    SpfTermsAfterAll,
    SpfTooManyLookups,
    SpfTooManyLookupsForSome,
    SpfTooManyMxNames,
    SpfTooManyVoidLookups,
    SpfTreeCut,
    SpfTwoRecordsInOne,
    SpfUnknown,
    SpfUnknownMechanism,
    SpfUnknownModifier,
    SpfVoidLookup,
    SpfWideRange,
    SyntaxFault,
)
from checks.spf_tree import Branch, Known, State, Usable, breaking, is_ours, usable, walk

T = TypeVar("T")

MOST_QUESTIONS = 40
"""DNS questions that one record may cost us. A lawful record costs a receiver ten terms and the hosts behind them."""

_LONG_RECORD = 450
"""Octets (RFC 7208 §3.4)."""
_LARGE_ANSWER = 1232
"""Octets of an answer that most resolvers take over UDP; above, it has to come over TCP."""
_WIDE4, _WIDE6 = 12, 31
"""The longest prefixes called wide: a million IPv4 addresses, more than one allocation of IPv6."""
_TREE_LINES = 60
_MOST_FAULTS = 8
"""Faults of one record that are told: more are the same one again."""
_MOST_TERMS = 20
_HEAVIEST = 5
_DAMAGE = {
    State.NO_RECORD: "none",
    State.MULTIPLE_RECORDS: "permerror",
    State.SYNTAX: "permerror",
    State.TOO_MANY_NAMES: "permerror",
    State.LOOP: "loop",
    State.VOID: "void",
    State.UNKNOWN: "temperror",
    State.CUT: "…",
}
"""What stands behind a line of the tree, in the words of the RFC."""

# --- Facts -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class SpfTerm:
    """One term that queries DNS, in the order of evaluation.

    ``depth`` is 1 for the terms of the record itself; ``lookups`` counts the term and everything below it.
    """

    term: RecordText
    domain: HostName | None
    depth: int
    lookups: int
    state: State


@dataclass(frozen=True, kw_only=True)
class SpfFacts:
    """What SPF says of mail from ``domain``.

    ``record`` is ``None`` if there is none, or more than one. ``result`` and ``matched`` are for ``sender_ip`` and
    ``None`` without one, ``result`` also where it could not be told. ``lookups`` and ``void_lookups`` are the worst
    case, ``evaluated_lookups`` those for the sender; ``policy`` is the ``all`` that decides in the end.
    """

    domain: DomainName
    record: RecordText | None
    result: SpfResult | None
    sender_ip: IpAddress | None
    matched: RecordText | None
    lookups: int
    void_lookups: int
    evaluated_lookups: int | None
    policy: Keyword | None
    terms: tuple[SpfTerm, ...]


# --- Procedure -------------------------------------------------------------------------------------------------------


async def run(desk: Desk) -> Outcome[SpfFacts]:
    """Read the record and, as each name is known, what it includes; then evaluate it for the sending IP address."""
    identity = _Identity.of(desk.case)
    name = identity.domain
    asker = _Frugal(desk)
    answer = await _own(desk, name)
    asker.note(name, TXT)
    if answer.unknown:
        return Outcome(None, (SpfUnknown(domain=name, reason=answer.why, evidence=_numbers(answer)),))
    first = published(answer)
    if not first.records:
        return await _without_record(desk, identity, first)

    known = Known.of(
        plain_address(identity.ip) if identity.ip else None, identity.sender, whole_sender=identity.whole_sender
    )
    root = await walk(name, first, known, asker)
    evaluation = None
    if identity.ip is not None:
        unknown = frozenset({"h"} if identity.whole_sender else {"h", "l", "s"})
        evaluation = await check_host(identity.ip, name, identity.sender, name, asker, unknown=unknown)
        evaluation = _honest(evaluation)
    findings = [*_of_record(name, first), *_of_tree(root, evaluation), *_of_cut(root, asker)]
    if first.record is not None and first.record.usable:
        findings += _of_policy(root, first.record)
    findings += _of_answer(name, first)
    if evaluation is not None and identity.ip is not None:
        findings.append(_of_sender(name, identity.ip, evaluation))
    if identity.private_ip is not None:
        findings.append(SpfPrivateSender(domain=name, sender_ip=identity.private_ip))
    findings = [await _as_declared(desk, finding) for finding in findings]
    # The limit of void lookups is a SHOULD: where it alone is broken, many receivers can use the record.
    in_use = usable(root, void_limit=None) in {Usable.YES, Usable.UNKNOWN} and breaking(root) is None
    if first.record is not None and in_use:
        findings.insert(0, _found(identity, root, first.record))
    return Outcome(_facts(identity, root, first, evaluation), tuple(findings))


@dataclass(frozen=True, kw_only=True)
class _Identity:
    """Whose policy is evaluated: the domain of the sender's address, else the one asked about (RFC 7208 §2.4).

    ``private_ip`` is an address that was stated and that no receiver can have seen.
    """

    domain: DomainName
    sender: str
    whole_sender: bool
    ip: IpAddress | None
    private_ip: IpAddress | None

    @classmethod
    def of(cls, case: Case) -> _Identity:
        sender = _sender_domain(case)
        stated = case.sender_ip or case.target.address
        seen = stated is not None and mx.reaches_internet(stated)
        name = DomainName(sender or case.domain)
        return cls(
            domain=name,
            sender=f"{(case.sender or '').rpartition('@')[0] or 'postmaster'}@{name}",
            whole_sender=sender is not None and "@" in (case.sender or ""),
            ip=IpAddress(stated) if stated and seen else None,
            private_ip=IpAddress(stated) if stated and not seen else None,
        )


def _sender_domain(case: Case) -> str | None:
    try:
        return domain_name(case.sender.rpartition("@")[2]) if case.sender else None
    except NotADomainError:
        return None


def _applies(case: Case) -> bool:
    return case.target.domain is not None or _sender_domain(case) is not None


@dataclass
class _Frugal:
    """Asks through the desk until enough has been asked."""

    desk: Desk
    asked: set[tuple[str, str]] = field(default_factory=set[tuple[str, str]])
    left_out: set[tuple[str, str]] = field(default_factory=set[tuple[str, str]])

    def note(self, name: str, kind: RecordType[T]) -> bool:
        """Whether a question may be asked."""
        key = (name.lower(), kind.name)
        if key not in self.asked and len(self.asked) >= MOST_QUESTIONS:
            self.left_out.add(key)
            return False
        self.asked.add(key)
        return True

    async def __call__(self, name: str, kind: RecordType[T], /) -> Answer[T]:
        if not self.note(name, kind):
            return Answer(name=name, status=Status.UNKNOWN, trouble=Trouble.ENOUGH_ASKED, canonical=name)
        return await self.desk.dns(name, kind)


async def _own(desk: Desk, name: DomainName) -> Answer[Txt]:
    """Ask for the TXT records of the domain. What is wrong with the domain of the case is told by ``domain``."""
    target = desk.case.target.domain
    if target is not None and (name == target or name.endswith(f".{target}")):
        return await domain.ask(desk, name, TXT)
    return await desk.dns(name, TXT)


def _numbers(*answers: Answer[T]) -> tuple[int, ...]:
    return tuple(answer.evidence for answer in answers)


def _evidence(branches: Iterable[Branch]) -> tuple[int, ...]:
    return tuple(number for branch in branches for number in branch.evidence)


def _honest(evaluation: Evaluation) -> Evaluation:
    """Take away a result that says more of us or of chance than of the record.

    That is one that only we could not bring to an end, and one that stands because a question was passed over.
    """
    failure = evaluation.failure or evaluation.passed_over
    if failure is None or failure.trouble is None:
        return evaluation
    if evaluation.passed_over is None and not is_ours(failure.trouble):
        return evaluation
    return replace(evaluation, result=None, matched=(), explanation=None, failure=failure)


def _facts(identity: _Identity, root: Branch, first: Published, evaluation: Evaluation | None) -> SpfFacts:
    return SpfFacts(
        domain=identity.domain,
        record=RecordText(first.record.text) if first.record is not None else None,
        result=evaluation.result if evaluation is not None else None,
        sender_ip=identity.ip,
        matched=RecordText(evaluation.matched[0].term) if evaluation is not None and evaluation.matched else None,
        lookups=root.lookups,
        void_lookups=sum(branch.state is State.VOID for branch in root.all()),
        evaluated_lookups=evaluation.lookups if evaluation is not None else None,
        policy=_policy(root),
        terms=tuple(
            SpfTerm(
                term=RecordText(branch.text),
                domain=HostName(branch.domain) if branch.domain is not None else None,
                depth=depth,
                lookups=branch.cost,
                state=branch.state,
            )
            for depth, branch in root.levels()
            if depth
        ),
    )


# --- no record


async def _without_record(desk: Desk, identity: _Identity, first: Published) -> Outcome[SpfFacts]:
    name, evidence = identity.domain, _numbers(first.answer)
    facts = SpfFacts(
        domain=name,
        record=None,
        result=SpfResult.NONE if identity.ip is not None else None,
        sender_ip=identity.ip,
        matched=None,
        lookups=0,
        void_lookups=0,
        evaluated_lookups=0 if identity.ip is not None else None,
        policy=None,
        terms=(),
    )
    if first.answer.status is Status.NXDOMAIN:
        return Outcome(facts, (SpfDomainNxdomain(domain=name, evidence=evidence),))
    findings = [*_lookalikes(name, first)]
    if not any(isinstance(finding, SpfNotRecognized) for finding in findings):
        missing = await _misplaced(desk, name) or SpfNone(domain=name, evidence=evidence)
        findings.insert(0, missing)
    return Outcome(facts, (*findings, *_of_answer(name, first)))


async def _as_declared(desk: Desk, finding: Finding) -> Finding:
    """That nobody may send is as it should be where nobody does, and all the more where the domain takes no mail."""
    if not isinstance(finding, SpfAuthorizesNobody):
        return finding
    if desk.case.sender_ip is not None or desk.case.sender is not None:
        return SpfNobodyMaySend(domain=finding.domain, record=finding.record, evidence=finding.evidence)
    mail = await desk.dns(finding.domain, MX)
    if not mail.found or any(record.exchange for record in mail.records):
        return finding
    evidence = (*finding.evidence, mail.evidence)
    return SpfNoMailDeclared(domain=finding.domain, record=finding.record, evidence=evidence)


async def _misplaced(desk: Desk, name: DomainName) -> Finding | None:
    """Look where a record is put by mistake: the zone name twice, or a name like those of other records."""
    answers = await asyncio.gather(
        *(desk.dns(each, TXT) for each in (f"{name}.{name}", f"_spf.{name}", f"_dmarc.{name}"))
    )
    found = [(answer, records[0]) for answer in answers if (records := published(answer).records)]
    if not found or len(found) == len(answers):  # what is everywhere comes from a wildcard
        return None
    answer, record = found[0]
    return SpfMisplaced(
        domain=name, found_at=HostName(answer.name), record=RecordText(record.text), evidence=_numbers(answer)
    )


def _lookalikes(name: DomainName, first: Published) -> Iterator[Finding]:
    """The texts that are not SPF and look as if they were meant to be."""
    evidence = _numbers(first.answer)
    for text in map(as_text, first.others):
        flaw = near_miss(text)
        if flaw is NearMiss.SENDER_ID:
            yield SpfSenderId(domain=name, text=RecordText(text), evidence=evidence)
        elif flaw is not None and first.records:
            yield SpfLookalike(domain=name, text=RecordText(text), evidence=evidence)
        elif flaw is not None:
            yield SpfNotRecognized(
                domain=name,
                text=RecordText(text),
                flaw=Keyword(flaw.value),
                proposal=_proposal(spf_repair.recognisable(text)),
                evidence=evidence,
            )


def _proposal(text: str | None) -> RecordText | None:
    return None if text is None else RecordText(text)


def _named(terms: Iterable[str]) -> tuple[RecordText, ...]:
    """Terms to be shown, each once."""
    return tuple(RecordText(term) for term in dict.fromkeys(terms))[:_MOST_TERMS]


# --- the record itself

_FAULTS: dict[Kind, type[SyntaxFault]] = {
    Kind.UNKNOWN_MECHANISM: SpfUnknownMechanism,
    Kind.SINGLE_LABEL: SpfBadDomain,
    Kind.NUMERIC_TOP_LABEL: SpfBadDomain,
    Kind.BAD_TOP_LABEL: SpfBadDomain,
    Kind.PORT: SpfBadDomain,
    Kind.IP_FOR_DOMAIN: SpfBadDomain,
    Kind.DOMAIN_FOR_IP: SpfBadAddress,
    Kind.WRONG_FAMILY: SpfBadAddress,
    Kind.SHORT_ADDRESS: SpfBadAddress,
    Kind.LEADING_ZERO: SpfBadAddress,
    Kind.BAD_ADDRESS: SpfBadAddress,
    Kind.CIDR_OUT_OF_RANGE: SpfBadPrefixLength,
    Kind.CIDR_LEADING_ZERO: SpfBadPrefixLength,
    Kind.BAD_CIDR: SpfBadPrefixLength,
    Kind.CIDR_NOT_ALLOWED: SpfBadPrefixLength,
    Kind.MISSING_VALUE: SpfMissingValue,
    Kind.REPEATED_MODIFIER: SpfRepeatedModifier,
    Kind.BAD_MACRO: SpfBadMacro,
    Kind.UNKNOWN_MACRO_LETTER: SpfBadMacro,
    Kind.MACRO_ONLY_IN_EXP: SpfBadMacro,
    Kind.ZERO_PARTS: SpfBadMacro,
}
"""The codes of the kinds of syntax errors; the others are ``SPF_SYNTAX_ERROR``."""


def _of_record(name: DomainName, first: Published) -> Iterator[Finding]:
    """What is wrong with the record as it stands."""
    evidence = _numbers(first.answer)
    record = first.record
    if record is None:
        joined = spf_repair.merged(first.records)
        obstacle = "unsure" if joined is None else "too_long" if len(joined) > _LONG_RECORD else None
        yield SpfMultipleRecords(
            domain=name,
            records=tuple(RecordText(each.text) for each in first.records),
            proposal=_proposal(joined) if obstacle is None else None,
            obstacle=None if obstacle is None else Keyword(obstacle),
            evidence=evidence,
        )
        return
    yield from _lookalikes(name, first)
    problems = record.problems
    spaced = next((text for text in map(_with_space, first.answer.records) if text is not None), None)
    if spaced is not None:
        yield SpfStringsRunTogether(domain=name, proposal=RecordText(spaced), evidence=evidence)
        left = {problem.term for problem in parse(spaced).problems}
        problems = tuple(problem for problem in problems if problem.term in left)
    proposal = _proposal(spf_repair.corrected(record)) if spaced is None else None
    told: set[int] = set()
    rank = {Kind.GLUED_TERMS: 1}  # errors first, then what explains the other oddities of a term
    for problem in sorted(problems, key=lambda each: (0 if each.permerror else rank.get(each.kind, 2), each.offset)):
        # One fault of a term is enough; what is lawful and odd about it follows from that.
        start = record.text.rfind(" ", 0, problem.offset) + 1
        if (
            start not in told
            and len(told) < _MOST_FAULTS
            and (finding := _of_problem(name, problem, proposal, evidence)) is not None
        ):
            told.add(start)
            yield finding
    yield from _of_order(name, record, evidence)


def _with_space(record: Txt) -> str | None:
    whole = parse(b"".join(record.strings))
    return spf_repair.with_space(record.strings, whole) if whole.terms or whole.problems else None


def _of_problem(
    name: DomainName, problem: Problem, proposal: RecordText | None, evidence: tuple[int, ...]
) -> Finding | None:
    term = RecordText(problem.term)
    if problem.permerror:
        return _FAULTS.get(problem.kind, SpfSyntaxError)(
            domain=name,
            term=term,
            part=RecordText(problem.part),
            position=Count(problem.offset + 1),
            fault=Keyword(problem.kind.value),
            proposal=proposal,
            evidence=evidence,
        )
    match problem.kind:
        case Kind.MECHANISM_AS_MODIFIER:
            return SpfMechanismAsModifier(domain=name, term=term, proposal=proposal, evidence=evidence)
        case Kind.GLUED_TERMS:
            return SpfGluedTerms(domain=name, term=term, proposal=proposal, evidence=evidence)
        case Kind.REPEATED_VERSION:
            return SpfTwoRecordsInOne(domain=name, evidence=evidence)
        case Kind.UNKNOWN_MODIFIER:
            return SpfUnknownModifier(domain=name, term=term, evidence=evidence)
        case Kind.UNASKABLE_NAME | Kind.ODD_NAME:
            return SpfOddName(domain=name, term=term, evidence=evidence)
        case Kind.PTR_USED:
            return SpfPtrUsed(domain=name, term=term, evidence=evidence)
        case Kind.REDIRECT_WITH_ALL:
            return SpfRedirectIgnored(domain=name, term=term, evidence=evidence)
        case _:
            return None  # AFTER_ALL is told once for all of them


def _of_order(name: DomainName, record: SpfRecord, evidence: tuple[int, ...]) -> Iterator[Finding]:
    late = _named(problem.term for problem in record.problems if problem.kind is Kind.AFTER_ALL)
    if late:
        proposal = _proposal(spf_repair.with_all_last(record))
        yield SpfTermsAfterAll(domain=name, terms=late, proposal=proposal, evidence=evidence)


# --- the tree


def _of_tree(root: Branch, evaluation: Evaluation | None) -> Iterator[Finding]:
    """What is wrong with what the record leads to."""
    name = DomainName(root.holder)
    if (last := breaking(root)) is not None:
        passes = evaluation is not None and evaluation.result is SpfResult.PASS
        too_many = SpfTooManyLookupsForSome if passes else SpfTooManyLookups
        yield too_many(
            domain=name,
            lookups=Count(root.lookups),
            limit=Limit(LOOKUP_LIMIT),
            term=RecordText(last.text),
            holder=DomainName(last.holder),
            evaluated=None if evaluation is None or evaluation.failure else Count(evaluation.lookups),
            heaviest=_heaviest(root),
            tree=_lines(root),
            evidence=_evidence(root.all()),
        )
    below = [branch for branch in root.all() if branch.term is not None]
    told: set[tuple[str, str | None]] = set()
    for branch in below:
        if (branch.text, branch.domain) not in told and (finding := _of_branch(branch)) is not None:
            told.add((branch.text, branch.domain))
            yield finding
    yield from _of_leaves(root, below)


def _of_branch(branch: Branch) -> Finding | None:
    holder, term = DomainName(branch.holder), RecordText(branch.text)
    target = HostName(branch.domain or "")
    evidence = _evidence([branch])
    match branch.state:
        case State.NO_RECORD if not isinstance(branch.term, Mechanism):
            return SpfRedirectNone(holder=holder, term=term, target=target, evidence=evidence)
        case State.NO_RECORD:
            exists = Keyword("no" if branch.status is Status.NXDOMAIN else "yes")
            return SpfIncludeNone(holder=holder, term=term, target=target, exists=exists, evidence=evidence)
        case State.MULTIPLE_RECORDS:
            return SpfIncludeMultipleRecords(holder=holder, term=term, target=target, evidence=evidence)
        case State.SYNTAX if (problem := branch.problem) is not None:
            return SpfIncludeSyntaxError(
                holder=holder,
                term=term,
                target=target,
                wrong=RecordText(problem.term or problem.part),
                position=Count(problem.offset + 1),
                evidence=evidence,
            )
        case State.LOOP:
            return SpfLoop(holder=holder, term=term, target=target, evidence=evidence)
        case State.TOO_MANY_NAMES:
            return SpfTooManyMxNames(
                holder=holder, term=term, names=Count(branch.names), limit=Limit(NAME_LIMIT), evidence=evidence
            )
        case State.UNKNOWN if branch.leads_to_record and branch.trouble is not None:
            return SpfIncludeUnknown(holder=holder, term=term, target=target, reason=branch.trouble, evidence=evidence)
        case _:
            return None


def _of_leaves(root: Branch, below: list[Branch]) -> Iterator[Finding]:
    """What the terms for addresses lead to, one finding for each kind of thing."""
    name = DomainName(root.holder)
    void = [branch for branch in below if branch.state is State.VOID]
    terms = _named(branch.text for branch in void)
    if len(void) > VOID_LOOKUP_LIMIT:
        yield SpfTooManyVoidLookups(
            domain=name,
            terms=terms,
            void_lookups=Count(len(void)),
            limit=Limit(VOID_LOOKUP_LIMIT),
            evidence=_evidence(void),
        )
    elif void:
        yield SpfVoidLookup(domain=name, terms=terms, evidence=_evidence(void))
    silent: dict[Trouble, list[Branch]] = {}
    for branch in below:
        if branch.state is State.UNKNOWN and branch.trouble is not None and not branch.leads_to_record:
            silent.setdefault(branch.trouble, []).append(branch)
    for trouble, those in silent.items():
        terms = _named(branch.text for branch in those)
        yield SpfLookupUnknown(domain=name, terms=terms, reason=trouble, evidence=_evidence(those))
    depending = [branch for branch in below if branch.state is State.DEPENDS and branch.domain is None]
    if depending:
        terms = _named(branch.text for branch in depending)
        above = [branch for branch in root.all() if not {*branch.branches}.isdisjoint(depending)]
        yield SpfDependsOnMessage(domain=name, terms=terms, evidence=_evidence(above))


def _of_cut(root: Branch, asker: _Frugal) -> Iterator[Finding]:
    every = [*root.all()]
    silent = (branch.text for branch in every if branch.state is State.CUT)
    cut = _named((*silent, *(term.text for branch in every for term in branch.unseen)))
    if cut:
        yield SpfTreeCut(domain=DomainName(root.holder), asked=Count(len(asker.asked)), left_out=cut)


def _heaviest(root: Branch) -> tuple[RecordText, ...]:
    """The terms of the record itself that cost most, with their number: those are what its owner can change."""
    ordered = sorted(root.branches, key=lambda branch: -branch.cost)
    return tuple(RecordText(f"{branch.text} ({branch.cost})") for branch in ordered[:_HEAVIEST])


def _lines(root: Branch) -> tuple[RecordText, ...]:
    """The whole tree: a line a term with the lookups it costs, indented by depth."""
    lines = [
        RecordText(f"{'  ' * depth}{branch.text} {branch.cost} {_DAMAGE.get(branch.state, '')}".rstrip())
        for depth, branch in root.levels()
    ]
    return tuple(lines) if len(lines) <= _TREE_LINES else (*lines[:_TREE_LINES], RecordText("…"))


# --- policy and size


def _policy_record(root: Branch) -> SpfRecord | None:
    """The record whose end decides: that of the last redirect."""
    record = root.record
    if record is None or record.all is not None or record.redirect is None:
        return record
    last = root.branches[-1] if root.branches else None
    return _policy_record(last) if last is not None and last.term is record.redirect else None


def _policy(root: Branch) -> Keyword | None:
    record = _policy_record(root)
    if record is None or record.all is None:
        return None
    return Keyword(f"{record.all.qualifier.value}all")


_RESULT_OF = {None: "none", "-all": "fail", "~all": "softfail", "?all": "neutral", "+all": "pass"}
"""What becomes of mail from servers that are not listed."""


def _found(identity: _Identity, root: Branch, record: SpfRecord) -> SpfFound:
    return SpfFound(
        domain=identity.domain,
        record=RecordText(record.text),
        policy=Keyword(_RESULT_OF[_policy(root)]),
        lookups=Count(root.lookups),
        limit=Limit(LOOKUP_LIMIT),
        sender_ip=identity.ip,
        evidence=_evidence(root.all()),
    )


def _of_policy(root: Branch, record: SpfRecord) -> Iterator[Finding]:
    """How much the record says: who may send, and what is said of the others."""
    name, evidence = DomainName(root.holder), _evidence(root.all())
    everyone = {(branch.domain, term) for branch in root.all() for term in _everyone(branch.record)}
    for holder, term in sorted(everyone, key=str):
        yield SpfAllowsEveryone(holder=DomainName(holder or ""), term=RecordText(term), evidence=evidence)
    closed = record.all is not None and record.all.qualifier in {Qualifier.FAIL, Qualifier.SOFTFAIL}
    if closed and record.mechanisms[0] is record.all:
        yield SpfAuthorizesNobody(domain=name, record=RecordText(record.text), evidence=evidence)
    last = _policy_record(root)
    if last is not None and (last.all is None or last.all.qualifier is Qualifier.NEUTRAL):
        policy = SpfNoAll if last.all is None else SpfPolicyNeutral
        yield policy(domain=name, evidence=evidence)
        strict = _named(
            branch.text
            for branch in root.branches
            if isinstance(branch.term, Mechanism)
            and branch.record is not None
            and branch.record.all is not None
            and branch.record.all.qualifier in {Qualifier.FAIL, Qualifier.SOFTFAIL}
        )
        if strict:
            yield SpfIncludeCarriesNoPolicy(domain=name, terms=strict, evidence=evidence)
    wide = _named(mechanism.text for mechanism in _tested(record) if _is_wide(mechanism))
    if wide:
        yield SpfWideRange(domain=name, terms=wide, evidence=evidence)


def _tested(record: SpfRecord) -> tuple[Mechanism, ...]:
    """The mechanisms that an evaluation can reach."""
    if record.all is None:
        return record.mechanisms
    return record.mechanisms[: record.mechanisms.index(record.all) + 1]


def _everyone(record: SpfRecord | None) -> Iterator[str]:
    """The terms with which every address of one family passes."""
    for mechanism in _tested(record) if record is not None and record.usable else ():
        every = mechanism.name is Name.ALL or (mechanism.network is not None and mechanism.network.prefixlen == 0)
        if every and mechanism.qualifier is Qualifier.PASS:
            yield mechanism.text


def _is_wide(mechanism: Mechanism) -> bool:
    if mechanism.qualifier is not Qualifier.PASS:
        return False
    network = mechanism.network
    if network is not None:
        return 0 < network.prefixlen <= (_WIDE4 if isinstance(network, ipaddress.IPv4Network) else _WIDE6)
    return mechanism.cidr4 <= _WIDE4 or mechanism.cidr6 <= _WIDE6


def _of_answer(name: DomainName, first: Published) -> Iterator[Finding]:
    """Whether the records are so long that they may not arrive."""
    evidence = _numbers(first.answer)
    longest = max((len(record.text) for record in first.records), default=0)
    if longest > _LONG_RECORD:
        yield SpfLongRecord(domain=name, size=Bytes(longest), advised=Bytes(_LONG_RECORD), evidence=evidence)
    # RFC 1035 §4.1: header, question, then each record with a compressed name; the OPT record of EDNS at the end.
    strings = [string for record in first.answer.records for string in record.strings]
    size = 12 + len(name) + 6 + 12 * len(first.answer.records) + sum(len(string) + 1 for string in strings) + 11
    if size > _LARGE_ANSWER:
        yield SpfLargeAnswer(domain=name, size=Bytes(size), evidence=evidence)


# --- the sender


def _of_sender(name: DomainName, ip: IpAddress, evaluation: Evaluation) -> Finding:
    """What a receiver says of the sending IP address."""
    evidence = evaluation.evidence
    if evaluation.failure is not None:
        return _of_failure(name, ip, evaluation.failure, evidence)
    terms = [RecordText(match.term) for match in evaluation.matched]
    match evaluation.result:
        case SpfResult.PASS:
            through = terms[-1] if len(terms) > 1 else None
            return SpfPass(domain=name, sender_ip=ip, term=terms[0], through=through, evidence=evidence)
        case SpfResult.FAIL:
            explanation = _proposal(evaluation.explanation)
            return SpfFail(domain=name, sender_ip=ip, term=terms[0], explanation=explanation, evidence=evidence)
        case SpfResult.SOFTFAIL:
            return SpfSoftfail(domain=name, sender_ip=ip, term=terms[0], evidence=evidence)
        case _:
            return SpfNeutral(domain=name, sender_ip=ip, term=terms[0] if terms else None, evidence=evidence)


def _of_failure(name: DomainName, ip: IpAddress, failure: Failure, evidence: tuple[int, ...]) -> Finding:
    term = RecordText(failure.term) if failure.term else None
    if failure.trouble is not None:
        return SpfTemperror(domain=name, sender_ip=ip, term=term, reason=failure.trouble, evidence=evidence)
    if failure.reason is Reason.UNKNOWN_MACRO:
        return SpfResultDepends(domain=name, sender_ip=ip, term=RecordText(failure.term), evidence=evidence)
    return SpfPermerror(domain=name, sender_ip=ip, holder=DomainName(failure.domain), term=term, evidence=evidence)


CHECK: Check[SpfFacts] = Check(
    name="spf",
    remedy=Remedy.DNS,
    applies=_applies,
    needs=(domain.CHECK,),
    findings=(
        SpfFound,
        SpfPass,
        SpfFail,
        SpfSoftfail,
        SpfNeutral,
        SpfPermerror,
        SpfTemperror,
        SpfResultDepends,
        SpfPrivateSender,
        SpfNone,
        SpfMisplaced,
        SpfDomainNxdomain,
        SpfMultipleRecords,
        SpfNotRecognized,
        SpfLookalike,
        SpfSenderId,
        SpfStringsRunTogether,
        SpfSyntaxError,
        SpfUnknownMechanism,
        SpfBadDomain,
        SpfBadAddress,
        SpfBadPrefixLength,
        SpfMissingValue,
        SpfRepeatedModifier,
        SpfBadMacro,
        SpfTooManyLookups,
        SpfTooManyLookupsForSome,
        SpfTooManyMxNames,
        SpfTooManyVoidLookups,
        SpfVoidLookup,
        SpfIncludeNone,
        SpfRedirectNone,
        SpfIncludeMultipleRecords,
        SpfIncludeSyntaxError,
        SpfLoop,
        SpfIncludeUnknown,
        SpfLookupUnknown,
        SpfTreeCut,
        SpfMechanismAsModifier,
        SpfTwoRecordsInOne,
        SpfGluedTerms,
        SpfTermsAfterAll,
        SpfRedirectIgnored,
        SpfUnknownModifier,
        SpfOddName,
        SpfPtrUsed,
        SpfDependsOnMessage,
        SpfAllowsEveryone,
        SpfAuthorizesNobody,
        SpfNobodyMaySend,
        SpfNoMailDeclared,
        SpfPolicyNeutral,
        SpfNoAll,
        SpfIncludeCarriesNoPolicy,
        SpfWideRange,
        SpfLongRecord,
        SpfLargeAnswer,
        SpfUnknown,
    ),
    budget=12.0,
    rfcs=("RFC 7208",),
    run=run,
)
