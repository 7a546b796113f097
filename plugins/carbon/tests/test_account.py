import pytest
from hypothesis import given
from hypothesis import strategies as st

from kodkod_carbon.account import account
from kodkod_carbon.cards import CardUse
from kodkod_carbon.meter import PackageUse, Reading
from kodkod_carbon.processor import WattsPerCpu
from kodkod_carbon.settings import CarbonSettings

FRANCE = CarbonSettings(country="FRA")


def four_watts(_own):
    return WattsPerCpu(4.0, "a test's figure")


def of(reading, metrics=None, settings=FRANCE):
    return account(reading, metrics or {}, settings, four_watts)


def test_an_estimate_by_hand():
    # 900 s of processor time at 4 W, 2 GB for 600 s at 0.375 W a GB
    energy = of(Reading(seconds=600.0, cpu_seconds=900.0, gb_seconds=1_200.0))
    assert energy.cpu_wh == pytest.approx(1.0)
    assert energy.ram_wh == pytest.approx(0.125)
    assert (energy.gpu_wh, energy.remote_wh) == (0.0, 0.0)
    assert energy.wh == pytest.approx(1.125)
    assert energy.g_co2e == pytest.approx(1.125 / 1_000 * 56.039)
    assert energy.measured == ()
    assert set(energy.methods) == {"cpu", "ram"}
    assert energy.methods["cpu"] == (
        "Estimated: 900.0 s of processor time of the job's own processes at 4 W for a busy CPU "
        "(a test's figure)."
    )
    assert energy.methods["ram"].startswith("Estimated: 2 GB held")


def test_measured_processors():
    packages = PackageUse(7_200.0, 1_500.0, "package-0")
    energy = of(Reading(seconds=600.0, cpu_seconds=900.0, gb_seconds=0.0, packages=packages))
    assert energy.cpu_wh == pytest.approx(2.0)
    assert energy.measured == ("cpu",)
    assert energy.methods["cpu"].startswith("Measured: ")
    assert "RAPL: package-0" in energy.methods["cpu"]
    assert "the job used 900.0 s of 1,500.0 s" in energy.methods["cpu"]


def test_why_nothing_was_measured_is_said():
    energy = of(Reading(seconds=1.0, cpu_seconds=1.0, gb_seconds=0.0, unmeasured="it is Sunday"))
    assert energy.methods["cpu"].endswith("Not measured, as it is Sunday.")


@pytest.mark.parametrize(("measured", "word"), [(True, "Measured"), (False, "Estimated")])
def test_cards(measured, word):
    cards = CardUse(joules=3_600.0, measured=measured, names=("H100", "H100"), how=("alone",))
    energy = of(Reading(seconds=1.0, cpu_seconds=0.0, gb_seconds=0.0, cards=cards))
    assert energy.gpu_wh == pytest.approx(1.0)
    assert ("gpu" in energy.measured) is measured
    assert energy.methods["gpu"] == f"{word}: energy of the card H100 by its driver (NVML), alone."


def test_cards_that_the_job_did_not_use_are_not_mentioned():
    energy = of(Reading(seconds=1.0, cpu_seconds=0.0, gb_seconds=0.0, cards=CardUse()))
    assert "gpu" not in energy.methods


def test_cards_of_which_nobody_tells_are_said_not_to_be_counted():
    energy = of(Reading(seconds=1.0, cpu_seconds=0.0, gb_seconds=0.0, cards=CardUse(untold=True)))
    assert energy.gpu_wh == 0.0
    assert energy.methods["gpu"].startswith("Not counted")


def test_what_is_spent_elsewhere_is_on_somebody_elses_electricity():
    settings = CarbonSettings(country="FRA", pue=1.5, llm_wh_per_1000_tokens=1.0)
    reading = Reading(seconds=600.0, cpu_seconds=900.0, gb_seconds=0.0)
    energy = of(reading, {"remote_output_tokens": 2_000.0}, settings)
    assert energy.remote_wh == pytest.approx(2.0)
    assert energy.g_per_kwh == pytest.approx(56.039 * 1.5)
    assert energy.g_co2e == pytest.approx((1.0 * 56.039 * 1.5 + 2.0 * 475.0) / 1_000)
    assert "For what was spent elsewhere: 475 g" in energy.mix
    assert energy.methods["remote"].startswith("Estimated: ")


some = st.floats(0, 1e9)
readings = st.builds(
    Reading,
    seconds=some,
    cpu_seconds=some,
    gb_seconds=some,
    packages=st.none() | st.builds(PackageUse, some, some, st.just("package-0")),
    unmeasured=st.sampled_from(["", "there is no sensor"]),
    cards=st.none()
    | st.builds(
        CardUse,
        some,
        st.booleans(),
        st.sampled_from([("H100",), ("A100", "H100")]),
        st.just(("alone",)),
    ),
)
metrics = st.dictionaries(st.sampled_from(["remote_input_tokens", "remote_output_tokens"]), some)


@given(readings, metrics, st.sampled_from([FRANCE, CarbonSettings(), CarbonSettings(pue=2.0)]))
def test_nothing_estimated_is_shown_as_measured(reading, tokens, settings):
    energy = of(reading, tokens, settings)
    parts = {"cpu": energy.cpu_wh, "gpu": energy.gpu_wh, "ram": energy.ram_wh}
    parts["remote"] = energy.remote_wh
    for part, wh in parts.items():
        assert wh >= 0
        sentence = energy.methods.get(part, "")
        assert wh == 0 or sentence
        assert (part in energy.measured) == sentence.startswith("Measured")
    assert not {"ram", "remote"} & set(energy.measured)
    local = energy.wh - energy.remote_wh
    elsewhere = energy.remote_wh * 475.0
    assert energy.g_co2e * 1_000 == pytest.approx(local * energy.g_per_kwh + elsewhere, rel=1e-6)
