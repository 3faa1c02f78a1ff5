"""What the domain asks receivers to do with mail that fails, and whether they see it.

DMARC ties SPF and DKIM to the address people see: mail passes if one of the two passed for a domain that belongs to
that of From. The big receivers ask bulk senders for a record; what the record says about failing mail they mostly do.
A receiver looks at ``_dmarc`` under the author domain, then walks up the tree, at most eight questions in all
(RFC 9989 §4.10). Receivers of the older RFC 7489 use the Public Suffix List instead and ask in two places only.

Looked at: the record that applies, where it was found, the policy in effect, what is wrong with the record, where
reports go and whether they may and can go there; and, if the ticket names the sending IP address, whether SPF can carry
its mail. Not looked at: whether a message is signed and aligned (that needs the message; ``message``), and what
receivers do on their own account.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any, Final

from checks import domain, spf
from checks.case import Case, NotADomainError, domain_name
from checks.causes import Cause, Remedy
from checks.check import (
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
    Severity,
)
from checks.network.answers import AAAA, MX, SOA, TXT, A, Answer, Mx, Status, Trouble, Txt
from checks.records.dmarc import (
    DmarcRecord,
    Kind,
    Policy,
    Problem,
    PublicSuffix,
    Scope,
    is_dmarc_record,
    near_miss,
    parse,
)
from checks.records.tags import as_text
from checks.spf_evaluation import SpfResult
from checks.suffixes import registered_domain

MOST_QUERIES: Final = 8
"""Questions of one tree walk (RFC 9989 §4.10)."""
MOST_DESTINATIONS: Final = 5
"""Domains that reports go to which are looked at."""
_ALIKE: Final = 0.7
"""How much of a misspelt policy must be that of a real one: ``rejct`` is, ``block`` is not."""
_UNSURE: Final = frozenset({None, SpfResult.PASS, SpfResult.TEMPERROR})
"""Results of SPF from which it does not follow that mail cannot pass DMARC by it."""
_PROBE: Final = "mailcheck-no-such-name"
"""A name nobody has: what answers for it is a wildcard (RFC 4592 §2.1.1)."""

# --- Facts -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class DmarcFacts:
    """What a receiver of RFC 9989 applies to mail from ``domain``.

    ``record`` and its ``source`` are ``None`` where no record applies, ``policy`` (in effect, after ``t=y``) also where
    the record comes to nothing. ``adkim``, ``aspf`` (``r`` or ``s``) and ``organizational_domain`` are what alignment
    needs (§4.4); the last is ``None`` where it could not be told.
    """

    domain: DomainName
    record: RecordText | None
    source: DomainName | None
    policy: Keyword | None
    adkim: Keyword
    aspf: Keyword
    organizational_domain: DomainName | None


# --- Findings: the policy --------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class DmarcFound(Finding, severity=Severity.OK):
    """The author domain has a record of its own; ``policy`` is what it comes to."""

    domain: DomainName
    policy: Keyword


@dataclass(frozen=True, kw_only=True)
class DmarcInherited(Finding, severity=Severity.OK):
    """A record above the author domain applies (RFC 9989 §4.10.1); ``tag`` is the one that gives the policy."""

    domain: DomainName
    source: DomainName
    tag: Keyword
    policy: Keyword


@dataclass(frozen=True, kw_only=True)
class DmarcMissing(Finding, severity=Severity.WARNING, cause=Cause.DOMAIN_AUTH):
    """There is no record for the author domain, and nothing that was meant as one was seen."""

    domain: DomainName
    publish_at: DomainName


@dataclass(frozen=True, kw_only=True)
class DmarcMisplaced(Finding, severity=Severity.WARNING, cause=Cause.DOMAIN_AUTH):
    """A record stands where no receiver looks: at the domain itself, or at a name with the zone name doubled."""

    domain: DomainName
    found_at: HostName
    record: RecordText


@dataclass(frozen=True, kw_only=True)
class DmarcNotRecognised(Finding, severity=Severity.WARNING, cause=Cause.DOMAIN_AUTH):
    """A text meant as a record does not begin with ``v=DMARC1`` and is passed over (RFC 9989 §4.7)."""

    source: DomainName
    record: RecordText
    flaw: Keyword
    meant: RecordText | None


@dataclass(frozen=True, kw_only=True)
class DmarcMultipleRecords(Finding, severity=Severity.WARNING, cause=Cause.DOMAIN_AUTH):
    """There are several records at one name, and all are discarded (RFC 9989 §4.10).

    By the letter the walk then goes on and comes to ``policy``; other receivers stop and apply none.
    """

    source: DomainName
    records: Count
    policy: Keyword | None


@dataclass(frozen=True, kw_only=True)
class DmarcAliasDangling(Finding, severity=Severity.WARNING, cause=Cause.DOMAIN_AUTH):
    """The ``_dmarc`` name is a CNAME for something that is not there."""

    source: DomainName
    canonical: HostName


@dataclass(frozen=True, kw_only=True)
class DmarcAuthorNxdomain(Finding, severity=Severity.WARNING, cause=Cause.DOMAIN_AUTH):
    """The author domain does not exist, which is when ``np`` applies (RFC 9989 §3.2.13)."""

    domain: DomainName


@dataclass(frozen=True, kw_only=True)
class DmarcUnknown(Finding, severity=Severity.UNKNOWN):
    """A question that decides about the policy was not answered: what a receiver then does is its own choice."""

    name: HostName
    reason: Trouble


@dataclass(frozen=True, kw_only=True)
class DmarcOrganizationUnknown(Finding, severity=Severity.UNKNOWN):
    """The policy is known, and a question further up was not answered, so the organizational domain is not."""

    name: HostName
    reason: Trouble


@dataclass(frozen=True, kw_only=True)
class DmarcRestsOnDkim(Finding, severity=Severity.WARNING, cause=Cause.DOMAIN_AUTH):
    """Mail from the sending IP address gets no SPF pass: without a signature of the domain the policy is applied.

    ``policy`` is that in effect, ``spf`` the result of SPF (RFC 9989 §4.4).
    """

    domain: DomainName
    sender_ip: IpAddress
    policy: Keyword
    spf: Keyword


@dataclass(frozen=True, kw_only=True)
class DmarcOldReceiversDiffer(Finding, severity=Severity.NOTICE):
    """Receivers that go by RFC 7489 and the Public Suffix List come to another record or policy."""

    domain: DomainName
    source: DomainName | None
    policy: Keyword | None
    old_source: DomainName | None
    old_policy: Keyword | None


@dataclass(frozen=True, kw_only=True)
class DmarcUnrelatedText(Finding, severity=Severity.NOTICE):
    """A TXT record at the ``_dmarc`` name has nothing to do with DMARC and is discarded (RFC 9989 §4.10)."""

    source: DomainName
    text: RecordText


@dataclass(frozen=True, kw_only=True)
class DmarcWildcardText(Finding, severity=Severity.NOTICE):
    """The text at the ``_dmarc`` name comes from a wildcard."""

    source: DomainName
    text: RecordText


# --- Findings: the record --------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class _OfRecord(Finding, severity=Severity.NOTICE):
    source: DomainName


@dataclass(frozen=True, kw_only=True)
class _Flaw(_OfRecord, severity=Severity.NOTICE):
    part: RecordText
    """The first place where it is so."""


@dataclass(frozen=True, kw_only=True)
class DmarcNoUsablePolicy(_OfRecord, severity=Severity.WARNING, cause=Cause.DOMAIN_AUTH):
    """No valid policy and no valid ``rua``: receivers do as if there were no record (RFC 9989 §4.10.1).

    ``part`` is a policy that does not exist, if there is one, and ``meant`` the record with the word it is close to.
    """

    part: RecordText | None
    meant: RecordText | None


class DmarcPolicyMissing(_OfRecord, severity=Severity.WARNING, cause=Cause.DOMAIN_AUTH):
    """There is no ``p``: it counts as ``none``, and older receivers may not take the record (RFC 9989 §4.10.1)."""


@dataclass(frozen=True, kw_only=True)
class DmarcPolicyInvalid(_Flaw, severity=Severity.WARNING, cause=Cause.DOMAIN_AUTH):
    """``p``, ``sp`` or ``np`` has a value that does not exist: the whole record counts as ``p=none`` (§4.10.1).

    ``meant`` is the record with the word it is close to, if there is one.
    """

    meant: RecordText | None


@dataclass(frozen=True, kw_only=True)
class DmarcPolicyNone(_OfRecord, severity=Severity.NOTICE):
    """The policy is ``none``: failing mail is only reported."""


@dataclass(frozen=True, kw_only=True)
class DmarcSubdomainsOpen(_OfRecord, severity=Severity.NOTICE):
    """The domain is protected, and its subdomains are not: ``sp`` (or ``np``) is ``none``."""

    policy: Keyword
    tag: Keyword


class DmarcSubdomainTagsUnused(_OfRecord, severity=Severity.NOTICE):
    """``sp`` or ``np`` in a record that is not that of an organizational domain has no effect (RFC 9989 §4.7)."""


@dataclass(frozen=True, kw_only=True)
class DmarcTesting(_OfRecord, severity=Severity.NOTICE):
    """``t=y``: receivers are asked for one level less (RFC 9989 §4.7)."""

    published: Keyword
    policy: Keyword


@dataclass(frozen=True, kw_only=True)
class DmarcPct(_OfRecord, severity=Severity.NOTICE):
    """``pct`` below 100: ignored now, honoured by older receivers (RFC 9989 appendix A.6)."""

    pct: Count
    policy: Keyword


class DmarcRemovedTag(_Flaw, severity=Severity.NOTICE):
    """``pct=100``, ``rf`` or ``ri``: RFC 9989 took them out (appendix C.5.2)."""


class DmarcUnknownTag(_Flaw, severity=Severity.NOTICE):
    """A tag that does not exist is ignored (RFC 9989 §4.7)."""


@dataclass(frozen=True, kw_only=True)
class DmarcInvalidValue(_Flaw, severity=Severity.NOTICE):
    """A value that does not exist is replaced by the default (RFC 9989 §4.7)."""

    tag: RecordText
    default: Keyword


class DmarcBadTag(_Flaw, severity=Severity.NOTICE):
    """Something that is no ``tag=value`` (RFC 9989 §4.8)."""


class DmarcDuplicateTag(_Flaw, severity=Severity.WARNING, cause=Cause.DOMAIN_AUTH):
    """A tag occurs twice, and receivers differ in what they make of it."""


class DmarcEmptyTag(_OfRecord, severity=Severity.NOTICE):
    """Two semicolons in a row (RFC 9989 §4.8)."""


class DmarcTagsGlued(_Flaw, severity=Severity.WARNING, cause=Cause.DOMAIN_AUTH):
    """The semicolon between two tags is missing, so the second became part of the first (RFC 9989 §4.8)."""


class DmarcSemicolonInList(_Flaw, severity=Severity.NOTICE):
    """A semicolon between two report addresses: the second gets nothing (RFC 9989 §4.8)."""


class DmarcEscapedSemicolon(_OfRecord, severity=Severity.WARNING, cause=Cause.DOMAIN_AUTH):
    """A backslash before a semicolon became part of a value."""


class DmarcFoWithoutRuf(_OfRecord, severity=Severity.NOTICE):
    """``fo`` without ``ruf`` is ignored (RFC 9989 §4.7)."""


@dataclass(frozen=True, kw_only=True)
class DmarcOwnOrganization(_OfRecord, severity=Severity.NOTICE):
    """``psd=n`` makes a subdomain an organization of its own: what passed for ``parent`` does not align with it."""

    parent: DomainName


class DmarcClaimsPublicSuffix(_OfRecord, severity=Severity.WARNING, cause=Cause.DOMAIN_AUTH):
    """``psd=y`` at a domain that is no public suffix: each subdomain stands alone (RFC 9989 §4.10.2)."""


# --- Findings: reports -----------------------------------------------------------------------------------------------


class DmarcNoReports(_OfRecord, severity=Severity.NOTICE):
    """There is no ``rua``: nobody learns who sends mail as the domain."""


class DmarcReportAddressInvalid(_Flaw, severity=Severity.NOTICE):
    """A report address is no ``mailto:`` with a mail address (RFC 9989 §4.7)."""


class DmarcReportScheme(_Flaw, severity=Severity.NOTICE):
    """A report address is no ``mailto:``, which receivers need not support (RFC 9989 §4.7)."""


class DmarcReportSizeLimit(_Flaw, severity=Severity.NOTICE):
    """``!size`` behind a report address is obsolete (RFC 9989 §4.8)."""


@dataclass(frozen=True, kw_only=True)
class DmarcReportNotAuthorized(_OfRecord, severity=Severity.NOTICE):
    """Reports go to another organization that has not agreed to it: none are sent (RFC 9990 §4)."""

    destination: DomainName


@dataclass(frozen=True, kw_only=True)
class DmarcReportUndeliverable(_OfRecord, severity=Severity.NOTICE):
    """Reports go to a domain that takes no mail."""

    destination: DomainName


@dataclass(frozen=True, kw_only=True)
class DmarcReportUnknown(_OfRecord, severity=Severity.UNKNOWN):
    """Whether reports may and can go there could not be told."""

    destinations: tuple[DomainName, ...]
    reason: Trouble


@dataclass(frozen=True, kw_only=True)
class DmarcReportsNotAllChecked(_OfRecord, severity=Severity.NOTICE):
    """Reports go to more domains than are looked at."""

    left_out: Count
    limit: Limit


_OF_FLAW: Final[dict[Kind, type[_Flaw]]] = {
    Kind.BAD_TAG: DmarcBadTag,
    Kind.DUPLICATE_TAG: DmarcDuplicateTag,
    Kind.GLUED_TAGS: DmarcTagsGlued,
    Kind.SEMICOLON_IN_LIST: DmarcSemicolonInList,
    Kind.UNKNOWN_TAG: DmarcUnknownTag,
    Kind.NOT_A_URI: DmarcReportAddressInvalid,
    Kind.BAD_ADDRESS: DmarcReportAddressInvalid,
    Kind.OTHER_SCHEME: DmarcReportScheme,
    Kind.SIZE_LIMIT: DmarcReportSizeLimit,
}
_OF_RECORD: Final[dict[Kind, type[_OfRecord]]] = {
    Kind.MISSING_POLICY: DmarcPolicyMissing,
    Kind.EMPTY_TAG: DmarcEmptyTag,
    Kind.ESCAPED_SEMICOLON: DmarcEscapedSemicolon,
    Kind.FO_WITHOUT_RUF: DmarcFoWithoutRuf,
}


# --- The author domain -----------------------------------------------------------------------------------------------


def author_domain(case: Case) -> DomainName:
    """The domain of From (RFC 9989 §3.2.2): that of the sender's address if the ticket gives one, else the target.

    Raises:
        ValueError: the case says nothing of a domain that mail is from.
    """
    if case.sender is not None:
        try:
            return DomainName(domain_name(case.sender.rpartition("@")[2]))
        except NotADomainError:
            pass  # an address literal has no records; what is left is the target
    return DomainName(case.domain)


def has_author_domain(case: Case) -> bool:
    """Whether the case says what domain mail is from."""
    try:
        author_domain(case)
    except ValueError:
        return False
    return True


async def leave_to_domain(desk: Desk, name: str) -> None:
    """Leave to ``domain`` what that check tells: wait for it where ``name``, asked for already, proves nothing.

    Raises:
        FactsMissing: the domain of the case does not exist, or ``domain`` could not tell either.
    """
    target = desk.case.target.domain
    if target is not None and f".{name}".endswith(f".{target}"):
        await domain.ask(desk, name, TXT)


# --- The tree walk ---------------------------------------------------------------------------------------------------


def walk(name: str) -> tuple[DomainName, ...]:
    """The names whose ``_dmarc`` a receiver asks for, in order: the name itself, then upwards (RFC 9989 §4.10)."""
    labels = name.split(".")
    above = labels[-min(len(labels) - 1, MOST_QUERIES - 1) :] if len(labels) > 1 else []
    return (DomainName(name), *(DomainName(".".join(above[start:])) for start in range(len(above))))


@dataclass(frozen=True, kw_only=True)
class Place:
    """What one question of the walk found: ``record`` where there is exactly one (§4.10, steps 2 and 6)."""

    domain: DomainName
    answer: Answer[Txt]
    texts: tuple[bytes, ...]
    records: tuple[bytes, ...]
    record: DmarcRecord | None

    @classmethod
    def of(cls, name: DomainName, answer: Answer[Txt]) -> Place:
        """Sort what was answered."""
        texts = _texts(answer)
        records = tuple(text for text in texts if is_dmarc_record(text))
        record = parse(records[0]) if len(records) == 1 else None
        return cls(domain=name, answer=answer, texts=texts, records=records, record=record)


@dataclass(frozen=True, kw_only=True)
class Walk:
    """The walk from the author domain up to where it ends: at a ``psd`` that says so, or at the top.

    For alignment the same walk is made from the domain that SPF or DKIM vouches for (RFC 9989 §4.10.2).
    """

    places: tuple[Place, ...]

    @classmethod
    def of(cls, asked: Iterable[Place]) -> Walk:
        """Walk over the answers for every name of ``walk``."""
        places: list[Place] = []
        for place in asked:
            places.append(place)
            if place.record is not None and place.record.psd is not PublicSuffix.UNKNOWN:
                break
        return cls(places=tuple(places))

    @property
    def author(self) -> Place:
        """Where the walk began."""
        return self.places[0]

    @property
    def evidence(self) -> tuple[int, ...]:
        """What it rests on."""
        return tuple(place.answer.evidence for place in self.places)

    @property
    def untold(self) -> Place | None:
        """The first place that could not be told."""
        return next((place for place in self.places if place.answer.unknown), None)

    @property
    def organizational_domain(self) -> DomainName:
        """By the rules of RFC 9989 §4.10.2."""
        found = [place for place in self.places if place.record is not None]
        for place in found:
            psd = place.record.psd if place.record is not None else PublicSuffix.UNKNOWN
            if psd is PublicSuffix.NO:
                return place.domain
            if psd is PublicSuffix.YES:
                # One label below, counted from where the walk began; where it began itself there is no such name, and
                # this psd says nothing.
                below = place.domain.count(".") + 2
                return DomainName(".".join(self.author.domain.split(".")[-below:]))
        return found[-1].domain if found else self.author.domain

    @property
    def applied(self) -> Place | None:
        """Whose record applies: the author domain's, its organizational domain's, or a public suffix's (§4.10.1)."""
        if self.author.record is not None:
            return self.author
        organization = self.organizational_domain
        suffix = self.places[-1] if self.places[-1].record is not None else None
        return next((place for place in self.places if place.domain == organization and place.record), suffix)


