"""The submission check: where programs are told to send, what answers there, and what a login would meet."""

# pyright: reportPrivateUsage=false

from __future__ import annotations

import asyncio
import ssl
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.sandbox.certificates import Certificate
from bot.sandbox.dns import Fault
from bot.sandbox.https import Page, WebHost
from bot.sandbox.internet import World
from bot.sandbox.smtp import GREYLISTED, MailFault, MailHost, StartTls
from checks import domain, mx, provider_data, submission, submission_discovery, submission_servers
from checks.check import HostName, Keyword, Port, Severity
from checks.network import certificates, inquiry, smtp
from checks.network.answers import CertificateState, Trouble
from checks.provider_data import (
    Auth,
    Event,
    EventKind,
    Kind,
    Provider,
    Providers,
    Security,
    SubmissionServer,
)
from checks.submission_discovery import Encryption, Source
from tests.checks.scenario import Scenario, Seen, about, authority, look, look_all, play, says, untested

BASE = "example.com MX 10 mx.example.com\nmx.example.com A 192.0.2.25\n"
SMTP = "smtp.example.com"
ADDRESS = "192.0.2.27"
HOST = f"{SMTP} A {ADDRESS}\n"
SRV_465 = f"_submissions._tcp.example.com SRV 0 1 465 {SMTP}\n"
SRV_587 = f"_submission._tcp.example.com SRV 0 1 587 {SMTP}\n"
BOTH = BASE + HOST + SRV_465 + SRV_587
WEB = "192.0.2.80"
OFF_THE_NET = ("255.255.255.255", 465)
"""A connection to the broadcast address is refused by this machine itself, as where there is no route."""


def on_465(**how: object) -> MailHost:
    given = {"name": SMTP, "address": ADDRESS, "port": 465, "implicit_tls": True, "auth": ("PLAIN", "LOGIN"), **how}
    return MailHost(**given)  # type: ignore[arg-type] # checked by the dataclass


def on_587(**how: object) -> MailHost:
    given = {"name": SMTP, "address": ADDRESS, "port": 587, "auth": ("PLAIN", "LOGIN"), **how}
    return MailHost(**given)  # type: ignore[arg-type] # as above


def autoconfig(
    host: str = SMTP, port: int = 465, socket: str = "SSL", *, user: str = "%EMAILADDRESS%", kind: str = "smtp"
) -> Page:
    text = (
        f'<clientConfig version="1.1"><emailProvider id="example.com"><outgoingServer type="{kind}">'
        f"<hostname>{host}</hostname><port>{port}</port><socketType>{socket}</socketType><username>{user}</username>"
        "<authentication>password-cleartext</authentication></outgoingServer></emailProvider></clientConfig>"
    )
    return Page(body=text.encode(), content_type="text/xml")


AT_AUTOCONFIG = f"autoconfig.example.com A {WEB}\n"


def web(page: Page) -> tuple[WebHost, ...]:
    return (WebHost(name="autoconfig.example.com", address=WEB, pages={"/mail/config-v1.1.xml": page}),)


def row(host: str, *auth: Auth, port: int = 465, security: Security = Security.TLS) -> SubmissionServer:
    return SubmissionServer(
        source_url="https://example.net/settings",
        as_of="2020-05",
        host=host,
        port=port,
        security=security,
        auth=auth,
        username=provider_data.Username.ADDRESS,
    )


def event(what: EventKind, on: str) -> Event:
    return Event(source_url="https://example.net/news", as_of="2026-01-29", what=what, on=on)


