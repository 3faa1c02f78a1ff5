"""How much the provider lets its users send, and whether the ticket's number is more than that.

Providers stop an account that sends more than so many messages, or to more than so many recipients, within a time. The
mail then fails for hours and works again by itself, which looks like a fault that comes and goes. Limits differ by
plan, and a trial account has much smaller ones than the same account next month.

What is compared is what can be compared. A number per hour says something of a limit per day only if it goes on; a
number per day says something of a limit per hour only if it is known how it was spread; a number of messages says
something of a limit on recipients only from below, because every message has at least one. What depends on such things
is told as depending on them, not as over or under.

Limits come from ``data/providers.json`` with their page and its date, and many are years old: that is said with each.
Not looked at: what this account has sent, which only the provider knows, and limits of servers of one's own.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import TypedDict

from checks import provider
from checks.case import Sent
from checks.causes import Cause, Remedy
from checks.check import (
    Check,
    Count,
    Day,
    Desk,
    Finding,
    Keyword,
    Limit,
    ListName,
    Outcome,
    Severity,
    Url,
)
from checks.provider import ProviderFacts
from checks.provider_data import Confidence, Per, Plan, Provider, SendingLimit, What

MOST_PLANS = 3
"""Plans of which it is told that the number is too much."""

_OF_MESSAGES = frozenset({What.MESSAGES, What.EXTERNAL_MESSAGES})
_OF_RECIPIENTS = frozenset({What.RECIPIENTS, What.EXTERNAL_RECIPIENTS})
_FOR_EVERYBODY = frozenset({Plan.ALL, Plan.PERSONAL, Plan.MAXIMUM})
_NO_PLAN_OF_TODAY = frozenset({Plan.SMTP, Plan.WEB, Plan.PHP_MAIL, Plan.OLD_PRODUCT})
"""What a limit may be for beside a plan: a way of sending, or a product that is not sold any more."""

# --- Facts -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class LimitRow:
    """One limit of our data. ``value`` is ``None`` where there is no number; ``outdated``: it may be."""

    what: What
    value: int | None
    value_min: int | None
    plan: Plan
    plan_name: ListName | None
    window: Per
    rolling: bool
    scope: Keyword | None
    source: Url
    as_of: Day | None
    outdated: bool
    confidence: Confidence


@dataclass(frozen=True, kw_only=True)
class LimitsFacts:
    """The limits of the provider. None for a server of one's own."""

    provider: Keyword | None
    rows: tuple[LimitRow, ...]


# --- Findings --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class _OfLimit(Finding, severity=Severity.OK):
    """What is said of one limit: where it comes from, for whom it holds. ``outdated`` is ``yes`` or ``no``."""

    provider: ListName
    what: Keyword
    limit_per: Keyword
    plan: Keyword
    plan_name: ListName | None
    page: Url
    as_of: Day | None
    outdated: Keyword


@dataclass(frozen=True, kw_only=True)
class LimitsStated(_OfLimit, severity=Severity.OK):
    """A limit of the provider; with ``value_min`` it lies between the two. ``soft``: the provider's rough guide."""

    value: Limit
    value_min: Limit | None
    soft: Keyword


@dataclass(frozen=True, kw_only=True)
class LimitsSources(Finding, severity=Severity.OK):
    """The pages that the limits stated come from."""

    pages: tuple[Url, ...]


class LimitsSetByAccount(_OfLimit, severity=Severity.NOTICE):
    """There is a limit, and our data has no number for it."""


@dataclass(frozen=True, kw_only=True)
class LimitsTrial(_OfLimit, severity=Severity.NOTICE):
    """Accounts on trial have a much smaller limit."""

    value: Limit


@dataclass(frozen=True, kw_only=True)
class _Compared(_OfLimit, severity=Severity.OK):
    """What the ticket says was sent, held against one limit. ``rolling`` is ``yes`` or ``no``."""

    sent: Count
    per: Keyword
    limit: Limit
    rolling: Keyword


class LimitsExceeded(_Compared, severity=Severity.PROBLEM, cause=Cause.SENDER_QUOTA):
    """More was sent than the provider's own page allows on any plan we know."""


