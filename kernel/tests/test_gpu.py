"""What components get for a card: batches in halves, memory given back, an estimate before."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from types import ModuleType, SimpleNamespace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kodkod.api import (
    BatchFit,
    Cancelled,
    UnavailableError,
    estimate_mb,
    free_gpu_cache,
    in_halves,
    is_out_of_memory,
)
from kodkod.api.gpu_memory import CONTEXT_MB
from kodkod.testing import RecordingContext


class OutOfMemoryError(RuntimeError):
    """Torch's, by its name."""


class SmallCard:
    """A card that takes no more than so many items at a time."""

    def __init__(self, most: int, error: type[Exception] = OutOfMemoryError) -> None:
        self.most = most
        self.error = error
        self.sizes: list[int] = []

    def run(self, batch):
        self.sizes.append(len(batch))
        if len(batch) > self.most:
            raise self.error("CUDA out of memory. Tried to allocate 20.00 GiB")
        return [item * 10 for item in batch]


class FakeTorch(ModuleType):
    """Torch as far as a cache is concerned."""

    def __init__(self, *, initialized: bool = True) -> None:
        super().__init__("torch")
        self.emptied = 0
        self.cuda = SimpleNamespace(
            is_initialized=lambda: initialized, empty_cache=self._empty, OutOfMemoryError=None
        )

    def _empty(self) -> None:
        self.emptied += 1


@pytest.fixture
def ctx(tmp_path: Path) -> RecordingContext:
    return RecordingContext(tmp_path)


@pytest.fixture
def torch(monkeypatch: pytest.MonkeyPatch) -> FakeTorch:
    fake = FakeTorch()
    monkeypatch.setitem(sys.modules, "torch", fake)
    return fake


def test_batches_that_fit_are_run_as_they_are(ctx):
    card = SmallCard(most=4)
    found = list(in_halves([[1, 2, 3, 4], [5]], card.run, ctx))
    assert found == [([1, 2, 3, 4], [10, 20, 30, 40]), ([5], [50])]
    assert ctx.lines == []


def test_a_batch_that_does_not_fit_is_halved_and_so_are_those_that_follow(ctx, torch):
    card = SmallCard(most=16)
    items = list(range(128))

    found = list(in_halves([items[:64], items[64:]], card.run, ctx))

    assert [item for part, _ in found for item in part] == items
    assert [value for _, values in found for value in values] == [item * 10 for item in items]
    # 64 and 32 were tried once each, 16 was remembered.
    assert card.sizes == [64, 32] + [16] * 8
    said = "A batch of {} did not fit into memory; halved to {} from now on, and so is every batch"
    assert [line.partition(" that")[0] for line in ctx.lines] == [
        said.format(64, 32),
        said.format(32, 16),
    ]
    assert torch.emptied == 2


def test_what_was_learnt_serves_the_next_call(ctx):
    card, fits = SmallCard(most=2), BatchFit()
    list(in_halves([[1, 2, 3, 4]], card.run, ctx, fits=fits))
    card.sizes.clear()

    list(in_halves([[5, 6, 7, 8]], card.run, ctx, fits=fits))

    assert card.sizes == [2, 2]
    assert fits.parts == 2


def test_progress_tells_how_much_is_done_and_that_batches_are_cut(ctx):
    card = SmallCard(most=2)
    list(in_halves([[1, 2, 3, 4], [5, 6]], card.run, ctx, total=6, unit="pages"))

    assert [report.message for report in ctx.reports] == [
        ctx.lines[0],
        "2 of 6 pages",
        "4 of 6 pages",
        "5 of 6 pages",
        "6 of 6 pages",
    ]
    assert [report.fraction for report in ctx.reports] == [0, 2 / 6, 4 / 6, 5 / 6, 1]
    assert all(report.metrics["batch_parts"] == 2 for report in ctx.reports)
    assert all(report.metrics["pages_per_second"] > 0 for report in ctx.reports[1:])


def test_one_item_that_does_not_fit_is_told_with_the_remedy(ctx):
    with pytest.raises(UnavailableError, match="one item at a time; read less of it") as caught:
        list(in_halves([[1, 2]], SmallCard(most=0).run, ctx, remedy="read less of it"))
    assert is_out_of_memory(caught.value.__cause__)


def test_another_error_passes_through(ctx):
    card = SmallCard(most=1, error=ValueError)
    with pytest.raises(ValueError, match="Tried to allocate"):
        list(in_halves([[1, 2]], card.run, ctx))
    assert card.sizes == [2]


def test_a_request_to_stop_passes_through(tmp_path):
    ctx = RecordingContext(tmp_path, cancel_after=1)
    card = SmallCard(most=2)
    with pytest.raises(Cancelled):
        list(in_halves([[1, 2], [3, 4], [5, 6]], card.run, ctx, total=6))
    assert card.sizes == [2, 2]


