"""``mailcheck serve`` as a process: started wrongly, stopped, killed at bad moments, and over signed HTTP."""

from __future__ import annotations

import asyncio
import re
import signal
import time
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import aiohttp
import pytest

from bot.history import History
from bot.run import State
from bot.sandbox.dns import Fault
from bot.sandbox.internet import Internet, World
from bot.sandbox.slack import Http, SlackDouble
from bot.sandbox.slack_faults import RESPONSE_URL, LostAnswer, RateLimited
from bot.sandbox.slack_faults import Fault as SlackFault
from bot.sandbox.slack_model import Channel, Message, User
from checks import ALL
from tests.journeys.office import HELPDESK, OUTSIDE, manifest
from tests.journeys.terminal import Asked, Terminal

RECORDS = """
    example.com        MX   10 mx.example.com
    example.com        TXT  v=spf1 -all
    _dmarc.example.com TXT  v=DMARC1; p=reject
    mx.example.com     A    127.0.0.1
"""
ASKED = "example.com only:domain,mx,spf,dmarc"
CANARY = "canary0123456789"


@dataclass
class Service:
    """A workspace, a small internet, and the bot as a supervisor would run it."""

    slack: SlackDouble
    asked: Asked
    terminal: Terminal
    faults: dict[str, Fault]
    process: asyncio.subprocess.Process | None = None

    async def start(self, *words: str) -> None:
        """Start the bot and wait until it is connected."""
        before = self.slack.socket.opened
        await self.launch(*words)
        await self.slack.wait_for(lambda: self.slack.socket.opened > before or None, 30)

    async def launch(self, *words: str) -> asyncio.subprocess.Process:
        """Start the bot."""
        self.process = await self.terminal.start("serve", *words)
        return self.process

    async def ended(self, within: float = 30) -> tuple[int | None, str]:
        """Wait until the process is gone: its exit code and what it logged."""
        assert self.process is not None
        async with asyncio.timeout(within):
            _, err = await self.process.communicate()
        return self.process.returncode, err.decode()

    async def stop(self, number: signal.Signals = signal.SIGTERM) -> tuple[int | None, str]:
        """Send a signal and wait for the end."""
        assert self.process is not None
        self.process.send_signal(number)
        return await self.ended()

    @property
    def helpdesk(self) -> Channel:
        return self.slack.channel("helpdesk")

    @property
    def parents(self) -> list[Message]:
        return [message for message in self.helpdesk.roots if message.via == "api"]

    @property
    def summaries(self) -> list[Message]:
        return [message for message in self.helpdesk.messages if message.controls]

    async def answered(self, count: int = 1) -> None:
        """Wait until so many runs have their end in the channel."""
        await self.slack.wait_for(lambda: len(self.summaries) >= count or None, 40)


@asynccontextmanager
async def service(folder: Path, **faults: Fault) -> AsyncGenerator[Service]:
    given = {name.replace("__", "."): fault for name, fault in faults.items()}
    internet = Internet(World(records=RECORDS, faults=given))
    internet.queries = asked = Asked("_dmarc.example.com")
    async with SlackDouble(manifest(optional=True)) as slack, internet:
        slack.add_user(User(HELPDESK, "helpdesk"))
        slack.add_channel("helpdesk", members=[HELPDESK])
        slack.add_channel(OUTSIDE, kind="private", members=[HELPDESK], with_bot=False)
        terminal = Terminal(folder)
        terminal.connect(internet)
        terminal.settings |= {
            "SLACK_BOT_TOKEN": slack.bot_token,
            "SLACK_APP_TOKEN": slack.app_token,
            "SLACK_API_URL": slack.api_url,
        }
        here = Service(slack, asked, terminal, given)
        try:
            yield here
        finally:
            if here.process is not None and here.process.returncode is None:
                here.process.kill()
                await here.process.communicate()


async def assert_sound(folder: Path, runs: int) -> None:
    """The history is whole: nothing half done, nothing left to tell."""
    history = await History.open(folder / "history.sqlite", ALL)
    try:
        await history.verify()
        lines = await history.recent(100, viewer=HELPDESK)
        assert len(lines) == runs
        assert {line.state for line in lines} == {State.DONE}
        assert await history.unfinished() == ()
        assert (await history.stats()).undelivered == 0
    finally:
        await history.close()


