"""Whether the sending address has a name, and the name leads back to the address.

Receivers look up the PTR record of the address that connects, then the address of that name; if the two do not agree,
the big ones refuse the mail (RFC 8601 §2.7.3 calls the test "iprev", RFC 7372 §3.3 the refusal 5.7.25). Only the
address that sends is judged so.

Looked at: the sending address that the ticket states, and an address that is the target; if there is neither, the mail
hosts, which may send as well, and then a missing name is only worth a remark. Not looked at: the name a server gives in
EHLO, and who could change the PTR record.
"""

from __future__ import annotations

import asyncio
import ipaddress
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from checks import domain, mx
from checks.case import Case
from checks.causes import Cause, Remedy
from checks.check import (
    Check,
    Desk,
    FactsMissing,
    Finding,
    HostName,
    IpAddress,
    Keyword,
    Limit,
    Outcome,
    Severity,
)
from checks.network.answers import AAAA, PTR, A, Mx, Trouble

MOST_NAMES = 5
"""PTR names of one address that are looked up: it should have one."""

_POOL_WORDS = frozenset({"adsl", "dhcp", "dialup", "dsl", "dyn", "dynamic", "pool", "ppp"})
"""What access providers write into the names of whole ranges."""

# --- Facts -----------------------------------------------------------------------------------------------------------


class Why(StrEnum):
    """For which reason an address was looked at."""

    SENDING_IP = "sending_ip"
    TARGET = "target"
    MAIL_HOST = "mail_host"


@dataclass(frozen=True, kw_only=True)
class ReverseAddress:
    """One address. ``ptr`` is its confirmed name, else the first; ``forward_confirmed`` is ``None`` if not told."""

    ip: IpAddress
    why: Why
    ptr: HostName | None
    forward_confirmed: bool | None


@dataclass(frozen=True, kw_only=True)
class ReverseFacts:
    """What was looked at."""

    addresses: tuple[ReverseAddress, ...]


# --- Findings --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class ReverseConfirmed(Finding, severity=Severity.OK):
    """Each address has a name that leads back to it."""

    addresses: tuple[IpAddress, ...]
    names: tuple[HostName, ...]
    why: Keyword


@dataclass(frozen=True, kw_only=True)
class ReverseGeneric(Finding, severity=Severity.WARNING, cause=Cause.REVERSE_DNS):
    """The name of the address is made up from the address, as access providers do for whole ranges."""

    address: IpAddress
    name: HostName


@dataclass(frozen=True, kw_only=True)
class ReverseMissing(Finding, severity=Severity.PROBLEM, cause=Cause.REVERSE_DNS):
    """The sending address has no PTR record."""

    address: IpAddress


@dataclass(frozen=True, kw_only=True)
class ReverseMissingOnTarget(Finding, severity=Severity.WARNING, cause=Cause.REVERSE_DNS):
    """The address asked about has no PTR record; whether it sends mail is not known."""

    address: IpAddress


@dataclass(frozen=True, kw_only=True)
class ReverseMissingOnMx(Finding, severity=Severity.NOTICE):
    """Addresses of mail hosts have no PTR record, which matters if they send as well."""

    addresses: tuple[IpAddress, ...]


@dataclass(frozen=True, kw_only=True)
class ReverseUnconfirmed(Finding, severity=Severity.PROBLEM, cause=Cause.REVERSE_DNS):
    """The sending address has names, but none of them leads back to it."""

    address: IpAddress
    names: tuple[HostName, ...]


@dataclass(frozen=True, kw_only=True)
class ReverseUnconfirmedOnTarget(Finding, severity=Severity.WARNING, cause=Cause.REVERSE_DNS):
    """The address asked about has names, but none of them leads back to it."""

    address: IpAddress
    names: tuple[HostName, ...]


@dataclass(frozen=True, kw_only=True)
class ReverseUnconfirmedOnMx(Finding, severity=Severity.NOTICE):
    """The address of a mail host has names that do not lead back to it."""

    address: IpAddress
    names: tuple[HostName, ...]


@dataclass(frozen=True, kw_only=True)
class ReversePrivateAddress(Finding, severity=Severity.UNKNOWN):
    """The address stated only exists inside somebody's network: it is not the one that receivers see."""

    address: IpAddress


@dataclass(frozen=True, kw_only=True)
class ReverseTooManyNames(Finding, severity=Severity.UNKNOWN):
    """The address has more names than are looked up, and none of those looked up leads back."""

    address: IpAddress
    limit: Limit


