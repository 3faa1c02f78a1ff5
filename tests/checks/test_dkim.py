"""The dkim check: keys at a selector that is known, and what can be said where none is."""

from __future__ import annotations

import base64
from collections.abc import Iterable

import pytest
from cryptography.hazmat.primitives.asymmetric import ed25519, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from bot.sandbox.dns import Fault
from bot.sandbox.internet import World
from checks import dkim, domain
from checks.check import Severity
from checks.network import Evidence, inquiry
from checks.network.answers import Trouble
from checks.records.tags import MAX_TEXT
from checks.wire import to_json
from tests.checks.scenario import Scenario, about, look, look_all, play, says, untested


def rsa_key(bits: int) -> str:
    """A public key of that size; that its modulus is no product of two primes is nothing a check sees."""
    key = rsa.RSAPublicNumbers(65537, (1 << (bits - 1)) | 1).public_key()
    return base64.b64encode(key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)).decode()


ED25519 = ed25519.Ed25519PrivateKey.from_private_bytes(bytes(range(32))).public_key()
RAW = ED25519.public_bytes(Encoding.Raw, PublicFormat.Raw)
ED25519_RAW = base64.b64encode(RAW).decode()
ED25519_SPKI = base64.b64encode(ED25519.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)).decode()
RSA = rsa_key(2048)

HOST = "example.com A 192.0.2.80\n"
KEY = f"v=DKIM1; k=rsa; p={RSA}"
STATED = about("example.com", selector="s9")


def at(record: str, selector: str = "s9") -> str:
    return HOST + f"{selector}._domainkey.example.com TXT {record}\n"


def key(name: str, record: str, *codes: str) -> Scenario:
    """A world where the ticket's selector has this record."""
    return Scenario(name=name, world=World(records=at(record)), case=STATED, codes=says(*codes))


def guess(name: str, records: str, *codes: str, **world: object) -> Scenario:
    """A world looked at without a selector."""
    return Scenario(name=name, world=World(records=records, **world), codes=says(*codes))  # type: ignore[arg-type] # the fields of World


NO_KEY = HOST


def sent(
    name: str, records: str, *codes: str, policy: str = "reject", silent: str = "nobody", **hints: object
) -> Scenario:
    """A world looked at for mail from a server that SPF lists."""
    auth = f"example.com TXT v=spf1 ip4:192.0.2.25 -all\n_dmarc.example.com TXT v=DMARC1; p={policy}\n"
    return Scenario(
        name=name,
        world=World(records=f"{records}{auth}", faults={f"{silent}._domainkey.example.com": Fault.SERVFAIL}),
        case=about("example.com", **{"sender_ip": "192.0.2.25", **hints}),
        codes=says(*codes),
    )


