"""Slack's rules for message and view content, as tables: what Block Kit accepts, and what in it would ping somebody.

Stricter than Slack where Slack is silent: an unknown key or type is an error, and a whole message has a size.
Limits count Unicode code points (docs.slack.dev/reference/block-kit, and the validators in slack_sdk.models).
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias, cast

JsonObject: TypeAlias = dict[str, Any]
"""An object on Slack's wire. Its shape is Slack's to define; the tables below check it."""

Surface: TypeAlias = Literal["message", "modal", "home"]
Rule: TypeAlias = Callable[["_Inspection", str, object], None]

MESSAGE_BLOCKS = 50
VIEW_BLOCKS = 100
MESSAGE_CHARACTERS = 12_000
"""Of all blocks of a message together. Undocumented; Slack answers ``msg_blocks_too_long`` from about 13,200."""
MARKDOWN_CHARACTERS = 12_000

_PING = re.compile(r"<(?:!(?:channel|here|everyone)|!subteam\^\w+|@[UWB]\w+)(?:\|[^>]*)?>")
_BARE_PING = re.compile(r"(?<![\w@.<!])@(?:channel|here|everyone)\b")


@dataclass(frozen=True)
class Inspected:
    """Errors in Slack's wording with JSON pointers, pings in reading order, and the length of all texts together."""

    errors: tuple[str, ...]
    pings: tuple[str, ...]
    characters: int


@dataclass
class _Inspection:
    """The running state of one walk over one message or view."""

    surface: Surface
    errors: list[str] = field(default_factory=list[str])
    pings: list[str] = field(default_factory=list[str])
    characters: int = 0
    markdown: int = 0
    block_ids: set[str] = field(default_factory=set[str])
    action_ids: set[str] = field(default_factory=set[str])
    tables: int = 0
    inputs: int = 0

    def fail(self, pointer: str, what: str) -> None:
        self.errors.append(f"{what} [json-pointer:{pointer}]")


@dataclass(frozen=True)
class _Shape:
    """An object: the keys it must have and the keys it may have; no others."""

    required: Mapping[str, Rule] = field(default_factory=dict[str, Rule])
    optional: Mapping[str, Rule] = field(default_factory=dict[str, Rule])

    def __call__(self, walk: _Inspection, pointer: str, value: object) -> None:
        given = as_object(value)
        if given is None:
            walk.fail(pointer, "must be an object")
            return
        for key in self.required:
            if key not in given:
                walk.fail(pointer, f"missing required field: {key}")
        for key, inner in given.items():
            rule = self.required.get(key) or self.optional.get(key)
            if rule is not None:
                rule(walk, f"{pointer}/{key}", inner)
            elif key != "type":
                walk.fail(pointer, f"invalid additional property: {key}")


def as_object(value: object) -> JsonObject | None:
    """Return the value if it is a JSON object, else None."""
    return cast("JsonObject", value) if isinstance(value, dict) else None


def as_list(value: object) -> list[object] | None:
    """Return the value if it is a JSON array, else None."""
    return cast("list[object]", value) if isinstance(value, list) else None


def objects(value: object) -> list[JsonObject]:
    """Return the objects of a JSON array; anything else in it is left out."""
    return [found for item in as_list(value) or [] if (found := as_object(item)) is not None]


def inspect_message(blocks: object) -> Inspected:
    """Check the blocks of a message."""
    walk = _Inspection("message")
    _items(_block, 1, MESSAGE_BLOCKS)(walk, "/blocks", blocks)
    if walk.tables > 1:
        walk.fail("/blocks", "only one table block is allowed in a message")
    if walk.markdown > MARKDOWN_CHARACTERS:
        walk.fail("/blocks", f"markdown blocks must be less than {MARKDOWN_CHARACTERS + 1} characters together")
    return Inspected(tuple(walk.errors), tuple(walk.pings), walk.characters)


def inspect_view(view: object) -> Inspected:
    """Check a modal or a Home tab."""
    given = as_object(view) or {}
    kind = given.get("type")
    walk = _Inspection("home" if kind == "home" else "modal")
    match kind:
        case "modal":
            _MODAL(walk, "/view", given)
            if walk.inputs and "submit" not in given:
                walk.fail("/view", "submit is required when an input is in the blocks")
        case "home":
            _HOME(walk, "/view", given)
        case _:
            walk.fail("/view/type", f"unsupported type: {kind}")
    return Inspected(tuple(walk.errors), tuple(walk.pings), walk.characters)


