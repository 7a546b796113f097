"""A fitted network as a folder that transformers loads by itself, with a file of ours beside it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, TypeVar

import msgspec
import torch
from msgspec import Struct
from transformers import AutoTokenizer

from kodkod.api import UnavailableError
from kodkod_transformers.loading import quiet

__all__ = ["damaged", "load_folder", "read_facts", "write_folder"]

T = TypeVar("T", bound=Struct)


def write_folder(
    folder: Path, model: Any, tokenizer: Any, outputs: Sequence[str], max_length: int
) -> None:
    """Write weights, config and tokenizer, the model's outputs being called `outputs`."""
    model.config.id2label = dict(enumerate(outputs))
    model.config.label2id = {name: i for i, name in enumerate(outputs)}
    fast = getattr(tokenizer, "backend_tokenizer", None)
    if fast is not None:
        fast.no_truncation()
        fast.no_padding()
    # Who asks for truncation gets what the model was taught with.
    tokenizer.model_max_length = max_length
    with quiet():
        model.save_pretrained(folder)
        tokenizer.save_pretrained(folder)


def read_facts(folder: Path, name: str, type_: type[T]) -> T:
    """Return what the file of ours in a folder says.

    Raises:
        UnavailableError: it is not there, or damaged.
    """
    try:
        return msgspec.json.decode((folder / name).read_bytes(), type=type_)
    except (OSError, msgspec.DecodeError) as error:
        raise UnavailableError(
            f"the model's folder has no readable {name}: {error}; train it again"
        ) from error


def load_folder(auto: Any, folder: Path, **options: Any) -> tuple[Any, Any]:
    """Return a model of `auto` (float32, on the processor, in eval mode) and its tokenizer.

    Raises:
        UnavailableError: the folder is damaged.
    """
    given = {"local_files_only": True, "trust_remote_code": False}
    try:
        with quiet():
            tokenizer = AutoTokenizer.from_pretrained(folder, **given)
            model = auto.from_pretrained(
                folder, **given, use_safetensors=True, dtype=torch.float32, **options
            )
    except Exception as error:  # each library below raises errors of its own
        raise damaged(error) from error
    return model.eval(), tokenizer


def damaged(error: Exception) -> UnavailableError:
    """Return what to raise where a library could not read a folder."""
    return UnavailableError(
        f"the model's folder is damaged ({type(error).__name__}: {str(error)[:200]}); "
        "train it again"
    )
