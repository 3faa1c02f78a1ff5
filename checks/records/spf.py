"""SPF records (RFC 7208): the grammar of §12, every error with its place, and the macros of §7.

``parse`` reads the whole record, as §4.6 asks: an error anywhere makes it unusable, also after ``all``. Grammar and
good sense are kept apart: a problem whose kind is in ``UNUSABLE`` is a permerror for every receiver, the others are
lawful and still most likely not what the author meant. What DNS says about the names is not looked at here.
"""

from __future__ import annotations

import difflib
import ipaddress
import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final
from urllib.parse import quote

from checks.records.tags import MAX_TEXT, as_text

VERSION: Final = "v=spf1"
LOOKUP_LIMIT: Final = 10
"""Terms that query DNS in one evaluation (RFC 7208 §4.6.4)."""
VOID_LOOKUP_LIMIT: Final = 2
"""Lookups in one evaluation that may find nothing (RFC 7208 §4.6.4, a SHOULD)."""

_MAX_NAME: Final = 253
_MAX_LABEL: Final = 63
_ALL_PARTS: Final = 0

IpNetwork = ipaddress.IPv4Network | ipaddress.IPv6Network
IpAddress = ipaddress.IPv4Address | ipaddress.IPv6Address


# --- What a record consists of ---------------------------------------------------------------------------------------


class Qualifier(StrEnum):
    """The result of a mechanism that matches (RFC 7208 §4.6.2)."""

    PASS = "+"  # noqa: S105 - a sign of the grammar
    FAIL = "-"
    SOFTFAIL = "~"
    NEUTRAL = "?"


class Name(StrEnum):
    """The mechanisms (RFC 7208 §5)."""

    ALL = "all"
    INCLUDE = "include"
    A = "a"
    MX = "mx"
    PTR = "ptr"
    IP4 = "ip4"
    IP6 = "ip6"
    EXISTS = "exists"


@dataclass(frozen=True)
class Macro:
    """One ``%{...}`` (RFC 7208 §7.1).

    ``letter`` is lower case and ``escape`` says that it was written in upper case, which asks for URL escaping;
    ``parts`` is how many right-hand parts to keep, 0 for all of them.
    """

    letter: str
    parts: int = _ALL_PARTS
    reverse: bool = False
    delimiters: str = ""
    escape: bool = False


@dataclass(frozen=True)
class MacroString:
    """A macro-string (RFC 7208 §7.1): ``text`` as published, ``parts`` with ``%%``, ``%_``, ``%-`` already replaced."""

    text: str
    parts: tuple[str | Macro, ...]

    @property
    def letters(self) -> frozenset[str]:
        """The macro letters used, in lower case."""
        return frozenset(part.letter for part in self.parts if isinstance(part, Macro))

    @property
    def literal(self) -> str | None:
        """The text it stands for whoever asks, ``None`` if that depends on the message."""
        return None if self.letters else "".join(part for part in self.parts if isinstance(part, str))


@dataclass(frozen=True, kw_only=True)
class Mechanism:
    """A mechanism with its qualifier.

    ``target`` is the domain-spec (``None``: the domain being checked), ``network`` the value of ip4 and ip6; ``cidr4``
    and ``cidr6`` are the prefix lengths of ``a`` and ``mx``.
    """

    text: str
    offset: int
    qualifier: Qualifier
    name: Name
    target: MacroString | None = None
    network: IpNetwork | None = None
    cidr4: int = 32
    cidr6: int = 128

    @property
    def queries_dns(self) -> bool:
        """Whether it counts towards the limit of ten (RFC 7208 §4.6.4)."""
        return self.name not in {Name.ALL, Name.IP4, Name.IP6}


@dataclass(frozen=True, kw_only=True)
class Modifier:
    """A modifier (RFC 7208 §6); ``name`` is lower case. All but ``redirect`` and ``exp`` are ignored by receivers."""

    text: str
    offset: int
    name: str
    value: MacroString

    @property
    def queries_dns(self) -> bool:
        """Whether it counts towards the limit of ten (RFC 7208 §4.6.4)."""
        return self.name == "redirect"


Term = Mechanism | Modifier


