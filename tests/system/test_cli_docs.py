"""What the documents show is run: the commands against the embedded cloud, the code as it is."""

from __future__ import annotations

import importlib.util
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import botocore.session
import click
import numpy as np
import pytest
from botocore import xform_name

from tests.support.command import COMMAND, ROOT
from worstsort.genetic import REPRESENTATIONS, Streams
from worstsort.runs.config import RunConfig
from worstsort.runs.limits import violations
from worstsort_cli.main import main

if TYPE_CHECKING:
    from collections.abc import Mapping

    from worstsort_embedded import EmbeddedCloud

pytestmark = pytest.mark.xdist_group("cli-docs")

RUN_BY_OTHERS: Mapping[str, str] = MappingProxyType(
    {
        "any-sort.md": "tests/system/test_any_sort_docs.py",
        "research.md": "tests/system/test_research_docs.py",
    }
)
"""Tests that run the commands of a document, and check what it says of them."""

RUN_ELSEWHERE: Mapping[str, str] = MappingProxyType(
    {
        "make deploy": "tests/system/deployment/test_deploying.py",
        "make destroy": "tests/system/deployment/test_destroying.py",
        "make smoke": "tests/system/test_smoke.py",
        "make check": ".github/workflows/ci.yml",
        "make ": ".ci/run",
        "worstsort up": "tests/system/test_cli_deployment.py",
        "worstsort console": "tests/system/test_console_command.py",
    }
)
"""Where commands are run that install something, call tests or AWS, or do not end by themselves, by how they begin."""

NOT_RUN: Mapping[str, str] = MappingProxyType(
    {
        "aws stepfunctions redrive-execution ": "the embedded cloud cannot redrive",
        "pipx ": "tests/package/test_installed.py installs the wheel with pip",
        "git clone ": "whose fork it is, only its owner knows",
        ".venv/bin/python -m pytest ": "tests do not run tests",
        ".venv/bin/pip install ": "tests run offline",
        ".venv/bin/python -m benchmarks.": "they take hours of a machine that does nothing else",
    }
)
"""Why commands are not run, by how they begin."""

AWS = re.compile(r"(?:[A-Z_]+=\$\(|[a-z]+\(\) \{ )?(aws .*?)(?:\)|; \})?$")
"""A line that calls the AWS command line, by itself, into a variable, or as a function."""

OF_EVERY_COMMAND = {"query", "output"}
"""Options of the AWS command line itself."""
DOCUMENTS = sorted(
    [
        *ROOT.glob("*.md"),
        ROOT / "examples/README.md",
        *(ROOT / "docs").glob("*.md"),
        *(ROOT / "docs/guide").glob("*.md"),
    ]
)
INPUTS = sorted(path for path in (ROOT / "examples").glob("*.json") if path.name != "champion.json")


def blocks(path: Path, language: str) -> list[str]:
    """Return the fenced blocks of a document in a language."""
    return re.findall(rf"```{language}\n(.*?)```", path.read_text(), re.DOTALL)


def commands(path: Path) -> list[str]:
    """Return the lines of a document's shell blocks."""
    return [line for block in blocks(path, "sh") for line in block.splitlines() if line.strip()]


def run_here(path: Path) -> list[str]:
    """Return the commands of a document that nothing else runs, and that can be run."""
    if path.name in RUN_BY_OTHERS:
        return []
    return [line for line in commands(path) if not line.startswith((*RUN_ELSEWHERE, *NOT_RUN))]


