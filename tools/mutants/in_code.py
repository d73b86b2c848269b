"""Faults in Python: those of mutmut, without the ones that a type checker sees and those in what people read."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import libcst as cst
from libcst.metadata import MetadataWrapper, PositionProvider
from mutmut.mutation.file_mutation import Mutation, MutationVisitor
from mutmut.mutation.mutators import mutation_operators
from mutmut.mutation.pragma_handling import IgnoredCode

from tools.mutants.mutant import ROOT, Mutant, make

if TYPE_CHECKING:
    from collections.abc import Callable

    from tools.mutants.drawing import Faults

MIN_WORDS_OF_PROSE = 3
"""A text with so many words is a message to people."""


class _Visitor(MutationVisitor):  # type: ignore[misc] # mutmut is not installed where types are checked
    """Finds the faults of decorated functions, too, and none in the types of casts.

    mutmut leaves the former out because it keeps all mutants of a function in one file, and chooses when they run.
    """

    def __init__(self) -> None:
        super().__init__(mutation_operators, IgnoredCode(set(), set(), set()))
        self._types: set[cst.CSTNode] = set()

    def _skip_node_and_children(self, node: cst.CSTNode) -> bool:
        if isinstance(node, cst.Call) and isinstance(node.func, cst.Name) and node.func.value == "cast":
            self._types.add(node.args[0])
        if node in self._types:
            return True
        if isinstance(node, cst.FunctionDef):
            node = node.with_changes(decorators=())
        return cast("bool", super()._skip_node_and_children(node))


def faults(path: str) -> Faults:
    """Return the faults that a module can be given, by line."""
    source = (ROOT / path).read_text(encoding="utf-8")
    visitor = _Visitor()
    wrapper = MetadataWrapper(cst.parse_module(source))
    wrapper.visit(visitor)
    lines = wrapper.resolve(PositionProvider)

    def fault(mutation: Mutation, line: int) -> Callable[[], Mutant]:
        def build() -> Mutant:
            mutated = cast("cst.Module", wrapper.module.deep_replace(mutation.original_node, mutation.mutated_node))
            return make(path, line, source, mutated.code)

        return build

    found: Faults = {}
    for mutation in visitor.mutations:
        if not _is_seen_by_a_type_checker(mutation) and not _is_prose(mutation.original_node):
            line = lines[mutation.original_node].start.line
            found.setdefault(line, []).append(fault(mutation, line))
    return found


def _is_prose(node: cst.CSTNode) -> bool:
    return isinstance(node, cst.SimpleString) and len(node.value.split()) >= MIN_WORDS_OF_PROSE


def _is_seen_by_a_type_checker(mutation: Mutation) -> bool:
    """Return whether a value was replaced by None, or an argument left out or put in another's place."""
    before, after = mutation.original_node, mutation.mutated_node
    if isinstance(before, cst.Assign | cst.AnnAssign):
        return True
    if isinstance(before, cst.Lambda):
        return True
    if isinstance(before, cst.Call) and isinstance(after, cst.Call) and len(before.args) == len(after.args):
        return before.func is after.func
    if isinstance(before, cst.Call) and isinstance(after, cst.Call):
        # What is left out by position moves the others; what is named may have a default.
        left_out = [argument for argument in before.args if argument not in after.args]
        return any(argument.keyword is None for argument in left_out)
    return False