SCENARIOS = [
    key("a good key", KEY, "DKIM_KEY_FOUND"),
    key("a key without a version", f"k=rsa; p={RSA}", "DKIM_KEY_FOUND"),
    key("a revoked key", "v=DKIM1; p=", "DKIM_KEY_REVOKED"),
    key("a text that is no key", "v=spf1 -all", "DKIM_OTHER_TEXT"),
    key("instructions pasted along", f"{KEY}; TTL 3600", "DKIM_BAD_TAG"),
    key("a tag twice", f"{KEY}; k=rsa", "DKIM_DUPLICATE_TAG"),
    key("a version in small letters", f"v=dkim1; p={RSA}", "DKIM_WRONG_VERSION"),
    key("a version that comes second", f"k=rsa; v=DKIM1; p={RSA}", "DKIM_VERSION_NOT_FIRST"),
    key("no key in it", "v=DKIM1; k=rsa", "DKIM_KEY_MISSING"),
    key("a key with a strange character", f"v=DKIM1; p={RSA[:40]}%{RSA[41:]}", "DKIM_KEY_BAD_BASE64"),
    key("a key cut at 255 characters", KEY[:255], "DKIM_KEY_TRUNCATED"),
    key("a key that is something else", "v=DKIM1; p=aGVsbG8gd29ybGQgaGVsbG8gd29ybGQh", "DKIM_KEY_INVALID"),
    key("a key type nobody knows", f"v=DKIM1; k=rsa256; p={RSA}", "DKIM_UNKNOWN_KEY_TYPE"),
    key("an Ed25519 key that says it is RSA", f"v=DKIM1; k=rsa; p={ED25519_RAW}", "DKIM_KEY_TYPE_MISMATCH"),
    key(
        "an Ed25519 key of 31 octets",
        f"v=DKIM1; k=ed25519; p={base64.b64encode(RAW[1:]).decode()}",
        "DKIM_ED25519_LENGTH",
    ),
    key("an Ed25519 key in its wrapping", f"v=DKIM1; k=ed25519; p={ED25519_SPKI}", "DKIM_ED25519_WRAPPED"),
    key("an Ed25519 key", f"v=DKIM1; k=ed25519; p={ED25519_RAW}", "DKIM_KEY_FOUND", "DKIM_ED25519_ALONE"),
    key("an RSA key of 768 bits", f"v=DKIM1; p={rsa_key(768)}", "DKIM_RSA_TOO_SHORT"),
    key("an RSA key of 1,024 bits", f"v=DKIM1; p={rsa_key(1024)}", "DKIM_KEY_FOUND", "DKIM_RSA_SHORT"),
    key("an RSA key of 4,096 bits", f"v=DKIM1; p={rsa_key(4096)}", "DKIM_KEY_FOUND"),
    key("an RSA key of 8,192 bits", f"v=DKIM1; p={rsa_key(8192)}", "DKIM_KEY_FOUND", "DKIM_RSA_LONG"),
    key("SHA-1 only", f"v=DKIM1; h=sha1; p={RSA}", "DKIM_NO_SHA256"),
    key("another service only", f"v=DKIM1; s=chat; p={RSA}", "DKIM_NOT_FOR_EMAIL"),
    key("a test", f"v=DKIM1; t=y; p={RSA}", "DKIM_KEY_FOUND", "DKIM_TESTING"),
    key("a strict key", f"v=DKIM1; t=s; p={RSA}", "DKIM_KEY_FOUND", "DKIM_STRICT_IDENTITY"),
    key("two semicolons", f"v=DKIM1;; p={RSA}", "DKIM_KEY_FOUND", "DKIM_EMPTY_TAG"),
    key("a missing semicolon, told once", f"v=DKIM1 k=rsa; p={RSA}", "DKIM_TAGS_GLUED"),
    key("backslashes, told once", f"v=DKIM1\\; k=rsa\\; p={RSA}", "DKIM_ESCAPED_SEMICOLON"),
    key("quotes that became text, told once", f"'v=DKIM1; k=rsa; p={RSA}'", "DKIM_QUOTED"),
    key("spaces inside the key", f"v=DKIM1; p={RSA[:80]} {RSA[80:]}", "DKIM_KEY_FOUND", "DKIM_SPACES_IN_KEY"),
    key("a record longer than any key", f"{KEY}; n={'a' * MAX_TEXT}", "DKIM_KEY_UNKNOWN"),
    Scenario(
        name="a key in several strings",
        world=World(records=HOST + f's9._domainkey.example.com TXT "{KEY[:100]}" "{KEY[100:300]}" "{KEY[300:]}"'),
        case=STATED,
        codes=says("DKIM_KEY_FOUND"),
    ),
    Scenario(
        name="two records at one selector",
        world=World(records=at(KEY) + "s9._domainkey.example.com TXT v=DKIM1; p="),
        case=STATED,
        codes=says("DKIM_MULTIPLE_RECORDS"),
    ),
    *(
        Scenario(
            name=f"a key at {place}",
            world=World(records=HOST + f"{place} TXT {KEY}"),
            case=STATED,
            codes=says("DKIM_MISPLACED"),
        )
        for place in ("s9._domainkey.example.com.example.com", "s9.example.com")
    ),
    Scenario(
        name="another text where a key could be by mistake",
        world=World(records=HOST + "s9.example.com TXT hello"),
        case=STATED,
        codes=says("DKIM_NO_KEY"),
    ),
    Scenario(name="a selector that does not exist", world=World(records=HOST), case=STATED, codes=says("DKIM_NO_KEY")),
    Scenario(
        name="a selector with records of another type",
        world=World(records=HOST + "s9._domainkey.example.com A 192.0.2.1"),
        case=STATED,
        codes=says("DKIM_NO_KEY"),
    ),
    Scenario(
        name="a good key behind an alias",
        world=World(
            records=HOST + f"s9._domainkey.example.com CNAME k.example.net\nk.example.net TXT {KEY}",
        ),
        case=STATED,
        codes=says("DKIM_KEY_FOUND"),
    ),
    Scenario(
        name="an alias of nothing",
        world=World(records=HOST + "s9._domainkey.example.com CNAME k.example.net\nexample.net A 192.0.2.1"),
        case=STATED,
        codes=says("DKIM_ALIAS_DANGLING"),
    ),
    Scenario(
        name="a wildcard text at a stated selector",
        world=World(records=HOST + "*.example.com TXT v=spf1 -all"),
        case=STATED,
        codes=says("DKIM_NO_KEY", "DKIM_WILDCARD"),
    ),
    Scenario(
        name="a wildcard key at a stated selector",
        world=World(records=HOST + f"*._domainkey.example.com TXT {KEY}"),
        case=STATED,
        codes=says("DKIM_KEY_FOUND", "DKIM_WILDCARD"),
    ),
    Scenario(
        name="a key of its own beside a wildcard",
        world=World(records=at(KEY) + "*._domainkey.example.com TXT v=DKIM1; p="),
        case=STATED,
        codes=says("DKIM_KEY_FOUND"),
    ),
    *(
        Scenario(
            name=f"the question for a stated selector ends in {fault.name}",
            world=World(records=at(KEY), faults={"s9._domainkey.example.com": fault}),
            case=STATED,
            codes=says("DKIM_KEY_UNKNOWN"),
        )
        for fault in (Fault.SERVFAIL, Fault.SILENT, Fault.REFUSED, Fault.TRUNCATED_NO_TCP)
    ),
    Scenario(
        name="a truncated answer that TCP completes",
        world=World(records=at(KEY), faults={".example.com": Fault.TRUNCATED}),
        case=STATED,
        codes=says("DKIM_KEY_FOUND"),
    ),
    guess("no selector known, nothing found", HOST, "DKIM_SELECTOR_UNKNOWN"),
    guess("no selector known, a key under a name nobody guesses", at(KEY, "x7f"), "DKIM_SELECTOR_UNKNOWN"),
    guess("a well-known selector", at(KEY, "google"), "DKIM_KEY_FOUND"),
    guess("a common name", at(KEY, "default"), "DKIM_KEY_FOUND"),
    guess("an RSA and an Ed25519 key", at(KEY, "s1") + at(f"k=ed25519; p={ED25519_RAW}", "s2"), "DKIM_KEY_FOUND"),
    guess(
        "a used key beside a revoked one", at(KEY, "s1") + at("p=", "s2"), "DKIM_KEY_FOUND", "DKIM_SPARE_KEY_REVOKED"
    ),
    guess("only a revoked key", at("p=", "s2"), "DKIM_SPARE_KEY_REVOKED", "DKIM_SELECTOR_UNKNOWN"),
    guess(
        "the second alias is not filled yet",
        at(KEY, "selector1") + "selector2._domainkey.example.com CNAME s2.example.net\nexample.net A 192.0.2.1",
        "DKIM_KEY_FOUND",
        "DKIM_SPARE_ALIAS_DANGLING",
    ),
    guess(
        "a wildcard alias of nothing is no selector",
        HOST + "*._domainkey.example.com CNAME gone.example.net\nexample.net A 192.0.2.1",
        "DKIM_SELECTOR_UNKNOWN",
    ),
    guess("a wildcard text", HOST + "*.example.com TXT v=spf1 -all", "DKIM_WILDCARD", "DKIM_SELECTOR_UNKNOWN"),
    guess(
        "a wildcard that revokes everything",
        HOST + "*._domainkey.example.com TXT v=DKIM1; p=",
        "DKIM_ALL_KEYS_REVOKED",
    ),
    guess(
        "a key of its own beside a wildcard that revokes the others",
        at(KEY, "s1") + "*._domainkey.example.com TXT v=DKIM1; p=",
        "DKIM_KEY_FOUND",
        "DKIM_ALL_KEYS_REVOKED",
    ),
    Scenario(
        name="a stated selector, and a wildcard that revokes everything",
        world=World(records=HOST + "*._domainkey.example.com TXT v=DKIM1; p="),
        case=STATED,
        codes=says("DKIM_KEY_REVOKED"),
    ),
    sent("SPF carries the mail, and no key is known", NO_KEY, "DKIM_SELECTOR_UNKNOWN", "DKIM_DMARC_RESTS_ON_SPF"),
    sent(
        "SPF carries the mail, and its key is missing", NO_KEY, "DKIM_NO_KEY", "DKIM_DMARC_RESTS_ON_SPF", selector="x"
    ),
    sent("SPF carries the mail, and there is a key", at(KEY, "s1"), "DKIM_KEY_FOUND"),
    sent(
        "SPF carries the mail, and a key could not be asked for", NO_KEY, "DKIM_KEY_UNKNOWN", selector="x", silent="x"
    ),
    sent("SPF carries the mail, and there is no policy", NO_KEY, "DKIM_SELECTOR_UNKNOWN", policy="none"),
    sent("SPF does not carry the mail", NO_KEY, "DKIM_SELECTOR_UNKNOWN", sender_ip="203.0.113.9"),
    sent("SPF carries the mail, which is there itself", NO_KEY, "DKIM_SELECTOR_UNKNOWN", message=b"From: a@b.test"),
    guess("a wildcard key", HOST + f"*._domainkey.example.com TXT {KEY}", "DKIM_KEY_FOUND", "DKIM_WILDCARD"),
    guess(
        "a key found while another question fails",
        at(KEY, "s1"),
        "DKIM_KEY_FOUND",
        "DKIM_KEY_UNKNOWN",
        faults={"google._domainkey.example.com": Fault.SERVFAIL},
    ),
    *(
        guess(
            f"every question for a key ends in {fault.name}",
            at(KEY, "google"),
            "DKIM_KEY_UNKNOWN",
            "DKIM_SELECTOR_UNKNOWN",
            faults={"._domainkey.example.com": fault},
        )
        for fault in (Fault.SERVFAIL, Fault.SILENT, Fault.TRUNCATED_NO_TCP)
    ),
    guess("a domain that does not exist", "example.net A 192.0.2.1", "CHECK_SKIPPED"),
    guess("name servers that fail", at(KEY, "s1"), "CHECK_SKIPPED", faults={".example.com": Fault.SERVFAIL}),
    Scenario(
        name="a stated selector of a domain that does not exist",
        world=World(records="example.net A 192.0.2.1"),
        case=STATED,
        codes=says("CHECK_SKIPPED"),
    ),
    Scenario(
        name="the sender's domain is the one that signs",
        world=World(records=at(KEY) + "example.net A 192.0.2.1"),
        case=about("example.net", sender="user@example.com", selector="s9"),
        codes=says("DKIM_KEY_FOUND"),
    ),
]


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inquiry, "PATIENCE", 0.6)


