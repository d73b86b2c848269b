"""The error names that the state machine catches and retries are those that the code and the services raise."""

from __future__ import annotations

from tests.unit.template.machine_policies import TRANSIENT
from tests.unit.template.system import System
from worstsort.runs import errors

OURS = {
    name
    for name, member in vars(errors).items()
    if isinstance(member, type) and issubclass(member, errors.RunError) and member is not errors.RunError
}


def named(system: System) -> set[str]:
    """Return all error names in the machine."""
    lists = [rule for state in system.states().values() for key in ("Retry", "Catch") for rule in state.get(key, [])]
    return {name for rule in lists for name in rule["ErrorEquals"]}


def test_every_error_name_in_the_machine_is_a_class_of_ours_or_a_services_name() -> None:
    """A misspelt name would never match, and nobody would notice."""
    assert named(System.load({})) - {"States.ALL"} <= OURS | TRANSIENT


def test_no_error_of_ours_looks_like_a_services_name() -> None:
    """Step Functions reserves names that begin with States., Lambda those with Lambda. or Runtime."""
    assert not {name for name in OURS if "." in name}


def test_every_error_of_ours_is_documented() -> None:
    """Each class has a docstring."""
    assert [name for name in OURS if not getattr(errors, name).__doc__] == []
