"""What the message check may state, one class a code."""

from __future__ import annotations

from dataclasses import dataclass

from checks.causes import Cause
from checks.check import (
    Bytes,
    Count,
    Day,
    DomainName,
    Finding,
    HostName,
    IpAddress,
    Keyword,
    Limit,
    RecordText,
    Seconds,
    Selector,
    Severity,
)
from checks.network.answers import Trouble

# --- What was pasted -------------------------------------------------------------------------------------------------


class MessageUnreadable(Finding, severity=Severity.UNKNOWN):
    """What was pasted holds none of the header fields that every message has."""


@dataclass(frozen=True, kw_only=True)
class MessageTooBig(Finding, severity=Severity.UNKNOWN):
    """What was pasted is longer than is read, so the body cannot be verified."""

    limit: Bytes


# --- From and its neighbours -----------------------------------------------------------------------------------------


class MessageFromMissing(Finding, severity=Severity.PROBLEM, cause=Cause.MESSAGE_FORMAT):
    """A whole message has no From (RFC 5322 §3.6), and many receivers refuse it."""


class MessageFromNotPasted(Finding, severity=Severity.UNKNOWN):
    """There is no From in the headers that were pasted; whether the message has one is not known."""


@dataclass(frozen=True, kw_only=True)
class MessageFromUnreadable(Finding, severity=Severity.WARNING, cause=Cause.MESSAGE_FORMAT):
    """There is a From without any address in a domain (RFC 5322 §3.6.2)."""

    text: RecordText


@dataclass(frozen=True, kw_only=True)
class MessageSeveralFrom(Finding, severity=Severity.WARNING, cause=Cause.MESSAGE_FORMAT):
    """From names addresses of several domains: receivers differ in what they do (RFC 9989 §11.5)."""

    domains: tuple[DomainName, ...]


@dataclass(frozen=True, kw_only=True)
class MessageFieldRepeated(Finding, severity=Severity.WARNING, cause=Cause.MESSAGE_FORMAT):
    """A header field is there more than once that may be there once only (RFC 5322 §3.6)."""

    names: tuple[Keyword, ...]


# --- The way ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class MessageRoute(Finding, severity=Severity.OK):
    """Which address handed the message over to another organization first, and how sure that is.

    ``last`` is the address that the recipient's side took it from, if that is another one: it was passed on.
    """

    address: IpAddress
    by: HostName | None
    confidence: Keyword
    last: IpAddress | None
    hops: Count


@dataclass(frozen=True, kw_only=True)
class MessageSlowHop(Finding, severity=Severity.WARNING, cause=Cause.TEMPORARILY_DEFERRED):
    """Between two servers the message waited long; ``slow`` counts such places, the longest is told."""

    source: HostName | None
    by: HostName | None
    delay: Seconds
    slow: Count


@dataclass(frozen=True, kw_only=True)
class MessageClockWrong(Finding, severity=Severity.NOTICE):
    """A server noted a time well before that of the server before it, or one that has not come yet.

    ``compared`` is ``before`` or ``now``.
    """

    host: HostName | None
    off: Seconds
    compared: Keyword


# --- Signatures ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class MessageNotSigned(Finding, severity=Severity.WARNING, cause=Cause.DOMAIN_AUTH):
    """A message that has travelled carries no DKIM signature (RFC 6376 §6.1)."""

    domain: DomainName | None


class MessageSignatureNotSeen(Finding, severity=Severity.UNKNOWN):
    """There is no signature in what was pasted, and that does not show the message as it arrived."""


@dataclass(frozen=True, kw_only=True)
class _OfSignature(Finding, severity=Severity.OK):
    domain: DomainName
    selector: Selector


class MessageSignatureValid(_OfSignature, severity=Severity.OK):
    """The signature holds: body and signed header fields are as they were signed (RFC 6376 §6.1.3)."""


@dataclass(frozen=True, kw_only=True)
class MessageSignatureTagMissing(Finding, severity=Severity.WARNING, cause=Cause.DOMAIN_AUTH):
    """A signature lacks tags that it must have (RFC 6376 §6.1.1)."""

    domain: DomainName | None
    tags: tuple[Keyword, ...]


@dataclass(frozen=True, kw_only=True)
class MessageSignatureUnusable(Finding, severity=Severity.WARNING, cause=Cause.DOMAIN_AUTH):
    """A tag of a signature is not as it must be (RFC 6376 §6.1.1); ``flaw`` says how, ``part`` is what offends."""

    domain: DomainName | None
    flaw: Keyword
    part: RecordText


@dataclass(frozen=True, kw_only=True)
class MessageSignatureIdentityOutside(_OfSignature, severity=Severity.WARNING, cause=Cause.DOMAIN_AUTH):
    """The domain of ``i=`` is neither that of ``d=`` nor below it (RFC 6376 §6.1.1)."""

    identity: RecordText