PROVIDERS = Providers(
    [
        Provider(
            id="appy",
            name="Appy Mail",
            name_ja=None,
            kind=Kind.MAILBOX,
            mx=("appy.example",),
            submission=(
                row("smtp.appy.example", Auth.APP_PASSWORD, Auth.OAUTH2),
                row("smtp.appy.example", Auth.APP_PASSWORD, port=587, security=Security.STARTTLS),
            ),
            events=(event(EventKind.PASSWORD_OFF, "2020"), event(EventKind.PASSWORD_END_ANNOUNCED, "2999")),
        ),
        Provider(
            id="modern",
            name="Modern Mail",
            name_ja=None,
            kind=Kind.MAILBOX,
            mx=("modern.example",),
            autodiscover=("autodiscover.modern.example",),
            submission=(row("smtp.modern.example", Auth.OAUTH2, port=587, security=Security.STARTTLS),),
        ),
        Provider(
            id="gate",
            name="Gate",
            name_ja=None,
            kind=Kind.GATEWAY,
            mx=("gate.example",),
            submission=(row("smtp.gate.example", Auth.PASSWORD),),
        ),
        Provider(
            id="rooms",
            name="Rooms Hosting",
            name_ja=None,
            kind=Kind.HOSTING,
            mx=("rooms.example",),
            submission=(row("*.rooms.example", Auth.PASSWORD),),
        ),
    ]
)
CHECK = submission.check(PROVIDERS)
AT_APPY = "example.com MX 10 mx1.appy.example\nmx1.appy.example A 192.0.2.90\nsmtp.appy.example A 192.0.2.91\n"
AT_MODERN = "example.com MX 10 mx.modern.example\nmx.modern.example A 192.0.2.92\nsmtp.modern.example A 192.0.2.93\n"
APPY = (
    on_465(name="smtp.appy.example", address="192.0.2.91"),
    on_587(name="smtp.appy.example", address="192.0.2.91"),
)
MODERN = on_587(name="smtp.modern.example", address="192.0.2.93", auth=("XOAUTH2",))


def world(records: str, *mail: MailHost, page: Page | None = None, **how: object) -> World:
    return World(records=records, mail=mail, web=web(page) if page else (), **how)  # type: ignore[arg-type] # as above


def both(name: str, *codes: str, **how: object) -> Scenario:
    """Port 465 is as it is told, port 587 is well; both are published."""
    return Scenario(name=name, world=world(BOTH, on_465(**how), on_587()), codes=says("SUBMISSION_READY", *codes))


def starttls(name: str, *codes: str, **how: object) -> Scenario:
    """Port 587 is as it is told, port 465 is well; both are published."""
    return Scenario(name=name, world=world(BOTH, on_465(), on_587(**how)), codes=says("SUBMISSION_READY", *codes))


