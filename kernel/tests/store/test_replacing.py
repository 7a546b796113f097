"""What is replaced is kept; a restore is done or undone, whenever it ends."""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path

import pytest
import sqlalchemy as sa

from kodkod.api import ConflictError, UnavailableError
from kodkod.settings import Settings
from kodkod.store.backup.archive import open_archive
from kodkod.store.backup.ground import Ground
from kodkod.store.backup.moving import check_quiet
from kodkod.store.backup.replacing import recover
from kodkod.store.backup.staging import stage, sweep_staged
from kodkod.store.log import LogWriter
from kodkod.store.people import add_user, delete_tokens
from kodkod.store.tables import token, user

from .entries import new
from .installed import (
    API,
    SESSION,
    back_up_to,
    files_of,
    install,
    opened,
    put_token,
    quiet,
    restore_from,
    rows_of,
    settings_of,
)

TOKEN = "0123abcd"


async def test_what_is_replaced_is_kept_as_an_installation_of_its_own(
    archive: Path, target: Settings
) -> None:
    # Given another installation, which has gone further
    await install(target)
    async with opened(target) as database:
        log = LogWriter(database, lambda _entries: None)
        await log.start()
        await log.append([new(row) for row in range(5)])
        await log.stop()
    rows, files = await rows_of(target), files_of(target)

    # When an archive is restored over it
    kept = await restore_from(archive, target)

    # Then the archive's rows are there, and numbers go on where the old one's ended
    after = await rows_of(target)
    assert len(after["annotation"]) == 11
    assert after["last"]["annotation"] == rows["last"]["annotation"] == 16
    assert after["event"][0]["id"] == rows["last"]["event"] + 1
    # and beside it lies what was there
    assert kept is not None
    assert kept.parent == target.data_dir
    old = settings_of(kept)
    assert await rows_of(old) == rows
    assert files_of(old) == files
    assert not list(target.data_dir.glob(".restore-*"))

    # When that is backed up and restored in its turn
    path = target.data_dir / "old.zip"
    await back_up_to(old, path)
    assert await restore_from(path, target) != kept

    # Then all is as it was
    again = await rows_of(target)
    assert again["annotation"] == rows["annotation"]
    assert files_of(target) == files


async def test_nobody_is_signed_out_and_revoked_tokens_stay_so(
    target: Settings, tmp_path: Path
) -> None:
    # Given a backup, after which a token was revoked and others were made
    await install(target)
    async with opened(target) as database, database.write() as connection:
        await add_user(connection, username="old", sign_in="password", secret="1", role="manager")
    await back_up_to(target, tmp_path / "backup.zip")
    async with opened(target) as database, database.write() as connection:
        assert await delete_tokens(connection, 1, token_id=API)
        await put_token(connection, f"{SESSION} 2")
        await put_token(connection, f"{API} 2")
        await connection.execute(sa.delete(user).where(user.c.username == "old"))

    # When it is restored
    await restore_from(tmp_path / "backup.zip", target)

    # Then sessions and tokens of an account that is in both are those of today
    found = await rows_of(target)
    assert {row["id"] for row in found["token"]} == {SESSION, f"{SESSION} 2", f"{API} 2"}
    assert [row["username"] for row in found["user"]] == ["ada", "old"]


async def test_another_installations_tokens_open_nothing(archive: Path, tmp_path: Path) -> None:
    # Given an installation whose first account has the same name, and is another one
    other = settings_of(tmp_path / "other")
    await install(other)
    async with opened(other) as database, database.write() as connection:
        await connection.execute(sa.update(token).values(digest=token.c.digest + "x"))

    await restore_from(archive, other)

    # Then only what the archive has opens it
    found = await rows_of(other)
    assert [(row["id"], row["digest"]) for row in found["token"]] == [(API, API * 8)]


async def test_a_database_that_others_use_is_left_as_it_is(archive: Path, target: Settings) -> None:
    # Given an installation that another process has open
    await install(target)
    before = await rows_of(target), files_of(target)
    async with opened(target) as other, other.read() as connection:
        await connection.execute(sa.select(user))

        # When an archive is restored over it
        with pytest.raises(ConflictError, match="restore again"):
            await restore_from(archive, target)

    # Then all is as it was
    assert (await rows_of(target), files_of(target)) == before
    assert not list(target.data_dir.glob("replaced-*"))


async def test_a_damaged_database_can_be_replaced(archive: Path, plain: Settings) -> None:
    file = plain.data_dir / "kodkod.db"
    broken = file.read_bytes()[:5000] + b"broken" * 1000
    file.write_bytes(broken)
    assert "cannot be read" in (await Ground.of(plain).content() or "")

    kept = await restore_from(archive, plain)

    assert kept is not None
    assert (kept / "kodkod.db").read_bytes() == broken
    assert len((await rows_of(plain))["annotation"]) == 11


