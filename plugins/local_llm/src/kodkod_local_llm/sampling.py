"""Which token comes next, among those that the grammar allows."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

__all__ = ["allowed_log_probabilities", "choose"]


def allowed_log_probabilities(logits: Tensor, masks: NDArray[np.int32]) -> Tensor:
    """Return log-probabilities among the tokens that are allowed, float32 `[n, vocabulary]`.

    `masks` is `[n, vocabulary / 32]`, a bit for each token, the lowest first, as llguidance
    fills it. The bits travel to the card, and are spread out there.
    """
    words = torch.from_numpy(masks).to(logits.device)
    places = torch.arange(32, device=logits.device, dtype=torch.int32)
    bits = ((words[:, :, None] >> places) & 1).flatten(1)[:, : logits.shape[1]]
    scores = logits.float().masked_fill(bits == 0, -torch.inf)
    return scores.log_softmax(-1)


def choose(
    log_probabilities: Tensor,
    temperature: float,
    top_p: float,
    generators: Sequence[np.random.Generator],
) -> Tensor:
    """Return the next token of each row, int64 `[n]`.

    At a temperature of 0 the most probable; else drawn by the row's own generator, whose draws
    do not depend on what else is in the batch, from the smallest set of tokens that `top_p` of the
    probability falls to (Holtzman et al. 2020, "The curious case of neural text degeneration").
    """
    if temperature == 0:
        return log_probabilities.argmax(-1)
    shares = (log_probabilities / temperature).softmax(-1)
    shares, tokens = shares.sort(dim=-1, descending=True, stable=True)
    summed = shares.double().cumsum(-1)
    before = summed - shares
    shares = shares.double().masked_fill(before >= top_p, 0)
    summed = shares.cumsum(-1)
    drawn = torch.tensor([each.random() for each in generators], dtype=torch.float64)
    wanted = drawn.to(summed.device)[:, None] * summed[:, -1:]
    place = torch.searchsorted(summed, wanted, right=True)
    last = (shares > 0).sum(-1, keepdim=True) - 1
    return tokens.gather(1, torch.minimum(place, last)).squeeze(1)
