"""One run's view of the network: questions asked once, evidence numbered, an end to asking."""

from __future__ import annotations

import asyncio
import ipaddress
import os
import socket
import time
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TypeVar, cast

from checks.network.answers import (
    AAAA,
    A,
    Answer,
    Conversation,
    Evidence,
    EvidenceKind,
    Page,
    RecordType,
    Stage,
    Status,
    Trouble,
)
from checks.network.certificates import TrustAnchors
from checks.network.dns import PATIENCE, Reading, Resolver, Server, system_servers
from checks.network.guard import Guard
from checks.network.https import fetch
from checks.network.smtp import Mailer, Talk

T = TypeVar("T")

MOST_QUESTIONS = 250
"""DNS questions in one run, blocklists included: however a domain is built, asking ends."""
MOST_CONVERSATIONS = 12
MOST_PAGES = 6
_EVIDENCE_LINE = 500  # characters
_USER_AGENT = "Mailcheck"


class Network:
    """What all runs of the process share. Close it at the end."""

    def __init__(
        self,
        *,
        servers: Sequence[Server] | None = None,
        guard: Guard | None = None,
        trust: Sequence[Path] = (),
        helo: str | None = None,
        secrets: Iterable[str] = (),
    ) -> None:
        """Set it up. ``servers``: the resolvers, by default the system's; ``trust``: PEM files of more authorities.

        ``secrets`` are the keys that are part of names asked for: evidence shows none of them.

        Raises:
            OSError, ValueError: a file of ``trust`` cannot be used.
        """
        self.guard = guard or Guard()
        self.anchors = TrustAnchors(trust)
        self.resolver = Resolver(system_servers() if servers is None else servers)
        self.mailer = Mailer(self.guard, self.anchors, helo or _own_name())
        self.heard: dict[tuple[str, str], Heard] = {}
        self._secrets = tuple(secret for secret in secrets if secret)

    def without_secrets(self, text: str) -> str:
        """The text as anybody may see it."""
        for secret in self._secrets:
            text = text.replace(secret, "…")
        return text

    async def close(self) -> None:
        """Give the sockets back."""
        await self.resolver.close()

    async def __aenter__(self) -> Self:
        """Use it as a context."""
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close it."""
        await self.close()


def _own_name() -> str:
    """The name for EHLO: our host name if it is one, else an address literal (RFC 5321 §4.1.3)."""
    name = socket.gethostname()
    return name if "." in name and name.isascii() else "[127.0.0.1]"


@dataclass(frozen=True)
class Heard:
    """An answer that later runs may use. ``started`` is seconds since the epoch, ``clock`` monotonic seconds."""

    reading: Reading
    started: float
    clock: float


@dataclass
class _Note:
    """Evidence while it is being gathered."""

    number: int
    kind: EvidenceKind
    question: str
    started: float
    clock: float
    asked_by: list[str]
    answer: Callable[[], Sequence[str]] = field(default=lambda: ())
    server: str = ""
    ms: float | None = None

    def ended(self) -> None:
        self.ms = (time.monotonic() - self.clock) * 1000

    def evidence(self, shown: Callable[[str], str]) -> Evidence:
        return Evidence(
            number=self.number,
            kind=self.kind,
            question=shown(self.question),
            answer=tuple(shown(line)[:_EVIDENCE_LINE] for line in self.answer()),
            server=self.server,
            started=self.started,
            ms=None if self.ms is None else round(self.ms, 1),
            asked_by=tuple(dict.fromkeys(self.asked_by)),
        )


@dataclass
class _Flight:
    """A question on its way, or answered; whoever asks it again gets the same answer."""

    note: _Note
    task: asyncio.Task[Any]


class Inquiry:
    """Asks for one run. Nothing it returns is an exception: trouble is in the answer.

    A check that gives up waiting does not end the question: another check may still want the answer. ``close`` ends
    what is left.
    """

    def __init__(self, network: Network, *, first: int = 1) -> None:
        """``first`` is the number of the first evidence, for a run that goes on after a restart."""
        self._network = network
        self._first = first
        self._flights: dict[tuple[str, ...], _Flight] = {}
        self._notes: list[_Note] = []
        self._asked = dict.fromkeys(("dns", "smtp", "https"), 0)

    @property
    def questions(self) -> int:
        """How many DNS questions went on the wire."""
        return self._asked["dns"]

    def evidence(self) -> tuple[Evidence, ...]:
        """All evidence so far, unanswered questions included."""
        return tuple(note.evidence(self._network.without_secrets) for note in self._notes)

    async def close(self) -> None:
        """End the questions nobody waits for any more."""
        tasks = [flight.task for flight in self._flights.values() if not flight.task.done()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def dns(
        self,
        name: str,
        kind: RecordType[T],
        *,
        asked_by: str,
        patience: float | None = None,
        max_age: float = 0.0,
    ) -> Answer[T]:
        """Ask the resolver for one name and type, or take what another run heard at most ``max_age`` seconds ago."""
        name = name.lower().removesuffix(".")
        key = ("dns", name, kind.name)
        heard = self._network.heard.get((name, kind.name)) if max_age else None
        if heard is not None and time.monotonic() - heard.clock > max_age:
            heard = None
        if heard is None and key not in self._flights and self._asked["dns"] >= MOST_QUESTIONS:
            return Answer(name=name, status=Status.UNKNOWN, trouble=Trouble.ENOUGH_ASKED, canonical=name)

        async def ask(note: _Note) -> Answer[T]:
            if heard is None:
                reading = await self._network.resolver.ask(name, kind.name, patience or PATIENCE)
                if max_age and reading.status is not Status.UNKNOWN:  # what could not be told is asked again
                    self._network.heard[name, kind.name] = Heard(reading, note.started, note.clock)
            else:
                reading, note.started = heard.reading, heard.started
            note.server = reading.server
            note.answer = lambda: reading.lines
            return Answer(
                name=name,
                status=reading.status,
                records=cast("tuple[T, ...]", reading.records),
                trouble=reading.trouble,
                canonical=reading.canonical or name,
                aliases=reading.aliases,
                ttl=reading.ttl,
                authenticated=reading.authenticated,
                evidence=note.number,
            )

        return await self._once(key, "dns", f"{name or '.'} {kind.name}", asked_by, ask, on_wire=heard is None)

    async def smtp(self, host: str, address: str, port: int, *, asked_by: str) -> Conversation:
        """Hold one conversation with a mail server; the TLS certificate is judged for ``host``."""
        key = ("smtp", address, str(port))
        start = Conversation(host=host, address=address, port=port, stage=Stage.CONNECT)
        if key not in self._flights and self._asked["smtp"] >= MOST_CONVERSATIONS:
            return replace(start, trouble=Trouble.ENOUGH_ASKED)

        async def talk(note: _Note) -> Conversation:
            held = Talk(replace(start, evidence=note.number))
            note.server, note.answer = f"{address} port {port}", lambda: held.lines
            await self._network.mailer.converse(held)
            return held.conversation

        return await self._once(key, "smtp", f"{host} {address}:{port}", asked_by, talk)

    async def https(self, url: str, *, asked_by: str) -> Page:
        """Fetch one small document."""
        if ("https", url) not in self._flights and self._asked["https"] >= MOST_PAGES:
            return Page(url=url, trouble=Trouble.ENOUGH_ASKED)

        async def lookup(host: str) -> Sequence[str] | Trouble:
            both = await asyncio.gather(self.dns(host, A, asked_by=asked_by), self.dns(host, AAAA, asked_by=asked_by))
            found = [address for answer in both for address in answer.records]
            if not found and (unknown := [answer for answer in both if answer.unknown]):
                return unknown[0].why
            return found

        async def get(note: _Note) -> Page:
            page = await fetch(url, self._network.guard, self._network.anchors, lookup, _USER_AGENT)
            note.server = url.split("/")[2] if url.count("/") > 1 else url
            said = page.trouble.value.upper() if page.trouble else f"{page.status} {page.content_type}"
            note.answer = lambda: (said, *page.body.decode("utf-8", "backslashreplace").splitlines()[:40])
            return replace(page, evidence=note.number)

        return await self._once(("https", url), "https", url, asked_by, get)

    async def _once(
        self,
        key: tuple[str, ...],
        kind: EvidenceKind,
        question: str,
        asked_by: str,
        ask: Callable[[_Note], Awaitable[T]],
        *,
        on_wire: bool = True,
    ) -> T:
        flight = self._flights.get(key)
        if flight is None:
            self._asked[kind] += on_wire
            note = _Note(len(self._notes) + self._first, kind, question, time.time(), time.monotonic(), [asked_by])
            self._notes.append(note)

            async def fly() -> T:
                try:
                    return await ask(note)
                finally:
                    note.ended()

            flight = self._flights[key] = _Flight(note, asyncio.create_task(fly()))
        else:
            flight.note.asked_by.append(asked_by)
        return cast("T", await asyncio.shield(flight.task))


def literal(text: str) -> str | None:
    """The address that a host name really is, in canonical form; ``None`` for a true name."""
    try:
        return str(ipaddress.ip_address(text.strip("[]")))
    except ValueError:
        return None


def raise_descriptor_limit() -> None:
    """Let this process open as many sockets as the system allows."""
    if os.name != "posix":
        return
    import resource  # noqa: PLC0415 - not there on every system

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft < hard:
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
