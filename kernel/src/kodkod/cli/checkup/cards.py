"""Graphics cards, and whether what computes on them fits them."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path

from kodkod.cli.checkup.finding import Case, Finding, ok, problem, warning
from kodkod.jobs.cards import read_cards

__all__ = ["check_cards", "try_cards"]

_DRIVER = Path("/proc/driver/nvidia/version")
_PATIENCE_SECONDS = 120.0
_TRY = """
import torch
if not torch.cuda.is_available():
    raise SystemExit("torch finds no card")
for number in range(torch.cuda.device_count()):
    ones = torch.ones(1024, 1024, device=f"cuda:{number}")
    assert float((ones @ ones).sum()) == 1024.0**3
"""


def check_cards(case: Case) -> Iterator[Finding]:
    """See which cards there are, and whether torch was built for them. Imports no torch."""
    cards = read_cards()
    for card in cards:
        heat = "" if card.temperature is None else f", {card.temperature} °C"
        told = f"{card.name}, {card.free_mb:,} of {card.total_mb:,} MB free{heat}"
        yield ok("cards", f"{card.index}: {told}")
    if not cards:
        if _DRIVER.exists():
            mend = "Reboot after an update of the driver, or install it again."
            yield warning("cards", "There is an NVIDIA driver, and it names no card.", mend)
        else:
            yield ok("cards", "None; what could use one runs on processors")
        return
    if not case.settings.gpu_workers:
        mend = "Set gpu_workers to 1, or leave it as it is if others use the cards."
        yield warning("cards", "The setting gpu_workers is 0: no job uses them.", mend)
    try:
        torch = version("torch")
    except PackageNotFoundError:
        yield ok("cards", "torch is not installed: nothing computes on them yet")
        return
    if "+cpu" in torch or not any("nvidia" in each or "cuda" in each for each in _needs("torch")):
        mend = "Install torch for CUDA: see https://pytorch.org/get-started/locally/"
        yield warning("cards", f"torch {torch} was built without CUDA.", mend)
    else:
        yield ok("cards", f"torch {torch} was built with CUDA")


def _needs(name: str) -> list[str]:
    return requires(name) or []


def try_cards(_case: Case) -> Iterator[Finding]:
    """Have torch compute on every card, in a process of its own."""
    if not read_cards():
        return
    try:
        version("torch")
    except PackageNotFoundError:
        return
    mend = "See that torch's CUDA version fits the driver (nvidia-smi names both)."
    try:
        done = subprocess.run(  # noqa: S603 - our own lines
            [sys.executable, "-c", _TRY],
            capture_output=True,
            text=True,
            timeout=_PATIENCE_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        yield problem("cards", "torch did not finish a small computation in two minutes.", mend)
        return
    if done.returncode:
        last = (done.stderr.strip().splitlines() or ["it said nothing"])[-1]
        yield problem("cards", f"torch cannot compute on them: {last}", mend)
    else:
        yield ok("cards", "torch computes on every card")