def _texts(answer: Answer[Txt]) -> tuple[bytes, ...]:
    return tuple(b"".join(txt.strings) for txt in answer.records)


# --- Procedure -------------------------------------------------------------------------------------------------------


async def run(desk: Desk) -> Outcome[DmarcFacts]:
    """Ask for every name of the walk at once, since all are known beforehand; then judge in the order of the RFC."""
    author = author_domain(desk.case)
    names = walk(author)
    # Reports often go to the domain itself, so where its mail goes is asked in the same breath, as mx does.
    own, _, answers = await asyncio.gather(
        desk.dns(author, SOA),
        desk.dns(author, MX),
        asyncio.gather(*(desk.dns(f"_dmarc.{name}", TXT) for name in names)),
    )
    nonexistent = own.status is Status.NXDOMAIN and not own.aliases
    if nonexistent or own.unknown:
        await leave_to_domain(desk, f"_dmarc.{author}")
    asked = tuple(Place.of(name, answer) for name, answer in zip(names, answers, strict=True))
    steps = Walk.of(asked)
    findings: list[Finding] = []
    if nonexistent:
        findings.append(DmarcAuthorNxdomain(domain=author, evidence=(own.evidence,)))

    # RFC 9989 §4.10.1: what a receiver does when the question fails is its own choice.
    if steps.untold is not None and steps.author.record is None:
        return Outcome(None, (*findings, _unknown(steps.untold.answer)))
    applied = steps.applied
    if applied is None or applied.record is None:
        return await _without(desk, author, steps, findings)
    record, source, evidence = applied.record, applied.domain, (applied.answer.evidence,)

    scope = Scope.DOMAIN if source == author else Scope.NONEXISTENT if nonexistent else Scope.SUBDOMAIN
    published, policy = record.published(scope), record.effective(scope)
    if scope is Scope.SUBDOMAIN and own.unknown and published is not record.published(Scope.NONEXISTENT):
        return Outcome(None, (*findings, _unknown(own)))
    if source == author and policy is not None:
        findings.append(DmarcFound(domain=author, policy=Keyword(policy.value), evidence=evidence))
    elif policy is not None:
        tag = Keyword(_tag(record, scope))
        inherited = DmarcInherited(
            domain=author, source=source, tag=tag, policy=Keyword(policy.value), evidence=steps.evidence
        )
        findings.append(inherited)
    findings += _of_texts(steps, policy)
    findings += _of_flaws(record, source, published, evidence)
    findings += _of_policy(record, source, scope, evidence)
    findings += _of_organization(steps, applied)
    findings += _older(asked, scope, source, published)
    organization = None if steps.untold else steps.organizational_domain
    more = await asyncio.gather(
        _unrelated(desk, steps), _reports(desk, record, source, organization), _of_mail(desk, author, policy, evidence)
    )
    findings += [finding for each in more for finding in each]
    facts = DmarcFacts(
        domain=author,
        record=RecordText(record.text),
        source=source,
        policy=None if policy is None else Keyword(policy.value),
        adkim=Keyword(record.adkim.value),
        aspf=Keyword(record.aspf.value),
        organizational_domain=organization,
    )
    return Outcome(facts, tuple(findings))


