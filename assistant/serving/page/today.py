"""Today: the digest of some days, as a part of the page."""

from __future__ import annotations

from collections import OrderedDict
from typing import Annotated, Literal

from fastapi import APIRouter, Query
from fastapi.responses import HTMLResponse, Response

from assistant.digest.digests import Digest
from assistant.digest.periods import Named
from assistant.serving.opening import Opened
from assistant.serving.page.shown import html, with_notes
from assistant.serving.page.shown_problems import Part

KEPT = 8
"""Digests that are kept as they were made, until the corpus changes."""

Day = Annotated[str | None, Query(max_length=100)]


def today_routes(served: Opened) -> APIRouter:
    """Give the route."""
    router = APIRouter(prefix="/page", include_in_schema=False, route_class=Part)
    desk, corpus = served.desk, served.desk.searcher.corpus
    digests = OrderedDict[tuple[object, ...], str]()

    @router.get("/digest")
    async def digest(
        date: Day = None,
        week: Day = None,
        month: Day = None,
        rank: Literal["votes", "novelty"] = "votes",
    ) -> Response:
        if not (date or week or month or corpus.status().last_day):
            return HTMLResponse(html("no_list"))
        asked = (date, week, month, rank, corpus.generation)
        if asked not in digests:
            named = Named(day=date, week=week, month=month)
            digests[asked] = digest_html(await desk.digest(named, rank=rank))
            while len(digests) > KEPT:
                digests.popitem(last=False)
        return HTMLResponse(digests[asked])

    return router


def digest_html(digest: Digest) -> str:
    """Show a digest."""
    papers = {citation.number: citation.paper for citation in digest.citations}
    return html(
        "digest",
        digest=digest,
        overview=with_notes(digest.overview, papers),
        topics=[
            (
                topic,
                with_notes(topic.summary, papers),
                [
                    (entry, with_notes([entry.line], papers)[0] if entry.line else None)
                    for entry in topic.entries
                ],
            )
            for topic in digest.topics
        ],
    )
