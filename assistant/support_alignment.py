"""Aligning: each word of a claim with the word of the evidence that it repeats, or stands for.

A claim made wrong by an edit has, as a rule, a word or a few that no longer fit where all others
do. The network is told of each token where the evidence has its word, in what form, what was
passed over before it, and, of a word that the evidence lacks, which words may be meant instead. It
then has to learn only whether these say the same.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cached_property
from math import log

import numpy as np

from assistant.support_evidence import LENGTH, POWER
from assistant.support_sources import WORD, spelt
from index.bert import FloatArray
from index.lexical import STOP_WORDS

NO_WORD, ABSENT, ELSEWHERE, MOVED, INFLECTED, SAME = range(6)
"""How the evidence has the word of a token: not at all, not in the sentence that the claim is
compared with, there but out of order, in another form, as it is."""

MOST_PASSED = 3
"""Words passed over beyond which it no longer matters how many."""

COUNTERPARTS = 4
"""Words that one word may stand for, at most."""

WIDEST = 6
"""Words between two aligned ones beyond which none of them is told to be a counterpart."""

ALIKE = 0.15
"""Cosine of two words' vectors from which one may stand for the other."""

FARTHEST = 500
"""The last position that is told."""

TELLING = frozenset(
    "not no only never may can could might all some most more less few without".split()
)
"""Stop words that it matters to pass over."""

Vectors = Callable[[Sequence[str]], FloatArray]
"""Gives words, in lower case, their vectors, (words, 384), unit length."""


@dataclass(frozen=True)
class Text:
    """A text as tokens and as words."""

    ids: list[int]
    spans: list[tuple[int, int]]
    """Of the tokens, in the text."""
    text: str

    @cached_property
    def words(self) -> list[tuple[int, int]]:
        """Where the words are."""
        return [word.span() for word in WORD.finditer(self.text)]

    @cached_property
    def low(self) -> list[str]:
        """The words in lower case."""
        return [self.text[start:end].lower() for start, end in self.words]

    @cached_property
    def stems(self) -> list[str]:
        """What the forms of each word share."""
        return [spelt(word) for word in self.low]

    @cached_property
    def first_tokens(self) -> list[int]:
        """The token that each word begins with."""
        ends = [end for _, end in self.spans]
        last = max(len(ends) - 1, 0)
        return [min(bisect_right(ends, start), last) for start, _ in self.words]

    @cached_property
    def telling(self) -> list[bool]:
        """Whether it matters to pass over each word."""
        return [word not in STOP_WORDS or word in TELLING for word in self.low]


@dataclass(frozen=True)
class Aligned:
    """What is told of each token of a claim."""

    kinds: list[int]
    passed: list[int]
    """Telling words of the evidence between the word and the last one aligned in order."""
    positions: list[int]
    """That of the evidence's token where it is aligned; else after that of the token before."""
    counterparts: list[list[int]]
    """Tokens of the evidence."""


def aligned(claim: Text, evidence: Text, starts: Sequence[int], vectors: Vectors) -> Aligned:
    """Align a claim with its evidence.

    Args:
        claim: Of any length.
        evidence: It has a word.
        starts: Where the sentences of the evidence begin, titles left out.
        vectors: Tell which words are alike.
    """
    words = _nearest(claim, evidence, starts)
    matched, kinds = _matched(claim, evidence, words)
    passed = _passed(evidence, matched, kinds)
    counterparts = _counterparts(claim, evidence, words, matched, kinds, vectors)
    positions = _positions(evidence, matched, words)
    told = Aligned([], [], [], [])
    ends = [end for _, end in claim.words]
    before = -1
    for start, end in claim.spans:
        word = bisect_right(ends, start)
        if word == len(ends) or claim.words[word][0] >= end:
            told.kinds.append(NO_WORD)
            told.passed.append(0)
            told.counterparts.append([])
            told.positions.append(min(told.positions[-1] + 1, FARTHEST) if told.positions else 0)
            continue
        inner = told.positions[-1] + 1 if word == before else positions[word]
        told.kinds.append(kinds[word])
        told.passed.append(passed[word] if word != before else 0)
        told.positions.append(min(inner, FARTHEST))
        told.counterparts.append([evidence.ids[token] for token in counterparts[word]])
        before = word
    return told