async def _without(desk: Desk, author: DomainName, steps: Walk, findings: list[Finding]) -> Outcome[DmarcFacts]:
    """No record applies: look for one in the wrong place."""
    organization = DomainName(registered_domain(author) or author)
    flawed = [*_of_texts(steps, None)]
    unrelated, *misplaced = await asyncio.gather(
        _unrelated(desk, steps), *(_misplaced(desk, name) for name in dict.fromkeys((author, organization)))
    )
    flawed += [finding for each in misplaced for finding in each]
    if not any(finding.severity is Severity.WARNING for finding in flawed):
        missing = DmarcMissing(domain=author, publish_at=organization, evidence=steps.evidence)
        findings.append(missing)
    facts = DmarcFacts(
        domain=author,
        record=None,
        source=None,
        policy=None,
        adkim=Keyword("r"),
        aspf=Keyword("r"),
        organizational_domain=steps.organizational_domain,
    )
    return Outcome(facts, (*findings, *flawed, *unrelated))


def _unknown(answer: Answer[Any]) -> DmarcUnknown:
    return DmarcUnknown(name=HostName(answer.name), reason=answer.why, evidence=(answer.evidence,))


def _tag(record: DmarcRecord, scope: Scope) -> str:
    """Which tag gives the policy below the domain of the record (RFC 9989 §4.10.1)."""
    if scope is Scope.NONEXISTENT and record.np is not None:
        return "np"
    return "sp" if record.sp is not None else "p"


