"""Text as surfaces show it: a row of spans, and how foreign words become safe to look at.

A span says what its words are; how that looks is the business of the renderers. Words from outside only ever travel as
``Code``, cleaned: what cannot be seen, or changes how the rest is seen, is shown as an escape.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

import idna

CUT = "…"
"""The mark at the end of what was shortened."""

_LINE_END = re.compile(r"\r\n|\n|\r")
_LINE_MARK = " ↵ "
_HIDDEN = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180f\u2800\u3164\uffa0")
"""Default-ignorable or blank characters that Unicode files under letters, marks or symbols."""
_HIDDEN_CATEGORIES = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp", "Zs"})
_SUSPICIOUS = re.compile(r"[^ -~]")
_ESCAPE = re.compile(r"\\x[0-9a-f]{2}|\\u[0-9a-f]{4}|\\U[0-9a-f]{8}")
_LONGEST_ESCAPE = 10


@dataclass(frozen=True)
class Text:
    """Words of ours."""

    text: str


@dataclass(frozen=True)
class Strong:
    """Words of ours that stand out."""

    text: str


@dataclass(frozen=True)
class Code:
    """Foreign or literal words, cleaned: to be shown as they are and never to be parsed."""

    text: str


@dataclass(frozen=True)
class Link:
    """A web address out of our own data or our own texts."""

    url: str
    text: str


@dataclass(frozen=True)
class Person:
    """Somebody by Slack user id or login name."""

    id: str


@dataclass(frozen=True)
class Moment:
    """A point in time, in seconds since the epoch: surfaces show it in the reader's time zone where they can."""

    at: float

    def __str__(self) -> str:
        """In UTC, to the minute."""
        return datetime.fromtimestamp(self.at, UTC).strftime("%Y-%m-%d %H:%M UTC")


Span = Text | Strong | Code | Link | Person | Moment
Spans = tuple[Span, ...]


def clean(text: str) -> str:
    """Make foreign words safe to look at.

    Control, bidi and other invisible characters become visible escapes (a no-break space inside an SPF record is a
    fault one has to see); line ends become a mark; nothing else changes.
    """
    if text.isascii() and text.isprintable():
        return text
    return _SUSPICIOUS.sub(_visible, _LINE_END.sub(_LINE_MARK, text))


def _visible(match: re.Match[str]) -> str:
    char = match[0]
    number = ord(char)
    if (
        char in _HIDDEN
        or unicodedata.category(char) in _HIDDEN_CATEGORIES
        or 0xFE00 <= number <= 0xFE0F  # noqa: PLR2004 - the variation selectors
        or 0xE0100 <= number <= 0xE01EF  # noqa: PLR2004 - and their supplement
    ):
        if number <= 0xFF:  # noqa: PLR2004 - two hexadecimal digits
            return f"\\x{number:02x}"
        return f"\\u{number:04x}" if number <= 0xFFFF else f"\\U{number:08x}"  # noqa: PLR2004 - the first plane
    return char


def cut(cleaned: str, limit: int) -> str:
    """Shorten cleaned words to ``limit`` code points, the mark included, and never inside an escape."""
    if len(cleaned) <= limit:
        return cleaned
    kept = limit - len(CUT)
    # An escape that begins earlier and ends later than the cut goes as a whole.
    for token in _ESCAPE.finditer(cleaned, max(0, kept - _LONGEST_ESCAPE), kept + _LONGEST_ESCAPE):
        if token.start() < kept < token.end():
            kept = token.start()
    return cleaned[:kept] + CUT


def foreign(text: str, limit: int) -> Code:
    """Clean and shorten words from outside.

    Only as much is looked at as can be shown, whatever the size.
    """
    return Code(cut(clean(text[: limit + 1]), limit) or "∅")


def domain(name: str, limit: int) -> Code:
    """A domain: an internationalised one in Unicode with its A-label form behind it (RFC 5890 §2.3.2.1)."""
    ascii_form = foreign(name, limit)
    if "xn--" not in name or len(name) > limit:
        return ascii_form
    try:
        unicode_form = idna.decode(name)
    except (idna.IDNAError, UnicodeError):
        return ascii_form
    return Code(f"{clean(unicode_form)} ({ascii_form.text})")


def joined(spans: Iterable[Span]) -> Spans:
    """Merge neighbouring words of ours and drop empty ones."""
    result: list[Span] = []
    for span in spans:
        if isinstance(span, Text):
            if not span.text:
                continue
            if result and isinstance(last := result[-1], Text):
                result[-1] = Text(last.text + span.text)
                continue
        result.append(span)
    return tuple(result)


def plain(spans: Iterable[Span]) -> str:
    """The words alone."""
    return "".join(_plain(span) for span in spans)


def _plain(span: Span) -> str:
    match span:
        case Person(id=name):
            return f"@{clean(name)}"
        case Moment():
            return str(span)
        case Link(url=url, text=text):
            return text if url.endswith(text) else f"{text} ({url})"
        case Text(text=text) | Strong(text=text) | Code(text=text):
            return text
