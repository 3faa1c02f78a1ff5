from __future__ import annotations

import sys
import time
from collections import Counter

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.command import (
    LOGIN_COMMAND,
    MAX_SHOWN,
    MAX_TEXT,
    Bounce,
    Check,
    Command,
    Diff,
    Every,
    Export,
    Help,
    Key,
    Last,
    Limits,
    Login,
    Mistake,
    MistakeCode,
    ShowHistory,
    Unwatch,
    Verb,
    Watch,
    Watches,
    as_text,
    parse,
)
from bot.run import Language
from checks.case import BadName, Case, Sent, Target, Window
from checks.check import CheckName

CHECKS = tuple(CheckName(name) for name in ("domain", "mx", "spf", "dkim", "dmarc", "mta_sts", "provider", "limits"))
SECRET = "hunter2-Xyzzy"
DOMAIN = Target(domain="example.com")
LIMITS_OF_DOMAIN = Check(case=Case(target=DOMAIN), only=(CheckName("provider"), CheckName("limits")))
OTHER = Target(domain="example.net")
V4 = Target(address="192.0.2.25")
V6 = Target(address="2001:db8::25")
PIECES = "example.com user@example.com 192.0.2.25 2001:db8::25 private daily 800/day MB é 日本 .. https :// @ : , / ="
MARKUP = "< > | [ ] <mailto: &lt; &amp; <!channel> <@U012AB3CD> \" ' ` ; \u200b \u202e \x00 ｡ \ud800"
PASTES = st.sampled_from([*Verb, *(f"{key}:" for key in Key), *PIECES.split(" "), *MARKUP.split(" "), " ", "\n"])


def understood(text: str) -> Command:
    result = parse(text, CHECKS)
    assert not isinstance(result, Mistake), result
    return result


def checked(text: str) -> Check:
    result = understood(text)
    assert isinstance(result, Check)
    return result


def refused(text: str) -> Mistake:
    result = parse(text, CHECKS)
    assert isinstance(result, Mistake), result
    return result


