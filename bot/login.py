"""``mailcheck login``: try a user name and a password at a submission server, once.

The password is asked for without echo, or read from standard input if that is asked for; it is never an argument or a
setting, for those are seen by other people of the machine. It is used once and kept nowhere: no history is opened.
"""

from __future__ import annotations

import getpass
import sys
import warnings
from collections.abc import Sequence

from bot.report import Icon, Line, Report, Section
from bot.spans import Strong, Text, clean, cut, plain
from bot.wording import Say, Wording
from checks import login
from checks.check import Finding
from checks.network import Network
from checks.network.login import LoginResult, LoginStage, Secret, try_login
from checks.provider_data import Providers

PORTS = (465, 587, 25)
"""Where one can log in, best first; 25 is tried only if it is asked for."""

_LONGEST = 1024
_FALLBACK = 300


class CredentialsError(Exception):
    """There is no user name or no password to use; the text is one line."""


def credentials(user: str | None, *, from_stdin: bool) -> tuple[str, Secret]:
    """Get the user name and the password from the person at the terminal, or the password from standard input.

    Raises:
        CredentialsError: with what is missing.
    """
    if from_stdin:
        if not user:
            raise CredentialsError("--password-stdin needs --user")
        line = sys.stdin.buffer.readline(_LONGEST)
        password = Secret(line.decode("utf-8", "surrogateescape").rstrip("\r\n"))
    else:
        if not sys.stdin.isatty():
            raise CredentialsError("there is no terminal to ask for the password; see --password-stdin")
        user = user or _asked("User name: ")
        password = Secret(_unseen("Password: "))
    if not user or not password.usable:
        raise CredentialsError("a user name and a password are needed, as plain text on one line")
    return user, password


def _asked(prompt: str) -> str:
    sys.stderr.write(prompt)
    sys.stderr.flush()
    return sys.stdin.readline(_LONGEST).strip()


def _unseen(prompt: str) -> str:
    with warnings.catch_warnings():
        warnings.simplefilter("error", getpass.GetPassWarning)
        try:
            return getpass.getpass(prompt)
        except getpass.GetPassWarning as error:
            raise CredentialsError("this terminal would show the password; see --password-stdin") from error
        except (EOFError, UnicodeDecodeError):
            raise CredentialsError("no password was typed, or none that is text") from None  # it may be in the error


async def attempt(
    network: Network, host: str, ports: Sequence[int], *, user: str, password: Secret, providers: Providers
) -> Finding:
    """Log in at the first of the ports that lets us connect. The password is sent once at most."""
    result = LoginResult(host=host, port=ports[0])
    for port in ports:
        result = await try_login(network, host, port, user, password)
        if result.stage is not LoginStage.CONNECT:
            break
    return login.explain(result, providers)


def told(finding: Finding, words: Wording) -> Report:
    """What came of it: what is so, what it means, who does what."""
    title = words.title(finding)
    lines = [
        Line(spans=title, icon=Icon(finding.severity.name.lower())),
        Line(spans=words.detail(finding), under=True),
    ]
    if (fix := words.fix(finding)) is not None:
        label = words.say(Say.STEP_FIX)
        gap = "" if plain(label).endswith("：") else " "  # the full-width colon brings its own room
        lines.append(Line(spans=(Strong(plain(label)), Text(gap), *fix), under=True))
    return Report(fallback=cut(clean(plain(title)), _FALLBACK), sections=(Section(lines=tuple(lines)),))
