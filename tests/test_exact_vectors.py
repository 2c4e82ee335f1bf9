"""Exact search among few papers of a large corpus."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest

from index.corpus import Corpus
from index.exact_vectors import KEYS, ROWS, SHARE, ExactVectors
from index.home import Home
from index.minilm import FloatArray
from index.papers import Paper, Reading
from index.steps import NAME
from index.tellings import text_hash
from index.vectors import TextVectors

WIDTH = 8
PAPERS = 40
PASSAGES = 3


def reading(number: int, abstract: str = "Kites fly.") -> Reading:
    paper = Paper(
        title=f"{number}", abstract=abstract, source="arxiv", arxiv_id=f"2501.{number:05}"
    )
    return Reading(paper=paper, listing=None, origin="api", line=None)


def vectors_of(paper: Paper) -> FloatArray:
    drawn = np.random.default_rng(int(text_hash(paper)[:8], 16)).normal(size=(PASSAGES, WIDTH))
    rows: FloatArray = (drawn / np.linalg.norm(drawn, axis=1, keepdims=True)).astype(np.float32)
    return rows


@pytest.fixture
def corpus(tmp_path: Path) -> Iterator[Corpus]:
    with Corpus.open(Home.open(tmp_path)) as corpus:
        corpus.add(reading(number) for number in range(PAPERS))
        yield corpus


@pytest.fixture
def known(corpus: Corpus) -> Callable[[Sequence[int]], dict[int, TextVectors]]:
    def known(keys: Sequence[int]) -> dict[int, TextVectors]:
        papers = corpus.papers_by_key(keys)
        return {key: TextVectors(key, text_hash(p), vectors_of(p)) for key, p in papers.items()}

    return known


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "exact"


Known = Callable[[Sequence[int]], dict[int, TextVectors]]
ASKED = np.eye(WIDTH, dtype=np.float32)[0]


def right(corpus: Corpus, folder: Path, keys: set[int]) -> bool:
    """Whether what is found among `keys` is what comparing with all of them finds."""
    found = ExactVectors(folder, least=1).nearest(ASKED, limit=5, keys=keys)
    assert found is not None
    papers = corpus.papers_by_key(keys)
    every = [(float(s), k) for k, p in papers.items() for s in vectors_of(p) @ ASKED]
    expected = sorted(every, reverse=True)[:5]
    assert [each.similarity for each in found] == pytest.approx([s for s, _ in expected], abs=1e-2)
    assert {each.text_hash for each in found} <= {text_hash(paper) for paper in papers.values()}
    return [each.key for each in found] == [key for _, key in expected]


def test_what_is_found_is_what_is_nearest(corpus: Corpus, known: Known, folder: Path) -> None:
    ExactVectors(folder, least=1).follow(corpus, known)
    assert right(corpus, folder, {3, 17, 21, 40})
    assert right(corpus, folder, {5})


def test_a_paper_changed_removed_or_added_is_followed(
    corpus: Corpus, known: Known, folder: Path
) -> None:
    ExactVectors(folder, least=1).follow(corpus, known)
    corpus.add([reading(2, "Another text."), reading(99)])
    corpus.remove("2501.00004")
    exact = ExactVectors(folder, least=1)
    assert exact.nearest(ASKED, limit=5, keys={41}) is None
    exact.follow(corpus, known)
    assert right(corpus, folder, {3, 41})
    assert exact.nearest(ASKED, limit=5, keys={5}) is None
    assert len(np.fromfile(folder / KEYS, np.int64)) == (PAPERS + 2) * PASSAGES


@pytest.mark.parametrize("cut", [KEYS, ROWS])
def test_what_a_crash_left_half_is_written_again(
    cut: str, corpus: Corpus, known: Known, folder: Path
) -> None:
    ExactVectors(folder, least=1).follow(corpus, known)
    former = (folder / NAME).read_bytes()
    corpus.add([reading(50), reading(51)])
    ExactVectors(folder, least=1).follow(corpus, known)
    (folder / NAME).write_bytes(former)
    (folder / cut).write_bytes((folder / cut).read_bytes()[:-5])
    ExactVectors(folder, least=1).follow(corpus, known)
    assert right(corpus, folder, {1, 41, 42})


def test_more_papers_than_a_share_are_left_to_others(
    corpus: Corpus, known: Known, folder: Path
) -> None:
    exact = ExactVectors(folder, least=1)
    assert exact.nearest(ASKED, limit=5, keys={1}) is None
    exact.follow(corpus, known)
    assert exact.nearest(ASKED, limit=5, keys=set(range(1, int(PAPERS * SHARE) + 2))) is None
    assert exact.nearest(ASKED, limit=5, keys={1}) is not None


def test_a_small_corpus_has_no_folder(corpus: Corpus, known: Known, folder: Path) -> None:
    ExactVectors(folder, least=PAPERS + 1).follow(corpus, known)
    assert not folder.exists()
