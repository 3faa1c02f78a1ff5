"""What a person types after ``/mailcheck`` or ``mailcheck``: text in, a Command or one Mistake out.

    TARGET [key:value …] [private]      the same as check TARGET …
    check · help · bounce · login · limits · history · last · diff · export · watch · unwatch · watches

A target is a domain, a host name, a mail address (its domain is checked), an IP address or a URL, in any form people
paste: Slack's ``<mailto:…|…>`` and ``<https://…|…>``, a display name before the address, upper case, final dots,
full-width and invisible characters, internationalised names in either form. Path, port and user part of a URL are
ignored. Keys come in any order, values may be quoted, and a value may stand after a space.

``size:`` follows the SI: kB, MB, GB are powers of 1,000 and KiB, MiB, GiB powers of 1,024; no unit means octets. A
value that two readers would read differently (``1,024KB``) is refused.

Without a target the check takes the domain of ``from:``, else the address of ``ip:``, else the domain of ``to:``.

A mistake is a code and its parameters; the words are in the catalogues, under the code's value. It holds a piece of
what was typed, cleaned and shortened, but nothing of a command that seems to hold a password.
"""

from __future__ import annotations

import difflib
import re
from collections import deque
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum

from bot.run import Language
from bot.spans import CUT, foreign
from checks.case import BadName, Case, NotADomainError, Sent, Target, Window, domain_name, ip_address, without_junk
from checks.check import CheckName

LOGIN_COMMAND = "mailcheck login HOST"
"""Where a password belongs: a terminal."""
MAX_TEXT = 2_000
"""Longest command in characters. What is longer is no command: somebody pasted a message."""
MAX_WORDS = 60
"""Most words of a command, for the same reason. It also bounds the time that any text can take."""
MAX_SHOWN = 40
"""Longest piece of the command that a mistake holds, in characters."""
MAX_SIZE = 10**12
"""Largest ``size:`` in octets. No mail system takes a message of that size; beyond it is a slip of the finger."""


class Verb(StrEnum):
    """The words of the first place."""

    CHECK = "check"
    HELP = "help"
    BOUNCE = "bounce"
    LOGIN = "login"
    LIMITS = "limits"
    HISTORY = "history"
    LAST = "last"
    DIFF = "diff"
    EXPORT = "export"
    WATCH = "watch"
    UNWATCH = "unwatch"
    WATCHES = "watches"


class Key(StrEnum):
    """What may stand before a colon."""

    IP = "ip"
    FROM = "from"
    TO = "to"
    SELECTOR = "selector"
    SIZE = "size"
    SENT = "sent"
    TICKET = "ticket"
    LANG = "lang"
    ONLY = "only"


class Every(StrEnum):
    """How often a watched target is checked."""

    HOURLY = "hourly"
    DAILY = "daily"
    WEEKLY = "weekly"


LIMITS_CHECKS = (CheckName("provider"), CheckName("limits"))
"""What is checked of a domain whose sending limits are asked for."""

PRIVATE = "private"
"""The word that asks for an answer which only the asker sees."""


# --- Commands --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class Check:
    """Check the case. ``only`` names the checks wanted, none means all; ``language`` None means the asker's own."""

    case: Case
    only: tuple[CheckName, ...] = ()
    private: bool = False
    language: Language | None = None


@dataclass(frozen=True)
class Help:
    """Explain the commands, or the one asked for."""

    topic: Verb | None = None


@dataclass(frozen=True)
class Bounce:
    """Open the form a bounce is pasted into. What follows the word is ignored: a bounce does not fit on a line."""


@dataclass(frozen=True)
class Login:
    """Open the private form for credentials, with the host filled in if it was given."""

    host: Target | None = None


@dataclass(frozen=True)
class Limits:
    """Show the sending limits of a provider, by its name as typed. Those of a domain take a check: see ``_limits``."""

    what: str


@dataclass(frozen=True, kw_only=True)
class ShowHistory:
    """List past runs: of one target, ticket or person, or the latest of all.

    ``person`` is a Slack user id, or a name where the surface gave no id.
    """

    target: Target | None = None
    ticket: str | None = None
    person: str | None = None


