"""Looking into a file before it is made into a project."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Annotated

from litestar import post
from litestar.datastructures import UploadFile
from litestar.enums import RequestEncodingType
from litestar.params import Body
from litestar.types import ControllerRouterHandler
from msgspec import Struct

from kodkod.api import InvalidInputError
from kodkod.project.importing import read_table
from kodkod.project.preview import FilePreview, preview
from kodkod.store.memory import give_back
from kodkod.web.access import Requires
from kodkod.web.given import Services
from kodkod.web.uploads import received

__all__ = ["uploads"]


class PreviewUpload(Struct):
    """A file to look into."""

    file: UploadFile


@post(
    "/imports/preview",
    operation_id="preview_file",
    tags=["projects"],
    requires=Requires.MANAGER,
    status_code=200,
    reads=True,
)
async def look(
    data: Annotated[PreviewUpload, Body(media_type=RequestEncodingType.MULTI_PART)],
    services: Services,
) -> FilePreview:
    """Tell what a file holds, read as an import reads it; nothing of it is kept.

    A file that would be imported by a job (see `inline_import_mb`) is not looked into.
    """
    limit = services.settings.inline_import_mb * 1_000_000
    async with received(services, data.file) as upload:
        if upload.size > limit:
            raise InvalidInputError(
                f"The file has {upload.size / 1e6:.0f} MB, and files of more than "
                f"{limit / 1e6:.0f} MB are not looked into; import it with its columns named.",
                field="file",
            )

        def read(path: Path, filename: str) -> FilePreview:
            try:
                return preview(read_table(path, filename, services.registry))
            finally:
                give_back()

        return await asyncio.to_thread(read, upload.path, upload.filename)


uploads: list[ControllerRouterHandler] = [look]
