"""Restating: a follow-up, or a question in another language, as an English question, by a model."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing

from assistant.chat_model import ChatModel, Message
from assistant.conversation import Turn
from assistant.evidence import harmless
from index.papers import tidy
from prompts import load

TURNS = 6
"""Said last, that the model is told; what came before is no longer the topic."""

LONGEST_TURN = 600
"""Characters of each."""

TOKENS = 120
"""Of a question, at most."""


def restated(message: str, turns: Sequence[Turn], *, model: ChatModel) -> str | None:
    """Let the model write a message so that it stands alone; None if it writes nothing fit for it.

    Raises:
        ChatModelError: The model cannot be used.
    """
    said = [f"{turn.role}: {harmless(turn.text[:LONGEST_TURN])}" for turn in turns[-TURNS:]]
    text = "\n".join([*said, f"Last message: {harmless(message)}"])
    messages = [Message("system", load("standalone").fill()), Message("user", text)]
    with closing(model.stream(messages, max_tokens=TOKENS)) as pieces:
        lines = [line for line in map(tidy, "".join(pieces).split("\n")) if line]
    question = lines[0].removeprefix("Question:").strip(' "') if lines else ""
    return question if any(letter.isalpha() for letter in question) else None
