"""The network that reads claims beside evidence.

A BERT of MiniLM's size, trained by `eval.training`. The evidence is read by itself; the claim looks
at the evidence and at itself, so that each of its words is compared with what the evidence says,
helped by what `support_alignment` tells of it.
Two numbers a token come out: how wrong the word is, and, at the claim's first token, how far the
claim as a whole is from being supported. The word vectors are MiniLM's own, which are not trained.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

import numpy as np

from assistant.support_alignment import COUNTERPARTS, Aligned, Aligner, Text
from assistant.support_evidence import Evidence
from index import minilm
from index.bert import MASKED, Bert, FloatArray, Network
from index.minilm import IntArray

NAME = "support"
WORD_VECTORS = "embeddings.word_embeddings.weight"
LAYERS, HEADS = 6, 12
LIMIT = 510
"""Tokens of a claim, or of its evidence, that the network can read beside the two special ones."""

FIRST, LAST = 101, 102
"""The special tokens before and after a text."""

EVIDENCE, CLAIM, NOTHING = 0, 1, 2
"""What a token belongs to; NOTHING fills a row up."""

BATCH = 8


@dataclass(frozen=True)
class Reading:
    """A claim as the network read it beside its evidence."""

    claim: float
    """Log-odds, before calibration, that the claim is not supported."""
    words: FloatArray
    """(tokens,): log-odds that each makes it unsupported."""
    spans: list[tuple[int, int]]
    """(tokens,): where each stands in the claim."""

    @property
    def share(self) -> float:
        """The share of the claim that is wrong: the mean probability over its tokens."""
        return float(np.mean(1 / (1 + np.exp(-self.words)))) if len(self.words) else 0.0


class SupportNetwork:
    """The compiled network and its tokenizer."""

    def __init__(self, network: Network, tokenizer: Any, weights: dict[str, FloatArray]) -> None:
        self._network = network
        self._aligner = Aligner(tokenizer, weights[WORD_VECTORS])
        self._mix = weights["mix"].astype(np.float32)

    @classmethod
    def load(cls) -> SupportNetwork:
        """Build and compile the network, in about 0.5 s.

        Raises:
            ModelError: The package with the word vectors is not installed.
        """
        from safetensors.numpy import load

        stored = files("assistant").joinpath("support.safetensors").read_bytes()
        weights = load(stored) | minilm.weights(WORD_VECTORS)
        return cls(_network(weights), minilm.tokenizer(), weights)

    def read(self, pairs: Sequence[tuple[Evidence, str]]) -> list[Reading]:
        """Read claims, each beside its evidence.

        Of evidence longer than LIMIT tokens the end is left out. A claim is never cut: one that is
        longer is read in parts, of which the worst counts.
        """
        once = list(dict.fromkeys(pairs))
        rows = [row for place, pair in enumerate(once) for row in self._rows(place, *pair)]
        rows.sort(key=lambda row: (-len(row.ids), row.ids))  # equal work has equal results
        batches = [rows[start : start + BATCH] for start in range(0, len(rows), BATCH)]
        parts: dict[int, list[Reading]] = {place: [] for place in range(len(once))}
        outputs = self._network.run(map(_padded, batches))
        for batch, (output,) in zip(batches, outputs, strict=True):
            for row, numbers in zip(batch, output, strict=True):
                parts[row.place].append(self._reading(row, numbers))
        worst = {once[place]: max(each, key=_claim) for place, each in parts.items()}
        return [worst[pair] for pair in pairs]

    def _rows(self, place: int, evidence: Evidence, claim: str) -> list[_Row]:
        read, said = self._aligner.text(evidence.text), self._aligner.text(claim)
        told = self._aligner.aligned(said, read, evidence.starts)
        before = [FIRST, *read.ids[:LIMIT], LAST]
        ends = range(LIMIT, len(said.ids) + LIMIT, LIMIT) or (LIMIT,)
        return [_row(place, before, said, told, end - LIMIT, end) for end in ends]

    def _reading(self, row: _Row, numbers: FloatArray) -> Reading:
        start = len(row.ids) - len(row.spans) - 2
        words = numbers[start + 1 : start + 1 + len(row.spans), 0].astype(np.float64)
        worst = np.logaddexp.reduce(words) if len(words) else MASKED
        claim = self._mix[0] * worst + numbers[start, 1] + self._mix[1]
        return Reading(float(claim), words.astype(np.float32), row.spans)


@dataclass(frozen=True)
class _Row:
    """Evidence and a claim, or a part of one, as the network reads them."""

    place: int
    ids: list[int]
    positions: list[int]
    kinds: list[int]
    passed: list[int]
    owners: list[int]
    counterparts: list[list[int]]
    """Of the claim's tokens."""
    spans: list[tuple[int, int]]


