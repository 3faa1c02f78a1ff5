"""Text with positions, and the ``tag=value; tag=value`` lists that four of the records are written in."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

MAX_TEXT: Final = 16_384
"""Characters that a parser here reads. Longer text is reported as too long and not read: no mail record needs it."""

_WHITESPACE: Final = " \t\r\n"
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
