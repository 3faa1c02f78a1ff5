"""The scheduler, with checks made up for it: order, deadlines, crashes, and what they cost the others."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Sequence
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass
from typing import Any

import pytest

from bot.sandbox.certificates import Authority
from bot.sandbox.dns import Fault, NameServer
from bot.sandbox.internet import Internet, World
from bot.sandbox.smtp import MailFault, MailHost
from checks.case import Case, Target
from checks.causes import Remedy
from checks.check import Check, CheckSkipped, CheckTimedOut, Desk, Finding, Outcome, Result, Severity
from checks.network import Conversation, Guard, Inquiry, Network, Trouble
from checks.network.answers import A, Stage
from checks.triage import DEADLINE, steps, triage

CASE = Case(target=Target(domain="example.com"))
BY_ADDRESS = Case(target=Target(address="192.0.2.1"))


class MadeUpFine(Finding, severity=Severity.OK):
    """As it should be."""


class MadeUpForeign(Finding, severity=Severity.OK):
    """Declared by no check."""


Run = Callable[[Desk], Awaitable[Outcome[Any]]]


def check(name: str, run: Run, *needs: Check[Any], **facts: Any) -> Check[Any]:  # noqa: ANN401 - the fields of Check
    return Check(name=name, remedy=Remedy.DNS, findings=(MadeUpFine,), run=run, needs=needs, **facts)


def fine(facts: object = "facts") -> Outcome[Any]:
    return Outcome(facts, (MadeUpFine(),))


async def at_once(_: Desk) -> Outcome[Any]:
    return fine()


async def never(_: Desk) -> Outcome[Any]:
    await asyncio.Event().wait()
    raise AssertionError


async def crash(_: Desk) -> Outcome[Any]:
    raise ZeroDivisionError("made up")


def asks(need: Check[Any]) -> Run:
    async def run(desk: Desk) -> Outcome[Any]:
        return fine(await desk.facts(need))

    return run


@pytest.fixture
async def inquiry() -> AsyncIterator[Inquiry]:
    async with Network(servers=[]) as network:
        run = Inquiry(network)
        yield run
        await run.close()


async def results(checks: Sequence[Check[Any]], inquiry: Inquiry, *, deadline: float = DEADLINE) -> dict[str, Result]:
    return {each.check.name: each async for each in triage(CASE, checks, inquiry, deadline=deadline)}


def codes(result: Result) -> list[str]:
    return [finding.code for finding in result.outcome.findings]


def no_case(_: Case) -> bool:
    return False


def no_domain(case: Case) -> bool:
    return case.target.domain is None


# --- order ------------------------------------------------------------------------------------------------------------


async def test_results_stream_in_the_order_in_which_checks_end(inquiry: Inquiry) -> None:
    gates = {name: asyncio.Event() for name in "abc"}

    def waiting(name: str) -> Check[Any]:
        async def run(_: Desk) -> Outcome[Any]:
            await gates[name].wait()
            return fine()

        return check(name, run)

    async with aclosing(triage(CASE, [waiting(name) for name in "abc"], inquiry)) as stream:
        for name in "cab":
            gates[name].set()
            assert (await anext(stream)).check.name == name
        with pytest.raises(StopAsyncIteration):
            await anext(stream)


async def test_a_run_is_as_long_as_its_longest_chain(inquiry: Inquiry) -> None:
    """Three chains of three checks take three waves, and not nine."""
    waves: list[set[str]] = []
    gate = asyncio.Event()
    started: set[str] = set()

    def link(name: str, *needs: Check[Any]) -> Check[Any]:
        async def run(desk: Desk) -> Outcome[Any]:
            for need in needs:
                await desk.facts(need)
            started.add(name)
            await gate.wait()
            return fine()

        return check(name, run, *needs)

    chains: list[Check[Any]] = []
    for letter in "abc":
        one = link(letter + "1")
        two = link(letter + "2", one)
        chains += [one, two, link(letter + "3", two)]
    run = asyncio.create_task(results(chains, inquiry))
    while not run.done():
        for _ in range(20):
            await asyncio.sleep(0)
        if started:
            waves.append(set(started))
            started.clear()
            opened, gate = gate, asyncio.Event()
            opened.set()
    assert waves == [{"a1", "b1", "c1"}, {"a2", "b2", "c2"}, {"a3", "b3", "c3"}]


async def test_checks_that_only_others_need_run_without_being_told(inquiry: Inquiry) -> None:
    ran: list[str] = []

    async def note(_: Desk) -> Outcome[Any]:
        ran.append("needed")
        return fine("of the needed")

    needed = check("needed", note)
    wanted = check("wanted", asks(needed), needed)
    told = await results([wanted], inquiry)
    assert list(told) == ["wanted"]
    assert told["wanted"].outcome.facts == "of the needed"
    assert ran == ["needed"]


async def test_a_check_that_two_need_runs_once(inquiry: Inquiry) -> None:
    ran = 0

    async def count(_: Desk) -> Outcome[Any]:
        nonlocal ran
        ran += 1
        return fine()

    needed = check("needed", count)
    await results([check("a", asks(needed), needed), check("b", asks(needed), needed), needed], inquiry)
    assert ran == 1


def test_steps_are_the_checks_for_the_case_narrowed_by_name() -> None:
    every = [
        check("a", at_once),
        check("b", at_once, applies=no_domain),
        check("c", at_once),
    ]
    assert [each.name for each in steps(CASE, every)] == ["a", "c"]
    assert [each.name for each in steps(BY_ADDRESS, every)] == ["a", "b", "c"]
    assert [each.name for each in steps(CASE, every, ["c", "b"])] == ["c"]


async def test_a_check_that_does_not_apply_is_not_waited_for(inquiry: Inquiry) -> None:
    other = check("other", at_once, applies=no_case)

    async def run(desk: Desk) -> Outcome[Any]:
        assert await desk.facts_or_none(other) is None
        return fine()

    one = check("one", run, other)
    assert list(await results([one, other, one], inquiry)) == ["one"]


# --- crashes ----------------------------------------------------------------------------------------------------------


async def test_a_crash_is_told_and_logged_and_the_others_go_on(
    inquiry: Inquiry, caplog: pytest.LogCaptureFixture
) -> None:
    told = await results([check("bad", crash), check("good", at_once)], inquiry)
    assert (codes(told["bad"]), codes(told["good"])) == (["CHECK_CRASHED"], ["MADE_UP_FINE"])
    assert told["bad"].outcome.facts is None
    assert told["bad"].verdict is Severity.UNKNOWN
    (record,) = caplog.records
    assert (record.levelno, record.getMessage()) == (logging.ERROR, "check bad crashed")
    assert record.exc_info is not None
    assert isinstance(record.exc_info[1], ZeroDivisionError)


async def cancelled_inside(_: Desk) -> Outcome[Any]:
    part = asyncio.create_task(asyncio.Event().wait())
    part.cancel()
    await part
    return fine()


async def undeclared(_: Desk) -> Outcome[Any]:
    return Outcome("facts", (MadeUpFine(), MadeUpForeign()))


async def nothing_found(_: Desk) -> Outcome[Any]:
    return Outcome("facts", ())


async def undeclared_need(desk: Desk) -> Outcome[Any]:
    return fine(await desk.facts(check("other", at_once)))


async def own_timeout(_: Desk) -> Outcome[Any]:
    raise TimeoutError


@pytest.mark.parametrize("run", [cancelled_inside, undeclared, nothing_found, undeclared_need, own_timeout])
async def test_each_of_these_is_a_crash(run: Run, inquiry: Inquiry, caplog: pytest.LogCaptureFixture) -> None:
    one = check("one", run)
    told = await results([one, check("two", asks(one), one)], inquiry)
    assert codes(told["one"]) == ["CHECK_CRASHED"]
    assert told["two"].outcome.findings == (CheckSkipped(because="one"),)  # type: ignore[arg-type] # a NewType
    assert len(caplog.records) == 1


async def test_what_is_skipped_names_the_check_it_lacks_all_along_a_chain(inquiry: Inquiry) -> None:
    async def unknown(_: Desk) -> Outcome[Any]:
        return fine(None)

    first = check("first", unknown)
    second = check("second", asks(first), first)
    third = check("third", asks(second), second)
    told = await results([third, second, first], inquiry)
    assert codes(told["first"]) == ["MADE_UP_FINE"]
    assert told["second"].outcome.findings == (CheckSkipped(because="first"),)  # type: ignore[arg-type] # a NewType
    assert told["third"].outcome.findings == (CheckSkipped(because="second"),)  # type: ignore[arg-type] # a NewType


# --- time -------------------------------------------------------------------------------------------------------------


async def test_a_check_that_takes_too_long_keeps_its_evidence() -> None:
    async def run(desk: Desk) -> Outcome[Any]:
        await desk.dns("example.com", A)
        raise AssertionError

    world = World(name_servers=(NameServer(fault=Fault.SILENT),))
    async with Internet(world, authority=AUTHORITY) as internet, Network(servers=internet.dns_servers) as network:
        asked = Inquiry(network)
        one = check("one", run, budget=0.1)
        told = await results([one, check("two", asks(one), one), check("good", at_once)], asked)
        (evidence,) = asked.evidence()
        await asked.close()
    (finding,) = told["one"].outcome.findings
    assert isinstance(finding, CheckTimedOut)
    assert 0.05 < finding.after < 5
    assert (evidence.question, evidence.answer, evidence.asked_by) == ("example.com A", (), ("one",))
    assert (codes(told["two"]), codes(told["good"])) == (["CHECK_SKIPPED"], ["MADE_UP_FINE"])


AUTHORITY = Authority()


class Clock:
    """The clock of the event loop, put forward by hand."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        loop = asyncio.get_running_loop()
        real = loop.time
        self.ahead = 0.0
        monkeypatch.setattr(loop, "time", lambda: real() + self.ahead)

    async def forward(self, seconds: float) -> None:
        await settle()
        self.ahead += seconds
        await settle()


