"""Portions of long files: what they hold together is what the file holds."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from index import portions as cutting
from index.papers import Problem, Reading
from index.portions import Portion, has_portions, portions, read_portion
from index.reading import read_sources

LINE = {"title": "Kites", "abstract": "Kites fly. " * 40, "id": "2501.00000"}
LINES = cutting.SIZE // len(json.dumps(LINE)) + 2000
"""Enough for two portions."""


def paper_line(number: int) -> str:
    return json.dumps({**LINE, "title": f"Kites, part {number}"}) + "\n"


@pytest.fixture(scope="module")
def long_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """JSON lines of more than one portion: blank lines, a damaged one, none at the end."""
    lines = [paper_line(number) for number in range(LINES)]
    lines[100] = "\n\n"
    lines[-2] = '{"title": "Kites"\n'
    lines[-3] = '{"title": "K\u00e4ferfl\u00fcge", "abstract": "\U0001fa81"}\n'
    path = tmp_path_factory.mktemp("long") / "dump.json"
    path.write_text("".join(lines).rstrip("\n"), encoding="utf-8")
    return path


def test_portions_hold_what_the_file_holds(long_file: Path) -> None:
    cut = list(portions(long_file, origin=str(long_file)))
    assert len(cut) > 1
    assert b"".join(each.lines for each in cut) == long_file.read_bytes()
    read = [told for each in cut for told in read_portion(each)]
    assert read == list(read_sources([str(long_file)], as_of=date(2025, 10, 30)))
    assert any(isinstance(told, Problem) for told in read)
    assert sum(isinstance(told, Reading) for told in read) == LINES - 2


@pytest.mark.parametrize(
    ("start", "cut"), [("", True), ("[", False), ("\ufeff", False), ("Daily Papers\n", False)]
)
def test_only_plain_json_lines_are_cut(
    start: str, cut: bool, long_file: Path, tmp_path: Path
) -> None:
    path = tmp_path / "file"
    path.write_bytes(start.encode() + long_file.read_bytes())
    assert has_portions(path) is cut


def test_a_short_file_is_not_cut(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_text(paper_line(1), encoding="utf-8")
    assert not has_portions(path)


def test_a_portion_without_text_is_told_with_its_line() -> None:
    assert read_portion(Portion(b"\n \n", "dump", 5)) == []
    (problem,) = read_portion(Portion(b"\x00\x01\x02" * 100, "dump", 5))
    assert problem == Problem(origin="dump", line=5, why="is not text")
