"""What the status feeds of providers say: text in, open incidents out. Pure, no I/O.

A feed is somebody else's words: whatever is in it that we do not expect is an error, never "all is well".
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from xml.etree import ElementTree as ET

from pydantic import TypeAdapter, ValidationError
from pydantic.dataclasses import dataclass as parsed

from checks.provider_data import FeedFormat, StatusFeed

MOST_TITLE = 200
"""Characters of a title that are kept."""


class BadFeedError(ValueError):
    """The feed is not written as we know it, or does not speak of the service that it is read for."""


@dataclass(frozen=True, kw_only=True)
class Incident:
    """Something that is wrong now, in the provider's words; ``since`` is UTC, to the minute."""

    title: str
    since: str | None


def incidents(feed: StatusFeed, body: bytes) -> tuple[Incident, ...]:
    """The open incidents of a feed; none if all is well.

    Raises:
        BadFeedError: it cannot be read.
    """
    try:
        return tuple(_READERS[feed.format](body, feed.match or ""))
    except (ValidationError, UnicodeDecodeError, ET.ParseError) as error:
        raise BadFeedError(feed.url) from error


def _incident(title: str, since: str | None) -> Incident:
    lines = [line for each in title.splitlines() if (line := each.strip("*# \t"))]
    # Some begin with a heading on a line of its own.
    said = next((line for line in lines if not line.endswith(":")), *lines[:1]) if lines else "?"
    return Incident(title=said[:MOST_TITLE], since=_moment(since))


def _moment(text: str | None) -> str | None:
    """A time in UTC; nothing if it is none."""
    if not text:
        return None
    try:
        moment = datetime.fromtimestamp(int(text), UTC) if text.isdecimal() else datetime.fromisoformat(text)
    except (ValueError, OverflowError, OSError):
        try:
            moment = parsedate_to_datetime(text)
        except ValueError:
            return None
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return aware.astimezone(UTC).strftime("%Y-%m-%d %H:%M UTC")


# --- Statuspage: summary.json, version 2 ------------------------------------------------------------------------------

_ENDED = frozenset({"resolved", "postmortem", "completed"})
_WELL = frozenset({"operational", "under_maintenance"})
_BAD_INDICATORS = frozenset({"minor", "major", "critical"})


@parsed
class _Component:
    name: str
    status: str = ""


@parsed
class _StatuspageIncident:
    name: str
    status: str
    created_at: str | None = None
    started_at: str | None = None
    components: list[_Component] = field(default_factory=list[_Component])


@parsed
class _Indicator:
    indicator: str
    description: str = ""


@parsed
class _Statuspage:
    status: _Indicator
    components: list[_Component]
    incidents: list[_StatuspageIncident]


def _statuspage(body: bytes, match: str) -> Iterator[Incident]:
    page = TypeAdapter(_Statuspage).validate_json(body)
    ours = [each for each in page.components if not match or each.name == match]
    if not ours:
        raise BadFeedError(match)
    told = False
    for each in page.incidents:
        if each.status not in _ENDED and (not match or any(part.name == match for part in each.components)):
            told = True
            yield _incident(each.name, each.started_at or each.created_at)
    if told:
        return
    if match:
        yield from (_incident(f"{each.name}: {each.status}", None) for each in ours if each.status not in _WELL)
    elif page.status.indicator in _BAD_INDICATORS:
        yield _incident(page.status.description, None)


# --- Google Workspace Status Dashboard: incidents.json ----------------------------------------------------------------


@parsed
class _Product:
    title: str


@parsed
class _GoogleIncident:
    begin: str
    external_desc: str
    end: str | None = None
    service_name: str = ""
    affected_products: list[_Product] = field(default_factory=list[_Product])


def _google(body: bytes, match: str) -> Iterator[Incident]:
    for each in TypeAdapter(list[_GoogleIncident]).validate_json(body):
        services = {each.service_name, *(product.title for product in each.affected_products)}
        if each.end is None and match in services:
            yield _incident(each.external_desc, each.begin)


# --- RSS: one item for each product -----------------------------------------------------------------------------------

_WELL_IN_WORDS = frozenset({"operational", "informational", "under maintenance"})


def _rss(body: bytes, match: str) -> Iterator[Incident]:
    text = body.decode("utf-8")
    if re.search("<!(DOCTYPE|ENTITY)", text, re.IGNORECASE):
        raise BadFeedError("a feed that declares entities may grow without end")
    items = ET.fromstring(text).iter("item")  # noqa: S314 - without entities there is nothing to expand
    ours = [(item, title) for item in items if (title := item.findtext("title") or "").startswith(f"{match} - ")]
    if not ours:
        raise BadFeedError(match)
    for item, title in ours:
        if title.removeprefix(f"{match} - ").strip().lower() not in _WELL_IN_WORDS:
            yield _incident(title, item.findtext("pubDate"))


# --- AWS Health Dashboard: currentevents ------------------------------------------------------------------------------


@parsed
class _Impacted:
    current: str = ""


@parsed
class _AwsEvent:
    summary: str
    date: str = ""
    service: str = ""
    end_time: str | None = None
    impacted_services: dict[str, _Impacted] = field(default_factory=dict[str, _Impacted])
    region_name: str = ""


def _aws(body: bytes, match: str) -> Iterator[Incident]:
    text = body.decode(json.detect_encoding(body))
    for each in TypeAdapter(list[_AwsEvent]).validate_json(text):
        if not each.end_time and any(_is_service(name, match) for name in _concerned(each)):
            region = f" ({each.region_name})" if each.region_name else ""
            yield _incident(f"{each.summary}{region}", each.date)


def _concerned(event: _AwsEvent) -> Iterable[str]:
    """The services that an event is about; ``current`` is "0" for one that is well again."""
    return {event.service, *(name for name, impact in event.impacted_services.items() if impact.current != "0")}


def _is_service(name: str, match: str) -> bool:
    """Whether a name such as ``ses-eu-west-1`` is one of the service."""
    return name == match or name.startswith(f"{match}-")


_READERS: Mapping[FeedFormat, Callable[[bytes, str], Iterator[Incident]]] = {
    FeedFormat.STATUSPAGE: _statuspage,
    FeedFormat.GOOGLE: _google,
    FeedFormat.RSS: _rss,
    FeedFormat.AWS: _aws,
}
