"""DKIM key records and signature headers (RFC 6376, RFC 8301, RFC 8463).

``parse`` reads the TXT record at ``<selector>._domainkey.<domain>`` and says whether a verifier can use the key in it;
``parse_signature`` reads a pasted ``DKIM-Signature`` header far enough to know which key it asks for and whether the
header itself can verify. Nothing is verified here, and nothing is asked of DNS.
"""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ed25519, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_der_public_key

from checks.records.tags import MAX_TEXT, Stray, Tag, TagList, as_text, colon_list, split_tags

VERSION: Final = "DKIM1"
MIN_RSA_BITS: Final = 1024
"""Signatures with shorter keys must not be accepted (RFC 8301 §3.2)."""
GOOD_RSA_BITS: Final = 2048
"""Signers should use at least this (RFC 8301 §3.2)."""
MAX_RSA_BITS: Final = 4096
"""Verifiers need not support longer keys (RFC 8301 §3.2)."""
ED25519_OCTETS: Final = 32


class Kind(StrEnum):
    """What is wrong with a key record."""

    TOO_LONG = "too_long"
    """Longer than we read; nothing was judged."""
    NOT_A_KEY = "not_a_key"
    """No key record at all, for example the text of a wildcard (RFC 6376 §6.1.2)."""
    BAD_TAG = "bad_tag"
    """Something that is no ``tag=value`` (§3.2)."""
    DUPLICATE_TAG = "duplicate_tag"
    """A tag occurs twice, which voids the whole list (§3.2)."""
    WRONG_VERSION = "wrong_version"
    """``v=`` is there and is not exactly ``DKIM1`` (§3.6.1)."""
    VERSION_NOT_FIRST = "version_not_first"
    """``v=`` is there and is not the first tag (§3.6.1)."""
    MISSING_KEY = "missing_key"
    """There is no ``p=`` (§3.6.1)."""
    REVOKED = "revoked"
    """``p=`` is empty: the owner has revoked the key (§3.6.1)."""
    BAD_BASE64 = "bad_base64"
    """A character in ``p=`` that base64 does not have (§3.6.1)."""
    TRUNCATED_KEY = "truncated_key"
    """The key ends too early, as one that was cut at 255 characters does."""
    BAD_KEY = "bad_key"
    """The data in ``p=`` is no public key."""
    UNKNOWN_KEY_TYPE = "unknown_key_type"
    """``k=`` names a key type that does not exist (§3.6.1; RFC 8463 §4)."""
    KEY_TYPE_MISMATCH = "key_type_mismatch"
    """``k=`` does not fit the key in ``p=`` (§6.1.2)."""
    ED25519_LENGTH = "ed25519_length"
    """An Ed25519 key is 32 octets long, this one is not (RFC 8463 §4)."""
    ED25519_WRAPPED = "ed25519_wrapped"
    """An Ed25519 key with its ASN.1 header; ``p=`` wants the bare 32 octets (RFC 8463 §4)."""
    RSA_TOO_SHORT = "rsa_too_short"
    """Below 1024 bits: verifiers must not accept its signatures (RFC 8301 §3.2)."""
    NO_SHA256 = "no_sha256"
    """``h=`` does not allow SHA-256, the only hash left (RFC 8301 §3.1)."""
    NOT_FOR_EMAIL = "not_for_email"
    """``s=`` excludes mail (§3.6.1)."""

    RSA_SHORT = "rsa_short"
    """Below the 2048 bits that signers should use (RFC 8301 §3.2)."""
    RSA_LONG = "rsa_long"
    """Above 4096 bits, which verifiers need not support (RFC 8301 §3.2)."""
    EMPTY_TAG = "empty_tag"
    """Two semicolons in a row: against the grammar (§3.2), and not every verifier looks past it."""
    GLUED_TAGS = "glued_tags"
    """The semicolon between two tags is missing."""
    ESCAPED_SEMICOLON = "escaped_semicolon"
    """A backslash before a semicolon became part of the text."""
    QUOTED = "quoted"
    """Quotes became part of the text."""
    SPACES_IN_KEY = "spaces_in_key"
    """White space inside ``p=``, which verifiers skip (§3.6.1)."""
    TESTING = "testing"
    """``t=y``: the domain tests DKIM, and mail is to be treated as unsigned (§3.6.1)."""


