"""Fixtures for tests against real servers, each started once per test session; README.md describes them."""

import ssl
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
import trustme

from tests.servers import real

MAIL_HOST = "mail.example.test"
"""The name that the fixture `mail_server` greets with and that its certificate is for."""

USERS = {"user@example.test": "correct horse"}
"""Who may log in to the fixture `mail_server`."""

_LARGE_TEXT = " ".join(f'"{number:02}{"x" * 248}"' for number in range(12))
_RECORDS = f"""
    @ IN MX 10 mail.example.test.
    @ IN TXT "v=spf1 mx -all"
    _dmarc IN TXT "v=DMARC1; p=reject"
    large IN TXT {_LARGE_TEXT}
    """


class Certificates(NamedTuple):
    """A certificate for MAIL_HOST and 127.0.0.1 with its key, and the authority that issued it; PEM files."""

    authority: Path
    chain: Path
    key: Path

    def trusting(self) -> ssl.SSLContext:
        """Return a client's TLS context that trusts this authority and no other."""
        return ssl.create_default_context(cafile=str(self.authority))


class Zones(NamedTuple):
    """The same mail records three times: signed, signed with signatures that have expired, and unsigned."""

    signed: real.SignedZone
    bogus: real.SignedZone
    plain: str


@pytest.fixture(scope="session")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    authority = trustme.CA()
    issued = authority.issue_cert(MAIL_HOST, "127.0.0.1")
    folder = tmp_path_factory.mktemp("certificates")
    files = Certificates(folder / "authority.pem", folder / "chain.pem", folder / "key.pem")
    authority.cert_pem.write_to_path(str(files.authority))
    files.chain.write_bytes(b"".join(blob.bytes() for blob in issued.cert_chain_pems))
    issued.private_key_pem.write_to_path(str(files.key))
    return files


@pytest.fixture(scope="session")
def zones() -> Zones:
    text = real.zone(_RECORDS)
    return Zones(
        signed=real.sign_zone("signed.test", text),
        bogus=real.sign_zone("bogus.test", text, expired=True),
        plain=text,
    )


@pytest.fixture(scope="session")
def name_server(zones: Zones) -> Iterator[real.Address]:
    """NSD with signed.test, bogus.test and plain.test."""
    with real.nsd(
        {"signed.test": zones.signed.text, "bogus.test": zones.bogus.text, "plain.test": zones.plain}
    ) as address:
        yield address


@pytest.fixture(scope="session")
def blocklist() -> Iterator[real.Address]:
    """The blocklists addresses.blocklist.test (192.0.2.0/24) and domains.blocklist.test (listed.example and below)."""
    with real.rbldnsd(
        ip4sets={"addresses.blocklist.test": ":127.0.0.2:Listed, see https://example.org/?$\n127.0.0.2\n192.0.2.0/24"},
        dnsets={"domains.blocklist.test": ":127.0.0.2:Listed\ntest\n.listed.example"},
    ) as address:
        yield address


@pytest.fixture(scope="session")
def resolver(zones: Zones, name_server: real.Address, blocklist: real.Address) -> Iterator[real.Address]:
    """Unbound in front of `name_server` and `blocklist`, with the trust anchors of signed.test and bogus.test."""
    stubs = {
        "signed.test": name_server,
        "bogus.test": name_server,
        "plain.test": name_server,
        "blocklist.test": blocklist,
    }
    with real.unbound(stubs=stubs, trust_anchors=(zones.signed.trust_anchor, zones.bogus.trust_anchor)) as address:
        yield address


@pytest.fixture(scope="session")
def mail_server(certificates: Certificates) -> Iterator[real.PostfixPorts]:
    """Postfix with TLS, a limit of 30 MB a message, and AUTH for USERS through Dovecot."""
    with (
        real.dovecot_auth(USERS) as sasl,
        real.postfix(
            hostname=MAIL_HOST,
            cert=certificates.chain,
            key=certificates.key,
            sasl=sasl,
            options={"message_size_limit": "30000000"},
        ) as ports,
    ):
        yield ports
