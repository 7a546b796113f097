"""A feature's finished rows outlive a run that was killed, and are not computed again."""

from __future__ import annotations

import asyncio
import os
import signal
from collections import Counter

import numpy as np
import pytest
from scipy.sparse import csr_matrix

from kodkod.jobs.feature_shards import FeatureShards
from kodkod.store.matrices import MatrixFolder
from kodkod.store.projects import change_project

from .conftest import corpus

N = 5_000
FIRST = 2_048


@pytest.fixture
async def large(field, database):
    """The project with more texts than are transformed at a time."""
    from kodkod.store.corpus import write_corpus

    frame = corpus(N).with_columns(text=corpus(N)["text"].str.head(40))
    facts = write_corpus(field.root, frame)
    async with database.write() as connection:
        await change_project(
            connection,
            field.project.id,
            n_rows=facts.n_rows,
            splits=facts.splits,
            corpus_fingerprint=facts.fingerprint,
        )
    return field


def traced(path) -> list[tuple[int, int]]:
    lines = path.read_text().splitlines() if path.exists() else []
    return [tuple(map(int, line.split())) for line in lines if len(line.split()) == 2]


async def test_a_run_that_was_killed_is_gone_on_with_after_its_last_shard(
    desk, large, start_worker, tmp_path
):
    # Given a feature whose first texts are finished, in a child of a worker
    start_worker()
    trace, gate = tmp_path / "rows", tmp_path / "open"
    params = {"trace": str(trace), "gate": str(gate)}
    row = await desk.submit(
        "feature", large.project, name="l", component="heavy-lengths", params=params
    )

    async def past_the_first():
        return [pid for number, pid in traced(trace) if number >= FIRST]

    child = (await desk.until(past_the_first))[0]

    # When the child is killed
    gate.touch()
    os.kill(child, signal.SIGKILL)

    # Then the run after it computes what is not finished, and the feature is whole
    done = await desk.reaches(row.id, "done", "failed")
    assert done.state == "done", done.error
    assert done.attempts == 2
    times = Counter(number for number, _ in traced(trace))
    assert set(times) == set(range(N))
    assert all(times[number] == 1 for number in range(FIRST))
    assert times[FIRST] == 2
    assert f"{FIRST} texts were finished before this run" in done.log
    matrix = MatrixFolder(large.root / "features" / row.id).open_dense()
    lengths = corpus(N)["text"].str.head(40).str.len_chars().to_numpy()
    mean = lengths[np.arange(N) % 3 != 2].mean()
    np.testing.assert_allclose(matrix[:, 0], lengths - mean, rtol=1e-5, atol=1e-5)

    # And nothing is left of what the first had finished
    assert not list((large.root.parent.parent / "checkpoints").glob("*"))


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.mark.parametrize("sparse", [False, True])
def test_shards_are_written_when_it_is_time_and_read_until_a_gap(tmp_path, sparse):
    clock = Clock()
    shards = FeatureShards(tmp_path, clock)
    rows = np.arange(60, dtype=np.float32).reshape(20, 3)
    make = csr_matrix if sparse else np.asarray

    # Given parts, some of which come within two seconds
    for start, seconds in ((0, 0), (5, 1), (10, 3), (15, 4)):
        clock.now = seconds
        shards.add(start, make(rows[start : start + 5]))

    # Then the first is a shard, those of which the second was too early another, the last is none
    assert sorted(path.name for path in (tmp_path / "shards").iterdir()) == ["0", "5"]
    found = list(FeatureShards(tmp_path).finished(0))
    dense = [part.toarray() if sparse else np.asarray(part) for part in found]
    np.testing.assert_array_equal(np.concatenate(dense), rows[:15])

    # And what comes after a gap is not taken
    (tmp_path / "shards" / "0").rename(tmp_path / "elsewhere")
    assert list(FeatureShards(tmp_path).finished(0)) == []


async def test_rows_that_are_added_after_a_death_are_computed_too(
    desk, field, database, settings, tmp_path, workspace
):
    # Given what a killed run of another job kind left: the shards of fewer texts
    from .test_kinds import add_rows

    made = await desk.run("feature", field.project, name="l", component="letters")
    await add_rows(database, settings, field, 40)
    row = await desk.submit("extend-feature", field.project, feature_id=made.id)
    left = FeatureShards(settings.data_dir / "checkpoints" / row.id)
    planted = csr_matrix(np.full((5, 5), 7, dtype=np.float32))
    left.add(30, planted)

    # When the job runs
    await asyncio.to_thread(desk.runner.run, row.id)

    # Then it has taken those, and computed the rest
    matrix = MatrixFolder(field.root / "features" / made.id).open().toarray()
    assert matrix.shape == (40, 5)
    assert (matrix[30:35] == 7).all()
    assert (matrix[35:] == 0).all()
