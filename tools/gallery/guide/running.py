"""Pictures of a run: islands, the state machine, what Batch scales and costs, and random numbers without a lock."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np

from tools.gallery.guide.drawing import Picture
from worstsort.artefacts.pictures import BLUE, GREEN, GREY, ORANGE, Axis, Line, lines_svg
from worstsort.genetic import Streams, evolve_island, migration
from worstsort.runs.composition import algorithm, first_state, fitness
from worstsort.runs.config import RunConfig
from worstsort_cli.costs.capacity import Capacity
from worstsort_cli.costs.estimate import estimate
from worstsort_cli.costs.resource_usage import Pace

_MACHINE = Path(__file__).parents[3] / "statemachine" / "evolve.asl.json"

_ISLANDS = RunConfig.parse({
    "target": "go1.12", "preset": "classic", "size": 50, "population": 60, "islands": 4, "seed": 3,
    "generations_per_epoch": 15, "migrants": 3, "stop": {"max_epochs": 4},
})  # fmt: skip

_PACE = Pace(seconds=3.0, evaluations=50_000)
"""Of one generation of one island of the run whose cost is drawn: about that of 1,000 integers."""


def islands() -> Picture:
    """Draw the best of each island by generation, with what migrates at the borders of epochs."""
    config, curves = _ISLANDS, _evolved()
    said = "; ".join(f"island {number} rises from {curve[0]} to {curve[-1]}" for number, curve in enumerate(curves))
    picture = Picture(560, 330, "Islands: alone within an epoch, migrants in between", said)
    low, high = min(curve[0] for curve in curves), max(curve[-1] for curve in curves)
    generations, epoch = len(curves[0]) - 1, config.generations_per_epoch

    def at(generation: float, best: float) -> tuple[float, float]:
        return round(60 + 440 * generation / generations, 1), round(270 - 210 * (best - low) / (high - low), 1)

    for border in range(epoch, generations, epoch):
        x, _ = at(border, low)
        picture.line([(x, 44), (x, 280)])
        picture.text(x, 40, "migrants", "s m")
    for number, (curve, colour) in enumerate(zip(curves, (BLUE, ORANGE, GREEN, GREY), strict=True)):
        picture.line([at(generation, best) for generation, best in enumerate(curve)], colour)
        picture.text(8 + 128 * number + 46, 322, f"island {number}: {curve[-1]}", "s")
        picture.box(8 + 128 * number + 28, 312, 12, 12, colour)
    for best in (low, high):
        picture.text(52, at(0, best)[1] + 4, str(best), "s e")
    picture.text(280, 298, f"generation 0 to {generations}", "s m")
    return picture


def _evolved() -> list[list[int]]:
    """Evolve the islands in this process, as workers do, and return the best so far of each by generation."""
    config = _ISLANDS
    ours, score = algorithm(config, 1), fitness(config, 1)
    states = [first_state(config, island) for island in range(config.islands)]
    curves: list[list[int]] = [[] for _ in states]
    for epoch in range(1, config.stop.max_epochs + 1):
        if epoch > 1:
            elites = [migration.elites(state, config.migrants) for state in states]
            for island, state in enumerate(states):
                senders = migration.senders(config.topology, island, config.islands, config.seed, epoch)
                arrivals = migration.migrants({sender: elites[sender] for sender in senders}, config.migrants)
                states[island] = migration.immigrate(state, arrivals)
        for island, state in enumerate(states):
            states[island], series = evolve_island(state, ours, score, config.generations_per_epoch)
            for best in series.best:
                curves[island].append(max([best, *curves[island][-1:]]))
    return curves


def states() -> Picture:
    """Draw the way of an epoch through the state machine, from its definition."""
    machine = json.loads(_MACHINE.read_text())["States"]
    way = [
        "PrepareRun",
        "SeedPopulations",
        "EvolveIslands",
        "CloseEpoch",
        "ContinueOrStop",
        "FinishRun",
        "RunSucceeded",
    ]
    kinds = [_kind(machine[name]) for name in way]
    said = f"Boxes from above to below: {', '.join(way)}. From ContinueOrStop an arrow leads back to EvolveIslands."
    picture = Picture(560, 60 + 56 * len(way), "A run's way through the state machine: an epoch is one round", said)
    for row, (name, kind) in enumerate(zip(way, kinds, strict=True)):
        y = 44 + 56 * row
        loops = name in {"EvolveIslands", "CloseEpoch", "ContinueOrStop"}
        picture.box(
            150, y, 200, 34, ORANGE if loops else BLUE, extra=' fill-opacity="0.2"', stroke=ORANGE if loops else BLUE
        )
        picture.text(250, y + 22, name, "m b")
        picture.text(364, y + 22, kind, "s")
        if row:
            picture.line([(250, y - 22), (250, y - 2)], arrow=True)
    first, last = way.index("EvolveIslands"), way.index("ContinueOrStop")
    y, back = 44 + 56 * last + 17, 44 + 56 * first + 17
    picture.line([(150, y), (100, y), (100, back), (148, back)], arrow=True)
    picture.text(92, (y + back) / 2, "next epoch", "s e")
    return picture


def _kind(state: dict[str, Any]) -> str:
    resource = str(state.get("Resource", ""))
    if "batch" in resource:
        return "Batch: one job per island"
    if "lambda" in resource:
        return "a Lambda function"
    names = {"Map": "a Map of Lambda functions", "Choice": "what CloseEpoch decided", "Succeed": "the end"}
    return names[state["Type"]]


def scaling() -> str:
    """Draw how long a run takes and what it costs, by the number of its islands."""
    numbers = [1, 2, 4, 8, 16, 32, 64, 128]
    given = Capacity()
    found = [estimate(_config(islands), _PACE, given) for islands in numbers]
    hours = [one.seconds / 3600 for one in found]
    return lines_svg(
        f"Batch: up to {given.jobs_at_once} islands at once take no longer; each costs its share",
        "islands",
        "hours, and dollars",
        [Line("hours", BLUE, numbers, hours), Line("dollars on Spot", ORANGE, numbers, [one.total for one in found])],
        x_axis=Axis.LOG,
    )


def _config(islands: int) -> RunConfig:
    return RunConfig.parse({"target": "go1.12", "size": 1000, "islands": islands, "stop": {"max_epochs": 50}})


def streams() -> Picture:
    """Draw random numbers by their addresses, in two orders of work."""
    rows, columns = 4, 12
    said = (
        "Twice the same table of shades, a row for each generation and a column for each individual. Above, one thread "
        "draws all of them; below, three threads draw parts in any order; every shade is the same."
    )
    picture = Picture(560, 290, "Random numbers have addresses, so nobody waits for a turn", said)
    for table, (name, threads) in enumerate((("one thread", 1), ("three threads", 3))):
        top = 60 + 116 * table
        picture.text(16, top - 6, name, "b")
        for generation in range(rows):
            picture.text(16, top + 14 + 22 * generation, f"generation {generation + 1}", "s")
            # Each thread asks for its own individuals, by their numbers, whatever the others have asked for.
            parts = [list(range(columns))[thread::threads] for thread in reversed(range(threads))]
            for thread, part in enumerate(parts):
                drawn = Streams(1, 0, generation + 1).uniform("guide", np.array(part))[:, 0]
                for individual, value in zip(part, drawn.tolist(), strict=True):
                    colour = (BLUE, ORANGE, GREEN)[thread] if threads > 1 else BLUE
                    x, y = 116 + 35 * individual, top + 22 * generation
                    picture.box(x, y, 31, 18, "none", stroke=colour)
                    picture.box(x + 3, y + 3, 25, 12, GREY, extra=f' fill-opacity="{value:.2f}"')
    picture.text(116, 280, "number = function of (seed, island, generation, purpose, individual)", "s")
    return picture
