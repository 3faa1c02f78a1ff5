"""The command line as people and scripts use it: what it prints, how it ends, and what a mistake costs."""

from __future__ import annotations

import asyncio
import json
import logging
import os
import pty
import signal
import sqlite3
from collections.abc import AsyncGenerator, Iterator
from contextlib import asynccontextmanager, closing
from pathlib import Path

import pytest
import structlog

from bot.__main__ import main
from bot.sandbox.dns import Fault
from bot.sandbox.internet import Internet, World
from bot.sandbox.worlds import BLOCKLISTS
from bot.sandbox.zones import address_blocklist, listing
from checks import ALL, login
from checks.case import Case, Target
from checks.check import COMMON_FINDINGS
from tests.journeys.terminal import Asked, Terminal

RECORDS = (
    """
    example.com        MX   10 mx.example.com
    example.com        TXT  v=spf1 mx -all
    _dmarc.example.com TXT  v=DMARC1; p=reject; rua=mailto:dmarc@example.com
    mx.example.com     A    127.0.0.1
    example.org        TXT  v=spf1 -all
    example.org        TXT  v=spf1 mx ~all
"""
    + BLOCKLISTS
)
WORLD = World(records=RECORDS, faults={".example.net": Fault.SERVFAIL})
CANARY = "Tr0ub4dor-canary"


@asynccontextmanager
async def online(folder: Path, world: World = WORLD) -> AsyncGenerator[Terminal]:
    """A terminal with a small internet."""
    async with Internet(world) as internet:
        terminal = Terminal(folder)
        terminal.connect(internet)
        yield terminal


@pytest.fixture
def offline(tmp_path: Path) -> Terminal:
    return Terminal(tmp_path)


@pytest.fixture
def kept_logging() -> Iterator[None]:
    """What ``main`` sets up in this process is put back."""
    root = logging.getLogger()
    handlers, level = root.handlers, root.level
    yield
    root.handlers = handlers
    root.setLevel(level)
    structlog.reset_defaults()


# --- What scripts rely on --------------------------------------------------------------------------------------------


async def test_check_prints_one_json_object_with_the_keys_of_the_contract(tmp_path: Path) -> None:
    async with online(tmp_path) as terminal:
        ended = await terminal.run("check", "example.com", "ticket:INC-42", "--json")
    assert ended.err == ""
    run = ended.json
    assert set(run) == {"schema", "run", "case", "verdict", "elapsed_ms", "queries", "causes", "steps", "evidence"}
    case = Case(target=Target(domain="example.com"), reference="INC-42")
    assert [step["check"] for step in run["steps"]] == [check.name for check in ALL if check.applies(case)]
    numbers = {evidence["number"] for evidence in run["evidence"]}
    for step in run["steps"]:
        assert step["findings"], step["check"]
        for finding in step["findings"]:
            assert set(finding["evidence"]) <= numbers
            assert finding["title"]
    facts = {step["check"]: step["facts"] for step in run["steps"]}
    assert facts["domain"]["exists"] is True
    assert [host["name"] for host in facts["mx"]["hosts"]] == ["mx.example.com"]


@pytest.mark.parametrize(
    ("words", "code", "verdict"),
    [
        (("example.com", "only:dmarc"), 0, "ok"),
        (("example.org", "only:spf"), 1, "problem"),
        (("example.net", "only:dmarc"), 3, "unknown"),
    ],
)
async def test_the_exit_code_tells_the_verdict(tmp_path: Path, words: tuple[str, ...], code: int, verdict: str) -> None:
    async with online(tmp_path) as terminal:
        ended = await terminal.run("check", *words, "--json")
        assert (ended.json["verdict"], ended.code) == (verdict, code)
        shown = await terminal.run("check", *words)
        assert (shown.code, shown.err) == (code, "")


async def test_history_last_diff_and_export_know_what_check_found(tmp_path: Path) -> None:
    async with online(tmp_path) as terminal:
        run = (await terminal.run("check", "example.com", "ticket:INC-42", "only:dmarc", "--json")).json
        [row] = (await terminal.run("history", "ticket:inc-42", "--json")).json
        assert (row["id"], row["target"], row["verdict"]) == (run["run"], "example.com", "ok")
        for words in (("history",), ("history", "example.com"), ("last", "example.com"), ("diff", "example.com")):
            ended = await terminal.run(*words)
            assert (ended.code, ended.err) == (0, "")
            assert "example.com" in ended.out
        assert (await terminal.run("export", run["run"], "--json")).json == run
        markdown = await terminal.run("export", run["run"].lower())
        assert markdown.code == 0
        assert markdown.out.startswith("# ")
        assert "v=DMARC1" in markdown.out


