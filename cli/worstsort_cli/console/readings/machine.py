"""The state machine as a graph, from its definition in the Amazon States Language."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

START = "Start"
"""The node before the first state, as the Step Functions console draws it."""


def graph(definition: Mapping[str, Any]) -> dict[str, Any]:
    """Return nodes and edges of a state machine.

    Returns:
        `nodes`: name, type, comment, and the state that each is within, or None. `edges`: from, to, and a label: empty
        for the next state, "caught" after an error, "default" or the condition of a choice.
    """
    nodes: list[dict[str, Any]] = [{"name": START, "type": "Start", "comment": "", "parent": None}]
    edges: list[dict[str, str]] = [{"from": START, "to": definition["StartAt"], "label": ""}]
    for name, state, parent in _states(definition, None):
        nodes.append({"name": name, "type": state["Type"], "comment": state.get("Comment", ""), "parent": parent})
        edges += [{"from": name, "to": target, "label": label} for target, label in _leads_to(state)]
    return {"nodes": nodes, "edges": edges}


def _states(machine: Mapping[str, Any], parent: str | None) -> Iterator[tuple[str, Mapping[str, Any], str | None]]:
    for name, state in machine["States"].items():
        yield name, state, parent
        for inner in (state.get("ItemProcessor") or state.get("Iterator"), *state.get("Branches", ())):
            if inner:
                yield from _states(inner, name)


def _leads_to(state: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    if "Next" in state:
        yield state["Next"], ""
    for choice in state.get("Choices", ()):
        yield choice["Next"], _condition(choice)
    if "Default" in state:
        yield state["Default"], "default"
    for caught in state.get("Catch", ()):
        yield caught["Next"], "caught"


def _condition(choice: Mapping[str, Any]) -> str:
    """Return what is compared in a choice, in short."""
    if "And" in choice:
        return " and ".join(map(_condition, choice["And"]))
    if "Or" in choice:
        return " or ".join(map(_condition, choice["Or"]))
    if "Not" in choice:
        return f"not {_condition(choice['Not'])}"
    variable = str(choice.get("Variable", "")).removeprefix("$.")
    compared = next(((key, value) for key, value in choice.items() if key not in {"Variable", "Next", "Comment"}), None)
    return variable if compared is None else f"{variable} {_operator(compared[0])} {compared[1]}".strip()


def _operator(name: str) -> str:
    signs = {"LessThanEquals": "≤", "GreaterThanEquals": "≥", "LessThan": "<", "GreaterThan": ">", "Equals": "="}
    return next((sign for said, sign in signs.items() if said in name), name)
