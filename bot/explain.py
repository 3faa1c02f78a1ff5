"""A pasted bounce in words: what happened, whose side it is on, what to do; for people and as JSON."""

from __future__ import annotations

import re
import sys
from collections.abc import Sequence
from pathlib import Path

from bot.document import SCHEMA
from bot.report import Icon, Line, Report, Section
from bot.spans import Code, Spans, Strong, Text, clean, cut, foreign, joined, plain
from bot.wording import Param, Say, Wording, human_size
from checks.bounce import Failure, Innocent, Reading
from checks.case import Case, NotADomainError, Target, domain_name, ip_address
from checks.causes import Cause, Side
from checks.message import headers
from checks.wire import Json

MAX_SIZE = 20_000_000
"""Octets that are read from a file; a bounce with its returned message is rarely a tenth of it."""
STDIN = "-"
_LONGEST_SHOWN = 600
_LONGEST_LINE = 300
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_LOOKED_AT = 8_192
_BOMS = (b"\xff\xfe", b"\xfe\xff")


class CannotReadError(Exception):
    """What was given cannot be read; ``sentence`` says why, filled with ``file`` and what else it needs."""

    def __init__(self, sentence: Say, file: str, reason: str | None = None) -> None:
        super().__init__(sentence.value)
        self.sentence = sentence
        self.file = file
        self.reason = reason

    def line(self, words: Wording) -> str:
        """The one line to show."""
        name = "stdin" if self.file == STDIN else self.file
        params: dict[str, Param] = {"file": foreign(name, _LONGEST_LINE)}
        if self.reason is not None:
            params["reason"] = foreign(self.reason, _LONGEST_LINE)
        if self.sentence is Say.EXPLAIN_TOO_BIG:
            params["limit"] = Text(human_size(MAX_SIZE))
        return plain(words.say(self.sentence, **params))


def load(file: str) -> bytes:
    """Read a file, or stdin for ``-``.

    Raises:
        CannotReadError: it is not there, too big, or no text.
    """
    try:
        if file == STDIN:
            data = sys.stdin.buffer.read(MAX_SIZE + 1)
        else:
            with Path(file).open("rb") as stream:
                data = stream.read(MAX_SIZE + 1)
    except (OSError, ValueError) as error:  # ValueError: a NUL in the name
        reason = error.strerror if isinstance(error, OSError) else str(error)
        raise CannotReadError(Say.EXPLAIN_CANNOT_READ, file, reason or type(error).__name__) from error
    if len(data) > MAX_SIZE:
        raise CannotReadError(Say.EXPLAIN_TOO_BIG, file)
    if data.startswith(_OLE):
        raise CannotReadError(Say.EXPLAIN_OUTLOOK_FILE, file)
    if b"\0" in data[:_LOOKED_AT] and not data.startswith(_BOMS):
        raise CannotReadError(Say.EXPLAIN_NOT_TEXT, file)
    return data


# --- JSON ------------------------------------------------------------------------------------------------------------


def document(reading: Reading, words: Wording) -> dict[str, Json]:
    """The JSON contract of ``mailcheck explain --json``.

    ``reply`` is an integer (RFC 5321 §4.2) or null, ``status`` a string like ``5.7.1`` (RFC 3463) or null. ``cause``
    and ``owner`` are null only for a recipient for whom no reason is given.
    """
    return {
        "schema": SCHEMA,
        "kind": reading.kind.value,
        "failures": [_failure(failure, reading, words) for failure in reading.failures],
        "what": reading.innocent.value if reading.innocent else None,
        "original": {
            "sender": reading.original.sender,
            "recipient": reading.original.recipient,
            "subject": reading.original.subject,
            "message_id": reading.original.message_id,
            "date": reading.original.date,
        },
        "reporter": reading.reporter,
    }


def _failure(failure: Failure, reading: Reading, words: Wording) -> Json:
    return {
        "recipient": failure.recipient,
        "status": failure.status,
        "reply": failure.reply,
        "cause": failure.cause.value if failure.cause else None,
        "owner": failure.cause.owner.value if failure.cause else None,
        "temporary": failure.temporary,
        "provider": failure.provider,
        "diagnostic": failure.diagnostic,
        "next": [plain(step) for step in next_steps(failure, reading, words)],
        "title": plain(words.name(failure.cause)) if failure.cause else None,
        "remote": failure.remote,
        "confidence": failure.confidence.value if failure.confidence else None,
        "rule": failure.rule,
        "words": failure.words,
    }


# --- For people ------------------------------------------------------------------------------------------------------


