"""Ask one blocklist about one address or domain, and make of its answer what may be made of it (RFC 5782).

An answer is believed only where the list proves that it can be heard from here: its test entry must be there before
"not listed" counts, and what no list may list must be missing before any answer counts (§5). A refusal, an answer that
is not documented, and silence are "could not tell".
"""

from __future__ import annotations

import asyncio
import ipaddress
from dataclasses import dataclass, replace
from enum import StrEnum

from checks.blocklist_data import ANSWERS, Blocklist, Meaning, Takes
from checks.check import Desk, Keyword, ListName, RecordText, Url
from checks.network.answers import TXT, A, Answer, Trouble

PATIENCE = 1.5
"""Seconds for one list: a slow list must not hold up the others."""
TESTED_FOR = 3600.0
"""Seconds for which a list need not prove itself again."""


class Why(StrEnum):
    """For which reason something is asked about."""

    SENDING_IP = "sending_ip"
    TARGET = "target"
    SPF = "spf"
    """The domain's own SPF record lets it send."""
    MAIL_HOST = "mail_host"


@dataclass(frozen=True)
class Subject:
    """What is asked about: an address, or a domain."""

    text: str
    kind: Takes
    why: Why


def address(text: str, why: Why) -> Subject:
    """An address to ask about."""
    return Subject(text, Takes.IPV6 if ":" in text else Takes.IPV4, why)


class Said(StrEnum):
    """What can be made of an answer."""

    LISTED = "listed"
    NOT_LISTED = "not_listed"
    NO_ANSWER = "no_answer"
    REFUSED = "refused"
    """The list does not want to be asked from here."""
    ODD_ANSWER = "odd_answer"
    """None of the documented answers."""
    UNUSABLE = "unusable"
    """The list fails its own test from here."""


@dataclass(frozen=True, kw_only=True)
class Reply:
    """What one list says of one subject; ``reason`` is in the list's own words."""

    list: Blocklist
    subject: Subject
    said: Said
    codes: tuple[Keyword, ...] = ()
    meanings: frozenset[Meaning] = frozenset()
    trouble: Trouble | None = None
    reason: RecordText | None = None
    evidence: tuple[int, ...] = ()

    @property
    def name(self) -> ListName:
        """The name of the list."""
        return ListName(self.list.name)

    @property
    def page(self) -> Url | None:
        """Where to look the listing up and ask for its removal."""
        link = self.list.removal_url or self.list.lookup_url
        return None if link is None else Url(link)


async def ask(desk: Desk, blocklist: Blocklist, subject: Subject) -> Reply:
    """Ask one list, and have it prove itself at the same time."""
    question, points = blocklist.question(subject.text), blocklist.test_points
    answer, there, missing = await asyncio.gather(
        desk.dns(question, A, patience=PATIENCE),
        desk.dns(blocklist.question(points.listed), A, patience=PATIENCE, max_age=TESTED_FOR),
        desk.dns(blocklist.question(points.not_listed), A, patience=PATIENCE, max_age=TESTED_FOR),
    )
    reply = _read(blocklist, subject, answer)
    if reply.said is Said.NOT_LISTED:
        reply = _held_against(reply, _read(blocklist, subject, there), Said.LISTED)
    if reply.said in (Said.LISTED, Said.NOT_LISTED):
        reply = _held_against(reply, _read(blocklist, subject, missing), Said.NOT_LISTED)
    if reply.said is not Said.LISTED:
        return reply
    # The reason costs a question more, so only a listing is asked for one (RFC 5782 §2.1).
    words = await desk.dns(question, TXT, patience=PATIENCE)
    said = blocklist.without_secret(" ".join(record.text for record in words.records))
    reason = RecordText(said) if words.found else None
    return replace(reply, reason=reason, evidence=(*reply.evidence, words.evidence))


def _read(blocklist: Blocklist, subject: Subject, answer: Answer[str]) -> Reply:
    """Read one answer by the list's own table, without asking yet whether the list is to be believed."""
    codes = tuple(Keyword(code) for code in sorted(answer.records, key=ipaddress.ip_address))
    meanings = frozenset(meaning for code in codes for meaning in blocklist.meanings(code))
    if answer.unknown:
        said = Said.NO_ANSWER
    elif answer.absent:
        said = Said.NOT_LISTED
    elif any(blocklist.refuses(code) for code in codes):
        said = Said.REFUSED
    elif not meanings or not all(ipaddress.ip_address(code) in ANSWERS for code in codes):
        said = Said.ODD_ANSWER
    else:
        said = Said.LISTED
    return Reply(
        list=blocklist,
        subject=subject,
        said=said,
        codes=codes,
        meanings=meanings,
        trouble=answer.trouble,
        evidence=(answer.evidence,),
    )


def _held_against(reply: Reply, test: Reply, expected: Said) -> Reply:
    """Believe a reply only if the test came out as it must."""
    evidence = (*reply.evidence, *test.evidence)
    if test.said is expected:
        return replace(reply, evidence=evidence)
    if test.said in (Said.NO_ANSWER, Said.REFUSED):
        return replace(reply, said=test.said, trouble=test.trouble, evidence=evidence)
    return replace(reply, said=Said.UNUSABLE, evidence=evidence)
