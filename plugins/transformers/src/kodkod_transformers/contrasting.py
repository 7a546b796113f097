"""Contrastive fine-tuning of an encoder as the loop learns it."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from kodkod.api import JobContext
from kodkod_transformers.device import device_of
from kodkod_transformers.loop import Evaluation
from kodkod_transformers.pairs import Pairs
from kodkod_transformers.tokenizing import Tokens

__all__ = ["Contrast"]


class Contrast:
    """A `Task` of pairs: the cosine of two texts' vectors should be how alike they are.

    Tunstall et al. (2022), "Efficient few-shot learning without prompts", with the loss of
    Reimers and Gurevych (2019).
    """

    def __init__(
        self,
        model: nn.Module,
        pool: Callable[[list[list[int]]], Tensor],
        tokens: Tokens,
        pairs: Pairs,
    ) -> None:
        self.model = model
        self.lengths = tokens.lengths[pairs.left] + tokens.lengths[pairs.right]
        self._pool, self._tokens, self._pairs = pool, tokens, pairs
        self._similar = torch.as_tensor(pairs.similar, device=device_of(model))

    def losses(self, positions: NDArray[np.int64]) -> Tensor:
        """Return the squared error of each pair's cosine. A text in several pairs is read once."""
        both = np.concatenate([self._pairs.left[positions], self._pairs.right[positions]])
        texts, places = np.unique(both, return_inverse=True)
        vectors = self._pool([self._tokens.ids[i] for i in texts])[torch.as_tensor(places)]
        one, two = vectors[: len(positions)], vectors[len(positions) :]
        wanted = self._similar[torch.as_tensor(positions, device=self._similar.device)]
        return (torch.cosine_similarity(one, two) - wanted) ** 2

    def evaluate(self, positions: NDArray[np.int64], ctx: JobContext) -> Evaluation:
        """Return the mean squared error, and as score how far it is below 1."""
        with torch.inference_mode():
            loss = float(self.losses(positions).mean())
        return Evaluation(loss, 1 - loss, "similarity")
