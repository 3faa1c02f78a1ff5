"""Slack messages: always valid, never harmful, whatever and however much there is to tell."""

import json
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot import report
from bot.render import blocks
from bot.report import Action, Button, Icon, Line, Paste, Progress, Report, Section
from bot.run import Language, Place, Record, Run, RunId, State, Step
from bot.sandbox.slack_blocks import inspect_message
from bot.spans import Code, Link, Moment, Person, Spans, Strong, Text, foreign
from bot.wording import Wording, shipped
from checks.case import Case, Target
from checks.causes import Cause
from checks.check import DomainName, Finding, HostName, RecordText, ServerReply, Severity
from checks.diagnosis import Confidence, Diagnosis, Suspect
from checks.network.answers import Evidence
from checks.wire import Json


@dataclass(frozen=True, kw_only=True)
class SampleFault(Finding, severity=Severity.PROBLEM, cause=Cause.DOMAIN_AUTH):
    record: RecordText
    said: ServerReply | None
    hosts: tuple[HostName, ...]
    name: DomainName


@dataclass(frozen=True, kw_only=True)
class SampleUntold(Finding, severity=Severity.UNKNOWN):
    said: ServerReply


TEXT = """
SAMPLE_FAULT = The record { $record } of { $name } is at fault
    .detail = { $said }, { $hosts } and `literal { $said }`.
    .fix = DNS admin: see https://example.com/{ $name } and { $record }.
    .paste = { $name }. TXT "{ $record } { $hosts }"
SAMPLE_UNTOLD = Could not tell: { $said }
    .detail = Nothing is known.
"""
TEXTS = shipped().with_text(Language.EN, "test.ftl", TEXT).with_text(Language.JA, "test.ftl", TEXT)
WORDS = {language: Wording(language, strict=True, catalogues=TEXTS) for language in Language}

NASTY_WORDS = (
    "<!channel>",
    "<!here|x>",
    "<@U0DESK>",
    "<!subteam^S1>",
    "<https://evil.example|https://bank.example>",
    "@everyone",
    "`code` *bold* _it_ ~no~",
    "```",
    ":wave: &lt;!channel&gt;",
    "\x1b[2J\r\n.\r\n",
    "\u202egnp.exe\u2066",
    "a" * 70_000,
    '"\\' * 20_000,
    "\U000e0001" * 9_000,
    "xn--bcher-kva.example",
    "",
)
NASTY = st.integers(0, len(NASTY_WORDS) - 1).map(NASTY_WORDS.__getitem__)
"""By number: hypothesis would spend its time on showing the long ones."""
FOREIGN = NASTY | st.text(max_size=60) | st.tuples(NASTY, st.text(max_size=20)).map("".join)


def faults() -> st.SearchStrategy[Finding]:
    return st.builds(
        SampleFault,
        record=FOREIGN.map(RecordText),
        said=st.none() | FOREIGN.map(ServerReply),
        hosts=st.lists(FOREIGN.map(HostName), max_size=12).map(tuple),
        name=FOREIGN.map(DomainName),
        evidence=st.lists(st.integers(1, 9), max_size=9).map(tuple),
    )


def findings() -> st.SearchStrategy[Finding]:
    return faults() | st.builds(SampleUntold, said=FOREIGN.map(ServerReply))


CHECKS = ("domain", "mx", "reverse", "spf", "dkim", "dmarc", "mta_sts", "tls_rpt", "dane", "receiving", "submission")


def step(check: str, found: list[Finding]) -> Step:
    verdict = max(finding.severity for finding in found)
    return Step(check=check, verdict=verdict, findings=tuple(found), facts=None, started=0.0, ms=12.0)


STEPS = st.lists(
    st.builds(step, st.sampled_from(CHECKS), st.lists(findings(), min_size=1, max_size=6)),
    min_size=1,
    max_size=5,
    unique_by=lambda each: each.check,
)


