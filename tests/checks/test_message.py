"""The message check: what a message tells, as it was sent, changed on the way, or pasted in part."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.history import History, new_run_id
from bot.run import TERMINAL, Run
from bot.sandbox.dns import Fault
from bot.sandbox.internet import World
from checks import message
from checks.check import Outcome, Result, Severity
from checks.message.headers import MAX_MESSAGE
from checks.message.signatures import MOST_SIGNATURES
from checks.wire import case as case_from
from checks.wire import to_json
from tests.checks.letters import (
    BODY,
    ED25519,
    FIELDS,
    HEAD,
    INTO_NET,
    MAIL_FROM,
    NOW,
    SUBMITTED,
    TRACE,
    letter,
    published,
    received,
    rsa_key,
    signed,
)
from tests.checks.scenario import Scenario, about, look, play, says, untested

RECORDS = f"""
example.com A 192.0.2.80
example.com TXT v=spf1 ip4:192.0.2.25 -all
_dmarc.example.com TXT v=DMARC1; p=reject
s1._domainkey.example.com TXT {published(rsa_key())}
ed._domainkey.example.com TXT {published(ED25519)}
strict._domainkey.example.com TXT {published(rsa_key(), "t=s; ")}
test._domainkey.example.com TXT {published(rsa_key(), "t=y; ")}
revoked._domainkey.example.com TXT v=DKIM1; p=
broken._domainkey.example.com TXT v=DKIM1; p=abc
other._domainkey.example.com TXT {published(rsa_key(1024))}
sub.example.com A 192.0.2.81
s1._domainkey.sub.example.com TXT {published(rsa_key())}
mail.example.com A 192.0.2.25
mail.example.com TXT v=spf1 a -all
example.org TXT v=spf1 ip4:203.0.113.7 -all
s1._domainkey.example.org TXT {published(rsa_key())}
"""
GOOD = ("MESSAGE_DMARC_PASS", "MESSAGE_SIGNATURE_VALID", "MESSAGE_SPF_PASS", "MESSAGE_ROUTE")
BY_SPF = ("MESSAGE_DMARC_PASS", "MESSAGE_DMARC_SPF_ONLY", "MESSAGE_SPF_PASS", "MESSAGE_ROUTE")
UNSIGNED = letter()
HEADERS = signed(UNSIGNED).partition(b"\r\n\r\n")[0] + b"\r\n"


def arrives(name: str, text: bytes, *codes: str, more: str = "", **world: object) -> Scenario:
    """A world in which this message is looked at."""
    return Scenario(
        name=name,
        world=World(records=RECORDS + more, **world),  # type: ignore[arg-type] # the fields of World
        case=about("example.com", message=text),
        codes=says(*codes),
    )


def policy(text: str) -> str:
    """The records with another DMARC policy of the author's domain."""
    return RECORDS.replace("v=DMARC1; p=reject", text)


def with_records(scenario_records: str, name: str, text: bytes, *codes: str) -> Scenario:
    return Scenario(
        name=name,
        world=World(records=scenario_records),
        case=about("example.com", message=text),
        codes=says(*codes),
    )


BY_OTHER = letter(
    trace=(
        "Return-Path: <bounce@example.org>",
        received("out.example.org (out.example.org [203.0.113.7])", "mx.example.net", 50),
    )
)
FORWARDED = letter(
    trace=(
        MAIL_FROM,
        received("mx.example.net (mx.example.net [198.51.100.3])", "mx.example.edu", 40),
        INTO_NET,
        SUBMITTED,
    )
)
RESULTS = (
    "Authentication-Results: mx.example.net; dkim={dkim} header.d=example.com header.s=s1;\n"
    " spf={spf} smtp.mailfrom=user@example.com; dmarc={dmarc} header.from=example.com"
)


def arc(instance: int, chain: str) -> tuple[str, ...]:
    return (
        f"ARC-Seal: i={instance}; a=rsa-sha256; cv={chain}; d=example.net; s=x; b=AAAA",
        f"ARC-Message-Signature: i={instance}; a=rsa-sha256; d=example.net; s=x; bh=AAAA; h=from; b=AAAA",
        f"ARC-Authentication-Results: i={instance}; mx.example.net; spf=pass",
    )


def unusable(name: str, tags: dict[str, str | None], code: str = "MESSAGE_SIGNATURE_UNUSABLE") -> Scenario:
    return arrives(name, signed(UNSIGNED, tags=tags), *BY_SPF, code)


