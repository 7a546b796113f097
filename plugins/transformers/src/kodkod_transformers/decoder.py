"""The model `decoder`: a causal language model with a head for labels."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from msgspec.structs import replace
from numpy.typing import NDArray
from torch import Tensor

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
    UnavailableError,
    reading_window,
)
from kodkod_transformers.adapting import adapt
from kodkod_transformers.classifier_files import Learnt, load_classifier, write_classifier
from kodkod_transformers.classifying import Classification, probabilities_of
from kodkod_transformers.decoder_export import export_decoder
from kodkod_transformers.decoder_files import (
    DecoderNotes,
    base_mark,
    read_adapter,
    read_notes,
    write_adapter,
    write_notes,
)
from kodkod_transformers.decoder_loading import dress, filler_of, load_base, padding_tokenizer
from kodkod_transformers.decoder_lora import LORA_TARGETS
from kodkod_transformers.decoder_params import DecoderParams
from kodkod_transformers.device import autocast, device_of, seed_everything, the_device
from kodkod_transformers.fingerprint import fingerprint
from kodkod_transformers.holding_out import hold_out
from kodkod_transformers.labels import label_columns
from kodkod_transformers.loading import find_pretrained
from kodkod_transformers.loop import train
from kodkod_transformers.predicting import compute, inputs_of
from kodkod_transformers.quantising import wants_4_bits
from kodkod_transformers.scores import best_thresholds
from kodkod_transformers.tokenizing import (
    Tokens,
    choose_length,
    cut_tokens,
    readable_length,
    tokenize,
)

__all__ = ["Decoder"]


class Decoder(Model[DecoderParams], Exportable):
    """A decoder whose last token says the label; LoRA (Hu et al. 2022) unless its rank is 0."""

    _model: Any = None
    _tokenizer: Any = None
    _notes: DecoderNotes | None = None

    def __init__(self, params: DecoderParams) -> None:
        super().__init__(params)
        self._fits = BatchFit()

    def fit(self, data: TrainingSet, ctx: JobContext) -> None:
        """Fine-tune; of several labels a text, choose thresholds on the held-out texts.

        Raises:
            InvalidInputError: the texts have all the same labels, or there is no such model.
            UnavailableError: the model cannot be had, or memory does not suffice.
        """
        columns, n_outputs = label_columns(data), len(label_columns(data).seen)
        four_bits = wants_4_bits(self.params, ctx)
        found, config = find_pretrained(self.params.model, self.params.revision)
        tokenizer = padding_tokenizer(found)
        texts = list(data.batch.texts)
        tokens = tokenize(tokenizer, texts, ctx)
        most = readable_length(config, tokenizer)
        max_length = choose_length(tokens.lengths, most, self.params.max_length, ctx)
        window = reading_window(texts, tokens.lengths.tolist(), max_length)
        tokens = _never_empty(cut_tokens(tokenizer, texts, tokens, max_length, ctx), tokenizer)
        seed_everything(data.seed)
        base = dress(load_base(found, self.params, n_outputs, four_bits=four_bits), tokenizer)
        model: Any = adapt(base, self._aimed(config, ctx), ctx)
        for each in model.parameters():
            if each.requires_grad:
                # Small steps would be lost in less.
                each.data = each.data.float()
        targets = columns.encode(data.targets)
        task = Classification(
            model, tokenizer.pad_token_id, tokens, targets, n_outputs, self.params
        )
        learn, held_out = hold_out(data.targets, self.params.held_out, data.seed)
        run = fingerprint(data, self.params, found.commit)
        train(task, learn, held_out, self.params, seed=data.seed, run=run, ctx=ctx)
        learnt = Learnt(
            columns=columns,
            max_length=max_length,
            base=found.name,
            commit=found.commit,
            window=window,
        )
        self._notes = DecoderNotes(
            learnt=learnt,
            adapter=bool(self.params.lora_rank),
            four_bits=four_bits,
            mark=base_mark(found),
        )
        self._model, self._tokenizer = self._ready_to_predict(model), tokenizer
        if columns.several and len(held_out):
            kept = Tokens([tokens.ids[i] for i in held_out], tokens.lengths[held_out])
            odds = probabilities_of(self._logits(kept, ctx), several=True)
            chosen = tuple(best_thresholds(targets[held_out], odds).tolist())
            self._notes = replace(self._notes, learnt=replace(learnt, thresholds=chosen))

    def predict_proba(
        self, batch: TextBatch, features: Matrix | None, ctx: JobContext
    ) -> NDArray[np.float32]:
        """Return `[n, n_labels]`."""
        learnt = self._ready().learnt
        tokens = tokenize(self._tokenizer, batch.texts, ctx, learnt.max_length)
        logits = self._logits(_never_empty(tokens, self._tokenizer), ctx)
        return learnt.columns.spread(probabilities_of(logits, several=learnt.columns.several))

    def thresholds(self) -> NDArray[np.float32] | None:
        """Return those chosen on the held-out texts; a label never seen has 0.5."""
        if self._notes is None or self._notes.learnt.thresholds is None:
            return None
        learnt = self._notes.learnt
        return learnt.columns.spread(np.array(learnt.thresholds, dtype=np.float32), empty=0.5)

    def window(self) -> ReadingWindow | None:
        """Return what it reads, where texts that it was taught with are longer."""
        return None if self._notes is None else self._notes.learnt.window

    def save(self, folder: Path) -> None:
        """Write LoRA's matrices and the head (a few MB), or where all was trained the model.

        The decoder itself is not copied: it stays where models are kept.
        """
        notes = self._ready()
        if notes.adapter:
            write_adapter(folder, self._model, self._tokenizer, notes)
        else:
            write_classifier(folder, self._model, self._tokenizer, notes.learnt)
            write_notes(folder, notes)

    def load(self, folder: Path) -> None:
        """Read what `save` wrote.

        Raises:
            UnavailableError: the folder is damaged, or the decoder that it was taught on is no
                longer there or another one.
        """
        notes = read_notes(folder)
        if notes.adapter:
            found, _ = find_pretrained(notes.learnt.base, notes.learnt.commit)
            if base_mark(found) != notes.mark:
                raise UnavailableError(
                    f"the decoder {found.name!r} is not the one that this model was taught on: its "
                    "weights were replaced; bring them back, or train the model again"
                )
            self._tokenizer = padding_tokenizer(found)
            four_bits = notes.four_bits and torch.cuda.is_available()
            base = load_base(
                found, self.params, len(notes.learnt.columns.seen), four_bits=four_bits
            )
            model = read_adapter(folder, dress(base, self._tokenizer))
        else:
            model, self._tokenizer = load_classifier(folder)
        self._notes = notes
        self._model = self._ready_to_predict(model.to(the_device()))

    def export(self, folder: Path, form: str, labels: Sequence[str], ctx: JobContext) -> ModelNotes:
        """Write it whole for others, with the labels as they are called now."""
        return export_decoder(
            folder, form, self._model, self._tokenizer, self._ready(), labels, ctx
        )

    def _aimed(self, config: Any, ctx: JobContext) -> DecoderParams:
        """Return the params with LoRA on the layers that suit the architecture."""
        if not self.params.lora_rank or self.params.lora_targets:
            return self.params
        targets = list(LORA_TARGETS.get(config.model_type, ()))
        ctx.log(f"LoRA is put on {', '.join(targets) or 'every linear layer'}")
        return replace(self.params, lora_targets=targets)

    def _ready_to_predict(self, model: Any) -> Any:
        """Add LoRA's matrices to the weights, which is quicker; 4 bits would round them off."""
        if self._notes is not None and self._notes.adapter and not _in_4_bits(model):
            model.merge_adapter()
        return model.eval()

    def _logits(self, tokens: Tokens, ctx: JobContext) -> NDArray[np.float32]:
        model, device = self._model, device_of(self._model)

        def run(rows: list[list[int]]) -> Tensor:
            with autocast(model, self.params.precision):
                return model(**inputs_of(rows, self._tokenizer.pad_token_id, device)).logits

        width = len(self._ready().learnt.columns.seen)
        return compute(tokens, run, width, self.params.batch_tokens, ctx, self._fits)

    def _ready(self) -> DecoderNotes:
        if self._notes is None:
            raise InvalidInputError("The model has learnt nothing yet; train it first.")
        return self._notes


def _in_4_bits(model: Any) -> bool:
    return bool(getattr(model.get_base_model(), "is_loaded_in_4bit", False))


def _never_empty(tokens: Tokens, tokenizer: Any) -> Tokens:
    """Return the tokens with one for each text that has none: the head must read something."""
    ids = [row or filler_of(tokenizer) for row in tokens.ids]
    return Tokens(ids, np.maximum(tokens.lengths, 1))
