"""Search, from a question to ranked papers."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from index.building import Builder
from index.cache import Cache
from index.corpus import Corpus
from index.embedding import MiniLMEmbedder
from index.home import Home
from index.minilm import FloatArray, MiniLM
from index.papers import Listing, Paper, Reading, tidy
from index.search import CANDIDATES, QUESTION_TOKENS, Found, Searcher
from index.vector_folder import VectorFolder
from index.vectors import DamagedVectorsError, Vectors
from index.wordings import Context

MONDAY, TUESDAY, WEDNESDAY, THURSDAY = (date(2025, 10, day) for day in (27, 28, 29, 30))

KITES = (
    "Mud flats change with every tide. Cameras hang from kites, which fly at low water. "
    "The pictures show channels as narrow as a hand. Gulls did not mind the kites at all. "
    "A kite costs less than an hour of a drone. Wind is free. Rope is not."
)
PAPERS = {
    "Kites over the estuary": (KITES, MONDAY, None),
    "Hollow loaves": ("A baker knocks on bread. A hollow sound tells it is done.", TUESDAY, MONDAY),
    "Purring engines": ("Cats purr at 25 Hz, as the larynx vibrates.", None, WEDNESDAY),
    "Roofs that sing": ("Rain on metal roofs is loud. Felt lowers the noise.", None, None),
    "Slow clocks": ("Pendulum clocks lose time in summer, as brass grows.", THURSDAY, None),
}
"""Abstract, list day, day of publication."""


def reading(title: str, abstract: str, **fields: Any) -> Reading:
    day = fields.pop("day", None)
    paper = Paper(title=title, abstract=abstract, source="api", **fields)
    return Reading(paper=paper, listing=Listing(day) if day else None, origin="api", line=None)


class Index:
    """A home in use."""

    def __init__(self, place: Path, model: MiniLM) -> None:
        home = Home.open(place)
        self.model = model
        self.embedder = MiniLMEmbedder(model)
        self.corpus = Corpus.open(home)
        self.cache = Cache(home.cache, version="test")
        self.builder = Builder(self.embedder, model, self.cache)
        self.vectors = VectorFolder(home.vectors).make(version=self.builder.version)

    def add(self, *readings: Reading) -> None:
        self.corpus.add(readings)
        self.builder.complete(self.corpus, self.vectors)

    def searcher(self, vectors: Any) -> Searcher:
        return Searcher(
            self.corpus, vectors, self.builder, embedder=self.embedder, model=self.model
        )

    def search(self, question: str, *, limit: int = 10, **days: Any) -> Found:
        return self.searcher(self.vectors).search(question, limit=limit, **days)

    def by_words(self, question: str) -> Found:
        return self.searcher(None).search(question, limit=10)

    def close(self) -> None:
        self.vectors.close()
        self.cache.close()
        self.corpus.close()


def titles(found: Found) -> list[str]:
    return [hit.paper.title for hit in found.hits]


@pytest.fixture
def empty(tmp_path: Path, model: MiniLM) -> Iterator[Index]:
    index = Index(tmp_path / "home", model)
    yield index
    index.close()


def fill(index: Index) -> None:
    index.add(
        *(
            reading(title, abstract, day=day, published=published)
            for title, (abstract, day, published) in PAPERS.items()
        )
    )


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory, model: MiniLM) -> Iterator[Index]:
    """An index of PAPERS; not to be changed."""
    index = Index(tmp_path_factory.mktemp("search") / "home", model)
    fill(index)
    yield index
    index.close()


@pytest.fixture
def own(empty: Index) -> Index:
    """An index of PAPERS, to be changed."""
    fill(empty)
    return empty


@pytest.mark.parametrize(
    ("question", "title"),
    [
        ("How can mud flats be mapped from the air?", "Kites over the estuary"),
        ("When should I take my sourdough from the oven?", "Hollow loaves"),
        ("What makes the sound of a contented feline?", "Purring engines"),
        ("felt", "Roofs that sing"),
        ("WHY IS MY GRANDFATHER CLOCK LATE IN AUGUST", "Slow clocks"),
    ],
)
def test_the_paper_that_answers_comes_first(index: Index, question: str, title: str) -> None:
    found = index.search(question)
    assert titles(found)[0] == title
    assert sorted(titles(found)) == sorted(PAPERS)
    assert not found.degraded


def test_hits_are_numbered_from_the_best(index: Index) -> None:
    hits = index.search("Do gulls mind kites?").hits
    assert [hit.rank for hit in hits] == [1, 2, 3, 4, 5]
    scores = [hit.score for hit in hits]
    assert scores == sorted(scores, reverse=True)


@pytest.mark.parametrize("limit", [0, 1, 3])
def test_a_limit_cuts_the_list_and_changes_nothing_else(index: Index, limit: int) -> None:
    question = "Do gulls mind kites?"
    assert titles(index.search(question, limit=limit)) == titles(index.search(question))[:limit]


def test_no_more_hits_than_candidates_of_both_engines(empty: Index) -> None:
    empty.add(*(reading(f"Log {n}", f"Gull number {n} came.") for n in range(3 * CANDIDATES)))
    assert CANDIDATES <= len(empty.search("Which gulls came?", limit=999).hits) <= 2 * CANDIDATES


@pytest.mark.parametrize(
    "question", ["", "   ", "\n\t ", "\N{IDEOGRAPHIC SPACE}\N{NO-BREAK SPACE}"]
)
def test_an_empty_question_finds_nothing(index: Index, question: str) -> None:
    found = index.search(question)
    assert found.hits == ()
    assert found.encoded is None
    assert not found.degraded


def test_an_empty_corpus_has_no_hit(empty: Index) -> None:
    found = empty.search("Do gulls mind kites?")
    assert found.hits == ()
    assert not found.degraded


@given(st.text().map(tidy))
@example("\N{PILE OF POO}" * 3000)
@example("NEAR(a b) AND OR \" ' * ^ : -x")
@example("x" * 10_000)
@settings(max_examples=25, deadline=None)
def test_no_question_is_an_error(index: Index, question: str) -> None:
    found = index.search(question)
    assert found.question == question
    assert set(titles(found)) <= set(PAPERS)


def test_of_a_question_too_long_to_read_the_beginning_counts(index: Index) -> None:
    found = index.search("Do gulls mind kites? " * 20 + "Clock. " * 2000)
    assert found.encoded is not None
    assert len(found.encoded.ids) <= QUESTION_TOKENS + 2
    assert titles(found)[0] == "Kites over the estuary"


@pytest.mark.parametrize(
    ("days", "expected", "undated"),
    [
        ({}, set(PAPERS), 0),
        ({"since": TUESDAY}, {"Hollow loaves", "Purring engines", "Slow clocks"}, 1),
        ({"until": TUESDAY}, {"Kites over the estuary", "Hollow loaves"}, 1),
        ({"since": MONDAY, "until": MONDAY}, {"Kites over the estuary"}, 1),
        ({"since": WEDNESDAY, "until": WEDNESDAY}, {"Purring engines"}, 1),
        ({"since": date(2030, 1, 1)}, set(), 1),
        ({"since": THURSDAY, "until": MONDAY}, set(), 1),
    ],
)
def test_only_papers_of_the_days_are_found_and_undated_ones_counted(
    index: Index, days: dict[str, Any], expected: set[str], undated: int
) -> None:
    """The list day decides, where there is none the day of publication."""
    found = index.search("What is loud: bread, cats, clocks or kites?", **days)
    assert set(titles(found)) == expected
    assert found.undated_left_out == undated


def test_days_hold_for_a_search_by_words_too(index: Index) -> None:
    found = index.searcher(None).search("bread clocks kites", limit=10, since=TUESDAY)
    assert set(titles(found)) == {"Hollow loaves", "Slow clocks"}


def test_equal_papers_come_in_the_order_of_their_keys(empty: Index) -> None:
    numbers = ("2501.00003", "2501.00001", "2501.00002")
    empty.add(*(reading("Twins", "Papers that share a text.", arxiv_id=n) for n in numbers))
    empty.add(reading("Singles", "Something else entirely: bread."))
    hits = empty.search("Which papers share a text?").hits
    keys = [hit.paper.key for hit in hits[:3]]
    assert [hit.paper.title for hit in hits] == ["Twins"] * 3 + ["Singles"]
    assert keys == sorted(keys, key=lambda key: key or 0)
    assert len({hit.score for hit in hits[:3]}) == 1


def test_the_same_search_gives_the_same_scores(index: Index) -> None:
    one, other = (index.search("Do gulls mind kites?") for _ in range(2))
    assert [hit.score for hit in one.hits] == [hit.score for hit in other.hits]


def test_passages_lie_in_the_abstract_and_the_best_holds_the_answer(index: Index) -> None:
    for hit in index.search("Did gulls mind the kites?").hits:
        spans = sorted((each.start, each.end) for each in hit.passages)
        assert spans
        assert all(0 <= start < end <= len(hit.paper.abstract) for start, end in spans)
        assert all(end <= start for (_, end), (start, _) in pairwise(spans))
        assert [each.score for each in hit.passages] == sorted(
            (each.score for each in hit.passages), reverse=True
        )
    first = index.search("Did gulls mind the kites?").hits[0]
    best = first.passages[0]
    assert "Gulls did not mind the kites at all." in KITES[best.start : best.end]
    assert len(first.passages) == 2


def test_json_gives_the_text_of_each_passage_as_it_stands(index: Index) -> None:
    shown = index.search("Did gulls mind the kites?", limit=2).as_json()
    assert list(shown) == ["query", "degraded", "undated_left_out", "hits"]
    for hit in shown["hits"]:
        abstract = hit["paper"]["abstract"]
        for passage in hit["passages"]:
            text = abstract[passage["start"] : passage["end"]]
            assert passage["text"] == text == text.strip()
            assert text[-1] == "."


def test_without_chroma_words_alone_find(index: Index) -> None:
    found = index.by_words("Did gulls mind the kites?")
    assert found.degraded
    assert titles(found) == ["Kites over the estuary"]
    assert index.by_words("feline").hits == ()


class Failing:
    """A collection that fails so many times, as Chroma does."""

    def __init__(self, vectors: Vectors, times: int) -> None:
        self._vectors = vectors
        self._left = times

    def nearest(self, vector: FloatArray, **options: Any) -> Sequence[Any]:
        if self._left:
            self._left -= 1
            raise DamagedVectorsError("Nothing found on disk")
        return self._vectors.nearest(vector, **options)


@pytest.mark.parametrize(("times", "degraded"), [(0, False), (1, False), (2, True)])
def test_chroma_is_asked_twice_before_words_alone_serve(
    index: Index, times: int, degraded: bool
) -> None:
    failing = Failing(index.vectors, times)
    found = index.searcher(failing).search("Did gulls mind the kites?", limit=10)
    assert found.degraded == degraded
    assert titles(found)[0] == "Kites over the estuary"


def _removed(index: Index) -> None:
    index.corpus.remove("Purring engines")


def _changed(index: Index) -> None:
    index.corpus.add([reading("Purring engines", "Volcanoes tremble before dawn.")])


@pytest.mark.parametrize("change", [_removed, _changed])
def test_a_vector_of_a_text_that_the_corpus_no_longer_holds_shows_nothing(
    own: Index, change: Callable[[Index], None]
) -> None:
    question = "What makes the sound of a contented feline?"
    assert titles(own.search(question))[0] == "Purring engines"
    change(own)
    assert "Purring engines" not in titles(own.search(question))


def test_a_changed_paper_is_found_by_its_new_words_before_chroma_knows_them(own: Index) -> None:
    _changed(own)
    first = own.search("Do volcanoes tremble?").hits[0]
    assert first.paper.title == "Purring engines"
    assert first.paper.abstract == "Volcanoes tremble before dawn."
    best = first.passages[0]
    assert (best.start, best.end) == (0, len(first.paper.abstract))


def test_a_paper_not_yet_indexed_is_found_by_its_words(own: Index) -> None:
    own.corpus.add([reading("Tea cools", "Milk first keeps tea hot.")])
    assert titles(own.search("Does milk keep tea hot?"))[0] == "Tea cools"


def test_a_title_alone_is_no_hit(own: Index) -> None:
    own.add(reading("Gulls and kites", ""))
    assert "Gulls and kites" not in titles(own.search("gulls and kites"))


def test_given_papers_are_ranked_whatever_else_there_is(index: Index) -> None:
    papers = [p for p in index.corpus.papers() if p.title in ("Slow clocks", "Roofs that sing")]
    found = index.searcher(index.vectors).rank("why do clocks lose time", papers)
    assert titles(found) == ["Slow clocks", "Roofs that sing"]
    assert [hit.rank for hit in found.hits] == [1, 2]
    assert found.encoded is not None
    assert not found.degraded


@pytest.mark.parametrize("question", ["", "clocks"])
def test_no_papers_or_no_question_ranks_nothing(question: str, index: Index) -> None:
    papers = [] if question else list(index.corpus.papers())
    assert index.searcher(index.vectors).rank(question, papers).hits == ()


def key_of(index: Index, title: str) -> int:
    return next(p.key for p in index.corpus.papers() if p.title == title and p.key is not None)


def test_a_context_finds_what_the_question_leaves_unsaid(index: Index) -> None:
    clocks = key_of(index, "Slow clocks")
    context = Context("Does it get better in winter? Slow clocks", 0.7, topic=(clocks,))
    found = index.searcher(index.vectors).search(
        "Does it get better in winter?", limit=10, context=context
    )
    assert titles(found)[0] == "Slow clocks"
    assert found.question == "Does it get better in winter?"


def test_a_lift_moves_a_paper_of_the_topic_and_no_other(index: Index) -> None:
    clocks = key_of(index, "Slow clocks")
    searcher = index.searcher(index.vectors)
    for lift, place in ((30.0, 0), (-30.0, -1)):
        context = Context("cats", 0.7, topic=(clocks,), lifts={clocks: lift})
        found = searcher.search("why do cats purr", limit=10, context=context)
        assert titles(found)[place] == "Slow clocks"


def test_a_topic_outside_the_days_asked_for_is_not_found(index: Index) -> None:
    clocks = key_of(index, "Slow clocks")
    context = Context("Slow clocks", 0.7, topic=(clocks,), lifts={clocks: 30.0})
    found = index.searcher(index.vectors).search("why", limit=10, until=TUESDAY, context=context)
    assert found.hits
    assert "Slow clocks" not in titles(found)


def test_a_topic_that_the_corpus_no_longer_holds_does_not_matter(index: Index) -> None:
    context = Context("why do cats purr", 0.7, topic=(99,), lifts={99: 30.0})
    found = index.searcher(index.vectors).search("why", limit=10, context=context)
    assert titles(found)[0] == "Purring engines"


def test_further_wordings_are_read_and_compared(index: Index) -> None:
    context = Context("cats", 0.7, rewordings=("why do cats purr", " "))
    found = index.searcher(index.vectors).search("why", limit=10, context=context)
    ((text, encoded),) = found.rewordings
    assert text == "why do cats purr"
    first = found.hits[0]
    alone = index.search("why do cats purr").hits[0]
    assert first.paper.id == alone.paper.id
    assert first.compared_with(encoded).similarity == pytest.approx(alone.similarity, abs=1e-3)
