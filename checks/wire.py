"""Findings, facts and cases as JSON, and findings and cases back again.

History and the JSON contract hold what checks state as plain JSON; whoever reads it back gets the same typed values.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import MISSING, Field, fields, is_dataclass
from enum import Enum
from functools import cache
from types import NoneType, UnionType
from typing import Any, TypeVar, Union, cast, get_args, get_origin, get_type_hints

from checks.case import Case
from checks.check import Finding

Json = None | bool | int | float | str | list["Json"] | dict[str, "Json"]

D = TypeVar("D")


class WireError(ValueError):
    """The JSON does not hold what the type needs: it was written by another version, or damaged."""


def to_json(value: object) -> Json:
    """Bring a value made of dataclasses, enums, tuples and plain values into JSON.

    Fields that ``repr`` hides are left out: they are secret or bulky.

    Raises:
        TypeError: the value holds something that has no JSON form.
    """
    if isinstance(value, Enum):
        return to_json(value.value)
    if value is None or isinstance(value, bool | int | float | str):
        return value
    if isinstance(value, tuple | list):
        return [to_json(item) for item in cast("Iterable[object]", value)]
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: to_json(getattr(value, field.name)) for field in fields(value) if field.repr}
    raise TypeError(f"no JSON form: {type(value).__name__}")


def parameters(finding: Finding) -> dict[str, Json]:
    """The parameters of a finding, without its evidence."""
    return {field.name: to_json(getattr(finding, field.name)) for field in fields(finding) if field.name != "evidence"}


def parameter_types(code: type[Finding]) -> dict[str, str]:
    """The parameters of a code and the names of their types; ``?`` marks what may be missing, ``[]`` a list."""
    hints = _hints(cast("Hashable", code))
    return {field.name: _type_name(hints[field.name]) for field in fields(code) if field.name != "evidence"}


def _type_name(hint: Any) -> str:  # noqa: ANN401 - a type hint is any object
    if get_origin(hint) in (Union, UnionType):
        return "".join(_type_name(option) for option in get_args(hint) if option is not NoneType) + "?"
    if get_origin(hint) is tuple:
        return _type_name(get_args(hint)[0]) + "[]"
    return str(hint.__name__)


def finding(code: type[Finding], params: Mapping[str, Json], evidence: tuple[int, ...]) -> Finding:
    """Bring a finding back from what ``parameters`` made of it.

    Raises:
        WireError: the parameters are not those of this code.
    """
    return _build(code, {**params, "evidence": list(evidence)})


def case(value: Json) -> Case:
    """Bring a case back from JSON.

    Raises:
        WireError: it is none.
    """
    if not isinstance(value, dict):
        raise WireError("a case is an object")
    return _build(Case, value)


@cache
def _hints(cls: Hashable) -> Mapping[str, Any]:
    """The types of a class's fields: worked out from their text, which is slow, and never different."""
    return get_type_hints(cls)


def _build(cls: type[D], values: Mapping[str, Json]) -> D:
    hints = _hints(cast("Hashable", cls))
    known: dict[str, Field[Any]] = {field.name: field for field in fields(cls)}  # type: ignore[arg-type] # a dataclass
    if unknown := values.keys() - known.keys():
        raise WireError(f"{cls.__name__} has no field {sorted(unknown)}")
    missing = [name for name, field in known.items() if name not in values and field.default is MISSING]
    if missing:
        raise WireError(f"{cls.__name__} needs {missing}")
    built = {name: _value(hints[name], value, f"{cls.__name__}.{name}") for name, value in values.items()}
    try:
        return cls(**built)
    except ValueError as error:  # the class holds its own promises
        raise WireError(f"{cls.__name__}: {error}") from error


def _value(hint: Any, value: Json, where: str) -> object:  # noqa: ANN401 - a type hint is any object
    while hasattr(hint, "__supertype__"):
        hint = hint.__supertype__
    if get_origin(hint) in (Union, UnionType):
        if value is None:
            return None
        (hint,) = (option for option in get_args(hint) if option is not NoneType)
        return _value(hint, value, where)
    if get_origin(hint) is tuple:
        if not isinstance(value, list):
            raise WireError(f"{where} is a list")
        return tuple(_value(get_args(hint)[0], item, where) for item in value)
    if is_dataclass(hint) and isinstance(hint, type):
        if not isinstance(value, dict):
            raise WireError(f"{where} is an object")
        return _build(hint, value)
    if isinstance(hint, type) and issubclass(hint, Enum):
        try:
            return hint(value)
        except ValueError as error:
            raise WireError(f"{where}: {value!r} is unknown") from error
    if hint is float and isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    if type(value) is not hint:
        raise WireError(f"{where} has the wrong type: {value!r:.80}")
    return value