def _row(place: int, before: list[int], said: Text, told: Aligned, start: int, end: int) -> _Row:
    none, positions = [0] * len(before), told.positions[start:end]
    return _Row(
        place,
        ids=[*before, FIRST, *said.ids[start:end], LAST],
        positions=[*range(len(before)), 0, *positions, (positions or [0])[-1] + 1],
        kinds=[*none, 0, *told.kinds[start:end], 0],
        passed=[*none, 0, *told.passed[start:end], 0],
        owners=[*([EVIDENCE] * len(before)), *([CLAIM] * (len(positions) + 2))],
        counterparts=told.counterparts[start:end],
        spans=said.spans[start:end],
    )


def _padded(rows: Sequence[_Row]) -> dict[int, IntArray]:
    width = max(len(row.ids) for row in rows)
    inputs = np.zeros((5, len(rows), width), np.int64)
    inputs[4] = NOTHING
    counterparts = np.zeros((len(rows), width, COUNTERPARTS), np.int64)
    for place, row in enumerate(rows):
        told = row.ids, row.positions, row.kinds, row.passed, row.owners
        inputs[:, place, : len(row.ids)] = told
        start = len(row.ids) - len(row.spans) - 1
        for token, others in enumerate(row.counterparts, start=start):
            counterparts[place, token, : len(others)] = others
    return {**dict(enumerate(inputs)), 5: counterparts}


def _claim(reading: Reading) -> float:
    return reading.claim


def _network(weights: dict[str, FloatArray]) -> Network:
    bert = Bert(weights, heads=HEADS)
    op = bert.op
    names = ("ids", "positions", "kinds", "passed", "owners")
    inputs = [op.parameter([-1, -1], np.int64, name) for name in names]
    inputs.append(op.parameter([-1, -1, COUNTERPARTS], np.int64, "counterparts"))
    ids, positions, kinds, passed, owners, counterparts = inputs
    looked_at = op.unsqueeze(owners, bert.whole(1, 2))
    looking = op.unsqueeze(owners, bert.whole(1, 3))
    claim = bert.whole(CLAIM)
    both = op.logical_and(op.equal(looked_at, claim), op.equal(looking, claim))
    seen = op.logical_or(op.equal(looked_at, bert.whole(EVIDENCE)), both)
    bias = op.select(seen, np.float32(0), np.float32(MASKED))
    told = [
        op.gather(bert.constant(f"{name}.weight"), places, np.int64(0))
        for name, places in (("kinds", kinds), ("passed", passed))
    ]
    told.append(_meant(bert, counterparts))
    segments = op.convert(op.equal(owners, claim), "i64")
    state = bert.embedded(ids, positions, segments, *told)
    for layer in range(LAYERS):
        state = bert.layer(state, bias, layer)
    return Network([op.result(bert.dense(state, "heads"))], inputs, NAME)


def _meant(bert: Bert, counterparts: Any) -> Any:
    """Give each token the mean of its counterparts' vectors, transformed; 0 if it has none."""
    op = bert.op
    vectors = op.gather(bert.constant(WORD_VECTORS), counterparts, np.int64(0))
    there = op.unsqueeze(op.convert(op.greater(counterparts, bert.whole(0)), "f32"), bert.whole(3))
    count = op.reduce_sum(there, bert.whole(2), False)
    mean = op.divide(
        op.reduce_sum(op.multiply(vectors, there), bert.whole(2), False),
        op.maximum(count, np.float32(1)),
    )
    some = op.minimum(count, np.float32(1))
    return op.multiply(bert.dense(mean, "counterparts"), some)
