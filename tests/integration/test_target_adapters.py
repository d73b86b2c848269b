"""The adapters in examples/targets: each is built as it says, played, and held to what is known of its sorts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from benchmarks.sorts_at_hand import ADAPTERS, WASM_ADAPTERS, Adapter, build
from worstsort.foreign.growth import MAX_GROWTH, find_worst, growth
from worstsort.foreign.targets import open_target
from worstsort.gosort import count_plain, count_population, find_target, freeze, play_population
from worstsort_cli.tools.growth_gate import NamedSort

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from worstsort.gosort import Target

    Open = Callable[[Adapter, str], list[tuple[str, Target]]]

pytestmark = [pytest.mark.slow]

SORTS = [
    pytest.param(adapter, symbol, id=f"{adapter.source}-{adapter.compiler}-{adapter.makes}-{symbol}")
    for adapter in (*ADAPTERS, *WASM_ADAPTERS)
    for symbol in adapter.sorts
]

SIZES = (1_000, 4_000)

QUADRATIC = frozenset({"quick_kr", "quick_middle", "quick_three"})
"""Without an end to the recursion, whatever the library."""

NEWEST_KNOWN_LIBCXX, FIRST_INTROSORT_OF_LIBCXX = 16, 14
"""Releases of libc++: LLVM's D113413 bounded the recursion of std::sort; that of nth_element is issue 52747."""

GAMES = 200
"""Played in one batch: Go's runtime asked for more memory after 128, and took that in which the items were."""

GO_COUNTS = 2_000
"""Inputs on which real Go is held to a transcription, per function and kind of input."""

TRANSCRIBED = {"go_slice": "sort", "go_slices_sort_func": "sort", "go_sort": "sort", "go_stable": "stable"}


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Open:
    """Build adapters as they are asked for, with every compiler that is here; skip where there is none."""
    built: dict[Adapter, list[tuple[str, Path]]] = {}

    def targets(adapter: Adapter, symbol: str) -> list[tuple[str, Target]]:
        if adapter.makes == "wasm":
            pytest.importorskip("wasmtime")
        if adapter not in built:
            folder = tmp_path_factory.mktemp("adapter")
            built[adapter] = [(one.version, build(adapter, one, folder)) for one in adapter.compilers()]
        if not built[adapter]:
            pytest.skip(f"no {adapter.compiler} for {adapter.source} on this machine")
        return [(version, open_target(f"{library}:{symbol}")) for version, library in built[adapter]]

    return targets


@pytest.mark.parametrize(("adapter", "symbol"), SORTS)
def test_an_adapter_is_built_as_it_says_and_played(opened: Open, adapter: Adapter, symbol: str) -> None:
    """Its sort passes the first games, and a frozen input takes what the game did."""
    for _, target in opened(adapter, symbol):
        choices = np.random.default_rng(1).integers(0, 4, (GAMES, 199), np.uint8)
        played = play_population(choices, 200, target.name).tolist()
        frozen = [freeze(row, 200, target.name) for row in choices[-5:]]
        assert count_population(np.array(frozen), target.name).tolist() == played[-5:]
        assert count_plain(frozen[-1], target.name) == played[-1]


@pytest.mark.parametrize(("adapter", "symbol"), SORTS)
def test_the_verdict_on_a_sort_is_what_is_known_of_it(opened: Open, adapter: Adapter, symbol: str) -> None:
    """Quicksorts and quickselects without an end are quadratic, all others take n log n."""
    for version, target in opened(adapter, symbol):
        sort = NamedSort(target.name)
        first = find_worst(sort, SIZES[0], 0.0, 0.0)
        last = find_worst(sort, SIZES[1], 0.0, 0.0, first.kept)
        assert (growth([first, last]) > MAX_GROWTH) is _is_quadratic(adapter, symbol, version), version


def _is_quadratic(adapter: Adapter, symbol: str, version: str) -> bool:
    """Say what is known: libc++ selects without an end, and sorted without one before its release 14."""
    if adapter.library != "libc++":
        return symbol in QUADRATIC
    major = int(version.partition(".")[0])
    if major > NEWEST_KNOWN_LIBCXX:
        pytest.skip(f"libc++ {major} is newer than those of which it is known, up to {NEWEST_KNOWN_LIBCXX}")
    return symbol == "std_nth_element@nth" or (symbol == "std_sort" and major < FIRST_INTROSORT_OF_LIBCXX)


@pytest.mark.oracle
@pytest.mark.timeout(900)
@pytest.mark.parametrize(
    ("adapter", "symbol"),
    [
        pytest.param(adapter, symbol, id=f"{adapter.source}-{symbol}")
        for adapter in ADAPTERS
        for symbol in adapter.sorts
        if symbol in TRANSCRIBED
    ],
)
def test_real_go_counts_as_the_transcription_does(opened: Open, adapter: Adapter, symbol: str) -> None:
    """On inputs and in games of up to 400 items there is no difference."""
    for version, target in opened(adapter, symbol):
        release = ".".join(version.removeprefix("Go ").split(".")[:2])
        transcribed = find_target(f"go{release}").name if TRANSCRIBED[symbol] == "sort" else "stable"
        assert _differences(target.name, transcribed) == 0, version


def _differences(name: str, transcribed: str) -> int:
    """Count the inputs and games on which two targets differ."""
    random, different = np.random.default_rng(1), 0
    for size in (2, 5, 12, 13, 20, 50, 51, 100, 257, 400):
        rows = random.integers(0, 2 * size, (GO_COUNTS // 10, size))
        choices = random.integers(0, 4, (GO_COUNTS // 10, size - 1), np.uint8)
        choices *= random.random(choices.shape) < 0.1  # mostly the same choice, which is what bad inputs are made of
        counted = count_population(rows, name) != count_population(rows, transcribed)
        played = play_population(choices, size, name) != play_population(choices, size, transcribed)
        different += int(counted.sum() + played.sum())
    return different
