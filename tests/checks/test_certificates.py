"""Certificates: any octets at all can be judged, and none of them is trusted by mistake."""

from __future__ import annotations

import datetime as dt
import ssl
from pathlib import Path

import pytest
import trustme
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, load_pem_private_key
from cryptography.x509.oid import NameOID
from hypothesis import given
from hypothesis import strategies as st

from checks.network import certificates
from checks.network.answers import CertificateState
from checks.network.certificates import TrustAnchors

CA = trustme.CA()
NAME = "mx.example.com"


def der(leaf: trustme.LeafCert) -> bytes:
    return ssl.PEM_cert_to_DER_cert(leaf.cert_chain_pems[0].bytes().decode())


LEAF = der(CA.issue_cert(NAME))


@pytest.fixture(scope="module")
def anchors(tmp_path_factory: pytest.TempPathFactory) -> TrustAnchors:
    path = tmp_path_factory.mktemp("ca") / "ca.pem"
    CA.cert_pem.write_to_path(path)
    return TrustAnchors([path])


def test_a_good_certificate_is_trusted_for_its_name_only(anchors: TrustAnchors) -> None:
    assert anchors.judge([LEAF], NAME).state is CertificateState.TRUSTED
    assert anchors.judge([LEAF], NAME.upper()).state is CertificateState.TRUSTED
    assert anchors.judge([LEAF], "other.example.com").state is CertificateState.WRONG_NAME
    assert anchors.judge([LEAF], "no name at all").state is CertificateState.WRONG_NAME
    assert anchors.judge([LEAF], "").state is CertificateState.WRONG_NAME


def test_a_wildcard_stands_for_one_label(anchors: TrustAnchors) -> None:
    wild = der(CA.issue_cert("*.example.com"))
    assert anchors.judge([wild], NAME).state is CertificateState.TRUSTED
    assert anchors.judge([wild], "a.mx.example.com").state is CertificateState.WRONG_NAME
    assert anchors.judge([wild], "example.com").state is CertificateState.WRONG_NAME


def test_without_the_authority_it_is_untrusted() -> None:
    strangers = TrustAnchors()
    assert strangers.judge([LEAF], NAME).state is CertificateState.UNTRUSTED


def test_a_machine_that_trusts_nobody_trusts_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(certificates, "_load_directory", id)
    monkeypatch.setattr(ssl, "create_default_context", lambda: ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT))
    assert TrustAnchors().judge([LEAF], NAME).state is CertificateState.UNTRUSTED


def test_anchors_in_a_directory_are_loaded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "0a1b2c3d.0").write_bytes(CA.cert_pem.bytes())
    paths = ssl.get_default_verify_paths()._replace(capath=str(tmp_path))
    monkeypatch.setattr(ssl, "get_default_verify_paths", lambda: paths)
    monkeypatch.setattr(ssl, "create_default_context", lambda: ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT))
    assert TrustAnchors().judge([LEAF], NAME).state is CertificateState.TRUSTED


def test_an_intermediate_authority_must_come_along(anchors: TrustAnchors) -> None:
    issued = CA.create_child_ca().issue_cert(NAME)
    chain = [ssl.PEM_cert_to_DER_cert(pem.bytes().decode()) for pem in issued.cert_chain_pems]
    assert anchors.judge(chain, NAME).state is CertificateState.TRUSTED
    assert anchors.judge(chain[:1], NAME).state is CertificateState.UNTRUSTED


def made(name: str, by: x509.Name, key: ec.EllipticCurvePrivateKey, *, issuer: bool | None = None) -> bytes:
    """A certificate for the public half of the key that also signs it, or is signed for it by the test's authority.

    ``issuer`` is what it says of itself as an authority, if anything; it restricts its use in no other way.
    """
    now = dt.datetime.now(dt.UTC)
    builder = (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)]))
        .issuer_name(by)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
    )
    if issuer is not None:
        builder = builder.add_extension(x509.BasicConstraints(ca=issuer, path_length=None), critical=True)
    signing = private(CA.private_key_pem) if by == AUTHORITY else key
    return builder.sign(signing, hashes.SHA256()).public_bytes(Encoding.DER)


def private(pem: trustme.Blob) -> ec.EllipticCurvePrivateKey:
    key = load_pem_private_key(pem.bytes(), None)
    assert isinstance(key, ec.EllipticCurvePrivateKey)
    return key


AUTHORITY = x509.load_pem_x509_certificate(CA.cert_pem.bytes()).subject


@pytest.mark.parametrize(
    ("issuer", "state"),
    [(None, CertificateState.UNTRUSTED), (False, CertificateState.UNTRUSTED), (True, CertificateState.TRUSTED)],
)
def test_only_an_authority_can_issue(issuer: bool | None, state: CertificateState, anchors: TrustAnchors) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    between = made("attacker.example", AUTHORITY, key, issuer=issuer)
    leaf = made(NAME, x509.load_der_x509_certificate(between).subject, key)
    assert anchors.judge([leaf, between], NAME).state is state


@pytest.mark.parametrize(
    ("days", "state"),
    [
        ((-2, -1), CertificateState.EXPIRED),
        ((1, 2), CertificateState.NOT_YET_VALID),
        ((-1, 1), CertificateState.TRUSTED),
    ],
)
def test_dates_are_judged_before_trust(days: tuple[int, int], state: CertificateState, anchors: TrustAnchors) -> None:
    first, last = (dt.datetime.now(dt.UTC) + dt.timedelta(days=day) for day in days)
    judged = anchors.judge([der(CA.issue_cert(NAME, not_before=first, not_after=last))], NAME)
    assert (judged.state, judged.not_after) == (state, last.date().isoformat())


def test_a_certificate_without_names_is_untrusted(anchors: TrustAnchors) -> None:
    judged = anchors.judge([ssl.PEM_cert_to_DER_cert(CA.cert_pem.bytes().decode())], NAME)
    assert (judged.state, judged.names) == (CertificateState.UNTRUSTED, ())


def test_names_that_are_addresses_are_no_host_names(anchors: TrustAnchors) -> None:
    judged = anchors.judge([der(CA.issue_cert("192.0.2.25"))], NAME)
    assert judged.names == ()
    assert judged.state is CertificateState.UNTRUSTED


@pytest.mark.parametrize("chain", [[], [b""], [b"rubbish"], [LEAF[:-1]], [LEAF] * 200])
def test_what_cannot_be_read_is_unreadable(chain: list[bytes], anchors: TrustAnchors) -> None:
    assert anchors.judge(chain, NAME).state is CertificateState.UNREADABLE


@given(st.lists(st.tuples(st.integers(0, len(LEAF) - 1), st.integers(1, 255)), min_size=1, max_size=3))
def test_changed_octets_neither_raise_nor_are_trusted(changes: list[tuple[int, int]]) -> None:
    damaged = bytearray(LEAF)
    for place, change in changes:
        damaged[place] ^= change
    if bytes(damaged) != LEAF:
        assert ANCHORS.judge([bytes(damaged)], NAME).state is not CertificateState.TRUSTED


@given(st.binary(max_size=200))
def test_no_octets_make_it_raise(octets: bytes) -> None:
    assert ANCHORS.judge([octets, LEAF], NAME).state is CertificateState.UNREADABLE


def _anchors() -> TrustAnchors:
    import tempfile  # noqa: PLC0415 - hypothesis wants no fixtures

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "ca.pem"
        CA.cert_pem.write_to_path(path)
        return TrustAnchors([path])


ANCHORS = _anchors()