def pings_in(text: str, *, bare_names: bool = False) -> tuple[str, ...]:
    """Return what in a mrkdwn text notifies people; with ``bare_names`` (parse=full, link_names) also ``@channel``."""
    found = tuple(match.group() for match in _PING.finditer(text))
    return found + tuple(match.group() for match in _BARE_PING.finditer(text)) if bare_names else found


def words_in(value: object) -> Iterator[str]:
    """Yield every text a person would read in blocks, in reading order."""
    if (given := as_object(value)) is not None:
        text = given.get("text")
        if isinstance(text, str):
            yield text
        for key, inner in given.items():
            if key == "title" and isinstance(inner, str):
                yield inner
            elif key not in _UNSEEN:
                yield from words_in(inner)
    for item in as_list(value) or []:
        yield from words_in(item)


_UNSEEN = frozenset({"type", "action_id", "block_id", "value", "style", "metadata", "confirm"})


# --- rules for values --------------------------------------------------------------------------------------------


def _string(maximum: int, *, minimum: int = 1, counted: bool = False) -> Rule:
    def rule(walk: _Inspection, pointer: str, value: object) -> None:
        if not isinstance(value, str):
            walk.fail(pointer, "must be a string")
            return
        if len(value) > maximum:
            walk.fail(pointer, f"must be less than {maximum + 1} characters")
        if len(value) < minimum:
            walk.fail(pointer, f"must be more than {minimum - 1} characters")
        if counted:
            walk.characters += len(value)

    return rule


def _text(maximum: int, *kinds: str) -> Rule:
    """A text object; without kinds, plain_text or mrkdwn."""
    shapes = {
        "plain_text": _Shape({"text": _string(maximum, counted=True)}, {"emoji": _boolean}),
        "mrkdwn": _Shape({"text": _string(maximum, counted=True)}, {"verbatim": _boolean}),
    }

    def rule(walk: _Inspection, pointer: str, value: object) -> None:
        given = as_object(value) or {}
        kind = given.get("type")
        if kind not in (kinds or tuple(shapes)):
            walk.fail(f"{pointer}/type", f"must be one of {', '.join(kinds or tuple(shapes))}")
            return
        shapes[kind](walk, pointer, given)
        if kind == "mrkdwn" and isinstance(given.get("text"), str):
            walk.pings += pings_in(given["text"])

    return rule


def _plain(maximum: int) -> Rule:
    return _text(maximum, "plain_text")


def _boolean(walk: _Inspection, pointer: str, value: object) -> None:
    if not isinstance(value, bool):
        walk.fail(pointer, "must be a boolean")


def _integer(lowest: int, highest: int) -> Rule:
    def rule(walk: _Inspection, pointer: str, value: object) -> None:
        if isinstance(value, bool) or not isinstance(value, int) or not lowest <= value <= highest:
            walk.fail(pointer, f"must be a number from {lowest} to {highest}")

    return rule


def _choice(*values: str) -> Rule:
    def rule(walk: _Inspection, pointer: str, value: object) -> None:
        if value not in values:
            walk.fail(pointer, f"must be one of {', '.join(values)}")

    return rule


def _items(rule_of_one: Rule, fewest: int, most: int) -> Rule:
    def rule(walk: _Inspection, pointer: str, value: object) -> None:
        given = as_list(value)
        if given is None:
            walk.fail(pointer, "must be an array")
            return
        if len(given) > most:
            walk.fail(pointer, f"no more than {most} items allowed")
        if len(given) < fewest:
            walk.fail(pointer, f"must have at least {fewest} items")
        for index, item in enumerate(given):
            rule_of_one(walk, f"{pointer}/{index}", item)

    return rule


def _one_of(shapes: Mapping[str, _Shape], *kinds: str) -> Rule:
    """An object whose ``type`` names its shape."""

    def rule(walk: _Inspection, pointer: str, value: object) -> None:
        kind = (as_object(value) or {}).get("type")
        shape = shapes.get(kind) if isinstance(kind, str) and (not kinds or kind in kinds) else None
        if shape is None:
            walk.fail(f"{pointer}/type", f"unsupported type: {kind}")
            return
        shape(walk, pointer, value)

    return rule


