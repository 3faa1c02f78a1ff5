"""The words: complete in both languages, typed, and safe whatever comes from outside."""

import re
import unicodedata
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from structlog.testing import capture_logs

import bot
import checks
from bot.command import MistakeCode
from bot.proofreading import problems
from bot.run import Language
from bot.spans import CUT, Code, Link, Text, clean, cut, domain, plain
from bot.wording import BadTextError, Catalogues, MissingTextError, Room, Say, Wording, shipped
from checks import login
from checks.check import (
    COMMON_FINDINGS,
    Bytes,
    CheckName,
    CheckTimedOut,
    Count,
    DomainName,
    Finding,
    HostName,
    Keyword,
    Port,
    RecordText,
    Seconds,
    ServerReply,
    Severity,
    Url,
)
from checks.network.answers import Trouble

CODES = (*COMMON_FINDINGS, *login.FINDINGS, *(code for check in checks.ALL for code in check.findings))
INVISIBLE = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}


@dataclass(frozen=True, kw_only=True)
class SampleRecord(Finding, severity=Severity.PROBLEM):
    record: RecordText


@dataclass(frozen=True, kw_only=True)
class SampleRecords(Finding, severity=Severity.PROBLEM):
    records: tuple[RecordText, ...]


@dataclass(frozen=True, kw_only=True)
class SampleEverything(Finding, severity=Severity.WARNING):
    hosts: tuple[HostName, ...]
    found: Count
    port: Port
    size: Bytes
    waited: Seconds
    why: Trouble
    said: ServerReply | None
    policy: Keyword
    name: DomainName
    page: Url
    other: CheckName


SAMPLE = SampleEverything(
    hosts=(),
    found=Count(1),
    port=Port(2525),
    size=Bytes(0),
    waited=Seconds(0.0),
    why=Trouble.TIMEOUT,
    said=None,
    policy=Keyword("reject"),
    name=DomainName("example.com"),
    page=Url("https://example.com/"),
    other=CheckName("mta_sts"),
)

HOSTS = tuple(HostName(f"h{n}") for n in range(9))


@cache
def wording(title: str, *, code: str = "SAMPLE_EVERYTHING", language: Language = Language.EN) -> Wording:
    return Wording(language, strict=True, catalogues=shipped().with_text(language, "test.ftl", f"{code} = {title}\n"))


def said(title: str, finding: Finding, language: Language = Language.EN) -> str:
    return plain(wording(title, code=finding.code, language=language).title(finding))


# --- The catalogues --------------------------------------------------------------------------------------------------


def test_the_catalogues_are_complete_and_clean() -> None:
    assert problems(CODES) == []


def test_every_check_has_a_name_in_every_language() -> None:
    for language in Language:
        words = Wording(language, strict=True)
        for check in checks.ALL:
            assert plain(words.check(check.name))


def test_every_sentence_of_the_surfaces_is_said_somewhere() -> None:
    sources = [path for path in Path(bot.__file__).parent.rglob("*.py") if path.name != "wording.py"]
    own = (Path(bot.__file__).parent / "wording.py").read_text("utf-8").split("class Wording", 1)[1]
    code = "\n".join([own, *(path.read_text("utf-8") for path in sources)])
    used = {Say[name] for name in re.findall(r"\bSay\.([A-Z_]+)", code)}
    assert set(Say) - used - {Say(mistake.value) for mistake in MistakeCode} == set()


def with_en(text: str) -> Catalogues:
    return shipped().with_text(Language.EN, "test.ftl", text)


