from __future__ import annotations

import dataclasses
import json
import subprocess
import sys

from kodkod import __version__
from kodkod.cli.flags import SettingsFlags
from kodkod.settings import Settings

PASSWORD = "a long password"
HEAVY = ("polars", "litestar", "sqlalchemy", "numpy", "torch", "kodkod.api")


def test_help_imports_nothing_that_takes_time():
    code = (
        "import sys; from kodkod.cli import app\n"
        "try: app(['--help'])\n"
        f"finally: print([name for name in {HEAVY} if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout.splitlines()[-1] == "[]"
    names = ("serve", "worker", "user", "plugins", "doctor", "backup", "restore", "simulate")
    for name in (*names, "openapi", "version"):
        assert name in done.stdout


def test_every_setting_has_a_flag():
    flags = [field.name for field in dataclasses.fields(SettingsFlags)]
    # A plugin's section is given in the file or in the environment.
    assert flags == [name for name in Settings.__struct_fields__ if name != "sections"]


def test_the_version_is_printed(run):
    assert run("version").stdout.strip() == __version__


def test_a_wrong_command_line_is_refused_with_status_2(run):
    done = run("serve", "--prot", "8400")
    assert done.returncode == 2
    assert "--port" in done.stdout + done.stderr
    assert "Traceback" not in done.stderr


def test_an_error_is_one_line_with_status_1(run):
    for arguments, named in [
        (("serve", "--port", "99999"), "port"),
        (("serve", "--config", "absent.toml"), "absent.toml"),
        (("serve", "--log-level", "loud"), "loud"),
        (("user", "passwd", "nobody"), "nobody"),
        (("user", "list", "--database-url", "postgresql://127.0.0.1:1/none"), "database"),
    ]:
        done = run(*arguments, given=PASSWORD)
        assert done.returncode == 1, done
        assert len(done.stderr.splitlines()) == 1, done.stderr
        assert done.stderr.startswith("kodkod: ")
        assert named in done.stderr


def test_accounts_are_made_listed_and_given_a_password(run):
    made = run("user", "add", "mara", "--role", "manager", given=PASSWORD + "\n")
    assert made.returncode == 0, made.stderr
    assert "mara" in made.stdout
    listed = run("user", "list").stdout
    assert "mara" in listed
    assert "manager" in listed
    assert run("user", "passwd", "mara", given="another password\n").returncode == 0
    # then what cannot be is refused
    assert "taken" in run("user", "add", "Mara", given=PASSWORD).stderr
    assert "8 characters" in run("user", "add", "anna", given="short").stderr
    assert "no username" in run("user", "add", "an na", given=PASSWORD).stderr


def test_plugins_are_listed_with_their_components(run):
    listed = run("plugins").stdout
    assert "sign-in/password" in listed
    assert "loaded" in listed


def test_the_openapi_document_is_written_the_same_each_time(run, tmp_path):
    out = tmp_path / "docs" / "openapi.json"
    assert run("openapi", "--out", str(out)).returncode == 0
    assert json.loads(out.read_text())["openapi"].startswith("3.1")
    assert run("openapi").stdout == out.read_text()
    assert not (tmp_path / "data").exists()
