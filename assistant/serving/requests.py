"""Requests: the JSON that programs send to `/api`, with examples."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from assistant.answering import HITS
from assistant.conversation import LAST_TURNS, Turn
from assistant.serving.desk import Question
from assistant.serving.feedback import Opinion

MOST_HITS = 32
MOST_ROWS = 200
"""Papers, or opinions, on one page of a list."""
EXAMPLE = "What makes SOAP better than Adam and Shampoo?"


def _whole(text: str) -> str:
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise ValueError("holds half a character, a surrogate without its other half") from error
    return text


Text = Annotated[str, AfterValidator(_whole)]
Name = Annotated[Text, Field(max_length=300)]
PageLimit = Annotated[int, Field(ge=1, le=MOST_ROWS, description="How many to give.")]
Limit = Annotated[int, Field(ge=1, le=MOST_HITS, description="How many papers to look at.")]
Since = Annotated[
    date | None, Field(description="The first day, included, of a paper's list or publication.")
]
Until = Annotated[date | None, Field(description="The last day, included.")]


class Said(BaseModel):
    """Something that was said before."""

    model_config = ConfigDict(extra="forbid")

    role: Literal["user", "assistant"]
    text: Annotated[Text, Field(max_length=20_000)]
    papers: Annotated[list[Name], Field(max_length=100)] = []


class Ask(BaseModel):
    """A question, and what was said before it."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {"question": EXAMPLE},
                {
                    "question": "And how many hyperparameters does it add?",
                    "history": [
                        {"role": "user", "text": EXAMPLE},
                        {"role": "assistant", "text": "It …", "papers": ["t-636cb335b73d"]},
                    ],
                    "limit": 5,
                },
            ]
        },
    )

    question: Text
    history: Annotated[list[Said], Field(max_length=2 * LAST_TURNS)] = []
    limit: Limit = HITS
    since: Since = None
    until: Until = None
    literature: bool = Field(False, description="Give an overview of the work on the subject.")
    timezone: str | None = Field(None, description='What "today" means, such as `Europe/Vienna`.')

    def asked(self) -> Question:
        """Give it as the desk takes it."""
        return Question(
            words=self.question,
            history=tuple(Turn(each.role, each.text, tuple(each.papers)) for each in self.history),
            limit=self.limit,
            since=self.since,
            until=self.until,
            literature=self.literature,
            timezone=self.timezone,
        )


class Rate(BaseModel):
    """What somebody says of an answer."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "rating": "down",
                    "reason": "The second sentence is about another optimizer",
                    "question": EXAMPLE,
                    "answer": "It keeps updating the second moment's running average. [1]",
                    "papers": ["t-636cb335b73d"],
                }
            ]
        },
    )

    rating: Literal["up", "down"]
    question: Annotated[Text, Field(min_length=1, max_length=10_000)]
    answer: Annotated[Text, Field(max_length=100_000)]
    reason: Annotated[Text, Field(max_length=5_000)] = ""
    papers: Annotated[list[Name], Field(max_length=100)] = []

    def opinion(self) -> Opinion:
        """Give it as it is kept."""
        return Opinion(
            rating=self.rating,
            question=self.question,
            answer=self.answer,
            reason=self.reason,
            papers=tuple(self.papers),
        )
