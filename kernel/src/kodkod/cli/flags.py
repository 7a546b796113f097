"""Every setting as a flag."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from kodkod.settings import Settings, load_settings

__all__ = ["Config", "SettingsFlags", "settings_from"]

Config = Annotated[Path | None, Parameter(help="A TOML file with settings.", env_var=())]


@Parameter(name="*")
@dataclass(frozen=True, kw_only=True)
class SettingsFlags:
    """The settings that were given on the command line; the others are None."""

    data_dir: Annotated[Path | None, Parameter(help="Where everything is kept.")] = None
    host: Annotated[str | None, Parameter(help="The address to listen on.")] = None
    port: Annotated[int | None, Parameter(help="The port; 0 takes a free one.")] = None
    database_url: Annotated[
        str | None, Parameter(help="postgresql://...; the embedded database if left out.")
    ] = None
    broker_url: Annotated[
        str | None, Parameter(help="amqp://... or redis://...; the embedded one if left out.")
    ] = None
    models_dir: Annotated[Path | None, Parameter(help="Where models are kept.")] = None
    cpu_workers: Annotated[int | None, Parameter(help="Jobs at once on processors.")] = None
    live_workers: Annotated[int | None, Parameter(help="Guides refreshed at once.")] = None
    gpu_workers: Annotated[
        int | None, Parameter(help="Jobs at once on each graphics card, where there is one.")
    ] = None
    max_queued: Annotated[int | None, Parameter(help="Jobs of a user that may wait.")] = None
    job_days: Annotated[float | None, Parameter(help="How long ended jobs are listed.")] = None
    job_log_days: Annotated[float | None, Parameter(help="How long their logs are kept.")] = None
    audit_days: Annotated[float | None, Parameter(help="How long the audit log is kept.")] = None
    restore_days: Annotated[
        float | None, Parameter(help="How long a deleted project can be restored.")
    ] = None
    monitor_ms: Annotated[int | None, Parameter(help="How old the monitor's figures may be.")] = (
        None
    )
    sign_in: Annotated[tuple[str, ...] | None, Parameter(help="Ways to sign in.", negative=())] = (
        None
    )
    sign_up: Annotated[
        str | None, Parameter(help="Who may make accounts for themselves: closed or open.")
    ] = None
    session_hours: Annotated[float | None, Parameter(help="How long a session lasts.")] = None
    session_idle_minutes: Annotated[
        int | None, Parameter(help="After how long without use it ends; 0 for never.")
    ] = None
    public_url: Annotated[str | None, Parameter(help="Where browsers find the server.")] = None
    trusted_proxies: Annotated[
        tuple[str, ...] | None,
        Parameter(help="Proxies whose X-Forwarded-For is believed.", negative=()),
    ] = None
    lease_minutes: Annotated[float | None, Parameter(help="How long a text is reserved.")] = None
    idle_hours: Annotated[float | None, Parameter(help="When an idle project is unloaded.")] = None
    memory_mb: Annotated[int | None, Parameter(help="Memory for projects in use.")] = None
    max_upload_mb: Annotated[int | None, Parameter(help="The largest file taken.")] = None
    body_seconds: Annotated[
        float | None, Parameter(help="How long a small request may take to arrive.")
    ] = None
    inline_import_mb: Annotated[
        int | None, Parameter(help="Larger files are imported by a job.")
    ] = None
    min_free_mb: Annotated[int | None, Parameter(help="Disk that is left free.")] = None
    log_level: Annotated[str | None, Parameter(help="debug, info, warning or error.")] = None


def settings_from(config: Path | None, flags: SettingsFlags | None) -> Settings:
    """Read the settings: file, environment, flags, the later winning.

    Raises:
        InvalidInputError: a value is not acceptable.
    """
    return load_settings(config, flags=dataclasses.asdict(flags) if flags else None)
