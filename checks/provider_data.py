"""What is known about mail providers: ``data/providers.json``, one object a provider, one row a fact.

Each fact that is shown has the page it comes from and the date of that page; a maintainer refreshes it by editing its
row and ``as_of``. A file of the operator's own may stand in for the shipped one.

Names of hosts are recognised by patterns: a pattern stands for its own name and all names below it, and ``*`` in it for
any one label. The longest pattern wins; among equals, gateways come first.
"""

from __future__ import annotations

import calendar
import difflib
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Annotated, ClassVar
from urllib.parse import urlsplit

from pydantic import ConfigDict, Field, TypeAdapter, ValidationError
from pydantic.dataclasses import dataclass

from checks.case import Window

SHIPPED = Path(__file__).parent / "data" / "providers.json"

OLD = 2
"""Years after which a fact may be outdated."""


class Kind(StrEnum):
    """What a company does for mail, in the order in which it is looked for."""

    GATEWAY = "gateway"
    """Filters mail in front of the mailboxes of somebody else."""
    MAILBOX = "mailbox"
    HOSTING = "hosting"
    """Mailboxes that come with a web site or a domain."""
    ESP = "esp"
    """Sends mail of programs and newsletters (email service provider)."""


class Security(StrEnum):
    """How a connection for submission is encrypted (RFC 8314 §3)."""

    TLS = "tls"
    STARTTLS = "starttls"
    NONE = "none"


class Auth(StrEnum):
    """What a submission server takes."""

    PASSWORD = "password"  # noqa: S105 - the name of a method
    APP_PASSWORD = "app-password"  # noqa: S105 - the name of a method
    OAUTH2 = "oauth2"
    API_KEY = "api-key"
    IP_ALLOWLIST = "ip-allowlist"


class Username(StrEnum):
    """What the user name of a login is."""

    ADDRESS = "address"
    LOCAL_PART = "local_part"
    ACCOUNT_ID = "account_id"
    """A name of the provider's own."""


class What(StrEnum):
    """What a sending limit counts."""

    MESSAGES = "messages"
    EXTERNAL_MESSAGES = "external_messages"
    INTERNAL_MESSAGES = "internal_messages"
    FORWARDED_MESSAGES = "forwarded_messages"
    RECIPIENTS = "recipients"
    """Every address counts, once for each message to it."""
    EXTERNAL_RECIPIENTS = "external_recipients"
    INTERNAL_RECIPIENTS = "internal_recipients"
    UNIQUE_RECIPIENTS = "unique_recipients"
    """An address counts once, however many messages go to it."""
    NEW_RECIPIENTS = "new_recipients"
    """Addresses never written to before."""


class Per(StrEnum):
    """Within what a sending limit counts."""

    MESSAGE = "message"
    SECOND = "second"
    MINUTE = "minute"
    QUARTER_HOUR = "quarter_hour"
    HOUR = "hour"
    DAY = "day"

    @property
    def seconds(self) -> int | None:
        """The length of the window; none for one message."""
        return {"second": 1, "minute": 60, "quarter_hour": 900, "hour": 3600, "day": 86_400}.get(self.value)

    @classmethod
    def of(cls, window: Window) -> Per:
        """The same window of the ticket."""
        return cls(window.value)


class Plan(StrEnum):
    """For whom a limit holds; ``plan_name`` says more where the provider has a name for it."""

    ALL = "all"
    PAID = "paid"
    FREE = "free"
    TRIAL = "trial"
    PERSONAL = "personal"
    NAMED = "named"
    """The plan in ``plan_name``."""
    OLD_PRODUCT = "old_product"
    """The product in ``plan_name``, which is no longer sold."""
    ACCOUNT_AGE = "account_age"
    """Accounts as many days old as ``plan_name`` says."""
    OWN_DOMAIN = "own_domain"
    DEFAULT = "default"
    """Unless an administrator raises it."""
    MAXIMUM = "maximum"
    """The most an administrator can set."""
    SMTP = "smtp"
    """Mail handed over by a program, not written in the browser."""
    WEB = "web"
    """Mail written in the browser."""
    PHP_MAIL = "php_mail"
    """Mail that a web site sends without a login."""


class Scope(StrEnum):
    """Who shares a limit."""

    USER = "user"
    DOMAIN = "domain"
    CONTRACT = "contract"
    """All mailboxes of a contract or hosting plan together."""
    REGION = "region"
    """An account in one region of a cloud."""


class Confidence(StrEnum):
    """How good the source of a limit is."""

    HIGH = "high"
    """The provider's own page."""
    MEDIUM = "medium"
    """The provider's own page, but an old one."""
    LOW = "low"
    """Somebody else's page."""


