"""The public sets whose licences let trained weights ship, as `eval.training.fetch` writes them.

Their labels are of claims of one or more sentences; a sentence takes the label of its claim where
nothing tells which of several sentences is wrong.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path

from assistant.support_evidence import evidence
from assistant.support_sources import Source, sentences_of
from eval.training.support.examples import Block, Example, changed, nearest
from eval.training.support.rows import SHIPPABLE, Row, rows

SHORTEST = 4
"""Words of a sentence that claims something."""

ALIKE = 0.7
"""Share of words by which an edited sentence is told to be the edit of another."""


def blocks(folder: Path) -> dict[str, list[Block]]:
    """Read what is not held out of each set that is there, a block a sentence."""
    read: dict[str, list[Block]] = {}
    for name in SHIPPABLE:
        about: dict[str, list[Row]] = defaultdict(list)
        for row in rows(folder, name, held_out=False):
            about[row.group].append(row)
        if about:
            read[name] = [block for group in about.values() for block in _blocks(group)]
    return read


def _blocks(about: Sequence[Row]) -> Iterator[Block]:
    """Make blocks of the claims about a source."""
    right = [text for row in about if row.supported for text in sentences_of(row.claim)]
    for row in about:
        source, sentences = Source(row.title, row.text), sentences_of(row.claim)
        for sentence in sentences:
            example = _example(row, sentence, right, alone=len(sentences) == 1)
            found = evidence(sentence, [source])
            if example and found and len(sentence.split()) >= SHORTEST:
                ends = pairwise((*found.starts, len(found.text)))
                read = tuple(found.text[start:end].strip() for start, end in ends)
                yield Block("", read, (example,))


def _example(row: Row, sentence: str, right: Sequence[str], *, alone: bool) -> Example | None:
    """Label a sentence of a claim; None if nothing tells whether it is the wrong one."""
    if row.supported or sentence in right:
        return Example(sentence, ())
    if marked := row.fields.get("unsupported_spans"):
        start = row.claim.find(sentence)
        spans = [(each["start"] - start, each["end"] - start) for each in marked]
        inside = [(first, last) for first, last in spans if first < len(sentence) and last > 0]
        return Example(sentence, tuple((max(0, first), last) for first, last in inside))
    edited = nearest(sentence, right, least=ALIKE)
    if edited and (wrong := changed(edited, sentence)):
        return Example(sentence, wrong)
    return Example(sentence, None) if alone else None
