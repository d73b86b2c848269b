"""What can be wrong with a request to count."""

from __future__ import annotations


class InvalidInput(ValueError):
    """The values to sort, or the numbers that go with them, are not what they have to be."""


class UnknownTarget(ValueError):
    """There is no sort of that name.

    Attributes:
        allowed: What a sort may be called, and what is known of the name that was given.
    """

    def __init__(self, given: str, allowed: str) -> None:
        super().__init__(f"unknown target {given}: it must be {allowed}")
        self.allowed = allowed


class TargetAbsent(ValueError):
    """A foreign sort is named whose library or program is not at hand.

    Attributes:
        name: What it is recorded as.
    """

    def __init__(self, name: str) -> None:
        self.name = name
        _, _, digest = name.partition(":")[0].partition("-")
        symbol = name.partition(":")[2]
        super().__init__(
            f"target {name}: not at hand; give --target the file that it was made from, such as ./sort.so:{symbol}, "
            f"whose SHA-256 begins with {digest}"
        )


class InvalidTarget(ValueError):
    """A target cannot be registered: it is no target, or its name is malformed or taken."""
