"""Measures of an answer beside faithfulness: each by hand."""

from __future__ import annotations

import pytest

from eval.long_texts import token_vectors
from eval.metrics.citing import cited_relevant, relevant_cited
from eval.metrics.declining import by_kind, curve, table
from eval.metrics.length import words
from eval.metrics.nuggets import Span, nugget_precision, nugget_recall, quoted, useful
from eval.metrics.relevance import relevance
from eval.metrics.standalone import Read, dangling
from eval.results import Result

EVIDENCE = Span("p", 100, 200)


@pytest.mark.parametrize(
    ("quotes", "held"),
    [
        ([Span("p", 0, 300)], True),
        ([Span("p", 100, 190)], True),
        ([Span("p", 100, 189)], False),
        ([Span("p", 50, 150), Span("p", 150, 190)], True),
        ([Span("other", 0, 300)], False),
        ([], False),
    ],
)
def test_evidence_is_quoted_if_nine_tenths_of_it_are(quotes, held):
    assert quoted(EVIDENCE, quotes) is held


@pytest.mark.parametrize(
    ("quote", "holds"),
    [
        (Span("p", 0, 151), True),  # 51 of the 100 characters of the evidence
        (Span("p", 0, 150), False),
        (Span("p", 190, 205), True),  # 10 of the quote's 15
        (Span("p", 195, 210), False),
        (Span("other", 0, 300), False),
    ],
)
def test_a_quote_is_useful_if_most_of_it_or_of_the_evidence_is_in_it(quote, holds):
    assert useful(quote, EVIDENCE) is holds


def test_nugget_recall_and_precision():
    assert nugget_recall([True, False, False]) == pytest.approx(1 / 3)
    assert nugget_recall([True, None]) is None
    assert nugget_precision([0, 2, 1, 0]) == 0.5


def test_cited_papers_are_compared_with_those_that_answer():
    assert relevant_cited({"a", "b"}, ["a", "c", "d"]) == pytest.approx(1 / 3)
    assert cited_relevant({"a", "b"}, ["a", "c", "d"]) == 0.5
    assert (relevant_cited(set(), ["a"]), cited_relevant(set(), ["a"])) == (0.0, 0.0)


def test_words_are_what_blanks_part():
    assert words(["Bees dance on combs.", "Really."]) == 5
    assert words([]) == 0


@pytest.mark.parametrize(
    ("text", "pointer"),
    [
        ("This halves the error.", "This"),
        ("These results hold for bees.", "These"),
        ("However, these gains are small.", "these"),
        ("In this setting, bees dance.", "this"),
        ("It halves the error.", "It"),
        ("Notably, it halves the error.", "it"),
        ("Our method halves the error.", "Our"),
        ("The proposed method halves the error.", "The proposed"),
        ("The results show that bees dance.", "The results"),
        ("Second, bees dance.", "Second"),
        ("The former dance more.", "The former"),
        ("Such a dance is rare.", "Such"),
        ("Both are slow.", "Both"),
        ("This paper is on bees.", None),
        ("In this work, bees dance.", None),
        ("It is well known that bees dance.", None),
        ("It remains unclear why bees dance.", None),
        ("The results of Lee hold.", None),
        ("The method of moments is old.", None),
        ("Both of the swarms are slow.", None),
        ("We train a network.", None),
        ("Bees dance on this.", None),
        ("Thisbe halves the error.", None),
        ("Items dance.", None),
    ],
)
def test_a_sentence_dangles_if_it_begins_by_pointing_at_what_is_not_there(text, pointer):
    assert dangling([Read(text)]) == [pointer]


def test_the_sentence_before_or_the_name_of_the_paper_resolves_a_pointer():
    assert dangling([Read("Bees dance."), Read("This is new.", follows=True)]) == [None, None]
    assert dangling([Read("“Bees”: It is new.", lead="“Bees”: ")]) == [None]
    assert dangling([Read("“Bees”: This is new.", lead="“Bees”: ")]) == ["This"]
    assert dangling([Read("Bees dance."), Read("This is new.")]) == [None, "This"]


def test_an_answer_to_the_question_is_more_relevant_than_one_to_another(model):
    question = "How do bees tell each other where flowers are?"
    answers = (
        "Bees tell each other the place of flowers by dances on the comb.",
        "Bees are insects that live in swarms of some thousands.",
        "Lentils are rinsed twice before they are cooked.",
    )
    (asked,) = model.encode([question])

    right, near, off = (relevance(asked, token_vectors(answer, model)) for answer in answers)

    assert 1 > right > 0.9
    assert right > near > off > 0
    assert off < 0.1


def result(outcome, answerable, *, kind="", score=None):
    return Result(
        id="x",
        question="?",
        kind=kind,
        relevant=(),
        answerable=answerable,
        cluster="x",
        outcome=outcome,
        answerability=score,
    )


RESULTS = [
    result("answered", True, kind="named", score=0.9),
    result("answered", True, kind="named", score=0.6),
    result("declined", True, kind="described", score=0.4),
    result("declined", False, kind="near", score=0.0),
    result("answered", False, kind="near", score=0.7),
    result("no_claims", False, kind="meta"),
    result("error", None),
]


def test_the_table_counts_what_was_declined_of_what_could_be_answered():
    assert table(RESULTS) == {
        "answerable": {"answered": 2, "declined": 1, "no_claims": 0, "error": 0},
        "unanswerable": {"answered": 1, "declined": 1, "no_claims": 1, "error": 0},
        "either": {"answered": 0, "declined": 0, "no_claims": 0, "error": 1},
    }
    assert by_kind(RESULTS)["named"]["answered"] == 2
    assert list(by_kind(RESULTS)) == ["named", "described", "near", "meta"]


def test_the_curve_says_what_other_thresholds_would_decline():
    third, half = pytest.approx(1 / 3), 0.5
    assert curve(RESULTS) == [
        (0.0, 0.0, 0.0),
        (0.4, 0.0, half),
        (0.6, third, half),
        (0.7, pytest.approx(2 / 3), half),
        (0.9, pytest.approx(2 / 3), 1.0),
        (1.0, 1.0, 1.0),
    ]
    assert curve(RESULTS[:3]) == []
