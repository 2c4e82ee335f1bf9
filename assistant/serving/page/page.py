"""The page put together: its routes, and the frame that is to be mounted behind all others."""

from __future__ import annotations

from fastapi import APIRouter

from assistant.serving.opening import Opened
from assistant.serving.page.assets import asset_routes
from assistant.serving.page.chats import Chats
from assistant.serving.page.chatting import chatting_routes
from assistant.serving.page.frame import Frame
from assistant.serving.page.parts import part_routes
from assistant.serving.page.shown import html
from assistant.serving.page.today import today_routes
from index.home import Home


def page_routes(served: Opened) -> APIRouter:
    """Give the routes of the page's own script, style and parts."""
    chats = Chats(Home(served.settings.home.absolute()).chats)
    router = APIRouter()
    router.include_router(asset_routes())
    router.include_router(chatting_routes(served, chats))
    router.include_router(part_routes(served))
    router.include_router(today_routes(served))
    return router


def page_frame(served: Opened) -> Frame:
    """Give the page itself."""
    locked = served.settings.api_key is not None

    def panels() -> str:
        status = served.desk.searcher.corpus.status()
        return html(
            "panels",
            papers=status.papers,
            day=status.last_day.isoformat() if status.last_day else "",
            longest=served.desk.limits.question,
        )

    return Frame(header=html("header", locked=locked), panels=panels)
