"""JSON bodies held to the types of their operation: what is a list, a text or a number in botocore's models is one.

AWS's tests of its JSON protocols, `malformedRequests` in smithy-lang/smithy's smithy-aws-protocol-tests, have a body
whose values are of other types answered by SerializationException.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_ACCEPTED: Mapping[str, tuple[str, tuple[type, ...]]] = {
    "structure": ("an object", (dict,)),
    "map": ("an object", (dict,)),
    "list": ("a list", (list,)),
    "string": ("a text", (str,)),
    "character": ("a text", (str,)),
    "blob": ("a text", (str,)),
    "boolean": ("true or false", (bool,)),
    "integer": ("a whole number", (int,)),
    "long": ("a whole number", (int,)),
    "float": ("a number", (int, float, str)),  # NaN and the infinities are texts
    "double": ("a number", (int, float, str)),
    "timestamp": ("a time", (int, float, str)),
}
"""What a shape's value is in JSON: in words, and as Python reads it."""


def mismatches(shape: Any, given: Any, where: str) -> Iterator[str]:
    """Yield a line per value of a body that is of another type than its shape; null stands for nothing anywhere."""
    if given is None or getattr(shape, "is_document_type", False):
        return
    words, kinds = _ACCEPTED[shape.type_name]
    if not isinstance(given, kinds) or (isinstance(given, bool) and bool not in kinds):
        yield f"'{where}' is {_said(given)}, and not {words}"
    else:
        yield from _inside(shape, given, where)


def _inside(shape: Any, given: Any, where: str) -> Iterator[str]:
    """Yield the mismatches of the values within one."""
    if shape.type_name == "structure":
        members = {member.serialization.get("name", name): member for name, member in shape.members.items()}
        for name in filter(members.__contains__, given):
            if "location" not in members[name].serialization:  # else it is no part of the body
                yield from mismatches(members[name], given[name], f"{where}.{name}")
    elif shape.type_name == "list":
        for at, item in enumerate(given):
            yield from mismatches(shape.member, item, f"{where}[{at}]")
    elif shape.type_name == "map":
        for name, item in given.items():
            yield from mismatches(shape.value, item, f"{where}.{name}")


def _said(given: Any) -> str:
    """Return what a value is, in words."""
    if isinstance(given, bool):
        return str(given).lower()
    return {dict: "an object", list: "a list", str: "a text", float: "a fraction"}.get(type(given), "a number")
