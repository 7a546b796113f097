"""Judging models by jobs, with real models, metrics and files on a project that can be learnt."""

from __future__ import annotations

import msgspec
import numpy as np
import pytest
from sklearn.metrics import accuracy_score, f1_score

from kodkod.store.artefacts import add_model, change_model, find_model, list_models
from kodkod.store.labels import delete_labels
from kodkod.store.learnt import read_learnt
from kodkod.store.log import LogWriter
from kodkod.store.matrices import MatrixFolder
from kodkod.store.projects import add_scheme

from .classroom import Classroom
from .study import TOPICS, TRAIN

ANNOTATED = range(150)


@pytest.fixture
async def room(settings, database):
    writer = LogWriter(database, lambda _: None)
    await writer.start()
    yield Classroom(settings, database, writer)
    await writer.stop()


async def train(study, name, **params) -> str:
    row = await study.desk.run(
        "train",
        study.project,
        **{
            "name": name,
            "scheme_id": study.scheme.id,
            "component": "logistic",
            "features": ["vectors"],
            **params,
        },
    )
    assert row.state == "done", row.error
    return row.result["model"]


async def predict(study, model):
    row = await study.desk.run("predict", study.project, model_id=model)
    assert row.state == "done", row.error
    return row.result["scores"]


async def test_texts_that_were_learnt_from_are_scored_by_cross_validation(make_study, settings):
    # Given 150 annotated texts, 125 of them in the train split, and a model trained with folds
    study = await make_study()
    await study.say(ANNOTATED)
    model = await train(study, "crossed", folds=5)

    # When it predicts
    scores = await predict(study, model)

    # Then the train split is scored by what models said that had not seen the texts
    learnt = read_learnt(settings.models / study.project.slug / model)
    rows = np.flatnonzero(TRAIN[:150])
    np.testing.assert_array_equal(learnt.rows, rows)
    assert scores["train"]["basis"] == "cross-validated"
    assert scores["train"]["n"] == 125
    expected = accuracy_score(TOPICS[rows], learnt.held_out.argmax(axis=1))
    assert scores["train"]["overall"]["accuracy"]["value"] == pytest.approx(expected)
    # And the test split by what the model says
    found = MatrixFolder(study.home.parents[1] / "predictions" / model).open_dense()
    test = np.flatnonzero(~TRAIN[:150])
    assert (scores["test"]["basis"], scores["test"]["n"]) == ("unseen", 25)
    expected = f1_score(TOPICS[test], found[test].argmax(axis=1), average="macro")
    assert scores["test"]["overall"]["macro_f1"]["value"] == pytest.approx(expected)
    assert scores["test"]["calibration"]


async def test_without_folds_the_train_split_is_in_sample_and_says_so(make_study):
    study = await make_study()
    await study.say(ANNOTATED)
    scores = await predict(study, await train(study, "plain"))

    assert scores["train"]["basis"] == "in-sample"
    assert scores["test"]["basis"] == "unseen"


async def test_several_labels_are_scored_from_their_thresholds_on(make_study, database):
    study = await make_study(multilabel=True)
    await study.say(ANNOTATED)
    model = await train(study, "several")
    await predict(study, model)
    async with database.write() as connection:
        await change_model(connection, model, thresholds=[0.0, 0.0, 0.0, 0.0])
    row = await study.desk.run("score", study.project, model_id=model)

    assert row.state == "done", row.error
    by_label = row.result["scores"]["test"]["by_label"]
    # Texts of the test split are on the third topic, and every one is odd.
    assert {name: each["recall"]["value"] for name, each in by_label.items()} == {
        "a": None,
        "b": None,
        "c": 1,
        "odd": 1,
    }
    assert by_label["a"]["precision"]["value"] == 0


async def test_two_models_are_compared_on_the_same_texts(make_study):
    # Given a model that has learnt, and one that may not learn much
    study = await make_study()
    await study.say(ANNOTATED)
    good, bad = await train(study, "good"), await train(study, "bad", params={"cost": 1e-6})
    scores = {model: await predict(study, model) for model in (good, bad)}

    row = await study.desk.run(
        "compare", study.project, first_id=bad, second_id=good, split="test", seed=3
    )

    assert row.state == "done", row.error
    result = row.result
    assert (result["first_basis"], result["second_basis"]) == ("unseen", "unseen")
    assert (result["metric"], result["report"]["n"]) == ("classification", 25)
    accuracy = result["report"]["overall"]["log_loss"]
    for which, model in (("first", bad), ("second", good)):
        assert accuracy[which] == scores[model]["test"]["overall"]["log_loss"]["value"]
    assert accuracy["low"] < accuracy["difference"] < accuracy["high"] < 0
    assert accuracy["p"] < 0.01
    assert 0 <= result["report"]["mcnemar"]["p"] <= 1


