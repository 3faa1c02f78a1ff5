"""One run's view of the network: questions asked once, evidence numbered, an end to asking."""

from __future__ import annotations

import asyncio
import ipaddress
import os
import re
import socket
import time
from collections.abc import Awaitable, Callable, Iterable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import TracebackType
from typing import Any, Protocol, Self, TypeVar, cast

from checks.network.answers import (
    AAAA,
    PAGE_LIMIT,
    A,
    Answer,
    Conversation,
    Evidence,
    EvidenceKind,
    NameServer,
    Page,
    RecordType,
    Stage,
    Status,
    Trouble,
)
from checks.network.blame import silence
from checks.network.certificates import TrustAnchors
from checks.network.dns import PATIENCE, Reading, Resolver, Server, system_servers
from checks.network.guard import DNS_PORT, Guard
from checks.network.https import fetch
from checks.network.nameservers import NameServers
from checks.network.smtp import Mailer, Talk

T = TypeVar("T")

MOST_QUESTIONS = 250
"""DNS questions in one run, blocklists included: however a domain is built, asking ends."""
MOST_CONVERSATIONS = 40
"""SMTP conversations in one run, with 2 addresses a host: no check runs out because of what another one held.

``receiving`` 8 (4 hosts), ``mta_sts`` 8 where its policy leaves those out and covers 4 others, ``submission`` 8 with
usual names (2 hosts, 2 ports) and then 12 with servers out of a late autoconfig document (port 25 too), ``size`` 4 (2
hosts of the recipient's domain). ``dane`` shares those of ``receiving``.
"""
MOST_PAGES = 6
"""Documents in one run: 1 policy of MTA-STS, 2 places of the autoconfig document, 3 status feeds."""
MOST_HEARD = 512
"""Answers that are kept for later runs."""
_EVIDENCE_LINE = 500  # characters
_EVIDENCE_LINES = 40
_EVIDENCE_PAGE = _EVIDENCE_LINE * _EVIDENCE_LINES  # octets
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
        self.name_servers = NameServers()
        self.mailer = Mailer(self.guard, self.anchors, helo or _own_name())
        self.heard: dict[tuple[str, str], Heard] = {}
        # In any case of letters: DNS compares names without it, so a resolver may answer in another one.
        longest_first = sorted(filter(None, secrets), key=len, reverse=True)
        self._secrets = re.compile("|".join(map(re.escape, longest_first)) or "(?!)", re.IGNORECASE)

    def without_secrets(self, text: str) -> str:
        """The text as anybody may see it."""
        return self._secrets.sub("…", text)

    def keep(self, name: str, kind: str, heard: Heard) -> None:
        """Keep an answer for later runs. To make room, those nobody may use any more go, or else the oldest."""
        self.heard.pop((name, kind), None)
        if len(self.heard) >= MOST_HEARD:
            now = time.monotonic()
            old = [question for question, each in self.heard.items() if now - each.clock > each.max_age]
            for question in old or [min(self.heard, key=lambda question: self.heard[question].clock)]:
                del self.heard[question]
        self.heard[name, kind] = heard

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


class TimeLeft(Protocol):
    """The time that whoever asks has, by the clock of the event loop."""

    @property
    def due(self) -> float:
        """When an answer is of use at the latest."""
        ...

    @property
    def run_ends(self) -> float:
        """When it is, if no more of the time passed until then."""
        ...

    def stopped(self) -> AbstractContextManager[None]:
        """Let no time pass for a while, but that of the run."""
        ...


