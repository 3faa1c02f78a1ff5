"""What servers on the way noted in the headers: Authentication-Results (RFC 8601) and ARC sets (RFC 8617).

Claims and nothing more: a field may be forged, and only that of the recipient's own server is worth its name. Servers
add their fields at the top, so the first server named is taken for the recipient's.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

METHODS: Final = ("spf", "dkim", "dmarc")
RESULTS: Final = frozenset(
    {"pass", "fail", "softfail", "neutral", "none", "policy", "temperror", "permerror", "hardfail", "bestguesspass"}
)
"""Result words of RFC 8601 §2.7, and two that big providers use beside them."""
MOST_CLAIMS: Final = 40
MOST_ARC_SETS: Final = 50
"""More are not allowed (RFC 8617 §4.2.1)."""

_SERVER: Final = re.compile(r"[A-Za-z0-9_.-]{1,253}")
_RESULT: Final = re.compile(r"([A-Za-z0-9-]{1,40})(?:\s*/\s*\d+)?\s*=\s*([A-Za-z]{1,40})(?=\s|\Z)")
_PROPERTY: Final = re.compile(r"([a-z]{1,20}\.[A-Za-z0-9_-]{1,40})\s*=\s*(?:\"([^\"]{0,400})\"|(\S{1,400}))")
_ARC_TAG: Final = re.compile(r"(?:^|;)\s*(i|cv|d)\s*=\s*([^;\s]{1,253})")
_ARC_FIELDS: Final = frozenset({"arc-seal", "arc-message-signature", "arc-authentication-results"})


@dataclass(frozen=True, kw_only=True)
class Claim:
    """One result that ``server`` noted; properties like ``smtp.mailfrom`` or ``header.d`` in lower case names."""

    server: str
    method: str
    result: str
    properties: tuple[tuple[str, str], ...] = ()

    def get(self, *names: str) -> str | None:
        """The value of the first of these properties that is there."""
        found = dict(reversed(self.properties))
        return next((found[name] for name in names if name in found), None)


def authentication_results(texts: Iterable[str]) -> tuple[Claim, ...]:
    """Read the fields, newest first, of the server that stands in the first of them (RFC 8601 §2.2)."""
    found: list[Claim] = []
    server = None
    for text in texts:
        first, *rest = _without_comments(text).split(";")
        named = _SERVER.match(first.strip())
        name = named[0].lower() if named else ""
        if "=" in first:  # some servers leave their name out
            name, rest = "", [first, *rest]
        if server is None:
            server = name
        if name == server:
            found += _claims(name, rest)
    return tuple(found[:MOST_CLAIMS])


def _claims(server: str, parts: Iterable[str]) -> Iterator[Claim]:
    for part in parts:
        result = _RESULT.match(part.strip())
        if result is None or result[1].lower() not in METHODS or result[2].lower() not in RESULTS:
            continue
        properties = tuple((each[1].lower(), each[2] or each[3]) for each in _PROPERTY.finditer(part))
        yield Claim(server=server, method=result[1].lower(), result=result[2].lower(), properties=properties)


def _without_comments(text: str) -> str:
    """Drop what stands in parentheses, however deep (RFC 5322 §3.2.2)."""
    kept: list[str] = []
    depth = 0
    for piece in re.split(r"([()])", text):
        if piece == "(":
            depth += 1
        elif piece == ")":
            depth = max(0, depth - 1)
        elif not depth:
            kept.append(piece)
    return " ".join(kept)


@dataclass(frozen=True, kw_only=True)
class ArcSet:
    """One ARC set: ``sealer`` (``d=`` of the seal) and ``chain`` (``cv=``) as claimed, ``fields`` how many it has."""

    instance: int
    sealer: str | None
    chain: str | None
    fields: tuple[str, ...]

    @property
    def complete(self) -> bool:
        """Whether each of the three fields is there once (RFC 8617 §4.2)."""
        return len(self.fields) == len(_ARC_FIELDS) == len(set(self.fields))


def arc_sets(fields: Iterable[tuple[str, str]]) -> tuple[ArcSet, ...]:
    """Gather the sets by instance, oldest first; a field without a number is passed over."""
    names: dict[int, list[str]] = {}
    seals: dict[int, dict[str, str]] = {}
    for name, text in fields:
        if name not in _ARC_FIELDS:
            continue
        tags = {each[1]: each[2] for each in _ARC_TAG.finditer(text)}
        if re.fullmatch(r"[0-9]{1,4}", tags.get("i", "")) is None:
            continue
        instance = int(tags["i"])
        names.setdefault(instance, []).append(name)
        if name == "arc-seal":
            seals[instance] = tags
    return tuple(
        ArcSet(
            instance=instance,
            sealer=seals.get(instance, {}).get("d"),
            chain=seals.get(instance, {}).get("cv"),
            fields=tuple(names[instance]),
        )
        for instance in sorted(names)[: MOST_ARC_SETS + 1]
    )


def chain_broken(sets: tuple[ArcSet, ...]) -> bool:
    """Whether the chain fails by its own words: a gap, a field missing or doubled, too many, or ``cv=fail`` (§5.2)."""
    numbers = [each.instance for each in sets]
    whole = numbers == list(range(1, len(sets) + 1)) and len(sets) <= MOST_ARC_SETS
    return not whole or any(not each.complete for each in sets) or sets[-1].chain not in {"pass", "none"}
