"""Messages for the tests: written here, signed by dkimpy, with keys to publish in a world."""

from __future__ import annotations

import base64
import importlib
import time
from collections.abc import Mapping, Sequence
from email.utils import formatdate
from functools import cache
from types import SimpleNamespace
from typing import Any
from unittest.mock import patch

from cryptography.hazmat.primitives.asymmetric import ed25519, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

_DKIM: Any = importlib.import_module("dkim")  # ships no types

FIELDS = ("from", "from", "to", "to", "subject", "subject", "date", "date", "message-id")
"""What a careful signer signs: what may be there once, once more than it is."""
BODY = b"Hello,\r\n\r\nthe report is attached.  See you.\r\n"
NOW = time.time()
"""When these messages are on their way: one moment, so that the delays between servers are exact."""
ED25519 = ed25519.Ed25519PrivateKey.from_private_bytes(bytes(range(32)))


@cache
def rsa_key(bits: int = 2048) -> rsa.RSAPrivateKey:
    """A key of that size, made once."""
    return rsa.generate_private_key(65537, bits)


def published(key: rsa.RSAPrivateKey | ed25519.Ed25519PrivateKey, more: str = "") -> str:
    """The key record."""
    if isinstance(key, rsa.RSAPrivateKey):
        octets = key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        return f"v=DKIM1; k=rsa; {more}p={base64.b64encode(octets).decode()}"
    octets = key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    return f"v=DKIM1; k=ed25519; {more}p={base64.b64encode(octets).decode()}"


def ago(seconds: float) -> str:
    """A date that long before ``NOW``, as headers have it."""
    return formatdate(int(NOW) - seconds)


def received(source: str, by: str, seconds_ago: float, protocol: str = "ESMTPS") -> str:
    """A Received field as Postfix writes it; ``source`` is what stands after ``from``."""
    taken = f"by {by} (Postfix) with {protocol} id 4X2"
    return f"Received: from {source}\n\t{taken}\n\tfor <to@example.net>; {ago(seconds_ago)}"


MAIL_FROM = "Return-Path: <user@example.com>"
INTO_NET = received("mail.example.com (mail.example.com [192.0.2.25])", "mx.example.net", 50)
SUBMITTED = received("[10.0.0.5] (home.example.org [198.51.100.99])", "mail.example.com", 55, "ESMTPSA")
TRACE = (MAIL_FROM, INTO_NET, SUBMITTED)
HEAD = (
    "From: A User <user@example.com>",
    "To: to@example.net",
    "Subject: Report",
    "Date: Mon, 02 Nov 2026 09:00:00 +0000",
    "Message-ID: <1@example.com>",
)


def letter(trace: Sequence[str] = TRACE, head: Sequence[str] = HEAD, body: bytes = BODY) -> bytes:
    """A message."""
    lines = "".join(f"{line}\n" for line in (*trace, *head)).replace("\n", "\r\n")
    return lines.encode() + b"\r\n" + body


def signed(
    message: bytes,
    *,
    domain: str = "example.com",
    selector: str = "s1",
    key: rsa.RSAPrivateKey | ed25519.Ed25519PrivateKey | None = None,
    form: str = "relaxed/relaxed",
    fields: Sequence[str] = FIELDS,
    tags: Mapping[str, str | None] | None = None,
    length: bool = False,
) -> bytes:
    """Put a signature on top. ``tags`` are set, or with ``None`` left out, before it is made: it then covers them."""
    key = key or rsa_key()
    header, _, body = form.partition("/")
    kind = "rsa-sha256" if isinstance(key, rsa.RSAPrivateKey) else "ed25519-sha256"
    signer = _DKIM.DKIM(message, signature_algorithm=kind.encode())
    plain = signer.gen_header
    wanted = {"h": ":".join(fields), **(tags or {})}

    def gen_header(given: list[tuple[bytes, bytes]], _names: object, *rest: object) -> bytes:
        present = {name.decode() for name, _ in given}
        changed = [(name, _octets(wanted.get(name.decode(), value))) for name, value in given]
        added = [(name.encode(), _octets(value)) for name, value in wanted.items() if name not in present]
        names = [name.encode() for name in str(wanted["h"] or "from").split(":")]
        made: bytes = plain([each for each in (*added, *changed) if each[1]], names, *rest)
        return made

    signer.gen_header = gen_header
    with patch.object(_DKIM, "nacl", _NACL, create=True):
        field: bytes = signer.sign(
            selector.encode(),
            domain.encode(),
            _private(key),
            canonicalize=(header.encode(), body.encode()),
            include_headers=["from"],
            length=length,
        )
    return field + message


def _octets(value: str | bytes | None) -> bytes:
    return value.encode() if isinstance(value, str) else value or b""


def _private(key: rsa.RSAPrivateKey | ed25519.Ed25519PrivateKey) -> bytes:
    if isinstance(key, rsa.RSAPrivateKey):
        return key.private_bytes(Encoding.PEM, PrivateFormat.TraditionalOpenSSL, NoEncryption())
    return key.private_bytes(Encoding.Raw, PrivateFormat.Raw, NoEncryption())


def _signing_key(octets: bytes, *, encoder: object) -> SimpleNamespace:
    del encoder
    key = ed25519.Ed25519PrivateKey.from_private_bytes(octets)
    return SimpleNamespace(sign=lambda digest: SimpleNamespace(signature=key.sign(digest)))  # pyright: ignore[reportUnknownLambdaType, reportUnknownArgumentType] # as dkimpy calls it


# dkimpy signs with Ed25519 through PyNaCl, which is not installed: cryptography stands in for it.
_NACL = SimpleNamespace(
    signing=SimpleNamespace(SigningKey=_signing_key),
    encoding=SimpleNamespace(Base64Encoder=None),
    exceptions=SimpleNamespace(ValueError=ValueError),
)
