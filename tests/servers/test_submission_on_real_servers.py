"""Submission in front of real servers: Postfix, with Dovecot behind its logins."""

from __future__ import annotations

import asyncio
import base64
import contextlib
import json
import os
import sys
from collections.abc import AsyncGenerator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from bot.sandbox.internet import Internet, World
from checks import login, submission, wire
from checks.case import Case, Target
from checks.check import Finding, Severity
from checks.network import Guard, Inquiry, Network
from checks.network.answers import CertificateState
from checks.network.login import LoginResult, LoginStage, Secret, try_login
from checks.provider_data import Providers
from checks.triage import triage
from tests.servers import mail, real
from tests.servers.conftest import MAIL_HOST, USERS, Certificates

pytestmark = pytest.mark.servers

ADDRESS = "192.0.2.27"
DOMAIN = "example.test"
SRV = f"_submissions._tcp.{DOMAIN} SRV 0 1 465 {MAIL_HOST}\n_submission._tcp.{DOMAIN} SRV 0 1 587 {MAIL_HOST}\n"
RECORDS = f"{DOMAIN} MX 10 mx.{DOMAIN}\nmx.{DOMAIN} A 192.0.2.25\n{SRV}"
[(USER, PASSWORD)] = USERS.items()


@asynccontextmanager
async def facing(
    authority: Path, *, submissions: real.Address | None = None, starttls: real.Address | None = None
) -> AsyncGenerator[Network]:
    """A network in which the servers given stand at ports 465 and 587 of MAIL_HOST."""
    dial = {
        (ADDRESS, port): (server.host, server.port)
        for port, server in ((465, submissions), (587, starttls))
        if server is not None
    }
    async with Internet(World(records=f"{RECORDS}{MAIL_HOST} A {ADDRESS}")) as internet:
        nowhere = internet.dial_map[ADDRESS, 1]
        guard = Guard.of(["192.0.2.0/24"], {(ADDRESS, 465): nowhere, (ADDRESS, 587): nowhere, **dial})
        async with Network(
            servers=internet.dns_servers, guard=guard, trust=[authority], helo="bot.example.test"
        ) as network:
            yield network


async def look(network: Network) -> tuple[dict[str, Finding], list[dict[str, Any]]]:
    """What the check states, by code, and its facts as JSON."""
    inquiry = Inquiry(network)
    case = Case(target=Target(domain=DOMAIN))
    [result] = [each async for each in triage(case, [submission.check(Providers(()))], inquiry)]
    await inquiry.close()
    facts: Any = wire.to_json(result.outcome.facts)
    return {finding.code: finding for finding in result.outcome.findings}, facts["servers"]


async def log_in(network: Network, port: int, password: str = PASSWORD) -> LoginResult:
    return await try_login(network, MAIL_HOST, port, USER, Secret(password))


def explained(result: LoginResult) -> str:
    return login.explain(result, Providers(())).code


# --- a server that is well --------------------------------------------------------------------------------------------


@pytest.fixture
async def well(mail_server: real.PostfixPorts, certificates: Certificates) -> AsyncGenerator[Network]:
    async with facing(
        certificates.authority, submissions=mail_server.submissions, starttls=mail_server.submission
    ) as network:
        yield network


async def test_postfix_with_dovecot_is_ready_on_both_ports(well: Network) -> None:
    findings, servers = await look(well)
    assert set(findings) == {"SUBMISSION_READY"}
    implicit, starttls = servers
    assert (implicit["port"], implicit["tls"]) == (465, "implicit")
    assert (starttls["port"], starttls["tls"]) == (587, "starttls")
    for server in servers:
        assert sorted(server["auth"]) == ["LOGIN", "PLAIN"]
        assert server["auth_before_tls"] == [], "Postfix offers AUTH under TLS only"
        assert (server["size"], server["certificate"], server["reachable"]) == (30_000_000, "trusted", True)


@pytest.mark.parametrize("port", [465, 587])
async def test_dovecot_takes_the_right_password_and_no_other(well: Network, port: int) -> None:
    right = await log_in(well, port)
    assert (right.accepted, right.mechanism, sorted(right.offered)) == (True, "PLAIN", ["LOGIN", "PLAIN"])
    wrong = await log_in(well, port, "wrong")
    assert explained(wrong) == "LOGIN_BAD_CREDENTIALS"
    assert wrong.reply is not None
    assert wrong.reply.code == 535


