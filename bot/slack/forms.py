"""The form an error mail is pasted into, and the texts that come out of Slack with its own marks in them."""

from __future__ import annotations

import html
import json
import re
from dataclasses import dataclass
from typing import Any, cast

from bot.run import Place
from bot.spans import plain
from bot.wording import Say, Wording

BOUNCE_FORM = "bounce"
"""The ``callback_id`` of the form."""
EXPLAIN_SHORTCUT = "explain"
"""The ``callback_id`` of the action in a message's menu."""

PASTE_LIMIT = 3000
"""Characters that Slack lets a text input hold (docs.slack.dev, plain-text input)."""
_TEXT, _LIVE = "text", "live"
_TITLE_LIMIT = 24

Payload = dict[str, Any]  # JSON of Slack
_LINK = re.compile(r"<(?:mailto:|https?://|tel:)?[^<>|\s]{1,2000}\|([^<>|]{1,2000})>")
_BARE_LINK = re.compile(r"<(?:mailto:)?((?:https?://)?[^<>|\s!@#][^<>|\s]{0,2000})>")


@dataclass(frozen=True, kw_only=True)
class Pasted:
    """What was filled in: the text, whether to run the live checks as well, and where the form was opened."""

    text: str
    live: bool
    place: Place


def bounce_form(words: Wording, place: Place) -> Payload:
    """The form. Where it was opened travels with it: a submission does not say."""
    opened = {
        "team": place.team,
        "channel": place.channel,
        "thread": place.thread,
        "response_url": place.response_url,
    }
    live = {"text": _plain(words, Say.FORM_LIVE), "value": _LIVE}
    return {
        "type": "modal",
        "callback_id": BOUNCE_FORM,
        "private_metadata": json.dumps(opened),
        "title": _plain(words, Say.FORM_TITLE, _TITLE_LIMIT),
        "submit": _plain(words, Say.FORM_SUBMIT, _TITLE_LIMIT),
        "close": _plain(words, Say.FORM_CLOSE, _TITLE_LIMIT),
        "blocks": [
            {
                "type": "input",
                "block_id": _TEXT,
                "label": _plain(words, Say.FORM_TEXT),
                "hint": _plain(words, Say.FORM_HINT),
                "element": {
                    "type": "plain_text_input",
                    "action_id": _TEXT,
                    "multiline": True,
                    "max_length": PASTE_LIMIT,
                    "focus_on_load": True,
                },
            },
            {
                "type": "input",
                "block_id": _LIVE,
                "optional": True,
                "label": _plain(words, Say.FORM_LIVE_LABEL),
                "element": {"type": "checkboxes", "action_id": _LIVE, "options": [live], "initial_options": [live]},
            },
        ],
    }


def pasted(view: Payload) -> Pasted:
    """Read a submitted form."""
    values = cast("Payload", cast("Payload", view.get("state") or {}).get("values") or {})
    text = cast("Payload", cast("Payload", values.get(_TEXT) or {}).get(_TEXT) or {}).get("value")
    live = cast("Payload", cast("Payload", values.get(_LIVE) or {}).get(_LIVE) or {}).get("selected_options")
    opened = cast("dict[str, str]", json.loads(str(view.get("private_metadata") or "{}")))
    place = Place(
        team=opened.get("team", ""),
        channel=opened.get("channel", ""),
        thread=opened.get("thread", ""),
        response_url=opened.get("response_url", ""),
    )
    return Pasted(text=text if isinstance(text, str) else "", live=bool(live), place=place)


def message_text(message: Payload) -> str:
    """The text of a message as its author wrote it: without Slack's marks for links, with its entities undone.

    Files are not read: that would take a scope to all of them.
    """
    text = str(message.get("text") or "")
    return html.unescape(_BARE_LINK.sub(r"\1", _LINK.sub(r"\1", text)))


def _plain(words: Wording, sentence: Say, limit: int = 2000) -> Payload:
    return {"type": "plain_text", "text": plain(words.say(sentence))[:limit], "emoji": False}
