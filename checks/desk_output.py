"""What the commands that ``by_hand`` gives to the user's desk print there, and what it means.

Their output is pasted in whatever mix and order; ``read`` finds what each of them says.

Formats: PowerShell's ``Test-NetConnection``, ``nslookup`` of Windows and of BIND, ``nc`` of OpenBSD (Linux, macOS) and
of Nmap, ``telnet``, ``openssl s_client``. The names of fields are the same in every language of Windows; the prose
around them is not relied upon.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum

MAX_TEXT = 100_000
"""Characters that are read; the output of these commands is a few hundred."""


class Question(StrEnum):
    """What a command asks."""

    NAME = "name"
    """Does the desk's name server know the mail server?"""
    PORT = "port"
    """Does a connection get through?"""
    TLS = "tls"
    """Is the certificate the server's own, and valid?"""


class Seen(StrEnum):
    """What the desk saw."""

    RESOLVED = "resolved"
    NO_SUCH_NAME = "no_such_name"
    NAME_SERVER_FAILED = "name_server_failed"
    """The name server answered with an error, or not at all."""
    OPEN = "open"
    REFUSED = "refused"
    TIMED_OUT = "timed_out"
    NO_ROUTE = "no_route"
    BLOCKED = "blocked"
    """The connection failed, and the command does not say how."""
    TLS_VALID = "tls_valid"
    TLS_EXPIRED = "tls_expired"
    TLS_WRONG_NAME = "tls_wrong_name"
    TLS_UNTRUSTED = "tls_untrusted"
    TLS_INTERCEPTED = "tls_intercepted"
    """The certificate was issued by a virus scanner or a proxy: it stands in the middle."""
    TLS_NONE = "tls_none"
    """The server, or what answers in its place, does not speak TLS there."""


FINE = frozenset({Seen.RESOLVED, Seen.OPEN, Seen.TLS_VALID})
"""What is as it should be."""


@dataclass(frozen=True, kw_only=True)
class Observation:
    """One thing the desk saw. ``host`` and ``port`` are as the output names them, foreign words; ``words`` the line."""

    question: Question
    seen: Seen
    words: str
    host: str | None = None
    port: int | None = None


_HOST = r"(?P<host>[A-Za-z0-9._:-]{1,253})"
_PORT = r"(?P<port>[0-9]{1,5})"
_INTERCEPTORS = re.compile(
    r"\b(avast|avg|kaspersky|eset|bitdefender|norton|mcafee|sophos|zscaler|fortinet|fortigate|netskope|palo alto|"
    r"checkpoint|check point|blue ?coat|forcepoint|cisco umbrella|watchguard|untangle|dr\.?web|g data)\b",
    re.IGNORECASE,
)
"""Who issues certificates of its own in order to read along."""

_VERIFY_CODES = {
    10: Seen.TLS_EXPIRED,
    18: Seen.TLS_UNTRUSTED,
    19: Seen.TLS_UNTRUSTED,
    20: Seen.TLS_UNTRUSTED,
    21: Seen.TLS_UNTRUSTED,
    62: Seen.TLS_WRONG_NAME,
}
"""X509_V_ERR_* of OpenSSL, as ``s_client`` prints them (openssl-verification-options(1))."""

_Rule = tuple[re.Pattern[str], Question, Seen]


def _rule(pattern: str, question: Question, seen: Seen) -> _Rule:
    return re.compile(pattern, re.IGNORECASE), question, seen


_RULES: tuple[_Rule, ...] = (
    # nc of OpenBSD on macOS and Linux, before the general words of other programs
    _rule(rf"connection to {_HOST}(?: \([^)]{{1,60}}\))?,? (?:port )?{_PORT} .*succeeded", Question.PORT, Seen.OPEN),
    _rule(rf"nc: connectx? to {_HOST}.{{0,70}} port {_PORT} .*refused", Question.PORT, Seen.REFUSED),
    _rule(rf"nc: connectx? to {_HOST}.{{0,70}} port {_PORT} .*timed? ?out", Question.PORT, Seen.TIMED_OUT),
    _rule(rf"nc: connectx? to {_HOST}.{{0,70}} port {_PORT} .*(?:no route|unreachable)", Question.PORT, Seen.NO_ROUTE),
    _rule(rf'nc: getaddrinfo.{{0,20}} "?{_HOST}"? port {_PORT}:', Question.NAME, Seen.NO_SUCH_NAME),
    _rule(r"(?:nodename nor servname provided|name or service not known)", Question.NAME, Seen.NO_SUCH_NAME),
    _rule(r"temporary failure in name resolution", Question.NAME, Seen.NAME_SERVER_FAILED),
    # nc of Nmap
    _rule(rf"ncat: connected to {_HOST}:{_PORT}\.?$", Question.PORT, Seen.OPEN),
    _rule(r"ncat: connection refused", Question.PORT, Seen.REFUSED),
    _rule(r"ncat: (?:timeout|connection timed out|.*idle timeout)", Question.PORT, Seen.TIMED_OUT),
    _rule(r"ncat: (?:no route|network is unreachable)", Question.PORT, Seen.NO_ROUTE),
    # telnet
    _rule(rf"^connected to {_HOST}\.$", Question.PORT, Seen.OPEN),
    _rule(r"telnet: .*connection refused", Question.PORT, Seen.REFUSED),
    _rule(r"telnet: .*timed out", Question.PORT, Seen.TIMED_OUT),
    # nslookup: of BIND, then of Windows
    _rule(rf"\*\* server can't find {_HOST}: nxdomain", Question.NAME, Seen.NO_SUCH_NAME),
    _rule(rf"\*\* server can't find {_HOST}: (?:servfail|refused)", Question.NAME, Seen.NAME_SERVER_FAILED),
    _rule(
        r"no servers could be reached|communications error to .{1,80} timed out", Question.NAME, Seen.NAME_SERVER_FAILED
    ),
    _rule(rf"\*\*\* .* {_HOST} ?.*: ?non-existent domain", Question.NAME, Seen.NO_SUCH_NAME),
    _rule(
        rf"\*\*\* .* {_HOST} ?.*: ?(?:server failed|query refused|no response)", Question.NAME, Seen.NAME_SERVER_FAILED
    ),
    _rule(r"\*\*\* request to .{1,80} timed-out", Question.NAME, Seen.NAME_SERVER_FAILED),
    # openssl s_client
    _rule(r"no peer certificate available", Question.TLS, Seen.TLS_NONE),
    _rule(r"didn't find starttls in server response|wrong version number", Question.TLS, Seen.TLS_NONE),
    _rule(r"connect:errno=(?:111|61|10061)$", Question.PORT, Seen.REFUSED),
    _rule(r"connect:errno=(?:110|60|10060)$", Question.PORT, Seen.TIMED_OUT),
)


