"""Features and models: the rows that say what lies on disk under an id."""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import Any, Literal

import sqlalchemy as sa
from msgspec import Struct
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from kodkod.api import ConflictError
from kodkod.store.tables import feature, model

__all__ = [
    "FeatureRow",
    "ModelRow",
    "Provenance",
    "add_feature",
    "add_model",
    "change_model",
    "delete_feature",
    "delete_model",
    "find_feature",
    "find_model",
    "large_features",
    "list_features",
    "list_models",
    "new_id",
    "put_feature_rows",
]


class FeatureRow(Struct, frozen=True, kw_only=True):
    """A feature: `rows` x `dim` on disk under `id`.

    `scheme_id` is the scheme of the model that it was made of, if it was made of one. `window` is
    what it reads of a text (`kodkod.api.ReadingWindow`), where some texts are longer.
    """

    id: str
    project_id: int
    name: str
    component: str
    params: dict[str, Any]
    dim: int
    rows: int
    sparse: bool
    created_at: datetime
    scheme_id: int | None = None
    window: dict[str, int] | None = None

    @property
    def comparable(self) -> bool:
        """Tell whether texts can be compared by it: it is dense, and made of texts alone.

        What a model that was taught a scheme says of texts may be hidden from who compares them.
        """
        return not self.sparse and self.scheme_id is None


class Provenance(Struct, frozen=True, kw_only=True):
    """Versions of the component's plugin and of what it depends on, and where it ran.

    `card` is the graphics card that the process had, if any.
    """

    kodkod: str = ""
    python: str = ""
    plugin: str = ""
    packages: dict[str, str] = {}
    platform: str = ""
    machine: str = ""
    processors: int | None = None
    card: str | None = None
    seconds: float = 0.0


class ModelRow(Struct, frozen=True, kw_only=True):
    """A trained model on disk under `id`; `label_ids` are the columns of its probabilities.

    `training` says which annotations it was taught by and how, `provenance` on what machine and
    with which packages (`Provenance`). `thresholds` are those of `Model.thresholds`.
    `validation` is what cross-validation and a search of params found, where they were asked
    for. `predicted` has how many rows are predicted of a split, or of a file (by its id);
    `predicted_rows` is of the complete corpus. A labelling, whose component is a labeller, has
    what it asks in `labelling` (`kodkod.project.labelling.Labelling`); `predicted_rows` are then
    the texts that it has answered, wherever in the corpus they are.
    """

    id: str
    project_id: int
    scheme_id: int
    name: str
    component: str
    params: dict[str, Any]
    features: list[str]
    label_ids: list[int]
    n_train: int
    trained_at_seq: int
    corpus_fingerprint: str
    seed: int
    scores: dict[str, Any]
    predicted_rows: int | None
    created_at: datetime
    training: dict[str, Any] = {}
    provenance: dict[str, Any] = {}
    thresholds: list[float] | None = None
    validation: dict[str, Any] | None = None
    predicted: dict[str, int] = {}
    labelling: dict[str, Any] | None = None

    @property
    def kind(self) -> Literal["model", "labeller"]:
        """Return the kind of component that it is made with."""
        return "model" if self.labelling is None else "labeller"


def new_id() -> str:
    """Return an id for an artefact or a job: 16 characters, safe in file names."""
    return secrets.token_hex(8)


async def add_feature(connection: AsyncConnection, new: FeatureRow) -> None:
    """Register a feature whose files are in place.

    Raises:
        ConflictError: the name was taken meanwhile.
    """
    await _insert(connection, feature, new, "feature")


async def put_feature_rows(connection: AsyncConnection, feature_id: str, rows: int) -> None:
    """Note that a feature was extended."""
    await connection.execute(sa.update(feature).where(feature.c.id == feature_id).values(rows=rows))


async def find_feature(connection: AsyncConnection, feature_id: str) -> FeatureRow | None:
    """Return the feature, or None if it is gone."""
    row = (await connection.execute(sa.select(feature).where(feature.c.id == feature_id))).first()
    return None if row is None else FeatureRow(**row._mapping)


async def list_features(connection: AsyncConnection, project_id: int) -> list[FeatureRow]:
    """Return a project's features, oldest first."""
    query = (
        sa.select(feature).where(feature.c.project_id == project_id).order_by(feature.c.created_at)
    )
    return [FeatureRow(**row._mapping) for row in await connection.execute(query)]


async def large_features(connection: AsyncConnection, rows: int) -> list[FeatureRow]:
    """Return the features of all projects that have so many rows or more."""
    query = sa.select(feature).where(feature.c.rows >= rows).order_by(feature.c.created_at)
    return [FeatureRow(**row._mapping) for row in await connection.execute(query)]


async def delete_feature(connection: AsyncConnection, feature_id: str) -> None:
    """Forget a feature."""
    await connection.execute(sa.delete(feature).where(feature.c.id == feature_id))


async def add_model(connection: AsyncConnection, new: ModelRow) -> None:
    """Register a model whose files are in place.

    Raises:
        ConflictError: the name was taken meanwhile.
    """
    await _insert(connection, model, new, "model")


async def change_model(connection: AsyncConnection, model_id: str, **values: Any) -> None:
    """Change columns of a model."""
    await connection.execute(sa.update(model).where(model.c.id == model_id).values(**values))


async def find_model(connection: AsyncConnection, model_id: str) -> ModelRow | None:
    """Return the model, or None if it is gone."""
    row = (await connection.execute(sa.select(model).where(model.c.id == model_id))).first()
    return None if row is None else ModelRow(**row._mapping)


async def list_models(connection: AsyncConnection, project_id: int) -> list[ModelRow]:
    """Return a project's models, oldest first."""
    query = sa.select(model).where(model.c.project_id == project_id).order_by(model.c.created_at)
    return [ModelRow(**row._mapping) for row in await connection.execute(query)]


async def delete_model(connection: AsyncConnection, model_id: str) -> None:
    """Forget a model."""
    await connection.execute(sa.delete(model).where(model.c.id == model_id))


async def _insert(
    connection: AsyncConnection, table: sa.Table, new: FeatureRow | ModelRow, what: str
) -> None:
    values = {name: getattr(new, name) for name in new.__struct_fields__}
    try:
        await connection.execute(sa.insert(table).values(**values))
    except IntegrityError as error:
        raise ConflictError(
            f"The project has a {what} {new.name!r} already; delete it or choose another name."
        ) from error
