"""Domains and addresses in every form people paste."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.case import BadName, Case, NotADomainError, Target, domain_name, has_domain, ip_address

DOMAINS = {
    "example.com": "example.com",
    "EXAMPLE.Com.": "example.com",
    "  example.com\n": "example.com",
    "exa\u200bmple.com\u2060": "example.com",
    "\u202eexample.com": "example.com",
    "ｅｘａｍｐｌｅ．ｃｏｍ": "example.com",
    "example。com": "example.com",
    "example｡com": "example.com",
    "bücher.example": "xn--bcher-kva.example",
    "BÜCHER.example": "xn--bcher-kva.example",
    "xn--bcher-kva.example": "xn--bcher-kva.example",
    "bu\u0308cher.example": "xn--bcher-kva.example",
    "日本語.example": "xn--wgv71a119e.example",
    "straße.example": "xn--strae-oqa.example",
    "_dmarc.example.com": "_dmarc.example.com",
    "_dmarc.bücher.example": "_dmarc.xn--bcher-kva.example",
    "a-b.1c.example": "a-b.1c.example",
    "x" * 63 + ".example": "x" * 63 + ".example",
}


@pytest.mark.parametrize("text", DOMAINS)
def test_a_domain_is_brought_into_one_form(text: str) -> None:
    assert domain_name(text) == DOMAINS[text]


NO_DOMAINS = {
    "": BadName.EMPTY,
    ".": BadName.EMPTY,
    " \u200b ": BadName.EMPTY,
    "localhost": BadName.SINGLE_LABEL,
    "192.0.2.1": BadName.NUMERIC_TOP,
    "example.123": BadName.NUMERIC_TOP,
    "a..example": BadName.BAD_LABEL,
    ".example.com": BadName.BAD_LABEL,
    "example.com..": BadName.BAD_LABEL,
    "-a.example": BadName.BAD_LABEL,
    "a-.example": BadName.BAD_LABEL,
    "a b.example": BadName.BAD_LABEL,
    "a@b.example": BadName.BAD_LABEL,
    "a/b.example": BadName.BAD_LABEL,
    "<!channel>.example": BadName.BAD_LABEL,
    "x" * 64 + ".example": BadName.BAD_LABEL,
    "ü" * 64 + ".example": BadName.BAD_LABEL,
    "☃️-.example": BadName.BAD_LABEL,
    "x." * 126 + "xx": BadName.TOO_LONG,
    "ü." * 100 + "example": BadName.TOO_LONG,
}


@pytest.mark.parametrize("text", NO_DOMAINS, ids=lambda text: text[:20].encode("unicode_escape").decode() or "empty")
def test_what_is_no_domain_is_refused_with_the_reason(text: str) -> None:
    with pytest.raises(NotADomainError) as refused:
        domain_name(text)
    assert refused.value.reason is NO_DOMAINS[text]


def test_the_longest_name_is_taken() -> None:
    assert len(domain_name(".".join(["x" * 63] * 3 + ["y" * 61]))) == 253


ADDRESSES = {
    "192.0.2.1": "192.0.2.1",
    " [192.0.2.1] ": "192.0.2.1",
    "１９２．0．2．1": "192.0.2.1",
    "192.0.2.1\u200b": "192.0.2.1",
    "2001:DB8:0:0::1": "2001:db8::1",
    "[IPv6:2001:db8::1]": "2001:db8::1",
    "ipv6:2001:db8::1": "2001:db8::1",
    "::ffff:192.0.2.1": "192.0.2.1",
}


@pytest.mark.parametrize("text", ADDRESSES)
def test_an_address_is_brought_into_one_form(text: str) -> None:
    assert ip_address(text) == ADDRESSES[text]


@pytest.mark.parametrize(
    "text",
    ["", "example.com", "192.0.2", "192.0.2.256", "192.0.02.1", "0x7f.0.0.1", "fe80::1%eth0", "192.0.2.0/24", "1"],
)
def test_what_is_no_address_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        ip_address(text)


@given(st.text(max_size=80))
def test_any_text_is_a_domain_in_one_form_or_is_refused(text: str) -> None:
    try:
        name = domain_name(text)
    except NotADomainError as refused:
        assert refused.reason in BadName  # noqa: PT017 - most texts are refused, some are not
        return
    assert name.isascii()
    assert name == name.lower()
    assert domain_name(name) == name


LABEL = st.from_regex(r"[a-z0-9]([a-z0-9-]{0,10}[a-z0-9])?", fullmatch=True).filter(lambda label: label[2:4] != "--")


@given(st.lists(LABEL, min_size=1, max_size=6), st.from_regex(r"[a-z]{2,10}", fullmatch=True))
def test_every_plain_host_name_is_a_domain_however_it_is_written(labels: list[str], top: str) -> None:
    name = ".".join([*labels, top])
    assert domain_name(name) == domain_name(f" {name.upper()}. ") == name


@given(st.ip_addresses())
def test_every_address_is_taken_in_its_own_form(ip: object) -> None:
    assert ip_address(ip_address(str(ip))) == ip_address(f"[{ip}]")


@given(st.text(max_size=50))
def test_no_text_makes_the_address_parser_raise_anything_else(text: str) -> None:
    with contextlib.suppress(ValueError):  # refused, as most texts are
        assert ip_address(text)


def test_a_target_is_a_domain_or_an_address() -> None:
    assert str(Target(domain="example.com")) == "example.com"
    assert str(Target(address="192.0.2.1")) == "192.0.2.1"
    for both in ({}, {"domain": "example.com", "address": "192.0.2.1"}):
        with pytest.raises(ValueError, match="a domain or an address"):
            Target(**both)


def test_a_case_knows_whether_it_is_about_a_domain() -> None:
    case, other = Case(target=Target(domain="example.com")), Case(target=Target(address="192.0.2.1"))
    assert (has_domain(case), has_domain(other)) == (True, False)
    assert case.domain == "example.com"
    with pytest.raises(ValueError, match="no domain"):
        _ = other.domain
