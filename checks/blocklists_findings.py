"""What the blocklists check can state: one class a code, and nothing else."""

from __future__ import annotations

from dataclasses import dataclass

from checks.causes import Cause
from checks.check import (
    Count,
    Day,
    DomainName,
    Finding,
    HostName,
    IpAddress,
    Keyword,
    ListName,
    RecordText,
    Severity,
    Url,
)
from checks.network.answers import Trouble


@dataclass(frozen=True, kw_only=True)
class BlocklistsClean(Finding, severity=Severity.OK):
    """No list that answered names the addresses; ``without_ipv6`` lists cannot be asked about IPv6 addresses.

    ``why`` tells a sending address, a target, an address of the SPF record and a mail host apart.
    """

    addresses: tuple[IpAddress, ...]
    why: Keyword
    answered: Count
    asked: Count
    without_ipv6: Count


@dataclass(frozen=True, kw_only=True)
class BlocklistsDomainClean(Finding, severity=Severity.OK):
    """No list of domains that answered names the domain."""

    domain: DomainName
    answered: Count
    asked: Count


@dataclass(frozen=True, kw_only=True)
class _Listing(Finding, severity=Severity.UNKNOWN):
    """What every listing by a widely used list tells."""

    list: ListName
    codes: tuple[Keyword, ...]
    reason: RecordText | None
    page: Url | None
    as_of: Day | None


@dataclass(frozen=True, kw_only=True)
class BlocklistsListed(_Listing, severity=Severity.PROBLEM, cause=Cause.IP_BLOCKLISTED):
    """A widely used list names the sending address, or the address asked about, for spam."""

    address: IpAddress
    meaning: Keyword
    removal: Keyword


@dataclass(frozen=True, kw_only=True)
class BlocklistsListedOnMx(_Listing, severity=Severity.WARNING, cause=Cause.IP_BLOCKLISTED):
    """A widely used list names a mail host for spam, which matters if the host sends as well."""

    address: IpAddress
    meaning: Keyword
    removal: Keyword


@dataclass(frozen=True, kw_only=True)
class BlocklistsListedInSpf(_Listing, severity=Severity.WARNING, cause=Cause.IP_BLOCKLISTED):
    """A widely used list names an address that the domain's SPF record lets send; whether mail leaves there is open."""

    address: IpAddress
    meaning: Keyword
    removal: Keyword


@dataclass(frozen=True, kw_only=True)
class BlocklistsInfected(_Listing, severity=Severity.PROBLEM, cause=Cause.IP_BLOCKLISTED):
    """A widely used list says that a machine behind the address is infected or hijacked."""

    address: IpAddress
    why: Keyword
    meaning: Keyword


@dataclass(frozen=True, kw_only=True)
class BlocklistsInfectedOnMx(_Listing, severity=Severity.WARNING, cause=Cause.IP_BLOCKLISTED):
    """A widely used list says that a machine behind a mail host is infected; whether the host sends is not known."""

    address: IpAddress
    meaning: Keyword


@dataclass(frozen=True, kw_only=True)
class BlocklistsInfectedMinor(Finding, severity=Severity.WARNING, cause=Cause.IP_BLOCKLISTED):
    """Smaller lists say that a machine behind the address is infected."""

    address: IpAddress
    lists: tuple[ListName, ...]
    pages: tuple[Url, ...]


@dataclass(frozen=True, kw_only=True)
class BlocklistsListedMinor(Finding, severity=Severity.WARNING, cause=Cause.IP_BLOCKLISTED):
    """Smaller lists name the address."""

    address: IpAddress
    why: Keyword
    lists: tuple[ListName, ...]
    pages: tuple[Url, ...]


@dataclass(frozen=True, kw_only=True)
class BlocklistsPolicySending(Finding, severity=Severity.PROBLEM, cause=Cause.IP_BLOCKLISTED):
    """The sending address lies in a range that should not send directly."""

    address: IpAddress
    lists: tuple[ListName, ...]
    pages: tuple[Url, ...]


@dataclass(frozen=True, kw_only=True)
class BlocklistsPolicy(Finding, severity=Severity.NOTICE):
    """The address lies in a range that should not send directly; whether it does is not known."""

    address: IpAddress
    lists: tuple[ListName, ...]
    pages: tuple[Url, ...]


@dataclass(frozen=True, kw_only=True)
class BlocklistsNoted(Finding, severity=Severity.NOTICE):
    """Lists by which hardly anybody refuses mail name the address, or a list names its neighbours."""

    address: IpAddress
    lists: tuple[ListName, ...]


