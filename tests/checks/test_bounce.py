"""Bounces are read whole: every recipient, what was said, and what it means; and no octets are too odd."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any, cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checks import provider_data
from checks.bounce import Certainty, Innocent, Kind, layouts, read
from checks.causes import Cause, Side

DATA = Path(__file__).parents[1] / "data" / "bounces"
SHARED = Path(__file__).parents[2].parent / "shared" / "data" / "smtp_lines.jsonl"


def rows(path: Path) -> list[dict[str, Any]]:
    return [cast("dict[str, Any]", json.loads(line)) for line in path.read_text("utf-8").splitlines()]


LETTERS = rows(DATA / "letters.jsonl")


@pytest.mark.parametrize("letter", LETTERS, ids=[letter["file"] for letter in LETTERS])
def test_a_bounce_is_read_to_the_last_recipient(letter: dict[str, Any]) -> None:
    reading = read((DATA / "letters" / letter["file"]).read_bytes())
    assert reading.kind == letter["kind"]
    assert len(reading.failures) == len(letter["failures"])
    for failure, expected in zip(reading.failures, letter["failures"], strict=True):
        assert (failure.recipient, failure.status, failure.reply, failure.temporary) == (
            expected["recipient"],
            expected["status"],
            expected["reply"],
            expected["temporary"],
        )
        assert failure.cause is not None
        assert failure.cause.value in expected["cause"]
    assert (reading.innocent.value if reading.innocent else None) == letter.get("what")
    if "sender" in letter:
        assert reading.original.sender == letter["sender"]
    if "subject" in letter:
        assert reading.original.subject == letter["subject"]
    if "provider" in letter:
        assert reading.failures[0].provider == letter["provider"]


@pytest.mark.parametrize("letter", LETTERS, ids=[letter["file"] for letter in LETTERS])
def test_a_bounce_quoted_in_a_ticket_names_the_same_recipients(letter: dict[str, Any]) -> None:
    data = (DATA / "letters" / letter["file"]).read_bytes()
    plain, quoted = read(data), read(b"\n".join(b"> " + line for line in data.split(b"\n")))
    assert quoted.kind == plain.kind
    assert [f.recipient for f in quoted.failures] == [f.recipient for f in plain.failures]
    assert [f.cause for f in quoted.failures] == [f.cause for f in plain.failures]


# --- Lines -----------------------------------------------------------------------------------------------------------


_SIDES = {cause.value: cause.owner for cause in Cause}


def _side(answer: str) -> Side | str:
    """Who has to act; what is unclear or no failure has no side."""
    return _SIDES.get(answer, answer)


def accuracy(lines: list[dict[str, Any]]) -> tuple[float, float, list[str]]:
    """The share of right causes and of right sides, and what was judged wrong."""
    causes = sides = 0
    wrong: list[str] = []
    for row in lines:
        reading = read(row["line"])
        judged = {failure.cause.value if failure.cause else "unclear" for failure in reading.failures} or {reading.kind}
        right = len(judged) == 1 and judged <= set(row["cause_accept"])
        causes += right
        sides += len(judged) == 1 and {*map(_side, judged)} <= {*map(_side, row["cause_accept"])}
        if not right:
            wrong.append(f"{row['line'][:100]!r}: {judged}")
    return causes / len(lines), sides / len(lines), wrong


def test_the_labelled_lines_are_judged_right() -> None:
    if not SHARED.exists():
        pytest.skip("the shared reference data is not on this machine")
    lines = rows(SHARED)
    causes, _, wrong = accuracy(lines)
    assert causes == 1, wrong
    for row in lines:
        (failure,) = read(row["line"]).failures
        assert failure.cause is not None
        if failure.cause.value == row["cause"]:
            assert failure.cause.owner is Side(row["side"])


@pytest.mark.parametrize(("name", "least"), [("learning", 0.99), ("held_out", 0.85)])
def test_other_lines_are_judged_right_about_as_often(name: str, least: float) -> None:
    causes, sides, wrong = accuracy(rows(DATA / f"{name}.jsonl"))
    assert causes >= least, wrong
    assert sides >= least, wrong


def test_a_provider_is_one_that_the_bot_knows() -> None:
    known = {each.id for each in provider_data.shipped()}
    for row in [*rows(DATA / "learning.jsonl"), *rows(DATA / "held_out.jsonl")]:
        assert {failure.provider for failure in read(row["line"]).failures} <= known | {None}


@pytest.mark.parametrize(
    ("line", "cause"),
    [
        ("550 5.2.2 Submission quota exceeded", Cause.SENDER_QUOTA),
        ("552 5.2.2 <user@example.org>: mailbox quota exceeded", Cause.RECIPIENT_MAILBOX_FULL),
        ("550 5.4.1 Recipient address rejected: Access denied. [x.prod.outlook.com]", Cause.RECIPIENT_UNKNOWN),
        ("550 5.7.30 Basic authentication is not supported for Client Submission", Cause.SMTP_LOGIN),
        ("550 5.7.30 REQUIRETLS support required", Cause.TLS_REQUIRED),
    ],
)  # fmt: skip
def test_words_outweigh_codes(line: str, cause: Cause) -> None:
    (failure,) = read(line).failures
    assert failure.cause is cause
    assert failure.confidence is Certainty.HIGH


def test_a_receiver_that_misreads_a_blocklist_error_is_not_the_senders_fault() -> None:
    listed = "554 5.7.1 Client host [198.51.100.7] blocked using zen.spamhaus.org; "
    (failure,) = read(listed + "Error: open resolver; https://check.spamhaus.org/returnc/pub/192.0.2.53").failures
    assert failure.cause is Cause.RECIPIENT_SERVER_PROBLEM
    (failure,) = read(listed + "https://www.spamhaus.org/query/ip/198.51.100.7").failures
    assert failure.cause is Cause.IP_BLOCKLISTED


@pytest.mark.parametrize(
    ("line", "cause", "certainty"),
    [
        ("550 5.1.1 x", Cause.RECIPIENT_UNKNOWN, Certainty.MEDIUM),
        ("450", Cause.TEMPORARILY_DEFERRED, Certainty.LOW),
    ],
)
def test_where_words_say_nothing_the_enhanced_code_decides_and_then_the_reply_code(
    line: str, cause: Cause, certainty: Certainty
) -> None:
    (failure,) = read(line).failures
    assert (failure.cause, failure.confidence) == (cause, certainty)


@pytest.mark.parametrize("text", ["", "\n", "hello", "554", "my mail is gone"])
def test_without_a_reason_nothing_is_guessed(text: str) -> None:
    reading = read(text)
    assert reading.kind is Kind.UNCLEAR
    assert not [failure for failure in reading.failures if failure.cause]


def test_a_delay_is_temporary_and_a_server_that_gave_up_is_not() -> None:
    report = "Final-Recipient: rfc822; user@example.org\nAction: {}\nStatus: 4.4.1\nDiagnostic-Code: smtp; 450 busy"
    assert read(report.format("delayed")).failures[0].temporary
    assert not read(report.format("failed")).failures[0].temporary


@pytest.mark.parametrize(
    ("text", "innocent"),
    [
        ("250 2.0.0 OK queued as 4B1C2", Innocent.DELIVERED),
        ("postfix/smtp[1]: A: to=<a@example.org>, relay=none, dsn=2.0.0, status=sent (250 ok)", Innocent.DELIVERED),
        ("不在にしております。急ぎの場合は代表までお電話ください。", Innocent.OUT_OF_OFFICE),
        ("Your message was read on Tuesday, 3 November 2026.", Innocent.READ_RECEIPT),
    ],
)  # fmt: skip
def test_what_is_no_failure_is_called_none(text: str, innocent: Innocent) -> None:
    reading = read(text)
    assert (reading.kind, reading.innocent) == (Kind.NOT_A_FAILURE, innocent)
    assert reading.failures == ()


@pytest.mark.parametrize("charset", ["utf-8", "cp932", "euc_jp", "iso2022_jp", "utf-16"])
def test_japanese_is_read_without_a_label(charset: str) -> None:
    text = "宛先: user@example.jp\n理由: 受信者のメールボックスの容量がいっぱいです。"
    (failure,) = read(text.encode(charset)).failures
    assert (failure.recipient, failure.cause) == ("user@example.jp", Cause.RECIPIENT_MAILBOX_FULL)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("the limit is 500 messages, 450 MB or 421 recipients", None),
        ("554 mail rejected", 554),
        ("host said: 550\n    5.7.26 unauthenticated", 550),
        ("status 5.7.1 only", None),
        ("Remote Server returned '550 5.1.10 x'", 550),
    ],
)
def test_a_number_in_running_text_is_no_reply_code(text: str, code: int | None) -> None:
    assert layouts.reply_of(text) == code


def test_a_mail_from_a_person_is_no_bounce_whatever_it_speaks_of() -> None:
    head = "From: a@example.com\nTo: b@example.org\nSubject: storage\nDate: Tue, 3 Nov 2026 10:00:00 +0900\n\n"
    assert read(f"{head}Your mailbox is full of spam, and the user does not exist.").kind is Kind.UNCLEAR
    assert read(f"{head}It came back with an error: the user does not exist.").kind is Kind.BOUNCE


def test_no_secret_leaves_the_reading() -> None:
    login = "AUTH PLAIN AHVzZXIAaHVudGVyMg==\n535 5.7.8 Error: authentication failed"
    reading = read(f"{login}, password: hunter2 for user@example.org")
    assert reading.failures[0].cause is Cause.SMTP_LOGIN
    assert "hunter2" not in repr(reading)
    assert "AHVzZXIAaHVudGVyMg" not in repr(reading)


# --- Anything at all -------------------------------------------------------------------------------------------------

PIECES = st.sampled_from(
    [
        *("550 5.1.1 ", "<a@example.org>", "--B\n", "From: x@example.org\n", "Final-Recipient: rfc822; "),
        *("Action: failed\n", "Status: 5.\n", "> ", ">>> RCPT", "\n\n", "=?utf-8?B?//8=?=", "\x1b$B", "\ud800", "\x00"),
        *("Content-Type: multipart/report; boundary=B\n", "Content-Type: message/delivery-status\n\n", "ﾒｰﾙ"),
        *("Content-Transfer-Encoding: base64\n", "status=bounced (", "Diagnostic-Code: smtp; 550-", "to=<"),
        *("Content-Type: message/rfc822\n\n", "MIME-Version: 1.0\n", "Subject: "),
    ]
)  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=2_000))
def test_any_octets_get_an_answer(data: bytes) -> None:
    assert read(data).kind in Kind


@settings(max_examples=300, deadline=None)
@given(st.lists(PIECES | st.text(max_size=20), max_size=40).map("".join))
def test_any_shuffled_bounce_gets_an_answer(text: str) -> None:
    reading = read(text)
    assert (reading.kind is Kind.BOUNCE) == any(failure.cause for failure in reading.failures)
    assert (reading.kind is Kind.NOT_A_FAILURE) == (reading.innocent is not None)


UNITS = (
    *(
        "550 5.1.1 ",
        "a@",
        "<",
        "> ",
        "mailbox ",
        "the user is not ",
        "550-5.7.1 x\n",
        "=?utf-8?Q?",
        "1.",
        "f:",
        "|",
        "not ",
    ),
    *(
        "(",
        "limit ",
        "Final-Recipient: rfc822; a@b\n",
        "<a@example.org>:\n",
        "to=<a>, ",
        "reject: ",
        "334 x\n",
        "password: ",
    ),
)


@pytest.mark.parametrize("unit", UNITS)
def test_no_text_takes_long(unit: str) -> None:
    text = unit * (200_000 // len(unit))
    read("550 warm")
    started = time.process_time()
    read(text)
    assert time.process_time() - started < 2, "grows with more than the length"
