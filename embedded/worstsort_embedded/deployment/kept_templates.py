"""Templates that have been adapted before, kept on disk: transforming and checking one takes most of a second.

Like machine code, they lie beside the bytecode of what made them, and are good for as long as nothing has changed that
they depend on: the template, its parameters, this package and the libraries. One that AWS would refuse is not kept.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
from contextlib import suppress
from functools import cache
from importlib.metadata import version
from importlib.util import cache_from_source
from pathlib import Path
from typing import TYPE_CHECKING, Any

from worstsort_embedded import template
from worstsort_embedded.strict.intrinsics import as_text

if TYPE_CHECKING:
    from collections.abc import Mapping

_LIBRARIES = ("aws-sam-translator", "botocore", "moto")
"""What transforms templates, and what describes the services."""

_PACKAGE = Path(__file__).parents[1]


def adapted(path: Path, parameters: Mapping[str, str]) -> template.Adapted:
    """Read a template and adapt it for its first deployment, or return what that has come to before.

    Args:
        path: Of the template.
        parameters: Those that differ from their defaults.

    Raises:
        EmbeddedCloudError: As `template.adapt`.
    """
    source, definitions = template.load(path)
    asked = json.dumps([source, definitions, dict(parameters)], default=as_text, sort_keys=True)
    digest = hashlib.sha256(f"{_makers()} {asked}".encode()).hexdigest()
    place = Path(cache_from_source(str(_PACKAGE / "template.py"))).with_suffix(".json")
    with suppress(OSError, ValueError, LookupError, TypeError):  # missing, or damaged
        return _kept(place, digest, parameters)
    made = template.adapt(source, definitions, parameters)
    if not sys.dont_write_bytecode:
        with suppress(OSError):  # a folder that cannot be written to costs the next start that time
            _keep(place, digest, made)
    return made


@cache
def _makers() -> str:
    """Return a digest of this package's source, and the versions of what it makes templates with."""
    digest = hashlib.sha256()
    for module in sorted(_PACKAGE.rglob("*.py")):
        digest.update(module.read_bytes())
    return " ".join([digest.hexdigest(), sys.version, *map(version, _LIBRARIES)])


def _kept(place: Path, digest: str, parameters: Mapping[str, str]) -> template.Adapted:
    """Read what has been kept; raises LookupError if it is of something else."""
    kept: dict[str, Any] = json.loads(place.read_bytes())
    if kept["digest"] != digest:
        raise LookupError(digest)
    return template.Adapted(
        template=kept["template"],
        transformed=kept["transformed"],
        machines=kept["machines"],
        parameters=parameters,
        functions={name: template.FunctionCode.of(code) for name, code in kept["functions"].items()},
        layers=tuple(kept["layers"]),
    )


def _keep(place: Path, digest: str, made: template.Adapted) -> None:
    """Write it in one step, in place of what was kept before."""
    kept = {
        "digest": digest,
        "template": made.template,
        "transformed": made.transformed,
        "machines": made.machines,
        "functions": {name: vars(code) for name, code in made.functions.items()},
        "layers": made.layers,
    }
    unfinished = place.with_name(f"{place.name}.{os.getpid()}")
    place.parent.mkdir(parents=True, exist_ok=True)
    unfinished.write_text(json.dumps(kept, default=as_text), encoding="utf-8")
    unfinished.replace(place)