def _nearest(claim: Text, evidence: Text, starts: Sequence[int]) -> range:
    """Give the words of the sentence that says most of the claim."""
    firsts = [bisect_left(evidence.words, (start, 0)) for start in starts]
    sentences = [
        range(a, b) for a, b in zip(firsts, [*firsts[1:], len(evidence.words)], strict=True)
    ]
    said = [{evidence.stems[word] for word in sentence} for sentence in sentences]
    stems = zip(claim.stems, claim.low, strict=True)
    wanted = dict.fromkeys(stem for stem, low in stems if low not in STOP_WORDS)
    wanted = wanted or dict.fromkeys(claim.stems)
    weight = {
        stem: log(1 + len(said) / count)
        for stem in wanted
        if (count := sum(stem in s for s in said))
    }
    gains = [
        sum(each for stem, each in weight.items() if stem in stems) / (LENGTH + len(stems)) ** POWER
        for stems in said
    ]
    return sentences[gains.index(max(gains))]


def _matched(claim: Text, evidence: Text, words: range) -> tuple[list[int | None], list[int]]:
    """Find each word of the claim in the evidence, in order as far as it goes."""
    matched: list[int | None] = [None] * len(claim.stems)
    kinds = [ABSENT] * len(claim.stems)
    near = [evidence.stems[word] for word in words]
    matcher = SequenceMatcher(None, near, claim.stems, autojunk=False)
    for start, own, size in matcher.get_matching_blocks():
        for step in range(size):
            there = words[start + step]
            matched[own + step] = there
            same = evidence.low[there] == claim.low[own + step]
            kinds[own + step] = SAME if same else INFLECTED
    first = {stem: word for word, stem in reversed([*enumerate(evidence.stems)])}
    first_near = {evidence.stems[word]: word for word in reversed(words)}
    for own, stem in enumerate(claim.stems):
        if matched[own] is None and stem in first:
            kinds[own] = MOVED if stem in first_near else ELSEWHERE
            matched[own] = first_near.get(stem, first[stem])
    return matched, kinds


def _passed(evidence: Text, matched: Sequence[int | None], kinds: Sequence[int]) -> list[int]:
    """Count the telling words that were passed over before each word aligned in order."""
    passed, last = [], None
    for there, kind in zip(matched, kinds, strict=True):
        between = range(0)
        if there is not None and kind >= INFLECTED:
            between = range(last + 1, there) if last is not None else between
            last = there
        passed.append(min(MOST_PASSED, sum(evidence.telling[word] for word in between)))
    return passed


def _counterparts(
    claim: Text,
    evidence: Text,
    words: range,
    matched: Sequence[int | None],
    kinds: Sequence[int],
    vectors: Vectors,
) -> list[list[int]]:
    """Give, of each word not aligned in order, the first tokens of those it may stand for.

    They are what the sentence has in its place, or else the word there that is most like it.
    """
    used = set(matched)
    free = [word for word in words if word not in used and evidence.telling[word]]
    after, last = [], words.stop
    for there, kind in zip(reversed(matched), reversed(kinds), strict=True):
        after.append(last)
        last = there if there is not None and kind >= INFLECTED else last
    after.reverse()
    found, before = list[list[int]](), words.start - 1
    for own, (there, kind) in enumerate(zip(matched, kinds, strict=True)):
        if there is not None and kind >= INFLECTED:
            before = max(before, there)
            found.append([])
            continue
        near = [word for word in free if before < word < after[own]]
        if not 0 < len(near) <= WIDEST:
            near = _most_alike(claim.low[own], free, evidence, vectors)
        found.append([evidence.first_tokens[word] for word in near[:COUNTERPARTS]])
    return found


def _most_alike(low: str, free: Sequence[int], evidence: Text, vectors: Vectors) -> list[int]:
    if low in STOP_WORDS or not free:
        return []
    cosines = vectors([evidence.low[word] for word in free]) @ vectors([low])[0]
    best = int(np.argmax(cosines))
    return [free[best]] if cosines[best] > ALIKE else []


def _positions(evidence: Text, matched: Sequence[int | None], words: range) -> list[int]:
    """Give the position of each word of a claim, on the scale of the evidence's tokens."""
    positions, before = [], evidence.first_tokens[words.start] if words else 0
    for there in matched:
        before = before + 1 if there is None else evidence.first_tokens[there] + 1
        positions.append(before)
    return positions
