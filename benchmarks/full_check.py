"""One full check of a healthy domain: wall time and questions beside the computed floor; then many at once.

``python benchmarks/full_check.py [STEP ...]``

Without steps, every check there is; with them, those alone: figures of different days compare only for the same steps.

The floor is the longest chain of questions: eight round trips with the SMTP conversation (MX, A, connect, greeting,
EHLO, STARTTLS, TLS 1.3, EHLO), four without. The small internet runs in a process of its own and charges the delay per
round trip, the handshake of TCP included; its servers show ECDSA certificates on P-256. It shares the machine, so what
it needs for its side of a handshake is in the figures; the best of the rounds is the one that the least else disturbed.
"""

from __future__ import annotations

import asyncio
import os
import statistics
import sys
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from _internet import far

from bot.settings import Settings
from checks import ALL
from checks.case import Case, Target
from checks.check import Severity
from checks.network import Inquiry, Network
from checks.triage import steps, triage

CASE = Case(target=Target(domain="healthy.example"), selector="s1")
WITH_SMTP, WITHOUT_SMTP = 8, 4
ROUNDS = 25
AT_ONCE = (1, 10, 50, 200)
GOING: int = Settings.model_fields["mailcheck_runs_at_once"].default
"""As in the bot, the others wait for their turn."""
SHOWN = 3


@dataclass(frozen=True)
class Run:
    """One run. ``told`` and ``untold`` count the codes it came to; ``cpu`` is that of this process, in seconds."""

    seconds: float
    cpu: float
    told: Counter[str]
    untold: Counter[str]
    inquiry: Inquiry


async def check(network: Network, only: Sequence[str]) -> Run:
    """Run once."""
    inquiry = Inquiry(network)
    told: Counter[str] = Counter()
    untold: Counter[str] = Counter()
    started, cpu = time.perf_counter(), time.process_time()
    async for result in triage(CASE, steps(CASE, ALL, only), inquiry):
        for finding in result.outcome.findings:
            (untold if finding.severity is Severity.UNKNOWN else told)[finding.code] += 1
    run = Run(time.perf_counter() - started, time.process_time() - cpu, told, untold, inquiry)
    await inquiry.close()
    return run


async def in_turn(turns: asyncio.Semaphore, network: Network, only: Sequence[str]) -> Run:
    """Run when it may begin."""
    async with turns:
        return await check(network, only)


def without_visits(only: Sequence[str], run: Run) -> tuple[str, ...]:
    """The steps that ask nothing but DNS, and need none that does."""
    visiting = {name for each in run.inquiry.evidence() if each.kind != "dns" for name in each.asked_by}
    chosen = steps(CASE, ALL, only)
    while more := {step.name for step in chosen if visiting & {need.name for need in step.needs}} - visiting:
        visiting |= more
    return tuple(step.name for step in chosen if step.name not in visiting)


async def alone(delay: float, only: Sequence[str]) -> None:
    """Measure one check at a time."""
    async with far(delay) as there, Network(servers=there.servers, guard=there.guard, trust=[there.ca_file]) as network:
        quiet = without_visits(only, await check(network, only))
        for label, chosen, trips in (("with visits", only, WITH_SMTP), ("DNS alone", quiet, WITHOUT_SMTP)):
            if label == "DNS alone" and not quiet:
                continue
            runs = [await check(network, chosen) for _ in range(ROUNDS)]
            best, middle = min(run.seconds for run in runs), statistics.median(run.seconds for run in runs)
            cpu = statistics.median(run.cpu for run in runs)
            questions = [each.question for each in runs[-1].inquiry.evidence() if each.kind == "dns"]
            assert len(questions) == len(set(questions)), "a question was asked twice"
            floor = trips * delay
            ratios = f"{best / floor:5.2f} {middle / floor:7.2f}" if floor else "    -       -"
            print(
                f"{delay * 1000:5.0f} {label:<12} {runs[-1].inquiry.questions:9} {floor * 1000:9.0f} "
                f"{best * 1000:8.1f} {middle * 1000:7.1f} {cpu * 1000:7.1f}  {ratios}"
            )


async def together(delay: float, only: Sequence[str]) -> None:
    """Measure many checks at once. Whatever one of them states, and one alone does not, is false.

    What could not be told is counted apart: it accuses nobody, and says that this machine was too busy.
    """
    async with far(delay) as there, Network(servers=there.servers, guard=there.guard, trust=[there.ca_file]) as network:
        first = await check(network, only)
        for label, chosen in (("with visits", only), ("DNS alone", without_visits(only, first))):
            expected = await check(network, chosen)
            for count in AT_ONCE:
                turns = asyncio.Semaphore(GOING)
                cpu, started = time.process_time(), time.perf_counter()
                runs = await asyncio.gather(*(in_turn(turns, network, chosen) for _ in range(count)))
                wall, cpu = time.perf_counter() - started, time.process_time() - cpu
                false, untold = Counter[str](), Counter[str]()
                for run in runs:
                    false += run.told - expected.told
                    untold += run.untold - expected.untold
                shown = ", ".join(code for code, _ in (false + untold).most_common(SHOWN))
                print(
                    f"{label:<12} {count:7} {count / wall * 60:12.0f} {count / cpu * 60:18.0f} "
                    f"{false.total():15} {untold.total():9} {shown}"
                )


def main(only: Sequence[str]) -> None:
    """Print both tables."""
    print(f"load of the machine: {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
    print("delay steps        questions  floor ms  best ms  median  CPU ms  ratio  median")
    for delay in (0.0, 0.02):
        asyncio.run(alone(delay, only))
    print(f"\n20 ms, and at most {GOING} going")
    print("             at once   checks/min   checks/CPU minute  false findings  not told")
    asyncio.run(together(0.02, only))


if __name__ == "__main__":
    main(sys.argv[1:])
