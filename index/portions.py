"""A long file of JSON lines cut into portions of whole lines, which can be read anywhere."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from index.decoding import HEAD, NotTextError, Text
from index.formats import is_json_lines, read_lines
from index.papers import Problem, Reading

SIZE = 8 * 2**20
"""Bytes of a portion: some 5,000 papers of the arXiv dump, read in about a second."""


class Portion(NamedTuple):
    """Some lines of a file."""

    lines: bytes
    origin: str
    first: int
    """The number of the first line, from 1."""


def has_portions(path: Path) -> bool:
    """Whether a file is JSON lines, in UTF-8 and not compressed, and longer than a portion."""
    with path.open("rb") as stream:
        head = stream.read(HEAD)
    if path.stat().st_size <= SIZE or not head.lstrip().startswith(b"{") or b"\0" in head:
        return False
    return is_json_lines(head.decode("utf-8", "replace"))


def portions(path: Path, *, origin: str) -> Iterator[Portion]:
    """Cut a file; a line longer than a portion stays whole."""
    first = 1
    with path.open("rb") as stream:
        while lines := stream.read(SIZE) + stream.readline():
            yield Portion(lines, origin, first)
            first += lines.count(b"\n")


def read_portion(portion: Portion) -> list[Reading | Problem]:
    """Read the papers of a portion; lines are numbered as in the file."""
    if not portion.lines.strip():
        return []
    try:
        text = Text(io.BytesIO(portion.lines))
    except NotTextError:
        return [Problem(origin=portion.origin, line=portion.first, why="is not text")]
    read = [_placed(each, portion.first) for each in read_lines(text, origin=portion.origin)]
    if text.lost:
        why = f"damaged characters, read as `\ufffd`: {text.lost}"
        read.append(Problem(origin=portion.origin, line=portion.first, why=why))
    return read


def _placed(told: Reading | Problem, first: int) -> Reading | Problem:
    return told if told.line is None else replace(told, line=told.line + first - 1)
