"""Entry point: the command group, and the one place where errors become messages and exit codes."""

from __future__ import annotations

import sys
import traceback
from importlib import import_module
from typing import Any, NoReturn

import click

from worstsort import __version__
from worstsort.foreign.errors import TargetMisbehaved
from worstsort.gosort import InvalidInput, InvalidTarget, TargetAbsent, UnknownTarget
from worstsort.runs.errors import InputRefused, RunError
from worstsort_cli.errors import CommandFailed
from worstsort_cli.files import counterexample
from worstsort_cli.output import ReaderLeft, open_closed_streams, print_error

FAILED, REFUSED, INTERRUPTED = 1, 2, 130

COMMANDS = (
    "run", "sweep", "count", "up", "console",
    "start", "watch", "logs", "stop", "resume", "runs", "leaderboard", "report", "open",
    "data", "compare", "targets", "check", "verify", "export", "construct", "transfer", "minimise", "estimate",
    "warm-up", "completion",
)  # fmt: skip
"""Each is an object in the module of the same name, which is imported when the command is needed."""

_NAMES = {"open": "open_report"}
"""Objects that cannot have the name of their command, which Python has for something else."""


class Commands(click.Group):
    """The commands; their errors become a message on standard error and an exit code."""

    def main(self, *args: Any, **extra: Any) -> Any:
        """Run the command as a program."""
        open_closed_streams()
        return super().main(*args, **extra)

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """Return the names in the order in which a new user needs them."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - click's signature
        """Import and return a command, or None if there is none of that name."""
        if cmd_name not in COMMANDS:
            return None
        name = cmd_name.replace("-", "_")
        module = import_module(f"worstsort_cli.commands.{name}")
        command: click.Command = getattr(module, _NAMES.get(name, name))
        return command

    def make_context(self, *args: Any, **extra: Any) -> click.Context:
        """Read the arguments before the command's name."""
        try:
            return super().make_context(*args, **extra)
        except click.ClickException as refused:
            _refuse(refused)

    def invoke(self, ctx: click.Context) -> Any:
        """Run the chosen command."""
        try:
            return super().invoke(ctx)
        except click.ClickException as refused:
            _refuse(refused)
        except (click.exceptions.Exit, click.Abort):
            raise
        except ReaderLeft:
            return None
        except KeyboardInterrupt:
            print_error("interrupted")
            sys.exit(INTERRUPTED)
        except Exception as error:  # noqa: BLE001 - a person is to read a message; --debug shows where it came from
            if ctx.params.get("debug"):
                print_error(traceback.format_exc())
            if isinstance(error, TargetMisbehaved):
                error.add_note(counterexample.leave(error))
            message, code = explain(error)
            print_error("\n".join([message, *getattr(error, "__notes__", ())]))
            sys.exit(code)


def _refuse(refused: click.ClickException) -> NoReturn:
    """Say what click refuses, such as an option or a path, with all of the characters that were given, made visible."""
    context = refused.ctx if isinstance(refused, click.UsageError) else None
    usage = [context.get_usage(), f"Try '{context.command_path} --help' for help.", ""] if context else []
    print_error("\n".join([*usage, f"Error: {refused.format_message().expandtabs(4)}"]))
    sys.exit(refused.exit_code)


def explain(error: Exception) -> tuple[str, int]:
    """Return what a person is told about an error, and the exit code."""
    if isinstance(error, InputRefused):
        return "\n  ".join(["input refused:", *error.shown()]), REFUSED
    said = str(error).replace("\n", "\n  ")  # indented, no line of it looks like another message
    if isinstance(error, (InvalidInput, InvalidTarget, TargetAbsent, UnknownTarget)):
        return f"error: {said}", REFUSED
    if isinstance(error, (CommandFailed, RunError, OSError, TargetMisbehaved)):
        return f"error: {said}", FAILED
    if isinstance(error, MemoryError):
        return "error: there is not enough memory; close what takes some, or see `ulimit -v`", FAILED
    if any(base.__module__.startswith("botocore.") for base in type(error).__mro__):  # without importing botocore
        from worstsort_cli.clouds import aws_errors  # noqa: PLC0415 - botocore belongs to an extra

        return "error: " + aws_errors.explain(error).replace("\n", "\n  "), FAILED
    return f"error: unexpected {type(error).__name__}: {said}; --debug shows where", FAILED


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(__version__)
@click.option("--debug", is_flag=True, help="Show the traceback if there is an error.")
def main(debug: bool) -> None:  # noqa: FBT001 - click passes flags as arguments; Commands reads this one
    """Evolve the inputs on which Go's sort makes the most comparisons.

    \b
    Examples:
      worstsort run                                   a worst case for sort.Sort of today's Go, n = 100
      worstsort run --target go1.12 --size 500        for that of Go 1.12 to 1.18
      echo '[3, 1, 2]' | worstsort count              the comparisons that an input takes
      worstsort verify runs/*/champion.json           recount champions, with real Go if it is installed
      worstsort up                                    the whole cloud on this machine, for any AWS client

    \b
    start, watch, logs, stop, resume, runs, leaderboard and report use the embedded cloud that `worstsort up` serves,
    or a deployed stack with --stack NAME. Where neither is, watch, logs, runs, leaderboard and report read ./runs.

    \b
    Exit codes: 0 done, 1 failed (with the cause on standard error), 2 input refused, 130 interrupted.
    """  # noqa: D301 - \b is click's mark for text that must not be wrapped
