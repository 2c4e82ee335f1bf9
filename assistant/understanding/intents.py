"""What a message asks for: an answer, papers, a digest, an author, a review, or only some talk."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal, NamedTuple

from assistant.understanding import small_talk
from assistant.understanding.authors import author_named
from assistant.understanding.dates import Span
from assistant.understanding.messages import holds_overlong_word, plain, says_nothing, searchable
from assistant.understanding.named_papers import asked_of_papers, named_ids
from assistant.understanding.orders import INVENTS_NOTHING, order
from assistant.understanding.paper_days import restricted
from assistant.understanding.paper_lists import asked_list, compared, only_papers
from assistant.understanding.reviews import review_topic

Kind = Literal["question", "digest", "papers", "author", "paper", "literature", "talk"]

LONGEST_REQUEST = 1_000
"""Characters of a message that can be a request for papers; a longer one is a question."""

SENTENCE_END = re.compile(r"(?<=[.!?…])\s+")


@dataclass(frozen=True, kw_only=True)
class Request:
    """A message, understood.

    question: an answer from the papers; digest: what the papers of some days say, on any subject;
    papers: a list of papers, on a subject or all; author: a list of somebody's papers; paper: some
    papers named by id; literature: an overview of the work on a subject; talk: only `reply`.
    """

    kind: Kind
    message: str
    """What was said, harmless to show: without control characters, on one line."""
    words: str = ""
    """What to search for: the subject or question, without date, pleasantry and picture.

    Empty in a question: it holds no word that any paper could hold; nothing is found. Empty in
    `papers`, `digest` and `author`: on any subject.
    """
    span: Span | None = None
    """The days to which the papers are restricted. None in a digest: the latest day there is."""
    author: str | None = None
    papers: tuple[str, ...] = ()
    """The arXiv ids named."""
    count: int | None = None
    """How many papers are wanted, those with the most votes first; None: as many as there are."""
    reply: str | None = None
    """What to say to talk; and where `needs_history`, without any history."""
    needs_history: bool = False
    """It says nothing alone (`why?`); within a conversation it is a question."""


def understand(message: str, *, today: date) -> Request:
    """Find out what a message asks for; any text is understood, at worst as a question.

    Args:
        message: As it was typed; at most 10,000 characters of it are read.
        today: The user's day, from which `last week` counts.
    """
    text = plain(message)
    said = _split(text)
    if said.reply is not None:
        return Request(kind="talk", message=text, reply=said.reply)
    words = searchable(said.asked)
    if not words and holds_overlong_word(text):
        return Request(kind="question", message=text)
    if small_talk.needs_history(words):
        ask = small_talk.ABOUT_WHAT
        return Request(kind="question", message=text, words=words, reply=ask, needs_history=True)
    if says_nothing(said.asked) or says_nothing(words):
        return Request(kind="talk", message=text, reply=small_talk.ASK)
    return _request(text, words, today)


def _request(message: str, words: str, today: date) -> Request:
    if len(words) > LONGEST_REQUEST:
        return Request(kind="question", message=message, words=words)
    if ids := named_ids(words):
        rest = asked_of_papers(words)
        return Request(kind="paper", message=message, words=rest, papers=ids)
    days = restricted(words, today=today)
    span, rest = (days.span, days.rest) if days else (None, words)
    found: dict[str, Any] = {"message": message, "span": span}
    if author := author_named(rest):
        return Request(kind="author", words=author.topic, author=author.name, **found)
    dated = span is not None
    listed = compared(rest) if dated else None
    topic = review_topic(rest)
    if listed is None and topic is not None and not (dated and only_papers(topic)):
        return Request(kind="literature", words=topic, **found)
    if listed := listed or asked_list(rest, dated=dated):
        return Request(kind=listed.kind, words=listed.topic, count=listed.count, **found)
    return Request(kind="question", words=rest, **found)


class _Said(NamedTuple):
    asked: str
    """What is left to ask."""
    reply: str | None
    """The reply, if nothing is left, or something that is declined."""


def _split(text: str) -> _Said:
    """Take pleasantries, orders and questions about the assistant from what else is said."""
    replies: list[str] = []
    asked: list[str] = []
    for sentence in SENTENCE_END.split(text):
        reply = order(sentence) or small_talk.meta(sentence)
        if reply == INVENTS_NOTHING:
            return _Said("", reply)
        alone = small_talk.chatter(sentence) is None or small_talk.needs_history(sentence)
        if reply is None and alone:
            asked.append(sentence)
        elif reply:
            replies.append(reply)
    rest = small_talk.without_opening(" ".join(asked))
    if len(rest) < len(text):
        rest = small_talk.without_link(rest)
    if rest:
        return _Said(rest, None)
    return _Said("", next(iter(replies), small_talk.chatter(text) or small_talk.ASK))