@pytest.mark.parametrize(
    ("text", "target"),
    [
        ("example.com", DOMAIN),
        ("EXAMPLE.COM", DOMAIN),
        ("Example.Com.", DOMAIN),
        ("  example.com  ", DOMAIN),
        ("\texample.com\r\n", DOMAIN),
        ("check example.com", DOMAIN),
        ("CHECK example.com", DOMAIN),
        ("mail.example.com.", Target(domain="mail.example.com")),
        ("check help.example", Target(domain="help.example")),
        ("help.example", Target(domain="help.example")),
        ("check.example", Target(domain="check.example")),
        ("_dmarc.example.com", Target(domain="_dmarc.example.com")),
        ("25.2.0.192.in-addr.arpa", Target(domain="25.2.0.192.in-addr.arpa")),
        # as Slack sends it
        ("<http://example.com|example.com>", DOMAIN),
        ("<https://example.com/|https://example.com/>", DOMAIN),
        ("<https://example.com>", DOMAIN),
        ("<http://EXAMPLE.com|EXAMPLE.com>.", DOMAIN),
        ("&lt;https://example.com&gt;", DOMAIN),
        ("<https://example.com/?a=1&amp;b=2|example.net>", DOMAIN),
        ("<mailto:user@example.com|user@example.com>", DOMAIN),
        ("<mailto:user@example.com|A User>", DOMAIN),
        ("<MAILTO:User@Example.COM|User@Example.COM>", DOMAIN),
        ("<mailto:user@example.com?subject=Hello%20you|user@example.com>", DOMAIN),
        ("check <mailto:user@example.com|user@example.com>", DOMAIN),
        # URLs
        ("https://example.com", DOMAIN),
        ("http://example.com/", DOMAIN),
        ("https://example.com:8443/mail?to=a@example.net#top", DOMAIN),
        (f"https://user:{SECRET}@example.com/", DOMAIN),
        ("https://user@example.com", DOMAIN),
        ("HTTPS://EXAMPLE.COM/INBOX", DOMAIN),
        ("smtp://mail.example.com:587", Target(domain="mail.example.com")),
        ("example.com/path/to", DOMAIN),
        ("example.com/x?mail=user@example.net", DOMAIN),
        ("example.com:25", DOMAIN),
        ("mail.example.com:465", Target(domain="mail.example.com")),
        ("example.com?x=1", DOMAIN),
        ("http://[2001:db8::25]:8080/x", V6),
        ("http://192.0.2.25:8080/x", V4),
        # mail addresses
        ("user@example.com", DOMAIN),
        ("User.Name+tag@Example.com", DOMAIN),
        ("first..last.@example.com", DOMAIN),
        ("@example.com", DOMAIN),
        ("mailto:user@example.com", DOMAIN),
        ("<user@example.com>", DOMAIN),
        ("&lt;user@example.com&gt;", DOMAIN),
        ("user@[192.0.2.25]", V4),
        ("user@[IPv6:2001:db8::25]", V6),
        ("A User <user@example.com>", DOMAIN),
        ('"User, A." <user@example.com>', DOMAIN),
        ("“User, A.” <user@example.com>", DOMAIN),
        ('"Support: mail" <user@example.com>', DOMAIN),
        ("A User<user@example.com>", DOMAIN),
        ('"A User <user@example.com>"', DOMAIN),
        ("user@example.com <user@example.com>", DOMAIN),
        ('"user@example.com" <user@example.com>', DOMAIN),
        ("'user@example.com' <user@example.com>", DOMAIN),
        ("user@example.com<mailto:user@example.com>", DOMAIN),
        ("A User <mailto:user@example.com|user@example.com>", DOMAIN),
        ("'user@example.com'", DOMAIN),
        ("user@example.com;", DOMAIN),
        ("ｕｓｅｒ＠ｅｘａｍｐｌｅ．ｃｏｍ", DOMAIN),
        ('"a user"@example.com', DOMAIN),
        # out of sentences and formatted text
        ("example.com,", DOMAIN),
        ("(example.com)", DOMAIN),
        ('"example.com"', DOMAIN),
        ('"example.com",', DOMAIN),
        ("“example.com”", DOMAIN),
        ("‘example.com’", DOMAIN),
        ("「example.com」", DOMAIN),
        ("`example.com`", DOMAIN),
        ("*example.com*", DOMAIN),
        ("~example.com~", DOMAIN),
        ("example.com?", DOMAIN),
        ("example.com!", DOMAIN),
        ('"example.com', DOMAIN),
        # what cannot be seen, full width, other scripts
        ("\ufeffexample.com", DOMAIN),
        ("exam\u200bple.com", DOMAIN),
        ("exam\u00adple.com", DOMAIN),
        ("\u202eexample.com\u202c", DOMAIN),
        ("\u00a0example.com\u00a0", DOMAIN),
        ("\u3000ｅｘａｍｐｌｅ．ｃｏｍ", DOMAIN),
        ("example。com", DOMAIN),
        ("example｡com", DOMAIN),
        ("example\x00.com\x07", DOMAIN),
        ("bücher.example", Target(domain="xn--bcher-kva.example")),
        ("BÜCHER.example", Target(domain="xn--bcher-kva.example")),
        ("xn--bcher-kva.example", Target(domain="xn--bcher-kva.example")),
        ("XN--BCHER-KVA.EXAMPLE.", Target(domain="xn--bcher-kva.example")),
        ("user@bücher.example", Target(domain="xn--bcher-kva.example")),
        ("https://bücher.example/straße", Target(domain="xn--bcher-kva.example")),
        ("例え.example", Target(domain="xn--r8jz45g.example")),
        ("例え。example", Target(domain="xn--r8jz45g.example")),
        # addresses
        ("192.0.2.25", V4),
        ("192.0.2.25.", V4),
        ("192.0.2.25,", V4),
        ("192.0.2.25:25", V4),
        ("[192.0.2.25]", V4),
        ("[192.0.2.25]:25", V4),
        ("１９２．０．２．２５", V4),
        ("2001:db8::25", V6),
        ("2001:DB8:0:0:0:0:0:25", V6),
        ("[2001:db8::25]", V6),
        ("[2001:db8::25]:25", V6),
        ("[IPv6:2001:db8::25]", V6),
        ("IPv6:2001:db8::25", V6),
        ("::ffff:192.0.2.25", V4),
        ("abcd::1", Target(address="abcd::1")),
        ("http://192.0.2.25/", V4),
    ],
)
def test_a_target_is_understood_in_the_form_people_paste_it(text: str, target: Target) -> None:
    assert understood(text) == Check(case=Case(target=target))


