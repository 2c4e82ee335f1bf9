"""The report of a run: `report.json`, the same bytes for the same inputs, and `timing.json`."""

from __future__ import annotations

import errno
import os
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, get_args

from eval.cases import Suite
from eval.kept_results import write
from eval.metrics.declining import by_kind, table
from eval.provenance import Provenance
from eval.results import DIGITS, Outcome
from eval.running import Ran
from eval.scoring import values_of, weights_of
from eval.summary import coverage, curves, metrics_of
from index.errors import HomeError

REPORT, TIMING = "report.json", "timing.json"


@dataclass(frozen=True, kw_only=True)
class RunReport:
    """What a run found."""

    suite: Suite
    provenance: Provenance
    ran: tuple[Ran, ...]
    """In the order of the suite."""
    started: datetime
    seconds: float
    """By the clock, from the first case to the last."""

    def summary(self) -> dict[str, Any]:
        """Give the report without its results: no date, no time and no path is in it."""
        results = [each.result for each in self.ran]
        metrics = metrics_of(results)
        outcomes = Counter(result.outcome for result in results)
        return {
            "suite": self.suite.name,
            "cases": len(results),
            "metrics": {name: metric.as_json() for name, metric in metrics.items()},
            "coverage": round(coverage(metrics.values()), DIGITS),
            "table": table(results),
            "kinds": by_kind(results),
            "outcomes": {outcome: outcomes[outcome] for outcome in get_args(Outcome)},
            "curves": curves(results),
            "settings": {**self.provenance.settings, "suite": self.suite.checksum},
        }

    def as_json(self) -> dict[str, Any]:
        """Give the whole report."""
        return {**self.summary(), "results": [_row(each) for each in self.ran]}

    def timing(self) -> dict[str, Any]:
        """Give what depends on the clock and the machine."""
        new = [each.spent for each in self.ran if not each.kept]
        tokens = [each.tokens for each in new if each.tokens]
        return {
            "started": self.started.isoformat(timespec="seconds"),
            "seconds": round(self.seconds, 3),
            "kept": self.kept,
            "answering": round(sum(spent.seconds for spent in new), 3),
            "judging": round(sum(spent.judging for spent in new), 3),
            "tokens": {
                "read": sum(read for read, _ in tokens),
                "written": sum(written for _, written in tokens),
            },
            "cases": [
                {
                    "id": each.result.id,
                    "kept": each.kept,
                    "answering": round(each.spent.seconds, 4),
                    "judging": round(each.spent.judging, 4),
                    "tokens": each.spent.tokens,
                }
                for each in self.ran
            ],
        }

    @property
    def kept(self) -> int:
        """How many results were there from before."""
        return sum(each.kept for each in self.ran)

    def save(self, folder: Path) -> None:
        """Write `report.json` and `timing.json` into a folder.

        Raises:
            HomeError: They cannot be written.
        """
        make_folder(folder)
        write(folder / REPORT, self.as_json())
        write(folder / TIMING, self.timing())


def make_folder(folder: Path) -> None:
    """Make a folder if it is missing.

    Raises:
        HomeError: It cannot be made, or nothing may be written into it.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if not os.access(folder, os.W_OK | os.X_OK):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
    except OSError as error:
        raise HomeError(
            f"`{folder}` cannot be written: {error.strerror}", hint="name another with `--out`"
        ) from error


def _row(ran: Ran) -> dict[str, Any]:
    values = values_of(ran.result)
    rounded = {name: None if v is None else round(v, DIGITS) for name, v in values.items()}
    return {**ran.result.as_json(), "values": rounded, "weights": weights_of(ran.result)}


def problems(ran: Sequence[Ran]) -> list[str]:
    """Give what went wrong, each once, with the number of cases that it befell, the most first."""
    told = Counter(each.result.error for each in ran if each.result.error)
    return [f"{error} ({count})" if count > 1 else error for error, count in told.most_common()]