def _identifier(ids_of: Callable[[_Inspection], set[str]], name: str) -> Rule:
    def rule(walk: _Inspection, pointer: str, value: object) -> None:
        _string(255)(walk, pointer, value)
        if isinstance(value, str):
            if value in ids_of(walk):
                walk.fail(pointer, f"{name} {value!r} already exists")
            ids_of(walk).add(value)

    return rule


_block_id = _identifier(lambda walk: walk.block_ids, "block_id")
_action_id = _identifier(lambda walk: walk.action_ids, "action_id")
_URL = _string(3000)
_PIXELS = _integer(1, 10_000)

# --- rich text ---------------------------------------------------------------------------------------------------

_STYLE = _Shape({}, dict.fromkeys(("bold", "italic", "strike", "code", "underline"), _boolean))


def _notifies(rule_of_value: Rule, token: str) -> Rule:
    """A rich text element that notifies people just by being there."""

    def rule(walk: _Inspection, pointer: str, value: object) -> None:
        rule_of_value(walk, pointer, value)
        walk.pings.append(token.format(value))

    return rule


_RICH_LEAVES: dict[str, _Shape] = {
    "text": _Shape({"text": _string(MESSAGE_CHARACTERS, counted=True)}, {"style": _STYLE}),
    "link": _Shape(
        {"url": _URL}, {"text": _string(MESSAGE_CHARACTERS, counted=True), "style": _STYLE, "unsafe": _boolean}
    ),
    "emoji": _Shape({"name": _string(255)}, {"unicode": _string(255), "style": _STYLE}),
    "channel": _Shape({"channel_id": _string(255)}, {"style": _STYLE}),
    "date": _Shape({"timestamp": _integer(0, 2**53), "format": _string(255)}, {"url": _URL, "fallback": _string(255)}),
    "user": _Shape({"user_id": _notifies(_string(255), "<@{}>")}, {"style": _STYLE}),
    "usergroup": _Shape({"usergroup_id": _notifies(_string(255), "<!subteam^{}>")}, {"style": _STYLE}),
    "broadcast": _Shape({"range": _notifies(_choice("channel", "here", "everyone"), "<!{}>")}, {"style": _STYLE}),
}
_LEAVES = _items(_one_of(_RICH_LEAVES), 0, 1000)
_RICH_SECTION = _Shape({"elements": _LEAVES})
_RICH_PARTS: dict[str, _Shape] = {
    "rich_text_section": _RICH_SECTION,
    "rich_text_list": _Shape(
        {
            "style": _choice("bullet", "ordered"),
            "elements": _items(_one_of({"rich_text_section": _RICH_SECTION}), 1, 1000),
        },
        {"indent": _integer(0, 8), "offset": _integer(0, 1000), "border": _integer(0, 1)},
    ),
    "rich_text_quote": _Shape({"elements": _LEAVES}, {"border": _integer(0, 1)}),
    "rich_text_preformatted": _Shape(
        {"elements": _items(_one_of(_RICH_LEAVES, "text", "link"), 1, 1000)},
        {"border": _integer(0, 1), "language": _string(255)},
    ),
}
_RICH_ELEMENTS = _items(_one_of(_RICH_PARTS), 1, 1000)
_RICH = _one_of({"rich_text": _Shape({"elements": _RICH_ELEMENTS}, {"block_id": _block_id})})

# --- elements ----------------------------------------------------------------------------------------------------

