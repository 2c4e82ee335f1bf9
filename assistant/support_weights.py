"""Weights in eight bits: a row of a matrix is whole numbers times a scale of its own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from index.bert import SCALE, FloatArray


def quantised(weights: Mapping[str, FloatArray]) -> dict[str, Any]:
    """Store matrices in eight bits a number, vectors in sixteen."""
    stored: dict[str, Any] = {}
    for name, weight in weights.items():
        if weight.ndim < 2:
            stored[name] = weight.astype(np.float16)
        else:
            scale = (np.abs(weight).max(axis=1, keepdims=True) / 127).astype(np.float32)
            stored[name] = np.rint(weight / np.maximum(scale, 1e-12)).astype(np.int8)
            stored[f"{name}{SCALE}"] = scale
    return stored
