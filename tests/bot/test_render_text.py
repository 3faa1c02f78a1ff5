"""The terminal and the export: foreign words stay words."""

import io
import re
import unicodedata

from hypothesis import example, given, settings
from hypothesis import strategies as st
from rich.console import Console

from bot.render import text
from bot.render.markdown import export
from bot.report import Icon, Line, Paste, Report, Section
from bot.run import Language, Place, Record, Run, RunId, State
from bot.spans import Code, Link, Strong, Text, foreign
from bot.wording import Room, Wording
from checks.case import Case, Target
from checks.check import Severity
from checks.network.answers import Evidence

FOREIGN = st.text(max_size=80) | st.sampled_from(
    [
        "[bold red]x[/]",
        "[/red]",
        "[link=https://evil.example]x[/link]",
        "\x1b]8;;https://evil.example\x07x",
        "\x1b[2J",
        ":boom:",
    ]
)


def console(*, terminal: bool, width: int = 60) -> Console:
    return Console(
        file=io.StringIO(), force_terminal=terminal, width=width, color_system="truecolor" if terminal else None
    )


def shown(told: Report, screen: Console) -> str:
    text.show(told, screen)
    assert isinstance(screen.file, io.StringIO)
    return screen.file.getvalue()


def told(words: str) -> Report:
    line = Line(spans=(Text("Record "), foreign(words, 200)), icon=Icon.PROBLEM)
    return Report(fallback="", sections=(Section(title=Line(spans=(Strong("SPF"),)), lines=(line,)),))


@settings(deadline=None)
@given(words=FOREIGN)
def test_no_foreign_words_reach_a_terminal_as_a_control_sequence_or_as_markup(words: str) -> None:
    report = told(words)
    cleaned = foreign(words, 200).text
    output = shown(report, console(terminal=True, width=2_000))
    ours = re.sub(r"\x1b\[[0-9;]*m", "", output)
    assert f"✗ Record {cleaned}" in ours
    assert not [c for c in ours if c != "\n" and unicodedata.category(c) in {"Cc", "Cf", "Cs", "Co", "Cn"}]


@settings(deadline=None)
@given(words=FOREIGN)
def test_where_there_is_no_terminal_the_text_is_plain_and_on_one_line(words: str) -> None:
    report = told(words)
    output = shown(report, console(terminal=False, width=20))
    assert output == text.plain_text(report) + "\n"
    assert output.split("\n") == ["SPF", f"  ✗ Record {foreign(words, 200).text}", ""]


def test_a_text_to_paste_is_never_broken_into_lines_in_a_terminal() -> None:
    record = "v=spf1 " + "include:_spf.example.com " * 20 + "-all"
    report = Report(fallback="", sections=(Section(lines=(Paste(record),)),))
    assert record in shown(report, console(terminal=True, width=40))


def test_long_lines_are_wrapped_under_themselves() -> None:
    line = Line(spans=(Text("word " * 30),), icon=Icon.OK)
    output = shown(Report(fallback="", sections=(Section(lines=(line,)),)), console(terminal=True, width=40))
    rows = re.sub(r"\x1b\[[0-9;]*m", "", output).rstrip().split("\n")
    assert rows[0].startswith("✓ word")
    assert len(rows) > 1
    assert all(row.startswith("  word") for row in rows[1:])


def test_a_redrawn_view_shows_the_same_words() -> None:
    screen = console(terminal=True)
    screen.print(text.renderable(Report(fallback="", sections=(Section(lines=(Paste("a [b] c"),)),))))
    assert isinstance(screen.file, io.StringIO)
    assert "a [b] c" in screen.file.getvalue()


def test_a_link_shows_where_it_leads() -> None:
    line = Line(spans=(Link("https://example.com/x", "example.com/x"),))
    assert "https://example.com/x" in shown(
        Report(fallback="", sections=(Section(lines=(line,)),)), console(terminal=True)
    )


# --- Export ----------------------------------------------------------------------------------------------------------


def exported(words: str) -> str:
    run = Run(
        id=RunId("01RUN"),
        case=Case(target=Target(domain="example.com"), recipient=words or None),
        asked_by="U0DESK",
        place=Place(),
        language=None,
        asked_at=1.79e9,
        version="1",
        steps=(),
    )
    evidence = Evidence(
        number=1,
        kind="dns",
        question=words,
        answer=(words, words),
        server="192.0.2.53",
        started=1.79e9,
        ms=4.0,
        asked_by=("spf",),
    )
    record = Record(
        run=run,
        state=State.DONE,
        verdict=Severity.OK,
        elapsed_ms=1.0,
        queries=1,
        steps=(),
        evidence=(evidence,),
        diagnosis=None,
    )
    return export(record, Wording(Language.EN, room=Room.EXPORT, strict=True))


@settings(deadline=None)
@example(words="```")
@example(words="`" * 9)
@given(words=st.text(alphabet="`<!@a\n# >\x00\u202e", max_size=40) | FOREIGN)
def test_foreign_words_cannot_leave_their_fence_in_an_export(words: str) -> None:
    cleaned = foreign(words, 200).text
    rows = exported(words).split("\n")
    fences = [index for index, row in enumerate(rows) if re.fullmatch("`{3,}", row) and row == rows[-2]]
    assert fences
    start, end = fences[-2:]
    assert rows[start + 1 : end] == [cleaned, cleaned]
    assert not [row for row in rows if row != cleaned and re.match(r"#+ ", row) and "<!" in row]


def test_an_export_holds_every_piece_of_evidence_in_full() -> None:
    long = "x" * 16_000
    assert f"\n{long}\n{long}\n" in exported(long)


def test_words_of_ours_are_escaped_for_markdown_and_code_is_not() -> None:
    assert "to `a*b_c`" in exported("a*b_c")
    assert Code("a`b") == foreign("a`b", 9)
    assert "to ``a`b``" in exported("a`b")
