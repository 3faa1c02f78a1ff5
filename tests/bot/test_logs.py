"""Logs: one line an event on stderr, no secret in it, and no line that a stranger wrote."""

import io
import logging
from collections.abc import Iterator

import pytest
import structlog

from bot import logs

BOT_TOKEN = "xoxb-12345-abcdefCANARY"
APP_TOKEN = "xapp-1-A0-987-abcdefCANARY"
RESPONSE_URL = "https://hooks.slack.com/commands/T0/123/abcdefCANARY"
TICKET = "wss://wss.slack.com/link/?ticket=abcdefCANARY&app_id=A0"


def fail(text: str) -> None:
    raise ValueError(text)


SECRETS = pytest.mark.parametrize("secret", [BOT_TOKEN, APP_TOKEN, RESPONSE_URL, TICKET])


@pytest.fixture
def written(monkeypatch: pytest.MonkeyPatch) -> Iterator[io.StringIO]:
    """What is written to stderr; the logging of the tests is put back afterwards."""
    root = logging.getLogger()
    handlers, level = root.handlers, root.level
    stream = io.StringIO()
    monkeypatch.setattr("sys.stderr", stream)
    logs.set_up(verbose=True)
    yield stream
    root.handlers = handlers
    root.setLevel(level)
    structlog.reset_defaults()


@SECRETS
def test_no_secret_gets_into_a_line(written: io.StringIO, secret: str) -> None:
    structlog.get_logger("test").info(
        f"event {secret}", value=secret, many=[secret], deep={"a": (secret,)}, raw=secret.encode()
    )
    assert "event" in written.getvalue()
    assert "CANARY" not in written.getvalue()


@SECRETS
def test_no_secret_gets_into_a_traceback(written: io.StringIO, secret: str) -> None:
    try:
        fail(f"failed at {secret}")
    except ValueError:
        structlog.get_logger("test").exception("it broke")
        logging.getLogger("library").exception("a library broke")
    text = written.getvalue()
    assert text.count("ValueError: failed at") == 2
    assert "CANARY" not in text


@SECRETS
def test_no_secret_gets_into_the_debug_log_of_a_library(written: io.StringIO, secret: str) -> None:
    library = logging.getLogger("slack_sdk.test")
    library.setLevel(logging.DEBUG)
    library.debug("sending %s to %r", secret, {"token": secret}, stack_info=True)
    assert "sending" in written.getvalue()
    assert "CANARY" not in written.getvalue()


def test_the_libraries_of_slack_write_no_payloads_even_when_verbose(written: io.StringIO) -> None:
    for name in ("slack_bolt", "slack_bolt.AsyncApp", "slack_sdk.web.async_client", "aiohttp.access"):
        logging.getLogger(name).info("a payload")
    assert written.getvalue() == ""


@pytest.mark.parametrize("end", ["\n", "\r", "\r\n", "\x85", "\u2028", "\x0b"])
def test_a_foreign_line_break_begins_no_line(written: io.StringIO, end: str) -> None:
    foreign = f"harmless{end}2026-01-01T00:00:00Z [error] forged"
    structlog.get_logger("test").info("server said", reply=foreign)
    logging.getLogger("library").warning("server said %s", foreign)
    assert len(written.getvalue().splitlines()) == 2


def test_what_an_exception_says_begins_no_line(written: io.StringIO) -> None:
    try:
        fail("harmless\n2026-01-01T00:00:00Z [error] forged\x1b[31m")
    except ValueError:
        structlog.get_logger("test").exception("it broke")
    first, *traceback = written.getvalue().splitlines()
    assert "it broke" in first
    assert any("forged" in line for line in traceback)
    assert all(line.startswith(" ") for line in traceback if line)
    assert "\x1b" not in written.getvalue()


def test_nothing_is_written_to_stdout(written: io.StringIO, capsys: pytest.CaptureFixture[str]) -> None:
    structlog.get_logger("test").warning("careful")
    assert "careful" in written.getvalue()
    assert capsys.readouterr().out == ""


def test_quiet_keeps_only_what_went_wrong(written: io.StringIO, capsys: pytest.CaptureFixture[str]) -> None:
    logs.set_up(quiet=True)
    logging.getLogger("test").info("chatter")
    logging.getLogger("test").warning("careful")
    said = capsys.readouterr().err
    assert "careful" in said
    assert "chatter" not in said
    assert written.getvalue() == ""
