"""Examples: claims about a piece of evidence, of which we know what makes the wrong ones wrong."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cached_property
from itertools import accumulate

from assistant.support_sources import WORD

Span = tuple[int, int]


@dataclass(frozen=True)
class Example:
    """A claim with its label."""

    text: str
    wrong: tuple[Span, ...] | None
    """The characters that make it unsupported; None where it is, and they are not known."""
    kin: int | None = None
    """What it shares with the right and wrong versions of the same sentence in its block."""
    weight: float = 1.0

    @property
    def supported(self) -> bool:
        """Whether the evidence says so."""
        return self.wrong == ()


@dataclass(frozen=True)
class Block:
    """Evidence and the claims about it, which are read together."""

    title: str
    """Empty if there is none."""
    sentences: tuple[str, ...]
    examples: tuple[Example, ...]

    @cached_property
    def evidence(self) -> str:
        """The evidence as `assistant.support_evidence` writes it: the title, then the sentences."""
        return " ".join([*self._title, *self.sentences])

    @cached_property
    def starts(self) -> tuple[int, ...]:
        """Where in the evidence each sentence begins."""
        lengths = (len(each) + 1 for each in (*self._title, *self.sentences))
        return tuple(accumulate(lengths, initial=0))[len(self._title) : -1]

    @property
    def _title(self) -> list[str]:
        return [f"{title}."] if (title := self.title.rstrip(".")) else []


def changed(right: str, wrong: str) -> tuple[Span, ...]:
    """Give the characters of `wrong` where its words are not those of `right`.

    Where `wrong` only lacks words, those beside the gap are given.
    """
    kept = [word.group().lower() for word in WORD.finditer(right)]
    words = list(WORD.finditer(wrong))
    matcher = SequenceMatcher(None, kept, [word.group().lower() for word in words], autojunk=False)
    spans = []
    for edit, _, _, start, end in matcher.get_opcodes():
        if edit == "delete":
            start, end = max(0, start - 1), min(len(words), end + 1)
        if edit != "equal" and start < end:
            spans.append((words[start].start(), words[end - 1].end()))
    return tuple(spans)


def nearest(text: str, others: Sequence[str], *, least: float) -> str | None:
    """Find the one of `others` that shares the most words in order; None if it is too few."""
    words = text.split()
    shared = {other: SequenceMatcher(None, other.split(), words).ratio() for other in others}
    best = max(shared, key=shared.__getitem__, default=None)
    return best if best is not None and shared[best] >= least else None