@pytest.mark.parametrize(
    ("text", "case"),
    [
        ("example.com ip:192.0.2.25", Case(target=DOMAIN, sender_ip="192.0.2.25")),
        ("example.com IP:192.0.2.25", Case(target=DOMAIN, sender_ip="192.0.2.25")),
        ("example.com ip:[192.0.2.25]", Case(target=DOMAIN, sender_ip="192.0.2.25")),
        ("example.com ip: 192.0.2.25", Case(target=DOMAIN, sender_ip="192.0.2.25")),
        ("example.com ip：192.0.2.25", Case(target=DOMAIN, sender_ip="192.0.2.25")),
        ("example.com ip:2001:DB8::25", Case(target=DOMAIN, sender_ip="2001:db8::25")),
        ("example.com ip:[IPv6:2001:db8::25]", Case(target=DOMAIN, sender_ip="2001:db8::25")),
        ("ip:192.0.2.25 example.com", Case(target=DOMAIN, sender_ip="192.0.2.25")),
        ("example.com from:user@example.net", Case(target=DOMAIN, sender="user@example.net")),
        ("example.com from:User@EXAMPLE.net.", Case(target=DOMAIN, sender="User@example.net")),
        ("example.com from:<mailto:a@example.net|a@example.net>", Case(target=DOMAIN, sender="a@example.net")),
        ("example.com <mailto:from:a@example.net|from:a@example.net>", Case(target=DOMAIN, sender="a@example.net")),
        ("example.com from:A User <a@example.net>", Case(target=DOMAIN, sender="a@example.net")),
        ("example.com from: A User <a@example.net>", Case(target=DOMAIN, sender="a@example.net")),
        ("to:example.net <mailto:user@example.com|user@example.com>", Case(target=DOMAIN, recipient="example.net")),
        ("example.com from:A User<a@example.net>", Case(target=DOMAIN, sender="a@example.net")),
        ('example.com from:"A User" <a@example.net>', Case(target=DOMAIN, sender="a@example.net")),
        ('example.com from:"A User <a@example.net>"', Case(target=DOMAIN, sender="a@example.net")),
        ('example.com "from:A User <a@example.net>"', Case(target=DOMAIN, sender="a@example.net")),
        ('example.com from:"a@example.net"', Case(target=DOMAIN, sender="a@example.net")),
        ("example.com from:“a@example.net”", Case(target=DOMAIN, sender="a@example.net")),
        ("example.com from:'a@example.net'", Case(target=DOMAIN, sender="a@example.net")),
        ('example.com from:"a b"@example.net', Case(target=DOMAIN, sender='"a b"@example.net')),
        ("example.com from:a@bücher.example", Case(target=DOMAIN, sender="a@xn--bcher-kva.example")),
        ("example.com from:a@[192.0.2.1]", Case(target=DOMAIN, sender="a@[192.0.2.1]")),
        ("example.com from:a@[IPv6:2001:DB8::1]", Case(target=DOMAIN, sender="a@[IPv6:2001:db8::1]")),
        ("example.com from:e\u200d\u0301@example.net", Case(target=DOMAIN, sender="\u00e9@example.net")),
        ("example.com from:a/b?c=d@example.net", Case(target=DOMAIN, sender="a/b?c=d@example.net")),
        ("example.com from:a..b.@example.net", Case(target=DOMAIN, sender="a..b.@example.net")),
        ("example.com to:user@example.net", Case(target=DOMAIN, recipient="user@example.net")),
        ("example.com to:Example.NET.", Case(target=DOMAIN, recipient="example.net")),
        ("example.com to:@example.net", Case(target=DOMAIN, recipient="example.net")),
        ("example.com to:<http://example.net|example.net>", Case(target=DOMAIN, recipient="example.net")),
        ("example.com to:https://example.net/x", Case(target=DOMAIN, recipient="example.net")),
        ("example.com selector:s1", Case(target=DOMAIN, selector="s1")),
        ("example.com selector:S1.Mail", Case(target=DOMAIN, selector="s1.mail")),
        ("example.com selector:s1._domainkey.example.com", Case(target=DOMAIN, selector="s1")),
        ("example.com size:30MB", Case(target=DOMAIN, size=30_000_000)),
        ("example.com size:30mb", Case(target=DOMAIN, size=30_000_000)),
        ("example.com size:30 MB", Case(target=DOMAIN, size=30_000_000)),
        ("example.com size: 30 MB", Case(target=DOMAIN, size=30_000_000)),
        ("example.com size:30 MiB", Case(target=DOMAIN, size=31_457_280)),
        ('example.com size:"30  MiB"', Case(target=DOMAIN, size=31_457_280)),
        ("example.com size:30M", Case(target=DOMAIN, size=30_000_000)),
        ("example.com size:12,5MB", Case(target=DOMAIN, size=12_500_000)),
        ("example.com size:12.5MB", Case(target=DOMAIN, size=12_500_000)),
        ("example.com size:0.1MB", Case(target=DOMAIN, size=100_000)),
        ("example.com size:1.5GiB", Case(target=DOMAIN, size=1_610_612_736)),
        ("example.com size:512KiB", Case(target=DOMAIN, size=524_288)),
        ("example.com size:512kB", Case(target=DOMAIN, size=512_000)),
        ("example.com size:31457280", Case(target=DOMAIN, size=31_457_280)),
        ("example.com size:31,457,280", Case(target=DOMAIN, size=31_457_280)),
        ("example.com size:31.457.280", Case(target=DOMAIN, size=31_457_280)),
        ("example.com size:31,457 bytes", Case(target=DOMAIN, size=31_457)),
        ("example.com size:1,024,000KB", Case(target=DOMAIN, size=1_024_000_000)),
        ("example.com size:30MB, sent:5/h", Case(target=DOMAIN, size=30_000_000, sent=Sent(5, Window.HOUR))),
        ("example.com size:３０ＭＢ", Case(target=DOMAIN, size=30_000_000)),
        ("example.com sent:800/day", Case(target=DOMAIN, sent=Sent(800, Window.DAY))),
        ("example.com sent:800/d", Case(target=DOMAIN, sent=Sent(800, Window.DAY))),
        ("example.com sent:100/h", Case(target=DOMAIN, sent=Sent(100, Window.HOUR))),
        ("example.com sent:100/Hour", Case(target=DOMAIN, sent=Sent(100, Window.HOUR))),
        ("example.com sent:30/min", Case(target=DOMAIN, sent=Sent(30, Window.MINUTE))),
        ("example.com sent:1,500/day", Case(target=DOMAIN, sent=Sent(1500, Window.DAY))),
        ("example.com sent:800 / day", Case(target=DOMAIN, sent=Sent(800, Window.DAY))),
        ("example.com sent:800 per day", Case(target=DOMAIN, sent=Sent(800, Window.DAY))),
        ("example.com sent:800 messages a day", Case(target=DOMAIN, sent=Sent(800, Window.DAY))),
        ("example.com sent:800通/日", Case(target=DOMAIN, sent=Sent(800, Window.DAY))),
        ("example.com ticket:INC-42", Case(target=DOMAIN, reference="INC-42")),
        ("example.com ticket:#4711", Case(target=DOMAIN, reference="#4711")),
        ('example.com ticket:"INC-42"', Case(target=DOMAIN, reference="INC-42")),
        ("from:user@example.com", Case(target=DOMAIN, sender="user@example.com")),
        ("from:a@[192.0.2.25]", Case(target=V4, sender="a@[192.0.2.25]")),
        ("to:user@example.net", Case(target=OTHER, recipient="user@example.net")),
        ("to:example.net", Case(target=OTHER, recipient="example.net")),
        ("ip:192.0.2.25", Case(target=V4, sender_ip="192.0.2.25")),
        (
            "to:b@example.net from:a@example.com ip:192.0.2.25",
            Case(target=DOMAIN, sender_ip="192.0.2.25", sender="a@example.com", recipient="b@example.net"),
        ),
        ("ip:192.0.2.25 to:example.net", Case(target=V4, sender_ip="192.0.2.25", recipient="example.net")),
        ("192.0.2.25 from:a@example.com", Case(target=V4, sender="a@example.com")),
    ],
)
def test_a_key_says_what_the_ticket_says(text: str, case: Case) -> None:
    assert understood(text) == Check(case=case)


