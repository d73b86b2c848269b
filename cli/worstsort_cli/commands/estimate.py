"""`worstsort estimate`: what a run would cost, and how long it would take."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import click

from worstsort.runs.wording import counted
from worstsort_cli import options, run_options
from worstsort_cli.clouds.deployment import connect
from worstsort_cli.clouds.status import capacity, duration
from worstsort_cli.costs.estimate import Estimate
from worstsort_cli.costs.estimate import estimate as project
from worstsort_cli.costs.prices import AS_OF, REGION
from worstsort_cli.costs.resource_usage import Capacity, measure
from worstsort_cli.files import run_input
from worstsort_cli.output import print_json, print_line

if TYPE_CHECKING:
    from typing import BinaryIO


@click.command()
@run_options.configuration
@click.option("--job-vcpus", type=click.IntRange(1, 64), help="vCPUs per job.  [default: 1, or the stack's]")
@click.option("--max-vcpus", type=click.IntRange(1), help="vCPUs of all jobs together.  [default: 32, or the stack's]")
@click.option("--on-demand", is_flag=True, help="Price On-Demand instances instead of Spot.")
@options.stack
@options.as_json
def estimate(
    input_file: BinaryIO | None, job_vcpus: int | None, max_vcpus: int | None, stack: str | None,
    *, on_demand: bool, as_json: bool, **fields: Any,
) -> None:  # fmt: skip
    """Estimate a run's cost and duration.

    The pace of one island is measured on this machine for about a second; what AWS charges for is counted from the
    state machine, with a table of prices. Only the limits on epochs, evaluations and seconds are considered, so the
    run may end earlier than estimated.

    \b
    Examples:
      worstsort estimate --size 1000 --islands 32 --max-epochs 500
      worstsort estimate --input examples/long-spot.json --stack prod
    """  # noqa: D301 - see main
    config = run_input.read(input_file, fields)
    given = capacity(connect(stack)) if stack else Capacity()
    given = replace(given, job_vcpus=job_vcpus or given.job_vcpus, max_vcpus=max_vcpus or given.max_vcpus,
                    purchase="ON_DEMAND" if on_demand else given.purchase)  # fmt: skip
    found = project(config, measure(config), given)
    if as_json:
        print_json(found.as_json() | {"config": config.model_dump(mode="json")})
    else:
        for line in _lines(found):
            print_line(line)


def _lines(found: Estimate) -> list[str]:
    bought = "Spot" if found.capacity.purchase == "SPOT" else "On-Demand"
    jobs = f"{counted(found.jobs_at_once, 'job')} at once, {counted(found.capacity.job_vcpus, 'vCPU')} per job"
    return [
        f"epochs        {found.epochs:>14,}  (limited by {found.ended_by})",
        f"evaluations   {found.evaluations:>14,.0f}  ({found.evaluations_per_second:,.0f} per second of evolution)",
        f"time          {duration(found.seconds):>14}  ({duration(found.evolving_seconds)} of it evolution; {jobs})",
        *(f"{service:<16}{f'${dollars:,.4f}':>12}" for service, dollars in found.dollars.items()),
        f"{'total':<16}{f'${found.total:,.4f}':>12}  ({bought}; {REGION}, prices of {AS_OF}; storage for one month)",
    ]
