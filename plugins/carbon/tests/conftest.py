"""Jobs that run in a process of their own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import textwrap
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from kodkod.api import Energy


@pytest.fixture
def run_job(tmp_path: Path) -> Callable[..., Energy]:
    """Run lines of Python as a job in a process of its own, and return its account.

    Only there is a test's neighbour no child of the process that is metered.
    """

    def run(body: str, before: str = "", metrics: str = "{}", **settings: str) -> Energy:
        script = (
            "import json, os, signal, subprocess, sys, time\n"
            "import msgspec\n"
            "from kodkod.api import JobInfo\n"
            "from kodkod_carbon.plugin import job_wrap\n"
            f"{textwrap.dedent(before)}\n"
            "job = JobInfo(id='1', kind='train', queue='cpu', user='u', project=None, params={})\n"
            f"with job_wrap(job, {metrics}) as found:\n"
            f"{textwrap.indent(textwrap.dedent(body), '    ')}\n"
            "print(msgspec.json.encode(found['energy']).decode())\n"
        )
        file = tmp_path / "job.py"
        file.write_text(script)
        ended = subprocess.run(
            [sys.executable, "-W", "error", str(file)],
            env=_without_carbon() | settings,
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )
        assert ended.returncode == 0, ended.stderr
        return msgspec.convert(json.loads(ended.stdout.splitlines()[-1]), Energy)

    return run


def _without_carbon() -> dict[str, str]:
    return {
        name: value for name, value in os.environ.items() if not name.startswith("KODKOD_CARBON")
    }
