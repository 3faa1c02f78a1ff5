"""DKIM key records and signature headers: what is read, what is wrong and where, what can still verify."""

from __future__ import annotations

import base64
import time

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from hypothesis import example, given
from hypothesis import strategies as st

from checks.records import dkim
from checks.records.dkim import Encoded, Kind, PublicKey, SignatureKind
from checks.records.tags import MAX_TEXT


def rsa_key(bits: int, form: PublicFormat = PublicFormat.SubjectPublicKeyInfo, exponent: int = 65537) -> str:
    """A public key of that size in base64; that its modulus is no product of two primes is nothing a parser sees."""
    modulus = (1 << (bits - 1)) | 1
    key = rsa.RSAPublicNumbers(exponent, modulus).public_key()
    return base64.b64encode(key.public_bytes(Encoding.DER, form)).decode()


ED25519 = ed25519.Ed25519PrivateKey.from_private_bytes(bytes(range(32))).public_key()
ED25519_RAW = base64.b64encode(ED25519.public_bytes(Encoding.Raw, PublicFormat.Raw)).decode()
ED25519_SPKI = base64.b64encode(ED25519.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)).decode()
EC = ec.derive_private_key(7, ec.SECP256R1()).public_key()
EC_SPKI = base64.b64encode(EC.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)).decode()
RSA = rsa_key(2048)


def kinds(text: str | bytes) -> list[Kind]:
    return [problem.kind for problem in dkim.parse(text).problems]


# --- keys that work --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        f"v=DKIM1; k=rsa; p={RSA}",
        f"v=DKIM1; k=rsa; p={RSA};",
        f"p={RSA}",
        f"k=rsa; p={RSA}",
        f"v = DKIM1 ;\r\n\tk = rsa ; p = {RSA} ; ",
        f"v=DKIM1; h=sha1:sha256; k=rsa; s=email; t=s; n=call+us; x=y; g=*; p={RSA}",
        f"v=DKIM1; s=* ; h= sha256 ; p={RSA.rstrip('=')}",
        f"v=DKIM1; p={RSA}".encode(),
    ],
)
def test_a_good_key_has_no_problem(text: str | bytes) -> None:
    key = dkim.parse(text)
    assert key.problems == ()
    assert key.usable
    assert key.public_key == PublicKey("rsa", 2048, Encoded.SPKI, 65537)


def test_a_version_is_not_needed() -> None:
    key = dkim.parse(f"p={RSA}")
    assert key.version is None
    assert key.usable


def test_every_tag_is_kept() -> None:
    key = dkim.parse(f"v=DKIM1; h=sha256 : sha512; k=rsa; s=email:chat; t=y:s:z; n=a note; g=*; p={RSA}")
    assert key.version == "DKIM1"
    assert key.hashes == ("sha256", "sha512")
    assert key.services == ("email", "chat")
    assert key.flags == ("y", "s", "z")
    assert key.testing
    assert key.strict
    assert key.notes == "a note"
    assert [(tag.name, tag.value) for tag in key.unknown] == [("g", "*")]


def test_both_forms_of_an_rsa_key_are_read() -> None:
    text = f"v=DKIM1; p={rsa_key(2048, PublicFormat.PKCS1, 3)}"
    assert dkim.parse(text).public_key == PublicKey("rsa", 2048, Encoded.PKCS1, 3)
    assert dkim.parse(text).usable


def test_an_ed25519_key_is_its_bare_octets() -> None:
    key = dkim.parse(f"v=DKIM1; k=ed25519; p={ED25519_RAW}")
    assert key.usable
    assert key.public_key == PublicKey("ed25519", 256, Encoded.RAW)


def test_an_ed25519_key_that_looks_like_the_start_of_a_sequence_is_a_key() -> None:
    assert dkim.parse(f"k=ed25519; p={base64.b64encode(b'0' * 32).decode()}").usable