class Kind(StrEnum):
    """What is wrong with a term."""

    NOT_SPF = "not_spf"
    """The text does not begin with ``v=spf1`` and a space or the end (RFC 7208 §4.5)."""
    TOO_LONG = "too_long"
    """Longer than we read; nothing was judged."""
    NOT_ASCII = "not_ascii"
    """A character that is not ASCII: typographic quotes, hidden characters, a name in its Unicode form (§3.1)."""
    CONTROL_CHARACTER = "control_character"
    """A tab, line end or other control character; only spaces separate terms (§4.6.1)."""
    BAD_TERM = "bad_term"
    """Neither a mechanism nor a modifier (§12)."""
    UNKNOWN_MECHANISM = "unknown_mechanism"
    """A mechanism that does not exist, often a misspelling (§4.6.1)."""
    ARGUMENT_NOT_ALLOWED = "argument_not_allowed"
    """``all`` takes no argument (§5.1)."""
    MISSING_VALUE = "missing_value"
    """The value that the term must have is missing or empty."""
    SINGLE_LABEL = "single_label"
    """A domain-spec needs at least two labels (§7.1)."""
    NUMERIC_TOP_LABEL = "numeric_top_label"
    """The last label of a domain-spec cannot be a number (§7.1)."""
    BAD_TOP_LABEL = "bad_top_label"
    """A domain-spec ends in something that is no top label (§7.1)."""
    PORT = "port"
    """A port after the name or address."""
    IP_FOR_DOMAIN = "ip_for_domain"
    """An IP address where a domain name belongs."""
    DOMAIN_FOR_IP = "domain_for_ip"
    """A domain name where an IP address belongs (§5.6)."""
    WRONG_FAMILY = "wrong_family"
    """An IPv6 address in ip4, or an IPv4 address in ip6 (§5.6)."""
    SHORT_ADDRESS = "short_address"
    """An IPv4 address with parts left out (§5.6)."""
    LEADING_ZERO = "leading_zero"
    """A number of an IPv4 address written with a leading zero (§12)."""
    BAD_ADDRESS = "bad_address"
    """The value of ip4 or ip6 is no address of any kind (§5.6)."""
    CIDR_OUT_OF_RANGE = "cidr_out_of_range"
    """A prefix longer than 32 or 128 bits (§5.6)."""
    CIDR_LEADING_ZERO = "cidr_leading_zero"
    """A prefix length written with a leading zero (§12)."""
    BAD_CIDR = "bad_cidr"
    """A prefix length that is no number, or one too many (§12)."""
    CIDR_NOT_ALLOWED = "cidr_not_allowed"
    """include, exists and ptr take no prefix length (§5.2, §5.5, §5.7)."""
    BAD_MACRO = "bad_macro"
    """A ``%`` that begins no macro (§7.1)."""
    UNKNOWN_MACRO_LETTER = "unknown_macro_letter"
    """A macro letter that does not exist (§7.2)."""
    MACRO_ONLY_IN_EXP = "macro_only_in_exp"
    """``c``, ``r`` and ``t`` may be used only in the text of an explanation (§7.2)."""
    ZERO_PARTS = "zero_parts"
    """A macro that asks for zero parts (§7.3)."""
    REPEATED_MODIFIER = "repeated_modifier"
    """``redirect`` or ``exp`` more than once (§6)."""

    AFTER_ALL = "after_all"
    """A mechanism behind ``all`` is never tested (§5.1)."""
    REDIRECT_WITH_ALL = "redirect_with_all"
    """``redirect`` in a record that has ``all`` is ignored (§6.1)."""
    PTR_USED = "ptr_used"
    """``ptr`` should not be published (§5.5)."""
    UNKNOWN_MODIFIER = "unknown_modifier"
    """A modifier that receivers ignore (§6)."""
    MECHANISM_AS_MODIFIER = "mechanism_as_modifier"
    """A mechanism written with ``=``: an unknown modifier, so receivers ignore it (§6)."""
    REPEATED_VERSION = "repeated_version"
    """A second ``v=spf1``: two records in one, read as an unknown modifier."""
    GLUED_TERMS = "glued_terms"
    """The space between two terms is missing."""
    UNASKABLE_NAME = "unaskable_name"
    """An empty or too long label, or too long a name: lawful grammar, but DNS cannot be asked (§4.3, §4.8)."""
    ODD_NAME = "odd_name"
    """A name with characters that host names do not have."""


UNUSABLE: Final = frozenset(Kind) - {
    Kind.AFTER_ALL,
    Kind.REDIRECT_WITH_ALL,
    Kind.PTR_USED,
    Kind.UNKNOWN_MODIFIER,
    Kind.MECHANISM_AS_MODIFIER,
    Kind.REPEATED_VERSION,
    Kind.GLUED_TERMS,
    Kind.UNASKABLE_NAME,
    Kind.ODD_NAME,
}
"""The kinds that are syntax errors: the result is permerror before anything is evaluated (RFC 7208 §4.6)."""


@dataclass(frozen=True)
class Problem:
    """One thing wrong.

    ``term`` is the whole term as published, ``part`` the piece of it that offends, ``offset`` where ``part`` begins in
    the text; ``suggestion`` is the text that should stand in place of ``term``, where that is sure.
    """

    kind: Kind
    term: str
    part: str
    offset: int
    suggestion: str | None = None

    @property
    def permerror(self) -> bool:
        """Whether it makes the record unusable."""
        return self.kind in UNUSABLE


