"""Read what somebody pastes when mail came back: a bounce, a log line, an error of a mail program, a whole message.

Forms: delivery reports (RFC 3464), free text of servers that write none, logs, dialogs of mail programs. No failures:
receipts (RFC 8098, RFC 3464 ``delivered``), out-of-office answers (RFC 3834), complaint reports (RFC 5965). What no
rule and no code explains is *unclear*, never guessed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from checks import provider_data
from checks.bounce import judging, layouts, mail
from checks.bounce.judging import Judgement
from checks.bounce.layouts import Notice
from checks.bounce.mail import Pieces
from checks.bounce.masking import masked
from checks.bounce.rules import Advice, Certainty, Phrase, fold, shipped
from checks.causes import Cause

_FAILURES = 4
_LONGEST_SHOWN = 1_000


class Kind(StrEnum):
    """What was pasted."""

    BOUNCE = "bounce"
    """Mail failed, or is delayed, and why is known for at least one recipient."""
    NOT_A_FAILURE = "not_a_failure"
    UNCLEAR = "unclear"
    """There is no usable reason in it."""


class Innocent(StrEnum):
    """What it is if it is no failure."""

    READ_RECEIPT = "read_receipt"
    DELIVERED = "delivered"
    OUT_OF_OFFICE = "out_of_office"
    COMPLAINT = "complaint"
    """Somebody marked mail of ours as spam (ARF, RFC 5965)."""


@dataclass(frozen=True, kw_only=True)
class Failure:
    """One recipient that was not reached.

    ``status`` is an enhanced code (RFC 3463), ``reply`` an SMTP reply code, ``remote`` the host that answered,
    ``diagnostic`` what it said, foreign words with secrets masked. ``cause``, ``confidence`` and ``rule`` are ``None``
    where nothing says why. ``temporary``: it is being tried again, or may be; false once a server has given up.
    """

    recipient: str | None
    status: str | None
    reply: int | None
    remote: str | None
    diagnostic: str
    provider: str | None
    """The provider that speaks: an id of ``data/providers.json``."""
    temporary: bool
    cause: Cause | None = None
    confidence: Certainty | None = None
    rule: str | None = None
    words: str = ""
    """The words or the code the cause rests on, folded."""
    advice: Advice | None = None


@dataclass(frozen=True, kw_only=True)
class Original:
    """What is known of the mail that came back: foreign words, ``None`` where it was not said."""

    sender: str | None = None
    """The address in From, or the envelope sender."""
    recipient: str | None = None
    subject: str | None = None
    message_id: str | None = None
    date: str | None = None


@dataclass(frozen=True, kw_only=True)
class Reading:
    """What was pasted, read. ``innocent`` is set where it is no failure."""

    kind: Kind
    failures: tuple[Failure, ...] = ()
    innocent: Innocent | None = None
    original: Original = Original()
    reporter: str | None = None
    """The server that wrote the report."""


def read(data: bytes | str) -> Reading:
    """Read anything; nothing is raised, whatever it is. Only the first :data:`mail.MAX_READ` octets are looked at."""
    octets = data.encode("utf-8", "replace") if isinstance(data, str) else data
    pieces = mail.open_mail(octets[: mail.MAX_READ])
    text = "\n\n".join(pieces.texts)
    original = _original(pieces, text)
    reporter = next(filter(None, map(layouts.reporter, [*pieces.reports, text])), None)
    notices = [notice for part in pieces.reports for notice in layouts.report(part)]
    notices = notices or layouts.report(text) or layouts.log_lines(text)
    if any(not notice.diagnostic for notice in notices):
        notices = layouts.completed(notices, text)
    if (innocent := _innocent(pieces, text, notices)) is not None:
        return Reading(kind=Kind.NOT_A_FAILURE, innocent=innocent, original=original, reporter=reporter)
    notices = [notice for notice in notices if notice.action not in _ARRIVED]
    if not notices and _is_plain_mail(pieces, text):
        return Reading(kind=Kind.UNCLEAR, original=original)
    notices = notices or layouts.free_text(text, _not_recipients(pieces, original))
    failures = tuple(_failure(notice, pieces, text, reporter, len(notices)) for notice in _once(notices))
    known = any(failure.cause for failure in failures)
    kept = failures if known else tuple(f for f in failures if f.recipient or f.status or f.reply)
    return Reading(kind=Kind.BOUNCE if known else Kind.UNCLEAR, failures=kept, original=original, reporter=reporter)


# --- No failure ------------------------------------------------------------------------------------------------------

_ARRIVED = frozenset({"delivered", "relayed", "expanded"})
_VACATION = re.compile(r"auto-replied|vacation")


def _innocent(pieces: Pieces, text: str, notices: list[Notice]) -> Innocent | None:
    """What it is if nothing failed; what failed outweighs everything."""
    if pieces.complaint:
        return Innocent.COMPLAINT
    if pieces.read_receipt:
        return Innocent.READ_RECEIPT
    if notices:
        return Innocent.DELIVERED if all(notice.action in _ARRIVED for notice in notices) else None
    says = shipped().says
    subject = fold(pieces.headers.get("subject", ""))
    story = layouts.story(text)
    told = fold(story[: judging.LONGEST_JUDGED * 2])
    automatic = _VACATION.search(pieces.headers.get("auto-submitted", "").casefold()) or "x-autoreply" in pieces.headers
    if (automatic or says(Phrase.OUT_OF_OFFICE, subject)) and not mail.from_a_server(pieces.headers):
        return Innocent.OUT_OF_OFFICE
    if layouts.speech_of(story):
        return None
    if says(Phrase.COMPLAINT, told):
        return Innocent.COMPLAINT
    if says(Phrase.READ_RECEIPT, told) or says(Phrase.READ_RECEIPT, subject):
        return Innocent.READ_RECEIPT
    if says(Phrase.OUT_OF_OFFICE, told):
        return Innocent.OUT_OF_OFFICE
    if says(Phrase.DELIVERED, told) and not says(Phrase.NOT_DELIVERED, told):
        return Innocent.DELIVERED
    return None


# --- Failures --------------------------------------------------------------------------------------------------------

_BROAD_STATUS = re.compile(r"[245]\.(?:0\.\d+|\d\.0|7\.1)")


def _failure(notice: Notice, pieces: Pieces, text: str, reporter: str | None, told_of: int) -> Failure:
    provider = _provider(notice, reporter)
    judgement = _judge(notice, provider, text, pieces.headers.get("subject", ""), alone=told_of == 1)
    return Failure(
        recipient=notice.recipient,
        status=notice.status,
        reply=notice.reply,
        remote=notice.remote,
        diagnostic=masked(notice.diagnostic[:_LONGEST_SHOWN]),
        provider=provider,
        temporary=_temporary(notice, judgement, text),
        cause=judgement.cause if judgement else None,
        confidence=judgement.confidence if judgement else None,
        rule=judgement.rule if judgement else None,
        words=masked(judgement.words) if judgement else "",
        advice=judgement.advice if judgement else None,
    )


def _judge(notice: Notice, provider: str | None, text: str, subject: str, *, alone: bool) -> Judgement | None:
    """The words of the server, then its enhanced code, then what the bounce tells around them, then the reply code."""
    status, reply = notice.status, notice.reply
    by_words = judging.of_words(notice.diagnostic, status=status, reply=reply, provider=provider)
    specific = status is not None and _BROAD_STATUS.fullmatch(status) is None
    by_status = judging.of_status(status, reply, provider)
    if by_words is not None:
        return by_status if by_status and specific and by_words.confidence is not Certainty.HIGH else by_words
    if by_status is not None and specific:
        return by_status
    around = None
    if alone:
        told = layouts.story(text)
        around = judging.of_words(f"{subject}\n{told}", status=status, reply=reply, provider=provider)
    return around or by_status or judging.of_reply(reply)


def _temporary(notice: Notice, judgement: Judgement | None, text: str) -> bool:
    if notice.action is not None:
        return notice.action == "delayed"
    told = fold(layouts.story(text)[: judging.LONGEST_JUDGED])
    trying = shipped().says(Phrase.STILL_TRYING, told)
    if trying or shipped().says(Phrase.GIVEN_UP, told):
        return trying
    if notice.reply is not None:
        return notice.reply // 100 == _FAILURES
    if notice.status is not None:
        return notice.status[0] == "4"
    return judgement is not None and judgement.cause is Cause.TEMPORARILY_DEFERRED


def _provider(notice: Notice, reporter: str | None) -> str | None:
    """Who speaks: by the host that answered, by its words, by the recipient's domain, by who wrote the report."""
    known = provider_data.shipped()
    domain = notice.recipient.rpartition("@")[2].casefold() if notice.recipient else ""
    at_home = known.of_mail_domain(domain) if domain else None
    for host in (notice.remote, None):
        if host and (found := known.of_mx(host) or known.of_ptr(host)):
            return at_home.id if at_home in found else found[0].id
    if voice := shipped().voice(fold(notice.diagnostic[: judging.LONGEST_JUDGED])):
        return at_home.id if at_home and {voice, at_home.id} <= _ONE_HOUSE.get(voice, frozenset()) else voice
    if at_home:
        return at_home.id
    if reporter and (found := known.of_mx(reporter) or known.of_ptr(reporter)):
        return found[0].id
    return shipped().voice(fold(reporter)) if reporter else None


