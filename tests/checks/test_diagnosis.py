"""From findings to ranked causes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.causes import Cause, Remedy
from checks.check import Check, Finding, Outcome, Result, Severity
from checks.diagnosis import Confidence, Suspect, diagnose

Ranking = tuple[list[type[Finding]], frozenset[Cause], list[tuple[Cause, Confidence]]]


class DiagFine(Finding, severity=Severity.OK, cause=Cause.DOMAIN_AUTH):
    """Made up."""


class DiagUntidy(Finding, severity=Severity.NOTICE, cause=Cause.DOMAIN_AUTH):
    """Made up."""


class DiagUntold(Finding, severity=Severity.UNKNOWN, cause=Cause.IP_BLOCKLISTED):
    """Made up."""


class DiagWeakKey(Finding, severity=Severity.WARNING, cause=Cause.DOMAIN_AUTH):
    """Made up."""


class DiagBroken(Finding, severity=Severity.PROBLEM, cause=Cause.DOMAIN_AUTH):
    """Made up."""


class DiagNoPtr(Finding, severity=Severity.WARNING, cause=Cause.REVERSE_DNS):
    """Made up."""


class DiagListed(Finding, severity=Severity.PROBLEM, cause=Cause.IP_BLOCKLISTED):
    """Made up."""


class DiagOdd(Finding, severity=Severity.WARNING):
    """Made up."""


ALL = [DiagFine, DiagUntidy, DiagUntold, DiagWeakKey, DiagBroken, DiagNoPtr, DiagListed, DiagOdd]


async def _no_run(_: object) -> Outcome[None]:
    raise NotImplementedError


def step(name: str, *codes: type[Finding]) -> Result:
    check = Check(name=name, remedy=Remedy.DNS, findings=codes, run=_no_run)
    return Result(check=check, outcome=Outcome(None, tuple(code() for code in codes)), started=0, ms=0)


def ranked(*codes: type[Finding], bounce: frozenset[Cause] = frozenset()) -> list[tuple[Cause, Confidence]]:
    return [(each.cause, each.confidence) for each in diagnose([step("a", *codes)], bounce).suspects]


SMTP_LOGIN = Cause.SMTP_LOGIN
DOMAIN_AUTH = Cause.DOMAIN_AUTH


NOBODY: frozenset[Cause] = frozenset()
RANKINGS: list[Ranking] = [
    ([DiagFine, DiagUntidy, DiagUntold], NOBODY, []),
    ([DiagWeakKey], NOBODY, [(DOMAIN_AUTH, Confidence.POSSIBLE)]),
    ([DiagBroken], NOBODY, [(DOMAIN_AUTH, Confidence.LIKELY)]),
    ([DiagBroken], frozenset({DOMAIN_AUTH}), [(DOMAIN_AUTH, Confidence.CONFIRMED)]),
    ([DiagWeakKey], frozenset({DOMAIN_AUTH}), [(DOMAIN_AUTH, Confidence.LIKELY)]),
    ([DiagFine], frozenset({SMTP_LOGIN}), [(SMTP_LOGIN, Confidence.LIKELY)]),
    (
        [DiagNoPtr, DiagListed, DiagBroken],
        frozenset({DOMAIN_AUTH}),
        [
            (DOMAIN_AUTH, Confidence.CONFIRMED),
            (Cause.IP_BLOCKLISTED, Confidence.LIKELY),
            (Cause.REVERSE_DNS, Confidence.POSSIBLE),
        ],
    ),
    (
        [DiagNoPtr, DiagWeakKey, DiagWeakKey],
        NOBODY,
        [(DOMAIN_AUTH, Confidence.POSSIBLE), (Cause.REVERSE_DNS, Confidence.POSSIBLE)],
    ),
    (
        [DiagListed],
        frozenset({SMTP_LOGIN}),
        [(Cause.IP_BLOCKLISTED, Confidence.LIKELY), (SMTP_LOGIN, Confidence.LIKELY)],
    ),
]


@pytest.mark.parametrize(("codes", "bounce", "expected"), RANKINGS)
def test_causes_are_ranked(
    codes: list[type[Finding]], bounce: frozenset[Cause], expected: list[tuple[Cause, Confidence]]
) -> None:
    assert ranked(*codes, bounce=bounce) == expected


def test_a_suspect_lists_its_codes_worst_first_and_once() -> None:
    (suspect,) = diagnose([step("a", DiagWeakKey, DiagBroken), step("b", DiagWeakKey)]).suspects
    assert suspect == Suspect(cause=DOMAIN_AUTH, confidence=Confidence.LIKELY, codes=("DIAG_BROKEN", "DIAG_WEAK_KEY"))


def test_what_could_not_be_told_stands_beside_in_display_order() -> None:
    told = diagnose([step("a", DiagUntold, DiagListed), step("b", DiagFine), step("c", DiagUntold)])
    assert told.unknown == ("a", "c")
    assert [each.codes for each in told.suspects] == [("DIAG_LISTED",)]


def test_findings_without_a_cause_are_not_lost() -> None:
    told = diagnose([step("a", DiagOdd, DiagOdd, DiagFine)])
    assert (told.unexplained, told.suspects, told.verdict) == (("DIAG_ODD",), (), Severity.WARNING)


def test_without_results_nothing_is_known() -> None:
    told = diagnose([])
    assert (told.verdict, told.suspects, told.unexplained, told.unknown) == (Severity.UNKNOWN, (), (), ())


@given(st.lists(st.lists(st.sampled_from(ALL), min_size=1), max_size=5), st.frozensets(st.sampled_from(Cause)))
def test_every_cause_comes_once_best_first_and_none_is_invented(
    found: list[list[type[Finding]]], bounce: frozenset[Cause]
) -> None:
    told = diagnose([step(f"c{n}", *codes) for n, codes in enumerate(found)], bounce)
    causes = [each.cause for each in told.suspects]
    assert len(set(causes)) == len(causes)
    blamed = {code.cause for codes in found for code in codes if code.severity >= Severity.WARNING} - {None}
    assert set(causes) == blamed | bounce
    assert sorted(told.suspects, key=lambda each: each.confidence) == list(told.suspects)
    assert all(each.confidence is not Confidence.CONFIRMED or each.cause in bounce for each in told.suspects)
