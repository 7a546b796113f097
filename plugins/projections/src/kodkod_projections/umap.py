"""UMAP (McInnes, Healy and Melville 2018)."""

from __future__ import annotations

import warnings
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from kodkod.api import JobContext
from kodkod_projections.learnt import LearntMap
from kodkod_projections.params import UmapParams

__all__ = ["Umap"]

_SPREAD = 10.0
"""What UMAP scales its own start to."""


class Umap(LearntMap[UmapParams]):
    """Begins with PCA: its own spectral start fails where the neighbours' graph falls apart."""

    def lay_out(
        self, vectors: NDArray[np.float32], start: NDArray[np.float32], ctx: JobContext
    ) -> NDArray[np.float32]:
        """Lay the sample out, in one thread: more would make another map each time."""
        with warnings.catch_warnings():
            # Of a variant that needs Tensorflow, which is not used.
            warnings.simplefilter("ignore", ImportWarning)
            from umap import UMAP

        params = self.params
        made = UMAP(
            n_neighbors=min(params.neighbours, len(vectors) - 1),
            min_dist=params.min_dist,
            n_epochs=params.epochs or None,
            init=cast("Any", np.ascontiguousarray(start * _SPREAD)),
            random_state=ctx.seed,
            n_jobs=1,
        )
        return np.asarray(made.fit_transform(vectors))
