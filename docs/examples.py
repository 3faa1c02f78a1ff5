"""Write docs/examples: one thread per remedy and a few error mails, in every language, out of the sandbox.

``make docs`` runs this; ``.ci/run`` fails if what it writes is not what is committed, so the examples cannot rot. Left
out is what differs from run to run: times, evidence, the steps in which all is well.
"""

from __future__ import annotations

import asyncio
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from bot import explain
from bot import report as reports
from bot.render.text import plain_text
from bot.report import Report, Section
from bot.run import TERMINAL, Language, Record, Run, RunId, State, Step
from bot.sandbox.internet import Internet, World
from bot.sandbox.smtp import MailHost, StartTls
from bot.sandbox.worlds import BLOCKLISTS
from bot.sandbox.zones import listing
from bot.wording import Wording
from checks import ALL, bounce
from checks.case import Case, Sent, Target, Window
from checks.check import Result, Severity
from checks.diagnosis import diagnose
from checks.network import Guard, Inquiry, Network
from checks.triage import steps, triage

PAGES = Path(__file__).resolve().parent / "examples"
LETTERS = Path(__file__).resolve().parents[1] / "tests" / "data" / "bounces" / "letters"
NOTE = "<!-- Written by `make docs` from the sandbox: change the code, not this page. -->"
_NOW = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2} UTC")
NETWORKS = ("192.0.2.0/24", "198.51.100.0/24")

MAIL = """
    example.com           NS   ns.example.com
    ns.example.com        A    192.0.2.53
    example.com           MX   10 mx.example.com
    example.com           TXT  v=spf1 mx -all
    _dmarc.example.com    TXT  v=DMARC1; p=reject; rua=mailto:dmarc@example.com
    mx.example.com        A    192.0.2.25
    192.0.2.25            PTR  mx.example.com
"""
HOSTED = """
    example.com           MX   1 smtp.google.com
    example.com           TXT  v=spf1 include:_spf.google.com -all
    _spf.google.com       TXT  v=spf1 ip4:192.0.2.0/24 -all
    smtp.google.com       A    192.0.2.25
"""
SUBMISSION = """
    _submission._tcp.example.com   SRV  0 1 587 smtp.example.com
    smtp.example.com               A    192.0.2.27
"""
MX = MailHost(name="mx.example.com", address="192.0.2.25", domains=("example.com",), size=20_000_000)


@dataclass(frozen=True, kw_only=True)
class Example:
    """A thread: what was typed, in which world, and which steps are shown."""

    title: str
    typed: str
    records: str
    case: Case
    only: tuple[str, ...]
    mail: tuple[MailHost, ...] = (MX,)


def _about(**hints: object) -> Case:
    return Case(target=Target(domain="example.com"), **hints)  # type: ignore[arg-type] # fields of Case


EXAMPLES = (
    Example(
        title="Remedy 1: a blocklist names the sending address for an infected machine",
        typed="example.com ip:192.0.2.77",
        records=MAIL + BLOCKLISTS + listing("zen.spamhaus.org", "192.0.2.77", "127.0.0.4", reason="Listed by XBL"),
        case=_about(sender_ip="192.0.2.77"),
        only=("blocklists",),
    ),
    Example(
        title="Remedy 2: more was sent than the provider lets through",
        typed="example.com sent:3000/day",
        records=HOSTED,
        case=_about(sent=Sent(3000, Window.DAY)),
        only=("provider", "limits"),
    ),
    Example(
        title="Remedy 3: the outgoing server does not encrypt",
        typed="example.com only:submission",
        records=MAIL + SUBMISSION,
        case=_about(),
        only=("submission",),
        mail=(
            MX,
            MailHost(
                name="smtp.example.com",
                address="192.0.2.27",
                port=587,
                starttls=StartTls.NONE,
                auth_before_tls=("PLAIN", "LOGIN"),
            ),
        ),
    ),
    Example(
        title="Remedy 4: the SPF record does not name the sender, and DMARC asks for rejection",
        typed="example.com ip:198.51.100.9",
        records=MAIL,
        case=_about(sender_ip="198.51.100.9"),
        only=("spf", "dmarc"),
    ),
    Example(
        title="Remedy 5: who the provider is, and what to send it",
        typed="example.com only:provider ticket:INC-42",
        records=HOSTED,
        case=_about(reference="INC-42"),
        only=("provider",),
    ),
    Example(
        title="Attachments: the file is too big for the recipient",
        typed="example.com size:40MB",
        records=MAIL,
        case=_about(size=40_000_000),
        only=("size",),
    ),
    Example(
        title="Network: what the user's desk has to try",
        typed="example.com only:by_hand",
        records=MAIL + SUBMISSION,
        case=_about(),
        only=("by_hand",),
    ),
)

