"""Where and how people of the domain hand in their mail, and whether a login with a password can work there.

A mail program needs a server, a port, the way to begin TLS, and a mechanism to log in with (RFC 6409, RFC 8314,
RFC 4954). Most tickets that say "cannot send" end at one of these. So this check finds out where programs are told to
send (``submission_discovery``), visits each server on port 465 (TLS at once) and 587 (STARTTLS), on port 25 only where
that is published, and reads what it offers before and after TLS. Nobody logs in, and no mail is begun: whether a server
relays for strangers is not tried, because the question alone would take the beginning of a mail.

What this machine sees is not what the user's desk sees. A port that is closed here may be open there, the other way
round just as well, and where nothing answers it may be our own network. Refusals of us are "could not tell".

Where nothing is published, a server under a usual name is a guess, and is called one. That such a name does not answer
says nothing about anybody.
"""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from checks import domain, mx
from checks import submission_discovery as discovery
from checks.case import has_domain
from checks.causes import Remedy
from checks.check import Check, Day, Desk, DomainName, Finding, HostName, IpAddress, Keyword, Outcome, RecordText, Url
from checks.provider_data import Auth, Providers, shipped
from checks.submission_discovery import (
    RELAY,
    SUBMISSION,
    SUBMISSIONS,
    FromProvider,
    Setting,
    Source,
    in_words,
    username_of,
)
from checks.submission_findings import (
    FINDINGS,
    ByProvider,
    SubmissionAppPassword,
    SubmissionAutoconfigInvalid,
    SubmissionGuessed,
    SubmissionNotOffered,
    SubmissionNotPublished,
    SubmissionPasswordEnds,
    SubmissionPortNotTried,
    SubmissionProviderDiffers,
    SubmissionProviderOauthOnly,
    SubmissionProviderSettings,
    SubmissionSettingsUnknown,
    SubmissionSourcesDisagree,
)
from checks.submission_servers import (
    PORTS,
    SubmissionFacts,
    Visit,
    facts_of,
    of_visits,
    untold,
    works,
)
from checks.visits import merged

MOST_HOSTS = 2
"""Servers that are visited."""


def check(providers: Providers) -> Check[SubmissionFacts]:
    """Make the check for these providers: an operator may bring others than the shipped ones."""

    async def run(desk: Desk) -> Outcome[SubmissionFacts]:
        return await _run(desk, providers)

    return Check(
        name="submission",
        remedy=Remedy.SMTP_AUTH,
        applies=has_domain,
        needs=(domain.CHECK, mx.CHECK),
        findings=FINDINGS,
        budget=16.0,
        rfcs=("RFC 1870", "RFC 2782", "RFC 4954", "RFC 6186", "RFC 6409", "RFC 8314", "RFC 8997", "RFC 9422"),
        run=run,
    )


async def _run(desk: Desk, providers: Providers) -> Outcome[SubmissionFacts]:
    """Visit the servers as soon as one source has named them; the autoconfig document comes later than the others."""
    name = DomainName(desk.case.domain)
    first, document = await asyncio.gather(_first(desk, name, providers), discovery.document(desk, name))
    visits = await _complete(desk, first.visits, _by_host(document.settings))
    found = [each for each in visits if each.published or each.found]

    findings = [*_sources(name, first, document, visits), *of_visits(found), *untold(visits)]
    provider = Keyword(first.provider.provider.id) if first.provider else None
    servers = tuple(server for visit in found for server in facts_of(visit))
    return Outcome(SubmissionFacts(servers=servers, provider=provider), tuple(merged(findings)))


async def _complete(desk: Desk, visits: Sequence[Visit], late: dict[HostName, tuple[Setting, ...]]) -> list[Visit]:
    """Visit what the autoconfig document names; what was visited as a guess before is then left out."""
    hosts = {visit.host: visit.settings for visit in visits if visit.published or not late}
    for host, settings in late.items():
        if host in hosts or len(hosts) < MOST_HOSTS:
            hosts[host] = (*settings, *hosts.get(host, ()))
    known = {visit.host: visit for visit in visits}
    new = {host: settings for host, settings in hosts.items() if host in late}
    # Conversations that were held already are not held again.
    seen = await asyncio.gather(*(_visit(desk, host, settings) for host, settings in new.items()))
    known |= {visit.host: visit for visit in seen}
    return [known[host] for host in hosts]


@dataclass(frozen=True, kw_only=True)
class _First:
    """What is known before the autoconfig document is there."""

    srv: discovery.Published
    provider: FromProvider | None
    visits: Sequence[Visit]


async def _first(desk: Desk, name: str, providers: Providers) -> _First:
    srv, around = await asyncio.gather(discovery.srv(desk, name), discovery.surroundings(desk, name))
    provider = discovery.at_provider(name, around, providers)
    told = srv.settings or (() if srv.refused or provider is None else provider.settings)
    visits: list[Visit]
    if told or srv.refused:
        hosts = [*_by_host(told).items()][:MOST_HOSTS]
        visits = await asyncio.gather(*(_visit(desk, host, settings) for host, settings in hosts))
    else:
        visits = await _visit_guesses(desk, discovery.guesses(name, around))
    return _First(srv=srv, provider=provider, visits=visits)


def _by_host(settings: Iterable[Setting]) -> dict[HostName, tuple[Setting, ...]]:
    hosts: dict[HostName, tuple[Setting, ...]] = {}
    for each in settings:
        hosts[each.host] = (*hosts.get(each.host, ()), each)
    return hosts


