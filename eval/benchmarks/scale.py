"""How large: building and searching homes of papers drawn around real ones, size by size.

What is measured of Footnote stands beside the same asked of Chroma and of each lexical engine
alone, question by question in turn.
"""

from __future__ import annotations

import resource
from collections.abc import Callable, Sequence
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any

import numpy as np

from assistant import assembling
from assistant.settings import Settings
from eval.benchmarks.drawn_papers import DAYS, FIRST_DAY, Known, fill, known_papers
from eval.cases import read_suite
from eval.gold import Silence
from index.cache import Cache
from index.corpus import Corpus
from index.home import Home
from index.large_lexical import LargeLexical
from index.lexical import word_scores
from index.minilm import FloatArray, MiniLM
from index.search import CANDIDATES, PASSAGES_A_PAPER, WORD_SCORES, Searcher
from index.vectors import HNSW

ASKED = 48
"""Questions at each size."""

NEAREST = CANDIDATES * PASSAGES_A_PAPER
ADDED = 5_000
"""Passages that bare Chroma is given at once: nearly the most that it takes."""

FIFTH = FIRST_DAY + timedelta(days=DAYS * 4 // 5)
"""About a fifth of the papers are of this day or later."""
WEEK = FIRST_DAY + timedelta(days=DAYS - 7)


def curves(
    sources: Sequence[str], suite: Path, *, as_of: date, sizes: Sequence[int], folder: Path
) -> None:
    """Build a home of each size in `folder`, or take the one that is there; print what it takes."""
    questions = [case.question for case in read_suite(suite).cases][:ASKED]
    with TemporaryDirectory() as place:
        settings = _settings(Path(place))
        with assembling.writer(settings, Silence()) as writer:
            writer.ingest(sources, as_of=as_of)
            with Cache(Home(Path(place)).cache, version=writer.builder.version) as cache:
                real = known_papers(writer.corpus, cache)
    for size in sizes:
        print(f"\n{size} passages asked for", flush=True)
        home = folder / f"home-{size}"
        _build(home, real, size)
        _search(home, questions)


def _build(home: Path, real: Known, size: int) -> None:
    if (home / "vectors").exists():
        with assembling.writer(_settings(home), Silence()) as writer:
            print(f"  built before: {writer.complete()} passages")
        return
    with (
        assembling.writer(_settings(home), Silence()) as writer,
        Cache(writer.home.cache, version=writer.builder.version) as cache,
    ):
        fill(writer.corpus, cache, real, passages=size, said=lambda _: None)
        passages, ours = _timed(writer.complete)
        vectors = _every_vector(writer.corpus, cache)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    with TemporaryDirectory(dir=home) as place:
        _, bare = _timed(lambda: _add_to_chroma(Path(place), vectors))
    print(
        f"  build, vectors known: {passages} passages, {passages / ours:.0f} a second;"
        f" bare Chroma {passages / bare:.0f}; ratio {bare / ours:.2f}; {memory:.0f} MB at most"
    )


def _add_to_chroma(place: Path, vectors: FloatArray) -> None:
    """Add to a new collection with the same settings, and nothing but an id."""
    import chromadb

    client: Any = chromadb.PersistentClient(path=str(place))
    with closing(client):
        collection = client.create_collection(
            "bare", configuration={"hnsw": HNSW}, embedding_function=None
        )
        for start in range(0, len(vectors), ADDED):
            some = vectors[start : start + ADDED]
            collection.add(ids=[str(start + n) for n in range(len(some))], embeddings=some)


def _search(home: Path, questions: Sequence[str]) -> None:
    with (
        assembling.searcher(_settings(home), Silence()) as searcher,
        Cache(Home(home).cache, version=searcher.version, read_only=True) as cache,
    ):
        corpus, large = searcher.corpus, LargeLexical(home / "words")
        every = _every_vector(corpus, cache)
        print(f"  {corpus.count()} papers, {len(every)} passages, MB: {_megabytes(home)}")
        read = [searcher.model.encode([question])[0].sentence for question in questions]
        print(f"  recall@10 {_recall(searcher, corpus, cache, read):.4f}")
        asked = dict(zip(questions, read, strict=True))
        deeds: dict[str, Callable[[str], object]] = {
            "embedding and Chroma": lambda q: _near(searcher, searcher.model, q),
            "FTS5": lambda q: word_scores(corpus.connection, q, limit=WORD_SCORES, keys=None),
            "search": lambda q: searcher.search(q, limit=10),
            "search, a fifth of the days": lambda q: searcher.search(q, limit=10, since=FIFTH),
            "search, a week": lambda q: searcher.search(q, limit=10, since=WEEK),
        }
        if large.there:
            deeds["tantivy"] = lambda q: large.scores(q, limit=WORD_SCORES, keys=None)
        _race(deeds, list(asked))


def _race(deeds: dict[str, Callable[[str], object]], questions: Sequence[str]) -> None:
    """Do all deeds for each question in turn; print the quantiles of each."""
    for deed in deeds.values():
        deed(questions[0])
    seconds = [[_timed(lambda: deed(q))[1] for deed in deeds.values()] for q in questions]  # noqa: B023
    for name, column in zip(deeds, np.array(seconds).T, strict=True):
        p50, p99 = np.quantile(column, [0.5, 0.99]) * 1000
        print(f"  {name:<28} p50 {p50:8.1f} ms   p99 {p99:8.1f} ms", flush=True)


def _near(searcher: Searcher, model: MiniLM, question: str) -> object:
    return searcher.near(model.encode([question])[0].sentence, None)


def _recall(searcher: Searcher, corpus: Corpus, cache: Cache, read: Sequence[FloatArray]) -> float:
    """Compare the ten papers' texts nearest by Chroma with those nearest by all vectors."""
    texts = [text.decode() for _, text in corpus.texts()]
    best: list[list[tuple[float, str]]] = [[] for _ in read]
    asked = np.array(read)
    for start in range(0, len(texts), 2000):
        for text, vectors in cache.get(texts[start : start + 2000]).items():
            for row, score in enumerate((asked @ vectors.embeddings.T).max(1)):
                best[row].append((float(score), text))
        best = [sorted(each, reverse=True)[:10] for each in best]
    found = [searcher.near(vector, None) or {} for vector in read]
    shares = [
        len({text for _, text in exact} & {t for each in list(near.values())[:10] for t in each})
        for exact, near in zip(best, found, strict=True)
    ]
    return float(np.mean(shares)) / 10


def _every_vector(corpus: Corpus, cache: Cache) -> FloatArray:
    texts = [text.decode() for _, text in corpus.texts()]
    rows = [
        vectors.embeddings
        for start in range(0, len(texts), 2000)
        for vectors in cache.get(texts[start : start + 2000]).values()
    ]
    every: FloatArray = np.concatenate(rows)
    return every


def _timed(deed: Callable[[], Any]) -> tuple[Any, float]:
    started = perf_counter()
    result = deed()
    return result, perf_counter() - started


def _megabytes(home: Path) -> str:
    parts = {
        name: sum(f.stat().st_size for f in home.glob(glob) if f.is_file()) / 1e6
        for name, glob in (
            ("corpus", "corpus.db*"),
            ("cache", "cache.db*"),
            ("vectors", "vectors/**/*"),
            ("words", "words/**/*"),
            ("exact", "exact/**/*"),
        )
    }
    return ", ".join(f"{name} {size:.0f}" for name, size in parts.items())


def _settings(home: Path) -> Settings:
    return Settings.read({}, home=home)
