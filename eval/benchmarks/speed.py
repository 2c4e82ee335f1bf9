"""Speed, as ratios in one run: embedding, asking, and the commands from the shell."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Sequence
from datetime import date, datetime
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

import numpy as np
import numpy.typing as npt

from assistant import assembling
from assistant.answering import Assistant
from assistant.settings import Settings
from eval.cases import read_suite
from eval.gold import Silence
from index.cache import Cache
from index.embedding import MiniLMEmbedder
from index.lexical import word_scores
from index.minilm import MiniLM, model_folder
from index.paper_vectors import vectors_version
from index.papers import Reading
from index.passages import pack, sentence_spans, short_title, with_title
from index.reading import read_sources
from index.search import CANDIDATES, PASSAGES_A_PAPER, WORD_SCORES
from index.tellings import text_hash
from index.vector_folder import VectorFolder

REPEATS = 3
COLD_STARTS = 5


def embedding(pages: Sequence[str], as_of: date) -> None:
    """Embed all passages of the pages with MiniLM here and with sentence-transformers on torch."""
    from sentence_transformers import SentenceTransformer

    model = MiniLM.load()
    texts = _passages(pages, as_of, model)
    other = SentenceTransformer(str(model_folder()), device="cpu")
    other.max_seq_length = MiniLMEmbedder.limit
    ours, theirs = MiniLMEmbedder(model).embed(texts), None
    fast, slow = [], []
    for _ in range(REPEATS):
        fast.append(_seconds(lambda: MiniLMEmbedder(model).embed(texts)))
        started = perf_counter()
        theirs = other.encode(texts, normalize_embeddings=True, show_progress_bar=False)
        slow.append(perf_counter() - started)
    cosine = (ours * np.asarray(theirs)).sum(1)
    print(f"{len(texts)} passages, best of {REPEATS}")
    print(f"  sentence-transformers  {len(texts) / min(slow):7.1f} passages/s")
    print(f"  Footnote               {len(texts) / min(fast):7.1f} passages/s")
    print(f"  ratio                  {min(slow) / min(fast):7.2f}")
    print(f"  cosine                 {cosine.min():.6f} at worst, {cosine.mean():.6f} on average")


def asking(pages: Sequence[str], questions: Path, as_of: date) -> None:
    """Ask warm, and tell apart the models and engines from what is Footnote's own."""
    asked = [case.question for case in read_suite(questions).cases]
    with TemporaryDirectory() as folder:
        settings = Settings(home=Path(folder), now=datetime.combine(as_of, datetime.min.time()))
        with assembling.writer(settings, Silence()) as writer:
            writer.ingest(pages, as_of=as_of)
        with assembling.searcher(settings, Silence()) as searcher:
            assistant = Assistant(searcher)
            assistant.ask(asked[0])
            total = [_seconds(partial(assistant.ask, question)) for question in asked]
        engines = _engine_seconds(settings, asked)
    own = np.array(total) - engines
    print(f"{len(asked)} questions, warm, milliseconds")
    for name, values in (("ask", total), ("models and engines", engines), ("Footnote's own", own)):
        p50, p95 = np.quantile(values, [0.5, 0.95]) * 1000
        print(f"  {name:<20} p50 {p50:6.1f}   p95 {p95:6.1f}")


def commands(pages: Sequence[str], as_of: date) -> None:
    """Run the commands as processes, cold."""
    footnote = [sys.executable, "-m", "assistant.cli"]
    with TemporaryDirectory() as folder:
        home = ["--home", folder]
        ingest = [*footnote, "ingest", *pages, "--as-of", as_of.isoformat(), *home]
        ask = [*footnote, "ask", "What makes SOAP better than Adam and Shampoo?", *home]
        bare = [sys.executable, "-c", "import chromadb"]
        print(f"  ingest of {len(pages)} sources  {_process_seconds(ingest):6.2f} s")
        for name, command in (("ask, cold", ask), ("import chromadb", bare)):
            times = [_process_seconds(command) for _ in range(COLD_STARTS)]
            print(f"  {name:<20}  {np.median(times):6.2f} s (median of {COLD_STARTS})")


def _passages(pages: Sequence[str], as_of: date, model: MiniLM) -> list[str]:
    texts = []
    for reading in read_sources(pages, as_of=as_of):
        if isinstance(reading, Reading):
            paper = reading.paper
            title = short_title(paper.title, lengths=model.lengths)
            packed = pack(
                paper.title,
                paper.abstract,
                sentence_spans(paper.abstract),
                lengths=model.lengths,
                limit=MiniLMEmbedder.limit,
            )
            texts += [with_title(title, paper.abstract[p.start : p.end]) for p in packed]
    return list(dict.fromkeys(texts))


def _engine_seconds(settings: Settings, asked: Sequence[str]) -> npt.NDArray[np.float64]:
    """Time, for each question, what a search asks of MiniLM, Chroma and SQLite, and only that."""
    model = MiniLM.load()
    version = vectors_version(MiniLMEmbedder(model))
    seconds = []
    with (
        assembling.reader(settings) as corpus,
        Cache(settings.home / "cache.db", version=version, read_only=True) as cache,
    ):
        vectors = VectorFolder(settings.home / "vectors").make(version=version)
        for question in [asked[0], *asked]:
            started = perf_counter()
            vector = model.encode([question])[0].sentence
            near = vectors.nearest(vector, limit=CANDIDATES * PASSAGES_A_PAPER, keys=None)
            words = word_scores(corpus.connection, question, limit=WORD_SCORES, keys=None)
            proposed = list(dict.fromkeys(n.key for n in near))[:CANDIDATES]
            papers = corpus.papers_by_key({*proposed, *list(words)[:CANDIDATES]}).values()
            hashes = [text_hash(paper) for paper in papers]
            cache.get(hashes)
            seconds.append(perf_counter() - started)
        vectors.close()
    return np.array(seconds[1:])


def _seconds(work: Callable[[], object]) -> float:
    started = perf_counter()
    work()
    return perf_counter() - started


def _process_seconds(command: Sequence[str]) -> float:
    def run() -> object:
        return subprocess.run(command, check=True, capture_output=True)

    return _seconds(run)
