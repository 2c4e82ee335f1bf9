"""Batches: blocks as tokens, one after the other, and where each text stands among them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate

import numpy as np
import torch
from torch import Tensor

from assistant.support_alignment import COUNTERPARTS, Aligner, Text
from assistant.support_network import CLAIM, EVIDENCE, FIRST, LAST
from eval.training.support.examples import Block, Example
from index.bert import FloatArray
from index.minilm import IntArray

LONGEST_CLAIM, LONGEST_EVIDENCE = 90, 250
"""Tokens that training reads; a longer text loses its end."""

LEFT_OUT = 2
"""Characters beside a gap in which a token is marked as wrong."""


@dataclass(frozen=True)
class Texts:
    """Texts as rows of tokens, special ones included."""

    places: Tensor
    """(texts, tokens): where each token stands in the batch; 0 beyond a text's end."""
    there: Tensor
    """(texts, tokens): whether there is one."""


@dataclass(frozen=True)
class Batch:
    """All evidence of some blocks, then all claims: (tokens,) of each."""

    ids: Tensor
    positions: Tensor
    kinds: Tensor
    passed: Tensor
    segments: Tensor
    counterparts: Tensor
    """(tokens, COUNTERPARTS)."""
    evidence: Texts
    claims: Texts
    of: Tensor
    """(claims,): the evidence of each."""
    examples: list[Example]
    wrong: list[FloatArray | None]
    """Of each claim, (tokens,): 1 where it is wrong; None where nobody knows."""


@dataclass(frozen=True)
class _Tokens:
    """A text as tokens."""

    ids: list[int]
    positions: list[int]
    kinds: list[int]
    passed: list[int]
    counterparts: list[list[int]]
    segment: int


def batch_of(blocks: Sequence[Block], aligner: Aligner) -> Batch:
    """Lay blocks out as tokens."""
    read = [aligner.text(block.evidence) for block in blocks]
    texts = [_evidence(text) for text in read]
    examples = [example for block in blocks for example in block.examples]
    wrong: list[FloatArray | None] = []
    for block, evidence in zip(blocks, read, strict=True):
        for example in block.examples:
            claim = aligner.text(example.text)
            texts.append(_claim(claim, evidence, block.starts, aligner))
            wrong.append(_wrong(example, claim.spans[:LONGEST_CLAIM]))
    columns = [
        [number for text in texts for number in getattr(text, name)]
        for name in ("ids", "positions", "kinds", "passed")
    ]
    ids, positions, kinds, passed = map(torch.tensor, columns)
    lengths = [len(text.ids) for text in texts]
    starts = [0, *accumulate(lengths)]
    rows = list(zip(starts, lengths, strict=False))
    counterparts = np.zeros((starts[-1], COUNTERPARTS), np.int64)
    for token, others in enumerate(others for text in texts for others in text.counterparts):
        counterparts[token, : len(others)] = others
    return Batch(
        ids=ids,
        positions=positions,
        kinds=kinds,
        passed=passed,
        segments=torch.tensor([text.segment for text in texts]).repeat_interleave(
            torch.tensor(lengths)
        ),
        counterparts=torch.tensor(counterparts),
        evidence=_texts(rows[: len(blocks)]),
        claims=_texts(rows[len(blocks) :]),
        of=torch.tensor([n for n, block in enumerate(blocks) for _ in block.examples]),
        examples=examples,
        wrong=wrong,
    )


def _evidence(text: Text) -> _Tokens:
    ids = [FIRST, *text.ids[:LONGEST_EVIDENCE], LAST]
    none = [0] * len(ids)
    return _Tokens(ids, [*range(len(ids))], none, none, [[] for _ in ids], EVIDENCE)


def _claim(claim: Text, evidence: Text, starts: Sequence[int], aligner: Aligner) -> _Tokens:
    told = aligner.aligned(claim, evidence, starts)
    positions = told.positions[:LONGEST_CLAIM]
    return _Tokens(
        ids=[FIRST, *claim.ids[:LONGEST_CLAIM], LAST],
        positions=[0, *positions, (positions or [0])[-1] + 1],
        kinds=[0, *told.kinds[:LONGEST_CLAIM], 0],
        passed=[0, *told.passed[:LONGEST_CLAIM], 0],
        counterparts=[[], *told.counterparts[:LONGEST_CLAIM], []],
        segment=CLAIM,
    )


def _texts(rows: Sequence[tuple[int, int]]) -> Texts:
    """Lay out texts of which the start and the number of tokens are given."""
    width = max(length for _, length in rows)
    starts, lengths = (np.array(column)[:, None] for column in zip(*rows, strict=True))
    steps: IntArray = np.arange(width)[None]
    there = steps < lengths
    return Texts(torch.tensor(np.where(there, starts + steps, 0)), torch.tensor(there))


def _wrong(example: Example, spans: Sequence[tuple[int, int]]) -> FloatArray | None:
    """Mark the tokens, special ones included, that make a claim wrong."""
    if example.wrong is None:
        return None
    marked = np.zeros(len(spans) + 2, np.float32)
    marked[[place for span in example.wrong for place in _inside(span, spans)]] = 1
    return marked


def _inside(span: tuple[int, int], spans: Sequence[tuple[int, int]]) -> Iterator[int]:
    """Give the tokens of a span; of an empty one, where something is left out, its neighbours."""
    first, last = span
    near = LEFT_OUT if first == last else 0
    for place, (start, end) in enumerate(spans, start=1):
        if start < last + near + (near > 0) and end > first - near:
            yield place