def _of_texts(steps: Walk, policy: Policy | None) -> Iterator[Finding]:
    """What is wrong at the names asked, apart from the record that applies."""
    for place in steps.places:
        source, evidence = place.domain, (place.answer.evidence,)
        if place.answer.absent and place.answer.aliases:
            yield DmarcAliasDangling(source=source, canonical=HostName(place.answer.canonical), evidence=evidence)
        if len(place.records) > 1:
            yield DmarcMultipleRecords(
                source=source,
                records=Count(len(place.records)),
                policy=None if policy is None else Keyword(policy.value),
                evidence=steps.evidence,
            )
        missed = None if place.records else next((text for text in place.texts if near_miss(text)), None)
        if missed is not None and (flaw := near_miss(missed)) is not None:
            meant = _mended(as_text(missed))
            yield DmarcNotRecognised(
                source=source, record=_shown(missed), flaw=Keyword(flaw.value), meant=meant, evidence=evidence
            )
        if place.records:
            return  # what is further up is not the affair of this domain


def _shown(text: bytes) -> RecordText:
    return RecordText(as_text(text))


def _mended(text: str) -> RecordText | None:
    """The record as it was meant, if the slip is one of typing: the parser has the last word."""
    plain = re.sub(r"[^ -~]|[\"'\\`]", "", text).strip()
    mended = re.sub(
        r"\Av\s*=\s*dmarc1\s*(?:;|\Z|(?=[a-z]+\s*=)|,)\s*", "v=DMARC1; ", plain, count=1, flags=re.IGNORECASE
    )
    record = parse(mended)
    if record.has(Kind.INVALID_POLICY):
        return _corrected(record)
    return RecordText(mended) if record.usable and record.p is not None else None


