"""Digests: of any days at `/api/digest`, and of the latest list as a feed."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from fastapi import APIRouter, Query
from fastapi.responses import JSONResponse, Response

from assistant.delivery.forms import Form, digest_as
from assistant.digest.periods import Named
from assistant.serving.described import DIGEST, PROBLEMS
from assistant.serving.gate import FEED
from assistant.serving.opening import Opened
from assistant.settings import Settings

MEDIA_TYPES: dict[Form, str] = {
    "atom": "application/atom+xml",
    "md": "text/markdown; charset=utf-8",
    "text": "text/plain; charset=utf-8",
}

Day = Annotated[str | None, Query(max_length=100, examples=["2025-10-30"])]


def digest_routes(served: Opened) -> APIRouter:
    """Give the routes; what is wrong is raised, and told as a problem by the application."""
    router = APIRouter(tags=["digests"], responses=PROBLEMS)

    def now() -> datetime:
        return Settings.read(home=served.settings.home).now

    @router.get("/api/digest", responses=DIGEST)
    async def digest(
        date: Day = None,
        week: Day = None,
        month: Day = None,
        since: Annotated[Day, Query(alias="from")] = None,
        until: Annotated[Day, Query(alias="to")] = None,
        rank: Literal["votes", "novelty"] | None = None,
        format: Literal["json", "md", "text", "atom"] = "json",
    ) -> Response:
        """Say by topic what the papers of some days say; without days, those of the latest list."""
        named = Named(day=date, week=week, month=month, since=since, until=until)
        made = await served.desk.digest(named, rank=rank)
        if format == "json":
            return JSONResponse(made.as_json())
        return Response(digest_as(format, made, moment=now()), media_type=MEDIA_TYPES[format])

    @router.get(FEED)
    async def feed() -> Response:
        """Give the digest of the latest list as an Atom feed."""
        made = await served.desk.digest(Named())
        return Response(digest_as("atom", made, moment=now()), media_type=MEDIA_TYPES["atom"])

    return router
