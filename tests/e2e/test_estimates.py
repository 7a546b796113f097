"""Estimates of a real corpus whose truth is known, through a real server."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from corpora import shared_file
from kodkod_sdk import (
    Client,
    Covariate,
    DrawPlan,
    EstimateQuestion,
    Filter,
    InvalidInputError,
    JobFailedError,
    NewAnnotation,
    NewCorpusEstimate,
    NewDrawnSample,
    NewFeature,
    NewModel,
    NewScheme,
    NextQuery,
    Project,
    ProjectConfig,
    SplitPlan,
)

LABELS = ["Business", "Sci/Tech", "Sports", "World"]
N, N_TEST, N_LEARNT, N_SAMPLE = 3_000, 2_500, 300, 200


@pytest.fixture
def news(tmp_path: Path) -> pl.DataFrame:
    frame = pl.read_parquet(shared_file("ag_news.parquet")).sample(N, seed=5)
    length = pl.col("text").str.len_chars()
    kind = pl.when(length > 200).then(pl.lit("long")).otherwise(pl.lit("short"))
    return frame.with_columns(length=length, kind=kind)


@pytest.fixture
def project(client: Client, news: pl.DataFrame, tmp_path: Path) -> Iterator[Project]:
    """Give a project whose model has learnt from the train split and predicted all texts."""
    file = tmp_path / "news.parquet"
    news.write_parquet(file)
    config = ProjectConfig(
        name="News to estimate",
        id_column="id",
        text_columns=["text"],
        context_columns=["length", "kind"],
        split=SplitPlan(test=N_TEST, seed=1),
    )
    made = client.create_project(file, config)
    scheme = made.create_scheme(NewScheme(name="desk", labels=LABELS))
    truth = truth_of(news)
    learnt = [each.id for each in scheme.elements(split="train")][:N_LEARNT]
    scheme.annotate(NewAnnotation(id=id_, value=truth[id_]) for id_ in learnt)
    made.create_feature(NewFeature(name="lsa", component="tfidf-svd", params={"dim": 64})).wait()
    made.create_model(NewModel(name="quick", scheme="desk", features=["lsa"])).wait()
    made.predict("quick").wait()
    yield made
    made.delete()


def truth_of(news: pl.DataFrame) -> dict[str, str]:
    return dict(news.select("id", "label").iter_rows())


def draw_and_annotate(project: Project, news: pl.DataFrame, name: str, plan: DrawPlan) -> list[str]:
    """Draw a sample, annotate what `next` hands out of it, and return the ids."""
    truth = truth_of(news)
    project.draw_sample(NewDrawnSample(name=name, plan=plan))
    scheme = project.scheme("desk")
    query, ids = NextQuery(filter=Filter(drawn_sample=name), n=100), []
    while elements := scheme.next(query).elements:
        ids.extend(each.id for each in elements)
        scheme.annotate(
            NewAnnotation(id=each.id, value=truth[each.id], lease=each.lease) for each in elements
        )
    return ids


def estimated(project: Project, **what: Any) -> list[dict[str, Any]]:
    done = project.estimate("desk", NewCorpusEstimate(sample="fair", **what)).wait()
    assert done.result is not None
    return done.result["rows"]


def test_a_sample_is_drawn_annotated_and_estimated_from(
    project: Project, news: pl.DataFrame
) -> None:
    # given a sample of texts that the model has not learnt from, annotated through next
    plan = DrawPlan(n=N_SAMPLE, split="test", seed=3)
    ids = draw_and_annotate(project, news, "fair", plan)
    info = project.drawn_sample("fair")
    assert [each.annotated for each in info.progress] == [N_SAMPLE]
    strategies = [entry.strategy for entry in project.scheme("desk").log()]
    assert strategies.count(f"sample:{info.id}") == N_SAMPLE

    # when shares are estimated, all four intervals holding at once in 95 samples of 100
    level = 1 - 0.05 / len(LABELS)
    alone = estimated(project, estimator="random-sample", level=level)
    helped = estimated(project, estimator="ppi", model="quick", level=level)

    # then people's labels alone say what the sample says, and both hold the truth
    there = pl.col("id").is_in([each.id for each in project.scheme("desk").elements(split="test")])
    test, sample = news.filter(there), news.filter(pl.col("id").is_in(ids))
    assert len(test) == N_TEST
    for plain, powered in zip(alone, helped, strict=True):
        is_label = pl.col("label") == plain["label"]
        in_sample = sample.select(is_label.mean()).item()
        assert plain["estimate"]["value"] == pytest.approx(in_sample)
        share = test.select(is_label.mean()).item()
        for row in (plain, powered):
            assert row["estimate"]["low"] <= share <= row["estimate"]["high"]
        assert powered["estimate"]["standard_error"] < plain["estimate"]["standard_error"]

    # and groups and regressions have a row for each figure
    by_kind = EstimateQuestion(kind="mean-by-group", by="kind", labels=["Sports"])
    groups = estimated(project, question=by_kind, model="quick", estimator="dsl")
    assert [row["group"] for row in groups] == ["long", "short"]
    length = Covariate(column="length", standardise=True)
    logistic = EstimateQuestion(kind="logistic", labels=["Sports"], covariates=[length])
    names = [
        row["estimate"]["name"] for row in estimated(project, question=logistic, model="quick")
    ]
    assert names == ["intercept", "length"]

    # and what the pilot shows plans the next sample
    pilot = helped[0]
    plans = project.plan_estimate(
        pilot["estimate"]["value"], half_width=0.02, correlation=pilot["correlation"]
    ).plans
    needed = {(each.estimator, each.design): each.n_human for each in plans}
    assert needed["ppi", "simple"] < needed["random-sample", "simple"]


def test_labels_that_do_not_tell_are_refused(project: Project, news: pl.DataFrame) -> None:
    # given texts that somebody chose, those of which a model has learnt
    def refusal(**what: Any) -> str:
        with pytest.raises(JobFailedError) as failed:
            project.estimate("desk", NewCorpusEstimate(**what)).wait()
        return str(failed.value)

    # then they are refused, and what to draw instead is said
    assert "Draw a sample" in refusal(human="random-draws", estimator="random-sample")
    assert "2500 of the 2500 texts" in refusal(human="test-split", estimator="random-sample")
    # and so is a sample that is not annotated yet
    project.draw_sample(NewDrawnSample(name="new", plan=DrawPlan(n=50, split="test")))
    missing = refusal(sample="new", estimator="random-sample")
    assert "50 of the 50 texts of the sample 'new'" in missing
    project.delete_drawn_sample("new")
    assert list(project.drawn_samples()) == []
    # and one whose texts have taught the model
    draw_and_annotate(project, news, "fair", DrawPlan(n=100, split="train", seed=2))
    assert "has learnt from" in refusal(sample="fair", model="quick")
    # and a request that names no sample
    with pytest.raises(InvalidInputError, match="Name the drawn sample"):
        project.estimate("desk", NewCorpusEstimate())
