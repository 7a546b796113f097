"""The network that tags units: a token classifier, and how it is given passages."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import torch
from msgspec import Struct
from numpy.typing import NDArray
from torch import Tensor, nn

from kodkod_transformers.bio import TagSet
from kodkod_transformers.device import autocast, device_of
from kodkod_transformers.span_passages import Passage
from kodkod_transformers.steps import padded
from kodkod_transformers.training_params import Precision

__all__ = ["SpanNetwork"]


class SpanNetwork(Struct, frozen=True):
    """A token classifier with one logit for each tag of each layer."""

    model: nn.Module
    tags: TagSet
    padding: int
    precision: Precision

    def logits(self, passages: Sequence[Passage]) -> Tensor:
        """Return `[n, longest, n_layers, n_tags]`, on the model's device."""
        device = device_of(self.model)
        rows = [each.ids for each in passages]
        ids = padded(rows, self.padding)
        mask = padded([[1] * len(row) for row in rows], 0)
        said: Any = self.model(input_ids=ids.to(device), attention_mask=mask.to(device))
        return said.logits.view(*ids.shape, self.tags.n_layers, self.tags.n_tags)

    def log_probs(self, passages: Sequence[Passage]) -> list[NDArray[np.float32]]:
        """Return for each passage, `[stop - first, n_layers, n_tags]`, what its units may be.

        The model must be in eval mode.
        """
        with torch.inference_mode(), autocast(self.model, self.precision):
            logits = self.logits(passages)
            found = torch.log_softmax(logits.float(), dim=-1).cpu().numpy()
        return [found[row, each.at] for row, each in enumerate(passages)]
