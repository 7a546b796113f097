"""What the training loop needs to learn spans; its texts are passages."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

from kodkod.api import BatchFit, JobContext, Span
from kodkod_transformers.loop import Evaluation
from kodkod_transformers.span_lesson import SpanLesson
from kodkod_transformers.span_network import SpanNetwork
from kodkod_transformers.span_passages import Passage
from kodkod_transformers.span_reading import log_probs_of, tag_texts

__all__ = ["SpanTask", "span_f1"]

_IGNORED = -100


class SpanTask:
    """Learns the tags of the units in some passages."""

    def __init__(self, network: SpanNetwork, lesson: SpanLesson, batch_tokens: int) -> None:
        self.model: nn.Module = network.model
        self.lengths = np.array([len(each.ids) for each in lesson.passages], dtype=np.int64)
        self._network, self._lesson, self._budget = network, lesson, batch_tokens
        self._fits = BatchFit()

    def losses(self, positions: NDArray[np.int64]) -> Tensor:
        """Return the cross entropy of each passage: the mean over its units and layers."""
        passages = [self._lesson.passages[i] for i in positions]
        logits = self._network.logits(passages).float()
        targets = torch.full(logits.shape[:3], _IGNORED, dtype=torch.long)
        for row, each in enumerate(passages):
            targets[row, torch.from_numpy(each.at)] = torch.from_numpy(self._tags_of(each))
        targets = targets.to(logits.device)
        losses = functional.cross_entropy(
            logits.flatten(0, 2), targets.flatten(), ignore_index=_IGNORED, reduction="none"
        ).view(targets.shape)
        known = (targets != _IGNORED).sum(dim=(1, 2))
        return losses.sum(dim=(1, 2)) / known

    def evaluate(self, positions: NDArray[np.int64], ctx: JobContext) -> Evaluation:
        """Return the exact F1 over all spans of the texts whose passages these are."""
        passages = [self._lesson.passages[i] for i in positions]
        found = log_probs_of(self._network, passages, self._budget, ctx, fits=self._fits)
        losses = [
            -np.take_along_axis(each, self._tags_of(passage)[:, :, None], axis=2).mean()
            for passage, each in zip(passages, found, strict=True)
        ]
        asked = sorted({each.text for each in passages})
        tagged = tag_texts(self._network.tags, passages, found, self._lesson.texts, asked)
        predicted = [[each.span for each in spans] for spans in tagged.spans]
        truth = [self._lesson.values[text] for text in asked]
        return Evaluation(float(np.mean(losses)), span_f1(truth, predicted), "span_f1")

    def _tags_of(self, passage: Passage) -> NDArray[np.int64]:
        return self._lesson.written[passage.text][passage.first : passage.stop]


def span_f1(truth: Sequence[Sequence[Span]], predicted: Sequence[Sequence[Span]]) -> float:
    """Return F1 over all spans of some texts; one counts if start, end and label are right.

    1 where there is none on either side.
    """
    pairs = [(set(one), set(two)) for one, two in zip(truth, predicted, strict=True)]
    right = sum(len(one & two) for one, two in pairs)
    both = sum(len(one) + len(two) for one, two in pairs)
    return 2 * right / both if both else 1.0
