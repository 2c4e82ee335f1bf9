"""Judging many claims: in batches, each source read once, with a word on how far it has come."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache

from assistant.support import Judgement, Source, Support
from eval.agreement_files import LabelledClaim
from eval.verdicts import judge_all

BATCH = 256
"""Claims that a scorer gets at a time; between batches progress is told."""

READ_SOURCES = 128
"""Sources kept as they were read; a long document takes a megabyte."""

Progress = Callable[[int, int], None]
"""Is told how many claims are judged, and of how many."""


class ClaimJudge:
    """Judges labelled claims by their sources."""

    def __init__(self, support: Support) -> None:
        """Judge with `support`."""
        self.support = support
        self._read = lru_cache(READ_SOURCES)(Source)

    def source(self, claim: LabelledClaim) -> Source:
        """Read the source of a claim, unless it was read shortly before."""
        return self._read(claim.title, claim.text)

    def judge(
        self,
        claims: Sequence[LabelledClaim],
        *,
        sources: Callable[[LabelledClaim], Sequence[Source]] | None = None,
        progress: Progress = lambda done, total: None,
    ) -> list[Judgement]:
        """Judge each claim by its own source, or by those that `sources` gives for it.

        Raises:
            ScorerError: The scorer left out a judgement, or gave one that cannot be.
        """
        given = sources or (lambda claim: [self.source(claim)])
        order, judged = by_source(claims), dict[int, Judgement]()
        for start in range(0, len(order), BATCH):
            places = order[start : start + BATCH]
            asked = [(claims[place].claim, given(claims[place])) for place in places]
            judged |= dict(zip(places, judge_all(self.support, asked), strict=True))
            progress(len(judged), len(claims))
        return [judged[place] for place in range(len(claims))]


def by_source(claims: Sequence[LabelledClaim]) -> list[int]:
    """Give the places of claims, those of a source together, in the order of first appearance."""
    first: dict[tuple[str, str], int] = {}
    sources = [(claim.title, claim.text) for claim in claims]
    for place, source in enumerate(sources):
        first.setdefault(source, place)
    return sorted(range(len(claims)), key=lambda place: first[sources[place]])
