"""The kernel's own plugins."""

import time
from collections import namedtuple

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from structlog.testing import capture_logs

from kodkod.api import Event, InvalidInputError, JobInfo, SplitPlan
from kodkod.defaults import disk_guard, event_log, usage
from kodkod.defaults.password import PasswordParams
from kodkod.defaults.password_check import PasswordCheck
from kodkod.defaults.split import split_rows
from kodkod.testing import contract_for

test_password_contract = contract_for("kodkod.defaults.password")

JOB = JobInfo(id="7", kind="train", queue="cpu", user="ada", project="stance", params={})


def sizes(codes):
    return np.bincount(codes, minlength=3).tolist()


# -- split ----------------------------------------------------------------------------------


def test_numbers_are_exact_and_train_takes_what_remains():
    frame = pl.DataFrame({"x": range(100)})

    assert sizes(split_rows(frame, SplitPlan(valid=7, test=20))) == [73, 7, 20]
    assert sizes(split_rows(frame, SplitPlan(train=50, valid=30, test=20))) == [50, 30, 20]
    assert split_rows(frame, SplitPlan()).dtype == np.uint8


@pytest.mark.parametrize("stratify_by", [None, "x"])
def test_a_seed_decides_who_goes_where(stratify_by):
    frame = pl.DataFrame({"x": [1, 2] * 100})

    def codes(seed):
        return split_rows(frame, SplitPlan(test=50, seed=seed, stratify_by=stratify_by)).tolist()

    assert codes(1) == codes(1)
    assert codes(1) != codes(2)


def test_a_random_split_has_no_favourites():
    frame = pl.DataFrame({"x": range(20)})

    drawn = sum(
        (split_rows(frame, SplitPlan(test=5, seed=seed)) == 2).astype(int) for seed in range(2_000)
    )

    # 500 each is expected, with a standard deviation of 19.
    assert (np.abs(drawn - 500) < 100).all()


def test_a_stratified_split_has_no_favourites_within_a_stratum():
    frame = pl.DataFrame({"x": ["a"] * 15 + ["b"] * 5})

    drawn = sum(
        (split_rows(frame, SplitPlan(test=4, seed=seed, stratify_by="x")) == 2).astype(int)
        for seed in range(2_000)
    )

    # 3 of 15 and 1 of 5: 400 each, with a standard deviation of 18.
    assert (np.abs(drawn - 400) < 100).all()


values = st.sampled_from(["a", "b", "c", "d", None])


@given(st.lists(values, min_size=1, max_size=200), st.data())
def test_a_stratified_split_is_exact_and_in_proportion(column, data):
    n = len(column)
    valid = data.draw(st.integers(0, n))
    test = data.draw(st.integers(0, n - valid))
    frame = pl.DataFrame({"x": pl.Series(column, dtype=pl.String)})
    plan = SplitPlan(valid=valid, test=test, stratify_by="x")

    codes = split_rows(frame, plan)

    assert sizes(codes) == [n - valid - test, valid, test]
    for value in set(column):
        here = np.array([each == value for each in column])
        expected = here.sum() * np.array([n - valid - test, valid, test]) / n
        assert (np.abs(sizes(codes[here]) - expected) <= 2).all()


def test_strata_of_one_text_each_are_no_problem():
    frame = pl.DataFrame({"x": range(1_000)})

    assert sizes(split_rows(frame, SplitPlan(test=100, stratify_by="x"))) == [900, 0, 100]


def test_a_column_may_say_the_split_in_any_case():
    said = ["train", " Test", "VALID", "Validation", "dev", "TRAIN"]

    codes = split_rows(pl.DataFrame({"s": said}), SplitPlan(column="s", test=99))

    assert codes.tolist() == [0, 2, 1, 1, 1, 0]


