"""MTA-STS (RFC 8461): the TXT record at ``_mta-sts.<domain>`` (§3.1) and the policy file it announces (§3.2).

The record only says that there is a policy and, through its id, when it has changed; the policy names the mail hosts
and what senders do where TLS to them fails. Fetching the policy and looking at certificates happens elsewhere.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from checks.records.tags import MAX_TEXT, Tag, as_text, split_tags

VERSION: Final = "STSv1"
MAX_POLICY: Final = 65_536
"""Characters of a policy that we read."""
MAX_MAX_AGE: Final = 31_557_600
"""Seconds that a policy may be kept at most: about a year (RFC 8461 §3.2)."""

_WHITESPACE: Final = " \t\r\n"
_QUOTES: Final = "\"'\\\u201c\u201d\u2018\u2019"


# --- The TXT record --------------------------------------------------------------------------------------------------


class Kind(StrEnum):
    """What is wrong with a TXT record."""

    NOT_STS = "not_sts"
    """The text does not begin with ``v=STSv1`` and a semicolon (RFC 8461 §3.1)."""
    TOO_LONG = "too_long"
    """Longer than we read; nothing was judged."""
    MISSING_ID = "missing_id"
    """There is no ``id=`` (§3.1)."""
    BAD_ID = "bad_id"
    """``id=`` is not 1 to 32 letters and digits (§3.1)."""
    BAD_TAG = "bad_tag"
    """Something that is no ``name=value`` (§3.1)."""

    DUPLICATE_TAG = "duplicate_tag"
    """A field occurs twice; the first counts (§3.2)."""


UNUSABLE: Final = frozenset(Kind) - {Kind.DUPLICATE_TAG}
"""The kinds with which senders take the domain as one without MTA-STS (RFC 8461 §3.1)."""


@dataclass(frozen=True)
class Problem:
    """One thing wrong; ``part`` is what offends, ``offset`` where it begins in the text."""

    kind: Kind
    part: str
    offset: int


@dataclass(frozen=True)
class StsRecord:
    """A record as read; ``id`` is ``None`` where it is missing or invalid."""

    text: str
    id: str | None
    extensions: tuple[Tag, ...]
    problems: tuple[Problem, ...]

    @property
    def usable(self) -> bool:
        """Whether senders go and fetch the policy."""
        return not any(problem.kind in UNUSABLE for problem in self.problems)


_RECORD: Final = re.compile(r"v=STSv1[ \t]*;")
_ID: Final = re.compile(r"[A-Za-z0-9]{1,32}\Z")
_NEAR: Final = re.compile(r"(?:v\s*=\s*)?sts\s?v?\d*(?=[ ;,:\\\"]|\Z)", re.IGNORECASE)
_INSIDE: Final = re.compile(r"[;,\s]\s*v\s*=\s*stsv1", re.IGNORECASE)
_HEAD: Final = 200


def is_sts_record(record: str | bytes) -> bool:
    """Whether senders take it as MTA-STS: it begins with ``v=STSv1`` and a semicolon, in this case (RFC 8461 §3.1)."""
    return _RECORD.match(as_text(record)) is not None


def is_near_miss(record: str | bytes) -> bool:
    """Whether a text was meant as an MTA-STS record and is not taken as one."""
    if is_sts_record(record):
        return False
    head = as_text(record[:_HEAD])
    visible = "".join(char for char in head if " " <= char <= "~").lstrip(_WHITESPACE + _QUOTES)
    return _NEAR.match(visible) is not None or _INSIDE.search(visible) is not None or is_sts_record(visible)


def parse(record: str | bytes) -> StsRecord:
    """Read a TXT record and collect everything that is wrong with it. Offsets count characters of ``text``."""
    text = as_text(record)
    if len(text) > MAX_TEXT:
        return StsRecord(text, None, (), (Problem(Kind.TOO_LONG, "", MAX_TEXT),))
    if not is_sts_record(text):
        return StsRecord(text, None, (), (Problem(Kind.NOT_STS, text, 0),))
    tags = split_tags(text)
    problems = [Problem(Kind.BAD_TAG, stray.text, stray.offset) for stray in tags.strays]
    problems.extend(Problem(Kind.DUPLICATE_TAG, tag.name, tag.offset) for tag in tags.repeated)
    found = tags.first("id")
    if found is None:
        problems.append(Problem(Kind.MISSING_ID, "", len(text)))
    elif not _ID.match(found.value):
        problems.append(Problem(Kind.BAD_ID, found.value, found.value_offset))
    return StsRecord(
        text,
        found.value if found is not None and _ID.match(found.value) else None,
        tuple(tag for tag in tags.tags if tag.name not in {"v", "id"}),
        tuple(sorted(problems, key=lambda problem: problem.offset)),
    )


# --- The policy ------------------------------------------------------------------------------------------------------


class Mode(StrEnum):
    """What senders do where the policy does not hold (RFC 8461 §5)."""

    ENFORCE = "enforce"
    """They do not deliver."""
    TESTING = "testing"
    """They deliver and report."""
    NONE = "none"
    """They do as if there were no policy."""


class PolicyKind(StrEnum):
    """What is wrong with a policy (RFC 8461 §3.2)."""

    TOO_LONG = "too_long"
    """Longer than we read; nothing was judged."""
    MISSING_VERSION = "missing_version"
    WRONG_VERSION = "wrong_version"
    """``version`` is not ``STSv1``."""
    MISSING_MODE = "missing_mode"
    UNKNOWN_MODE = "unknown_mode"
    MISSING_MAX_AGE = "missing_max_age"
    BAD_MAX_AGE = "bad_max_age"
    """``max_age`` is not a number of at most ten digits."""
    MAX_AGE_TOO_LARGE = "max_age_too_large"
    """``max_age`` is over 31557600 seconds."""
    NO_MX = "no_mx"
    """A policy in mode enforce or testing that names no mail host."""
    BAD_MX = "bad_mx"
    """An ``mx`` that is neither a host name nor ``*.`` and a name."""
    BAD_LINE = "bad_line"
    """A line that is no ``key: value``."""

    DUPLICATE_FIELD = "duplicate_field"
    """A field other than ``mx`` occurs twice; the first counts."""
    UNKNOWN_FIELD = "unknown_field"
    """A field that does not exist and is ignored."""


POLICY_UNUSABLE: Final = frozenset(PolicyKind) - {PolicyKind.DUPLICATE_FIELD, PolicyKind.UNKNOWN_FIELD}
"""The kinds that make the policy invalid: senders do as if they could not fetch it (RFC 8461 §3.2, §3.3)."""


@dataclass(frozen=True)
class PolicyProblem:
    """One thing wrong; ``part`` is what offends, ``line`` its line counted from 1 (0: something is not there)."""

    kind: PolicyKind
    part: str
    line: int


@dataclass(frozen=True)
class StsPolicy:
    """A policy as read; ``mode`` and ``max_age`` (seconds) are ``None`` where missing or invalid.

    ``mx`` are the patterns in lower case.
    """

    text: str
    mode: Mode | None
    max_age: int | None
    mx: tuple[str, ...]
    problems: tuple[PolicyProblem, ...]

    @property
    def usable(self) -> bool:
        """Whether senders apply it."""
        return not any(problem.kind in POLICY_UNUSABLE for problem in self.problems)

    def covers(self, host: str) -> bool:
        """Whether one of the patterns matches a mail host (RFC 8461 §4.1)."""
        return any(matches(pattern, host) for pattern in self.mx)


_MAX_AGE: Final = re.compile(r"[0-9]{1,10}\Z")
_LABEL: Final = r"[A-Za-z0-9_](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?"
_PATTERN: Final = re.compile(rf"(?:\*\.)?{_LABEL}(?:\.{_LABEL})*\Z")
_MAX_NAME: Final = 253
_FIELDS: Final = ("version", "mode", "max_age", "mx")


def matches(pattern: str, host: str) -> bool:
    """Whether an ``mx`` pattern matches a host name: ``*`` stands for the leftmost label, one only (RFC 8461 §4.1)."""
    wanted, name = pattern.lower(), host.lower().removesuffix(".")
    if wanted.startswith("*."):
        first, dot, rest = name.partition(".")
        return bool(first and dot) and rest == wanted[2:]
    return name == wanted


def parse_policy(body: str | bytes) -> StsPolicy:
    """Read a policy file; lines end in CRLF or LF (RFC 8461 §3.2)."""
    text = as_text(body)
    if len(text) > MAX_POLICY:
        return StsPolicy(text, None, None, (), (PolicyProblem(PolicyKind.TOO_LONG, "", 0),))
    kind = PolicyKind
    problems: list[PolicyProblem] = []
    first: dict[str, tuple[str, int]] = {}
    patterns: list[str] = []
    for number, line in enumerate(text.split("\n"), start=1):
        bare = line.strip(_WHITESPACE)
        if not bare:
            continue
        key, colon, rest = bare.partition(":")
        value = rest.strip(_WHITESPACE)
        if not colon or not key or not value:
            problems.append(PolicyProblem(kind.BAD_LINE, bare, number))
        elif key == "mx":
            if len(value) <= _MAX_NAME and _PATTERN.match(value):
                patterns.append(value.lower())
            else:
                problems.append(PolicyProblem(kind.BAD_MX, value, number))
        elif key not in _FIELDS:
            problems.append(PolicyProblem(kind.UNKNOWN_FIELD, key, number))
        elif key in first:
            problems.append(PolicyProblem(kind.DUPLICATE_FIELD, key, number))
        else:
            first[key] = (value, number)
    _check_version(first.get("version"), problems)
    mode = _read_mode(first.get("mode"), problems)
    max_age = _read_max_age(first.get("max_age"), problems)
    if mode in {Mode.ENFORCE, Mode.TESTING} and not patterns:
        problems.append(PolicyProblem(kind.NO_MX, "", 0))
    problems.sort(key=lambda problem: problem.line)
    return StsPolicy(text, mode, max_age, tuple(patterns), tuple(problems))


def _check_version(field: tuple[str, int] | None, problems: list[PolicyProblem]) -> None:
    if field is None:
        problems.append(PolicyProblem(PolicyKind.MISSING_VERSION, "", 0))
    elif field[0] != VERSION:
        problems.append(PolicyProblem(PolicyKind.WRONG_VERSION, *field))


def _read_mode(field: tuple[str, int] | None, problems: list[PolicyProblem]) -> Mode | None:
    if field is None:
        problems.append(PolicyProblem(PolicyKind.MISSING_MODE, "", 0))
        return None
    try:
        return Mode(field[0])
    except ValueError:
        problems.append(PolicyProblem(PolicyKind.UNKNOWN_MODE, *field))
        return None


def _read_max_age(field: tuple[str, int] | None, problems: list[PolicyProblem]) -> int | None:
    if field is None:
        problems.append(PolicyProblem(PolicyKind.MISSING_MAX_AGE, "", 0))
    elif not _MAX_AGE.match(field[0]):
        problems.append(PolicyProblem(PolicyKind.BAD_MAX_AGE, *field))
    elif int(field[0]) > MAX_MAX_AGE:
        problems.append(PolicyProblem(PolicyKind.MAX_AGE_TOO_LARGE, *field))
    else:
        return int(field[0])
    return None
