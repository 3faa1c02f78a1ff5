"""The bot and the command as processes of their own, started well and badly; ``test_kills`` kills them."""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path

import pytest

from bot.sandbox.dns import Fault
from bot.sandbox.internet import Internet, World
from bot.sandbox.slack import SlackDouble
from tests.journeys.office import manifest

RECORDS = """
    example.com        MX   10 mx.example.com
    example.com        TXT  v=spf1 ip4:192.0.2.25 -all
    _dmarc.example.com TXT  v=DMARC1; p=reject
    mx.example.com     A    192.0.2.25
    nomail.example     MX   0 .
"""


async def outcome(*words: str, **settings: str) -> tuple[int, str, str]:
    """Run the command to its end, with no setting but these: exit code, output, errors."""
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith(("MAILCHECK_", "SLACK_"))
    } | settings
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", *words),
        env=environment,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    async with asyncio.timeout(40):
        output, errors = await process.communicate()
    return process.returncode or 0, output.decode(), errors.decode()


def dns(internet: Internet) -> dict[str, str]:
    return {"MAILCHECK_DNS_SERVERS": ",".join(f"{host}:{port}" for host, port in internet.dns_servers)}


@pytest.mark.parametrize("wrong", ["SLACK_BOT_TOKEN", "SLACK_APP_TOKEN"])
@pytest.mark.parametrize("how", ["wrong", "missing"])
async def test_a_token_that_does_not_work_is_one_clear_line(tmp_path: Path, wrong: str, how: str) -> None:
    async with SlackDouble(manifest()) as slack:
        good = {
            "SLACK_BOT_TOKEN": slack.bot_token,
            "SLACK_APP_TOKEN": slack.app_token,
            "SLACK_API_URL": slack.api_url,
            "MAILCHECK_DB": str(tmp_path / "history.sqlite"),
        }
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
