"""``mailcheck explain``: the JSON contract, the report in both languages, and one line for what cannot be read."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, cast

import pytest

from bot import __main__ as program
from bot import explain
from bot.render.text import plain_text
from bot.run import Language
from bot.wording import Wording
from checks.bounce import Advice, read
from checks.bounce.rules import shipped
from checks.causes import Cause, Side
from checks.provider_data import shipped as providers

UNKNOWN = "550 5.1.1 <user@example.org>: Recipient address rejected: User unknown in local recipient table"
LISTED = "554 5.7.1 Service unavailable; Client host [198.51.100.7] blocked using zen.spamhaus.org"
DELAYED = """\
Final-Recipient: rfc822; user@example.org
Action: delayed
Status: 4.4.1
Remote-MTA: dns; mx.example.org
Diagnostic-Code: X-Postfix; connect to mx.example.org[192.0.2.25]:25: Connection timed out
"""

Say = Callable[..., tuple[int, str, str]]


@pytest.fixture
def mailcheck(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Say:
    """Run the program with a text on stdin; what it exits with, and what it says on stdout and stderr."""

    def run(*words: str, stdin: bytes = b"") -> tuple[int, str, str]:
        monkeypatch.chdir(tmp_path)
        monkeypatch.setattr(sys, "argv", ["mailcheck", *words])
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin)))
        with pytest.raises(SystemExit) as stop:
            program.main()
        said = capsys.readouterr()
        return cast("int", stop.value.code), said.out, said.err

    return run


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("text", [UNKNOWN, LISTED, DELAYED])
def test_the_json_keeps_its_contract(mailcheck: Say, text: str, language: Language) -> None:
    code, out, err = mailcheck("explain", "-", "--json", "--lang", language.value, stdin=text.encode())
    document = cast("dict[str, Any]", json.loads(out))
    assert (code, err, document["schema"], document["kind"]) == (0, "", 1, "bounce")
    (failure,) = document["failures"]
    assert failure["cause"] in {cause.value for cause in Cause}
    assert failure["owner"] in list(Side)
    assert isinstance(failure["temporary"], bool)
    assert failure["provider"] in {None, *(each.id for each in providers())}
    assert failure["diagnostic"]
    assert failure["next"]
    assert all(isinstance(step, str) and step for step in failure["next"])


def test_the_json_says_who_failed_and_how(mailcheck: Say) -> None:
    _, out, _ = mailcheck("explain", "--json", stdin=UNKNOWN.encode())
    (failure,) = cast("dict[str, Any]", json.loads(out))["failures"]
    wanted = ("recipient", "status", "reply", "cause", "owner", "temporary")
    assert [failure[key] for key in wanted] == [
        "user@example.org",
        "5.1.1",
        550,
        "recipient_unknown",
        "sender_user",
        False,
    ]


def test_a_file_is_read_like_stdin(mailcheck: Say, tmp_path: Path) -> None:
    (tmp_path / "bounce.eml").write_text(DELAYED, "utf-8")
    assert mailcheck("explain", "bounce.eml", "--json") == mailcheck("explain", "--json", stdin=DELAYED.encode())


def test_utf_16_as_windows_writes_it_is_read(mailcheck: Say) -> None:
    assert mailcheck("explain", "--json", stdin=UNKNOWN.encode("utf-16")) == mailcheck(
        "explain", "--json", stdin=UNKNOWN.encode()
    )


@pytest.mark.parametrize("stdin", [b"", b"hello", b"554"])
def test_what_tells_no_reason_is_unclear(mailcheck: Say, stdin: bytes) -> None:
    code, out, _ = mailcheck("explain", "--json", stdin=stdin)
    assert (code, cast("dict[str, Any]", json.loads(out))["kind"]) == (3, "unclear")
    assert mailcheck("explain", stdin=stdin)[0] == 3


def test_what_cannot_be_read_gets_one_line(mailcheck: Say, tmp_path: Path) -> None:
    (tmp_path / "picture").write_bytes(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR")
    (tmp_path / "mail.msg").write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600))
    with (tmp_path / "huge").open("wb") as file:
        file.truncate(explain.MAX_SIZE + 1)
    for name, said in (
        ("nowhere", "No such file"),
        (".", "Is a directory"),
        ("picture", "is not text"),
        ("mail.msg", "Outlook"),
        ("huge", "20 MB"),
    ):
        code, out, err = mailcheck("explain", name)
        assert (code, out, err.count("\n")) == (2, "", 1)
        assert said in err


def test_people_read_what_happened_who_acts_and_what_to_do() -> None:
    shown = plain_text(explain.report(read(LISTED), Wording(Language.EN, strict=True)))
    assert "blocklist" in shown
    assert "the sender’s mail or DNS admin" in shown
    assert "mailcheck check 198.51.100.7 ip:198.51.100.7" in shown
    assert "blocked using zen.spamhaus.org" in shown


def test_a_delay_is_not_told_as_a_failure() -> None:
    shown = plain_text(explain.report(read(DELAYED), Wording(Language.EN, strict=True)))
    assert shown.startswith("!")
    assert "Not final" in shown
    assert "mailcheck check example.org to:user@example.org" in shown


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("text", [UNKNOWN, LISTED, DELAYED, "hello", "554 <user@example.org>", "250 2.0.0 ok queued"])
def test_every_report_has_its_words(text: str, language: Language) -> None:
    assert plain_text(explain.report(read(text), Wording(language, strict=True)))


@pytest.mark.parametrize("language", Language)
def test_every_situation_has_its_step_and_every_step_its_situation(language: Language) -> None:
    words = Wording(language, strict=True)
    assert all(words.name(advice) for advice in Advice)
    assert {rule.advice for rule in shipped().every} == set(Advice)


def test_foreign_words_stay_words() -> None:
    shown = plain_text(explain.report(read(f"550 5.1.1 \x1b[31m<!channel> `x` {UNKNOWN}"), Wording(Language.EN)))
    assert "\x1b" not in shown


# --- A case out of a bounce ------------------------------------------------------------------------------------------


def test_a_bounce_becomes_the_case_of_a_live_check() -> None:
    bounce = f"""\
The following address failed:

  user@example.org
    SMTP error from remote mail server: {LISTED}

------ This is a copy of the message ------

From: sender@example.com
To: user@example.org
"""
    reading = read(bounce)
    case = explain.case_of(reading.failures[0], reading)
    assert case is not None
    assert (case.target.domain, case.sender, case.recipient, case.sender_ip) == (
        "example.com",
        "sender@example.com",
        "user@example.org",
        "198.51.100.7",
    )


def test_the_other_end_is_checked_where_it_is_in_question() -> None:
    reading = read(DELAYED)
    case = explain.case_of(reading.failures[0], reading)
    assert case is not None
    assert case.target.domain == "example.org"
    assert case.sender_ip is None, "the address in the text is theirs"


def test_a_bounce_that_names_nobody_is_no_case() -> None:
    reading = read("535 5.7.8 authentication failed")
    assert explain.case_of(reading.failures[0], reading) is None
