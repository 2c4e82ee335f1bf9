"""Which questions ask for several papers."""

from __future__ import annotations

import pytest

from assistant.surveys import asks_for_several


@pytest.mark.parametrize(
    "question",
    [
        "Which papers study pruning?",
        "What approaches are there to image denoising?",
        "What do recent studies say about scaling laws?",
        "Compare methods for merging models",
        "How do diffusion models and flows compare?",
        "What has been proposed against forgetting?",
        "What is known about grokking?",
        "Give me an overview of federated learning",
        "WHICH PAPERS STUDY PRUNING?",
        "What different kinds of approaches make attention cheaper?",
    ],
)
def test_question_about_the_field_asks_for_several_papers(question: str) -> None:
    assert asks_for_several(question)


@pytest.mark.parametrize(
    "question",
    [
        "How do model soups combine fine-tuned models?",
        "How does Cut Cross-Entropy save memory?",
        "What accuracy does the soup reach on ImageNet?",
        "Why does the method approach the optimum?",
        "Is the network's work shared?",
        "paperclips",
        "",
    ],
)
def test_question_about_one_thing_asks_for_one_paper(question: str) -> None:
    assert not asks_for_several(question)
