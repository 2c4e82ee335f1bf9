"""A comparison as a person sees it in a terminal: every line legible without colour."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.text import Text

from assistant.terminal import FAINT, output, shown
from eval.comparing import Comparison, Difference, Move
from eval.comparison_words import finding, interval, left_out, moved, outcomes, short
from eval.gates import Check
from eval.metric_names import NAMES, number

MOST = 10
"""Cases that are listed as better, and as worse."""

WIDTH = 42
"""Of the column of names."""

BOLD = "bold"


def print_comparison(comparison: Comparison, checks: Sequence[Check]) -> None:
    """Print a comparison and what became of its gates."""
    console = output()
    for line in _lines(comparison, checks):
        console.print(line)


def _lines(comparison: Comparison, checks: Sequence[Check]) -> Iterator[Text]:
    yield Text(shown(f"{comparison.a} → {comparison.b}: {comparison.cases} cases in both"))
    yield Text()
    heads = f"{'':<{WIDTH}}{'before':>8}{'after':>8}{'change':>9}  {'95 %':<18}{'detectable':>10}"
    yield Text(heads, FAINT)
    yield from (_row(each) for each in comparison.differences.values())
    yield from (Text(shown(line), FAINT) for line in left_out(comparison))
    for how, moves in (("worse", comparison.worse), ("better", comparison.better)):
        if moves:
            yield from (Text(), Text(f"Got {how}: {len(moves)}", BOLD))
            yield from (line for move in moves[:MOST] for line in _moved(move))
        if len(moves) > MOST:
            yield Text(f"  … and {len(moves) - MOST} more; `--out FILE.html` lists them", FAINT)
    if comparison.settings:
        yield from (Text(), Text("Settings that differ", BOLD))
    for name, (before, after) in comparison.settings.items():
        yield Text(shown(f"  {name:<24}{short(before)} → {short(after)}"))
    yield from (Text(), Text("Gates", BOLD))
    for check in checks:
        yield Text(shown(f"  {'passed' if check.passed else 'FAILED'}  {check.gate}: {check.said}"))


def _row(each: Difference) -> Text:
    name = shown(NAMES.get(each.name, each.name))
    values = f"{number(each.a, each.name):>8}{number(each.b, each.name):>8}"
    row = Text(f"{name:<{WIDTH}}{values}")
    row.append(f"{number(each.change, each.name, sign=True):>9}", BOLD)
    row.append(f"  {interval(each):<18}{number(each.detectable, each.name):>10}", FAINT)
    return row.append(f"  {finding(each)}", BOLD if each.distinguishable else FAINT)


def _moved(move: Move) -> Iterator[Text]:
    yield Text(shown(f"  {move.id:<12}{move.question}"))
    told = [outcomes(move), moved(move)]
    yield Text(shown(f"  {'':<12}{'; '.join(filter(None, told))}"), FAINT)
