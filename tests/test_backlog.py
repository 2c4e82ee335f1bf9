"""What the index still has to do."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from index.corpus import Corpus
from index.home import Home
from index.papers import Paper, Reading


def reading(title: str, abstract: str = "Words.", arxiv_id: str | None = None) -> Reading:
    paper = Paper(title=title, abstract=abstract, arxiv_id=arxiv_id, source="api")
    return Reading(paper=paper, listing=None, origin="api", line=None)


def titles(corpus: Corpus, version: str = "v1") -> list[str]:
    pending = [paper.title for paper in corpus.backlog.pending(version)]
    assert corpus.backlog.count(version) == len(pending)
    return pending


@pytest.fixture
def corpus(tmp_path: Path) -> Iterator[Corpus]:
    with Corpus.open(Home.open(tmp_path)) as corpus:
        corpus.add([reading("A"), reading("B")])
        yield corpus


def test_a_new_paper_is_pending_until_it_is_indexed(corpus: Corpus) -> None:
    assert titles(corpus) == ["A", "B"]
    corpus.backlog.mark_indexed([corpus.paper("A")], "v1")
    assert titles(corpus) == ["B"]


def test_papers_may_be_marked_while_they_are_given(corpus: Corpus) -> None:
    corpus.add(reading(f"P{number}") for number in range(1200))
    for paper in corpus.backlog.pending("v1"):
        if paper.key and paper.key % 100 == 0:
            corpus.backlog.mark_indexed([paper], "v1")
    assert corpus.backlog.count("v1") == 1202 - 12


def test_other_passages_make_every_paper_pending(corpus: Corpus) -> None:
    corpus.backlog.mark_indexed(corpus.papers(), "v1")
    assert (titles(corpus), titles(corpus, "v2")) == ([], ["A", "B"])


def test_a_changed_text_is_pending_again_and_new_votes_are_not(corpus: Corpus) -> None:
    corpus.backlog.mark_indexed(corpus.papers(), "v1")
    voted = Paper(title="B", abstract="Words.", source="api", upvotes=3)
    corpus.add(
        [reading("A", "Other words."), Reading(paper=voted, listing=None, origin="", line=1)]
    )
    assert titles(corpus) == ["A"]


def test_a_text_that_changed_while_it_was_indexed_stays_pending(corpus: Corpus) -> None:
    before = corpus.paper("A")
    corpus.add([reading("A", "Other words.")])
    corpus.backlog.mark_indexed([before], "v1")
    assert titles(corpus) == ["A", "B"]


def test_a_removed_paper_waits_to_be_forgotten(corpus: Corpus) -> None:
    key = corpus.remove("A").key
    assert corpus.backlog.removed_keys() == (key,)
    corpus.backlog.forget(corpus.backlog.removed_keys())
    assert corpus.backlog.removed_keys() == ()
    assert titles(corpus) == ["B"]


def test_what_is_indexed_is_a_new_generation(corpus: Corpus) -> None:
    before = corpus.generation
    corpus.backlog.mark_indexed([corpus.paper("A")], "v1")
    assert corpus.generation > before
