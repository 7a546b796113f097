"""Texts cut into tokens once, and computed without going through them again."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import torch
from msgspec import Struct
from numpy.typing import NDArray
from sentence_transformers import SentenceTransformer
from sentence_transformers.sentence_transformer.modules import Pooling
from transformers import PreTrainedTokenizerBase

from kodkod.api import JobContext

__all__ = ["TokenTexts", "Tokens", "read_tokens", "token_counts"]

TOKENISED_AT_ONCE = 1_024
"""Texts tokenised between two reports of progress."""


class Tokens(Struct, frozen=True):
    """The tokens of each text as its model reads them, and how many texts are cut."""

    texts: list[dict[str, list[int]]]
    lengths: NDArray[np.int64]
    cut: int


class TokenTexts:
    """A sentence-transformers model whose texts are tokens already."""

    def __init__(self, model: SentenceTransformer, prompt: str) -> None:
        self.model = model
        self.prompt = prompt
        self._prompt_tokens = _left_out(model, prompt)

    @property
    def tokenizer(self) -> PreTrainedTokenizerBase:
        """Return the model's tokenizer."""
        return self.model.tokenizer

    @torch.inference_mode()
    def vectors(self, texts: Sequence[dict[str, list[int]]]) -> torch.Tensor:
        """Return `[n, dim]` on the model's device."""
        device = self.model.device
        columns = {name: [text[name] for text in texts] for name in texts[0]}
        padded = self.tokenizer.pad(columns, return_tensors="pt")
        features: dict[str, Any] = {name: each.to(device) for name, each in padded.items()}
        if self._prompt_tokens:
            features["prompt_length"] = self._prompt_tokens
        found: torch.Tensor = self.model(features)["sentence_embedding"]
        return found[:, : self.model.get_embedding_dimension()].float()


def read_tokens(reader: TokenTexts, texts: Sequence[str], ctx: JobContext) -> Tokens:
    """Cut texts into tokens, and long ones to what the model reads."""
    tokenizer, most = reader.tokenizer, reader.model.max_seq_length
    found: list[dict[str, list[int]]] = []
    cut = 0
    for start in range(0, len(texts), TOKENISED_AT_ONCE):
        ctx.progress(0.0, f"splitting texts into tokens: {start} of {len(texts)}")
        chunk = [reader.prompt + text for text in texts[start : start + TOKENISED_AT_ONCE]]
        tokens: Any = tokenizer(chunk, truncation=most is not None, max_length=most, verbose=False)
        names = [name for name in tokenizer.model_input_names if name in tokens]
        found.extend(
            dict(zip(names, each, strict=True))
            for each in zip(*(tokens[name] for name in names), strict=True)
        )
        cut += _cut(tokens, most)
    lengths = np.array([len(text["input_ids"]) for text in found], dtype=np.int64)
    return Tokens(found, lengths, cut)


def token_counts(reader: TokenTexts, texts: Sequence[str]) -> list[int]:
    """Return how many tokens each text has, with the prompt, however long it is."""
    if not texts:
        return []
    whole: Any = reader.tokenizer(
        [reader.prompt + text for text in texts], truncation=False, verbose=False
    )
    return [len(each) for each in whole["input_ids"]]


def _cut(tokens: Any, most: int | None) -> int:
    """Return how many texts were longer; a tokenizer that is not fast says as long or longer."""
    if most is None:
        return 0
    if tokens.encodings is None:
        return sum(len(each) >= most for each in tokens["input_ids"])
    return sum(bool(each.overflowing) for each in tokens.encodings)


def _left_out(model: SentenceTransformer, prompt: str) -> int:
    """Return how many tokens of the prompt the model's pooling leaves out."""
    poolings = [module for module in model if isinstance(module, Pooling)]
    if not prompt or all(pooling.include_prompt for pooling in poolings):
        return 0
    tokenizer: Any = model.tokenizer
    tokens: list[int] = tokenizer(prompt)["input_ids"]
    return len(tokens) - (tokens[-1] in tokenizer.all_special_ids)
