"""`kodkod restore`: bring an installation back from an archive, while its server runs or not."""

from __future__ import annotations

import asyncio
import time
from contextlib import nullcontext
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from kodkod.api import ConflictError, KodkodError, UnavailableError
from kodkod.cli.backup import told_of
from kodkod.cli.flags import Config, SettingsFlags, settings_from
from kodkod.cli.progress import told_on_terminal
from kodkod.store.backup.archive import Archive, open_archive
from kodkod.store.backup.asking import ask, new_token, only_one, unserved
from kodkod.store.backup.ground import Ground, Parts
from kodkod.store.backup.replacing import put_in_place, recover
from kodkod.store.backup.staging import check_archive, discard_staged, stage, sweep_staged
from kodkod.store.files import make_data_dir

__all__ = ["restore"]


def restore(
    file: Annotated[Path, Parameter(help="An archive that `kodkod backup` wrote.")],
    /,
    *,
    replace: Annotated[
        bool, Parameter(help="Put aside what the installation has now.", negative=())
    ] = False,
    check: Annotated[
        bool, Parameter(help="Only read the archive and see that it is whole.", negative=())
    ] = False,
    config: Config = None,
    flags: SettingsFlags | None = None,
) -> None:
    """Bring back what an archive has. A server that runs on the data folder restores itself.

    What was there before is kept beside it, as an installation of its own.
    """
    settings = settings_from(config, flags)
    with open_archive(file) as archive:
        if check:
            _check(archive)
        else:
            make_data_dir(settings.data_dir)
            asyncio.run(_restore(archive, Ground.of(settings), replace=replace))


def _check(archive: Archive) -> None:
    with told_on_terminal() as told:
        check_archive(archive, told)
    manifest = archive.manifest
    print(
        f"{archive.path} is whole: made by Kodkod {manifest.kodkod} at "
        f"{manifest.created_at:%Y-%m-%d %H:%M:%S} UTC."
    )
    _tell(archive)


async def _restore(archive: Archive, ground: Ground, *, replace: bool) -> None:
    began = time.monotonic()
    with only_one(ground.data_dir), unserved(ground.data_dir) as free:
        if free:
            await recover(ground)
        content = await ground.content()
        if content is not None and not replace:
            raise ConflictError(
                f"The installation in {ground.data_dir} has {content}. With --replace they are "
                "put aside and the archive takes their place."
            )
        sweep_staged(ground)
        token = new_token()
        with told_on_terminal() as told:
            staged = await stage(archive, ground, token, told)
        try:
            kept = await _put_in_place(ground, staged, token, free=free)
        except KodkodError:
            discard_staged(staged)
            raise
    print(f"Restored {archive.path} in {time.monotonic() - began:.1f} s.")
    _tell(archive)
    if kept is not None:
        print(f"What was there before is in {kept}; delete it once it is not needed.")


async def _put_in_place(ground: Ground, staged: Parts, token: str, *, free: bool) -> Path | None:
    """Do it here, or let the server do it that runs on the folder."""
    if not free:
        said = ask(ground.data_dir, token)
        if said is not None and said.problem is not None:
            raise UnavailableError(said.problem)
        if said is not None:
            return None if said.kept is None else Path(said.kept)
    with unserved(ground.data_dir) if not free else nullcontext(True) as alone:
        if not alone:
            raise ConflictError("A server ended and another one started meanwhile; restore again.")
        return await put_in_place(ground, staged, token)


def _tell(archive: Archive) -> None:
    print(told_of(archive.manifest))
    for missing in archive.manifest.missing:
        print(f"The archive lacks the {missing.kind} {missing.id} of {missing.project}.")
