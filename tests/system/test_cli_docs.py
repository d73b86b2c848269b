"""What the documents show is run: the commands against the embedded cloud, the code as it is."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import botocore.session
import numpy as np
import pytest
from botocore import xform_name

from tests.support.command import COMMAND, ROOT
from worstsort.genetic import REPRESENTATIONS, Streams
from worstsort.runs.config import RunConfig
from worstsort.runs.limits import violations

if TYPE_CHECKING:
    from worstsort_embedded import EmbeddedCloud

pytestmark = pytest.mark.xdist_group("cli-docs")

RUN_BY_A_TEST = [ROOT / "README.md", *(ROOT / "docs" / f"{name}.md" for name in ("concepts", "operating"))]
RUN_ELSEWHERE = ("make ", "aws ", "pipx ", "worstsort up", ".venv/bin/worstsort up")
"""Commands that .ci/run runs, and the tests of `make deploy`, `aws` parameters, wheels and the embedded cloud."""
DOCUMENTS = sorted(
    [ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / "examples/README.md", *(ROOT / "docs").glob("*.md")]
)
INPUTS = sorted(path for path in (ROOT / "examples").glob("*.json") if path.name != "champion.json")


def blocks(path: Path, language: str) -> list[str]:
    """Return the fenced blocks of a document in a language."""
    return re.findall(rf"```{language}\n(.*?)```", path.read_text(), re.DOTALL)


def commands(path: Path) -> list[str]:
    """Return the lines of a document's shell blocks."""
    return [line for block in blocks(path, "sh") for line in block.splitlines() if line.strip()]


@pytest.mark.slow
@pytest.mark.parametrize("path", RUN_BY_A_TEST, ids=lambda path: path.stem)
def test_every_command_of_a_document_runs(path: Path, cloud: EmbeddedCloud, tmp_path: Path) -> None:
    """They run one after the other, as a reader would type them while `worstsort up` is running."""
    shutil.copytree(ROOT / "examples", tmp_path / "examples")
    for link in ("template.yaml", "statemachine", "functions", "layers", "batch_worker"):
        (tmp_path / link).symlink_to(ROOT / link)
    (tmp_path / ".venv").mkdir()
    (tmp_path / ".venv/bin").symlink_to(Path(COMMAND[0]).parent)
    search = f"{Path(COMMAND[0]).parent}{os.pathsep}{os.environ['PATH']}"
    environment = os.environ | cloud.environment | {"PATH": search}
    for line in commands(path):
        if line.startswith(RUN_ELSEWHERE):
            continue
        done = subprocess.run(
            ["bash", "-o", "pipefail", "-c", line], cwd=tmp_path, env=environment,
            capture_output=True, text=True, check=False, timeout=240,
        )  # fmt: skip
        assert done.returncode == 0, f"{line}\n{done.stdout}{done.stderr}"


@pytest.mark.slow
def test_the_readme_shows_what_a_first_run_prints(tmp_path: Path) -> None:
    """The lines from the champion to the run's folder are the same on every machine."""
    done = subprocess.run([*COMMAND, "run", "--out", str(tmp_path)], capture_output=True, text=True, check=True)
    _, champion, rest = done.stdout.replace(f"{tmp_path}/", "runs/").partition("champion:")
    shown = (ROOT / "README.md").read_text()
    assert [line for line in (champion + rest).splitlines() if line.strip() not in shown] == []


def test_the_counts_in_the_concepts_are_right() -> None:
    """The two commands print what the text says."""
    text = (ROOT / "docs/concepts.md").read_text()
    first, second = (line for line in commands(ROOT / "docs/concepts.md")[:2])
    counts = [
        subprocess.run(["bash", "-c", line], check=True, capture_output=True, text=True,
                       env=os.environ | {"PATH": f"{Path(COMMAND[0]).parent}:{os.environ['PATH']}"}).stdout.strip()
        for line in (first, second)
    ]  # fmt: skip
    assert f"The first line prints {counts[0]}, the second {counts[1]}." in text


