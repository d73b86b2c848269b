"""The parameters of a deployment, held to the template's own declarations and rules, as CloudFormation does first."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_WHOLE = re.compile(r"0|[1-9][0-9]*")
_DECIMAL = re.compile(rf"({_WHOLE.pattern})([.][0-9]+)?")
_BOUNDS = ("Default", "MinValue", "MaxValue")


def refusals(template: Mapping[str, Any], given: Mapping[str, str]) -> Iterator[str]:
    """Yield what CloudFormation has against parameters that were given, before it makes anything."""
    declared = template.get("Parameters", {})
    yield from (f"Parameters: [{name}] do not exist in the template" for name in given if name not in declared)
    for name in given.keys() & declared.keys():
        yield from _of_value(name, declared[name], given[name])
    values = {name: str(parameter.get("Default", "")) for name, parameter in declared.items()} | dict(given)
    for name, rule in template.get("Rules", {}).items():
        if _holds(rule.get("RuleCondition", True), values):
            for assertion in rule["Assertions"]:
                if not _holds(assertion["Assert"], values):
                    yield f"rule {name}: {assertion.get('AssertDescription', 'it does not hold')}"


def trimmed(template: Mapping[str, Any], given: Mapping[str, str]) -> dict[str, str]:
    """Return parameters as CloudFormation reads them, who says of lists that "each member string is space trimmed"."""
    declared = template.get("Parameters", {})
    lists = {name for name in given if declared.get(name, {}).get("Type") == "CommaDelimitedList"}
    return {name: ",".join(_items(value)) if name in lists else value for name, value in given.items()}


def wanted_number(declared: Mapping[str, Any], value: str) -> str | None:
    """Return what a parameter of type Number must be, in words, if a value is not written as that.

    CloudFormation takes "an integer or float" and hands on what was written, but where it goes an integer is needed:
    only a parameter that is declared with a fraction takes one. Rules and conditions compare texts, and so one number
    must not be written in two ways.
    """
    if any(isinstance(declared.get(bound), float) for bound in _BOUNDS):
        form, wanted = _DECIMAL, "a number in plain digits, such as 8 or 0.5"
    else:
        form, wanted = _WHOLE, "a whole number in plain digits without a leading zero, such as 8"
    if form.fullmatch(value):
        return None
    try:
        float(value)
    except ValueError:
        return "a number"
    return wanted


def _items(value: str) -> list[str]:
    return [item.strip() for item in value.split(",")]


def _of_value(name: str, declared: Mapping[str, Any], value: str) -> Iterator[str]:
    """Yield what is wrong with a value; of a list, the pattern must match each item, and each must be allowed."""
    items = _items(value) if declared["Type"] == "CommaDelimitedList" else [value]
    allowed = [str(choice) for choice in declared.get("AllowedValues", ())]
    pattern, hint = declared.get("AllowedPattern"), declared.get("ConstraintDescription", "")
    for item in items:
        if allowed and item not in allowed:
            yield f"Parameter '{name}' must be one of AllowedValues: {', '.join(allowed)}; not {item!r}"
        if pattern and not re.fullmatch(pattern, item):
            yield f"Parameter '{name}' must match pattern {pattern}; not {item!r}. {hint}".rstrip()
    if declared["Type"] == "Number":
        yield from _of_number(name, declared, value)


def _of_number(name: str, declared: Mapping[str, Any], value: str) -> Iterator[str]:
    if wanted := wanted_number(declared, value):
        yield f"Parameter '{name}' must be {wanted}; not {value!r}"
        return
    number = float(value)
    if number < declared.get("MinValue", number):
        yield f"Parameter '{name}' must be a number not less than {declared['MinValue']}; not {value}"
    if number > declared.get("MaxValue", number):
        yield f"Parameter '{name}' must be a number not greater than {declared['MaxValue']}; not {value}"


def _holds(rule: Any, values: Mapping[str, str]) -> bool:
    """Decide a condition or an assertion of a rule, which may use single values only."""
    if rule is True:
        return True
    ((verb, operands),) = rule.items()
    if verb in {"Fn::And", "Fn::Or"}:
        return (all if verb == "Fn::And" else any)(_holds(operand, values) for operand in operands)
    if verb == "Fn::Not":
        (operand,) = operands
        return not _holds(operand, values)
    first, second = operands
    if verb == "Fn::Equals":
        return _value(first, values) == _value(second, values)
    if verb == "Fn::Contains" and isinstance(first, list):
        return _value(second, values) in [_value(choice, values) for choice in first]
    raise NotImplementedError(f"the embedded cloud does not know {verb} of {first} in a rule")


def _value(operand: Any, values: Mapping[str, str]) -> str:
    return values[operand["Ref"]] if isinstance(operand, dict) else str(operand)
