"""Where a project keeps what jobs make."""

from __future__ import annotations

import shutil
from pathlib import Path

from msgspec import Struct

from kodkod.settings import Settings

__all__ = ["ProjectPlaces", "sweep"]


class ProjectPlaces(Struct, frozen=True):
    """The folders of one project; `root` has its corpus, `models` its trained models."""

    root: Path
    models: Path

    @classmethod
    def of(cls, settings: Settings, slug: str) -> ProjectPlaces:
        """Return the places of a project."""
        return cls(settings.projects / slug, settings.models / slug)

    def feature(self, feature_id: str) -> Path:
        """Return the folder of a feature: matrix, manifest, and `fitted`."""
        return self.root / "features" / feature_id

    def predictions(self, model_id: str) -> Path:
        """Return the folder of a model's predictions: matrix and manifest."""
        return self.root / "predictions" / model_id

    def predicted(self, model_id: str, part: str = "") -> Path:
        """Return the folder of what a model said of a split or a file; without one, of all."""
        return self.root / "predicted" / model_id / part

    def export(self, model_id: str, form: str) -> Path:
        """Return the folder of a model as it was written for other software."""
        return self.root / "exports" / f"{model_id}.{form}"

    def file(self, file_id: str) -> Path:
        """Return the folder of a file that the project was given; it has that file alone."""
        return self.root / "files" / file_id

    def projection(self, projection_id: str) -> Path:
        """Return the folder of a map: points, manifest, and `fitted`."""
        return self.root / "projections" / projection_id

    def topics(self, topics_id: str) -> Path:
        """Return the folder of topics, with a folder for each state and a file for each version."""
        return self.root / "topics" / topics_id

    def guide(self, scheme_id: int) -> Path:
        """Return the folder that has a folder for each version of a scheme's guide."""
        return self.root / "guides" / str(scheme_id)

    def simulation(self, job_id: str) -> Path:
        """Return the folder of a simulation: its report and pictures."""
        return self.root / "simulations" / job_id

    def model(self, model_id: str) -> Path:
        """Return the folder of a trained model: manifest and `fitted`."""
        return self.models / model_id


def sweep(parent: Path, name: str = "*") -> None:
    """Delete what a run that was killed left half-written beside `name` (or any name)."""
    for aside in parent.glob(f".{name}.*"):
        shutil.rmtree(aside, ignore_errors=True)
