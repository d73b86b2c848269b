"""Entry point: the command group, and the one place where errors become messages and exit codes."""

from __future__ import annotations

import sys
import traceback
from typing import Any

import click

from worstsort import __version__
from worstsort.gosort import InvalidInput, UnknownTarget
from worstsort.runs.errors import InputRefused, RunError
from worstsort_cli.commands.count import count
from worstsort_cli.commands.run import run
from worstsort_cli.commands.up import up
from worstsort_cli.errors import CommandFailed

FAILED, REFUSED, INTERRUPTED = 1, 2, 130


class ErrorsAsMessages(click.Group):
    """Turns what the commands raise into a message on standard error and the exit code it stands for."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the chosen command."""
        try:
            return super().invoke(ctx)
        except (InputRefused, InvalidInput, UnknownTarget) as error:
            self._leave(ctx, error, REFUSED)
        except (CommandFailed, RunError, OSError) as error:
            self._leave(ctx, error, FAILED)
        except KeyboardInterrupt:
            click.echo("interrupted", err=True)
            sys.exit(INTERRUPTED)

    def _leave(self, ctx: click.Context, error: Exception, code: int) -> None:
        if ctx.params.get("debug"):
            traceback.print_exc()
        if isinstance(error, InputRefused):
            click.echo("input refused:", err=True)
            for problem in error.problems:
                click.echo(f"  {problem}", err=True)
        else:
            click.echo(f"error: {error}", err=True)
        sys.exit(code)


@click.group(cls=ErrorsAsMessages, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(__version__)
@click.option("--debug", is_flag=True, help="Show the traceback of an error.")
def main(debug: bool) -> None:  # noqa: FBT001 - click passes flags as arguments; ErrorsAsMessages reads this one
    """Evolve the inputs on which Go's sort makes the most comparisons.

    \b
    Examples:
      worstsort run                                   a worst case for sort.Sort of Go 1.12, n = 100
      worstsort run --target pdqsort --size 500       for today's sort.Sort
      echo '[3, 1, 2]' | worstsort count              how many comparisons an input takes
      worstsort up                                    the whole cloud on this machine, for any AWS client

    Exit codes: 0 done, 1 it failed (the cause on standard error), 2 the input was refused.
    """  # noqa: D301 - \b is click's mark for text that must not be wrapped


main.add_command(run)
main.add_command(count)
main.add_command(up)