UNUSABLE: Final = frozenset(
    {
        Kind.TOO_LONG,
        Kind.NOT_A_KEY,
        Kind.BAD_TAG,
        Kind.DUPLICATE_TAG,
        Kind.WRONG_VERSION,
        Kind.VERSION_NOT_FIRST,
        Kind.MISSING_KEY,
        Kind.REVOKED,
        Kind.BAD_BASE64,
        Kind.TRUNCATED_KEY,
        Kind.BAD_KEY,
        Kind.UNKNOWN_KEY_TYPE,
        Kind.KEY_TYPE_MISMATCH,
        Kind.ED25519_LENGTH,
        Kind.ED25519_WRAPPED,
        Kind.RSA_TOO_SHORT,
        Kind.NO_SHA256,
        Kind.NOT_FOR_EMAIL,
    }
)
"""The kinds with which no signature verifies (RFC 6376 §6.1.2)."""


@dataclass(frozen=True)
class Problem:
    """One thing wrong; ``part`` is what offends, ``offset`` where it begins in the text."""

    kind: Kind
    part: str
    offset: int


class Encoded(StrEnum):
    """How the key is written in ``p=``."""

    SPKI = "spki"
    """SubjectPublicKeyInfo: what everybody publishes for RSA."""
    PKCS1 = "pkcs1"
    """A bare RSAPublicKey: what the words of RFC 6376 §3.6.1 say; most verifiers take both."""
    RAW = "raw"
    """The bare octets of an Ed25519 key (RFC 8463 §4)."""


@dataclass(frozen=True)
class PublicKey:
    """The key itself: ``type`` is ``rsa`` or ``ed25519``; ``exponent`` is the public exponent of an RSA key."""

    type: str
    bits: int
    encoded: Encoded
    exponent: int | None = None


@dataclass(frozen=True, kw_only=True)
class DkimKey:
    """A key record as read (RFC 6376 §3.6.1), defaults filled in.

    ``version`` is ``None`` where there is no ``v=``, which is fine. ``hashes`` is ``None`` where any hash is allowed.
    """

    text: str
    version: str | None = None
    key_type: str = "rsa"
    public_key: PublicKey | None = None
    hashes: tuple[str, ...] | None = None
    services: tuple[str, ...] = ("*",)
    flags: tuple[str, ...] = ()
    notes: str = ""
    unknown: tuple[Tag, ...] = ()
    problems: tuple[Problem, ...] = ()

    @property
    def usable(self) -> bool:
        """Whether a signature can verify with it."""
        return not any(problem.kind in UNUSABLE for problem in self.problems)

    @property
    def revoked(self) -> bool:
        """Whether the owner has revoked it."""
        return self.has(Kind.REVOKED)

    @property
    def testing(self) -> bool:
        """Whether it carries ``t=y``."""
        return "y" in self.flags

    @property
    def strict(self) -> bool:
        """Whether it carries ``t=s``: the domain of ``i=`` must be that of ``d=``, no subdomain (RFC 6376 §3.6.1)."""
        return "s" in self.flags

    def has(self, kind: Kind) -> bool:
        """Whether there is a problem of that kind."""
        return any(problem.kind is kind for problem in self.problems)


_KEY_TAGS: Final = frozenset("vhknpst")
_QUOTES: Final = "\"'\u201c\u201d\u201e\u2018\u2019"
_WHITESPACE: Final = re.compile(r"[ \t\r\n]+")
_NOT_BASE64: Final = re.compile(r"[^A-Za-z0-9+/= \t\r\n]|=(?![= \t\r\n]|\Z)")
_GLUED: Final = re.compile(r"[\s,:](?P<name>[vhknpst])[ \t]*=(?!=|\s*\Z)")
_KEY_TYPES: Final = frozenset({"rsa", "ed25519"})