@dataclass(frozen=True)
class SpfRecord:
    """A record as read: the well-formed terms in order, and all problems in the order of the text."""

    text: str
    terms: tuple[Term, ...]
    problems: tuple[Problem, ...]

    @property
    def usable(self) -> bool:
        """Whether it can be evaluated: there is no syntax error."""
        return not any(problem.permerror for problem in self.problems)

    @property
    def mechanisms(self) -> tuple[Mechanism, ...]:
        """The mechanisms in order, with those behind ``all``."""
        return tuple(term for term in self.terms if isinstance(term, Mechanism))

    @property
    def all(self) -> Mechanism | None:
        """The first ``all``, which ends every evaluation."""
        return next((mechanism for mechanism in self.mechanisms if mechanism.name is Name.ALL), None)

    @property
    def redirect(self) -> Modifier | None:
        """The ``redirect`` as published; it has no effect where ``all`` is present (RFC 7208 §6.1)."""
        return self._modifier("redirect")

    @property
    def exp(self) -> Modifier | None:
        """The ``exp`` modifier (RFC 7208 §6.2)."""
        return self._modifier("exp")

    @property
    def lookups(self) -> tuple[Term, ...]:
        """The terms that query DNS, in order, as far as an evaluation can get: nothing behind ``all``."""
        reached: list[Term] = []
        for mechanism in self.mechanisms:
            if mechanism.name is Name.ALL:
                return tuple(reached)
            if mechanism.queries_dns:
                reached.append(mechanism)
        return (*reached, self.redirect) if self.redirect else tuple(reached)

    def _modifier(self, name: str) -> Modifier | None:
        return next((term for term in self.terms if isinstance(term, Modifier) and term.name == name), None)


# --- Is it one? ------------------------------------------------------------------------------------------------------


def is_spf_record(record: str | bytes) -> bool:
    """Whether a receiver takes it as SPF: ``v=spf1`` in any case, then a space or the end (RFC 7208 §4.5)."""
    text = as_text(record[: len(VERSION) + 1])
    return text[: len(VERSION)].lower() == VERSION and text[len(VERSION) :] in {"", " "}


class NearMiss(StrEnum):
    """Why a text that was meant as SPF is not taken as one (RFC 7208 §4.5)."""

    SENDER_ID = "sender_id"
    """A Sender ID record (``spf2.0/...``): another protocol, which SPF ignores."""
    LEADING_SPACE = "leading_space"
    QUOTED = "quoted"
    """Quotes or a backslash became part of the text."""
    HIDDEN_CHARACTER = "hidden_character"
    """A character that cannot be seen, or is no ASCII, stands in or before the version."""
    WRONG_VERSION = "wrong_version"
    """``v=spf10``, ``v=spf2``, ``v=spf``, or a letter for the digit."""
    VERSION_NOT_ENDED = "version_not_ended"
    """No space after ``v=spf1``: a semicolon, a tab, the first term."""
    SPACE_IN_VERSION = "space_in_version"
    """``v = spf1``."""
    NO_VERSION = "no_version"
    """The version is missing, or its ``v=`` is."""
    NOT_AT_START = "not_at_start"
    """Something else stands before ``v=spf1``."""


_HEAD: Final = 200
_SPACES: Final = " \t\r\n"
_QUOTES: Final = "\"'\\`\u201c\u201d\u201e\u2018\u2019\u00ab\u00bb"
_SENDER_ID: Final = re.compile(r"(?:v\s*=\s*)?spf2\.0", re.IGNORECASE)
_SPACED_VERSION: Final = re.compile(r"v\s*=\s*spf1(?![a-z0-9])", re.IGNORECASE)
_OTHER_VERSION: Final = re.compile(r"v=(?:spf|sfp|psf)[a-z0-9.]*(?=[ ;]|\Z)", re.IGNORECASE)
_NO_VERSION: Final = re.compile(r"v?[:=-]?spf1?(?=[ ;:]|\Z)", re.IGNORECASE)
_BARE_TERMS: Final = re.compile(
    r"[+?~-]?(?:include:|ip[46]:|exists:|redirect=|(?:a|mx)(?:[:/]| (?=[+?~-]|mx |ip[46]:|include:)))", re.IGNORECASE
)
_ENDS_IN_ALL: Final = re.compile(r" [+?~-]?all[ .;\"]*\Z", re.IGNORECASE)
_VERSION_INSIDE: Final = re.compile(r"v=spf1(?= |\Z)", re.IGNORECASE)


def near_miss(record: str | bytes) -> NearMiss | None:
    """Why a text looks like SPF and is none; ``None`` if it is SPF, or nothing of the kind."""
    text = as_text(record)
    if is_spf_record(text):
        return None
    head = text[:_HEAD]
    bare = head.lstrip(_SPACES + _QUOTES)
    before = head[: len(head) - len(bare)]
    flaw = _flaw(bare, text)
    if flaw is NearMiss.SENDER_ID or not before:
        return flaw
    if flaw or is_spf_record(bare):
        return NearMiss.QUOTED if before.strip(_SPACES) else NearMiss.LEADING_SPACE
    return None


