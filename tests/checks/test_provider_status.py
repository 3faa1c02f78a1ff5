"""What the check of the provider's own state says, over real HTTPS on loopback, and how feeds are read."""

# pyright: reportPrivateUsage=false

from __future__ import annotations

import asyncio
import itertools
import json
from collections.abc import AsyncGenerator, Coroutine, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

import pytest

from bot.sandbox.https import Page, WebHost
from bot.sandbox.internet import Endpoint, Internet, World
from checks import provider, provider_status
from checks.check import Check
from checks.network import Guard, Inquiry, Network, Trouble
from checks.network import inquiry as inquiry_module
from checks.provider_data import FeedFormat, Kind, Provider, Providers, StatusFeed, shipped
from checks.provider_status import FRESH, ProviderStatusFacts, ProviderStatusOperational, _Heard, _Shelf
from checks.status_feeds import BadFeedError, Incident, incidents
from checks.triage import _Desk, triage
from tests.checks.scenario import NETWORKS, Scenario, about, authority, play, says, untested

HOST = "status.provider.test"


def feed(form: FeedFormat = FeedFormat.STATUSPAGE, match: str | None = None, host: str = HOST) -> StatusFeed:
    return StatusFeed(url=f"https://{host}/summary.json", format=form, match=match, source_url=None, as_of="2026-08-21")


def known(name: str, mx: str, **more: Any) -> Provider:  # noqa: ANN401 - the fields of a provider
    fields: dict[str, Any] = {"id": name.lower(), "name": name, "kind": Kind.MAILBOX, "mx": (mx,), **more}
    return Provider(**fields)


HOSTED = known("Hosted", "mail.hosted.test", status_feed=feed(), status_page=f"https://{HOST}/")
SILENT = known("Silent", "mail.silent.test")
FILTER = known("Filter", "mail.filter.test", kind=Kind.GATEWAY, status_feed=feed(host="filter.provider.test"))
BULK = known(
    "Bulk", "mail.bulk.test", kind=Kind.ESP, spf=("spf.bulk.test",), status_feed=feed(host="bulk.provider.test")
)


def fresh_check() -> Check[ProviderStatusFacts]:
    """One with nothing on its shelf."""
    return provider_status.check(provider.check(Providers([HOSTED, SILENT, FILTER, BULK])))


def summary(*open_incidents: Mapping[str, object], indicator: str = "none", component: str = "operational") -> bytes:
    page = {
        "page": {"id": "x", "name": "Hosted"},
        "status": {"indicator": indicator, "description": "Something is wrong"},
        "components": [{"name": "SMTP", "status": component}],
        "incidents": list(open_incidents),
    }
    return json.dumps(page).encode()


OUTAGE = {
    "name": "Delayed delivery",
    "status": "investigating",
    "created_at": "2026-11-24T12:00:00.000Z",
    "components": [{"name": "SMTP", "status": "partial_outage"}],
}
ENDED = {**OUTAGE, "status": "resolved"}


def world(mx: str, body: bytes = summary(), *, status: int = 200, spf: str = "") -> World:
    return World(
        records=f"""
            example.com MX 10 {mx}
            example.com TXT v=spf1 {spf} -all
            spf.bulk.test TXT v=spf1 ip4:198.51.100.1 -all
            {HOST} A 192.0.2.80
            filter.provider.test A 192.0.2.81
            bulk.provider.test A 192.0.2.82
        """,
        web=(
            WebHost(name=HOST, address="192.0.2.80", pages={"/summary.json": Page(body=body, status=status)}),
            WebHost(name="filter.provider.test", address="192.0.2.81", pages={"/summary.json": Page(body=summary())}),
            WebHost(
                name="bulk.provider.test",
                address="192.0.2.82",
                pages={"/summary.json": Page(body=summary(OUTAGE, OUTAGE))},
            ),
        ),
    )


MAILBOX = "a.mail.hosted.test"
SCENARIOS = [
    Scenario(
        name="the provider is well", world=world(MAILBOX, summary(ENDED)), codes=says("PROVIDER_STATUS_OPERATIONAL")
    ),
    Scenario(
        name="the provider reports an incident",
        world=world(MAILBOX, summary(OUTAGE)),
        codes=says("PROVIDER_STATUS_INCIDENT"),
    ),
    Scenario(
        name="the feed is gone",
        world=world(MAILBOX, status=404),
        codes=says("PROVIDER_STATUS_UNREAD"),
    ),
    Scenario(name="the feed is something else", world=world(MAILBOX, b"<html>"), codes=says("PROVIDER_STATUS_UNREAD")),
    Scenario(name="the provider has no feed", world=world("a.mail.silent.test"), codes=says("PROVIDER_STATUS_NO_FEED")),
    Scenario(name="nobody we know", world=world("mx.example.net"), codes=says("PROVIDER_STATUS_NOBODY")),
    Scenario(
        name="a gateway is well while a bulk service is not",
        world=world("a.mail.filter.test", spf="include:spf.bulk.test"),
        codes=says("PROVIDER_STATUS_OPERATIONAL", "PROVIDER_STATUS_INCIDENT"),
    ),
]


