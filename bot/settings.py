"""Settings from the environment and ``.env``: read once, frozen, every mistake reported at once."""

from __future__ import annotations

import ipaddress
import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from bot.run import Language

DNS_PORT = 53

_THIS_MACHINE = frozenset({"127.0.0.1", "localhost", "::1"})
_KEY = re.compile(r"(|[a-z0-9-]{8,63})\Z")
_TOKEN_KINDS = ("xoxb-", "xapp-")


class SettingsError(Exception):
    """One line for each setting that is wrong."""

    def __init__(self, lines: list[str]) -> None:
        super().__init__("\n".join(lines))
        self.lines = lines


def default_database() -> Path:
    """Where history lies if nobody says otherwise: the user's data folder (XDG Base Directory Specification)."""
    home = os.environ.get("XDG_DATA_HOME") or "~/.local/share"
    return Path(home).expanduser() / "mailcheck" / "history.sqlite"


Names = Annotated[frozenset[str], NoDecode]
"""A list separated by commas."""


class Settings(BaseSettings):
    """All settings. Each has its meaning in its description; ``docs/operate.md`` repeats them."""

    model_config = SettingsConfigDict(
        env_file=".env", env_file_encoding="utf-8", env_ignore_empty=True, frozen=True, extra="ignore"
    )

    slack_bot_token: SecretStr = Field(default=SecretStr(""), description="Bot token, xoxb-…")
    slack_app_token: SecretStr = Field(
        default=SecretStr(""), description="App-level token with connections:write, xapp-…"
    )
    slack_signing_secret: SecretStr = Field(default=SecretStr(""), description="Signing secret; HTTP mode only")
    slack_api_url: str = Field(default="https://slack.com/api/", description="Another Slack, for tests and the demo")

    mailcheck_mode: Literal["socket", "http"] = Field(default="socket", description="How Slack reaches the bot")
    mailcheck_host: str = Field(default="127.0.0.1", description="HTTP mode: address to listen on")
    mailcheck_port: int = Field(default=3000, ge=0, le=65535, description="HTTP mode: port to listen on")
    mailcheck_db: Path = Field(default_factory=default_database, description="The SQLite file of the history")
    mailcheck_dns_servers: Annotated[tuple[tuple[str, int], ...], NoDecode] = Field(
        default=(), description="Resolvers, 127.0.0.1:5300,…; default: the system's"
    )
    mailcheck_ca_file: Path | None = Field(default=None, description="PEM file with more trust anchors")
    mailcheck_allow_networks: Annotated[tuple[str, ...], NoDecode] = Field(
        default=(), description="Networks (CIDR) to connect to beside the public ones"
    )
    mailcheck_blocklists_file: Path | None = Field(default=None, description="Replaces the shipped list of blocklists")
    mailcheck_spamhaus_key: SecretStr = Field(
        default=SecretStr(""), description="Key of Spamhaus DQS; its lists replace the open ones"
    )
    mailcheck_abusix_key: SecretStr = Field(default=SecretStr(""), description="Key of Abusix; asks its list as well")
    mailcheck_providers_file: Path | None = Field(
        default=None, description="Replaces the shipped facts on mail providers"
    )
    mailcheck_lang: Language = Field(default=Language.EN, description="Language where the asker's is not known: en, ja")
    mailcheck_deadline: float = Field(default=20.0, ge=1, le=120, description="Seconds a run may take")
    mailcheck_runs_at_once: int = Field(default=50, ge=1, le=200, description="Runs going at the same time")
    mailcheck_retention_days: int = Field(default=400, ge=1, description="Days after which a run is deleted")
    mailcheck_allowed_channels: Names = Field(default=frozenset(), description="Channel ids that may ask; default: all")
    mailcheck_allowed_users: Names = Field(default=frozenset(), description="User ids that may ask; default: all")
    mailcheck_allowed_usergroups: Names = Field(
        default=frozenset(), description="User group ids that may ask; default: all"
    )

    @field_validator(
        "mailcheck_allowed_channels", "mailcheck_allowed_users", "mailcheck_allowed_usergroups", mode="before"
    )
    @classmethod
    def _names(cls, value: object) -> object:
        return frozenset(_split(value)) if isinstance(value, str) else value

    @field_validator("mailcheck_allow_networks", mode="before")
    @classmethod
    def _networks(cls, value: object) -> object:
        if not isinstance(value, str):
            return value
        for text in _split(value):
            ipaddress.ip_network(text)
        return tuple(_split(value))

    @field_validator("mailcheck_dns_servers", mode="before")
    @classmethod
    def _servers(cls, value: object) -> object:
        return tuple(server(text) for text in _split(value)) if isinstance(value, str) else value

    @field_validator("slack_api_url")
    @classmethod
    def _url(cls, value: str) -> str:
        url = urlsplit(value)
        if not url.hostname or (url.scheme != "https" and (url.scheme != "http" or url.hostname not in _THIS_MACHINE)):
            raise ValueError("must be an https:// address (plain http only to this machine)")
        return value if value.endswith("/") else value + "/"

    @field_validator("mailcheck_spamhaus_key", "mailcheck_abusix_key")
    @classmethod
    def _label(cls, value: SecretStr) -> SecretStr:
        if not _KEY.match(value.get_secret_value()):
            raise ValueError("must be 8 to 63 lower-case letters and digits: it becomes part of the names asked for")
        return value

    @field_validator("mailcheck_ca_file", "mailcheck_blocklists_file", "mailcheck_providers_file")
    @classmethod
    def _readable(cls, value: Path | None) -> Path | None:
        if value is not None:
            try:
                with value.open("rb"):
                    pass
            except OSError as error:
                raise ValueError(f"{value}: {error.strerror}") from error
        return value


