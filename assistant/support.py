"""Support: does a source say what a sentence claims?

`Support` is the seam: a scorer gives a number and the sentence that carries it, and two thresholds
on that number. `AlignedSupport` is the one that needs nothing but MiniLM.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from math import exp
from typing import Protocol

import numpy as np

from assistant.answers import Verdict
from assistant.support_features import NAMES, aligned, features
from assistant.support_sources import Claim, Source, SourceReader, folded
from index.minilm import FloatArray, MiniLM

__all__ = [
    "AlignedSupport",
    "Judgement",
    "Source",
    "SourceReader",
    "Support",
    "quoted_by",
    "verdict",
]

MOST = 0.999
"""The support of what is no literal quote; 1 is kept for those."""


@dataclass(frozen=True)
class Judgement:
    """How far sources support a claim, and where."""

    support: float
    """From 0 to 1; 1 for a literal quote and for nothing else."""
    source: int | None
    """Place of the source that supports it best; None if there is none with a sentence."""
    start: int
    end: int
    """The sentence that supports it best: `sources[source].text[start:end]`."""


class Support(Protocol):
    """Scores claims."""

    @property
    def low(self) -> float:
        """Below it, a claim is taken to be unsupported."""
        ...

    @property
    def high(self) -> float:
        """From it, a claim is taken to be supported."""
        ...

    def judge(self, claim: str, sources: Sequence[Source]) -> Judgement:
        """Say how far `sources`, taken together, support `claim`; 0 if either is empty."""
        ...


def verdict(judgement: Judgement, support: Support) -> Verdict:
    """Name what a judgement means by the thresholds of the scorer that gave it."""
    if judgement.support == 1.0:
        return "verbatim"
    if judgement.support >= support.high:
        return "supported"
    return "unchecked" if judgement.support >= support.low else "unsupported"


def quoted_by(claim: str, source: Source) -> bool:
    """Tell whether `claim` stands literally in the text of `source`, whole words at both ends."""
    wanted = folded(claim)
    return bool(wanted) and f" {wanted} " in f" {source.folded} "


class AlignedSupport:
    """Matches a claim word by word with its sources; see `support_features`."""

    def __init__(self, model: MiniLM) -> None:
        """Read claims with `model`."""
        self._reader = SourceReader(model)
        self._weights = Weights.shipped()
        self.low, self.high = self._weights.low, self._weights.high
        self._read: Claim | None = None

    def judge(self, claim: str, sources: Sequence[Source]) -> Judgement:
        """Score a claim by the best single source, or by all that carry a part of it.

        A source that stands twice counts once, and one without a word not at all.
        """
        kept = {(each.title, each.text): place for place, each in enumerate(sources)}
        places = sorted(place for place in kept.values() if sources[place].words.spelt)
        read = self._claim(claim)
        if not read.words.spelt or not places:
            return Judgement(0.0, None, 0, 0)
        judged = [self._alone(read, sources[place], place) for place in places]
        best = max(judged, key=lambda one: one.support)
        quoting = [one for one in judged if quoted_by(claim, sources[places[judged.index(one)]])]
        if quoting:
            return replace(quoting[0], support=1.0)
        return best

    def _alone(self, claim: Claim, source: Source, place: int) -> Judgement:
        match = aligned(claim, [source])
        support = self._weights.support(features(claim, [source], match))
        return Judgement(support, place, *source.sentences[match.sentence])

    def _claim(self, text: str) -> Claim:
        """Read a claim; the last one is kept, since it is often judged against other sources."""
        if self._read is None or self._read.text != text:
            self._read = self._reader.claim(text)
        return self._read


@dataclass(frozen=True)
class Weights:
    """What `support.json` holds."""

    weights: FloatArray
    """(features,): see `support_features.features`."""
    intercept: float
    low: float
    high: float

    @classmethod
    @cache
    def shipped(cls) -> Weights:
        """Read the weights that come with the package.

        Raises:
            ValueError: They are for other features.
        """
        fields = json.loads(files("assistant").joinpath("support.json").read_text(encoding="utf-8"))
        names = fields.pop("names")
        if names != list(NAMES):
            raise ValueError(f"`support.json` has the features {names}, not {list(NAMES)}")
        return cls(**{**fields, "weights": np.array(fields["weights"], np.float32)})

    def support(self, described: FloatArray) -> float:
        """Turn the features of a claim into the probability that it is supported."""
        log_odds = float(described @ self.weights) + self.intercept
        return min(1 / (1 + exp(-max(log_odds, -30.0))), MOST)