@pytest.mark.parametrize(
    "line", [line for path in DOCUMENTS if path.exists() for line in commands(path) if line.startswith("aws ")]
)
def test_every_aws_command_names_an_operation_and_parameters_that_exist(line: str) -> None:
    """The names are those that the AWS command line derives from the service's model."""
    _, service, operation, *rest = shlex.split(line)
    model = botocore.session.get_session().get_service_model(service)
    found = [name for name in model.operation_names if xform_name(name, "-") == operation]
    assert found, f"{service} has no operation {operation}"
    members: dict[str, Any] = model.operation_model(found[0]).input_shape.members
    known = {xform_name(name, "-") for name in members}
    switches = {f"no-{xform_name(name, '-')}" for name, shape in members.items() if shape.type_name == "boolean"}
    assert {option.removeprefix("--") for option in rest if option.startswith("--")} <= known | switches


@pytest.mark.parametrize("path", [path for path in DOCUMENTS if path.exists()], ids=lambda path: path.name)
def test_every_make_verb_that_is_named_exists(path: Path) -> None:
    """Every `make` verb in a document is in the Makefile."""
    verbs = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    assert set(re.findall(r"`make ([a-z-]+)", path.read_text())) <= verbs


@pytest.mark.parametrize("path", INPUTS, ids=lambda path: path.stem)
def test_every_example_input_is_accepted(path: Path) -> None:
    """It passes the validation with which a run begins."""
    assert violations(RunConfig.parse(json.loads(path.read_text()))) == []
    assert path.name in (ROOT / "examples/README.md").read_text()


USE_SELECTION = """
import numpy as np
from worstsort.gosort import assess, count_plain, count_population, freeze, play_population
rows = np.random.default_rng(1).permuted(np.tile(np.arange(9), (5, 1)), axis=1)
choices = np.random.default_rng(1).integers(0, 4, (5, 8), dtype=np.uint8)
print({count_plain(row, "selection") for row in rows} | set(count_population(rows, "selection").tolist()))
print(set(play_population(choices, 9, "selection").tolist()), sorted(freeze(choices[0], 9, "selection")))
print(assess(36, 9, "selection").sentence)
"""


def test_the_sort_of_the_extending_guide_is_a_target_like_any_other(tmp_path: Path) -> None:
    """As one module named in the registry, it counts in plain and compiled form, and plays the adversary."""
    source = next(block for block in blocks(ROOT / "docs/extending.md", "python") if "TARGETS" in block)
    package = shutil.copytree(ROOT / "layers/evolution/worstsort", tmp_path / "worstsort")
    (package / "gosort/sorts/selection.py").write_text(source)
    registry = package / "gosort/registry.py"
    text = (
        registry.read_text().replace("quick, stable", "quick, selection, stable").replace("heap)", "heap, selection)")
    )
    registry.write_text(text)
    environment = os.environ | {"PYTHONPATH": str(tmp_path), "NUMBA_CACHE_DIR": str(tmp_path / "cache")}
    done = subprocess.run(
        [sys.executable, "-c", USE_SELECTION], env=environment, capture_output=True, text=True, check=False
    )
    assert done.stdout.splitlines() == [
        "{36}",
        "{36} [0, 1, 2, 3, 4, 5, 6, 7, 8]",
        "no upper bound is known for 9 items on selection",
    ], done.stderr


def test_the_operator_of_the_extending_guide_mutates_only_the_given_rows() -> None:
    """The same streams always give the same result."""
    source = next(block for block in blocks(ROOT / "docs/extending.md", "python") if "def rotate" in block)
    made: dict[str, Any] = {}
    exec(compile(source, "extending.md", "exec"), made)  # noqa: S102 - it is our own
    before = np.arange(40, dtype=np.int64).reshape(4, 10)
    results = [before.copy(), before.copy()]
    for children in results:
        made["rotate"](children, np.array([1, 3]), REPRESENTATIONS["values"], Streams(1, 0, 5))
    assert (results[0] == results[1]).all()
    assert (results[0][[0, 2]] == before[[0, 2]]).all()
    assert (np.sort(results[0], axis=1) == before).all()
    assert (results[0] != before).any()
