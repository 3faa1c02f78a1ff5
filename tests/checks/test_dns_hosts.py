"""What is known about DNS hosting companies, and how one is recognised."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from checks.dns_hosts import recognised, shipped

SHARED = Path(__file__).parents[3] / "shared" / "data" / "dns_hosts.json"


@pytest.mark.parametrize(
    ("servers", "company"),
    [
        (("amy.ns.cloudflare.com", "bob.ns.cloudflare.com"), "cloudflare"),
        (("ns-2048.awsdns-64.com", "ns-1024.awsdns-00.co.uk"), "route53"),
        (("ns-cloud-b2.googledomains.com",), "google-cloud-dns"),
        (("ns1.googledomains.com",), "squarespace"),
        (("01.dnsv.jp", "02.dnsv.jp"), "onamae"),
        (("gslb1.sakura.ne.jp",), "sakura"),
        (("NS1.DNS.NE.JP.",), "sakura"),
        (("dns1.registrar-servers.com", "ns.example.org"), "namecheap"),
    ],
)
def test_the_names_of_the_name_servers_tell_the_company(servers: tuple[str, ...], company: str) -> None:
    host = recognised(servers)
    assert host is not None
    assert host.id == company


@pytest.mark.parametrize(
    "servers",
    [
        ("ns1.example.com",),
        ("notcloudflare.com", "ns.cloudflare.com.example.org"),
        ("awsdns-xx.com",),
        ("amy.ns.cloudflare.com", "ns1.dns.ne.jp"),
        (),
    ],
    ids=["own", "look-alikes", "no digits", "two companies", "none"],
)
def test_nobody_is_named_without_a_clear_sign(servers: tuple[str, ...]) -> None:
    assert recognised(servers) is None


def test_the_primary_server_tells_only_where_the_name_servers_do_not() -> None:
    own = recognised(("ns1.example.com",), "ns1.xserver.jp")
    assert own is not None
    assert own.id == "xserver"
    plain = recognised(("ns1.dns.ne.jp",), "ns1.xserver.jp")
    assert plain is not None
    assert plain.id == "sakura"


def test_every_page_says_in_which_language_it_is() -> None:
    for host in shipped():
        assert (host.page is None) == (host.page_language is None), host.id
    assert len({host.id for host in shipped()}) == len(shipped())


@pytest.mark.skipif(not SHARED.exists(), reason="the reference data is not beside this repository")
def test_nothing_unverified_is_shipped() -> None:
    raw = {row["id"]: row for row in json.loads(SHARED.read_text("utf-8"))["hosts"]}
    assert raw.keys() == {host.id for host in shipped()}
    for host in shipped():
        row = raw[host.id]
        if host.page is not None:
            field = "console_url" if host.page == row["console_url"] else "howto"
            assert field not in row["unverified_fields"], host.id
            assert host.page in {row["console_url"], *row["howto"].values()}, host.id
        assert {*host.ns} <= {name.replace("<nn>", "<n>") for name in row["ns_suffixes"]}, host.id
