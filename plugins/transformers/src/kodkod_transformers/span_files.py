"""A fitted span tagger as a folder that transformers loads by itself, and what else is known."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct
from transformers import AutoModelForTokenClassification

from kodkod_transformers.bio import TagSet
from kodkod_transformers.saved_folder import load_folder, read_facts, write_folder
from kodkod_transformers.span_units import Boundaries

__all__ = ["SPANS_FILE", "TaughtSpans", "load_tagger", "read_taught", "write_tagger"]

SPANS_FILE = "spans.json"


class TaughtSpans(Struct, frozen=True, kw_only=True):
    """What a tagger knows beside its weights.

    `labels` are the training set's, those of `tags` were on a span there. `base` and `commit`
    are the pretrained model.
    """

    labels: tuple[str, ...]
    tags: TagSet
    boundaries: Boundaries
    max_length: int
    base: str
    commit: str | None

    @property
    def columns(self) -> list[int]:
        """Where among `labels` those of the tags are, layer by layer."""
        return [self.labels.index(label) for layer in self.tags.layers for label in layer]


def write_tagger(folder: Path, model: Any, tokenizer: Any, taught: TaughtSpans) -> None:
    """Write weights, config and tokenizer, and what was taught."""
    write_folder(folder, model, tokenizer, taught.tags.names(), taught.max_length)
    (folder / SPANS_FILE).write_bytes(msgspec.json.encode(taught))


def read_taught(folder: Path) -> TaughtSpans:
    """Return what the folder says of its tagger.

    Raises:
        UnavailableError: it is no folder of a tagger, or damaged.
    """
    return read_facts(folder, SPANS_FILE, TaughtSpans)


def load_tagger(folder: Path) -> tuple[Any, Any]:
    """Return model (float32, on the processor, in eval mode) and tokenizer of a folder.

    Raises:
        UnavailableError: the folder is damaged.
    """
    return load_folder(AutoModelForTokenClassification, folder)
