"""The network of `assistant.support_network` in torch, which trains it.

Several claims are read beside the same evidence at once: each looks at the evidence and at itself,
the evidence at itself only, so that a claim is read as it will be when it stands alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from assistant.support_alignment import COUNTERPARTS, MOST_PASSED, SAME, Aligner
from assistant.support_network import FIRST, HEADS, LAST, LAYERS, WORD_VECTORS
from eval.training.support.examples import Block, Example
from index import minilm
from index.bert import FloatArray

WIDTH = minilm.DIMENSIONS
LONGEST_CLAIM, LONGEST_EVIDENCE = 90, 220
"""Tokens that training reads; a longer text loses its end."""

SHARE_MEANT = 0.3
"""What a counterpart's vector counts at the beginning."""

WRONG_WEIGHT = 3.0
"""Of a token that makes a claim wrong, any other being 1."""

PARTS = {
    "query": "attention.self.query",
    "key": "attention.self.key",
    "value": "attention.self.value",
    "attended": "attention.output.dense",
    "attention_norm": "attention.output.LayerNorm",
    "inner": "intermediate.dense",
    "outer": "output.dense",
    "norm": "output.LayerNorm",
}
"""The parts of a layer, and what MiniLM's file calls them."""


@dataclass(frozen=True)
class Batch:
    """Blocks as the network reads them: rows of tokens, and where the claims are in them."""

    ids: Tensor
    positions: Tensor
    kinds: Tensor
    passed: Tensor
    counterparts: Tensor
    segments: Tensor
    seen: Tensor
    """(rows, tokens, tokens): whether one looks at another."""
    claims: list[tuple[int, int, int]]
    """(row, start, end) of each, special tokens included."""
    examples: list[Example]
    wrong: list[FloatArray | None]
    """Of each claim, (tokens,): 1 where it is wrong; None where nobody knows."""


class TrainedNetwork(nn.Module):  # type: ignore[misc]  # torch is an optional part
    """MiniLM, its word vectors fixed, with two heads a token."""

    def __init__(self, *, seed: int = 0) -> None:
        """Begin with MiniLM's weights; those of the heads are drawn."""
        super().__init__()
        torch.manual_seed(seed)
        weights = {name: torch.tensor(weight) for name, weight in minilm.weights().items()}
        self.words = nn.Embedding.from_pretrained(weights[WORD_VECTORS], freeze=True)
        tables = ("position", "token_type")
        self.tables = nn.ModuleDict(
            {
                name: nn.Embedding.from_pretrained(
                    weights[f"embeddings.{name}_embeddings.weight"], freeze=False
                )
                for name in tables
            }
        )
        self.kinds, self.passed = (
            nn.Embedding(SAME + 1, WIDTH),
            nn.Embedding(MOST_PASSED + 1, WIDTH),
        )
        nn.init.zeros_(self.kinds.weight)
        nn.init.zeros_(self.passed.weight)
        self.counterparts = nn.Linear(WIDTH, WIDTH)
        self.counterparts.weight.data = SHARE_MEANT * torch.eye(WIDTH)
        nn.init.zeros_(self.counterparts.bias)
        self.first_norm = _loaded(weights, "embeddings.LayerNorm")
        self.layers = nn.ModuleList(
            nn.ModuleDict(
                {
                    part: _loaded(weights, f"encoder.layer.{n}.{name}")
                    for part, name in PARTS.items()
                }
            )
            for n in range(LAYERS)
        )
        self.heads = nn.Linear(WIDTH, 2)
        nn.init.normal_(self.heads.weight, std=0.02)
        self.heads.bias.data = torch.tensor([-2.0, 0.0])
        self.mix = nn.Parameter(torch.tensor([1.0, 0.0]))

    def forward(self, batch: Batch) -> tuple[Tensor, Tensor, Tensor]:
        """Give the log-odds that claims, (claims,), and tokens, (claims, tokens), are wrong.

        The third tensor, (claims, tokens), tells which tokens are a claim's own.
        """
        state = self.words(batch.ids) + self.tables["position"](batch.positions)
        state = state + self.tables["token_type"](batch.segments) + self.kinds(batch.kinds)
        state = state + self.passed(batch.passed) + self._meant(batch.counterparts)
        state = self.first_norm(state)
        for layer in self.layers:
            state = _applied(layer, state, batch.seen[:, None])
        numbers, own = _of_claims(self.heads(state.float()), batch.claims)
        words = numbers[..., 0].masked_fill(~own, -30.0)
        claim = self.mix[0] * torch.logsumexp(words, 1) + numbers[:, 0, 1] + self.mix[1]
        return claim, words, own

    def _meant(self, counterparts: Tensor) -> Tensor:
        """Give each token the mean of its counterparts' vectors, transformed; 0 without any."""
        there = (counterparts > 0).float()[..., None]
        count = there.sum(2)
        mean = (self.words(counterparts) * there).sum(2) / count.clamp(min=1)
        return cast(Tensor, self.counterparts(mean) * count.clamp(max=1))

    def stored(self) -> dict[str, FloatArray]:
        """Give the trained weights by the names that `assistant.support_network` knows."""
        names = {"first_norm": "embeddings.LayerNorm"}
        names |= {f"tables.{name}": f"embeddings.{name}_embeddings" for name in self.tables}
        for n in range(LAYERS):
            names |= {f"layers.{n}.{part}": f"encoder.layer.{n}.{PARTS[part]}" for part in PARTS}
        stored = {}
        for name, weight in self.named_parameters():
            module, _, kind = name.rpartition(".")
            if module != "words":
                stored[f"{names.get(module, module)}.{kind}".lstrip(".")] = weight.detach().numpy()
        return stored


