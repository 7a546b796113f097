"""The feature `sentence-embeddings`."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import torch
from msgspec import Struct
from numpy.typing import NDArray
from sentence_transformers import SentenceTransformer

from kodkod.api import (
    BatchFit,
    Feature,
    JobContext,
    ReadingWindow,
    TextBatch,
    allowed_roots,
    in_halves,
    locate_model,
    reading_window,
    token_batches,
)
from kodkod_embeddings.encoder import load_encoder
from kodkod_embeddings.params import SentenceEmbeddingsParams, fitting_tokens
from kodkod_embeddings.reading import TokenTexts, read_tokens, token_counts

__all__ = ["SentenceEmbeddings"]

FILE_NAME = "encoder.json"
# Of so many texts it is looked at how long they are.
_LOOKED_AT = 1_024
_REMEDY = "lower max_length, or choose a smaller model"


class _Pinned(Struct, frozen=True):
    """What is saved: the weights stay where they are."""

    model: str
    revision: str | None
    window: ReadingWindow | None = None


class SentenceEmbeddings(Feature[SentenceEmbeddingsParams]):
    """Vectors of a fixed encoder. Nothing is learnt but the version of the model."""

    _reader: TokenTexts | None = None
    _revision: str | None = None
    _window: ReadingWindow | None = None

    def __init__(self, params: SentenceEmbeddingsParams) -> None:
        super().__init__(params)
        self._fits = BatchFit()

    def fit(self, batch: TextBatch, ctx: JobContext) -> None:
        """Load the model, so that one that is missing is told before anything is computed.

        Raises:
            InvalidInputError: there is no such model, or not for projects.
            UnavailableError: it is not on this machine and cannot be fetched.
        """
        encoder = self._ready().model
        ctx.log(
            f"{self.params.model}: {encoder.get_embedding_dimension()} dimensions, reads "
            f"{encoder.max_seq_length} tokens, {encoder.dtype} on {encoder.device}"
        )
        some = list(batch.texts[:_LOOKED_AT])
        lengths = token_counts(self._ready(), some)
        self._window = reading_window(some, lengths, encoder.max_seq_length)

    def window(self) -> ReadingWindow | None:
        """Return what the model reads, where texts of the train split are longer."""
        return self._window

    def transform(self, batch: TextBatch, ctx: JobContext) -> NDArray[np.float32]:
        """Return `[n, dim]`. A text's vector is the same in any batch but for rounding.

        Raises:
            InvalidInputError: there is no such model, or not for projects.
            UnavailableError: it is not on this machine, or memory does not suffice for one text.
        """
        reader = self._ready()
        texts, places = _distinct(batch.texts)
        tokens = read_tokens(reader, texts, ctx)
        if tokens.cut:
            ctx.log(
                f"{tokens.cut} of {len(texts)} texts are longer than "
                f"{reader.model.max_seq_length} tokens and are cut there"
            )
        out = np.zeros((len(texts), reader.model.get_embedding_dimension() or 0), np.float32)

        def encode(positions: NDArray[np.int64]) -> NDArray[np.float32]:
            return self._encode(reader, [tokens.texts[i] for i in positions])

        budget = self.params.batch_tokens or _suitable(reader.model)
        for positions, vectors in in_halves(
            token_batches(tokens.lengths, budget),
            encode,
            ctx,
            total=len(texts),
            fits=self._fits,
            remedy=_REMEDY,
        ):
            out[positions] = vectors
        return out if places is None else out[places]

    def save(self, folder: Path) -> None:
        """Write the model's name and version."""
        revision = self._revision or self.params.revision
        pinned = _Pinned(self.params.model, revision, self._window)
        (folder / FILE_NAME).write_bytes(msgspec.json.encode(pinned))

    def load(self, folder: Path) -> None:
        """Read what `save` wrote; the same version is used from now on."""
        pinned = msgspec.json.decode((folder / FILE_NAME).read_bytes(), type=_Pinned)
        self._revision, self._window, self._reader = pinned.revision, pinned.window, None

    def _ready(self) -> TokenTexts:
        if self._reader is None:
            where = locate_model(self.params.model, allowed_roots())
            encoder, self._revision = load_encoder(
                where, self._revision or self.params.revision, self.params.pooling
            )
            if self.params.max_length is not None:
                most = encoder.max_seq_length or self.params.max_length
                encoder.max_seq_length = min(most, self.params.max_length)
            self._reader = TokenTexts(encoder, self._prompt(encoder))
        return self._reader

    def _prompt(self, encoder: SentenceTransformer) -> str:
        if self.params.prompt is not None:
            return self.params.prompt
        return encoder.prompts.get(encoder.default_prompt_name or "") or ""

    def _encode(self, reader: TokenTexts, texts: list[dict[str, Any]]) -> NDArray[np.float32]:
        vectors = reader.vectors(texts)
        if self.params.normalise:
            vectors = torch.nn.functional.normalize(vectors, dim=1)
        return vectors.cpu().numpy()


def _suitable(encoder: SentenceTransformer) -> int:
    on_card = encoder.device.type != "cpu"
    return fitting_tokens(on_card=on_card, threads=torch.get_num_threads())


def _distinct(texts: Sequence[str]) -> tuple[list[str], list[int] | None]:
    """Return each text once, and the place there of each that was given (None: all differ)."""
    # A tokenizer takes no lone surrogates, which some exports of tweets contain.
    clean = [text.encode("utf-8", "replace").decode() for text in texts]
    place = {text: number for number, text in enumerate(dict.fromkeys(clean))}
    if len(place) == len(clean):
        return clean, None
    return list(place), [place[text] for text in clean]
