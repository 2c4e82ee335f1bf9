"""An answer: sentences, each with the papers it cites and the words that support it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from index.papers import Paper
from index.search import Hit

Verdict = Literal["verbatim", "supported", "unchecked", "unsupported"]
Kind = Literal["answer", "digest", "talk"]


@dataclass(frozen=True)
class Quote:
    """The words of a cited paper that support a sentence: `abstract[start:end]`."""

    citation: int
    start: int
    end: int
    text: str

    def as_json(self) -> dict[str, Any]:
        """The public JSON shape of a piece of evidence."""
        return {
            "citation": self.citation,
            "start": self.start,
            "end": self.end,
            "quote": self.text,
        }


@dataclass(frozen=True)
class Sentence:
    """One sentence of an answer, without its markers."""

    text: str
    citations: tuple[int, ...]
    verdict: Verdict
    support: float
    """How sure it is that the cited papers say so, 0 to 1."""
    evidence: tuple[Quote, ...]

    @property
    def marked(self) -> str:
        """The sentence with its markers: `Text. [1][2]`."""
        return f"{self.text} {''.join(f'[{number}]' for number in self.citations)}"

    def as_json(self) -> dict[str, Any]:
        """The public JSON shape of a sentence."""
        return {
            "text": self.text,
            "citations": list(self.citations),
            "verdict": self.verdict,
            "support": round(self.support, 4),
            "evidence": [quote.as_json() for quote in self.evidence],
        }


@dataclass(frozen=True)
class Citation:
    """A cited paper and its number in the answer, from 1 in the order of appearance."""

    number: int
    paper: Paper

    def as_json(self) -> dict[str, Any]:
        """The public JSON shape of a citation."""
        return {"number": self.number, "paper": self.paper.as_json()}


@dataclass(frozen=True)
class Seconds:
    """How long the parts of an answer took."""

    search: float
    write: float
    check: float

    def as_json(self) -> dict[str, float]:
        """The public JSON shape of the times."""
        total = self.search + self.write + self.check
        parts = {"search": self.search, "write": self.write, "check": self.check, "total": total}
        return {name: round(value, 4) for name, value in parts.items()}


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What the assistant says to a question."""

    question: str
    kind: Kind
    sentences: tuple[Sentence, ...]
    citations: tuple[Citation, ...]
    declined_because: str | None
    """Why there is no answer; None if there is one."""
    remark: str
    """What is said in place of an answer; empty if there is one."""
    hits: tuple[Hit, ...]
    degraded: bool
    undated_left_out: int
    writer: str
    seconds: Seconds

    @property
    def answered(self) -> bool:
        """Whether at least one cited sentence is shown."""
        return bool(self.sentences)

    @property
    def text(self) -> str:
        """The whole answer as plain text with its markers, or the remark in its place."""
        return " ".join(sentence.marked for sentence in self.sentences) or self.remark

    def as_json(self) -> dict[str, Any]:
        """The public JSON shape of an answer."""
        return {
            "question": self.question,
            "kind": self.kind,
            "answered": self.answered,
            "declined_because": self.declined_because,
            "text": self.text,
            "sentences": [sentence.as_json() for sentence in self.sentences],
            "citations": [citation.as_json() for citation in self.citations],
            "hits": [_short(hit) for hit in self.hits],
            "left_out": 0,
            "degraded": self.degraded,
            "undated_left_out": self.undated_left_out,
            "writer": {"name": self.writer, "model": None, "prompts": {}},
            "seconds": self.seconds.as_json(),
        }


def titles_in_words(papers: Sequence[Paper]) -> str:
    """Name papers in a sentence: “A”, “B” and “C”."""
    names = [f"“{paper.title}”" for paper in papers]
    return names[0] if len(names) == 1 else ", ".join(names[:-1]) + f" and {names[-1]}"


def _short(hit: Hit) -> dict[str, Any]:
    return {
        "rank": hit.rank,
        "score": round(hit.score, 4),
        "paper": {"id": hit.paper.id, "title": hit.paper.title},
    }
