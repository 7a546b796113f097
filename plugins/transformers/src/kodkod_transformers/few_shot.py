"""The model `few-shot`: an encoder taught what is alike, and a logistic classifier on it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import torch
from msgspec import Struct
from numpy.typing import NDArray
from safetensors.numpy import load_file, save_file
from transformers import AutoModel, AutoTokenizer

from kodkod.api import (
    BatchFit,
    InvalidInputError,
    JobContext,
    Matrix,
    Model,
    ReadingWindow,
    TextBatch,
    TrainingSet,
    UnavailableError,
    reading_window,
)
from kodkod_transformers.classifying import probabilities_of
from kodkod_transformers.contrasting import Contrast
from kodkod_transformers.device import at_once, quickest, seed_everything, the_device
from kodkod_transformers.few_shot_params import FewShotParams
from kodkod_transformers.fingerprint import fingerprint
from kodkod_transformers.head import Head, fit_head
from kodkod_transformers.labels import LabelColumns, label_columns
from kodkod_transformers.loading import find_pretrained, load_tokenizer, load_weights, quiet
from kodkod_transformers.loop import train
from kodkod_transformers.pairs import make_pairs
from kodkod_transformers.pooling import pooler_of
from kodkod_transformers.predicting import compute
from kodkod_transformers.tokenizing import (
    Tokens,
    choose_length,
    cut_tokens,
    readable_length,
    tokenize,
)
from kodkod_transformers.training_params import TrainingParams

__all__ = ["FewShot"]

_HEAD, _ABOUT = "head.safetensors", "few-shot.json"


class _About(Struct, frozen=True, kw_only=True):
    columns: LabelColumns
    max_length: int
    window: ReadingWindow | None = None


class FewShot(Model[FewShotParams]):
    """SetFit (Tunstall et al. 2022) for a few dozen labels.

    The encoder learns from pairs that texts of one label are alike; then its vectors are
    classified. With `pairs` 0 only the classifier is learnt.
    """

    _encoder: Any = None
    _quick: Any = None
    _tokenizer: Any = None
    _about: _About | None = None
    _head: Head | None = None

    def __init__(self, params: FewShotParams) -> None:
        super().__init__(params)
        self._fits = BatchFit()

    def fit(self, data: TrainingSet, ctx: JobContext) -> None:
        """Learn the encoder, then the classifier.

        Raises:
            InvalidInputError: the texts have all the same labels, or there is no such model.
            UnavailableError: the model cannot be had, or memory does not suffice.
        """
        columns = label_columns(data)
        found, config = find_pretrained(self.params.model, self.params.revision)
        tokenizer = load_tokenizer(found)
        texts = list(data.batch.texts)
        tokens = tokenize(tokenizer, texts, ctx)
        most = readable_length(config, tokenizer)
        length = choose_length(tokens.lengths, most, self.params.max_length, ctx)
        window = reading_window(texts, tokens.lengths.tolist(), length)
        tokens = cut_tokens(tokenizer, texts, tokens, length, ctx)
        seed_everything(data.seed)
        encoder = load_weights(AutoModel, found).to(the_device())
        self._encoder, self._tokenizer, self._quick = encoder, tokenizer, None
        self._about = _About(columns=columns, max_length=length, window=window)
        targets = columns.encode(data.targets)
        if self.params.pairs:
            run = fingerprint(data, self.params, found.commit)
            self._contrast(tokens, targets, data.seed, run, ctx)
        encoder.eval()
        self._head = fit_head(
            self._vectors(tokens, ctx),
            targets,
            len(columns.seen),
            self.params.regularisation,
            ctx,
            balanced=self.params.class_weights == "balanced",
        )

    def predict_proba(
        self, batch: TextBatch, features: Matrix | None, ctx: JobContext
    ) -> NDArray[np.float32]:
        """Return `[n, n_labels]`."""
        head, about = self._ready()
        tokens = tokenize(self._tokenizer, batch.texts, ctx, about.max_length)
        logits = head.logits(self._vectors(tokens, ctx))
        return about.columns.spread(probabilities_of(logits, several=about.columns.several))

    def window(self) -> ReadingWindow | None:
        """Return what it reads, where texts that it was taught with are longer."""
        return None if self._about is None else self._about.window

    def save(self, folder: Path) -> None:
        """Write the encoder as transformers does, and the classifier as safetensors."""
        head, about = self._ready()
        # Who reads the folder otherwise, as a feature does, reads as much of a text.
        self._tokenizer.model_max_length = about.max_length
        with quiet():
            self._encoder.save_pretrained(folder)
            self._tokenizer.save_pretrained(folder)
        save_file({"weights": head.weights, "biases": head.biases}, folder / _HEAD)
        (folder / _ABOUT).write_bytes(msgspec.json.encode(about))

    def load(self, folder: Path) -> None:
        """Read what `save` wrote.

        Raises:
            UnavailableError: the folder is damaged.
        """
        given = {"local_files_only": True, "trust_remote_code": False}
        try:
            self._about = msgspec.json.decode((folder / _ABOUT).read_bytes(), type=_About)
            self._head = Head(**load_file(folder / _HEAD))
            with quiet():
                self._tokenizer = AutoTokenizer.from_pretrained(folder, **given)
                encoder = AutoModel.from_pretrained(
                    folder, **given, use_safetensors=True, dtype=torch.float32
                )
        except Exception as error:  # each library below raises errors of its own
            raise UnavailableError(
                f"the model's folder is damaged ({type(error).__name__}); train it again"
            ) from error
        self._encoder, self._quick = encoder.eval().to(the_device()), None

    def _contrast(
        self, tokens: Tokens, targets: NDArray[Any], seed: int, run: str, ctx: JobContext
    ) -> None:
        params = self.params
        pairs = make_pairs(targets, params.pairs, params.max_pairs, seed)
        if not len(pairs.left):
            return
        ctx.log(f"teaches the encoder by {len(pairs.left)} pairs of {len(tokens.ids)} texts")
        pool = pooler_of(self._encoder, self._filler, params.pooling, normalise=False)
        everything = np.arange(len(pairs.left), dtype=np.int64)
        train(
            Contrast(self._encoder, pool, tokens, pairs),
            everything,
            everything[:0],
            TrainingParams(
                epochs=1,
                learning_rate=params.learning_rate,
                batch_size=params.batch_size,
                batch_tokens=params.batch_tokens,
                checkpoint_seconds=params.checkpoint_seconds,
            ),
            seed=seed,
            run=run,
            ctx=ctx,
        )

    def _vectors(self, tokens: Tokens, ctx: JobContext) -> NDArray[np.float32]:
        if self._quick is None:
            self._quick = quickest(self._encoder, "auto")
        # Vectors of length 1 make one strength of regularisation fit all encoders.
        pool = pooler_of(self._quick, self._filler, self.params.pooling, normalise=True)
        width = self._encoder.config.hidden_size
        return compute(
            tokens, pool, width, at_once(self._quick, self.params.batch_tokens), ctx, self._fits
        )

    @property
    def _filler(self) -> int:
        return self._tokenizer.pad_token_id or 0

    def _ready(self) -> tuple[Head, _About]:
        if self._head is None or self._about is None:
            raise InvalidInputError("The model has learnt nothing yet; train it first.")
        return self._head, self._about
