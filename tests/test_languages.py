"""Which messages are not English."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.understanding.languages import language_of

GOLD = Path(__file__).parents[2] / "shared" / "gold"


@pytest.mark.parametrize(
    ("message", "language"),
    [
        ("Was ist Grokking?", "German"),
        ("Warum funktioniert Dropout?", "German"),
        ("Wie viel Speicher spart man mit LoRA bei einem Modell mit 7B Parametern?", "German"),
        ("Qu'est-ce que le grokking ?", "French"),
        ("Comment réduire la mémoire d'un modèle ?", "French"),
        ("¿Qué es el grokking?", "Spanish"),
        ("¿Cómo funciona dropout?", "Spanish"),
        ("O que é a destilação e para que serve?", "Portuguese"),
        ("Come funziona il dropout nelle reti neurali?", "Italian"),
        ("Hoe werkt dropout in neurale netwerken?", "Dutch"),
        ("Czym jest grokking i jak działa?", "Polish"),
        ("Grokking nedir ve nasıl çalışır?", "Turkish"),
        ("Vad är grokking och hur fungerar det?", "Swedish"),
        ("Co je grokking a jak funguje?", "Czech"),
        ("Что такое grokking?", "Russian"),
        ("Що таке гроккінг і чому він виникає?", "Ukrainian"),
        ("什么是grokking？", "Chinese"),
        ("LoRAとは何ですか", "Japanese"),
        ("드롭아웃은 왜 작동하나요?", "Korean"),
        ("ما هو التعلم العميق؟", "Arabic"),
        ("یادگیری عمیق چیست؟", "Persian"),
        ("गहन शिक्षण क्या है?", "Hindi"),
        ("Τι είναι η εκμάθηση;", "Greek"),
    ],
)
def test_a_language_is_told(message: str, language: str) -> None:
    assert language_of(message) == language


@pytest.mark.parametrize(
    "message",
    [
        *("", "?", "pruning", "LoRA vs QLoRA", "machine translation en de fr es", "日"),
        *("Les Houches lecture notes on transformers", "de novo protein design", "El Nino"),
        *(
            "What does 注意力 mean?",
            "K-means with α, β and γ",
            "non-rigid per-block, as open-source",
        ),
        *("Han et al. on pruning", "https://example.com/de/und/der what is this about?"),
        *("naïve Bayes vs. résumé parsing", "Die casting defects", "Was dropout ever useful?"),
    ],
)
def test_english_with_foreign_bits_stays_english(message: str) -> None:
    assert language_of(message) is None


@given(st.text())
def test_any_text_is_read(message: str) -> None:
    language_of(message)


@pytest.mark.skipif(not GOLD.exists(), reason="the gold questions are not here")
def test_no_question_of_the_gold_set_is_taken_for_another_language() -> None:
    files = ("questions", "synthesis", "answerable_hard", "unanswerable")
    texts = [(GOLD / f"{name}.jsonl").read_text(encoding="utf-8") for name in files]
    questions = [
        json.loads(line)["question"] for text in texts for line in text.split("\n") if line
    ]
    assert {question for question in questions if language_of(question)} == set()


@pytest.mark.skipif(not GOLD.exists(), reason="the gold questions are not here")
def test_odd_queries_in_other_languages_are_told() -> None:
    lines = (GOLD / "odd_queries.jsonl").read_text(encoding="utf-8").split("\n")
    inputs = {row["id"]: row["input"] for row in map(json.loads, filter(None, lines))}
    told = {name: language_of(text) for name, text in inputs.items() if language_of(text)}
    either = told.pop("o-022", "German")
    assert either == "German"
    assert told == {
        "o-011": "German",
        "o-012": "French",
        "o-015": "Japanese",
        "o-017": "Arabic",
        "o-018": "Hindi",
        "o-019": "Korean",
        "o-020": "Portuguese",
    }
