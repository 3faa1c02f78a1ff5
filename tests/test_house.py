"""Promises that read both sides: what one place says, another does."""

# pyright: reportPrivateUsage=false

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Callable, Iterator
from importlib.metadata import version
from pathlib import Path
from types import ModuleType
from typing import Any, cast

import pytest
import yaml
from packaging.requirements import Requirement

import checks
from bot.__main__ import _checks
from bot.command import MistakeCode
from bot.report import Action
from bot.run import Language
from bot.settings import Settings
from bot.slack.forms import BOUNCE_FORM
from bot.slack.listeners import Listeners
from bot.wording import Say, shipped
from checks import ALL
from checks.check import PARAMETER_TYPES, Check
from checks.provider_data import SHIPPED

REPOSITORY = Path(__file__).parents[1]
TESTS = REPOSITORY / "tests"

EVERY_CHECK = pytest.mark.parametrize("check", ALL, ids=[check.name for check in ALL])


def module_of(check: Check[Any]) -> ModuleType:
    return cast("ModuleType", getattr(checks, check.name))


def ids(language: Language) -> dict[str, str]:
    """The messages of a language: id and the file it stands in."""
    found: dict[str, str] = {}
    for file, entry in shipped().entries(language):
        identifier = getattr(entry, "id", None)
        if identifier is not None:
            found[identifier.name] = file
    return found


# --- Checks ----------------------------------------------------------------------------------------------------------


@EVERY_CHECK
def test_a_check_is_one_module_one_lesson_one_test(check: Check[Any]) -> None:
    module = module_of(check)
    assert module.CHECK is check
    assert len(module.__doc__ or "") > 100, "the docstring is the lesson"
    assert (TESTS / "checks" / f"test_{check.name}.py").exists()
    assert (REPOSITORY / "docs" / "checks" / f"{check.name}.md").exists()
    cited = set(re.findall(r"RFC [0-9]{3,5}", Path(module.__file__ or "").read_text("utf-8")))
    assert check.rfcs or not cited, "what it follows; a check that obeys no RFC names none"


@EVERY_CHECK
@pytest.mark.parametrize("language", Language)
def test_the_words_of_a_check_stand_in_its_own_file(check: Check[Any], language: Language) -> None:
    known = ids(language)
    assert known[f"check-{check.name.replace('_', '-')}"]
    for code in check.findings:
        assert known.get(code.code) == f"{check.name}.ftl", code.code


@EVERY_CHECK
def test_the_codes_of_a_check_begin_with_its_name_and_say_when_they_are_raised(check: Check[Any]) -> None:
    for code in check.findings:
        assert code.__doc__, code.code
        assert not code.__doc__.startswith(f"{code.__name__}("), "dataclass wrote this docstring, nobody else"


def test_needs_come_before_those_who_need_them_or_are_checks_themselves() -> None:
    for check in ALL:
        assert set(check.needs) <= set(ALL), check.name