GOOD = "SAMPLE_RECORD = The record is { $record }\n    .detail = It is.\n"


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("SAMPLE_RECORD = It is { $record }\n", "SAMPLE_RECORD.detail is missing"),
        (GOOD.replace("$record", "$recrod"), "SAMPLE_RECORD uses $recrod, which the code does not have"),
        (GOOD.replace("{ $record }", "odd"), "SAMPLE_RECORD never tells $record"),
        (GOOD + "    .cure = None.\n", "SAMPLE_RECORD.cure is used by nothing"),
        (GOOD + "left-over = Nobody says this\n", "left-over is used by nothing"),
        (GOOD + GOOD, "SAMPLE_RECORD is there twice"),
        (GOOD + "SAMPLE RECORD = no\n", "cannot be read: 'SAMPLE RECORD = no'"),
        (GOOD.replace("It is.", "It is!"), "exclamation mark in 'It is!'"),
        (GOOD.replace("It is.", "It  is."), "double space in 'It  is.'"),
        (GOOD.replace("It is.", "It **is**."), "markup in 'It **is**.'"),
        (GOOD.replace("It is.", "It `is."), "a backtick without its partner"),
        (GOOD.replace("It is.", "It is\u202e."), "invisible character U+202E"),
        (GOOD.replace("It is.", "It is"), "a sentence ends with its mark"),
        ("SAMPLE_RECORD = The record is { $record } now.\n    .detail = It is.\n", "a title has no full stop"),
        (GOOD.replace("It is.", "{ nowhere }."), "refers to nowhere, which does not exist"),
        (GOOD, "SAMPLE_RECORD is in en only"),
        (GOOD, "ja: SAMPLE_RECORD has no text"),
    ],
)
def test_a_fault_in_a_catalogue_is_found(text: str, problem: str) -> None:
    assert any(problem in found for found in problems((*CODES, SampleRecord), with_en(text)))


def test_a_variable_that_one_language_forgets_is_found() -> None:
    texts = {**shipped().sources[Language.JA]}
    texts["surface.ftl"] = texts["surface.ftl"].replace("{ $total } 項目中 { $done } 項目", "{ $done } 項目")
    found = problems(CODES, Catalogues({**shipped().sources, Language.JA: texts}))
    assert set(found) - set(problems(CODES)) == {"parent-progress uses $total in one language only"}


# --- Parameters by their types ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", Language)
@given(record=st.text())
def test_foreign_words_only_ever_become_code_without_anything_invisible(language: Language, record: str) -> None:
    words = wording("A { $record } Z", code="SAMPLE_RECORD", language=language)
    before, foreign_words, after = words.title(SampleRecord(record=RecordText(record)))
    assert (before, after) == (Text("A "), Text(" Z"))
    assert isinstance(foreign_words, Code)
    assert not [c for c in foreign_words.text if unicodedata.category(c) in INVISIBLE]
    assert 1 <= len(foreign_words.text) <= 300


@given(record=st.text(alphabet="\ue000\ue001019`{$}", max_size=30))
def test_foreign_words_cannot_pose_as_another_parameter(record: str) -> None:
    spans = wording("{ $record }", code="SAMPLE_RECORD").title(SampleRecord(record=RecordText(record)))
    assert len(spans) == 1
    assert plain(spans) == (clean(record) or "∅")


def test_an_invisible_fault_in_a_record_becomes_visible() -> None:
    assert clean("v=spf1\u00a0\u202e-all\x1b[2J") == "v=spf1\\xa0\\u202e-all\\x1b[2J"
    assert clean("250 first\r\nsecond") == "250 first ↵ second"
    assert clean("例え") == "例え"


@given(text=st.text(alphabet="a\x00\u202e\U000e0001\\"), limit=st.integers(1, 40))
def test_shortening_never_cuts_an_escape(text: str, limit: int) -> None:
    shown = cut(clean(text), limit)
    assert len(shown) <= limit
    assert shown == clean(text) or shown.endswith(CUT)
    assert not re.search(r"\\(x[0-9a-f]?|u[0-9a-f]{0,3}|U[0-9a-f]{0,7})…", shown)


def test_sixty_kilobytes_are_cut_and_a_terminal_has_more_room_than_a_chat() -> None:
    finding = SampleRecord(record=RecordText("x" * 60_000))
    texts = with_en(GOOD)
    lengths = [
        len(plain(Wording(Language.EN, room=room, strict=True, catalogues=texts).title(finding))) for room in Room
    ]
    assert lengths == [len("The record is ") + 300 * room for room in (1, 4, 60)]


