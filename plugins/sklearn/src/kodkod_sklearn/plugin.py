"""Specs of the plugin; importing this imports nothing heavy."""

from collections.abc import Iterable

from kodkod.api import ComponentSpec, FeatureSpec, ModelSpec, Resources, hookimpl
from kodkod_sklearn import params

API = "2.1"

CODED = ("multiclass", "multilabel")
# scikit-learn learns inside one call, which only the end of its process can cancel. That costs a
# warm worker two seconds, so what takes minutes, as trees do, gets a process of its own.
QUICK = Resources(grace_seconds=0.5)
SLOW = Resources(heavy=True, grace_seconds=0.5)


@hookimpl
def register_components() -> Iterable[ComponentSpec]:
    """Declare features and quick models."""
    return (*_features(), *_linear_models(), *_other_models())


def _features() -> Iterable[FeatureSpec]:
    yield FeatureSpec(
        name="tfidf",
        title="tf-idf",
        summary="How often each term occurs in a text, rare terms counting more",
        factory="kodkod_sklearn.tfidf:Tfidf",
        params=params.TfidfParams,
        resources=QUICK,
        sparse=True,
    )
    yield FeatureSpec(
        name="tfidf-svd",
        title="tf-idf condensed (LSA)",
        summary="tf-idf brought down to a few hundred dimensions; quick, no model needed",
        factory="kodkod_sklearn.tfidf_svd:TfidfSvd",
        params=params.TfidfSvdParams,
        resources=QUICK,
    )


def _linear_models() -> Iterable[ModelSpec]:
    yield ModelSpec(
        name="logistic",
        title="Logistic regression",
        summary="Fast and hard to beat on embeddings; good guide while annotating",
        factory="kodkod_sklearn.logistic:Logistic",
        params=params.LogisticParams,
        resources=QUICK,
        scheme_types=CODED,
        weighs=True,
        guide=True,
        warm=True,
    )
    yield ModelSpec(
        name="logistic-l1",
        title="Logistic regression (L1)",
        summary="Keeps few terms, so that its choice can be read; slower",
        factory="kodkod_sklearn.logistic:L1Logistic",
        params=params.L1LogisticParams,
        resources=QUICK,
        scheme_types=CODED,
        weighs=True,
    )
    yield ModelSpec(
        name="linear-svm",
        title="Linear SVM",
        summary="Widest margin between labels, with calibrated probabilities",
        factory="kodkod_sklearn.svm:LinearSvm",
        params=params.SvmParams,
        resources=QUICK,
        scheme_types=CODED,
        weighs=True,
    )
    yield ModelSpec(
        name="naive-bayes",
        title="Naive Bayes",
        summary="Multinomial naive Bayes over counts such as tf-idf",
        factory="kodkod_sklearn.naive_bayes:NaiveBayes",
        params=params.NaiveBayesParams,
        resources=QUICK,
        scheme_types=CODED,
        weighs=True,
    )


def _other_models() -> Iterable[ModelSpec]:
    yield ModelSpec(
        name="knn",
        title="Nearest neighbours",
        summary="The labels of the most similar annotated texts",
        factory="kodkod_sklearn.knn:Knn",
        params=params.KnnParams,
        resources=QUICK,
        scheme_types=CODED,
    )
    yield ModelSpec(
        name="random-forest",
        title="Random forest",
        summary="Votes of many trees; finds combinations of dimensions",
        factory="kodkod_sklearn.forest:RandomForest",
        params=params.ForestParams,
        scheme_types=CODED,
        weighs=True,
        resources=SLOW,
    )
    yield ModelSpec(
        name="gradient-boosting",
        title="Gradient boosting",
        summary="Trees that correct one another; for dense features and many annotations",
        factory="kodkod_sklearn.boosting:GradientBoosting",
        params=params.BoostingParams,
        scheme_types=CODED,
        weighs=True,
        resources=SLOW,
    )
