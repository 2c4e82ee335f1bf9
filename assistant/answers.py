"""An answer: sentences, each with the papers it cites and the words that support it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from assistant.quoting import Excerpt
from index.papers import Paper
from index.search import Hit

Verdict = Literal["verbatim", "supported", "unchecked", "unsupported"]
Kind = Literal["answer", "digest", "talk"]


@dataclass(frozen=True)
class Statement:
    """A sentence that a writer is done with, before its papers have the numbers that are shown."""

    text: str
    papers: tuple[Paper, ...]
    """The papers it cites."""
    verdict: Verdict
    support: float
    evidence: tuple[tuple[Paper, int, int], ...]
    """The words that support it best: `paper.abstract[start:end]`."""
    section: str | None = None
    """The heading it stands under, in an answer that has headings."""
    item: bool = False
    """Whether it stands on a line of its own, as in a list."""

    @classmethod
    def quoting(cls, excerpt: Excerpt) -> Statement:
        """Make a statement of a quote."""
        place = (excerpt.paper, excerpt.start, excerpt.end)
        return cls(excerpt.text, (excerpt.paper,), "verbatim", 1.0, (place,))


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
    section: str | None = None
    """The heading it stands under; None in an answer without headings."""
    item: bool = False
    """Whether it stands on a line of its own, as in a list."""

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
            "section": self.section,
            "item": self.item,
        }


@dataclass(frozen=True)
class Citation:
    """A cited paper and its number in the answer, from 1 in the order of appearance."""

    number: int
    paper: Paper

    def as_json(self) -> dict[str, Any]:
        """The public JSON shape of a citation."""
        return {"number": self.number, "paper": self.paper.as_json()}


class Numbering:
    """The numbers shown: papers from 1 in the order of appearance."""

    def __init__(self) -> None:
        """Begin with no paper."""
        self._papers: dict[str, Paper] = {}

    def sentence(self, statement: Statement) -> Sentence:
        """Give the statement with its papers numbered."""
        numbers = [self.number(paper) for paper in statement.papers]
        return Sentence(
            text=statement.text,
            citations=tuple(sorted(set(numbers))),
            verdict=statement.verdict,
            support=statement.support,
            evidence=tuple(
                Quote(self.number(paper), start, end, paper.abstract[start:end])
                for paper, start, end in statement.evidence
            ),
            section=statement.section,
            item=statement.item,
        )

    @property
    def citations(self) -> tuple[Citation, ...]:
        """The papers numbered so far."""
        return tuple(Citation(n, paper) for n, paper in enumerate(self._papers.values(), start=1))

    def number(self, paper: Paper) -> int:
        """Give the number of a paper, its next one if it has none yet."""
        self._papers.setdefault(paper.id, paper)
        return list(self._papers).index(paper.id) + 1


@dataclass(frozen=True)
class WrittenBy:
    """The writer of an answer: its name, its model, and the prompts it used by their versions."""

    name: Literal["quotes", "model"]
    model: str | None = None
    prompts: tuple[tuple[str, str], ...] = ()

    def as_json(self) -> dict[str, Any]:
        """The public JSON shape of a writer."""
        return {"name": self.name, "model": self.model, "prompts": dict(self.prompts)}


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
    """What is said in place of an answer, or beside one; often empty."""
    hits: tuple[Hit, ...]
    degraded: bool
    undated_left_out: int
    writer: WrittenBy
    seconds: Seconds
    left_out: int = 0
    """Sentences that the model wrote and no paper supports."""
    understood: str | None = None
    """The question as it was understood, where that is not how it was asked."""

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
            "understood": self.understood,
            "kind": self.kind,
            "answered": self.answered,
            "declined_because": self.declined_because,
            "text": self.text,
            "remark": self.remark or None,
            "sentences": [sentence.as_json() for sentence in self.sentences],
            "citations": [citation.as_json() for citation in self.citations],
            "hits": [_short(hit) for hit in self.hits],
            "left_out": self.left_out,
            "degraded": self.degraded,
            "undated_left_out": self.undated_left_out,
            "writer": self.writer.as_json(),
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
