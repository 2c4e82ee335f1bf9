"""The part of a text that has come and is not yet read, for readers that wait for more.

A reader is a generator: it reads one window, writes another, and yields when only what has not
come yet can decide. What it does therefore depends on the text alone, never on its pieces.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Generator
from dataclasses import dataclass, field
from typing import TypeAlias, TypeVar

Found = TypeVar("Found")

Waiting: TypeAlias = Generator[None, None, Found]
"""Gives what was looked for, after as many yields as there are pieces to wait for."""


LOOKED_AT = 40
"""Characters that `measure` looks at one by one; behind them it passes over `FILLING`."""

FILLING = frozenset("0123456789,; ")


@dataclass
class Window:
    """A text, and where in the raw text each of its characters stands."""

    text: str = ""
    starts: list[int] = field(default_factory=list)
    ends: list[int] = field(default_factory=list)
    last: str = ""
    """The character that was added last, read or not."""
    over: bool = False
    """Whether nothing will be added any more."""

    def add(self, text: str, start: int) -> None:
        """Add a text that stands in the raw text as it is, from `start` on."""
        self.text += text
        self.starts.extend(range(start, start + len(text)))
        self.ends.extend(range(start + 1, start + len(text) + 1))
        self.last = text[-1:] or self.last

    def take(self, source: Window, end: int, *, text: str | None = None) -> None:
        """Move what stands before `end` over from `source`, as `text` of the same length."""
        if end == 0:
            return
        text = source.text[:end] if text is None else text
        self.text += text
        self.starts += source.starts[:end]
        self.ends += source.ends[:end]
        self.last = text[-1]
        source.drop(end)

    def drop(self, end: int) -> None:
        """Forget what stands before `end`."""
        if end:
            self.text = self.text[end:]
            del self.starts[:end]
            del self.ends[:end]


def character(window: Window, place: int) -> Waiting[str]:
    """Give the character at `place`, nothing behind the end."""
    while place >= len(window.text) and not window.over:
        yield
    return window.text[place : place + 1]


def run(window: Window, place: int, *, of: str, most: int) -> Waiting[int]:
    """Give the place up to which there are only characters `of` a kind, `most` at most."""
    end = place
    while end - place < most:
        letter = yield from character(window, end)
        if not letter or letter not in of:
            break
        end += 1
    return end


def beginnings(words: Collection[str]) -> str:
    """Write a pattern of how any of `words` may begin, whole words left out."""
    found = {word[:size] for word in words for size in range(1, len(word))}
    return "|".join(re.escape(each) for each in sorted(found))


def measure(
    window: Window,
    place: int,
    *,
    whole: re.Pattern[str],
    part: re.Pattern[str],
    most: int = 400,
) -> Waiting[int]:
    """Give the length of the shortest `whole` at `place`, 0 if none has `most` characters.

    `part` matches how a whole may begin, and so says when to stop waiting. Behind the end stands
    a line break. No whole longer than `LOOKED_AT` ends with one of `FILLING`.
    """
    for size in range(1, most + 1):
        letter = yield from character(window, place + size - 1)
        if not letter:
            return (size - 1) * bool(whole.fullmatch(window.text[place:] + "\n"))
        if size > LOOKED_AT and letter in FILLING:
            continue
        if whole.fullmatch(window.text, place, place + size):
            return size
        if not part.fullmatch(window.text, place, place + size):
            break
    return 0


def find(
    window: Window, pattern: re.Pattern[str], *, start: int, most: int
) -> Waiting[re.Match[str] | None]:
    """Give the first match from `start` on that ends within `most` characters.

    A match is at most 40 characters long and may look at one character behind itself.
    """
    look = start
    while True:
        found = pattern.search(window.text, look, start + most)
        if window.over or len(window.text) > start + most:
            return found
        if found and found.end() < len(window.text):
            return found
        look = max(look, len(window.text) - 40)
        yield
