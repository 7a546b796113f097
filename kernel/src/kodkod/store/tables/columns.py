"""The types of columns. Times are whole microseconds since 1970, UTC: both databases agree."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import msgspec
import sqlalchemy as sa
from sqlalchemy.engine import Dialect

__all__ = ["BigId", "Json", "Utc", "id_column", "metadata", "project_column"]

BigId = sa.BigInteger().with_variant(sa.Integer, "sqlite")


class Utc(sa.types.TypeDecorator[datetime]):
    """A point in time."""

    impl = sa.BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:
        """Write whole microseconds."""
        return None if value is None else round(value.timestamp() * 1_000_000)

    def process_result_value(self, value: int | None, dialect: Dialect) -> datetime | None:
        """Read a time with its zone."""
        return None if value is None else datetime.fromtimestamp(value / 1_000_000, tz=UTC)


class Json(sa.types.TypeDecorator[Any]):
    """A value as JSON text, by msgspec."""

    impl = sa.Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:
        """Write JSON; None stays null."""
        return None if value is None else msgspec.json.encode(value).decode()

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:
        """Read JSON."""
        return None if value is None else msgspec.json.decode(value)


metadata = sa.MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def id_column() -> sa.Column[int]:
    """Return a primary key that the database counts up."""
    return sa.Column("id", sa.Integer, primary_key=True, autoincrement=True)


def project_column(**kwargs: Any) -> sa.Column[int]:
    """Return the project that a row goes with."""
    return sa.Column(
        "project_id", sa.ForeignKey("project.id", ondelete="CASCADE"), nullable=False, **kwargs
    )
