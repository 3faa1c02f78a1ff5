"""What the blocklists check states, over real DNS on loopback, and the data it rests on."""

from __future__ import annotations

import json
import time
import unicodedata
from dataclasses import replace
from pathlib import Path

import pytest

from bot.run import Language
from bot.sandbox.dns import Delay, Fault
from bot.sandbox.internet import Internet, World
from bot.sandbox.worlds import BLOCKLISTS
from bot.sandbox.zones import address_blocklist, listing
from bot.spans import plain
from bot.wording import Wording
from checks import blocklists
from checks.blocklist_data import KEY, SHIPPED, BadBlocklistsError, Blocklist, Keyring, Takes, choose, dead, load
from checks.blocklists import CHECK, BlocklistFacts
from checks.blocklists_findings import BlocklistsClean, BlocklistsListedOnMx
from checks.causes import Cause
from checks.check import Check, Severity
from checks.network import Guard, Inquiry, Network, Trouble
from checks.network import inquiry as inquiry_module
from checks.triage import triage
from tests.checks.scenario import NETWORKS, Scenario, Seen, about, look, play, says, untested

MAIL = """
    example.com       MX   10 mx.example.com
    mx.example.com    A    192.0.2.25
"""
FACTS = Path(__file__).parents[3] / "shared" / "data" / "dnsbls.json"
IPV6 = "2001:db8::25"
OWN_LISTS = (
    *(each for each in load() if each.zone in {"multi.surbl.org", "bl.spameatingmonkey.net"}),
    *(replace(each, query_by_default=True) for each in load() if each.zone == "dnsbl-2.uceprotect.net"),
)
OWN = blocklists.check(OWN_LISTS)
"""Lists of an operator: none takes IPv6, one is informational."""


def world(records: str = "", mail: str = MAIL, **faults: Fault) -> World:
    return World(
        records=mail + BLOCKLISTS + records,
        faults={f".{zone.replace('_', '.')}": fault for zone, fault in faults.items()},
    )


def without(zone: str) -> str:
    return "".join(line for line in BLOCKLISTS.splitlines(keepends=True) if f"{zone} " not in line)


def mail_hosts(count: int) -> str:
    return "".join(
        f"example.com MX {10 * n} mx{n}.example.com\nmx{n}.example.com A 192.0.2.{n}\n" for n in range(1, count + 1)
    )


ZEN = "zen.spamhaus.org"
SPF = "example.com TXT v=spf1 ip4:192.0.2.99 -all\n"
SENDING = about("example.com", sender_ip="192.0.2.77")