SCENARIOS = [
    both("all is well"),
    Scenario(name="nothing at all", world=world(BASE), codes=says("SUBMISSION_NOT_PUBLISHED")),
    Scenario(
        name="a usual name that answers",
        world=world(BASE + HOST, on_465(), on_587()),
        codes=says("SUBMISSION_GUESSED", "SUBMISSION_READY"),
    ),
    Scenario(
        name="a usual name that is no mail server",
        world=world(BASE + HOST, on_465(fault=MailFault.HTTP), on_587(fault=MailFault.CLOSED)),
        codes=says("SUBMISSION_NOT_PUBLISHED"),
    ),
    Scenario(
        name="usual names that do not answer",
        world=world(BASE + HOST, on_465(fault=MailFault.FILTERED), on_587(fault=MailFault.FILTERED)),
        codes=says("SUBMISSION_NOT_PUBLISHED"),
    ),
    Scenario(
        name="a usual name whose certificate has another name",
        world=world(BASE + HOST, on_465(certificate=Certificate.WRONG_NAME), on_587()),
        codes=says("SUBMISSION_GUESSED", "SUBMISSION_READY", "SUBMISSION_OTHER_NAME"),
    ),
    Scenario(
        name="a usual name without a login",
        world=world(BASE + HOST, on_465(), on_587(auth=())),
        codes=says("SUBMISSION_GUESSED", "SUBMISSION_READY"),
    ),
    Scenario(
        name="a host is asked about",
        world=world(HOST, on_465(), on_587()),
        case=about(SMTP),
        codes=says("SUBMISSION_READY"),
    ),
    Scenario(
        name="a web site is asked about",
        world=world("example.com A 192.0.2.80"),
        codes=says("SUBMISSION_NOT_PUBLISHED"),
    ),
    Scenario(
        name="a domain that takes no mail",
        world=world("example.com MX 0 .\n" + HOST, on_465()),
        codes=says("SUBMISSION_NOT_PUBLISHED"),
    ),
    Scenario(name="a domain that does not exist", world=world("example.net A 192.0.2.1"), codes=says("CHECK_SKIPPED")),
    Scenario(
        name="no submission is offered",
        world=world(
            BASE + HOST + "_submissions._tcp.example.com SRV 0 0 0 .\n_submission._tcp.example.com SRV 0 0 0 .",
            on_465(),
        ),
        codes=says("SUBMISSION_NOT_OFFERED"),
    ),
    Scenario(
        name="only the encrypted service is offered",
        world=world(BASE + HOST + SRV_465 + "_submission._tcp.example.com SRV 0 0 0 .", on_465(), on_587()),
        codes=says("SUBMISSION_READY"),
    ),
    Scenario(
        name="SRV records without an answer",
        world=world(BASE + HOST, on_465(), on_587(), faults={"._tcp.example.com": Fault.SERVFAIL}),
        codes=says("SUBMISSION_SETTINGS_UNKNOWN", "SUBMISSION_READY"),
    ),
    Scenario(
        name="mail hosts without an answer",
        world=world(BASE, faults={"example.com MX": Fault.SERVFAIL}),
        codes=says("CHECK_SKIPPED"),
    ),
    Scenario(
        name="autoconfig alone",
        world=world(BASE + HOST + AT_AUTOCONFIG, on_465(), on_587(), page=autoconfig()),
        codes=says("SUBMISSION_READY"),
    ),
    Scenario(
        name="autoconfig names a server, and a usual name would have answered",
        world=world(
            BASE + HOST + AT_AUTOCONFIG + "out.example.com A 192.0.2.28",
            on_465(),
            on_465(name="out.example.com", address="192.0.2.28"),
            on_587(name="out.example.com", address="192.0.2.28"),
            page=autoconfig("out.example.com"),
        ),
        codes=says("SUBMISSION_READY"),
    ),
    Scenario(
        name="autoconfig without an outgoing server",
        world=world(BASE + AT_AUTOCONFIG, page=autoconfig(kind="exchange")),
        codes=says("SUBMISSION_NOT_PUBLISHED", "SUBMISSION_AUTOCONFIG_INVALID"),
    ),
    Scenario(
        name="a web site that answers every path",
        world=world(BASE + AT_AUTOCONFIG, page=Page(body=b"<html><body>Welcome</body></html>")),
        codes=says("SUBMISSION_NOT_PUBLISHED"),
    ),
    Scenario(
        name="autoconfig moved elsewhere",
        world=world(BASE + AT_AUTOCONFIG, page=Page(status=301, headers={"Location": "https://example.net/"})),
        codes=says("SUBMISSION_NOT_PUBLISHED"),
    ),
    Scenario(
        name="sources that disagree",
        world=world(
            BOTH + AT_AUTOCONFIG + "out.example.com A 192.0.2.28",
            on_465(),
            on_587(),
            on_465(name="out.example.com", address="192.0.2.28"),
            on_587(name="out.example.com", address="192.0.2.28"),
            page=autoconfig("out.example.com"),
        ),
        codes=says("SUBMISSION_READY", "SUBMISSION_SOURCES_DISAGREE"),
    ),
    Scenario(
        name="STARTTLS published for port 465",
        world=world(
            BASE + HOST + f"_submission._tcp.example.com SRV 0 1 465 {SMTP}",
            on_465(),
            on_587(),
        ),
        codes=says("SUBMISSION_READY", "SUBMISSION_WRONG_TLS_MODE"),
    ),
    Scenario(
        name="no encryption published for port 587",
        world=world(BASE + HOST + AT_AUTOCONFIG, on_465(), on_587(), page=autoconfig(port=587, socket="plain")),
        codes=says("SUBMISSION_READY", "SUBMISSION_WRONG_TLS_MODE"),
    ),
    Scenario(
        name="a port of its own",
        world=world(BASE + HOST + f"_submission._tcp.example.com SRV 0 1 2525 {SMTP}", on_587()),
        codes=says("SUBMISSION_PORT_NOT_TRIED", "SUBMISSION_READY", "SUBMISSION_OTHER_PORT_CLOSED"),
    ),
    Scenario(
        name="port 25 published",
        world=world(BASE + HOST + AT_AUTOCONFIG, on_465(), on_587(port=25), page=autoconfig(port=25)),
        codes=says("SUBMISSION_READY", "SUBMISSION_OTHER_PORT_CLOSED", "SUBMISSION_WRONG_TLS_MODE"),
    ),
    Scenario(
        name="a published server without an address",
        world=world(BASE + SRV_465),
        codes=says("SUBMISSION_HOST_NOT_FOUND"),
    ),
    Scenario(
        name="a published server whose address is not told",
        world=world(BASE + SRV_465, faults={SMTP: Fault.SERVFAIL}),
        codes=says("SUBMISSION_HOST_UNKNOWN"),
    ),
    Scenario(
        name="no way out",
        world=world(BOTH, on_465(fault=MailFault.FILTERED), on_587(fault=MailFault.FILTERED)),
        codes=says("SUBMISSION_NOTHING_REACHABLE"),
    ),
    Scenario(
        name="port 587 is open and 465 is not, which nobody promised",
        world=world(BASE + HOST + SRV_587, on_587()),
        codes=says("SUBMISSION_READY", "SUBMISSION_OTHER_PORT_CLOSED"),
    ),
    Scenario(
        name="port 465 is open and 587 silent, which nobody promised and which does not prove it closed",
        world=world(BASE + HOST + SRV_465, on_465(), on_587(fault=MailFault.FILTERED)),
        codes=says("SUBMISSION_READY"),
    ),
    both("port 465 refuses", "SUBMISSION_CONNECTION_REFUSED", fault=MailFault.CLOSED),
    both("port 465 is filtered", "SUBMISSION_TIMEOUT", fault=MailFault.FILTERED),
    both("port 465 without TLS at once", "SUBMISSION_TLS_FAILED", implicit_tls=False),
    both("port 465 says nothing", "SUBMISSION_UNKNOWN", fault=MailFault.SILENT),
    starttls("a web server", "SUBMISSION_NOT_SMTP", fault=MailFault.HTTP),
    starttls("a server that hangs up", "SUBMISSION_UNKNOWN", fault=MailFault.DROPS),
    starttls("a server that is too busy", "SUBMISSION_LIMITED", greeting="421 4.7.0 Too many connections"),
    starttls("an EHLO put off", "SUBMISSION_LIMITED", replies={"EHLO": GREYLISTED}),
    starttls("a greeting against us", "SUBMISSION_REFUSES_US", greeting="554 5.7.1 Your address is on our list"),
    starttls("an EHLO put off after TLS", "SUBMISSION_LIMITED", replies_under_tls={"EHLO": GREYLISTED}),
    starttls("no STARTTLS", "SUBMISSION_NO_STARTTLS", starttls=StartTls.NONE),
    starttls("STARTTLS refused", "SUBMISSION_STARTTLS_REFUSED", replies={"STARTTLS": "454 4.7.0 TLS not available"}),
    starttls("rubbish in place of TLS", "SUBMISSION_TLS_FAILED", starttls=StartTls.RUBBISH),
    starttls("silence in place of TLS", "SUBMISSION_UNKNOWN", starttls=StartTls.SILENT),
    starttls("an injected reply", starttls=StartTls.INJECTED),
    both("an expired certificate", "SUBMISSION_CERTIFICATE_EXPIRED", certificate=Certificate.EXPIRED),
    both("a certificate of the future", "SUBMISSION_CERTIFICATE_NOT_YET_VALID", certificate=Certificate.NOT_YET_VALID),
    both("a certificate for another", "SUBMISSION_CERTIFICATE_WRONG_NAME", certificate=Certificate.WRONG_NAME),
    both("a self-signed certificate", "SUBMISSION_CERTIFICATE_UNTRUSTED", certificate=Certificate.SELF_SIGNED),
    both("a private authority", "SUBMISSION_CERTIFICATE_UNTRUSTED", certificate=Certificate.PRIVATE_CA),
    starttls("passwords in clear", "SUBMISSION_AUTH_IN_CLEAR", auth_before_tls=("LOGIN", "PLAIN")),
    starttls("a challenge in clear", auth_before_tls=("CRAM-MD5",)),
    both("no login", "SUBMISSION_NO_AUTH", auth=()),
    both("OAuth alone", "SUBMISSION_OAUTH_ONLY", auth=("XOAUTH2", "OAUTHBEARER")),
    both("OAuth and passwords", auth=("XOAUTH2", "SCRAM-SHA-256")),
    both("Kerberos alone", "SUBMISSION_NO_PASSWORD_MECHANISM", auth=("GSSAPI",)),
    both("limits", "SUBMISSION_LIMITS", extensions=("LIMITS RCPTMAX=20 MAILMAX=5 RCPTDOMAINMAX=0 X=1",)),
    both("limits that are none", extensions=("LIMITS RCPTMAX=many MAILMAX", "LIMITSX RCPTMAX=1")),
    Scenario(
        name="a provider that wants app passwords",
        world=world(AT_APPY, *APPY),
        codes=says(
            "SUBMISSION_PROVIDER_SETTINGS", "SUBMISSION_READY", "SUBMISSION_APP_PASSWORD", "SUBMISSION_PASSWORD_ENDS"
        ),
    ),
    Scenario(
        name="a provider behind a gateway, known by Autodiscover",
        world=world(
            BASE.replace("mx.example.com", "mx.gate.example")
            + "autodiscover.example.com CNAME autodiscover.modern.example\nautodiscover.modern.example A 192.0.2.94\n"
            + "smtp.modern.example A 192.0.2.93",
            MODERN,
        ),
        codes=says(
            "SUBMISSION_PROVIDER_SETTINGS",
            "SUBMISSION_PROVIDER_OAUTH_ONLY",
            "SUBMISSION_OAUTH_ONLY",
            "SUBMISSION_OTHER_PORT_CLOSED",
        ),
    ),
    Scenario(
        name="a provider, and SRV records from before",
        world=world(AT_MODERN + HOST + SRV_465, on_465(), on_587()),
        codes=says(
            "SUBMISSION_PROVIDER_SETTINGS",
            "SUBMISSION_PROVIDER_OAUTH_ONLY",
            "SUBMISSION_PROVIDER_DIFFERS",
            "SUBMISSION_READY",
        ),
    ),
    Scenario(
        name="a hosting company whose servers have numbers",
        world=world(
            "example.com MX 10 sv7.rooms.example\nsv7.rooms.example A 192.0.2.95",
            on_465(name="sv7.rooms.example", address="192.0.2.95"),
            on_587(name="sv7.rooms.example", address="192.0.2.95"),
        ),
        codes=says("SUBMISSION_PROVIDER_SETTINGS", "SUBMISSION_READY"),
    ),
    Scenario(
        name="a server over IPv4 and IPv6, and no IPv6 here",
        world=world(BOTH + f"{SMTP} AAAA 2001:db8::27", on_465(), on_587()),
        dial={("2001:db8::27", 465): OFF_THE_NET, ("2001:db8::27", 587): OFF_THE_NET},
        codes=says("SUBMISSION_READY"),
    ),
    Scenario(
        name="a server inside",
        world=world(BASE + SRV_465 + f"{SMTP} A 10.0.0.27"),
        codes=says("SUBMISSION_UNKNOWN"),
    ),
]


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inquiry, "PATIENCE", 0.6)
    for limit in ("CONNECT", "_GREETING", "_REPLY"):
        monkeypatch.setattr(smtp, limit, 0.8)


