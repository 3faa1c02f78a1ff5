"""The words: Fluent catalogues for every code, cause and sentence, and the one way to fill them.

``bot/text/<language>/*.ftl`` holds one file per check, written beside the check, and three of the house: ``common``,
``causes`` and ``surface``. A finding's message is named after its code and tells

    SPF_TOO_MANY_LOOKUPS = the title, without a full stop
        .detail = what it means and why it matters
        .fix = who does what (not for findings that need nothing)
        .paste = the exact text to paste, if there is one

The variables are the finding's parameters. Wording shows each by its type, so no text and no check can forget to:

- Count, Limit and Port are numbers: ``{ $lookups -> [one] … *[other] … }`` works, and Port has no thousands mark.
- Bytes and Seconds come with their unit; Trouble, CheckName and other enums as their own text in the catalogue.
- Everything else is words from outside: cleaned, shortened and shown as code. They never pass through Fluent as text.
- A tuple is a list joined in the language's way; select on it with ``[none]`` (empty), ``[one]`` or ``*[other]``.
- None is selectable as ``[none]``. A Keyword is selectable by its value.

In a text, ``backticks`` mean literal words (variables may stand inside), and a bare https address becomes a link. There
is no other markup.
"""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import Enum, IntEnum, StrEnum
from functools import cache
from pathlib import Path
from types import NoneType, UnionType
from typing import Union, cast, get_args, get_origin, get_type_hints

import structlog
from babel import Locale
from fluent.runtime import FluentBundle, FluentResource
from fluent.runtime.types import FluentInt, FluentNumber, FluentType
from fluent.syntax import ast as ftl

from bot.run import Language, State
from bot.spans import Code, Link, Moment, Person, Span, Spans, Strong, Text, clean, cut, domain, foreign, joined, plain
from checks.bounce import Advice, Certainty, Innocent
from checks.case import BadName, Window
from checks.causes import Cause, Remedy, Side
from checks.check import (
    Bytes,
    CheckName,
    Day,
    DomainName,
    Finding,
    HostName,
    ListName,
    Port,
    RecordText,
    Seconds,
    ServerReply,
    Severity,
    Url,
)
from checks.desk_output import Seen
from checks.diagnosis import Confidence
from checks.network.answers import Trouble

TEXT = Path(__file__).parent / "text"

_log = structlog.stdlib.get_logger(__name__)


class MissingTextError(LookupError):
    """No catalogue has this text."""


class BadTextError(ValueError):
    """A text uses a variable or a message that does not exist."""


class Room(IntEnum):
    """How much a surface can show: foreign words may be this many times as long as in a chat message."""

    CHAT = 1
    TERMINAL = 4
    EXPORT = 60


