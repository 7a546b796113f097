"""Every setting: one name in TOML, as an environment variable and as a flag."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta, Struct

from kodkod.api import InvalidInputError

__all__ = ["Settings", "load_settings"]

_PREFIX = "KODKOD_"
_LISTS = frozenset({"sign_in", "trusted_proxies"})
_FOLDERS = frozenset({"data_dir", "models_dir"})


class Settings(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What an installation decides. Environment: `KODKOD_` and the name in capitals.

    Durations carry their unit in the name. An empty `database_url` or `broker_url` means the
    embedded one inside `data_dir`; `models_dir` defaults to `data_dir/models`. `gpu_workers` is for
    each card; there are none where there is no card. `session_idle_minutes` of 0 lets a session be
    idle as long as it lasts. `public_url` is where browsers find the server, for ways to sign in
    that send them elsewhere and back. `sections` are the plugins' own, by name.
    """

    data_dir: Path = Path("kodkod-data")
    host: str = "127.0.0.1"
    port: Annotated[int, Meta(ge=0, le=65535)] = 8400
    database_url: str = ""
    broker_url: str = ""
    models_dir: Path | None = None
    cpu_workers: Annotated[int, Meta(ge=0, le=256)] = 1
    live_workers: Annotated[int, Meta(ge=0, le=64)] = 1
    gpu_workers: Annotated[int, Meta(ge=0, le=64)] = 1
    max_queued: Annotated[int, Meta(ge=1)] = 20
    job_days: Annotated[float, Meta(gt=0)] = 365.0
    job_log_days: Annotated[float, Meta(gt=0)] = 30.0
    audit_days: Annotated[float, Meta(gt=0)] = 3650.0
    restore_days: Annotated[float, Meta(ge=0)] = 7.0
    monitor_ms: Annotated[int, Meta(ge=0)] = 1000
    sign_in: tuple[str, ...] = ("password",)
    sign_up: Literal["closed", "open"] = "closed"
    session_hours: Annotated[float, Meta(gt=0)] = 12.0
    session_idle_minutes: Annotated[int, Meta(ge=0)] = 0
    public_url: str = ""
    trusted_proxies: tuple[str, ...] = ()
    lease_minutes: Annotated[float, Meta(gt=0)] = 10.0
    idle_hours: Annotated[float, Meta(gt=0)] = 24.0
    memory_mb: Annotated[int, Meta(ge=64)] = 4096
    max_upload_mb: Annotated[int, Meta(ge=1)] = 4096
    body_seconds: Annotated[float, Meta(gt=0)] = 30.0
    inline_import_mb: Annotated[int, Meta(ge=0)] = 64
    min_free_mb: Annotated[int, Meta(ge=0)] = 200
    log_level: str = "info"
    sections: dict[str, dict[str, Any]] = {}

    @property
    def models(self) -> Path:
        """The folder that models are kept in."""
        return self.models_dir or self.data_dir / "models"

    @property
    def browsers_url(self) -> str:
        """Where browsers find the server, without a slash at the end."""
        return (self.public_url or f"http://{self.host}:{self.port}").rstrip("/")

    @property
    def projects(self) -> Path:
        """The folder that has a folder for each project."""
        return self.data_dir / "projects"

    def environment(self) -> dict[str, str]:
        """Return the variables that give a child process these very settings."""
        values = msgspec.to_builtins(self, enc_hook=str)
        sections = values.pop("sections")
        own = {
            _PREFIX + name.upper(): ",".join(value) if name in _LISTS else str(value)
            for name, value in values.items()
            if value is not None
        }
        return own | {
            _variable(section, name): _written(value)
            for section, fields in sections.items()
            for name, value in fields.items()
        }


def load_settings(
    file: Path | None = None,
    environ: Mapping[str, str] = os.environ,
    flags: Mapping[str, Any] | None = None,
) -> Settings:
    """Read the settings: file, then environment, then flags, the later winning.

    Raises:
        InvalidInputError: a name is unknown in the file, or a value is not acceptable.
    """
    file = file or (Path(environ["KODKOD_CONFIG"]) if environ.get("KODKOD_CONFIG") else None)
    values: dict[str, Any] = {}
    if file is not None:
        values |= _with_sections(_from_file(file), environ)
    values |= _from_environment(environ)
    values |= {name: value for name, value in (flags or {}).items() if value is not None}
    try:
        settings = msgspec.convert(values, Settings, strict=False, dec_hook=_read)
    except msgspec.ValidationError as error:
        raise InvalidInputError(f"settings: {error}") from error
    return msgspec.structs.replace(
        settings,
        data_dir=settings.data_dir.absolute(),
        models_dir=settings.models_dir and settings.models_dir.absolute(),
    )


def _read(type_: type[Any], value: object) -> object:
    """Make a path of a string, which msgspec leaves to us."""
    if type_ is Path and isinstance(value, (str, Path)):
        return Path(value)
    raise NotImplementedError(f"cannot read {value!r} as {type_}")


def _from_file(file: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise InvalidInputError(f"settings file {file} cannot be read: {error}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InvalidInputError(f"settings file {file} is not valid TOML: {error}") from error


def _from_environment(environ: Mapping[str, str]) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for name in set(Settings.__struct_fields__) - {"sections"}:
        raw = environ.get(_PREFIX + name.upper())
        if raw == "" and name in _FOLDERS:
            continue  # passed on by a compose file where nobody has set it
        if raw is not None:
            values[name] = tuple(filter(None, raw.split(","))) if name in _LISTS else raw
    return values


def _with_sections(values: dict[str, Any], environ: Mapping[str, str]) -> dict[str, Any]:
    """Put tables, which are the plugins', under `sections`; what the environment has is its own."""
    sections = {name: each for name, each in values.items() if isinstance(each, dict)}
    own = {name: each for name, each in values.items() if name not in sections}
    for section, fields in sections.items():
        for name in fields:
            if given := environ.get(_variable(section, name)):
                fields[name] = given
    return own | ({"sections": sections} if sections else {})


def _variable(section: str, name: str) -> str:
    return f"{_PREFIX}{section}_{name}".upper().replace("-", "_")


def _written(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return ",".join(map(str, value)) if isinstance(value, (list, tuple)) else str(value)
