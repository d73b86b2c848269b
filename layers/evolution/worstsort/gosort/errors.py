"""What can be wrong with a request to count."""

from __future__ import annotations


class InvalidInput(ValueError):
    """The values to sort are not a sequence of signed 64-bit integers."""


class UnknownTarget(ValueError):
    """No sort of that name is known; the message lists those that are."""