class MessageSignatureFromUnsigned(_OfSignature, severity=Severity.WARNING, cause=Cause.DOMAIN_AUTH):
    """``h=`` does not name From (RFC 6376 §6.1.1)."""


@dataclass(frozen=True, kw_only=True)
class MessageSignatureExpired(_OfSignature, severity=Severity.WARNING, cause=Cause.DOMAIN_AUTH):
    """``x=`` was over when the message arrived (RFC 6376 §3.5)."""

    expired: Day
    late: Seconds


@dataclass(frozen=True, kw_only=True)
class MessageSignatureFromFuture(_OfSignature, severity=Severity.WARNING, cause=Cause.DOMAIN_AUTH):
    """``t=`` had not come yet when the message arrived (RFC 6376 §3.5)."""

    signed: Day
    early: Seconds


@dataclass(frozen=True, kw_only=True)
class MessageStrictIdentity(_OfSignature, severity=Severity.WARNING, cause=Cause.DOMAIN_AUTH):
    """The key has ``t=s``, and ``i=`` names a subdomain (RFC 6376 §3.6.1)."""

    identity: RecordText


class MessageKeyMissing(_OfSignature, severity=Severity.WARNING, cause=Cause.DOMAIN_AUTH):
    """There is no key at the selector of the signature (RFC 6376 §6.1.2)."""


class MessageKeyRevoked(_OfSignature, severity=Severity.WARNING, cause=Cause.DOMAIN_AUTH):
    """The key at the selector of the signature is revoked (RFC 6376 §6.1.2)."""


class MessageKeyUnusable(_OfSignature, severity=Severity.WARNING, cause=Cause.DOMAIN_AUTH):
    """What is at the selector of the signature is no key that it can be verified with (RFC 6376 §6.1.2)."""


@dataclass(frozen=True, kw_only=True)
class MessageKeyUnknown(_OfSignature, severity=Severity.UNKNOWN):
    """The question for the key was not answered (RFC 6376 §6.1.2)."""

    reason: Trouble


class MessageKeyTesting(_OfSignature, severity=Severity.NOTICE):
    """The key of a signature that holds has ``t=y``: receivers may treat the message as unsigned (§3.6.1)."""


@dataclass(frozen=True, kw_only=True)
class MessageBodyNotPasted(_OfSignature, severity=Severity.UNKNOWN):
    """The body is not there, or not whole, so the signature cannot be verified; ``header`` is how its fields are."""

    header: Keyword


@dataclass(frozen=True, kw_only=True)
class MessageBodyChanged(_OfSignature, severity=Severity.WARNING, cause=Cause.DOMAIN_AUTH):
    """The body is not the one that was signed (RFC 6376 §6.1.3).

    ``header`` is ``intact`` or ``changed``, ``forwarded`` is ``likely`` if the headers look passed on, else ``no``.
    """

    header: Keyword
    forwarded: Keyword


@dataclass(frozen=True, kw_only=True)
class MessageSignatureMismatch(_OfSignature, severity=Severity.WARNING, cause=Cause.DOMAIN_AUTH):
    """The body is as signed; a header field is not, or the key is not the one it was signed with (§6.1.3)."""

    canonicalization: Keyword
    forwarded: Keyword


@dataclass(frozen=True, kw_only=True)
class MessageBodyPartlySigned(_OfSignature, severity=Severity.NOTICE):
    """``l=`` leaves what comes after it unsigned (RFC 6376 §8.2); ``unsigned`` is how much that is here."""

    length: Bytes
    unsigned: Bytes


@dataclass(frozen=True, kw_only=True)
class MessageNotOversigned(Finding, severity=Severity.NOTICE):
    """Fields that could be added once more without breaking any signature that holds (RFC 6376 §8.15)."""

    domains: tuple[DomainName, ...]
    names: tuple[Keyword, ...]


@dataclass(frozen=True, kw_only=True)
class MessageSignaturesLeftOut(Finding, severity=Severity.NOTICE):
    """There are more signatures than are verified."""

    left_out: Count
    limit: Limit


@dataclass(frozen=True, kw_only=True)
class MessageSignedForOther(Finding, severity=Severity.NOTICE):
    """Signatures hold, none of them for a domain that belongs to that of From (RFC 9989 §4.4.1)."""

    author: DomainName
    domains: tuple[DomainName, ...]


# --- SPF and DMARC ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class _OfSender(Finding, severity=Severity.OK):
    domain: DomainName
    address: IpAddress


class MessageSpfPass(_OfSender, severity=Severity.OK):
    """SPF passes now for the address and the envelope sender of the message (RFC 7208 §2.6)."""


@dataclass(frozen=True, kw_only=True)
class MessageSpfNotPass(_OfSender, severity=Severity.WARNING, cause=Cause.DOMAIN_AUTH):
    """SPF does not pass now for the address and the envelope sender of the message (RFC 7208 §2.6)."""

    result: Keyword


