"""The network of `assistant.support_network` in torch, which trains it.

Several claims are read beside the same evidence at once: each looks at the evidence and at itself,
the evidence at itself only, so that a claim is read as it will be when it stands alone.
"""

from __future__ import annotations

from typing import cast

import torch
from torch import Tensor, nn
from torch.nn import functional

from assistant.support_alignment import MOST_PASSED, SAME
from assistant.support_network import HEADS, LAYERS, WORD_VECTORS
from eval.training.support.batches import Batch, Texts
from index import minilm
from index.bert import FloatArray

WIDTH = minilm.DIMENSIONS
UNSEEN = -1e4

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
            state = _applied(layer, state, batch)
        numbers = self.heads(state.float())[batch.claims.places]
        own = batch.claims.there & (batch.claims.there.cumsum(1) > 1)
        own = own & (batch.claims.there.flip(1).cumsum(1).flip(1) > 1)
        words = numbers[..., 0].masked_fill(~own, -30.0)
        claim = self.mix[0] * torch.logsumexp(words, 1) + numbers[:, 0, 1] + self.mix[1]
        return claim, words, own

    def _meant(self, counterparts: Tensor) -> Tensor:
        """Give each token the mean of its counterparts' vectors, transformed; 0 without any."""
        there = (counterparts > 0).float()[..., None]
        count = there.sum(1)
        mean = (self.words(counterparts) * there).sum(1) / count.clamp(min=1)
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


def _loaded(weights: dict[str, Tensor], name: str) -> nn.Module:
    weight, bias = weights[f"{name}.weight"], weights[f"{name}.bias"]
    module = nn.Linear(*reversed(weight.shape)) if weight.ndim > 1 else nn.LayerNorm(WIDTH, 1e-12)
    module.load_state_dict({"weight": weight, "bias": bias})
    return module


def _applied(layer: nn.Module, state: Tensor, batch: Batch) -> Tensor:
    part = layer.get_submodule
    query, key, value = (part(name)(state) for name in ("query", "key", "value"))
    evidence, claims = batch.evidence, batch.claims
    keys, values = _rows(key, evidence), _rows(value, evidence)
    looked = _looked(_rows(query, evidence), keys, values, evidence.there)[evidence.there]
    keys = torch.cat((keys.index_select(0, batch.of), _rows(key, claims)), 1)
    values = torch.cat((values.index_select(0, batch.of), _rows(value, claims)), 1)
    seen = torch.cat((evidence.there[batch.of], claims.there), 1)
    own = _looked(_rows(query, claims), keys, values, seen)[claims.there]
    state = part("attention_norm")(state + part("attended")(torch.cat((looked, own))))
    inner: Tensor = part("norm")(state + part("outer")(functional.gelu(part("inner")(state))))
    return inner


def _rows(state: Tensor, texts: Texts) -> Tensor:
    """Lay (tokens, WIDTH) out as (texts, tokens, WIDTH)."""
    rows = state.index_select(0, texts.places.reshape(-1))
    return rows.view(*texts.places.shape, WIDTH)


def _looked(query: Tensor, keys: Tensor, values: Tensor, seen: Tensor) -> Tensor:
    """Attend, (texts, tokens, WIDTH); torch's own attention is slower for texts so short."""
    query, keys, values = (
        each.view(*each.shape[:2], HEADS, -1).transpose(1, 2) for each in (query, keys, values)
    )
    likeness = query @ keys.transpose(2, 3) * (WIDTH // HEADS) ** -0.5
    likeness = likeness.masked_fill(~seen[:, None, None], UNSEEN)
    looked = likeness.softmax(-1).to(values.dtype) @ values
    return looked.transpose(1, 2).flatten(2)


def _of_kin(claim: Tensor, batch: Batch) -> Tensor:
    """Rank each wrong version of a sentence behind each right one of the same block."""
    kin: dict[tuple[int, int], tuple[list[int], list[int]]] = {}
    for place, (block, example) in enumerate(zip(batch.of.tolist(), batch.examples, strict=True)):
        if example.kin is not None:
            kin.setdefault((block, example.kin), ([], []))[example.supported].append(place)
    margins = [
        functional.softplus(claim[right][None] - claim[wrong][:, None]).mean()
        for wrong, right in kin.values()
        if wrong and right
    ]
    return torch.stack(margins).mean() if margins else claim.sum() * 0