SCENARIOS = [
    Scenario(
        name="no list names the mail host or the domain",
        world=world(),
        codes=says("BLOCKLISTS_CLEAN", "BLOCKLISTS_DOMAIN_CLEAN"),
    ),
    Scenario(
        name="the sending address is clean while the mail host is listed",
        world=world(listing(ZEN, "192.0.2.25", "127.0.0.2")),
        case=SENDING,
        codes=says("BLOCKLISTS_CLEAN", "BLOCKLISTS_DOMAIN_CLEAN"),
    ),
    Scenario(
        name="a major list names the sending address",
        world=world(listing(ZEN, "192.0.2.77", "127.0.0.2")),
        case=SENDING,
        codes=says("BLOCKLISTS_LISTED", "BLOCKLISTS_DOMAIN_CLEAN"),
    ),
    Scenario(
        name="a major list names the target",
        world=world(listing("bl.spamcop.net", "192.0.2.77", "127.0.0.2")),
        case=about("192.0.2.77"),
        codes=says("BLOCKLISTS_LISTED"),
    ),
    Scenario(
        name="a major list names the mail host",
        world=world(listing(ZEN, "192.0.2.25", "127.0.0.3", "127.0.0.9")),
        codes=says("BLOCKLISTS_LISTED_ON_MX", "BLOCKLISTS_DOMAIN_CLEAN"),
    ),
    Scenario(
        name="a major list names an address that the SPF record lets send",
        world=world(listing(ZEN, "192.0.2.99", "127.0.0.2") + SPF),
        codes=says("BLOCKLISTS_LISTED_IN_SPF", "BLOCKLISTS_CLEAN", "BLOCKLISTS_DOMAIN_CLEAN"),
    ),
    Scenario(
        name="the SPF record sends from a range for clients",
        world=world(listing(ZEN, "192.0.2.99", "127.0.0.10") + SPF),
        codes=says("BLOCKLISTS_POLICY_SENDING", "BLOCKLISTS_CLEAN", "BLOCKLISTS_DOMAIN_CLEAN"),
    ),
    Scenario(
        name="a machine behind the sending address is infected",
        world=world(listing(ZEN, "192.0.2.77", "127.0.0.4")),
        case=SENDING,
        codes=says("BLOCKLISTS_INFECTED", "BLOCKLISTS_DOMAIN_CLEAN"),
    ),
    Scenario(
        name="a machine behind the mail host is infected",
        world=world(listing(ZEN, "192.0.2.25", "127.0.0.4")),
        codes=says("BLOCKLISTS_INFECTED_ON_MX", "BLOCKLISTS_DOMAIN_CLEAN"),
    ),
    Scenario(
        name="an infected machine in a range for clients",
        world=world(listing(ZEN, "192.0.2.77", "127.0.0.4", "127.0.0.11")),
        case=SENDING,
        codes=says("BLOCKLISTS_INFECTED", "BLOCKLISTS_POLICY_SENDING", "BLOCKLISTS_DOMAIN_CLEAN"),
    ),
    Scenario(
        name="a small list takes the address for a bot",
        world=world(listing("bip.virusfree.cz", "192.0.2.25", "127.0.0.2")),
        codes=says("BLOCKLISTS_INFECTED_MINOR", "BLOCKLISTS_DOMAIN_CLEAN"),
    ),
    Scenario(
        name="small lists name the address",
        world=world(
            listing("psbl.surriel.com", "192.0.2.25", "127.0.0.2")
            + listing("truncate.gbudb.net", "192.0.2.25", "127.0.0.2")
        ),
        codes=says("BLOCKLISTS_LISTED_MINOR", "BLOCKLISTS_DOMAIN_CLEAN"),
    ),
    Scenario(
        name="the sending address is in a range for clients",
        world=world(listing(ZEN, "192.0.2.77", "127.0.0.10")),
        case=SENDING,
        codes=says("BLOCKLISTS_POLICY_SENDING", "BLOCKLISTS_DOMAIN_CLEAN"),
    ),
    Scenario(
        name="an address that may not send is in a range for clients",
        world=world(listing(ZEN, "192.0.2.77", "127.0.0.10")),
        case=about("192.0.2.77"),
        codes=says("BLOCKLISTS_POLICY"),
    ),
    Scenario(
        name="a widely used list names the domain",
        world=world(listing("dbl.spamhaus.org", "example.com", "127.0.1.2")),
        codes=says("BLOCKLISTS_CLEAN", "BLOCKLISTS_DOMAIN_LISTED"),
    ),
    Scenario(
        name="the web site of the domain was broken into",
        world=world(listing("dbl.spamhaus.org", "example.com", "127.0.1.102")),
        codes=says("BLOCKLISTS_CLEAN", "BLOCKLISTS_DOMAIN_HACKED"),
    ),
    Scenario(
        name="bits of one answer mean different things",
        world=world(listing("multi.surbl.org", "example.com", "127.0.0.136")),
        codes=says("BLOCKLISTS_CLEAN", "BLOCKLISTS_DOMAIN_LISTED", "BLOCKLISTS_DOMAIN_HACKED"),
    ),
    Scenario(
        name="a small list names the domain above the host asked about",
        world=world(listing("multi.uribl.com", "example.com", "127.0.0.2"), mail="www.example.com A 192.0.2.25\n"),
        case=about("www.example.com"),
        codes=says("BLOCKLISTS_CLEAN", "BLOCKLISTS_DOMAIN_LISTED_MINOR"),
    ),
    Scenario(
        name="a list notes that the domain sends in bulk",
        world=world(listing("multi.uribl.com", "example.com", "127.0.0.4")),
        codes=says("BLOCKLISTS_CLEAN", "BLOCKLISTS_DOMAIN_NOTED"),
    ),
    Scenario(
        name="a list refuses to be asked",
        world=World(records=MAIL + without(ZEN) + f"*.{ZEN} A 127.255.255.254\n"),
        codes=says("BLOCKLISTS_CLEAN", "BLOCKLISTS_DOMAIN_CLEAN", "BLOCKLISTS_REFUSED"),
    ),
    Scenario(
        name="a list of domains refuses to be asked by its own bit",
        world=World(records=MAIL + without("multi.uribl.com") + "*.multi.uribl.com A 127.0.0.1\n"),
        codes=says("BLOCKLISTS_CLEAN", "BLOCKLISTS_DOMAIN_CLEAN", "BLOCKLISTS_REFUSED"),
    ),
    Scenario(
        name="a refusal that only the test entry meets",
        world=World(records=MAIL + without(ZEN) + listing(ZEN, "127.0.0.2", "127.255.255.255")),
        codes=says("BLOCKLISTS_CLEAN", "BLOCKLISTS_DOMAIN_CLEAN", "BLOCKLISTS_REFUSED"),
    ),
    Scenario(
        name="127.0.0.1 is no listing",
        world=world(listing(ZEN, "192.0.2.25", "127.0.0.1")),
        codes=says("BLOCKLISTS_CLEAN", "BLOCKLISTS_DOMAIN_CLEAN", "BLOCKLISTS_ODD_ANSWER"),
    ),
    Scenario(
        name="a code that is not documented is no listing",
        world=world(listing("dbl.spamhaus.org", "example.com", "127.0.1.99")),
        codes=says("BLOCKLISTS_CLEAN", "BLOCKLISTS_DOMAIN_CLEAN", "BLOCKLISTS_ODD_ANSWER"),
    ),
    Scenario(
        name="an answer outside 127.0.0.0/8 is no listing, even beside a documented code",
        world=world(listing(ZEN, "192.0.2.25", "127.0.0.2", "198.51.100.1")),
        codes=says("BLOCKLISTS_CLEAN", "BLOCKLISTS_DOMAIN_CLEAN", "BLOCKLISTS_ODD_ANSWER"),
    ),
    Scenario(
        name="a zone that was sold points everybody to a web server",
        world=World(records=MAIL + without("psbl.surriel.com") + "*.psbl.surriel.com A 198.51.100.1\n"),
        codes=says("BLOCKLISTS_CLEAN", "BLOCKLISTS_DOMAIN_CLEAN", "BLOCKLISTS_ODD_ANSWER"),
    ),
    Scenario(
        name="a list that lists the world is not believed",
        world=world(f"*.{ZEN} A 127.0.0.2\n1.0.0.127.{ZEN} A 127.0.0.2\n"),
        codes=says("BLOCKLISTS_CLEAN", "BLOCKLISTS_DOMAIN_CLEAN", "BLOCKLISTS_LIST_UNUSABLE"),
    ),
    Scenario(
        name="a list that lists nothing is not believed",
        world=World(records=MAIL + without("bl.mailspike.net")),
        codes=says("BLOCKLISTS_CLEAN", "BLOCKLISTS_DOMAIN_CLEAN", "BLOCKLISTS_LIST_UNUSABLE"),
    ),
    Scenario(
        name="a list whose name servers fail",
        world=world(psbl_surriel_com=Fault.SERVFAIL),
        codes=says("BLOCKLISTS_CLEAN", "BLOCKLISTS_DOMAIN_CLEAN", "BLOCKLISTS_NO_ANSWER"),
    ),
    Scenario(
        name="no list answers, so nothing is called clean",
        world=World(records=MAIL + BLOCKLISTS, faults={f".{each.zone}": Fault.REFUSED for each in load()}),
        codes=says("BLOCKLISTS_NO_ANSWER"),
    ),
    Scenario(
        name="a listing of a list whose test was not answered",
        world=World(
            records=MAIL + BLOCKLISTS + listing(ZEN, "192.0.2.25", "127.0.0.2"),
            faults={f"1.0.0.127.{ZEN}": Fault.SERVFAIL},
        ),
        codes=says("BLOCKLISTS_CLEAN", "BLOCKLISTS_DOMAIN_CLEAN", "BLOCKLISTS_NO_ANSWER"),
    ),
    Scenario(
        name="the sending address is private",
        world=world(),
        case=about("example.com", sender_ip="192.168.1.20"),
        codes=says("BLOCKLISTS_PRIVATE_ADDRESS", "BLOCKLISTS_DOMAIN_CLEAN"),
    ),
    Scenario(
        name="the mail hosts could not be told",
        world=World(records=MAIL + BLOCKLISTS, faults={"example.com MX": Fault.REFUSED}),
        codes=says("BLOCKLISTS_ADDRESS_UNKNOWN", "BLOCKLISTS_DOMAIN_CLEAN"),
    ),
    Scenario(
        name="the address of one mail host could not be told",
        world=World(
            records=mail_hosts(2) + BLOCKLISTS,
            faults={"mx2.example.com": Fault.REFUSED},
        ),
        codes=says("BLOCKLISTS_ADDRESS_UNKNOWN", "BLOCKLISTS_CLEAN", "BLOCKLISTS_DOMAIN_CLEAN"),
    ),
    Scenario(
        name="the domain takes no mail",
        world=world(mail="example.com MX 0 .\n"),
        codes=says("BLOCKLISTS_NO_ADDRESS", "BLOCKLISTS_DOMAIN_CLEAN"),
    ),
    Scenario(
        name="a domain that does not exist is left to the domain check",
        world=World(records=BLOCKLISTS + "example.net A 192.0.2.25\n"),
        codes=says("CHECK_SKIPPED"),
    ),
    Scenario(
        name="more mail hosts than are asked about",
        world=world(mail=mail_hosts(6)),
        codes=says("BLOCKLISTS_CLEAN", "BLOCKLISTS_DOMAIN_CLEAN", "BLOCKLISTS_NOT_ALL_ADDRESSES"),
    ),
]
OWN_SCENARIOS = [
    Scenario(
        name="a list names the range",
        world=world(
            address_blocklist("dnsbl-2.uceprotect.net") + listing("dnsbl-2.uceprotect.net", "192.0.2.25", "127.0.0.2")
        ),
        codes=says("BLOCKLISTS_NOTED", "BLOCKLISTS_DOMAIN_CLEAN"),
    ),
    Scenario(
        name="no list takes the address",
        world=world(),
        case=about(IPV6),
        codes=says("BLOCKLISTS_NO_LIST"),
    ),
]


