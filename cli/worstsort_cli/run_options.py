"""The options that describe a run; only commands that begin one need their defaults."""

from __future__ import annotations

from dataclasses import replace
from functools import wraps
from typing import TYPE_CHECKING, Any, TypeVar

import click
from click.core import ParameterSource

from worstsort.genetic import PRESETS
from worstsort.gosort.validation import VALUES
from worstsort.runs.config import RunConfig, StopConfig
from worstsort.runs.errors import InputRefused, Problem
from worstsort_cli.target_option import HELP, TargetName

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    Command = TypeVar("Command", bound=Callable[..., Any])


_ENVIRONMENT = ParameterSource.ENVIRONMENT


def _default(field: str) -> str:
    return f"  [default: {RunConfig.model_fields[field].default}]"


class Setting(click.Option):
    """An option that an environment variable stands for, which a refusal names if the value came from there."""

    def __init__(self, declarations: Sequence[str], **attributes: Any) -> None:
        """Take the variable from the option's name: WORSTSORT_MAX_EPOCHS stands for --max-epochs."""
        flag = next(name for name in declarations if name.startswith("--"))
        super().__init__(declarations, envvar=variable_of(flag), **attributes)

    def get_error_hint(self, ctx: click.Context | None) -> str:
        """Name the variable, or else the option."""
        if ctx is not None and self.name is not None and ctx.get_parameter_source(self.name) is _ENVIRONMENT:
            return f"'{self.envvar}'"
        return super().get_error_hint(ctx)


def variable_of(option: str) -> str:
    """Return the environment variable that stands for an option or a field."""
    return f"WORSTSORT_{option.lstrip('-').replace('-', '_').upper()}"


def setting(*declarations: str, **attributes: Any) -> Callable[[Command], Command]:
    """Return the decorator that adds an option for which an environment variable stands, too."""
    return click.option(*declarations, cls=Setting, **attributes)


def is_typed(name: str) -> bool:
    """Whether a parameter was given on the command line, and not by a variable or by default."""
    return click.get_current_context().get_parameter_source(name) is ParameterSource.COMMANDLINE


def _complete_presets(_ctx: click.Context, _param: click.Parameter, incomplete: str) -> list[str]:
    return [name for name in PRESETS if name.startswith(incomplete)]


_OPTIONS = (
    setting("--target", type=TargetName(refuses=False), metavar="NAME", help=HELP + _default("target")),
    setting("--size", type=int, help="Integers in the input to evolve." + _default("size")),
    setting("--values", metavar="KIND", help=f"{' or '.join(VALUES)}: may integers be equal?" + _default("values")),
    setting("--population", type=int, help="Individuals per island.  [default: the preset's]"),
    setting("--islands", type=int, help="Separate populations, one process each." + _default("islands")),
    setting(
        "--generations-per-epoch", type=int, help="Generations between migrations." + _default("generations_per_epoch")
    ),
    setting("--max-epochs", type=int, help=f"Maximum number of epochs.  [default: {StopConfig().max_epochs}]"),
    setting("--stall-epochs", type=int, help="Stop after this many epochs without a better input.  [default: never]"),
    setting("--max-seconds", type=float, help="Stop after this many seconds of evolution.  [default: never]"),
    setting("--seed", type=int, help="The same seed gives the same champion." + _default("seed")),
    setting(
        "--preset", metavar="NAME", shell_complete=_complete_presets,
        help=f"A set of defaults: {', '.join(PRESETS)}.{_default('preset')}",
    ),
    setting("--input", "input_file", type=click.File("rb"), help="A configuration as JSON, which options override."),
)  # fmt: skip


def configuration(command: Command) -> Command:
    """Add the options that describe a run; `run_input.read` makes a configuration of them.

    Each has an environment variable. An option overrides its variable, and both override the file.
    """
    named: Any = _naming_variables(command)
    for option in reversed(_OPTIONS):
        named = option(named)
    return named  # type: ignore[no-any-return]


def _naming_variables(command: Callable[..., Any]) -> Callable[..., Any]:
    """Let a refusal of a field name the variable that its value came from."""

    @wraps(command)
    def run(*arguments: Any, **options: Any) -> Any:
        try:
            return command(*arguments, **options)
        except InputRefused as refused:
            context = click.get_current_context()
            raise InputRefused([_named(problem, context) for problem in refused.problems]) from refused

    return run


def _named(problem: Problem, context: click.Context) -> Problem:
    name = problem.field.removeprefix("stop.")
    given = context.get_parameter_source(name) is _ENVIRONMENT
    return replace(problem, field=f"{variable_of(name)} ({problem.field})") if given else problem
