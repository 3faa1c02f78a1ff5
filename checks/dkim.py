"""Whether the keys that receivers need to check DKIM signatures are there and good.

A signed mail names a domain and a selector; the receiver fetches the public key at ``<selector>._domainkey.<domain>``
(RFC 6376 §3.6.2). Without a usable key the mail counts as unsigned, so DMARC has only SPF left, which forwarding
breaks. DNS cannot list the selectors of a domain: only a sent message tells. With ``selector:`` in the ticket every
answer here is proven; without it, some well-known selectors are tried, and finding none proves nothing.

Looked at: the key records (RFC 6376 §3.6.1, RFC 8301, RFC 8463), and, if the ticket names the sending IP address,
whether its mail passes DMARC without them. Not looked at: signatures, which need a message.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Final

from pydantic import TypeAdapter

from checks import dmarc, domain, spf
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
    Outcome,
    RecordText,
    Selector,
    Severity,
)
from checks.network.answers import TXT, Answer, Status, Trouble, Txt
from checks.records.dkim import DkimKey, Kind, Problem, parse
from checks.records.dmarc import Policy
from checks.spf_evaluation import SpfResult

_DATA: Final = Path(__file__).parent / "data" / "dkim_selectors.json"
COMMON: Final = ("default", "dkim", "mail")
"""Names that people choose when nobody chooses for them: guesses, so they need no source."""
_PROBE: Final = "mailcheck-no-such-key"
"""A selector nobody has: what answers for it is a wildcard (RFC 6376 §6.1.2, note)."""
_ANY: Final = Selector("*")

# --- Facts -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class KnownSelector:
    """A selector that a mail provider gives to its customers: one row of the data."""

    selector: str
    used_by: str
    as_of: str | None
    source_url: str


@dataclass(frozen=True, kw_only=True)
class KeyFacts:
    """One key that is published. ``bits`` is ``None`` where the key could not be read."""

    selector: Selector
    type: Keyword
    bits: Count | None
    revoked: bool
    testing: bool


@dataclass(frozen=True, kw_only=True)
class DkimFacts:
    """The keys that were found; selector ``*`` is a wildcard."""

    keys: tuple[KeyFacts, ...]


# --- Findings: is there a key ----------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class _OfKeys(Finding, severity=Severity.OK):
    domain: DomainName
    selectors: tuple[Selector, ...]


@dataclass(frozen=True, kw_only=True)
class _Flaw(_OfKeys, severity=Severity.OK):
    part: RecordText
    """What offends."""


@dataclass(frozen=True, kw_only=True)
class _Sized(_OfKeys, severity=Severity.OK):
    bits: Count


class DkimKeyFound(_OfKeys, severity=Severity.OK):
    """There are keys with which signatures can verify."""


@dataclass(frozen=True, kw_only=True)
class DkimSelectorUnknown(Finding, severity=Severity.UNKNOWN):
    """No selector is known, none of those tried has a usable key, and no wildcard revokes them all: nothing follows.

    ``published`` is ``some`` if DNS says that something is published under other names, ``none`` if it says that there
    is nothing at all, else ``untold``.
    """

    domain: DomainName
    tried: tuple[Selector, ...]
    published: Keyword


@dataclass(frozen=True, kw_only=True)
class DkimDmarcRestsOnSpf(Finding, severity=Severity.NOTICE):
    """Mail from the sending IP address passes DMARC by SPF, and no usable key is known: forwarding breaks it.

    RFC 9989 §7 tells of that; ``policy`` is what receivers then apply.
    """

    domain: DomainName
    sender_ip: IpAddress
    policy: Keyword


class DkimNoKey(_OfKeys, severity=Severity.WARNING, cause=Cause.DOMAIN_AUTH):
    """The selector of the ticket has no key record (RFC 6376 §6.1.2)."""


@dataclass(frozen=True, kw_only=True)
class DkimMisplaced(_OfKeys, severity=Severity.WARNING, cause=Cause.DOMAIN_AUTH):
    """The selector of the ticket has no key record, and one stands at a name where no receiver looks."""

    found_at: HostName
    record: RecordText


@dataclass(frozen=True, kw_only=True)
class DkimKeyUnknown(_OfKeys, severity=Severity.UNKNOWN):
    """The question for the key was not answered: receivers try again later (RFC 6376 §6.1.2)."""

    reason: Trouble


@dataclass(frozen=True, kw_only=True)
class DkimAliasDangling(_OfKeys, severity=Severity.WARNING, cause=Cause.DOMAIN_AUTH):
    """The selector of the ticket is a CNAME for a key that is not there."""

    canonical: HostName


@dataclass(frozen=True, kw_only=True)
class DkimSpareAliasDangling(_OfKeys, severity=Severity.NOTICE):
    """A selector that was tried is a CNAME for a key that is not there; mail need not use it."""

    canonical: HostName


class DkimKeyRevoked(_OfKeys, severity=Severity.WARNING, cause=Cause.DOMAIN_AUTH):
    """The key of the ticket's selector is revoked (RFC 6376 §3.6.1)."""


