"""What is known about the blocklists: ``data/blocklists.json``, one row a list, and the lists that have died.

A row says what a list takes, what its answers mean and where the facts come from; a maintainer refreshes a fact by
editing its row and ``as_of``. A file of the operator's own may stand in for the shipped one.
"""

from __future__ import annotations

import ipaddress
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import field, replace
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Annotated

from pydantic import ConfigDict, Field, TypeAdapter, ValidationError
from pydantic.dataclasses import dataclass

SHIPPED = Path(__file__).parent / "data" / "blocklists.json"
_DEAD = SHIPPED.with_name("dead_blocklists.json")

ANSWERS = ipaddress.ip_network("127.0.0.0/8")
"""Where the answers of a list lie (RFC 5782 §2.1); anything else comes from somebody in between."""
_BIT = "bit "


class Takes(StrEnum):
    """What a list can be asked about."""

    IPV4 = "ipv4"
    IPV6 = "ipv6"
    DOMAIN = "domain"


class Impact(StrEnum):
    """How much a listing matters."""

    MAJOR = "major"
    """Commonly refuses mail on its own."""
    MINOR = "minor"
    """Some receivers use it."""
    INFORMATIONAL = "informational"
    """Hardly anybody refuses mail because of it alone."""


class Meaning(StrEnum):
    """What a listing says, the one to act on first at the top."""

    BOTNET_CONTROLLER = "botnet_controller"
    INFECTED = "infected"
    HACKED_SITE = "hacked_site"
    """A good domain whose web site, mail form or redirector was broken into."""
    PHISHING = "phishing"
    MALWARE = "malware"
    HIJACKED_NET = "hijacked_net"
    """The whole block of addresses is in criminal hands."""
    SPAM_SOURCE = "spam_source"
    SPAM_DOMAIN = "spam_domain"
    REDIRECTOR = "redirector"
    SPAM_TRAP = "spam_trap"
    """Mail arrived at an address that nobody ever gave to anybody."""
    REPORTED = "reported"
    """People reported spam."""
    LOW_REPUTATION = "low_reputation"
    POLICY_RANGE = "policy_range"
    """A range that should not send mail directly; no blame."""
    NEIGHBOURS = "neighbours"
    """The range or the provider is listed, not the address."""
    BULK_SENDER = "bulk_sender"
    """Seen in bulk mail, wanted and unwanted."""


class Keyring(StrEnum):
    """Whose customers a list is for."""

    SPAMHAUS = "spamhaus"
    """A key of the Data Query Service of Spamhaus."""
    ABUSIX = "abusix"


class Removal(StrEnum):
    """How an entry ends."""

    REQUEST = "request"
    EXPIRY = "expiry"


KEY = "{key}"
"""Where a zone that is asked with a customer's key has it."""

