"""The JSON contract: a run, the list of runs and the codes as scripts read them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from bot.history import RunLine
from bot.run import Language, Record, Step
from bot.spans import plain
from bot.wording import Wording
from checks import login, wire
from checks.check import COMMON_FINDINGS, Check, Finding, Severity
from checks.network import Evidence
from checks.wire import Json

SCHEMA = 1
"""Grows only when something that scripts rely on changes its meaning."""


def of_run(record: Record, checks: Sequence[Check[Any]], words: Wording) -> dict[str, Json]:
    """One run, whole."""
    remedies = {check.name: check.remedy.value for check in checks}
    verdict = Severity.UNKNOWN if record.verdict is None else record.verdict
    suspects = record.diagnosis.suspects if record.diagnosis else ()
    return {
        "schema": SCHEMA,
        "run": record.run.id,
        "case": wire.to_json(record.run.case),
        "verdict": verdict.name.lower(),
        "elapsed_ms": record.elapsed_ms,
        "queries": record.queries,
        "causes": [
            {
                "cause": suspect.cause.value,
                "owner": suspect.cause.owner.value,
                "confidence": suspect.confidence.name.lower(),
                "findings": list(suspect.codes),
            }
            for suspect in suspects
        ],
        "steps": [_step(step, remedies.get(step.check), words) for step in record.steps],
        "evidence": [_evidence(evidence) for evidence in record.evidence],
    }


def of_runs(rows: Iterable[RunLine]) -> list[Json]:
    """A list of runs, newest first."""
    return [
        {
            "id": row.id,
            "target": row.target,
            "ticket": row.ticket,
            "asked_by": row.asked_by,
            "asked_at": row.asked_at,
            "state": row.state.value,
            "verdict": None if row.verdict is None else row.verdict.name.lower(),
            "causes": [cause.value for cause in row.causes],
        }
        for row in rows
    ]


def of_codes(checks: Sequence[Check[Any]]) -> list[Json]:
    """Every code there is, with the check it belongs to; the common ones belong to none."""
    languages = [Wording(language) for language in Language]
    rows: list[Json] = []
    for check, code in every_code(checks):
        rows.append(
            {
                "code": code.code,
                "check": check.name if check else None,
                "severity": code.severity.name.lower(),
                "cause": code.cause.value if code.cause else None,
                "parameters": dict(wire.parameter_types(code)),
                "title": {words.language.value: plain(words.pattern(code) or ()) for words in languages},
            }
        )
    return rows


def every_code(checks: Sequence[Check[Any]]) -> Iterable[tuple[Check[Any] | None, type[Finding]]]:
    """Every code with its check, in display order; last, those that any check may be given, and those of a login."""
    for check in checks:
        for code in check.findings:
            yield check, code
    for code in (*COMMON_FINDINGS, *login.FINDINGS):
        yield None, code


def _step(step: Step, remedy: str | None, words: Wording) -> Json:
    return {
        "check": step.check,
        "remedy": remedy,
        "verdict": step.verdict.name.lower(),
        "elapsed_ms": step.ms,
        "facts": step.facts,
        "findings": [_finding(finding, words) for finding in step.findings],
    }


def _finding(finding: Finding, words: Wording) -> Json:
    fix = words.fix(finding)
    return {
        "code": finding.code,
        "severity": finding.severity.name.lower(),
        "params": dict(wire.parameters(finding)),
        "evidence": list(finding.evidence),
        "title": plain(words.title(finding)),
        "detail": plain(words.detail(finding)),
        "fix": None if fix is None else plain(fix),
        "paste": words.paste(finding),
    }


def _evidence(evidence: Evidence) -> Json:
    return {
        "number": evidence.number,
        "kind": evidence.kind,
        "question": evidence.question,
        "answer": list(evidence.answer),
        "server": evidence.server,
        "started": evidence.started,
        "ms": evidence.ms,
        "asked_by": list(evidence.asked_by),
    }
