"""What holds for every strategy, whatever the pool."""

import time

import msgspec
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kodkod.plugins.factory import build
from kodkod.plugins.status import Registered
from kodkod.testing.material import LABELS, make_pool

from .pools import SPECS

NEEDS_A_LABEL = {"label": LABELS[1]}
OF_ONE_LABEL = {name for name, spec in SPECS.items() if "label" in spec.params.__struct_fields__}


def built(name, **params):
    given_ = NEEDS_A_LABEL if name in OF_ONE_LABEL else {}
    return build(Registered(SPECS[name], "selection", ""), {**given_, **params})


def rows(draw, n, *, fewest=0):
    chosen = draw(st.sets(st.integers(0, max(n - 1, 0)), min_size=min(fewest, n), max_size=n))
    return np.array(sorted(row for row in chosen if row < n), dtype=np.int64)


@st.composite
def pools(draw, scheme_types):
    """Pools with rows missing, alike, labelled and barred in any combination."""
    n = draw(st.integers(0, 40))
    whole = make_pool(
        n, draw(st.sampled_from(scheme_types)), labelled=n, seed=draw(st.integers(0, 3))
    )
    labelled = rows(draw, n)
    unknown = rows(draw, n)
    alike = rows(draw, n)
    for array in (whole.probabilities, whole.embeddings, whole.llm):
        array[alike] = 1 / array.shape[1]
    whole.probabilities[unknown] = np.nan
    whole.committee[draw(st.integers(0, 2)), unknown] = np.nan
    return msgspec.structs.replace(
        whole,
        embeddings=whole.embeddings[: draw(st.integers(0, n))],
        labelled=labelled,
        targets=whole.targets[labelled],
        held_out=whole.held_out[labelled],
        candidates=rows(draw, n) if draw(st.booleans()) else None,
    )


@pytest.mark.parametrize("name", sorted(SPECS))
def test_every_order_is_a_permutation_with_unknown_rows_last(name):
    spec = SPECS[name]

    @settings(max_examples=25, suppress_health_check=list(HealthCheck))
    @given(pools(spec.scheme_types or ("multiclass", "multilabel")))
    def check(whole):
        params = {"rows": [0]} if name == "similar" and len(whole.embeddings) else {}
        seeds = [np.random.default_rng(1), np.random.default_rng(1)]
        first, second = (
            built(name, **params).order(msgspec.structs.replace(whole, rng=rng)).tolist()
            for rng in seeds
        )
        assert first == second
        assert sorted(first) == list(range(whole.n))
        if "base" in spec.needs:
            return
        unknown = np.zeros(whole.n, dtype=bool)
        if "probabilities" in spec.needs:
            unknown |= np.isnan(whole.probabilities).any(axis=1)
        if "committee" in spec.needs:
            unknown |= np.isnan(whole.committee).any(axis=(0, 2))
        if "embeddings" in spec.needs:
            unknown[len(whole.embeddings) :] = True
        known = int(np.count_nonzero(~unknown))
        assert not unknown[first[:known]].any()

    check()


@pytest.mark.parametrize("name", sorted(SPECS))
def test_a_batch_is_of_rows_that_may_be_drawn(name):
    """Costly strategies look at candidates; labelled rows take no place in a batch."""
    spec = SPECS[name]
    if "candidates" not in spec.uses or "base" in spec.needs or name == "adaptive-multilabel":
        return
    whole = make_pool(300, (*spec.scheme_types, "multiclass")[0], labelled=100)
    whole = msgspec.structs.replace(whole, candidates=np.arange(0, 300, 2))

    batch = built(name).order(whole)[:25].tolist()

    assert all(row % 2 == 0 for row in batch)
    if name != "cvirs":  # an order by score: whoever may be drawn is ranked, labelled or not
        assert all(row < 200 for row in batch)


@pytest.mark.parametrize("name", ["random", "max-entropy", "breaking-ties", "max-probability"])
def test_a_million_rows_take_a_moment(name):
    rng = np.random.default_rng(0)
    p = rng.random((1_000_000, 4), dtype=np.float32)
    p /= p.sum(axis=1, keepdims=True)
    whole = msgspec.structs.replace(make_pool(0), n=len(p), probabilities=p)

    start = time.process_time()
    order = built(name).order(whole)
    seconds = time.process_time() - start

    assert len(order) == 1_000_000
    # 0.1 to 0.3 s; the bound tells a loop over rows from array work on a busy machine.
    assert seconds < 2
