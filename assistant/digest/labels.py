"""Labels: what the papers of each topic are about, in the words that they share."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from assistant.shared_phrases import (
    ONCE,
    TWICE,
    Places,
    SharedPhrase,
    printed_phrases,
    shared_phrases,
)
from index.minilm import FloatArray
from index.search import Hit

LEAST = 0.25
"""How well a phrase must name a topic. Below it, on five pages, stood groups of papers that had
nothing in common but what most papers have."""

KEYWORDS = 5
"""Phrases given beside a label at most."""

CANDIDATES = 24
"""Phrases of a topic that are matched with every paper; the others are printed by fewer of its
papers, or by more of the others."""

SMOOTHING = 0.03
"""Added to the shares of papers that are compared, so that one paper more or less counts little."""

LENGTHS = {1: 0.5, 2: 1.0}
"""How much a phrase of so many words tells; a longer one LONG."""
LONG = 1.15

COMMON = 0.6
"""Share of papers on other things from which a phrase tells nothing."""

COVERED = 0.6
"""Share of a topic's papers that a label must speak of; else a second phrase is added, if"""
ADDS = 0.25
"""it speaks of so large a share of them that the first does not speak of, and is no single word."""


@dataclass(frozen=True)
class Label:
    """What a topic is called."""

    text: str
    keywords: tuple[str, ...]
    """The phrases that set the topic apart, those of the label first."""


def labelled(hits: Sequence[Hit], topics: Sequence[Sequence[int]]) -> list[Label | None]:
    """Name each topic by phrases that many of its papers share and few others do.

    No two topics have the same first phrase. None for a topic whose papers share none.

    Args:
        topics: The places in `hits` of the papers of each topic.
    """
    promising = _promising(hits, topics)
    candidates = [_with_printed(each, promising, hits) for each in shared_phrases(promising, hits)]
    labels: list[Label | None] = []
    taken: list[SharedPhrase] = []
    for places in topics:
        worths = [_worth(each, places, len(hits)) for each in candidates]
        order = [n for n in np.argsort([-worth for worth in worths], kind="stable")]
        telling = [candidates[n] for n in order if worths[n] >= LEAST]
        free = [each for each in telling if not any(_same(each, other) for other in taken)]
        chosen = _chosen(free, places)
        taken += chosen[:1]
        labels.append(_label(chosen, telling) if chosen else None)
    return labels


def _chosen(telling: Sequence[SharedPhrase], places: Sequence[int]) -> list[SharedPhrase]:
    """Take the first phrase, and a second if the first leaves out many papers of the topic."""
    if not telling:
        return []
    first = telling[0]
    said = first.said[list(places)] > 0
    if said.mean() < COVERED:
        for other in telling[1:]:
            adds = (other.said[list(places)] > 0) & ~said
            enough = adds.mean() >= ADDS and adds.sum() > 1
            if enough and len(other.key) > 1 and not _overlap(first, other):
                return [first, other]
    return [first]


def _label(chosen: Sequence[SharedPhrase], telling: Sequence[SharedPhrase]) -> Label:
    keywords = list(chosen)
    for each in telling:
        if not any(_overlap(each, other) for other in keywords):
            keywords.append(each)
    second = [f" and {_inside(each.label)}" for each in chosen[1:]]
    return Label(
        "".join([chosen[0].label, *second]), tuple(each.label for each in keywords[:KEYWORDS])
    )


def _inside(label: str) -> str:
    """Write a label so that it can stand within a line: `Kernel methods` loses its capital."""
    word = label.split(maxsplit=1)[0]
    return label if any(letter.isupper() for letter in word[1:]) else label[:1].lower() + label[1:]


def _promising(hits: Sequence[Hit], topics: Sequence[Sequence[int]]) -> list[Places]:
    """Choose, for each topic, the phrases that its papers print most, compared with the others."""
    printed = printed_phrases(hits)
    place_of = {hit.rank: place for place, hit in enumerate(hits)}
    papers = np.zeros((len(printed), len(hits)), bool)
    for row, where in enumerate(printed):
        papers[row, [place_of[hit.rank] for hit, _ in where]] = True
    chosen: set[int] = set()
    for places in topics:
        worths = _contrast(papers.astype(np.float32), places, len(hits))
        worths *= [_length(where[0][1].key) for where in printed]
        best = np.argsort(-worths, kind="stable")[:CANDIDATES]
        chosen.update(int(row) for row in best if worths[row] > 0)
    return [printed[row] for row in sorted(chosen)]


def _with_printed(
    phrase: SharedPhrase, printed: Sequence[Places], hits: Sequence[Hit]
) -> SharedPhrase:
    """Count in the papers that print a phrase in so many words, however its tokens match."""
    said = phrase.said.copy()
    place_of = {hit.rank: place for place, hit in enumerate(hits)}
    for where in printed:
        if where[0][1].key == phrase.key:
            counts = Counter(place_of[hit.rank] for hit, _ in where)
            for place, count in counts.items():
                said[place] = max(said[place], TWICE if count > 1 else ONCE)
    return replace(phrase, said=said)


def _worth(phrase: SharedPhrase, places: Sequence[int], count: int) -> float:
    """Say how well a phrase names a topic; 0 or less if it does not."""
    if (phrase.said[list(places)] > 0).sum() < min(2, len(places)) or phrase.usual >= COMMON:
        return 0.0
    contrast = float(_contrast(phrase.said[None], places, count)[0])
    return contrast * _length(phrase.key) * (1 - phrase.usual / COMMON)


def _contrast(said: FloatArray, places: Sequence[int], count: int) -> FloatArray:
    """Give the share of a topic that says each phrase, times the log of how many times the others'.

    Args:
        said: (phrases, papers), from 0 to 1.
    """
    inside = said[:, list(places)]
    others = max(count - len(places), 1)
    share = inside.mean(1)
    beside = (said.sum(1) - inside.sum(1)) / others
    contrast: FloatArray = share * np.log((share + SMOOTHING) / (beside + SMOOTHING))
    return contrast


def _length(key: Sequence[str]) -> float:
    return LENGTHS.get(len(key), LONG)


def _same(one: SharedPhrase, other: SharedPhrase) -> bool:
    return set(one.key) == set(other.key)


def _overlap(one: SharedPhrase, other: SharedPhrase) -> bool:
    return bool(set(one.key) & set(other.key))
