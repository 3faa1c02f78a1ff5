"""Values as columns hold them, and back."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import cast

from checks import wire
from checks.causes import Cause
from checks.wire import Json

_encode = json.JSONEncoder(separators=(",", ":"), allow_nan=False).encode  # json.dumps makes a new one each time


def dumps(value: object) -> str:
    """A value of ours as JSON; see ``wire.to_json``."""
    return as_json(wire.to_json(value))


def as_json(value: Json) -> str:
    """JSON in ASCII: text with NUL or with a lone surrogate, which SQLite would not take, goes in and comes out."""
    return _encode(value)


def loads(text: str | None) -> Json:
    """JSON that may be absent."""
    return None if text is None else cast("Json", json.loads(text))


def strings(text: str) -> tuple[str, ...]:
    """A JSON list of texts."""
    return tuple(cast("list[str]", json.loads(text)))


def plain(text: str) -> str:
    """Text that SQLite takes: a lone surrogate, which has no UTF-8, is written as its escape."""
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def day(seconds: float) -> str:
    """The UTC day of a time in seconds since the epoch."""
    return datetime.fromtimestamp(seconds, UTC).date().isoformat()


def known_causes(names: Iterable[str]) -> tuple[Cause, ...]:
    """The causes that this version knows."""
    known = {cause.value: cause for cause in Cause}
    return tuple(known[name] for name in names if name in known)
