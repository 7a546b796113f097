"""Weights in 4 bits (NF4: Dettmers et al. 2023, QLoRA), where that can be."""

from __future__ import annotations

from importlib.util import find_spec
from typing import Any

import torch
from transformers import BitsAndBytesConfig

from kodkod.api import InvalidInputError, JobContext, UnavailableError
from kodkod_transformers.decoder_params import DecoderParams

__all__ = ["nf4", "wants_4_bits"]


def wants_4_bits(params: DecoderParams, ctx: JobContext) -> bool:
    """Tell whether weights are kept in 4 bits, and log it.

    Raises:
        InvalidInputError: all weights are to be trained, which 4 bits cannot be.
        UnavailableError: the params insist, and there is no card or no bitsandbytes.
    """
    if params.quantise == "never" or (params.quantise == "auto" and not params.lora_rank):
        return False
    if not params.lora_rank:
        raise InvalidInputError(
            "Weights in 4 bits cannot be trained; set lora_rank, or quantise to never.",
            field="quantise",
        )
    missing = _missing()
    if missing is None:
        ctx.log("weights are kept in 4 bits (NF4)")
        return True
    if params.quantise == "always":
        raise UnavailableError(
            f"Weights cannot be kept in 4 bits here, as {missing}; set quantise to auto or never."
        )
    ctx.log(f"weights are not kept in 4 bits, as {missing}")
    return False


def nf4(head: str = "score") -> Any:
    """Return how transformers loads weights in 4 bits; the head stays as it is."""
    return BitsAndBytesConfig(
        load_in_4bit=True,
        bnb_4bit_quant_type="nf4",
        bnb_4bit_use_double_quant=True,
        bnb_4bit_compute_dtype=torch.bfloat16,
        llm_int8_skip_modules=[head],
    )


def _missing() -> str | None:
    if not torch.cuda.is_available():
        return "there is no card"
    if find_spec("bitsandbytes") is None:
        return "the package bitsandbytes is not installed"
    return None
