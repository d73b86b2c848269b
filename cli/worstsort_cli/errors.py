"""Errors of the command itself."""

from __future__ import annotations


class CommandFailed(Exception):
    """A command could not do what was asked; the message says why, in plain words."""
