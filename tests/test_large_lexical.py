"""The words of a large corpus: in step with it whatever happened in between."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from index.building import silent
from index.corpus import Corpus
from index.home import Home
from index.large_lexical import LargeLexical
from index.papers import Paper, Reading
from index.steps import NAME as STEPS


def paper(name: str, abstract: str) -> Reading:
    told = Paper(title=name, abstract=abstract, source="arxiv", arxiv_id=f"2501.{name}")
    return Reading(paper=told, listing=None, origin="api", line=None)


@pytest.fixture
def corpus(tmp_path: Path) -> Iterator[Corpus]:
    with Corpus.open(Home.open(tmp_path)) as corpus:
        corpus.add([paper("00001", "Kites fly."), paper("00002", "Bread sounds hollow.")])
        yield corpus


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "words"


@pytest.fixture
def large(folder: Path, corpus: Corpus) -> LargeLexical:
    large = LargeLexical(folder, least=2)
    large.follow(corpus, progress=silent)
    return large


def found(large: LargeLexical, word: str) -> list[int]:
    return list(large.scores(word, limit=10, keys=None))


def test_a_paper_added_changed_or_removed_is_followed(
    corpus: Corpus, large: LargeLexical, folder: Path
) -> None:
    corpus.add([paper("00003", "A kite of paper."), paper("00001", "Balloons fly.")])
    corpus.remove("2501.00002")
    LargeLexical(folder, least=2).follow(corpus, progress=silent)
    assert (found(large, "kites"), found(large, "balloon"), found(large, "bread")) == ([3], [1], [])


def test_nothing_new_writes_nothing(corpus: Corpus, large: LargeLexical, folder: Path) -> None:
    before = {path: path.stat().st_mtime_ns for path in folder.iterdir()}
    large.follow(corpus, progress=silent)
    assert {path: path.stat().st_mtime_ns for path in folder.iterdir()} == before


def test_what_a_crash_left_is_not_doubled(
    corpus: Corpus, large: LargeLexical, folder: Path
) -> None:
    former = (folder / STEPS).read_bytes()
    corpus.add([paper("00003", "A kite of paper.")])
    large.follow(corpus, progress=silent)
    (folder / STEPS).write_bytes(former)  # as if it had been killed before this was written
    large.follow(corpus, progress=silent)
    assert sorted(found(large, "kite")) == [1, 3]


@pytest.mark.parametrize("damage", ["meta", "segments", "steps"])
def test_a_damaged_folder_is_made_anew(
    damage: str, corpus: Corpus, large: LargeLexical, folder: Path
) -> None:
    for path in folder.iterdir():
        kind = path.stem if path.name in {"meta.json", STEPS} else "segments"
        if kind == damage:
            path.unlink()
    corpus.add([paper("00003", "A kite of paper.")])
    anew = LargeLexical(folder, least=2)
    anew.follow(corpus, progress=silent)
    assert sorted(found(anew, "kite")) == [1, 3]


def test_a_small_corpus_has_no_folder(corpus: Corpus, large: LargeLexical, folder: Path) -> None:
    assert large.there
    corpus.remove("2501.00002")
    large.follow(corpus, progress=silent)
    assert not large.there
    assert not folder.exists()


def test_a_folder_that_was_deleted_is_made_again(
    corpus: Corpus, large: LargeLexical, folder: Path
) -> None:
    shutil.rmtree(folder)
    assert not large.there
    large.follow(corpus, progress=silent)
    assert found(large, "kite") == [1]