BOUNCE = """
<someone@example.org>: host mx.example.org[198.51.100.9] said: 550 5.7.23 <desk@example.com>: Sender address rejected:
    SPF check failed for 192.0.2.77 (in reply to MAIL FROM command)

------ This is a copy of the headers of the message ------

From: Desk <desk@example.com>
To: someone@example.org
Subject: canary-subject
"""
LETTER = """From: Desk <desk@example.com>
To: someone@example.org
Subject: canary-subject
Date: Tue, 24 Nov 2026 10:00:00 +0000
Message-ID: <1@example.com>

canary-body
"""


async def test_a_bounce_is_explained_and_then_held_against_live_checks(tmp_path: Path) -> None:
    file = tmp_path / "bounce.txt"
    file.write_text(BOUNCE, "utf-8")
    async with online(tmp_path) as terminal:
        alone = await terminal.run("explain", str(file), "--json")
        assert (alone.code, alone.err) == (0, "")
        assert [failure["cause"] for failure in alone.json["failures"]] == ["domain_auth"]
        both = await terminal.run("explain", str(file), "--check", "--json")
        explained, run = (json.loads(line) for line in both.out.splitlines())
    assert explained == alone.json
    assert run["case"]["bounced"] == ["domain_auth"]
    assert run["case"]["sender_ip"] == "192.0.2.77"
    assert (run["causes"][0]["cause"], run["causes"][0]["confidence"]) == ("domain_auth", "confirmed")
    assert b"canary-subject" not in terminal.database.read_bytes()


async def test_a_mail_is_checked_with_its_message_step_and_is_not_kept(tmp_path: Path) -> None:
    file = tmp_path / "mail.eml"
    file.write_text(LETTER, "utf-8")
    async with online(tmp_path) as terminal:
        told = await terminal.run("explain", str(file))
        assert "--check" in told.out
        both = await terminal.run("explain", str(file), "--check", "--json")
        _, run = (json.loads(line) for line in both.out.splitlines())
    assert "message" in {step["check"] for step in run["steps"]}
    assert run["case"]["target"]["domain"] == "example.com"
    kept = terminal.database.read_bytes()
    assert b"canary-body" not in kept
    assert b"canary-subject" not in kept


async def test_codes_lists_every_code_in_both_languages(offline: Terminal) -> None:
    ended = await offline.run("codes", "--json")
    assert (ended.code, ended.err) == (0, "")
    declared = {code.code for check in ALL for code in check.findings}
    declared |= {code.code for code in (*COMMON_FINDINGS, *login.FINDINGS)}
    assert {row["code"] for row in ended.json} == declared
    assert all(row["title"]["en"] and row["title"]["ja"] for row in ended.json)
    assert not offline.database.exists(), "a list of codes needs no history"
    assert "SPF" in (await offline.run("codes")).out


async def test_doctor_shows_settings_and_whether_they_work(tmp_path: Path) -> None:
    async with online(tmp_path) as terminal:
        terminal.settings["SLACK_SIGNING_SECRET"] = CANARY
        ended = await terminal.run("doctor")
        assert (ended.code, ended.err) == (0, "")
        assert "MAILCHECK_DNS_SERVERS" in ended.out
        assert "DNS: 127.0.0.1" in ended.out
        assert CANARY[:4] not in ended.out
    ended = await terminal.run("doctor")
    assert ended.code == 1, "the resolver is gone"
    assert "FAIL" in ended.out


async def test_help_is_help_and_no_mistake(offline: Terminal) -> None:
    for words in ((), ("--help",), ("check", "--help")):
        ended = await offline.run(*words)
        assert (ended.code, ended.err) == (0, "")
        assert "check" in ended.out


@pytest.mark.parametrize("by", ["setting", "key"])
async def test_the_answer_is_in_the_language_asked_for(tmp_path: Path, by: str) -> None:
    async with online(tmp_path) as terminal:
        words = ["check", "example.com", "only:dmarc"]
        if by == "setting":
            terminal.settings["MAILCHECK_LANG"] = "ja"
        else:
            words.append("lang:ja")
        assert not _is_japanese((await terminal.run("codes")).out.partition("\n")[0])
        assert _is_japanese((await terminal.run(*words)).out)
        [step] = (await terminal.run(*words, "--json")).json["steps"]
        assert _is_japanese(step["findings"][0]["title"])


async def test_a_first_run_makes_its_own_folder(tmp_path: Path) -> None:
    async with online(tmp_path) as terminal:
        terminal.settings |= {"MAILCHECK_DB": "", "XDG_DATA_HOME": str(tmp_path / "data")}
        assert (await terminal.run("check", "example.com", "only:dmarc")).code == 0
    assert (tmp_path / "data" / "mailcheck" / "history.sqlite").stat().st_mode & 0o777 == 0o600