@pytest.mark.parametrize(
    ("plan", "reason", "field"),
    [
        (SplitPlan(valid=3, test=3), "has 4 texts, and valid 3 and test 3 make 6", "split"),
        (SplitPlan(train=1, test=1), "train 1, valid 0 and test 1 make 2", "split"),
        (SplitPlan(train=9), "make 9", "split"),
        (SplitPlan(test=-1), "test is -1", "split.test"),
        (SplitPlan(train=-1), "train is -1", "split.train"),
        (SplitPlan(stratify_by="y"), "no column 'y'; the file has x, s, l", "split.stratify_by"),
        (SplitPlan(stratify_by="l"), "lists or structures", "split.stratify_by"),
        (SplitPlan(column="z"), "no column 'z'", "split.column"),
        (SplitPlan(column="s"), "2 rows of the column 's' name no split, first row 2", "split.col"),
    ],
)
def test_a_plan_that_does_not_fit_is_refused_with_the_reason(plan, reason, field):
    frame = pl.DataFrame({"x": range(4), "s": ["train", "holdout", None, "test"], "l": [[1]] * 4})

    with pytest.raises(InvalidInputError, match=reason) as refusal:
        split_rows(frame, plan)

    assert refusal.value.field.startswith(field)


def test_a_million_rows_are_split_in_a_moment():
    rng = np.random.default_rng(0)
    frame = pl.DataFrame({"x": rng.choice(["a", "b", "c"], 1_000_000)})

    start = time.process_time()
    codes = split_rows(frame, SplitPlan(valid=100_001, test=33_333, stratify_by="x"))
    seconds = time.process_time() - start

    assert sizes(codes) == [866_666, 100_001, 33_333]
    # 0.1 s; the bound tells a loop over rows from array work on a busy machine.
    assert seconds < 1.5


# -- password -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("secret", "reason"),
    [
        ("seven 7", "too short; use 8"),
        (" " * 20, "too short"),
        ("x" * 1025, "too long; use at most 1024"),
        ("half a \ud83d character", "lone surrogate"),
    ],
)
def test_a_weak_password_is_refused(secret, reason):
    with pytest.raises(InvalidInputError, match=reason) as refusal:
        PasswordCheck(PasswordParams()).enroll(secret)

    assert secret not in refusal.value.message


def test_a_password_is_hashed_by_argon2id_and_found_again_however_it_was_typed():
    check = PasswordCheck(PasswordParams())

    stored = check.enroll("cafe\u0301 au lait")

    assert stored.startswith("$argon2id$")
    assert check.check("caf\u00e9 au lait", stored)


# -- disk guard -----------------------------------------------------------------------------

Usage = namedtuple("Usage", "total used free")


@pytest.mark.parametrize(("free_mb", "admitted"), [(199, False), (200, True)])
def test_jobs_are_refused_when_the_disk_is_nearly_full(monkeypatch, tmp_path, free_mb, admitted):
    # The disk itself cannot be filled in a test; everything else is real.
    seen = []

    def disk_usage(folder):
        seen.append(folder)
        return Usage(10**12, 0, free_mb * 1024 * 1024)

    monkeypatch.setattr(disk_guard.shutil, "disk_usage", disk_usage)
    monkeypatch.setenv("KODKOD_DATA_DIR", str(tmp_path / "not" / "yet" / "made"))

    reason = disk_guard.job_admit(JOB)

    assert (reason is None) is admitted
    assert admitted or f"{free_mb} MB" in reason
    assert seen == [tmp_path]


# -- usage and log --------------------------------------------------------------------------


def test_a_jobs_usage_is_measured_even_if_it_fails():
    kept = []

    def fail():
        with usage.job_wrap(JOB, {}) as metrics:
            kept.append(metrics)
            held = np.ones(30_000_000)
            raise ValueError(f"job failed with {held.nbytes} bytes")

    with pytest.raises(ValueError, match="job failed with 240000000"):
        fail()

    (metrics,) = kept
    assert metrics["seconds"] > 0
    assert metrics["cpu_seconds"] > 0
    assert metrics["peak_memory_mb"] > 228


def test_a_peak_is_the_jobs_own_and_not_that_of_the_one_before():
    if not usage._RESET_PEAK.exists():
        pytest.skip("only Linux lets a process reset its peak")
    with usage.job_wrap(JOB, {}) as large:
        held = np.ones(30_000_000)
        del held
    with usage.job_wrap(JOB, {}) as small:
        pass

    assert small["peak_memory_mb"] < large["peak_memory_mb"] - 200


def test_an_event_is_one_line_without_what_people_wrote():
    with capture_logs() as logs:
        event_log.event(Event(type="annotations.saved", project="p", user="ada", data={"t": "x"}))

    (line,) = logs
    assert line["event"] == "annotations.saved"
    assert (line["project"], line["user"]) == ("p", "ada")
    assert "t" not in line