# --- keys that do not ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "kind", "part"),
    [
        # K5 and K6
        ("v=DKIM1; k=rsa; p=", Kind.REVOKED, "p"),
        ("v=DKIM1; p=;", Kind.REVOKED, "p"),
        ("v=DKIM1; k=rsa", Kind.MISSING_KEY, ""),
        (f"v=DKIM1; p={RSA[:40]}*{RSA[40:]}", Kind.BAD_BASE64, "*"),
        (f"v=DKIM1; p={RSA[:40]}=={RSA[40:]}", Kind.BAD_BASE64, "="),
        (f"v=DKIM1; p={RSA[:40]}\u200b{RSA[40:]}", Kind.BAD_BASE64, "\u200b"),
        (f"v=DKIM1; p={RSA[:237]}", Kind.TRUNCATED_KEY, RSA[:237]),
        (f"v=DKIM1; p={RSA[:236]}", Kind.TRUNCATED_KEY, RSA[:236]),
        ("v=DKIM1; p=MIIB", Kind.TRUNCATED_KEY, "MIIB"),
        ("v=DKIM1; p=bm9rZXk=", Kind.BAD_KEY, "bm9rZXk="),
        (f"v=DKIM1; p={EC_SPKI}", Kind.BAD_KEY, EC_SPKI),
        # K7
        (f"v=dkim1; p={RSA}", Kind.WRONG_VERSION, "dkim1"),
        (f"v=DKIM2; p={RSA}", Kind.WRONG_VERSION, "DKIM2"),
        (f"k=rsa; v=DKIM1; p={RSA}", Kind.VERSION_NOT_FIRST, "v"),
        # K8 and K11
        (f"v=DKIM1; k=dsa; p={RSA}", Kind.UNKNOWN_KEY_TYPE, "dsa"),
        (f"v=DKIM1; k=RSA; p={RSA}", Kind.UNKNOWN_KEY_TYPE, "RSA"),
        (f"v=DKIM1; k=ed25519; p={RSA}", Kind.KEY_TYPE_MISMATCH, RSA),
        (f"v=DKIM1; k=rsa; p={ED25519_RAW}", Kind.KEY_TYPE_MISMATCH, ED25519_RAW),
        (f"v=DKIM1; p={ED25519_SPKI}", Kind.KEY_TYPE_MISMATCH, ED25519_SPKI),
        (f"v=DKIM1; k=ed25519; p={ED25519_SPKI}", Kind.ED25519_WRAPPED, ED25519_SPKI),
        ("v=DKIM1; k=ed25519; p=bm9rZXk=", Kind.ED25519_LENGTH, "bm9rZXk="),
        # K9 and K10
        (f"v=DKIM1; p={rsa_key(512)}", Kind.RSA_TOO_SHORT, rsa_key(512)),
        (f"v=DKIM1; p={rsa_key(1023)}", Kind.RSA_TOO_SHORT, rsa_key(1023)),
        (f"v=DKIM1; h=sha1; p={RSA}", Kind.NO_SHA256, "sha1"),
        # K14
        (f"v=DKIM1; s=chat; p={RSA}", Kind.NOT_FOR_EMAIL, "chat"),
        # the form
        (f"v=DKIM1; k=rsa; k=rsa; p={RSA}", Kind.DUPLICATE_TAG, "k"),
        (f"DKIM1; p={RSA}", Kind.BAD_TAG, "DKIM1"),
        (f"v=DKIM1; rsa; p={RSA}", Kind.BAD_TAG, "rsa"),
        # K16
        ("v=spf1 -all", Kind.NOT_A_KEY, "v=spf1 -all"),
        ("v=DMARC1; p=none", Kind.NOT_A_KEY, "v=DMARC1; p=none"),
        ("this domain is parked", Kind.NOT_A_KEY, "this domain is parked"),
        ("site-verification=abc", Kind.NOT_A_KEY, "site-verification=abc"),
        ("", Kind.NOT_A_KEY, ""),
    ],
)
def test_a_key_that_cannot_verify_says_why_and_where(text: str, kind: Kind, part: str) -> None:
    key = dkim.parse(text)
    assert not key.usable
    [problem] = key.problems
    assert (problem.kind, problem.part) == (kind, part)
    assert text[problem.offset :].startswith(part)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        (f"v=DKIM1; p={rsa_key(1024)}", Kind.RSA_SHORT),
        (f"v=DKIM1; p={rsa_key(2047)}", Kind.RSA_SHORT),
        (f"v=DKIM1; p={rsa_key(4097)}", Kind.RSA_LONG),
        (f"v=DKIM1;; p={RSA}", Kind.EMPTY_TAG),
        (f"v=DKIM1; p={RSA[:50]} {RSA[50:]}", Kind.SPACES_IN_KEY),
        (f"v=DKIM1; t=y; p={RSA}", Kind.TESTING),
    ],
)
def test_some_problems_leave_the_key_usable(text: str, kind: Kind) -> None:
    key = dkim.parse(text)
    assert [problem.kind for problem in key.problems] == [kind]
    assert key.usable
    assert key.public_key is not None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f"v=DKIM1 k=rsa p={RSA}", {Kind.WRONG_VERSION, Kind.GLUED_TAGS, Kind.MISSING_KEY}),
        (f"v=DKIM1; k=rsa, p={RSA}", {Kind.UNKNOWN_KEY_TYPE, Kind.GLUED_TAGS, Kind.MISSING_KEY}),
        (f"v=DKIM1; p={RSA} t=s", {Kind.GLUED_TAGS, Kind.BAD_BASE64}),
        (f"v=DKIM1\\; k=rsa\\; p={RSA}", {Kind.WRONG_VERSION, Kind.ESCAPED_SEMICOLON, Kind.UNKNOWN_KEY_TYPE}),
        (f'"v=DKIM1; p={RSA}"', {Kind.BAD_TAG, Kind.QUOTED, Kind.BAD_BASE64}),
        (f'v=DKIM1; p={RSA[:60]}" "{RSA[60:]}', {Kind.BAD_BASE64}),
        (
            f"v=DKIM1; t=y; k=x; k=rsa; p={rsa_key(512)}",
            {Kind.TESTING, Kind.UNKNOWN_KEY_TYPE, Kind.DUPLICATE_TAG, Kind.RSA_TOO_SHORT},
        ),
    ],
)
def test_all_problems_of_a_record_are_listed(text: str, expected: set[Kind]) -> None:
    assert set(kinds(text)) == expected


