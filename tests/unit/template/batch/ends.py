"""What AWS Batch reports for each way in which an attempt of a job can end, and whether another attempt helps."""

from __future__ import annotations

from dataclasses import dataclass

EXITED = "Essential container in task exited"
"""The status reason of every attempt whose program ended by itself or by a signal."""


@dataclass(frozen=True)
class End:
    """How an attempt ended.

    Attributes:
        what: What happened.
        retried: Whether Batch is to start another attempt.
        source: Where it stands that Batch reports this.
        exit_code: The container's exit code, None if there is none.
        reason: The container's reason, None if there is none.
        status_reason: The attempt's status reason.
        variants: The keys of system.VARIANTS in which it can happen.
    """

    what: str
    retried: bool
    source: str
    exit_code: int | None = None
    reason: str | None = None
    status_reason: str = EXITED
    variants: tuple[str, ...] = ("spot", "on demand", "fargate", "fargate spot")


INSTANCES = ("spot", "on demand")
FARGATE_SPOT = ("fargate spot",)
FARGATE = ("fargate", *FARGATE_SPOT)
SIGNALS = "Docker: the exit code after signal n is 128 + n"
WORKER = "batch_worker/evolve_island.py"
AGENT = "amazon-ecs-agent, agent/engine/errors.go"
RETRIES = 'AWS Batch User Guide, "Automated job retries"'
FARGATE_PROVIDERS = 'Amazon ECS Developer Guide, "AWS Fargate capacity providers"'
BEST_PRACTICES = 'AWS Batch User Guide, "Best practices for AWS Batch"'

PULL_ON_FARGATE = (
    "nextflow-io/nextflow#5681, a job in Batch on Fargate: CannotPullContainerError without the words Task failed to "
    "start, which #5099 has before it on instances; AWS's own documents name no status reason"
)
"""Fargate has pulled an image several times before it reports that."""

ENDS = [
    End("the worker was interrupted and has saved its state", True, WORKER, 130),
    End("SIGKILL, after SIGTERM or from outside", True, SIGNALS, 137),
    End("compiled code crashed: SIGILL", True, SIGNALS, 132),
    End("compiled code crashed: SIGABRT", True, SIGNALS, 134),
    End("compiled code crashed: SIGSEGV", True, SIGNALS, 139),
    End("the worker reported an error, or refused a state", False, WORKER, 1),
    End("Python was called wrongly", False, "python(1): 2 for a wrong command line", 2),
    End("the entry point cannot be executed", False, "Docker: 126", 126),
    End("the entry point does not exist", False, "Docker: 127", 127),
    End("an exit code that nobody has chosen", False, "none", 14),
    End(
        "out of memory",
        False,
        f'{AGENT}: OutOfMemoryError, "Container killed due to memory usage"',
        137,
        "OutOfMemoryError: Container killed due to memory usage",
    ),
    End(
        "the instance was lost, as when Spot takes it back",
        True,
        f'{BEST_PRACTICES}: "onStatusReason": "Host EC2*", "if the host causes the failure, the job can be retried"',
        status_reason="Host EC2 (instance i-0123456789abcdef0) terminated.",
        variants=INSTANCES,
    ),
    End(
        "the instance was lost, and the container's exit code still reported",
        True,
        f'{BEST_PRACTICES}: "onStatusReason": "Host EC2*"',
        143,
        status_reason="Host EC2 (instance i-0123456789abcdef0) terminated.",
        variants=INSTANCES,
    ),
    End(
        "the image could not be pulled",
        True,
        f'{RETRIES}: "action": "RETRY", "onStatusReason": "Task failed to start"; {AGENT}: CannotPullContainerError',
        reason="CannotPullContainerError: context canceled",
        status_reason="Task failed to start",
        variants=INSTANCES,
    ),
    End(
        "Docker did not answer in time",
        True,
        f'{BEST_PRACTICES}: "Some jobs might fail because of a DockerTimeoutError error"; {AGENT}: DockerTimeoutError',
        reason="DockerTimeoutError: Could not transition to created; timed out after waiting 4m0s",
        status_reason="Task failed to start",
        variants=INSTANCES,
    ),
    End(
        "Fargate Spot took the task back before the worker could handle the signal",
        True,
        f'{FARGATE_PROVIDERS}: "stoppedReason": "Your Spot Task was interrupted."',
        143,
        status_reason="Your Spot Task was interrupted.",
        variants=FARGATE_SPOT,
    ),
    End(
        "Fargate Spot took the task back, and the worker has saved its state",
        True,
        f"{WORKER}; {FARGATE_PROVIDERS}",
        130,
        status_reason="Your Spot Task was interrupted.",
        variants=FARGATE_SPOT,
    ),
    End(
        "Fargate could not prepare the task",
        True,
        "globaldothealth/list#2662: a job in Batch on Fargate with ResourceInitializationError; that this is "
        "the status reason was not found in AWS's own documents",
        status_reason="ResourceInitializationError: unable to pull secrets or registry auth",
        variants=FARGATE,
    ),
    End(
        "Fargate could not pull the image",
        True,
        PULL_ON_FARGATE,
        status_reason="CannotPullContainerError: ref pull has been retried 5 time(s)",
        variants=("fargate",),
    ),
    End(
        "Fargate Spot could not pull the image, for which five rules are too few",
        False,
        PULL_ON_FARGATE,
        status_reason="CannotPullContainerError: ref pull has been retried 5 time(s)",
        variants=FARGATE_SPOT,
    ),
    End(
        "something that no document names",
        False,
        f'{RETRIES}: "For jobs that don\'t match to exit, add a final entry that exits for any reason"',
        status_reason="unknown",
    ),
]
"""Batch decides about three ends without asking the rules: "Jobs that are cancelled or terminated aren't retried"
("Automated job retries"), and "If a job is terminated for exceeding the timeout duration, it isn't retried" ("Job
timeouts").

SIGTERM alone ends no container whose program does not handle it: the kernel keeps such a signal from the first process
of a PID namespace (pid_namespaces(7)), and the SIGKILL that follows after 30 seconds ends it, with 137.
"""
