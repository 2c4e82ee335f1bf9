"""Requests: the JSON that the page's own script sends."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from assistant.conversation import Turn
from assistant.serving.desk import Question
from assistant.serving.page.chats import MOST
from assistant.serving.requests import Since, Text, Until

ChatName = Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{22}$")]


class AskOnPage(BaseModel):
    """A question in a conversation."""

    model_config = ConfigDict(extra="forbid")

    question: Text
    chat: ChatName | None = None
    number: Annotated[int | None, Field(ge=1, le=MOST)] = None
    """The question that this one replaces, with all that follow it."""
    since: Since = None
    until: Until = None
    literature: bool = False
    timezone: Annotated[str | None, Field(max_length=100)] = None

    def asked(self, history: tuple[Turn, ...]) -> Question:
        """Give it as the desk takes it."""
        return Question(
            words=self.question,
            history=history,
            since=self.since,
            until=self.until,
            literature=self.literature,
            timezone=self.timezone,
        )
