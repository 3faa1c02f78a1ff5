"""What the commands at the user's desk printed, in words."""

from __future__ import annotations

from collections.abc import Sequence

from bot.report import Icon, Line, Report, Section
from bot.spans import Span, Spans, Text, clean, cut, foreign, joined, plain
from bot.wording import Say, Wording
from checks.desk_output import FINE, Observation
from checks.wire import Json

_LONGEST = 300


def report(seen: Sequence[Observation], words: Wording) -> Report:
    """Each thing the desk saw, with what it means and what to do."""
    title = Line(spans=words.say(Say.DESK_TITLE))
    lines = [line for each in seen for line in _lines(each, words)]
    return Report(fallback=cut(clean(plain(title.spans)), _LONGEST), sections=(Section(title=title, lines=(*lines,)),))


def document(seen: Sequence[Observation]) -> list[Json]:
    """The same as JSON: beside the failures of ``mailcheck explain --json``, under ``desk``."""
    return [
        {
            "question": each.question.value,
            "seen": each.seen.value,
            "fine": each.seen in FINE,
            "host": each.host,
            "port": each.port,
            "words": each.words,
        }
        for each in seen
    ]


def _lines(each: Observation, words: Wording) -> list[Line]:
    head: list[Span] = []
    if each.host:
        head.append(foreign(each.host, _LONGEST))
        if each.port:
            head.append(Text(f" {each.port}"))
        head.append(Text(" · "))
    icon = Icon.OK if each.seen in FINE else Icon.PROBLEM
    quoted: Spans = (foreign(each.words, _LONGEST),)
    return [
        Line(spans=joined((*head, *words.name(each.seen))), icon=icon),
        Line(spans=quoted, under=True, quiet=True),
    ]
