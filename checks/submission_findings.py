"""What the submission check can state: where the settings are published, how a server answers, what a login meets."""

from __future__ import annotations

from dataclasses import dataclass

from checks.causes import Cause
from checks.check import (
    Day,
    DomainName,
    Finding,
    HostName,
    Keyword,
    Limit,
    Port,
    RecordText,
    ServerReply,
    Severity,
    Url,
)
from checks.network.answers import Trouble
from checks.visits import AtAddresses

# --- Which server and settings are right -----------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class SubmissionReady(Finding, severity=Severity.OK):
    """A server takes password logins over TLS with a certificate that mail programs accept.

    ``settings`` are as mail programs ask for them: ``465 SSL/TLS``, ``587 STARTTLS``. ``source`` says how the server is
    known, ``username`` what to type as the user name, if that is told.
    """

    host: HostName
    settings: tuple[Keyword, ...]
    mechanisms: tuple[Keyword, ...]
    source: Keyword
    username: Keyword | None


@dataclass(frozen=True, kw_only=True)
class SubmissionNotPublished(Finding, severity=Severity.NOTICE):
    """Nothing says where mail programs should send, and no server was found under the usual names.

    ``tried`` are the usual names that have an address; ``autoconfig`` is what kept the document from being fetched.
    """

    domain: DomainName
    tried: tuple[HostName, ...]
    autoconfig: Trouble | None


@dataclass(frozen=True, kw_only=True)
class SubmissionGuessed(Finding, severity=Severity.NOTICE):
    """Nothing says where mail programs should send; a server was found under one of the usual names."""

    domain: DomainName
    host: HostName
    records: tuple[RecordText, ...]
    """The SRV records that would tell mail programs about it (RFC 6186, RFC 8314 §5.1)."""


@dataclass(frozen=True, kw_only=True)
class SubmissionNotOffered(Finding, severity=Severity.NOTICE):
    """The SRV records say that the domain offers no submission: their target is the root (RFC 6186 §3.4)."""

    domain: DomainName


@dataclass(frozen=True, kw_only=True)
class SubmissionSettingsUnknown(Finding, severity=Severity.UNKNOWN):
    """The question for the SRV records was not answered."""

    domain: DomainName
    reason: Trouble


@dataclass(frozen=True, kw_only=True)
class SubmissionAutoconfigInvalid(Finding, severity=Severity.NOTICE):
    """The domain publishes an autoconfig document in which no outgoing server is named that a program could use."""

    domain: DomainName


@dataclass(frozen=True, kw_only=True)
class SubmissionSourcesDisagree(Finding, severity=Severity.WARNING, cause=Cause.SMTP_LOGIN):
    """The SRV records and the autoconfig document name different servers: it depends on the program which is used."""

    srv: tuple[HostName, ...]
    autoconfig: tuple[HostName, ...]


@dataclass(frozen=True, kw_only=True)
class SubmissionWrongTlsMode(Finding, severity=Severity.WARNING, cause=Cause.TLS_REQUIRED):
    """A source publishes a port with another way to encrypt than the one that works there.

    RFC 8314 §3.3 gives port 465 its meaning, RFC 6409 §3.1 port 587. ``published`` is ``implicit``, ``starttls`` or
    ``none``.
    """

    host: HostName
    port: Port
    published: Keyword
    source: Keyword


@dataclass(frozen=True, kw_only=True)
class SubmissionProviderSettings(Finding, severity=Severity.OK):
    """The mailboxes are at a provider whose settings are in our data.

    ``as_of`` is the date of the page they come from; ``outdated``: ``yes`` if it has none or is years old.
    """

    provider: Keyword
    host: HostName
    settings: tuple[Keyword, ...]
    username: Keyword | None
    source: Url | None
    as_of: Day | None
    outdated: Keyword


@dataclass(frozen=True, kw_only=True)
class SubmissionProviderDiffers(Finding, severity=Severity.NOTICE):
    """The domain publishes other servers than those its provider has for everybody."""

    provider: Keyword
    published: tuple[HostName, ...]
    usual: tuple[HostName, ...]


@dataclass(frozen=True, kw_only=True)
class ByProvider(Finding, severity=Severity.NOTICE):
    """What our data says of a provider, and nothing here has shown. ``outdated``: ``yes`` or ``no``."""

    provider: Keyword
    source: Url | None
    as_of: Day | None
    outdated: Keyword


