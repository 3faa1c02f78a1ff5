"""SPF records: the grammar, the places of the errors, the suggestions, near misses and macros."""

from __future__ import annotations

import ipaddress
import re
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TypedDict

import pytest
import yaml
from hypothesis import example, given
from hypothesis import strategies as st

from checks.records import spf
from checks.records.spf import Kind, Macro, MacroString, MacroValues, Mechanism, Modifier, Name, NearMiss, Qualifier
from checks.records.tags import MAX_TEXT

SUITE = Path(__file__).resolve().parents[4] / "shared" / "vectors" / "spf" / "rfc7208-tests.yml"


def kinds(text: str | bytes) -> list[Kind]:
    return [problem.kind for problem in spf.parse(text).problems]


# --- is it SPF? ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["v=spf1", "v=spf1 -all", "V=SPF1 -all", "v=SpF1  ", b"v=spf1 -all", b"v=spf1 \xff"])
def test_the_version_is_taken_in_any_case_before_a_space_or_the_end(text: str | bytes) -> None:
    assert spf.is_spf_record(text)
    assert spf.near_miss(text) is None


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("v=spf10 mx -all", NearMiss.WRONG_VERSION),
        ("v=spf2 mx -all", NearMiss.WRONG_VERSION),
        ("v=spfl -all", NearMiss.WRONG_VERSION),
        ("v=spf -all", NearMiss.WRONG_VERSION),
        ("v=sfp1 mx -all", NearMiss.WRONG_VERSION),
        ("v=spf1.0 -all", NearMiss.WRONG_VERSION),
        ("v=spf1; mx -all", NearMiss.VERSION_NOT_ENDED),
        ("v=spf1\tmx -all", NearMiss.VERSION_NOT_ENDED),
        ("v=spf1include:_spf.example.com -all", NearMiss.VERSION_NOT_ENDED),
        ("v=spf1mx", NearMiss.VERSION_NOT_ENDED),
        (" v=spf1 -all", NearMiss.LEADING_SPACE),
        ("\tv=spf1 -all", NearMiss.LEADING_SPACE),
        (" v=spf1; -all", NearMiss.LEADING_SPACE),
        ('"v=spf1 -all"', NearMiss.QUOTED),
        ('"v=spf1"', NearMiss.QUOTED),
        ("\\'v=spf1 -all", NearMiss.QUOTED),
        ("\u201cv=spf1 -all\u201d", NearMiss.QUOTED),
        ("\u200bv=spf1 -all", NearMiss.HIDDEN_CHARACTER),
        (b"\xef\xbb\xbfv=spf1 -all", NearMiss.HIDDEN_CHARACTER),
        ("v=spf1\u00a0-all", NearMiss.HIDDEN_CHARACTER),
        ("v = spf1 -all", NearMiss.SPACE_IN_VERSION),
        ("v= spf1 -all", NearMiss.SPACE_IN_VERSION),
        ("spf1 include:_spf.example.com -all", NearMiss.NO_VERSION),
        ("spf include:_spf.example.com -all", NearMiss.NO_VERSION),
        ("v:spf1 -all", NearMiss.NO_VERSION),
        ("include:_spf.example.com ~all", NearMiss.NO_VERSION),
        ('TXT "v=spf1 -all"', NearMiss.NOT_AT_START),
        ("spf2.0/pra ip4:192.0.2.1 -all", NearMiss.SENDER_ID),
        ("v=spf2.0/pra -all", NearMiss.SENDER_ID),
        ('"spf2.0/mfrom,pra -all"', NearMiss.SENDER_ID),
    ],
)
def test_a_text_that_was_meant_as_spf_is_told_apart_with_the_reason(text: str | bytes, why: NearMiss) -> None:
    assert not spf.is_spf_record(text)
    assert spf.near_miss(text) is why
    assert kinds(text) == [Kind.NOT_SPF]


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        '"',
        "v=DMARC1; p=none",
        "v=DKIM1; p=",
        "site-verification=abc",
        "a record of all",
        "spfx",
        "includes all",
    ],
)
def test_other_texts_are_no_near_miss(text: str) -> None:
    assert spf.near_miss(text) is None


# --- a good record ---------------------------------------------------------------------------------------------------


