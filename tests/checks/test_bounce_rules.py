"""The rules are data: each is whole, and a broken file is refused with its place."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, cast

import pytest

from checks.bounce import read
from checks.bounce.rules import SHIPPED, BadRulesError, fold, load, shipped


def test_every_rule_has_a_reason_and_a_source() -> None:
    for rule in shipped().every:
        assert rule.reason, rule.id
        assert rule.source, rule.id


def test_texts_are_folded_so_that_a_pattern_is_written_once() -> None:
    assert fold("User DOESN’T  exist") == "user does not exist"
    assert fold("Boîte pleine") == "boite pleine"
    assert fold("E-Mail to <User@Example.org> from [203.0.113.7]") == "email to <addr> from <ip>"
    assert fold("550-5.7.1 first\n550 5.7.1 second") == "first 550 5.7.1 second"
    assert fold("パスワード") == "パスワード"


def broken(tmp_path: Path, **changes: object) -> Path:
    file = cast("dict[str, Any]", json.loads(SHIPPED.read_text("utf-8")))
    file["rules"][0].update(changes)
    path = tmp_path / "rules.json"
    path.write_text(json.dumps(file), "utf-8")
    return path


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        ({"cause": "bad_luck"}, "no cause"),
        ({"any": ["("]}, "lookup-from-open-resolver"),
        ({"any": ["{nowhere} full"]}, "no family"),
        ({"any": []}, "rules.0.any"),
        ({"colour": "red"}, "colour"),
        ({"id": "greylisted"}, "twice"),
    ],
)
def test_a_broken_rule_is_refused_with_its_place(tmp_path: Path, changes: dict[str, object], complaint: str) -> None:
    with pytest.raises(BadRulesError, match=complaint):
        load(broken(tmp_path, **changes))


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadRulesError, match="No such file"):
        load(tmp_path / "none.json")


def test_every_rule_decides_some_known_wording() -> None:
    data = Path(__file__).parents[1] / "data" / "bounces" / "learning.jsonl"
    lines = [cast("dict[str, str]", json.loads(line))["line"] for line in data.read_text("utf-8").splitlines()]
    decided = {failure.rule for line in lines for failure in read(line).failures}
    assert {rule.id for rule in shipped().every} <= decided
