"""The web UI as it was built: read once, served from memory."""

from __future__ import annotations

import gzip
import hashlib
import mimetypes
from functools import lru_cache
from pathlib import Path
from typing import Any

from litestar import MediaType, Request, Response, get
from litestar.exceptions import NotFoundException
from litestar.types import ControllerRouterHandler
from msgspec import Struct

from kodkod.web.access import Requires

__all__ = ["BUILT", "StaticFile", "static_files", "static_handler"]

BUILT = Path(__file__).parent / "static"
_NEVER_CHANGES = "public, max-age=31536000, immutable"
_ASK_EACH_TIME = "no-cache"
_SMALLEST_TO_COMPRESS = 1_000
_BROTLI = ".br"
"""The end of a file that `npm run build` has packed: Python has no Brotli of its own."""
_NOT_BUILT = b"""<!doctype html>
<html lang="en"><meta charset="utf-8"><title>Kodkod</title>
<h1>Kodkod runs, but its web UI is not built</h1>
<p>In the source tree, run <code>npm ci &amp;&amp; npm run build</code> in <code>webui/</code>
(Node 20 or newer) and start again. Packages that were installed by pip have it built in.</p>
<p>The HTTP API works without it: its description is at
<a href="/schema/openapi.json">/schema/openapi.json</a>.</p></html>
"""


class StaticFile(Struct, frozen=True, kw_only=True):
    """A file in memory; `packed` has it by the encodings that make it smaller, the best first."""

    body: bytes
    packed: dict[str, bytes]
    media_type: str
    etag: str
    cache: str


def static_files(folder: Path) -> dict[str, StaticFile]:
    """Read the built UI: path below `folder` to file. Only what is in here is ever served."""
    if not folder.is_dir():
        return {}
    return {
        path.relative_to(folder).as_posix(): _read(path, path.relative_to(folder))
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.suffix != _BROTLI
    }


def _read(path: Path, name: Path) -> StaticFile:
    body = path.read_bytes()
    beside = path.with_name(path.name + _BROTLI)
    brotli = beside.read_bytes() if beside.is_file() else b""
    # Names in assets/ hold a hash of what is in them.
    cache = _NEVER_CHANGES if name.parts[0] == "assets" else _ASK_EACH_TIME
    media_type = mimetypes.guess_type(name.name)[0] or "application/octet-stream"
    return _static_file(body, media_type, cache, brotli)


def _static_file(body: bytes, media_type: str, cache: str, brotli: bytes = b"") -> StaticFile:
    zipped = gzip.compress(body, 6) if len(body) >= _SMALLEST_TO_COMPRESS else b""
    packed = {"br": brotli, "gzip": zipped}
    return StaticFile(
        body=body,
        packed={how: each for how, each in packed.items() if 0 < len(each) < 0.9 * len(body)},
        media_type=media_type,
        etag=f'"{hashlib.sha256(body).hexdigest()[:20]}"',
        cache=cache,
    )


def static_handler(folder: Path = BUILT) -> ControllerRouterHandler:
    """Make the handler of every path that is not of the API.

    A path that names no file gives the page itself: the UI has routes of its own.
    """

    @lru_cache(maxsize=1)
    def files() -> dict[str, StaticFile]:
        return static_files(folder)

    @get(["/", "/{path:path}"], include_in_schema=False, requires=Requires.PUBLIC, name="ui")
    async def serve(request: Request[Any, Any, Any]) -> Response[bytes]:
        path = request.scope["path"].lstrip("/")
        if path.split("/")[0] in ("api", "schema"):
            raise NotFoundException
        found = files().get(path)
        if found is None and path.startswith("assets/"):
            raise NotFoundException  # A page in a browser's cache asks for an older build.
        return _answer(request, found or files().get("index.html") or _page_without_ui())

    return serve


@lru_cache(maxsize=1)
def _page_without_ui() -> StaticFile:
    return _static_file(_NOT_BUILT, MediaType.HTML, _ASK_EACH_TIME)


def _answer(request: Request[Any, Any, Any], file: StaticFile) -> Response[bytes]:
    headers = {"Cache-Control": file.cache, "ETag": file.etag, "Vary": "Accept-Encoding"}
    if file.etag in request.headers.get("if-none-match", ""):
        return Response(b"", status_code=304, headers=headers, media_type=file.media_type)
    accepted = {
        each.partition(";")[0].strip()
        for each in request.headers.get("accept-encoding", "").split(",")
    }
    for encoding, packed in file.packed.items():
        if encoding in accepted:
            headers["Content-Encoding"] = encoding
            return Response(packed, headers=headers, media_type=file.media_type)
    return Response(file.body, headers=headers, media_type=file.media_type)