def test_a_record_is_read_into_its_terms_in_order() -> None:
    text = "v=spf1 +a:mail.example.com/24//64 MX ?ip4:192.0.2.5/24 ~ip6:2001:db8::/32 -ALL exp=why.%{d} x=1"
    record = spf.parse(text)
    assert record.usable
    a, mx, ip4, ip6, everything, exp, unknown = record.terms
    assert a == Mechanism(
        text="+a:mail.example.com/24//64",
        offset=7,
        qualifier=Qualifier.PASS,
        name=Name.A,
        target=MacroString("mail.example.com", ("mail.example.com",)),
        cidr4=24,
        cidr6=64,
    )
    assert mx == Mechanism(text="MX", offset=34, qualifier=Qualifier.PASS, name=Name.MX)
    assert isinstance(ip4, Mechanism)
    assert (ip4.qualifier, ip4.network) == (Qualifier.NEUTRAL, ipaddress.ip_network("192.0.2.0/24"))
    assert isinstance(ip6, Mechanism)
    assert (ip6.qualifier, ip6.network) == (Qualifier.SOFTFAIL, ipaddress.ip_network("2001:db8::/32"))
    assert record.all is everything
    assert record.all is not None
    assert record.all.qualifier is Qualifier.FAIL
    assert record.exp is exp
    assert record.exp is not None
    assert record.exp.value.parts == ("why.", Macro("d"))
    assert isinstance(unknown, Modifier)
    assert unknown.name == "x"


def test_only_terms_that_an_evaluation_can_reach_count_as_lookups() -> None:
    record = spf.parse(
        "v=spf1 a mx ip4:192.0.2.1 ip6:2001:db8::1 exists:%{i}.example.com include:example.org ptr redirect=example.net"
    )
    assert [term.text for term in record.lookups] == [
        "a",
        "mx",
        "exists:%{i}.example.com",
        "include:example.org",
        "ptr",
        "redirect=example.net",
    ]
    ended = spf.parse("v=spf1 a redirect=example.net exp=why.example.com -all mx")
    assert [term.text for term in ended.lookups] == ["a"]


def test_every_term_stands_where_it_says() -> None:
    text = "v=spf1   a  include:example.com x=y   redirect=example.org "
    for term in spf.parse(text).terms:
        assert text[term.offset :].startswith(term.text)


def test_a_record_without_terms_is_usable() -> None:
    assert spf.parse("v=spf1").usable
    assert spf.parse("v=spf1   ").terms == ()


