"""Titles and openings of what support is trained on: what they must not change."""

from __future__ import annotations

from random import Random

from hypothesis import given
from hypothesis import strategies as st

from assistant.support_sources import WORD
from eval.training.support.examples import Block, Example
from eval.training.support.titles import with_title

SENTENCES = (
    "BeeNet decodes filmed dances of honey bees with an error of 4.5 degrees.",
    "On a small phone, BeeNet needs no manual labels.",
)
CLAIM = "The error is 9 degrees."
BLOCK = Block(
    "", SENTENCES, (Example(CLAIM, ((13, 14),), 0), Example("BeeNet runs on phones.", (), 0))
)
ELSEWHERE = "Lentil soup wants long simmering."


def made(count: int = 200) -> list[Block]:
    random = Random(0)
    return [with_title(BLOCK, random, text=SENTENCES, elsewhere=ELSEWHERE) for _ in range(count)]


def test_a_title_is_made_of_words_of_the_text() -> None:
    titles = {block.title for block in made()}
    known = {word.lower() for word in WORD.findall(" ".join(SENTENCES))}
    known |= set("towards on learning a study revisited rethinking for and with through".split())

    assert len(titles) > 10
    assert {word.lower() for title in titles for word in WORD.findall(title)} <= known


def test_a_name_may_stand_in_the_title_only() -> None:
    moved = [block for block in made() if "BeeNet" not in " ".join(block.sentences)]

    assert moved
    assert all(block.title.startswith("BeeNet") for block in moved)


def test_a_title_that_is_there_stays() -> None:
    block = Block("Decoding dances", SENTENCES, BLOCK.examples)

    changed = with_title(block, Random(1), text=SENTENCES, elsewhere=ELSEWHERE)

    assert (changed.title, changed.sentences) == (block.title, block.sentences)


def test_an_opening_moves_what_is_wrong() -> None:
    wrong = [
        each for block in made() for each in block.examples if each.text.endswith("9 degrees.")
    ]

    assert len({each.text for each in wrong}) > 5
    assert {each.text[start:end] for each in wrong for start, end in each.wrong or ()} == {"9"}


def test_what_is_said_of_another_paper_is_wrong_in_its_name() -> None:
    foreign = [
        each
        for block in made()
        for each in block.examples
        if not each.supported and each.text.endswith("phones.")
    ]

    assert foreign
    for each in foreign:
        ((start, end),) = each.wrong
        assert each.text[start:end] in ELSEWHERE


@given(texts=st.lists(st.text(max_size=60), min_size=1, max_size=3), seed=st.integers(0, 99))
def test_any_text_can_have_a_title(texts: list[str], seed: int) -> None:
    block = Block("", tuple(texts), (Example(texts[0], ()),))

    changed = with_title(block, Random(seed), text=texts, elsewhere=texts[-1])

    assert len(changed.sentences) == len(texts)
    assert changed.examples[0].text.lower().endswith(texts[0].lower())
