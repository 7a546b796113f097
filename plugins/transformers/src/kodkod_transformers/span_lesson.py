"""What a span tagger makes of its training set before it learns."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any, cast

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from kodkod.api import InvalidInputError, JobContext, Span, TrainingSet
from kodkod_transformers.bio import TagSet, overlap_between_labels, write_tags
from kodkod_transformers.span_params import SpanTaggerParams
from kodkod_transformers.span_passages import (
    Passage,
    TextTokens,
    frame_of,
    passages_of,
    read_tokens,
)
from kodkod_transformers.span_units import Boundaries, boundaries_of

__all__ = ["SpanLesson", "spans_in", "tags_for"]

_LEAST = 128


class SpanLesson(Struct, frozen=True):
    """Texts as tokens, passages and tags; `values` are the spans that they should give."""

    values: list[list[Span]]
    boundaries: Boundaries
    max_length: int
    texts: list[TextTokens]
    passages: list[Passage]
    written: list[NDArray[np.int64]]

    @classmethod
    def of(
        cls,
        data: TrainingSet,
        tags: TagSet,
        tokenizer: Any,
        readable: int,
        params: SpanTaggerParams,
        ctx: JobContext,
    ) -> SpanLesson:
        """Prepare `data` for a model that reads at most `readable` tokens; log what was decided.

        Raises:
            InvalidInputError: no span can be learnt.
        """
        values, texts = spans_in(data), data.batch.texts
        boundaries = params.boundaries
        if boundaries == "auto":
            boundaries = boundaries_of(texts, values)
        ctx.progress(0.0, "splitting texts into tokens")
        tokens = read_tokens(tokenizer, texts, boundaries)
        frame = frame_of(tokenizer)
        max_length = _length(tokens, len(frame), readable, params.max_length)
        passages = [
            passage
            for i, each in enumerate(tokens)
            for passage in passages_of(i, each, max_length, frame)
        ]
        tagged = [
            write_tags(spans, each.units, tags) for spans, each in zip(values, tokens, strict=True)
        ]
        lesson = cls(
            values, boundaries, max_length, tokens, passages, [written for written, _ in tagged]
        )
        lesson.log(tags, sum(left_out for _, left_out in tagged), ctx)
        return lesson

    def log(self, tags: TagSet, left_out: int, ctx: JobContext) -> None:
        """Say what was decided.

        Raises:
            InvalidInputError: no span can be learnt.
        """
        spans = sum(map(len, self.values))
        if left_out == spans:
            raise InvalidInputError(
                "None of the spans has a token of its own (they are of white space); mark words."
            )
        how = "a layer each, as their spans overlap" if tags.n_layers > 1 else "one layer"
        ctx.log(
            f"{spans} spans of {sum(map(len, tags.layers))} labels ({how}) in {len(self.texts)} "
            f"texts; they begin and end at {self.boundaries}"
        )
        if left_out:
            ctx.log(
                f"{left_out} of them are not learnt: they overlap a longer one with the same "
                "label, or are of white space"
            )
        windows = Counter(each.text for each in self.passages)
        longer = sum(n > 1 for n in windows.values())
        ctx.log(
            f"reads {self.max_length} tokens at a time; {longer} texts have more and are read in "
            "windows that overlap"
        )

    def passages_in(self, texts: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return the positions of the passages of some texts, ascending."""
        chosen = set(texts.tolist())
        found = [i for i, each in enumerate(self.passages) if each.text in chosen]
        return np.array(found, dtype=np.int64)


def spans_in(data: TrainingSet) -> list[list[Span]]:
    """Return the spans of each text of a training set.

    Raises:
        InvalidInputError: its values are no spans.
    """
    values = data.values
    if values is None or not all(
        isinstance(value, list) and all(isinstance(each, Span) for each in value)
        for value in values
    ):
        raise InvalidInputError("This model learns spans; choose a scheme whose values are spans.")
    return cast("list[list[Span]]", list(values))


def tags_for(labels: Sequence[str], values: Sequence[Sequence[Span]]) -> TagSet:
    """Return the tags for the labels that are on a span.

    Raises:
        InvalidInputError: there is no span at all.
    """
    used = {span.label for spans in values for span in spans}
    seen = [label for label in labels if label in used]
    if not seen:
        raise InvalidInputError(
            "No text has a span, so there is nothing to learn; mark some spans first."
        )
    return TagSet.of(seen, overlapping=overlap_between_labels(values))


def _length(tokens: Sequence[TextTokens], special: int, readable: int, wanted: int | None) -> int:
    """Return how many tokens are read at a time: what 95 % of the texts have, if it can.

    Not less than 128, which cost nothing where texts are short, and longer ones are cut less.
    """
    if wanted is not None:
        return min(wanted, readable)
    usual = int(np.ceil(np.quantile([len(each.ids) for each in tokens], 0.95))) + special
    return min(max(_LEAST, -(-usual // 8) * 8), readable)
