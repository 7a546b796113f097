"""A fitted decoder on disk: what was learnt, beside a decoder that stays where it is."""

from __future__ import annotations

import hashlib
import warnings
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct
from safetensors.torch import save_file

from kodkod_transformers.classifier_files import Learnt
from kodkod_transformers.loading import Pretrained, quiet
from kodkod_transformers.saved_folder import damaged, read_facts

__all__ = ["DecoderNotes", "base_mark", "read_adapter", "read_notes", "write_adapter"]

_FILE = "decoder.json"
_WEIGHTS = "adapter_model.safetensors"
_SAMPLE = 2**20


class DecoderNotes(Struct, frozen=True, kw_only=True):
    """What is known of a fitted decoder beside its weights.

    With `adapter` the folder has LoRA's matrices and the head only, and `mark` says which files
    the decoder had that they belong to; else it has all weights.
    """

    learnt: Learnt
    adapter: bool
    four_bits: bool
    mark: str


def write_adapter(folder: Path, model: Any, tokenizer: Any, notes: DecoderNotes) -> None:
    """Write LoRA's matrices, the head and the tokenizer, in peft's format."""
    from peft import get_peft_model_state_dict

    state = get_peft_model_state_dict(model, save_embedding_layers=False)
    whole = {name: each.detach().contiguous().cpu() for name, each in state.items()}
    save_file(whole, folder / _WEIGHTS, metadata={"format": "pt"})
    config = model.peft_config["default"]
    config.base_model_name_or_path = notes.learnt.base
    config.inference_mode = True
    with quiet():
        config.save_pretrained(folder)
        tokenizer.save_pretrained(folder)
    write_notes(folder, notes)


def write_notes(folder: Path, notes: DecoderNotes) -> None:
    """Write what is known beside the weights."""
    (folder / _FILE).write_bytes(msgspec.json.encode(notes))


def read_notes(folder: Path) -> DecoderNotes:
    """Return what the folder says of its decoder.

    Raises:
        UnavailableError: it is no folder of a decoder, or damaged.
    """
    return read_facts(folder, _FILE, DecoderNotes)


def read_adapter(folder: Path, base: Any) -> Any:
    """Return `base` with LoRA's matrices and the head that are in the folder.

    Raises:
        UnavailableError: the folder is damaged, or belongs to another decoder.
    """
    from peft import PeftModel

    try:
        with quiet(), warnings.catch_warnings():
            # peft asks a property that transformers has renamed.
            warnings.filterwarnings("ignore", "`is_gradient_checkpointing`", FutureWarning)
            return PeftModel.from_pretrained(base, str(folder), use_safetensors=True)
    except Exception as error:  # each library below raises errors of its own
        raise damaged(error) from error


def base_mark(found: Pretrained) -> str:
    """Return what tells a decoder's files from others: its commit, or a digest of its folder.

    Of each file of weights the size, the first and the last MiB count: reading all of it would
    take minutes.
    """
    if found.commit is not None:
        return found.commit
    digest = hashlib.sha256()
    for file in sorted(Path(found.where).glob("*.safetensors")):
        with file.open("rb") as weights:
            size = weights.seek(0, 2)
            digest.update(f"{file.name} {size}".encode())
            weights.seek(0)
            digest.update(weights.read(_SAMPLE))
            weights.seek(max(0, size - _SAMPLE))
            digest.update(weights.read(_SAMPLE))
    return digest.hexdigest()
