"""What can be wrong with a request to count."""

from __future__ import annotations


class InvalidInput(ValueError):
    """The values to sort, or the numbers that go with them, are not what they have to be."""


class UnknownTarget(ValueError):
    """There is no sort of that name; the message lists the known ones."""


class InvalidTarget(ValueError):
    """A target cannot be registered: it is no target, or its name is malformed or taken."""
