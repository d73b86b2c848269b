"""Names for the arrays that operators pass to each other, so that a signature says what each array holds."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

Genomes: TypeAlias = NDArray[Any]
"""(individuals, genes), integers of the representation's type."""

Fitnesses: TypeAlias = NDArray[np.int64]
"""(individuals,); higher is fitter, -1 is not evaluated yet."""

Indices: TypeAlias = NDArray[np.int64]
"""(picks,), rows of a population."""

Fitness: TypeAlias = Callable[[Genomes], Fitnesses]
"""What is maximised: genomes in, one integer of at least 0 per row out. It must depend on nothing but its argument."""
