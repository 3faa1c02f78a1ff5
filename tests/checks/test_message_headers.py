"""Reading a pasted message: its parts, its way, and what servers noted. No network."""

from __future__ import annotations

from email.utils import parsedate_to_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.message.claims import arc_sets, authentication_results, chain_broken
from checks.message.headers import MAX_FIELD, MAX_HEAD, MAX_MESSAGE, Part, parse
from checks.message.received import MOST_HOPS, Confidence, read_hops

NOON = "Mon, 02 Nov 2026 12:00:00 +0000"


def at(date: str) -> float:
    return parsedate_to_datetime(date).timestamp()


# --- Parts -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("pasted", "part"),
    [
        ("From: a@example.com\n\nHello\n", Part.WHOLE),
        ("From: a@example.com\n\n \n\t\n", Part.HEADERS),
        ("From: a@example.com\n", Part.HEADERS),
        ("From: a@example.com", Part.HEADERS),
        ("From: a@example.com\n\n" + "a" * MAX_MESSAGE, Part.CUT),
        ("From: a@example.com\nX: " + "a" * MAX_HEAD + "\n\nHello\n", Part.CUT),
    ],
)
def test_it_is_told_how_much_of_a_message_was_pasted(pasted: str, part: Part) -> None:
    assert parse(pasted).part is part
    assert parse(pasted.encode()).part is part


def test_what_stands_before_the_first_field_is_passed_over() -> None:
    message = parse("\ufeff```\nFrom the user's mailbox\n\nSubject: a\nFrom: a@example.com\n\nHello")
    assert [field.key for field in message.fields] == ["subject", "from"]
    assert message.body == b"Hello"


def test_a_field_keeps_its_octets_and_reads_as_one_line() -> None:
    (field,) = parse(b"Subject : caf\xe9\n\tau lait\n").fields
    assert (field.key, field.name, field.value) == ("subject", b"Subject ", b" caf\xe9\r\n\tau lait\r\n")
    assert field.text == "caf\\xe9\tau lait"


def test_a_line_that_is_no_field_costs_only_itself() -> None:
    message = parse("Subject: a\nthis line was broken by the mail program\nFrom: a@example.com\n")
    assert [field.key for field in message.fields] == ["subject", "from"]


def test_a_field_longer_than_any_sane_one_says_nothing() -> None:
    message = parse("From: a@example.com," + " " * MAX_FIELD + "\nSubject: a\n")
    assert message.from_domains == ()
    assert message.readable


@pytest.mark.parametrize(
    ("written", "domains"),
    [
        ("a@example.com", ("example.com",)),
        ("A User <a@Example.COM>", ("example.com",)),
        ('"b@example.org" <a@example.com>', ("example.com",)),
        ("=?utf-8?q?b=40example=2Eorg?= <a@example.com>", ("example.com",)),
        ("a@example.com (b@example.org)", ("example.com",)),
        ("a@example.com, b@example.com", ("example.com",)),
        ("a@example.com, b@example.org", ("example.com", "example.org")),
        ("a@b\u00fccher.example", ("xn--bcher-kva.example",)),
        ("a@[192.0.2.1]", ()),
        ("the printer", ()),
        ("(" * 5_000 + "a@example.com", ()),
        ("", ()),
    ],
)
def test_the_domains_of_from(written: str, domains: tuple[str, ...]) -> None:
    message = parse(f"From: {written}\n\nHello")
    assert message.from_domains == domains
    assert message.author_domain == (domains[0] if len(domains) == 1 else None)


@pytest.mark.parametrize(
    ("head", "mail_from"),
    [
        ("Return-Path: <a@example.com>", "a@example.com"),
        ("Return-Path: a@example.com", "a@example.com"),
        ("Return-Path: <>", ""),
        ("Return-Path: < >", ""),
        ('Received-SPF: pass (x) client-ip=192.0.2.1; envelope-from="a@example.com"; helo=h.example', "a@example.com"),
        ("Authentication-Results: mx.example.net; spf=pass smtp.mailfrom=example.com", "example.com"),
        ("Return-Path: <>\nReceived-SPF: none envelope-from=a@example.com", ""),
        ("Subject: x", None),
    ],
)
def test_the_envelope_sender_is_taken_from_where_the_receiver_noted_it(head: str, mail_from: str | None) -> None:
    assert parse(head + "\n\nHello").mail_from == mail_from


