"""Evidence: what a language model is given of the papers found, fitted to its window and fenced.

A model cannot be told data from orders by trust, so each paper stands between delimiters that its
text cannot hold: what looks like one, or like a mark of a chat template or of a citation, is
written with other characters.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace

from assistant.declining import answered_each
from assistant.selection import Candidate, sentence_probabilities
from index.minilm import Encoded
from index.papers import Paper
from index.search import Hit

ALWAYS = 3
"""Papers given in any case: the first by rank."""

WORTH = 0.3
"""Probability of answering from which a paper behind them is given too. Of 194 questions that one
paper answers it stands among the first three for 98 %; more papers make a small model err."""

GAP = " … "
"""Stands where sentences of an abstract were left out."""

ANGLE = re.compile(r"<(?=\s*[/|｜]|[\w!?<])")
TEMPLATE_MARK = re.compile(r"\[(/?(?:INST|SYS|TOOL_\w+|AVAILABLE_TOOLS|SYSTEM_PROMPT))\]", re.I)
CITATION_MARK = re.compile(r"\[\^?(\d[\d\s,;–-]{0,40})\]")
HEAVY_BRACKETS = str.maketrans("【】", "{}")


@dataclass(frozen=True)
class Given:
    """What a model is given of a paper: the sentences at `places`, or the whole abstract."""

    hit: Hit
    places: tuple[int, ...]

    @property
    def paper(self) -> Paper:
        """The paper."""
        return self.hit.paper

    @property
    def text(self) -> str:
        """The sentences, with a mark where some were left out; harmless."""
        spans = self.hit.vectors.sentences
        text, last = "", -1
        for place in self.places:
            text += (" " if place == last + 1 else GAP) if text else ""
            text += self.paper.abstract[slice(*spans[place])]
            last = place
        return harmless(text)

    def fenced(self, number: int) -> str:
        """The paper as it stands in a prompt."""
        days = [*self.paper.listed, self.paper.published]
        day = f' date="{days[0]}"' if days[0] else ""
        title = harmless(self.paper.title)
        return f'<paper number="{number}"{day}>\nTitle: {title}\n{self.text}\n</paper>'


def harmless(text: str) -> str:
    """Write `text` so that it holds no delimiter, no chat-template mark and no citation."""
    text = TEMPLATE_MARK.sub(r"(\1)", ANGLE.sub("‹", text)).translate(HEAVY_BRACKETS)
    return CITATION_MARK.sub(r"{\1}", text)


def fitted(
    question: str,
    encoded: Encoded,
    hits: Sequence[Hit],
    *,
    budget: int,
    count: Callable[[str], int],
    known: Collection[str] = (),
) -> list[Given]:
    """Choose what of `hits`, best first, is given within `budget` tokens, in the order of hits.

    Whole abstracts where they fit. Else sentences, one by one, each the one that brings most
    probability of holding part of the answer for a token, the cost of opening its paper included.

    Args:
        count: The tokens of a text.
        known: The ids of papers that the model has before it already.
    """
    values = answered_each(question, encoded, hits)
    worth = [
        n
        for n, value in enumerate(values)
        if (n < ALWAYS or value >= WORTH) and hits[n].paper.id not in known
    ]
    whole = [Given(hits[n], tuple(range(len(hits[n].vectors.sentences)))) for n in worth]
    if sum(count(each.fenced(0)) for each in whole) <= budget:
        return whole
    papers = [
        _Opened.of(given, question, encoded, value=max(values[n], WORTH), count=count)
        for n, given in zip(worth, whole, strict=True)
    ]
    while best := max(
        (each for each in papers if each.cost <= budget), key=lambda each: each.rate, default=None
    ):
        budget -= best.cost
        papers[papers.index(best)] = best.with_next()
    return [replace(each.whole, places=tuple(sorted(each.taken))) for each in papers if each.taken]


@dataclass(frozen=True, eq=False)
class _Opened:
    """A paper while sentences are taken from it."""

    whole: Given
    gains: tuple[float, ...]
    """By sentence: how probable it is that it holds part of the answer, times the paper's value."""
    costs: tuple[int, ...]
    """By sentence, in tokens."""
    header: int
    """Tokens of the paper without any sentence."""
    waiting: tuple[int, ...]
    """Sentences not yet taken, the most probable for their length first."""
    taken: tuple[int, ...] = ()

    @classmethod
    def of(
        cls,
        whole: Given,
        question: str,
        encoded: Encoded,
        *,
        value: float,
        count: Callable[[str], int],
    ) -> _Opened:
        candidate = Candidate.of(whole.hit)
        probabilities = sentence_probabilities(question, encoded.tokens, candidate)
        gains = tuple(value * float(probability) for probability in probabilities)
        costs = tuple(count(harmless(text) + GAP) for text in candidate.texts)
        return cls(
            whole=whole,
            gains=gains,
            costs=costs,
            header=count(replace(whole, places=()).fenced(0)),
            waiting=tuple(sorted(whole.places, key=lambda place: -gains[place] / costs[place])),
        )

    @property
    def cost(self) -> int:
        """Tokens that the next sentence costs."""
        if not self.waiting:
            return 2**31
        return self.costs[self.waiting[0]] + (0 if self.taken else self.header)

    @property
    def rate(self) -> float:
        """What the next sentence brings for a token."""
        return self.gains[self.waiting[0]] / self.cost

    def with_next(self) -> _Opened:
        return replace(self, taken=(*self.taken, self.waiting[0]), waiting=self.waiting[1:])
