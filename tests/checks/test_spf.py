"""The spf check: what receivers make of the record, what is wrong with it, and what it costs to know."""

from __future__ import annotations

import time
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.run import Language
from bot.sandbox.dns import Fault
from bot.sandbox.internet import World
from bot.wording import Wording
from checks import domain, mx, spf, spf_repair
from checks.case import Case
from checks.check import Severity
from checks.network import inquiry
from checks.records.spf import Name, parse
from checks.spf_findings import SpfUnknownMechanism
from checks.wire import finding as read_back
from checks.wire import parameters, to_json
from tests.checks.scenario import Scenario, about, look, look_all, play, says, untested

SENDER = "192.0.2.25"
STRANGER = "203.0.113.9"
PROVIDER = "_spf.example.net TXT v=spf1 ip4:192.0.2.0/24 ~all\n"
PLAIN = "example.com TXT v=spf1 include:_spf.example.net -all\n" + PROVIDER


def record(text: str, more: str = "") -> World:
    """A world where the domain has this record."""
    return World(records=f"example.com TXT {text}\n{PROVIDER}{more}")


def includes(count: int, *, prefix: str = "s") -> str:
    """The terms that include so many records."""
    return " ".join(f"include:{prefix}{n}.example.net" for n in range(count))


def included(count: int, text: str = "v=spf1 ip4:198.51.100.1 ~all", *, prefix: str = "s") -> str:
    """The records of so many included domains."""
    return "".join(f"{prefix}{n}.example.net TXT {text}\n" for n in range(count))


def sent_from(ip: str, **hints: str) -> Case:
    return about("example.com", sender_ip=ip, **hints)


def mail_hosts(count: int) -> str:
    return "".join(
        f"mx.example.net MX {n} h{n}.example.net\nh{n}.example.net A 192.0.2.{n}\n" for n in range(1, count + 1)
    )


LONG = "v=spf1 " + " ".join(f"ip4:198.51.100.{n}" for n in range(30)) + " -all"

