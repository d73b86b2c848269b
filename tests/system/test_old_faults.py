"""Faults that the code once had: each is put back into a copy of the code base, in a small form, where a test fails.

Those of the template and the state machine are put back in tests/unit/template/test_old_faults.py.
"""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tools.mutants.mutant import ROOT, make
from tools.mutants.workplace import Selection, Workplace

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("old faults")]

ANY_LENGTH = "not fault and not oracle"
"""Of these tests, some are slow."""

MAX_SECONDS = 120.0
"""How long one test may take here; an unhindered machine needs a few."""


@dataclass(frozen=True)
class Fault:
    """A fault of old.

    Attributes:
        path: The file that had it.
        now: What stands there today.
        old: What stood there, or does what it did.
        test: The test that fails while it is there.
    """

    path: str
    now: str
    old: str
    test: str


_ALARMS = """            if ended.status == Status.FAILED:
                checks.check_alarms(deployment, before, report)
"""
_RESUMED = "resumed(deployment, ended, expected, report)\n"
_CONDITION_FAILED = '_CONDITION_FAILED = {"ConditionalCheckFailedException", "PreconditionFailed"'
FAULTS = {
    "a tag of the image that forgets the platform": Fault(
        "tools/deployment/image.py",
        'f"{self.platform}\\n{self.base}\\n"',
        'f"{self.base}\\n"',
        "tests/unit/tools/test_image.py::test_another_platform_or_base_is_another_image",
    ),
    "a tag of the image that forgets the base image": Fault(
        "tools/deployment/image.py",
        'f"{self.platform}\\n{self.base}\\n"',
        'f"{self.platform}\\n"',
        "tests/unit/tools/test_image.py::test_another_platform_or_base_is_another_image",
    ),
    "parameters of the stack that a deployment forgets": Fault(
        "tools/deployment/parameters.py",
        "    passed = {**given, **named}\n",
        "    passed = {**settings.parameters, **given, **named}\n",
        "tests/unit/tools/test_parameters.py::test_a_deployed_stack_keeps_what_is_not_given",
    ),
    "an estimate that fills instances to the last byte": Fault(
        "cli/worstsort_cli/costs/instances.py",
        "return int(self.mib * (1 - _UNREGISTERED_SHARE)) - _AGENT_MIB",
        "return self.mib",
        "tests/unit/cli/costs/test_instances.py::test_an_instance_registers_less_memory_than_it_is_sold_with",
    ),
    "an estimate without saves": Fault(
        "cli/worstsort_cli/costs/resource_usage.py",
        "puts=islands + saves,",
        "puts=islands,",
        "tests/unit/cli/costs/test_estimate.py::test_saves_are_paid_for",
    ),
    "a conflict that is taken for an object that is there": Fault(
        "layers/evolution/worstsort/storage/answers.py",
        _CONDITION_FAILED,
        f'{_CONDITION_FAILED}, "ConditionalRequestConflict"',
        "tests/unit/storage/test_answers.py::test_a_conflict_while_an_object_is_written_does_not_mean_that_it_is_there",
    ),
    "a conflict with a transaction that is taken for a decision": Fault(
        "layers/evolution/worstsort/storage/answers.py",
        _CONDITION_FAILED,
        f'{_CONDITION_FAILED}, "TransactionConflictException"',
        "tests/unit/storage/test_answers.py::test_a_conflict_with_a_transaction_does_not_mean_that_a_key_is_taken",
    ),
    "numpy in functions that need none": Fault(
        "functions/record_failure/app.py",
        "import json\n",
        "import json\n\nimport numpy\n",
        "tests/unit/functions/test_cold_start.py::test_a_function_that_needs_no_numbers_loads_no_numpy[record_failure]",
    ),
    "islands of an aborted run that are called done": Fault(
        "cli/worstsort_cli/clouds/status.py",
        'if closed and closed.decision == "stop":',
        'if run.status != "RUNNING":',
        "tests/integration/cli/test_watch.py::test_islands_of_a_run_that_ended_in_its_first_epoch_are_not_called_done",
    ),
    "a cause that is told twice": Fault(
        "cli/worstsort_cli/commands/watch.py",
        "{last.status.lower().replace('_', ' ')}",
        "{last.status.lower().replace('_', ' ')}: a cause",
        "tests/integration/cli/test_watch.py::test_a_cause_is_told_once",
    ),
    "a push to None after a first deployment that was declined": Fault(
        "tools/deployment/deploy.py",
        "    _refuse_if_declined(cloudformation, decided.stack_name, known)\n",
        "",
        "tests/system/deployment/test_deploying.py::test_a_declined_first_deployment_says_so_and_can_be_repeated",
    ),
    "Docker that is missed once the stack is made": Fault(
        "tools/deployment/deploy.py",
        "        docker.check()\n        decided.image.build()\n",
        "        decided.image.build()\n",
        "tests/system/deployment/test_deploying.py::test_without_docker_nothing_is_made",
    ),
    "a run that dies with the revision that a deployment de-registers": Fault(
        "template.yaml",
        "SkipDeregisterOnUpdate: true",
        "SkipDeregisterOnUpdate: false",
        "tests/system/deployment/test_updates.py::test_a_run_under_way_survives_a_deployment_of_everything",
    ),
    "notifications that reach nobody": Fault(
        "tools/smoke/listening.py",
        "        return any(run_id in message for message in heard)\n",
        "        return True\n",
        "tests/system/test_smoke.py::test_silence_is_noticed",
    ),
    "an alarm that is looked at when it is over": Fault(
        "tools/smoke/trial.py",
        f"{_ALARMS}            {_RESUMED}",
        f"            {_RESUMED}{_ALARMS}",
        "tests/system/test_smoke.py::test_an_alarm_that_is_over_before_the_next_run_is_noticed_in_time",
    ),
    "an answer on operating that nothing shows": Fault(
        "docs/operating.md",
        '*AWS: "When you redrive',
        '"When you redrive',
        "tests/unit/docs/test_operating.py::test_an_answer_says_what_shows_it",
    ),
}


@pytest.fixture(scope="module")
def workplace() -> Iterator[Workplace]:
    """Return a copy of the code base, in which all of these tests pass."""
    with tempfile.TemporaryDirectory(prefix="old-faults-") as folder:
        place = Workplace(Path(folder) / "house")
        (place.folder / ".venv-sam").symlink_to(ROOT / ".venv-sam")
        assert not place.first_failure(selection(*sorted({fault.test for fault in FAULTS.values()})))
        yield place


def selection(*tests: str) -> Selection:
    """Return a selection of single tests."""
    return Selection(tests, marked=ANY_LENGTH, seconds=MAX_SECONDS)


@pytest.mark.timeout(4 * MAX_SECONDS)
@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_of_old_is_noticed(workplace: Workplace, name: str) -> None:
    """By the test that is named for it."""
    fault = FAULTS[name]
    source = (ROOT / fault.path).read_text(encoding="utf-8")
    assert source.count(fault.now) == 1, f"{fault.path} has changed: say anew how the fault is put back"
    text = source.replace(fault.now, fault.old)
    line = source[: source.index(fault.now)].count("\n") + 1
    noticed = workplace.noticed(make(fault.path, line, source, text), selection(fault.test))
    assert (noticed or "").partition("[")[0] == fault.test.partition("[")[0], noticed
