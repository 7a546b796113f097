"""The kernel's own kinds of job, declared as any plugin declares its own."""

from __future__ import annotations

from collections.abc import Iterable

from kodkod.api import ComponentSpec, JobSpec, Resources, hookimpl
from kodkod.jobs.kinds import (
    estimate_params,
    evaluation_params,
    labelling_params,
    map_params,
    params,
)

API = "2.0"

# What they write lies aside until it is whole, so that they can be ended anywhere.
ENDS_ANYWHERE = Resources(grace_seconds=0.5)
# A run that is cancelled publishes what was answered; 200,000 answers take 3 to 5 s to read alone.
PUBLISHES = Resources(grace_seconds=60.0)


@hookimpl
def register_components() -> Iterable[ComponentSpec]:
    """Declare the kinds."""
    yield JobSpec(
        name="import",
        title="Import",
        summary="Make a project from a large file",
        factory="kodkod.jobs.kinds.import_project:ImportJob",
        params=params.ImportParams,
        resources=ENDS_ANYWHERE,
    )
    yield JobSpec(
        name="feature",
        title="Compute a feature",
        summary="Fit on the train split, then transform the complete corpus",
        factory="kodkod.jobs.kinds.feature:FeatureJob",
        params=params.FeatureParams,
        resources=ENDS_ANYWHERE,
        per_row=True,
    )
    yield JobSpec(
        name="extend-feature",
        title="Extend a feature",
        summary="Transform the rows that were added to the corpus",
        factory="kodkod.jobs.kinds.extend_feature:ExtendFeatureJob",
        params=params.ExtendFeatureParams,
        resources=ENDS_ANYWHERE,
        exclusive=False,
        per_row=True,
    )
    yield JobSpec(
        name="index",
        title="Index a feature",
        summary="Find texts that are near to others without reading all of them",
        factory="kodkod.jobs.kinds.index:IndexJob",
        params=params.IndexParams,
        resources=ENDS_ANYWHERE,
        exclusive=False,
        per_row=True,
    )
    yield JobSpec(
        name="train",
        title="Train a model",
        summary="Learn a scheme from the annotations of the train split",
        factory="kodkod.jobs.kinds.train:TrainJob",
        params=params.TrainParams,
        resources=ENDS_ANYWHERE,
    )
    yield JobSpec(
        name="predict",
        title="Predict",
        summary="Predict the corpus, a split or a file, and score what has annotations",
        factory="kodkod.jobs.kinds.predict:PredictJob",
        params=params.PredictParams,
        resources=ENDS_ANYWHERE,
        per_row=True,
    )
    yield JobSpec(
        name="plan-labelling",
        title="Plan a labelling",
        summary="Reckon what asking a labeller would take, and ask nothing",
        factory="kodkod.jobs.kinds.label:PlanLabellingJob",
        params=labelling_params.PlanLabellingParams,
        resources=ENDS_ANYWHERE,
        exclusive=False,
    )
    yield JobSpec(
        name="label",
        title="Label",
        summary="Let a labeller answer what is asked of texts, and score what has annotations",
        factory="kodkod.jobs.kinds.label:LabelJob",
        params=labelling_params.LabelParams,
        resources=PUBLISHES,
        exclusive=False,
    )
    yield JobSpec(
        name="export-model",
        title="Write a model",
        summary="Write a model in a form that other software loads",
        factory="kodkod.jobs.kinds.export_model:ExportModelJob",
        params=params.ExportModelParams,
        resources=ENDS_ANYWHERE,
    )
    yield JobSpec(
        name="score",
        title="Score",
        summary="Compare stored predictions with the annotations of now",
        factory="kodkod.jobs.kinds.score:ScoreJob",
        params=params.ScoreParams,
        resources=ENDS_ANYWHERE,
    )
    yield JobSpec(
        name="compare",
        title="Compare two models",
        summary="Tell by paired tests whether one of two models is better on the same texts",
        factory="kodkod.jobs.kinds.compare:CompareJob",
        params=evaluation_params.CompareParams,
        resources=ENDS_ANYWHERE,
    )
    yield JobSpec(
        name="estimate",
        title="Estimate",
        summary="Say from machine labels and few human ones what is true of the corpus",
        factory="kodkod.jobs.kinds.estimate:EstimateJob",
        params=estimate_params.EstimateParams,
        resources=ENDS_ANYWHERE,
        exclusive=False,
    )
    yield JobSpec(
        name="learning-curve",
        title="Draw a learning curve",
        summary="Cross-validate a model's kind on growing shares of what is annotated",
        factory="kodkod.jobs.kinds.learning_curve:LearningCurveJob",
        params=evaluation_params.LearningCurveParams,
        resources=ENDS_ANYWHERE,
    )
    yield JobSpec(
        name="projection",
        title="Make a map",
        summary="Lay the texts out on a plane, near to one another where their vectors are",
        factory="kodkod.jobs.kinds.projection:ProjectionJob",
        params=map_params.ProjectionParams,
        resources=ENDS_ANYWHERE,
        per_row=True,
    )
    yield JobSpec(
        name="extend-projection",
        title="Extend a map",
        summary="Place the rows that were added to the corpus on a map",
        factory="kodkod.jobs.kinds.extend_projection:ExtendProjectionJob",
        params=map_params.ExtendProjectionParams,
        resources=ENDS_ANYWHERE,
        exclusive=False,
        per_row=True,
    )
    yield JobSpec(
        name="topics",
        title="Find topics",
        summary="Group the texts by their vectors and describe each group by its words",
        factory="kodkod.jobs.kinds.topics:TopicsJob",
        params=map_params.TopicsParams,
        resources=ENDS_ANYWHERE,
        per_row=True,
    )
    yield JobSpec(
        name="extend-topics",
        title="Extend topics",
        summary="Give the rows that were added to the corpus their topics",
        factory="kodkod.jobs.kinds.extend_topics:ExtendTopicsJob",
        params=map_params.ExtendTopicsParams,
        resources=ENDS_ANYWHERE,
        exclusive=False,
        per_row=True,
    )
    yield JobSpec(
        name="topic-operation",
        title="Change topics",
        summary="Merge topics, split one, or give texts without a topic the nearest one",
        factory="kodkod.jobs.kinds.topic_operation:TopicOperationJob",
        params=map_params.TopicOperationParams,
        resources=ENDS_ANYWHERE,
        exclusive=False,
    )
    yield JobSpec(
        name="guide",
        title="Refresh the guide",
        summary="Fit the quick model and predict the corpus while people annotate",
        factory="kodkod.jobs.kinds.guide:GuideJob",
        params=params.GuideParams,
        resources=ENDS_ANYWHERE,
        queue="live",
        exclusive=False,
        per_row=True,
    )
    yield JobSpec(
        name="assess",
        title="Assess the guide",
        summary="Cross-validate the quick model on what is annotated, for advice on when to stop",
        factory="kodkod.jobs.kinds.assess:AssessJob",
        params=params.AssessParams,
        resources=ENDS_ANYWHERE,
        exclusive=False,
    )
    yield JobSpec(
        name="simulate",
        title="Simulate",
        summary="Replay strategies on what is annotated, to see which would have paid",
        factory="kodkod.jobs.kinds.simulate:SimulateJob",
        params=params.SimulateParams,
        resources=Resources(heavy=True, grace_seconds=0.5),
    )
    yield JobSpec(
        name="encode",
        title="Encode a text",
        summary="Make the vector of a text that somebody looks for the like of",
        factory="kodkod.jobs.kinds.encode:EncodeJob",
        params=params.EncodeParams,
        resources=ENDS_ANYWHERE,
        queue="live",
        exclusive=False,
    )