Origin = Literal["environment", ".env", "default"]


@dataclass(frozen=True)
class Shown:
    """A setting as ``mailcheck doctor`` prints it: secrets masked."""

    name: str
    value: str
    origin: Origin
    description: str


def load() -> Settings:
    """Read the settings.

    Raises:
        SettingsError: with every mistake.
    """
    try:
        return Settings()  # pyright: ignore[reportCallIssue] - fields come from the environment
    except ValidationError as error:
        lines: list[str] = []
        for mistake in error.errors(include_input=False, include_url=False):
            name = ".".join(str(part) for part in mistake["loc"]).upper()
            lines.append(f"{name}: {mistake['msg'].removeprefix('Value error, ')}")
        raise SettingsError(lines) from None  # the cause would repeat the values, secrets among them
    except UnicodeDecodeError as error:
        raise SettingsError([".env: is no UTF-8 text"]) from error
    except OSError as error:
        raise SettingsError([f".env: {error.strerror}"]) from error
    except RuntimeError as error:  # pathlib found no home
        raise SettingsError(["MAILCHECK_DB: there is no home folder to keep the history in; name a file"]) from error


def make_room(settings: Settings) -> None:
    """Make the folder of the default database. One that somebody named has to be there: a typing error makes none.

    Raises:
        SettingsError: it cannot be made.
    """
    if "mailcheck_db" in settings.model_fields_set:
        return
    folder = settings.mailcheck_db.parent
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise SettingsError([f"MAILCHECK_DB: {folder} cannot be made: {error.strerror}"]) from error


def shown(settings: Settings) -> tuple[Shown, ...]:
    """Every setting, for people."""
    in_environment = {name.lower() for name, value in os.environ.items() if value}
    rows: list[Shown] = []
    for name, field in type(settings).model_fields.items():
        value = getattr(settings, name)
        given = name in settings.model_fields_set
        origin: Origin = "environment" if name in in_environment else ".env" if given else "default"
        rows.append(Shown(name.upper(), _text(value), origin, field.description or ""))
    return tuple(rows)


def server(text: str) -> tuple[str, int]:
    """An address of a name server: ``192.0.2.1``, ``192.0.2.1:5300``, ``[2001:db8::1]:5300``, ``2001:db8::1``.

    Raises:
        ValueError: it is none.
    """
    host, port = text.strip(), str(DNS_PORT)
    if host.startswith("["):
        host, _, rest = host[1:].partition("]")
        port = rest.removeprefix(":") or port
    elif host.count(":") == 1:
        host, _, port = host.partition(":")
    ipaddress.ip_address(host)
    if not port.isdecimal() or not 0 < int(port) <= 65535:  # noqa: PLR2004 - 16 bits
        raise ValueError(f"{text!r}: the port must be a number from 1 to 65535")
    return host, int(port)


def _split(value: object) -> list[str]:
    return [part.strip() for part in str(value).split(",") if part.strip()]


def _text(value: object) -> str:
    if isinstance(value, SecretStr):
        secret = value.get_secret_value()
        kind = next((kind for kind in _TOKEN_KINDS if secret.startswith(kind)), "")
        return f"{kind}… ({len(secret)} characters)" if secret else "(not set)"
    if isinstance(value, frozenset):
        return ", ".join(sorted(str(part) for part in value)) or "(all)"  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType] - any items
    if isinstance(value, tuple):
        parts = [f"{p[0]}:{p[1]}" if isinstance(p, tuple) else str(p) for p in value]  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType] - any items
        return ", ".join(parts) or "(none)"
    return "(none)" if value is None else str(value)