def told(seen: Seen, name: str) -> list[bool | None]:
    facts = seen.facts
    assert isinstance(facts, BlocklistFacts)
    return [answer.listed for answer in facts.answers if answer.list == name]


async def states_it_and_has_words_for_it(scenario: Scenario, check: Check[BlocklistFacts]) -> None:
    seen = await play(scenario, check)
    for language in Language:
        wording = Wording(language, strict=True)
        for finding in seen.findings:
            assert plain(wording.title(finding))
            assert plain(wording.detail(finding))
            wording.fix(finding)


@pytest.mark.parametrize("scenario", SCENARIOS, ids=str)
async def test_states_what_the_world_holds(scenario: Scenario) -> None:
    await states_it_and_has_words_for_it(scenario, CHECK)


@pytest.mark.parametrize("scenario", OWN_SCENARIOS, ids=str)
async def test_states_what_an_operators_own_lists_hold(scenario: Scenario) -> None:
    await states_it_and_has_words_for_it(scenario, OWN)


def test_every_code_is_raised_by_some_world_and_not_by_others() -> None:
    assert not untested(CHECK, [*SCENARIOS, *OWN_SCENARIOS])


async def test_a_listing_comes_with_its_meaning_its_page_and_the_words_of_the_list() -> None:
    reason = "https://check.spamhaus.org/query/ip/192.0.2.77"
    page = "https://example.org/removal"  # the shipped row has none: its page was never looked at
    check = blocklists.check([replace(each, removal_url=page) if each.zone == ZEN else each for each in load()])
    seen = await look(world(listing(ZEN, "192.0.2.77", "127.0.0.2", "127.0.0.3", reason=reason)), SENDING, check)
    listed = seen.one("BLOCKLISTS_LISTED")
    assert (listed.meaning, listed.codes, listed.removal) == ("spam_source", ("127.0.0.2", "127.0.0.3"), "request")
    assert (listed.reason, listed.page) == (reason, page)
    assert (listed.severity, listed.cause) == (Severity.PROBLEM, Cause.IP_BLOCKLISTED)
    questions = {each.number: each.question for each in seen.evidence}
    assert {questions[number] for number in listed.evidence} == {
        f"77.2.0.192.{ZEN} A",
        f"77.2.0.192.{ZEN} TXT",
        f"1.0.0.127.{ZEN} A",
    }
    assert told(seen, "Spamhaus ZEN") == [True]
    assert told(seen, "SpamCop") == [False]


