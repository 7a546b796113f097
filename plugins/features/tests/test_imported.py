"""Vectors from elsewhere: each at its text's id, or refused with the row."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl
import pytest

from kodkod.api import InvalidInputError, TextBatch, decode_params
from kodkod.testing import RecordingContext
from kodkod_features.imported import ImportedMatrix
from kodkod_features.params import ImportedMatrixParams, ModelPredictionsParams
from kodkod_features.predictions import ModelPredictions

VECTORS = np.arange(12, dtype=np.float32).reshape(4, 3)
IDS = ["d", "b", "a", "c"]


@pytest.fixture
def ctx(tmp_path, files):
    (tmp_path / "job").mkdir()
    return RecordingContext(tmp_path / "job", project=files(tmp_path))


def batch(*ids: str, first: int = 0) -> TextBatch:
    rows = np.arange(first, first + len(ids))
    return TextBatch(rows, ["text"] * len(ids), pl.DataFrame(), list(ids))


def imported(**given) -> ImportedMatrix:
    return ImportedMatrix(decode_params(ImportedMatrixParams, given))


def vectors_of(ctx, train: TextBatch, other: TextBatch, **given) -> np.ndarray:
    feature = imported(**given)
    feature.fit(train, ctx)
    return feature.transform(other, ctx)


def write(folder: Path, name: str, vectors: np.ndarray = VECTORS, ids=IDS) -> str:
    """Write the vectors in one of the forms that are read; return the file's name."""
    columns = {f"x{i}": vectors[:, i] for i in range(vectors.shape[1])}
    if name == "wide.parquet":
        pl.DataFrame({"id": ids, **columns}).write_parquet(folder / name)
    elif name == "lists.parquet":
        frame = pl.DataFrame({"id": ids, "vector": vectors.tolist()})
        frame.write_parquet(folder / name)
    elif name == "arrays.parquet":
        frame = pl.DataFrame({"id": ids, "vector": pl.Series(vectors)})
        frame.write_parquet(folder / name)
    else:
        np.save(folder / name, vectors)
        pl.DataFrame({"id": ids}).write_csv(folder / "ids.csv")
    return name


@pytest.mark.parametrize("name", ["wide.parquet", "lists.parquet", "arrays.parquet", "with.npy"])
def test_each_text_has_the_vector_of_its_id(name, ctx, tmp_path):
    more = {"ids_file": "ids.csv"} if name == "with.npy" else {}
    found = vectors_of(
        ctx, batch("a", "b"), batch("c", "a", "d"), file=write(tmp_path, name), **more
    )
    assert found.dtype == np.float32
    np.testing.assert_array_equal(found, VECTORS[[3, 2, 0]])


def test_without_ids_vectors_are_in_the_order_of_the_rows(ctx, tmp_path):
    np.save(tmp_path / "plain.npy", VECTORS.astype(np.float16))
    found = vectors_of(ctx, batch("p", "q"), batch("r", "s", first=2), file="plain.npy")
    np.testing.assert_array_equal(found, VECTORS[2:])


def test_ids_that_are_numbers_meet_ids_that_are_text(ctx, tmp_path):
    pl.DataFrame({"key": [7, 8], "x": [0.5, 1.5]}).write_parquet(tmp_path / "n.parquet")
    found = vectors_of(ctx, batch("8"), batch("8", "7"), file="n.parquet", id_column="key")
    assert found.tolist() == [[1.5], [0.5]]


def test_columns_may_be_named(ctx, tmp_path):
    name = write(tmp_path, "wide.parquet")
    found = vectors_of(ctx, batch("a"), batch("a"), file=name, columns=["x2", "x0"])
    assert found.tolist() == [[8, 6]]


def test_missing_texts_are_named_ten_of_them_and_how_many(ctx, tmp_path):
    missing = [f"m{i}" for i in range(12)]
    feature = imported(file=write(tmp_path, "wide.parquet"))
    feature.fit(batch("a", "b"), ctx)
    with pytest.raises(
        InvalidInputError, match=r"^12 of 13 texts have .*: m0, .*m9 and others\. Give"
    ):
        feature.transform(batch("a", *missing), ctx)
    with pytest.raises(InvalidInputError, match="1 of 1 texts"):
        imported(file="wide.parquet").fit(batch("m0"), ctx)


@pytest.mark.parametrize(
    ("missing", "filling"), [("zero", [0, 0, 0]), ("mean", VECTORS[[2, 1]].mean(axis=0))]
)
def test_missing_texts_are_filled_in_if_so_wished(missing, filling, ctx, tmp_path):
    name = write(tmp_path, "wide.parquet")
    found = vectors_of(ctx, batch("a", "b", "no"), batch("x", "c"), file=name, missing=missing)
    np.testing.assert_array_equal(found, [filling, VECTORS[3]])
    assert any("1 of 2 texts have no vector" in line for line in ctx.lines)


