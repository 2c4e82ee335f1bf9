"""A review in quotes: what several papers say on a subject, under headings, no language model."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import islice

import numpy as np

from assistant.answers import Statement
from assistant.bearing import bearing
from assistant.quoting import (
    NEEDS_SENTENCE_BEFORE,
    Excerpt,
    Weighed,
    alike,
    short_name,
    understandable,
)
from assistant.sentence_features import OWN, PROPOSAL
from assistant.stances import FOUND, PRAISE, Said, stances
from assistant.themes import Theme, themes
from index.lexical import content_words
from index.minilm import Encoded, FloatArray
from index.search import Hit

PAPERS = 20
"""Papers of a review at most."""

AGREE = "Where they agree"
DISAGREE = "Where they disagree"
OPEN = "What is open"
"""The headings after those of the themes, each left out where there is nothing certain under it."""

SENTENCES = 3
"""Under the heading of a theme of few papers; a larger one has one of each paper."""

PROPOSED, FOUND_OUT, PRAISED = 2.5, 1.5, -1.0
"""Added, for a bare subject, to the log-odds of a sentence that says what the paper proposes, what
it finds, or how good its own method is."""

BACKGROUND, LEANING, BESIDE = -3.0, -1.5, -5.0
"""Added to those of a sentence before the paper speaks of its own work, of one that leans on the
sentence before, and of one that is on no subject."""

SUBJECT = 5
"""Words of a bare subject at most. A longer question asks for something, and what a paper proposes
may not be it: with these numbers a sixth of the evidence for 12 such questions was lost."""

FINDS = re.compile(rf"\b{FOUND}\s+that\b", re.IGNORECASE)

CONTINUES = re.compile(
    r"(?:moreover|furthermore|additionally|in addition|also|finally|lastly|then|next|similarly"
    r"|meanwhile|specifically|more precisely|in particular|for (?:instance|example)|in other words"
    r"|we (?:then|also|further|additionally)|notably|remarkably|impressively|as such|yet|however"
    r"|from (?:our|these)|through|comparing|compared)\b",
    re.IGNORECASE,
)
"""How a sentence begins that goes on with what was said before."""

OF_NO_SUBJECT = re.compile(
    r"https?://|github|\bwe hope\b"
    r"|\b(?:code|models?|data|weights)\b.{0,40}\b(?:available|released?)\b"
    r"|\b(?:extensive|comprehensive|numerous)\s+(?:\w+\s+)?experiments\b|\\math",
    re.IGNORECASE,
)
"""Words of a sentence that tells where the code is, that there were experiments, or a formula."""

STANCES = 4
"""Sentences under each of the other headings at most."""


def surveyed(question: str, encoded: Encoded, hits: Sequence[Hit]) -> list[Hit]:
    """Choose the papers of a review on the question or subject: those that bear on it."""
    return bearing(question, encoded, hits)[:PAPERS]


def review(question: str, encoded: Encoded, hits: Sequence[Hit]) -> list[Statement]:
    """Review in quotes what `hits`, best first, say on the question or subject.

    The sections stand in the order in which they are read; a paper is quoted in one theme, and
    again where it disagrees, agrees or leaves something open. Nothing if no paper bears on it.
    """
    chosen = surveyed(question, encoded, hits)
    found = stances(question, chosen)
    taken = {
        AGREE: found.agreeing[:STANCES],
        DISAGREE: found.disagreeing[:STANCES],
        OPEN: found.open[:STANCES],
    }
    kept = {(said.hit.paper.id, said.place) for each in taken.values() for said in each}
    statements: list[Statement] = []
    for theme in themes(question, chosen):
        for said in _telling(question, encoded, theme, kept=kept):
            _add(statements, said, theme.label)
    for section, each in taken.items():
        for said in each:
            _add(statements, said, section)
    return statements


def worth(
    question: str, encoded: Encoded, hit: Hit, *, contribution: bool | None = None
) -> FloatArray:
    """Say how much each sentence of a paper is worth in a review.

    An answer quotes what bears on a question, a review what a paper is about: what it proposes or
    finds, said so that it can be read alone.

    Args:
        contribution: Whether what the paper proposes or finds is worth more; None: if the question
            is a bare subject.
    """
    weighed = Weighed.of(question, encoded, hit)
    own = next((n for n, text in enumerate(weighed.texts) if OWN.search(text)), 0)
    if contribution is None:
        contribution = len(content_words(question)) <= SUBJECT
    moved = [
        contribution * _contribution(text)
        + BACKGROUND * (place < own)
        + LEANING * bool(NEEDS_SENTENCE_BEFORE.match(text))
        + LEANING / 2 * bool(CONTINUES.match(text))
        + BESIDE * bool(OF_NO_SUBJECT.search(text))
        for place, text in enumerate(weighed.texts)
    ]
    told: FloatArray = weighed.telling + np.array(moved, np.float32)
    return told


def _contribution(text: str) -> float:
    if PROPOSAL.search(text):
        return PROPOSED
    return FOUND_OUT * bool(FINDS.search(text)) + PRAISED * bool(PRAISE.search(text))


def _telling(
    question: str, encoded: Encoded, theme: Theme, *, kept: set[tuple[str, int]]
) -> Iterator[Said]:
    """Give the most telling sentences of each paper, those `kept` for other sections left out."""
    each = max(1, SENTENCES // len(theme.hits))
    for hit in theme.hits:
        if not len(hit.vectors.sentences):
            continue
        order = np.argsort(-worth(question, encoded, hit), kind="stable")
        free = (int(place) for place in order if (hit.paper.id, int(place)) not in kept)
        for place in sorted(islice(free, each)):
            yield Said(hit, place)


def _add(statements: list[Statement], said: Said, section: str) -> None:
    """Add a sentence, with what it needs to be understood, unless it was said already.

    Where the sentence before it stands elsewhere in the review, the paper's name stands for it.
    """
    alone = True
    for excerpt in understandable(said.hit, [said.place]):
        if any(alike(excerpt.quote, _quoted(other)) for other in statements):
            continue
        if alone and not excerpt.lead and NEEDS_SENTENCE_BEFORE.match(excerpt.quote):
            excerpt = replace(excerpt, lead=f"{short_name(excerpt.paper)}: ")
        statements.append(_under(section, excerpt))
        alone = False


def _under(section: str, excerpt: Excerpt) -> Statement:
    place = (excerpt.paper, excerpt.start, excerpt.end)
    return Statement(excerpt.text, (excerpt.paper,), "verbatim", 1.0, (place,), section)


def _quoted(statement: Statement) -> str:
    paper, start, end = statement.evidence[0]
    return paper.abstract[start:end]
