"""The build hook makes the web UI when it must, and only then."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
BUILD = (
    "const fs = require('node:fs');"
    "const out = process.argv[process.argv.indexOf('--outDir') + 1];"
    "fs.mkdirSync(out, { recursive: true });"
    "fs.writeFileSync(out + '/index.html', fs.readFileSync('src/page.html'));"
    "fs.appendFileSync('../builds', 'x');"
)


@pytest.fixture(scope="module")
def hook() -> ModuleType:
    spec = importlib.util.spec_from_file_location("hatch_build", ROOT / "kernel/hatch_build.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def webui(tmp_path: Path) -> Path:
    """Give a web UI of one page, built by node through npm as the real one is."""
    webui = tmp_path / "webui"
    (webui / "src").mkdir(parents=True)
    (webui / "src" / "page.html").write_text("<p>one</p>")
    (webui / "build.cjs").write_text(BUILD)
    package = {"name": "page", "version": "1.0.0", "scripts": {"build": "node build.cjs"}}
    (webui / "package.json").write_text(json.dumps(package))
    lock = {"name": "page", "version": "1.0.0", "lockfileVersion": 3, "packages": {"": {}}}
    (webui / "package-lock.json").write_text(json.dumps(lock))
    (webui / "node_modules").mkdir()
    return webui


def builds(webui: Path) -> int:
    return len((webui.parent / "builds").read_text())


def test_the_ui_is_built_when_absent_or_changed(
    hook: ModuleType, webui: Path, tmp_path: Path
) -> None:
    static = tmp_path / "static"

    # When it was never built, then it is built
    hook.ensure_ui(webui, static)
    assert (static / "index.html").read_text() == "<p>one</p>"

    # When nothing changed, then it is left alone
    hook.ensure_ui(webui, static)
    assert builds(webui) == 1

    # When a source changed, then it is built again
    (webui / "src" / "page.html").write_text("<p>two</p>")
    hook.ensure_ui(webui, static)
    assert (static / "index.html").read_text() == "<p>two</p>"
    assert builds(webui) == 2


def test_a_build_that_fails_is_not_taken_for_one(
    hook: ModuleType, webui: Path, tmp_path: Path
) -> None:
    (webui / "build.cjs").write_text("process.exit(3)")
    for _ in range(2):
        with pytest.raises(SystemExit, match="npm run build"):
            hook.ensure_ui(webui, tmp_path / "static")


def test_an_unpacked_sdist_needs_no_npm(
    hook: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Given a built UI, no sources and no npm
    static = tmp_path / "static"
    static.mkdir()
    (static / "index.html").write_text("<p>built</p>")
    monkeypatch.setenv("PATH", "")
    # Then the build goes on
    hook.ensure_ui(tmp_path / "webui", static)


def test_without_sources_and_without_a_build_it_says_so(hook: ModuleType, tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match="neither built"):
        hook.ensure_ui(tmp_path / "webui", tmp_path / "static")


def test_a_missing_npm_is_told_with_what_to_do(
    hook: ModuleType, webui: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.raises(SystemExit, match=r"Install Node\.js"):
        hook.ensure_ui(webui, tmp_path / "static")
