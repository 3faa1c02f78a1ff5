"""What one name server says of its zone, and what the zone above says of its servers: asked directly."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from checks.check import Desk, DomainName, HostName, IpAddress
from checks.network.answers import (
    AAAA,
    MX,
    NS,
    SOA,
    TXT,
    A,
    Answer,
    Mx,
    NameServer,
    Referral,
    Soa,
    Status,
    Trouble,
    Txt,
)

AGE: Final = 3600.0
"""Seconds; who serves a top-level domain does not change from hour to hour."""
_PARENTS: Final = 2  # servers of the zone above that are tried, one after the other
_PATIENCE: Final = 3.0  # seconds for one server: it is near or it is not, and it asks nobody else
_SILENCE: Final = frozenset({Trouble.TIMEOUT, Trouble.CONNECTION_REFUSED})
_LAMENESS: Final = frozenset(
    {Trouble.REFUSED, Trouble.SERVFAIL, Trouble.LAME, Trouble.FORMERR, Trouble.BAD_ANSWER, Trouble.LEADS_AWAY}
)


class State(StrEnum):
    """What became of asking one name server for the SOA record of its zone."""

    GOOD = "good"
    """It answered with authority."""
    LAME = "lame"
    """It answered, and does not serve the zone."""
    SILENT = "silent"
    NO_ADDRESS = "no_address"
    PRIVATE = "private"
    """Its address only exists inside somebody's network."""
    UNKNOWN = "unknown"


@dataclass(frozen=True, kw_only=True)
class AuthorityServer:
    """One name server as seen from here; ``serial`` is that of its SOA record (RFC 1035 §3.3.13)."""

    name: HostName
    address: IpAddress | None
    state: State
    serial: int | None


# --- The zone above ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class Delegation:
    """What a server of the zone above says; ``denied``: that there is no such zone."""

    parent: DomainName
    denied: bool
    referral: Referral | None
    evidence: tuple[int, ...]


async def delegation(desk: Desk, parent: Answer[str] | None, name: DomainName) -> Delegation | None:
    """Ask a server of the zone above who serves the zone; ``None`` if none answers us.

    An answer also proves that direct questions get through from here.
    """
    if parent is None:
        return None
    evidence: list[int] = []
    for host in sorted(parent.records)[:_PARENTS]:
        address = await desk.dns(host, A, max_age=0.0 if "." in parent.name else AGE)
        evidence.append(address.evidence)
        if not address.found:
            continue
        answer = await desk.dns(name, NS, patience=_PATIENCE, at=NameServer(host, address.records[0]))
        evidence.append(answer.evidence)
        # A referral upwards says nothing: whatever sits in the way and answers in its place gives such ones.
        below = answer.referral is not None and answer.referral.zone.endswith(f".{parent.name}")
        if answer.authoritative or below:
            return Delegation(
                parent=DomainName(parent.name),
                denied=answer.status is Status.NXDOMAIN,
                referral=answer.referral if below else None,
                evidence=tuple(evidence),
            )
    return None


# --- What a server says ----------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class Server:
    """One server: where it is and what it said. ``trouble``: why it could not be asked."""

    name: HostName
    address: IpAddress | None = None
    trouble: Trouble | None = None
    soa: Answer[Soa] | None = None
    mx: Answer[Mx] | None = None
    txt: Answer[Txt] | None = None
    dmarc: Answer[Txt] | None = None
    evidence: tuple[int, ...] = ()

    @property
    def state(self) -> State:
        """What became of asking it."""
        if self.soa is None:
            return State.NO_ADDRESS if self.trouble is Trouble.NO_ADDRESS else State.UNKNOWN
        if self.soa.trouble is Trouble.GUARDED:
            return State.PRIVATE
        if self.soa.found and self.soa.authoritative and not self.soa.aliases:
            return State.GOOD
        if not self.soa.unknown or self.soa.trouble in _LAMENESS:
            return State.LAME
        return State.SILENT if self.soa.trouble in _SILENCE else State.UNKNOWN

    @property
    def serial(self) -> int | None:
        """The version of the zone it has (RFC 1035 §3.3.13)."""
        return self.soa.records[0].serial if self.soa is not None and self.state is State.GOOD else None

    @property
    def untold(self) -> Iterator[Trouble]:
        """Why something that was to be asked was not told, if that is nobody's fault that we could name."""
        if self.state is State.UNKNOWN:
            reason = self.trouble or (self.soa.trouble if self.soa is not None else None)
            if reason is not None:
                yield reason
        elif self.state is State.GOOD:
            answers: tuple[Answer[Any] | None, ...] = (self.mx, self.txt, self.dmarc)
            for answer in answers:
                if answer is not None and answer.unknown and answer.trouble is not Trouble.LEADS_AWAY:
                    yield answer.why

    def fact(self) -> AuthorityServer:
        """What is told of it."""
        return AuthorityServer(name=self.name, address=self.address, state=self.state, serial=self.serial)


async def ask(desk: Desk, host: HostName, zone: str, name: str, known: IpAddress | None = None) -> Server:
    """Ask one server everything at once, at its IPv4 address if it has one; ``known`` is what the zone above gave."""
    looked_up = [] if known else [await desk.dns(host, A)]
    if looked_up and looked_up[0].absent:
        looked_up.append(await desk.dns(host, AAAA))
    evidence = tuple(answer.evidence for answer in looked_up)
    address = known or next((IpAddress(answer.records[0]) for answer in looked_up if answer.found), None)
    if address is None:
        untold = next((answer.why for answer in looked_up if answer.unknown), Trouble.NO_ADDRESS)
        return Server(name=host, trouble=untold, evidence=evidence)
    at = NameServer(host, address)
    soa, mx, txt, dmarc = await asyncio.gather(
        desk.dns(zone, SOA, patience=_PATIENCE, at=at),
        desk.dns(name, MX, patience=_PATIENCE, at=at),
        desk.dns(name, TXT, patience=_PATIENCE, at=at),
        desk.dns(f"_dmarc.{name}", TXT, patience=_PATIENCE, at=at),
    )
    return Server(
        name=host,
        address=address,
        soa=soa,
        mx=mx,
        txt=txt,
        dmarc=dmarc,
        evidence=(soa.evidence,) if soa.evidence else evidence,
    )
