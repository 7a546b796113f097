"""Models and tokenizers, read from safetensors only; code that comes with them is never run."""

from __future__ import annotations

import logging as python_logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx2
import torch
from huggingface_hub.errors import RevisionResolutionError
from msgspec import Struct
from safetensors import SafetensorError
from transformers import AutoModelForCausalLM, AutoTokenizer, PreTrainedTokenizerFast
from transformers.utils import logging

from kodkod.api import InvalidInputError, UnavailableError, is_out_of_memory
from kodkod_local_llm.hub import Pretrained, absent
from kodkod_local_llm.params import Precision

__all__ = ["LanguageModel", "load_language_model"]

_UNREADABLE = (
    *(OSError, ValueError, KeyError, TypeError, AttributeError, RuntimeError, ImportError),
    *(SafetensorError, RevisionResolutionError, httpx2.HTTPError, MemoryError),
)
_UNBOUNDED = 1_000_000


class LanguageModel(Struct, frozen=True, kw_only=True):
    """A causal language model on its device, with its tokenizer.

    `longest` is the tokens that it reads at most, prompt and answer together; `vocabulary` the
    width of its logits, which may be more than the tokenizer has; `filler` the token that pads.
    `window` is how many tokens its shortest attention looks back; None: all that there are.
    """

    model: Any
    tokenizer: Any
    longest: int
    vocabulary: int
    filler: int
    window: int | None

    @property
    def device(self) -> torch.device:
        """Where the model's first weight is."""
        return next(self.model.parameters()).device


def load_language_model(found: Pretrained, precision: Precision) -> LanguageModel:
    """Return the model, in bfloat16 on a card that computes in it, else in float32.

    Raises:
        InvalidInputError: it has no weights as safetensors, needs code of its own, is no causal
            language model, or has no quick tokenizer.
        UnavailableError: it cannot be had, is damaged or does not fit into memory.
    """
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    half = precision == "auto" and device.type == "cuda" and _computes_bf16()
    dtype = torch.bfloat16 if half else torch.float32
    with _explained(found), _quiet():
        tokenizer: Any = AutoTokenizer.from_pretrained(found.where, **found.options())
        model: Any = AutoModelForCausalLM.from_pretrained(
            found.where, dtype=dtype, use_safetensors=True, **found.options()
        )
        model = model.to(device).eval()
    if not isinstance(tokenizer, PreTrainedTokenizerFast):
        raise InvalidInputError(
            f"the model {found.name!r} has no tokenizer.json, by which answers are held to the "
            "scheme; choose another model",
            field="model",
        )
    config = model.config.get_text_config()
    positions = getattr(config, "max_position_embeddings", None) or _UNBOUNDED
    return LanguageModel(
        model=model,
        tokenizer=tokenizer,
        longest=int(min(positions, tokenizer.model_max_length or _UNBOUNDED, _UNBOUNDED)),
        vocabulary=max(int(config.vocab_size), len(tokenizer)),
        filler=_filler(tokenizer),
        window=_window(config),
    )


def _filler(tokenizer: PreTrainedTokenizerFast) -> int:
    """Return what pads; any token will do, since it is masked."""
    known: tuple[Any, ...] = (tokenizer.pad_token_id, tokenizer.eos_token_id, 0)
    return next(each for each in known if each is not None)


def _window(config: Any) -> int | None:
    """Return how far the shortest attention looks back; 0 where a layer has none at all."""
    kinds = set(getattr(config, "layer_types", None) or ["full_attention"])
    if kinds - {"full_attention", "sliding_attention"}:
        return 0
    return getattr(config, "sliding_window", None)


def _computes_bf16() -> bool:
    return torch.cuda.is_bf16_supported(including_emulation=False)


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep transformers from writing bars to a job's output."""
    level, bars = logging.get_verbosity(), logging.is_progress_bar_enabled()
    logging.set_verbosity(python_logging.CRITICAL)
    logging.disable_progress_bar()
    try:
        yield
    finally:
        logging.set_verbosity(level)
        if bars:
            logging.enable_progress_bar()


@contextmanager
def _explained(found: Pretrained) -> Iterator[None]:
    """Turn what transformers raises into what a user can act on."""
    try:
        yield
    except _UNREADABLE as error:
        raise _reason(found, error) from error


def _reason(found: Pretrained, error: BaseException) -> InvalidInputError | UnavailableError:
    said = str(error)
    if is_out_of_memory(error):
        return UnavailableError(
            f"there is too little memory for the model {found.name!r} itself; choose a smaller "
            "one, or run it where more is free"
        )
    if "trust_remote_code" in said or "custom code" in said:
        return InvalidInputError(
            f"the model {found.name!r} brings code of its own, which is never run here; choose one "
            "whose architecture transformers has",
            field="model",
        )
    if "Unrecognized configuration class" in said:
        return InvalidInputError(
            f"the model {found.name!r} is no causal language model; choose one that writes text",
            field="model",
        )
    if "safetensors" in said and not isinstance(error, SafetensorError):
        return InvalidInputError(
            f"the model {found.name!r} has no weights as safetensors, and pickled ones may run "
            "code; load it where it is trusted, `save_pretrained` it, and name that folder",
            field="model",
        )
    short = f"{type(error).__name__}: {said.strip().partition(chr(10))[0][:200]}"
    if found.on_hub:
        return UnavailableError(absent(found.name, short))
    return UnavailableError(
        f"the model in {Path(found.where).name!r} cannot be read ({short}); it takes a "
        "whole folder of transformers: config.json, tokenizer and safetensors weights"
    )