class DkimSpareKeyRevoked(_OfKeys, severity=Severity.NOTICE):
    """The key of a selector that was tried is revoked, as old keys should be (RFC 6376 §3.6.1)."""


class DkimAllKeysRevoked(_OfKeys, severity=Severity.NOTICE):
    """A wildcard revokes every key that is not published by its own name."""


@dataclass(frozen=True, kw_only=True)
class DkimWildcard(Finding, severity=Severity.NOTICE):
    """A wildcard answers for every selector (RFC 6376 §6.1.2, note), and not with a revoked key."""

    domain: DomainName
    text: RecordText


@dataclass(frozen=True, kw_only=True)
class DkimMultipleRecords(_OfKeys, severity=Severity.WARNING, cause=Cause.DOMAIN_AUTH):
    """There are several TXT records at one selector: what a receiver does is undefined (RFC 6376 §3.6.2.2)."""

    records: Count


# --- Findings: the key -----------------------------------------------------------------------------------------------


class DkimOtherText(_Flaw, severity=Severity.WARNING, cause=Cause.DOMAIN_AUTH):
    """The text at the selector is no key record (RFC 6376 §6.1.2)."""


class DkimBadTag(_Flaw, severity=Severity.WARNING, cause=Cause.DOMAIN_AUTH):
    """Something in the record is no ``tag=value``, which voids it (RFC 6376 §3.2)."""


class DkimDuplicateTag(_Flaw, severity=Severity.WARNING, cause=Cause.DOMAIN_AUTH):
    """A tag occurs twice, which voids the record (RFC 6376 §3.2)."""


class DkimWrongVersion(_Flaw, severity=Severity.WARNING, cause=Cause.DOMAIN_AUTH):
    """``v=`` is not exactly ``DKIM1``: the record is discarded (RFC 6376 §3.6.1)."""


class DkimVersionNotFirst(_OfKeys, severity=Severity.WARNING, cause=Cause.DOMAIN_AUTH):
    """``v=`` is not the first tag: the record is discarded (RFC 6376 §3.6.1)."""


class DkimKeyMissing(_OfKeys, severity=Severity.WARNING, cause=Cause.DOMAIN_AUTH):
    """The record has no ``p=`` (RFC 6376 §3.6.1)."""


class DkimKeyBadBase64(_Flaw, severity=Severity.WARNING, cause=Cause.DOMAIN_AUTH):
    """The key holds a character that base64 does not have (RFC 6376 §3.6.1)."""


class DkimKeyTruncated(_OfKeys, severity=Severity.WARNING, cause=Cause.DOMAIN_AUTH):
    """The key ends too early, as one cut at 255 characters does."""


class DkimKeyInvalid(_OfKeys, severity=Severity.WARNING, cause=Cause.DOMAIN_AUTH):
    """What is in ``p=`` is no public key (RFC 6376 §6.1.2)."""


class DkimUnknownKeyType(_Flaw, severity=Severity.WARNING, cause=Cause.DOMAIN_AUTH):
    """``k=`` names a key type that does not exist (RFC 6376 §3.6.1)."""


class DkimKeyTypeMismatch(_OfKeys, severity=Severity.WARNING, cause=Cause.DOMAIN_AUTH):
    """``k=`` does not fit the key in ``p=`` (RFC 6376 §6.1.2)."""


class DkimEd25519Length(_OfKeys, severity=Severity.WARNING, cause=Cause.DOMAIN_AUTH):
    """An Ed25519 key that is not 32 octets long (RFC 8463 §4)."""


class DkimEd25519Wrapped(_OfKeys, severity=Severity.WARNING, cause=Cause.DOMAIN_AUTH):
    """An Ed25519 key with its ASN.1 header, where the bare octets belong (RFC 8463 §4)."""


