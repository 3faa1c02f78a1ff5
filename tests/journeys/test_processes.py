"""The bot and the command as processes of their own: killed, stopped, started wrongly."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from bot.history import History
from bot.sandbox.dns import Fault
from bot.sandbox.internet import Internet, World
from bot.sandbox.slack import SlackDouble
from bot.sandbox.slack_model import User
from checks import ALL
from tests.journeys.office import HELPDESK, manifest

RECORDS = """
    example.com        MX   10 mx.example.com
    example.com        TXT  v=spf1 ip4:192.0.2.25 -all
    _dmarc.example.com TXT  v=DMARC1; p=reject
    mx.example.com     A    192.0.2.25
    nomail.example     MX   0 .
"""
ASKED = "example.com only:domain,mx,spf,dmarc lang:en"

Process = asyncio.subprocess.Process


async def run(*words: str, **settings: str) -> Process:
    """Start the command; it knows no setting but these."""
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith(("MAILCHECK_", "SLACK_"))
    } | settings
    return await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", *words),
        env=environment,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )


async def outcome(*words: str, **settings: str) -> tuple[int, str, str]:
    """Run the command to its end: exit code, output, errors."""
    process = await run(*words, **settings)
    async with asyncio.timeout(40):
        output, errors = await process.communicate()
    return process.returncode or 0, output.decode(), errors.decode()


@asynccontextmanager
async def workspace(world: World) -> AsyncGenerator[tuple[SlackDouble, Internet]]:
    async with SlackDouble(manifest(optional=True)) as slack, Internet(world) as internet:
        slack.add_user(User(HELPDESK, "helpdesk"))
        slack.add_channel("helpdesk", members=[HELPDESK])
        yield slack, internet


def settings(slack: SlackDouble, internet: Internet, folder: Path) -> dict[str, str]:
    return {
        "SLACK_BOT_TOKEN": slack.bot_token,
        "SLACK_APP_TOKEN": slack.app_token,
        "SLACK_API_URL": slack.api_url,
        "MAILCHECK_DB": str(folder / "history.sqlite"),
        **dns(internet),
    }


def dns(internet: Internet) -> dict[str, str]:
    return {"MAILCHECK_DNS_SERVERS": ",".join(f"{host}:{port}" for host, port in internet.dns_servers)}


async def connected(slack: SlackDouble) -> None:
    await slack.wait_for(lambda: slack.socket.connections or None, 30)


@pytest.mark.parametrize("after", ["parent", "reply"])
async def test_a_killed_bot_finishes_its_run_after_the_restart(tmp_path: Path, after: str) -> None:
    faults = {"_dmarc.example.com": Fault.SILENT}
    async with workspace(World(records=RECORDS, faults=faults)) as (slack, internet):
        bot = await run("serve", **settings(slack, internet, tmp_path))
        await connected(slack)
        await slack.command(ASKED, user=HELPDESK, channel="helpdesk")
        channel = slack.channel("helpdesk")

        def reached() -> bool | None:
            roots = [message for message in channel.roots if message.via == "api"]
            return (bool(roots) and (after == "parent" or bool(channel.thread(roots[0].ts)))) or None

        await slack.wait_for(reached, 20)
        bot.send_signal(signal.SIGKILL)
        await bot.communicate()

        faults.clear()
        bot = await run("serve", **settings(slack, internet, tmp_path))
        ends = await slack.wait_for(lambda: [m for m in channel.messages if m.controls] or None, 40)
        bot.send_signal(signal.SIGTERM)
        _, errors = await bot.communicate()

        assert bot.returncode == 0, errors.decode()
        assert len(ends) == 1
        assert len([message for message in channel.roots if message.via == "api"]) == 1
    history = await History.open(tmp_path / "history.sqlite", ALL)
    await history.verify()
    [line] = await history.recent(5)
    record = await history.load(line.id)
    await history.close()
    assert record is not None
    assert sorted(step.check for step in record.steps) == ["dmarc", "domain", "mx", "spf"]


@pytest.mark.parametrize("wrong", ["SLACK_BOT_TOKEN", "SLACK_APP_TOKEN"])
@pytest.mark.parametrize("how", ["wrong", "missing"])
async def test_a_token_that_does_not_work_is_one_clear_line(tmp_path: Path, wrong: str, how: str) -> None:
    async with workspace(World(records=RECORDS)) as (slack, internet):
        good = settings(slack, internet, tmp_path)
        value = good[wrong][:5] + "canary-000" if how == "wrong" else ""
        code, output, errors = await outcome("serve", **{**good, wrong: value})
    assert code not in (0, None)
    assert output == ""
    assert wrong in errors
    assert "canary" not in errors
    assert "Traceback" not in errors


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ("example.com only:spf,dmarc", 0),
        ("nomail.example only:mx", 1),
        ("exampel", 2),
        ("silent.example only:spf", 3),
    ],
)
async def test_the_exit_code_says_how_it_is(tmp_path: Path, asked: str, code: int) -> None:
    world = World(records=RECORDS, faults={".silent.example": Fault.SERVFAIL})
    async with Internet(world) as internet:
        told = await outcome("check", *asked.split(), MAILCHECK_DB=str(tmp_path / "h.sqlite"), **dns(internet))
    assert told[0] == code, told


async def test_a_terminal_speaks_japanese_if_asked_to(tmp_path: Path) -> None:
    async with Internet(World(records=RECORDS)) as internet:
        _, output, _ = await outcome(
            *("check", "example.com", "only:spf", "lang:ja"), MAILCHECK_DB=str(tmp_path / "h.sqlite"), **dns(internet)
        )
    assert any("\u3040" <= character <= "\u30ff" for character in output)


@pytest.mark.parametrize(
    "content",
    [b"this is no database, only a text that somebody put here\n" * 40, b"SQLite format 3\x00" + b"\x00" * 900],
)
async def test_a_file_that_is_no_history_is_refused_and_left_alone(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "other.sqlite"
    path.write_bytes(content)
    code, output, errors = await outcome("history", MAILCHECK_DB=str(path))
    assert (code, output) == (2, "")
    assert len(errors.strip().splitlines()) == 1, errors
    assert str(path) in errors
    assert path.read_bytes() == content


async def test_wrong_settings_are_one_line_each() -> None:
    code, _, errors = await outcome("doctor", MAILCHECK_PORT="x", MAILCHECK_LANG="de", MAILCHECK_CA_FILE="/nowhere/ca")
    assert code == 2
    assert {line.split(":")[1].strip() for line in errors.strip().splitlines()} == {
        "MAILCHECK_PORT",
        "MAILCHECK_LANG",
        "MAILCHECK_CA_FILE",
    }
