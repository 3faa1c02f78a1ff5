"""The real ``mailcheck`` command as a process of its own, in an empty home."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

from bot.sandbox.dns import Query
from bot.sandbox.internet import Internet

COMMAND = (sys.executable, "-m", "bot")
REPOSITORY = Path(__file__).parents[2]


@dataclass(frozen=True)
class Ended:
    """How a command ended and what it wrote."""

    code: int
    out: str
    err: str

    @property
    def lines(self) -> list[str]:
        """What a person reads on stderr."""
        return self.err.splitlines()

    @property
    def json(self) -> Any:  # noqa: ANN401 - JSON
        """All of stdout, which has to be one JSON value and nothing else."""
        return json.loads(self.out)


class Asked(list[Query]):
    """A log of questions that tells when the first about a name arrives."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.arrived = asyncio.Event()
        self._name = name

    def append(self, query: Query) -> None:
        """Keep a question."""
        super().append(query)
        if query.name == self._name:
            self.arrived.set()


@dataclass
class Terminal:
    """Somebody's shell: a folder of their own and the settings in the environment."""

    home: Path
    settings: dict[str, str] = field(default_factory=dict[str, str])

    @property
    def database(self) -> Path:
        """Where history lies."""
        return Path(self.settings.get("MAILCHECK_DB", self.home / "history.sqlite"))

    def connect(self, internet: Internet) -> None:
        """Use the resolvers of a small internet; its mail hosts have to be on loopback themselves."""
        self.settings["MAILCHECK_DNS_SERVERS"] = ",".join(f"{host}:{port}" for host, port in internet.dns_servers)
        self.settings["MAILCHECK_ALLOW_NETWORKS"] = "127.0.0.0/8"

    def environment(self) -> Mapping[str, str]:
        """Nothing of the tester's own settings."""
        base = {name: os.environ[name] for name in ("PATH", "LANG", "COVERAGE_PROCESS_START") if name in os.environ}
        return base | {
            "HOME": str(self.home),
            "PYTHONPATH": str(REPOSITORY),
            "MAILCHECK_DB": str(self.home / "history.sqlite"),
            **self.settings,
        }

    async def start(self, *words: str, stderr: int = asyncio.subprocess.PIPE) -> asyncio.subprocess.Process:
        """Start a command."""
        return await asyncio.create_subprocess_exec(
            *COMMAND,
            *words,
            cwd=self.home,
            env=self.environment(),
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=stderr,
        )

    async def run(self, *words: str) -> Ended:
        """Run a command to its end."""
        process = await self.start(*words)
        async with asyncio.timeout(45):
            out, err = await process.communicate()
        return Ended(cast("int", process.returncode), out.decode(), err.decode())
