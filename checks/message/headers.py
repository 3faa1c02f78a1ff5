"""A pasted message or block of headers as values. Pure: nothing here is asked of the network, nothing is verified.

People paste a whole ``.eml``, the headers out of a mail program, or either with a line of their own before it. What is
no header field at the top is passed over; what the fields say is read as far as it can be, and the rest is left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from email.utils import getaddresses
from enum import StrEnum
from functools import cached_property
from typing import Final

from checks.case import NotADomainError, domain_name
from checks.check import DomainName
from checks.message.claims import ArcSet, Claim, arc_sets, authentication_results
from checks.message.received import Handover, Hop, NotedSpf, handovers, read_hops, read_received_spf
from checks.network.answers import foreign

MAX_MESSAGE: Final = 5_000_000
"""Octets of a message that are read; a body cut there cannot be verified."""
MAX_HEAD: Final = 262_144
"""Octets of header fields that are read."""
MAX_FIELD: Final = 16_384
"""Octets of one field that are understood; a longer one counts as empty, save for signatures."""

_FIRST_FIELD: Final = re.compile(rb"^[!-9;-~]{1,100}[ \t]*:", re.MULTILINE)
_FIELD: Final = re.compile(rb"([!-9;-~]+[ \t]*):(.*)", re.DOTALL)
_KNOWN: Final = frozenset(
    {
        "from",
        "to",
        "subject",
        "date",
        "message-id",
        "received",
        "return-path",
        "dkim-signature",
        "sender",
        "mime-version",
    }
)
"""Without any of these it is no message."""
ONCE: Final = ("from", "subject", "date", "to")
"""Fields that people see and that may be there once (RFC 5322 §3.6): a second one deceives."""
_MOST_COMMENTS: Final = 20
"""Parentheses in an address field: the library that reads it descends into each."""


class Part(StrEnum):
    """How much of a message was pasted."""

    WHOLE = "whole"
    HEADERS = "headers"
    """No body: it was not pasted, or there is none."""
    CUT = "cut"
    """Longer than we read."""


@dataclass(frozen=True)
class Field:
    """One header field; ``value`` is as it was sent, with its line ends (CRLF)."""

    name: bytes
    value: bytes

    @property
    def key(self) -> str:
        """The name in lower case, without the space that old programs put before the colon."""
        return self.name.decode("ascii").rstrip().lower()

    @property
    def text(self) -> str:
        """The value in one line; empty if it is longer than any sane one."""
        if len(self.value) > MAX_FIELD:
            return ""
        return foreign(self.value.decode("utf-8", "surrogateescape")).replace("\r\n", "").strip(" \t")


@dataclass(frozen=True, kw_only=True)
class Message:
    """What was pasted. Header fields in their order, the newest of what servers add first."""

    fields: tuple[Field, ...] = field(repr=False)
    body: bytes = field(repr=False)
    part: Part

    def all(self, name: str) -> tuple[Field, ...]:
        """The fields of that name (lower case)."""
        return tuple(each for each in self.fields if each.key == name)

    def first(self, name: str) -> str | None:
        """The text of the first field of that name."""
        return next((each.text for each in self.fields if each.key == name), None)

    @property
    def readable(self) -> bool:
        """Whether there is anything in it that a message has."""
        return any(each.key in _KNOWN for each in self.fields)

    @property
    def travelled(self) -> bool:
        """Whether it went from one organization to another. What a sender's own copy lacks proves nothing."""
        return bool(self.handovers)

    @property
    def head_complete(self) -> bool:
        """Whether all header fields seem to be here, so that one that is missing was not there.

        Somebody who copies a few lines leaves out the rest: then From, Date (RFC 5322 §3.6) or Message-ID are missing.
        """
        if self.part is Part.CUT:
            return False
        return self.part is Part.WHOLE or all(self.all(name) for name in ("from", "date", "message-id"))

    @cached_property
    def from_domains(self) -> tuple[DomainName, ...]:
        """The domains of all author addresses, each once (RFC 5322 §3.6.2); one that is no name is left out."""
        return _domains(each.text for each in self.all("from"))

    @property
    def author_domain(self) -> DomainName | None:
        """The domain of From if there is exactly one (RFC 9989 §3.2.2)."""
        return self.from_domains[0] if len(self.from_domains) == 1 else None

    @property
    def repeated(self) -> tuple[str, ...]:
        """Which of From, Subject, Date and To occur more than once, against RFC 5322 §3.6."""
        return tuple(name for name in ONCE if len(self.all(name)) > 1)

    @cached_property
    def mail_from(self) -> str | None:
        """The envelope sender as the receiver noted it: ``""`` for ``<>``, ``None`` if it is not noted.

        Some note the domain only: then there is no ``@`` in it.
        """
        noted = self.first("return-path")
        if noted is not None and re.match(r"<\s*>", noted):
            return ""
        address = next((each for each in _addresses(noted or "") if "@" in each), None)
        spf = next((claim for claim in self.claims if claim.method == "spf"), None)
        judged = self.noted_spf.mail_from if self.noted_spf else None
        return address or judged or (spf.get("smtp.mailfrom") if spf else None) or None

    @cached_property
    def noted_spf(self) -> NotedSpf | None:
        """What the newest Received-SPF says (RFC 7208 §9.1)."""
        text = self.first("received-spf")
        return None if text is None else read_received_spf(text)

    @cached_property
    def hops(self) -> tuple[Hop, ...]:
        """What the Received fields tell (RFC 5321 §4.4), newest first."""
        return read_hops(each.text for each in self.all("received"))

    @cached_property
    def handovers(self) -> tuple[Handover, ...]:
        """Where it went from one organization to another, newest first."""
        return handovers(self.hops, self.author_domain, self.noted_spf)

    @cached_property
    def claims(self) -> tuple[Claim, ...]:
        """What the last server that noted results said of SPF, DKIM and DMARC (RFC 8601)."""
        return authentication_results(each.text for each in self.all("authentication-results"))

    @cached_property
    def arc(self) -> tuple[ArcSet, ...]:
        """The ARC sets (RFC 8617 §4), oldest first."""
        return arc_sets((each.key, each.text) for each in self.fields)


