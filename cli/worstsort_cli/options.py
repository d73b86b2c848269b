"""Options that many commands share."""

from __future__ import annotations

import click

from worstsort.gosort import ALIASES, TARGETS

stack = click.option(
    "--stack",
    metavar="NAME",
    envvar="WORSTSORT_STACK",
    help="A deployed stack (or $WORSTSORT_STACK).  [default: the embedded cloud of `worstsort up`]",
)

as_json = click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")


class TargetName(click.Choice[str]):
    """A name or alias of a target, converted to its name."""

    def __init__(self) -> None:
        """Offer the names; aliases are accepted without being offered."""
        super().__init__(list(TARGETS))

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Return the name that an alias stands for."""
        return super().convert(ALIASES.get(value, value), param, ctx)


target = click.option("--target", type=TargetName(), help="Which sort.")
