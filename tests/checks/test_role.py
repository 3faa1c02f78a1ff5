"""The role check: what a domain is used for, and what one that is not used for mail should say."""

from __future__ import annotations

import base64

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from bot.sandbox.dns import Fault
from bot.sandbox.internet import World
from checks import role
from checks.role import Role
from checks.triage import steps
from tests.checks.scenario import Scenario, about, look, play, says, untested

HOST = "example.com MX 10 mx.example.com\nmx.example.com A 192.0.2.25\n"
NULL = "example.com MX 0 .\n"
WEB = "example.com A 192.0.2.80\n"
SENDERS = "example.com TXT v=spf1 mx -all\n"
NOBODY = "example.com TXT v=spf1 -all\n"
WEAK = "example.com TXT v=spf1 ~all\n"
NEUTRAL = "example.com TXT v=spf1 ?all\n"
REJECT = "_dmarc.example.com TXT v=DMARC1; p=reject\n"
_PUBLIC = rsa.RSAPublicNumbers(65537, (1 << 2047) | 1).public_key()
_P = base64.b64encode(_PUBLIC.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)).decode()
KEY = f"default._domainkey.example.com TXT v=DKIM1; p={_P}\n"
NO_KEYS = "*._domainkey.example.com TXT v=DKIM1; p=\n"


def there(name: str, records: str, *codes: str) -> Scenario:
    return Scenario(name=name, world=World(records=records), codes=says(*codes))


SCENARIOS = [
    there("mail hosts and permitted senders", HOST + SENDERS, "ROLE_SENDS_AND_RECEIVES"),
    there("mail hosts and a key", HOST + KEY, "ROLE_SENDS_AND_RECEIVES"),
    there("mail hosts, nobody in SPF, and a key", HOST + NOBODY + KEY, "ROLE_SENDS_AND_RECEIVES"),
    there("mail hosts and nobody in SPF", HOST + NOBODY, "ROLE_RECEIVES_ONLY"),
    there("mail hosts, nobody in SPF, and all keys revoked", HOST + NOBODY + NO_KEYS, "ROLE_RECEIVES_ONLY"),
    there("mail hosts, no SPF, and all keys revoked", HOST + NO_KEYS, "ROLE_UNDECLARED"),
    there("mail hosts and no word on sending", HOST, "ROLE_UNKNOWN"),
    there("mail hosts and an SPF record that cannot be read", HOST + "example.com TXT v=spf1 ip4:x", "ROLE_UNKNOWN"),
    there("mail hosts and an SPF record that forbids nothing", HOST + WEAK, "ROLE_UNKNOWN"),
    there("mail hosts and an SPF record that says nothing", HOST + NEUTRAL, "ROLE_UNKNOWN"),
    there("no mail and an SPF record that forbids nothing", NULL + WEAK + REJECT, "ROLE_PARKED_INCOMPLETE"),
    there("a null MX and permitted senders", NULL + SENDERS, "ROLE_SENDS_ONLY"),
    there("no MX at all and permitted senders", SENDERS, "ROLE_SENDS_ONLY"),
    there("the domain's own address and permitted senders", WEB + SENDERS, "ROLE_SENDS_AND_RECEIVES"),
    there("everything that says: no mail", NULL + NOBODY + REJECT, "ROLE_PARKED"),
    there("a null MX alone", NULL, "ROLE_PARKED_INCOMPLETE"),
    there("nobody in SPF and no MX", WEB + NOBODY + REJECT, "ROLE_PARKED_INCOMPLETE"),
    there("a web site", WEB, "ROLE_PARKED_INCOMPLETE"),
    there("a policy that only watches", NULL + NOBODY + REJECT.replace("reject", "none"), "ROLE_PARKED_INCOMPLETE"),
    Scenario(
        name="senders that could not be told",
        world=World(records=HOST + SENDERS, faults={"example.com TXT": Fault.SERVFAIL}),
        codes=says("CHECK_SKIPPED"),
    ),
]


@pytest.mark.parametrize("scenario", SCENARIOS, ids=str)
async def test_the_check_states_exactly_what_the_world_holds(scenario: Scenario) -> None:
    await play(scenario, role.CHECK)


def test_every_code_is_raised_in_some_world_and_not_in_all() -> None:
    assert not untested(role.CHECK, SCENARIOS)


@pytest.mark.parametrize(
    ("records", "expected"),
    [
        (HOST + SENDERS, Role.SENDS_AND_RECEIVES),
        (HOST + NOBODY, Role.RECEIVES_ONLY),
        (NULL + SENDERS, Role.SENDS_ONLY),
        (NULL + NOBODY + REJECT, Role.PARKED),
        (NULL, Role.PARKED),
        (WEB + NOBODY, Role.PARKED),
        (WEB, Role.UNKNOWN),
        (WEB + SENDERS, Role.SENDS_AND_RECEIVES),
        (HOST, Role.UNKNOWN),
    ],
)
async def test_the_role_is_a_fact_where_the_records_say_it(records: str, expected: Role) -> None:
    seen = await look(World(records=records), about("example.com"), role.CHECK)
    assert seen.facts.role is expected


async def test_what_a_parked_domain_leaves_open_is_named() -> None:
    seen = await look(World(records=WEB + REJECT), about("example.com"), role.CHECK)
    assert seen.one("ROLE_PARKED_INCOMPLETE").missing == ("MX", "SPF")


def test_the_records_of_another_domain_say_nothing_of_this_one() -> None:
    assert not steps(about("example.com", sender="user@example.net"), [role.CHECK])
    assert steps(about("example.com", sender="user@example.com"), [role.CHECK])
    assert not steps(about("192.0.2.1"), [role.CHECK])
