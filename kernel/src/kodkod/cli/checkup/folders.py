"""Where things are kept: disks, and the files that the database names."""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psutil

from kodkod.cli.checkup.finding import Case, Finding, ok, problem, warning
from kodkod.settings import Settings
from kodkod.store.files import asides

__all__ = ["check_folders", "check_leftovers", "file_system", "is_old", "may_write"]

_REMOTE = frozenset(
    {"9p", "afs", "beegfs", "ceph", "cifs", "gfs2", "glusterfs", "gpfs", "lustre", "ncpfs"}
    | {"nfs", "nfs4", "ocfs2", "smb2", "smb3", "smbfs", "virtiofs", "webdav"}
)
"""SQLite's locks and its memory shared between processes do not work on these."""
_OLD_SECONDS = 3600.0
_NAMED = 3
_PLENTY_MB = 2_000
_MB = 1024 * 1024


def may_write(settings: Settings) -> bool:
    """Tell whether the files that this process makes are the server's to change."""
    folder = settings.data_dir
    if not folder.exists():
        return False
    return folder.stat().st_uid == os.geteuid() and os.access(folder, os.W_OK)


def check_folders(case: Case) -> Iterator[Finding]:
    """See that the folders can be written, and that their disks are fit and have room."""
    settings = case.settings
    yield from _folder("data folder", settings.data_dir, settings)
    if not settings.models.is_relative_to(settings.data_dir):
        yield from _folder("models folder", settings.models, settings)
    kind = file_system(settings.data_dir)
    embedded = [
        name
        for name, here in (
            ("database", case.database_file is not None),
            ("broker", not settings.broker_url or settings.broker_url.startswith("sqlite")),
        )
        if here
    ]
    if embedded and (kind in _REMOTE or kind.startswith("fuse.")):
        yield problem(
            "data folder",
            f"It lies on a network file system ({kind}), and the embedded {' and '.join(embedded)} "
            "in it may lose what was written.",
            "Move data_dir to a local disk, or set database_url and broker_url to services.",
        )
    elif kind in {"tmpfs", "ramfs"}:
        mend = "Move data_dir to a disk."
        yield warning("data folder", "It lies in memory and is gone after a restart.", mend)
    elif kind == "overlay":
        yield warning(
            "data folder",
            "It lies in a container's own layer and is gone with the container.",
            "Mount a volume there.",
        )


def _folder(area: str, folder: Path, settings: Settings) -> Iterator[Finding]:
    if not folder.exists():
        above = next(each for each in folder.parents if each.exists())
        if os.access(above, os.W_OK):
            yield ok(area, f"{folder} is made at the first start")
        else:
            mend = f"Make {folder} and give it to the user who runs the server."
            yield problem(area, f"{folder} is not there, and {above} cannot be written.", mend)
        return
    if folder.stat().st_uid != os.geteuid():
        yield warning(
            area,
            f"{folder} belongs to {_owner(folder)}: what writes was not checked.",
            "Run kodkod doctor as the user who runs the server.",
        )
    else:
        yield from _written(area, folder)
    free = shutil.disk_usage(folder).free // _MB
    if free < settings.min_free_mb:
        mend = f"Free some: jobs are refused below {settings.min_free_mb} MB (min_free_mb)."
        yield problem(area, f"{free} MB are free on its disk.", mend)
    elif free < _PLENTY_MB:
        mend = "Free some before long: features and models of a large corpus take gigabytes."
        yield warning(area, f"{free} MB are free on its disk.", mend)
    else:
        yield ok(area, f"{folder}: {free / 1024:,.1f} GiB free on its disk ({file_system(folder)})")


def _written(area: str, folder: Path) -> Iterator[Finding]:
    try:
        with tempfile.NamedTemporaryFile(dir=folder, prefix=".doctor.") as file:
            file.write(b"written by kodkod doctor")
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        mend = "Give it to the user who runs the server, and see that its disk is well."
        yield problem(area, f"{folder} cannot be written: {error.strerror}.", mend)


def _owner(folder: Path) -> str:
    try:
        return folder.owner()
    except KeyError:
        return f"user {folder.stat().st_uid}"


def file_system(folder: Path) -> str:
    """Return the kind of file system that a folder (or the nearest above it) lies on."""
    folder = folder.resolve()
    mounts = {Path(each.mountpoint): each.fstype for each in psutil.disk_partitions(all=True)}
    return next((mounts[each] for each in (folder, *folder.parents) if each in mounts), "unknown")


def check_leftovers(case: Case) -> Iterator[Finding]:
    """See what killed processes have left half-written."""
    settings = case.settings
    left = [
        path
        for home in (settings.projects, settings.models)
        for path in _aside(home)
        if is_old(path)
    ]
    if left:
        named = ", ".join(str(path) for path in left[:_NAMED])
        yield warning(
            "leftovers",
            f"{len(left)} files and folders were left half-written: {named}"
            + (", ..." if len(left) > _NAMED else ""),
            "The server deletes them when it tidies up; delete them if it does not.",
        )
    else:
        yield ok("leftovers", "Nothing was left half-written")


def _aside(home: Path) -> Iterator[Path]:
    for folder, folders, _ in os.walk(home):
        found = asides(Path(folder))
        folders[:] = [name for name in folders if Path(folder, name) not in found]
        yield from found


def is_old(path: Path) -> bool:
    """Tell whether something is too old to be still written."""
    try:
        return time.time() - path.lstat().st_mtime > _OLD_SECONDS
    except FileNotFoundError:
        return False
