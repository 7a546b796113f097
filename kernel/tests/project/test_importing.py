"""From a table to a corpus: ids exact, texts whole, columns typed; and rows added later."""

from __future__ import annotations

from typing import Any

import polars as pl
import pytest

from kodkod.api import ImportProblemError, InvalidInputError, Split, SplitPlan
from kodkod.plugins import PluginRegistry
from kodkod.project.importing import ProjectConfig, append_rows, build_corpus


@pytest.fixture(scope="module")
def registry() -> PluginRegistry:
    return PluginRegistry.load()


def config(**given: Any) -> ProjectConfig:
    return ProjectConfig(**({"name": "p", "text_columns": ("text",)} | given))


def test_columns_called_like_ours_harm_nothing(registry: PluginRegistry) -> None:
    raw = pl.DataFrame({"split": ["x", "y"], "text": ["a", "b"], "id": ["k", "l"]})

    built = build_corpus(
        raw,
        config(context_columns=("text", "split", "id"), label_columns=("split",)),
        registry,
    )

    assert built["id"].to_list() == ["0", "1"]
    assert built["context.split"].to_list() == ["x", "y"]
    assert built["context.id"].to_list() == ["k", "l"]
    assert built["label.split"].to_list() == ["x", "y"]
    assert built["split"].to_list() == [Split.TRAIN.code] * 2


@pytest.mark.parametrize(
    ("ids", "kept"),
    [
        (["007", "7", " 7"], ["007", "7", " 7"]),
        ([1, 2, 10], ["1", "2", "10"]),
        ([1.0, 2.5, 3.0], ["1.0", "2.5", "3.0"]),
    ],
)
def test_ids_stay_as_given(registry: PluginRegistry, ids: list[Any], kept: list[str]) -> None:
    raw = pl.DataFrame({"key": ids, "text": ["a", "b", "c"]})
    assert build_corpus(raw, config(id_column="key"), registry)["id"].to_list() == kept


@pytest.mark.parametrize(
    ("ids", "said"),
    [
        (["a", "b", "a"], r"'a' stands in rows 1, 3"),
        (["a", None, "b"], r"Row 2 has no id"),
        (["a", "", ""], r"Rows 2, 3 have no id"),
        ([1, 1, None], r"Row 3 has no id"),
        ([[1], [2], [3]], r"cannot be used as id"),
    ],
)
def test_ids_that_will_not_do_name_their_rows(
    registry: PluginRegistry, ids: list[Any], said: str
) -> None:
    raw = pl.DataFrame({"key": ids, "text": ["a", "b", "c"]})
    with pytest.raises(InvalidInputError, match=said) as caught:
        build_corpus(raw, config(id_column="key"), registry)
    assert caught.value.field == "key"


@pytest.mark.parametrize("empty", ["", "  \n", None])
def test_an_empty_text_names_its_row_unless_another_column_has_one(
    registry: PluginRegistry, empty: str | None
) -> None:
    raw = pl.DataFrame({"title": ["T", "U"], "body": ["B", empty]})
    with pytest.raises(ImportProblemError, match="Row 2 has no text in 'body'"):
        build_corpus(raw, config(text_columns=("body",)), registry)

    both = build_corpus(raw, config(text_columns=("title", "body")), registry)
    assert both["text"].to_list() == ["T\n\nB", "U"]


def test_text_is_whole_and_other_types_are_read_as_text(registry: PluginRegistry) -> None:
    raw = pl.DataFrame({"text": ["  a\r\n\tb  ", "c"], "n": [1, 2], "list": [[1], [2]]})
    assert build_corpus(raw, config(), registry)["text"][0] == "  a\r\n\tb  "
    assert build_corpus(raw, config(text_columns=("n",)), registry)["text"][0] == "1"
    with pytest.raises(InvalidInputError, match="'list'"):
        build_corpus(raw, config(text_columns=("list",)), registry)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"id_column": "no"}, "id_column"),
        ({"text_columns": ("no",)}, "text_columns"),
        ({"context_columns": ("no",)}, "context_columns"),
        ({"label_columns": ("no",)}, "label_columns"),
        ({"context_columns": ("text", "text")}, "context_columns"),
        ({"split": SplitPlan(column="no")}, "split.column"),
        ({"split": SplitPlan(stratify_by="no")}, "split.stratify_by"),
    ],
)
def test_a_wrong_column_is_named(
    registry: PluginRegistry, wrong: dict[str, Any], field: str
) -> None:
    with pytest.raises(InvalidInputError) as caught:
        build_corpus(pl.DataFrame({"text": ["a"]}), config(**wrong), registry)
    assert caught.value.field == field


