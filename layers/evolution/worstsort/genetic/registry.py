"""Operators by name: those that are built in, and those that a program or an installed package registers."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Generic, Literal, TypeAlias, TypeVar, get_args

from worstsort import plugins

Operator = TypeVar("Operator")
Permutations: TypeAlias = Literal["never", "also", "only"]
"""Whether an operator may work on permutations: it would break them, it keeps them, or it needs them."""

ENTRY_POINT_GROUP = "worstsort.operators"
"""Entry points of packages that bring operators. Each names a function that takes nothing and calls `register`."""

_loaded: set[str] = set()
"""Entry points that have been called."""


@dataclass(frozen=True)
class OneOf:
    """What a field may hold: any of these names, read again whenever a value is checked."""

    names: Collection[str]


class InvalidOperator(ValueError):
    """What is to be registered is no function, or has no proper name."""


class NameTaken(ValueError):
    """Something else is registered under that name."""


class Registry(Mapping[str, Operator], Generic[Operator]):
    """All operators of one kind by name: a live view, which `add` alone extends.

    Attributes:
        kind: The field of `Settings` that names one of them.
    """

    def __init__(self, kind: str, operators: Mapping[str, Operator], permutations: Permutations = "never") -> None:
        self.kind = kind
        self._operators = dict(operators)
        self._permutations: dict[str, Permutations] = dict.fromkeys(operators, permutations)

    def __getitem__(self, name: str) -> Operator:
        load_installed()
        return self._operators[name]

    def __iter__(self) -> Iterator[str]:
        load_installed()
        return iter(self._operators)

    def __len__(self) -> int:
        load_installed()
        return len(self._operators)

    def __setitem__(self, name: str, operator: Operator) -> None:
        raise TypeError(f"this view is read-only; call worstsort.genetic.register({self.kind!r}, {name!r}, ...)")

    def add(self, name: str, operator: Operator, permutations: Permutations = "never") -> None:
        """Add an operator; see `catalogue.register`."""
        if not isinstance(name, str) or not name or not name.isprintable():
            raise InvalidOperator(f"{self.kind}: given the name {name!r:.60}, allowed: printable text")
        if not callable(operator):
            raise InvalidOperator(f"{self.kind} {name!r}: given {operator!r:.60}, allowed: a function")
        if permutations not in get_args(Permutations):
            raise InvalidOperator(f"permutations: given {permutations!r:.60}, allowed: never, also or only")
        if name in self._operators:
            raise NameTaken(f"{self.kind} {name!r} is taken; registered are {', '.join(sorted(self._operators))}")
        self._operators[name], self._permutations[name] = operator, permutations

    def fitting(self, *, permutations: bool) -> frozenset[str]:
        """Return the names of the operators that work on permutations, or on everything else."""
        unfit = "never" if permutations else "only"
        return frozenset(name for name in self if self._permutations[name] != unfit)


def load_installed() -> None:
    """Let the installed packages that have an entry point in the group register their operators, once per process.

    One that fails is left out with a warning that names it.
    """
    for name, register_all in plugins.load(ENTRY_POINT_GROUP):
        if name in _loaded:
            continue
        _loaded.add(name)  # first: registering may look operators up
        try:
            register_all()
        except Exception as error:  # noqa: BLE001 - anything may go wrong in foreign code
            plugins.warn(ENTRY_POINT_GROUP, name, f"failed: {type(error).__name__}: {error}")
