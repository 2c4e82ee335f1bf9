"""Which day a request means in a conversation, and what is said where it has no list."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from assistant.answering import Assistant
from assistant.answers import Answer
from index.search import Searcher
from tests.listed_papers import AFTER, BEFORE, DAY

Ask = Callable[..., Answer]

SATURDAY, SUNDAY = date(2025, 11, 1), date(2025, 11, 2)
MONDAY, TUESDAY = date(2025, 11, 3), date(2025, 11, 4)


@pytest.fixture
def ask(listed: Searcher) -> Ask:
    def asking(message: str, *, today: date) -> Answer:
        return Assistant(listed, today=today).ask(message)

    return asking


def days(answer: Answer) -> set[date]:
    return {day for citation in answer.citations for day in citation.paper.listed}


def test_a_day_is_given_as_a_digest(ask: Ask) -> None:
    answer = ask("summarize today's papers", today=DAY)
    assert (answer.kind, answer.answered, len(answer.citations)) == ("digest", True, 40)
    assert answer.remark == "40 papers are dated 30 October 2025."
    sections = [sentence.section for sentence in answer.sentences]
    assert sections[0] == "At a glance"
    assert len(set(sections)) > 4
    for sentence in answer.sentences:
        (quote,) = sentence.evidence
        assert sentence.text.endswith(quote.text)


@pytest.mark.parametrize(
    ("today", "said"),
    [
        (SATURDAY, "no list of today, Saturday, 1 November 2025: there is none at weekends."),
        (SUNDAY, "no list of today, Sunday, 2 November 2025: there is none at weekends."),
        (MONDAY, "no list of today, Monday, 3 November 2025, yet."),
    ],
)
def test_where_today_has_no_list_the_newest_is_given_and_named(
    today: date, said: str, ask: Ask
) -> None:
    answer = ask("summarize today's papers", today=today)
    assert answer.answered
    assert AFTER in days(answer)
    assert said in answer.remark
    assert "This is from the list of Friday, 31 October 2025." in answer.remark


def test_an_old_list_is_not_given_for_todays(ask: Ask) -> None:
    answer = ask("summarize today's papers", today=TUESDAY)
    assert not answer.answered
    assert answer.text.startswith("No paper is dated 4 November 2025.")
    assert "31 October 2025" in answer.text


def test_no_other_day_is_put_in_the_place_of_yesterday(ask: Ask) -> None:
    answer = ask("what came out yesterday?", today=SUNDAY)
    assert not answer.answered
    assert answer.text.startswith("No paper is dated 1 November 2025.")


def test_so_many_papers_are_those_with_the_most_votes(ask: Ask, listed: Searcher) -> None:
    answer = ask("the three most upvoted papers of 30 October", today=MONDAY)
    votes = sorted((p.upvotes or 0 for p in listed.corpus.papers(day=DAY)), reverse=True)
    assert [citation.paper.upvotes for citation in answer.citations] == votes[:3]
    assert answer.remark == (
        "40 papers are dated 30 October 2025; these are the 3 with the most votes."
    )
    one = ask("which paper of 30 October has the most votes?", today=MONDAY)
    assert [citation.paper.upvotes for citation in one.citations] == votes[:1]


def test_papers_of_a_day_are_compared(ask: Ask) -> None:
    answer = ask("compare yesterday's two papers on language models", today=AFTER)
    assert answer.answered
    assert 1 <= len(answer.citations) <= 2
    assert all(DAY in citation.paper.listed for citation in answer.citations)


def test_a_week_on_a_subject_is_that_week(ask: Ask) -> None:
    answer = ask("what was new last week on language models", today=TUESDAY)
    assert answer.answered
    assert days(answer) <= {BEFORE, DAY, AFTER}
    assert not ask("what was new last week on language models", today=DAY).answered
