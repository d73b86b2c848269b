"""Who may import whom: the contracts in pyproject.toml, and what they cannot see."""

from __future__ import annotations

import ast
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.command import ROOT

SOURCES = ("layers/evolution/worstsort", "cli/worstsort_cli", "embedded/worstsort_embedded")

FORBIDDEN = {
    "worstsort.genetic.streams": "worstsort.gosort.errors",
    "worstsort.runs.results.digest": "worstsort.storage.keys",
    "worstsort.gosort.errors": "worstsort.gosort.target",
    "worstsort.runs.errors": "boto3",
    "worstsort_cli.errors": "worstsort_cli.commands.run",
    "worstsort_cli.console.gate": "worstsort_cli.console.server",
    "worstsort_cli.output": "worstsort.storage.table",
    "worstsort_cli.show.summary": "worstsort_embedded",
    "worstsort_embedded.logs": "worstsort.runs.records",
}
"""For each contract an import that breaks it: the importing module and the imported one."""


def lint_imports(folder: Path) -> subprocess.CompletedProcess[str]:
    """Check the contracts on the packages of a checkout."""
    environment = os.environ | {
        "PYTHONPATH": os.pathsep.join(str((folder / source).parent) for source in SOURCES),
        "COLUMNS": "200",
    }
    command = [str(Path(sys.executable).parent / "lint-imports"), "--no-cache", "pyproject.toml"]
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def broken(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Copy the packages and put every forbidden import into the copy."""
    folder = tmp_path_factory.mktemp("broken")
    for source in SOURCES:
        shutil.copytree(ROOT / source, folder / source)
    shutil.copy(ROOT / "pyproject.toml", folder)
    homes = {Path(source).name: folder / source for source in SOURCES}
    for importer, imported in FORBIDDEN.items():
        package, *parts = importer.split(".")
        with homes[package].joinpath(*parts).with_suffix(".py").open("a") as file:
            file.write(f"import {imported}\n")
    return folder


def test_the_contracts_hold() -> None:
    """Imports go one way through the layers."""
    checked = lint_imports(ROOT)
    assert checked.returncode == 0, checked.stdout
    assert "0 broken" in checked.stdout


def test_every_contract_notices_a_forbidden_import(broken: Path) -> None:
    """One forbidden import for each contract: all contracts are broken, and each import is named."""
    checked = lint_imports(broken)
    assert checked.returncode == 1
    assert "0 kept" in checked.stdout, checked.stdout
    for importer, imported in FORBIDDEN.items():
        assert f"{importer} -> {imported}" in checked.stdout


DEPLOYED = sorted([*ROOT.glob("functions/*/*.py"), *ROOT.glob("batch_worker/*.py")])
LAYER = {"aws_lambda_powertools", "boto3", "botocore", "pydantic", "worstsort"}


@pytest.mark.parametrize("path", DEPLOYED, ids=lambda path: path.parent.name)
def test_what_is_deployed_imports_only_what_the_shared_layer_brings(path: Path) -> None:
    """Functions and worker know neither the command nor the embedded cloud, nor each other."""
    imported: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            imported |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            imported.add((node.module or ".").partition(".")[0])
    assert imported <= LAYER | sys.stdlib_module_names