async def test_a_reason_full_of_traps_stays_data() -> None:
    reason = "<!channel> `x` *b* <https://example.net|click> \x1b[31m\u202e" + "A" * 3000
    seen = await look(world(listing(ZEN, "192.0.2.77", "127.0.0.4", reason=reason)), SENDING, CHECK)
    infected = seen.one("BLOCKLISTS_INFECTED")
    assert infected.reason.startswith("<!channel>")
    shown = plain(Wording(Language.EN, strict=True).detail(infected))
    assert len(shown) < 1000
    assert not [char for char in shown if unicodedata.category(char) in {"Cc", "Cf"}]


async def test_only_a_listing_is_asked_for_its_reason() -> None:
    seen = await look(world(listing(ZEN, "192.0.2.25", "127.0.0.2")), about("example.com"), CHECK)
    of_lists = {name for name, kind in seen.queries if kind == "TXT" and not name.endswith("example.com")}
    assert of_lists == {f"25.2.0.192.{ZEN}"}


@pytest.mark.parametrize(
    ("record", "asked_about"),
    [
        ("v=spf1 ip4:192.0.2.99 ip6:2001:db8::99 -all", ("192.0.2.99", "2001:db8::99")),
        ("v=spf1 ip4:192.0.2.96/28 include:_spf.example.net -all", ()),
        ("v=spf1 a:out.example.com -all", ("192.0.2.98",)),
        ("v=spf1 a:out.example.com/24 ?ip4:192.0.2.99 -all", ()),
        ("v=spf1 -all ip4:192.0.2.99", ()),
        ("v=spf1 ip4:10.0.0.1 -all", ()),
        ("v=spf1 ip4:192.0.2.96 ip4:192.0.2.97 ip4:192.0.2.99 -all", ("192.0.2.96", "192.0.2.97")),
        ("v=spf1 ip4:192.0.2.99 ipv4:192.0.2.98 -all", ()),
        ("v=spf1 ip4:192.0.2.25 -all", ("192.0.2.25",)),
    ],
)
async def test_what_the_domain_names_as_its_senders_is_asked_about(record: str, asked_about: tuple[str, ...]) -> None:
    records = f"example.com TXT {record}\nout.example.com A 192.0.2.98\n"
    seen = await look(world(records), about("example.com"), CHECK)
    clean = {
        address: str(finding.why)
        for finding in seen.findings
        if isinstance(finding, BlocklistsClean)
        for address in finding.addresses
    }
    assert clean == {"192.0.2.25": "mail_host"} | dict.fromkeys(asked_about, "spf")


