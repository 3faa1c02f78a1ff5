"""What arrives from Slack: acknowledged within its three seconds, handed over, done.

Nothing may raise after the ack: Bolt would lose it. Therefore a listener parses, keeps the run (one commit), hands over
to tasks of ours, which look after themselves, and acks as the last thing it does.
"""

from __future__ import annotations

import asyncio
import re
import secrets
import time
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol, cast

import structlog
from aiolimiter import AsyncLimiter
from slack_bolt.async_app import AsyncApp

from bot import answers, desk, explain, report
from bot import command as said
from bot.delivery import NotTold
from bot.handover import handover
from bot.history import History, new_run_id
from bot.report import Action, Report
from bot.run import Language, Place, Record, Run
from bot.runs import Runs
from bot.schema import HistoryError
from bot.slack import forms
from bot.slack.transport import SlackTransport
from bot.wording import Param, Say, Wording
from checks import bounce, desk_output
from checks.case import Case
from checks.check import Check, CheckName
from checks.provider_data import Providers
from checks.triage import steps

COMMAND = "/mailcheck"

_RUNS_PER_PERSON = (10, 60.0)  # a minute
_RUNS_PER_WORKSPACE = (200, 60.0)
_PEOPLE_MAX = 10_000
_LANGUAGE_PATIENCE = 1.0  # seconds
_ANSWERS_AT_ONCE = 16  # a crowd is told one after the other: acknowledgements come first, and Slack limits us

Payload = dict[str, Any]  # what Bolt hands over: JSON from Slack
Ack = Callable[..., Awaitable[Any]]

_log = structlog.get_logger(__name__)


class Allowed(Protocol):
    """Who may ask, and where."""

    def __call__(self, user: str, channel: str) -> bool:
        """Whether this person may ask in this channel. Must answer at once."""
        ...


@dataclass(frozen=True)
class Asker:
    """Who did something, where, and how to answer."""

    user: str
    place: Place
    delivery: str