def parse(pasted: bytes | str) -> Message:
    """Read what was pasted. Any octets at all come out as a ``Message``; ``readable`` says whether it is one."""
    raw = pasted.encode("utf-8", "backslashreplace") if isinstance(pasted, str) else pasted
    cut = len(raw) > MAX_MESSAGE
    raw = raw[:MAX_MESSAGE].removeprefix(b"\xef\xbb\xbf").replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
    start = _FIRST_FIELD.search(raw, 0, MAX_HEAD)
    if start is None:
        return Message(fields=(), body=b"", part=Part.HEADERS)
    head, _, body = raw[start.start() :].partition(b"\r\n\r\n")
    cut = cut or len(head) > MAX_HEAD
    part = Part.CUT if cut else Part.WHOLE if body.strip(b" \t\r\n") else Part.HEADERS
    # The library's parser gives up at the first line that is no field, and rewrites line ends, which signatures cover.
    lines = re.split(rb"\r\n(?![ \t])", head[:MAX_HEAD])
    found = (_FIELD.fullmatch(line) for line in lines)
    return Message(fields=tuple(Field(each[1], each[2] + b"\r\n") for each in found if each), body=body, part=part)


def _addresses(text: str) -> list[str]:
    if text.count("(") > _MOST_COMMENTS:
        return []
    return [address for _, address in getaddresses([text])]


def _domains(texts: Iterable[str]) -> tuple[DomainName, ...]:
    found: dict[DomainName, None] = {}
    for text in texts:
        for address in _addresses(text):
            _, at, domain = address.rpartition("@")
            if at:
                try:
                    found[DomainName(domain_name(domain))] = None
                except NotADomainError:
                    continue  # an address literal, or a mistake: no name that a policy could stand at
    return tuple(found)
