"""The rules by which bounces are judged: ``data/bounce_rules.json``, read once and checked.

A rule is a family of words with the cause they stand for, why, and where the wording comes from. They are tried in the
order of the file. Texts and patterns are folded the same way (:func:`fold`), so a pattern is written once for upper
case, accents, curly quotes and "doesn't".
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Annotated

from pydantic import ConfigDict, Field, TypeAdapter, ValidationError
from pydantic.dataclasses import dataclass

from checks.causes import Cause

SHIPPED = Path(__file__).parents[1] / "data" / "bounce_rules.json"

_STRICT = ConfigDict(extra="forbid")
_Id = Annotated[str, Field(pattern=r"^[a-z0-9-]+$")]
_Reason = Annotated[str, Field(min_length=10)]
_Patterns = Annotated[tuple[str, ...], Field(min_length=1)]


class Certainty(StrEnum):
    """How sure an answer is."""

    HIGH = "high"
    """The words say it."""
    MEDIUM = "medium"
    """The words fit, but stand for other things too; or an enhanced code says it (RFC 3463)."""
    LOW = "low"
    """Only a three-digit reply code says it (RFC 5321 §4.2)."""


class Advice(StrEnum):
    """What to do first in the situation of a rule, finer than the cause; the words are in the catalogues."""

    OPEN_RESOLVER = "open_resolver"
    WAIT = "wait"
    TLS_PORT = "tls_port"
    TLS_ON = "tls_on"
    CERTIFICATE = "certificate"
    SMTP_AUTH_OFF = "smtp_auth_off"
    APP_PASSWORD = "app_password"  # noqa: S105 - the name of a situation
    PASSWORD = "password"  # noqa: S105 - the same
    LOGIN_ON = "login_on"
    ACCOUNT = "account"
    QUOTA = "quota"
    SEND_AS = "send_as"
    SMARTHOST = "smarthost"
    RELAY = "relay"
    SCAN = "scan"
    SHARING_LINK = "sharing_link"
    PTR = "ptr"
    HELO = "helo"
    RECORDS = "records"
    DELIST = "delist"
    DELIST_INFECTED = "delist_infected"
    ASK_RECIPIENT = "ask_recipient"
    SUPPRESSED = "suppressed"
    SLOW_DOWN = "slow_down"
    FEWER_RECIPIENTS = "fewer_recipients"
    LOOP = "loop"
    TELL_RECIPIENT = "tell_recipient"
    OTHER_WAY = "other_way"
    CHECK_ADDRESS = "check_address"
    CHECK_DOMAIN = "check_domain"
    CONTENT = "content"
    PROGRAM = "program"
    OUTGOING_SERVER = "outgoing_server"
    THEIR_SERVER = "their_server"
    THEIR_FAULT = "their_fault"


class Phrase(StrEnum):
    """What else is known by its wording."""

    OUT_OF_OFFICE = "out_of_office"
    READ_RECEIPT = "read_receipt"
    DELIVERED = "delivered"
    NOT_DELIVERED = "not_delivered"
    """Words that make ``DELIVERED`` doubtful."""
    COMPLAINT = "complaint"
    GIVEN_UP = "given_up"
    """No further attempt is made, whatever the code says."""
    STILL_TRYING = "still_trying"


class BadRulesError(ValueError):
    """The file of rules cannot be used; the text says where and why."""


@dataclass(frozen=True, kw_only=True, config=_STRICT)
class _Rule:
    """A rule as the file has it."""

    id: _Id
    cause: str
    reason: _Reason
    source: Annotated[str, Field(min_length=5)]
    any: _Patterns
    advice: Advice
    unless: tuple[str, ...] = ()
    status: tuple[str, ...] = ()
    unless_status: tuple[str, ...] = ()
    reply: tuple[str, ...] = ()
    provider: tuple[str, ...] = ()
    confidence: Certainty = Certainty.HIGH


@dataclass(frozen=True, kw_only=True, config=_STRICT)
class _VendorStatus:
    """What a provider means by its enhanced codes where that is not what the registry says."""

    provider: str
    status: Mapping[str, str]
    """Regular expressions of codes; the first that fits decides."""


@dataclass(frozen=True, kw_only=True, config=_STRICT)
class _Voice:
    """Words by which a provider is known."""

    provider: str
    any: _Patterns


@dataclass(frozen=True, kw_only=True, config=_STRICT)
class _File:
    about: str
    words: Mapping[str, str]
    rules: tuple[_Rule, ...]
    status: Mapping[str, str]
    vendor_status: tuple[_VendorStatus, ...]
    reply: Mapping[str, str]
    voices: tuple[_Voice, ...]
    phrases: Mapping[Phrase, _Patterns]


class Rule:
    """One rule, ready to be asked."""

    def __init__(self, row: _Rule, words: Mapping[str, str]) -> None:
        self.id = row.id
        self.cause = _cause(row.cause, row.id)
        self.reason = row.reason
        self.source = row.source
        self.advice = row.advice
        self.confidence = row.confidence
        self._any = compiled(row.any, words, row.id)
        self._unless = compiled(row.unless, words, row.id) if row.unless else None
        self._status = re.compile("|".join(row.status)) if row.status else None
        self._unless_status = re.compile("|".join(row.unless_status)) if row.unless_status else None
        self._reply = re.compile("|".join(row.reply)) if row.reply else None
        self._provider = frozenset(row.provider)

    def fits(self, text: str, status: str, reply: str, provider: str) -> re.Match[str] | None:
        """The words by which the rule holds for a folded text, if it does."""
        if self._status is not None and self._status.fullmatch(status) is None:
            return None
        if self._unless_status is not None and self._unless_status.fullmatch(status) is not None:
            return None
        if self._reply is not None and self._reply.fullmatch(reply) is None:
            return None
        if self._provider and provider not in self._provider:
            return None
        found = self._any.search(text)
        if found is None or (self._unless is not None and self._unless.search(text)):
            return None
        return found


class Rules:
    """All rules, in the order in which they are tried, and what codes mean where no rule fits."""

    def __init__(self, file: _File) -> None:
        self.every = tuple(Rule(row, file.words) for row in file.rules)
        self._status = _causes(file.status)
        self._vendor = {row.provider: _causes(row.status) for row in file.vendor_status}
        self._reply = _causes(file.reply)
        self._phrases = {phrase: compiled(file.phrases[phrase], file.words, phrase) for phrase in Phrase}
        self._voices = tuple((row.provider, compiled(row.any, file.words, row.provider)) for row in file.voices)

    def of_status(self, status: str, provider: str) -> Cause | None:
        """What an enhanced code means, in the mouth of this provider."""
        own = self._vendor.get(provider, {})
        registered = self._status.get("X" + status[1:])
        # What the registry does not know is some provider's own: only Microsoft counts that far.
        tables = [own] if registered else [own, *self._vendor.values()]
        meant = (cause for table in tables for pattern, cause in table.items() if re.fullmatch(pattern, status))
        return next(meant, registered)

    def of_reply(self, reply: str) -> Cause | None:
        """What a three-digit code alone means."""
        return self._reply.get(reply)

    def says(self, phrase: Phrase, text: str) -> bool:
        """Whether a folded text says this."""
        return self._phrases[phrase].search(text) is not None

    def voice(self, text: str) -> str | None:
        """The provider that speaks in a folded text, by its words."""
        return next((provider for provider, words in self._voices if words.search(text)), None)


# --- Folding ---------------------------------------------------------------------------------------------------------

_ACCENTS = re.compile("[\u0300-\u036f]")
_SAME: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern), plain)
    for pattern, plain in (
        (r"[\u2018\u2019\u02bc`\u00b4]", "'"),
        (r"[\u201c\u201d\u00ab\u00bb]", '"'),
        (r"[\u2010-\u2015]", "-"),
        (r"\bcan(?:no|')t\b|\bcan not\b", "cannot"),
        (r"\bwon't\b", "will not"),
        (r"(?<=[a-z])n't\b", " not"),
        (r"\"|(?<![a-z])'|'(?![a-z])", ""),
        (r"\be-mail", "email"),
        (r"\bmail[ -]?box", "mailbox"),
        (r"\b(?:black|block|deny)[ -]?list", "blocklist"),
        (r"\b(?:white|allow|safe)[ -]?list", "allowlist"),
        (r"\buser[ -]?(?:name|id)s?\b", "username"),
        (r"\bpass[ -]word", "password"),
        (r"\blog[ -]in\b", "login"),
        (r"\blog[ -]on\b", "logon"),
        # Chinese and Japanese put no space between an address and the words around it.
        (
            r"(?:<|&lt;)?[^\s<>()\[\]:;,\"'&=\u2e80-\uffff]{1,128}@[^\s<>()\[\]:;,\"'&\u2e80-\uffff]{1,255}(?:>|&gt;)?",
            "<addr>",
        ),
        (r"\[?(?<![0-9.])(?!127\.)[0-9]{1,3}(?:\.[0-9]{1,3}){3}(?![0-9.]*[0-9])\]?", "<ip>"),
        (r"\[?(?<![0-9a-f:.])(?:ipv6:)?(?:[0-9a-f]{1,4}:){2,7}(?::?[0-9a-f]{1,4}){0,6}(?![0-9a-f:])\]?", "<ip>"),
        (r"\[<ip>\]", "<ip>"),
        (r"\s+", " "),
    )
)
_CONTINUED = re.compile(r"(?m)^[ \t]*([245][0-9]{2})-(?:[245]\.[0-9]{1,3}\.[0-9]{1,3}[ \t]*)?")


def fold(text: str) -> str:
    """Bring a text into the form the patterns are written in."""
    plain = unicodedata.normalize("NFKD", _CONTINUED.sub(" ", text).casefold())
    plain = unicodedata.normalize("NFC", _ACCENTS.sub("", plain))
    for pattern, same in _SAME:
        plain = pattern.sub(same, plain)
    return plain.strip()


def compiled(patterns: Iterable[str], words: Mapping[str, str], where: str) -> re.Pattern[str]:
    """One expression out of many patterns in the notation of the file.

    Raises:
        BadRulesError: a pattern is broken or names a family that does not exist.
    """
    at_words: list[str] = []
    anywhere: list[str] = []
    for pattern in patterns:
        full = _FAMILY.sub(lambda found: _family(words, found[1], where), pattern)
        full = full.replace("… ", ".{0,80}? ").replace("…", ".{0,80}?(?<![a-z0-9])")
        full = unicodedata.normalize("NFC", _ACCENTS.sub("", unicodedata.normalize("NFKD", full)))
        # A word of letters begins where no letter stands before it; Chinese and Japanese know no such border.
        if full.startswith("~"):
            anywhere.append(full[1:])
        else:
            (anywhere if _HAN_OR_KANA.search(full) else at_words).append(full)
    rows = [f"(?<![a-z0-9])(?:{'|'.join(at_words)})"] if at_words else []
    try:
        return re.compile("|".join([*rows, *anywhere]))
    except re.error as error:
        raise BadRulesError(f"{where}: {error}") from error


_HAN_OR_KANA = re.compile("[\u3040-\u30ff\u4e00-\u9fff]")
_FAMILY = re.compile(r"\{([a-z]+)\}")


def _family(words: Mapping[str, str], name: str, where: str) -> str:
    if name not in words:
        raise BadRulesError(f"{where}: there is no family of words {name}")
    return words[name]


def _cause(name: str, where: str) -> Cause:
    found = next((cause for cause in Cause if cause.value == name), None)
    if found is None:
        raise BadRulesError(f"{where}: {name} is no cause")
    return found


def _causes(table: Mapping[str, str]) -> dict[str, Cause]:
    return {code: _cause(name, code) for code, name in table.items()}


# --- Loading ---------------------------------------------------------------------------------------------------------

_FILE = TypeAdapter(_File)


def load(path: Path = SHIPPED) -> Rules:
    """Read a file of rules.

    Raises:
        BadRulesError: it is none.
    """
    try:
        file = _FILE.validate_json(path.read_bytes())
    except OSError as error:
        raise BadRulesError(f"{path}: {error.strerror}") from error
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        raise BadRulesError(f"{path}: {'.'.join(map(str, first['loc']))}: {first['msg']}") from error
    if missing := [phrase for phrase in Phrase if phrase not in file.phrases]:
        raise BadRulesError(f"{path}: phrases: {missing[0]} is missing")
    if twice := [*_twice(row.id for row in file.rules)]:
        raise BadRulesError(f"{path}: {twice[0]} is there twice")
    return Rules(file)


def _twice(names: Iterable[str]) -> Iterator[str]:
    seen: set[str] = set()
    for name in names:
        if name in seen:
            yield name
        seen.add(name)


@cache
def shipped() -> Rules:
    """The shipped rules, read once."""
    return load()
