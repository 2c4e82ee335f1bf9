"""Assistant: find, decide whether that answers, write, and number what was cited."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from time import perf_counter
from typing import Protocol

from assistant.answers import Answer, Citation, Quote, Seconds, Sentence, titles_in_words
from assistant.declining import THRESHOLD, answered_by
from assistant.errors import QuestionError
from assistant.quoting import Excerpt, QuotingWriter
from index.lexical import content_words
from index.papers import Paper, tidy
from index.search import Found, Hit

HITS = 10
"""Papers looked for, if the caller does not say how many."""

NEAREST = 3
"""Papers named when there is no answer."""

LONGEST_QUESTION = 10_000
"""Characters of a question that are kept."""


class Index(Protocol):
    """Where an assistant finds papers."""

    def search(self, question: str, *, limit: int, since: date | None, until: date | None) -> Found:
        """Find the papers that bear on `question`, best first."""
        ...


class Assistant:
    """Answers questions from the papers of an index."""

    def __init__(self, index: Index) -> None:
        self._index = index
        self._writer = QuotingWriter()

    def ask(
        self,
        question: str,
        *,
        limit: int = HITS,
        since: date | None = None,
        until: date | None = None,
    ) -> Answer:
        """Answer from the papers found, or decline and name the nearest.

        Args:
            limit: How many papers to look at.
            since: The first day, included, of a paper's list or publication.
            until: The last day, included.

        Raises:
            QuestionError: There is nothing in the question to search for.
        """
        question = asked_words(question)
        started = perf_counter()
        found = self._index.search(question, limit=limit, since=since, until=until)
        searched = perf_counter()
        excerpts, reason = self._answer(question, found)
        written = perf_counter()
        sentences, citations = _cited(excerpts)
        return Answer(
            question=question,
            kind="answer",
            sentences=sentences,
            citations=citations,
            declined_because=reason,
            remark="" if sentences else _declined(found.hits),
            hits=found.hits,
            degraded=found.degraded,
            undated_left_out=found.undated_left_out,
            writer=self._writer.name,
            seconds=Seconds(searched - started, written - searched, perf_counter() - written),
        )

    def _answer(self, question: str, found: Found) -> tuple[list[Excerpt], str | None]:
        if not found.hits or found.encoded is None:
            return [], "nothing was found"
        if answered_by(question, found.encoded, found.hits) < THRESHOLD:
            return [], "no paper that was found answers the question"
        excerpts = self._writer.write(question, found.encoded, found.hits)
        return excerpts, None if excerpts else "the papers found say nothing that could be quoted"


def asked_words(question: str) -> str:
    """Tidy a question.

    Raises:
        QuestionError: It holds no word to search for.
    """
    words = tidy(question[:LONGEST_QUESTION])
    if not words:
        raise QuestionError(
            "The question is empty",
            hint='ask in words: `footnote ask "What makes SOAP better than Adam and Shampoo?"`',
        )
    if not any(len(word) > 1 and re.search(r"[^\W\d]", word) for word in content_words(words)):
        raise QuestionError(
            f"`{words[:60]}` holds no word to search for",
            hint="ask a whole question, with the words that a paper on it would use",
        )
    return words


def _cited(excerpts: Sequence[Excerpt]) -> tuple[tuple[Sentence, ...], tuple[Citation, ...]]:
    """Number the papers from 1 in the order of appearance."""
    numbers: dict[str, int] = {}
    papers: list[Paper] = []
    sentences = []
    for excerpt in excerpts:
        if excerpt.paper.id not in numbers:
            papers.append(excerpt.paper)
            numbers[excerpt.paper.id] = len(papers)
        number = numbers[excerpt.paper.id]
        quote = Quote(number, excerpt.start, excerpt.end, excerpt.quote)
        sentences.append(Sentence(excerpt.text, (number,), "verbatim", 1.0, (quote,)))
    citations = [Citation(number, paper) for number, paper in enumerate(papers, start=1)]
    return tuple(sentences), tuple(citations)


def _declined(hits: Sequence[Hit]) -> str:
    if not hits:
        return "The corpus holds no paper on this."
    nearest = titles_in_words([hit.paper for hit in hits[:NEAREST]])
    are = "paper is" if len(hits) == 1 else "papers are"
    return f"The corpus does not answer this; the nearest {are} {nearest}."
