"""BIMI assertion records: where the logo of a domain is, in a TXT at ``<selector>._bimi.<domain>``.

There is no RFC; what is read here is draft-brand-indicators-for-message-identification. Logo and certificate are not
looked at.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from checks.records.tags import MAX_TEXT, as_text, split_tags

VERSION: Final = "BIMI1"


class Kind(StrEnum):
    """What is wrong with a record."""

    NOT_BIMI = "not_bimi"
    """The text does not begin with ``v=BIMI1``."""
    TOO_LONG = "too_long"
    """Longer than we read; nothing was judged."""
    MISSING_LOGO = "missing_logo"
    """There is no ``l=``."""
    LOGO_NOT_HTTPS = "logo_not_https"
    """``l=`` is no ``https:`` address."""
    EVIDENCE_NOT_HTTPS = "evidence_not_https"
    """``a=`` is no ``https:`` address."""
    BAD_TAG = "bad_tag"
    """Something that is no ``name=value``."""
    DUPLICATE_TAG = "duplicate_tag"
    """A tag occurs twice; the first is read here."""


@dataclass(frozen=True)
class Problem:
    """One thing wrong; ``part`` is what offends, ``offset`` where it begins in the text."""

    kind: Kind
    part: str
    offset: int


@dataclass(frozen=True)
class BimiRecord:
    """A record as read; ``logo`` and ``evidence`` are empty where the tag is, ``None`` where it is missing."""

    text: str
    logo: str | None
    evidence: str | None
    problems: tuple[Problem, ...]

    @property
    def usable(self) -> bool:
        """Whether receivers go on to the logo, or to the statement that there is none."""
        return not self.problems

    @property
    def declined(self) -> bool:
        """Whether the domain says that it wants no logo to be shown: ``l=`` and ``a=`` without a value."""
        return self.logo == "" and not self.evidence


_RECORD: Final = re.compile(r"v[ \t]*=[ \t]*BIMI1[ \t]*(?:;|\Z)")
_NEAR: Final = re.compile(r"[\s\"'\\]*(?:v\s*[:=]?\s*)?bimi1?\s*(?:[;,]|\\|l\s*=|\Z)", re.IGNORECASE)
_INSIDE: Final = re.compile(r"[;,\s]\s*v\s*=\s*bimi1", re.IGNORECASE)
_HTTPS: Final = re.compile(r"https://[^\s;,@/]+(?:/|\Z)", re.IGNORECASE)
_HEAD: Final = 200


def is_bimi_record(record: str | bytes) -> bool:
    """Whether receivers take it as BIMI: ``v=BIMI1`` comes first, in this case."""
    return _RECORD.match(as_text(record)) is not None


def is_near_miss(record: str | bytes) -> bool:
    """Whether a text was meant as a BIMI record and is not taken as one."""
    head = "".join(char for char in as_text(record[:_HEAD]) if " " <= char <= "~")
    return not is_bimi_record(record) and (_NEAR.match(head) is not None or _INSIDE.search(head) is not None)


def parse(record: str | bytes) -> BimiRecord:
    """Read a record and collect everything that is wrong with it. Offsets count characters of ``text``."""
    text = as_text(record)
    if len(text) > MAX_TEXT:
        return BimiRecord(text, None, None, (Problem(Kind.TOO_LONG, "", MAX_TEXT),))
    if not is_bimi_record(text):
        return BimiRecord(text, None, None, (Problem(Kind.NOT_BIMI, text, 0),))
    tags = split_tags(text)
    problems = [Problem(Kind.BAD_TAG, stray.text, stray.offset) for stray in tags.strays]
    problems += [Problem(Kind.DUPLICATE_TAG, tag.name, tag.offset) for tag in tags.repeated]
    logo, evidence = tags.first("l"), tags.first("a")
    if logo is None:
        problems.append(Problem(Kind.MISSING_LOGO, "", len(text)))
    for tag, kind in ((logo, Kind.LOGO_NOT_HTTPS), (evidence, Kind.EVIDENCE_NOT_HTTPS)):
        if tag is not None and tag.value and not _HTTPS.match(tag.value):
            problems.append(Problem(kind, tag.value, tag.value_offset))
    return BimiRecord(
        text,
        None if logo is None else logo.value,
        None if evidence is None else evidence.value,
        tuple(sorted(problems, key=lambda problem: problem.offset)),
    )
