"""Aligning: each word of a claim with the word of the evidence that it repeats, or stands for.

A claim made wrong by an edit has, as a rule, a word or a few that no longer fit where all others
do. The network is told of each token where the evidence has its word, in what form, what was
passed over before it, and, of a word that the evidence lacks, which words may be meant instead. It
then has to learn only whether these say the same.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cached_property, lru_cache
from itertools import pairwise
from math import log
from typing import Any, NamedTuple

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

FIRST_WORD = 1996
"""From this place on MiniLM's vocabulary holds words, not letters and reserved places."""

KEPT = 20_000
"""Words whose vectors are kept."""


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


class Aligner:
    """Parts texts into tokens and words, and aligns them."""

    def __init__(self, tokenizer: Any, vectors: FloatArray) -> None:
        """Read with MiniLM's tokenizer; `vectors`, (vocabulary, 384), tell what is alike."""
        self._tokenizer = tokenizer
        self._vectors, self._mean = vectors, vectors[FIRST_WORD:].mean(0)
        self._vector = lru_cache(KEPT)(self._vector_of)

    def text(self, text: str) -> Text:
        """Part a text into tokens."""
        read = self._tokenizer.encode(text, add_special_tokens=False)
        return Text(read.ids, read.offsets, text)

    def aligned(self, claim: Text, evidence: Text, starts: Sequence[int]) -> Aligned:
        """Align a claim with its evidence, which has a word.

        Args:
            claim: Of any length.
            evidence: The few sentences that it is compared with.
            starts: Where these begin, titles left out.
        """
        sentence = _nearest(claim, evidence, starts)
        matches = _matches(claim, evidence, sentence)
        passed = _passed(evidence, matches)
        positions = _positions(evidence, matches, sentence)
        counterparts = self._counterparts(claim, evidence, matches, sentence)
        told, before = Aligned([], [], [], []), -1
        for word, token in zip(_words_of_tokens(claim), range(len(claim.ids)), strict=True):
            first = word is not None and word != before
            position = positions[word] if word is not None and first else None
            if position is None:
                position = told.positions[-1] + 1 if token else 0
            told.positions.append(min(position, FARTHEST))
            told.kinds.append(NO_WORD if word is None else matches[word].kind)
            told.passed.append(passed[word] if word is not None and first else 0)
            others = counterparts[word] if word is not None else []
            told.counterparts.append([evidence.ids[evidence.first_tokens[n]] for n in others])
            before = before if word is None else word
        return told

    def _counterparts(
        self, claim: Text, evidence: Text, matches: Sequence[_Match], sentence: range
    ) -> list[list[int]]:
        """Give, of each word not matched in order, the words that it may stand for.

        They are what the sentence has in its place, or else the word there that is most like it.
        """
        used = {match.there for match in matches}
        free = [word for word in sentence if word not in used and evidence.telling[word]]
        found = []
        for own, (start, end) in enumerate(_gaps(matches, sentence)):
            near = [word for word in free if start < word < end]
            if matches[own].in_order:
                near = []
            elif not 0 < len(near) <= WIDEST:
                near = self._most_alike(claim.low[own], free, evidence)
            found.append(near[:COUNTERPARTS])
        return found

    def _most_alike(self, low: str, free: Sequence[int], evidence: Text) -> list[int]:
        if low in STOP_WORDS or not free:
            return []
        cosines = np.stack([self._vector(evidence.low[word]) for word in free]) @ self._vector(low)
        best = int(np.argmax(cosines))
        return [free[best]] if cosines[best] > ALIKE else []

    def _vector_of(self, word: str) -> FloatArray:
        """Give a word the mean of its tokens' vectors, unit length."""
        ids = self._tokenizer.encode(word, add_special_tokens=False).ids
        vector: FloatArray = self._vectors[ids].mean(0) - self._mean
        unit: FloatArray = vector / np.linalg.norm(vector)
        return unit


class _Match(NamedTuple):
    """A word of a claim in the evidence."""

    there: int | None
    kind: int

    @property
    def in_order(self) -> bool:
        return self.kind >= INFLECTED


def _words_of_tokens(text: Text) -> Iterator[int | None]:
    """Give the word of each token; None if it is of none."""
    ends = [end for _, end in text.words]
    for start, end in text.spans:
        word = bisect_right(ends, start)
        yield word if word < len(ends) and text.words[word][0] < end else None


def _nearest(claim: Text, evidence: Text, starts: Sequence[int]) -> range:
    """Give the words of the sentence that says most of the claim."""
    firsts = [bisect_left(evidence.words, (start, 0)) for start in starts]
    sentences = [range(*each) for each in pairwise([*firsts, len(evidence.words)])]
    said = [{evidence.stems[word] for word in sentence} for sentence in sentences]
    stems = zip(claim.stems, claim.low, strict=True)
    wanted = dict.fromkeys(stem for stem, low in stems if low not in STOP_WORDS)
    weight = {}
    for stem in wanted or dict.fromkeys(claim.stems):
        if count := sum(stem in stems for stems in said):
            weight[stem] = log(1 + len(said) / count)
    gains = [
        sum(each for stem, each in weight.items() if stem in stems) / (LENGTH + len(stems)) ** POWER
        for stems in said
    ]
    return sentences[gains.index(max(gains))]


def _matches(claim: Text, evidence: Text, sentence: range) -> list[_Match]:
    """Find each word of the claim in the evidence, in order as far as it goes."""
    near = [evidence.stems[word] for word in sentence]
    in_order: dict[int, int] = {}
    matcher = SequenceMatcher(None, near, claim.stems, autojunk=False)
    for start, own, size in matcher.get_matching_blocks():
        in_order |= {own + step: sentence[start + step] for step in range(size)}
    anywhere = {stem: word for word, stem in reversed([*enumerate(evidence.stems)])}
    moved = {evidence.stems[word]: word for word in reversed(sentence)}
    matches = []
    for own, stem in enumerate(claim.stems):
        there = in_order.get(own, moved.get(stem, anywhere.get(stem)))
        kind = MOVED if stem in moved else ABSENT if there is None else ELSEWHERE
        if own in in_order:
            kind = SAME if evidence.low[in_order[own]] == claim.low[own] else INFLECTED
        matches.append(_Match(there, kind))
    return matches


def _passed(evidence: Text, matches: Sequence[_Match]) -> list[int]:
    """Count the telling words that were passed over before each word matched in order."""
    passed, last = [], None
    for match in matches:
        count = 0
        if match.there is not None and match.in_order:
            between = range(match.there if last is None else last + 1, match.there)
            count, last = sum(evidence.telling[word] for word in between), match.there
        passed.append(min(MOST_PASSED, count))
    return passed


def _gaps(matches: Sequence[_Match], sentence: range) -> Iterator[tuple[int, int]]:
    """Give, for each word, the last word matched in order before it, and the next one after it."""
    ends, end = [], sentence.stop
    for match in reversed(matches):
        ends.append(end)
        end = match.there if match.there is not None and match.in_order else end
    start = sentence.start - 1
    for match, end in zip(matches, reversed(ends), strict=True):
        yield start, end
        start = match.there if match.there is not None and match.in_order else start


def _positions(evidence: Text, matches: Sequence[_Match], sentence: range) -> list[int]:
    """Give the position of each word of a claim, on the scale of the evidence's tokens."""
    positions, position = [], evidence.first_tokens[sentence.start] if sentence else 0
    for match in matches:
        position = position + 1 if match.there is None else evidence.first_tokens[match.there] + 1
        positions.append(position)
    return positions