def _flaw(head: str, text: str) -> NearMiss | None:
    """What is wrong with the version in the first words of a text."""
    version, end = head[: len(VERSION)].lower(), head[len(VERSION) : len(VERSION) + 1]
    if version == VERSION and end in {"", " "}:
        return None
    if _SENDER_ID.match(head):
        return NearMiss.SENDER_ID
    if _SPACED_VERSION.match(head) and version != VERSION:
        return NearMiss.SPACE_IN_VERSION
    visible = "".join(c for c in head if " " <= c <= "~")
    if (version == VERSION and not end.isascii()) or is_spf_record(visible):
        return NearMiss.HIDDEN_CHARACTER
    if version == VERSION:
        return NearMiss.WRONG_VERSION if end in "0123456789." else NearMiss.VERSION_NOT_ENDED
    if _OTHER_VERSION.match(head):
        return NearMiss.WRONG_VERSION
    if _NO_VERSION.match(head) or (_BARE_TERMS.match(head) and _ENDS_IN_ALL.search(text[-_HEAD:])):
        return NearMiss.NO_VERSION
    return NearMiss.NOT_AT_START if _VERSION_INSIDE.search(head[:64]) else None


# --- Macros ----------------------------------------------------------------------------------------------------------

_TOKEN: Final = re.compile(
    r"(?P<literal>[^%]+)"
    r"|(?P<escape>%[%_-])"
    r"|%\{(?P<letter>[A-Za-z])(?P<digits>[0-9]*)(?P<reverse>[rR]?)(?P<delimiters>[.\-+,/_=]*)\}"
)
_ESCAPES: Final = {"%%": "%", "%_": " ", "%-": "%20"}
_LETTERS: Final = frozenset("slodiphcrtv")
_EXP_LETTERS: Final = frozenset("crt")
_TOP_LABEL: Final = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?\Z")
_VISIBLE: Final = re.compile(r"[!-~]*\Z")
_MAX_DIGITS: Final = 3


@dataclass(frozen=True)
class _Fault:
    """A problem that does not know its term yet; ``at`` counts from the start of the value."""

    kind: Kind
    part: str
    at: int


def _macro_string(text: str) -> MacroString | _Fault:
    """Read a macro-string up to its first error (RFC 7208 §7.1)."""
    parts: list[str | Macro] = []
    literal: list[str] = []
    at = 0
    while at < len(text):
        token = _TOKEN.match(text, at)
        if token is None:
            return _Fault(Kind.BAD_MACRO, text[at : at + 2], at)
        letter, digits = token["letter"], token["digits"]
        if letter is None:
            literal.append(token["literal"] or _ESCAPES[token["escape"]])
        elif letter.lower() not in _LETTERS:
            return _Fault(Kind.UNKNOWN_MACRO_LETTER, token[0], at)
        elif digits and not digits.strip("0"):
            return _Fault(Kind.ZERO_PARTS, token[0], at)
        else:
            if literal:
                parts.append("".join(literal))
                literal.clear()
            # A name has at most 127 labels (RFC 7208 §7.3): more than three digits say "all of them".
            number = int(digits) if 0 < len(digits) <= _MAX_DIGITS else _ALL_PARTS
            parts.append(Macro(letter.lower(), number, bool(token["reverse"]), token["delimiters"], letter.isupper()))
        at = token.end()
    if literal:
        parts.append("".join(literal))
    return MacroString(text, tuple(parts))


def _domain_spec(text: str) -> tuple[MacroString | None, list[_Fault]]:
    """Read a domain-spec (RFC 7208 §7.1): a macro-string that ends in a macro or in ``.`` and a top label."""
    macros = _macro_string(text)
    if isinstance(macros, _Fault):
        return None, [macros]
    faults = [
        _Fault(Kind.MACRO_ONLY_IN_EXP, token[0], token.start())
        for token in _TOKEN.finditer(text)
        if token["letter"] is not None and token["letter"].lower() in _EXP_LETTERS
    ]
    if (fault := _domain_end(text)) is not None:
        faults.append(fault)
    name = macros.literal
    if not faults and name is not None:
        faults.extend(_name_faults(text, name))
    return macros, faults


def _domain_end(text: str) -> _Fault | None:
    """What is wrong with the end of a domain-spec whose macros are well-formed."""
    end = 0
    for token in _TOKEN.finditer(text):
        if token["literal"] is None:
            end = token.end()
    tail = text[end:]
    if not tail and end:
        return None
    name = tail.removesuffix(".")
    before, dot, top = name.rpartition(".")
    at = end + len(before) + len(dot)
    if _is_address(text):
        return _Fault(Kind.IP_FOR_DOMAIN, text, 0)
    host, colon, port = text.rpartition(":")
    if colon and port.isdecimal() and "." in host and _TOP_LABEL.match(host.rpartition(".")[2]):
        return _Fault(Kind.PORT, f":{port}", len(host))
    if not _TOP_LABEL.match(top):
        return _Fault(Kind.BAD_TOP_LABEL, tail[len(before) + len(dot) :], at)
    if not dot:
        return _Fault(Kind.SINGLE_LABEL, text, 0)
    if top.isdecimal():
        return _Fault(Kind.NUMERIC_TOP_LABEL, top, at)
    return None


