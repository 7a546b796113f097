"""How much of a card's memory a language model takes. Importing this imports nothing heavy."""

from __future__ import annotations

import math

from kodkod.api import computes_half, estimate_mb, find_model_file, read_model_facts
from kodkod_local_llm.params import LocalLlmParams

__all__ = ["labeller_mb"]

_COPIES = 2
"""Of keys and values: those of the prompts beside those repeated for labels or samples."""


def labeller_mb(params: LocalLlmParams) -> int:
    """Return the MB of a card that labelling takes at its peak; rather too many than too few.

    The model's files say how large it is, if they are on this machine: nothing is fetched. For
    another, a size in its name counts (`...-4B`). Keys and values are reckoned with as if each
    head had its own, though most models share them among heads.
    """
    facts = read_model_facts(params.model, find_model_file(params.model, params.revision))
    value = 2 if params.precision == "auto" and computes_half() else 4
    longest = max(1, min(facts.longest, params.max_length or facts.longest, params.batch_tokens))
    kept = 2 * facts.layers * facts.hidden * params.batch_tokens * value * _COPIES
    return math.ceil(kept / 2**20) + estimate_mb(
        parameters=facts.parameters,
        batch=max(1, params.batch_tokens // longest),
        length=longest,
        hidden=facts.hidden,
        layers=facts.layers,
        bytes_per_weight=value,
        intermediate=facts.intermediate,
        heads=facts.heads,
        fused_attention=facts.fused,
    )