# --- errors ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("term", "kind", "part", "suggestion"),
    [
        # S7: mechanisms that do not exist
        ("moo", Kind.UNKNOWN_MECHANISM, "moo", None),
        ("ipv4:192.0.2.1", Kind.UNKNOWN_MECHANISM, "ipv4", "ip4:192.0.2.1"),
        ("-ipv6:2001:db8::1", Kind.UNKNOWN_MECHANISM, "ipv6", "-ip6:2001:db8::1"),
        ("ip:192.0.2.1/24", Kind.UNKNOWN_MECHANISM, "ip", "ip4:192.0.2.1/24"),
        ("ip:2001:db8::1", Kind.UNKNOWN_MECHANISM, "ip", "ip6:2001:db8::1"),
        ("ip:example.com", Kind.UNKNOWN_MECHANISM, "ip", None),
        ("inlcude:example.com", Kind.UNKNOWN_MECHANISM, "inlcude", "include:example.com"),
        ("includes:example.com", Kind.UNKNOWN_MECHANISM, "includes", "include:example.com"),
        ("redirect:example.com", Kind.UNKNOWN_MECHANISM, "redirect", "redirect=example.com"),
        ("-include=example.com", Kind.UNKNOWN_MECHANISM, "include", "-include:example.com"),
        ("-all.", Kind.UNKNOWN_MECHANISM, "all.", "-all"),
        ("-all;", Kind.UNKNOWN_MECHANISM, "all", "-all"),
        ('~all"', Kind.UNKNOWN_MECHANISM, "all", "~all"),
        ("mx-all", Kind.UNKNOWN_MECHANISM, "mx-all", "mx -all"),
        ("a~all", Kind.UNKNOWN_MECHANISM, "a", "a ~all"),
        ("moo.cow/far_out=man:dog/cat", Kind.UNKNOWN_MECHANISM, "moo.cow", None),
        # no term at all
        ("1up=foo", Kind.BAD_TERM, "1up=foo", None),
        ("=all", Kind.BAD_TERM, "=all", None),
        ("192.0.2.1", Kind.BAD_TERM, "192.0.2.1", "ip4:192.0.2.1"),
        ("-2001:db8::1/64", Kind.BAD_TERM, "-2001:db8::1/64", "-ip6:2001:db8::1/64"),
        ("--all", Kind.BAD_TERM, "--all", "-all"),
        ("\u2013all", Kind.NOT_ASCII, "\u2013", None),
        ("a:b\u00fccher.example", Kind.NOT_ASCII, "\u00fc", None),
        ("a\tmx", Kind.CONTROL_CHARACTER, "\t", None),
        ("a:example.com\x00", Kind.CONTROL_CHARACTER, "\x00", None),
        ("mx\x7f", Kind.CONTROL_CHARACTER, "\x7f", None),
        # all
        ("-all:foobar", Kind.ARGUMENT_NOT_ALLOWED, ":foobar", "-all"),
        ("-all/8", Kind.ARGUMENT_NOT_ALLOWED, "/8", "-all"),
        # S10: empty values
        ("include", Kind.MISSING_VALUE, "include", None),
        ("include:", Kind.MISSING_VALUE, "include:", None),
        ("exists", Kind.MISSING_VALUE, "exists", None),
        ("exists:", Kind.MISSING_VALUE, "exists:", None),
        ("a:", Kind.MISSING_VALUE, "a:", None),
        ("mx:/24", Kind.MISSING_VALUE, "mx:/24", None),
        ("ptr:", Kind.MISSING_VALUE, "ptr:", None),
        ("ip4", Kind.MISSING_VALUE, "ip4", None),
        ("ip4:", Kind.MISSING_VALUE, "ip4:", None),
        ("ip6:/64", Kind.MISSING_VALUE, "ip6:/64", None),
        ("redirect=", Kind.MISSING_VALUE, "redirect=", None),
        ("exp=", Kind.MISSING_VALUE, "exp=", None),
        # S8, the domain-spec
        ("a:museum", Kind.SINGLE_LABEL, "museum", None),
        ("include:museum.", Kind.SINGLE_LABEL, "museum.", None),
        ("a:foo-bar", Kind.SINGLE_LABEL, "foo-bar", None),
        ("a:abc.123", Kind.NUMERIC_TOP_LABEL, "123", None),
        ("mx:example.-com", Kind.BAD_TOP_LABEL, "-com", None),
        ("redirect=-all", Kind.BAD_TOP_LABEL, "-all", None),
        ("include:example.com,", Kind.BAD_TOP_LABEL, "com,", None),
        ("include:example..", Kind.BAD_TOP_LABEL, ".", None),
        ("a:%{d}com", Kind.SINGLE_LABEL, "%{d}com", None),
        ("a:x.%{d}com", Kind.SINGLE_LABEL, "x.%{d}com", None),
        ("a:example.com:8080", Kind.PORT, ":8080", "a:example.com"),
        ("a:111.222.33.44", Kind.IP_FOR_DOMAIN, "111.222.33.44", "ip4:111.222.33.44"),
        ("~mx:192.0.2.0/24", Kind.IP_FOR_DOMAIN, "192.0.2.0", "~ip4:192.0.2.0/24"),
        ("include:2001:db8::1", Kind.IP_FOR_DOMAIN, "2001:db8::1", "ip6:2001:db8::1"),
        ("redirect=192.0.2.1", Kind.IP_FOR_DOMAIN, "192.0.2.1", None),
        # S9: addresses and prefix lengths
        ("ip4:2001:db8::1", Kind.WRONG_FAMILY, "2001:db8::1", "ip6:2001:db8::1"),
        ("+ip6:192.0.2.1/24", Kind.WRONG_FAMILY, "192.0.2.1", "+ip4:192.0.2.1/24"),
        ("ip4:192.0.2", Kind.SHORT_ADDRESS, "192.0.2", None),
        ("ip4:192.0.2/24", Kind.SHORT_ADDRESS, "192.0.2", None),
        ("ip4:192.0.2.010", Kind.LEADING_ZERO, "192.0.2.010", None),
        ("ip4:192.0.2.1:8080", Kind.PORT, ":8080", "ip4:192.0.2.1"),
        ("ip4:192.0.2.1:25/32", Kind.PORT, ":25", "ip4:192.0.2.1/32"),
        ("ip4:mail.example.com", Kind.DOMAIN_FOR_IP, "mail.example.com", "a:mail.example.com"),
        ("ip4:192.0.2.256", Kind.BAD_ADDRESS, "192.0.2.256", None),
        ("ip4:192.0.2.1-192.0.2.9", Kind.BAD_ADDRESS, "192.0.2.1-192.0.2.9", None),
        ("ip6::CAFE::BABE", Kind.BAD_ADDRESS, ":CAFE::BABE", None),
        ("ip6:fe80::1%eth0", Kind.BAD_ADDRESS, "fe80::1%eth0", None),
        ("ip4:192.0.2.1/33", Kind.CIDR_OUT_OF_RANGE, "/33", None),
        ("ip6:2001:db8::/129", Kind.CIDR_OUT_OF_RANGE, "/129", None),
        ("a//129", Kind.CIDR_OUT_OF_RANGE, "/129", None),
        ("mx:example.com/33", Kind.CIDR_OUT_OF_RANGE, "/33", None),
        ("ip4:192.0.2.1/032", Kind.CIDR_LEADING_ZERO, "/032", None),
        ("ip4:192.0.2.1/00", Kind.CIDR_LEADING_ZERO, "/00", None),
        ("ip4:192.0.2.1/", Kind.BAD_CIDR, "/", None),
        ("ip4:192.0.2.1//32", Kind.BAD_CIDR, "//32", None),
        ("ip4:192.0.2.1/255.255.255.0", Kind.BAD_CIDR, "/255.255.255.0", None),
        ("a/24/64", Kind.BAD_CIDR, "/24/64", None),
        ("a/", Kind.BAD_CIDR, "/", None),
        ("a//", Kind.BAD_CIDR, "/", None),
        ("include:example.com/24", Kind.CIDR_NOT_ALLOWED, "/24", "include:example.com"),
        ("exists:%{i}.example.com/24", Kind.CIDR_NOT_ALLOWED, "/24", "exists:%{i}.example.com"),
        ("redirect=example.com/24", Kind.BAD_TOP_LABEL, "com/24", None),
        # S24, macros
        ("exists:%(ir).example.com", Kind.BAD_MACRO, "%(", None),
        ("exists:foo%.example.com", Kind.BAD_MACRO, "%.", None),
        ("exists:%{i.example.com", Kind.BAD_MACRO, "%{", None),
        ("exists:%{ix}.example.com", Kind.BAD_MACRO, "%{", None),
        ("a:example.com%", Kind.BAD_MACRO, "%", None),
        ("foo=%abc", Kind.BAD_MACRO, "%a", None),
        ("a:%{a}.example.com", Kind.UNKNOWN_MACRO_LETTER, "%{a}", None),
        ("exp=%{r}.example.com", Kind.MACRO_ONLY_IN_EXP, "%{r}", None),
        ("a:%{d0}.example.com", Kind.ZERO_PARTS, "%{d0}", None),
        ("a:%{d00r}.example.com", Kind.ZERO_PARTS, "%{d00r}", None),
    ],
)
def test_a_syntax_error_is_a_permerror_and_is_named_and_placed(
    term: str, kind: Kind, part: str, suggestion: str | None
) -> None:
    text = f"v=spf1 ip4:198.51.100.1 {term} -all"
    record = spf.parse(text)
    assert not record.usable
    [problem] = [problem for problem in record.problems if problem.permerror]
    assert (problem.kind, problem.part, problem.suggestion, problem.term) == (kind, part, suggestion, term)
    assert text[problem.offset : problem.offset + len(part)] == part
    assert term not in [good.text for good in record.terms]


