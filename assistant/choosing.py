"""Choosing: a model answers with one of a few words, several times, and how sure it is.

vLLM lets it write nothing else. What another server says is read as a word; if it is none of those
asked for, that is an error, never a choice.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import exp
from typing import Any

from assistant.errors import ChatModelError, RefusedError
from assistant.model_server import ModelServer

TOKENS = 8
"""A word is one token to most models; those of few tokens need more."""

ALTERNATIVES = 20
"""Tokens whose probability is asked for: as many as servers give unless they are told otherwise."""

SHOWN = 80
"""Characters of an answer that an error repeats."""


@dataclass(frozen=True)
class Chosen:
    """What a model chose, once."""

    option: str
    probabilities: Mapping[str, float] | None
    """Of each option before one was drawn, 1 together; None if the server does not tell."""


class Chooser:
    """Asks one model of a server; several threads may use it at once."""

    def __init__(self, server: ModelServer, name: str, *, constrained: bool, plain: Any) -> None:
        """Ask the model `name`.

        Args:
            constrained: Whether the server heeds what only may be written.
            plain: What tells such a server's chat template that the model is not to think aloud.
        """
        self._server = server
        self._name = name
        self._plain = plain
        self._constrained = constrained
        self._told = True

    def choose(
        self,
        messages: Sequence[Mapping[str, str]],
        options: Sequence[str],
        *,
        samples: int,
        temperature: float,
        seed: int,
    ) -> list[Chosen]:
        """Have one of `options`, words in lower case, chosen `samples` times.

        Raises:
            RefusedError: The server does not take the request in any form.
            ChatModelError: The server fails, or the model says something else.
        """
        chosen: list[Chosen] = []
        while len(chosen) < samples:
            request = {
                "model": self._name,
                "messages": list(messages),
                "max_tokens": TOKENS,
                "temperature": temperature,
                "seed": seed + len(chosen),
                "n": samples - len(chosen) if self._constrained else 1,
            }
            chosen += self._asked(request, options)
        return chosen[:samples]

    def _asked(self, request: dict[str, Any], options: Sequence[str]) -> list[Chosen]:
        """Ask once; what the server refuses is left out, then and from then on."""
        for constrained, told in self._forms():
            extras: dict[str, Any] = {}
            if constrained:
                extras["structured_outputs"] = {"choice": list(options)}
                extras["chat_template_kwargs"] = self._plain
            if told:
                extras |= {"logprobs": True, "top_logprobs": ALTERNATIVES}
            try:
                answer = self._server.completion({**request, **extras})
            except RefusedError:
                if not constrained and not told:
                    raise
                continue
            self._constrained, self._told = constrained, told
            return [_chosen(each, options, constrained, self._name) for each in _rows(answer)]
        raise AssertionError("the last form returns or raises")

    def _forms(self) -> Iterator[tuple[bool, bool]]:
        """Give the forms of a request: whether it constrains, and asks for probabilities."""
        for constrained in (True, False):
            for told in (True, False):
                if constrained <= self._constrained and told <= self._told:
                    yield constrained, told


def _rows(answer: Any) -> list[Mapping[str, Any]]:
    match answer:
        case {"choices": [_, *_] as rows}:
            return [row for row in rows if isinstance(row, Mapping)]
    raise ChatModelError("the server gives no answer", hint="look at what it printed last")


def _chosen(row: Mapping[str, Any], options: Sequence[str], constrained: bool, name: str) -> Chosen:
    match row:
        case {"message": {"content": str(text)}}:
            pass
        case _:
            text = ""
    word = _word(text)
    if word not in options:
        said = " ".join(text.split())[:SHOWN].replace("`", "'")
        wanted = " nor ".join(f"`{option}`" for option in options)
        raise ChatModelError(
            f"`{name}` answers `{said}`, which is neither {wanted}",
            hint="serve the model with vLLM, which lets it write nothing else, or take another",
        )
    return Chosen(word, _probabilities(row, options, constrained=constrained))


def _probabilities(
    row: Mapping[str, Any], options: Sequence[str], *, constrained: bool
) -> Mapping[str, float] | None:
    """Sum what the server tells of the first token that is a word, or the start of one."""
    found = dict.fromkeys(options, 0.0)
    for word, probability in _alternatives(row):
        meant = [o for o in options if o == word or (constrained and o.startswith(word))]
        if len(meant) == 1:
            found[meant[0]] += probability
    whole = sum(found.values())
    return {option: share / whole for option, share in found.items()} if whole > 0 else None


def _alternatives(row: Mapping[str, Any]) -> Iterator[tuple[str, float]]:
    """Give what might have stood first, and how probable it was."""
    match row.get("logprobs"):
        case {"content": [*tokens]}:
            pass
        case _:
            return
    for token in tokens:
        match token:
            case {"token": str(said), "top_logprobs": [*others]} if _word(said):
                break
    else:
        return
    for other in others:
        match other:
            case {"token": str(said), "logprob": float() | int() as told} if word := _word(said):
                yield word, exp(min(told, 0.0))


def _word(text: str) -> str:
    """Give the letters of a text, without blanks, signs and case."""
    return re.sub(r"[\W_]+", "", text).lower()
