"""The parts of the page beside the chat, each as HTML that its script puts in place."""

from __future__ import annotations

from datetime import date
from itertools import islice
from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import HTMLResponse, Response

from assistant.days_in_words import day_in_words
from assistant.serving.opening import Opened
from assistant.serving.page.examples import Examples
from assistant.serving.page.quality import PAGE, quality, report_page
from assistant.serving.page.shown import html
from assistant.serving.page.shown_problems import Part
from index.home import Home
from index.search import Hit

FOUND = 12
"""Papers that a search on the page shows."""
SIMILAR = 5
PART = 30
"""Papers of the whole list that are shown at once."""

SOURCES = {
    "sample": "From the sample",
    "text": "From pages saved as text",
    "html": "From pages saved as HTML",
    "api": "From the Daily Papers API",
    "arxiv": "From arXiv",
}


def part_routes(served: Opened) -> APIRouter:
    """Give the routes."""
    router = APIRouter(prefix="/page", include_in_schema=False, route_class=Part)
    desk, corpus = served.desk, served.desk.searcher.corpus
    examples = Examples(desk, tried=served.settings.model_url is None)

    @router.get("/examples")
    async def show_examples() -> Response:
        return HTMLResponse(html("examples", questions=await examples.questions()))

    @router.get("/search")
    async def search(query: str, since: date | None = None, until: date | None = None) -> Response:
        found = await desk.search(query, limit=FOUND, since=since, until=until)
        return HTMLResponse(html("results", found=found, hits=found.hits, spans=spans))

    @router.get("/similar/{name:path}")
    async def similar(name: str) -> Response:
        paper = corpus.paper(name)
        words = f"{paper.title}. {paper.abstract}"[: desk.limits.question]
        found = await desk.search(words, limit=SIMILAR + 1, since=None, until=None)
        papers = [hit.paper for hit in found.hits if hit.paper.id != paper.id]
        return HTMLResponse(html("similar", papers=papers[:SIMILAR]))

    @router.get("/corpus")
    def numbers() -> Response:
        return HTMLResponse(
            html("corpus", status=corpus.status(), SOURCES=SOURCES, in_words=day_in_words)
        )

    @router.get("/papers")
    def papers(after: Annotated[int, Query(ge=0)] = 0, day: date | None = None) -> Response:
        part = list(islice(corpus.papers(day=day, after=after), PART + 1))
        more = part[PART - 1].key if len(part) > PART else None
        return HTMLResponse(html("papers", papers=part[:PART], after=more))

    @router.get("/quality")
    def show_quality() -> Response:
        folder = Home(served.settings.home.absolute()).evaluation
        whole = (folder / PAGE).exists()
        return HTMLResponse(html("quality", report=quality(folder), folder=folder, whole=whole))

    @router.get("/report")
    def whole_report() -> Response:
        text, policy = report_page(Home(served.settings.home.absolute()).evaluation)
        return HTMLResponse(text, headers={"Content-Security-Policy": policy})

    return router


def spans(hit: Hit) -> list[tuple[int, int]]:
    """Give where the passages stand that fit best."""
    return [(passage.start, passage.end) for passage in hit.passages]
