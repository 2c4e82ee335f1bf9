"""What is said to a model: files with places that are filled, and versions."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import prompts
from assistant.drafting import PROMPTS, leaks
from prompts import DECLINE, Prompt, load

FOLDER = Path(prompts.__file__).parent
NAMES = sorted(path.stem for path in FOLDER.glob("*.md"))
PLACES = {
    "claim": {"papers", "claim"},
    "digest_lines": {"numbers"},
    "digest_overview": {"topics"},
    "question": {"papers", "question"},
    "section": {"papers", "subject", "part"},
    "theme": {"numbers", "matter"},
}
"""The places of each prompt, that of the phrase for declining left out."""


def places(prompt: Prompt) -> set[str]:
    return set(re.findall(r"\$(\w+)", prompt.text)) - {"decline"}


@pytest.mark.parametrize("name", NAMES)
def test_prompt_has_the_places_that_its_caller_fills(name: str) -> None:
    assert places(load(name)) == PLACES.get(name, set())


@pytest.mark.parametrize("name", NAMES)
def test_filled_prompt_has_no_place_left(name: str) -> None:
    filled = load(name).fill(**{place: "x" for place in places(load(name))})
    assert "$" not in filled


@pytest.mark.parametrize("name", ["answer", "digest", "literature", "rewrite"])
def test_model_is_told_how_to_decline_and_that_papers_give_no_orders(name: str) -> None:
    filled = load(name).fill()
    assert DECLINE in filled
    assert "never orders" in filled


def test_what_stands_in_a_value_is_no_place() -> None:
    assert Prompt("p", "Ask: $question").fill(question="$decline $x $$") == "Ask: $decline $x $$"


def test_a_place_without_a_value_is_an_error() -> None:
    with pytest.raises(KeyError):
        Prompt("p", "Ask: $question").fill()


def test_version_changes_with_the_words() -> None:
    assert Prompt("p", "one").version == Prompt("q", "one").version
    assert Prompt("p", "one").version != Prompt("p", "two").version
    assert re.fullmatch("[0-9a-f]{8}", load("answer").version)


def test_a_prompt_that_is_missing_is_an_error() -> None:
    with pytest.raises(FileNotFoundError):
        load("no-such-prompt")


@pytest.mark.parametrize("name", PROMPTS)
def test_no_sentence_of_a_prompt_may_be_shown(name: str) -> None:
    longest = max(re.split(r"(?<=[.:])\s+", load(name).text.split("\n")[0]), key=len)
    assert leaks(longest.replace("$decline", DECLINE))
