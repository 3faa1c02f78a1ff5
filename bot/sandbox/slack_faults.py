"""Faults a Slack workspace can be told to have, each used up by the calls it meets."""

import asyncio
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeAlias

from bot.sandbox.slack_blocks import JsonObject

RESPONSE_URL = "response_url"
"""The name under which faults for response_url posts are queued; Web API methods have their own."""


@dataclass(frozen=True)
class RateLimited:
    """HTTP 429; ``retry_after`` in whole seconds."""

    retry_after: int = 1


@dataclass(frozen=True)
class ServerError:
    """An HTML error page, as load balancers send it."""

    status: int = 500


@dataclass(frozen=True)
class Refused:
    """HTTP 200 with ``ok: false`` and this error; nothing is done."""

    error: str = "fatal_error"


@dataclass(frozen=True)
class TruncatedAnswer:
    """The work is done and the JSON of the answer stops in the middle."""


@dataclass(frozen=True)
class LostAnswer:
    """The work is done and the connection is cut before a byte of the answer."""


@dataclass(eq=False)
class Hang:
    """The call is held until ``released`` is set, then served; ``reached`` is set when one is held.

    With ``done`` the work is done first, and only the answer is held.
    """

    done: bool = False
    reached: asyncio.Event = field(default_factory=asyncio.Event)
    released: asyncio.Event = field(default_factory=asyncio.Event)


Fault: TypeAlias = RateLimited | ServerError | Refused | TruncatedAnswer | LostAnswer | Hang


@dataclass(frozen=True)
class _Chosen:
    """A hang that waits for the first call it is meant for."""

    method: str
    which: Callable[[JsonObject], bool]
    hang: Hang


class Faults:
    """What will go wrong next, per Web API method."""

    def __init__(self) -> None:
        self._queues: dict[str, deque[Fault]] = {}
        self._hangs: list[Hang] = []
        self._chosen: list[_Chosen] = []

    def next(self, method: str, *faults: Fault) -> None:
        """Let the next calls of a method meet these faults, one each."""
        self._queues.setdefault(method, deque()).extend(faults)

    def hang(self, method: str) -> Hang:
        """Hold the next call of a method until the returned fault is released."""
        held = Hang()
        self._hangs.append(held)
        self.next(method, held)
        return held

    def hang_at(self, method: str, which: Callable[[JsonObject], bool], *, done: bool = False) -> Hang:
        """Hold the first call of a method whose arguments ``which`` picks, or with ``done`` only its answer."""
        held = Hang(done=done)
        self._hangs.append(held)
        self._chosen.append(_Chosen(method, which, held))
        return held

    def meet(self, method: str, arguments: JsonObject) -> Fault | None:
        """Use up the fault that a call meets: one chosen for it, or the next of its method."""
        for chosen in self._chosen:
            if chosen.method == method and chosen.which(arguments):
                self._chosen.remove(chosen)
                return chosen.hang
        return self.take(method)

    def take(self, method: str) -> Fault | None:
        """Use up the next fault of a method."""
        queue = self._queues.get(method)
        return queue.popleft() if queue else None

    def release_all(self) -> None:
        """Let every held call go on."""
        for held in self._hangs:
            held.released.set()
