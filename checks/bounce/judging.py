"""What a reply means: provider and text first, the enhanced code second, the three-digit code last.

Providers use codes for purposes of their own (5.2.2 at Exchange Online can be the sender's quota, 5.4.1 there an
unknown user), so a code decides only where the words decide nothing.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from checks.bounce.masking import MASK, masked
from checks.bounce.rules import Advice, Certainty, fold, shipped
from checks.causes import Cause

LONGEST_JUDGED = 2_000
"""Code points of a text that are looked at: a reply line has 512 octets (RFC 5321 §4.5.3.1.5), a bounce a few."""

_LOGIN_REPLIES = frozenset({None, 432, 454, 500, 503, 504, 530, 534, 535, 538, 550})
"""Replies to AUTH (RFC 4954 §6), and 550, which Microsoft gives to a login; elsewhere its codes are a mistake."""
_SECRET = re.compile(r"[\w \t-]{0,20}[\"']?[ \t]?(?:[:=：＝]|=>)?[ \t]?" + MASK)
"""A pasted secret with its label: "password: ..." beside an error says nothing about the error."""


@dataclass(frozen=True, kw_only=True)
class Judgement:
    """Why mail did not arrive: ``rule`` is the id of the rule, or the code that decided; ``words`` what it rests on."""

    cause: Cause
    confidence: Certainty
    rule: str
    words: str
    advice: Advice | None = None


def of_words(
    text: str, *, status: str | None = None, reply: int | None = None, provider: str | None = None
) -> Judgement | None:
    """Judge by what a text says; ``None`` if it says nothing that a rule knows."""
    folded = fold(_SECRET.sub(" ", masked(text[:LONGEST_JUDGED])))
    for rule in shipped().every:
        if (found := rule.fits(folded, status or "", str(reply or ""), provider or "")) is not None:
            return Judgement(
                cause=rule.cause,
                confidence=rule.confidence,
                rule=rule.id,
                words=found[0].strip(),
                advice=rule.advice,
            )
    return None


def of_status(status: str | None, reply: int | None, provider: str | None) -> Judgement | None:
    """Judge by an enhanced code; ``None`` if it leaves the cause open, or is no failure."""
    cause = shipped().of_status(status, provider or "") if status is not None and status[0] != "2" else None
    if cause is None or status is None or (cause is Cause.SMTP_LOGIN and reply not in _LOGIN_REPLIES):
        return None
    return Judgement(cause=cause, confidence=Certainty.MEDIUM, rule=f"status-{status}", words=status)


def of_reply(reply: int | None) -> Judgement | None:
    """Judge by a three-digit reply code; ``None`` if it leaves the cause open."""
    cause = shipped().of_reply(str(reply)) if reply is not None else None
    if cause is None:
        return None
    return Judgement(cause=cause, confidence=Certainty.LOW, rule=f"reply-{reply}", words=str(reply))
