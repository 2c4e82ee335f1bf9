"""Building: the vectors brought in step with the corpus, so that every step can be repeated."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from itertools import islice

from index.cache import Cache
from index.corpus import Corpus
from index.embedding import Embedder
from index.minilm import MiniLM
from index.paper_vectors import PaperVectors, compute, vectors_version
from index.papers import Paper
from index.tellings import text_hash
from index.vectors import TextVectors, Vectors, VectorStore

BATCH = 64
"""Papers computed, stored and noted together: about a second's work to lose in a crash."""

MANY = 20_000
"""Papers given away at once to be computed elsewhere: 30 MB of text."""

Computing = Callable[[Sequence[Paper]], Iterator[Mapping[str, PaperVectors]]]
"""Computes vectors of papers; gives them by text hash, some at a time."""

Progress = Callable[[int, int], None]
"""Called with the papers done and the papers there are."""


def silent(_done: int, _all: int) -> None:
    """Show no progress."""


class Builder:
    """Computes what is missing and puts it where search finds it."""

    def __init__(self, embedder: Embedder, model: MiniLM, cache: Cache) -> None:
        self._embedder = embedder
        self._model = model
        self._cache = cache
        self.version = vectors_version(embedder)

    def complete(self, corpus: Corpus, vectors: Vectors, *, progress: Progress = silent) -> int:
        """Index what is pending and forget what was removed; give the number of papers indexed.

        The caller holds the writer's lock. A kill leaves the rest pending for the next call.

        Raises:
            DamagedVectorsError: Chroma cannot write them.
            HomeError: No room is left.
            VectorServerError: The server of the vectors cannot be used.
        """
        removed = corpus.backlog.removed_keys()
        vectors.delete(removed)
        if removed:
            corpus.backlog.forget(removed)
        count, done = corpus.backlog.count(self.version), 0
        for papers in _batches(corpus.backlog.pending(self.version)):
            vectors.put(self._text_vectors(papers))
            corpus.backlog.mark_indexed(papers, self.version)
            done += len(papers)
            progress(done, count)
        return done

    def precompute(
        self, corpus: Corpus, computing: Computing, *, progress: Progress = silent
    ) -> None:
        """Let vectors that `complete` will need be computed elsewhere, and keep them in the cache.

        What a former, broken run has left there is not computed again.

        Raises:
            EngineError: They cannot be computed there; those that were are kept.
            HomeError: No room is left.
        """
        count, done = corpus.backlog.count(self.version), 0
        for papers in _batches(corpus.backlog.pending(self.version), MANY):
            readable = {text_hash(paper): paper for paper in papers if paper.abstract}
            missing = self._cache.missing(readable)
            for vectors in computing([readable[text] for text in sorted(missing)]):
                self._cache.put(vectors)
                done += len(vectors)
                progress(done, count)
            done += len(papers) - len(missing)

    def rebuild(self, corpus: Corpus, store: VectorStore, *, progress: Progress = silent) -> int:
        """Build all vectors anew, from the cache where it can, and put them in the others' place.

        The caller holds the writer's lock and has no vectors of `store` open.

        Raises:
            DamagedVectorsError: Chroma cannot write them.
            HomeError: No room is left, or they cannot take that place.
            VectorServerError: The server of the vectors cannot be used.
        """
        count, done = corpus.count(), 0
        with store.anew(version=self.version) as vectors:
            for papers in _batches(corpus.papers()):
                vectors.put(self._text_vectors(papers))
                done += len(papers)
                progress(done, count)
        for papers in _batches(corpus.papers()):
            corpus.backlog.mark_indexed(papers, self.version)
        corpus.backlog.forget(corpus.backlog.removed_keys())
        return done

    def paper_vectors(self, papers: Iterable[Paper], *, keep: bool) -> dict[str, PaperVectors]:
        """Give the vectors of `papers` by text hash, computing what the cache lacks.

        Args:
            keep: Whether to put what was computed into the cache.
        """
        by_hash = {text_hash(paper): paper for paper in papers}
        known = self._cache.get(by_hash)
        missing = [text for text in by_hash if text not in known]
        if missing:
            computed = compute([by_hash[text] for text in missing], self._embedder, self._model)
            fresh = dict(zip(missing, computed, strict=True))
            if keep:
                self._cache.put(fresh)
            known |= fresh
        return known

    def known(self, corpus: Corpus, keys: Collection[int]) -> dict[int, TextVectors]:
        """Give the passage vectors of papers by key; one without an abstract has none."""
        papers = corpus.papers_by_key(keys).values()
        return {text.key: text for text in self._text_vectors(list(papers))}

    def _text_vectors(self, papers: list[Paper]) -> list[TextVectors]:
        readable = [paper for paper in papers if paper.abstract]  # a title alone has no passage
        known = self.paper_vectors(readable, keep=True)
        rows = []
        for paper in readable:
            assert paper.key is not None
            text = text_hash(paper)
            rows.append(TextVectors(paper.key, text, known[text].embeddings))
        return rows


def _batches(papers: Iterator[Paper], size: int = BATCH) -> Iterator[list[Paper]]:
    while batch := list(islice(papers, size)):
        yield batch
