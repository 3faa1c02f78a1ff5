"""The servers that other tests lean on do what those tests rely on, asked by clients that are not Mailcheck's."""

import socket
import ssl
from pathlib import Path

import aiosmtplib
import dns.flags
import dns.message
import dns.query
import dns.rcode
import pytest

from tests.servers import real
from tests.servers.conftest import MAIL_HOST, USERS, Certificates

servers = pytest.mark.servers


def ask(server: real.Address, name: str, rdtype: str, *, flags: dns.flags.Flag = dns.flags.AD) -> dns.message.Message:
    query = dns.message.make_query(name, rdtype, use_edns=0, payload=1232)
    query.flags |= flags
    return dns.query.udp(query, server.host, port=server.port, timeout=5)


def dial(server: real.Address) -> aiosmtplib.SMTP:
    return aiosmtplib.SMTP(hostname=server.host, port=server.port, start_tls=False, timeout=5)


def texts(response: dns.message.Message) -> list[str]:
    return [line.split(maxsplit=4)[4] for rrset in response.answer for line in rrset.to_text().splitlines()]


@servers
def test_the_name_server_answers_with_authority(name_server: real.Address) -> None:
    response = ask(name_server, "plain.test", "MX")
    assert texts(response) == ["10 mail.example.test."]
    assert response.flags & dns.flags.AA
    assert not response.flags & dns.flags.RA


@servers
def test_a_large_answer_is_cut_short_over_udp_and_whole_over_tcp(name_server: real.Address) -> None:
    query = dns.message.make_query("large.plain.test", "TXT", use_edns=0, payload=1232)
    cut_short = dns.query.udp(query, name_server.host, port=name_server.port, timeout=5)
    whole = dns.query.tcp(query, name_server.host, port=name_server.port, timeout=5)
    assert cut_short.flags & dns.flags.TC
    assert not whole.flags & dns.flags.TC
    assert len("".join(texts(whole))) > 3000


@servers
def test_the_resolver_falls_back_to_tcp_for_a_large_answer(resolver: real.Address) -> None:
    query = dns.message.make_query("large.plain.test", "TXT", use_edns=0, payload=1232)
    response, over_tcp = dns.query.udp_with_fallback(query, resolver.host, port=resolver.port, timeout=5)
    assert over_tcp
    assert len("".join(texts(response))) > 3000


@servers
def test_the_resolver_vouches_for_a_signed_answer(resolver: real.Address) -> None:
    response = ask(resolver, "signed.test", "TXT")
    assert texts(response) == ['"v=spf1 mx -all"']
    assert response.flags & dns.flags.AD


@servers
def test_the_resolver_vouches_that_a_name_below_a_signed_zone_does_not_exist(resolver: real.Address) -> None:
    response = ask(resolver, "nowhere.signed.test", "TXT")
    assert response.rcode() == dns.rcode.NXDOMAIN
    assert response.flags & dns.flags.AD


@servers
def test_the_resolver_does_not_vouch_for_an_unsigned_answer(resolver: real.Address) -> None:
    response = ask(resolver, "plain.test", "TXT")
    assert texts(response) == ['"v=spf1 mx -all"']
    assert not response.flags & dns.flags.AD


@servers
def test_expired_signatures_are_refused_unless_checking_is_disabled(resolver: real.Address) -> None:
    refused = ask(resolver, "bogus.test", "TXT")
    unchecked = ask(resolver, "bogus.test", "TXT", flags=dns.flags.CD)
    assert (refused.rcode(), texts(refused)) == (dns.rcode.SERVFAIL, [])
    assert (unchecked.rcode(), texts(unchecked)) == (dns.rcode.NOERROR, ['"v=spf1 mx -all"'])


@servers
def test_the_resolver_refuses_names_beyond_its_zones(resolver: real.Address) -> None:
    assert ask(resolver, "example.com", "A").rcode() == dns.rcode.REFUSED


@servers
@pytest.mark.parametrize(
    "listed", ["2.0.0.127.addresses", "10.2.0.192.addresses", "test.domains", "a.listed.example.domains"]
)
def test_the_blocklist_answers_for_what_it_lists(blocklist: real.Address, listed: str) -> None:
    assert texts(ask(blocklist, f"{listed}.blocklist.test", "A")) == ["127.0.0.2"]


@servers
@pytest.mark.parametrize("unlisted", ["1.0.0.127.addresses", "1.113.0.203.addresses", "invalid.domains"])
def test_the_blocklist_denies_what_it_does_not_list(blocklist: real.Address, unlisted: str) -> None:
    assert ask(blocklist, f"{unlisted}.blocklist.test", "A").rcode() == dns.rcode.NXDOMAIN


@servers
def test_the_blocklist_gives_its_reason_and_can_be_asked_through_the_resolver(resolver: real.Address) -> None:
    response = ask(resolver, "10.2.0.192.addresses.blocklist.test", "TXT")
    assert texts(response) == ['"Listed, see https://example.org/?192.0.2.10"']


@servers
def test_a_mistake_in_a_zone_file_is_reported_with_its_line() -> None:
    with pytest.raises(real.ServerError, match=r"0\.zone:5"), real.nsd({"plain.test": real.zone("@ IN MX ten mail")}):
        pass


