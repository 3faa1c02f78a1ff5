"""The mail knowledge. Knows nothing of Slack, SQLite or languages.

Read it in this order: ``case`` (what a ticket says), ``check`` (the one page an author of a check needs), any check
(each is one lesson), ``triage`` (how they run), ``network`` (the only sockets), ``causes`` and ``diagnosis`` (from
findings to what to do). ``bounce`` reads error mails, ``login`` the answers to a login, ``desk_output`` what commands
print at a desk. ``records`` holds the parsers, ``data`` the facts with their sources.
"""

from typing import Any

from checks import (
    authority,
    bimi,
    blocklists,
    by_hand,
    dane,
    dkim,
    dmarc,
    domain,
    drift,
    limits,
    message,
    mta_sts,
    mx,
    provider,
    provider_status,
    receiving,
    reverse,
    role,
    size,
    spf,
    submission,
    tls_rpt,
)
from checks.check import Check

ALL: tuple[Check[Any], ...] = (
    domain.CHECK,
    authority.CHECK,
    mx.CHECK,
    spf.CHECK,
    dkim.CHECK,
    dmarc.CHECK,
    role.CHECK,
    drift.CHECK,
    mta_sts.CHECK,
    tls_rpt.CHECK,
    dane.CHECK,
    bimi.CHECK,
    reverse.CHECK,
    blocklists.CHECK,
    receiving.CHECK,
    submission.CHECK,
    provider.CHECK,
    provider_status.CHECK,
    limits.CHECK,
    size.CHECK,
    by_hand.CHECK,
    message.CHECK,
)
"""Every check, in display order."""