async def test_japanese_comes_out_whatever_the_locale_can_write(tmp_path: Path) -> None:
    async with online(tmp_path) as terminal:
        terminal.settings |= {"PYTHONIOENCODING": "ascii", "MAILCHECK_LANG": "ja"}
        ended = await terminal.run("check", "example.com", "only:dmarc", "--json")
        assert ended.out.isascii()
        assert _is_japanese(ended.json["steps"][0]["findings"][0]["title"])
        assert (await terminal.run("check", "example.com", "only:dmarc")).code == 0


def _is_japanese(text: str) -> bool:
    return any("\u3040" <= character <= "\u30ff" for character in text)


# --- Mistakes --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "words",
    [
        ("check",),
        ("check", "exampel"),
        ("check", "example.com", "example.org"),
        ("check", "example.com", "ip:999.1.1.1"),
        ("check", "x" * 10_000),
        ("check", "example.com\x1b[31m\nforged line"),
        ("check", "\udcff\udcfe.example"),
        ("check", "example.com", "--colour"),
        ("chekc", "example.com"),
        ("\x1b[31mred",),
        ("history", "ip:1"),
        ("last",),
        ("diff", "no_domain"),
        ("export", "nothing"),
        ("export",),
        ("codes", "surplus"),
    ],
)
@pytest.mark.usefixtures("kept_logging")
def test_a_mistake_is_one_line_on_stderr(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], words: tuple[str, ...]
) -> None:
    monkeypatch.setenv("MAILCHECK_DB", str(tmp_path / "history.sqlite"))
    monkeypatch.setattr("sys.argv", ["mailcheck", *words])
    with pytest.raises(SystemExit) as ended:
        main()
    out, err = capsys.readouterr()
    assert (ended.value.code, out) == (2, "")
    assert len(err.splitlines()) == 1
    assert len(err) < 700
    assert err.startswith("mailcheck: ")
    assert "\x1b" not in err


async def test_a_mistake_in_a_shell_is_one_line_too(offline: Terminal) -> None:
    ended = await offline.run("check", "\udcff\udcfe.example")
    assert (ended.code, ended.out, len(ended.lines)) == (2, "", 1)


async def test_the_example_in_a_mistake_works_in_a_terminal(tmp_path: Path) -> None:
    async with online(tmp_path) as terminal:
        ended = await terminal.run("check", "exampel")
        _, _, example = ended.err.strip().rpartition("mailcheck ")
        assert example == "check example.com"
        assert (await terminal.run(*example.split(), "only:dmarc")).code == 0


async def test_a_password_in_a_command_is_neither_shown_nor_kept(tmp_path: Path) -> None:
    async with online(tmp_path) as terminal:
        ended = await terminal.run("check", "example.com", f"password:{CANARY}")
    assert (ended.code, ended.out) == (2, "")
    assert len(ended.lines) == 1
    assert CANARY not in ended.err
    kept = [path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()]  # noqa: ASYNC240 - nothing else runs
    assert not any(CANARY.encode() in content for content in kept)


async def test_every_wrong_setting_is_named_in_a_line(offline: Terminal) -> None:
    offline.settings |= {"MAILCHECK_PORT": "x", "MAILCHECK_LANG": "tlh"}
    ended = await offline.run("history")
    assert (ended.code, ended.out) == (2, "")
    assert sorted(line.split(":")[1].strip() for line in ended.lines) == ["MAILCHECK_LANG", "MAILCHECK_PORT"]


async def test_a_bad_file_of_certificates_is_one_line(offline: Terminal) -> None:
    path = offline.home / "ca.pem"
    path.write_text("no certificate", "utf-8")
    offline.settings["MAILCHECK_CA_FILE"] = str(path)
    ended = await offline.run("check", "example.com")
    assert (ended.code, len(ended.lines)) == (2, 1)
    assert "MAILCHECK_CA_FILE" in ended.err


OWN_LIST = {
    "name": "The house list",
    "zone": "house.test",
    "takes": ["ipv4"],
    "query_by_default": True,
    "impact": "major",
    "codes": {"127.0.0.2": "spam_source"},
    "refusals": [],
    "test_points": {"listed": "127.0.0.2", "not_listed": "127.0.0.1"},
    "removal": "request",
    "removal_url": None,
    "lookup_url": None,
    "as_of": None,
    "source_url": "https://example.com/",
}


