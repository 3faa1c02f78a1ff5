"""What an app's manifest.yml declares, as the Slack double understands it."""

from pathlib import Path

import yaml

from bot.sandbox.slack_blocks import JsonObject, as_list, as_object, objects
from bot.sandbox.slack_model import SlackApp


def read_manifest(path: Path) -> SlackApp:
    """Return the app a manifest declares. Optional scopes count as granted. Raises KeyError, OSError."""
    manifest = as_object(yaml.safe_load(path.read_text(encoding="utf-8"))) or {}
    features: JsonObject = manifest["features"]
    scopes: JsonObject = manifest["oauth_config"]["scopes"]
    return SlackApp(
        scopes=_names(scopes["bot"]) | _names(scopes.get("bot_optional")),
        commands=frozenset(str(command["command"]) for command in objects(features.get("slash_commands"))),
        shortcuts=frozenset(str(shortcut["callback_id"]) for shortcut in objects(features.get("shortcuts"))),
        events=_names(manifest["settings"].get("event_subscriptions", {}).get("bot_events")),
    )


def _names(value: object) -> frozenset[str]:
    return frozenset(str(name) for name in as_list(value) or [])
