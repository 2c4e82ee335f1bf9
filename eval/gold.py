"""Questions with known answers, and the corpus they are about.

A folder of JSON lines: `questions.jsonl` ({id, question, paper, nuggets: [{fact, evidence}]}),
`synthesis.jsonl` ({id, question, papers}), `unanswerable.jsonl` ({id, question, kind}) and
`answerable_hard.jsonl` ({id, question, paper}). Papers are named by title; evidence is verbatim.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from assistant import assembling
from assistant.settings import Settings
from index.papers import normalised_title
from index.search import Found, Searcher

HITS = 10


@dataclass(frozen=True)
class Question:
    """A question and what is known of its answer."""

    id: str
    text: str
    kind: str
    """`answerable`, `synthesis`, `hard`, or why it cannot be answered."""
    papers: frozenset[str]
    """Normalised titles of the papers that answer it."""
    evidence: tuple[str, ...]
    """Passages, verbatim, that a complete answer holds."""

    @property
    def cluster(self) -> str:
        """What else may share its luck: the papers it is about."""
        return " ".join(sorted(self.papers)) or self.id


@dataclass(frozen=True)
class Asked:
    """A question and what a search found for it."""

    question: Question
    found: Found


class Silence:
    """A talk that says nothing."""

    def say(self, line: str) -> None:
        """Say nothing."""

    def progress(self, task: str, done: int, total: int | None) -> None:
        """Show nothing."""


def questions(folder: Path) -> list[Question]:
    """Read all questions of a folder."""
    return [
        *(_question(row, "answerable") for row in _rows(folder / "questions.jsonl")),
        *(_question(row, "hard") for row in _rows(folder / "answerable_hard.jsonl")),
        *(_question(row, "synthesis") for row in _rows(folder / "synthesis.jsonl")),
        *(_question(row, row["kind"]) for row in _rows(folder / "unanswerable.jsonl")),
    ]


@contextmanager
def corpus_of(pages: list[Path], *, as_of: date) -> Iterator[Searcher]:
    """Ingest `pages` into a home that lasts as long as the block."""
    with TemporaryDirectory() as folder:
        now = datetime.combine(as_of, datetime.min.time())
        settings = Settings(home=Path(folder) / "home", now=now)
        with assembling.writer(settings, Silence()) as writer:
            writer.ingest([str(page) for page in pages], as_of=as_of)
        with assembling.searcher(settings, Silence()) as searcher:
            yield searcher


def ask_all(searcher: Searcher, asked: list[Question]) -> list[Asked]:
    """Search for every question."""
    return [Asked(each, searcher.search(each.text, limit=HITS)) for each in asked]


def rank_of(asked: Asked) -> int | None:
    """Give the rank of the first hit that answers; None if there is none."""
    for hit in asked.found.hits:
        if normalised_title(hit.paper.title) in asked.question.papers:
            return hit.rank
    return None


def _question(row: dict[str, Any], kind: str) -> Question:
    titles = row.get("papers", [row["paper"]] if "paper" in row else [])
    evidence = [nugget["evidence"] for nugget in row.get("nuggets", [])]
    return Question(
        id=row["id"],
        text=row["question"],
        kind=kind,
        papers=frozenset(map(normalised_title, titles)),
        evidence=tuple(" ".join(text.split()) for text in evidence),
    )


def _rows(path: Path) -> list[dict[str, Any]]:
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    return [json.loads(line) for line in lines if line.strip()]
