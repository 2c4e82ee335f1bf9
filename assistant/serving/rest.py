"""REST, what reads: questions, searches, papers and the status, under `/api`."""

from __future__ import annotations

from datetime import date
from itertools import islice
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query
from fastapi.responses import JSONResponse, PlainTextResponse, Response

from assistant.answering import HITS
from assistant.bibtex import bibliography
from assistant.serving.access import Access
from assistant.serving.described import ANSWER, FOUND, PAGE, PAPER, PROBLEMS, STREAM
from assistant.serving.desk import first_of
from assistant.serving.events import EventStream, answer_events
from assistant.serving.gate import FEED
from assistant.serving.keeping_alive import kept_alive
from assistant.serving.opening import Opened
from assistant.serving.requests import Ask, Limit, PageLimit
from assistant.status import status as told


def reading_routes(served: Opened) -> APIRouter:
    """Give the routes; what is wrong is raised, and told as a problem by the application."""
    router = APIRouter(prefix="/api", tags=["papers"], responses=PROBLEMS)
    desk, corpus = served.desk, served.desk.searcher.corpus

    @router.post("/ask", responses=ANSWER)
    async def ask(asked: Ask) -> Response:
        """Answer a question, each sentence with the papers that say so."""
        return JSONResponse((await desk.ask(asked.asked())).as_json())

    @router.post("/ask/stream", responses=STREAM)
    async def stream(asked: Ask) -> Response:
        """Answer as `/api/ask` does, sentence by sentence, as server-sent events."""
        events = kept_alive(desk.stream(asked.asked()), every=desk.limits.silence)
        return EventStream(answer_events(await first_of(events)))

    @router.get("/search", responses=FOUND)
    async def search(
        query: Annotated[str, Query(examples=["averaging the weights of fine-tuned models"])],
        limit: Limit = HITS,
        since: date | None = None,
        until: date | None = None,
    ) -> Response:
        """Find papers, best first, with the passages that fit best."""
        found = await desk.search(query, limit=limit, since=since, until=until)
        return JSONResponse(found.as_json())

    @router.get("/papers", responses=PAGE)
    def papers(
        limit: PageLimit = 50,
        after: Annotated[int, Query(ge=0, description="The `next` of the page before.")] = 0,
        day: Annotated[date | None, Query(description="Only those listed on that day.")] = None,
    ) -> Response:
        """List the papers, in the order in which they came."""
        page = list(islice(corpus.papers(day=day, after=after), limit + 1))
        more = page[limit - 1].key if len(page) > limit else None
        shown = [paper.as_json() for paper in page[:limit]]
        return JSONResponse({"papers": shown, "next": more})

    @router.get("/papers/{name:path}", responses=PAPER)
    def paper(name: str, format: Literal["json", "bibtex"] = "json") -> Response:
        """Show a paper, by its id, an address at arXiv, or its title."""
        found = corpus.paper(name)
        if format == "bibtex":
            return PlainTextResponse(bibliography([found]), media_type="application/x-bibtex")
        return JSONResponse(found.as_json())

    @router.get("/status")
    def status() -> dict[str, Any]:
        """Say what the corpus holds, and which models there are."""
        secret = Access(served.settings.api_key).feed_secret if served.settings.api_key else ""
        return told(served.settings) | {"feed": FEED + (f"?secret={secret}" if secret else "")}

    return router