class LimitsProbablyExceeded(_Compared, severity=Severity.WARNING, cause=Cause.SENDER_QUOTA):
    """More was sent than any plan we know allows, by a source that is not the provider's, or a rough guide."""


class LimitsExceededOnPlan(_Compared, severity=Severity.WARNING, cause=Cause.SENDER_QUOTA):
    """More was sent than one of the plans allows."""


class LimitsExceededOutside(_Compared, severity=Severity.WARNING, cause=Cause.SENDER_QUOTA):
    """More was sent than is allowed to addresses outside, if all of it went outside."""


@dataclass(frozen=True, kw_only=True)
class LimitsDependOnSpread(_Compared, severity=Severity.NOTICE):
    """The number fits a limit of a shorter time only if it was spread over at least so many such times."""

    windows: Count


@dataclass(frozen=True, kw_only=True)
class LimitsReachedLater(_Compared, severity=Severity.NOTICE):
    """The number fits a limit of a longer time, and going on at that rate reaches it after so many times."""

    windows: Count


@dataclass(frozen=True, kw_only=True)
class LimitsCountRecipients(_Compared, severity=Severity.NOTICE):
    """The limit counts recipients: the number of messages fits only with so many recipients each on average."""

    each: Limit


@dataclass(frozen=True, kw_only=True)
class LimitsVary(_Compared, severity=Severity.NOTICE):
    """The limit moves, and the number lies between its lowest and its highest value."""

    value_min: Limit


@dataclass(frozen=True, kw_only=True)
class LimitsWithin(Finding, severity=Severity.OK):
    """What was sent is within every limit it can be compared with."""

    provider: ListName
    sent: Count
    per: Keyword


@dataclass(frozen=True, kw_only=True)
class LimitsNotComparable(Finding, severity=Severity.UNKNOWN):
    """The ticket says how much was sent, and our data has no limit that it can be compared with."""

    provider: ListName
    sent: Count
    per: Keyword


@dataclass(frozen=True, kw_only=True)
class LimitsNotInData(Finding, severity=Severity.NOTICE):
    """Our data has no limit of this provider."""

    provider: ListName
    support: Url | None


class LimitsOwnServer(Finding, severity=Severity.OK):
    """The domain seems to have mail servers of its own, which set their own limits."""


class LimitsProviderUnknown(Finding, severity=Severity.UNKNOWN):
    """It could not be told who hosts the mail, so no limits are known."""


# --- Procedure: comparing --------------------------------------------------------------------------------------------


class _Held(StrEnum):
    """How a number of messages compares with a limit."""

    OVER = "over"
    OVER_OUTSIDE = "over_outside"
    """If all of it went outside."""
    VARIES = "varies"
    SPREAD = "spread"
    LATER = "later"
    RECIPIENTS = "recipients"
    UNDER = "under"


@dataclass(frozen=True, kw_only=True)
class _Comparison:
    """One limit and how the number compares with it; ``windows`` and ``each`` as the findings have them."""

    row: SendingLimit
    limit: int
    held: _Held
    windows: int = 0
    each: int = 0


