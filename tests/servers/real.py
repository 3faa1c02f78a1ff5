"""Real servers on loopback for the tests: NSD, Unbound, rbldnsd, Postfix and Dovecot's login service.

Each function is a context manager: it writes a configuration into a temporary folder of its own, starts the
server as a child process on a free port, waits until it answers, and stops it at the end. No server reads or writes
the configuration that its Debian package installed, and none sends anything beyond loopback.
README.md beside this file says how each one is started and why.
"""

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import textwrap
import time
from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple, NoReturn

import dns.message
import dns.rdatatype
import pytest

INSTALL = "apt-get install unbound nsd rbldnsd postfix dovecot-imapd ldnsutils"
"""The command that installs every program this module starts."""

_START_SECONDS = 15.0
_STOP_SECONDS = 10.0


class ServerError(RuntimeError):
    """A server, or a tool that prepares its data, failed; the message holds what it said."""


class Address(NamedTuple):
    """Where a server listens. Its text is `host:port`, as the setting MAILCHECK_DNS_SERVERS takes it."""

    host: str
    port: int

    def __str__(self) -> str:
        return f"{self.host}:{self.port}"


class PostfixPorts(NamedTuple):
    """The three services of one Postfix: SMTP (RFC 5321), submission and submissions (RFC 6409, RFC 8314)."""

    smtp: Address
    submission: Address
    submissions: Address


class SignedZone(NamedTuple):
    """A zone file signed with its own key, and the DS record that makes a validator trust that key."""

    text: str
    trust_anchor: str


def find_program(name: str) -> str:
    """Return the path of a program; where it is missing skip the test, or fail it where the variable CI is `true`."""
    # Debian's servers are in /usr/sbin, which is not in everybody's PATH.
    path = shutil.which(name, path=os.pathsep.join([os.environ.get("PATH", os.defpath), "/usr/sbin", "/sbin"]))
    if path is None:
        _cannot_start(f"{name} is not installed: {INSTALL}")
    return path


def zone(records: str) -> str:
    """Return a zone file: the records given, after the SOA and NS records that every zone needs."""
    return (
        "$TTL 60\n"
        "@ IN SOA ns hostmaster 1 3600 600 86400 60\n"
        "@ IN NS ns\n"
        "ns IN A 127.0.0.1\n"
        f"{textwrap.dedent(records).strip()}\n"
    )  # fmt: skip


def sign_zone(name: str, text: str, *, expired: bool = False) -> SignedZone:
    """Sign a zone file with a new ECDSA P-256 key (RFC 6605).

    With `expired` the signatures ended in 2020, so that a validator finds the zone bogus (RFC 4035 section 5.3.1).

    Raises ServerError where the zone file has a mistake.
    """
    keygen, signzone = find_program("ldns-keygen"), find_program("ldns-signzone")
    with _folder() as folder:
        key = _run([keygen, "-k", "-a", "ECDSAP256SHA256", "-r", "/dev/urandom", name], folder).strip()
        (folder / "zone").write_text(text)
        dates = ["-i", "20200101000000", "-e", "20200201000000"] if expired else []
        _run([signzone, *dates, "-o", name, "-f", "signed", "zone", key], folder)
        return SignedZone((folder / "signed").read_text(), (folder / f"{key}.ds").read_text().strip())


@contextmanager
def nsd(zones: Mapping[str, str], *, host: str = "127.0.0.1") -> Generator[Address, None, None]:
    """Serve zones with authority; `zones` maps a zone's name to its zone file.

    Raises ServerError where a zone file has a mistake.
    """
    program, checkzone = find_program("nsd"), find_program("nsd-checkzone")
    with _folder() as folder:
        listening = _free_ports(host, 1)[0]
        parts = [
            f"""
            server:
                ip-address: {listening.host}@{listening.port}
                server-count: 1
                username: ""
                zonesdir: "{folder}"
                database: ""
                pidfile: "{folder}/nsd.pid"
                xfrdfile: "{folder}/xfrd.state"
                xfrdir: "{folder}"
                zonelistfile: "{folder}/zone.list"
                rrl-ratelimit: 0
            remote-control:
                control-enable: no
            """
        ]
        for number, (name, text) in enumerate(zones.items()):
            (folder / f"{number}.zone").write_text(text)
            _run([checkzone, name, f"{number}.zone"], folder)
            parts.append(f'zone:\n    name: "{name}"\n    zonefile: "{number}.zone"\n')
        config = _write(folder / "nsd.conf", *parts)
        with _running([program, "-d", "-c", str(config)], folder, lambda: _dns_answers(listening)):
            yield listening