@pytest.mark.parametrize(
    ("title", "finding", "words"),
    [
        ("{ $found -> \n [one] one\n *[other] many\n }", replace(SAMPLE, found=Count(1)), "one"),
        ("{ $found -> \n [one] one\n *[other] many\n }", replace(SAMPLE, found=Count(2)), "many"),
        ("{ $found }", replace(SAMPLE, found=Count(12345)), "12,345"),
        ("{ $port }", replace(SAMPLE, port=Port(2525)), "2525"),
        ("{ $size }", replace(SAMPLE, size=Bytes(35_882_577)), "35.9 MB"),
        ("{ $size }", replace(SAMPLE, size=Bytes(999)), "999 B"),
        ("{ $size }", replace(SAMPLE, size=Bytes(25_000_000)), "25 MB"),
        ("{ $waited }", replace(SAMPLE, waited=Seconds(3.0)), "3 s"),
        ("{ $waited }", replace(SAMPLE, waited=Seconds(0.25)), "0.25 s"),
        ("{ $waited }", replace(SAMPLE, waited=Seconds(119.0)), "119 s"),
        ("{ $waited }", replace(SAMPLE, waited=Seconds(120.0)), "2 minutes"),
        ("{ $waited }", replace(SAMPLE, waited=Seconds(7_199.0)), "119 minutes"),
        ("{ $waited }", replace(SAMPLE, waited=Seconds(7_200.0)), "2 hours"),
        ("{ $waited }", replace(SAMPLE, waited=Seconds(172_799.0)), "47 hours"),
        ("{ $waited }", replace(SAMPLE, waited=Seconds(172_800.0)), "2 days"),
        ("{ $waited }", replace(SAMPLE, waited=Seconds(86_400_000.0)), "1,000 days"),
        ("{ $why }", replace(SAMPLE, why=Trouble.TIMEOUT), "no answer in time"),
        ("{ $other }", SAMPLE, "MTA-STS"),
        ("{ $said -> \n [none] silent\n *[other] { $said }\n }", SAMPLE, "silent"),
        (
            "{ $said -> \n [none] silent\n *[other] { $said }\n }",
            replace(SAMPLE, said=ServerReply("550 none of that")),
            "550 none of that",
        ),
        ("{ $policy -> \n [reject] refuse\n *[other] pass\n }", SAMPLE, "refuse"),
        ("{ $hosts -> \n [none] no host\n *[other] { $hosts }\n }", SAMPLE, "no host"),
        (
            "{ $hosts -> \n [one] host { $hosts }\n *[other] hosts { $hosts }\n }",
            replace(SAMPLE, hosts=(HostName("a.example"),)),
            "host a.example",
        ),
        ("{ $hosts }", replace(SAMPLE, hosts=(HostName("a"), HostName("b"), HostName("c"))), "a, b and c"),
        ("{ $hosts }", replace(SAMPLE, hosts=tuple(HostName(f"h{n}") for n in range(6))), "h0, h1, h2, h3, h4 and h5"),
        (
            "{ $hosts }",
            replace(SAMPLE, hosts=tuple(HostName(f"h{n}") for n in range(9))),
            "h0, h1, h2, h3, h4 and 4 more",
        ),
        ("`_dmarc.{ $name } TXT`", SAMPLE, "_dmarc.example.com TXT"),
    ],
)
def test_a_parameter_is_shown_by_its_type(title: str, finding: Finding, words: str) -> None:
    assert said(title, finding) == words


def test_lists_are_joined_the_way_the_language_does() -> None:
    assert said("{ $hosts }", replace(SAMPLE, hosts=HOSTS[:2]), Language.JA) == "h0、h1"
    assert said("{ $hosts }", replace(SAMPLE, hosts=HOSTS), Language.JA) == "h0、h1、h2、h3、h4 ほか 4 件"


