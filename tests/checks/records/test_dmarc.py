"""DMARC records: what is read, which defaults stand in, what applies in the end, near misses."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.records import dmarc
from checks.records.dmarc import Alignment, Kind, NearMiss, Policy, PublicSuffix, Scope
from checks.records.tags import MAX_TEXT

RUA = "rua=mailto:dmarc@example.com"


def kinds(text: str | bytes) -> list[Kind]:
    return [problem.kind for problem in dmarc.parse(text).problems]


# --- is it DMARC? ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "v=DMARC1",
        "v=DMARC1;",
        "v=DMARC1; p=none",
        "V=DMARC1;p=none",
        "v = DMARC1 ; p = none",
        b"v=DMARC1; p=none",
        "v=DMARC1 ",
    ],
)
def test_the_version_comes_first_and_is_spelled_exactly(text: str | bytes) -> None:
    assert dmarc.is_dmarc_record(text)
    assert dmarc.near_miss(text) is None


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("v=dmarc1; p=none", NearMiss.WRONG_CASE),
        ("v=Dmarc1; p=none", NearMiss.WRONG_CASE),
        ("v=DMARC1x; p=none", NearMiss.WRONG_VERSION),
        ("v=DMARC2; p=none", NearMiss.WRONG_VERSION),
        ("v=DMARC; p=none", NearMiss.WRONG_VERSION),
        ("v=DMARC10; p=none", NearMiss.WRONG_VERSION),
        ("v=DMARC1 p=none", NearMiss.MISSING_SEMICOLON),
        ("v=DMARC1p=none", NearMiss.MISSING_SEMICOLON),
        ("v=DMARC1, p=none", NearMiss.MISSING_SEMICOLON),
        ("v=DMARC1: p=none", NearMiss.MISSING_SEMICOLON),
        ("v=DMARC1\\; p=none", NearMiss.ESCAPED_SEMICOLON),
        ("DMARC1; p=none", NearMiss.NO_VERSION),
        ("DMARC; p=none", NearMiss.NO_VERSION),
        ("v:DMARC1; p=none", NearMiss.NO_VERSION),
        ("p=none; rua=mailto:dmarc@example.com", NearMiss.NO_VERSION),
        ("p=none; v=DMARC1", NearMiss.NOT_FIRST),
        ("_dmarc TXT v=DMARC1; p=none", NearMiss.NOT_FIRST),
        (" v=DMARC1; p=none", NearMiss.LEADING_SPACE),
        ('"v=DMARC1; p=none"', NearMiss.QUOTED),
        ("\u201cv=DMARC1; p=none\u201d", NearMiss.QUOTED),
        ("\u200bv=DMARC1; p=none", NearMiss.HIDDEN_CHARACTER),
        (b"v=DMARC1\xc2\xa0; p=none", NearMiss.HIDDEN_CHARACTER),
    ],
)
def test_a_text_that_was_meant_as_dmarc_is_told_apart_with_the_reason(text: str | bytes, why: NearMiss) -> None:
    assert not dmarc.is_dmarc_record(text)
    assert dmarc.near_miss(text) is why
    record = dmarc.parse(text)
    assert [problem.kind for problem in record.problems] == [Kind.NOT_DMARC]
    assert record.effective() is None


@pytest.mark.parametrize(
    "text", ["", " ", '"', "v=spf1 -all", "v=DKIM1; p=abc", "site-verification=abc", "p=abc", "about dmarc"]
)
def test_other_texts_are_no_near_miss(text: str) -> None:
    assert dmarc.near_miss(text) is None


# --- a good record ---------------------------------------------------------------------------------------------------


def test_every_tag_is_read() -> None:
    text = (
        "v=DMARC1; p=reject; sp=quarantine; np=none; adkim=s; aspf=s; fo=d:s; psd=n; t=y;"
        " rua=mailto:a@example.com, mailto:b@Example.ORG; ruf=mailto:c@example.net;"
    )
    record = dmarc.parse(text)
    assert (record.p, record.sp, record.np) == (Policy.REJECT, Policy.QUARANTINE, Policy.NONE)
    assert (record.adkim, record.aspf) == (Alignment.STRICT, Alignment.STRICT)
    assert record.fo == ("d", "s")
    assert record.psd is PublicSuffix.NO
    assert record.testing
    assert [(uri.address, uri.domain) for uri in record.rua] == [
        ("a@example.com", "example.com"),
        ("b@Example.ORG", "example.org"),
    ]
    assert [uri.domain for uri in record.ruf] == ["example.net"]
    assert [problem.kind for problem in record.problems] == [Kind.TESTING]
    for uri in (*record.rua, *record.ruf):
        assert text[uri.offset :].startswith(uri.text)


def test_defaults_stand_where_nothing_is_said() -> None:
    record = dmarc.parse("v=DMARC1; p=none")
    assert record.problems == ()
    assert (record.adkim, record.aspf) == (Alignment.RELAXED, Alignment.RELAXED)
    assert (record.fo, record.psd, record.testing) == (("0",), PublicSuffix.UNKNOWN, False)
    assert (record.sp, record.np, record.rua) == (None, None, ())


def test_white_space_and_upper_case_are_allowed() -> None:
    record = dmarc.parse("v = DMARC1 ;\tP = REJECT ; ADKIM=S ; T=n ; RUA = MAILTO:a@example.com ;")
    assert record.problems == ()
    assert (record.p, record.adkim) == (Policy.REJECT, Alignment.STRICT)
    assert record.rua[0].address == "a@example.com"


# --- what is wrong ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "kind", "part", "default"),
    [
        # D8
        (f"v=DMARC1; p=none; adkim=x; {RUA}", Kind.INVALID_VALUE, "x", "r"),
        (f"v=DMARC1; p=none; aspf=strict; {RUA}", Kind.INVALID_VALUE, "strict", "r"),
        (f"v=DMARC1; p=none; psd=maybe; {RUA}", Kind.INVALID_VALUE, "maybe", "u"),
        (f"v=DMARC1; p=none; t=yes; {RUA}", Kind.INVALID_VALUE, "yes", "n"),
        # D9
        (f"v=DMARC1; {RUA}", Kind.MISSING_POLICY, "", "none"),
        (f"v=DMARC1; p=monitor; {RUA}", Kind.INVALID_POLICY, "monitor", "none"),
        (f"v=DMARC1; p=reject; sp=rejct; {RUA}", Kind.INVALID_POLICY, "rejct", "none"),
        (f"v=DMARC1; p=reject; np=; {RUA}", Kind.INVALID_POLICY, "", "none"),
        # D10
        (f"v=DMARC1; p=none; pct=50; {RUA}", Kind.REMOVED_TAG, "pct", None),
        (f"v=DMARC1; p=none; ri=3600; {RUA}", Kind.REMOVED_TAG, "ri", None),
        (f"v=DMARC1; p=none; rf=afrf; {RUA}", Kind.REMOVED_TAG, "rf", None),
        (f"v=DMARC1; p=none; policy=reject; {RUA}", Kind.UNKNOWN_TAG, "policy", None),
        # D12
        (f"v=DMARC1; p=none; t=y; {RUA}", Kind.TESTING, "y", None),
        # D18
        ("v=DMARC1; p=none; rua=dmarc@example.com", Kind.NOT_A_URI, "dmarc@example.com", None),
        ("v=DMARC1; p=none; rua=", Kind.NOT_A_URI, "", None),
        ("v=DMARC1; p=none; rua=mailto:example.com", Kind.BAD_ADDRESS, "mailto:example.com", None),
        ("v=DMARC1; p=none; rua=mailto:", Kind.BAD_ADDRESS, "mailto:", None),
        ("v=DMARC1; p=none; rua=mailto: a@example.com", Kind.BAD_ADDRESS, "mailto: a@example.com", None),
        ("v=DMARC1; p=none; rua=mailto:a@example.com!10m", Kind.SIZE_LIMIT, "!10m", None),
        ("v=DMARC1; p=none; rua=https://example.com/r", Kind.OTHER_SCHEME, "https://example.com/r", None),
        ("v=DMARC1; p=none; rua=mailto:a@example.com,b@example.com", Kind.NOT_A_URI, "b@example.com", None),
        (
            "v=DMARC1; p=none; rua=mailto:a@example.com; mailto:b@example.com",
            Kind.SEMICOLON_IN_LIST,
            "mailto:b@example.com",
            None,
        ),
        # D21
        ("v=DMARC1; p=none; fo=1", Kind.FO_WITHOUT_RUF, "fo", None),
        ("v=DMARC1; p=none; fo=0:1; ruf=mailto:a@example.com", Kind.INVALID_VALUE, "0:1", "0"),
        ("v=DMARC1; p=none; fo=1:d:s; ruf=mailto:a@example.com", Kind.INVALID_VALUE, "1:d:s", "0"),
        # the form
        ("v=DMARC1; p=none; nonsense", Kind.BAD_TAG, "nonsense", None),
        ("v=DMARC1;; p=none", Kind.EMPTY_TAG, "", None),
        ("v=DMARC1; p=reject; p=none", Kind.DUPLICATE_TAG, "p", None),
    ],
)
def test_what_is_wrong_is_named_placed_and_says_its_default(
    text: str, kind: Kind, part: str, default: str | None
) -> None:
    record = dmarc.parse(text)
    [problem] = record.problems
    assert (problem.kind, problem.part, problem.default) == (kind, part, default)
    assert text[problem.offset :].startswith(part)
    assert record.usable


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f"v=DMARC1; p=none {RUA}", {Kind.INVALID_POLICY, Kind.GLUED_TAGS, Kind.NO_POLICY_NO_REPORTS}),
        (f"v=DMARC1; p=none, sp=none; {RUA}", {Kind.INVALID_POLICY, Kind.GLUED_TAGS}),
        (f"v=DMARC1; p=none\\; {RUA}", {Kind.INVALID_POLICY, Kind.ESCAPED_SEMICOLON}),
        (f"v=DMARC1; p=none; adkim=r aspf=r; {RUA}", {Kind.INVALID_VALUE, Kind.GLUED_TAGS}),
        ("v=DMARC1", {Kind.MISSING_POLICY, Kind.NO_POLICY_NO_REPORTS}),
    ],
)
def test_all_problems_of_a_record_are_listed(text: str, expected: set[Kind]) -> None:
    assert set(kinds(text)) == expected


def test_a_removed_tag_is_kept_with_its_value() -> None:
    record = dmarc.parse("v=DMARC1; p=reject; pct=20; RI=60; x=1")
    assert [(tag.name, tag.value) for tag in record.removed] == [("pct", "20"), ("ri", "60")]
    assert [(tag.name, tag.value) for tag in record.unknown] == [("x", "1")]


def test_a_size_limit_does_not_hide_the_address() -> None:
    [uri] = dmarc.parse("v=DMARC1; p=none; rua=mailto:a%2Bb@example.com!10m").rua
    assert (uri.address, uri.domain, uri.size) == ("a+b@example.com", "example.com", "10m")


def test_text_that_is_too_long_is_not_judged() -> None:
    assert kinds("v=DMARC1; p=none;" + " " * MAX_TEXT) == [Kind.TOO_LONG]


# --- what applies ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("tags", "domain", "subdomain", "nonexistent"),
    [
        ("p=reject", "reject", "reject", "reject"),
        ("p=reject; sp=quarantine", "reject", "quarantine", "quarantine"),
        ("p=reject; np=none", "reject", "reject", "none"),
        ("p=none; sp=quarantine; np=reject", "none", "quarantine", "reject"),
        ("p=reject; sp=quarantine; np=none; t=y", "quarantine", "none", "none"),
        ("p=none; t=y", "none", "none", "none"),
        ("p=reject; t=n", "reject", "reject", "reject"),
        ("p=reject; t=x", "reject", "reject", "reject"),
        # without a valid policy it counts as p=none if reports can be sent, and else not at all
        (RUA, "none", "none", "none"),
        (f"p=bad; sp=reject; {RUA}", "none", "none", "none"),
        (f"p=reject; sp=bad; {RUA}", "none", "none", "none"),
        (f"p=reject; np=bad; {RUA}", "none", "none", "none"),
        (f"sp=reject; {RUA}", "none", "none", "none"),
        ("", None, None, None),
        ("p=bad", None, None, None),
        ("p=reject; sp=bad", None, None, None),
        ("p=bad; rua=dmarc@example.com", None, None, None),
        ("p=bad; rua=mailto:nobody", None, None, None),
        ("p=bad; rua=nobody, mailto:a@example.com", "none", "none", "none"),
        ("p=bad; ruf=mailto:a@example.com", None, None, None),
    ],
)
def test_the_policy_that_applies(tags: str, domain: str | None, subdomain: str | None, nonexistent: str | None) -> None:
    record = dmarc.parse(f"v=DMARC1; {tags}")
    assert record.effective() == domain
    assert record.effective(Scope.SUBDOMAIN) == subdomain
    assert record.effective(Scope.NONEXISTENT) == nonexistent
    assert record.usable == (domain is not None)


def test_testing_does_not_change_what_is_published() -> None:
    record = dmarc.parse("v=DMARC1; p=reject; t=y")
    assert (record.published(), record.effective()) == (Policy.REJECT, Policy.QUARANTINE)


# --- any input -------------------------------------------------------------------------------------------------------

TAGS = [
    "p=",
    "sp=",
    "np=",
    "t=",
    "fo=",
    "rua=",
    "ruf=",
    "psd=",
    "pct=",
    "v=DMARC1",
    "none",
    "reject",
    "mailto:",
    "x@y.example",
]
PIECES = st.sampled_from([*TAGS, *';,:!=% \t\\"\u00e9', "%ff", "y", "d:s"])


@given(st.one_of(st.text(), st.binary(), st.lists(PIECES, max_size=30).map("".join).map("v=DMARC1;".__add__)))
def test_nothing_raises_and_every_part_is_where_it_is_said_to_be(text: str | bytes) -> None:
    record = dmarc.parse(text)
    dmarc.near_miss(text)
    for problem in record.problems:
        assert record.text[problem.offset :].startswith(problem.part)
    for uri in (*record.rua, *record.ruf):
        assert record.text[uri.offset :].startswith(uri.text)
    assert all((record.effective(scope) is None) != record.usable for scope in Scope)


@given(
    st.sampled_from(Policy),
    st.none() | st.sampled_from(Policy),
    st.none() | st.sampled_from(Policy),
    st.sampled_from(Alignment),
    st.booleans(),
)
def test_what_is_written_is_what_is_read(
    p: Policy, sp: Policy | None, np: Policy | None, adkim: Alignment, testing: bool
) -> None:
    parts = ["v=DMARC1", f"p={p}", *([f"sp={sp}"] if sp else []), *([f"np={np}"] if np else []), f"adkim={adkim}"]
    record = dmarc.parse("; ".join([*parts, "t=y" if testing else "t=n"]))
    assert (record.p, record.sp, record.np, record.adkim, record.testing) == (p, sp, np, adkim, testing)


@pytest.mark.parametrize("piece", ["a=b;", ";", " t=", "rua=mailto:a@b,", ",", "a@", "mailto:", "!", " ", ", p  "])
def test_reading_time_grows_with_the_length_and_not_faster(piece: str) -> None:
    def best(length: int) -> float:
        text = "v=DMARC1;rua=" + (piece * length)[:length]
        runs: list[float] = []
        for _ in range(5):
            started = time.perf_counter()
            dmarc.parse(text)
            dmarc.near_miss(text)
            runs.append(time.perf_counter() - started)
        return min(runs)

    assert best(16_000) < 12 * best(4_000) + 0.005