@dataclass(frozen=True, kw_only=True)
class ReverseUnknown(Finding, severity=Severity.UNKNOWN):
    """A question on the way from address to name and back was not answered."""

    addresses: tuple[IpAddress, ...]
    reason: Trouble


@dataclass(frozen=True, kw_only=True)
class ReverseNotAllAddresses(Finding, severity=Severity.NOTICE):
    """Not every mail host, or not every address of one, was looked at."""

    hosts: tuple[HostName, ...]
    addresses: tuple[IpAddress, ...]


@dataclass(frozen=True, kw_only=True)
class ReverseNothingToLookAt(Finding, severity=Severity.NOTICE):
    """The ticket states no sending address, and the domain has no mail host with one."""


# --- Procedure -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class _Look:
    """One address and what came of it."""

    ip: IpAddress
    why: Why
    names: tuple[HostName, ...] = ()
    confirmed: HostName | None = None
    more_names: bool = False
    trouble: Trouble | None = None
    evidence: tuple[int, ...] = ()

    @property
    def fact(self) -> ReverseAddress:
        untold = self.trouble is not None or self.more_names or not mx.reaches_internet(self.ip)
        return ReverseAddress(
            ip=self.ip,
            why=self.why,
            ptr=self.confirmed or (self.names[0] if self.names else None),
            forward_confirmed=True if self.confirmed else None if untold else False,
        )


async def run(desk: Desk) -> Outcome[ReverseFacts]:
    """Go from each address to its names and from the names back."""
    left_out: tuple[Finding, ...] = ()
    stated = _stated(desk.case)
    if stated:
        looks = await asyncio.gather(*(_look(desk, ip, why) for ip, why in stated.items()))
    else:
        looks, left_out = await _mail_hosts(desk)
    findings = [*_confirmed(looks), *(finding for look in looks for finding in _of_address(look))]
    findings += [*_untold(looks), *left_out]
    facts = ReverseFacts(addresses=tuple(look.fact for look in looks))
    return Outcome(facts, tuple(findings) or (ReverseNothingToLookAt(),))


def _stated(case: Case) -> dict[IpAddress, Why]:
    stated: dict[IpAddress, Why] = {}
    if case.target.address is not None:
        stated[IpAddress(case.target.address)] = Why.TARGET
    if case.sender_ip is not None:
        stated[IpAddress(case.sender_ip)] = Why.SENDING_IP
    return stated


async def _mail_hosts(desk: Desk) -> tuple[list[_Look], tuple[Finding, ...]]:
    """Look at the addresses of the best mail hosts, each as soon as its own host is known."""
    every = await mx.hosts(desk)
    nearest, others = every[: mx.NEAREST_HOSTS], every[mx.NEAREST_HOSTS :]

    async def visit(host: Mx) -> tuple[mx.Addresses, Sequence[_Look]]:
        known = await mx.addresses(desk, host.exchange)
        return known, await asyncio.gather(*(_look(desk, ip, Why.MAIL_HOST) for ip in mx.visited(known.found)))

    visits = await asyncio.gather(*(visit(host) for host in nearest))
    looks = {look.ip: look for _, seen in visits for look in seen}
    if not looks and any(known.trouble for known, _ in visits):
        raise FactsMissing(mx.CHECK)
    unseen = tuple(dict.fromkeys(ip for known, _ in visits for ip in known.found if ip not in looks))
    if not others and not unseen:
        return [*looks.values()], ()
    more = ReverseNotAllAddresses(hosts=tuple(HostName(host.exchange) for host in others), addresses=unseen)
    return [*looks.values()], (more,)


async def _look(desk: Desk, ip: IpAddress, why: Why) -> _Look:
    if not mx.reaches_internet(ip):  # what the resolver of this network says of it concerns nobody else
        return _Look(ip=ip, why=why)
    reverse = await desk.dns(ipaddress.ip_address(ip).reverse_pointer, PTR)
    if reverse.unknown:
        return _Look(ip=ip, why=why, trouble=reverse.why, evidence=(reverse.evidence,))
    every = tuple(dict.fromkeys(HostName(name) for name in reverse.records))
    names = every[:MOST_NAMES]
    kind = AAAA if ":" in ip else A
    forward = await asyncio.gather(*(desk.dns(name, kind) for name in names))
    confirmed = next((n for n, answer in zip(names, forward, strict=True) if ip in answer.records), None)
    trouble = next((answer.why for answer in forward if answer.unknown), None)
    return _Look(
        ip=ip,
        why=why,
        names=names,
        confirmed=confirmed,
        more_names=len(every) > len(names) and confirmed is None,
        trouble=None if confirmed else trouble,
        evidence=(reverse.evidence, *(answer.evidence for answer in forward)),
    )


