"""``mailcheck login`` at the terminal: how the password comes in, and that it comes out nowhere."""

from __future__ import annotations

import asyncio
import base64
import errno
import io
import os
import pty
import sys
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from rich.console import Console

from bot import login as terminal_login
from bot.render import text
from bot.run import Language
from bot.sandbox.internet import Internet, World
from bot.sandbox.smtp import MailHost
from bot.wording import Wording
from checks.check import Severity
from checks.network import Guard, Network
from checks.network.login import Secret
from checks.provider_data import Providers
from tests.checks.scenario import NETWORKS, authority

HOST = "smtp.example.com"
USER = "user@example.com"
PASSWORD = "canary-51c9 correct horse"
FORMS = (
    PASSWORD,
    base64.b64encode(PASSWORD.encode()).decode(),
    base64.b64encode(f"\0{USER}\0{PASSWORD}".encode()).decode(),
)
REPOSITORY = Path(__file__).parents[2]


def on(port: int) -> MailHost:
    return MailHost(
        name=HOST,
        address="192.0.2.27",
        port=port,
        implicit_tls=port == 465,
        auth=("PLAIN",),
        users={USER: PASSWORD},
    )


@asynccontextmanager
async def online(*ports: int) -> AsyncGenerator[tuple[Internet, Network]]:
    world = World(records=f"{HOST} A 192.0.2.27", mail=tuple(map(on, ports)))
    async with Internet(world, authority=authority()) as internet:
        guard = Guard.of(NETWORKS, dial=internet.dial_map)
        async with Network(servers=internet.dns_servers, guard=guard, trust=[internet.ca_file]) as network:
            yield internet, network


async def said(network: Network, password: str, language: Language, ports: tuple[int, ...]) -> tuple[Severity, str]:
    finding = await terminal_login.attempt(
        network, HOST, ports, user=USER, password=Secret(password), providers=Providers(())
    )
    shown = io.StringIO()
    text.show(terminal_login.told(finding, Wording(language, strict=True)), Console(width=100, file=shown))
    return finding.severity, shown.getvalue()


@pytest.mark.parametrize("language", Language)
async def test_the_answer_is_explained_in_the_language_asked_for(language: Language) -> None:
    async with online(465) as (_, network):
        severity, fine = await said(network, PASSWORD, language, (465,))
        assert severity is Severity.OK
        severity, wrong = await said(network, "wrong", language, (465,))
        assert severity is Severity.PROBLEM
    assert HOST in fine
    assert "535 5.7.8 Bad credentials" in wrong
    label = {Language.EN: "What to do:", Language.JA: "対処："}[language]
    assert label in wrong
    assert label not in fine


async def test_port_587_is_tried_where_465_is_closed_and_the_password_goes_out_once() -> None:
    async with online(587) as (internet, network):
        severity, _ = await said(network, "wrong", Language.EN, terminal_login.PORTS[:2])
        assert severity is Severity.PROBLEM
        assert [each.logins for each in internet.smtp_log.conversations] == [[USER]]


async def test_port_587_is_not_tried_after_465_has_answered() -> None:
    async with online(465, 587) as (internet, network):
        await said(network, "wrong", Language.EN, terminal_login.PORTS[:2])
        assert [each.host.port for each in internet.smtp_log.conversations] == [465]


# --- the command ------------------------------------------------------------------------------------------------------


def environment(home: Path, **settings: str) -> dict[str, str]:
    base = {name: os.environ[name] for name in ("PATH", "LANG", "COVERAGE_PROCESS_START") if name in os.environ}
    database = str(home / "history.sqlite")
    return base | {"HOME": str(home), "PYTHONPATH": str(REPOSITORY), "MAILCHECK_DB": database, **settings}


async def run(home: Path, *words: str, stdin: bytes | None = None, **settings: str) -> tuple[int | None, str, str]:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", "login", *words),
        env=environment(home, **settings),
        cwd=home,
        stdin=asyncio.subprocess.DEVNULL if stdin is None else asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    async with asyncio.timeout(45):
        out, err = await process.communicate(stdin)
    return process.returncode, out.decode(), err.decode()


@pytest.mark.parametrize(
    ("words", "stdin", "complaint"),
    [
        ((HOST, "--user", USER), None, "no terminal"),
        ((HOST, "--password-stdin"), b"x\n", "--user"),
        ((HOST, "--password-stdin", "--user", USER), b"", "needed"),
        ((HOST, "--password-stdin", "--user", USER), b"canary\xff\n", "needed"),
        ((HOST, "--password-stdin", "--user", USER, "--port", "2525"), b"x\n", "port 2525"),
        (("no host", "--password-stdin", "--user", USER), b"x\n", "host name"),
        ((HOST, USER, "canary"), b"x\n", "canary"),
    ],
)
async def test_a_mistake_is_one_line_and_exit_code_2(
    words: tuple[str, ...], stdin: bytes | None, complaint: str, tmp_path: Path
) -> None:
    code, out, err = await run(tmp_path, *words, stdin=stdin)
    assert (code, out) == (2, "")
    assert len(err.splitlines()) == 1
    assert complaint in err


async def test_a_name_that_leads_nowhere_is_could_not_tell_and_exit_code_3(tmp_path: Path) -> None:
    async with Internet(World(records="example.com A 192.0.2.1")) as internet:
        servers = ",".join(f"{host}:{port}" for host, port in internet.dns_servers)
        code, out, err = await run(
            tmp_path,
            *(HOST, "--user", USER, "--password-stdin"),
            stdin=PASSWORD.encode() + b"\n",
            MAILCHECK_DNS_SERVERS=servers,
        )
    assert (code, err) == (3, "")
    assert "not sent" in out


@pytest.mark.parametrize("settings", [{}, {"MAILCHECK_LANG": "ja"}])
async def test_a_password_typed_at_a_terminal_is_shown_kept_and_logged_nowhere(
    settings: dict[str, str], tmp_path: Path
) -> None:
    async with Internet(World(records="example.com A 192.0.2.1")) as internet:
        servers = ",".join(f"{host}:{port}" for host, port in internet.dns_servers)
        ours, theirs = pty.openpty()
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "bot", "login", HOST),
            env=environment(tmp_path, MAILCHECK_DNS_SERVERS=servers, **settings),
            cwd=tmp_path,
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            start_new_session=True,
        )
        os.close(theirs)
        shown = await asyncio.to_thread(type_in, ours)
        assert await process.wait() == 3
    os.close(ours)
    assert USER in shown, "a user name is typed for everybody to see"
    assert HOST in shown
    assert not any(form in shown for form in FORMS)
    assert not left_behind(tmp_path)


def left_behind(folder: Path) -> list[Path]:
    """The files that hold the password in any form."""
    files = [path for path in folder.rglob("*") if path.is_file()]
    return [path for path in files if any(form.encode() in path.read_bytes() for form in FORMS)]


def type_in(terminal: int) -> str:
    """Type the user name and the password as they are asked for; everything the terminal showed."""
    shown = ""
    for prompt, answer in (("User name: ", USER), ("Password: ", PASSWORD), ("", "")):
        while prompt not in shown or not prompt:
            try:
                piece = os.read(terminal, 4096)
            except OSError as error:
                if error.errno != errno.EIO:  # Linux says so once the other side is closed
                    raise
                piece = b""
            if not piece:
                return shown
            shown += piece.decode()
        os.write(terminal, answer.encode() + b"\n")
    return shown
