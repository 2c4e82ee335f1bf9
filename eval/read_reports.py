"""Reports read back: what comparing two needs of `report.json`, whichever version wrote it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from eval.errors import ReportError
from eval.report import REPORT

RUN_AGAIN = "name a `report.json`, or the folder that `footnote eval run SUITE --out DIR` wrote"

MEASURE = "name what `footnote eval agreement … --json` printed"


@dataclass(frozen=True, kw_only=True)
class ReadCase:
    """A case of a report."""

    id: str
    question: str
    outcome: str
    cluster: str
    values: Mapping[str, float | None]
    weights: Mapping[str, int]
    """What a value counts, where that is not 1."""
    known: tuple[Any, ...]
    """What is known of the right answer: with another one it is another case."""

    @property
    def scored(self) -> bool:
        """Whether all that was attempted could be scored."""
        return None not in self.values.values()


@dataclass(frozen=True, kw_only=True)
class ReadReport:
    """A report, as far as it is compared."""

    name: str
    """The folder it lies in, or its file's name without ending."""
    cases: Mapping[str, ReadCase]
    """By their ids, in the order of the suite."""
    metrics: tuple[str, ...]
    settings: Mapping[str, str]
    """Flat: each with the names that lead to it, parted by blanks."""


def read_report(path: Path) -> ReadReport:
    """Read a report, or that of a folder.

    Raises:
        ReportError: It cannot be read, or is none.
    """
    file = path / REPORT if path.is_dir() else path
    try:
        told = json.loads(file.read_bytes())
        cases = [_case(row) for row in told["results"]]
        return ReadReport(
            name=file.absolute().parent.name if file.name == REPORT else file.stem,
            cases={case.id: case for case in cases},
            metrics=tuple(told["metrics"]),
            settings=dict(flat(told["settings"])),
        )
    except OSError as error:
        raise ReportError(f"`{file}` cannot be read: {error.strerror}", hint=RUN_AGAIN) from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise ReportError(f"`{file}` is no report of a run", hint=RUN_AGAIN) from error


def read_agreements(path: Path) -> list[dict[str, Any]]:
    """Read what `footnote eval agreement --json` gave, of one file or of several.

    Raises:
        ReportError: It cannot be read, or is something else.
    """
    try:
        told = json.loads(path.read_bytes())
        return [_agreement(each) for each in (told if isinstance(told, list) else [told])]
    except OSError as error:
        raise ReportError(f"`{path}` cannot be read: {error.strerror}", hint=MEASURE) from error
    except (ValueError, KeyError, TypeError) as error:
        raise ReportError(f"`{path}` holds no agreement", hint=MEASURE) from error


def flat(settings: Mapping[str, Any], before: str = "") -> list[tuple[str, str]]:
    """Give settings as rows; those that are not set, or hold nothing, are left out."""
    rows = []
    for name, value in settings.items():
        if isinstance(value, Mapping):
            rows += flat(value, f"{before}{name} ")
        elif value is not None:
            rows.append((f"{before}{name}".replace("_", " "), str(value)))
    return rows


def _agreement(told: Any) -> dict[str, Any]:
    points = [(each["support"], each["supported"], each["count"]) for each in told["reliability"]]
    return {
        "set": str(told["set"]),
        "reliability": [
            {"support": float(said), "supported": float(found), "count": int(count)}
            for said, found, count in points
        ],
    }


def _case(row: Mapping[str, Any]) -> ReadCase:
    nuggets = [(each["fact"], each["evidence"], each["paper"]) for each in row["nuggets"]]
    return ReadCase(
        id=row["id"],
        question=row["question"],
        outcome=row["outcome"],
        cluster=row["cluster"],
        values=row["values"],
        weights=row.get("weights", {}),
        known=(row["question"], sorted(row["relevant"]), row["answerable"], nuggets),
    )
