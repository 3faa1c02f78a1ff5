"""One login: where the password goes, where it never goes, and what each answer means."""

# pyright: reportPrivateUsage=false

from __future__ import annotations

import base64
import logging
from collections.abc import AsyncGenerator, Generator, Mapping
from contextlib import asynccontextmanager

import pytest

from bot.run import Language
from bot.sandbox.certificates import Certificate
from bot.sandbox.dns import Fault
from bot.sandbox.internet import Internet, World
from bot.sandbox.smtp import GREYLISTED, MailFault, MailHost, StartTls
from bot.wording import Wording
from checks import login
from checks.check import Finding
from checks.network import Guard, Network, Trouble, smtp
from checks.network import login as network_login
from checks.network.answers import CertificateState, Reply
from checks.network.login import LoginResult, LoginStage, Secret, try_login
from checks.provider_data import Auth, Kind, Provider, Providers, Security, SubmissionServer
from tests.checks.scenario import NETWORKS, authority

HOST = "smtp.example.com"
USER = "user@example.com"
PASSWORD = "canary-7f3a correct horse"
USERS = {USER: PASSWORD}
RECORDS = f"{HOST} A 192.0.2.27"
NOBODY = Providers(())


def server(port: int = 465, **how: object) -> MailHost:
    given: dict[str, object] = {
        "name": HOST,
        "address": "192.0.2.27",
        "port": port,
        "implicit_tls": port == 465,
        "auth": ("PLAIN", "LOGIN"),
        "users": USERS,
        **how,
    }
    return MailHost(**given)  # type: ignore[arg-type] # checked by the dataclass


@asynccontextmanager
async def online(*hosts: MailHost, **how: object) -> AsyncGenerator[tuple[Internet, Network]]:
    world = World(mail=hosts, **{"records": RECORDS, **how})  # type: ignore[arg-type] # checked by the dataclass
    async with Internet(world, authority=authority()) as internet:
        guard = Guard.of(NETWORKS, dial=internet.dial_map)
        async with Network(servers=internet.dns_servers, guard=guard, trust=[internet.ca_file]) as network:
            yield internet, network


async def log_in(host: MailHost, password: str = PASSWORD, user: str = USER) -> tuple[LoginResult, Internet]:
    async with online(host) as (internet, network):
        return await try_login(network, HOST, host.port, user, Secret(password)), internet


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(network_login, "CONNECT", 1.0)
    monkeypatch.setattr(network_login, "_TOTAL", 1.5)


# --- the password is right, or wrong ----------------------------------------------------------------------------------


@pytest.mark.parametrize("port", [465, 587, 25])
@pytest.mark.parametrize("mechanism", ["PLAIN", "LOGIN", "CRAM-MD5"])
async def test_the_right_password_is_accepted_and_a_wrong_one_is_not(port: int, mechanism: str) -> None:
    right, _ = await log_in(server(port, auth=(mechanism, "XOAUTH2")))
    assert (right.accepted, right.mechanism) == (True, mechanism)
    wrong, _ = await log_in(server(port, auth=(mechanism,)), "wrong")
    assert not wrong.accepted
    assert wrong.reply == Reply(535, "5.7.8 Bad credentials")


async def test_plain_is_preferred_whatever_the_order_of_the_server() -> None:
    result, _ = await log_in(server(auth=("XOAUTH2", "CRAM-MD5", "LOGIN", "PLAIN")))
    assert result.mechanism == "PLAIN"


async def test_a_password_of_any_letters_arrives_as_it_is() -> None:
    users = {"利用者@example.com": "パスワード, ünïcode\t€"}
    for mechanism in ("PLAIN", "LOGIN", "CRAM-MD5"):
        (user, password), *_ = users.items()
        result, _ = await log_in(server(auth=(mechanism,), users=users), password, user)
        assert result.accepted


async def test_one_try_and_no_more_however_many_mechanisms_there_are() -> None:
    _, internet = await log_in(server(auth=("PLAIN", "LOGIN", "CRAM-MD5")), "wrong")
    (conversation,) = internet.smtp_log.conversations
    assert conversation.logins == [USER]
    assert conversation.verbs.count("AUTH") == 1


async def test_no_mail_is_begun() -> None:
    _, internet = await log_in(server(587))
    (conversation,) = internet.smtp_log.conversations
    assert set(conversation.verbs) <= {"EHLO", "STARTTLS", "AUTH", "QUIT"}


