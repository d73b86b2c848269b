"""The layer that `sam build` makes for Lambda has the code of this tree, as the worker's image has."""

from __future__ import annotations

import hashlib
import os
import subprocess
from typing import TYPE_CHECKING

import pytest

from tests.support.command import ROOT
from tests.system.deployment.python_313 import python_313

if TYPE_CHECKING:
    from pathlib import Path

SAM = ROOT / ".venv-sam" / "bin" / "sam"
SOURCES = ROOT / "layers" / "evolution" / "worstsort"

_UNCHECKED_HASH = (1).to_bytes(4, "little")
"""Flags of bytecode that is bound to its source by a hash, which nobody checks."""


def digests(folder: Path) -> dict[str, str]:
    """Return the SHA-256 of every file in a folder, without caches."""
    files = (path for path in folder.rglob("*") if path.is_file())
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in files
        if not {"__pycache__", ".numba_cache"} & set(path.parts)
    }


@pytest.fixture(scope="module")
def layer(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the layer as `sam build` does."""
    folder = tmp_path_factory.mktemp("sam")
    environment = os.environ | {"PATH": f"{python_313()}:{os.environ['PATH']}", "SAM_CLI_TELEMETRY": "0"}
    build = [str(SAM), "build", "EvolutionLayer", "--no-cached", "--build-dir", str(folder / "build")]
    made = subprocess.run(build, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=280, check=False)
    assert made.returncode == 0, made.stderr
    return folder / "build" / "EvolutionLayer"


@pytest.mark.slow
@pytest.mark.skipif(not SAM.exists() or python_313() is None, reason="SAM or Python 3.13 is missing")
def test_the_layer_is_built_from_these_sources_and_fits(layer: Path) -> None:
    """The files are equal; with its libraries, the layer keeps a function well below 250 MB."""
    assert digests(layer / "python" / "worstsort") == digests(SOURCES)
    assert sum(path.stat().st_size for path in layer.rglob("*") if path.is_file()) < 200 * 10**6


@pytest.mark.slow
@pytest.mark.skipif(not SAM.exists() or python_313() is None, reason="SAM or Python 3.13 is missing")
def test_the_layer_has_bytecode_that_lambda_trusts(layer: Path) -> None:
    """All of it was compiled by Python 3.13, and is used whatever the time of the source (PEP 552)."""
    sources = [path for path in layer.rglob("*.py") if not path.is_relative_to(layer / "python" / "bin")]
    compiled = {path: path.parent / "__pycache__" / f"{path.stem}.cpython-313.pyc" for path in sources}
    assert [path for path, bytecode in compiled.items() if not bytecode.exists()] == []
    headers = {bytecode.read_bytes()[:8] for bytecode in compiled.values()}
    magic = subprocess.run(
        [f"{python_313()}/python3.13", "-c", "import importlib.util as u; print(u.MAGIC_NUMBER.hex())"],
        capture_output=True, text=True, check=True, timeout=60,
    )  # fmt: skip
    assert headers == {bytes.fromhex(magic.stdout) + _UNCHECKED_HASH}


@pytest.mark.slow
@pytest.mark.skipif(not SAM.exists() or python_313() is None, reason="SAM or Python 3.13 is missing")
def test_the_libraries_of_the_layer_are_for_the_processor_of_the_functions(layer: Path) -> None:
    """Whatever machine builds it."""
    found = {path.name.partition(".cpython-313-")[2] for path in layer.rglob("*.so") if ".cpython-313-" in path.name}
    assert found == {"aarch64-linux-gnu.so"}