@pytest.mark.parametrize("scenario", SCENARIOS, ids=str)
async def test_the_check_states_what_the_feeds_say(scenario: Scenario) -> None:
    await play(scenario, fresh_check())


def test_every_code_has_a_world_in_which_it_is_stated_and_one_in_which_it_is_not() -> None:
    assert untested(provider_status.CHECK, SCENARIOS) == set()


async def test_an_incident_is_told_with_its_title_its_beginning_and_how_many_more_there_are() -> None:
    scenario = replace(SCENARIOS[1], world=world(MAILBOX, summary(OUTAGE, {**OUTAGE, "name": "Another one"})))
    finding = (await play(scenario, fresh_check())).one("PROVIDER_STATUS_INCIDENT")
    assert (finding.incident, finding.since, finding.more) == ("Delayed delivery", "2026-11-24 12:00 UTC", 1)
    assert finding.evidence


@pytest.mark.parametrize(("status", "reason"), [(302, Trouble.HTTP_STATUS), (500, Trouble.HTTP_STATUS)])
async def test_an_answer_that_is_no_feed_is_no_good_news(status: int, reason: Trouble) -> None:
    scenario = replace(SCENARIOS[2], world=world(MAILBOX, status=status))
    seen = await play(scenario, fresh_check())
    assert seen.one("PROVIDER_STATUS_UNREAD").reason is reason
    assert seen.facts.services[0].state == "unknown"


async def ages(check: Check[ProviderStatusFacts], place: World, runs: int) -> tuple[list[float | None], int]:
    """What several runs say of how old their reading is, and how often the feed was fetched."""
    found: list[float | None] = []
    async with Internet(place, authority=authority()) as internet:
        guard = Guard.of(NETWORKS, dial=internet.dial_map)
        async with Network(servers=internet.dns_servers, guard=guard, trust=[internet.ca_file]) as network:
            for _ in range(runs):
                inquiry = Inquiry(network)
                async for result in triage(about("example.com"), [check], inquiry):
                    assert isinstance(result.outcome.facts, ProviderStatusFacts)
                    found.append(result.outcome.facts.services[0].age)
                await inquiry.close()
        return found, len(internet.web_log)


async def test_one_reading_serves_the_runs_of_a_few_minutes_and_says_how_old_it_is() -> None:
    (first, second), fetched = await ages(fresh_check(), world(MAILBOX), 2)
    assert first is None
    assert second is not None
    assert second < 60
    assert fetched == 1


async def test_runs_at_the_same_time_read_a_feed_once_and_only_one_of_them_cites_it() -> None:
    check = fresh_check()
    async with Internet(world(MAILBOX), authority=authority()) as internet:
        guard = Guard.of(NETWORKS, dial=internet.dial_map)
        async with Network(servers=internet.dns_servers, guard=guard, trust=[internet.ca_file]) as network:

            async def run() -> tuple[bool, bool]:
                inquiry = Inquiry(network)
                [result] = [each async for each in triage(about("example.com"), [check], inquiry)]
                await inquiry.close()
                [finding] = result.outcome.findings
                assert isinstance(finding, ProviderStatusOperational)
                pages = {each.number for each in inquiry.evidence() if each.kind == "https"}
                assert {*finding.evidence} == pages
                return bool(pages), finding.age is None

            told = await asyncio.gather(*(run() for _ in range(10)))
    assert sorted(told) == [(False, False)] * 9 + [(True, True)]
    assert len(internet.web_log) == 1


@asynccontextmanager
async def desks(world_: World, dial: Mapping[Endpoint, Endpoint] | None = None) -> AsyncGenerator[list[Inquiry]]:
    """Two runs."""
    async with Internet(world_, authority=authority()) as internet:
        guard = Guard.of(NETWORKS, dial={**internet.dial_map, **(dial or {})})
        async with Network(servers=internet.dns_servers, guard=guard, trust=[internet.ca_file]) as network:
            runs = [Inquiry(network), Inquiry(network)]
            yield runs
            for each in runs:
                await each.close()


def read(shelf: _Shelf, run: Inquiry) -> Coroutine[Any, Any, _Heard]:
    desk = _Desk(fresh_check(), about("example.com"), run, {}, asyncio.get_running_loop().time() + 60.0)
    return shelf.read(desk, HOSTED, feed())