async def test_models_without_texts_in_common_are_not_compared(make_study):
    study = await make_study()
    await study.say(ANNOTATED)
    one, other = await train(study, "one"), await train(study, "other")
    await predict(study, one)

    row = await study.desk.run("compare", study.project, first_id=one, second_id=other)
    empty = await study.desk.run(
        "compare", study.project, first_id=one, second_id=one, split="valid"
    )

    assert row.state == "failed"
    assert "'other' has predicted no annotated text of the test split" in row.error
    assert "valid split" in empty.error


async def test_models_that_tell_other_labels_apart_are_not_compared(make_study, database):
    study = await make_study()
    await study.say(ANNOTATED)
    one, other = await train(study, "all"), await train(study, "two", exclude_labels=["a"])
    for model in (one, other):
        await predict(study, model)

    row = await study.desk.run("compare", study.project, first_id=one, second_id=other)
    async with database.read() as connection:
        models = await list_models(connection, study.project.id)

    assert row.state == "failed"
    assert "exclude_labels" in row.error
    two = next(each for each in models if each.id == other)
    assert set(two.scores["test"]["labels"]) == {"b", "c", "unseen"}


async def test_models_of_two_schemes_are_not_compared(make_study, database):
    study = await make_study()
    await study.say(ANNOTATED)
    one = await train(study, "one")
    async with database.write() as connection:
        scheme = await add_scheme(
            connection,
            [("a", None, "")],
            project_id=study.project.id,
            name="else",
            type="multiclass",
            params={},
            codebook="",
            overlap=1,
            guide=None,
        )
        row = await find_model(connection, one)
        other = msgspec.structs.replace(row, id="other", name="other", scheme_id=scheme.id)
        await add_model(connection, other)

    row = await study.desk.run("compare", study.project, first_id=one, second_id="other")

    assert row.state == "failed"
    assert "different schemes" in row.error


async def test_the_learning_curve_of_a_model_rises(make_study):
    study = await make_study()
    await study.say(ANNOTATED)
    model = await train(study, "m")

    row = await study.desk.run(
        "learning-curve", study.project, model_id=model, folds=3, sizes=4, repeats=1, seed=1
    )
    again = await study.desk.run(
        "learning-curve", study.project, model_id=model, folds=3, sizes=4, repeats=1, seed=1
    )

    assert row.state == "done", row.error
    points = row.result["points"]
    assert (row.result["figure"], row.result["n_texts"]) == ("macro_f1", 125)
    sizes = [point["n"] for point in points]
    assert len(sizes) == 4
    assert sizes == sorted(sizes)
    assert sizes[-1] == pytest.approx(125 * 2 / 3, abs=1)
    scores = [point["score"] for point in points]
    assert scores[0]["value"] < scores[-1]["value"]
    assert all(each["low"] <= each["value"] <= each["high"] for each in scores)
    assert again.result == row.result


async def test_a_learning_curve_needs_labels(make_study, database):
    study = await make_study()
    await study.say(ANNOTATED)
    model = await train(study, "m")
    async with database.write() as connection:
        await delete_labels(connection, [label.id for label in study.scheme.labels[1:]])

    row = await study.desk.run("learning-curve", study.project, model_id=model)

    assert row.state == "failed"
    assert "annotate at least two texts" in row.error


async def test_passages_are_scored_and_compared_by_borders(room, desk):
    # Given two markers of cats and dogs
    await room.open(60, "span", labels=("cat", "dog"))
    await room.truth(range(40))
    await room.say({4: [{"start": 0, "end": 5, "label": "cat"}]})
    params = {"scheme_id": room.scheme.id, "component": "marker"}
    one = await desk.run("train", room.project, name="one", folds=3, **params)
    two = await desk.run("train", room.project, name="two", annotators=["ana"], **params)
    for row in (one, two):
        assert row.state == "done", row.error
        predicted = await desk.run("predict", room.project, model_id=row.id)
        assert predicted.state == "done", predicted.error

    scores = (await room.model("one")).scores

    # Then the metric is that of the scheme's type, and cross-validated passages count
    train, test = scores["train"], scores["test"]
    assert (train["basis"], test["basis"]) == ("cross-validated", "unseen")
    assert train["overall"]["strict_f1"]["value"] == 1
    # Row 4 is of the test split, and its cat has other borders than people say.
    assert test["overall"]["type_f1"]["value"] == 1
    assert test["overall"]["strict_f1"]["value"] < 1
    compared = await desk.run(
        "compare", room.project, first_id=one.id, second_id=two.id, split="test"
    )
    assert compared.state == "done", compared.error
    assert compared.result["metric"] == "spans"
    assert compared.result["report"]["overall"]["strict_f1"]["difference"] == 0
    curve = await desk.run(
        "learning-curve", room.project, model_id=one.id, folds=2, sizes=2, repeats=1
    )
    assert curve.state == "done", curve.error
    assert curve.result["points"][-1]["score"]["value"] == 1
