"""A comparison as Markdown, fit for a comment on a change; nothing of a report can act in it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from assistant.fit_text import fit
from assistant.markdown import plain
from eval.comparing import Comparison, Difference, Move
from eval.comparison_words import READING, finding, interval, left_out, moved, outcomes, short
from eval.gates import Check, failed
from eval.metric_names import NAMES, number

MOST = 15
"""Cases that are listed as better, and as worse: a comment has a greatest length."""

LONGEST = 200
"""Characters of a question."""

CALLING = re.compile(r"[@#](?=\w)|\b(?:GH|gh)-(?=\d)")
"""What notifies people, or links to a discussion, where a comment says it."""

JOINER = "\u2060"
"""Nothing to see, and no part of a name."""


def comparison_in_markdown(comparison: Comparison, checks: Sequence[Check]) -> str:
    """Write a comparison and what became of its gates."""
    verdict = "worse than is permitted" if failed(checks) else "passed"
    blocks = [
        f"## {_inert(comparison.a)} → {_inert(comparison.b)}: {verdict}",
        "\n".join(f"- {'✓' if c.passed else '✗'} **{_inert(c.gate)}**: {c.said}" for c in checks),
        "\n".join(_table(comparison)),
        f"{comparison.cases} cases are in both; {len(comparison.worse)} came out worse and "
        f"{len(comparison.better)} better. {READING}",
        "\n".join(f"- {_inert(line)}" for line in left_out(comparison)),
        *_moves("worse", comparison.worse),
        *_moves("better", comparison.better),
        *_settings(comparison),
    ]
    return "\n\n".join(block for block in blocks if block) + "\n"


def _table(comparison: Comparison) -> Iterator[str]:
    yield f"| | {_inert(comparison.a)} | {_inert(comparison.b)} | change | 95 % | | detectable |"
    yield "|---|--:|--:|--:|---|---|--:|"
    for each in comparison.differences.values():
        cells = [
            f"{NAMES.get(each.name, '')} `{_code(each.name)}`".strip(),
            number(each.a, each.name),
            number(each.b, each.name),
            number(each.change, each.name, sign=True),
            interval(each),
            _finding(each),
            number(each.detectable, each.name),
        ]
        yield f"| {' | '.join(cells)} |"


def _finding(difference: Difference) -> str:
    said = finding(difference)
    return f"**{said}**" if difference.distinguishable else said


def _moves(how: str, moves: Sequence[Move]) -> Iterator[str]:
    if not moves:
        return
    cases = "1 case" if len(moves) == 1 else f"{len(moves)} cases"
    yield f"<details><summary>{cases} got {how}</summary>"
    lines = []
    for move in moves[:MOST]:
        question = fit(move.question)
        cut = question[:LONGEST] + ("…" if len(question) > LONGEST else "")
        lines.append(f"- **{_inert(move.id)}** {_inert(cut)}<br>{outcomes(move)}; {_told(move)}")
    if len(moves) > MOST:
        lines.append(f"- and {len(moves) - MOST} more")
    yield "\n".join(lines)
    yield "</details>"


def _told(move: Move) -> str:
    return _inert(moved(move)) or "no metric moved"


def _settings(comparison: Comparison) -> Iterator[str]:
    if comparison.settings:
        rows = [
            f"| {_inert(name)} | {_inert(short(a))} | {_inert(short(b))} |"
            for name, (a, b) in comparison.settings.items()
        ]
        head = f"| differs | {_inert(comparison.a)} | {_inert(comparison.b)} |"
        yield "\n".join([head, "|---|---|---|", *rows])


def _code(name: str) -> str:
    return re.sub(r"[`|\s]", " ", fit(name))


def _inert(text: str) -> str:
    return plain(CALLING.sub(lambda found: found.group() + JOINER, fit(text)))