def parse(record: str | bytes) -> DkimKey:
    """Read a key record and collect everything that is wrong with it. Offsets count characters of ``text``."""
    text = as_text(record)
    if len(text) > MAX_TEXT:
        return DkimKey(text=text, problems=(Problem(Kind.TOO_LONG, "", MAX_TEXT),))
    tags = split_tags(text)
    if not _meant_as_key(text, tags):
        return DkimKey(text=text, problems=(Problem(Kind.NOT_A_KEY, text, 0),))
    return _read_key(text, tags)


def _meant_as_key(text: str, tags: TagList) -> bool:
    version = tags.first("v")
    if version is not None:
        return version.value.lower().startswith("dkim")
    head = text[:40].lstrip(" \t\r\n" + _QUOTES).lower()
    return head.startswith(("dkim", "v=dkim")) or tags.first("p") is not None or tags.first("k") is not None


def _read_key(text: str, tags: TagList) -> DkimKey:
    problems = _form_problems(text, tags)
    version, key_type, data = tags.first("v"), tags.first("k"), tags.first("p")
    hashes, services, flags, notes = tags.first("h"), tags.first("s"), tags.first("t"), tags.first("n")
    if version is not None and version.value != VERSION:
        problems.append(Problem(Kind.WRONG_VERSION, version.value, version.value_offset))
    elif version is not None and (tags.tags[0] is not version or _first_stray_at(tags.strays) < version.offset):
        problems.append(Problem(Kind.VERSION_NOT_FIRST, "v", version.offset))
    kind = key_type.value if key_type is not None else "rsa"
    if key_type is not None and kind not in _KEY_TYPES:
        problems.append(Problem(Kind.UNKNOWN_KEY_TYPE, kind, key_type.value_offset))
    public_key: PublicKey | None = None
    if data is None:
        problems.append(Problem(Kind.MISSING_KEY, "", len(text)))
    elif not data.value:
        problems.append(Problem(Kind.REVOKED, "p", data.offset))
    else:
        public_key = _read_public_key(data, kind, problems)
    allowed = colon_list(hashes.value) if hashes is not None else None
    if hashes is not None and "sha256" not in colon_list(hashes.value):
        problems.append(Problem(Kind.NO_SHA256, hashes.value, hashes.value_offset))
    served = colon_list(services.value) if services is not None else ("*",)
    if services is not None and not {"*", "email"} & set(served):
        problems.append(Problem(Kind.NOT_FOR_EMAIL, services.value, services.value_offset))
    flag_names = colon_list(flags.value) if flags is not None else ()
    if flags is not None and "y" in flag_names:
        problems.append(Problem(Kind.TESTING, flags.value, flags.value_offset))
    return DkimKey(
        text=text,
        version=version.value if version is not None else None,
        key_type=kind,
        public_key=public_key,
        hashes=allowed,
        services=served,
        flags=flag_names,
        notes=notes.value if notes is not None else "",
        unknown=tuple(tag for tag in tags.tags if tag.name not in _KEY_TAGS),
        problems=tuple(sorted(problems, key=lambda problem: problem.offset)),
    )


def _first_stray_at(strays: tuple[Stray, ...]) -> int:
    return strays[0].offset if strays else MAX_TEXT


def _form_problems(text: str, tags: TagList) -> list[Problem]:
    """What is wrong with the list before any tag is understood."""
    problems = [
        Problem(Kind.BAD_TAG if stray.text else Kind.EMPTY_TAG, stray.text, stray.offset) for stray in tags.strays
    ]
    problems.extend(Problem(Kind.DUPLICATE_TAG, tag.name, tag.offset) for tag in tags.repeated)
    for tag in tags.tags:
        if tag.name != "n" and (glued := _GLUED.search(tag.value)) is not None:
            at = tag.value_offset + glued.start("name")
            problems.append(Problem(Kind.GLUED_TAGS, text[at : tag.value_offset + glued.end()], at))
    if (at := text.find("\\;")) >= 0:
        problems.append(Problem(Kind.ESCAPED_SEMICOLON, "\\;", at))
    bare = text.strip(" \t\r\n")
    if bare[:1] in _QUOTES or bare[-1:] in _QUOTES:
        at = next(at for at, char in enumerate(text) if char in _QUOTES)
        problems.append(Problem(Kind.QUOTED, text[at], at))
    return problems