class DkimEd25519Alone(_OfKeys, severity=Severity.NOTICE):
    """The only usable keys are Ed25519, which many receivers cannot verify yet."""


class DkimRsaTooShort(_Sized, severity=Severity.WARNING, cause=Cause.DOMAIN_AUTH):
    """An RSA key below 1024 bits: its signatures must not be accepted (RFC 8301 §3.2)."""


class DkimRsaShort(_Sized, severity=Severity.NOTICE):
    """An RSA key below the 2048 bits that signers should use (RFC 8301 §3.2)."""


class DkimRsaLong(_Sized, severity=Severity.WARNING, cause=Cause.DOMAIN_AUTH):
    """An RSA key above 4096 bits, which receivers need not support (RFC 8301 §3.2)."""


class DkimNoSha256(_Flaw, severity=Severity.WARNING, cause=Cause.DOMAIN_AUTH):
    """``h=`` does not allow SHA-256, the only hash left (RFC 8301 §3.1)."""


class DkimNotForEmail(_Flaw, severity=Severity.WARNING, cause=Cause.DOMAIN_AUTH):
    """``s=`` excludes mail (RFC 6376 §3.6.1)."""


class DkimTesting(_OfKeys, severity=Severity.WARNING, cause=Cause.DOMAIN_AUTH):
    """``t=y``: receivers are to treat signed mail as unsigned (RFC 6376 §3.6.1)."""


class DkimStrictIdentity(_OfKeys, severity=Severity.OK):
    """``t=s``: a signature whose ``i=`` names a subdomain fails (RFC 6376 §3.6.1)."""


class DkimEmptyTag(_OfKeys, severity=Severity.NOTICE):
    """Two semicolons in a row: against the grammar, and most receivers look past it (RFC 6376 §3.2)."""


class DkimTagsGlued(_Flaw, severity=Severity.WARNING, cause=Cause.DOMAIN_AUTH):
    """The semicolon between two tags is missing."""


class DkimEscapedSemicolon(_OfKeys, severity=Severity.WARNING, cause=Cause.DOMAIN_AUTH):
    """A backslash before a semicolon became part of the record."""


class DkimQuoted(_OfKeys, severity=Severity.WARNING, cause=Cause.DOMAIN_AUTH):
    """Quotes became part of the record."""


class DkimSpacesInKey(_OfKeys, severity=Severity.NOTICE):
    """There is white space inside the key, which receivers skip (RFC 6376 §3.6.1)."""


_PLAIN: Final[dict[Kind, type[_OfKeys]]] = {
    Kind.VERSION_NOT_FIRST: DkimVersionNotFirst,
    Kind.MISSING_KEY: DkimKeyMissing,
    Kind.TRUNCATED_KEY: DkimKeyTruncated,
    Kind.BAD_KEY: DkimKeyInvalid,
    Kind.KEY_TYPE_MISMATCH: DkimKeyTypeMismatch,
    Kind.ED25519_LENGTH: DkimEd25519Length,
    Kind.ED25519_WRAPPED: DkimEd25519Wrapped,
    Kind.TESTING: DkimTesting,
    Kind.EMPTY_TAG: DkimEmptyTag,
    Kind.ESCAPED_SEMICOLON: DkimEscapedSemicolon,
    Kind.QUOTED: DkimQuoted,
    Kind.SPACES_IN_KEY: DkimSpacesInKey,
}
_FLAWED: Final[dict[Kind, type[_Flaw]]] = {
    Kind.NOT_A_KEY: DkimOtherText,
    Kind.BAD_TAG: DkimBadTag,
    Kind.DUPLICATE_TAG: DkimDuplicateTag,
    Kind.WRONG_VERSION: DkimWrongVersion,
    Kind.BAD_BASE64: DkimKeyBadBase64,
    Kind.UNKNOWN_KEY_TYPE: DkimUnknownKeyType,
    Kind.NO_SHA256: DkimNoSha256,
    Kind.NOT_FOR_EMAIL: DkimNotForEmail,
    Kind.GLUED_TAGS: DkimTagsGlued,
}
_SIZED: Final[dict[Kind, type[_Sized]]] = {
    Kind.RSA_TOO_SHORT: DkimRsaTooShort,
    Kind.RSA_SHORT: DkimRsaShort,
    Kind.RSA_LONG: DkimRsaLong,
}
# Together every kind but two: REVOKED means something else for a selector in use than for one that was tried, and a
# record that is TOO_LONG does not get through the network, which gives up on such an answer first.
_SLIPS: Final = frozenset({Kind.GLUED_TAGS, Kind.ESCAPED_SEMICOLON, Kind.QUOTED})
_CONSEQUENCES: Final = frozenset(
    {
        Kind.BAD_TAG,
        Kind.WRONG_VERSION,
        Kind.MISSING_KEY,
        Kind.UNKNOWN_KEY_TYPE,
        Kind.BAD_BASE64,
        Kind.NO_SHA256,
        Kind.NOT_FOR_EMAIL,
    }
)
"""What one slip of typing makes of the record besides: told, they would hide the one thing to correct."""


