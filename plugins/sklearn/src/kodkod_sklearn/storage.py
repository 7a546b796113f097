"""Fitted models on disk: skops, whose types are all checked before anything is built."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import skops.io
from skops.io.exceptions import UntrustedTypesFoundException

from kodkod.api import InvalidInputError, UnavailableError

__all__ = ["read_fitted", "write_fitted"]

FILE_NAME = "model.skops"


def write_fitted(state: dict[str, Any], folder: Path) -> None:
    """Write `state` (numbers, text, arrays, estimators of scikit-learn) into `folder`."""
    skops.io.dump(state, folder / FILE_NAME)


def read_fitted(folder: Path, trusted: Collection[str]) -> dict[str, Any]:
    """Read what `write_fitted` wrote.

    skops knows the public types of scikit-learn, NumPy and SciPy; `trusted` names the
    private ones that this model is made of. Nothing else is built.

    Raises:
        InvalidInputError: the file holds another type.
        UnavailableError: the file is missing or damaged.
    """
    path = folder / FILE_NAME
    try:
        foreign = set(skops.io.get_untrusted_types(file=path)) - set(trusted)
        if foreign:
            raise InvalidInputError(
                f"{FILE_NAME} holds types that no model of this kind is made of "
                f"({', '.join(sorted(foreign))}); it was not opened. Train the model again"
            )
        state = skops.io.load(path, trusted=sorted(trusted))
    except UntrustedTypesFoundException as error:
        raise InvalidInputError(f"{FILE_NAME} was not opened: {error}") from error
    except (BadZipFile, OSError, KeyError, TypeError, ValueError, AttributeError) as error:
        raise UnavailableError(
            f"{path} cannot be read ({type(error).__name__}: {error}); train the model again"
        ) from error
    if not isinstance(state, dict):
        raise InvalidInputError(f"{FILE_NAME} holds no model; train the model again")
    return state