@pytest.mark.parametrize("scenario", SCENARIOS, ids=str)
async def test_the_check_states_exactly_what_the_world_holds(scenario: Scenario) -> None:
    await play(scenario, CHECK)


def test_every_code_is_raised_in_some_world_and_not_in_all() -> None:
    below = {"SUBMISSION_OLD_TLS", "SUBMISSION_CERTIFICATE_UNREADABLE"}  # no world has them ready-made
    assert untested(CHECK, SCENARIOS) == below


# --- TLS that no world has ready-made ---------------------------------------------------------------------------------


async def test_a_server_with_nothing_newer_than_tls_1_1_is_told() -> None:
    name = "old.example.com"
    context = authority().context(name)
    context.set_ciphers("ALL:@SECLEVEL=0")
    context.minimum_version = ssl.TLSVersion.MINIMUM_SUPPORTED
    with pytest.warns(DeprecationWarning, match="TLSv1_1"):
        context.maximum_version = ssl.TLSVersion.TLSv1_1
    records = BASE + f"_submissions._tcp.example.com SRV 0 1 465 {name}\n{name} A {ADDRESS}"
    seen = await play(
        Scenario(
            name="old TLS",
            world=world(records, on_465(name=name), on_587(name=name, starttls=StartTls.NONE)),
            codes=says("SUBMISSION_OLD_TLS", "SUBMISSION_NO_STARTTLS"),
        ),
        CHECK,
    )
    assert seen.one("SUBMISSION_OLD_TLS").version == "TLSv1.1"