def test_a_header_without_rows_is_said(registry: PluginRegistry) -> None:
    with pytest.raises(ImportProblemError, match="no rows"):
        build_corpus(pl.DataFrame(schema={"text": pl.String}), config(), registry)


@pytest.mark.parametrize(
    ("given", "dtype"),
    [
        (["2020", "-1", None], pl.Int64),
        (["1.5", "2", "1e3"], pl.Float64),
        (["2024-02-29", "2023-01-01", None], pl.Date),
        (["2024-02-30", "2023-01-01", None], pl.String),
        (["007", "8", "9"], pl.String),
        # Ids of posts: 19 digits, of which a float would lose the last.
        (["1234567890123456789", "1", "2"], pl.String),
        (["12345678901234567", "1.5", "2"], pl.String),
        ([None, None, None], pl.String),
        (["a", "1", ""], pl.String),
    ],
)
def test_context_is_typed_only_where_nothing_is_lost(
    registry: PluginRegistry, given: list[str | None], dtype: Any
) -> None:
    raw = pl.DataFrame({"text": ["a", "b", "c"], "c": given}, schema_overrides={"c": pl.String})
    built = build_corpus(raw, config(context_columns=("c",)), registry)
    assert built["context.c"].dtype == dtype
    if dtype == pl.String:
        assert built["context.c"].to_list() == given


# -- rows added later --------------------------------------------------------------------------


def started(registry: PluginRegistry, context: list[Any]) -> tuple[pl.DataFrame, ProjectConfig]:
    wanted = config(id_column="key", context_columns=("c",))
    raw = pl.DataFrame(
        {"key": ["1", "2"], "text": ["a", "b"], "c": context}, schema_overrides={"c": pl.String}
    )
    return build_corpus(raw, wanted, registry), wanted


def added(context: list[Any], ids: tuple[str, ...] = ("3", "4")) -> pl.DataFrame:
    return pl.DataFrame(
        {"key": ids, "text": ["c", "d"], "c": context}, schema_overrides={"c": pl.String}
    )


def test_rows_are_appended_to_one_split_and_the_others_stay(registry: PluginRegistry) -> None:
    corpus, wanted = started(registry, ["2020", "2021"])

    grown = append_rows(corpus, added(["2022", None]), wanted, Split.TEST.code)

    assert grown.head(2).equals(corpus)
    assert grown.schema == corpus.schema
    assert grown["id"].to_list() == ["1", "2", "3", "4"]
    assert grown["split"].to_list()[2:] == [Split.TEST.code] * 2
    assert grown["context.c"].to_list() == [2020, 2021, 2022, None]


@pytest.mark.parametrize(
    ("before", "after", "kept"),
    [
        (["2020", "2021"], [None, None], [None, None]),
        (["2024-01-01", None], [None, None], [None, None]),
        (["x", "y"], ["007", "1.50"], ["007", "1.50"]),
        (["x", "y"], ["5", "6"], ["5", "6"]),
    ],
)
def test_added_values_take_the_columns_type(
    registry: PluginRegistry, before: list[Any], after: list[Any], kept: list[Any]
) -> None:
    corpus, wanted = started(registry, before)
    grown = append_rows(corpus, added(after), wanted, 0)
    assert grown.schema == corpus.schema
    assert grown["context.c"].to_list()[2:] == kept


def test_added_values_of_another_type_are_refused_by_name(registry: PluginRegistry) -> None:
    for before, after in ((["1", "2"], ["3", "n/a"]), (["2024-01-01", None], ["soon", "3"])):
        corpus, wanted = started(registry, before)
        with pytest.raises(InvalidInputError, match="'c' is of type"):
            append_rows(corpus, added(after), wanted, 0)


def test_ids_that_are_there_already_are_named(registry: PluginRegistry) -> None:
    corpus, wanted = started(registry, ["x", "y"])
    with pytest.raises(InvalidInputError, match="1 of the ids are in the project already: '2'"):
        append_rows(corpus, added(["x", "y"], ("2", "9")), wanted, 0)
    with pytest.raises(ImportProblemError, match="'9' stands in rows 1, 2"):
        append_rows(corpus, added(["x", "y"], ("9", "9")), wanted, 0)


def test_rows_without_ids_are_numbered_on_even_beside_a_column_called_id(
    registry: PluginRegistry,
) -> None:
    raw = pl.DataFrame({"text": ["a", "b"], "id": ["x", "y"]})
    wanted = config(context_columns=("id",))
    corpus = build_corpus(raw, wanted, registry)

    grown = append_rows(corpus, raw, wanted, 0)

    assert grown["id"].to_list() == ["0", "1", "2", "3"]
    assert grown["context.id"].to_list() == ["x", "y", "x", "y"]
