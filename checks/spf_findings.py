"""What the SPF check may state; ``spf`` says when, RFC 7208 why.

Two questions are kept apart: what a receiver does with the mail (PROBLEM, WARNING), and whether the record is as tidy
as its author would want it (NOTICE).
"""

from __future__ import annotations

from dataclasses import dataclass

from checks.causes import Cause
from checks.check import Bytes, Count, DomainName, Finding, HostName, IpAddress, Keyword, Limit, RecordText, Severity
from checks.network.answers import Trouble

# --- Findings: what a receiver does with mail from the sending IP address ---------------------------------------------


@dataclass(frozen=True, kw_only=True)
class SpfPass(Finding, severity=Severity.OK):
    """The sending IP address is authorised. ``through`` is the term of an included record that holds it."""

    domain: DomainName
    sender_ip: IpAddress
    term: RecordText
    through: RecordText | None


@dataclass(frozen=True, kw_only=True)
class SpfFail(Finding, severity=Severity.PROBLEM, cause=Cause.DOMAIN_AUTH):
    """The sending IP address is not authorised, and the record asks to refuse it (RFC 7208 §8.4)."""

    domain: DomainName
    sender_ip: IpAddress
    term: RecordText
    explanation: RecordText | None


@dataclass(frozen=True, kw_only=True)
class SpfSoftfail(Finding, severity=Severity.WARNING, cause=Cause.DOMAIN_AUTH):
    """The sending IP address is probably not authorised (RFC 7208 §8.5)."""

    domain: DomainName
    sender_ip: IpAddress
    term: RecordText


@dataclass(frozen=True, kw_only=True)
class SpfNeutral(Finding, severity=Severity.WARNING, cause=Cause.DOMAIN_AUTH):
    """The record says nothing about the sending IP address (RFC 7208 §8.2); ``term`` is ``None`` where none matched."""

    domain: DomainName
    sender_ip: IpAddress
    term: RecordText | None


@dataclass(frozen=True, kw_only=True)
class SpfPermerror(Finding, severity=Severity.PROBLEM, cause=Cause.DOMAIN_AUTH):
    """The record cannot be evaluated for the sending IP address (RFC 7208 §8.7); another finding says why."""

    domain: DomainName
    sender_ip: IpAddress
    holder: DomainName
    term: RecordText | None


@dataclass(frozen=True, kw_only=True)
class SpfTemperror(Finding, severity=Severity.UNKNOWN):
    """The result for the sending IP address rests on a question that was not answered."""

    domain: DomainName
    sender_ip: IpAddress
    term: RecordText | None
    reason: Trouble


@dataclass(frozen=True, kw_only=True)
class SpfPrivateSender(Finding, severity=Severity.UNKNOWN):
    """The address stated only exists inside somebody's network: no receiver sees it, so nothing is evaluated."""

    domain: DomainName
    sender_ip: IpAddress


@dataclass(frozen=True, kw_only=True)
class SpfResultDepends(Finding, severity=Severity.UNKNOWN):
    """The result for the sending IP address depends on something of the message that the ticket does not say."""

    domain: DomainName
    sender_ip: IpAddress
    term: RecordText


# --- Findings: the record --------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class SpfFound(Finding, severity=Severity.OK):
    """There is one record, and receivers can use it.

    ``policy`` is the result for servers that it does not list, ``none`` where no ``all`` is reached.
    """

    domain: DomainName
    record: RecordText
    policy: Keyword
    lookups: Count
    limit: Limit
    sender_ip: IpAddress | None


@dataclass(frozen=True, kw_only=True)
class SpfNone(Finding, severity=Severity.WARNING, cause=Cause.DOMAIN_AUTH):
    """The domain has no SPF record (RFC 7208 §4.5)."""

    domain: DomainName


@dataclass(frozen=True, kw_only=True)
class SpfMisplaced(Finding, severity=Severity.WARNING, cause=Cause.DOMAIN_AUTH):
    """The domain has no SPF record, and one stands at a name where no receiver looks (RFC 7208 §3)."""

    domain: DomainName
    found_at: HostName
    record: RecordText


@dataclass(frozen=True, kw_only=True)
class SpfDomainNxdomain(Finding, severity=Severity.PROBLEM, cause=Cause.SENDER_REFUSED):
    """The domain of the sender's address does not exist."""

    domain: DomainName


