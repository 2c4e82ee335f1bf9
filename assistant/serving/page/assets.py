"""The page's own style and scripts, under an address that changes when they do."""

from __future__ import annotations

from functools import cache
from hashlib import sha256
from importlib.resources import files
from pathlib import PurePosixPath

from fastapi import APIRouter
from fastapi.responses import Response
from starlette.exceptions import HTTPException

PLACE = "/page/static"
MEDIA_TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
FOR_EVER = "private, max-age=31536000, immutable"


def address(name: str) -> str:
    """Give where a file is, such as `page.js`; scripts find each other beside themselves."""
    return f"{PLACE}/{_version()}/{name}"


def asset_routes() -> APIRouter:
    """Give the route of the files."""
    router = APIRouter(include_in_schema=False)

    @router.get(PLACE + "/{version}/{name}")
    def asset(version: str, name: str) -> Response:
        held = _files()
        if version != _version() or name not in held:
            raise HTTPException(404)
        kind = MEDIA_TYPES[PurePosixPath(name).suffix]
        return Response(held[name], media_type=kind, headers={"Cache-Control": FOR_EVER})

    return router


@cache
def _files() -> dict[str, bytes]:
    folder = files("assistant.serving.page") / "static"
    return {each.name: each.read_bytes() for each in folder.iterdir()}


@cache
def _version() -> str:
    held = sorted(_files().items())
    return sha256(b"".join(name.encode() + content for name, content in held)).hexdigest()[:16]
