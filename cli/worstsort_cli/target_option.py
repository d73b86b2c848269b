"""The option that names a sort, as the project or as Go programmers call it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

import click
from click.shell_completion import CompletionItem

from worstsort.foreign.address import is_address
from worstsort.gosort import ALIASES, TARGETS, InvalidTarget, UnknownTarget, find_target
from worstsort.gosort.go_calls import FUNCTIONS
from worstsort.gosort.go_releases import NEWEST_CHECKED_MINOR, OLDEST_CHECKED_MINOR
from worstsort_cli.output import console, print_line

if TYPE_CHECKING:
    from collections.abc import Callable

    Command = TypeVar("Command", bound=Callable[..., Any])

HELP = (
    "Which sort: go1.22, slices.Sort, go1.22:sort.Stable, ... (`worstsort targets` lists them), or your own: "
    './mysort.so:NAME, ./mysort.wasm:NAME, "cmd: node mysort.js".'
)


class TargetName(click.ParamType[str]):
    """Any name of a target, converted to the one that it is recorded under; says what it was taken for."""

    name = "target"

    def __init__(self, *, refuses: bool = True) -> None:
        """Without `refuses`, an unknown name is handed on, to be refused with the rest of a configuration."""
        self._refuses = refuses

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Return the name that a target is recorded under."""
        if is_address(value):
            return self._opened(value, param, ctx)
        try:
            target = find_target(value)
        except UnknownTarget as error:
            return self.fail(str(error), param, ctx) if self._refuses else value
        if value not in {*TARGETS, *ALIASES}:
            print_line(f"{value}: taken for {target.name}, {target.title}", console(stderr=True))
        return target.name

    def _opened(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Return the name of a foreign sort, once it has been held to the contract."""
        from worstsort.foreign.targets import open_target  # noqa: PLC0415 - brings numpy

        try:
            target = open_target(value)
        except InvalidTarget as error:
            return self.fail(str(error), param, ctx)
        print_line(f"{value}: played as {target.name}", console(stderr=True))
        return target.name

    def shell_complete(
        self,
        ctx: click.Context,  # noqa: ARG002 - click's signature
        param: click.Parameter,  # noqa: ARG002
        incomplete: str,
    ) -> list[CompletionItem]:
        """Offer targets, releases and functions; after a release and a colon, functions."""
        release, colon, _ = incomplete.rpartition(":")
        releases = [f"go1.{minor}" for minor in range(OLDEST_CHECKED_MINOR, NEWEST_CHECKED_MINOR + 1)]
        names = FUNCTIONS if colon else dict.fromkeys([*TARGETS, *ALIASES, *releases, *FUNCTIONS])
        offered = [release + colon + name for name in names]
        return [CompletionItem(name) for name in offered if name.startswith(incomplete)]


def target_option(help_text: str = HELP) -> Callable[[Command], Command]:
    """Return the decorator that adds --target to a command."""
    return click.option("--target", type=TargetName(), metavar="NAME", help=help_text)
