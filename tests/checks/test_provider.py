"""What the provider check states, over real DNS on loopback."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from bot.run import Language
from bot.sandbox.dns import Fault
from bot.sandbox.internet import World
from bot.spans import plain
from bot.wording import Wording
from checks.check import Severity
from checks.provider import CHECK, ProviderFacts, Via
from tests.checks.scenario import Scenario, Seen, about, look, play, says, untested

HOST = "mx.example.com A 192.0.2.25\n"
GOOGLE = "example.com MX 1 aspmx.l.google.com\n"
MICROSOFT = "example.com MX 0 example-com.mail.protection.outlook.com\n"
MIMECAST = "example.com MX 10 eu-smtp-inbound-1.mimecast.com\n"
OWN = "example.com MX 10 mx.example.com\n" + HOST
ELSEWHERE = "example.com MX 10 mx.example.net\nmx.example.net A 192.0.2.25\n"
AUTODISCOVER = "autodiscover.example.com CNAME autodiscover.outlook.com\n"
XSERVER_PTR = "192.0.2.25 PTR sv1.xserver.jp\nsv1.xserver.jp A 192.0.2.25\n"


def spf(*terms: str) -> str:
    own = f"example.com TXT v=spf1 {' '.join(terms)} -all\n"
    included = {term.partition(":")[2] for term in terms if term.startswith("include:")}
    return own + "".join(f"{name} TXT v=spf1 ip4:198.51.100.1 -all\n" for name in included)


def world(records: str, **faults: Fault) -> World:
    return World(records=records, faults={name.replace("__", "."): fault for name, fault in faults.items()})


FOUND = ("PROVIDER_FOUND", "PROVIDER_CONTACT")
SCENARIOS = [
    Scenario(
        name="the mail hosts are those of a provider",
        world=world(GOOGLE + spf("include:_spf.google.com")),
        codes=says(*FOUND),
    ),
    Scenario(
        name="the address is one of a free service's own",
        world=world("gmail.com MX 5 gmail-smtp-in.l.google.com\n"),
        case=about("gmail.com"),
        codes=says(*FOUND),
    ),
    Scenario(
        name="the sender is with a free service and not with the domain asked about",
        world=world(OWN),
        case=about("example.com", sender="user@hotmail.com"),
        codes=says(*FOUND),
    ),
    Scenario(
        name="the sender is at another domain than the one asked about",
        world=world(OWN + "example.org MX 1 aspmx.l.google.com\n"),
        case=about("example.com", sender="user@example.org"),
        codes=says(*FOUND),
    ),
    Scenario(
        name="further providers may send for the domain",
        world=world(
            GOOGLE
            + spf("include:_spf.google.com", "include:sendgrid.net", "include:all.example.com").replace(
                "all.example.com TXT v=spf1 ", "all.example.com TXT v=spf1 include:servers.mcsv.net "
            )
            + "servers.mcsv.net TXT v=spf1 ip4:198.51.100.2 -all\n"
        ),
        codes=says(*FOUND, "PROVIDER_SENDERS"),
    ),
    Scenario(
        name="a gateway in front of mailboxes that autodiscover shows",
        world=world(MIMECAST + AUTODISCOVER + spf("include:eu._netblocks.mimecast.com", "include:_spf.google.com")),
        codes=says("PROVIDER_BEHIND_GATEWAY", "PROVIDER_CONTACT", "PROVIDER_SENDERS"),
    ),
    Scenario(
        name="a gateway in front of mailboxes that SPF shows",
        world=world(MIMECAST + spf("include:spf.protection.outlook.com")),
        codes=says("PROVIDER_BEHIND_GATEWAY", "PROVIDER_CONTACT"),
    ),
    Scenario(
        name="a gateway and nothing that shows what is behind it",
        world=world(MIMECAST + spf("include:eu._netblocks.mimecast.com")),
        codes=says("PROVIDER_HIDDEN_BY_GATEWAY", "PROVIDER_CONTACT"),
    ),
    Scenario(
        name="a gateway and a clue that is not answered",
        world=world(MIMECAST + spf("include:eu._netblocks.mimecast.com"), autodiscover__example__com=Fault.SERVFAIL),
        codes=says("PROVIDER_CLUES_UNKNOWN", "PROVIDER_CONTACT"),
    ),
    Scenario(
        name="a gateway and a provider that SPF names in order to forbid it",
        world=world(MIMECAST + spf("include:eu._netblocks.mimecast.com", "-include:spf.protection.outlook.com")),
        codes=says("PROVIDER_HIDDEN_BY_GATEWAY", "PROVIDER_CONTACT"),
    ),
    Scenario(
        name="a gateway and two providers in SPF",
        world=world(MIMECAST + spf("include:spf.protection.outlook.com", "include:_spf.google.com")),
        codes=says("PROVIDER_SEVERAL", "PROVIDER_CONTACT"),
    ),
    Scenario(
        name="some mail goes past the gateway to the provider",
        world=world(MIMECAST + MICROSOFT),
        codes=says(*FOUND),
    ),
    Scenario(
        name="mail hosts of two providers",
        world=world(GOOGLE + MICROSOFT),
        codes=says("PROVIDER_SEVERAL"),
    ),
    Scenario(
        name="mail hosts of two providers, one of which may send",
        world=world(GOOGLE + MICROSOFT + spf("include:spf.protection.outlook.com")),
        codes=says(*FOUND),
    ),
    Scenario(
        name="a mail host that two services share",
        world=world("example.com MX 10 inbound-smtp.eu-west-1.amazonaws.com\n"),
        codes=says("PROVIDER_SEVERAL"),
    ),
    Scenario(
        name="mail hosts of the domain's own name stand at a hosting company",
        world=world(OWN + XSERVER_PTR + spf("include:spf.sender.xserver.jp")),
        codes=says(*FOUND),
    ),
    Scenario(
        name="a reverse name that does not lead back is no clue",
        world=world(OWN + "192.0.2.25 PTR sv1.xserver.jp\n" + spf("mx")),
        codes=says("PROVIDER_OWN_SERVER"),
    ),
    Scenario(
        name="name servers and SPF agree",
        world=world(OWN + "example.com NS ns1.xserver.jp\n" + spf("include:spf.sender.xserver.jp")),
        codes=says(*FOUND),
    ),
    Scenario(
        name="where the domain asked about has its servers says nothing of a sender at another one",
        world=world(
            OWN
            + XSERVER_PTR
            + "example.com NS ns1.xserver.jp\n"
            + "example.org MX 10 mx.example.org\n"
            + spf("include:spf.sender.xserver.jp").replace("example.com", "example.org")
        ),
        case=about("example.com", sender="user@example.org"),
        codes=says("PROVIDER_POINTS_TO"),
    ),
    Scenario(
        name="a single clue",
        world=world(OWN + spf("include:_spf.google.com")),
        codes=says("PROVIDER_POINTS_TO"),
    ),
    Scenario(
        name="two clues that point to different providers",
        world=world(OWN + spf("include:_spf.google.com", "include:spf.protection.outlook.com")),
        codes=says("PROVIDER_SEVERAL"),
    ),
    Scenario(
        name="mail hosts of the domain's own name and no clue",
        world=world(OWN + spf("mx")),
        codes=says("PROVIDER_OWN_SERVER"),
    ),
    Scenario(
        name="a server of one's own beside a bulk service",
        world=world(OWN + spf("mx", "include:sendgrid.net")),
        codes=says("PROVIDER_OWN_SERVER", "PROVIDER_SENDERS"),
    ),
    Scenario(
        name="mail hosts of somebody unknown",
        world=world(ELSEWHERE),
        codes=says("PROVIDER_NOT_IN_DATA"),
    ),
    Scenario(
        name="no mail host",
        world=world("example.com MX 0 .\n"),
        codes=says("PROVIDER_NO_MAIL_HOST"),
    ),
    Scenario(
        name="no mail host that is told, and a clue that is not answered",
        world=world(ELSEWHERE, autodiscover__example__com=Fault.SERVFAIL),
        codes=says("PROVIDER_CLUES_UNKNOWN"),
    ),
    Scenario(
        name="an unanswered clue is not missed where the mail hosts tell",
        world=world(GOOGLE, autodiscover__example__com=Fault.SERVFAIL),
        codes=says(*FOUND),
    ),
    Scenario(
        name="the question for the mail hosts is not answered",
        world=World(records=GOOGLE, faults={"example.com MX": Fault.SERVFAIL}),
        case=about("example.com"),
        codes=says("PROVIDER_UNKNOWN"),
    ),
    Scenario(
        name="the domain does not exist",
        world=world(""),
        codes=says("CHECK_SKIPPED"),
    ),
]


@pytest.mark.parametrize("scenario", SCENARIOS, ids=str)
async def test_the_check_states_what_the_world_is(scenario: Scenario) -> None:
    await play(scenario, CHECK)


def test_every_code_has_a_world_in_which_it_is_stated_and_one_in_which_it_is_not() -> None:
    assert untested(CHECK, SCENARIOS) == set()


async def facts_of(records: str, target: str = "example.com", **hints: str) -> ProviderFacts:
    seen = await look(world(records), about(target, **hints), CHECK)
    assert isinstance(seen.facts, ProviderFacts)
    return seen.facts


async def test_the_facts_say_who_it_is_and_by_what_it_was_recognised() -> None:
    facts = await facts_of(MIMECAST + AUTODISCOVER + spf("include:spf.protection.outlook.com", "include:sendgrid.net"))
    assert (facts.id, facts.gateway) == ("microsoft-365", "mimecast")
    assert facts.via == (Via.AUTODISCOVER, Via.SPF)
    assert facts.senders == ("sendgrid",)
    assert not facts.own_server
    assert facts.row is not None
    assert facts.row.limits


async def test_candidates_are_no_answer() -> None:
    facts = await facts_of(GOOGLE + MICROSOFT)
    assert facts.id is None
    assert set(facts.candidates) == {"google-workspace", "microsoft-365"}


async def test_what_a_provider_includes_in_turn_sends_for_nobody_else() -> None:
    nested = "_spf.google.com TXT v=spf1 include:sendgrid.net -all\nsendgrid.net TXT v=spf1 -all\n"
    records = GOOGLE + "example.com TXT v=spf1 include:_spf.google.com -all\n" + nested
    assert (await facts_of(records)).senders == ()


async def test_a_stated_sending_address_shows_whose_server_sent() -> None:
    records = OWN + XSERVER_PTR.replace("192.0.2.25", "192.0.2.77") + spf("include:spf.sender.xserver.jp")
    facts = await facts_of(records, sender_ip="192.0.2.77")
    assert (facts.id, facts.via) == ("xserver", (Via.SPF, Via.PTR))


async def test_a_domain_below_a_free_service_s_own_counts_as_its_own() -> None:
    facts = await facts_of("aa2.so-net.ne.jp MX 1 mx.so-net.ne.jp\n", "aa2.so-net.ne.jp")
    assert (facts.id, facts.via) == ("so-net", (Via.MAIL_DOMAIN,))


async def contact(**hints: str) -> tuple[Seen, dict[Language, str]]:
    seen = await look(world(MICROSOFT), about("example.com", **hints), CHECK)
    finding = seen.one("PROVIDER_CONTACT")
    texts = {language: Wording(language, strict=True).paste(finding) or "" for language in Language}
    return seen, texts


async def test_the_message_to_the_provider_is_filled_with_what_is_known_and_holds_nothing_private() -> None:
    seen, texts = await contact(
        reference="INC-42", sender="someone@example.com", recipient="somebody@example.org", sender_ip="192.0.2.77"
    )
    for text in texts.values():
        assert "INC-42" in text
        assert "example.com" in text
        assert re.search(r"\d{4}-\d\d-\d\d \d\d:\d\d UTC", text)
        assert not [word for word in ("someone", "somebody", "example.org", "192.0.2") if word in text]
    assert seen.one("PROVIDER_CONTACT").severity is Severity.NOTICE


async def test_without_a_ticket_the_message_speaks_of_no_reference() -> None:
    _, texts = await contact()
    assert "reference" not in texts[Language.EN]
    assert "管理番号" not in texts[Language.JA]


async def test_the_pages_of_the_provider_are_told() -> None:
    seen, _ = await contact()
    told = plain(Wording(Language.EN, strict=True).detail(seen.one("PROVIDER_CONTACT")))
    for page in ("status.cloud.microsoft", "admin.microsoft.com", "sender.office.com"):
        assert page in told


async def test_a_ticket_number_that_is_markup_stays_text() -> None:
    seen, _ = await contact()
    finding = replace(seen.one("PROVIDER_CONTACT"), reference="<!channel>\u202e")
    assert "\u202e" not in (Wording(Language.EN, strict=True).paste(finding) or "")
