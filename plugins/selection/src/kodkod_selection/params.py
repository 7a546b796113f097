"""Params that several strategies share."""

from __future__ import annotations

from typing import Annotated

from kodkod.api import Params, easy

__all__ = ["LabelParams"]


class LabelParams(Params, frozen=True):
    """Which label to look for."""

    label: Annotated[str, easy("The label to look for", min_length=1)]
