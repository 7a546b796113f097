"""The main job, small, against a real server."""

from __future__ import annotations

from pathlib import Path

import pytest

from corpora import shared_file
from e2e.main_job import CORPORA, FORMATS, MainJob, Plan, Report
from kodkod_sdk import Client


def run(client: Client, corpus: str, plan: Plan, folder: Path) -> Report:
    shared = shared_file(CORPORA[corpus].file).parent
    return MainJob(client, corpus, shared, plan).run(folder)


@pytest.mark.slow
@pytest.mark.timeout(900)
@pytest.mark.parametrize(
    ("corpus", "plan"),
    [
        ("climate", Plan(labels=100, embeddings=True)),
        ("ag_news", Plan(labels=100, embeddings=False)),
    ],
)
def test_a_corpus_goes_in_and_coded_data_comes_out(
    client: Client, corpus: str, plan: Plan, tmp_path: Path
) -> None:
    # When a user's script does the whole job
    report = run(client, corpus, plan, tmp_path)

    # Then the guide learnt something, and more labels did not make it forget
    first, last = report.curve[0], report.curve[-1]
    assert (first.labels, last.labels) == (50, 100)
    assert last.macro_f1 > report.majority_macro_f1 + 0.1
    assert last.macro_f1 > first.macro_f1 - 0.05
    # And the trained model was scored on the test split
    assert report.model_scores["accuracy"] is not None
    # And every export has all rows, in every format (the job itself compares the numbers)
    assert {(each.what, each.format) for each in report.exports} == {
        (what, each) for what in ("annotations", "predictions") for each in FORMATS
    }
    assert all(each.rows for each in report.exports)