def test_an_operator_s_providers_reach_every_check_that_builds_on_them(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    own = tmp_path / "providers.json"
    own.write_bytes(SHIPPED.read_bytes())
    monkeypatch.setenv("MAILCHECK_PROVIDERS_FILE", str(own))
    monkeypatch.chdir(tmp_path)  # no .env
    given = _checks(Settings())
    members = {id(check) for check in given}
    for check in given:
        for need in check.needs:
            assert id(need) in members, f"{check.name} is given the shipped {need.name}"
    shipped_still = {check.name for check in given if any(check is each for each in ALL)}
    assert not shipped_still & {"provider", "submission", "provider_status", "limits", "size", "by_hand", "drift"}


def test_there_is_no_file_of_words_without_its_check() -> None:
    files = {name.removesuffix(".ftl") for language in Language for name in shipped().sources[language]}
    assert files == {check.name for check in ALL} | {"bounce", "common", "causes", "login", "surface"}


def test_foreign_words_have_a_type_of_their_own() -> None:
    assert str not in PARAMETER_TYPES


# --- Words -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", Language)
def test_every_sentence_of_the_surfaces_is_in_the_catalogue(language: Language) -> None:
    assert {say.value for say in Say} <= ids(language).keys()


def test_every_mistake_has_its_sentence() -> None:
    assert {code.value for code in MistakeCode} <= {say.value for say in Say}


# --- Slack -----------------------------------------------------------------------------------------------------------


class Registered:
    """Stands in for Bolt's app and remembers what is attached to it; another kind of listener is an error."""

    def __init__(self) -> None:
        self.commands: list[str | re.Pattern[str]] = []
        self.actions: list[str] = []
        self.views: list[str] = []
        self.shortcuts: list[str] = []

    def command(self, name: str | re.Pattern[str]) -> Callable[[object], object]:
        self.commands.append(name)
        return lambda listener: listener

    def action(self, name: str) -> Callable[[object], object]:
        self.actions.append(name)
        return lambda listener: listener

    def view(self, name: str) -> Callable[[object], object]:
        self.views.append(name)
        return lambda listener: listener

    def shortcut(self, name: str) -> Callable[[object], object]:
        self.shortcuts.append(name)
        return lambda listener: listener


def test_what_the_bot_listens_to_is_what_the_manifest_declares() -> None:
    manifest = cast("dict[str, Any]", yaml.safe_load((REPOSITORY / "manifest.yml").read_text("utf-8")))
    app: Any = Registered()
    nothing: Any = None
    Listeners(history=nothing, runs=nothing, transport=nothing, checks=ALL, allowed=nothing, version="test").register(
        app
    )
    first, catch_all = app.commands
    assert [command["command"] for command in manifest["features"]["slash_commands"]] == [first]
    assert catch_all.match("/renamed"), "an operator may rename the command"
    assert set(app.actions) == {action.value for action in Action}
    assert [shortcut["callback_id"] for shortcut in manifest["features"]["shortcuts"]] == app.shortcuts
    assert app.views == [BOUNCE_FORM]


# --- Settings --------------------------------------------------------------------------------------------------------


def test_every_setting_is_explained_to_operators_and_there_are_no_others() -> None:
    page = (REPOSITORY / "docs" / "operate.md").read_text("utf-8")
    named = set(re.findall(r"`((?:SLACK|MAILCHECK)_[A-Z_]+)`", page))
    assert named == {name.upper() for name in Settings.model_fields}
    assert all(field.description for field in Settings.model_fields.values())


# --- Dependencies ----------------------------------------------------------------------------------------------------


def requirements() -> Iterator[Requirement]:
    project = tomllib.loads((REPOSITORY / "pyproject.toml").read_text("utf-8"))
    yield from map(Requirement, project["project"]["dependencies"])
    yield from map(Requirement, project["project"]["optional-dependencies"]["sandbox"])
    yield from map(Requirement, project["dependency-groups"]["dev"])


@pytest.mark.parametrize("needed", [*requirements()], ids=lambda needed: needed.name)
def test_what_is_installed_is_not_below_its_floor(needed: Requirement) -> None:
    assert version(needed.name) in needed.specifier


def test_what_the_bot_needs_to_run_has_a_floor() -> None:
    project = tomllib.loads((REPOSITORY / "pyproject.toml").read_text("utf-8"))
    for needed in map(Requirement, project["project"]["dependencies"]):
        assert any(bound.operator == ">=" for bound in needed.specifier), needed.name


# --- Tests -----------------------------------------------------------------------------------------------------------


def test_no_test_waits_by_sleeping() -> None:
    """``sleep(0)`` lets others run and is fine; any other length is a guess."""
    guesses: list[str] = []
    for path in TESTS.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not isinstance(node, ast.Call):
                continue
            called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            yields = [argument.value for argument in node.args if isinstance(argument, ast.Constant)] == [0]
            if called == "sleep" and not yields:
                guesses.append(f"{path.relative_to(REPOSITORY)}:{node.lineno}")
    assert not guesses
