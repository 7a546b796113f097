"""Which weights are trained: all, those above some layers, or LoRA's beside them."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from typing import Any

from torch import nn

from kodkod.api import InvalidInputError, JobContext
from kodkod_transformers.encoder_params import AdapterParams

__all__ = ["adapt", "merged"]


def adapt(model: nn.Module, params: AdapterParams, ctx: JobContext) -> nn.Module:
    """Return the model with what should be trained requiring gradients; log how much that is.

    The head always is. LoRA (Hu et al. 2022) on every linear layer below the head unless layers
    are named, as QLoRA (Dettmers et al. 2023) found best.

    Raises:
        InvalidInputError: no layer is left to train, or none has the names given.
    """
    if params.frozen_layers:
        _freeze(model, params.frozen_layers)
    if params.lora_rank:
        model = _with_lora(model, params)
    if params.gradient_checkpointing:
        found: Any = model
        found.config.use_cache = False
        found.activation_checkpointing_enable(
            activation_checkpointing_kwargs={"use_reentrant": False}
        )
    trained = sum(each.numel() for each in model.parameters() if each.requires_grad)
    total = sum(each.numel() for each in model.parameters())
    ctx.log(f"trains {trained:,} of {total:,} parameters")
    return model


def merged(model: nn.Module) -> nn.Module:
    """Return the model with LoRA's matrices added to the weights: one like any other."""
    merge = getattr(model, "merge_and_unload", None)
    return merge() if merge is not None else model


def _with_lora(model: nn.Module, params: AdapterParams) -> nn.Module:
    from peft import LoraConfig, get_peft_model

    targets = list(params.lora_targets) or sorted(_linear_layers(model, params.frozen_layers))
    config = LoraConfig(
        r=params.lora_rank,
        lora_alpha=params.lora_alpha or 2 * params.lora_rank,
        lora_dropout=params.lora_dropout,
        target_modules=targets,
        modules_to_save=_head(model),
    )
    pretrained: Any = model
    try:
        with warnings.catch_warnings():
            # peft asks a property that transformers has renamed.
            warnings.filterwarnings("ignore", "`is_gradient_checkpointing`", FutureWarning)
            adapted = get_peft_model(pretrained, config)
    except ValueError as error:
        raise InvalidInputError(
            f"LoRA cannot be put on {', '.join(params.lora_targets) or 'this model'}: {error}",
            field="lora_targets",
        ) from error
    return adapted


def _freeze(model: nn.Module, n: int) -> None:
    base = _base(model)
    _, layers = _layers(base)
    if n >= len(layers):
        raise InvalidInputError(
            f"The model has {len(layers)} layers; freeze fewer than that.", field="frozen_layers"
        )
    embeddings: Any = base
    embeddings.get_input_embeddings().requires_grad_(requires_grad=False)
    for name, child in base.named_children():
        if "embed" in name:
            child.requires_grad_(requires_grad=False)
    for layer in layers[:n]:
        layer.requires_grad_(requires_grad=False)


def _layers(base: nn.Module) -> tuple[str, nn.ModuleList]:
    """Return the layers, which are the longest list of modules there is, and their name."""
    lists = [(name, each) for name, each in base.named_modules() if isinstance(each, nn.ModuleList)]
    if not lists:
        raise InvalidInputError("The model has no list of layers to freeze.", field="frozen_layers")
    return max(lists, key=lambda each: len(each[1]))


def _base(model: nn.Module) -> nn.Module:
    return getattr(model, "base_model", model)


def _head(model: nn.Module) -> list[str]:
    """Return the names of the parts that are not the pretrained model."""
    base = _base(model)
    return [name for name, child in model.named_children() if child is not base and _sized(child)]


def _sized(module: nn.Module) -> bool:
    return any(True for _ in module.parameters())


def _linear_layers(model: nn.Module, frozen: int) -> Iterator[str]:
    """Yield the full names of the linear layers below the head that are not frozen."""
    base = _base(model)
    prefix = next(name for name, child in model.named_modules() if child is base)
    kinds = (nn.Linear, *_quantised())
    for name, module in base.named_modules():
        weight = getattr(module, "weight", None)
        if isinstance(module, kinds) and (not frozen or weight is None or weight.requires_grad):
            yield f"{prefix}.{name}" if prefix else name


def _quantised() -> tuple[type[nn.Module], ...]:
    """Return the kinds of linear layer that quantising puts in place of torch's."""
    import sys

    bits: Any = sys.modules.get("bitsandbytes")
    return (bits.nn.Linear4bit, bits.nn.Linear8bitLt) if bits is not None else ()
