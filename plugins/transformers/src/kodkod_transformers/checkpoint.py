"""States of a training on disk: a run that was killed goes on from the last one."""

from __future__ import annotations

import os
import time
from pathlib import Path

import msgspec
import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file
from torch import Tensor, nn
from torch.optim import Optimizer

from kodkod_transformers.progress import Standing

__all__ = ["Checkpoints"]

_STATE = "state.safetensors"
_BEST = "best-{}.safetensors"
_WEIGHT, _MOMENT, _RANDOM = "weight/", "moment/", "random/"


class Checkpoints:
    """The checkpoints of one training in a folder of the job.

    A state is one safetensors file, written aside and renamed: weights that are trained, the
    optimizer's moments, the random states, and the standing as JSON. Nothing is unpickled. The
    best weights lie in a file of their own, which the state names.
    """

    def __init__(
        self, folder: Path, model: nn.Module, optimizer: Optimizer, run: str, seconds: float
    ) -> None:
        self._folder, self._model, self._optimizer = folder, model, optimizer
        self._run, self._seconds = run, seconds
        self._saved_at = time.monotonic()

    def perhaps(self, standing: Standing) -> None:
        """Save the state if the last one is old enough."""
        if time.monotonic() - self._saved_at >= self._seconds:
            self.save(standing)

    def save(self, standing: Standing) -> None:
        """Save the state, in place of the one before."""
        tensors = {f"{_WEIGHT}{name}": each for name, each in self._trainable().items()}
        tensors |= {f"{_MOMENT}{name}": each for name, each in self._moments().items()}
        tensors[f"{_RANDOM}cpu"] = torch.get_rng_state()
        if torch.cuda.is_initialized():
            tensors[f"{_RANDOM}cuda"] = torch.cuda.get_rng_state()
        about = {"run": self._run, "standing": msgspec.json.encode(standing).decode()}
        self._write(_STATE, tensors, about)
        for file in self._folder.glob(_BEST.format("*")):
            if file.name != standing.best_file:
                file.unlink()
        self._saved_at = time.monotonic()

    def restore(self) -> Standing | None:
        """Bring weights, moments and random states to where a run of the same name was.

        Returns None where there is no state, it is another run's, or it is damaged.
        """
        try:
            with safe_open(self._folder / _STATE, framework="pt") as file:
                about = file.metadata() or {}
                if about.get("run") != self._run:
                    return None
                standing = msgspec.json.decode(about["standing"], type=Standing)
                tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
        except (OSError, SafetensorError, KeyError, msgspec.DecodeError):
            return None
        if standing.best_file and not (self._folder / standing.best_file).is_file():
            return None
        self._put(tensors)
        return standing

    def keep_best(self, epoch: int) -> str:
        """Write the weights as the best so far; return the file's name."""
        name = _BEST.format(epoch)
        self._write(name, dict(self._trainable()), {"run": self._run})
        return name

    def load_best(self, name: str) -> None:
        """Give the model the weights that were the best."""
        with safe_open(self._folder / name, framework="pt") as file, torch.no_grad():
            for key, parameter in self._trainable().items():
                parameter.copy_(file.get_tensor(key))

    def clear(self) -> None:
        """Remove what the training left: it is over, and what was learnt is in memory."""
        for file in (*self._folder.glob(_BEST.format("*")), self._folder / _STATE):
            file.unlink(missing_ok=True)

    def _trainable(self) -> dict[str, nn.Parameter]:
        return {name: each for name, each in self._model.named_parameters() if each.requires_grad}

    def _moments(self) -> dict[str, Tensor]:
        found: dict[str, Tensor] = {}
        for name, parameter in self._trainable().items():
            for key, value in self._optimizer.state.get(parameter, {}).items():
                found[f"{key}/{name}"] = value
        return found

    def _put(self, tensors: dict[str, Tensor]) -> None:
        with torch.no_grad():
            for name, parameter in self._trainable().items():
                parameter.copy_(tensors[f"{_WEIGHT}{name}"])
                state = self._optimizer.state[parameter]
                for key in ("step", "exp_avg", "exp_avg_sq"):
                    value = tensors.get(f"{_MOMENT}{key}/{name}")
                    if value is not None:
                        # A copy, or the optimizer would write into the mapped file.
                        state[key] = value.to(parameter.device).clone()
        torch.set_rng_state(tensors[f"{_RANDOM}cpu"])
        if f"{_RANDOM}cuda" in tensors and torch.cuda.is_available():
            torch.cuda.set_rng_state(tensors[f"{_RANDOM}cuda"])

    def _write(self, name: str, tensors: dict[str, Tensor], about: dict[str, str]) -> None:
        # Tied weights are one parameter, so that no two of these share memory.
        whole = {key: each.detach().contiguous().cpu() for key, each in tensors.items()}
        aside = self._folder / f"{name}.part"
        save_file(whole, aside, metadata=about)
        with aside.open("rb+") as file:
            os.fsync(file.fileno())
        aside.replace(self._folder / name)
