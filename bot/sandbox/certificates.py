"""Certificates of the sandbox: one authority that clients may trust, and each way a certificate can be wrong."""

from __future__ import annotations

import hashlib
import ssl
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import Enum, auto

import trustme
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from cryptography.x509.oid import NameOID

_MONTH = timedelta(days=30)


class Certificate(Enum):
    """What is wrong with a server's certificate, if anything."""

    GOOD = auto()
    EXPIRED = auto()
    NOT_YET_VALID = auto()
    WRONG_NAME = auto()
    """Good, for ``another.invalid``."""
    SELF_SIGNED = auto()
    PRIVATE_CA = auto()
    """Issued by an authority that nobody trusts."""


@dataclass(frozen=True)
class _Leaf:
    context: ssl.SSLContext
    der: bytes


class Authority:
    """Issues one certificate per name and kind, and keeps it: a TLSA record can be written before the server runs."""

    def __init__(self) -> None:
        self._trusted = trustme.CA(organization_name="Mailcheck sandbox")
        self._private = trustme.CA(organization_name="Nobody trusts this")
        self._leaves: dict[tuple[str, Certificate], _Leaf] = {}

    @property
    def pem(self) -> bytes:
        """The authority's own certificate: what ``MAILCHECK_CA_FILE`` has to hold."""
        return self._trusted.cert_pem.bytes()

    def context(self, name: str, kind: Certificate = Certificate.GOOD) -> ssl.SSLContext:
        """Give the TLS side of a server of that name."""
        return self._leaf(name, kind).context

    def tlsa(self, name: str, kind: Certificate = Certificate.GOOD) -> str:
        """Give the data of the TLSA record ``3 1 1`` (RFC 7672 section 3.1.1) that matches the server's certificate."""
        certificate = x509.load_der_x509_certificate(self._leaf(name, kind).der)
        key = certificate.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        return f"3 1 1 {hashlib.sha256(key).hexdigest()}"

    def _leaf(self, name: str, kind: Certificate) -> _Leaf:
        if (name, kind) not in self._leaves:
            self._leaves[name, kind] = self._issue(name, kind)
        return self._leaves[name, kind]

    def _issue(self, name: str, kind: Certificate) -> _Leaf:
        now = datetime.now(UTC)
        match kind:
            case Certificate.GOOD:
                issued = self._trusted.issue_cert(name)
            case Certificate.EXPIRED:
                issued = self._trusted.issue_cert(name, not_before=now - 2 * _MONTH, not_after=now - _MONTH)
            case Certificate.NOT_YET_VALID:
                issued = self._trusted.issue_cert(name, not_before=now + _MONTH, not_after=now + 2 * _MONTH)
            case Certificate.WRONG_NAME:
                issued = self._trusted.issue_cert("another.invalid")
            case Certificate.PRIVATE_CA:
                issued = self._private.issue_cert(name)
            case Certificate.SELF_SIGNED:
                issued = _self_signed(name, now)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        issued.configure_cert(context)  # pyright: ignore[reportUnknownMemberType]  # its type names pyOpenSSL, not installed
        return _Leaf(context, ssl.PEM_cert_to_DER_cert(issued.cert_chain_pems[0].bytes().decode()))


def _self_signed(name: str, now: datetime) -> trustme.LeafCert:
    key = ec.generate_private_key(ec.SECP256R1())
    itself = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(itself)
        .issuer_name(itself)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - _MONTH)
        .not_valid_after(now + _MONTH)
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(Encoding.PEM, PrivateFormat.TraditionalOpenSSL, NoEncryption())
    return trustme.LeafCert(private, certificate.public_bytes(Encoding.PEM), [])