SCENARIOS = [
    # --- what a receiver does
    Scenario(
        name="a listed sender", world=World(records=PLAIN), case=sent_from(SENDER), codes=says("SPF_FOUND", "SPF_PASS")
    ),
    Scenario(
        name="an unlisted sender and -all",
        world=World(records=PLAIN),
        case=sent_from(STRANGER),
        codes=says("SPF_FOUND", "SPF_FAIL"),
    ),
    Scenario(
        name="an unlisted sender and ~all",
        world=record("v=spf1 include:_spf.example.net ~all"),
        case=sent_from(STRANGER),
        codes=says("SPF_FOUND", "SPF_SOFTFAIL"),
    ),
    Scenario(
        name="an unlisted sender and ?all",
        world=record("v=spf1 ip4:192.0.2.25 ?all"),
        case=sent_from(STRANGER),
        codes=says("SPF_FOUND", "SPF_NEUTRAL", "SPF_POLICY_NEUTRAL"),
    ),
    Scenario(
        name="a permerror for the sender",
        world=record("v=spf1 ip4:198.51.100.1 include:nothing.example.net -all"),
        case=sent_from(SENDER),
        codes=says("SPF_PERMERROR", "SPF_INCLUDE_NONE"),
    ),
    Scenario(
        name="a sender matched before the fault",
        world=record("v=spf1 ip4:192.0.2.25 include:nothing.example.net -all"),
        case=sent_from(SENDER),
        codes=says("SPF_PASS", "SPF_INCLUDE_NONE"),
    ),
    Scenario(
        name="a sender whose include is silent",
        world=World(records=PLAIN, faults={"_spf.example.net": Fault.SILENT}),
        case=sent_from(SENDER),
        codes=says("SPF_FOUND", "SPF_TEMPERROR", "SPF_INCLUDE_UNKNOWN"),
    ),
    Scenario(
        name="an exists with the address of the sender",
        world=record("v=spf1 exists:%{i}._spf.%{d} -all", "192.0.2.25._spf.example.com A 127.0.0.2"),
        case=sent_from(SENDER),
        codes=says("SPF_FOUND", "SPF_PASS"),
    ),
    Scenario(
        name="an exists with the mailbox of the sender, which the ticket does not say",
        world=record("v=spf1 exists:%{l}._spf.%{d} -all", "info._spf.example.com A 127.0.0.2"),
        case=sent_from(SENDER),
        codes=says("SPF_FOUND", "SPF_RESULT_DEPENDS", "SPF_DEPENDS_ON_MESSAGE"),
    ),
    Scenario(
        name="an exists with the mailbox of the sender",
        world=record("v=spf1 exists:%{l}._spf.%{d} -all", "info._spf.example.com A 127.0.0.2"),
        case=sent_from(SENDER, sender="info@example.com"),
        codes=says("SPF_FOUND", "SPF_PASS"),
    ),
    Scenario(
        name="a macro of the HELO name behind the term that matches",
        world=record("v=spf1 ip4:192.0.2.25 exists:%{h} -all"),
        case=sent_from(SENDER),
        codes=says("SPF_FOUND", "SPF_PASS", "SPF_DEPENDS_ON_MESSAGE"),
    ),
    Scenario(
        name="a sender over IPv6",
        world=record("v=spf1 a -all", "example.com AAAA 2001:db8::25"),
        case=sent_from("2001:db8::25"),
        codes=says("SPF_FOUND", "SPF_PASS"),
    ),
    Scenario(
        name="the domain of the sender's address, not the one asked about",
        world=World(records="example.com TXT x\nmail.example.org TXT v=spf1 ip4:192.0.2.25 -all"),
        case=sent_from(SENDER, sender="info@mail.example.org"),
        codes=says("SPF_FOUND", "SPF_PASS"),
    ),
    Scenario(
        name="an address as the target",
        world=World(records=PLAIN),
        case=about(SENDER, sender="info@example.com"),
        codes=says("SPF_FOUND", "SPF_PASS"),
    ),
    *(
        Scenario(
            name=f"a sender nobody outside sees: {ip}",
            world=World(records=PLAIN),
            case=sent_from(ip),
            codes=says("SPF_FOUND", "SPF_PRIVATE_SENDER"),
        )
        for ip in ("192.168.1.20", "10.0.0.5", "127.0.0.1", "fd00::25")
    ),
    # --- the record
    Scenario(name="a record and no sender", world=World(records=PLAIN), codes=says("SPF_FOUND")),
    Scenario(
        name="a redirect",
        world=record("v=spf1 redirect=_spf.example.net"),
        codes=says("SPF_FOUND"),
    ),
    Scenario(
        name="a record whose answer is truncated",
        world=World(records=PLAIN, faults={"example.com": Fault.TRUNCATED, "_spf.example.net": Fault.TRUNCATED}),
        codes=says("SPF_FOUND"),
    ),
    Scenario(
        name="other texts beside it",
        world=World(records=PLAIN + "example.com TXT google-site-verification=x\nexample.com TXT MS=ms1"),
        codes=says("SPF_FOUND"),
    ),
    *(
        Scenario(
            name=f"a record at {place}",
            world=World(records=f"example.com TXT hello\n{place} TXT v=spf1 -all"),
            codes=says("SPF_MISPLACED"),
        )
        for place in ("example.com.example.com", "_spf.example.com", "_dmarc.example.com")
    ),
    Scenario(
        name="a wildcard with a record, and none at the domain",
        world=World(records="example.com TXT hello\n*.example.com TXT v=spf1 -all"),
        codes=says("SPF_NONE"),
    ),
    Scenario(
        name="a domain that neither sends nor takes mail",
        world=World(records="example.com TXT v=spf1 -all\nexample.com MX 0 ."),
        codes=says("SPF_FOUND", "SPF_NO_MAIL_DECLARED"),
    ),
    Scenario(name="no record", world=World(records="example.com TXT hello"), codes=says("SPF_NONE")),
    Scenario(name="no text at all", world=World(records="example.com A 192.0.2.1"), codes=says("SPF_NONE")),
    Scenario(
        name="no record for a sender",
        world=World(records="example.com A 192.0.2.1"),
        case=sent_from(SENDER),
        codes=says("SPF_NONE"),
    ),
    Scenario(
        name="a sender's domain that does not exist",
        world=World(records=PLAIN),
        case=about("example.com", sender="info@nothing.example.org"),
        codes=says("SPF_DOMAIN_NXDOMAIN"),
    ),
    Scenario(
        name="a domain that does not exist",
        world=World(records="example.net A 192.0.2.1"),
        codes=says("CHECK_SKIPPED"),
    ),
    Scenario(
        name="two records",
        world=World(records=PLAIN + "example.com TXT v=spf1 mx -all"),
        codes=says("SPF_MULTIPLE_RECORDS"),
    ),
    Scenario(
        name="two records and a sender",
        world=World(records=PLAIN + "example.com TXT v=spf1 mx -all"),
        case=sent_from(SENDER),
        codes=says("SPF_MULTIPLE_RECORDS", "SPF_PERMERROR"),
    ),
    *(
        Scenario(name=f"not recognised: {text}", world=record(text), codes=says("SPF_NOT_RECOGNIZED"))
        for text in ("v=spf10 mx -all", "v=spf1; mx -all", '"\\"v=spf1 mx -all\\""', "spf1 mx -all")
    ),
    Scenario(
        name="a record and its ghost",
        world=World(records=PLAIN + "example.com TXT v=spf1; mx -all"),
        codes=says("SPF_FOUND", "SPF_LOOKALIKE"),
    ),
    Scenario(
        name="a record and one of Sender ID",
        world=World(records=PLAIN + "example.com TXT spf2.0/pra mx -all"),
        codes=says("SPF_FOUND", "SPF_SENDER_ID"),
    ),
    Scenario(
        name="only one of Sender ID",
        world=World(records="example.com TXT spf2.0/pra mx -all"),
        codes=says("SPF_NONE", "SPF_SENDER_ID"),
    ),
    Scenario(
        name="two strings that run together",
        world=record('"v=spf1 include:_spf.example.net" "ip4:192.0.2.1 -all"'),
        codes=says("SPF_STRINGS_RUN_TOGETHER"),
    ),
    Scenario(
        name="two strings that meet inside a name",
        world=record('"v=spf1 include:_spf.exam" "ple.net -all"'),
        codes=says("SPF_FOUND"),
    ),
    *(
        Scenario(name=f"syntax: {text}", world=record(f"v=spf1 {text} -all"), codes=says(code))
        for text, code in (
            ("192.0.2.1", "SPF_SYNTAX_ERROR"),
            ("all:x", "SPF_SYNTAX_ERROR"),
            ("ipv4:192.0.2.1", "SPF_UNKNOWN_MECHANISM"),
            ("foo:bar", "SPF_UNKNOWN_MECHANISM"),
            ("include:localhost", "SPF_BAD_DOMAIN"),
            ("a:192.0.2.1", "SPF_BAD_DOMAIN"),
            ("include:_spf.example.net:25", "SPF_BAD_DOMAIN"),
            ("ip4:192.0.2", "SPF_BAD_ADDRESS"),
            ("ip4:2001:db8::1", "SPF_BAD_ADDRESS"),
            ("ip4:mail.example.com", "SPF_BAD_ADDRESS"),
            ("ip4:192.0.2.1/33", "SPF_BAD_PREFIX_LENGTH"),
            ("include:_spf.example.net/24", "SPF_BAD_PREFIX_LENGTH"),
            ("include:", "SPF_MISSING_VALUE"),
            ("exp=a.example.com exp=b.example.com", "SPF_REPEATED_MODIFIER"),
            ("exists:%{x}.example.com", "SPF_BAD_MACRO"),
            ("exists:100%.example.com", "SPF_BAD_MACRO"),
        )
    ),
    Scenario(
        name="a syntax error behind all",
        world=record("v=spf1 include:_spf.example.net -all ipv4:192.0.2.1"),
        case=sent_from(SENDER),
        codes=says("SPF_UNKNOWN_MECHANISM", "SPF_PERMERROR"),
    ),
    Scenario(
        name="a character that is no ASCII",
        world=record('"v=spf1 include:\\226\\128\\156_spf.example.net -all"'),
        codes=says("SPF_SYNTAX_ERROR"),
    ),
    # --- what it leads to
    Scenario(
        name="ten lookups",
        world=record(f"v=spf1 {includes(10)} -all", included(10)),
        codes=says("SPF_FOUND"),
    ),
    Scenario(
        name="eleven lookups",
        world=record(f"v=spf1 {includes(11)} -all", included(11)),
        codes=says("SPF_TOO_MANY_LOOKUPS"),
    ),
    Scenario(
        name="eleven lookups and a sender who is matched before",
        world=record(f"v=spf1 ip4:192.0.2.25 {includes(11)} -all", included(11)),
        case=sent_from(SENDER),
        codes=says("SPF_TOO_MANY_LOOKUPS_FOR_SOME", "SPF_PASS"),
    ),
    Scenario(
        name="eleven lookups and a sender who is refused before",
        world=record(f"v=spf1 -ip4:192.0.2.25 {includes(11)} -all", included(11)),
        case=sent_from(SENDER),
        codes=says("SPF_TOO_MANY_LOOKUPS", "SPF_FAIL"),
    ),
    Scenario(
        name="eleven lookups and a sender who is not",
        world=record(f"v=spf1 {includes(11)} -all", included(11)),
        case=sent_from(STRANGER),
        codes=says("SPF_TOO_MANY_LOOKUPS", "SPF_PERMERROR"),
    ),
    Scenario(
        name="eleven terms that stand behind all",
        world=record("v=spf1 ip4:192.0.2.25 -all " + includes(11), included(11)),
        codes=says("SPF_FOUND", "SPF_TERMS_AFTER_ALL"),
    ),
    Scenario(
        name="one record included eleven times",
        world=record("v=spf1 " + "include:_spf.example.net " * 11 + "-all"),
        codes=says("SPF_TOO_MANY_LOOKUPS"),
    ),
    Scenario(
        name="eleven mail hosts",
        world=record("v=spf1 mx:mx.example.net -all", mail_hosts(11)),
        codes=says("SPF_TOO_MANY_MX_NAMES"),
    ),
    Scenario(
        name="ten mail hosts",
        world=record("v=spf1 mx:mx.example.net -all", mail_hosts(10)),
        codes=says("SPF_FOUND"),
    ),
    Scenario(
        name="three terms that find nothing",
        world=record("v=spf1 a:a.example.net a:b.example.net mx:c.example.net -all"),
        codes=says("SPF_FOUND", "SPF_TOO_MANY_VOID_LOOKUPS"),
    ),
    Scenario(
        name="three terms that find nothing, and a sender",
        world=record("v=spf1 a:a.example.net a:b.example.net mx:c.example.net -all"),
        case=sent_from(SENDER),
        codes=says("SPF_FOUND", "SPF_TOO_MANY_VOID_LOOKUPS", "SPF_PERMERROR"),
    ),
    Scenario(
        name="two terms that find nothing",
        world=record("v=spf1 a:a.example.net exists:b.example.net -all"),
        codes=says("SPF_FOUND", "SPF_VOID_LOOKUP"),
    ),
    Scenario(
        name="a host with an IPv6 address only",
        world=record("v=spf1 a:h.example.net -all", "h.example.net AAAA 2001:db8::1"),
        codes=says("SPF_FOUND"),
    ),
    Scenario(
        name="an include of a name without SPF",
        world=record("v=spf1 include:www.example.net -all", "www.example.net A 192.0.2.80"),
        codes=says("SPF_INCLUDE_NONE"),
    ),
    Scenario(
        name="a redirect to a name without SPF",
        world=record("v=spf1 redirect=www.example.net", "www.example.net A 192.0.2.80"),
        codes=says("SPF_REDIRECT_NONE"),
    ),
    Scenario(
        name="an include of a name with two records",
        world=record("v=spf1 include:_spf.example.net -all", "_spf.example.net TXT v=spf1 mx -all"),
        codes=says("SPF_INCLUDE_MULTIPLE_RECORDS"),
    ),
    Scenario(
        name="an include of a broken record",
        world=record("v=spf1 include:bad.example.net -all", "bad.example.net TXT v=spf1 ip4:1.2.3 -all"),
        codes=says("SPF_INCLUDE_SYNTAX_ERROR"),
    ),
    Scenario(
        name="an include of itself",
        world=record("v=spf1 include:example.com -all"),
        codes=says("SPF_LOOP"),
    ),
    Scenario(
        name="a loop of two",
        world=record("v=spf1 include:a.example.net -all", "a.example.net TXT v=spf1 include:example.com -all"),
        case=sent_from(SENDER),
        codes=says("SPF_LOOP", "SPF_PERMERROR"),
    ),
    *(
        Scenario(
            name=f"an include whose server fails: {fault.name}",
            world=World(records=PLAIN, faults={"_spf.example.net": fault}),
            codes=says("SPF_FOUND", "SPF_INCLUDE_UNKNOWN"),
        )
        for fault in (Fault.SILENT, Fault.SERVFAIL, Fault.REFUSED, Fault.TRUNCATED_NO_TCP)
    ),
    Scenario(
        name="an include of a record with bad signatures",
        world=World(records=PLAIN, bogus=frozenset({"example.net"})),
        codes=says("SPF_FOUND", "SPF_INCLUDE_UNKNOWN"),
    ),
    Scenario(
        name="hosts whose server fails",
        world=World(
            records="example.com TXT v=spf1 a:h.example.net mx:h.example.net -all\nh.example.net A 192.0.2.1",
            faults={"h.example.net": Fault.SERVFAIL},
        ),
        codes=says("SPF_FOUND", "SPF_LOOKUP_UNKNOWN"),
    ),
    Scenario(
        name="fifty includes",
        world=record(f"v=spf1 {includes(50)} -all", included(50)),
        codes=says("SPF_TOO_MANY_LOOKUPS", "SPF_TREE_CUT", "SPF_LONG_RECORD", "SPF_LARGE_ANSWER"),
    ),
    Scenario(
        name="includes that multiply",
        world=record(
            f"v=spf1 {includes(10, prefix='a')} -all",
            included(10, f"v=spf1 {includes(10, prefix='b')} -all", prefix="a")
            + included(10, f"v=spf1 {includes(10)} -all", prefix="b")
            + included(10),
        ),
        codes=says("SPF_TOO_MANY_LOOKUPS", "SPF_TREE_CUT"),
    ),
    Scenario(
        name="more terms than are looked at",
        world=record("v=spf1 " + "a " * 400 + "redirect=_spf.example.net", "example.com A 192.0.2.1"),
        codes=says("SPF_TOO_MANY_LOOKUPS", "SPF_TREE_CUT", "SPF_LONG_RECORD"),
    ),
    Scenario(
        name="the same fault a hundred times",
        world=record("v=spf1 " + "foo:bar " * 300 + "-all"),
        codes=says("SPF_UNKNOWN_MECHANISM", "SPF_LONG_RECORD", "SPF_LARGE_ANSWER"),
    ),
    # --- is it what was meant?
    Scenario(
        name="a mechanism with an equals sign",
        world=record("v=spf1 include=_spf.example.net ip4:192.0.2.1 -all"),
        codes=says("SPF_FOUND", "SPF_MECHANISM_AS_MODIFIER"),
    ),
    Scenario(
        name="two records in one",
        world=record("v=spf1 ip4:192.0.2.1 v=spf1 include:_spf.example.net -all"),
        codes=says("SPF_FOUND", "SPF_TWO_RECORDS_IN_ONE"),
    ),
    Scenario(
        name="a missing space",
        world=record("v=spf1 include:_spf.example.netinclude:_spf.example.net -all"),
        codes=says("SPF_GLUED_TERMS", "SPF_INCLUDE_NONE"),
    ),
    Scenario(
        name="a term behind all",
        world=record("v=spf1 ip4:192.0.2.1 -all include:_spf.example.net"),
        codes=says("SPF_FOUND", "SPF_TERMS_AFTER_ALL"),
    ),
    Scenario(
        name="a redirect beside all",
        world=record("v=spf1 ip4:192.0.2.1 -all redirect=_spf.example.net"),
        codes=says("SPF_FOUND", "SPF_REDIRECT_IGNORED"),
    ),
    Scenario(
        name="an unknown modifier",
        world=record("v=spf1 ip4:192.0.2.1 moo=%{d} -all"),
        codes=says("SPF_FOUND", "SPF_UNKNOWN_MODIFIER"),
    ),
    Scenario(
        name="a name that cannot be asked for",
        world=record("v=spf1 ip4:192.0.2.1 a:mail..example.net -all"),
        codes=says("SPF_FOUND", "SPF_ODD_NAME", "SPF_VOID_LOOKUP"),
    ),
    Scenario(
        name="ptr",
        world=record("v=spf1 ptr -all", "192.0.2.25 PTR mail.example.com\nmail.example.com A 192.0.2.25"),
        case=sent_from(SENDER),
        codes=says("SPF_FOUND", "SPF_PTR_USED", "SPF_PASS"),
    ),
    Scenario(
        name="a ptr that could not be asked",
        world=World(records="example.com TXT v=spf1 ptr -all", faults={"25.2.0.192.in-addr.arpa": Fault.SERVFAIL}),
        case=sent_from(SENDER),
        codes=says("SPF_FOUND", "SPF_PTR_USED", "SPF_TEMPERROR"),
    ),
    Scenario(
        name="a ptr of which one name could not be asked, and another matches",
        world=World(
            records="example.com TXT v=spf1 ptr -all\n192.0.2.25 PTR a.example.com\n192.0.2.25 PTR b.example.com\n"
            "b.example.com A 192.0.2.25",
            faults={"a.example.com": Fault.SERVFAIL},
        ),
        case=sent_from(SENDER),
        codes=says("SPF_FOUND", "SPF_PTR_USED", "SPF_PASS"),
    ),
    Scenario(
        name="a macro of the sending server, without one",
        world=record("v=spf1 exists:%{i}._spf.%{d} -all"),
        codes=says("SPF_FOUND", "SPF_DEPENDS_ON_MESSAGE"),
    ),
    *(
        Scenario(
            name=f"everybody: {text}",
            world=record(f"v=spf1 {text}"),
            codes=says("SPF_FOUND", "SPF_ALLOWS_EVERYONE"),
        )
        for text in ("ip4:192.0.2.1 +all", "ip4:0.0.0.0/0 -all", "ip6:::/0 ~all")
    ),
    Scenario(
        name="an included record that lets everybody send",
        world=record("v=spf1 include:open.example.net -all", "open.example.net TXT v=spf1 +all"),
        codes=says("SPF_FOUND", "SPF_ALLOWS_EVERYONE"),
    ),
    Scenario(
        name="a domain that sends no mail",
        world=record("v=spf1 -all"),
        codes=says("SPF_FOUND", "SPF_AUTHORIZES_NOBODY"),
    ),
    Scenario(
        name="mail sent from a domain that sends no mail",
        world=World(records="example.com TXT v=spf1 -all\nexample.com MX 0 ."),
        case=about("example.org", sender="info@example.com"),
        codes=says("SPF_FOUND", "SPF_NOBODY_MAY_SEND"),
    ),
    Scenario(
        name="a server that sends from a domain that sends no mail",
        world=record("v=spf1 ~all"),
        case=sent_from(SENDER),
        codes=says("SPF_FOUND", "SPF_NOBODY_MAY_SEND", "SPF_SOFTFAIL"),
    ),
    Scenario(
        name="?all",
        world=record("v=spf1 ip4:192.0.2.1 ?all"),
        codes=says("SPF_FOUND", "SPF_POLICY_NEUTRAL"),
    ),
    Scenario(
        name="a record without an end",
        world=record("v=spf1 ip4:192.0.2.1"),
        codes=says("SPF_FOUND", "SPF_NO_ALL"),
    ),
    Scenario(
        name="a strict record included by one without an end",
        world=record("v=spf1 include:_spf.example.net"),
        codes=says("SPF_FOUND", "SPF_NO_ALL", "SPF_INCLUDE_CARRIES_NO_POLICY"),
    ),
    Scenario(
        name="a network of sixteen million addresses",
        world=record("v=spf1 ip4:198.0.0.0/8 -all"),
        codes=says("SPF_FOUND", "SPF_WIDE_RANGE"),
    ),
    Scenario(
        name="a wide network behind the address of a host",
        world=record("v=spf1 a/8 -all", "example.com A 192.0.2.1"),
        codes=says("SPF_FOUND", "SPF_WIDE_RANGE"),
    ),
    Scenario(name="a long record", world=record(LONG), codes=says("SPF_FOUND", "SPF_LONG_RECORD")),
    Scenario(
        name="many texts",
        world=World(records=PLAIN + "".join(f"example.com TXT verification-{n}={'x' * 100}\n" for n in range(12))),
        codes=says("SPF_FOUND", "SPF_LARGE_ANSWER"),
    ),
    # --- the question itself
    *(
        Scenario(
            name=f"the record cannot be read: {fault.name}",
            world=World(records=PLAIN, faults={"example.com TXT": fault}),
            codes=says("SPF_UNKNOWN"),
        )
        for fault in (Fault.SILENT, Fault.SERVFAIL, Fault.REFUSED, Fault.TRUNCATED_NO_TCP)
    ),
    Scenario(
        name="nothing of the domain can be read",
        world=World(records=PLAIN, faults={".example.com": Fault.SERVFAIL}),
        codes=says("CHECK_SKIPPED"),
    ),
]


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inquiry, "PATIENCE", 0.6)


