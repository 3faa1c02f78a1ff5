"""What there is to tell, surface-free: sections of lines in one language, ready for any renderer.

Each function takes what is known and a ``Wording`` and decides what is said, in which order, and how much of it. How
it looks is decided in ``bot.render``.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from bot.command import Verb
from bot.history import Change, RunLine
from bot.run import Record, Run, RunId, State, Step
from bot.spans import Code, Moment, Person, Span, Spans, Strong, Text, clean, cut, domain, foreign, joined, plain
from bot.wording import Param, Say, Wording, human_size
from checks.authority_findings import AuthorityDnsHost
from checks.case import Case
from checks.causes import Cause
from checks.check import CheckSkipped, Finding, Severity
from checks.diagnosis import Confidence, Suspect
from checks.network.answers import Evidence

FALLBACK_LIMIT = 300
"""Length of the text for notifications and screen readers."""
_BAR = 10
_EVIDENCE_SHOWN = 3
_ALSO_SHOWN = 4
_QUESTION_LIMIT = 120
_POINTS = ("\n1. ", "\n2. ")
"""How the points of a plan begin in the catalogues."""
_IN_DNS = frozenset({Cause.DOMAIN_AUTH, Cause.RECIPIENT_DOMAIN_INVALID})
"""What is to be pasted for these causes is a record of the domain."""
_FEW_STEPS = 5
"""With so many steps or fewer a run was asked for some of them only, and says which it clears."""


class Icon(StrEnum):
    """The sign before a line. Renderers choose signs that differ in shape, not only in colour."""

    WAITING = "waiting"
    RUNNING = "running"
    OK = "ok"
    NOTICE = "notice"
    UNKNOWN = "unknown"
    WARNING = "warning"
    PROBLEM = "problem"
    INTERRUPTED = "interrupted"


_ICONS: Mapping[Severity, Icon] = {severity: Icon(severity.name.lower()) for severity in Severity}


_OPEN: Mapping[State, Icon] = {
    State.OPEN: Icon.RUNNING,
    State.DONE: Icon.UNKNOWN,
    State.INTERRUPTED: Icon.INTERRUPTED,
}


class Action(StrEnum):
    """What a button asks for; its value is the run."""

    CHECK_AGAIN = "check_again"
    DETAILS = "details"
    HANDOVER = "handover"
    EXPORT = "export"


@dataclass(frozen=True, kw_only=True)
class Line:
    """One line. ``under`` lines explain the line above them; ``quiet`` ones are for those who look closer."""

    spans: Spans
    icon: Icon | None = None
    under: bool = False
    quiet: bool = False


@dataclass(frozen=True)
class Paste:
    """Text to be copied as it is, cleaned."""

    text: str


@dataclass(frozen=True, kw_only=True)
class Section:
    """Lines that belong together."""

    title: Line | None = None
    lines: tuple[Line | Paste, ...] = ()


@dataclass(frozen=True)
class Button:
    """Something to do with a run."""

    action: Action
    label: str
    run: RunId


@dataclass(frozen=True, kw_only=True)
class Report:
    """One thing to tell. ``fallback`` says it in a breath, for notifications and screen readers."""

    fallback: str
    sections: tuple[Section, ...]
    buttons: tuple[Button, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Progress:
    """How far a run has come: the steps that ended, in any order, and the names of those that run."""

    done: Sequence[Step] = ()
    running: Collection[str] = frozenset()
    state: State = State.OPEN
    elapsed_ms: float | None = None
    ahead: int = 0
    """How many runs start before this one."""


# --- A run in Slack: parent, thread, summary -------------------------------------------------------------------------


def parent(run: Run, progress: Progress, wording: Wording) -> Report:
    """The one message that always shows the state of every step.

    Steps that need a look have a line each; the others are folded by state.
    """
    done = {step.check: step for step in progress.done}
    order = [*dict.fromkeys((*run.steps, *done))]
    ended = [done[name] for name in order if name in done]
    verdict = max((step.verdict for step in ended), default=Severity.UNKNOWN)
    left = [name for name in order if name not in done]
    counted = _counted(progress, len(ended), len(order), wording)
    lines = [_with_bar(counted, len(ended), len(order)) if progress.state is State.OPEN else counted]
    worst_first = sorted(ended, key=lambda step: -step.verdict)
    left_out = _left_out(ended)
    lines += [
        _step_in_one_line(step, wording)
        for step in worst_first
        if step.verdict >= Severity.UNKNOWN and step not in left_out
    ]
    lines += _left_out_lines(left_out, wording)
    folded = (
        (Icon.NOTICE, Say.PARENT_NOTICED, [step.check for step in ended if step.verdict is Severity.NOTICE]),
        (Icon.OK, Say.PARENT_FINE, [step.check for step in ended if step.verdict is Severity.OK]),
        *_not_ended(progress, left),
    )
    for icon, sentence, names in folded:
        if names:
            checks = wording.listed([wording.check(name) for name in names], at_most=len(names))
            lines.append(Line(spans=wording.say(sentence, checks=checks), icon=icon))
    lines += [Line(spans=line, quiet=True) for line in ticket(run, wording)]
    title = _parent_title(run, progress, verdict, wording)
    return Report(fallback=_breath(title.spans, counted.spans), sections=(Section(title=title, lines=(*lines,)),))


def _parent_title(run: Run, progress: Progress, verdict: Severity, wording: Wording) -> Line:
    target = _target(run.case)
    match progress.state:
        case State.OPEN:
            return Line(spans=wording.say(Say.PARENT_CHECKING, target=target), icon=Icon.RUNNING)
        case State.INTERRUPTED:
            return Line(spans=wording.say(Say.PARENT_INTERRUPTED, target=target), icon=Icon.INTERRUPTED)
        case State.DONE:
            return Line(spans=wording.say(Say.PARENT_DONE, target=target, verdict=verdict), icon=_ICONS[verdict])


def _counted(progress: Progress, ended: int, total: int, wording: Wording) -> Line:
    if progress.ahead:
        return Line(spans=wording.say(Say.NOTICE_QUEUED, ahead=progress.ahead))
    if progress.state is State.DONE and progress.elapsed_ms is not None:
        return Line(spans=wording.say(Say.PARENT_TOOK, total=total, took=progress.elapsed_ms / 1000))
    return Line(spans=wording.say(Say.PARENT_PROGRESS, done=ended, total=total))


def _with_bar(line: Line, ended: int, total: int) -> Line:
    full = _BAR * ended // total if total else 0
    return Line(spans=joined((Text("▰" * full + "▱" * (_BAR - full) + "  "), *line.spans)))


def _not_ended(progress: Progress, left: Iterable[str]) -> Iterable[tuple[Icon, Say, list[str]]]:
    left = [*left]
    if progress.state is not State.OPEN:
        return [(Icon.INTERRUPTED, Say.PARENT_NOT_REACHED, left)]
    return [
        (Icon.RUNNING, Say.PARENT_RUNNING, [name for name in left if name in progress.running]),
        (Icon.WAITING, Say.PARENT_WAITING, [name for name in left if name not in progress.running]),
    ]


def _step_in_one_line(step: Step, wording: Wording) -> Line:
    findings = _worst_first(step.findings)
    check = wording.check(step.check)
    said = wording.title(findings[0]) if findings else wording.name(step.verdict)
    named = plain(said).startswith(plain(check))  # a title that names its check needs no name before it
    spans = said if named else wording.say(Say.PARENT_STEP, check=check, title=said)
    return Line(spans=spans, icon=_ICONS[step.verdict])


def step_reply(steps: Sequence[Step], evidence: Iterable[Evidence], wording: Wording, *, whole: bool = False) -> Report:
    """What one or several steps found, worst first, with what to do, what to paste and what it rests on.

    ``whole`` explains what is as it should be, too.
    """
    by_number = {each.number: each for each in evidence}
    ordered = sorted(steps, key=lambda step: -step.verdict)
    return Report(
        fallback=_breath(
            *(
                wording.say(Say.STEP_FALLBACK, checks=wording.check(step.check), verdict=step.verdict)
                for step in ordered
            )
        ),
        sections=_steps(ordered, by_number, wording, whole=whole),
    )


def _left_out(steps: Iterable[Step]) -> list[Step]:
    """The steps that were left out because another one gave them nothing to build on: told once, not one by one."""
    return [step for step in steps if step.findings and all(isinstance(f, CheckSkipped) for f in step.findings)]


def _left_out_lines(steps: Sequence[Step], wording: Wording) -> list[Line]:
    grouped: dict[str, list[str]] = {}
    for step in steps:
        reasons = [finding.because for finding in step.findings if isinstance(finding, CheckSkipped)]
        grouped.setdefault(reasons[0], []).append(step.check)
    return [
        Line(
            spans=wording.say(
                Say.PARENT_LEFT_OUT,
                because=wording.check(because),
                checks=wording.listed([wording.check(name) for name in names], at_most=len(names)),
            ),
            icon=Icon.UNKNOWN,
        )
        for because, names in grouped.items()
    ]


def _steps(
    steps: Sequence[Step], evidence: Mapping[int, Evidence], wording: Wording, *, whole: bool = False
) -> tuple[Section, ...]:
    left_out = _left_out(steps)
    sections = [_step(step, evidence, wording, whole=whole) for step in steps if step not in left_out]
    if left_out:
        sections.append(Section(lines=(*_left_out_lines(left_out, wording),)))
    return tuple(sections)


def _step(step: Step, evidence: Mapping[int, Evidence], wording: Wording, *, whole: bool) -> Section:
    lines: list[Line | Paste] = []
    for finding in _worst_first(step.findings):
        lines += _finding(finding, wording, whole=whole)
    if step.unread:
        lines.append(Line(spans=wording.say(Say.PARENT_UNREAD, count=step.unread), quiet=True))
    if cited := sorted({number for finding in step.findings for number in finding.evidence}):
        lines.append(_cited(cited, evidence, wording))
    title = wording.say(Say.STEP_TITLE, check=wording.check(step.check), took=step.ms / 1000)
    return Section(title=Line(spans=title, icon=_ICONS[step.verdict]), lines=(*lines,))


def _finding(finding: Finding, wording: Wording, *, whole: bool = False) -> list[Line | Paste]:
    lines: list[Line | Paste] = [Line(spans=_strong(wording.title(finding)), icon=_ICONS[finding.severity])]
    if finding.severity is Severity.OK and not whole:
        return lines
    lines.append(Line(spans=wording.detail(finding), under=True))
    if (figure := wording.figure(finding)) is not None:
        lines += [Line(spans=_strong(wording.say(Say.STEP_FIGURE)), under=True), Paste(figure)]
    if (fix := wording.fix(finding)) is not None:
        lines.append(_labelled(Say.STEP_FIX, fix, wording, under=True))
    return [*lines, *_pastes((finding,), wording)]


def _cited(numbers: Sequence[int], evidence: Mapping[int, Evidence], wording: Wording) -> Line:
    items: list[Spans] = []
    for number in numbers:
        item: list[Span] = [Text(f"#{number}")]
        if (known := evidence.get(number)) is not None:
            item += [Text(" "), foreign(known.question, _QUESTION_LIMIT)]
            if known.server:
                item += [Text(" @ "), foreign(known.server, _QUESTION_LIMIT)]
        items.append(joined(item))
    return _labelled(Say.STEP_EVIDENCE, wording.listed(items, at_most=_EVIDENCE_SHOWN), wording, quiet=True)


def summary(record: Record, wording: Wording) -> Report:
    """The answer: the most likely cause, who has to act, the first step, what to paste, and what is open."""
    diagnosis = record.diagnosis
    suspects = diagnosis.suspects if diagnosis else ()
    unexplained = _findings(record, diagnosis.unexplained if diagnosis else ())
    found = [finding for step in record.steps for finding in step.findings]
    left_out = _left_out(record.steps)
    unknown = [
        step
        for step in record.steps
        if step not in left_out and any(f.severity is Severity.UNKNOWN for f in step.findings)
    ]
    sections: list[Section] = []
    if suspects:
        sections.append(_main_cause(suspects[0], record, wording))
    elif unexplained:
        sections.append(_unexplained(unexplained, wording))
    elif unknown or left_out or not found or record.state is not State.DONE:
        nearly = record.state is State.DONE and not left_out and len(unknown) < len(record.steps)
        sections.append(_open(record, unknown, Say.SUMMARY_OPEN_POINTS if nearly else Say.SUMMARY_OPEN, wording))
    else:
        sections.append(_clear(record, wording))
    if len(suspects) > 1:
        also = tuple(_also(suspect, wording) for suspect in suspects[1 : 1 + _ALSO_SHOWN])
        sections.append(Section(title=_titled(Say.SUMMARY_ALSO, None, wording), lines=also))
    if suspects and unexplained:
        sections.append(_unexplained(unexplained, wording))
    if unknown or left_out:
        lines = (*(_untold(step, wording) for step in unknown), *_left_out_lines(left_out, wording))
        sections.append(Section(title=_titled(Say.SUMMARY_UNTOLD, None, wording), lines=lines))
    if record.state is State.INTERRUPTED:
        line = Line(spans=wording.say(Say.SUMMARY_INTERRUPTED), icon=Icon.INTERRUPTED)
        sections.append(Section(lines=(line,)))
    headline = sections[0].title
    target = wording.say(Say.SUMMARY_TITLE, target=_target(record.run.case))
    return Report(
        fallback=_breath(target, headline.spans if headline else ()),
        sections=(*sections,),
        buttons=buttons(record.run.id, wording),
    )


def _open(record: Record, unknown: Sequence[Step], title: Say, wording: Wording) -> Section:
    """Nothing stops mail as far as could be told. What is open says itself what would settle it."""
    doubts = [f for step in unknown for f in step.findings if f.severity is Severity.UNKNOWN]
    return Section(
        title=_titled(title, Icon.UNKNOWN, wording),
        lines=(*_first_step(record, doubts, wording.say(Say.SUMMARY_OPEN_NEXT), wording),),
    )


def _clear(record: Record, wording: Wording) -> Section:
    """Nothing stops mail. Where only some of the steps were asked for, only they are cleared."""
    checks = [wording.check(step.check) for step in record.steps]
    if len(checks) <= _FEW_STEPS:
        title = wording.say(Say.SUMMARY_CLEAR_FEW, checks=wording.listed(checks, at_most=len(checks)))
    else:
        title = wording.say(Say.SUMMARY_CLEAR)
    next_step = Line(spans=wording.say(Say.SUMMARY_CLEAR_NEXT))
    return Section(title=Line(spans=title, icon=Icon.OK), lines=(next_step,))


def buttons(run: RunId, wording: Wording) -> tuple[Button, ...]:
    """What can be done with a run that ended."""
    return (
        Button(Action.CHECK_AGAIN, plain(wording.say(Say.BUTTON_CHECK_AGAIN)), run),
        Button(Action.DETAILS, plain(wording.say(Say.BUTTON_DETAILS)), run),
        Button(Action.HANDOVER, plain(wording.say(Say.BUTTON_HANDOVER)), run),
        Button(Action.EXPORT, plain(wording.say(Say.BUTTON_EXPORT)), run),
    )


def _main_cause(suspect: Suspect, record: Record, wording: Wording) -> Section:
    findings = _findings(record, suspect.codes)
    worst = max((finding.severity for finding in findings), default=Severity.PROBLEM)
    title = wording.say(Say.SUMMARY_CAUSE, cause=wording.name(suspect.cause))
    lines: list[Line | Paste] = [
        _labelled(Say.SUMMARY_CONFIDENCE, wording.name(suspect.confidence), wording),
        _labelled(Say.SUMMARY_OWNER, wording.owner(suspect.cause), wording),
        *_first_step(record, findings, _otherwise(suspect, wording), wording),
    ]
    if findings:
        lines.append(Line(spans=_strong(wording.say(Say.SUMMARY_SHOWN_BY))))
        lines += [Line(spans=wording.title(finding), icon=_ICONS[finding.severity], under=True) for finding in findings]
    elif suspect.confidence is Confidence.LIKELY:
        lines.append(Line(spans=wording.say(Say.SUMMARY_BOUNCE_ONLY)))
    return Section(title=Line(spans=title, icon=_ICONS[worst]), lines=(*lines,))


def _otherwise(suspect: Suspect, wording: Wording) -> Spans:
    """The first step where no finding has one."""
    if suspect.confidence is Confidence.CONTRADICTED:
        return wording.say(Say.SUMMARY_RESEND)
    return wording.first_step(suspect.cause)


def _first_step(record: Record, findings: Iterable[Finding], otherwise: Spans, wording: Wording) -> list[Line | Paste]:
    """What to do first, with what that step asks to paste: the text of another finding would belong to another step.

    Of a numbered plan only the first point is told; the others stand in the reply of the step.
    """
    for finding in findings:
        if (fix := wording.fix(finding)) is not None:
            first = _first_point(fix)
            lines: list[Line | Paste] = [_labelled(Say.SUMMARY_FIRST, first or fix, wording)]
            if first is not None:
                names = (step.check for step in record.steps if finding in step.findings)
                checks = wording.listed([wording.check(name) for name in names])
                lines.append(Line(spans=wording.say(Say.SUMMARY_MORE, checks=checks)))
            pastes = _pastes((finding,), wording)
            if pastes and finding.cause in _IN_DNS:
                lines += _dns_host(record, wording)
            return [*lines, *pastes]
    return [_labelled(Say.SUMMARY_FIRST, otherwise, wording)]


def _dns_host(record: Record, wording: Wording) -> list[Line]:
    """Where the record to paste goes, if the name servers showed it."""
    found = (f for step in record.steps for f in step.findings if isinstance(f, AuthorityDnsHost))
    return [Line(spans=wording.title(each)) for each in found]


def _first_point(plan: Spans) -> Spans | None:
    """The first point of a numbered plan; ``None`` if it is none."""
    first: list[Span] | None = None
    for span in plan:
        text = span.text if isinstance(span, Text) else ""
        if first is None and _POINTS[0] in text:
            text = text.split(_POINTS[0], 1)[1]
            first = []
            span = Text(text)  # noqa: PLW2901 - what is left of it
        if first is None:
            continue
        if _POINTS[1] in text:
            return (*first, Text(text.split(_POINTS[1], 1)[0]))
        first.append(span)
    return None


def _also(suspect: Suspect, wording: Wording) -> Line:
    said = wording.say(Say.SUMMARY_ALSO_CAUSE, cause=wording.name(suspect.cause), owner=wording.owner(suspect.cause))
    return Line(spans=said, icon=Icon.WARNING if suspect.confidence is Confidence.POSSIBLE else Icon.PROBLEM)


def _unexplained(findings: Sequence[Finding], wording: Wording) -> Section:
    lines = [line for finding in _worst_first(findings) for line in _finding(finding, wording)]
    return Section(title=_titled(Say.SUMMARY_UNEXPLAINED, None, wording), lines=(*lines,))


def _untold(step: Step, wording: Wording) -> Line:
    reason = next(finding for finding in step.findings if finding.severity is Severity.UNKNOWN)
    said = wording.say(Say.PARENT_STEP, check=wording.check(step.check), title=wording.title(reason))
    return Line(spans=said, icon=Icon.UNKNOWN)


# --- What was found before -------------------------------------------------------------------------------------------


def history_list(rows: Sequence[RunLine], wording: Wording, what: Span | None = None) -> Report:
    """Earlier runs as they come: of ``what`` (a target, a ticket, a person), or of all."""
    about = (what,) if what else wording.say(Say.HISTORY_ALL)
    if not rows:
        none = Line(spans=wording.say(Say.HISTORY_NONE, what=about))
        return Report(fallback=_breath(none.spans), sections=(Section(lines=(none,)),))
    lines: list[Line] = []
    for row in rows:
        verdict = row.verdict if row.state is State.DONE else None
        said = wording.say(
            Say.HISTORY_LINE,
            when=Moment(row.asked_at),
            target=domain(row.target, FALLBACK_LIMIT),
            verdict=row.state if verdict is None else verdict,
            run=row.id,
        )
        lines.append(Line(spans=said, icon=_OPEN[row.state] if verdict is None else _ICONS[verdict]))
        lines += [Line(spans=wording.name(cause), under=True) for cause in row.causes[:1]]
    title = Line(spans=wording.say(Say.HISTORY_TITLE, what=about))
    return Report(fallback=_breath(title.spans), sections=(Section(title=title, lines=(*lines,)),))


def diff(before: Record, after: Record, changes: Sequence[Change], wording: Wording) -> Report:
    """What changed between two runs of a target. What could not be told is no change; history left it out."""
    title = Line(
        spans=wording.say(Say.DIFF_TITLE, target=_target(after.run.case), since=Moment(before.run.asked_at)),
    )
    sections: list[Section] = []
    if not changes:
        sections.append(Section(title=title, lines=(Line(spans=wording.say(Say.DIFF_SAME), icon=Icon.OK),)))
    else:
        sections.append(Section(title=title))
    for change in changes:
        lines = [
            Line(spans=joined((*wording.say(label), Text(" "), *wording.title(finding))), icon=_ICONS[finding.severity])
            for label, record, codes in (
                (Say.DIFF_APPEARED, after, change.appeared),
                (Say.DIFF_GONE, before, change.gone),
            )
            for finding in _findings(record, codes)
        ]
        sections.append(Section(title=Line(spans=wording.check(change.check)), lines=(*lines,)))
    return Report(fallback=_breath(title.spans), sections=(*sections,))


def last_run(record: Record, wording: Wording) -> Report:
    """The last run of a target: its steps in one line each and its answer."""
    verdict = Severity.UNKNOWN if record.verdict is None else record.verdict
    title = wording.say(
        Say.LAST_TITLE, target=_target(record.run.case), when=Moment(record.run.asked_at), verdict=verdict
    )
    steps = tuple(_step_in_one_line(step, wording) for step in record.steps)
    answer = summary(record, wording)
    return Report(
        fallback=_breath(title),
        sections=(Section(title=Line(spans=title, icon=_ICONS[verdict]), lines=steps), *answer.sections),
        buttons=answer.buttons,
    )


def terminal(record: Record, wording: Wording) -> Report:
    """A whole run for a terminal: every step in display order, then the answer at the end, where one looks."""
    by_number = {each.number: each for each in record.evidence}
    return Report(
        fallback="",
        sections=(*_steps(record.steps, by_number, wording), *summary(record, wording).sections),
    )


# --- Help, mistakes, notices -----------------------------------------------------------------------------------------


def help_text(wording: Wording, command: str = "/mailcheck", topic: Verb | None = None) -> Report:
    """How to use the command, or one word of it."""
    rows = [row for row in _HELP if topic is None or row[0] is topic] or _HELP
    lines: list[Line] = []
    for _, usage, sentence in rows:
        lines.append(Line(spans=(Code(f"{command} {usage}"),)))
        lines.append(Line(spans=wording.say(sentence), under=True))
    title = Line(spans=wording.say(Say.HELP_TITLE))
    return Report(fallback=_breath(title.spans), sections=(Section(title=title, lines=(*lines,)),))


_HELP: Sequence[tuple[Verb | None, str, Say]] = (
    (Verb.CHECK, "example.com", Say.HELP_CHECK),
    (Verb.CHECK, "example.com ip:192.0.2.1 to:user@example.org ticket:INC-42", Say.HELP_HINTS),
    (Verb.CHECK, "example.com private", Say.HELP_PRIVATE),
    (Verb.BOUNCE, "bounce", Say.HELP_BOUNCE),
    (Verb.LIMITS, "limits example.com", Say.HELP_LIMITS),
    (Verb.HISTORY, "history example.com", Say.HELP_HISTORY),
    (Verb.LAST, "last example.com", Say.HELP_LAST),
    (Verb.DIFF, "diff example.com", Say.HELP_DIFF),
    (Verb.EXPORT, "export RUN", Say.HELP_EXPORT),
)


def mistake(wording: Wording, sentence: Say, example: str, **params: Param) -> Report:
    """One plain line about what was typed, and an example that works. An empty parameter is one that is not there."""
    said = wording.say(sentence, **{name: None if value == "" else value for name, value in params.items()})
    line = Line(spans=wording.say(Say.MISTAKE_EXAMPLE, example=example), under=True)
    lines = (Line(spans=said, icon=Icon.NOTICE), line)
    return Report(fallback=_breath(said), sections=(Section(lines=lines),))


def notice(wording: Wording, sentence: Say, **params: Param) -> Report:
    """One thing to know that is nobody's mistake."""
    said = wording.say(sentence, **params)
    return Report(fallback=_breath(said), sections=(Section(lines=(Line(spans=said, icon=Icon.NOTICE),)),))


