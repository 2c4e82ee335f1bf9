"""An abstract packed into passages of whole sentences, with offsets.

Two grains: the whole abstract, and three sentences at a time. A passage is read with the paper's
title before it, as context, and never holds more tokens than the embedder can read.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from itertools import pairwise
from pathlib import Path
from typing import Any

Span = tuple[int, int]
Lengths = Callable[[Sequence[str]], list[int]]
"""Counts the tokens of each text; the count of two texts joined by a space is their sum."""

VERSION = "1"
"""Changes whenever the same abstract would be packed differently."""

SENTENCES = 3
"""In a passage of the fine grain. With 3, not overlapping, ranking was as good as with 2 and
overlap, at a quarter fewer vectors; 4 and 5 were worse."""

TITLE_TOKENS = 128
"""A title longer than this is cut where it serves as context."""

RESERVED = 3
"""Tokens a passage needs beside title and sentences: two special ones and the title's full stop."""

ABBREVIATIONS = frozenset(
    {"al", "approx", "cf", "dr", "e.g", "eg", "eq", "et", "etc", "fig"}
    | {"i.e", "ie", "no", "resp", "sec", "vs", "w.r.t"}
)

GLUED = re.compile(r"(?<=[a-z)])[.?!](?=[A-Z][a-z]+ )")
"""A sentence's end without the space that should follow, as pages often print it."""


@dataclass(frozen=True)
class Passage:
    """A run of whole sentences: `abstract[start:end]`."""

    start: int
    end: int
    whole: bool
    """Whether it belongs to the coarse grain."""


def sentence_spans(text: str) -> tuple[Span, ...]:
    """Find the sentences of `text`; what lies between two of them is whitespace.

    Punkt (Kiss and Strunk 2006), with the abbreviations of papers, and a cut where the space after
    a full stop is missing.
    """
    spans: list[Span] = []
    for start, end in _punkt().span_tokenize(text):
        ends = [start + match.end() for match in GLUED.finditer(text[start:end])]
        spans += [_stripped(text, *span) for span in pairwise([start, *ends, end])]
    return tuple((start, end) for start, end in spans if start < end)


def pack(
    title: str, abstract: str, sentences: Sequence[Span], *, lengths: Lengths, limit: int
) -> tuple[Passage, ...]:
    """Pack the sentences of `abstract`, first into the coarse grain, then into the fine one.

    Args:
        limit: Tokens that the embedder can read at once, title and special ones included.
    """
    room = limit - RESERVED - min(lengths([title])[0], TITLE_TOKENS)
    pieces = [piece for span in sentences for piece in _fitting(abstract, span, lengths, room)]
    tokens = lengths([abstract[start:end] for start, end in pieces])
    coarse = _runs(abstract, pieces, tokens=tokens, room=room, most=len(pieces))
    fine = _runs(abstract, pieces, tokens=tokens, room=room, most=SENTENCES)
    return tuple(Passage(*span, True) for span in coarse) + tuple(
        Passage(*span, False) for span in fine
    )


def short_title(title: str, *, lengths: Lengths) -> str:
    """Cut a title that would take the room of the abstract."""
    while lengths([title])[0] > TITLE_TOKENS:
        title = title[: len(title) // 2]
    return title


def with_title(title: str, text: str) -> str:
    """Put the title before a passage."""
    return f"{title}. {text}"


def _runs(
    text: str, pieces: Sequence[Span], *, tokens: Sequence[int], room: int, most: int
) -> list[Span]:
    """Join neighbours, as many as fit into `room` tokens and at most `most`."""
    runs: list[Span] = []
    used = count = 0
    for (start, end), size in zip(pieces, tokens, strict=True):
        if runs and count < most and used + size <= room and _parted(text, start):
            runs[-1] = (runs[-1][0], end)
            used, count = used + size, count + 1
        else:
            runs.append((start, end))
            used, count = size, 1
    return runs


def _parted(text: str, place: int) -> bool:
    """Whether no word goes across `place`: joined again, it may have more tokens than its parts."""
    return text[place - 1].isspace() or unicodedata.category(text[place - 1]).startswith("P")


def _fitting(text: str, span: Span, lengths: Lengths, room: int) -> list[Span]:
    """Halve a sentence that no passage could hold, at a space where there is one."""
    start, end = span
    piece = text[start:end]
    # A byte is at most one token; a character may be three, as those of Hangul are.
    if len(piece.encode()) <= room or lengths([piece])[0] <= room:
        return [span]
    middle = (start + end) // 2
    space = text.rfind(" ", start + 1, middle)
    cut = space if space > start else middle
    halves = (_stripped(text, start, cut), _stripped(text, cut, end))
    return [piece for half in halves for piece in _fitting(text, half, lengths, room)]


def _stripped(text: str, start: int, end: int) -> Span:
    while start < end and text[start].isspace():
        start += 1
    while start < end and text[end - 1].isspace():
        end -= 1
    return start, end


@cache
def _punkt() -> Any:
    """Load Punkt's English parameters, which llama-index ships in its package."""
    import nltk.data
    from nltk.tokenize.punkt import PunktSentenceTokenizer, load_punkt_params

    spec = find_spec("llama_index.core")
    assert spec is not None
    assert spec.origin is not None
    shipped = Path(spec.origin).parent / "_static" / "nltk_cache"
    nltk.data.path.append(str(shipped))  # nltk reads no file outside this list
    place = nltk.data.find("tokenizers/punkt_tab/english/", paths=[str(shipped)])
    tokenizer = PunktSentenceTokenizer()
    tokenizer._params = load_punkt_params(place)
    tokenizer._params.abbrev_types |= ABBREVIATIONS
    return tokenizer
