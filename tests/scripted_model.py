"""A language model that says what a test gives it: the stand-in for `ChatModel`."""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence

from assistant.chat_model import Message

Says = Callable[[Sequence[Message]], str]


class ScriptedModel:
    """Says its lines one after the other, the last one again and again, letter by letter."""

    name = "scripted"

    def __init__(self, *says: str | Says, window: int = 8192, constrained: bool = False) -> None:
        """Give the lines, or what makes a line of the messages."""
        self._says = list(says)
        self.window = window
        self.constrained = constrained
        self.asked: list[list[Message]] = []
        """The messages that each answer was asked with; the next has their grammars."""
        self.grammars: list[str] = []
        self.given = 0
        """Letters said so far."""
        self.closed = 0
        """Answers that came to their end or were broken off."""

    def count(self, text: str) -> int:
        """Count about as many tokens as a real model would."""
        return len(text) // 4 + 1

    def stream(
        self,
        messages: Sequence[Message],
        *,
        max_tokens: int,
        grammar: str | None = None,
        temperature: float = 0.0,
    ) -> Generator[str, None, None]:
        """Say the next line."""
        self.asked.append(list(messages))
        self.grammars.append(grammar or "")
        says = self._says.pop(0) if len(self._says) > 1 else self._says[0]
        try:
            for letter in says if isinstance(says, str) else says(messages):
                self.given += 1
                yield letter
        finally:
            self.closed += 1