_CONFIRM = _Shape(
    {"title": _plain(100), "text": _text(300), "confirm": _plain(30), "deny": _plain(30)},
    {"style": _choice("primary", "danger")},
)
_OPTION = _Shape({"text": _text(75), "value": _string(150)}, {"description": _text(75), "url": _URL})
_OPTION_GROUP = _Shape({"label": _plain(75), "options": _items(_OPTION, 1, 100)})
_ACTION: dict[str, Rule] = {"action_id": _action_id}
_FOCUS: dict[str, Rule] = {"focus_on_load": _boolean, "placeholder": _plain(150)}
_SELECT: dict[str, Rule] = {**_ACTION, **_FOCUS, "confirm": _CONFIRM}
_DISPATCH = _Shape(
    {"trigger_actions_on": _items(_choice("on_enter_pressed", "on_character_entered"), 1, 2)},
)
_TYPED: dict[str, Rule] = {
    **_ACTION,
    **_FOCUS,
    "initial_value": _string(3000, minimum=0),
    "dispatch_action_config": _DISPATCH,
}
_IMAGE = _Shape({"image_url": _URL, "alt_text": _string(2000, counted=True)})
_CONVERSATION_FILTER = _Shape(
    {},
    {
        "include": _items(_choice("im", "mpim", "private", "public"), 1, 4),
        "exclude_external_shared_channels": _boolean,
        "exclude_bot_users": _boolean,
    },
)

_ELEMENTS: dict[str, _Shape] = {
    "button": _Shape(
        {"text": _plain(75)},
        {
            **_ACTION,
            "url": _URL,
            "value": _string(2000),
            "style": _choice("primary", "danger"),
            "confirm": _CONFIRM,
            "accessibility_label": _string(75),
        },
    ),
    "overflow": _Shape({"options": _items(_OPTION, 1, 5)}, {**_ACTION, "confirm": _CONFIRM}),
    "static_select": _Shape(
        {},
        {
            **_SELECT,
            "options": _items(_OPTION, 1, 100),
            "option_groups": _items(_OPTION_GROUP, 1, 100),
            "initial_option": _OPTION,
        },
    ),
    "multi_static_select": _Shape(
        {"options": _items(_OPTION, 1, 100)},
        {**_SELECT, "initial_options": _items(_OPTION, 1, 100), "max_selected_items": _integer(1, 100)},
    ),
    "users_select": _Shape({}, {**_SELECT, "initial_user": _string(255)}),
    "channels_select": _Shape({}, {**_SELECT, "initial_channel": _string(255), "response_url_enabled": _boolean}),
    "conversations_select": _Shape(
        {},
        {
            **_SELECT,
            "initial_conversation": _string(255),
            "default_to_current_conversation": _boolean,
            "response_url_enabled": _boolean,
            "filter": _CONVERSATION_FILTER,
        },
    ),
    "checkboxes": _Shape(
        {"options": _items(_OPTION, 1, 10)},
        {**_ACTION, "confirm": _CONFIRM, "focus_on_load": _boolean, "initial_options": _items(_OPTION, 1, 10)},
    ),
    "radio_buttons": _Shape(
        {"options": _items(_OPTION, 1, 10)},
        {**_ACTION, "confirm": _CONFIRM, "focus_on_load": _boolean, "initial_option": _OPTION},
    ),
    "plain_text_input": _Shape(
        {},
        {**_TYPED, "multiline": _boolean, "min_length": _integer(0, 3000), "max_length": _integer(1, 3000)},
    ),
    "email_text_input": _Shape({}, _TYPED),
    "url_text_input": _Shape({}, _TYPED),
    "number_input": _Shape(
        {"is_decimal_allowed": _boolean}, {**_TYPED, "min_value": _string(255), "max_value": _string(255)}
    ),
    "file_input": _Shape({}, {**_ACTION, "filetypes": _items(_string(255), 1, 100), "max_files": _integer(1, 10)}),
    "image": _IMAGE,
}
_INPUTS = (
    *("plain_text_input", "email_text_input", "url_text_input", "number_input", "file_input"),
    *("static_select", "multi_static_select", "users_select", "channels_select", "conversations_select"),
    *("checkboxes", "radio_buttons"),
)
_BUTTONS = (
    *("button", "overflow", "static_select", "multi_static_select"),
    *("users_select", "channels_select", "conversations_select", "checkboxes", "radio_buttons"),
)


def _context_element(walk: _Inspection, pointer: str, value: object) -> None:
    kind = (as_object(value) or {}).get("type")
    (_IMAGE if kind == "image" else _text(3000))(walk, pointer, value)


# --- blocks ------------------------------------------------------------------------------------------------------