def test_every_key_may_stand_anywhere() -> None:
    check = checked(
        "private only:spf,dkim size:30MB lang:ja to:b@example.net example.com sent:800/day ticket:INC-42 "
        "selector:s1 from:a@example.com ip:192.0.2.25"
    )
    assert check == Check(
        case=Case(
            target=DOMAIN,
            sender_ip="192.0.2.25",
            sender="a@example.com",
            recipient="b@example.net",
            selector="s1",
            size=30_000_000,
            sent=Sent(800, Window.DAY),
            reference="INC-42",
        ),
        only=(CheckName("spf"), CheckName("dkim")),
        private=True,
        language=Language.JA,
    )


@pytest.mark.parametrize(
    ("value", "names"),
    [
        ("spf", ["spf"]),
        ("SPF,DKIM", ["spf", "dkim"]),
        ("dkim,spf,dkim", ["dkim", "spf"]),
        ("spf, dkim , dmarc", ["spf", "dkim", "dmarc"]),
        ('"spf, dkim"', ["spf", "dkim"]),
        ("mta-sts", ["mta_sts"]),
        ("spf,", ["spf"]),
    ],
)
def test_only_takes_the_names_of_the_checks(value: str, names: list[str]) -> None:
    for text in (
        f"example.com only:{value} ticket:INC-42",
        f"only:{value} example.com",
        f"x.test only:{value} private",
    ):
        assert list(checked(text).only) == names


@pytest.mark.parametrize(("value", "language"), [("en", "en"), ("JA", "ja"), ("en-US", "en"), ("ja_JP", "ja")])
def test_lang_takes_a_language_tag(value: str, language: str) -> None:
    assert checked(f"example.com lang:{value}").language == Language(language)


