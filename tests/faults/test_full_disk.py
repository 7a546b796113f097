"""The data folder's disk is full: jobs say so, nothing acknowledged is lost, nothing is left."""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from faults.books import check_whole
from faults.site import LIMIT, Site, awaited, feature, open_site, until
from faults.small_disk import fill, tmpfs
from kodkod_sdk import JobFailedError, ServerError
from kodkod_sdk.generated.contract import NewFeature, NewModel, ProjectConfig

Measured = Callable[[str, float], None]
DISK_MB = 64
INLINE_MB = 8


@pytest.fixture(scope="module")
def cramped(tmp_path_factory: pytest.TempPathFactory, plugin: str) -> Iterator[Site]:
    """Give a site whose data folder is a small disk, with a feature to learn from."""
    folder = tmp_path_factory.mktemp("cramped")
    settings = {"KODKOD_MIN_FREE_MB": "0", "KODKOD_INLINE_IMPORT_MB": str(INLINE_MB)}
    with (
        tmpfs(folder / "disk", DISK_MB) as disk,
        open_site(folder, plugin, data_dir=disk, environment=settings) as site,
    ):
        made = NewFeature(name="lsa", component="tfidf-svd", params={"dim": 50})
        site.project.create_feature(made).wait()
        yield site


def file_of(path: Path, megabytes: int) -> Path:
    """Write a file of texts that cannot be made smaller."""
    rng = np.random.default_rng(3)
    pl.DataFrame({"text": [rng.bytes(2_000).hex() for _ in range(megabytes * 250)]}).write_csv(path)
    return path


def leave(disk: Path, megabytes: int) -> Path:
    """Fill a disk but for some megabytes; return what to delete to have the rest back."""
    filler = fill(disk)
    os.truncate(filler, filler.stat().st_size - megabytes * 1024 * 1024)
    return filler


def refusal(site: Site) -> ServerError | None:
    """Return why nothing can be stored, once the room that the database has set aside is used."""
    try:
        site.client.create_api_token(f"token-{secrets.token_hex(4)}")
    except ServerError as error:
        return error
    return None


@pytest.mark.slow
@pytest.mark.parametrize("component", ["wide", "wide-heavy"])
def test_a_feature_that_fills_the_disk_fails_and_leaves_it_free(
    cramped: Site, component: str
) -> None:
    with cramped.annotators() as crew:
        crew.go_on()
        # When a feature is larger than the disk
        job = cramped.project.create_feature(feature(component))
        # Then it fails and says why, nothing of it is left, and people annotate on
        with pytest.raises(JobFailedError, match="the disk is full"):
            job.wait(LIMIT)
        cramped.nothing_left()
        crew.go_on()
    assert crew.said.items() <= cramped.log().items()


@pytest.mark.slow
@pytest.mark.parametrize("megabytes", [INLINE_MB - 2, 25], ids=["in the request", "by a job"])
def test_an_import_that_fills_the_disk_leaves_neither_project_nor_upload(
    cramped: Site, megabytes: int
) -> None:
    # Given room for the upload, but not for the corpus
    file = file_of(cramped.folder / "large.csv", megabytes)
    filler = leave(cramped.server.data_dir, megabytes * 3 // 2)
    # When it is imported
    with pytest.raises((ServerError, JobFailedError), match="disk is full"):
        cramped.client.create_project(file, ProjectConfig(name="large", text_columns=["text"]))
    # Then nothing is left of it
    filler.unlink()
    left = cramped.server.data_dir
    assert [folder.name for folder in (left / "projects").iterdir()] == [cramped.project.slug]
    assert list((left / "uploads").iterdir()) == []
    assert [project.slug for project in cramped.client.projects()] == [cramped.project.slug]


@pytest.mark.slow
def test_on_a_full_disk_nothing_is_acknowledged_that_would_be_lost(
    cramped: Site, measured: Measured
) -> None:
    with cramped.annotators() as crew:
        crew.go_on(200)
        # Given a feature and a training under way, half-written
        gate, half = cramped.gated("gated-heavy")
        gate.started()
        training = cramped.others.create_model(
            NewModel(
                name="forest",
                scheme="tone",
                component="random-forest",
                features=["lsa"],
                params={"trees": 50},
            )
        )
        until(lambda: cramped.books.job(training.id).state != "queued")
        # When the disk is full to the last byte
        filler = fill(cramped.server.data_dir)
        # Then annotations are refused with the reason, and so is all else that would be stored
        crew.refused()
        assert "is full" in crew.refusals[-1]
        refused = awaited(lambda: refusal(cramped))
        assert refused.problem.status == 503
        assert "disk is full" in refused.problem.detail
        gate.open()
        # When there is room again
        filler.unlink()
        # Then each job is done or has failed by the disk, and people annotate on
        took = until(lambda: not cramped.books.jobs("queued", "running"))
        measured("the disk has room again: every job has ended", took)
        for job in (half, training):
            view = job.refresh()
            assert view.state == "done" or "the disk is full" in str(view.error), view
        crew.go_on()
    # ... and after a restart nothing is half-written, or missing.
    cramped.server.restart()
    check_whole(cramped.server.data_dir)
    cramped.nothing_left()
    assert crew.said.items() <= cramped.log().items()