class MessageSpfForwarded(_OfSender, severity=Severity.NOTICE):
    """SPF does not pass, since the address is that of a server which passed the message on (RFC 7208 §10.3)."""


@dataclass(frozen=True, kw_only=True)
class MessageSpfUnknown(_OfSender, severity=Severity.UNKNOWN):
    """The evaluation did not come to a result; no ``reason`` means that it depends on what the headers do not tell."""

    reason: Trouble | None


@dataclass(frozen=True, kw_only=True)
class MessageSpfNotEvaluated(Finding, severity=Severity.UNKNOWN):
    """The headers do not tell the address or the envelope sender; ``missing`` is which."""

    missing: Keyword


@dataclass(frozen=True, kw_only=True)
class MessageDmarcPass(Finding, severity=Severity.OK):
    """SPF or DKIM passes for a domain that belongs to that of From (RFC 9989 §4.4); ``by`` is which."""

    domain: DomainName
    by: tuple[Keyword, ...]


@dataclass(frozen=True, kw_only=True)
class MessageDmarcSpfOnly(Finding, severity=Severity.NOTICE):
    """DMARC passes by SPF alone, which forwarding breaks (RFC 9989 §7)."""

    domain: DomainName


@dataclass(frozen=True, kw_only=True)
class _DmarcFailed(Finding, severity=Severity.WARNING):
    """How SPF and DKIM stand to the domain of From: the words of ``authentication.Standing``."""

    domain: DomainName
    spf: Keyword
    dkim: Keyword


@dataclass(frozen=True, kw_only=True)
class MessageDmarcFail(_DmarcFailed, severity=Severity.WARNING, cause=Cause.DOMAIN_AUTH):
    """Neither SPF nor DKIM passes for the domain of From, and its policy is not ``reject``; or there is none."""

    policy: Keyword | None


class MessageDmarcReject(_DmarcFailed, severity=Severity.PROBLEM, cause=Cause.DOMAIN_AUTH):
    """Neither SPF nor DKIM passes for the domain of From, which asks receivers to reject such mail."""


@dataclass(frozen=True, kw_only=True)
class MessageDmarcUnknown(_DmarcFailed, severity=Severity.UNKNOWN):
    """Nothing that is known passes for the domain of From, and something is not known."""


# --- What servers noted ----------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class MessageReceiverResults(Finding, severity=Severity.OK):
    """The newest Authentication-Results (RFC 8601): what a server says it found when the message arrived."""

    server: HostName | None
    spf: Keyword | None
    dkim: Keyword | None
    dmarc: Keyword | None


@dataclass(frozen=True, kw_only=True)
class MessageResultDiffers(Finding, severity=Severity.NOTICE):
    """What a server noted of SPF, DKIM or DMARC is not what comes out now."""

    server: HostName | None
    method: Keyword
    claimed: Keyword
    now: Keyword


@dataclass(frozen=True, kw_only=True)
class MessageArcChain(Finding, severity=Severity.OK):
    """Servers that passed the message on sealed what they found (RFC 8617); the seals are not verified here."""

    sealers: tuple[HostName, ...]
    sets: Count


@dataclass(frozen=True, kw_only=True)
class MessageArcBroken(Finding, severity=Severity.NOTICE):
    """The ARC chain fails by its own words: ``cv=fail``, a gap, a set not whole, or too many (RFC 8617 §5.2)."""

    sets: Count


ALL: tuple[type[Finding], ...] = (
    MessageUnreadable,
    MessageTooBig,
    MessageFromMissing,
    MessageFromNotPasted,
    MessageFromUnreadable,
    MessageSeveralFrom,
    MessageFieldRepeated,
    MessageDmarcPass,
    MessageDmarcSpfOnly,
    MessageDmarcFail,
    MessageDmarcReject,
    MessageDmarcUnknown,
    MessageNotSigned,
    MessageSignatureNotSeen,
    MessageSignatureValid,
    MessageSignatureTagMissing,
    MessageSignatureUnusable,
    MessageSignatureIdentityOutside,
    MessageSignatureFromUnsigned,
    MessageSignatureExpired,
    MessageSignatureFromFuture,
    MessageStrictIdentity,
    MessageKeyMissing,
    MessageKeyRevoked,
    MessageKeyUnusable,
    MessageKeyUnknown,
    MessageKeyTesting,
    MessageBodyNotPasted,
    MessageBodyChanged,
    MessageSignatureMismatch,
    MessageBodyPartlySigned,
    MessageNotOversigned,
    MessageSignaturesLeftOut,
    MessageSignedForOther,
    MessageSpfPass,
    MessageSpfNotPass,
    MessageSpfForwarded,
    MessageSpfUnknown,
    MessageSpfNotEvaluated,
    MessageReceiverResults,
    MessageResultDiffers,
    MessageArcChain,
    MessageArcBroken,
    MessageRoute,
    MessageSlowHop,
    MessageClockWrong,
)
"""Every code, in the order in which they are told."""
