"""DMARC policy records (RFC 9989): what they say, what stands in for what they say wrongly, what applies in the end.

RFC 9989 takes most bad values for their defaults instead of voiding the record; only the version decides whether a
text is a record at all. Tags that it removed (``pct``, ``rf``, ``ri``) are kept apart: older receivers honour them.
Which record applies to a mail, and DNS, is not looked at here.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from checks.records.tags import MAX_TEXT, Tag, TagList, as_text, looks_like_address, read_uri, split_tags

VERSION: Final = "DMARC1"
REMOVED_TAGS: Final = frozenset({"pct", "rf", "ri"})
"""Tags of RFC 7489 that RFC 9989 took out (its appendix C.5.2)."""


class Policy(StrEnum):
    """What the domain asks for mail that fails (RFC 9989 §4.7)."""

    NONE = "none"
    QUARANTINE = "quarantine"
    REJECT = "reject"


_ONE_LOWER: Final = {
    Policy.NONE: Policy.NONE,
    Policy.QUARANTINE: Policy.NONE,
    Policy.REJECT: Policy.QUARANTINE,
}


class Alignment(StrEnum):
    """How close an authenticated domain must be to that of From (RFC 9989 §4.4)."""

    RELAXED = "r"
    STRICT = "s"


class PublicSuffix(StrEnum):
    """The ``psd`` tag: whether the domain is a public suffix (RFC 9989 §4.7)."""

    YES = "y"
    NO = "n"
    UNKNOWN = "u"


class Scope(StrEnum):
    """How the author domain stands to the domain whose record applies (RFC 9989 §4.10.1)."""

    DOMAIN = "domain"
    """It is the same domain."""
    SUBDOMAIN = "subdomain"
    """It is below it and exists."""
    NONEXISTENT = "nonexistent"
    """It is below it and does not exist."""


class Kind(StrEnum):
    """What is wrong with a record."""

    NOT_DMARC = "not_dmarc"
    """The text does not begin with ``v=DMARC1``, spelled exactly so (RFC 9989 §4.7)."""
    TOO_LONG = "too_long"
    """Longer than we read; nothing was judged."""
    NO_POLICY_NO_REPORTS = "no_policy_no_reports"
    """No valid policy and no valid ``rua`` either: receivers do as if there were no record (§4.10.1)."""

    MISSING_POLICY = "missing_policy"
    """There is no ``p=``; with a valid ``rua`` it counts as ``none`` (§4.10.1)."""
    INVALID_POLICY = "invalid_policy"
    """``p``, ``sp`` or ``np`` with a value that does not exist; the record then counts as ``p=none`` (§4.10.1)."""
    INVALID_VALUE = "invalid_value"
    """Another tag with a value that does not exist; the default is used instead (§4.7)."""
    BAD_TAG = "bad_tag"
    """Something that is no ``tag=value`` (§4.8)."""
    DUPLICATE_TAG = "duplicate_tag"
    """A tag occurs twice; receivers differ in what they do, this reader keeps the first."""
    EMPTY_TAG = "empty_tag"
    """Two semicolons in a row (§4.8)."""
    GLUED_TAGS = "glued_tags"
    """The semicolon between two tags is missing, or a comma stands for it (§4.8)."""
    SEMICOLON_IN_LIST = "semicolon_in_list"
    """A semicolon between two report addresses, where a comma belongs: the second is lost (§4.8)."""
    ESCAPED_SEMICOLON = "escaped_semicolon"
    """A backslash before a semicolon became part of the text."""
    REMOVED_TAG = "removed_tag"
    """``pct``, ``rf`` or ``ri``: ignored now, honoured by older receivers (appendix C.5.2)."""
    UNKNOWN_TAG = "unknown_tag"
    """A tag that does not exist and is ignored (§4.7)."""
    NOT_A_URI = "not_a_uri"
    """A report address without ``mailto:`` (§4.7)."""
    BAD_ADDRESS = "bad_address"
    """A ``mailto:`` without a mail address (§4.7)."""
    OTHER_SCHEME = "other_scheme"
    """A report address that is no ``mailto:``; receivers need not support it (§4.7)."""
    SIZE_LIMIT = "size_limit"
    """``!size`` behind a report address, which is obsolete (§4.8)."""
    FO_WITHOUT_RUF = "fo_without_ruf"
    """``fo`` says when to send failure reports, and ``ruf`` does not say where to: ignored (§4.7)."""
    TESTING = "testing"
    """``t=y``: receivers are asked for one level less than the policy (§4.7)."""


UNUSABLE: Final = frozenset({Kind.NOT_DMARC, Kind.TOO_LONG, Kind.NO_POLICY_NO_REPORTS})
"""The kinds with which a receiver applies no DMARC."""


@dataclass(frozen=True)
class Problem:
    """One thing wrong; ``part`` is what offends, ``offset`` where it begins; ``default`` is the value used instead."""

    kind: Kind
    part: str
    offset: int
    default: str | None = None


@dataclass(frozen=True)
class ReportUri:
    """Where to send reports: ``address`` and its ``domain`` (lower case) for a valid ``mailto:``, else ``None``.

    ``size`` is what stands behind the obsolete ``!``.
    """

    text: str
    offset: int
    scheme: str | None
    address: str | None
    domain: str | None
    size: str | None = None

    @property
    def valid(self) -> bool:
        """Whether it is a reporting URI by its syntax: a ``mailto:`` with an address, or another scheme."""
        return self.address is not None if self.scheme in {"mailto", None} else True


@dataclass(frozen=True, kw_only=True)
class DmarcRecord:
    """A record as read, defaults filled in (RFC 9989 §4.7). Policies are ``None`` where absent or invalid."""

    text: str
    p: Policy | None = None
    sp: Policy | None = None
    np: Policy | None = None
    adkim: Alignment = Alignment.RELAXED
    aspf: Alignment = Alignment.RELAXED
    fo: tuple[str, ...] = ("0",)
    psd: PublicSuffix = PublicSuffix.UNKNOWN
    testing: bool = False
    rua: tuple[ReportUri, ...] = ()
    ruf: tuple[ReportUri, ...] = ()
    removed: tuple[Tag, ...] = ()
    unknown: tuple[Tag, ...] = ()
    problems: tuple[Problem, ...] = ()

    @property
    def usable(self) -> bool:
        """Whether receivers apply it."""
        return not any(problem.kind in UNUSABLE for problem in self.problems)

    def has(self, kind: Kind) -> bool:
        """Whether there is a problem of that kind."""
        return any(problem.kind is kind for problem in self.problems)

    def published(self, scope: Scope = Scope.DOMAIN) -> Policy | None:
        """The policy that the record states for a domain, ``None`` if receivers apply no DMARC (RFC 9989 §4.10.1).

        Without a valid policy, or with an invalid ``sp`` or ``np``, the record counts as ``p=none``.
        """
        if not self.usable:
            return None
        if self.p is None or self.has(Kind.INVALID_POLICY):
            return Policy.NONE
        if scope is Scope.NONEXISTENT:
            return self.np or self.sp or self.p
        return (self.sp or self.p) if scope is Scope.SUBDOMAIN else self.p

    def effective(self, scope: Scope = Scope.DOMAIN) -> Policy | None:
        """What receivers are asked to do in the end: ``published``, one level lower under ``t=y`` (RFC 9989 §4.7)."""
        policy = self.published(scope)
        return _ONE_LOWER[policy] if policy is not None and self.testing else policy


# --- Is it one? ------------------------------------------------------------------------------------------------------

_RECORD: Final = re.compile(r"[vV][ \t]*=[ \t]*DMARC1[ \t]*(?:;|\Z)")


def is_dmarc_record(record: str | bytes) -> bool:
    """Whether a receiver takes it as DMARC: ``v=DMARC1`` first, the value spelled exactly so (RFC 9989 §4.7, §4.8)."""
    return _RECORD.match(as_text(record)) is not None


class NearMiss(StrEnum):
    """Why a text that was meant as DMARC is not taken as one (RFC 9989 §4.7)."""

    LEADING_SPACE = "leading_space"
    QUOTED = "quoted"
    """Quotes or a backslash became part of the text."""
    HIDDEN_CHARACTER = "hidden_character"
    """A character that cannot be seen, or is no ASCII, stands in or before the version."""
    WRONG_CASE = "wrong_case"
    """``v=dmarc1``: the value is case-sensitive."""
    WRONG_VERSION = "wrong_version"
    """``v=DMARC``, ``v=DMARC2``, ``v=DMARC1x``."""
    MISSING_SEMICOLON = "missing_semicolon"
    """No semicolon after the version."""
    ESCAPED_SEMICOLON = "escaped_semicolon"
    """``v=DMARC1\\;``: a backslash became part of the text."""
    NO_VERSION = "no_version"
    """The version is missing, or its ``v=`` is."""
    NOT_FIRST = "not_first"
    """The version is there, but not first."""


_HEAD: Final = 400
_SPACES: Final = " \t\r\n"
_QUOTES: Final = "\"'\\`\u201c\u201d\u201e\u2018\u2019"
_ANY_CASE: Final = re.compile(r"v\s*=\s*(?P<version>dmarc1)\s*(?P<end>.?)", re.IGNORECASE)
_OTHER_VERSION: Final = re.compile(r"v\s*=\s*(?:d-?marc|dmrac|darmc)", re.IGNORECASE)
_BARE_VERSION: Final = re.compile(r"(?:v\s*[:-]?\s*)?dmarc1?\s*(?:[;,]|p\s*=|\Z)", re.IGNORECASE)
_POLICY_FIRST: Final = re.compile(r"p\s*=\s*(?:none|quarantine|reject)\s*(?:;|\Z)", re.IGNORECASE)
_VERSION_INSIDE: Final = re.compile(r"[;,\s]\s*v\s*=\s*dmarc1", re.IGNORECASE)


def near_miss(record: str | bytes) -> NearMiss | None:
    """Why a text looks like DMARC and is none; ``None`` if it is DMARC, or nothing of the kind."""
    if is_dmarc_record(record):
        return None
    head = as_text(record[:_HEAD])
    bare = head.lstrip(_SPACES + _QUOTES)
    before = head[: len(head) - len(bare)]
    flaw = _flaw(bare)
    if before and (flaw or is_dmarc_record(bare)):
        return NearMiss.QUOTED if before.strip(_SPACES) else NearMiss.LEADING_SPACE
    return flaw


def _flaw(head: str) -> NearMiss | None:
    """What is wrong with the version in the first words of a text."""
    if is_dmarc_record(head):
        return None
    if is_dmarc_record("".join(char for char in head if " " <= char <= "~")):
        return NearMiss.HIDDEN_CHARACTER
    found = _ANY_CASE.match(head)
    if found is not None:
        end = found["end"]
        if found["version"] != VERSION:
            return NearMiss.WRONG_CASE
        if end == "\\":
            return NearMiss.ESCAPED_SEMICOLON
        glued = end.isascii() and end.isalnum() and not _TAG_AHEAD.match(head, found.start("end"))
        return NearMiss.WRONG_VERSION if glued else NearMiss.MISSING_SEMICOLON
    if _OTHER_VERSION.match(head):
        return NearMiss.WRONG_VERSION
    if _VERSION_INSIDE.search(head):
        return NearMiss.NOT_FIRST
    return NearMiss.NO_VERSION if _BARE_VERSION.match(head) or _POLICY_FIRST.match(head) else None


# --- The record ------------------------------------------------------------------------------------------------------

_KNOWN_TAGS: Final = ("adkim", "aspf", "fo", "np", "p", "pct", "psd", "rf", "ri", "rua", "ruf", "sp", "t", "v")
_TAG_AHEAD: Final = re.compile(rf"(?:{'|'.join(_KNOWN_TAGS)})\s*=", re.IGNORECASE)
_GLUED: Final = re.compile(rf"[\s,](?P<name>{'|'.join(_KNOWN_TAGS)})[ \t]*=", re.IGNORECASE)
_FAILURE_OPTIONS: Final = frozenset({("0",), ("1",), ("d",), ("s",), ("d", "s"), ("s", "d")})
_SIZE: Final = re.compile(r"[0-9]{1,20}[kmgtKMGT]?\Z")


def parse(record: str | bytes) -> DmarcRecord:
    """Read a record and collect everything that is wrong with it. Offsets count characters of ``text``."""
    text = as_text(record)
    if len(text) > MAX_TEXT:
        return DmarcRecord(text=text, problems=(Problem(Kind.TOO_LONG, "", MAX_TEXT),))
    if not is_dmarc_record(text):
        return DmarcRecord(text=text, problems=(Problem(Kind.NOT_DMARC, text, 0),))
    return _Reader(text, split_tags(text, fold_case=True)).read()


class _Reader:
    """One pass over the tags of a record."""

    def __init__(self, text: str, tags: TagList) -> None:
        self.text = text
        self.tags = tags
        self.problems: list[Problem] = []

    def read(self) -> DmarcRecord:
        self._look_at_form()
        p, sp, np = self._policy("p"), self._policy("sp"), self._policy("np")
        adkim = self._choice("adkim", ("r", "s"))
        aspf = self._choice("aspf", ("r", "s"))
        psd = self._choice("psd", ("u", "y", "n"))
        testing = self._choice("t", ("n", "y")) == "y"
        fo = self._failure_options()
        rua, ruf = self._uris("rua"), self._uris("ruf")
        if (tag := self.tags.first("t")) is not None and testing:
            self._report(Kind.TESTING, tag.value, tag.value_offset)
        if (tag := self.tags.first("fo")) is not None and self.tags.first("ruf") is None:
            self._report(Kind.FO_WITHOUT_RUF, "fo", tag.offset)
        if self.tags.first("p") is None:
            self._report(Kind.MISSING_POLICY, "", len(self.text), Policy.NONE)
        unfit = any(problem.kind in {Kind.MISSING_POLICY, Kind.INVALID_POLICY} for problem in self.problems)
        if unfit and not any(uri.valid for uri in rua):
            self._report(Kind.NO_POLICY_NO_REPORTS, "", len(self.text))
        return DmarcRecord(
            text=self.text,
            p=p,
            sp=sp,
            np=np,
            adkim=Alignment(adkim),
            aspf=Alignment(aspf),
            fo=fo,
            psd=PublicSuffix(psd),
            testing=testing,
            rua=rua,
            ruf=ruf,
            removed=tuple(tag for tag in self.tags.tags if tag.name in REMOVED_TAGS),
            unknown=tuple(tag for tag in self.tags.tags if tag.name not in _KNOWN_TAGS),
            problems=tuple(sorted(self.problems, key=lambda problem: problem.offset)),
        )

    def _report(self, kind: Kind, part: str, offset: int, default: str | None = None) -> None:
        self.problems.append(Problem(kind, part, offset, default))

    def _look_at_form(self) -> None:
        for stray in self.tags.strays:
            kind = Kind.BAD_TAG if stray.text else Kind.EMPTY_TAG
            if looks_like_address(stray.text):
                kind = Kind.SEMICOLON_IN_LIST
            self._report(kind, stray.text, stray.offset)
        for tag in self.tags.repeated:
            self._report(Kind.DUPLICATE_TAG, tag.name, tag.offset)
        for tag in self.tags.tags:
            if (glued := _GLUED.search(tag.value)) is not None:
                at = tag.value_offset + glued.start("name")
                self._report(Kind.GLUED_TAGS, self.text[at : tag.value_offset + glued.end()], at)
            if tag.name in REMOVED_TAGS:
                self._report(Kind.REMOVED_TAG, tag.name, tag.offset)
            elif tag.name not in _KNOWN_TAGS:
                self._report(Kind.UNKNOWN_TAG, tag.name, tag.offset)
        if (at := self.text.find("\\;")) >= 0:
            self._report(Kind.ESCAPED_SEMICOLON, "\\;", at)

    def _policy(self, name: str) -> Policy | None:
        tag = self.tags.first(name)
        if tag is None:
            return None
        try:
            return Policy(tag.value.lower())
        except ValueError:
            self._report(Kind.INVALID_POLICY, tag.value, tag.value_offset, Policy.NONE)
            return None

    def _choice(self, name: str, values: tuple[str, ...]) -> str:
        """The value of a tag in lower case; the first of ``values`` is the default."""
        tag = self.tags.first(name)
        if tag is None or tag.value.lower() in values:
            return tag.value.lower() if tag is not None else values[0]
        self._report(Kind.INVALID_VALUE, tag.value, tag.value_offset, values[0])
        return values[0]

    def _failure_options(self) -> tuple[str, ...]:
        """The value of ``fo``: 0, 1, or a list of d and s (RFC 9989 §4.7)."""
        tag = self.tags.first("fo")
        if tag is None:
            return ("0",)
        options = tuple(option.strip(_SPACES).lower() for option in tag.value.split(":"))
        if options in _FAILURE_OPTIONS:
            return options
        self._report(Kind.INVALID_VALUE, tag.value, tag.value_offset, "0")
        return ("0",)

    def _uris(self, name: str) -> tuple[ReportUri, ...]:
        tag = self.tags.first(name)
        if tag is None:
            return ()
        uris: list[ReportUri] = []
        start = tag.value_offset
        for part in tag.value.split(","):
            bare = part.strip(_SPACES)
            uris.append(self._uri(bare, start + len(part) - len(part.lstrip(_SPACES))))
            start += len(part) + 1
        return tuple(uris)

    def _uri(self, text: str, offset: int) -> ReportUri:
        # A "!" that belongs to the URI is written %21, so the first one begins the size (RFC 7489 §6.4).
        bare, bang, size = text.partition("!")
        uri = read_uri(bare)
        valid_size = not bang or _SIZE.match(size) is not None
        if bang:
            self._report(Kind.SIZE_LIMIT, bang + size, offset + len(bare))
        if uri.scheme is None:
            self._report(Kind.NOT_A_URI, text, offset)
        elif uri.scheme != "mailto":
            self._report(Kind.OTHER_SCHEME, text, offset)
        elif uri.address is None or not valid_size:
            self._report(Kind.BAD_ADDRESS, text, offset)
        if not valid_size:
            return ReportUri(text, offset, uri.scheme, None, None, size)
        return ReportUri(text, offset, uri.scheme, uri.address, uri.domain, size or None)
