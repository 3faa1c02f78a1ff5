"""Findings and cases as JSON, and back: the same values, or a plain refusal."""

from __future__ import annotations

import contextlib
import json
from dataclasses import dataclass, field
from enum import Enum, IntEnum
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks import wire
from checks.case import Case, Sent, Target, Window
from checks.causes import Cause
from checks.check import Bytes, Count, Finding, HostName, RecordText, Seconds, Severity
from checks.network import Trouble
from checks.network.answers import CertificateState
from checks.wire import WireError


@dataclass(frozen=True, kw_only=True)
class WireSample(Finding, severity=Severity.PROBLEM):
    """Made up, with a parameter of every shape."""

    host: HostName
    count: Count | None = None
    after: Seconds | None = None
    size: Bytes | None = None
    hosts: tuple[HostName, ...] = ()
    reason: Trouble = Trouble.TIMEOUT
    text: RecordText | None = None


SAMPLES = st.builds(
    WireSample,
    host=st.text(),
    count=st.none() | st.integers(),
    after=st.none() | st.floats(allow_nan=False, allow_infinity=False),
    size=st.none() | st.integers(),
    hosts=st.lists(st.text()).map(tuple),
    reason=st.sampled_from(Trouble),
    text=st.none() | st.text(),
    evidence=st.lists(st.integers(1)).map(tuple),
)


@given(SAMPLES)
def test_a_finding_comes_back_as_it_was(sample: WireSample) -> None:
    through = json.loads(json.dumps(wire.parameters(sample)))
    assert "evidence" not in through
    assert wire.finding(WireSample, through, sample.evidence) == sample


CASES = st.builds(
    Case,
    target=st.builds(Target, domain=st.text(min_size=1)) | st.builds(Target, address=st.text(min_size=1)),
    sender_ip=st.none() | st.text(),
    size=st.none() | st.integers(),
    sent=st.none() | st.builds(Sent, st.integers(), st.sampled_from(Window)),
    bounce=st.none() | st.text(),
)


@given(CASES)
def test_a_case_comes_back_as_it_was(case: Case) -> None:
    assert wire.case(json.loads(json.dumps(wire.to_json(case)))) == case


def test_the_parameters_of_a_code_are_named_with_their_types() -> None:
    assert wire.parameter_types(WireSample) == {
        "host": "HostName",
        "count": "Count?",
        "after": "Seconds?",
        "size": "Bytes?",
        "hosts": "HostName[]",
        "reason": "Trouble",
        "text": "RecordText?",
    }


BAD: dict[str, dict[str, Any]] = {
    "a parameter too many": {"host": "a", "more": 1},
    "one that is missing": {},
    "null where there must be something": {"host": None},
    "a number for a text": {"host": 1},
    "a text for a number": {"host": "a", "count": "1"},
    "true for a number": {"host": "a", "count": True},
    "true for a time": {"host": "a", "after": True},
    "a fraction for a count": {"host": "a", "count": 1.5},
    "a text for a list": {"host": "a", "hosts": "b"},
    "a list with a number": {"host": "a", "hosts": [1]},
    "an unknown reason": {"host": "a", "reason": "boredom"},
    "a list for a reason": {"host": "a", "reason": []},
}


@pytest.mark.parametrize("params", BAD.values(), ids=BAD)
def test_parameters_of_another_version_are_refused(params: dict[str, Any]) -> None:
    with pytest.raises(WireError):
        wire.finding(WireSample, params, ())


def test_what_has_a_default_may_be_missing_and_whole_seconds_are_seconds() -> None:
    assert wire.finding(WireSample, {"host": "a"}, (3,)) == WireSample(host=HostName("a"), evidence=(3,))
    found = wire.finding(WireSample, {"host": "a", "after": 2}, ())
    assert isinstance(found, WireSample)
    assert type(found.after) is float


BAD_CASES: dict[str, Any] = {
    "a list": [],
    "nothing": None,
    "no target": {},
    "a text as target": {"target": "example.com"},
    "an empty target": {"target": {}},
    "a target that is both": {"target": {"domain": "example.com", "address": "192.0.2.1"}},
    "an unknown window": {"target": {"domain": "a"}, "sent": {"count": 1, "per": "century"}},
}


@pytest.mark.parametrize("value", BAD_CASES.values(), ids=BAD_CASES)
def test_what_is_no_case_is_refused(value: Any) -> None:  # noqa: ANN401 - any JSON
    with pytest.raises(WireError):
        wire.case(value)


FIELDS = st.sampled_from(["target", "domain", "sent", "x"])
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(FIELDS, inner, max_size=3)),
    max_leaves=8,
)


@given(JSON)
def test_any_json_is_a_case_or_is_refused(value: Any) -> None:  # noqa: ANN401 - any JSON
    with contextlib.suppress(WireError):  # refused, as most are
        assert isinstance(wire.case(value), Case)


class Grade(IntEnum):
    LOW = 1


class Mixed(Enum):
    PAIR = (1, "b")


@dataclass(frozen=True)
class Facts:
    shown: tuple[int, ...]
    secret: bytes = field(default=b"secret", repr=False)


def test_facts_become_json_without_what_repr_hides() -> None:
    assert wire.to_json(Facts((1, 2))) == {"shown": [1, 2]}
    assert wire.to_json([Cause.SMTP_LOGIN, Grade.LOW, Mixed.PAIR, CertificateState.TRUSTED, 1.5, None]) == [
        "smtp_login",
        1,
        [1, "b"],
        "trusted",
        1.5,
        None,
    ]


@pytest.mark.parametrize("value", [b"octets", {"a": 1}, {1}, object(), Facts])
def test_what_has_no_form_in_json_is_refused(value: object) -> None:
    with pytest.raises(TypeError, match="no JSON form"):
        wire.to_json((value,))
