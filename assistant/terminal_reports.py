"""What commands that read sources say in a terminal: what came, and what could not be read."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from rich.console import Console
from rich.text import Text

from assistant.reports import Completion, Report
from assistant.terminal import FAINT, output, print_json_line, shown
from index.papers import Problem

SHOWN_PROBLEMS = 20


def print_report(report: Report) -> None:
    """Say what an ingest did, and why rows were rejected."""
    counts = report.ingested
    console = output()
    parts = [f"{counts.added} added", f"{counts.updated} updated", f"{counts.unchanged} unchanged"]
    console.print(
        f"Read {counts.read} rows in {report.seconds:.1f} s: "
        f"{', '.join(parts)}, {counts.rejected} rejected."
    )
    console.print(f"The corpus holds {report.papers} papers in {report.passages} passages.")
    _print_problems(counts.problems)


def print_round(source: str, report: Report, *, at: datetime, json: bool) -> None:
    """Say in a line what a round of watching brought."""
    if json:
        line = {"source": source, "at": at.isoformat(timespec="seconds"), **report.as_json()}
        print_json_line(line)
        return
    counts = report.ingested
    brought = f"{counts.added} added, {counts.updated} updated, {counts.rejected} rejected"
    output().print(Text(f"{at:%Y-%m-%d %H:%M} {shown(source)}: {brought}."))
    _print_problems(counts.problems)


def print_completion(completion: Completion) -> None:
    """Say how many papers were found by their titles, and which titles were not clear."""
    found = completion.before - completion.after
    console = output()
    console.print(f"Found {found} of {completion.before} papers by their titles.")
    if completion.after:
        console.print(f"Of {completion.after} only the title is known.")
    _print_problems(completion.report.ingested.problems)


def say_pause(due: datetime) -> None:
    """Say when the next round is due."""
    _say(f"The next round is at {due.astimezone():%Y-%m-%d %H:%M}; Ctrl-C ends it")


def say_ended() -> None:
    """Say that watching has ended."""
    _say("Ended; what was stored stays stored")


def _say(line: str) -> None:
    Console(stderr=True, highlight=False, soft_wrap=True).print(Text(line, FAINT))


def _print_problems(problems: Sequence[Problem]) -> None:
    console = Console(stderr=True, highlight=False, soft_wrap=True)
    for problem in problems[:SHOWN_PROBLEMS]:
        place = problem.origin if problem.line is None else f"{problem.origin}:{problem.line}"
        console.print(Text(shown(f"{place}: {problem.why}"), FAINT))
    if len(problems) > SHOWN_PROBLEMS:
        console.print(f"… and {len(problems) - SHOWN_PROBLEMS} more; `--json` lists them")
