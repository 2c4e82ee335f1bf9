"""Reports of runs that a test makes up: results in the shape in which a run writes them."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from eval.cases import Suite
from eval.kept_results import Spent
from eval.provenance import Provenance
from eval.report import RunReport
from eval.results import Claim, HeldNugget, Place, RankedPaper, Result, ShownPaper
from eval.running import Ran

ABSTRACT = (
    "Bees find their way home. On their combs, bees dance. A dance tells how far away food is. "
    "The dance of a bee takes 15 seconds."
)
DANCE, TELLS, TAKES = (
    "On their combs, bees dance.",
    "A dance tells how far away food is.",
    "The dance of a bee takes 15 seconds.",
)


def place_of(words: str, *, paper: str = "bees", abstract: str = ABSTRACT) -> Place:
    """Find words in an abstract."""
    start = abstract.index(words)
    return Place(paper, start, start + len(words))


def claim(text: str, verdict: Any, *, start: int = 0, **about: Any) -> Claim:
    """Make a sentence of an answer, which cites the bees."""
    told = {"cited": ("bees",), "support": 0.5, **about}
    return Claim(start=start, end=start + len(text), text=text, verdict=verdict, **told)


def paper(title: str = "How bees dance", **about: Any) -> ShownPaper:
    """Make a paper that is cited first."""
    return ShownPaper(**{"id": "bees", "title": title, "abstract": ABSTRACT, "number": 1, **about})


def hit(rank: int, *, relevant: bool = False, title: str = "How bees dance") -> RankedPaper:
    """Make a paper that was found."""
    name = "bees" if relevant else f"other-{rank}"
    return RankedPaper(rank=rank, score=10.0 - rank, id=name, title=title, relevant=relevant)


def nugget(held: bool | None, evidence: str = TELLS, fact: str = "Dances tell distances") -> Any:
    """Make a fact of a complete answer."""
    return HeldNugget(fact=fact, evidence=evidence, paper="bees", held=held)


def answered(name: str, *claims: Claim, **about: Any) -> Result:
    """Make what became of an answerable question about bees that was answered."""
    told = {
        "question": f"How do bees dance ({name})?",
        "kind": "described",
        "relevant": ("bees",),
        "answerable": True,
        "cluster": "bees",
        "outcome": "answered",
        "writer": "model",
        "text": " ".join(f"{each.text} [1]" for each in claims),
        "relevance": 0.9,
        "hits": (hit(1, relevant=True), hit(2, title="How ants walk")),
        "papers": (paper(),),
        **about,
    }
    return Result(id=name, claims=claims, **told)


def declined(name: str, **about: Any) -> Result:
    """Make what became of an answerable question that was declined."""
    told = {"outcome": "declined", "declined_because": "no paper answers", "papers": ()}
    return answered(name, **{**told, "text": "The papers do not answer this.", **about})


def report_of(*results: Result, suite: str = "bees", **settings: Any) -> dict[str, Any]:
    """Give the report of a run with these results, as it is read from its file."""
    told = {"writer": "model", "model": "a-model", "corpus": {"papers": 2}, **settings}
    report = RunReport(
        suite=Suite(path=Path(f"{suite}.jsonl"), cases=(), checksum="0" * 64),
        provenance=Provenance(settings=told, key="0" * 64),
        ran=tuple(Ran(result, Spent(0.1, 0.1, None), kept=False) for result in results),
        started=datetime(2026, 1, 1, tzinfo=UTC),
        seconds=1.0,
    )
    read: dict[str, Any] = json.loads(json.dumps(report.as_json(), sort_keys=True))
    return read


def write_report(folder: Path, *results: Result, **settings: Any) -> Path:
    """Write the report of a run with these results into a folder, which is made."""
    folder.mkdir()
    told = json.dumps(report_of(*results, **settings), sort_keys=True)
    (folder / "report.json").write_text(told, encoding="utf-8")
    return folder