class Counted(StrEnum):
    """What a size limit is about."""

    MESSAGE = "message"
    """The whole message as it travels, attachments in base64."""
    ATTACHMENTS = "attachments"
    """The files, before they are put into the message."""


class FeedFormat(StrEnum):
    """How a status feed is written."""

    STATUSPAGE = "statuspage"
    """``summary.json`` of Statuspage, version 2."""
    GOOGLE = "google"
    """``incidents.json`` of the Google Workspace Status Dashboard."""
    RSS = "rss"
    """One item for each product, ``<component> - <status>``."""
    AWS = "aws"
    """``currentevents`` of the AWS Health Dashboard."""


class EventKind(StrEnum):
    """What happens, or happened, at a provider."""

    PASSWORD_OFF = "password_off"  # noqa: S105 - the name of an event
    """Login by plain password ended."""
    PASSWORD_OFF_BY_DEFAULT = "password_off_by_default"  # noqa: S105 - the name of an event
    """Login by plain password is switched off unless an administrator switches it on again."""
    PASSWORD_END_ANNOUNCED = "password_end_announced"  # noqa: S105 - the name of an event
    """The date is announced on which login by plain password ends for good."""


_Name = Annotated[str, Field(min_length=1, max_length=80, pattern=r"^[^<>…]+$")]
_Id = Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]
_Domain = Annotated[str, Field(pattern=r"^[a-z0-9-]+(\.[a-z0-9-]+)+$")]
_Pattern = Annotated[str, Field(pattern=r"^((\*|[a-z0-9_-]+)\.)*[a-z0-9_-]+\.[a-z0-9-]+$")]
_Link = Annotated[str, Field(pattern=r"^https?://[^\s<>]+$")]
_Feed = Annotated[str, Field(pattern=r"^https://[^\s<>]+$")]
_Date = Annotated[str, Field(pattern=r"^[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?$")]
_Positive = Annotated[int, Field(gt=0)]
_STRICT = ConfigDict(extra="forbid")


@dataclass(frozen=True)
class Source:
    """The page a fact comes from. ``as_of`` is the page's date (a day, a month or a year), ``None`` if it has none."""

    url: str | None
    as_of: str | None

    def outdated(self, today: date) -> bool:
        """Whether the fact may have changed: the page has no date, or one of more than two years ago."""
        if self.as_of is None:
            return True
        return _last_day(self.as_of) < _years_before(today, OLD)


def _last_day(text: str) -> date:
    """The last day that a date of less than a day may mean."""
    year, month, day = (*map(int, text.split("-")), 0, 0)[:3]
    month = month or 12
    return date(year, month, day or calendar.monthrange(year, month)[1])


def _years_before(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year - years)
    except ValueError:  # 29 February
        return day.replace(year=day.year - years, day=28)


@dataclass(frozen=True, kw_only=True, config=_STRICT)
class _Sourced:
    """A fact with its source."""

    source_url: _Link | None
    as_of: _Date | None

    @property
    def source(self) -> Source:
        """Where it comes from."""
        return Source(self.source_url, self.as_of)


@dataclass(frozen=True, kw_only=True, config=_STRICT)
class SubmissionServer(_Sourced):
    """Where users hand over their mail. ``host`` may be a pattern: ``*`` stands for a label that each customer has."""

    host: _Pattern
    port: Annotated[int, Field(gt=0, le=65535)]
    security: Security
    auth: Annotated[tuple[Auth, ...], Field(min_length=1)]
    username: Username | None

    @property
    def is_pattern(self) -> bool:
        """Whether the host is one of many that nobody can name without the customer."""
        return "*" in self.host

    def matches(self, name: str) -> bool:
        """Whether a host name is this server's."""
        labels = _labels(name)
        pattern = _labels(self.host)
        return len(labels) == len(pattern) and _fits(pattern, labels)


@dataclass(frozen=True, kw_only=True, config=_STRICT)
class SendingLimit(_Sourced):
    """How much may be sent.

    ``value`` is the limit, ``None`` if there is no number in our data; with ``value_min`` it lies between the two and
    moves, by reputation for instance. ``rolling``: the window begins with each message, not at midnight. ``soft``: the
    provider calls it a rough guide.
    """

    what: What
    per: Per
    value: _Positive | None
    value_min: _Positive | None = None
    plan: Plan
    plan_name: _Name | None = None
    scope: Scope | None = None
    rolling: bool = False
    soft: bool = False
    confidence: Confidence
    source_url: _Link


@dataclass(frozen=True, kw_only=True, config=_STRICT)
class SizeLimit(_Sourced):
    """How big a message or its attachments may be, in octets."""

    counted: Counted
    octets: _Positive
    plan: Plan
    plan_name: _Name | None = None
    confidence: Confidence
    source_url: _Link


