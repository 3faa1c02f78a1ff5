"""``mailcheck doctor``: every setting with its origin, and whether what it leads to works."""

from __future__ import annotations

import platform
from collections.abc import Sequence
from typing import Any

from rich.console import Console
from rich.table import Table

from bot.history import History
from bot.schema import HistoryError
from bot.settings import Settings, shown
from checks.check import Check
from checks.network import Inquiry, Network
from checks.network.answers import NS

_PROBE = "."


async def examine(settings: Settings, network: Network, checks: Sequence[Check[Any]], console: Console) -> bool:
    """Print the settings and the state of what they name; whether all of it works."""
    table = Table(box=None, pad_edge=False)
    for column in ("setting", "value", "from", "meaning"):
        table.add_column(column, overflow="fold")
    for row in shown(settings):
        table.add_row(row.name, row.value, row.origin, row.description)
    console.print(table, markup=False)
    results = [_python(), *await _database(settings, checks), await _resolver(network)]
    for fine, line in results:
        console.print(f"{'ok  ' if fine else 'FAIL'} {line}", markup=False, highlight=False, soft_wrap=True)
    return all(fine for fine, _ in results)


def _python() -> tuple[bool, str]:
    return True, f"Python {platform.python_version()} on {platform.system()}"


async def _database(settings: Settings, checks: Sequence[Check[Any]]) -> list[tuple[bool, str]]:
    try:
        history = await History.open(settings.mailcheck_db, checks)
    except HistoryError as error:
        return [(False, str(error))]
    try:
        stats = await history.stats()
    except HistoryError as error:
        return [(False, str(error))]
    finally:
        await history.close()
    lines = [(True, f"history: {settings.mailcheck_db}, {stats.runs} checks, {stats.size:,} octets")]
    if stats.wal_race:
        # https://sqlite.org/wal.html: fixed in 3.51.3; one connection does all writing here, so it cannot meet itself.
        advice = "let no other program write to the file while the bot runs"
        lines.append((True, f"SQLite {stats.sqlite_version} has the WAL-reset race: {advice}"))
    else:
        lines.append((True, f"SQLite {stats.sqlite_version}"))
    return lines


async def _resolver(network: Network) -> tuple[bool, str]:
    inquiry = Inquiry(network)
    try:
        answer = await inquiry.dns(_PROBE, NS, asked_by="doctor", patience=3.0)
    finally:
        await inquiry.close()
    [evidence] = inquiry.evidence()
    where = evidence.server or "no resolver"
    if answer.unknown:
        return False, f"DNS: {where} does not answer a question for the root's name servers: {answer.why.value}"
    return True, f"DNS: {where} answers in {evidence.ms} ms"