_Zone = Annotated[str, Field(pattern=r"^(\{key\}\.)?[a-z0-9-]+(\.[a-z0-9-]+)+$")]
_Label = Annotated[str, Field(pattern=r"^[a-z0-9-]{1,63}$")]
_Answer = Annotated[str, Field(pattern=r"^(127(\.[0-9]{1,3}){3}|bit (1|2|4|8|16|32|64|128))$")]
_Link = Annotated[str, Field(pattern=r"^https?://[^\s]+$")]
_Date = Annotated[str, Field(pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$")]
_STRICT = ConfigDict(extra="forbid", hide_input_in_errors=True)  # a key that is none is a secret all the same


@dataclass(frozen=True, kw_only=True, config=_STRICT)
class TestPoints:
    """What every list in working order lists, and what none does (RFC 5782 §5): a proof that it can be heard."""

    __test__ = False  # a name that pytest would take for a test

    listed: str
    not_listed: str


@dataclass(frozen=True, kw_only=True, config=_STRICT)
class Blocklist:
    """One list.

    ``codes`` are the documented answers: addresses (``127.0.0.4``), or bits of the last octet (``bit 8``) where the
    list combines them. ``refusals`` are answers in the same notation by which it refuses to be asked. A list with a
    ``key`` is for those who have one, and takes the place of the list at ``instead_of``.
    """

    name: Annotated[str, Field(min_length=1)]
    zone: _Zone
    takes: Annotated[tuple[Takes, ...], Field(min_length=1)]
    query_by_default: bool
    impact: Impact
    codes: Annotated[dict[_Answer, Meaning], Field(min_length=1)] = field(hash=False)
    refusals: tuple[_Answer, ...]
    test_points: TestPoints
    removal: Removal
    removal_url: _Link | None
    lookup_url: _Link | None
    as_of: _Date | None
    source_url: _Link
    key: Keyring | None = None
    instead_of: _Zone | None = None
    secret: _Label | None = field(default=None, repr=False)
    """The customer's key for ``KEY`` in the zone. Given by ``choose`` alone: it stands in no file, and in no repr."""

    def question(self, subject: str) -> str:
        """The name to ask for.

        The octets of an IPv4 address (RFC 5782 §2.1) and the nibbles of an IPv6 address (§2.4) are turned around; a
        domain (§3) stays as it is.

        Raises:
            ValueError: the list takes addresses and the subject is none.
        """
        zone = self.zone.replace(KEY, self.secret or KEY)
        if Takes.DOMAIN in self.takes:
            return f"{subject}.{zone}"
        return f"{ipaddress.ip_address(subject).reverse_pointer.rsplit('.', 2)[0]}.{zone}"

    def without_secret(self, text: str) -> str:
        """What the list said, as anybody may see it: some lists repeat the question in their reason."""
        return re.sub(re.escape(self.secret), "…", text, flags=re.IGNORECASE) if self.secret else text

    def refuses(self, answer: str) -> bool:
        """Whether the answer says that the list does not want to be asked from here."""
        return answer.startswith("127.255.255.") or bool(_notations(answer) & {*self.refusals})

    def meanings(self, answer: str) -> frozenset[Meaning]:
        """What a documented answer means; nothing if it is not documented."""
        return frozenset(meaning for code, meaning in self.codes.items() if code in _notations(answer))


def choose(lists: Iterable[Blocklist], keys: Mapping[Keyring, str]) -> tuple[Blocklist, ...]:
    """Choose the lists that are asked: those asked by default, and those there is a key for in place of the open ones.

    A key becomes part of every question: keep it out of evidence and logs.

    Raises:
        ValueError: a key cannot be part of a name.
    """
    keyed = [replace(each, secret=keys[each.key]) for each in lists if each.key and each.key in keys]
    replaced = {each.instead_of for each in keyed}
    return (*(each for each in lists if each.query_by_default and each.zone not in replaced), *keyed)


def _notations(answer: str) -> set[str]:
    """The ways in which a row may write an answer. Bits count only where all but the last octet are 127.0.0."""
    bits = int(answer.rsplit(".", 1)[1]) if answer.startswith("127.0.0.") else 0
    return {answer, *(f"{_BIT}{1 << place}" for place in range(8) if bits >> place & 1)}


class BadBlocklistsError(ValueError):
    """A file of blocklists cannot be used; the message names the file, the row and the field."""


_ROWS = TypeAdapter(tuple[Blocklist, ...])


def load(path: Path = SHIPPED) -> tuple[Blocklist, ...]:
    """Read a file of blocklists.

    Raises:
        BadBlocklistsError: it is none, or it names a list that has died.
    """
    try:
        raw = path.read_bytes()
        rows = _ROWS.validate_json(raw)
    except OSError as error:
        raise BadBlocklistsError(f"{path}: {error.strerror}") from error
    except ValidationError as error:
        mistake = error.errors(include_url=False)[0]
        raise BadBlocklistsError(f"{path}: {_where(mistake['loc'])}{mistake['msg']}") from error
    seen: set[str] = set()
    for number, row in enumerate(rows, 1):
        if trouble := _trouble(row, seen):
            raise BadBlocklistsError(f"{path}: row {number} ({row.name}): {trouble}")
        seen |= {row.name, row.zone}
    return rows


def _where(place: tuple[int | str, ...]) -> str:
    if not place:
        return ""
    number, *fields = place
    return f"row {int(number) + 1}: " + "".join(f"{part}: " for part in fields)


def _trouble(row: Blocklist, seen: set[str]) -> str | None:
    """Give what the types cannot say."""
    if twice := {row.name, row.zone} & seen:
        return f"{'zone' if row.zone in twice else 'name'}: is there twice"
    if died := next((zone for zone in dead() if f".{row.zone}".endswith(f".{zone}")), None):
        return f"zone: {died} has died: asking it lists nobody, or everybody"
    if (KEY in row.zone) != (row.key is not None) or (row.key is not None and row.query_by_default):
        return f"key: a zone with {KEY} names whose key it is and is not asked by default, and no other does"
    if row.secret is not None:
        return "secret: a key stands in the settings, where it is kept out of evidence"
    if Takes.DOMAIN in row.takes and len(row.takes) > 1:
        return "takes: a list takes domains or addresses, not both"
    if len({code.startswith(_BIT) for code in row.codes}) > 1:
        return "codes: addresses or bits, not both"
    for point in (row.test_points.listed, row.test_points.not_listed):
        try:
            row.question(point)
        except ValueError:
            return f"test_points: {point!r} is no address"
    return None


@cache
def dead() -> frozenset[str]:
    """The zones of lists that have ended."""
    return frozenset(TypeAdapter(list[str]).validate_python(json.loads(_DEAD.read_bytes())))
