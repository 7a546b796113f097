"""Params of the estimators."""

from __future__ import annotations

from typing import Annotated

from kodkod.api import Params, pro

__all__ = ["DslParams"]


class DslParams(Params, frozen=True):
    """How design-based supervised learning fits its correction."""

    folds: Annotated[int, pro("Folds of the cross-fitting", ge=2, le=20)] = 5
