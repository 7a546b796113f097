"""What a project has that a component may ask for: models, their predictions, files."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from kodkod.api import InvalidInputError, StoredPredictions, StoredTopics, TrainedModel
from kodkod.jobs.workspace import Workspace
from kodkod.store.artefacts import ModelRow, find_feature, list_models
from kodkod.store.labels import Label
from kodkod.store.matrices import MatrixFolder
from kodkod.store.predictions import open_full
from kodkod.store.project_files import list_project_files, name_on_disk
from kodkod.store.projects import Project, Scheme, list_schemes
from kodkod.store.sealing import Sealer
from kodkod.store.secrets import find_secret, origin_of, touch_secret
from kodkod.store.topic_versions import FITTED, current_state, read_assigned
from kodkod.store.topics import list_topics

__all__ = ["StoredArtefacts"]


class StoredArtefacts:
    """The artefacts of one project as they are when they are asked for."""

    def __init__(self, workspace: Workspace, project: Project) -> None:
        self._workspace = workspace
        self._project = project

    def model(self, key: str) -> TrainedModel:
        """Return a trained model by id or name.

        Raises:
            InvalidInputError: there is none.
        """
        row = self._row(key)
        scheme = self._scheme(row)
        return TrainedModel(
            id=row.id,
            name=row.name,
            component=row.component,
            params=row.params,
            scheme_type=scheme.type,
            labels=_names(row, scheme.labels),
            folder=self._workspace.places(self._project).model(row.id) / "fitted",
        )

    def predictions(self, model: str) -> StoredPredictions:
        """Return what a model said of the corpus.

        Raises:
            InvalidInputError: there is no such model, or it has not predicted yet.
            UnavailableError: the files are missing or damaged.
        """
        row = self._row(model)
        if row.predicted_rows is None:
            raise InvalidInputError(
                f"The model {row.name!r} has not predicted yet; let it predict the corpus first.",
                field="model",
            )
        folder = self._workspace.places(self._project).predictions(row.id)
        return StoredPredictions(
            labels=_names(row, self._scheme(row).labels),
            probabilities=open_full(folder),
        )

    def topics(self, key: str) -> StoredTopics:
        """Return topics by id or name.

        Raises:
            InvalidInputError: there are none, or their feature is gone.
            UnavailableError: the files are missing or damaged.
        """
        rows = self._workspace.read(list_topics, self._project.id)
        row = next((each for each in rows if key in {each.id, each.name}), None)
        if row is None:
            raise InvalidInputError(
                f"The project has no topics {key!r}; choose among "
                f"{', '.join(each.name for each in rows) or 'none'}.",
                field="topics",
            )
        places = self._workspace.places(self._project)
        feature = self._workspace.read(find_feature, row.feature_id)
        if feature is None:
            raise InvalidInputError(
                f"The feature that the topics {row.name!r} were found by was deleted; find topics "
                "anew by another one.",
                field="topics",
            )
        state = current_state(places.topics(row.id), row.version)
        return StoredTopics(
            id=row.id,
            name=row.name,
            component=row.component,
            params=row.params,
            folder=state / FITTED,
            vectors=MatrixFolder(places.feature(feature.id)).open(),
            assigned=read_assigned(state),
        )

    def file(self, key: str) -> Path:
        """Return a file of the project by id or name.

        Raises:
            InvalidInputError: there is none.
        """
        rows = self._workspace.read(list_project_files, self._project.id)
        for row in rows:
            if key in {row.id, row.name}:
                folder = self._workspace.places(self._project).file(row.id)
                return folder / name_on_disk(row.name)
        raise InvalidInputError(
            f"The project has no file {key!r}; choose among "
            f"{', '.join(row.name for row in rows) or 'none'}, or give it to the project first.",
            field="file",
        )

    def secret(self, name: str, origin: str) -> str:
        """Return a secret of the project to send to one origin alone.

        Raises:
            InvalidInputError: there is none of this name, it is for another origin, or it was
                sealed elsewhere.
            UnavailableError: the key that it was sealed with cannot be read.
        """
        row = self._workspace.read(find_secret, self._project.id, name)
        if row is None:
            raise InvalidInputError(
                # What was named may be the secret itself, put into the wrong field.
                "The project has no secret of the name that was given; store it first, or name "
                "none.",
                field="secret",
            )
        if origin_of(origin) != row.origin:
            raise InvalidInputError(
                f"The secret {name!r} is for {row.origin} and is not sent to {origin_of(origin)}; "
                "store another one for that.",
                field="secret",
            )
        value = Sealer(self._workspace.settings.data_dir).open(row.sealed)
        self._workspace.write(touch_secret, self._project.id, name)
        return value

    def _row(self, key: str) -> ModelRow:
        rows = self._workspace.read(list_models, self._project.id)
        for row in rows:
            if key in {row.id, row.name}:
                return row
        raise InvalidInputError(
            f"The project has no model {key!r}; choose among "
            f"{', '.join(row.name for row in rows) or 'none'}.",
            field="model",
        )

    def _scheme(self, row: ModelRow) -> Scheme:
        schemes = self._workspace.read(list_schemes, self._project.id)
        return next(each for each in schemes if each.id == row.scheme_id)


def _names(row: ModelRow, labels: Sequence[Label]) -> tuple[str, ...]:
    """Return the names of a model's labels; one that is no more keeps its number."""
    known = {label.id: label.name for label in labels}
    return tuple(known.get(id_, f"label {id_}") for id_ in row.label_ids)