@pytest.mark.parametrize("scenario", SCENARIOS, ids=str)
async def test_the_check_states_exactly_what_the_world_holds(scenario: Scenario) -> None:
    seen = await play(scenario, spf.CHECK)
    for finding in seen.findings:  # what history holds is what was stated
        assert read_back(type(finding), parameters(finding), finding.evidence) == finding
    own = {
        (name, kind) for name, kind in seen.queries if kind in {"TXT", "A", "AAAA", "MX"} and "mailcheck" not in name
    }
    assert len(own) <= spf.MOST_QUESTIONS


def test_every_code_is_raised_in_some_world_and_not_in_all() -> None:
    assert not untested(spf.CHECK, SCENARIOS)


# --- facts -----------------------------------------------------------------------------------------------------------


async def test_without_a_sender_there_is_no_result() -> None:
    seen = await look(World(records=PLAIN), about("example.com"), spf.CHECK)
    assert (seen.facts.record, seen.facts.result, seen.facts.matched, seen.facts.lookups, seen.facts.policy) == (
        "v=spf1 include:_spf.example.net -all",
        None,
        None,
        1,
        "-all",
    )


async def test_the_result_names_the_term_of_the_record_and_the_one_it_led_to() -> None:
    seen = await look(World(records=PLAIN), sent_from(SENDER), spf.CHECK)
    assert (seen.facts.result, seen.facts.matched, seen.facts.sender_ip) == ("pass", "include:_spf.example.net", SENDER)
    assert seen.one("SPF_PASS").through == "ip4:192.0.2.0/24"


