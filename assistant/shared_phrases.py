"""Phrases that several papers share, and how far each paper is about each of them.

That a phrase is said in other words is found by late interaction, as in `index.reranking`.
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
from index.reranking import best_matches
from index.search import Hit

SAID = 0.8
"""How well the worst token of a phrase must be matched for a paper to say it. The matches of
phrases that are said in other forms are above 0.85, those of what is only related below 0.75."""

IN_TITLE, TWICE, ONCE = 1.0, 0.7, 0.2
"""How much a paper is about what its title, two of its sentences, or one of them says."""

USUAL = 0.75
"""How well a paper of the bundled sample must match a phrase to say it: only some of its tokens are
kept."""

BATCH = 64
"""Papers that are matched at a time: bounds the memory."""

Places = list[tuple[Hit, Phrase]]
"""Where abstracts print a phrase."""


@dataclass(frozen=True)
class SharedPhrase:
    """A phrase that two papers or more say, in this form or another."""

    key: tuple[str, ...]
    label: str
    """As a heading."""
    said: FloatArray
    """(papers,): how much each is about it; 0 if it does not say it."""
    usual: float
    """Share of papers on other things that say it."""


def shared_phrases(printed: Sequence[Places], hits: Sequence[Hit]) -> list[SharedPhrase]:
    """Match every phrase of `printed` with every paper; keep those that two say."""
    found = [(places, _tokens(*places[0])) for places in printed]
    found = [(places, tokens) for places, tokens in found if len(tokens)]
    said = _said([tokens for _, tokens in found], hits)
    kept = [n for n, each in enumerate(said) if (each > 0).sum() > 1]
    if not kept:
        return []
    return [
        SharedPhrase(
            key=found[n][0][0][1].key,
            label=heading([phrase for _, phrase in found[n][0]]),
            said=said[n],
            usual=float(share),
        )
        for n, share in zip(kept, _usual([found[n][1] for n in kept]), strict=True)
    ]


def printed_phrases(hits: Sequence[Hit], *, subject: str = "") -> list[Places]:
    """Give each phrase that could be a heading with the places where abstracts print it.

    It stands in a title, or in two abstracts; and it is not said by the subject already.
    """
    words = [part for word in content_words(subject) for part in parts(word)]
    every = re.findall(r"[^\W_]+", subject.lower())
    short = {"".join(word[0] for word in each) for each in (words, every)}
    asked = {*words, *short, "of"}
    in_titles = [phrase for hit in hits for phrase in phrases(hit.paper.title)]
    titled = {phrase.key for phrase in in_titles}
    ends = {phrase.key for phrase in in_titles if phrase.whole}
    printed: dict[tuple[str, ...], Places] = {}
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


def _said(phrases: Sequence[FloatArray], hits: Sequence[Hit]) -> list[FloatArray]:
    """Say how much each paper is about each phrase, given the tokens of the phrases."""
    if not phrases:
        return []
    every = np.concatenate(phrases)
    starts = np.cumsum([0, *map(len, phrases)])[:-1]
    columns = []
    for first in range(0, len(hits), BATCH):
        some = [hit.vectors for hit in hits[first : first + BATCH]]
        for best in best_matches(every, some):
            columns.append(_about(np.minimum.reduceat(best, starts)))
    return list(np.array(columns, np.float32).T)


def _about(matched: FloatArray) -> FloatArray:
    """Say how much a paper is about phrases, given the match of each in title and sentences."""
    sentences = (matched[:, 1:] >= SAID).sum(1)
    in_text = np.array([0.0, ONCE, TWICE], np.float32)[sentences.clip(max=2)]
    about: FloatArray = np.where(matched[:, 0] >= SAID, np.float32(IN_TITLE), in_text)
    return about


def _usual(phrases: Sequence[FloatArray]) -> FloatArray:
    """Give the share of papers on other things, those of the sample, that say each phrase."""
    tokens = background().tokens
    starts = np.cumsum([0, *map(len, phrases)])[:-1]
    matches = np.concatenate(phrases) @ tokens.reshape(-1, tokens.shape[2]).T
    best = matches.reshape(len(matches), len(tokens), -1).max(2)
    usual: FloatArray = (np.minimum.reduceat(best, starts) >= USUAL).mean(1)
    return usual


def _tokens(hit: Hit, phrase: Phrase) -> FloatArray:
    offsets = hit.vectors.offsets
    inside = (offsets[:, 0] >= phrase.start) & (offsets[:, 1] <= phrase.end)
    tokens: FloatArray = hit.vectors.tokens[inside]
    return tokens
