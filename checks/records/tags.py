"""Text with positions, and the ``tag=value; tag=value`` lists that four of the records are written in."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final
from urllib.parse import unquote

MAX_TEXT: Final = 16_384
"""Characters that a parser here reads. Longer text is reported as too long and not read: no mail record needs it."""

_WHITESPACE: Final = " \t\r\n"
_ADDRESS: Final = re.compile(r"[^\s@,;<>\"]{1,64}@(?P<domain>[A-Za-z0-9_][A-Za-z0-9_.-]{0,252})\Z")
_SCHEME: Final = re.compile(r"(?P<scheme>[A-Za-z][A-Za-z0-9+.-]*):")
_NAME: Final = re.compile(r"[A-Za-z][A-Za-z0-9_]*\Z")


def as_text(record: str | bytes) -> str:
    """The text of a record; octets that are no UTF-8 become U+FFFD, so that they stay visible as not ASCII."""
    return record.decode("utf-8", "replace") if isinstance(record, bytes) else record


@dataclass(frozen=True)
class Tag:
    """One tag as published. ``offset`` is where its name begins in the text, ``value_offset`` where its value does."""

    name: str
    value: str
    offset: int
    value_offset: int


@dataclass(frozen=True)
class Stray:
    """What stands between two semicolons and is no tag; ``text`` is empty between two neighbouring semicolons."""

    text: str
    offset: int


@dataclass(frozen=True)
class TagList:
    """A tag-list (RFC 6376 §3.2) in the order of the text."""

    tags: tuple[Tag, ...]
    strays: tuple[Stray, ...]

    def first(self, name: str) -> Tag | None:
        """The first tag of that name, as it is spelled here."""
        return next((tag for tag in self.tags if tag.name == name), None)

    @property
    def repeated(self) -> tuple[Tag, ...]:
        """The tags whose name was there before."""
        seen: set[str] = set()
        again: list[Tag] = []
        for tag in self.tags:
            if tag.name in seen:
                again.append(tag)
            seen.add(tag.name)
        return tuple(again)


def split_tags(text: str, *, fold_case: bool = False) -> TagList:
    """Split a tag-list (RFC 6376 §3.2); white space around names and values is dropped, inside values it is kept.

    ``fold_case`` brings the names into lower case, for the records whose tag names know no case.
    """
    tags: list[Tag] = []
    strays: list[Stray] = []
    start = 0
    parts = text.split(";")
    for number, part in enumerate(parts):
        spec = part.strip(_WHITESPACE)
        offset = start + len(part) - len(part.lstrip(_WHITESPACE))
        name, equals, value = spec.partition("=")
        name = name.rstrip(_WHITESPACE)
        if equals and _NAME.match(name):
            bare = value.lstrip(_WHITESPACE)
            tags.append(Tag(name.lower() if fold_case else name, bare, offset, offset + len(spec) - len(bare)))
        elif spec or number < len(parts) - 1:
            strays.append(Stray(spec, offset if spec else start))
        start += len(part) + 1
    return TagList(tuple(tags), tuple(strays))


def colon_list(value: str) -> tuple[str, ...]:
    """The members of a colon-separated list, white space around them dropped, empty members left out."""
    return tuple(member for part in value.split(":") if (member := part.strip(_WHITESPACE)))


@dataclass(frozen=True)
class Uri:
    """A URI as far as a report address needs: ``scheme`` is lower case, ``None`` where there is none.

    ``address`` and its ``domain`` (lower case, without the final dot) are there for a ``mailto:`` with one mail address
    (RFC 6068 §2).
    """

    scheme: str | None
    address: str | None = None
    domain: str | None = None


def read_uri(text: str) -> Uri:
    """Read a report address."""
    found = _SCHEME.match(text)
    if found is None:
        return Uri(None)
    scheme = found["scheme"].lower()
    if scheme != "mailto":
        return Uri(scheme)
    address = unquote(text[found.end() :].partition("?")[0])
    match = _ADDRESS.match(address)
    return Uri(scheme, address, match["domain"].removesuffix(".").lower()) if match is not None else Uri(scheme)


def looks_like_address(text: str) -> bool:
    """Whether a text is a report address, with or without its ``mailto:``."""
    return text[:7].lower() == "mailto:" or _ADDRESS.match(text) is not None
