"""Options that several commands share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

import click

from worstsort.genetic import PRESETS
from worstsort.gosort import TARGETS

if TYPE_CHECKING:
    from collections.abc import Callable

    Command = TypeVar("Command", bound=Callable[..., Any])

stack = click.option(
    "--stack",
    metavar="NAME",
    envvar="WORSTSORT_STACK",
    help="A deployed stack (or $WORSTSORT_STACK).  [default: the embedded cloud of `worstsort up`]",
)

as_json = click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")

target = click.option("--target", type=click.Choice(list(TARGETS)), help="Which sort.")

_CONFIGURATION = (
    click.option("--target", metavar="NAME", help=f"Which sort: {', '.join(TARGETS)}.  [default: go1.12]"),
    click.option("--size", type=int, help="Integers in the input that is evolved.  [default: 100]"),
    click.option("--population", type=int, help="Individuals an island."),
    click.option("--islands", type=int, help="Populations that evolve apart, a process each.  [default: 2]"),
    click.option("--generations-per-epoch", type=int, help="Generations between two migrations.  [default: 20]"),
    click.option("--max-epochs", type=int, help="Epochs at most.  [default: 20]"),
    click.option("--seed", type=int, help="Same seed, same champion.  [default: 1]"),
    click.option("--preset", metavar="NAME", help=f"A set of defaults: {', '.join(PRESETS)}.  [default: strong]"),
    click.option(
        "--input", "input_file", type=click.File("r"), help="JSON input of the execution; options override it."
    ),
)


def configuration(command: Command) -> Command:
    """The options that describe a run; `configuration.read` makes a configuration of them."""
    for option in reversed(_CONFIGURATION):
        command = option(command)
    return command
