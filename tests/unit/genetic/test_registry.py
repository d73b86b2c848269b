"""Operators that come from outside: registered by a program, or brought by an installed package."""

from __future__ import annotations

import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from worstsort.genetic import (
    MUTATIONS,
    PRESETS,
    SELECTIONS,
    TOPOLOGIES,
    NameTaken,
    Settings,
    UnfitOperator,
    build_algorithm,
    register,
    senders,
)
from worstsort.genetic.catalogue import KINDS
from worstsort.genetic.operators import selection
from worstsort.genetic.registry import InvalidOperator
from worstsort.runs.config import RunConfig
from worstsort.runs.errors import InputRefused


@pytest.fixture(autouse=True)
def _restored(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever a test registers is gone after it."""
    for registry in KINDS.values():
        for table in ("_operators", "_permutations"):
            monkeypatch.setitem(vars(registry), table, dict(vars(registry)[table]))


def settings_with(field: str, name: str) -> Settings:
    """Return the settings of classic with another name in one field."""
    changes: dict[str, Any] = {field: name}
    return replace(PRESETS["classic"], **changes)


def roll_genes(children: Any, rows: Any, _representation: Any, _streams: Any) -> None:
    """Move all genes by one place."""
    children[rows] = np.roll(children[rows], 1, axis=1)


def test_a_registered_mutation_is_accepted_and_used() -> None:
    """The input of a run may name it, and the algorithm calls it."""
    with pytest.raises(InputRefused, match="mutation: given 'roll_genes', allowed: one of flips"):
        RunConfig.parse({"mutation": "roll_genes"})
    register("mutation", "roll_genes", roll_genes)
    config = RunConfig.parse({"mutation": "roll_genes"})
    assert MUTATIONS["roll_genes"] is roll_genes
    assert build_algorithm(replace(PRESETS["classic"], mutation="roll_genes"), seed=1).mutation is roll_genes
    assert RunConfig.model_validate(config.model_dump()) == config


@pytest.mark.parametrize(
    ("permutations", "works_on_values", "works_on_permutations"),
    [("never", True, False), ("also", True, True), ("only", False, True)],
)
def test_an_operator_is_used_on_permutations_only_if_it_says_so(
    permutations: Any, *, works_on_values: bool, works_on_permutations: bool
) -> None:
    """One that would break them is refused, and so is one that needs them on anything else."""
    register("mutation", "roll_genes", roll_genes, permutations=permutations)
    for preset, works in (("classic", works_on_values), ("permutation", works_on_permutations)):
        settings = replace(PRESETS[preset], mutation="roll_genes")
        if works:
            assert build_algorithm(settings, seed=1).mutation is roll_genes
        else:
            with pytest.raises(UnfitOperator, match="mutation 'roll_genes' does not work on"):
                build_algorithm(settings, seed=1)


def test_kinds_with_parameters_are_registered_as_what_makes_them() -> None:
    """A selection is made from settings and tuning; a topology is the function itself."""
    register("selection", "first", lambda _settings, _tuning: selection.roulette)
    register("topology", "hub", lambda _island, _islands, _streams: (0,))
    assert build_algorithm(replace(PRESETS["classic"], selection="first"), seed=1).selection is selection.roulette
    assert senders("hub", 2, 3, seed=1, epoch=1) == (0,)
    assert {"first", "hub"} <= {*SELECTIONS, *TOPOLOGIES}


def test_a_taken_name_is_refused() -> None:
    """What it means stays what it was."""
    before = MUTATIONS["swap"]
    with pytest.raises(NameTaken, match="mutation 'swap' is taken; registered are flips, index"):
        register("mutation", "swap", roll_genes)
    assert MUTATIONS["swap"] is before


def test_a_kind_that_does_not_exist_is_refused() -> None:
    """With the kinds that do."""
    with pytest.raises(ValueError, match="kind: given 'mutations', allowed: one of selection, crossover, mutation"):
        register("mutations", "roll_genes", roll_genes)


def test_a_registry_is_read_only_and_says_what_to_call() -> None:
    """An assignment that would skip the checks is refused."""
    with pytest.raises(TypeError, match=r"register\('mutation', 'roll_genes', \.\.\.\)"):
        MUTATIONS["roll_genes"] = roll_genes


@pytest.mark.parametrize("field", ["selection", "survival", "local_search", "polish", "topology", "representation"])
def test_settings_with_an_unknown_name_are_refused_by_field(field: str) -> None:
    """Whoever makes settings in Python learns what there is."""
    with pytest.raises(ValueError, match=rf"{field}.*nonesuch.*(allowed|expected)"):
        build_algorithm(settings_with(field, "nonesuch"), seed=1)


def test_the_guide_registers_its_operator() -> None:
    """The code of docs/extending.md makes its mutation one that a run may ask for, on permutations too."""
    guide = (Path(__file__).parents[3] / "docs" / "extending.md").read_text().partition("## A new operator")[2]
    made: dict[str, Any] = {}
    for block in re.findall(r"```python\n(.*?)```", guide, re.DOTALL):
        exec(compile(block, "extending.md", "exec"), made)  # noqa: S102 - it is our own
    assert RunConfig.parse({"mutation": "rotate"}).mutation == "rotate"
    assert RunConfig.parse({"mutation": "rotate", "preset": "permutation"}).mutation == "rotate"
    assert MUTATIONS["rotate"] is made["rotate"]


PACKAGE = """
from worstsort.genetic import MUTATIONS, register
def register_all():
    assert "swap" in MUTATIONS
    register("mutation", "roll_genes", print, permutations="also")
"""


def installed(folder: Path, module: str, function: str) -> None:
    """Put a package with an entry point for operators into a folder."""
    metadata = folder / f"{module}-1.0.dist-info"
    metadata.mkdir()
    (metadata / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {module}\nVersion: 1.0\n")
    (metadata / "entry_points.txt").write_text(f"[worstsort.operators]\n{module} = {module}:{function}\n")


def test_installed_packages_bring_operators_and_broken_ones_do_no_harm(tmp_path: Path) -> None:
    """Each entry point is called once, when operators are looked up first; one that fails is named in a warning."""
    (tmp_path / "rolling.py").write_text(PACKAGE)
    (tmp_path / "taking.py").write_text(PACKAGE.replace('"roll_genes"', '"swap"'))
    installed(tmp_path, "rolling", "register_all")
    installed(tmp_path, "taking", "register_all")
    installed(tmp_path, "missing", "register_all")
    program = "import worstsort.runs.config as c; print(c.RunConfig.parse({'mutation': 'roll_genes'}).mutation)"
    done = subprocess.run(
        [sys.executable, "-c", f"import sys; sys.path.insert(0, {str(tmp_path)!r}); {program}"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    warned = [line for line in done.stderr.splitlines() if "RuntimeWarning" in line]
    assert (done.stdout, len(warned)) == ("roll_genes\n", 2), done.stderr
    assert "entry point 'missing' of worstsort.operators is left out" in warned[0]
    assert "'taking' of worstsort.operators is left out; it failed: NameTaken" in warned[1]


@pytest.mark.parametrize(
    ("name", "operator", "permutations"),
    [
        (3, len, "never"),
        ("", len, "never"),
        (None, len, "never"),
        ("x", 3, "never"),
        ("x", None, "never"),
        ("x", len, "x"),
    ],
)
def test_what_is_no_operator_is_refused(name: Any, operator: Any, permutations: Any) -> None:
    """Nothing is registered then, and every later refusal still lists names."""
    before = list(MUTATIONS)
    with pytest.raises(InvalidOperator, match=r"given .*, allowed: "):
        register("mutation", name, operator, permutations=permutations)
    assert list(MUTATIONS) == before
