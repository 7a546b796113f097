"""Which folders a snapshot of the database names, and what they are called in an archive."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path, PurePosixPath
from typing import Protocol

import sqlalchemy as sa
from msgspec import Struct

from kodkod.store.beliefs import ASSESSMENT
from kodkod.store.tables import (
    feature,
    model,
    project,
    project_file,
    projection,
    scheme,
    topics,
)

__all__ = ["Places", "PlacesOf", "Wanted", "wanted_by"]


class Places(Protocol):
    """The folders of one project."""

    @property
    def root(self) -> Path:
        """Its corpus, with what was computed over it below."""
        ...

    @property
    def models(self) -> Path:
        """Its trained models."""
        ...

    def feature(self, feature_id: str) -> Path:
        """Return the folder of a feature."""
        ...

    def predictions(self, model_id: str) -> Path:
        """Return the folder of a model's predictions."""
        ...

    def file(self, file_id: str) -> Path:
        """Return the folder of a file that the project was given."""
        ...

    def projection(self, projection_id: str) -> Path:
        """Return the folder of a map."""
        ...

    def topics(self, topics_id: str) -> Path:
        """Return the folder of topics."""
        ...

    def guide(self, scheme_id: int) -> Path:
        """Return the folder of a scheme's guide, with a folder for each version."""
        ...

    def model(self, model_id: str) -> Path:
        """Return the folder of a trained model."""
        ...


PlacesOf = Callable[[str], Places]
"""Returns the folders of the project with a slug."""


class Wanted(Struct, frozen=True, kw_only=True):
    """A folder that a snapshot names; its files are called `prefix/...` in the archive.

    `kind` is corpus, file, feature, model, predictions, projection, topics, guide or what a guide
    has come to (learning, assessment); `n_rows` is how many texts the project had by then. Nobody
    misses what is `optional`. Where `only` is given, just the files with that ending that lie
    directly in the folder are meant: what else is there is wanted by its own name.
    """

    kind: str
    id: str
    project: str
    n_rows: int
    folder: Path
    prefix: str
    optional: bool = False
    only: str = ""


class _Home(Struct, frozen=True):
    slug: str
    n_rows: int
    places: Places

    def want(
        self, kind: str, id_: str, folder: Path, *, optional: bool = False, only: str = ""
    ) -> Wanted:
        name, base = "projects", self.places.root
        if kind == "model":
            name, base = "models", self.places.models
        prefix = PurePosixPath(name, self.slug, folder.relative_to(base).as_posix())
        return Wanted(
            kind=kind,
            id=id_,
            project=self.slug,
            n_rows=self.n_rows,
            folder=folder,
            prefix=str(prefix),
            optional=optional,
            only=only,
        )


def wanted_by(connection: sa.Connection, places_of: PlacesOf) -> list[Wanted]:
    """List the folders that are named, the corpora first: a new project may take their names."""
    homes = {
        row.id: _Home(row.slug, row.n_rows, places_of(row.slug))
        for row in connection.execute(sa.select(project.c.id, project.c.slug, project.c.n_rows))
    }
    found = [
        home.want("corpus", str(id_), home.places.root, only=".parquet")
        for id_, home in homes.items()
    ]
    for row in connection.execute(sa.select(feature.c.id, feature.c.project_id)):
        home = homes[row.project_id]
        found += [home.want("feature", row.id, home.places.feature(row.id))]
    found += _models(connection, homes)
    # What an older version left to be backed up has no table of files yet.
    if sa.inspect(connection).has_table(project_file.name):
        for row in connection.execute(sa.select(project_file.c.id, project_file.c.project_id)):
            home = homes[row.project_id]
            found += [home.want("file", row.id, home.places.file(row.id))]
    found += _maps(connection, homes)
    guided = sa.select(scheme.c.id, scheme.c.project_id).where(scheme.c.guide.is_not(None))
    for row in connection.execute(guided):
        home = homes[row.project_id]
        found += _guide(home, str(row.id), home.places.guide(row.id))
    return found


def _maps(connection: sa.Connection, homes: dict[int, _Home]) -> list[Wanted]:
    if not sa.inspect(connection).has_table(projection.name):
        return []
    found: list[Wanted] = []
    for id_, project_id in connection.execute(sa.select(projection.c.id, projection.c.project_id)):
        home = homes[project_id]
        found += [home.want("projection", id_, home.places.projection(id_))]
    for id_, project_id in connection.execute(sa.select(topics.c.id, topics.c.project_id)):
        home = homes[project_id]
        found += [home.want("topics", id_, home.places.topics(id_))]
    return found


def _models(connection: sa.Connection, homes: dict[int, _Home]) -> list[Wanted]:
    found: list[Wanted] = []
    columns = [model.c.id, model.c.project_id, model.c.predicted_rows]
    # What an older version left has no labellings.
    there = {column["name"] for column in sa.inspect(connection).get_columns(model.name)}
    labelling = model.c.labelling if "labelling" in there else sa.null().label("labelling")
    for row in connection.execute(sa.select(*columns, labelling)):
        home = homes[row.project_id]
        # A labelling has a folder once it is planned or run, and is what it is without one.
        asks = row.labelling is not None
        found += [home.want("model", row.id, home.places.model(row.id), optional=asks)]
        if row.predicted_rows is not None:
            found += [home.want("predictions", row.id, home.places.predictions(row.id))]
    return found


def _guide(home: _Home, id_: str, folder: Path) -> list[Wanted]:
    newest = _newest(folder)
    if newest is None:
        return []
    return [
        home.want("guide", id_, newest, optional=True),
        home.want("learning", id_, folder, optional=True, only=".jsonl"),
        home.want("assessment", id_, folder / ASSESSMENT, optional=True),
    ]


def _newest(guides: Path) -> Path | None:
    """Return the last version of a guide: without it their numbers would begin anew."""
    versions = [each for each in guides.glob("*") if each.name.isdecimal()]
    return max(versions, key=lambda each: int(each.name), default=None)
