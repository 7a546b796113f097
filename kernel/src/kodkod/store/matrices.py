"""Feature and prediction matrices: memory-mapped arrays with a manifest, a folder each."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import msgspec
import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from kodkod.api import Matrix, UnavailableError

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

__all__ = ["Manifest", "MatrixFolder", "read_manifest"]

_CSR_PARTS = ("data", "indices", "indptr")


class Manifest(Struct, frozen=True, kw_only=True):
    """What a folder's matrix is: `rows` x `dim`, computed by `component` with `params`."""

    component: str
    params: dict[str, Any]
    corpus_fingerprint: str
    rows: int
    dim: int
    sparse: bool
    columns: list[int] = []


def read_manifest(folder: Path) -> Manifest:
    """Return the manifest in `folder`.

    Raises:
        UnavailableError: the folder is missing or damaged.
    """
    try:
        return msgspec.json.decode((folder / "manifest.json").read_bytes(), type=Manifest)
    except (OSError, msgspec.DecodeError) as error:
        raise UnavailableError(
            f"The matrix in {folder.name} cannot be read ({error}); compute it again."
        ) from error


class MatrixFolder:
    """One matrix on disk."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def write(self, matrix: Matrix, manifest: Manifest) -> None:
        """Write `matrix` and its manifest into the folder, which exists."""
        if isinstance(matrix, np.ndarray):
            np.save(self.folder / "matrix.npy", np.ascontiguousarray(matrix, dtype=np.float32))
        else:
            sparse = cast("csr_matrix", matrix)
            for part in _CSR_PARTS:
                np.save(self.folder / f"{part}.npy", getattr(sparse, part))
        (self.folder / "manifest.json").write_bytes(msgspec.json.encode(manifest))

    def open_dense(self) -> NDArray[np.float32]:
        """Map a dense matrix: nothing is read before it is used."""
        return np.load(self.folder / "matrix.npy", mmap_mode="r")

    def open(self) -> Matrix:
        """Map the matrix, dense or CSR."""
        manifest = read_manifest(self.folder)
        if not manifest.sparse:
            return self.open_dense()
        from scipy.sparse import csr_matrix  # only workers open sparse ones

        parts = [np.load(self.folder / f"{part}.npy", mmap_mode="r") for part in _CSR_PARTS]
        return csr_matrix(tuple(parts), shape=(manifest.rows, manifest.dim), copy=False)
