"""Questions with and without an answer, as declining meets them in a corpus.

Questions with the paper that answers them; the same questions with that paper hidden, so that the
next best papers are wrong; questions on methods that no paper is about and questions of everyday
life (`declining_questions.jsonl`); and titles and reworded sentences as they would be typed, with
their paper and without it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from assistant.coverage import AskedQuestion, asked, background, coverage
from assistant.sentence_features import Candidate
from index.building import Builder
from index.cache import Cache
from index.corpus import Corpus
from index.embedding import MiniLMEmbedder
from index.home import Home
from index.minilm import Encoded, MiniLM
from index.paper_vectors import vectors_version
from index.papers import normalised_title
from index.reading import read_sources
from index.search import Hit, Searcher
from index.vector_folder import VectorFolder

Measures = dict[str, float]
Search = Callable[[str], tuple[Encoded, Sequence[Hit]]]

SEARCHED = 40
"""Hits looked through for the paper that answers."""

WRONG_WEIGHTS = (0.7, 0.25, 0.15)
"""In learning, of the wrong papers of one question, the best first."""

WEIGHTS = {"near": 1.0, "domain": 0.5, "title": 0.2, "sentence": 0.1}
"""In learning, of a kind of question, where it is not 1."""

ONLY_MEASURED = frozenset({"gold detail", "gold false-premise", "gold meta"})
"""Kinds that nothing is learnt from: the paper asked about is there, or no paper is asked about."""


@dataclass(frozen=True)
class Question:
    """A question to learn from."""

    text: str
    kind: str
    papers: frozenset[str] = frozenset()
    """Normalised titles of those that answer it."""


@dataclass(frozen=True)
class Case:
    """A question as it meets a corpus."""

    kind: str
    group: str
    """Cases of one group are never both learnt from and measured on."""
    answerable: bool
    learnt: bool
    papers: tuple[tuple[Measures, bool], ...]
    """Of each paper its measures, and whether it answers; in the order found."""
    weight: float


def read_questions(gold: Path, paraphrases: Path | None) -> Iterator[Question]:
    """Read the gold questions, those of this folder, and sentences in other words."""
    for name, kind in (("questions", "answerable"), ("answerable_hard", "hard")):
        for row in _rows(gold / f"{name}.jsonl"):
            yield Question(row["question"], kind, frozenset({normalised_title(row["paper"])}))
    for row in _rows(gold / "synthesis.jsonl"):
        yield Question(
            row["question"], "synthesis", frozenset(map(normalised_title, row["papers"]))
        )
    for row in _rows(gold / "unanswerable.jsonl"):
        yield Question(row["question"], f"gold {row['kind']}")
    for row in _rows(Path(__file__).with_name("declining_questions.jsonl")):
        yield Question(row["question"], row["kind"])
    for row in _rows(paraphrases) if paraphrases else ():
        if row["label"] == "supported":
            title = normalised_title(row["source"].split("\n")[0])
            yield Question(row["claim"], "sentence", frozenset({title}))


def title_questions(titles: Iterable[str]) -> Iterator[Question]:
    """Ask for each paper as people type it in a hurry."""
    forms = ("What is {}?", "{}", "how does {} work", "papers on {}")
    for place, title in enumerate(titles):
        short = " ".join(title.split(":")[0].split()[:7])
        short = short if place % 2 else short.lower()
        text = forms[place % len(forms)].format(short)
        yield Question(text, "title", frozenset({normalised_title(title)}))


def cases(question: Question, encoded: Encoded, hits: Sequence[Hit]) -> Iterator[Case]:
    """Make the case of a question, and the one in which the papers that answer it are hidden."""
    words = asked(as_asked(question.text, encoded), background())
    if words is None:
        return
    measures = {
        hit.rank: coverage(words, Candidate.of(hit), similarity(encoded, hit)) for hit in hits
    }
    right = {hit.rank for hit in hits if normalised_title(hit.paper.title) in question.papers}
    wrong = [rank for rank in measures if rank not in right][: len(WRONG_WEIGHTS)]
    group = min(question.papers, default=question.text)
    weight = WEIGHTS.get(question.kind, 1.0)
    shown = tuple((measures[rank], rank in right) for rank in measures if rank in {*right, *wrong})
    learnt = question.kind not in ONLY_MEASURED
    yield Case(question.kind, group, bool(question.papers), learnt, shown, weight)
    if question.papers:
        rest = tuple((measures[rank], False) for rank in wrong)
        yield Case(f"{question.kind} hidden", group, False, True, rest, weight)


def as_asked(text: str, encoded: Encoded) -> AskedQuestion:
    """Turn what MiniLM read of a question into what declining looks at."""
    return AskedQuestion(text, encoded.tokens, encoded.offsets, encoded.ids, encoded.sentence)


def similarity(question: Encoded, hit: Hit) -> float:
    """Give the cosine of a question and a paper's title and abstract."""
    whole = hit.vectors.embeddings[hit.vectors.passages[:, 2] == 1]
    return float((whole @ question.sentence).max())


def examples(case: Case) -> Iterator[tuple[Measures, bool, float]]:
    """Give the papers of a case to learn from, each with its weight."""
    if case.answerable:
        yield from ((measures, True, case.weight) for measures, right in case.papers if right)
        return
    for (measures, _), weight in zip(case.papers, WRONG_WEIGHTS, strict=False):
        yield measures, False, case.weight * weight


def gather(pages: Path, questions: Iterable[Question], home: Path) -> list[Case]:
    """Build an index of the pages in `home` and put every question to it."""
    search, titles = open_search(pages, home)
    found: list[Case] = []
    for question in [*questions, *title_questions(titles)]:
        encoded, hits = search(question.text)
        found += cases(question, encoded, hits)
    return found


def open_search(pages: Path, home: Path) -> tuple[Search, list[str]]:
    """Index the pages and give a function that searches them, and the papers' titles."""
    place, model = Home.open(home), MiniLM.load()
    embedder = MiniLMEmbedder(model)
    version = vectors_version(embedder)
    corpus = Corpus.open(place)
    corpus.add(read_sources([str(pages)], as_of=date.today()))
    builder = Builder(embedder, model, Cache(place.cache, version=version))
    vectors = VectorFolder(place.vectors).make(version=version)
    builder.complete(corpus, vectors)
    searcher = Searcher(corpus, vectors, builder, embedder=embedder, model=model)

    def search(text: str) -> tuple[Encoded, Sequence[Hit]]:
        found = searcher.search(text, limit=SEARCHED)
        assert found.encoded is not None
        return found.encoded, found.hits

    return search, [paper.title for paper in corpus.papers()]


def _rows(path: Path) -> Iterator[dict[str, Any]]:
    for line in path.read_text(encoding="utf-8").splitlines():
        yield json.loads(line)
