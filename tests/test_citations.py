"""Sentences and the numbers they cite, out of the text of a model as it comes in pieces."""

import os
import time
from itertools import pairwise
from unicodedata import category

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.citations import CitationReader, Cited, parse

KNOWN = frozenset(range(1, 10))

EXAMPLES = int(os.environ.get("FOOTNOTE_EXAMPLES", "300"))
"""How many texts each property is tried on; `FOOTNOTE_EXAMPLES=10000` looks harder."""

Read = tuple[str, tuple[int, ...], tuple[int, ...]]


def read(raw: str) -> list[Read]:
    return [(each.text, each.numbers, each.unknown) for each in parse(raw, KNOWN)]


def texts(raw: str) -> list[str]:
    return [each.text for each in parse(raw, KNOWN)]


def read_in_pieces(pieces: list[str]) -> list[Cited]:
    reader = CitationReader(KNOWN)
    found = [cited for piece in pieces for cited in reader.feed(piece)]
    return found + reader.close()


@pytest.mark.parametrize(
    ("so_far", "expected"),
    [
        ("One [1].", []),
        ("One [1]. ", []),
        ("One. [", []),
        ("One. [1", []),
        ("One [1]. T", ["One."]),
        ("One.[1] T", ["One."]),
        ("One. [S", []),
        ("One. [N", ["One."]),
        ("One. [w", ["One."]),
        ("One [1].\nT", ["One."]),
        ("One.\n[1]\n", ["One."]),
        ("As in the U.S. S", []),
        ("文章。更", ["文章。"]),
    ],
)
def test_a_sentence_comes_as_soon_as_it_is_certain(so_far: str, expected: list[str]) -> None:
    assert [each.text for each in CitationReader(KNOWN).feed(so_far)] == expected


def test_a_sentence_without_end_is_cut_at_a_blank() -> None:
    cited = parse("word [1] " * 1000, KNOWN)
    assert all(each.text == " ".join(["word"] * len(each.text.split())) for each in cited)
    assert all(each.numbers == (1,) for each in cited)
    assert max(each.end - each.start for each in cited) <= 2000
    assert sum(len(each.text.split()) for each in cited) == 1000


def test_a_word_without_end_is_cut_too() -> None:
    assert [len(text) for text in texts("x" * 5000)] == [2000, 2000, 1000]


def test_nothing_is_kept_of_what_has_been_read() -> None:
    reader = CitationReader(KNOWN)
    for piece in ["x" * 50_000, "<think>", "y" * 50_000, "</think>", "\n" * 50_000, "." * 50_000]:
        reader.feed(piece)
        assert reader.held < 5000


def test_stretches_are_where_the_sentences_stand() -> None:
    raw = "<think>x</think>\n- *One* is [1]. [2]\n\n2. Two.\u200b"
    assert [raw[each.start : each.end] for each in parse(raw, KNOWN)] == [
        "*One* is [1]. [2]",
        "Two.",
    ]


