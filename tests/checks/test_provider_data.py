"""What is known about providers: the shipped facts, and what a file of an operator's own is held to."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from checks.provider_data import (
    SHIPPED,
    BadProvidersError,
    Kind,
    Provider,
    Providers,
    Source,
    SubmissionServer,
    load,
    shipped,
)

FACTS = Path(__file__).parents[3] / "shared" / "data" / "providers.json"
TODAY = date(2026, 11, 24)
LIMIT = {
    "what": "messages",
    "per": "day",
    "value": 500,
    "plan": "all",
    "confidence": "high",
    "source_url": "https://example.com/limits",
    "as_of": "2026-01-01",
}
FEED = {
    "url": "https://status.example.com/summary.json",
    "format": "statuspage",
    "match": None,
    "source_url": None,
    "as_of": None,
}


def row(**changes: Any) -> dict[str, Any]:  # noqa: ANN401 - the fields of a provider as JSON
    return {"id": "house", "name": "The house", "kind": "hosting", **changes}


def provider(**changes: Any) -> Provider:  # noqa: ANN401 - the fields of a provider
    fields: dict[str, Any] = {"id": "house", "name": "The house", "kind": Kind.HOSTING, **changes}
    return Provider(**fields)


def written(folder: Path, rows: object) -> Path:
    path = folder / "providers.json"
    path.write_text(json.dumps(rows), "utf-8")
    return path


# --- The shipped facts ------------------------------------------------------------------------------------------------


def test_every_limit_size_and_date_names_its_page_and_no_value_is_a_placeholder() -> None:
    for each in shipped():
        for fact in (*each.limits, *each.sizes, *each.events):
            assert fact.source.url is not None, (each.id, fact)
    text = SHIPPED.read_text("utf-8")
    assert not [sign for sign in ("<", ">", "…", "TODO", "example.com") if sign in text]


@pytest.mark.skipif(not FACTS.exists(), reason="the facts the data was made from lie beside the repository")
def test_no_page_is_shown_that_nobody_has_verified() -> None:
    paths = {
        "status_page": "status_page",
        "support.contact_url": "support",
        "support.troubleshooter_url": "troubleshooter",
        "sender_info_url": "postmaster",
        "delist_url": "delisting",
        "docs.smtp_auth": "smtp_help",
    }
    known = json.loads(FACTS.read_text("utf-8"))["providers"]
    assert {each["id"] for each in known} == {each.id for each in shipped()}
    for each in known:
        ours = shipped().by_id(each["id"])
        assert ours is not None
        for path in each["unverified_fields"]:
            if path in paths:
                assert getattr(ours, paths[path]) is None, (each["id"], path)


@pytest.mark.skipif(not FACTS.exists(), reason="the facts the data was made from lie beside the repository")
def test_the_limits_are_the_ones_that_were_found_with_their_page_and_date() -> None:
    for each in json.loads(FACTS.read_text("utf-8"))["providers"]:
        ours = shipped().by_id(each["id"])
        assert ours is not None
        found = {(fact["value"], fact["source_url"], fact["as_of"]) for fact in each["limits"]}
        for limit in ours.limits:
            assert (limit.value, limit.source.url, limit.source.as_of) in found, (each["id"], limit)
        for size in ours.sizes:
            assert (size.octets, size.source.url, size.source.as_of) in found, (each["id"], size)


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        ("aspmx.l.google.com", ["google-workspace"]),
        ("ASPMX2.googlemail.com.", ["google-workspace"]),
        ("notgoogle.com", []),
        ("example-com.mail.protection.outlook.com", ["microsoft-365"]),
        ("outlook-com.olc.protection.outlook.com", ["outlook-com"]),
        ("inbound-smtp.eu-west-1.amazonaws.com", ["amazon-workmail", "amazon-ses"]),
        ("ec2-192-0-2-1.compute-1.amazonaws.com", []),
        ("eu-smtp-inbound-1.mimecast.com", ["mimecast"]),
        ("mx.example.com", []),
    ],
)
def test_mail_hosts_are_recognised_by_their_name(host: str, expected: list[str]) -> None:
    assert [each.id for each in shipped().of_mx(host)] == expected


def test_an_address_of_a_provider_s_own_is_recognised_by_its_domain_or_one_below() -> None:
    known = {
        domain: found.id if (found := shipped().of_mail_domain(domain)) else None
        for domain in ("gmail.com", "aa2.so-net.ne.jp", "example.com", "com", "hotmail.com")
    }
    expected = {"gmail.com": "gmail", "aa2.so-net.ne.jp": "so-net", "hotmail.com": "outlook-com"}
    assert known == {**dict.fromkeys(known), **expected}


def test_names_in_spf_reverse_names_and_autodiscover_are_recognised() -> None:
    known = shipped()
    assert [each.id for each in known.of_spf_include("spf.protection.outlook.com")] == ["microsoft-365"]
    assert [each.id for each in known.of_spf_include("_spf.google.com")] == ["google-workspace"]
    assert [each.id for each in known.of_ptr("sv1.xserver.jp")] == ["xserver"]
    assert [each.id for each in known.of_autodiscover("autodiscover.outlook.com")] == ["microsoft-365"]
    assert [each.id for each in known.of_name_server("ns1.xserver.jp")] == ["xserver"]


def test_a_brand_of_two_languages_is_shown_in_both() -> None:
    names = {each.id: each.shown for each in shipped()}
    assert (names["sakura"], names["gmail"]) == ("SAKURA internet / さくらインターネット", "Gmail")


# --- Rules ------------------------------------------------------------------------------------------------------------


def test_the_longest_pattern_wins_and_gateways_come_first_among_equals() -> None:
    short = provider(id="short", mx=("example.net",))
    gateway = provider(id="gateway", kind=Kind.GATEWAY, mx=("mx.example.net",))
    twin = provider(id="twin", kind=Kind.ESP, mx=("*.example.net",))
    known = Providers([twin, short, gateway])
    assert [each.id for each in known.of_mx("a.mx.example.net")] == ["gateway", "twin"]
    assert [each.id for each in known.of_mx("example.net")] == ["short"]


def test_a_server_with_a_label_for_each_customer_matches_that_label_only() -> None:
    server = SubmissionServer(
        host="*.mail.example.net",
        port=587,
        security="starttls",  # type: ignore[arg-type] # as JSON has it
        auth=("password",),  # type: ignore[arg-type] # as JSON has it
        username=None,
        source_url=None,
        as_of=None,
    )
    names = ("a.mail.example.net", "A.MAIL.example.net.", "b.a.mail.example.net", "mail.example.net")
    assert [server.matches(name) for name in names] == [True, True, False, False]
    assert server.is_pattern


@pytest.mark.parametrize(
    ("as_of", "outdated"),
    [
        (None, True),
        ("2026-01-01", False),
        ("2024-11-24", False),
        ("2024-11-23", True),
        ("2024-11", False),
        ("2024-10", True),
        ("2024", False),
        ("2023", True),
    ],
)
def test_a_fact_may_be_outdated_if_its_page_has_no_date_or_one_of_over_two_years_ago(
    as_of: str | None, outdated: bool
) -> None:
    assert Source("https://example.com/", as_of).outdated(TODAY) is outdated


def test_two_years_before_a_leap_day_is_the_last_day_of_february() -> None:
    leap_day = date(2028, 2, 29)
    assert Source(None, "2026-02-28").outdated(leap_day) is False
    assert Source(None, "2026-02-27").outdated(leap_day) is True


@pytest.mark.parametrize(
    ("rows", "complaint"),
    [
        ([], "there is no provider in it"),
        ([row(id="Bad id")], "provider 1: id:"),
        ([row(kind="isp")], "provider 1: kind:"),
        ([row(colour="red")], "provider 1: colour:"),
        ([row(mx=["mail.<domain>"])], "provider 1: mx: row 1:"),
        ([row(support="javascript:alert(1)")], "provider 1: support:"),
        ([row(limits=[LIMIT | {"source_url": None}])], "provider 1: limits: row 1: source_url:"),
        ([row(limits=[LIMIT | {"as_of": "2026-13-01"}])], "'2026-13-01' is no date"),
        ([row(limits=[LIMIT | {"value": 0}])], "provider 1: limits: row 1: value:"),
        ([row(limits=[LIMIT | {"value_min": 500}])], "row 1: value_min:"),
        ([row(limits=[LIMIT | {"plan": "named"}])], "row 1: plan_name:"),
        ([row(limits=[LIMIT | {"per": "fortnight"}])], "provider 1: limits: row 1: per:"),
        ([row(), row()], "provider house: id: is there twice"),
        (
            [row(consumer_domains=["example.com"]), row(id="other", consumer_domains=["example.com"])],
            "provider other: consumer_domains: example.com is also one of house",
        ),
        ([row(status_feed=FEED | {"format": "rss"})], "provider house: status_feed: match:"),
        ([row(status_feed=FEED | {"url": "http://example.com/"})], "provider 1: status_feed: url:"),
        ([row(status_feed=FEED | {"url": "https://example.com:8443/"})], "status_feed: url:"),
    ],
)
def test_a_mistake_in_a_file_is_one_line_that_names_the_place(tmp_path: Path, rows: object, complaint: str) -> None:
    path = written(tmp_path, rows)
    with pytest.raises(BadProvidersError) as caught:
        load(path)
    assert len(caught.value.lines) == 1
    assert caught.value.lines[0].startswith(f"{path}: ")
    assert complaint in caught.value.lines[0]


def test_every_mistake_has_its_line(tmp_path: Path) -> None:
    with pytest.raises(BadProvidersError) as caught:
        load(written(tmp_path, [row(id="Bad"), row(kind="isp")]))
    assert len(caught.value.lines) == 2


def test_a_file_that_is_not_there_is_a_mistake_too(tmp_path: Path) -> None:
    with pytest.raises(BadProvidersError, match="No such file"):
        load(tmp_path / "nowhere.json")


def test_a_file_of_one_s_own_is_used_as_it_is(tmp_path: Path) -> None:
    known = load(written(tmp_path, [row(mx=["mail.example.net"], limits=[LIMIT], status_feed=FEED)]))
    [found] = known.of_mx("a.mail.example.net")
    assert (found.id, found.limits[0].value) == ("house", 500)
    assert known.by_id("gmail") is None
