"""Checking: is each sentence that a model wrote supported by the papers it cites?

A sentence keeps the citations that carry it. One that its papers do not support goes to the paper
that does, if the model was given one; else it is written once more from its source; else it is
unsupported.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from time import perf_counter
from typing import NamedTuple

from assistant.answers import Statement
from assistant.citations import Cited
from assistant.support import NOTHING, Judgement, Source, Support, verdict
from index.search import Hit

Rewrite = Callable[[str, Hit], str | None]
"""Writes a sentence again from a paper; None if the paper says nothing on the matter."""


class Check:
    """Of one answer; it may cite the papers given."""

    def __init__(
        self, support: Support, hits: Mapping[int, Hit], *, rewrite: Rewrite | None = None
    ) -> None:
        """Begin; without `rewrite`, unsupported sentences stay as they are."""
        self._support = support
        self._hits = hits
        self._rewrite = rewrite
        self._sources: dict[int, Source] = {}
        self.seconds = 0.0
        """Spent on checking so far, without what the model took to write again."""

    def statement(self, cited: Cited) -> Statement:
        """Check a sentence; its verdict says how it ended."""
        judged = self._judged(cited.text, cited.numbers)
        if judged.support >= self._support.low:
            return judged.statement
        other = self._best_other(cited)
        if other and other.support >= self._support.high:
            return other.statement
        source = next(iter(cited.numbers), other.numbers[0] if other else None)
        if self._rewrite and source and (again := self._rewrite(cited.text, self._hits[source])):
            judged_again = self._judged(again, [source])
            if judged_again.support >= self._support.low:
                return judged_again.statement
        return judged.statement

    def _best_other(self, cited: Cited) -> _Judged | None:
        """Judge the sentence by each paper that it does not cite, and give the best."""
        others = [self._judged(cited.text, [n]) for n in self._hits if n not in cited.numbers]
        return max(others, key=lambda judged: judged.support, default=None)

    def _judged(self, text: str, numbers: Sequence[int]) -> _Judged:
        """Judge a sentence by the papers it cites, less those without which it is as supported."""
        started = perf_counter()
        alone = {number: self._judge(text, [number]) for number in numbers}
        kept = sorted(alone, key=lambda number: alone[number].support)
        together = self._judge(text, kept) if len(kept) > 1 else next(iter(alone.values()), NOTHING)
        for number in kept[:-1]:
            if alone[number].support < self._support.high:
                fewer = [each for each in kept if each != number]
                judged = self._judge(text, fewer) if len(fewer) > 1 else alone[fewer[0]]
                if judged.support >= together.support:
                    kept, together = fewer, judged
        self.seconds += perf_counter() - started
        return _Judged(
            together.support,
            tuple(number for number in numbers if number in kept),
            self._stated(text, {n: alone[n] for n in numbers if n in kept}, together),
        )

    def _judge(self, text: str, numbers: Sequence[int]) -> Judgement:
        for number in numbers:
            if number not in self._sources:
                hit = self._hits[number]
                self._sources[number] = Source.of(hit.paper)
        return self._support.judge(text, [self._sources[number] for number in numbers])

    def _stated(self, text: str, alone: Mapping[int, Judgement], together: Judgement) -> Statement:
        return Statement(
            text=text,
            papers=tuple(self._hits[number].paper for number in alone),
            verdict=verdict(together, self._support),
            support=together.support,
            evidence=tuple(
                (self._hits[number].paper, each.start, each.end) for number, each in alone.items()
            ),
        )


class _Judged(NamedTuple):
    support: float
    numbers: tuple[int, ...]
    statement: Statement
