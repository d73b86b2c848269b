"""List the limits of AWS that the system is held to: `make limits` writes docs/aws-limits.md."""

from __future__ import annotations

import json
import os
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from worstsort_embedded import EmbeddedCloud, template
from worstsort_embedded.strict.machine import LONGEST_HISTORY
from worstsort_embedded.strict.rules import RULES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from worstsort_embedded.strict.limit import Limit

    Row = tuple[str, Limit]

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "aws-limits.md"
LONGEST_CELL = 160
RUN = {"preset": "classic", "size": 30, "population": 40, "islands": 2, "generations_per_epoch": 3}

INTRODUCTION = """# AWS limits

What the template, the state machine and the code give to AWS is held to the limits and forms that AWS documents. Most
are read by machine from botocore's service descriptions: from their constraints (`max`, `min`, `pattern`, `enum`), and
from their sentences, such as "Array of up to 5 objects". `make limits` writes this page, and tests hold it to what is
checked:

- the transformed template, with every kind of capacity: each list, map, string and number, before the embedded cloud
  deploys it and in `tests/unit/template/test_limits.py`, which prints the number of checks;
- the state machine: its tasks' parameters as calls of their services, and the limits of the states language;
- every signed request that reaches the embedded cloud, in all tests, in `worstsort run` and in `worstsort up`. What
  breaks a limit gets the error that the service gives, before anything is done.

The guides are cited by the names of their files in the repositories of github.com/awsdocs, where they stood until 2023.
The longest name of a stack that all of it bears has 100 characters.
"""


def main() -> None:
    """Write the page."""
    PAGE.write_text(page(of_template(), of_run()), encoding="utf-8")


def of_template() -> set[Row]:
    """Return the limits that the template and the state machine are held to, with any kind of capacity."""
    os.environ.setdefault("AWS_DEFAULT_REGION", "us-east-1")
    source, definitions = template.load(ROOT / "template.yaml")
    found: set[Row] = set()
    for capacity in source["Parameters"]["Capacity"]["AllowedValues"]:
        for environment in source["Parameters"]["Environment"]["AllowedValues"]:
            given = {"Capacity": capacity, "Environment": environment, "NotificationAddress": "somebody@example.com"}
            result, machines = template.transformed(source, definitions, {})
            checks = template.deployment(result, machines, given).checks()
            found |= {(each.field, each.limit) for each in checks if each.limit is not None}
    return found


def of_run() -> set[Row]:
    """Return the limits that the requests of some runs are held to, and print how many checks were made."""
    with EmbeddedCloud(ROOT, parameters={"SaveSeconds": "1"}) as cloud:
        drive(cloud)
        print(f"{cloud.gate.checks.total():,} checks at the wire: {dict(cloud.gate.checks)}")
        return set(cloud.gate.limits)


def drive(cloud: EmbeddedCloud) -> None:
    """Make a run in two executions, one that saves, one that is aborted and resumed, and one that is refused."""
    long = RUN | {"generations_per_epoch": 1500, "stall_generations": 0, "stop": {"max_epochs": 1}}
    parted = RUN | {"stop": {"max_epochs": 2}, "epochs_per_execution": 1}
    execute(cloud, "limits-parted", parted)
    until_ended(cloud, "limits-parted-2")
    execute(cloud, "limits-stopped", long, stop_after_seconds=3)
    execute(cloud, "limits-resumed", {"resume": "limits-stopped"})
    execute(cloud, "limits-refused", {"size": 0})


def execute(cloud: EmbeddedCloud, name: str, given: dict[str, Any], stop_after_seconds: float | None = None) -> None:
    """Start an execution and wait for its end, which may be brought about."""
    states, machine = cloud.client("stepfunctions"), cloud.outputs["StateMachineArn"]
    arn = states.start_execution(stateMachineArn=machine, name=name, input=json.dumps(given))["executionArn"]
    if stop_after_seconds is not None:
        time.sleep(stop_after_seconds)
        states.stop_execution(executionArn=arn)
        time.sleep(2)  # until the run's record is closed, as resuming requires
    until_ended(cloud, name)


def until_ended(cloud: EmbeddedCloud, name: str) -> None:
    """Wait for the end of an execution."""
    arn = f"{cloud.outputs['StateMachineArn'].replace(':stateMachine:', ':execution:')}:{name}"
    while cloud.client("stepfunctions").describe_execution(executionArn=arn)["status"] == "RUNNING":
        time.sleep(0.2)


def page(planned: set[Row], requested: set[Row]) -> str:
    """Return the page."""
    parts = [
        INTRODUCTION,
        "## Of the template and the state machine\n",
        *table(planned),
        "",
        "## Of requests that the code makes\n",
        *table(requested - planned),
        "",
        "## Rules that no field's limit holds\n",
        "| rule | operations | AWS's words | where |",
        "| --- | --- | --- | --- |",
        *(f"| {rule.name} | {', '.join(rule.operations)} | {_cell(rule.sentence)} | {rule.source} |" for rule in RULES),
        f"| a history is short | stepfunctions | {LONGEST_HISTORY.sentence} | {LONGEST_HISTORY.source} |",
    ]
    return "\n".join(parts) + "\n"


def table(rows: Iterable[Row]) -> Iterator[str]:
    """Yield the lines of a table of limits."""
    yield "| field | limit | AWS's words |"
    yield "| --- | --- | --- |"
    for field, limit in sorted(rows, key=lambda row: (row[0], row[1].kind, str(row[1].value), row[1].sentence)):
        words = limit.sentence if limit.source == f"botocore: {field}" else f"{limit.sentence} ({limit.source})"
        yield f"| {field} | {_cell(described(limit))} | {_cell(words)} |"


def described(limit: Limit) -> str:
    """Return a limit in a few words."""
    value: Any = limit.value
    if isinstance(value, tuple):
        return f"one of {', '.join(value)}"
    if isinstance(value, str):
        return f"matches {value}"
    return f"{limit.kind} {value:,}"


def _cell(text: str) -> str:
    """Return a text for a cell: in one line, shortened, without markup."""
    line = " ".join(text.split())
    line = line if len(line) <= LONGEST_CELL else line[: LONGEST_CELL - 3] + "..."
    for mark in "\\|`*_<[":
        line = line.replace(mark, f"\\{mark}")
    return line.replace("](", "]\\(")


if __name__ == "__main__":
    main()