async def test_ipv6_is_asked_by_nibbles_and_lists_without_it_are_left_out() -> None:
    seen = await look(world(listing("bl.spamcop.net", IPV6, "127.0.0.2")), about(IPV6), CHECK)
    assert seen.one("BLOCKLISTS_LISTED").address == IPV6
    clean = await look(world(), about(IPV6), CHECK)
    found = clean.one("BLOCKLISTS_CLEAN")
    shipped = [each for each in load() if each.query_by_default]
    assert found.asked == found.answered == sum(Takes.IPV6 in each.takes for each in shipped)
    assert found.without_ipv6 == sum(each.takes == (Takes.IPV4,) for each in shipped) > 0
    nibbles = "5.2.0.0." + "0." * 20 + "8.b.d.0.1.0.0.2"
    assert (f"{nibbles}.{ZEN}", "A") in clean.queries
    assert not any(nibbles in name and "mailspike" in name for name, _ in clean.queries)


async def test_no_address_is_ever_sent_to_a_list_of_domains() -> None:
    seen = await look(world(), about("192.0.2.77"), CHECK)
    zones = tuple(each.zone for each in load() if Takes.DOMAIN in each.takes)
    assert zones
    assert not [name for name, _ in seen.queries if name.endswith(zones)]


async def test_a_silent_list_costs_its_own_patience_and_nobody_elses_answer() -> None:
    started = time.monotonic()
    seen = await look(world(psbl_surriel_com=Fault.SILENT, dbl_spamhaus_org=Fault.SILENT), about("example.com"), CHECK)
    assert time.monotonic() - started < 1.5 + 1.0
    silent = seen.one("BLOCKLISTS_NO_ANSWER")
    assert (set(silent.lists), silent.reason) == ({"PSBL", "Spamhaus DBL"}, Trouble.TIMEOUT)
    clean = seen.one("BLOCKLISTS_CLEAN")
    assert clean.answered == clean.asked - 1
    assert told(seen, "PSBL") == told(seen, "Spamhaus DBL") == [None]
    assert seen.verdict is Severity.UNKNOWN