BOUNCES = ("exchange-online.txt", "postfix.eml", "gmail-new.eml")


async def _carried_out(example: Example) -> Record:
    """Run the steps of an example in its world."""
    async with Internet(World(records=example.records, mail=example.mail)) as internet:
        guard = Guard.of(NETWORKS, dial=internet.dial_map)
        async with Network(servers=internet.dns_servers, guard=guard, trust=[internet.ca_file]) as network:
            inquiry = Inquiry(network)
            chosen = steps(example.case, ALL, example.only)
            results = [each async for each in triage(example.case, chosen, inquiry)]
            await inquiry.close()
    wanted = [result for name in example.only for result in results if result.check.name == name]
    run = Run(
        id=RunId("EXAMPLE"),
        case=example.case,
        asked_by="helpdesk",
        place=TERMINAL,
        language=None,
        asked_at=0,
        version="",
        steps=example.only,
    )
    diagnosis = diagnose(wanted, example.case)
    return Record(
        run=run,
        state=State.DONE,
        verdict=diagnosis.verdict,
        elapsed_ms=0,
        queries=0,
        steps=tuple(_step(result) for result in wanted),
        evidence=(),
        diagnosis=diagnosis,
    )


def _step(result: Result) -> Step:
    findings = result.outcome.findings
    return Step(check=result.check.name, verdict=result.verdict, findings=findings, facts=None, started=0, ms=0)


def _thread(record: Record, words: Wording) -> Iterator[str]:
    """The replies that need a look, and the summary, as a terminal shows them."""
    for step in record.steps:
        if step.verdict > Severity.OK:
            (section,) = reports.step_reply((step,), (), words).sections
            shown = Section(
                title=reports.Line(spans=words.check(step.check)),
                lines=tuple(line for line in section.lines if not (isinstance(line, reports.Line) and line.quiet)),
            )
            yield plain_text(Report(fallback="", sections=(shown,)))
    yield plain_text(reports.summary(record, words))


def _page(title: str, blocks: Iterator[str]) -> str:
    page = f"{NOTE}\n# {title}\n\n" + "\n".join(blocks)
    page = _NOW.sub("YYYY-MM-DD hh:mm UTC", page)  # the one moment that a text to paste names
    return "\n".join(line.rstrip() for line in page.splitlines()) + "\n"


def _threads(records: list[tuple[Example, Record]], language: Language) -> Iterator[str]:
    words = Wording(language)
    for example, record in records:
        told = "\n\n".join(_thread(record, words))
        yield f"## {example.title}\n\n`/mailcheck {example.typed}`\n\n````text\n{told}\n````\n"


def _bounces(language: Language) -> Iterator[str]:
    words = Wording(language)
    for name in BOUNCES:
        pasted = (LETTERS / name).read_bytes()
        told = plain_text(explain.report(bounce.read(pasted), words))
        shown = pasted.decode("utf-8", "replace").rstrip()
        yield f"## {name}\n\n````text\n{shown}\n````\n\n`mailcheck explain {name}`\n\n````text\n{told}\n````\n"


async def main() -> None:
    """Write every page."""
    records = [(example, await _carried_out(example)) for example in EXAMPLES]
    PAGES.mkdir(exist_ok=True)
    for language in Language:
        threads = _page("One thread per remedy", _threads(records, language))
        (PAGES / f"threads.{language}.md").write_text(threads, encoding="utf-8")
        bounces = _page("Error mails explained", _bounces(language))
        (PAGES / f"bounces.{language}.md").write_text(bounces, encoding="utf-8")
    print(f"{2 * len(Language)} pages of examples written")


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
