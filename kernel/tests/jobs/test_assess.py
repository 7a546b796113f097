"""The job that assesses a guide, with a real model on a project that can be learnt."""

from __future__ import annotations

import asyncio

import numpy as np
import polars as pl
import pytest
from sklearn.metrics import f1_score

from kodkod.jobs.context import KernelJobContext
from kodkod.store.artefacts import FeatureRow, add_feature
from kodkod.store.beliefs import read_assessment, read_assessments
from kodkod.store.corpus import write_corpus
from kodkod.store.database import now
from kodkod.store.log import LogWriter, NewEntry
from kodkod.store.matrices import Manifest, MatrixFolder
from kodkod.store.projects import add_project, add_scheme, change_scheme

N = 240
LEARNER = {"model": "logistic", "params": {}, "features": ["vectors"]}
GUIDE = {**LEARNER, "strategy": "random", "strategy_params": {}, "refresh_every": 10}
TOPICS = np.arange(N) // 2 % 3
TRAIN = np.arange(N) % 6 != 5


class Study:
    """A project of 240 texts on three topics, a sixth of them test, with vectors that tell."""

    def __init__(self, desk, database, settings, project, scheme, multilabel) -> None:
        self.desk = desk
        self.database = database
        self.project = project
        self.scheme = scheme
        self.multilabel = multilabel
        self.home = settings.projects / project.slug / "guides" / str(scheme.id)

    async def say(self, rows) -> int:
        """Annotate rows: their topic, or, with several labels, also `odd` for each second."""
        writer = LogWriter(self.database, lambda _: None)
        await writer.start()
        ids = [label.id for label in self.scheme.labels]
        entries = [
            NewEntry(
                project_id=self.project.id,
                scheme_id=self.scheme.id,
                op="set",
                row=row,
                user_id=1,
                value=self.value(ids, row),
            )
            for row in rows
        ]
        seqs = await writer.append(entries)
        await writer.stop()
        return seqs[-1]

    def value(self, ids, row) -> str:
        topic = ids[TOPICS[row]]
        if not self.multilabel:
            return f'"{topic}"'
        return f'["{topic}","{ids[3]}"]' if row % 2 else f'["{topic}"]'

    async def assess(self, **changed):
        params = {"scheme_id": self.scheme.id, **LEARNER, **changed}
        row = await self.desk.run("assess", self.project, **params)
        assert row.state == "done", row.error
        return row.result


@pytest.fixture
def make_study(desk, database, settings):
    async def make(*, multilabel=False) -> Study:
        root = settings.projects / "letters"
        root.mkdir(parents=True)
        frame = pl.DataFrame(
            {
                "id": [f"t{i}" for i in range(N)],
                "text": [f"text {i}" for i in range(N)],
                "split": np.where(TRAIN, 0, 2).astype(np.uint8),
            }
        )
        facts = write_corpus(root, frame)
        rng = np.random.default_rng(0)
        vectors = rng.standard_normal((N, 6)).astype(np.float32)
        vectors[np.arange(N), TOPICS] += 2.5
        vectors[:, 3] += 3 * (np.arange(N) % 2)
        folder = root / "features" / "f1"
        folder.mkdir(parents=True)
        manifest = Manifest(
            component="given",
            params={},
            corpus_fingerprint=facts.fingerprint,
            rows=N,
            dim=6,
            sparse=False,
        )
        MatrixFolder(folder).write(vectors, manifest)
        async with database.write() as connection:
            project = await add_project(
                connection,
                owner_id=1,
                slug="letters",
                name="Letters",
                language="en",
                config={},
                n_rows=facts.n_rows,
                splits=facts.splits,
                corpus_fingerprint=facts.fingerprint,
                created_by="ana",
            )
            await add_feature(
                connection,
                FeatureRow(
                    id="f1",
                    project_id=project.id,
                    name="vectors",
                    component="given",
                    params={},
                    dim=6,
                    rows=N,
                    sparse=False,
                    created_at=now(),
                ),
            )
            names = ["a", "b", "c", *(["odd"] if multilabel else ["unseen"])]
            scheme = await add_scheme(
                connection,
                [(name, None, "") for name in names],
                project_id=project.id,
                name="topic",
                type="multilabel" if multilabel else "multiclass",
                params={},
                codebook="",
                overlap=1,
                guide=GUIDE,
            )
        return Study(desk, database, settings, project, scheme, multilabel)

    return make


