"""Chatting: questions of the page, answered as events that bring HTML, and kept."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from functools import partial
from typing import Annotated

from anyio import CancelScope, to_thread
from fastapi import APIRouter, Path
from fastapi.responses import HTMLResponse, PlainTextResponse, Response

from assistant.answers import Answer, Sentence
from assistant.markdown import conversation_in_markdown
from assistant.serving.events import EventStream, event
from assistant.serving.opening import Opened
from assistant.serving.page.chats import Asked, Chats, history
from assistant.serving.page.kept_answers import answer_of
from assistant.serving.page.requests import AskOnPage, ChatName
from assistant.serving.page.shown import html, sentence_html, turn_html
from assistant.serving.problems import Problem
from index.errors import FootnoteError

Chat = Annotated[ChatName, Path()]


def chatting_routes(served: Opened, chats: Chats) -> APIRouter:
    """Give the routes; what is wrong is raised, and told as a problem by the application."""
    router = APIRouter(include_in_schema=False)
    desk = served.desk
    held = desk.searcher.corpus.count

    @router.post("/page/ask")
    async def ask(asked: AskOnPage) -> Response:
        chat, before = await to_thread.run_sync(partial(_opened, chats, asked.chat))
        number = min(asked.number or len(before) + 1, len(before) + 1)
        question = asked.asked(history(before[: number - 1]))
        return EventStream(told(desk.stream(question), chat=chat, number=number))

    @router.get("/page/chats/{chat}")
    def show(chat: Chat) -> Response:
        turns = [
            turn_html(each.number, each.answer, papers_held=held()) for each in chats.read(chat)
        ]
        return HTMLResponse("".join(turns))

    @router.delete("/page/chats/{chat}", status_code=204)
    def delete(chat: Chat) -> None:
        chats.delete(chat)

    @router.get("/page/chats/{chat}/markdown")
    def export(chat: Chat) -> Response:
        written = conversation_in_markdown([answer_of(each.answer) for each in chats.read(chat)])
        headers = {"Content-Disposition": 'attachment; filename="footnote.md"'}
        return PlainTextResponse(written, media_type="text/markdown", headers=headers)

    async def told(
        events: AsyncGenerator[Sentence | Answer, None], *, chat: str, number: int
    ) -> AsyncGenerator[bytes, None]:
        """Write `chat`, `sentence`, `sentence`, …, `answer`; a failure as `error`."""
        before = None
        try:
            yield event({"chat": chat, "number": number}, name="chat")
            async for each in events:
                if isinstance(each, Sentence):
                    yield event({"html": sentence_html(each, before=before)}, name="sentence")
                    before = each
                else:
                    kept = each.as_json()
                    await to_thread.run_sync(chats.keep, chat, number, kept)
                    shown = turn_html(number, kept, papers_held=held())
                    yield event({"html": shown}, name="answer")
        except FootnoteError as error:
            yield event({"html": html("problem", problem=Problem.of(error))}, name="error")
        finally:
            with CancelScope(shield=True):
                await events.aclose()

    return router


def _opened(chats: Chats, chat: str | None) -> tuple[str, list[Asked]]:
    """Give the conversation; a new one if there is none, or none any more."""
    if chat is None or not chats.holds(chat):
        return chats.begin(), []
    return chat, chats.read(chat)