# --- Started wrongly -------------------------------------------------------------------------------------------------


async def test_a_slack_that_is_down_is_one_line_within_seconds(tmp_path: Path) -> None:
    async with service(tmp_path) as here:
        await here.slack.__aexit__(None, None, None)
        started = time.monotonic()
        await here.launch()
        code, err = await here.ended(20)
        await here.slack.__aenter__()
    assert code == 1
    assert time.monotonic() - started < 10
    assert len(err.splitlines()) == 1
    assert "Slack cannot be reached" in err


async def test_a_slack_that_hangs_is_one_line_within_seconds(tmp_path: Path) -> None:
    async with service(tmp_path) as here:
        here.slack.faults.hang("auth.test")
        await here.launch()
        code, err = await here.ended(20)
    assert code == 1
    assert len(err.splitlines()) == 1
    assert "SLACK_BOT_TOKEN" in err


async def test_a_stop_while_slack_hangs_at_the_start_is_obeyed(tmp_path: Path) -> None:
    async with service(tmp_path) as here:
        held = here.slack.faults.hang("auth.test")
        await here.launch()
        await held.reached.wait()
        started = time.monotonic()
        code, err = await here.stop()
    assert (code, err) == (0, "")
    assert time.monotonic() - started < 5


async def test_a_database_that_cannot_be_used_is_one_line(tmp_path: Path) -> None:
    async with service(tmp_path) as here:
        (tmp_path / "history.sqlite").write_text("Dear diary\n" * 20, "utf-8")
        await here.launch()
        code, err = await here.ended()
    assert code == 2
    assert len(err.splitlines()) == 1
    assert "history.sqlite" in err


# --- Stopped ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_a_stop_lets_the_run_end_tells_it_and_ends_with_0(tmp_path: Path, number: signal.Signals) -> None:
    async with service(tmp_path) as here:
        await here.start()
        await here.slack.command(ASKED, user=HELPDESK, channel="helpdesk")
        started = time.monotonic()
        code, err = await here.stop(number)
        assert code == 0, err
        assert time.monotonic() - started < 10
        assert len(here.summaries) == 1
    await assert_sound(tmp_path, 1)


async def test_a_run_that_does_not_end_in_time_is_told_after_the_next_start(tmp_path: Path) -> None:
    async with service(tmp_path, _dmarc__example__com=Fault.SILENT) as here:
        await here.start()
        await here.slack.command(ASKED, user=HELPDESK, channel="helpdesk")
        await here.slack.wait_for(lambda: here.parents or None, 10)
        started = time.monotonic()
        code, _ = await here.stop()
        assert (code, time.monotonic() - started < 10) == (0, True)
        here.faults.clear()
        await here.start()
        await here.answered()
        await here.stop()
        assert (len(here.parents), len(here.summaries)) == (1, 1)
    await assert_sound(tmp_path, 1)


# --- Killed ----------------------------------------------------------------------------------------------------------


async def test_a_kill_right_after_the_ack_loses_nothing(tmp_path: Path) -> None:
    async with service(tmp_path) as here:
        await here.start()
        held = here.slack.faults.hang("users.info")
        await here.slack.command(ASKED, user=HELPDESK, channel="helpdesk")
        await held.reached.wait()
        assert here.parents == []
        await here.stop(signal.SIGKILL)
        held.released.set()
        await here.start()
        await here.answered()
        await here.stop()
        assert (len(here.parents), len(here.summaries)) == (1, 1)
    await assert_sound(tmp_path, 1)


