"""From passages to spans: probabilities of tags put together by text, and read."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from kodkod.api import BatchFit, JobContext, in_halves, token_batches
from kodkod_transformers.bio import TaggedSpan, TagSet, read_spans
from kodkod_transformers.bio_viterbi import likeliest_tags
from kodkod_transformers.span_network import SpanNetwork
from kodkod_transformers.span_passages import Passage, TextTokens

__all__ = ["TaggedTexts", "log_probs_of", "tag_texts"]


class TaggedTexts(Struct, frozen=True):
    """The spans of some texts, and float32 `[n, k]`: how likely one of each label is in a text.

    `k` are the labels of the tag set, layer by layer. Where a label has spans it is the greatest
    of their scores, else the greatest probability of a unit to begin one.
    """

    spans: list[list[TaggedSpan]]
    probabilities: NDArray[np.float32]


def log_probs_of(
    network: SpanNetwork,
    passages: Sequence[Passage],
    batch_tokens: int,
    ctx: JobContext,
    *,
    tell: Callable[[int], None] | None = None,
    fits: BatchFit | None = None,
) -> list[NDArray[np.float32]]:
    """Return the log-probabilities of each passage's tags, `[stop - first, n_layers, n_tags]`.

    Passages of similar length are computed together. `tell` hears how many are done.
    """
    lengths = np.array([len(each.ids) for each in passages], dtype=np.int64)
    found: list[NDArray[np.float32]] = [_NOTHING] * len(passages)
    done = 0
    for places, said in in_halves(
        token_batches(lengths, batch_tokens),
        lambda places: network.log_probs([passages[i] for i in places]),
        ctx,
        fits=fits,
    ):
        for place, each in zip(places.tolist(), said, strict=True):
            found[place] = each
        done += len(places)
        if tell is not None:
            tell(done)
    return found


def tag_texts(
    tags: TagSet,
    passages: Sequence[Passage],
    log_probs: Sequence[NDArray[np.float32]],
    texts: Sequence[TextTokens],
    asked: Sequence[int],
) -> TaggedTexts:
    """Return the spans of the texts at the positions `asked`, whose passages are all given."""
    parts: dict[int, list[tuple[int, NDArray[np.float32]]]] = {text: [] for text in asked}
    for passage, each in zip(passages, log_probs, strict=True):
        parts[passage.text].append((passage.first, each))
    nothing = np.zeros((0, tags.n_layers, tags.n_tags), dtype=np.float32)
    whole = [
        np.concatenate([nothing, *(each for _, each in sorted(found, key=lambda part: part[0]))])
        for found in parts.values()
    ]
    spans = [
        read_spans(path, each, texts[text].units, tags)
        for text, path, each in zip(asked, likeliest_tags(whole), whole, strict=True)
    ]
    rows = [_by_label(tags, found, each) for found, each in zip(spans, whole, strict=True)]
    n_labels = sum(map(len, tags.layers))
    return TaggedTexts(spans, np.array(rows, dtype=np.float32).reshape(len(rows), n_labels))


def _by_label(
    tags: TagSet, spans: Sequence[TaggedSpan], log_probs: NDArray[np.float32]
) -> list[float]:
    chosen: dict[str, float] = {}
    for each in spans:
        label = each.span.label
        chosen[label] = max(each.score, chosen.get(label, 0.0))
    begins = np.exp(log_probs[:, :, 1::2].max(axis=0, initial=-np.inf))
    return [
        chosen.get(label, min(float(begins[layer, j]), 1.0))
        for layer, labels in enumerate(tags.layers)
        for j, label in enumerate(labels)
    ]


_NOTHING = np.zeros((0, 0, 0), dtype=np.float32)
