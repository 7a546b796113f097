"""Where a model is: a folder that the administrator allows, or a name on the hub."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from kodkod.api.errors import InvalidInputError

__all__ = ["LOCAL_MODELS", "allowed_roots", "below_a_root", "locate_model"]

LOCAL_MODELS = "KODKOD_LOCAL_MODELS"
"""Environment variable: folders that hold models, separated as in PATH."""

_HUB_NAME = re.compile(r"[A-Za-z0-9][\w.-]{0,95}/[A-Za-z0-9][\w.-]{0,95}", re.ASCII)


def allowed_roots(environment: Mapping[str, str] = os.environ) -> list[Path]:
    """Return the folders that may hold local models; relative ones count for nothing."""
    named = environment.get(LOCAL_MODELS, "").split(os.pathsep)
    return [Path(os.path.normpath(name)) for name in named if Path(name).is_absolute()]


def locate_model(model: str, roots: Sequence[Path]) -> Path | str:
    """Return the folder of a local model, or the name of a hub model.

    Whoever sets the params is no administrator: only what lies below `roots` is looked at.
    A relative name is looked for below each of them first, so that params stay the same on
    another machine. Symbolic links below a root are the administrator's own, and followed.

    Raises:
        InvalidInputError: `model` is neither, or lies elsewhere.
    """
    folder = below_a_root(model, roots, _holds_model)
    if folder is not None:
        return folder
    if ".." not in model and _HUB_NAME.fullmatch(model):
        return model
    raise InvalidInputError(_refusal(model, roots), field="model")


def below_a_root(name: str, roots: Sequence[Path], fits: Callable[[Path], bool]) -> Path | None:
    """Return the path below the first of `roots` that is called `name` and fits, if any."""
    for root in roots if "\0" not in name else ():
        path = Path(os.path.normpath(root / name))
        if path.is_relative_to(root) and fits(path):
            return path
    return None


def _holds_model(folder: Path) -> bool:
    try:
        return any((folder / name).is_file() for name in ("modules.json", "config.json"))
    except OSError:
        # The name is longer than the file system takes, or the folder may not be read.
        return False


def _refusal(model: str, roots: Sequence[Path]) -> str:
    if roots:
        local = f"no model (modules.json or config.json) of that name is below {LOCAL_MODELS}"
    else:
        local = f"local models are off here, as {LOCAL_MODELS} names no folder"
    return (
        f"model {model[:200]!r} is no name of the hub (org/name), and {local}; choose a hub "
        f"model, or ask the administrator to put this one into a folder that {LOCAL_MODELS} names"
    )