# --- Procedure -------------------------------------------------------------------------------------------------------


@cache
def known_selectors() -> tuple[KnownSelector, ...]:
    """The selectors of well-known providers, with their sources."""
    return TypeAdapter(tuple[KnownSelector, ...]).validate_json(_DATA.read_bytes())


@dataclass(frozen=True, kw_only=True)
class _Key:
    """What one selector has; ``keys`` are its records as read."""

    selector: Selector
    answer: Answer[Txt]
    keys: tuple[DkimKey, ...]

    @classmethod
    def of(cls, selector: Selector, answer: Answer[Txt]) -> _Key:
        return cls(selector=selector, answer=answer, keys=tuple(parse(text) for text in _texts(answer)))

    @property
    def evidence(self) -> tuple[int, ...]:
        return (self.answer.evidence,)

    @property
    def usable(self) -> bool:
        return len(self.keys) == 1 and self.keys[0].usable

    @property
    def revoked(self) -> bool:
        return len(self.keys) == 1 and self.keys[0].revoked


def _texts(answer: Answer[Txt]) -> tuple[bytes, ...]:
    return tuple(b"".join(txt.strings) for txt in answer.records)


async def run(desk: Desk) -> Outcome[DkimFacts]:
    """Ask for the key of the ticket's selector, or for those of well-known ones, and for one that nobody has."""
    name = dmarc.author_domain(desk.case)
    selector = desk.case.selector
    outcome = await (_guessed(desk, name) if selector is None else _stated(desk, name, Selector(selector)))
    return replace(outcome, findings=(*outcome.findings, *await _without_keys(desk, name, outcome.findings)))


async def _without_keys(desk: Desk, name: DomainName, found: Iterable[Finding]) -> tuple[Finding, ...]:
    """Say what it means for mail from the sending IP address that no key is known, where SPF alone lets it pass."""
    known = any(isinstance(finding, DkimKeyFound | DkimKeyUnknown) for finding in found)
    if known or not dmarc.judged_by_address(desk.case):
        return ()
    policy, senders = await desk.facts_or_none(dmarc.CHECK), await desk.facts_or_none(spf.CHECK)
    if policy is None or policy.policy in {None, Policy.NONE.value}:
        return ()
    if senders is None or senders.sender_ip is None or senders.result is not SpfResult.PASS:
        return ()
    asked = await desk.dns(name, TXT)  # by spf before: here for the evidence
    rests = DkimDmarcRestsOnSpf(
        domain=name,
        sender_ip=senders.sender_ip,
        policy=Keyword(str(policy.policy)),
        evidence=(asked.evidence,),
    )
    return (rests,)


async def _ask(desk: Desk, name: DomainName, labels: Iterable[str]) -> list[Answer[Txt]]:
    """Ask for names at and below ``_domainkey``.

    Raises:
        FactsMissing: the domain does not exist, or ``domain`` could not tell either.
    """
    answers = await asyncio.gather(*(desk.dns(f"{label}_domainkey.{name}", TXT) for label in labels))
    if not any(answer.found or answer.status is Status.NODATA or answer.aliases for answer in answers):
        await dmarc.leave_to_domain(desk, answers[0].name)
    return answers


