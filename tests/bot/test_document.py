"""The JSON contract, key by key: scripts outlive programs."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, cast

import pytest

from bot import document
from bot.history import RunLine
from bot.run import TERMINAL, Language, Record, Run, RunId, State, Step
from bot.wording import Wording, shipped
from checks import ALL, login
from checks.case import Case, Target
from checks.causes import Cause, Remedy
from checks.check import COMMON_FINDINGS, Check, Count, Desk, Finding, Outcome, RecordText, Severity
from checks.diagnosis import Confidence, Diagnosis, Suspect
from checks.network.answers import Evidence


@dataclass(frozen=True, kw_only=True)
class SampleTooMany(Finding, severity=Severity.PROBLEM, cause=Cause.DOMAIN_AUTH):
    """Too many."""

    lookups: Count
    record: RecordText | None = None


class SampleFine(Finding, severity=Severity.OK):
    """All is well."""


FTL = """
SAMPLE_TOO_MANY = { $lookups } look-ups are too many
    .detail = Receivers give up.
    .fix = DNS admin: remove some.
    .paste = v=spf1 -all
SAMPLE_FINE = All is well
    .detail = Nothing to add.
"""
TEXTS = shipped().with_text(Language.EN, "test.ftl", FTL)
WORDS = Wording(Language.EN, strict=True, catalogues=TEXTS)


async def _nothing(_desk: Desk) -> Outcome[None]:
    raise NotImplementedError


CHECKS = (
    Check(name="spf", remedy=Remedy.DNS, findings=(SampleTooMany,), run=_nothing),
    Check(name="mx", remedy=Remedy.DNS, findings=(SampleFine,), run=_nothing),
)
RUN = Run(
    id=RunId("01ARZ3NDEKTS"),
    case=Case(target=Target(domain="example.com"), reference="INC-42"),
    asked_by="somebody",
    place=TERMINAL,
    language=None,
    asked_at=1_800_000_000.0,
    version="1",
    steps=("spf", "mx"),
)
RECORD = Record(
    run=RUN,
    state=State.DONE,
    verdict=Severity.PROBLEM,
    elapsed_ms=12.5,
    queries=3,
    steps=(
        Step(
            check="spf",
            verdict=Severity.PROBLEM,
            findings=(SampleTooMany(lookups=Count(11), record=RecordText("v=spf1 \x1b[31m"), evidence=(1,)),),
            facts={"lookups": 11},
            started=1.0,
            ms=2.0,
        ),
        Step(check="mx", verdict=Severity.OK, findings=(SampleFine(),), facts=None, started=1.0, ms=2.0),
    ),
    evidence=(
        Evidence(
            number=1,
            kind="dns",
            question="example.com TXT",
            answer=("v=spf1 -all",),
            server="192.0.2.53",
            started=1.0,
            ms=1.5,
            asked_by=("spf",),
        ),
    ),
    diagnosis=Diagnosis(
        verdict=Severity.PROBLEM,
        suspects=(Suspect(cause=Cause.DOMAIN_AUTH, confidence=Confidence.LIKELY, codes=("SAMPLE_TOO_MANY",)),),
        unexplained=(),
        unknown=(),
    ),
)


def of_run(record: Record = RECORD) -> dict[str, Any]:
    """What a script reads: through JSON and back."""
    return cast("dict[str, Any]", json.loads(json.dumps(document.of_run(record, CHECKS, WORDS), allow_nan=False)))


def test_a_run_has_the_keys_of_the_contract() -> None:
    run = of_run()
    assert set(run) == {"schema", "run", "case", "verdict", "elapsed_ms", "queries", "causes", "steps", "evidence"}
    assert run["schema"] == 1
    assert run["run"] == "01ARZ3NDEKTS"
    assert (run["verdict"], run["elapsed_ms"], run["queries"]) == ("problem", 12.5, 3)
    assert run["case"]["target"] == {"domain": "example.com", "address": None}
    assert run["case"]["reference"] == "INC-42"


def test_a_cause_has_the_keys_of_the_contract() -> None:
    assert of_run()["causes"] == [
        {
            "cause": Cause.DOMAIN_AUTH.value,
            "owner": Cause.DOMAIN_AUTH.owner.value,
            "confidence": "likely",
            "findings": ["SAMPLE_TOO_MANY"],
        }
    ]


def test_a_step_has_the_keys_of_the_contract() -> None:
    spf, mx = of_run()["steps"]
    assert set(spf) == {"check", "remedy", "verdict", "elapsed_ms", "facts", "findings"}
    assert (spf["check"], spf["remedy"], spf["verdict"], spf["elapsed_ms"]) == ("spf", "dns", "problem", 2.0)
    assert spf["facts"] == {"lookups": 11}
    assert mx["facts"] is None, "could not find out"


def test_a_finding_has_the_keys_of_the_contract_and_the_text_to_paste() -> None:
    [[found], [fine]] = [step["findings"] for step in of_run()["steps"]]
    contract = {"code", "severity", "params", "evidence", "title", "detail", "fix"}
    assert set(found) == set(fine) == contract | {"paste"}
    assert (found["code"], found["severity"], found["evidence"]) == ("SAMPLE_TOO_MANY", "problem", [1])
    assert found["params"] == {"lookups": 11, "record": "v=spf1 \x1b[31m"}, "parameters are data, as they came"
    assert found["title"] == "11 look-ups are too many"
    assert (found["detail"], found["fix"]) == ("Receivers give up.", "DNS admin: remove some.")
    assert found["paste"] == "v=spf1 -all"
    assert (fine["fix"], fine["paste"]) == (None, None)


def test_evidence_has_the_keys_of_the_contract_and_its_time() -> None:
    [evidence] = of_run()["evidence"]
    assert set(evidence) == {"number", "kind", "question", "answer", "server", "ms", "asked_by"} | {"started"}
    assert evidence["answer"] == ["v=spf1 -all"]
    assert evidence["asked_by"] == ["spf"]


@pytest.mark.parametrize("state", [State.OPEN, State.INTERRUPTED])
def test_a_run_without_an_end_could_not_tell(state: State) -> None:
    open_run = Record(
        run=RUN, state=state, verdict=None, elapsed_ms=None, queries=None, steps=(), evidence=(), diagnosis=None
    )
    run = of_run(open_run)
    assert (run["verdict"], run["causes"], run["elapsed_ms"]) == ("unknown", [], None)


def test_a_step_of_a_check_that_is_gone_has_no_remedy() -> None:
    assert document.of_run(RECORD, (), WORDS)["steps"][0]["remedy"] is None  # type: ignore[index,call-overload] # JSON


def test_a_list_of_runs_holds_what_a_line_shows() -> None:
    line = RunLine(
        id=RUN.id,
        target="example.com",
        ticket=None,
        asked_by="somebody",
        asked_at=1.0,
        state=State.DONE,
        verdict=Severity.OK,
        causes=(Cause.DOMAIN_AUTH,),
    )
    [row] = cast("list[dict[str, Any]]", json.loads(json.dumps(document.of_runs([line]))))
    assert set(row) == {"id", "target", "ticket", "asked_by", "asked_at", "state", "verdict", "causes"}
    assert row["verdict"] == "ok", "a verdict is a word wherever scripts read one"


def test_every_code_is_listed_once_with_its_title_in_every_language() -> None:
    rows = cast("list[dict[str, Any]]", document.of_codes(ALL))
    of_checks = {code.code for check in ALL for code in check.findings}
    assert {row["code"] for row in rows} == of_checks | {code.code for code in (*COMMON_FINDINGS, *login.FINDINGS)}
    assert len({(row["code"], row["check"]) for row in rows}) == len(rows)
    for row in rows:
        assert set(row) == {"code", "check", "severity", "cause", "parameters", "title"}
        assert set(row["title"]) == {language.value for language in Language}
        assert all(row["title"].values()), row["code"]
        assert all(title != row["code"] for title in row["title"].values()), "a code is no title"


def test_common_codes_belong_to_no_check() -> None:
    rows = cast("list[dict[str, Any]]", document.of_codes(CHECKS[:0]))
    assert {row["check"] for row in rows} == {None}
    assert {row["code"] for row in rows} == {code.code for code in (*COMMON_FINDINGS, *login.FINDINGS)}
