"""What a second worker of Ray brings to embedding, on the cores of this machine."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from itertools import islice
from statistics import median
from time import perf_counter

from index import ray_engine
from index.embedding import MiniLMEmbedder
from index.minilm import MiniLM
from index.paper_vectors import vectors_version
from index.papers import Paper, Reading
from index.reading import read_sources

PAPERS = 240
ROUNDS = 3


def compare(sources: Sequence[str], as_of: date) -> None:
    """Embed the same papers with one worker and with two, in turn; starting them is included."""
    readings = read_sources(sources, as_of=as_of)
    read = [each.paper for each in readings if isinstance(each, Reading) and each.paper.abstract]
    papers = list(islice((paper for _ in range(PAPERS) for paper in read), PAPERS))
    version = vectors_version(MiniLMEmbedder(MiniLM.load()))
    with ray_engine.connected(None) as engine:
        seconds: dict[int, list[float]] = {1: [], 2: []}
        for _ in range(ROUNDS):
            for workers, taken in seconds.items():
                taken.append(_seconds(replace(engine, workers=workers), papers, version))
    one, two = (median(seconds[workers]) for workers in (1, 2))
    print(f"{PAPERS} papers, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}")
    print(f"  one worker   {one:6.1f} s")
    print(f"  two workers  {two:6.1f} s, {one / two:.2f} times as fast")


def _seconds(engine: ray_engine.RayEngine, papers: Sequence[Paper], version: str) -> float:
    started = perf_counter()
    for _ in engine.compute(papers, embedding_model=None, version=version):
        pass
    return perf_counter() - started
