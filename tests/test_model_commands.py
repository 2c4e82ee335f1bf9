"""The command with a language model behind it: a scripted server, set by the environment."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from prompts import DECLINE

QUESTION = "How do model soups combine fine-tuned models?"


@pytest.fixture
def model_home(home: Path, chat_server: Any, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home whose answers the scripted server writes."""
    monkeypatch.setenv("FOOTNOTE_MODEL_URL", chat_server.url)
    return home


def soups(footnote: Callable[..., Any]) -> str:
    """The first sentence of the paper on model soups."""
    abstract = json.loads(
        footnote(
            "show",
            "Model soups: averaging weights of multiple fine-tuned "
            "models improves accuracy without increasing inference time",
            "--json",
        ).out
    )["abstract"]
    return str(re.match(r".+?\.(?= [A-Z])", abstract)[0])  # type: ignore[index]


def test_answer_is_written_by_the_model_and_names_it(
    model_home: Path, footnote: Any, chat_server: Any
) -> None:
    sentence = soups(footnote)
    chat_server.say(f"{sentence} [1]")
    answer = json.loads(footnote("ask", QUESTION, "--json").out)
    assert answer["text"] == f"{sentence} [1]"
    assert answer["writer"]["name"] == "model"
    assert set(answer["writer"]["prompts"]) >= {"answer", "question"}


def test_left_out_sentences_are_told(model_home: Path, footnote: Any, chat_server: Any) -> None:
    chat_server.say(
        f"{soups(footnote)} [1] Nightingales sing loudest in May near rivers. [1]", DECLINE
    )
    ended = footnote("ask", QUESTION)
    assert "Nightingales" not in ended.out
    assert "1 sentence that no paper supports was left out" in ended.err


def test_status_says_what_is_reachable(model_home: Path, footnote: Any, chat_server: Any) -> None:
    model = json.loads(footnote("status", "--json").out)["model"]
    assert model["reachable"] is True
    assert model["url"].startswith(chat_server.url)
    assert model["window"] > 0


def test_status_says_what_is_not_reachable_and_why(
    home: Path, footnote: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FOOTNOTE_MODEL_URL", "http://127.0.0.1:9")
    ended = footnote("status")
    assert ended.code == 0
    assert "http://127.0.0.1:9" in ended.out
    assert "make vllm" in ended.out


def test_a_server_that_is_not_there_is_an_error_with_its_cure(
    home: Path, footnote: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FOOTNOTE_MODEL_URL", "http://127.0.0.1:9")
    ended = footnote("ask", QUESTION)
    assert ended.code == 1
    assert re.match(r"error: .*127\.0\.0\.1:9.*\n\nhint: .*make vllm.*\n$", ended.err)


def test_a_key_that_is_refused_is_never_shown(
    model_home: Path, footnote: Any, chat_server: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    chat_server.key = "right"
    monkeypatch.setenv("FOOTNOTE_MODEL_KEY", "wrong-and-secret")
    ended = footnote("ask", QUESTION)
    assert ended.code == 1
    assert "FOOTNOTE_MODEL_KEY" in ended.err
    assert "wrong-and-secret" not in ended.out + ended.err


def test_a_question_in_another_language_is_put_into_english_for_the_search(
    model_home: Path, footnote: Any, chat_server: Any
) -> None:
    sentence = soups(footnote)
    chat_server.say(QUESTION, f"{sentence} [1]")
    question = "Wie kann man mehrere feinabgestimmte Modelle ohne Mehrkosten kombinieren?"
    answer = json.loads(footnote("ask", question, "--json").out)
    assert answer["understood"] == QUESTION
    assert answer["citations"][0]["paper"]["title"].startswith("Model soups")
