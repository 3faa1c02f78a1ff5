"""From the command a person types to the last message in the thread, through the real bot."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

from bot.sandbox.dns import Fault
from bot.sandbox.internet import World
from bot.sandbox.slack_faults import LostAnswer, RateLimited, Refused, ServerError
from bot.sandbox.smtp import MailHost
from bot.sandbox.worlds import BLOCKLISTS
from bot.slack import listeners
from bot.slack.transport import SlackTransport
from tests.journeys.office import HELPDESK, JAPANESE, OUTSIDE, manifest, office

RECORDS = """
    example.com        MX   10 mx.example.com
    example.com        TXT  v=spf1 mx -all
    _dmarc.example.com TXT  v=DMARC1; p=reject
    mx.example.com     A    192.0.2.25
    192.0.2.25         PTR  mx.example.com
"""
MAIL = MailHost(name="mx.example.com", address="192.0.2.25", domains=("example.com",))


def world(records: str = RECORDS, **more: object) -> World:
    return World(records=records + BLOCKLISTS, mail=(MAIL,), **more)  # type: ignore[arg-type] # fields of World


async def test_a_command_is_answered_in_one_thread_and_kept_in_history(tmp_path: Path) -> None:
    async with office(world(), tmp_path) as here:
        typed = await here.ask("example.com ticket:INC-42")
        assert typed.failure is None
        assert typed.ack.milliseconds < 1000

        parent, replies = await here.answered()

        assert "example.com" in parent.words
        assert "INC-42" in parent.words
        assert replies[-1].controls, "the summary has the buttons"
        assert set(here.slack.pings) == {f"<@{HELPDESK}>"}, "the first message names the asker, and nobody else"
        await here.finish()
        async with here.history() as history:
            [line] = await history.of_ticket("INC-42", 10)
            record = await history.load(line.id)
        assert record is not None
        assert [step.check for step in record.steps]
        for step in record.steps:
            assert step.findings


async def test_the_asker_s_slack_language_is_the_language_of_the_answer(tmp_path: Path) -> None:
    async with office(world(), tmp_path) as here:
        await here.ask("example.com", user=JAPANESE)
        _, replies = await here.answered()
        assert any("\u3040" <= character <= "\u30ff" for character in replies[-1].words)


async def test_lang_overrides_the_asker_s_language(tmp_path: Path) -> None:
    async with office(world(), tmp_path) as here:
        await here.ask("example.com lang:en", user=JAPANESE)
        _, replies = await here.answered()
        assert not any("\u3040" <= character <= "\u30ff" for character in replies[-1].words)


async def test_a_private_answer_is_seen_by_the_asker_alone(tmp_path: Path) -> None:
    async with office(world(), tmp_path) as here:
        await here.ask("example.com private")
        told = await here.whispered(HELPDESK, 2)
        assert "example.com" in told[-1].words
        assert [message for message in here.slack.channel("helpdesk").messages if message.via == "api"] == []


async def test_where_the_bot_is_not_in_the_channel_the_asker_gets_report_and_invite_line(tmp_path: Path) -> None:
    async with office(world(), tmp_path) as here:
        await here.ask("example.com", channel=OUTSIDE)
        told = await here.whispered(HELPDESK, 2, OUTSIDE)
        assert any("/invite" in message.words for message in told)
        assert "example.com" in told[-1].words


async def test_a_delivery_that_comes_twice_starts_one_run(tmp_path: Path) -> None:
    async with office(world(), tmp_path) as here:
        here.slack.socket.duplicate_next()
        await here.ask("example.com")
        await here.answered()
        await here.finish()
        async with here.history() as history:
            assert len(await history.recent(10)) == 1


async def test_a_second_asker_is_sent_to_the_run_that_is_going(tmp_path: Path) -> None:
    async with office(world(faults={"mx.example.com": Fault.SILENT}), tmp_path) as here:
        await here.ask("example.com")
        await here.ask("example.com", user=JAPANESE)
        [told] = await here.whispered(JAPANESE)
        assert "example.com" in told.words
        await here.answered()
        await here.finish()
        async with here.history() as history:
            assert len(await history.recent(10)) == 1


@pytest.mark.parametrize(
    "text",
    [
        "exampel",
        "example.com ip:999.1.1.1",
        "x" * 10_000,
        "example.com\x00\x1b[31m",
        "'; DROP TABLE x; --",
        "<!channel>",
    ],
)
async def test_a_mistake_gets_one_line_that_only_the_typist_sees(tmp_path: Path, text: str) -> None:
    async with office(world(), tmp_path) as here:
        await here.ask(text)
        [told] = await here.whispered(HELPDESK)
        assert "/mailcheck" in told.words
        assert len(told.words) < 600
        assert here.slack.pings == []


async def test_a_password_in_a_command_is_refused_and_kept_nowhere(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    canary = "Tr0ub4dor-canary"
    async with office(world(), tmp_path) as here:
        await here.ask(f"example.com password:{canary}")
        [told] = await here.whispered(HELPDESK)
        assert canary not in told.words
        await here.finish()
    assert canary not in caplog.text
    for path in await asyncio.to_thread(lambda: list(tmp_path.iterdir())):
        assert canary.encode() not in path.read_bytes()


async def test_help_history_and_last_answer_the_typist(tmp_path: Path) -> None:
    async with office(world(), tmp_path) as here:
        await here.ask("help")
        await here.ask("example.com")
        await here.answered()
        await here.ask("history example.com")
        await here.ask("last example.com")
        told = await here.whispered(HELPDESK, 3)
        assert "/mailcheck history" in told[0].words
        assert "example.com" in told[1].words
        assert "example.com" in told[2].words


async def test_the_button_checks_again_and_the_details_come_to_whoever_asks(tmp_path: Path) -> None:
    async with office(world(), tmp_path) as here:
        await here.ask("example.com")
        _, replies = await here.answered()
        await here.slack.click(replies[-1], "details", user=JAPANESE)
        await here.whispered(JAPANESE)
        await here.slack.click(replies[-1], "export", user=JAPANESE)
        told = await here.whispered(JAPANESE, 2)
        assert "example.com" in told[-1].words
        await here.slack.click(replies[-1], "handover", user=JAPANESE)

        def handed_over() -> str | None:
            words = [message.words for message in here.slack.channel("helpdesk").ephemerals(JAPANESE)]
            return next((each for each in words if each.startswith("送り先：")), None)

        text = await here.slack.wait_for(handed_over, 20)
        assert "件名：" in text
        assert "Asia/Tokyo" in text
        await here.slack.click(replies[-1], "check_again", user=HELPDESK)

        def twice() -> bool | None:
            ends = [m for m in here.slack.channel("helpdesk").messages if m.controls]
            return len(ends) == 2 or None

        await here.slack.wait_for(twice, 20)


@pytest.mark.parametrize(
    "fault",
    [RateLimited(1), ServerError(500), ServerError(503), Refused("fatal_error"), LostAnswer()],
    ids=lambda fault: type(fault).__name__,
)
async def test_slack_s_faults_neither_lose_nor_repeat_a_message(tmp_path: Path, fault: Any) -> None:  # noqa: ANN401 - any of the faults
    async with office(world(), tmp_path, app=manifest(optional=True)) as here:
        here.slack.faults.next("chat.postMessage", fault)
        await here.ask("example.com")
        _, replies = await here.answered()
        assert replies[-1].controls
        roots = [message for message in here.slack.channel("helpdesk").roots if message.via == "api"]
        assert len(roots) == 1


async def test_a_stop_lets_runs_end_and_tells_them(tmp_path: Path) -> None:
    async with office(world(), tmp_path) as here:
        await here.ask("example.com")
        await here.finish()
        assert [m for m in here.slack.channel("helpdesk").messages if m.controls], "the summary was sent"


async def test_a_run_cut_off_by_a_crash_is_finished_after_the_restart_and_told_once(tmp_path: Path) -> None:
    faults = {"mx.example.com": Fault.SILENT}
    async with office(world(faults=faults), tmp_path) as here:
        await here.ask("example.com")
        await here.slack.wait_for(lambda: [m for m in here.slack.channel("helpdesk").roots if m.via == "api"] or None)
        await here.crash()
        faults.clear()
        await here.start()
        parent, replies = await here.answered()
        assert [m.ts for m in here.slack.channel("helpdesk").roots if m.via == "api"] == [parent.ts]
        assert len([m for m in replies if m.controls]) == 1


async def test_hostile_records_ping_nobody(tmp_path: Path) -> None:
    record = 'example.com TXT "v=spf1 <!channel> <@U0JAPANESE> `rm` \\" -all"\n'
    hostile = record + RECORDS.replace("v=spf1 mx -all", "x")
    async with office(world(hostile), tmp_path) as here:
        await here.ask("example.com")
        await here.answered()
        assert set(here.slack.pings) == {f"<@{HELPDESK}>"}


async def test_a_new_socket_after_a_disconnect_takes_commands(tmp_path: Path) -> None:
    async with office(world(), tmp_path) as here:
        before = here.slack.socket.opened
        await here.slack.socket.disconnect()
        await here.slack.wait_for(lambda: here.slack.socket.opened > before or None, 15)
        await here.ask("help")
        await here.whispered(HELPDESK)


async def test_a_thousand_commands_at_once_are_all_acknowledged(tmp_path: Path) -> None:
    # How fast is for the benchmark: here both sides share one process, which may also measure coverage.
    async with office(world(), tmp_path, ack_seconds=30) as here:
        typed = await asyncio.gather(*(here.ask("help") for _ in range(1000)))
        assert [one.failure for one in typed if one.failure] == []


async def test_a_crowd_is_told_a_few_at_a_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    now, most = 0, 0
    whisper = SlackTransport.whisper

    async def counted(self: SlackTransport, *args: Any) -> None:  # noqa: ANN401 - passed on
        nonlocal now, most
        now += 1
        most = max(most, now)
        await whisper(self, *args)
        now -= 1

    monkeypatch.setattr(SlackTransport, "whisper", counted)
    monkeypatch.setattr(listeners, "_ANSWERS_AT_ONCE", 3)
    async with office(world(), tmp_path) as here:
        await asyncio.gather(*(here.ask("help") for _ in range(20)))
        await here.whispered(HELPDESK, 20)
    assert most == 3


# --- Rates, queues, duplicates ---------------------------------------------------------------------------------------

SLOW = {".slow.example": Fault.SILENT}


async def test_the_eleventh_run_of_a_person_in_a_minute_is_refused_to_them_alone(tmp_path: Path) -> None:
    async with office(world(faults=SLOW), tmp_path) as here:
        for number in range(11):
            typed = await here.ask(f"d{number}.slow.example private lang:en only:spf")
            assert typed.failure is None
        await here.slack.wait_for(
            lambda: [m for m in here.slack.channel("helpdesk").ephemerals(HELPDESK) if "Too many" in m.words] or None,
            20,
        )
        await here.ask("example.com only:spf", user=JAPANESE)
        await here.slack.wait_for(lambda: [m for m in here.slack.channel("helpdesk").roots if m.via == "api"] or None)
        assert not here.slack.channel("helpdesk").ephemerals(JAPANESE), "another person is not concerned"
        await here.finish()
        async with here.history() as history:
            assert len(await history.of_person(HELPDESK, 50, viewer=HELPDESK)) == 10


async def test_the_same_command_many_times_at_once_is_one_run(tmp_path: Path) -> None:
    async with office(world(), tmp_path) as here:
        typed = await asyncio.gather(*(here.ask("example.com only:spf") for _ in range(50)))
        assert [one.failure for one in typed if one.failure] == []
        await here.answered()
        await here.finish()
        async with here.history() as history:
            assert len(await history.recent(100)) == 1


async def test_a_second_delivery_of_a_command_says_nothing_to_anybody(tmp_path: Path) -> None:
    async with office(world(faults=SLOW), tmp_path) as here:
        typed = await here.ask("d.slow.example only:spf")
        again = await here.slack.deliver_again(typed)
        assert again.failure is None
        await here.slack.wait_for(lambda: [m for m in here.slack.channel("helpdesk").roots if m.via == "api"] or None)
        await here.finish()
        assert here.slack.channel("helpdesk").ephemerals(HELPDESK) == []


async def test_whoever_has_to_wait_is_told_how_many_are_ahead(tmp_path: Path) -> None:
    async with office(world(faults=SLOW), tmp_path, mailcheck_runs_at_once=1) as here:
        await here.ask("first.slow.example only:spf lang:en")
        assert here.slack.channel("helpdesk").ephemerals(JAPANESE) == []
        await here.ask("second.slow.example only:spf lang:en", user=JAPANESE)
        [told] = await here.whispered(JAPANESE)
        assert "1" in told.words

        def shown() -> bool | None:
            parents = [m for m in here.slack.channel("helpdesk").roots if "second" in m.words]
            return any("ahead" in parent.words for parent in parents) or None

        await here.slack.wait_for(shown, 10)


async def test_what_somebody_asks_in_private_is_not_told_to_the_next_who_asks_the_same(tmp_path: Path) -> None:
    async with office(world(faults=SLOW), tmp_path) as here:
        await here.ask("d.slow.example only:spf private")
        await here.ask("d.slow.example only:spf", user=JAPANESE)
        await here.slack.wait_for(lambda: [m for m in here.slack.channel("helpdesk").roots if m.via == "api"] or None)
        assert here.slack.channel("helpdesk").ephemerals(JAPANESE) == []


async def test_slack_is_asked_for_a_person_s_language_once(tmp_path: Path) -> None:
    async with office(world(), tmp_path) as here:
        await asyncio.gather(*(here.ask("help") for _ in range(20)))
        await here.ask("example.com only:spf")
        await here.answered()
        await here.whispered(HELPDESK, 20)
        assert len(here.slack.calls_of("users.info")) == 1


async def test_a_language_that_cannot_be_had_is_not_asked_for_with_every_message(tmp_path: Path) -> None:
    app = manifest()
    bare = type(app)(scopes=app.scopes - {"users:read"}, commands=app.commands)
    async with office(world(), tmp_path, app=bare) as here:
        await here.ask("example.com only:spf")
        await here.answered()
        assert len(here.slack.calls_of("users.info")) == 1
