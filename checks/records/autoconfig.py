"""Autoconfig documents: the XML in which a domain tells mail programs its servers.

The format is Thunderbird's, described at https://wiki.mozilla.org/Thunderbird:Autoconfiguration:ConfigFileFormat and
read by many programs. Only the outgoing servers are read here.
"""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

MAX_TEXT: Final = 64 * 1024
_MOST_SERVERS: Final = 8
_MOST_METHODS: Final = 8
_DECLARATION: Final = re.compile(r"<!(DOCTYPE|ENTITY)", re.IGNORECASE)
_HOST: Final = re.compile(r"([a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])?", re.IGNORECASE)
_PORT: Final = re.compile(r"[0-9]{1,5}")
_MAX_PORT: Final = 65535


class SocketType(StrEnum):
    """How the connection is encrypted, in the words of the format."""

    SSL = "ssl"
    """TLS from the first octet."""
    STARTTLS = "starttls"
    PLAIN = "plain"


class Username(StrEnum):
    """What a person types as the user name."""

    ADDRESS = "address"
    LOCAL_PART = "local_part"
    """What stands before the @."""
    OTHER = "other"


@dataclass(frozen=True, kw_only=True)
class Outgoing:
    """One outgoing server. ``authentication`` is in the words of the format, such as ``OAuth2``."""

    host: str
    port: int
    socket_type: SocketType
    username: Username
    authentication: tuple[str, ...] = ()


@dataclass(frozen=True)
class Autoconfig:
    """The outgoing servers, in the order of the document: programs take the first they can use.

    ``usable`` is false for a document of this format that names no outgoing server one could use.
    """

    outgoing: tuple[Outgoing, ...]

    @property
    def usable(self) -> bool:
        """Whether it tells a program where to send mail."""
        return bool(self.outgoing)


def parse(body: bytes, domain: str) -> Autoconfig | None:
    """Read a document; ``None`` if it is something else, as where a web site answers every path with its own pages.

    ``domain`` stands in for the placeholder ``%EMAILDOMAIN%``; a host that depends on the person is left out. A
    document that declares entities is not read: no real one does, and they can be made to grow without end.
    """
    if len(body) > MAX_TEXT:
        return None
    try:
        text = body.decode("utf-8-sig")
        if _DECLARATION.search(text):
            return None
        root = ET.fromstring(text)  # noqa: S314 - short, and without declarations: there is nothing to expand
    except (UnicodeDecodeError, ET.ParseError):
        return None
    if root.tag != "clientConfig":
        return None
    found = [_outgoing(each, domain) for each in root.findall("./emailProvider/outgoingServer[@type='smtp']")]
    return Autoconfig(tuple(each for each in found if each is not None)[:_MOST_SERVERS])


def _outgoing(element: ET.Element, domain: str) -> Outgoing | None:
    host = _text(element, "hostname").replace("%EMAILDOMAIN%", domain).lower().removesuffix(".")
    port = _text(element, "port")
    if not _HOST.fullmatch(host) or not _PORT.fullmatch(port) or not 0 < int(port) <= _MAX_PORT:
        return None
    try:
        socket_type = SocketType(_text(element, "socketType").lower())
    except ValueError:
        return None
    return Outgoing(
        host=host,
        port=int(port),
        socket_type=socket_type,
        username=_username(_text(element, "username")),
        authentication=tuple(
            said for each in element.findall("authentication")[:_MOST_METHODS] if (said := (each.text or "").strip())
        ),
    )


def _username(text: str) -> Username:
    if text.replace("%EMAILLOCALPART%@%EMAILDOMAIN%", "%EMAILADDRESS%") == "%EMAILADDRESS%":
        return Username.ADDRESS
    return Username.LOCAL_PART if text == "%EMAILLOCALPART%" else Username.OTHER


def _text(element: ET.Element, name: str) -> str:
    return (element.findtext(name) or "").strip()
