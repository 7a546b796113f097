import pytest
from hypothesis import given
from hypothesis import strategies as st

from kodkod_carbon.machine_time import busy_seconds, share_of_busy

seconds = st.floats(0, 1e6)


def test_busy_time_leaves_out_idle_waiting_and_stolen_time(tmp_path):
    stat = tmp_path / "stat"
    stat.write_text("cpu  100 20 30 9999 888 4 6 777 50 5\ncpu0 1 2 3\n")
    assert busy_seconds(stat) == pytest.approx(1.6)


@pytest.mark.parametrize("text", ["", "cpu0 1 2 3 4 5 6 7\n", "cpu 1 2\n", "cpu a b c d e f g\n"])
def test_a_file_of_another_form_is_an_error(tmp_path, text):
    stat = tmp_path / "stat"
    stat.write_text(text)
    with pytest.raises(ValueError, match=r".+"):
        busy_seconds(stat)


def test_this_machine_works():
    assert busy_seconds() > 0


def test_energy_goes_by_processor_time():
    # Three of twelve busy seconds on a machine of many CPUs.
    assert share_of_busy(3.0, 12.0, 1.0) == 0.25


def test_a_job_alone_on_one_cpu_is_billed_the_machine():
    assert share_of_busy(1.0, 1.0, 1.0) == 1.0


def test_a_job_that_waits_on_an_idle_machine_is_not_billed_the_idle_machine():
    assert share_of_busy(0.01, 0.02, 1.0) == pytest.approx(0.01)


def test_nothing_is_nothing():
    assert share_of_busy(0.0, 0.0, 0.0) == 0.0


@given(seconds, seconds, seconds)
def test_a_share_is_a_share(ours, busy, elapsed):
    assert 0.0 <= share_of_busy(ours, busy, elapsed) <= 1.0


@given(st.lists(seconds, min_size=1, max_size=10), seconds)
def test_jobs_together_are_never_billed_more_than_there_was(jobs, elapsed):
    busy = sum(jobs)
    assert sum(share_of_busy(each, busy, elapsed) for each in jobs) <= 1.0 + 1e-9
