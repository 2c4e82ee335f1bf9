"""The desk: so many questions at once, so many that wait, and places that are given back."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Iterator
from datetime import date
from typing import Any

import anyio
import pytest

from assistant.answers import Answer
from assistant.assembling import answering, chat_model
from assistant.digest.opening import digesting
from assistant.errors import ChatModelError, CrowdedError, TooLargeError
from assistant.serving.desk import Desk, Question, first_of
from assistant.serving.limits import Limits
from assistant.serving.metrics import Metrics
from assistant.settings import Settings
from assistant.support import TrainedSupport
from index.search import Searcher
from tests.chat_server import SILENCE, ChatServer, Refusal

SOUPS = Question(words="How do model soups combine fine-tuned models?")


@pytest.fixture
def metrics() -> Metrics:
    return Metrics(papers=lambda: 0)


@pytest.fixture
def desk(searcher: Searcher, chat_server: ChatServer, metrics: Metrics) -> Iterator[Desk]:
    """One place, and one to wait in; a scripted model writes."""
    settings = Settings.read({"FOOTNOTE_MODEL_URL": chat_server.url})
    with chat_model(settings) as model:
        yield Desk(
            answering(searcher, model, support=TrainedSupport(), settings=settings),
            digesting(searcher, model, settings=settings),
            searcher,
            today=lambda _: date(2026, 11, 21),
            limits=Limits(waiting=1, question=200),
            at_once=1,
            metrics=metrics,
        )


def run(work: Callable[[], Coroutine[Any, Any, None]]) -> None:
    async def bounded() -> None:
        with anyio.fail_after(60):
            await work()

    anyio.run(bounded)


def test_who_comes_when_too_many_wait_is_sent_away(desk: Desk, chat_server: ChatServer) -> None:
    chat_server.steps([SILENCE])

    async def work() -> None:
        async with anyio.create_task_group() as group:
            group.start_soon(desk.ask, SOUPS)
            while not chat_server.requests:
                await anyio.sleep(0.01)
            group.start_soon(desk.ask, SOUPS)
            await anyio.wait_all_tasks_blocked()
            with pytest.raises(CrowdedError, match="1 questions are waiting"):
                await desk.ask(SOUPS)
            with pytest.raises(CrowdedError):
                await desk.search("model soups", limit=1, since=None, until=None)
            chat_server.close()
            group.cancel_scope.cancel()

    run(work)


def test_a_place_is_given_back_whatever_happens(
    desk: Desk, chat_server: ChatServer, metrics: Metrics
) -> None:
    async def work() -> None:
        chat_server.steps([Refusal(400)])
        for _ in range(3):
            with pytest.raises(ChatModelError):
                await desk.ask(SOUPS)
            with pytest.raises(ChatModelError):
                await first_of(desk.stream(SOUPS))
        chat_server.say("Nothing of use.")
        assert isinstance(await desk.ask(SOUPS), Answer)

    run(work)
    text = metrics.text().decode()
    assert 'footnote_answers_total{outcome="failed"} 6.0' in text
    assert 'footnote_answers_total{outcome="declined"} 1.0' in text
    assert "footnote_answering 0.0" in text


def test_who_leaves_ends_the_models_writing(desk: Desk, chat_server: ChatServer) -> None:
    sentence = desk.searcher.search("model soups", limit=1).hits[0].paper.abstract.split(". ")[0]
    chat_server.steps([f"{sentence}. [1] ", "And ", SILENCE])

    async def work() -> None:
        events = await first_of(desk.stream(SOUPS))
        await anext(events)
        await events.aclose()
        chat_server.say("Nothing of use.")
        assert isinstance(await desk.ask(SOUPS), Answer)

    run(work)
    assert chat_server.left.wait(10)


def test_a_question_that_is_too_long_is_refused_before_it_waits(desk: Desk) -> None:
    async def work() -> None:
        for ask in (desk.ask, lambda asked: anext(desk.stream(asked))):
            with pytest.raises(TooLargeError, match="201 characters, more than 200"):
                await ask(Question(words="x" * 201))

    run(work)
