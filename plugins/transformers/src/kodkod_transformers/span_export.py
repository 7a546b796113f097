"""A fitted span tagger for other software: transformers' folder."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from kodkod.api import InvalidInputError, JobContext, ModelNotes
from kodkod_transformers.span_files import SPANS_FILE, TaughtSpans, write_tagger

__all__ = ["export_tagger"]

_FLAT = """\
from transformers import pipeline

mark = pipeline("token-classification", model="FOLDER", aggregation_strategy="simple")
print(mark("A text to code"))
"""
_LAYERED = """\
from transformers import AutoModelForTokenClassification, AutoTokenizer

tokenizer = AutoTokenizer.from_pretrained("FOLDER")
model = AutoModelForTokenClassification.from_pretrained("FOLDER")
logits = model(**tokenizer("A text to code", return_tensors="pt")).logits[0]
# Three logits for each label: outside, begin, inside; spans of different labels may overlap.
print(logits.unflatten(-1, (-1, 3)).softmax(-1))
"""


def export_tagger(
    folder: Path, form: str, model: Any, tokenizer: Any, taught: TaughtSpans, ctx: JobContext
) -> ModelNotes:
    """Write the tagger in the form `transformers`.

    Raises:
        InvalidInputError: there is no such form.
    """
    if form != "transformers":
        raise InvalidInputError(f"A span tagger is exported as transformers, not {form!r}.")
    ctx.progress(0.0, "writing the weights")
    write_tagger(folder, model, tokenizer, taught)
    (folder / SPANS_FILE).unlink()
    return ModelNotes(
        usage=_FLAT if taught.tags.n_layers == 1 else _LAYERED,
        library="transformers",
        pipeline="token-classification",
        base_model=taught.base if taught.commit else None,
    )
