"""Misspelt words of a question, mended by the papers found."""

from __future__ import annotations

from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.answering import Assistant
from assistant.understanding.spelling import distance, mended
from index.search import Searcher


def spelt(question: str, searcher: Searcher) -> str | None:
    hits = searcher.search(question, limit=10).hits
    return mended(question, hits, held=searcher.holds)


def test_misspelt_words_become_those_of_the_papers(searcher: Searcher) -> None:
    asked = "how do pionter netwroks choose"
    assert spelt(asked, searcher) == "how do pointer networks choose"


@pytest.mark.parametrize(
    "question",
    [
        "how do pointer networks choose their outputs",
        "how does KTO differ from DPO in pointer networks",
        "who is Maximilian Featherstonehaugh",
        "",
    ],
)
def test_words_that_are_right_short_or_far_from_any_stay(question: str, searcher: Searcher) -> None:
    assert spelt(question, searcher) is None


def test_misspelt_question_is_answered_and_says_how_it_was_read(searcher: Searcher) -> None:
    answer = Assistant(searcher).ask("HOW DO PIONTER NETWROKS CHOSE THEIR OUPUTS???")
    assert [each.paper.title for each in answer.citations] == ["Pointer Networks"]
    assert answer.understood is not None
    assert "pointer networks" in answer.understood


@pytest.mark.parametrize(
    ("one", "other", "letters"),
    [("ca", "abc", 3), ("netwroks", "networks", 1), ("", "abc", 3), ("same", "same", 0)],
)
def test_distance_counts_letters(one: str, other: str, letters: int) -> None:
    assert distance(one, other) == letters


@given(st.text("abc", max_size=6), st.text("abc", max_size=6))
def test_distance_is_that_of_the_definition(one: str, other: str) -> None:
    @cache
    def least(i: int, j: int) -> int:
        if not i or not j:
            return i + j
        ways = [least(i - 1, j) + 1, least(i, j - 1) + 1]
        ways.append(least(i - 1, j - 1) + (one[i - 1] != other[j - 1]))
        if i > 1 and j > 1 and one[i - 1] == other[j - 2] and one[i - 2] == other[j - 1]:
            ways.append(least(i - 2, j - 2) + 1)
        return min(ways)

    assert distance(one, other) == least(len(one), len(other))
