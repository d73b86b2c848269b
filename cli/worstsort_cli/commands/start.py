"""`worstsort start`: start a run and return at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from worstsort.runs.run_id import check_run_id
from worstsort_cli import options, run_options
from worstsort_cli.clouds import acting
from worstsort_cli.clouds.deployment import connect
from worstsort_cli.files import run_input
from worstsort_cli.output import print_json, print_line

if TYPE_CHECKING:
    from typing import BinaryIO


@click.command()
@run_options.configuration
@run_options.setting("--name", help="The id of the run.  [default: made from the configuration and the time]")
@options.stack
@options.as_json
def start(input_file: BinaryIO | None, name: str | None, stack: str | None, *, as_json: bool, **fields: Any) -> None:
    """Start a run and return at once.

    The configuration is checked here, before anything is started. `worstsort watch` shows how the run is doing.

    \b
    Examples:
      worstsort start --target go1.24 --size 500 --islands 8
      worstsort start --stack prod --input examples/long-spot.json --name pdq-1000
    """  # noqa: D301 - see main
    config = run_input.read(input_file, fields)
    if name is not None:
        check_run_id(name, "--name" if run_options.is_typed("name") else run_options.variable_of("name"))
    run_id, arn = acting.start(connect(stack), config, name)
    if as_json:
        print_json({"run_id": run_id, "execution_arn": arn})
    else:
        print_line(f"started {run_id}")
        print_line(f"watch it: worstsort watch {run_id}" + (f" --stack {stack}" if stack else ""))
