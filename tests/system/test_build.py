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


def digests(folder: Path) -> dict[str, str]:
    """Return the SHA-256 of every file in a folder, without caches."""
    files = (path for path in folder.rglob("*") if path.is_file())
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in files
        if not {"__pycache__", ".numba_cache"} & set(path.parts)
    }


@pytest.mark.slow
@pytest.mark.skipif(not SAM.exists() or python_313() is None, reason="SAM or Python 3.13 is missing")
def test_the_layer_is_built_from_these_sources_and_fits(tmp_path: Path) -> None:
    """The files are equal; with its libraries, the layer keeps a function well below 250 MB."""
    environment = os.environ | {"PATH": f"{python_313()}:{os.environ['PATH']}", "SAM_CLI_TELEMETRY": "0"}
    build = [str(SAM), "build", "EvolutionLayer", "--no-cached", "--build-dir", str(tmp_path / "build")]
    made = subprocess.run(build, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=280, check=False)
    assert made.returncode == 0, made.stderr
    layer = tmp_path / "build" / "EvolutionLayer"
    assert digests(layer / "python" / "worstsort") == digests(SOURCES)
    assert sum(path.stat().st_size for path in layer.rglob("*") if path.is_file()) < 200 * 10**6