async def test_a_name_that_the_certificate_does_not_hold_gets_no_password(
    mail_server: real.PostfixPorts, certificates: Certificates
) -> None:
    async with Internet(World(records=f"smtp.{DOMAIN} A {ADDRESS}")) as internet:
        guard = Guard.of(["192.0.2.0/24"], {(ADDRESS, 465): mail_server.submissions})
        async with Network(servers=internet.dns_servers, guard=guard, trust=[certificates.authority]) as network:
            result = await try_login(network, f"smtp.{DOMAIN}", 465, USER, Secret(PASSWORD))
    assert (result.stage, result.certificate) == (LoginStage.TLS, CertificateState.WRONG_NAME)


# --- servers with a flaw ----------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def sasl() -> Iterator[Path]:
    with real.dovecot_auth(USERS) as socket:
        yield socket


@pytest.mark.parametrize(
    ("flaw", "code", "state"),
    [
        ({"expired": True}, "SUBMISSION_CERTIFICATE_EXPIRED", CertificateState.EXPIRED),
        ({"name": "other.example.test"}, "SUBMISSION_CERTIFICATE_WRONG_NAME", CertificateState.WRONG_NAME),
        ({"trusted": False}, "SUBMISSION_CERTIFICATE_UNTRUSTED", CertificateState.UNTRUSTED),
    ],
    ids=["expired", "wrong name", "private authority"],
)
async def test_a_certificate_with_a_flaw_is_told_and_costs_the_login(
    flaw: dict[str, Any], code: str, state: CertificateState, sasl: Path, tmp_path: Path
) -> None:
    files = mail.certificates(tmp_path, **flaw)
    with real.postfix(hostname=MAIL_HOST, cert=files.chain, key=files.key, sasl=sasl) as ports:
        async with facing(files.authority, submissions=ports.submissions, starttls=ports.submission) as network:
            findings, _ = await look(network)
            assert set(findings) == {code}
            for port in (465, 587):
                result = await log_in(network, port)
                assert (result.stage, result.certificate) == (LoginStage.TLS, state)
                assert explained(result) == "LOGIN_CERTIFICATE_REFUSED"


async def test_a_postfix_without_starttls_that_takes_passwords_gets_none(
    sasl: Path, certificates: Certificates
) -> None:
    options = {"smtpd_tls_security_level": "none", "smtpd_tls_auth_only": "no", "smtpd_sasl_auth_enable": "yes"}
    with real.postfix(
        hostname=MAIL_HOST, cert=certificates.chain, key=certificates.key, sasl=sasl, options=options
    ) as ports:
        async with facing(certificates.authority, submissions=ports.submissions, starttls=ports.smtp) as network:
            findings, servers = await look(network)
            assert set(findings) == {"SUBMISSION_READY", "SUBMISSION_NO_STARTTLS", "SUBMISSION_AUTH_IN_CLEAR"}
            assert (servers[1]["tls"], sorted(servers[1]["auth_before_tls"])) == ("none", ["LOGIN", "PLAIN"])
            assert explained(await log_in(network, 587)) == "LOGIN_NO_TLS"


async def test_a_postfix_without_logins_and_with_a_small_limit_is_told(certificates: Certificates) -> None:
    options = {"message_size_limit": "100000"}
    with real.postfix(hostname=MAIL_HOST, cert=certificates.chain, key=certificates.key, options=options) as ports:
        async with facing(certificates.authority, starttls=ports.submission) as network:
            findings, servers = await look(network)
            assert set(findings) == {"SUBMISSION_NO_AUTH", "SUBMISSION_CONNECTION_REFUSED"}
            assert [server["size"] for server in servers] == [None, 100_000]
            assert explained(await log_in(network, 587)) == "LOGIN_NOT_OFFERED"
            assert explained(await log_in(network, 465)) == "LOGIN_UNREACHABLE"


