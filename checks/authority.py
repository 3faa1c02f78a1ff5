"""Whether the name servers of the domain all answer, and all say the same.

Everything else here is asked of a resolver, which remembers answers and tells one server's word as if it were the
zone's. This check asks the servers of the zone one by one (RFC 1034 §4.3.1). A server that is named and does not serve
the zone, or is silent, makes lookups slow and lets some fail. Servers that differ are why mail works for one receiver
and not for another: mostly because a change has not reached all of them yet. And where they agree with each other but
not with the resolver, the change is made, and receivers see the old record until its time to live has run out.

Looked at: the servers that the zone and, if it can be asked, the zone above name; of each the SOA, MX, SPF and DMARC
records. Not looked at: DNSSEC (``domain``), and what the records are worth (``mx``, ``spf``, ``dmarc``).

What is seen from here is not what everybody sees: many networks block or intercept direct questions. So no server is
blamed unless another one, or a server of the zone above, proves that direct questions get through.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

from checks import domain
from checks.authority_findings import (
    AuthorityAgree,
    AuthorityBlockedHere,
    AuthorityCacheDiffers,
    AuthorityDelegationDiffers,
    AuthorityDmarcDiffers,
    AuthorityDnsHost,
    AuthorityMxDiffers,
    AuthorityNoServerAnswers,
    AuthorityNotDelegated,
    AuthorityResolverFails,
    AuthoritySerialsDiffer,
    AuthorityServerLame,
    AuthorityServerNoAddress,
    AuthorityServerPrivate,
    AuthorityServerSilent,
    AuthoritySingleServer,
    AuthoritySpfDiffers,
    AuthorityTcpBlocked,
    AuthorityTtlLong,
    AuthorityTtlShort,
    AuthorityUnknown,
    Differing,
)
from checks.authority_servers import AGE, AuthorityServer, Delegation, Server, State, ask, delegation
from checks.case import has_domain
from checks.causes import Remedy
from checks.check import (
    Check,
    Count,
    Desk,
    DomainName,
    Finding,
    HostName,
    IpAddress,
    Keyword,
    ListName,
    Outcome,
    Seconds,
    ServerReply,
    Severity,
    Url,
)
from checks.dns_hosts import DnsHost, recognised
from checks.network.answers import (
    MX,
    NS,
    TXT,
    Answer,
    Mx,
    Status,
    Trouble,
    Txt,
)

MOST_SERVERS: Final = 4
"""Name servers that are asked; of a zone that does not resolve twice as many, before none is said to answer."""
_MOST_ANCESTORS: Final = 5
_SHORT_TTL, _LONG_TTL = 60, 172_800  # seconds
_TOLD_BY_RESOLVER: Final = frozenset({State.NO_ADDRESS, State.PRIVATE})  # no matter whether we can ask directly

# --- Facts -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class AuthorityFacts:
    """The zone that holds the domain's records, and the name servers that were asked.

    ``dns_host`` is the company that keeps the zone, if it is known; the row of our data is there for other checks, not
    for JSON.
    """

    zone: DomainName
    servers: tuple[AuthorityServer, ...]
    dns_host: Keyword | None = None
    dns_host_row: DnsHost | None = field(default=None, repr=False)


# --- Procedure -------------------------------------------------------------------------------------------------------


async def run(desk: Desk) -> Outcome[AuthorityFacts]:
    """Find the zone, then ask its servers and the zone above at the same time."""
    name = DomainName(desk.case.domain)
    labels = name.split(".")
    above = [DomainName(".".join(labels[start:])) for start in range(1, len(labels))]
    names = (name, *above[-_MOST_ANCESTORS:])
    answers = await asyncio.gather(
        *(desk.dns(each, NS, max_age=0.0 if "." in each else AGE) for each in names),
    )
    if answers[0].status is Status.NXDOMAIN or answers[0].trouble is Trouble.BOGUS:
        await domain.ask(desk, name, NS)  # what is wrong with the domain is told there
    zones = [answer for answer in answers if answer.found and not answer.aliases]
    untold = next((answer for answer in answers if answer.unknown), None)
    if not zones or (untold is not None and answers.index(untold) < answers.index(zones[0])):
        return await _unresolved(desk, name, untold or answers[0], zones[0] if zones else None)
    return await _resolved(desk, name, zones[0], zones[1] if len(zones) > 1 else None)


# --- A zone that does not resolve ------------------------------------------------------------------------------------


async def _unresolved(
    desk: Desk, name: DomainName, untold: Answer[str], parent: Answer[str] | None
) -> Outcome[AuthorityFacts]:
    """The resolver gets nowhere: ask the zone above who should know, and see whether they do."""
    asked = DomainName(untold.name)
    above = await delegation(desk, parent, asked)
    reason = untold.trouble or Trouble.BAD_ANSWER  # a name that exists, and no zone that it could lie in
    evidence = (untold.evidence, *(above.evidence if above else ()))
    if above is None or above.referral is None:
        unknown = AuthorityUnknown(zone=asked, servers=(), reason=reason, evidence=evidence)
        return Outcome(None, (unknown,))
    zone = DomainName(above.referral.zone)
    hosts = tuple(HostName(host) for host in sorted(above.referral.servers))
    ipv4_last = sorted(above.referral.addresses, key=lambda pair: ":" not in pair[1])
    glue = {host: IpAddress(address) for host, address in ipv4_last}
    looked_at = hosts[: 2 * MOST_SERVERS]
    servers = await asyncio.gather(*(ask(desk, host, zone, name, glue.get(host)) for host in looked_at))
    evidence = (*evidence, *(number for server in servers for number in server.evidence))
    host = recognised(hosts)
    facts = _facts(zone, servers, host)
    findings = [*_kept(zone, host, evidence)]
    if len(looked_at) == len(hosts) and all(server.state not in {State.GOOD, State.UNKNOWN} for server in servers):
        none = AuthorityNoServerAnswers(zone=zone, servers=looked_at, evidence=evidence)
        return Outcome(facts, (none, *_faults(zone, servers), *findings))
    findings += [*_faults(zone, servers), *_untold(zone, servers)]
    if good := tuple(server.name for server in servers if server.state is State.GOOD):
        findings.insert(0, AuthorityResolverFails(zone=zone, servers=good, reason=reason, evidence=evidence))
    if not any(finding.severity > Severity.OK for finding in findings):
        findings.append(AuthorityUnknown(zone=zone, servers=looked_at, reason=reason, evidence=evidence))
    return Outcome(facts, tuple(findings))


def _facts(zone: DomainName, servers: Iterable[Server], host: DnsHost | None) -> AuthorityFacts:
    return AuthorityFacts(
        zone=zone,
        servers=tuple(server.fact() for server in servers),
        dns_host=Keyword(host.id) if host is not None else None,
        dns_host_row=host,
    )


def _kept(zone: DomainName, host: DnsHost | None, evidence: tuple[int, ...]) -> Iterator[Finding]:
    if host is not None:
        yield AuthorityDnsHost(
            zone=zone,
            host=ListName(host.shown),
            page=Url(host.page) if host.page is not None else None,
            language=Keyword(host.page_language) if host.page_language is not None else None,
            evidence=evidence,
        )


# --- A zone that resolves --------------------------------------------------------------------------------------------


async def _resolved(
    desk: Desk, name: DomainName, apex: Answer[str], parent: Answer[str] | None
) -> Outcome[AuthorityFacts]:
    """Ask the servers that the zone names, and those that only the zone above names."""
    zone = DomainName(apex.name)
    own = tuple(HostName(host) for host in sorted(apex.records))
    above, kept, asked = await asyncio.gather(
        delegation(desk, parent, zone),
        asyncio.gather(desk.dns(name, MX), desk.dns(name, TXT), desk.dns(f"_dmarc.{name}", TXT)),
        asyncio.gather(*(ask(desk, host, zone, name) for host in own[:MOST_SERVERS])),
    )
    servers, findings = [*asked], list[Finding]()
    if above is not None:
        findings += _of_delegation(zone, own, above)
        others = [HostName(host) for host in above.referral.servers if host not in own] if above.referral else []
        servers += await asyncio.gather(*(ask(desk, host, zone, name) for host in others[:MOST_SERVERS]))
    if len(own) == 1:
        findings.append(AuthoritySingleServer(zone=zone, servers=own, evidence=(apex.evidence,)))
    good = tuple(server for server in servers if server.state is State.GOOD)
    evidence = tuple(number for server in servers for number in server.evidence)
    if good:
        findings += [*_serials(zone, good), *_times(name, good), *_compared(name, good, kept)]
    if good or above is not None:
        findings += _faults(zone, servers)
    else:
        findings += _faults(zone, (server for server in servers if server.state in _TOLD_BY_RESOLVER))
        if useless := [server for server in servers if server.state in {State.SILENT, State.LAME}]:
            blocked = AuthorityBlockedHere(zone=zone, servers=_names(useless), evidence=_evidence(useless))
            findings.append(blocked)
    findings += _untold(zone, servers)
    if good and not any(finding.severity > Severity.NOTICE for finding in findings):
        names = tuple(server.name for server in good)
        agree = AuthorityAgree(zone=zone, servers=names, total=Count(len(own)), evidence=evidence)
        findings.insert(0, agree)
    primary = next((server.soa.records[0].mname for server in good if server.soa is not None), None)
    host = recognised(own, primary)
    findings += _kept(zone, host, (apex.evidence,))
    return Outcome(_facts(zone, servers, host), tuple(findings))


def _of_delegation(zone: DomainName, own: Sequence[HostName], above: Delegation) -> Iterator[Finding]:
    if above.denied:
        yield AuthorityNotDelegated(zone=zone, parent=above.parent, evidence=above.evidence)
    elif above.referral is not None and above.referral.zone == zone:
        named = {HostName(host) for host in above.referral.servers}
        if named != {*own}:
            yield AuthorityDelegationDiffers(
                zone=zone,
                only_above=tuple(sorted(named.difference(own))),
                only_here=tuple(host for host in own if host not in named),
                evidence=above.evidence,
            )


def _times(name: DomainName, good: Sequence[Server]) -> Iterator[Finding]:
    """Judge how long the MX record may be kept; only the zone's own servers give the whole time."""
    answers = [server.mx for server in good if server.mx is not None and server.mx.found]
    if not answers or answers[0].ttl is None:
        return
    ttl, evidence = answers[0].ttl, (answers[0].evidence,)
    if ttl < _SHORT_TTL:
        yield AuthorityTtlShort(domain=name, ttl=Seconds(ttl), evidence=evidence)
    elif ttl > _LONG_TTL:
        yield AuthorityTtlLong(domain=name, ttl=Seconds(ttl), evidence=evidence)