async def test_no_record_is_the_result_none() -> None:
    seen = await look(World(records="example.com A 192.0.2.1"), sent_from(SENDER), spf.CHECK)
    assert (seen.facts.record, seen.facts.result) == (None, "none")


async def test_of_a_sender_nobody_outside_sees_nothing_is_evaluated() -> None:
    seen = await look(World(records=PLAIN), sent_from("192.168.1.20"), spf.CHECK)
    assert (seen.facts.result, seen.facts.sender_ip, seen.facts.evaluated_lookups) == (None, None, None)
    assert seen.verdict is Severity.UNKNOWN


async def test_a_domain_that_sends_no_mail_is_accused_only_where_the_ticket_says_that_it_does() -> None:
    world = record("v=spf1 -all", "example.com MX 10 mx.example.com")
    assert (await look(world, about("example.com"), spf.CHECK)).verdict is Severity.NOTICE
    assert (await look(world, about("example.com", sender="info@example.com"), spf.CHECK)).verdict is Severity.WARNING


async def test_too_many_lookups_do_not_stop_a_sender_who_passes_before() -> None:
    seen = await look(record(f"v=spf1 ip4:192.0.2.25 {includes(11)} -all", included(11)), sent_from(SENDER), spf.CHECK)
    assert seen.verdict is Severity.WARNING
    assert (seen.one("SPF_TOO_MANY_LOOKUPS_FOR_SOME").evaluated, seen.facts.result) == (0, "pass")


