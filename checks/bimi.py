"""Whether the domain names a logo for its mail, and whether receivers would show it.

BIMI (draft-brand-indicators-for-message-identification, no RFC) is a record that says where the logo of a domain is.
It never decides about delivery, so nothing here is worse than untidy. It is looked at because a logo that does not
appear comes to the help desk, and because it needs a DMARC policy at enforcement: where that is missing, the logo is.

Looked at: the record under the selector ``default``, at the author domain and then at its organizational domain, and
the DMARC policy. Not looked at: the picture and its certificate, which would have to be fetched, other selectors, which
only a message names, and what a mailbox provider asks for beyond that.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from checks import dmarc, domain
from checks.causes import Remedy
from checks.check import (
    Check,
    Count,
    Desk,
    DomainName,
    Finding,
    Keyword,
    Outcome,
    RecordText,
    Severity,
)
from checks.network.answers import TXT, Answer, Trouble, Txt
from checks.records.bimi import BimiRecord, Kind, is_bimi_record, is_near_miss, parse
from checks.records.dmarc import Policy
from checks.records.dmarc import parse as parse_dmarc
from checks.records.tags import as_text

_EVERYBODY: Final = 100  # per cent

# --- Facts -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class BimiFacts:
    """The logo that the record of ``source`` names; both are ``None`` where there is none that can be used."""

    source: DomainName | None = None
    logo: RecordText | None = None


# --- Findings --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class _OfDomain(Finding, severity=Severity.NOTICE):
    domain: DomainName
    """Where the record is looked for, or stands."""


class BimiAbsent(_OfDomain, severity=Severity.OK):
    """There is no record: mail of the domain is shown without a logo."""


@dataclass(frozen=True, kw_only=True)
class BimiFound(_OfDomain, severity=Severity.OK):
    """There is a record that names a logo."""

    logo: RecordText


class BimiDeclined(_OfDomain, severity=Severity.OK):
    """The record says that the domain wants no logo to be shown."""


@dataclass(frozen=True, kw_only=True)
class BimiUnknown(_OfDomain, severity=Severity.UNKNOWN):
    """The question for the record was not answered."""

    reason: Trouble


@dataclass(frozen=True, kw_only=True)
class BimiMultipleRecords(_OfDomain, severity=Severity.NOTICE):
    """There are several records, of which receivers use none."""

    records: Count


@dataclass(frozen=True, kw_only=True)
class BimiNotRecognised(_OfDomain, severity=Severity.NOTICE):
    """A text meant as a record does not begin with ``v=BIMI1``."""

    record: RecordText


class BimiMissingLogo(_OfDomain, severity=Severity.NOTICE):
    """The record has no ``l``, or one without a value beside a certificate: there is nothing to show."""


@dataclass(frozen=True, kw_only=True)
class _Flaw(_OfDomain, severity=Severity.NOTICE):
    part: RecordText


class BimiBadTag(_Flaw, severity=Severity.NOTICE):
    """The record holds something that is no ``name=value``."""


class BimiDuplicateTag(_Flaw, severity=Severity.NOTICE):
    """A tag occurs twice."""


class BimiNotHttps(_Flaw, severity=Severity.NOTICE):
    """The address of the logo or of its certificate does not begin with ``https:``."""


class BimiNoCertificate(_OfDomain, severity=Severity.NOTICE):
    """The record names a logo and no certificate for it (``a``), without which the largest providers show none."""


@dataclass(frozen=True, kw_only=True)
class BimiDmarcNotEnforced(_OfDomain, severity=Severity.NOTICE):
    """DMARC is not at enforcement, for the ``reason`` named: receivers show no logo."""

    reason: Keyword


class BimiDmarcUnknown(_OfDomain, severity=Severity.UNKNOWN):
    """There is a record, and the DMARC policy could not be told."""


_OF_FLAW: dict[Kind, type[_Flaw]] = {
    Kind.BAD_TAG: BimiBadTag,
    Kind.DUPLICATE_TAG: BimiDuplicateTag,
    Kind.LOGO_NOT_HTTPS: BimiNotHttps,
    Kind.EVIDENCE_NOT_HTTPS: BimiNotHttps,
}

# --- Procedure -------------------------------------------------------------------------------------------------------


async def run(desk: Desk) -> Outcome[BimiFacts]:
    """Ask at the author domain, and only where there is nothing at the organizational domain, which ``dmarc`` knows."""
    author = dmarc.author_domain(desk.case)
    source, answer = author, await desk.dns(_name(author), TXT)
    if not answer.found:
        await dmarc.leave_to_domain(desk, _name(author))
    if answer.absent:
        policy = await desk.facts_or_none(dmarc.CHECK)
        if policy is not None and policy.organizational_domain not in (None, author):
            source = DomainName(str(policy.organizational_domain))
            answer = await desk.dns(_name(source), TXT)
    evidence = (answer.evidence,)
    if answer.unknown:
        return Outcome(None, (BimiUnknown(domain=source, reason=answer.why, evidence=evidence),))
    texts = tuple(b"".join(txt.strings) for txt in answer.records)
    records = [text for text in texts if is_bimi_record(text)]
    if len(records) != 1:
        return Outcome(BimiFacts(), (_no_record(author, source, answer, texts),))
    record = parse(records[0])
    findings = [*_of_record(source, record, evidence)]
    if record.declined or not record.usable or not record.logo:
        return Outcome(BimiFacts(), tuple(findings))
    policy = await desk.facts_or_none(dmarc.CHECK)
    findings += _of_policy(source, policy, evidence)
    return Outcome(BimiFacts(source=source, logo=RecordText(record.logo)), tuple(findings))


def _name(name: str) -> str:
    return f"default._bimi.{name}"


def _no_record(author: DomainName, source: DomainName, answer: Answer[Txt], texts: tuple[bytes, ...]) -> Finding:
    evidence = (answer.evidence,)
    records = sum(map(is_bimi_record, texts))
    if records:
        return BimiMultipleRecords(domain=source, records=Count(records), evidence=evidence)
    near = next((as_text(text) for text in texts if is_near_miss(text)), None)
    if near is not None:
        return BimiNotRecognised(domain=source, record=RecordText(near), evidence=evidence)
    return BimiAbsent(domain=author, evidence=evidence)


def _of_record(source: DomainName, record: BimiRecord, evidence: tuple[int, ...]) -> Iterator[Finding]:
    """What the record says, or one finding for each kind of flaw."""
    told: set[object] = set()
    for problem in record.problems:
        code = _OF_FLAW.get(problem.kind)
        if (code or problem.kind) in told:
            continue
        told.add(code or problem.kind)
        if code is not None:
            yield code(domain=source, part=RecordText(problem.part), evidence=evidence)
        else:  # there is no l; what is TOO_LONG does not get through the network
            yield BimiMissingLogo(domain=source, evidence=evidence)
    if not record.usable:
        return
    if record.declined:
        yield BimiDeclined(domain=source, evidence=evidence)
    elif not record.logo:
        yield BimiMissingLogo(domain=source, evidence=evidence)
    else:
        yield BimiFound(domain=source, logo=RecordText(record.logo), evidence=evidence)
        if not record.evidence:
            yield BimiNoCertificate(domain=source, evidence=evidence)


def _of_policy(source: DomainName, facts: dmarc.DmarcFacts | None, evidence: tuple[int, ...]) -> Iterator[Finding]:
    """Whether DMARC is strict enough."""
    if facts is None:
        yield BimiDmarcUnknown(domain=source, evidence=evidence)
    elif reason := _laxity(facts):
        yield BimiDmarcNotEnforced(domain=source, reason=Keyword(reason), evidence=evidence)


def _laxity(facts: dmarc.DmarcFacts) -> str | None:
    """Why a policy is not at enforcement: it must ask to quarantine or reject, all mail, subdomains included."""
    if facts.record is None or facts.policy is None:
        return "missing"
    record = parse_dmarc(facts.record)
    if facts.policy == Policy.NONE.value:
        return "testing" if record.testing and record.p not in (None, Policy.NONE) else "none"
    if record.sp is Policy.NONE:
        return "subdomains"
    share = next((tag.value for tag in record.removed if tag.name == "pct"), "")
    return "share" if share.isascii() and share.isdigit() and int(share[:4]) < _EVERYBODY else None


CHECK: Check[BimiFacts] = Check(
    name="bimi",
    remedy=Remedy.DNS,
    applies=dmarc.has_author_domain,
    needs=(domain.CHECK, dmarc.CHECK),
    findings=(
        BimiAbsent,
        BimiFound,
        BimiDeclined,
        BimiUnknown,
        BimiMultipleRecords,
        BimiNotRecognised,
        BimiMissingLogo,
        BimiBadTag,
        BimiDuplicateTag,
        BimiNotHttps,
        BimiNoCertificate,
        BimiDmarcNotEnforced,
        BimiDmarcUnknown,
    ),
    budget=12.0,
    rfcs=("RFC 9989",),
    run=run,
)