async def test_a_list_that_is_late_but_within_its_patience_is_heard() -> None:
    slow = World(records=MAIL + BLOCKLISTS, faults={".psbl.surriel.com": Delay(0.5)})
    seen = await look(slow, about("example.com"), CHECK)
    assert seen.codes == {"BLOCKLISTS_CLEAN", "BLOCKLISTS_DOMAIN_CLEAN"}
    assert told(seen, "PSBL") == [False]


async def test_a_healthy_domain_costs_few_questions() -> None:
    seen = await look(world(), about("example.com"), CHECK)
    assert len(seen.queries) == len(set(seen.queries)) <= 60


@pytest.mark.parametrize("most", [3, 22])
async def test_a_run_that_has_asked_enough_blames_no_list(monkeypatch: pytest.MonkeyPatch, most: int) -> None:
    monkeypatch.setattr(inquiry_module, "MOST_QUESTIONS", most)
    listed = "".join(
        listing(each.zone, "192.0.2.77", "127.0.0.2", reason="listed") for each in load() if each.query_by_default
    )
    seen = await look(world(listed), about("192.0.2.77"), CHECK)
    if most == 3:
        assert seen.one("BLOCKLISTS_NO_ANSWER").reason is Trouble.ENOUGH_ASKED
    else:  # enough for all but the reasons
        assert "BLOCKLISTS_LISTED" in seen.codes
        assert "BLOCKLISTS_NO_ANSWER" not in seen.codes
    numbers = {each.number for each in seen.evidence}
    assert all(number in numbers for finding in seen.findings for number in finding.evidence)


async def test_what_is_left_out_is_said() -> None:
    seen = await look(world(mail=mail_hosts(6)), about("example.com"), CHECK)
    left_out = seen.one("BLOCKLISTS_NOT_ALL_ADDRESSES")
    assert (left_out.hosts, left_out.addresses) == (("mx5.example.com", "mx6.example.com"), ())
    assert len(seen.one("BLOCKLISTS_CLEAN").addresses) == blocklists.MOST_ADDRESSES
    many = "example.com MX 10 mx.example.com\n" + "".join(f"mx.example.com A 192.0.2.{n}\n" for n in range(1, 5))
    seen = await look(world(mail=many), about("example.com"), CHECK)
    looked_at = seen.one("BLOCKLISTS_CLEAN").addresses
    left_out = seen.one("BLOCKLISTS_NOT_ALL_ADDRESSES")
    assert {*looked_at, *left_out.addresses} == {f"192.0.2.{n}" for n in range(1, 5)}


async def test_a_list_proves_itself_once_an_hour_however_many_runs_there_are() -> None:
    async def one_run(network: Network) -> list[tuple[str, str]]:
        before = len(internet.queries)
        inquiry = Inquiry(network)
        results = [each async for each in triage(about("192.0.2.77"), [CHECK], inquiry)]
        await inquiry.close()
        assert [finding.code for finding in results[0].outcome.findings] == ["BLOCKLISTS_CLEAN"]
        cited = {number for each in results for finding in each.outcome.findings for number in finding.evidence}
        assert cited == {each.number for each in inquiry.evidence()}
        assert all(each.answer for each in inquiry.evidence())
        asked = [(query.name, query.rdtype) for query in internet.queries[before:]]
        assert inquiry.questions == len(asked)
        return asked

    lists = sum(each.query_by_default and Takes.IPV4 in each.takes for each in load())
    async with (
        Internet(world()) as internet,
        Network(servers=internet.dns_servers, guard=Guard.of(NETWORKS, dial=internet.dial_map)) as network,
    ):
        assert len(await one_run(network)) == 3 * lists
        assert len(await one_run(network)) == lists
        for question, heard in network.heard.items():
            network.heard[question] = replace(heard, clock=heard.clock - 3601)
        assert len(await one_run(network)) == 3 * lists


