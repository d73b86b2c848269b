"""Small evolutions whose results are pinned, one for each thing that a configuration can name.

Run `python -m tests.support.pinned_evolution` to print the table of their digests as it should be now. Where a digest
has changed on purpose, put the new table into tests/data/evolution/digests.json and say why in its `changes`: runs of
the version before cannot be resumed any more, and a seed finds something else.
"""

from __future__ import annotations

import hashlib
import json
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from worstsort.genetic import PRESETS, REPRESENTATIONS, elites, evolve_island, immigrate, migrants, senders
from worstsort.genetic.catalogue import KINDS, REFINING
from worstsort.genetic.operators.seeding import SEEDINGS
from worstsort.runs import composition
from worstsort.runs.config import RunConfig
from worstsort.storage.checkpoint import state_digest

if TYPE_CHECKING:
    from worstsort.genetic import IslandState

TABLE = Path(__file__).parents[1] / "data" / "evolution" / "digests.json"

ISLANDS, EPOCHS, GENERATIONS = 3, 3, 4
"""Enough that migrants arrive twice, and that what they bring is bred from."""

GIVEN: dict[str, Any] = {"target": "go1.12", "size": 16, "seed": 4, "islands": ISLANDS}

SMALL: dict[str, Any] = {
    "population": 12,
    "mutation_ratio": 2,
    "mutation_floor": 1,
    "stall_generations": 0,
    "tuning": {"search_steps": 3, "polish_copies": 4, "restart_generations": 2},
}
"""What makes an evolution quick, and lets what is rare happen soon; presets are pinned as they are."""

ALTERED: dict[str, dict[str, Any]] = {
    "tournament_probability": {"preset": "classic", "tuning": {"tournament_probability": 0.6}},
    "crossover_rate": {"preset": "classic", "tuning": {"crossover_rate": 0.5}},
    "selection_pressure": {"preset": "classic", "selection": "rank", "tuning": {"selection_pressure": 1.3}},
    "selection_share": {"preset": "classic", "selection": "truncation", "tuning": {"selection_share": 0.25}},
    "elites": {"preset": "classic", "survival": "generational", "tuning": {"elites": 3}},
    "age_limit": {"preset": "classic", "survival": "age", "tuning": {"age_limit": 2}},
    "search_heat": {"preset": "strong", "representation": "decisions", "tuning": {"search_heat": 0.5}},
    "migrants": {"preset": "classic", "migrants": 5},
    "breed_best": {"preset": "permutation", "breed_best": True},
}
"""Parameters away from their defaults, each where it counts."""


def inputs() -> dict[str, dict[str, Any]]:
    """Return the input of each pinned evolution by its name, such as `crossover uniform`."""
    named: dict[str, dict[str, Any]] = {}
    for preset in sorted(PRESETS):
        named[f"preset {preset}"] = {"preset": preset}
    for name in sorted(REPRESENTATIONS):
        preset = "permutation" if REPRESENTATIONS[name].is_permutation else "classic"
        named[f"representation {name}"] = {"preset": preset, "representation": name}
    named["representation plan"] |= {"target": "go1.24", "size": 500}
    named["mutation nudge of plans"] = named["representation plan"] | {"mutation": "nudge", "seeding": "constructed"}
    named["values distinct"] = named["mutation nudge of plans"] | {"values": "distinct"}
    for kind, registry in sorted(KINDS.items()):
        for operator in sorted(registry):
            named[f"{kind} {operator}"] = _naming(kind, operator)
    for seeding in SEEDINGS:
        named[f"seeding {seeding}"] = {"preset": "strong", "target": "heapsort", "seeding": seeding}
        named[f"seeding {seeding}"]["representation"] = "answers"
    return named | {f"tuned {name}": altered for name, altered in ALTERED.items()}


def _naming(kind: str, operator: str) -> dict[str, Any]:
    """Return an input that names an operator, on a representation that it works on."""
    if operator == REFINING:
        return {"preset": "strong", "target": "go1.24", "size": 64, "representation": "plan", kind: operator}
    if kind in {"crossover", "mutation"} and operator not in KINDS[kind].fitting(permutations=False):
        return {"preset": "permutation", kind: operator}
    if kind in {"local_search", "polish"}:
        return {"preset": "strong", "representation": "decisions", kind: operator}
    return {"preset": "classic", kind: operator}


@cache
def digest(name: str) -> str:
    """Evolve a pinned input, and return the SHA-256 over the states in which its islands end."""
    given = inputs()[name]
    small = {} if name.startswith("preset ") else SMALL
    tuning = small.get("tuning", {}) | given.get("tuning", {})
    config = RunConfig.parse(GIVEN | small | given | {"tuning": tuning})
    ended = hashlib.sha256("".join(map(state_digest, _evolved(config))).encode())
    return ended.hexdigest()


def _evolved(config: RunConfig) -> list[IslandState]:
    algorithm, fitness = composition.algorithm(config, threads=1), composition.fitness(config, threads=1)
    states = [composition.first_state(config, island) for island in range(config.islands)]
    for epoch in range(1, EPOCHS + 1):
        if epoch > 1:
            sent = [elites(state, config.migrants) for state in states]
            states = [_receive(config, state, sent, epoch) for state in states]
        states = [evolve_island(state, algorithm, fitness, GENERATIONS)[0] for state in states]
    return states


def _receive(config: RunConfig, state: IslandState, sent: list[Any], epoch: int) -> IslandState:
    neighbours = senders(config.topology, state.island, config.islands, config.seed, epoch)
    return immigrate(state, migrants({island: sent[island] for island in neighbours}, config.migrants))


def pinned() -> dict[str, str]:
    """Return the pinned digests by name."""
    digests: dict[str, str] = json.loads(TABLE.read_text(encoding="utf-8"))["digests"]
    return digests


if __name__ == "__main__":
    print(json.dumps({name: digest(name) for name in inputs()}, indent=2))