def _corrected(record: DmarcRecord) -> RecordText | None:
    """The record with real policies in place of misspelt ones; ``None`` if it is not clear which were meant."""
    text = record.text
    for problem in reversed(record.problems):
        if problem.kind is not Kind.INVALID_POLICY:
            continue
        close = get_close_matches(problem.part.lower(), [policy.value for policy in Policy], n=1, cutoff=_ALIKE)
        if not close:
            return None
        text = text[: problem.offset] + close[0] + text[problem.offset + len(problem.part) :]
    mended = parse(text)
    return RecordText(text) if mended.p is not None and not mended.has(Kind.INVALID_POLICY) else None


def _of_flaws(
    record: DmarcRecord, source: DomainName, published: Policy | None, evidence: tuple[int, ...]
) -> Iterator[Finding]:
    """One finding for each kind of flaw: a hostile record has thousands."""
    told: set[object] = set()
    for problem in record.problems:
        code = _OF_FLAW.get(problem.kind)
        key: object = code or problem.kind
        if problem.part == "pct" and problem.kind is Kind.REMOVED_TAG and _share(record, published) is not None:
            continue  # told with what it does
        if problem.kind in {Kind.MISSING_POLICY, Kind.INVALID_POLICY} and not record.usable:
            continue  # told as having no effect
        if key in told:
            continue
        told.add(key)
        part = RecordText(problem.part)
        if code is not None:
            yield code(source=source, part=part, evidence=evidence)
        elif (plain := _OF_RECORD.get(problem.kind)) is not None:
            yield plain(source=source, evidence=evidence)
        elif problem.kind is Kind.INVALID_POLICY:
            yield DmarcPolicyInvalid(source=source, part=part, meant=_corrected(record), evidence=evidence)
        elif problem.kind is Kind.NO_POLICY_NO_REPORTS:
            bad = next((RecordText(each.part) for each in record.problems if each.kind is Kind.INVALID_POLICY), None)
            meant = None if bad is None else _corrected(record)
            yield DmarcNoUsablePolicy(source=source, part=bad, meant=meant, evidence=evidence)
        elif problem.kind is Kind.INVALID_VALUE:
            tag = RecordText(_tag_at(record, problem))
            default = Keyword(problem.default or "")
            yield DmarcInvalidValue(source=source, part=part, tag=tag, default=default, evidence=evidence)
        elif problem.kind is Kind.REMOVED_TAG:
            yield DmarcRemovedTag(source=source, part=part, evidence=evidence)


