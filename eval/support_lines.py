"""Claims beside their sources, as JSON lines, and what the scorer of support says of each.

    in:  {"id", "claim", "source": text or [text…]}
    out: {"id", "support", "verdict", "evidence": {"source": index, "start", "end"} or null}

A judge that draws samples adds their "variance". A source of two lines is a title and its text, as
elsewhere; offsets count from where it starts.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from assistant.support import Judgement, Source, Support, verdict
from assistant.support_judge import sampled
from eval.agreement_files import titled
from eval.verdicts import judge_all
from index.errors import SourceError
from index.fields import Object, object_of, text, texts
from index.rows import RowError, quoted

STANDARD_INPUT = "-"

SHAPE = 'write a line such as `{"id": "c-1", "claim": "…", "source": "…"}`'

BATCH = 256
"""Claims that the scorer gets at a time."""

READ = 128
"""Sources kept as they were read."""


@dataclass(frozen=True)
class SupportLine:
    """A claim and the sources that it is to be judged by."""

    id: str | int
    """As the file has it; two lines may have the same."""
    claim: str
    sources: tuple[str, ...]


@dataclass(frozen=True)
class JudgedLine:
    """A claim and what the scorer says of it."""

    line: SupportLine
    support: float
    verdict: str
    source: int | None
    """Place of the source that supports it best; None if none does."""
    start: int
    end: int
    """The words that support it best: `sources[source][start:end]`."""
    judgement: Judgement
    """As the scorer gave it; `start` and `end` are those of its text alone."""

    @property
    def evidence(self) -> str:
        """Those words; empty if there are none."""
        return "" if self.source is None else self.line.sources[self.source][self.start : self.end]

    def as_json(self) -> dict[str, Any]:
        """The public JSON shape of a judged claim."""
        place = {"source": self.source, "start": self.start, "end": self.end}
        return {
            "id": self.line.id,
            "support": round(self.support, 6),
            "verdict": self.verdict,
            "evidence": None if self.source is None else place,
            **sampled(self.judgement),
        }


def read_support_lines(path: Path) -> list[SupportLine]:
    """Read claims from a file, or from standard input if it is named `-`.

    Raises:
        SourceError: It cannot be read, or a line is no claim, or an empty one: it is named.
    """
    try:
        content = sys.stdin.buffer.read() if str(path) == STANDARD_INPUT else path.read_bytes()
        lines = content.decode("utf-8-sig").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        why = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
        raise SourceError(f"`{path}` cannot be read: {why}", hint="name JSON lines") from error
    read = []
    for number, line in enumerate(lines, start=1):
        if line.strip():
            try:
                read.append(_line(line))
            except RowError as error:
                raise SourceError(f"`{path}`, line {number}: {error}", hint=SHAPE) from error
    if not read:
        raise SourceError(f"`{path}` holds no claim", hint=SHAPE)
    return read


def judge_lines(
    lines: Sequence[SupportLine],
    *,
    support: Support,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> Iterator[JudgedLine]:
    """Judge each claim by its sources.

    Raises:
        ScorerError: The scorer gives no judgement, or one that cannot be.
    """
    read = lru_cache(READ)(Source)
    for start in range(0, len(lines), BATCH):
        batch = lines[start : start + BATCH]
        sources = [[read(*titled(each)) for each in line.sources] for line in batch]
        asked = list(zip((line.claim for line in batch), sources, strict=True))
        for line, (_, given), judged in zip(batch, asked, judge_all(support, asked), strict=True):
            yield _judged(line, given, judged, support)
        progress(min(start + BATCH, len(lines)), len(lines))


def _judged(
    line: SupportLine, given: Sequence[Source], judged: Judgement, support: Support
) -> JudgedLine:
    named = verdict(judged, support)
    if named == "verbatim":  # for a script there are three verdicts, and a quote is supported
        named = "supported"
    if judged.source is None:
        return JudgedLine(line, judged.support, named, None, 0, 0, judged)
    text = given[judged.source].text
    moved = line.sources[judged.source].rfind(text)
    start, end = judged.start + moved, judged.end + moved
    return JudgedLine(line, judged.support, named, judged.source, start, end, judged)


def _line(line: str) -> SupportLine:
    try:
        row = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise RowError(f"it is no JSON: {quoted(line)}") from error
    return SupportLine(_id(object_of(row)), _claim(row), _sources(row))


def _id(row: Object) -> str | int:
    name = row.get("id")
    if isinstance(name, str | int) and not isinstance(name, bool) and name != "":
        return name
    raise RowError(f"`id` is {_lacking(row, 'id')}")


def _claim(row: Object) -> str:
    claim = text(row, "claim") or ""
    if not _says_something(claim):
        raise RowError(f"`claim` is {_lacking(row, 'claim')}")
    return claim


def _sources(row: Object) -> tuple[str, ...]:
    given = row.get("source")
    sources = (given,) if isinstance(given, str) else texts(row, "source")
    if not sources or not all(map(_says_something, sources)):
        raise RowError(f"`source` is {_lacking(row, 'source')}")
    return sources


def _says_something(said: str) -> bool:
    return any(letter.isalnum() for letter in said)


def _lacking(row: Object, name: str) -> str:
    return "missing" if row.get(name) is None else "empty"
