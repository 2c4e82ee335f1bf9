"""Which readings are of one paper, and whose word counts when they differ."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.corpus import Corpus
from index.errors import UnknownPaperError
from index.home import Home
from index.papers import SOURCES, Listing, Paper, Reading, title_id

MONDAY, TUESDAY = date(2025, 10, 27), date(2025, 10, 28)
TITLE_ONLY = title_id("Sparse Attention")


def reading(*, listing: Listing | None = None, **fields: Any) -> Reading:
    paper = {"title": "Sparse Attention", "abstract": "We prune heads.", "source": "html"} | fields
    return Reading(paper=Paper(**paper), listing=listing, origin="page.html", line=1)


@pytest.fixture
def corpus(tmp_path: Path) -> Iterator[Corpus]:
    with Corpus.open(Home.open(tmp_path)) as corpus:
        yield corpus


def test_one_arxiv_id_is_one_paper_under_any_title(corpus: Corpus) -> None:
    corpus.add([reading(arxiv_id="2510.00001"), reading(arxiv_id="2510.00001", title="Renamed")])
    assert [paper.title for paper in corpus.papers()] == ["Renamed"]
    assert corpus.paper("sparse attention") == corpus.paper("RENAMED")


def test_two_arxiv_ids_are_two_papers_under_one_title(corpus: Corpus) -> None:
    corpus.add([reading(arxiv_id="2510.00001"), reading(arxiv_id="2510.00002")])
    assert corpus.count() == 2


def test_a_title_alone_stands_for_the_first_paper_that_had_it(corpus: Corpus) -> None:
    corpus.add([reading(arxiv_id="2510.00002"), reading(arxiv_id="2510.00001")])
    corpus.add([reading(listing=Listing(MONDAY))])
    assert corpus.count() == 2
    assert [paper.id for paper in corpus.papers(day=MONDAY)] == ["2510.00002"]
    assert corpus.paper("Sparse Attention").arxiv_id == "2510.00002"


def test_after_the_first_is_removed_a_title_stands_for_the_next(corpus: Corpus) -> None:
    corpus.add([reading(arxiv_id="2510.00002"), reading(arxiv_id="2510.00001", abstract="Other.")])
    corpus.remove("2510.00002")
    assert corpus.paper("Sparse Attention").arxiv_id == "2510.00001"


def test_titles_that_differ_in_typesetting_are_one(corpus: Corpus) -> None:
    corpus.add([reading(), reading(title="SPARSE attention")])
    assert corpus.count() == 1


def test_a_title_only_paper_takes_the_arxiv_id_and_keeps_its_key(corpus: Corpus) -> None:
    corpus.add([reading(listing=Listing(MONDAY))])
    key = corpus.paper(TITLE_ONLY).key
    result = corpus.add([reading(arxiv_id="2510.00001", source="api", listing=Listing(TUESDAY))])
    assert result.updated == 1
    (paper,) = corpus.papers()
    assert (paper.key, paper.id, paper.listed) == (key, "2510.00001", (MONDAY, TUESDAY))
    assert corpus.paper(TITLE_ONLY) == paper


def test_two_known_papers_become_one_when_a_source_joins_them(corpus: Corpus) -> None:
    corpus.add([reading(listing=Listing(MONDAY), upvotes=9, organization="Lab")])
    corpus.add([reading(title="Renamed", arxiv_id="2510.00001", upvotes=3)])
    former = corpus.paper(TITLE_ONLY).key
    assert corpus.add([reading(arxiv_id="2510.00001")]).updated == 1
    (paper,) = corpus.papers()
    assert (paper.upvotes, paper.organization, paper.listed) == (9, "Lab", (MONDAY,))
    assert corpus.paper(TITLE_ONLY) == corpus.paper("Renamed") == paper
    assert corpus.backlog.removed_keys() == (former,)


@pytest.mark.parametrize(("worse", "better"), list(pairwise(SOURCES)))
def test_a_worse_source_replaces_nothing_but_fills_gaps(
    corpus: Corpus, worse: str, better: str
) -> None:
    best = reading(source=better, abstract="The whole text.", authors=("Ada",))
    rest = reading(source=worse, abstract="The who…", authors=("A.",), url="https://x.org")
    corpus.add([best, rest])
    (paper,) = corpus.papers()
    assert (paper.abstract, paper.authors, paper.url) == (
        "The whole text.",
        ("Ada",),
        "https://x.org",
    )
    assert paper.source == better


def test_a_gap_filled_by_a_worse_source_is_filled_anew_by_a_better_one(corpus: Corpus) -> None:
    corpus.add([reading(source="arxiv"), reading(source="text", organization="lab")])
    corpus.add([reading(source="html", organization="The Lab"), reading(source="text")])
    (paper,) = corpus.papers()
    assert (paper.organization, paper.source) == ("The Lab", "arxiv")


def test_what_a_better_source_confirms_no_worse_one_changes(corpus: Corpus) -> None:
    corpus.add([reading(source="arxiv"), reading(source="text", organization="The Lab")])
    assert corpus.add([reading(organization="The Lab")]).unchanged == 1
    corpus.add([reading(source="text", organization="lab")])
    assert corpus.paper("Sparse Attention").organization == "The Lab"


def test_the_same_source_may_change_its_abstract(corpus: Corpus) -> None:
    corpus.add([reading()])
    assert corpus.add([reading(abstract="We prune all heads.")]).updated == 1
    assert corpus.paper("Sparse Attention").abstract == "We prune all heads."


def test_an_older_list_of_the_same_source_changes_no_abstract(corpus: Corpus) -> None:
    corpus.add([reading(listing=Listing(TUESDAY))])
    corpus.add([reading(listing=Listing(MONDAY), abstract="An early draft.")])
    (paper,) = corpus.papers()
    assert (paper.abstract, paper.listed) == ("We prune heads.", (MONDAY, TUESDAY))


def test_no_source_blanks_a_field(corpus: Corpus) -> None:
    full = reading(authors=("Ada",), author_count=3, organization="Lab", categories=("cs.CL",))
    corpus.add([full, reading(source="arxiv", abstract="")])
    (paper,) = corpus.papers()
    assert (paper.abstract, paper.authors, paper.author_count) == ("We prune heads.", ("Ada",), 3)
    assert (paper.organization, paper.categories, paper.source) == ("Lab", ("cs.CL",), "html")


def test_votes_and_comments_are_the_most_ever_seen(corpus: Corpus) -> None:
    corpus.add([reading(upvotes=7, comments=0), reading(source="api", upvotes=5, comments=2)])
    (paper,) = corpus.papers()
    assert (paper.upvotes, paper.comments) == (7, 2)


def test_a_date_is_the_better_sources_and_the_first_of_the_same(corpus: Corpus) -> None:
    corpus.add([reading(source="text", published=date(2020, 1, 1))])
    corpus.add([reading(published=TUESDAY), reading(published=MONDAY), reading(published=TUESDAY)])
    assert corpus.paper("Sparse Attention").published == MONDAY


SPELLINGS = (str, str.upper, str.lower, str.title)


@st.composite
def consistent_readings(draw: st.DrawFn) -> Reading:
    """A reading from a small world in which a source tells one thing about a paper on one day.

    Paper 0 never has an arXiv id. Papers are known under two names, by source and day.
    """
    paper = draw(st.integers(0, 3))
    source = draw(st.sampled_from(SOURCES))
    day = None if source in {"arxiv", "sample"} else draw(st.sampled_from([MONDAY, TUESDAY]))
    told = f"{paper} {source} {day}"
    name = f"Paper {paper}" + (" renamed" if paper and day == MONDAY else "")
    return Reading(
        paper=Paper(
            title=SPELLINGS[SOURCES.index(source) % 4](name),
            abstract=draw(st.sampled_from(["", f"Abstract {told}."])),
            source=source,
            arxiv_id=f"2510.0000{paper}" if paper and draw(st.booleans()) else None,
            authors=draw(st.sampled_from([(), (f"Ada {told}",)])),
            organization=draw(st.sampled_from([None, f"Lab {told}"])),
            published=draw(st.sampled_from([None, MONDAY, TUESDAY])),
            upvotes=draw(st.none() | st.integers(0, 99)),
        ),
        listing=None if source == "arxiv" else Listing(day),
        origin="world",
        line=None,
    )


def papers_of(readings: Sequence[Reading], *, passes: int = 1) -> set[Paper]:
    """What a new corpus holds after `readings`, without its keys."""
    with tempfile.TemporaryDirectory() as folder, Corpus.open(Home.open(folder)) as corpus:
        for number in range(passes):
            result = corpus.add(readings)
            assert result.read == len(readings) == result.added + result.updated + result.unchanged
            assert number == 0 or result.unchanged == len(readings)
        return {replace(paper, key=None) for paper in corpus.papers()}


@settings(max_examples=60, deadline=None)
@given(
    st.lists(consistent_readings(), max_size=12).flatmap(
        lambda readings: st.tuples(st.just(readings), st.permutations(readings))
    )
)
def test_the_order_of_sources_changes_nothing(orders: tuple[list[Reading], list[Reading]]) -> None:
    assert papers_of(orders[0]) == papers_of(orders[1])


@settings(max_examples=30, deadline=None)
@given(st.lists(consistent_readings(), max_size=12))
def test_reading_everything_again_changes_nothing(readings: list[Reading]) -> None:
    assert papers_of(readings) == papers_of(readings, passes=2)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(st.sampled_from("ABC"), st.sampled_from([None, "2510.1", "2510.2"])), max_size=10
    )
)
def test_every_name_ever_told_finds_a_paper(names: list[tuple[str, str | None]]) -> None:
    with tempfile.TemporaryDirectory() as folder, Corpus.open(Home.open(folder)) as corpus:
        for title, number in names:
            corpus.add([reading(title=title, arxiv_id=number and f"{number}0000")])
        for title, number in names:
            assert corpus.paper(title) == corpus.paper(title_id(title))
            assert number is None or corpus.paper(f"{number}0000").arxiv_id == f"{number}0000"
        known = [paper.arxiv_id for paper in corpus.papers() if paper.arxiv_id]
        assert len(known) == len(set(known))


def test_a_title_never_told_finds_none(corpus: Corpus) -> None:
    with pytest.raises(UnknownPaperError):
        corpus.paper("Sparse Attention")
