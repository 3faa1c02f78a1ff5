"""Whether senders may deliver to the mail hosts only over verified encryption, and whether they then can.

MTA-STS (RFC 8461) lets a domain say so: a TXT record at ``_mta-sts`` announces that there is a policy, and the policy
itself is a file on a web server, ``https://mta-sts.<domain>/.well-known/mta-sts.txt``. Big senders go by it. In mode
``enforce`` they do not deliver to a host that the policy does not name, that does not encrypt, or whose certificate
does not hold (§5): a certificate that nobody else looks at then stops mail. Where record or policy cannot be used,
senders do as if there were none (§3.1, §3.3), which is untidy and loses no mail. Senders that have the policy from
before keep to it until ``max_age`` is over (§5.1).

A domain without MTA-STS is in order: nothing is lost or delayed by it, so it is said and not held against the domain.

Looked at: record, web server, policy, and the mail hosts as ``receiving`` sees them. Not looked at, because one look
cannot tell: whether the id was changed when the policy was (§3.1), and what senders still keep. Lines that end in LF
are as good as CRLF. The policy of a domain does not hold for names below it (§3.4), so each is asked for its own.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from checks import domain, mx, visits
from checks.case import has_domain
from checks.causes import Cause, Remedy
from checks.check import (
    Bytes,
    Check,
    Count,
    Desk,
    DomainName,
    FactsMissing,
    Finding,
    HostName,
    Keyword,
    Outcome,
    RecordText,
    Seconds,
    ServerReply,
    Severity,
)
from checks.network.answers import TXT, Answer, CertificateState, Conversation, Page, Trouble, Txt
from checks.records.mta_sts import (
    MAX_POLICY,
    Kind,
    Mode,
    PolicyKind,
    StsPolicy,
    StsRecord,
    is_near_miss,
    is_sts_record,
    parse,
    parse_policy,
)
from checks.records.tags import as_text

_DAY = 86_400  # seconds
_USUAL_AGE = 604_800  # seconds: a week, for policies to paste
_OK, _NOT_FOUND, _GONE = 200, 404, 410

# --- Facts -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class MtaStsFacts:
    """What senders go by. ``mode`` is ``None``, and ``mx`` empty, where they find no policy that they can use.

    ``mx`` are the patterns of the policy, ``id`` is that of the record.
    """

    mode: Mode | None = None
    mx: tuple[HostName, ...] = ()
    id: RecordText | None = None


# --- Findings: the record --------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class _OfDomain(Finding, severity=Severity.NOTICE):
    domain: DomainName


class MtaStsAbsent(_OfDomain, severity=Severity.OK):
    """There is no ``_mta-sts`` record: the domain does not use MTA-STS."""


@dataclass(frozen=True, kw_only=True)
class MtaStsUnknown(_OfDomain, severity=Severity.UNKNOWN):
    """The question for the record was not answered."""

    reason: Trouble


@dataclass(frozen=True, kw_only=True)
class MtaStsMisplaced(_OfDomain, severity=Severity.NOTICE):
    """The record stands at the domain itself, or at a name with the zone name doubled, where nobody looks."""

    found_at: HostName
    record: RecordText


@dataclass(frozen=True, kw_only=True)
class MtaStsNotRecognised(_OfDomain, severity=Severity.NOTICE):
    """A text meant as a record does not begin with ``v=STSv1;`` and is discarded (RFC 8461 §3.1).

    ``new_id`` is one to publish.
    """

    record: RecordText
    new_id: Keyword


@dataclass(frozen=True, kw_only=True)
class MtaStsMultipleRecords(_OfDomain, severity=Severity.NOTICE):
    """There are several records: senders do as if there were none (RFC 8461 §3.1)."""

    records: tuple[RecordText, ...]


@dataclass(frozen=True, kw_only=True)
class MtaStsAliasDangling(_OfDomain, severity=Severity.NOTICE):
    """``_mta-sts`` is a CNAME for something that is not there."""

    canonical: HostName


@dataclass(frozen=True, kw_only=True)
class _RecordFlaw(_OfDomain, severity=Severity.NOTICE):
    record: RecordText


@dataclass(frozen=True, kw_only=True)
class MtaStsMissingId(_RecordFlaw, severity=Severity.NOTICE):
    """The record has no ``id``: senders discard it (RFC 8461 §3.1). ``new_id`` is one to publish."""

    new_id: Keyword


@dataclass(frozen=True, kw_only=True)
class MtaStsBadId(_RecordFlaw, severity=Severity.NOTICE):
    """The ``id`` is not 1 to 32 letters and digits: senders discard the record (RFC 8461 §3.1).

    ``new_id`` is one to publish.
    """

    part: RecordText
    new_id: Keyword


@dataclass(frozen=True, kw_only=True)
class MtaStsBadTag(_RecordFlaw, severity=Severity.NOTICE):
    """The record holds something that is no ``name=value``: senders discard it (RFC 8461 §3.1)."""

    part: RecordText


@dataclass(frozen=True, kw_only=True)
class MtaStsDuplicateTag(_RecordFlaw, severity=Severity.NOTICE):
    """A field occurs twice."""

    part: RecordText


# --- Findings: the policy --------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class _AtWebHost(Finding, severity=Severity.NOTICE):
    host: HostName
    """The name of the web server."""


class MtaStsPolicyNoAddress(_AtWebHost, severity=Severity.NOTICE):
    """There is a record, and the web server of the policy has no address."""


class MtaStsPolicyConnectionRefused(_AtWebHost, severity=Severity.NOTICE):
    """Nothing listens for HTTPS where the policy should be."""


class MtaStsPolicyTlsFailed(_AtWebHost, severity=Severity.NOTICE):
    """The TLS handshake with the web server of the policy fails."""


@dataclass(frozen=True, kw_only=True)
class MtaStsPolicyCertificateInvalid(_AtWebHost, severity=Severity.NOTICE):
    """The web server's certificate has expired, is for another name or not trusted (RFC 8461 §3.3)."""

    flaw: Keyword