@dataclass(frozen=True)
class Heard:
    """An answer that later runs may use.

    ``started`` is seconds since the epoch, ``clock`` monotonic seconds. ``max_age``: the seconds for which whoever
    asked would have used it.
    """

    reading: Reading
    started: float
    clock: float
    max_age: float


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
        self._talks: dict[tuple[str, ...], Talk] = {}
        self._asked = dict.fromkeys(("dns", "smtp", "https"), 0)
        self._began = time.monotonic()

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
        at: NameServer | None = None,
    ) -> Answer[T]:
        """Ask the resolver for one name and type, or take what another run heard at most ``max_age`` seconds ago.

        ``at`` asks one name server instead, which no other run's answer stands in for.
        """
        name = name.lower().removesuffix(".")
        if at is not None and not self._network.guard.permits_dns(at.address):
            return Answer(name=name, status=Status.UNKNOWN, trouble=Trouble.GUARDED, canonical=name)
        key = ("dns", name, kind.name, "" if at is None else at.address)
        heard = self._network.heard.get((name, kind.name)) if max_age and at is None else None
        if heard is not None and time.monotonic() - heard.clock > max_age:
            heard = None
        if heard is None and key not in self._flights and self._asked["dns"] >= MOST_QUESTIONS:
            return Answer(name=name, status=Status.UNKNOWN, trouble=Trouble.ENOUGH_ASKED, canonical=name)

        async def ask(note: _Note) -> Answer[T]:
            if at is not None:
                endpoint = self._network.guard.endpoint(at.address, DNS_PORT)
                reading = await self._network.name_servers.ask(endpoint, name, kind.name, patience or PATIENCE)
            elif heard is None:
                reading = await self._network.resolver.ask(name, kind.name, patience or PATIENCE)
                if max_age and reading.status is not Status.UNKNOWN:  # what could not be told is asked again
                    self._network.keep(name, kind.name, Heard(reading, note.started, note.clock, max_age))
            else:
                reading, note.started = heard.reading, heard.started
            note.server = reading.server if at is None else at.address
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
                authoritative=reading.authoritative,
                referral=reading.referral,
                evidence=note.number,
            )

        asked = f"{name or '.'} {kind.name}" + (f" @{at.name}" if at is not None else "")
        return await self._once(key, "dns", asked, asked_by, ask, on_wire=heard is None)

    async def smtp(
        self, host: str, address: str, port: int, *, asked_by: str, time_left: TimeLeft | None = None
    ) -> Conversation:
        """Hold one conversation with a mail server, or share one that another run began after this one did.

        The TLS certificate is judged for ``host``. When ``time_left`` is over, what is known by then is handed out.
        """
        key = ("smtp", host, address, str(port))
        if key not in self._talks:
            if len(self._talks) >= MOST_CONVERSATIONS:
                start = Conversation(host=host, address=address, port=port, stage=Stage.CONNECT)
                return replace(start, trouble=Trouble.ENOUGH_ASKED)
            self._talks[key] = self._network.mailer.call(host, address, port, since=self._began)
        talk = self._talks[key]

        async def attend(note: _Note) -> None:
            note.server, note.answer = f"{address} port {port}", lambda: talk.transcript
            try:
                await talk.over()
            finally:
                note.started, note.clock = talk.started or note.started, talk.clock or note.clock

        new = key not in self._flights
        flight = self._flight(key, "smtp", f"{host} {address}:{port}", asked_by, attend)
        if new:  # not by attend(): a task that is cancelled before its first step has no end to clean up at
            flight.task.add_done_callback(lambda _: self._network.mailer.leave(talk))
        trouble = await _over(talk, flight.task, time_left)
        return replace(talk.conversation, trouble=trouble or talk.conversation.trouble, evidence=flight.note.number)

    async def https(self, url: str, *, asked_by: str, most: int = PAGE_LIMIT) -> Page:
        """Fetch one document of at most ``most`` octets; the first to ask decides."""
        if ("https", url) not in self._flights and self._asked["https"] >= MOST_PAGES:
            return Page(url=url, trouble=Trouble.ENOUGH_ASKED)

        async def lookup(host: str) -> Sequence[str] | Trouble:
            both = await asyncio.gather(self.dns(host, A, asked_by=asked_by), self.dns(host, AAAA, asked_by=asked_by))
            found = [address for answer in both for address in answer.records]
            if not found and (unknown := [answer for answer in both if answer.unknown]):
                return unknown[0].why
            return found

        async def get(note: _Note) -> Page:
            page = await fetch(url, self._network.guard, self._network.anchors, lookup, _USER_AGENT, most=most)
            note.server = url.split("/")[2] if url.count("/") > 1 else url
            said = page.trouble.value.upper() if page.trouble else f"{page.status} {page.content_type}"
            shown = page.body[:_EVIDENCE_PAGE]  # a page of any length is no reason to keep or decode all of it
            note.answer = lambda: (said, *shown.decode("utf-8", "backslashreplace").splitlines()[:_EVIDENCE_LINES])
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
        flight = self._flight(key, kind, question, asked_by, ask, on_wire=on_wire)
        return cast("T", await asyncio.shield(flight.task))

    def _flight(
        self,
        key: tuple[str, ...],
        kind: EvidenceKind,
        question: str,
        asked_by: str,
        ask: Callable[[_Note], Awaitable[object]],
        *,
        on_wire: bool = True,
    ) -> _Flight:
        flight = self._flights.get(key)
        if flight is None:
            self._asked[kind] += on_wire
            note = _Note(len(self._notes) + self._first, kind, question, time.time(), time.monotonic(), [asked_by])
            self._notes.append(note)

            async def fly() -> object:
                try:
                    return await ask(note)
                finally:
                    note.ended()

            flight = self._flights[key] = _Flight(note, asyncio.create_task(fly()))
        else:
            flight.note.asked_by.append(asked_by)
        return flight


async def _over(talk: Talk, attending: asyncio.Task[Any], time_left: TimeLeft | None) -> Trouble | None:
    """Wait until a conversation is over, and say what it is if that lasts too long."""
    if time_left is None:
        await asyncio.shield(attending)
        return None
    due = time_left.run_ends
    try:
        if not talk.turn.is_set():
            with time_left.stopped():  # for our own queue, which is nobody's fault
                async with asyncio.timeout_at(due):
                    await talk.turn.wait()
        due = time_left.due
        async with asyncio.timeout_at(due):
            await asyncio.shield(attending)
    except TimeoutError:
        return silence(due) if talk.turn.is_set() else Trouble.OVERLOADED
    return None


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