@pytest.mark.parametrize(
    ("text", "kind", "part", "suggestion"),
    [
        ("v=spf1 -all a", Kind.AFTER_ALL, "a", None),
        ("v=spf1 all -all", Kind.AFTER_ALL, "-all", None),
        ("v=spf1 redirect=example.com -all", Kind.REDIRECT_WITH_ALL, "redirect=example.com", None),
        ("v=spf1 ptr -all", Kind.PTR_USED, "ptr", None),
        ("v=spf1 -ptr:example.com", Kind.PTR_USED, "-ptr:example.com", None),
        ("v=spf1 moo.cow-far_out=man:dog/cat -all", Kind.UNKNOWN_MODIFIER, "moo.cow-far_out", None),
        ("v=spf1 default=+", Kind.UNKNOWN_MODIFIER, "default", None),
        ("v=spf1 redirct=example.com", Kind.UNKNOWN_MODIFIER, "redirct", "redirect=example.com"),
        ("v=spf1 include=example.com -all", Kind.MECHANISM_AS_MODIFIER, "include", "include:example.com"),
        ("v=spf1 ipv4=192.0.2.1 -all", Kind.MECHANISM_AS_MODIFIER, "ipv4", "ip4:192.0.2.1"),
        ("v=spf1 a v=spf1 mx -all", Kind.REPEATED_VERSION, "v=spf1", None),
        ("v=spf1 a:a..example.com", Kind.UNASKABLE_NAME, "a..example.com", None),
        (f"v=spf1 a:{'a' * 64}.example.com", Kind.UNASKABLE_NAME, f"{'a' * 64}.example.com", None),
        (f"v=spf1 a:{'a.' * 127}example.com", Kind.UNASKABLE_NAME, f"{'a.' * 127}example.com", None),
        ("v=spf1 include:https://example.com", Kind.ODD_NAME, "https://example.com", None),
        ("v=spf1 a:foo:bar/baz.example.com", Kind.ODD_NAME, "foo:bar/baz.example.com", None),
        ("v=spf1 include:example.com-all", Kind.GLUED_TERMS, "-all", "include:example.com -all"),
    ],
)
def test_what_is_lawful_but_hardly_meant_is_advice(text: str, kind: Kind, part: str, suggestion: str | None) -> None:
    record = spf.parse(text)
    assert record.usable
    [problem] = record.problems
    assert (problem.kind, problem.part, problem.suggestion) == (kind, part, suggestion)
    assert text[problem.offset : problem.offset + len(part)] == part