class Say(StrEnum):
    """The sentences of the surfaces. Every one is in every language, and no catalogue has more."""

    PARENT_CHECKING = "parent-checking"
    PARENT_DONE = "parent-done"
    PARENT_INTERRUPTED = "parent-interrupted"
    PARENT_PROGRESS = "parent-progress"
    PARENT_TOOK = "parent-took"
    PARENT_ASKED = "parent-asked"
    PARENT_STEP = "parent-step"
    PARENT_FINE = "parent-fine"
    PARENT_NOTICED = "parent-noticed"
    PARENT_RUNNING = "parent-running"
    PARENT_WAITING = "parent-waiting"
    PARENT_NOT_REACHED = "parent-not-reached"
    PARENT_LEFT_OUT = "parent-left-out"
    PARENT_UNREAD = "parent-unread"

    CASE_SENDER_IP = "case-sender-ip"
    CASE_SENDER = "case-sender"
    CASE_RECIPIENT = "case-recipient"
    CASE_SELECTOR = "case-selector"
    CASE_SIZE = "case-size"
    CASE_SENT = "case-sent"
    CASE_BOUNCE = "case-bounce"
    CASE_REFERENCE = "case-reference"

    STEP_TITLE = "step-title"
    STEP_FIX = "step-fix"
    STEP_PASTE = "step-paste"
    STEP_FIGURE = "step-figure"
    STEP_EVIDENCE = "step-evidence"
    STEP_FALLBACK = "step-fallback"

    SUMMARY_TITLE = "summary-title"
    SUMMARY_CAUSE = "summary-cause"
    SUMMARY_CLEAR = "summary-clear"
    SUMMARY_CLEAR_FEW = "summary-clear-few"
    SUMMARY_CLEAR_NEXT = "summary-clear-next"
    SUMMARY_OPEN = "summary-open"
    SUMMARY_OPEN_POINTS = "summary-open-points"
    SUMMARY_OPEN_NEXT = "summary-open-next"
    SUMMARY_UNEXPLAINED = "summary-unexplained"
    SUMMARY_CONFIDENCE = "summary-confidence"
    SUMMARY_OWNER = "summary-owner"
    SUMMARY_FIRST = "summary-first"
    SUMMARY_RESEND = "summary-resend"
    SUMMARY_MORE = "summary-more"
    SUMMARY_SHOWN_BY = "summary-shown-by"
    SUMMARY_BOUNCE_ONLY = "summary-bounce-only"
    SUMMARY_ALSO = "summary-also"
    SUMMARY_ALSO_CAUSE = "summary-also-cause"
    SUMMARY_UNTOLD = "summary-untold"
    SUMMARY_INTERRUPTED = "summary-interrupted"

    BUTTON_CHECK_AGAIN = "button-check-again"
    BUTTON_DETAILS = "button-details"
    BUTTON_HANDOVER = "button-handover"
    BUTTON_EXPORT = "button-export"

    DIFF_TITLE = "diff-title"
    DIFF_SAME = "diff-same"
    DIFF_APPEARED = "diff-appeared"
    DIFF_GONE = "diff-gone"

    HISTORY_ALL = "history-all"
    HISTORY_TITLE = "history-title"
    HISTORY_NONE = "history-none"
    HISTORY_LINE = "history-line"
    LAST_TITLE = "last-title"

    HELP_TITLE = "help-title"
    HELP_CHECK = "help-check"
    HELP_HINTS = "help-hints"
    HELP_BOUNCE = "help-bounce"
    HELP_LIMITS = "help-limits"
    HELP_HISTORY = "help-history"
    HELP_LAST = "help-last"
    HELP_DIFF = "help-diff"
    HELP_EXPORT = "help-export"
    HELP_PRIVATE = "help-private"

    MISTAKE_NO_TARGET = "mistake-no-target"
    MISTAKE_BAD_TARGET = "mistake-bad-target"
    MISTAKE_TWO_TARGETS = "mistake-two-targets"
    MISTAKE_NETWORK = "mistake-network"
    MISTAKE_UNKNOWN_WORD = "mistake-unknown-word"
    MISTAKE_UNKNOWN_KEY = "mistake-unknown-key"
    MISTAKE_UNKNOWN_CHECK = "mistake-unknown-check"
    MISTAKE_NOT_HERE = "mistake-not-here"
    MISTAKE_BAD_VALUE = "mistake-bad-value"
    MISTAKE_TWICE = "mistake-twice"
    MISTAKE_PASTED_TEXT = "mistake-pasted-text"
    MISTAKE_PASSWORD = "mistake-password"  # noqa: S105 - the id of a text
    MISTAKE_UNKNOWN_RUN = "mistake-unknown-run"
    MISTAKE_UNKNOWN_PROVIDER = "mistake-unknown-provider"
    MISTAKE_EXAMPLE = "mistake-example"

    NOTICE_INVITE = "notice-invite"
    NOTICE_QUEUED = "notice-queued"
    NOTICE_NOT_ALLOWED = "notice-not-allowed"
    NOTICE_RUNNING = "notice-running"
    NOTICE_TOO_MANY = "notice-too-many"
    NOTICE_NEVER_GOOD = "notice-never-good"
    NOTICE_LOGIN = "notice-login"
    NOTICE_NOT_YET = "notice-not-yet"
    NOTICE_FORM_LATE = "notice-form-late"
    NOTICE_FAULT = "notice-fault"

    EXPORT_TITLE = "export-title"
    EXPORT_RUN = "export-run"
    EXPORT_STEPS = "export-steps"
    EXPORT_EVIDENCE = "export-evidence"
    EXPORT_NO_ANSWER = "export-no-answer"

    DESK_TITLE = "desk-title"
    EXPLAIN_MESSAGE = "explain-message"

    FORM_TITLE = "form-title"
    FORM_SUBMIT = "form-submit"
    FORM_CLOSE = "form-close"
    FORM_TEXT = "form-text"
    FORM_HINT = "form-hint"
    FORM_LIVE_LABEL = "form-live-label"
    FORM_LIVE = "form-live"

    HANDOVER_TITLE = "handover-title"
    HANDOVER_ANYBODY = "handover-anybody"
    HANDOVER_SUBJECT = "handover-subject"
    HANDOVER_NO_CAUSE = "handover-no-cause"
    HANDOVER_HELLO = "handover-hello"
    HANDOVER_FOUND = "handover-found"
    HANDOVER_NOTHING = "handover-nothing"
    HANDOVER_ASK = "handover-ask"
    HANDOVER_EVIDENCE = "handover-evidence"
    HANDOVER_REFERENCE = "handover-reference"
    HANDOVER_CLOSE = "handover-close"

    EXPLAIN_RECIPIENT = "explain-recipient"
    EXPLAIN_SAID = "explain-said"
    EXPLAIN_SAID_BY = "explain-said-by"
    EXPLAIN_RESTS_ON = "explain-rests-on"
    EXPLAIN_SURE = "explain-sure"
    EXPLAIN_STEPS = "explain-steps"
    EXPLAIN_TEMPORARY = "explain-temporary"
    EXPLAIN_RETRYING = "explain-retrying"
    EXPLAIN_HAND_OVER = "explain-hand-over"
    EXPLAIN_CHECK = "explain-check"
    EXPLAIN_UNCLEAR = "explain-unclear"
    EXPLAIN_UNCLEAR_RECIPIENT = "explain-unclear-recipient"
    EXPLAIN_UNCLEAR_NEXT = "explain-unclear-next"
    EXPLAIN_NO_FAILURE = "explain-no-failure"
    EXPLAIN_CANNOT_READ = "explain-cannot-read"
    EXPLAIN_TOO_BIG = "explain-too-big"
    EXPLAIN_NOT_TEXT = "explain-not-text"
    EXPLAIN_OUTLOOK_FILE = "explain-outlook-file"
    INNOCENT_NEXT_READ_RECEIPT = "innocent-next-read-receipt"
    INNOCENT_NEXT_DELIVERED = "innocent-next-delivered"
    INNOCENT_NEXT_OUT_OF_OFFICE = "innocent-next-out-of-office"
    INNOCENT_NEXT_COMPLAINT = "innocent-next-complaint"

    LIST_TWO = "list-two"
    LIST_SEPARATOR = "list-separator"
    LIST_MORE = "list-more"
    UNIT_SECONDS = "unit-seconds"
    UNIT_MINUTES = "unit-minutes"
    UNIT_HOURS = "unit-hours"
    UNIT_DAYS = "unit-days"


