"""The life of a run: each step kept as it ends, an end for every run, and crashes in between."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import aclosing
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from bot import runs as module
from bot.history import History, Tell, new_run_id
from bot.run import TERMINAL, Place, Record, Run, State
from bot.runs import TOO_OLD, Runs
from bot.sandbox.dns import Delay
from bot.sandbox.internet import Internet, World
from bot.schema import HistoryError
from checks.case import Case, Target
from checks.causes import Cause, Remedy
from checks.check import Check, Desk, Finding, Outcome, Severity
from checks.network import Network
from checks.network.answers import TXT

PLACE = Place(team="T1", channel="C1")
NOBODY = ("127.0.0.1", 9)  # no name server: questions end unanswered


class SampleFine(Finding, severity=Severity.OK):
    """All is well."""


class SampleBad(Finding, severity=Severity.PROBLEM, cause=Cause.DOMAIN_AUTH):
    """Mail is refused."""


def check(name: str, run: Callable[[Desk], Awaitable[Outcome[bool]]]) -> Check[bool]:
    return Check(name=name, remedy=Remedy.DNS, findings=(SampleFine, SampleBad), run=run)


async def fine(_desk: Desk) -> Outcome[bool]:
    return Outcome(facts=True, findings=(SampleFine(),))


async def bad(_desk: Desk) -> Outcome[bool]:
    return Outcome(facts=True, findings=(SampleBad(),))


FINE, BAD = check("mx", fine), check("spf", bad)


@dataclass
class Gate:
    """A check that ends when it may, and counts how often it ran and how many run at once."""

    name: str = "dkim"
    started: int = 0
    now: int = 0
    most: int = 0

    def __post_init__(self) -> None:
        self.open = asyncio.Event()
        self.changed = asyncio.Condition()
        self.check = check(self.name, self._run)

    async def _run(self, _desk: Desk) -> Outcome[bool]:
        self.started += 1
        self.now += 1
        self.most = max(self.most, self.now)
        async with self.changed:
            self.changed.notify_all()
        try:
            await self.open.wait()
        finally:
            self.now -= 1
        return Outcome(facts=True, findings=(SampleFine(),))

    async def until_started(self, count: int) -> None:
        async with self.changed, asyncio.timeout(10):
            await self.changed.wait_for(lambda: self.started >= count)


def a_run(
    *checks: Check[bool], place: Place = PLACE, user: str = "U1", age: float = 0.0, domain: str = "example.com"
) -> Run:
    now = time.time() - age
    return Run(
        id=new_run_id(now),
        case=Case(target=Target(domain=domain)),
        asked_by=user,
        place=place,
        language=None,
        asked_at=now,
        version="test",
        steps=tuple(each.name for each in checks),
    )


@pytest.fixture
async def network() -> AsyncIterator[Network]:
    async with Network(servers=[NOBODY]) as made:
        yield made


@pytest.fixture
def gate() -> Gate:
    return Gate()


@pytest.fixture
async def history(tmp_path: Path, gate: Gate) -> AsyncIterator[History]:
    made = await History.open(tmp_path / "history.sqlite", (FINE, BAD, gate.check))
    yield made
    await made.close()


@pytest.fixture
def runs(history: History, network: Network, gate: Gate) -> Runs:
    return Runs(history, network, (FINE, BAD, gate.check), deadline=10.0, at_once=2)


async def loaded(history: History, run: Run) -> Record:
    record = await history.load(run.id)
    assert record is not None
    return record


async def test_every_step_is_kept_as_it_ends_and_the_run_has_an_end(history: History, runs: Runs) -> None:
    run = a_run(FINE, BAD)
    await history.accept(run)
    async with aclosing(runs.carry_out(run)) as results:
        async for result in results:
            steps = (await loaded(history, run)).steps
            assert result.check.name in {step.check for step in steps}
    record = await loaded(history, run)
    assert (record.state, record.verdict) == (State.DONE, Severity.PROBLEM)
    assert record.diagnosis is not None
    assert [suspect.cause for suspect in record.diagnosis.suspects] == [Cause.DOMAIN_AUTH]


async def test_the_evidence_of_a_run_is_kept_once(history: History, network: Network) -> None:
    async def asks(desk: Desk) -> Outcome[bool]:
        await desk.dns("example.com", TXT, patience=0.2)
        return await fine(desk)

    first, second = check("mx", asks), check("spf", asks)
    run = a_run(first, second)
    await history.accept(run)
    asking = Runs(history, network, (first, second), deadline=5.0, at_once=1)
    async with aclosing(asking.carry_out(run)) as results:
        assert len([result async for result in results]) == 2
    [evidence] = (await loaded(history, run)).evidence
    assert set(evidence.asked_by) == {"mx", "spf"}


async def test_evidence_knows_a_check_that_used_it_after_it_was_kept(history: History, network: Network) -> None:
    asked_before = asyncio.Event()

    async def asks(desk: Desk) -> Outcome[bool]:
        await desk.dns("example.com", TXT, patience=0.2)
        return await fine(desk)

    async def asks_later(desk: Desk) -> Outcome[bool]:
        await asked_before.wait()
        return await asks(desk)

    first, second = check("mx", asks), check("spf", asks_later)
    run = a_run(first, second)
    await history.accept(run)
    asking = Runs(history, network, (first, second), deadline=5.0, at_once=1)
    async with aclosing(asking.carry_out(run)) as results:
        async for _ in results:
            asked_before.set()
    [evidence] = (await loaded(history, run)).evidence
    assert evidence.asked_by == ("mx", "spf")


async def test_a_question_that_its_check_did_not_wait_for_is_kept_too(history: History) -> None:
    questions: set[asyncio.Task[object]] = set()

    async def asks_and_leaves(desk: Desk) -> Outcome[bool]:
        questions.add(asyncio.create_task(desk.dns("slow.example", TXT)))
        await asyncio.sleep(0)  # the question is on its way
        return await fine(desk)

    async def waits_for_it(desk: Desk) -> Outcome[bool]:
        await asyncio.wait(questions)
        return await fine(desk)

    first, second = check("mx", asks_and_leaves), check("spf", waits_for_it)
    run = a_run(first, second)
    await history.accept(run)
    async with (
        Internet(World(faults={"slow.example": Delay(0.3)})) as internet,
        Network(servers=internet.dns_servers) as network,
    ):
        asking = Runs(history, network, (first, second), deadline=5.0, at_once=1)
        async with aclosing(asking.carry_out(run)) as results:
            async for result in results:
                if result.check.name == "mx":
                    assert (await loaded(history, run)).evidence == (), "it has no answer yet"
    [evidence] = (await loaded(history, run)).evidence
    assert evidence.question == "slow.example TXT"
    assert evidence.ms is not None


async def test_no_more_runs_than_allowed_go_at_once_and_the_rest_know_their_place(
    history: History, runs: Runs, gate: Gate
) -> None:
    asked = [a_run(gate.check, domain=f"{number}.example") for number in range(5)]
    for run in asked:
        await history.accept(run)
        runs.start(run)
    await gate.until_started(2)
    assert [runs.ahead(run.id) for run in asked] == [0, 0, 1, 2, 3]
    gate.open.set()
    await runs.drain(10)
    assert gate.most == 2
    assert [(await loaded(history, run)).state for run in asked] == [State.DONE] * 5
    assert runs.ahead(asked[-1].id) == 0


async def test_a_run_that_goes_is_found_by_one_like_it_until_it_ends(history: History, runs: Runs, gate: Gate) -> None:
    run = a_run(gate.check)
    await history.accept(run)
    runs.start(run)
    assert runs.like(a_run(gate.check, user="U2")) is run
    gate.open.set()
    await runs.drain(10)
    assert runs.like(a_run(gate.check)) is None


def test_a_run_is_like_another_from_the_moment_it_is_admitted_and_no_longer_when_dismissed(
    runs: Runs, gate: Gate
) -> None:
    run = a_run(gate.check)
    runs.admit(run)
    assert runs.like(a_run(gate.check)) is run
    runs.dismiss(run)
    assert runs.like(a_run(gate.check)) is None


@pytest.mark.parametrize(
    "other",
    [
        a_run(FINE, domain="example.org"),
        a_run(BAD),
        a_run(FINE, place=replace(PLACE, channel="C2")),
        a_run(FINE, place=replace(PLACE, team="T2")),
        a_run(FINE, place=replace(PLACE, private=True)),
    ],
    ids=["another target", "other steps", "another channel", "another workspace", "in private"],
)
def test_another_question_is_not_like_it(runs: Runs, other: Run) -> None:
    runs.admit(a_run(FINE))
    assert runs.like(other) is None


def test_what_somebody_asks_in_private_is_theirs_alone(runs: Runs) -> None:
    private = replace(PLACE, private=True)
    mine = a_run(FINE, place=private, user="U1")
    runs.admit(mine)
    assert runs.like(a_run(FINE, place=private, user="U1")) is mine
    assert runs.like(a_run(FINE, place=private, user="U2")) is None
    assert runs.like(a_run(FINE, user="U2")) is None


async def test_a_run_that_was_cut_off_goes_on_without_repeating_its_steps(
    history: History, network: Network, gate: Gate
) -> None:
    first = Gate("spf")
    first.open.set()
    run = a_run(first.check, gate.check)
    await history.accept(run)
    before = Runs(history, network, (first.check, gate.check), deadline=10.0, at_once=1)
    before.start(run)
    await gate.until_started(1)
    while not (await loaded(history, run)).steps:
        await history.wait_for_outbox()
    await before.drain(0)
    assert (await loaded(history, run)).state is State.OPEN

    gate.open.set()
    after = Runs(history, network, (first.check, gate.check), deadline=10.0, at_once=1)
    await after.resume()
    await after.drain(10)
    record = await loaded(history, run)
    assert record.state is State.DONE
    assert [step.check for step in record.steps] == ["spf", "dkim"]
    assert first.started == 1


async def test_a_run_taken_up_again_asks_for_the_facts_that_are_missing_and_numbers_its_evidence_on(
    history: History, gate: Gate
) -> None:
    """The step that ended before stands as it was told; it runs again only because another one needs its facts."""
    runs_of_first = 0

    async def first_run(desk: Desk) -> Outcome[bool]:
        nonlocal runs_of_first
        runs_of_first += 1
        answer = await desk.dns("first.example", TXT)
        return Outcome(facts=True, findings=(SampleFine(evidence=(answer.evidence,)),))

    async def second_run(desk: Desk) -> Outcome[bool]:
        assert await desk.facts(first)
        if runs_of_first == 1:
            await gate.open.wait()  # the first process does not get beyond this
        answer = await desk.dns("second.example", TXT)
        return Outcome(facts=True, findings=(SampleFine(evidence=(answer.evidence,)),))

    first = check("mx", first_run)
    second = replace(check("spf", second_run), needs=(first,))
    run = a_run(first, second)
    await history.accept(run)
    async with Internet(World()) as internet, Network(servers=internet.dns_servers) as network:

        def process() -> Runs:
            return Runs(history, network, (first, second), deadline=10.0, at_once=1)

        async with aclosing(process().carry_out(run)) as results:
            async for _ in results:
                break
        after = process()
        await after.resume()
        await after.drain(10)
        asked = [query.name for query in internet.queries]

    record = await loaded(history, run)
    assert (record.state, runs_of_first) == (State.DONE, 2)
    assert [row.subject for row in await history.undelivered(9) if row.kind is Tell.STEP] == ["mx", "spf"]
    questions = {each.number: each.question for each in record.evidence}
    assert questions == {1: "first.example TXT", 2: "first.example TXT", 3: "second.example TXT"}
    [mx, spf] = record.steps
    assert ([f.evidence for f in mx.findings], [f.evidence for f in spf.findings]) == ([(1,)], [(3,)])
    assert record.queries == len(asked) == 3
    assert record.elapsed_ms is not None
    assert record.elapsed_ms >= mx.ms + spf.ms


async def test_an_answer_that_a_step_cites_is_kept_with_it_whoever_asked(history: History, gate: Gate) -> None:
    """Else the number would be given out again after a crash, and mean another question."""

    async def needed_run(desk: Desk) -> Outcome[bool]:
        await desk.dns("needed.example", TXT)
        return await fine(desk)

    async def citing_run(desk: Desk) -> Outcome[bool]:
        await desk.facts(needed)
        return Outcome(facts=True, findings=(SampleFine(evidence=(1,)),))

    needed = check("mx", needed_run)
    citing = replace(check("spf", citing_run), needs=(needed,))
    run = a_run(citing, gate.check)
    await history.accept(run)
    async with Internet(World()) as internet, Network(servers=internet.dns_servers) as network:
        cut_off = Runs(history, network, (needed, citing, gate.check), deadline=10.0, at_once=1)
        async with aclosing(cut_off.carry_out(run)) as results:
            async for _ in results:
                break
    [evidence] = (await loaded(history, run)).evidence
    assert (evidence.number, evidence.question, evidence.asked_by) == (1, "needed.example TXT", ("mx",))


async def test_a_run_that_was_left_too_long_is_closed_and_said_to_be_so(history: History, runs: Runs) -> None:
    run = a_run(FINE, age=TOO_OLD + 1)
    await history.accept(run)
    await runs.resume()
    assert (await loaded(history, run)).state is State.INTERRUPTED
    assert [row.kind for row in await history.undelivered(9)] == [Tell.OPEN, Tell.SUMMARY]


async def test_a_run_of_a_terminal_that_may_be_alive_is_left_alone(history: History, runs: Runs, gate: Gate) -> None:
    alive, dead = a_run(gate.check, place=TERMINAL), a_run(gate.check, place=TERMINAL, age=TOO_OLD + 1)
    await history.accept(alive)
    await history.accept(dead)
    await runs.resume()
    assert runs.like(alive) is None, "it was not taken up"
    await runs.drain(0)
    assert gate.started == 0
    assert (await loaded(history, alive)).state is State.OPEN
    assert (await loaded(history, dead)).state is State.INTERRUPTED


async def test_what_a_run_found_before_it_was_interrupted_is_in_its_answer(
    history: History, runs: Runs, gate: Gate
) -> None:
    run = a_run(BAD, gate.check)
    await history.accept(run)
    async with aclosing(runs.carry_out(run)) as results:
        async for _ in results:
            break
    await runs.interrupt(run.id)
    record = await loaded(history, run)
    assert (record.state, record.verdict) == (State.INTERRUPTED, Severity.PROBLEM)


async def test_draining_leaves_open_what_does_not_end_in_time(history: History, runs: Runs, gate: Gate) -> None:
    run = a_run(gate.check)
    await history.accept(run)
    runs.start(run)
    await gate.until_started(1)
    await runs.drain(0.05)
    assert gate.now == 0
    assert [record.run.id for record in await history.unfinished()] == [run.id]


async def test_a_history_that_is_locked_for_a_while_costs_no_run(
    history: History, runs: Runs, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_PAUSE", 0.01)
    finish, locked = history.finish, [1, 2]

    async def sometimes(*args: object, **more: object) -> bool:
        if locked:
            locked.pop()
            raise HistoryError("locked")
        return await finish(*args, **more)  # type: ignore[arg-type] # passed on

    monkeypatch.setattr(history, "finish", sometimes)
    run = a_run(FINE, BAD)
    await history.accept(run)
    runs.start(run)
    await runs.drain(10)
    record = await loaded(history, run)
    assert (record.state, record.verdict) == (State.DONE, Severity.PROBLEM)


async def test_a_fault_of_ours_closes_the_run_instead_of_leaving_it_open_for_ever(
    history: History, runs: Runs, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(*_: object) -> bool:
        raise TypeError("no JSON form: Decimal")

    monkeypatch.setattr(history, "record", broken)
    run = a_run(FINE)
    await history.accept(run)
    runs.start(run)
    await runs.drain(10)
    assert (await loaded(history, run)).state is State.INTERRUPTED
    assert runs.like(run) is None


async def test_a_history_that_stays_broken_ends_the_run_and_one_that_takes_no_end_leaves_it_to_the_next_start(
    history: History, runs: Runs, gate: Gate, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(*_: object, **__: object) -> bool:
        raise HistoryError("damaged")

    run = a_run(FINE, age=TOO_OLD + 1)
    await history.accept(run)
    with monkeypatch.context() as patch:
        patch.setattr(history, "record", broken)
        patch.setattr(history, "finish", broken)
        runs.start(run)
        await runs.drain(10)
    assert (await loaded(history, run)).state is State.OPEN
    assert runs.like(run) is None, "nobody waits for it"
    await runs.resume()
    assert (await loaded(history, run)).state is State.INTERRUPTED

    young, old = a_run(gate.check), a_run(FINE, age=TOO_OLD + 1)
    await history.accept(old)
    await history.accept(young)
    with monkeypatch.context() as patch:
        patch.setattr(history, "record", broken)
        runs.start(old)
        await runs.drain(10)
    assert (await loaded(history, old)).state is State.INTERRUPTED
    assert (await loaded(history, young)).state is State.OPEN


async def test_a_step_that_this_version_does_not_know_ends_no_run(history: History, runs: Runs) -> None:
    run = replace(a_run(FINE), steps=("mx", "carrier_pigeon"))
    await history.accept(run)
    runs.start(run)
    await runs.drain(10)
    assert (await loaded(history, run)).state is State.DONE
