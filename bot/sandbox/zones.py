"""What the world's name service knows: records as lines of text, found as a recursor or a zone's server finds them.

A line is ``owner [TTL] TYPE data`` in the notation of master files (RFC 1035 section 5), except that every name is
absolute, the owner of a PTR may be the address itself, and TXT data without quotes is the text as it stands::

    example.com       MX   10 mx.example.com
    example.com       TXT  v=spf1 mx -all
    192.0.2.25        PTR  mx.example.com
"""

from __future__ import annotations

import ipaddress
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

import dns.exception
import dns.name
import dns.rcode
import dns.rdata
import dns.rdataclass
import dns.rdatatype
import dns.rdtypes.ANY.TXT
import dns.reversename
import dns.rrset

_TTL = 300
_LONGEST_STRING = 255
_LONGEST_CHAIN = 16
_NAME_SERVER = "ns.nic.invalid"
NAME_SERVER_ADDRESS = "192.0.2.53"
"""Where the name server is that zones without an NS line have."""
_ZONE_LABELS = 3  # "example.com." counts its root


class ZoneError(ValueError):
    """A line of a zone says nothing a name server could answer with."""


@dataclass(frozen=True, kw_only=True)
class Found:
    """What a server puts into its answer.

    ``secure`` and ``bogus`` are the verdict of a recursor's DNSSEC validation; ``authoritative`` is said by a server of
    the zone, ``recursive`` by one that asks others.
    """

    rcode: dns.rcode.Rcode = dns.rcode.NOERROR
    answer: list[dns.rrset.RRset] = field(default_factory=list[dns.rrset.RRset])
    authority: list[dns.rrset.RRset] = field(default_factory=list[dns.rrset.RRset])
    additional: list[dns.rrset.RRset] = field(default_factory=list[dns.rrset.RRset])
    secure: bool = False
    bogus: bool = False
    authoritative: bool = False
    recursive: bool = True