def _tag_at(record: DmarcRecord, problem: Problem) -> str:
    """The name of the tag whose value the problem is in."""
    return record.text[: problem.offset].rpartition(";")[2].partition("=")[0].strip().lower()


def _share(record: DmarcRecord, published: Policy | None) -> int | None:
    """The percentage that older receivers apply the policy to, where that makes a difference (RFC 7489 §6.3)."""
    value = next((tag.value for tag in record.removed if tag.name == "pct"), "")
    return int(value) if published is not Policy.NONE and re.fullmatch(r"[0-9]{1,2}", value) else None


def _of_policy(record: DmarcRecord, source: DomainName, scope: Scope, evidence: tuple[int, ...]) -> Iterator[Finding]:
    """How much the policy asks for, and of whom."""
    published, policy = record.published(scope), record.effective(scope)
    if published is None or policy is None:
        return
    stated = not record.has(Kind.INVALID_POLICY) and not record.has(Kind.MISSING_POLICY)
    if published is Policy.NONE and stated:
        yield DmarcPolicyNone(source=source, evidence=evidence)
    if record.testing and policy is not published:
        yield DmarcTesting(
            source=source, published=Keyword(published.value), policy=Keyword(policy.value), evidence=evidence
        )
    if (pct := _share(record, published)) is not None:
        yield DmarcPct(source=source, pct=Count(pct), policy=Keyword(published.value), evidence=evidence)
    if scope is Scope.DOMAIN and published is not Policy.NONE:
        hole = next((tag for tag, below in (("sp", record.sp), ("np", record.np)) if below is Policy.NONE), None)
        if hole is not None:
            yield DmarcSubdomainsOpen(
                source=source, policy=Keyword(published.value), tag=Keyword(hole), evidence=evidence
            )
    if not record.rua:
        yield DmarcNoReports(source=source, evidence=evidence)


def _of_organization(steps: Walk, applied: Place) -> Iterator[Finding]:
    """Which names count as one organization (RFC 9989 §4.10.2), where the record says something special of it."""
    untold = steps.untold
    if untold is not None:
        yield DmarcOrganizationUnknown(
            name=HostName(untold.answer.name), reason=untold.answer.why, evidence=(untold.answer.evidence,)
        )
    for place in steps.places:
        if place.record is None:
            continue
        evidence = (place.answer.evidence,)
        parent = registered_domain(place.domain)
        if place.record.psd is PublicSuffix.NO and parent not in {None, place.domain}:
            yield DmarcOwnOrganization(source=place.domain, parent=DomainName(str(parent)), evidence=evidence)
        if place.record.psd is PublicSuffix.YES and parent is not None:
            yield DmarcClaimsPublicSuffix(source=place.domain, evidence=evidence)
    record = applied.record
    below = applied is steps.author and untold is None and steps.organizational_domain != applied.domain
    if below and record is not None and (record.sp or record.np):
        yield DmarcSubdomainTagsUnused(source=applied.domain, evidence=(applied.answer.evidence,))


