"""Values of a call held to the limits of its operation: every list, map, string and number, however deep."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from moto.core.utils import get_service_model

from worstsort_embedded.strict import prose
from worstsort_embedded.strict.limit import Limit

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_LENGTHS = {"string", "list", "map", "blob"}
_MAX_SHOWN = 100
_WHOLE = {"integer", "long"}
_NUMBERS = {*_WHOLE, "float", "double"}


class Unknown:
    """A value that is known only once the system is deployed or runs."""


UNKNOWN = Unknown()


@dataclass(frozen=True)
class Call:
    """An operation of a service with its parameters, named as the service names them.

    Attributes:
        service: botocore's name of the service.
        operation: the operation.
        parameters: its parameters.
        origin: who makes it: a resource, a state, or a caller at the wire.
    """

    service: str
    operation: str
    parameters: Mapping[str, Any]
    origin: str = ""


@dataclass(frozen=True)
class Check:
    """A value held to a limit; without a limit, AWS's service description states none for the field.

    Attributes:
        where: the origin of the call and the path to the value.
        field: the service, the structure and its member.
        limit: the limit.
        given: the value.
    """

    where: str
    field: str
    limit: Limit | None
    given: Any

    @property
    def passed(self) -> bool:
        """Whether the value keeps the limit."""
        return self.limit is None or self.limit.accepts(self.given)

    def __str__(self) -> str:
        """Return the violation in a line, in the words in which AWS's services put it, and the reason for it."""
        shown = repr(self.given)
        shown = shown if len(shown) <= _MAX_SHOWN else shown[: _MAX_SHOWN - 3] + "..."
        size = f" of length {len(self.given)}" if isinstance(self.given, str | list | dict | bytes) else ""
        why = f' ("{self.limit.sentence}", {self.limit.source})' if self.limit else ""
        return f"Value {shown}{size} at '{self.where}' failed to satisfy constraint: {self.limit}{why}"


def check(call: Call) -> Iterator[Check]:
    """Yield a check per limit of each value of a call, and one without limit where none is stated."""
    shape = get_service_model(call.service).operation_model(call.operation).input_shape
    if shape is not None:
        yield from _walk(call.service, shape, dict(call.parameters), call.origin, f"{call.service} {call.operation}")


def missing(call: Call) -> Iterator[str]:
    """Yield a line per required member that a call does not have, in the words in which AWS's services put it."""
    shape = get_service_model(call.service).operation_model(call.operation).input_shape
    if shape is not None:
        for where in _absent(shape, dict(call.parameters), ""):
            yield f"Value null at '{where}' failed to satisfy constraint: Member must not be null"


def _absent(shape: Any, given: Any, where: str) -> Iterator[str]:
    if shape.type_name == "structure" and isinstance(given, dict):
        for name, member in shape.members.items():
            path = f"{where}.{name}" if where else name
            if given.get(name) is not None:
                yield from _absent(member, given[name], path)
            elif name in shape.required_members and not member.metadata.get("idempotencyToken"):
                yield path
    elif shape.type_name == "list" and isinstance(given, list):
        for at, item in enumerate(given):
            yield from _absent(shape.member, item, f"{where}[{at}]")
    elif shape.type_name == "map" and isinstance(given, dict):
        for key, item in given.items():
            yield from _absent(shape.value, item, f"{where}.{key}")


def _walk(service: str, shape: Any, given: Any, where: str, field: str) -> Iterator[Check]:
    if isinstance(given, Unknown):
        return
    if shape.type_name == "structure":
        yield from _walk_structure(service, shape, given, where)
        return
    value = _coerced(given, shape.type_name)
    if shape.type_name in _WHOLE and isinstance(value, str | float):
        whole = Check(
            where, field, Limit("type", shape.type_name, f"type: {shape.type_name}", f"botocore: {field}"), value
        )
        if not whole.passed:
            yield whole
            return
    if not isinstance(value, bool):
        stated = _limits(service, shape, field)
        yield from (Check(where, field, limit, value) for limit in stated or (None,))
    if isinstance(value, list) and shape.type_name == "list":
        for at, item in enumerate(value):
            yield from _walk(service, shape.member, item, f"{where}[{at}]", f"{field}[]")
    elif isinstance(value, dict) and shape.type_name == "map":
        for key, item in value.items():
            yield from _walk(service, shape.key, key, f"{where}.{key}", f"{field} key")
            yield from _walk(service, shape.value, item, f"{where}.{key}", f"{field} value")
            yield from _of_key(shape, key, item, f"{where}.{key}", field)