@contextmanager
def unbound(
    *, stubs: Mapping[str, Address], trust_anchors: Sequence[str] = (), host: str = "127.0.0.1"
) -> Generator[Address, None, None]:
    """Resolve and validate names below the zones in `stubs`, each asked at its own server; refuse all other names.

    `trust_anchors` are DS or DNSKEY records; a zone below none of them is insecure (RFC 4035 section 4.3).
    """
    program = find_program("unbound")
    with _folder() as folder:
        listening = _free_ports(host, 1)[0]
        parts = [
            f"""
            server:
                interface: {listening.host}@{listening.port}
                # What leaves from a loopback address cannot leave this machine.
                outgoing-interface: 127.0.0.1
                do-ip6: no
                do-not-query-localhost: no
                access-control: 127.0.0.0/8 allow
                num-threads: 1
                username: ""
                chroot: ""
                directory: "{folder}"
                pidfile: ""
                use-syslog: no
                logfile: ""
                module-config: "validator iterator"
                local-zone: "." refuse
            remote-control:
                control-enable: no
            """
        ]
        anchors = "".join(f'    trust-anchor: "{anchor}"\n' for anchor in trust_anchors)
        # Unless told not to, Unbound answers some names itself: test., invalid., reverse zones of private addresses.
        opened = "".join(f'    local-zone: "{name}" transparent\n' for name in stubs)
        parts.append(f"server:\n{anchors}{opened}")
        parts += [
            f'stub-zone:\n    name: "{name}"\n    stub-addr: {server.host}@{server.port}\n'
            for name, server in stubs.items()
        ]
        config = _write(folder / "unbound.conf", *parts)
        with _running([program, "-d", "-p", "-c", str(config)], folder, lambda: _dns_answers(listening)):
            yield listening


@contextmanager
def rbldnsd(
    *, ip4sets: Mapping[str, str] | None = None, dnsets: Mapping[str, str] | None = None, host: str = "127.0.0.1"
) -> Generator[Address, None, None]:
    """Serve blocklists: lists of IPv4 addresses in `ip4sets`, of domains in `dnsets`, zone name to data file.

    The first line of a data file, `:127.0.0.2:text`, is the answer of the entries below it. Speaks UDP only.
    """
    program = find_program("rbldnsd")
    with _folder() as folder:
        listening = _free_ports(host, 1)[0]
        lists: list[str] = []
        for kind, sets in (("ip4set", ip4sets or {}), ("dnset", dnsets or {})):
            for name, text in sets.items():
                file = f"{len(lists)}.{kind}"
                # rbldnsd refuses a zone without NS and SOA; it takes both from lines of the data file itself.
                head = f"$SOA 60 ns.{name} hostmaster.{name} 1 600 300 86400 60\n$NS 60 ns.{name}\n"
                (folder / file).write_text(head + textwrap.dedent(text).strip() + "\n")
                lists.append(f"{name}:{kind}:{file}")
        command = [program, "-n", "-b", f"{listening.host}/{listening.port}", "-w", str(folder), *lists]
        with _running(command, folder, lambda: _dns_answers(listening)):
            yield listening


@contextmanager
def dovecot_auth(users: Mapping[str, str], *, mechanisms: str = "plain login") -> Generator[Path, None, None]:
    """Run Dovecot's login service alone, for `postfix(sasl=...)`; `users` maps a login name to its password.

    Yields the path of its socket. Offers PLAIN (RFC 4616) and LOGIN unless told otherwise, and refuses a wrong password
    without a delay.
    """
    program = find_program("dovecot")
    _need_root("Dovecot")
    with _folder() as folder:
        if not _run([program, "--version"], folder).startswith("2.3."):
            _cannot_start("the configuration in tests/servers/real.py is written for Dovecot 2.3 (Debian 12)")
        (folder / "users").write_text("".join(f"{name}:{{PLAIN}}{password}\n" for name, password in users.items()))
        login = folder / "login"
        config = _write(
            folder / "dovecot.conf",
            f"""
            protocols =
            base_dir = {folder}/run
            state_dir = {folder}/state
            log_path = /dev/stderr
            ssl = no
            auth_mechanisms = {mechanisms}
            auth_failure_delay = 0
            passdb {{
              driver = passwd-file
              args = username_format=%u {folder}/users
            }}
            userdb {{
              driver = static
              args = uid=nobody gid=nogroup home=/nonexistent
            }}
            service auth {{
              unix_listener {login} {{
                mode = 0666
              }}
            }}
            # Without this socket nobody counts the failures that make the next answer to the same address slower.
            service anvil {{
              unix_listener anvil-auth-penalty {{
                mode = 0
              }}
            }}
            """,
        )
        with _running([program, "-F", "-c", str(config)], folder, lambda: _dovecot_answers(login)):
            yield login


