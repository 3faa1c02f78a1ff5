"""MTA-STS: the TXT record, the policy file, and which hosts a policy covers."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.records import mta_sts
from checks.records.mta_sts import Kind, Mode, PolicyKind
from checks.records.tags import MAX_TEXT

POLICY = "version: STSv1\nmode: enforce\nmx: mail.example.com\nmx: *.example.net\nmax_age: 604800\n"


@pytest.mark.parametrize(
    "text", ["v=STSv1; id=20260101T000000", "v=STSv1;id=a;", "v=STSv1 ; id=1; x=y;", b"v=STSv1; id=1"]
)
def test_a_good_record_has_its_id(text: str | bytes) -> None:
    record = mta_sts.parse(text)
    assert record.problems == ()
    assert record.usable
    assert record.id in {"20260101T000000", "a", "1"}
    assert not mta_sts.is_near_miss(text)


@pytest.mark.parametrize(
    "text",
    [
        "v=stsv1; id=1",
        "v=STSv1 id=1",
        "v=STSv1",
        "v=STSv2; id=1",
        "v=STS1; id=1",
        "id=1; v=STSv1;",
        " v=STSv1; id=1",
        '"v=STSv1; id=1"',
        "\u200bv=STSv1; id=1",
        "STSv1; id=1",
        "v = STSv1; id=1",
    ],
)
def test_a_text_that_was_meant_as_mta_sts_is_told_apart(text: str) -> None:
    assert not mta_sts.is_sts_record(text)
    assert mta_sts.is_near_miss(text)
    assert [problem.kind for problem in mta_sts.parse(text).problems] == [Kind.NOT_STS]


@pytest.mark.parametrize("text", ["", "v=spf1 -all", "v=TLSRPTv1; rua=mailto:a@example.com", "id=1", "stsomething"])
def test_other_texts_are_no_near_miss(text: str) -> None:
    assert not mta_sts.is_near_miss(text)


@pytest.mark.parametrize(
    ("text", "kind", "part"),
    [
        ("v=STSv1;", Kind.MISSING_ID, ""),
        ("v=STSv1; id=", Kind.BAD_ID, ""),
        ("v=STSv1; id=2026-01-01", Kind.BAD_ID, "2026-01-01"),
        (f"v=STSv1; id={'1' * 33}", Kind.BAD_ID, "1" * 33),
        ("v=STSv1; ID=1", Kind.MISSING_ID, ""),
        ("v=STSv1; id=1; nonsense", Kind.BAD_TAG, "nonsense"),
    ],
)
def test_what_is_wrong_with_a_record_is_named_and_placed(text: str, kind: Kind, part: str) -> None:
    record = mta_sts.parse(text)
    [problem] = record.problems
    assert (problem.kind, problem.part) == (kind, part)
    assert text[problem.offset :].startswith(part)
    assert not record.usable


def test_of_two_ids_the_first_counts() -> None:
    record = mta_sts.parse("v=STSv1; id=1; id=2")
    assert (record.id, record.usable) == ("1", True)
    assert [problem.kind for problem in record.problems] == [Kind.DUPLICATE_TAG]


def test_text_that_is_too_long_is_not_judged() -> None:
    assert [p.kind for p in mta_sts.parse("v=STSv1;" + "x" * MAX_TEXT).problems] == [Kind.TOO_LONG]
    assert [p.kind for p in mta_sts.parse_policy("x" * (mta_sts.MAX_POLICY + 1)).problems] == [PolicyKind.TOO_LONG]


@pytest.mark.parametrize("ending", ["\n", "\r\n", " \r\n", "\n\n"])
def test_a_policy_is_read_whatever_ends_its_lines(ending: str) -> None:
    policy = mta_sts.parse_policy(POLICY.replace("\n", ending).encode())
    assert policy.problems == ()
    assert policy.usable
    assert (policy.mode, policy.max_age) == (Mode.ENFORCE, 604_800)
    assert policy.mx == ("mail.example.com", "*.example.net")


@pytest.mark.parametrize(
    ("old", "new", "kind", "part", "line"),
    [
        ("version: STSv1\n", "", PolicyKind.MISSING_VERSION, "", 0),
        ("STSv1", "STSv2", PolicyKind.WRONG_VERSION, "STSv2", 1),
        ("mode: enforce\n", "", PolicyKind.MISSING_MODE, "", 0),
        ("enforce", "strict", PolicyKind.UNKNOWN_MODE, "strict", 2),
        ("max_age: 604800\n", "", PolicyKind.MISSING_MAX_AGE, "", 0),
        ("604800", "1 week", PolicyKind.BAD_MAX_AGE, "1 week", 5),
        ("604800", "31557601", PolicyKind.MAX_AGE_TOO_LARGE, "31557601", 5),
        ("604800", "12345678901", PolicyKind.BAD_MAX_AGE, "12345678901", 5),
        ("mx: mail.example.com\nmx: *.example.net\n", "", PolicyKind.NO_MX, "", 0),
        ("mail.example.com", "*", PolicyKind.BAD_MX, "*", 3),
        ("mail.example.com", "mail.*.example.com", PolicyKind.BAD_MX, "mail.*.example.com", 3),
        ("mail.example.com", "mail.example.com.", PolicyKind.BAD_MX, "mail.example.com.", 3),
        ("mail.example.com", "<b>", PolicyKind.BAD_MX, "<b>", 3),
        ("mode: enforce", "mode enforce\nmode: none", PolicyKind.BAD_LINE, "mode enforce", 2),
    ],
)
def test_a_policy_with_an_error_is_invalid_and_says_where(
    old: str, new: str, kind: PolicyKind, part: str, line: int
) -> None:
    policy = mta_sts.parse_policy(POLICY.replace(old, new))
    assert [(problem.kind, problem.part, problem.line) for problem in policy.problems] == [(kind, part, line)]
    assert not policy.usable


def test_repeated_and_unknown_fields_do_no_harm() -> None:
    policy = mta_sts.parse_policy(POLICY + "mode: none\nnote: hello\n")
    assert policy.usable
    assert policy.mode is Mode.ENFORCE
    assert [problem.kind for problem in policy.problems] == [PolicyKind.DUPLICATE_FIELD, PolicyKind.UNKNOWN_FIELD]


def test_a_policy_in_mode_none_needs_no_host() -> None:
    assert mta_sts.parse_policy("version: STSv1\nmode: none\nmax_age: 86400").usable


@pytest.mark.parametrize(
    ("pattern", "host", "expected"),
    [
        ("mail.example.com", "mail.example.com", True),
        ("mail.example.com", "MAIL.Example.com.", True),
        ("Mail.Example.com", "mail.example.com", True),
        ("mail.example.com", "mx.mail.example.com", False),
        ("*.example.com", "mail.example.com", True),
        ("*.example.com", "a.b.example.com", False),
        ("*.example.com", "example.com", False),
        ("*.example.com", ".example.com", False),
        ("*.example.com", "mail.badexample.com", False),
        (".example.com", "mail.example.com", False),
    ],
)
def test_a_wildcard_stands_for_one_leftmost_label(pattern: str, host: str, expected: bool) -> None:
    assert mta_sts.matches(pattern, host) is expected


def test_a_policy_covers_a_host_that_any_pattern_matches() -> None:
    policy = mta_sts.parse_policy(POLICY)
    assert policy.covers("mx1.example.net")
    assert policy.covers("mail.example.com")
    assert not policy.covers("mail.example.org")


LINES = st.sampled_from(
    ["version: STSv1", "mode: enforce", "mx: a.example", "mx:", "max_age: 1", ":", "\r", "\n", "x", "\u0661"]
)


@given(st.one_of(st.text(), st.binary(), st.lists(LINES).map("\n".join)))
def test_nothing_raises_and_every_part_is_where_it_is_said_to_be(text: str | bytes) -> None:
    for body in (text, f"v=STSv1;{text!r}", b"v=STSv1;" + text if isinstance(text, bytes) else "v=STSv1;" + text):
        record = mta_sts.parse(body)
        mta_sts.is_near_miss(body)
        for problem in record.problems:
            assert record.text[problem.offset :].startswith(problem.part)
    policy = mta_sts.parse_policy(text)
    lines = policy.text.split("\n")
    for flaw in policy.problems:
        assert flaw.line == 0 or flaw.part in lines[flaw.line - 1]
    assert not policy.usable or policy.mode is not None
