"""The way of a message, read from its Received fields (RFC 5321 §4.4): who took it from whom, when, and how fast.

Each server puts its line above the older ones, so only the topmost are out of the hands of whoever sent the message.
The form is freer in the wild than in the RFC, and what cannot be read of a line is left out of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from email.utils import parsedate_to_datetime
from enum import StrEnum
from itertools import pairwise
from typing import Final

from checks.case import ip_address
from checks.check import HostName, IpAddress
from checks.mx import reaches_internet
from checks.suffixes import registered_domain

MOST_HOPS: Final = 60
"""Received fields that are read; a message with more runs in circles (RFC 5321 §6.3 suggests an end at 100)."""
CLOCK_TOLERANCE: Final = 120.0
"""Seconds by which the clocks of two servers may differ before it is worth a word."""

_TOKEN: Final = re.compile(r"[()]|[^\s()]+")
_KEYWORDS: Final = frozenset({"from", "by", "via", "with", "id", "for"})
_SPLIT: Final = re.compile(r"[\s\[\]=;,<>\"]+")
_PORT: Final = re.compile(r"(\d{1,3}(?:\.\d{1,3}){3}):\d+\Z")
_HOST: Final = re.compile(r"[A-Za-z0-9_-]{1,63}(?:\.[A-Za-z0-9_-]{1,63})+\.?\Z")
_PAIR: Final = re.compile(r"\b(client-ip|helo|envelope-from)=([^;\s]{1,320})", re.IGNORECASE)
_MOST_WORDS: Final = 80
_LONGEST_DATE: Final = 100


@dataclass(frozen=True, kw_only=True)
class Hop:
    """One server that took the message, as that server put it.

    ``greeting`` is how the other side introduced itself, ``name`` what the server found out about it, ``address`` where
    it connected from. ``time`` is in seconds since the epoch, ``delay`` in seconds since the hop before (below zero
    where the clocks disagree). ``encrypted`` and ``authenticated`` follow from the protocol (RFC 3848) or from what the
    server noted beside it; ``encrypted`` is ``None`` where neither tells.
    """

    greeting: HostName | None = None
    name: HostName | None = None
    address: IpAddress | None = None
    by: HostName | None = None
    protocol: str | None = None
    id: str | None = None
    recipient: str | None = None
    time: float | None = None
    delay: float | None = None
    encrypted: bool | None = None
    authenticated: bool = False

    @property
    def public(self) -> bool:
        """Whether it came from an address of the public network."""
        return self.address is not None and reaches_internet(self.address)


class Confidence(StrEnum):
    """How sure it is that an address handed the message over."""

    NOTED = "noted"
    """The recipient's server noted it beside its SPF result."""
    RECEIVED = "received"
    """The newest such Received field, most likely one of the recipient's own server."""
    CLAIMED = "claimed"
    """An older Received field: whoever sent the message may have written it."""


@dataclass(frozen=True, kw_only=True)
class Handover:
    """A hop from one organization to another: the other side's address is what receivers judge."""

    address: IpAddress
    greeting: HostName | None = None
    by: HostName | None = None
    confidence: Confidence = Confidence.CLAIMED


@dataclass(frozen=True, kw_only=True)
class NotedSpf:
    """What a receiver noted in Received-SPF (RFC 7208 §9.1) of whom it judged."""

    address: IpAddress | None
    greeting: HostName | None
    mail_from: str | None


def read_received_spf(text: str) -> NotedSpf:
    """Read the key-value pairs that tell who was judged."""
    pairs = {each[1].lower(): each[2].strip('"<>') for each in _PAIR.finditer(text)}
    return NotedSpf(
        address=_address(pairs.get("client-ip", "")),
        greeting=_host(pairs.get("helo")),
        mail_from=pairs.get("envelope-from"),
    )


def read_hops(texts: Iterable[str]) -> tuple[Hop, ...]:
    """Read Received fields, newest first, and work out the delays."""
    hops = [_hop(text) for _, text in zip(range(MOST_HOPS), texts, strict=False)]
    return tuple(
        replace(hop, delay=None if hop.time is None or before is None else hop.time - before)
        for hop, before in zip(hops, _times_before(hops), strict=True)
    )


def _times_before(hops: Sequence[Hop]) -> list[float | None]:
    """For each hop the time of the nearest older one that has a time."""
    before: list[float | None] = []
    last: float | None = None
    for hop in reversed(hops):
        before.append(last)
        last = hop.time if hop.time is not None else last
    return before[::-1]


