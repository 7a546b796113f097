"""What strategies share that change another one's order."""

from __future__ import annotations

from typing import Annotated, Any

import numpy as np
from msgspec import Meta, field
from numpy.typing import NDArray

from kodkod.api import Params, Pool, pro
from kodkod_selection.reading import given

__all__ = ["WrapperParams", "base_of"]


class WrapperParams(Params, frozen=True):
    """Which strategy's order to change."""

    base: Annotated[
        str,
        Meta(
            description="The strategy whose order is changed",
            min_length=1,
            extra_json_schema={"x-mode": "easy", "x-component": "strategy"},
        ),
    ] = "breaking-ties"
    base_params: Annotated[dict[str, Any], pro("The params of that strategy")] = field(
        default_factory=dict
    )


def base_of(pool: Pool) -> NDArray[np.int64]:
    """Return the order of the wrapped strategy."""
    return given(pool.base, "base")
