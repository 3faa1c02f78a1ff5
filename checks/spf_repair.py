"""Records to paste: an SPF record with its faults mended, where it is sure what was meant.

Every function gives ``None`` rather than a guess, and never a record that a receiver could not use.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from checks.records.spf import VERSION, Kind, Mechanism, Modifier, Name, NearMiss, SpfRecord, near_miss, parse
from checks.records.tags import as_text

_LONGEST_MENDED: Final = 2048
"""Characters: every try reads the record again, and nobody mends a longer one by pasting."""
_MOST_MERGED_LOOKUPS: Final = 5
"""Terms that query DNS in a merged record: what they include was not counted, and ten is the limit (§4.6.4)."""
_QUOTES: Final = " \t\r\n\"'\\`\u201c\u201d\u201e\u2018\u2019\u00ab\u00bb"
_TAIL: Final = " \t\r\n\"'\\`;,.\u201c\u201d\u201e\u2018\u2019\u00ab\u00bb"
_VERSION_MEANT: Final = re.compile(
    r"v?\s*[=:-]?\s*(?:spf|sfp|psf)(?:[0-9l]{1,2}(?:\.0)?)?(?=[\s;,:+?~-]|\Z|[a-z])[\s;,:]*", re.IGNORECASE
)


def corrected(record: SpfRecord) -> str | None:
    """The record with every misspelt term mended, if that makes it a record without a syntax error."""
    text, done = record.text, len(record.text) + 1
    if done > _LONGEST_MENDED:
        return None
    for problem in reversed(record.problems):
        start = text.rfind(" ", 0, problem.offset) + 1
        if problem.suggestion is None or start >= done:
            continue
        end = start + len(problem.term)
        if problem.kind in {Kind.MISSING_VALUE, Kind.BAD_TERM} and not problem.suggestion.startswith(
            problem.term + " "
        ):
            following = text[end:].lstrip(" ").partition(" ")[0]
            if following and problem.suggestion in {problem.term + following, problem.term[:1] + following}:
                end = text.index(following, end) + len(following)  # a space had slipped into the term
        text, done = text[:start] + problem.suggestion + text[end:], start
    return _if_better(text, record)


def with_all_last(record: SpfRecord) -> str | None:
    """The record with its one ``all`` moved behind the mechanisms that it keeps from being tested."""
    alls = [mechanism for mechanism in record.mechanisms if mechanism.name is Name.ALL]
    if len(alls) != 1 or not record.usable or any(isinstance(term, Modifier) for term in record.terms):
        return None
    rest = [mechanism.text for mechanism in record.mechanisms if mechanism.name is not Name.ALL]
    return _if_better(" ".join((VERSION, *rest, alls[0].text)), record)


def with_space(strings: Iterable[bytes], record: SpfRecord) -> str | None:
    """The record with spaces between those strings of its TXT record that run into each other (RFC 7208 §3.3)."""
    best, kept = record, ""
    if len(record.text) > _LONGEST_MENDED:
        return None
    parts = [as_text(string) for string in strings]
    for index, part in enumerate(parts):
        rest = "".join(parts[index:])
        if index and part and kept[-1:] not in {"", " "} and not part.startswith(" "):
            spaced = parse(f"{kept} {rest}")
            if len(spaced.problems) < len(best.problems):
                best, kept = spaced, f"{kept} "
        kept += part
    return best.text if best is not record and best.usable else None


def merged(records: Iterable[SpfRecord]) -> str | None:
    """One record in place of several, if all are plain: every mechanism once, then the more lenient ``all``.

    It may be longer than a record should be.
    """
    every = [*records]
    mechanisms: list[Mechanism] = []
    alls: list[Mechanism] = []
    for record in every:
        if record.problems or any(isinstance(term, Modifier) for term in record.terms):
            return None
        mechanisms += [mechanism for mechanism in record.mechanisms if mechanism.name is not Name.ALL]
        alls += [mechanism for mechanism in record.mechanisms if mechanism.name is Name.ALL]
    if not alls:
        return None
    if sum(mechanism.queries_dns for mechanism in mechanisms) > _MOST_MERGED_LOOKUPS:
        return None
    # With the stricter one, senders that only the lenient record knew of would be refused at once.
    last = min(alls, key=lambda mechanism: "?~-+".index(mechanism.qualifier.value)).text
    text = " ".join(dict.fromkeys((VERSION, *(mechanism.text for mechanism in mechanisms), last)))
    return text if parse(text).usable else None


def recognisable(text: str) -> str | None:
    """The record that a text was meant to be which no receiver takes as SPF."""
    reason = near_miss(text)
    if reason in {None, NearMiss.SENDER_ID, NearMiss.NOT_AT_START}:
        return None
    plain = re.sub(r"[^\x21-\x7e]+", " ", text.replace("\u200b", "").replace("\ufeff", ""))
    plain = re.sub(r"\" *\"", " ", plain).lstrip(_QUOTES).rstrip(_TAIL)
    version = _VERSION_MEANT.match(plain)
    record = parse(f"{VERSION} {plain[version.end() :] if version else plain}".rstrip())
    return record.text if record.terms and not record.problems else None


def _if_better(text: str, record: SpfRecord) -> str | None:
    mended = parse(text)
    return text if mended.usable and len(mended.problems) < len(record.problems) else None
