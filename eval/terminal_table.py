"""The table of a run that a person sees: means with their intervals, and what could not be had."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from rich.text import Text

from assistant.terminal import FAINT, output, shown
from eval.metric_names import GROUPS, NAMES, number
from eval.metrics.declining import ROWS
from eval.support_lines import JudgedLine

WIDTH = 40
"""Of the column of names."""

KIND_WIDTH, COUNT_WIDTH = 36, 10
"""Of the columns of outcomes, so that all fit into 80."""


def print_run(report: Mapping[str, Any]) -> None:
    """Print a summary, as `eval.report` gives it."""
    console = output()
    for line in _lines(report):
        console.print(line)


def print_judged(judged: JudgedLine) -> None:
    """Print a claim with its verdict, and the words that support it best."""
    console = output()
    verdict = Text(f"{judged.verdict:<12}", "bold") + Text(f"{judged.support:.3f}  ", FAINT)
    console.print(verdict + Text(shown(f"{judged.line.id}: {judged.line.claim}")))
    if judged.evidence:
        console.print(Text(f"{'':<19}{shown(judged.evidence)}", FAINT))


def _lines(report: Mapping[str, Any]) -> Iterator[Text]:
    metrics = report["metrics"]
    title = f"{report['suite']}: {report['cases']} cases, {_outcomes(report['outcomes'])}"
    yield Text(shown(title))
    for title, names in GROUPS.items():
        rows = [_row(name, metrics[name]) for name in names if name in metrics]
        if title == "Faithfulness" and "verbatim" in metrics:
            rows.append(_verbatim(metrics["verbatim"]))
        if rows:
            yield Text()
            yield Text(title, "bold")
            yield from rows
    yield from _table(report["table"], report["kinds"])


def _row(name: str, metric: Mapping[str, Any]) -> Text:
    row = Text(f"  {NAMES[name]:<{WIDTH}}")
    row.append(f"{number(metric['mean'], name):>6}", "bold")
    if metric["low"] is not None:
        row.append(f" [{number(metric['low'], name)}, {number(metric['high'], name)}]", FAINT)
    row.append(f" {metric['scored']}/{metric['attempted']}", FAINT)
    if metric["scored"] < metric["attempted"] and metric["worst"] is not None:
        row.append(f", between {metric['worst']:.3f} and {metric['best']:.3f}")
    return row


def _verbatim(metric: Mapping[str, Any]) -> Text:
    """Tell that answers only quote: a mean of 1 would say nothing of how good they are."""
    row = Text(f"  {'answers':<{WIDTH}}verbatim")
    if metric["mean"] is None:
        return row.append(f" 0/{metric['attempted']}", FAINT)
    row.append(f" {metric['scored']}/{metric['attempted']}", FAINT)
    return row if metric["mean"] == 1 else row.append(f", but {1 - metric['mean']:.3f} are not")


def _outcomes(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{count} {name.replace('_', ' ')}" for name, count in counts.items() if count)


def _table(
    table: Mapping[str, Mapping[str, int]], kinds: Mapping[str, Mapping[str, int]]
) -> Iterator[Text]:
    rows = {row: table[row] for row in ROWS.values() if sum(table[row].values())}
    columns = list(next(iter(rows.values()), {}))
    yield Text()
    titles = "".join(column.replace("_", " ").rjust(COUNT_WIDTH) for column in columns)
    yield Text("Outcomes".ljust(KIND_WIDTH + 2) + titles)
    for name, counts in [*rows.items(), *((f"  {kind}", kinds[kind]) for kind in kinds)]:
        numbers = "".join(str(counts[column]).rjust(COUNT_WIDTH) for column in columns)
        yield Text(f"  {shown(name)[:KIND_WIDTH]:<{KIND_WIDTH}}{numbers}")
