"""What the size check states, over real SMTP on loopback, and its arithmetic."""

from __future__ import annotations

import base64
from typing import Any

import pytest

from bot.run import Language
from bot.sandbox.dns import Fault
from bot.sandbox.internet import World
from bot.sandbox.smtp import MailFault, MailHost
from bot.spans import plain
from bot.wording import Wording
from checks import provider, size, submission
from checks.case import Case
from checks.causes import Cause
from checks.check import Check, Severity
from checks.provider_data import Kind, Provider, Providers
from checks.size import HEADROOM, Hop, SizeFacts, encoded, largest
from tests.checks.scenario import Scenario, Seen, about, look, play, says, untested

MB = 1_000_000
RECORDS = """
    example.com                    MX  10 mx.example.com
    mx.example.com                 A   192.0.2.25
    _submission._tcp.example.com   SRV 0 1 587 smtp.example.com
    smtp.example.com               A   192.0.2.27
    example.org                    MX  10 mx.example.org
    example.org                    MX  20 mx2.example.org
    mx.example.org                 A   198.51.100.25
    mx2.example.org                A   198.51.100.26
    example.net                    MX  0 .
    hosted.test                    MX  10 mx.hosted.test
"""
ORG, ORG_SPARE, OWN = "198.51.100.25", "198.51.100.26", "192.0.2.25"


def rule(counted: str, octets: int, **more: Any) -> dict[str, Any]:  # noqa: ANN401 - the fields of a limit
    fields = {"counted": counted, "octets": octets, "plan": "all", "confidence": "high"}
    return {**fields, "source_url": "https://example.com/limits", "as_of": "2026-01-01", **more}


def house(name: str, *rules: dict[str, Any]) -> Provider:
    fields: dict[str, Any] = {"id": name, "name": name.title(), "kind": Kind.MAILBOX, "sizes": rules}
    return Provider(consumer_domains=(f"{name}.test",), **fields)


KNOWN = Providers(
    [
        house("files", rule("attachments", 20 * MB)),
        house("rumour", rule("attachments", MB, confidence="low")),
        house("whole", rule("message", 20 * MB, plan="old_product", plan_name="Old mail")),
    ]
)


def fresh_check() -> Check[SizeFacts]:
    return size.check(provider.check(KNOWN), submission.check(KNOWN))


def host(name: str, address: str, most: int | None, *, fault: MailFault | None = None, port: int = 25) -> MailHost:
    return MailHost(name=name, address=address, port=port, size=most, fault=fault)


def world(
    *,
    own: int | None = 35 * MB,
    door: int | None = 35 * MB,
    org: int | None = 35 * MB,
    org_fault: MailFault | None = None,
    door_fault: MailFault | None = None,
    **more: Any,  # noqa: ANN401 - the fields of a world
) -> World:
    return World(
        records=RECORDS,
        mail=(
            host("mx.example.com", OWN, own),
            MailHost(
                name="smtp.example.com", address="192.0.2.27", port=587, size=door, auth=("PLAIN",), fault=door_fault
            ),
            host("mx.example.org", ORG, org, fault=org_fault),
            host("mx2.example.org", ORG_SPARE, org and org + MB, fault=org_fault),
        ),
        **more,
    )


def case(octets: int, **hints: str) -> Case:
    return about("example.com", size=octets, **hints)