@pytest.mark.parametrize("nth", [1, 2, 3])
async def test_a_kill_between_a_post_and_its_record_posts_nothing_twice(tmp_path: Path, nth: int) -> None:
    """Slack does the work of the nth message, and the bot is gone before it hears of it."""
    async with service(tmp_path) as here:
        await here.start()
        arrived, take, count = asyncio.Event(), here.slack.faults.take, 0

        def freeze(method: str) -> SlackFault | None:
            """Hold the bot still at the nth message, so that it can neither note it nor ask for it."""
            nonlocal count
            if method != "chat.postMessage" or arrived.is_set():
                return take(method)
            count += 1
            if count < nth or here.process is None:
                return None
            here.process.send_signal(signal.SIGSTOP)
            arrived.set()
            return LostAnswer()

        here.slack.faults.take = freeze  # type: ignore[method-assign] # the moment is the point
        await here.slack.command(ASKED, user=HELPDESK, channel="helpdesk")
        async with asyncio.timeout(20):
            await arrived.wait()
        await here.slack.wait_for(lambda: len([m for m in here.helpdesk.messages if m.via == "api"]) == nth or None, 10)
        await here.stop(signal.SIGKILL)
        await here.start()
        await here.answered()
        code, err = await here.stop()
        assert code == 0, err
        assert (len(here.parents), len(here.summaries)) == (1, 1)
        [parent] = here.parents
        assert {message.thread_ts for message in here.helpdesk.messages if message.via == "api"} == {None, parent.ts}
        words = [message.words for message in here.helpdesk.thread(parent.ts)]
        assert len(words) == len(set(words)), "a reply came twice"
    await assert_sound(tmp_path, 1)


async def test_after_a_kill_under_load_every_command_has_one_parent_and_one_end(tmp_path: Path) -> None:
    async with service(tmp_path) as here:
        await here.start()
        domains = [f"d{number}.example.com" for number in range(6)]
        typed = [
            await here.slack.command(f"{domain} only:spf", user=HELPDESK, channel="helpdesk") for domain in domains
        ]
        assert all(one.failure is None for one in typed)
        await here.slack.wait_for(lambda: here.parents or None, 10)
        await here.stop(signal.SIGKILL)
        await here.start()
        await here.answered(len(domains))
        code, _ = await here.stop()
        assert code == 0
        assert sorted(next(d for d in domains if d in m.words) for m in here.parents) == domains
        assert len(here.summaries) == len(domains)
    await assert_sound(tmp_path, len(domains))


# --- A terminal beside it --------------------------------------------------------------------------------------------


async def test_a_terminal_and_the_bot_share_a_history(tmp_path: Path) -> None:
    async with service(tmp_path) as here:
        await here.start()
        ended, _ = await asyncio.gather(
            here.terminal.run("check", "example.com", "only:dmarc", "--json"),
            here.slack.command(ASKED, user=HELPDESK, channel="helpdesk"),
        )
        assert ended.code == 0
        await here.answered()
        rows = (await here.terminal.run("history", "example.com", "--json")).json
        assert len(rows) == 2
        await here.stop()
    await assert_sound(tmp_path, 2)


async def test_a_bot_that_starts_leaves_the_run_of_a_terminal_alone(tmp_path: Path) -> None:
    async with service(tmp_path, _dmarc__example__com=Fault.SILENT) as here:
        process = await here.terminal.start("check", "example.com", "only:dmarc", "--json")
        async with asyncio.timeout(20):
            await here.asked.arrived.wait()
        await here.start()
        out, _ = await process.communicate()
        assert process.returncode == 3
        assert b'"verdict": "unknown"' in out
        await here.stop()
    await assert_sound(tmp_path, 1)


# --- Alone, and out of response URLs ---------------------------------------------------------------------------------


async def test_where_the_response_url_is_used_up_the_asker_gets_a_direct_message(tmp_path: Path) -> None:
    async with service(tmp_path) as here:
        await here.start()
        typed = await here.slack.command(ASKED, user=HELPDESK, channel=OUTSIDE)
        assert typed.failure is None
        hook = here.slack.workspace.hooks[str(typed.response_url).rpartition("hooks/")[2]]
        hook.uses = 5
        await here.slack.wait_for(lambda: [m for m in here.slack.dm(HELPDESK).messages if m.controls] or None, 20)
        await here.stop()
    await assert_sound(tmp_path, 1)


