"""An error mail in Slack: pasted into the form, or explained from a message's menu."""

from __future__ import annotations

from pathlib import Path

from bot.sandbox.internet import World
from bot.sandbox.smtp import MailHost
from bot.sandbox.worlds import BLOCKLISTS
from bot.sandbox.zones import listing
from tests.journeys.office import HELPDESK, JAPANESE, office

RECORDS = """
    example.com        MX   10 mx.example.com
    example.com        TXT  v=spf1 mx -all
    _dmarc.example.com TXT  v=DMARC1; p=reject
    mx.example.com     A    192.0.2.25
    192.0.2.25         PTR  mx.example.com
"""
MAIL = MailHost(name="mx.example.com", address="192.0.2.25", domains=("example.com",))
BOUNCE = """
This is the mail system at host mx.example.com.

<someone@example.org>: host mx.example.org[198.51.100.9] said: 554 5.7.1 Service unavailable; Client host [192.0.2.25]
    blocked using zen.spamhaus.org; canary-wording-of-the-user (in reply to RCPT TO command)

From: Desk <desk@example.com>
To: someone@example.org
Subject: canary-subject
"""


def world(records: str = "") -> World:
    return World(records=RECORDS + BLOCKLISTS + records, mail=(MAIL,))


async def test_a_pasted_bounce_is_explained_to_the_asker_and_checked_in_a_thread(tmp_path: Path) -> None:
    async with office(world(listing("zen.spamhaus.org", "192.0.2.25", "127.0.0.2")), tmp_path) as here:
        await here.ask("bounce")
        await here.slack.wait_for(lambda: here.slack.view(HELPDESK), 20)
        done = await here.slack.submit({"text": BOUNCE, "live": ["live"]}, user=HELPDESK)
        assert done.failure is None
        [told] = await here.whispered(HELPDESK)
        assert "someone@example.org" in told.words
        assert "blocklist" in told.words
        parent, replies = await here.answered()
        assert "example.com" in parent.words
        assert "with a bounce" in parent.words
        assert "confirmed" in replies[-1].words, "the bounce says so, and the list shows it"
        await here.finish()
        kept = (tmp_path / "history.sqlite").read_bytes()
        assert b"canary-subject" not in kept, "what was pasted is not kept beyond what the answer rests on"


async def test_the_form_alone_starts_no_check_if_none_is_wanted(tmp_path: Path) -> None:
    async with office(world(), tmp_path) as here:
        await here.ask("bounce", user=JAPANESE)
        view = await here.slack.wait_for(lambda: here.slack.view(JAPANESE), 20)
        assert "エラーメール" in str(view.content["title"])
        await here.slack.submit({"text": "550 5.1.1 <nobody@example.org>: User unknown", "live": []}, user=JAPANESE)
        [told] = await here.whispered(JAPANESE)
        assert "宛先" in told.words
        await here.finish()
        async with here.history() as history:
            assert await history.recent(5) == ()


async def test_a_message_in_the_channel_is_explained_from_its_menu(tmp_path: Path) -> None:
    async with office(world(), tmp_path) as here:
        text = "It came back: 552 5.3.4 Message size exceeds fixed limit &lt;<mailto:a@example.org|a@example.org>&gt;"
        message, _ = await here.slack.say(text, user=HELPDESK, channel="helpdesk")
        done = await here.slack.message_shortcut("explain", message, user=JAPANESE)
        assert done.failure is None
        [told] = await here.whispered(JAPANESE)
        assert "a@example.org" in told.words
        assert "mailto" not in told.words


async def test_what_is_no_error_mail_is_said_to_be_unclear(tmp_path: Path) -> None:
    async with office(world(), tmp_path) as here:
        message, _ = await here.slack.say("my mail does not work", user=HELPDESK, channel="helpdesk")
        await here.slack.message_shortcut("explain", message, user=HELPDESK)
        [told] = await here.whispered(HELPDESK)
        assert "no usable reason" in told.words
