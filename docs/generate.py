"""Writes the pages of ``docs/`` that follow from the code: ``checks/*.md``, ``checklist.md`` and ``rfcs.md``.

Run by ``make docs``; CI fails if a page would change. Nothing here depends on time, machine or network.
"""

from __future__ import annotations

import inspect
import re
import sys
import tomllib
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from bot.run import Language
from bot.spans import Code, Span
from bot.wording import Wording
from checks import ALL, wire
from checks.check import COMMON_FINDINGS, Check, Finding

DOCS = Path(__file__).parent
ROOT = DOCS.parent
NOTE = "<!-- Written by `make docs` from the code: change the code, not this page. -->"
_REFERENCE = re.compile(r"RFC (\d{3,5})(?:[, ]+§+ ?([0-9.]+(?:\([0-9]+\))?[0-9]?))?")

words = Wording(Language.EN)


def main() -> None:
    """Write every page, and delete those whose check has gone."""
    pages = dict(_pages())
    for path in (DOCS / "checks").glob("*.md"):
        if path not in pages:
            path.unlink()
    for path, text in pages.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    print(f"{len(pages)} pages written")


def _pages() -> Iterator[tuple[Path, str]]:
    yield DOCS / "checks" / "README.md", _overview()
    for check in ALL:
        yield DOCS / "checks" / f"{check.name}.md", _check(check)
    yield DOCS / "checklist.md", _checklist()
    yield DOCS / "rfcs.md", _rfcs()


def _overview() -> str:
    rows = [
        f"| [{check.name}]({check.name}.md) | {check.remedy.value} | {_first_sentence(check)} | {len(check.findings)} |"
        for check in ALL
    ]
    total = sum(len(check.findings) for check in ALL)
    common = "\n".join(f"- `{code.code}` ({code.severity.name}): {_when(code)}" for code in COMMON_FINDINGS)
    return "\n".join(
        [
            NOTE,
            "# The checks",
            "",
            f"{len(ALL)} checks state {total} findings. In display order:",
            "",
            "| check | remedy | question | findings |",
            "|---|---|---|---|",
            *rows,
            "",
            "Any check may also be given one of these by the scheduler:",
            "",
            common,
            "",
        ]
    )


def _check(check: Check[Any]) -> str:
    module = inspect.getmodule(check.run)
    needs = ", ".join(f"[{need.name}]({need.name}.md)" for need in check.needs) or "nothing"
    lines = [
        NOTE,
        f"# {check.name}",
        "",
        _prose(inspect.getdoc(module) or ""),
        "",
        f"- Remedy: {check.remedy.value}",
        f"- Builds on: {needs}",
        f"- Time it may take: {check.budget:g} s",
        f"- Follows: {', '.join(check.rfcs) or 'no RFC'}",
        "",
        "| finding | severity | cause | raised when |",
        "|---|---|---|---|",
    ]
    lines += [
        f"| [`{code.code}`](#{code.code.lower()}) | {code.severity.name} | {code.cause.value if code.cause else ''} "
        f"| {_cell(_when(code))} |"
        for code in check.findings
    ]
    for code in check.findings:
        lines += ["", f"## {code.code}", "", *_finding(code)]
    return "\n".join(lines) + "\n"


def _finding(code: type[Finding]) -> Iterator[str]:
    yield f"**{_text(words.pattern(code) or ())}**"
    for attribute, label in (("detail", ""), ("fix", "What to do: ")):
        if (pattern := words.pattern(code, attribute)) is not None:
            yield ""
            yield label + _text(pattern)
    if (pasted := words.pattern(code, "paste")) is not None:
        yield ""
        yield "To paste:"
        yield ""
        yield "```"
        yield "".join(str(getattr(span, "text", span)) for span in pasted)
        yield "```"
    if parameters := wire.parameter_types(code):
        yield ""
        yield "Parameters: " + ", ".join(f"`{name}` ({kind})" for name, kind in parameters.items())


@dataclass(frozen=True)
class Row:
    """One condition that a checker should tell apart, the codes that tell it, and why if there is none."""

    id: str
    condition: str
    codes: tuple[str, ...]
    note: str = ""


def _checklist() -> str:
    """Which code tells what: from the side of what can be wrong."""
    table = tomllib.loads((DOCS / "checklist_rows.toml").read_text(encoding="utf-8"))["row"]
    check_of = {code.code: check.name for check in ALL for code in check.findings}
    lines = [
        NOTE.replace("the code", "`checklist_rows.toml`"),
        "# What is told apart",
        "",
        "One row is one condition that is told from all others, with the codes that tell it.",
        "",
        "| row | condition | codes |",
        "|---|---|---|",
    ]
    for row in TypeAdapter(list[Row]).validate_python(table):
        codes = ", ".join(f"[`{code}`](checks/{check_of[code]}.md#{code.lower()})" for code in row.codes)
        lines.append(f"| {row.id} | {_cell(row.condition)} | {' '.join(filter(None, (codes, _cell(row.note))))} |")
    return "\n".join(lines) + "\n"


def _rfcs() -> str:
    """Every RFC and section that the code refers to, and where: what is obeyed can be looked up from the RFC's side."""
    found: dict[int, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for folder in ("checks", "bot"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            for number, section in _REFERENCE.findall(path.read_text(encoding="utf-8")):
                found[int(number)][section.rstrip(".")].add(path.relative_to(ROOT).as_posix())
    lines = [NOTE, "# RFCs and where the code follows them", ""]
    for number in sorted(found):
        lines += [
            f"## [RFC {number}](https://www.rfc-editor.org/rfc/rfc{number})",
            "",
            "| section | code |",
            "|---|---|",
        ]
        for section in sorted(found[number], key=_order):
            places = ", ".join(f"`{path}`" for path in sorted(found[number][section]))
            lines.append(f"| {'§' + section if section else '(whole)'} | {places} |")
        lines.append("")
    return "\n".join(lines)


def _order(section: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", section))


def _first_sentence(check: Check[Any]) -> str:
    return _cell((inspect.getdoc(inspect.getmodule(check.run)) or "").split("\n\n")[0])


def _when(code: type[Finding]) -> str:
    return " ".join((code.__doc__ or "").split())


def _prose(docstring: str) -> str:
    return docstring.replace("``", "`")


def _cell(text: str) -> str:
    return " ".join(text.replace("``", "`").split()).replace("|", "\\|")


def _text(spans: tuple[Span, ...]) -> str:
    return "".join(f"`{span.text}`" if isinstance(span, Code) else _escaped(span) for span in spans)


def _escaped(span: Span) -> str:
    return str(getattr(span, "text", span)).replace("<", "&lt;")


if __name__ == "__main__":
    sys.exit(main())
