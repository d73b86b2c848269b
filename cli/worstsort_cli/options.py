"""Options that many commands share."""

from __future__ import annotations

import click

stack = click.option(
    "--stack",
    metavar="NAME",
    envvar="WORSTSORT_STACK",
    help="A deployed stack (or $WORSTSORT_STACK).  [default: the embedded cloud of `worstsort up`]",
)

as_json = click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
