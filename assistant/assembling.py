"""Assembling: the parts of a home put together, for a command that reads or for one that writes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager, suppress

from assistant.answering import Assistant
from assistant.asked import Index
from assistant.chat_model import ChatModel, OpenAIChatModel
from assistant.digest.writing import ModelDigestWriter
from assistant.home_writer import Writer, whole
from assistant.literature_writing import ModelReviewer
from assistant.settings import Settings
from assistant.support import Support, TrainedSupport
from assistant.talk import Talk
from assistant.writing import ModelWriter
from index.building import Builder
from index.cache import Cache
from index.corpus import Corpus
from index.embedding import Embedder, open_embedder
from index.errors import BusyError, HomeError, OlderCorpusError, StaleIndexError
from index.exact_vectors import ExactVectors
from index.fresh_vectors import FreshVectors
from index.home import Holder, Home
from index.large_lexical import LargeLexical
from index.minilm import MiniLM
from index.paper_vectors import vectors_version
from index.search import Searcher
from index.sources.clock import SystemClock
from index.vector_folder import VectorFolder
from index.vector_server import VectorServer
from index.vectors import DamagedVectorsError, Vectors, VectorStore, load_engine

WAIT = 600.0
"""Seconds a writing command waits for another one to finish."""
WAIT_FOR_SCHEMA = 5.0
"""Seconds a reading command waits to bring an older corpus up to date; a writer does so itself."""
PATIENCE_OF_WRITERS = 120.0
"""Seconds that a server of vectors may take for an answer."""
PATIENCE_OF_READERS = 3.0
"""The same while somebody waits for a search, which then does without. It is less than what looks
at `/health` wait for."""


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
        home.leave_mark()
        model, embedder = _models(settings)
        with (
            _vector_store(home, settings, patience=PATIENCE_OF_WRITERS) as store,
            Cache(home.cache, version=vectors_version(embedder)) as cache,
        ):
            builder = Builder(embedder, model, cache)
            yield Writer(home, corpus, store, builder, talk, settings, SystemClock())


@contextmanager
def reader(settings: Settings) -> Iterator[Corpus]:
    """Open the corpus of a home to read; it takes no lock and loads no model.

    A corpus of an older Footnote is brought up to date first.

    Raises:
        HomeError: There is no corpus.
    """
    home = Home(settings.home.absolute())
    with _corpus_to_read(home) as corpus:
        yield corpus


def _corpus_to_read(home: Home) -> Corpus:
    try:
        return Corpus.open(home, read_only=True)
    except OlderCorpusError:
        with suppress(BusyError, HomeError), home.writer_lock(WAIT_FOR_SCHEMA):
            Corpus.open(home).close()
    return Corpus.open(home, read_only=True)


@contextmanager
def searcher(settings: Settings, talk: Talk) -> Iterator[Searcher]:
    """Open a home to search; complete first what a crash or a kill left undone.

    While another process writes, or where the home cannot be written, search does with what there
    is: without Chroma, words alone propose the papers. What others have written is found soon.

    Raises:
        HomeError: There is no corpus.
        ModelError: The embedding model is missing.
        StaleIndexError: The vectors are another model's.
        VectorServerError: The server of the vectors cannot be used. If it is lost later, words
            alone propose the papers until it is back.
    """
    home = Home(settings.home.absolute())
    with (
        _vector_store(home, settings, patience=PATIENCE_OF_READERS) as store,
        reader(settings) as corpus,
        ThreadPoolExecutor(1) as beside,
    ):
        importing = beside.submit(load_engine)  # takes as long as loading the model
        model, embedder = _models(settings)
        importing.result()
        version = vectors_version(embedder)
        if corpus.backlog.count(version) or corpus.backlog.removed_keys():
            _completed(settings, talk)
        vectors = _sound_vectors(store, corpus, version)
        if vectors is None and _completed(settings, talk):
            vectors = _sound_vectors(store, corpus, version)
        fresh = FreshVectors(
            vectors,
            generation=lambda: corpus.generation,
            opened=lambda: _searchable_vectors(store, version),
        )
        with closing(fresh), Cache(home.cache, version=version, read_only=True) as cache:
            builder = Builder(embedder, model, cache)
            yield Searcher(
                corpus,
                fresh,
                builder,
                embedder=embedder,
                model=model,
                large=LargeLexical(home.words),
                exact=ExactVectors(home.exact),
            )


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
        digest_writer=ModelDigestWriter(model, support, unsupported=unsupported),
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


@contextmanager
def _vector_store(home: Home, settings: Settings, *, patience: float) -> Iterator[VectorStore]:
    """Give the place of the vectors: a folder of the home, or a server that the settings name."""
    if settings.chroma is None:
        yield VectorFolder(home.vectors)
        return
    server = VectorServer(home, settings.chroma, key=settings.chroma_key, patience=patience)
    with closing(server):
        yield server


def _models(settings: Settings) -> tuple[MiniLM, Embedder]:
    model = MiniLM.load()
    return model, open_embedder(settings.embedding_model, model)


def _sound_vectors(store: VectorStore, corpus: Corpus, version: str) -> Vectors | None:
    """Open the vectors; None if they are missing, damaged, or fewer than there should be."""
    return _opened(store, version, when=lambda vectors: whole(vectors, corpus))


def _searchable_vectors(store: VectorStore, version: str) -> Vectors | None:
    """Open the vectors, of which another process may be writing more; None if they do not answer.

    Those that another model has made meanwhile are of no use here.
    """
    with suppress(StaleIndexError):
        return _opened(store, version, when=lambda found: not found.count() or found.answers())
    return None


def _opened(store: VectorStore, version: str, *, when: Callable[[Vectors], bool]) -> Vectors | None:
    vectors = None
    try:
        vectors = store.find(version=version)
        if vectors is not None and when(vectors):
            return vectors
    except DamagedVectorsError:
        pass
    if vectors is not None:
        vectors.close()
    return None


def _completed(settings: Settings, talk: Talk) -> bool:
    """Do the writing that is left over, unless somebody else is at it or nobody may."""
    with suppress(BusyError, HomeError), writer(settings, talk, wait=0) as completing:
        completing.complete()
        return True
    return False
