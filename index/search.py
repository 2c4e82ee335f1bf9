"""Search: a question in, ranked papers with their best passages out.

Two engines propose candidates, Chroma by meaning and FTS5 by words; every candidate is then scored
by five signals, which are fused: the whole abstract and its best passage by meaning, its words, and
late interaction with the whole abstract and with its best passage.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, NamedTuple, Protocol

import numpy as np

from index.building import Builder
from index.corpus import Corpus
from index.embedding import Embedder, MiniLMEmbedder
from index.exact_vectors import ExactVectors
from index.large_lexical import DamagedLexicalError, LargeLexical
from index.lexical import holds_word, word_scores
from index.minilm import Encoded, FloatArray, MiniLM
from index.paper_vectors import PaperVectors
from index.papers import Paper
from index.reranking import Match
from index.tellings import text_hash
from index.vectors import DamagedVectorsError, NearPassage
from index.wordings import Context, Topic, Wording, coarse, similarity

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


class Neighbours(Protocol):
    """Where a search finds passages by meaning: the vectors, as they are or kept fresh."""

    def nearest(
        self, vector: FloatArray, *, limit: int, keys: Collection[int] | None
    ) -> list[NearPassage]:
        """Find the passages nearest to `vector`, best first, of the papers `keys` if given."""
        ...

    def count(self) -> int:
        """How many passages there are."""
        ...


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

    def compared_with(self, question: Encoded) -> Hit:
        """Give the same hit with its similarity to another wording of the question."""
        if self.similarity is None:
            return self
        return replace(self, similarity=similarity(question.sentence, coarse(self.vectors)))

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
    rewordings: tuple[tuple[str, Encoded], ...] = ()
    """Those of the context, and how MiniLM read them."""

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
        vectors: Neighbours | None,
        builder: Builder,
        *,
        embedder: Embedder,
        model: MiniLM,
        large: LargeLexical | None = None,
        exact: ExactVectors | None = None,
    ) -> None:
        """Put the parts together; without `vectors`, words alone propose candidates.

        Args:
            large: Where the words of a large corpus are; else those in the corpus itself serve.
            exact: Where few papers of a large corpus are searched; else `vectors` do that as well.
        """
        self.corpus = corpus
        self._vectors = vectors
        self._builder = builder
        self._embedder = embedder
        self._large = large
        self._exact = exact
        self.model = model

    def search(
        self,
        question: str,
        *,
        limit: int,
        since: date | None = None,
        until: date | None = None,
        context: Context | None = None,
    ) -> Found:
        """Find the papers that bear on `question`, best first, equal ones in the order of keys.

        Args:
            limit: At most so many hits; no more than twice CANDIDATES are ever found for a wording.
            since: The first day, included, of a paper's list or publication.
            until: The last day, included.
            context: What the conversation adds, if the question does not stand alone.
        """
        keys, undated = None, 0
        if since is not None or until is not None:
            keys, undated = self.corpus.day_range_keys(since, until)
        text = self._readable(question)
        if not text or (keys is not None and not keys):
            return Found(question, None, (), False, undated)
        wordings = [self._wording(text, 1.0, keys)]
        topic = None
        if context is not None:
            readable = self._readable(context.question) or text
            wordings.append(self._wording(readable, context.weight, keys))
            topic = self._topic(context, keys)
        hits = self._ranked(self._confirmed(wordings, topic), wordings, topic)
        degraded = any(each.near is None for each in wordings)
        read = self._read(context.rewordings) if context else ()
        return Found(question, wordings[0].encoded, tuple(hits[:limit]), degraded, undated, read)

    def rank(self, question: str, papers: Sequence[Paper]) -> Found:
        """Put `papers` of the corpus in the order in which they bear on `question`.

        One without an abstract is left out.
        """
        text = self._readable(question)
        if not text or not papers:
            return Found(question, None, (), False, 0)
        encoded = self.model.encode([text])[0]
        keys = {paper.key for paper in papers if paper.key is not None}
        words = self._words(text, limit=len(keys), keys=keys)
        wording = Wording(encoded, self._vector(text, encoded), words, {}, 1.0)
        hashed = [(paper, text_hash(paper)) for paper in papers if paper.abstract]
        return Found(question, encoded, tuple(self._ranked(hashed, [wording], None)), False, 0)

    def holds(self, word: str) -> bool:
        """Whether any paper holds a word, in this form or, by its stem, another."""
        return holds_word(self.corpus.connection, word)

    def by_words_alone(self) -> bool:
        """Whether a search would now do without the vectors, as they cannot be used."""
        if self._vectors is None:
            return True
        try:
            self._vectors.count()
        except DamagedVectorsError:
            return True
        return False

    def find(self, name: str) -> Paper | None:
        """Find a paper by id, a former id too, or by title."""
        return self.corpus.find(name)

    def papers(self, names: Iterable[str]) -> dict[str, Paper]:
        """Find papers by name; a name that no paper has is left out."""
        return {name: paper for name in names if (paper := self.find(name))}

    def _readable(self, question: str) -> str:
        """Cut a question that the models could not read whole."""
        while self.model.lengths([question])[0] > QUESTION_TOKENS:
            question = question[: len(question) * 3 // 4]
        return question.strip()

    def _read(self, texts: Iterable[str]) -> tuple[tuple[str, Encoded], ...]:
        readable = [text for text in map(self._readable, texts) if text]
        return tuple(zip(readable, self.model.encode(readable), strict=True)) if readable else ()

    def _wording(self, text: str, weight: float, keys: Collection[int] | None) -> Wording:
        """Read a wording of the question, and ask both engines for papers."""
        encoded = self.model.encode([text])[0]
        vector = self._vector(text, encoded)
        near = self.near(vector, keys)
        words = self._words(text, limit=WORD_SCORES, keys=keys)
        return Wording(encoded, vector, words, near, weight)

    def _words(self, text: str, *, limit: int, keys: Collection[int] | None) -> dict[int, float]:
        if self._large is not None and self._large.there:
            with suppress(DamagedLexicalError):  # the next writer makes it anew
                return self._large.scores(text, limit=limit, keys=keys)
        return word_scores(self.corpus.connection, text, limit=limit, keys=keys)

    def _topic(self, context: Context, keys: Collection[int] | None) -> Topic:
        """Look up what was spoken of, and ask Chroma for papers like it."""
        papers = [p for p in self.corpus.papers_by_key(context.topic).values() if p.abstract]
        vectors = self._builder.paper_vectors(papers, keep=False)
        rows = [coarse(vectors[text_hash(paper)]).mean(0) for paper in papers]
        near = [self.near(row, keys) or {} for row in rows]
        known = {p.key for p in papers if p.key is not None and (keys is None or p.key in keys)}
        lifts = {key: context.lifts.get(key, 0.0) for key in known}
        return Topic(lifts, np.array(rows), near)

    def _vector(self, text: str, encoded: Encoded) -> FloatArray:
        if isinstance(self._embedder, MiniLMEmbedder):
            return encoded.sentence
        return self._embedder.embed_question(text)

    @property
    def version(self) -> str:
        """What makes vectors of the same text differ."""
        return self._builder.version

    def near(self, vector: FloatArray, keys: Collection[int] | None) -> dict[int, list[str]] | None:
        """Ask Chroma, twice if need be, for papers by their nearest passage; None if it cannot."""
        if self._vectors is None:
            return None
        try:
            found = self._nearest(vector, keys)
        except DamagedVectorsError:
            return None
        near: dict[int, list[str]] = {}
        for passage in found:
            near.setdefault(passage.key, []).append(passage.text_hash)
        return near

    def _nearest(self, vector: FloatArray, keys: Collection[int] | None) -> list[NearPassage]:
        assert self._vectors is not None
        limit = CANDIDATES * PASSAGES_A_PAPER
        if keys is not None and self._exact is not None:
            found = self._exact.nearest(vector, limit=limit, keys=keys)
            if found is not None:
                return found
        try:
            return self._vectors.nearest(vector, limit=limit, keys=keys)
        except DamagedVectorsError:
            return self._vectors.nearest(vector, limit=limit, keys=keys)

    def _confirmed(
        self, wordings: Sequence[Wording], topic: Topic | None
    ) -> list[tuple[Paper, str]]:
        """Give the papers proposed; one that Chroma alone proposes only with the text it knows."""
        named = set(topic.lifts if topic else ())
        near: dict[int, list[str]] = {}
        for wording in wordings:
            named.update(list(wording.words)[:CANDIDATES])
        for found in [*(each.near or {} for each in wordings), *(topic.near if topic else ())]:
            for key, hashes in list(found.items())[:CANDIDATES]:
                near.setdefault(key, []).extend(hashes)
        papers = self.corpus.papers_by_key({*named, *near}).values()
        hashed = [(paper, text_hash(paper)) for paper in papers if paper.abstract]
        return [(p, t) for p, t in hashed if p.key in named or t in near.get(p.key or 0, ())]

    def _ranked(
        self,
        papers: list[tuple[Paper, str]],
        wordings: Sequence[Wording],
        topic: Topic | None,
    ) -> list[Hit]:
        known = self._builder.paper_vectors([paper for paper, _ in papers], keep=False)
        vectors = [known[text] for _, text in papers]
        keys = [paper.key or 0 for paper, _ in papers]
        judged = [each.judged(keys, vectors) for each in wordings]
        asked = judged[0]
        scores = np.sum(
            [w.weight * each.scores for w, each in zip(wordings, judged, strict=True)], axis=0
        )
        if topic is not None:
            scores += topic.scores(keys, vectors)
        order = sorted(range(len(papers)), key=lambda n: (-scores[n], papers[n][0].key))
        by_minilm = isinstance(self._embedder, MiniLMEmbedder)
        return [
            Hit(
                rank=rank,
                score=float(scores[n]),
                paper=papers[n][0],
                passages=_shown(asked.matches[n]),
                similarity=asked.whole[n] if by_minilm else None,
                vectors=vectors[n],
            )
            for rank, n in enumerate(order, start=1)
        ]


def _shown(found: Match) -> tuple[FoundPassage, ...]:
    """Give the best windows that do not overlap."""
    shown: list[FoundPassage] = []
    for start, end, score in found.windows:
        if all(end <= other.start or start >= other.end for other in shown):
            shown.append(FoundPassage(start, end, score))
    return tuple(shown[:SHOWN_PASSAGES])