@dataclass(frozen=True)
class Last:
    """Show the last run of a target."""

    target: Target


@dataclass(frozen=True)
class Diff:
    """Show what changed since the last good run of a target."""

    target: Target


@dataclass(frozen=True)
class Export:
    """Give out one run. The id has the form of one; whether the run exists is for history to say."""

    run: str


@dataclass(frozen=True)
class Watch:
    """Check a target again and again, and tell when something changes."""

    target: Target
    every: Every = Every.DAILY


@dataclass(frozen=True)
class Unwatch:
    """Stop watching a target."""

    target: Target


@dataclass(frozen=True)
class Watches:
    """List what is watched."""


Command = Check | Help | Bounce | Login | Limits | ShowHistory | Last | Diff | Export | Watch | Unwatch | Watches
"""What ``parse`` understands."""


# --- Mistakes --------------------------------------------------------------------------------------------------------


class MistakeCode(StrEnum):
    """What is wrong with a command. The value is the id of its words in the catalogues."""

    NO_TARGET = "mistake-no-target"
    """``about`` needs something to work on, and nothing was given."""
    BAD_TARGET = "mistake-bad-target"
    """``word`` is no domain and no address, for ``reason``."""
    TWO_TARGETS = "mistake-two-targets"
    """``word`` is one target too many, or the same once more."""
    NETWORK = "mistake-network"
    """``word`` is a network, not one address."""
    UNKNOWN_WORD = "mistake-unknown-word"
    """``word`` means nothing here; perhaps ``suggestion`` was meant."""
    UNKNOWN_KEY = "mistake-unknown-key"
    """There is no key ``word``; perhaps ``suggestion`` was meant."""
    UNKNOWN_CHECK = "mistake-unknown-check"
    """There is no check ``word``; perhaps ``suggestion`` was meant."""
    NOT_HERE = "mistake-not-here"
    """``word`` does not go with the command ``about``."""
    BAD_VALUE = "mistake-bad-value"
    """``word`` is no value for ``about``; where it had to be a domain, ``reason`` says why it is none."""
    TWICE = "mistake-twice"
    """The key ``about`` was given twice."""
    PASTED_TEXT = "mistake-pasted-text"
    """This is a message or a server's reply, and belongs in the form that ``suggestion`` opens."""
    PASSWORD_IN_COMMAND = "mistake-password"  # noqa: S105 - the id of a text
    """The command seems to hold a password: change it, and use the form that ``suggestion`` opens."""


@dataclass(frozen=True, kw_only=True)
class Mistake:
    """Why a text is no command.

    Args:
        code: what is wrong.
        example: a command that works, as typed after the command's name.
        word: the piece of the text that is wrong: foreign words, cleaned, at most ``MAX_SHOWN`` characters.
        about: the key (with its colon) or the command concerned; empty where no command was recognised.
        reason: why a name is no domain.
        suggestion: what was probably meant.
    """

    code: MistakeCode
    example: str
    word: str = ""
    about: str = ""
    reason: BadName | None = None
    suggestion: str | None = None


_EXAMPLE = "example.com"
_EXAMPLES: Mapping[str, str] = {
    Key.IP: "example.com ip:192.0.2.25",
    Key.FROM: "example.com from:user@example.com",
    Key.TO: "example.com to:user@example.net",
    Key.SELECTOR: "example.com selector:s1",
    Key.SIZE: "example.com size:30MB",
    Key.SENT: "example.com sent:800/day",
    Key.TICKET: "example.com ticket:INC-42",
    Key.LANG: "example.com lang:ja",
    Key.ONLY: "example.com only:spf,dkim",
    Verb.LOGIN: "login smtp.example.com",
    Verb.LIMITS: "limits gmail",
    Verb.HISTORY: "history example.com",
    Verb.LAST: "last example.com",
    Verb.DIFF: "diff example.com",
    Verb.EXPORT: "export RUN",
    Verb.WATCH: "watch example.com daily",
    Verb.UNWATCH: "unwatch example.com",
    Verb.WATCHES: "watches",
}