def _name_faults(text: str, name: str) -> list[_Fault]:
    """What is doubtful about a domain-spec without macros that has the right form."""
    labels = name.removesuffix(".").split(".")
    if len(name.removesuffix(".")) > _MAX_NAME or not all(0 < len(label) <= _MAX_LABEL for label in labels):
        return [_Fault(Kind.UNASKABLE_NAME, text, 0)]
    if not re.fullmatch(r"[A-Za-z0-9._-]+", name):
        return [_Fault(Kind.ODD_NAME, text, 0)]
    return []


def _is_address(text: str) -> bool:
    return _address(text) is not None


_LONGEST_ADDRESS: Final = 45


def _address(text: str) -> IpAddress | None:
    if len(text) > _LONGEST_ADDRESS or "%" in text:
        return None
    try:
        return ipaddress.ip_address(text)
    except ValueError:
        return None


def explanation(record: str | bytes) -> MacroString | Problem:
    """Read the text that ``exp`` points to (RFC 7208 §6.2): a macro-string that may hold spaces, ASCII only."""
    text = as_text(record)
    if len(text) > MAX_TEXT:
        return Problem(Kind.TOO_LONG, "", "", MAX_TEXT)
    for offset, char in enumerate(text):
        if not " " <= char <= "~":
            return Problem(Kind.CONTROL_CHARACTER if char.isascii() else Kind.NOT_ASCII, text, char, offset)
    macros = _macro_string(text)
    return Problem(macros.kind, text, macros.part, macros.at) if isinstance(macros, _Fault) else macros


@dataclass(frozen=True, kw_only=True)
class MacroValues:
    """What the macros stand for (RFC 7208 §7.2).

    ``domain`` is the domain being checked now, ``sender`` the MAIL FROM (or ``postmaster@`` and the HELO name);
    ``validated`` is the name for ``p``, ``receiver`` for ``r``, ``timestamp`` for ``t`` in seconds since 1970.
    """

    ip: IpAddress
    sender: str
    domain: str
    helo: str
    validated: str = "unknown"
    receiver: str = "unknown"
    timestamp: int = 0


def expand(macros: MacroString, values: MacroValues) -> str:
    """Expand every macro (RFC 7208 §7.3), for the text of an explanation."""
    return "".join(part if isinstance(part, str) else _expanded(part, values) for part in macros.parts)


def expand_name(macros: MacroString, values: MacroValues) -> str:
    """Expand a domain-spec to the name to ask for (RFC 7208 §7.3).

    Of a name over 253 characters whole labels are dropped on the left until it fits; a final dot is dropped.
    """
    name = expand(macros, values).removesuffix(".")
    if len(name) <= _MAX_NAME:
        return name
    cut = name.find(".", len(name) - _MAX_NAME - 1)
    return name[cut + 1 :] if cut >= 0 else name[-_MAX_NAME:]


def _expanded(macro: Macro, values: MacroValues) -> str:
    value = _value(macro.letter, values)
    if macro.parts != _ALL_PARTS or macro.reverse or macro.delimiters:
        parts = re.split(f"[{re.escape(macro.delimiters or '.')}]", value)
        if macro.reverse:
            parts.reverse()
        # [-0:] is everything, which is what no digit means.
        value = ".".join(parts[-macro.parts :])
    return quote(value, safe="", errors="replace") if macro.escape else value


def _value(letter: str, values: MacroValues) -> str:
    local, at, domain = values.sender.rpartition("@")
    sender_domain = domain if at else values.sender
    sender_local = local or "postmaster"  # RFC 7208 §4.3
    match letter:
        case "s":
            return f"{sender_local}@{sender_domain}"
        case "l":
            return sender_local
        case "o":
            return sender_domain
        case "d":
            return values.domain
        case "i":
            if isinstance(values.ip, ipaddress.IPv4Address):
                return str(values.ip)
            return ".".join(values.ip.exploded.replace(":", ""))
        case "p":
            return values.validated
        case "v":
            return "in-addr" if isinstance(values.ip, ipaddress.IPv4Address) else "ip6"
        case "h":
            return values.helo
        case "c":
            return str(values.ip)
        case "r":
            return values.receiver
        case _:
            return str(values.timestamp)


# --- The record ------------------------------------------------------------------------------------------------------

