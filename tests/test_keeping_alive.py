"""Streams in which nothing happens for a while: they say so, and end when they should."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Iterator
from datetime import date
from time import sleep

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
from tests.served import listening

QUESTION = "How do model soups combine fine-tuned models?"
SLOW = 0.6
"""Seconds until the scripted model says something."""
EVERY = 0.1


async def slow_events(ended: list[bool]) -> AsyncGenerator[int, None]:
    try:
        yield 1
        await anyio.sleep(SLOW)
        yield 2
    finally:
        ended.append(True)


def test_what_comes_late_comes_whole_after_signs_of_life() -> None:
    ended: list[bool] = []

    async def work() -> list[int | None]:
        return [each async for each in kept_alive(slow_events(ended), every=EVERY)]

    got = anyio.run(work)
    assert (got[0], got[-1]) == (1, 2)
    assert got.count(None) >= 2
    assert ended == [True]


def test_without_silence_there_is_no_sign_of_life() -> None:
    async def work() -> list[int | None]:
        return [each async for each in kept_alive(slow_events([]), every=60)]

    assert anyio.run(work) == [1, 2]


def test_who_leaves_in_a_silence_ends_it() -> None:
    ended: list[bool] = []

    async def work() -> None:
        events = kept_alive(slow_events(ended), every=EVERY)
        async for each in events:
            if each is None:
                break
        await events.aclose()

    anyio.run(work)
    assert ended == [True]


def test_a_failure_is_raised() -> None:
    async def failing() -> AsyncGenerator[int, None]:
        yield 1
        raise KeyError("gone")

    async def work() -> list[int | None]:
        return [each async for each in kept_alive(failing(), every=EVERY)]

    with pytest.raises(KeyError, match="gone"):
        anyio.run(work)


@pytest.fixture
def slow_url(searcher: Searcher, chat_server: ChatServer) -> Iterator[str]:
    """OpenAI's protocol, with a model that thinks before it writes."""

    def writing(_: object) -> Iterator[str]:
        sleep(SLOW)
        yield "Model soups average the weights of several fine-tuned models [1]."

    chat_server.script(writing)
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


def test_a_chat_client_is_kept_waiting_and_gets_its_answer(slow_url: str) -> None:
    messages = [{"role": "user", "content": QUESTION}]
    asked = {"model": "footnote", "messages": messages, "stream": True}
    told = httpx2.post(f"{slow_url}/v1/chat/completions", json=asked, timeout=60)
    assert told.status_code == 200
    assert told.content.count(PING) >= 2
    assert told.content.endswith(b"data: [DONE]\n\n")
    with OpenAI(base_url=f"{slow_url}/v1", api_key="none", max_retries=0) as client:
        stream = client.chat.completions.create(
            model="footnote", messages=[{"role": "user", "content": QUESTION}], stream=True
        )
        chunks = list(stream)
    assert chunks[0].choices[0].delta.role == "assistant"
    assert chunks[-1].choices[0].finish_reason == "stop"