async def test_the_next_address_is_tried_where_one_does_not_answer() -> None:
    records = RECORDS + f"\n{HOST} A 192.0.2.28"
    async with online(server(address="192.0.2.28"), records=records) as (internet, network):
        result = await try_login(network, HOST, 465, USER, Secret(PASSWORD))
    assert (result.accepted, result.address) == (True, "192.0.2.28")
    assert len(internet.smtp_log.conversations) == 1


# --- where the password never goes ------------------------------------------------------------------------------------


@pytest.mark.parametrize("port", [465, 587])
@pytest.mark.parametrize(
    ("certificate", "state"),
    [
        (Certificate.EXPIRED, CertificateState.EXPIRED),
        (Certificate.NOT_YET_VALID, CertificateState.NOT_YET_VALID),
        (Certificate.WRONG_NAME, CertificateState.WRONG_NAME),
        (Certificate.SELF_SIGNED, CertificateState.UNTRUSTED),
        (Certificate.PRIVATE_CA, CertificateState.UNTRUSTED),
    ],
)
async def test_a_server_with_a_bad_certificate_gets_no_password(
    port: int, certificate: Certificate, state: CertificateState
) -> None:
    result, internet = await log_in(server(port, certificate=certificate))
    assert (result.stage, result.certificate) == (LoginStage.TLS, state)
    assert not any(each.logins for each in internet.smtp_log.conversations)


@pytest.mark.parametrize(
    "how",
    [
        {"starttls": StartTls.NONE, "auth_before_tls": ("PLAIN",)},
        {"starttls": StartTls.RUBBISH, "auth_before_tls": ("PLAIN",)},
        {"replies": {"STARTTLS": "454 4.7.0 TLS not available"}, "auth_before_tls": ("PLAIN", "LOGIN")},
        {"starttls": StartTls.SILENT, "auth_before_tls": ("PLAIN",)},
        {"auth": (), "starttls": StartTls.INJECTED},
    ],
    ids=["none", "rubbish", "refused", "silent", "injected"],
)
async def test_a_server_without_tls_gets_no_password(how: Mapping[str, object]) -> None:
    result, internet = await log_in(server(587, **how))
    assert result.stage is not LoginStage.AUTH
    assert not any("AUTH" in each.verbs for each in internet.smtp_log.conversations)


async def test_a_mechanism_offered_only_before_tls_is_not_used_after_it() -> None:
    async with online(server(587, auth=("XOAUTH2",), auth_before_tls=("PLAIN",))) as (internet, network):
        result = await try_login(network, HOST, 587, USER, Secret(PASSWORD))
    assert result.stage is LoginStage.MECHANISM
    assert not any(each.logins for each in internet.smtp_log.conversations)


async def test_a_library_that_says_tls_where_there_is_none_sends_no_password(monkeypatch: pytest.MonkeyPatch) -> None:
    async def nothing(*_: object, **__: object) -> None:
        return None

    monkeypatch.setattr(smtp.Client, "starttls", nothing)
    result, internet = await log_in(server(587, auth_before_tls=("PLAIN",)))
    assert login.explain(result, NOBODY).code == "LOGIN_NO_TLS"
    assert not any(each.logins for each in internet.smtp_log.conversations)


@pytest.mark.parametrize("address", ["127.0.0.1", "10.0.0.1", "169.254.169.254"])
async def test_a_private_address_gets_no_packet(address: str) -> None:
    records = f"{HOST} A {address}"
    async with online(server(address=address), records=records) as (internet, network):
        result = await try_login(network, HOST, 465, USER, Secret(PASSWORD))
    assert (result.stage, result.trouble) == (LoginStage.CONNECT, Trouble.GUARDED)
    assert not internet.smtp_log.conversations


async def test_another_port_gets_no_packet() -> None:
    result, internet = await log_in(server(2525))
    assert result.trouble is Trouble.GUARDED
    assert not internet.smtp_log.conversations


@pytest.mark.parametrize("password", ["", "a\0b", "\udcff"])
async def test_a_password_that_cannot_be_sent_is_refused_before_anything_is_asked(password: str) -> None:
    async with online(server()) as (internet, network):
        with pytest.raises(ValueError, match="needed") as refused:
            await try_login(network, HOST, 465, USER, Secret(password))
        assert not internet.queries
    assert not password or password not in str(refused.value)


@pytest.fixture
def debugging(caplog: pytest.LogCaptureFixture) -> Generator[pytest.LogCaptureFixture]:
    with caplog.at_level(logging.DEBUG):
        yield caplog


FORMS = (
    PASSWORD,
    base64.b64encode(PASSWORD.encode()).decode(),
    base64.b64encode(f"\0{USER}\0{PASSWORD}".encode()).decode(),
)