@pytest.mark.parametrize(
    ("text", "command"),
    [
        ("", Help()),
        ("   ", Help()),
        ("\u200b", Help()),
        ("help", Help()),
        ("HELP", Help()),
        ("?", Help()),
        ("--help", Help()),
        ("help history", Help(Verb.HISTORY)),
        ("help me please", Help()),
        ("bounce", Bounce()),
        ("bounce 550 5.1.1 <a@example.com>: user unknown, your password: has expired", Bounce()),
        ("bounce " + "x" * 20_000, Bounce()),
        ("login", Login()),
        ("login smtp.example.com", Login(Target(domain="smtp.example.com"))),
        ("login smtp.example.com:587", Login(Target(domain="smtp.example.com"))),
        ("login <http://smtp.example.com|smtp.example.com>", Login(Target(domain="smtp.example.com"))),
        ("limits example.com", LIMITS_OF_DOMAIN),
        ("limits <http://EXAMPLE.com|EXAMPLE.com>", LIMITS_OF_DOMAIN),
        ("limits user@example.com", LIMITS_OF_DOMAIN),
        ("limits Some Provider 365", Limits("Some Provider 365")),
        ('limits "Some Provider"', Limits("Some Provider")),
        ("history", ShowHistory()),
        ("history example.com", ShowHistory(target=DOMAIN)),
        ("history A User <user@example.com>", ShowHistory(target=DOMAIN)),
        ("history 192.0.2.25", ShowHistory(target=V4)),
        ("history ticket:INC-42", ShowHistory(ticket="INC-42")),
        ("history <@U012AB3CD>", ShowHistory(person="U012AB3CD")),
        ("history <@U012AB3CD|user>", ShowHistory(person="U012AB3CD")),
        ("history &lt;@W012AB3CD&gt;", ShowHistory(person="W012AB3CD")),
        ("history @some.user", ShowHistory(person="some.user")),
        ("last example.com", Last(DOMAIN)),
        ("last https://example.com/", Last(DOMAIN)),
        ("diff example.com", Diff(DOMAIN)),
        ("diff 2001:db8::25", Diff(V6)),
        ("export 01JZX3V9-a_b", Export("01JZX3V9-a_b")),
        ("watch example.com", Watch(DOMAIN, Every.DAILY)),
        ("watch example.com weekly", Watch(DOMAIN, Every.WEEKLY)),
        ("watch Hourly example.com", Watch(DOMAIN, Every.HOURLY)),
        ("watch daily <mailto:user@example.com|user@example.com>", Watch(DOMAIN, Every.DAILY)),
        ("unwatch example.com", Unwatch(DOMAIN)),
        ("watches", Watches()),
    ],
)
def test_every_verb_is_understood(text: str, command: Command) -> None:
    assert understood(text) == command


M = MistakeCode