# --- Older receivers -------------------------------------------------------------------------------------------------


def _older(
    asked: Sequence[Place], scope: Scope, source: DomainName, published: Policy | None
) -> Iterator[DmarcOldReceiversDiffer]:
    """What a receiver of RFC 7489 §6.6.3 comes to, where it is something else; ``pct`` and ``t`` are told apart."""
    author = asked[0]
    if len(author.records) > 1:
        return  # both outcomes are told already
    place = (
        author
        if author.records
        else next((each for each in asked if each.domain == registered_domain(author.domain)), None)
    )
    if place is not None and place.answer.unknown:
        return
    policy = None
    if place is not None and place.record is not None:
        below = scope if place is not author else Scope.DOMAIN
        policy = _older_policy(place.record, below)
    old_source = place.domain if place is not None and policy is not None else None
    new_source = source if published is not None else None
    if (old_source, policy) != (new_source, published):
        yield DmarcOldReceiversDiffer(
            domain=author.domain,
            source=new_source,
            policy=None if published is None else Keyword(published.value),
            old_source=old_source,
            old_policy=None if policy is None else Keyword(policy.value),
            evidence=tuple(each.answer.evidence for each in asked),
        )


def _older_policy(record: DmarcRecord, scope: Scope) -> Policy | None:
    """``np`` is not known to them, good or bad."""
    invalid = {_tag_at(record, problem) for problem in record.problems if problem.kind is Kind.INVALID_POLICY}
    if record.p is None or "sp" in invalid:
        return record.published()
    return record.p if scope is Scope.DOMAIN else record.sp or record.p


# --- The mail of the ticket ------------------------------------------------------------------------------------------


def judged_by_address(case: Case) -> bool:
    """Whether the sending IP address is all there is to judge a mail by: with the message itself ``message`` does."""
    return case.message is None and (case.sender_ip or case.target.address) is not None


async def _of_mail(
    desk: Desk, author: DomainName, policy: Policy | None, evidence: tuple[int, ...]
) -> list[DmarcRestsOnDkim]:
    """What the policy means for mail from the sending IP address.

    Its MAIL FROM is taken for one of the author domain, as ``spf`` does: then a pass is aligned (RFC 9989 §4.4).
    """
    if policy is None or policy is Policy.NONE or not judged_by_address(desk.case):
        return []
    senders = await desk.facts_or_none(spf.CHECK)
    if senders is None or senders.sender_ip is None or senders.result in _UNSURE:
        return []
    asked = await desk.dns(author, TXT)  # by spf before: here for the evidence
    return [
        DmarcRestsOnDkim(
            domain=author,
            sender_ip=senders.sender_ip,
            policy=Keyword(policy.value),
            spf=Keyword(str(senders.result)),
            evidence=(*evidence, asked.evidence),
        )
    ]


# --- Further questions -----------------------------------------------------------------------------------------------


async def _misplaced(desk: Desk, name: DomainName) -> list[Finding]:
    """Look at the domain itself, and where a panel that adds the zone by itself puts a full name."""
    answers = await asyncio.gather(desk.dns(name, TXT), desk.dns(f"_dmarc.{name}.{name}", TXT))
    found = ((answer, text) for answer in answers for text in _texts(answer) if is_dmarc_record(text))
    return [
        DmarcMisplaced(domain=name, found_at=HostName(answer.name), record=_shown(text), evidence=(answer.evidence,))
        for answer, text in [*found][:1]
    ]


async def _unrelated(desk: Desk, steps: Walk) -> list[Finding]:
    """Say what else there is at the author domain's ``_dmarc``, and whether a wildcard put it there."""
    place = steps.author
    others = [text for text in place.texts if text not in place.records and (place.records or not near_miss(text))]
    if not others:
        return []
    if not place.records:
        probe = await desk.dns(f"{_PROBE}.{place.domain}", TXT)
        if set(_texts(probe)) == set(place.texts):
            evidence = (place.answer.evidence, probe.evidence)
            return [DmarcWildcardText(source=place.domain, text=_shown(others[0]), evidence=evidence)]
    return [DmarcUnrelatedText(source=place.domain, text=_shown(others[0]), evidence=(place.answer.evidence,))]


