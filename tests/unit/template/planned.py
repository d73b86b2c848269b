"""What a deployment of the project's template, or of a changed one, asks of AWS."""

from __future__ import annotations

import copy
import os
from functools import cache
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

from tests.unit.template.system import MACHINE, ROOT
from worstsort_embedded import template

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from worstsort_embedded.strict.template import Deployment

    Json = dict[str, Any]
    Change = Callable[[Json], object]


def planned(parameters: Mapping[str, str], change: Change | None = None, **more: Any) -> Deployment:
    """Return what a deployment asks of AWS, after a change of the transformed template's resources."""
    result, machines = copy.deepcopy(_transformed())
    if change:
        change(result["Resources"])
    return template.deployment(result, machines, parameters, **more)


@cache
def _transformed() -> tuple[Json, dict[str, str]]:
    with patch.dict(os.environ, {"AWS_DEFAULT_REGION": "us-east-1"}):
        source, definitions = template.load(ROOT / "template.yaml")
        assert MACHINE.read_text() in definitions.values()
        return template.transformed(source, definitions, {})