def _faults(zone: DomainName, servers: Iterable[Server]) -> Iterator[Finding]:
    """What is wrong with servers, one finding for each kind."""
    plain = {
        State.SILENT: AuthorityServerSilent,
        State.NO_ADDRESS: AuthorityServerNoAddress,
        State.PRIVATE: AuthorityServerPrivate,
    }
    lame: dict[Trouble | None, list[Server]] = {}
    others: dict[State, list[Server]] = {}
    for server in servers:
        if server.state is State.LAME and server.soa is not None:
            lame.setdefault(server.soa.trouble, []).append(server)
        elif server.state in plain:
            others.setdefault(server.state, []).append(server)
    for reason, those in lame.items():
        yield AuthorityServerLame(zone=zone, servers=_names(those), reason=reason, evidence=_evidence(those))
    for state, those in others.items():
        yield plain[state](zone=zone, servers=_names(those), evidence=_evidence(those))


def _untold(zone: DomainName, servers: Iterable[Server]) -> Iterator[Finding]:
    met: dict[Trouble, list[Server]] = {}
    for server in servers:
        for reason in dict.fromkeys(server.untold):
            met.setdefault(reason, []).append(server)
    for reason, those in met.items():
        names, evidence = _names(those), _evidence(those)
        if reason is Trouble.TCP_BLOCKED:
            yield AuthorityTcpBlocked(zone=zone, servers=names, evidence=evidence)
        else:
            yield AuthorityUnknown(zone=zone, servers=names, reason=reason, evidence=evidence)


