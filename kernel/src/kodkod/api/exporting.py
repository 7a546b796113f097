"""A model that other software can load: what writes it, and what it says of itself."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from pathlib import Path

from msgspec import Struct

from kodkod.api.context import JobContext

__all__ = ["Exportable", "ModelNotes"]


class ModelNotes(Struct, frozen=True, kw_only=True):
    """What a component adds to the card of an exported model.

    `usage` is Python that loads the folder and codes a text. `library`, `pipeline` and
    `base_model` are the Hugging Face Hub's `library_name`, `pipeline_tag` and `base_model`.
    """

    usage: str = ""
    library: str = ""
    pipeline: str = ""
    base_model: str | None = None


class Exportable(ABC):
    """A fitted model that can be written for others. Its spec names the forms in `exports`."""

    @abstractmethod
    def export(self, folder: Path, form: str, labels: Sequence[str], ctx: JobContext) -> ModelNotes:
        """Write the model into the existing, empty `folder`.

        `labels` are the names of the columns of its probabilities as they are now. The kernel
        writes README.md. Never pickle.

        Raises:
            InvalidInputError: it cannot be written in this form; the message says what to do.
        """