async def settle() -> None:
    for _ in range(20):
        await asyncio.sleep(0)


async def test_waiting_for_needs_does_not_use_the_budget(inquiry: Inquiry, monkeypatch: pytest.MonkeyPatch) -> None:
    clock, gate, own = Clock(monkeypatch), asyncio.Event(), asyncio.Event()

    async def slow(_: Desk) -> Outcome[Any]:
        await gate.wait()
        return fine()

    needed = check("needed", slow, budget=100.0)

    async def waits(desk: Desk) -> Outcome[Any]:
        await asyncio.gather(desk.facts(needed), desk.facts_or_none(needed))
        await own.wait()
        return fine()

    run = asyncio.create_task(results([needed, check("patient", waits, needed, budget=5.0)], inquiry, deadline=1000.0))
    await clock.forward(50.0)  # ten times its budget, in which it waits
    gate.set()
    await clock.forward(4.0)
    assert not run.done()
    own.set()
    assert codes((await run)["patient"]) == ["MADE_UP_FINE"]


async def test_after_the_wait_the_rest_of_the_budget_counts(inquiry: Inquiry, monkeypatch: pytest.MonkeyPatch) -> None:
    clock, gate = Clock(monkeypatch), asyncio.Event()

    async def slow(_: Desk) -> Outcome[Any]:
        await gate.wait()
        return fine()

    needed = check("needed", slow, budget=100.0)

    async def waits(desk: Desk) -> Outcome[Any]:
        await desk.facts(needed)
        return await never(desk)

    run = asyncio.create_task(results([check("late", waits, needed, budget=5.0)], inquiry, deadline=1000.0))
    await clock.forward(50.0)
    gate.set()
    await clock.forward(6.0)
    assert codes((await run)["late"]) == ["CHECK_TIMED_OUT"]


