"""Follow-ups: which messages are, and what is found for them."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.conversation import Turn
from assistant.declining import THRESHOLD
from assistant.understanding.followups import FAINT, FollowUp, answered, cited, depends, standalone
from index.papers import Paper
from index.search import Found, Searcher

SOUPS = "Model soups: averaging weights of multiple fine-tuned models improves accuracy without"
TWIN = "Twin-Merging: Dynamic Integration of Modular Expertise in Model Merging"
DICOW = "DiCoW: Diarization-Conditioned Whisper for Target Speaker Automatic Speech Recognition"
UDISTIL = (
    "uDistil-Whisper: Label-Free Data Filtering for Knowledge Distillation in Low-Data Regimes"
)
KITES, BREAD, CATS = (
    Paper(title=title, abstract="…", source="text", key=key)
    for key, title in enumerate(["Kites map mud flats", "Hollow loaves", "Purring engines"], 1)
)
SHELF = {paper.id: paper for paper in (KITES, BREAD, CATS)}


def said(*turns: tuple[str, Sequence[Paper]]) -> list[Turn]:
    """A history of questions and of the papers that their answers cited."""
    history = []
    for text, papers in turns:
        answer = Turn("assistant", "…", tuple(paper.id for paper in papers))
        history += [Turn("user", text), answer]
    return history


def found(searcher: Searcher, message: str, *turns: tuple[str, str]) -> Found:
    """Search for a message after questions that were answered from papers of these titles."""
    shelf = {paper.title: paper for paper in searcher.corpus.papers()}
    named = [(text, [p for t, p in shelf.items() if t.startswith(title)]) for text, title in turns]
    history = said(*named)
    follow_up = standalone(message, history, searcher.papers(cited(history)))
    return searcher.search(follow_up.asked, limit=5, context=follow_up.context)


def lifted(follow_up: FollowUp) -> dict[int, float]:
    assert follow_up.context is not None
    return dict(follow_up.context.lifts)


ABOUT_SOUPS = ("Can several fine-tuned models be averaged into one?", SOUPS)
ABOUT_DICOW = ("How does Whisper follow one speaker among several?", DICOW)


@pytest.mark.parametrize(
    ("message", "before", "title"),
    [
        ("Does it cost more at inference time?", ABOUT_SOUPS, SOUPS),
        ("What accuracy did they reach on ImageNet?", ABOUT_SOUPS, SOUPS),
        ("What if they disturb one another, because the tasks differ?", ABOUT_SOUPS, TWIN),
        ("Is it limited to that model?", ABOUT_DICOW, DICOW),
        ("And could the same model be made smaller without any labels?", ABOUT_DICOW, UDISTIL),
    ],
)
def test_a_follow_up_finds_what_it_is_about(
    searcher: Searcher, message: str, before: tuple[str, str], title: str
) -> None:
    hits = found(searcher, message, before).hits
    assert hits[0].paper.title.startswith(title)


@pytest.mark.parametrize("message", ["Why?", "Tell me more.", "and how exactly?", "Explain", "?"])
def test_a_message_without_words_of_its_own_is_about_the_last_answer(
    searcher: Searcher, message: str
) -> None:
    after = found(searcher, message, ABOUT_DICOW, ABOUT_SOUPS)
    assert after.hits[0].paper.title.startswith(SOUPS)
    assert after.question == ABOUT_SOUPS[0]


@pytest.mark.parametrize(
    ("question", "title"),
    [
        ("How does SOAP improve on Shampoo and Adam?", "SOAP"),
        ("What is left of the memory that a large vocabulary's loss takes?", "Cut Your Losses"),
        (
            "Which pictures does Inverse Cooking turn into recipes, and how does it do it?",
            "Inverse",
        ),
    ],
)
def test_a_new_question_is_not_drawn_to_the_old_topic(
    searcher: Searcher, question: str, title: str
) -> None:
    alone = searcher.search(question, limit=5)
    after = found(searcher, question, ABOUT_DICOW, ABOUT_SOUPS)
    assert [hit.paper.id for hit in after.hits] == [hit.paper.id for hit in alone.hits]
    assert after.hits[0].paper.title.startswith(title)


def test_a_follow_up_that_is_answered_is_not_declined_for_its_brevity(searcher: Searcher) -> None:
    after = found(searcher, "What accuracy did they reach on ImageNet?", ABOUT_SOUPS)
    assert answered(after) >= THRESHOLD
    assert len(after.rewordings) == 2


def test_a_follow_up_about_nothing_there_is_declined(searcher: Searcher) -> None:
    after = found(searcher, "And which oven temperature suits sourdough?", ABOUT_SOUPS)
    assert answered(after) < THRESHOLD


@pytest.mark.parametrize(
    "message",
    [
        "Does it fly at night?",
        "Does that one need wind?",
        "And in winter, when the ice is on the mud?",
        "What about places where no kite may be flown because an airport is near?",
        "Is there a similar way for rocky shores with cliffs?",
        "Can the cameras of that method be bought anywhere?",
        "What does the first paper say about gulls?",
        "How do the two compare on the cost of an hour of flight?",
        "Same question, but for lakes that fall dry in summer",
        "Which wind?",
        "why?",
        "[2]?",
        "Would a drone be of use there?",
    ],
)
def test_what_points_back_is_a_follow_up(message: str) -> None:
    assert depends(message)


@pytest.mark.parametrize(
    "question",
    [
        "How do kites map mud flats that fall dry at low tide?",
        "What is SOAP?",
        "Why do pendulum clocks lose time in summer, and how is that prevented?",
        "Is it possible to map mud flats from kites with cheap cameras?",
        "I have hourly pictures of a coast. Can the water level be read from them?",
        "How does ResNet-50 fare if its last layer is frozen?",
        "Can one tell by a knock whether a loaf of bread is baked through?",
    ],
)
def test_what_stands_alone_is_no_follow_up(question: str) -> None:
    assert not depends(question)
    follow_up = standalone(question, said(("How do cats purr?", [CATS])), SHELF)
    assert (follow_up.asked, follow_up.question) == (question, question)
    assert follow_up.context is None or follow_up.context.weight == FAINT


@given(st.text())
def test_without_a_history_every_message_stands_alone(message: str) -> None:
    assert standalone(message, [], {}) == FollowUp(message, message, None)


@given(st.text(), st.lists(st.tuples(st.text(), st.lists(st.sampled_from([KITES, BREAD, CATS])))))
def test_whatever_is_said_there_is_something_to_search_for(
    message: str, turns: list[tuple[str, list[Paper]]]
) -> None:
    history = said(*turns)
    follow_up = standalone(message, history, SHELF)
    assert follow_up.context is None or follow_up.asked.strip()
    assert set(cited(history)) <= set(SHELF)


@pytest.mark.parametrize(
    ("message", "paper"),
    [
        ("What about [2]?", BREAD),
        ("And the second one, what did it cost?", BREAD),
        ("Does the latter need an oven?", BREAD),
        ("Does the former need wind?", KITES),
        ("What does the first paper conclude?", KITES),
        ("How did they find out in paper 1?", KITES),
        ("And the second?", BREAD),
    ],
)
def test_a_number_names_a_paper_of_the_last_answer(message: str, paper: Paper) -> None:
    history = said(("How do cats purr?", [CATS]), ("What rises?", [KITES, BREAD]))
    follow_up = standalone(message, history, SHELF)
    assert list(lifted(follow_up)) == [paper.key]
    assert f"(on “{paper.title}”)" in follow_up.question


def test_with_one_paper_an_answer_the_first_is_that_of_the_answer_before() -> None:
    history = said(("What flies?", [KITES]), ("What rises?", [BREAD]))
    assert list(lifted(standalone("What did the first one cost?", history, SHELF))) == [KITES.key]
    assert list(lifted(standalone("Do the two agree?", history, SHELF))) == [KITES.key, BREAD.key]


@pytest.mark.parametrize("message", ["What about [7]?", "And [0]?", "And the fifth one?"])
def test_a_number_that_no_paper_has_names_none(message: str) -> None:
    history = said(("What rises?", [KITES, BREAD]))
    assert set(lifted(standalone(message, history, SHELF))) == {KITES.key, BREAD.key}


def test_what_asks_for_another_paper_ranks_the_last_ones_lower() -> None:
    history = said(("What flies?", [KITES]))
    assert lifted(standalone("Is there one for rocky shores?", history, SHELF))[1] < 0
    assert lifted(standalone("Does it need wind?", history, SHELF))[1] > 0


def test_after_an_answer_without_papers_the_question_before_is_carried() -> None:
    history = said(("What flies?", [KITES]), ("What about gliders over lakes?", []))
    follow_up = standalone("And in winter?", history, SHELF)
    assert follow_up.context is not None
    assert "gliders over lakes" in follow_up.context.question
    assert KITES.title in follow_up.context.question


def test_papers_that_the_corpus_no_longer_holds_do_not_matter() -> None:
    history = said(("What flies over mud flats?", [KITES]))
    follow_up = standalone("Does it need wind?", history, {})
    assert follow_up.question == "What flies over mud flats? Does it need wind?"
    assert follow_up.context is not None
    assert follow_up.context.topic == ()
