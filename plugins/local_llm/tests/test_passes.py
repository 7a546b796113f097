"""What prompts begin with alike is read once, where that changes nothing."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from kodkod_local_llm.hub import find_pretrained
from kodkod_local_llm.loading import load_language_model
from kodkod_local_llm.passes import go_on, read_prompts

from .tiny import TINY

CODEBOOK = list(range(100, 160))
PROMPTS = [[*CODEBOOK, *range(200, 200 + n)] for n in (1, 30, 7)]

pytestmark = pytest.mark.usefixtures("local_models")


@pytest.mark.parametrize("name", TINY)
def test_prompts_are_read_as_each_alone(name):
    llm = load_language_model(find_pretrained(name, None), "full")
    read: list[int] = []
    llm.model.get_input_embeddings().register_forward_pre_hook(
        lambda _layer, given: read.append(given[0].numel())
    )
    with torch.inference_mode():
        together, kept = read_prompts(llm, PROMPTS, follow=2)
        # Phi-3's tiny window is too short for what would be padded in the middle.
        assert read == ([3 * 90] if name == "tiny-phi3" else [60, 3 * 30])
        next_ = torch.tensor([[5, 6]] * len(PROMPTS))
        after = go_on(llm, kept, next_, torch.ones_like(next_))
        for row, prompt in enumerate(PROMPTS):
            whole = torch.tensor([[*prompt, 5, 6]])
            alone = llm.model(input_ids=whole, use_cache=False).logits[0]
            np.testing.assert_allclose(together[row], alone[len(prompt) - 1], atol=1e-5)
            np.testing.assert_allclose(after[row], alone[-2:], atol=1e-5)