class _RefusedError(Exception):
    """Carries the one mistake out of the reading."""

    def __init__(
        self,
        code: MistakeCode,
        word: str = "",
        about: Verb | Key | None = None,
        *,
        reason: BadName | None = None,
        suggestion: str | None = None,
    ) -> None:
        super().__init__(code)
        before, at, after = word.rpartition("@")
        if ":" in before:  # the user part of a URL may hold a password
            word = f"{CUT}{at}{after}"
        self.mistake = Mistake(
            code=code,
            example=_EXAMPLES.get(about or "", _EXAMPLE),
            word=foreign(word, MAX_SHOWN).text if word else "",
            about=f"{about}:" if isinstance(about, Key) else str(about or ""),
            reason=reason,
            suggestion=suggestion,
        )

    def within(self, verb: Verb) -> Mistake:
        """Name the command the mistake was made in, unless it is about something more exact."""
        if self.mistake.about:
            return self.mistake
        return replace(self.mistake, about=verb.value, example=_EXAMPLES.get(verb, _EXAMPLE))


def _suggestion(word: str, known: Iterable[str]) -> str | None:
    close = difflib.get_close_matches(word.lower(), list(known), n=1, cutoff=0.72)
    return close[0] if close else None


# --- Reading ---------------------------------------------------------------------------------------------------------

_SPACES = str.maketrans("\t\n\v\f\r\x85", " " * 6)
"""Controls that part words. The others are dropped with what cannot be seen."""
_QUOTES = str.maketrans("“”„‟«»「」『』‘’‚‛", '"' * 10 + "'" * 4)
_ENTITIES = (("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&"))
"""The three that Slack writes; the last one last, so that nothing is unescaped twice."""
_TOKEN = re.compile(r"""(?:"[^"]*"|<[^<>]*>|\S)+""")
_KEYED = re.compile(r"([^\W\d]+):(?!//)(.*)", re.DOTALL)
_MAILBOX_LINK = re.compile(r"<(?![@!#]|[a-z]+://)[^<>@]*@[^<>]*>[,;.!?]*", re.IGNORECASE)
_GLUED_LINK = re.compile(r"(?<=[^\s:\"'(<])(?=<[^<>@]*@[^<>]*>)")
_SMTP_REPLY = re.compile(r"[245][0-9][0-9](?:-.*|)", re.DOTALL)
_PASSWORD = re.compile(
    r"""(?:password|passwd|passphrase|パスワード|(?<![^\W_])(?:pass|pwd?))["']?\s*[:=]"""
    r"|(?<!\S)(?:password|passwd|passphrase|パスワード|pass|pwd?)(?!\S)",
    re.IGNORECASE,
)
_SLACK_PERSON = re.compile(r"<@([UW][A-Z0-9]{1,40})(?:\|[^<>]*)?>")
_NAMED_PERSON = re.compile(r"@([\w][\w.-]{0,79})")
_HELP = {"help", "?", "-h", "--help"}


def parse(text: str, checks: Collection[CheckName]) -> Command | Mistake:
    """Understand a command.

    Args:
        text: what was typed after the command's name, in Slack's escaped form or plain.
        checks: the names that ``only:`` takes.
    """
    folded = _folded(text[:MAX_TEXT])
    tokens: list[str] = _TOKEN.findall(folded)
    first = _unquoted(tokens[0]).lower() if tokens else Verb.HELP.value
    if first in _HELP:
        topic = _unquoted(tokens[1]).lower() if len(tokens) > 1 else ""
        return Help(Verb(topic) if topic in set(Verb) else None)
    if first == Verb.BOUNCE:
        return Bounce()
    if _PASSWORD.search(folded):
        return _password_in_command().mistake
    too_long = len(text) > MAX_TEXT or len(tokens) > MAX_WORDS
    if too_long or (len(tokens) > 1 and _SMTP_REPLY.fullmatch(first)):
        return _RefusedError(MistakeCode.PASTED_TEXT, suggestion=Verb.BOUNCE.value).mistake
    verb = Verb(first) if first in set(Verb) else None
    try:
        if verb is None:
            return _check(_arguments(Verb.CHECK, tokens), checks, (*Verb, PRIVATE))
        return _spoken(verb, tokens[1:], checks)
    except _RefusedError as refused:
        return refused.within(verb or Verb.CHECK)