@dataclass(frozen=True, kw_only=True)
class MtaStsPolicyRedirected(_AtWebHost, severity=Severity.NOTICE):
    """The web server redirects, which senders do not follow (RFC 8461 §3.3)."""

    location: ServerReply


@dataclass(frozen=True, kw_only=True)
class MtaStsPolicyNotFound(_AtWebHost, severity=Severity.NOTICE):
    """The web server has no such file, or answers with something else than status 200 (RFC 8461 §3.3)."""

    status: Keyword


@dataclass(frozen=True, kw_only=True)
class MtaStsPolicyWithheld(_AtWebHost, severity=Severity.UNKNOWN):
    """The web server refuses us, or is in trouble itself (403, 429, 5xx), which may not be so for senders."""

    status: Keyword


@dataclass(frozen=True, kw_only=True)
class MtaStsPolicyContentType(_AtWebHost, severity=Severity.NOTICE):
    """The policy does not come as ``text/plain`` (RFC 8461 §3.2)."""

    content_type: ServerReply


@dataclass(frozen=True, kw_only=True)
class MtaStsPolicyTooBig(_AtWebHost, severity=Severity.NOTICE):
    """The policy is larger than what RFC 8461 §3.3 suggests that senders read."""

    limit: Bytes


@dataclass(frozen=True, kw_only=True)
class MtaStsPolicyUnknown(_AtWebHost, severity=Severity.UNKNOWN):
    """The policy could not be fetched for a reason that may be ours."""

    reason: Trouble


@dataclass(frozen=True, kw_only=True)
class MtaStsPolicyInvalid(_OfDomain, severity=Severity.NOTICE):
    """The policy breaks a rule of RFC 8461 §3.2: senders do as if there were none.

    ``policy`` is one to paste, line by line; empty where the mail hosts are not known.
    """

    flaw: Keyword
    part: RecordText
    line: Count
    policy: tuple[RecordText, ...]


