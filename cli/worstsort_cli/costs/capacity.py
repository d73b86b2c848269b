"""What a deployment gives the jobs of a run, and the machines that it takes for them."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

from worstsort.runs.limits import DEFAULT_JOB_MIB
from worstsort_cli.costs.instances import DEFAULT_TYPES, DEFAULT_X86_TYPES, Instance, instances, smallest
from worstsort_cli.errors import CommandFailed

if TYPE_CHECKING:
    from collections.abc import Mapping

_FARGATE_MIB_PER_VCPU = 2_048
"""What a job on Fargate is given, the least that Fargate offers for its vCPUs."""

_UNKNOWN = "another type"
"""Stands for instances whose size is not known here: Batch then starts one that has room for just one job."""


@dataclass(frozen=True)
class Fleet:
    """Machines of one kind that run jobs at the same time.

    Attributes:
        machines: Their number: instances, or tasks of Fargate.
        machine: What they are.
        vcpus: What is paid for of them together.
        jobs: What runs on them at the same time.
    """

    machines: int
    machine: str
    vcpus: int
    jobs: int


@dataclass(frozen=True)
class Capacity:
    """What a deployment gives its jobs.

    Attributes:
        purchase: How vCPUs are bought, a key of prices.VCPU_HOUR; the stack calls it Capacity.
        job_vcpus: vCPUs of one job.
        max_vcpus: vCPUs of all jobs together, of the kind that `purchase` names.
        on_demand_vcpus: vCPUs of the kind without interruptions beside either Spot, for jobs that find no room there.
        job_mib: Memory of one job on instances.
        instance_types: Types and families that Batch may choose from.
        save_seconds: Seconds between saves of an island.
    """

    purchase: str = "SPOT"
    job_vcpus: int = 1
    max_vcpus: int = 32
    on_demand_vcpus: int = 0
    job_mib: int = DEFAULT_JOB_MIB
    instance_types: tuple[str, ...] = DEFAULT_TYPES
    save_seconds: float = 300.0

    @classmethod
    def of_stack(cls, parameters: Mapping[str, str]) -> Self:
        """Return what a stack's parameters say; what they do not say is as in a stack that was given none.

        Raises:
            CommandFailed: A number of them is none that Batch takes.
        """
        default = cls()
        x86 = parameters.get("Architecture") == "X86_64"
        types = parameters.get("X86InstanceTypes" if x86 else "InstanceTypes")
        usual_types = DEFAULT_X86_TYPES if x86 else DEFAULT_TYPES
        return cls(
            purchase=parameters.get("Capacity", default.purchase),
            job_vcpus=_whole(parameters, "JobvCpus", default.job_vcpus),
            max_vcpus=_whole(parameters, "MaxvCpus", default.max_vcpus),
            on_demand_vcpus=_whole(parameters, "OnDemandMaxvCpus", 8),
            job_mib=_whole(parameters, "JobMemory", default.job_mib),
            instance_types=tuple(name.strip() for name in types.split(",")) if types else usual_types,
            save_seconds=_seconds(parameters, "SaveSeconds", default.save_seconds),
        )

    @property
    def is_fargate(self) -> bool:
        """Whether jobs run without instances."""
        return self.purchase.startswith("FARGATE")

    @property
    def memory_mib(self) -> int:
        """The memory of one job, wherever it runs."""
        return _FARGATE_MIB_PER_VCPU * self.job_vcpus if self.is_fargate else self.job_mib

    @property
    def jobs_at_once(self) -> int:
        """Jobs that run at the same time, if there are enough."""
        return sum(fleet.jobs for fleet in (self._hold(self.max_vcpus, None), self._beside(None)))

    def fleets(self, jobs: int) -> tuple[Fleet, Fleet]:
        """Return the machines for a number of jobs: those of the kind that is asked for, and On-Demand beside Spot."""
        chosen = self._hold(self.max_vcpus, jobs)
        return chosen, self._beside(jobs - chosen.jobs)

    @property
    def problem(self) -> str | None:
        """Why no job can ever start, in plain words; None if jobs can."""
        all_known = all(instances([name]) for name in self.instance_types)
        if self.is_fargate or not all_known or smallest(self.instance_types, self.job_vcpus, self.job_mib):
            return None
        types = ", ".join(self.instance_types)
        return f"no instance of {types} holds a job of {self.job_vcpus} vCPUs and {self.job_mib:,} MiB"

    @property
    def machine_vcpus(self) -> int:
        """The vCPUs of one instance, or task of Fargate."""
        return self.job_vcpus if self.is_fargate else self._instance.vcpus

    @property
    def most_vcpus(self) -> tuple[int, int]:
        """The most vCPUs that can be paid for at once, chosen and On-Demand: Batch may exceed each by one instance."""
        beside = self.on_demand_vcpus if self._has_share else 0
        if self.is_fargate:
            return self.max_vcpus, beside
        largest = max((found.vcpus for found in instances(self.instance_types)), default=self._instance.vcpus)
        return self.max_vcpus + largest, beside + largest if beside else 0

    @property
    def _has_share(self) -> bool:
        """Whether On-Demand beside Spot can hold a job: Batch starts none that is wider than its environment."""
        return self.purchase in {"SPOT", "FARGATE_SPOT"} and self.on_demand_vcpus >= self.job_vcpus

    @property
    def _instance(self) -> Instance:
        found = smallest(self.instance_types, self.job_vcpus, self.job_mib)
        return found or Instance(_UNKNOWN, self.job_vcpus, 2 * self.job_mib + 64)

    def _beside(self, jobs: int | None) -> Fleet:
        if not self._has_share or jobs == 0:
            return Fleet(0, "", 0, 0)
        return self._hold(self.on_demand_vcpus, jobs)

    def _hold(self, max_vcpus: int, jobs: int | None) -> Fleet:
        """Return the machines that hold a number of jobs, or as many as there is room for."""
        if self.is_fargate:
            most = max(1, max_vcpus // self.job_vcpus)
            held = most if jobs is None else min(jobs, most)
            return Fleet(held, "Fargate", held * self.job_vcpus, held)
        instance = self._instance
        each, most_machines = instance.jobs(self.job_vcpus, self.job_mib), max(1, max_vcpus // instance.vcpus)
        held = each * most_machines if jobs is None else min(jobs, each * most_machines)
        machines = math.ceil(held / each)
        return Fleet(machines, instance.name, machines * instance.vcpus, held)


def _whole(parameters: Mapping[str, str], name: str, default: int) -> int:
    given = parameters.get(name, str(default))
    if not re.fullmatch("[0-9]+", given):
        raise CommandFailed(_refusal(name, given, "a whole number in plain digits"))
    return int(given)


def _seconds(parameters: Mapping[str, str], name: str, default: float) -> float:
    given = parameters.get(name, str(default))
    if not re.fullmatch("[0-9]+([.][0-9]+)?", given):
        raise CommandFailed(_refusal(name, given, "a number in plain digits"))
    return float(given)


def _refusal(name: str, given: str, allowed: str) -> str:
    return f"the stack's parameter {name} is {given!r}, but it must be {allowed}; deploy with {name}=..."


STACK_DEFAULTS = Capacity.of_stack({})
"""What a stack gives its jobs that was deployed without parameters."""
