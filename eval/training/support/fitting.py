"""Fitting the network: minutes of steps on a mixture, the learning rate falling to nothing."""

from __future__ import annotations

from collections.abc import Callable
from itertools import count
from pathlib import Path
from time import monotonic

import torch

from assistant.support_alignment import Aligner
from assistant.support_network import WORD_VECTORS
from eval.training.support.batches import batch_of
from eval.training.support.mixture import Mixture
from eval.training.support.network import TrainedNetwork, loss
from index import minilm

RATE, HEAD_RATE = 2e-4, 1e-3
"""Learning rates of what MiniLM had before, and of what it had not."""

NEW = ("heads", "kinds", "passed", "counterparts", "mix")
"""The parts that MiniLM had not."""

WARM_UP = 100
"""Steps until the rate is reached."""

REPORT, KEPT = 100, 500
"""Steps after which it is said how far it is, and after which the weights are kept."""


def fit(
    network: TrainedNetwork,
    mixture: Mixture,
    *,
    minutes: float,
    checkpoint: Path,
    say: Callable[[str], None],
) -> None:
    """Train for `minutes`; on two cores without a GPU it sees 50 to 60 claims a second.

    It goes on from the weights in `checkpoint`, if there are any, and keeps its own there.
    """
    if checkpoint.exists():
        network.load_state_dict(torch.load(checkpoint, weights_only=True))
    aligner = Aligner(minilm.tokenizer(), minilm.weights(WORD_VECTORS)[WORD_VECTORS])
    named = [(name, each) for name, each in network.named_parameters() if each.requires_grad]
    groups = [
        {"params": [each for name, each in named if name.startswith(NEW) == new], "rate": rate}
        for new, rate in ((False, RATE), (True, HEAD_RATE))
    ]
    optimizer = torch.optim.AdamW(groups, weight_decay=0.01, betas=(0.9, 0.98), fused=True)
    started, seen, losses = monotonic(), 0, list[float]()
    for step in count(1):
        left = 1 - (monotonic() - started) / (60 * minutes)
        if left <= 0:
            break
        for group in optimizer.param_groups:
            group["lr"] = group["rate"] * min(1, step / WARM_UP) * left
        batch = batch_of(mixture.draw(), aligner)
        with torch.autocast("cpu", torch.bfloat16):
            lost = loss(network, batch)
        optimizer.zero_grad(set_to_none=False)
        lost.backward()
        torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
        optimizer.step()
        seen += len(batch.examples)
        losses.append(lost.item())
        if step % REPORT == 0:
            recent = sum(losses[-REPORT:]) / REPORT
            say(f"step {step}: {seen:,} claims, loss {recent:.3f}, {left:.0%} of the time left")
        if step % KEPT == 0:
            torch.save(network.state_dict(), checkpoint)
    torch.save(network.state_dict(), checkpoint)