async def test_a_certificate_that_is_no_certificate_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(certificates, "_MAX_CHAIN", 10)
    codes = says("SUBMISSION_CERTIFICATE_UNREADABLE")
    await play(Scenario(name="unreadable", world=world(BOTH, on_465(), on_587()), codes=codes), CHECK)


# --- what is said -----------------------------------------------------------------------------------------------------


async def see(records: str, *mail: MailHost, page: Page | None = None, **how: object) -> Seen:
    return await look(world(records, *mail, page=page, **how), about("example.com"), CHECK)


async def test_the_settings_are_told_as_a_mail_program_asks_for_them() -> None:
    seen = await see(BOTH + AT_AUTOCONFIG, on_465(), on_587(), page=autoconfig(user="%EMAILLOCALPART%"))
    ready = seen.one("SUBMISSION_READY")
    assert (ready.host, ready.settings, ready.source) == (SMTP, ("465 SSL/TLS", "587 STARTTLS"), "srv")
    assert (ready.mechanisms, ready.username) == (("PLAIN", "LOGIN"), "local_part")


async def test_the_facts_of_a_good_server_say_what_it_offers() -> None:
    seen = await see(BOTH, on_465(size=0), on_587(size=20_000_000, auth=("LOGIN",), auth_before_tls=("CRAM-MD5",)))
    plain = submission_servers.Server(
        host=HostName(SMTP),
        port=Port(465),
        source=Source.SRV,
        reachable=True,
        tls=Encryption.IMPLICIT,
        tls_version=Keyword("TLSv1.3"),
        certificate=CertificateState.TRUSTED,
        auth=(Keyword("PLAIN"), Keyword("LOGIN")),
        auth_before_tls=(),
        size=0,
    )
    assert seen.facts.servers == (
        plain,
        replace(
            plain,
            port=Port(587),
            tls=Encryption.STARTTLS,
            auth=(Keyword("LOGIN"),),
            auth_before_tls=(Keyword("CRAM-MD5"),),
            size=20_000_000,
        ),
    )


