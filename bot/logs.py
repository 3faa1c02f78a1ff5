"""Logging: one line an event on stderr, with secrets masked and control characters shown as escapes."""

from __future__ import annotations

import logging
import re
import sys
from collections.abc import MutableMapping
from typing import Any

import structlog

_SECRET = re.compile(r"\b(xox[a-z]|xapp|xoxe)[-.][A-Za-z0-9.-]{4,}|(?<=hooks\.slack\.com/)\S+|(?<=/hooks/)\S+")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069]")


def masked(text: str) -> str:
    """Mask what looks like one of Slack's tokens or response URLs."""
    return _SECRET.sub("…", text)


def _mask_values(_logger: object, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Mask every value; a foreign line break must not look like a new entry."""
    for key, value in event.items():
        if isinstance(value, str):
            text = masked(value)
            event[key] = text if key == "exception" else _CONTROL.sub(lambda c: repr(c.group())[1:-1], text)
    return event


def set_up(*, verbose: bool = False, quiet: bool = False) -> None:
    """Send the logs of this program and of its libraries to stderr; ``quiet`` only what went wrong."""
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
        _mask_values,
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[*shared[:-2], structlog.stdlib.PositionalArgumentsFormatter(), *shared[-2:]],
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
