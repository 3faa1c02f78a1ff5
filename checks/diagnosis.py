"""From findings to the most likely causes, in the order in which to act on them.

A pure function of what the checks found. The ranking, best first: confirmed (the bounce says so and a live check shows
it), likely (a live check shows what stops mail, or only the bounce says so), contradicted (the bounce says so, but what
it speaks of was looked at and is well by now), possible (a live check shows what some receivers mind). What could not
be told is listed beside it: it neither accuses nor clears anybody.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum

from checks.case import Case
from checks.causes import Cause
from checks.check import Finding, Result, Severity


class Confidence(IntEnum):
    """How sure a cause is. The numbers stand in history."""

    CONFIRMED = 0
    LIKELY = 1
    POSSIBLE = 2
    CONTRADICTED = 3
    """The bounce names it, and the live checks that would see it find all well: it may be over."""


@dataclass(frozen=True, kw_only=True)
class Suspect:
    """A cause and the codes of the findings that speak for it, worst first."""

    cause: Cause
    confidence: Confidence
    codes: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Diagnosis:
    """The ranked causes, the codes of findings without a cause that stop mail, and what could not be told."""

    verdict: Severity
    suspects: tuple[Suspect, ...]
    unexplained: tuple[str, ...]
    unknown: tuple[str, ...]
    """Names of the checks that could not tell, in display order."""


_BEST_FIRST = (Confidence.CONFIRMED, Confidence.LIKELY, Confidence.CONTRADICTED, Confidence.POSSIBLE)

_SEEN_BY: Mapping[Cause, tuple[tuple[str, ...], str | None]] = {
    Cause.IP_BLOCKLISTED: (("blocklists",), "BLOCKLISTS_CLEAN"),
    Cause.REVERSE_DNS: (("reverse",), "REVERSE_CONFIRMED"),
    Cause.DOMAIN_AUTH: (("spf", "dmarc"), "SPF_PASS"),
    Cause.RECIPIENT_DOMAIN_INVALID: (("domain", "mx"), None),
    Cause.UNREACHABLE_OR_EXPIRED: (("mx", "receiving"), None),
}
"""The steps that would see a cause if it were still there, all of which must be well to contradict a bounce, and the
code that must stand for the sending address of the case."""

_ACCOUNTS_FOR: Mapping[str, frozenset[Cause]] = {
    "BLOCKLISTS_POLICY_SENDING": frozenset({Cause.DOMAIN_AUTH, Cause.REVERSE_DNS}),
}
"""Findings that account for what points to other causes: a home or office line is in nobody's SPF record and has no
reverse DNS of its own, and neither is to be changed."""


def diagnose(results: Iterable[Result], case: Case | None = None) -> Diagnosis:
    """Rank what the checks found.

    A cause that only the bounce of the case names is likely: the live checks may be unable to see it.
    """
    steps = tuple(results)
    bounced = frozenset(case.bounced) if case is not None else frozenset[Cause]()
    found = [finding for step in steps for finding in step.outcome.findings]
    blamed: dict[Cause, list[Finding]] = {cause: [] for cause in Cause if cause in bounced}
    for finding in found:
        if finding.cause is not None and finding.severity >= Severity.WARNING:
            blamed.setdefault(finding.cause, []).append(finding)
    over = _contradicted(steps, by_address=case is not None and case.sender_ip is not None)
    suspects = [_suspect(cause, findings, cause in bounced, cause in over) for cause, findings in blamed.items()]
    weight = {cause: sum(f.severity for f in findings) for cause, findings in blamed.items()}
    accounted = frozenset[Cause]().union(*(_ACCOUNTS_FOR.get(f.code, ()) for f in found)) - bounced
    suspects.sort(key=lambda s: (_BEST_FIRST.index(s.confidence), s.cause in accounted, -weight[s.cause]))
    return Diagnosis(
        verdict=max((step.verdict for step in steps), default=Severity.UNKNOWN),
        suspects=tuple(suspects),
        unexplained=tuple(dict.fromkeys(f.code for f in found if f.cause is None and f.severity >= Severity.WARNING)),
        unknown=tuple(
            step.check.name for step in steps if any(f.severity is Severity.UNKNOWN for f in step.outcome.findings)
        ),
    )


def _suspect(cause: Cause, findings: list[Finding], said_by_bounce: bool, over: bool) -> Suspect:
    worst = max((finding.severity for finding in findings), default=None)
    if said_by_bounce and worst is Severity.PROBLEM:
        confidence = Confidence.CONFIRMED
    elif said_by_bounce and over:
        confidence = Confidence.CONTRADICTED
    elif said_by_bounce or worst is Severity.PROBLEM:
        confidence = Confidence.LIKELY
    else:
        confidence = Confidence.POSSIBLE
    ordered = sorted(findings, key=lambda finding: -finding.severity)
    return Suspect(cause=cause, confidence=confidence, codes=tuple(dict.fromkeys(f.code for f in ordered)))


def _contradicted(steps: Sequence[Result], *, by_address: bool) -> frozenset[Cause]:
    """The causes that were looked for where the bounce saw them, and are not there.

    The sending address makes the difference: without it the steps looked at other hosts, or at records alone. What
    could not be told contradicts nothing.
    """
    well = {step.check.name for step in steps if step.verdict <= Severity.NOTICE}
    stated = {f.code for step in steps for f in step.outcome.findings} if by_address else set[str]()
    return frozenset(
        cause
        for cause, (names, code) in _SEEN_BY.items()
        if well.issuperset(names) and (code is None or code in stated)
    )
