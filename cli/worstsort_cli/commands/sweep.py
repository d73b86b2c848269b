"""`worstsort sweep`: many runs, of several configurations and seeds, to be compared."""

from __future__ import annotations

import os
import shlex
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from worstsort.runs.errors import NOTHING, InputRefused, Problem
from worstsort.runs.run_id import check_run_id
from worstsort.runs.wording import counted
from worstsort_cli import extras, options, output, run_options
from worstsort_cli.clouds.foreign_target import check_target
from worstsort_cli.clouds.status import capacity
from worstsort_cli.clouds.this_machine import DEFAULT_SWEEPS, complete_sweeps
from worstsort_cli.costs.capacity import STACK_DEFAULTS
from worstsort_cli.costs.sweep_estimate import SweepEstimate, estimate_sweep
from worstsort_cli.errors import CommandFailed
from worstsort_cli.files import run_input
from worstsort_cli.files.sweep_folder import grid
from worstsort_cli.interruption import ended_in_order
from worstsort_cli.output import print_json, print_line
from worstsort_cli.show.snapshot import duration
from worstsort_cli.show.sweep_progress import SweepProgress

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import BinaryIO

    from rich.console import Console

    from worstsort_cli.clouds.deployment import Deployment
    from worstsort_cli.costs.capacity import Capacity
    from worstsort_cli.files.sweep_folder.grid import PlannedRun
    from worstsort_cli.files.sweep_folder.manifest import Sweep


class _Own(NamedTuple):
    """The options of a sweep that are none of a run's.

    Attributes:
        name: The name of its folder, if given.
        out: The folder of that folder.
        at_once: How many runs are under way at once, if given.
        vcpus: What jobs share, if given.
    """

    name: str | None
    out: Path
    at_once: int | None
    vcpus: int | None


@click.command()
@run_options.configuration
@click.option("--seeds", metavar="LIST", help="Seeds such as 1-20 or 1,5,7-9: a run of each configuration with each.")
@click.option(
    "--set", "settings", metavar="FIELD=VALUES", multiple=True,
    help="Vary a field, such as population=32,64 or stop.max_epochs=5,10; with several, every combination.",
)  # fmt: skip
@click.option("--name", help="The name of its folder.  [default: made from what it varies]")
@click.option(
    "--out", type=click.Path(path_type=Path, file_okay=False), default=DEFAULT_SWEEPS, show_default=True,
    help="The folder that holds the sweeps.",
)  # fmt: skip
@click.option(
    "--resume", "resumed", metavar="NAME", shell_complete=complete_sweeps,
    help="Go on with the sweep of this name in --out.",
)  # fmt: skip
@click.option("--at-once", type=click.IntRange(1), help="Runs under way at once.  [default: what fills the vCPUs]")
@click.option("--vcpus", type=click.IntRange(1, 1024), help="vCPUs that jobs share.  [default: all of this machine's]")
@click.option("--dry-run", is_flag=True, help="Say what it would take, and start nothing.")
@click.option(
    "--stack", metavar="NAME", envvar="WORSTSORT_STACK",
    help="Run on a deployed stack (or $WORSTSORT_STACK).  [default: this machine]",
)  # fmt: skip
@options.as_json
def sweep(
    input_file: BinaryIO | None,
    seeds: str | None,
    settings: tuple[str, ...],
    resumed: str | None,
    stack: str | None,
    *,
    dry_run: bool,
    as_json: bool,
    **others: Any,
) -> None:
    """Run several configurations with several seeds.

    All runs are checked before any begins. On this machine they share one embedded cloud; with --stack they are
    executions. However a sweep ends, the same command goes on where it was, to the same results. `worstsort compare`
    says what they show.

    \b
    Examples:
      worstsort sweep --seeds 1-20 --set population=32,64 --size 50
      worstsort sweep --seeds 1-20 --set preset=classic,blackbox,strong --dry-run
      worstsort sweep --seeds 1-10 --set target=go1.19,go1.24 --stack prod --at-once 4
    """  # noqa: D301 - see main
    extras.require("embedded")
    console = output.console(stderr=as_json)
    own = _Own(**{name: others.pop(name) for name in _Own._fields})
    for option, given_name in (("--name", own.name), ("--resume", resumed)):
        if given_name is not None:
            check_run_id(given_name, option)
    begun, planned = _planned(input_file, seeds, settings, resumed, own.out, others)
    stack = begun.stack if begun else stack
    deployment, given = _stack(stack) if stack else (None, STACK_DEFAULTS)
    for run in planned:
        run_input.check_memory(run.config, given.memory_mib)
        if deployment:
            check_target(deployment, run.config)
    vcpus = own.vcpus or os.cpu_count() or 1
    if dry_run or deployment:
        _say_estimate(
            estimate_sweep(grid.configurations(planned), given),
            planned,
            vcpus,
            stack,
            console,
            as_json=as_json and dry_run,
        )
    if dry_run:
        return
    # What works in folders needs flock, which not every system has.
    from worstsort_cli.files.sweep_folder import manifest  # noqa: PLC0415

    begun = begun or manifest.begin(own.out / (own.name or manifest.name_of(planned)), planned, stack)
    with ended_in_order(), begun.owned(), _telling_how_to_continue(begun, own.out):
        waiting = [run for run in begun.runs if not begun.is_done(run)]
        done = len(begun.runs) - len(waiting)
        print_line(f"sweep {begun.name}: {counted(len(begun.runs), 'run')}, {done} of them done", console)
        if waiting:
            with SweepProgress(console, len(begun.runs), done) as shown:
                at_once = own.at_once or _at_once(waiting, given, vcpus, stack)
                _carry_out(begun, waiting, deployment, vcpus, at_once, shown)
    _show(begun, console, as_json=as_json)


