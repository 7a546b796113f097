"""Vectors of words, from a text file or from model2vec's folder."""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Iterator, Sequence
from io import BufferedReader
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from kodkod.api import InvalidInputError, JobContext

__all__ = ["Model2Vec", "WordFile", "WordVectors", "is_model2vec", "is_words"]

_WORD = re.compile(r"\w+(?:['\u2019]\w+)*")
_ENDINGS = (".vec", ".txt", ".vec.gz", ".txt.gz")
_REPORT_EVERY = 5_000
_WIDEST = 10_000
_LONGEST_LINE = 1 << 20


class WordVectors(Protocol):
    """What gives texts the means of their words' vectors."""

    dim: int

    def __len__(self) -> int:
        """How many entries there are."""
        ...

    def means(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return float32 `[n, dim]`, 0 for a text without a known word."""
        ...

    def share_known(self, texts: Sequence[str]) -> float:
        """Return the share of the texts' words that have a vector."""
        ...


def is_words(path: Path) -> bool:
    """Tell whether a path is a text file of word vectors, by its name."""
    return path.name.endswith(_ENDINGS) and path.is_file()


def is_model2vec(path: Path) -> bool:
    """Tell whether a path is a folder of model2vec."""
    return all((path / name).is_file() for name in ("model.safetensors", "tokenizer.json"))


class WordFile:
    """A line for each word: the word, and its numbers, between spaces.

    fastText and word2vec have a line in front with the number of words and of dimensions, GloVe
    has none.
    """

    def __init__(self, path: Path, most_words: int, ctx: JobContext) -> None:
        self._place: dict[str, int] = {}
        rows: list[NDArray[np.float32]] = []
        self.dim = 0
        for number, line in _lines(path):
            word, *numbers = line.rstrip().split(" ")
            if number == 1 and len(numbers) == 1 and word.isdigit():
                continue
            row = _row(path, number, numbers, self.dim)
            self.dim = len(row)
            if word not in self._place:
                self._place[word] = len(rows)
                rows.append(row)
            if len(rows) == most_words:
                break
            if number % _REPORT_EVERY == 0:
                ctx.progress(None, f"reading word vectors: {len(rows):,}")
        if not rows:
            raise InvalidInputError(f"{path.name} has no word vectors.", field="vectors")
        self._matrix = np.stack(rows)

    def __len__(self) -> int:
        return len(self._matrix)

    def means(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return the means, each word counting as often as it occurs."""
        return _means(self._matrix, [self._places(text) for text in texts])

    def share_known(self, texts: Sequence[str]) -> float:
        """Return the share of the words that have a vector."""
        words = sum(len(_WORD.findall(text)) for text in texts)
        return sum(len(self._places(text)) for text in texts) / max(words, 1)

    def _places(self, text: str) -> list[int]:
        found = (
            self._place.get(word, self._place.get(word.lower(), -1)) for word in _WORD.findall(text)
        )
        return [place for place in found if place >= 0]


class Model2Vec:
    """model2vec's folder: a tokenizer, and a vector for each of its tokens.

    Tulkens and van Dongen (2024), "Model2Vec: fast state-of-the-art static embeddings". Tokens
    may share vectors (`mapping`) and weigh differently (`weights`).
    """

    def __init__(self, folder: Path) -> None:
        from safetensors.numpy import load_file
        from tokenizers import Tokenizer

        try:
            parts = load_file(folder / "model.safetensors")
            self._matrix = np.asarray(parts["embeddings"], dtype=np.float32)
            tokenizer: Any = Tokenizer.from_file(str(folder / "tokenizer.json"))
            model = json.loads((folder / "tokenizer.json").read_text(encoding="utf-8"))["model"]
        except Exception as error:  # the libraries raise errors of their own
            raise InvalidInputError(
                f"The model2vec folder {folder.name} cannot be read: {error}", field="vectors"
            ) from error
        n = tokenizer.get_vocab_size()
        self._mapping = np.asarray(parts.get("mapping", np.arange(len(self._matrix))), np.int64)
        self._weights = np.asarray(parts.get("weights", np.ones(len(self._mapping))), np.float32)
        if not len(self._mapping) == len(self._weights) >= n or self._matrix.ndim != 2:
            raise InvalidInputError(
                f"The model2vec folder {folder.name} has {n} tokens and {len(self._mapping)} "
                "vectors for them.",
                field="vectors",
            )
        tokenizer.no_padding()
        tokenizer.no_truncation()
        self._tokenizer = tokenizer
        unknown = model.get("unk_token") or model.get("unk_id")
        self._unknown = tokenizer.token_to_id(unknown) if isinstance(unknown, str) else unknown
        self.dim = int(self._matrix.shape[1])

    def __len__(self) -> int:
        return len(self._mapping)

    def means(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return the means of the tokens' vectors times their weights."""
        known = [self._known(ids) for ids in self._ids(texts)]
        flat = np.concatenate([np.zeros(0, dtype=np.int64), *known])
        vectors = self._matrix[self._mapping[flat]] * self._weights[flat][:, None]
        return _means(vectors, _runs([len(each) for each in known]))

    def share_known(self, texts: Sequence[str]) -> float:
        """Return the share of the tokens that are known."""
        all_ids = self._ids(texts)
        known = sum(len(self._known(ids)) for ids in all_ids)
        return known / max(sum(map(len, all_ids)), 1)

    def _ids(self, texts: Sequence[str]) -> list[NDArray[np.int64]]:
        # A tokenizer takes no lone surrogates.
        clean = [text.encode("utf-8", "replace").decode() for text in texts]
        encoded = self._tokenizer.encode_batch(clean, add_special_tokens=False)
        return [np.array(each.ids, dtype=np.int64) for each in encoded]

    def _known(self, ids: NDArray[np.int64]) -> NDArray[np.int64]:
        return ids if self._unknown is None else ids[ids != self._unknown]


def _means(matrix: NDArray[np.float32], places: Sequence[Sequence[int]]) -> NDArray[np.float32]:
    found = np.zeros((len(places), matrix.shape[1]), dtype=np.float32)
    for text, each in enumerate(places):
        if len(each):
            found[text] = matrix[each].mean(axis=0)
    return found


def _runs(lengths: Sequence[int]) -> list[range]:
    ends = np.cumsum(lengths, dtype=np.int64).tolist()
    return [range(end - length, end) for end, length in zip(ends, lengths, strict=True)]


def _lines(path: Path) -> Iterator[tuple[int, str]]:
    try:
        with _opened(path) as file:
            number = 0
            while line := file.readline(_LONGEST_LINE):
                number += 1
                # A word may be cut within a character where vectors were trained on bytes.
                yield number, line.decode("utf-8", "replace")
    except (OSError, EOFError) as error:
        raise InvalidInputError(f"{path.name} cannot be read: {error}", field="vectors") from error


def _opened(path: Path) -> gzip.GzipFile | BufferedReader:
    return gzip.open(path) if path.suffix == ".gz" else path.open("rb")


def _row(path: Path, number: int, numbers: list[str], dim: int) -> NDArray[np.float32]:
    try:
        row = np.array(numbers, dtype=np.float32)
    except ValueError as error:
        raise InvalidInputError(
            f"Line {number} of {path.name} is no word with its numbers: {error}", field="vectors"
        ) from error
    if not 0 < len(row) <= _WIDEST or (dim and len(row) != dim) or not np.isfinite(row).all():
        raise InvalidInputError(
            f"Line {number} of {path.name} has {len(row)} numbers, or one that is not finite, "
            f"where {dim or 'some'} were due.",
            field="vectors",
        )
    return row
