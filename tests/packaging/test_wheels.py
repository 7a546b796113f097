"""What `pip install` gives: wheels of every distribution, and a server that starts from them."""

from __future__ import annotations

import os
import re
import resource
import shutil
import subprocess
import sys
import tarfile
import tomllib
import venv
import zipfile
from email.parser import Parser
from pathlib import Path

import httpx
import pytest

from server_process import ServerProcess

ROOT = Path(__file__).resolve().parent.parent.parent
PLUGINS = sorted(path.parent for path in ROOT.glob("plugins/*/pyproject.toml"))
EXTRAS = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["optional-dependencies"]
HEAVY = {
    name.removeprefix("kodkod-").replace("-", "_") for extra in EXTRAS.values() for name in extra
}
DISTRIBUTIONS = [ROOT, ROOT / "kernel", ROOT / "sdk", *PLUGINS]
UI = "kodkod/web/static/index.html"

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]


def run(*command: str | Path, cwd: Path | None = None) -> str:
    """Run a command and return what it printed; a failure shows all of that."""
    done = subprocess.run(
        [str(each) for each in command],
        cwd=cwd,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout
    return done.stdout


def build(source: Path, kind: str, folder: Path) -> Path:
    """Build a wheel or an sdist of `source` with the build tools that are installed."""
    known = set(folder.glob("*"))
    run(sys.executable, "-m", "build", f"--{kind}", "--no-isolation", "-o", folder, source)
    (built,) = set(folder.glob("*")) - known
    return built


@pytest.fixture(scope="module")
def wheels(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a folder with the wheel of every distribution."""
    folder = tmp_path_factory.mktemp("wheels")
    for source in DISTRIBUTIONS:
        build(source, "wheel", folder)
    return folder


def requirements(wheel: Path) -> list[str]:
    """Return what a wheel needs from others than us, extras left out."""
    with zipfile.ZipFile(wheel) as archive:
        (name,) = [each for each in archive.namelist() if each.endswith(".dist-info/METADATA")]
        metadata = Parser().parsestr(archive.read(name).decode())
    needed = metadata.get_all("Requires-Dist", [])
    return [each for each in needed if "extra ==" not in each and not each.startswith("kodkod")]


@pytest.fixture(scope="module")
def installed(wheels: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the bin folder of an environment with Kodkod from the wheels, without torch."""
    environment = tmp_path_factory.mktemp("environment")
    venv.create(environment, with_pip=True)
    python = environment / "bin" / "python"
    light = [
        path
        for path in wheels.glob("*.whl")
        if path.name.split("-")[0].removeprefix("kodkod_") not in HEAVY
    ]
    third_parties = sorted({each for wheel in light for each in requirements(wheel)})
    pip = (python, "-m", "pip", "install", "--quiet", "--constraint", ROOT / "constraints.txt")
    run(*pip, *third_parties)
    # Ours come from the wheels alone: an index may have others of the same name.
    run(*pip, "--no-index", "--find-links", wheels, "kodkod", "kodkod-sdk")
    return environment / "bin"


def test_the_wheel_brings_the_web_ui(wheels: Path) -> None:
    (kernel,) = wheels.glob("kodkod_kernel-*.whl")
    with zipfile.ZipFile(kernel) as archive:
        page = archive.read(UI).decode()
        names = set(archive.namelist())
    scripts = re.findall(r'src="/(assets/[^"]+\.js)"', page)
    assert scripts
    assert {f"kodkod/web/static/{script}" for script in scripts} <= names
    assert {"kodkod/demo/comments.csv", "kodkod/py.typed"} <= names


def test_a_wheel_can_be_built_from_the_sdist_without_npm(
    wheels: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Given the kernel's sdist, unpacked where the web UI's sources are not
    sdist = build(ROOT / "kernel", "sdist", tmp_path)
    with tarfile.open(sdist) as archive:
        archive.extractall(tmp_path, filter="data")
    (unpacked,) = [path for path in tmp_path.iterdir() if path.is_dir()]
    monkeypatch.setenv("PATH", os.pathsep.join(folders_without_npm()))

    # When a wheel is built from it
    wheel = build(unpacked, "wheel", tmp_path)

    # Then it has every file that the wheel from the checkout has
    (direct,) = wheels.glob("kodkod_kernel-*.whl")
    assert set(zipfile.ZipFile(wheel).namelist()) == set(zipfile.ZipFile(direct).namelist())


def folders_without_npm() -> list[str]:
    folders = os.environ["PATH"].split(os.pathsep)
    return [folder for folder in folders if shutil.which("npm", path=folder) is None]


def test_a_server_starts_from_the_wheels(installed: Path, tmp_path: Path) -> None:
    # Given an environment without torch, and an empty folder
    assert not list(installed.parent.glob("lib/python*/site-packages/torch"))

    # When the server is started there
    with ServerProcess(tmp_path / "data", kodkod=installed / "kodkod") as server:
        # Then annotators can work, and the web UI is served
        health = httpx.get(f"{server.url}/api/v1/health").json()
        assert health["status"] == "ok", health
        page = httpx.get(server.url, headers={"accept": "text/html"})
        assert page.status_code == 200
        assert 'id="root"' in page.text


def test_the_plugins_are_found(installed: Path) -> None:
    listed = run(installed / "kodkod", "plugins")
    for plugin in PLUGINS:
        if plugin.name not in HEAVY:
            assert re.search(rf"│ {plugin.name} .*loaded", listed), listed


def test_help_is_quick(installed: Path) -> None:
    def seconds() -> float:
        """Return the processor seconds of one call: what a busy neighbour adds is not ours."""
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        run(installed / "kodkod", "--help")
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime

    assert min(seconds() for _ in range(5)) < 0.5
