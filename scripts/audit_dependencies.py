"""Look the pinned dependencies up among known vulnerabilities (pip-audit, PyPI's advisories).

    python scripts/audit_dependencies.py [--constraints constraints.txt]

Ends with 1 where one has a known vulnerability, and says which and what mends it. Where the
service cannot be reached, or knows none of the packages (as an index that only mirrors files),
it says so in a line and ends with 0: a machine without a network can still run the tests.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
UNREACHABLE = ("ConnectionError", "ServiceError", "Max retries", "timed out", "Timeout")


def audited(constraints: Path) -> list[dict[str, Any]] | None:
    """Return what pip-audit says of each dependency; None where the service is out of reach.

    Raises:
        RuntimeError: pip-audit failed for another reason.
    """
    command = [sys.executable, "-m", "pip_audit", "-r", str(constraints), "--no-deps"]
    options = ["--disable-pip", "--progress-spinner", "off", "--timeout", "10", "-f", "json"]
    done = subprocess.run([*command, *options], capture_output=True, text=True, check=False)
    try:
        return json.loads(done.stdout)["dependencies"]
    except (ValueError, KeyError):
        if any(sign in done.stderr for sign in UNREACHABLE):
            return None
        raise RuntimeError(f"pip-audit failed:\n{done.stderr}") from None


def verdict(found: list[dict[str, Any]] | None) -> tuple[int, list[str]]:
    """Return how to end, and what to say."""
    if found is None:
        return 0, ["Dependencies were not audited: the advisories cannot be reached from here."]
    looked_at = [each for each in found if "vulns" in each]
    left_out = len(found) - len(looked_at)
    if not looked_at:
        return 0, ["Dependencies were not audited: the service here knows none of them."]
    said = [
        f"{each['name']} {each['version']}: {hole['id']}, mended in "
        f"{', '.join(hole['fix_versions']) or 'no version yet'}"
        for each in looked_at
        for hole in each["vulns"]
    ]
    counted = (
        f"{len(looked_at)} dependencies audited, {left_out} left out, {len(said)} known holes."
    )
    return (1 if said else 0), [*said, counted]


def main() -> None:
    """Audit and say what came out."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--constraints", type=Path, default=ROOT / "constraints.txt")
    code, said = verdict(audited(parser.parse_args().constraints))
    print("\n".join(said))
    sys.exit(code)


if __name__ == "__main__":
    main()
