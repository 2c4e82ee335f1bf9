"""The text of a language model, as it comes, into sentences with the numbers they cite."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from assistant.model_text.markers import without_markers
from assistant.model_text.noise import without_noise, without_tokens
from assistant.model_text.plain_text import PlainText, unsealed
from assistant.model_text.stretches import Stretch, sentences
from assistant.model_text.window import Window

AT_ONCE = 1000
"""Characters that are read at once, so that what waits to be read stays short."""

BRACKETS = "[]【】［］()"


@dataclass(frozen=True)
class Cited:
    """A sentence and what it cites."""

    text: str
    """Plain: without markers, Markdown and doubled blanks."""
    numbers: tuple[int, ...]
    """The known numbers it cites, in the order of their markers, none twice."""
    unknown: tuple[int, ...]
    """The first numbers it cites that are not known."""
    start: int
    end: int
    """`raw[start:end]` is the sentence with its markers, where `raw` is all that was fed."""


class CitationReader:
    """Reads a text in pieces; what it gives does not depend on where a piece ends."""

    def __init__(self, known: Collection[int]) -> None:
        """Make a reader of one text that may cite the numbers `known`."""
        self._known = frozenset(known)
        self._stretches = _StretchReader()

    @property
    def held(self) -> int:
        """Characters that wait for what comes next."""
        return self._stretches.held

    def feed(self, piece: str) -> list[Cited]:
        """Read the next piece; give the sentences that are now certain."""
        return self._cited(self._stretches.feed(piece))

    def close(self) -> list[Cited]:
        """Give what is left when nothing comes any more."""
        return self._cited(self._stretches.close())

    def _cited(self, stretches: Iterable[Stretch]) -> list[Cited]:
        return [cited for each in stretches if (cited := _cited(each, self._known))]


class _StretchReader:
    """Reads a text in pieces into sentences with their markers."""

    def __init__(self) -> None:
        self._fed = 0
        self._found: list[Stretch] = []
        self._windows = Window(), Window(), Window()
        raw, clean, plain = self._windows
        self._stages = (
            without_noise(raw, clean),
            PlainText(clean, plain).read(),
            sentences(plain, self._found),
        )

    @property
    def held(self) -> int:
        return sum(len(window.text) for window in self._windows)

    def feed(self, piece: str) -> Iterator[Stretch]:
        raw, _, plain = self._windows
        for start in range(0, len(piece), AT_ONCE):
            if plain.over:
                return
            part = piece[start : start + AT_ONCE]
            raw.add(part, self._fed)
            self._fed += len(part)
            yield from self._read_on()

    def close(self) -> list[Stretch]:
        self._windows[0].over = True
        return self._read_on()

    def _read_on(self) -> list[Stretch]:
        for stage in self._stages:
            next(stage, None)
        found, self._found[:] = self._found[:], []
        return found


def parse(text: str, known: Collection[int]) -> list[Cited]:
    """Read a whole text."""
    reader = CitationReader(known)
    return reader.feed(text) + reader.close()


def _cited(stretch: Stretch, known: frozenset[int]) -> Cited | None:
    """Read the markers of a sentence; None if it says nothing besides."""
    unmarked = without_markers(stretch.text, known)
    text = without_tokens(unsealed(unmarked.text))
    if "\n" not in text:  # only code between fences has line breaks
        text = " ".join(text.split())
    if not any(letter.isalnum() for letter in text):
        return None
    if _seems_marked(text):
        text = "".join(letter for letter in text if letter not in BRACKETS)
    return Cited(text, unmarked.numbers, unmarked.unknown, stretch.start, stretch.end)


def _seems_marked(text: str) -> bool:
    """Say whether a text that has lost its markers would be read as having some.

    That takes brackets in brackets, or code that has become shorter and so is code only now.
    """
    if not any(bracket in text for bracket in BRACKETS):
        return False
    reader = _StretchReader()
    stretches = [*reader.feed(text), *reader.close()]
    return any(without_markers(each.text, ()).found for each in stretches)
