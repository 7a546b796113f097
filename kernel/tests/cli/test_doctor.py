"""`kodkod doctor` on installations that are well, and on some that are not."""

from __future__ import annotations

import asyncio
import json
import os
import secrets
import shutil
import socket
import sqlite3
import threading
import time
from collections import namedtuple
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import httpx
import psutil
import pytest
from dramatiq.common import dq_name, xq_name

from kodkod.cli import doctor
from kodkod.cli.checkup.broker import check_broker
from kodkod.cli.checkup.finding import Case, Finding, ok, problem
from kodkod.cli.checkup.folders import check_folders, file_system
from kodkod.cli.checkup.installation import misspelt
from kodkod.cli.doctor import safely
from kodkod.cli.flags import SettingsFlags
from kodkod.jobs.brokers.broker import make_broker
from kodkod.settings import Settings
from kodkod.store.database import Database
from kodkod.web.app import load_registry

from .test_serve import READY, serving, wait_until

Examine = Callable[..., tuple[int, list[Finding]]]
HOURS = 3600


@pytest.fixture
def data(environment: dict[str, str]) -> Path:
    return Path(environment["KODKOD_DATA_DIR"])


@pytest.fixture
def examine(environment, data) -> Iterator[Examine]:
    """Examine in this process, with settings from `environment`; give status and findings."""
    before = dict(os.environ)

    def examine(
        config: Path | None = None, *, deep: bool = False, **flags: Any
    ) -> tuple[int, list[Finding]]:
        os.environ.clear()
        # No server of somebody else's is to be found at the default port.
        os.environ.update({"KODKOD_PORT": str(free_port())} | environment)
        findings = list(doctor.examine(config, SettingsFlags(**flags), deep=deep))
        return judged(findings), findings

    yield examine
    os.environ.clear()
    os.environ.update(before)


@pytest.fixture
def command(run, environment) -> Examine:
    """Run the command itself."""
    environment.setdefault("KODKOD_PORT", str(free_port()))

    def command(*arguments: str) -> tuple[int, list[Finding]]:
        done = run("doctor", "--json", *arguments)
        assert done.stderr == "", done.stderr
        report = json.loads(done.stdout)
        findings = [Finding(**each) for each in report["findings"]]
        assert done.returncode == judged(findings)
        assert report["ok"] == (not done.returncode)
        return done.returncode, findings

    return command


def judged(findings: list[Finding]) -> int:
    """Return the exit status that findings stand for; each that is not well says what to do."""
    assert all(finding.mend for finding in findings if finding.state != "ok")
    return int(any(finding.state == "problem" for finding in findings))


@pytest.fixture(scope="module")
def made(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("made")
    database = Database.at("", folder)

    async def make() -> None:
        await database.migrate()
        await database.close()

    asyncio.run(make())
    return folder


@pytest.fixture
def installed(made, data) -> Path:
    """Give an installation that was not used yet."""
    shutil.copytree(made, data)
    return data


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def found(findings: list[Finding], area: str, state: str) -> str:
    """Return what was said of an area in this state; there is such a finding."""
    said = [
        f"{each.said} {each.mend}" for each in findings if (each.area, each.state) == (area, state)
    ]
    assert said, findings
    return "\n".join(said)


def in_database(data: Path, statement: str, *values: Any) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(data / "kodkod.db")) as connection:
        rows = connection.execute(statement, values).fetchall()
        connection.commit()
        return rows


def problems(findings: list[Finding]) -> list[Finding]:
    return [finding for finding in findings if finding.state == "problem"]


def test_a_place_where_nothing_is_yet_is_well_and_stays_as_it_is(examine, data):
    status, findings = examine()
    assert (status, problems(findings)) == (0, [])
    assert "first start" in found(findings, "data folder", "ok")
    assert "first start" in found(findings, "database", "ok")
    assert "first start" in found(findings, "broker", "ok")
    assert not data.exists()


