"""From octets to the pieces of a message that a bounce is read from; any octets give some pieces."""

from __future__ import annotations

import base64
import binascii
import email
import html
import quopri
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from email.errors import HeaderParseError, MessageError
from email.header import decode_header
from email.message import Message
from email.policy import compat32
from typing import cast

MAX_READ = 1_000_000
"""Octets that are looked at: a bounce tells its story first and appends the returned message."""
_MOST_PARTS = 200
_MOST_HEADERS = 200
_LONGEST_HEADER = 2_000

_HEADER = re.compile(r"[!-9;-~]{1,76}:")
_KNOWN_HEADERS = re.compile(
    r"(?im)^(?:from|to|cc|subject|date|received|return-path|message-id|mime-version|content-type|reply-to|delivered-to"
    r"|x-[a-z0-9-]{1,60}|authentication-results|dkim-signature|auto-submitted|envelope-to|sender|references)[ \t]*:"
)
_ENOUGH_HEADERS = 2


@dataclass
class Pieces:
    """What a message is made of, as far as a bounce goes. ``headers`` are its own, by lower-case name."""

    headers: dict[str, str] = field(default_factory=dict[str, str])
    texts: list[str] = field(default_factory=list[str])
    """What people read, outermost first."""
    reports: list[str] = field(default_factory=list[str])
    """``message/delivery-status`` (RFC 3464)."""
    original: dict[str, str] = field(default_factory=dict[str, str])
    """Headers of the returned message."""
    read_receipt: bool = False
    """There is a ``message/disposition-notification`` (RFC 8098)."""
    complaint: bool = False
    """There is a ``message/feedback-report`` (RFC 5965)."""


def open_mail(data: bytes) -> Pieces:
    """Take a message, or a text without headers, apart."""
    text = decoded(data)
    if not looks_like_message(text):
        unquoted = unquote(text)
        if unquoted == text or not looks_like_message(unquoted):
            return Pieces(texts=[unquoted])
        data = unquoted.encode("utf-8", "surrogatepass")
    pieces = Pieces()
    data = re.sub(rb"\A(?:\s*\n|From [^\n]*\n|\xef\xbb\xbf)+", b"", data)
    try:
        message = email.message_from_bytes(data, policy=compat32)
        pieces.headers = _headers(message)
        _walk(message, pieces)
    except (MessageError, LookupError, ValueError, AttributeError, TypeError, RecursionError):
        # The parser of the standard library gives up on some malformed messages: then it is a text like any other.
        return Pieces(texts=[unquote(text)])
    if not (pieces.texts or pieces.reports):
        pieces.texts = [""]
    return pieces


def looks_like_message(text: str) -> bool:
    """Whether a text begins with header fields (RFC 5322 §2.2)."""
    head = re.split(r"\r?\n[ \t]*\r?\n", text.lstrip("\ufeff\r\n")[:20_000], maxsplit=1)[0]
    lines = head.splitlines()
    if lines and lines[0].startswith("From "):  # mbox
        lines = lines[1:]
    if not lines or _HEADER.match(lines[0]) is None:
        return False
    names = {found[0].casefold() for found in _KNOWN_HEADERS.finditer("\n".join(lines))}
    odd = sum(1 for line in lines if line.strip() and line[0] not in " \t" and _HEADER.match(line) is None)
    return len(names) >= _ENOUGH_HEADERS and odd * 5 <= len(lines)


# --- Text ------------------------------------------------------------------------------------------------------------

