"""Themes: papers on one subject, grouped under headings that are true of each of them.

The heading comes first: it is a phrase from one of the titles, and the papers that say it, in this
form or another, are a theme if they lie near each other in meaning once what all have in common is
taken away. Clusters made by vectors alone had no phrase in common to name them by. Description
first is the idea of Lingo (Osiński and Weiss, IEEE Intelligent Systems 20(3), 2005); that a phrase
is said in other words is found by late interaction, as in `index.reranking`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from assistant.coverage import background
from assistant.headings import EMPTY, Phrase, heading, parts, phrases
from index.lexical import content_words
from index.minilm import FloatArray
from index.paper_vectors import PaperVectors
from index.reranking import best_matches
from index.search import Hit

MOST = 5
"""Themes, that of the papers that share none left out."""

ALONE = "What is known"
"""The heading where the papers do not fall into themes."""

REST = "Also"
"""The heading of papers that share no theme with others."""

SAID = 0.8
"""How well the worst token of a phrase must be matched for a paper to say it. The matches of
phrases that are said in other forms are above 0.85, those of what is only related below 0.75."""

IN_TITLE, TWICE, ONCE = 1.0, 0.7, 0.2
"""How much a paper is about what its title, two of its sentences, or one of them says."""

LEAST = 1.1
"""How much the papers of a theme must be about its heading together."""

SPREAD = 0.25
"""Added to the mean cosine of a theme's papers, which is about 0 for any."""

COMMON = 0.5
"""Share of papers on other things from which a phrase is no heading; a single word has none of
them to spare."""

USUAL = 0.75
"""The same for papers of the bundled sample, of whose tokens only some are kept."""

BROADEST = 0.7
"""Share of the papers beyond which a phrase says what all have in common."""

FEW = 4
"""Papers of which one theme may hold all."""

LENGTHS = {1: 0.7, 2: 1.0, 3: 1.05}
"""How much a heading of so many words says; else 1."""


@dataclass(frozen=True)
class Theme:
    """Papers that belong together."""

    label: str
    hits: tuple[Hit, ...]


def themes(question: str, hits: Sequence[Hit]) -> list[Theme]:
    """Group `hits`, best first: each is in one theme, and themes come in the order of hits."""
    found: list[Theme] = []
    left = list(range(len(hits)))
    candidates = _candidates(question, hits)
    near = _nearness(hits) if hits else np.zeros((0, 0), np.float32)
    while len(found) < MOST and len(left) > 1:
        worth = [each.worth(left, near) for each in candidates]
        if not worth or max(worth) <= 0:
            break
        best = candidates[int(np.argmax(worth))]
        members = best.among(left, near)
        found.append(Theme(best.label, tuple(hits[n] for n in members)))
        left = [n for n in left if n not in members]
    found.sort(key=lambda theme: theme.hits[0].rank)
    if left:
        found.append(Theme(REST if found else ALONE, tuple(hits[n] for n in left)))
    return found


@dataclass(frozen=True)
class _Candidate:
    """A phrase that could be a heading."""

    label: str
    words: int
    said: FloatArray
    """(papers,): how much each is about it; 0 if it does not say it."""
    usual: float
    """Share of papers on other things that say it."""

    def among(self, left: Sequence[int], near: FloatArray) -> list[int]:
        """Give the papers of those left that are about it, or say it and lie near these."""
        central = [n for n in left if self.said[n] >= TWICE]
        return [
            n
            for n in left
            if n in central or (central and self.said[n] and near[n, central].mean() > 0)
        ]

    def worth(self, left: Sequence[int], near: FloatArray) -> float:
        """Say how good a theme of what is left it makes; 0 or less for none."""
        members = self.among(left, near)
        papers = len(self.said)
        if papers > FEW and (self.said > 0).sum() > BROADEST * papers:
            return 0.0
        if len(members) < 2 or self.said[members].sum() < LEAST:
            return 0.0
        pairs = near[np.ix_(members, members)][np.triu_indices(len(members), 1)]
        strength = float(self.said[members].sum()) * (1 - self.usual / COMMON)
        return strength * LENGTHS.get(self.words, 1.0) * (SPREAD + float(pairs.mean()))


