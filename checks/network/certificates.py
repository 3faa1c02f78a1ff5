"""Judges the certificates that servers show.

The TLS session is set up without verification, so that a bad certificate is a finding and not the end of the
conversation; the chain is judged afterwards, as a verifying client would.
"""

from __future__ import annotations

import datetime as dt
import ssl
import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import Any, cast

from cryptography import x509
from cryptography.x509.verification import (
    Criticality,
    ExtensionPolicy,
    Policy,
    PolicyBuilder,
    Store,
    VerificationError,
)

from checks.network.answers import Certificate, CertificateState, Tls

_MAX_CHAIN = 64 * 1024  # octets; real chains have a few thousand


def _is_authority(_policy: Policy, _certificate: x509.Certificate, constraints: x509.BasicConstraints) -> None:
    if not constraints.ca:
        raise ValueError("no certificate authority")


_UNREADABLE = (
    ValueError,
    x509.DuplicateExtension,
    x509.InvalidVersion,
    x509.UnsupportedGeneralNameType,
)
"""What cryptography raises for certificates that are none."""

# Mail servers verify with OpenSSL's defaults, which mind fewer formalities than browsers do: extensions may be critical
# or not. What they do ask is asked here: authorities that are some, and a name in subjectAltName (RFC 9525 §6.3).
_AUTHORITY = ExtensionPolicy.permit_all().require_present(x509.BasicConstraints, Criticality.AGNOSTIC, _is_authority)
_SERVER = ExtensionPolicy.permit_all().require_present(x509.SubjectAlternativeName, Criticality.AGNOSTIC, None)


class TrustAnchors:
    """The authorities we believe: the system's, and those in the files that the operator names."""

    def __init__(self, more: Sequence[Path] = ()) -> None:
        """Load them, which takes tens of milliseconds.

        Raises:
            OSError: a file cannot be read.
            ValueError: a file holds no certificate.
        """
        context = ssl.create_default_context()
        _load_directory(context)
        for path in more:
            try:
                context.load_verify_locations(path)
            except ssl.SSLError as error:
                raise ValueError(f"{path} holds no certificate in PEM form") from error
        self.context = context
        """A client context that verifies against them."""
        anchors: list[x509.Certificate] = []
        for der in context.get_ca_certs(binary_form=True):
            try:
                with warnings.catch_warnings(action="ignore"):  # old anchors have serial numbers that are not positive
                    anchors.append(x509.load_der_x509_certificate(der))
            except ValueError:  # an anchor OpenSSL takes and cryptography does not: chains to it stay "untrusted"
                continue
        self._store = Store(anchors) if anchors else None

    def judge(self, chain: Sequence[bytes], host: str) -> Certificate:
        """Judge a chain (leaf first, DER) for a host name, now."""
        if not chain or sum(map(len, chain)) > _MAX_CHAIN:
            return Certificate(state=CertificateState.UNREADABLE)
        try:
            certificates = [x509.load_der_x509_certificate(der) for der in chain]
            leaf = certificates[0]
            names = _names(leaf)
            issuer = leaf.issuer.rfc4514_string()
            not_before, not_after = leaf.not_valid_before_utc, leaf.not_valid_after_utc
        except _UNREADABLE:
            return Certificate(state=CertificateState.UNREADABLE, chain=tuple(chain))
        return Certificate(
            state=self._state(certificates, names, host, dt.datetime.now(dt.UTC)),
            names=names,
            issuer=issuer,
            not_before=not_before.date().isoformat(),
            not_after=not_after.date().isoformat(),
            chain=tuple(chain),
        )

    def _state(
        self, chain: list[x509.Certificate], names: tuple[str, ...], host: str, now: dt.datetime
    ) -> CertificateState:
        leaf = chain[0]
        if now > leaf.not_valid_after_utc:
            return CertificateState.EXPIRED
        if now < leaf.not_valid_before_utc:
            return CertificateState.NOT_YET_VALID
        if self._verifies(chain, host, now):
            return CertificateState.TRUSTED
        # The same chain for a name it was made for: if that holds, only the name is wrong.
        own = next((name.replace("*", "any", 1) for name in names), None)
        if own is not None and self._verifies(chain, own, now):
            return CertificateState.WRONG_NAME
        return CertificateState.UNTRUSTED

    def _verifies(self, chain: list[x509.Certificate], host: str, now: dt.datetime) -> bool:
        if self._store is None:
            return False
        try:
            policy = PolicyBuilder().store(self._store).time(now)
            policy = policy.extension_policies(ca_policy=_AUTHORITY, ee_policy=_SERVER)
            verifier = policy.build_server_verifier(x509.DNSName(host))
            verifier.verify(chain[0], chain[1:])
        except (VerificationError, *_UNREADABLE):  # ValueError: the host is no name a certificate can hold
            return False
        return True


_VERIFY_CODES = {
    9: CertificateState.NOT_YET_VALID,
    10: CertificateState.EXPIRED,
    62: CertificateState.WRONG_NAME,
}


def refusal(error: Exception) -> CertificateState:
    """Why OpenSSL did not accept a certificate, by the codes of X509_verify_cert_error_string(3)."""
    if isinstance(error, ssl.SSLCertVerificationError):
        return _VERIFY_CODES.get(error.verify_code, CertificateState.UNTRUSTED)
    return CertificateState.UNTRUSTED


def _load_directory(context: ssl.SSLContext) -> None:
    """Load the system's anchors where they are a directory: OpenSSL would look into it only while it verifies."""
    if context.get_ca_certs():
        return
    for path in sorted(Path(ssl.get_default_verify_paths().capath or "/nowhere").glob("*.[0-9]")):
        context.load_verify_locations(path)


def _names(leaf: x509.Certificate) -> tuple[str, ...]:
    try:
        extension = leaf.extensions.get_extension_for_class(x509.SubjectAlternativeName)
    except x509.ExtensionNotFound:
        return ()
    return tuple(extension.value.get_values_for_type(x509.DNSName))


def unverified_context() -> ssl.SSLContext:
    """A client context that accepts any certificate and any TLS version and cipher we know.

    What is accepted is reported; no secret ever travels over it.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    context.minimum_version = ssl.TLSVersion.MINIMUM_SUPPORTED
    context.set_ciphers("ALL:@SECLEVEL=0")
    return context


def session(ssl_object: ssl.SSLObject, anchors: TrustAnchors, host: str) -> Tls:
    """Describe an established session and judge its certificate."""
    cipher = ssl_object.cipher()
    return Tls(
        version=ssl_object.version() or "",
        cipher=cipher[0] if cipher else "",
        certificate=anchors.judge(_sent_chain(ssl_object), host),
    )


def _sent_chain(ssl_object: ssl.SSLObject) -> list[bytes]:
    public = getattr(ssl_object, "get_unverified_chain", None)
    if public is not None:  # Python 3.13
        return list(cast("list[bytes]", public()))
    # Before that, the same list is only to be had from the object underneath.
    inner = cast("Any", ssl_object)._sslobj  # noqa: SLF001
    return [ssl.PEM_cert_to_DER_cert(each.public_bytes()) for each in inner.get_unverified_chain() or ()]