def test_a_revoked_key_says_so() -> None:
    assert dkim.parse("v=DKIM1; p=").revoked
    assert not dkim.parse(f"v=DKIM1; p={RSA}").revoked


def test_text_that_is_too_long_is_not_judged() -> None:
    assert kinds("p=" + "A" * MAX_TEXT) == [Kind.TOO_LONG]


# --- the signature header --------------------------------------------------------------------------------------------

SIGNATURE = (
    "DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed; d=Example.com;\r\n"
    "\ts=Sel._2026; t=1700000000; x=1700086400; q=dns/txt; i=someone@mail.example.com;\r\n"
    " h=From : To:Subject; bh=MTIz\r\n NDU2; b=abc\r\n def=="
)


def test_a_folded_header_gives_domain_and_selector() -> None:
    signature = dkim.parse_signature(SIGNATURE)
    assert signature.problems == ()
    assert signature.usable
    assert (signature.domain, signature.selector) == ("example.com", "sel._2026")
    assert signature.identity == "mail.example.com"
    assert (signature.algorithm, signature.canonicalization) == ("rsa-sha256", "relaxed/relaxed")
    assert signature.headers == ("From", "To", "Subject")
    assert signature.body_hash == "MTIzNDU2"
    assert (signature.signed, signature.expires, signature.length) == (1_700_000_000, 1_700_086_400, None)


def test_the_defaults_of_a_signature_are_filled_in() -> None:
    signature = dkim.parse_signature("v=1; a=ed25519-sha256; d=example.com; s=a; h=from; bh=YQ==; b=YQ==")
    assert signature.identity == "example.com"
    assert signature.canonicalization == "simple/simple"
    assert dkim.parse_signature("c=relaxed").canonicalization == "relaxed/simple"