@pytest.mark.parametrize(
    ("how", "reachable", "tls", "auth"),
    [
        ({"starttls": StartTls.NONE}, True, Encryption.NONE, ()),
        ({"starttls": StartTls.RUBBISH}, True, Encryption.NONE, ()),
        ({"starttls": StartTls.SILENT}, True, None, None),
        ({"greeting": "421 4.7.0 Too many connections"}, True, None, None),
        ({"fault": MailFault.CLOSED}, False, None, None),
        ({"fault": MailFault.FILTERED}, None, None, None),
        ({"fault": MailFault.SILENT}, None, None, None),
    ],
    ids=["no starttls", "rubbish", "silent tls", "limited", "closed", "filtered", "silent"],
)
async def test_the_facts_keep_no_apart_from_not_told(
    how: dict[str, object], reachable: bool | None, tls: Encryption | None, auth: tuple[Keyword, ...] | None
) -> None:
    seen = await see(BOTH, on_465(), on_587(**how))
    fact = seen.facts.servers[1]
    assert (fact.port, fact.reachable, fact.tls, fact.auth) == (587, reachable, tls, auth)


async def test_a_port_that_was_not_tried_is_among_the_facts_with_nothing_told() -> None:
    seen = await see(BASE + HOST + f"_submission._tcp.example.com SRV 0 1 2525 {SMTP}", on_587())
    facts = {fact.port: fact for fact in seen.facts.servers}
    assert facts[Port(2525)] == submission_servers.Server(host=HostName(SMTP), port=Port(2525), source=Source.SRV)