async def test_every_labelled_text_is_predicted_by_models_that_have_not_seen_it(make_study):
    # Given a study of which 90 rows are annotated, 75 of them in the train split
    study = await make_study()
    seq = await study.say(range(90))

    # When the guide is assessed
    result = await study.assess()

    # Then there are held-out probabilities of the rows of the train split
    found = read_assessment(study.home)
    rows = np.flatnonzero(TRAIN[:90])
    np.testing.assert_array_equal(found.rows, rows)
    assert found.facts.label_ids == [label.id for label in study.scheme.labels]
    np.testing.assert_allclose(found.held_out.sum(axis=1), 1, atol=1e-5)
    assert (found.facts.model, found.facts.params, found.facts.features) == (
        "logistic", {}, ["vectors"],
    )  # fmt: skip
    # And the score is theirs
    predicted = found.held_out.argmax(axis=1)
    score = found.facts.held_out.score
    assert score.value == pytest.approx(f1_score(TOPICS[rows], predicted, average="macro"))
    assert score.low < score.value < score.high
    assert (found.facts.held_out.n_train, found.facts.held_out.trained_at_seq) == (75, seq)
    assert (result["state"], result["n_train"], result["score"]["value"]) == (
        "assessed", 75, score.value,
    )  # fmt: skip
    # And the curve rises from an eighth of the training sets to the whole of them
    curve = found.facts.curve
    assert [point.n for point in curve] == [8, 13, 22, 36, 60]
    assert curve[0].score.value < curve[-1].score.value == pytest.approx(score.value, abs=1e-6)
    assert all(point.score.low <= point.score.value <= point.score.high for point in curve)
    assert read_assessments(study.home) == [found.facts.held_out]


async def test_the_same_seed_gives_the_same_assessment_and_another_run_leaves_one(make_study):
    study = await make_study()
    await study.say(range(60))
    await study.assess()
    first = read_assessment(study.home)
    await study.assess()
    again = read_assessment(study.home)
    np.testing.assert_array_equal(first.held_out, again.held_out)
    assert first.facts == again.facts
    assert len(read_assessments(study.home)) == 1

    # And a later one is added
    await study.say(range(60, 90))
    await study.assess()
    assert [each.n_train for each in read_assessments(study.home)] == [50, 75]
    assert sorted(each.name for each in study.home.iterdir()) == [
        "assessment", "assessments.jsonl",
    ]  # fmt: skip


async def test_several_labels_a_text_are_assessed(make_study):
    study = await make_study(multilabel=True)
    await study.say(range(120))
    await study.assess()
    found = read_assessment(study.home)
    rows = np.flatnonzero(TRAIN[:120])
    table = np.column_stack([TOPICS[rows, None] == np.arange(3), rows % 2 == 1])
    expected = f1_score(table, found.held_out >= 0.5, average="macro", zero_division=0)
    assert found.facts.held_out.score.value == pytest.approx(expected)
    assert expected > 0.8
    assert found.facts.curve[-1].n == 80


async def test_a_text_that_alone_has_its_label_is_always_learnt(make_study):
    # Given rows of two topics, and one of the third
    study = await make_study()
    rows = [row for row in range(60) if TOPICS[row] < 2 and TRAIN[row]] + [4]
    await study.say(rows)
    await study.assess()
    found = read_assessment(study.home)
    alone = found.rows == 4
    assert np.isnan(found.held_out[alone]).all()
    assert np.isfinite(found.held_out[~alone]).all()


async def test_too_few_labels_wait_and_write_nothing(make_study):
    study = await make_study()
    await study.say([0, 1, 2])
    result = await study.assess()
    assert result["state"] == "waiting"
    assert "two labels" in result["message"]
    assert not study.home.exists()


async def test_an_assessment_of_a_guide_that_is_no_more_is_dropped(make_study):
    study = await make_study()
    await study.say(range(60))
    async with study.database.write() as connection:
        await change_scheme(connection, study.scheme.id, guide={**GUIDE, "params": {"cost": 3}})
    assert (await study.assess())["state"] == "superseded"
    async with study.database.write() as connection:
        await change_scheme(connection, study.scheme.id, guide=None)
    assert (await study.assess())["state"] == "superseded"
    assert not study.home.exists()


async def test_it_stops_when_it_is_asked_to(make_study, runner, monkeypatch):
    # Given an assessment that is asked to stop when it reports its tenth model
    study = await make_study()
    await study.say(range(90))
    row = await study.desk.submit("assess", study.project, scheme_id=study.scheme.id, **LEARNER)
    said: list[str] = []
    real = KernelJobContext.progress

    def progress(self, fraction, message="", **metrics):
        said.append(message)
        if "model 10 of" in message:
            self.stop()
        real(self, fraction, message, **metrics)

    monkeypatch.setattr(KernelJobContext, "progress", progress)
    await asyncio.to_thread(runner.run, row.id)

    # Then the tenth is not fitted, and nothing is written
    assert (await study.desk.job(row.id)).state == "cancelled"
    assert "model 10 of" in said[-1]
    assert not study.home.exists()
