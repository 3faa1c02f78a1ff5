"""Many runs at once in one process: what they share, and that our own load is nobody's fault."""

from __future__ import annotations

import asyncio
from collections import Counter

from bot.sandbox.internet import Internet, World
from bot.sandbox.smtp import MailHost
from checks import dane, mx, receiving
from checks.check import Result
from checks.network import Guard, Inquiry, Network, Trouble
from checks.triage import triage
from tests.checks.scenario import NETWORKS, about, authority

RUNS = 200
HOSTS = ("mx.example.com", "mx2.example.com")
ADDRESSES = ("192.0.2.25", "192.0.2.26")
RECORDS = "".join(f"example.com MX 10 {host}\n{host} A {ip}\n" for host, ip in zip(HOSTS, ADDRESSES, strict=True))
CHECKS = (mx.CHECK, receiving.CHECK, dane.CHECK)


async def run(network: Network) -> tuple[list[Result], Inquiry]:
    inquiry = Inquiry(network)
    results = [each async for each in triage(about("example.com"), CHECKS, inquiry, deadline=300.0)]
    await inquiry.close()
    return results, inquiry


async def test_two_hundred_runs_at_once_find_what_one_finds_and_keep_no_server_busy() -> None:
    mail = tuple(MailHost(name=host, address=ip) for host, ip in zip(HOSTS, ADDRESSES, strict=True))
    world = World(records=RECORDS, mail=mail)
    async with Internet(world, authority=authority()) as internet:
        guard = Guard.of(NETWORKS, dial=internet.dial_map)
        async with Network(servers=internet.dns_servers, guard=guard, trust=[internet.ca_file]) as network:
            alone, _ = await run(network)
            before = len(internet.smtp_log.conversations)
            many = await asyncio.gather(*(run(network) for _ in range(RUNS)))
            held = len(internet.smtp_log.conversations) - before
            most = [internet.smtp_log.most_at_once(address) for address in ADDRESSES]
    expected = Counter(finding.code for result in alone for finding in result.outcome.findings)
    assert {each.check.name for each in alone} == {"mx", "receiving", "dane"}
    found = [Counter(finding.code for result in results for finding in result.outcome.findings) for results, _ in many]
    assert [each for each in found if each != expected] == []
    assert most == [1, 1]
    assert held <= RUNS * len(HOSTS) / 2
    talks = [each for _, inquiry in many for each in inquiry.evidence() if each.kind == "smtp"]
    assert len(talks) == RUNS * len(HOSTS)
    troubles = {trouble.value.upper() for trouble in Trouble}
    assert not [line for each in talks for line in each.answer if line.partition(" ")[0] in troubles]