class Listeners:
    """Everything Slack may send, and the tasks that answer it."""

    def __init__(
        self,
        *,
        history: History,
        runs: Runs,
        transport: SlackTransport,
        checks: Sequence[Check[Any]],
        allowed: Allowed,
        version: str,
        providers: Providers | None = None,
    ) -> None:
        """Set them up. ``providers`` are those of the operator, by default the shipped ones."""
        self._providers = providers
        self._history = history
        self._runs = runs
        self._transport = transport
        self._checks = checks
        self._allowed = allowed
        self._version = version
        self._tasks: set[asyncio.Task[None]] = set()
        self._answers = asyncio.Semaphore(_ANSWERS_AT_ONCE)
        self._people: dict[str, AsyncLimiter] = {}
        self._workspace = AsyncLimiter(*_RUNS_PER_WORKSPACE)

    def register(self, app: AsyncApp) -> None:
        """Attach the listeners. The manifest declares the same, and a test holds the two against each other."""
        untyped: Any = app  # the library's signatures are typed in part only
        untyped.command(COMMAND)(self._on_command)
        untyped.command(re.compile(r".+"))(self._on_command)  # an operator may have renamed the command
        for action in Action:
            untyped.action(action.value)(self._on_action)
        untyped.view(forms.BOUNCE_FORM)(self._on_form)
        untyped.shortcut(forms.EXPLAIN_SHORTCUT)(self._on_shortcut)

    async def drain(self, seconds: float) -> None:
        """Wait for the answers that are on their way, but not longer than this."""
        if self._tasks:
            _, late = await asyncio.wait(self._tasks, timeout=seconds)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    # --- a slash command

    async def _on_command(self, ack: Ack, body: Payload) -> None:
        asker = _asker(body)
        command = said.parse(_word(body, "text"), [CheckName(check.name) for check in self._checks])
        if not self._allowed(asker.user, asker.place.channel):
            self._notice(asker, Say.NOTICE_NOT_ALLOWED)
        elif isinstance(command, said.Check):
            steps_ = self._steps(command.case, command.only)
            await self._begin(asker, self._run(asker, command.case, steps_, command.language, private=command.private))
        elif isinstance(command, said.Mistake):
            self._answer(asker, lambda words: _settled(answers.mistaken(command, words, COMMAND)))
        elif isinstance(command, said.Bounce):
            self._spawn(self._open_form(asker, _word(body, "trigger_id")))
        else:
            self._answer(
                asker,
                lambda words: answers.answer(
                    command, self._history, words, asker.user, COMMAND, providers=self._providers
                ),
            )
        await ack()

    async def _begin(self, asker: Asker, run: Run) -> None:
        """Keep a run and start it: from then on it is ours. Whatever stands in the way is told to the asker alone."""
        try:
            if self._runs.like(run) is not None:
                # A second delivery of one command is no second asker.
                if await self._history.first_seen(asker.delivery):
                    self._notice(asker, Say.NOTICE_RUNNING, target=str(run.case.target))
                return
            if not await self._within_rates(asker.user):
                self._notice(asker, Say.NOTICE_TOO_MANY)
                return
            self._runs.admit(run)  # at once: the same command may come again during the commit
            fresh = await self._history.accept(run, asker.delivery)
        except HistoryError as error:
            self._runs.dismiss(run)
            self._fault(asker, error)
            return
        if not fresh:
            self._runs.dismiss(run)
            return
        ahead = self._runs.ahead(run.id)
        self._runs.start(run)
        if ahead:
            self._notice(asker, Say.NOTICE_QUEUED, ahead=ahead)

    async def _within_rates(self, user: str) -> bool:
        """Whether one more run is within the rates of the person and the workspace; if so, it counts."""
        if len(self._people) >= _PEOPLE_MAX:
            self._people.clear()
        limits = (self._people.setdefault(user, AsyncLimiter(*_RUNS_PER_PERSON)), self._workspace)
        if not all(limit.has_capacity() for limit in limits):
            return False
        for limit in limits:
            await limit.acquire()
        return True

    def _steps(self, case: Case, only: Sequence[str]) -> tuple[str, ...]:
        return tuple(check.name for check in steps(case, self._checks, only))

    def _run(
        self, asker: Asker, case: Case, names: tuple[str, ...], language: Language | None, *, private: bool
    ) -> Run:
        now = time.time()
        return Run(
            id=new_run_id(now),
            case=case,
            asked_by=asker.user,
            place=Place(
                team=asker.place.team,
                channel=asker.place.channel,
                thread=asker.place.thread,
                private=private,
                response_url=asker.place.response_url,
            ),
            language=language,
            asked_at=now,
            version=self._version,
            steps=names,
        )

    # --- an error mail

    async def _open_form(self, asker: Asker, trigger: str) -> None:
        """Open the form within the three seconds a trigger lives; the language is waited for one of them."""
        language = await self._transport.language(asker.user, patience=_LANGUAGE_PATIENCE)
        try:
            await self._transport.open_form(trigger, forms.bounce_form(Wording(language), asker.place))
        except NotTold as failure:
            _log.warning("a form did not open", user=asker.user, reason=str(failure))
            self._notice(asker, Say.NOTICE_FORM_LATE)

    async def _on_form(self, ack: Ack, body: Payload, view: Payload) -> None:
        filled = forms.pasted(view)
        asker = replace(_asker(body), place=filled.place)
        if not self._allowed(asker.user, asker.place.channel):
            self._notice(asker, Say.NOTICE_NOT_ALLOWED)
        else:
            self._spawn(self._explain(asker, filled.text, live=filled.live))
        await ack()

    async def _on_shortcut(self, ack: Ack, body: Payload) -> None:
        asker = _asker(body)
        if not self._allowed(asker.user, asker.place.channel):
            self._notice(asker, Say.NOTICE_NOT_ALLOWED)
        else:
            message = cast("Payload", body.get("message") or {})
            self._spawn(self._explain(asker, forms.message_text(message), live=False))
        await ack()

    async def _explain(self, asker: Asker, text: str, *, live: bool) -> None:
        """Explain a pasted text to the asker alone, then have the live checks look at what it is about.

        What was pasted is not kept: the case of the run holds the words of the server that the answer rests on.
        """
        try:
            if not await self._history.first_seen(f"{asker.delivery} explained"):
                return
        except HistoryError as error:
            self._fault(asker, error)
            return
        if not await self._within_rates(asker.user):
            self._notice(asker, Say.NOTICE_TOO_MANY)
            return
        reading = await asyncio.to_thread(bounce.read, text)
        seen = desk_output.read(text)
        await self._tell(
            asker, lambda words: _settled(desk.report(seen, words) if seen else explain.report(reading, words))
        )
        case = explain.first_case(reading) if live else None
        if case is not None:
            await self._begin(asker, self._run(asker, case, self._steps(case, ()), None, private=False))

    # --- buttons

    async def _on_action(self, ack: Ack, body: Payload, action: Payload) -> None:
        asker = _asker(body)
        run, wanted = _word(action, "value"), _word(action, "action_id")
        if not self._allowed(asker.user, asker.place.channel):
            self._notice(asker, Say.NOTICE_NOT_ALLOWED)
        elif wanted == Action.CHECK_AGAIN.value:
            self._spawn(self._again(asker, run))
        elif wanted == Action.DETAILS.value:
            self._answer(asker, lambda words: self._details(run, asker, words))
        elif wanted == Action.HANDOVER.value:
            self._answer(asker, lambda words: self._handover(run, asker, words))
        else:
            command = said.Export(run)
            self._answer(asker, lambda words: answers.answer(command, self._history, words, asker.user, COMMAND))
        await ack()

    async def _again(self, asker: Asker, text: str) -> None:
        """Run the case of a past run once more. The button holds only its id: nothing a client says is believed."""
        try:
            record = await self._known(text, asker)
        except HistoryError as error:
            self._fault(asker, error)
            return
        if record is None:
            self._answer(asker, lambda words: self._details(text, asker, words))
            return
        old = record.run
        await self._begin(asker, self._run(asker, old.case, old.steps, old.language, private=old.place.private))

    async def _details(self, text: str, asker: Asker, words: Wording) -> Report:
        record = await self._known(text, asker)
        if record is None:
            return answers.unknown_run(text, words, COMMAND)
        return report.step_reply(record.steps, record.evidence, words, whole=True)

    async def _handover(self, run: str, asker: Asker, words: Wording) -> Report:
        record = await self._known(run, asker)
        if record is None:
            return answers.unknown_run(run, words, COMMAND)
        return handover(record, words, await self._transport.zone(asker.user))

    async def _known(self, text: str, asker: Asker) -> Record | None:
        """The run of this id, if this person in this workspace may see it."""
        record = await answers.record(text, self._history, asker.user)
        return record if record is not None and record.run.place.team == asker.place.team else None

    # --- answering

    def _notice(self, asker: Asker, sentence: Say, **params: Param) -> None:
        self._answer(asker, lambda words: _settled(report.notice(words, sentence, **params)))

    def _fault(self, asker: Asker, error: HistoryError) -> None:
        """Tell the asker a number, and the log what it stands for."""
        incident = secrets.token_hex(3)
        _log.error("history cannot be used", incident=incident, error=str(error))
        self._notice(asker, Say.NOTICE_FAULT, incident=incident)

    def _answer(self, asker: Asker, made: Callable[[Wording], Awaitable[Report]]) -> None:
        """Tell the asker alone, in a task of ours."""

        async def in_turn() -> None:
            async with self._answers:
                await self._tell(asker, made)

        self._spawn(in_turn())

    async def _tell(self, asker: Asker, made: Callable[[Wording], Awaitable[Report]]) -> None:
        words = Wording(await self._transport.language(asker.user))
        try:
            message = await made(words)
        except HistoryError as error:
            self._fault(asker, error)
            return
        try:
            await self._transport.whisper(asker.place, asker.user, [message])
        except NotTold as failure:
            _log.warning("an answer was lost", user=asker.user, reason=str(failure))

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(_guarded(work))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


async def _guarded(work: Coroutine[Any, Any, None]) -> None:
    try:
        await work
    except Exception:  # noqa: BLE001 - nobody awaits this task
        _log.exception("an answer failed")


async def _settled(message: Report) -> Report:
    return message


def _asker(body: Payload) -> Asker:
    """Read who asks out of a slash command or a button's payload; both carry the same facts in other places."""
    place = Place(
        team=_word(body, "team_id") or _word(body, "team", "id"),
        channel=_word(body, "channel_id") or _word(body, "channel", "id"),
        thread=_word(body, "message", "thread_ts"),
        response_url=_word(body, "response_url"),
    )
    user = _word(body, "user_id") or _word(body, "user", "id")
    # Slack gives every command and click its trigger; it is all there is to know a second delivery by.
    return Asker(user, place, _word(body, "trigger_id") or secrets.token_hex(8))


def _word(payload: Payload, *path: str) -> str:
    """The text at a path of a payload; empty if there is none."""
    here: Any = payload
    for name in path:
        if not isinstance(here, dict):
            return ""
        here = cast("Any", here).get(name)
    return here if isinstance(here, str) else ""