@dataclass(frozen=True, kw_only=True)
class MtaStsPolicyUntidy(_OfDomain, severity=Severity.NOTICE):
    """The policy has a field that does not exist, or one twice; senders pass over it."""

    flaw: Keyword
    part: RecordText
    line: Count


@dataclass(frozen=True, kw_only=True)
class MtaStsEnforced(_OfDomain, severity=Severity.OK):
    """The policy is in force."""

    patterns: tuple[HostName, ...]


@dataclass(frozen=True, kw_only=True)
class MtaStsTesting(_OfDomain, severity=Severity.NOTICE):
    """Mode ``testing``: senders report what would fail, and deliver (RFC 8461 §5)."""

    patterns: tuple[HostName, ...]


class MtaStsNone(_OfDomain, severity=Severity.NOTICE):
    """Mode ``none``: the policy says that there is none, as when MTA-STS is being given up (RFC 8461 §5)."""


@dataclass(frozen=True, kw_only=True)
class MtaStsMaxAgeShort(_OfDomain, severity=Severity.NOTICE):
    """The policy is forgotten within a day, where weeks are expected (RFC 8461 §3.2)."""

    max_age: Seconds


# --- Findings: the mail hosts under the policy -----------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class _OfHosts(_OfDomain, severity=Severity.NOTICE):
    hosts: tuple[HostName, ...]


@dataclass(frozen=True, kw_only=True)
class _NotCovered(_OfHosts, severity=Severity.NOTICE):
    patterns: tuple[HostName, ...]
    policy: tuple[RecordText, ...]
    """The policy as it should be, line by line."""


class MtaStsMxNotCovered(_NotCovered, severity=Severity.WARNING, cause=Cause.TLS_REQUIRED):
    """A mail host matches none of the names in an enforced policy (RFC 8461 §4.1)."""


class MtaStsMxNoTls(_OfHosts, severity=Severity.WARNING, cause=Cause.TLS_REQUIRED):
    """A mail host under an enforced policy does not offer STARTTLS, refuses it, or fails at it (RFC 8461 §5)."""


@dataclass(frozen=True, kw_only=True)
class _BadCertificate(_OfHosts, severity=Severity.NOTICE):
    flaw: Keyword


class MtaStsMxCertificateInvalid(_BadCertificate, severity=Severity.WARNING, cause=Cause.TLS_REQUIRED):
    """The certificate of a mail host under an enforced policy does not hold (RFC 8461 §4.2)."""


@dataclass(frozen=True, kw_only=True)
class MtaStsBlocksDelivery(_OfHosts, severity=Severity.PROBLEM, cause=Cause.TLS_REQUIRED):
    """No mail host at all passes an enforced policy: senders that go by it do not deliver (RFC 8461 §5).

    ``policy`` is one that only tests, line by line; ``new_id`` makes senders fetch it.
    """

    policy: tuple[RecordText, ...]
    new_id: Keyword


class MtaStsTestingMxNotCovered(_NotCovered, severity=Severity.NOTICE):
    """A mail host matches none of the names in a policy that is being tested: enforced, it would get no mail."""


class MtaStsTestingMxNoTls(_OfHosts, severity=Severity.NOTICE):
    """A mail host under a policy that is being tested does not encrypt: enforced, it would get no mail."""


class MtaStsTestingMxCertificateInvalid(_BadCertificate, severity=Severity.NOTICE):
    """The certificate of a mail host does not hold under a policy being tested: enforced, it would get no mail."""


@dataclass(frozen=True, kw_only=True)
class MtaStsMxUnknown(_OfHosts, severity=Severity.UNKNOWN):
    """Whether a mail host passes the policy could not be told; without ``reason`` it was a reply of the server."""

    reason: Trouble | None


class MtaStsHostsUnknown(_OfDomain, severity=Severity.UNKNOWN):
    """There is a policy, and the mail hosts could not be told."""


# --- Procedure: record and policy ------------------------------------------------------------------------------------


