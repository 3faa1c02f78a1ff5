"""The product itself in front of real servers: Unbound, NSD, rbldnsd, Postfix."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from checks import domain, spf, wire
from checks.case import Case, Target
from checks.check import Result
from checks.network import Guard, Inquiry, Network, Trouble
from checks.network.answers import MX, TXT, A, CertificateState, Mx, Stage
from checks.triage import triage
from tests.servers import real
from tests.servers.conftest import MAIL_HOST, Certificates

pytestmark = pytest.mark.servers

MAIL_ADDRESS = "192.0.2.25"


@pytest.fixture
async def inquiry(
    resolver: real.Address, mail_server: real.PostfixPorts, certificates: Certificates
) -> AsyncIterator[Inquiry]:
    guard = Guard.of(["192.0.2.0/24"], {(MAIL_ADDRESS, 25): ("127.0.0.1", mail_server.smtp.port)})
    servers = [(resolver.host, resolver.port)]
    async with Network(
        servers=servers, guard=guard, trust=[certificates.authority], helo="bot.example.test"
    ) as network:
        asking = Inquiry(network)
        yield asking
        await asking.close()


async def step(inquiry: Inquiry, name: str, check: Any) -> Result:  # noqa: ANN401 - a check with any facts
    [result] = [each async for each in triage(Case(target=Target(domain=name)), [check], inquiry)]
    return result


async def test_unbound_s_validated_answer_is_authenticated(inquiry: Inquiry) -> None:
    answer = await inquiry.dns("signed.test", MX, asked_by="test")
    assert answer.records == (Mx(10, "mail.example.test"),)
    assert answer.authenticated


async def test_a_zone_with_expired_signatures_is_bogus_and_not_broken_or_missing(inquiry: Inquiry) -> None:
    answer = await inquiry.dns("bogus.test", MX, asked_by="test")
    assert answer.why is Trouble.BOGUS


async def test_an_answer_too_long_for_udp_comes_over_tcp(inquiry: Inquiry) -> None:
    answer = await inquiry.dns("large.plain.test", TXT, asked_by="test")
    assert len(answer.records[0].text) > 2000


async def test_what_unbound_refuses_could_not_be_told(inquiry: Inquiry) -> None:
    answer = await inquiry.dns("elsewhere.example", MX, asked_by="test")
    assert answer.why is Trouble.REFUSED


async def test_rbldnsd_s_listing_reason_and_absence_are_read(inquiry: Inquiry) -> None:
    listed = await inquiry.dns("7.2.0.192.addresses.blocklist.test", A, asked_by="test")
    reason = await inquiry.dns("7.2.0.192.addresses.blocklist.test", TXT, asked_by="test")
    clean = await inquiry.dns("7.113.0.203.addresses.blocklist.test", A, asked_by="test")
    assert listed.records == ("127.0.0.2",)
    assert "https://example.org/?192.0.2.7" in reason.records[0].text
    assert clean.absent


async def test_the_domain_check_knows_a_signed_zone(inquiry: Inquiry) -> None:
    result = await step(inquiry, "signed.test", domain.CHECK)
    assert wire.to_json(result.outcome.facts) == {
        "exists": True,
        "dnssec": "secure",
        "name_servers": list(result.outcome.facts.name_servers) if result.outcome.facts else None,
    }


async def test_the_domain_check_says_bogus_and_spf_is_left_out(inquiry: Inquiry) -> None:
    result = await step(inquiry, "bogus.test", domain.CHECK)
    assert {"DOMAIN_BOGUS"} <= {finding.code for finding in result.outcome.findings}
    result = await step(inquiry, "bogus.test", spf.CHECK)
    assert [finding.code for finding in result.outcome.findings] == ["CHECK_SKIPPED"]


async def test_postfix_is_heard_to_the_end_and_its_certificate_trusted(inquiry: Inquiry) -> None:
    talk = await inquiry.smtp(MAIL_HOST, MAIL_ADDRESS, 25, asked_by="test")
    assert talk.stage is Stage.DONE
    assert talk.trouble is None
    assert talk.greeting is not None
    assert MAIL_HOST in talk.greeting.text
    assert talk.tls is not None
    assert talk.tls.certificate.state is CertificateState.TRUSTED
    assert talk.ehlo_after_tls is not None
    assert int(talk.ehlo_after_tls.get("SIZE") or 0) > 0


async def test_postfix_s_certificate_for_another_name_is_told_apart(inquiry: Inquiry) -> None:
    talk = await inquiry.smtp("mx.other.test", MAIL_ADDRESS, 25, asked_by="test")
    assert talk.tls is not None
    assert talk.tls.certificate.state is CertificateState.WRONG_NAME


async def test_the_command_checks_a_domain_behind_unbound(resolver: real.Address, tmp_path: Path) -> None:
    environment = {
        **os.environ,
        "MAILCHECK_DNS_SERVERS": str(resolver),
        "MAILCHECK_DB": str(tmp_path / "history.sqlite"),
    }
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", "check", "signed.test", "only:domain,spf,dmarc", "--json"),
        env=environment,
        stdout=asyncio.subprocess.PIPE,
    )
    output, _ = await process.communicate()
    told = json.loads(output)
    assert told["schema"] == 1
    steps = {each["check"]: each for each in told["steps"]}
    assert steps["domain"]["facts"]["dnssec"] == "secure"
    assert steps["spf"]["facts"]["record"] == "v=spf1 mx -all"
    assert steps["dmarc"]["facts"]["policy"] == "reject"
    numbers = {each["number"] for each in told["evidence"]}
    assert {number for each in told["steps"] for f in each["findings"] for number in f["evidence"]} <= numbers
