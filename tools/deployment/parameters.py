"""The template's parameters: what is given, what a deployed stack has, and what samconfig.toml begins with."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from samtranslator.yaml_helper import yaml_parse

from tools.deployment.errors import DeploymentFailed
from tools.deployment.offerings import list_of
from worstsort_cli.costs.capacity import Capacity
from worstsort_embedded.deployment.parameters import refusals, trimmed, wanted_number

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from tools.deployment.stack import Stack

ROOT = Path(__file__).parents[2]
IMAGE_TAG = "ImageTag"
"""The parameter that only a deployment sets: it follows from what the image holds."""


@dataclass(frozen=True)
class Settings:
    """An environment of samconfig.toml: its stack's name, and the parameters that a new stack begins with."""

    stack_name: str
    parameters: Mapping[str, str]


@dataclass(frozen=True)
class Choice:
    """The parameters of a deployment.

    Attributes:
        passed: Those that SAM is told; CloudFormation keeps the values that a stack has of all others.
        effective: The values of all parameters once it is deployed.
        notes: What the user may not expect, in words.
    """

    passed: Mapping[str, str]
    effective: Mapping[str, str]
    notes: tuple[str, ...] = ()


def read_settings(environment: str, root: Path = ROOT) -> Settings:
    """Read an environment of samconfig.toml.

    Raises:
        DeploymentFailed: There is no such environment.
    """
    config = tomllib.loads((root / "samconfig.toml").read_text())
    environments = [name for name, table in config.items() if isinstance(table, dict)]
    if environment not in environments:
        raise DeploymentFailed(f"environment: given {environment!r}, but samconfig.toml has {', '.join(environments)}")
    table = config[environment]
    overrides = table["deploy"]["parameters"].get("parameter_overrides", "").split()
    return Settings(table["global"]["parameters"]["stack_name"], dict(pair.split("=", 1) for pair in overrides))


def read_template(root: Path = ROOT) -> dict[str, Any]:
    """Return the template, whose parameters and rules a deployment is held to."""
    return dict(yaml_parse((root / "template.yaml").read_text()))


def refuse_unless_consistent(template: Mapping[str, Any], choice: Choice) -> None:
    """Refuse parameters that CloudFormation would refuse once all is built, and those with which no job can start.

    Raises:
        DeploymentFailed: It names all that does not hold.
    """
    if refused := [*refusals(template, choice.effective)]:
        raise DeploymentFailed("; ".join(refused))
    given = Capacity.of_stack(choice.effective)
    if given.problem:
        types = list_of(choice.effective)
        job = f"JobvCpus={given.job_vcpus} and JobMemory={given.job_mib}"
        raise DeploymentFailed(f"given {job}, but {given.problem}: give less, or larger types in {types}")


def given_parameters(arguments: Sequence[str], declared: Mapping[str, Any]) -> dict[str, str]:
    """Return parameters as they are given on a command line.

    Raises:
        DeploymentFailed: One is no parameter of the template, or has a value that the template refuses. SAM itself
            passes over names that it does not know.
    """
    given = {}
    for argument in arguments:
        name, equals, value = argument.partition("=")
        if not equals:
            raise DeploymentFailed(f"given {argument!r}, but a parameter is written as Name=value")
        if name == IMAGE_TAG:
            raise DeploymentFailed(f"{IMAGE_TAG}: given {value!r}, but it follows from what the image holds")
        if name not in declared:
            raise DeploymentFailed(f"there is no parameter {name!r}; the template has {', '.join(sorted(declared))}")
        _check(name, value, declared[name])
        given[name] = value
    return trimmed({"Parameters": declared}, given)


def choose(
    stack: Stack | None, settings: Settings, given: Mapping[str, str], declared: Mapping[str, Any], tag: str = ""
) -> Choice:
    """Decide the parameters of a deployment: what is given, else what the stack has, else what a new stack begins with.

    A value that was given once is the stack's until another is given: what samconfig.toml says counts for a new stack.
    """
    begins = {name: str(parameter["Default"]) for name, parameter in declared.items() if "Default" in parameter}
    named = {IMAGE_TAG: tag} if tag else {}
    if stack is None or not stack.is_made:
        passed = {**settings.parameters, **given, **named}
        return Choice(passed, begins | passed)
    kept = {name: value for name, value in stack.parameters.items() if name in declared}
    passed = {**given, **named}
    return Choice(passed, begins | kept | passed, tuple(_notes(stack, settings, given)))


def _notes(stack: Stack, settings: Settings, given: Mapping[str, str]) -> Iterator[str]:
    for name, value in settings.parameters.items():
        has = stack.parameters.get(name, value)
        if name not in given and has != value:
            yield f"{name} stays {has}, which the stack has; samconfig.toml's {value} is for new stacks"


def _check(name: str, value: str, declared: Mapping[str, Any]) -> None:
    allowed = [str(option) for option in declared.get("AllowedValues", [])]
    if allowed and value not in allowed:
        raise DeploymentFailed(f"{name}: given {value!r}, but it is one of {', '.join(allowed)}")
    if declared["Type"] != "Number":
        return
    if wanted := wanted_number(declared, value):
        raise DeploymentFailed(f"{name}: given {value!r}, but it is {wanted}")
    number, low, high = float(value), declared.get("MinValue"), declared.get("MaxValue")
    if low is not None and number < low:
        raise DeploymentFailed(f"{name}: given {value}, but it is at least {low}")
    if high is not None and number > high:
        raise DeploymentFailed(f"{name}: given {value}, but it is at most {high}")