async def test_a_response_url_that_is_rate_limited_is_waited_for(tmp_path: Path) -> None:
    async with service(tmp_path) as here:
        here.slack.faults.next(RESPONSE_URL, RateLimited(1))
        await here.start()
        await here.slack.command(f"{ASKED} private", user=HELPDESK, channel="helpdesk")
        await here.slack.wait_for(lambda: len(here.helpdesk.ephemerals(HELPDESK)) >= 2 or None, 20)
        await here.stop()
        assert here.slack.dm(HELPDESK).messages == []
    await assert_sound(tmp_path, 1)


# --- HTTP ------------------------------------------------------------------------------------------------------------


@asynccontextmanager
async def over_http(folder: Path) -> AsyncGenerator[tuple[Service, str]]:
    """The bot in HTTP mode, and its address."""
    async with service(folder) as here:
        here.terminal.settings |= {
            "MAILCHECK_MODE": "http",
            "MAILCHECK_PORT": "0",
            "SLACK_SIGNING_SECRET": here.slack.signing_secret,
            "SLACK_APP_TOKEN": "",
        }
        process = await here.launch("--verbose")
        assert process.stderr is not None
        address = ""
        async with asyncio.timeout(30):
            while not address:
                line = (await process.stderr.readline()).decode()
                assert line, "the bot ended"
                found = re.search(r"\('127\.0\.0\.1', (\d+)\)", line)
                address = f"http://127.0.0.1:{found[1]}" if found else ""
        yield here, address


async def test_a_signed_request_is_served_like_any_command(tmp_path: Path) -> None:
    async with over_http(tmp_path) as (here, address):
        typed = await here.slack.command(ASKED, user=HELPDESK, channel="helpdesk", over=Http(f"{address}/slack/events"))
        assert typed.failure is None
        await here.answered()
        await here.slack.click(here.summaries[0], "details", user=HELPDESK, over=Http(f"{address}/slack/events"))
        await here.slack.wait_for(lambda: here.helpdesk.ephemerals(HELPDESK) or None, 10)
        code, _ = await here.stop()
        assert code == 0
    await assert_sound(tmp_path, 1)


@pytest.mark.parametrize(
    "forged",
    [
        {"signature": "v0=" + "0" * 64},
        {"signature": "v0="},
        {"skew": -3600.0},
        {"skew": 3600.0},
        {"timestamp": "yesterday"},
        {"timestamp": "1e9"},
    ],
    ids=str,
)
async def test_a_request_that_slack_did_not_sign_now_is_refused_and_not_written_down(
    tmp_path: Path, forged: dict[str, str | float]
) -> None:
    async with over_http(tmp_path) as (here, address):
        typed = await here.slack.command(
            f"example.com ticket:{CANARY}",
            user=HELPDESK,
            channel="helpdesk",
            over=Http(f"{address}/slack/events", **forged),  # type: ignore[arg-type] # fields of Http
        )
        assert typed.failure == "http_401"
        code, err = await here.stop()
    assert code == 0
    assert CANARY not in err
    assert here.parents == []
    history = await History.open(tmp_path / "history.sqlite", ALL)
    assert await history.recent(1) == ()
    await history.close()


async def test_without_a_signing_secret_http_mode_does_not_start(tmp_path: Path) -> None:
    async with service(tmp_path) as here:
        here.terminal.settings |= {"MAILCHECK_MODE": "http", "MAILCHECK_PORT": "0"}
        await here.launch()
        code, err = await here.ended()
    assert code == 1
    assert len(err.splitlines()) == 1
    assert "SLACK_SIGNING_SECRET" in err


async def test_health_answers_a_supervisor_and_tells_strangers_nothing(tmp_path: Path) -> None:
    async with over_http(tmp_path) as (here, address), aiohttp.ClientSession() as session:
        async with session.get(f"{address}/health") as answer:
            assert (answer.status, await answer.json()) == (200, {"ok": True})
        await here.stop()


async def test_a_port_that_is_taken_is_one_line(tmp_path: Path) -> None:
    async with over_http(tmp_path) as (here, address):
        here.terminal.settings["MAILCHECK_PORT"] = address.rpartition(":")[2]
        ended = await here.terminal.run("serve")
        assert ended.code == 1
        assert "cannot listen" in ended.err
        await here.stop()
