import json
import subprocess
import sys

from kodkod.testing import contract_for

test_contract = contract_for("kodkod_carbon.plugin")

HEAVY = ("codecarbon", "pandas", "torch", "pynvml", "sklearn")


def imported_by(statement):
    ended = subprocess.run(
        [sys.executable, "-c", f"{statement}\nimport sys, json; print(json.dumps([*sys.modules]))"],
        capture_output=True,
        text=True,
        check=True,
    )
    return set(json.loads(ended.stdout.splitlines()[-1]))


def test_the_server_imports_no_sensor():
    assert not imported_by("import kodkod_carbon.plugin") & {*HEAVY, "psutil"}


def test_a_worker_imports_psutil_and_nothing_heavy():
    found = imported_by(
        "from kodkod.api import JobInfo\n"
        "from kodkod_carbon.plugin import job_wrap\n"
        "job = JobInfo(id='1', kind='train', queue='gpu', user='u', project=None, params={})\n"
        "with job_wrap(job, {}):\n"
        "    pass\n"
    )
    assert "psutil" in found
    assert not found & set(HEAVY)