class SubmissionAppPassword(ByProvider, severity=Severity.NOTICE, cause=Cause.SMTP_LOGIN):
    """By our data, the provider takes no password of the account, but one made for the mail program."""


class SubmissionProviderOauthOnly(ByProvider, severity=Severity.NOTICE, cause=Cause.SMTP_LOGIN):
    """By our data, the provider takes OAuth and no password of any kind."""


@dataclass(frozen=True, kw_only=True)
class SubmissionPasswordEnds(Finding, severity=Severity.NOTICE, cause=Cause.SMTP_LOGIN):
    """By our data, the provider ends login by plain password, or has ended it.

    ``event``: ``password_off``, ``password_off_by_default`` or ``password_end_announced``; ``passed``: whether the day
    is over, ``yes`` or ``no``.
    """

    provider: Keyword
    event: Keyword
    on: Day
    passed: Keyword
    source: Url
    as_of: Day | None


@dataclass(frozen=True, kw_only=True)
class SubmissionPortNotTried(Finding, severity=Severity.UNKNOWN):
    """A server is published on a port to which Mailcheck does not connect."""

    host: HostName
    port: Port


@dataclass(frozen=True, kw_only=True)
class SubmissionHostNotFound(Finding, severity=Severity.WARNING, cause=Cause.CLIENT_CONNECTION):
    """A server that is published has no address."""

    host: HostName
    source: Keyword


@dataclass(frozen=True, kw_only=True)
class SubmissionHostUnknown(Finding, severity=Severity.UNKNOWN):
    """The addresses of a server could not be told."""

    host: HostName
    reason: Trouble


# --- Whether it can be reached ---------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class AtServer(AtAddresses, severity=Severity.UNKNOWN):
    """What is true of one port of one server, at some of its addresses."""

    host: HostName
    port: Port


@dataclass(frozen=True, kw_only=True)
class SubmissionNothingReachable(Finding, severity=Severity.UNKNOWN):
    """No published server answered the connection on any port: it may be our own network that does not let us out."""

    hosts: tuple[HostName, ...]


@dataclass(frozen=True, kw_only=True)
class SubmissionOtherPortClosed(Finding, severity=Severity.NOTICE):
    """A server answers on one port, and nothing was published for the other port, on which it cannot be reached."""

    host: HostName
    open: Port
    closed: Port


class SubmissionConnectionRefused(AtServer, severity=Severity.WARNING, cause=Cause.CLIENT_CONNECTION):
    """Nothing listens on a port that is published, seen from here."""


class SubmissionTimeout(AtServer, severity=Severity.UNKNOWN):
    """A port that is published was not answered, while another server or port did answer."""


class SubmissionNotSmtp(AtServer, severity=Severity.WARNING, cause=Cause.CLIENT_CONNECTION):
    """Something answers on a port that is published, but it does not speak SMTP."""


@dataclass(frozen=True, kw_only=True)
class SubmissionLimited(AtServer, severity=Severity.UNKNOWN):
    """A server puts us off with a temporary error before anything was asked of it."""

    reply: ServerReply


@dataclass(frozen=True, kw_only=True)
class SubmissionRefusesUs(AtServer, severity=Severity.UNKNOWN):
    """A server turns us away for good at the greeting or at EHLO, which may concern only our address."""

    reply: ServerReply


@dataclass(frozen=True, kw_only=True)
class SubmissionUnknown(AtServer, severity=Severity.UNKNOWN):
    """The conversation with a server came to nothing for another reason."""

    reason: Trouble


# --- Encryption ------------------------------------------------------------------------------------------------------


class SubmissionNoStarttls(AtServer, severity=Severity.WARNING, cause=Cause.TLS_REQUIRED):
    """A server does not offer STARTTLS, or something on the way has taken the offer out."""


@dataclass(frozen=True, kw_only=True)
class SubmissionStarttlsRefused(AtServer, severity=Severity.WARNING, cause=Cause.TLS_REQUIRED):
    """A server offers STARTTLS and refuses it."""

    reply: ServerReply


class SubmissionTlsFailed(AtServer, severity=Severity.WARNING, cause=Cause.TLS_REQUIRED):
    """The TLS handshake fails, at once or after STARTTLS."""


@dataclass(frozen=True, kw_only=True)
class SubmissionOldTls(AtServer, severity=Severity.WARNING, cause=Cause.TLS_REQUIRED):
    """A server agrees on nothing newer than a TLS version that is not to be used for submission (RFC 8997)."""

    version: Keyword


