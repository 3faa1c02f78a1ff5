"""Logging: one line an event on stderr, with secrets masked and control characters shown as escapes."""

from __future__ import annotations

import logging
import re
import sys
import textwrap
from collections.abc import MutableMapping
from typing import Any

import structlog

# Tokens, response URLs, and the ticket that opens a Socket Mode connection.
_SECRET = re.compile(
    r"\b(?:xox[a-z]|xapp|xoxe)[-.][A-Za-z0-9.-]{4,}|(?<=hooks\.slack\.com/)\S+|(?<=/hooks/)\S+|(?<=ticket=)[^\s&'\"]+"
)
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]")
_CONTROL_BUT_LINE_END = re.compile(_CONTROL.pattern.replace(r"\x00-\x1f", r"\x00-\x09\x0b-\x1f"))
_LONG = ("exception", "stack")  # of several lines


def masked(text: str) -> str:
    """Mask what looks like one of Slack's tokens, response URLs or connection tickets."""
    return _SECRET.sub("…", text)


def _tidy(_logger: object, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Show control characters as escapes: foreign words must not look like an entry of their own.

    A traceback keeps its lines, each set in, so that what an exception says begins no line either.
    """
    for key, value in event.items():
        if key.startswith("_") or key == "exc_info":
            continue
        if key in _LONG:
            event[key] = textwrap.indent(_CONTROL_BUT_LINE_END.sub(_escape, str(value)), "    ")
        elif isinstance(value, str):
            event[key] = _CONTROL.sub(_escape, value)
    return event


def _escape(found: re.Match[str]) -> str:
    return repr(found.group())[1:-1]


class _Masking(structlog.stdlib.ProcessorFormatter):
    """Masks the line as it is written: a secret may hide in any value, also in a library's."""

    def format(self, record: logging.LogRecord) -> str:
        return masked(super().format(record))


def set_up(*, verbose: bool = False, quiet: bool = False) -> None:
    """Send the logs of this program and of its libraries to stderr; ``quiet`` only what went wrong."""
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.StackInfoRenderer(),
        structlog.processors.format_exc_info,
        _tidy,
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        _Masking(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.dev.ConsoleRenderer(
                    colors=sys.stderr.isatty(), exception_formatter=structlog.dev.plain_traceback
                ),
            ],
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(logging.DEBUG if verbose else logging.WARNING if quiet else logging.INFO)
    # Bolt's debug log holds whole payloads, and a level that is not set counts as debug there.
    for name in ("slack_bolt", "slack_sdk", "aiohttp", "asyncio"):
        logging.getLogger(name).setLevel(logging.WARNING)