def test_a_file_that_grew_serves_the_rows_that_were_added(ctx, tmp_path):
    # Given a feature that was computed and saved
    feature = imported(file=write(tmp_path, "wide.parquet"))
    feature.fit(batch("a"), ctx)
    (tmp_path / "saved").mkdir()
    feature.save(tmp_path / "saved")
    # When the file is replaced by one that has a row more
    write(tmp_path, "wide.parquet", np.vstack([VECTORS, [[9, 9, 9]]]), [*IDS, "new"])
    again = imported(file="wide.parquet")
    again.load(tmp_path / "saved")
    # Then the new row has its vector
    assert again.transform(batch("new"), ctx).tolist() == [[9, 9, 9]]
    # and one of another width is refused
    write(tmp_path, "wide.parquet", np.ones((1, 2), np.float32), ["new"])
    other = imported(file="wide.parquet")
    other.load(tmp_path / "saved")
    with pytest.raises(InvalidInputError, match="2 dimensions now and had 3"):
        other.transform(batch("new"), ctx)


def bad_number(value: float) -> np.ndarray:
    vectors = VECTORS.astype(np.float64).copy()
    vectors[1, 2] = value
    return vectors


@pytest.mark.parametrize("name", ["wide.parquet", "lists.parquet", "with.npy"])
@pytest.mark.parametrize("value", [np.nan, np.inf, 1e300])
def test_what_is_no_number_is_refused_with_its_row(name, value, ctx, tmp_path):
    write(tmp_path, name, bad_number(value))
    with pytest.raises(InvalidInputError, match=r"^Row 2 of .* number"):
        imported(file=name).fit(batch(*IDS), ctx)


def test_hostile_files_are_refused_with_a_reason(ctx, tmp_path):
    def refusal(name: str, **more) -> str:
        with pytest.raises(InvalidInputError) as caught:
            imported(file=name, **more).fit(batch("a"), ctx)
        return caught.value.message

    frames = {
        "twice": {"id": ["a", "b", "a"], "x": [1.0, 2, 3]},
        "none": {"id": ["a", None], "x": [1.0, 2]},
        "text": {"id": ["a"], "x": ["one"]},
        "only": {"id": ["a"]},
        "other": {"key": ["a"], "x": [1.0]},
        "gap": {"id": ["a", "b"], "v": [[1.0], None]},
        "uneven": {"id": ["a", "b"], "v": [[1.0], [1.0, 2.0]]},
        "null": {"id": ["a", "b"], "x": [1.0, None]},
    }
    for name, columns in frames.items():
        pl.DataFrame(columns).write_parquet(tmp_path / f"{name}.parquet")
    assert "'a' is in rows 1 and 3" in refusal("twice.parquet")
    assert "Row 2 of none.parquet has no id" in refusal("none.parquet")
    assert "'x' of text.parquet holds" in refusal("text.parquet")
    assert "no column but that of the ids" in refusal("only.parquet")
    assert "no column 'id' of ids" in refusal("other.parquet")
    assert "no column 'y'; it has" in refusal("text.parquet", columns=["y"])
    assert "Row 2 of gap.parquet has no vector" in refusal("gap.parquet")
    assert "Row 2 of uneven.parquet has 2 numbers" in refusal("uneven.parquet")
    assert "Row 2 of null.parquet has a number that is missing" in refusal("null.parquet")

    (tmp_path / "cut.npy").write_bytes(b"\x93NUMPY\x01\x00")
    (tmp_path / "cut.parquet").write_bytes(b"PAR1")
    (tmp_path / "x.csv").write_text("id,x\na,1\n")
    np.save(tmp_path / "pickled.npy", np.array([{"a": 1}], dtype=object), allow_pickle=True)
    np.save(tmp_path / "words.npy", np.array([["a"]]))
    np.save(tmp_path / "flat.npy", np.ones(3))
    assert "cannot be read as .npy" in refusal("cut.npy")
    assert "no column 'id' of ids that can be read" in refusal("cut.parquet")
    assert "neither Parquet nor .npy" in refusal("x.csv")
    assert "cannot be read as .npy" in refusal("pickled.npy")
    assert "and no numbers" in refusal("words.npy")
    assert "shape (3,)" in refusal("flat.npy")
    assert "no file 'absent.npy'" in refusal("absent.npy")
    np.save(tmp_path / "three.npy", VECTORS[:3])
    assert "1 ids for the 3 vectors" in refusal("three.npy", ids_file="x.csv")


def test_predictions_are_those_of_the_rows_and_what_is_not_predicted_is_said(tmp_path, files):
    ctx = RecordingContext(tmp_path, project=files(tmp_path, predicted=4))
    feature = ModelPredictions(decode_params(ModelPredictionsParams, {"model": "first"}))
    feature.fit(batch("a", "b"), ctx)
    found = feature.transform(batch("c", "d", first=2), ctx)
    np.testing.assert_allclose(found, np.linspace(0, 1, 8).reshape(4, 2)[2:], rtol=1e-6)
    with pytest.raises(
        InvalidInputError, match=r"not predicted 2 of 3 texts: e, f\. Let it predict"
    ):
        feature.transform(batch("d", "e", "f", first=3), ctx)

    # And once it has predicted them, an extension finds them by the model's id
    (tmp_path / "saved").mkdir()
    feature.save(tmp_path / "saved")
    again = ModelPredictions(decode_params(ModelPredictionsParams, {"model": "renamed"}))
    again.load(tmp_path / "saved")
    later = RecordingContext(tmp_path, project=files(tmp_path, predicted=6))
    assert again.transform(batch("d", "e", "f", first=3), later).shape == (3, 2)
