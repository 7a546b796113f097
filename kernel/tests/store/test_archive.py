"""An archive that is damaged, or that somebody made to do harm, is refused."""

from __future__ import annotations

import hashlib
import random
import stat
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest

from kodkod.api import InvalidInputError, KodkodError, UnavailableError
from kodkod.store.backup.archive import FORMAT, Archive, Manifest, open_archive
from kodkod.store.backup.staging import check_archive

from .installed import (
    files_of,
    install,
    quiet,
    restore_from,
    rows_of,
    settings_of,
)


def parts_of(archive: Archive) -> dict[str, bytes]:
    return {name: b"".join(archive.chunks(name)) for name in archive.manifest.members}


def test_no_byte_changes_unnoticed(archive: Path, tmp_path: Path) -> None:
    data, rng = archive.read_bytes(), random.Random(3)
    whole = bytearray(data)
    with open_archive(archive) as opened_archive:
        manifest, parts = opened_archive.manifest, parts_of(opened_archive)
    damaged, noticed = tmp_path / "damaged.zip", 0
    # The ends have what zip files say of themselves.
    places = [*range(len(whole) - 150, len(whole)), *rng.sample(range(len(whole)), 350)]
    for place in places:
        whole[place] ^= 1 << rng.randrange(8)
        damaged.write_bytes(whole)
        noticed += not reads_the_same(damaged, manifest, parts)
        whole[place] = data[place]
    assert noticed > len(places) * 0.8


def reads_the_same(path: Path, manifest: Manifest, parts: dict[str, bytes]) -> bool:
    """Tell whether an archive is taken, which it may be if only what nobody reads is different."""
    try:
        with open_archive(path) as read:
            check_archive(read, quiet)
            found = read.manifest, parts_of(read)
    except KodkodError:
        return False
    assert found == (manifest, parts)
    return True


@pytest.mark.parametrize("kept", [0, 10, 0.5, 0.999])
def test_half_an_archive_is_none(archive: Path, tmp_path: Path, kept: float) -> None:
    data = archive.read_bytes()
    half = tmp_path / "half.zip"
    half.write_bytes(data[: int(kept if kept > 1 else len(data) * kept)])
    with pytest.raises(InvalidInputError, match=r"half.zip is no backup"), open_archive(half):
        pass


Change = Callable[[dict[str, bytes], dict[str, Any]], None]


def rewritten(archive: Path, change: Change, kinds: dict[str, int] | None = None) -> Path:
    """Write an archive anew, with members and a manifest that were changed."""
    with zipfile.ZipFile(archive) as source:
        members = {info.filename: source.read(info) for info in source.infolist()}
    manifest = msgspec.json.decode(members.pop("manifest.json"))
    change(members, manifest)
    path = archive.with_name("hostile.zip")
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as target:
        for name, data in members.items():
            info = zipfile.ZipInfo(name)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = ((kinds or {}).get(name, stat.S_IFREG) | 0o600) << 16
            target.writestr(info, data)
        target.writestr("manifest.json", msgspec.json.encode(manifest))
    return path


def adding(name: str, data: bytes = b"x") -> Change:
    def change(members: dict[str, bytes], manifest: dict[str, Any]) -> None:
        members[name] = data
        manifest["members"][name] = {"size": len(data), "sha256": hashlib.sha256(data).hexdigest()}

    return change


HOSTILE_NAMES = [
    "/etc/cron.d/evil",
    "projects/../../evil",
    "projects/letters/../../../evil",
    "projects//evil",
    "projects/./evil/x",
    "models/..",
    "..\\evil",
    "projects/letters\\..\\evil",
    "kodkod.db",
    "projects/evil",
    "tables/../evil.jsonl",
    f"projects/letters/{'x' * 300}",
]


@pytest.mark.parametrize("name", HOSTILE_NAMES)
async def test_a_member_that_would_lie_elsewhere_is_refused(
    archive: Path, tmp_path: Path, name: str
) -> None:
    await refused(rewritten(archive, adding(name)), tmp_path)