def _compare(sent: Sent, row: SendingLimit) -> _Comparison | None:
    """Compare what can be compared."""
    theirs, ours = row.per.seconds, Per.of(sent.per).seconds
    if row.value is None or theirs is None or ours is None or row.what not in _OF_MESSAGES | _OF_RECIPIENTS:
        return None
    outside = row.what in {What.EXTERNAL_MESSAGES, What.EXTERNAL_RECIPIENTS}
    over = _Held.OVER_OUTSIDE if outside else _Held.OVER
    # In the longer of the two times there are so many of the shorter ones: by the pigeonhole principle, one of them
    # holds at least the average.
    most = row.value * max(1, ours // theirs)
    if sent.count > most:
        return _Comparison(row=row, limit=row.value, held=over)
    if row.value_min is not None and sent.count > row.value_min * max(1, ours // theirs):
        return _Comparison(row=row, limit=row.value, held=_Held.VARIES)
    limit = row.value_min or row.value
    if sent.count > limit:
        return _Comparison(row=row, limit=limit, held=_Held.SPREAD, windows=math.ceil(sent.count / limit))
    if ours < theirs and sent.count * (theirs // ours) > limit:
        return _Comparison(row=row, limit=limit, held=_Held.LATER, windows=math.ceil((limit + 1) / sent.count))
    if row.what in _OF_RECIPIENTS:
        return _Comparison(row=row, limit=limit, held=_Held.RECIPIENTS, each=limit // sent.count)
    return _Comparison(row=row, limit=limit, held=_Held.UNDER)


def compared(known: Provider, sent: Sent, today: date) -> Iterator[Finding]:
    """How a number of messages compares with the limits of a provider."""
    every = [each for row in known.limits if (each := _compare(sent, row)) is not None]
    name, count, per = ListName(known.shown), Count(sent.count), Keyword(sent.per.value)
    if not every:
        yield LimitsNotComparable(provider=name, sent=count, per=per)
        return
    over = [each for each in every if each.held is _Held.OVER]
    rows = (*(each.row for each in every), *(row for row in known.limits if row.value is None))
    plans = {_plan(row) for row in rows if row.plan not in _NO_PLAN_OF_TODAY} - {None}
    over_plans = {_plan(each.row) for each in over}
    if None in over_plans or (plans and over_plans >= plans):
        yield _exceeded(
            known, max((each for each in over if each.row.plan not in _NO_PLAN_OF_TODAY), key=_generosity), sent, today
        )
        return
    by_plan = {_plan(each.row): each for each in sorted(over, key=_generosity, reverse=True)}
    for each in [*by_plan.values()][:MOST_PLANS]:
        yield LimitsExceededOnPlan(**_said(known, each, sent, today))
    rest = [each for each in every if _plan(each.row) not in over_plans]
    yield from _open(known, rest, sent, today)
    if all(each.held is _Held.UNDER for each in every):
        yield LimitsWithin(provider=name, sent=count, per=per)


def _open(known: Provider, rest: Sequence[_Comparison], sent: Sent, today: date) -> Iterator[Finding]:
    """What depends on something that the ticket does not say: of each kind the strictest limit."""
    strictest = {each.held: each for each in sorted(rest, key=_generosity, reverse=True)}
    for held, each in strictest.items():
        said = _said(known, each, sent, today)
        match held:
            case _Held.OVER_OUTSIDE:
                yield LimitsExceededOutside(**said)
            case _Held.VARIES:
                yield LimitsVary(value_min=Limit(each.row.value_min or 0), **said)
            case _Held.SPREAD:
                yield LimitsDependOnSpread(windows=Count(each.windows), **said)
            case _Held.LATER:
                yield LimitsReachedLater(windows=Count(each.windows), **said)
            case _Held.RECIPIENTS:
                yield LimitsCountRecipients(each=Limit(each.each), **said)
            case _:
                continue


def _plan(row: SendingLimit) -> tuple[Plan, str | None] | None:
    """The plan a limit is for; ``None`` for everybody's."""
    return None if row.plan in _FOR_EVERYBODY else (row.plan, row.plan_name)


def _generosity(each: _Comparison) -> float:
    """Messages per second, to sort by."""
    return each.limit / (each.row.per.seconds or 1)


def _exceeded(known: Provider, each: _Comparison, sent: Sent, today: date) -> Finding:
    sure = each.row.confidence is Confidence.HIGH and not each.row.soft
    return (LimitsExceeded if sure else LimitsProbablyExceeded)(**_said(known, each, sent, today))


# --- Procedure: telling ----------------------------------------------------------------------------------------------


class _Row(TypedDict):
    """What is said of every limit."""

    provider: ListName
    what: Keyword
    limit_per: Keyword
    plan: Keyword
    plan_name: ListName | None
    page: Url
    as_of: Day | None
    outdated: Keyword


class _Said(_Row):
    """What is said of every comparison."""

    sent: Count
    per: Keyword
    limit: Limit
    rolling: Keyword


def _row(known: Provider, row: SendingLimit, today: date) -> _Row:
    return _Row(
        provider=ListName(known.shown),
        what=Keyword(row.what.value),
        limit_per=Keyword(row.per.value),
        plan=Keyword(row.plan.value),
        plan_name=None if row.plan_name is None else ListName(row.plan_name),
        page=Url(row.source_url),
        as_of=None if row.as_of is None else Day(row.as_of),
        outdated=_yes_or_no(row.source.outdated(today)),
    )


def _said(known: Provider, each: _Comparison, sent: Sent, today: date) -> _Said:
    return _Said(
        **_row(known, each.row, today),
        sent=Count(sent.count),
        per=Keyword(sent.per.value),
        limit=Limit(each.limit),
        rolling=_yes_or_no(each.row.rolling),
    )


def _yes_or_no(value: bool) -> Keyword:
    return Keyword("yes" if value else "no")


def stated(known: Provider, today: date) -> tuple[Finding, ...]:
    """The limits of a provider, one by one, as our data has them."""
    if not known.limits:
        support = None if known.support is None else Url(known.support)
        return (LimitsNotInData(provider=ListName(known.shown), support=support),)
    pages = tuple(dict.fromkeys(Url(row.source_url) for row in known.limits))
    return (*(_stated(known, row, today) for row in known.limits), LimitsSources(pages=pages))


def _stated(known: Provider, row: SendingLimit, today: date) -> Finding:
    said = _row(known, row, today)
    if row.value is None:
        return LimitsSetByAccount(**said)
    least = None if row.value_min is None else Limit(row.value_min)
    return LimitsStated(value=Limit(row.value), value_min=least, soft=_yes_or_no(row.soft), **said)


def told(known: Provider, today: date) -> tuple[Finding, ...]:
    """What is told of a provider's limits where nothing is known of what was sent."""
    return (*_trials(known, today), *stated(known, today))


def _trials(known: Provider, today: date) -> Iterator[Finding]:
    for row in known.limits:
        if row.plan is Plan.TRIAL and row.value is not None and row.per is Per.DAY:
            yield LimitsTrial(value=Limit(row.value), **_row(known, row, today))


def _facts(known: Provider, today: date) -> LimitsFacts:
    return LimitsFacts(provider=Keyword(known.id), rows=tuple(_fact(row, today) for row in known.limits))


def _fact(row: SendingLimit, today: date) -> LimitRow:
    return LimitRow(
        what=row.what,
        value=row.value,
        value_min=row.value_min,
        plan=row.plan,
        plan_name=None if row.plan_name is None else ListName(row.plan_name),
        window=row.per,
        rolling=row.rolling,
        scope=None if row.scope is None else Keyword(row.scope.value),
        source=Url(row.source_url),
        as_of=None if row.as_of is None else Day(row.as_of),
        outdated=row.source.outdated(today),
        confidence=row.confidence,
    )


async def _run(desk: Desk, who: Check[ProviderFacts]) -> Outcome[LimitsFacts]:
    facts = await desk.facts(who)
    today = datetime.now(UTC).date()
    if facts.own_server:
        return Outcome(LimitsFacts(provider=None, rows=()), (LimitsOwnServer(),))
    if facts.row is None:
        return Outcome(None, (LimitsProviderUnknown(),))
    sent = desk.case.sent
    findings = (
        told(facts.row, today) if sent is None else (*compared(facts.row, sent, today), *stated(facts.row, today))
    )
    return Outcome(_facts(facts.row, today), findings)


def check(who: Check[ProviderFacts]) -> Check[LimitsFacts]:
    """Make the check for what this check of the provider finds."""

    async def run(desk: Desk) -> Outcome[LimitsFacts]:
        return await _run(desk, who)

    return Check(
        name="limits",
        remedy=Remedy.LIMITS,
        applies=who.applies,
        needs=(who,),
        findings=(
            LimitsExceeded,
            LimitsProbablyExceeded,
            LimitsExceededOnPlan,
            LimitsExceededOutside,
            LimitsVary,
            LimitsDependOnSpread,
            LimitsReachedLater,
            LimitsCountRecipients,
            LimitsWithin,
            LimitsNotComparable,
            LimitsTrial,
            LimitsStated,
            LimitsSources,
            LimitsSetByAccount,
            LimitsNotInData,
            LimitsOwnServer,
            LimitsProviderUnknown,
        ),
        run=run,
    )


CHECK: Check[LimitsFacts] = check(provider.CHECK)
