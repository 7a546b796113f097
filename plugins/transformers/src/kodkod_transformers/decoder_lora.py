"""Which layers of a decoder get LoRA. Importing this imports nothing heavy."""

from __future__ import annotations

__all__ = ["LORA_TARGETS"]

_SEPARATE = ("q_proj", "k_proj", "v_proj", "o_proj")

LORA_TARGETS = {
    "phi3": ("qkv_proj", "o_proj"),
    **dict.fromkeys(
        ("llama", "mistral", "qwen2", "qwen3", "gemma", "gemma2", "gemma3_text", "smollm3"),
        _SEPARATE,
    ),
}
"""By architecture (`model_type`): the attention's layers, as in Hu et al. (2022), whatever names
they have. In any other decoder every linear layer below the head gets LoRA."""