async def test_a_record_that_could_not_be_read_is_no_fact() -> None:
    world = World(records=PLAIN, faults={"example.com TXT": Fault.SERVFAIL})
    assert (await look(world, sent_from(SENDER), spf.CHECK)).facts is None


async def test_an_include_that_could_not_be_read_is_a_temperror_and_never_a_permerror() -> None:
    world = World(records=PLAIN, faults={"_spf.example.net": Fault.SERVFAIL})
    seen = await look(world, sent_from(SENDER), spf.CHECK)
    assert seen.facts.result == "temperror"
    assert seen.verdict is Severity.UNKNOWN
    assert seen.one("SPF_INCLUDE_UNKNOWN").reason == "servfail"


async def test_the_facts_hold_the_tree_in_the_order_of_evaluation_and_have_a_json_form() -> None:
    world = record(
        "v=spf1 a include:one.example.net -all",
        "example.com A 192.0.2.1\none.example.net MX 1 x.test\n"
        "one.example.net TXT v=spf1 mx include:_spf.example.net -all",
    )
    seen = await look(world, about("example.com"), spf.CHECK)
    assert [(each.depth, each.term, each.domain, each.lookups) for each in seen.facts.terms] == [
        (1, "a", "example.com", 1),
        (1, "include:one.example.net", "one.example.net", 3),
        (2, "mx", "one.example.net", 1),
        (2, "include:_spf.example.net", "_spf.example.net", 1),
    ]
    assert isinstance(to_json(seen.facts), dict)