@pytest.mark.parametrize(
    ("text", "code", "word", "about", "suggestion"),
    [
        ("check", M.NO_TARGET, "", "check", None),
        ("private", M.NO_TARGET, "", "check", None),
        ("ticket:INC-42", M.NO_TARGET, "", "check", None),
        ("limits", M.NO_TARGET, "", "limits", None),
        ("last", M.NO_TARGET, "", "last", None),
        ("watch", M.NO_TARGET, "", "watch", None),
        ("watch daily", M.NO_TARGET, "", "watch", None),
        ("unwatch", M.NO_TARGET, "", "unwatch", None),
        ("export", M.NO_TARGET, "", "export", None),
        ("example.com example.com", M.TWO_TARGETS, "example.com", "check", None),
        ("example.com 192.0.2.25", M.TWO_TARGETS, "192.0.2.25", "check", None),
        ("a@example.com; b@example.net", M.TWO_TARGETS, "b@example.net", "check", None),
        ("example.net A User <user@example.com>", M.TWO_TARGETS, "<user@example.com>", "check", None),
        ("from:A example.com <a@example.net>", M.TWO_TARGETS, "<a@example.net>", "check", None),
        ("last example.com example.net", M.TWO_TARGETS, "example.net", "last", None),
        ("history example.com ticket:INC-42", M.TWO_TARGETS, "example.com", "history", None),
        ("192.0.2.0/24", M.NETWORK, "192.0.2.0/24", "check", None),
        ("2001:db8::/32", M.NETWORK, "2001:db8::/32", "check", None),
        ("chekc example.com", M.UNKNOWN_WORD, "chekc", "check", "check"),
        ("chekc <user@example.com>", M.UNKNOWN_WORD, "chekc", "check", "check"),
        ("hlep", M.UNKNOWN_WORD, "hlep", "check", "help"),
        ("histroy example.com", M.UNKNOWN_WORD, "histroy", "check", "history"),
        ("wacth example.com daily", M.UNKNOWN_WORD, "wacth", "check", "watch"),
        ("example.com privat", M.UNKNOWN_WORD, "privat", "check", "private"),
        ("example.com history", M.UNKNOWN_WORD, "history", "check", "history example.com"),
        ("watch example.com dayly", M.UNKNOWN_WORD, "dayly", "watch", "daily"),
        ("why is mail for example.com late", M.UNKNOWN_WORD, "why", "check", None),
        ("example.com form:a@example.com", M.UNKNOWN_KEY, "form:", "check", "from:"),
        ("example.com selectr:s1", M.UNKNOWN_KEY, "selectr:", "check", "selector:"),
        ("example.com sise:31457280", M.UNKNOWN_KEY, "sise:", "check", "size:"),
        ("example.com private:yes", M.UNKNOWN_KEY, "private:", "check", "private"),
        ("example.com colour:blue", M.UNKNOWN_KEY, "colour:", "check", None),
        ("example.com 差出人:a@example.com", M.UNKNOWN_KEY, "差出人:", "check", None),
        ("history tiket:INC-42", M.UNKNOWN_KEY, "tiket:", "history", "ticket:"),
        ("history from:a@example.com", M.NOT_HERE, "from:", "history", None),
        ("last example.com ticket:INC-42", M.NOT_HERE, "ticket:", "last", None),
        ("watch example.com daily weekly", M.NOT_HERE, "weekly", "watch", None),
        ("watches example.com", M.NOT_HERE, "example.com", "watches", None),
        ("example.com only:spff", M.UNKNOWN_CHECK, "spff", "only:", "spf"),
        ("example.com only:spf,dkmi", M.UNKNOWN_CHECK, "dkmi", "only:", "dkim"),
        ("example.com only:everything", M.UNKNOWN_CHECK, "everything", "only:", None),
        ("example.com ip:192.0.2.25 ip:192.0.2.26", M.TWICE, "", "ip:", None),
        ("example.com from:a@example.com from:a@example.com", M.TWICE, "", "from:", None),
        ("example.com ip:", M.BAD_VALUE, "", "ip:", None),
        ("example.com ip:example.net", M.BAD_VALUE, "example.net", "ip:", None),
        ("example.com from:example.net", M.BAD_VALUE, "example.net", "from:", None),
        ("example.com from:a@b@example.net", M.BAD_VALUE, "a@b@example.net", "from:", None),
        ("example.com from: private", M.BAD_VALUE, "private", "from:", None),
        ("example.com to:192.0.2.25", M.BAD_VALUE, "192.0.2.25", "to:", None),
        ("example.com selector:s1/../x", M.BAD_VALUE, "s1/../x", "selector:", None),
        ("example.com size:big", M.BAD_VALUE, "big", "size:", None),
        ("example.com size:0", M.BAD_VALUE, "0", "size:", None),
        ("example.com size:-5MB", M.BAD_VALUE, "-5MB", "size:", None),
        ("example.com size:1.5", M.BAD_VALUE, "1.5", "size:", None),
        ("example.com size:1,024KB", M.BAD_VALUE, "1,024KB", "size:", None),
        ("example.com size:1,5.2MB", M.BAD_VALUE, "1,5.2MB", "size:", None),
        ("example.com size:30PB", M.BAD_VALUE, "30PB", "size:", None),
        ("example.com size:9999GB", M.BAD_VALUE, "9999GB", "size:", None),
        ("example.com size:٣٠MB", M.BAD_VALUE, "٣٠MB", "size:", None),
        ("example.com sent:800", M.BAD_VALUE, "800", "sent:", None),
        ("example.com sent:0/day", M.BAD_VALUE, "0/day", "sent:", None),
        ("example.com sent:many/day", M.BAD_VALUE, "many/day", "sent:", None),
        ("example.com sent:8/fortnight", M.BAD_VALUE, "8/fortnight", "sent:", None),
        ("example.com sent:80,0/day", M.BAD_VALUE, "80,0/day", "sent:", None),
        ("example.com ticket:../../etc", M.BAD_VALUE, "../../etc", "ticket:", None),
        ("example.com ticket:<!channel>", M.BAD_VALUE, "<!channel>", "ticket:", None),
        ("example.com lang:klingon", M.BAD_VALUE, "klingon", "lang:", None),
        ("example.com only:,", M.BAD_VALUE, ",", "only:", None),
        ("limits <!channel>", M.BAD_VALUE, "<!channel>", "limits", None),
        ("limits 192.0.2.25", M.BAD_VALUE, "192.0.2.25", "limits", None),
        ("export ../../etc/passwd", M.BAD_VALUE, "../../etc/passwd", "export", None),
        ("export one two", M.BAD_VALUE, "two", "export", None),
        ("550 5.1.1 user unknown", M.PASTED_TEXT, "", "", "bounce"),
        ("421-4.7.0 try again later", M.PASTED_TEXT, "", "", "bounce"),
        ("watch dayly example.com", M.UNKNOWN_WORD, "dayly", "watch", "daily"),
        ("last example.com privat", M.UNKNOWN_WORD, "privat", "last", None),
        ("a message of many words " * 20, M.PASTED_TEXT, "", "", "bounce"),
        ("example.com " + "x" * MAX_TEXT, M.PASTED_TEXT, "", "", "bounce"),
    ],
)
def test_a_mistake_says_what_is_wrong_and_what_was_meant(
    text: str, code: MistakeCode, word: str, about: str, suggestion: str | None
) -> None:
    mistake = refused(text)
    assert (mistake.code, mistake.suggestion) == (code, suggestion)
    assert (mistake.word, mistake.about) == (word, about)


