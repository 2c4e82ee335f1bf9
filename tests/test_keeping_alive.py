"""Streams in which nothing happens for a while: they say so, and end when they should."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Iterator
from datetime import date
from threading import Event, Timer

import anyio
import httpx2
import pytest
from fastapi import FastAPI
from openai import OpenAI

from assistant.assembling import answering, chat_model
from assistant.digest.opening import digesting
from assistant.serving.chat_completions import chat_routes
from assistant.serving.desk import Desk
from assistant.serving.keeping_alive import PING, kept_alive
from assistant.serving.limits import Limits
from assistant.serving.metrics import Metrics
from assistant.settings import Settings
from assistant.support import TrainedSupport
from index.search import Searcher
from tests.chat_server import ChatServer
from tests.served import PATIENCE, listening

QUESTION = "How do model soups combine fine-tuned models?"
EVERY = 0.05
"""Seconds of silence."""


class Slow:
    """Events of which the second comes when it is told to."""

    def __init__(self) -> None:
        self.told = anyio.Event()
        self.ended = False

    async def events(self) -> AsyncGenerator[int, None]:
        try:
            yield 1
            await self.told.wait()
            yield 2
        finally:
            self.ended = True


def test_what_comes_late_comes_whole_after_signs_of_life() -> None:
    async def work() -> None:
        slow, got = Slow(), []
        async for each in kept_alive(slow.events(), every=EVERY):
            got.append(each)
            if got.count(None) == 2:
                slow.told.set()
        assert (got[:3], got[-1]) == ([1, None, None], 2)
        assert slow.ended

    anyio.run(work)


def test_without_silence_there_is_no_sign_of_life() -> None:
    async def work() -> list[int | None]:
        slow = Slow()
        slow.told.set()
        return [each async for each in kept_alive(slow.events(), every=60)]

    assert anyio.run(work) == [1, 2]


def test_who_leaves_in_a_silence_ends_it() -> None:
    async def work() -> None:
        slow = Slow()
        events = kept_alive(slow.events(), every=EVERY)
        async for each in events:
            if each is None:
                break
        slow.told.set()
        await events.aclose()
        assert slow.ended

    anyio.run(work)


def test_a_failure_is_raised() -> None:
    async def failing() -> AsyncGenerator[int, None]:
        yield 1
        raise KeyError("gone")

    async def work() -> list[int | None]:
        return [each async for each in kept_alive(failing(), every=EVERY)]

    with pytest.raises(KeyError, match="gone"):
        anyio.run(work)


@pytest.fixture
def chat_url(searcher: Searcher, chat_server: ChatServer) -> Iterator[str]:
    """OpenAI's protocol over a scripted model; it says soon that it is still at work."""
    settings = Settings.read({"FOOTNOTE_MODEL_URL": chat_server.url})
    with chat_model(settings) as model:
        desk = Desk(
            answering(searcher, model, support=TrainedSupport(), settings=settings),
            digesting(searcher, model, settings=settings),
            searcher,
            today=lambda _: date(2026, 11, 21),
            limits=Limits(silence=EVERY),
            at_once=1,
            metrics=Metrics(papers=lambda: 0),
        )
        app = FastAPI()
        app.include_router(chat_routes(desk))
        with listening(app) as url:
            yield url


def test_a_chat_client_that_waits_is_told_so_and_gets_its_answer(
    chat_url: str, chat_server: ChatServer
) -> None:
    noticed = Event()

    def writing(_: object) -> Iterator[str]:
        assert noticed.wait(PATIENCE)
        yield "Model soups average the weights of several fine-tuned models [1]."

    chat_server.script(writing)
    messages = [{"role": "user", "content": QUESTION}]
    asked = {"model": "footnote", "messages": messages, "stream": True}
    with httpx2.stream("POST", f"{chat_url}/v1/chat/completions", json=asked, timeout=60) as told:
        assert told.status_code == 200
        text = b""
        for piece in told.iter_bytes():
            text += piece
            if text.count(PING) >= 2:
                noticed.set()
    assert text.endswith(b"data: [DONE]\n\n")
    noticed.clear()
    with OpenAI(base_url=f"{chat_url}/v1", api_key="none", max_retries=0) as client:
        stream = client.chat.completions.create(
            model="footnote", messages=[{"role": "user", "content": QUESTION}], stream=True
        )
        Timer(4 * EVERY, noticed.set).start()
        chunks = list(stream)
    assert chunks[0].choices[0].delta.role == "assistant"
    assert chunks[-1].choices[0].finish_reason == "stop"
