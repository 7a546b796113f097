"""Params of the plugin's components. Importing this imports nothing heavy."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta

from kodkod.api import Params, easy, medium, pro

__all__ = [
    "BoostingParams",
    "ForestParams",
    "KnnParams",
    "L1LogisticParams",
    "LogisticParams",
    "NaiveBayesParams",
    "SvmParams",
    "TfidfParams",
    "TfidfSvdParams",
]

ClassWeight = Literal["balanced", "none"]


THRESHOLDS = medium(
    "With several labels a text: choose from which probability on each is on it, by F1 on texts "
    "held out; learns three times more"
)


class TfidfParams(Params, frozen=True):
    """How texts are cut into terms and how terms are weighted."""

    unit: Annotated[
        Literal["word", "character"],
        easy("Words, or runs of characters for scripts that put no spaces between words"),
    ] = "word"
    ngram_min: Annotated[int, medium("Shortest run of words or characters", ge=1, le=10)] = 1
    ngram_max: Annotated[int, medium("Longest run of words or characters", ge=1, le=10)] = 1
    min_df: Annotated[int, medium("Leave out terms found in fewer texts than this", ge=1)] = 1
    max_df: Annotated[
        float, medium("Leave out terms found in more than this share of the texts", gt=0, le=1)
    ] = 1.0
    max_features: Annotated[
        int, medium("Keep at most this many terms, the most frequent", ge=1, le=1_000_000)
    ] = 20_000
    sublinear: Annotated[bool, pro("Count a term 1 + log(n) times instead of n times")] = True
    strip_accents: Annotated[bool, pro("Take é and e for the same letter")] = False
    norm: Annotated[Literal["l2", "l1", "none"], pro("Length to which a text is scaled")] = "l2"


class TfidfSvdParams(TfidfParams, frozen=True):
    """The terms, and to how many dimensions they are condensed."""

    dim: Annotated[int, easy("Number of dimensions", ge=2, le=2_000)] = 200
    max_texts: Annotated[
        int,
        pro("Learn the dimensions from at most this many texts, drawn at random", ge=100),
    ] = 20_000


class ModelParams(Params, frozen=True):
    """Shared by all models."""

    thresholds: Annotated[bool, THRESHOLDS] = True


class WeightedParams(ModelParams, frozen=True):
    """Shared by the models that can weigh labels."""

    class_weight: Annotated[
        ClassWeight,
        medium("Balanced: a rare label counts as much in all as a frequent one"),
    ] = "balanced"


class LogisticParams(WeightedParams, frozen=True):
    """Ridge-penalised logistic regression."""

    # Off, for a guide learns again while people wait.
    thresholds: Annotated[bool, THRESHOLDS] = False
    cost: Annotated[
        Annotated[float, Meta(gt=0, le=1e6)] | None,
        medium(
            "What an error costs against large coefficients (C); empty: chosen by cross-validation"
        ),
    ] = 3.0
    standardise: Annotated[bool, medium("Scale each dimension to variance 1 first")] = False
    max_iter: Annotated[int, pro("Most iterations of the solver", ge=1, le=100_000)] = 1_000


class L1LogisticParams(LogisticParams, frozen=True):
    """Lasso-penalised logistic regression."""

    thresholds: Annotated[bool, THRESHOLDS] = True
    cost: Annotated[
        Annotated[float, Meta(gt=0, le=1e6)] | None,
        medium(
            "What an error costs against large coefficients (C); empty: chosen by cross-validation"
        ),
    ] = 10.0


class SvmParams(LogisticParams, frozen=True):
    """Linear support vector machine."""

    cost: Annotated[
        Annotated[float, Meta(gt=0, le=1e6)] | None,
        medium("What an error costs against a wide margin (C); empty: chosen by cross-validation"),
    ] = 1.0
    thresholds: Annotated[bool, THRESHOLDS] = True


class KnnParams(ModelParams, frozen=True):
    """Votes of the nearest annotated texts."""

    neighbours: Annotated[int, easy("Number of annotated texts that vote", ge=1, le=1_000)] = 10
    votes: Annotated[
        Literal["distance", "uniform"], medium("Nearer texts count more, or all the same")
    ] = "distance"
    metric: Annotated[
        Literal["cosine", "euclidean"], medium("What near means; cosine ignores length")
    ] = "cosine"
    standardise: Annotated[bool, pro("Scale each dimension to variance 1 first")] = False


class ForestParams(WeightedParams, frozen=True):
    """Random forest."""

    trees: Annotated[int, medium("Number of trees", ge=1, le=5_000)] = 200
    max_depth: Annotated[
        Annotated[int, Meta(ge=1)] | None, medium("Deepest tree; empty: no limit")
    ] = None
    min_samples_leaf: Annotated[int, medium("Fewest texts in a leaf", ge=1)] = 1
    max_features: Annotated[
        Literal["sqrt", "log2", "all"], pro("How many dimensions a branch may choose from")
    ] = "sqrt"


class NaiveBayesParams(WeightedParams, frozen=True):
    """Multinomial naive Bayes."""

    alpha: Annotated[float, medium("Smoothing added to each count", gt=0, le=1e3)] = 0.1


class BoostingParams(WeightedParams, frozen=True):
    """Gradient boosting over histograms."""

    learning_rate: Annotated[float, medium("How much each tree corrects", gt=0, le=1)] = 0.1
    max_iter: Annotated[int, medium("Number of rounds", ge=1, le=5_000)] = 100
    max_leaf_nodes: Annotated[int, medium("Most leaves of a tree", ge=2, le=1_024)] = 8
    min_samples_leaf: Annotated[int, medium("Fewest texts in a leaf", ge=1)] = 5
    l2: Annotated[float, pro("Penalty on large leaf values", ge=0)] = 1.0