def _walk_structure(service: str, shape: Any, given: Any, where: str) -> Iterator[Check]:
    if not isinstance(given, dict):
        return
    names = {name.lower(): name for name in shape.members}
    for key, item in given.items():
        name = key if key in shape.members else names.get(key.lower())
        field = f"{service} {shape.name}.{name or key}"
        if name is None:
            known = Limit(
                "one of", tuple(sorted(shape.members)), "a member of the structure", f"botocore: {service} {shape.name}"
            )
            yield Check(f"{where}.{key}", field, known, key)
            continue
        yield from _walk(service, shape.members[name], item, f"{where}.{name}", field)
        if shape.members[name].type_name == "structure" and isinstance(item, dict):
            yield from _of_members(shape.members[name], item, f"{where}.{name}", field)


def _of_members(shape: Any, given: Mapping[str, Any], where: str, field: str) -> Iterator[Check]:
    """Yield checks for what the description of a structure says about the members of it."""
    stated = list(prose.of_member(shape.documentation, f"botocore: {field}"))
    for key, item in given.items():
        for member, limit in stated:
            if member.lower() == key.lower() and not isinstance(item, Unknown):
                yield Check(f"{where}.{key}", f"{field}.{key}", limit, _coerced(item, "integer"))


def _of_key(shape: Any, key: str, given: Any, where: str, field: str) -> Iterator[Check]:
    """Yield checks for what the description of a map says about the value of a key."""
    for name, limit in prose.of_key(shape.documentation, f"botocore: {field}"):
        if name == key:
            yield Check(where, f"{field}.{key}", limit, _coerced(given, "integer"))


def _coerced(given: Any, type_name: str) -> Any:
    """Return a value as the service's type has it: CloudFormation turns texts into numbers and numbers into texts."""
    if type_name in _NUMBERS and isinstance(given, str):
        try:
            return float(given) if "." in given else int(given)
        except ValueError:
            return given
    if type_name == "string" and isinstance(given, int | float) and not isinstance(given, bool):
        return str(given)
    return given


def _limits(service: str, shape: Any, field: str) -> tuple[Limit, ...]:
    return _limits_of(service, shape.name, shape.documentation, field, shape)


_known: dict[tuple[str, str, str], tuple[Limit, ...]] = {}


def _limits_of(service: str, name: str, documentation: str, field: str, shape: Any) -> tuple[Limit, ...]:
    key = service, name, field
    if key not in _known:
        found = list(_constraints(shape, f"botocore: {field}"))
        own = _own_documentation(service, name)
        for text in dict.fromkeys((documentation, own)):
            found += prose.limits(text, shape.type_name, f"botocore: {field}")
        _known[key] = tuple(dict.fromkeys(found))
    return _known[key]


@cache
def _own_documentation(service: str, name: str) -> str:
    """Return the description of a shape itself, which a member's description hides."""
    return str(get_service_model(service).shape_for(name).documentation)


def _constraints(shape: Any, source: str) -> Iterator[Limit]:
    """Yield the limits that the service description states as traits of a shape."""
    traits, measured = shape.metadata, shape.type_name in _LENGTHS
    if "max" in traits:
        yield Limit("longest" if measured else "at most", traits["max"], f"max: {traits['max']}", source)
    if "min" in traits:
        yield Limit("shortest" if measured else "at least", traits["min"], f"min: {traits['min']}", source)
    if "pattern" in traits:
        yield Limit("form", traits["pattern"], f"pattern: {traits['pattern']}", source)
    if accepted := tuple(traits.get("enum", ())):
        yield Limit("one of", accepted, "enum", source)


def documentation(service: str, structure: str, member: str) -> str:
    """Return the description of a member, without its markup; nothing of one that the structure does not have."""
    shape: Any = get_service_model(service).shape_for(structure)
    described = shape.members.get(member)
    return " ".join(prose.sentences(described.documentation)) if described else ""