class Zones:
    """All records of a world.

    A zone begins at each name with an SOA line and at each name of one or two labels; where a zone has no SOA or NS
    line, one is made up. The names in ``secure`` and ``bogus``, and all names below them, are signed well and badly.

    Raises:
        ZoneError: a line is wrong; the message holds it.
    """

    def __init__(self, text: str, *, secure: Collection[str] = (), bogus: Collection[str] = ()) -> None:
        self._rrsets: dict[dns.name.Name, dict[dns.rdatatype.RdataType, dns.rrset.RRset]] = {}
        for line in (f"{_NAME_SERVER} A {NAME_SERVER_ADDRESS}", *text.splitlines()):
            if line.strip() and not line.lstrip().startswith((";", "#")):
                self._add(line)
        tops = {name.split(min(_ZONE_LABELS, len(name)))[1] for name in self._rrsets}
        tops |= {name.split(min(2, len(name)))[1] for name in self._rrsets}
        for apex in tops | {dns.name.root}:
            self._complete(apex)
        self._existing = {
            dns.name.Name(name.labels[start:]) for name in self._rrsets for start in range(len(name.labels))
        }
        self._secure = {dns.name.from_text(name) for name in secure}
        self._bogus = {dns.name.from_text(name) for name in bogus}

    def find(self, name: dns.name.Name, rdtype: dns.rdatatype.RdataType) -> Found:
        """Answer one question, aliases followed (RFC 1034 section 5.3.3); a chain that does not end is a SERVFAIL."""
        answer: list[dns.rrset.RRset] = []
        passed: list[dns.name.Name] = []
        while len(passed) < _LONGEST_CHAIN:
            passed.append(name)
            here = self._at(name)
            if here is not None and rdtype in here:
                answer.append(_owned(here[rdtype], name))
                return self._found(passed, answer=answer)
            if here is None or dns.rdatatype.CNAME not in here:
                rcode = dns.rcode.NXDOMAIN if here is None else dns.rcode.NOERROR
                return self._found(passed, rcode=rcode, answer=answer, authority=[self._soa(name)])
            alias = here[dns.rdatatype.CNAME]
            answer.append(_owned(alias, name))
            name = _target(alias)
        return Found(rcode=dns.rcode.SERVFAIL)

    def serve(
        self, name: dns.name.Name, rdtype: dns.rdatatype.RdataType, zones: Collection[dns.name.Name] | None
    ) -> Found:
        """Answer one question as a name server of ``zones`` (``None``: of all) does, without asking anybody.

        What lies in a zone below is referred to its servers (RFC 1034 section 4.3.2), what lies elsewhere is refused.
        An alias is followed as far as the zones reach.
        """
        answer: list[dns.rrset.RRset] = []
        while len(answer) < _LONGEST_CHAIN:
            apex = self._soa(name).name
            if zones is not None and apex not in zones:
                return self._elsewhere(apex, zones) if not answer else _served(answer)
            here = self._at(name) or {}
            if rdtype in here:
                answer.append(_owned(here[rdtype], name))
                return _served(answer)
            if dns.rdatatype.CNAME not in here:
                exists = self._at(name) is not None
                return Found(
                    rcode=dns.rcode.NOERROR if exists else dns.rcode.NXDOMAIN,
                    answer=answer,
                    authority=[self._soa(name)],
                    authoritative=True,
                    recursive=False,
                )
            alias = here[dns.rdatatype.CNAME]
            answer.append(_owned(alias, name))
            name = _target(alias)
        return _served(answer)

    def _elsewhere(self, apex: dns.name.Name, zones: Collection[dns.name.Name]) -> Found:
        cut = apex
        while cut != dns.name.root:
            above = self._soa(cut.parent()).name
            if above in zones:
                delegation = self._rrsets[cut][dns.rdatatype.NS]
                names = [_target(dns.rrset.from_rdata(cut, 0, each)) for each in list[dns.rdata.Rdata](delegation)]
                kinds = (dns.rdatatype.A, dns.rdatatype.AAAA)
                glue = [
                    self._rrsets[name][kind]
                    for name in names
                    for kind in kinds
                    if name.is_subdomain(above) and kind in self._rrsets.get(name, {})
                ]
                return Found(authority=[delegation], additional=glue, recursive=False)
            cut = above
        return Found(rcode=dns.rcode.REFUSED, recursive=False)

    def _found(
        self,
        passed: Iterable[dns.name.Name],
        *,
        answer: list[dns.rrset.RRset],
        rcode: dns.rcode.Rcode = dns.rcode.NOERROR,
        authority: Iterable[dns.rrset.RRset] = (),
    ) -> Found:
        names = list(passed)
        return Found(
            rcode=rcode,
            answer=answer,
            authority=list(authority),
            secure=all(_below(name, self._secure) for name in names),
            bogus=any(_below(name, self._bogus) for name in names),
        )

    def _at(self, name: dns.name.Name) -> Mapping[dns.rdatatype.RdataType, dns.rrset.RRset] | None:
        """Give what is at a name, wildcards included (RFC 4592 section 3.3.1); None if the name does not exist."""
        if name in self._existing:
            return self._rrsets.get(name, {})
        encloser = name
        while encloser not in self._existing:
            encloser = encloser.parent()
        return self._rrsets.get(dns.name.Name((b"*", *encloser.labels)))

    def _soa(self, name: dns.name.Name) -> dns.rrset.RRset:
        while dns.rdatatype.SOA not in self._rrsets.get(name, {}):
            name = name.parent()
        return self._rrsets[name][dns.rdatatype.SOA]

    def _add(self, line: str) -> None:
        try:
            owner, kind, data = line.split(None, 2)
            ttl = _TTL
            if kind.isdigit():
                ttl = int(kind)
                kind, data = data.split(None, 1)
            rdtype = dns.rdatatype.from_text(kind)
            name = _owner(owner, rdtype)
            if rdtype in (dns.rdatatype.TXT, dns.rdatatype.SPF) and not data.startswith('"'):
                rdata: dns.rdata.Rdata = _text(data.rstrip().encode(), rdtype)
            else:
                rdata = dns.rdata.from_text(dns.rdataclass.IN, rdtype, data, dns.name.root, relativize=False)
        except (ValueError, dns.exception.DNSException) as error:
            raise ZoneError(f"{line.strip()!r}: {error}") from error
        rrsets = self._rrsets.setdefault(name, {})
        if rdtype not in rrsets:
            rrsets[rdtype] = dns.rrset.RRset(name, dns.rdataclass.IN, rdtype)
        rrsets[rdtype].add(rdata, ttl)

    def _complete(self, apex: dns.name.Name) -> None:
        here = self._rrsets.get(apex, {})
        if dns.rdatatype.SOA not in here:
            self._add(f"{apex} SOA {_NAME_SERVER} hostmaster.nic.invalid 1 3600 600 86400 60")
        if dns.rdatatype.NS not in here:
            self._add(f"{apex} NS {_NAME_SERVER}")


