"""REST, what is kept: papers that are sent, and what people say of answers, under `/api`."""

from __future__ import annotations

from typing import Annotated, Any

from anyio import to_thread
from fastapi import APIRouter, File, Header, Query, UploadFile
from fastapi.responses import JSONResponse, Response

from assistant.serving.described import INGESTED, OPINIONS, PROBLEMS
from assistant.serving.desk import first_of
from assistant.serving.events import EventStream, ingest_events
from assistant.serving.keeping_alive import kept_alive
from assistant.serving.opening import Opened
from assistant.serving.requests import PageLimit, Rate

LONGEST_NAME = 200
"""Characters of a file's name that a report repeats."""


def writing_routes(served: Opened) -> APIRouter:
    """Give the routes; what is wrong is raised, and told as a problem by the application."""
    router = APIRouter(prefix="/api", responses=PROBLEMS)

    @router.post("/ingest", tags=["papers"], responses=INGESTED)
    async def ingest(
        file: Annotated[
            UploadFile,
            File(description="A Daily Papers page, an Atom feed of arXiv, JSON or JSON lines."),
        ],
        accept: Annotated[str, Header(include_in_schema=False)] = "",
    ) -> Response:
        """Read a file's papers into the corpus; sending it again changes nothing.

        Whoever accepts `text/event-stream` is told how far it has come.
        """
        await to_thread.run_sync(_onto_disk, file.file)
        name = (file.filename or "the upload")[:LONGEST_NAME]
        if "text/event-stream" not in accept:
            return JSONResponse(await served.ingesting.ingest(file.file, name=name))
        steps = served.ingesting.steps(file.file, name=name)
        events = kept_alive(steps, every=served.desk.limits.silence)
        return EventStream(ingest_events(await first_of(events)))

    @router.post("/feedback", tags=["feedback"], status_code=201)
    def rate(rated: Rate) -> dict[str, int]:
        """Keep what somebody says of an answer."""
        return {"number": served.feedback.keep(rated.opinion())}

    @router.get("/feedback", tags=["feedback"], responses=OPINIONS)
    def opinions(
        after: Annotated[int, Query(ge=0, description="A number; those behind it follow.")] = 0,
        limit: PageLimit = 50,
    ) -> Response:
        """Give what people said of answers, the oldest first."""
        return JSONResponse({"feedback": served.feedback.after(after, limit=limit)})

    return router


def _onto_disk(upload: Any) -> None:
    """Make an upload that is small, and so only in memory, a file that a process can read."""
    upload.rollover()
    upload.flush()
    upload.seek(0)