def _names(servers: Iterable[Server]) -> tuple[HostName, ...]:
    return tuple(server.name for server in servers)


def _evidence(servers: Iterable[Server]) -> tuple[int, ...]:
    return tuple(number for server in servers for number in server.evidence)


# --- Do they say the same? -------------------------------------------------------------------------------------------


def newer(serial: int, than: int) -> bool:
    """Whether a serial comes after another: they go round in a circle of 32 bits (RFC 1982 §3.2)."""
    return 0 < (serial - than) % 2**32 < 2**31


def _serials(zone: DomainName, good: Sequence[Server]) -> Iterator[Finding]:
    known = [(server, serial) for server in good if (serial := server.serial) is not None]
    newest = known[0][1]
    for _, serial in known:
        newest = serial if newer(serial, newest) else newest
    older = tuple(server for server, serial in known if serial != newest)
    if older:
        yield AuthoritySerialsDiffer(
            zone=zone,
            newest=tuple(server.name for server, serial in known if serial == newest),
            older=_names(older),
            serials=tuple(ServerReply(f"{server.name}: {serial}") for server, serial in known),
            evidence=_evidence(good),
        )


@dataclass(frozen=True, kw_only=True)
class _Record:
    """One kind of record that is compared: where a server's answer is, and what of it counts."""

    keyword: str
    finding: type[Differing]
    of: Callable[[Server], Answer[Any] | None]
    lines: Callable[[Answer[Any]], Iterable[str]]