def text_records(owner: dns.name.Name, texts: Iterable[bytes]) -> dns.rrset.RRset:
    """Make one TXT record of each text."""
    return dns.rrset.from_rdata_list(owner, _TTL, [_text(text, dns.rdatatype.TXT) for text in texts])


def _owner(text: str, rdtype: dns.rdatatype.RdataType) -> dns.name.Name:
    if rdtype == dns.rdatatype.PTR:
        try:
            return dns.reversename.from_address(str(ipaddress.ip_address(text)))
        except ValueError:
            pass  # it is a name already
    return dns.name.from_text(text)


def _text(text: bytes, rdtype: dns.rdatatype.RdataType) -> dns.rdtypes.ANY.TXT.TXT:
    strings = [text[start : start + _LONGEST_STRING] for start in range(0, len(text), _LONGEST_STRING)]
    return dns.rdtypes.ANY.TXT.TXT(dns.rdataclass.IN, rdtype, strings)


def _owned(rrset: dns.rrset.RRset, owner: dns.name.Name) -> dns.rrset.RRset:
    """Name the records as they were asked for: in that case of letters, and not by a wildcard."""
    return dns.rrset.from_rdata_list(owner, rrset.ttl, list(rrset))


def _served(answer: list[dns.rrset.RRset]) -> Found:
    return Found(answer=answer, authoritative=True, recursive=False)


def _target(alias: dns.rrset.RRset) -> dns.name.Name:
    return dns.name.from_text(str(list[dns.rdata.Rdata](alias)[0]))


def _below(name: dns.name.Name, tops: Iterable[dns.name.Name]) -> bool:
    return any(name.is_subdomain(top) for top in tops)


def listing(zone: str, subject: str, *codes: str, reason: str = "") -> str:
    """Write the lines with which a blocklist lists an address or a domain (RFC 5782 sections 2.1, 2.4 and 3)."""
    name = f"{listed_name(subject)}.{zone}"
    lines = [f"{name} A {code}" for code in codes]
    if reason:
        lines.append(f"{name} TXT {reason}")
    return "\n".join(lines) + "\n"


def address_blocklist(zone: str, *, code: str = "127.0.0.2") -> str:
    """Write the test points of a list of addresses, IPv4 and IPv6 (RFC 5782 section 5), listed with ``code``."""
    return listing(zone, "127.0.0.2", code, reason="Test point") + listing(zone, "::ffff:127.0.0.2", code)


def listed_name(subject: str) -> str:
    """Turn an address into its reversed labels (RFC 5782 sections 2.1 and 2.4); a domain stays as it is."""
    try:
        address = ipaddress.ip_address(subject)
    except ValueError:
        return subject
    if isinstance(address, ipaddress.IPv4Address):
        return ".".join(reversed(subject.split(".")))
    return ".".join(reversed(address.exploded.replace(":", "")))
