"""Checking: is each sentence that a model wrote supported by the papers it cites?

A sentence keeps the citations that carry it. One that its papers do not support goes to the paper
that does, if the model was given one; else it is written once more from its source; else it is
unsupported.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from time import perf_counter

from assistant.answers import Statement
from assistant.citations import Cited
from assistant.support import Judgement, Source, Support, verdict
from index.search import Hit

Rewrite = Callable[[str, Hit], str | None]
"""Writes a sentence again from a paper; None if the paper says nothing on the matter."""


class Check:
    """Of one answer; it may cite the papers given."""

    def __init__(
        self, support: Support, hits: Mapping[int, Hit], *, rewrite: Rewrite | None = None
    ) -> None:
        """Make the papers ready; without `rewrite`, unsupported sentences stay as they are."""
        self._support = support
        self._hits = hits
        self._rewrite = rewrite
        started = perf_counter()
        self._sources = {number: Source.of(hit.paper, hit.vectors) for number, hit in hits.items()}
        self.seconds = perf_counter() - started
        """Spent on checking so far, without what the model took to write again."""

    def statement(self, cited: Cited) -> Statement:
        """Check a sentence; its verdict says how it ended."""
        numbers = self._carrying(cited.text, cited.numbers)
        judged = self._judge(cited.text, numbers)
        if judged.support < self._support.low:
            other, judged_other = self._best(cited.text)
            if judged_other.support >= self._support.high:
                return self._stated(cited.text, [other], judged_other)
            source = (numbers or [other])[0]
            if self._rewrite and (again := self._rewrite(cited.text, self._hits[source])):
                judged_again = self._judge(again, [source])
                if judged_again.support >= self._support.low:
                    return self._stated(again, [source], judged_again)
        return self._stated(cited.text, numbers, judged)

    def _judge(self, text: str, numbers: Sequence[int]) -> Judgement:
        started = perf_counter()
        judged = self._support.judge(text, [self._sources[number] for number in numbers])
        self.seconds += perf_counter() - started
        return judged

    def _carrying(self, text: str, numbers: Sequence[int]) -> list[int]:
        """Leave out papers without which the sentence is supported as well."""
        kept = list(numbers)
        whole = self._judge(text, kept).support
        for number in sorted(numbers, key=lambda number: self._judge(text, [number]).support):
            fewer = [each for each in kept if each != number]
            alone = self._judge(text, [number]).support
            if fewer and alone < self._support.high and self._judge(text, fewer).support >= whole:
                kept = fewer
        return kept

    def _best(self, text: str) -> tuple[int, Judgement]:
        judged = {number: self._judge(text, [number]) for number in self._sources}
        best = max(judged, key=lambda number: judged[number].support)
        return best, judged[best]

    def _stated(self, text: str, numbers: Sequence[int], judged: Judgement) -> Statement:
        best = {number: self._judge(text, [number]) for number in numbers}
        return Statement(
            text=text,
            papers=tuple(self._hits[number].paper for number in numbers),
            verdict=verdict(judged, self._support),
            support=judged.support,
            evidence=tuple(
                (self._hits[number].paper, each.start, each.end) for number, each in best.items()
            ),
        )
