"""samconfig.toml has everything that each environment needs, and its check notices what is missing."""

from __future__ import annotations

import pytest

from tests.unit.template.sam_policies import ENVIRONMENTS, read_samconfig, samconfig_problems


def test_every_environment_is_complete() -> None:
    """`sam validate`, `sam build` and `sam deploy` need no options."""
    assert list(samconfig_problems(read_samconfig())) == []


@pytest.mark.parametrize("environment", ENVIRONMENTS)
@pytest.mark.parametrize("command", ["validate", "build", "deploy"])
def test_a_missing_section_is_noticed(environment: str, command: str) -> None:
    """The check names a problem for any section of any environment."""
    config = read_samconfig()
    del config[environment][command]
    assert list(samconfig_problems(config))


def test_a_missing_version_is_noticed() -> None:
    """SAM ignores a file without one."""
    config = read_samconfig()
    del config["version"]
    assert list(samconfig_problems(config))
