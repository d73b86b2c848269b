"""What AWS charges for the services that a run uses: a small table, with its region and date."""

from __future__ import annotations

from dataclasses import dataclass

REGION, AS_OF = "us-east-1", "2026-11"
"""Region and month of all prices here: list prices in dollars, from the services' pricing pages."""

VCPU_HOUR = {"ON_DEMAND": 0.03625, "SPOT": 0.0145, "FARGATE": 0.0395}
"""ON_DEMAND: one vCPU of a c7g. SPOT: 40 percent of it, a typical share. FARGATE: one Graviton vCPU with 2 GB."""

INSTANCE_EXTRAS_VCPU_HOUR = 0.0042
"""What an instance of 2 vCPUs adds per vCPU: a public IPv4 address and 30 GB of gp3 storage."""

STATE_TRANSITION = 0.025 / 1000
LAMBDA_GB_SECOND, LAMBDA_REQUEST = 0.0000133334, 0.20 / 1e6
DYNAMODB_WRITE_UNIT, DYNAMODB_READ_UNIT = 0.625 / 1e6, 0.125 / 1e6
S3_PUT, S3_GET, S3_GB_MONTH = 0.005 / 1000, 0.0004 / 1000, 0.023
LOG_GB = 0.50


@dataclass(frozen=True)
class Usage:
    """What a run, or a part of one, uses of each service."""

    vcpu_seconds: float
    transitions: float
    lambda_requests: float
    lambda_gb_seconds: float
    writes: float
    reads: float
    puts: float
    gets: float
    stored_gb: float
    logged_gb: float


def cost(usage: Usage, purchase: str) -> dict[str, float]:
    """Return dollars by service.

    Args:
        usage: What is used; storage is charged for one month.
        purchase: How vCPUs are bought, a key of VCPU_HOUR.
    """
    vcpu_hour = VCPU_HOUR[purchase] + INSTANCE_EXTRAS_VCPU_HOUR
    return {
        "Batch on EC2": usage.vcpu_seconds / 3600 * vcpu_hour,
        "Step Functions": usage.transitions * STATE_TRANSITION,
        "Lambda": usage.lambda_requests * LAMBDA_REQUEST + usage.lambda_gb_seconds * LAMBDA_GB_SECOND,
        "DynamoDB": usage.writes * DYNAMODB_WRITE_UNIT + usage.reads * DYNAMODB_READ_UNIT,
        "S3": usage.puts * S3_PUT + usage.gets * S3_GET + usage.stored_gb * S3_GB_MONTH,
        "CloudWatch Logs": usage.logged_gb * LOG_GB,
    }