@servers
def test_a_server_is_gone_once_its_block_ends() -> None:
    with real.nsd({"plain.test": real.zone("")}) as address:
        socket.create_connection(address, timeout=5).close()
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(address, timeout=5).close()


@servers
async def test_the_mail_server_greets_with_its_name_and_offers_tls_and_a_size(mail_server: real.PostfixPorts) -> None:
    smtp = dial(mail_server.smtp)
    greeting = await smtp.connect()
    async with smtp:
        await smtp.ehlo()
        assert greeting.message.startswith(f"{MAIL_HOST} ESMTP")
        assert smtp.supports_extension("starttls")
        assert smtp.esmtp_extensions["size"] == "30000000"
        assert not smtp.supports_extension("auth")


@servers
async def test_the_mail_server_shows_the_certificate_it_was_given(
    mail_server: real.PostfixPorts, certificates: Certificates
) -> None:
    async with dial(mail_server.smtp) as smtp:
        await smtp.starttls(server_hostname=MAIL_HOST, tls_context=certificates.trusting())
        tls = smtp.get_transport_info("ssl_object")
    assert isinstance(tls, ssl.SSLObject)
    leaf = certificates.chain.read_text().partition("-----END CERTIFICATE-----")
    assert tls.getpeercert(binary_form=True) == ssl.PEM_cert_to_DER_cert("".join(leaf[:2]))


@servers
async def test_login_is_offered_on_submission_only_inside_tls(
    mail_server: real.PostfixPorts, certificates: Certificates
) -> None:
    async with dial(mail_server.submission) as smtp:
        await smtp.ehlo()
        assert not smtp.supports_extension("auth")
        await smtp.starttls(server_hostname=MAIL_HOST, tls_context=certificates.trusting())
        await smtp.ehlo()
        assert set(smtp.esmtp_extensions["auth"].split()) == {"PLAIN", "LOGIN"}


@servers
@pytest.mark.parametrize("service", ["submission", "submissions"])
async def test_the_right_password_is_taken_and_a_wrong_one_refused(
    mail_server: real.PostfixPorts, certificates: Certificates, service: str
) -> None:
    [(user, password)] = USERS.items()
    server = mail_server.submission if service == "submission" else mail_server.submissions
    async with aiosmtplib.SMTP(
        hostname=server.host,
        port=server.port,
        use_tls=service == "submissions",
        start_tls=service == "submission",
        tls_context=certificates.trusting(),
        timeout=5,
    ) as smtp:
        with pytest.raises(aiosmtplib.SMTPAuthenticationError) as refused:
            await smtp.auth_plain(user, "wrong")
        assert refused.value.code == 535
        accepted = await smtp.auth_plain(user, password)
        assert accepted.code == 235


@servers
async def test_mail_is_accepted_for_the_host_itself_and_relayed_for_nobody(mail_server: real.PostfixPorts) -> None:
    async with dial(mail_server.smtp) as smtp:
        await smtp.mail("sender@example.org")
        assert (await smtp.rcpt(f"postmaster@{MAIL_HOST}")).code == 250
        with pytest.raises(aiosmtplib.SMTPRecipientRefused) as refused:
            await smtp.rcpt("somebody@example.net")
        assert refused.value.code == 554
        assert (await smtp.data("Subject: test\r\n\r\ntest\r\n")).code == 250


@servers
async def test_two_mail_servers_run_side_by_side_each_with_its_own_options(
    mail_server: real.PostfixPorts, certificates: Certificates
) -> None:
    with real.postfix(
        hostname="other.example.test",
        cert=certificates.chain,
        key=certificates.key,
        options={"message_size_limit": "1000000", "smtpd_tls_security_level": "none"},
        host="127.0.0.2",
    ) as other:
        for server, size, tls in ((mail_server.smtp, "30000000", True), (other.smtp, "1000000", False)):
            async with dial(server) as smtp:
                await smtp.ehlo()
                assert smtp.esmtp_extensions["size"] == size
                assert smtp.supports_extension("starttls") is tls


@servers
def test_a_mail_server_that_cannot_start_says_why(certificates: Certificates) -> None:
    broken = real.postfix(
        hostname=MAIL_HOST, cert=certificates.chain, key=certificates.key, options={"default_process_limit": "many"}
    )
    with pytest.raises(real.ServerError, match="default_process_limit"), broken:
        pass


def test_a_missing_program_skips_the_test_and_says_what_installs_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CI", raising=False)
    with pytest.raises(pytest.skip.Exception, match=f"no-such-server is not installed: {real.INSTALL}"):
        real.find_program("no-such-server")


def test_a_missing_program_fails_the_test_in_ci(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CI", "true")
    with pytest.raises(pytest.fail.Exception, match=real.INSTALL):
        real.find_program("no-such-server")


@servers
def test_postfix_is_skipped_for_who_is_not_root(certificates: Certificates, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CI", raising=False)
    monkeypatch.setattr("os.geteuid", lambda: 1000)
    server = real.postfix(hostname=MAIL_HOST, cert=certificates.chain, key=certificates.key)
    with pytest.raises(pytest.skip.Exception, match="Postfix starts as root only"), server:
        pass


def test_a_program_is_found_where_it_is_installed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    program = tmp_path / "some-server"
    program.touch(mode=0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert real.find_program("some-server") == str(program)
