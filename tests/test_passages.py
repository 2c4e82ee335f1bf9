"""Abstracts packed into passages that the embedder can read."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from index.minilm import LIMIT, MiniLM
from index.papers import tidy
from index.passages import (
    SENTENCES,
    TITLE_TOKENS,
    Passage,
    Span,
    pack,
    sentence_spans,
    short_title,
    with_title,
)

TITLE = "Reading the tides"

WORDS = st.one_of(
    st.text(min_size=1, max_size=12),
    st.sampled_from(
        ["word", "e.g.", "3.5", "end.Next one", "Done.", "漢字。", "강남", "$x_1$", "?!"]
    ),
    st.text("漢字仮名。、", min_size=1, max_size=300),
    st.text("가각뷁힣", min_size=1, max_size=300),
    st.text("bcdfgh,", min_size=1, max_size=300),
)
ABSTRACTS = st.lists(WORDS, max_size=40).map(" ".join).map(tidy)
"""What the corpus may hold: any letters, but tidy."""


def sentences(text: str) -> list[str]:
    return [text[start:end] for start, end in sentence_spans(text)]


def packed(
    model: MiniLM, abstract: str, *, title: str = TITLE, limit: int = LIMIT
) -> list[Passage]:
    spans = sentence_spans(abstract)
    return list(pack(title, abstract, spans, lengths=model.lengths, limit=limit))


def grain(passages: list[Passage], *, whole: bool) -> list[Span]:
    return [(each.start, each.end) for each in passages if each.whole == whole]


def assert_nothing_is_lost(text: str, spans: list[Span]) -> None:
    """Assert that `spans` are in order and that only whitespace lies outside them."""
    assert all(start < end for start, end in spans)
    edges = [0, *(place for span in spans for place in span), len(text)]
    assert edges == sorted(edges)
    assert not "".join(text[end:start] for end, start in list(pairwise(edges))[::2]).strip()


def tokens_read(model: MiniLM, text: str, passages: list[Passage], *, title: str = TITLE) -> int:
    """Count the tokens of the longest passage as the embedder gets it, special ones included."""
    short = short_title(title, lengths=model.lengths)
    return 2 + max(
        model.lengths([with_title(short, text[each.start : each.end]) for each in passages]),
        default=0,
    )


def test_abbreviations_and_decimals_do_not_end_a_sentence() -> None:
    expected = [
        "We follow Smith et al. in most things, e.g. Fig. 3 and Eq. 4.",
        "The loss falls from 3.5 to 0.07 vs. the baseline, i.e. by a lot.",
        "It runs w.r.t. the tides, cf. Dr. Kowalski.",
    ]
    assert sentences(" ".join(expected)) == expected


def test_a_missing_space_after_a_full_stop_ends_a_sentence() -> None:
    assert sentences("Kites fly (high).They land.Gulls watch?They do.") == [
        "Kites fly (high).",
        "They land.",
        "Gulls watch?",
        "They do.",
    ]


@pytest.mark.parametrize("text", ["We use Node.JS here.", "See tides.org for it.", "Mode A.Bold"])
def test_a_full_stop_inside_a_name_does_not(text: str) -> None:
    assert sentences(text) == [text]


@given(st.one_of(st.text(), ABSTRACTS))
@settings(deadline=None)
def test_sentences_leave_out_nothing_but_whitespace(text: str) -> None:
    spans = list(sentence_spans(text))
    assert_nothing_is_lost(text, spans)
    assert all(text[start:end] == text[start:end].strip() for start, end in spans)


@given(ABSTRACTS, st.sampled_from([160, 256, LIMIT]))
@example("강남스타 " * 100, LIMIT)
@example("漢" * 20_000, LIMIT)
@settings(max_examples=60, deadline=None)
def test_passages_of_any_text_fit_and_lose_nothing(
    model: MiniLM, abstract: str, limit: int
) -> None:
    passages = packed(model, abstract, limit=limit)
    for whole in (True, False):
        assert_nothing_is_lost(abstract, grain(passages, whole=whole))
    assert not passages or tokens_read(model, abstract, passages) <= limit


@pytest.mark.parametrize("letters", ["a", "a,", "漢", "강", "\N{GRINNING FACE}", "x=1;y_2+", "é"])
def test_20000_characters_without_a_space_fit(model: MiniLM, letters: str) -> None:
    text = (letters * 20_000)[:20_000]
    passages = packed(model, text)
    assert tokens_read(model, text, passages) <= LIMIT
    assert_nothing_is_lost(text, grain(passages, whole=True))


@pytest.mark.parametrize(
    ("word", "count", "limit"),
    [
        ("rxpjfxplfxjfckczwfgrrwmrwqstgpcmxssqf,", 83, 160),
        ("nbhswhdfrzbxprlwjbxprmnvdsmblzrqmcmjwrlsnqslswbhvwxkdqrlbsm,", 189, 256),
        ("qnhfbqmgqhhxsrfjlphtbqskrlrqrhfcqdjrvvkbnkmqklnf,", 465, LIMIT),
    ],
)
def test_a_word_cut_in_two_does_not_overflow_when_its_halves_meet(
    model: MiniLM, word: str, count: int, limit: int
) -> None:
    """The halves of these words have fewer tokens than the words."""
    text = word * count
    assert tokens_read(model, text, packed(model, text, title="T", limit=limit), title="T") <= limit


def test_a_title_longer_than_the_model_leaves_room_for_the_abstract(model: MiniLM) -> None:
    title, abstract = "tide " * 600, "Ebb follows flood here. " * 120
    passages = packed(model, abstract.strip(), title=title)
    assert tokens_read(model, abstract.strip(), passages, title=title) <= LIMIT
    assert len(grain(passages, whole=True)) == 2


def test_a_title_is_cut_only_where_it_is_too_long(model: MiniLM) -> None:
    assert short_title(TITLE, lengths=model.lengths) == TITLE
    cut = short_title("tide " * 600, lengths=model.lengths)
    assert model.lengths([cut])[0] <= TITLE_TOKENS
    assert ("tide " * 600).startswith(cut)


def test_the_fine_grain_holds_a_few_whole_sentences_and_the_coarse_one_all(model: MiniLM) -> None:
    abstract = " ".join(f"Gull number {n} came back." for n in range(7))
    passages = packed(model, abstract)
    spans = sentence_spans(abstract)
    assert grain(passages, whole=True) == [(0, len(abstract))]
    starts = range(0, 7, SENTENCES)
    assert grain(passages, whole=False) == [
        (spans[start][0], spans[min(start + SENTENCES, 7) - 1][1]) for start in starts
    ]


def test_nothing_packs_into_nothing(model: MiniLM) -> None:
    assert packed(model, "") == []