TO_ORG = {"recipient": "user@example.org"}
SCENARIOS = [
    Scenario(name="it fits everywhere", world=world(), case=case(20 * MB, **TO_ORG), codes=says("SIZE_FITS")),
    Scenario(name="it fits at home", world=world(), case=case(20 * MB), codes=says("SIZE_FITS")),
    Scenario(
        name="too big for the sending server",
        world=world(door=10 * MB),
        case=case(20 * MB),
        codes=says("SIZE_TOO_BIG_TO_HAND_IN"),
    ),
    Scenario(
        name="too big for the sending server once it has grown",
        world=world(door=25 * MB),
        case=case(20 * MB),
        codes=says("SIZE_GROWS_TOO_BIG_TO_HAND_IN"),
    ),
    Scenario(
        name="too big for the recipient",
        world=world(org=10 * MB),
        case=case(20 * MB, **TO_ORG),
        codes=says("SIZE_TOO_BIG_TO_RECEIVE"),
    ),
    Scenario(
        name="too big for the recipient once it has grown",
        world=world(org=25 * MB),
        case=case(20 * MB, recipient="example.org"),
        codes=says("SIZE_GROWS_TOO_BIG_TO_RECEIVE"),
    ),
    Scenario(
        name="too big at home, where the mail does not go",
        world=world(own=10 * MB),
        case=case(20 * MB, **TO_ORG),
        codes=says("SIZE_FITS"),
    ),
    Scenario(
        name="too big at home, where the mail goes for all we know",
        world=world(own=10 * MB),
        case=case(20 * MB),
        codes=says("SIZE_TOO_BIG_TO_RECEIVE"),
    ),
    Scenario(
        name="the files are more than the provider allows",
        world=world(),
        case=case(21 * MB, sender="user@files.test"),
        codes=says("SIZE_OVER_PROVIDER_LIMIT"),
    ),
    Scenario(
        name="the message is more than the provider allows once it has grown",
        world=world(),
        case=case(15 * MB, sender="user@whole.test"),
        codes=says("SIZE_OVER_PROVIDER_LIMIT"),
    ),
    Scenario(
        name="the files are just what the provider allows",
        world=world(),
        case=case(20 * MB, sender="user@files.test"),
        codes=says("SIZE_FITS"),
    ),
    Scenario(
        name="no server announces a limit",
        world=world(door=None, own=None),
        case=case(20 * MB),
        codes=says("SIZE_NOT_ANNOUNCED"),
    ),
    Scenario(
        name="the recipient's mail hosts do not answer",
        world=world(org_fault=MailFault.CLOSED),
        case=case(20 * MB, **TO_ORG),
        codes=says("SIZE_FITS", "SIZE_UNKNOWN"),
    ),
    Scenario(
        name="the recipient's domain takes no mail",
        world=world(),
        case=case(20 * MB, recipient="user@example.net"),
        codes=says("SIZE_FITS", "SIZE_RECIPIENT_TAKES_NO_MAIL"),
    ),
    Scenario(
        name="the domain takes no mail, which matters only to those who write to it",
        world=World(
            records=RECORDS.replace("MX  10 mx.example.com", "MX  0 ."),
            mail=(MailHost(name="smtp.example.com", address="192.0.2.27", port=587, size=35 * MB, auth=("PLAIN",)),),
        ),
        case=case(20 * MB),
        codes=says("SIZE_FITS"),
    ),
    Scenario(
        name="more than somebody else says that the provider allows",
        world=world(),
        case=case(2 * MB, sender="user@rumour.test"),
        codes=says("SIZE_FITS"),
    ),
    Scenario(
        name="the question for the recipient's mail hosts is not answered",
        world=world(faults={"example.org MX": Fault.SERVFAIL}),
        case=case(20 * MB, **TO_ORG),
        codes=says("SIZE_FITS", "SIZE_UNKNOWN"),
    ),
]


@pytest.mark.parametrize("scenario", SCENARIOS, ids=str)
async def test_the_check_states_who_takes_a_message_of_this_size(scenario: Scenario) -> None:
    await play(scenario, fresh_check())


def test_every_code_has_a_world_in_which_it_is_stated_and_one_in_which_it_is_not() -> None:
    assert untested(size.CHECK, SCENARIOS) == set()


def test_it_applies_where_the_ticket_names_a_size() -> None:
    assert size.CHECK.applies(case(1))
    assert not size.CHECK.applies(about("example.com"))
    assert not size.CHECK.applies(about("192.0.2.1", size=1))


async def test_what_is_above_the_limit_as_it_stands_is_a_problem_and_what_grows_above_it_a_warning() -> None:
    found = {}
    for most in (10 * MB, 25 * MB):
        seen = await look(world(org=most), case(20 * MB, **TO_ORG), fresh_check())
        [finding] = [each for each in seen.findings if each.cause is Cause.MESSAGE_TOO_BIG]
        found[most] = finding.severity
    assert found == {10 * MB: Severity.PROBLEM, 25 * MB: Severity.WARNING}


async def test_the_finding_names_the_host_what_it_takes_and_the_largest_file_that_passes() -> None:
    seen = await look(world(org=25 * MB), case(20 * MB, **TO_ORG), fresh_check())
    finding = seen.one("SIZE_GROWS_TOO_BIG_TO_RECEIVE")
    assert (finding.host, finding.domain, finding.limit) == ("mx.example.org", "example.org", 25 * MB)
    assert finding.encoded == encoded(20 * MB)
    assert encoded(finding.largest) <= 25 * MB - HEADROOM
    assert finding.evidence
    told = plain(Wording(Language.EN, strict=True).title(finding))
    assert told == "A file of 20 MB grows to 27.4 MB, and mx.example.org, the mail host of example.org, takes 25 MB"


async def test_the_next_mail_host_is_asked_where_the_best_does_not_answer() -> None:
    place = world(org=10 * MB)
    dark = World(records=place.records, mail=tuple(each for each in place.mail if each.address != ORG))
    seen = await look(dark, case(20 * MB, **TO_ORG), fresh_check())
    assert seen.one("SIZE_TOO_BIG_TO_RECEIVE").host == "mx2.example.org"


async def test_the_facts_hold_every_limit_on_the_way() -> None:
    seen = await look(world(door=25 * MB), case(20 * MB, **TO_ORG), fresh_check())
    assert isinstance(seen.facts, SizeFacts)
    assert (seen.facts.size, seen.facts.encoded) == (20 * MB, encoded(20 * MB))
    assert [(each.hop, each.host, each.limit, each.fits) for each in seen.facts.hops] == [
        (Hop.SUBMISSION, "smtp.example.com", 25 * MB, False),
        (Hop.RECEIVING, "mx.example.org", 35 * MB, True),
        (Hop.RECEIVING, "mx2.example.org", 36 * MB, True),
    ]