@st.composite
def records(draw: st.DrawFn) -> Record:
    steps = draw(STEPS)
    word = FOREIGN.filter(bool)
    run = Run(
        id=RunId("01RUN"),
        case=Case(
            target=Target(domain=draw(word)),
            sender=draw(word),
            recipient=draw(word),
            selector=draw(word),
            reference=draw(word),
        ),
        asked_by=draw(FOREIGN),
        place=Place(),
        language=None,
        asked_at=1.79e9,
        version=draw(FOREIGN),
        steps=CHECKS,
    )
    codes = tuple(dict.fromkeys(f.code for each in steps for f in each.findings if f.severity is Severity.PROBLEM))
    suspects = (Suspect(cause=Cause.DOMAIN_AUTH, confidence=Confidence.LIKELY, codes=codes),) if codes else ()
    return Record(
        run=run,
        state=draw(st.sampled_from(State)),
        verdict=max(each.verdict for each in steps),
        elapsed_ms=draw(st.none() | st.floats(0, 1e6)),
        queries=3,
        steps=tuple(steps),
        evidence=tuple(
            Evidence(
                number=number,
                kind="dns",
                question=draw(FOREIGN),
                answer=(draw(FOREIGN),),
                server=draw(FOREIGN),
                started=1.79e9,
                ms=None,
                asked_by=("spf",),
            )
            for number in (1, 2)
        ),
        diagnosis=Diagnosis(
            verdict=max(each.verdict for each in steps), suspects=suspects, unexplained=codes, unknown=()
        ),
    )


def strings(value: Json) -> Iterator[str]:
    match value:
        case str():
            yield value
        case list():
            for item in value:
                yield from strings(item)
        case dict():
            for item in value.values():
                yield from strings(item)
        case _:
            return


def types(value: Json) -> Iterator[Json]:
    match value:
        case list():
            for item in value:
                yield from types(item)
        case dict():
            yield value.get("type")
            for item in value.values():
                yield from types(item)
        case _:
            return


def assert_valid(message: blocks.Message, *, pings: frozenset[str] = frozenset()) -> None:
    inspected = inspect_message(message["blocks"])
    assert inspected.errors == ()
    assert set(inspected.pings) <= pings
    assert len(message["blocks"]) <= 50
    assert len(json.dumps(message["blocks"], ensure_ascii=False)) <= 13_000
    assert 1 <= len(message["text"]) <= 3_000
    assert not re.search(r"[<>]|&(?!amp;|lt;|gt;)", message["text"])
    assert "mrkdwn" not in set(types([*message["blocks"]]))
    for text in strings([message["text"], *message["blocks"]]):
        assert not [c for c in text if c != "\n" and unicodedata.category(c) in {"Cc", "Cf", "Cs", "Co", "Cn"}]


SLOW = settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)


@pytest.mark.parametrize("language", Language)
@SLOW
@given(record=records())
def test_hostile_results_make_valid_messages_that_ping_nobody(language: Language, record: Record) -> None:
    words = WORDS[language]
    asker = frozenset({f"<@{record.run.asked_by}>"}) if re.fullmatch(r"[UW][A-Z0-9]{2,20}", record.run.asked_by) else ()
    progress = Progress(done=record.steps, running={"dane"}, state=record.state, elapsed_ms=record.elapsed_ms)
    assert_valid(blocks.message(report.parent(record.run, progress, words)), pings=frozenset(asker))
    for told in (
        report.step_reply(record.steps, record.evidence, words),
        report.summary(record, words),
        report.last_run(record, words),
    ):
        for message in blocks.messages(told):
            assert_valid(message)


def spans() -> st.SearchStrategy[Spans]:
    text = st.text(st.characters(categories=("L", "N", "P", "S", "Zs")), max_size=5_000)
    code = FOREIGN.map(lambda words: foreign(words, 9_000))
    span = st.one_of(
        text.map(Text),
        text.map(Strong),
        code,
        st.builds(Link, st.just("https://example.com/" + "a" * 3_000) | st.just("https://example.com/"), text),
        st.builds(Person, FOREIGN),
        st.builds(Moment, st.floats(0, 4e9)),
    )
    return st.lists(span, max_size=12).map(tuple)