# --- Parts -----------------------------------------------------------------------------------------------------------


def _target(case: Case) -> Code:
    return domain(str(case.target), FALLBACK_LIMIT)


def ticket(run: Run, wording: Wording) -> Iterable[Spans]:
    """What the ticket said, and who asked."""
    case = run.case
    hints: list[Spans] = []
    for sentence, value in (
        (Say.CASE_REFERENCE, case.reference),
        (Say.CASE_SENDER_IP, case.sender_ip),
        (Say.CASE_SENDER, case.sender),
        (Say.CASE_RECIPIENT, case.recipient),
        (Say.CASE_SELECTOR, case.selector),
    ):
        if value:
            hints.append(wording.say(sentence, value=value))
    if case.size is not None:
        hints.append(wording.say(Say.CASE_SIZE, value=Text(human_size(case.size))))
    if case.sent is not None:
        hints.append(wording.say(Say.CASE_SENT, count=case.sent.count, per=wording.name(case.sent.per)))
    if case.bounce:
        hints.append(wording.say(Say.CASE_BOUNCE))
    if hints:
        first, *others = hints
        yield joined((*first, *(span for hint in others for span in (Text(" · "), *hint))))
    yield wording.say(Say.PARENT_ASKED, who=Person(run.asked_by), when=Moment(run.asked_at))


