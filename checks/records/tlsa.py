"""TLSA records for SMTP (RFC 6698, RFC 7671, RFC 7672): whether one is usable, and which certificates it matches.

A record names a certificate or a public key (the selector), whole or as a hash (the matching type), and says which
certificate of the chain it is about (the usage). Whether the chain itself holds - names, dates, signatures - and
whether DNSSEC protects the record is not looked at here.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum, StrEnum
from typing import Final

from cryptography import x509


class Usage(IntEnum):
    """Which certificate is meant (RFC 6698 §2.1.1, names of RFC 7218)."""

    PKIX_TA = 0
    PKIX_EE = 1
    DANE_TA = 2
    DANE_EE = 3


class Selector(IntEnum):
    """Which part of it (RFC 6698 §2.1.2)."""

    CERT = 0
    SPKI = 1


class MatchingType(IntEnum):
    """How it is presented (RFC 6698 §2.1.3)."""

    FULL = 0
    SHA2_256 = 1
    SHA2_512 = 2


_DIGEST_OCTETS: Final = {MatchingType.SHA2_256: 32, MatchingType.SHA2_512: 64}
MAX_DATA: Final = 65_535
"""Octets in the data of a record (RFC 1035 §3.2.1)."""


class Kind(StrEnum):
    """Why a record cannot be used for SMTP."""

    USAGE_NOT_FOR_SMTP = "usage_not_for_smtp"
    """Usage 0 or 1 (RFC 7672 §3.1.3)."""
    UNKNOWN_USAGE = "unknown_usage"
    UNKNOWN_SELECTOR = "unknown_selector"
    UNKNOWN_MATCHING_TYPE = "unknown_matching_type"
    WRONG_LENGTH = "wrong_length"
    """The data is not as long as the hash that the matching type names."""
    NOT_DER = "not_der"
    """Matching type 0, and the data is no DER certificate or key."""


@dataclass(frozen=True)
class Problem:
    """One thing wrong; ``value`` is the field that offends, for the data its length in octets."""

    kind: Kind
    value: int


@dataclass(frozen=True)
class Association:
    """The fields of one TLSA record (RFC 6698 §2.1)."""

    usage: int
    selector: int
    matching_type: int
    data: bytes

    @property
    def problems(self) -> tuple[Problem, ...]:
        """Everything that keeps an SMTP sender from using it; such a record is passed over (RFC 7672 §3.1)."""
        found: list[Problem] = []
        if self.usage in {Usage.PKIX_TA, Usage.PKIX_EE}:
            found.append(Problem(Kind.USAGE_NOT_FOR_SMTP, self.usage))
        elif self.usage not in set(Usage):
            found.append(Problem(Kind.UNKNOWN_USAGE, self.usage))
        if self.selector not in set(Selector):
            found.append(Problem(Kind.UNKNOWN_SELECTOR, self.selector))
        if self.matching_type not in set(MatchingType):
            found.append(Problem(Kind.UNKNOWN_MATCHING_TYPE, self.matching_type))
        elif self.matching_type == MatchingType.FULL:
            if len(self.data) > MAX_DATA or _element(self.data, 0) != (0, len(self.data)):
                found.append(Problem(Kind.NOT_DER, len(self.data)))
        elif len(self.data) != _DIGEST_OCTETS[MatchingType(self.matching_type)]:
            found.append(Problem(Kind.WRONG_LENGTH, len(self.data)))
        return tuple(found)

    @property
    def usable(self) -> bool:
        """Whether an SMTP sender uses it."""
        return not self.problems


def presented(selector: int, matching_type: int, certificate: bytes) -> bytes | None:
    """What the data of a record must be for a DER certificate, ``None`` if that cannot be told.

    That is so for fields that do not exist, and for octets that are no certificate.
    """
    try:
        x509.load_der_x509_certificate(certificate)
    except ValueError:
        return None
    match selector:
        case Selector.CERT:
            chosen: bytes | None = certificate
        case Selector.SPKI:
            chosen = _public_key(certificate)
        case _:
            return None
    if chosen is None:
        return None
    match matching_type:
        case MatchingType.FULL:
            return chosen
        case MatchingType.SHA2_256:
            return hashlib.sha256(chosen).digest()
        case MatchingType.SHA2_512:
            return hashlib.sha512(chosen).digest()
        case _:
            return None


def matches(association: Association, certificate: bytes) -> bool:
    """Whether a DER certificate is the one that a record names (RFC 6698 §2.1)."""
    return presented(association.selector, association.matching_type, certificate) == association.data


def matches_chain(association: Association, chain: Sequence[bytes]) -> bool:
    """Whether a usable record matches the chain that a server sent, its own certificate first.

    DANE-EE is about the server's certificate; DANE-TA about one of the issuers in the chain, which the server has to
    send along (RFC 7672 §3.1.1, §3.1.2).
    """
    if not association.usable:
        return False
    candidates = chain[:1] if association.usage == Usage.DANE_EE else chain[1:]
    return any(matches(association, certificate) for certificate in candidates)


# --- The octets of a certificate -------------------------------------------------------------------------------------
# Re-encoding the key that cryptography has loaded can give other octets than the certificate holds (a compressed
# point, odd algorithm parameters), so the key is cut out where it stands.

_SEQUENCE: Final = 0x30
_VERSION: Final = 0xA0
_LONG_FORM: Final = 0x80
_LONGEST_LENGTH: Final = 4


def _element(data: bytes, start: int) -> tuple[int, int] | None:
    """Start and end of the DER element at ``start`` if it is complete (X.690 §8.1)."""
    if len(data) < start + 2:
        return None
    size, content = data[start + 1], start + 2
    if size >= _LONG_FORM:
        octets = size - _LONG_FORM
        if not 0 < octets <= _LONGEST_LENGTH or len(data) < content + octets:
            return None
        size, content = int.from_bytes(data[content : content + octets], "big"), content + octets
    end = content + size
    return (start, end) if end <= len(data) else None


def _content(data: bytes, start: int) -> int:
    """Where the content of the element at ``start`` begins."""
    size = data[start + 1]
    return start + 2 + (size - _LONG_FORM if size >= _LONG_FORM else 0)


def _public_key(certificate: bytes) -> bytes | None:
    """The SubjectPublicKeyInfo of a certificate that has been loaded before (RFC 5280 §4.1)."""
    signed_part = _content(certificate, 0)
    at = _content(certificate, signed_part)
    if certificate[at] == _VERSION:
        found = _element(certificate, at)
        at = found[1] if found is not None else at
    for _ in ("serial number", "signature", "issuer", "validity", "subject"):
        found = _element(certificate, at)
        if found is None:
            return None
        at = found[1]
    found = _element(certificate, at)
    return certificate[at : found[1]] if found is not None and certificate[at] == _SEQUENCE else None
