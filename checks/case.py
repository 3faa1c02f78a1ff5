"""What the ticket says: the target and every hint that steers the checks.

Pure values. Where they come from (a slash command, a terminal, a bounce) is not known here.
"""

from __future__ import annotations

import ipaddress
import re
import unicodedata
from dataclasses import dataclass, field
from enum import StrEnum

import idna

from checks.causes import Cause

MAX_DOMAIN = 253
"""Longest name in text form: 255 octets on the wire (RFC 1035 §2.3.4)."""

_LABEL = re.compile(r"[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?\Z")
_IDEOGRAPHIC_DOTS = str.maketrans({"。": ".", "．": ".", "｡": "."})


class BadName(StrEnum):
    """Why a text is no domain name."""

    EMPTY = "empty"
    TOO_LONG = "too_long"
    BAD_LABEL = "bad_label"
    SINGLE_LABEL = "single_label"
    """Mail for a name without a dot does not leave the house."""
    NUMERIC_TOP = "numeric_top"
    """The last label is a number: an IP address that is not one."""


class NotADomainError(ValueError):
    """The text is no domain name; ``reason`` says why and ``part`` where."""

    def __init__(self, reason: BadName, part: str) -> None:
        super().__init__(f"{reason.value}: {part[:80]!r}")
        self.reason = reason
        self.part = part


def without_junk(text: str) -> str:
    """Fold full-width forms (NFKC) and drop what cannot be seen: zero-width, control and bidi characters."""
    folded = unicodedata.normalize("NFKC", text)
    return "".join(c for c in folded if unicodedata.category(c) not in {"Cf", "Cc"})


def domain_name(text: str) -> str:
    """Bring a domain into A-label form, lower case, without the final dot.

    Internationalised names are taken in either form (RFC 5891); full-width letters and ideographic full stops count as
    their plain forms (UTS 46).

    Raises:
        NotADomainError: with the reason.
    """
    name = without_junk(text.translate(_IDEOGRAPHIC_DOTS)).strip().removesuffix(".").lower()
    if not name:
        raise NotADomainError(BadName.EMPTY, text)
    if len(name) > MAX_DOMAIN:
        raise NotADomainError(BadName.TOO_LONG, name)
    if not name.isascii():
        name = ".".join(label if label.isascii() else _a_label(label) for label in name.split("."))
    labels = name.split(".")
    for label in labels:
        if not _LABEL.match(label):
            raise NotADomainError(BadName.BAD_LABEL, label)
    if len(name) > MAX_DOMAIN:
        raise NotADomainError(BadName.TOO_LONG, name)
    if len(labels) == 1:
        raise NotADomainError(BadName.SINGLE_LABEL, name)
    if labels[-1].isdigit():
        raise NotADomainError(BadName.NUMERIC_TOP, name)
    return name


def _a_label(label: str) -> str:
    try:
        return idna.encode(label, uts46=True).decode("ascii").lower()
    except (idna.IDNAError, UnicodeError) as error:
        raise NotADomainError(BadName.BAD_LABEL, label) from error


def ip_address(text: str) -> str:
    """Bring an IP address into its canonical form; brackets of an address literal (RFC 5321 §4.1.3) are dropped.

    Raises:
        ValueError: the text is no IP address.
    """
    plain = without_junk(text).strip().removeprefix("[").removesuffix("]")
    if plain[:5].lower() == "ipv6:":
        plain = plain[5:]
    address = ipaddress.ip_address(plain)
    if isinstance(address, ipaddress.IPv6Address):
        if address.scope_id is not None:
            raise ValueError("an address with a zone is only known to one machine")
        if address.ipv4_mapped is not None:
            return str(address.ipv4_mapped)
    return str(address)


@dataclass(frozen=True, kw_only=True)
class Target:
    """What is checked: a domain or an IP address, exactly one of the two."""

    domain: str | None = None
    address: str | None = None

    def __post_init__(self) -> None:
        """Hold the promise of the class."""
        if (self.domain is None) == (self.address is None):
            raise ValueError("a target is a domain or an address")

    def __str__(self) -> str:
        """The one of the two that is there."""
        return self.domain or self.address or ""


class Window(StrEnum):
    """The time a number of messages was sent in."""

    MINUTE = "minute"
    HOUR = "hour"
    DAY = "day"


@dataclass(frozen=True)
class Sent:
    """How much the user sent: ``count`` messages within ``per``."""

    count: int
    per: Window


@dataclass(frozen=True, kw_only=True)
class Case:
    """The ticket.

    Args:
        target: what to check.
        sender_ip: the address the mail left from.
        sender: the sender's mail address.
        recipient: the recipient's mail address or domain.
        selector: the DKIM selector of a message that failed.
        size: the size of the message or attachment in octets.
        sent: how much was sent.
        bounce: what the server said in the bounce, secrets masked: foreign words.
        bounced: what the bounce was judged to mean, for the recipients it names.
        message: the mail itself or its headers, as pasted. It is not kept: history and ``repr`` leave it out.
        reference: the ticket's own number.
    """

    target: Target
    sender_ip: str | None = None
    sender: str | None = None
    recipient: str | None = None
    selector: str | None = None
    size: int | None = None
    sent: Sent | None = None
    bounce: str | None = None
    bounced: tuple[Cause, ...] = ()
    message: bytes | None = field(default=None, repr=False)
    reference: str | None = None

    @property
    def domain(self) -> str:
        """The domain to check, for checks whose ``applies`` made sure that there is one.

        Raises:
            ValueError: the target is an address.
        """
        if self.target.domain is None:
            raise ValueError("the target is no domain")
        return self.target.domain


def has_domain(case: Case) -> bool:
    """Whether the case is about a domain."""
    return case.target.domain is not None