@dataclass(frozen=True, kw_only=True)
class SpfMultipleRecords(Finding, severity=Severity.PROBLEM, cause=Cause.DOMAIN_AUTH):
    """There are several SPF records (RFC 7208 §4.5).

    ``proposal`` is one record in their place, if that is sure; if not, ``obstacle`` is ``too_long`` where joined they
    would be longer than a record should be, else ``unsure``.
    """

    domain: DomainName
    records: tuple[RecordText, ...]
    proposal: RecordText | None
    obstacle: Keyword | None


@dataclass(frozen=True, kw_only=True)
class SpfNotRecognized(Finding, severity=Severity.WARNING, cause=Cause.DOMAIN_AUTH):
    """A text was meant as SPF, and there is no other, but receivers do not take it as SPF (RFC 7208 §4.5)."""

    domain: DomainName
    text: RecordText
    flaw: Keyword
    proposal: RecordText | None


@dataclass(frozen=True, kw_only=True)
class SpfLookalike(Finding, severity=Severity.NOTICE):
    """Beside the record there is a text that looks like SPF and is none."""

    domain: DomainName
    text: RecordText


@dataclass(frozen=True, kw_only=True)
class SpfSenderId(Finding, severity=Severity.NOTICE):
    """There is a Sender ID record, a protocol that is no longer in use."""

    domain: DomainName
    text: RecordText


@dataclass(frozen=True, kw_only=True)
class SpfStringsRunTogether(Finding, severity=Severity.PROBLEM, cause=Cause.DOMAIN_AUTH):
    """Two strings of the TXT record run into each other: they are joined without a space (RFC 7208 §3.3)."""

    domain: DomainName
    proposal: RecordText


@dataclass(frozen=True, kw_only=True)
class SyntaxFault(Finding, severity=Severity.PROBLEM, cause=Cause.DOMAIN_AUTH):
    """A syntax error.

    ``fault`` is its kind, ``part`` the piece of ``term`` that offends, ``position`` where in the record it begins,
    counted from 1; ``proposal`` is the whole record mended.
    """

    domain: DomainName
    term: RecordText
    part: RecordText
    position: Count
    fault: Keyword
    proposal: RecordText | None


class SpfSyntaxError(SyntaxFault, severity=Severity.PROBLEM, cause=Cause.DOMAIN_AUTH):
    """A term is no term, or holds characters that a record cannot hold (RFC 7208 §4.6)."""


class SpfUnknownMechanism(SyntaxFault, severity=Severity.PROBLEM, cause=Cause.DOMAIN_AUTH):
    """A mechanism does not exist: mostly a misspelling (RFC 7208 §4.6.1)."""


class SpfBadDomain(SyntaxFault, severity=Severity.PROBLEM, cause=Cause.DOMAIN_AUTH):
    """The domain in a term is none (RFC 7208 §7.1)."""


class SpfBadAddress(SyntaxFault, severity=Severity.PROBLEM, cause=Cause.DOMAIN_AUTH):
    """The value of ``ip4`` or ``ip6`` is not such an address (RFC 7208 §5.6)."""


class SpfBadPrefixLength(SyntaxFault, severity=Severity.PROBLEM, cause=Cause.DOMAIN_AUTH):
    """A prefix length is wrong, or stands where none may stand (RFC 7208 §5.6)."""


class SpfMissingValue(SyntaxFault, severity=Severity.PROBLEM, cause=Cause.DOMAIN_AUTH):
    """A term lacks its value."""


class SpfRepeatedModifier(SyntaxFault, severity=Severity.PROBLEM, cause=Cause.DOMAIN_AUTH):
    """``redirect`` or ``exp`` stands there twice (RFC 7208 §6)."""


class SpfBadMacro(SyntaxFault, severity=Severity.PROBLEM, cause=Cause.DOMAIN_AUTH):
    """A macro is wrong (RFC 7208 §7.1)."""


# --- Findings: what it includes --------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class ManyLookups(Finding, severity=Severity.PROBLEM, cause=Cause.DOMAIN_AUTH):
    """More than ten terms query DNS (RFC 7208 §4.6.4).

    ``lookups`` is the worst case and ``evaluated`` what the stated sender needs, if that is within the limit. ``term``,
    in the record of ``holder``, is the one too many. ``heaviest`` are the terms of the record that cost most, ``tree``
    is everything, a line a term.
    """

    domain: DomainName
    lookups: Count
    limit: Limit
    term: RecordText
    holder: DomainName
    evaluated: Count | None
    heaviest: tuple[RecordText, ...]
    tree: tuple[RecordText, ...]


class SpfTooManyLookups(ManyLookups, severity=Severity.PROBLEM, cause=Cause.DOMAIN_AUTH):
    """More than ten terms query DNS (RFC 7208 §4.6.4), and no stated sender passes before the limit is reached."""