def _mx_lines(answer: Answer[Mx]) -> Iterator[str]:
    return (f"{record.preference} {record.exchange or '.'}" for record in answer.records)


def _spf_lines(answer: Answer[Txt]) -> Iterator[str]:
    return (record.text for record in answer.records if record.text[:6].lower() == "v=spf1")


def _dmarc_lines(answer: Answer[Txt]) -> Iterator[str]:
    return (record.text for record in answer.records)


_RECORDS: Final = (
    _Record(keyword="MX", finding=AuthorityMxDiffers, of=lambda server: server.mx, lines=_mx_lines),
    _Record(keyword="SPF", finding=AuthoritySpfDiffers, of=lambda server: server.txt, lines=_spf_lines),
    _Record(keyword="DMARC", finding=AuthorityDmarcDiffers, of=lambda server: server.dmarc, lines=_dmarc_lines),
)


def _said(record: _Record, answer: Answer[Any]) -> tuple[str, ...]:
    """What an answer says of a record, in an order of its own: that of an answer changes from time to time."""
    if answer.trouble is Trouble.LEADS_AWAY:
        return (f"CNAME {answer.canonical}",)
    return tuple(sorted(record.lines(answer))) or (Status.NODATA.value.upper(),)


def _compared(name: DomainName, good: Sequence[Server], kept: Iterable[Answer[Any]]) -> Iterator[Finding]:
    """Hold what the servers say against each other, then against what the resolver has kept."""
    for record, cached in zip(_RECORDS, kept, strict=True):
        answers = [(server, answer) for server in good if (answer := record.of(server)) is not None]
        told = [(s, a) for s, a in answers if not a.unknown or a.trouble is Trouble.LEADS_AWAY]
        if not told:
            continue
        evidence = tuple(answer.evidence for _, answer in told)
        if len({_said(record, answer) for _, answer in told}) > 1:
            lines = tuple(ServerReply(f"{s.name}: {line}") for s, a in told for line in _said(record, a))
            yield record.finding(domain=name, answers=lines, evidence=evidence)
            continue
        current = told[0][1]
        here = _said(record, cached if current.trouble is not Trouble.LEADS_AWAY else _as_alias(cached, current))
        if cached.unknown or here == _said(record, current):
            continue
        soa = next(server.soa for server in good if server.soa is not None)
        # RFC 2308 §5: that there is nothing may be kept as long as the SOA record says.
        left = cached.ttl if cached.ttl is not None else min(soa.records[0].minimum, soa.ttl or 0)
        yield AuthorityCacheDiffers(
            domain=name,
            record=Keyword(record.keyword),
            cached=tuple(ServerReply(line) for line in here),
            current=tuple(ServerReply(line) for line in _said(record, current)),
            left=Seconds(left),
            evidence=(cached.evidence, *evidence),
        )


def _as_alias(cached: Answer[Any], current: Answer[Any]) -> Answer[Any]:
    """What the resolver kept, only as far as a server that knows no more than the alias."""
    chain = (*cached.aliases, cached.canonical)
    return replace(
        current, canonical=chain[len(current.aliases)] if len(chain) > len(current.aliases) else cached.canonical
    )


CHECK: Check[AuthorityFacts] = Check(
    name="authority",
    remedy=Remedy.DNS,
    applies=has_domain,
    needs=(domain.CHECK,),
    findings=(
        AuthorityAgree,
        AuthorityDnsHost,
        AuthorityNoServerAnswers,
        AuthorityNotDelegated,
        AuthorityServerLame,
        AuthorityServerSilent,
        AuthorityServerNoAddress,
        AuthorityServerPrivate,
        AuthorityBlockedHere,
        AuthorityResolverFails,
        AuthorityUnknown,
        AuthorityTcpBlocked,
        AuthoritySerialsDiffer,
        AuthorityMxDiffers,
        AuthoritySpfDiffers,
        AuthorityDmarcDiffers,
        AuthorityCacheDiffers,
        AuthorityDelegationDiffers,
        AuthorityTtlShort,
        AuthorityTtlLong,
        AuthoritySingleServer,
    ),
    budget=16.0,
    rfcs=("RFC 1034", "RFC 1035", "RFC 1982", "RFC 2308", "RFC 7766"),
    run=run,
)
