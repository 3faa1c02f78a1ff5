"""What checks on encryption see of the mail hosts: the conversations on port 25 that ``receiving`` holds, shared.

``mta_sts`` and ``dane`` judge the same hosts by different rules. A sender that goes by either tries the addresses of a
host one after the other, and the hosts in order of preference, until one of them passes. So a host fails only if all of
it was seen and none of it passed; everything short of that is "could not tell".
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from checks import mx
from checks.check import Desk, Finding, HostName, IpAddress, Severity
from checks.network.answers import Conversation, Trouble

SMTP = 25


@dataclass(frozen=True, kw_only=True)
class AtAddresses(Finding, severity=Severity.UNKNOWN):
    """What is true of a server at some of its addresses."""

    addresses: tuple[IpAddress, ...]


def merged(findings: Iterable[Finding]) -> Iterator[Finding]:
    """Say once what is true of several addresses of a server; the others stay as they are, and come first."""
    groups: dict[AtAddresses, list[AtAddresses]] = {}
    for finding in findings:
        if isinstance(finding, AtAddresses):
            groups.setdefault(replace(finding, addresses=(), evidence=()), []).append(finding)
        else:
            yield finding
    for key, group in groups.items():
        yield replace(
            key,
            addresses=tuple(dict.fromkeys(address for each in group for address in each.addresses)),
            evidence=tuple(number for each in group for number in each.evidence),
        )


@dataclass(frozen=True, kw_only=True)
class Visit:
    """One mail host and the conversations held with it."""

    host: HostName
    known: mx.Addresses
    talks: Sequence[Conversation]

    @property
    def complete(self) -> bool:
        """Whether no address of the host was left out."""
        return self.known.trouble is None and len(self.talks) == len(self.known.found)

    @property
    def trouble(self) -> Trouble | None:
        """What kept us from seeing the host; ``None`` if it was a reply of the server."""
        return next((talk.trouble for talk in self.talks if talk.trouble), self.known.trouble)

    @property
    def evidence(self) -> tuple[int, ...]:
        """The conversations, or else the questions for the addresses."""
        return tuple(talk.evidence for talk in self.talks if talk.evidence) or self.known.evidence


async def visit(desk: Desk, host: str) -> Visit:
    """Visit one mail host at its best addresses."""
    known = await mx.addresses(desk, host)
    talks = await asyncio.gather(*(desk.smtp(host, address, SMTP) for address in mx.visited(known.found)))
    return Visit(host=HostName(host), known=known, talks=talks)


def encrypts(talk: Conversation) -> bool | None:
    """Whether TLS was set up. False: STARTTLS is not offered, is refused, or fails; ``None``: could not tell."""
    if talk.tls is not None:
        return True
    if talk.trouble is not None:
        return False if talk.trouble is Trouble.TLS_FAILED else None
    return False if talk.ehlo is not None and talk.ehlo.accepted else None


def unrouted(talk: Conversation) -> bool:
    """Whether there is no way from here to the address, which most often is IPv6: its other address stands for it."""
    return talk.trouble is Trouble.NETWORK_UNREACHABLE


def by_trouble(visits: Iterable[Visit]) -> dict[Trouble | None, list[Visit]]:
    """Sort visits by what kept us from seeing the host."""
    sorted_: dict[Trouble | None, list[Visit]] = {}
    for each in visits:
        sorted_.setdefault(each.trouble, []).append(each)
    return sorted_