@dataclass(frozen=True, kw_only=True)
class BlocklistsDomainListed(_Listing, severity=Severity.PROBLEM, cause=Cause.IP_BLOCKLISTED):
    """A widely used list names the domain."""

    domain: DomainName
    meaning: Keyword


@dataclass(frozen=True, kw_only=True)
class BlocklistsDomainHacked(_Listing, severity=Severity.PROBLEM, cause=Cause.IP_BLOCKLISTED):
    """A widely used list takes the domain for a good one whose web site or mail form was broken into."""

    domain: DomainName


@dataclass(frozen=True, kw_only=True)
class BlocklistsDomainListedMinor(Finding, severity=Severity.WARNING, cause=Cause.IP_BLOCKLISTED):
    """Smaller lists name the domain."""

    domain: DomainName
    lists: tuple[ListName, ...]
    pages: tuple[Url, ...]


@dataclass(frozen=True, kw_only=True)
class BlocklistsDomainNoted(Finding, severity=Severity.NOTICE):
    """Lists name the domain in a way for which hardly anybody refuses mail."""

    domain: DomainName
    lists: tuple[ListName, ...]


@dataclass(frozen=True, kw_only=True)
class BlocklistsRefused(Finding, severity=Severity.UNKNOWN):
    """Lists refuse to be asked from here."""

    lists: tuple[ListName, ...]


@dataclass(frozen=True, kw_only=True)
class BlocklistsOddAnswer(Finding, severity=Severity.UNKNOWN):
    """What came back in the name of the lists is none of their documented answers."""

    lists: tuple[ListName, ...]
    answers: tuple[Keyword, ...]


@dataclass(frozen=True, kw_only=True)
class BlocklistsListUnusable(Finding, severity=Severity.UNKNOWN):
    """Lists fail their own test from here: the test entry is missing, or what no list may list is listed."""

    lists: tuple[ListName, ...]


@dataclass(frozen=True, kw_only=True)
class BlocklistsNoAnswer(Finding, severity=Severity.UNKNOWN):
    """Lists did not answer."""

    lists: tuple[ListName, ...]
    reason: Trouble


@dataclass(frozen=True, kw_only=True)
class BlocklistsPrivateAddress(Finding, severity=Severity.UNKNOWN):
    """The address stated only exists inside somebody's network: no list knows it."""

    address: IpAddress


@dataclass(frozen=True, kw_only=True)
class BlocklistsAddressUnknown(Finding, severity=Severity.UNKNOWN):
    """The addresses of mail hosts could not be told, so no list could be asked about them.

    Without ``hosts``, the mail hosts themselves could not be told.
    """

    hosts: tuple[HostName, ...]


@dataclass(frozen=True, kw_only=True)
class BlocklistsNoList(Finding, severity=Severity.UNKNOWN):
    """No list in our data takes addresses of this kind."""

    addresses: tuple[IpAddress, ...]


@dataclass(frozen=True, kw_only=True)
class BlocklistsNotAllAddresses(Finding, severity=Severity.NOTICE):
    """There are more mail hosts, or more addresses of them, than are asked about."""

    hosts: tuple[HostName, ...]
    addresses: tuple[IpAddress, ...]


@dataclass(frozen=True, kw_only=True)
class BlocklistsNoAddress(Finding, severity=Severity.NOTICE):
    """The ticket states no sending address, and the domain has no mail host with one."""


FINDINGS: tuple[type[Finding], ...] = (
    BlocklistsClean,
    BlocklistsDomainClean,
    BlocklistsListed,
    BlocklistsListedOnMx,
    BlocklistsListedInSpf,
    BlocklistsInfected,
    BlocklistsInfectedOnMx,
    BlocklistsInfectedMinor,
    BlocklistsListedMinor,
    BlocklistsPolicySending,
    BlocklistsPolicy,
    BlocklistsNoted,
    BlocklistsDomainListed,
    BlocklistsDomainHacked,
    BlocklistsDomainListedMinor,
    BlocklistsDomainNoted,
    BlocklistsRefused,
    BlocklistsOddAnswer,
    BlocklistsListUnusable,
    BlocklistsNoAnswer,
    BlocklistsPrivateAddress,
    BlocklistsAddressUnknown,
    BlocklistsNoList,
    BlocklistsNotAllAddresses,
    BlocklistsNoAddress,
)
"""All of them."""
