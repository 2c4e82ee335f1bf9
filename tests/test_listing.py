"""Lists of papers: of days, on a subject, by an author."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from assistant import assembling
from assistant.answering import Assistant
from assistant.answers import Answer
from assistant.days_in_words import day_in_words
from assistant.listing import LISTED
from assistant.settings import Settings
from eval.gold import Silence

TODAY = date(2025, 10, 30)
"""A Thursday."""


def row(title: str, abstract: str, **fields: Any) -> dict[str, Any]:
    return {"title": title, "abstract": abstract, "source": "api", **fields}


ROWS = [
    row(
        "Kites over the Estuary",
        "Mud flats change with every tide. We hang cameras from kites to map mud flats.",
        listed=["2025-10-30"],
        upvotes=3,
        authors=["Maria Alvarez", "Jon Bell"],
    ),
    row(
        "Purring Engines",
        "Cats purr at 25 Hz. We show that the larynx of a cat vibrates without nerves.",
        listed=["2025-10-30"],
        upvotes=9,
        authors=["Jon Bell"],
    ),
    row(
        "Hollow Loaves",
        "A baker knocks on bread. We measure the hollow sound of bread that is done.",
        listed=["2025-10-28"],
    ),
    row("Roofs That Sing", "Rain on metal roofs is loud. We show that felt lowers the noise."),
    *(
        row(
            f"Clock {n}",
            f"Clock {n} loses time. We show that brass grows by {n} parts.",
            listed=["2025-09-01"],
        )
        for n in range(12)
    ),
]


@pytest.fixture(scope="module")
def assistant(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    folder = tmp_path_factory.mktemp("listing")
    source = folder / "papers.jsonl"
    source.write_text("".join(json.dumps(each) + "\n" for each in ROWS), encoding="utf-8")
    settings = Settings.read({"FOOTNOTE_NOW": TODAY.isoformat()}, home=folder / "home")
    with assembling.writer(settings, Silence()) as writer:
        report = writer.ingest([str(source)], as_of=TODAY)
    assert report.papers == len(ROWS)
    with assembling.assistant(settings, Silence()) as assistant:
        yield assistant


def titles(answer: Answer) -> list[str]:
    return [citation.paper.title for citation in answer.citations]


@pytest.mark.parametrize("message", ["summarize today's papers", "papers of 30 October"])
def test_papers_of_a_day_come_with_the_most_votes_first(message: str, assistant: Assistant) -> None:
    answer = assistant.ask(message)
    assert (answer.kind, answer.answered) == ("digest", True)
    assert titles(answer) == ["Purring Engines", "Kites over the Estuary"]
    assert answer.remark == "2 papers are dated 30 October 2025."
    assert answer.undated_left_out == 1


def test_each_paper_is_named_and_quoted(assistant: Assistant) -> None:
    for sentence in assistant.ask("today's papers").sentences:
        (quote,) = sentence.evidence
        assert sentence.verdict == "verbatim"
        assert sentence.text.endswith(quote.text)
        assert sentence.text.startswith("“")


def test_a_day_without_papers_says_so_and_names_the_latest_that_has_some(
    assistant: Assistant,
) -> None:
    answer = assistant.ask("what came out yesterday?")
    assert (answer.kind, answer.answered) == ("digest", False)
    assert answer.text.startswith("No paper is dated 29 October 2025.")
    assert "30 October 2025" in answer.text
    assert answer.citations == ()


def test_a_week_is_said_by_its_first_and_last_day(assistant: Assistant) -> None:
    answer = assistant.ask("what is new this week?")
    assert set(titles(answer)) == {"Purring Engines", "Kites over the Estuary", "Hollow Loaves"}
    assert "from 27 October 2025 up to 2 November 2025" in answer.remark


def test_of_many_papers_some_are_given_and_all_are_counted(assistant: Assistant) -> None:
    answer = assistant.ask("list all papers")
    assert len(answer.citations) == LISTED
    assert answer.remark == (
        f"{len(ROWS)} papers are in the corpus; these are the {LISTED} with the most votes."
    )


def test_a_digest_names_every_paper_of_its_days(assistant: Assistant) -> None:
    answer = assistant.ask("papers of 1 September")
    assert len(answer.citations) == 12
    assert answer.remark.startswith("12 papers are dated 1 September 2025.")


def test_days_and_a_subject_give_the_papers_of_both(assistant: Assistant) -> None:
    assert titles(assistant.ask("this week's papers on cats purring")) == ["Purring Engines"]


def test_days_of_the_caller_narrow_those_of_the_message(assistant: Assistant) -> None:
    answer = assistant.ask("what is new this week?", since=date(2025, 10, 29))
    assert set(titles(answer)) == {"Purring Engines", "Kites over the Estuary"}


def test_papers_of_an_author_are_listed(assistant: Assistant) -> None:
    answer = assistant.ask("papers by Jon Bell")
    assert set(titles(answer)) == {"Purring Engines", "Kites over the Estuary"}
    assert answer.remark == "2 papers are by Jon Bell."


def test_an_author_who_is_not_recorded_is_not_guessed(assistant: Assistant) -> None:
    answer = assistant.ask("everything by Yoshua Bengio please")
    assert not answer.answered
    assert "Yoshua Bengio" in answer.text
    assert f"2 of the {len(ROWS)} papers" in answer.text


def test_an_undated_paper_is_never_one_of_some_days(assistant: Assistant) -> None:
    for message in ("today's papers", "papers from last month", "papers since 2020"):
        assert "Roofs That Sing" not in titles(assistant.ask(message))


def test_a_day_is_written_out() -> None:
    assert day_in_words(date(2025, 3, 1)) == "1 March 2025"