# --- The way ---------------------------------------------------------------------------------------------------------

POSTFIX = (
    f"from helo.example.com (mail.example.com [192.0.2.25]) (using TLSv1.3 with cipher X (256/256 bits)) "
    f"(No client certificate requested) by mx.example.net (Postfix) with ESMTPS id 4X2 for <b@example.net>; "
    f"{NOON} (UTC)"
)
EXIM = f"from [192.0.2.25] (port=4711 helo=mail.example.com) by mx.example.net with esmtps (TLS1.3) id 1a-2b; {NOON}"
EXIM_NAMED = f"from mail.example.com ([192.0.2.25]:4711) by mx.example.net with esmtp (Exim 4.98) id 1a-2b; {NOON}"
SENDMAIL = f"from mail.example.com (IDENT:root@mail.example.com [192.0.2.25]) by mx.example.net with SMTP id q; {NOON}"
QMAIL = f"from unknown (HELO mail.example.com) (192.0.2.25) by mx.example.net with SMTP; {NOON}"
EXCHANGE = (
    f"from mail.example.com (192.0.2.25) by mx.example.net (10.0.0.1) with Microsoft SMTP Server "
    f"(version=TLS1_2, cipher=TLS_X) id 15.20.1; {NOON}"
)
LITERAL = f"from mail.example.com (mail.example.com [IPv6:2001:db8::25]) by mx.example.net with ESMTP id 1; {NOON}"


@pytest.mark.parametrize(
    ("text", "address", "source", "encrypted"),
    [
        (POSTFIX, "192.0.2.25", "mail.example.com", True),
        (EXIM, "192.0.2.25", "mail.example.com", True),
        (EXIM_NAMED, "192.0.2.25", "mail.example.com", False),
        (SENDMAIL, "192.0.2.25", "mail.example.com", False),
        (QMAIL, "192.0.2.25", "mail.example.com", False),
        (EXCHANGE, "192.0.2.25", "mail.example.com", True),
        (LITERAL, "2001:db8::25", "mail.example.com", False),
    ],
)
def test_the_lines_of_common_servers_are_read(text: str, address: str, source: str, encrypted: bool) -> None:
    (hop,) = read_hops([text])
    assert (hop.address, hop.name or hop.greeting, hop.by) == (address, source, "mx.example.net")
    assert hop.time == at(NOON)
    assert hop.encrypted is encrypted
    assert not hop.authenticated


def test_a_line_tells_the_protocol_the_queue_id_and_the_recipient() -> None:
    (hop,) = read_hops([POSTFIX])
    assert (hop.protocol, hop.id, hop.recipient) == ("ESMTPS", "4X2", "b@example.net")


def test_what_the_server_saw_counts_before_what_the_other_side_said() -> None:
    (hop,) = read_hops([f"from [203.0.113.9] (mail.example.com [192.0.2.25]) by mx.example.net with ESMTPSA; {NOON}"])
    assert hop.address == "192.0.2.25"
    assert hop.authenticated


@pytest.mark.parametrize(
    "text", ["", ";", "from", "by by by", "(((", ")))", "from [300.1.2.3] by x; no date", "x" * 9_000]
)
def test_a_line_that_cannot_be_read_is_an_empty_hop(text: str) -> None:
    (hop,) = read_hops([text])
    assert (hop.address, hop.time, hop.delay) == (None, None, None)


def test_delays_are_counted_from_the_nearest_older_line_with_a_time() -> None:
    hops = read_hops(
        [f"by c.example; {NOON}", "by b.example; whenever", "by a.example; Mon, 02 Nov 2026 13:58:00 +0200"]
    )
    assert [hop.delay for hop in hops] == [120.0, None, None]


def test_a_message_that_runs_in_circles_is_not_followed_for_ever() -> None:
    assert len(read_hops(POSTFIX for _ in range(10_000))) == MOST_HOPS


