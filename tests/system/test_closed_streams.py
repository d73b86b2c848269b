"""The command where nobody listens: cron and the like may close its standard streams."""

from __future__ import annotations

import json
import shlex
import subprocess
from typing import TYPE_CHECKING

import pytest

from tests.support.command import COMMAND, ROOT

if TYPE_CHECKING:
    from pathlib import Path

OPTIONS = "run --preset classic --size 20 --population 20 --generations-per-epoch 2 --max-epochs 1"


@pytest.mark.slow
@pytest.mark.parametrize("closed", [">&-", "2>&-", "<&-", ">&- 2>&-", "<&- >&- 2>&-"])
def test_a_run_goes_to_its_end_whichever_streams_are_closed(closed: str, tmp_path: Path) -> None:
    """The exit code is 0, and the champion is in its place."""
    line = f"{shlex.join(COMMAND)} {OPTIONS} --out {shlex.quote(str(tmp_path))} {closed}"
    ended = subprocess.run(["bash", "-c", line], cwd=ROOT, timeout=200, check=False)
    assert ended.returncode == 0
    (champion,) = tmp_path.glob("*/champion.json")
    assert len(json.loads(champion.read_text())["values"]) == 20