async def test_a_run_that_ends_while_it_reads_costs_no_other_run_its_reading() -> None:
    arrived, requests = asyncio.Event(), itertools.count()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        if next(requests):
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%b" % (len(summary()), summary()))
        else:
            arrived.set()
            await reader.read()  # until the client goes
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0, ssl=authority().context(HOST))
    dial = {("192.0.2.80", 443): server.sockets[0].getsockname()}
    async with server, desks(world(MAILBOX), dial) as (one, other):
        shelf = _Shelf()
        ending = asyncio.create_task(read(shelf, one))
        await arrived.wait()
        waiting = asyncio.create_task(read(shelf, other))
        await asyncio.sleep(0)  # it joins
        await one.close()
        heard = await waiting
        assert ending.cancelled()
    assert heard.reading is not None
    assert (heard.age, bool(heard.evidence)) == (None, True)


async def test_a_run_that_may_ask_no_more_does_not_speak_for_the_others() -> None:
    async with desks(world(MAILBOX)) as (one, other):
        one._asked["https"] = inquiry_module.MOST_PAGES
        shelf = _Shelf()
        spent, heard = await asyncio.gather(read(shelf, one), read(shelf, other))
    assert spent.trouble is Trouble.ENOUGH_ASKED
    assert heard.reading is not None


async def test_trouble_with_a_feed_is_shared_too() -> None:
    async with desks(world(MAILBOX, status=503)) as runs:
        shelf = _Shelf()
        first, second = await asyncio.gather(*(read(shelf, each) for each in runs))
        assert sum(bool(each.evidence()) for each in runs) == 1
    assert (first.trouble, second.trouble) == (Trouble.HTTP_STATUS, Trouble.HTTP_STATUS)
    assert (second.age, second.evidence) == (None, ())


async def test_a_reading_that_is_too_old_is_made_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(provider_status, "FRESH", -1.0)
    found, fetched = await ages(fresh_check(), world(MAILBOX), 2)
    assert found == [None, None]
    assert fetched == 2
    assert FRESH <= 600


async def test_what_could_not_be_read_is_asked_again_by_the_next_run() -> None:
    _, fetched = await ages(fresh_check(), world(MAILBOX, status=503), 2)
    assert fetched == 2


@pytest.mark.parametrize(
    ("octets", "code"),
    [(200_000, "PROVIDER_STATUS_OPERATIONAL"), (provider_status.LARGEST_FEED + 1, "PROVIDER_STATUS_UNREAD")],
)
async def test_a_feed_of_years_is_read_and_one_without_end_is_not(octets: int, code: str) -> None:
    body = summary() + b" " * octets
    seen = await play(replace(SCENARIOS[0], world=world(MAILBOX, body), codes=says(code)), fresh_check())
    if code == "PROVIDER_STATUS_UNREAD":
        assert seen.one(code).reason is Trouble.TOO_BIG


# --- Feeds -----------------------------------------------------------------------------------------------------------

GOOGLE: list[dict[str, object]] = [
    {
        "begin": "2026-11-24T10:30:00+00:00",
        "external_desc": "**Title:**\nMail is slow",
        "service_name": "Gmail",
        "affected_products": [],
    },
    {
        "begin": "2026-11-24T10:00:00+00:00",
        "end": "2026-11-24T11:00:00+00:00",
        "external_desc": "Over",
        "service_name": "Gmail",
    },
    {"begin": "2026-11-24T09:00:00+00:00", "external_desc": "Elsewhere", "service_name": "Google Meet"},
    {
        "begin": "2026-11-24T08:00:00+09:00",
        "external_desc": "Several",
        "service_name": "Multiple Products",
        "affected_products": [{"title": "Gmail", "id": "x"}],
    },
]
RSS = """<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0"><channel>
<item><title>Zoho CRM - Major Outage</title></item>
<item><title>Zoho Mail - {status}</title><pubDate>Tue, 24 Nov 2026 10:00:00 +0530</pubDate></item>
</channel></rss>"""
AWS: list[dict[str, object]] = [
    {"summary": "Delays", "date": "1795514400", "service": "ses-eu-west-1", "region_name": "Ireland"},
    {"summary": "Over", "date": "1795514400", "end_time": "1795518000", "service": "ses-eu-west-1"},
    {"summary": "Elsewhere", "date": "1795514400", "service": "session-us-east-1"},
    {"summary": "Several", "impacted_services": {"ses-us-east-1": {"current": "2"}, "ec2": {"current": "0"}}},
    {"summary": "Mended", "impacted_services": {"ses-us-east-1": {"current": "0"}}},
]


def titles(form: FeedFormat, match: str | None, body: bytes) -> list[str]:
    return [each.title for each in incidents(feed(form, match), body)]