async def run(desk: Desk) -> Outcome[MtaStsFacts]:
    """Ask for the record, and for the address of the web server in the same breath, as if there were a record.

    The policy is fetched only if there is one: a question costs next to nothing, a TLS session does not.
    """
    name = DomainName(desk.case.domain)
    page, web, hosts = await asyncio.gather(
        _fetched(desk, name), mx.addresses(desk, _web_host(name)), _mail_hosts(desk)
    )
    answer = await domain.ask(desk, f"_mta-sts.{name}", TXT)
    evidence = (answer.evidence,)
    if answer.unknown:
        return Outcome(None, (MtaStsUnknown(domain=name, reason=answer.why, evidence=evidence),))
    records = _records(answer)
    if len(records) != 1:
        return Outcome(MtaStsFacts(), await _no_record(desk, name, answer, looks_meant=bool(web.found)))
    record = parse(records[0])
    findings = [*_of_record(name, record, evidence)]
    if page is None:
        return Outcome(MtaStsFacts(id=_id(record)), tuple(findings))

    unfetched = _unfetched(page, HostName(_web_host(name)))
    if unfetched is not None:
        facts = None if unfetched.severity is Severity.UNKNOWN else MtaStsFacts(id=_id(record))
        return Outcome(facts, (*findings, unfetched))
    policy, hosts = parse_policy(page.body), await _living(desk, hosts)
    if not _is_plain(page.content_type):
        said = ServerReply(page.content_type)
        findings.append(
            MtaStsPolicyContentType(host=HostName(_web_host(name)), content_type=said, evidence=(page.evidence,))
        )
    findings += _of_policy(name, policy, hosts, (page.evidence,))
    if not policy.usable or policy.mode is None:
        return Outcome(MtaStsFacts(id=_id(record)), tuple(findings))
    if policy.mode is not Mode.NONE:
        findings += await _of_hosts(desk, record, policy, hosts, (page.evidence,))
    patterns = tuple(HostName(pattern) for pattern in policy.mx)
    return Outcome(MtaStsFacts(mode=policy.mode, mx=patterns, id=_id(record)), tuple(findings))


def _web_host(name: str) -> str:
    return f"mta-sts.{name}"


def _texts(answer: Answer[Txt]) -> tuple[bytes, ...]:
    return tuple(b"".join(txt.strings) for txt in answer.records)


def _records(answer: Answer[Txt]) -> tuple[bytes, ...]:
    return tuple(text for text in _texts(answer) if is_sts_record(text))


def _id(record: StsRecord) -> RecordText | None:
    return None if record.id is None else RecordText(record.id)


def _new_id(text: str) -> Keyword:
    """An ``id`` to publish in place of a record: the date, and not what stands in the record already."""
    today = datetime.now(UTC).strftime("%Y%m%d")
    return Keyword(next(each for n in range(len(text) + 1) if (each := f"{today}T{n:06}") not in text))


async def _fetched(desk: Desk, name: str) -> Page | None:
    """The policy, if there is a record that says so."""
    records = _records(await desk.dns(f"_mta-sts.{name}", TXT))
    if len(records) != 1 or not parse(records[0]).usable:
        return None
    return await desk.https(f"https://{_web_host(name)}/.well-known/mta-sts.txt")


async def _mail_hosts(desk: Desk) -> tuple[str, ...] | None:
    """The mail hosts, ``None`` if they could not be told."""
    try:
        return tuple(record.exchange for record in await mx.hosts(desk))
    except FactsMissing:
        return None


async def _living(desk: Desk, hosts: Sequence[str] | None) -> tuple[str, ...] | None:
    """The mail hosts without those that have no address: nobody delivers there, policy or not."""
    if hosts is None:
        return None
    known = await asyncio.gather(*(mx.addresses(desk, host) for host in hosts))
    return tuple(host for host, each in zip(hosts, known, strict=True) if each.found or each.trouble)


