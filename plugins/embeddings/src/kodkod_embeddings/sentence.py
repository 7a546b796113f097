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

from kodkod.api import BatchFit, Feature, JobContext, TextBatch, in_halves
from kodkod_embeddings.batching import token_batches
from kodkod_embeddings.encoder import load_encoder
from kodkod_embeddings.locate import allowed_roots, locate
from kodkod_embeddings.params import SentenceEmbeddingsParams

__all__ = ["SentenceEmbeddings"]

FILE_NAME = "encoder.json"
TOKENISED_AT_ONCE = 1_024
"""Texts tokenised between two reports of progress."""
_REMEDY = "lower max_length, or choose a smaller model"


class _Pinned(Struct, frozen=True):
    """What is saved: the weights stay where they are."""

    model: str
    revision: str | None


class SentenceEmbeddings(Feature[SentenceEmbeddingsParams]):
    """Vectors of a fixed sentence encoder. Nothing is learnt but the version of the model."""

    _encoder: SentenceTransformer | None = None
    _revision: str | None = None

    def __init__(self, params: SentenceEmbeddingsParams) -> None:
        super().__init__(params)
        self._fits = BatchFit()

    def fit(self, batch: TextBatch, ctx: JobContext) -> None:
        """Load the model, so that one that is missing is told before anything is computed.

        Raises:
            InvalidInputError: there is no such model, or not for projects.
            UnavailableError: it is not on this machine and cannot be fetched.
        """
        encoder = self._ready()
        ctx.log(
            f"{self.params.model}: {encoder.get_embedding_dimension()} dimensions, reads "
            f"{encoder.max_seq_length} tokens, {encoder.dtype} on {encoder.device}"
        )

    def transform(self, batch: TextBatch, ctx: JobContext) -> NDArray[np.float32]:
        """Return `[n, dim]`. A text's vector is the same in any batch but for rounding.

        Raises:
            InvalidInputError: there is no such model, or not for projects.
            UnavailableError: it is not on this machine, or memory does not suffice for one text.
        """
        encoder = self._ready()
        # A tokenizer takes no lone surrogates, which some exports of tweets contain.
        texts = [text.encode("utf-8", "replace").decode() for text in batch.texts]
        out = np.zeros((len(texts), encoder.get_embedding_dimension() or 0), dtype=np.float32)
        lengths = self._lengths(encoder, texts, ctx)
        batches = token_batches(lengths, self.params.batch_tokens)

        def encode(positions: NDArray[np.int64]) -> NDArray[np.float32]:
            return self._encode(encoder, [texts[i] for i in positions])

        for positions, vectors in in_halves(
            batches, encode, ctx, total=len(texts), fits=self._fits, remedy=_REMEDY
        ):
            out[positions] = vectors
        return out

    def save(self, folder: Path) -> None:
        """Write the model's name and version."""
        pinned = _Pinned(self.params.model, self._revision or self.params.revision)
        (folder / FILE_NAME).write_bytes(msgspec.json.encode(pinned))

    def load(self, folder: Path) -> None:
        """Read what `save` wrote; the same version is used from now on."""
        pinned = msgspec.json.decode((folder / FILE_NAME).read_bytes(), type=_Pinned)
        self._revision, self._encoder = pinned.revision, None

    def _ready(self) -> SentenceTransformer:
        if self._encoder is None:
            where = locate(self.params.model, allowed_roots())
            encoder, self._revision = load_encoder(where, self._revision or self.params.revision)
            if self.params.max_length is not None:
                most = encoder.max_seq_length or self.params.max_length
                encoder.max_seq_length = min(most, self.params.max_length)
            self._encoder = encoder
        return self._encoder

    def _prompt(self, encoder: SentenceTransformer) -> str:
        if self.params.prompt is not None:
            return self.params.prompt
        return encoder.prompts.get(encoder.default_prompt_name or "") or ""

    def _lengths(
        self, encoder: SentenceTransformer, texts: Sequence[str], ctx: JobContext
    ) -> NDArray[np.int64]:
        """Return how many tokens the model reads of each text, and log how many it cuts."""
        prompt, tokenizer = self._prompt(encoder), encoder.tokenizer
        lengths = np.zeros(len(texts), dtype=np.int64)
        for start in range(0, len(texts), TOKENISED_AT_ONCE):
            ctx.progress(0.0, f"splitting texts into tokens: {start} of {len(texts)}")
            chunk = [prompt + text for text in texts[start : start + TOKENISED_AT_ONCE]]
            tokens: Any = tokenizer(chunk, padding=False, truncation=False, verbose=False)
            lengths[start : start + len(chunk)] = [len(each) for each in tokens["input_ids"]]
        most = encoder.max_seq_length
        if most is None:
            return lengths
        if cut := int((lengths > most).sum()):
            ctx.log(f"{cut} of {len(texts)} texts are longer than {most} tokens and are cut there")
        return np.minimum(lengths, most)

    def _encode(self, encoder: SentenceTransformer, texts: list[str]) -> NDArray[np.float32]:
        vectors = encoder.encode(
            texts,
            prompt=self._prompt(encoder),
            batch_size=len(texts),
            convert_to_tensor=True,
            show_progress_bar=False,
        ).float()
        if self.params.normalise:
            vectors = torch.nn.functional.normalize(vectors, dim=1)
        return vectors.cpu().numpy()
