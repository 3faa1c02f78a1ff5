"""What a message itself tells: who signed it, which address sent it, what receivers make of it, and where it waited.

DNS says what a domain has set up; only a message shows what is used. Its headers name the DKIM selector and the signing
domain (RFC 6376 §3.5), the envelope sender, and each server on the way with its time (RFC 5321 §4.4). So with a message
the signatures can be verified, SPF be evaluated for the very address that sent it (RFC 7208 §4), and both be held
against the domain that people see in From (RFC 9989 §4.4): this decides whether it is refused, junked or delivered.

Looked at: From and the fields that may be there once, the DKIM signatures, SPF and DMARC as they come out now, the
Received fields, and what servers noted in Authentication-Results and ARC, as claims. Not looked at: the text of the
message, attachments, ARC seals (they are not verified), and whether a Received field is forged.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass

from checks.case import Case
from checks.causes import Remedy
from checks.check import Check, Desk, DomainName, HostName, IpAddress, Keyword, Outcome, Seconds, Selector
from checks.message import findings, telling
from checks.message.authentication import Judgement, Sender, evaluate, judge, sender_of
from checks.message.headers import Message, parse
from checks.message.signatures import MOST_SIGNATURES, Verified, verify
from checks.spf_evaluation import Evaluation

# --- Facts -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class SignatureFacts:
    """One signature; ``result`` in the words of RFC 8601 §2.7.1, or ``unknown`` without the body."""

    domain: DomainName | None
    selector: Selector | None
    result: Keyword


@dataclass(frozen=True, kw_only=True)
class HopFacts:
    """One server that took the message from ``source``; ``delay`` in seconds since the hop before."""

    by: HostName | None
    source: HostName | None
    ip: IpAddress | None
    delay: Seconds | None
    encrypted: bool | None


@dataclass(frozen=True, kw_only=True)
class MessageFacts:
    """What the message tells.

    ``sending_ip`` first handed it to another organization. ``mail_from`` is the domain of the envelope sender. ``spf``
    is the result as of now, ``dmarc_aligned`` whether DMARC passes; ``None`` where it could not be told. ``hops`` begin
    with the oldest.
    """

    from_domain: DomainName | None
    sending_ip: IpAddress | None
    mail_from: DomainName | None
    selectors: tuple[SignatureFacts, ...]
    hops: tuple[HopFacts, ...]
    spf: Keyword | None
    dmarc_aligned: bool | None


# --- Procedure -------------------------------------------------------------------------------------------------------


def has_message(case: Case) -> bool:
    """Whether a message came with the case."""
    return case.message is not None


async def run(desk: Desk) -> Outcome[MessageFacts]:
    """Examine the message of the case."""
    return await examine(desk, desk.case.message or b"")


async def examine(desk: Desk, pasted: bytes | str) -> Outcome[MessageFacts]:
    """Examine a message or a block of headers: any octets at all."""
    message, now = parse(pasted), time.time()
    if not message.readable:
        return Outcome(None, (findings.MessageUnreadable(),))
    handover = message.handovers[0].address if message.handovers else None
    sender = sender_of(message, handover or (IpAddress(desk.case.sender_ip) if desk.case.sender_ip else None))
    received = _received_at(message, now)
    known = sender if isinstance(sender, Sender) else None
    verified, evaluation = await asyncio.gather(verify(message, desk.dns, received), _evaluated(known, desk))
    seen = len(message.all("dkim-signature")) <= MOST_SIGNATURES and (bool(verified) or message.travelled)
    author = message.author_domain
    judgement = None
    if author is not None:
        judgement = await judge(author, known, evaluation, verified, desk.dns, all_seen=seen)
    found = (
        *telling.of_fields(message),
        *telling.of_dmarc(judgement),
        *telling.of_signing(message, verified, judgement),
        *(finding for each in verified for finding in telling.of_signature(message, each, received)),
        *telling.of_spf(message, sender, evaluation),
        *telling.of_claims(message, known, evaluation, verified, judgement),
        *telling.of_way(message, now),
    )
    return Outcome(_facts(message, known, evaluation, verified, judgement), found)


async def _evaluated(sender: Sender | None, desk: Desk) -> Evaluation | None:
    return None if sender is None else await evaluate(sender, desk.dns)


def _received_at(message: Message, now: float) -> float:
    """When it was received: a signature that has expired since was good then.

    The latest time of any server counts, so that one whose clock is behind makes no signature one of the future.
    """
    return max((hop.time for hop in message.hops if hop.time is not None and hop.time <= now), default=now)


def _facts(
    message: Message,
    sender: Sender | None,
    evaluation: Evaluation | None,
    verified: Sequence[Verified],
    judgement: Judgement | None,
) -> MessageFacts:
    return MessageFacts(
        from_domain=message.author_domain,
        sending_ip=message.handovers[-1].address if message.handovers else None,
        mail_from=sender.domain if sender and message.mail_from else None,
        selectors=tuple(
            SignatureFacts(domain=each.domain, selector=each.selector, result=Keyword(each.state.word))
            for each in verified
        ),
        hops=tuple(
            HopFacts(
                by=hop.by,
                source=hop.name or hop.greeting,
                ip=hop.address,
                delay=None if hop.delay is None else Seconds(hop.delay),
                encrypted=hop.encrypted,
            )
            for hop in reversed(message.hops)
        ),
        spf=Keyword(evaluation.result.value) if evaluation and evaluation.result else None,
        dmarc_aligned=judgement.aligned if judgement else None,
    )


CHECK: Check[MessageFacts] = Check(
    name="message",
    remedy=Remedy.DNS,
    applies=has_message,
    findings=findings.ALL,
    budget=15.0,
    rfcs=("RFC 5321", "RFC 5322", "RFC 6376", "RFC 7208", "RFC 8463", "RFC 8601", "RFC 8617", "RFC 9989"),
    run=run,
)
