"""A page: HTML that holds all it needs, asks for nothing, and lets nothing from a paper act.

The policy in its head permits the one style and the one script that it has, by their checksums;
whatever else a text from a paper or a model may hold is escaped, and could not run if it were not.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping, Sequence
from functools import cache
from hashlib import sha256
from importlib.resources import files
from typing import Any

from eval.marked_text import fit, letter, roman
from eval.metric_names import GROUPS, HEADLINES, NAMES, number
from eval.metrics.declining import ROWS
from eval.plots import plots
from eval.read_reports import flat
from eval.shown_cases import FAILURES, VERDICTS, ShownCase, shown_case

PAGE = "report.html"
"""The file that a run writes its page to."""

QUOTED = "verbatim"
"""The metric of answers that only quote: told in words, since a mean of 1 is no merit."""


def report_page(report: Mapping[str, Any], *, agreement: Mapping[str, Any] | None = None) -> str:
    """Show a run: its figures, and every case with what carries each sentence.

    Args:
        report: In the shape of `report.json`.
        agreement: In the shape that `footnote eval agreement --json` gives; it tells how far the
            scorer can be believed that judged the sentences.
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
        plots=plots(report, agreement),
        cases=cases,
        failures=_counted(cases),
        marks=max((case.most_marks for case in cases), default=0),
        verdicts=VERDICTS,
        settings=flat(report["settings"]),
    )


def page(template: str, **told: Any) -> str:
    """Fill a template of `eval/templates` and give it its policy."""
    environment = _environment()
    style = environment.get_template("page.css").render(**told)
    script = environment.get_template("page.js").render()
    policy = (
        f"default-src 'none'; style-src '{_checksum(style)}'; script-src '{_checksum(script)}'; "
        "base-uri 'none'; form-action 'none'"
    )
    written: str = environment.get_template(f"{template}.html").render(
        **told, policy=policy, style=style, script=script
    )
    return written


def _groups(metrics: Mapping[str, Any]) -> dict[str, list[str]]:
    """Give the metrics to be shown under their headings."""
    groups = {title: [name for name in names if name in metrics] for title, names in GROUPS.items()}
    return {title: names for title, names in groups.items() if names}


def _counted(cases: Sequence[ShownCase]) -> dict[str, tuple[str, int]]:
    """Give what is wrong with a case or more, in words, and with how many."""
    counts = {key: sum(key in case.failures for case in cases) for key in FAILURES}
    return {key: (FAILURES[key], count) for key, count in counts.items() if count}


def _checksum(text: str) -> str:
    return f"sha256-{b64encode(sha256(text.encode()).digest()).decode()}"


@cache
def _environment() -> Any:
    from jinja2 import DictLoader, Environment, StrictUndefined

    folder = files("eval") / "templates"
    sources = {each.name: each.read_text(encoding="utf-8") for each in folder.iterdir()}
    environment = Environment(
        loader=DictLoader(sources),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(fit=fit, letter=letter, number=number, roman=roman)
    return environment