def questions_of(seen: Seen) -> dict[int, str]:
    return {each.number: each.question for each in seen.evidence}


async def test_every_word_on_a_server_rests_on_what_it_said() -> None:
    seen = await look(world(door=None), case(20 * MB, **TO_ORG), fresh_check())
    asked = {each.code: " ".join(questions_of(seen)[number] for number in each.evidence) for each in seen.findings}
    assert "mx.example.org" in asked["SIZE_FITS"]
    assert "smtp.example.com" in asked["SIZE_NOT_ANNOUNCED"]
    home = await look(world(door_fault=MailFault.CLOSED), case(20 * MB), fresh_check())
    asked = {each.code: " ".join(questions_of(home)[number] for number in each.evidence) for each in home.findings}
    assert "mx.example.com" in asked["SIZE_FITS"]
    assert "smtp.example.com" in asked["SIZE_UNKNOWN"]
    dark = await look(world(faults={"example.org MX": Fault.SERVFAIL}), case(20 * MB, **TO_ORG), fresh_check())
    assert "example.org MX" in [questions_of(dark)[number] for number in dark.one("SIZE_UNKNOWN").evidence]


@pytest.mark.parametrize("hop", ["door", "own"])
@pytest.mark.parametrize("more", [0, 1])
async def test_what_fits_is_never_above_the_largest_file_that_is_told(hop: str, more: int) -> None:
    octets = largest(25 * MB) + more
    assert encoded(octets) < 25 * MB
    most: dict[str, Any] = {hop: 25 * MB}
    seen = await look(world(**most), case(octets), fresh_check())
    too_big = {"door": "SIZE_GROWS_TOO_BIG_TO_HAND_IN", "own": "SIZE_GROWS_TOO_BIG_TO_RECEIVE"}[hop]
    assert seen.codes == {too_big if more else "SIZE_FITS"}
    assert all(each.fits for each in seen.facts.hops) is not bool(more)


async def test_a_sending_server_that_was_not_reached_is_open_and_not_fine() -> None:
    seen = await look(world(door_fault=MailFault.CLOSED), case(20 * MB), fresh_check())
    assert seen.one("SIZE_UNKNOWN").hop == "submission"
    assert seen.one("SIZE_FITS").hops == ("receiving",)


async def test_a_server_that_announces_no_limit_takes_any_size_by_its_own_word_and_is_told_as_open() -> None:
    seen = await look(world(own=0), case(20 * MB), fresh_check())
    assert seen.codes == {"SIZE_FITS", "SIZE_NOT_ANNOUNCED"}
    assert [each.fits for each in seen.facts.hops] == [True, True]


async def test_a_recipient_s_domain_without_mx_records_is_its_own_mail_host() -> None:
    place = world(org=10 * MB)
    bare = World(
        records="example.org A 198.51.100.25\n" + place.records.replace("example.org  ", "gone.test  "), mail=place.mail
    )
    seen = await look(bare, case(20 * MB, **TO_ORG), fresh_check())
    assert seen.one("SIZE_TOO_BIG_TO_RECEIVE").host == "example.org"


@pytest.mark.parametrize("silent", [465, 587])
async def test_of_two_ports_the_one_that_announces_a_limit_speaks_for_the_server(silent: int) -> None:
    place = world()
    tls = {465: True, 587: False}
    doors = [
        MailHost(
            name="smtp.example.com",
            address="192.0.2.27",
            port=port,
            implicit_tls=implicit,
            size=None if port == silent else 10 * MB,
            auth=("PLAIN",),
        )
        for port, implicit in tls.items()
    ]
    records = place.records + "_submissions._tcp.example.com SRV 0 1 465 smtp.example.com\n"
    others = [each for each in place.mail if each.port == 25]
    seen = await look(World(records=records, mail=(*others, *doors)), case(20 * MB), fresh_check())
    assert seen.one("SIZE_TOO_BIG_TO_HAND_IN").limit == 10 * MB


# --- Arithmetic ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("octets", [0, 1, 2, 3, 56, 57, 58, 114, 115, 1_000, 99_999])
def test_a_file_grows_as_base64_in_lines_of_76_makes_it(octets: int) -> None:
    lines = base64.encodebytes(bytes(octets)).splitlines()
    assert encoded(octets) == sum(len(line) + 2 for line in lines)


@pytest.mark.parametrize("limit", [HEADROOM, HEADROOM + 5, HEADROOM + 78, HEADROOM + 100, 10 * MB, 25 * MB + 1])
def test_the_largest_file_passes_and_one_of_three_octets_more_does_not(limit: int) -> None:
    assert encoded(largest(limit)) <= limit - HEADROOM
    assert encoded(largest(limit) + 3) > limit - HEADROOM


def test_no_file_passes_where_there_is_no_room_for_the_header() -> None:
    assert largest(100) == 0
