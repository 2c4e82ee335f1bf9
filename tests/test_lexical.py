"""Words of a question, found whatever else the question holds."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import NamedTuple

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from index.building import silent
from index.corpus import Corpus
from index.home import Home
from index.large_lexical import LargeLexical
from index.lexical import MOST_WORDS, STOP_WORDS, content_words, holds_word, word_scores
from index.papers import Paper, Reading

PAPERS = {
    "Kites over mud": "Cameras hang from kites. NEAR the sea they map mud flats and AND gates.",
    "Bread by ear": "A loaf that is done sounds hollow; kites do not.",
    "Crème brûlée physics": "Caramel cracks like glass at 25\\% humidity.",
    "漢字 in the wild": "Signs of 漢字 are read by a naïve network.",
}


class Engine(NamedTuple):
    """A corpus, and what finds words in it."""

    corpus: Corpus
    scores: Callable[..., dict[int, float]]


@contextmanager
def opened(name: str, folder: Path, papers: Iterable[Paper]) -> Iterator[Engine]:
    with Corpus.open(Home.open(folder)) as corpus:
        corpus.add(Reading(paper=p, listing=None, origin="api", line=None) for p in papers)
        large = LargeLexical(folder / "words", least=1)
        large.follow(corpus, progress=silent)
        scores = partial(word_scores, corpus.connection)
        yield Engine(corpus, large.scores if name == "tantivy" else scores)


@pytest.fixture(scope="module", params=["FTS5", "tantivy"])
def engine(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Engine]:
    """Both engines keep the same promises."""
    papers = [Paper(title=t, abstract=a, source="api") for t, a in PAPERS.items()]
    with opened(request.param, tmp_path_factory.mktemp("words"), papers) as engine:
        yield engine


def found(
    engine: Engine, question: str, *, limit: int = 10, keys: set[int] | None = None
) -> list[str]:
    scores = engine.scores(question, limit=limit, keys=keys)
    assert list(scores.values()) == sorted(scores.values(), reverse=True)
    papers = engine.corpus.papers_by_key(scores)
    return [papers[key].title.split()[0] for key in scores]


@pytest.mark.parametrize(
    ("question", "first"),
    [
        ("kite", "Kites"),
        ("Which loaves sound hollow?", "Bread"),
        ("creme brulee", "Crème"),
        ("漢字", "漢字"),
        ("NAIVE NETWORKS", "漢字"),
    ],
)
def test_a_paper_is_found_by_its_words_in_any_form(
    engine: Engine, question: str, first: str
) -> None:
    assert found(engine, question)[0] == first


def test_a_word_of_the_title_counts_more(engine: Engine) -> None:
    assert found(engine, "kites") == ["Kites", "Bread"]


def test_the_more_words_the_better(engine: Engine) -> None:
    one, two = (
        engine.scores(question, limit=1, keys=None) for question in ("caramel", "caramel glass")
    )
    assert two[3] > one[3] > 0


@pytest.mark.parametrize(
    "question",
    ["", " \t\n", "?", "the of and to", "AND OR NOT", "Which of these is it?", "_ __", "\0", "…«»"],
)
def test_a_question_of_stop_words_or_marks_finds_nothing(engine: Engine, question: str) -> None:
    assert found(engine, question) == []


@pytest.mark.parametrize(
    "question",
    [
        "NEAR(loaf hollow, 2)",
        "loaf AND AND",
        "NOT loaf",
        "loaf NOT",
        '"loaf',
        'lo""af loaf"',
        "title : loaf",
        "{title abstract} : loaf",
        "-title:loaf",
        "^loaf*",
        "loaf + ",
        "(loaf",
        "loaf; DROP TABLE papers; --",
        "'loaf''",
        "loaf\0hollow",
        "\x1b[31m loaf\x07",
        "loaf\ud800",
        "loaf" + " padding" * 1000,
        "loaf " + "x" * 10_000,
        " ".join(["loaf", *(f"word{n}" for n in range(2000))]),
    ],
)
def test_operators_and_oddities_are_words_or_nothing(engine: Engine, question: str) -> None:
    assert "Bread" in found(engine, question)
    assert engine.corpus.count() == len(PAPERS)


@given(st.one_of(st.text(), st.text("\"*^():{}+-'\\ ANDORTE\0\x1f", max_size=40)))
@example("x" * 10_000)
@example("\N{COMBINING ACUTE ACCENT}" * 10)
@settings(deadline=None)
def test_no_question_is_an_error(engine: Engine, question: str) -> None:
    assert set(found(engine, question)) <= {title.split()[0] for title in PAPERS}


def test_only_the_papers_of_the_keys_are_found(engine: Engine) -> None:
    assert found(engine, "kites caramel", keys={2, 3, 99}) == ["Crème", "Bread"]
    assert found(engine, "kites", keys={3}) == []
    assert found(engine, "kites", keys=set()) == []
    assert found(engine, "kites", keys=set(range(1, 100_000))) == ["Kites", "Bread"]


def test_no_more_than_the_limit_are_found_and_those_are_the_best(engine: Engine) -> None:
    assert found(engine, "kites", limit=1) == ["Kites"]


@pytest.mark.parametrize("name", ["FTS5", "tantivy"])
def test_equal_papers_come_in_the_order_of_keys(name: str, tmp_path: Path) -> None:
    papers = [
        Paper(title="Twin", abstract="Same.", source="api", arxiv_id=f"2501.0000{n}")
        for n in (3, 1, 2)
    ]
    with opened(name, tmp_path, papers) as engine:
        assert list(engine.scores("twin", limit=10, keys=None)) == [1, 2, 3]


def test_a_word_is_held_in_any_of_its_forms(engine: Engine) -> None:
    connection = engine.corpus.connection
    assert [holds_word(connection, word) for word in ("kite", "LOAVES", "nait", "the", '"')] == [
        True,
        False,
        False,
        False,
        False,
    ]


def test_content_words_come_once_in_order_and_in_lower_case() -> None:
    assert content_words("Is the KITE in a kite-storm, or_not?") == ["kite", "storm"]
    assert content_words("GPT-4's ℓ2 bound: 25\\%") == ["gpt", "4", "s", "ℓ2", "bound", "25"]


@given(st.text())
def test_content_words_hold_no_stop_word_twice_or_mark(text: str) -> None:
    words = content_words(text)
    assert len(words) == len(set(words)) <= MOST_WORDS
    assert not STOP_WORDS.intersection(words)
    assert all(word.isalnum() for word in words)


def test_a_question_is_cut_after_its_first_words() -> None:
    words = [f"word{number}" for number in range(MOST_WORDS + 50)]
    assert content_words(" ".join(words)) == words[:MOST_WORDS]