@pytest.mark.parametrize("renames", [0, 1, 3])
async def test_a_rename_that_fails_is_taken_back_now_or_later(
    archive: Path, target: Settings, renames: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    await install(target)
    before = await rows_of(target), files_of(target)
    ground = Ground.of(target)
    rename = Path.rename

    def failing(after: int, times: int) -> None:
        """Let some renames fail: from one on, so many times."""
        left = iter(range(1000))
        bad = range(after, after + times)

        def renamed(source: Path, place: Path) -> Path:
            if next(left) in bad:
                raise PermissionError(13, "Permission denied")
            return rename(source, place)

        monkeypatch.setattr(Path, "rename", renamed)

    # When one rename fails, then all is as it was
    failing(renames, 1)
    with pytest.raises(UnavailableError, match=r"denied\. All is as it was"):
        await restore_from(archive, target)
    after = await rows_of(target), files_of(target)
    after[0]["last"] = before[0]["last"]  # PostgreSQL goes on after numbers that were given.
    assert after == before
    assert not list(target.data_dir.glob("replaced-*"))

    # When taking back fails as well, then that is said, and nobody goes on with the half
    if renames == 0:
        return
    sweep_staged(ground)
    failing(renames, 1000)
    with pytest.raises(UnavailableError, match="half-way"):
        await restore_from(archive, target)
    with pytest.raises(UnavailableError, match="interrupted"):
        check_quiet(ground)

    # Until it is mended
    monkeypatch.setattr(Path, "rename", rename)
    assert await recover(ground) is None
    after = await rows_of(target), files_of(target)
    after[0]["last"] = before[0]["last"]
    assert after == before
    check_quiet(ground)


_KILLED = """
import asyncio, os, sys
from pathlib import Path
from kodkod.settings import Settings
from kodkod.store.backup import moving, postgres, replacing
from kodkod.store.backup.ground import Ground
left, rename, forget = int(sys.argv[3]), Path.rename, moving.forget
def counted(*args):
    global left
    if left == 0: os._exit(9)
    left -= 1
    return rename(*args)
def last(ground):
    if left == 0: os._exit(9)
    forget(ground)
Path.rename, replacing.forget = counted, last
settings = Settings(data_dir=Path(sys.argv[1]), database_url=sys.argv[2])
ground = Ground.of(settings)
asyncio.run(replacing.put_in_place(ground, ground.staged("0123abcd"), "0123abcd"))
"""


@pytest.mark.slow
async def test_a_restore_that_is_killed_is_undone_or_done(archive: Path, target: Settings) -> None:
    # Given an installation with other content than the archive
    await install(target)
    async with opened(target) as database, database.write() as connection:
        await connection.execute(sa.update(user).values(username="eve"))
    extra = target.projects / "letters" / "extra.parquet"
    extra.write_bytes(b"extra")
    old, files = await rows_of(target), files_of(target)
    last = old.pop("last")
    ground, done, renames, found = Ground.of(target), False, 0, {}
    for renames in range(20):
        with open_archive(archive) as read:
            await stage(read, ground, TOKEN, quiet)
        # When a restore is killed after so many renames
        killed = await asyncio.create_subprocess_exec(
            *(sys.executable, "-c", _KILLED),
            *(target.data_dir, target.database_url, str(renames)),
        )
        if await killed.wait() == 0:
            break
        with pytest.raises(UnavailableError, match="interrupted"):
            check_quiet(ground)
        # Then what starts next finds all as it was, or the restore done
        restored = await recover(ground)
        assert await recover(ground) is None
        sweep_staged(ground)
        found = await rows_of(target)
        if restored is not None:
            assert (restored, done) == (TOKEN, False)
            done = True
            break
        # (PostgreSQL goes on after numbers that were given in a transaction that failed.)
        numbers = found.pop("last")
        assert all(numbers[name] >= number for name, number in last.items())
        assert (found, files_of(target)) == (old, files)
        assert not list(target.data_dir.glob("replaced-*"))
    assert done
    assert renames >= 4
    assert found["user"][0]["username"] == "ada"
    assert "projects/letters/extra.parquet" not in files_of(target)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root gives files to others")
async def test_what_root_restores_belongs_to_whose_the_installation_is(
    archive: Path, tmp_path: Path
) -> None:
    settings = settings_of(tmp_path / "theirs")
    settings.data_dir.mkdir()
    os.chown(settings.data_dir, 12_345, 12_345)

    await restore_from(archive, settings)

    owners = {path.stat().st_uid for path in settings.data_dir.rglob("*")}
    assert owners == {12_345}


async def test_models_and_database_may_be_elsewhere(archive: Path, tmp_path: Path) -> None:
    # Given an installation whose database and models lie elsewhere
    settings = Settings(
        data_dir=tmp_path / "data",
        models_dir=tmp_path / "models",
        database_url=f"sqlite:///{tmp_path / 'base' / 'my.db'}",
    )
    (tmp_path / "base").mkdir()
    await install(settings)
    before = files_of_models(settings)

    # When an archive is restored over it
    kept = await restore_from(archive, settings)

    # Then each part is beside what replaced it
    assert kept is not None
    assert (kept / "projects" / "letters").is_dir()
    assert files_of_models(settings) == before
    assert (tmp_path / "models" / kept.name / "models" / "letters").is_dir()
    assert (tmp_path / "base" / kept.name / "kodkod.db").is_file()
    assert not list(tmp_path.rglob(".restore-*"))
    # and what was put aside is left alone by the next
    again = await restore_from(archive, settings, "4567cdef")
    assert again is not None
    assert (tmp_path / "models" / kept.name / "models" / "letters").is_dir()


def files_of_models(settings: Settings) -> dict[str, bytes]:
    home = settings.models / "letters"
    return {str(path): path.read_bytes() for path in home.rglob("*") if path.is_file()}