NAMED: Mapping[type[Enum], str] = {
    Trouble: "trouble",
    Cause: "cause",
    Side: "side",
    Remedy: "remedy",
    Severity: "severity",
    Confidence: "confidence",
    State: "state",
    Window: "window",
    BadName: "name",
    Advice: "advice",
    Innocent: "innocent",
    Certainty: "certainty",
    Seen: "seen",
}
"""The enums whose members have a name in the catalogues, and what their ids begin with."""

Named = (
    Trouble
    | Cause
    | Side
    | Remedy
    | Severity
    | Confidence
    | State
    | Window
    | BadName
    | Advice
    | Innocent
    | Certainty
    | Seen
)
Param = str | int | float | None | Named | Span | tuple[str, ...] | tuple[Span, ...]
"""What a sentence of a surface may be filled with. A plain string is taken for words from outside."""


def id_of(member: Enum) -> str:
    """Name the message of an enum member: ``trouble-tcp-blocked``.

    Raises:
        TypeError: members of this enum have no names in the catalogues.
    """
    prefix = NAMED.get(type(member))
    if prefix is None:
        raise TypeError(f"{type(member).__name__} has no names in the catalogues")
    return f"{prefix}-{member.name.lower().replace('_', '-')}"


# --- Catalogues ------------------------------------------------------------------------------------------------------


