"""Whether we and checkdmarc come to the same DMARC policy for generated records: a second opinion.

``python benchmarks/dmarc_agreement.py [CASES] [SEED]``

Each case is a domain of the sandbox with a record, right or wrong, asked about directly or by a name below it. Compared
is where the record was found and the policy in effect; whatever differs is printed with both answers. Nothing fails:
checkdmarc calls many records invalid that a receiver of RFC 9989 applies with its defaults, and that is the point.
"""

from __future__ import annotations

import asyncio
import importlib
import random
import sys
from collections import Counter
from collections.abc import Mapping
from typing import cast

import dns.resolver

from bot.sandbox.internet import Internet, World
from checks import dmarc
from checks.case import Case, Target
from checks.network import Inquiry, Network
from checks.triage import triage

_CHECKDMARC = importlib.import_module("checkdmarc.dmarc")
"""Of the group bench, and without types that a checker could see."""

CASES = 30
SEED = 9989
LOWER = {"reject": "quarantine", "quarantine": "none", "none": "none"}
VERSIONS = ("v=DMARC1", "v=DMARC1", "v=DMARC1", "v=DMARC1", "v = DMARC1", "v=dmarc1", "v=DMARC12")
POLICIES = ("p=none", "p=quarantine", "p=reject", "p=reject", "P=REJECT", "p=block", "")
OTHERS = (
    "sp=none",
    "sp=reject",
    "sp=bad",
    "np=reject",
    "t=y",
    "pct=20",
    "adkim=s",
    "aspf=x",
    "fo=1",
    "ri=1",
    "psd=n",
    "x=y",
)

Said = tuple[str | None, str | None]
"""Where the record was found, and the policy in effect."""


def generated(number: int, chance: random.Random) -> tuple[str, str]:
    """A domain with its records, and the name to ask about."""
    name = f"d{number}.example"
    report = chance.choice((f"rua=mailto:d@{name}", f"rua=mailto:d@{name}", f"rua=d@{name}", ""))
    tags = [chance.choice(VERSIONS), chance.choice(POLICIES), *chance.sample(OTHERS, chance.randrange(3)), report]
    text = "; ".join(tag for tag in tags if tag)
    records = f"{name} MX 1 mx.{name}\nmx.{name} A 192.0.2.1\nsub.{name} A 192.0.2.2\n_dmarc.{name} TXT {text}\n"
    return records, chance.choice((name, f"sub.{name}"))


async def ours(network: Network, name: str) -> Said:
    """What we come to."""
    inquiry = Inquiry(network)
    try:
        async for result in triage(Case(target=Target(domain=name)), [dmarc.CHECK], inquiry):
            facts: dmarc.DmarcFacts | None = result.outcome.facts
            if facts is not None and facts.policy is not None:
                return facts.source, facts.policy
    finally:
        await inquiry.close()
    return None, None


def theirs(port: int, name: str) -> Said:
    """What checkdmarc comes to: it gives the tags, the rest is read off them."""
    resolver = dns.resolver.Resolver(configure=False)
    resolver.nameservers, resolver.port = ["127.0.0.1"], port
    result = _CHECKDMARC.check_dmarc(name, resolver=resolver)
    if not result["valid"]:
        return None, None
    tags = cast("Mapping[str, Mapping[str, str]]", result["tags"])
    policy = tags["p" if result["location"] == name else "sp"]["value"]
    return result["location"], LOWER[policy] if tags["t"]["value"] == "y" else policy


async def main(cases: int = CASES, seed: int = SEED) -> None:
    """Generate, ask both, and print what differs."""
    chance = random.Random(seed)  # noqa: S311 - no secret
    made = [generated(number, chance) for number in range(cases)]
    tally: Counter[str] = Counter()
    async with (
        Internet(World(records="".join(records for records, _ in made))) as internet,
        Network(servers=internet.dns_servers) as network,
    ):
        for records, name in made:
            here = await ours(network, name)
            there = await asyncio.to_thread(theirs, internet.dns_servers[0][1], name)
            tally["same" if here == there else "different"] += 1
            if here != there:
                print(f"{name}: {records.splitlines()[-1]}\n    ours {here}, checkdmarc {there}")
    print(dict(tally))


if __name__ == "__main__":
    asyncio.run(main(*(int(word) for word in sys.argv[1:3])))