@dataclass(frozen=True, kw_only=True, config=_STRICT)
class StatusFeed(_Sourced):
    """Where programs read how the provider is doing; ``match`` is the service's name in a feed of many."""

    url: _Feed
    format: FeedFormat
    match: _Name | None


@dataclass(frozen=True, kw_only=True, config=_STRICT)
class Event(_Sourced):
    """Something that happens on a date (a day or a month)."""

    what: EventKind
    on: _Date
    source_url: _Link


@dataclass(frozen=True, kw_only=True, config=_STRICT)
class Provider:
    """One provider.

    ``name_ja`` is there if the company writes its name in Japanese. ``consumer_domains`` are the domains of its own
    addresses. ``mx``, ``spf``, ``ptr``, ``autodiscover`` and ``ns`` are patterns: mail hosts, names in SPF
    ``include:``, reverse names, targets of ``autodiscover`` CNAMEs, name servers.
    """

    id: _Id
    name: _Name
    kind: Kind
    name_ja: _Name | None = None
    consumer_domains: tuple[_Domain, ...] = ()
    mx: tuple[_Pattern, ...] = ()
    spf: tuple[_Pattern, ...] = ()
    ptr: tuple[_Pattern, ...] = ()
    autodiscover: tuple[_Pattern, ...] = ()
    ns: tuple[_Pattern, ...] = ()
    submission: tuple[SubmissionServer, ...] = ()
    limits: tuple[SendingLimit, ...] = ()
    sizes: tuple[SizeLimit, ...] = ()
    events: tuple[Event, ...] = ()
    status_page: _Link | None = None
    status_feed: StatusFeed | None = None
    support: _Link | None = None
    postmaster: _Link | None = None
    delisting: _Link | None = None
    troubleshooter: _Link | None = None
    smtp_help: _Link | None = None

    @property
    def names(self) -> frozenset[str]:
        """What it is called, folded: id, names, the parts of names, its own domains."""
        whole = (self.id, self.name, self.name_ja or "", *self.consumer_domains)
        parts = (part for name in (self.name, self.name_ja or "") for part in _PARTS.split(name))
        return frozenset(filter(None, map(_folded, (*whole, *parts))))

    @property
    def shown(self) -> str:
        """The name as anybody recognises it, in whatever language."""
        return self.name if self.name_ja is None else f"{self.name} / {self.name_ja}"


_PARTS = re.compile(r"[/(),]")


def _folded(words: str) -> str:
    """A name as it is compared: without case, width, spaces and signs."""
    return "".join(char for char in unicodedata.normalize("NFKC", words).casefold() if char.isalnum())


Patterns = Callable[[Provider], tuple[str, ...]]


class Providers:
    """All providers, and how to find one."""

    _ORDER: ClassVar[dict[Kind, int]] = {kind: place for place, kind in enumerate(Kind)}

    def __init__(self, every: Iterable[Provider]) -> None:
        self.every = tuple(sorted(every, key=lambda each: self._ORDER[each.kind]))
        self._by_id = {each.id: each for each in self.every}
        self._by_domain = {domain: each for each in self.every for domain in each.consumer_domains}

    def __iter__(self) -> Iterator[Provider]:
        """Gateways first, then mailboxes, hosting, bulk services."""
        return iter(self.every)

    def by_id(self, provider: str) -> Provider | None:
        """The provider with this id."""
        return self._by_id.get(provider)

    def named(self, words: str) -> tuple[Provider, ...]:
        """The providers that somebody may mean by these words: id, name in either language, part or beginning of one.

        An exact name leaves no other; nobody is found for a slip of the finger: see ``like``.
        """
        asked = _folded(words)
        exact = tuple(each for each in self.every if asked in each.names)
        if exact or not asked:
            return exact
        return tuple(each for each in self.every if any(name.startswith(asked) for name in each.names))

    def like(self, words: str) -> str | None:
        """A name that was probably meant."""
        known = {name: each.id for each in self.every for name in sorted(each.names)}
        close = difflib.get_close_matches(_folded(words), known, n=1, cutoff=0.72)
        return known[close[0]] if close else None

    def of_mail_domain(self, domain: str) -> Provider | None:
        """Whose own addresses end in this domain, or in one below it (``aa2.so-net.ne.jp``)."""
        labels = domain.split(".")
        above = (".".join(labels[start:]) for start in range(len(labels) - 1))
        return next((found for name in above if (found := self._by_domain.get(name))), None)

    def of_mx(self, host: str) -> tuple[Provider, ...]:
        """Who runs this mail host: one, several that share their hosts, or nobody we know."""
        return self._closest(host, lambda each: each.mx)

    def of_spf_include(self, name: str) -> tuple[Provider, ...]:
        """Whose servers this name in an SPF record stands for."""
        return self._closest(name, lambda each: each.spf)

    def of_ptr(self, name: str) -> tuple[Provider, ...]:
        """In whose network a host with this reverse name stands."""
        return self._closest(name, lambda each: each.ptr)

    def of_autodiscover(self, target: str) -> tuple[Provider, ...]:
        """Whose mailboxes ``autodiscover.<domain>`` leads to."""
        return self._closest(target, lambda each: each.autodiscover)

    def of_name_server(self, name: str) -> tuple[Provider, ...]:
        """Who runs this name server."""
        return self._closest(name, lambda each: each.ns)

    def _closest(self, name: str, patterns: Patterns) -> tuple[Provider, ...]:
        labels = _labels(name)
        fits = [
            (len(parts), each) for each in self.every for parts in map(_labels, patterns(each)) if _fits(parts, labels)
        ]
        longest = max((length for length, _ in fits), default=0)
        return tuple(dict.fromkeys(each for length, each in fits if length == longest))


