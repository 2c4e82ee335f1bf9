"""Questions whose answers are marked in abstracts, as selection is fitted and measured on.

The file holds JSON lines with `question`, `paper` (a title) and `nuggets`, each of which has its
`evidence`, verbatim in the abstract. The pages are anything that `footnote ingest` reads.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np

from assistant.sentence_features import BoolArray, Candidate
from index.embedding import MiniLMEmbedder
from index.minilm import FloatArray, MiniLM
from index.paper_vectors import compute
from index.papers import Paper, Problem, normalised_title, tidy
from index.reading import read_sources

COVERED = 0.9
"""Of the characters of a nugget's evidence: chosen sentences that hold so much hold the nugget."""


@dataclass(frozen=True)
class AnsweredQuestion:
    """A question, the paper that answers it, and where."""

    question: str
    vectors: FloatArray
    candidate: Candidate
    coverage: FloatArray
    """(nuggets, sentences): the share of each nugget's evidence that lies in each sentence."""
    holding: BoolArray
    """(sentences,): whether most of a nugget, or of the sentence, is common to both."""

    @property
    def words(self) -> list[int]:
        """Of each sentence."""
        return [len(text.split()) for text in self.candidate.texts]

    def recall(self, places: Sequence[int]) -> float:
        """Give the share of nuggets that the sentences at `places` hold."""
        return float((self.coverage[:, places].sum(1) > COVERED).mean())


def read_questions(pages: Path, questions: Path, model: MiniLM) -> list[AnsweredQuestion]:
    """Read questions and papers and compute their vectors.

    Raises:
        KeyError: A question is about a paper that is not on the pages.
        ValueError: Evidence is not in the abstract.
    """
    lines = questions.read_text(encoding="utf-8").splitlines()
    rows = [json.loads(line) for line in lines if line.strip()]
    readings = read_sources([str(pages)], as_of=date.today())
    papers = [reading.paper for reading in readings if not isinstance(reading, Problem)]
    by_title = {normalised_title(paper.title): paper for paper in papers}
    answering = [by_title[normalised_title(row["paper"])] for row in rows]
    encoded = model.encode([row["question"] for row in rows])
    return [
        _answered(row, question.tokens, candidate)
        for row, question, candidate in zip(
            rows, encoded, candidates(answering, model), strict=True
        )
    ]


def candidates(papers: Sequence[Paper], model: MiniLM) -> list[Candidate]:
    """Compute what the index keeps of `papers`, as selection sees it."""
    return [
        Candidate(
            title=paper.title,
            abstract=paper.abstract,
            sentences=tuple((int(start), int(end)) for start, end in vectors.sentences),
            vectors=vectors.tokens,
            offsets=vectors.offsets,
        )
        for paper, vectors in zip(
            papers, compute(papers, MiniLMEmbedder(model), model), strict=True
        )
    ]


def _answered(
    row: dict[str, object], vectors: FloatArray, candidate: Candidate
) -> AnsweredQuestion:
    nuggets = row["nuggets"]
    assert isinstance(nuggets, list)
    found = [_evidence(nugget["evidence"], candidate.abstract) for nugget in nuggets]
    common = np.array([[_common(span, own) for own in candidate.sentences] for span in found])
    evidence = np.array([end - start for start, end in found])[:, None]
    sentences = np.array([end - start for start, end in candidate.sentences])
    return AnsweredQuestion(
        question=str(row["question"]),
        vectors=vectors,
        candidate=candidate,
        coverage=common / evidence,
        holding=(common > 0.5 * np.minimum(evidence, sentences)).any(0),
    )


def _evidence(evidence: str, abstract: str) -> tuple[int, int]:
    text = tidy(evidence)
    start = abstract.index(text)
    return start, start + len(text)


def _common(one: tuple[int, int], other: tuple[int, int]) -> int:
    return max(0, min(one[1], other[1]) - max(one[0], other[0]))
