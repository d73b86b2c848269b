"""`worstsort estimate`: what a run would cost, and how long it would take."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import click

from worstsort.runs.wording import counted
from worstsort_cli import options, run_options
from worstsort_cli.clouds.deployment import connect
from worstsort_cli.clouds.status import capacity
from worstsort_cli.costs.capacity import STACK_DEFAULTS, Fleet
from worstsort_cli.costs.estimate import Estimate
from worstsort_cli.costs.estimate import estimate as project
from worstsort_cli.costs.prices import AS_OF, REGION, WITHOUT_SPOT
from worstsort_cli.costs.resource_usage import measure
from worstsort_cli.errors import CommandFailed
from worstsort_cli.files import run_input
from worstsort_cli.output import print_json, print_line
from worstsort_cli.show.snapshot import duration

if TYPE_CHECKING:
    from typing import BinaryIO

_NAMES = {"SPOT": "Spot", "ON_DEMAND": "On-Demand", "FARGATE": "Fargate", "FARGATE_SPOT": "Fargate Spot"}
"""What people call each kind of capacity."""

_CHOSEN = ("job_vcpus", "job_mib", "max_vcpus", "on_demand_vcpus", "purchase")
"""Options that replace what a stack gives its jobs; the others are the run's."""


@click.command()
@run_options.configuration
@click.option("--job-vcpus", type=click.IntRange(1, 64), help="vCPUs per job.  [default: 1, or the stack's]")
@click.option("--job-memory", "job_mib", type=click.IntRange(512), help="MiB per job.  [default: 1536, or the stack's]")
@click.option("--max-vcpus", type=click.IntRange(1), help="vCPUs of all jobs together.  [default: 32, or the stack's]")
@click.option(
    "--on-demand-vcpus",
    type=click.IntRange(0),
    help="vCPUs of On-Demand beside those of Spot.  [default: 8, or the stack's]",
)
@click.option("--on-demand", "purchase", flag_value="ON_DEMAND", help="Price On-Demand instances instead of Spot.")
@options.stack
@options.as_json
def estimate(input_file: BinaryIO | None, stack: str | None, *, as_json: bool, **fields: Any) -> None:
    """Estimate a run's cost and duration.

    The pace of one island is measured on this machine for about a second; what AWS charges for is counted from the
    state machine, with a table of prices. Jobs are placed on instances as Batch does, by vCPUs and by the memory that
    instances have for them; an idle vCPU is paid for, too, and each is priced as one of a c7g. Only the limits on
    epochs, evaluations and seconds are considered, so the run may end earlier than estimated.

    \b
    Examples:
      worstsort estimate --size 1000 --islands 32 --max-epochs 500
      worstsort estimate --input examples/long-spot.json --stack prod
    """  # noqa: D301 - see main
    chosen = {name: fields.pop(name) for name in _CHOSEN}
    config = run_input.read(input_file, fields)
    given = capacity(connect(stack)) if stack else STACK_DEFAULTS
    given = replace(given, **{name: value for name, value in chosen.items() if value is not None})
    if given.problem:
        raise CommandFailed(given.problem)
    run_input.check_memory(config, given.memory_mib)
    found = project(config, measure(config), given)
    if as_json:
        print_json(found.as_json() | {"config": config.model_dump(mode="json")})
    else:
        for line in _lines(found):
            print_line(line)


def _lines(found: Estimate) -> list[str]:
    given = found.capacity
    jobs = f"{counted(found.jobs_at_once, 'job')} at once, {counted(given.job_vcpus, 'vCPU')} per job"
    worst = f"{sum(given.most_vcpus):,} vCPUs, as Batch may exceed each maximum by one instance"
    return [
        f"epochs        {found.epochs:>14,}  (limited by {found.ended_by})",
        f"evaluations   {found.evaluations:>14,.0f}  ({found.evaluations_per_second:,.0f} per second of evolution)",
        f"time          {duration(found.seconds):>14}  ({duration(found.evolving_seconds)} of it evolution; {jobs})",
        f"machines      {_machines(found.fleets, given.purchase)}",
        *(f"{service:<16}{f'${dollars:,.4f}':>12}" for service, dollars in found.dollars.items()),
        f"{'total':<16}{f'${found.total:,.4f}':>12}  ({_NAMES[given.purchase]}; {REGION}, prices of {AS_OF})",
        f"{'at worst':<16}{f'${found.at_worst_dollars:,.4f}':>12}  (at the price without Spot)",
        f"{'most per hour':<16}{f'${found.most_dollars_per_hour:,.4f}':>12}  ({worst})",
    ]


def _machines(fleets: tuple[Fleet, Fleet], purchase: str) -> str:
    """Return what the jobs run on, and how many vCPUs of it."""
    kinds = (_NAMES[purchase], _NAMES[WITHOUT_SPOT.get(purchase, purchase)])
    return ", ".join(
        f"{fleet.machines} x {fleet.machine}, {kind}: {counted(fleet.vcpus, 'vCPU')} for {counted(fleet.jobs, 'job')}"
        for fleet, kind in zip(fleets, kinds, strict=True)
        if fleet.jobs
    )
