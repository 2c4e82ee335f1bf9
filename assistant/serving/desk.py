"""The desk: the questions of all callers, put to one assistant, so many at once and no more."""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator, Callable, Generator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any, TypeVar

from anyio import CancelScope, CapacityLimiter, to_thread

from assistant.answering import HITS, Assistant, asked_words
from assistant.answers import Answer, Sentence
from assistant.conversation import Conversation, Turn
from assistant.digest.digester import Digester
from assistant.digest.digests import Digest, Rank
from assistant.digest.periods import Named, period_named, wanted
from assistant.errors import CrowdedError, TooLargeError
from assistant.serving.limits import Limits
from assistant.serving.metrics import Metrics
from index.search import Found, Searcher

Done = TypeVar("Done")


@dataclass(frozen=True, kw_only=True)
class Question:
    """What is asked, and what its answer is limited to."""

    words: str
    history: tuple[Turn, ...] = ()
    limit: int = HITS
    """How many papers to look at."""
    since: date | None = None
    until: date | None = None
    literature: bool = False
    timezone: str | None = None
    """Of who asks: what "today" means."""


class Desk:
    """Answers and searches in threads, whose number is bounded; who finds no place waits."""

    def __init__(
        self,
        assistant: Assistant,
        digester: Digester,
        searcher: Searcher,
        *,
        today: Callable[[str | None], date],
        limits: Limits,
        at_once: int,
        metrics: Metrics,
        degraded: Callable[[], None] = lambda: None,
    ) -> None:
        """Put the parts together.

        Args:
            today: Gives the day in a time zone; in the settings' own for None.
            at_once: Questions answered at the same time.
            degraded: Told whenever the vectors could not be searched.
        """
        self.searcher = searcher
        self.limits = limits
        self._assistant = assistant
        self._digester = digester
        self._today = today
        self._places = CapacityLimiter(at_once)
        self._threads = CapacityLimiter(at_once + 1)
        self._metrics = metrics
        self._degraded = degraded

    async def ask(self, question: Question) -> Answer:
        """Give the whole answer.

        Raises:
            TooLargeError: The question is too long.
            CrowdedError: Too many others are waiting.
            ChatModelError: The language model cannot be used, or no longer.
        """
        ask = partial(self._assistant.ask, **self._asked(question))
        async with self._place():
            with self._metrics.answering() as note:
                answer = await self._in_thread(ask)
                note(answer)
                self._look_at(answer)
                return answer

    async def stream(self, question: Question) -> AsyncGenerator[Sentence | Answer, None]:
        """Give each sentence once it is checked, and the answer in the end; raises as `ask`.

        Whoever leaves is missed when the next sentence is ready; then the model's writing ends.
        """
        events = self._assistant.stream(**self._asked(question))
        async with self._place():
            with self._metrics.answering() as note:
                try:
                    while (event := await self._in_thread(partial(next, events, None))) is not None:
                        if isinstance(event, Answer):
                            note(event)
                            self._look_at(event)
                        yield event
                finally:
                    await self._closed(events)

    async def search(
        self, query: str, *, limit: int, since: date | None, until: date | None
    ) -> Found:
        """Find papers, best first.

        Raises:
            QuestionError: The query holds no word to search for.
            TooLargeError: It is too long.
            CrowdedError: Too many others are waiting.
        """
        self._check_length(query)
        words = asked_words(query)
        async with self._place():
            found = await self._in_thread(
                partial(self.searcher.search, words, limit=limit, since=since, until=until)
            )
        self._look_at(found)
        return found

    async def digest(self, named: Named, *, rank: Rank | None = None) -> Digest:
        """Make the digest of the days that are named, else of the latest list.

        Raises:
            PeriodError: They are no days, or no day is known.
            CrowdedError: Too many others are waiting.
            ChatModelError: The language model cannot be used, or no longer.
        """
        today = self._today(None)

        def make() -> Digest:
            period = period_named(named, self.searcher.corpus, today=today)
            return self._digester.digest(wanted(period, rank=rank))

        async with self._place():
            return await self._in_thread(make)

    def _look_at(self, said: Answer | Found) -> None:
        if said.degraded:
            self._degraded()

    def _asked(self, question: Question) -> dict[str, Any]:
        self._check_length(question.words)
        return {
            "message": question.words,
            "conversation": Conversation(question.history),
            "limit": question.limit,
            "since": question.since,
            "until": question.until,
            "literature": question.literature,
            "today": self._today(question.timezone),
        }

    def _check_length(self, words: str) -> None:
        if len(words) > self.limits.question:
            raise TooLargeError(
                f"The question has {len(words)} characters, more than {self.limits.question}",
                hint="ask it in fewer words",
            )

    @asynccontextmanager
    async def _place(self) -> AsyncIterator[None]:
        """Wait for a place; whoever frees it need not be the task that took it."""
        if self._places.statistics().tasks_waiting >= self.limits.waiting:
            raise CrowdedError(
                f"{self.limits.waiting} questions are waiting already, which is the most",
                hint="ask again in a moment",
            )
        borrower = object()
        await self._places.acquire_on_behalf_of(borrower)
        try:
            yield
        finally:
            self._places.release_on_behalf_of(borrower)

    async def _in_thread(self, work: Callable[[], Done]) -> Done:
        return await to_thread.run_sync(work, limiter=self._threads)

    async def _closed(self, events: Generator[Any, None, None]) -> None:
        """End an answer that nobody waits for, so that the model's server stops writing it."""
        with CancelScope(shield=True):
            await self._in_thread(events.close)


async def first_of(events: AsyncGenerator[Done, None]) -> AsyncGenerator[Done, None]:
    """Wait for the first event, so that what fails at once is told by a status; give them all."""
    first = await anext(events)

    async def every() -> AsyncGenerator[Done, None]:
        try:
            yield first
            async for event in events:
                yield event
        finally:
            with CancelScope(shield=True):
                await events.aclose()

    return every()
