"""What a guide's refreshes and assessments came to: files in its scheme's folder of guides.

`beliefs.jsonl` and `assessments.jsonl` have a line for each, the newest last, and keep the last
2,000. A line is appended, or the file written aside and renamed: whoever is killed meanwhile
leaves a torn last line at worst, which is read as none. `assessment/` is the newest assessment.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, TypeVar

import msgspec
import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from kodkod.api import Belief, CurvePoint, HeldOut
from kodkod.store.files import whole_file, whole_folder

__all__ = [
    "ASSESSMENT",
    "KEPT_LINES",
    "Assessment",
    "AssessmentFacts",
    "append_assessment",
    "append_belief",
    "assessment_stamp",
    "read_assessment",
    "read_assessments",
    "read_beliefs",
    "write_assessment",
]

T = TypeVar("T", bound=Struct)

KEPT_LINES = 2_000
ASSESSMENT = "assessment"
"""The folder's name."""

_BELIEFS = "beliefs.jsonl"
_ASSESSMENTS = "assessments.jsonl"


class AssessmentFacts(Struct, frozen=True, kw_only=True):
    """What `assessment.json` holds: of which model, and what came of it.

    `label_ids` are the columns of the held-out probabilities. `features` are ids.
    """

    held_out: HeldOut
    curve: list[CurvePoint]
    label_ids: list[int]
    model: str
    params: dict[str, Any]
    features: list[str]
    seed: int


class Assessment(Struct, frozen=True):
    """An assessment whole.

    `rows`, int64 `[n]`, ascending, are the labelled rows; `held_out`, float32 `[n, k]`, is what
    models that had not learnt from the row said of it, NaN for a row that had to stay in training.
    """

    facts: AssessmentFacts
    rows: NDArray[np.int64]
    held_out: NDArray[np.float32]


def append_belief(home: Path, belief: Belief) -> None:
    """Add a refresh; it takes the place of one of the same version."""
    _append(home / _BELIEFS, belief)


def read_beliefs(home: Path) -> list[Belief]:
    """Return the refreshes by version; empty where there was none."""
    found = {belief.version: belief for belief in _read(home / _BELIEFS, Belief)}
    return [found[version] for version in sorted(found)]


def append_assessment(home: Path, held_out: HeldOut) -> None:
    """Add an assessment; it takes the place of one of the same moment."""
    _append(home / _ASSESSMENTS, held_out)


def read_assessments(home: Path) -> list[HeldOut]:
    """Return the assessments by their moment; empty where there was none."""
    found = {each.trained_at_seq: each for each in _read(home / _ASSESSMENTS, HeldOut)}
    return [found[seq] for seq in sorted(found)]


def write_assessment(home: Path, assessment: Assessment) -> None:
    """Put an assessment in the place of the one before."""
    with whole_folder(home / ASSESSMENT) as aside:
        np.save(aside / "rows.npy", assessment.rows)
        np.save(aside / "held_out.npy", assessment.held_out)
        (aside / "assessment.json").write_bytes(msgspec.json.encode(assessment.facts))


def read_assessment(home: Path) -> Assessment | None:
    """Return the newest assessment; None where there is none, or it is damaged.

    The next assessment mends what is damaged.
    """
    folder = home / ASSESSMENT
    try:
        raw = (folder / "assessment.json").read_bytes()
        found = Assessment(
            msgspec.json.decode(raw, type=AssessmentFacts),
            np.load(folder / "rows.npy"),
            np.load(folder / "held_out.npy"),
        )
    except (OSError, ValueError, EOFError, msgspec.MsgspecError):
        return None
    whole = found.held_out.shape == (len(found.rows), len(found.facts.label_ids))
    return found if whole else None


def assessment_stamp(home: Path) -> int:
    """Return what is another number after each assessment; 0 where there is none."""
    try:
        return (home / ASSESSMENT / "assessment.json").stat().st_mtime_ns
    except OSError:
        return 0


def _read(path: Path, type_: type[T]) -> list[T]:
    try:
        lines = path.read_bytes().splitlines()
    except FileNotFoundError:
        return []
    decoder = msgspec.json.Decoder(type_)
    found: list[T] = []
    for line in lines:
        try:
            found.append(decoder.decode(line))
        except msgspec.MsgspecError:
            # Damaged, or of another version: what is left is still worth having.
            continue
    return found


def _append(path: Path, item: Struct) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    line = msgspec.json.encode(item) + b"\n"
    there = path.read_bytes() if path.exists() else b""
    if there.count(b"\n") >= KEPT_LINES:
        kept = there.splitlines(keepends=True)[1 - KEPT_LINES :]
        with whole_file(path) as aside:
            aside.write_bytes(b"".join([*kept, line]))
        return
    with path.open("ab") as file:
        # After a torn line a new one begins.
        file.write(line if there[-1:] in {b"", b"\n"} else b"\n" + line)
