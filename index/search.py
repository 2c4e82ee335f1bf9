"""Search: a question in, ranked papers with their best passages out.

Two engines propose candidates, Chroma by meaning and FTS5 by words; every candidate is then scored
by five signals, which are fused: the whole abstract and its best passage by meaning, its words, and
late interaction with the whole abstract and with its best passage.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

import numpy as np

from index.building import Builder
from index.corpus import Corpus
from index.embedding import Embedder, MiniLMEmbedder
from index.fusion import fused
from index.lexical import word_scores
from index.minilm import Encoded, FloatArray, MiniLM
from index.paper_vectors import PaperVectors
from index.papers import Paper
from index.reranking import Match, matches
from index.tellings import text_hash
from index.vectors import DamagedVectorsError, Vectors

CANDIDATES = 16
"""Papers that each engine proposes; with 10 to 50, ranking was the same within its error."""

PASSAGES_A_PAPER = 5
"""Passages that a paper has, about: Chroma is asked for so many times the candidates."""

WORD_SCORES = 200
"""Papers whose word score is looked up; one beyond has few words of the question."""

SHOWN_PASSAGES = 2
"""Passages given with a hit."""

QUESTION_TOKENS = 500
"""Of a longer question only the first are read."""


class FoundPassage(NamedTuple):
    """`abstract[start:end]`, and how well it matches the question, at most 1."""

    start: int
    end: int
    score: float


@dataclass(frozen=True)
class Hit:
    """A paper found."""

    rank: int
    """From 1."""
    score: float
    """The fused score: comparable within one search only."""
    paper: Paper
    passages: tuple[FoundPassage, ...]
    similarity: float | None
    """The cosine of question and abstract, by MiniLM; None if another model embeds."""
    vectors: PaperVectors

    def as_json(self) -> dict[str, Any]:
        """The public JSON shape of a hit."""
        return {
            "rank": self.rank,
            "score": round(self.score, 4),
            "paper": self.paper.as_json(),
            "passages": [
                {
                    "start": start,
                    "end": end,
                    "text": self.paper.abstract[start:end],
                    "score": round(score, 4),
                }
                for start, end, score in self.passages
            ],
        }


@dataclass(frozen=True)
class Found:
    """What a search found."""

    question: str
    encoded: Encoded | None
    """The question as MiniLM read it; None if it is empty."""
    hits: tuple[Hit, ...]
    degraded: bool
    """Whether Chroma could not be used, so that words alone proposed the candidates."""
    undated_left_out: int
    """Papers that a range of dates left out for want of a date."""

    def as_json(self) -> dict[str, Any]:
        """The public JSON shape of a search."""
        return {
            "query": self.question,
            "degraded": self.degraded,
            "undated_left_out": self.undated_left_out,
            "hits": [hit.as_json() for hit in self.hits],
        }


class Searcher:
    """Searches one corpus through one collection of vectors."""

    def __init__(
        self,
        corpus: Corpus,
        vectors: Vectors | None,
        builder: Builder,
        *,
        embedder: Embedder,
        model: MiniLM,
    ) -> None:
        """Put the parts together; without `vectors`, words alone propose candidates."""
        self._corpus = corpus
        self._vectors = vectors
        self._builder = builder
        self._embedder = embedder
        self._model = model

    def search(
        self,
        question: str,
        *,
        limit: int,
        since: date | None = None,
        until: date | None = None,
    ) -> Found:
        """Find the papers that bear on `question`, best first, equal ones in the order of keys.

        Args:
            limit: At most so many hits; no more than twice CANDIDATES are ever found.
            since: The first day, included, of a paper's list or publication.
            until: The last day, included.
        """
        keys, undated = None, 0
        if since is not None or until is not None:
            keys, undated = self._corpus.day_range_keys(since, until)
        text = self._readable(question)
        if not text or (keys is not None and not keys):
            return Found(question, None, (), False, undated)
        encoded = self._model.encode([text])[0]
        vector = self._vector(text, encoded)
        near = self._near(vector, keys)
        words = word_scores(self._corpus.connection, text, limit=WORD_SCORES, keys=keys)
        papers = self._confirmed(list(words)[:CANDIDATES], near or {})
        hits = self._ranked(papers, encoded, vector, words)
        return Found(question, encoded, tuple(hits[:limit]), near is None, undated)

    def _readable(self, question: str) -> str:
        """Cut a question that the models could not read whole."""
        while self._model.lengths([question])[0] > QUESTION_TOKENS:
            question = question[: len(question) * 3 // 4]
        return question.strip()

    def _vector(self, text: str, encoded: Encoded) -> FloatArray:
        if isinstance(self._embedder, MiniLMEmbedder):
            return encoded.sentence
        return self._embedder.embed_question(text)

    def _near(
        self, vector: FloatArray, keys: Collection[int] | None
    ) -> dict[int, list[str]] | None:
        """Ask Chroma, twice if need be, for papers by their nearest passage; None if it cannot."""
        if self._vectors is None:
            return None
        limit = CANDIDATES * PASSAGES_A_PAPER
        try:
            try:
                found = self._vectors.nearest(vector, limit=limit, keys=keys)
            except DamagedVectorsError:
                found = self._vectors.nearest(vector, limit=limit, keys=keys)
        except DamagedVectorsError:
            return None
        near: dict[int, list[str]] = {}
        for passage in found:
            near.setdefault(passage.key, []).append(passage.text_hash)
        return near

    def _confirmed(
        self, by_words: Sequence[int], near: Mapping[int, Sequence[str]]
    ) -> list[tuple[Paper, str]]:
        """Give the papers proposed; one that Chroma alone proposes only with the text it knows."""
        proposed = {*by_words, *list(near)[:CANDIDATES]}
        papers = self._corpus.papers_by_key(proposed).values()
        hashed = [(paper, text_hash(paper)) for paper in papers if paper.abstract]
        return [(p, t) for p, t in hashed if p.key in by_words or t in near.get(p.key or 0, ())]

    def _ranked(
        self,
        papers: list[tuple[Paper, str]],
        question: Encoded,
        vector: FloatArray,
        words: Mapping[int, float],
    ) -> list[Hit]:
        known = self._builder.paper_vectors([paper for paper, _ in papers], keep=False)
        vectors = [known[text] for _, text in papers]
        found = matches(question.tokens, vectors)
        whole = [_similarity(vector, each, coarse=True) for each in vectors]
        scores = fused(
            [
                (1.0, np.array(whole)),
                (1.0, np.array([_similarity(vector, each, coarse=False) for each in vectors])),
                (1.0, np.array([words.get(paper.key or 0, 0.0) for paper, _ in papers])),
                (2.0, np.array([each.whole for each in found])),
                (0.5, np.array([each.best for each in found])),
            ]
        )
        order = sorted(range(len(papers)), key=lambda n: (-scores[n], papers[n][0].key))
        by_minilm = isinstance(self._embedder, MiniLMEmbedder)
        return [
            Hit(
                rank=rank,
                score=float(scores[n]),
                paper=papers[n][0],
                passages=_shown(found[n]),
                similarity=whole[n] if by_minilm else None,
                vectors=vectors[n],
            )
            for rank, n in enumerate(order, start=1)
        ]


def _similarity(question: FloatArray, paper: PaperVectors, *, coarse: bool) -> float:
    """Give the cosine of the question and the paper's best passage of a grain."""
    rows = paper.embeddings[paper.passages[:, 2] == coarse]
    return float((rows @ question).max(initial=-1.0))


def _shown(found: Match) -> tuple[FoundPassage, ...]:
    """Give the best windows that do not overlap."""
    shown: list[FoundPassage] = []
    for start, end, score in found.windows:
        if all(end <= other.start or start >= other.end for other in shown):
            shown.append(FoundPassage(start, end, score))
    return tuple(shown[:SHOWN_PASSAGES])