@pytest.mark.parametrize("scenario", SCENARIOS, ids=str)
async def test_the_check_states_exactly_what_the_world_holds(scenario: Scenario) -> None:
    await play(scenario, dkim.CHECK)


def test_every_code_is_raised_in_some_world_and_not_in_all() -> None:
    assert not untested(dkim.CHECK, SCENARIOS)


def rounds(evidence: Iterable[Evidence]) -> int:
    """How many times the next questions had to wait for an answer, and once more."""
    count, ends = 0, 0.0
    for each in sorted(evidence, key=lambda each: each.started):
        assert each.ms is not None
        end = each.started + each.ms / 1000
        count, ends = (count + 1, end) if each.started >= ends else (count, min(ends, end))
    return count


@pytest.mark.parametrize("case", [about("example.com"), STATED], ids=["guessed", "stated"])
async def test_a_healthy_domain_costs_one_round_trip(case: object) -> None:
    world = World(records=at(KEY) + at(KEY, "s1"))
    seen = await look_all(world, case, [dkim.CHECK], delay=0.2)  # type: ignore[arg-type] # a Case, both
    assert seen["dkim"].codes == {"DKIM_KEY_FOUND"}
    assert rounds(each for each in seen["dkim"].evidence if "dkim" in each.asked_by) == 1