@cache
def _read(source: str) -> ftl.Resource:
    return FluentResource(source)


@dataclass(frozen=True)
class Catalogues:
    """The texts of every language: file name to Fluent source."""

    sources: Mapping[Language, Mapping[str, str]]

    def bundle(self, language: Language) -> FluentBundle:
        """Make a bundle of one language; the first of two messages with one id wins."""
        bundle = FluentBundle([language.value], use_isolating=False)
        for source in self.sources[language].values():
            bundle.add_resource(_read(source))
        return bundle

    def entries(self, language: Language) -> Iterator[tuple[str, ftl.EntryType]]:
        """Every entry of one language with the name of its file, comments and junk included."""
        for name, source in sorted(self.sources[language].items()):
            for entry in _read(source).body:
                yield name, entry

    def with_text(self, language: Language, name: str, source: str) -> Catalogues:
        """Add a file."""
        return Catalogues({**self.sources, language: {**self.sources[language], name: source}})


def load(directory: Path = TEXT) -> Catalogues:
    """Read the catalogues of all languages."""
    return Catalogues(
        {
            language: {path.name: path.read_text("utf-8") for path in sorted((directory / language).glob("*.ftl"))}
            for language in Language
        }
    )


@cache
def shipped() -> Catalogues:
    """The catalogues of this program, read once."""
    return load()


@cache
def _shipped_bundle(language: Language) -> FluentBundle:
    return shipped().bundle(language)


def warm_up() -> None:
    """Read the catalogues of every language now: the first to speak a language would wait a third of a second."""
    for language in Language:
        _shipped_bundle(language)


# --- Parameters ------------------------------------------------------------------------------------------------------

_MARK = re.compile(
    "\ue000([0-9]+)\ue001|(`)|(https://[^\\s`\ue000-\ue001<>、。）」]*[^\\s`\ue000-\ue001<>、。）」.,;:)])"
)
_LISTED = 5
"""How many items of a list are shown."""
_LONGEST: Mapping[object, int] = {RecordText: 300, ServerReply: 300}
_NAMES_IN_DNS: frozenset[object] = frozenset({DomainName, HostName})
_LONGEST_OTHER = 253
"""The longest domain name (RFC 1035 §2.3.4); nothing else that is shown needs more."""
_PASTE_LIMIT = 3_000
_CUT_LIST = ", …"
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}\Z")


@dataclass(frozen=True)
class _Shown:
    """A value in words: ``literal`` is its form inside literal words, ``key`` what selects on it."""

    spans: Spans
    literal: str
    key: str = ""


class _Placed(FluentType):
    """A value on its way through Fluent: a mark in the text, to be replaced by its spans afterwards."""

    def __init__(self, mark: str, key: str) -> None:
        self._mark = mark
        self._key = key

    def format(self, locale: Locale) -> str:  # noqa: ARG002 - part of the signature
        return self._mark

    def __eq__(self, other: object) -> bool:
        return bool(self._key) and other == self._key

    __hash__ = None  # type: ignore[assignment] # equal to a string without being one: no key of a dict


_CLASS_FACTS = frozenset(get_type_hints(Finding))


@cache
def _types(code: Hashable) -> Mapping[str, object]:
    hints = get_type_hints(code)
    return {name: hint for name, hint in hints.items() if name not in _CLASS_FACTS}