def read(text: str) -> tuple[Observation, ...]:
    """Read pasted output. Nothing is found in a text that is none; what is found twice is told once."""
    text = text[:MAX_TEXT]
    lines = [line.strip() for line in text.splitlines()]
    found: list[Observation] = []
    for reader in (_net_connections, _lookups, _one_liners, _certificates):
        found += reader(lines)
    return tuple(dict.fromkeys(_without_none(found)))


def _without_none(found: list[Observation]) -> list[Observation]:
    """Where there was no certificate to see, the code of its verification, which s_client prints as fine, is void."""
    if any(each.seen is Seen.TLS_NONE for each in found):
        return [each for each in found if each.question is not Question.TLS or each.seen is Seen.TLS_NONE]
    return found


def _one_liners(lines: list[str]) -> Iterator[Observation]:
    for line in lines:
        if line.startswith(("+", "$", ">", "PS ")):
            continue  # the command itself, echoed by a shell
        for pattern, question, seen in _RULES:
            if match := pattern.search(line[:500]):
                groups = match.groupdict()
                port = groups.get("port")
                yield Observation(
                    question=question,
                    seen=seen,
                    words=line[:300],
                    host=groups.get("host"),
                    port=int(port) if port else None,
                )
                break


def _fields(lines: list[str], ends: Callable[[str], bool]) -> Iterator[dict[str, str]]:
    """Blocks of ``Name : value`` lines, each ending with the field that ``ends`` knows."""
    block: dict[str, str] = {}
    for line in lines:
        name, colon, value = line.partition(":")
        if not colon:
            continue
        block[name.strip()] = value.strip()
        if ends(name.strip()):
            yield block
            block = {}


def _net_connections(lines: list[str]) -> Iterator[Observation]:
    """``Test-NetConnection``: says whether the connection came about, and not why it did not."""
    for block in _fields(lines, lambda name: name == "TcpTestSucceeded"):
        host, port = block.get("ComputerName"), block.get("RemotePort", "")
        opened = block["TcpTestSucceeded"].lower() == "true"
        base = Observation(
            question=Question.PORT,
            seen=Seen.OPEN if opened else Seen.BLOCKED,
            words=f"TcpTestSucceeded : {block['TcpTestSucceeded'][:20]}",
            host=host,
            port=int(port) if port.isdecimal() and len(port) <= 5 else None,  # noqa: PLR2004 - digits of a port
        )
        if not opened and not block.get("RemoteAddress"):
            base = replace(base, question=Question.NAME, seen=Seen.NO_SUCH_NAME)
        yield base


_NAME_LINE = re.compile(r"(?:Name|名前)\s*[:：]\s*([A-Za-z0-9._-]{1,253})$")
_ADDRESS_LINE = re.compile(r"Address(?:es)?\s*:\s*([0-9a-fA-F.:]{2,45})(?:#[0-9]+)?$")


def _lookups(lines: list[str]) -> Iterator[Observation]:
    """``nslookup``: the first address is that of the name server; those after a name are the answer."""
    name: str | None = None
    for line in lines:
        if match := _NAME_LINE.match(line):
            name = match[1]
        elif name is not None and (match := _ADDRESS_LINE.match(line)):
            yield Observation(question=Question.NAME, seen=Seen.RESOLVED, words=f"{name} {match[1]}"[:300], host=name)
            name = None


_VERIFY = re.compile(r"Verify return code: ([0-9]{1,4}) \(")
_ISSUER = re.compile(r"issuer ?=(.{1,300})")


def _certificates(lines: list[str]) -> Iterator[Observation]:
    """``openssl s_client``: the issuer shows who is in the middle, the last code what a verifying client thinks."""
    issuers = [match[1] for line in lines if (match := _ISSUER.search(line[:500]))]
    if middle := next((issuer for issuer in issuers if _INTERCEPTORS.search(issuer)), None):
        yield Observation(question=Question.TLS, seen=Seen.TLS_INTERCEPTED, words=middle.strip()[:300])
        return
    codes = [(int(match[1]), line) for line in lines if (match := _VERIFY.search(line[:500]))]
    if codes:
        code, line = codes[-1]
        seen = Seen.TLS_VALID if code == 0 else _VERIFY_CODES.get(code, Seen.TLS_UNTRUSTED)
        yield Observation(question=Question.TLS, seen=seen, words=line[:300])
