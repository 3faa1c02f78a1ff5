"""TLSA records: which are usable for SMTP, and which certificate they match."""

from __future__ import annotations

import datetime as dt
import hashlib

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.x509.oid import NameOID
from hypothesis import given
from hypothesis import strategies as st

from checks.records import tlsa
from checks.records.tlsa import Association, Kind


def certificate(name: str, secret: int) -> x509.Certificate:
    key = ec.derive_private_key(secret, ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    start = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
    builder = x509.CertificateBuilder(subject, subject, key.public_key(), secret, start, start.replace(year=2036))
    return builder.sign(key, hashes.SHA256())


LEAF = certificate("mail.example.com", 11)
ISSUER = certificate("issuer.example", 12)
LEAF_DER, ISSUER_DER = LEAF.public_bytes(Encoding.DER), ISSUER.public_bytes(Encoding.DER)
LEAF_SPKI = LEAF.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
ISSUER_SPKI = ISSUER.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


@pytest.mark.parametrize(
    ("selector", "matching_type", "data"),
    [
        (0, 0, LEAF_DER),
        (0, 1, hashlib.sha256(LEAF_DER).digest()),
        (0, 2, hashlib.sha512(LEAF_DER).digest()),
        (1, 0, LEAF_SPKI),
        (1, 1, hashlib.sha256(LEAF_SPKI).digest()),
        (1, 2, hashlib.sha512(LEAF_SPKI).digest()),
    ],
)
def test_each_selector_and_matching_type_names_its_certificate_and_no_other(
    selector: int, matching_type: int, data: bytes
) -> None:
    association = Association(3, selector, matching_type, data)
    assert association.usable
    assert tlsa.matches(association, LEAF_DER)
    assert not tlsa.matches(association, ISSUER_DER)


def test_dane_ee_looks_at_the_first_certificate_and_dane_ta_at_the_others() -> None:
    leaf, issuer = hashlib.sha256(LEAF_SPKI).digest(), hashlib.sha256(ISSUER_SPKI).digest()
    chain = [LEAF_DER, ISSUER_DER]
    assert tlsa.matches_chain(Association(3, 1, 1, leaf), chain)
    assert not tlsa.matches_chain(Association(3, 1, 1, issuer), chain)
    assert tlsa.matches_chain(Association(2, 1, 1, issuer), chain)
    assert not tlsa.matches_chain(Association(2, 1, 1, leaf), chain)
    assert not tlsa.matches_chain(Association(2, 1, 1, issuer), [LEAF_DER])
    assert not tlsa.matches_chain(Association(3, 1, 1, leaf), [])


def test_an_unusable_record_matches_no_chain() -> None:
    association = Association(1, 1, 1, hashlib.sha256(LEAF_SPKI).digest())
    assert tlsa.matches(association, LEAF_DER)
    assert not tlsa.matches_chain(association, [LEAF_DER, LEAF_DER])


@pytest.mark.parametrize(
    ("association", "kind", "value"),
    [
        (Association(0, 1, 1, bytes(32)), Kind.USAGE_NOT_FOR_SMTP, 0),
        (Association(1, 1, 1, bytes(32)), Kind.USAGE_NOT_FOR_SMTP, 1),
        (Association(4, 1, 1, bytes(32)), Kind.UNKNOWN_USAGE, 4),
        (Association(3, 2, 1, bytes(32)), Kind.UNKNOWN_SELECTOR, 2),
        (Association(3, 1, 3, bytes(32)), Kind.UNKNOWN_MATCHING_TYPE, 3),
        (Association(3, 1, 1, bytes(31)), Kind.WRONG_LENGTH, 31),
        (Association(3, 1, 1, bytes(64)), Kind.WRONG_LENGTH, 64),
        (Association(3, 1, 2, bytes(32)), Kind.WRONG_LENGTH, 32),
        (Association(3, 0, 0, b""), Kind.NOT_DER, 0),
        (Association(3, 0, 0, LEAF_DER[:-1]), Kind.NOT_DER, len(LEAF_DER) - 1),
        (Association(3, 0, 0, LEAF_DER + b"x"), Kind.NOT_DER, len(LEAF_DER) + 1),
    ],
)
def test_a_record_that_cannot_be_used_says_why(association: Association, kind: Kind, value: int) -> None:
    assert association.problems == (tlsa.Problem(kind, value),)
    assert not association.usable


def test_all_problems_of_a_record_are_listed() -> None:
    problems = Association(9, 9, 9, b"").problems
    assert [problem.kind for problem in problems] == [
        Kind.UNKNOWN_USAGE,
        Kind.UNKNOWN_SELECTOR,
        Kind.UNKNOWN_MATCHING_TYPE,
    ]


def test_the_key_is_taken_as_it_stands_in_the_certificate() -> None:
    compressed = LEAF.public_key()
    assert isinstance(compressed, ec.EllipticCurvePublicKey)
    point = compressed.public_bytes(Encoding.X962, PublicFormat.CompressedPoint)
    whole = compressed.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    # The same certificate with the point compressed, its lengths put right; the signature is nothing a matcher checks.
    inner = LEAF.tbs_certificate_bytes
    bit_string = bytes([0x03, len(whole) + 1, 0]) + whole
    assert LEAF_SPKI.endswith(bit_string)
    algorithm = LEAF_SPKI[2 : -len(bit_string)]
    body = algorithm + bytes([0x03, len(point) + 1, 0]) + point
    spki = bytes([0x30, len(body)]) + body
    tbs_content = inner[_head(inner) :].replace(LEAF_SPKI, spki)
    rest = LEAF_DER[_head(LEAF_DER) + len(inner) :]
    changed = _sequence(_sequence(tbs_content) + rest)
    assert tlsa.presented(1, 0, changed) == spki


def _head(der: bytes) -> int:
    return 2 if der[1] < 0x80 else 2 + der[1] - 0x80


def _sequence(content: bytes) -> bytes:
    size = len(content)
    octets = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return (bytes([0x30, size]) if size < 0x80 else bytes([0x30, 0x80 + len(octets)]) + octets) + content


@given(st.integers(0, 255), st.integers(0, 255), st.integers(0, 255), st.binary(max_size=80), st.binary(max_size=200))
def test_nothing_raises(usage: int, selector: int, matching_type: int, data: bytes, junk: bytes) -> None:
    association = Association(usage, selector, matching_type, data)
    assert association.usable == (not association.problems)
    assert not tlsa.matches(association, junk)
    assert not tlsa.matches_chain(association, [junk, junk])


@given(st.integers(0, len(LEAF_DER) - 1), st.integers(0, 255), st.integers(0, 2), st.integers(0, 2))
def test_a_damaged_certificate_does_not_raise(at: int, octet: int, selector: int, matching_type: int) -> None:
    damaged = LEAF_DER[:at] + bytes([octet]) + LEAF_DER[at + 1 :]
    expected = tlsa.presented(selector, matching_type, LEAF_DER)
    if damaged == LEAF_DER:
        assert tlsa.presented(selector, matching_type, damaged) == expected
    elif selector == 0:
        assert tlsa.presented(selector, matching_type, damaged) != expected
    else:
        tlsa.presented(selector, matching_type, damaged)
