"""t-SNE (van der Maaten and Hinton 2008) as openTSNE does it (Policar, Strazar and Zupan 2024)."""

from __future__ import annotations

import os
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from kodkod.api import JobContext
from kodkod_projections.learnt import LearntMap
from kodkod_projections.params import TsneParams

__all__ = ["Tsne"]

_EVERY = 10


class Tsne(LearntMap[TsneParams]):
    """Begins with PCA, so that the whole says something (Kobak and Berens 2019)."""

    def lay_out(
        self, vectors: NDArray[np.float32], start: NDArray[np.float32], ctx: JobContext
    ) -> NDArray[np.float32]:
        """Lay the sample out."""
        from openTSNE import TSNE

        params, total = self.params, max(self.params.early + self.params.steps, 1)
        done = 0

        def told(_iteration: int, error: float, _points: NDArray[np.float64]) -> None:
            nonlocal done
            done = min(done + _EVERY, total)
            ctx.progress(0.1 + 0.6 * done / total, "laying out", step=done, divergence=error)

        made = TSNE(
            perplexity=cast("Any", min(params.perplexity, max(2.0, (len(vectors) - 1) / 3 - 1))),
            exaggeration=params.exaggeration,
            early_exaggeration_iter=params.early,
            n_iter=params.steps,
            initialization=cast("Any", start * 1e-4),
            callbacks=[told],
            callbacks_every_iters=_EVERY,
            random_state=ctx.seed,
            n_jobs=len(os.sched_getaffinity(0)),
        )
        return np.asarray(made.fit(vectors), dtype=np.float32)
