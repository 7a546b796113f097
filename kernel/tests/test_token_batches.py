import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from kodkod.api import token_batches


@given(st.lists(st.integers(0, 600), max_size=60), st.integers(1, 2_000))
def test_each_text_once_longest_first_within_the_budget(lengths, budget):
    lengths = np.array(lengths, dtype=np.int64)
    batches = list(token_batches(lengths, budget))
    positions = np.concatenate([np.zeros(0, np.int64), *batches])
    assert sorted(positions) == list(range(len(lengths)))
    assert (np.diff(lengths[positions]) <= 0).all()
    for batch in batches:
        assert len(batch) == 1 or lengths[batch].max() * len(batch) <= budget
