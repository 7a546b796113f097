"""The feature `fine-tuned-embeddings`: texts as a model of the project sees them."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import torch
from msgspec import Struct
from numpy.typing import NDArray
from transformers import AutoModel, AutoTokenizer

from kodkod.api import BatchFit, Feature, InvalidInputError, JobContext, TextBatch, UnavailableError
from kodkod_transformers.device import at_once, quickest, the_device
from kodkod_transformers.loading import quiet
from kodkod_transformers.pooling import pooler_of
from kodkod_transformers.predicting import compute
from kodkod_transformers.tokenizing import readable_length, tokenize
from kodkod_transformers.tuned_embeddings_params import FineTunedEmbeddingsParams

__all__ = ["FineTunedEmbeddings"]

_FILE_NAME = "feature.json"


class _Taken(Struct, frozen=True):
    """The model of the project that it was made from."""

    model: str
    name: str


class FineTunedEmbeddings(Feature[FineTunedEmbeddingsParams]):
    """Pooled hidden states of a model's last layer.

    The weights are kept with the feature, so that rows added later are embedded by the same
    model even if that was deleted meanwhile. Where it can, a folder shares its files with the
    model's instead of copying them.
    """

    _taken: _Taken | None = None
    _folder: Path | None = None
    _encoder: Any = None
    _tokenizer: Any = None

    def __init__(self, params: FineTunedEmbeddingsParams) -> None:
        super().__init__(params)
        self._fits = BatchFit()

    def fit(self, batch: TextBatch, ctx: JobContext) -> None:
        """Look the model up and load it.

        Raises:
            InvalidInputError: the project has no such model, or it is no transformer.
            UnavailableError: its folder is damaged.
        """
        model = ctx.artefacts.model(self.params.model)
        if not (model.folder / "config.json").is_file():
            raise InvalidInputError(
                f"The model {model.name!r} ({model.component}) has no vectors of its own; choose "
                "one that was fine-tuned.",
                field="model",
            )
        self._taken, self._folder, self._encoder = _Taken(model.id, model.name), model.folder, None
        self._load()
        ctx.log(f"{model.name}: {self._encoder.config.hidden_size} dimensions")

    def transform(self, batch: TextBatch, ctx: JobContext) -> NDArray[np.float32]:
        """Return float32 `[n, hidden]`.

        Raises:
            UnavailableError: the folder is damaged, or memory does not suffice for one text.
        """
        self._load()
        encoder, tokenizer = self._encoder, self._tokenizer
        tokens = tokenize(tokenizer, batch.texts, ctx, readable_length(encoder.config, tokenizer))
        pool = pooler_of(
            encoder,
            tokenizer.pad_token_id or 0,
            self.params.pooling,
            normalise=self.params.normalise,
        )
        width = encoder.config.hidden_size
        return compute(
            tokens, pool, width, at_once(encoder, self.params.batch_tokens), ctx, self._fits
        )

    def save(self, folder: Path) -> None:
        """Write the model's files (its weights shared with the model's, where that can be)."""
        if self._folder is None or self._taken is None:
            raise InvalidInputError("The feature knows no model yet; compute it first.")
        (folder / "model").mkdir()
        for file in sorted(self._folder.iterdir()):
            if file.is_file():
                _share(file, folder / "model" / file.name)
        (folder / _FILE_NAME).write_bytes(msgspec.json.encode(self._taken))

    def load(self, folder: Path) -> None:
        """Read what `save` wrote."""
        self._taken = msgspec.json.decode((folder / _FILE_NAME).read_bytes(), type=_Taken)
        self._folder, self._encoder = folder / "model", None

    def _load(self) -> None:
        if self._encoder is not None:
            return
        if self._folder is None:
            raise InvalidInputError("The feature knows no model yet; compute it first.")
        given = {"local_files_only": True, "trust_remote_code": False}
        try:
            with quiet():
                self._tokenizer = AutoTokenizer.from_pretrained(self._folder, **given)
                encoder = AutoModel.from_pretrained(
                    self._folder, **given, use_safetensors=True, dtype=torch.float32
                )
        except Exception as error:  # each library below raises errors of its own
            name = self._taken.name if self._taken else ""
            raise UnavailableError(
                f"the files of the model {name!r} are damaged ({type(error).__name__}); train it "
                "again"
            ) from error
        self._encoder = quickest(encoder.eval().to(the_device()), "auto")


def _share(source: Path, target: Path) -> None:
    try:
        os.link(source, target)
    except OSError:
        # Another file system, or one without links.
        shutil.copyfile(source, target)