def looks_generic(name: str, ip: str) -> bool:
    """Whether a name is one of those that access providers make up for a whole range of addresses."""
    if _POOL_WORDS.intersection(re.split(r"[^a-z]+", name)):
        return True
    address = ipaddress.ip_address(ip)
    if isinstance(address, ipaddress.IPv6Address):
        nibbles = address.exploded.replace(":", "")
        plain = name.replace("-", "").replace(".", "")
        return nibbles in plain or nibbles[::-1] in plain
    octets = list(address.packed)
    numbers = [int(digits) for digits in re.findall(r"\d{1,9}", name)]
    runs = [numbers[start : start + 4] for start in range(len(numbers) - 3)]
    padded = "".join(f"{octet:03}" for octet in octets)
    return octets in runs or octets[::-1] in runs or padded in name or address.packed.hex() in name


def _confirmed(looks: Iterable[_Look]) -> Iterator[Finding]:
    for why in Why:
        good = [(look, look.confirmed) for look in looks if look.why is why and look.confirmed]
        if good:
            yield ReverseConfirmed(
                addresses=tuple(look.ip for look, _ in good),
                names=tuple(dict.fromkeys(name for _, name in good)),
                why=Keyword(why.value),
                evidence=tuple(number for look, _ in good for number in look.evidence),
            )
    missing = [look for look in looks if look.why is Why.MAIL_HOST and _is_missing(look)]
    if missing:
        yield ReverseMissingOnMx(
            addresses=tuple(look.ip for look in missing),
            evidence=tuple(number for look in missing for number in look.evidence),
        )


def _is_missing(look: _Look) -> bool:
    return look.fact.forward_confirmed is False and not look.names


def _of_address(look: _Look) -> Iterator[Finding]:
    ip, names, evidence = look.ip, look.names, look.evidence
    if not mx.reaches_internet(ip):
        if look.why is not Why.MAIL_HOST:  # of a mail host the mx check has told it
            yield ReversePrivateAddress(address=ip)
    elif look.confirmed:
        if look.why is not Why.MAIL_HOST and looks_generic(look.confirmed, ip):
            yield ReverseGeneric(address=ip, name=look.confirmed, evidence=evidence)
    elif look.more_names and look.trouble is None:
        yield ReverseTooManyNames(address=ip, limit=Limit(MOST_NAMES), evidence=evidence)
    elif look.fact.forward_confirmed is False:
        match look.why, bool(names):
            case Why.SENDING_IP, False:
                yield ReverseMissing(address=ip, evidence=evidence)
            case Why.TARGET, False:
                yield ReverseMissingOnTarget(address=ip, evidence=evidence)
            case Why.SENDING_IP, True:
                yield ReverseUnconfirmed(address=ip, names=names, evidence=evidence)
            case Why.TARGET, True:
                yield ReverseUnconfirmedOnTarget(address=ip, names=names, evidence=evidence)
            case Why.MAIL_HOST, True:
                yield ReverseUnconfirmedOnMx(address=ip, names=names, evidence=evidence)
            case _:  # told for all mail hosts together
                return


def _untold(looks: Iterable[_Look]) -> Iterator[Finding]:
    met: dict[Trouble, list[_Look]] = {}
    for look in looks:
        if look.trouble is not None:
            met.setdefault(look.trouble, []).append(look)
    for trouble, those in met.items():
        yield ReverseUnknown(
            addresses=tuple(look.ip for look in those),
            reason=trouble,
            evidence=tuple(number for look in those for number in look.evidence),
        )


CHECK: Check[ReverseFacts] = Check(
    name="reverse",
    remedy=Remedy.DNS,
    needs=(domain.CHECK, mx.CHECK),
    findings=(
        ReverseConfirmed,
        ReverseGeneric,
        ReverseMissing,
        ReverseMissingOnTarget,
        ReverseMissingOnMx,
        ReverseUnconfirmed,
        ReverseUnconfirmedOnTarget,
        ReverseUnconfirmedOnMx,
        ReversePrivateAddress,
        ReverseTooManyNames,
        ReverseUnknown,
        ReverseNotAllAddresses,
        ReverseNothingToLookAt,
    ),
    budget=16.0,
    rfcs=("RFC 1035", "RFC 7372", "RFC 8601"),
    run=run,
)