@pytest.mark.parametrize(
    "unit",
    ["Words of a sentence, as they come [1]. ", ". [1", "$", "`", "<", "e.g. (", "[[1]1]", "**a "],
)
def test_a_long_text_in_single_characters_is_read_in_time_that_grows_with_its_length(
    unit: str,
) -> None:
    text = unit * (40_000 // len(unit))
    reader, started = CitationReader(KNOWN), time.process_time()
    for letter in text:
        reader.feed(letter)
    reader.close()
    assert time.process_time() - started < 4


TRICKY = st.sampled_from(
    [
        *"[]()【】.,;:?!*`$\\<>|/#-–^†_'\"~ \n\t0123456789aAxX…。",
        *"[1]¦[2, 3]¦[1-4]¦【2】¦【1†s】¦[^1]¦(1)¦ (2).¦(2020)¦[Source 1]¦[#3]¦[0]¦[99]¦[01]".split(
            "¦"
        ),
        *"[²]¦[١]¦[1¦1]¦[[¦]]¦[1](http://a.b)¦x[1]¦. ¦\n\n¦\n- ¦\n1. ¦\n# ¦\n> ¦**¦***".split("¦"),
        *"```¦\n```\n¦$$¦\\[¦\\]¦\\(¦\\)¦e.g. ¦et al. ¦Fig. ¦U.S. ¦3.5¦v1.2¦...¦The ¦word ".split(
            "¦"
        ),
        *"Text¦ so. [¦<think>¦</think>¦<|im_end|>¦<|¦|>¦</s>¦[/INST]¦\x1b[¦\x1b]¦31m¦\r\n".split(
            "¦"
        ),
        *"\u200b¦\u202e¦\ufffd¦\x00¦\xa0¦\u2028¦References:\n¦Sources:¦\n[^1]: ".split("¦"),
        *["\ud800", "x" * 150, " word" * 60, "1" * 400, " [1, 2]" * 90],
    ]
)

ANY = st.one_of(
    st.lists(TRICKY, max_size=40).map("".join),
    st.text(max_size=200),
    st.text(alphabet=st.characters(), max_size=60),
)

WORDS = st.lists(
    st.sampled_from(
        "SOAP uses **curvature** of the loss, in (two) steps; 3.5 times vs. Adam, i.e. `a[1]` "
        "or $b_1$ by Smith et al. (2020) and *so* on".split()
    ),
    min_size=1,
    max_size=9,
).map(" ".join)

MARKER = st.sampled_from(
    ["", " [1]", " [2][3]", "[4]", " [1, 99]", " 【5†source】", " [Paper 6]", " **[7]**", " [^8]"]
)


@st.composite
def ordinary(draw: st.DrawFn) -> str:
    """Write an answer as a model does: sentences, each with its markers."""
    answer = ""
    for _ in range(draw(st.integers(1, 5))):
        marks, inside = draw(MARKER), draw(MARKER)
        end = draw(st.sampled_from([f"{marks}.", f".{marks}", f"{marks}?", f"!”{marks}"]))
        start = draw(st.sampled_from(["It", "**It**", "“It", "The *paper*"]))
        between = draw(st.sampled_from([" ", "\n- ", "\n\n2. ", "\n\n### Heading\n"]))
        answer += f"{start} {draw(WORDS)}{inside} is so{end}{between}"
    return answer


@st.composite
def cut(draw: st.DrawFn, source: st.SearchStrategy[str]) -> tuple[str, list[str]]:
    raw = draw(source)
    places = sorted(draw(st.sets(st.integers(0, len(raw)), max_size=8)))
    bounds = [0, *places, len(raw)]
    return raw, [raw[start:end] for start, end in pairwise(bounds)]


@settings(max_examples=EXAMPLES, deadline=None)
@given(cut(st.one_of(ANY, ordinary())))
def test_the_pieces_do_not_matter(example: tuple[str, list[str]]) -> None:
    raw, pieces = example
    assert read_in_pieces(pieces) == parse(raw, KNOWN) == read_in_pieces(list(raw))


@settings(max_examples=EXAMPLES, deadline=None)
@given(ANY)
def test_no_marker_is_left_in_a_text(raw: str) -> None:
    for cited in parse(raw, KNOWN):
        assert not [each for each in parse(cited.text, KNOWN) if each.numbers or each.unknown]


@settings(max_examples=EXAMPLES, deadline=None)
@given(ANY)
def test_a_text_holds_words_and_nothing_that_acts(raw: str) -> None:
    for cited in parse(raw, KNOWN):
        assert cited.text == cited.text.strip()
        assert {"Cc", "Cf", "Cs"}.isdisjoint(map(category, cited.text.replace("\n", "")))
        assert any(letter.isalnum() for letter in cited.text)
        assert "  " not in cited.text or "\n" in cited.text  # code between fences stays as it is


@settings(max_examples=EXAMPLES, deadline=None)
@given(ANY)
def test_numbers_are_known_ones_without_doubles(raw: str) -> None:
    for cited in parse(raw, KNOWN):
        assert KNOWN.issuperset(cited.numbers)
        assert KNOWN.isdisjoint(cited.unknown)
        assert len(set(cited.numbers)) == len(cited.numbers)
        assert len(set(cited.unknown)) == len(cited.unknown) <= 20


@settings(max_examples=EXAMPLES, deadline=None)
@given(ANY)
def test_stretches_ascend_and_hold_the_sentence_only(raw: str) -> None:
    reached = 0
    for cited in parse(raw, KNOWN):
        assert reached <= cited.start < cited.end <= len(raw)
        assert raw[cited.start : cited.end] == raw[cited.start : cited.end].strip()
        reached = cited.end


@settings(max_examples=EXAMPLES, deadline=None)
@given(ordinary())
def test_an_ordinary_stretch_says_the_same_when_it_is_read_again(raw: str) -> None:
    for cited in parse(raw, KNOWN):
        again = read(raw[cited.start : cited.end])
        assert again == [(cited.text, cited.numbers, cited.unknown)]


@settings(max_examples=EXAMPLES, deadline=None)
@given(st.lists(st.integers(1, 9), min_size=1, max_size=9))
def test_numbers_come_in_the_order_of_their_markers(numbers: list[int]) -> None:
    raw = " ".join(f"word [{number}]" for number in numbers)
    assert parse(raw, KNOWN)[0].numbers == tuple(dict.fromkeys(numbers))


def test_an_answer_is_read_while_it_is_written() -> None:
    reader = CitationReader({1, 2})
    pieces = "SOAP is |fast [|1|]|.| It| uses Adam.[|2|][3]| And".split("|")
    assert [[each.text for each in reader.feed(piece)] for piece in pieces] == [
        *[[], [], [], [], [], ["SOAP is fast."]],
        *[[], [], [], ["It uses Adam."]],
    ]
    assert [each.text for each in reader.close()] == ["And"]
