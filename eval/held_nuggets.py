"""Which nuggets an answer holds, and which of its sentences hold one.

A quote holds the evidence that it covers. What is written, and a nugget without evidence, is judged
by the scorer: an answer holds a fact if its sentences, taken as sources, support the fact. Of 588
facts beside quotes, where offsets tell what is right, the scorer that ships finds 89 % of those
that are held, and takes 3 % of the others for held (November 2026).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from assistant.support import Source, Support
from eval.cases import Nugget
from eval.metrics.nuggets import Span, quoted, useful
from eval.results import Claim, HeldNugget
from eval.verdicts import judge_all, told
from index.papers import Paper


@dataclass(frozen=True)
class HeldNuggets:
    """Nuggets beside the claims of an answer."""

    held: tuple[HeldNugget, ...]
    by_claim: tuple[tuple[int, ...], ...]
    """For each claim, the places of the nuggets that it holds, or most of."""
    error: str | None
    """Why the scorer failed; None if it did not."""


class _Holds(NamedTuple):
    """What is known of one nugget."""

    held: bool | None
    claims: frozenset[int]
    """Places of those that hold it."""


class NuggetJudge:
    """Finds nuggets in answers."""

    def __init__(self, support: Support) -> None:
        """Judge with `support`."""
        self._support = support

    def held(
        self, nuggets: Sequence[Nugget], claims: Sequence[Claim], papers: Iterable[Paper]
    ) -> HeldNuggets:
        """Find out which nuggets the claims of an answer hold; `papers` are those it cites."""
        abstracts = {paper.id: paper.abstract for paper in papers}
        quotes = [_quote(claim) for claim in claims]
        holds = [_quoted(nugget, quotes, abstracts) for nugget in nuggets]
        unsettled = [
            place
            for place, nugget in enumerate(nuggets)
            if not holds[place].held and claims and (None in quotes or not nugget.evidence)
        ]
        error = None
        try:
            facts = [nuggets[place].fact for place in unsettled]
            for place, scored in zip(unsettled, self._scored(facts, claims), strict=True):
                holds[place] = _Holds(scored.held, scored.claims | holds[place].claims)
        except Exception as failed:  # noqa: BLE001 - a scorer is anybody's code
            error = told(failed)
            for place in unsettled:
                holds[place] = _Holds(None, holds[place].claims)
        return HeldNuggets(
            held=tuple(
                HeldNugget(fact=each.fact, evidence=each.evidence, paper=each.paper, held=held)
                for each, (held, _) in zip(nuggets, holds, strict=True)
            ),
            by_claim=tuple(
                tuple(place for place, each in enumerate(holds) if claim in each.claims)
                for claim in range(len(claims))
            ),
            error=error,
        )

    def _scored(self, facts: Sequence[str], claims: Sequence[Claim]) -> list[_Holds]:
        """Let the scorer judge each fact by all sentences, and by each alone."""
        if not facts:
            return []
        sources = [Source("", claim.text) for claim in claims]
        sets = [sources, *([source] for source in sources)]
        judged = judge_all(self._support, [(fact, some) for fact in facts for some in sets])
        holds = []
        for start in range(0, len(judged), len(sets)):
            whole, *alone = judged[start : start + len(sets)]
            enough = {
                place for place, each in enumerate(alone) if each.support >= self._support.high
            }
            held = whole.support >= self._support.high
            if held and whole.source is not None:
                enough.add(whole.source)
            holds.append(_Holds(held, frozenset(enough)))
        return holds


def _quote(claim: Claim) -> Span | None:
    """Give the words that a claim quotes; None if it is written."""
    if claim.verdict != "verbatim":
        return None
    place = claim.evidence[0]
    return Span(place.id, place.start, place.end)


def _quoted(nugget: Nugget, quotes: Sequence[Span | None], abstracts: dict[str, str]) -> _Holds:
    start = abstracts.get(nugget.paper, "").find(nugget.evidence) if nugget.evidence else -1
    if start < 0:
        return _Holds(False, frozenset())
    evidence = Span(nugget.paper, start, start + len(nugget.evidence))
    there = [quote for quote in quotes if quote]
    useful_ones = (n for n, quote in enumerate(quotes) if quote and useful(quote, evidence))
    return _Holds(quoted(evidence, there), frozenset(useful_ones))