async def test_nothing_outlasts_the_deadline_of_the_run(inquiry: Inquiry, monkeypatch: pytest.MonkeyPatch) -> None:
    clock = Clock(monkeypatch)
    stuck = check("stuck", never, budget=1000.0)
    run = asyncio.create_task(
        results([stuck, check("waiting", asks(stuck), stuck), check("good", at_once)], inquiry, deadline=20.0)
    )
    await clock.forward(19.0)
    assert not run.done()
    await clock.forward(2.0)
    told = await run
    assert {name: codes(result) for name, result in told.items()} == {
        "stuck": ["CHECK_TIMED_OUT"],
        "waiting": ["CHECK_TIMED_OUT"],
        "good": ["MADE_UP_FINE"],
    }


async def test_a_part_that_asks_for_facts_when_the_time_is_up_is_no_crash(
    inquiry: Inquiry, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    clock, stuck = Clock(monkeypatch), check("stuck", never, budget=1000.0)

    async def cleans_up(desk: Desk) -> Outcome[Any]:
        try:
            return await never(desk)
        finally:
            with pytest.raises(TimeoutError):
                async with asyncio.timeout(0):
                    await desk.facts_or_none(stuck)

    run = asyncio.create_task(results([check("one", cleans_up, stuck, budget=5.0)], inquiry, deadline=1000.0))
    await clock.forward(6.0)
    assert codes((await run)["one"]) == ["CHECK_TIMED_OUT"]
    assert not caplog.records


class Others:
    """A mail server that talks with somebody else of us, until it is let go."""

    def __init__(self, network: Network) -> None:
        self._mailer = network.mailer

    async def __aenter__(self) -> None:
        self._talk = self._mailer.call("other.example.com", MAIL, 25, since=0.0)
        await self._talk.turn.wait()

    async def __aexit__(self, *_: object) -> None:
        self._mailer.leave(self._talk)


MAIL = "192.0.2.25"


def visits(seen: list[Conversation]) -> Run:
    async def run(desk: Desk) -> Outcome[Any]:
        seen.append(await desk.smtp("mx.example.com", MAIL, 25))
        return fine()

    return run


@asynccontextmanager
async def a_mail_server(**how: Any) -> AsyncGenerator[Network]:  # noqa: ANN401 - the fields of MailHost
    world = World(mail=(MailHost(name="mx.example.com", address=MAIL, **how),))
    async with Internet(world, authority=AUTHORITY) as internet:
        guard = Guard.of(["192.0.2.0/24"], dial=internet.dial_map)
        async with Network(servers=[], guard=guard) as network:
            yield network


async def test_waiting_for_a_server_that_talks_with_others_of_us_does_not_use_the_budget(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    seen: list[Conversation] = []
    async with a_mail_server() as network:
        clock, asked = Clock(monkeypatch), Inquiry(network)
        async with Others(network):
            run = asyncio.create_task(results([check("one", visits(seen), budget=5.0)], asked, deadline=1000.0))
            await clock.forward(10.0)
        assert codes((await run)["one"]) == ["MADE_UP_FINE"]
        await asked.close()
    assert seen[0].stage is Stage.DONE


async def test_a_turn_that_never_comes_is_our_overload_and_nobody_s_silence(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[Conversation] = []
    async with a_mail_server(fault=MailFault.SILENT) as network:
        clock, asked = Clock(monkeypatch), Inquiry(network)
        async with Others(network):
            run = asyncio.create_task(results([check("one", visits(seen), budget=5.0)], asked, deadline=8.0))
            await clock.forward(7.0)
            assert not run.done()
            await clock.forward(0.5)
            assert codes((await run)["one"]) == ["MADE_UP_FINE"]
            await asked.close()
    assert (seen[0].trouble, seen[0].evidence) == (Trouble.OVERLOADED, 1)


async def test_a_server_that_is_slow_in_its_own_turn_is_given_up_before_the_budget_is(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    seen: list[Conversation] = []
    async with a_mail_server(fault=MailFault.SILENT) as network:
        clock, asked = Clock(monkeypatch), Inquiry(network)
        run = asyncio.create_task(results([check("one", visits(seen), budget=4.0)], asked, deadline=8.0))
        await clock.forward(0.0)
        while not asked.evidence()[0].server:
            await settle()
        await clock.forward(3.51)  # an eighth of the time is left
        assert codes((await run)["one"]) == ["MADE_UP_FINE"]
        await asked.close()
    assert seen[0].trouble is Trouble.TIMEOUT


async def test_it_is_given_up_in_its_own_time_while_the_check_waits_for_something_else(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    seen: list[Conversation] = []
    needed = check("needed", never, budget=1000.0)

    async def both(desk: Desk) -> Outcome[Any]:
        await asyncio.gather(desk.facts_or_none(needed), visits(seen)(desk))
        return fine()

    async with a_mail_server(fault=MailFault.SILENT) as network:
        clock, asked = Clock(monkeypatch), Inquiry(network)
        run = asyncio.create_task(results([check("one", both, needed, budget=4.0)], asked, deadline=1000.0))
        while not asked.evidence():
            await settle()
        await clock.forward(3.4)
        assert not seen
        await clock.forward(0.2)
        assert [talk.trouble for talk in seen] == [Trouble.TIMEOUT]
        run.cancel()
        await asyncio.gather(run, return_exceptions=True)
        await asked.close()


async def test_times_are_told(inquiry: Inquiry) -> None:
    (result,) = (await results([check("one", at_once)], inquiry)).values()
    assert result.ms >= 0
    assert result.started > 1_700_000_000


# --- the end ----------------------------------------------------------------------------------------------------------


async def test_closing_the_stream_early_ends_every_check(inquiry: Inquiry) -> None:
    ended: list[str] = []

    async def stuck(desk: Desk) -> Outcome[Any]:
        try:
            return await never(desk)
        finally:
            ended.append("stuck")

    before = asyncio.all_tasks()
    first = check("stuck", stuck)
    async with aclosing(
        triage(CASE, [first, check("waits", asks(first), first), check("quick", at_once)], inquiry)
    ) as all_:
        assert (await anext(all_)).check.name == "quick"
        assert len(asyncio.all_tasks() - before) == 2
    assert ended == ["stuck"]
    assert asyncio.all_tasks() == before


async def test_cancelling_whoever_reads_the_stream_ends_every_check(inquiry: Inquiry) -> None:
    before = asyncio.all_tasks()
    run = asyncio.create_task(results([check("stuck", never)], inquiry))
    await settle()
    run.cancel()
    with pytest.raises(asyncio.CancelledError):
        await run
    assert asyncio.all_tasks() == before


async def test_a_whole_run_leaves_no_task_behind(inquiry: Inquiry) -> None:
    before = asyncio.all_tasks()
    await results([check("bad", crash), check("good", at_once), check("slow", never, budget=0.01)], inquiry)
    assert asyncio.all_tasks() == before


async def test_the_desk_hands_on_every_kind_of_question(inquiry: Inquiry) -> None:
    @dataclass
    class Seen:
        troubles: tuple[object, ...] = ()

    seen = Seen()

    async def every(desk: Desk) -> Outcome[Any]:
        assert desk.case is CASE
        answer = await desk.dns("example.com", A, patience=0.1)
        talk = await desk.smtp("mx.example.com", "127.0.0.1", 25)
        page = await desk.https("http://example.com/")
        seen.troubles = (answer.trouble, talk.trouble, page.trouble)
        return fine()

    await results([check("one", every)], inquiry)
    assert seen.troubles == ("server_unreachable", "guarded", "guarded")
    assert [each.kind for each in inquiry.evidence()] == ["dns", "smtp", "https"]
    assert {each.asked_by for each in inquiry.evidence()} == {("one",)}