class SpfTooManyLookupsForSome(ManyLookups, severity=Severity.WARNING, cause=Cause.DOMAIN_AUTH):
    """More than ten terms query DNS (RFC 7208 §4.6.4), and the stated sender passes before the limit is reached."""


@dataclass(frozen=True, kw_only=True)
class SpfTooManyMxNames(Finding, severity=Severity.PROBLEM, cause=Cause.DOMAIN_AUTH):
    """An ``mx`` leads to more than ten hosts (RFC 7208 §4.6.4)."""

    holder: DomainName
    term: RecordText
    names: Count
    limit: Limit


@dataclass(frozen=True, kw_only=True)
class SpfTooManyVoidLookups(Finding, severity=Severity.WARNING, cause=Cause.DOMAIN_AUTH):
    """More terms find nothing than receivers should put up with (RFC 7208 §4.6.4, a SHOULD)."""

    domain: DomainName
    terms: tuple[RecordText, ...]
    void_lookups: Count
    limit: Limit


@dataclass(frozen=True, kw_only=True)
class SpfVoidLookup(Finding, severity=Severity.NOTICE):
    """Terms lead to names that do not exist or have no address."""

    domain: DomainName
    terms: tuple[RecordText, ...]


@dataclass(frozen=True, kw_only=True)
class IncludeFault(Finding, severity=Severity.PROBLEM, cause=Cause.DOMAIN_AUTH):
    """A term in the record of ``holder`` leads to a domain whose SPF cannot be used."""

    holder: DomainName
    term: RecordText
    target: HostName


@dataclass(frozen=True, kw_only=True)
class SpfIncludeNone(IncludeFault, severity=Severity.PROBLEM, cause=Cause.DOMAIN_AUTH):
    """An included domain has no SPF record: a permerror for the whole (RFC 7208 §5.2)."""

    exists: Keyword


class SpfRedirectNone(IncludeFault, severity=Severity.PROBLEM, cause=Cause.DOMAIN_AUTH):
    """``redirect`` leads to a domain without an SPF record: a permerror (RFC 7208 §6.1)."""


class SpfIncludeMultipleRecords(IncludeFault, severity=Severity.PROBLEM, cause=Cause.DOMAIN_AUTH):
    """An included domain has several SPF records: a permerror for the whole (RFC 7208 §5.2)."""


@dataclass(frozen=True, kw_only=True)
class SpfIncludeSyntaxError(IncludeFault, severity=Severity.PROBLEM, cause=Cause.DOMAIN_AUTH):
    """The record of an included domain has a syntax error: a permerror for the whole (RFC 7208 §5.2)."""

    wrong: RecordText
    position: Count


class SpfLoop(IncludeFault, severity=Severity.PROBLEM, cause=Cause.DOMAIN_AUTH):
    """An include or redirect leads back to a record above it: no evaluation ends within the limit."""


@dataclass(frozen=True, kw_only=True)
class SpfIncludeUnknown(Finding, severity=Severity.UNKNOWN):
    """The record of an included domain could not be read: a temperror for receivers who meet the same."""

    holder: DomainName
    term: RecordText
    target: HostName
    reason: Trouble


@dataclass(frozen=True, kw_only=True)
class SpfLookupUnknown(Finding, severity=Severity.UNKNOWN):
    """What terms lead to was not answered."""

    domain: DomainName
    terms: tuple[RecordText, ...]
    reason: Trouble


@dataclass(frozen=True, kw_only=True)
class SpfTreeCut(Finding, severity=Severity.UNKNOWN):
    """The record leads to more than is looked at."""

    domain: DomainName
    asked: Count
    left_out: tuple[RecordText, ...]


# --- Findings: is it what was meant? ---------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class SpfMechanismAsModifier(Finding, severity=Severity.WARNING, cause=Cause.DOMAIN_AUTH):
    """A mechanism is written with ``=``, so receivers ignore it (RFC 7208 §6)."""

    domain: DomainName
    term: RecordText
    proposal: RecordText | None


@dataclass(frozen=True, kw_only=True)
class SpfTwoRecordsInOne(Finding, severity=Severity.WARNING, cause=Cause.DOMAIN_AUTH):
    """The record holds a second ``v=spf1``: two records were put into one."""

    domain: DomainName


@dataclass(frozen=True, kw_only=True)
class SpfGluedTerms(Finding, severity=Severity.WARNING, cause=Cause.DOMAIN_AUTH):
    """The space between two terms is missing."""

    domain: DomainName
    term: RecordText
    proposal: RecordText | None