@pytest.mark.parametrize(
    ("text", "suggestion"),
    [
        ("v=spf1 include:_spf.example.com~all", "include:_spf.example.com ~all"),
        ("v=spf1 ip4:192.0.2.1ip4:192.0.2.2 -all", "ip4:192.0.2.1 ip4:192.0.2.2"),
        ("v=spf1 include:a.example.cominclude:b.example.com -all", "include:a.example.com include:b.example.com"),
        ("v=spf1 ip4:192.0.2.1-all", "ip4:192.0.2.1 -all"),
        ("v=spf1 redirect=example.comv=spf1 -all", "redirect=example.com v=spf1"),
    ],
)
def test_a_missing_space_at_a_joint_is_seen(text: str, suggestion: str) -> None:
    glued = [problem for problem in spf.parse(text).problems if problem.kind is Kind.GLUED_TERMS]
    assert [problem.suggestion for problem in glued] == [suggestion]


@pytest.mark.parametrize(
    ("text", "suggestion"),
    [
        ("v=spf1 ip4: 192.0.2.1/24 -all", "ip4:192.0.2.1/24"),
        ("v=spf1 include: _spf.example.com -all", None),
        ("v=spf1 include: example.com -all", "include:example.com"),
        ("v=spf1 redirect= example.com", "redirect=example.com"),
        ("v=spf1 include: mx -all", None),
        ("v=spf1 include: x=y", None),
        ("v=spf1 a:", None),
        ("v=spf1 - all", "-all"),
        ("v=spf1 - example", None),
    ],
)
def test_a_space_that_slipped_in_is_taken_out_in_the_suggestion(text: str, suggestion: str | None) -> None:
    assert spf.parse(text).problems[0].suggestion == suggestion


