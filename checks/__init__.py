"""The mail knowledge. Knows nothing of Slack, SQLite or languages.

Read it in this order: ``case`` (what a ticket says), ``check`` (the one page an author of a check needs), any check
(each is one lesson), ``triage`` (how they run), ``network`` (the only sockets), ``causes`` and ``diagnosis`` (from
findings to what to do). ``records`` holds the parsers, ``data`` the facts with their sources.
"""

from typing import Any

from checks import bimi, blocklists, dane, dkim, dmarc, domain, mta_sts, mx, receiving, reverse, spf, tls_rpt
from checks.check import Check

ALL: tuple[Check[Any], ...] = (
    domain.CHECK,
    mx.CHECK,
    spf.CHECK,
    dkim.CHECK,
    dmarc.CHECK,
    mta_sts.CHECK,
    tls_rpt.CHECK,
    dane.CHECK,
    bimi.CHECK,
    reverse.CHECK,
    blocklists.CHECK,
    receiving.CHECK,
)
"""Every check, in display order."""
