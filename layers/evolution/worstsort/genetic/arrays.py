"""Names for the arrays that operators pass to each other, so that signatures say what an array holds."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

Genomes: TypeAlias = NDArray[Any]
"""(individuals, genes), integers of the representation's type."""

Fitnesses: TypeAlias = NDArray[np.int64]
"""(individuals,), larger is fitter, -1 where not evaluated yet."""

Indices: TypeAlias = NDArray[np.int64]
"""(picks,), rows of a population."""

Fitness: TypeAlias = Callable[[Genomes], Fitnesses]
"""What is maximised: genomes in, one score a row out. Must depend on nothing but its argument."""
