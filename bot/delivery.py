"""The outbox loop: tells people in Slack what history queued, in order, at the pace a channel allows.

An outbox row says what to tell. What it looks like is decided here at the moment of sending, so that steps which ended
while a channel had to wait go out as one reply. Every attempt is kept in history; what cannot be told now is told
later, also by the next process.
"""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

import structlog
from aiolimiter import AsyncLimiter

from bot import report
from bot.history import DeliveryOutcome, Failed, GivenUp, History, OutboxRow, Sent, Tell
from bot.report import Progress, Report
from bot.run import Language, Place, Record, RunId, State
from bot.wording import Say, Wording

KEEP_TRYING = 24 * 3600.0
"""Seconds after which telling is given up."""

INVITE = "/invite @mailcheck"
"""What brings the bot into a channel."""

_POSTS_PER_CHANNEL = (3, 3.3)  # Slack: one message a second and channel, short bursts taken
_EDITS_PER_TEAM = (45, 60.0)  # chat.update is Tier 3: fifty a minute
_LOOK_AT = 1000

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
    """Goes with a message, unseen, so that it can be found again: the run and the first outbox row it tells."""

    run: RunId
    row: int


class Transport(Protocol):
    """How messages reach people. Every method but ``language`` may raise ``NotTold``."""

    async def language(self, user: str) -> Language:
        """The language a person has set; the default where it cannot be had."""
        ...

    async def post(self, place: Place, message: Report, thread: str, mark: Mark) -> str:
        """Post, in a thread if ``thread`` is not empty; gives the ``ts``."""
        ...

    async def edit(self, place: Place, ts: str, message: Report, mark: Mark) -> None:
        """Replace a message."""
        ...

    async def find(self, place: Place, thread: str, mark: Mark) -> str | None:
        """Look for a message by its mark; ``None`` if it is not there or may not be looked for."""
        ...

    async def whisper(self, place: Place, user: str, messages: Sequence[Report]) -> None:
        """Tell only one person: through the response URL while it lasts, then directly."""
        ...


