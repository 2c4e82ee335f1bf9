"""What is measured of each word of a claim against a source, and then of the claim.

Each word of the claim is matched with its best word of the source by the vectors of both in their
contexts (late interaction, as in ColBERT, arXiv:2004.12832). A claim made wrong by an edit has, as
a rule, one word or a few that no longer fit where all the others do.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from assistant.support_sources import Claim, Source
from assistant.support_words import KINDS, NO_COUNT, OPPOSITES, number
from index.lexical import STOP_WORDS
from index.minilm import FloatArray, IntArray

BoolArray = npt.NDArray[np.bool_]

WORD_NAMES = (
    *("empty", "number", "number_missing", "number_elsewhere", "count", "count_missing"),
    *("name", "name_missing", "rarity"),
    *("said", "said_near", "said_vector", "nearest", "in_title", "other_word", "margin"),
    *("around", "worst_around", "claim_met", "opposed", "opposed_match", "jump", "length"),
    *("claim_unsaid", "rare_unsaid"),
    *(f"{kind}{end}" for kind in KINDS for end in ("", "_missing")),
)
"""The columns of `Aligned.described` before those of the vectors."""

COUNTED = ("number_missing", "number_elsewhere", "count_missing", "name_missing", "opposed")
"""Those of WORD_NAMES of which a claim's words are counted."""

CLAIM_NAMES = (
    *("worst", "second_worst", "wrong_words", "mean", "doubtful", "length"),
    *("met", "far", "unsaid", "weakest"),
    *COUNTED,
)
"""The columns of `claim_features`."""

EMPTY_WEIGHT, COMMON_WEIGHT = 0.1, 0.3
"""Of a stop word, and of any other, to which its rarity is added."""

SCALES = 8.0, 3.0
"""Bring products of two unit vectors' numbers, and the numbers, near a spread of 1."""

FARTHEST = 20
"""Words apart, beyond which it no longer matters how far."""

MOST_COUNTED = 1.0
"""Words beyond which it no longer matters how many."""

FAR = 0.55
"""A claim met worse is about something else: so are 90 of 100 claims before another paper, and none
of 100 that reword a sentence of the paper, unless they are short and free."""

DOUBTFUL = -1.0
"""Log-odds of being wrong from which a word counts as doubtful."""


@dataclass(frozen=True, eq=False)
class Aligned:
    """A claim matched with a source."""

    described: FloatArray
    """(words, WORD_NAMES + 128 + 128): see `aligned`."""
    met: FloatArray
    """(words,): the best match of each in the two sentences that meet the claim best."""
    weight: FloatArray
    """(words,): how much each word says; sums to 1."""
    sentence: int
    """The sentence that meets the claim best."""


def aligned(claim: Claim, source: Source) -> Aligned:
    """Match a claim with a source; both have a word.

    Each word of the claim is described by the WORD_NAMES; by the products of its vector with that
    of its match near the claim's best sentence, which tell in what respect the two differ; and by
    its own vector, which tells what sort of word it is.
    """
    places, similarity = source.facts.places, claim.words.vectors @ source.words.vectors.T
    best = np.maximum.reduceat(similarity, source.facts.starts, axis=1)
    weight = _weight(claim)
    first = int(np.argmax(weight @ best))
    with_first = np.maximum(best, best[:, [first]])
    second = int(np.argmax(weight @ with_first))
    near = np.isin(source.segments, places[[first, second]])
    match = np.where(near, similarity, -1).argmax(1)
    view = _View(claim, source, similarity, near, match, with_first[:, second], weight)
    named = [*_spelling(view), *_nearness(view, best, first), *_contrasts(view)]
    own, other = claim.words.vectors, source.words.vectors[match]
    described = np.hstack([np.column_stack(named), own * other * SCALES[0], own * SCALES[1]])
    return Aligned(described.astype(np.float32), view.met, weight, int(places[first]))


def brings(match: Aligned, other: Aligned) -> float:
    """Give the share of a claim, by weight, that `other` says and `match` does not."""
    said = WORD_NAMES.index("said")
    only = (other.described[:, said] > match.described[:, said]) & (other.met > match.met)
    return float(match.weight @ only)


def joined(match: Aligned, other: Aligned, *, better: BoolArray) -> Aligned:
    """Take two sources for one: the words at which the other is `better` are met by it."""
    described = np.where(better[:, None], other.described, match.described)
    met = np.where(better, other.met, match.met)
    return replace(match, described=described, met=met)


def claim_features(match: Aligned, wrong: FloatArray) -> FloatArray:
    """Describe a claim: (CLAIM_NAMES,).

    Args:
        wrong: (words,): the log-odds that each word is wrong.
    """
    worst, met = np.sort(wrong)[::-1], float(match.weight @ match.met)
    named = dict(zip(WORD_NAMES, match.described.T[: len(WORD_NAMES)], strict=True))
    values = (
        worst[0],
        worst[min(1, len(worst) - 1)],
        np.logaddexp(0, wrong).sum(),
        wrong.mean(),
        (wrong > DOUBTFUL).mean(),
        np.log(len(wrong)),
        met,
        max(0.0, FAR - met),
        match.weight @ (1 - named["said"]),
        np.sort(match.met)[:3].mean(),
        *(min(float(named[name].sum()), MOST_COUNTED) for name in COUNTED),
    )
    return np.array(values, np.float32)


