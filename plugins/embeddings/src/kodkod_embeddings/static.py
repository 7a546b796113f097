"""The feature `static-vectors`: a text is the mean of its words' vectors."""

from __future__ import annotations

import hashlib
from pathlib import Path

import msgspec
import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from kodkod.api import (
    LOCAL_MODELS,
    Feature,
    InvalidInputError,
    JobContext,
    TextBatch,
    allowed_roots,
    below_a_root,
)
from kodkod_embeddings.params import StaticVectorsParams
from kodkod_embeddings.word_vectors import Model2Vec, WordFile, WordVectors, is_model2vec, is_words

__all__ = ["StaticVectors"]

_FILE_NAME = "vectors.json"
_AT_ONCE = 1_024
_SAMPLE_BYTES = 1 << 20


class _Pinned(Struct, frozen=True):
    """What the vectors were when the feature was fitted."""

    fingerprint: str


class StaticVectors(Feature[StaticVectorsParams]):
    """Means of word vectors. Nothing is learnt; the file must stay what it was.

    Words are looked up as they are written, then in lower case; of a text without a known word
    the vector is 0. Averaged word vectors as a baseline of sentence embeddings: Arora, Liang and
    Ma (2017), "A simple but tough-to-beat baseline for sentence embeddings", ICLR.
    """

    _vectors: WordVectors | None = None
    _pinned: _Pinned | None = None

    def fit(self, batch: TextBatch, ctx: JobContext) -> None:
        """Read the vectors, so that what is wrong with them is told before anything is computed.

        Raises:
            InvalidInputError: they are not there, not for projects, or damaged.
        """
        self._pinned = None
        vectors = self._ready(ctx)
        known = vectors.share_known(list(batch.texts[:_AT_ONCE]))
        ctx.log(
            f"{self.params.vectors}: {len(vectors):,} entries of {vectors.dim} dimensions; "
            f"{known:.0%} of the words of the first texts are among them"
        )

    def transform(self, batch: TextBatch, ctx: JobContext) -> NDArray[np.float32]:
        """Return float32 `[n, dim]`.

        Raises:
            InvalidInputError: the vectors are not there, or no longer what they were.
        """
        vectors = self._ready(ctx)
        found = np.zeros((len(batch), vectors.dim), dtype=np.float32)
        for start in range(0, len(batch), _AT_ONCE):
            ctx.progress(start / len(batch), f"averaging words: text {start} of {len(batch)}")
            texts = batch.texts[start : start + _AT_ONCE]
            found[start : start + len(texts)] = vectors.means(list(texts))
        if self.params.normalise:
            lengths = np.linalg.norm(found, axis=1, keepdims=True)
            np.divide(found, lengths, out=found, where=lengths > 0)
        return found

    def save(self, folder: Path) -> None:
        """Write what the vectors are known again by."""
        pinned = self._pinned or _Pinned(_fingerprint(self._located()))
        (folder / _FILE_NAME).write_bytes(msgspec.json.encode(pinned))

    def load(self, folder: Path) -> None:
        """Read what `save` wrote."""
        self._pinned = msgspec.json.decode((folder / _FILE_NAME).read_bytes(), type=_Pinned)
        self._vectors = None

    def _ready(self, ctx: JobContext) -> WordVectors:
        if self._vectors is None:
            path = self._located()
            found = _Pinned(_fingerprint(path))
            if self._pinned is not None and self._pinned != found:
                raise InvalidInputError(
                    f"The vectors {self.params.vectors!r} are no longer those that the feature was "
                    "computed with; compute it again under another name.",
                    field="vectors",
                )
            self._pinned = found
            if path.is_dir():
                self._vectors = Model2Vec(path)
            else:
                self._vectors = WordFile(path, self.params.most_words, ctx)
        return self._vectors

    def _located(self) -> Path:
        roots = allowed_roots()
        path = below_a_root(
            self.params.vectors, roots, lambda each: is_words(each) or is_model2vec(each)
        )
        if path is None:
            where = f"below {LOCAL_MODELS}" if roots else f"here, as {LOCAL_MODELS} names no folder"
            raise InvalidInputError(
                f"There are no word vectors {self.params.vectors[:200]!r} {where}; ask the "
                f"administrator to put them into a folder that {LOCAL_MODELS} names.",
                field="vectors",
            )
        return path


def _fingerprint(path: Path) -> str:
    """Return what changes when the vectors do: sizes, and the ends of the largest file."""
    files = sorted(each for each in path.rglob("*") if each.is_file()) if path.is_dir() else [path]
    digest = hashlib.sha256()
    for file in files:
        size = file.stat().st_size
        digest.update(f"{file.name}:{size};".encode())
        with file.open("rb") as opened:
            digest.update(opened.read(_SAMPLE_BYTES))
            opened.seek(max(size - _SAMPLE_BYTES, 0))
            digest.update(opened.read(_SAMPLE_BYTES))
    return digest.hexdigest()