async def test_a_question_that_a_receiver_may_pass_over_leaves_no_result() -> None:
    world = World(records="example.com TXT v=spf1 ptr -all", faults={"25.2.0.192.in-addr.arpa": Fault.SERVFAIL})
    seen = await look(world, sent_from(SENDER), spf.CHECK)
    assert (seen.facts.result, seen.facts.matched) == (None, None)
    assert (seen.one("SPF_TEMPERROR").reason, seen.one("SPF_TEMPERROR").term) == ("servfail", "ptr")


async def test_our_own_limits_leave_no_result(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spf, "MOST_QUESTIONS", 1)
    seen = await look(World(records=PLAIN), sent_from(SENDER), spf.CHECK)
    assert seen.facts.result is None
    assert seen.codes == {"SPF_FOUND", "SPF_TEMPERROR", "SPF_TREE_CUT"}


async def test_a_sender_whose_address_has_no_proper_domain_is_taken_for_one_of_the_domain_asked_about() -> None:
    seen = await look(World(records=PLAIN), sent_from(SENDER, sender="root@localhost"), spf.CHECK)
    assert (seen.facts.domain, seen.facts.result) == ("example.com", "pass")


def test_without_any_domain_there_is_nothing_to_check() -> None:
    assert not spf.CHECK.applies(about(SENDER))
    assert spf.CHECK.applies(about(SENDER, sender="info@example.com"))


async def test_the_explanation_of_the_domain_is_shown_for_a_fail() -> None:
    world = record("v=spf1 exp=why.%{d} -all", "why.example.com TXT Not from %{i}, please")
    seen = await look(world, sent_from(STRANGER), spf.CHECK)
    assert seen.one("SPF_FAIL").explanation == "Not from 203.0.113.9, please"


# --- the tree --------------------------------------------------------------------------------------------------------


