"""Faults in the template and in the state machine: an entry or an item left out, a value changed."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import yaml

from tools.mutants.mutant import ROOT, Mutant, make

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

PROSE = frozenset({"Description", "Comment", "AlarmDescription", "DisplayName", "Metadata", "title", "Label", "label"})
"""What is only read by people."""

Edit = tuple[int, "Callable[[], None]"]
"""A line, and what puts a fault there."""


def faults(path: str) -> dict[int, list[Callable[[], Mutant]]]:
    """Return the faults that a document can be given, by line."""
    source = (ROOT / path).read_text(encoding="utf-8")
    plain = _written(path, _tree(source))

    def fault(number: int) -> Callable[[], Mutant]:
        def build() -> Mutant:
            root = _tree(source)
            line, edit = list(_edits(root))[number]
            edit()
            mutant = make(path, line, plain, _written(path, root))
            before = mutant.before or source.splitlines()[line - 1].strip()
            return Mutant(path, line, before, mutant.after, mutant.text)

        return build

    found: dict[int, list[Callable[[], Mutant]]] = {}
    for number, (line, _) in enumerate(_edits(_tree(source))):
        found.setdefault(line, []).append(fault(number))
    return found


def _tree(source: str) -> yaml.Node:
    root = yaml.compose(source)
    if root is None:
        raise ValueError("an empty document has no place for a fault")
    return root


def _edits(node: yaml.Node) -> Iterator[Edit]:
    if isinstance(node, yaml.MappingNode):
        for number, (key, value) in enumerate(node.value):
            if key.value in PROSE:
                continue
            yield key.start_mark.line + 1, _removing(node, number)
            yield from _edits(value)
    elif isinstance(node, yaml.SequenceNode):
        for number, item in enumerate(node.value):
            yield item.start_mark.line + 1, _removing(node, number)
            yield from _edits(item)
    elif isinstance(node, yaml.ScalarNode):
        yield node.start_mark.line + 1, _changing(node)


def _removing(node: yaml.CollectionNode, number: int) -> Callable[[], None]:
    def edit() -> None:
        del node.value[number]

    return edit


def _changing(node: yaml.ScalarNode) -> Callable[[], None]:
    """Double a number, negate a truth value, and make a text another text."""

    def edit() -> None:
        if node.tag == "tag:yaml.org,2002:int":
            node.value = str(int(node.value) * 2 or 1)
        elif node.tag == "tag:yaml.org,2002:float":
            node.value = str(float(node.value) * 2)
        elif node.tag == "tag:yaml.org,2002:bool":
            node.value = "false" if node.value == "true" else "true"
        else:
            node.value = f"XX{node.value}"

    return edit


def _written(path: str, root: yaml.Node) -> str:
    if path.endswith(".json"):
        document: Any = yaml.SafeLoader("").construct_document(root)
        return json.dumps(document, indent=2) + "\n"
    text: str = yaml.serialize(root, width=1_000)
    return text
