"""The sample's papers as if they had stood on lists: with days, votes and authors for tests."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from datetime import date
from importlib.resources import files
from pathlib import Path
from typing import Any

from assistant import assembling
from assistant.settings import Settings
from eval.gold import Silence

BEFORE, DAY, AFTER = date(2025, 10, 29), date(2025, 10, 30), date(2025, 10, 31)
"""A Wednesday with 16 papers, a Thursday with 40, a Friday with 4 of them again and 4 others."""

FEW = 4
"""Papers of the Friday that stood on Thursday's list already, and as many that did not."""


def rows() -> Iterator[dict[str, Any]]:
    """Give the sample's rows with days, and votes that fall from row to row."""
    text = files("index").joinpath("sample.jsonl").read_text(encoding="utf-8")
    for place, line in enumerate(text.splitlines()):
        days = [BEFORE] if place < 16 else [DAY] if place < 56 else [AFTER]
        days += [AFTER] if 16 <= place < 16 + FEW else []
        row = json.loads(line)
        yield {
            **row,
            "listed": [day.isoformat() for day in days],
            "upvotes": 100 - place,
            "authors": ["Ada Lovelace"] if place % 20 == 0 else ["Somebody Else"],
            "url": f"https://example.org/{place}",
        }


def make_listed_home(home: Path, *, cache: Path) -> None:
    """Ingest the rows; `cache` holds the vectors of their texts."""
    home.mkdir()
    shutil.copy(cache, home / "cache.db")
    source = home.with_name("listed.jsonl")
    source.write_text("".join(f"{json.dumps(row)}\n" for row in rows()), encoding="utf-8")
    with assembling.writer(Settings.read({}, home=home), Silence()) as writer:
        report = writer.ingest([str(source)], as_of=AFTER)
    assert report.papers == 60