def _planned(
    input_file: BinaryIO | None,
    seeds: str | None,
    settings: tuple[str, ...],
    resumed: str | None,
    out: Path,
    fields: dict[str, Any],
) -> tuple[Sweep | None, Sequence[PlannedRun]]:
    """Return the sweep that is to go on, if it is named, and the runs that are left of it, or that are asked for."""
    # Variables, which are set for many runs, are no contradiction.
    typed = {name: value for name, value in fields.items() if run_options.is_typed(name)}
    seed = fields.pop("seed")
    if resumed is not None:
        from worstsort_cli.files.sweep_folder import manifest  # noqa: PLC0415 - see above

        asked = typed | {name: value for name, value in (("input", input_file), ("seeds", seeds)) if value is not None}
        asked |= {"set": settings} if settings else {}
        if asked:
            allowed = "nothing: --resume takes what the sweep began with"
            raise InputRefused([Problem(f"--{name}", asked[name], allowed) for name in asked])
        begun = manifest.read(out / resumed)
        return begun, [run for run in begun.runs if not begun.is_done(run)]
    if "seed" in typed:
        raise InputRefused([Problem("--seed", seed, "nothing: a sweep has --seeds")])
    if seeds is None:
        raise InputRefused([Problem("--seeds", NOTHING, "seeds such as 1-20")])
    chosen = grid.settings_of(settings)
    return None, grid.plan(run_input.merged(input_file, fields), grid.seeds_of(seeds), chosen)


def _stack(name: str) -> tuple[Deployment, Capacity]:
    from worstsort_cli.clouds.deployment import connect  # noqa: PLC0415 - see above

    deployment = connect(name)
    given = capacity(deployment)
    if given.problem:
        raise CommandFailed(given.problem)
    return deployment, given


def _at_once(runs: Sequence[PlannedRun], given: Capacity, vcpus: int, stack: str | None) -> int:
    """Return how many runs fill what their islands can have, one vCPU or job each."""
    islands = max(run.config.islands for run in runs)
    return max(1, (given.jobs_at_once if stack else vcpus) // islands)


def _carry_out(
    begun: Sweep,
    waiting: Sequence[PlannedRun],
    deployment: Deployment | None,
    vcpus: int,
    at_once: int,
    shown: SweepProgress,
) -> None:
    from worstsort_cli.clouds.sweep_places import Here, OnStack  # noqa: PLC0415 - see above
    from worstsort_cli.clouds.sweeping import carry_out  # noqa: PLC0415 - see above

    if deployment:
        carry_out(OnStack(begun, deployment), waiting, at_once, shown)
        return
    shown.preparing("starting the cloud on this machine")
    expected = [run.config for run in waiting]
    with Here.opened(begun, vcpus, expected, shown.console, shown.preparing) as place:
        carry_out(place, waiting, at_once, shown)


def _say_estimate(
    found: SweepEstimate, runs: Sequence[PlannedRun], vcpus: int, stack: str | None, console: Console, *, as_json: bool
) -> None:
    if as_json:
        print_json(found.as_json() | {"run_ids": [run.run_id for run in runs]})
        return
    configurations = grid.configurations(runs)
    here = f"on this machine, {counted(vcpus, 'vCPU')}"
    lines = [
        f"runs          {found.runs:>14,}  ({counted(len(configurations), 'configuration')})",
        f"evaluations   {found.evaluations:>14,.0f}  (at most; limits other than those on epochs may end runs earlier)",
        f"evolution     {duration(found.cpu_seconds / vcpus):>14}  ({duration(found.cpu_seconds)} of CPU time {here})",
    ]
    if stack:
        lines.append(f"cost          {f'${found.dollars:,.2f}':>14}  (${found.at_worst_dollars:,.2f} at worst, on AWS)")
    for line in lines:
        print_line(line, console)


@contextmanager
def _telling_how_to_continue(begun: Sweep, out: Path) -> Iterator[None]:
    """Whatever ends a sweep early, say how it goes on."""
    try:
        yield
    except BaseException as error:
        how = shlex.join(["worstsort", "sweep", "--resume", begun.name, "--out", str(out)])
        running = "; its executions go on, and are followed again" if begun.stack else ""
        note = f"go on with: {how}{running}"
        error.add_note(note) if isinstance(error, Exception) else output.print_error(note)
        raise


def _show(begun: Sweep, console: Console, *, as_json: bool) -> None:
    if as_json:
        runs = [{"run_id": run.run_id, "configuration": run.configuration} for run in begun.runs]
        print_json({"sweep": begun.name, "files": str(begun.path), "runs": runs})
        return
    print_line(f"files: {begun.path}/", console)
    print_line(f"compare them: worstsort compare {shlex.quote(str(begun.path))}", console)
