"""Ray: papers read, split and embedded in parallel, over the cores and machines of a cluster.

Nothing but the process that started it writes: it takes what the workers read into the corpus and
what they compute into the cache, so that work done twice, because a worker died, is stored once.
Ray gives a dead worker's work to another. If that process itself dies, what was stored stays, and
the same command goes on with the rest.
"""

from __future__ import annotations

import logging
import os
import pickle
import socket
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, redirect_stdout
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from index.embedding import open_embedder
from index.errors import EngineError
from index.minilm import MiniLM
from index.paper_vectors import PaperVectors, compute, vectors_version
from index.papers import Paper, Problem, Reading
from index.portions import Portion, portions, read_portion
from index.tellings import text_hash

BATCH = 16
"""Papers that a worker computes at once: about a second's work to lose if it dies."""

KNOCK = 5.0
"""Seconds until a cluster is said not to be there."""

PORTIONS = 32
"""Portions of files that are on the way at once: 256 MiB of memory."""


@dataclass(frozen=True)
class RayEngine:
    """A cluster that this process is connected to."""

    workers: int
    """How many may compute at once: one a core or, with a model for GPUs, one a GPU."""
    gpus: int

    def read(self, path: Path, origin: str) -> Iterator[Reading | Problem]:
        """Read the portions of a file in parallel, and give what they hold in its order.

        Raises:
            EngineError: Ray cannot go on.
        """
        cut = portions(path, origin=origin)
        while some := list(islice(cut, PORTIONS)):
            for row in _rows(_dataset([each._asdict() for each in some], len(some)).map(_read)):
                yield from pickle.loads(row["read"])

    def compute(
        self, papers: Sequence[Paper], *, embedding_model: str | None, version: str
    ) -> Iterator[dict[str, PaperVectors]]:
        """Compute the vectors of papers; give them by text hash as they are done, in any order.

        Args:
            embedding_model: As in `open_embedder`; its GPU is used where the cluster has some.
            version: What `vectors_version` says here, and so has to say at the workers.

        Raises:
            EngineError: Ray cannot go on, or a worker has another version.
        """
        texts = [{"title": paper.title, "abstract": paper.abstract} for paper in papers]
        on_gpu = bool(self.gpus and embedding_model)
        computing = _dataset(texts, max(1, len(texts) // BATCH)).map_batches(
            _Computing,
            fn_constructor_args=(embedding_model, version),
            batch_size=BATCH,
            num_cpus=0 if on_gpu else 1,
            num_gpus=1 if on_gpu else 0,
            compute=_pool(self.gpus if on_gpu else self.workers),
        )
        rows = _rows(computing)
        while some := list(islice(rows, BATCH)):
            read = {row["text_hash"]: PaperVectors.from_bytes(row["record"]) for row in some}
            yield {text: vectors for text, vectors in read.items() if vectors is not None}


@contextmanager
def connected(address: str | None) -> Iterator[RayEngine]:
    """Connect to the cluster at `address`, or start one on this machine, and leave it in the end.

    Until then standard output is standard error: Ray tells there what happens to its nodes.

    Raises:
        EngineError: Ray is not installed, or there is no cluster.
    """
    os.environ["RAY_USAGE_STATS_ENABLED"] = "0"  # nothing is told to Ray's makers
    try:
        import ray  # noqa: F401
    except ImportError as error:
        raise EngineError(
            "`--engine ray` needs Ray, which is not installed",
            hint="run `pip install 'footnote[ray]'`, on every machine of the cluster",
        ) from error
    with redirect_stdout(sys.stderr):
        yield from _connected(address)


def _connected(address: str | None) -> Iterator[RayEngine]:
    import ray
    import ray.data

    local: dict[str, Any] = {} if address else {"include_dashboard": False}
    try:
        if address:
            _knock(address)
        ray.init(
            address=address or "local", log_to_driver=False, logging_level=logging.ERROR, **local
        )
    except (OSError, RuntimeError, ValueError) as error:
        raise EngineError(
            f"There is no Ray cluster at `{address or 'this machine'}`: {_said(error)}",
            hint="name its head, such as `10.0.0.1:6379`, or leave `--address` out",
        ) from error
    try:
        logging.getLogger("ray.data").setLevel(logging.ERROR)
        context: Any = ray.data.DataContext.get_current()
        context.enable_progress_bars = False
        context.print_on_execution_start = False
        context.execution_options.preserve_order = True
        there = ray.cluster_resources()
        yield RayEngine(workers=max(1, int(there.get("CPU", 1))), gpus=int(there.get("GPU", 0)))
    finally:
        ray.shutdown()


def _knock(address: str) -> None:
    """See that somebody listens: Ray itself would wait for minutes, then end this process."""
    host, _, port = address.rpartition(":")
    socket.create_connection((host, int(port)), timeout=KNOCK).close()


class _Computing:
    """A worker's models, loaded once; Ray calls it with a batch of papers."""

    def __init__(self, embedding_model: str | None, version: str) -> None:
        self._model = MiniLM.load(cores=1)
        self._embedder = open_embedder(embedding_model, self._model)
        found = vectors_version(self._embedder)
        if found != version:
            raise RuntimeError(f"a worker makes vectors by `{found}`, not by `{version}`")

    def __call__(self, batch: dict[str, Any]) -> dict[str, list[Any]]:
        papers = [
            Paper(title=str(title), abstract=str(abstract), source="text")
            for title, abstract in zip(batch["title"], batch["abstract"], strict=True)
        ]
        computed = compute(papers, self._embedder, self._model)
        return {
            "text_hash": [text_hash(paper) for paper in papers],
            "record": [vectors.to_bytes() for vectors in computed],
        }


def _pool(most: int) -> Any:
    from ray.data import ActorPoolStrategy

    return ActorPoolStrategy(min_size=1, max_size=most)


def _read(row: dict[str, Any]) -> dict[str, bytes]:
    return {"read": pickle.dumps(read_portion(Portion(**row)))}


def _dataset(items: Sequence[dict[str, Any]], blocks: int) -> Any:
    import ray

    return ray.data.from_items(list(items), override_num_blocks=blocks)


def _rows(dataset: Any) -> Iterator[dict[str, Any]]:
    """Run a dataset's plan; give its rows as they come."""
    from ray.exceptions import RayError

    try:
        yield from dataset.iter_rows()
    except RayError as error:
        raise EngineError(
            f"Ray cannot go on: {_said(error)}",
            hint="install the same Footnote on every machine, then run the same command again",
        ) from error


def _said(error: BaseException) -> str:
    """Give the last line of a worker's error, which says what it was; of others the first."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    lines = lines or [type(error).__name__]
    return (lines[-1] if "Error:" in lines[-1] else lines[0])[:300]
