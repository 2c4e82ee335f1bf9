"""Reports: what a command that fills the corpus did."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from index.adding import Ingested


@dataclass(frozen=True)
class Report:
    """What reading sources did."""

    ingested: Ingested
    papers: int
    passages: int
    seconds: float

    def as_json(self) -> dict[str, Any]:
        """The public JSON shape of an ingest."""
        counts = self.ingested
        return {
            "read": counts.read,
            "added": counts.added,
            "updated": counts.updated,
            "unchanged": counts.unchanged,
            "rejected": counts.rejected,
            "problems": [problem.as_json() for problem in counts.problems],
            "papers": self.papers,
            "passages": self.passages,
            "seconds": round(self.seconds, 3),
        }


@dataclass(frozen=True)
class Completion:
    """What looking for papers by their titles did."""

    report: Report
    before: int
    """Papers of which only the title was known."""
    after: int

    def as_json(self) -> dict[str, Any]:
        """The public JSON shape of a completion."""
        report = self.report.as_json()
        told = {name: report[name] for name in ("problems", "papers", "passages", "seconds")}
        return {"completed": self.before - self.after, "without_id": self.after} | told
