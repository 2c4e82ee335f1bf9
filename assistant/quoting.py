"""The writer that needs no language model: it quotes the sentences that answer."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from assistant.declining import answered_by
from assistant.selection import THRESHOLD, Candidate, select, sentence_probabilities
from assistant.surveys import asks_for_several
from index.minilm import Encoded, FloatArray
from index.papers import Paper
from index.reranking import best_matches
from index.search import Hit

SURVEYED = 6
"""Papers that an answer to a survey quotes at most."""

COVERS = 0.3
"""Probability of answering from which a paper is quoted in a survey beside the first. Of 12 surveys
it drops a third of the papers that nobody named, and one of 27 that somebody did."""

SAME = 0.8
"""Share of words in common from which two sentences say the same."""

NEEDS_SENTENCE_BEFORE = re.compile(
    r"(?:(?:from|based on|with|using|building on|for|under|by|through|given|in|on|to) )?"
    r"(?:this|these|those|such|that)\b(?! (?:paper|work|article|study|survey|report|thesis)\b)"
    r"|(?:both|here|thus|therefore|hence|as a result|consequently|in doing so|doing so"
    r"|to (?:do so|address this|tackle this))\b",
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
            hits = _surveyed(question, encoded, hits)
            chosen = [[Weighed.of(question, encoded, hit).most_telling] for hit in hits]
        else:
            chosen = [self._enough(Weighed.of(question, encoded, hit)) for hit in hits[:1]]
        excerpts: list[Excerpt] = []
        for hit, places in zip(hits, chosen, strict=False):
            for excerpt in understandable(hit, places):
                if not any(alike(excerpt.quote, other.quote) for other in excerpts):
                    excerpts.append(excerpt)
        return excerpts

    def _enough(self, paper: Weighed) -> list[int]:
        """Choose the sentences that are worth their length, and always the most telling one."""
        words = [len(text.split()) for text in paper.texts]
        worth = select(paper.probabilities, words, threshold=self._threshold)
        return sorted({*worth, paper.most_telling})


@dataclass(frozen=True)
class Weighed:
    """The sentences of a paper, and what speaks for each."""

    texts: list[str]
    probabilities: FloatArray
    nearness: FloatArray
    """The mean best match of the question's words, standardised over the abstract."""

    @classmethod
    def of(cls, question: str, encoded: Encoded, hit: Hit) -> Weighed:
        """Weigh each sentence of a paper that has at least one."""
        paper = Candidate.of(hit)
        nearness = best_matches(encoded.tokens, [hit.vectors])[0][:, 1:].mean(0)
        return cls(
            texts=paper.texts,
            probabilities=sentence_probabilities(question, encoded.tokens, paper),
            nearness=(nearness - nearness.mean()) / max(float(nearness.std()), 1e-6),
        )

    @property
    def most_telling(self) -> int:
        """The sentence that speaks most for itself."""
        return int(np.argmax(self.telling))

    @property
    def telling(self) -> FloatArray:
        """For each sentence, the sum of its log-odds and its nearness.

        Of 12 surveys it quotes a third more of the evidence than either alone; 17 of 20 questions
        after a detail are answered with it, 16 without.
        """
        odds = np.log(self.probabilities.clip(1e-6) / (1 - self.probabilities).clip(1e-6))
        telling: FloatArray = odds + self.nearness
        return telling


def _surveyed(question: str, encoded: Encoded, hits: Sequence[Hit]) -> list[Hit]:
    """Keep the first paper, and of those behind it the ones that cover the question."""
    return [
        hit
        for hit in hits[:SURVEYED]
        if hit is hits[0] or answered_by(question, encoded, [hit]) >= COVERS
    ]


def understandable(hit: Hit, places: Sequence[int]) -> list[Excerpt]:
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
        lead = f"{short_name(hit.paper)}: " if dangling and not follows else ""
        excerpts.append(Excerpt(hit.paper, *spans[place], lead))
    return excerpts


def short_name(paper: Paper) -> str:
    """Name a paper in a few words: by what stands before its title's colon, if that is short."""
    before, colon, _ = paper.title.partition(":")
    short = before.strip() if colon and len(before) <= NAME_BEFORE_COLON else paper.title
    return f"“{short}”"


def alike(one: str, other: str) -> bool:
    """Whether two sentences say the same in nearly the same words."""
    first, second = ({*re.findall(r"[^\W_]+", text.lower())} for text in (one, other))
    return len(first & second) >= SAME * max(len(first), len(second), 1)
