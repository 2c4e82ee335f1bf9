"""The writer of digests that needs no language model: it quotes.

A paper's line is the sentence that says best what it does; what stands in the overview and in the
sentences across a topic's papers says something else of them, wherever their abstracts do.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from assistant.answers import Statement, WrittenBy
from assistant.asked import Index
from assistant.digest.groups import Group
from assistant.digest.topics import FEW
from assistant.drafting import Outcome
from assistant.literature import worth
from assistant.quoting import NEEDS_SENTENCE_BEFORE, short_name, understandable
from index.minilm import FloatArray
from index.search import Hit

OVERVIEW = 5
"""Sentences of the overview at most, each on another topic."""

SUMMARY = (2, 4)
"""Sentences across the papers of a topic, at least and at most, where it has as many papers."""

PAPERS_A_SENTENCE = 3
"""Papers of a topic for which its summary has a sentence."""

LONG = 40
"""Words of a sentence beyond which each makes it worth"""
A_WORD = 0.05
"""so much less."""

LEANS = 2.0
"""Taken from the worth of a sentence that points at the one before it, which is not shown here."""

SIGNS = re.compile(r"[\\{}_^$]|\[\d")
SEVERAL, FORMULA = 2, 2.0
"""So many such signs take so much from the worth of a sentence: formulas, references of its own."""

NOT_WORTH = -3.0
"""Worth below which a sentence tells nothing of a paper."""


@dataclass(frozen=True)
class WrittenTopic:
    """What is said of a group."""

    summary: tuple[Statement, ...]
    lines: dict[str, Statement]
    """By the papers' ids; none for a paper without abstract."""


@dataclass(frozen=True)
class Written:
    """What is said in a digest."""

    overview: tuple[Statement, ...]
    topics: tuple[WrittenTopic, ...]
    outcome: Outcome = field(default_factory=lambda: Outcome(0, 0.0))


class QuotingDigestWriter:
    """Quotes."""

    signature = WrittenBy("quotes")

    def write(self, index: Index, groups: Sequence[Group]) -> Written:
        """Say in quotes what the papers of each group do."""
        quoted = Quoted()
        lines = [quoted.lines(index, group) for group in groups]
        overview = quoted.overview(index, groups)
        summaries = [quoted.summary(index, group) for group in groups]
        topics = map(WrittenTopic, summaries, lines)
        return Written(overview, tuple(topics))


class Quoted:
    """What is quoted in one digest: no sentence twice, unless an abstract holds no other."""

    def __init__(self) -> None:
        self._taken: set[tuple[str, int]] = set()

    def lines(self, index: Index, group: Group) -> dict[str, Statement]:
        """Say what each paper of a group does, in a sentence, by the papers' ids."""
        return dict(self._lines(index, group))

    def _lines(self, index: Index, group: Group) -> Iterator[tuple[str, Statement]]:
        for placed in group.papers:
            if placed.hit and (worths := _by_title(index, placed.hit)):
                place = self._best(placed.hit, worths[0])
                yield placed.paper.id, _quote(placed.hit, place, named=False)

    def overview(self, index: Index, groups: Sequence[Group]) -> tuple[Statement, ...]:
        """Say something of the first paper of each of the first groups, unless there are few."""
        if sum(len(group.papers) for group in groups) < FEW:
            return ()
        chosen = []
        for group in [group for group in groups if group.named][:OVERVIEW] or groups[:1]:
            hit = next((placed.hit for placed in group.papers if placed.hit), None)
            if hit and (worths := _by_title(index, hit)):
                chosen.append(_quote(hit, self._best(hit, worths[0]), named=True))
        return tuple(chosen)

    def summary(self, index: Index, group: Group) -> tuple[Statement, ...]:
        """Say what several papers of a named group say on what it is about."""
        if not group.named:
            return ()
        least, most = SUMMARY
        wanted = min(max(len(group.papers) // PAPERS_A_SENTENCE, least), most)
        found = index.rank(group.label, [placed.paper for placed in group.papers])
        if found.encoded is None:
            return ()
        best: list[tuple[float, Hit, int]] = []
        for hit in found.hits[: max(most, len(found.hits) // 2)]:
            worths = _readable(hit, worth(group.label, found.encoded, hit))
            if (place := self._free(hit, worths)) is not None:
                best.append((float(worths[place]), hit, place))
        chosen = sorted(best, key=lambda each: -each[0])[:wanted]
        order = {placed.paper.id: n for n, placed in enumerate(group.papers)}
        chosen.sort(key=lambda each: order[each[1].paper.id])
        self._taken.update((hit.paper.id, place) for _, hit, place in chosen)
        return tuple(_quote(hit, place, named=True) for _, hit, place in chosen)

    def _best(self, hit: Hit, worths: FloatArray) -> int:
        """Take the sentence that is worth most, of those not taken yet if one of them tells."""
        place = self._free(hit, worths)
        if place is None or worths[place] < NOT_WORTH:
            place = int(np.argmax(worths))
        self._taken.add((hit.paper.id, place))
        return place

    def _free(self, hit: Hit, worths: FloatArray) -> int | None:
        order = np.argsort(-worths, kind="stable")
        return next((int(n) for n in order if (hit.paper.id, int(n)) not in self._taken), None)


def _by_title(index: Index, hit: Hit) -> list[FloatArray]:
    """Say how much each sentence is worth as one on the paper's title; empty if it has no words."""
    title = hit.paper.title
    encoded = index.rank(title, [hit.paper]).encoded
    if encoded is None or not len(hit.vectors.sentences):
        return []
    return [_readable(hit, worth(title, encoded, hit, contribution=True))]


def _readable(hit: Hit, worths: FloatArray) -> FloatArray:
    """Make sentences worth less that are long, full of formulas, or point at the one before."""
    moved = []
    for start, end in hit.vectors.sentences:
        text = hit.paper.abstract[start:end]
        beyond = max(len(text.split()) - LONG, 0)
        leans = NEEDS_SENTENCE_BEFORE.match(text) is not None
        signs = len(SIGNS.findall(text)) >= SEVERAL
        moved.append(A_WORD * beyond + FORMULA * signs + LEANS * leans)
    readable: FloatArray = worths - np.array(moved, np.float32)
    return readable


def _quote(hit: Hit, place: int, *, named: bool) -> Statement:
    """Quote a sentence, after the paper's name where that does not stand above it."""
    excerpt = understandable(hit, [place])[-1]
    return Statement.quoting(replace(excerpt, lead=f"{short_name(hit.paper)}: " if named else ""))
