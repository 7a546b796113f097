"""Texts that are computed together, and texts that are held out."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from kodkod_transformers.holding_out import hold_out
from kodkod_transformers.steps import cut_to_budget, padded, steps_of_epoch

LENGTHS = st.lists(st.integers(1, 300), min_size=1, max_size=200)


@settings(max_examples=40)
@given(LENGTHS, st.integers(1, 40), st.integers(0, 5))
def test_an_epoch_has_each_text_once_and_full_steps(lengths, size, seed):
    texts = np.arange(len(lengths))[::2]

    steps = steps_of_epoch(np.array(lengths), texts, size, np.random.default_rng(seed))

    assert sorted(np.concatenate(steps).tolist()) == texts.tolist()
    assert len(steps) == -(-len(texts) // size)
    assert sum(len(step) < size for step in steps) <= 1


@settings(max_examples=40)
@given(LENGTHS, st.integers(1, 500))
def test_a_batch_keeps_to_its_budget_or_is_one_text(lengths, budget):
    sizes = np.array(lengths)

    batches = list(cut_to_budget(sizes, np.arange(len(sizes)), budget))

    assert sorted(np.concatenate(batches).tolist()) == list(range(len(sizes)))
    assert all(len(each) == 1 or len(each) * sizes[each].max() <= budget for each in batches)


def test_similar_lengths_come_together():
    lengths = np.random.default_rng(0).integers(5, 400, 2_000)
    texts = np.arange(2_000)

    steps = steps_of_epoch(lengths, texts, 16, np.random.default_rng(1))

    computed = sum(len(step) * lengths[step].max() for step in steps)
    assert computed < 1.1 * lengths.sum()
    assert not np.array_equal(np.concatenate(steps), texts)


def test_padding_is_on_the_right_or_on_the_left():
    assert padded([[1, 2, 3], [4]], 0).tolist() == [[1, 2, 3], [4, 0, 0]]
    assert padded([[1, 2, 3], [4]], 9, left=True).tolist() == [[1, 2, 3], [9, 9, 4]]
    assert padded([], 0).shape == (0, 0)


@settings(max_examples=40)
@given(st.lists(st.integers(0, 6), min_size=1, max_size=150), st.floats(0, 0.5), st.integers(0, 3))
def test_held_out_texts_are_stratified_and_leave_each_label_one(targets, share, seed):
    targets = np.array(targets)

    learn, held_out = hold_out(targets, share, seed)

    assert sorted([*learn, *held_out]) == list(range(len(targets)))
    assert set(targets[learn]) == set(targets)
    assert len(held_out) == 0 or len(held_out) >= 4
    for label in np.flatnonzero(np.bincount(targets) > 1):
        here, n = int((targets[held_out] == label).sum()), int((targets == label).sum())
        assert len(held_out) == 0 or abs(here - n * share) <= 1.5


def test_of_several_labels_the_rarest_is_held_out_in_proportion():
    targets = np.zeros((100, 3), dtype=np.uint8)
    targets[:, 0] = 1
    targets[:10, 1] = 1

    learn, held_out = hold_out(targets, 0.2, 0)

    assert targets[held_out].sum(axis=0).tolist() == [20, 2, 0]
    assert len(learn) == 80
