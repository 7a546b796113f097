"""What the web process imports."""

from __future__ import annotations

import subprocess
import sys

HEAVY = ("matplotlib", "scipy", "sklearn", "torch", "threadpoolctl")


def test_the_web_process_imports_no_library_that_draws_or_learns():
    code = (
        "import sys; from kodkod.web.app import create_app, load_registry\n"
        "from kodkod.settings import Settings\n"
        "create_app(Settings(), registry=load_registry())\n"
        f"print([name for name in {HEAVY} if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout.splitlines()[-1] == "[]"
