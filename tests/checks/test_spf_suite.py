"""The openspf.org test suite for RFC 7208: what a receiver says, and what can be said without a sender."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TypeVar, cast

import pytest
import yaml

from checks.network.answers import TXT, Answer, Mx, RecordType, Status, Trouble, Txt
from checks.spf_evaluation import Evaluation, check_host, published
from checks.spf_tree import Branch, Known, State, Usable, usable, walk

T = TypeVar("T")

SUITE = Path(__file__).resolve().parents[3] / "shared" / "vectors" / "spf" / "rfc7208-tests.yml"

pytestmark = pytest.mark.skipif(not SUITE.exists(), reason="the vectors are not part of the repository")

Records = Mapping[str, tuple[str, ...]]


class Zone:
    """The zone data of one part of the suite: TIMEOUT holds for every type that a name does not have."""

    def __init__(self, data: Mapping[str, list[object]]) -> None:
        self._names: dict[str, dict[str, list[object]]] = {}
        self._silent: set[str] = set()
        self.asked: list[tuple[str, str]] = []
        for owner, rows in data.items():
            name = owner.lower().removesuffix(".")
            kinds = self._names.setdefault(name, {})
            for row in rows:
                if row == "TIMEOUT":
                    self._silent.add(name)
                    continue
                for kind, value in cast("dict[str, object]", row).items():
                    kinds.setdefault(kind, []).append(value)
            # As the suite says: SPF records stand for TXT records too, unless there are some or NONE are wanted.
            kinds.setdefault("TXT", kinds.get("SPF", []))
            kinds["TXT"] = [value for value in kinds["TXT"] if value != "NONE"]

    async def ask(self, name: str, kind: RecordType[T]) -> Answer[T]:
        """Answer as a resolver would, aliases followed."""
        name = name.lower().removesuffix(".")
        self.asked.append((name, kind.name))
        if not all(0 < len(label) < 64 for label in name.split(".")):
            return Answer(name=name, status=Status.UNKNOWN, trouble=Trouble.BAD_NAME)
        at = name
        for _ in range(8):
            kinds = self._names.get(at)
            if kinds is None:
                return Answer(name=name, status=Status.NXDOMAIN)
            if records := kinds.get(kind.name):
                decoded = tuple(_decoded(kind.name, value) for value in records)
                return Answer(name=name, status=Status.FOUND, records=cast("tuple[T, ...]", decoded))
            if at in self._silent:
                return Answer(name=name, status=Status.UNKNOWN, trouble=Trouble.TIMEOUT)
            if not (alias := kinds.get("CNAME")):
                return Answer(name=name, status=Status.NODATA)
            at = str(alias[0]).lower().removesuffix(".")
        return Answer(name=name, status=Status.UNKNOWN, trouble=Trouble.SERVFAIL)


def _decoded(kind: str, value: object) -> object:
    match kind:
        case "TXT":
            strings = cast("list[str]", value) if isinstance(value, list) else [str(value)]
            return Txt(tuple(text.encode("latin-1") for text in strings))
        case "MX":
            preference, host = cast("tuple[int, str]", value)
            return Mx(int(preference), host.lower().removesuffix("."))
        case _:
            return str(value).removesuffix(".")


@dataclass(frozen=True, kw_only=True)
class Vector:
    """One case: the sender, what a receiver may say, and the explanation where the suite names one."""

    name: str
    data: Mapping[str, list[object]]
    ip: str
    helo: str
    sender: str
    results: frozenset[str]
    explanation: str | None

    def __str__(self) -> str:
        return self.name

    @property
    def domain(self) -> str:
        """The domain that is checked."""
        return self.sender.rpartition("@")[2]


@cache
def vectors() -> tuple[Vector, ...]:
    return tuple(_read()) if SUITE.exists() else ()


def _read() -> Iterator[Vector]:
    for part in yaml.load_all(SUITE.read_text("utf-8"), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader)):
        for name, test in part["tests"].items():
            results = cast("str | list[str]", test["result"])
            yield Vector(
                name=f"{part['description']}: {name}",
                data=part["zonedata"],
                ip=str(test["host"]),
                helo=test["helo"],
                sender=test["mailfrom"] or f"postmaster@{test['helo']}",  # RFC 7208 §2.4
                results=frozenset([results] if isinstance(results, str) else results),
                explanation=test.get("explanation"),
            )


def evaluated(vector: Vector, *, void_limit: int | None = 2) -> Evaluation:
    ask = Zone(vector.data).ask
    return asyncio.run(check_host(vector.ip, vector.domain, vector.sender, vector.helo, ask, void_limit=void_limit))


def test_the_suite_is_read_as_a_whole() -> None:
    assert len(vectors()) == 203


@pytest.mark.parametrize("vector", vectors(), ids=str)
def test_a_receiver_says_what_the_suite_expects(vector: Vector) -> None:
    evaluation = evaluated(vector)
    assert evaluation.result in vector.results, evaluation
    if vector.explanation is not None:
        # DEFAULT is the text of the receiver, which is not ours to say. The digits of an IPv6 address have no case.
        said = (evaluation.explanation or "DEFAULT").lower()
        assert said == vector.explanation.lower()


def test_the_limit_of_void_lookups_can_be_switched_off() -> None:
    (vector,) = (each for each in vectors() if each.name.endswith("void-over-limit"))
    evaluation = evaluated(vector, void_limit=None)
    assert (evaluation.result, evaluation.void_lookups) == ("neutral", 3)


# --- without a sender ------------------------------------------------------------------------------------------------

EITHER = {
    "Selecting records: multispf1": "two equal records of the obsolete type 99, where the suite allows to drop one",
    "Record evaluation: invalid-domain-empty-label": "the suite leaves open whether an unaskable name is an error",
    "Record evaluation: invalid-domain-long": "the same",
    "Record evaluation: invalid-domain-long-via-macro": "the same",
}
"""The vectors where the suite itself allows a permerror and another result."""


def tree(vector: Vector) -> Branch:
    zone = Zone(vector.data)

    async def read() -> Branch:
        domain = vector.domain.lower()
        first = published(await zone.ask(domain, TXT))
        known = Known.of(None, vector.sender, whole_sender=True)
        return await walk(domain, first, known, zone.ask)

    root = asyncio.run(read())
    assert len(zone.asked) == len(set(zone.asked))
    return root


@pytest.mark.parametrize("vector", vectors(), ids=str)
def test_the_judgement_without_a_sender_agrees_with_the_suite(vector: Vector) -> None:
    root = tree(vector)
    verdict = usable(root)
    unusable = {"permerror", "temperror", "none"}
    if vector.name in EITHER:
        assert vector.results == {"permerror", "fail"}
    elif root.state is State.NO_RECORD:
        assert vector.results == {"none"}
    elif verdict is Usable.NO:
        assert vector.results == {"permerror"}
    elif verdict is Usable.YES:
        assert not vector.results & unusable
    elif verdict is Usable.FOR_SOME:
        assert vector.results == {"permerror"} or not vector.results & unusable


def test_terms_that_depend_on_the_message_may_all_find_nothing() -> None:
    data: dict[str, list[object]] = {
        "example.com": [{"TXT": "v=spf1 a:%{i}.a.test a:%{i}.b.test exists:%{i}.c.test -all"}],
        "example.net": [{"TXT": "v=spf1 a:%{i}.a.test a:%{i}.b.test -all"}],
    }
    for domain, verdict in (("example.com", Usable.UNKNOWN), ("example.net", Usable.YES)):
        sender = f"info@{domain}"
        vector = Vector(name="", data=data, ip="", helo="", sender=sender, results=frozenset(), explanation=None)
        assert usable(tree(vector)) is verdict


def test_little_of_the_suite_is_left_undecided() -> None:
    verdicts = {vector.name: usable(tree(vector)) for vector in vectors()}
    undecided = {name for name, verdict in verdicts.items() if verdict in {Usable.UNKNOWN, Usable.FOR_SOME}}
    unanswered = {"txttimeout", "nospftxttimeout", "alltimeout", "include-temperror", "exists-dnserr"}
    some = {"redirect-loop", "include-over-limit", "include-at-limit", "mech-over-limit"}
    assert {name.partition(": ")[2] for name in undecided} == unanswered | some
