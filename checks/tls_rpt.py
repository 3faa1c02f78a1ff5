"""Where senders report encryption that failed.

A domain that asks for verified encryption (``mta_sts``, ``dane``) learns from the reports of senders whether it works,
before mail is lost (RFC 8460). The record stands at ``_smtp._tls`` and names mailboxes or web addresses. Mail itself is
not affected by it in any state, so nothing here is worse than untidy; and a domain without it is in order, unless it
asks for verified encryption and is then blind.

Looked at: the record, and whether the domains that reports are mailed to take mail. Not looked at: web addresses, which
would have to be posted to, and whether reports arrive. Other than with DMARC, nobody has to agree to get them.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from checks import domain, mta_sts
from checks.case import NotADomainError, domain_name, has_domain
from checks.causes import Remedy
from checks.check import (
    Check,
    Count,
    Desk,
    DomainName,
    Finding,
    HostName,
    Keyword,
    Limit,
    Outcome,
    RecordText,
    Severity,
)
from checks.network.answers import AAAA, MX, TXT, A, Answer, Mx, Status, Trouble, Txt
from checks.records.mta_sts import Mode
from checks.records.tags import as_text
from checks.records.tls_rpt import Kind, TlsRptRecord, is_near_miss, is_tls_rpt_record, parse

MOST_DESTINATIONS = 5
"""Domains that reports go to which are looked at."""

# --- Facts -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class TlsRptFacts:
    """Where reports go: the addresses of the record that can be used; empty where nobody sends any."""

    rua: tuple[RecordText, ...] = ()


# --- Findings --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class _OfDomain(Finding, severity=Severity.NOTICE):
    domain: DomainName


@dataclass(frozen=True, kw_only=True)
class TlsRptFound(_OfDomain, severity=Severity.OK):
    """Senders have somewhere to report to."""

    addresses: tuple[RecordText, ...]


class TlsRptAbsent(_OfDomain, severity=Severity.OK):
    """There is no record, and the domain does not ask for verified encryption, as far as could be told."""


@dataclass(frozen=True, kw_only=True)
class TlsRptBlind(_OfDomain, severity=Severity.NOTICE):
    """There is no record that can be used, and MTA-STS is in use: whoever fails at it fails unseen."""

    mode: Keyword


class TlsRptWithoutMtaSts(_OfDomain, severity=Severity.OK):
    """There is a record and no MTA-STS policy: reports then tell of DANE and of opportunistic encryption only."""


@dataclass(frozen=True, kw_only=True)
class TlsRptUnknown(_OfDomain, severity=Severity.UNKNOWN):
    """The question for the record was not answered."""

    reason: Trouble


@dataclass(frozen=True, kw_only=True)
class TlsRptMisplaced(_OfDomain, severity=Severity.NOTICE):
    """The record stands at the domain itself, where nobody looks."""

    record: RecordText


@dataclass(frozen=True, kw_only=True)
class TlsRptNotRecognised(_OfDomain, severity=Severity.NOTICE):
    """A text meant as a record does not begin with ``v=TLSRPTv1;`` and is discarded (RFC 8460 §3)."""

    record: RecordText


@dataclass(frozen=True, kw_only=True)
class TlsRptMultipleRecords(_OfDomain, severity=Severity.NOTICE):
    """There are several records: senders do as if there were none (RFC 8460 §3)."""

    records: tuple[RecordText, ...]


@dataclass(frozen=True, kw_only=True)
class TlsRptAliasDangling(_OfDomain, severity=Severity.NOTICE):
    """``_smtp._tls`` is a CNAME for something that is not there."""

    canonical: HostName


class TlsRptMissingRua(_OfDomain, severity=Severity.NOTICE):
    """The record has no ``rua``: there is nowhere to report to (RFC 8460 §3)."""


@dataclass(frozen=True, kw_only=True)
class _Flaw(_OfDomain, severity=Severity.NOTICE):
    part: RecordText
    """The first place where it is so."""


class TlsRptNoValidRua(_Flaw, severity=Severity.NOTICE):
    """None of the report addresses can be used."""


class TlsRptAddressInvalid(_Flaw, severity=Severity.NOTICE):
    """A report address is neither ``mailto:`` with a mail address nor ``https:`` with a host."""


class TlsRptScheme(_Flaw, severity=Severity.NOTICE):
    """A report address is neither ``mailto:`` nor ``https:`` (RFC 8460 §3)."""


class TlsRptSemicolonInList(_Flaw, severity=Severity.NOTICE):
    """A semicolon between two report addresses breaks the record (RFC 8460 §3)."""


class TlsRptBadTag(_Flaw, severity=Severity.NOTICE):
    """The record holds something that is no ``name=value`` (RFC 8460 §3)."""


class TlsRptDuplicateTag(_Flaw, severity=Severity.NOTICE):
    """A field occurs twice."""


class TlsRptUnknownTag(_Flaw, severity=Severity.NOTICE):
    """A field that does not exist is ignored (RFC 8460 §3)."""


@dataclass(frozen=True, kw_only=True)
class TlsRptReportUndeliverable(_OfDomain, severity=Severity.NOTICE):
    """Reports are mailed to a domain that takes no mail."""

    destination: DomainName


@dataclass(frozen=True, kw_only=True)
class TlsRptReportUnknown(_OfDomain, severity=Severity.UNKNOWN):
    """Whether a domain that reports are mailed to takes mail could not be told."""

    destinations: tuple[DomainName, ...]
    reason: Trouble


@dataclass(frozen=True, kw_only=True)
class TlsRptReportsNotAllChecked(_OfDomain, severity=Severity.NOTICE):
    """Reports are mailed to more domains than are looked at."""

    left_out: Count
    limit: Limit


_OF_FLAW: dict[Kind, type[_Flaw]] = {
    Kind.NO_VALID_RUA: TlsRptNoValidRua,
    Kind.NOT_A_URI: TlsRptAddressInvalid,
    Kind.BAD_ADDRESS: TlsRptAddressInvalid,
    Kind.OTHER_SCHEME: TlsRptScheme,
    Kind.SEMICOLON_IN_LIST: TlsRptSemicolonInList,
    Kind.BAD_TAG: TlsRptBadTag,
    Kind.DUPLICATE_TAG: TlsRptDuplicateTag,
    Kind.UNKNOWN_TAG: TlsRptUnknownTag,
}

# --- Procedure -------------------------------------------------------------------------------------------------------


async def run(desk: Desk) -> Outcome[TlsRptFacts]:
    """Ask for the record, then for where the mail of its mailboxes goes; hold it against the MTA-STS policy."""
    name = DomainName(desk.case.domain)
    answer = await domain.ask(desk, f"_smtp._tls.{name}", TXT)
    if answer.unknown:
        return Outcome(None, (TlsRptUnknown(domain=name, reason=answer.why, evidence=(answer.evidence,)),))
    findings: list[Finding] = []
    records = [text for text in _texts(answer) if is_tls_rpt_record(text)]
    record = parse(records[0]) if len(records) == 1 else None
    if record is None:
        findings += await _no_record(desk, name, answer)
    else:
        findings += _of_record(name, record, (answer.evidence,))
    if record is not None and record.usable:
        findings += await _reports(desk, name, record)
    policy = await desk.facts_or_none(mta_sts.CHECK)
    findings += _beside(name, policy, findings, (answer.evidence,))
    rua = tuple(RecordText(uri.text) for uri in record.rua) if record is not None and record.usable else ()
    return Outcome(TlsRptFacts(rua=rua), tuple(findings))


def _texts(answer: Answer[Txt]) -> tuple[bytes, ...]:
    return tuple(b"".join(txt.strings) for txt in answer.records)


async def _no_record(desk: Desk, name: DomainName, answer: Answer[Txt]) -> tuple[Finding, ...]:
    """None, or too many: say why, and look where a record may stand by mistake."""
    evidence = (answer.evidence,)
    records = tuple(RecordText(as_text(text)) for text in _texts(answer) if is_tls_rpt_record(text))
    if records:
        return (TlsRptMultipleRecords(domain=name, records=records, evidence=evidence),)
    if answer.absent and answer.aliases:
        return (TlsRptAliasDangling(domain=name, canonical=HostName(answer.canonical), evidence=evidence),)
    near = next((as_text(text) for text in _texts(answer) if is_near_miss(text)), None)
    if near is not None:
        return (TlsRptNotRecognised(domain=name, record=RecordText(near), evidence=evidence),)
    own = await desk.dns(name, TXT)  # asked for anyway, by spf
    lost = next((as_text(text) for text in _texts(own) if is_tls_rpt_record(text)), None)
    if lost is not None:
        return (TlsRptMisplaced(domain=name, record=RecordText(lost), evidence=(*evidence, own.evidence)),)
    return ()


def _of_record(name: DomainName, record: TlsRptRecord, evidence: tuple[int, ...]) -> Iterator[Finding]:
    """What the record says, and one finding for each kind of flaw."""
    told: set[object] = set()
    for problem in record.problems:
        code = _OF_FLAW.get(problem.kind)
        if (code or problem.kind) in told or _is_told(record, problem.kind):
            continue
        told.add(code or problem.kind)
        if code is not None:
            yield code(domain=name, part=RecordText(problem.part), evidence=evidence)
        else:  # there is no rua; what is TOO_LONG does not get through the network
            yield TlsRptMissingRua(domain=name, evidence=evidence)
    if record.usable:
        addresses = tuple(RecordText(uri.text) for uri in record.rua)
        yield TlsRptFound(domain=name, addresses=addresses, evidence=evidence)


def _is_told(record: TlsRptRecord, kind: Kind) -> bool:
    """Whether a flaw of an address is told with the whole list, of which nothing is left."""
    of_address = kind in (Kind.NOT_A_URI, Kind.BAD_ADDRESS, Kind.OTHER_SCHEME)
    return of_address and any(problem.kind is Kind.NO_VALID_RUA for problem in record.problems)


def _beside(
    name: DomainName, policy: mta_sts.MtaStsFacts | None, found: Sequence[Finding], evidence: tuple[int, ...]
) -> Iterator[Finding]:
    """Hold the record against the MTA-STS policy."""
    mode = policy.mode if policy is not None else None
    used = mode in (Mode.ENFORCE, Mode.TESTING)
    works = any(isinstance(finding, TlsRptFound) for finding in found)
    if used and mode is not None and not works:
        yield TlsRptBlind(domain=name, mode=Keyword(mode.value), evidence=evidence)
    elif not found:
        yield TlsRptAbsent(domain=name, evidence=evidence)
    elif works and policy is not None and not used:
        yield TlsRptWithoutMtaSts(domain=name, evidence=evidence)


# --- Where reports go ------------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class _Destination:
    """A domain that reports are mailed to. ``addresses`` stand in where it has no MX record (RFC 5321 §5.1)."""

    domain: DomainName
    mail: Answer[Mx]
    addresses: tuple[Answer[str], ...]

    @property
    def reached(self) -> bool:
        return any(record.exchange for record in self.mail.records) or any(each.found for each in self.addresses)

    @property
    def trouble(self) -> Trouble | None:
        """What was not answered and would decide."""
        answers: tuple[Answer[Any], ...] = () if self.reached else (self.mail, *self.addresses)
        return next((answer.why for answer in answers if answer.unknown), None)

    @property
    def evidence(self) -> tuple[int, ...]:
        return (self.mail.evidence, *(answer.evidence for answer in self.addresses))


async def _reports(desk: Desk, name: DomainName, record: TlsRptRecord) -> list[Finding]:
    """Look at the domains that reports are mailed to."""
    findings: list[Finding] = []
    found: dict[DomainName, None] = {}
    for uri in record.rua:
        if uri.domain is None:
            continue
        try:
            found[DomainName(domain_name(uri.domain))] = None
        except NotADomainError:
            findings[:] = [TlsRptAddressInvalid(domain=name, part=RecordText(uri.text))]
    looked_at = [*found][:MOST_DESTINATIONS]
    if left_out := len(found) - len(looked_at):
        limit = Limit(MOST_DESTINATIONS)
        findings.append(TlsRptReportsNotAllChecked(domain=name, left_out=Count(left_out), limit=limit))
    troubles: dict[Trouble, list[_Destination]] = {}
    for each in await asyncio.gather(*(_destination(desk, destination) for destination in looked_at)):
        if each.trouble is not None:
            troubles.setdefault(each.trouble, []).append(each)
        elif not each.reached:
            findings.append(TlsRptReportUndeliverable(domain=name, destination=each.domain, evidence=each.evidence))
    for trouble, those in troubles.items():
        names = tuple(each.domain for each in those)
        numbers = tuple(number for each in those for number in each.evidence)
        findings.append(TlsRptReportUnknown(domain=name, destinations=names, reason=trouble, evidence=numbers))
    return findings


async def _destination(desk: Desk, name: DomainName) -> _Destination:
    mail = await desk.dns(name, MX)
    addresses: tuple[Answer[str], ...] = ()
    if mail.status is Status.NODATA:
        addresses = tuple(await asyncio.gather(desk.dns(name, A), desk.dns(name, AAAA)))
    return _Destination(domain=name, mail=mail, addresses=addresses)


CHECK: Check[TlsRptFacts] = Check(
    name="tls_rpt",
    remedy=Remedy.DNS,
    applies=has_domain,
    needs=(domain.CHECK, mta_sts.CHECK),
    findings=(
        TlsRptFound,
        TlsRptAbsent,
        TlsRptBlind,
        TlsRptWithoutMtaSts,
        TlsRptUnknown,
        TlsRptMisplaced,
        TlsRptNotRecognised,
        TlsRptMultipleRecords,
        TlsRptAliasDangling,
        TlsRptMissingRua,
        TlsRptNoValidRua,
        TlsRptAddressInvalid,
        TlsRptScheme,
        TlsRptSemicolonInList,
        TlsRptBadTag,
        TlsRptDuplicateTag,
        TlsRptUnknownTag,
        TlsRptReportUndeliverable,
        TlsRptReportUnknown,
        TlsRptReportsNotAllChecked,
    ),
    budget=12.0,
    rfcs=("RFC 8460",),
    run=run,
)