@pytest.mark.parametrize("kind", [stat.S_IFLNK, stat.S_IFCHR, stat.S_IFDIR, stat.S_IFIFO])
async def test_links_and_devices_are_refused(archive: Path, tmp_path: Path, kind: int) -> None:
    name = "projects/letters/link"
    await refused(rewritten(archive, adding(name, b"/etc/passwd"), {name: kind}), tmp_path)


def unlisted(members: dict[str, bytes], manifest: dict[str, Any]) -> None:
    members["projects/letters/more"] = b"x"


def absent(members: dict[str, bytes], manifest: dict[str, Any]) -> None:
    del members["projects/letters/train.parquet"]


def longer(members: dict[str, bytes], manifest: dict[str, Any]) -> None:
    members["projects/letters/train.parquet"] += b"\0" * 50_000_000


def shorter(members: dict[str, bytes], manifest: dict[str, Any]) -> None:
    members["projects/letters/train.parquet"] = b""


def endless(members: dict[str, bytes], manifest: dict[str, Any]) -> None:
    manifest["members"]["projects/letters/train.parquet"]["size"] = 10**18


def lies(change: Callable[[dict[str, Any]], None]) -> Change:
    return lambda _members, manifest: change(manifest)


def strange_table(members: dict[str, bytes], manifest: dict[str, Any]) -> None:
    adding("tables/sqlite_sequence.jsonl", b'["user",9]\n')(members, manifest)
    manifest["tables"]["sqlite_sequence"] = {"columns": ["name", "seq"], "rows": 1}


def rows(*lines: bytes) -> Change:
    data = b"".join(line + b"\n" for line in lines)

    def change(members: dict[str, bytes], manifest: dict[str, Any]) -> None:
        adding("tables/member.jsonl", data)(members, manifest)
        manifest["tables"]["member"]["rows"] = len(lines)

    return change


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(unlisted, id="a member too many"),
        pytest.param(absent, id="a member too few"),
        pytest.param(longer, id="more than was declared"),
        pytest.param(shorter, id="less than was declared"),
        pytest.param(endless, id="more than any disk has"),
        pytest.param(strange_table, id="a table of the database's own"),
        pytest.param(lies(lambda m: m["tables"].pop("user")), id="a table without a name"),
        pytest.param(lies(lambda m: m["tables"]["user"].update(rows=7)), id="rows too few"),
        pytest.param(lies(lambda m: m["tables"]["user"]["columns"].append("x")), id="a column"),
        pytest.param(lies(lambda m: m["counters"].update(user=2**70)), id="a large number"),
        pytest.param(lies(lambda m: m.update(revision="9999")), id="a newer revision"),
        pytest.param(lies(lambda m: m.update(format=FORMAT + 1, tables=[])), id="a newer format"),
        pytest.param(rows(b"[1,1]"), id="a value too few"),
        pytest.param(rows(b'[1,1,"manager"', b"]"), id="half a row"),
        pytest.param(rows(b'[1,9,"manager"]'), id="a reference to nothing"),
        pytest.param(rows(b'[1,1,{"a":1}]'), id="a value of another kind"),
        pytest.param(rows(b"[1,1,null]"), id="nothing where there must be something"),
        pytest.param(rows(b'[1,1,"m"]', b'[1,1,"m"]'), id="a row twice"),
    ],
)
async def test_an_archive_that_lies_is_refused(
    archive: Path, tmp_path: Path, change: Change
) -> None:
    message = await refused(rewritten(archive, change), tmp_path)
    if "revision" in message:
        assert "install that version or a newer" in message


async def refused(path: Path, tmp_path: Path) -> str:
    """See that an archive is refused, and that nothing is left of it; return what was said."""
    settings = settings_of(tmp_path / "in" / "victim")
    await install(settings)
    tree = sorted(tmp_path.rglob("*"))
    rows_before, files = await rows_of(settings), files_of(settings)
    with pytest.raises((InvalidInputError, UnavailableError)) as caught:
        await restore_from(path, settings)
    assert sorted(tmp_path.rglob("*")) == tree
    assert (await rows_of(settings), files_of(settings)) == (rows_before, files)
    return caught.value.message
