"""BERT (arXiv:1810.04805) as an OpenVINO graph, built straight from a model's weights.

Neither torch nor a hub is needed. The weights are named as in the files of Hugging Face's
transformers, without the prefix `bert.`.
"""

from __future__ import annotations

import os
import sys
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float32]

AT_ONCE = os.cpu_count() or 1
"""Batches computed at the same time, one a core."""

SCALE = ".scale"
"""Ends the name of the scales of a matrix whose weights are whole numbers of eight bits."""

GROUP = 128
"""Numbers of a state that are brought to eight bits with one scale before they meet weights of
eight bits: a quarter less time than 32, the default, and the same verdicts."""

MASKED = -10000.0
"""Added to what a token shall not look at."""


class Bert:
    """The operations of a BERT, a method a building block; `op` has those of OpenVINO."""

    def __init__(self, weights: Mapping[str, Any], *, heads: int) -> None:
        """Build with `weights`, of which those not asked for are ignored."""
        self.weights = weights
        self.heads = heads
        self.op: Any = _openvino().opset13

    def embedded(self, ids: Any, positions: Any, segments: Any, *more: Any) -> Any:
        """Look up (batch, tokens) of ids, positions and segments; add `more` vectors."""
        op, names = self.op, ("word", "position", "token_type")
        tables = [self.constant(f"embeddings.{name}_embeddings.weight") for name in names]
        parts = [
            op.gather(table, places, np.int64(0))
            for table, places in zip(tables, (ids, positions, segments), strict=True)
        ]
        sum_ = parts[0]
        for part in (*parts[1:], *more):
            sum_ = op.add(sum_, part)
        return self._normalised(sum_, "embeddings.LayerNorm")

    def layer(self, state: Any, bias: Any, number: int) -> Any:
        """Apply a layer; `bias`, (batch, 1, 1 or tokens, tokens), says what looks at what."""
        op, name = self.op, f"encoder.layer.{number}."
        query, key, value = (
            self._split(self.dense(state, f"{name}attention.self.{part}"))
            for part in ("query", "key", "value")
        )
        attended = op.scaled_dot_product_attention(query, key, value, bias, causal=False)
        attended = op.transpose(attended, self.whole(0, 2, 1, 3))
        attended = op.reshape(attended, self.whole(0, 0, self._width), True)
        state = op.add(self.dense(attended, f"{name}attention.output.dense"), state)
        state = self._normalised(state, f"{name}attention.output.LayerNorm")
        hidden = op.gelu(self.dense(state, f"{name}intermediate.dense"), "erf")
        state = op.add(self.dense(hidden, f"{name}output.dense"), state)
        return self._normalised(state, f"{name}output.LayerNorm")

    def dense(self, state: Any, name: str) -> Any:
        """Apply a linear layer."""
        product = self.op.matmul(state, self.constant(f"{name}.weight"), False, True)
        return self.op.add(product, self.constant(f"{name}.bias"))

    def unit(self, state: Any, axis: int) -> Any:
        """Bring vectors to unit length."""
        return self.op.normalize_l2(state, self.whole(axis), 1e-12, "max")

    def constant(self, name: str) -> Any:
        """Take a weight into the graph; eight bits stay eight, scaled where they are used."""
        weight = self.weights[name]
        if (scale := self.weights.get(f"{name}{SCALE}")) is None:
            return self.op.constant(weight.astype(np.float32, copy=False))
        return self.op.multiply(self.op.convert(self.op.constant(weight), "f32"), scale)

    def whole(self, *numbers: int) -> Any:
        """Take whole numbers into the graph."""
        return self.op.constant(np.array(numbers, np.int64))

    @property
    def _width(self) -> int:
        return int(self.weights["embeddings.LayerNorm.weight"].shape[0])

    def _split(self, state: Any) -> Any:
        shape = self.whole(0, 0, self.heads, self._width // self.heads)
        heads = self.op.reshape(state, shape, True)
        return self.op.transpose(heads, self.whole(0, 2, 1, 3))

    def _normalised(self, state: Any, name: str) -> Any:
        op = self.op
        centred = op.mvn(state, self.whole(-1), True, 1e-12, "inside_sqrt")
        scaled = op.multiply(centred, self.constant(f"{name}.weight"))
        return op.add(scaled, self.constant(f"{name}.bias"))


class Network:
    """A compiled graph; safe to use from several threads."""

    def __init__(
        self, results: list[Any], parameters: list[Any], name: str, *, cores: int | None = None
    ) -> None:
        """Compile; results and parameters are numbered in this order.

        Args:
            cores: How many to compute on; None for all.
        """
        openvino = _openvino()
        # Throughput runs one batch a core at once; a CPU without bf16 computes in f32. Not pinned
        # to cores, a reading does not wait for a busy one, such as a model's server keeps.
        settings: dict[str, Any] = {
            "PERFORMANCE_HINT": "THROUGHPUT",
            "ENABLE_CPU_PINNING": False,
            "DYNAMIC_QUANTIZATION_GROUP_SIZE": GROUP,
        }
        if cores is not None:
            settings["INFERENCE_NUM_THREADS"] = cores
        self._at_once = cores or AT_ONCE
        graph = openvino.Model(results, parameters, name)
        self._compiled = openvino.Core().compile_model(graph, "CPU", settings)
        self._results = range(len(results))

    def run(self, batches: Iterable[dict[int, Any]]) -> Iterator[list[FloatArray]]:
        """Give the results of each batch, while the next ones are being computed.

        The arrays are the network's own: they hold until the next batch is asked for.
        """
        running: deque[Any] = deque()
        for batch in batches:
            if len(running) < self._at_once:
                request = self._compiled.create_infer_request()
            else:
                request = running.popleft()
                yield self._finished(request)
            request.start_async(batch)
            running.append(request)
        for request in running:
            yield self._finished(request)

    def _finished(self, request: Any) -> list[FloatArray]:
        request.wait()
        return [request.get_output_tensor(place).data for place in self._results]


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