async def test_a_test_that_was_not_answered_is_asked_again_in_the_next_run() -> None:
    async with (
        Internet(world(psbl_surriel_com=Fault.REFUSED)) as internet,
        Network(servers=internet.dns_servers, guard=Guard.of(NETWORKS, dial=internet.dial_map)) as network,
    ):
        for _ in range(2):
            inquiry = Inquiry(network)
            _ = [each async for each in triage(about("192.0.2.77"), [CHECK], inquiry)]
            await inquiry.close()
        tests = [query for query in internet.queries if query.name == "2.0.0.127.psbl.surriel.com"]
        assert len(tests) >= 2
        assert ("2.0.0.127.psbl.surriel.com", "A") not in network.heard


CANARY = "canarykey7f3a9b"


# --- The data --------------------------------------------------------------------------------------------------------


def rows() -> list[dict[str, object]]:
    read: list[dict[str, object]] = json.loads(SHIPPED.read_bytes())
    return read


def test_the_shipped_lists_are_complete_and_none_of_them_has_died() -> None:
    lists = load()
    assert {kind for each in lists if each.query_by_default for kind in each.takes} == {*Takes}
    assert not dead() & {each.zone for each in lists}
    for each in lists:
        assert not {meaning for refusal in each.refusals for meaning in each.codes if meaning == refusal}
        assert each.question(each.test_points.listed) != each.question(each.test_points.not_listed)


@pytest.mark.skipif(not FACTS.exists(), reason="the facts the data was made from lie beside the repository")
def test_the_shipped_lists_agree_with_the_facts_they_were_made_from() -> None:
    facts = json.loads(FACTS.read_bytes())
    zones = {each["zone"]: each for each in facts["zones"]}
    assert dead() == {zone for each in facts["dead"] for zone in each["zones"]}
    lists = load()
    by_default = {zone for zone, each in zones.items() if each["query_by_default"] and each["kind"] in {"ip", "domain"}}
    assert {each.zone for each in lists if each.query_by_default} == by_default
    for each in lists:
        fact = zones[each.zone.replace(KEY, "<key>")]
        codes = {code["code"]: code["kind"] for code in fact["return_codes"]}
        assert {*each.codes} == {code for code, kind in codes.items() if kind != "error"}, each.zone
        assert {*each.refusals} == {code for code, kind in codes.items() if kind == "error"}, each.zone
        assert (Takes.DOMAIN in each.takes) == (fact["kind"] == "domain"), each.zone
        of_ipv6 = fact if fact["ipv6"] is not None or each.instead_of is None else zones[each.instead_of]
        assert (Takes.IPV6 in each.takes) == bool(of_ipv6["ipv6"]), each.zone
        assert (each.impact, each.as_of, each.source_url) == (fact["impact"], fact["as_of"], fact["source_url"])
        doubtful = fact["unverified_fields"]  # general knowledge, not told to anybody as a fact
        assert each.removal_url == (None if "delist_url" in doubtful else fact["delist_url"]), each.zone
        assert each.lookup_url == (None if "lookup_url" in doubtful else fact["lookup_url"]), each.zone
        # Where the facts know no test entry, RFC 5782 §5 does.
        assert each.test_points.listed == (fact["test_points"]["listed"] or "::ffff:127.0.0.2"), each.zone


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"impact": "huge"}, r"row 1: impact: "),
        ({"extra": 1}, r"row 1: extra: "),
        ({"codes": {"127.0.0.2": "bad"}}, r"row 1: codes: 127\.0\.0\.2: "),
        ({"codes": {"10.0.0.1": "infected"}}, r"row 1: codes: "),
        ({"codes": {"127.0.0.2": "infected", "bit 2": "infected"}}, r"row 1 \(.*\): codes: "),
        ({"takes": ["ipv4", "domain"]}, r"row 1 \(.*\): takes: "),
        ({"zone": "zen spamhaus"}, r"row 1: zone: "),
        ({"zone": "dnsbl.sorbs.net"}, r"row 1 \(.*\): zone: dnsbl\.sorbs\.net has died"),
        ({"zone": "web.dnsbl.sorbs.net"}, r"row 1 \(.*\): zone: .*has died"),
        ({"secret": CANARY}, r"row 1 \(.*\): secret: "),
        ({"zone": "bl.spamcop.net"}, r"row 2 \(.*\): zone: is there twice"),
        ({"test_points": {"listed": "test", "not_listed": "127.0.0.1"}}, r"row 1 \(.*\): test_points: 'test'"),
    ],
)
def test_a_bad_row_is_named_by_file_row_and_field(tmp_path: Path, change: dict[str, object], complaint: str) -> None:
    file = tmp_path / "lists.json"
    first, *others = rows()
    file.write_text(json.dumps([{**first, **change}, *others]))
    with pytest.raises(BadBlocklistsError, match=rf"lists\.json: {complaint}"):
        load(file)