def lines(*received: str, sender: str = "example.com", more: str = "") -> str:
    return "".join(f"Received: {each}\n" for each in received) + more + f"From: a@{sender}\n\nHello"


INSIDE_NET = f"from gate.example.net (gate.example.net [198.51.100.3]) by box.example.net with ESMTPS id 1; {NOON}"
PRIVATE = f"from pc (pc [10.0.0.5]) by helo.example.com with ESMTP id 1; {NOON}"
SUBMITTED = f"from pc (home.example.org [203.0.113.9]) by helo.example.com with ESMTPSA id 1; {NOON}"
FROM_APP = f"from app.example.org (app.example.org [203.0.113.9]) by helo.example.com with ESMTP id 1; {NOON}"


@pytest.mark.parametrize("older", [(), (PRIVATE,), (SUBMITTED,), (FROM_APP,)])
def test_the_handover_is_where_it_went_from_one_organization_to_another(older: tuple[str, ...]) -> None:
    message = parse(lines(INSIDE_NET, POSTFIX, *older))
    (handover,) = message.handovers
    assert (handover.address, handover.by) == ("192.0.2.25", "mx.example.net")
    assert handover.confidence is Confidence.RECEIVED
    assert message.travelled


def test_mail_of_a_service_to_the_authors_own_organization_has_a_handover() -> None:
    assert [each.address for each in parse(lines(FROM_APP)).handovers] == ["203.0.113.9"]


def test_a_message_passed_on_has_two_handovers_the_older_of_them_only_claimed() -> None:
    on = f"from mx.example.net (mx.example.net [198.51.100.3]) by mx.example.edu with ESMTP id 1; {NOON}"
    handovers = parse(lines(on, POSTFIX)).handovers
    assert [(each.address, each.confidence) for each in handovers] == [
        ("198.51.100.3", Confidence.RECEIVED),
        ("192.0.2.25", Confidence.CLAIMED),
    ]


def test_the_address_that_the_receiver_noted_beside_spf_comes_first() -> None:
    gate = f"from gate.example.edu (gate.example.edu [198.51.100.3]) by mx.example.net with ESMTP id 1; {NOON}"
    noted = "Received-SPF: Pass (x) receiver=mx; client-ip=192.0.2.25; helo=helo.example.com; pr=C\n"
    (handover,) = parse(lines(gate, POSTFIX, more=noted)).handovers
    assert (handover.address, handover.greeting, handover.confidence) == (
        "192.0.2.25",
        "helo.example.com",
        Confidence.NOTED,
    )


@pytest.mark.parametrize("received", [(), (PRIVATE,), (SUBMITTED,), (INSIDE_NET,)])
def test_a_message_that_never_left_has_no_handover(received: tuple[str, ...]) -> None:
    assert not parse(lines(*received)).travelled


# --- What servers noted ----------------------------------------------------------------------------------------------


def test_results_are_read_with_their_properties() -> None:
    text = (
        "mx.example.net 1; dkim=pass (2048-bit key; unprotected) header.d=example.com header.s=s1;"
        ' spf=softfail (because (nested)) smtp.mailfrom="a@example.com"; dmarc=fail header.from=example.com; x-y=z'
    )
    dkim, spf, dmarc = authentication_results([text])
    assert (dkim.server, dkim.method, dkim.result) == ("mx.example.net", "dkim", "pass")
    assert (dkim.get("header.d"), dkim.get("header.s"), dkim.get("header.i")) == ("example.com", "s1", None)
    assert (spf.result, spf.get("smtp.mailfrom")) == ("softfail", "a@example.com")
    assert (dmarc.result, dmarc.get("header.from")) == ("fail", "example.com")


def test_only_the_words_of_the_newest_server_count() -> None:
    claims = authentication_results(
        ["mx.example.net; spf=fail", "mx.example.org; spf=pass; dmarc=pass", "mx.example.net; dkim=none"]
    )
    assert [(claim.method, claim.result) for claim in claims] == [("spf", "fail"), ("dkim", "none")]


