"""One client for a language model behind an OpenAI-compatible server, vLLM above all."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol


@dataclass(frozen=True)
class Message:
    """One message of a chat."""

    role: Literal["system", "user", "assistant"]
    text: str


class ChatModel(Protocol):
    """A language model that writes the next message of a chat."""

    @property
    def name(self) -> str:
        """The model, as its server calls it."""
        ...

    @property
    def window(self) -> int:
        """How many tokens prompt and answer may have together."""
        ...

    @property
    def constrained(self) -> bool:
        """Whether a grammar is heeded."""
        ...

    def count(self, text: str) -> int:
        """Count the tokens of a text; never too few."""
        ...

    def stream(
        self,
        messages: Sequence[Message],
        *,
        max_tokens: int,
        grammar: str | None = None,
        temperature: float = 0.0,
    ) -> Iterator[str]:
        """Yield the answer in pieces as they come; closing the iterator ends the generation.

        Args:
            grammar: What only can be written, see `assistant.constraint`.

        Raises:
            ModelServerError: The model's server cannot be used, or no longer.
        """
        ...
