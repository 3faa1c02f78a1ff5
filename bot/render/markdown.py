"""A whole run as Markdown, with its evidence: to hand over to an admin or a provider.

The flavour is GitHub's. Foreign words stand in code spans and fences that are longer than any row of backticks in them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from bot.handover import handover
from bot.report import Icon, Line, Paste, Section, step_reply, summary, ticket
from bot.run import Record
from bot.spans import Code, Link, Moment, Person, Span, Spans, Strong, Text, clean, domain, foreign, plain
from bot.wording import Say, Wording
from checks.network.answers import Evidence

_SIGNS = {
    Icon.WAITING: "⚪",
    Icon.RUNNING: "⏳",
    Icon.OK: "✅",
    Icon.NOTICE: "ℹ️",
    Icon.UNKNOWN: "❔",
    Icon.WARNING: "⚠️",
    Icon.PROBLEM: "⛔",
    Icon.INTERRUPTED: "⏹️",
}
_ACTIVE = re.compile(r"([\\`*_\[\]<>#|~])")
_BACKTICKS = re.compile("`+")
_ANSWER_LIMIT = 20_000
"""Longest line of an answer that is kept: one TXT record of 16 KiB fits."""


def export(record: Record, wording: Wording) -> str:
    """Write down a run: the answer, the steps, the evidence."""
    run = record.run
    target = domain(str(run.case.target), _ANSWER_LIMIT)
    about = wording.say(Say.EXPORT_RUN, run=run.id, when=Moment(run.asked_at), version=Text(run.version))
    rows: list[str] = [f"# {_inline(wording.say(Say.EXPORT_TITLE, target=target))}", ""]
    for spans in (*ticket(run, wording), about):
        rows += [_inline(spans), ""]
    for section in summary(record, wording).sections:
        rows += _section(section, "##")
    rows += [f"## {_inline(wording.say(Say.EXPORT_STEPS))}", ""]
    for section in step_reply(record.steps, record.evidence, wording, whole=True).sections:
        rows += _section(section, "###")
    for section in handover(record, wording).sections:
        rows += _section(section, "##")
    rows += [f"## {_inline(wording.say(Say.EXPORT_EVIDENCE))}", ""]
    for evidence in record.evidence:
        rows += _evidence(evidence, wording)
    return "\n".join(rows).rstrip("\n") + "\n"


def _section(section: Section, heading: str) -> Iterator[str]:
    if section.title is not None:
        yield from (f"{heading} {_line(section.title)}", "")
    for line in section.lines:
        match line:
            case Paste(text=text):
                yield from _fenced(text.split("\n"))
            case Line(under=True):
                yield from (f"> {row}".rstrip() for row in _line(line).split("\n"))
                yield ""
            case Line():
                yield from (_line(line), "")


def _line(line: Line) -> str:
    return (f"{_SIGNS[line.icon]} " if line.icon else "") + _inline(line.spans)


def _evidence(evidence: Evidence, wording: Wording) -> Iterator[str]:
    head: list[Span] = [Strong(f"#{evidence.number}"), Text(f" {evidence.kind} ")]
    head.append(foreign(evidence.question, _ANSWER_LIMIT))
    if evidence.server:
        head += [Text(" @ "), foreign(evidence.server, _ANSWER_LIMIT)]
    head += [Text(" · "), Moment(evidence.started)]
    if evidence.ms is not None:
        head.append(Text(f" · {evidence.ms:.0f} ms"))
    head += [Text(" · "), *wording.listed([wording.check(name) for name in evidence.asked_by])]
    yield from (_inline(tuple(head)), "")
    if evidence.answer:
        yield from _fenced(foreign(line, _ANSWER_LIMIT).text for line in evidence.answer)
    else:
        yield from (_inline(wording.say(Say.EXPORT_NO_ANSWER)), "")


def _fenced(lines: Iterable[str]) -> Iterator[str]:
    rows = [*lines]
    fence = "`" * max(3, 1 + _longest_row("\n".join(rows)))
    yield from (fence, *rows, fence, "")


def _inline(spans: Spans) -> str:
    return "".join(_span(span) for span in spans)


def _span(span: Span) -> str:
    match span:
        case Code(text=text):
            ticks = "`" * (1 + _longest_row(text))
            padded = f" {text} " if text.startswith(("`", " ")) or text.endswith(("`", " ")) else text
            return f"{ticks}{padded}{ticks}"
        case Strong(text=text):
            word = text.strip()
            return text.replace(word, f"**{_escaped(word)}**", 1) if word else text
        case Link(url=url, text=text):
            return f"[{_escaped(text)}](<{clean(url).replace('<', '%3C').replace('>', '%3E')}>)"
        case Person(id=name):
            return _escaped(clean(name))
        case Text() | Moment():
            return _escaped(plain((span,)))


def _longest_row(text: str) -> int:
    return max((len(row) for row in _BACKTICKS.findall(text)), default=0)


def _escaped(text: str) -> str:
    return _ACTIVE.sub(r"\\\1", text)