async def _stated(desk: Desk, name: DomainName, selector: Selector) -> Outcome[DkimFacts]:
    """The ticket names the selector: it is in use, so whatever is wrong with it matters."""
    answer, probe = await _ask(desk, name, (f"{selector}.", f"{_PROBE}."))
    evidence, selectors = (answer.evidence,), (selector,)
    if answer.unknown:
        unknown = DkimKeyUnknown(domain=name, selectors=selectors, reason=answer.why, evidence=evidence)
        return Outcome(None, (unknown,))
    if answer.absent and answer.aliases:
        canonical = HostName(answer.canonical)
        gone = DkimAliasDangling(domain=name, selectors=selectors, canonical=canonical, evidence=evidence)
        return Outcome(DkimFacts(keys=()), (gone,))
    key = _Key.of(selector, answer)
    wildcard = [*_wildcard(name, probe)] if set(_texts(answer)) == set(_texts(probe)) else []
    if answer.absent or (wildcard and all(each.has(Kind.NOT_A_KEY) for each in key.keys)):
        missing = await _misplaced(desk, name, selector) or DkimNoKey(
            domain=name, selectors=selectors, evidence=evidence
        )
        return Outcome(DkimFacts(keys=()), (missing, *wildcard))
    findings = [*_judged(name, (key,), revoked=DkimKeyRevoked), *wildcard]
    return Outcome(DkimFacts(keys=tuple(_facts((key,)))), tuple(findings))


async def _misplaced(desk: Desk, name: DomainName, selector: Selector) -> Finding | None:
    """Look where a key is put by mistake: the zone name twice, or ``_domainkey`` left out."""
    places = (f"{selector}._domainkey.{name}.{name}", f"{selector}.{name}")
    for answer in await asyncio.gather(*(desk.dns(place, TXT) for place in places)):
        for record in map(parse, _texts(answer)):
            if not record.has(Kind.NOT_A_KEY):
                return DkimMisplaced(
                    domain=name,
                    selectors=(selector,),
                    found_at=HostName(answer.name),
                    record=RecordText(record.text),
                    evidence=(answer.evidence,),
                )
    return None


async def _guessed(desk: Desk, name: DomainName) -> Outcome[DkimFacts]:
    """No selector is known: what is found is judged, and what is not found proves nothing."""
    tried = tuple(dict.fromkeys(Selector(each) for each in (*(row.selector for row in known_selectors()), *COMMON)))
    node, probe, *answers = await _ask(desk, name, ("", f"{_PROBE}.", *(f"{each}." for each in tried)))
    general = set(_texts(probe))
    own = [
        _Key.of(selector, answer)
        for selector, answer in zip(tried, answers, strict=True)
        if answer.found and set(_texts(answer)) != general
    ]
    findings: list[Finding] = [*_judged(name, own, revoked=DkimSpareKeyRevoked)]
    if probe.found:
        anybody = _Key.of(_ANY, probe)
        findings += _wildcard(name, probe)
        if not all(key.has(Kind.NOT_A_KEY) for key in anybody.keys):
            findings += _judged(name, (anybody,), revoked=DkimAllKeysRevoked)
            own.append(anybody)
    findings += _merged(_not_found(name, tried, answers, probe))
    if not any(key.usable or (key.revoked and key.selector == _ANY) for key in own):
        published = "untold"
        if node.status is Status.NXDOMAIN:  # RFC 8020 §2: nothing exists below either
            published = "none"
        elif node.status is Status.NODATA and all(each.status is Status.NXDOMAIN for each in answers):
            published = "some"
        evidence = tuple(each.evidence for each in (node, probe, *answers))
        unknown = DkimSelectorUnknown(domain=name, tried=tried, published=Keyword(published), evidence=evidence)
        findings.append(unknown)
    return Outcome(DkimFacts(keys=tuple(_facts(own))) if own else None, tuple(findings))


def _judged(name: DomainName, found: Iterable[_Key], *, revoked: type[_OfKeys]) -> Iterator[Finding]:
    """Judge the keys."""
    keys = tuple(found)
    usable = [key for key in keys if key.usable]
    yield from _merged(DkimKeyFound(domain=name, selectors=(key.selector,), evidence=key.evidence) for key in usable)
    types = {record.public_key.type for key in usable for record in key.keys if record.public_key is not None}
    if types == {"ed25519"}:
        alone = (DkimEd25519Alone(domain=name, selectors=(key.selector,), evidence=key.evidence) for key in usable)
        yield from _merged(alone)
    yield from _merged(finding for key in keys for finding in _of_key(name, key, revoked))


