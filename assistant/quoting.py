"""The writer that needs no language model: it quotes the sentences that answer."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from assistant.selection import THRESHOLD, Candidate, select, sentence_probabilities
from assistant.surveys import asks_for_several
from index.minilm import Encoded
from index.papers import Paper
from index.reranking import best_matches
from index.search import Hit

SURVEYED = 5
"""Papers that an answer to a survey quotes at most."""

NEAR_THE_BEST = 0.9
"""Share of the best passage's score that a paper's best passage must have to be in a survey."""

SAME = 0.8
"""Share of words in common from which two sentences say the same."""

NEEDS_SENTENCE_BEFORE = re.compile(
    r"(?:this|these|those|such|that|both|here|thus|therefore|hence|as a result|consequently"
    r"|in doing so|doing so|to (?:this end|do so|address this|tackle this))\b",
    flags=re.IGNORECASE,
)
"""How a sentence begins that points at the one before it."""

NEEDS_NAME = re.compile(
    r"(?:it|its|they|their|he|she|our|we also|the (?:proposed|resulting|same|former|latter|method"
    r"|approach|model|framework|algorithm|authors?|dataset|benchmark|paper|system))\b",
    flags=re.IGNORECASE,
)
"""How a sentence begins that points at the paper or its method."""

NAME_BEFORE_COLON = 60
"""Characters of a title's part before its colon, up to which it names the paper by itself."""


@dataclass(frozen=True)
class Excerpt:
    """A sentence of a paper, quoted: `paper.abstract[start:end]`."""

    paper: Paper
    start: int
    end: int
    lead: str
    """What stands before the quote so that it can be understood alone; usually empty."""

    @property
    def quote(self) -> str:
        """The words as the abstract has them."""
        return self.paper.abstract[self.start : self.end]

    @property
    def text(self) -> str:
        """The sentence as it is shown."""
        return self.lead + self.quote


def candidate(hit: Hit) -> Candidate:
    """Give what is known of a hit to the models that choose and decline."""
    vectors = hit.vectors
    return Candidate(
        title=hit.paper.title,
        abstract=hit.paper.abstract,
        sentences=tuple((int(start), int(end)) for start, end in vectors.sentences),
        vectors=vectors.tokens,
        offsets=vectors.offsets,
    )


class QuotingWriter:
    """Quotes one paper or, when the question surveys, several."""

    name = "quotes"

    def __init__(self, *, threshold: float = THRESHOLD) -> None:
        """Make a writer; a lower `threshold` quotes more."""
        self._threshold = threshold

    def write(self, question: str, encoded: Encoded, hits: Sequence[Hit]) -> list[Excerpt]:
        """Quote the sentences of `hits`, best first, that answer the question.

        Papers come in the order of the hits, sentences in that of the abstract.
        """
        if asks_for_several(question):
            hits = _surveyed(hits)
            chosen = [[self._nearest(question, encoded, hit)] for hit in hits]
        else:
            chosen = [self._enough(question, encoded, hit) for hit in hits[:1]]
        excerpts: list[Excerpt] = []
        for hit, places in zip(hits, chosen, strict=False):
            for excerpt in _understandable(hit, places):
                if not any(_alike(excerpt.quote, other.quote) for other in excerpts):
                    excerpts.append(excerpt)
        return excerpts

    def _enough(self, question: str, encoded: Encoded, hit: Hit) -> list[int]:
        """Choose the sentences that are worth their length."""
        known = candidate(hit)
        probabilities = sentence_probabilities(question, encoded.tokens, known)
        if not len(probabilities):
            return []
        return select(probabilities, _word_counts(known), threshold=self._threshold)

    def _nearest(self, question: str, encoded: Encoded, hit: Hit) -> int:
        """Choose the one sentence that says most to a survey.

        By the sum of its log-odds and its nearness, standardised over the abstract: of 12 surveys
        a third more of the evidence was quoted than by either alone.
        """
        probabilities = sentence_probabilities(question, encoded.tokens, candidate(hit))
        nearness = best_matches(encoded.tokens, hit.vectors)[:, 1:].mean(0)
        spread = max(float(nearness.std()), 1e-6)
        odds = np.log(probabilities / (1 - probabilities).clip(1e-6))
        return int(np.argmax(odds + (nearness - nearness.mean()) / spread))


def _surveyed(hits: Sequence[Hit]) -> list[Hit]:
    """Leave out the papers whose best passage is far from the question."""
    quotable = [hit for hit in hits[:SURVEYED] if hit.passages]
    best = max((hit.passages[0].score for hit in quotable), default=0.0)
    return [hit for hit in quotable if hit.passages[0].score >= NEAR_THE_BEST * best]


def _word_counts(paper: Candidate) -> list[int]:
    return [len(paper.abstract[start:end].split()) for start, end in paper.sentences]


def _understandable(hit: Hit, places: Sequence[int]) -> list[Excerpt]:
    """Quote the sentences at `places`, each so that it can be understood where it stands."""
    abstract = hit.paper.abstract
    spans = [(int(start), int(end)) for start, end in hit.vectors.sentences]
    wanted = set(places)
    for place in places:
        if place and NEEDS_SENTENCE_BEFORE.match(abstract[slice(*spans[place])]):
            wanted.add(place - 1)
    excerpts = []
    for place in sorted(wanted):
        text = abstract[slice(*spans[place])]
        follows = place - 1 in wanted
        dangling = NEEDS_SENTENCE_BEFORE.match(text) or NEEDS_NAME.match(text)
        lead = f"{_name(hit.paper)}: " if dangling and not follows else ""
        excerpts.append(Excerpt(hit.paper, *spans[place], lead))
    return excerpts


def _name(paper: Paper) -> str:
    """Name a paper in a few words: by what stands before its title's colon, if that is short."""
    before, colon, _ = paper.title.partition(":")
    short = before.strip() if colon and len(before) <= NAME_BEFORE_COLON else paper.title
    return f"“{short}”"


def _alike(one: str, other: str) -> bool:
    first, second = ({*re.findall(r"[^\W_]+", text.lower())} for text in (one, other))
    return len(first & second) >= SAME * max(len(first), len(second), 1)
