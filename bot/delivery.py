"""The outbox loop: tells people in Slack what history queued, in order, at the pace a channel allows.

An outbox row says what to tell. What it looks like is decided here at the moment of sending, so that steps which ended
while a channel had to wait go out as one reply. Every attempt is kept in history; what cannot be told now is told
later, also by the next process.
"""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import structlog
from aiolimiter import AsyncLimiter

from bot import report
from bot.history import DeliveryOutcome, Failed, GivenUp, History, OtherVersionError, OutboxRow, Sent, Tell
from bot.report import Progress, Report
from bot.run import Language, Place, Record, RunId, State
from bot.schema import HistoryError
from bot.wording import Say, Wording

KEEP_TRYING = 24 * 3600.0
"""Seconds after which telling is given up."""

INVITE = "/invite @mailcheck"
"""What brings the bot into a channel."""

_POSTS_PER_CHANNEL = (3, 3.3)  # Slack: one message a second and channel, short bursts taken
_EDITS_PER_TEAM = (45, 60.0)  # chat.update is Tier 3: fifty a minute
_LOOK_AT = 5000  # rows; what is told to an asker alone waits here until its run has ended
_PAUSE = 5.0  # seconds after a failure of ours before the same is tried again

_log = structlog.get_logger(__name__)


class NotTold(Exception):  # noqa: N818 - its subclasses say what happened
    """A message did not get through; the text is the reason."""


class TryLater(NotTold):
    """It was certainly not posted, and may be after ``seconds``."""

    def __init__(self, reason: str, seconds: float) -> None:
        super().__init__(reason)
        self.seconds = seconds


class InDoubt(NotTold):
    """It may have been posted: the answer was lost, or said that something failed inside Slack."""


class NotInChannel(NotTold):
    """The bot may not speak in this channel."""


class Refused(NotTold):
    """It will never be posted."""


@dataclass(frozen=True)
class Mark:
    """Goes with a message, unseen, so that it can be found again: the run, the first and last outbox row it tells."""

    run: RunId
    first: int
    last: int


@dataclass(frozen=True)
class Found:
    """A message of ours that is there: its ``ts`` and the last outbox row it tells."""

    ts: str
    last: int


class Transport(Protocol):
    """How messages reach people. Every method but ``language`` may raise ``NotTold``."""

    async def language(self, user: str) -> Language:
        """The language a person has set; the default where it cannot be had."""
        ...

    async def post(self, place: Place, message: Report, thread: str, mark: Mark) -> str:
        """Post, in a thread if ``thread`` is not empty; gives the ``ts``."""
        ...

    async def edit(self, place: Place, ts: str, message: Report) -> None:
        """Replace a message; its mark stays."""
        ...

    async def find(self, place: Place, thread: str, mark: Mark) -> Found | None:
        """Look for a message by its run and first row; ``None`` if it is not there or may not be looked for."""
        ...

    async def whisper(self, place: Place, user: str, messages: Sequence[Report]) -> None:
        """Tell only one person: through the response URL while it lasts, then directly."""
        ...


@dataclass
class _Route:
    """Where a run is told. ``alone``: to its asker only; ``invite``: because the bot is not in the channel."""

    place: Place
    alone: bool
    invite: bool = False


_Channel = tuple[str, str]  # team, channel
_Due = Mapping[_Channel, Mapping[RunId, Sequence[OutboxRow]]]


