"""The options that describe a run; only commands that begin one need their defaults."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

import click

from worstsort.genetic import PRESETS
from worstsort.gosort import TARGETS
from worstsort.runs.config import RunConfig, StopConfig

if TYPE_CHECKING:
    from collections.abc import Callable

    Command = TypeVar("Command", bound=Callable[..., Any])


def _default(field: str) -> str:
    return f"  [default: {RunConfig.model_fields[field].default}]"


_OPTIONS = (
    click.option("--target", metavar="NAME", help=f"Which sort: {', '.join(TARGETS)}.{_default('target')}"),
    click.option("--size", type=int, help="Integers in the input to evolve." + _default("size")),
    click.option("--population", type=int, help="Individuals per island.  [default: the preset's]"),
    click.option("--islands", type=int, help="Separate populations, one process each." + _default("islands")),
    click.option(
        "--generations-per-epoch", type=int, help="Generations between migrations." + _default("generations_per_epoch")
    ),
    click.option("--max-epochs", type=int, help=f"Maximum number of epochs.  [default: {StopConfig().max_epochs}]"),
    click.option("--seed", type=int, help="The same seed gives the same champion." + _default("seed")),
    click.option("--preset", metavar="NAME", help=f"A set of defaults: {', '.join(PRESETS)}.{_default('preset')}"),
    click.option(
        "--input", "input_file", type=click.File("rb"), help="The run's configuration as JSON; options override it."
    ),
)


def configuration(command: Command) -> Command:
    """Add the options that describe a run; `run_input.read` makes a configuration of them."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command