_GOOGLE = frozenset({"google-workspace", "gmail"})
_MICROSOFT = frozenset({"microsoft-365", "outlook-com"})
_ONE_HOUSE = {"google-workspace": _GOOGLE, "microsoft-365": _MICROSOFT, "outlook-com": _MICROSOFT}


def _once(notices: Iterable[Notice]) -> list[Notice]:
    """One notice a recipient; the last word counts, as a later line of a log does."""
    by_recipient: dict[str, Notice] = {}
    for number, notice in enumerate(notices):
        by_recipient[notice.recipient.casefold() if notice.recipient else f" {number}"] = notice
    return [*by_recipient.values()]


# --- The returned message --------------------------------------------------------------------------------------------


def _original(pieces: Pieces, text: str) -> Original:
    headers = pieces.original
    if not headers and (returned := layouts.returned_headers(text)):
        headers = mail.headers_of(returned)
    if not headers:
        return Original()
    return Original(
        sender=_address(headers.get("from")) or _address(headers.get("return-path")),
        recipient=_address(headers.get("to")),
        subject=_shown(headers.get("subject")),
        message_id=_shown(headers.get("message-id")),
        date=_shown(headers.get("date")),
    )


def _is_plain_mail(pieces: Pieces, text: str) -> bool:
    """Whether it is a mail from a person that speaks of no failure: its words are no evidence of one."""
    if not pieces.headers or mail.is_bounce(pieces.headers):
        return False
    told = layouts.story(text)
    words = f"{pieces.headers.get('subject', '')} {told}"[: judging.LONGEST_JUDGED]
    return not layouts.speech_of(told) and not shipped().says(Phrase.NOT_DELIVERED, fold(words))


def _not_recipients(pieces: Pieces, original: Original) -> list[str]:
    """Who got the bounce wrote the mail; who sent the bounce is a machine."""
    own = [_address(pieces.headers.get(name)) for name in ("to", "from", "delivered-to", "envelope-to")]
    candidates = own if mail.is_bounce(pieces.headers) else []
    return [address for address in (*candidates, original.sender) if address]


def _address(value: str | None) -> str | None:
    found = re.search(layouts.ADDRESS, value or "")
    return found[0] if found else None


def _shown(value: str | None) -> str | None:
    return masked(value[:_LONGEST_SHOWN]) if value else None
