"""Words that contradict one another, and words that say the same; both lists are ours.

A line is a group, ` | ` between its members. `contrasts.txt` also has lines `this > that`: that may
take the place of this, and not the other way round.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

WORDS = re.compile(r"[^\s,;:()]+")

Table = dict[str, tuple[str, ...]]


@dataclass(frozen=True)
class Found:
    """A phrase of a text that a table has, and what may take its place."""

    start: int
    end: int
    others: tuple[str, ...]


@cache
def contrasts() -> Table:
    """Read what makes a sentence say something else."""
    return _table("contrasts.txt")


@cache
def synonyms() -> Table:
    """Read what leaves a sentence as true as it is."""
    return _table("synonyms.txt")


def found(text: str, table: Table) -> list[Found]:
    """Find the phrases of `text` that `table` has, the longest at each word, none in another."""
    words = [word.span() for word in WORDS.finditer(text.rstrip("."))]
    longest = max(len(phrase.split()) for phrase in table)
    phrases: list[Found] = []
    for first, (start, _) in enumerate(words):
        if not phrases or start >= phrases[-1].end:
            ends = [end for _, end in reversed(words[first : first + longest])]
            end = next((end for end in ends if text[start:end].lower() in table), start)
            if end > start:
                phrases.append(Found(start, end, table[text[start:end].lower()]))
    return phrases


def _table(name: str) -> Table:
    table: dict[str, list[str]] = defaultdict(list)
    text = files("eval.training.support").joinpath(name).read_text(encoding="utf-8")
    for line in filter(None, map(str.strip, text.splitlines())):
        this, _, that = line.partition(" > ")
        members = [member.strip() for member in this.split("|")]
        others = [member.strip() for member in that.split("|")] if that else members
        for member in members:
            table[member.lower()] += [other for other in others if other != member]
    return {phrase: tuple(others) for phrase, others in table.items()}
