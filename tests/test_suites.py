"""The suites of the bundled sample: they say of its papers what is there, and ask about all."""

from __future__ import annotations

import json
from collections import Counter
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from eval.cases import Suite, read_suite
from index.papers import Paper, title_id
from index.passages import sentence_spans

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / "eval" / "suites"
SUITES = ("questions", "unanswerable", "synthesis", "conversations")
ANSWERED = ("questions", "synthesis", "conversations")


@cache
def rows(name: str) -> list[dict[str, Any]]:
    lines = (FOLDER / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


@pytest.fixture(scope="module")
def sample() -> dict[str, Paper]:
    """The papers of the sample, by title exactly as it is there, and by id."""
    lines = (ROOT / "index" / "sample.jsonl").read_text(encoding="utf-8").splitlines()
    told = [json.loads(line) for line in lines]
    papers = [Paper(title=t["title"], abstract=t["abstract"], source="sample") for t in told]
    return {name: paper for paper in papers for name in (paper.title, paper.id)}


@pytest.mark.parametrize("name", SUITES)
def test_titles_ids_and_evidence_are_those_of_the_sample(
    name: str, sample: dict[str, Paper]
) -> None:
    suite: Suite = read_suite(FOLDER / f"{name}.jsonl")

    assert len(suite.resolved(sample.get).cases) == len(rows(name))
    assert all(title in sample for row in rows(name) for title in row.get("near", ()))


@pytest.mark.parametrize("name", ANSWERED)
def test_evidence_lies_within_one_sentence(name: str, sample: dict[str, Paper]) -> None:
    abstracts = {paper.abstract for paper in sample.values()}
    sentences = {text[start:end] for text in abstracts for start, end in sentence_spans(text)}
    nuggets = [nugget for row in rows(name) for nugget in row.get("nuggets", ())]

    assert [n for n in nuggets if not any(n["evidence"] in each for each in sentences)] == []


@pytest.mark.parametrize("name", ANSWERED)
def test_a_fact_is_not_in_the_words_of_the_abstract(name: str, sample: dict[str, Paper]) -> None:
    nuggets = [nugget for row in rows(name) for nugget in row.get("nuggets", ())]

    assert [n for n in nuggets if n["fact"] in sample[n["paper"]].abstract] == []


def test_no_two_cases_share_an_id_or_a_question() -> None:
    every = [row for name in SUITES for row in rows(name)]

    assert len({row["id"] for row in every}) == len(every)
    assert len({row["question"].casefold() for row in every}) == len(every)
    assert all(row["origin"] for row in every)


def test_every_paper_is_asked_about_and_most_are_described(sample: dict[str, Paper]) -> None:
    asked = {title for row in rows("questions") for title in row["relevant"]}
    kinds = Counter(row["kind"] for row in rows("questions"))

    assert asked == {paper.title for paper in sample.values()}
    assert set(kinds) == {"described", "named"}
    assert sum(kinds.values()) >= 66
    assert 0.6 <= kinds["described"] / sum(kinds.values()) <= 0.7


def test_a_described_paper_is_not_named_by_the_question() -> None:
    for row in rows("questions"):
        names = [title.split(":")[0] for title in row["relevant"]]
        named = any(name.casefold() in row["question"].casefold() for name in names)

        assert not (named and row["kind"] == "described"), row["question"]


def test_a_question_has_two_to_five_nuggets_of_its_papers() -> None:
    for row in rows("questions"):
        assert 2 <= len(row["nuggets"]) <= 5
        assert {nugget["paper"] for nugget in row["nuggets"]} == set(row["relevant"])


def test_a_synthesis_needs_two_to_five_papers_each_with_a_nugget() -> None:
    assert len(rows("synthesis")) >= 12
    for row in rows("synthesis"):
        assert 2 <= len(row["relevant"]) <= 5
        assert {nugget["paper"] for nugget in row["nuggets"]} == set(row["relevant"])


def test_what_cannot_be_answered_is_of_five_kinds_and_names_no_paper_that_answers() -> None:
    kinds = Counter(row["kind"] for row in rows("unanswerable"))

    assert set(kinds) == {"near", "detail", "false-premise", "domain", "meta"}
    assert sum(kinds.values()) >= 24
    either = {row["kind"] for row in rows("unanswerable") if row["answerable"] is None}
    assert either == {"false-premise"}  # declining and correcting it are both right
    assert not any("relevant" in row or "nuggets" in row for row in rows("unanswerable"))


def test_a_false_premise_comes_with_the_words_that_correct_it(sample: dict[str, Paper]) -> None:
    for row in rows("unanswerable"):
        if row["kind"] == "false-premise":
            assert any(row["correction"] in sample[title].abstract for title in row["near"])


def test_a_conversation_goes_on_from_the_turn_before() -> None:
    said: dict[str, list[dict[str, Any]]] = {}
    for row in rows("conversations"):
        said.setdefault(row["id"].rpartition("-")[0], []).append(row)

    assert len(said) >= 12
    for name, turns in said.items():
        assert 3 <= len(turns) <= 5
        assert [turn["id"] for turn in turns] == [f"{name}-{n + 1}" for n in range(len(turns))]
        assert turns[0]["history"] == []
        for turn, following in pairwise(turns):
            *before, asked, answered = following["history"]
            assert before == turn["history"]
            assert asked == {"role": "user", "text": turn["question"]}
            assert answered["papers"] == [title_id(title) for title in turn["relevant"]]