@dataclass(frozen=True, kw_only=True)
class _Destination:
    """A domain that reports go to. ``permit`` is ``None`` where none is needed, ``addresses`` where MX decides."""

    domain: DomainName
    permit: Answer[Txt] | None
    mail: Answer[Mx]
    addresses: tuple[Answer[str], ...] = ()

    @property
    def permitted(self) -> bool:
        return self.permit is None or any(is_dmarc_record(text) for text in _texts(self.permit))

    @property
    def reached(self) -> bool:
        return any(record.exchange for record in self.mail.records) or any(each.found for each in self.addresses)

    @property
    def untold(self) -> Answer[Any] | None:
        """What was not answered and would decide."""
        if self.permit is not None and self.permit.unknown:
            return self.permit
        deciding: tuple[Answer[Any], ...] = () if self.reached else (self.mail, *self.addresses)
        return next((answer for answer in deciding if answer.unknown), None)

    @property
    def evidence(self) -> tuple[int, ...]:
        answers: tuple[Answer[Any], ...] = (self.mail, *self.addresses)
        return tuple(answer.evidence for answer in answers)


async def _reports(
    desk: Desk, record: DmarcRecord, source: DomainName, organization: DomainName | None
) -> list[Finding]:
    """Look at the domains that reports go to: may they go there (RFC 9990 §4), and can they.

    Without the organizational domain nothing is said of permission: that it is not needed could not be excluded.
    """
    findings: list[Finding] = []
    found: dict[DomainName, None] = {}
    for uri in (*record.rua, *record.ruf) if record.usable else ():
        try:
            found[DomainName(domain_name(uri.domain or source))] = None
        except NotADomainError:
            findings[:] = [DmarcReportAddressInvalid(source=source, part=RecordText(uri.text))]
    looked_at = [*found][:MOST_DESTINATIONS]
    if left_out := len(found) - len(looked_at):
        rest = DmarcReportsNotAllChecked(source=source, left_out=Count(left_out), limit=Limit(MOST_DESTINATIONS))
        findings.append(rest)
    visits = await asyncio.gather(*(_destination(desk, name, source, organization) for name in looked_at))
    troubles: dict[Trouble, list[_Destination]] = {}
    for each in visits:
        if each.permit is not None and not each.permit.unknown and not each.permitted:
            findings.append(
                DmarcReportNotAuthorized(source=source, destination=each.domain, evidence=(each.permit.evidence,))
            )
        if each.untold is not None:
            troubles.setdefault(each.untold.why, []).append(each)
        elif not each.reached:
            findings.append(DmarcReportUndeliverable(source=source, destination=each.domain, evidence=each.evidence))
    for trouble, those in troubles.items():
        names = tuple(each.domain for each in those)
        evidence = tuple(each.untold.evidence for each in those if each.untold)
        findings.append(DmarcReportUnknown(source=source, destinations=names, reason=trouble, evidence=evidence))
    return findings


async def _destination(
    desk: Desk, name: DomainName, source: DomainName, organization: DomainName | None
) -> _Destination:
    # RFC 9990 §4 compares organizational domains. A destination below ours has the same one, save for a psd=n down
    # there; any other has another, so its own walk, eight questions more, would tell nothing new.
    inside = organization is None or f".{name}".endswith(f".{organization}")
    permits = () if inside else (desk.dns(f"{source}._report._dmarc.{name}", TXT),)
    mail, permitted = await asyncio.gather(desk.dns(name, MX), asyncio.gather(*permits))
    addresses: tuple[Answer[str], ...] = ()
    if mail.status is Status.NODATA:  # RFC 5321 §5.1: the address of the domain stands in
        addresses = tuple(await asyncio.gather(desk.dns(name, A), desk.dns(name, AAAA)))
    permit = permitted[0] if permitted else None
    return _Destination(domain=name, permit=permit, mail=mail, addresses=addresses)


CHECK: Check[DmarcFacts] = Check(
    name="dmarc",
    remedy=Remedy.DNS,
    applies=has_author_domain,
    needs=(domain.CHECK, spf.CHECK),
    findings=(
        DmarcFound,
        DmarcInherited,
        DmarcRestsOnDkim,
        DmarcMissing,
        DmarcMisplaced,
        DmarcNotRecognised,
        DmarcMultipleRecords,
        DmarcAliasDangling,
        DmarcAuthorNxdomain,
        DmarcUnknown,
        DmarcOrganizationUnknown,
        DmarcOldReceiversDiffer,
        DmarcUnrelatedText,
        DmarcWildcardText,
        DmarcNoUsablePolicy,
        DmarcPolicyMissing,
        DmarcPolicyInvalid,
        DmarcPolicyNone,
        DmarcSubdomainsOpen,
        DmarcSubdomainTagsUnused,
        DmarcTesting,
        DmarcPct,
        DmarcRemovedTag,
        DmarcUnknownTag,
        DmarcInvalidValue,
        DmarcBadTag,
        DmarcDuplicateTag,
        DmarcEmptyTag,
        DmarcTagsGlued,
        DmarcSemicolonInList,
        DmarcEscapedSemicolon,
        DmarcFoWithoutRuf,
        DmarcOwnOrganization,
        DmarcClaimsPublicSuffix,
        DmarcNoReports,
        DmarcReportAddressInvalid,
        DmarcReportScheme,
        DmarcReportSizeLimit,
        DmarcReportNotAuthorized,
        DmarcReportUndeliverable,
        DmarcReportUnknown,
        DmarcReportsNotAllChecked,
    ),
    budget=12.0,
    rfcs=("RFC 9989", "RFC 9990", "RFC 7489"),
    run=run,
)
