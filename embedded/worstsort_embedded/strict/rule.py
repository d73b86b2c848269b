"""Rules that AWS's service descriptions do not hold as a limit of one field, each with the sentence and its place."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    Test = Callable[[Mapping[str, Any], "World"], Iterable[str]]


class World(Protocol):
    """What exists already: in an account, or among the resources of one template."""

    def kind_of(self, environment: str) -> str | None:
        """Return a compute environment's type, such as SPOT, by its ARN or name; None if it is not known."""

    def instance_types_of(self, environment: str) -> list[str]:
        """Return a compute environment's instance types, by its ARN or name; none if they are not known."""

    def environments_of(self, queue: str) -> list[str]:
        """Return the compute environments of a queue, by its ARN or name."""

    def neighbours_of(self, environment: str) -> list[str]:
        """Return the other compute environments of the queues that lead to one, by its ARN or name."""

    def is_active(self, definition: str) -> bool:
        """Return whether a job definition has not been de-registered."""


@dataclass(frozen=True)
class Rule:
    """A rule for the parameters of some operations.

    Attributes:
        name: what is ruled.
        operations: the operations, as "service Operation".
        sentence: AWS's words.
        source: where they stand.
        error: the error with which AWS refuses, if it is not the service's usual one.
        test: yields the violations, one line each.
    """

    name: str
    operations: tuple[str, ...]
    sentence: str
    source: str
    error: str
    test: Test


class Rules(list[Rule]):
    """A list of rules, to which a decorator adds."""

    def add(self, *operations: str, sentence: str, source: str, error: str = "") -> Callable[[Test], Test]:
        """Return a decorator that makes a rule of a test, whose name says what is ruled."""

        def decorate(test: Test) -> Test:
            self.append(Rule(test.__name__.replace("_", " "), operations, sentence, source, error, test))
            return test

        return decorate


def as_dict(value: Any) -> Mapping[str, Any]:
    """Return a structure, an empty one where there is none or it is not known."""
    return value if isinstance(value, dict) else {}


def as_dicts(value: Any) -> list[Mapping[str, Any]]:
    """Return the structures of a list, none where there is no list."""
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list | tuple) else []


def as_texts(value: Any) -> list[str]:
    """Return the texts of a list, none where there is no list."""
    return [item for item in value if isinstance(item, str)] if isinstance(value, list | tuple) else []
