"""Classification of texts as the loop learns it."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from kodkod.api import BatchFit, JobContext
from kodkod_transformers.device import device_of
from kodkod_transformers.encoder_params import EncoderParams
from kodkod_transformers.loop import Evaluation
from kodkod_transformers.losses import balanced_weights, several_labels_loss, single_label_loss
from kodkod_transformers.predicting import inputs_of, logits_of
from kodkod_transformers.scores import macro_f1
from kodkod_transformers.tokenizing import Tokens

__all__ = ["Classification", "probabilities_of"]


class Classification:
    """A `Task`: one label or several a text, by a model whose head has an output for each.

    `targets` are int64 `[n]` of the head's outputs, or 0 and 1 `[n, n_outputs]`.
    """

    def __init__(
        self,
        model: nn.Module,
        filler: int,
        tokens: Tokens,
        targets: NDArray[Any],
        n_outputs: int,
        params: EncoderParams,
    ) -> None:
        self.model = model
        self.lengths = tokens.lengths
        self._tokens, self._filler, self._targets = tokens, filler, targets
        self._params, self._device = params, device_of(model)
        self._fits = BatchFit()
        several = targets.ndim == 2
        self._loss = several_labels_loss if several else single_label_loss
        kind = torch.float32 if several else torch.long
        self._wanted = torch.as_tensor(targets, dtype=kind, device=self._device)
        self._weights = None
        if params.class_weights == "balanced":
            weights = balanced_weights(targets, n_outputs)
            self._weights = torch.as_tensor(weights, device=self._device)
        self._gamma = params.focal_gamma if params.loss == "focal" else 0.0

    def losses(self, positions: NDArray[np.int64]) -> Tensor:
        """Return the loss of each text."""
        rows = [self._tokens.ids[i] for i in positions]
        logits = self.model(**inputs_of(rows, self._filler, self._device)).logits
        return self._loss_of(logits, positions)

    def logits(self, positions: NDArray[np.int64], ctx: JobContext) -> NDArray[np.float32]:
        """Return what the model says of these texts, float32 `[n, n_outputs]`."""
        tokens = Tokens([self._tokens.ids[i] for i in positions], self.lengths[positions])
        budget = self._params.batch_tokens
        return logits_of(self.model, self._filler, tokens, budget, ctx, self._fits)

    def evaluate(self, positions: NDArray[np.int64], ctx: JobContext) -> Evaluation:
        """Return the mean loss and the macro F1 (of several labels, at 0.5)."""
        logits = self.logits(positions, ctx)
        losses = self._loss_of(torch.as_tensor(logits, device=self._device), positions)
        targets = self._targets[positions]
        chosen = logits.argmax(axis=1) if targets.ndim == 1 else logits >= 0
        return Evaluation(float(losses.mean()), macro_f1(targets, chosen))

    def _loss_of(self, logits: Tensor, positions: NDArray[np.int64]) -> Tensor:
        wanted = self._wanted[torch.as_tensor(positions, device=self._device)]
        return self._loss(
            logits.float(), wanted, self._weights, self._gamma, self._params.label_smoothing
        )


def probabilities_of(logits: NDArray[np.float32], *, several: bool) -> NDArray[np.float32]:
    """Return float32 `[n, n_outputs]`: softmax, or with several labels a text each sigmoid."""
    found = torch.as_tensor(logits, dtype=torch.float64)
    odds = torch.sigmoid(found) if several else torch.softmax(found, dim=1)
    return odds.to(torch.float32).numpy()
