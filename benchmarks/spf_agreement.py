"""Whether we and pyspf say the same of random SPF records: a second opinion beside the test suite of RFC 7208.

``python benchmarks/spf_agreement.py [CASES] [SEED]``

Each case is a small world of records, right and wrong ones, with aliases, loops and names that never answer, and one
sender. Kept out is where the two are meant to differ:

- the limit of void lookups, a SHOULD: pyspf counts questions where we count terms (RFC 7208 §4.6.4);
- silence about a name behind ``ptr``, which only costs that name (§5.5; pyspf: temperror), and about one of several
  hosts behind ``mx``, where we look at all before giving up;
- ``%{p}`` in several records, of which pyspf expands only the first;
- a record that includes itself, which pyspf refuses before evaluating it, and a redirect that is not followed, which it
  counts as a lookup (§6.1): those cases are counted apart.

Any other difference is printed and fails the run.
"""

from __future__ import annotations

import asyncio
import ipaddress
import random
import sys
import time
from collections import Counter
from dataclasses import dataclass
from typing import TypeVar, cast

import spf  # type: ignore[import-not-found,unused-ignore] # pyspf, of the group bench; it ships no types

from checks.network.answers import Answer, Mx, RecordType, Status, Trouble, Txt
from checks.records.spf import LOOKUP_LIMIT
from checks.spf_evaluation import Evaluation, check_host

T = TypeVar("T")

CASES = 20_000
SHOWN = 3
DOMAINS = tuple(f"d{n}.example.com" for n in range(6))
HOSTS = tuple(f"h{n}.example.net" for n in range(5))
ADDRESSES = ("192.0.2.1", "192.0.2.77", "198.51.100.9", "2001:db8::1", "2001:db8:0:1::9")
NAMES = (*DOMAINS, *HOSTS, "nothing.example.org", "silent.example.org", "alias.example.org", "circle.example.org")
TARGETS = (*NAMES, *NAMES, "%{d}", "%{i}.h.example.net", "%{ir}.%{v}.h.example.net", "%{l1r-}.%{o2}", "%{d2}.", "%{p}")
BROKEN = (
    "ipv4:192.0.2.1",
    "ip4:192.0.2",
    "ip4:192.0.2.0/33",
    "ip6:2001:db8::g",
    "include:",
    "include:localhost",
    "a:192.0.2.1",
    "all:x",
    "ptr/8",
    "exists:%{x}.example.com",
    "exp=a.example.com exp=b.example.com",
    "redirect=",
    "-",
)


@dataclass(frozen=True)
class Case:
    """A world, by name and type, and a sender. ``silent`` names never answer."""

    records: dict[tuple[str, str], list[object]]
    silent: frozenset[str]
    ip: str
    sender: str
    helo: str


def make(chance: random.Random) -> Case:
    """Make a case."""
    records: dict[tuple[str, str], list[object]] = {}
    for domain in DOMAINS:
        for _ in range(chance.choices((0, 1, 2), (1, 12, 1))[0]):
            record = _record(chance)
            text = record if domain == DOMAINS[0] else record.replace("%{p}", "%{d}")
            records.setdefault((domain, "TXT"), []).append(text)
    for name in (*DOMAINS, *HOSTS):
        addresses = chance.sample(ADDRESSES, chance.randint(0, 3))
        for address in addresses:
            records.setdefault((name, "AAAA" if ":" in address else "A"), []).append(address)
        if _likely(chance, 50):
            hosts = chance.sample(NAMES, chance.choices((1, 2, 11), (6, 6, 1))[0])
            records[name, "MX"] = [(preference, host) for preference, host in enumerate(hosts)]
    records["192.0.2.1.h.example.net", "A"] = ["127.0.0.2"]
    records["why.example.com", "TXT"] = [chance.choice(("Not %{i} for %{s}, %{h}", "see %{D}%_%{p}", "100% broken"))]
    records["alias.example.org", "CNAME"] = [chance.choice((*DOMAINS, *HOSTS, "silent.example.org"))]
    records["circle.example.org", "CNAME"] = ["circle.example.org"]
    ip = chance.choice(ADDRESSES)
    for name in chance.sample((*DOMAINS, *HOSTS), chance.randint(0, 3)):
        records.setdefault((_reverse(ip), "PTR"), []).append(name)
    silent = {"silent.example.org"} | ({chance.choice(DOMAINS)} if _likely(chance, 10) else set[str]())
    hushed = silent | ({"alias.example.org"} if records["alias.example.org", "CNAME"][0] in silent else set[str]())
    for (name, kind), values in records.items():
        if kind == "MX":
            records[name, kind] = [value for value in values if cast("tuple[int, str]", value)[1] not in hushed]
        elif kind == "PTR":
            records[name, kind] = [value for value in values if value not in hushed]
    local = chance.choice(("info", "first.last", "a-b-c", "x+y"))
    return Case(records, frozenset(silent), ip, f"{local}@{DOMAINS[0]}", "mail.example.net")


def _likely(chance: random.Random, percent: int) -> bool:
    return chance.randrange(100) < percent


def _record(chance: random.Random) -> str:
    terms = [_term(chance) for _ in range(chance.choices(range(1, 7), (2, 4, 4, 3, 2, 1))[0])]
    if _likely(chance, 6):
        terms.insert(chance.randrange(len(terms) + 1), chance.choice(BROKEN))
    if _likely(chance, 60):
        terms.append(chance.choice(("-all", "~all", "?all", "all")))
    if _likely(chance, 20):
        terms.insert(chance.randrange(len(terms) + 1), f"redirect={chance.choice(TARGETS)}")
    if _likely(chance, 30):
        terms.insert(chance.randrange(len(terms) + 1), f"exp={chance.choice(('why.example.com', *NAMES))}")
    if _likely(chance, 10):
        terms.insert(chance.randrange(len(terms) + 1), "moo=%{d}")
    return " ".join(("v=spf1", *terms))


