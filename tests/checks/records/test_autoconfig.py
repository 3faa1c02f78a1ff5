"""Autoconfig documents: the outgoing servers are read, and a web site that answers every path is none."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.records import autoconfig
from checks.records.autoconfig import MAX_TEXT, Outgoing, SocketType, Username


def server(host: str = "smtp.example.com", port: str = "465", socket: str = "SSL", user: str = "%EMAILADDRESS%") -> str:
    return (
        f'<outgoingServer type="smtp"><hostname>{host}</hostname><port>{port}</port><socketType>{socket}</socketType>'
        f"<username>{user}</username><authentication>password-cleartext</authentication></outgoingServer>"
    )


def document(*servers: str) -> bytes:
    inner = "".join(servers)
    return (
        '<?xml version="1.0" encoding="UTF-8"?><clientConfig version="1.1"><emailProvider id="example.com">'
        '<domain>example.com</domain><incomingServer type="imap"><hostname>imap.example.com</hostname></incomingServer>'
        f"{inner}</emailProvider></clientConfig>"
    ).encode()


def read(*servers: str) -> tuple[Outgoing, ...]:
    found = autoconfig.parse(document(*servers), "example.com")
    assert found is not None
    return found.outgoing


def test_the_outgoing_servers_are_read_in_their_order() -> None:
    first, second = read(server(), server(port="587", socket="STARTTLS"))
    assert first == Outgoing(
        host="smtp.example.com",
        port=465,
        socket_type=SocketType.SSL,
        username=Username.ADDRESS,
        authentication=("password-cleartext",),
    )
    assert (second.port, second.socket_type) == (587, SocketType.STARTTLS)


def test_placeholders_are_filled_where_they_can_be() -> None:
    assert read(server("Mail.%EMAILDOMAIN%."))[0].host == "mail.example.com"
    assert read(server("%EMAILLOCALPART%.example.com")) == ()


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("%EMAILADDRESS%", Username.ADDRESS),
        ("%EMAILLOCALPART%@%EMAILDOMAIN%", Username.ADDRESS),
        ("%EMAILLOCALPART%", Username.LOCAL_PART),
        ("office", Username.OTHER),
    ],
)
def test_the_user_name_is_told(text: str, meant: Username) -> None:
    assert read(server(user=text))[0].username is meant


@pytest.mark.parametrize(
    "text",
    [
        server(host="localhost"),
        server(host="192.0.2.1"),
        server(host="smtp.example.com/x"),
        server(port="0"),
        server(port="65536"),
        server(port="²"),
        server(socket="TLS 3"),
        '<outgoingServer type="smtp"></outgoingServer>',
        server().replace('"smtp"', '"exchange"'),
    ],
)
def test_a_server_that_no_program_could_use_is_left_out(text: str) -> None:
    found = autoconfig.parse(document(text), "example.com")
    assert found is not None
    assert not found.usable


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html><body>Welcome</body></html>",
        b"<!DOCTYPE html><html></html>",
        b"\xff\xfe<clientConfig/>",
        document(server()) + b"<",
        document(server()).decode().encode("utf-16"),
        b" " * MAX_TEXT + document(server()),
    ],
)
def test_something_else_is_no_document(body: bytes) -> None:
    assert autoconfig.parse(body, "example.com") is None


def test_a_document_with_entities_is_not_read() -> None:
    bomb = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]>'
    assert autoconfig.parse(bomb + document(server("&b;.example.com"))[38:], "example.com") is None


@pytest.mark.parametrize("body", [b"<a>" * (MAX_TEXT // 3), document(server() * 250), b"<" * MAX_TEXT])
def test_the_worst_document_is_read_in_no_time(body: bytes) -> None:
    started = time.process_time()
    autoconfig.parse(body, "example.com")
    assert time.process_time() - started < 0.5


def test_of_very_many_servers_the_first_are_read() -> None:
    assert len(read(server() * 100)) == 8


@given(st.binary(max_size=300))
def test_any_bytes_have_an_answer(body: bytes) -> None:
    autoconfig.parse(body, "example.com")
    autoconfig.parse(document(body.decode("latin-1")), "example.com")