async def test_the_lookups_are_counted_past_the_limit_and_the_term_one_too_many_is_named() -> None:
    inner = "v=spf1 a:h.example.net mx:h.example.net include:_spf.example.net ~all"
    world = record(
        f"v=spf1 {includes(4)} -all", included(4, inner) + "h.example.net A 192.0.2.1\nh.example.net MX 1 x.test"
    )
    found = (await look(world, about("example.com"), spf.CHECK)).one("SPF_TOO_MANY_LOOKUPS")
    assert (found.lookups, found.holder, found.term) == (16, "s2.example.net", "mx:h.example.net")
    words = Wording(Language.EN, strict=True)
    assert (words.paste(found), words.figure(found)) == (None, "\n".join(found.tree)), "nothing in it is to be pasted"
    assert found.heaviest[0] == "include:s0.example.net (4)"
    assert found.tree[:4] == (
        "example.com 16",
        "  include:s0.example.net 4",
        "    a:h.example.net 1",
        "    mx:h.example.net 1",
    )


async def test_what_is_left_out_is_named() -> None:
    world = record(f"v=spf1 {includes(50)} -all", included(50))
    seen = await look(world, about("example.com"), spf.CHECK)
    left_out = seen.one("SPF_TREE_CUT").left_out
    assert len(left_out) == 51 - spf.MOST_QUESTIONS
    assert seen.facts.lookups == 50
    asked = {name for name, kind in seen.queries if kind == "TXT" and "mailcheck" not in name}
    assert len(asked) == spf.MOST_QUESTIONS


async def test_of_many_names_of_an_address_ten_are_looked_at() -> None:
    names = "".join(f"192.0.2.25 PTR h{n}.example.com\nh{n}.example.com A 192.0.2.1\n" for n in range(12))
    seen = await look(record("v=spf1 ptr -all", names), sent_from(SENDER), spf.CHECK)
    assert seen.facts.result == "fail"
    assert len({name for name, kind in seen.queries if kind == "A"}) == 10


async def test_a_record_full_of_the_same_fault_is_told_a_few_times() -> None:
    seen = await look(record("v=spf1 " + "foo:bar " * 100 + "-all"), about("example.com"), spf.CHECK)
    faults = [each.position for each in seen.findings if isinstance(each, SpfUnknownMechanism)]
    assert faults == [8 + 8 * n for n in range(8)]


# --- records to paste ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "code", "proposal"),
    [
        ("v=spf1 ipv4:192.0.2.1 -all", "SPF_UNKNOWN_MECHANISM", "v=spf1 ip4:192.0.2.1 -all"),
        ("v=spf1 192.0.2.1 -all", "SPF_SYNTAX_ERROR", "v=spf1 ip4:192.0.2.1 -all"),
        ("v=spf1 ip4:192.0.2.1 - all", "SPF_SYNTAX_ERROR", "v=spf1 ip4:192.0.2.1 -all"),
        ("v=spf1 ip4:2001:db8::1 -all", "SPF_BAD_ADDRESS", "v=spf1 ip6:2001:db8::1 -all"),
        ("v=spf1 a:192.0.2.1 -all", "SPF_BAD_DOMAIN", "v=spf1 ip4:192.0.2.1 -all"),
        ("v=spf1 ip4:192.0.2.1/33 ipv4:192.0.2.2 -all", "SPF_UNKNOWN_MECHANISM", None),
        ("v=spf1 include=_spf.example.net -all", "SPF_MECHANISM_AS_MODIFIER", "v=spf1 include:_spf.example.net -all"),
        ("v=spf1 -all ip4:192.0.2.1", "SPF_TERMS_AFTER_ALL", "v=spf1 ip4:192.0.2.1 -all"),
        ("v=spf1 ?all -all ip4:192.0.2.1", "SPF_TERMS_AFTER_ALL", None),
        ("v=spf1; mx -all", "SPF_NOT_RECOGNIZED", "v=spf1 mx -all"),
        ("v=spf10 mx -all", "SPF_NOT_RECOGNIZED", "v=spf1 mx -all"),
        ("v=spf1, mx, -all", "SPF_NOT_RECOGNIZED", None),
        ('"v=spf1 a" "mx -all"', "SPF_STRINGS_RUN_TOGETHER", "v=spf1 a mx -all"),
    ],
)
async def test_a_record_to_paste_is_given_where_it_is_sure_what_was_meant(
    text: str, code: str, proposal: str | None
) -> None:
    seen = await look(record(text), about("example.com"), spf.CHECK)
    assert seen.one(code).proposal == proposal
    assert proposal is None or parse(proposal).usable


@pytest.mark.parametrize(
    ("first", "second", "proposal"),
    [
        ("v=spf1 mx -all", "v=spf1 include:_spf.example.net mx ~all", "v=spf1 {} ~all"),
        ("v=spf1 mx -all", "v=spf1 redirect=_spf.example.net", None),
        ("v=spf1 mx -all", "v=spf1 ipv4:192.0.2.1 -all", None),
        ("v=spf1 mx", "v=spf1 a", None),
        ("v=spf1 a mx exists:a.test exists:b.test -all", "v=spf1 a:a.test mx:a.test -all", None),
    ],
)
async def test_two_records_are_joined_only_if_both_are_plain(first: str, second: str, proposal: str | None) -> None:
    world = World(records=f"example.com TXT {first}\nexample.com TXT {second}")
    found = (await look(world, about("example.com"), spf.CHECK)).one("SPF_MULTIPLE_RECORDS").proposal
    joined = (
        {proposal.format(terms) for terms in ("mx include:_spf.example.net", "include:_spf.example.net mx")}
        if proposal
        else {None}
    )
    assert found in joined


