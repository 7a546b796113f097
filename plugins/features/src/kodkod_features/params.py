"""Params of the plugin's components."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, Struct

from kodkod.api import Params, easy, medium, pro

__all__ = [
    "ColumnKind",
    "ColumnParams",
    "ImportedMatrixParams",
    "ModelPredictionsParams",
    "RegexParams",
    "Rule",
    "RulesParams",
]

ColumnKind = Literal["number", "category", "date"]
Pattern = Annotated[str, Meta(min_length=1, max_length=1_000)]


class RegexParams(Params, frozen=True):
    """What to look for."""

    patterns: Annotated[
        tuple[Pattern, ...],
        easy(
            "Regular expressions (Rust syntax), a dimension for each",
            min_length=1,
            max_length=500,
        ),
    ]
    value: Annotated[
        Literal["presence", "count", "rate"],
        easy("Whether it is there, how often, or how often in 1,000 characters"),
    ] = "presence"
    ignore_case: Annotated[bool, medium("Take upper and lower case for the same")] = True


class ColumnParams(Params, frozen=True):
    """Which column, and how it is read."""

    column: Annotated[str, easy("A context or label column of the corpus", min_length=1)]
    kind: Annotated[
        Literal["auto"] | ColumnKind,
        easy("What the column holds; auto: numbers or dates if nearly all of it can be so read"),
    ] = "auto"
    most_categories: Annotated[
        int, medium("Categories that get a dimension, the most frequent", ge=1, le=1_000)
    ] = 50
    readable: Annotated[
        float,
        pro("For auto: the share of values that must be readable as numbers or dates", gt=0, le=1),
    ] = 0.95


class ImportedMatrixParams(Params, frozen=True):
    """Which file of the project, and which of its vectors is whose."""

    file: Annotated[
        str,
        easy(
            "A file that was given to the project: Parquet with a column of ids, or .npy",
            min_length=1,
        ),
    ]
    id_column: Annotated[str, easy("The column that has the texts' ids", min_length=1)] = "id"
    columns: Annotated[
        tuple[str, ...],
        medium(
            "Columns of the Parquet file that hold the numbers, or the one that holds lists of "
            "them; empty: all but the ids"
        ),
    ] = ()
    ids_file: Annotated[
        str | None,
        medium(
            "For .npy: a file of the project (Parquet or CSV) with the ids, line by line; empty: "
            "the vectors are in the order of the corpus's rows"
        ),
    ] = None
    missing: Annotated[
        Literal["refuse", "zero", "mean"],
        easy("What becomes of texts without a vector: refuse, or fill in zeros or the mean"),
    ] = "refuse"


class ModelPredictionsParams(Params, frozen=True):
    """Which model's probabilities."""

    model: Annotated[
        str, easy("A model of the project that has predicted the corpus", min_length=1)
    ]


class Rule(Struct, frozen=True, forbid_unknown_fields=True):
    """What to find, for which label it speaks, and how much; less than 0 speaks against it."""

    label: Annotated[str, Meta(min_length=1, max_length=200)]
    find: Annotated[str, Meta(min_length=1, max_length=1_000)]
    weight: Annotated[float, Meta(ge=-100, le=100)] = 1.0


class RulesParams(Params, frozen=True):
    """A dictionary of words or regular expressions, with weights."""

    rules: Annotated[
        tuple[Rule, ...], easy("What to find, and for which label", max_length=5_000)
    ] = ()
    match: Annotated[
        Literal["words", "regex"],
        easy("Words and phrases (a star at the end: any ending), or regular expressions (Rust)"),
    ] = "words"
    default_label: Annotated[
        str | None, easy("The label of texts in which no rule is found; empty: none")
    ] = None
    ignore_case: Annotated[bool, medium("Take upper and lower case for the same")] = True
    whole_words: Annotated[bool, medium("Find words only where they stand alone")] = True
    count: Annotated[
        Literal["once", "each time"], medium("Whether a rule counts each time that it is found")
    ] = "once"
    odds: Annotated[
        float, pro("How many times as likely a weight of 1 makes a label", gt=1, le=1e6)
    ] = 20.0
    priors: Annotated[
        bool, pro("With one label a text: let frequent labels win where rules do not decide")
    ] = True
