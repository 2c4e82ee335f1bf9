"""Server-sent events: what is said while an answer is written, each event as JSON."""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator
from typing import Any

from anyio import CancelScope
from fastapi.sse import format_sse_event
from starlette.responses import StreamingResponse
from starlette.types import Receive, Scope, Send

from assistant.answers import Answer, Sentence
from assistant.serving.ingesting import Step
from assistant.serving.keeping_alive import PING
from assistant.serving.problems import Problem
from index.errors import FootnoteError

DONE = b"data: [DONE]\n\n"
"""How a stream ends in OpenAI's protocol."""


class EventStream(StreamingResponse):
    """Events as they come; who leaves ends them at once."""

    media_type = "text/event-stream"

    def __init__(self, events: AsyncGenerator[bytes, None]) -> None:
        """Send `events`, which no proxy is to hold back."""
        super().__init__(events, headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"})
        self._events = events

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send them all, and end them whatever happens."""
        try:
            await super().__call__(scope, receive, send)
        finally:
            with CancelScope(shield=True):
                await self._events.aclose()


def event(data: Any, *, name: str | None = None) -> bytes:
    """Write one event."""
    return format_sse_event(data_str=json.dumps(data, ensure_ascii=False), event=name)


async def answer_events(
    events: AsyncGenerator[Sentence | Answer | None, None],
) -> AsyncGenerator[bytes, None]:
    """Write `sentence`, `sentence`, …, `answer`; a failure in between as `error`."""
    try:
        async for each in events:
            if each is None:
                yield PING
                continue
            yield event(each.as_json(), name="answer" if isinstance(each, Answer) else "sentence")
    except FootnoteError as error:
        yield event(Problem.of(error).as_json(), name="error")
    finally:
        with CancelScope(shield=True):
            await events.aclose()


async def ingest_events(
    events: AsyncGenerator[Step | dict[str, Any] | None, None],
) -> AsyncGenerator[bytes, None]:
    """Write `progress`, `progress`, …, `report`; a failure in between as `error`."""
    try:
        async for each in events:
            if each is None:
                yield PING
            elif isinstance(each, Step):
                yield event(each.as_json(), name="progress")
            else:
                yield event(each, name="report")
    except FootnoteError as error:
        yield event(Problem.of(error).as_json(), name="error")
    finally:
        with CancelScope(shield=True):
            await events.aclose()