@pytest.mark.parametrize("mechanism", ["PLAIN", "LOGIN", "CRAM-MD5"])
@pytest.mark.parametrize("said", FORMS, ids=["plain", "base64", "both"])
async def test_a_server_that_repeats_the_password_does_not_bring_it_back(
    mechanism: str, said: str, debugging: pytest.LogCaptureFixture
) -> None:
    result, _ = await log_in(server(auth=(mechanism,), replies={"AUTH": f"535 5.7.8 I know you: {said}"}))
    words = Wording(Language.EN, strict=True)
    finding = login.explain(result, NOBODY)
    everything = " ".join([repr(result), repr(finding), repr(words.detail(finding)), debugging.text])
    assert "I know you: …" in everything
    assert not any(form in everything for form in FORMS)


def test_a_secret_shows_in_nothing_that_is_printed() -> None:
    secret = Secret(PASSWORD)
    assert not any(PASSWORD in text for text in (repr(secret), str(secret), f"{secret}", f"{[secret]!r}"))


# --- what each answer means -------------------------------------------------------------------------------------------


def answered(line: str) -> str:
    code, _, text = line.partition(" ")
    result = LoginResult(host=HOST, port=465, stage=LoginStage.AUTH, reply=Reply(int(code), text), mechanism="PLAIN")
    finding = login.explain(result, NOBODY)
    speak(finding)
    return finding.code


def speak(finding: Finding) -> None:
    for language in Language:
        wording = Wording(language, strict=True)
        for part in (wording.title, wording.detail, wording.fix, wording.paste):
            part(finding)


ANSWERS = {
    "235 2.7.0 Accepted": "LOGIN_ACCEPTED",
    "535 5.7.8 Error: authentication failed: UGFzc3dvcmQ6": "LOGIN_BAD_CREDENTIALS",
    "535 5.7.8 Username and Password not accepted.": "LOGIN_BAD_CREDENTIALS",
    "535 Authentication failed": "LOGIN_BAD_CREDENTIALS",
    "535 5.7.3 Authentication unsuccessful [AM0PR01CA0001.example]": "LOGIN_BAD_CREDENTIALS",
    "535 5.7.139 Authentication unsuccessful, the user credentials were incorrect.": "LOGIN_BAD_CREDENTIALS",
    "534 5.7.9 Application-specific password required.\nFor more information, go to": "LOGIN_APP_PASSWORD",
    "535 Login Fail. Please enter your authorization code to login.": "LOGIN_APP_PASSWORD",
    "534 5.7.14 Please log in through your\n5.7.14 web browser and then try again.": "LOGIN_WEB_SIGN_IN",
    "534 5.7.9 Authentication mechanism is too weak": "LOGIN_STRONGER_MECHANISM",
    "534 too weak": "LOGIN_STRONGER_MECHANISM",
    "535 5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled for the Tenant.": "LOGIN_DISABLED",
    "535 5.7.8 Error: authentication failed: This user does not have access rights to this service": "LOGIN_DISABLED",
    "535 5.7.139 Authentication unsuccessful, user is locked by your organization's security defaults policy.": (
        "LOGIN_PASSWORD_OFF"
    ),
    "550 5.7.30 Basic authentication is not supported for Client Submission.": "LOGIN_PASSWORD_OFF",
    "535 5.7.139 Authentication unsuccessful, something new": "LOGIN_REFUSED",
    "525 5.7.13 User account disabled": "LOGIN_ACCOUNT_DISABLED",
    "538 5.7.11 Encryption required for requested authentication mechanism": "LOGIN_ENCRYPTION_NEEDED",
    "530 5.7.0 Must issue a STARTTLS command first": "LOGIN_ENCRYPTION_NEEDED",
    "432 4.7.12 A password transition is needed": "LOGIN_PASSWORD_TRANSITION",
    "454 4.7.0 Too many login attempts, please try again later.": "LOGIN_TOO_MANY_TRIES",
    "535 5.7.0 (#AUTH005) Too many bad auth attempts.": "LOGIN_TOO_MANY_TRIES",
    "454 4.7.0 Temporary authentication failure": "LOGIN_TEMPORARY",
    "421 4.7.0 Try again later, closing connection.": "LOGIN_TEMPORARY",
    "500 5.5.6 Authentication Exchange line is too long": "LOGIN_REFUSED",
    "503 5.5.1 Error: authentication not enabled": "LOGIN_REFUSED",
    "334 ": "LOGIN_TEMPORARY",
}


@pytest.mark.parametrize(("line", "code"), ANSWERS.items())
def test_an_answer_is_told_by_its_words_then_by_its_status(line: str, code: str) -> None:
    assert answered(line) == code