@pytest.mark.parametrize(
    ("old", "new", "kind", "part"),
    [
        ("v=1;", "v=2;", SignatureKind.WRONG_VERSION, "2"),
        ("v=1;", "", SignatureKind.MISSING_TAG, "v"),
        ("d=Example.com;", "", SignatureKind.MISSING_TAG, "d"),
        ("b=abc\r\n def==", "b=", SignatureKind.MISSING_TAG, "b"),
        ("rsa-sha256", "rsa-md5", SignatureKind.UNKNOWN_ALGORITHM, "rsa-md5"),
        ("rsa-sha256", "rsa-sha1", SignatureKind.SHA1, "rsa-sha1"),
        ("relaxed/relaxed", "relaxed/nofws", SignatureKind.UNKNOWN_CANONICALIZATION, "relaxed/nofws"),
        ("dns/txt", "http", SignatureKind.UNKNOWN_QUERY_METHOD, "http"),
        ("MTIz", "MT*z", SignatureKind.BAD_BASE64, "MT*z\r\n NDU2"),
        ("t=1700000000", "t=now", SignatureKind.BAD_NUMBER, "now"),
        ("x=1700086400", "x=1700000000", SignatureKind.EXPIRES_BEFORE_SIGNED, "1700000000"),
        ("mail.example.com", "example.org", SignatureKind.IDENTITY_OUTSIDE_DOMAIN, "someone@example.org"),
        ("mail.example.com", "mailexample.com", SignatureKind.IDENTITY_OUTSIDE_DOMAIN, "someone@mailexample.com"),
        ("From : ", "", SignatureKind.FROM_NOT_SIGNED, "To:Subject"),
        ("q=dns/txt;", "q=dns/txt; s=again;", SignatureKind.DUPLICATE_TAG, "s"),
        ("q=dns/txt;", "nonsense;", SignatureKind.BAD_TAG, "nonsense"),
    ],
)
def test_a_signature_that_cannot_verify_says_why_and_where(old: str, new: str, kind: SignatureKind, part: str) -> None:
    text = SIGNATURE.replace(old, new, 1)
    assert text != SIGNATURE
    signature = dkim.parse_signature(text)
    assert not signature.usable
    [problem] = signature.problems
    assert (problem.kind, problem.part) == (kind, part)
    if kind is not SignatureKind.MISSING_TAG:
        assert text[problem.offset :].startswith(part)


def test_a_length_limit_is_seen_and_does_no_harm_by_itself() -> None:
    signature = dkim.parse_signature(SIGNATURE.replace("q=dns/txt", "l=120"))
    assert signature.length == 120
    assert [problem.kind for problem in signature.problems] == [SignatureKind.LENGTH_LIMIT]
    assert signature.usable


# --- any input -------------------------------------------------------------------------------------------------------

PIECES = st.sampled_from(
    [
        *'vhknpst=;: \t\\"',
        "v=DKIM1;",
        "p=",
        "k=rsa;",
        "k=ed25519;",
        RSA,
        ED25519_RAW,
        ED25519_SPKI,
        "MIIB",
        "==",
        "\u00e9",
    ]
)


@given(st.one_of(st.text(), st.binary(), st.lists(PIECES, max_size=30).map("".join)))
@example("v=1; t=" + "9" * 5000 + "; x=\u0661; l=" + "9" * 70)
@example("p=" + "A" * 16_000)
def test_nothing_raises_and_every_part_is_where_it_is_said_to_be(text: str | bytes) -> None:
    key = dkim.parse(text)
    for problem in key.problems:
        assert key.text[problem.offset :].startswith(problem.part)
    if key.usable:
        assert key.public_key is not None
    signature = dkim.parse_signature(text)
    for flaw in signature.problems:
        assert flaw.kind is SignatureKind.MISSING_TAG or signature.text[flaw.offset :].startswith(flaw.part)


@given(st.binary(max_size=600))
def test_no_octets_in_the_key_raise(data: bytes) -> None:
    encoded = base64.b64encode(data).decode()
    for key_type in ("rsa", "ed25519"):
        dkim.parse(f"k={key_type}; p={encoded}")


@given(st.integers(0, len(base64.b64decode(RSA)) - 1))
def test_a_key_cut_anywhere_is_never_usable(length: int) -> None:
    cut = base64.b64encode(base64.b64decode(RSA)[:length]).decode()
    assert not dkim.parse(f"v=DKIM1; p={cut}").usable


@pytest.mark.parametrize("piece", ["a=b;", ";", " t=", "= ", "p=A;", "\\;", '"', "A ", "h=a:", ": :"])
def test_reading_time_grows_with_the_length_and_not_faster(piece: str) -> None:
    def best(length: int) -> float:
        text = "p=" + (piece * length)[:length]
        runs: list[float] = []
        for _ in range(5):
            started = time.perf_counter()
            dkim.parse(text)
            dkim.parse_signature(text)
            runs.append(time.perf_counter() - started)
        return min(runs)

    assert best(16_000) < 12 * best(4_000) + 0.005