def test_all_errors_are_listed_in_the_order_of_the_text() -> None:
    record = spf.parse("v=spf1 ptr ipv4:192.0.2.1 -all include:museum a:x.123/33 redirect=example.com redirect=")
    assert [problem.kind for problem in record.problems] == [
        Kind.PTR_USED,
        Kind.UNKNOWN_MECHANISM,
        Kind.SINGLE_LABEL,
        Kind.NUMERIC_TOP_LABEL,
        Kind.CIDR_OUT_OF_RANGE,
        Kind.REDIRECT_WITH_ALL,
        Kind.REPEATED_MODIFIER,
        Kind.MISSING_VALUE,
    ]


@pytest.mark.parametrize("name", ["redirect", "exp"])
def test_redirect_and_exp_may_stand_only_once(name: str) -> None:
    record = spf.parse(f"v=spf1 {name}=a.example.com {name.upper()}=b.example.com")
    assert [problem.kind for problem in record.problems] == [Kind.REPEATED_MODIFIER]
    assert not record.usable


def test_octets_that_are_no_utf8_are_an_error_and_not_taken_for_ascii() -> None:
    assert kinds(b"v=spf1 a:foo\x96.example.com -all") == [Kind.NOT_ASCII]
    assert kinds(b"v=spf1 \x80a:example.net -all") == [Kind.NOT_ASCII]


def test_text_that_is_too_long_is_not_judged() -> None:
    record = spf.parse("v=spf1 " + "a " * MAX_TEXT)
    assert [problem.kind for problem in record.problems] == [Kind.TOO_LONG]
    assert not record.usable


# --- the RFC 7208 suite ----------------------------------------------------------------------------------------------

# The syntax of these is right; their permerror comes from DNS: a target without SPF or with an error in it, too many
# lookups, or a redirect chain that ends nowhere.
PERMERROR_FROM_DNS = {
    "include-permerror",
    "include-none",
    "redirect-none",
    "redirect-loop",
    "include-loop",
    "mx-limit",
    "mech-over-limit",
    "include-over-limit",
    "void-over-limit",
}


Rows = list[str | dict[str, str | list[str]]]


class Suite(TypedDict):
    """One document of the suite."""

    tests: dict[str, dict[str, str | list[str]]]
    zonedata: dict[str, Rows]


def published(rows: Rows) -> list[bytes]:
    """The TXT records among the rows of a name; type SPF stands for TXT where there is no TXT."""
    records = [row for row in rows if isinstance(row, dict)]
    found = [row["TXT"] for row in records if "TXT" in row] or [row["SPF"] for row in records if "SPF" in row]
    return ["".join(text).encode("latin-1") for text in found if text != "NONE"]


def suite_cases() -> list[tuple[str, bytes, list[str]]]:
    if not SUITE.exists():
        return []
    cases: list[tuple[str, bytes, list[str]]] = []
    sections: Iterator[Suite] = yaml.safe_load_all(SUITE.read_text("utf-8"))
    for section in sections:
        zone = {name.lower(): rows for name, rows in section["zonedata"].items()}
        for label, case in section["tests"].items():
            sender = case["mailfrom"] or case["helo"]
            domain = "".join(sender).rpartition("@")[2].lower()
            records = [text for text in published(zone.get(domain, [])) if spf.is_spf_record(text)]
            if len(records) == 1:
                result = case["result"]
                cases.append((label, records[0], [result] if isinstance(result, str) else result))
    return cases


SUITE_CASES = suite_cases()


@pytest.mark.skipif(not SUITE_CASES, reason="the RFC 7208 test suite is not beside this repository (../shared)")
@pytest.mark.parametrize(("label", "text", "results"), SUITE_CASES, ids=[case[0] for case in SUITE_CASES])
def test_the_rfc_7208_suite_agrees_on_what_is_a_syntax_error(label: str, text: bytes, results: list[str]) -> None:
    record = spf.parse(text)
    if results == ["permerror"] and label not in PERMERROR_FROM_DNS:
        assert not record.usable
    else:
        assert record.usable, record.problems


@pytest.mark.skipif(not SUITE_CASES, reason="the RFC 7208 test suite is not beside this repository (../shared)")
def test_the_suite_was_read_whole() -> None:
    assert len(SUITE_CASES) > 120
    syntax = {label for label, _, results in SUITE_CASES if results == ["permerror"]}
    assert len(syntax - PERMERROR_FROM_DNS) > 50


