"""A result as the page shows it: sentence by sentence, with what carries each of them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from assistant.fit_text import fit
from eval.marked_text import CLAIM, FACT, Mark, Piece, pieces
from eval.metric_names import NAMES
from eval.results import Claim, RankedPaper, Result, ShownPaper

FIRST = 5
"""Papers found that are shown; of the rest only the right ones are."""

MARKERS = re.compile(r"(?:\s*\[\d+\])+\s*")
"""The numbers of papers behind a sentence."""

FAILURES = {
    "error": "errors",
    "unsupported": "unsupported sentences",
    "unchecked": "unchecked sentences",
    "wrong-first": "wrong paper first",
    "declined": "declined though answerable",
    "answered": "answered though not answerable",
    "missing": "facts missing from an answer",
}
"""What may be wrong with a case, and how a page calls those that it befell."""

VERDICTS = {
    "verbatim": "“ verbatim",
    "supported": "✓ supported",
    "unchecked": "~ unchecked",
    "unsupported": "✕ unsupported",
}
"""Verdicts in words and signs: no colour is needed to tell them apart."""

REASONS = {
    "unknown_citation": "cites a paper that was not given",
    "misquote": "quotes words that no cited paper has",
    "no_source": "names no source",
    "error": "could not be judged",
}
"""Why a sentence has its verdict without the scorer."""


@dataclass(frozen=True)
class Line:
    """A sentence of an answer, or words between sentences that were not judged."""

    text: str
    place: int = 0
    """Of the claim in the answer, from 1; 0 if it was not judged."""
    claim: Claim | None = None
    footnotes: tuple[tuple[int | None, int], ...] = ()
    """The numbers of the papers cited and their places among the sources, from 1; None and 0 for a
    paper that was not given."""
    why: str = ""


@dataclass(frozen=True)
class Source:
    """A paper beside an answer, the words in it marked that carry claims and facts."""

    paper: ShownPaper
    title: str
    abstract: tuple[Piece, ...]


@dataclass(frozen=True)
class ShownCase:
    """All that a page shows of a case."""

    place: int
    """In the report, from 1."""
    result: Result
    values: Mapping[str, float | None]
    failures: Mapping[str, str]
    """By the keys of FAILURES: what is wrong, in a few words."""
    question: str
    lines: tuple[Line, ...]
    sources: tuple[Source, ...]
    found: tuple[RankedPaper, ...]
    """The first ones, and the right ones behind them."""

    @property
    def places(self) -> dict[str, str]:
        """Say where in the sources each mark is first: the ends of addresses, by their names."""
        return {
            name: f"s{place}{name}"
            for place, source in reversed(list(enumerate(self.sources, start=1)))
            for piece in source.abstract
            for name in piece.first_of
        }

    @property
    def most_marks(self) -> int:
        """How many claims, or facts if there are more of them, its marks are numbered to."""
        return max(len(self.result.claims), len(self.result.nuggets))


def shown_case(place: int, row: Mapping[str, Any]) -> ShownCase:
    """Read a row of the results of a report."""
    kept = {name: value for name, value in row.items() if name not in ("values", "weights")}
    result = Result.of_json(kept)
    return ShownCase(
        place=place,
        result=result,
        values={name: row["values"][name] for name in NAMES if name in row["values"]},
        failures=dict(_failures(result)),
        question=fit(result.question),
        lines=tuple(_lines(result)),
        sources=tuple(_sources(result)),
        found=tuple(hit for hit in result.hits if hit.rank <= FIRST or hit.relevant),
    )


def _failures(result: Result) -> Iterator[tuple[str, str]]:
    verdicts = [claim.verdict for claim in result.claims]
    if result.outcome == "error":
        yield "error", "error"
    for verdict in ("unsupported", "unchecked"):
        if count := verdicts.count(verdict):
            yield verdict, f"{count} of {len(verdicts)} {verdict}"
    if result.relevant and result.outcome != "error" and not _right_first(result.hits):
        yield "wrong-first", "wrong paper first"
    if result.answerable and result.outcome in ("declined", "no_claims"):
        yield "declined", "declined though answerable"
    if result.answerable is False and result.claims:
        yield "answered", "answered though not answerable"
    missing = sum(nugget.held is False for nugget in result.nuggets)
    if missing and result.claims:
        yield "missing", f"{missing} of {len(result.nuggets)} facts missing"


def _right_first(hits: Sequence[RankedPaper]) -> bool:
    return bool(hits) and hits[0].relevant


def _lines(result: Result) -> Iterator[Line]:
    given = {p.id: (p.number, place) for place, p in enumerate(result.papers, start=1)}
    end = 0
    for place, claim in enumerate(result.claims, start=1):
        yield from _between(result.text[end : claim.start])
        yield Line(
            text=fit(claim.text),
            place=place,
            claim=claim,
            footnotes=tuple(given.get(name, (None, 0)) for name in claim.cited),
            why=_why(claim),
        )
        end = claim.end
    yield from _between(result.text[end:])


def _between(text: str) -> Iterator[Line]:
    """Give what stands between two claims, less the markers of the first."""
    words = MARKERS.sub(" ", text).strip()
    if words:
        yield Line(fit(words))


def _why(claim: Claim) -> str:
    told = [REASONS[claim.reason]] if claim.reason else []
    if claim.dangling:
        told.append(f"points with “{fit(claim.dangling)}” at what is not shown")
    return "; ".join(told)


def _sources(result: Result) -> Iterator[Source]:
    for paper in result.papers:
        marks = [
            Mark(f"{CLAIM}{place}", evidence.start, evidence.end)
            for place, claim in enumerate(result.claims, start=1)
            for evidence in claim.evidence
            if evidence.id == paper.id
        ]
        for place, nugget in enumerate(result.nuggets, start=1):
            start = paper.abstract.find(nugget.evidence) if nugget.evidence else -1
            if start >= 0 and nugget.paper == paper.id:
                marks.append(Mark(f"{FACT}{place}", start, start + len(nugget.evidence)))
        yield Source(paper, fit(paper.title), pieces(paper.abstract, marks))
