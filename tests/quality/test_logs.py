"""What goes wrong is logged with its traceback, and without anybody's secrets."""

from __future__ import annotations

import json
import subprocess
import sys

FAILING = """
import structlog
from kodkod.logs import configure_logs

def sign_in(password):
    raise RuntimeError("it broke")

configure_logs("info")
try:
    sign_in("".join(["s3cr", "et"]))
except RuntimeError:
    structlog.get_logger("test").exception("request failed")
"""


def test_a_traceback_has_no_variables() -> None:
    done = subprocess.run(
        [sys.executable, "-c", FAILING], capture_output=True, text=True, check=True
    )
    (line,) = done.stderr.splitlines()
    (exception,) = json.loads(line)["exception"]
    assert exception["exc_value"] == "it broke"
    assert [frame["name"] for frame in exception["frames"]] == ["<module>", "sign_in"]
    assert "s3cret" not in line
