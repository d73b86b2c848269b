"""What is allowed where a model refuses its input, in plain words."""

from __future__ import annotations

import inspect
import types
from typing import TYPE_CHECKING, Annotated, Any, Literal, NamedTuple, TypeGuard, Union, get_args, get_origin

from annotated_types import GroupedMetadata
from pydantic import BaseModel

from worstsort.genetic import OneOf
from worstsort.runs.errors import NOTHING, Problem

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pydantic import ValidationError
    from pydantic_core import ErrorDetails

_NOUNS = {
    int: "an integer",
    float: "a number",
    bool: "true or false",
    str: "text",
    list: "a list",
    dict: "an object",
}
"""Types as a reader of JSON knows them."""

_BOUNDS = {"ge": " from {}", "gt": " over {}", "le": " to {}", "lt": " to under {}"}
"""How the bounds of a field are written, by the attributes of its constraints."""

_SAID_BY_BOUNDS = (
    "greater_than",
    "greater_than_equal",
    "less_than",
    "less_than_equal",
    "finite_number",
    "literal_error",
)


_NO_SUCH_FIELD = "no such field"


class _Place(NamedTuple):
    """Where an error is: in a field or an element of this type, or, where that is None, in the model itself."""

    owner: type[BaseModel]
    annotation: Any
    metadata: Sequence[Any]


def problems_of(model: type[BaseModel], error: ValidationError) -> list[Problem]:
    """Return what a model refused: each field, what was given for it, and what is allowed.

    Args:
        model: The model that was validated.
        error: What its validation raised.
    """
    problems = [_problem(model, details) for details in error.errors()]
    told: set[str] = set()
    for index, problem in enumerate(problems):
        if problem.allowed in told and problem.allowed.startswith(_NO_SUCH_FIELD):
            problems[index] = Problem(problem.field, problem.given, _NO_SUCH_FIELD)
        told.add(problem.allowed)
    return problems


def _problem(model: type[BaseModel], details: ErrorDetails) -> Problem:
    given = NOTHING if details["type"] == "missing" else details["input"]
    field = ".".join(str(part) for part in details["loc"])
    return Problem(field, given, _allowed(_resolve(model, details["loc"]), details))


def _allowed(place: _Place, details: ErrorDetails) -> str:
    kind, choices = details["type"], _choices(place.metadata)
    if kind == "extra_forbidden":
        return f"{_NO_SUCH_FIELD}; one of {', '.join(place.owner.model_fields)}"
    if choices is not None and kind != "value_error":
        return "one of " + ", ".join(sorted(choices.names))
    if kind in _SAID_BY_BOUNDS or kind == "missing" or kind.endswith(("_type", "_from_float")):
        return _describe(place)
    return details["msg"].removeprefix("Value error, ").removeprefix("Input should be ")


def _resolve(model: type[BaseModel], path: Sequence[int | str]) -> _Place:
    """Follow the path of an error through models, lists and objects to the place where it is."""
    place = _Place(model, model, ())
    for part in path:
        inner = next((option for option in _options(place.annotation) if _is_model(option)), None)
        if inner is None:
            place = _Place(place.owner, *_element(place.annotation))
        elif part in inner.model_fields:
            field = inner.model_fields[str(part)]
            place = _Place(inner, field.annotation, field.metadata)
        else:
            return _Place(inner, None, ())
    return place


def _element(annotation: Any) -> tuple[Any, Sequence[Any]]:
    """Return the type and the constraints of an element of a list or an object, or the type itself if it is neither."""
    for option in _options(annotation):
        kind, arguments = get_origin(option), get_args(option)
        if kind in {list, dict} and arguments:
            element = arguments[-1]
            return (element.__origin__, element.__metadata__) if get_origin(element) is Annotated else (element, ())
    return annotation, ()


def _options(annotation: Any) -> tuple[Any, ...]:
    """Return the alternatives of a union, or the type itself."""
    return get_args(annotation) if get_origin(annotation) in {Union, types.UnionType} else (annotation,)


def _is_model(annotation: Any) -> TypeGuard[type[BaseModel]]:
    return inspect.isclass(annotation) and issubclass(annotation, BaseModel)


def _choices(metadata: Iterable[Any]) -> OneOf | None:
    return next((constraint for constraint in metadata if isinstance(constraint, OneOf)), None)


def _describe(place: _Place) -> str:
    """Say what may stand at a place, e.g. "an integer from 1 to 10, or null"."""
    options = _options(place.annotation)
    nouns = [_noun(option) for option in options if option is not type(None)]
    nullable = ", or null" if type(None) in options else ""
    return " or ".join(nouns) + _range(place.metadata) + nullable


def _noun(annotation: Any) -> str:
    if get_origin(annotation) is Literal:
        return "one of " + ", ".join(str(choice) for choice in get_args(annotation))
    if _is_model(annotation):
        return "an object with the fields " + ", ".join(annotation.model_fields)
    kind = get_origin(annotation) or annotation
    return _NOUNS.get(kind, getattr(kind, "__name__", str(kind)))


def _range(metadata: Iterable[Any]) -> str:
    """Return the bounds among some constraints, e.g. " from 1 to 10"."""
    constraints = [
        bound for constraint in metadata
        for bound in (constraint if isinstance(constraint, GroupedMetadata) else [constraint])
    ]  # fmt: skip
    return "".join(
        text.format(getattr(bound, name))
        for name, text in _BOUNDS.items() for bound in constraints if hasattr(bound, name)
    )  # fmt: skip