@pytest.mark.parametrize("text", ["", "{}", "[1]", "\xff"])
def test_a_file_that_is_no_list_of_rows_is_named(tmp_path: Path, text: str) -> None:
    file = tmp_path / "lists.json"
    file.write_text(text, "latin-1")
    with pytest.raises(BadBlocklistsError, match=r"lists\.json: "):
        load(file)
    with pytest.raises(BadBlocklistsError, match=r"gone\.json: No such file"):
        load(tmp_path / "gone.json")


async def test_lists_of_the_operators_own_replace_the_shipped_ones(tmp_path: Path) -> None:
    file = tmp_path / "lists.json"
    row: dict[str, object] = {**rows()[0], "name": "Own", "zone": "bl.example.net"}
    file.write_text(json.dumps([row]))
    own: tuple[Blocklist, ...] = load(file)
    records = address_blocklist("bl.example.net") + listing("bl.example.net", "192.0.2.25", "127.0.0.2")
    seen = await look(world(records), about("192.0.2.25"), blocklists.check(own))
    assert seen.one("BLOCKLISTS_LISTED").list == "Own"
    assert {name.split(".", 4)[4] for name, _ in seen.queries} == {"bl.example.net"}


async def test_a_key_of_a_list_is_asked_with_and_shown_nowhere(caplog: pytest.LogCaptureFixture) -> None:
    zone = f"{CANARY}.zen.dq.spamhaus.net"
    records = (
        MAIL
        + BLOCKLISTS
        + address_blocklist(zone)
        + listing(zone, "192.0.2.25", "127.0.0.2", reason=f"https://example.net/?q=25.2.0.192.{zone} {CANARY.upper()}")
    )
    keyed = blocklists.check(load(), {Keyring.SPAMHAUS: CANARY})
    async with (
        Internet(World(records=records)) as internet,
        Network(servers=internet.dns_servers, guard=Guard.of(NETWORKS), secrets=[CANARY]) as network,
    ):
        inquiry = Inquiry(network)
        results = [each async for each in triage(about("example.com"), [keyed], inquiry)]
        await inquiry.close()
        evidence = inquiry.evidence()
        asked = {query.name for query in internet.queries}
    listed = [each for result in results for each in result.outcome.findings if isinstance(each, BlocklistsListedOnMx)]
    assert [each.list for each in listed] == ["Spamhaus ZEN (DQS)"]
    assert f"25.2.0.192.{zone}" in asked
    assert not any(name.endswith(ZEN) for name in asked), "the open list is asked as well"
    assert any("….zen.dq.spamhaus.net" in each.question for each in evidence)
    assert [each.reason for each in listed] == ["https://example.net/?q=25.2.0.192.….zen.dq.spamhaus.net …"]
    assert CANARY not in (repr((evidence, results, choose(load(), {Keyring.SPAMHAUS: CANARY}))) + caplog.text).lower()


def test_without_a_key_no_keyed_list_is_asked_and_with_one_it_takes_the_open_ones_place() -> None:
    open_ones = choose(load(), {})
    assert not any(each.key for each in open_ones)
    with_key = choose(load(), {Keyring.SPAMHAUS: CANARY})
    assert {each.zone for each in open_ones} - {each.zone for each in with_key} == {ZEN}
    assert {each.zone for each in with_key} - {each.zone for each in open_ones} == {
        f"{KEY}.zen.dq.spamhaus.net",
        f"{KEY}.authbl.dq.spamhaus.net",
    }
    assert {each.question("127.0.0.2") for each in with_key if each.key} == {
        f"2.0.0.127.{CANARY}.zen.dq.spamhaus.net",
        f"2.0.0.127.{CANARY}.authbl.dq.spamhaus.net",
    }
    with pytest.raises(ValueError, match="secret") as refused:
        choose(load(), {Keyring.SPAMHAUS: "no key"})
    assert "no key" not in str(refused.value)
