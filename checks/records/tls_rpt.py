"""TLS-RPT records (RFC 8460 §3): where senders report TLS that failed, in a TXT at ``_smtp._tls.<domain>``."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from checks.records.tags import MAX_TEXT, Tag, as_text, looks_like_address, read_uri, split_tags

VERSION: Final = "TLSRPTv1"


class Kind(StrEnum):
    """What is wrong with a record."""

    NOT_TLS_RPT = "not_tls_rpt"
    """The text does not begin with ``v=TLSRPTv1`` and a semicolon (RFC 8460 §3)."""
    TOO_LONG = "too_long"
    """Longer than we read; nothing was judged."""
    MISSING_RUA = "missing_rua"
    """There is no ``rua=`` (§3)."""
    NO_VALID_RUA = "no_valid_rua"
    """None of the report addresses can be used."""
    BAD_TAG = "bad_tag"
    """Something that is no ``name=value`` (§3)."""

    NOT_A_URI = "not_a_uri"
    """A report address without ``mailto:`` or ``https:`` (§3)."""
    OTHER_SCHEME = "other_scheme"
    """A report address that is neither ``mailto:`` nor ``https:`` (§3)."""
    BAD_ADDRESS = "bad_address"
    """A ``mailto:`` without a mail address, or ``https:`` without a host."""
    SEMICOLON_IN_LIST = "semicolon_in_list"
    """A semicolon between two report addresses, where a comma belongs (§3)."""
    DUPLICATE_TAG = "duplicate_tag"
    """A field occurs twice; the first is read here."""
    UNKNOWN_TAG = "unknown_tag"
    """A field that does not exist and is ignored (§3)."""


UNUSABLE: Final = frozenset(
    {Kind.NOT_TLS_RPT, Kind.TOO_LONG, Kind.MISSING_RUA, Kind.NO_VALID_RUA, Kind.BAD_TAG, Kind.SEMICOLON_IN_LIST}
)
"""The kinds with which nobody sends reports."""


@dataclass(frozen=True)
class Problem:
    """One thing wrong; ``part`` is what offends, ``offset`` where it begins in the text."""

    kind: Kind
    part: str
    offset: int


@dataclass(frozen=True)
class ReportUri:
    """Where to send reports; ``domain`` is that of a mail address, lower case, ``None`` for ``https:``."""

    text: str
    offset: int
    scheme: str
    domain: str | None


@dataclass(frozen=True)
class TlsRptRecord:
    """A record as read; ``rua`` holds the usable report addresses only."""

    text: str
    rua: tuple[ReportUri, ...]
    problems: tuple[Problem, ...]

    @property
    def usable(self) -> bool:
        """Whether senders send reports."""
        return not any(problem.kind in UNUSABLE for problem in self.problems)


_RECORD: Final = re.compile(r"v=TLSRPTv1[ \t]*;")
_NEAR: Final = re.compile(r"[\s\"'\\]*(?:v\s*=\s*)?tls-?rpt", re.IGNORECASE)
_INSIDE: Final = re.compile(r"[;,\s]\s*v\s*=\s*tlsrptv1", re.IGNORECASE)
_HTTPS: Final = re.compile(r"https://[A-Za-z0-9\[]", re.IGNORECASE)
_SPACES: Final = " \t\r\n"
_HEAD: Final = 200


def is_tls_rpt_record(record: str | bytes) -> bool:
    """Whether senders take it as TLS-RPT: it begins with ``v=TLSRPTv1`` and a semicolon, in this case (RFC 8460 §3)."""
    return _RECORD.match(as_text(record)) is not None


def is_near_miss(record: str | bytes) -> bool:
    """Whether a text was meant as a TLS-RPT record and is not taken as one."""
    head = "".join(char for char in as_text(record[:_HEAD]) if " " <= char <= "~")
    return not is_tls_rpt_record(record) and (_NEAR.match(head) is not None or _INSIDE.search(head) is not None)


def parse(record: str | bytes) -> TlsRptRecord:
    """Read a record and collect everything that is wrong with it. Offsets count characters of ``text``."""
    text = as_text(record)
    if len(text) > MAX_TEXT:
        return TlsRptRecord(text, (), (Problem(Kind.TOO_LONG, "", MAX_TEXT),))
    if not is_tls_rpt_record(text):
        return TlsRptRecord(text, (), (Problem(Kind.NOT_TLS_RPT, text, 0),))
    tags = split_tags(text)
    problems: list[Problem] = []
    for stray in tags.strays:
        kind = Kind.SEMICOLON_IN_LIST if looks_like_address(stray.text) else Kind.BAD_TAG
        problems.append(Problem(kind, stray.text, stray.offset))
    problems.extend(Problem(Kind.DUPLICATE_TAG, tag.name, tag.offset) for tag in tags.repeated)
    problems.extend(
        Problem(Kind.UNKNOWN_TAG, tag.name, tag.offset) for tag in tags.tags if tag.name not in {"v", "rua"}
    )
    rua: tuple[ReportUri, ...] = ()
    found = tags.first("rua")
    if found is None:
        problems.append(Problem(Kind.MISSING_RUA, "", len(text)))
    else:
        rua = _read_rua(found, problems)
        if not rua:
            problems.append(Problem(Kind.NO_VALID_RUA, found.value, found.value_offset))
    return TlsRptRecord(text, rua, tuple(sorted(problems, key=lambda problem: problem.offset)))


def _read_rua(tag: Tag, problems: list[Problem]) -> tuple[ReportUri, ...]:
    usable: list[ReportUri] = []
    start = tag.value_offset
    for part in tag.value.split(","):
        bare = part.strip(_SPACES)
        offset = start + len(part) - len(part.lstrip(_SPACES))
        start += len(part) + 1
        uri = read_uri(bare)
        if uri.scheme is None:
            problems.append(Problem(Kind.NOT_A_URI, bare, offset))
        elif uri.scheme not in {"mailto", "https"}:
            problems.append(Problem(Kind.OTHER_SCHEME, bare, offset))
        elif uri.address is None and not _HTTPS.match(bare):
            problems.append(Problem(Kind.BAD_ADDRESS, bare, offset))
        else:
            usable.append(ReportUri(bare, offset, uri.scheme, uri.domain))
    return tuple(usable)
