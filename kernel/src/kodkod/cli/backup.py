"""`kodkod backup`: everything that matters in one file, while the server works."""

from __future__ import annotations

import asyncio
import sys
import time
from functools import partial
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from kodkod.cli.flags import Config, SettingsFlags, settings_from
from kodkod.cli.progress import told_on_terminal
from kodkod.jobs.places import ProjectPlaces
from kodkod.settings import Settings
from kodkod.store.backup.archive import Manifest
from kodkod.store.backup.ground import Ground
from kodkod.store.backup.holding import raise_file_limit
from kodkod.store.backup.moving import check_quiet
from kodkod.store.backup.taking import back_up

__all__ = ["backup", "told_of"]


def backup(
    file: Annotated[Path, Parameter(help="The archive to write; one of this name is replaced.")],
    /,
    *,
    config: Config = None,
    flags: SettingsFlags | None = None,
) -> None:
    """Write all accounts, projects, annotations, features and models into one archive.

    The server may run meanwhile. The archive holds texts and what passwords are checked
    against: keep it as safe as the data folder.
    """
    settings = settings_from(config, flags)
    raise_file_limit()
    began = time.monotonic()
    manifest = asyncio.run(_back_up(settings, file))
    print(told_of(manifest))
    size, seconds = file.stat().st_size / 1_000_000, time.monotonic() - began
    print(f"Wrote {file}: {size:,.1f} MB in {seconds:.1f} s.")
    for missing in manifest.missing:
        print(
            f"kodkod: not in the archive: {missing.kind} {missing.id} of {missing.project}: "
            f"{missing.reason}",
            file=sys.stderr,
        )


def told_of(manifest: Manifest) -> str:
    """Say what is in an archive."""
    rows = {name: part.rows for name, part in manifest.tables.items()}
    files = manifest.files
    size = sum(manifest.members[name].size for name in files) / 1_000_000
    return (
        f"{rows.get('user', 0):,} accounts, {rows.get('project', 0):,} projects, "
        f"{rows.get('annotation', 0):,} entries of the log, {rows.get('feature', 0):,} features, "
        f"{rows.get('model', 0):,} models; {len(files):,} files of {size:,.1f} MB."
    )


async def _back_up(settings: Settings, file: Path) -> Manifest:
    ground = Ground.of(settings)
    check_quiet(ground)
    database = ground.open()
    try:
        with told_on_terminal() as told:
            return await back_up(database, partial(ProjectPlaces.of, settings), file, told)
    finally:
        await database.close()
