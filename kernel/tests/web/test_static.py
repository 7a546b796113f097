from __future__ import annotations

from pathlib import Path

import pytest
from litestar import Litestar
from litestar.testing import AsyncTestClient

from kodkod.web.access import check_access
from kodkod.web.problems import EXCEPTION_HANDLERS
from kodkod.web.static import static_handler

PAGE = "<!doctype html><title>UI</title>" + "<p>text</p>" * 200


@pytest.fixture
def built(tmp_path: Path) -> Path:
    folder = tmp_path / "static"
    (folder / "assets").mkdir(parents=True)
    (folder / "index.html").write_text(PAGE)
    (folder / "assets" / "main-0a1b2c.js").write_text("console.log(1)")
    (tmp_path / "secret.txt").write_text("outside")
    return folder


def serving(folder: Path) -> AsyncTestClient[Litestar]:
    handler = static_handler(folder)
    return AsyncTestClient(
        Litestar([handler], guards=[check_access], exception_handlers=EXCEPTION_HANDLERS)
    )


@pytest.mark.parametrize("path", ["/", "/projects/letters", "/index.html", "/sign-in"])
async def test_every_address_of_the_ui_gives_the_page(built, path):
    async with serving(built) as client:
        answer = await client.get(path)
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/html")
    assert answer.headers["cache-control"] == "no-cache"
    assert answer.text == PAGE


async def test_named_by_their_content_files_are_kept_for_ever(built):
    async with serving(built) as client:
        answer = await client.get("/assets/main-0a1b2c.js")
        assert answer.text == "console.log(1)"
        assert "javascript" in answer.headers["content-type"]
        assert "immutable" in answer.headers["cache-control"]
        # then one of an older build is missing, not a page that is no script
        assert (await client.get("/assets/main-older.js")).status_code == 404


async def test_what_the_build_has_packed_is_sent_to_those_who_unpack_it(built):
    packed = b"packed by the build"
    (built / "index.html.br").write_bytes(packed)
    (built / "assets" / "main-0a1b2c.js.br").write_bytes(b"larger than it was before it was packed")
    async with serving(built) as client:
        for accepted, encoding in (
            ("gzip, deflate, br, zstd", "br"),
            ("gzip", "gzip"),
            ("br;q=1.0", "br"),
            ("brew", None),
        ):
            async with client.stream("GET", "/", headers={"Accept-Encoding": accepted}) as answer:
                sent = b"".join([each async for each in answer.aiter_raw()])
            assert answer.headers.get("content-encoding") == encoding
            assert answer.headers["vary"] == "Accept-Encoding"
            assert (sent == packed) == (encoding == "br")
        # nor is what became larger, or is asked for by the name that it was packed under
        script = await client.get("/assets/main-0a1b2c.js", headers={"Accept-Encoding": "br"})
        assert script.text == "console.log(1)"
        assert (await client.get("/assets/main-0a1b2c.js.br")).status_code == 404


async def test_a_page_that_a_browser_has_is_not_sent_again(built):
    async with serving(built) as client:
        first = await client.get("/")
        again = await client.get("/", headers={"If-None-Match": first.headers["etag"]})
    assert again.status_code == 304
    assert again.content == b""


async def test_text_is_packed_for_those_who_unpack(built):
    async with serving(built) as client:
        packed = await client.get("/", headers={"Accept-Encoding": "gzip"})
        plain = await client.get("/", headers={"Accept-Encoding": "identity"})
    assert packed.headers["content-encoding"] == "gzip"
    assert "content-encoding" not in plain.headers
    assert packed.text == plain.text == PAGE


@pytest.mark.parametrize(
    "path", ["/../secret.txt", "/..%2fsecret.txt", "/assets/..%2f..%2fsecret.txt", "//etc/passwd"]
)
async def test_nothing_outside_the_build_is_served(built, path):
    async with serving(built) as client:
        answer = await client.get(path)
    assert "outside" not in answer.text
    assert "root:" not in answer.text


async def test_without_a_build_a_page_says_how_to_make_one(tmp_path):
    async with serving(tmp_path / "absent") as client:
        answer = await client.get("/")
    assert answer.status_code == 200
    assert "npm" in answer.text
