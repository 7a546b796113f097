"""A fitted decoder for other software: whole, as transformers' folder."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from torch import Tensor

from kodkod.api import InvalidInputError, JobContext, ModelNotes
from kodkod_transformers.decoder_files import DecoderNotes
from kodkod_transformers.exporting import classifier_notes
from kodkod_transformers.loading import quiet

__all__ = ["export_decoder"]

_KEPT, _REPLACED = ".modules_to_save.default.", ".original_module."


def export_decoder(
    folder: Path,
    form: str,
    model: Any,
    tokenizer: Any,
    notes: DecoderNotes,
    labels: Sequence[str],
    ctx: JobContext,
) -> ModelNotes:
    """Write the decoder with what it learnt, LoRA's matrices added to its weights.

    Raises:
        InvalidInputError: there is no such form, or the weights are in 4 bits.
    """
    if form != "transformers":
        raise InvalidInputError(f"A fine-tuned decoder is exported as transformers, not {form!r}.")
    whole = model.get_base_model() if notes.adapter else model
    if getattr(whole, "is_loaded_in_4bit", False):
        raise InvalidInputError(
            "Weights in 4 bits cannot be written whole; train with quantise set to never."
        )
    names = [labels[i] for i in notes.learnt.columns.seen]
    whole.config.id2label = dict(enumerate(names))
    whole.config.label2id = {name: i for i, name in enumerate(names)}
    several = notes.learnt.columns.several
    whole.config.problem_type = (
        "multi_label_classification" if several else "single_label_classification"
    )
    tokenizer.model_max_length = notes.learnt.max_length
    ctx.progress(0.0, "writing the weights")
    with quiet():
        whole.save_pretrained(folder, state_dict=_merged(whole))
        tokenizer.save_pretrained(folder)
    return classifier_notes(notes.learnt, form, names)


def _merged(whole: Any) -> dict[str, Tensor]:
    """Return the weights as they are called without LoRA, in the type of most of them.

    Nothing is copied that is not to be converted: there may be no room for a second decoder.
    """
    return {
        name.replace(".base_layer.", ".").replace(_KEPT, "."): each.to(whole.dtype)
        for name, each in whole.state_dict().items()
        if "lora_" not in name and _REPLACED not in name
    }
