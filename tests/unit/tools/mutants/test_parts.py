"""Which tests are the first to notice a fault in a file."""

from __future__ import annotations

import pytest

from tools.mutants.mutant import ROOT
from tools.mutants.parts import LIBRARY, PARTS, files, near_to, part_of


@pytest.mark.parametrize("part", PARTS)
def test_a_part_has_files_and_tests(part: str) -> None:
    """All of its sources and tests are there, and each file is known to belong to it."""
    assert files(part)
    assert all((ROOT / path).exists() for path in (*PARTS[part].sources, *PARTS[part].near))
    assert {part_of(path) for path in files(part) if part not in {"machine", "template"}} <= {part}
    assert part_of("README.md") is None


def test_the_parts_cover_all_that_is_deployed_or_installed() -> None:
    """Whatever file of them a fault is in, it can be drawn."""
    folders = ("layers", "cli", "embedded", "functions", "batch_worker")
    sources = {file.relative_to(ROOT).as_posix() for folder in folders for file in (ROOT / folder).rglob("*.py")}
    assert sources <= {path for part in PARTS for path in files(part)}


@pytest.mark.parametrize(
    ("path", "test"),
    [
        (f"{LIBRARY}/runs/epoch.py", "tests/unit/runs/test_epoch.py"),
        (f"{LIBRARY}/genetic/streams.py", "tests/unit/genetic/test_streams.py"),
        ("functions/record_failure/app.py", "tests/integration/functions/test_closing_records.py"),
    ],
)
def test_tests_that_import_a_module_come_before_those_of_its_part(path: str, test: str) -> None:
    """They are the likeliest to notice, and a trial ends with the first that does."""
    near = near_to(path)
    part = PARTS[part_of(path) or ""]
    assert test in near[: -len(part.near)]
    assert near[-len(part.near) :] == part.near


def test_tests_fewer_imports_away_come_sooner() -> None:
    """A module that no test imports is noticed by those that import what imports it."""
    near = near_to("cli/worstsort_cli/costs/capacity.py")
    places = [
        near.index(f"tests/unit/cli/{test}.py")
        for test in ("costs/test_estimate", "clouds/test_status", "clouds/test_tracker", "test_run_options")
    ]
    assert places == sorted(places)


def test_tests_named_after_a_module_come_before_others_that_import_it() -> None:
    """They are written for it, and the others use it."""
    near = near_to(f"{LIBRARY}/genetic/streams.py")
    assert near[0] == "tests/unit/genetic/test_streams.py"
    assert "tests/unit/genetic/test_algorithm.py" in near[1:]
