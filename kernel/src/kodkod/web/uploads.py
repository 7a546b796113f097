"""Files that clients send: on disk from the first megabyte on, gone when the request is over."""

from __future__ import annotations

import asyncio
import secrets
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from litestar.datastructures import UploadFile

from kodkod.web.services import Services

__all__ = ["Upload", "received"]


class Upload:
    """A file that was received; `keep` saves it from being deleted."""

    def __init__(self, path: Path, filename: str) -> None:
        self.path = path
        self.filename = filename
        self.size = path.stat().st_size
        self.kept = False

    def keep(self) -> Path:
        """Leave the file to whoever reads it later, who deletes it."""
        self.kept = True
        return self.path


@asynccontextmanager
async def received(services: Services, file: UploadFile) -> AsyncIterator[Upload]:
    """Copy an upload into the data folder's `uploads`, under a name of our own."""
    folder = services.settings.data_dir / "uploads"
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / secrets.token_hex(8)
    upload: Upload | None = None
    try:
        await asyncio.to_thread(_copy, file, path)
        upload = Upload(path, file.filename)
        yield upload
    finally:
        await file.close()
        if upload is None or not upload.kept:
            path.unlink(missing_ok=True)


def _copy(file: UploadFile, path: Path) -> None:
    file.file.seek(0)
    with path.open("wb") as out:
        shutil.copyfileobj(file.file, out, 1 << 20)
