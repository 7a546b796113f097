import pytest
from hypothesis import given
from hypothesis import strategies as st

from kodkod.api import wh_per_read, wh_per_written
from kodkod_carbon.remote import remote_use
from kodkod_carbon.settings import CarbonSettings

counts = st.floats(0, 1e9)


def used(settings=None, **metrics):
    return remote_use(
        {f"remote_{name}": value for name, value in metrics.items()}, settings or CarbonSettings()
    )


def test_a_job_that_calls_nobody_spends_nothing_elsewhere():
    assert used() is None
    assert used(input_tokens=0.0, output_tokens=0.0, parameters_b=70.0) is None


def test_a_written_token_by_hand():
    # 8 billion: one card. exp(-1.12e-2 * 64) = 0.48833
    # card 1.17e-6 * 0.48833 * 8 + 4.05e-5 = 4.5071e-5 Wh
    # time 6.78e-4 * 8 + 3.12e-4 * 64 + 1.94e-2 = 0.044792 s, server 0.044792 / 3600 * 150 / 64
    # = 2.9162e-5 Wh; times 1.2
    assert wh_per_written(8.0) == pytest.approx(8.908e-5, rel=1e-3)


def test_larger_models_need_more_cards():
    # 70 billion in 16 bit with a fifth to spare: 168 GB, three cards of 80 GB, so four.
    # card 1.17e-6 * 0.48833 * 70 + 4.05e-5 = 8.0494e-5; server 0.086828 s: 5.6529e-5
    assert wh_per_written(70.0) == pytest.approx(1.2 * 4 * (8.0494e-5 + 5.6529e-5), rel=1e-3)


def test_a_read_token_by_hand():
    # 7.3 billion: 0.062 ms at 550 W, times 1.2.
    assert wh_per_read(7.3) == pytest.approx(0.062e-3 / 3600 * 550 * 1.2)


def test_the_order_of_magnitude_is_that_of_another_method():
    # Epoch AI, 2025: 0.3 Wh for 500 tokens written by 100 billion active parameters.
    assert 0.3 / 3 < 500 * wh_per_written(100.0) < 0.3 * 3


def test_both_kinds_of_tokens_count_and_the_source_is_named():
    use = used(input_tokens=1_000.0, output_tokens=10.0, parameters_b=8.0)
    assert use.wh == pytest.approx(1_000 * wh_per_read(8.0) + 10 * wh_per_written(8.0))
    assert use.method.startswith("Estimated: 1,000 tokens read and 10 written, 8 billion active")
    assert "EcoLogits" in use.method


def test_an_unknown_size_is_said_to_be_assumed():
    use = used(output_tokens=10.0)
    assert use.wh == pytest.approx(10 * wh_per_written(100.0))
    assert "unknown size, taken for 100 billion" in use.method


def test_the_providers_own_figure_goes_before_all():
    use = used(CarbonSettings(llm_wh_per_1000_tokens=0.5), input_tokens=3e3, output_tokens=1e3)
    assert use.wh == pytest.approx(2.0)
    assert "KODKOD_CARBON_LLM_WH_PER_1000_TOKENS" in use.method


@pytest.mark.parametrize("nonsense", [float("nan"), float("inf"), -5.0])
def test_nonsense_counts_for_nothing(nonsense):
    assert used(input_tokens=nonsense) is None


@given(counts, counts, st.floats(0.1, 2_000), st.floats(1, 10))
def test_more_tokens_and_larger_models_never_take_less(read, written, billions, factor):
    def wh(reads, writes, size):
        use = used(input_tokens=reads, output_tokens=writes, parameters_b=size)
        return use.wh if use else 0.0

    little = wh(read, written, billions)
    assert wh(read * factor, written, billions) >= little
    assert wh(read, written * factor, billions) >= little
    assert wh(read, written, billions * factor) >= little