def test_an_installation_is_examined_without_a_trace(command, installed):
    before = in_database(installed, "SELECT (SELECT count(*) FROM worker), count(*) FROM event")
    status, findings = command()
    assert (status, problems(findings)) == (0, [])
    told = found(findings, "database", "ok")
    assert "whole" in told
    assert "of this version" in told
    assert "A write is on its disk after" in told
    assert "nothing yet" in found(findings, "files", "ok")
    assert "kodkod-kernel" in found(findings, "packages", "ok")
    assert (
        in_database(installed, "SELECT (SELECT count(*) FROM worker), count(*) FROM event")
        == before
    )
    assert not [path for path in installed.iterdir() if "doctor" in path.name]


def test_lines_are_for_people(run, installed, environment):
    environment["KODKOD_DATADIR"] = "elsewhere"
    done = run("doctor", "--port", str(free_port()))
    lines = done.stdout.splitlines()
    assert done.returncode == 0
    assert [line for line in lines if line.startswith("✓ database")]
    at = next(n for n, line in enumerate(lines) if "Nothing reads KODKOD_DATADIR" in line)
    assert lines[at].startswith("! settings")
    assert "→ Was KODKOD_DATA_DIR meant?" in lines[at + 1]


def test_a_damaged_database_is_a_problem(examine, installed):
    file = installed / "kodkod.db"
    in_database(installed, "PRAGMA wal_checkpoint(TRUNCATE)")
    whole = file.read_bytes()
    file.write_bytes(whole[:8192] + b"\xff" * 8192 + whole[16384:])
    status, findings = examine()
    assert status == 1
    assert "damaged" in found(findings, "database", "problem")
    assert "backup" in found(findings, "database", "problem")


@pytest.mark.parametrize(
    ("revision", "state", "told"), [("0001", "warning", "Back up"), ("9999", "problem", "newer")]
)
def test_tables_of_another_version_are_told_and_left_alone(
    examine, installed, revision, state, told
):
    in_database(installed, "UPDATE alembic_version SET version_num = ?", revision)
    status, findings = examine()
    assert status == (state == "problem")
    assert told in found(findings, "database", state)
    assert in_database(installed, "SELECT version_num FROM alembic_version") == [(revision,)]


def test_what_the_database_names_and_what_nobody_names_is_told(examine, installed):
    # given a project whose corpus is gone
    in_database(
        installed,
        "INSERT INTO project (slug, name, language, config, n_rows, splits, corpus_fingerprint, "
        "created_by, created_at) VALUES ('gone', 'Gone', 'en', '{}', 9, '{}', '', 'root', 0)",
    )
    # and folders that a killed process left, long ago and just now
    projects = installed / "projects"
    for name in ("stray", "young", "gone/features/.f1.0123abcd", "gone/features/.f2.0123abcd"):
        (projects / name).mkdir(parents=True)
    for name in ("stray", "gone/features/.f1.0123abcd"):
        os.utime(projects / name, (time.time() - 5 * HOURS,) * 2)
    status, findings = examine()
    assert status == 1
    assert "corpus" in found(findings, "files", "problem")
    assert "gone" in found(findings, "files", "problem")
    assert str(projects / "stray") in found(findings, "files", "warning")
    assert "young" not in found(findings, "files", "warning")
    left = found(findings, "leftovers", "warning")
    assert left.startswith("1 ")
    assert ".f1.0123abcd" in left


def test_a_disk_without_room_is_a_problem(examine, installed):
    status, findings = examine(min_free_mb=999_999_999)
    assert status == 1
    assert "min_free_mb" in found(findings, "data folder", "problem")


@pytest.mark.parametrize("url", ["amqp://ada:s3cret@127.0.0.1:1/", "redis://:s3cret@127.0.0.1:1/0"])
def test_a_broker_that_does_not_answer_is_a_problem(examine, environment, url):
    pytest.importorskip("pika" if url.startswith("amqp") else "redis")
    environment["KODKOD_BROKER_URL"] = url
    status, findings = examine()
    assert status == 1
    assert "broker_url" in found(findings, "broker", "problem")
    assert "s3cret" not in str(findings)


def test_a_database_that_does_not_answer_is_a_problem(examine, environment):
    pytest.importorskip("asyncpg")
    environment["KODKOD_DATABASE_URL"] = "postgresql://ada:s3cret@127.0.0.1:1/none"
    status, findings = examine()
    assert status == 1
    assert "cannot be used" in found(findings, "database", "problem")
    assert "s3cret" not in str(findings)


