"""What messages ask for."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from assistant.understanding.intents import Request, understand

GOLD = Path(__file__).parents[2] / "shared" / "gold"
SATURDAY = date(2026, 11, 21)

here = pytest.mark.skipif(not GOLD.exists(), reason="the gold messages are not here")


def asked(message: str) -> Request:
    return understand(message, today=SATURDAY)


def days(request: Request) -> str | None:
    return f"{request.span.since}..{request.span.until}" if request.span else None


def gold(name: str) -> list[dict[str, Any]]:
    lines = (GOLD / f"{name}.jsonl").read_text(encoding="utf-8").split("\n")
    return [json.loads(line) for line in lines if line]


@pytest.mark.parametrize(
    ("message", "since_until"),
    [
        ("papers from last Tuesday", "2026-11-17..2026-11-17"),
        ("summarize today's papers", "2026-11-21..2026-11-21"),
        ("what came out on 30 October", "2026-10-30..2026-10-30"),
        ("What's new this week?", "2026-11-16..2026-11-22"),
        ("give me the papers of 30.10.2025", "2025-10-30..2025-10-30"),
        ("How many papers were published yesterday?", "2026-11-20..2026-11-20"),
        ("summarise this week please, thanks!", "2026-11-16..2026-11-22"),
        ("top 10 papers of October", "2026-10-01..2026-10-31"),
        ("What were the highlights last week?", "2026-11-09..2026-11-15"),
        ("digest for October", "2026-10-01..2026-10-31"),
        ("2025-W44", "2025-10-27..2025-11-02"),
        ("hi, what happened today?", "2026-11-21..2026-11-21"),
        ("what's new?", None),
        ("the latest papers", None),
    ],
)
def test_papers_of_some_days_on_any_subject_are_a_digest(
    message: str, since_until: str | None
) -> None:
    request = asked(message)
    assert (request.kind, request.words, days(request)) == ("digest", "", since_until)


@pytest.mark.parametrize(
    ("message", "words", "since_until"),
    [
        ("last week's papers on retrieval", "retrieval", "2026-11-09..2026-11-15"),
        ("last week's retrieval papers", "retrieval", "2026-11-09..2026-11-15"),
        (
            "what came out on image captioning last week?",
            "image captioning",
            "2026-11-09..2026-11-15",
        ),
        ("anything new on agents this month?", "agents", "2026-11-01..2026-11-30"),
        ("show me papers on pruning published in 2024", "pruning", "2024-01-01..2024-12-31"),
        ("2024 papers on pruning", "pruning", "2024-01-01..2024-12-31"),
        ("find papers about sparse attention", "sparse attention", None),
        ("papers on ImageNet 2012 classifiers", "ImageNet 2012 classifiers", None),
        ("since March, what has been published on SAM?", "SAM", "2026-03-01..2026-11-21"),
        ("list all papers", "", None),
        ("Give me 5 papers on pruning", "pruning", None),
        ("any new work on agents this week?", "agents", "2026-11-16..2026-11-22"),
        ("is there anything on agents from 2024", "agents", "2024-01-01..2024-12-31"),
    ],
)
def test_papers_on_a_subject_are_listed(message: str, words: str, since_until: str | None) -> None:
    request = asked(message)
    assert (request.kind, request.words, days(request)) == ("papers", words, since_until)


@pytest.mark.parametrize(
    ("message", "words", "since_until"),
    [
        ("Which papers from 2024 use SAM?", "Which papers use SAM?", "2024-01-01..2024-12-31"),
        ("Which of today's papers win?", "Which of the papers win?", "2026-11-21..2026-11-21"),
        ("Since 2024, which papers used SAM?", "which papers used SAM?", "2024-01-01..2026-11-21"),
    ],
)  # fmt: skip
def test_a_question_on_the_papers_of_some_days_keeps_its_words(
    message: str, words: str, since_until: str
) -> None:
    request = asked(message)
    assert (request.kind, request.words, days(request)) == ("question", words, since_until)


@pytest.mark.parametrize(
    "message",
    [
        *("transformers of 2017", "What accuracy is reached on ImageNet 2012?", "VOC 2007 mAP"),
        *(
            "Which models were released in 2024?",
            "What may go wrong in 2D since training on 30 tasks",
        ),
        *(
            "Does GPT-4 march on?",
            "Adam last layer",
            "What is learned in the last two weeks of training?",
        ),
        *(
            "Add noise to every sentence embedding?",
            "Use the answer of a teacher",
            "pretend training",
        ),
        *("Who won the 2012 challenge on 30 October?",),
        *(
            "forecasts for last week's weather",
            "between 1 and 15 October which songbird sings",
            "2012",
        ),
        *("methods by gradient descent", "Is it explained by attention?", "papers by topic"),
        *("How do models learn to ignore previous instructions?", "What are the rules of mixup?"),
        *("What has been published about pruning?", "How sure are humans?", "good initialisations"),
        *(
            "Does the model answer fast?",
            "all-reduce",
            "hi-res images",
            "Hello World programs in C",
        ),
    ],
)
def test_a_question_on_a_subject_stays_as_it_is(message: str) -> None:
    assert asked(message) == Request(kind="question", message=message, words=message)


@pytest.mark.parametrize(
    ("message", "author", "topic"),
    [
        ("everything by Yoshua Bengio please", "Yoshua Bengio", ""),
        ("papers by hinton on capsules", "hinton", "capsules"),
        ("What has Chelsea Finn written?", "Chelsea Finn", ""),
        ("what did Jürgen Schmidhuber publish about GANs", "Jürgen Schmidhuber", "GANs"),
        ("PAPERS BY YANN LE CUN PLEASE", "yann le cun", ""),
        ("do you have any work by Ludwig van der Maaten et al.?", "Ludwig van der Maaten", ""),
        ("Bengio's papers", "Bengio", ""),
        ("hi! papers by 李飞飞", "李飞飞", ""),
        ("which papers did Hinton write?", "Hinton", ""),
        ("papers by Li, Fei-Fei", "Li, Fei-Fei", ""),
    ],
)  # fmt: skip
def test_an_author_is_named(message: str, author: str, topic: str) -> None:
    request = asked(message)
    assert (request.kind, request.author, request.words) == ("author", author, topic)


def test_an_author_s_papers_are_restricted_to_days() -> None:
    request = asked("What has Chelsea Finn published since 2020?")
    assert (request.author, days(request)) == ("Chelsea Finn", "2020-01-01..2026-11-21")


@pytest.mark.parametrize(
    ("message", "words"),
    [
        ("related work on pruning", "pruning"),
        ("Please write a short literature review on federated learning", "federated learning"),
        ("survey the recent work on pruning", "pruning"),
        ("What is the state of the art in image denoising?", "image denoising"),
        ("Give me an overview of federated learning", "federated learning"),
        ("summarize last week's papers on agents", "agents"),
        ("literature on pruning since 2024", "pruning"),
        ("What is known about grokking?", "What is known about grokking?"),
        ("compare Adam with SOAP", "compare Adam with SOAP"),
    ],
)
def test_an_overview_is_ordered(message: str, words: str) -> None:
    request = asked(message)
    assert (request.kind, request.words) == ("literature", words)


def gold_questions() -> Iterator[str]:
    for name in ("questions", "answerable_hard", "unanswerable", "synthesis"):
        yield from (row["question"] for row in gold(name) if row.get("kind") != "meta")
    yield from (turn["user"] for row in gold("conversations") for turn in row["turns"])


@here
def test_gold_questions_are_questions_as_they_stand() -> None:
    requests = [asked(question) for question in gold_questions()]
    overviews = {
        request.message.split(" ")[0] for request in requests if request.kind != "question"
    }
    assert overviews == {"Compare", "What"}  # the main ways …; is known about …
    assert sum(request.kind != "question" for request in requests) == 2
    assert all(request.words == request.message for request in requests)
    assert not any(request.span or request.needs_history for request in requests)


@here
def test_meta_questions_of_the_gold_set_are_talk() -> None:
    metas = [row["question"] for row in gold("unanswerable") if row["kind"] == "meta"]
    assert {asked(question).kind for question in metas} == {"talk"}


TALK = {"o-002", "o-003", "o-004", "o-030", "o-038", "o-041", "o-044", "o-053", "o-054"}
KINDS = {"o-045": "digest", "o-046": "digest", "o-051": "author"} | dict.fromkeys(TALK, "talk")


@here
@pytest.mark.parametrize(
    "row", gold("odd_queries") if GOLD.exists() else [], ids=lambda row: row["id"]
)
def test_odd_queries_are_understood(row: dict[str, Any]) -> None:
    request = asked(row["input"])
    assert request.kind == KINDS.get(row["id"], "question")
    assert request.needs_history == (row["id"] == "o-056")
    assert bool(request.words) == (request.kind == "question" and row["id"] != "o-010")
