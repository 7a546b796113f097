"""Trees read from disk.

scikit-learn follows a tree's indices without looking whether they lie inside it, so that a
forged file (a project archive, say) could crash the process or read its memory. Trees are
therefore walked over before they are used.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from kodkod.api import InvalidInputError

__all__ = ["check_branches"]


def check_branches(
    leaf: NDArray[np.bool_],
    left: NDArray[np.integer],
    right: NDArray[np.integer],
    feature: NDArray[np.integer],
    width: int,
) -> None:
    """Check that every branch leads to later nodes of the same tree by a feature that exists.

    All arrays are `[n_nodes]`; `width` is the number of features. Later means that no walk
    goes round in circles.

    Raises:
        InvalidInputError: a branch leads elsewhere.
    """
    own = np.arange(len(leaf))
    if len(own) == 0 or not np.all(leaf | _inside(own, left, right, feature, width)):
        raise InvalidInputError(
            "a tree of the saved model leads outside itself: the file was damaged or forged; "
            "train the model again"
        )


def _inside(
    own: NDArray[np.integer],
    left: NDArray[np.integer],
    right: NDArray[np.integer],
    feature: NDArray[np.integer],
    width: int,
) -> NDArray[np.bool_]:
    return (
        (left.astype(np.int64) > own)
        & (left < len(own))
        & (right.astype(np.int64) > own)
        & (right < len(own))
        & (feature >= 0)
        & (feature < width)
    )