UNSENT = [
    ("oauth", {"auth": ("XOAUTH2",)}, "LOGIN_OAUTH_ONLY"),
    ("kerberos", {"auth": ("GSSAPI",)}, "LOGIN_NOT_OFFERED"),
    ("nothing", {"auth": ()}, "LOGIN_NOT_OFFERED"),
    ("no tls", {"starttls": StartTls.NONE}, "LOGIN_NO_TLS"),
    ("tls refused", {"replies": {"STARTTLS": "454 4.7.0 No"}}, "LOGIN_NO_TLS"),
    ("no handshake", {"starttls": StartTls.RUBBISH}, "LOGIN_UNREACHABLE"),
    ("expired", {"certificate": Certificate.EXPIRED}, "LOGIN_CERTIFICATE_REFUSED"),
    ("busy", {"greeting": "421 4.7.0 Too many connections"}, "LOGIN_SERVER_REFUSES_US"),
    ("unwanted", {"replies": {"EHLO": "550 5.7.1 Go away"}}, "LOGIN_SERVER_REFUSES_US"),
    ("unwanted after TLS", {"replies_under_tls": {"EHLO": GREYLISTED}}, "LOGIN_SERVER_REFUSES_US"),
    ("closed", {"fault": MailFault.CLOSED}, "LOGIN_UNREACHABLE"),
    ("filtered", {"fault": MailFault.FILTERED}, "LOGIN_UNREACHABLE"),
    ("silent", {"fault": MailFault.SILENT}, "LOGIN_UNREACHABLE"),
    ("hangs up", {"fault": MailFault.DROPS}, "LOGIN_UNREACHABLE"),
    ("web server", {"fault": MailFault.HTTP}, "LOGIN_UNREACHABLE"),
    ("endless", {"fault": MailFault.ENDLESS_BYTES}, "LOGIN_UNREACHABLE"),
]


@pytest.mark.parametrize(("name", "how", "code"), UNSENT, ids=[name for name, *_ in UNSENT])
async def test_what_keeps_the_password_from_being_sent_is_told(name: str, how: Mapping[str, object], code: str) -> None:
    del name
    result, internet = await log_in(server(587, **how))
    finding = login.explain(result, NOBODY)
    assert finding.code == code, result
    assert not any(each.logins for each in internet.smtp_log.conversations)
    speak(finding)


def test_every_code_of_a_login_is_raised_by_some_answer() -> None:
    raised = {*ANSWERS.values(), *(code for *_, code in UNSENT)}
    assert raised == {code.code for code in login.FINDINGS}


@pytest.mark.parametrize("fault", [Fault.SERVFAIL, None])
async def test_a_name_that_leads_nowhere_is_told(fault: Fault | None) -> None:
    faults = {HOST: fault} if fault else {}
    async with online(records="" if fault is None else RECORDS, faults=faults) as (_, network):
        result = await try_login(network, HOST, 465, USER, Secret(PASSWORD))
    assert result.trouble is (Trouble.SERVFAIL if fault else Trouble.NO_ADDRESS)
    assert login.explain(result, NOBODY).code == "LOGIN_UNREACHABLE"


async def test_a_greeting_against_us_on_port_465_is_told_as_one() -> None:
    result, _ = await log_in(server(greeting="554 5.7.1 Your address is on our list"))
    assert login.explain(result, NOBODY).code == "LOGIN_SERVER_REFUSES_US"


async def test_a_server_that_leaves_after_the_password_is_told_as_one_that_has_it() -> None:
    result, _ = await log_in(server(auth=("CRAM-MD5",), replies={"AUTH": "334 !"}))
    assert result.stage is LoginStage.AUTH
    finding = login.explain(LoginResult(host=HOST, port=465, stage=LoginStage.AUTH, trouble=Trouble.TIMEOUT), NOBODY)
    assert isinstance(finding, login.LoginUnreachable)
    assert finding.sent == "yes"


def test_a_refusal_where_app_passwords_are_the_rule_names_the_provider() -> None:
    row = SubmissionServer(
        source_url=None,
        as_of=None,
        host="*.appy.example",
        port=465,
        security=Security.TLS,
        auth=(Auth.APP_PASSWORD, Auth.OAUTH2),
        username=None,
    )
    providers = Providers([Provider(id="appy", name="Appy", name_ja=None, kind=Kind.MAILBOX, submission=(row,))])
    refused = LoginResult(host="sv1.appy.example", port=465, stage=LoginStage.AUTH, reply=Reply(535, "5.7.8 No"))
    finding = login.explain(refused, providers)
    assert isinstance(finding, login.LoginBadCredentials)
    assert finding.provider == "Appy"
    speak(finding)
