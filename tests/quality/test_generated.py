"""What is generated and committed is what would be generated now."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from server_process import ServerProcess

ROOT = Path(__file__).resolve().parent.parent.parent
REMEDY = "run make openapi and commit what changed"


def test_the_openapi_document_is_what_the_server_serves(server: ServerProcess) -> None:
    served = httpx.get(f"{server.url}/schema/openapi.json", timeout=30).json()
    committed = json.loads((ROOT / "docs" / "openapi.json").read_text())
    assert served == committed, REMEDY


@pytest.mark.parametrize(
    "script", ["sdk_types.py", "http_reference.py", "modes_reference.py", "server_words.py"]
)
def test_what_follows_from_the_code_is_up_to_date(script: str) -> None:
    done = subprocess.run(
        [sys.executable, ROOT / "scripts" / script, "--check"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, f"{REMEDY}\n{done.stdout}{done.stderr}"


def test_the_demo_corpus_is_what_its_script_writes(tmp_path: Path) -> None:
    # Given the committed corpus and a copy of the scripts beside an empty tree
    committed = ROOT / "kernel" / "src" / "kodkod" / "demo" / "comments.csv"
    target = tmp_path / "kernel" / "src" / "kodkod" / "demo"
    target.mkdir(parents=True)
    (tmp_path / "scripts").symlink_to(ROOT / "scripts")

    # When the script runs there
    code = (
        "import sys, pathlib; sys.path.insert(0, 'scripts'); import demo_corpus as d;"
        "d.TARGET = pathlib.Path('kernel/src/kodkod/demo/comments.csv'); d.main()"
    )
    subprocess.run([sys.executable, "-c", code], cwd=tmp_path, check=True)

    # Then it wrote the same bytes
    assert (target / committed.name).read_bytes() == committed.read_bytes()
