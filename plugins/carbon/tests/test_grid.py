import pytest
from hypothesis import given
from hypothesis import strategies as st

from kodkod_carbon import published
from kodkod_carbon.grid import local_mix, remote_mix
from kodkod_carbon.settings import CarbonSettings


def test_a_country_has_its_own_figure():
    mix = local_mix(CarbonSettings(country="FRA"))
    assert mix.g_per_kwh == pytest.approx(56.039)
    assert mix.name.startswith("France, average of 2023 (codecarbon 3.3.")


def test_the_code_may_be_written_small():
    assert local_mix(CarbonSettings(country="fra")) == local_mix(CarbonSettings(country="FRA"))


def test_without_a_country_it_is_the_worlds_and_says_how_to_set_one():
    mix = local_mix(CarbonSettings())
    assert mix.g_per_kwh == 475.0
    assert "no country is set: set KODKOD_CARBON_COUNTRY" in mix.name


@pytest.mark.parametrize("code", ["XXX", "CAF"])
def test_a_country_without_figures_is_said_to_have_none(code):
    mix = local_mix(CarbonSettings(country=code))
    assert mix.g_per_kwh == 475.0
    assert f"no figures for the country {code}" in mix.name


def test_an_own_mix_goes_before_the_country():
    mix = local_mix(CarbonSettings(country="FRA", g_per_kwh=0.0, mix_name="our own hydro plant"))
    assert mix.g_per_kwh == 0.0
    assert mix.name.startswith("our own hydro plant")


def test_the_machine_room_raises_the_figure_and_says_so():
    mix = local_mix(CarbonSettings(g_per_kwh=100.0, pue=1.5))
    assert mix.g_per_kwh == pytest.approx(150.0)
    assert "times 1.5" in mix.name


def test_elsewhere_is_not_here():
    settings = CarbonSettings(country="FRA", pue=2.0)
    assert remote_mix(settings).g_per_kwh == 475.0
    assert remote_mix(CarbonSettings(llm_g_per_kwh=30.0)).g_per_kwh == 30.0


@given(st.sampled_from(sorted(published.country_mixes())))
def test_every_country_of_the_table_can_be_chosen(code):
    mix = local_mix(CarbonSettings(country=code))
    assert 0 < mix.g_per_kwh < 2_000
    assert "average of" in mix.name


def test_tables_that_are_gone_leave_the_worlds_average(monkeypatch):
    monkeypatch.setattr(published, "find_spec", lambda _name: None)
    assert published.country_mixes.__wrapped__() == {}
    assert published.world_mix.__wrapped__().g_per_kwh == 475.0
    assert published.cpu_tdps() == {}
