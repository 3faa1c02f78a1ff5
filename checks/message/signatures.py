"""Whether the DKIM signatures of a message hold (RFC 6376 §6.1), each for itself, and if not, at which step.

dkimpy canonicalizes, cryptography verifies, ``records.dkim`` reads the field and the key, and the desk fetches it.
dkimpy's own ``verify`` is not used: it asks DNS itself, needs another library for Ed25519, and does not say whether the
body or the header was changed.
"""

from __future__ import annotations

import asyncio
import base64
import binascii
import hashlib
import re
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final, Protocol, cast

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ed25519, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_der_public_key
from dkim.canonicalization import Relaxed, Simple

from checks.case import NotADomainError, domain_name
from checks.check import DomainName, Selector
from checks.message.headers import Field, Message, Part
from checks.network.answers import TXT, Answer, Trouble, Txt
from checks.records.dkim import DkimKey, DkimSignature, parse, parse_signature
from checks.records.tags import split_tags
from checks.spf_evaluation import Ask

MOST_SIGNATURES: Final = 6
"""Signatures that are verified; verifiers may limit that (RFC 6376 §6.1)."""
CLOCK_TOLERANCE: Final = 3_600
"""Seconds by which ``t=`` and ``x=`` may be off: signers' clocks are (RFC 6376 §3.5)."""


class State(StrEnum):
    """How a signature fared: the first of these that holds."""

    PASS = "pass"  # noqa: S105 - a word of the protocol
    HEADER_UNUSABLE = "header_unusable"
    """The signature field itself cannot be used (§6.1.1); its ``problems`` say why."""
    KEY_UNKNOWN = "key_unknown"
    """The question for the key was not answered: temperror (§6.1.2)."""
    KEY_MISSING = "key_missing"
    KEY_REVOKED = "key_revoked"
    KEY_UNUSABLE = "key_unusable"
    """Several records, or one with which nothing verifies."""
    STRICT_IDENTITY = "strict_identity"
    """The key has ``t=s``, and ``i=`` names a subdomain (§3.6.1)."""
    EXPIRED = "expired"
    FROM_FUTURE = "from_future"
    BODY_MISSING = "body_missing"
    """The body was not pasted, or not whole: whether it is as signed cannot be told."""
    BODY_CHANGED = "body_changed"
    """The body is not the one that was signed (§6.1.3)."""
    SIGNATURE_MISMATCH = "signature_mismatch"
    """The body is as signed; a signed header field is not, or the key is another."""

    @property
    def word(self) -> str:
        """The result in the words of RFC 8601 §2.7.1; ``unknown`` where it is about us."""
        return _WORDS.get(self, "fail")


_WORDS: Final = {
    State.PASS: "pass",
    State.HEADER_UNUSABLE: "neutral",
    State.KEY_UNKNOWN: "temperror",
    State.KEY_MISSING: "permerror",
    State.KEY_REVOKED: "permerror",
    State.KEY_UNUSABLE: "permerror",
    State.BODY_MISSING: "unknown",
}


@dataclass(frozen=True, kw_only=True)
class Verified:
    """One signature and what became of it.

    ``domain`` and ``selector`` are ``None`` where the field does not name them, or names no such thing. ``answer`` is
    that for the key and ``key`` what was found there. ``header_intact`` is whether the signed header fields are as they
    were, ``None`` where that was not looked at. ``unsigned`` counts the octets behind ``l=``.
    """

    signature: DkimSignature
    state: State
    domain: DomainName | None = None
    selector: Selector | None = None
    answer: Answer[Txt] | None = None
    key: DkimKey | None = None
    header_intact: bool | None = None
    unsigned: int | None = None

    @property
    def evidence(self) -> tuple[int, ...]:
        """What it rests on."""
        return () if self.answer is None else (self.answer.evidence,)


class _Canonicalization(Protocol):
    def canonicalize_headers(self, headers: list[tuple[bytes, bytes]], /) -> list[tuple[bytes, bytes]]: ...
    def canonicalize_body(self, body: bytes, /) -> bytes: ...


_ALGORITHMS: Final = cast("dict[str, _Canonicalization]", {"simple": Simple, "relaxed": Relaxed})
"""What ``c=`` is made of (RFC 6376 §3.4); dkimpy ships no types."""


async def verify(message: Message, ask: Ask, now: float) -> tuple[Verified, ...]:
    """Verify the first signatures of a message; ``now`` is when it was received, for ``t=`` and ``x=``."""
    fields = message.all("dkim-signature")[:MOST_SIGNATURES]
    return tuple(await asyncio.gather(*(_verified(message, each, ask, now) for each in fields)))


async def _verified(message: Message, field: Field, ask: Ask, now: float) -> Verified:
    signature = parse_signature(field.value)
    domain, selector = _domain(signature), Selector(signature.selector) if signature.selector else None
    start = Verified(signature=signature, state=State.HEADER_UNUSABLE, domain=domain, selector=selector)
    if not signature.usable or domain is None:
        return start
    answer = await ask(f"{selector}._domainkey.{domain}", TXT)
    keys = [parse(b"".join(txt.strings)) for txt in answer.records]
    key = keys[0] if len(keys) == 1 else None
    state = _of_key(signature, answer, key) or _of_time(signature, now)
    if state is not None or key is None:
        return replace(start, state=state or State.KEY_UNUSABLE, answer=answer, key=key)
    header, _, body = signature.canonicalization.partition("/")
    # A body of five megabytes takes long enough to hold up whoever else waits for the loop.
    digest, size = await asyncio.to_thread(_body_hash, body, message.body, signature.length)
    same = digest == _decoded(signature.body_hash or "")
    intact = _header_holds(header, message, field, signature, key)
    if not same:
        state = State.BODY_CHANGED if message.part is Part.WHOLE else State.BODY_MISSING
    else:
        state = State.PASS if intact else State.SIGNATURE_MISMATCH
    unsigned = None if signature.length is None else max(0, size - signature.length)
    return replace(start, state=state, answer=answer, key=key, header_intact=intact, unsigned=unsigned)