@contextmanager
def postfix(
    *,
    hostname: str,
    cert: Path,
    key: Path,
    sasl: Path | None = None,
    options: Mapping[str, str] | None = None,
    host: str = "127.0.0.1",
) -> Generator[PostfixPorts, None, None]:
    """Run a Postfix of its own: SMTP with STARTTLS offered, submission with TLS required, submissions inside TLS.

    `cert` holds the chain, `key` its private key, both PEM. AUTH is offered on the two submission services where
    `sasl` names the socket of `dovecot_auth`. `options` are lines of main.cf, and win over the ones here.
    No client is trusted for its address, so this is no open relay unless `options` say so; mail is accepted for
    `hostname` and discarded, and nothing is delivered anywhere.

    Raises ServerError where an option makes Postfix refuse to start.
    """
    program, postconf, postmap = (find_program(name) for name in ("postfix", "postconf", "postmap"))
    _need_root("Postfix")
    with _folder() as folder:
        ports = PostfixPorts(*_free_ports(host, 3))
        config, queue, data = folder / "config", folder / "queue", folder / "data"
        for each in (config, queue, data):
            each.mkdir()
        shutil.chown(data, "postfix")
        settings = {
            "compatibility_level": "3.6",
            "queue_directory": str(queue),
            "data_directory": str(data),
            # Without a log file of its own Postfix writes to syslog, which a container does not have.
            "maillog_file": str(folder / "log"),
            "maillog_file_prefixes": str(folder),
            "myhostname": hostname,
            "mydestination": hostname,
            "mynetworks": "",
            # Where to listen stands in master.cf; here Postfix takes only what an interface is configured with.
            "inet_interfaces": "127.0.0.1",
            "inet_protocols": "ipv4",
            "alias_maps": "",
            "alias_database": "",
            "local_recipient_maps": "",
            "local_transport": "discard:",
            "default_transport": "discard:",
            "relay_transport": "discard:",
            "biff": "no",
            # No question about the client goes to the machine's own resolver.
            "smtpd_peername_lookup": "no",
            "smtp_dns_support_level": "disabled",
            # A refusal is not held back, and clients on loopback are not counted.
            "smtpd_error_sleep_time": "0",
            "smtpd_client_connection_count_limit": "0",
            "smtpd_relay_restrictions": "permit_mynetworks, permit_sasl_authenticated, reject_unauth_destination",
            "smtpd_tls_security_level": "may",
            "smtpd_tls_cert_file": str(cert),
            "smtpd_tls_key_file": str(key),
            "smtpd_tls_auth_only": "yes",
            "smtpd_sasl_type": "dovecot",
            "smtpd_sasl_path": str(sasl or "nowhere"),
            **(options or {}),
        }
        _write(config / "main.cf", "".join(f"{name} = {value}\n" for name, value in settings.items()))
        auth = f"-o smtpd_sasl_auth_enable={'yes' if sasl else 'no'}"
        services = f"""
            {ports.smtp} inet n - n - - smtpd
            {ports.submission} inet n - n - - smtpd -o smtpd_tls_security_level=encrypt {auth}
            {ports.submissions} inet n - n - - smtpd -o smtpd_tls_wrappermode=yes {auth}
            pickup unix n - n 60 1 pickup
            cleanup unix n - n - 0 cleanup
            qmgr unix n - n 300 1 qmgr
            tlsmgr unix - - n 1000? 1 tlsmgr
            rewrite unix - - n - - trivial-rewrite
            bounce unix - - n - 0 bounce
            defer unix - - n - 0 bounce
            trace unix - - n - 0 bounce
            verify unix - - n - 1 verify
            proxymap unix - - n - - proxymap
            error unix - - n - - error
            retry unix - - n - - error
            discard unix - - n - - discard
            anvil unix - - n - 1 anvil
            postlog unix-dgram n - n - 1 postlogd
            """
        _write(config / "master.cf", services)
        # Postfix waits two seconds before it reads a file that was written this moment.
        for file in config.iterdir():
            os.utime(file, (0, 0))
        # What is wrong in main.cf `postfix` says to a terminal only; postmap, which reads the same file, says it here.
        _run([postmap, "-c", str(config), "-q", "any key", "static:any value"], folder)
        # Creates the folders of the queue; `postfix start` does the same before it runs master in the background.
        _run([program, "-c", str(config), "check"], folder)
        daemons = _run([postconf, "-c", str(config), "-h", "daemon_directory"], folder).strip()
        with _running([f"{daemons}/master", "-c", str(config), "-s"], folder, lambda: _smtp_answers(ports.smtp)):
            yield ports