def _hop(text: str) -> Hop:
    clauses, _, date = text.rpartition(";")
    found = _clauses(clauses or text)
    source, source_notes = found.get("from", ([], []))
    notes = [note for _, each in found.values() for note in each]
    protocol = next(iter(found.get("with", ([], []))[0]), None)
    address, name = _peer(source, source_notes)
    return Hop(
        greeting=_host(next(iter(source), None)) or _greeting(source_notes),
        name=name,
        address=address,
        by=_host(next(iter(found.get("by", ([], []))[0]), None)),
        protocol=protocol,
        id=next(iter(found.get("id", ([], []))[0]), None),
        recipient=next((word.strip("<>") for word in found.get("for", ([], []))[0]), None),
        time=_time(date),
        encrypted=_encrypted(protocol, notes),
        authenticated=bool(re.fullmatch(r"(?:UTF8)?(?:E?SMTP|LMTP)S?A", protocol or "", re.IGNORECASE)),
    )


def _clauses(text: str) -> dict[str, tuple[list[str], list[str]]]:
    """By keyword, the words after it and the words of its comments."""
    found: dict[str, tuple[list[str], list[str]]] = {}
    current: tuple[list[str], list[str]] = ([], [])
    depth = 0
    for token in _TOKEN.findall(text):
        if token == "(":  # noqa: S105 - a parenthesis
            depth += 1
        elif token == ")":  # noqa: S105 - a parenthesis
            depth = max(0, depth - 1)
        elif depth:
            current[1].append(token)
        elif token.lower() in _KEYWORDS and token.lower() not in found:
            current = found[token.lower()] = ([], [])
        else:
            current[0].append(token)
    return found


def _peer(source: list[str], notes: list[str]) -> tuple[IpAddress | None, HostName | None]:
    """The address the server saw, and the name that stood before it.

    What the server noted in a comment counts before what the other side said of itself.
    """
    for words in (notes, source):
        before = ""
        for word in _words(words):
            address = _address(word)
            if address is not None:
                return address, _host(before) if words is notes else None
            before = word
    return None, None


def _words(tokens: Iterable[str]) -> list[str]:
    return [word for token in tokens for word in _SPLIT.split(token) if word][:_MOST_WORDS]


def _address(word: str) -> IpAddress | None:
    if ":" not in word and word.count(".") != 3:  # noqa: PLR2004 - dots of an IPv4 address
        return None
    port = _PORT.match(word)
    try:
        return IpAddress(ip_address(port[1] if port else word))
    except ValueError:
        return None


def _host(word: str | None) -> HostName | None:
    if word is None or _address(word.strip("[]")) is not None or not _HOST.match(word):
        return None
    return HostName(word.lower().removesuffix("."))


def _greeting(notes: list[str]) -> HostName | None:
    """Some servers note the greeting in a comment: ``(HELO name)`` or ``helo=name``."""
    words = _words(notes)
    said = (after for word, after in pairwise(words) if word.lower() in {"helo", "ehlo"})
    return _host(next(said, None))


def _time(date: str) -> float | None:
    try:
        return parsedate_to_datetime(date.strip()[:_LONGEST_DATE]).timestamp()
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def _encrypted(protocol: str | None, notes: list[str]) -> bool | None:
    """``S`` at the end of the protocol, or ``SA``, means TLS (RFC 3848); others note it in a comment."""
    if any(re.match(r"(?:using|version=|tls\d*\.|cipher)?.{0,8}(?:TLS|SSL)", note, re.IGNORECASE) for note in notes):
        return True
    known = re.fullmatch(r"(?:UTF8)?(?:E?SMTP|LMTP)(S?)A?", protocol or "", re.IGNORECASE)
    return bool(known[1]) if known else None


# --- Between organizations -------------------------------------------------------------------------------------------


def handovers(hops: Sequence[Hop], author: str | None, noted: NotedSpf | None) -> tuple[Handover, ...]:
    """The hops from one organization to another, newest first; the first is the one ``noted``, if one is.

    Left out: connections from private addresses, within one organization and by users who logged in; and a way into
    the author's own organization, if the message went out of it again.
    """
    home = registered_domain(author) if author else None
    crossed = [hop for hop in hops if hop.public and not hop.authenticated and not _inside(hop)]
    while len(crossed) > 1 and home is not None and _organization(crossed[-1].by) == home:
        crossed.pop()
    found = [
        Handover(
            address=hop.address,
            greeting=hop.greeting,
            by=hop.by,
            confidence=Confidence.CLAIMED if number else Confidence.RECEIVED,
        )
        for number, hop in enumerate(crossed)
        if hop.address is not None
    ]
    if noted is not None and noted.address is not None and reaches_internet(noted.address):
        addresses = [each.address for each in found]
        at = addresses.index(noted.address) if noted.address in addresses else None
        by = None if at is None else found[at].by
        first = Handover(address=noted.address, greeting=noted.greeting, by=by, confidence=Confidence.NOTED)
        # What is newer than the one noted went between servers of the recipient's side.
        found = [first, *(found if at is None else found[at + 1 :])]
    return tuple(found)


def _inside(hop: Hop) -> bool:
    """Whether both sides belong to one organization."""
    by = _organization(hop.by)
    return by is not None and by == _organization(hop.name or hop.greeting)


def _organization(host: str | None) -> str | None:
    return registered_domain(host) if host else None
