"""Make `assistant/background.npz`: `python -m eval.training.background`.

The bundled sample as `assistant.coverage` compares with it: of each paper the embedding of title
and abstract, and its token vectors, gathered round a fixed number of centres. With 64 centres a
paper declining was nearly as good as with all of its about 230 tokens, with 32 it was worse.
"""

from __future__ import annotations

import json
from importlib.resources import files
from pathlib import Path

import numpy as np

from assistant import coverage
from index.minilm import FloatArray, MiniLM

CENTRES = 96
ROUNDS = 10


def centres(vectors: FloatArray, *, count: int) -> FloatArray:
    """Gather unit vectors round `count` centres of unit length (spherical k-means).

    The first centres are those farthest from each other, so nothing is left to chance. Fewer
    vectors than centres are repeated.
    """
    if len(vectors) <= count:
        return np.resize(vectors, (count, vectors.shape[1]))
    chosen = [0]
    nearest = vectors @ vectors[0]
    while len(chosen) < count:
        chosen.append(int(nearest.argmin()))
        nearest = np.maximum(nearest, vectors @ vectors[chosen[-1]])
    middle = vectors[chosen]
    for _ in range(ROUNDS):
        member = (vectors @ middle.T).argmax(1)
        sums = np.stack([vectors[member == place].sum(0) for place in range(count)])
        lengths = np.linalg.norm(sums, axis=1, keepdims=True)
        middle = np.where(lengths > 0, sums / np.maximum(lengths, 1e-9), middle)
    return middle


def main() -> None:
    """Read the sample with MiniLM and write the file."""
    lines = files("index").joinpath("sample.jsonl").read_text(encoding="utf-8").splitlines()
    papers = [json.loads(line) for line in lines]
    encoded = MiniLM.load().encode([f"{paper['title']}. {paper['abstract']}" for paper in papers])
    tokens = np.stack([centres(paper.tokens[1:-1], count=CENTRES) for paper in encoded])
    place = Path(coverage.__file__).with_name("background.npz")
    np.savez_compressed(
        place,
        tokens=np.round(tokens * coverage.SCALE).clip(-127, 127).astype(np.int8),
        embeddings=np.stack([paper.sentence for paper in encoded]).astype(np.float16),
    )


if __name__ == "__main__":
    main()
