"""A classifier as ONNX, checked against what it was made from."""

from __future__ import annotations

import copy
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from kodkod.api import InvalidInputError, JobContext, UnavailableError
from kodkod_transformers.classifier_files import Learnt, write_classifier
from kodkod_transformers.steps import padded

__all__ = ["write_onnx"]

_TOLERANCE = 1e-3
_INPUTS = ("input_ids", "attention_mask")


class _Logits(nn.Module):
    """A classifier that takes and gives tensors only."""

    def __init__(self, model: nn.Module) -> None:
        super().__init__()
        self.model = model

    def forward(self, input_ids: Tensor, attention_mask: Tensor) -> Tensor:
        return self.model(input_ids=input_ids, attention_mask=attention_mask).logits


def write_onnx(
    folder: Path,
    model: Any,
    tokenizer: Any,
    learnt: Learnt,
    names: list[str],
    ctx: JobContext,
) -> None:
    """Write `model.onnx` (ids and mask to logits, any number and length), tokenizer and config.

    Raises:
        InvalidInputError: the architecture cannot be written, or the result computes otherwise.
        UnavailableError: the packages for ONNX are not installed here.
    """
    try:
        import onnxruntime
        import onnxscript  # noqa: F401  # pyright: ignore[reportUnusedImport] - torch needs it
    except ImportError as error:
        raise UnavailableError(
            "ONNX cannot be written here; install kodkod-transformers[onnx]."
        ) from error
    write_classifier(folder, model, tokenizer, learnt, names)
    for weights in folder.glob("*.safetensors*"):
        weights.unlink()
    ctx.progress(0.1, "writing ONNX")
    plain = copy.deepcopy(model).to("cpu", torch.float32).eval()
    # What fuses or skips masks cannot be traced for all lengths.
    plain.set_attn_implementation("eager")
    _export(_Logits(plain).eval(), folder / "model.onnx", _sample(tokenizer, learnt, 3))
    ctx.progress(0.7, "comparing what ONNX computes")
    session = onnxruntime.InferenceSession(
        str(folder / "model.onnx"), providers=["CPUExecutionProvider"]
    )
    for n in (1, 4):
        ids, mask = _sample(tokenizer, learnt, n)
        found = session.run(None, {"input_ids": ids.numpy(), "attention_mask": mask.numpy()})[0]
        with torch.inference_mode():
            expected = plain(input_ids=ids, attention_mask=mask).logits
        gap = float(np.abs(_odds(torch.as_tensor(found)) - _odds(expected)).max())
        if not gap <= _TOLERANCE:
            raise InvalidInputError(
                f"What ONNX computes differs from the model by {gap:.4f}; export it as "
                "`transformers` instead."
            )
    ctx.progress(1.0, "ONNX computes the same")


def _export(module: nn.Module, file: Path, sample: tuple[Tensor, Tensor]) -> None:
    texts, tokens = torch.export.Dim("texts"), torch.export.Dim("tokens", min=2)
    shapes = {name: {0: texts, 1: tokens} for name in _INPUTS}
    try:
        with warnings.catch_warnings():
            # torch warns of its own internals while it traces.
            warnings.simplefilter("ignore")
            torch.onnx.export(
                module,
                sample,
                str(file),
                input_names=list(_INPUTS),
                output_names=["logits"],
                dynamic_shapes=shapes,
                dynamo=True,
                external_data=False,
                verbose=False,
            )
    except Exception as error:  # tracing raises whatever the model's code does
        raise InvalidInputError(
            f"This model cannot be written as ONNX ({type(error).__name__}); export it as "
            "`transformers` instead."
        ) from error


def _sample(tokenizer: Any, learnt: Learnt, n: int) -> tuple[Tensor, Tensor]:
    """Return ids and mask of `n` texts of different lengths."""
    longest = max(4, min(learnt.max_length, 24))
    words = ("A text of some words that is read here to compare what is computed. " * 4).split()
    texts = [" ".join(words[: 3 + 5 * i]) for i in range(n)]
    rows = tokenizer(texts, truncation=True, max_length=longest)["input_ids"]
    ids = padded(rows, tokenizer.pad_token_id or 0)
    lengths = torch.tensor([len(row) for row in rows])
    return ids, (torch.arange(ids.shape[1])[None, :] < lengths[:, None]).long()


def _odds(logits: Tensor) -> np.ndarray:
    """Return sigmoids, which differ no less than softmaxes do."""
    return torch.sigmoid(logits.float()).numpy()