@pytest.mark.parametrize(
    ("count", "last", "obstacle"), [(11, "-all", None), (12, "-all", "too_long"), (2, "redirect=x.test", "unsure")]
)
async def test_why_two_records_are_not_joined_is_told(count: int, last: str, obstacle: str | None) -> None:
    first, second = (
        " ".join(("v=spf1", *(f"ip4:198.51.{third}.{n + 100}" for n in range(count)), last)) for third in (100, 101)
    )
    seen = await look(
        World(records=f"example.com TXT {first}\nexample.com TXT {second}"), about("example.com"), spf.CHECK
    )
    found = seen.one("SPF_MULTIPLE_RECORDS")
    assert (found.obstacle, found.proposal is None) == (obstacle, obstacle is not None)
    assert found.proposal is None or len(found.proposal) <= 450


@pytest.mark.parametrize("language", Language)
async def test_a_record_to_paste_is_a_line_with_its_name(language: Language) -> None:
    seen = await look(record("v=spf1 ipv4:192.0.2.1 -all"), about("example.com"), spf.CHECK)
    pasted = Wording(language, strict=True).paste(seen.one("SPF_UNKNOWN_MECHANISM"))
    assert pasted == 'example.com. IN TXT "v=spf1 ip4:192.0.2.1 -all"'


# --- what it costs ---------------------------------------------------------------------------------------------------


async def test_nothing_is_asked_twice_and_the_mail_hosts_are_asked_for_once_for_two_checks() -> None:
    world = record(
        "v=spf1 mx a include:_spf.example.net include:_spf.example.net -all",
        "example.com MX 10 mx.example.com\nexample.com A 192.0.2.1\nmx.example.com A 192.0.2.25",
    )
    seen = await look_all(world, sent_from(STRANGER), [domain.CHECK, mx.CHECK, spf.CHECK])
    counts = Counter(seen["spf"].queries)
    assert set(counts.values()) == {1}, counts
    assert seen["spf"].facts.result == "fail"


async def test_a_tree_takes_as_long_as_its_longest_chain() -> None:
    delay = 0.1
    chains = "".join(
        f"{a}{n}.example.net TXT v=spf1 include:{a}{n + 1}.example.net -all\n" for a in "abc" for n in range(2)
    )
    ends = "".join(f"{a}2.example.net TXT v=spf1 ip4:198.51.100.1 -all\n" for a in "abc")
    world = record("v=spf1 include:a0.example.net include:b0.example.net include:c0.example.net -all", chains + ends)
    started = time.monotonic()
    seen = (await look_all(world, sent_from(STRANGER), [spf.CHECK], delay=delay))["spf"]
    elapsed = time.monotonic() - started
    assert seen.facts.result == "fail"
    assert seen.facts.evaluated_lookups == 9
    assert 4 * delay <= elapsed < 9 * delay


async def test_the_record_is_asked_for_before_anything_is_known_of_the_domain() -> None:
    world = World(records=PLAIN, faults={"example.com SOA": Fault.SILENT, "example.com NS": Fault.SILENT})
    results = await look_all(world, about("example.com"), [domain.CHECK, spf.CHECK])
    assert results["spf"].codes == {"SPF_FOUND"}


# --- whatever a record holds -----------------------------------------------------------------------------------------

SCRAPS = st.sampled_from(
    (
        *(
            "v=spf1",
            "V=SPF1",
            " ",
            " ",
            ";",
            '"',
            "\u200b",
            "\u00a0",
            "include",
            ":",
            "=",
            "a",
            "mx",
            "-all",
            "~",
            "?all",
        ),
        *(
            "ip4",
            "ipv4:",
            "192.0.2.1",
            "/24",
            "//64",
            "2001:db8::1",
            "_spf.example.net",
            "%{d}",
            "%",
            "redirect=",
            "exp=",
        ),
    )
)
TEXTS = st.lists(SCRAPS, max_size=14).map("".join)


@given(TEXTS)
def test_a_mended_record_is_one_that_receivers_can_use(text: str) -> None:
    found = parse(text)
    for mended in (spf_repair.corrected(found), spf_repair.with_all_last(found), spf_repair.recognisable(text)):
        assert mended is None or parse(mended).usable
        assert mended is None or len(parse(mended).problems) < max(len(found.problems), 1)


@given(st.lists(TEXTS, min_size=1, max_size=4))
def test_a_space_between_strings_mends_and_changes_nothing_else(strings: list[str]) -> None:
    whole = "".join(strings)
    mended = spf_repair.with_space([string.encode() for string in strings], parse(whole))
    assert mended is None or parse(mended).usable
    assert mended is None or mended.replace(" ", "") == whole.replace(" ", "")


@given(TEXTS, TEXTS)
def test_a_joined_record_holds_every_mechanism_of_both(first: str, second: str) -> None:
    records = [parse(f"v=spf1 {first}"), parse(f"v=spf1 {second}")]
    joined = spf_repair.merged(records)
    if joined is not None:
        wanted = {each.text for record in records for each in record.mechanisms if each.name is not Name.ALL}
        got = [each.text for each in parse(joined).mechanisms if each.name is not Name.ALL]
        assert (set(got), len(got)) == (wanted, len(wanted))
