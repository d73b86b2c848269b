"""The template and the state machine keep every policy, and every policy notices a violation."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.unit.template import (
    capacity_policies,
    dashboard_policies,
    data_policies,
    machine_policies,
    operations_policies,
    parameter_policies,
    retry_policies,
    rights_policies,
    sam_policies,
    wiring_policies,
)
from tests.unit.template.batch import continuity, policies
from tests.unit.template.system import VARIANTS, System

if TYPE_CHECKING:
    from tests.unit.template.policy import Policy

ALL: list[Policy] = [
    *sam_policies.POLICIES,
    *machine_policies.POLICIES,
    *retry_policies.POLICIES,
    *policies.POLICIES,
    *capacity_policies.POLICIES,
    *continuity.POLICIES,
    *parameter_policies.POLICIES,
    *data_policies.POLICIES,
    *rights_policies.POLICIES,
    *operations_policies.POLICIES,
    *wiring_policies.POLICIES,
    *dashboard_policies.POLICIES,
]
BREAKS = [
    pytest.param(policy, at, id=f"{policy.name}, broken in way {at + 1}")
    for policy in ALL
    for at in range(len(policy.breaks))
]


@pytest.mark.parametrize("variant", VARIANTS)
@pytest.mark.parametrize("policy", ALL, ids=lambda policy: policy.name)
def test_the_system_keeps_the_policy(policy: Policy, variant: str) -> None:
    """With any choice of parameters."""
    found = list(policy.check(System.load(VARIANTS[variant])))
    assert not found, f"{policy.why}\n" + "\n".join(found)


@pytest.mark.parametrize(("policy", "at"), BREAKS)
def test_a_broken_system_does_not_pass_the_policy(policy: Policy, at: int) -> None:
    """A policy that cannot fail proves nothing."""
    system = System.load(VARIANTS[policy.variant])
    assert not list(policy.check(system))
    policy.breaks[at](system)
    assert list(policy.check(system)), f"{policy.name}: breaking it went unnoticed"


def test_every_policy_can_be_broken() -> None:
    """Each policy has a reason and at least one way to break it."""
    assert [policy.name for policy in ALL if not policy.breaks or not policy.why] == []