@pytest.mark.parametrize(
    ("form", "match", "body", "expected"),
    [
        (FeedFormat.STATUSPAGE, None, summary(), []),
        (FeedFormat.STATUSPAGE, None, summary(ENDED), []),
        (FeedFormat.STATUSPAGE, None, summary(OUTAGE), ["Delayed delivery"]),
        (FeedFormat.STATUSPAGE, None, summary(indicator="major"), ["Something is wrong"]),
        (FeedFormat.STATUSPAGE, None, summary(indicator="maintenance"), []),
        (FeedFormat.STATUSPAGE, "SMTP", summary(OUTAGE), ["Delayed delivery"]),
        (FeedFormat.STATUSPAGE, "SMTP", summary({**OUTAGE, "components": [{"name": "Web"}]}, indicator="major"), []),
        (FeedFormat.STATUSPAGE, "SMTP", summary(component="partial_outage"), ["SMTP: partial_outage"]),
        (FeedFormat.GOOGLE, "Gmail", json.dumps(GOOGLE).encode(), ["Mail is slow", "Several"]),
        (FeedFormat.GOOGLE, "Gmail", b"[]", []),
        (FeedFormat.RSS, "Zoho Mail", RSS.format(status="Operational").encode(), []),
        (FeedFormat.RSS, "Zoho Mail", RSS.format(status="Partial Outage").encode(), ["Zoho Mail - Partial Outage"]),
        (FeedFormat.AWS, "ses", json.dumps(AWS).encode("utf-16"), ["Delays (Ireland)", "Several"]),
        (FeedFormat.AWS, "ses", b"[]", []),
    ],
)
def test_a_feed_tells_the_incidents_that_are_open_and_concern_the_service(
    form: FeedFormat, match: str | None, body: bytes, expected: list[str]
) -> None:
    assert titles(form, match, body) == expected


@pytest.mark.parametrize(
    ("form", "match", "body"),
    [
        (FeedFormat.STATUSPAGE, None, b"{}"),
        (FeedFormat.STATUSPAGE, None, b"\xff\xfe"),
        (FeedFormat.STATUSPAGE, "Mail", summary()),
        (FeedFormat.GOOGLE, "Gmail", b"{}"),
        (FeedFormat.GOOGLE, "Gmail", b'[{"begin": 1}]'),
        (FeedFormat.RSS, "Zoho Mail", b"not XML"),
        (FeedFormat.RSS, "Zoho Mail", b"<rss><channel></channel></rss>"),
        (FeedFormat.RSS, "Zoho Mail", b'<!DOCTYPE x [<!ENTITY a "b">]>' + RSS.format(status="&a;").encode()),
        (FeedFormat.RSS, "Zoho Mail", RSS.format(status="Operational").encode("utf-16")),
        (FeedFormat.AWS, "ses", b"{}"),
        (FeedFormat.AWS, "ses", b"\xff\xff\xff"),
    ],
)
def test_a_feed_that_is_not_as_we_know_it_is_an_error_and_no_good_news(
    form: FeedFormat, match: str | None, body: bytes
) -> None:
    with pytest.raises(BadFeedError):
        titles(form, match, body)


@pytest.mark.parametrize(
    ("text", "since"),
    [
        ("2026-11-24T12:00:00.000Z", "2026-11-24 12:00 UTC"),
        ("2026-11-24T12:00:00+09:00", "2026-11-24 03:00 UTC"),
        ("yesterday", None),
        ("", None),
    ],
)
def test_the_beginning_of_an_incident_is_told_in_utc_or_not_at_all(text: str, since: str | None) -> None:
    body = summary({**OUTAGE, "created_at": text})
    assert incidents(feed(), body) == (Incident(title="Delayed delivery", since=since),)


def test_the_times_of_rss_and_of_aws_are_told_in_utc() -> None:
    rss = incidents(feed(FeedFormat.RSS, "Zoho Mail"), RSS.format(status="Major Outage").encode())
    aws = incidents(feed(FeedFormat.AWS, "ses"), json.dumps(AWS).encode())
    assert [each.since for each in (*rss, *aws)] == ["2026-11-24 04:30 UTC", "2026-11-24 10:00 UTC", None]


def test_a_title_that_is_empty_or_a_heading_is_told_all_the_same() -> None:
    told = [incidents(feed(), summary({**OUTAGE, "name": name}))[0].title for name in ("", " \n", "**Summary:**")]
    assert told == ["?", "?", "Summary:"]


def test_a_title_of_any_length_is_cut() -> None:
    [only] = incidents(feed(), summary({**OUTAGE, "name": "x" * 9_000}))
    assert len(only.title) <= 200


def test_every_shipped_feed_has_a_format_that_is_read() -> None:
    feeds = [each.status_feed for each in shipped() if each.status_feed is not None]
    assert {each.format for each in feeds} == set(FeedFormat)


def test_microsoft_has_no_feed_for_everybody() -> None:
    microsoft = shipped().by_id("microsoft-365")
    assert microsoft is not None
    assert microsoft.status_feed is None
