import pytest
from hypothesis import given
from hypothesis import strategies as st

from kodkod_carbon.processor import Processor, design_power, this_processor, watts
from kodkod_carbon.published import cpu_tdps

TDPS = cpu_tdps()


@pytest.mark.parametrize(
    ("model", "name", "tdp"),
    [
        ("AMD EPYC 7763 64-Core Processor", "AMD EPYC 7763", 280.0),
        ("Intel(R) Core(TM) i7-8550U CPU @ 1.80GHz", "Intel Core i7-8550U", 15.0),
        ("Intel(R) Xeon(R) CPU E5-2690 v4 @ 2.60GHz", "Intel Xeon E5-2690 v4", 135.0),
        ("Intel(R) Xeon(R) Gold 6248R CPU @ 3.00GHz", "Intel Xeon Gold 6248R", 205.0),
        ("Intel(R) Xeon(R) Platinum 8259CL CPU @ 2.50GHz", "Intel Xeon Platinum 8259CL", 210.0),
        ("AMD Ryzen 7 5800X 8-Core Processor", "AMD Ryzen 7 5800X", 105.0),
    ],
)
def test_models_are_known_by_what_they_call_themselves(model, name, tdp):
    assert design_power(model, TDPS) == (name, tdp)


@pytest.mark.parametrize(
    "model", ["AMD EPYC", "Intel(R) Xeon(R) CPU @ 2.20GHz", "QEMU Virtual CPU version 2.5+", ""]
)
def test_a_masked_model_is_not_taken_for_another(model):
    assert design_power(model, TDPS) is None


def test_an_entry_with_more_words_of_the_model_counts():
    tdps = {"Maker Chip 10": 50.0, "Maker Chip 10 Pro": 70.0}
    assert design_power("Maker(R) Chip 10 Pro CPU", tdps) == ("Maker Chip 10 Pro", 70.0)


def test_entries_that_contradict_each_other_count_for_nothing():
    assert design_power("Maker Chip 10 B", {"Maker Chip 10": 50.0, "Chip 10 B": 70.0}) is None


@given(st.sampled_from(sorted(TDPS)))
def test_whoever_is_in_the_table_gets_its_own_figure_or_none(name):
    found = design_power(name, TDPS)
    assert found is None or found[1] == TDPS[name]


def test_a_bare_machine_shares_the_design_power_by_its_threads():
    two_sockets = Processor("AMD EPYC 7763 64-Core Processor", cpus=256, sockets=2)
    figure = watts(two_sockets, TDPS, None)
    assert figure.watts == pytest.approx(280 / 128)
    assert "AMD EPYC 7763, design power 280 W (codecarbon" in figure.origin


def test_a_virtual_machine_gets_its_threads_part_not_the_whole_processor():
    two_of_many = Processor("AMD EPYC 7763 64-Core Processor", cpus=2, virtual=True)
    assert watts(two_of_many, TDPS, None).watts == pytest.approx(280 / 128)


def test_a_virtual_machine_whose_part_is_not_known_gets_the_fallback():
    virtual = Processor("Intel(R) Xeon(R) Gold 6248R CPU @ 3.00GHz", cpus=2, virtual=True)
    figure = watts(virtual, TDPS, None)
    assert figure.watts == 4.0
    assert "Intel Xeon Gold 6248R this virtual machine has is not known" in figure.origin


def test_an_unknown_model_gets_the_fallback_and_the_way_out():
    figure = watts(Processor("AMD EPYC", cpus=2, virtual=True), TDPS, None)
    assert figure.watts == 4.0
    assert "'AMD EPYC', which is in no table" in figure.origin
    assert "KODKOD_CARBON_CPU_WATTS" in figure.origin


def test_an_own_figure_goes_before_all():
    known = Processor("AMD EPYC 7763 64-Core Processor", cpus=128)
    assert watts(known, TDPS, 64.0).watts == 0.5


def test_this_machine_says_something():
    here = this_processor()
    assert here.cpus >= 1
    assert here.sockets >= 1
    assert 0 < watts(here, TDPS, None).watts < 100
