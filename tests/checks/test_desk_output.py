"""What the commands at the user's desk print, and what is made of it."""

from __future__ import annotations

import shutil
import socket
import subprocess

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.desk_output import Seen, read

OUTPUTS = {
    # Test-NetConnection (Windows PowerShell, module NetTCPIP)
    "tnc open": (
        """
ComputerName     : smtp.example.com
RemoteAddress    : 192.0.2.27
RemotePort       : 587
InterfaceAlias   : Ethernet
SourceAddress    : 192.0.2.200
TcpTestSucceeded : True
""",
        [(Seen.OPEN, "smtp.example.com", 587)],
    ),
    "tnc blocked": (
        """
PS C:\\> Test-NetConnection smtp.example.com -Port 587
WARNING: TCP connect to (192.0.2.27 : 587) failed

ComputerName           : smtp.example.com
RemoteAddress          : 192.0.2.27
RemotePort             : 587
PingSucceeded          : True
TcpTestSucceeded       : False
""",
        [(Seen.BLOCKED, "smtp.example.com", 587)],
    ),
    "tnc without a name": (
        """
ComputerName   : smtp.example.com
RemoteAddress  :
TcpTestSucceeded : False
""",
        [(Seen.NO_SUCH_NAME, "smtp.example.com", None)],
    ),
    # nc of OpenBSD
    "nc macos open": (
        "Connection to smtp.example.com port 587 [tcp/submission] succeeded!",
        [(Seen.OPEN, "smtp.example.com", 587)],
    ),
    "nc linux open": (
        "Connection to smtp.example.com (192.0.2.27) 587 port [tcp/submission] succeeded!",
        [(Seen.OPEN, "smtp.example.com", 587)],
    ),
    "nc refused": (
        "nc: connect to smtp.example.com (192.0.2.27) port 465 (tcp) failed: Connection refused",
        [(Seen.REFUSED, "smtp.example.com", 465)],
    ),
    "nc macos timeout": (
        "nc: connectx to smtp.example.com port 587 (tcp) failed: Operation timed out",
        [(Seen.TIMED_OUT, "smtp.example.com", 587)],
    ),
    "nc linux timeout": (
        "nc: connect to smtp.example.com (192.0.2.27) port 587 (tcp) timed out: Operation now in progress",
        [(Seen.TIMED_OUT, "smtp.example.com", 587)],
    ),
    "nc no route": (
        "nc: connect to smtp.example.com (2001:db8::27) port 587 (tcp) failed: Network is unreachable",
        [(Seen.NO_ROUTE, "smtp.example.com", 587)],
    ),
    "nc no name": (
        'nc: getaddrinfo for host "smtp.example.com" port 587: Name or service not known',
        [(Seen.NO_SUCH_NAME, "smtp.example.com", 587)],
    ),
    # nc of Nmap
    "ncat open": ("Ncat: Connected to 192.0.2.27:587.", [(Seen.OPEN, "192.0.2.27", 587)]),
    "ncat refused": ("Ncat: Connection refused.", [(Seen.REFUSED, None, None)]),
    "ncat timeout": ("Ncat: TIMEOUT.", [(Seen.TIMED_OUT, None, None)]),
    # nslookup of Windows, in English and Japanese
    "nslookup windows": (
        """
Server:  resolver.example.net
Address:  192.0.2.53

Non-authoritative answer:
Name:    smtp.example.com
Address:  192.0.2.27
""",
        [(Seen.RESOLVED, "smtp.example.com", None)],
    ),
    "nslookup windows ja": (
        """
サーバー:  resolver.example.net
Address:  192.0.2.53

権限のない回答:
名前:    smtp.example.com
Addresses:  2001:db8::27
          192.0.2.27
""",
        [(Seen.RESOLVED, "smtp.example.com", None)],
    ),
    "nslookup windows missing": (
        "*** resolver.example.net can't find smtp.example.com: Non-existent domain",
        [(Seen.NO_SUCH_NAME, "smtp.example.com", None)],
    ),
    "nslookup windows failed": (
        "*** UnKnown can't find smtp.example.com: Server failed",
        [(Seen.NAME_SERVER_FAILED, "smtp.example.com", None)],
    ),
    # nslookup of BIND
    "nslookup bind": (
        """
Server:\t\t192.0.2.53
Address:\t192.0.2.53#53

Non-authoritative answer:
Name:\tsmtp.example.com
Address: 192.0.2.27
""",
        [(Seen.RESOLVED, "smtp.example.com", None)],
    ),
    "nslookup bind missing": (
        "** server can't find smtp.example.com: NXDOMAIN",
        [(Seen.NO_SUCH_NAME, "smtp.example.com", None)],
    ),
    "nslookup bind silent": (
        ";; connection timed out; no servers could be reached",
        [(Seen.NAME_SERVER_FAILED, None, None)],
    ),
    # openssl s_client
    "openssl fine": ("    Verify return code: 0 (ok)", [(Seen.TLS_VALID, None, None)]),
    "openssl expired": ("Verify return code: 10 (certificate has expired)", [(Seen.TLS_EXPIRED, None, None)]),
    "openssl name": ("Verify return code: 62 (hostname mismatch)", [(Seen.TLS_WRONG_NAME, None, None)]),
    "openssl self-signed": (
        "Verify return code: 18 (self-signed certificate)",
        [(Seen.TLS_UNTRUSTED, None, None)],
    ),
    "openssl intercepted": (
        """
issuer=O = Avast, CN = Avast Web/Mail Shield Root
    Verify return code: 19 (self-signed certificate in certificate chain)
""",
        [(Seen.TLS_INTERCEPTED, None, None)],
    ),
    "openssl no tls": (
        """
no peer certificate available
Verify return code: 0 (ok)
""",
        [(Seen.TLS_NONE, None, None)],
    ),
    "openssl refused": ("connect:errno=111", [(Seen.REFUSED, None, None)]),
    "telnet": ("Connected to smtp.example.com.", [(Seen.OPEN, "smtp.example.com", None)]),
}


