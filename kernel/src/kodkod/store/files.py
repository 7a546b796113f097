"""Write aside, then rename: a file or folder is there whole, or not at all."""

from __future__ import annotations

import os
import re
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from kodkod.api import UnavailableError

__all__ = ["aside_folder", "asides", "discard", "whole_file", "whole_folder"]

_ASIDE = re.compile(r"\..+\.[0-9a-f]{8}")


def make_data_dir(folder: Path) -> None:
    """Make the folder that everything is kept in, if it is not there.

    Raises:
        UnavailableError: it cannot be made.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UnavailableError(
            f"The data folder {folder} cannot be made: {error.strerror}. Choose another with "
            "--data-dir."
        ) from error


@contextmanager
def whole_file(path: Path) -> Iterator[Path]:
    """Give a name beside `path` to write to; move it into place once it is on disk."""
    aside = _beside(path)
    try:
        yield aside
        _sync(aside)
        aside.replace(path)
        _sync(path.parent)
    finally:
        aside.unlink(missing_ok=True)


@contextmanager
def whole_folder(path: Path) -> Iterator[Path]:
    """Give an empty folder beside `path` to fill; move it into place once it is on disk.

    A folder that is there already is replaced.
    """
    with aside_folder(path) as aside:
        yield aside
        for file in aside.rglob("*"):
            _sync(file)
        _sync(aside)
        discard(path)
        aside.replace(path)
        _sync(path.parent)


@contextmanager
def aside_folder(path: Path) -> Iterator[Path]:
    """Give an empty folder beside `path` to fill and to move into place; delete what is left."""
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = _beside(path)
    aside.mkdir()
    try:
        yield aside
    finally:
        shutil.rmtree(aside, ignore_errors=True)


def asides(folder: Path) -> list[Path]:
    """Return what is being written in a folder, or was when its writer was killed."""
    return [path for path in folder.glob(".*") if _ASIDE.fullmatch(path.name)]


def discard(folder: Path) -> None:
    """Delete a folder; from the first moment on nobody finds it under its name."""
    if not folder.exists():
        return
    aside = _beside(folder)
    folder.replace(aside)
    shutil.rmtree(aside, ignore_errors=True)


def _beside(path: Path) -> Path:
    return path.with_name(f".{path.name}.{secrets.token_hex(4)}")


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
