"""A project by the SDK: looked into, made, archived, copied, deleted and restored."""

from __future__ import annotations

from pathlib import Path

import pytest

from kodkod_sdk import (
    Client,
    ConflictError,
    NewScheme,
    NotFoundError,
    Preferences,
    ProjectConfig,
    ProjectCopy,
)


def test_a_project_is_looked_into_archived_copied_deleted_and_restored(
    client: Client, tmp_path: Path
) -> None:
    # Given a file with a row that has no text
    file = tmp_path / "letters.csv"
    rows = [f"k{i},Letter {i} speaks of the harvest,{'ab'[i % 2]}" for i in range(20)]
    file.write_text("\n".join(["id,text,sender", *rows, "k20,,a"]), encoding="utf-8")

    # When it is looked into, and imported as guessed without that row
    found = client.preview(file)
    assert (found.n_rows, found.guess.id_column, found.guess.context_columns) == (
        21,
        "id",
        ["sender"],
    )
    config = ProjectConfig(
        name="Letters of a year",
        id_column=found.guess.id_column,
        text_columns=found.guess.text_columns,
        context_columns=found.guess.context_columns,
        leave_out_faulty=True,
    )
    project = client.create_project(file, config)
    assert project.info().n_rows == 20
    project.create_scheme(NewScheme(name="topic", labels=["yes", "no"]))

    # Then an archived one does not change, and can be copied
    project.archive()
    with pytest.raises(ConflictError, match="archived"):
        project.create_scheme(NewScheme(name="other", labels=["yes", "no"]))
    copy = project.copy(ProjectCopy(name="The year after"))
    assert [scheme.name for scheme in copy.schemes()] == ["topic"]
    project.archive(archived=False)

    # And a deleted one comes back, unless nothing was to be left of it
    project.delete()
    with pytest.raises(NotFoundError):
        project.info()
    assert project.slug in [each.slug for each in client.projects(deleted=True)]
    assert project.restore().n_rows == 20
    copy.delete(at_once=True)
    assert copy.slug not in [each.slug for each in client.projects(deleted=True)]
    client.set_preferences(Preferences(mode="pro"))
    assert client.me().preferences.mode == "pro"
    client.set_preferences(Preferences())  # Other tests are at this server.
    project.delete(at_once=True)
