"""What a command that starts no run is answered with, whichever surface asked."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

from bot import command as said
from bot import report
from bot.history import History, RunLine, read_run_id
from bot.render import markdown
from bot.report import Icon, Line, Paste, Report, Section
from bot.run import Record
from bot.spans import Code, Person, Span, clean, cut, plain
from bot.wording import Say, Wording
from checks import limits
from checks.check import Finding, Severity
from checks.provider_data import Providers, shipped

LISTED = 20
"""How many past runs a list shows."""
MOST_PROVIDERS = 3
"""How many providers of one name are shown."""


async def answer(
    command: said.Command,
    history: History,
    words: Wording,
    viewer: str,
    name: str,
    *,
    providers: Providers | None = None,
) -> Report:
    """Answer a command.

    ``viewer`` is who asks: what others asked in private is not shown. ``name`` is how the command is called here.
    ``providers`` are those of the operator, by default the shipped ones.

    Raises:
        HistoryError: the history cannot be asked.
    """
    match command:
        case said.Help():
            return report.help_text(words, name)
        case said.ShowHistory():
            return report.history_list(await rows(command, history, viewer), words, _about(command))
        case said.Last(target=target):
            found = await history.last(str(target), 1, viewer=viewer)
            newest = await history.load(found[0].id) if found else None
            if newest is None:
                return report.history_list((), words, Code(str(target)))
            return report.last_run(newest, words)
        case said.Diff(target=target):
            return await _diff(str(target), history, words, viewer)
        case said.Export(run=run):
            return await _export(run, history, words, viewer, name)
        case said.Limits(what=what):
            return limits_of(what, shipped() if providers is None else providers, words, name)
        case said.Login():
            return report.notice(words, Say.NOTICE_LOGIN, command=Code(said.LOGIN_COMMAND))
        case _:
            return report.notice(words, Say.NOTICE_NOT_YET, command=type(command).__name__.lower())


def limits_of(what: str, providers: Providers, words: Wording, name: str) -> Report:
    """The sending limits of a provider by its name, from our data alone."""
    found = providers.named(what)[:MOST_PROVIDERS]
    if not found:
        return report.mistake(
            words, Say.MISTAKE_UNKNOWN_PROVIDER, f"{name} limits gmail", word=what, suggestion=providers.like(what)
        )
    today = datetime.now(UTC).date()
    sections = tuple(
        Section(lines=tuple(line for finding in limits.told(each, today) for line in _lines(finding, words)))
        for each in found
    )
    fallback = plain(words.title(limits.told(found[0], today)[0]))
    return Report(fallback=cut(clean(fallback), report.FALLBACK_LIMIT), sections=sections)


def _lines(finding: Finding, words: Wording) -> Iterator[Line]:
    yield Line(spans=words.title(finding), icon=Icon(finding.severity.name.lower()))
    if finding.severity is not Severity.OK:
        yield Line(spans=words.detail(finding), under=True)


def mistaken(mistake: said.Mistake, words: Wording, name: str) -> Report:
    """Say what is wrong with a text that is no command, with an example."""
    return report.mistake(
        words,
        Say(mistake.code.value),
        f"{name} {mistake.example}",
        word=mistake.word,
        about=mistake.about,
        reason=mistake.reason,
        suggestion=mistake.suggestion,
    )


async def rows(command: said.ShowHistory, history: History, viewer: str) -> tuple[RunLine, ...]:
    """The past runs a command asks for, newest first."""
    if command.target is not None:
        return await history.last(str(command.target), LISTED, viewer=viewer)
    if command.ticket is not None:
        return await history.of_ticket(command.ticket, LISTED, viewer=viewer)
    if command.person is not None:
        return await history.of_person(command.person, LISTED, viewer=viewer)
    return await history.recent(LISTED, viewer=viewer)


async def record(text: str, history: History, viewer: str) -> Record | None:
    """The run with this id as people type it, if the viewer may see it."""
    run = read_run_id(text)
    found = await history.load(run) if run else None
    hidden = found is not None and found.run.place.private and found.run.asked_by != viewer
    return None if hidden else found


def unknown_run(text: str, words: Wording, name: str) -> Report:
    """Say that there is no run with this id."""
    return report.mistake(words, Say.MISTAKE_UNKNOWN_RUN, f"{name} history", run=text)


def _about(command: said.ShowHistory) -> Span | None:
    if command.target is not None:
        return Code(str(command.target))
    if command.ticket is not None:
        return Code(command.ticket)
    return None if command.person is None else Person(command.person)


async def _diff(target: str, history: History, words: Wording, viewer: str) -> Report:
    last = await history.last(target, 1, viewer=viewer)
    good = await history.last_good(target, viewer=viewer)
    after = await history.load(last[0].id) if last else None
    before = await history.load(good.id) if good else None
    if after is None:
        return report.history_list((), words, Code(target))
    if before is None:
        return report.notice(words, Say.NOTICE_NEVER_GOOD, target=target)
    return report.diff(before, after, await history.changes(before.run.id, after.run.id), words)


async def _export(text: str, history: History, words: Wording, viewer: str, name: str) -> Report:
    found = await record(text, history, viewer)
    if found is None:
        return unknown_run(text, words, name)
    title = Line(spans=words.say(Say.EXPORT_TITLE, target=Code(str(found.run.case.target))))
    section = Section(title=title, lines=(Paste(markdown.export(found, words)),))
    return Report(fallback=str(found.run.id), sections=(section,))
