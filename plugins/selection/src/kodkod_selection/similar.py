"""Texts like one text, or like a few."""

from __future__ import annotations

from typing import Annotated

import numpy as np
from numpy.typing import NDArray

from kodkod.api import InvalidParamsError, Params, Pool, Strategy, easy, medium, pro
from kodkod_selection.ranking import highest_first
from kodkod_selection.reading import given
from kodkod_selection.vectors import embedded, row_blocks, squared_lengths, unit

__all__ = ["Similar", "SimilarParams", "cosines"]


class SimilarParams(Params, frozen=True):
    """What to be like; of several, their mean direction."""

    text: Annotated[
        str, easy("A sentence that such a text could be, or a description of it", max_length=10_000)
    ] = ""
    rows: Annotated[
        tuple[int, ...], medium("Numbers of texts of the corpus to be like", max_length=1_000)
    ] = ()
    vector: Annotated[
        tuple[float, ...],
        pro("An embedding to be near to, from the same feature", max_length=100_000),
    ] = ()


class Similar(Strategy[SimilarParams]):
    """Cosine between the embeddings of x and of what is asked for, highest first.

    Relevance ranking in the vector space model (Salton, Wong and Yang 1975) over embeddings.
    Several examples count as the mean of their directions (Rocchio 1971). Time O(n dim), memory
    O(n) and a block.

    Helps before there is any label: a sentence brings up the first examples of a rare kind. Hurts
    as training data: what is found is what was thought of.
    """

    def order(self, pool: Pool) -> NDArray[np.int64]:
        """Return rows by falling similarity, ties by row, those without embedding last.

        Raises:
            InvalidParamsError: nothing is asked for, or what is has no embedding that fits.
        """
        wanted = np.stack(self._wanted(pool))
        return highest_first(pool, cosines(pool, unit(wanted).mean(axis=0)))

    def _wanted(self, pool: Pool) -> list[NDArray[np.float32]]:
        embeddings, known = given(pool.embeddings, "embeddings"), embedded(pool)
        wanted = [] if pool.query is None else [pool.query]
        for row in self.params.rows:
            if not 0 <= row < pool.n or not known[row]:
                raise InvalidParamsError(f"Text number {row} has no embedding.", field="rows")
            wanted.append(embeddings[row])
        if self.params.vector:
            wanted.append(np.array(self.params.vector, dtype=np.float32))
        if not wanted:
            raise InvalidParamsError(
                "Similar to what? Give a text, numbers of texts, or a vector.", field="text"
            )
        dim = embeddings.shape[1]
        if any(each.shape != (dim,) for each in wanted):
            raise InvalidParamsError(
                f"The vector has {len(wanted[-1])} numbers, and the texts' embeddings have {dim}: "
                "it must come from the same feature.",
                field="vector",
            )
        return wanted


def cosines(pool: Pool, direction: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return each row's cosine with `direction`, 0 for an embedding of length 0, NaN for none."""
    embeddings = given(pool.embeddings, "embeddings")
    result = np.full(pool.n, np.nan, dtype=np.float32)
    direction = unit(direction[None, :])[0]
    for rows in row_blocks(len(embeddings), embeddings.shape[1]):
        block = embeddings[rows]
        lengths = np.sqrt(squared_lengths(block))
        result[rows] = (block @ direction) / np.where(lengths > 0, lengths, 1)
    return result
