"""A fitted classifier as a folder that transformers loads by itself."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct
from transformers import AutoModelForSequenceClassification

from kodkod.api import ReadingWindow
from kodkod_transformers.labels import LabelColumns
from kodkod_transformers.saved_folder import load_folder, read_facts, write_folder

__all__ = ["CLASSIFIER_FILE", "Learnt", "load_classifier", "read_learnt", "write_classifier"]

CLASSIFIER_FILE = "classifier.json"


class Learnt(Struct, frozen=True, kw_only=True):
    """What a classifier knows beside its weights; `window` is None where it read its texts whole.

    `base` and `commit` are the pretrained model. `thresholds` are of the outputs.
    """

    columns: LabelColumns
    max_length: int
    base: str
    commit: str | None
    thresholds: tuple[float, ...] | None = None
    window: ReadingWindow | None = None


def write_classifier(
    folder: Path, model: Any, tokenizer: Any, learnt: Learnt, names: list[str] | None = None
) -> None:
    """Write weights, config and tokenizer, with `names` (or those it was taught) as its labels."""
    several = learnt.columns.several
    model.config.problem_type = (
        "multi_label_classification" if several else "single_label_classification"
    )
    write_folder(folder, model, tokenizer, names or learnt.columns.names, learnt.max_length)
    (folder / CLASSIFIER_FILE).write_bytes(msgspec.json.encode(learnt))


def read_learnt(folder: Path) -> Learnt:
    """Return what the folder says of its classifier.

    Raises:
        UnavailableError: it is no folder of a classifier, or damaged.
    """
    return read_facts(folder, CLASSIFIER_FILE, Learnt)


def load_classifier(folder: Path, **options: Any) -> tuple[Any, Any]:
    """Return model (float32, on the processor, in eval mode) and tokenizer of a folder.

    Raises:
        UnavailableError: the folder is damaged.
    """
    return load_folder(AutoModelForSequenceClassification, folder, **options)
