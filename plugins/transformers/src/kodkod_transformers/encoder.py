"""The model `encoder`: a pretrained encoder, fine-tuned on the annotations."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from transformers import AutoModelForSequenceClassification

from kodkod.api import (
    BatchFit,
    Exportable,
    InvalidInputError,
    JobContext,
    Matrix,
    Model,
    ModelNotes,
    ReadingWindow,
    TextBatch,
    TrainingSet,
    reading_window,
)
from kodkod_transformers.adapting import adapt, merged
from kodkod_transformers.classifier_files import (
    Learnt,
    load_classifier,
    read_learnt,
    write_classifier,
)
from kodkod_transformers.classifying import Classification, probabilities_of
from kodkod_transformers.device import quickest, seed_everything, the_device
from kodkod_transformers.encoder_params import EncoderParams
from kodkod_transformers.exporting import export_classifier
from kodkod_transformers.fingerprint import fingerprint
from kodkod_transformers.holding_out import hold_out
from kodkod_transformers.labels import label_columns
from kodkod_transformers.loading import find_pretrained, load_tokenizer, load_weights
from kodkod_transformers.loop import train
from kodkod_transformers.predicting import logits_of
from kodkod_transformers.scores import best_thresholds
from kodkod_transformers.tokenizing import (
    Tokens,
    choose_length,
    cut_tokens,
    readable_length,
    tokenize,
)

__all__ = ["Encoder"]


class Encoder(Model[EncoderParams], Exportable):
    """An encoder with a new head of as many outputs as labels were seen.

    Devlin et al. (2019), "BERT: pre-training of deep bidirectional transformers".
    """

    _model: Any = None
    _quick: Any = None
    _tokenizer: Any = None
    _learnt: Learnt | None = None

    def __init__(self, params: EncoderParams) -> None:
        super().__init__(params)
        self._fits = BatchFit()

    def fit(self, data: TrainingSet, ctx: JobContext) -> None:
        """Fine-tune; of several labels a text, choose thresholds on the held-out texts.

        Raises:
            InvalidInputError: the texts have all the same labels, or there is no such model.
            UnavailableError: the model cannot be had, or memory does not suffice.
        """
        columns = label_columns(data)
        found, config = find_pretrained(self.params.model, self.params.revision)
        tokenizer = load_tokenizer(found)
        texts = list(data.batch.texts)
        tokens, max_length, window = self._read(tokenizer, config, texts, ctx)
        seed_everything(data.seed)
        model = load_weights(
            AutoModelForSequenceClassification,
            found,
            num_labels=len(columns.seen),
            ignore_mismatched_sizes=True,
        )
        adapted = adapt(model.to(the_device()), self.params, ctx)
        targets = columns.encode(data.targets)
        task = Classification(
            adapted, _filler(tokenizer), tokens, targets, len(columns.seen), self.params
        )
        learn, held_out = hold_out(data.targets, self.params.held_out, data.seed)
        run = fingerprint(data, self.params, found.commit)
        train(task, learn, held_out, self.params, seed=data.seed, run=run, ctx=ctx)
        self._model, self._tokenizer = merged(adapted).eval(), tokenizer
        self._quick = None
        thresholds = None
        if columns.several and len(held_out):
            odds = probabilities_of(task.logits(held_out, ctx), several=True)
            thresholds = tuple(best_thresholds(targets[held_out], odds).tolist())
        self._learnt = Learnt(
            columns=columns,
            max_length=max_length,
            base=found.name,
            commit=found.commit,
            thresholds=thresholds,
            window=window,
        )

    def predict_proba(
        self, batch: TextBatch, features: Matrix | None, ctx: JobContext
    ) -> NDArray[np.float32]:
        """Return `[n, n_labels]`."""
        _, learnt = self._ready()
        if self._quick is None:
            self._quick = quickest(self._model, self.params.precision)
        tokens = tokenize(self._tokenizer, batch.texts, ctx, learnt.max_length)
        logits = logits_of(
            self._quick, _filler(self._tokenizer), tokens, self.params.batch_tokens, ctx, self._fits
        )
        return learnt.columns.spread(probabilities_of(logits, several=learnt.columns.several))

    def thresholds(self) -> NDArray[np.float32] | None:
        """Return those chosen on the held-out texts; a label never seen has 0.5."""
        if self._learnt is None or self._learnt.thresholds is None:
            return None
        chosen = np.array(self._learnt.thresholds, dtype=np.float32)
        return self._learnt.columns.spread(chosen, empty=0.5)

    def window(self) -> ReadingWindow | None:
        """Return what it reads, where texts that it was taught with are longer."""
        return None if self._learnt is None else self._learnt.window

    def save(self, folder: Path) -> None:
        """Write a folder that transformers loads by itself."""
        model, learnt = self._ready()
        write_classifier(folder, model, self._tokenizer, learnt)

    def load(self, folder: Path) -> None:
        """Read what `save` wrote."""
        self._learnt = read_learnt(folder)
        self._model, self._tokenizer = load_classifier(folder)
        self._model.to(the_device())
        self._quick = None

    def export(self, folder: Path, form: str, labels: Sequence[str], ctx: JobContext) -> ModelNotes:
        """Write it for others, with the labels as they are called now."""
        model, learnt = self._ready()
        return export_classifier(folder, form, model, self._tokenizer, learnt, labels, ctx)

    def _read(
        self, tokenizer: Any, config: Any, texts: list[str], ctx: JobContext
    ) -> tuple[Tokens, int, ReadingWindow | None]:
        tokens = tokenize(tokenizer, texts, ctx)
        most = readable_length(config, tokenizer)
        max_length = choose_length(tokens.lengths, most, self.params.max_length, ctx)
        window = reading_window(texts, tokens.lengths.tolist(), max_length)
        return cut_tokens(tokenizer, texts, tokens, max_length, ctx), max_length, window

    def _ready(self) -> tuple[Any, Learnt]:
        if self._learnt is None:
            raise InvalidInputError("The model has learnt nothing yet; train it first.")
        return self._model, self._learnt


def _filler(tokenizer: Any) -> int:
    return tokenizer.pad_token_id or 0
