"""What cancelled imports and killed servers leave is swept, and nothing else."""

from __future__ import annotations

import os
import time
from pathlib import Path

from kodkod.settings import Settings
from kodkod.store.artefacts import new_id
from kodkod.store.database import Database, now
from kodkod.store.jobs import JobRow, add_job
from kodkod.web.leftovers import sweep_leftovers


def _file(folder: Path, name: str, hours: float) -> Path:
    folder.mkdir(exist_ok=True)
    file = folder / name
    file.write_text("x", encoding="utf-8")
    then = time.time() - hours * 3600
    os.utime(file, (then, then))
    return file


async def test_only_old_files_that_no_import_waits_for_are_deleted(tmp_path: Path) -> None:
    # Given old and new uploads and downloads, and a large import that waits for one of them
    database = Database.at("", tmp_path)
    await database.migrate()
    old = [_file(tmp_path / "uploads", "old", 2), _file(tmp_path / "downloads", "old", 2)]
    new = _file(tmp_path / "uploads", "new", 0.5)
    wanted = _file(tmp_path / "uploads", "wanted", 2)
    job = JobRow(
        id=new_id(),
        kind="import",
        queue="cpu",
        project_id=None,
        user_id=1,
        params={"upload": "wanted"},
        lock_key="import:1",
        created_at=now(),
    )
    async with database.write() as connection:
        await add_job(connection, job)

    # When leftovers are swept
    await sweep_leftovers(Settings(data_dir=tmp_path), database)

    # Then only the old files that nobody waits for are gone
    assert [file.exists() for file in old] == [False, False]
    assert new.exists()
    assert wanted.exists()
    await database.close()