def _types_of(finding: Finding) -> Mapping[str, object]:
    return _types(type(finding))  # type: ignore[arg-type] # mypy takes the class for one of its instances


class Wording:
    """One language, ready to speak.

    ``strict`` raises where a text is missing or broken; otherwise English stands in, then the bare id, logged once.

    Raises (if strict):
        MissingTextError: there is no such text.
        BadTextError: the text cannot be filled.
    """

    def __init__(
        self,
        language: Language,
        *,
        room: Room = Room.CHAT,
        strict: bool = False,
        catalogues: Catalogues | None = None,
    ) -> None:
        self.language = language
        self._room = room
        self._strict = strict
        self._bundles = [
            _shipped_bundle(each) if catalogues is None else catalogues.bundle(each)
            for each in dict.fromkeys((language, Language.EN))
        ]
        self._fixed: dict[tuple[str, str | None], Spans] = {}
        self._complained: set[str] = set()

    def title(self, finding: Finding) -> Spans:
        """What is so, in one line."""
        return self._about(finding, None) or (Code(finding.code),)

    def detail(self, finding: Finding) -> Spans:
        """What it means and why it matters."""
        return self._about(finding, "detail") or ()

    def fix(self, finding: Finding) -> Spans | None:
        """Who does what; ``None`` if nothing needs to be done."""
        return self._about(finding, "fix", optional=True)

    def paste(self, finding: Finding) -> str | None:
        """The exact text to paste, if there is one: cleaned, its own line ends kept."""
        return self._block(finding, "paste")

    def figure(self, finding: Finding) -> str | None:
        """A small picture in characters that explains the finding, if there is one."""
        return self._block(finding, "figure")

    def _block(self, finding: Finding, attribute: str) -> str | None:
        shown = {
            name: self._shown(getattr(finding, name), hint, _PASTE_LIMIT) for name, hint in _types_of(finding).items()
        }
        text = self._formatted(finding.code, attribute, shown, optional=True)
        if text is None:
            return None
        return cut(_MARK.sub(lambda m: _shown_at(m, shown).literal if m[1] else m[0], text), _PASTE_LIMIT)

    def pattern(self, code: type[Finding], attribute: str | None = None) -> Spans | None:
        """The text of a code as it stands in the catalogue, with the names of the parameters in it."""
        shown = {name: _Shown((Code(name),), name) for name in _types(cast("Hashable", code))}
        text = self._formatted(code.code, attribute, shown, optional=attribute is not None)
        return None if text is None else _spans(text, shown)

    def say(self, sentence: Say, **params: Param) -> Spans:
        """Say a sentence of the surfaces."""
        return self._say(sentence, None, params)

    def name(self, member: Named) -> Spans:
        """Name a member of one of the enums that have names."""
        return self._say(id_of(member), None, {})

    def owner(self, cause: Cause) -> Spans:
        """Who has to act: the side, or, where the side alone would mislead, the words of the cause."""
        said = self._formatted(id_of(cause), "owner", {}, optional=True)
        return self.name(cause.owner) if said is None else _spans(said, {})

    def first_step(self, cause: Cause) -> Spans:
        """What to do first about a cause."""
        return self._say(id_of(cause), "first", {})

    def check(self, name: str) -> Spans:
        """Name a check."""
        return self._say(f"check-{name.replace('_', '-')}", None, {})

    def listed(self, items: Iterable[Spans], *, at_most: int = _LISTED) -> Spans:
        """Join items in the language's way; of a long list, the first and how many more."""
        rows = [*items]
        if len(rows) > at_most + 1:  # "and 1 more" would save nothing
            rest = len(rows) - at_most
            return self._say(Say.LIST_MORE, None, {"items": self._separated(rows[:at_most]), "rest": rest})
        if len(rows) > 1:
            return self._say(Say.LIST_TWO, None, {"items": self._separated(rows[:-1]), "last": rows[-1]})
        return rows[0] if rows else ()

    def _separated(self, rows: list[Spans]) -> Spans:
        separator = self._say(Say.LIST_SEPARATOR, None, {})
        result: list[Span] = []
        for row in rows:
            result += (*separator, *row) if result else row
        return joined(result)

    def _about(self, finding: Finding, attribute: str | None, *, optional: bool = False) -> Spans | None:
        shown = {name: self._shown(getattr(finding, name), hint) for name, hint in _types_of(finding).items()}
        text = self._formatted(finding.code, attribute, shown, optional=optional)
        return None if text is None else _spans(text, shown)

    def _say(self, message: str, attribute: str | None, params: Mapping[str, Param]) -> Spans:
        if params:
            return self._filled(message, attribute, params)
        if (message, attribute) not in self._fixed:
            self._fixed[message, attribute] = self._filled(message, attribute, params)
        return self._fixed[message, attribute]

    def _filled(self, message: str, attribute: str | None, params: Mapping[str, Param]) -> Spans:
        shown = {name: self._shown_param(value) for name, value in params.items()}
        text = self._formatted(message, attribute, shown, optional=False)
        return (Code(message),) if text is None else _spans(text, shown)

    def _formatted(
        self, message: str, attribute: str | None, shown: Mapping[str, _Shown | FluentNumber], *, optional: bool
    ) -> str | None:
        placed = {
            name: _Placed(f"\ue000{index}\ue001", value.key) if isinstance(value, _Shown) else value
            for index, (name, value) in enumerate(shown.items())
        }
        label = message if attribute is None else f"{message}.{attribute}"
        for bundle in self._bundles:
            if not bundle.has_message(message):
                continue
            entry = bundle.get_message(message)
            pattern = entry.value if attribute is None else entry.attributes.get(attribute)
            if pattern is None:
                if optional:
                    return None
                continue
            text, errors = bundle.format_pattern(pattern, placed)
            if not errors:
                return str(text)
            if self._strict:
                raise BadTextError(f"{label}: {'; '.join(map(str, errors))}")
            self._complain(label, "text_broken")
        if not optional or not any(bundle.has_message(message) for bundle in self._bundles):
            if self._strict:
                raise MissingTextError(label)
            self._complain(label, "text_missing")
        return None

    def _complain(self, label: str, event: str) -> None:
        if label not in self._complained:
            self._complained.add(label)
            _log.error(event, text=label, language=self.language.value)

    def _shown_param(self, value: Param) -> _Shown | FluentNumber:
        if isinstance(value, Text | Strong | Code | Link | Person | Moment):
            return _Shown((value,), plain((value,)))
        if isinstance(value, tuple):
            spans = tuple(item for item in value if not isinstance(item, str))
            if len(spans) == len(value):
                return _Shown(spans, plain(spans), "" if spans else "none")
            return self._shown_list(value, str, None)
        return self._shown(value, type(value))

    def _shown(self, value: object, hint: object, limit: int | None = None) -> _Shown | FluentNumber:
        """Show a value by its type."""
        if value is None:
            return _Shown((Text("–"),), "–", "none")
        if get_origin(hint) in (Union, UnionType):
            hint = next(option for option in get_args(hint) if option is not NoneType)
        if isinstance(value, tuple):
            return self._shown_list(cast("tuple[object, ...]", value), (*get_args(hint), str)[0], limit)
        if isinstance(value, Enum) and type(value) in NAMED:
            return _shown_words(self._say(id_of(value), None, {}), value.name.lower())
        limit = limit or _LONGEST.get(hint, _LONGEST_OTHER) * self._room
        if hint is Bytes and isinstance(value, int):
            return _shown_words((Text(human_size(value)),))
        if isinstance(value, float) or (hint is Seconds and isinstance(value, int)):
            return _shown_words(self._duration(float(value)))
        if isinstance(value, int):
            return FluentInt(value, useGrouping=hint is not Port)
        words = str(value)
        if hint is CheckName:
            return _shown_words(self.check(words), words)
        if hint is ListName or (hint is Day and _DAY.match(words)):
            return _shown_words((Text(cut(clean(words), limit)),), words)
        if hint is Url and words.startswith("https://"):
            return _shown_words((Link(clean(words), cut(clean(words.removeprefix("https://")), limit)),), words)
        code = foreign(words, limit)
        if hint in _NAMES_IN_DNS:
            return _Shown((domain(words, limit),), code.text)
        return _Shown((code,), code.text, "" if hint in _LONGEST else words)

    def _duration(self, seconds: float) -> Spans:
        """A length of time in the largest unit of which there are at least two, rounded down."""
        units = ((Say.UNIT_DAYS, 86_400), (Say.UNIT_HOURS, 3_600), (Say.UNIT_MINUTES, 60))
        for unit, length in units:
            if seconds >= 2 * length:
                return self._say(unit, None, {"count": int(seconds / length)})
        return self._say(Say.UNIT_SECONDS, None, {"seconds": Text(_seconds(seconds))})

    def _shown_list(self, values: tuple[object, ...], hint: object, limit: int | None) -> _Shown:
        items: list[_Shown] = []
        for value in values[: max(_LISTED + 1, len(values) if limit else 0)]:
            item = self._shown(value, hint, limit)
            items.append(item if isinstance(item, _Shown) else _shown_words((Text(str(value)),)))
        unseen = len(values) - len(items)
        rows = [item.spans for item in items] + [()] * unseen
        key = {0: "none", 1: "one"}.get(len(values), "")
        if hint is RecordText and limit:  # to be pasted: one record, or line of one, a line
            return _Shown(self.listed(rows), "\n".join(item.literal for item in items), key)
        return _Shown(self.listed(rows), ", ".join(item.literal for item in items) + (_CUT_LIST if unseen else ""), key)