async def test_the_operator_s_own_blocklists_are_asked_instead_of_the_shipped_ones(tmp_path: Path) -> None:
    records = address_blocklist("house.test") + listing("house.test", "8.8.8.8", "127.0.0.2") + BLOCKLISTS
    path = tmp_path / "lists.json"
    path.write_text(json.dumps([OWN_LIST]), "utf-8")
    async with online(tmp_path, World(records=records)) as terminal:
        terminal.settings["MAILCHECK_BLOCKLISTS_FILE"] = str(path)
        ended = await terminal.run("check", "8.8.8.8", "only:blocklists", "--json")
    [step] = ended.json["steps"]
    assert [(each["list"], each["listed"]) for each in step["facts"]["answers"]] == [("The house list", True)]
    assert ended.code == 1


@pytest.mark.parametrize(
    "text", ["no JSON", "{}", json.dumps([OWN_LIST | {"zone": "dnsbl.sorbs.net"}]), json.dumps([OWN_LIST | {"x": 1}])]
)
async def test_a_bad_file_of_blocklists_is_one_line(offline: Terminal, text: str) -> None:
    path = offline.home / "lists.json"
    path.write_text(text, "utf-8")
    offline.settings["MAILCHECK_BLOCKLISTS_FILE"] = str(path)
    for words in (("check", "8.8.8.8"), ("doctor",)):
        ended = await offline.run(*words)
        assert (ended.code, len(ended.lines)) == (2, 1), ended
        assert str(path) in ended.err


@pytest.mark.parametrize("kind", ["text", "foreign", "newer", "folder", "missing"])
async def test_a_database_that_is_not_ours_is_one_line_and_stays_as_it_is(offline: Terminal, kind: str) -> None:
    path = offline.home / "history.sqlite"
    match kind:
        case "text":
            path.write_text("Dear diary\n" * 100, "utf-8")
        case "foreign":
            with closing(sqlite3.connect(path)) as db:
                db.execute("CREATE TABLE recipes (name TEXT)")
                db.commit()
        case "newer":
            assert (await offline.run("history")).code == 0
            with closing(sqlite3.connect(path)) as db:
                db.execute(
                    "INSERT INTO _sqlite_migrations (migration_set, name, applied_at) VALUES ('mailcheck', 'z', 'now')"
                )
                db.commit()
        case "folder":
            path.mkdir()
        case _:
            offline.settings["MAILCHECK_DB"] = str(offline.home / "nowhere" / "history.sqlite")
    before = path.read_bytes() if path.is_file() else b""
    ended = await offline.run("check", "example.com")
    assert (ended.code, ended.out) == (2, "")
    assert len(ended.lines) == 1
    assert "history.sqlite" in ended.err or "nowhere" in ended.err
    assert (path.read_bytes() if path.is_file() else b"") == before


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read and write everything")
async def test_a_folder_that_may_not_be_used_is_one_line(offline: Terminal) -> None:
    folder = offline.home / "locked"
    folder.mkdir(mode=0o500)
    offline.settings["MAILCHECK_DB"] = str(folder / "history.sqlite")
    ended = await offline.run("history")
    assert (ended.code, len(ended.lines)) == (2, 1)


# --- Interrupted, watched --------------------------------------------------------------------------------------------

SILENT = World(records=RECORDS, faults={"_dmarc.example.com": Fault.SILENT})


async def test_ctrl_c_ends_with_130_and_closes_the_run(tmp_path: Path) -> None:
    internet = Internet(SILENT)
    internet.queries = asked = Asked("_dmarc.example.com")
    async with internet:
        terminal = Terminal(tmp_path)
        terminal.connect(internet)
        process = await terminal.start("check", "example.com", "only:dmarc", "--json")
        async with asyncio.timeout(20):
            await asked.arrived.wait()
        process.send_signal(signal.SIGINT)
        async with asyncio.timeout(20):
            out, err = await process.communicate()
        assert (process.returncode, out) == (130, b"")
        assert b"Traceback" not in err
        [row] = (await terminal.run("history", "example.com", "--json")).json
        assert row["state"] == "interrupted"


async def test_progress_is_drawn_where_somebody_looks_on_and_nowhere_else(tmp_path: Path) -> None:
    async with online(tmp_path) as terminal:
        assert (await terminal.run("check", "example.com", "only:dmarc")).err == ""
        ours, theirs = pty.openpty()
        process = await terminal.start("check", "example.com", "only:dmarc", "--json", stderr=theirs)
        out, _ = await process.communicate()
        assert b"\x1b" not in out
        drawn = await terminal.start("check", "example.com", "only:dmarc", stderr=theirs)
        out, _ = await drawn.communicate()
        os.close(theirs)
        with os.fdopen(ours, "rb", buffering=0) as screen:
            assert "\u25b0" in screen.read(65536).decode(), "the bar of the progress"
        assert b"\x1b" not in out, "what goes into a pipe is plain"
