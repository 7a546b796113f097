"""The machine's labels of a question."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from kodkod.api import EstimatorData, InvalidInputError

__all__ = ["machine_of"]


def machine_of(data: EstimatorData) -> NDArray[np.float64]:
    """Return the machine's labels, one for each text.

    Raises:
        InvalidInputError: there are none, or not of every text.
    """
    if data.machine is None:
        raise InvalidInputError(
            "This estimator needs machine labels; name a model that has predicted the complete "
            "corpus, or estimate by human labels alone (random-sample)."
        )
    if not np.isfinite(data.machine).all():
        raise InvalidInputError("Some texts have no machine label; predict the complete corpus.")
    return data.machine
