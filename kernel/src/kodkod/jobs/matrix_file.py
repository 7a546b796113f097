"""A matrix that is written row by row, so that memory does not grow with the corpus."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import IO, Any, cast

import msgspec
import numpy as np
from numpy.lib import format as npy
from numpy.typing import NDArray

from kodkod.api import Matrix, PluginError
from kodkod.store.matrices import Manifest

__all__ = ["MatrixWriter", "write_matrix"]

_COPY_BYTES = 1 << 22
_SPARSE = {"data": np.float32, "indices": np.int32, "indptr": np.int64}


class _GrowingArray:
    """A `.npy` file that grows along its first axis.

    NumPy leaves room in the header for the first axis to grow, so that the header can be
    written again at the end without moving the data.
    """

    def __init__(self, file: IO[bytes], dtype: Any, rest: tuple[int, ...]) -> None:
        self._file = file
        self._dtype = np.dtype(dtype)
        self._rest = rest
        self.n = 0
        self._header()

    def append(self, part: NDArray[Any]) -> None:
        """Write rows after those that are there."""
        self._file.write(np.ascontiguousarray(part, dtype=self._dtype).data)
        self.n += len(part)

    def copy(self, path: Path) -> None:
        """Write the rows of another `.npy` file after those that are there."""
        source = np.load(path, mmap_mode="r")
        if source.dtype != self._dtype or not source.flags.c_contiguous:
            self.append(source)
            return
        with path.open("rb") as file:
            file.seek(source.offset)
            shutil.copyfileobj(file, self._file, _COPY_BYTES)
        self.n += len(source)

    def finish(self) -> None:
        """Write the final header."""
        self._file.seek(0)
        self._header()

    def _header(self) -> None:
        npy.write_array_header_1_0(
            self._file,
            {
                "descr": npy.dtype_to_descr(self._dtype),
                "fortran_order": False,
                "shape": (self.n, *self._rest),
            },
        )


class MatrixWriter:
    """Writes what `MatrixFolder.open` reads; the first part says whether it is sparse."""

    def __init__(self, folder: Path, files: ExitStack) -> None:
        self._folder = folder
        self._files = files
        self._arrays: dict[str, _GrowingArray] = {}
        self._entries = 0
        self.rows = 0
        self.dim: int | None = None
        self.sparse = False

    def append(self, part: Matrix) -> None:
        """Write rows after those that are there.

        Raises:
            PluginError: the part is not a matrix as wide as the first.
        """
        shape = cast("tuple[int, ...]", part.shape)
        if len(shape) != 2:
            raise PluginError(f"A matrix was expected, and an array of shape {shape} came.")
        dense = isinstance(part, np.ndarray)
        self._begin(shape[1], sparse=not dense)
        if dense:
            self._arrays["matrix"].append(part)
        else:
            csr = cast("Any", part).tocsr()
            self._arrays["data"].append(csr.data)
            self._arrays["indices"].append(csr.indices)
            self._arrays["indptr"].append(csr.indptr[1:].astype(np.int64) + self._entries)
            self._entries += int(csr.indptr[-1])
        self.rows += shape[0]

    def copy(self, folder: Path, manifest: Manifest) -> None:
        """Begin with the matrix in another folder, copied as it is."""
        self._begin(manifest.dim, sparse=manifest.sparse, fresh=False)
        for name, array in self._arrays.items():
            array.copy(folder / f"{name}.npy")
        if self.sparse:
            self._entries = self._arrays["data"].n
        self.rows = manifest.rows

    def finish(self, manifest: Manifest) -> None:
        """Write the manifest, and the headers of what was written."""
        for array in self._arrays.values():
            array.finish()
        (self._folder / "manifest.json").write_bytes(msgspec.json.encode(manifest))

    def _begin(self, dim: int, *, sparse: bool, fresh: bool = True) -> None:
        if self.dim is None:
            self.dim, self.sparse = dim, sparse
            if not sparse:
                self._arrays["matrix"] = self._array("matrix", np.float32, (dim,))
                return
            for name, dtype in _SPARSE.items():
                self._arrays[name] = self._array(name, dtype, ())
            if fresh:
                self._arrays["indptr"].append(np.zeros(1, dtype=np.int64))
        elif (dim, sparse) != (self.dim, self.sparse):
            raise PluginError(
                f"A part of the matrix has {dim} columns (sparse: {sparse}), the parts before it "
                f"{self.dim} (sparse: {self.sparse}); every batch must give the same."
            )

    def _array(self, name: str, dtype: Any, rest: tuple[int, ...]) -> _GrowingArray:
        file = self._files.enter_context((self._folder / f"{name}.npy").open("wb"))
        return _GrowingArray(file, dtype, rest)


@contextmanager
def write_matrix(folder: Path) -> Iterator[MatrixWriter]:
    """Give a writer into `folder`, which exists; its files are closed at the end."""
    with ExitStack() as files:
        yield MatrixWriter(folder, files)