_TERM: Final = re.compile(r"(?P<qualifier>[+?~-]?)(?P<name>[A-Za-z][A-Za-z0-9._-]*)(?P<rest>.*)\Z", re.DOTALL)
_GLUE: Final = re.compile(r"(?:[+?~-]?(?:ip[46]|include|exists):|redirect=|v=spf1\Z|[+?~-]all\Z)", re.IGNORECASE)
_GLUED_NAMES: Final = re.compile(r"(?P<name>a|mx|ptr|all)(?P<second>[+?~-]all)\Z", re.IGNORECASE)
_CIDR: Final = re.compile(r"(?:0|[1-9][0-9]{0,2})\Z")
_DOTTED: Final = re.compile(r"[0-9]{1,9}(?:\.[0-9]{1,9}){3}\Z")
_SHORT_DOTTED: Final = re.compile(r"[0-9]{1,9}(?:\.[0-9]{1,9}){0,2}\.?\Z")
_JUNK: Final = ".,;:\"'\\)"
_BITS: Final = {Name.IP4: 32, Name.IP6: 128}
_ALIASES: Final = {"ipv4": "ip4", "ip4v": "ip4", "ip-4": "ip4", "ipv6": "ip6", "ip6v": "ip6", "ip-6": "ip6"}
_LONG_NAMES: Final = ("include", "exists", "redirect")
_LONGEST_GUESS: Final = 12
_MECHANISMS: Final = {str(name): name for name in Name}


def parse(record: str | bytes) -> SpfRecord:
    """Read a record and collect everything that is wrong with it. Offsets count characters of ``text``."""
    text = as_text(record)
    if len(text) > MAX_TEXT:
        return SpfRecord(text, (), (Problem(Kind.TOO_LONG, "", "", MAX_TEXT),))
    if not is_spf_record(text):
        return SpfRecord(text, (), (Problem(Kind.NOT_SPF, "", text[: len(VERSION) + 1], 0),))
    return _Reader(text).read()