def _domain(signature: DkimSignature) -> DomainName | None:
    """The signing domain in A-labels (RFC 8616 §5)."""
    try:
        return DomainName(domain_name(signature.domain or ""))
    except NotADomainError:
        return None


def _of_key(signature: DkimSignature, answer: Answer[Txt], key: DkimKey | None) -> State | None:
    """What keeps the key from being used."""
    if answer.unknown and answer.trouble is not Trouble.BAD_NAME:
        return State.KEY_UNKNOWN
    if not answer.records:
        return State.KEY_MISSING
    if key is not None and key.revoked:
        return State.KEY_REVOKED
    if key is None or not key.usable or key.key_type != (signature.algorithm or "").partition("-")[0]:
        return State.KEY_UNUSABLE
    if key.strict and signature.identity != signature.domain:
        return State.STRICT_IDENTITY
    return None


def _of_time(signature: DkimSignature, now: float) -> State | None:
    if signature.expires is not None and signature.expires < now - CLOCK_TOLERANCE:
        return State.EXPIRED
    if signature.signed is not None and signature.signed > now + CLOCK_TOLERANCE:
        return State.FROM_FUTURE
    return None


def _body_hash(canonicalization: str, body: bytes, length: int | None) -> tuple[bytes, int]:
    """The hash of the body (RFC 6376 §3.7) and the size of its canonical form in octets."""
    if canonicalization == "relaxed":
        # dkimpy takes the square of the time for a long run of spaces, and leaves those behind the last line.
        body = re.sub(rb"[\t ]+", b" ", body).removesuffix(b" ")
    canonical = _ALGORITHMS[canonicalization].canonicalize_body(body)
    return hashlib.sha256(canonical[:length]).digest(), len(canonical)


def _header_holds(
    canonicalization: str, message: Message, field: Field, signature: DkimSignature, key: DkimKey
) -> bool:
    """Whether ``b=`` is the signature of the fields named in ``h=`` (RFC 6376 §3.7)."""
    # The field itself comes last, without the value of its b= and without a line end.
    fields = [*_signed(message, signature), Field(field.name, _without_signature(field.value))]
    pairs = _ALGORITHMS[canonicalization].canonicalize_headers([(each.name, each.value) for each in fields])
    text = b"".join(name + b":" + value for name, value in pairs)
    digest = hashlib.sha256(text.removesuffix(b"\r\n")).digest()
    tag = split_tags(field.text).first("b")
    return _verifies(key, _decoded(tag.value if tag is not None else ""), digest)


def _signed(message: Message, signature: DkimSignature) -> list[Field]:
    """The fields that are signed: of several with one name, the lowest first (RFC 6376 §5.4.2)."""
    left: dict[str, list[Field]] = {}
    for each in message.fields:
        left.setdefault(each.key, []).append(each)
    chosen = (left.get(name.lower()) for name in signature.headers)
    return [fields.pop() for fields in chosen if fields]


def _without_signature(value: bytes) -> bytes:
    """Empty the ``b=`` tag, the white space around its value included (RFC 6376 §3.7)."""
    text = value.decode("latin-1")  # one character an octet, so that positions stay
    tag = split_tags(text).first("b")
    if tag is None:
        return value
    start = text.index("=", tag.offset) + 1
    end = text.find(";", start)
    return value[:start] + (value[end:] if end >= 0 else b"")


def _verifies(key: DkimKey, signature: bytes, digest: bytes) -> bool:
    public = _public_key(key)
    try:
        if isinstance(public, rsa.RSAPublicKey):
            public.verify(signature, digest, padding.PKCS1v15(), Prehashed(SHA256()))
        else:
            public.verify(signature, digest)  # the hash is what is signed (RFC 8463 §3)
    except InvalidSignature:
        return False
    return True


def _public_key(key: DkimKey) -> rsa.RSAPublicKey | ed25519.Ed25519PublicKey:
    """Load a key that ``records.dkim`` found usable."""
    tag = split_tags(key.text).first("p")
    data = _decoded(tag.value if tag is not None else "")
    if key.key_type == "ed25519":
        return ed25519.Ed25519PublicKey.from_public_bytes(data)
    public = load_der_public_key(data)
    if not isinstance(public, rsa.RSAPublicKey):
        raise TypeError("records.dkim took another key for RSA")
    return public


def _decoded(text: str) -> bytes:
    """Base64 with its white space and with or without its padding; empty if it is none."""
    digits = re.sub(r"\s+", "", text).rstrip("=")
    try:
        return base64.b64decode(digits + "=" * (-len(digits) % 4), validate=True)
    except (binascii.Error, ValueError):
        return b""
