"""EC2 instances by their names: what they have, and how many jobs Batch places on one."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

DEFAULT_TYPES = (
    "c7g.large", "c7g.xlarge", "c7g.2xlarge", "c6g.large", "c6g.xlarge", "c6g.2xlarge",
    "m7g.large", "m7g.xlarge", "m7g.2xlarge",
)  # fmt: skip
"""The default of the stack's parameter InstanceTypes."""

DEFAULT_X86_TYPES = (
    "c7a.large", "c7a.xlarge", "c7a.2xlarge", "c7i.large", "c7i.xlarge", "c7i.2xlarge",
    "c6i.large", "c6i.xlarge", "c6i.2xlarge",
)  # fmt: skip
"""The default of the stack's parameter X86InstanceTypes."""

_NAME = re.compile(r"(?P<family>(?!c5n)[cmr][5-9][a-z]*)(\.(?P<size>medium|large|(?P<times>[0-9]*)xlarge))?")
"""A type such as c7g.2xlarge, or a family such as c7g, of those that follow the rule below; c5n has more memory."""

_MIB_PER_VCPU = {"c": 2_048, "m": 4_096, "r": 8_192}
"""Memory by the first letter: for computing, general and memory-optimised."""

_FAMILY_SIZES = ("medium", "large", "xlarge", "2xlarge", "4xlarge", "8xlarge", "12xlarge", "16xlarge")
"""What Batch may choose from where only a Graviton family is named; others begin with `large`."""

_UNREGISTERED_SHARE = 0.032
"""Share of an instance's memory that its kernel and platform keep, by what instances have registered."""

_AGENT_MIB = 32
"""What Batch's image reserves "for the Amazon ECS container agent and other critical system processes" (AWS Batch User
Guide, Compute resource memory management)."""


@dataclass(frozen=True)
class Instance:
    """A type of instance, with its vCPUs and the memory that it is sold with."""

    name: str
    vcpus: int
    mib: int

    @property
    def registered_mib(self) -> int:
        """The memory that it has for jobs."""
        return int(self.mib * (1 - _UNREGISTERED_SHARE)) - _AGENT_MIB

    def jobs(self, job_vcpus: int, job_mib: int) -> int:
        """Return how many jobs fit on it, by vCPUs and by memory."""
        return min(self.vcpus // job_vcpus, self.registered_mib // job_mib)


def instances(names: Iterable[str]) -> list[Instance]:
    """Return the instances that these types and families stand for, without those whose names tell too little."""
    return [found for name in names for found in _expanded(name.strip())]


def smallest(names: Iterable[str], job_vcpus: int, job_mib: int) -> Instance | None:
    """Return the smallest instance that holds a job, the first one of several; None if no known one does."""
    fitting = [found for found in instances(names) if found.jobs(job_vcpus, job_mib)]
    return min(fitting, key=lambda found: found.vcpus, default=None)


def _expanded(name: str) -> list[Instance]:
    match = _NAME.fullmatch(name)
    if not match:
        return []
    if match["size"] is None:
        graviton = match["family"].rstrip("dn").endswith("g")
        return [each for size in _FAMILY_SIZES[not graviton :] for each in _expanded(f"{name}.{size}")]
    vcpus = {"medium": 1, "large": 2}.get(match["size"]) or 4 * int(match["times"] or 1)
    return [Instance(name, vcpus, vcpus * _MIB_PER_VCPU[name[0]])]
