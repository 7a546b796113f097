from hypothesis import given
from hypothesis import strategies as st

from kodkod.api import EnergyStanding, JobInfo
from kodkod_carbon import plugin
from kodkod_carbon.budget import refusal, warning

wh = st.floats(0, 1e6)
standings = st.builds(
    EnergyStanding,
    spent_wh=wh,
    expected_wh=st.none() | wh,
    budget_wh=st.none() | wh,
    refuse=st.booleans(),
)


def standing(spent, *, expected=None, budget=100.0, refuse=True):
    return EnergyStanding(spent_wh=spent, expected_wh=expected, budget_wh=budget, refuse=refuse)


def test_without_a_budget_nothing_is_said():
    assert refusal(standing(1e9, budget=None)) is None
    assert warning(standing(1e9, budget=None), 0.8) is None


def test_far_from_the_budget_nothing_is_said():
    assert refusal(standing(79.0, expected=1.0)) is None
    assert warning(standing(79.0, expected=1.0), 0.8) is None


def test_the_warning_starts_at_its_share():
    said = warning(standing(80.0), 0.8)
    assert said == "The project's jobs have taken 80.0 Wh of its energy budget of 100.0 Wh (80 %)."
    assert warning(standing(80.0), 0.9) is None


def test_a_job_that_would_exceed_the_budget_is_refused_with_the_figures():
    said = refusal(standing(60.0, expected=50.0))
    assert said is not None
    assert "60.0 Wh of its energy budget of 100.0 Wh (60 %)" in said
    assert "expected to take 50.0 Wh" in said
    assert "raise the project's energy budget" in said


def test_a_spent_budget_refuses_whatever_is_expected():
    said = refusal(standing(100.0))
    assert said is not None
    assert "no job can start" in said


def test_a_budget_that_only_warns_refuses_nothing():
    assert refusal(standing(500.0, expected=1.0, refuse=False)) is None
    said = warning(standing(500.0, refuse=False), 0.8)
    assert said is not None
    assert "500.0 Wh of its energy budget of 100.0 Wh (500 %)" in said


def test_a_budget_of_nothing_refuses_every_job():
    assert refusal(standing(0.0, budget=0.0)) is not None


def test_large_budgets_are_told_in_kwh():
    said = warning(standing(1_850.0, budget=2_000.0), 0.8)
    assert said is not None
    assert "1.9 kWh of its energy budget of 2.0 kWh" in said


@given(standings, st.floats(0.01, 1.0))
def test_whoever_is_refused_would_have_been_warned(one, warn_at):
    if refusal(one) is not None:
        assert warning(one, warn_at) is not None


@given(standings)
def test_what_is_admitted_leaves_the_budget_whole(one):
    if refusal(one) is None and one.refuse and one.budget_wh is not None:
        assert one.spent_wh + (one.expected_wh or 0.0) <= one.budget_wh


def job(energy):
    return JobInfo(
        id="1", kind="train", queue="cpu", user="u", project="p", params={}, energy=energy
    )


def test_the_hooks_ask_the_budget(monkeypatch):
    monkeypatch.setenv("KODKOD_CARBON_WARN_AT", "0.5")
    assert plugin.job_admit(job(standing(100.0))) is not None
    assert plugin.job_warn(job(standing(50.0))) is not None
    assert plugin.job_warn(job(standing(49.0))) is None


def test_a_job_of_no_project_is_left_alone():
    assert plugin.job_admit(job(None)) is None
    assert plugin.job_warn(job(None)) is None
