"""A pretrained decoder with a head for labels."""

from __future__ import annotations

from typing import Any

import torch
from transformers import AutoModelForSequenceClassification

from kodkod_transformers.decoder_params import DecoderParams
from kodkod_transformers.device import computes_bf16, the_device
from kodkod_transformers.loading import Pretrained, load_tokenizer, load_weights
from kodkod_transformers.quantising import nf4

__all__ = ["dress", "filler_of", "load_base", "padding_tokenizer"]


def load_base(found: Pretrained, params: DecoderParams, n_outputs: int, *, four_bits: bool) -> Any:
    """Return the decoder on its device, with a new head of `n_outputs`.

    Under LoRA its own weights are not trained, and are kept in bfloat16 on a card that computes
    in it, or in 4 bits; else in float32.

    Raises:
        InvalidInputError: it has no weights as safetensors, needs code of its own, or is of an
            architecture without such a head.
        UnavailableError: it cannot be had, or does not fit into memory.
    """
    device = the_device()
    half = bool(params.lora_rank) and params.precision == "auto" and computes_bf16(device)
    options: dict[str, Any] = {"dtype": torch.bfloat16 if half else torch.float32}
    if four_bits:
        options |= {"quantization_config": nf4(), "device_map": {"": device}}
    model: Any = load_weights(
        AutoModelForSequenceClassification,
        found,
        num_labels=n_outputs,
        ignore_mismatched_sizes=True,
        **options,
    )
    return model if four_bits else model.to(device)


def padding_tokenizer(found: Pretrained) -> Any:
    """Return the decoder's tokenizer, with a token for padding and padding on the right.

    Many decoders have none. Any token will do: what is padded with it is masked, and the head
    reads the last token that is another.
    """
    tokenizer: Any = load_tokenizer(found)
    if tokenizer.pad_token_id is None:
        known = (tokenizer.eos_token, tokenizer.unk_token, tokenizer.convert_ids_to_tokens(0))
        tokenizer.pad_token = next(each for each in known if each is not None)
    # Behind a text the mask of a decoder hides it from all that is read.
    tokenizer.padding_side = "right"
    return tokenizer


def dress(model: Any, tokenizer: Any) -> Any:
    """Tell the model which token pads, and not to keep what only generating needs."""
    for config in (model.config, model.config.get_text_config()):
        config.pad_token_id = tokenizer.pad_token_id
        config.use_cache = False
    return model


def filler_of(tokenizer: Any) -> list[int]:
    """Return the tokens that stand for a text of none."""
    first = (tokenizer.bos_token_id, tokenizer.eos_token_id, tokenizer.pad_token_id)
    return [next(each for each in first if each is not None)]
