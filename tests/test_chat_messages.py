"""Messages of OpenAI's protocol, read as a question and a conversation."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.answers import Citation, Sentence
from assistant.errors import QuestionError
from assistant.markdown import answer_in_markdown
from assistant.replies import Reply
from assistant.serving.chat_messages import ChatRequest, cited
from index.papers import Paper, tidy


def request(*messages: tuple[str, Any]) -> ChatRequest:
    told = [{"role": role, "content": content} for role, content in messages]
    return ChatRequest.model_validate({"model": "footnote", "messages": told})


def footnotes(*papers: Paper) -> str:
    """Write an answer that cites `papers`, one a sentence."""
    numbered = [Citation(number, paper) for number, paper in enumerate(papers, start=1)]
    sentences = tuple(
        Sentence("It is so.", (each.number,), "verbatim", 1.0, ()) for each in numbered
    )
    answer = Reply(question="What?").answer()
    return answer_in_markdown(replace(answer, sentences=sentences, citations=tuple(numbered)))


def test_the_last_message_is_the_question_and_those_before_the_conversation() -> None:
    asked = request(("system", "Be brief."), ("user", "A?"), ("assistant", "B."), ("user", "C?"))
    question = asked.asked()
    assert question.words == "C?"
    assert [(turn.role, turn.text) for turn in question.history] == [
        ("user", "A?"),
        ("assistant", "B."),
    ]


@pytest.mark.parametrize(
    "messages", [[("assistant", "A.")], [("user", "")], [("user", " \n")], [("user", None)]]
)
def test_without_a_question_nothing_is_asked(messages: list[tuple[str, Any]]) -> None:
    with pytest.raises(QuestionError):
        request(*messages).asked()


def test_marks_and_footnotes_are_read_as_citations() -> None:
    paper = Paper(title="On *stars* [and] more", abstract="", source="api", arxiv_id="2510.12345")
    old = Paper(title="Old, older", abstract="", source="api", arxiv_id="cs/0112017")
    written = footnotes(paper, old)
    turn = request(("user", "A?"), ("assistant", written), ("user", "B?")).asked().history[1]
    assert turn.papers == ("2510.12345", "cs/0112017")
    assert turn.text == "It is so. [1] It is so. [2]"


@given(st.lists(st.text(min_size=1).map(tidy).filter(bool), min_size=1, max_size=3, unique=True))
def test_whatever_a_title_holds_its_paper_is_found_again(titles: list[str]) -> None:
    papers = [
        Paper(title=title, abstract="", source="api", published=date(2025, 1, 2), authors=("A B",))
        for title in titles
    ]
    assert cited(footnotes(*papers)) == tuple(paper.id for paper in papers)


@given(st.text())
def test_any_text_may_stand_where_an_answer_stood(text: str) -> None:
    request(("user", "A?"), ("assistant", text), ("user", "B?")).asked()