@pytest.mark.parametrize("records", [HOST, at(KEY, "s1"), HOST + "*.example.com TXT hello", "example.net A 192.0.2.1"])
async def test_twenty_questions_are_asked_at_most_and_none_twice(records: str) -> None:
    seen = await look_all(World(records=records), about("example.com"), [domain.CHECK, dkim.CHECK])
    asked = [query for query in seen["dkim"].queries if "_domainkey" in query[0]]
    assert len(asked) == len(set(asked)) == 20
    assert len(seen["dkim"].queries) == len(set(seen["dkim"].queries))


async def test_with_a_selector_nothing_is_guessed() -> None:
    seen = await look(World(records=at(KEY)), STATED, dkim.CHECK)
    asked = {name for name, _ in seen.queries if "_domainkey" in name}
    assert asked == {"s9._domainkey.example.com", "mailcheck-no-such-key._domainkey.example.com"}


async def test_the_facts_are_what_scripts_rely_on() -> None:
    records = at(KEY, "s1") + at(f"v=DKIM1; k=ed25519; t=y; p={ED25519_RAW}", "s2") + at("v=DKIM1; p=", "k1")
    seen = await look(World(records=records), about("example.com"), dkim.CHECK)
    assert to_json(seen.facts) == {
        "keys": [
            {"selector": "s1", "type": "rsa", "bits": 2048, "revoked": False, "testing": False},
            {"selector": "s2", "type": "ed25519", "bits": 256, "revoked": False, "testing": True},
            {"selector": "k1", "type": "rsa", "bits": None, "revoked": True, "testing": False},
        ]
    }