@dataclass(frozen=True, kw_only=True)
class SpfTermsAfterAll(Finding, severity=Severity.WARNING, cause=Cause.DOMAIN_AUTH):
    """Mechanisms stand behind ``all``, where nothing is tested (RFC 7208 §5.1)."""

    domain: DomainName
    terms: tuple[RecordText, ...]
    proposal: RecordText | None


@dataclass(frozen=True, kw_only=True)
class SpfRedirectIgnored(Finding, severity=Severity.NOTICE):
    """``redirect`` stands beside ``all`` and has no effect (RFC 7208 §6.1)."""

    domain: DomainName
    term: RecordText


@dataclass(frozen=True, kw_only=True)
class SpfUnknownModifier(Finding, severity=Severity.NOTICE):
    """A modifier that receivers ignore (RFC 7208 §6)."""

    domain: DomainName
    term: RecordText


@dataclass(frozen=True, kw_only=True)
class SpfOddName(Finding, severity=Severity.NOTICE):
    """A name that DNS can hardly be asked for."""

    domain: DomainName
    term: RecordText


@dataclass(frozen=True, kw_only=True)
class SpfPtrUsed(Finding, severity=Severity.NOTICE):
    """The record uses ``ptr``, which should not be published (RFC 7208 §5.5)."""

    domain: DomainName
    term: RecordText


@dataclass(frozen=True, kw_only=True)
class SpfDependsOnMessage(Finding, severity=Severity.NOTICE):
    """Terms hold macros of the message: without it they cannot be followed (RFC 7208 §7.2)."""

    domain: DomainName
    terms: tuple[RecordText, ...]


@dataclass(frozen=True, kw_only=True)
class SpfAllowsEveryone(Finding, severity=Severity.WARNING, cause=Cause.DOMAIN_AUTH):
    """A term lets every address of the internet pass."""

    holder: DomainName
    term: RecordText


@dataclass(frozen=True, kw_only=True)
class SpfAuthorizesNobody(Finding, severity=Severity.NOTICE):
    """The record says that the domain sends no mail, and the ticket says nothing of mail sent from it."""

    domain: DomainName
    record: RecordText


@dataclass(frozen=True, kw_only=True)
class SpfNobodyMaySend(Finding, severity=Severity.WARNING, cause=Cause.DOMAIN_AUTH):
    """The record says that the domain sends no mail, and the ticket is about mail sent from it."""

    domain: DomainName
    record: RecordText


@dataclass(frozen=True, kw_only=True)
class SpfNoMailDeclared(Finding, severity=Severity.OK):
    """The record says that the domain sends no mail, and its null MX that it takes none (RFC 7505)."""

    domain: DomainName
    record: RecordText


@dataclass(frozen=True, kw_only=True)
class SpfPolicyNeutral(Finding, severity=Severity.NOTICE):
    """The record ends in ``?all``: it says nothing of other servers."""

    domain: DomainName


@dataclass(frozen=True, kw_only=True)
class SpfNoAll(Finding, severity=Severity.NOTICE):
    """The record ends without ``all`` or ``redirect``, which means neutral (RFC 7208 §4.7)."""

    domain: DomainName


@dataclass(frozen=True, kw_only=True)
class SpfIncludeCarriesNoPolicy(Finding, severity=Severity.NOTICE):
    """Only the ``all`` of included records says to refuse, and that is not carried over (RFC 7208 §5.2)."""

    domain: DomainName
    terms: tuple[RecordText, ...]


@dataclass(frozen=True, kw_only=True)
class SpfWideRange(Finding, severity=Severity.NOTICE):
    """The record authorises networks larger than anybody's own."""

    domain: DomainName
    terms: tuple[RecordText, ...]


@dataclass(frozen=True, kw_only=True)
class SpfLongRecord(Finding, severity=Severity.NOTICE):
    """The record is longer than RFC 7208 §3.4 advises."""

    domain: DomainName
    size: Bytes
    advised: Bytes


@dataclass(frozen=True, kw_only=True)
class SpfLargeAnswer(Finding, severity=Severity.NOTICE):
    """All TXT records of the domain together do not fit into one UDP packet (RFC 7208 §3.4)."""

    domain: DomainName
    size: Bytes


@dataclass(frozen=True, kw_only=True)
class SpfUnknown(Finding, severity=Severity.UNKNOWN):
    """The question for the record was not answered."""

    domain: DomainName
    reason: Trouble