async def _no_record(desk: Desk, name: DomainName, answer: Answer[Txt], *, looks_meant: bool) -> tuple[Finding, ...]:
    """None, or too many: say why, and look where a record may stand by mistake."""
    evidence = (answer.evidence,)
    records = _records(answer)
    if records:
        texts = tuple(RecordText(as_text(text)) for text in records)
        return (MtaStsMultipleRecords(domain=name, records=texts, evidence=evidence),)
    if answer.absent and answer.aliases:
        return (MtaStsAliasDangling(domain=name, canonical=HostName(answer.canonical), evidence=evidence),)
    near = next((as_text(text) for text in _texts(answer) if is_near_miss(text)), None)
    if near is not None:
        return (MtaStsNotRecognised(domain=name, record=RecordText(near), new_id=_new_id(near), evidence=evidence),)
    # The TXT records of the domain itself are asked for anyway, by spf; the doubled name only on suspicion.
    places = [name, f"_mta-sts.{name}.{name}"] if looks_meant else [name]
    for place in await asyncio.gather(*(desk.dns(each, TXT) for each in places)):
        for text in _records(place):
            return (
                MtaStsMisplaced(
                    domain=name,
                    found_at=HostName(place.name),
                    record=RecordText(as_text(text)),
                    evidence=(*evidence, place.evidence),
                ),
            )
    return (MtaStsAbsent(domain=name, evidence=evidence),)


def _of_record(name: DomainName, record: StsRecord, evidence: tuple[int, ...]) -> Iterator[Finding]:
    """One finding for each kind of flaw; what is TOO_LONG does not get through the network."""
    text, new_id = RecordText(record.text), _new_id(record.text)
    for kind, part in _first_of_each((problem.kind, problem.part) for problem in record.problems):
        match kind:
            case Kind.MISSING_ID:
                yield MtaStsMissingId(domain=name, record=text, new_id=new_id, evidence=evidence)
            case Kind.BAD_ID:
                yield MtaStsBadId(domain=name, record=text, part=RecordText(part), new_id=new_id, evidence=evidence)
            case Kind.DUPLICATE_TAG:
                yield MtaStsDuplicateTag(domain=name, record=text, part=RecordText(part), evidence=evidence)
            case _:
                yield MtaStsBadTag(domain=name, record=text, part=RecordText(part), evidence=evidence)


def _first_of_each(problems: Iterable[tuple[Kind, str]]) -> list[tuple[Kind, str]]:
    first: dict[Kind, str] = {}
    for kind, part in problems:
        first.setdefault(kind, part)
    return [*first.items()]


def _unfetched(page: Page, host: HostName) -> Finding | None:
    """Why there is no policy, if there is none."""
    evidence = (page.evidence,)
    match page.trouble:
        case None:
            pass
        case Trouble.NO_ADDRESS:
            return MtaStsPolicyNoAddress(host=host, evidence=evidence)
        case Trouble.CONNECTION_REFUSED:
            return MtaStsPolicyConnectionRefused(host=host, evidence=evidence)
        case Trouble.TLS_FAILED if page.certificate is not None:
            flaw = Keyword(page.certificate.value)
            return MtaStsPolicyCertificateInvalid(host=host, flaw=flaw, evidence=evidence)
        case Trouble.TLS_FAILED:
            return MtaStsPolicyTlsFailed(host=host, evidence=evidence)
        case Trouble.TOO_BIG:
            return MtaStsPolicyTooBig(host=host, limit=Bytes(MAX_POLICY), evidence=evidence)
        case trouble:
            return MtaStsPolicyUnknown(host=host, reason=trouble, evidence=evidence)
    if page.status == _OK:
        return None
    if 300 <= page.status < 400:  # noqa: PLR2004 - RFC 9110 §15.4: redirection
        return MtaStsPolicyRedirected(host=host, location=ServerReply(page.location), evidence=evidence)
    status = Keyword(str(page.status))
    if page.status in (403, 429) or page.status >= 500:  # noqa: PLR2004 - RFC 9110 §15.5.4, §15.6, RFC 6585 §4
        return MtaStsPolicyWithheld(host=host, status=status, evidence=evidence)
    return MtaStsPolicyNotFound(host=host, status=status, evidence=evidence)


def _is_plain(content_type: str) -> bool:
    """Whether the media type is the right one; its parameters are ignored (RFC 8461 §3.2)."""
    return content_type.partition(";")[0].strip().lower() == "text/plain"


