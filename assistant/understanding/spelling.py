"""Spelling: words of a question that no paper holds, mended by those of the papers found.

Only the papers found are looked at, so a corpus of any size costs the same; and only words that no
paper holds, so a name that is merely rare stays as it is.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from itertools import pairwise

from index.lexical import content_words
from index.search import Hit

SHORTEST = 5
"""Letters of a word that is mended: too many short words are one letter apart."""

LONG = 8
"""Letters from which two may be wrong."""

PAPERS = 5
"""Papers found whose words are looked at."""

WORD = re.compile(r"[^\W\d_]+")


def mended(question: str, hits: Sequence[Hit], *, held: Callable[[str], bool]) -> str | None:
    """Give the question with its misspelt words mended; None if nothing was to be mended.

    Args:
        hits: The papers found, best first.
        held: Whether any paper of the corpus holds a word.
    """
    texts = (f"{hit.paper.title} {hit.paper.abstract}".lower() for hit in hits[:PAPERS])
    known = list(dict.fromkeys(word for text in texts for word in WORD.findall(text)))
    better = {
        word: right
        for word in content_words(question)
        if len(word) >= SHORTEST and word.isalpha() and not held(word)
        if (right := _nearest(word, known))
    }
    if not better:
        return None
    return WORD.sub(lambda word: better.get(word[0].lower(), word[0]), question)


def _nearest(word: str, known: Sequence[str]) -> str | None:
    """Find the word at the least distance, the first of equals; None if all are too far."""
    allowed = 2 if len(word) >= LONG else 1
    near = [each for each in known if each[0] == word[0] and abs(len(each) - len(word)) <= allowed]
    best = min(near, key=lambda each: distance(word, each), default=None)
    return best if best and distance(word, best) <= allowed else None


def distance(one: str, other: str) -> int:
    """Count the letters to insert, delete, replace or swap with their neighbour.

    Optimal string alignment (Damerau 1964).
    """
    before: list[int] = []
    last = list(range(len(other) + 1))
    for row, letter in enumerate(one, start=1):
        now = [row]
        for column, (left, above) in enumerate(pairwise(last), start=1):
            same = letter == other[column - 1]
            cost = min(above + 1, now[-1] + 1, left + (not same))
            if row > 1 and column > 1 and one[row - 2 : row] == other[column - 2 : column][::-1]:
                cost = min(cost, before[column - 2] + 1)
            now.append(cost)
        before, last = last, now
    return last[-1]
