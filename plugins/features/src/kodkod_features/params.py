"""Params of the plugin's components."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta

from kodkod.api import Params, easy, medium, pro

__all__ = ["ColumnKind", "ColumnParams", "RegexParams"]

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
