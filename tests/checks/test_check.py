"""The promises of every check: names of codes, severities, types of parameters, what it declares."""

from __future__ import annotations

import re
from dataclasses import fields, is_dataclass
from itertools import pairwise
from types import NoneType, UnionType
from typing import Any, ClassVar, Union, get_args, get_origin, get_type_hints

import pytest

import checks
from checks.case import Case, Target
from checks.causes import Cause, Remedy, Side
from checks.check import (
    COMMON_FINDINGS,
    PARAMETER_TYPES,
    Check,
    CheckName,
    CheckSkipped,
    Finding,
    Outcome,
    Result,
    Severity,
    every_case,
)

CODES = [*COMMON_FINDINGS, *(code for check in checks.ALL for code in check.findings)]


def parameter_type(hint: object) -> object:
    """What is left of a hint without "or None" and "some of them"."""
    if get_origin(hint) in (Union, UnionType):
        (hint,) = (option for option in get_args(hint) if option is not NoneType)
    if get_origin(hint) is tuple:
        hint, rest = get_args(hint)
        assert rest is ...
    return hint


@pytest.mark.parametrize("code", CODES, ids=lambda code: code.code)
def test_a_code_has_typed_parameters_and_says_when_it_is_stated(code: type[Finding]) -> None:
    assert is_dataclass(code)
    hints = get_type_hints(code)
    odd = {
        field.name: hints[field.name]
        for field in fields(code)
        if field.name != "evidence" and parameter_type(hints[field.name]) not in PARAMETER_TYPES
    }
    assert not odd
    assert code.__doc__
    assert not code.__doc__.startswith(f"{code.__name__}("), "the docstring is the one dataclass makes"
    assert code.__doc__ != Finding.__doc__


def test_codes_are_unique_and_belong_to_one_check() -> None:
    assert len({code.code for code in CODES}) == len(CODES)
    assert len({check.name for check in checks.ALL}) == len(checks.ALL)


@pytest.mark.parametrize("check", checks.ALL, ids=lambda check: check.name)
def test_a_check_names_its_codes_after_itself_and_is_displayed_after_what_it_needs(check: Check[Any]) -> None:
    assert all(code.code.startswith(f"{check.name.upper()}_") for code in check.findings)
    assert re.fullmatch(r"[a-z][a-z_]*", check.name)
    names = [each.name for each in checks.ALL]
    assert {need.name for need in check.needs} <= set(names)
    assert check not in check.needs
    assert 0 < check.budget <= 20
    assert isinstance(check.remedy, Remedy)


class MadeUpTooMany2Names(Finding, severity=Severity.WARNING, cause=Cause.DOMAIN_AUTH):
    """Made up."""


class Ipv6NotTried(Finding, severity=Severity.NOTICE):
    """Made up."""


class DkimSha1Only(MadeUpTooMany2Names, severity=Severity.PROBLEM):
    """Made up."""


@pytest.mark.parametrize(
    ("code", "name"),
    [
        (MadeUpTooMany2Names, "MADE_UP_TOO_MANY2_NAMES"),
        (Ipv6NotTried, "IPV6_NOT_TRIED"),
        (DkimSha1Only, "DKIM_SHA1_ONLY"),
    ],
)
def test_a_code_is_named_after_its_class(code: type[Finding], name: str) -> None:
    assert code.code == name


def test_severity_and_cause_are_those_of_the_class_statement() -> None:
    assert (MadeUpTooMany2Names.severity, MadeUpTooMany2Names.cause) == (Severity.WARNING, Cause.DOMAIN_AUTH)
    assert (DkimSha1Only.severity, DkimSha1Only.cause) == (Severity.PROBLEM, None)
    hints = get_type_hints(Finding, include_extras=True)
    assert all(get_origin(hints[name]) is ClassVar for name in ("severity", "cause", "code"))


def test_severities_ascend() -> None:
    order = [Severity.OK, Severity.NOTICE, Severity.UNKNOWN, Severity.WARNING, Severity.PROBLEM]
    assert all(lower < higher for lower, higher in pairwise(order))
    assert len(order) == len(Severity)


async def _no_run(_: object) -> Outcome[None]:
    raise NotImplementedError


def test_the_verdict_is_the_worst_finding() -> None:
    check = Check(name="made_up", remedy=Remedy.DNS, findings=(MadeUpTooMany2Names, Ipv6NotTried), run=_no_run)
    outcome: Outcome[None] = Outcome(None, (Ipv6NotTried(), MadeUpTooMany2Names(), Ipv6NotTried()))
    assert Result(check=check, outcome=outcome, started=0, ms=0).verdict is Severity.WARNING
    assert every_case(Case(target=Target(domain="example.com")))


def test_a_finding_cites_each_evidence_once_and_none_that_is_not_there() -> None:
    assert DkimSha1Only(evidence=(3, 0, 1, 3, 0)).evidence == (3, 1)
    assert CheckSkipped(because=CheckName("domain"), evidence=(0,)).evidence == ()


def test_findings_cannot_be_changed() -> None:
    with pytest.raises(AttributeError):
        Ipv6NotTried().evidence = (1,)  # type: ignore[misc] # that is the point


def test_causes_have_stable_names_an_owner_and_most_a_remedy() -> None:
    assert {cause.value: cause for cause in Cause}["smtp_login"] is Cause.SMTP_LOGIN
    assert all(cause.value == cause.name.lower() for cause in Cause)
    assert all(isinstance(cause.owner, Side) for cause in Cause)
    assert {cause.remedy for cause in Cause} - {None} <= set(Remedy)


def test_what_could_not_be_told_accuses_nobody() -> None:
    assert all(code.severity is Severity.UNKNOWN and code.cause is None for code in COMMON_FINDINGS)
