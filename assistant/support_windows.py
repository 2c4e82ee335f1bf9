"""Windows: sources cut between their sentences, for a scorer that cannot read them whole.

A claim is never cut. What a scorer is given of the sources is a window: as many whole sentences as
fit, or a piece of a sentence that no window could hold.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from assistant.support import NOTHING, Judgement, Source, quoted_by
from assistant.support_words import stem
from index.lexical import content_words


@dataclass(frozen=True)
class Piece:
    """A sentence of a source, or a part of one: `sources[source].text[start:end]`."""

    source: int
    start: int
    end: int


Window = tuple[Piece, ...]


def told_once(sources: Sequence[Source]) -> list[int]:
    """Give the places of sources with a word, each once, in an order of its own.

    So neither a source that stands twice nor another order changes what a scorer reads.
    """
    there = {(each.title, each.text): place for place, each in reversed([*enumerate(sources)])}
    return [there[key] for key in sorted(there) if any(map(str.isalnum, key[1]))]


def settled(claim: str, sources: Sequence[Source]) -> Judgement | None:
    """Judge what needs no model: a literal quote, and what is empty; None for the rest."""
    places = told_once(sources)
    if not places or not any(map(str.isalnum, claim)):
        return NOTHING
    for place in places:
        if quoted_by(claim, sources[place]):
            piece = nearest(claim, whole(sources, [place]), sources)
            return Judgement(1.0, place, piece.start, piece.end)
    return None


def whole(sources: Sequence[Source], places: Sequence[int]) -> Window:
    """Give all sentences of the sources at `places`, one source after the other."""
    return tuple(
        Piece(place, start, end) for place in places for start, end in sources[place].sentences
    )


def windows(
    window: Window, sources: Sequence[Source], *, fits: Callable[[Window], bool]
) -> list[Window]:
    """Halve a window, between sentences where there are several, until each part fits.

    Args:
        fits: Whether a window can be read; a single letter must fit.
    """
    if not window or fits(window):
        return [window] if window else []
    first, second = _halves(window, sources)
    return [*windows(first, sources, fits=fits), *windows(second, sources, fits=fits)]


def nearest(claim: str, window: Window, sources: Sequence[Source]) -> Piece:
    """Give the piece of a window that has most of a claim's words; of equal ones the first."""
    wanted = set(map(stem, content_words(claim)))
    texts = [sources[each.source].text[each.start : each.end] for each in window]
    shared = [len(wanted.intersection(map(stem, content_words(text)))) for text in texts]
    return window[shared.index(max(shared))]


def runs(window: Window, sources: Sequence[Source]) -> Iterator[tuple[int, str]]:
    """Give each source of a window, by its place, with what the window holds of its text."""
    for place, pieces in groupby(window, key=lambda piece: piece.source):
        held = list(pieces)
        yield place, sources[place].text[held[0].start : held[-1].end]


def _halves(window: Window, sources: Sequence[Source]) -> tuple[Window, Window]:
    if len(window) > 1:
        half, read, cut = sum(each.end - each.start for each in window) / 2, 0, 0
        while cut < len(window) - 1 and (cut == 0 or read < half):
            read += window[cut].end - window[cut].start
            cut += 1
        return window[:cut], window[cut:]
    (piece,) = window
    text = sources[piece.source].text
    middle = (piece.start + piece.end) // 2
    space = text.rfind(" ", piece.start + 1, middle)
    end, start = (space, space + 1) if space > 0 else (middle, middle)
    return (Piece(piece.source, piece.start, end),), (Piece(piece.source, start, piece.end),)