def test_settings_that_keep_the_server_from_starting_are_all_told(examine, tmp_path, environment):
    file = tmp_path / "kodkod.toml"
    file.write_text('[usage]\nanything = 1\n[nobody]\nx = "y"\n')
    status, findings = examine(file)
    assert status == 1
    told = found(findings, "settings", "problem")
    assert "[usage]" in told
    assert "[nobody]" in told
    # and what cannot be read at all ends the examination
    status, findings = examine(tmp_path / "absent.toml")
    assert status == 1
    assert findings[-1].area == "settings"


def test_a_broken_plugin_is_told_with_its_reason(command, tmp_path, environment):
    site = tmp_path / "site"
    (site / "kodkod_torn-1.0.dist-info").mkdir(parents=True)
    (site / "kodkod_torn-1.0.dist-info" / "METADATA").write_text(
        "Metadata-Version: 2.1\nName: kodkod-torn\nVersion: 1.0\nRequires-Dist: absent-thing>=9\n"
    )
    (site / "kodkod_torn-1.0.dist-info" / "entry_points.txt").write_text("[kodkod]\ntorn = torn\n")
    (site / "torn.py").write_text("import absent_thing\n")
    environment["PYTHONPATH"] = str(site)
    status, findings = command()
    # The server starts without it, and yet what it needs is not there.
    assert "absent_thing" in found(findings, "plugins", "warning")
    assert "pip install 'absent-thing>=9'" in found(findings, "packages", "problem")
    assert status == 1


def test_a_way_to_sign_in_that_is_not_there_is_a_problem(examine):
    status, findings = examine(sign_in=("magic",))
    assert status == 1
    assert "magic" in found(findings, "plugins", "problem")


def test_a_server_that_runs_is_asked_and_not_disturbed(command, environment, tmp_path):
    with serving(environment, tmp_path / "log") as (_, told):
        url = READY.search(told)[1]
        wait_until(url, workers=2)
        environment["KODKOD_PORT"] = url.rpartition(":")[2]
        # when it is examined to the bottom, a job of its own included
        status, findings = command("--deep")
        assert (status, problems(findings)) == (0, [])
        assert "is well, 2 workers" in found(findings, "server", "ok")
        assert "ran a job" in found(findings, "trial", "ok")
        assert "a message comes" in found(findings, "broker", "ok")
        # then it serves on, and nothing was logged that went wrong
        assert httpx.get(f"{url}/api/v1/health").json()["status"] == "ok"
    lines = [json.loads(line) for line in (tmp_path / "log").read_text().splitlines()]
    assert [line for line in lines if line["level"] in ("warning", "error")] == []


