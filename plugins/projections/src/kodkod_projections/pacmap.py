"""PaCMAP (Wang, Huang, Rudin and Shaposhnik 2021)."""

from __future__ import annotations

import logging
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from kodkod.api import JobContext
from kodkod_projections.learnt import LearntMap
from kodkod_projections.params import PacmapParams

__all__ = ["Pacmap"]


class Pacmap(LearntMap[PacmapParams]):
    """Keeps near what is near, and pushes apart what is far, with pairs at middling distance."""

    def lay_out(
        self, vectors: NDArray[np.float32], start: NDArray[np.float32], ctx: JobContext
    ) -> NDArray[np.float32]:
        """Lay the sample out."""
        # It logs a warning for every choice that is made here on purpose.
        logging.getLogger("pacmap").setLevel(logging.ERROR)
        from pacmap import PaCMAP

        params = self.params
        made = PaCMAP(
            n_components=2,
            n_neighbors=min(params.neighbours, max(2, (len(vectors) - 1) // 4)),
            MN_ratio=params.mid_near,
            FP_ratio=params.further,
            num_iters=(100, 100, params.steps),
            apply_pca=False,
            random_state=ctx.seed,
        )
        points = made.fit_transform(vectors, init=cast("Any", start), save_pairs=False)
        return np.asarray(points, dtype=np.float32)