async def test_finding_no_key_by_guessing_is_no_fact_and_a_stated_selector_without_one_is() -> None:
    guessed = await look(World(records=HOST), about("example.com"), dkim.CHECK)
    stated = await look(World(records=HOST), STATED, dkim.CHECK)
    assert guessed.facts is None
    assert guessed.verdict is Severity.UNKNOWN
    assert stated.facts.keys == ()
    assert stated.verdict is Severity.WARNING


@pytest.mark.parametrize(
    ("records", "faults", "published"),
    [
        (HOST, {}, "none"),
        (at(KEY, "x7f"), {}, "some"),
        (at("p=", "s1"), {}, "untold"),
        (HOST + "*.example.com A 192.0.2.1", {}, "untold"),
        (HOST + "*.example.com TXT hello", {}, "untold"),
        (HOST, {"_domainkey.example.com": Fault.SERVFAIL}, "untold"),
        (at(KEY, "x7f"), {"google._domainkey.example.com": Fault.SERVFAIL}, "untold"),
    ],
)
async def test_what_dns_says_of_other_names_is_told_as_a_hint(
    records: str, faults: dict[str, Fault], published: str
) -> None:
    seen = await look(World(records=records, faults=faults), about("example.com"), dkim.CHECK)
    assert seen.one("DKIM_SELECTOR_UNKNOWN").published == published


async def test_selectors_with_the_same_flaw_share_one_finding() -> None:
    short = f"v=DKIM1; p={rsa_key(1024)}"
    records = at(short, "s1") + at(short, "s2") + at(f"v=DKIM1; p={rsa_key(1536)}", "k1")
    seen = await look(World(records=records), about("example.com"), dkim.CHECK)
    told = {each.bits: each.selectors for each in seen.findings if isinstance(each, dkim.DkimRsaShort)}
    assert told == {1024: ("s1", "s2"), 1536: ("k1",)}
    assert len(seen.one("DKIM_KEY_FOUND").evidence) == 3


async def test_questions_with_the_same_trouble_share_one_finding() -> None:
    faults = {f"{each}._domainkey.example.com": Fault.SERVFAIL for each in ("s1", "s2")}
    world = World(records=at(KEY, "google"), faults={**faults, "k1._domainkey.example.com": Fault.REFUSED})
    seen = await look(world, about("example.com"), dkim.CHECK)
    told = {each.reason: each.selectors for each in seen.findings if isinstance(each, dkim.DkimKeyUnknown)}
    assert told == {Trouble.SERVFAIL: ("s1", "s2"), Trouble.REFUSED: ("k1",)}


async def test_a_record_with_thousands_of_problems_has_one_finding_for_each_kind() -> None:
    hostile = "v=DKIM1;" + ";" * 4000 + "junk;" * 2000
    seen = await look(World(records=at(hostile)), STATED, dkim.CHECK)
    assert sorted(each.code for each in seen.findings) == ["DKIM_BAD_TAG", "DKIM_EMPTY_TAG", "DKIM_KEY_MISSING"]


def test_every_well_known_selector_has_a_source_and_is_a_name() -> None:
    rows = dkim.known_selectors()
    assert len({row.selector for row in rows}) == len(rows)
    assert all(row.source_url.startswith("https://") and row.used_by for row in rows)
    assert all(row.selector.isascii() and row.selector.isalnum() and row.selector.islower() for row in rows)
    assert not {row.selector for row in rows} & set(dkim.COMMON)
