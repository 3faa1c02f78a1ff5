"""What only the user's desk can show, and the commands that show it.

The bot sees the network from where it stands. Whether a firewall, a provider that blocks ports, a name server of the
house or a virus scanner that opens TLS stands between the user and the outgoing server is seen at the desk alone. So
this step asks nothing: it gives one line for each question (is the name known, does the port open, is the certificate
the server's own), ready for Windows, macOS and Linux. ``desk_output`` reads what they print.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from checks import submission
from checks.case import has_domain
from checks.causes import Remedy
from checks.check import Check, Desk, Finding, HostName, Keyword, Outcome, Port, Severity
from checks.submission_servers import SubmissionFacts

_PLAIN = re.compile(r"[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?\Z")
"""Names that may stand in a command line: a name in DNS may hold anything at all."""


@dataclass(frozen=True, kw_only=True)
class ByHandFacts:
    """The server the commands are about; ``None``: none is known."""

    host: HostName | None
    port: Port | None


@dataclass(frozen=True, kw_only=True)
class ByHandCommands(Finding, severity=Severity.OK):
    """The outgoing server answers from here: these commands try the way to it from the user's desk."""

    host: HostName
    port: Port


@dataclass(frozen=True, kw_only=True)
class ByHandTryThere(Finding, severity=Severity.NOTICE):
    """The outgoing server does not answer from here, or that is not known: only the user's desk can show it.

    ``here`` says which: ``closed`` or ``unknown``.
    """

    host: HostName
    port: Port
    here: Keyword


class ByHandNoServer(Finding, severity=Severity.OK):
    """No outgoing server is known, so there is nothing to try from the user's desk."""


class ByHandServerUnknown(Finding, severity=Severity.UNKNOWN):
    """The search for an outgoing server did not end, so there may be one that the commands would be about."""


async def _run(desk: Desk, handing_in: Check[SubmissionFacts]) -> Outcome[ByHandFacts]:
    """Choose the best outgoing server that is known, and say what could be seen of it from here."""
    known = await desk.facts_or_none(handing_in)
    if known is None:
        return Outcome(None, (ByHandServerUnknown(),))
    servers = [server for server in known.servers if _PLAIN.match(server.host)]
    if not servers:
        return Outcome(ByHandFacts(host=None, port=None), (ByHandNoServer(),))
    best = next((server for server in servers if server.reachable), servers[0])
    facts = ByHandFacts(host=best.host, port=best.port)
    if best.reachable:
        return Outcome(facts, (ByHandCommands(host=best.host, port=best.port),))
    here = Keyword("unknown" if best.reachable is None else "closed")
    return Outcome(facts, (ByHandTryThere(host=best.host, port=best.port, here=here),))


def check(handing_in: Check[SubmissionFacts]) -> Check[ByHandFacts]:
    """Make the check for what this check of the submission servers finds."""

    async def run(desk: Desk) -> Outcome[ByHandFacts]:
        return await _run(desk, handing_in)

    return Check(
        name="by_hand",
        remedy=Remedy.NETWORK,
        applies=has_domain,
        needs=(handing_in,),
        findings=(ByHandCommands, ByHandTryThere, ByHandNoServer, ByHandServerUnknown),
        run=run,
    )


CHECK: Check[ByHandFacts] = check(submission.CHECK)
