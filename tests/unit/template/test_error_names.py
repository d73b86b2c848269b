"""What the state machine catches and retries by name is what the code and the services raise."""

from __future__ import annotations

from tests.unit.template.machine_policies import TRANSIENT
from tests.unit.template.system import System
from worstsort.runs import errors

OURS = {
    name
    for name, one in vars(errors).items()
    if isinstance(one, type) and issubclass(one, errors.RunError) and one is not errors.RunError
}


def named(system: System) -> set[str]:
    """All error names in the machine."""
    lists = [rule for state in system.states().values() for key in ("Retry", "Catch") for rule in state.get(key, [])]
    return {name for rule in lists for name in rule["ErrorEquals"]}


def test_every_error_name_in_the_machine_is_a_class_or_a_services() -> None:
    """A misspelt one would never match, and nobody would notice."""
    assert named(System.load({})) - {"States.ALL"} <= OURS | TRANSIENT


def test_no_error_of_ours_looks_like_a_services() -> None:
    """Step Functions refuses names that begin with States., and Lambda's own begin with Lambda. or Runtime."""
    assert not {name for name in OURS if "." in name}


def test_every_error_of_ours_says_what_it_is() -> None:
    """Its docstring, and a message for a person."""
    assert [name for name in OURS if not getattr(errors, name).__doc__] == []
