"""SPF evaluated again, and whether what passed belongs to the domain of From (RFC 9989 §4.4).

The receiver's day is over: records may have changed since. What comes out here is what the same message would meet now.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from checks.case import NotADomainError, domain_name
from checks.check import DomainName, HostName, IpAddress, Keyword
from checks.dmarc import Place, Walk, walk
from checks.message.headers import Message
from checks.message.signatures import State, Verified
from checks.network.answers import SOA, TXT, Status
from checks.records.dmarc import Alignment, Policy, Scope
from checks.spf_evaluation import Ask, Evaluation, SpfResult, check_host

# --- SPF -------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class Sender:
    """Whom SPF judges: the address that connected, and the domain of the envelope sender (RFC 7208 §2.4)."""

    address: IpAddress
    domain: DomainName
    mailbox: str
    greeting: HostName | None
    unknown: frozenset[str] = frozenset()
    """Macro letters whose value the headers do not tell."""


def sender_of(message: Message, address: IpAddress | None) -> Sender | Keyword:
    """Whom SPF judges, or what the headers do not tell: ``address``, ``mail_from`` or ``greeting``."""
    if address is None:
        return Keyword("address")
    if message.mail_from is None:
        return Keyword("mail_from")
    newest = message.handovers[0] if message.handovers else None
    greeting = newest.greeting if newest else None
    local, at, domain = message.mail_from.rpartition("@")
    if not message.mail_from:
        local, at, domain = "postmaster", "@", greeting or ""
    if not domain:
        return Keyword("greeting")
    try:
        name = DomainName(domain_name(domain))
    except NotADomainError:
        return Keyword("mail_from")
    unknown = frozenset({*("" if greeting else "h"), *("" if at else "sl")})
    mailbox = f"{local or 'postmaster'}@{name}"
    return Sender(address=address, domain=name, mailbox=mailbox, greeting=greeting, unknown=unknown)


async def evaluate(sender: Sender, ask: Ask) -> Evaluation:
    """Evaluate SPF for a sender, as of now."""
    return await check_host(
        sender.address, sender.domain, sender.mailbox, sender.greeting or "", ask, unknown=sender.unknown
    )


# --- Alignment -------------------------------------------------------------------------------------------------------


class Standing(StrEnum):
    """How SPF or DKIM stands to the domain of From, best first."""

    ALIGNED = "aligned"
    """It passes for a domain that counts as that of From."""
    UNKNOWN = "unknown"
    """Could not tell."""
    STRICT = "strict"
    """It passes for a domain of the same organization, but the record wants exactly that of From."""
    OTHER = "other"
    """It passes for the domain of somebody else."""
    FAILED = "failed"
    """It does not pass."""
    ABSENT = "absent"
    """There is nothing that could pass."""


_ORDER: Final = tuple(Standing)
_MAY_PASS: Final = frozenset({State.PASS, State.KEY_UNKNOWN, State.BODY_MISSING})
"""States of a signature for which it matters whose it is."""


@dataclass(frozen=True, kw_only=True)
class Judgement:
    """DMARC for one message.

    ``policy`` is ``None`` without a record, or where it could not be told (``policy_known``). ``signers`` are those
    whose signature holds, or may hold, and how each stands.
    """

    author: DomainName
    spf: Standing
    dkim: Standing
    policy: Policy | None
    policy_known: bool
    signers: tuple[tuple[DomainName, Standing], ...]
    evidence: tuple[int, ...]

    @property
    def aligned(self) -> bool | None:
        """Whether DMARC passes, ``None`` if that could not be told."""
        if Standing.ALIGNED in (self.spf, self.dkim):
            return True
        return None if Standing.UNKNOWN in (self.spf, self.dkim) else False


async def judge(
    author: DomainName,
    sender: Sender | None,
    evaluation: Evaluation | None,
    verified: Sequence[Verified],
    ask: Ask,
    *,
    all_seen: bool,
) -> Judgement:
    """Hold what passed against the domain of From.

    ``all_seen`` is whether every signature of the message is among ``verified``.
    """
    compared = [each.domain for each in verified if each.domain and each.state in _MAY_PASS]
    names = [author, *compared, *([sender.domain] if sender else [])]
    own, walks = await asyncio.gather(
        ask(author, SOA), asyncio.gather(*(_climb(name, ask) for name in dict.fromkeys(names)))
    )
    own_walk = walks[0]
    by_name = {each.author.domain: each for each in walks}
    applied = own_walk.applied
    record = applied.record if applied else None
    policy_known = own_walk.untold is None or own_walk.author.record is not None
    policy = None
    if record is not None and applied is not None:
        absent = own.status is Status.NXDOMAIN and not own.aliases
        below = Scope.NONEXISTENT if absent else Scope.SUBDOMAIN
        policy = record.effective(Scope.DOMAIN if applied.domain == author else below)

    def stands(name: DomainName, mode: Alignment | None) -> Standing:
        if name == author:
            return Standing.ALIGNED
        other = by_name[name]
        if own_walk.untold or other.untold:
            return Standing.UNKNOWN
        if other.organizational_domain != own_walk.organizational_domain:
            return Standing.OTHER
        return Standing.STRICT if mode is Alignment.STRICT else Standing.ALIGNED

    spf = Standing.UNKNOWN
    if sender is not None and evaluation is not None:
        spf = _of_spf(evaluation.result, stands(sender.domain, record.aspf if record else None))
    signers = tuple(
        (each.domain, _of_signature(each.state, stands(each.domain, record.adkim if record else None)))
        for each in verified
        if each.domain and each.state in _MAY_PASS
    )
    failed = [Standing.FAILED] if len(signers) < len(verified) else []
    unseen = [] if all_seen else [Standing.UNKNOWN]
    dkim = _best([*(standing for _, standing in signers), *failed, *unseen])
    return Judgement(
        author=author,
        spf=spf,
        dkim=dkim,
        policy=policy,
        policy_known=policy_known,
        signers=signers,
        evidence=own_walk.evidence,
    )


async def _climb(name: DomainName, ask: Ask) -> Walk:
    """Make the tree walk from a name."""
    names = walk(name)
    answers = await asyncio.gather(*(ask(f"_dmarc.{each}", TXT) for each in names))
    return Walk.of(Place.of(each, answer) for each, answer in zip(names, answers, strict=True))


def _of_spf(result: SpfResult | None, passing: Standing) -> Standing:
    if result is SpfResult.PASS:
        return passing
    unknown = result in (None, SpfResult.TEMPERROR) and passing in (Standing.ALIGNED, Standing.UNKNOWN)
    return Standing.UNKNOWN if unknown else Standing.FAILED


def _of_signature(state: State, passing: Standing) -> Standing:
    if state is State.PASS:
        return passing
    return Standing.UNKNOWN if passing in (Standing.ALIGNED, Standing.UNKNOWN) else Standing.FAILED


def _best(standings: Iterable[Standing]) -> Standing:
    return min(standings, key=_ORDER.index, default=Standing.ABSENT)
