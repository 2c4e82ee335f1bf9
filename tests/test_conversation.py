"""What was said before, as it is read and written."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.conversation import (
    LAST_TURNS,
    LONGEST_TEXT,
    Turn,
    as_json_lines,
    read_history,
)
from assistant.errors import HistoryError

QUESTION = '{"role": "user", "text": "How do kites map mud flats?"}'
ANSWER = '{"role": "assistant", "text": "From above.", "papers": ["2510.00001", "t-0123456789ab"]}'


def test_turns_are_read_in_their_order() -> None:
    asked, answered = read_history(f"{QUESTION}\n{ANSWER}\n")
    assert asked == Turn("user", "How do kites map mud flats?")
    assert answered == Turn("assistant", "From above.", ("2510.00001", "t-0123456789ab"))


@pytest.mark.parametrize(
    "text",
    [
        f"\ufeff{QUESTION}",
        f"\r\n{QUESTION}\r\n\r\n",
        f"\n   \n{QUESTION}",
        QUESTION.replace("}", ', "papers": null, "seconds": {"total": 1}}'),
    ],
)
def test_empty_lines_marks_and_unknown_keys_do_not_matter(text: str) -> None:
    assert read_history(text) == read_history(QUESTION)


@pytest.mark.parametrize("text", ["", "\n \n", "\ufeff"])
def test_a_history_without_lines_has_no_turns(text: str) -> None:
    assert read_history(text) == ()


@pytest.mark.parametrize(
    ("line", "value"),
    [
        ('{"role": "user", "text": ', '{"role": "user", "text":'),
        ("kites", "kites"),
        ("[" * 100_000, "[" * 60),
        ('{"role": "user", "text": "a", "n": ' + "9" * 5000 + "}", '{"role": "user"'),
        ('["user", "kites"]', '["user", "kites"]'),
        ('{"text": "kites"}', "``"),
        ('{"role": "system", "text": "kites"}', '"system"'),
        ('{"role": ["user"], "text": "kites"}', '["user"]'),
        ('{"role": "user"}', "``"),
        ('{"role": "user", "text": 7}', "7"),
        ('{"role": "assistant", "text": "a", "papers": "2510.00001"}', '"2510.00001"'),
        ('{"role": "assistant", "text": "a", "papers": [2510.00001]}', "[2510.00001]"),
    ],
)
def test_a_line_that_is_no_turn_is_named_with_its_value_and_the_cure(line: str, value: str) -> None:
    with pytest.raises(HistoryError) as caught:
        read_history(f"{QUESTION}\n\n{line}\n{ANSWER}")
    assert str(caught.value).startswith("Line 3 of the history ")
    assert value in str(caught.value)
    assert len(str(caught.value)) < 150
    assert '{"role": "user"' in caught.value.hint


def test_of_a_long_conversation_the_end_is_kept() -> None:
    turns = [Turn("user", f"Question {n}") for n in range(LAST_TURNS + 5)]
    assert read_history(as_json_lines(turns)) == tuple(turns[5:])


def test_of_a_long_text_the_beginning_is_kept() -> None:
    (turn,) = read_history(as_json_lines([Turn("user", "kite " * LONGEST_TEXT)]))
    assert len(turn.text) <= LONGEST_TEXT
    assert turn.text.startswith("kite kite")


def test_control_characters_do_not_reach_what_comes_next() -> None:
    line = json.dumps({"role": "user", "text": "a\x1b[31m\u202eb\ud800", "papers": ["x\x07\ud800"]})
    (turn,) = read_history(line)
    assert turn.text.isprintable()
    assert turn.papers == ("x",)


@given(
    st.lists(
        st.builds(
            Turn,
            st.sampled_from(["user", "assistant"]),
            st.text(st.characters(categories=["L", "N", "P"]), max_size=50),
            st.lists(st.from_regex(r"\A[0-9]{4}\.[0-9]{5}\Z")).map(tuple),
        ),
        max_size=LAST_TURNS,
    )
)
def test_what_is_written_is_read_again(turns: list[Turn]) -> None:
    again = read_history(as_json_lines(turns))
    assert read_history(as_json_lines(again)) == again
    assert [(turn.role, turn.papers) for turn in again] == [(t.role, t.papers) for t in turns]


@given(st.text())
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        read_history(text)
    except HistoryError as error:
        str(error).encode()
