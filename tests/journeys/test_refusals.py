"""Who may not ask, and what cannot be kept: told to the person concerned, and to nobody else."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from bot.history import History
from bot.sandbox.internet import World
from bot.schema import HistoryError
from tests.journeys.office import HELPDESK, JAPANESE, OUTSIDE, Office, manifest, office

WORLD = World(records="example.com TXT v=spf1 -all")
ASKED = "example.com only:spf lang:en"


async def refused(here: Office, user: str) -> str:
    """What one person was told alone."""
    [told] = await here.whispered(user)
    return told.words


@pytest.mark.parametrize(
    "allowed",
    [
        {"mailcheck_allowed_users": frozenset({JAPANESE})},
        {"mailcheck_allowed_channels": frozenset({"C0ELSEWHERE"})},
        {"mailcheck_allowed_usergroups": frozenset({"S0DESK"})},
    ],
    ids=["users", "channels", "groups"],
)
async def test_whoever_may_not_ask_is_told_so_alone_and_no_run_begins(tmp_path: Path, allowed: dict[str, Any]) -> None:
    async with office(WORLD, tmp_path, app=manifest(optional=True), start=False, **allowed) as here:
        here.slack.workspace.usergroups["S0DESK"] = frozenset({JAPANESE})
        await here.start()
        asked = await here.ask(ASKED)
        assert asked.failure is None
        assert "cannot be used here" in await refused(here, HELPDESK)
        assert here.slack.channel("helpdesk").roots == []
        await here.finish()
        async with here.history() as history:
            assert await history.recent(5) == ()


async def test_a_member_of_an_allowed_group_may_ask_and_a_button_is_not_for_others(tmp_path: Path) -> None:
    groups = frozenset({"S0DESK"})
    async with office(
        WORLD, tmp_path, app=manifest(optional=True), start=False, mailcheck_allowed_usergroups=groups
    ) as here:
        here.slack.workspace.usergroups["S0DESK"] = frozenset({JAPANESE})
        await here.start()
        await here.ask(ASKED, user=JAPANESE)
        _, replies = await here.answered()
        await here.slack.click(replies[-1], "check_again", user=HELPDESK)
        assert "cannot be used here" in await refused(here, HELPDESK)
        assert len([message for message in here.slack.channel("helpdesk").roots if message.via == "api"]) == 1


async def test_a_group_that_slack_does_not_know_is_one_line_at_the_start(tmp_path: Path) -> None:
    groups = frozenset({"S0GONE"})
    async with office(
        WORLD, tmp_path, app=manifest(optional=True), start=False, mailcheck_allowed_usergroups=groups
    ) as here:
        with pytest.raises(Exception, match="user group S0GONE: Slack answers no_such_subteam"):
            await here.start()
        here.bot = None


@pytest.mark.parametrize("channel", ["helpdesk", OUTSIDE])
async def test_a_run_that_cannot_be_kept_does_not_begin_and_its_asker_gets_a_number(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, channel: str
) -> None:
    async def broken(*_: object) -> bool:
        raise HistoryError("the disk is full")

    async with office(WORLD, tmp_path) as here:
        with monkeypatch.context() as patch:
            patch.setattr(History, "accept", broken)
            asked = await here.ask(ASKED, channel=channel)
            [told] = await here.whispered(HELPDESK, channel=channel)
        assert asked.failure is None
        assert re.search(r"\b[0-9a-f]{6}\b", told.words)
        assert "disk" not in told.words, "the reason is for the operator"
        assert here.slack.channel(channel).roots == []

        await here.ask(ASKED)  # it is not taken for a second asker of a run that never was
        await here.answered()


async def test_a_button_that_finds_no_history_gives_a_number_and_works_later(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(*_: object) -> None:
        raise HistoryError("locked")

    async with office(WORLD, tmp_path) as here:
        await here.ask(ASKED)
        _, replies = await here.answered()
        for number, button in enumerate(("check_again", "details", "export"), 1):
            with monkeypatch.context() as patch:
                patch.setattr(History, "load", broken)
                await here.slack.click(replies[-1], button, user=HELPDESK)
                told = await here.whispered(HELPDESK, number)
            assert re.search(r"\b[0-9a-f]{6}\b", told[-1].words)
        await here.slack.click(replies[-1], "details", user=HELPDESK)
        assert "SPF" in (await here.whispered(HELPDESK, 4))[-1].words