def loss(network: TrainedNetwork, batch: Batch) -> Tensor:
    """Add up the losses of claims, of their words, and of right claims against wrong kin."""
    claim, words, own = network(batch)
    weight = torch.tensor([example.weight for example in batch.examples])
    wrong = torch.tensor([float(not example.supported) for example in batch.examples])
    of_claims = functional.binary_cross_entropy_with_logits(claim, wrong, weight, reduction="sum")
    target, known = torch.zeros_like(words), torch.zeros_like(words)
    for place, each in enumerate(batch.wrong):
        if each is not None:
            target[place, : len(each)] = torch.tensor(each)
            known[place] = own[place] * weight[place]
    known = known * (1 + (WRONG_WEIGHT - 1) * target)
    of_words = functional.binary_cross_entropy_with_logits(words, target, known, reduction="sum")
    return of_claims / weight.sum() + of_words / known.sum().clamp(min=1) + _of_kin(claim, batch)


def batch_of(blocks: Sequence[Block], aligner: Aligner) -> Batch:
    """Lay blocks out as rows of tokens."""
    rows = [_row(block, aligner) for block in blocks]
    width = -(-max(len(row.ids) for row in rows) // 8) * 8
    inputs = np.zeros((4, len(rows), width), np.int64)
    counterparts = np.zeros((len(rows), width, COUNTERPARTS), np.int64)
    owners = np.full((len(rows), width), -1)
    for place, row in enumerate(rows):
        size = len(row.ids)
        inputs[:, place, :size] = row.ids, row.positions, row.kinds, row.passed
        owners[place, :size] = row.owners
        for token, others in enumerate(row.counterparts):
            counterparts[place, token, : len(others)] = others
    looked_at, looking = owners[:, None, :], owners[:, :, None]
    seen = (looked_at == 0) | ((looked_at == looking) & (looked_at > 0))
    seen |= np.eye(width, dtype=bool)
    ids, positions, kinds, passed = map(torch.tensor, inputs)
    return Batch(
        ids=ids,
        positions=positions,
        kinds=kinds,
        passed=passed,
        counterparts=torch.tensor(counterparts),
        segments=torch.tensor((owners > 0).astype(np.int64)),
        seen=torch.tensor(seen),
        claims=[(n, start, end) for n, row in enumerate(rows) for start, end in row.claims],
        examples=[example for block in blocks for example in block.examples],
        wrong=[wrong for row in rows for wrong in row.wrong],
    )


@dataclass(frozen=True)
class _Row:
    """A block as tokens."""

    ids: list[int]
    positions: list[int]
    kinds: list[int]
    passed: list[int]
    counterparts: list[list[int]]
    owners: list[int]
    """0 for the evidence; from 1 on, the claim."""
    claims: list[tuple[int, int]]
    wrong: list[FloatArray | None]


def _row(block: Block, aligner: Aligner) -> _Row:
    evidence = aligner.text(block.evidence)
    ids = [FIRST, *evidence.ids[:LONGEST_EVIDENCE], LAST]
    none = [0] * len(ids)
    row = _Row(ids, [*range(len(ids))], [*none], [*none], [[] for _ in ids], [*none], [], [])
    for number, example in enumerate(block.examples, start=1):
        claim = aligner.text(example.text)
        told = aligner.aligned(claim, evidence, block.starts)
        tokens = [FIRST, *claim.ids[:LONGEST_CLAIM], LAST]
        positions = told.positions[:LONGEST_CLAIM]
        row.claims.append((len(row.ids), len(row.ids) + len(tokens)))
        row.ids.extend(tokens)
        row.positions.extend([0, *positions, (positions or [0])[-1] + 1])
        row.kinds.extend([0, *told.kinds[:LONGEST_CLAIM], 0])
        row.passed.extend([0, *told.passed[:LONGEST_CLAIM], 0])
        row.counterparts.extend([[], *told.counterparts[:LONGEST_CLAIM], []])
        row.owners.extend([number] * len(tokens))
        row.wrong.append(_wrong_tokens(example, claim.spans[:LONGEST_CLAIM]))
    return row


def _wrong_tokens(example: Example, spans: Sequence[tuple[int, int]]) -> FloatArray | None:
    """Mark the tokens, special ones included, that make a claim wrong."""
    if example.wrong is None:
        return None
    marked = np.zeros(len(spans) + 2, np.float32)
    for first, last in example.wrong:
        near = 0 if last > first else 2  # of what was left out, the neighbours
        for place, (start, end) in enumerate(spans, start=1):
            if start < last + near + (last == first) and end > first - near:
                marked[place] = 1
    return marked


def _loaded(weights: dict[str, Tensor], name: str) -> nn.Module:
    weight, bias = weights[f"{name}.weight"], weights[f"{name}.bias"]
    module = nn.Linear(*reversed(weight.shape)) if weight.ndim > 1 else nn.LayerNorm(WIDTH, 1e-12)
    module.load_state_dict({"weight": weight, "bias": bias})
    return module


def _applied(layer: nn.Module, state: Tensor, seen: Tensor) -> Tensor:
    part = layer.get_submodule
    shape = (*state.shape[:2], HEADS, WIDTH // HEADS)
    query, key, value = (
        part(name)(state).view(shape).transpose(1, 2) for name in ("query", "key", "value")
    )
    attended = functional.scaled_dot_product_attention(query, key, value, attn_mask=seen)
    attended = attended.transpose(1, 2).reshape(state.shape)
    state = part("attention_norm")(state + part("attended")(attended))
    inner: Tensor = part("norm")(state + part("outer")(functional.gelu(part("inner")(state))))
    return inner


def _of_claims(numbers: Tensor, claims: Sequence[tuple[int, int, int]]) -> tuple[Tensor, Tensor]:
    """Give (claims, tokens, 2) of all claims, and which tokens are words of theirs."""
    width = max(end - start for _, start, end in claims)
    gathered = numbers.new_zeros(len(claims), width, numbers.shape[-1])
    own = torch.zeros(len(claims), width, dtype=torch.bool)
    for place, (row, start, end) in enumerate(claims):
        gathered[place, : end - start] = numbers[row, start:end]
        own[place, 1 : end - start - 1] = True
    return gathered, own


def _of_kin(claim: Tensor, batch: Batch) -> Tensor:
    """Rank each wrong version of a sentence behind each right one of the same block."""
    kin: dict[tuple[int, int], tuple[list[int], list[int]]] = {}
    for place, ((row, _, _), example) in enumerate(zip(batch.claims, batch.examples, strict=True)):
        if example.kin is not None:
            kin.setdefault((row, example.kin), ([], []))[example.supported].append(place)
    margins = [
        functional.softplus(claim[right][None] - claim[wrong][:, None]).mean()
        for wrong, right in kin.values()
        if wrong and right
    ]
    return torch.stack(margins).mean() if margins else claim.sum() * 0
