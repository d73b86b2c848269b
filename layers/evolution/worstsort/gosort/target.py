"""What a target is: one version range of one sort."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from worstsort.gosort.operations.blocks import Scratch
    from worstsort.gosort.operations.compare import Adversary, Data, Work


@dataclass(frozen=True)
class Target:
    """A sort whose comparisons can be counted.

    `versions` says which releases of Go run it, `source` where it stands there, and `evidence` what the range rests on.
    `sort` counts in its fast form where it is given scratch, if it has one.
    """

    name: str
    versions: str
    source: str
    evidence: str
    sort: Callable[[Data, Work, Adversary | None, Scratch | None], None]
    has_fast_form: bool = False
