"""A report as Slack messages, within all of Slack's limits, however much there is to tell.

Everything a person reads stands in ``rich_text`` blocks, whose text elements Slack does not parse: foreign words can
ping nobody, make no link and break no block. Only the ``text`` for notifications is parsed, and escaped for it
(docs.slack.dev/messaging/formatting-message-text).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal, TypedDict

from bot.report import Button, Icon, Line, Paste, Report, Section
from bot.spans import CUT, Code, Link, Moment, Person, Span, Spans, Strong, Text, clean, cut
from checks.wire import Json

Block = dict[str, Json]
"""One block or element of Block Kit."""


class Message(TypedDict):
    """What ``chat.postMessage`` and ``chat.update`` take beside the place."""

    text: str
    blocks: list[Block]


BLOCKS_MAX = 50
"""Blocks in one message (docs.slack.dev/reference/block-kit/blocks)."""
MESSAGE_MAX = 11_500
"""Size of the blocks of one message as JSON, in code points. Slack names no limit, but answers ``msg_blocks_too_long``
from about 13,200 characters of content; counting the JSON is the strictest reading."""
_BLOCK_MAX = 6_000
_LINE_MAX = 4_000
_PASTE_MAX = 3_000
_TEXT_MAX = 3_000
_BUTTON_MAX = 75
_URL_MAX = 3_000
_ACTIONS_ROOM = 1_500

_SLACK_ID = re.compile(r"[UW][A-Z0-9]{2,20}\Z")

_EMOJI = {
    Icon.WAITING: "white_circle",
    Icon.RUNNING: "hourglass_flowing_sand",
    Icon.OK: "white_check_mark",
    Icon.NOTICE: "information_source",
    Icon.UNKNOWN: "grey_question",
    Icon.WARNING: "warning",
    Icon.PROBLEM: "no_entry",
    Icon.INTERRUPTED: "black_square_for_stop",
}

_NOTHING = Line(spans=())

_Kind = Literal["rich_text_section", "rich_text_quote", "rich_text_preformatted"]


@dataclass(frozen=True)
class _Piece:
    """What may not be torn apart: one line, or one text to paste."""

    kind: _Kind
    elements: list[Json]
    size: int


def messages(report: Report) -> list[Message]:
    """Render a report as one or more messages, in the order in which to post them; the buttons are on the last."""
    pages: list[list[Block]] = [[]]
    room = MESSAGE_MAX
    for section in report.sections:
        for block in _rich_texts(section):
            size = _size(block)
            if size > room or len(pages[-1]) >= BLOCKS_MAX - 1:
                pages.append([])
                room = MESSAGE_MAX
            pages[-1].append(block)
            room -= size
    if report.buttons:
        if room < _ACTIONS_ROOM:
            pages.append([])
        pages[-1].append(_actions(report.buttons))
    filled = [page for page in pages if page] or [
        [_rich_text([{"type": "rich_text_section", "elements": _line(_NOTHING)}])]
    ]
    return [Message(text=escape(report.fallback) or CUT, blocks=page) for page in filled]


def message(report: Report) -> Message:
    """Render a report that has to fit into one message, such as one edited in place: what is too much is left out."""
    first, *more = messages(report)
    if more:
        left_out: Block = {"type": "rich_text_section", "elements": [{"type": "text", "text": CUT}]}
        first["blocks"].append({"type": "rich_text", "elements": [left_out]})
    return first


def escape(text: str) -> str:
    """Escape plain words for a field that Slack parses; cut before, so that no entity is cut."""
    limit = _TEXT_MAX
    while True:
        escaped = cut(clean(text), limit).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
        if len(escaped) <= _TEXT_MAX:
            return escaped
        limit //= 2


def _rich_texts(section: Section) -> Iterator[Block]:
    """Pack the pieces of a section into rich_text blocks; neighbours of one kind share an element."""
    elements: list[Block] = []
    room = _BLOCK_MAX
    for piece in _pieces(section):
        if elements and piece.size > room:
            yield _rich_text(elements)
            elements, room = [], _BLOCK_MAX
        inner = elements[-1]["elements"] if elements and elements[-1]["type"] == piece.kind else None
        if isinstance(inner, list) and piece.kind != "rich_text_preformatted":
            inner.append({"type": "text", "text": "\n"})
            inner += piece.elements
        else:
            elements.append({"type": piece.kind, "elements": piece.elements})
        room -= piece.size
    if elements:
        yield _rich_text(elements)


def _rich_text(elements: list[Block]) -> Block:
    return {"type": "rich_text", "elements": [*elements]}


def _pieces(section: Section) -> Iterator[_Piece]:
    if section.title is not None:
        yield _piece("rich_text_section", _line(section.title, bold=True))
    for line in section.lines:
        match line:
            case Paste(text=text):
                for part in _parts(text):
                    yield _piece("rich_text_preformatted", [{"type": "text", "text": part}])
            case Line(under=True):
                yield _piece("rich_text_quote", _line(line))
            case Line():
                yield _piece("rich_text_section", _line(line))


def _parts(text: str) -> Iterator[str]:
    """Break a long text to paste between its lines; a line that is too long alone is broken where it has to be."""
    part = ""
    for line in text.split("\n"):
        if part and len(part) + 1 + len(line) > _PASTE_MAX:
            yield part
            part = ""
        part = f"{part}\n{line}" if part else line
        while len(part) > _PASTE_MAX:
            yield part[:_PASTE_MAX]
            part = part[_PASTE_MAX:]
    if part:
        yield part


def _piece(kind: _Kind, elements: list[Json]) -> _Piece:
    return _Piece(kind, elements, _size(elements) + 80)  # 80: the element around it


def _line(line: Line, *, bold: bool = False) -> list[Json]:
    elements: list[Json] = []
    if line.icon is not None:
        elements.append({"type": "emoji", "name": _EMOJI[line.icon]})
        elements.append({"type": "text", "text": " "})
    elements += _elements(line.spans, bold=bold)
    return elements or [{"type": "text", "text": CUT}]


def _elements(spans: Spans, *, bold: bool) -> Iterable[Json]:
    room = _LINE_MAX
    for span in spans:
        element = _element(span, bold=bold, room=room)
        if element is None:
            continue
        room -= _size(element)
        if room <= 0:
            yield {"type": "text", "text": CUT}
            return
        yield element


def _element(span: Span, *, bold: bool, room: int) -> Json:
    heavy: Block = {"style": {"bold": True}} if bold else {}
    match span:
        case Text(text=text):
            return _text(text, room, heavy)
        case Strong(text=text):
            return _text(text, room, {"style": {"bold": True}})
        case Code(text=text):
            return _text(text, room, {"style": {"bold": True, "code": True} if bold else {"code": True}})
        case Link(url=url, text=text) if len(url) <= _URL_MAX:
            return {"type": "link", "url": url, "text": cut(text, room) or url}
        case Link(text=text):
            return _text(text, room, {"style": {"code": True}})
        case Person(id=name) if _SLACK_ID.match(name):
            return {"type": "user", "user_id": name}
        case Person(id=name):
            return _text(f"@{clean(name)}", room, heavy)
        case Moment(at=at):
            return {
                "type": "date",
                "timestamp": max(0, int(at)),
                "format": "{date_short_pretty} {time}",
                "fallback": str(span),
            }


def _text(text: str, room: int, style: Block) -> Json:
    # A third: the words may grow when they become JSON, and stay visible when they are cut.
    return {"type": "text", "text": cut(text, max(1, room // 3)), **style} if text else None


def _actions(buttons: Iterable[Button]) -> Block:
    return {
        "type": "actions",
        "elements": [
            {
                "type": "button",
                "action_id": button.action.value,
                "value": button.run,
                "text": {"type": "plain_text", "text": cut(button.label, _BUTTON_MAX), "emoji": False},
            }
            for button in buttons
        ],
    }


def _size(value: Json | Block) -> int:
    return len(json.dumps(value, ensure_ascii=False))
