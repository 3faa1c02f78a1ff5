"""Whether the provider reports trouble of its own right now.

A ticket about mail that is not sent is sometimes answered by the provider's status page. Where the provider of the
mailboxes, the gateway in front of it or a further sender has a feed that programs may read, its open incidents are
told. Each feed is read once in a few minutes for all runs, and how old the reading is is said.

Not looked at: anything else than the feeds of our data. A provider without a feed may be in trouble, and an incident
may not concern this customer. What was read is the provider's own word, which often comes later than the trouble.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum

from checks import provider, status_feeds
from checks.causes import Remedy
from checks.check import (
    Check,
    Count,
    Desk,
    Finding,
    Keyword,
    ListName,
    Outcome,
    RecordText,
    Seconds,
    Severity,
    Url,
)
from checks.network.answers import Page, Trouble
from checks.provider import ProviderFacts
from checks.provider_data import Provider, StatusFeed
from checks.status_feeds import BadFeedError, Incident

FRESH = 300.0
"""Seconds for which one reading of a feed serves all runs."""
MOST_FEEDS = 3
LARGEST_FEED = 4 * 1024 * 1024
"""Octets."""
_OK = 200

# --- Facts -----------------------------------------------------------------------------------------------------------


class State(StrEnum):
    """What a provider says of itself."""

    OPERATIONAL = "operational"
    INCIDENT = "incident"
    UNKNOWN = "unknown"


@dataclass(frozen=True, kw_only=True)
class ServiceStatus:
    """One provider's feed. ``age`` is how many seconds ago it was read, if not in this run."""

    provider: Keyword
    state: State
    incidents: tuple[RecordText, ...]
    age: float | None


@dataclass(frozen=True, kw_only=True)
class ProviderStatusFacts:
    """The feeds that were read."""

    services: tuple[ServiceStatus, ...]


# --- Findings --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class ProviderStatusOperational(Finding, severity=Severity.OK):
    """The provider reports no incident. ``age``: how long ago the feed was read, if not in this run."""

    provider: ListName
    page: Url | None
    age: Seconds | None


@dataclass(frozen=True, kw_only=True)
class ProviderStatusIncident(Finding, severity=Severity.WARNING):
    """The provider reports an open incident; ``more`` are open beside it. ``since`` is UTC."""

    provider: ListName
    incident: RecordText
    since: Keyword | None
    more: Count
    page: Url | None
    age: Seconds | None


@dataclass(frozen=True, kw_only=True)
class ProviderStatusUnread(Finding, severity=Severity.UNKNOWN):
    """The feed of the provider could not be read."""

    provider: ListName
    reason: Trouble
    page: Url | None


@dataclass(frozen=True, kw_only=True)
class ProviderStatusNoFeed(Finding, severity=Severity.NOTICE):
    """The provider has no feed that a program may read without a customer's login."""

    provider: ListName
    page: Url | None


@dataclass(frozen=True, kw_only=True)
class ProviderStatusNobody(Finding, severity=Severity.OK):
    """No provider is known for this case, so there is no status to read."""


# --- Procedure -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Reading:
    """What a feed said, and when: seconds of the monotonic clock."""

    incidents: tuple[Incident, ...]
    clock: float


@dataclass(frozen=True, kw_only=True)
class _Heard:
    """What is known of one provider: a reading, or the trouble that prevented it."""

    provider: Provider
    reading: _Reading | None = None
    age: float | None = None
    trouble: Trouble | None = None
    evidence: tuple[int, ...] = ()


class _Shelf:
    """The readings of all runs, and those on their way: one of each feed at a time."""

    def __init__(self) -> None:
        self._kept: dict[str, _Reading] = {}
        self._coming: dict[str, asyncio.Task[_Heard]] = {}

    async def read(self, desk: Desk, owner: Provider, feed: StatusFeed) -> _Heard:
        """Take a fresh reading off the shelf, share one on its way, or read the feed.

        Evidence is cited by the run that read, for no other has it. What could not be read is asked again next time.
        """
        kept, now = self._kept.get(feed.url), time.monotonic()
        if kept is not None and now - kept.clock <= FRESH:
            return _Heard(provider=owner, reading=kept, age=now - kept.clock)
        if (coming := self._coming.get(feed.url)) is None:
            coming = self._coming[feed.url] = asyncio.create_task(self._read(desk, owner, feed))
            coming.add_done_callback(lambda _: self._coming.pop(feed.url))
            return await asyncio.shield(coming)
        await asyncio.wait([coming])  # not a shield: it could not tell that we were cancelled from that the reading was
        if coming.cancelled() or (heard := coming.result()).trouble is Trouble.ENOUGH_ASKED:
            return await self.read(desk, owner, feed)  # the run that read has ended or may ask no more: we may
        age = None if heard.reading is None else time.monotonic() - heard.reading.clock
        return replace(heard, provider=owner, age=age, evidence=())

    async def _read(self, desk: Desk, owner: Provider, feed: StatusFeed) -> _Heard:
        clock = time.monotonic()
        page = await desk.https(feed.url, most=LARGEST_FEED)
        evidence = (page.evidence,)
        if (trouble := _trouble(page)) is not None:
            return _Heard(provider=owner, trouble=trouble, evidence=evidence)
        try:
            # Some hold the incidents of years: reading them takes time that other runs need.
            found = await asyncio.to_thread(status_feeds.incidents, feed, page.body)
        except BadFeedError:
            return _Heard(provider=owner, trouble=Trouble.BAD_ANSWER, evidence=evidence)
        reading = self._kept[feed.url] = _Reading(found, clock)
        return _Heard(provider=owner, reading=reading, evidence=evidence)


