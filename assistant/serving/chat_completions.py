"""OpenAI's protocol under `/v1`, so that any chat client can ask Footnote as if it were a model."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from time import time
from typing import Any
from uuid import uuid4

from anyio import CancelScope
from fastapi import APIRouter
from fastapi.responses import JSONResponse, Response

from assistant.answers import Answer, Sentence
from assistant.errors import UnknownModelError
from assistant.markdown import answer_in_markdown, sentences_in_markdown
from assistant.serving.annotations import url_citations
from assistant.serving.chat_messages import ChatRequest
from assistant.serving.desk import Desk, first_of
from assistant.serving.events import DONE, EventStream, event
from assistant.serving.keeping_alive import PING, kept_alive
from assistant.serving.problems import Problem
from index.errors import FootnoteError

MODEL = "footnote"


def chat_routes(desk: Desk) -> APIRouter:
    """Give the routes."""
    router = APIRouter(prefix="/v1", tags=["chat clients"])
    models = {
        "object": "list",
        "data": [{"id": MODEL, "object": "model", "created": int(time()), "owned_by": MODEL}],
    }

    @router.get("/models")
    def listed() -> dict[str, Any]:
        """List the one model."""
        return models

    @router.get("/models/{name}")
    def model(name: str) -> dict[str, Any]:
        """Show the one model."""
        _check(name)
        return {"id": MODEL, "object": "model", "created": int(time()), "owned_by": MODEL}

    @router.post("/chat/completions")
    async def complete(asked: ChatRequest) -> Response:
        """Answer the last message, with footnotes in Markdown and as `annotations`.

        The whole answer, as `/api/ask` gives it, stands in `footnote`.
        """
        _check(asked.model)
        if asked.stream:
            events = kept_alive(desk.stream(asked.asked()), every=desk.limits.silence)
            return EventStream(_chunks(await first_of(events)))
        answer = await desk.ask(asked.asked())
        text = answer_in_markdown(answer)
        message = {
            "role": "assistant",
            "content": text,
            "refusal": None,
            "annotations": url_citations(answer, text),
        }
        choice = {"index": 0, "message": message, "finish_reason": "stop", "logprobs": None}
        completion = _envelope("chat.completion") | {"choices": [choice]}
        return JSONResponse(completion | {"footnote": answer.as_json()})

    return router


def _check(name: str) -> None:
    if name != MODEL:
        raise UnknownModelError(
            f"There is no model `{name[:60]}` here", hint=f"name the model `{MODEL}`"
        )


def _envelope(kind: str) -> dict[str, Any]:
    return {
        "id": f"chatcmpl-{uuid4().hex}",
        "object": kind,
        "created": int(time()),
        "model": MODEL,
    }


async def _chunks(
    events: AsyncGenerator[Sentence | Answer | None, None],
) -> AsyncGenerator[bytes, None]:
    """Write an answer piece by piece; all pieces together are the text of the whole answer."""
    envelope = _envelope("chat.completion.chunk")

    def chunk(delta: dict[str, Any], *, end: str | None = None, **more: Any) -> bytes:
        choice = {"index": 0, "delta": delta, "finish_reason": end, "logprobs": None}
        return event({**envelope, "choices": [choice], **more})

    try:
        yield chunk({"role": "assistant", "content": ""})
        sentences: list[Sentence] = []
        said = ""
        async for each in events:
            if each is None:
                yield PING
            elif isinstance(each, Answer):
                text = answer_in_markdown(each)
                last = {"content": text[len(said) :], "annotations": url_citations(each, text)}
                yield chunk(last)
                yield chunk({}, end="stop", footnote=each.as_json())
            else:
                sentences.append(each)
                text = sentences_in_markdown(sentences)
                yield chunk({"content": text[len(said) :]})
                said = text
        yield DONE
    except FootnoteError as error:
        yield event(Problem.of(error).as_openai())
    finally:
        with CancelScope(shield=True):
            await events.aclose()
