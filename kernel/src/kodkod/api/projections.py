"""Maps of a corpus: vectors to points on a plane."""

from __future__ import annotations

from abc import abstractmethod
from typing import ClassVar, TypeVar

import numpy as np
from numpy.typing import NDArray

from kodkod.api.components import Component, Persistent
from kodkod.api.context import JobContext
from kodkod.api.params import Params
from kodkod.api.specs import ComponentSpec
from kodkod.api.values import Matrix

__all__ = ["Projection", "ProjectionSpec"]

P = TypeVar("P", bound=Params)


class ProjectionSpec(ComponentSpec, frozen=True):
    """Vectors to points on a plane."""

    kind: ClassVar[str] = "projection"


class Projection(Component[P], Persistent):
    """Vectors to points on a plane, near to one another where the vectors are.

    A matrix is float32 `[n, dim]`, often mapped from a file and larger than the memory, or CSR:
    read it in blocks. A row that has a NaN or an infinity gets the point (NaN, NaN).
    """

    @abstractmethod
    def fit(self, matrix: Matrix, ctx: JobContext) -> NDArray[np.float32]:
        """Learn a map of `matrix` and return the point of each row, float32 `[n, 2]`.

        Raises:
            InvalidInputError: there is nothing to learn from.
        """

    @abstractmethod
    def transform(self, matrix: Matrix, ctx: JobContext) -> NDArray[np.float32]:
        """Return where rows lie on the map that was learnt, float32 `[n, 2]`.

        A row's point does not depend on the rows beside it, and one that was learnt from lies
        where `fit` put it.

        Raises:
            InvalidInputError: the rows are not as wide as those that were learnt from.
        """