def _trouble(page: Page) -> Trouble | None:
    return page.trouble or (Trouble.HTTP_STATUS if page.status != _OK else None)


async def _run(desk: Desk, shelf: _Shelf, who: Check[ProviderFacts]) -> Outcome[ProviderStatusFacts]:
    facts = await desk.facts(who)
    concerned = _concerned(facts)
    feeds = [(each, feed) for each in concerned if (feed := each.status_feed) is not None][:MOST_FEEDS]
    heard = await asyncio.gather(*(shelf.read(desk, owner, feed) for owner, feed in feeds))
    findings = [*_told(heard), *_without_feed(facts)]
    services = tuple(_service(each) for each in heard)
    return Outcome(ProviderStatusFacts(services=services), tuple(findings) or (ProviderStatusNobody(),))


def _concerned(facts: ProviderFacts) -> tuple[Provider, ...]:
    """Everybody in the way of the mail, each feed once."""
    every = (facts.row, facts.gateway_row, *facts.sender_rows)
    by_feed: dict[str, Provider] = {}
    for each in every:
        if each is not None and each.status_feed is not None:
            by_feed.setdefault(each.status_feed.url, each)
    return tuple(by_feed.values())


def _told(heard: Iterable[_Heard]) -> Iterator[Finding]:
    for each in heard:
        name, page = ListName(each.provider.shown), _page(each.provider)
        age = None if each.age is None else Seconds(each.age)
        if each.reading is None:
            yield ProviderStatusUnread(
                provider=name, reason=each.trouble or Trouble.BAD_ANSWER, page=page, evidence=each.evidence
            )
        elif each.reading.incidents:
            first, *others = each.reading.incidents
            yield ProviderStatusIncident(
                provider=name,
                incident=RecordText(first.title),
                since=None if first.since is None else Keyword(first.since),
                more=Count(len(others)),
                page=page,
                age=age,
                evidence=each.evidence,
            )
        else:
            yield ProviderStatusOperational(provider=name, page=page, age=age, evidence=each.evidence)


def _without_feed(facts: ProviderFacts) -> Iterator[Finding]:
    """Say of those whom all mail passes that there is no feed; a further sender is only worth a look."""
    for each in dict.fromkeys((facts.row, facts.gateway_row)):
        if each is not None and each.status_feed is None:
            yield ProviderStatusNoFeed(provider=ListName(each.shown), page=_page(each))


def _page(owner: Provider) -> Url | None:
    return None if owner.status_page is None else Url(owner.status_page)


def _service(heard: _Heard) -> ServiceStatus:
    found = () if heard.reading is None else heard.reading.incidents
    state = State.UNKNOWN if heard.reading is None else State.INCIDENT if found else State.OPERATIONAL
    return ServiceStatus(
        provider=Keyword(heard.provider.id),
        state=state,
        incidents=tuple(RecordText(each.title) for each in found),
        age=None if heard.age is None else round(heard.age, 1),
    )


def check(who: Check[ProviderFacts]) -> Check[ProviderStatusFacts]:
    """Make the check, with a shelf of its own, for what this check of the provider finds."""
    shelf = _Shelf()

    async def run(desk: Desk) -> Outcome[ProviderStatusFacts]:
        return await _run(desk, shelf, who)

    return Check(
        name="provider_status",
        remedy=Remedy.PROVIDER,
        applies=who.applies,
        needs=(who,),
        findings=(
            ProviderStatusOperational,
            ProviderStatusIncident,
            ProviderStatusUnread,
            ProviderStatusNoFeed,
            ProviderStatusNobody,
        ),
        budget=10.0,
        run=run,
    )


CHECK: Check[ProviderStatusFacts] = check(provider.CHECK)