@pytest.mark.parametrize(
    ("text", "word", "reason"),
    [
        ("localhost", "localhost", BadName.SINGLE_LABEL),
        ("localhost:25", "localhost:25", BadName.SINGLE_LABEL),
        ("http://localhost/", "http://localhost/", BadName.SINGLE_LABEL),
        ("user@localhost", "user@localhost", BadName.SINGLE_LABEL),
        ("intranet", "intranet", BadName.SINGLE_LABEL),
        ("check intranet", "intranet", BadName.SINGLE_LABEL),
        ("last intranet", "intranet", BadName.SINGLE_LABEL),
        ("history intranet", "intranet", BadName.SINGLE_LABEL),
        ("login intranet", "intranet", BadName.SINGLE_LABEL),
        ("2130706433", "2130706433", BadName.SINGLE_LABEL),
        ("192.0.2.256", "192.0.2.256", BadName.NUMERIC_TOP),
        ("192.0.2", "192.0.2", BadName.NUMERIC_TOP),
        ("192.0.2.025", "192.0.2.025", BadName.NUMERIC_TOP),
        ("example.com.1", "example.com.1", BadName.NUMERIC_TOP),
        ("example..com", "example..com", BadName.BAD_LABEL),
        ("-a.example.com", "-a.example.com", BadName.BAD_LABEL),
        ("*.example.com", "*.example.com", BadName.BAD_LABEL),
        ("exa$mple.com", "exa$mple.com", BadName.BAD_LABEL),
        ("example,com", "example,com", BadName.BAD_LABEL),
        ("fe80::1%eth0", "fe80::1%eth0", BadName.BAD_LABEL),
        ("a@example.com,b@example.net", "a@example.com,b@example.net", BadName.BAD_LABEL),
        ("💥.example", "💥.example", BadName.BAD_LABEL),
        ("../../", "../../", BadName.BAD_LABEL),
        ("/etc/passwd", "/etc/passwd", BadName.EMPTY),
        ("';", "';", BadName.EMPTY),
        ("<!channel>", "!channel", BadName.SINGLE_LABEL),
        ("`id`.example.com", "`id`.example.com", BadName.BAD_LABEL),
        ("$(id).example.com", "$(id).example.com", BadName.BAD_LABEL),
        ("a" * 64 + ".example", "a" * 39 + "…", BadName.BAD_LABEL),
        ("a." * 200 + "example", "a." * 19 + "a…", BadName.TOO_LONG),
        ("https://user:pw@localhost/", "…@localhost/", BadName.SINGLE_LABEL),
    ],
)
def test_a_name_that_is_no_domain_is_refused_with_the_reason(text: str, word: str, reason: BadName) -> None:
    mistake = refused(text)
    assert (mistake.code, mistake.word, mistake.reason) == (MistakeCode.BAD_TARGET, word, reason)


def test_a_value_that_had_to_be_a_domain_says_why_it_is_none() -> None:
    assert refused("example.com from:a@localhost").reason is BadName.SINGLE_LABEL
    assert refused("example.com to:192.0.2.256").reason is BadName.NUMERIC_TOP


@pytest.mark.parametrize(
    "text",
    [
        "'; DROP TABLE runs; --",
        "`rm -rf /`",
        "<!channel> <!here>",
        "example.com <!channel>",
        "example.com\n<!everyone>\nsee this",
        "../../../../etc/passwd " * 20,
        "<https://evil.example|https://bank.example> <https://bank.example>",
        "\x1b[31mred\x1b[0m",
        "\u202egnirts desrever",
        "x" * 1_900,
    ],
)
def test_hostile_text_gives_one_mistake_with_a_short_clean_piece(text: str) -> None:
    mistake = refused(text)
    assert 0 < len(mistake.word) <= MAX_SHOWN
    assert mistake.word.isprintable()


@pytest.mark.parametrize(
    "text",
    [
        f"example.com pass:{SECRET}",
        f"example.com password:{SECRET}",
        f"example.com pw:{SECRET}",
        f"example.com PWD:{SECRET}",
        f"example.com passwd={SECRET}",
        f"example.com pass: {SECRET}",
        f"example.com password {SECRET}",
        f"example.com pasword:{SECRET}",
        f'example.com "password":"{SECRET}"',
        f"example.com smtp_password:{SECRET}",
        f"example.com user:a pass:{SECRET}",
        f"example.com ｐａｓｓ：{SECRET}",
        f"example.com pa\u200bss:{SECRET}",
        f"example.com パスワード：{SECRET}",
        f"example.com pass&lt;:{SECRET} pw:{SECRET}",
        f"{SECRET} password: {SECRET}",
        f"https://example.com/?password={SECRET}",
        f"login smtp.example.com {SECRET}",
        f"login smtp.example.com user@example.com {SECRET}",
        f"history password:{SECRET}",
    ],
)
def test_a_command_with_a_password_is_refused_and_forgotten(text: str) -> None:
    mistake = refused(text)
    assert mistake.code is MistakeCode.PASSWORD_IN_COMMAND
    assert mistake.suggestion == LOGIN_COMMAND
    assert SECRET not in repr(mistake)


@pytest.mark.parametrize(
    "text",
    [
        f"user:{SECRET}",
        f"user:{SECRET}@example.com",
        f"https://user:{SECRET}@localhost",
        f"example.com https://user:{SECRET}@example.net",
        f"history example.com https://user:{SECRET}@example.net",
        f"example.com ip:https://user:{SECRET}@example.net",
        f"example.com to:https://user:{SECRET}@localhost",
        f"example.com from:user:{SECRET}@localhost",
        f"limits https://user:{SECRET}@example.net now",
        f"export https://user:{SECRET}@example.net",
        f"watches https://user:{SECRET}@example.net",
        f"last (https://user:{SECRET}@/x",
    ],
)
def test_the_password_in_a_url_is_in_no_mistake(text: str) -> None:
    assert SECRET not in repr(refused(text))


def test_the_password_in_a_url_is_in_no_command() -> None:
    assert SECRET not in repr(checked(f"https://user:{SECRET}@example.com to:https://u:{SECRET}@example.net"))


