"""What a person sees of a Slack conversation, drawn in a terminal from the very blocks that the app sent."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from rich.text import Text

from bot.sandbox.slack_blocks import JsonObject, as_list, as_object, objects
from bot.sandbox.slack_model import Message

_EMOJI = {
    "white_circle": ("○", "dim"),
    "hourglass_flowing_sand": ("◔", "cyan"),
    "white_check_mark": ("✓", "bold green"),
    "information_source": ("i", "bold blue"),
    "grey_question": ("?", "bold magenta"),
    "warning": ("!", "bold yellow"),
    "no_entry": ("✗", "bold red"),
    "black_square_for_stop": ("■", "magenta"),
}


def lines(message: Message) -> Iterator[Text]:
    """A message line by line."""
    for block in message.blocks:
        if block["type"] == "rich_text":
            for element in objects(block.get("elements")):
                yield from _element(element)
        elif block["type"] == "actions":
            buttons = [
                str((as_object(one.get("text")) or {}).get("text", "")) for one in objects(block.get("elements"))
            ]
            yield Text(" ".join(f"[ {label} ]" for label in buttons), style="cyan")
    if not message.blocks:
        yield from (Text(line) for line in message.text.splitlines())


def parts(message: Message) -> Iterator[JsonObject]:
    """The smallest pieces of what a message shows."""
    for block in message.blocks:
        for element in objects(block.get("elements")):
            yield from objects(element.get("elements"))


def _element(element: JsonObject) -> Iterator[Text]:
    inside = Text()
    for part in objects(element.get("elements")):
        inside.append_text(_part(part))
    match element["type"]:
        case "rich_text_preformatted":
            yield from (Text.assemble(("  ", ""), line) for line in _styled(inside, "green").split("\n"))
        case "rich_text_quote":
            yield from (Text.assemble(("  ", ""), line) for line in inside.split("\n"))
        case _:
            yield from inside.split("\n")


def _styled(text: Text, style: str) -> Text:
    text.stylize(style)
    return text


def _part(part: JsonObject) -> Text:
    style = as_object(part.get("style")) or {}
    looks = " ".join(name for name, wanted in (("bold", "bold"), ("cyan", "code")) if style.get(wanted))
    match part["type"]:
        case "text":
            return Text(str(part["text"]), style=looks)
        case "emoji":
            sign, colour = _EMOJI.get(str(part["name"]), (f":{part['name']}:", ""))
            return Text(sign, style=colour)
        case "link":
            return Text(str(part.get("text") or part["url"]), style="underline")
        case "user":
            return Text(f"@{part['user_id']}", style="bold blue")
        case "date":
            moment = dt.datetime.fromtimestamp(float(part["timestamp"]), dt.UTC)
            return Text(moment.strftime("%H:%M UTC"))
        case _:
            return Text(str(as_list(part.get("elements")) or ""))
