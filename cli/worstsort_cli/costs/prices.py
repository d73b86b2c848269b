"""What AWS charges, as far as a run is concerned: a small table, with its region and date."""

from __future__ import annotations

from dataclasses import dataclass

REGION, AS_OF = "us-east-1", "2026-11"

# List prices in dollars, from the pricing pages of the services named; Spot prices move, this one is a usual share.
VCPU_HOUR = {"ON_DEMAND": 0.03625, "SPOT": 0.0145, "FARGATE": 0.0395}
"""ON_DEMAND: c7g, a vCPU; SPOT: 40 percent of it; FARGATE: a Graviton vCPU with 2 GB."""

INSTANCE_EXTRAS_VCPU_HOUR = 0.0042
"""A public IPv4 address and 30 GB of gp3 an instance of 2 vCPUs, a vCPU."""

TRANSITION = 0.025 / 1000
LAMBDA_GB_SECOND, LAMBDA_REQUEST = 0.0000133334, 0.20 / 1e6
WRITE_UNIT, READ_UNIT = 0.625 / 1e6, 0.125 / 1e6
S3_PUT, S3_GET, S3_GB_MONTH = 0.005 / 1000, 0.0004 / 1000, 0.023
LOG_GB = 0.50


@dataclass(frozen=True)
class Usage:
    """What a run, or a part of one, takes of each service."""

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


def cost(usage: Usage, capacity: str) -> dict[str, float]:
    """Dollars by service, where vCPUs are bought as `capacity`, a key of VCPU_HOUR. Storage is for one month."""
    vcpu_hour = VCPU_HOUR[capacity] + INSTANCE_EXTRAS_VCPU_HOUR
    return {
        "Batch on EC2": usage.vcpu_seconds / 3600 * vcpu_hour,
        "Step Functions": usage.transitions * TRANSITION,
        "Lambda": usage.lambda_requests * LAMBDA_REQUEST + usage.lambda_gb_seconds * LAMBDA_GB_SECOND,
        "DynamoDB": usage.writes * WRITE_UNIT + usage.reads * READ_UNIT,
        "S3": usage.puts * S3_PUT + usage.gets * S3_GET + usage.stored_gb * S3_GB_MONTH,
        "CloudWatch Logs": usage.logged_gb * LOG_GB,
    }
