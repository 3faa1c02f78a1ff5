"""TLS-RPT records: report addresses, and what is wrong with them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.records import tls_rpt
from checks.records.tags import MAX_TEXT
from checks.records.tls_rpt import Kind


def test_all_report_addresses_are_read() -> None:
    text = "v=TLSRPTv1; rua=mailto:tls@Example.com , https://example.net/report;"
    record = tls_rpt.parse(text)
    assert record.problems == ()
    assert record.usable
    assert [(uri.scheme, uri.domain) for uri in record.rua] == [("mailto", "example.com"), ("https", None)]
    for uri in record.rua:
        assert text[uri.offset :].startswith(uri.text)


@pytest.mark.parametrize(
    "text",
    [
        "v=tlsrptv1; rua=mailto:a@example.com",
        "v=TLSRPTv1 rua=mailto:a@example.com",
        "v=TLSRPT1; rua=mailto:a@example.com",
        "v=TLS-RPTv1; rua=mailto:a@example.com",
        "rua=mailto:a@example.com; v=TLSRPTv1",
        "TLSRPTv1; rua=mailto:a@example.com",
        ' "v=TLSRPTv1; rua=mailto:a@example.com"',
        "v=TLSRPTv1",
    ],
)
def test_a_text_that_was_meant_as_tls_rpt_is_told_apart(text: str) -> None:
    assert not tls_rpt.is_tls_rpt_record(text)
    assert tls_rpt.is_near_miss(text)
    assert [problem.kind for problem in tls_rpt.parse(text).problems] == [Kind.NOT_TLS_RPT]


@pytest.mark.parametrize(
    "text", ["", "v=spf1 -all", "v=TLSRPTv1; rua=mailto:a@example.com", "rua=mailto:a@example.com"]
)
def test_other_texts_are_no_near_miss(text: str) -> None:
    assert not tls_rpt.is_near_miss(text)


@pytest.mark.parametrize(
    ("tags", "kind", "part", "usable"),
    [
        ("", Kind.MISSING_RUA, "", False),
        ("rua=mailto:a@example.com; nonsense", Kind.BAD_TAG, "nonsense", False),
        ("rua=mailto:a@example.com; mailto:b@example.com", Kind.SEMICOLON_IN_LIST, "mailto:b@example.com", False),
        ("rua=mailto:a@example.com, b@example.com", Kind.NOT_A_URI, "b@example.com", True),
        ("rua=mailto:a@example.com, http://example.com/", Kind.OTHER_SCHEME, "http://example.com/", True),
        ("rua=mailto:a@example.com, mailto:example.com", Kind.BAD_ADDRESS, "mailto:example.com", True),
        ("rua=mailto:a@example.com, https:/example.com", Kind.BAD_ADDRESS, "https:/example.com", True),
        ("rua=mailto:a@example.com; rua=mailto:b@example.com", Kind.DUPLICATE_TAG, "rua", True),
        ("rua=mailto:a@example.com; x=y", Kind.UNKNOWN_TAG, "x", True),
    ],
)
def test_what_is_wrong_is_named_and_placed(tags: str, kind: Kind, part: str, usable: bool) -> None:
    text = f"v=TLSRPTv1; {tags}"
    record = tls_rpt.parse(text)
    [problem] = record.problems
    assert (problem.kind, problem.part) == (kind, part)
    assert text[problem.offset :].startswith(part)
    assert record.usable is usable


@pytest.mark.parametrize("value", ["", "a@example.com", "mailto:", "ftp://example.com"])
def test_without_one_good_address_nobody_reports(value: str) -> None:
    record = tls_rpt.parse(f"v=TLSRPTv1; rua={value}")
    assert Kind.NO_VALID_RUA in {problem.kind for problem in record.problems}
    assert not record.usable


def test_text_that_is_too_long_is_not_judged() -> None:
    assert [problem.kind for problem in tls_rpt.parse("v=TLSRPTv1;" + "x" * MAX_TEXT).problems] == [Kind.TOO_LONG]


PIECES = st.sampled_from(["rua=", "mailto:", "https://", "a@example.com", *",;:= \t!\u00e9", "v=TLSRPTv1"])


@given(st.one_of(st.text(), st.binary(), st.lists(PIECES).map("".join).map("v=TLSRPTv1;".__add__)))
def test_nothing_raises_and_every_part_is_where_it_is_said_to_be(text: str | bytes) -> None:
    record = tls_rpt.parse(text)
    tls_rpt.is_near_miss(text)
    for problem in record.problems:
        assert record.text[problem.offset :].startswith(problem.part)
    for uri in record.rua:
        assert record.text[uri.offset :].startswith(uri.text)
    assert not record.usable or record.rua
