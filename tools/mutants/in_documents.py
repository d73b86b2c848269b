"""Faults in the template and in the state machine: an entry or an item left out, a value changed.

They are edits of the text, as policies read comments, too.
"""

from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

import yaml

from tools.mutants.mutant import ROOT, Mutant, make

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

PROSE = frozenset({"Description", "Comment", "AlarmDescription", "DisplayName", "Metadata", "title", "Label", "label"})
"""What is only read by people."""


class Edit(NamedTuple):
    """A stretch of the text and what stands there instead."""

    start: int
    end: int
    instead: str


def faults(path: str) -> dict[int, list[Callable[[], Mutant]]]:
    """Return the faults that a document can be given, by line."""
    source = (ROOT / path).read_text(encoding="utf-8")
    root = yaml.compose(source)
    found: dict[int, list[Callable[[], Mutant]]] = {}
    for edit in _edits(root, source) if root else ():
        line = source.count("\n", 0, edit.start) + 1
        found.setdefault(line, []).append(partial(_mutant, path, line, source, edit))
    return found


def _mutant(path: str, line: int, source: str, edit: Edit) -> Mutant:
    return make(path, line, source, source[: edit.start] + edit.instead + source[edit.end :])


def _edits(node: yaml.Node, source: str) -> Iterator[Edit]:
    if isinstance(node, yaml.MappingNode):
        entries = [(key.start_mark.index, _end(value, source)) for key, value in node.value]
        for number, (key, value) in enumerate(node.value):
            if key.value not in PROSE:
                yield _removal(entries, number, "" if node.flow_style else "{}")
                yield from _edits(value, source)
    elif isinstance(node, yaml.SequenceNode):
        items = [(item.start_mark.index, _end(item, source)) for item in node.value]
        for number, item in enumerate(node.value):
            yield _removal(items, number, "" if node.flow_style else "[]")
            yield from _edits(item, source)
    elif isinstance(node, yaml.ScalarNode) and node.style not in {">", "|"}:
        start, end = node.start_mark.index, node.end_mark.index
        yield Edit(start, end, _changed(node, source[start:end]))


def _removal(stretches: list[tuple[int, int]], number: int, nothing: str) -> Edit:
    """Leave out one of several with what stands between it and the next one, or else the one before."""
    start, end = stretches[number]
    if number + 1 < len(stretches):
        return Edit(start, stretches[number + 1][0], "")
    if number:
        return Edit(stretches[number - 1][1], end, "")
    return Edit(start, end, nothing)


def _end(node: yaml.Node, source: str) -> int:
    """Return where a node's text ends; a block's mark is where the next one begins."""
    if isinstance(node, yaml.CollectionNode) and not node.flow_style and node.value:
        last = node.value[-1]
        return _end(last[1] if isinstance(last, tuple) else last, source)
    return len(source[: node.end_mark.index].rstrip())


def _changed(node: yaml.ScalarNode, text: str) -> str:
    """Double a number, negate a truth value, make a text another text and of nothing a text."""
    if node.tag == "tag:yaml.org,2002:int":
        return str(int(node.value) * 2 or 1)
    if node.tag == "tag:yaml.org,2002:float":
        return str(float(node.value) * 2)
    if node.tag == "tag:yaml.org,2002:bool":
        return "false" if node.value == "true" else "true"
    if node.tag == "tag:yaml.org,2002:null":
        return '"XX"'
    return re.sub(r"""^(!\S+\s+)?(["']?)""", r"\1\2XX", text, count=1)
