"""The model `span-tagger`: an encoder that marks stretches of a text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from msgspec.structs import replace
from transformers import AutoModelForTokenClassification

from kodkod.api import (
    BatchFit,
    Exportable,
    InvalidInputError,
    JobContext,
    ModelNotes,
    SpanModel,
    SpanPrediction,
    TextBatch,
    TrainingSet,
)
from kodkod_transformers.adapting import adapt, merged
from kodkod_transformers.bio import TagSet
from kodkod_transformers.device import seed_everything, the_device
from kodkod_transformers.fingerprint import fingerprint
from kodkod_transformers.holding_out import hold_out
from kodkod_transformers.loading import find_pretrained, load_tokenizer, load_weights
from kodkod_transformers.loop import train
from kodkod_transformers.span_export import export_tagger
from kodkod_transformers.span_files import TaughtSpans, load_tagger, read_taught, write_tagger
from kodkod_transformers.span_lesson import SpanLesson, spans_in, tags_for
from kodkod_transformers.span_network import SpanNetwork
from kodkod_transformers.span_params import SpanTaggerParams
from kodkod_transformers.span_passages import frame_of, passages_of, read_tokens
from kodkod_transformers.span_reading import TaggedTexts, log_probs_of, tag_texts
from kodkod_transformers.span_task import SpanTask
from kodkod_transformers.tokenizing import readable_length

__all__ = ["SpanTagger"]

_CHARACTERS_AT_ONCE = 1_000_000
"""Texts are tagged so many characters at a time, so that memory does not grow with their number."""


class SpanTagger(SpanModel[SpanTaggerParams], Exportable):
    """Token classification with tags B, I and O, read by a Viterbi search for valid ones."""

    _network: SpanNetwork | None = None
    _tokenizer: Any = None
    _taught: TaughtSpans | None = None

    def __init__(self, params: SpanTaggerParams) -> None:
        super().__init__(params)
        self._fits = BatchFit()

    def fit(self, data: TrainingSet, ctx: JobContext) -> None:
        """Fine-tune.

        Raises:
            InvalidInputError: no text has a span, or there is no such model.
            UnavailableError: the model cannot be had, or memory does not suffice.
        """
        tags = tags_for(data.labels, spans_in(data))
        found, config = find_pretrained(self.params.model, self.params.revision)
        tokenizer = load_tokenizer(found)
        readable = readable_length(config, tokenizer)
        lesson = SpanLesson.of(data, tags, tokenizer, readable, self.params, ctx)
        seed_everything(data.seed)
        model = load_weights(
            AutoModelForTokenClassification,
            found,
            num_labels=tags.n_layers * tags.n_tags,
            ignore_mismatched_sizes=True,
        )
        adapted = adapt(model.to(the_device()), self.params, ctx)
        network = self._networked(adapted, tokenizer, tags)
        task = SpanTask(network, lesson, self.params.batch_tokens)
        learn, held_out = map(
            lesson.passages_in, hold_out(data.targets, self.params.held_out, data.seed)
        )
        run = fingerprint(data, self.params, found.commit)
        train(task, learn, held_out, self.params, seed=data.seed, run=run, ctx=ctx)
        self._network = self._networked(merged(adapted).eval(), tokenizer, tags)
        self._tokenizer = tokenizer
        self._taught = TaughtSpans(
            labels=data.labels,
            tags=tags,
            boundaries=lesson.boundaries,
            max_length=lesson.max_length,
            base=found.name,
            commit=found.commit,
        )

    def predict_spans(self, batch: TextBatch, ctx: JobContext) -> SpanPrediction:
        """Mark the spans. They overlap only if spans of different labels did in training."""
        _, taught = self._ready()
        prediction = SpanPrediction(
            spans=[],
            scores=[],
            probabilities=np.zeros((len(batch), len(taught.labels)), dtype=np.float32),
        )
        for start, stop in _chunks(batch.texts):
            tagged = self._tag(batch.texts, start, stop, ctx)
            for found in tagged.spans:
                prediction.spans.append([each.span for each in found])
                prediction.scores.append([each.score for each in found])
            prediction.probabilities[start:stop, taught.columns] = tagged.probabilities
        return prediction

    def save(self, folder: Path) -> None:
        """Write a folder that transformers loads by itself."""
        network, taught = self._ready()
        write_tagger(folder, network.model, self._tokenizer, taught)

    def load(self, folder: Path) -> None:
        """Read what `save` wrote."""
        self._taught = read_taught(folder)
        model, self._tokenizer = load_tagger(folder)
        self._network = self._networked(model.to(the_device()), self._tokenizer, self._taught.tags)

    def export(self, folder: Path, form: str, labels: Sequence[str], ctx: JobContext) -> ModelNotes:
        """Write it for others, with the labels as they are called now."""
        network, taught = self._ready()
        named = dict(zip(taught.labels, labels, strict=True))
        layers = tuple(tuple(named[label] for label in layer) for layer in taught.tags.layers)
        renamed = replace(taught, labels=tuple(labels), tags=TagSet(layers))
        return export_tagger(folder, form, network.model, self._tokenizer, renamed, ctx)

    def _tag(self, texts: Sequence[str], start: int, stop: int, ctx: JobContext) -> TaggedTexts:
        network, taught = self._ready()
        ctx.progress(start / len(texts), f"{start} of {len(texts)} texts")
        tokens = read_tokens(self._tokenizer, texts[start:stop], taught.boundaries)
        frame = frame_of(self._tokenizer)
        passages = [
            passage
            for i, each in enumerate(tokens)
            for passage in passages_of(i, each, taught.max_length, frame)
        ]

        def tell(done: int) -> None:
            share = (start + (stop - start) * done / len(passages)) / len(texts)
            ctx.progress(share, f"{int(share * len(texts))} of {len(texts)} texts")

        budget = self.params.batch_tokens
        said = log_probs_of(network, passages, budget, ctx, tell=tell, fits=self._fits)
        return tag_texts(network.tags, passages, said, tokens, range(len(tokens)))

    def _networked(self, model: Any, tokenizer: Any, tags: TagSet) -> SpanNetwork:
        return SpanNetwork(model, tags, tokenizer.pad_token_id or 0, self.params.precision)

    def _ready(self) -> tuple[SpanNetwork, TaughtSpans]:
        if self._network is None or self._taught is None:
            raise InvalidInputError("The model has learnt nothing yet; train it first.")
        return self._network, self._taught


def _chunks(texts: Sequence[str]) -> Iterator[tuple[int, int]]:
    start = characters = 0
    for i, text in enumerate(texts):
        if characters and characters + len(text) > _CHARACTERS_AT_ONCE:
            yield start, i
            start, characters = i, 0
        characters += len(text)
    if start < len(texts):
        yield start, len(texts)
