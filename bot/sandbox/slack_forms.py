"""How a person fills in a Slack form: typed and chosen values become ``state.values``, as strictly as in Slack."""

from collections.abc import Mapping, Sequence

from bot.sandbox.slack_blocks import JsonObject, objects


def option_of(element: JsonObject, wanted: str | None) -> JsonObject:
    """Return the option of a menu that has this value. Raises LookupError."""
    options = [
        *objects(element.get("options")),
        *(option for group in objects(element.get("option_groups")) for option in objects(group.get("options"))),
    ]
    for option in options:
        if option["value"] == wanted:
            return option
    raise LookupError(f"no option {wanted}; there is {', '.join(str(option['value']) for option in options)}")


def filled_in(blocks: list[JsonObject], values: Mapping[str, str | Sequence[str]]) -> JsonObject:
    """Return ``state.values`` of a form as a client would send it. Raises LookupError."""
    inputs = {block["block_id"]: block for block in blocks if block["type"] == "input"}
    if unknown := values.keys() - inputs.keys():
        raise LookupError(f"no field {', '.join(sorted(unknown))}; there is {', '.join(inputs)}")
    state: JsonObject = {}
    for block_id, block in inputs.items():
        element: JsonObject = block["element"]
        shown = _entered(element, values.get(block_id))
        empty = all(not value for key, value in shown.items() if key != "type")
        if empty and not block.get("optional"):
            raise LookupError(f"the field {block_id} is required")
        state[block_id] = {element["action_id"]: shown}
    return state


def _entered(element: JsonObject, value: str | Sequence[str] | None) -> JsonObject:
    kind = element["type"]
    shown: JsonObject = {"type": kind}
    match kind, value:
        case (("plain_text_input" | "email_text_input" | "url_text_input" | "number_input"), (str() | None)):
            typed = element.get("initial_value") if value is None else value
            longest, shortest = element.get("max_length", 3000), element.get("min_length", 0)
            if typed and not shortest <= len(typed) <= longest:
                raise LookupError(f"the form takes {shortest} to {longest} characters here")
            return shown | {"value": typed or None}
        case (("static_select" | "radio_buttons"), None):
            return shown | {"selected_option": element.get("initial_option")}
        case (("static_select" | "radio_buttons"), str()):
            return shown | {"selected_option": option_of(element, value)}
        case (("checkboxes" | "multi_static_select"), None):
            return shown | {"selected_options": objects(element.get("initial_options"))}
        case (("checkboxes" | "multi_static_select"), [*chosen]):
            return shown | {"selected_options": [option_of(element, one) for one in chosen]}
        case (("users_select" | "channels_select" | "conversations_select"), (str() | None)):
            key = str(kind).removesuffix("s_select")
            return shown | {f"selected_{key}": value or element.get(f"initial_{key}")}
        case _:
            raise LookupError(f"no way to enter {value!r} into a {kind} here")