# --- macros ----------------------------------------------------------------------------------------------------------

VALUES = MacroValues(
    ip=ipaddress.ip_address("192.0.2.3"),
    sender="strong-bad@email.example.com",
    domain="email.example.com",
    helo="mx.example.org",
    validated="mx.example.org",
    receiver="receiver.example",
    timestamp=1_700_000_000,
)
SIX = MacroValues(ip=ipaddress.ip_address("2001:db8::cb01"), sender="x@example.com", domain="example.com", helo="h")


def macros(text: str) -> MacroString:
    read = spf.explanation(text)
    assert isinstance(read, MacroString)
    return read


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # The table of RFC 7208 §7.4.
        ("%{s}", "strong-bad@email.example.com"),
        ("%{o}", "email.example.com"),
        ("%{d}", "email.example.com"),
        ("%{d4}", "email.example.com"),
        ("%{d3}", "email.example.com"),
        ("%{d2}", "example.com"),
        ("%{d1}", "com"),
        ("%{dr}", "com.example.email"),
        ("%{d2r}", "example.email"),
        ("%{l}", "strong-bad"),
        ("%{l-}", "strong.bad"),
        ("%{lr}", "strong-bad"),
        ("%{lr-}", "bad.strong"),
        ("%{l1r-}", "strong"),
        ("%{ir}.%{v}._spf.%{d2}", "3.2.0.192.in-addr._spf.example.com"),
        ("%{lr-}.lp._spf.%{d2}", "bad.strong.lp._spf.example.com"),
        ("%{lr-}.lp.%{ir}.%{v}._spf.%{d2}", "bad.strong.lp.3.2.0.192.in-addr._spf.example.com"),
        ("%{ir}.%{v}.%{l1r-}.lp._spf.%{d2}", "3.2.0.192.in-addr.strong.lp._spf.example.com"),
        ("%{d2}.trusted-domains.example.net", "example.com.trusted-domains.example.net"),
        # the other letters and escapes
        (
            "%{i} %{c} %{h} %{p} %{r} %{t}",
            "192.0.2.3 192.0.2.3 mx.example.org mx.example.org receiver.example 1700000000",
        ),
        ("a%%b%_c%-d", "a%b c%20d"),
        ("%{S}", "strong-bad%40email.example.com"),
        ("%{D2R}", "example.email"),
        ("%{d9999}", "email.example.com"),
        ("%{o1}%{O1}", "comcom"),
    ],
)
def test_macros_expand_as_the_rfc_shows(text: str, expected: str) -> None:
    assert spf.expand(macros(text), VALUES) == expected


def test_ipv6_is_expanded_nibble_by_nibble() -> None:
    expected = "1.0.b.c.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6._spf.example.com"
    assert spf.expand(macros("%{ir}.%{v}._spf.%{d2}"), SIX) == expected
    assert spf.expand(macros("%{c}"), SIX) == "2001:db8::cb01"


def test_url_escaping_leaves_only_unreserved_characters() -> None:
    values = MacroValues(ip=VALUES.ip, sender="~jack&jill=up-a_b3.c@e8.example.com", domain="d.example", helo="h")
    assert spf.expand(macros("%{L}"), values) == "~jack%26jill%3Dup-a_b3.c"


@pytest.mark.parametrize(("sender", "expected"), [("@example.net", "postmaster"), ("example.net", "postmaster")])
def test_a_sender_without_a_local_part_is_the_postmaster(sender: str, expected: str) -> None:
    values = MacroValues(ip=VALUES.ip, sender=sender, domain="d.example", helo="h")
    assert spf.expand(macros("%{l}"), values) == expected
    assert spf.expand(macros("%{s}"), values) == "postmaster@example.net"


def test_every_delimiter_splits_and_empty_parts_stay() -> None:
    values = MacroValues(ip=VALUES.ip, sender="foo-bar+zip--quux@e12.example.com", domain="d.example", helo="h")
    assert spf.expand(macros("%{lr+-}"), values) == "quux..zip.bar.foo"
    assert spf.expand(macros("%{l2r+-}"), values) == "bar.foo"