# --- The key ---------------------------------------------------------------------------------------------------------


def _read_public_key(tag: Tag, key_type: str, problems: list[Problem]) -> PublicKey | None:
    """Decode ``p=`` and load the key."""

    def report(kind: Kind, part: str = tag.value, at: int = 0) -> None:
        problems.append(Problem(kind, part, tag.value_offset + at))

    if (bad := _NOT_BASE64.search(tag.value)) is not None:
        report(Kind.BAD_BASE64, bad[0], bad.start())
        return None
    if (space := _WHITESPACE.search(tag.value)) is not None:
        report(Kind.SPACES_IN_KEY, space[0], space.start())
    digits = _WHITESPACE.sub("", tag.value).rstrip("=")
    try:
        # The grammar lets the padding be left out (RFC 6376 §3.6.1 with §2.10), so it is put back here.
        data = base64.b64decode(digits + "=" * (-len(digits) % 4), validate=True)
    except (binascii.Error, ValueError):
        report(Kind.TRUNCATED_KEY)
        return None
    if key_type == "ed25519" and len(data) == ED25519_OCTETS:
        return PublicKey("ed25519", 256, Encoded.RAW)
    key = _load(data)
    if key is None and key_type == "rsa" and len(data) == ED25519_OCTETS:
        report(Kind.KEY_TYPE_MISMATCH)
    elif key is None and _is_cut_short(data):
        report(Kind.TRUNCATED_KEY)
    elif key is None and key_type == "ed25519":
        report(Kind.ED25519_LENGTH)
    elif key is None:
        report(Kind.BAD_KEY)
    elif key.type != key_type and key_type in _KEY_TYPES:
        report(Kind.KEY_TYPE_MISMATCH)
    elif key.type == "ed25519":
        report(Kind.ED25519_WRAPPED)
    elif key.bits < MIN_RSA_BITS:
        report(Kind.RSA_TOO_SHORT)
    elif key.bits < GOOD_RSA_BITS:
        report(Kind.RSA_SHORT)
    elif key.bits > MAX_RSA_BITS:
        report(Kind.RSA_LONG)
    return key


def _load(data: bytes) -> PublicKey | None:
    """Load a DER key of a kind that DKIM knows: SubjectPublicKeyInfo, or a bare RSAPublicKey."""
    try:
        key = load_der_public_key(data)
    except (ValueError, UnsupportedAlgorithm):
        return None
    if isinstance(key, ed25519.Ed25519PublicKey):
        return PublicKey("ed25519", 256, Encoded.SPKI)
    if not isinstance(key, rsa.RSAPublicKey):
        return None
    bare = key.public_bytes(Encoding.DER, PublicFormat.PKCS1)
    encoded = Encoded.PKCS1 if data == bare else Encoded.SPKI
    return PublicKey("rsa", key.key_size, encoded, key.public_numbers().e)


_SEQUENCE: Final = 0x30
_LONG_FORM: Final = 0x80


def _is_cut_short(data: bytes) -> bool:
    """Whether a DER sequence announces more octets than there are (X.690 §8.1.3)."""
    if len(data) < 2 or data[0] != _SEQUENCE:  # noqa: PLR2004 - a tag and a length octet
        return False
    if data[1] < _LONG_FORM:
        return len(data) < 2 + data[1]
    size = data[1] - _LONG_FORM
    return len(data) < 2 + size + int.from_bytes(data[2 : 2 + min(size, 4)], "big")


# --- The signature header --------------------------------------------------------------------------------------------


