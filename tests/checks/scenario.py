"""Worlds for the tests of the checks: what there is in the internet, and what a check must say of it.

A scenario names every code the check must state; any other is a failure, so each scenario is also a world where the
other codes must not be raised. ``untested`` says which codes of a check no scenario raises.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from bot.run import Language
from bot.sandbox.certificates import Authority
from bot.sandbox.internet import Endpoint, Internet, World
from bot.wording import Wording
from checks.case import Case, Target, domain_name
from checks.check import Check, Finding, Result, Severity
from checks.network import Evidence, Guard, Inquiry, Network
from checks.triage import DEADLINE, triage

NETWORKS = ("192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24", "2001:db8::/32")
"""Where the servers of a world may live (RFC 5737, RFC 3849)."""


@dataclass(frozen=True, kw_only=True)
class Seen:
    """What one check stated, with what the whole run asked and heard."""

    findings: tuple[Finding, ...]
    facts: Any
    evidence: tuple[Evidence, ...]
    queries: tuple[tuple[str, str], ...]
    """Name and type of every DNS question that arrived, resends included."""
    internet: Internet

    @property
    def codes(self) -> set[str]:
        """The codes stated."""
        return {finding.code for finding in self.findings}

    @property
    def verdict(self) -> Severity:
        """The worst of the findings."""
        return max(finding.severity for finding in self.findings)

    def one(self, code: str) -> Any:  # noqa: ANN401 - a test reads the parameters of any code
        """The only finding with this code."""
        (finding,) = (finding for finding in self.findings if finding.code == code)
        return finding


@dataclass(frozen=True, kw_only=True)
class Scenario:
    """A world, the case asked about in it, and exactly the codes to be stated.

    ``dial`` sends connections for some endpoints elsewhere than the world does.
    """

    name: str
    world: World
    codes: frozenset[str]
    case: Case = field(default_factory=lambda: about("example.com"))
    dial: Mapping[Endpoint, Endpoint] = field(default_factory=dict[Endpoint, Endpoint])

    def __str__(self) -> str:
        """The name, as the id of the test."""
        return self.name


def says(*codes: str) -> frozenset[str]:
    """The codes of a scenario."""
    return frozenset(codes)


def about(target: str, **hints: Any) -> Case:  # noqa: ANN401 - the fields of Case
    """A case about a domain or an address."""
    numeric = ":" in target or target.replace(".", "").isdigit()
    return Case(target=Target(address=target) if numeric else Target(domain=domain_name(target)), **hints)


class _Redirected(Mapping[Endpoint, Endpoint]):
    """Some endpoints elsewhere, the others as the world has them."""

    def __init__(self, elsewhere: Mapping[Endpoint, Endpoint], world: Mapping[Endpoint, Endpoint]) -> None:
        self._elsewhere = elsewhere
        self._world = world

    def __getitem__(self, endpoint: Endpoint) -> Endpoint:
        return self._elsewhere[endpoint] if endpoint in self._elsewhere else self._world[endpoint]

    def __iter__(self) -> Iterator[Endpoint]:
        return iter({**self._elsewhere, **self._world})

    def __len__(self) -> int:
        return len({**self._elsewhere, **self._world})


@cache
def authority() -> Authority:
    """The one authority of all worlds: making one takes longer than most scenarios."""
    return Authority()


async def look_all(
    world: World,
    case: Case,
    checks: Iterable[Check[Any]],
    *,
    dial: Mapping[Endpoint, Endpoint] | None = None,
    deadline: float = DEADLINE,
    delay: float = 0.0,
) -> dict[str, Seen]:
    """Run checks in a world; what each saw, by its name."""
    async with Internet(world, authority=authority(), delay=delay) as internet:
        guard = Guard.of(NETWORKS, dial=_Redirected(dial or {}, internet.dial_map))
        async with Network(servers=internet.dns_servers, guard=guard, trust=[internet.ca_file]) as network:
            inquiry = Inquiry(network)
            try:
                results: list[Result] = [each async for each in triage(case, [*checks], inquiry, deadline=deadline)]
            finally:
                await inquiry.close()
            evidence = inquiry.evidence()
    queries = tuple((query.name, query.rdtype) for query in internet.queries)
    return {
        each.check.name: Seen(
            findings=each.outcome.findings,
            facts=each.outcome.facts,
            evidence=evidence,
            queries=queries,
            internet=internet,
        )
        for each in results
    }


async def look(world: World, case: Case, check: Check[Any], *, dial: Mapping[Endpoint, Endpoint] | None = None) -> Seen:
    """Run one check, and those it needs, in a world."""
    return (await look_all(world, case, [check], dial=dial))[check.name]


async def play(scenario: Scenario, check: Check[Any]) -> Seen:
    """Run a scenario and hold the check to it: the right codes, resting on evidence, with words for them."""
    seen = await look(scenario.world, scenario.case, check, dial=scenario.dial)
    assert seen.codes == scenario.codes, [*seen.findings, *seen.evidence]
    numbers = {each.number for each in seen.evidence}
    assert all(number in numbers for finding in seen.findings for number in finding.evidence)
    speak(seen.findings)
    return seen


def speak(findings: Iterable[Finding]) -> None:
    """Say findings in every language; a text that is missing or cannot be filled raises."""
    for language in Language:
        wording = Wording(language, strict=True)
        for finding in findings:
            for part in (wording.title, wording.detail, wording.fix, wording.paste):
                part(finding)


def untested(check: Check[Any], scenarios: Iterable[Scenario]) -> set[str]:
    """The codes of a check that no scenario raises, or that every scenario raises."""
    raised = [scenario.codes for scenario in scenarios]
    declared = {code.code for code in check.findings}
    return {
        code for code in declared if not any(code in each for each in raised) or all(code in each for each in raised)
    }
