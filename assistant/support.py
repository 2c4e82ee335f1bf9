"""Support: does a source say what a sentence claims?

`Support` is the seam: a scorer gives a number and the sentence that carries it, and two thresholds
on that number. `TrainedSupport` is the one that ships: literal quotes first, then a network.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from math import exp
from typing import Protocol

from assistant.answers import Verdict
from assistant.support_evidence import Evidence, evidence
from assistant.support_network import Reading, SupportNetwork
from assistant.support_sources import WORD, Source, folded, said, sentences_of

__all__ = [
    "NOTHING",
    "Judgement",
    "Source",
    "Support",
    "TrainedSupport",
    "quoted_by",
    "verdict",
]

MOST = 0.999
"""The support of what is no literal quote; 1 is kept for those."""

NEAR = 0.6
"""Sources that say less of a claim's words than this share of what another says of them are left
out: they are about something else, and the network, which never saw so much that is beside the
point, may believe them."""

PART = 0.25
"""Share of a claim's words that a source must say, and the best one not, to be counted in beside
it."""

FAMILIAR = 0.35
"""Share of a claim's words; sources that have fewer are about something else, as a rule: of claims
reworded freely by hand, 97 of 100 share more with their abstract, of claims about other papers
5."""


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


NOTHING = Judgement(0.0, None, 0, 0)


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

    def judge_all(self, claims: Sequence[tuple[str, Sequence[Source]]]) -> list[Judgement]:
        """Judge many claims, each by its own sources, as fast as the scorer can."""
        ...


def verdict(judgement: Judgement, support: Support) -> Verdict:
    """Name what a judgement means by the thresholds of the scorer that gave it."""
    if judgement.support == 1.0:
        return "verbatim"
    if judgement.support >= support.high:
        return "supported"
    return "unchecked" if judgement.support >= support.low else "unsupported"


def familiar(sentence: str, sources: Sequence[Source]) -> float:
    """Give the share of what a sentence says of which the sources have the words."""
    wanted = set(said(sentence))
    there = {stem for source in sources for stem in wanted & source.stemmed}
    return len(there) / max(len(wanted), 1)


def quoted_by(claim: str, source: Source) -> bool:
    """Tell whether `claim` stands literally in the text of `source`, whole words at both ends."""
    wanted = folded(claim)
    if wanted not in source.folded or not any(letter.isalnum() for letter in wanted):
        return False
    return re.search(rf"(?<!\w){re.escape(wanted)}(?!\w)", source.folded) is not None


class TrainedSupport:
    """Takes literal quotes as they are, and has a network read what else is claimed."""

    def __init__(self, network: SupportNetwork | None = None) -> None:
        """Read with `network`; without one, the shipped one is loaded."""
        self._network = network or SupportNetwork.load()
        self._scale = _scale()
        self.low, self.high = self._scale.low, self._scale.high

    def judge(self, claim: str, sources: Sequence[Source]) -> Judgement:
        """Score a claim by the best single source, or by several of which each carries a part.

        Of a claim of several sentences, the weakest decides. A source that stands twice counts
        once, and one without a word not at all.
        """
        return self.judge_all([(claim, sources)])[0]

    def judge_all(self, claims: Sequence[tuple[str, Sequence[Source]]]) -> list[Judgement]:
        """Judge many claims; the network reads all that it must in one go, or in two."""
        parted = [(sentences_of(claim), _places(sources)) for claim, sources in claims]
        asked = [
            _asked(sentence, sources, places)
            for (_, sources), (sentences, places) in zip(claims, parted, strict=True)
            for sentence in sentences
        ]
        judged = iter(self._judge(asked))
        judgements = []
        for (claim, sources), (sentences, places) in zip(claims, parted, strict=True):
            each = [next(judged) for _ in sentences]
            weakest = min(each, key=lambda one: one.support, default=NOTHING)
            quoting = any(quoted_by(claim, sources[place]) for place in places)
            judgements.append(replace(weakest, support=1.0) if quoting else weakest)
        return judgements

    def _judge(self, asked: Sequence[_Asked]) -> list[Judgement]:
        """Score sentences: by each source alone, then by those that complete one another."""
        alone = [
            (place, number, found)
            for place, each in enumerate(asked)
            for number, source in enumerate(each.sources)
            if WORD.search(each.sentence) and (found := evidence(each.sentence, [source]))
        ]
        supports = self._read(
            (found, asked[place].sentence, [asked[place].sources[number]])
            for place, number, found in alone
        )
        best: dict[int, tuple[float, int, Evidence]] = {}
        for (place, number, found), support in zip(alone, supports, strict=True):
            if quoted_by(asked[place].sentence, asked[place].sources[number]):
                support = 1.0
            if place not in best or support > best[place][0]:
                best[place] = support, number, found
        joint = [
            (place, found)
            for place, (support, number, _) in best.items()
            if support < MOST and (found := _together(asked[place], number))
        ]
        supports = self._read(
            (found, asked[place].sentence, asked[place].sources) for place, found in joint
        )
        together = dict(zip((place for place, _ in joint), supports, strict=True))
        judgements = [NOTHING] * len(asked)
        for place, (support, number, found) in best.items():
            start, end = asked[place].sources[number].sentences[found.sentence]
            most = max(support, together.get(place, 0.0))
            judgements[place] = Judgement(most, asked[place].places[number], start, end)
        return judgements

    def _read(self, asked: Iterable[tuple[Evidence, str, Sequence[Source]]]) -> list[float]:
        pairs, known = list[tuple[Evidence, str]](), list[float]()
        for found, sentence, sources in asked:
            pairs.append((found, sentence))
            known.append(familiar(sentence, sources))
        readings = zip(self._network.read(pairs), known, strict=True)
        return [self._scale.support(reading, each) for reading, each in readings]


@dataclass(frozen=True)
class _Asked:
    """A sentence and what may support it."""

    sentence: str
    sources: list[Source]
    places: list[int]
    """Where each source stands among those of the claim."""


def _places(sources: Sequence[Source]) -> list[int]:
    """Give the places of sources with a sentence, each once, in an order that they decide."""
    there = {(each.title, each.text): place for place, each in reversed([*enumerate(sources)])}
    return [there[key] for key in sorted(there) if WORD.search(sources[there[key]].text)]


def _asked(sentence: str, sources: Sequence[Source], places: Sequence[int]) -> _Asked:
    """Take a sentence with the sources that may be about what it is about."""
    known = {place: familiar(sentence, [sources[place]]) for place in places}
    least = NEAR * max(known.values(), default=0.0)
    near = [place for place in places if known[place] >= least]
    return _Asked(sentence, [sources[place] for place in near], near)


def _together(asked: _Asked, best: int) -> Evidence | None:
    """Choose evidence from the best source and those that say what it does not; None if none do."""
    if not (wanted := set(said(asked.sentence))):
        return None
    missing = wanted - asked.sources[best].stemmed
    others = [
        source
        for place, source in enumerate(asked.sources)
        if place != best and len(missing & source.stemmed) >= PART * len(wanted)
    ]
    return evidence(asked.sentence, [asked.sources[best], *others]) if others else None


@dataclass(frozen=True)
class Scale:
    """What `support.json` holds: from what the network reads to a probability; two thresholds."""

    slope: float
    """What the log-odds count that the claim is unsupported."""
    share: float
    """What the share of it that is wrong counts."""
    foreign: float
    """What it counts that the sources have none of its words; less for some, nothing from FAMILIAR
    on: a claim about something else."""
    intercept: float
    low: float
    high: float

    def support(self, reading: Reading, known: float) -> float:
        """Give the probability that a claim is supported.

        Args:
            reading: How the network read it.
            known: The share of its words that the sources have.
        """
        scaled = self.intercept - self.slope * reading.claim - self.share * reading.share
        scaled -= self.foreign * foreign(known)
        return min(1 / (1 + exp(-max(min(scaled, 30.0), -30.0))), MOST)


def foreign(known: float) -> float:
    """Give 1 for a claim of whose words the sources have none, and 0 from FAMILIAR on."""
    return max(0.0, 1 - known / FAMILIAR)


@cache
def _scale() -> Scale:
    return Scale(**json.loads(files("assistant").joinpath("support.json").read_text("utf-8")))