class SignatureKind(StrEnum):
    """What is wrong with a signature header."""

    TOO_LONG = "too_long"
    """Longer than we read; nothing was judged."""
    BAD_TAG = "bad_tag"
    """Something that is no ``tag=value`` (RFC 6376 §3.2)."""
    DUPLICATE_TAG = "duplicate_tag"
    """A tag occurs twice, which voids the whole list (§3.2)."""
    MISSING_TAG = "missing_tag"
    """A tag that must be there is not; ``part`` is its name (§3.5, §6.1.1)."""
    WRONG_VERSION = "wrong_version"
    """``v=`` is not ``1`` (§3.5)."""
    UNKNOWN_ALGORITHM = "unknown_algorithm"
    """``a=`` names no known algorithm (§3.3; RFC 8463 §3)."""
    SHA1 = "sha1"
    """``a=rsa-sha1``, which must not be used any more (RFC 8301 §3.1)."""
    UNKNOWN_CANONICALIZATION = "unknown_canonicalization"
    """``c=`` is not made of ``simple`` and ``relaxed`` (§3.4)."""
    UNKNOWN_QUERY_METHOD = "unknown_query_method"
    """``q=`` does not offer ``dns/txt`` (§3.5)."""
    BAD_BASE64 = "bad_base64"
    """``b=`` or ``bh=`` is no base64 (§3.5)."""
    BAD_NUMBER = "bad_number"
    """``t=``, ``x=`` or ``l=`` is no decimal number (§3.5)."""
    EXPIRES_BEFORE_SIGNED = "expires_before_signed"
    """``x=`` is not after ``t=`` (§3.5)."""
    IDENTITY_OUTSIDE_DOMAIN = "identity_outside_domain"
    """The domain of ``i=`` is neither that of ``d=`` nor below it (§6.1.1)."""
    FROM_NOT_SIGNED = "from_not_signed"
    """``h=`` does not name ``From`` (§6.1.1)."""

    LENGTH_LIMIT = "length_limit"
    """``l=``: whatever comes behind so many octets of the body is not signed (§8.2)."""


SIGNATURE_UNUSABLE: Final = frozenset(SignatureKind) - {SignatureKind.LENGTH_LIMIT}
"""The kinds with which the signature cannot verify (RFC 6376 §6.1.1)."""


@dataclass(frozen=True)
class SignatureProblem:
    """One thing wrong; ``part`` is what offends, ``offset`` where it begins in the text."""

    kind: SignatureKind
    part: str
    offset: int


@dataclass(frozen=True, kw_only=True)
class DkimSignature:
    """A ``DKIM-Signature`` header as read (RFC 6376 §3.5); ``None`` or empty where the header says nothing.

    ``domain``, ``selector`` and ``identity`` are lower case without a final dot; ``identity`` is the domain of ``i=``.
    ``signed`` and ``expires`` are seconds since 1970, ``length`` is in octets.
    """

    text: str
    domain: str | None = None
    selector: str | None = None
    identity: str | None = None
    algorithm: str | None = None
    canonicalization: str = "simple/simple"
    headers: tuple[str, ...] = ()
    body_hash: str | None = None
    signed: int | None = None
    expires: int | None = None
    length: int | None = None
    problems: tuple[SignatureProblem, ...] = ()

    @property
    def usable(self) -> bool:
        """Whether a verifier goes on to look for the key."""
        return not any(problem.kind in SIGNATURE_UNUSABLE for problem in self.problems)


_HEADER_NAME: Final = re.compile(r"\s*DKIM-Signature[ \t]*:", re.IGNORECASE)
_REQUIRED: Final = ("v", "a", "b", "bh", "d", "h", "s")
_ALGORITHMS: Final = frozenset({"rsa-sha256", "ed25519-sha256", "rsa-sha1"})
_CANONICALIZATION: Final = re.compile(r"(?:simple|relaxed)(?:/(?:simple|relaxed))?\Z")
_NUMBER: Final = re.compile(r"[0-9]{1,76}\Z")
_LONGEST_TIME: Final = 12


def parse_signature(header: str | bytes) -> DkimSignature:
    """Read a signature header, with or without its name, folded or not. Offsets count characters of ``text``."""
    text = as_text(header)
    if len(text) > MAX_TEXT:
        return DkimSignature(text=text, problems=(SignatureProblem(SignatureKind.TOO_LONG, "", MAX_TEXT),))
    name = _HEADER_NAME.match(text)
    # The name makes way for as many spaces, so that every offset stays right.
    tags = split_tags(" " * name.end() + text[name.end() :] if name is not None else text)
    return _SignatureReader(text, tags).read()


