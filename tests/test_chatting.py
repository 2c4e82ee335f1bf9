"""The chat in the terminal: questions, follow-ups and commands, typed into a real process."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

QUESTION = "How do model soups combine fine-tuned models?"

Say = Callable[..., Any]


@pytest.fixture
def say(sample_home: Path, footnote_process: Any) -> Say:
    """Type lines into a chat over the sample, and read what it prints."""

    def typed(*lines: str) -> Any:
        text = "".join(f"{line}\n" for line in lines)
        return footnote_process("chat", home=sample_home, input=text.encode())

    return typed


def test_questions_are_answered_until_the_lines_end(say: Say) -> None:
    ended = say(QUESTION)
    assert ended.code == 0
    assert "[1] Model soups" in ended.out


def test_follow_up_is_understood_by_what_was_said(say: Say) -> None:
    ended = say(QUESTION, "And what accuracy do they reach?")
    assert re.search(r"Understood as: And what accuracy do they reach\?.*Model soups", ended.out)
    assert ended.out.count("[1] Model soups") == 2


def test_sources_and_a_source_with_what_was_used_of_it_are_shown(say: Say) -> None:
    ended = say(QUESTION, "/sources", "/open 1")
    assert ended.out.count("[1] Model soups") == 3
    quoted = re.search(r"^(.+?) \[1\]", ended.out)
    assert quoted
    assert f"»{quoted[1]}«" in ended.out


def test_cleared_conversation_is_forgotten(say: Say) -> None:
    ended = say(QUESTION, "/clear", "why?")
    assert "Forgotten." in ended.out
    assert "What is your question about?" in ended.out


def test_export_writes_the_conversation_with_its_papers_numbered_once(
    say: Say, tmp_path: Path
) -> None:
    file = tmp_path / "talk.md"
    ended = say(QUESTION, "What do Pointer Networks choose their outputs from?", f"/export {file}")
    assert f"Written to {file}" in ended.out
    text = file.read_text(encoding="utf-8")
    assert text.startswith(f"**{QUESTION}**\n")
    assert re.findall(r"^\[\^(\d+)\]: (\w+)", text, re.MULTILINE) == [
        ("1", "Model"),
        ("2", "Pointer"),
    ]


def test_export_replaces_no_file(say: Say, tmp_path: Path) -> None:
    file = tmp_path / "mine.md"
    file.write_text("mine", encoding="utf-8")
    assert "cannot be written" in say(QUESTION, f"/export {file}").err
    assert file.read_text(encoding="utf-8") == "mine"


@pytest.mark.parametrize("line", ["/nope", "/open 7", "/sources"])
def test_what_cannot_be_done_is_said_with_its_cure_and_the_chat_goes_on(
    line: str, say: Say
) -> None:
    ended = say(line, QUESTION)
    assert re.match(r"error: .+\n\nhint: .+\n", ended.err)
    assert "[1] Model soups" in ended.out


def test_quit_ends_the_chat(say: Say) -> None:
    ended = say("/help", "/quit", QUESTION)
    assert ended.code == 0
    assert "/export" in ended.out
    assert "Model soups" not in ended.out


def test_bytes_that_are_no_text_do_no_harm(sample_home: Path, footnote_process: Any) -> None:
    typed = b"\xff\xfe\x00\x1b[2J how do model soups work?\n"
    ended = footnote_process("chat", home=sample_home, input=typed)
    assert ended.code == 0
    assert "\x1b" not in ended.out + ended.err