def report(reading: Reading, words: Wording, *, message: bool = False) -> Report:
    """What was pasted, explained; the failures in the order of the bounce.

    ``message`` says that it is a mail or its headers, for which the terminal has more to offer.
    """
    if reading.innocent is not None:
        title = words.say(Say.EXPLAIN_NO_FAILURE, what=words.name(reading.innocent))
        lines = (Line(spans=words.say(_AFTERWARDS[reading.innocent])),)
        return _told([Section(title=Line(spans=title, icon=Icon.OK), lines=lines)])
    if not reading.failures and message:
        said = words.say(Say.EXPLAIN_MESSAGE, command=Code("--check"))
        return _told([Section(title=Line(spans=said, icon=Icon.NOTICE))])
    if not reading.failures:
        title = words.say(Say.EXPLAIN_UNCLEAR)
        lines = (Line(spans=words.say(Say.EXPLAIN_UNCLEAR_NEXT)),)
        return _told([Section(title=Line(spans=title, icon=Icon.UNKNOWN), lines=lines)])
    return _told([_section(failure, reading, words) for failure in reading.failures])


def _told(sections: Sequence[Section]) -> Report:
    first = sections[0].title
    return Report(fallback=cut(clean(plain(first.spans)) if first else "", _LONGEST_LINE), sections=(*sections,))


def _section(failure: Failure, reading: Reading, words: Wording) -> Section:
    lines: list[Line] = []
    if failure.recipient:
        lines.append(_labelled(words.say(Say.EXPLAIN_RECIPIENT), (foreign(failure.recipient, _LONGEST_LINE),)))
    if failure.cause is not None:
        lines.append(_labelled(words.say(Say.SUMMARY_OWNER), words.name(failure.cause.owner)))
    if failure.temporary:
        lines.append(Line(spans=words.say(Say.EXPLAIN_TEMPORARY)))
    if steps := next_steps(failure, reading, words):
        lines.append(Line(spans=_strong(words.say(Say.EXPLAIN_STEPS))))
        lines += [Line(spans=joined((Text(f"{n}. "), *step)), under=True) for n, step in enumerate(steps, 1)]
    if failure.diagnostic:
        by = Say.EXPLAIN_SAID_BY if failure.remote else Say.EXPLAIN_SAID
        said = words.say(by, remote=failure.remote) if failure.remote else words.say(by)
        lines.append(_labelled(said, (foreign(failure.diagnostic, _LONGEST_SHOWN),), quiet=True))
    if failure.confidence is not None and failure.words:
        rests = words.say(
            Say.EXPLAIN_SURE, words=foreign(failure.words, _LONGEST_LINE), certainty=words.name(failure.confidence)
        )
        lines.append(_labelled(words.say(Say.EXPLAIN_RESTS_ON), rests, quiet=True))
    if failure.cause is None:
        title = words.say(Say.EXPLAIN_UNCLEAR)
        if failure.recipient:
            title = words.say(Say.EXPLAIN_UNCLEAR_RECIPIENT, recipient=failure.recipient)
        return Section(title=Line(spans=title, icon=Icon.UNKNOWN), lines=(*lines,))
    icon = Icon.WARNING if failure.temporary else Icon.PROBLEM
    return Section(title=Line(spans=words.name(failure.cause), icon=icon), lines=(*lines,))


def _labelled(label: Spans, spans: Spans, *, quiet: bool = False) -> Line:
    gap = "" if plain(label).endswith("：") else " "  # the full-width colon brings its own room
    return Line(spans=joined((*_strong(label), Text(gap), *spans)), quiet=quiet)


def _strong(spans: Spans) -> Spans:
    return tuple(Strong(span.text) if isinstance(span, Text) else span for span in spans)


_AFTERWARDS = {
    Innocent.READ_RECEIPT: Say.INNOCENT_NEXT_READ_RECEIPT,
    Innocent.DELIVERED: Say.INNOCENT_NEXT_DELIVERED,
    Innocent.OUT_OF_OFFICE: Say.INNOCENT_NEXT_OUT_OF_OFFICE,
    Innocent.COMPLAINT: Say.INNOCENT_NEXT_COMPLAINT,
}


# --- What to do ------------------------------------------------------------------------------------------------------

_SHOWN_LIVE = frozenset(
    {
        Cause.RECIPIENT_DOMAIN_INVALID,
        Cause.UNREACHABLE_OR_EXPIRED,
        Cause.ROUTING_LOOP,
        Cause.SMTP_LOGIN,
        Cause.SENDER_REFUSED,
        Cause.DOMAIN_AUTH,
        Cause.REVERSE_DNS,
        Cause.IP_BLOCKLISTED,
        Cause.SPAM_CONTENT,
        Cause.SENDER_QUOTA,
        Cause.RATE_LIMITED,
        Cause.TLS_REQUIRED,
        Cause.CLIENT_CONNECTION,
    }
)
"""What a live check has something to say about."""


