"""The web UI in a real browser against a real server; the steps lie in webui/e2e."""

from __future__ import annotations

import csv
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import pytest

from kodkod_sdk import Client, ProjectConfig
from weights import minilm_folder

if TYPE_CHECKING:
    from server_process import ServerProcess

ROOT = Path(__file__).resolve().parents[2]
WEBUI = ROOT / "webui"
BUILT = ROOT / "kernel" / "src" / "kodkod" / "web" / "static" / "index.html"
CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
STEPS = sorted(file.name.removesuffix(".e2e.ts") for file in (WEBUI / "e2e").glob("*.e2e.ts"))
"""A file each: what fails is named, and one that hangs costs its own time only."""


@pytest.fixture(scope="module")
def project(server: ServerProcess, tmp_path_factory: pytest.TempPathFactory) -> str:
    """Make a project of 120 short texts and return its slug."""
    file = tmp_path_factory.mktemp("texts") / "texts.csv"
    with file.open("w", newline="", encoding="utf-8") as out:
        writer = csv.writer(out)
        writer.writerow(["id", "text", "outlet"])
        writer.writerows(
            [f"text-{number}", f"Sentence {number} says something of the weather.", "Daily"]
            for number in range(120)
        )
    config = ProjectConfig(
        name="Browser test", id_column="id", text_columns=["text"], context_columns=["outlet"]
    )
    with Client(server.url, username="root", password=server.root_password) as root:
        return root.create_project(file, config).slug


@pytest.mark.slow
@pytest.mark.timeout(420)
@pytest.mark.parametrize("steps", STEPS)
def test_people_can_work_in_a_browser(server: ServerProcess, project: str, steps: str) -> None:
    # Given a server with a project, the built web UI and a browser
    need(BUILT, "build the web UI: make ui")
    need(WEBUI / "node_modules" / "playwright-core", "run npm ci in webui/")
    need(Path(CHROMIUM), "install chromium, or name one in CHROMIUM")
    npm = shutil.which("npm")
    if npm is None:
        absent("npm is not installed")

    # When the browser goes through what annotators and managers do
    done = subprocess.run(
        [npm, "run", "--silent", "e2e", "--", f"e2e/{steps}.e2e.ts"],
        cwd=WEBUI,
        env={
            **os.environ,
            "BASE_URL": server.url,
            "USERNAME": "root",
            "PASSWORD": server.root_password,
            "PROJECT": project,
            # For servers of the steps' own, which they stop and start again.
            "KODKOD": str(Path(sys.executable).with_name("kodkod")),
            "CHECKPOINT": minilm_folder().name,
            "NO_COLOR": "1",
        },
        capture_output=True,
        text=True,
        timeout=400,
        check=False,
    )

    # Then every step held
    assert done.returncode == 0, done.stdout + done.stderr


def need(path: Path, remedy: str) -> None:
    """Skip the test, or fail on CI, where something that it needs is absent."""
    if not path.exists():
        absent(f"{path} is absent: {remedy}")


def absent(reason: str) -> NoReturn:
    if os.environ.get("CI") == "true":
        pytest.fail(reason)
    pytest.skip(reason)