def test_backticks_make_one_piece_of_literal_words() -> None:
    assert wording("Add `_dmarc.{ $name }` now").title(SAMPLE) == (
        Text("Add "),
        Code("_dmarc.example.com"),
        Text(" now"),
    )


def test_web_addresses_become_links() -> None:
    assert wording("{ $page }").title(SAMPLE) == (Link("https://example.com/", "example.com/"),)
    assert wording("See https://example.org/a.").title(SAMPLE) == (
        Text("See "),
        Link("https://example.org/a", "example.org/a"),
        Text("."),
    )


def test_a_web_address_that_is_none_becomes_no_link() -> None:
    spans = wording("{ $page }").title(replace(SAMPLE, page=Url("javascript:alert(1)")))
    assert spans == (Code("javascript:alert(1)"),)


def test_an_internationalised_domain_is_shown_in_both_forms() -> None:
    assert domain("mx.xn--bcher-kva.example", 253) == Code("mx.bücher.example (mx.xn--bcher-kva.example)")
    assert domain("xn--a.example", 253) == Code("xn--a.example")


def test_a_text_to_paste_is_exact_and_keeps_its_lines() -> None:
    words = wording("x\n    .paste =\n        first { $name }\n        second { $hosts }")
    assert words.paste(replace(SAMPLE, hosts=HOSTS)) == f"first example.com\nsecond {', '.join(HOSTS)}"
    assert words.fix(SAMPLE) is None


def test_records_to_paste_stand_one_in_a_line() -> None:
    words = wording("x\n    .paste = { $records }", code="SAMPLE_RECORDS")
    tree = SampleRecords(records=(RecordText("a 3"), RecordText("  b 2"), RecordText("  c 1\nd")))
    assert words.paste(tree) == "a 3\n  b 2\n  c 1 ↵ d"


def test_foreign_words_in_a_text_to_paste_make_no_second_line() -> None:
    words = wording("x\n    .paste = v=spf1 { $record }", code="SAMPLE_RECORD")
    assert words.paste(SampleRecord(record=RecordText("a\nb\x00"))) == "v=spf1 a ↵ b\\x00"


# --- When a text is missing ------------------------------------------------------------------------------------------


def test_a_missing_text_is_an_error_in_tests() -> None:
    with pytest.raises(MissingTextError, match="SAMPLE_RECORD"):
        Wording(Language.EN, strict=True).title(SampleRecord(record=RecordText("")))


def test_a_text_with_an_unknown_variable_is_an_error_in_tests() -> None:
    with pytest.raises(BadTextError, match="SAMPLE_RECORD"):
        said("{ $nobody }", SampleRecord(record=RecordText("")))


def test_in_production_english_stands_in_and_then_the_code_and_it_is_logged_once() -> None:
    finding = SampleRecord(record=RecordText("r"))
    english = Wording(Language.JA, catalogues=with_en(GOOD))
    nothing = Wording(Language.JA)
    with capture_logs() as logs:
        assert plain(english.title(finding)) == "The record is r"
        assert logs == []
        assert [nothing.title(finding), nothing.title(finding)] == [(Code("SAMPLE_RECORD"),)] * 2
        assert nothing.detail(finding) == ()
        assert nothing.paste(finding) is None
    assert [log["text"] for log in logs] == ["SAMPLE_RECORD", "SAMPLE_RECORD.detail", "SAMPLE_RECORD.paste"]


def test_the_reason_of_a_timed_out_step_is_told_in_japanese() -> None:
    title = Wording(Language.JA, strict=True).title(CheckTimedOut(after=Seconds(8.0)))
    assert plain(title) == "この項目は 8 秒以内に終わりませんでした"


@pytest.mark.parametrize(("after", "told"), [(150, "2 分"), (9_000, "2 時間"), (259_200, "3 日")])
def test_a_long_time_is_told_in_units_that_can_be_read_out_in_japanese(after: float, told: str) -> None:
    title = Wording(Language.JA, strict=True).title(CheckTimedOut(after=Seconds(after)))
    assert plain(title) == f"この項目は {told}以内に終わりませんでした"
