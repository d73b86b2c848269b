"""Where commands look for runs: in a cloud, or in the folder that `worstsort run` has left them in."""

from __future__ import annotations

from pathlib import Path

import click

from worstsort_cli.clouds import served
from worstsort_cli.output import console, print_line

DEFAULT_FOLDER = Path("runs")
"""Where `worstsort run` puts its runs unless it is told otherwise."""

DEFAULT_SWEEPS = Path("sweeps")
"""Where `worstsort sweep` puts its sweeps unless it is told otherwise."""

folder_option = click.option(
    "--in",
    "folder",
    metavar="DIR",
    type=click.Path(path_type=Path, file_okay=False),
    help="Read the runs in this folder, as `worstsort run` leaves them.  [default: runs, if no cloud is served]",
)

default_folder_option = click.option(
    "--in",
    "folder",
    metavar="DIR",
    type=click.Path(path_type=Path, file_okay=False),
    default=DEFAULT_FOLDER,
    show_default=True,
    help="The folder with the runs of `worstsort run`.",
)


def folder_of_runs(folder: Path | None, stack: str | None) -> Path | None:
    """Return the folder to read runs from, and say so; None if a cloud is to be asked.

    Raises:
        click.UsageError: Both a folder and a stack are named.
    """
    if folder is not None and stack is not None:
        raise click.UsageError("--in reads a folder and --stack asks a stack: choose one")
    if folder is not None:
        return folder
    if stack is not None or served.is_any():
        return None
    print_line(f"no embedded cloud is served: reading the runs in {DEFAULT_FOLDER}/", console(stderr=True))
    return DEFAULT_FOLDER


def complete_runs(ctx: click.Context, _param: click.Parameter, incomplete: str) -> list[str]:
    """Offer the runs of this machine: those in the folder that the command reads, unless it asks a stack."""
    if ctx.params.get("stack"):
        return []
    return [name for name in _names(ctx) if name.startswith(incomplete)]


def complete_runs_under_way(ctx: click.Context, _param: click.Parameter, incomplete: str) -> list[str]:
    """Offer the runs of this machine that can be continued."""
    from worstsort_cli.files.run_folder.folder import is_under_way_in  # noqa: PLC0415 - not every system has flock

    folder = _folder(ctx)
    return [name for name in _names(ctx) if name.startswith(incomplete) and is_under_way_in(folder / name)]


def complete_sweeps(ctx: click.Context, _param: click.Parameter, incomplete: str) -> list[str]:
    """Offer the sweeps of this machine."""
    folder = Path(ctx.params.get("out") or DEFAULT_SWEEPS)
    return [name for name in _folders_in(folder) if name.startswith(incomplete)]


def complete_runs_and_sweeps(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[str]:
    """Offer the sweeps of this machine, and its runs, unless the command asks a stack for those."""
    return [*complete_sweeps(ctx, param, incomplete), *complete_runs(ctx, param, incomplete)]


def _names(ctx: click.Context) -> list[str]:
    return _folders_in(_folder(ctx))


def _folders_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir() if path.is_dir()) if folder.is_dir() else []


def _folder(ctx: click.Context) -> Path:
    return Path(ctx.params.get("folder") or ctx.params.get("out") or DEFAULT_FOLDER)
