"""What a submission server's answer to a login means, and who has to do what about it.

Servers tell more in words than in codes: one code stands for a wrong password, for a right one where an app password is
wanted, and for a mailbox that may not log in this way at all. So the words of the big providers come first, then the
enhanced status code (RFC 3463, RFC 4954 §6), then the code. The login itself is ``network.login``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from checks.causes import Cause
from checks.check import Finding, HostName, Keyword, Port, ServerReply, Severity
from checks.network.answers import Reply, Trouble
from checks.network.login import LoginResult, LoginStage
from checks.provider_data import Auth, Providers

_OAUTH = frozenset({"XOAUTH2", "OAUTHBEARER"})
_PERMANENT = 500  # RFC 5321 §4.2.1: 4 is for now, 5 is for good

# --- Findings --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class LoginAccepted(Finding, severity=Severity.OK):
    """The server took the user name and the password (235)."""

    host: HostName
    port: Port
    mechanism: Keyword


@dataclass(frozen=True, kw_only=True)
class AnsweredLogin(Finding, severity=Severity.UNKNOWN):
    """What the server said to the login."""

    host: HostName
    port: Port
    reply: ServerReply


@dataclass(frozen=True, kw_only=True)
class LoginBadCredentials(AnsweredLogin, severity=Severity.PROBLEM, cause=Cause.SMTP_LOGIN):
    """The server does not know this pair of user name and password (535 5.7.8).

    ``provider`` is set where our data say that this server takes app passwords only.
    """

    provider: Keyword | None


class LoginAppPassword(AnsweredLogin, severity=Severity.PROBLEM, cause=Cause.SMTP_LOGIN):
    """The server says that it wants a password made for the mail program."""


class LoginPasswordOff(AnsweredLogin, severity=Severity.PROBLEM, cause=Cause.SMTP_LOGIN):
    """The server says that it takes no passwords, or not from this account: OAuth is wanted."""


class LoginDisabled(AnsweredLogin, severity=Severity.PROBLEM, cause=Cause.SMTP_LOGIN):
    """The server says that this mailbox or organisation may not log in to send (SMTP AUTH is off)."""


class LoginWebSignIn(AnsweredLogin, severity=Severity.PROBLEM, cause=Cause.SMTP_LOGIN):
    """The provider finds the login suspicious, and wants the user to sign in with a browser first."""


class LoginStrongerMechanism(AnsweredLogin, severity=Severity.PROBLEM, cause=Cause.SMTP_LOGIN):
    """The mechanism is too weak for this account (534 5.7.9)."""


class LoginPasswordTransition(AnsweredLogin, severity=Severity.PROBLEM, cause=Cause.SMTP_LOGIN):
    """The user has to set the password anew before this mechanism works (432 4.7.12)."""


class LoginAccountDisabled(AnsweredLogin, severity=Severity.PROBLEM, cause=Cause.SENDER_ACCOUNT_BLOCKED):
    """The account is disabled or locked (525 5.7.13)."""


class LoginEncryptionNeeded(AnsweredLogin, severity=Severity.PROBLEM, cause=Cause.TLS_REQUIRED):
    """The server says that the connection is not encrypted as it wants (538 5.7.11, 530)."""


class LoginTooManyTries(AnsweredLogin, severity=Severity.UNKNOWN):
    """The server has counted too many logins and judges none for a while."""


class LoginTemporary(AnsweredLogin, severity=Severity.UNKNOWN):
    """The server cannot judge the login for the moment (454 4.7.0, 421)."""


class LoginRefused(AnsweredLogin, severity=Severity.PROBLEM, cause=Cause.SMTP_LOGIN):
    """The server refuses the login for another reason."""


class LoginServerRefusesUs(AnsweredLogin, severity=Severity.UNKNOWN):
    """The server turned us away before the login; the password was not sent."""


@dataclass(frozen=True, kw_only=True)
class LoginOauthOnly(Finding, severity=Severity.PROBLEM, cause=Cause.SMTP_LOGIN):
    """The server offers OAuth and nothing that takes a password; the password was not sent."""

    host: HostName
    port: Port
    offered: tuple[Keyword, ...]


@dataclass(frozen=True, kw_only=True)
class LoginNotOffered(Finding, severity=Severity.PROBLEM, cause=Cause.SMTP_LOGIN):
    """The server offers no login, or none we can use; the password was not sent."""

    host: HostName
    port: Port
    offered: tuple[Keyword, ...]


@dataclass(frozen=True, kw_only=True)
class LoginNoTls(Finding, severity=Severity.PROBLEM, cause=Cause.TLS_REQUIRED):
    """The server does not encrypt, so the password was not sent. ``reply`` is set where it refused STARTTLS."""

    host: HostName
    port: Port
    reply: ServerReply | None


@dataclass(frozen=True, kw_only=True)
class LoginCertificateRefused(Finding, severity=Severity.PROBLEM, cause=Cause.TLS_REQUIRED):
    """The certificate does not prove that this is the server that was named; the password was not sent.

    ``state`` is ``expired``, ``not_yet_valid``, ``wrong_name`` or ``untrusted``.
    """

    host: HostName
    port: Port
    state: Keyword


@dataclass(frozen=True, kw_only=True)
class LoginUnreachable(Finding, severity=Severity.UNKNOWN):
    """The conversation broke off. ``sent``: whether the password had gone out by then, ``yes`` or ``no``."""

    host: HostName
    port: Port
    reason: Trouble
    sent: Keyword


FINDINGS: tuple[type[Finding], ...] = (
    LoginAccepted,
    LoginBadCredentials,
    LoginAppPassword,
    LoginPasswordOff,
    LoginDisabled,
    LoginWebSignIn,
    LoginStrongerMechanism,
    LoginPasswordTransition,
    LoginAccountDisabled,
    LoginEncryptionNeeded,
    LoginTooManyTries,
    LoginTemporary,
    LoginRefused,
    LoginServerRefusesUs,
    LoginOauthOnly,
    LoginNotOffered,
    LoginNoTls,
    LoginCertificateRefused,
    LoginUnreachable,
)
"""All that a login can end in."""

# --- What replies say ------------------------------------------------------------------------------------------------

_Meaning = tuple[re.Pattern[str], type[AnsweredLogin]]


def _said(words: str, code: type[AnsweredLogin]) -> _Meaning:
    return re.compile(words, re.IGNORECASE), code


_WORDS: tuple[_Meaning, ...] = (
    # Google: 534 5.7.9. Tencent and NetEase speak of an authorisation code.
    _said(r"application.specific password|app password|authori[sz]ation code", LoginAppPassword),
    # Microsoft: 535 5.7.139, 550 5.7.30.
    _said(r"basic authentication is (disabled|not supported)|security defaults", LoginPasswordOff),
    _said(r"smtpclientauthentication is disabled|not meet the criteria to be authenticated", LoginDisabled),
    _said(r"credentials were incorrect", LoginBadCredentials),
    # Yandex: 535 5.7.8.
    _said(r"access rights to this service", LoginDisabled),
    # Google: 534 5.7.14, 454 4.7.0. Yahoo: 535 5.7.0.
    _said(r"web browser", LoginWebSignIn),
    _said(r"too many (\w+ ){0,2}(login|auth|attempts|failed)", LoginTooManyTries),
)
_STATUS: dict[str, type[AnsweredLogin]] = {
    "5.7.9": LoginStrongerMechanism,
    "5.7.11": LoginEncryptionNeeded,
    "4.7.12": LoginPasswordTransition,
    "5.7.13": LoginAccountDisabled,
    "5.7.139": LoginRefused,  # Microsoft says by it that something is in the way; the words above say what
}
_CODES: dict[int, type[AnsweredLogin]] = {
    432: LoginPasswordTransition,
    525: LoginAccountDisabled,
    530: LoginEncryptionNeeded,
    534: LoginStrongerMechanism,
    538: LoginEncryptionNeeded,
}
_BAD_CREDENTIALS = 535
_ENHANCED = re.compile(r"[245]\.[0-9]{1,3}\.[0-9]{1,3}(?![0-9.])")


def explain(result: LoginResult, providers: Providers) -> Finding:
    """Say what came of a login."""
    host, port = HostName(result.host), Port(result.port)
    offered = tuple(map(Keyword, result.offered))
    if result.accepted:
        return LoginAccepted(host=host, port=port, mechanism=Keyword(result.mechanism))
    if result.certificate is not None:
        return LoginCertificateRefused(host=host, port=port, state=Keyword(result.certificate.value))
    if result.trouble is not None:
        sent = Keyword("yes" if result.stage is LoginStage.AUTH else "no")
        return LoginUnreachable(host=host, port=port, reason=result.trouble, sent=sent)
    said = ServerReply(str(result.reply)) if result.reply is not None else None
    if result.stage is LoginStage.TLS:
        return LoginNoTls(host=host, port=port, reply=said)
    if result.stage is LoginStage.MECHANISM:
        code = LoginOauthOnly if _OAUTH & {*offered} else LoginNotOffered
        return code(host=host, port=port, offered=offered)
    if result.reply is None or said is None:
        return LoginUnreachable(host=host, port=port, reason=Trouble.DISCONNECTED, sent=Keyword("no"))
    if result.stage is not LoginStage.AUTH:
        return LoginServerRefusesUs(host=host, port=port, reply=said)
    meant = _meaning(result.reply)
    if meant is LoginBadCredentials:
        return LoginBadCredentials(host=host, port=port, reply=said, provider=_wants_app_password(host, providers))
    return meant(host=host, port=port, reply=said)


def _meaning(reply: Reply) -> type[AnsweredLogin]:
    text = " ".join(reply.text.split())
    for pattern, code in _WORDS:
        if pattern.search(text):
            return code
    status = _ENHANCED.match(text)
    if status and status[0] in _STATUS:
        return _STATUS[status[0]]
    if reply.code in _CODES:
        return _CODES[reply.code]
    if reply.code < _PERMANENT:
        return LoginTemporary
    return LoginBadCredentials if reply.code == _BAD_CREDENTIALS else LoginRefused


def _wants_app_password(host: str, providers: Providers) -> Keyword | None:
    """The provider of this server, if by our data it takes app passwords and no others."""
    for provider in providers:
        rows = [row for row in provider.submission if row.matches(host)]
        if rows and _takes(row.auth for row in rows):
            return Keyword(provider.name)
    return None


def _takes(methods: Iterable[tuple[Auth, ...]]) -> bool:
    known = {method for row in methods for method in row}
    return Auth.APP_PASSWORD in known and Auth.PASSWORD not in known
