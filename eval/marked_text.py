"""Text from papers and models, made fit for a page, and cut where marks begin and end."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

from assistant.fit_text import fit

ROMAN = {
    **{1000: "m", 900: "cm", 500: "d", 400: "cd", 100: "c", 90: "xc", 50: "l", 40: "xl"},
    **{10: "x", 9: "ix", 5: "v", 4: "iv", 1: "i"},
}

CLAIM, FACT = "e", "f"
"""How the names of marks begin, before a number from 1."""


@dataclass(frozen=True)
class Mark:
    """`text[start:end]` carries what `name` names."""

    name: str
    start: int
    end: int


@dataclass(frozen=True)
class Piece:
    """A part of a text, and the names of all marks that it lies in."""

    text: str
    names: tuple[str, ...]
    first_of: tuple[str, ...]
    """Those of the names whose first piece this is."""

    @property
    def carries(self) -> bool:
        """Whether a claim rests on it, and not a fact alone."""
        return any(name.startswith(CLAIM) for name in self.names)


def pieces(text: str, marks: Iterable[Mark]) -> tuple[Piece, ...]:
    """Cut `text` where marks begin and end; a mark may reach beyond the text, or be empty."""
    inside = [mark for mark in marks if max(mark.start, 0) < min(mark.end, len(text))]
    bounds = {0, len(text), *(mark.start for mark in inside), *(mark.end for mark in inside)}
    cuts = sorted(each for each in bounds if 0 <= each <= len(text))
    seen: set[str] = set()
    found = []
    for start, end in pairwise(cuts):
        names = tuple(
            dict.fromkeys(mark.name for mark in inside if mark.start <= start and end <= mark.end)
        )
        first = tuple(name for name in names if name not in seen)
        seen.update(names)
        found.append(Piece(fit(text[start:end]), names, first))
    return tuple(found)


def letter(place: int) -> str:
    """Give a, b, c … z, aa, ab … for 1, 2, 3 …"""
    before, last = divmod(place - 1, 26)
    return (letter(before) if before else "") + chr(ord("a") + last)


def roman(place: int) -> str:
    """Give i, ii, iii, iv … for 1, 2, 3, 4 …"""
    written = ""
    for value, sign in ROMAN.items():
        count, place = divmod(place, value)
        written += sign * count
    return written
