"""Topics on disk: what was found, and what was done to it since, a version each.

    topics/<id>/states/<n>/assigned.npy   int32 [rows]: each row's topic, or -1
    topics/<id>/states/<n>/fitted/        what the component saved
    topics/<id>/versions/<n>.json         a TopicVersion

Versions that only rename share a state. Numbers of both only grow: undoing makes an older version
count again, and what is done after that gets a number that none had.
"""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import msgspec
import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from kodkod.api import UnavailableError
from kodkod.store.files import whole_file
from kodkod.store.topics import TopicList

__all__ = [
    "FITTED",
    "TopicVersion",
    "add_version",
    "current_state",
    "new_state",
    "read_assigned",
    "read_version",
    "write_assigned",
]

FITTED = "fitted"
_ASSIGNED = "assigned.npy"

Operation = Literal["found", "merge", "split", "reduce-outliers", "rename", "extend"]


class TopicVersion(Struct, frozen=True, kw_only=True):
    """What was done to the version `parent` (0: none), and what the topics were then."""

    parent: int
    operation: Operation
    state: int
    rows: int
    found: TopicList


def read_version(folder: Path, version: int) -> TopicVersion:
    """Return a version of the topics in `folder`.

    Raises:
        UnavailableError: its file is missing or damaged.
    """
    try:
        text = (folder / "versions" / f"{version}.json").read_bytes()
        return msgspec.json.decode(text, type=TopicVersion)
    except (OSError, msgspec.DecodeError) as error:
        raise UnavailableError(
            f"The topics in {folder.name} cannot be read ({error}); find topics again."
        ) from error


def add_version(folder: Path, version: TopicVersion) -> int:
    """Write a version and return its number, which none had before."""
    versions = folder / "versions"
    versions.mkdir(parents=True, exist_ok=True)
    number = _newest(versions) + 1
    with whole_file(versions / f"{number}.json") as aside:
        aside.write_bytes(msgspec.json.encode(version))
    return number


def new_state(folder: Path) -> tuple[int, Path]:
    """Return the number and the folder, which does not exist, of a state that none had."""
    number = _newest(folder / "states") + 1
    return number, folder / "states" / str(number)


def current_state(folder: Path, version: int) -> Path:
    """Return the folder of a version's state.

    Raises:
        UnavailableError: the version's file is missing or damaged.
    """
    return folder / "states" / str(read_version(folder, version).state)


def read_assigned(state: Path) -> NDArray[np.int32]:
    """Map each row's topic.

    Raises:
        UnavailableError: the file is missing or damaged.
    """
    try:
        return np.load(state / _ASSIGNED, mmap_mode="r")
    except (OSError, ValueError) as error:
        raise UnavailableError(
            f"The topics in {state.parent.parent.name} cannot be read ({error}); find them again."
        ) from error


def write_assigned(state: Path, assigned: NDArray[np.int32]) -> None:
    """Write each row's topic into the folder of a state, which exists."""
    np.save(state / _ASSIGNED, np.asarray(assigned, dtype=np.int32))


def _newest(folder: Path) -> int:
    # What another process writes at the same time lies aside, under a hidden name.
    return max((int(path.stem) for path in folder.glob("[0-9]*")), default=0)
