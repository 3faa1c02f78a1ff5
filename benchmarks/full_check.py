"""One full check of a healthy domain: wall time and questions beside the computed floor; then many at once.

The floor is the longest chain of questions: eight round trips with the SMTP conversation (MX, A, connect, greeting,
EHLO, STARTTLS, TLS 1.3, EHLO), four without. The small internet runs in a process of its own and charges the delay per
round trip.
"""

from __future__ import annotations

import asyncio
import statistics
import time
from collections import Counter

from _internet import far

from checks import ALL
from checks.case import Case, Target
from checks.check import Severity
from checks.network import Inquiry, Network
from checks.triage import steps, triage

CASE = Case(target=Target(domain="healthy.example"), selector="s1")
WITH_SMTP, WITHOUT_SMTP = 8, 4
VISITING = frozenset({"mta_sts", "tls_rpt", "dane", "receiving"})
"""Steps that visit servers, or need one that does: a server takes one conversation at a time, so they wait in line."""
ROUNDS = 15
AT_ONCE = (1, 10, 50, 200)


async def check(network: Network, only: tuple[str, ...] = ()) -> tuple[float, Inquiry, Counter[str]]:
    """Run once: seconds, the inquiry, and the verdicts."""
    inquiry = Inquiry(network)
    started = time.perf_counter()
    verdicts: Counter[str] = Counter()
    async for result in triage(CASE, steps(CASE, ALL, only), inquiry):
        verdicts[result.verdict.name] += 1
    seconds = time.perf_counter() - started
    await inquiry.close()
    return seconds, inquiry, verdicts


async def alone(delay: float) -> None:
    """Measure one check at a time."""
    dns_only = tuple(step.name for step in steps(CASE, ALL) if step.name not in VISITING)
    async with far(delay) as there, Network(servers=there.servers, guard=there.guard, trust=[there.ca_file]) as network:
        await check(network)
        for label, only, trips in (("all steps", (), WITH_SMTP), ("DNS steps", dns_only, WITHOUT_SMTP)):
            runs = [await check(network, only) for _ in range(ROUNDS)]
            middle = statistics.median(seconds for seconds, _, _ in runs)
            inquiry = runs[-1][1]
            questions = [e.question for e in inquiry.evidence() if e.kind == "dns"]
            assert len(questions) == len(set(questions)), "a question was asked twice"
            floor = trips * delay
            ratio = f"{middle / floor:5.2f}" if floor else "    -"
            print(
                f"{delay * 1000:5.0f} {label:<10} {len(questions):9} {floor * 1000:9.0f} {middle * 1000:9.1f} {ratio}"
            )


async def together(delay: float) -> None:
    """Measure many checks at once."""
    async with far(delay) as there, Network(servers=there.servers, guard=there.guard, trust=[there.ca_file]) as network:
        quiet = tuple(step.name for step in steps(CASE, ALL) if step.name not in VISITING)
        await check(network, quiet)
        for count in AT_ONCE:
            cpu, started = time.process_time(), time.perf_counter()
            runs = await asyncio.gather(*(check(network, quiet) for _ in range(count)))
            wall, cpu = time.perf_counter() - started, time.process_time() - cpu
            false = sum(
                number
                for _, _, verdicts in runs
                for name, number in verdicts.items()
                if Severity[name] > Severity.NOTICE
            )
            print(f"{count:7} {count / wall * 60:12.0f} {count / cpu * 60:15.0f} {false:15}")


def main() -> None:
    """Print both tables."""
    print("delay steps      questions  floor ms   wall ms  ratio")
    for delay in (0.0, 0.02):
        asyncio.run(alone(delay))
    print("\nat once  checks/min  checks/min/core  false findings   (DNS steps, 20 ms)")
    asyncio.run(together(0.02))


if __name__ == "__main__":
    main()
