"""Undo and redo through the SDK, against a running server."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from kodkod_sdk import Client, NewAnnotation, NewScheme, ProjectConfig


def test_what_was_taken_back_comes_back(client: Client, tmp_path: Path) -> None:
    file = tmp_path / "texts.csv"
    pl.DataFrame({"id": ["a", "b"], "text": ["one", "two"]}).write_csv(file)
    config = ProjectConfig(name="Taken back", id_column="id", text_columns=["text"])
    project = client.create_project(file, config)
    scheme = project.create_scheme(NewScheme(name="side", labels=["pro", "con"]))
    scheme.annotate([NewAnnotation(id="a", value="pro"), NewAnnotation(id="b", value="con")])

    undone = [scheme.undo(), scheme.undo()]
    redone = [scheme.redo(), scheme.redo()]

    assert [(each.id, each.value) for each in undone] == [("b", None), ("a", None)]
    assert [(each.id, each.value) for each in redone] == [("a", "pro"), ("b", "con")]
    assert [entry.value for entry in scheme.log()] == ["pro", "con", None, None, "pro", "con"]