def submitted(seconds_ago: float) -> str:
    return received("[10.0.0.5] (home.example.org [198.51.100.99])", "mail.example.com", seconds_ago, "ESMTPSA")


FROM_MAIL = "mail.example.com (mail.example.com [192.0.2.25])"
LATE = (MAIL_FROM, received(FROM_MAIL, "mx.example.net", 5000))
ABOVE, TAGGED = b"X-Tag: above\r\n", b"X-Tag: below\r\n" + UNSIGNED
TOMORROW = (received(FROM_MAIL, "mx.example.net", -90_000), submitted(60))

SCENARIOS = [
    arrives("a good message", signed(UNSIGNED), *GOOD),
    arrives("simple canonicalization", signed(UNSIGNED, form="simple/simple"), *GOOD),
    arrives("an Ed25519 signature", signed(UNSIGNED, selector="ed", key=ED25519), *GOOD),
    arrives("two signatures", signed(signed(UNSIGNED), selector="ed", key=ED25519), *GOOD),
    arrives("lines that end in LF only", signed(UNSIGNED).replace(b"\r\n", b"\n"), *GOOD),
    arrives("a line of the helper before it", b"Here is the mail:\n\n" + signed(UNSIGNED), *GOOD),
    arrives("four megabytes of spaces behind the text", signed(UNSIGNED) + b" " * 4_000_000, *GOOD),
    arrives("an empty body", signed(letter(body=b"")), *GOOD),
    arrives("a signature for a subdomain, aligned", signed(UNSIGNED, domain="sub.example.com"), *GOOD),
    # --- signatures
    arrives("no signature", UNSIGNED, *BY_SPF, "MESSAGE_NOT_SIGNED"),
    unusable("a signature without its hash", {"bh": None}, "MESSAGE_SIGNATURE_TAG_MISSING"),
    unusable("an unknown algorithm", {"a": "rsa-sha512"}),
    unusable("SHA-1", {"a": "rsa-sha1"}),
    unusable("an unknown canonicalization", {"c": "nowsp/simple"}),
    unusable("a wrong version", {"v": "2"}),
    unusable("a domain that is none", {"d": "example..com", "i": "@example..com"}),
    unusable("an identity outside", {"i": "@example.org"}, "MESSAGE_SIGNATURE_IDENTITY_OUTSIDE"),
    unusable("a time that is no number", {"t": "now"}),
    arrives(
        "From not signed",
        signed(UNSIGNED, fields=("subject", "subject")),
        *BY_SPF,
        "MESSAGE_SIGNATURE_FROM_UNSIGNED",
    ),
    unusable(
        "a signature that expired on the way", {"t": "1500000000", "x": "1600000000"}, "MESSAGE_SIGNATURE_EXPIRED"
    ),
    unusable("a signature of tomorrow", {"t": "4000000000"}, "MESSAGE_SIGNATURE_FROM_FUTURE"),
    arrives(
        "a strict key and a subdomain",
        signed(UNSIGNED, selector="strict", tags={"i": "@sub.example.com"}),
        *BY_SPF,
        "MESSAGE_STRICT_IDENTITY",
    ),
    arrives("a strict key and its own domain", signed(UNSIGNED, selector="strict"), *GOOD),
    arrives("a key in test", signed(UNSIGNED, selector="test"), *GOOD, "MESSAGE_KEY_TESTING"),
    arrives("no key", signed(UNSIGNED, selector="gone"), *BY_SPF, "MESSAGE_KEY_MISSING"),
    arrives("a revoked key", signed(UNSIGNED, selector="revoked"), *BY_SPF, "MESSAGE_KEY_REVOKED"),
    arrives("a broken key", signed(UNSIGNED, selector="broken"), *BY_SPF, "MESSAGE_KEY_UNUSABLE"),
    arrives("a key of the other kind", signed(UNSIGNED, selector="ed"), *BY_SPF, "MESSAGE_KEY_UNUSABLE"),
    arrives(
        "a key server that does not answer",
        signed(UNSIGNED),
        "MESSAGE_DMARC_PASS",
        "MESSAGE_SPF_PASS",
        "MESSAGE_ROUTE",
        "MESSAGE_KEY_UNKNOWN",
        faults={"s1._domainkey.example.com": Fault.SERVFAIL},
    ),
    arrives("a footer added", signed(UNSIGNED) + b"-- \r\nList footer\r\n", *BY_SPF, "MESSAGE_BODY_CHANGED"),
    arrives(
        "a subject rewritten",
        signed(UNSIGNED).replace(b"Subject: R", b"Subject: [EXTERNAL] R"),
        *BY_SPF,
        "MESSAGE_SIGNATURE_MISMATCH",
    ),
    arrives(
        "one more space, simple",
        signed(UNSIGNED, form="simple/simple").replace(b"Subject: R", b"Subject:  R"),
        *BY_SPF,
        "MESSAGE_SIGNATURE_MISMATCH",
    ),
    arrives("one more space, relaxed", signed(UNSIGNED).replace(b"Subject: R", b"Subject:  R"), *GOOD),
    arrives(
        "another key than the published", signed(UNSIGNED, selector="other"), *BY_SPF, "MESSAGE_SIGNATURE_MISMATCH"
    ),
    arrives(
        "a length, and text behind it",
        signed(UNSIGNED, length=True) + b"Buy now\r\n",
        *GOOD,
        "MESSAGE_BODY_PARTLY_SIGNED",
    ),
    arrives(
        "a signer that signs each field once",
        signed(UNSIGNED, fields=tuple(dict.fromkeys(FIELDS))),
        *GOOD,
        "MESSAGE_NOT_OVERSIGNED",
    ),
    arrives(
        "more signatures than are verified",
        (f"DKIM-Signature: v=1; d=example.org; n={'x' * 20}\r\n" * MOST_SIGNATURES).encode() + signed(UNSIGNED),
        "MESSAGE_DMARC_PASS",
        "MESSAGE_SPF_PASS",
        "MESSAGE_ROUTE",
        "MESSAGE_SIGNATURES_LEFT_OUT",
        "MESSAGE_SIGNATURE_TAG_MISSING",
    ),
    arrives("a selector that no name can have", signed(UNSIGNED, selector="x" * 70), *BY_SPF, "MESSAGE_KEY_MISSING"),
    arrives(
        "of two fields with one name, the lower is signed", ABOVE + signed(TAGGED, fields=(*FIELDS, "x-tag")), *GOOD
    ),
    arrives("two fields with one name, both signed", signed(ABOVE + TAGGED, fields=(*FIELDS, "x-tag", "x-tag")), *GOOD),
    # --- SPF and DMARC
    with_records(
        policy("v=DMARC1; p=reject; np=none"),
        "an author domain that does not exist",
        letter(head=("From: a@ghost.example.com", *HEAD[1:])).replace(b"<user@example.com>", b"<b@example.org>"),
        "MESSAGE_DMARC_FAIL",
        "MESSAGE_NOT_SIGNED",
        "MESSAGE_SPF_NOT_PASS",
        "MESSAGE_ROUTE",
    ),
    arrives(
        "sent and signed by a service for itself",
        signed(BY_OTHER, domain="example.org"),
        "MESSAGE_DMARC_REJECT",
        "MESSAGE_SIGNATURE_VALID",
        "MESSAGE_SIGNED_FOR_OTHER",
        "MESSAGE_SPF_PASS",
        "MESSAGE_ROUTE",
    ),
    with_records(
        policy("v=DMARC1; p=quarantine"),
        "the same under a milder policy",
        signed(BY_OTHER, domain="example.org"),
        "MESSAGE_DMARC_FAIL",
        "MESSAGE_SIGNATURE_VALID",
        "MESSAGE_SIGNED_FOR_OTHER",
        "MESSAGE_SPF_PASS",
        "MESSAGE_ROUTE",
    ),
    arrives("sent by a service, signed as the author", signed(BY_OTHER), *GOOD),
    with_records(
        policy("v=DMARC1; p=reject; adkim=s; aspf=s"),
        "a signature for a subdomain, and strict alignment",
        signed(BY_OTHER, domain="sub.example.com"),
        "MESSAGE_DMARC_REJECT",
        "MESSAGE_SIGNATURE_VALID",
        "MESSAGE_SPF_PASS",
        "MESSAGE_ROUTE",
    ),
    arrives(
        "passed on unchanged",
        signed(FORWARDED),
        "MESSAGE_DMARC_PASS",
        "MESSAGE_SIGNATURE_VALID",
        "MESSAGE_SPF_FORWARDED",
        "MESSAGE_ROUTE",
    ),
    arrives(
        "passed on unsigned",
        FORWARDED,
        "MESSAGE_DMARC_REJECT",
        "MESSAGE_NOT_SIGNED",
        "MESSAGE_SPF_FORWARDED",
        "MESSAGE_ROUTE",
    ),
    arrives(
        "an SPF record that does not answer",
        UNSIGNED,
        "MESSAGE_DMARC_UNKNOWN",
        "MESSAGE_NOT_SIGNED",
        "MESSAGE_SPF_UNKNOWN",
        "MESSAGE_ROUTE",
        faults={"example.com TXT": Fault.SERVFAIL},
    ),
    arrives(
        "a bounce, judged by the name of its server",
        signed(letter(trace=("Return-Path: <>", INTO_NET))),
        *GOOD,
    ),
    arrives(
        "a walk that does not answer",
        signed(BY_OTHER, domain="example.org"),
        "MESSAGE_DMARC_UNKNOWN",
        "MESSAGE_SIGNATURE_VALID",
        "MESSAGE_SPF_PASS",
        "MESSAGE_ROUTE",
        faults={"_dmarc.org": Fault.SERVFAIL},
    ),
    # --- what was pasted
    arrives("something else", b"My mail is not being sent.", "MESSAGE_UNREADABLE"),
    arrives("nothing", b"", "MESSAGE_UNREADABLE"),
    arrives(
        "the headers only",
        HEADERS,
        "MESSAGE_DMARC_PASS",
        "MESSAGE_BODY_NOT_PASTED",
        "MESSAGE_SPF_PASS",
        "MESSAGE_ROUTE",
    ),
    arrives(
        "headers of a message whose SPF fails",
        HEADERS.replace(b"192.0.2.25", b"192.0.2.26"),
        "MESSAGE_DMARC_UNKNOWN",
        "MESSAGE_BODY_NOT_PASTED",
        "MESSAGE_SPF_NOT_PASS",
        "MESSAGE_ROUTE",
    ),
    arrives(
        "the copy in the sent folder",
        letter(trace=()),
        "MESSAGE_DMARC_UNKNOWN",
        "MESSAGE_SIGNATURE_NOT_SEEN",
        "MESSAGE_SPF_NOT_EVALUATED",
    ),
    arrives(
        "all headers of a message without a signature",
        UNSIGNED.partition(b"\r\n\r\n")[0] + b"\r\n",
        *BY_SPF,
        "MESSAGE_NOT_SIGNED",
    ),
    arrives(
        "the headers that a mail program shows",
        b"".join(line for line in UNSIGNED.partition(b"\r\n\r\n")[0].splitlines(keepends=True) if b"-ID:" not in line),
        *BY_SPF,
        "MESSAGE_SIGNATURE_NOT_SEEN",
    ),
    arrives(
        "a few headers",
        f"{INTO_NET}\n{MAIL_FROM}\n".encode(),
        "MESSAGE_FROM_NOT_PASTED",
        "MESSAGE_SIGNATURE_NOT_SEEN",
        "MESSAGE_SPF_PASS",
        "MESSAGE_ROUTE",
    ),
    arrives(
        "a message longer than is read",
        signed(
            letter(body=b"A line of sixty characters, repeated until it is too much.\r\n" * (MAX_MESSAGE // 60 + 9))
        ),
        "MESSAGE_TOO_BIG",
        "MESSAGE_DMARC_PASS",
        "MESSAGE_BODY_NOT_PASTED",
        "MESSAGE_SPF_PASS",
        "MESSAGE_ROUTE",
    ),
    # --- From
    arrives(
        "no From",
        letter(head=HEAD[1:]),
        "MESSAGE_FROM_MISSING",
        "MESSAGE_NOT_SIGNED",
        "MESSAGE_SPF_PASS",
        "MESSAGE_ROUTE",
    ),
    arrives(
        "a From without an address",
        letter(head=("From: The printer on the second floor", *HEAD[1:])),
        "MESSAGE_FROM_UNREADABLE",
        "MESSAGE_NOT_SIGNED",
        "MESSAGE_SPF_PASS",
        "MESSAGE_ROUTE",
    ),
    arrives(
        "authors in two domains",
        letter(head=("From: a@example.com, b@example.org", *HEAD[1:])),
        "MESSAGE_SEVERAL_FROM",
        "MESSAGE_NOT_SIGNED",
        "MESSAGE_SPF_PASS",
        "MESSAGE_ROUTE",
    ),
    arrives(
        "a second From on top of a signed one",
        signed(UNSIGNED).replace(b"From: A", b"From: ceo@example.com\r\nFrom: A"),
        *BY_SPF,
        "MESSAGE_FIELD_REPEATED",
        "MESSAGE_SIGNATURE_MISMATCH",
    ),
    # --- what servers noted
    arrives(
        "results that are those of now",
        signed(letter(trace=(RESULTS.format(dkim="pass", spf="pass", dmarc="pass"), *TRACE))),
        *GOOD,
        "MESSAGE_RECEIVER_RESULTS",
    ),
    arrives(
        "results that are not those of now",
        signed(letter(trace=(RESULTS.format(dkim="fail", spf="softfail", dmarc="fail"), *TRACE))),
        *GOOD,
        "MESSAGE_RECEIVER_RESULTS",
        "MESSAGE_RESULT_DIFFERS",
    ),
    arrives(
        "an ARC chain", signed(letter(trace=(*arc(2, "pass"), *arc(1, "none"), *TRACE))), *GOOD, "MESSAGE_ARC_CHAIN"
    ),
    arrives("an ARC chain that failed", signed(letter(trace=(*arc(1, "fail"), *TRACE))), *GOOD, "MESSAGE_ARC_BROKEN"),
    arrives("an ARC chain with a gap", signed(letter(trace=(*arc(2, "pass"), *TRACE))), *GOOD, "MESSAGE_ARC_BROKEN"),
    # --- the way
    arrives("a long wait", signed(letter(trace=(MAIL_FROM, INTO_NET, submitted(4000)))), *GOOD, "MESSAGE_SLOW_HOP"),
    arrives("a server behind its time", signed(letter(trace=(*LATE, submitted(50)))), *GOOD, "MESSAGE_CLOCK_WRONG"),
    arrives("a server of tomorrow", signed(letter(trace=(MAIL_FROM, *TOMORROW))), *GOOD, "MESSAGE_CLOCK_WRONG"),
]


@pytest.mark.parametrize("scenario", SCENARIOS, ids=str)
async def test_a_message_gets_exactly_the_findings_it_deserves(scenario: Scenario) -> None:
    await play(scenario, message.CHECK)


def test_every_code_is_raised_in_some_world_and_not_in_another() -> None:
    assert untested(message.CHECK, SCENARIOS) == set()


async def seen(text: bytes, records: str = RECORDS, **hints: str) -> message.MessageFacts:
    facts = (await look(World(records=records), about("example.com", message=text, **hints), message.CHECK)).facts
    assert isinstance(facts, message.MessageFacts)
    return facts


async def test_the_facts_name_the_sender_the_signers_and_the_way() -> None:
    facts = await seen(signed(signed(BY_OTHER, domain="example.org"), selector="gone"))
    assert to_json(facts) == {
        "from_domain": "example.com",
        "sending_ip": "203.0.113.7",
        "mail_from": "example.org",
        "selectors": [
            {"domain": "example.com", "selector": "gone", "result": "permerror"},
            {"domain": "example.org", "selector": "s1", "result": "pass"},
        ],
        "hops": [
            {
                "by": "mx.example.net",
                "source": "out.example.org",
                "ip": "203.0.113.7",
                "delay": None,
                "encrypted": True,
            }
        ],
        "spf": "pass",
        "dmarc_aligned": False,
    }


async def test_a_message_passed_on_is_judged_by_the_last_address_and_known_by_the_first() -> None:
    found = await look(World(records=RECORDS), about("example.com", message=FORWARDED), message.CHECK)
    route, spf = found.one("MESSAGE_ROUTE"), found.one("MESSAGE_SPF_FORWARDED")
    assert (route.address, route.last, route.confidence) == ("192.0.2.25", "198.51.100.3", "claimed")
    assert (spf.address, spf.domain) == ("198.51.100.3", "example.com")


@pytest.mark.parametrize(
    ("text", "header", "forwarded"),
    [
        (signed(UNSIGNED) + b"footer", "intact", "no"),
        (signed(UNSIGNED).replace(b"Subject: R", b"Subject: [list] R") + b"footer", "changed", "no"),
        (signed(letter(trace=("List-Id: <a.example.net>", *TRACE))) + b"footer", "intact", "likely"),
    ],
)
async def test_a_changed_body_is_told_with_what_became_of_the_header(text: bytes, header: str, forwarded: str) -> None:
    found = await look(World(records=RECORDS), about("example.com", message=text), message.CHECK)
    changed = found.one("MESSAGE_BODY_CHANGED")
    assert (changed.header, changed.forwarded) == (header, forwarded)


@pytest.mark.parametrize(("text", "header"), [(HEADERS, "intact"), (HEADERS.replace(b"Report", b"report"), "changed")])
async def test_of_pasted_headers_it_is_told_whether_they_at_least_are_as_signed(text: bytes, header: str) -> None:
    found = await look(World(records=RECORDS), about("example.com", message=text), message.CHECK)
    assert found.one("MESSAGE_BODY_NOT_PASTED").header == header


async def test_the_wait_is_told_with_the_server_it_happened_at() -> None:
    text = letter(trace=(MAIL_FROM, INTO_NET, submitted(4050)))
    found = await look(World(records=RECORDS), about("example.com", message=text), message.CHECK)
    slow = found.one("MESSAGE_SLOW_HOP")
    assert (slow.source, slow.by, slow.slow, slow.delay) == ("mail.example.com", "mx.example.net", 1, 4000)


async def test_the_text_behind_the_signed_length_is_counted() -> None:
    text = signed(UNSIGNED, length=True) + b"Buy now\r\n"
    found = await look(World(records=RECORDS), about("example.com", message=text), message.CHECK)
    partly = found.one("MESSAGE_BODY_PARTLY_SIGNED")
    assert (partly.length, partly.unsigned) == (len(BODY.replace(b"  ", b" ")), len(b"Buy now\r\n"))


async def test_each_result_that_differs_is_told_with_both_words() -> None:
    text = signed(letter(trace=(RESULTS.format(dkim="fail", spf="softfail", dmarc="fail"), *TRACE)))
    found = await look(World(records=RECORDS), about("example.com", message=text), message.CHECK)
    differing = [each for each in found.findings if isinstance(each, message.findings.MessageResultDiffers)]
    assert {(each.method, each.claimed, each.now) for each in differing} == {
        ("DKIM", "fail", "pass"),
        ("SPF", "softfail", "pass"),
        ("DMARC", "fail", "pass"),
    }


async def test_a_result_for_another_domain_is_no_contradiction() -> None:
    noted = "Authentication-Results: mx.example.net; dkim=fail header.d=example.org; spf=fail smtp.mailfrom=example.org"
    found = await look(
        World(records=RECORDS), about("example.com", message=signed(letter(trace=(noted, *TRACE)))), message.CHECK
    )
    assert "MESSAGE_RESULT_DIFFERS" not in found.codes


async def test_a_signature_that_has_expired_since_the_message_came_is_good() -> None:
    old = (MAIL_FROM, received(FROM_MAIL, "mx.example.net", 900_000))
    text = signed(letter(trace=old), tags={"t": "1500000000", "x": str(int(NOW) - 800_000)})
    found = await look(World(records=RECORDS), about("example.com", message=text), message.CHECK)
    assert "MESSAGE_SIGNATURE_VALID" in found.codes


async def test_a_clock_that_is_ahead_lets_no_signature_expire() -> None:
    text = signed(letter(trace=(MAIL_FROM, *TOMORROW)), tags={"x": str(int(NOW) + 9_000)})
    found = await look(World(records=RECORDS), about("example.com", message=text), message.CHECK)
    assert "MESSAGE_SIGNATURE_VALID" in found.codes


async def test_the_address_of_the_ticket_stands_in_for_one_that_the_headers_do_not_tell() -> None:
    text = letter(trace=(MAIL_FROM,))
    assert (await seen(text)).spf is None
    assert (await seen(text, sender_ip="192.0.2.25")).spf == "pass"


async def test_an_envelope_sender_known_by_its_domain_only_leaves_local_macros_open() -> None:
    noted = "Authentication-Results: mx.example.net; spf=pass smtp.mailfrom=example.com"
    text = letter(trace=(noted, INTO_NET))
    assert (await seen(text)).spf == "pass"
    assert (await seen(text, RECORDS.replace("ip4:192.0.2.25", "exists:%{l}.example.com"))).spf is None


async def test_nothing_but_the_text_records_of_the_message_is_asked_for() -> None:
    found = await look(World(records=RECORDS), about("example.com", message=signed(UNSIGNED)), message.CHECK)
    assert set(found.queries) == {
        ("s1._domainkey.example.com", "TXT"),
        ("example.com", "TXT"),
        ("example.com", "SOA"),
        ("_dmarc.example.com", "TXT"),
        ("_dmarc.com", "TXT"),
    }


async def test_hostile_headers_do_not_multiply_the_questions() -> None:
    field = "DKIM-Signature: v=1; a=rsa-sha256; b=AAAA; bh=AAAA; h=from; s=s{0}; d=a.b.c.d.e.f.g.h{0}.example.org\r\n"
    text = "".join(field.format(number) for number in range(500)).encode() + UNSIGNED
    found = await look(World(records=RECORDS), about("example.com", message=text), message.CHECK)
    assert found.one("MESSAGE_SIGNATURES_LEFT_OUT").left_out == 500 - MOST_SIGNATURES
    assert len(set(found.queries)) < 80


def test_the_check_applies_only_where_a_message_came_with_the_case() -> None:
    assert message.CHECK.applies(about("example.com", message=UNSIGNED))
    assert not message.CHECK.applies(about("example.com"))


def test_the_message_is_neither_kept_with_the_case_nor_shown() -> None:
    case = about("example.com", message=UNSIGNED, reference="INC-42")
    kept = to_json(case)
    assert "Report" not in f"{kept}{case!r}"
    assert case_from(kept) == about("example.com", reference="INC-42")


def on_disk(directory: Path) -> bytes:
    return b"".join(file.read_bytes() for file in directory.iterdir())


async def test_history_keeps_what_was_found_and_not_the_message(tmp_path: Path) -> None:
    head = (*HEAD[:2], "Subject: canary in the subject", *HEAD[3:])
    case = about("example.com", message=signed(letter(head=head, body=b"canary in the body\r\n")))
    found = await look(World(records=RECORDS), case, message.CHECK)
    result = Result(check=message.CHECK, outcome=Outcome(found.facts, found.findings), started=NOW, ms=1.0)
    run = Run(
        id=new_run_id(NOW),
        case=case,
        asked_by="U1",
        place=TERMINAL,
        language=None,
        asked_at=NOW,
        version="1",
        steps=("message",),
    )
    history = await History.open(tmp_path / "history.db", [message.CHECK])
    try:
        assert await history.accept(run)
        assert await history.record(run.id, result, found.evidence)
        kept = await history.load(run.id)
    finally:
        await history.close()
    assert kept is not None
    assert kept.run.case.message is None
    assert kept.steps[0].findings == found.findings
    assert b"MESSAGE_DMARC_PASS" in on_disk(tmp_path)
    assert b"canary" not in on_disk(tmp_path)


def test_a_signature_that_does_not_hold_is_no_problem_by_itself() -> None:
    severities = {code.severity for code in message.CHECK.findings if code.__name__.startswith("MessageSignature")}
    assert Severity.PROBLEM not in severities, "a receiver treats it as if it were not there (RFC 6376 §6.1)"


HEAD_LIKE = st.lists(
    st.tuples(
        st.sampled_from(
            [b"From", b"Received", b"DKIM-Signature", b"Return-Path", b"Authentication-Results", b"ARC-Seal", b"Date"]
        ),
        st.binary(max_size=120),
    ),
    max_size=8,
).map(lambda fields: b"\r\n".join(name + b": " + value for name, value in fields))


@settings(max_examples=60)
@given(
    st.one_of(
        st.binary(max_size=400), HEAD_LIKE, st.text(max_size=200).map(lambda text: text.encode("utf-8", "replace"))
    )
)
async def test_any_octets_get_an_answer(octets: bytes) -> None:
    found = await look(World(records=RECORDS), about("example.com", message=octets), message.CHECK)
    assert found.codes
    assert not found.codes & {"CHECK_CRASHED", "CHECK_TIMED_OUT"}, found.findings


@settings(max_examples=40)
@given(st.data())
async def test_a_message_damaged_anywhere_gets_an_answer(data: st.DataObject) -> None:
    whole = signed(letter(trace=(RESULTS.format(dkim="pass", spf="pass", dmarc="pass"), *arc(1, "none"), *TRACE)))
    at = data.draw(st.integers(0, len(whole)))
    text = whole[:at] + data.draw(st.binary(max_size=20)) + whole[at + data.draw(st.integers(0, 30)) :]
    found = await look(World(records=RECORDS), about("example.com", message=text), message.CHECK)
    assert not found.codes & {"CHECK_CRASHED", "CHECK_TIMED_OUT"}, found.findings
