"""Many runs at once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import TYPE_CHECKING

import pytest

from tests.support.executions import start

if TYPE_CHECKING:
    from worstsort_embedded import EmbeddedCloud

pytestmark = pytest.mark.slow

RUNS = 200


@pytest.mark.timeout(1500)
def test_two_hundred_runs_that_are_started_at_once_all_succeed(cloud: EmbeddedCloud) -> None:
    """Each is accepted, and none fails for want of a process, however long it waits for one."""
    begin = partial(start, cloud, size=20, population=20, islands=1, generations_per_epoch=1, stop={"max_epochs": 1})
    with ThreadPoolExecutor(RUNS) as pool:
        started = list(pool.map(begin, (f"many-{number}" for number in range(RUNS))))
    assert [execution.wait(1200)["status"] for execution in started] == ["SUCCEEDED"] * RUNS