def next_steps(failure: Failure, reading: Reading, words: Wording) -> list[Spans]:
    """What to do, in order: wait if the server does the work, then the step of the situation, then who can help."""
    if failure.cause is None:
        return [words.say(Say.EXPLAIN_UNCLEAR_NEXT)]
    steps: list[Spans] = []
    if failure.temporary and failure.cause.owner in (Side.RECIPIENT, Side.NETWORK) and failure.recipient:
        steps.append(words.say(Say.EXPLAIN_RETRYING))
    steps.append(words.name(failure.advice) if failure.advice else words.first_step(failure.cause))
    if failure.cause in _SHOWN_LIVE and (case := case_of(failure, reading)) is not None:
        steps.append(words.say(Say.EXPLAIN_CHECK, command=foreign(_command(case), _LONGEST_LINE)))
    if failure.cause.owner is not Side.SENDER_USER:
        steps.append(words.say(Say.EXPLAIN_HAND_OVER, owner=words.name(failure.cause.owner)))
    return steps


_HARMLESS = re.compile(r"[A-Za-z0-9][A-Za-z0-9._+:@-]{0,253}")


def _command(case: Case) -> str:
    """The command line that checks a case. A hint that means anything to a shell is left out: it is foreign words."""
    hints = (("from", case.sender), ("to", case.recipient), ("ip", case.sender_ip))
    safe = [f"{key}:{value}" for key, value in hints if value and _HARMLESS.fullmatch(value)]
    return " ".join(["mailcheck check", str(case.target), *safe])


# --- A case out of a bounce ------------------------------------------------------------------------------------------

_ABOUT_RECIPIENT = frozenset({Cause.RECIPIENT_DOMAIN_INVALID, Cause.UNREACHABLE_OR_EXPIRED, Cause.ROUTING_LOOP})
_ABOUT_ADDRESS = frozenset(
    {Cause.IP_BLOCKLISTED, Cause.REVERSE_DNS, Cause.DOMAIN_AUTH, Cause.RATE_LIMITED, Cause.RELAY_DENIED}
)
_IP = re.compile(
    r"(?i)(?:host|client|\bip(?: address)?|from|for|sender|ip=|address)[ :=]{0,3}(?:<[^>]{0,80}>)?[\[(]?"
    r"((?:\d{1,3}\.){3}\d{1,3}|(?:[0-9a-f]{1,4}:){2,7}(?::?[0-9a-f]{1,4}){0,6})"
    r"|[\[(]((?:\d{1,3}\.){3}\d{1,3})[\])]"
)


def case_of(failure: Failure, reading: Reading) -> Case | None:
    """What a live check should look at after this failure; ``None`` if the bounce names no domain and no address.

    The sender's domain is the target, or the recipient's where their end is in question.
    """
    recipient = failure.recipient
    sender = reading.original.sender
    address = _sending_address(failure)
    theirs, ours = _domain_of(recipient), _domain_of(sender)
    domain = theirs if failure.cause in _ABOUT_RECIPIENT else ours
    if domain is not None:
        target = Target(domain=domain)
    elif address is not None:
        target = Target(address=address)
    else:
        return None
    return Case(
        target=target,
        sender=sender if ours else None,
        recipient=recipient if theirs else None,
        sender_ip=address,
        bounce=failure.diagnostic or None,
        bounced=(failure.cause,) if failure.cause else (),
    )


def _sending_address(failure: Failure) -> str | None:
    """The address that the receiver saw the mail come from, where it says so."""
    if failure.cause not in _ABOUT_ADDRESS or (found := _IP.search(failure.diagnostic)) is None:
        return None
    try:
        return ip_address(found[1] or found[2])
    except ValueError:
        return None


def _domain_of(address: str | None) -> str | None:
    try:
        return domain_name(address.rpartition("@")[2]) if address else None
    except NotADomainError:
        return None


def first_case(reading: Reading) -> Case | None:
    """What the live checks should look at first: the first failure that names something to look at."""
    cases = (case_of(failure, reading) for failure in reading.failures)
    return next((case for case in cases if case is not None), None)


def message_case(given: bytes) -> Case | None:
    """The case of a mail, or of its headers, that is no bounce; ``None`` if it names no author to look at."""
    pasted = headers.parse(given)
    author = pasted.author_domain if pasted.readable else None
    return Case(target=Target(domain=author), message=given) if author is not None else None
