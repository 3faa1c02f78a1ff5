"""Whose fault it is when something fails: ours, or somebody's.

Silence says nothing about a server while we were not listening, and a socket that this machine cannot open says nothing
about the host it was for. Both are ``Trouble.OVERLOADED``, and never a finding about anybody.
"""

from __future__ import annotations

import asyncio
import errno

from checks.network.answers import Trouble

LAG = 0.25
"""Seconds by which our event loop may be late before silence counts as our fault."""

_OUT_OF_SOMETHING = frozenset({errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM})


def is_ours(error: OSError) -> bool:
    """Whether an error says that this process or machine is out of something."""
    return error.errno in _OUT_OF_SOMETHING


def late(due: float) -> bool:
    """Whether our event loop is late for what was due at this time of its clock."""
    return asyncio.get_running_loop().time() - due > LAG


def silence(due: float) -> Trouble:
    """What it means that nothing had come when the time was up."""
    return Trouble.OVERLOADED if late(due) else Trouble.TIMEOUT


def unconnected(error: OSError, address: str) -> Trouble:
    """Why a connection to an address did not come about."""
    if is_ours(error):
        return Trouble.OVERLOADED
    match error.errno:
        case errno.ECONNREFUSED:
            return Trouble.CONNECTION_REFUSED
        case errno.ECONNRESET:
            return Trouble.DISCONNECTED
        case errno.ETIMEDOUT:
            return Trouble.TIMEOUT
        case errno.EADDRNOTAVAIL if ":" not in address:
            return Trouble.OVERLOADED  # no local port is free; for IPv6 it means that we have no address of that kind
        case _:
            return Trouble.NETWORK_UNREACHABLE