_SOURCE = _Shape({"url": _URL, "text": _string(255, counted=True)})
_TASK_CARD = _Shape(
    {
        "task_id": _string(255),
        "title": _string(255, counted=True),
        "status": _choice("pending", "in_progress", "complete", "error"),
    },
    {"details": _RICH, "output": _RICH, "sources": _items(_one_of({"url": _SOURCE}), 1, 100), "block_id": _block_id},
)
_CELL = _one_of(
    {
        "raw_text": _Shape({"text": _string(MESSAGE_CHARACTERS, counted=True)}),
        "rich_text": _Shape({"elements": _RICH_ELEMENTS}),
    }
)


def _null_or(rule_of_value: Rule) -> Rule:
    def rule(walk: _Inspection, pointer: str, value: object) -> None:
        if value is not None:
            rule_of_value(walk, pointer, value)

    return rule


def _markdown_text(walk: _Inspection, pointer: str, value: object) -> None:
    _string(MARKDOWN_CHARACTERS, counted=True)(walk, pointer, value)
    if isinstance(value, str):
        walk.markdown += len(value)
        walk.pings += pings_in(value)


_ID: dict[str, Rule] = {"block_id": _block_id}
_BLOCKS: dict[str, _Shape] = {
    "divider": _Shape({}, _ID),
    "header": _Shape({"text": _plain(150)}, _ID),
    "section": _Shape(
        {},
        {
            **_ID,
            "text": _text(3000),
            "fields": _items(_text(2000), 1, 10),
            "accessory": _one_of(_ELEMENTS, "image", *_BUTTONS),
            "expand": _boolean,
        },
    ),
    "context": _Shape({"elements": _items(_context_element, 1, 10)}, _ID),
    "actions": _Shape({"elements": _items(_one_of(_ELEMENTS, *_BUTTONS), 1, 25)}, _ID),
    "image": _Shape({"image_url": _URL, "alt_text": _string(2000, counted=True)}, {**_ID, "title": _plain(2000)}),
    "input": _Shape(
        {"label": _plain(2000), "element": _one_of(_ELEMENTS, *_INPUTS)},
        {**_ID, "hint": _plain(2000), "optional": _boolean, "dispatch_action": _boolean},
    ),
    "rich_text": _Shape({"elements": _RICH_ELEMENTS}, _ID),
    "table": _Shape(
        {"rows": _items(_items(_CELL, 1, 20), 1, 100)},
        {
            **_ID,
            "column_settings": _items(
                _null_or(_Shape({}, {"align": _choice("left", "center", "right"), "is_wrapped": _boolean})), 1, 20
            ),
        },
    ),
    "markdown": _Shape({"text": _markdown_text}, _ID),
    "alert": _Shape({"text": _text(200)}, {**_ID, "level": _choice("default", "info", "warning", "error", "success")}),
    "task_card": _TASK_CARD,
    "plan": _Shape(
        {"title": _string(255, counted=True)}, {**_ID, "tasks": _items(_one_of({"task_card": _TASK_CARD}), 1, 50)}
    ),
}
_ONLY_IN_MESSAGES = frozenset({"markdown", "table", "plan", "task_card"})


def _block(walk: _Inspection, pointer: str, value: object) -> None:
    given = as_object(value) or {}
    kind = given.get("type")
    if kind in _ONLY_IN_MESSAGES and walk.surface != "message":
        walk.fail(f"{pointer}/type", f"unsupported type: {kind}")
        return
    walk.action_ids = set()  # action_id is unique within its block, block_id within the message
    _one_of(_BLOCKS)(walk, pointer, value)
    if kind == "section" and not ({"text", "fields"} & given.keys()):
        walk.fail(pointer, "missing required field: text or fields")
    walk.tables += kind == "table"
    walk.inputs += kind == "input"


_VIEW_PARTS: dict[str, Rule] = {
    "callback_id": _string(255),
    "private_metadata": _string(3000, minimum=0),
    "external_id": _string(255),
}
_VIEW_BLOCKS: dict[str, Rule] = {"blocks": _items(_block, 1, VIEW_BLOCKS)}
_MODAL = _Shape(
    {**_VIEW_BLOCKS, "title": _plain(24)},
    {
        **_VIEW_PARTS,
        "submit": _plain(24),
        "close": _plain(24),
        "clear_on_close": _boolean,
        "notify_on_close": _boolean,
        "submit_disabled": _boolean,
    },
)
_HOME = _Shape(_VIEW_BLOCKS, _VIEW_PARTS)
