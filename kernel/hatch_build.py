"""Builds the web UI into the wheel and the sdist, so that users need no Node.

The built files are not committed. They are made again when they are absent or were made from
other sources; an sdist carries them and has no sources, so a wheel from it needs no npm.
Editable installs leave the UI alone: `python kernel/hatch_build.py` builds it for a checkout.
"""

from __future__ import annotations

import argparse
import hashlib
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

KERNEL = Path(__file__).resolve().parent
WEBUI = KERNEL.parent / "webui"
STATIC = KERNEL / "src" / "kodkod" / "web" / "static"
SOURCES = ("src", "public")
"""Folders of the web UI that go into its build, beside the files at its top."""


class WebUiHook(BuildHookInterface):  # pyright: ignore[reportMissingTypeArgument]
    """Runs before each build of the kernel's wheel or sdist."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Make sure that the UI is there; `version` is "editable" for `pip install -e`."""
        if version != "editable":
            ensure_ui(WEBUI, STATIC)


def ensure_ui(webui: Path, static: Path) -> None:
    """Build `webui` into `static`, unless that was done from these very sources.

    Raises:
        SystemExit: there are neither sources nor a build, npm is missing, or npm failed.
    """
    built = static / "index.html"
    record = static / "source.sha256"
    if not (webui / "package.json").is_file():
        if built.is_file():
            return
        raise SystemExit(f"The web UI is neither built ({static}) nor are its sources in {webui}.")
    digest = source_hash(webui)
    if built.is_file() and record.is_file() and record.read_text() == digest:
        return
    install_node_modules(webui)
    npm(webui, "run", "build", "--", "--outDir", str(static), "--emptyOutDir")
    record.write_text(digest)


def install_node_modules(webui: Path) -> None:
    """Run `npm ci`, unless node_modules already holds what package-lock.json says."""
    digest = hashlib.sha256((webui / "package-lock.json").read_bytes()).hexdigest()
    record = webui / "node_modules" / ".installed.sha256"
    if record.is_file() and record.read_text() == digest:
        return
    npm(webui, "ci", "--no-audit", "--no-fund")
    record.write_text(digest)


def source_hash(webui: Path) -> str:
    """Return the SHA-256 of everything that goes into the build."""
    files = [path for path in webui.iterdir() if path.is_file()]
    files += [path for name in SOURCES for path in (webui / name).rglob("*") if path.is_file()]
    digest = hashlib.sha256()
    for path in sorted(files):
        content = path.read_bytes()
        digest.update(f"{path.relative_to(webui).as_posix()}\0{len(content)}\0".encode())
        digest.update(content)
    return digest.hexdigest()


def npm(webui: Path, *arguments: str) -> None:
    """Run npm in `webui`, its output to stderr (stdout belongs to the build front end)."""
    command = shutil.which("npm")
    if command is None:
        raise SystemExit(
            "npm is needed to build the web UI and is not installed. Install Node.js 20.19 or "
            "newer, or install Kodkod from a wheel, which brings the UI."
        )
    done = subprocess.run([command, *arguments], cwd=webui, stdout=sys.stderr, check=False)
    if done.returncode != 0:
        raise SystemExit(f"npm {' '.join(arguments)} failed in {webui} (exit {done.returncode}).")


def main() -> None:
    """Build the UI of a checkout; with --tools, install node_modules for its checks as well."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--tools", action="store_true", help="install node_modules in any case")
    if parser.parse_args().tools:
        install_node_modules(WEBUI)
    ensure_ui(WEBUI, STATIC)


if __name__ == "__main__":
    main()