def _of_policy(
    name: DomainName, policy: StsPolicy, hosts: Sequence[str] | None, evidence: tuple[int, ...]
) -> Iterator[Finding]:
    """What the policy says, or one finding for each kind of flaw."""
    told: set[PolicyKind] = set()
    for problem in policy.problems:
        if problem.kind in told:
            continue
        told.add(problem.kind)
        flaw, part, line = Keyword(problem.kind.value), RecordText(problem.part), Count(problem.line)
        if problem.kind in (PolicyKind.DUPLICATE_FIELD, PolicyKind.UNKNOWN_FIELD):
            yield MtaStsPolicyUntidy(domain=name, flaw=flaw, part=part, line=line, evidence=evidence)
        else:
            better = _suggested(Mode.TESTING, hosts, None)
            yield MtaStsPolicyInvalid(domain=name, flaw=flaw, part=part, line=line, policy=better, evidence=evidence)
    if not policy.usable:
        return
    patterns = tuple(HostName(pattern) for pattern in policy.mx)
    match policy.mode:
        case Mode.ENFORCE:
            yield MtaStsEnforced(domain=name, patterns=patterns, evidence=evidence)
        case Mode.TESTING:
            yield MtaStsTesting(domain=name, patterns=patterns, evidence=evidence)
        case _:
            yield MtaStsNone(domain=name, evidence=evidence)
    if policy.mode is Mode.ENFORCE and policy.max_age is not None and policy.max_age < _DAY:
        yield MtaStsMaxAgeShort(domain=name, max_age=Seconds(policy.max_age), evidence=evidence)


def _suggested(mode: Mode, hosts: Sequence[str] | None, max_age: int | None) -> tuple[RecordText, ...]:
    """A policy for the mail hosts there are, line by line."""
    if not hosts:
        return ()
    lines = ("version: STSv1", f"mode: {mode.value}", *(f"mx: {host}" for host in hosts))
    return tuple(RecordText(line) for line in (*lines, f"max_age: {max_age or _USUAL_AGE}"))


# --- Procedure: the mail hosts ---------------------------------------------------------------------------------------


async def _of_hosts(
    desk: Desk,
    record: StsRecord,
    policy: StsPolicy,
    hosts: Sequence[str] | None,
    evidence: tuple[int, ...],
) -> list[Finding]:
    """Hold the mail hosts against the policy as a sender does: the name first, then encryption, then certificate."""
    name = DomainName(desk.case.domain)
    if hosts is None:
        return [MtaStsHostsUnknown(domain=name, evidence=evidence)]
    strict = policy.mode is Mode.ENFORCE
    covered = [host for host in hosts if policy.covers(host)]
    others = tuple(HostName(host) for host in hosts if not policy.covers(host))
    findings: list[Finding] = []
    if others:
        code = MtaStsMxNotCovered if strict else MtaStsTestingMxNotCovered
        better = _suggested(policy.mode or Mode.TESTING, hosts, policy.max_age)
        patterns = tuple(HostName(pattern) for pattern in policy.mx)
        findings.append(code(domain=name, hosts=others, patterns=patterns, policy=better, evidence=evidence))
    seen = await asyncio.gather(*(visits.visit(desk, host) for host in covered[: mx.NEAREST_HOSTS]))
    findings += _of_visits(name, seen, strict=strict)
    failing = (*others, *(each.host for each in seen if _fails(each)))
    every = len(seen) == len(covered) and all(_fails(each) for each in seen)
    if strict and every and failing:
        numbers = (*evidence, *(number for each in seen for number in each.evidence))
        lenient = _suggested(Mode.TESTING, hosts, policy.max_age)
        new_id = _new_id(record.text)
        findings.append(
            MtaStsBlocksDelivery(domain=name, hosts=failing, policy=lenient, new_id=new_id, evidence=numbers)
        )
    return findings