def test_a_server_that_leaves_its_name_out_is_read_all_the_same() -> None:
    (claim,) = authentication_results(["spf=pass (sender IP is 192.0.2.1) smtp.mailfrom=example.com"])
    assert (claim.server, claim.result) == ("", "pass")


@pytest.mark.parametrize("text", ["", ";;;", "mx.example.net; none", "mx.example.net; spf=<b>", "x; dkim=made-up"])
def test_what_is_no_result_is_no_claim(text: str) -> None:
    assert authentication_results([text]) == ()


def arc(*sets: tuple[int, str]) -> list[tuple[str, str]]:
    fields: list[tuple[str, str]] = []
    for instance, chain in sets:
        fields += [
            ("arc-seal", f"i={instance}; cv={chain}; d=example.net"),
            ("arc-message-signature", f"i={instance}; d=example.net"),
            ("arc-authentication-results", f"i={instance}; mx.example.net; spf=pass"),
        ]
    return fields


@pytest.mark.parametrize(
    ("fields", "broken"),
    [
        (arc((1, "none")), False),
        (arc((2, "pass"), (1, "none")), False),
        (arc((2, "fail"), (1, "none")), True),
        (arc((3, "pass"), (1, "none")), True),
        (arc((1, "none"))[1:], True),
        (arc((1, "none"), (1, "none")), True),
        (arc(*((number, "pass") for number in range(1, 52))), True),
    ],
)
def test_a_chain_is_broken_by_its_own_words(fields: list[tuple[str, str]], broken: bool) -> None:
    assert chain_broken(arc_sets(fields)) is broken


# --- Anything --------------------------------------------------------------------------------------------------------


@given(st.one_of(st.binary(), st.text()))
def test_anything_is_read(pasted: bytes | str) -> None:
    message = parse(pasted)
    assert message.hops is not None
    assert message.part in Part
    assert isinstance(message.claims, tuple)
    assert isinstance(message.handovers, tuple)


NAMES = st.sampled_from(["Received", "From", "Return-Path", "Authentication-Results", "ARC-Seal", "Received-SPF"])
WORDS = 'from by with id for ( ) ; = , " @ : i=1 cv=pass spf=pass a.example <a@b.example> [192.0.2.1] [IPv6:::1] -0000'
PIECES = st.lists(st.sampled_from([*WORDS.split(), NOON, "\n ", "\x00", "\u202e", "999999999"]), max_size=30).map(
    " ".join
)


@given(st.lists(st.tuples(NAMES, PIECES), max_size=6))
def test_any_order_of_the_right_words_is_read(fields: list[tuple[str, str]]) -> None:
    message = parse("".join(f"{name}: {text}\n" for name, text in fields))
    assert len(message.hops) <= len(fields)
    assert len(message.handovers) <= len(fields) + 1
    assert all("@" not in domain for domain in message.from_domains)
    assert message.mail_from is None or "\n" not in message.mail_from
    assert len(message.arc) <= len(fields)


HOSTILE = {
    "a long line of spaces": b"From: a@example.com\n\n" + b" " * MAX_MESSAGE,
    "nothing but letters": b"x" * MAX_MESSAGE,
    "very many fields": b"a:\n" * (MAX_MESSAGE // 3),
    "one field folded for ever": b"Received: x\n" + b" x\n" * 80_000,
    "open brackets": b"From: " + b"<" * 16_000 + b"\n",
    "open quotes": b"Authentication-Results: a; " + b'spf=pass a.b="' * 1_100 + b"\n",
    "many numbers": b"Received: x; " + b"1:" * 8_000 + b"\n",
}


@pytest.mark.parametrize("octets", HOSTILE.values(), ids=HOSTILE)
def test_reading_takes_no_more_than_its_share_of_time(octets: bytes) -> None:
    """What takes the square of the time does not end within the limit of a test."""
    message = parse(octets)
    assert sum(len(field.value) for field in message.fields) <= 2 * MAX_HEAD
    assert (len(message.hops), len(message.claims)) <= (MOST_HOPS, 100)
    assert len(message.from_domains) < 2
