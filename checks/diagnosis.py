"""From findings to the most likely causes, in the order in which to act on them.

A pure function of what the checks found. The ranking, best first: confirmed (the bounce says so and a live check shows
it), likely (a live check shows what stops mail), possible (a live check shows what some receivers mind). What could not
be told is listed beside it: it neither accuses nor clears anybody.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum

from checks.causes import Cause
from checks.check import Finding, Result, Severity


class Confidence(IntEnum):
    """How sure a cause is, best first."""

    CONFIRMED = 0
    LIKELY = 1
    POSSIBLE = 2


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


def diagnose(results: Iterable[Result], said_by_bounce: frozenset[Cause] = frozenset()) -> Diagnosis:
    """Rank what the checks found.

    ``said_by_bounce`` holds the causes that a bounce names. A cause that only the bounce names is likely: the live
    checks may be unable to see it.
    """
    steps = tuple(results)
    found = [finding for step in steps for finding in step.outcome.findings]
    blamed: dict[Cause, list[Finding]] = {cause: [] for cause in Cause if cause in said_by_bounce}
    for finding in found:
        if finding.cause is not None and finding.severity >= Severity.WARNING:
            blamed.setdefault(finding.cause, []).append(finding)
    suspects = [_suspect(cause, findings, cause in said_by_bounce) for cause, findings in blamed.items()]
    weight = {cause: sum(f.severity for f in findings) for cause, findings in blamed.items()}
    suspects.sort(key=lambda suspect: (suspect.confidence, -weight[suspect.cause]))
    return Diagnosis(
        verdict=max((step.verdict for step in steps), default=Severity.UNKNOWN),
        suspects=tuple(suspects),
        unexplained=tuple(dict.fromkeys(f.code for f in found if f.cause is None and f.severity >= Severity.WARNING)),
        unknown=tuple(
            step.check.name for step in steps if any(f.severity is Severity.UNKNOWN for f in step.outcome.findings)
        ),
    )


def _suspect(cause: Cause, findings: list[Finding], said_by_bounce: bool) -> Suspect:
    worst = max((finding.severity for finding in findings), default=None)
    if said_by_bounce and worst is Severity.PROBLEM:
        confidence = Confidence.CONFIRMED
    elif said_by_bounce or worst is Severity.PROBLEM:
        confidence = Confidence.LIKELY
    else:
        confidence = Confidence.POSSIBLE
    ordered = sorted(findings, key=lambda finding: -finding.severity)
    return Suspect(cause=cause, confidence=confidence, codes=tuple(dict.fromkeys(f.code for f in ordered)))