@dataclass(frozen=True, kw_only=True)
class SubmissionCertificateExpired(AtServer, severity=Severity.PROBLEM, cause=Cause.TLS_REQUIRED):
    """The certificate of a server has expired."""

    not_after: Day


@dataclass(frozen=True, kw_only=True)
class SubmissionCertificateNotYetValid(AtServer, severity=Severity.PROBLEM, cause=Cause.TLS_REQUIRED):
    """The certificate of a server is not valid yet."""

    not_before: Day


@dataclass(frozen=True, kw_only=True)
class SubmissionCertificateWrongName(AtServer, severity=Severity.WARNING, cause=Cause.TLS_REQUIRED):
    """The certificate of a published server is made for other names."""

    names: tuple[HostName, ...]


@dataclass(frozen=True, kw_only=True)
class SubmissionOtherName(AtServer, severity=Severity.NOTICE):
    """The certificate of a server found under a usual name is made for other names: one of those is the right name."""

    names: tuple[HostName, ...]


class SubmissionCertificateUntrusted(AtServer, severity=Severity.WARNING, cause=Cause.TLS_REQUIRED):
    """The certificate of a server is self-signed, of a private authority, or sent without its chain."""


class SubmissionCertificateUnreadable(AtServer, severity=Severity.WARNING, cause=Cause.TLS_REQUIRED):
    """What a server shows as its certificate cannot be read."""


# --- Login -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class SubmissionAuthInClear(AtServer, severity=Severity.NOTICE):
    """A server takes passwords before the connection is encrypted (RFC 8314 §4)."""

    mechanisms: tuple[Keyword, ...]


class SubmissionNoAuth(AtServer, severity=Severity.WARNING, cause=Cause.SMTP_LOGIN):
    """A published server offers no login at all."""


@dataclass(frozen=True, kw_only=True)
class SubmissionOauthOnly(AtServer, severity=Severity.NOTICE, cause=Cause.SMTP_LOGIN):
    """A server offers OAuth and nothing that takes a password."""

    mechanisms: tuple[Keyword, ...]


@dataclass(frozen=True, kw_only=True)
class SubmissionNoPasswordMechanism(AtServer, severity=Severity.NOTICE, cause=Cause.SMTP_LOGIN):
    """A server offers logins, but neither one that takes a password nor OAuth."""

    mechanisms: tuple[Keyword, ...]


# --- Limits ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class SubmissionLimits(AtServer, severity=Severity.OK):
    """A server announces its limits for one connection (RFC 9422 §4). ``None``: not announced."""

    recipients: Limit | None
    """RCPTMAX: recipients of one message."""
    messages: Limit | None
    """MAILMAX: messages in one connection."""
    domains: Limit | None
    """RCPTDOMAINMAX: domains among the recipients in one connection."""


FINDINGS: tuple[type[Finding], ...] = (
    SubmissionReady,
    SubmissionProviderSettings,
    SubmissionNotPublished,
    SubmissionGuessed,
    SubmissionNotOffered,
    SubmissionSettingsUnknown,
    SubmissionAutoconfigInvalid,
    SubmissionSourcesDisagree,
    SubmissionProviderDiffers,
    SubmissionWrongTlsMode,
    SubmissionPortNotTried,
    SubmissionHostNotFound,
    SubmissionHostUnknown,
    SubmissionNothingReachable,
    SubmissionOtherPortClosed,
    SubmissionConnectionRefused,
    SubmissionTimeout,
    SubmissionNotSmtp,
    SubmissionLimited,
    SubmissionRefusesUs,
    SubmissionUnknown,
    SubmissionNoStarttls,
    SubmissionStarttlsRefused,
    SubmissionTlsFailed,
    SubmissionOldTls,
    SubmissionCertificateExpired,
    SubmissionCertificateNotYetValid,
    SubmissionCertificateWrongName,
    SubmissionOtherName,
    SubmissionCertificateUntrusted,
    SubmissionCertificateUnreadable,
    SubmissionAuthInClear,
    SubmissionNoAuth,
    SubmissionOauthOnly,
    SubmissionNoPasswordMechanism,
    SubmissionAppPassword,
    SubmissionProviderOauthOnly,
    SubmissionPasswordEnds,
    SubmissionLimits,
)