def _term(chance: random.Random) -> str:
    qualifier = chance.choices(("", "+", "-", "~", "?"), (6, 1, 1, 1, 1))[0]
    name = chance.choice(("include", "include", "a", "mx", "ip4", "ip6", "exists", "ptr"))
    match name:
        case "ip4":
            value = chance.choice((":192.0.2.0/28", ":198.51.100.9", ":192.0.2.77/32"))
        case "ip6":
            value = chance.choice((":2001:db8::/64", ":2001:db8:0:1::9"))
        case "include" | "exists":
            value = f":{chance.choice(TARGETS)}"
        case "ptr":
            value = chance.choice(("", f":{chance.choice(DOMAINS)}", ":example.com"))
        case _:
            value = chance.choice(("", f":{chance.choice(TARGETS)}")) + chance.choice(
                ("", "", "/28", "//64", "/24//48")
            )
    return f"{qualifier}{name}{value}"


def _reverse(ip: str) -> str:
    return ipaddress.ip_address(ip).reverse_pointer


def _askable(name: str) -> bool:
    return all(0 < len(label) < 64 for label in name.split("."))  # noqa: PLR2004 - RFC 1035 §2.3.4


async def ours(case: Case) -> Evaluation:
    """Our result."""

    async def ask(name: str, kind: RecordType[T], /) -> Answer[T]:
        name = at = name.lower()
        if not _askable(name):
            return Answer(name=name, status=Status.UNKNOWN, trouble=Trouble.BAD_NAME)
        for _ in range(3):
            if at in case.silent:
                return Answer(name=name, status=Status.UNKNOWN, trouble=Trouble.TIMEOUT)
            if found := case.records.get((at, kind.name)):
                decoded = cast("tuple[T, ...]", tuple(_decoded(kind.name, value) for value in found))
                return Answer(name=name, status=Status.FOUND, records=decoded)
            if (at, "CNAME") not in case.records:
                break
            at = str(case.records[at, "CNAME"][0])
        return Answer(name=name, status=Status.NXDOMAIN)

    domain = case.sender.rpartition("@")[2]
    return await check_host(case.ip, domain, case.sender, case.helo, ask, void_limit=None)


def _decoded(kind: str, value: object) -> object:
    if kind == "TXT":
        return Txt((str(value).encode(),))
    return Mx(*cast("tuple[int, str]", value)) if kind == "MX" else value


def theirs(case: Case) -> tuple[str, str]:
    """The result of pyspf and its text: the explanation of a fail, what is wrong for an error."""

    def lookup(name: str, kind: str, *_: object) -> list[tuple[tuple[str, str], object]]:
        name = name.lower()
        if name in case.silent:
            raise spf.TempError("DNS timeout")
        if alias := case.records.get((name, "CNAME")):
            return [((name, "CNAME"), alias[0])]
        wrap = kind == "TXT"
        return [((name, kind), [str(v).encode()] if wrap else v) for v in case.records.get((name, kind), [])]

    spf.DNSLookup = lookup
    query = spf.query(i=case.ip, s=case.sender, h=case.helo, receiver="unknown", strict=True)
    query.set_default_explanation("")
    result, _, said = query.check()
    return str(result), str(said)


def redirects(case: Case, evaluation: Evaluation) -> int:
    """How many of the records that were evaluated hold a redirect."""
    visits = [evaluation.visited]
    for visit in visits:
        visits += visit.below
    return sum("redirect=" in str(case.records.get((visit.domain.lower(), "TXT"))) for visit in visits)


async def main(cases: int, seed: int) -> int:
    """Compare, print, and say how many differences there were."""
    spf.MAX_VOID_LOOKUPS = sys.maxsize
    chance = random.Random(seed)  # noqa: S311 - test data that can be made again
    results: Counter[str] = Counter()
    different = 0
    spent = [0.0, 0.0]
    for _ in range(cases):
        case = make(chance)
        started = time.perf_counter()
        mine = await ours(case)
        between = time.perf_counter()
        other, said = theirs(case)
        spent = [spent[0] + between - started, spent[1] + time.perf_counter() - between]
        if other == "permerror" and "trivial recursion" in said:
            results["includes itself"] += 1
            continue
        counted_more = "Too many DNS lookups" in said and mine.lookups + redirects(case, mine) > LOOKUP_LIMIT
        if mine.result != other and counted_more:
            results["redirect counted"] += 1
            continue
        results[str(mine.result)] += 1
        explained = other != "fail" or (mine.explanation or "").lower() == said.lower()
        if mine.result != other or not explained:
            different += 1
            if different <= SHOWN:
                print(f"we: {mine.result} {mine.explanation!r} {mine.failure}\npyspf: {other} {said!r}\n  {case}\n")
    print(f"{cases} cases, seed {seed}: {dict(results.most_common())}")
    print(f"different: {different}; we {spent[0]:.1f} s, pyspf {spent[1]:.1f} s")
    return different


if __name__ == "__main__":
    arguments = [int(argument) for argument in sys.argv[1:]]
    sys.exit(asyncio.run(main(*(arguments + [CASES, 1][len(arguments) :]))) > 0)
