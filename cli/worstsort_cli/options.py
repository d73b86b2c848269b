"""Options that several commands share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

import click

from worstsort.genetic import PRESETS
from worstsort.gosort import ALIASES, TARGETS
from worstsort.runs.config import RunConfig, StopConfig

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


class TargetName(click.Choice[str]):
    """A name or alias of a target, converted to its name."""

    def __init__(self) -> None:
        """Offer the names; aliases are taken without being offered."""
        super().__init__(list(TARGETS))

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Look an alias up."""
        return super().convert(ALIASES.get(value, value), param, ctx)


target = click.option("--target", type=TargetName(), help="Which sort.")


def _default(field: str) -> str:
    return f"  [default: {RunConfig.model_fields[field].default}]"


_CONFIGURATION = (
    click.option("--target", metavar="NAME", help=f"Which sort: {', '.join(TARGETS)}.{_default('target')}"),
    click.option("--size", type=int, help="Integers in the input that is evolved." + _default("size")),
    click.option("--population", type=int, help="Individuals an island."),
    click.option("--islands", type=int, help="Populations that evolve apart, a process each." + _default("islands")),
    click.option(
        "--generations-per-epoch",
        type=int,
        help="Generations between two migrations." + _default("generations_per_epoch"),
    ),
    click.option("--max-epochs", type=int, help=f"Epochs at most.  [default: {StopConfig().max_epochs}]"),
    click.option("--seed", type=int, help="Same seed, same champion." + _default("seed")),
    click.option("--preset", metavar="NAME", help=f"A set of defaults: {', '.join(PRESETS)}.{_default('preset')}"),
    click.option(
        "--input", "input_file", type=click.File("r"), help="JSON input of the execution; options override it."
    ),
)


def configuration(command: Command) -> Command:
    """The options that describe a run; `configuration.read` makes a configuration of them."""
    for option in reversed(_CONFIGURATION):
        command = option(command)
    return command