def _of_visits(name: DomainName, seen: Sequence[visits.Visit], *, strict: bool) -> Iterator[Finding]:
    """One finding for each flaw, however many hosts have it."""
    flaws: dict[Keyword | None, list[tuple[HostName, int]]] = {}
    for each in seen:
        for talk in each.talks:
            if (flaw := _flaw(talk)) is not None:
                flaws.setdefault(flaw if flaw != _NO_TLS else None, []).append((each.host, talk.evidence))
    for flaw, places in flaws.items():
        hosts = tuple(dict.fromkeys(host for host, _ in places))
        evidence = tuple(dict.fromkeys(number for _, number in places))
        if flaw is None:
            without = MtaStsMxNoTls if strict else MtaStsTestingMxNoTls
            yield without(domain=name, hosts=hosts, evidence=evidence)
        else:
            bad = MtaStsMxCertificateInvalid if strict else MtaStsTestingMxCertificateInvalid
            yield bad(domain=name, hosts=hosts, flaw=flaw, evidence=evidence)
    untold = (each for each in seen if not _passes(each) and not _has_flaw(each))
    for trouble, those in visits.by_trouble(untold).items():
        yield MtaStsMxUnknown(
            domain=name,
            hosts=tuple(each.host for each in those),
            reason=trouble,
            evidence=tuple(number for each in those for number in each.evidence),
        )


_NO_TLS = Keyword("no_tls")


def _flaw(talk: Conversation) -> Keyword | None:
    """What keeps senders from delivering here; ``None`` if it passes, and if that could not be told."""
    if visits.encrypts(talk) is False:
        return _NO_TLS
    state = _certificate(talk)
    return None if state in (None, CertificateState.TRUSTED) else Keyword(state.value)


def _certificate(talk: Conversation) -> CertificateState | None:
    """What a sender thinks of the certificate (RFC 8461 §4.2); ``None``: could not tell."""
    state = talk.tls.certificate.state if talk.tls else None
    return None if state is CertificateState.UNREADABLE else state


def _passes(each: visits.Visit) -> bool:
    return any(_certificate(talk) is CertificateState.TRUSTED for talk in each.talks)


def _has_flaw(each: visits.Visit) -> bool:
    return any(_flaw(talk) for talk in each.talks)


def _fails(each: visits.Visit) -> bool:
    """Whether it is certain that no sender under the policy delivers here."""
    decided = all(_flaw(talk) or visits.unrouted(talk) for talk in each.talks)
    return each.complete and decided and _has_flaw(each)


CHECK: Check[MtaStsFacts] = Check(
    name="mta_sts",
    remedy=Remedy.DNS,
    applies=has_domain,
    needs=(domain.CHECK, mx.CHECK),
    findings=(
        MtaStsAbsent,
        MtaStsUnknown,
        MtaStsMisplaced,
        MtaStsNotRecognised,
        MtaStsMultipleRecords,
        MtaStsAliasDangling,
        MtaStsMissingId,
        MtaStsBadId,
        MtaStsBadTag,
        MtaStsDuplicateTag,
        MtaStsPolicyNoAddress,
        MtaStsPolicyConnectionRefused,
        MtaStsPolicyTlsFailed,
        MtaStsPolicyCertificateInvalid,
        MtaStsPolicyRedirected,
        MtaStsPolicyNotFound,
        MtaStsPolicyWithheld,
        MtaStsPolicyContentType,
        MtaStsPolicyTooBig,
        MtaStsPolicyUnknown,
        MtaStsPolicyInvalid,
        MtaStsPolicyUntidy,
        MtaStsEnforced,
        MtaStsTesting,
        MtaStsNone,
        MtaStsMaxAgeShort,
        MtaStsMxNotCovered,
        MtaStsMxNoTls,
        MtaStsMxCertificateInvalid,
        MtaStsBlocksDelivery,
        MtaStsTestingMxNotCovered,
        MtaStsTestingMxNoTls,
        MtaStsTestingMxCertificateInvalid,
        MtaStsMxUnknown,
        MtaStsHostsUnknown,
    ),
    budget=16.0,
    rfcs=("RFC 8461",),
    run=run,
)
