"""Names of the arrays that everything shares: one name, one type.

Shapes stand in the docstring of whoever takes or gives one.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Floats32 = NDArray[np.float32]
"""What networks give: boxes, scores, probabilities."""

Ints = NDArray[np.int64]
Ints32 = NDArray[np.int32]
Bools = NDArray[np.bool_]
Words = NDArray[np.str_]
Objects = NDArray[np.object_]
Pixels = NDArray[np.uint8]
"""A picture, (rows, columns) when grey or (rows, columns, 3) in RGB."""
