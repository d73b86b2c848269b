"""An input in other formats."""

from __future__ import annotations

import csv
import io
import json
import shutil
import subprocess
from typing import TYPE_CHECKING

import numpy as np
import pytest

from tests.support.command import ROOT
from worstsort_cli.files.formats import FORMATS
from worstsort_cli.files.sort_input import SortInput, load

if TYPE_CHECKING:
    from pathlib import Path

VALUES = [5, -(2**63), 2**63 - 1, 0, 5]
INPUT = SortInput("values.json", VALUES, "go1.12", None)
CHAMPION = load(ROOT / "examples" / "champion.json")


def test_json_is_a_bare_array() -> None:
    """That `count` takes."""
    assert json.loads(FORMATS["json"](INPUT)) == VALUES


def test_csv_has_a_row_a_value() -> None:
    """Under a header."""
    rows = list(csv.DictReader(io.StringIO(FORMATS["csv"](INPUT).decode())))
    assert [int(row["value"]) for row in rows] == VALUES
    assert [int(row["position"]) for row in rows] == list(range(5))


def test_npy_is_loaded_by_numpy() -> None:
    """As int64."""
    loaded = np.load(io.BytesIO(FORMATS["npy"](INPUT)), allow_pickle=False)
    assert loaded.dtype == np.int64
    assert loaded.tolist() == VALUES


@pytest.mark.skipif(shutil.which("cc") is None, reason="no C compiler is here")
def test_c_compiles_and_has_the_values(tmp_path: Path) -> None:
    """The smallest int64 too, which is no literal in C."""
    (tmp_path / "champion.h").write_bytes(FORMATS["c"](INPUT))
    (tmp_path / "main.c").write_text(
        '#include <stdio.h>\n#include "champion.h"\nint main(void) { for (size_t i = 0; i < worstsort_size; i++)'
        ' printf("%lld\\n", (long long)worstsort_values[i]); return 0; }\n'
    )
    program = tmp_path / "main"
    subprocess.run(["cc", "-std=c99", "-Wall", "-Werror", "-o", str(program), str(tmp_path / "main.c")], check=True)
    printed = subprocess.run([str(program)], check=True, capture_output=True, text=True).stdout
    assert [int(line) for line in printed.split()] == VALUES


@pytest.mark.parametrize("name", ["go", "c"])
def test_source_says_where_the_input_came_from(name: str) -> None:
    """The run, its preset and its seed; or the file."""
    assert CHAMPION.champion
    said = f"Run {CHAMPION.champion.run_id}, preset strong, seed 1, worstsort 0.1.0+"
    assert said in FORMATS[name](CHAMPION).decode()
    assert "From values.json." in FORMATS[name](INPUT).decode()
