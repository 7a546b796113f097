"""What a worker keeps open between jobs: splits, features and folds of recent projects."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Any, Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

from kodkod.api import Matrix
from kodkod.project.fold import SchemeFold

__all__ = ["Recent", "WarmData"]

T = TypeVar("T")


class Recent(Generic[T]):
    """The values last used, at most `size` of them, by keys that change with what they hold."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._values: OrderedDict[Hashable, T] = OrderedDict()

    def get(self, key: Hashable, make: Callable[[], T]) -> T:
        """Return the value under `key`, made now if it is not there."""
        if key not in self._values:
            self._values[key] = make()
        self._values.move_to_end(key)
        while len(self._values) > self._size:
            self._values.popitem(last=False)
        return self._values[key]

    def forget(self, key: Hashable) -> None:
        """Let a value go."""
        self._values.pop(key, None)


class WarmData:
    """Opened things by what identifies them. One job at a time uses it.

    Features are memory maps: what they weigh is the page cache's, not the process's.
    """

    def __init__(self) -> None:
        self.splits: Recent[NDArray[np.uint8]] = Recent(4)
        self.features: Recent[Matrix] = Recent(8)
        self.folds: Recent[SchemeFold] = Recent(4)
        self.models: Recent[Any] = Recent(4)
        self.names: Recent[str] = Recent(256)
