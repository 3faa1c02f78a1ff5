"""What the authority check may state; ``authority`` says why it matters."""

from __future__ import annotations

from dataclasses import dataclass

from checks.causes import Cause
from checks.check import (
    Count,
    DomainName,
    Finding,
    HostName,
    Keyword,
    ListName,
    Seconds,
    ServerReply,
    Severity,
    Url,
)
from checks.network.answers import Trouble


@dataclass(frozen=True, kw_only=True)
class AuthorityAgree(Finding, severity=Severity.OK):
    """Every name server asked answers for the zone, and they say the same; ``total`` is how many the zone has."""

    zone: DomainName
    servers: tuple[HostName, ...]
    total: Count


@dataclass(frozen=True, kw_only=True)
class AuthorityDnsHost(Finding, severity=Severity.OK):
    """The names of the name servers show which company keeps the zone: its records are edited there.

    ``page`` shows where or how, if we know one, in ``language`` (``en``, ``ja``).
    """

    zone: DomainName
    host: ListName
    page: Url | None
    language: Keyword | None


@dataclass(frozen=True, kw_only=True)
class _OfServers(Finding, severity=Severity.WARNING):
    zone: DomainName
    servers: tuple[HostName, ...]


class AuthorityNoServerAnswers(_OfServers, severity=Severity.PROBLEM, cause=Cause.RECIPIENT_DOMAIN_INVALID):
    """The domain does not resolve, and none of the servers it is delegated to serves it."""


@dataclass(frozen=True, kw_only=True)
class AuthorityNotDelegated(Finding, severity=Severity.PROBLEM, cause=Cause.RECIPIENT_DOMAIN_INVALID):
    """A server of the zone above says that there is no such zone: what the resolver still knows will be forgotten."""

    zone: DomainName
    parent: DomainName


@dataclass(frozen=True, kw_only=True)
class AuthorityServerLame(_OfServers, severity=Severity.WARNING, cause=Cause.RECIPIENT_DOMAIN_INVALID):
    """Servers are named for the zone and do not serve it, while direct questions get through to others.

    ``reason`` is ``None`` if they answer without authority.
    """

    reason: Trouble | None


class AuthorityServerSilent(_OfServers, severity=Severity.WARNING, cause=Cause.RECIPIENT_DOMAIN_INVALID):
    """Servers of the zone do not answer, while direct questions get through to others."""


class AuthorityServerNoAddress(_OfServers, severity=Severity.WARNING, cause=Cause.RECIPIENT_DOMAIN_INVALID):
    """Servers are named for the zone whose names have no address."""


class AuthorityServerPrivate(_OfServers, severity=Severity.WARNING, cause=Cause.RECIPIENT_DOMAIN_INVALID):
    """Servers are named for the zone whose addresses only exist inside somebody's network."""


class AuthorityBlockedHere(_OfServers, severity=Severity.UNKNOWN):
    """No server of the zone gives us a usable answer, though the resolver has answers, and neither does the zone above.

    Direct questions may be blocked here, or something in the way answers them. Nothing proves that they get through.
    """


@dataclass(frozen=True, kw_only=True)
class AuthorityUnknown(_OfServers, severity=Severity.UNKNOWN):
    """Servers of the zone could not be asked, or not everything; ``servers`` is empty where none is known."""

    reason: Trouble


@dataclass(frozen=True, kw_only=True)
class AuthorityTcpBlocked(_OfServers, severity=Severity.UNKNOWN):
    """An answer is too long for UDP, and asking these servers over TCP does not work from here (RFC 7766 §5)."""


@dataclass(frozen=True, kw_only=True)
class AuthoritySerialsDiffer(Finding, severity=Severity.NOTICE):
    """The servers give different serial numbers (RFC 1982) for the zone.

    Mostly a change is on its way to the older ones. Two DNS providers that serve one zone may number it each by itself.
    """

    zone: DomainName
    newest: tuple[HostName, ...]
    older: tuple[HostName, ...]
    serials: tuple[ServerReply, ...]


@dataclass(frozen=True, kw_only=True)
class Differing(Finding, severity=Severity.WARNING):
    """The servers of the zone have different records of one kind."""

    domain: DomainName
    answers: tuple[ServerReply, ...]
    """One line a server."""


class AuthorityMxDiffers(Differing, severity=Severity.WARNING, cause=Cause.RECIPIENT_DOMAIN_INVALID):
    """The servers of the zone name different mail hosts."""


class AuthoritySpfDiffers(Differing, severity=Severity.WARNING, cause=Cause.DOMAIN_AUTH):
    """The servers of the zone have different SPF records."""


class AuthorityDmarcDiffers(Differing, severity=Severity.WARNING, cause=Cause.DOMAIN_AUTH):
    """The servers of the zone have different DMARC records."""


@dataclass(frozen=True, kw_only=True)
class AuthorityCacheDiffers(Finding, severity=Severity.NOTICE):
    """The servers agree on a record, and the resolver still has another; the other steps judged that one.

    ``left`` is how long a cache may keep it.
    """

    domain: DomainName
    record: Keyword
    cached: tuple[ServerReply, ...]
    current: tuple[ServerReply, ...]
    left: Seconds


@dataclass(frozen=True, kw_only=True)
class AuthorityDelegationDiffers(Finding, severity=Severity.NOTICE):
    """The zone above names other servers for the zone than the zone itself."""

    zone: DomainName
    only_above: tuple[HostName, ...]
    only_here: tuple[HostName, ...]


@dataclass(frozen=True, kw_only=True)
class AuthorityResolverFails(_OfServers, severity=Severity.UNKNOWN):
    """The servers of the zone answer us directly, and the resolver gets no answer from them."""

    reason: Trouble


@dataclass(frozen=True, kw_only=True)
class AuthorityTtlShort(Finding, severity=Severity.NOTICE):
    """The MX record may be kept for less than a minute: every mail depends on a name server that answers just then."""

    domain: DomainName
    ttl: Seconds


@dataclass(frozen=True, kw_only=True)
class AuthorityTtlLong(Finding, severity=Severity.NOTICE):
    """The MX record may be kept for more than two days: a change takes that long to be seen by everybody."""

    domain: DomainName
    ttl: Seconds


class AuthoritySingleServer(_OfServers, severity=Severity.NOTICE):
    """The zone has one name server only (RFC 1034 §4.1 asks for two)."""
