"""Evidence: the few sentences of the sources that a claim is read beside.

They are chosen by words, so that a source need not be read by a network first: of the sentences of
abstracts reworded by hand, the first chosen is the one that was reworded for 97 of 100, and it is
among the first three for more than 99.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import log

from assistant.support_sources import Source, said

SENTENCES = 3
WORDS = 80
"""How much is chosen at most, the first sentence apart."""

AGAIN, REPEATED = 0.2, 0.25
"""What a word counts that a chosen sentence has already, and what every word counts beside."""

LENGTH, POWER = 8, 0.25
"""A longer sentence must say more: what it says is divided by (LENGTH + stems) ** POWER."""

EARLIER = 1e-6
"""Sentences that say as much are taken in order."""


@dataclass(frozen=True)
class Evidence:
    """What a claim is read beside."""

    text: str
    """Sentences in the order of their sources, each source's after its title; LaTeX is readable."""
    starts: tuple[int, ...]
    """Where in it each sentence begins."""
    source: int
    """Place, among the sources, of the sentence that says most of the claim."""
    sentence: int
    """Place of that sentence in its source."""


def evidence(claim: str, sources: Sequence[Source]) -> Evidence | None:
    """Choose the sentences that together say most of what `claim` says; None if there is none."""
    places = [(s, n) for s, source in enumerate(sources) for n in range(len(source.sentences))]
    if not places:
        return None
    stems = [sources[source].stems[sentence] for source, sentence in places]
    wanted = {stem: 0 for stem in said(claim)}
    for each in stems:
        for stem in wanted.keys() & each:
            wanted[stem] += 1
    weight = {stem: log(1 + len(places) / count) for stem, count in wanted.items() if count}
    left, chosen, words = dict(weight), list[int](), 0
    while len(chosen) < min(SENTENCES, len(places)):
        rest = [place for place in range(len(places)) if place not in chosen]
        best = max(rest, key=lambda place: _gain(stems[place], left, weight) - EARLIER * place)
        words += len(_sentence(sources, places[best]).split())
        if chosen and words > WORDS:
            break
        chosen.append(best)
        left |= {stem: left[stem] * AGAIN for stem in left if stem in stems[best]}
    text, starts = _joined(sources, [places[place] for place in sorted(chosen)])
    return Evidence(text, starts, *places[chosen[0]])


def _gain(stems: frozenset[str], left: dict[str, float], weight: dict[str, float]) -> float:
    shared = [stem for stem in left if stem in stems]  # in order: sums must not differ by a bit
    gain = sum(left[stem] + REPEATED * weight[stem] for stem in shared)
    return gain / float((LENGTH + len(stems)) ** POWER)


def _joined(
    sources: Sequence[Source], places: Sequence[tuple[int, int]]
) -> tuple[str, tuple[int, ...]]:
    text, starts, before = "", [], None
    for place in places:
        title = sources[place[0]].title.rstrip(".") if place[0] != before else ""
        text += f"{title}. " if title else ""
        starts.append(len(text))
        text += f"{_sentence(sources, place)} "
        before = place[0]
    return text.rstrip(), tuple(starts)


def _sentence(sources: Sequence[Source], place: tuple[int, int]) -> str:
    return sources[place[0]].plain[place[1]]
