"""Ids of runs: short enough to read out on the telephone, and in the order of asking."""

from __future__ import annotations

import itertools
import secrets

from bot.run import RunId

_CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_ID_LENGTH = 12
_MISREAD = str.maketrans({"O": "0", "I": "1", "L": "1", "-": None, " ": None})
_serial = itertools.count(secrets.randbelow(1 << 20))


def new_run_id(now: float) -> RunId:
    """Make an id: 12 characters of Crockford's Base32, 40 bits of time in 1/256 s and 20 bits that differ.

    The last bits count on from a random start, so that a process never gives out an id twice and two processes do so
    only if they ask in the same 4 ms and draw the same number of a million.
    """
    number = int(now * 256) << 20 | next(_serial) & 0xFFFFF
    return RunId("".join(_CROCKFORD[number >> shift & 31] for shift in range(5 * _ID_LENGTH - 5, -1, -5)))


def read_run_id(text: str) -> RunId | None:
    """Read an id as people type it: small letters, groups, O for 0, I or L for 1; ``None`` if it is none."""
    plain = text.strip().upper().translate(_MISREAD)
    return RunId(plain) if len(plain) == _ID_LENGTH and all(c in _CROCKFORD for c in plain) else None
