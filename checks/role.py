"""What the domain is used for, as far as its records say: sending, receiving, both, or no mail at all.

The same record is right for one domain and wrong for another. A domain that nobody sends from should say so, or others
will send in its name: an SPF record that lists nobody, a DMARC policy of ``reject``, and a null MX (RFC 7505) if it
takes nothing either. A domain that sends and cannot be answered is refused by some receivers (RFC 7505 §4.2).

Looked at: the MX records, whom SPF lists, the DKIM keys that were found, and the DMARC policy. Not looked at: whether
anybody does send; records only say who may.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from checks import dkim, dmarc, domain, mx, spf
from checks.case import Case
from checks.causes import Remedy
from checks.check import Check, Desk, DomainName, Finding, Keyword, Outcome, Severity
from checks.network.answers import MX, TXT
from checks.records.dmarc import Policy
from checks.records.spf import Qualifier, parse

# --- Facts -----------------------------------------------------------------------------------------------------------


class Role(StrEnum):
    """What the records say of the use of a domain."""

    SENDS_AND_RECEIVES = "sends_and_receives"
    RECEIVES_ONLY = "receives_only"
    SENDS_ONLY = "sends_only"
    PARKED = "parked"
    """It is not used for mail."""
    UNKNOWN = "unknown"
    """The records do not say."""


@dataclass(frozen=True, kw_only=True)
class RoleFacts:
    """The use of the domain."""

    role: Role


# --- Findings --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class _OfDomain(Finding, severity=Severity.OK):
    domain: DomainName


class RoleSendsAndReceives(_OfDomain, severity=Severity.OK):
    """The domain takes mail, and SPF or DKIM provides for mail sent from it."""


class RoleReceivesOnly(_OfDomain, severity=Severity.OK):
    """The domain takes mail, and its SPF record says that nobody sends from it."""


class RoleSendsOnly(_OfDomain, severity=Severity.NOTICE):
    """The domain provides for sending and takes no mail, so nobody can answer (RFC 7505 §4.2)."""


class RoleParked(_OfDomain, severity=Severity.OK):
    """The domain takes no mail, lists no sender, and asks receivers to reject what claims to be from it."""


@dataclass(frozen=True, kw_only=True)
class RoleParkedIncomplete(_OfDomain, severity=Severity.NOTICE):
    """Nothing provides for mail of the domain, and not all records say so; ``missing`` are those that do not."""

    missing: tuple[Keyword, ...]


class RoleUndeclared(_OfDomain, severity=Severity.NOTICE):
    """The domain takes mail, and neither SPF nor DKIM says whether it also sends: its keys are known to be none."""


class RoleUnknown(_OfDomain, severity=Severity.UNKNOWN):
    """The domain takes mail, SPF does not say whether it also sends, and its DKIM keys are not known."""


# --- Procedure -------------------------------------------------------------------------------------------------------


async def run(desk: Desk) -> Outcome[RoleFacts]:
    """Draw the conclusion from what the other checks found."""
    name = DomainName(desk.case.domain)
    mail = await desk.facts(mx.CHECK)
    senders = await desk.facts(spf.CHECK)
    keys = await desk.facts_or_none(dkim.CHECK)
    policy = await desk.facts(dmarc.CHECK)
    signs = any(not key.revoked and key.selector != "*" for key in keys.keys) if keys is not None else False
    sends = True if signs else _sends(senders)
    receives = bool(mail.hosts) and (not mail.implicit or sends)  # an address alone is mostly that of a web site
    # Asked before by those checks: here for the evidence.
    evidence = ((await desk.dns(name, MX)).evidence, (await desk.dns(name, TXT)).evidence)
    if receives:
        role, finding = {
            True: (Role.SENDS_AND_RECEIVES, RoleSendsAndReceives),
            False: (Role.RECEIVES_ONLY, RoleReceivesOnly),
            None: (Role.UNKNOWN, RoleUnknown if keys is None else RoleUndeclared),
        }[sends]
        return Outcome(RoleFacts(role=role), (finding(domain=name, evidence=evidence),))
    if sends:
        return Outcome(RoleFacts(role=Role.SENDS_ONLY), (RoleSendsOnly(domain=name, evidence=evidence),))
    said_so = {
        "MX": mail.null_mx,
        "SPF": sends is False,
        "DMARC": policy.policy == Policy.REJECT.value,
    }
    missing = tuple(Keyword(record) for record, there in said_so.items() if not there)
    role = Role.UNKNOWN if sends is None and not mail.null_mx else Role.PARKED
    if missing:
        incomplete = RoleParkedIncomplete(domain=name, missing=missing, evidence=evidence)
        return Outcome(RoleFacts(role=role), (incomplete,))
    return Outcome(RoleFacts(role=role), (RoleParked(domain=name, evidence=evidence),))


def _sends(senders: spf.SpfFacts) -> bool | None:
    """Whether the SPF record lets anybody send; ``None`` if it neither does nor forbids it, or cannot be read."""
    if senders.record is None:
        return None
    record = parse(senders.record)
    if not record.usable:
        return None
    if record.all is None or record.mechanisms[0] is not record.all:
        return True
    # Only "-all" says that nobody may (RFC 7208 §8.4); "~all" is a weak statement (§8.5), "?all" is none (§8.2).
    return {Qualifier.PASS: True, Qualifier.FAIL: False}.get(record.all.qualifier)


def about_one_domain(case: Case) -> bool:
    """Whether the case is about one domain only: the records of another say nothing of this one."""
    return case.target.domain is not None and dmarc.author_domain(case) == case.target.domain


CHECK: Check[RoleFacts] = Check(
    name="role",
    remedy=Remedy.DNS,
    applies=about_one_domain,
    needs=(domain.CHECK, mx.CHECK, spf.CHECK, dkim.CHECK, dmarc.CHECK),
    findings=(
        RoleSendsAndReceives,
        RoleReceivesOnly,
        RoleSendsOnly,
        RoleParked,
        RoleParkedIncomplete,
        RoleUndeclared,
        RoleUnknown,
    ),
    rfcs=("RFC 7208", "RFC 7505", "RFC 9989"),
    run=run,
)