class Delivery:
    """Empties the outbox for as long as ``run`` runs. Channels do not wait for each other."""

    def __init__(self, history: History, transport: Transport, wording: Callable[[Language], Wording]) -> None:
        self._history = history
        self._transport = transport
        self._wording = wording
        self._workers: dict[tuple[str, str], asyncio.Task[None]] = {}
        self._places: dict[RunId, Place] = {}
        self._posts: dict[tuple[str, str], AsyncLimiter] = {}
        self._edits: dict[str, AsyncLimiter] = {}
        self._whispered: set[RunId] = set()  # runs told to the asker only
        self._woken: set[tuple[str, str]] = set()
        self._told = 0

    async def run(self) -> None:
        """Deliver until cancelled."""
        try:
            while True:
                await self._history.wait_for_outbox()
                await self._start_workers()
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
                    await self._start_workers()
                    if self._workers:
                        await asyncio.wait(self._workers.values())
        except TimeoutError:
            _log.warning("outbox not empty at the end; the next start goes on with it")

    async def _start_workers(self) -> None:
        for channel in await self._channels():
            self._woken.add(channel)  # a worker that is about to end looks once more
            if channel not in self._workers:
                self._workers[channel] = asyncio.create_task(self._serve(channel), name=f"delivery {channel[1]}")

    async def _attempted(self, rows: Sequence[OutboxRow], outcome: DeliveryOutcome) -> None:
        self._told += 1
        await self._history.attempted(rows, outcome)

    async def _channels(self) -> list[tuple[str, str]]:
        rows = await self._history.undelivered(_LOOK_AT)
        return list(dict.fromkeys([self._channel(await self._place(row)) for row in rows]))

    async def _place(self, row: OutboxRow) -> Place:
        place = self._places.get(row.run)
        if place is None:
            record = await self._history.load(row.run)
            place = self._places[row.run] = record.run.place if record else Place()
        return place

    @staticmethod
    def _channel(place: Place) -> tuple[str, str]:
        return place.team, place.channel

    async def _serve(self, channel: tuple[str, str]) -> None:
        try:
            while True:
                self._woken.discard(channel)
                while await self._tell_next(channel):
                    pass
                if channel not in self._woken:
                    return
        except Exception:  # noqa: BLE001 - nobody awaits this task
            _log.exception("delivery to a channel failed", channel=channel[1])
        finally:
            self._workers.pop(channel, None)

    async def _due(self, channel: tuple[str, str]) -> list[OutboxRow]:
        rows = await self._history.undelivered(_LOOK_AT)
        return [row for row in rows if self._channel(await self._place(row)) == channel]

    async def _tell_next(self, channel: tuple[str, str]) -> bool:
        """Tell one thing in a channel; whether there may be more."""
        for run in dict.fromkeys(row.run for row in await self._due(channel)):
            record = await self._history.load(run)
            if record is None:
                await self._attempted(await self._rows(channel, run), GivenUp("the run was deleted"))
                return True
            if record.run.place.private or run in self._whispered:
                if await self._whisper(record, await self._rows(channel, run)):
                    return True
                continue  # its end is told at once; nothing to do before
            await self._tell(record, channel)
            return True
        return False

    async def _rows(self, channel: tuple[str, str], run: RunId) -> list[OutboxRow]:
        return [row for row in await self._due(channel) if row.run == run]

    async def _tell(self, record: Record, channel: tuple[str, str]) -> None:
        """Tell the next of a run in its thread: the parent, then steps folded, then the summary."""
        run, place = record.run, record.run.place
        parent_ts = await self._history.parent_ts(run.id)
        words = await self._words(record)
        if parent_ts is not None:
            await self._edit(record, parent_ts, words)
        await self._post_limit(channel).acquire()
        # What ended while the channel had to wait belongs into the same message.
        rows = await self._rows(channel, run.id)
        now = await self._history.load(run.id)
        if not rows or now is None:
            return
        batch = rows[:1] if rows[0].kind is not Tell.STEP else _leading_steps(rows)
        mark = Mark(run.id, batch[0].id)
        thread = place.thread or ("" if batch[0].kind is Tell.OPEN else parent_ts or "")
        try:
            ts = await self._transport.post(place, _message(now, batch, words), thread, mark)
        except NotTold as failure:
            await self._failed(now, batch, failure, thread, mark)
            return
        await self._attempted(batch, Sent(ts))
        if batch[-1].kind is Tell.SUMMARY and parent_ts is not None:
            await self._edit(now, parent_ts, words)

    async def _failed(
        self, record: Record, batch: Sequence[OutboxRow], failure: NotTold, thread: str, mark: Mark
    ) -> None:
        reason = str(failure)
        match failure:
            case NotInChannel():
                self._whispered.add(record.run.id)
                return
            case Refused():
                _log.error("slack refuses a message", run=record.run.id, reason=reason)
                await self._attempted(batch, GivenUp(reason))
                return
            case InDoubt():
                found = await self._find(record.run.place, thread, mark)
                if found is not None:
                    await self._attempted(batch, Sent(found))
                    return
                wait = _backoff(batch[0].attempts)
            case TryLater():
                wait = max(failure.seconds, _backoff(batch[0].attempts) if batch[0].attempts else 0.0)
            case _:
                raise failure
        await self._again(batch, reason, wait)

    async def _again(self, batch: Sequence[OutboxRow], reason: str, wait: float) -> None:
        if time.time() - batch[0].queued_at > KEEP_TRYING:
            await self._attempted(batch, GivenUp(reason))
        else:
            await self._attempted(batch, Failed(reason, time.time() + wait))

    async def _find(self, place: Place, thread: str, mark: Mark) -> str | None:
        try:
            return await self._transport.find(place, thread, mark)
        except NotTold:
            return None  # then it is posted again: twice is better than not at all

    async def _whisper(self, record: Record, rows: Sequence[OutboxRow]) -> bool:
        """Tell a run to its asker only: once that it runs, and once, at its end, everything."""
        words = await self._words(record)
        place = record.run.place
        if rows[0].kind is Tell.OPEN:
            messages = [report.parent(record.run, _progress(record), words)]
            if not place.private:
                messages.append(report.notice(words, Say.NOTICE_INVITE, command=INVITE))
            batch = rows[:1]
        elif rows[-1].kind is Tell.SUMMARY:
            messages = [report.step_reply(record.steps, record.evidence, words), report.summary(record, words)]
            batch = rows
        else:
            return False
        try:
            await self._transport.whisper(place, record.run.asked_by, messages)
        except (InDoubt, TryLater) as failure:
            wait = failure.seconds if isinstance(failure, TryLater) else _backoff(batch[0].attempts)
            await self._again(batch, str(failure), wait)
        except NotTold as failure:
            _log.error("nobody could be told", run=record.run.id, reason=str(failure))
            await self._attempted(batch, GivenUp(str(failure)))
        else:
            await self._attempted(batch, Sent(""))
        return True

    async def _edit(self, record: Record, ts: str, words: Wording) -> None:
        """Bring the parent up to date. An edit may be left out on the way, never at the end."""
        limit = self._edits.setdefault(record.run.place.team, AsyncLimiter(*_EDITS_PER_TEAM))
        if record.state is State.OPEN and not limit.has_capacity():
            return
        await limit.acquire()
        try:
            message = report.parent(record.run, _progress(record), words)
            await self._transport.edit(record.run.place, ts, message, Mark(record.run.id, 0))
        except NotTold as failure:
            # The next edit says the same and more; after the last one the thread holds the summary.
            _log.warning("parent not edited", run=record.run.id, reason=str(failure))

    async def _words(self, record: Record) -> Wording:
        return self._wording(record.run.language or await self._transport.language(record.run.asked_by))

    def _post_limit(self, channel: tuple[str, str]) -> AsyncLimiter:
        return self._posts.setdefault(channel, AsyncLimiter(*_POSTS_PER_CHANNEL))


def _leading_steps(rows: Sequence[OutboxRow]) -> list[OutboxRow]:
    steps: list[OutboxRow] = []
    for row in rows:
        if row.kind is not Tell.STEP:
            break
        steps.append(row)
    return steps


def _message(record: Record, batch: Sequence[OutboxRow], words: Wording) -> Report:
    match batch[0].kind:
        case Tell.OPEN:
            return report.parent(record.run, _progress(record), words)
        case Tell.STEP:
            names = {row.subject for row in batch}
            return report.step_reply([s for s in record.steps if s.check in names], record.evidence, words)
        case Tell.SUMMARY:
            return report.summary(record, words)
        case Tell.NOTE:
            return report.notice(words, Say(batch[0].subject))


def _progress(record: Record) -> Progress:
    done = {step.check for step in record.steps}
    return Progress(
        done=record.steps,
        running=[name for name in record.run.steps if name not in done] if record.state is State.OPEN else (),
        state=record.state,
        elapsed_ms=record.elapsed_ms,
    )


def _backoff(attempts: int) -> float:
    """Seconds to wait after so many failures: 2, 4, 8 … 300, and a little by chance so that not all come at once."""
    return float(min(2 ** (attempts + 1), 300)) * random.uniform(0.8, 1.2)  # noqa: S311 - spreads load, hides nothing
