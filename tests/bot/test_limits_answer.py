"""``limits NAME``: the answer from our data alone; ``limits DOMAIN`` is a check of two steps."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot import answers
from bot import command as said
from bot.history import History
from bot.report import Line, Report
from bot.run import Language
from bot.sandbox.internet import Internet, World
from bot.spans import plain
from bot.wording import Wording
from checks import ALL
from checks.check import CheckName
from checks.provider_data import Kind, Provider, Providers, shipped
from tests.journeys.terminal import Terminal

EN, JA = (Wording(language, strict=True) for language in Language)
OWN_PROVIDER = {
    "id": "house",
    "name": "The house",
    "kind": "hosting",
    "mx": ["house.test"],
    "limits": [
        {
            "what": "messages",
            "per": "hour",
            "value": 70,
            "plan": "all",
            "confidence": "high",
            "source_url": "https://example.com/limits",
            "as_of": None,
        }
    ],
}


@pytest.fixture
async def history(tmp_path: Path) -> AsyncIterator[History]:
    opened = await History.open(tmp_path / "history.sqlite", ALL)
    yield opened
    await opened.close()


def lines(found: Report) -> list[str]:
    return [plain(line.spans) for section in found.sections for line in section.lines if isinstance(line, Line)]


def limits_of(what: str, words: Wording = EN, providers: Providers | None = None) -> list[str]:
    return lines(answers.limits_of(what, providers or shipped(), words, "/mailcheck"))


@pytest.mark.parametrize("what", ["gmail", "Gmail", "ＧＭＡＩＬ", "gmail.com"])
def test_a_provider_is_found_by_its_name_however_it_is_written(what: str) -> None:
    assert limits_of(what)[0].startswith("Gmail: 500 messages a day")


@pytest.mark.parametrize(
    ("what", "provider"),
    [
        ("microsoft-365", "microsoft-365"),
        ("Microsoft 365", "microsoft-365"),
        ("exchange online", "microsoft-365"),
        ("さくらインターネット", "sakura"),
        ("さくら", "sakura"),
        ("hotmail", "outlook-com"),
        ("yahoo", "yahoo"),
    ],
)
def test_ids_and_names_in_either_language_and_parts_of_them_are_names(what: str, provider: str) -> None:
    assert [each.id for each in shipped().named(what)] == [provider]


def test_a_name_of_several_brings_them_all() -> None:
    assert {each.id for each in shipped().named("amazon")} == {"amazon-ses", "amazon-workmail"}
    told = limits_of("amazon")
    assert any("Amazon SES" in line for line in told)
    assert any("Amazon WorkMail" in line for line in told)


def test_a_trap_is_told_before_the_limits_and_a_provider_without_limits_is_said_to_be_one() -> None:
    assert limits_of("google workspace")[0].startswith("A trial account of Google Workspace may send much less: 500")
    assert limits_of("proton mail")[0] == "Our data has no sending limit of Proton Mail"


def test_a_slip_of_the_finger_gets_a_suggestion_and_nothing_is_guessed() -> None:
    assert limits_of("gmial")[0] == "No provider of our data has the name gmial. Did you mean gmail?"
    assert "Did you mean" not in limits_of("wholly different")[0]
    assert "gmail" in limits_of("gmial", JA)[0]
    assert shipped().named("...") == ()


def test_a_name_full_of_markup_stays_text() -> None:
    assert "\u202e" not in limits_of("<!channel>\u202e")[0]


def test_only_a_few_of_many_are_shown() -> None:
    many = Providers(Provider(id=f"house-{n}", name=f"House {n}", kind=Kind.MAILBOX) for n in range(9))
    assert sum("no sending limit" in line for line in limits_of("house", providers=many)) == answers.MOST_PROVIDERS


async def test_the_command_is_answered_with_the_operator_s_own_providers_if_there_are_any(history: History) -> None:
    own = Providers([Provider(id="house", name="The house", kind=Kind.HOSTING)])
    command = said.Limits("the house")
    found = await answers.answer(command, history, EN, "somebody", "/mailcheck", providers=own)
    assert lines(found)[0] == "Our data has no sending limit of The house"
    unknown = await answers.answer(command, history, EN, "somebody", "/mailcheck")
    assert lines(unknown)[0].startswith("No provider of our data has the name")


def test_a_domain_is_a_check_of_who_it_is_and_what_may_be_sent() -> None:
    command = said.parse("limits example.com", [CheckName(each.name) for each in ALL])
    assert isinstance(command, said.Check)
    assert command.only == ("provider", "limits")
    assert set(command.only) <= {each.name for each in ALL}


async def test_the_terminal_answers_a_name_and_refuses_an_unknown_one_in_one_line(tmp_path: Path) -> None:
    terminal = Terminal(tmp_path)
    known = await terminal.run("limits", "gmail")
    assert (known.code, "500 messages a day" in known.out) == (0, True)
    unknown = await terminal.run("limits", "gmial")
    assert (unknown.code, len(unknown.lines)) == (2, 1)
    assert "Did you mean gmail?" in unknown.err


async def test_the_terminal_finds_out_who_has_the_mail_of_a_domain(tmp_path: Path) -> None:
    path = tmp_path / "providers.json"
    path.write_text(json.dumps([OWN_PROVIDER]), "utf-8")
    world = World(records="example.com MX 10 a.house.test\nexample.com TXT v=spf1 -all\n")
    async with Internet(world) as internet:
        terminal = Terminal(tmp_path)
        terminal.connect(internet)
        terminal.settings["MAILCHECK_PROVIDERS_FILE"] = str(path)
        ended = await terminal.run("limits", "example.com")
    assert "The house: 70 messages an hour" in ended.out
    assert ended.code == 0


@pytest.mark.parametrize("text", ["no JSON", "{}", json.dumps([OWN_PROVIDER | {"kind": "isp"}])])
async def test_a_bad_file_of_providers_is_one_line(tmp_path: Path, text: str) -> None:
    path = tmp_path / "providers.json"
    path.write_text(text, "utf-8")
    terminal = Terminal(tmp_path)
    terminal.settings["MAILCHECK_PROVIDERS_FILE"] = str(path)
    for words in (("check", "example.com"), ("limits", "gmail"), ("doctor",)):
        ended = await terminal.run(*words)
        assert (ended.code, len(ended.lines)) == (2, 1), ended
        assert str(path) in ended.err
