import pytest

from kodkod.api import InvalidInputError, read_section
from kodkod_carbon.plugin import register_settings
from kodkod_carbon.settings import SECTION, CarbonSettings, read_settings


def test_the_section_is_declared():
    (section,) = register_settings()
    assert (section.name, section.params) == ("carbon", CarbonSettings)


def test_every_field_is_read_from_the_environment():
    environ = {
        "KODKOD_CARBON_COUNTRY": "FRA",
        "KODKOD_CARBON_G_PER_KWH": "12.5",
        "KODKOD_CARBON_MIX_NAME": "our roof",
        "KODKOD_CARBON_PUE": "1.4",
        "KODKOD_CARBON_CPU_WATTS": "150",
        "KODKOD_CARBON_LLM_WH_PER_1000_TOKENS": "0.3",
        "KODKOD_CARBON_LLM_G_PER_KWH": "300",
        "KODKOD_CARBON_WARN_AT": "0.5",
    }
    assert read_settings(environ) == CarbonSettings(
        country="FRA",
        g_per_kwh=12.5,
        mix_name="our roof",
        pue=1.4,
        cpu_watts=150.0,
        llm_wh_per_1000_tokens=0.3,
        llm_g_per_kwh=300.0,
        warn_at=0.5,
    )


@pytest.mark.parametrize(
    ("name", "value"),
    [("COUNTRY", "France"), ("PUE", "0.9"), ("CPU_WATTS", "0"), ("G_PER_KWH", "-1")],
)
def test_what_makes_no_sense_is_refused_at_the_start_and_breaks_no_job(name, value):
    environ = {f"KODKOD_CARBON_{name}": value}
    with pytest.raises(InvalidInputError, match=name):
        read_section(SECTION, CarbonSettings, environ)
    assert read_settings(environ) == CarbonSettings()
