"""The network that reads claims beside evidence.

A BERT of MiniLM's size, trained by `eval.training`. The evidence is read by itself; the claim looks
at the evidence and at itself, so that each of its words is compared with what the evidence says.
Two numbers a token come out: how wrong the word is, and, at the claim's first token, how far the
claim as a whole is from being supported. The word vectors are MiniLM's own, which are not trained.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files
from itertools import pairwise
from typing import Any

import numpy as np

from assistant.support_sources import WORD, spelt
from assistant.support_weights import dequantised
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
    spans: tuple[tuple[int, int], ...]
    """(tokens,): where each stands in the claim."""


class SupportNetwork:
    """The compiled network and its tokenizer."""

    def __init__(self, network: Network, tokenizer: Any, mix: FloatArray) -> None:
        self._network = network
        self._tokenizer = tokenizer
        self._mix = mix

    @classmethod
    def load(cls) -> SupportNetwork:
        """Build and compile the network, in about 0.5 s.

        Raises:
            ModelError: The package with the word vectors is not installed.
        """
        from safetensors.numpy import load

        stored = files("assistant").joinpath("support.safetensors").read_bytes()
        weights = dequantised(load(stored)) | minilm.weights(WORD_VECTORS)
        return cls(_network(weights), minilm.tokenizer(), weights["mix"])

    def read(self, pairs: Sequence[tuple[str, str]]) -> list[Reading]:
        """Read claims, each beside its evidence: (evidence, claim).

        Of evidence longer than LIMIT tokens the end is left out. A claim is never cut: one that is
        longer is read in parts, of which the worst counts.
        """
        rows = [row for place, pair in enumerate(pairs) for row in self._rows(place, *pair)]
        rows.sort(key=lambda row: (-len(row.ids), row.place))
        batches = [rows[start : start + BATCH] for start in range(0, len(rows), BATCH)]
        parts: dict[int, list[Reading]] = {place: [] for place in range(len(pairs))}
        outputs = self._network.run(map(_padded, batches))
        for batch, (output,) in zip(batches, outputs, strict=True):
            for row, numbers in zip(batch, output, strict=True):
                parts[row.place].append(self._reading(row, numbers))
        return [max(each, key=lambda part: part.claim) for each in parts.values()]

    def _rows(self, place: int, evidence: str, claim: str) -> list[_Row]:
        read = self._tokenizer.encode(evidence, add_special_tokens=False)
        before = [FIRST, *read.ids[:LIMIT], LAST]
        spelled = self._tokenizer.encode(claim, add_special_tokens=False)
        kinds = match_kinds(evidence, claim, spelled.offsets)
        return [
            _row(place, before, spelled.ids[at:end], spelled.offsets[at:end], kinds[at:end])
            for at in range(0, max(1, len(spelled.ids)), LIMIT)
            for end in [at + LIMIT]
        ]

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
    owners: list[int]
    spans: tuple[tuple[int, int], ...]


def _row(
    place: int,
    before: list[int],
    ids: list[int],
    spans: list[tuple[int, int]],
    kinds: list[int],
) -> _Row:
    claim = [FIRST, *ids, LAST]
    return _Row(
        place,
        ids=[*before, *claim],
        positions=[*range(len(before)), *range(len(claim))],
        kinds=[*([0] * len(before)), 0, *kinds, 0],
        owners=[*([EVIDENCE] * len(before)), *([CLAIM] * len(claim))],
        spans=tuple(spans),
    )


def match_kinds(evidence: str, claim: str, spans: Sequence[tuple[int, int]]) -> list[int]:
    """Say of each token of a claim how the evidence has its word.

    0: it is of no word; 1: not at all; 2: in another form; 3: as it is; 4: beside the same word.
    """
    low = WORD.findall(evidence.lower())
    stems = [spelt(word) for word in low]
    there, exact, pairs = set(stems), set(low), set(pairwise(stems))
    words = list(WORD.finditer(claim))
    own = [spelt(word.group().lower()) for word in words]
    kinds = []
    for place, (word, stem) in enumerate(zip(words, own, strict=True)):
        kind = 3 if word.group().lower() in exact else 2 if stem in there else 1
        beside = {tuple(own[place - 1 : place + 1]), tuple(own[place : place + 2])}
        kinds.append(4 if kind > 1 and beside & pairs else kind)
    ends = [word.end() for word in words]
    of = [bisect_right(ends, start) for start, _ in spans]
    return [
        kinds[place] if place < len(words) and words[place].start() < end else 0
        for place, (_, end) in zip(of, spans, strict=True)
    ]


def _padded(rows: Sequence[_Row]) -> dict[int, IntArray]:
    width = max(len(row.ids) for row in rows)
    inputs = np.zeros((4, len(rows), width), np.int64)
    inputs[3] = NOTHING
    for place, row in enumerate(rows):
        inputs[:, place, : len(row.ids)] = row.ids, row.positions, row.kinds, row.owners
    return dict(enumerate(inputs))


def _network(weights: dict[str, FloatArray]) -> Network:
    bert = Bert(weights, heads=HEADS)
    op = bert.op
    ids, positions, kinds, owners = (
        op.parameter([-1, -1], np.int64, name) for name in ("ids", "positions", "kinds", "owners")
    )
    looked_at = op.unsqueeze(owners, bert.whole(1, 2))
    looking = op.unsqueeze(owners, bert.whole(1, 3))
    claim = bert.whole(CLAIM)
    both = op.logical_and(op.equal(looked_at, claim), op.equal(looking, claim))
    seen = op.logical_or(op.equal(looked_at, bert.whole(EVIDENCE)), both)
    bias = op.select(seen, np.float32(0), np.float32(MASKED))
    segments = op.convert(op.equal(owners, claim), "i64")
    kind = op.gather(bert.constant("kinds.weight"), kinds, np.int64(0))
    state = bert.embedded(ids, positions, segments, kind)
    for layer in range(LAYERS):
        state = bert.layer(state, bias, layer)
    return Network([op.result(bert.dense(state, "heads"))], [ids, positions, kinds, owners], NAME)
