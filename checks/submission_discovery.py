"""Where mail programs are told to send: SRV records, autoconfig, and what is left where neither is there.

Sources, and what they are worth. SRV records (RFC 6186 §3.1, RFC 8314 §5.1) and the autoconfig document are the
domain's own word. The provider's settings come from our own data, once the MX records or the Autodiscover name lead to
a provider. The usual names below the domain are a guess, and so is the name itself where it has an address and no MX
record: whoever asks about a host that takes mail from programs gets that host.

Autodiscover, the way of Outlook, tells servers only to somebody who logs in. Without a login it shows one thing: where
``autodiscover.<domain>`` or its SRV record leads, which is how a mailbox at Microsoft is known behind a mail gateway.

The autoconfig document is asked for with ``postmaster`` as the address: nobody's own address is given away. Redirects
of it are not followed, and plain HTTP is not asked, for what comes that way may come from anybody.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from checks import domain, mx, provider_data
from checks.check import Desk, FactsMissing, HostName, Keyword, Port
from checks.network.answers import CNAME, MX, SRV, Answer, Page, Srv, Trouble
from checks.provider_data import Auth, Kind, Provider, Providers, Security, SubmissionServer
from checks.records import autoconfig
from checks.records.autoconfig import Autoconfig, Outgoing, SocketType, Username

SUBMISSIONS, SUBMISSION, RELAY = Port(465), Port(587), Port(25)

_SERVICES = {"_submissions._tcp": "implicit", "_submission._tcp": "starttls"}
_USUAL = ("smtp", "mail")
_HTTP_OK = 200
_WEB_PATIENCE = 3.0
"""Seconds for the autoconfig documents: a web server that is silent holds nobody up."""


class Source(StrEnum):
    """How a server is known, best first."""

    SRV = "srv"
    AUTOCONFIG = "autoconfig"
    PROVIDER = "provider"
    ITSELF = "itself"
    """The name asked about is a host without MX records."""
    USUAL_NAME = "usual_name"

    @property
    def guessed(self) -> bool:
        """Whether nobody said so."""
        return self in (Source.ITSELF, Source.USUAL_NAME)


class Encryption(StrEnum):
    """How a connection is encrypted."""

    IMPLICIT = "implicit"
    """TLS from the first octet (RFC 8314 §3.3)."""
    STARTTLS = "starttls"
    NONE = "none"


@dataclass(frozen=True, kw_only=True)
class Setting:
    """One way to hand mail to a server, as a source gives it. ``username``: what to type, where that is told."""

    host: HostName
    port: Port
    tls: Encryption
    source: Source
    username: Username | None = None
    evidence: tuple[int, ...] = ()


def in_words(port: int) -> Keyword:
    """A setting as the windows of mail programs ask for it."""
    return Keyword(f"{port} SSL/TLS" if port == SUBMISSIONS else f"{port} STARTTLS")


def username_of(settings: Iterable[Setting]) -> Keyword | None:
    """What to type as the user name, if one of the settings tells."""
    return next((Keyword(each.username.value) for each in settings if each.username), None)


@dataclass(frozen=True, kw_only=True)
class Published:
    """What the SRV records say, best first. ``refused``: all there is has the root as its target."""

    settings: tuple[Setting, ...]
    refused: bool
    trouble: Trouble | None
    evidence: tuple[int, ...]


@dataclass(frozen=True, kw_only=True)
class Document:
    """What the autoconfig document says. ``trouble``: what kept us from fetching one, if it may yet be there."""

    settings: tuple[Setting, ...] = ()
    invalid: bool = False
    trouble: Trouble | None = None
    evidence: tuple[int, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Surroundings:
    """What else there is to go by: the mail hosts, and the host to which Autodiscover leads.

    ``implicit``: there are no MX records, and the name itself has an address. ``null_mx``: it takes no mail.
    """

    mail_hosts: tuple[HostName, ...]
    implicit: bool
    null_mx: bool
    autodiscover: HostName | None
    evidence: tuple[int, ...]


async def srv(desk: Desk, name: str) -> Published:
    """Ask for both SRV records (RFC 8314 §5.1)."""
    answers = await asyncio.gather(*(desk.dns(f"{service}.{name}", SRV) for service in _SERVICES))
    settings = [
        Setting(
            host=HostName(record.target),
            port=Port(record.port),
            tls=Encryption(tls),
            source=Source.SRV,
            evidence=(answer.evidence,),
        )
        for answer, tls in zip(answers, _SERVICES.values(), strict=True)
        for record in _ordered(answer)
    ]
    records = [record for answer in answers for record in answer.records]
    return Published(
        settings=tuple(settings),
        refused=bool(records) and not settings,
        trouble=next((answer.why for answer in answers if answer.unknown), None),
        evidence=tuple(answer.evidence for answer in answers),
    )


def _ordered(answer: Answer[Srv]) -> Iterable[Srv]:
    """The records a program would use; among those of one priority chance decides (RFC 2782), here the weight."""
    return sorted((each for each in answer.records if each.target), key=lambda each: (each.priority, -each.weight))


async def document(desk: Desk, name: str) -> Document:
    """Fetch the autoconfig document from the two places at which programs look for it."""
    pages = await asyncio.gather(
        _page(desk, f"https://autoconfig.{name}/mail/config-v1.1.xml?emailaddress=postmaster%40{name}"),
        _page(desk, f"https://{name}/.well-known/autoconfig/mail/config-v1.1.xml"),
    )
    evidence = tuple(page.evidence for page in pages)
    read = [(page, found) for page in pages if (found := _read(page, name)) is not None]
    for page, found in read:
        if found.usable:
            settings = tuple(_from_document(each, page) for each in found.outgoing)
            return Document(settings=settings, evidence=(page.evidence,))
    if read:
        return Document(invalid=True, evidence=tuple(page.evidence for page, _ in read))
    return Document(trouble=next((page.trouble for page in pages if page.trouble in _UNTOLD), None), evidence=evidence)


_UNTOLD = frozenset(
    {
        Trouble.TIMEOUT,
        Trouble.SERVFAIL,
        Trouble.REFUSED,
        Trouble.BOGUS,
        Trouble.SERVER_UNREACHABLE,
        Trouble.OVERLOADED,
        Trouble.ENOUGH_ASKED,
        Trouble.NETWORK_UNREACHABLE,
    }
)
"""Trouble behind which there may be a document; with any other, mail programs do not get one either."""


async def _page(desk: Desk, url: str) -> Page:
    try:
        async with asyncio.timeout(_WEB_PATIENCE):
            return await desk.https(url)
    except TimeoutError:
        return Page(url=url, trouble=Trouble.TIMEOUT)


def _read(page: Page, name: str) -> Autoconfig | None:
    if page.trouble is not None or page.status != _HTTP_OK:
        return None
    return autoconfig.parse(page.body, name)


def _from_document(outgoing: Outgoing, page: Page) -> Setting:
    tls = {
        SocketType.SSL: Encryption.IMPLICIT,
        SocketType.STARTTLS: Encryption.STARTTLS,
        SocketType.PLAIN: Encryption.NONE,
    }[outgoing.socket_type]
    return Setting(
        host=HostName(outgoing.host),
        port=Port(outgoing.port),
        tls=tls,
        source=Source.AUTOCONFIG,
        username=outgoing.username,
        evidence=(page.evidence,),
    )


async def surroundings(desk: Desk, name: str) -> Surroundings:
    """Ask where mail for the domain goes, and where Autodiscover leads.

    Raises:
        FactsMissing: where mail goes could not be told.
    """
    mail, alias, service = await asyncio.gather(
        domain.ask(desk, name, MX),
        desk.dns(f"autodiscover.{name}", CNAME),
        desk.dns(f"_autodiscover._tcp.{name}", SRV),
    )
    if mail.unknown:
        raise FactsMissing(mx.CHECK)
    leads = [*alias.records, *(record.target for record in _ordered(service))]
    return Surroundings(
        mail_hosts=tuple(HostName(record.exchange) for record in sorted(mail.records) if record.exchange),
        implicit=mail.absent,
        null_mx=mail.found and not any(record.exchange for record in mail.records),
        autodiscover=HostName(leads[0]) if leads else None,
        evidence=tuple(answer.evidence for answer in (mail, alias, service)),
    )


def guesses(name: str, around: Surroundings) -> Sequence[Setting]:
    """The usual names, and before them the name itself if it is a host. None for a domain that takes no mail."""
    if around.null_mx:
        return ()
    named = [(Source.ITSELF, name)] if around.implicit else []
    named += [(Source.USUAL_NAME, f"{label}.{name}") for label in _USUAL]
    return [
        Setting(host=HostName(host), port=port, tls=tls, source=source)
        for source, host in named
        for port, tls in ((SUBMISSIONS, Encryption.IMPLICIT), (SUBMISSION, Encryption.STARTTLS))
    ]


@dataclass(frozen=True, kw_only=True)
class FromProvider:
    """The settings of the provider that has the mailboxes, for one server of it; ``row`` is where they stand."""

    provider: Provider
    row: SubmissionServer
    settings: tuple[Setting, ...]


def at_provider(name: str, around: Surroundings, providers: Providers) -> FromProvider | None:
    """Find the provider behind the domain, and its server; ``None`` for one we know no server of."""
    for provider in _mailbox_providers(name, around, providers):
        rows = [(row, _concrete(row, around.mail_hosts)) for row in provider.submission if _takes_people(row)]
        host = next((host for _, host in rows if host), None)
        own = [row for row, each in rows if each == host]
        if host is not None:
            settings = tuple(
                Setting(
                    host=HostName(host),
                    port=Port(row.port),
                    tls=_ENCRYPTION[row.security],
                    source=Source.PROVIDER,
                    username=_USERNAMES.get(row.username) if row.username else None,
                    evidence=around.evidence,
                )
                for row in own
            )
            return FromProvider(provider=provider, row=own[0], settings=settings)
    return None


_ENCRYPTION = {
    Security.TLS: Encryption.IMPLICIT,
    Security.STARTTLS: Encryption.STARTTLS,
    Security.NONE: Encryption.NONE,
}
_USERNAMES = {
    provider_data.Username.ADDRESS: Username.ADDRESS,
    provider_data.Username.LOCAL_PART: Username.LOCAL_PART,
    provider_data.Username.ACCOUNT_ID: Username.OTHER,
}


def _mailbox_providers(name: str, around: Surroundings, providers: Providers) -> Iterable[Provider]:
    """Who may have the mailboxes: gateways only stand in front of them, so Autodiscover is looked at as well."""
    own = providers.of_mail_domain(name)
    if own is not None:
        return (own,)
    found = [each for host in around.mail_hosts for each in providers.of_mx(host)]
    if around.autodiscover is not None:
        found += providers.of_autodiscover(around.autodiscover)
    # Of those who share mail hosts, one has addresses of its own, which this domain is none of.
    return sorted(
        (each for each in found if each.kind is not Kind.GATEWAY), key=lambda each: bool(each.consumer_domains)
    )


def _takes_people(row: SubmissionServer) -> bool:
    return any(method is not Auth.IP_ALLOWLIST for method in row.auth) and row.port in (SUBMISSION, SUBMISSIONS)


def _concrete(row: SubmissionServer, mail_hosts: Iterable[str]) -> str | None:
    """The host of a row; where each customer has another, the one that is a mail host of the domain as well."""
    return next(filter(row.matches, mail_hosts), None) if row.is_pattern else row.host