def _shown_at(mark: re.Match[str], shown: Mapping[str, _Shown | FluentNumber]) -> _Shown:
    """The value a mark stands for."""
    value = [*shown.values()][int(mark[1])]
    if not isinstance(value, _Shown):
        raise TypeError("numbers have no mark")
    return value


def _shown_words(spans: Spans, key: str = "") -> _Shown:
    return _Shown(spans, plain(spans), key)


def _seconds(value: float) -> str:
    """A length of time, as exact as anybody wants to read it."""
    digits = 0 if value >= 10 else 1 if value >= 1 else 2  # noqa: PLR2004 - three figures at most
    text = f"{value:,.{digits}f}"
    return text.rstrip("0").rstrip(".") or "0" if digits else text


def human_size(octets: int) -> str:
    """A size with its unit, as ``size:`` in a command reads it: kB, MB and GB are powers of 1,000."""
    amount = float(octets)
    for unit in ("B", "kB", "MB", "GB"):
        if amount < 1000 or unit == "GB":  # noqa: PLR2004 - said above
            return f"{amount:,.1f}".removesuffix(".0") + f" {unit}"
        amount /= 1000
    raise AssertionError("the last unit takes everything")


def _spans(text: str, shown: Mapping[str, _Shown | FluentNumber]) -> Spans:
    """Put the values where their marks are; read backticks and web addresses of the text itself."""
    result: list[Span] = []
    literal: list[str] | None = None
    end = 0
    for mark in _MARK.finditer(text):
        between = text[end : mark.start()]
        end = mark.end()
        if literal is not None:
            literal.append(between)
        else:
            result.append(Text(between))
        if mark[2]:
            if literal is None:
                literal = []
            else:
                result.append(Code("".join(literal)))
                literal = None
        elif mark[3]:
            if literal is None:
                result.append(Link(mark[3], mark[3].removeprefix("https://")))
            else:
                literal.append(mark[3])
        elif literal is None:
            result += _shown_at(mark, shown).spans
        else:
            literal.append(_shown_at(mark, shown).literal)
    rest = text[end:]
    return joined([*result, Text(rest if literal is None else "".join((*literal, rest)))])