def _of_key(name: DomainName, key: _Key, revoked: type[_OfKeys]) -> Iterator[_OfKeys]:
    selectors, evidence = (key.selector,), key.evidence
    if len(key.keys) > 1:
        records = Count(len(key.keys))
        yield DkimMultipleRecords(domain=name, selectors=selectors, records=records, evidence=evidence)
        return
    for record in key.keys:
        for problem in _root_problems(record):
            part = RecordText(problem.part)
            if (flawed := _FLAWED.get(problem.kind)) is not None:
                yield flawed(domain=name, selectors=selectors, part=part, evidence=evidence)
            elif (sized := _SIZED.get(problem.kind)) is not None and record.public_key is not None:
                bits = Count(record.public_key.bits)
                yield sized(domain=name, selectors=selectors, bits=bits, evidence=evidence)
            else:
                plain = revoked if problem.kind is Kind.REVOKED else _PLAIN[problem.kind]
                yield plain(domain=name, selectors=selectors, evidence=evidence)
        if record.usable and record.strict:
            yield DkimStrictIdentity(domain=name, selectors=selectors, evidence=evidence)


def _root_problems(record: DkimKey) -> Iterator[Problem]:
    """The first problem of each kind, without those that follow from another: a hostile record has thousands."""
    kinds = {problem.kind for problem in record.problems}
    told = set(_CONSEQUENCES) if kinds & _SLIPS else set[Kind]()
    for problem in record.problems:
        if problem.kind not in told:
            told.add(problem.kind)
            yield problem


def _merged(findings: Iterable[_OfKeys]) -> Iterator[Finding]:
    """Make one of findings that differ in nothing but the selector."""
    groups: dict[_OfKeys, list[_OfKeys]] = {}
    for finding in findings:
        groups.setdefault(replace(finding, selectors=(), evidence=()), []).append(finding)
    for same, those in groups.items():
        selectors = tuple(selector for each in those for selector in each.selectors)
        yield replace(same, selectors=selectors, evidence=tuple(number for each in those for number in each.evidence))


def _wildcard(name: DomainName, probe: Answer[Txt]) -> Iterator[Finding]:
    for record in map(parse, _texts(probe)[:1]):
        if not record.revoked:  # that one hides nothing: it is how a domain says that it sends no mail
            yield DkimWildcard(domain=name, text=RecordText(record.text), evidence=(probe.evidence,))


def _not_found(
    name: DomainName, tried: Iterable[Selector], answers: Iterable[Answer[Txt]], probe: Answer[Txt]
) -> Iterator[_OfKeys]:
    """What else there is to say of selectors that were tried: an alias of nothing, or no answer."""
    for selector, answer in zip(tried, answers, strict=True):
        selectors, evidence = (selector,), (answer.evidence,)
        if answer.unknown:
            yield DkimKeyUnknown(domain=name, selectors=selectors, reason=answer.why, evidence=evidence)
        elif answer.absent and answer.aliases and answer.canonical != probe.canonical:  # else a wildcard made it
            canonical = HostName(answer.canonical)
            yield DkimSpareAliasDangling(domain=name, selectors=selectors, canonical=canonical, evidence=evidence)


def _facts(found: Iterable[_Key]) -> Iterator[KeyFacts]:
    for key in found:
        for record in key.keys:
            if record.has(Kind.NOT_A_KEY):
                continue
            public = record.public_key
            yield KeyFacts(
                selector=key.selector,
                type=Keyword(public.type if public is not None else record.key_type),
                bits=None if public is None else Count(public.bits),
                revoked=record.revoked,
                testing=record.testing,
            )


CHECK: Check[DkimFacts] = Check(
    name="dkim",
    remedy=Remedy.DNS,
    applies=dmarc.has_author_domain,
    needs=(domain.CHECK, spf.CHECK, dmarc.CHECK),
    findings=(
        DkimKeyFound,
        DkimSelectorUnknown,
        DkimDmarcRestsOnSpf,
        DkimNoKey,
        DkimMisplaced,
        DkimKeyUnknown,
        DkimAliasDangling,
        DkimSpareAliasDangling,
        DkimKeyRevoked,
        DkimSpareKeyRevoked,
        DkimAllKeysRevoked,
        DkimWildcard,
        DkimMultipleRecords,
        *_PLAIN.values(),
        *_FLAWED.values(),
        *_SIZED.values(),
        DkimEd25519Alone,
        DkimStrictIdentity,
    ),
    budget=12.0,
    rfcs=("RFC 6376", "RFC 8301", "RFC 8463"),
    run=run,
)