def _password_in_command() -> _RefusedError:
    return _RefusedError(MistakeCode.PASSWORD_IN_COMMAND, about=Verb.LOGIN, suggestion=LOGIN_COMMAND)


def _spoken(verb: Verb, tokens: list[str], checks: Collection[CheckName]) -> Command:
    if verb is Verb.LOGIN:
        if len(tokens) > 1:  # the rest may well be a user name and a password
            raise _password_in_command()
        return Login(_target(tokens[0]) if tokens else None)
    said = _arguments(verb, tokens)
    match verb:
        case Verb.LIMITS:
            return _limits(said)
        case Verb.HISTORY:
            return _history(said)
        case Verb.LAST:
            return Last(_only_target(said.words))
        case Verb.DIFF:
            return Diff(_only_target(said.words))
        case Verb.EXPORT:
            return _export(said)
        case Verb.WATCH:
            return _watch(said)
        case Verb.UNWATCH:
            return Unwatch(_only_target(said.words))
        case Verb.WATCHES:
            if said.words:
                raise _RefusedError(MistakeCode.NOT_HERE, said.words[0])
            return Watches()
        case _:
            return _check(said, checks, ())


def _folded(text: str) -> str:
    for entity, sign in _ENTITIES:
        text = text.replace(entity, sign)
    return _GLUED_LINK.sub(" ", without_junk(text.translate(_SPACES)).translate(_QUOTES))


@dataclass(frozen=True)
class _Arguments:
    """What follows the verb: words as typed, without the quotes around them, and the values of the keys."""

    verb: Verb
    words: tuple[str, ...]
    values: Mapping[Key, str]


def _arguments(verb: Verb, tokens: list[str]) -> _Arguments:
    followers = [*tokens, ""][1:]
    rest = deque(
        token
        for token, follower in zip(tokens, followers, strict=True)
        if not (token.startswith('"') and token.endswith('"') and _MAILBOX_LINK.fullmatch(follower))
    )
    words: list[str] = []
    values: dict[Key, str] = {}
    while rest:
        token = rest.popleft()
        keyed = _keyed(token)
        if keyed is None:
            if _MAILBOX_LINK.fullmatch(token):
                _drop_display_name(words, token)
            words.append(_unquoted(token))
            continue
        key = _key(keyed[0], verb)
        if key in values:
            raise _RefusedError(MistakeCode.TWICE, about=key)
        values[key] = _whole_value(key, _unquoted(keyed[1]), rest)
    return _Arguments(verb, tuple(words), values)


def _keyed(token: str) -> tuple[str, str] | None:
    """Part the key from its value. An address is no key, nor is the scheme of a URL or the host before a port."""
    text = _unquoted(token)
    text = _unlinked(text) if text.startswith("<") else text
    match = _KEYED.fullmatch(text)
    if match is None or match[1].lower() == "mailto" or _is_address(text):
        return None
    if match[2].isdigit() and _suggestion(match[1], Key) is None:
        return None
    return match[1], match[2]


def _key(name: str, verb: Verb) -> Key:
    suggestion = _suggestion(name, [*Key, PRIVATE, "password"])
    if suggestion == "password":
        raise _password_in_command()
    if name.lower() not in set(Key):
        suggestion = f"{suggestion}:" if suggestion in set(Key) else suggestion
        raise _RefusedError(MistakeCode.UNKNOWN_KEY, f"{name}:", suggestion=suggestion)
    key = Key(name.lower())
    if verb is not Verb.CHECK and (verb, key) != (Verb.HISTORY, Key.TICKET):
        raise _RefusedError(MistakeCode.NOT_HERE, f"{key}:")
    return key


def _whole_value(key: Key, value: str, rest: deque[str]) -> str:
    """Take from the rest what belongs to the value: all of it after a space, a unit, the address after a name."""
    if not value and rest and _keyed(rest[0]) is None:
        value = _unquoted(rest.popleft())
    if key in {Key.FROM, Key.TO} and not _is_target(value):
        for place, token in enumerate(rest):
            if _keyed(token) is not None or token == PRIVATE:
                break
            if _MAILBOX_LINK.fullmatch(token):
                for _ in range(place + 1):
                    rest.popleft()
                return token
            if _is_target(token):
                break
    while rest and _keyed(rest[0]) is None and _goes_on(key, value, rest[0]):
        value = f"{value} {rest.popleft()}"
    if not value:
        raise _RefusedError(MistakeCode.BAD_VALUE, about=key)
    return value