def _labelled(label: Say, spans: Spans, wording: Wording, *, under: bool = False, quiet: bool = False) -> Line:
    said = wording.say(label)
    gap = "" if plain(said).endswith("：") else " "  # the full-width colon brings its own room
    return Line(spans=joined((*_strong(said), Text(gap), *spans)), under=under, quiet=quiet)


def _titled(sentence: Say, icon: Icon | None, wording: Wording) -> Line:
    return Line(spans=wording.say(sentence), icon=icon)


def _pastes(findings: Iterable[Finding], wording: Wording) -> list[Line | Paste]:
    texts = dict.fromkeys(text for finding in findings if (text := wording.paste(finding)))
    if not texts:
        return []
    return [Line(spans=_strong(wording.say(Say.STEP_PASTE)), under=True), *map(Paste, texts)]


def _strong(spans: Spans) -> Spans:
    return tuple(Strong(span.text) if isinstance(span, Text) else span for span in spans)


def _worst_first(findings: Iterable[Finding]) -> list[Finding]:
    return sorted(findings, key=lambda finding: -finding.severity)


def _findings(record: Record, codes: Sequence[str]) -> list[Finding]:
    wanted = {code: place for place, code in enumerate(codes)}
    found = [finding for step in record.steps for finding in step.findings if finding.code in wanted]
    return sorted(found, key=lambda finding: wanted[finding.code])


def _breath(*sentences: Spans) -> str:
    return cut(" · ".join(clean(plain(spans)) for spans in sentences if spans), FALLBACK_LIMIT)
