"""From what was found out about a message to findings. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from typing import Final

from checks.check import Bytes, Count, Day, Finding, HostName, Keyword, Limit, RecordText, Seconds
from checks.message import findings as f
from checks.message.authentication import Judgement, Sender, Standing
from checks.message.claims import METHODS, Claim, chain_broken
from checks.message.headers import MAX_MESSAGE, ONCE, Message, Part
from checks.message.received import CLOCK_TOLERANCE, Hop
from checks.message.signatures import MOST_SIGNATURES, State, Verified
from checks.records.dkim import SignatureKind
from checks.records.dmarc import Policy
from checks.spf_evaluation import Evaluation, SpfResult

SLOW: Final = 600.0
"""Seconds at one hop from which a wait is told."""

# --- What was pasted, and its fields ---------------------------------------------------------------------------------


def of_fields(message: Message) -> Iterator[Finding]:
    """What was pasted, and whose it says it is."""
    if message.part is Part.CUT:
        yield f.MessageTooBig(limit=Bytes(MAX_MESSAGE))
    written = message.all("from")
    if not written and message.part is Part.WHOLE and message.travelled:
        yield f.MessageFromMissing()
    elif not written:
        yield f.MessageFromNotPasted()
    elif not message.from_domains:
        yield f.MessageFromUnreadable(text=RecordText(written[0].text))
    elif len(message.from_domains) > 1:
        yield f.MessageSeveralFrom(domains=message.from_domains)
    if repeated := message.repeated:
        yield f.MessageFieldRepeated(names=_named(repeated))


def _named(fields: Iterable[str]) -> tuple[Keyword, ...]:
    return tuple(Keyword(name.title()) for name in fields)


def _forwarded(message: Message) -> Keyword:
    """Whether it looks passed on: by several organizations, or by a list or a rule that says so."""
    marks = ("list-id", "list-post", "resent-from", "x-forwarded-for", "x-forwarded-to")
    passed_on = len(message.handovers) > 1 or any(message.all(name) for name in marks)
    return Keyword("likely" if passed_on else "no")


# --- Signatures ------------------------------------------------------------------------------------------------------


def of_signing(message: Message, verified: Sequence[Verified], judgement: Judgement | None) -> Iterator[Finding]:
    """What there is to say of all signatures together."""
    if not verified:
        whole = message.travelled and message.head_complete
        yield f.MessageNotSigned(domain=message.author_domain) if whole else f.MessageSignatureNotSeen()
    if left_out := len(message.all("dkim-signature")) - len(verified):
        yield f.MessageSignaturesLeftOut(left_out=Count(left_out), limit=Limit(MOST_SIGNATURES))
    good = [each for each in verified if each.state is State.PASS]
    evidence = tuple(number for each in good for number in each.evidence)
    domains = tuple(dict.fromkeys(each.domain for each in good if each.domain))
    if judgement is not None and judgement.dkim is Standing.OTHER:
        yield f.MessageSignedForOther(author=judgement.author, domains=domains, evidence=evidence)
    open_ = [name for name in ONCE if message.all(name) and not any(_oversigns(message, each, name) for each in good)]
    if good and open_:
        yield f.MessageNotOversigned(domains=domains, names=_named(open_), evidence=evidence)


def _oversigns(message: Message, verified: Verified, name: str) -> bool:
    named = [header.lower() for header in verified.signature.headers].count(name)
    return named > len(message.all(name))


_FLAWS: Final = {
    SignatureKind.TOO_LONG: "too_long",
    SignatureKind.BAD_TAG: "bad_tag",
    SignatureKind.DUPLICATE_TAG: "duplicate_tag",
    SignatureKind.WRONG_VERSION: "version",
    SignatureKind.UNKNOWN_ALGORITHM: "algorithm",
    SignatureKind.SHA1: "sha1",
    SignatureKind.UNKNOWN_CANONICALIZATION: "canonicalization",
    SignatureKind.UNKNOWN_QUERY_METHOD: "query_method",
    SignatureKind.BAD_BASE64: "base64",
    SignatureKind.BAD_NUMBER: "number",
    SignatureKind.EXPIRES_BEFORE_SIGNED: "expires_before_signed",
}
"""How a signature field is unusable, in the words of the finding."""


def of_signature(message: Message, verified: Verified, received: float) -> Iterator[Finding]:
    """What became of one signature."""
    signature, domain, selector = verified.signature, verified.domain, verified.selector
    if verified.state is State.HEADER_UNUSABLE or domain is None or selector is None:
        yield from _of_header(verified)
        return
    evidence, forwarded = verified.evidence, _forwarded(message)
    identity = RecordText(signature.identity or "")
    header = Keyword("intact" if verified.header_intact else "changed")
    match verified.state:
        case State.PASS:
            yield f.MessageSignatureValid(domain=domain, selector=selector, evidence=evidence)
            if verified.key is not None and verified.key.testing:
                yield f.MessageKeyTesting(domain=domain, selector=selector, evidence=evidence)
        case State.KEY_UNKNOWN if verified.answer is not None:
            reason = verified.answer.why
            yield f.MessageKeyUnknown(domain=domain, selector=selector, reason=reason, evidence=evidence)
        case State.KEY_MISSING:
            yield f.MessageKeyMissing(domain=domain, selector=selector, evidence=evidence)
        case State.KEY_REVOKED:
            yield f.MessageKeyRevoked(domain=domain, selector=selector, evidence=evidence)
        case State.STRICT_IDENTITY:
            yield f.MessageStrictIdentity(domain=domain, selector=selector, identity=identity, evidence=evidence)
        case State.EXPIRED if signature.expires is not None:
            late = Seconds(received - signature.expires)
            expired = _day(signature.expires)
            yield f.MessageSignatureExpired(
                domain=domain, selector=selector, expired=expired, late=late, evidence=evidence
            )
        case State.FROM_FUTURE if signature.signed is not None:
            early, signed = Seconds(signature.signed - received), _day(signature.signed)
            yield f.MessageSignatureFromFuture(
                domain=domain, selector=selector, signed=signed, early=early, evidence=evidence
            )
        case State.BODY_MISSING:
            yield f.MessageBodyNotPasted(domain=domain, selector=selector, header=header, evidence=evidence)
        case State.BODY_CHANGED:
            yield f.MessageBodyChanged(
                domain=domain, selector=selector, header=header, forwarded=forwarded, evidence=evidence
            )
        case State.SIGNATURE_MISMATCH:
            form = Keyword(signature.canonicalization.partition("/")[0])
            yield f.MessageSignatureMismatch(
                domain=domain, selector=selector, canonicalization=form, forwarded=forwarded, evidence=evidence
            )
        case _:  # the one left: KEY_UNUSABLE
            yield f.MessageKeyUnusable(domain=domain, selector=selector, evidence=evidence)
    if signature.length is not None and verified.unsigned is not None:
        length, unsigned = Bytes(signature.length), Bytes(verified.unsigned)
        yield f.MessageBodyPartlySigned(
            domain=domain, selector=selector, length=length, unsigned=unsigned, evidence=evidence
        )


def _of_header(verified: Verified) -> Iterator[Finding]:
    """What makes the signature field unusable: the first problem of each kind."""
    signature, domain, selector = verified.signature, verified.domain, verified.selector
    problems = {problem.kind: problem for problem in reversed(signature.problems)}
    kinds = SignatureKind
    if missing := tuple(Keyword(each.part) for each in signature.problems if each.kind is kinds.MISSING_TAG):
        yield f.MessageSignatureTagMissing(domain=domain, tags=missing)
    for kind, problem in problems.items():
        if kind in _FLAWS:
            flaw, part = Keyword(_FLAWS[kind]), RecordText(problem.part)
            yield f.MessageSignatureUnusable(domain=domain, flaw=flaw, part=part)
    if domain is None and signature.domain:
        yield f.MessageSignatureUnusable(domain=None, flaw=Keyword("domain"), part=RecordText(signature.domain))
    if domain is None or selector is None:
        return
    if kinds.IDENTITY_OUTSIDE_DOMAIN in problems:
        identity = RecordText(signature.identity or "")
        yield f.MessageSignatureIdentityOutside(domain=domain, selector=selector, identity=identity)
    if kinds.FROM_NOT_SIGNED in problems:
        yield f.MessageSignatureFromUnsigned(domain=domain, selector=selector)


def _day(moment: int) -> Day:
    """The day of a time in a signature; what lies beyond the calendar is its last day."""
    last = datetime.max.replace(tzinfo=UTC).timestamp() - 1
    return Day(datetime.fromtimestamp(min(moment, last), UTC).date().isoformat())


# --- SPF and DMARC ---------------------------------------------------------------------------------------------------


def of_spf(message: Message, sender: Sender | Keyword, evaluation: Evaluation | None) -> Iterator[Finding]:
    """What SPF comes to."""
    if not isinstance(sender, Sender) or evaluation is None:
        missing = sender if not isinstance(sender, Sender) else Keyword("address")
        yield f.MessageSpfNotEvaluated(missing=missing)
        return
    domain, address, evidence = sender.domain, sender.address, evaluation.evidence
    result = evaluation.result
    if result is SpfResult.PASS:
        yield f.MessageSpfPass(domain=domain, address=address, evidence=evidence)
    elif result is None or result is SpfResult.TEMPERROR:
        reason = evaluation.failure.trouble if evaluation.failure else None
        yield f.MessageSpfUnknown(domain=domain, address=address, reason=reason, evidence=evidence)
    elif len(message.handovers) > 1:
        yield f.MessageSpfForwarded(domain=domain, address=address, evidence=evidence)
    else:
        word = Keyword(result.value)
        yield f.MessageSpfNotPass(domain=domain, address=address, result=word, evidence=evidence)


def of_dmarc(judgement: Judgement | None) -> Iterator[Finding]:
    """What DMARC comes to, where there is one domain of From."""
    if judgement is None:
        return
    author, evidence = judgement.author, judgement.evidence
    spf, dkim = Keyword(judgement.spf.value), Keyword(judgement.dkim.value)
    if judgement.aligned is None:
        yield f.MessageDmarcUnknown(domain=author, spf=spf, dkim=dkim, evidence=evidence)
    elif judgement.aligned:
        both = {"SPF": judgement.spf, "DKIM": judgement.dkim}
        by = tuple(Keyword(name) for name, standing in both.items() if standing is Standing.ALIGNED)
        yield f.MessageDmarcPass(domain=author, by=by, evidence=evidence)
        if judgement.dkim not in (Standing.ALIGNED, Standing.UNKNOWN):
            yield f.MessageDmarcSpfOnly(domain=author, evidence=evidence)
    elif judgement.policy is Policy.REJECT:
        yield f.MessageDmarcReject(domain=author, spf=spf, dkim=dkim, evidence=evidence)
    else:
        policy = Keyword(judgement.policy.value) if judgement.policy else None
        if not judgement.policy_known:
            policy = Keyword("unknown")
        yield f.MessageDmarcFail(domain=author, spf=spf, dkim=dkim, policy=policy, evidence=evidence)


# --- What servers noted ----------------------------------------------------------------------------------------------


def of_claims(
    message: Message,
    sender: Sender | None,
    evaluation: Evaluation | None,
    verified: Sequence[Verified],
    judgement: Judgement | None,
) -> Iterator[Finding]:
    """What servers noted, and where that is not what comes out now."""
    claims = message.claims
    if claims:
        server = HostName(claims[0].server) if claims[0].server else None
        spf, dkim, dmarc = (_said(claims, method) for method in METHODS)
        yield f.MessageReceiverResults(server=server, spf=spf, dkim=dkim, dmarc=dmarc)
        for method, claimed, now in _differences(claims, sender, evaluation, verified, judgement):
            yield f.MessageResultDiffers(
                server=server, method=Keyword(method.upper()), claimed=Keyword(claimed), now=Keyword(now)
            )
    if sets := message.arc:
        sealers = tuple(dict.fromkeys(HostName(each.sealer) for each in sets if each.sealer))
        if chain_broken(sets):
            yield f.MessageArcBroken(sets=Count(len(sets)))
        else:
            yield f.MessageArcChain(sealers=sealers, sets=Count(len(sets)))


def _said(claims: Iterable[Claim], method: str) -> Keyword | None:
    """The result noted for a method; of several signatures, that of one that passed."""
    results = [claim.result for claim in claims if claim.method == method]
    return Keyword("pass" if "pass" in results else results[0]) if results else None


def _differences(
    claims: Iterable[Claim],
    sender: Sender | None,
    evaluation: Evaluation | None,
    verified: Sequence[Verified],
    judgement: Judgement | None,
) -> Iterator[tuple[str, str, str]]:
    """Method, result noted and result now, where one is a pass and the other is none, for the same domain."""
    told: set[str] = set()
    for claim in claims:
        now: str | None = None
        if claim.method == "spf" and sender is not None and evaluation is not None and evaluation.result is not None:
            judged = (claim.get("smtp.mailfrom") or sender.domain).rpartition("@")[2].lower()
            now = evaluation.result.value if judged == sender.domain else None
        elif claim.method == "dkim":
            signer = (claim.get("header.d", "header.i") or "").rpartition("@")[2].lower()
            words = {
                each.state.word
                for each in verified
                if each.domain == signer and claim.get("header.s") in (None, each.selector)
            }
            now = words.pop() if len(words) == 1 else None
        elif claim.method == "dmarc" and judgement is not None and judgement.aligned is not None:
            now = "pass" if judgement.aligned else "fail"
        undecided = {"unknown", "temperror", "none"} if claim.method != "spf" else {"temperror"}
        if now is None or now in undecided or claim.result in undecided or claim.method in told:
            continue
        if (now == "pass") != (claim.result == "pass"):
            told.add(claim.method)
            yield claim.method, claim.result, now


# --- The way ---------------------------------------------------------------------------------------------------------


def of_way(message: Message, now: float) -> Iterator[Finding]:
    """Where the message went, where it waited, and whose clock is wrong."""
    hops = message.hops
    if handovers := message.handovers:
        first, last = handovers[-1], handovers[0]
        yield f.MessageRoute(
            address=first.address,
            by=first.by,
            confidence=Keyword(first.confidence.value),
            last=last.address if last.address != first.address else None,
            hops=Count(len(hops)),
        )
    ahead = {number for number, hop in enumerate(hops) if hop.time is not None and hop.time > now + CLOCK_TOLERANCE}
    behind = {number for number, hop in enumerate(hops) if hop.delay is not None and hop.delay < -CLOCK_TOLERANCE}
    # A wrong clock makes the wait before it too long or the one after it, so neither is told.
    suspect = {near for number in ahead | behind for near in (number - 1, number, number + 1)}
    slow = [
        (hop.delay, number)
        for number, hop in enumerate(hops)
        if hop.delay is not None and hop.delay > SLOW and number not in suspect
    ]
    if slow:
        delay, number = max(slow)
        yield f.MessageSlowHop(
            source=_waited_at(hops, number), by=hops[number].by, delay=Seconds(delay), slow=Count(len(slow))
        )
    if ahead:
        number = max(ahead, key=lambda each: hops[each].time or 0.0)
        off = Seconds((hops[number].time or now) - now)
        yield f.MessageClockWrong(host=hops[number].by, off=off, compared=Keyword("now"))
    elif behind:
        number = min(behind, key=lambda each: hops[each].delay or 0.0)
        off = Seconds(-(hops[number].delay or 0.0))
        yield f.MessageClockWrong(host=hops[number].by, off=off, compared=Keyword("before"))


def _waited_at(hops: Sequence[Hop], number: int) -> HostName | None:
    """The server that the message waited at: the one before, or as it introduced itself."""
    before = hops[number + 1].by if number + 1 < len(hops) else None
    return before or hops[number].name or hops[number].greeting
