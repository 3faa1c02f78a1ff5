"""The settings: from the environment and .env, with every mistake at once and no secret shown."""

from pathlib import Path

import pytest

from bot.run import Language
from bot.settings import Settings, SettingsError, load, make_room, server, shown

CANARY = "c0ffee5ec2e7canary"


@pytest.fixture(autouse=True)
def alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder, and no setting from outside."""
    monkeypatch.chdir(tmp_path)
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    return tmp_path


def test_nothing_set_is_enough_for_a_terminal(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    config = load()
    assert config.mailcheck_mode == "socket"
    assert config.mailcheck_dns_servers == ()
    assert config.mailcheck_lang is Language.EN
    assert config.mailcheck_db == tmp_path / "mailcheck" / "history.sqlite"


def test_every_setting_is_read(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.touch()
    given: dict[str, tuple[str, object]] = {
        "SLACK_BOT_TOKEN": ("xoxb-1", "xoxb-1"),
        "SLACK_APP_TOKEN": ("xapp-1", "xapp-1"),
        "SLACK_SIGNING_SECRET": ("s", "s"),
        "SLACK_API_URL": ("http://127.0.0.1:8000/api", "http://127.0.0.1:8000/api/"),
        "MAILCHECK_MODE": ("http", "http"),
        "MAILCHECK_HOST": ("192.0.2.1", "192.0.2.1"),
        "MAILCHECK_PORT": ("8080", 8080),
        "MAILCHECK_DB": (str(file), file),
        "MAILCHECK_DNS_SERVERS": ("192.0.2.53, [2001:db8::1]:5300", (("192.0.2.53", 53), ("2001:db8::1", 5300))),
        "MAILCHECK_CA_FILE": (str(file), file),
        "MAILCHECK_ALLOW_NETWORKS": ("10.0.0.0/8,2001:db8::/32", ("10.0.0.0/8", "2001:db8::/32")),
        "MAILCHECK_BLOCKLISTS_FILE": (str(file), file),
        "MAILCHECK_SPAMHAUS_KEY": ("abcdefgh1234", "abcdefgh1234"),
        "MAILCHECK_ABUSIX_KEY": ("abcdefgh5678", "abcdefgh5678"),
        "MAILCHECK_PROVIDERS_FILE": (str(file), file),
        "MAILCHECK_LANG": ("ja", Language.JA),
        "MAILCHECK_DEADLINE": ("12.5", 12.5),
        "MAILCHECK_RUNS_AT_ONCE": ("7", 7),
        "MAILCHECK_RETENTION_DAYS": ("30", 30),
        "MAILCHECK_ALLOWED_CHANNELS": ("C1, C2", frozenset({"C1", "C2"})),
        "MAILCHECK_ALLOWED_USERS": ("U1", frozenset({"U1"})),
        "MAILCHECK_ALLOWED_USERGROUPS": ("S1,", frozenset({"S1"})),
    }
    assert given.keys() == {name.upper() for name in Settings.model_fields}, "a setting has no test"
    for name, (text, _) in given.items():
        monkeypatch.setenv(name, text)
    config = load()
    for name, (_, expected) in given.items():
        value = getattr(config, name.lower())
        assert (value.get_secret_value() if hasattr(value, "get_secret_value") else value) == expected, name


def test_every_mistake_is_told_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    wrong = {
        "SLACK_API_URL": "http://slack.example/api/",
        "MAILCHECK_MODE": "carrier pigeon",
        "MAILCHECK_PORT": "65536",
        "MAILCHECK_DNS_SERVERS": "resolver.example",
        "MAILCHECK_CA_FILE": "/nowhere/ca.pem",
        "MAILCHECK_ALLOW_NETWORKS": "10.0.0.1/8",
        "MAILCHECK_BLOCKLISTS_FILE": "/nowhere",
        "MAILCHECK_SPAMHAUS_KEY": "two words",
        "MAILCHECK_ABUSIX_KEY": "short",
        "MAILCHECK_PROVIDERS_FILE": "/nowhere",
        "MAILCHECK_LANG": "tlh",
        "MAILCHECK_DEADLINE": "0",
        "MAILCHECK_RUNS_AT_ONCE": "many",
        "MAILCHECK_RETENTION_DAYS": "-1",
    }
    for name, value in wrong.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError) as caught:
        load()
    assert {line.partition(":")[0] for line in caught.value.lines} == set(wrong)
    assert all("\n" not in line for line in caught.value.lines)


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1.example/api/",
        "http://localhost@slack.example/",
        "https:///api/",
        "ftp://slack.example/",
        "slack",
    ],
)
def test_tokens_go_over_plain_http_to_this_machine_only(monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    monkeypatch.setenv("SLACK_API_URL", url)
    with pytest.raises(SettingsError, match="SLACK_API_URL"):
        load()


def test_a_mistake_does_not_repeat_a_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SLACK_BOT_TOKEN", CANARY)
    monkeypatch.setenv("MAILCHECK_PORT", "x")
    with pytest.raises(SettingsError) as caught:
        load()
    assert CANARY not in str(caught.value)
    assert caught.value.__cause__ is None


def test_secrets_are_masked_wherever_settings_are_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SLACK_BOT_TOKEN", f"xoxb-{CANARY}")
    monkeypatch.setenv("SLACK_APP_TOKEN", f"xapp-{CANARY}")
    monkeypatch.setenv("SLACK_SIGNING_SECRET", CANARY)
    config = load()
    rows = {row.name: row for row in shown(config)}
    everything = repr(config) + str(config) + repr(rows)
    for start in range(len(CANARY) - 5):
        assert CANARY[start : start + 6] not in everything
    assert CANARY[:3] not in rows["SLACK_SIGNING_SECRET"].value
    assert rows["SLACK_BOT_TOKEN"].value.startswith("xoxb-")


def test_the_file_is_read_and_the_environment_comes_first(alone: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (alone / ".env").write_text("MAILCHECK_PORT=4000\nMAILCHECK_LANG=ja\nSOMETHING_ELSE=1\n", "utf-8")
    monkeypatch.setenv("MAILCHECK_LANG", "en")
    config = load()
    assert (config.mailcheck_port, config.mailcheck_lang) == (4000, Language.EN)
    origin = {row.name: row.origin for row in shown(config)}
    assert origin["MAILCHECK_PORT"] == ".env"
    assert origin["MAILCHECK_LANG"] == "environment"
    assert origin["MAILCHECK_HOST"] == "default"


def test_an_empty_variable_is_one_that_is_not_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MAILCHECK_PORT", "")
    monkeypatch.setenv("MAILCHECK_CA_FILE", "")
    config = load()
    assert (config.mailcheck_port, config.mailcheck_ca_file) == (3000, None)
    assert {row.name: row.origin for row in shown(config)}["MAILCHECK_PORT"] == "default"


def test_a_file_that_is_no_utf_8_is_one_line(alone: Path) -> None:
    (alone / ".env").write_bytes(b"MAILCHECK_LANG=\xff\xfe\n")
    with pytest.raises(SettingsError) as caught:
        load()
    assert caught.value.lines == [".env: is no UTF-8 text"]


def test_settings_do_not_change() -> None:
    with pytest.raises(ValueError, match="frozen"):
        load().mailcheck_port = 1


def test_the_folder_of_the_default_database_is_made_for_its_owner_alone(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "new" / "data"))
    config = load()
    make_room(config)
    assert config.mailcheck_db.parent.stat().st_mode & 0o777 == 0o700


def test_a_folder_that_somebody_named_is_not_made(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("MAILCHECK_DB", str(tmp_path / "typing-eror" / "history.sqlite"))
    make_room(load())
    assert not (tmp_path / "typing-eror").exists()


def test_a_default_folder_that_cannot_be_made_is_a_mistake(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "file"))
    with pytest.raises(SettingsError, match="MAILCHECK_DB"):
        make_room(load())


def test_without_a_home_the_database_must_be_named(monkeypatch: pytest.MonkeyPatch) -> None:
    def homeless(_: Path) -> Path:
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.delenv("XDG_DATA_HOME", raising=False)
    monkeypatch.setattr(Path, "expanduser", homeless)
    with pytest.raises(SettingsError, match="MAILCHECK_DB"):
        load()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("192.0.2.1", ("192.0.2.1", 53)),
        ("192.0.2.1:5300", ("192.0.2.1", 5300)),
        ("2001:db8::1", ("2001:db8::1", 53)),
        ("[2001:db8::1]", ("2001:db8::1", 53)),
        ("[2001:db8::1]:5300", ("2001:db8::1", 5300)),
    ],
)
def test_a_name_server_is_an_address_with_or_without_a_port(text: str, expected: tuple[str, int]) -> None:
    assert server(text) == expected


@pytest.mark.parametrize("text", ["", "192.0.2.1:", "192.0.2.1:0", "192.0.2.1:65536", "192.0.2.1:dns", "ns.example:53"])
def test_anything_else_is_no_name_server(text: str) -> None:
    with pytest.raises(ValueError, match=r"port|address"):
        server(text)
