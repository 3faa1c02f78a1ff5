"""manifest.yml says what the code listens to and what it calls: no more, no less."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import Any, cast

import yaml

from bot.slack import forms, listeners

REPOSITORY = Path(__file__).parents[1]
MANIFEST = cast("dict[str, Any]", yaml.safe_load((REPOSITORY / "manifest.yml").read_text(encoding="utf-8")))

SCOPES = {
    "auth_test": None,
    "apps_connections_open": None,  # the app-level token's connections:write
    "chat_postMessage": "chat:write",
    "chat_update": "chat:write",
    "conversations_history": "channels:history",
    "conversations_replies": "channels:history",
    "users_info": "users:read",
    "usergroups_users_list": "usergroups:read",
    "views_open": None,
}
"""What each method of the Web API that we call needs (docs.slack.dev/reference/methods)."""


def called() -> set[str]:
    """The Web API methods that bot/slack calls: attributes of a client whose names are those of methods."""
    names: set[str] = set()
    for path in (REPOSITORY / "bot" / "slack").glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Attribute) and node.attr.split("_")[0] in {
                *("auth", "apps", "chat", "conversations", "users", "usergroups", "views", "files", "reactions"),
            }:
                names.add(node.attr)
    return names


def test_every_method_called_has_its_scope_and_no_scope_is_asked_for_nothing() -> None:
    scopes = MANIFEST["oauth_config"]["scopes"]
    needed = {scope for name in called() if (scope := SCOPES[name]) is not None} | {"commands"}
    private = {"groups:history"} if "channels:history" in needed else set[str]()
    assert {*scopes["bot"], *scopes["bot_optional"]} == needed | private
    assert {*scopes["bot"]} == {"commands", "chat:write", "users:read"}, "the rest can be declined"


def test_the_command_and_the_buttons_are_those_of_the_listeners() -> None:
    commands = [command["command"] for command in MANIFEST["features"]["slash_commands"]]
    assert commands == [listeners.COMMAND]
    assert MANIFEST["settings"]["interactivity"]["is_enabled"] is True
    assert "event_subscriptions" not in MANIFEST["settings"], "no listener takes an event"
    shortcuts = [(shortcut["type"], shortcut["callback_id"]) for shortcut in MANIFEST["features"]["shortcuts"]]
    assert shortcuts == [("message", forms.EXPLAIN_SHORTCUT)]


def test_socket_mode_needs_no_address_and_tokens_do_not_rotate() -> None:
    assert MANIFEST["settings"]["socket_mode_enabled"] is True
    assert MANIFEST["settings"]["token_rotation_enabled"] is False
    assert "url" not in MANIFEST["features"]["slash_commands"][0]


def test_the_manifest_keeps_slack_s_limits() -> None:
    shown = MANIFEST["display_information"]
    [command] = MANIFEST["features"]["slash_commands"]
    assert MANIFEST["_metadata"] == {"major_version": 2}
    assert len(shown["name"]) <= 35
    assert len(shown["description"]) <= 140
    assert 175 <= len(shown["long_description"]) <= 4000
    assert len(command["command"]) <= 32
    assert len(command["description"]) <= 2000
    assert len(command["usage_hint"]) <= 1000
    for shortcut in MANIFEST["features"]["shortcuts"]:
        assert len(shortcut["name"]) <= 24
        assert len(shortcut["description"]) <= 150
