"""A report in a terminal, and as plain text where there is none.

Words are only ever appended to ``rich.text.Text``, which parses nothing: square brackets in foreign words stay square
brackets. Control characters were made visible when the words became spans.
"""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text as RichText

from bot.report import Icon, Line, Paste, Report
from bot.spans import Code, Link, Moment, Person, Span, Strong, Text, plain

_SIGNS = {
    Icon.WAITING: ("·", "dim"),
    Icon.RUNNING: ("»", "cyan"),
    Icon.OK: ("✓", "green"),
    Icon.NOTICE: ("i", "blue"),
    Icon.UNKNOWN: ("?", "magenta"),
    Icon.WARNING: ("!", "yellow"),
    Icon.PROBLEM: ("✗", "bold red"),
    Icon.INTERRUPTED: ("■", "magenta"),
}
_INSIDE = 2
_UNDER = 6


def show(report: Report, console: Console) -> None:
    """Print a report: laid out in a terminal, plain elsewhere. Texts to paste are never broken into lines."""
    if not console.is_terminal:
        console.print(RichText(plain_text(report)), soft_wrap=True)
        return
    for part in _parts(report):
        if isinstance(part, Paste):
            for row in part.text.split("\n"):
                console.print(RichText(" " * _UNDER + row, style="green"), soft_wrap=True)
        else:
            console.print(part)


def renderable(report: Report) -> RenderableType:
    """A report as one thing to draw, for a view that is redrawn in place."""
    return Group(
        *(
            Padding(RichText(part.text, style="green"), (0, 0, 0, _UNDER)) if isinstance(part, Paste) else part
            for part in _parts(report)
        )
    )


def plain_text(report: Report) -> str:
    """A report without colours and without line breaks of ours."""
    rows: list[str] = []
    for section in report.sections:
        if rows:
            rows.append("")
        if section.title is not None:
            rows.append(_plain_line(section.title, 0))
        inside = _INSIDE if section.title is not None else 0
        for line in section.lines:
            match line:
                case Paste(text=text):
                    rows += [" " * _UNDER + row for row in text.split("\n")]
                case Line():
                    rows.append(_plain_line(line, _UNDER if line.under else inside))
    return "\n".join(rows)


def _plain_line(line: Line, indent: int) -> str:
    sign = f"{_SIGNS[line.icon][0]} " if line.icon else ""
    rows = plain(line.spans).split("\n")
    return "\n".join(" " * indent + (sign + row if number == 0 else row) for number, row in enumerate(rows))


def _parts(report: Report) -> Iterator[RenderableType | Paste]:
    for index, section in enumerate(report.sections):
        if index:
            yield RichText("")
        if section.title is not None:
            yield _line(section.title, 0, style="bold")
        inside = _INSIDE if section.title is not None else 0
        for line in section.lines:
            yield line if isinstance(line, Paste) else _line(line, _UNDER if line.under else inside)


def _line(line: Line, indent: int, style: str = "") -> RenderableType:
    words = RichText(style="dim" if line.quiet else style)
    for span in line.spans:
        words.append_text(_words(span))
    if line.icon is None:
        return Padding(words, (0, 0, 0, indent))
    sign, colour = _SIGNS[line.icon]
    grid = Table.grid(padding=(0, 1))
    grid.add_column(no_wrap=True)
    grid.add_column(overflow="fold")
    grid.add_row(RichText(sign, style=colour), words)
    return Padding(grid, (0, 0, 0, indent))


def _words(span: Span) -> RichText:
    match span:
        case Strong(text=text):
            return RichText(text, style="bold")
        case Code(text=text):
            return RichText(text, style="cyan")
        case Link(url=url):
            return RichText(url, style="underline blue")
        case Text() | Person() | Moment():
            return RichText(plain((span,)))