def lines() -> st.SearchStrategy[Line]:
    return st.builds(Line, spans=spans(), icon=st.none() | st.sampled_from(Icon), under=st.booleans())


def pasted() -> st.SearchStrategy[Paste]:
    return FOREIGN.map(lambda words: Paste(foreign(words, 80_000).text))


SECTIONS = st.lists(
    st.builds(Section, title=st.none() | lines(), lines=st.lists(lines() | pasted(), max_size=20).map(tuple)),
    max_size=20,
).map(tuple)


@SLOW
@given(sections=SECTIONS, label=st.text("ab", min_size=1, max_size=200), buttons=st.booleans())
def test_any_report_at_all_becomes_valid_messages(sections: tuple[Section, ...], label: str, buttons: bool) -> None:
    button = Button(Action.EXPORT, label, RunId("01RUN"))
    made = blocks.messages(Report(fallback="x", sections=sections, buttons=(button,) if buttons else ()))
    for message in made:
        inspected = inspect_message(message["blocks"])
        assert inspected.errors == ()
        assert len(json.dumps(message["blocks"], ensure_ascii=False)) <= 13_000
    actions = [block for message in made for block in message["blocks"] if block["type"] == "actions"]
    assert len(actions) == buttons
    assert not buttons or made[-1]["blocks"][-1]["type"] == "actions"


def test_nothing_is_lost_when_a_report_is_split() -> None:
    long = [Line(spans=(Text(f"line {number} " + "x" * 200),)) for number in range(300)]
    made = blocks.messages(Report(fallback="x", sections=(Section(lines=tuple(long)),)))
    told = "".join(text for message in made for text in strings([*message["blocks"]]))
    assert len(made) > 1
    assert all(f"line {number} " in told for number in range(300))


def test_a_long_text_to_paste_is_split_between_its_lines_and_whole() -> None:
    text = "\n".join(f"{number:04} " + "y" * 95 for number in range(400))
    made = blocks.messages(Report(fallback="x", sections=(Section(lines=(Paste(text),)),)))
    parts = [s for message in made for s in strings([*message["blocks"]]) if s[:4].isdigit()]
    assert "\n".join(parts) == text


def test_a_message_edited_in_place_stays_one_message_and_says_that_more_was_left_out() -> None:
    long = tuple(Line(spans=(Text("x" * 900),)) for _ in range(300))
    message = blocks.message(Report(fallback="x", sections=(Section(lines=long),)))
    assert inspect_message(message["blocks"]).errors == ()
    assert [*strings(message["blocks"][-1])][-1] == "…"


def test_foreign_words_are_code_and_our_words_are_not() -> None:
    [message] = blocks.messages(
        Report(fallback="x", sections=(Section(lines=(Line(spans=(Text("See "), Code("<!channel>")), icon=Icon.OK),)),))
    )
    assert message["blocks"] == [
        {
            "type": "rich_text",
            "elements": [
                {
                    "type": "rich_text_section",
                    "elements": [
                        {"type": "emoji", "name": "white_check_mark"},
                        {"type": "text", "text": " "},
                        {"type": "text", "text": "See "},
                        {"type": "text", "text": "<!channel>", "style": {"code": True}},
                    ],
                }
            ],
        }
    ]


@given(text=st.text("<>&!a\x00", max_size=4_000))
def test_the_notification_text_is_escaped_and_never_cut_inside_an_entity(text: str) -> None:
    escaped = blocks.escape(text)
    assert len(escaped) <= 3_000
    assert not re.search(r"[<>]|&(?!amp;|lt;|gt;)", escaped)


def test_a_slack_user_is_named_and_a_login_name_is_plain_words() -> None:
    told = Report(fallback="x", sections=(Section(lines=(Line(spans=(Person("U0DESK"), Person("root"))),)),))
    assert [*types([*blocks.messages(told)[0]["blocks"]])] == ["rich_text", "rich_text_section", "user", "text"]