def _need_root(server: str) -> None:
    if os.geteuid() != 0:
        _cannot_start(f"{server} starts as root only, to change to its own users")


def _cannot_start(reason: str) -> NoReturn:
    if os.environ.get("CI") == "true":
        pytest.fail(reason)
    pytest.skip(reason)


@contextmanager
def _folder() -> Generator[Path, None, None]:
    """Make a temporary folder that the servers' own users may enter; its short path leaves room for socket names."""
    with tempfile.TemporaryDirectory(prefix="mailcheck-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        yield folder


def _write(path: Path, *parts: str) -> Path:
    path.write_text("".join(textwrap.dedent(part) for part in parts))
    return path


def _free_ports(host: str, count: int) -> list[Address]:
    """Return ports that are free for TCP and UDP alike; all are held until the last is found, so none comes twice."""
    found: list[Address] = []
    with contextlib.ExitStack() as held:
        while len(found) < count:
            tcp = held.enter_context(socket.socket(socket.AF_INET, socket.SOCK_STREAM))
            udp = held.enter_context(socket.socket(socket.AF_INET, socket.SOCK_DGRAM))
            tcp.bind((host, 0))
            port: int = tcp.getsockname()[1]
            try:
                udp.bind((host, port))
            except OSError:
                continue
            found.append(Address(host, port))
    return found


def _run(command: Sequence[str], folder: Path) -> str:
    done = subprocess.run(  # noqa: S603 - the programs are found by find_program, the arguments are the tests' own
        command, cwd=folder, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False, timeout=30
    )
    if done.returncode != 0:
        raise ServerError(f"{' '.join(command)} failed ({done.returncode}):\n{done.stdout}{done.stderr}")
    return done.stdout


@contextmanager
def _running(command: Sequence[str], folder: Path, ask: Callable[[], None]) -> Generator[None, None, None]:
    """Run a server until the block ends. `ask` returns once it answers, and raises OSError while it does not."""
    log = folder / "log"
    with log.open("ab") as output:
        process = subprocess.Popen(  # noqa: S603 - the programs are found by find_program, the arguments are the tests' own
            command,
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        _wait_until_it_answers(process, ask, log)
        yield
    finally:
        process.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(_STOP_SECONDS)
        # Whatever is left of its process group would write into the folder that is removed next.
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def _wait_until_it_answers(process: subprocess.Popen[bytes], ask: Callable[[], None], log: Path) -> None:
    deadline = time.monotonic() + _START_SECONDS
    while True:
        try:
            ask()
        except OSError as error:
            # The pause before the next try ends at once where the server ends.
            with contextlib.suppress(subprocess.TimeoutExpired):
                code = process.wait(0.02)
                raise ServerError(f"the server ended ({code}):\n{log.read_text()}") from error
            if time.monotonic() > deadline:
                said = log.read_text()
                raise ServerError(f"no answer within {_START_SECONDS} s ({error}):\n{said}") from error
        else:
            return


def _dns_answers(server: Address) -> None:
    """Ask one question over UDP; any reply will do. A connected socket reports a closed port at once."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp:
        udp.settimeout(0.5)
        udp.connect(server)
        udp.send(dns.message.make_query("ready.invalid.", dns.rdatatype.A).to_wire())
        udp.recv(512)


def _smtp_answers(server: Address) -> None:
    """Wait for the greeting: master accepts connections before smtpd is there to answer them."""
    with socket.create_connection(server, timeout=5) as tcp:
        if not tcp.recv(512):
            raise ConnectionResetError("closed without a greeting")
        tcp.sendall(b"QUIT\r\n")
        tcp.recv(512)


def _dovecot_answers(login: Path) -> None:
    """Wait for the first line of the login service's protocol, which comes once its users are read."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as unix:
        unix.settimeout(5)
        unix.connect(str(login))
        if not unix.recv(512):
            raise ConnectionResetError("closed without a greeting")