async def test_what_is_true_of_two_addresses_of_a_server_is_said_once() -> None:
    two = [on_587(starttls=StartTls.NONE), on_587(address="192.0.2.28", starttls=StartTls.NONE)]
    seen = await see(BOTH + f"{SMTP} A 192.0.2.28", on_465(), on_465(address="192.0.2.28"), *two)
    finding = seen.one("SUBMISSION_NO_STARTTLS")
    assert sorted(finding.addresses) == [ADDRESS, "192.0.2.28"]
    assert len(finding.evidence) == 2


async def test_the_records_to_paste_are_those_for_the_ports_that_work() -> None:
    seen = await see(BASE + HOST, on_465(certificate=Certificate.EXPIRED), on_587())
    assert seen.one("SUBMISSION_GUESSED").records == (f"_submission._tcp.example.com. IN SRV 10 1 587 {SMTP}.",)
    seen = await see(BASE + HOST, on_465(certificate=Certificate.EXPIRED))
    assert seen.one("SUBMISSION_GUESSED").records == (f"_submissions._tcp.example.com. IN SRV 0 1 465 {SMTP}.",)


async def test_a_server_with_two_usual_names_is_one_server() -> None:
    seen = await see(BASE + HOST + f"mail.example.com A {ADDRESS}", on_465(), on_587())
    assert {fact.host for fact in seen.facts.servers} == {SMTP}
    assert len(seen.internet.smtp_log.conversations) == 2


async def test_the_better_srv_record_goes_first() -> None:
    records = BASE + HOST + "old.example.com A 192.0.2.28\n_submission._tcp.example.com SRV 20 9 587 old.example.com\n"
    records += f"_submission._tcp.example.com SRV 10 1 587 {SMTP}\n"
    seen = await see(records, on_587(), on_587(name="old.example.com", address="192.0.2.28"))
    assert next(fact.host for fact in seen.facts.servers) == SMTP


async def test_a_provider_s_facts_come_with_their_page_its_date_and_their_age() -> None:
    seen = await see(AT_APPY, *APPY)
    settings = seen.one("SUBMISSION_PROVIDER_SETTINGS")
    assert (settings.host, settings.settings) == ("smtp.appy.example", ("465 SSL/TLS", "587 STARTTLS"))
    assert (settings.source, settings.as_of, settings.outdated) == ("https://example.net/settings", "2020-05", "yes")
    over, coming = (each for each in seen.findings if each.code == "SUBMISSION_PASSWORD_ENDS")
    assert (over.on, over.passed, over.as_of) == ("2020", "yes", "2026-01-29")  # type: ignore[attr-defined] # this code has them
    assert (coming.on, coming.passed) == ("2999", "no")  # type: ignore[attr-defined] # as above
    assert seen.facts.provider == "appy"
    assert seen.verdict is Severity.NOTICE


def test_an_event_of_this_month_is_still_to_come() -> None:
    today = datetime.now(UTC).date()
    provider = Provider(
        id="now",
        name="Now",
        name_ja=None,
        kind=Kind.MAILBOX,
        mx=("now.example",),
        submission=(row("smtp.now.example", Auth.PASSWORD),),
        events=(event(EventKind.PASSWORD_OFF, today.isoformat()[:7]),),
    )
    around = submission_discovery.Surroundings(
        mail_hosts=(HostName("mx.now.example"),), implicit=False, null_mx=False, autodiscover=None, evidence=()
    )
    found = submission_discovery.at_provider("example.com", around, Providers([provider]))
    assert found is not None
    *_, ends = submission._provider(found, (), today)
    assert ends.passed == "no"  # type: ignore[attr-defined] # this code has it


def test_the_shipped_data_know_the_server_of_the_big_ones() -> None:
    shipped = provider_data.shipped()
    for host, server in (
        ("example-com.mail.protection.outlook.com", "smtp.office365.com"),
        ("aspmx.l.google.com", "smtp.gmail.com"),
    ):
        around = submission_discovery.Surroundings(
            mail_hosts=(HostName(host),), implicit=False, null_mx=False, autodiscover=None, evidence=()
        )
        found = submission_discovery.at_provider("example.com", around, shipped)
        assert found is not None
        assert found.settings[0].host == server


