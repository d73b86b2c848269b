"""Faults in Python: those of mutmut, without the ones that a type checker sees."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import libcst as cst
from libcst.metadata import MetadataWrapper, PositionProvider
from mutmut.mutation.file_mutation import Mutation, create_mutations

from tools.mutants.mutant import ROOT, Mutant, make

if TYPE_CHECKING:
    from collections.abc import Callable


def faults(path: str) -> dict[int, list[Callable[[], Mutant]]]:
    """Return the faults that a module can be given, by line."""
    source = (ROOT / path).read_text(encoding="utf-8")
    module, mutations, _, _ = create_mutations(path, source)
    lines = MetadataWrapper(module, unsafe_skip_copy=True).resolve(PositionProvider)

    def fault(mutation: Mutation) -> Callable[[], Mutant]:
        line = lines[mutation.original_node].start.line

        def build() -> Mutant:
            mutated = cast("cst.Module", module.deep_replace(mutation.original_node, mutation.mutated_node))
            return make(path, line, source, mutated.code)

        return build

    found: dict[int, list[Callable[[], Mutant]]] = {}
    for mutation in mutations:
        if not _is_seen_by_a_type_checker(mutation):
            found.setdefault(lines[mutation.original_node].start.line, []).append(fault(mutation))
    return found


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