async def test_a_password_is_proven_without_being_shown_where_cram_md5_is_all_there_is(
    certificates: Certificates,
) -> None:
    with (
        real.dovecot_auth(USERS, mechanisms="cram-md5") as socket,
        real.postfix(hostname=MAIL_HOST, cert=certificates.chain, key=certificates.key, sasl=socket) as ports,
    ):
        async with facing(certificates.authority, submissions=ports.submissions) as network:
            result = await log_in(network, 465)
            assert (result.accepted, result.mechanism) == (True, "CRAM-MD5")
            assert explained(await log_in(network, 465, "wrong")) == "LOGIN_BAD_CREDENTIALS"


async def test_a_postfix_whose_dovecot_is_gone_cannot_tell(certificates: Certificates) -> None:
    with contextlib.ExitStack() as servers, contextlib.ExitStack() as behind:
        socket = behind.enter_context(real.dovecot_auth(USERS))
        ports = servers.enter_context(
            real.postfix(hostname=MAIL_HOST, cert=certificates.chain, key=certificates.key, sasl=socket)
        )
        async with facing(certificates.authority, submissions=ports.submissions) as network:
            assert (await log_in(network, 465)).accepted
            behind.close()
            result = await log_in(network, 465)
    assert login.explain(result, Providers(())).severity is Severity.UNKNOWN, result


# --- the command ------------------------------------------------------------------------------------------------------

FORMS = (
    PASSWORD,
    base64.b64encode(PASSWORD.encode()).decode(),
    base64.b64encode(f"\0{USER}\0{PASSWORD}".encode()).decode(),
)


@asynccontextmanager
async def at_its_ports(ports: real.PostfixPorts, authority: Path, folder: Path) -> AsyncGenerator[dict[str, str]]:
    """The environment of commands that meet Postfix at its true ports."""
    here = "127.0.0.27"
    async with (
        Internet(World(records=f"{RECORDS}{MAIL_HOST} A {here}")) as internet,
        mail.standing_at(here, {465: ports.submissions, 587: ports.submission}),
    ):
        yield {
            **os.environ,
            "MAILCHECK_DNS_SERVERS": ",".join(f"{host}:{port}" for host, port in internet.dns_servers),
            "MAILCHECK_ALLOW_NETWORKS": "127.0.0.0/8",
            "MAILCHECK_CA_FILE": str(authority),
            "MAILCHECK_DB": str(folder / "history.sqlite"),
        }


async def run(environment: dict[str, str], *words: str, stdin: str = "") -> tuple[int | None, str, str]:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", *words),
        env=environment,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    out, err = await process.communicate(stdin.encode())
    return process.returncode, out.decode(), err.decode()


async def test_the_command_logs_in_and_the_password_is_left_nowhere(
    mail_server: real.PostfixPorts, certificates: Certificates, tmp_path: Path
) -> None:
    words = ("login", MAIL_HOST, "--user", USER, "--password-stdin")
    async with at_its_ports(mail_server, certificates.authority, tmp_path) as environment:
        right = await run(environment, *words, stdin=f"{PASSWORD}\n")
        wrong = await run(environment, *words, "--port", "587", stdin=f"{PASSWORD}x\n")
        checked, _, _ = await run(environment, "check", DOMAIN, "only:submission")
    assert (right[0], wrong[0], checked) == (0, 1, 0)
    assert "535 5.7.8" in wrong[1]
    shown = "".join(part for _, *parts in (right, wrong) for part in parts)
    assert not any(form in shown for form in FORMS)
    kept = contents(tmp_path)
    assert "history.sqlite" in kept, "a check is kept, and it holds no password"
    assert not any(form.encode() in content for form in FORMS for content in kept.values())


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


async def test_the_command_checks_submission_of_a_domain(
    mail_server: real.PostfixPorts, certificates: Certificates, tmp_path: Path
) -> None:
    async with at_its_ports(mail_server, certificates.authority, tmp_path) as environment:
        code, out, err = await run(environment, "check", DOMAIN, "only:submission", "--json")
    assert (code, err) == (0, "")
    [step] = json.loads(out)["steps"]
    assert [server["port"] for server in step["facts"]["servers"]] == [465, 587]
    assert step["findings"][0]["code"] == "SUBMISSION_READY"