async def test_a_limit_is_taken_only_from_a_number_that_can_be_one() -> None:
    said = "LIMITS rcptmax=20 MAILMAX=1000000 RCPTDOMAINMAX=0 FUTURE=1"
    limits = (await see(BOTH, on_465(extensions=(said,)), on_587())).one("SUBMISSION_LIMITS")
    assert (limits.recipients, limits.messages, limits.domains) == (20, None, None)


# --- what it costs, and what is never done ----------------------------------------------------------------------------


async def test_no_mail_is_begun_and_nobody_logs_in() -> None:
    seen = await see(BOTH, on_465(), on_587())
    conversations = seen.internet.smtp_log.conversations
    assert {verb for each in conversations for verb in each.verbs} <= {"EHLO", "STARTTLS", "QUIT"}
    assert not any(each.logins for each in conversations)


async def test_nobody_s_own_address_is_given_away_for_autoconfig() -> None:
    case = about("example.com", sender="user@example.com", recipient="other@example.net")
    seen = await look(world(BOTH + AT_AUTOCONFIG, on_465(), on_587(), page=autoconfig()), case, CHECK)
    assert [request.path for request in seen.internet.web_log] == [
        "/mail/config-v1.1.xml?emailaddress=postmaster@example.com"
    ]


async def test_nothing_is_asked_twice_and_a_healthy_domain_costs_few_questions() -> None:
    checks = (domain.CHECK, mx.CHECK, CHECK)
    seen = (await look_all(world(BOTH, on_465(), on_587()), about("example.com"), checks))["submission"]
    assert max(Counter(seen.queries).values()) == 1
    asked = {each.question for each in seen.evidence if each.kind == "dns" and "submission" in each.asked_by}
    assert asked == {
        "example.com MX",
        f"{SMTP} A",
        f"{SMTP} AAAA",
        "_submission._tcp.example.com SRV",
        "_submissions._tcp.example.com SRV",
        "autodiscover.example.com CNAME",
        "_autodiscover._tcp.example.com SRV",
        "autoconfig.example.com A",
        "autoconfig.example.com AAAA",
        "example.com A",
        "example.com AAAA",
    }
    assert len(seen.internet.smtp_log.conversations) == 2


async def test_however_many_servers_are_named_two_are_visited() -> None:
    names = [f"s{number}.example.com" for number in range(6)]
    records = "".join(
        f"_submission._tcp.example.com SRV {n} 1 587 {name}\n{name} A 198.51.100.{n}\n" for n, name in enumerate(names)
    )
    seen = await see(BASE + records, *(on_587(name=name, address=f"198.51.100.{n}") for n, name in enumerate(names)))
    assert {fact.host for fact in seen.facts.servers} == {*names[:2]}


async def test_a_web_server_that_is_silent_holds_nobody_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(submission_discovery, "_WEB_PATIENCE", 0.5)
    page = Page(body=b"<clientConfig/>", pause=30.0)
    loop = asyncio.get_running_loop()
    started = loop.time()
    seen = await see(BASE + AT_AUTOCONFIG, page=page)
    assert loop.time() - started < 3
    assert seen.one("SUBMISSION_NOT_PUBLISHED").autoconfig is Trouble.TIMEOUT


async def test_a_server_that_is_too_slow_costs_no_other_its_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(smtp, "_GREETING", 30.0)
    records = BOTH + "slow.example.com A 192.0.2.28\n_submission._tcp.example.com SRV 5 1 587 slow.example.com"
    slow = on_587(name="slow.example.com", address="192.0.2.28", fault=MailFault.SILENT)
    seen = await look(world(records, on_465(), on_587(), slow), about("example.com"), replace(CHECK, budget=1.5))
    assert seen.one("SUBMISSION_UNKNOWN").reason is Trouble.TIMEOUT
    assert seen.one("SUBMISSION_READY").host == SMTP


async def test_our_own_overload_is_nobody_s_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inquiry, "MOST_CONVERSATIONS", 0)
    seen = await see(BASE + HOST, on_465(), on_587())
    assert seen.codes == {"SUBMISSION_UNKNOWN"}
    assert {each.reason for each in seen.findings} == {Trouble.ENOUGH_ASKED}  # type: ignore[attr-defined] # this code has it
