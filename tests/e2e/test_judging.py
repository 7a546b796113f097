"""What the SDK offers for judging models, against a real server: mistakes, doubts, curves."""

from __future__ import annotations

from pathlib import Path

import pytest

from kodkod_sdk import (
    Client,
    NewAnnotation,
    NewComparison,
    NewFeature,
    NewLearningCurve,
    NewModel,
    NewScheme,
    NextQuery,
    Project,
    ProjectConfig,
    SplitPlan,
)

WORDS = {"cats": "the cat purrs and sleeps", "dogs": "a dog barks at the door"}
N = 120


@pytest.fixture
def project(client: Client, tmp_path: Path) -> Project:
    labels = list(WORDS)
    # Every twelfth text is about the other animal than its label says.
    lines = [
        f"t{i},{WORDS[labels[(i + (i % 12 == 0)) % 2]]} {i},{labels[i % 2]}\n" for i in range(N)
    ]
    (tmp_path / "texts.csv").write_text("id,text,label\n" + "".join(lines))
    config = ProjectConfig(
        name="Judging",
        id_column="id",
        text_columns=["text"],
        label_columns=["label"],
        split=SplitPlan(test=40, seed=1),
    )
    project = client.create_project(tmp_path / "texts.csv", config)
    scheme = project.create_scheme(NewScheme(name="animal", type="multiclass", labels=labels))
    said = [NewAnnotation(id=f"t{i}", value=labels[i % 2]) for i in range(N)]
    scheme.annotate(said[:-1])
    project.create_feature(NewFeature(name="lsa", component="tfidf-svd", params={"dim": 20})).wait()
    yield project
    project.delete()


def test_mistakes_doubts_and_curves_come_through_the_sdk(project: Project) -> None:
    wish = {"scheme": "animal", "component": "logistic", "features": ["lsa"], "folds": 5}
    for name in ("one", "two"):
        project.create_model(NewModel(name=name, seed=len(name), **wish)).wait()
        project.predict(name).wait()

    wrong = list(project.errors("one"))
    assert wrong
    assert all(int(each.id[1:]) % 12 == 0 for each in wrong)
    assert wrong == sorted(wrong, key=lambda each: -each.confidence)
    (one_way,) = {each.value for each in project.errors("one", true="cats", predicted="dogs")}
    assert one_way == "cats"

    doubted = list(project.scheme("animal").label_errors(model="one"))
    assert doubted
    assert {int(each.id[1:]) % 12 for each in doubted[:3]} == {0}

    report = project.compare(NewComparison(first="one", second="two")).wait().result["report"]
    assert report["n"] in {39, 40}
    curve = project.learning_curve(NewLearningCurve(model="one", sizes=3, repeats=1)).wait()
    assert [point["n"] for point in curve.result["points"]] == sorted(
        point["n"] for point in curve.result["points"]
    )


def test_an_answer_brings_the_next_text(project: Project) -> None:
    scheme = project.scheme("animal")
    query = NextQuery(split="all")
    (last,) = scheme.next(query).elements
    answer = NewAnnotation(id=last.id, value="dogs", lease=last.lease)
    after = scheme.annotate_and_next([answer], query)
    assert after.elements == []
    assert list(scheme.log())[-1].value == "dogs"
