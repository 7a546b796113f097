"""`kodkod backup` and `kodkod restore`, as whoever runs an installation types them."""

from __future__ import annotations

import subprocess
import time
from contextlib import suppress
from pathlib import Path

import pytest

from kodkod.store.backup.asking import only_one

from .conftest import KODKOD, Run

PASSWORD = "a long password"


@pytest.fixture
def data(environment: dict[str, str]) -> Path:
    return Path(environment["KODKOD_DATA_DIR"])


@pytest.fixture
def archive(run: Run, tmp_path: Path) -> Path:
    """Give a backup of an installation that has an account."""
    assert run("user", "add", "mara", given=PASSWORD).returncode == 0
    path = tmp_path / "backup.zip"
    done = run("backup", str(path))
    assert done.returncode == 0, done.stderr
    assert "1 accounts" in done.stdout
    assert done.stderr == ""
    return path


def refused(done: subprocess.CompletedProcess[str], *named: str) -> None:
    assert done.returncode == 1, done
    assert len(done.stderr.splitlines()) == 1, done.stderr
    assert done.stderr.startswith("kodkod: ")
    for each in named:
        assert each in done.stderr


def test_an_installation_moves_to_another_folder(run, archive, tmp_path):
    checked = run("restore", str(archive), "--check")
    assert "is whole" in checked.stdout, checked.stderr

    done = run("restore", str(archive), "--data-dir", "other")

    assert done.returncode == 0, done.stderr
    assert "before" not in done.stdout
    assert "mara" in run("user", "list", "--data-dir", "other").stdout


def test_content_is_replaced_where_that_is_asked_for_and_can_be_taken_back(
    run, archive, data, tmp_path
):
    # Given an installation that has an account that the archive lacks
    run("user", "add", "olga", given=PASSWORD)
    refused(run("restore", str(archive)), "2 accounts", "--replace")
    assert "olga" in run("user", "list").stdout

    # When the archive is restored over it
    done = run("restore", str(archive), "--replace")

    # Then what was there lies beside it
    assert done.returncode == 0, done.stderr
    assert "olga" not in run("user", "list").stdout
    (kept,) = data.glob("replaced-*")
    assert str(kept) in done.stdout
    assert "olga" in run("user", "list", "--data-dir", str(kept)).stdout
    # and comes back by the same commands
    assert run("backup", "old.zip", "--data-dir", str(kept)).returncode == 0
    assert run("restore", "old.zip", "--replace").returncode == 0
    assert "olga" in run("user", "list").stdout


def test_what_cannot_be_is_said_in_one_line(run, archive, data, tmp_path):
    damaged = tmp_path / "damaged.zip"
    damaged.write_bytes(archive.read_bytes()[:-300])
    for done, named in [
        (run("backup", "x.zip", "--data-dir", "none"), "nothing to back up"),
        (run("backup", "none/x.zip"), "No such file"),
        (run("backup", str(data)), str(data)),
        (run("restore", "none.zip"), "none.zip"),
        (run("restore", str(damaged), "--replace"), "damaged.zip"),
        (run("restore", str(damaged), "--check"), "damaged.zip"),
        (run("restore", str(archive), "--data-dir", str(archive)), "cannot be made"),
    ]:
        refused(done, named)
    with only_one(data):
        refused(run("restore", str(archive), "--replace"), "under way")
    assert not list(data.glob("replaced-*"))


def test_a_backup_that_is_killed_leaves_nothing_under_its_name(
    run, archive, environment, data, tmp_path
):
    # Given a backup that takes a while: it has a large model
    refused_none = run("backup", str(archive))
    assert refused_none.returncode == 0
    before = archive.read_bytes()
    _add_large_model(data)
    process = subprocess.Popen([KODKOD, "backup", archive], env=environment, cwd=tmp_path)

    # When it is killed in the middle
    deadline = time.monotonic() + 30
    while not _written(archive):
        assert time.monotonic() < deadline
        assert process.poll() is None, "it was ready before it could be killed"
    process.kill()
    process.wait()

    # Then the archive of the day before is still there, and the next one is made
    assert archive.read_bytes() == before
    assert run("backup", str(archive)).returncode == 0
    assert "1 models" in run("restore", str(archive), "--check").stdout


def _add_large_model(data: Path) -> None:
    import sqlite3

    with sqlite3.connect(data / "kodkod.db") as database:
        database.executescript(
            """
            INSERT INTO project (id, slug, name, language, config, n_rows, splits,
                corpus_fingerprint, created_by, created_at)
                VALUES (1, 'p', 'P', 'en', '{}', 0, '{}', '', 'mara', 1);
            INSERT INTO scheme (id, project_id, name, type, params, codebook, overlap, created_at)
                VALUES (1, 1, 's', 'multiclass', '{}', '', 1, 1);
            INSERT INTO model (id, project_id, scheme_id, name, component, params, features,
                label_ids, n_train, trained_at_seq, corpus_fingerprint, seed, scores, created_at)
                VALUES ('m', 1, 1, 'm', 'x', '{}', '[]', '[]', 1, 1, '', 1, '{}', 1);
            """
        )
    database.close()
    folder = data / "models" / "p" / "m"
    folder.mkdir(parents=True)
    with (folder / "weights.bin").open("wb") as file:
        file.truncate(1_500_000_000)  # A hole: it takes no room.


def _written(archive: Path) -> bool:
    for aside in archive.parent.glob(f".{archive.name}.*"):
        with suppress(FileNotFoundError):
            return aside.stat().st_size > 100_000
    return False
