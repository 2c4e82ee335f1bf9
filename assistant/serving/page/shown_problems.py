"""Problems shown on the page, in the place of what was asked for."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse, Response
from fastapi.routing import APIRoute

from assistant.serving.page.shown import html
from assistant.serving.problems import Problem
from index.errors import FootnoteError


class Part(APIRoute):
    """A route whose problems are shown in the place of what was asked for."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Give what answers."""
        answer = super().get_route_handler()

        async def answered(request: Request) -> Response:
            try:
                return await answer(request)
            except FootnoteError as error:
                return HTMLResponse(html("problem", problem=Problem.of(error)))

        return answered
