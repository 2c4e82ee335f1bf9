"""Answers over the bundled sample: cited sentence by sentence, or declined."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from assistant import assembling
from assistant.answering import Assistant, asked_words
from assistant.answers import Answer
from assistant.conversation import Conversation
from assistant.errors import QuestionError
from assistant.settings import Settings
from eval.gold import Silence
from index.papers import Paper

ANSWERED = {
    "How does Cut Cross-Entropy save memory?": "Cut Your Losses in Large-Vocabulary",
    "What do Pointer Networks choose their outputs from?": "Pointer Networks",
    "How do model soups combine fine-tuned models?": "Model soups",
    "What accuracy do model soups reach on ImageNet?": "Model soups",
}
SURVEYS = ("What do papers say about data scaling laws?", "Which papers study language models?")
DECLINED = (
    "Who won the football world cup in 2018?",
    "What is the capital of Australia?",
    "How long should bread dough rest in a cold kitchen?",
    "qwertzuiop asdfghjkl",
)


@pytest.fixture(scope="module")
def assistant(sample_home: Path) -> Iterator[Assistant]:
    settings = Settings.read({}, home=sample_home)
    with assembling.searcher(settings, Silence()) as searcher:
        yield Assistant(searcher)


def check_citations(answer: Answer) -> None:
    papers: dict[int, Paper] = {each.number: each.paper for each in answer.citations}
    appearing = list(dict.fromkeys(n for each in answer.sentences for n in each.citations))
    assert appearing == list(papers) == list(range(1, len(papers) + 1))
    for sentence in answer.sentences:
        assert sentence.citations
        assert {quote.citation for quote in sentence.evidence} == set(sentence.citations)
        for quote in sentence.evidence:
            assert papers[quote.citation].abstract[quote.start : quote.end] == quote.text
            assert sentence.text.endswith(quote.text)


@pytest.mark.parametrize(("question", "title"), ANSWERED.items())
def test_question_is_answered_from_its_paper(
    question: str, title: str, assistant: Assistant
) -> None:
    answer = assistant.ask(question)
    assert answer.answered
    assert answer.declined_because is None
    assert [citation.paper.title.startswith(title) for citation in answer.citations] == [True]


@pytest.mark.parametrize("question", [*ANSWERED, *SURVEYS])
def test_every_sentence_cites_words_of_the_abstract(question: str, assistant: Assistant) -> None:
    answer = assistant.ask(question)
    assert answer.sentences
    check_citations(answer)


@pytest.mark.parametrize("question", [*ANSWERED, *SURVEYS])
def test_text_joins_the_sentences_each_with_its_markers(
    question: str, assistant: Assistant
) -> None:
    answer = assistant.ask(question)
    assert answer.text == " ".join(
        sentence.text + " " + "".join(f"[{number}]" for number in sentence.citations)
        for sentence in answer.sentences
    )


@pytest.mark.parametrize("question", SURVEYS)
def test_survey_cites_several_papers(question: str, assistant: Assistant) -> None:
    assert len(assistant.ask(question).citations) >= 2


@pytest.mark.parametrize("question", DECLINED)
def test_declined_answer_cites_nothing_and_names_the_nearest_papers(
    question: str, assistant: Assistant
) -> None:
    answer = assistant.ask(question)
    assert not answer.answered
    assert answer.sentences == answer.citations == ()
    assert answer.declined_because
    for hit in answer.hits[:3]:
        assert f"“{hit.paper.title}”" in answer.text
    assert not re.search(r"\[\d+\]", answer.text)


def test_without_any_paper_the_answer_says_that_there_is_none(tmp_path: Path) -> None:
    settings = Settings.read({}, home=tmp_path)
    with assembling.writer(settings, Silence()):
        pass  # an empty home
    with assembling.assistant(settings, Silence()) as assistant:
        answer = assistant.ask("How do model soups work?")
    assert answer.declined_because == "nothing was found"
    assert answer.text == "The corpus holds no paper on this."


def test_same_question_gets_the_same_answer(assistant: Assistant) -> None:
    question = next(iter(ANSWERED))
    first, second = assistant.ask(question).as_json(), assistant.ask(question).as_json()
    assert {**first, "seconds": None} == {**second, "seconds": None}


def test_days_that_hold_no_paper_give_no_answer_and_count_undated_ones(
    assistant: Assistant,
) -> None:
    answer = assistant.ask(next(iter(ANSWERED)), since=date(1990, 1, 1), until=date(1990, 1, 2))
    assert not answer.answered
    assert answer.hits == ()
    assert answer.undated_left_out > 0


def test_limit_bounds_the_papers_looked_at(assistant: Assistant) -> None:
    answer = assistant.ask(SURVEYS[0], limit=2)
    assert len(answer.hits) == 2
    assert len(answer.citations) <= 2


@pytest.mark.parametrize(
    "question",
    [
        *("", " \n\t\u3000\u00a0 ", "\0", "\u202e\u200b", "\ud800", "\U0001f9e0"),
        *("?", "!!!", '" OR "', "* : ^ -", "NOT NOT ((( OR )) AND"),
        *("x", "7", "2 + 2", "a b c", "the", "why?"),
    ],
)
def test_question_without_a_word_to_search_for_is_an_error_with_a_hint(question: str) -> None:
    with pytest.raises(QuestionError) as caught:
        asked_words(question)
    assert caught.value.hint
    assert str(caught.value).isprintable()


def test_control_characters_and_bidi_overrides_leave_the_question() -> None:
    asked = asked_words("What\0 is\u0007 \x1b[31mmixup\u202e good\b for?\r\n")
    assert asked == "What is [31mmixup good for?"


def test_question_of_ten_thousand_characters_is_cut_not_refused(assistant: Assistant) -> None:
    question = next(iter(ANSWERED))
    answer = assistant.ask(f"{question} {'and so on ' * 5000}")
    assert len(answer.question) <= 10_000
    check_citations(answer)


@pytest.mark.parametrize(
    "question",
    [
        '"model soups" AND NEAR(averaging weights)',
        "title:soups OR abstract:weights*",
        "-soups ^model + {averaging}",
        "'; DROP TABLE papers; -- model soups",
        "%s %n {0} $HOME model soups \\",
        "model soups \U0001f372 模型汤 حساء",
    ],
)
def test_operators_in_a_question_are_plain_words(question: str, assistant: Assistant) -> None:
    answer = assistant.ask(question)
    assert answer.hits[0].paper.title.startswith("Model soups")
    check_citations(answer)


def test_papers_named_by_their_titles_are_answered_from_and_no_other(assistant: Assistant) -> None:
    answer = assistant.ask("What is “Pointer Networks” about?")
    assert [citation.paper.title for citation in answer.citations] == ["Pointer Networks"]
    assert len(answer.hits) == 1


def test_an_id_that_no_paper_has_is_told(assistant: Assistant) -> None:
    answer = assistant.ask("summarize arXiv:2512.99999")
    assert not answer.answered
    assert "2512.99999" in answer.text


@pytest.mark.parametrize("message", ["", "?", "hello", "thanks!", "why?", "who are you?"])
def test_what_is_no_question_gets_a_reply_and_no_search(message: str, assistant: Assistant) -> None:
    answer = assistant.ask(message)
    assert (answer.kind, answer.answered) == ("talk", False)
    assert answer.text
    assert answer.hits == answer.citations == ()


def test_why_asks_on_within_a_conversation(assistant: Assistant) -> None:
    conversation = Conversation()
    first = assistant.ask(next(iter(ANSWERED)), conversation=conversation)
    answer = assistant.ask("why?", conversation=conversation)
    assert answer.kind == "answer"
    assert answer.citations == first.citations


def test_a_question_in_another_language_is_told_so(assistant: Assistant) -> None:
    answer = assistant.ask("Wie viel Wasser braucht ein Baum im Sommer und warum ist das so?")
    assert answer.declined_because == "the question is in German"
    assert answer.text.startswith("The question is in German")


def test_an_overview_has_sections_and_cites_each_sentence(assistant: Assistant) -> None:
    answer = assistant.ask("scaling laws", literature=True)
    assert len(answer.citations) >= 2
    assert all(sentence.section for sentence in answer.sentences)
    check_citations(answer)


@pytest.mark.parametrize("message", ["what's new?", "summarize today's papers"])
def test_without_any_list_day_no_paper_is_given_as_new(message: str, assistant: Assistant) -> None:
    answer = assistant.ask(message)
    assert (answer.kind, answer.answered) == ("digest", False)
    assert "No paper of the corpus stands on a day's list." in answer.text