def _candidates(question: str, hits: Sequence[Hit]) -> list[_Candidate]:
    """Match every phrase that could be a heading with every paper; keep those that two say."""
    found = [(places, _tokens(*places[0])) for places in _printed(question, hits)]
    found = [(places, tokens) for places, tokens in found if len(tokens)]
    worst = _worst_matches([tokens for _, tokens in found], [hit.vectors for hit in hits])
    said = np.array([[_about(matched) for matched in each] for each in worst], np.float32)
    kept = [n for n, each in enumerate(said) if (each > 0).sum() > 1]
    if not kept:
        return []
    return [
        _Candidate(
            label=heading([phrase for _, phrase in found[n][0]]),
            words=len(found[n][0][0][1].key),
            said=said[n],
            usual=float(share),
        )
        for n, share in zip(kept, _usual([found[n][1] for n in kept]), strict=True)
    ]


def _worst_matches(
    phrases: Sequence[FloatArray], papers: Sequence[PaperVectors]
) -> list[list[FloatArray]]:
    """Match the worst token of each phrase with title and sentences of each paper."""
    if not phrases:
        return []
    starts = np.cumsum([0, *map(len, phrases)])[:-1]
    every = best_matches(np.concatenate(phrases), papers)
    worst = [np.minimum.reduceat(best, starts) for best in every]
    return [[matched[n] for matched in worst] for n in range(len(phrases))]


def _usual(phrases: Sequence[FloatArray]) -> FloatArray:
    """Give the share of papers on other things, those of the sample, that say each phrase."""
    tokens = background().tokens
    starts = np.cumsum([0, *map(len, phrases)])[:-1]
    matches = np.concatenate(phrases) @ tokens.reshape(-1, tokens.shape[2]).T
    best = matches.reshape(len(matches), len(tokens), -1).max(2)
    usual: FloatArray = (np.minimum.reduceat(best, starts) >= USUAL).mean(1)
    return usual


def _printed(question: str, hits: Sequence[Hit]) -> list[list[tuple[Hit, Phrase]]]:
    """Give each phrase that could be a heading with the places where abstracts print it.

    It stands in a title, or in two abstracts; and it is not said by the question already.
    """
    words = [part for word in content_words(question) for part in parts(word)]
    every = re.findall(r"[^\W_]+", question.lower())
    short = {"".join(word[0] for word in each) for each in (words, every)}
    asked = {*words, *short, "of"}
    in_titles = [phrase for hit in hits for phrase in phrases(hit.paper.title)]
    titled = {phrase.key for phrase in in_titles}
    ends = {phrase.key for phrase in in_titles if phrase.whole}
    printed: dict[tuple[str, ...], list[tuple[Hit, Phrase]]] = {}
    for hit in hits:
        for phrase in phrases(hit.paper.abstract):
            if not asked.union(EMPTY).issuperset(phrase.key):
                printed.setdefault(phrase.key, []).append((hit, phrase))
    return [
        places
        for key, places in printed.items()
        if (key in titled or len({hit.rank for hit, _ in places}) > 1)
        and (key in ends or any(phrase.whole for _, phrase in places))
    ]


def _tokens(hit: Hit, phrase: Phrase) -> FloatArray:
    offsets = hit.vectors.offsets
    inside = (offsets[:, 0] >= phrase.start) & (offsets[:, 1] <= phrase.end)
    tokens: FloatArray = hit.vectors.tokens[inside]
    return tokens


def _about(matched: FloatArray) -> float:
    """Say how much a paper is about a phrase, given its match in the title and each sentence."""
    sentences = int((matched[1:] >= SAID).sum())
    if matched[0] >= SAID:
        return IN_TITLE
    return (0.0, ONCE)[sentences] if sentences < 2 else TWICE


def _nearness(hits: Sequence[Hit]) -> FloatArray:
    """Give the cosines of the papers' whole-abstract vectors, less what all have in common.

    Any two of them have 0 on average.
    """
    whole = np.array(
        [hit.vectors.embeddings[hit.vectors.passages[:, 2] == 1].mean(0) for hit in hits]
    )
    apart = whole - whole.mean(0)
    apart /= np.maximum(np.linalg.norm(apart, axis=1, keepdims=True), 1e-9)
    near: FloatArray = apart @ apart.T
    return near + 1 / max(len(hits) - 1, 1)
