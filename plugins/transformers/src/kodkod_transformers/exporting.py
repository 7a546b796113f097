"""A fitted classifier for other software: transformers' folder, or ONNX."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from kodkod.api import InvalidInputError, JobContext, ModelNotes
from kodkod_transformers.classifier_files import CLASSIFIER_FILE, Learnt, write_classifier

__all__ = ["classifier_notes", "export_classifier"]

_SINGLE = """\
from transformers import pipeline

classify = pipeline("text-classification", model="FOLDER", top_k=None)
print(classify("A text to code", truncation=True))
"""
_SEVERAL = """\
from transformers import pipeline

classify = pipeline("text-classification", model="FOLDER", top_k=None, function_to_apply="sigmoid")
print(classify("A text to code", truncation=True))  # a label is on the text from {} on
"""
_ONNX = """\
import numpy as np
import onnxruntime
from transformers import AutoTokenizer

tokenizer = AutoTokenizer.from_pretrained("FOLDER")
model = onnxruntime.InferenceSession("FOLDER/model.onnx")
inputs = tokenizer(["A text to code"], truncation=True, padding=True, return_tensors="np")
logits = model.run(None, {name: inputs[name] for name in ("input_ids", "attention_mask")})[0]
print({})
"""


def export_classifier(
    folder: Path,
    form: str,
    model: Any,
    tokenizer: Any,
    learnt: Learnt,
    labels: Sequence[str],
    ctx: JobContext,
) -> ModelNotes:
    """Write the classifier in the form `transformers` or `onnx`.

    Raises:
        InvalidInputError: there is no such form, or ONNX cannot be made here.
    """
    names = [labels[i] for i in learnt.columns.seen]
    notes = classifier_notes(learnt, form, names)
    if form == "transformers":
        ctx.progress(0.0, "writing the weights")
        write_classifier(folder, model, tokenizer, learnt, names)
    elif form == "onnx":
        from kodkod_transformers.onnx_export import write_onnx

        write_onnx(folder, model, tokenizer, learnt, names, ctx)
    else:
        raise InvalidInputError(
            f"A fine-tuned encoder is exported as transformers or onnx, not {form!r}."
        )
    # It says what the labels were called, which is nobody's concern outside.
    (folder / CLASSIFIER_FILE).unlink(missing_ok=True)
    return notes


def classifier_notes(learnt: Learnt, form: str, names: Sequence[str]) -> ModelNotes:
    """Return what the card of an exported classifier says; `names` are those of its outputs."""
    several = learnt.columns.several
    if form == "onnx":
        shown = "1 / (1 + np.exp(-logits))" if several else "np.exp(logits) / np.exp(logits).sum()"
        usage = _ONNX.replace("{})", shown + ")")
    else:
        usage = _SEVERAL.format(_said(learnt, names)) if several else _SINGLE
    return ModelNotes(
        usage=usage,
        library="transformers" if form == "transformers" else "onnxruntime",
        pipeline="text-classification",
        base_model=learnt.base if learnt.commit else None,
    )


def _said(learnt: Learnt, names: Sequence[str]) -> str:
    if learnt.thresholds is None:
        return "0.5"
    pairs = zip(names, learnt.thresholds, strict=True)
    return ", ".join(f"{threshold:.2f} ({name!r})" for name, threshold in pairs)
