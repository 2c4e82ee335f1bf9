"""Status: what a home holds and which models there are, for `footnote status`."""

from __future__ import annotations

from typing import Any

from assistant import assembling
from assistant.errors import ChatModelError
from assistant.settings import Settings
from index.errors import VectorServerError
from index.home import Home
from index.vector_server import VectorServer


def status(settings: Settings) -> dict[str, Any]:
    """Say what the corpus holds, where it is, and what embeds and writes.

    Raises:
        HomeError: There is no corpus.
    """
    with assembling.reader(settings) as corpus:
        counts = corpus.status()
    return {
        "home": str(settings.home.absolute()),
        "papers": counts.papers,
        "listings": counts.listings,
        "by_source": dict(counts.by_source),
        "first_day": counts.first_day and counts.first_day.isoformat(),
        "last_day": counts.last_day and counts.last_day.isoformat(),
        "chroma": _chroma(settings),
        "embedding_model": settings.embedding_model or "all-MiniLM-L6-v2",
        "writer": "model" if settings.model_url else "quotes",
        "model": _model(settings),
    }


def _chroma(settings: Settings) -> dict[str, Any] | None:
    """Say what there is of the server that keeps the vectors; None if the home does."""
    if settings.chroma is None:
        return None
    try:
        home = Home(settings.home.absolute())
        server = VectorServer(home, settings.chroma, key=settings.chroma_key)
        server.check()
    except VectorServerError as error:
        return {"reachable": False, "url": settings.chroma, "why": f"{error}; {error.hint}"}
    return {"reachable": True, "url": server.url, "collection": server.collection}


def _model(settings: Settings) -> dict[str, Any] | None:
    """Say what there is of the language model that the settings name; None if they name none."""
    try:
        with assembling.chat_model(settings) as model:
            if model is None:
                return None
            return {
                "reachable": True,
                "url": model.url,
                "name": model.name,
                "window": model.window,
                "constrained": model.constrained,
                "tokens_counted_by": model.counted_by,
            }
    except ChatModelError as error:
        return {"reachable": False, "url": settings.model_url, "why": f"{error}; {error.hint}"}