@pytest.mark.slow
@pytest.mark.parametrize("path", [path for path in DOCUMENTS if run_here(path)], ids=lambda path: path.stem)
def test_every_command_of_a_document_runs(path: Path, cloud: EmbeddedCloud, tmp_path: Path) -> None:
    """They run one after the other in one shell, as a reader would paste them while `worstsort up` is running.

    Those that need the AWS command line run where it is installed.
    """
    shutil.copytree(ROOT / "examples", tmp_path / "examples")
    for link in ("template.yaml", "statemachine", "functions", "layers", "batch_worker"):
        (tmp_path / link).symlink_to(ROOT / link)
    (tmp_path / ".venv").mkdir()
    (tmp_path / ".venv/bin").symlink_to(Path(COMMAND[0]).parent)
    search = f"{Path(COMMAND[0]).parent}{os.pathsep}{os.environ['PATH']}"
    environment = os.environ | cloud.environment | {"PATH": search}
    wanted = [line for line in run_here(path) if shutil.which("aws") or not AWS.match(line)]
    script = "\n".join(["set -eo pipefail", *(f"echo {shlex.quote(line)}\n{line}" for line in wanted)])
    done = subprocess.run(
        ["bash", "-c", script], cwd=tmp_path, env=environment, capture_output=True, text=True, check=False, timeout=1200
    )
    assert done.returncode == 0, f"{done.stdout[-2000:]}{done.stderr[-2000:]}"


def test_no_command_has_to_be_filled_in_by_hand() -> None:
    """What an earlier line knows is in a variable, so that each block can be pasted as it is."""
    lines = [line for path in DOCUMENTS for line in commands(path)]
    assert [
        line for line in lines if re.search(r"(?:--[a-z-]+ |/)(?!SUCCEEDED|RUNNABLE|ABORTED)[A-Z]{2,}\b", line)
    ] == []


def test_a_command_that_is_run_elsewhere_is_run_there() -> None:
    """As far as a file can be seen to name the verb, the package or the command."""
    for beginning, place in RUN_ELSEWHERE.items():
        assert beginning.split()[-1] in (ROOT / place).read_text(), beginning
    for document, place in RUN_BY_OTHERS.items():
        assert document.partition(".")[0] in (ROOT / place).read_text()


def test_no_command_hides_in_an_indented_block() -> None:
    """Only blocks that say that they are for the shell are run."""
    begins = ("worstsort ", "make ", "aws ", ".venv/", "python ", "pip", "docker ")
    for path in DOCUMENTS:
        text = re.sub(r"```.*?```", "", path.read_text(), flags=re.DOTALL)
        lines = [line.strip() for line in text.splitlines() if line.startswith("    ")]
        assert [line for line in lines if line.startswith(begins)] == [], path


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_a_command_within_a_sentence_exists_and_has_its_options(path: Path) -> None:
    """Such as `worstsort logs RUN --island 3 -f`, where the reader fills in which run is meant."""
    context = click.Context(main)
    for said in re.findall(r"`worstsort ([a-z][^`]*)`", path.read_text()):
        name, *rest = shlex.split(said)
        command = main.get_command(context, name)
        assert command, said
        known = {option for parameter in command.get_params(context) for option in parameter.opts}
        assert {word for word in rest if word.startswith("-")} <= known, said


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_a_module_that_a_document_runs_exists(path: Path) -> None:
    """Those of `python -m`."""
    for name in re.findall(r"python -m ([\w.]+)", path.read_text()):
        assert importlib.util.find_spec(name), name


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
    "line", [found[1] for path in DOCUMENTS for line in commands(path) if (found := AWS.match(line))]
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
    assert {
        option.removeprefix("--") for option in rest if option.startswith("--")
    } <= known | switches | OF_EVERY_COMMAND


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
import numpy as np, selection, worstsort
from worstsort.gosort import assess, count_plain, count_population, freeze, play_population
worstsort.register_target(selection.TARGET)
rows = np.random.default_rng(1).permuted(np.tile(np.arange(9), (5, 1)), axis=1)
choices = np.random.default_rng(1).integers(0, 4, (5, 8), dtype=np.uint8)
print({count_plain(row, "selection") for row in rows} | set(count_population(rows, "selection").tolist()))
print(set(play_population(choices, 9, "selection").tolist()), sorted(freeze(choices[0], 9, "selection")))
print(assess(36, 9, "selection").sentence)
"""


def test_the_sort_of_the_extending_guide_is_a_target_like_any_other(tmp_path: Path) -> None:
    """Registered, it counts in plain and compiled form, and plays the adversary."""
    (source,) = (block for block in blocks(ROOT / "docs/extending.md", "python") if "TARGET" in block)
    (tmp_path / "selection.py").write_text(source)
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
