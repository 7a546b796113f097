"""Forward passes over prompts of different lengths, with keys and values kept."""

from __future__ import annotations

import copy
from collections.abc import Sequence
from typing import Any

import torch
from msgspec import Struct
from torch import Tensor

from kodkod_local_llm.loading import LanguageModel
from kodkod_local_llm.prompting import common_beginning

__all__ = ["Kept", "go_on", "read_prompts"]

_WORTH_SHARING = 16
"""Tokens that prompts begin with alike, from which on they are read once."""


class Kept(Struct):
    """What is kept of prompts that were read: `mask`, int64 `[n, read]`, is 0 for padding."""

    cache: Any
    mask: Tensor

    def branch(self, rows: Tensor) -> Kept:
        """Return these prompts to go on from, each as often as it is named; keep all as it is."""
        cache = copy.copy(self.cache)
        # Selecting makes new tensors, so that those of the layers here stay as they were.
        cache.layers = [copy.copy(layer) for layer in self.cache.layers]
        branch = Kept(cache, self.mask)
        branch.select(rows)
        return branch

    def select(self, rows: Tensor) -> None:
        """Keep these prompts only; one that is named several times is there as often."""
        self.cache.batch_select_indices(rows)
        self.mask = self.mask[rows]


def read_prompts(
    llm: LanguageModel, prompts: Sequence[list[int]], follow: int
) -> tuple[Tensor, Kept]:
    """Return the logits after each prompt, `[n, vocabulary]`, and what is kept of it.

    Prompts are padded on the left, so that what follows comes right behind each, and a window
    that slides counts as it would for the prompt alone. What all begin with, such as a codebook,
    is read once, unless with `follow` more tokens the model's window is too short for the gap
    that this leaves.
    """
    longest = max(map(len, prompts))
    shared = common_beginning(prompts) if len(prompts) > 1 else 0
    if shared < _WORTH_SHARING or (llm.window is not None and longest + follow >= llm.window):
        return _read(llm, prompts)
    _, kept = _read(llm, [prompts[0][:shared]])
    kept.select(torch.zeros(len(prompts), dtype=torch.int64, device=llm.device))
    ids, more = _left_padded(llm, [each[shared:] for each in prompts])
    return go_on(llm, kept, ids, more, last=True)[:, -1], kept


def go_on(
    llm: LanguageModel, kept: Kept, ids: Tensor, more: Tensor, *, last: bool = False
) -> Tensor:
    """Read on where each prompt ends; return the logits, `[n, width, vocabulary]`.

    `ids` and their mask `more` are int64 `[n, width]`. `kept` grows by them. With `last` there
    are only the logits of the last column.
    """
    begun = kept.mask.sum(1, keepdim=True)
    kept.mask = torch.cat([kept.mask, more], dim=1)
    said = llm.model(
        input_ids=ids,
        attention_mask=kept.mask,
        position_ids=(begun + more.cumsum(1) - 1).clamp(min=0),
        past_key_values=kept.cache,
        use_cache=True,
        logits_to_keep=int(last),
    )
    return said.logits


def _read(llm: LanguageModel, prompts: Sequence[list[int]]) -> tuple[Tensor, Kept]:
    ids, mask = _left_padded(llm, prompts)
    said = llm.model(
        input_ids=ids,
        attention_mask=mask,
        position_ids=(mask.cumsum(1) - 1).clamp(min=0),
        use_cache=True,
        logits_to_keep=1,
    )
    return said.logits[:, -1], Kept(said.past_key_values, mask)


def _left_padded(llm: LanguageModel, rows: Sequence[list[int]]) -> tuple[Tensor, Tensor]:
    width = max(map(len, rows))
    ids = torch.full((len(rows), width), llm.filler)
    mask = torch.zeros_like(ids)
    for place, row in enumerate(rows):
        ids[place, width - len(row) :] = torch.tensor(row)
        mask[place, width - len(row) :] = 1
    return ids.to(llm.device), mask.to(llm.device)