class Delivery:
    """Empties the outbox for as long as ``run`` runs. Channels do not wait for each other.

    ``ahead`` says how many runs must end before one begins.
    """

    def __init__(
        self,
        history: History,
        transport: Transport,
        wording: Callable[[Language], Wording],
        ahead: Callable[[RunId], int],
    ) -> None:
        self._history = history
        self._transport = transport
        self._wording = wording
        self._ahead = ahead
        self._began = time.time()
        self._workers: dict[_Channel, asyncio.Task[None]] = {}
        self._woken: set[_Channel] = set()
        self._routes: dict[RunId, _Route] = {}
        self._doubtful: set[int] = set()  # rows that may have been told
        self._posts: dict[_Channel, AsyncLimiter] = {}
        self._edits: dict[str, AsyncLimiter] = {}
        self._told = 0

    async def run(self) -> None:
        """Deliver until cancelled."""
        try:
            while True:
                try:
                    await self._history.wait_for_outbox()
                    await self._look()
                except HistoryError as error:
                    _log.error("the outbox cannot be read; trying again", error=str(error))
                    await asyncio.sleep(_PAUSE)
        finally:
            workers = list(self._workers.values())
            for task in workers:
                task.cancel()
            await asyncio.gather(*workers, return_exceptions=True)

    async def flush(self, seconds: float) -> None:
        """Wait until nothing is due, but not longer than this."""
        told = -1
        try:
            async with asyncio.timeout(seconds):
                while told != self._told:
                    told = self._told
                    await self._look()
                    if self._workers:
                        await asyncio.wait(self._workers.values())
        except (TimeoutError, HistoryError):
            _log.warning("outbox not empty at the end; the next start goes on with it")

    # --- what is due, and where

    async def _look(self, mine: _Channel | None = None) -> _Due:
        """See what is due, by channel and run, and have a worker at every channel that has something to tell.

        Whoever looks does this for all: a look moves the time since which ``wait_for_outbox`` counts.
        """
        due: dict[_Channel, dict[RunId, list[OutboxRow]]] = {}
        for row in await self._history.undelivered(_LOOK_AT):
            place = (await self._route(row)).place
            due.setdefault((place.team, place.channel), {}).setdefault(row.run, []).append(row)
        ready: dict[_Channel, dict[RunId, list[OutboxRow]]] = {}
        for channel, runs in due.items():
            tellable = {run: rows for run, rows in runs.items() if self._is_tellable(run, rows)}
            if tellable:
                ready[channel] = tellable
        for channel in ready:
            if channel == mine:
                continue
            self._woken.add(channel)  # a worker that is about to end looks once more
            if channel not in self._workers:
                self._workers[channel] = asyncio.create_task(self._serve(channel), name=f"delivery {channel[1]}")
        return ready

    async def _route(self, row: OutboxRow) -> _Route:
        route = self._routes.get(row.run)
        if route is None:
            try:
                record = await self._history.load(row.run)
            except OtherVersionError:
                record = None  # its turn comes, and then it is given up
            if record is None:
                return _Route(Place(), alone=False)
            headless = row.kind is not Tell.OPEN and not await self._history.parent_ts(row.run)
            route = self._routes[row.run] = _Route(record.run.place, alone=record.run.place.private or headless)
        return route

    def _is_tellable(self, run: RunId, rows: Sequence[OutboxRow]) -> bool:
        """Whether there is something to tell now: an asker alone is not told step by step."""
        route = self._routes.get(run)
        return (
            route is None
            or not route.alone
            or (rows[0].kind is not Tell.STEP or any(row.kind is Tell.SUMMARY for row in rows))
        )

    # --- a worker for each channel

    async def _serve(self, channel: _Channel) -> None:
        try:
            while True:
                self._woken.discard(channel)
                try:
                    if not await self._tell_next(channel) and channel not in self._woken:
                        return
                except Exception:  # noqa: BLE001 - nobody awaits this task
                    _log.exception("delivery to a channel failed; trying again", channel=channel[1])
                    await asyncio.sleep(_PAUSE)
        finally:
            self._workers.pop(channel, None)

    async def _tell_next(self, channel: _Channel) -> bool:
        """Tell one thing in a channel; whether there may be more."""
        runs = (await self._look(channel)).get(channel, {})
        for run, rows in runs.items():
            try:
                record = await self._history.load(run)
                if record is None:
                    await self._attempted(rows, GivenUp("the run was deleted"))
                elif self._routes[run].alone:
                    await self._whisper(record, rows)
                else:
                    await self._tell(record, channel)
            except OtherVersionError as error:
                await self._give_up(rows, str(error))
            except HistoryError:
                raise
            except Exception as error:  # noqa: BLE001 - a run that cannot be shown must not silence its channel
                _log.exception("a run cannot be told", run=run)
                await self._give_up(rows, type(error).__name__)
            return True
        return False

    async def _tell(self, record: Record, channel: _Channel) -> None:
        """Tell the next of a run in its thread: the parent, then steps folded, then the summary."""
        run, place = record.run, record.run.place
        parent = await self._history.parent_ts(run.id)
        words = await self._words(record)
        if parent and record.state is State.OPEN:
            await self._edit_on_the_way(record, parent, words)
        await self._posts.setdefault(channel, AsyncLimiter(*_POSTS_PER_CHANNEL)).acquire()
        # What ended while the channel had to wait belongs into the same message.
        rows = (await self._look(channel)).get(channel, {}).get(run.id, ())
        now = await self._history.load(run.id)
        if not rows or now is None:
            return
        batch = rows[:1] if rows[0].kind is not Tell.STEP else _leading_steps(rows)
        mark = Mark(run.id, batch[0].id, batch[-1].id)
        thread = place.thread or ("" if batch[0].kind is Tell.OPEN else parent or "")
        try:
            if batch[0].kind is Tell.SUMMARY and parent:
                await self._edit_at_the_end(now, parent, words)
            there = await self._find(place, thread, mark) if self._may_be_there(batch[0]) else None
            message = self._message(now, batch, words)
            ts = there.ts if there else await self._transport.post(place, message, thread, mark)
        except NotTold as failure:
            await self._failed(now, batch, failure, thread, mark)
        else:
            await self._attempted([row for row in batch if there is None or row.id <= there.last], Sent(ts))

    def _may_be_there(self, row: OutboxRow) -> bool:
        """Whether a row may have been told already: an earlier process may have ended between telling and noting it."""
        return row.id in self._doubtful or row.queued_at < self._began

    async def _find(self, place: Place, thread: str, mark: Mark) -> Found | None:
        try:
            return await self._transport.find(place, thread, mark)
        except NotTold:
            return None  # then it is posted again: twice is better than not at all

    # --- how it ended

    async def _failed(
        self, record: Record, batch: Sequence[OutboxRow], failure: NotTold, thread: str, mark: Mark
    ) -> None:
        reason = str(failure)
        match failure:
            case NotInChannel():
                route = self._routes[record.run.id]
                route.alone = route.invite = True
            case Refused():
                _log.error("slack refuses a message", run=record.run.id, kind=batch[0].kind.value, reason=reason)
                if batch[0].kind is Tell.STEP:
                    await self._attempted(batch, GivenUp(reason))  # the button "details" holds it
                else:
                    self._routes[record.run.id].alone = True
            case InDoubt():
                there = await self._find(record.run.place, thread, mark)
                if there is not None:
                    await self._attempted(batch, Sent(there.ts))
                    return
                self._doubtful.update(row.id for row in batch)
                await self._again(batch, reason, _backoff(batch[0].attempts))
            case TryLater():
                wait = max(failure.seconds, _backoff(batch[0].attempts) if batch[0].attempts else 0.0)
                await self._again(batch, reason, wait)
                await asyncio.sleep(failure.seconds)  # the limit is the channel's, so its other runs wait as well
            case _:
                raise failure

    async def _again(self, batch: Sequence[OutboxRow], reason: str, wait: float) -> None:
        if time.time() - batch[0].queued_at > KEEP_TRYING:
            await self._give_up(batch, reason)
        else:
            await self._attempted(batch, Failed(reason, time.time() + wait))

    async def _give_up(self, rows: Sequence[OutboxRow], reason: str) -> None:
        _log.error("something was never told", run=rows[0].run, kind=rows[0].kind.value, reason=reason)
        await self._attempted(rows, GivenUp(reason))

    async def _attempted(self, rows: Sequence[OutboxRow], outcome: DeliveryOutcome) -> None:
        """Keep how an attempt ended, however long it takes: what Slack has and history does not is told twice."""
        self._told += 1
        while True:
            try:
                await self._history.attempted(rows, outcome)
                break
            except HistoryError as error:
                _log.error("history cannot be written to; trying again", error=str(error))
                await asyncio.sleep(_PAUSE)
        if not isinstance(outcome, Failed):
            self._doubtful.difference_update(row.id for row in rows)
            if rows[-1].kind is Tell.SUMMARY:
                self._routes.pop(rows[-1].run, None)

    # --- one person alone

    async def _whisper(self, record: Record, rows: Sequence[OutboxRow]) -> None:
        """Tell a run to its asker only: once that it runs, and once, at its end, everything."""
        words = await self._words(record)
        route = self._routes[record.run.id]
        if rows[0].kind in {Tell.OPEN, Tell.NOTE}:
            batch = rows[:1]
            messages = [self._message(record, batch, words)]
            if route.invite:
                messages.append(report.notice(words, Say.NOTICE_INVITE, command=INVITE))
        else:
            batch = rows
            messages = [report.step_reply(record.steps, record.evidence, words), report.summary(record, words)]
        try:
            await self._transport.whisper(record.run.place, record.run.asked_by, messages)
        except (InDoubt, TryLater) as failure:
            wait = failure.seconds if isinstance(failure, TryLater) else 0.0
            await self._again(batch, str(failure), max(wait, _backoff(batch[0].attempts)))
        except NotTold as failure:
            await self._give_up(batch, str(failure))
        else:
            await self._attempted(batch, Sent(""))

    # --- the parent message

    async def _edit_on_the_way(self, record: Record, ts: str, words: Wording) -> None:
        """Bring the parent up to date while the run goes on, if the pace of the workspace leaves room for it."""
        limit = self._edits.setdefault(record.run.place.team, AsyncLimiter(*_EDITS_PER_TEAM))
        if not limit.has_capacity():
            return
        await limit.acquire()
        try:
            await self._transport.edit(record.run.place, ts, self._parent(record, words))
        except NotTold as failure:
            # The next edit says the same and more.
            _log.info("parent not edited", run=record.run.id, reason=str(failure))

    async def _edit_at_the_end(self, record: Record, ts: str, words: Wording) -> None:
        """Bring the parent into its last state. This comes before the summary and is repeated with it until it is done.

        Raises:
            TryLater, InDoubt: not yet.
        """
        await self._edits.setdefault(record.run.place.team, AsyncLimiter(*_EDITS_PER_TEAM)).acquire()
        try:
            await self._transport.edit(record.run.place, ts, self._parent(record, words))
        except (Refused, NotInChannel) as failure:
            # It was deleted, or may not be edited any more: the thread holds the summary.
            _log.warning("parent not edited", run=record.run.id, reason=str(failure))

    # --- messages

    async def _words(self, record: Record) -> Wording:
        return self._wording(record.run.language or await self._transport.language(record.run.asked_by))

    def _parent(self, record: Record, words: Wording) -> Report:
        return report.parent(record.run, self._progress(record), words)

    def _message(self, record: Record, batch: Sequence[OutboxRow], words: Wording) -> Report:
        match batch[0].kind:
            case Tell.OPEN:
                return self._parent(record, words)
            case Tell.STEP:
                names = {row.subject for row in batch}
                return report.step_reply([s for s in record.steps if s.check in names], record.evidence, words)
            case Tell.SUMMARY:
                return report.summary(record, words)
            case Tell.NOTE:
                return report.notice(words, Say(batch[0].subject))

    def _progress(self, record: Record) -> Progress:
        done = {step.check for step in record.steps}
        ahead = self._ahead(record.run.id) if record.state is State.OPEN else 0
        return Progress(
            done=record.steps,
            running=[n for n in record.run.steps if n not in done] if record.state is State.OPEN and not ahead else (),
            state=record.state,
            elapsed_ms=record.elapsed_ms,
            ahead=ahead,
        )


def _leading_steps(rows: Sequence[OutboxRow]) -> list[OutboxRow]:
    steps: list[OutboxRow] = []
    for row in rows:
        if row.kind is not Tell.STEP:
            break
        steps.append(row)
    return steps


def _backoff(attempts: int) -> float:
    """Seconds to wait after so many failures: 2, 4, 8 … 300, and a little by chance so that not all come at once."""
    return float(min(2 ** (attempts + 1), 300)) * random.uniform(0.8, 1.2)  # noqa: S311 - spreads load, hides nothing