async def _visit_guesses(desk: Desk, guesses: Iterable[Setting]) -> list[Visit]:
    """Visit usual names that have an address; two names for one machine are one server."""
    hosts = _by_host(guesses)
    known = dict(zip(hosts, await asyncio.gather(*(mx.addresses(desk, host) for host in hosts)), strict=True))
    seen: set[IpAddress] = set()
    chosen: list[HostName] = []
    for host, addresses in known.items():
        if seen.isdisjoint(addresses.found) and (addresses.found or addresses.trouble):
            chosen.append(host)
            seen.update(addresses.found)
    return await asyncio.gather(*(_visit(desk, host, hosts[host]) for host in chosen[:MOST_HOSTS]))


async def _visit(desk: Desk, host: HostName, settings: tuple[Setting, ...]) -> Visit:
    known = await mx.addresses(desk, host)
    ports = [*PORTS, *(RELAY for each in settings if each.port == RELAY)]
    pairs = [(address, port) for address in mx.visited(known.found) for port in dict.fromkeys(ports)]
    talks = await asyncio.gather(*(desk.smtp(host, address, port) for address, port in pairs))
    return Visit(host=host, settings=settings, known=known, talks=talks)


# --- What the sources say ---------------------------------------------------------------------------------------------


def _sources(
    name: DomainName, first: _First, document: discovery.Document, visits: Sequence[Visit]
) -> Iterator[Finding]:
    srv, provider = first.srv, first.provider
    named = (*srv.settings, *document.settings)
    evidence = (*srv.evidence, *document.evidence)
    if srv.trouble and not named:
        yield SubmissionSettingsUnknown(domain=name, reason=srv.trouble, evidence=srv.evidence)
    elif srv.refused and not document.settings:
        yield SubmissionNotOffered(domain=name, evidence=srv.evidence)
    elif not named and provider is None:
        guessed = next((each for each in visits if each.found), None)
        if guessed is None and not any(untold(visits)):
            tried = tuple(each.host for each in visits)
            yield SubmissionNotPublished(domain=name, tried=tried, autoconfig=document.trouble, evidence=evidence)
        if guessed is not None and guessed.source is Source.USUAL_NAME:
            yield SubmissionGuessed(
                domain=name, host=guessed.host, records=tuple(_records(name, guessed)), evidence=evidence
            )
    if document.invalid:
        yield SubmissionAutoconfigInvalid(domain=name, evidence=document.evidence)
    theirs, ours = (tuple(_by_host(settings)) for settings in (srv.settings, document.settings))
    if theirs and ours and not {*theirs} & {*ours}:
        yield SubmissionSourcesDisagree(srv=theirs, autoconfig=ours, evidence=evidence)
    for each in named:
        if each.port not in (*PORTS, RELAY):
            yield SubmissionPortNotTried(host=each.host, port=each.port, evidence=each.evidence)
    if provider is not None:
        yield from _provider(provider, tuple(_by_host(named)), dt.datetime.now(dt.UTC).date())


def _records(name: str, visit: Visit) -> Iterator[RecordText]:
    """The SRV records that would tell mail programs what was guessed: for the ports that work, or else that answer."""
    good = {talk.port for talk in visit.talks if works(talk)}
    good = good or {talk.port for talk in visit.talks if talk.greeting is not None}
    for port, label, priority in ((SUBMISSIONS, "_submissions", 0), (SUBMISSION, "_submission", 10)):
        if port in good:
            yield RecordText(f"{label}._tcp.{name}. IN SRV {priority} 1 {port} {visit.host}.")


def _provider(found: FromProvider, named: tuple[HostName, ...], today: dt.date) -> Iterator[Finding]:
    provider, source = found.provider, found.row.source
    name = Keyword(provider.name)
    yield SubmissionProviderSettings(
        provider=name,
        host=found.settings[0].host,
        settings=tuple(dict.fromkeys(in_words(each.port) for each in found.settings)),
        username=username_of(found.settings),
        source=Url(source.url) if source.url else None,
        as_of=Day(source.as_of) if source.as_of else None,
        outdated=_yes(source.outdated(today)),
        evidence=found.settings[0].evidence,
    )
    usual = [row for row in provider.submission if not row.is_pattern]
    if named and len(usual) == len(provider.submission) and not {*named} & {row.host for row in usual}:
        yield SubmissionProviderDiffers(
            provider=name, published=named, usual=tuple(dict.fromkeys(HostName(row.host) for row in usual))
        )
    methods = {method for row in provider.submission for method in row.auth}
    code: type[ByProvider] | None = None
    if Auth.APP_PASSWORD in methods and Auth.PASSWORD not in methods:
        code = SubmissionAppPassword
    elif methods == {Auth.OAUTH2}:
        code = SubmissionProviderOauthOnly
    if code is not None:
        yield code(
            provider=name,
            source=Url(source.url) if source.url else None,
            as_of=Day(source.as_of) if source.as_of else None,
            outdated=_yes(source.outdated(today)),
        )
    for event in provider.events:
        yield SubmissionPasswordEnds(
            provider=name,
            event=Keyword(event.what.value),
            on=Day(event.on),
            passed=_yes(today.isoformat()[: len(event.on)] > event.on),
            source=Url(event.source_url),
            as_of=Day(event.as_of) if event.as_of else None,
        )


def _yes(true: bool) -> Keyword:
    return Keyword("yes" if true else "no")


CHECK: Check[SubmissionFacts] = check(shipped())
