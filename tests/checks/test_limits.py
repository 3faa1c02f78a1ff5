"""What the limits check states, and how numbers are held against limits."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from bot.run import Language
from bot.sandbox.internet import World
from bot.spans import plain
from bot.wording import Wording
from checks import limits, provider
from checks.case import Sent, Window
from checks.causes import Cause
from checks.check import Check, Finding, Severity
from checks.limits import LimitsFacts
from checks.provider_data import Kind, Plan, Provider, Providers, SendingLimit, shipped
from tests.checks.scenario import Scenario, about, look, play, says, speak, untested

TODAY = date(2026, 11, 24)


def limit(value: int | None, per: str = "day", plan: str = "all", **more: Any) -> SendingLimit:  # noqa: ANN401 - JSON
    fields: dict[str, Any] = {
        "what": "messages",
        "per": per,
        "value": value,
        "plan": plan,
        "confidence": "high",
        "source_url": "https://example.com/limits",
        "as_of": "2026-01-01",
        **more,
    }
    return SendingLimit(**fields)


def house(*rows: SendingLimit, name: str = "House") -> Provider:
    return Provider(id=name.lower(), name=name, kind=Kind.MAILBOX, mx=(f"{name.lower()}.test",), limits=rows)


PAID, TRIAL = limit(2_000, plan="paid", rolling=True), limit(500, plan="trial")
ROWS: dict[str, Provider] = {
    each.name: each
    for each in (
        house(PAID, TRIAL, name="Plans"),
        house(limit(500, what="recipients"), name="Recipients"),
        house(limit(100, "hour"), name="Hourly"),
        house(limit(500), name="Daily"),
        house(limit(500, "hour", value_min=50), name="Moving"),
        house(limit(500, "hour", what="external_messages"), name="Outside"),
        house(limit(100, "quarter_hour", soft=True), name="Soft"),
        house(limit(100, what="recipients", per="message"), name="Wide"),
        house(limit(None), name="Secret"),
        house(name="Silent"),
    )
}


def fresh_check() -> Check[LimitsFacts]:
    return limits.check(provider.check(Providers(ROWS.values())))


def world(name: str) -> World:
    return World(records=f"example.com MX 10 mx.{name.lower()}.test\n")


def scenario(name: str, count: int, per: Window, *codes: str) -> Scenario:
    case = about("example.com", sent=Sent(count, per)) if count else about("example.com")
    title = f"{name}: {count} per {per}" if count else f"{name}: no number"
    return Scenario(name=title, world=world(name), case=case, codes=says(*codes))


DAY, HOUR, MINUTE = Window.DAY, Window.HOUR, Window.MINUTE
STATED = ("LIMITS_STATED", "LIMITS_SOURCES")
SCENARIOS = [
    scenario("Plans", 0, DAY, "LIMITS_TRIAL", *STATED),
    scenario("Plans", 400, DAY, "LIMITS_WITHIN", *STATED),
    scenario("Plans", 800, DAY, "LIMITS_EXCEEDED_ON_PLAN", *STATED),
    scenario("Plans", 2_500, DAY, "LIMITS_EXCEEDED", *STATED),
    scenario("Recipients", 400, DAY, "LIMITS_COUNT_RECIPIENTS", *STATED),
    scenario("Recipients", 501, DAY, "LIMITS_EXCEEDED", *STATED),
    scenario("Hourly", 100, DAY, "LIMITS_WITHIN", *STATED),
    scenario("Hourly", 800, DAY, "LIMITS_DEPEND_ON_SPREAD", *STATED),
    scenario("Hourly", 2_401, DAY, "LIMITS_EXCEEDED", *STATED),
    scenario("Daily", 20, HOUR, "LIMITS_WITHIN", *STATED),
    scenario("Daily", 100, HOUR, "LIMITS_REACHED_LATER", *STATED),
    scenario("Daily", 501, HOUR, "LIMITS_EXCEEDED", *STATED),
    scenario("Moving", 50, HOUR, "LIMITS_WITHIN", *STATED),
    scenario("Moving", 300, HOUR, "LIMITS_VARY", *STATED),
    scenario("Outside", 600, HOUR, "LIMITS_EXCEEDED_OUTSIDE", *STATED),
    scenario("Soft", 9_601, DAY, "LIMITS_PROBABLY_EXCEEDED", *STATED),
    scenario("Wide", 800, DAY, "LIMITS_NOT_COMPARABLE", *STATED),
    scenario("Wide", 0, DAY, *STATED),
    scenario("Secret", 0, DAY, "LIMITS_SET_BY_ACCOUNT", "LIMITS_SOURCES"),
    scenario("Secret", 5, DAY, "LIMITS_SET_BY_ACCOUNT", "LIMITS_SOURCES", "LIMITS_NOT_COMPARABLE"),
    scenario("Silent", 0, DAY, "LIMITS_NOT_IN_DATA"),
    Scenario(
        name="a server of one's own",
        world=World(records="example.com MX 10 mx.example.com\n"),
        codes=says("LIMITS_OWN_SERVER"),
    ),
    Scenario(
        name="a provider that nobody knows",
        world=World(records="example.com MX 10 mx.example.net\n"),
        codes=says("LIMITS_PROVIDER_UNKNOWN"),
    ),
]


@pytest.mark.parametrize("scenario", SCENARIOS, ids=str)
async def test_the_check_states_what_the_limits_are_and_how_the_number_compares(scenario: Scenario) -> None:
    await play(scenario, fresh_check())


async def test_limits_of_a_provider_that_could_not_be_told_are_unknown() -> None:
    seen = await look(World(records="example.com MX 10 mx.example.net\n"), about("example.com"), fresh_check())
    assert seen.verdict is Severity.UNKNOWN


def test_every_code_has_a_world_in_which_it_is_stated_and_one_in_which_it_is_not() -> None:
    assert untested(limits.CHECK, SCENARIOS) == set()


def compared(known: Provider, count: int, per: Window) -> list[Finding]:
    return [*limits.compared(known, Sent(count, per), TODAY)]


def codes(known: Provider, count: int, per: Window) -> list[str]:
    return [each.code for each in compared(known, count, per)]


def one(known: Provider, count: int, per: Window) -> Any:  # noqa: ANN401 - any finding
    (finding,) = compared(known, count, per)
    return finding


# --- Comparing -------------------------------------------------------------------------------------------------------


def test_over_on_every_plan_is_a_problem_of_the_quota_and_names_the_most_generous_plan() -> None:
    finding = one(ROWS["Plans"], 2_500, DAY)
    assert (finding.severity, finding.cause) == (Severity.PROBLEM, Cause.SENDER_QUOTA)
    assert (finding.plan, finding.limit, finding.rolling) == ("paid", 2_000, "yes")


def test_over_on_one_plan_only_names_that_plan() -> None:
    finding = one(ROWS["Plans"], 800, DAY)
    assert (finding.severity, finding.cause) == (Severity.WARNING, Cause.SENDER_QUOTA)
    assert (finding.plan, finding.limit, finding.rolling) == ("trial", 500, "no")


@pytest.mark.parametrize(("count", "over"), [(500, False), (501, True)])
def test_the_limit_itself_may_be_sent(count: int, over: bool) -> None:
    assert (codes(ROWS["Daily"], count, DAY) == ["LIMITS_EXCEEDED"]) is over


def test_a_number_per_day_is_over_a_limit_per_hour_only_if_no_spread_could_keep_to_it() -> None:
    assert codes(ROWS["Hourly"], 2_400, DAY) == ["LIMITS_DEPEND_ON_SPREAD"]
    assert one(ROWS["Hourly"], 2_400, DAY).windows == 24
    assert codes(ROWS["Hourly"], 2_401, DAY) == ["LIMITS_EXCEEDED"]
    assert one(ROWS["Hourly"], 101, DAY).windows == 2


def test_a_number_per_hour_reaches_a_limit_per_day_after_so_many_hours() -> None:
    assert one(ROWS["Daily"], 100, HOUR).windows == 6
    assert one(ROWS["Daily"], 500, HOUR).windows == 2
    assert one(ROWS["Daily"], 21, HOUR).windows == 24


def test_a_limit_of_a_quarter_of_an_hour_is_counted_in_quarters() -> None:
    assert codes(ROWS["Soft"], 400, HOUR) == ["LIMITS_DEPEND_ON_SPREAD"]
    assert codes(ROWS["Soft"], 401, HOUR) == ["LIMITS_PROBABLY_EXCEEDED"]


def test_messages_hold_a_limit_on_recipients_only_with_so_many_each() -> None:
    assert one(ROWS["Recipients"], 200, DAY).each == 2


def test_a_way_of_sending_and_a_product_of_the_past_are_no_plans_that_decide() -> None:
    for plan, name in ((Plan.SMTP, None), (Plan.OLD_PRODUCT, "Old mail")):
        known = house(limit(30, "minute", plan=plan.value, plan_name=name))
        assert codes(known, 50, MINUTE) == ["LIMITS_EXCEEDED_ON_PLAN"]


def test_a_plan_without_a_number_may_have_room() -> None:
    known = house(limit(200, plan="trial"), limit(None, plan="named", plan_name="Production"))
    assert codes(known, 5_000, DAY) == ["LIMITS_EXCEEDED_ON_PLAN"]


def test_of_many_plans_that_are_too_small_a_few_are_told() -> None:
    rows = [limit(100 * n, plan="named", plan_name=f"Plan {n}") for n in range(1, 6)]
    found = compared(house(*rows, limit(9_000, plan="paid")), 700, DAY)
    assert len(found) == limits.MOST_PLANS
    assert {each.code for each in found} == {"LIMITS_EXCEEDED_ON_PLAN"}


def test_a_plan_that_is_too_small_anyway_is_not_told_twice() -> None:
    known = house(TRIAL, limit(600, "hour", plan="trial"), PAID)
    assert codes(known, 800, DAY) == ["LIMITS_EXCEEDED_ON_PLAN"]


def test_a_limit_that_moves_is_held_against_from_below() -> None:
    assert codes(ROWS["Moving"], 300, DAY) == ["LIMITS_DEPEND_ON_SPREAD"]
    assert one(ROWS["Moving"], 300, DAY).windows == 6
    assert codes(ROWS["Moving"], 1_201, DAY) == ["LIMITS_VARY"]


def test_a_source_that_is_not_the_provider_s_own_is_no_proof() -> None:
    found = compared(house(limit(500, confidence="low")), 800, DAY)
    assert [(each.code, each.severity) for each in found] == [("LIMITS_PROBABLY_EXCEEDED", Severity.WARNING)]


def test_what_cannot_be_compared_is_not_said_to_fit() -> None:
    for what in ("internal_messages", "unique_recipients", "new_recipients", "forwarded_messages"):
        assert codes(house(limit(10, what=what)), 5, DAY) == ["LIMITS_NOT_COMPARABLE"]


@pytest.mark.parametrize(("count", "per"), [(1, MINUTE), (800, DAY), (100_000, HOUR), (1_000_000, DAY)])
def test_there_are_words_for_every_provider_and_number(count: int, per: Window) -> None:
    for known in shipped():
        speak([*limits.stated(known, TODAY), *limits.compared(known, Sent(count, per), TODAY)])


# --- Telling ---------------------------------------------------------------------------------------------------------


async def test_the_facts_are_the_rows_with_their_source_and_age() -> None:
    seen = await look(world("Plans"), about("example.com"), fresh_check())
    assert isinstance(seen.facts, LimitsFacts)
    row = seen.facts.rows[0]
    assert (row.what, row.value, row.plan, row.window, row.rolling) == ("messages", 2_000, "paid", "day", True)
    assert (row.source, row.as_of, row.outdated) == ("https://example.com/limits", "2026-01-01", False)


def title(known: Provider, language: Language = Language.EN, today: date = TODAY) -> list[str]:
    return [plain(Wording(language, strict=True).title(each)) for each in limits.stated(known, today)]


def test_a_limit_is_told_in_one_line_with_its_plan_and_age() -> None:
    assert title(ROWS["Plans"]) == [
        "Plans: 2,000 messages a day on paid plans (as of 2026-01-01)",
        "Plans: 500 messages a day on trial accounts (as of 2026-01-01)",
        "Where these limits come from: example.com/limits",
    ]
    assert title(house(limit(500, as_of=None)))[0] == "House: 500 messages a day (undated, may be outdated)"
    assert title(house(limit(1, as_of="2020-07")))[0] == "House: 1 message a day (as of 2020-07, may be outdated)"
    assert title(ROWS["Moving"])[0] == "Moving: 50 to 500 messages an hour (as of 2026-01-01)"
    assert title(ROWS["Wide"])[0] == "Wide: 100 recipients in one message (as of 2026-01-01)"


def test_a_limit_is_told_in_japanese_too() -> None:
    assert title(ROWS["Moving"], Language.JA)[:1] == ["Moving：1 時間にメール 50～500 通まで（2026-01-01 時点）"]
    assert title(ROWS["Wide"], Language.JA)[:1] == ["Wide：1 通につき宛先 100 件まで（2026-01-01 時点）"]


async def test_the_free_mail_of_a_sender_brings_its_own_limits() -> None:
    case = about("example.com", sender="user@gmail.com", sent=Sent(800, DAY))
    seen = await look(World(records="example.com MX 10 mx.example.com\n"), case, limits.CHECK)
    assert seen.facts.provider == "gmail"
    assert seen.one("LIMITS_PROBABLY_EXCEEDED").limit == 500
