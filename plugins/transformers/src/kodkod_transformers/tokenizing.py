"""Texts to tokens, as many as the model reads."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from kodkod.api import JobContext

__all__ = ["Tokens", "choose_length", "cut_tokens", "readable_length", "tokenize"]

AT_ONCE = 1_024
"""Texts tokenised between two reports of progress."""

_UNBOUNDED = 1_000_000
_OFFSET_BY_PADDING = frozenset(
    {"camembert", "data2vec-text", "esm", "ibert", "longformer", "luke", "mpnet"}
    | {"roberta", "roberta-prelayernorm", "xlm-roberta", "xlm-roberta-xl", "xmod"}
)
"""Architectures that number positions from the padding token's number on."""


class Tokens(Struct, frozen=True):
    """The tokens of some texts, special ones included. `lengths` is int64 `[n]`."""

    ids: list[list[int]]
    lengths: NDArray[np.int64]


def tokenize(
    tokenizer: Any, texts: Sequence[str], ctx: JobContext, most: int | None = None
) -> Tokens:
    """Return the tokens of each text, `most` of them if that is given.

    Lone surrogates, which some exports of tweets contain, become question marks.
    """
    ids: list[list[int]] = []
    for start in range(0, len(texts), AT_ONCE):
        ctx.progress(0.0, f"splitting texts into tokens: {start} of {len(texts)}")
        part = texts[start : start + AT_ONCE]
        ids.extend(
            _encode(tokenizer, [each.encode("utf-8", "replace").decode() for each in part], most)
        )
    return Tokens(ids, np.array([len(row) for row in ids], dtype=np.int64))


def cut_tokens(
    tokenizer: Any, texts: Sequence[str], tokens: Tokens, most: int, ctx: JobContext
) -> Tokens:
    """Return the tokens of texts with those that have more than `most` read anew."""
    long: list[int] = np.flatnonzero(tokens.lengths > most).tolist()
    again = tokenize(tokenizer, [texts[i] for i in long], ctx, most)
    ids = list(tokens.ids)
    for i, row in zip(long, again.ids, strict=True):
        ids[i] = row
    return Tokens(ids, np.minimum(tokens.lengths, most))


def _encode(tokenizer: Any, texts: list[str], most: int | None) -> list[list[int]]:
    fast = getattr(tokenizer, "backend_tokenizer", None)
    if fast is None:
        found = tokenizer(
            texts, padding=False, truncation=most is not None, max_length=most, verbose=False
        )
        return found["input_ids"]
    # Without objects for offsets and words this takes half the time.
    fast.no_padding()
    if most is None:
        fast.no_truncation()
    else:
        fast.enable_truncation(most, direction=tokenizer.truncation_side)
    return [each.ids for each in fast.encode_batch_fast(texts)]


def readable_length(config: Any, tokenizer: Any) -> int:
    """Return the tokens that a model reads at most, of a text with its special tokens."""
    positions = getattr(config, "max_position_embeddings", None) or _UNBOUNDED
    if positions > 0 and config.model_type in _OFFSET_BY_PADDING:
        positions -= (config.pad_token_id or 0) + 1
    if getattr(config, "position_biased_input", True) is False:
        # DeBERTa's positions are relative: there is no table that could end.
        positions = _UNBOUNDED
    said = getattr(tokenizer, "model_max_length", None) or _UNBOUNDED
    most = int(min(positions if positions > 0 else _UNBOUNDED, said))
    return most if most < _UNBOUNDED else 512


def choose_length(
    lengths: NDArray[np.int64], most: int, wanted: int | None, ctx: JobContext
) -> int:
    """Return how many tokens are read of each text, and log why.

    Left open, it is what 95 % of the texts have, rounded up to a multiple of 8, as far as the
    model reads.
    """
    if wanted is not None:
        chosen, why = min(wanted, most), f"as asked, of {most} that the model can"
    else:
        usual = int(np.ceil(np.quantile(lengths, 0.95))) if len(lengths) else most
        chosen = min(max(16, -(-usual // 8) * 8), most)
        why = f"95 % of the texts have {usual} or fewer, and the model reads {most}"
    cut = int((lengths > chosen).sum())
    ctx.log(f"reads {chosen} tokens of a text ({why}); {cut} of {len(lengths)} texts are cut")
    return chosen
