"""The page of a run: its figures, and every case with what carries each sentence."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from assistant.html_page import filled
from eval.marked_text import letter, roman
from eval.metric_names import GROUPS, HEADLINES, NAMES, number
from eval.metrics.declining import ROWS
from eval.plots import plots
from eval.read_reports import flat
from eval.shown_cases import FAILURES, VERDICTS, ShownCase, shown_case

PAGE = "report.html"
"""The file that a run writes its page to."""

QUOTED = "verbatim"
"""The metric of answers that only quote: told in words, since a mean of 1 is no merit."""


def report_page(report: Mapping[str, Any], *, agreements: Sequence[Mapping[str, Any]] = ()) -> str:
    """Show a run: its figures, and every case with what carries each sentence.

    Args:
        report: In the shape of `report.json`.
        agreements: Each in the shape that `footnote eval agreement --json` gives; they tell how
            far the scorer can be believed that judged the sentences.
    """
    cases = [shown_case(place, row) for place, row in enumerate(report["results"], start=1)]
    return page(
        "report",
        title=f"{report['suite']}, evaluated",
        report=report,
        metrics=report["metrics"],
        groups=_groups(report["metrics"]),
        headlines=[name for name in HEADLINES if name in report["metrics"]],
        names=NAMES,
        quoted=report["metrics"].get(QUOTED),
        table={row: report["table"][row] for row in ROWS.values()},
        plots=plots(report, agreements),
        cases=cases,
        failures=_counted(cases),
        marks=max((case.most_marks for case in cases), default=0),
        verdicts=VERDICTS,
        settings=flat(report["settings"]),
    )


def page(template: str, **told: Any) -> str:
    """Fill a template of `eval/templates` and give it its policy."""
    filters: dict[str, Callable[..., str]] = {"letter": letter, "number": number, "roman": roman}
    return filled("eval", template, filters=filters, **told)


def _groups(metrics: Mapping[str, Any]) -> dict[str, list[str]]:
    """Give the metrics to be shown under their headings."""
    groups = {title: [name for name in names if name in metrics] for title, names in GROUPS.items()}
    return {title: names for title, names in groups.items() if names}


def _counted(cases: Sequence[ShownCase]) -> dict[str, tuple[str, int]]:
    """Give what is wrong with a case or more, in words, and with how many."""
    counts = {key: sum(key in case.failures for case in cases) for key in FAILURES}
    return {key: (FAILURES[key], count) for key, count in counts.items() if count}