def _goes_on(key: Key, value: str, token: str) -> bool:
    match key:
        case Key.SIZE:
            return value[-1:].isdigit() and _UNIT.fullmatch(token) is not None
        case Key.SENT:
            return value.endswith("/") or token.startswith("/") or _RATE_WORD.fullmatch(token) is not None
        case Key.ONLY:
            return token.startswith(",") or (value.endswith(",") and token != PRIVATE and not _is_target(token))
        case _:
            return False


def _drop_display_name(words: list[str], link: str) -> None:
    """Drop the words before ``<address>`` that are the name of its owner, often the address itself once more."""
    name: list[str] = []
    address = _unlinked(link).lower()
    while words and words[-1] not in {PRIVATE, *Every}:
        if words[-1].strip(_EDGES).lower() != address and _is_target(words[-1]):
            break
        name.append(words.pop())
    if len(name) == 1 and _suggestion(name[0], Verb):  # rather a verb misspelt
        words.append(name[0])


def _unquoted(token: str) -> str:
    inner = token[1:-1]
    return inner.strip() if len(token) > 1 and token[0] == token[-1] == '"' and '"' not in inner else token


# --- Targets ---------------------------------------------------------------------------------------------------------

_EDGES = "\"'`*~,;!?() "
"""What people have around a name when they paste it out of a sentence, a list or a formatted text."""
_PAIRED = re.compile(r"(['`*])(.*)\1", re.DOTALL)
_AUTHORITY = re.compile(r"[^/?#\\]*")
_MAILBOX = re.compile(r"""([^\s"(),:;<>@\[\\\]]{1,64}|"[^"\\<>&]{1,62}")@([^\s@]+)""")
"""Local part, at most 64 octets (RFC 5321 §4.5.3.1.1), and domain. Dots stand where they like: Japanese mobile
carriers gave out such addresses. Non-ASCII is fine (RFC 6531)."""
_HOST_PORT = re.compile(r"(\[[^\[\]]*\]|[^:]*)(?::[0-9]*)?")
_NETWORK = re.compile(r"([0-9a-f.:]+)/[0-9]{1,3}", re.IGNORECASE)


def _unlinked(text: str) -> str:
    """Take the address out of ``<…>``, ``<…|label>``, ``Name <…>`` and ``mailto:``."""
    plain = text.rstrip(",;.!?)")
    if plain.endswith(">") and "<" in plain:
        text = plain[plain.rindex("<") + 1 : -1].partition("|")[0].strip()
    return text[len("mailto:") :].partition("?")[0] if text[: len("mailto:")].lower() == "mailto:" else text


def _host(text: str) -> str:
    """Take the host out of a URL, a mail address or itself; port, path and user part are dropped."""
    _, is_url, after = text.partition("://")
    mailbox = _MAILBOX.fullmatch(text.strip(_EDGES.replace('"', "")))
    if mailbox and not is_url and "/" not in mailbox[1]:
        host = mailbox[2]
    else:
        authority = _AUTHORITY.match(after if is_url else text)
        user, _, host = (authority[0] if authority else "").rpartition("@")
        if user and not is_url:
            raise NotADomainError(BadName.BAD_LABEL, host)
    host = host.strip(_EDGES)
    with_port = _HOST_PORT.fullmatch(host)
    return with_port[1] if with_port else host


def _host_target(host: str) -> Target:
    if _is_address(host.removesuffix(".")):
        return Target(address=ip_address(host.removesuffix(".")))
    return Target(domain=domain_name(host))


def _is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True


def _is_target(word: str) -> bool:
    try:
        _target(word)
    except _RefusedError:
        return False
    return True


