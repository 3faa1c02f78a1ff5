"""From findings to ranked causes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.case import Case, Target
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


def bounced(causes: frozenset[Cause], sender_ip: str | None = None) -> Case:
    return Case(target=Target(domain="example.com"), bounced=(*causes,), sender_ip=sender_ip)


def ranked(*codes: type[Finding], bounce: frozenset[Cause] = frozenset()) -> list[tuple[Cause, Confidence]]:
    return [(each.cause, each.confidence) for each in diagnose([step("a", *codes)], bounced(bounce)).suspects]


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
    told = diagnose([step(f"c{n}", *codes) for n, codes in enumerate(found)], bounced(bounce))
    causes = [each.cause for each in told.suspects]
    assert len(set(causes)) == len(causes)
    blamed = {code.cause for codes in found for code in codes if code.severity >= Severity.WARNING} - {None}
    assert set(causes) == blamed | bounce
    assert sorted(told.suspects, key=lambda each: each.confidence) == list(told.suspects)
    assert all(each.confidence is not Confidence.CONFIRMED or each.cause in bounce for each in told.suspects)


class BlocklistsClean(Finding, severity=Severity.OK):
    """Made up, with the code of the real one."""


class SpfPass(Finding, severity=Severity.OK):
    """Made up, with the code of the real one."""


@pytest.mark.parametrize(
    ("found", "sender_ip", "expected"),
    [
        ({"blocklists": [BlocklistsClean]}, "192.0.2.1", Confidence.CONTRADICTED),
        ({"blocklists": [BlocklistsClean, DiagUntidy]}, "192.0.2.1", Confidence.CONTRADICTED),
        ({"blocklists": [BlocklistsClean]}, None, Confidence.LIKELY),  # it was the mail hosts that were looked up
        ({"blocklists": [BlocklistsClean, DiagUntold]}, "192.0.2.1", Confidence.LIKELY),
        ({"blocklists": [DiagFine]}, "192.0.2.1", Confidence.LIKELY),
        ({"reverse": [DiagFine]}, "192.0.2.1", Confidence.LIKELY),
        ({"blocklists": [DiagListed]}, "192.0.2.1", Confidence.CONFIRMED),
    ],
)
def test_a_bounce_is_contradicted_only_by_what_was_looked_at_and_is_well(
    found: dict[str, list[type[Finding]]], sender_ip: str | None, expected: Confidence
) -> None:
    case = bounced(frozenset({Cause.IP_BLOCKLISTED}), sender_ip)
    told = diagnose([step(name, *codes) for name, codes in found.items()], case)
    (suspect,) = [each for each in told.suspects if each.cause is Cause.IP_BLOCKLISTED]
    assert suspect.confidence is expected


def test_domain_authentication_is_cleared_by_a_pass_for_the_sending_address_only() -> None:
    steps = [step("spf", SpfPass), step("dmarc", DiagFine)]
    said = frozenset({Cause.DOMAIN_AUTH})
    assert diagnose(steps, bounced(said, "192.0.2.1")).suspects[0].confidence is Confidence.CONTRADICTED
    assert diagnose(steps, bounced(said)).suspects[0].confidence is Confidence.LIKELY
    assert diagnose(steps[:1], bounced(said, "192.0.2.1")).suspects[0].confidence is Confidence.LIKELY


def test_the_way_to_the_recipient_needs_no_sending_address() -> None:
    steps = [step("domain", DiagFine), step("mx", DiagFine)]
    case = bounced(frozenset({Cause.RECIPIENT_DOMAIN_INVALID}))
    assert diagnose(steps, case).suspects[0].confidence is Confidence.CONTRADICTED


class BlocklistsPolicySending(Finding, severity=Severity.PROBLEM, cause=Cause.IP_BLOCKLISTED):
    """Made up, with the code of the real one."""


def test_a_home_line_accounts_for_a_failing_spf_and_a_missing_name() -> None:
    steps = [step("spf", DiagBroken, DiagWeakKey), step("reverse", DiagNoPtr)]
    assert diagnose(steps).suspects[0].cause is Cause.DOMAIN_AUTH
    steps.append(step("blocklists", BlocklistsPolicySending))
    assert diagnose(steps).suspects[0].cause is Cause.IP_BLOCKLISTED
    said = bounced(frozenset({Cause.DOMAIN_AUTH}))
    assert diagnose(steps, said).suspects[0].cause is Cause.DOMAIN_AUTH
