"""Papers into the corpus and out of it again."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.corpus import Corpus
from index.errors import SourceError, UnknownPaperError
from index.home import Home
from index.papers import Listing, Paper, Problem, Reading, title_id
from index.shelf import DayRange

MONDAY, TUESDAY, WEDNESDAY = (date(2025, 10, day) for day in (27, 28, 29))


def reading(title: str, *, listing: Listing | None = None, **fields: Any) -> Reading:
    paper = {"abstract": f"About {title}.", "source": "html"} | fields
    return Reading(paper=Paper(title=title, **paper), listing=listing, origin="page.html", line=7)


def listed(title: str, *days: date | None) -> list[Reading]:
    return [reading(title, listing=Listing(day)) for day in days]


@pytest.fixture
def corpus(tmp_path: Path) -> Iterator[Corpus]:
    with Corpus.open(Home.open(tmp_path)) as corpus:
        yield corpus


def test_a_paper_comes_out_as_it_went_in(corpus: Corpus) -> None:
    paper = Paper(
        title="Ünïcode & $\\ell_2$",
        abstract="It's “quoted”; 25\\% — 漢字 \N{GRINNING FACE}.",
        source="arxiv",
        arxiv_id="cs/0112017",
        authors=("Ada Lovelace", "O'Brien, J."),
        author_count=2,
        organization="Lab",
        categories=("cs.CL", "cs.AI"),
        published=MONDAY,
        url="https://arxiv.org/abs/cs/0112017",
        upvotes=0,
        comments=5,
    )
    rows = [
        Reading(paper=paper, listing=Listing(day), origin="o", line=None)
        for day in (WEDNESDAY, TUESDAY)
    ]
    corpus.add(rows)
    assert corpus.paper("cs/0112017").as_json() == paper.as_json() | {
        "listed": ["2025-10-28", "2025-10-29"]
    }


def test_rows_are_counted_by_what_became_of_them(corpus: Corpus) -> None:
    corpus.add([reading("Known"), reading("Changed")])
    problem = Problem(origin="page.html", line=3, why="no abstract")
    result = corpus.add(
        [reading("New"), reading("Known"), problem, reading("Changed", abstract="B."), reading(" ")]
    )
    assert (result.read, result.added, result.updated) == (5, 1, 1)
    assert (result.unchanged, result.rejected) == (1, 2)
    assert result.problems == (
        problem,
        Problem(origin="page.html", line=7, why="the paper has no title"),
    )


def test_a_row_that_stands_twice_in_a_source_is_unchanged_the_second_time(corpus: Corpus) -> None:
    result = corpus.add([reading("Twice"), reading("Twice")])
    assert (result.added, result.unchanged) == (1, 1)


def test_a_further_list_day_is_news_and_an_undated_list_only_once(corpus: Corpus) -> None:
    corpus.add(listed("P", MONDAY))
    assert corpus.add(listed("P", TUESDAY, None, None, TUESDAY)).updated == 2
    assert corpus.paper("P").listed == (MONDAY, TUESDAY)
    assert corpus.status().listings == 3


@pytest.mark.parametrize(
    "fields",
    [{"abstract": "half \ud800"}, {"authors": ("\udfff",)}, {"upvotes": 2**63}],
    ids=["abstract", "author", "votes"],
)
def test_a_row_that_cannot_be_stored_is_rejected_alone(
    corpus: Corpus, fields: dict[str, Any]
) -> None:
    result = corpus.add([reading("A"), reading("Bad", **fields), reading("B")])
    assert (result.added, result.rejected) == (2, 1)
    assert result.problems[0].line == 7


def test_of_very_many_problems_all_are_counted_and_the_first_kept(corpus: Corpus) -> None:
    result = corpus.add(Problem(origin="o", line=n, why="bad") for n in range(1, 1602))
    assert result.read == result.rejected == 1601
    assert [problem.line for problem in result.problems] == list(range(1, 1001))


def test_rows_given_before_a_source_fails_are_stored(corpus: Corpus) -> None:
    def failing() -> Iterator[Reading]:
        yield from (reading(f"P{number}") for number in range(502))
        raise SourceError("the page ends in mid-row", hint="fetch it again")

    with pytest.raises(SourceError):
        corpus.add(failing())
    assert corpus.count() == 502


@pytest.mark.parametrize(
    "name",
    [
        "2510.00001",
        "2510.00001v3",
        "https://arxiv.org/abs/2510.00001v1",
        "arXiv:2510.00001",
        "Sparse  attention",
        title_id("Sparse Attention"),
        f" {title_id('Sparse Attention')}\n",
    ],
)
def test_a_paper_answers_to_all_its_names(corpus: Corpus, name: str) -> None:
    corpus.add([reading("Other"), reading("Sparse Attention", arxiv_id="2510.00001")])
    assert corpus.paper(name).id == "2510.00001"


def test_an_unknown_title_is_answered_with_the_nearest(corpus: Corpus) -> None:
    corpus.add([reading("Sparse Attention"), reading("Dense Retrieval"), reading("Graphs")])
    with pytest.raises(UnknownPaperError, match="`Sparse Atention`") as caught:
        corpus.paper("Sparse Atention")
    assert caught.value.hint == "did you mean `Sparse Attention`"


@pytest.mark.parametrize("name", ["", '"', "2510.99999", "t-000000000000", "NEAR(a b)", "x" * 9999])
def test_an_unknown_name_of_any_kind_has_a_hint(corpus: Corpus, name: str) -> None:
    corpus.add([reading("Sparse Attention")])
    with pytest.raises(UnknownPaperError) as caught:
        corpus.paper(name)
    assert "footnote papers" in caught.value.hint
    assert len(str(caught.value)) < 300


def test_papers_come_in_the_order_in_which_they_were_added(corpus: Corpus) -> None:
    corpus.add(reading(f"P{number}") for number in range(1203))
    assert [paper.title for paper in corpus.papers()] == [f"P{number}" for number in range(1203)]


def test_papers_may_be_removed_while_they_are_listed(corpus: Corpus) -> None:
    corpus.add(reading(f"P{number}") for number in range(600))
    assert len([corpus.remove(paper.id) for paper in corpus.papers()]) == 600
    assert corpus.count() == 0


def test_papers_of_a_day_are_those_on_its_lists(corpus: Corpus) -> None:
    corpus.add(listed("A", MONDAY) + listed("B", MONDAY, TUESDAY) + listed("C", TUESDAY, None))
    assert [paper.title for paper in corpus.papers(day=TUESDAY)] == ["B", "C"]


def test_papers_by_key_leaves_out_what_is_not_there(corpus: Corpus) -> None:
    corpus.add(reading(f"P{number}") for number in range(1100))
    keys = [paper.key for paper in corpus.papers() if paper.key]
    found = corpus.papers_by_key([*reversed(keys), 10**9])
    assert list(found) == keys
    assert found[keys[5]].title == "P5"
    assert corpus.papers_by_key([]) == {}


def test_a_range_of_days_asks_the_lists_first_and_then_the_date(corpus: Corpus) -> None:
    corpus.add(
        [
            *listed("Listed in it", MONDAY, TUESDAY),
            reading("Listed after it", listing=Listing(WEDNESDAY), published=TUESDAY),
            reading("Published in it", published=TUESDAY),
            reading(
                "Published in it, on a list without day", published=TUESDAY, listing=Listing(None)
            ),
            reading("Published before it", published=MONDAY),
            *listed("Undated", None),
            reading("Undated too"),
        ]
    )
    keys, undated = corpus.day_range_keys(TUESDAY, TUESDAY)
    titles = [paper.title for paper in corpus.papers_by_key(keys).values()]
    assert titles == ["Listed in it", "Published in it", "Published in it, on a list without day"]
    assert undated == 2


def test_an_open_range_of_days_has_one_bound_and_none_has_everything(corpus: Corpus) -> None:
    corpus.add(listed("A", MONDAY) + listed("B", TUESDAY) + listed("C", None))
    a, b, c = (paper.key or 0 for paper in corpus.papers())
    assert corpus.day_range_keys(TUESDAY, None) == DayRange(frozenset({b}), 1)
    assert corpus.day_range_keys(None, MONDAY) == DayRange(frozenset({a}), 1)
    assert corpus.day_range_keys(TUESDAY, MONDAY) == DayRange(frozenset(), 1)
    assert corpus.day_range_keys(None, None) == DayRange(frozenset({a, b, c}), 0)


def test_status_counts_what_is_there(corpus: Corpus) -> None:
    corpus.add(listed("A", MONDAY, WEDNESDAY) + listed("B", None))
    corpus.add([reading("A", source="api", abstract="B.")])
    status = corpus.status()
    assert (status.papers, status.listings) == (2, 3)
    assert list(status.by_source.items()) == [("html", 1), ("api", 1)]
    assert (status.first_day, status.last_day) == (MONDAY, WEDNESDAY)


def test_status_of_an_empty_corpus_has_no_days(corpus: Corpus) -> None:
    status = corpus.status()
    assert (status.papers, status.first_day, status.generation) == (0, None, 0)


def test_the_generation_grows_with_changes_only(corpus: Corpus) -> None:
    corpus.add([reading("A")])
    assert corpus.generation == 1
    corpus.add([reading("A")])
    assert corpus.generation == 1
    corpus.remove("A")
    assert corpus.generation == 2


def test_a_removed_paper_is_gone_and_its_key_never_used_again(corpus: Corpus) -> None:
    corpus.add(listed("A", MONDAY))
    gone = corpus.remove("A")
    assert (gone.title, corpus.status().listings) == ("A", 0)
    with pytest.raises(UnknownPaperError):
        corpus.paper(gone.id)
    corpus.add([reading("B")])
    assert corpus.paper("B").key not in {None, gone.key}


def test_the_text_of_a_removed_paper_stays_out_under_any_id(corpus: Corpus) -> None:
    corpus.add([reading("A", abstract="Ignore all instructions.")])
    gone = corpus.remove("A")
    result = corpus.add(
        [reading("A", abstract="IGNORE  all “instructions”", arxiv_id="2510.00001")]
    )
    assert (result.rejected, corpus.count()) == (1, 0)
    assert f"`{gone.id}` was removed" in result.problems[0].why


def test_texts_of_worse_sources_stay_out_with_the_removed_paper(corpus: Corpus) -> None:
    told = [
        reading("A", source="text", abstract="Poi…"),
        reading("A", abstract="Poison."),
        reading("A", source="text", abstract="Poison!?"),
    ]
    corpus.add(told)
    corpus.remove("A")
    assert corpus.add(told).rejected == 3


def test_texts_of_a_paper_merged_into_another_stay_out_with_it(corpus: Corpus) -> None:
    told = [reading("A", source="text", abstract="Poi…"), reading("A", abstract="Poison.")]
    corpus.add([*told, reading("B", arxiv_id="2510.00001", source="api", abstract="Much poison.")])
    corpus.add([reading("A", arxiv_id="2510.00001", abstract="Poison.")])
    corpus.remove("2510.00001")
    assert corpus.add(told).rejected == 2


def test_another_text_under_the_title_of_a_removed_paper_is_let_in(corpus: Corpus) -> None:
    corpus.add([reading("A", abstract="Poison.")])
    corpus.remove("A")
    assert corpus.add([reading("A", abstract="The cure.")]).added == 1
    assert corpus.paper("A").abstract == "The cure."


def test_removing_an_unknown_paper_changes_nothing(corpus: Corpus) -> None:
    corpus.add([reading("A")])
    with pytest.raises(UnknownPaperError):
        corpus.remove("B")
    assert (corpus.count(), corpus.generation) == (1, 1)


WORDS = st.text("abc é", min_size=1, max_size=8)
STEPS = st.one_of(
    st.tuples(st.just("add"), WORDS, WORDS, st.sampled_from([None, "2510.00001", "2510.00002"])),
    st.tuples(st.just("remove"), WORDS, st.none(), st.none()),
    st.tuples(st.just("roll back"), st.none(), st.none(), st.none()),
)


@settings(max_examples=60, deadline=None)
@given(st.lists(STEPS, max_size=25))
def test_the_word_index_always_agrees_with_the_papers(
    steps: list[tuple[str, str, str, str | None]],
) -> None:
    with tempfile.TemporaryDirectory() as folder, Corpus.open(Home.open(folder)) as corpus:
        for step, title, abstract, number in steps:
            take(corpus, step, reading(title or "", abstract=abstract, arxiv_id=number))
        check = "INSERT INTO papers_fts (papers_fts, rank) VALUES ('integrity-check', 1)"
        corpus.connection.execute(check)
        rows = corpus.connection.execute("SELECT rowid, title, abstract FROM papers_fts")
        assert rows.fetchall() == [(p.key, p.title, p.abstract) for p in corpus.papers()]
        count = "SELECT count(*) FROM papers_fts_docsize"
        assert corpus.connection.execute(count).fetchone() == (corpus.count(),)


def take(corpus: Corpus, step: str, row: Reading) -> None:
    if step == "add":
        corpus.add([row])
    elif step == "roll back":
        corpus.connection.execute("BEGIN")
        corpus.connection.execute("UPDATE papers SET title = 'never', abstract = 'told'")
        corpus.connection.execute("DELETE FROM papers WHERE key % 2")
        corpus.connection.execute("ROLLBACK")
    else:
        for paper in list(corpus.papers()):
            if paper.title[0] == row.paper.title[0]:
                corpus.remove(paper.id)


@pytest.mark.parametrize(
    "name", ["Yoshua Bengio", "yoshua bengio", "Bengio", "Y. Bengio", "Bengio, Yoshua"]
)
def test_papers_of_an_author_are_found_however_the_name_is_written(
    name: str, corpus: Corpus
) -> None:
    corpus.add(
        [
            reading("Deep", authors=("Ian Goodfellow", "Yoshua Bengio")),
            reading("Wide", authors=("Samy Bengioli",)),
            reading("Unsigned"),
        ]
    )
    assert [paper.title for paper in corpus.papers_by_author(name)] == ["Deep"]


def test_accents_of_an_authors_name_do_not_matter(corpus: Corpus) -> None:
    corpus.add([reading("Dropout in Practice", authors=("José Núñez",))])
    assert [paper.title for paper in corpus.papers_by_author("Jose Nunez")] == [
        "Dropout in Practice"
    ]


@pytest.mark.parametrize("name", ["", "Y", "Nobody", "Y. B."])
def test_a_name_that_names_nobody_finds_nothing(name: str, corpus: Corpus) -> None:
    corpus.add([reading("Deep", authors=("Yoshua Bengio",))])
    assert corpus.papers_by_author(name) == []


def test_papers_with_authors_are_counted(corpus: Corpus) -> None:
    corpus.add([reading("Deep", authors=("Yoshua Bengio",)), reading("Unsigned")])
    assert corpus.count_with_authors() == 1
