"""What is known about DNS hosting companies: ``data/dns_hosts.json``, one row a company.

Who has to change a record first has to know where. The names of a zone's name servers, or the primary server in its SOA
record, tell which company keeps the zone. A row has the page where records are edited, or that explains it, only where
its source showed that page; a maintainer refreshes a fact by editing its row and ``as_of``.

In a pattern ``<n>`` stands for digits and ``<x>`` for one letter. A pattern stands for its own name and all names below
it; the longest that fits wins.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Annotated, Literal

from pydantic import ConfigDict, Field, TypeAdapter
from pydantic.dataclasses import dataclass

_SHIPPED = Path(__file__).parent / "data" / "dns_hosts.json"

_Pattern = Annotated[str, Field(pattern=r"^[a-z0-9<>-]+(\.[a-z0-9<>-]+)+$")]
_Link = Annotated[str, Field(pattern=r"^https?://[^\s<>]+$")]
_Name = Annotated[str, Field(min_length=1, max_length=80)]
_Date = Annotated[str, Field(pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$")]


@dataclass(frozen=True, kw_only=True, config=ConfigDict(extra="forbid"))
class DnsHost:
    """One company.

    ``ns`` and ``soa`` are patterns of name servers and of the primary server in SOA records. ``page`` is where records
    are edited or how to do it, in ``page_language``; ``None`` where no page is proven.
    """

    id: _Name
    name: _Name
    name_ja: _Name | None = None
    ns: tuple[_Pattern, ...]
    soa: tuple[_Pattern, ...] = ()
    page: _Link | None = None
    page_language: Literal["en", "ja"] | None = None
    source_url: _Link | None
    as_of: _Date | None

    @property
    def shown(self) -> str:
        """The name as anybody recognises it, in whatever language."""
        return self.name if self.name_ja is None else f"{self.name} / {self.name_ja}"


@cache
def shipped() -> tuple[DnsHost, ...]:
    """All companies that are known."""
    return TypeAdapter(tuple[DnsHost, ...]).validate_json(_SHIPPED.read_bytes())


def recognised(name_servers: Iterable[str], primary: str | None = None) -> DnsHost | None:
    """The company that keeps a zone, by its name servers; by the primary server of its SOA record if they tell nothing.

    ``None`` if nobody is known, or if the name servers are those of several companies.
    """
    votes = Counter(host for name in name_servers if (host := _closest(name, soa=False)) is not None)
    if len(votes) == 1:
        return next(iter(votes))
    return None if votes or primary is None else _closest(primary, soa=True)


def _closest(name: str, *, soa: bool) -> DnsHost | None:
    fits = [
        (len(pattern), host)
        for host in shipped()
        for pattern in (host.soa or host.ns if soa else host.ns)
        if _matcher(pattern).search(name.lower().removesuffix("."))
    ]
    return max(fits, key=lambda fit: fit[0])[1] if fits else None


@cache
def _matcher(pattern: str) -> re.Pattern[str]:
    spelled = re.escape(pattern).replace(re.escape("<n>"), "[0-9]+").replace(re.escape("<x>"), "[a-z]")
    return re.compile(rf"(?:\A|\.){spelled}\Z")
