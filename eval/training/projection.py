"""Fit `index/token_projection.npy`: `python -m eval.training.projection`.

The matrix that carries MiniLM's two last layers (768 numbers a token) to 128: the principal
directions, not centred, of the tokens of the bundled sample. On 194 questions over 428 papers,
late interaction ranks as well through it as through all 768.
"""

from __future__ import annotations

import json
from importlib.resources import files
from pathlib import Path

import numpy as np

from index import minilm
from index.minilm import FloatArray, MiniLM


def principal_directions(tokens: FloatArray, *, dimensions: int) -> FloatArray:
    """Give the (width, dimensions) matrix that keeps most of the dot products of `tokens`."""
    directions, _, _ = np.linalg.svd(tokens.T @ tokens)
    kept: FloatArray = directions[:, :dimensions]
    return kept


def main() -> None:
    """Read the sample with the identity in place of the projection, and write the matrix."""
    lines = files("index").joinpath("sample.jsonl").read_text(encoding="utf-8").splitlines()
    papers = [json.loads(line) for line in lines]
    place = Path(minilm.__file__).with_name("token_projection.npy")
    np.save(place, np.eye(2 * minilm.DIMENSIONS, dtype=np.float16))
    model = MiniLM.load()
    texts = [f"{paper['title']}. {paper['abstract']}" for paper in papers]
    tokens = np.concatenate([encoded.tokens for encoded in model.encode(texts)])
    matrix = principal_directions(tokens, dimensions=minilm.TOKEN_DIMENSIONS)
    np.save(place, matrix.astype(np.float16))


if __name__ == "__main__":
    main()