def test_a_name_that_is_too_long_loses_whole_labels_on_the_left() -> None:
    long = MacroValues(ip=VALUES.ip, sender="x@y", domain=".".join(["label63"] * 40), helo="h")
    name = spf.expand_name(macros("first.%{d}.example.com."), long)
    assert len(name) <= 253
    assert name == ".".join(["label63"] * 30 + ["example.com"])
    assert len("label63." + name) > 253
    exact = "a" * 125 + "." + "b" * 127
    assert spf.expand_name(macros("x." + exact), long) == exact
    assert spf.expand_name(macros("example.com."), long) == "example.com"


@pytest.mark.parametrize(
    ("text", "kind"),
    [("The %{x}-files.", Kind.UNKNOWN_MACRO_LETTER), ("100%", Kind.BAD_MACRO), (b"\xef\xbb\xbfText", Kind.NOT_ASCII)],
)
def test_an_explanation_with_an_error_is_no_explanation(text: str | bytes, kind: Kind) -> None:
    read = spf.explanation(text)
    assert isinstance(read, spf.Problem)
    assert read.kind is kind


# --- any input -------------------------------------------------------------------------------------------------------

MECHANISMS = ["all", "a", "mx", "ip4:", "ip6:", "include:", "exists:", "redirect=", "exp=", "x=", "v=spf1 "]
SIGNS = [*'%{}dr2.:/-~+?\t\x00",; ', "%{", "//", "24", "\u200b", "\u0661"]
PIECES = st.sampled_from([*MECHANISMS, *SIGNS, "192.0.2.1", "2001:db8::1", "example.com", "com"])


@given(st.one_of(st.text(), st.binary(), st.lists(PIECES, max_size=40).map("".join).map("v=spf1 ".__add__)))
@example("v=spf1 a:" + "1:" * 8000)
@example("v=spf1 ip4:" + "1" * 5000 + " a/" + "9" * 5000)
@example("v=spf1 ip6:" + "1:" * 5000)
def test_nothing_raises_and_every_part_is_where_it_is_said_to_be(text: str | bytes) -> None:
    record = spf.parse(text)
    spf.near_miss(text)
    spf.explanation(text)
    for problem in record.problems:
        assert record.text[problem.offset :].startswith(problem.part)
        assert problem.part in problem.term or problem.kind is Kind.NOT_SPF
    for term in record.terms:
        assert record.text[term.offset :].startswith(term.text)
        value = term.value if isinstance(term, Modifier) else term.target
        if value is not None:
            assert len(spf.expand_name(value, VALUES)) <= 253


@st.composite
def networks(draw: st.DrawFn) -> spf.IpNetwork:
    address = draw(st.ip_addresses())
    return ipaddress.ip_network((address, draw(st.integers(0, address.max_prefixlen))), strict=False)


@given(st.lists(st.tuples(st.sampled_from(Qualifier), networks()), max_size=10))
def test_what_is_written_is_what_is_read(
    rows: list[tuple[Qualifier, spf.IpNetwork]],
) -> None:
    record = spf.parse("v=spf1 " + " ".join(f"{sign.value}ip{net.version}:{net}" for sign, net in rows))
    assert record.usable
    assert [(mechanism.qualifier, mechanism.network) for mechanism in record.mechanisms] == rows


@pytest.mark.parametrize(
    "piece",
    ["a ", "%%", "%{d}", "/", "1:", "a.", "(", "%{" + "9" * 50, "x=%", "+", "a:b.c:1 ", "ip4:1-all", "include: x "],
)
def test_reading_time_grows_with_the_length_and_not_faster(piece: str) -> None:
    def best(length: int) -> float:
        text = "v=spf1 a:" + (piece * length)[:length]
        runs: list[float] = []
        for _ in range(5):
            started = time.perf_counter()
            spf.parse(text)
            spf.near_miss(text)
            runs.append(time.perf_counter() - started)
        return min(runs)

    assert best(16_000) < 12 * best(4_000) + 0.005


def test_the_places_of_terms_survive_doubled_spaces() -> None:
    text = "v=spf1  a   moo"
    assert [text[p.offset :] for p in spf.parse(text).problems] == ["moo"]
    assert re.findall(r"\S+", text)[1:] == ["a", "moo"]
