"""tf-idf condensed by a truncated singular value decomposition (latent semantic analysis)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.preprocessing import normalize
from sklearn.utils.extmath import randomized_range_finder, svd_flip

from kodkod.api import JobContext, PluginError, TextBatch
from kodkod_sklearn.params import TfidfSvdParams
from kodkod_sklearn.tfidf import Terms

__all__ = ["TfidfSvd"]

OVERSAMPLES = 10
POWER_ITERATIONS = 4
"""As in Halko, Martinsson and Tropp (2011), doi:10.1137/090771806, for slowly falling spectra."""


class TfidfSvd(Terms[TfidfSvdParams]):
    """Texts projected on the leading right singular vectors, then scaled to length 1."""

    _components: NDArray[np.float32] | None = None

    def fit(self, batch: TextBatch, ctx: JobContext) -> None:
        """Learn the vocabulary and its leading dimensions, at most one for each term or text.

        Raises:
            InvalidInputError: no term is left.
        """
        self._components = None
        weighted = _sample(self.fit_terms(batch.texts, ctx), self.params.max_texts, ctx)
        dim = min(self.params.dim, *weighted.shape)
        if dim < self.params.dim:
            ctx.log(
                f"{dim} dimensions instead of {self.params.dim}: {weighted.shape[0]} texts with "
                f"{weighted.shape[1]} terms have no more"
            )
        ctx.progress(None, f"condensing {weighted.shape[1]} terms to {dim} dimensions")
        self._components = _leading(weighted, dim, ctx)

    def transform(self, batch: TextBatch, ctx: JobContext) -> NDArray[np.float32]:
        """Return float32 `[n, dim]`, rows of length 1 (0 where no term is known)."""
        if self._components is None:
            raise PluginError("tfidf-svd was asked for vectors before fit or load")
        condensed = self.weigh(batch.texts, ctx) @ self._components
        return normalize(condensed, copy=False) if len(condensed) else condensed

    def save(self, folder: Path) -> None:
        """Write the terms and `components.npy` `[terms, dim]`."""
        super().save(folder)
        if self._components is None:
            raise PluginError("tfidf-svd was saved before fit or load")
        np.save(folder / "components.npy", self._components, allow_pickle=False)

    def load(self, folder: Path) -> None:
        """Read what `save` wrote."""
        super().load(folder)
        self._components = np.load(folder / "components.npy", allow_pickle=False)


def _leading(weighted: Any, dim: int, ctx: JobContext) -> NDArray[np.float32]:
    """Return the leading right singular vectors as columns `[terms, dim]`.

    As `randomized_svd` of scikit-learn finds them, but for the last step: SciPy's decomposition
    holds the interpreter, for half of the time that all takes, and no worker's heart beats
    meanwhile. NumPy's does not.
    """
    basis: Any = randomized_range_finder(
        weighted,
        size=dim + OVERSAMPLES,
        n_iter=POWER_ITERATIONS,
        random_state=ctx.seed % 2**32,
    )
    ctx.progress(None)
    left, _, right = np.linalg.svd(basis.T @ weighted, full_matrices=False)
    _, right = svd_flip(left, right, u_based_decision=False)
    return np.ascontiguousarray(right[:dim].T, dtype=np.float32)


def _sample(weighted: Any, most: int, ctx: JobContext) -> Any:
    n = weighted.shape[0]
    if n <= most:
        return weighted
    ctx.log(f"dimensions are learnt from {most} of {n} texts, drawn at random")
    return weighted[np.sort(ctx.rng().choice(n, size=most, replace=False))]
