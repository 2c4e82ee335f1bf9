"""What is measured of a claim against sources: how well each word is met, and by which sentence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from assistant.support_sources import WORD, Claim, Source
from index.lexical import STOP_WORDS
from index.minilm import FloatArray, IntArray

NAMES = ("met", "met_in_two", "said", "worst", "numbers_missing", "negated_alone")
"""The columns of `features`."""

STEM = 6
"""Letters by which two words count as one."""

COMMON = 0.3
"""Weight of a word that stands in every text; the rarest has 1 more."""

NEGATIONS = frozenset("not no never neither nor without cannot none fails fail unlike".split())


@dataclass(frozen=True)
class Aligned:
    """A claim's words against the sentences of sources."""

    best: FloatArray
    """(words, sentences): how well the best word of each sentence matches, at most 1."""
    sentence: int
    """The sentence that meets the claim best."""
    second: int
    """The one that adds most to it; the same if there is only one."""


def aligned(claim: Claim, sources: Sequence[Source]) -> Aligned:
    """Match each word of a claim with its best word in each sentence; the sources have some."""
    columns = []
    for source in sources:
        similarity = claim.words.vectors @ source.words.vectors.T
        best = np.full((len(similarity), len(source.sentences)), -1.0, np.float32)
        filled, first = np.unique(source.segments, return_index=True)
        best[:, filled] = np.maximum.reduceat(similarity, first, axis=1)
        columns.append(best)
    joined = np.hstack(columns)
    weight = weights(claim)
    sentence = int(np.argmax(weight @ joined))
    second = int(np.argmax(weight @ np.maximum(joined, joined[:, [sentence]])))
    return Aligned(joined, sentence, second)


def weights(claim: Claim) -> FloatArray:
    """Weigh the words of a claim: those that say little count little."""
    empty = np.array([word.lower() in STOP_WORDS for word in claim.words.spelt], bool)
    weight = np.where(empty, 0.1, COMMON + claim.rarity).astype(np.float32)
    weighed: FloatArray = weight / max(float(weight.sum()), 1e-9)
    return weighed


def features(claim: Claim, sources: Sequence[Source], match: Aligned) -> FloatArray:
    """Describe how far `sources`, taken together, meet a claim: (len(NAMES),)."""
    weight, content = weights(claim), _content(claim)
    met = match.best.max(1)
    in_two = np.maximum(match.best[:, match.sentence], match.best[:, match.second])
    text = " ".join(f"{source.title} {source.text}" for source in sources).lower()
    words = {word.group() for word in WORD.finditer(text)}
    stems = {word[:STEM] for word in words}
    low = [word.lower() for word in claim.words.spelt]
    said = np.array([word[:STEM] in stems for word in low], np.float32)
    numbers = [word for word in low if word[0].isdigit()]
    return np.array(
        [
            weight @ met,
            weight @ in_two,
            weight @ said,
            np.sort(in_two[content])[:3].mean() if content.any() else 1.0,
            sum(number not in words for number in numbers),
            bool(NEGATIONS & set(low)) and not NEGATIONS & words,
        ],
        np.float32,
    )


def _content(claim: Claim) -> IntArray:
    content: IntArray = np.array(
        [word.lower() not in STOP_WORDS for word in claim.words.spelt], bool
    )
    return content