@dataclass(frozen=True, eq=False)
class _View:
    """A claim before a source."""

    claim: Claim
    source: Source
    similarity: FloatArray
    """(words, words of the source)."""
    near: BoolArray
    """(words of the source,): whether in one of the two sentences that meet the claim best."""
    match: IntArray
    """(words,): the best word near."""
    met: FloatArray
    """(words,): how well it matches."""
    weight: FloatArray


def _weight(claim: Claim) -> FloatArray:
    weight = np.where(_empty(claim), EMPTY_WEIGHT, COMMON_WEIGHT + claim.rarity)
    weighed: FloatArray = (weight / weight.sum()).astype(np.float32)
    return weighed


def _empty(claim: Claim) -> BoolArray:
    return np.array([word in STOP_WORDS for word in claim.words.low], bool)


def _spelling(view: _View) -> list[FloatArray]:
    """Describe how each word is spelt, and whether the source has it."""
    claim, facts = view.claim, view.source.facts
    said = [
        stem in facts.said or (len(word) > 3 and word in facts.letters)
        for stem, word in zip(claim.words.stems, claim.words.low, strict=True)
    ]
    unsaid = 1 - np.array(said, np.float32)
    columns = (
        _empty(claim),
        *_counts(view),
        claim.names,
        claim.names * unsaid,
        claim.rarity,
        1 - unsaid,
        _near(view).any(1),
    )
    return [np.asarray(column, np.float32) for column in columns]


def _counts(view: _View) -> tuple[BoolArray, ...]:
    """Tell which words are numbers, in digits or not, and which of these the source lacks."""
    low, said = view.claim.words.low, view.source.facts.numbers
    found = [None if word in NO_COUNT else number(word) for word in low]
    missing = np.array([value is not None and value not in said for value in found])
    digits = np.array([word[0].isdigit() for word in low])
    counts = np.array([value is not None for value in found]) & ~digits
    same = view.claim.words.hashes[:, None] == view.source.words.hashes
    elsewhere = same.any(1) & ~_near(view).any(1)
    return digits, digits & missing, digits & elsewhere, counts, counts & missing


def _near(view: _View) -> BoolArray:
    """Tell which words nearby have the stem of which: (words, words nearby)."""
    near: BoolArray = view.claim.words.hashes[:, None] == view.source.words.hashes[view.near]
    return near


def _nearness(view: _View, best: FloatArray, first: int) -> list[FloatArray]:
    """Describe how near each word comes to one of the source, and those around it do."""
    similarity, words, met = view.similarity, view.source.words, view.met
    same = view.claim.words.hashes[:, None] == words.hashes
    title = view.claim.words.vectors @ view.source.facts.title.T
    ranked = np.sort(best, axis=1)
    padded = np.pad(met, 2, mode="edge")
    around = np.stack([padded[shift : shift + len(met)] for shift in (0, 1, 3, 4)])
    return [
        np.where(same, similarity, 0).max(1),
        best[:, first],
        title.max(1, initial=0),
        np.where(same, -1, similarity).max(1),
        ranked[:, -1] - (ranked[:, -2] if ranked.shape[1] > 1 else 0),
        around.mean(0),
        around.min(0),
        np.full(len(met), view.weight @ met),
    ]


def _contrasts(view: _View) -> list[FloatArray]:
    """Describe what contradicts: opposites, order, and words of a kind that the source lacks."""
    claim, source, count = view.claim, view.source, len(view.met)
    opposed = _opposed(view)
    places = np.pad(view.match, 1, mode="edge")
    jump = np.minimum(abs(places[:-2] - view.match), abs(places[2:] - view.match))
    unsaid = np.array([stem not in source.facts.said for stem in claim.words.stems], np.float32)
    columns = [
        opposed > 0,
        opposed,
        np.minimum(jump, FARTHEST) / FARTHEST,
        np.full(count, np.log(count)),
        np.full(count, view.weight @ unsaid),
        unsaid * claim.rarity,
    ]
    for kind, held in zip(KINDS.values(), source.facts.kinds, strict=True):
        inside = np.array([word in kind for word in claim.words.low])
        columns += [inside, inside & ~held[view.near].any()]
    return [np.asarray(column, np.float32) for column in columns]


def _opposed(view: _View) -> FloatArray:
    """Give how well each word matches its opposite nearby; 0 if there is none, or it is there."""
    stems = view.source.words.stems
    opposed = np.zeros(len(view.met), np.float32)
    near = np.flatnonzero(view.near)
    there = {stems[place] for place in near}
    for place, stem in enumerate(view.claim.words.stems):
        opposites = OPPOSITES.get(stem, frozenset()) & there
        if opposites and stem not in there:
            opposed[place] = max(
                view.similarity[place, other] for other in near if stems[other] in opposites
            )
    return opposed
