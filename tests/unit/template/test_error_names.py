"""The error names that the state machine catches and retries are those that the code and the services raise."""

from __future__ import annotations

import pytest

from tests.unit.template.service_errors import INTEGRATIONS
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
    of_services = {name for integration in INTEGRATIONS.values() for name in integration.retried()}
    assert named(System.load({})) - {"States.ALL"} <= OURS | of_services


@pytest.mark.parametrize("resource", INTEGRATIONS)
def test_each_error_that_a_service_lists_is_decided_upon(resource: str) -> None:
    """As transient, or as permanent with a reason: none is forgotten, and a new one is noticed with a new botocore."""
    integration = INTEGRATIONS[resource]
    decided = {*integration.retried(), *integration.permanent}
    assert integration.modelled() - decided == set()
    assert set(integration.permanent) - integration.modelled() == set()
    assert set(integration.permanent) & integration.retried() == set()


def test_no_error_of_ours_looks_like_a_services_name() -> None:
    """Step Functions reserves names that begin with States., Lambda those with Lambda. or Runtime."""
    assert not {name for name in OURS if "." in name}


def test_every_error_of_ours_is_documented() -> None:
    """Each class has a docstring."""
    assert [name for name in OURS if not getattr(errors, name).__doc__] == []