def _target(word: str) -> Target:
    text = _unlinked(_unquoted(word))
    network = _NETWORK.fullmatch(text)
    if network and _is_address(network[1]):
        raise _RefusedError(MistakeCode.NETWORK, text)
    try:
        return _host_target(_host(text))
    except NotADomainError as error:
        raise _RefusedError(MistakeCode.BAD_TARGET, text, reason=error.reason) from error


def _one_target(words: tuple[str, ...], first: Iterable[str], later: Iterable[str]) -> Target | None:
    """Find the only target among the words. Another word may be one of ``first`` or ``later``, misspelt."""
    found: Target | None = None
    for place, word in enumerate(words):
        try:
            target = _target(word)
        except _RefusedError as refused:
            if found is not None and word.lower() in set(Verb):
                suggestion: str | None = f"{word.lower()} {found}"
            else:
                suggestion = _suggestion(word, later if place else first)
            if suggestion is None and (len(words) == 1 or any(sign in word for sign in ".@:/[<")):
                raise
            raise _RefusedError(MistakeCode.UNKNOWN_WORD, word, suggestion=suggestion) from refused
        if found is not None:
            raise _RefusedError(MistakeCode.TWO_TARGETS, word)
        found = target
    return found


def _only_target(words: tuple[str, ...], others: Iterable[str] = ()) -> Target:
    found = _one_target(words, others, others)
    if found is None:
        raise _RefusedError(MistakeCode.NO_TARGET)
    return found


# --- Values ----------------------------------------------------------------------------------------------------------

