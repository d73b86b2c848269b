"""What AWS charges for the services that a run uses: a small table, with its region and date."""

from __future__ import annotations

import operator
from dataclasses import astuple, dataclass

REGION, AS_OF = "us-east-1", "2026-11"
"""Region of all prices here, and the month in which they were looked up: list prices in dollars. docs/deployment.md
says where each was found, and which were not."""

VCPU_HOUR = {"ON_DEMAND": 0.03625, "SPOT": 0.0145, "FARGATE": 0.0395, "FARGATE_SPOT": 0.0158}
"""ON_DEMAND: one vCPU of a c7g. FARGATE: one Graviton vCPU with 2 GB. Spot: 40 percent of either, a typical share."""

WITHOUT_SPOT = {"SPOT": "ON_DEMAND", "FARGATE_SPOT": "FARGATE"}
"""What each kind of Spot capacity costs at worst. "You always pay the lowest (market) price and never more than your
maximum percentage. If you leave this field empty, the default value is 100% of the On-Demand price." (Batch API
Reference, ComputeResource, bidPercentage)"""

INSTANCE_EXTRAS_HOUR, FARGATE_EXTRAS_HOUR = 0.0083, 0.005
"""What each instance adds, a public IPv4 address and 30 GB of gp3 storage; and each task of Fargate, the address."""

STATE_TRANSITION = 0.025 / 1000
LAMBDA_GB_SECOND, LAMBDA_REQUEST = 0.0000133334, 0.20 / 1e6
DYNAMODB_WRITE_UNIT, DYNAMODB_READ_UNIT = 0.625 / 1e6, 0.125 / 1e6
S3_PUT, S3_GET, S3_GB_MONTH = 0.005 / 1000, 0.0004 / 1000, 0.023
LOG_GB = 0.50

_SAVED_MONTHS = 2 / 30
"""How long a save is charged for, at most: it expires a day after it is replaced, "rounding the resulting time to the
next day midnight UTC" (Amazon S3 User Guide, Lifecycle configuration elements)."""


@dataclass(frozen=True)
class Usage:
    """What a run, or a part of one, uses of each service.

    Attributes:
        vcpu_seconds: vCPUs of the kind that the deployment asks for, whether jobs use them or not.
        on_demand_vcpu_seconds: vCPUs beside Spot, of the kind that is not interrupted.
        machine_seconds: Instances, or tasks of Fargate.
        transitions: States that the state machine enters.
        lambda_requests: Invocations of functions.
        lambda_gb_seconds: Their duration times their memory.
        writes: Write units of DynamoDB.
        reads: Read units of DynamoDB, consistent.
        puts: Requests to S3 that write or list.
        gets: Requests to S3 that read.
        stored_gb: What stays in S3, charged for one month.
        saved_gb: What islands save within epochs, and what expires in days.
        logged_gb: What is written to CloudWatch Logs.
    """

    vcpu_seconds: float = 0
    on_demand_vcpu_seconds: float = 0
    machine_seconds: float = 0
    transitions: float = 0
    lambda_requests: float = 0
    lambda_gb_seconds: float = 0
    writes: float = 0
    reads: float = 0
    puts: float = 0
    gets: float = 0
    stored_gb: float = 0
    saved_gb: float = 0
    logged_gb: float = 0

    def __add__(self, other: Usage) -> Usage:
        """Return what both use together."""
        return Usage(*map(operator.add, astuple(self), astuple(other)))

    def __rmul__(self, times: float) -> Usage:
        """Return what this uses if it is done so many times."""
        return Usage(*(times * amount for amount in astuple(self)))


def most_dollars_per_hour(vcpus: int, machine_vcpus: int, purchase: str) -> float:
    """Return what an hour of vCPUs costs at worst, on machines of that size: at the price without Spot."""
    return vcpus * (VCPU_HOUR[WITHOUT_SPOT.get(purchase, purchase)] + _extras_hour(purchase) / machine_vcpus)


def cost(usage: Usage, purchase: str) -> dict[str, float]:
    """Return dollars by service.

    Args:
        usage: What is used.
        purchase: How vCPUs are bought, a key of VCPU_HOUR.
    """
    seconds_dollars = (
        usage.vcpu_seconds * VCPU_HOUR[purchase]
        + usage.on_demand_vcpu_seconds * VCPU_HOUR[WITHOUT_SPOT.get(purchase, purchase)]
        + usage.machine_seconds * _extras_hour(purchase)
    )
    gb_months = usage.stored_gb + usage.saved_gb * _SAVED_MONTHS
    return {
        f"Batch on {'Fargate' if _is_fargate(purchase) else 'EC2'}": seconds_dollars / 3600,
        "Step Functions": usage.transitions * STATE_TRANSITION,
        "Lambda": usage.lambda_requests * LAMBDA_REQUEST + usage.lambda_gb_seconds * LAMBDA_GB_SECOND,
        "DynamoDB": usage.writes * DYNAMODB_WRITE_UNIT + usage.reads * DYNAMODB_READ_UNIT,
        "S3": usage.puts * S3_PUT + usage.gets * S3_GET + gb_months * S3_GB_MONTH,
        "CloudWatch Logs": usage.logged_gb * LOG_GB,
    }


def _is_fargate(purchase: str) -> bool:
    return purchase.startswith("FARGATE")


def _extras_hour(purchase: str) -> float:
    return FARGATE_EXTRAS_HOUR if _is_fargate(purchase) else INSTANCE_EXTRAS_HOUR
