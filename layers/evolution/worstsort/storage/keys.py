"""Where everything about a run is stored: sort keys of the table `Generations` and keys of the bucket."""

from __future__ import annotations

META = "META"
"""Sort key of the run's own record."""

GENERATION_PREFIX = "GEN#"
"""Beginning of the sort keys of all per-generation bests."""

LAST_GENERATION = f"{GENERATION_PREFIX}~"
"""Comes after the sort keys of all per-generation bests."""

ISLAND_PREFIX = "ISLAND#"
"""Beginning of the sort keys of all series of islands."""

RUNS_PREFIX = "runs/"
"""Beginning of the keys of all objects."""


TARGETS_PREFIX = f"{RUNS_PREFIX}.targets/"
"""Beginning of the keys of foreign targets: below that of runs, which the roles may read; no run id has a dot."""


def target_key(sha256: str) -> str:
    """Return the key of a foreign target's bytes."""
    return f"{TARGETS_PREFIX}{sha256}"


def generation_sk(generation: int) -> str:
    """Return the sort key of the best of all islands in one generation."""
    return f"{GENERATION_PREFIX}{generation:08d}"


def epoch_sk(epoch: int) -> str:
    """Return the sort key of a closed epoch."""
    return f"EPOCH#{epoch:06d}"


def island_sk(island: int, epoch: int) -> str:
    """Return the sort key of the series that one island recorded in one epoch."""
    return f"{ISLAND_PREFIX}{island:05d}#{epoch:06d}"


def run_prefix(run_id: str) -> str:
    """Return the prefix of every object of a run."""
    return f"{RUNS_PREFIX}{run_id}/"


def checkpoint_key(run_id: str, island: int, epoch: int) -> str:
    """Return the key of an island's population at the end of an epoch; epoch 0 is the seed."""
    return f"{run_prefix(run_id)}islands/{island}/{epoch}.npz"


def partial_key(run_id: str, island: int, epoch: int) -> str:
    """Return the key of an island's progress within an epoch; the object is deleted when the epoch is over."""
    return f"{run_prefix(run_id)}islands/{island}/partial/{epoch}.npz"


def artefact_key(run_id: str, name: str) -> str:
    """Return the key of a file that a finished run leaves for its user."""
    return f"{run_prefix(run_id)}{name}"