def test_what_filled_the_memory_is_let_go_before_the_next_attempt(ctx):
    # Given a batch that leaves something large in the frame that fails.
    class Tensor:
        alive = 0

        def __init__(self) -> None:
            Tensor.alive += 1

        def __del__(self) -> None:
            Tensor.alive -= 1

    def run(batch):
        assert Tensor.alive == 0
        tensor = Tensor()
        if len(batch) > 1:
            raise OutOfMemoryError
        return tensor is not None

    assert len(list(in_halves([[1, 2, 3, 4]], run, ctx))) == 4


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(batches=st.lists(st.lists(st.integers(), max_size=40), max_size=6), most=st.integers(1, 40))
def test_each_item_once_in_order_whatever_fits(ctx, batches, most):
    card = SmallCard(most=most)
    found = list(in_halves(batches, card.run, ctx))
    assert [item for part, _ in found for item in part] == [i for batch in batches for i in batch]
    assert all(len(part) <= most for part, _ in found)
    # Each failure halves all that follows, so there are few.
    failures = sum(size > most for size in card.sizes)
    assert 2**failures < 2 * max([2, *map(len, batches)])


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (OutOfMemoryError(), True),
        (type("Ours", (OutOfMemoryError,), {})(), True),
        (MemoryError(), True),
        (RuntimeError("CUDA error: out of memory"), True),
        (RuntimeError("HIP out of memory. Tried to allocate"), True),
        (RuntimeError("cuBLAS error: CUBLAS_STATUS_ALLOC_FAILED when calling"), True),
        (RuntimeError("[enforce fail] DefaultCPUAllocator: can't allocate memory"), True),
        (RuntimeError("CUDA error: device-side assert triggered"), False),
        (ValueError("out of memory"), False),
        (UnavailableError("the database is out of memory"), False),
    ],
)
def test_what_means_that_memory_ran_out(error, expected):
    assert is_out_of_memory(error) == expected


def test_the_cache_is_emptied_if_torch_uses_a_card(torch):
    free_gpu_cache()
    assert torch.emptied == 1


def test_torch_that_uses_no_card_and_no_torch_at_all_are_left_alone(monkeypatch):
    idle = FakeTorch(initialized=False)
    monkeypatch.setitem(sys.modules, "torch", idle)
    free_gpu_cache()
    assert idle.emptied == 0

    script = "import sys, kodkod.api as api; api.free_gpu_cache(); print('torch' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, check=True)
    assert done.stdout == b"False\n"


BERT_LARGE = {
    "parameters": 335_141_888,
    "length": 512,
    "hidden": 1_024,
    "layers": 24,
    "heads": 16,
    "training": True,
    "fused_attention": False,
}
PUBLISHED = {
    "float32": ({"batch": 4, "bytes_per_weight": 4}, 14_949),
    "float32, one text": ({"batch": 1, "bytes_per_weight": 4}, 8_681),
    "float32, checkpoints": ({"batch": 1, "bytes_per_weight": 4, "checkpointing": True}, 6_775),
    "mixed": ({"batch": 4}, 13_939),
    "mixed, checkpoints": ({"batch": 1, "checkpointing": True}, 7_275),
}
"""MB of a V100 that training of bert-large-uncased took: docs of transformers 4.21."""
THEIR_CONTEXT_MB = 1_343
"""What it says of them was taken before the first weight, in 2022."""


@pytest.mark.parametrize(("how", "measured"), PUBLISHED.values(), ids=PUBLISHED)
def test_the_estimate_is_above_what_was_measured_and_not_far(how, measured):
    estimate = estimate_mb(**BERT_LARGE, **how)
    assert 1 < (estimate - CONTEXT_MB) / (measured - THEIR_CONTEXT_MB) < 1.25


@pytest.mark.parametrize(
    ("parameters", "bytes_per_weight", "weights_mb"),
    [(6_738_415_616, 2, 12_853), (6_738_415_616, 0.5, 3_213), (22_713_216, 4, 87)],
)
def test_inference_takes_the_weights_a_context_and_little_more(
    parameters, bytes_per_weight, weights_mb
):
    estimate = estimate_mb(
        parameters=parameters,
        bytes_per_weight=bytes_per_weight,
        batch=1,
        length=512,
        hidden=4_096,
        layers=32,
        intermediate=11_008,
    )
    assert weights_mb + CONTEXT_MB < estimate < weights_mb * 1.2 + CONTEXT_MB + 300


SHAPES = st.fixed_dictionaries(
    {
        "parameters": st.integers(1_000_000, 10_000_000_000),
        "batch": st.integers(1, 64),
        "length": st.integers(8, 4_096),
        "hidden": st.integers(64, 8_192),
        "layers": st.integers(1, 80),
        "bytes_per_weight": st.sampled_from([0.5, 1, 2, 4]),
        "vocabulary": st.sampled_from([0, 32_000, 250_000]),
        "training": st.booleans(),
        "fused_attention": st.booleans(),
    }
)


@given(shape=SHAPES, more=st.sampled_from(["parameters", "batch", "length", "hidden", "layers"]))
def test_more_of_anything_never_takes_less(shape, more):
    assert estimate_mb(**{**shape, more: shape[more] * 2}) >= estimate_mb(**shape)


@given(shape=SHAPES)
def test_what_saves_memory_saves_it_in_the_estimate(shape):
    full = {**shape, "training": True}
    assert estimate_mb(**{**shape, "training": False}) < estimate_mb(**full)
    assert estimate_mb(**full, lora=True) < estimate_mb(**full)
    assert estimate_mb(**{**shape, "fused_attention": True}) <= estimate_mb(
        **{**shape, "fused_attention": False}
    )
    deep = {**full, "layers": 40}
    assert estimate_mb(**deep, checkpointing=True) < estimate_mb(**deep)
