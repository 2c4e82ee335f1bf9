"""Messages of OpenAI's protocol: the last one is the question, those before it the conversation.

A client sends an answer back as it was given, in Markdown with footnotes; from these is read which
papers it cited, so that "it" and "[2]" are understood in the next question.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from assistant.conversation import LAST_TURNS, Turn
from assistant.errors import QuestionError
from assistant.serving.desk import Question

FOOTNOTE = re.compile(r"^\[\^\d{1,4}\]: .*, (\S{1,200})$", re.MULTILINE)
MARK = re.compile(r"\[\^(\d{1,4})\]")
ESCAPED = re.compile(r"\\([^\w\s])")


class TextPart(BaseModel):
    """A piece of a message."""

    type: Literal["text"]
    text: str


class ChatMessage(BaseModel):
    """A message; what else a client may send with it is of no use here."""

    model_config = ConfigDict(extra="ignore")

    role: Literal["system", "developer", "user", "assistant"]
    content: str | list[TextPart] | None = None

    @property
    def text(self) -> str:
        """All its pieces."""
        if isinstance(self.content, list):
            return " ".join(part.text for part in self.content)
        return self.content or ""


class ChatRequest(BaseModel):
    """A request for a chat completion; how a model samples says nothing to us, and is ignored."""

    model_config = ConfigDict(
        extra="ignore",
        json_schema_extra={
            "examples": [
                {
                    "model": "footnote",
                    "messages": [{"role": "user", "content": "What makes SOAP better than Adam?"}],
                }
            ]
        },
    )

    model: str
    messages: Annotated[list[ChatMessage], Field(min_length=1, max_length=200)]
    stream: bool = False
    n: Literal[1] | None = None

    def asked(self) -> Question:
        """Give the question and the conversation.

        Raises:
            QuestionError: The last message is none of a user, or is empty.
        """
        last = self.messages[-1]
        if last.role != "user" or not last.text.strip():
            raise QuestionError(
                "The last message is no question", hint="end `messages` with one of the role `user`"
            )
        return Question(words=last.text, history=_turns(self.messages[:-1]))


def _turns(messages: Sequence[ChatMessage]) -> tuple[Turn, ...]:
    """Give what was said; what a client's own prompt says to a model is left out."""
    said = [each for each in messages if each.role in ("user", "assistant")][-LAST_TURNS:]
    return tuple(_turn(each) for each in said)


def _turn(message: ChatMessage) -> Turn:
    if message.role == "assistant":
        body = FOOTNOTE.sub("", message.text)
        marked = ESCAPED.sub(r"\1", MARK.sub(r"[\1]", body))
        return Turn("assistant", marked.strip(), cited(message.text))
    return Turn("user", message.text)


def cited(markdown: str) -> tuple[str, ...]:
    """Read the ids of the papers from the footnotes of an answer, in their order."""
    return tuple(ESCAPED.sub(r"\1", found) for found in FOOTNOTE.findall(markdown))
