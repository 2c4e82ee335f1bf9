"""The transcript: what a model was told in a conversation, and the number of each paper in it.

It only grows at its end, so that a server with a prefix cache reads each turn's new part alone:
a paper keeps its number and is given once. Where it outgrows the window its first turns go, in
one cut down to half the window, since every cut costs the cache.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from assistant.answers import Statement
from assistant.chat_model import Message
from assistant.evidence import Given, harmless
from index.search import Hit
from prompts import load

MARKER = re.compile(r"\[(\d{1,3})\]")

OVERHEAD = 8
"""Tokens that a chat template puts around a message, about; most take 4 or 5."""


@dataclass(frozen=True)
class Exchange:
    """A question with the papers given for it, and what the model answered."""

    question: Message
    answer: Message
    numbers: tuple[int, ...]
    """The papers given here for the first time."""


class Transcript:
    """Of one conversation with one model."""

    def __init__(self) -> None:
        """Begin an empty one."""
        self._exchanges: list[Exchange] = []
        self._hits: dict[int, Hit] = {}
        self._numbers: dict[str, int] = {}

    @property
    def hits(self) -> Mapping[int, Hit]:
        """The papers that the model has before it, by their numbers."""
        given = {number for exchange in self._exchanges for number in exchange.numbers}
        return {number: hit for number, hit in self._hits.items() if number in given}

    @property
    def messages(self) -> list[Message]:
        """All questions and answers, in order."""
        return [
            message
            for exchange in self._exchanges
            for message in (exchange.question, exchange.answer)
        ]

    def number(self, hit: Hit) -> int:
        """Give the paper's number, a new one if it has none yet."""
        number = self._numbers.setdefault(hit.paper.id, len(self._numbers) + 1)
        self._hits[number] = hit
        return number

    def question(self, question: str, given: Sequence[Given]) -> Message:
        """Put a question and the papers that are new with it into one message."""
        papers = "\n\n".join(each.fenced(self.number(each.hit)) for each in given)
        text = load("question").fill(papers=papers, question=harmless(question))
        return Message("user", text.strip())

    def keep(self, question: Message, answer: str, given: Sequence[Given]) -> None:
        """Add a question and its answer, in the model's own numbers, at the end."""
        numbers = tuple(self.number(each.hit) for each in given)
        self._exchanges.append(Exchange(question, Message("assistant", answer), numbers))

    def recall(self, question: str, answer: str, cited: Mapping[int, Hit]) -> None:
        """Add an exchange that took place elsewhere: what it cited stands for what it was given.

        Args:
            answer: With markers.
            cited: By their numbers in the answer; one that is no longer there loses its markers.
        """
        known = {hit.paper.id for hit in self.hits.values()}
        new = [hit for hit in cited.values() if hit.paper.id not in known]
        given = [Given(hit, tuple(range(len(hit.vectors.sentences)))) for hit in new]
        message = self.question(question, given)
        numbers = {str(number): self.number(hit) for number, hit in cited.items()}

        def renumbered(marker: re.Match[str]) -> str:
            return f"[{numbers[marker[1]]}]" if marker[1] in numbers else ""

        self.keep(message, MARKER.sub(renumbered, answer), given)

    def marked(self, statement: Statement) -> str:
        """Give a sentence with its markers, in the numbers that the model knows."""
        numbers = (self._numbers[paper.id] for paper in statement.papers)
        return f"{statement.text} {''.join(f'[{number}]' for number in numbers)}"

    def size(self, count: Callable[[str], int]) -> int:
        """Count the tokens of all messages."""
        return sum(count(message.text) + OVERHEAD for message in self.messages)

    def shorten(self, *, room: int, count: Callable[[str], int]) -> None:
        """Drop the first exchanges if all together exceed `room` tokens, down to half of it."""
        if self.size(count) > room:
            while self._exchanges and self.size(count) > room // 2:
                del self._exchanges[0]
