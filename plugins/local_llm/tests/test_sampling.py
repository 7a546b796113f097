"""Masks and draws."""

from __future__ import annotations

import numpy as np
import torch
from hypothesis import given
from hypothesis import strategies as st
from llguidance.numpy import apply_token_bitmask_inplace

from kodkod_local_llm.sampling import allowed_log_probabilities, choose

SHARES = torch.tensor([[0.2, 0.5, 0.3]]).log()


def drawn(n: int, temperature: float, top_p: float) -> np.ndarray:
    """Return how often each token comes in so many draws."""
    rows = SHARES.expand(n, -1)
    generators = [np.random.default_rng(seed) for seed in range(n)]
    return np.bincount(choose(rows, temperature, top_p, generators), minlength=3) / n


@given(seed=st.integers(0, 2**32), vocabulary=st.integers(1, 100), n=st.integers(1, 4))
def test_a_mask_allows_what_llguidance_allows(seed, vocabulary, n):
    rng = np.random.default_rng(seed)
    logits = rng.normal(size=(n, vocabulary)).astype(np.float32)
    masks = rng.integers(-(2**31), 2**31, size=(n, (vocabulary + 31) // 32), dtype=np.int32)
    # One token at least may follow.
    masks[:, 0] |= 1
    found = allowed_log_probabilities(torch.from_numpy(logits), masks).numpy()

    expected = logits.copy()
    apply_token_bitmask_inplace(expected, masks)
    np.testing.assert_array_equal(np.isfinite(found), np.isfinite(expected))
    np.testing.assert_allclose(np.exp(found).sum(1), np.ones(n), rtol=1e-5)


def test_draws_have_the_shares_of_the_model():
    np.testing.assert_allclose(drawn(4_000, 1.0, 1.0), [0.2, 0.5, 0.3], atol=0.03)


def test_top_p_leaves_out_what_is_beyond_it():
    np.testing.assert_allclose(drawn(4_000, 1.0, 0.6), [0, 0.625, 0.375], atol=0.03)
    np.testing.assert_array_equal(drawn(50, 1.0, 0.1), [0, 1, 0])


def test_a_higher_temperature_evens_shares_out():
    squared = np.array([0.2, 0.5, 0.3]) ** 0.5
    np.testing.assert_allclose(drawn(4_000, 2.0, 1.0), squared / squared.sum(), atol=0.03)


def test_a_temperature_of_0_takes_the_most_probable():
    np.testing.assert_array_equal(drawn(10, 0.0, 1.0), [0, 1, 0])