_ISO_2022_JP = re.compile(rb"\x1b\$[@B]|\x1b\(J")
_BOMS = ((b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"), (b"\xef\xbb\xbf", "utf-8-sig"))
_KANA = re.compile("[\u3041-\u3093\u30a1-\u30f6]")
_CHARSETS = {"shift_jis": "cp932", "shift-jis": "cp932", "sjis": "cp932", "x-sjis": "cp932", "windows-31j": "cp932",
             "iso-2022-jp": "iso2022_jp_ext", "gb2312": "gb18030", "gbk": "gb18030", "ks_c_5601-1987": "cp949",
             "iso-8859-1": "cp1252", "us-ascii": "utf-8", "unknown-8bit": "utf-8"}  # fmt: skip


def decoded(data: bytes, charset: str | None = None) -> str:
    """Octets as text: in the charset named, else by what they look like. Never fails."""
    for mark, name in _BOMS:
        if data.startswith(mark):
            return data.decode(name, "replace")
    if _ISO_2022_JP.search(data):
        return data.decode("iso2022_jp_ext", "replace")
    if charset:
        name = charset.strip().strip("\"'").casefold()
        try:
            return data.decode(_CHARSETS.get(name, name))
        except (LookupError, ValueError):
            pass  # the label is wrong or unknown: go by what the octets look like
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        if error.start >= len(data) - 4:  # cut off inside a character
            return data.decode("utf-8", "replace")
    return _japanese(data) or data.decode("cp1252", "replace")


def _japanese(data: bytes) -> str | None:
    for name in ("euc_jp", "cp932"):
        try:
            text = data.decode(name)
        except UnicodeDecodeError:
            continue
        if _KANA.search(text):
            return text
    return None


_TRANSCRIPT = re.compile(r">>> ?(?:MAIL|RCPT|DATA|EHLO|HELO|QUIT|STARTTLS|AUTH|RSET|\.|LHLO|BDAT|[A-Z]{4}\b)")


def unquote(text: str) -> str:
    """Drop the marks that a ticket or a reply puts before lines, but not those of a transcript of SMTP."""
    if ">" not in text and "|" not in text:
        return text
    return "\n".join(_unquoted(line) for line in text.splitlines())


def _unquoted(line: str) -> str:
    for _ in range(20):
        bare = line.lstrip(" ")
        if not bare.startswith((">", "|")) or _TRANSCRIPT.match(bare):
            return line
        line = bare[1:].removeprefix(" ")
    return line


_HIDDEN_HTML = re.compile(r"(?is)<(script|style|head)\b[^>]{0,500}>.{0,100000}?</\1>")
_BREAKS = re.compile(r"(?i)<(?:br|/p|/div|/tr|/h[1-6]|/li|/table|/td|hr)\b[^<>]{0,300}>")
_TAGS = re.compile(r"<[^<>]{0,2000}>")


def from_html(text: str) -> str:
    """What a reader of the HTML sees, roughly."""
    text = _BREAKS.sub("\n", _HIDDEN_HTML.sub("", text))
    return html.unescape(_TAGS.sub("", text)).replace("\xa0", " ")


# --- MIME ------------------------------------------------------------------------------------------------------------


def _headers(message: Message) -> dict[str, str]:
    result: dict[str, str] = {}
    for name, value in message.items()[:_MOST_HEADERS]:
        result.setdefault(name.casefold(), header_text(str(value)))
    return result


def header_text(value: str) -> str:
    """A header value in words (RFC 2047); as it stands where it is malformed."""
    value = value[:_LONGEST_HEADER]
    if "=?" not in value:
        return " ".join(value.encode("utf-8", "surrogateescape").decode("utf-8", "replace").split())
    try:
        parts = decode_header(value)
        words = "".join(decoded(part, charset) if isinstance(part, bytes) else str(part) for part, charset in parts)
    except (HeaderParseError, ValueError, binascii.Error):
        words = value
    return " ".join(words.split())


def _walk(message: Message, pieces: Pieces) -> None:
    """Sort the parts. What is inside a returned message is not the story, unless the outside has none."""
    inner: list[Message] = []
    html_texts: list[str] = []
    for count, part in enumerate(_parts(message, inner)):
        if count >= _MOST_PARTS:
            break
        kind = part.get_content_type()
        if kind in ("message/delivery-status", "message/global-delivery-status"):
            pieces.reports.append(_body(part))
        elif kind in ("message/disposition-notification", "message/global-disposition-notification"):
            pieces.read_receipt = True
        elif kind == "message/feedback-report":
            pieces.complaint = True
        elif kind in ("text/rfc822-headers", "message/global-headers"):
            _take_original(email.message_from_string(_body(part), policy=compat32), pieces)
        elif kind == "text/html":
            html_texts.append(from_html(_body(part)))
        elif kind.startswith("text/") and part.get_content_disposition() != "attachment":
            pieces.texts.append(unquote(_body(part)))
    if html_texts and not any(text.strip() for text in pieces.texts):
        pieces.texts = html_texts
    for returned in inner:
        if not pieces.reports and not pieces.read_receipt and not pieces.complaint and is_bounce(_headers(returned)):
            forwarded = Pieces()
            _walk(returned, forwarded)
            pieces.headers, pieces.original = _headers(returned), forwarded.original
            pieces.texts += forwarded.texts
            pieces.reports += forwarded.reports
        else:
            _take_original(returned, pieces)


def _parts(message: Message, inner: list[Message]) -> Iterator[Message]:
    """The leaves, in order; returned messages are laid aside."""
    stack = [message]
    while stack:
        part = stack.pop()
        payload: object = part.get_payload()
        kind = part.get_content_type()
        if kind in ("message/rfc822", "message/global") and isinstance(payload, list):
            inner += _messages(part)
        elif part.get_content_maintype() == "multipart" and isinstance(payload, list):
            stack += reversed(_messages(part))
        else:
            yield part


def _messages(part: Message) -> list[Message]:
    """The parts of a part; none if it is a leaf."""
    payload = cast("list[Message] | str | bytes | None", part.get_payload())
    return payload if isinstance(payload, list) else []


def _body(part: Message) -> str:
    """The text of a part. The parser takes delivery-status apart into messages of its own: put together again."""
    payload: object = part.get_payload()
    if isinstance(payload, list):
        text = "\n\n".join(map(_flat, _messages(part)))
        coding = str(part.get("content-transfer-encoding", "")).strip().casefold()
        octets = text.encode("utf-8", "surrogateescape")
        if coding == "base64":
            return decoded(base64.b64decode(re.sub(rb"[^A-Za-z0-9+/]", b"", octets) + b"==", validate=False))
        return decoded(quopri.decodestring(octets)) if coding == "quoted-printable" else decoded(octets)
    raw: object = part.get_payload(decode=True)
    return decoded(raw if isinstance(raw, bytes) else b"", part.get_content_charset())


def _flat(part: Message) -> str:
    rows = [f"{name}: {value}" for name, value in part.items()]
    payload: object = part.get_payload()
    return "\n".join([*rows, payload]) if isinstance(payload, str) and payload.strip() else "\n".join(rows)


def _take_original(returned: Message, pieces: Pieces) -> None:
    if not pieces.original:
        pieces.original = _headers(returned)


_DAEMON = re.compile(r"(?i)mailer-?daemon|postmaster|mail delivery (?:sub)?system|microsoftexchange[0-9a-f]*@|mdaemon")
_REPORT = re.compile(r"(?i)report-type\s*=\s*\"?(?:delivery-status|disposition|feedback)")


def is_bounce(headers: dict[str, str]) -> bool:
    """Whether headers are those of an automatic notice about another message."""
    return from_a_server(headers) or headers.get("return-path", "").strip() == "<>"


def from_a_server(headers: dict[str, str]) -> bool:
    """Whether a mail server wrote it, not the mailbox of a person: both may have an empty return path."""
    return bool(
        _REPORT.search(headers.get("content-type", ""))
        or _DAEMON.search(headers.get("from", ""))
        or "x-failed-recipients" in headers
    )


def headers_of(text: str) -> dict[str, str]:
    """The header fields a text begins with."""
    return _headers(email.message_from_string(text, policy=compat32))
