"""Papers named by id, address or title."""

from __future__ import annotations

import pytest

from assistant.understanding.named_papers import asked_of_papers, named_ids, named_paper
from index.papers import Paper, title_id

PAPERS = [
    Paper(title=title, abstract="Cork floats.", source="sample")
    for title in ("Cork Floats: A Study of Buoyancy", "Deep Wells", "Is Felt All You Need?")
]


class Shelf:
    """Papers by their titles, as a corpus finds them."""

    def find(self, name: str) -> Paper | None:
        return next((paper for paper in PAPERS if paper.id == title_id(name)), None)


@pytest.mark.parametrize(
    "message",
    [
        *("2510.12345", "arXiv:2510.12345v2", "https://arxiv.org/abs/2510.12345"),
        "explain 2510.12345.",
        *(
            "https://arxiv.org/pdf/2510.12345v3.pdf",
            "https://huggingface.co/papers/2510.12345?ref=x",
        ),
        "https://doi.org/10.48550/arXiv.2510.12345",
        "What is [this](http://arxiv.org/abs/2510.12345)?",
        *("10.48550/arXiv.2510.12345", "alphaxiv.org/abs/2510.12345", "(arxiv 2510.12345)"),
    ],
)
def test_an_id_is_found_however_it_is_pasted(message: str) -> None:
    assert named_ids(message) == ("2510.12345",)


def test_several_ids_are_found_once_each_and_old_ones_too() -> None:
    message = "compare cs/0112017 and 2510.12345 with cs/0112017v2"
    assert named_ids(message) == ("cs/0112017", "2510.12345")


@pytest.mark.parametrize(
    "message",
    [
        "0.9534",
        "2513.12345",
        "12510.12345",
        "2510.123456",
        "2510.12345.6",
        "v2510.12345",
        "30.10.2025",
    ],
)
def test_other_numbers_are_no_ids(message: str) -> None:
    assert named_ids(message) == ()


@pytest.mark.parametrize(
    ("message", "asked"),
    [
        ("summarize https://arxiv.org/abs/2510.12345 ", ""),
        ("What is arXiv:2510.12345 about?", ""),
        ("How much memory does 2510.12345 save?", "How much memory does save?"),
    ],
)
def test_what_is_asked_of_a_paper_is_left(message: str, asked: str) -> None:
    assert asked_of_papers(message) == asked


@pytest.mark.parametrize(
    "message",
    [
        "Cork Floats: A Study of Buoyancy",
        "cork floats a study of buoyancy.",
        "CORK FLOATS: A STUDY OF BUOYANCY",
        'Please summarize "Cork Floats: A Study of Buoyancy"',
        "hi, can you explain the paper Cork Floats: A Study of Buoyancy? thanks",
        "What is Cork Floats: A Study of Buoyancy about?",
        "what does the paper Cork floats – a study of buoyancy propose?",
        "the main findings of Cork Floats: A Study of Buoyancy",
        "tl;dr: Cork Floats: A Study of Buoyancy",
    ],
)
def test_a_title_is_found_whatever_is_asked_about_it(message: str) -> None:
    assert named_paper(message, Shelf()) == PAPERS[0]


def test_a_title_that_is_a_question_is_a_title() -> None:
    assert named_paper("is felt all you need", Shelf()) == PAPERS[2]


@pytest.mark.parametrize(
    "message", ["", "?", "Deep", "How deep are wells?", "explain deep learning", "x" * 10_000]
)
def test_other_messages_name_no_paper(message: str) -> None:
    assert named_paper(message, Shelf()) is None
