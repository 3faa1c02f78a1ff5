"""The table of what is told apart: every code in it exists, and nothing is missing from it without a reason."""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from pathlib import Path
from typing import NotRequired, TypedDict, cast

import pytest

from checks import ALL

REPOSITORY = Path(__file__).parents[1]
SHARED = REPOSITORY.parent / "shared" / "checklists.md"
SECTIONS = {"C5": "5", "C6": "6", "C7": "7", "C8": "8"}
"""Sections whose conditions are numbered within one line, and what their rows begin with here."""


class Row(TypedDict):
    """One row of the table."""

    id: str
    condition: str
    codes: list[str]
    note: NotRequired[str]


def table() -> list[Row]:
    return cast("list[Row]", tomllib.loads((REPOSITORY / "docs" / "checklist_rows.toml").read_text("utf-8"))["row"])


def test_every_code_in_the_table_exists() -> None:
    known = {code.code for check in ALL for code in check.findings}
    assert not {code for row in table() for code in row["codes"]} - known


def test_every_row_has_a_code_or_says_why_not_and_stands_there_once() -> None:
    for row in table():
        assert row["condition"]
        assert row["codes"] or row.get("note"), row["id"]
        assert len(row["codes"]) == len({*row["codes"]}), row["id"]
    assert [name for name, count in Counter(row["id"] for row in table()).items() if count > 1] == []


def listed() -> set[str]:
    """The rows of C0 to C8 of the shared checklists."""
    found: set[str] = set()
    for section in re.split(r"^### ", SHARED.read_text("utf-8"), flags=re.MULTILINE)[1:]:
        name = section.split(".", 1)[0]
        if not re.fullmatch(r"C[0-8]", name):
            continue
        if name in SECTIONS:
            numbers = re.findall(r"(?:^| · )(\d+) ", section.split("\n", 1)[1], flags=re.MULTILINE)
            found |= {f"{SECTIONS[name]}.{number}" for number in numbers}
        else:
            found |= set(re.findall(r"^\| ([A-Z]\d+) \|", section, flags=re.MULTILINE))
    return found


@pytest.mark.skipif(not SHARED.exists(), reason="the reference data is not beside this repository")
def test_every_condition_of_the_shared_checklists_is_in_the_table() -> None:
    assert listed() == {row["id"] for row in table()}