_FACTORS: Mapping[str, int] = {
    "": 1,
    "b": 1,
    "byte": 1,
    "bytes": 1,
    "k": 10**3,
    "kb": 10**3,
    "kib": 2**10,
    "m": 10**6,
    "mb": 10**6,
    "mib": 2**20,
    "g": 10**9,
    "gb": 10**9,
    "gib": 2**30,
}
_UNIT = re.compile(r"(?:bytes?|[kmg]i?b|[kmgb])[,;]?", re.IGNORECASE)
_SIZE = re.compile(r"([0-9][0-9.,]{0,20}?) ?([a-z]{0,5})[,;]?", re.IGNORECASE)
_GROUPED = re.compile(r"[0-9]{1,3}([.,])[0-9]{3}(?:\1[0-9]{3})*")
_DECIMAL = re.compile(r"[0-9]{1,15}(?:[.,][0-9]{1,6})?")
_WINDOWS: Mapping[str, Window] = {
    **dict.fromkeys(("min", "mins", "minute", "minutes", "分"), Window.MINUTE),
    **dict.fromkeys(("h", "hr", "hour", "hours", "時間"), Window.HOUR),
    **dict.fromkeys(("d", "day", "days", "日"), Window.DAY),
}
_MESSAGES = r"(?:messages?|mails?|emails?|通)"
_RATE_WORD = re.compile(rf"per|an?|{_MESSAGES}|{'|'.join(_WINDOWS)}", re.IGNORECASE)
_SENT = re.compile(
    rf"([0-9]{{1,3}}(?:,[0-9]{{3}})+|[0-9]{{1,9}}) ?{_MESSAGES}? ?(?:/|per |an? ) ?({'|'.join(_WINDOWS)})[,;]?",
    re.IGNORECASE,
)
_SELECTOR = re.compile(r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?(?:\.[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?){0,5}")
_TICKET = re.compile(r"#?\w[\w.#-]{0,63}")
_RUN = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}")
_PROVIDER = re.compile(r"\w[\w .&+'-]{0,59}")


def _mailbox(key: Key, value: str) -> tuple[str, Target]:
    """Bring a mail address into one form, and give its domain, or the address it has in brackets, as a target."""
    text = _unlinked(value).rstrip(",;")
    paired = _PAIRED.fullmatch(text)
    match = _MAILBOX.fullmatch(paired[2] if paired else text)
    if match is None:
        raise _RefusedError(MistakeCode.BAD_VALUE, value, key)
    # Once more: an invisible character may have stood between a letter and its accent.
    local = without_junk(match[1])
    try:
        target = _host_target(match[2])
    except NotADomainError as error:
        raise _RefusedError(MistakeCode.BAD_VALUE, match[2], key, reason=error.reason) from error
    if target.address is None:
        return f"{local}@{target.domain}", target
    literal = f"IPv6:{target.address}" if ":" in target.address else target.address
    return f"{local}@[{literal}]", target


def _recipient(value: str) -> tuple[str, Target]:
    if "://" not in value and "@" in value.lstrip("@"):
        return _mailbox(Key.TO, value)
    try:
        name = domain_name(_host(_unlinked(value)))
    except NotADomainError as error:
        raise _RefusedError(MistakeCode.BAD_VALUE, value, Key.TO, reason=error.reason) from error
    return name, Target(domain=name)


def _sender_ip(value: str) -> str:
    target = _target(value)
    if target.address is None:
        raise _RefusedError(MistakeCode.BAD_VALUE, value, Key.IP)
    return target.address


def _selector(value: str) -> str:
    """Take the selector out of itself or of its whole name (RFC 6376 §3.6.2.1)."""
    name = value.strip(_EDGES).lower().partition("._domainkey")[0]
    if not _SELECTOR.fullmatch(name):
        raise _RefusedError(MistakeCode.BAD_VALUE, value, Key.SELECTOR)
    return name


def _size(value: str) -> int:
    match = _SIZE.fullmatch(" ".join(value.split()))
    factor = _FACTORS.get(match[2].lower()) if match else None
    if match is None or factor is None:
        raise _RefusedError(MistakeCode.BAD_VALUE, value, Key.SIZE)
    number = match[1]
    grouped = _GROUPED.fullmatch(number) is not None
    if grouped and (factor == 1 or number.count(",") + number.count(".") > 1):
        number = number.replace(",", "").replace(".", "")
    elif grouped or not _DECIMAL.fullmatch(number) or (factor == 1 and not number.isdigit()):
        raise _RefusedError(MistakeCode.BAD_VALUE, value, Key.SIZE)
    size = int(Decimal(number.replace(",", ".")) * factor)
    if not 0 < size <= MAX_SIZE:
        raise _RefusedError(MistakeCode.BAD_VALUE, value, Key.SIZE)
    return size


def _sent(value: str) -> Sent:
    match = _SENT.fullmatch(" ".join(value.split()))
    count = int(match[1].replace(",", "")) if match else 0
    if match is None or not count:
        raise _RefusedError(MistakeCode.BAD_VALUE, value, Key.SENT)
    return Sent(count, _WINDOWS[match[2].lower()])


def _ticket(value: str) -> str:
    """A ticket's number as typed: whether upper and lower case differ is for the ticket system to say."""
    number = value.strip(_EDGES)
    if not _TICKET.fullmatch(number):
        raise _RefusedError(MistakeCode.BAD_VALUE, value, Key.TICKET)
    return number


def _language(value: str) -> Language:
    """Take a language tag by its first part (RFC 5646 §2.2.1)."""
    code = re.split("[-_]", value.strip(_EDGES).lower(), maxsplit=1)[0]
    if code not in set(Language):
        raise _RefusedError(MistakeCode.BAD_VALUE, value, Key.LANG)
    return Language(code)


def _only(value: str, checks: Collection[CheckName]) -> tuple[CheckName, ...]:
    by_name = {name.lower(): name for name in checks}
    wanted: dict[CheckName, None] = {}
    for part in value.split(","):
        word = part.strip(_EDGES)
        if not word:
            continue
        name = by_name.get(word.lower().replace("-", "_"))
        if name is None:
            raise _RefusedError(MistakeCode.UNKNOWN_CHECK, word, Key.ONLY, suggestion=_suggestion(word, by_name))
        wanted[name] = None
    if not wanted:
        raise _RefusedError(MistakeCode.BAD_VALUE, value, Key.ONLY)
    return tuple(wanted)


# --- One function for each command that has something to it ----------------------------------------------------------


def _check(said: _Arguments, checks: Collection[CheckName], verbs: Iterable[str]) -> Check:
    words = tuple(word for word in said.words if word.lower() != PRIVATE)
    private = len(words) < len(said.words)
    target = _one_target(words, verbs, (PRIVATE,))
    value = said.values.get

    sender_text, recipient_text, ip_text = value(Key.FROM), value(Key.TO), value(Key.IP)
    sender, sender_target = _mailbox(Key.FROM, sender_text) if sender_text else (None, None)
    recipient, recipient_target = _recipient(recipient_text) if recipient_text else (None, None)
    sender_ip = _sender_ip(ip_text) if ip_text else None
    target = target or sender_target or (Target(address=sender_ip) if sender_ip else None) or recipient_target
    if target is None:
        raise _RefusedError(MistakeCode.NO_TARGET)

    selector, size, sent, ticket = value(Key.SELECTOR), value(Key.SIZE), value(Key.SENT), value(Key.TICKET)
    language, only = value(Key.LANG), value(Key.ONLY)
    return Check(
        case=Case(
            target=target,
            sender_ip=sender_ip,
            sender=sender,
            recipient=recipient,
            selector=_selector(selector) if selector else None,
            size=_size(size) if size else None,
            sent=_sent(sent) if sent else None,
            reference=_ticket(ticket) if ticket else None,
        ),
        only=_only(only, checks) if only else (),
        private=private,
        language=_language(language) if language else None,
    )


def _limits(said: _Arguments) -> Limits | Check:
    """Read a name, or a domain: who has its mail has to be found out, so it is a check of that and of nothing else."""
    if not said.words:
        raise _RefusedError(MistakeCode.NO_TARGET)
    if len(said.words) == 1 and _is_target(said.words[0]):
        target = _target(said.words[0])
        if target.domain is None:
            raise _RefusedError(MistakeCode.BAD_VALUE, said.words[0], said.verb)
        return Check(case=Case(target=target), only=LIMITS_CHECKS)
    what = " ".join(said.words).strip(_EDGES)
    if not _PROVIDER.fullmatch(what):
        raise _RefusedError(MistakeCode.BAD_VALUE, what, said.verb)
    return Limits(what)


def _history(said: _Arguments) -> ShowHistory:
    ticket = said.values.get(Key.TICKET)
    if len(said.words) + (ticket is not None) > 1:
        raise _RefusedError(MistakeCode.TWO_TARGETS, said.words[-1])
    if ticket is not None:
        return ShowHistory(ticket=_ticket(ticket))
    if not said.words:
        return ShowHistory()
    word = said.words[0]
    person = _SLACK_PERSON.fullmatch(word) or _NAMED_PERSON.fullmatch(word)
    return ShowHistory(person=person[1]) if person else ShowHistory(target=_target(word))


def _export(said: _Arguments) -> Export:
    if not said.words:
        raise _RefusedError(MistakeCode.NO_TARGET)
    for place, word in enumerate(said.words):
        if place or not _RUN.fullmatch(word):
            raise _RefusedError(MistakeCode.BAD_VALUE, word, said.verb)
    return Export(said.words[0])


def _watch(said: _Arguments) -> Watch:
    every = [word for word in said.words if word.lower() in set(Every)]
    if len(every) > 1:
        raise _RefusedError(MistakeCode.NOT_HERE, every[1])
    target = _only_target(tuple(word for word in said.words if word not in every), Every)
    return Watch(target, Every(every[0].lower())) if every else Watch(target)


# --- Writing ---------------------------------------------------------------------------------------------------------


def as_text(check: Check) -> str:
    """Write a check as the text that asks for it, for ``parse`` to read again. A bounce is not part of it."""
    case = check.case
    values: tuple[tuple[Key, object], ...] = (
        (Key.IP, case.sender_ip),
        (Key.FROM, case.sender),
        (Key.TO, case.recipient),
        (Key.SELECTOR, case.selector),
        (Key.SIZE, case.size),
        (Key.SENT, f"{case.sent.count}/{case.sent.per}" if case.sent else None),
        (Key.TICKET, case.reference),
        (Key.LANG, check.language),
        (Key.ONLY, ",".join(check.only) or None),
    )
    words = [str(case.target), *(_written(key, value) for key, value in values if value is not None)]
    return " ".join([*words, PRIVATE] if check.private else words)


def _written(key: Key, value: object) -> str:
    """A key with its value, in quotes where it would be taken for the address of a page: ``to://@example.com``."""
    return f'{key}:"{value}"' if str(value).startswith("//") else f"{key}:{value}"
