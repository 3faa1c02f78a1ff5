"""The message to whoever must act, ready to send, with nothing private in it."""

from __future__ import annotations

from dataclasses import replace
from zoneinfo import ZoneInfo

import pytest

from bot.handover import handover, message
from bot.report import Paste
from bot.run import Record
from bot.wording import Wording
from checks.case import Case, Target
from tests.bot.test_report import BOTH, EN_WORDS, JA_WORDS, RECORD, RUN

TICKET = replace(
    RECORD,
    run=replace(
        RUN,
        case=Case(
            target=Target(domain="example.com"),
            sender="canary-sender@example.com",
            recipient="canary-recipient@example.org",
            reference="INC-42",
        ),
    ),
)


def test_it_says_what_was_found_what_to_do_and_on_what_evidence() -> None:
    text = message(TICKET, EN_WORDS)
    assert text.startswith("Subject: mail of example.com: ")
    for part in (
        "1. 12 look-ups are too many",
        "Receivers give up.",
        "DNS admin: remove some.",
        "v=spf1 -all",
        "2. No record for example.com",
        "- TXT q1.example.com @ 192.0.2.53, 2026-09-21 14:13:20 UTC",
        "Our reference: INC-42.",
    ):
        assert part in text
    assert "01RUN" not in text


def test_times_are_in_the_readers_zone_as_well() -> None:
    assert "2026-09-21 14:13:20 UTC (2026-09-21 23:13:20 Asia/Tokyo)" in message(
        TICKET, JA_WORDS, ZoneInfo("Asia/Tokyo")
    )


@BOTH
def test_it_names_no_person(words: Wording) -> None:
    text = message(TICKET, words, ZoneInfo("Asia/Tokyo"))
    assert "canary" not in text
    assert RUN.asked_by not in text


@BOTH
@pytest.mark.parametrize(
    "record", [replace(RECORD, diagnosis=None), replace(RECORD, steps=(), evidence=())], ids=["no end", "no steps"]
)
def test_where_nothing_was_found_it_asks_for_the_logs(words: Wording, record: Record) -> None:
    text = message(record, words)
    assert "example.com" in text
    assert "\n1. " not in text
    assert ("logs" if words is EN_WORDS else "ログ") in text


def test_it_is_told_with_who_it_is_for() -> None:
    told = handover(TICKET, EN_WORDS)
    (section,) = told.sections
    assert section.lines == (Paste(message(TICKET, EN_WORDS)),)
    assert told.fallback.startswith("To send to: ")
