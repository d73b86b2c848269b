"""Where everything of a run is kept: sort keys of the table `Generations` and keys of the bucket."""

from __future__ import annotations

META = "META"

GENERATIONS = "GEN#"
"""How the sort keys of all per-generation bests begin."""


def generation_sk(generation: int) -> str:
    """Sort key of the best of all islands in one generation."""
    return f"{GENERATIONS}{generation:08d}"


def epoch_sk(epoch: int) -> str:
    """Sort key of how an epoch closed."""
    return f"EPOCH#{epoch:06d}"


def island_sk(island: int, epoch: int) -> str:
    """Sort key of the series that one island recorded in one epoch."""
    return f"ISLAND#{island:05d}#{epoch:06d}"


def run_prefix(run_id: str) -> str:
    """Prefix of every object of a run."""
    return f"runs/{run_id}/"


def checkpoint_key(run_id: str, island: int, epoch: int) -> str:
    """Key of an island's population at the end of an epoch; epoch 0 is the seed."""
    return f"{run_prefix(run_id)}islands/{island}/{epoch}.npz"


def partial_key(run_id: str, island: int, epoch: int) -> str:
    """Key of how far an island has come within an epoch; it is gone when the epoch is over."""
    return f"{run_prefix(run_id)}islands/{island}/partial/{epoch}.npz"


def artefact_key(run_id: str, name: str) -> str:
    """Key of what a finished run leaves for its user."""
    return f"{run_prefix(run_id)}{name}"
