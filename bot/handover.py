"""The message to whoever must act: what was found, what to do, and the evidence, ready to send.

It names the domain, the ticket and the servers. It names no person: not who asked, and neither the sender nor the
recipient of a mail, whose addresses the helper adds where the other side needs them. Evidence is shown as it was asked:
where an SPF record asks with macros (RFC 7208 §7), a question may hold the name before the @ of the sender.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from bot.report import Line, Paste, Report, Section
from bot.run import Record
from bot.spans import Spans, Text, clean, cut, domain, foreign, plain
from bot.wording import Say, Wording
from checks.check import Finding, Severity
from checks.network.answers import Evidence

_EVIDENCE_SHOWN = 20
_ANSWERS_SHOWN = 6
_LINE = 500  # characters


def handover(record: Record, wording: Wording, zone: ZoneInfo | None = None) -> Report:
    """The message about one run, in the language of ``wording``, with times in UTC and in ``zone``."""
    title = wording.say(Say.HANDOVER_TITLE, owner=_owner(record, wording))
    section = Section(title=Line(spans=title), lines=(Paste(message(record, wording, zone)),))
    return Report(fallback=cut(clean(plain(title)), _LINE), sections=(section,))


def message(record: Record, wording: Wording, zone: ZoneInfo | None = None) -> str:
    """The text of the message alone."""
    findings = _blamed(record)
    target = domain(str(record.run.case.target), _LINE)
    suspects = record.diagnosis.suspects if record.diagnosis else ()
    about = wording.name(suspects[0].cause) if suspects else wording.say(Say.HANDOVER_NO_CAUSE)
    paragraphs = [
        _text(wording.say(Say.HANDOVER_SUBJECT, target=target, about=_text(about))),
        _text(wording.say(Say.HANDOVER_HELLO)),
        _text(
            wording.say(
                Say.HANDOVER_FOUND if findings else Say.HANDOVER_NOTHING,
                target=target,
                when=Text(_time(record.run.asked_at, zone)),
            )
        ),
        *(_finding(number, finding, wording) for number, finding in enumerate(findings, 1)),
    ]
    if cited := _cited(record, findings):
        shown = "\n".join(_evidence(each, zone, wording) for each in cited[:_EVIDENCE_SHOWN])
        paragraphs.append(f"{_text(wording.say(Say.HANDOVER_EVIDENCE))}\n{shown}")
    if record.run.case.reference:
        paragraphs.append(_text(wording.say(Say.HANDOVER_REFERENCE, value=record.run.case.reference)))
    paragraphs.append(_text(wording.say(Say.HANDOVER_CLOSE)))
    return "\n\n".join(paragraphs)


def _owner(record: Record, wording: Wording) -> Spans:
    suspects = record.diagnosis.suspects if record.diagnosis else ()
    return wording.name(suspects[0].cause.owner) if suspects else wording.say(Say.HANDOVER_ANYBODY)


def _blamed(record: Record) -> list[Finding]:
    """What speaks for the first cause, or else what stops mail without a cause."""
    if record.diagnosis is None:
        return []
    codes = record.diagnosis.suspects[0].codes if record.diagnosis.suspects else record.diagnosis.unexplained
    found = [f for step in record.steps for f in step.findings if f.code in codes and f.severity >= Severity.WARNING]
    return sorted(found, key=lambda finding: -finding.severity)


def _cited(record: Record, findings: Iterable[Finding]) -> Sequence[Evidence]:
    numbers = {number for finding in findings for number in finding.evidence}
    return [each for each in record.evidence if each.number in numbers]


def _finding(number: int, finding: Finding, wording: Wording) -> str:
    rows = [f"{number}. {_text(wording.title(finding))}", _text(wording.detail(finding))]
    if (fix := wording.fix(finding)) is not None:
        rows += [_text(wording.say(Say.HANDOVER_ASK)), _text(fix)]
    if (paste := wording.paste(finding)) is not None:
        rows += [_text(wording.say(Say.STEP_PASTE)), paste]
    return "\n".join(rows)


def _evidence(evidence: Evidence, zone: ZoneInfo | None, wording: Wording) -> str:
    head = f"- {foreign(evidence.question, _LINE).text}"
    if evidence.server:
        head += f" @ {foreign(evidence.server, _LINE).text}"
    answers = [foreign(line, _LINE).text for line in evidence.answer[:_ANSWERS_SHOWN]]
    if len(evidence.answer) > _ANSWERS_SHOWN:
        answers.append("…")
    return "\n".join(
        [
            f"{head}, {_time(evidence.started, zone)}",
            *(f"    {line}" for line in answers or [_text(wording.say(Say.EXPORT_NO_ANSWER))]),
        ]
    )


def _time(at: float, zone: ZoneInfo | None) -> str:
    """A point in time, to the second: a provider looks for it in a log."""
    utc = datetime.fromtimestamp(at, UTC)
    text = f"{utc:%Y-%m-%d %H:%M:%S} UTC"
    return text if zone is None else f"{text} ({utc.astimezone(zone):%Y-%m-%d %H:%M:%S} {zone.key})"


def _text(spans: Spans) -> str:
    return plain(spans)
