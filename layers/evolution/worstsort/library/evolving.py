"""Evolution in one call: one island, in this process, against a sort or any fitness of the caller's."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING, Any

import numpy as np

from worstsort.foreign.address import is_address
from worstsort.foreign.targets import open_target, player_of
from worstsort.genetic import Lists, Settings, Tuning, build_algorithm, evolve_island
from worstsort.genetic.checks import InvalidGenerations, check_generations, checked
from worstsort.gosort.foreign_names import is_foreign
from worstsort.runs import composition
from worstsort.runs.config import RunConfig
from worstsort.runs.errors import InputRefused, Problem

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from worstsort.genetic import Algorithm, Series

    Fitness = Callable[[NDArray[Any]], NDArray[np.int64]]

_LISTS = ("values", "permutation")
"""The representations whose chromosomes are the list itself: those that a fitness of one's own can score."""

_TUNING = frozenset(parameter.name for parameter in fields(Tuning))
_SETTINGS = frozenset(parameter.name for parameter in fields(Settings)) - {"topology", "migrants"} | {"values"}


@dataclass(frozen=True)
class Evolved:
    """What came of an evolution.

    Attributes:
        values: The fittest list that was ever seen.
        fitness: Its fitness: with a target, the comparisons that the target makes on it.
        generations: How many generations were evolved; fewer than asked for where the preset stops by itself.
        evaluations: How often the fitness of a list was asked for.
        history: The best, the mean and the evaluations, generation by generation.
    """

    values: list[int]
    fitness: int
    generations: int
    evaluations: int
    history: Series = field(repr=False)


def evolve(
    fitness: Fitness | None = None,
    *,
    target: str | None = None,
    size: int,
    preset: str | None = None,
    generations: int = 200,
    seed: int = 1,
    threads: int | None = None,
    **settings: Any,
) -> Evolved:
    """Evolve a list of `size` integers of the highest fitness; same arguments, same result.

    Args:
        fitness: Scores lists, shape (individuals, size), by an int64 each, at least 0; or else give a target.
        target: The sort whose comparisons are the fitness: a name or alias in `TARGETS`, or the address of a sort in a
            shared library, such as `./libmysort.so:my_sort`.
        size: Integers in the list, at least 2.
        preset: A name in `PRESETS`: by default strong for a target, permutation for a fitness.
        generations: How many at most.
        seed: Of all randomness.
        threads: For counting with a target; None means one for each processor. The result is the same for any number.
        **settings: Fields of `genetic.Settings` and `genetic.Tuning` that override the preset's, and `values`: "any"
            (by default) or "distinct".

    Raises:
        TypeError: neither or both of fitness and target are given, or a setting has no such name.
        InputRefused: an argument is out of its range; the message names it and what is allowed.
        InvalidFitness: the fitness returned something else than such scores.
        TargetRefused: no sort is at that address, or it does not sort.
        TargetMisbehaved: the sort at that address was found out.
    """
    if (fitness is None) == (target is None):
        raise TypeError("evolve() takes either a fitness or a target")
    if fitness is not None and not callable(fitness):
        raise TypeError(f"a fitness is a function, not {fitness!r:.60}; a sort is named by target=")
    try:
        check_generations(generations)
    except InvalidGenerations as error:
        raise InputRefused([Problem("generations", generations, "an integer of at least 0")]) from error
    config = _configuration(target, size, preset or ("strong" if target else "permutation"), seed, settings)
    if fitness is None:
        algorithm, score = composition.algorithm(config, threads), composition.fitness(config, threads)
    else:
        algorithm, score = _algorithm(config, fitness), checked(fitness)
    state, history = evolve_island(composition.first_state(config, island=0), algorithm, score, generations)
    return Evolved(
        values=composition.best_list(config, state),
        fitness=state.record,
        generations=state.generation,
        evaluations=state.evaluations,
        history=history,
    )


def _configuration(target: str | None, size: int, preset: str, seed: int, settings: dict[str, Any]) -> RunConfig:
    """Validate the arguments as those of a run, all at once."""
    if unknown := sorted(settings.keys() - _SETTINGS - _TUNING):
        raise TypeError(
            f"evolve() has no setting {unknown[0]!r}; expected one of {', '.join(sorted(_SETTINGS | _TUNING))}"
        )
    settings = {name: _plain(value) for name, value in settings.items()}
    given: dict[str, Any] = {name: value for name, value in settings.items() if name in _SETTINGS}
    given["tuning"] = {name: value for name, value in settings.items() if name in _TUNING}
    config = RunConfig.parse(
        {"size": _plain(size), "preset": preset, "seed": _plain(seed)}
        | ({} if target is None else _described(target))
        | given
    )
    if target is None and config.representation not in _LISTS:
        raise InputRefused([Problem("representation", config.representation, f"{' or '.join(_LISTS)} with a fitness")])
    if target is None and config.seeding != "random":
        raise InputRefused([Problem("seeding", config.seeding, "random with a fitness")])
    return config


def _described(target: str) -> dict[str, Any]:
    """Return the fields of a configuration that say which sort it is, opened if it is one of the user's."""
    name = open_target(target).name if isinstance(target, str) and is_address(target) else target
    player = player_of(name) if is_foreign(name) else None
    return {"target": name} | ({"foreign": player.code.library.model_dump()} if player else {})


def _plain(value: Any) -> Any:
    """Return a number of numpy's as Python's own, which is what a configuration holds."""
    is_number = isinstance(value, (np.integer, np.floating)) and not isinstance(value, np.timedelta64)
    return value.item() if is_number else value


def _algorithm(config: RunConfig, fitness: Fitness) -> Algorithm:
    """Build what a configuration says, for lists that no sort scores."""
    return build_algorithm(config, config.seed, config.tuning, Lists(list, fitness))
