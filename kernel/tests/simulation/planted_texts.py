"""A corpus of points without noise, in which those near a border teach the most."""

from __future__ import annotations

import numpy as np

from kodkod.simulation.corpus import LabelledCorpus

LABELS = ("common", "usual", "rare", "never")
BIAS = np.array([1.0, 0.0, -1.0])
DIM = 10


def planted(n: int = 500, *, several: bool = False, seed: int = 3) -> LabelledCorpus:
    """Return a corpus whose labels are cut by planes; no text has the last one."""
    rng = np.random.default_rng(seed)
    x = rng.normal(0, 1, (n, DIM)).astype(np.float32)
    heights = x @ rng.normal(0, 1, (DIM, 3)) + BIAS
    targets = heights.argmax(axis=1).astype(np.int64)
    if several:
        targets = np.zeros((n, len(LABELS)), dtype=np.uint8)
        targets[:, :3] = heights > 0.5
    return LabelledCorpus(
        scheme_type="multilabel" if several else "multiclass",
        labels=LABELS,
        features=x,
        embeddings=x,
        targets=targets,
    )