def _labels(name: str) -> list[str]:
    """The labels of a name from the top down."""
    return name.lower().removesuffix(".").split(".")[::-1]


def _fits(pattern: list[str], labels: list[str]) -> bool:
    """Whether a name is one that the pattern means, or below one."""
    return len(labels) >= len(pattern) and all(
        part in ("*", label) for part, label in zip(pattern, labels, strict=False)
    )


class BadProvidersError(ValueError):
    """A file of providers cannot be used; ``lines`` has one line for each mistake: file, provider and field."""

    def __init__(self, lines: Iterable[str]) -> None:
        self.lines = tuple(lines)
        super().__init__("; ".join(self.lines))


_ROWS = TypeAdapter(tuple[Provider, ...])


def load(path: Path = SHIPPED) -> Providers:
    """Read a file of providers.

    Raises:
        BadProvidersError: it is none, with every mistake.
    """
    try:
        raw = path.read_bytes()
        rows = _ROWS.validate_json(raw)
    except OSError as error:
        raise BadProvidersError([f"{path}: {error.strerror}"]) from error
    except ValidationError as error:
        mistakes = error.errors(include_url=False)
        raise BadProvidersError(f"{path}: {_where(each['loc'])}{each['msg']}" for each in mistakes) from error
    if troubles := [*_troubles(rows)]:
        raise BadProvidersError(f"{path}: {trouble}" for trouble in troubles)
    return Providers(rows)


@cache
def shipped() -> Providers:
    """The shipped providers, read once."""
    return load()


def _where(place: tuple[int | str, ...]) -> str:
    if not place:
        return ""
    number, *fields = place
    return f"provider {int(number) + 1}: " + "".join(
        f"{part}: " if isinstance(part, str) else f"row {part + 1}: " for part in fields
    )


def _troubles(rows: Sequence[Provider]) -> Iterator[str]:
    """Give what the types cannot say."""
    if not rows:
        yield "there is no provider in it"
    ids: set[str] = set()
    owners: dict[str, str] = {}
    for row in rows:
        if row.id in ids:
            yield f"provider {row.id}: id: is there twice"
        ids.add(row.id)
        for domain in row.consumer_domains:
            if domain in owners:
                yield f"provider {row.id}: consumer_domains: {domain} is also one of {owners[domain]}"
            owners[domain] = row.id
        for number, limit in enumerate(row.limits, 1):
            where = f"provider {row.id}: limits: row {number}"
            if limit.value_min is not None and (limit.value is None or limit.value_min >= limit.value):
                yield f"{where}: value_min: has to be less than value"
            if (limit.plan in _NEED_NAMES) and limit.plan_name is None:
                yield f"{where}: plan_name: the plan {limit.plan} needs one"
        for dated in (*row.submission, *row.limits, *row.sizes, *row.events):
            yield from (f"provider {row.id}: {text!r} is no date" for text in _dates(dated) if not _is_date(text))
        feed = row.status_feed
        if feed is not None and feed.match is None and feed.format in _OF_MANY:
            yield f"provider {row.id}: status_feed: match: a feed of this format tells of many services"
        if feed is not None and urlsplit(feed.url).port not in (None, 443):
            yield f"provider {row.id}: status_feed: url: only the HTTPS port is ever asked"


_NEED_NAMES = frozenset({Plan.NAMED, Plan.OLD_PRODUCT, Plan.ACCOUNT_AGE})
_OF_MANY = frozenset({FeedFormat.GOOGLE, FeedFormat.RSS, FeedFormat.AWS})


def _dates(row: _Sourced) -> Iterator[str]:
    if row.as_of is not None:
        yield row.as_of
    if isinstance(row, Event):
        yield row.on


def _is_date(text: str) -> bool:
    try:
        _last_day(text)
    except ValueError:
        return False
    return True