class _Reader:
    """One pass over the terms of a record."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.terms: list[Term] = []
        self.problems: list[Problem] = []
        self.term = ""
        self.offset = 0
        self.following = ""
        self.once: set[str] = set()

    def read(self) -> SpfRecord:
        found = [(term[0], term.start()) for term in re.finditer(r"[^ ]+", self.text[len(VERSION) :])]
        for index, (term, start) in enumerate(found):
            self.term, self.offset = term, start + len(VERSION)
            self.following = found[index + 1][0] if index + 1 < len(found) else ""
            self._read_term()
        self._look_at_order()
        self.problems.sort(key=lambda problem: problem.offset)
        return SpfRecord(self.text, tuple(self.terms), tuple(self.problems))

    def _report(self, kind: Kind, part: str, at: int, suggestion: str | None = None) -> None:
        """Note a problem of the current term; ``at`` counts from its start."""
        self.problems.append(Problem(kind, self.term, part, self.offset + at, suggestion))

    def _read_term(self) -> None:
        for at, char in enumerate(self.term):
            if not "!" <= char <= "~":
                self._report(Kind.CONTROL_CHARACTER if char.isascii() else Kind.NOT_ASCII, char, at)
                return
        match = _TERM.match(self.term)
        if match is None:
            self._report(Kind.BAD_TERM, self.term, 0, self._intended_bare())
            return
        qualifier, name, rest = match["qualifier"], match["name"].lower(), match["rest"]
        value_at = len(qualifier) + len(name) + 1
        if rest[1:] and (glue := _GLUE.search(self.term, value_at + 1)) is not None:
            pair = f"{self.term[: glue.start()]} {self.term[glue.start() :]}"
            self._report(Kind.GLUED_TERMS, glue[0], glue.start(), pair)
        if rest.startswith("=") and not qualifier:
            self._read_modifier(name, rest[1:], value_at)
        elif name in _MECHANISMS and (not rest or rest[0] in ":/"):
            self._read_mechanism(Qualifier(qualifier or "+"), _MECHANISMS[name], rest, value_at)
        else:
            self._report(Kind.UNKNOWN_MECHANISM, match["name"], len(qualifier), _intended(qualifier, name, rest))

    def _intended_bare(self) -> str | None:
        """What a term that has no name at all was meant to be."""
        bare = self.term.strip("\"'\\,;")
        qualifier = bare[:1] if bare[:1] in set(Qualifier) else ""
        host = bare[len(qualifier) :].lstrip("+?~-")
        network, slash, prefix = host.partition("/")
        address = _address(network)
        if address is not None and (not slash or prefix.isdecimal()):
            return f"{qualifier}ip{address.version}:{host}"
        if not host and qualifier and self.following.lower() in _MECHANISMS:
            return f"{qualifier}{self.following}"
        return f"{qualifier}{host}" if host.lower() in {"all", "a", "mx"} else None

    # --- modifiers

    def _read_modifier(self, name: str, value: str, value_at: int) -> None:
        if name not in {"redirect", "exp"}:
            self._read_unknown_modifier(name, value, value_at)
            return
        if name in self.once:
            self._report(Kind.REPEATED_MODIFIER, self.term[: value_at - 1], 0)
        self.once.add(name)
        if not value:
            self._report_missing()
            return
        macros = self._read_domain(value, value_at)
        if macros is not None:
            self.terms.append(Modifier(text=self.term, offset=self.offset, name=name, value=macros))

    def _read_unknown_modifier(self, name: str, value: str, value_at: int) -> None:
        macros = _macro_string(value)
        if isinstance(macros, _Fault):
            self._report(macros.kind, macros.part, value_at + macros.at)
            return
        self.terms.append(Modifier(text=self.term, offset=self.offset, name=name, value=macros))
        known = _closest(name, value)
        if name == "v":
            self._report(Kind.REPEATED_VERSION, self.term, 0)
        elif known == "redirect":
            self._report(Kind.UNKNOWN_MODIFIER, self.term[: value_at - 1], 0, f"redirect={value}")
        elif known is not None:
            meant = known if known == "all" else f"{known}:{value}"
            self._report(Kind.MECHANISM_AS_MODIFIER, self.term[: value_at - 1], 0, meant)
        else:
            self._report(Kind.UNKNOWN_MODIFIER, self.term[: value_at - 1], 0)

    # --- mechanisms

    def _read_mechanism(self, qualifier: Qualifier, name: Name, rest: str, value_at: int) -> None:
        if name is Name.ALL:
            if rest:
                self._report(Kind.ARGUMENT_NOT_ALLOWED, rest, value_at - 1, self.term[: value_at - 1])
            else:
                self._add(qualifier, name)
        elif name in _BITS:
            self._read_ip(qualifier, name, rest, value_at)
        else:
            self._read_domain_mechanism(qualifier, name, rest, value_at)

    def _add(
        self,
        qualifier: Qualifier,
        name: Name,
        *,
        target: MacroString | None = None,
        network: IpNetwork | None = None,
        cidr4: int = 32,
        cidr6: int = 128,
    ) -> None:
        self.terms.append(
            Mechanism(
                text=self.term,
                offset=self.offset,
                qualifier=qualifier,
                name=name,
                target=target,
                network=network,
                cidr4=cidr4,
                cidr6=cidr6,
            )
        )

    def _read_ip(self, qualifier: Qualifier, name: Name, rest: str, value_at: int) -> None:
        value = rest[1:]
        if not value or rest[0] == "/" or value[0] == "/":
            self._report_missing()
            return
        text, slash, prefix = value.partition("/")
        cidr = self._read_cidr(prefix, _BITS[name], value_at + len(text) + 1) if slash else _BITS[name]
        address = _address(text)
        if address is None or f"ip{address.version}" != name:
            self._report(*self._ip_fault(qualifier, name, text, value, value_at))
        elif cidr is not None:
            self._add(qualifier, name, network=ipaddress.ip_network((address, cidr), strict=False))

    def _ip_fault(
        self, qualifier: Qualifier, name: Name, text: str, value: str, value_at: int
    ) -> tuple[Kind, str, int, str | None]:
        """Why ``text`` is no address of the family of ``name``."""
        head = self.term[: len(self.term) - len(value)]
        sign = qualifier.value if self.term.startswith(qualifier.value) else ""
        other = _address(text)
        if other is not None:
            return Kind.WRONG_FAMILY, text, value_at, f"{sign}ip{other.version}:{value}"
        if name is Name.IP4 and _DOTTED.match(text) and any(n != "0" and n.startswith("0") for n in text.split(".")):
            return Kind.LEADING_ZERO, text, value_at, None
        if name is Name.IP4 and _SHORT_DOTTED.match(text):
            return Kind.SHORT_ADDRESS, text, value_at, None
        host, colon, port = text.rpartition(":")
        if name is Name.IP4 and colon and port.isdecimal() and _is_address(host):
            return Kind.PORT, f":{port}", value_at + len(host), f"{head}{host}{value[len(text) :]}"
        if re.search("[A-Za-z]", text) and ":" not in text:
            macros, faults = _domain_spec(text)
            if macros is not None and not faults:
                return Kind.DOMAIN_FOR_IP, text, value_at, f"{sign}a:{value}"
        return Kind.BAD_ADDRESS, text, value_at, None

    def _read_domain_mechanism(self, qualifier: Qualifier, name: Name, rest: str, value_at: int) -> None:
        colon, value = rest[:1] == ":", rest[1:]
        domain, cidrs = _split_cidrs(value if colon else rest)
        if colon and not domain:
            self._report_missing()
            return
        if not colon and name in {Name.INCLUDE, Name.EXISTS}:
            self._report_missing()
            return
        target: MacroString | None = None
        before = len(self.problems)
        if colon:
            target = self._read_domain(domain, value_at, cidrs)
        prefixes = self._read_cidrs(name, cidrs, len(self.term) - len(cidrs))
        if name is Name.PTR:
            self._report(Kind.PTR_USED, self.term, 0)
        broken = any(problem.permerror for problem in self.problems[before:])
        if not broken and prefixes is not None:
            self._add(qualifier, name, target=target, cidr4=prefixes[0], cidr6=prefixes[1])

    def _read_cidrs(self, name: Name, cidrs: str, at: int) -> tuple[int, int] | None:
        """Read a dual-cidr-length (RFC 7208 §12), ``None`` if it is wrong."""
        if not cidrs:
            return 32, 128
        if name not in {Name.A, Name.MX}:
            self._report(Kind.CIDR_NOT_ALLOWED, cidrs, at, self.term[:at])
            return None
        first, double, second = cidrs.partition("//")
        cidr4: int | None = 32
        if first:
            cidr4 = self._read_cidr(first[1:], 32, at + 1)
        cidr6 = self._read_cidr(second, 128, at + len(first) + 2) if double else 128
        return None if cidr4 is None or cidr6 is None else (cidr4, cidr6)

    def _read_cidr(self, text: str, bits: int, at: int) -> int | None:
        """Read a prefix length; report and return ``None`` if it is wrong."""
        if _CIDR.match(text) and int(text) <= bits:
            return int(text)
        if not text.isdecimal():
            self._report(Kind.BAD_CIDR, f"/{text}", at - 1)
        elif text.startswith("0"):
            self._report(Kind.CIDR_LEADING_ZERO, f"/{text}", at - 1)
        else:
            self._report(Kind.CIDR_OUT_OF_RANGE, f"/{text}", at - 1)
        return None

    def _read_domain(self, domain: str, value_at: int, cidrs: str = "") -> MacroString | None:
        """Read a domain-spec and report what is wrong with it."""
        macros, faults = _domain_spec(domain)
        for fault in faults:
            suggestion = None
            if fault.kind is Kind.IP_FOR_DOMAIN and self.term[value_at - 1] == ":":
                sign = self.term[0] if self.term[0] in set(Qualifier) else ""
                address = _address(domain)
                suggestion = f"{sign}ip{address.version}:{domain}{cidrs}" if address is not None else None
            elif fault.kind is Kind.PORT:
                suggestion = self.term[: value_at + fault.at] + cidrs
            self._report(fault.kind, fault.part, value_at + fault.at, suggestion)
        return None if any(fault.kind in UNUSABLE for fault in faults) else macros

    def _report_missing(self) -> None:
        """A value that must be there is not; where a space slipped in, the next term is it."""
        joined = None
        if self.term[-1] in ":=" and self.following and not self._begins_a_term(self.following):
            joined = self.term + self.following
        self._report(Kind.MISSING_VALUE, self.term, 0, joined)

    @staticmethod
    def _begins_a_term(text: str) -> bool:
        match = _TERM.match(text)
        if match is None:
            return not _is_address(text.partition("/")[0])
        return match["name"].lower() in _MECHANISMS or match["rest"][:1] == "="

    # --- the order

    def _look_at_order(self) -> None:
        ended = False
        for term in self.terms:
            self.term, self.offset = term.text, term.offset
            if isinstance(term, Mechanism):
                if ended:
                    self._report(Kind.AFTER_ALL, term.text, 0)
                ended = ended or term.name is Name.ALL
        if ended:
            for term in self.terms:
                if isinstance(term, Modifier) and term.name == "redirect":
                    self.term, self.offset = term.text, term.offset
                    self._report(Kind.REDIRECT_WITH_ALL, term.text, 0)


def _split_cidrs(value: str) -> tuple[str, str]:
    """Cut the prefix lengths off the end of a value: a domain-spec cannot end in ``/`` and digits."""
    digits = value[len(value.rstrip("/0123456789")) :]
    slash = digits.find("/")
    if slash < 0:
        return value, ""
    return value[: len(value) - len(digits) + slash], digits[slash:]


def _closest(name: str, value: str) -> str | None:
    """The term that a name was meant to be, where that is sure."""
    if name in _MECHANISMS or name in {"redirect", "exp"}:
        return name
    if name in _ALIASES:
        return _ALIASES[name]
    if name == "ip":
        address = _address(value.partition("/")[0])
        return f"ip{address.version}" if address is not None else None
    if len(name) > _LONGEST_GUESS:
        return None
    return next(iter(difflib.get_close_matches(name, _LONG_NAMES, n=1, cutoff=0.8)), None)


def _intended(qualifier: str, name: str, rest: str) -> str | None:
    """The term that an unknown mechanism was meant to be, where that is sure."""
    whole = name + rest
    if (glued := _GLUED_NAMES.match(whole)) is not None:
        return f"{qualifier}{glued['name']} {glued['second']}"
    if (bare := whole.rstrip(_JUNK)) in {"all", "a", "mx", "ptr"}:
        return qualifier + bare
    known = _closest(name, rest[1:])
    if known is None or rest[:1] not in {":", "="} or not rest[1:]:
        return None
    if known in {"redirect", "exp"}:
        return f"{known}={rest[1:]}"
    return f"{qualifier}{known}:{rest[1:]}"