class _SignatureReader:
    """One pass over the tags of a signature."""

    def __init__(self, text: str, tags: TagList) -> None:
        self.text = text
        self.tags = tags
        self.problems: list[SignatureProblem] = []

    def read(self) -> DkimSignature:
        kind = SignatureKind
        for stray in self.tags.strays:
            self.problems.append(SignatureProblem(kind.BAD_TAG, stray.text, stray.offset))
        for tag in self.tags.repeated:
            self.problems.append(SignatureProblem(kind.DUPLICATE_TAG, tag.name, tag.offset))
        for name in _REQUIRED:
            if not self._value(name):
                self.problems.append(SignatureProblem(kind.MISSING_TAG, name, len(self.text)))
        self._expect(kind.WRONG_VERSION, "v", self._value("v") in {None, "", "1"})
        algorithm = self._value("a")
        self._expect(kind.UNKNOWN_ALGORITHM, "a", not algorithm or algorithm in _ALGORITHMS)
        self._expect(kind.SHA1, "a", algorithm != "rsa-sha1")
        form = self._value("c")
        self._expect(kind.UNKNOWN_CANONICALIZATION, "c", form is None or bool(_CANONICALIZATION.match(form)))
        methods = self._value("q")
        self._expect(kind.UNKNOWN_QUERY_METHOD, "q", methods is None or "dns/txt" in colon_list(methods))
        for name in ("b", "bh"):
            self._expect(kind.BAD_BASE64, name, not _NOT_BASE64.search(self._value(name) or ""))
        headers = colon_list(self._value("h") or "")
        self._expect(kind.FROM_NOT_SIGNED, "h", not headers or "from" in {header.lower() for header in headers})
        signed, expires, length = self._number("t"), self._number("x"), self._number("l")
        self._expect(kind.EXPIRES_BEFORE_SIGNED, "x", signed is None or expires is None or expires > signed)
        self._expect(kind.LENGTH_LIMIT, "l", length is None)
        domain, identity = self._name("d"), self._identity()
        self._expect(kind.IDENTITY_OUTSIDE_DOMAIN, "i", not domain or not identity or _is_within(identity, domain))
        return DkimSignature(
            text=self.text,
            domain=domain,
            selector=self._name("s"),
            identity=identity or domain,
            algorithm=algorithm or None,
            canonicalization=_both_halves(form) if form else "simple/simple",
            headers=headers,
            body_hash=_WHITESPACE.sub("", self._value("bh") or "") or None,
            signed=signed,
            expires=expires,
            length=length,
            problems=tuple(sorted(self.problems, key=lambda problem: problem.offset)),
        )

    def _value(self, name: str) -> str | None:
        tag = self.tags.first(name)
        return tag.value if tag is not None else None

    def _name(self, name: str) -> str | None:
        value = _WHITESPACE.sub("", self._value(name) or "").removesuffix(".").lower()
        return value or None

    def _identity(self) -> str | None:
        value = _WHITESPACE.sub("", self._value("i") or "")
        return value.rpartition("@")[2].removesuffix(".").lower() or None

    def _number(self, name: str) -> int | None:
        value = self._value(name)
        if value is None:
            return None
        self._expect(SignatureKind.BAD_NUMBER, name, bool(_NUMBER.match(value)))
        # Times over 10^12 mean "never" (RFC 6376 §3.5).
        limit = 10**_LONGEST_TIME
        return min(int(value), limit) if _NUMBER.match(value) else None

    def _expect(self, kind: SignatureKind, name: str, holds: bool) -> None:
        tag = self.tags.first(name)
        if not holds and tag is not None:
            self.problems.append(SignatureProblem(kind, tag.value, tag.value_offset))


def _both_halves(canonicalization: str) -> str:
    """Header and body: what is left out for the body is ``simple`` (RFC 6376 §3.5)."""
    return canonicalization if "/" in canonicalization else f"{canonicalization}/simple"


def _is_within(name: str, domain: str) -> bool:
    return name == domain or name.endswith(f".{domain}")