@contextmanager
def listening(answer: bytes) -> Iterator[int]:
    """Let another program have a port, that says the same to everybody."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def answer_once() -> None:
            connection, _ = server.accept()
            with connection:
                connection.recv(1000)
                connection.sendall(answer)

        thread = threading.Thread(target=answer_once, daemon=True)
        thread.start()
        yield server.getsockname()[1]
        thread.join(5)


@pytest.mark.parametrize(
    "answer", [b"220 mail.example ESMTP\r\n", b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\n<ok>"]
)
def test_another_program_at_the_port_is_a_problem(examine, answer):
    with listening(answer) as port:
        status, findings = examine(port=port)
    assert status == 1
    assert "--port" in found(findings, "server", "problem")


def test_jobs_that_wait_for_a_worker_that_is_not_there_are_told(examine, installed):
    now = int(time.time() * 1e6)
    worker = "INSERT INTO worker VALUES (?, 'far', 7, ?, NULL, '', 0, NULL, 9, '[]', ?, ?)"
    in_database(installed, worker, "far-1", "cpu", now, now + 60_000_000)
    in_database(installed, worker, "far-2", "live", now, now - 300_000_000)
    in_database(
        installed,
        "INSERT INTO job (id, kind, queue, user_id, params, lock_key, state, message, metrics, "
        "log, attempts, cancel_requested, created_at) "
        "VALUES ('aa', 'train', 'gpu', 1, '{}', 'aa', 'queued', '', '{}', '', 0, 0, ?)",
        now,
    )
    status, findings = examine()
    told = found(findings, "workers", "warning")
    assert "far-2" in told
    assert "far-1" not in told
    assert "kodkod worker --queues gpu" in told
    assert "ahead" in found(findings, "clock", "problem")
    assert status == 1


@pytest.fixture(scope="module")
def registry():
    return load_registry()


@pytest.mark.parametrize("service", ["RABBITMQ", "REDIS"])
def test_a_service_is_tried_and_left_as_it_was(tmp_path, monkeypatch, registry, service):
    url = os.environ.get(f"KODKOD_TEST_{service}_URL")
    if not url:
        pytest.skip(f"KODKOD_TEST_{service}_URL names no service")
    name = secrets.token_hex(4)
    monkeypatch.setattr(secrets, "token_hex", lambda _: name)
    case = Case(
        settings=Settings(data_dir=tmp_path, broker_url=url), registry=registry, writes=True
    )
    (finding,) = check_broker(case)
    assert "a message comes after" in finding.said
    # then nothing of its queue is left
    broker: Any = make_broker(url, tmp_path)
    try:
        for queue in (f"doctor-{name}", dq_name(f"doctor-{name}"), xq_name(f"doctor-{name}")):
            if service == "REDIS":
                assert not broker.client.keys(f"*{queue}*")
                continue
            with pytest.raises(pika_errors().ChannelClosedByBroker):
                broker.channel.queue_declare(queue, passive=True)
            del broker.channel
    finally:
        broker.close()


def pika_errors() -> Any:
    import pika.exceptions

    return pika.exceptions


Partition = namedtuple("Partition", "mountpoint fstype")


@pytest.mark.parametrize(
    ("kind", "state"), [("nfs4", "problem"), ("fuse.sshfs", "problem"), ("tmpfs", "warning")]
)
def test_a_disk_that_is_not_fit_is_told(tmp_path, monkeypatch, registry, kind, state):
    # given a mount of that kind; none can be made here
    mounts = [Partition("/", "ext4"), Partition(str(tmp_path), kind)]
    monkeypatch.setattr(psutil, "disk_partitions", lambda **_: mounts)
    assert file_system(tmp_path / "data" / "deeper") == kind
    assert file_system(Path("/srv")) == "ext4"

    def states(**settings: str) -> set[str]:
        chosen = Settings(data_dir=tmp_path, min_free_mb=0, **settings)
        case = Case(settings=chosen, registry=registry, writes=True)
        return {each.state for each in check_folders(case) if "lies" in each.said}

    assert states() == {state}
    # and where database and broker are services, a network's will do
    services = {"database_url": "postgresql://x/y", "broker_url": "amqp://x/y"}
    assert states(**services) == ({"warning"} if kind == "tmpfs" else set())


def test_variables_that_are_nearly_a_setting_s_are_told():
    environ = {
        "KODKOD_DATADIR": "x",
        "KODKOD_DATA_DIR": "x",
        "KODKOD_LOCAL_MODELS": "x",
        "KODKOD_ROOT_PASSWORD": "x",
        "KODKOD_CARBON_COUNTRY": "x",
        "KODKOD_TEST_POSTGRES_URL": "x",
        "PATH": "x",
    }
    assert misspelt(environ, {"carbon": None}) == {"KODKOD_DATADIR": "KODKOD_DATA_DIR"}


def test_a_check_that_fails_or_hangs_keeps_no_other_from_running():
    def fails() -> Iterator[Finding]:
        yield ok("first", "well")
        raise RuntimeError("torn")

    def hangs() -> Iterator[Finding]:
        over.wait()
        yield problem("never", "told", "")

    over = threading.Event()
    first, second = safely("torn", fails)
    assert (first.area, second.area, second.state) == ("first", "torn", "problem")
    assert "RuntimeError: torn" in second.said
    (late,) = safely("slow", hangs, patience=0.05)
    assert (late.area, late.state) == ("slow", "problem")
    over.set()
