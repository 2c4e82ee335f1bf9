"""One client for a language model behind an OpenAI-compatible server, vLLM above all."""

from __future__ import annotations

import re
from collections.abc import Generator, Sequence
from dataclasses import dataclass, replace
from typing import Literal, Protocol, Self

from assistant.choosing import TOKENS, Chooser, Chosen
from assistant.errors import ChatModelError, RefusedError, WindowError
from assistant.model_server import START, ModelServer, Patience, Served
from assistant.token_counting import TokenCounter, token_counter

WINDOW = 8192
"""Tokens that a model is taken to read whose server does not tell; most read more."""

SEED = 0
"""The same question gives the same answer, as far as the server can."""

PLAIN = {"enable_thinking": False, "thinking": False}
"""Asks Qwen's, DeepSeek's and others' chat templates for the answer alone; templates that do not
know these words ignore them. Thinking aloud would use up the tokens of the answer."""

TOO_LONG = re.compile(
    r"context.?(length|window|size)|max_model_len|too (long|large|many tokens)", re.I
)
"""What servers say when prompt and answer do not fit; there is no code that all of them give."""


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
        """Count the tokens of a text, exactly or a few too many."""
        ...

    def stream(
        self,
        messages: Sequence[Message],
        *,
        max_tokens: int,
        grammar: str | None = None,
        temperature: float = 0.0,
    ) -> Generator[str, None, None]:
        """Yield the answer in pieces as they come; closing the generator ends the writing.

        Args:
            grammar: What only can be written, see `assistant.constraint`.

        Raises:
            WindowError: Prompt and answer do not fit the window.
            ChatModelError: The server cannot be used, or broke off.
        """
        ...


class OpenAIChatModel:
    """A model of an OpenAI-compatible server; several threads may use it at once."""

    def __init__(self, server: ModelServer, served: Served, counter: TokenCounter) -> None:
        """Use `connect` instead."""
        self._server = server
        self._served = served
        self._counter = counter
        self._constrained = served.owner == "vllm"
        self._chooser = Chooser(server, served.name, constrained=self._constrained, plain=PLAIN)

    @classmethod
    def connect(
        cls,
        url: str,
        *,
        model: str | None = None,
        key: str | None = None,
        patience: Patience = Patience(),  # noqa: B008 - it cannot be changed
    ) -> Self:
        """Ask the server for its models and take one.

        Args:
            url: Such as `http://127.0.0.1:8000`, with or without `/v1`.
            model: Its name there; may be left out where there is only one.
            key: What the server wants as a key, if it wants one.

        Raises:
            ChatModelError: Nothing answers, or what does is no such server, refuses the key or does
                not have the model.
        """
        server = ModelServer(url, key=key, patience=patience)
        try:
            served = _chosen(server, model)
            return cls(server, served, token_counter(server, served))
        except ChatModelError:
            server.close()
            raise

    @property
    def name(self) -> str:
        """The model, as its server calls it."""
        return self._served.name

    @property
    def url(self) -> str:
        """The server's address, with its `/v1`."""
        return self._server.url

    @property
    def window(self) -> int:
        """How many tokens prompt and answer may have together."""
        return self._served.window or WINDOW

    @property
    def constrained(self) -> bool:
        """Whether a grammar is heeded: by vLLM, unless it refused one."""
        return self._constrained

    @property
    def counted_by(self) -> str:
        """How tokens are counted: by the model's `tokenizer`, the `server`, or as an `estimate`."""
        return self._counter.counted_by

    def count(self, text: str) -> int:
        """Count the tokens of a text, exactly or a few too many.

        Raises:
            ChatModelError: The server counts, and cannot be used.
        """
        return self._counter.count(text)

    def stream(
        self,
        messages: Sequence[Message],
        *,
        max_tokens: int,
        grammar: str | None = None,
        temperature: float = 0.0,
    ) -> Generator[str, None, None]:
        """Yield the answer in pieces as they come; closing the generator ends the writing.

        A server that refuses the grammar is asked without it, then and from then on.
        """
        request = {
            "model": self.name,
            "messages": _rows(messages),
            "max_tokens": max_tokens,
            "temperature": temperature,
            "seed": SEED,
        }
        extras: dict[str, object] = {}
        if self._constrained:
            extras["chat_template_kwargs"] = PLAIN
            if grammar is not None:
                extras["structured_outputs"] = {"grammar": grammar}
        try:
            yield from self._server.answer({**request, "extra_body": extras})
        except RefusedError as refused:
            self._raise_if_too_long(refused, messages, max_tokens=max_tokens)
            if not extras:
                raise
            for piece in self._server.answer(request):
                self._constrained = False
                yield piece

    def choose(
        self,
        messages: Sequence[Message],
        options: Sequence[str],
        *,
        samples: int,
        temperature: float,
        seed: int = SEED,
    ) -> list[Chosen]:
        """Have one of `options`, words in lower case, chosen `samples` times.

        Raises:
            WindowError: The prompt does not fit the window.
            ChatModelError: The server fails, or the model says something else.
        """
        try:
            return self._chooser.choose(
                _rows(messages), options, samples=samples, temperature=temperature, seed=seed
            )
        except RefusedError as refused:
            self._raise_if_too_long(refused, messages, max_tokens=TOKENS)
            raise

    def _raise_if_too_long(
        self, refused: RefusedError, messages: Sequence[Message], *, max_tokens: int
    ) -> None:
        if not TOO_LONG.search(str(refused)):
            return
        prompt = sum(self.count(each.text) for each in messages)
        raise WindowError(
            f"`{self.name}` reads {self.window} tokens; "
            f"the prompt has about {prompt} and the answer may have {max_tokens}",
            hint="start the server with a longer context, such as `--max-model-len 8192`",
        ) from refused

    def close(self) -> None:
        """End the connections."""
        self._server.close()


def _rows(messages: Sequence[Message]) -> list[dict[str, str]]:
    return [{"role": each.role, "content": each.text} for each in messages]


def _chosen(server: ModelServer, name: str | None) -> Served:
    models = server.models()
    there = ", ".join(f"`{each.name}`" for each in models)
    if not models:
        raise ChatModelError(f"`{server.url}` has no model", hint=START)
    if name is None and len(models) > 1:
        raise ChatModelError(
            f"`{server.url}` has several models: {there}",
            hint="choose one of them with FOOTNOTE_MODEL",
        )
    found = [each for each in models if name in (None, each.name)]
    if not found:
        raise ChatModelError(
            f"`{server.url}` has no model `{name}`; it has {there}",
            hint="set FOOTNOTE_MODEL to one that is there",
        )
    # An adapter (LoRA) does not tell the window; it is that of the model it adapts.
    windows = [each.window for each in (found[0], *models) if each.window]
    return replace(found[0], window=windows[0] if windows else None)