@pytest.mark.parametrize("text", ["pass.example", "password.example", "user@pw.example", "bypass@example.com"])
def test_a_name_with_the_word_password_in_it_is_a_target(text: str) -> None:
    assert isinstance(understood(text), Check)


@pytest.mark.parametrize("key", Key)
def test_the_example_of_every_key_is_a_command(key: Key) -> None:
    mistake = refused(f"example.com {key}:")
    assert mistake.code is MistakeCode.BAD_VALUE
    assert f"{key}:" in mistake.example
    assert isinstance(understood(mistake.example), Check)


@pytest.mark.parametrize("verb", [verb for verb in Verb if verb not in {Verb.HELP, Verb.BOUNCE}])
def test_the_example_of_every_verb_is_a_command_of_that_verb(verb: Verb) -> None:
    mistake = refused(f"{verb} <!channel> colour:blue")
    assert mistake.about == verb
    assert verb is Verb.CHECK or mistake.example.split()[0] == verb
    assert type(understood(mistake.example)).__name__.lower().removeprefix("show") == verb


def microseconds_of(text: str) -> int:
    """What reading a text costs; the tracing that measures coverage is not part of it."""
    tracing = sys.gettrace()
    sys.settrace(None)
    try:
        started = time.process_time()
        parse(text, CHECKS)
        return int((time.process_time() - started) * 1_000_000)
    finally:
        sys.settrace(tracing)


def test_no_text_takes_long() -> None:
    worst: Counter[str] = Counter()
    seeds = [
        '"',
        "<",
        ">",
        "@",
        ":",
        "::",
        "'a",
        "a@",
        "<a@b>",
        "a b ",
        "from:",
        ",",
        "\ufdfa",
        "é\u0301",
        "pass",
        "`*",
    ]
    seeds += ["a.", "https://", "size:1 ", "/", "[", "&lt;", "&amp;lt;", " ", "\u200b", "only:,,", "-", "ü", "1,111"]
    for seed in seeds:
        for prefix in ("", "check ", "limits ", "from:", "to:", "size:", "sent:8 ", "only:", "history ", 'sent:"8'):
            for length in (MAX_TEXT, 10_000):
                text = (prefix + seed * length)[:length]
                worst[f"{prefix}{seed}×{length}"] = microseconds_of(text)
    [(text, microseconds)] = worst.most_common(1)
    assert microseconds < 50_000, text


@given(st.text(st.characters(exclude_categories=()), max_size=200) | st.lists(PASTES, max_size=20).map("".join))
def test_any_text_is_a_command_or_a_mistake_and_a_check_reads_back_what_it_wrote(text: str) -> None:
    result = parse(text, CHECKS)
    if isinstance(result, Mistake):
        assert len(result.word) <= MAX_SHOWN
        assert result.word.isprintable()
    elif isinstance(result, Check):
        assert parse(as_text(result), CHECKS) == result


def labels(alphabet: str = "abcxyz0189") -> st.SearchStrategy[str]:
    return st.text(alphabet, min_size=1, max_size=12)


DOMAINS = st.tuples(labels(), st.sampled_from(["example", "test", "co.example"])).map(".".join)
ADDRESSES = st.ip_addresses().map(str).filter(lambda text: not text.startswith("::ffff:"))
LOCALS = st.text("abcXYZ019.!#$%&*+/=?^_{|}~-'éü日", min_size=1, max_size=16)
MAILBOXES = st.tuples(LOCALS, DOMAINS).map("@".join)
CASES = st.builds(
    Case,
    target=DOMAINS.map(lambda name: Target(domain=name)) | ADDRESSES.map(lambda text: Target(address=text)),
    sender_ip=st.none() | ADDRESSES,
    sender=st.none() | MAILBOXES,
    recipient=st.none() | MAILBOXES | DOMAINS,
    selector=st.none() | labels() | st.tuples(labels(), labels()).map(".".join),
    size=st.none() | st.integers(1, 10**12),
    sent=st.none() | st.builds(Sent, st.integers(1, 10**9 - 1), st.sampled_from(Window)),
    reference=st.none() | st.from_regex(r"\A[A-Z]{2,5}-[0-9]{1,6}\Z"),
)


@given(
    st.builds(
        Check,
        case=CASES,
        only=st.lists(st.sampled_from(CHECKS), unique=True).map(tuple),
        private=st.booleans(),
        language=st.none() | st.sampled_from(Language),
    )
)
@example(check=Check(case=Case(target=DOMAIN, recipient="//@example.net")))
def test_a_check_written_as_text_is_read_as_the_same_check(check: Check) -> None:
    assert parse(as_text(check), CHECKS) == check


def test_a_check_is_written_as_people_type_it() -> None:
    check = checked("private from:a@example.com to:example.net example.com sent:800 per day size:30MB lang:ja only:mx")
    assert as_text(check) == (
        "example.com from:a@example.com to:example.net size:30000000 sent:800/day lang:ja only:mx private"
    )