@pytest.mark.parametrize("name", OUTPUTS)
def test_reads_what_a_command_prints(name: str) -> None:
    text, expected = OUTPUTS[name]
    assert [(each.seen, each.host, each.port) for each in read(text)] == expected


def test_several_outputs_in_one_paste_are_all_read() -> None:
    text = "\n".join(OUTPUTS[name][0] for name in ("nslookup bind", "nc refused", "openssl expired"))
    assert {each.seen for each in read(text)} == {Seen.RESOLVED, Seen.REFUSED, Seen.TLS_EXPIRED}


@pytest.mark.parametrize(
    "text",
    ["", "550 5.7.1 relaying denied", "Name: Desk 4", "The connection was refused by my colleague", "$ nc -vz x 587"],
)
def test_finds_nothing_in_other_texts(text: str) -> None:
    assert read(text) == ()


@given(st.text(max_size=3000))
def test_any_text_has_an_answer(text: str) -> None:
    assert all(each.words for each in read(text))


def test_a_long_paste_takes_no_time() -> None:
    assert read("issuer=" + "a" * 200_000 + "\n*** " * 50_000) == ()


def test_the_command_of_this_system_prints_what_is_read_here() -> None:
    """Hold the format to the real program, where it is there, on an open and on a closed port."""
    if shutil.which("openssl") is None:
        pytest.skip("openssl is not installed: apt-get install openssl")
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        port = closed.getsockname()[1]
        run = subprocess.run(  # noqa: S603 - a fixed command
            ["openssl", "s_client", "-connect", f"127.0.0.1:{port}"],  # noqa: S607 - found on the path on purpose
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
            timeout=20,
        )
    assert Seen.REFUSED in {each.seen for each in read(run.stdout + run.stderr)}
